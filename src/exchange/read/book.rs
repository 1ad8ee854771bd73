//! Spreadsheets: a child process reads them, this side checks and keeps what it sends.
use super::error::{Error, Result};
use super::wire::{Item, get, put};
use super::{Options, Rows, Stop, child, limits, part};
use crate::domain::sheet::Row;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, ChildStdout, Command, Stdio};

/// Rows kept in a file that has no name any more.
#[derive(Debug)]
pub(super) struct Spool {
    file: File,
    /// Name, first byte and end of each sheet.
    sheets: Vec<(String, u64, u64)>,
}

/// The child, ended when nobody waits for it any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the child writes, as long as nobody asks for the end.
struct Line {
    from: ChildStdout,
    stop: Stop,
    read: u64,
}

impl Read for Line {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let tick = Timespec {
            tv_sec: 0,
            tv_nsec: 100_000_000,
        };
        loop {
            if self.stop.asked() {
                return Err(std::io::Error::other("stopped"));
            }
            let mut fds = [PollFd::new(&self.from, PollFlags::IN)];
            if poll(&mut fds, Some(&tick))? > 0 {
                break;
            }
        }
        let n = self.from.read(buf)?;
        self.read += u64::try_from(n).unwrap_or(0);
        if self.read > limits::OUTPUT {
            return Err(std::io::Error::other("too long"));
        }
        Ok(n)
    }
}

fn no_reader(e: &std::io::Error) -> Error {
    Error::bad(
        format!("Không chạy được phần đọc bảng tính: {e}"),
        format!("The reader of spreadsheets could not be started: {e}"),
    )
}

fn kept(e: &std::io::Error) -> Error {
    Error::bad(
        format!("Không giữ tạm được các dòng đã đọc: {e}"),
        format!("The rows that were read could not be kept: {e}"),
    )
}

/// Has a spreadsheet read by a process of its own and keeps its rows.
pub(super) fn convert(file: File, options: &Options) -> Result<Spool> {
    let mut running = Command::new(&options.reader)
        .arg(child::COMMAND)
        .env_clear()
        .stdin(Stdio::from(file))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map(Running)
        .map_err(|e| no_reader(&e))?;
    let Some(from) = running.0.stdout.take() else {
        return Err(no_reader(&std::io::Error::other("no output")));
    };
    let mut line = BufReader::with_capacity(
        1 << 16,
        Line {
            from,
            stop: options.stop.clone(),
            read: 0,
        },
    );
    let file = (options.nameless)(&options.scratch).map_err(|e| kept(&e))?;
    let mut out = Counted {
        to: BufWriter::with_capacity(1 << 16, &file),
        written: 0,
    };
    let mut sheets: Vec<(String, u64, u64)> = Vec::new();
    loop {
        let item = get(&mut line);
        if options.stop.asked() {
            return Err(Error::Stopped);
        }
        match item? {
            Item::Sheet(name) => sheets.push((name, out.written, out.written)),
            item @ Item::Row(_) => {
                put(&mut out, &item).map_err(|e| kept(&e))?;
                if let Some(last) = sheets.last_mut() {
                    last.2 = out.written;
                }
            }
            Item::Refused(vi, en) => return Err(Error::bad(vi, en)),
            Item::End => break,
        }
    }
    out.flush().map_err(|e| kept(&e))?;
    drop(out);
    sheets.retain(|(_, from, to)| to > from);
    if sheets.is_empty() {
        return Err(Error::bad(
            "Bảng tính không có dòng nào.",
            "The spreadsheet has no rows.",
        ));
    }
    Ok(Spool { file, sheets })
}

struct Counted<W> {
    to: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        let n = self.to.write(buf)?;
        self.written += u64::try_from(n).unwrap_or(0);
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// A file read from a place, beside others that read it elsewhere.
struct At<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let n = buf.len().min(left);
        let n = self
            .file
            .read_at(buf.get_mut(..n).unwrap_or_default(), self.at)?;
        self.at += u64::try_from(n).unwrap_or(0);
        Ok(n)
    }
}

impl Spool {
    pub(super) fn names(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, ..)| name.clone()).collect()
    }

    pub(super) fn rows(&self, sheet: usize) -> Result<SpoolRows<'_>> {
        let (from, to) = self
            .sheets
            .get(sheet)
            .map_or((0, 0), |(_, from, to)| (*from, *to));
        let at = At {
            file: &self.file,
            at: from,
            end: to,
        };
        Ok(SpoolRows {
            from: BufReader::with_capacity(1 << 16, at),
            begin: from,
            size: to - from,
        })
    }
}

/// The rows of one sheet.
pub(super) struct SpoolRows<'a> {
    from: BufReader<At<'a>>,
    begin: u64,
    size: u64,
}

impl Rows for SpoolRows<'_> {
    fn next_row(&mut self) -> Result<Option<Row>> {
        let at = self.from.get_ref();
        if at.at >= at.end && self.from.buffer().is_empty() {
            return Ok(None);
        }
        match get(&mut self.from)? {
            Item::Row(row) => Ok(Some(row)),
            _ => Ok(None),
        }
    }

    fn done(&self) -> u32 {
        part(self.from.get_ref().at - self.begin, self.size)
    }
}
