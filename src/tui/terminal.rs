//! The terminal itself: taken over on entering, given back on leaving, on a panic and on a hang-up.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::Size;

use super::command;
use super::lang::{Lang, t};

/// Alternate screen, bracketed paste; no mouse.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Plain letters, cursor shown, and the above taken back.
const LEAVE: &[u8] = b"\x1b[m\x1b[?25h\x1b[?2004l\x1b[?1049l";

/// What keeps what was typed when the program must end at once.
pub type SaveDraft = Arc<dyn Fn() + Send + Sync>;

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal while the program has it; dropping it gives it back.
pub struct Tty {
    out: File,
}

impl Tty {
    /// Takes the terminal over. Fails when standard input or output is none.
    pub fn enter() -> io::Result<Tty> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "not a terminal"));
        }
        // Rust's own stdout sends line by line; a frame must be one write.
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        out.write_all(ENTER).inspect_err(|_| restore())?;
        Ok(Tty { out })
    }

    /// Where frames are written.
    pub fn writer(&self) -> io::Result<File> {
        self.out.try_clone()
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back as far as it can be reached; a second call does nothing.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let out = io::stdout();
    // Nothing can be done about a terminal that has gone.
    let mut rest = LEAVE;
    while let Ok(sent @ 1..) = rustix::io::write(&out, rest) {
        rest = rest.get(sent..).unwrap_or_default();
    }
    let _ = disable_raw_mode();
}

/// The size of the terminal now; 80×24 when it cannot tell.
pub fn size() -> Size {
    match rustix::termios::tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size {
            width: size.ws_col,
            height: size.ws_row,
        },
        _ => Size {
            width: 80,
            height: 24,
        },
    }
}

/// From now on a panic on any thread keeps the draft, gives the terminal back, writes a report into `folder` and ends
/// the program. The report names version, command, place and calls, but not the panic's own text: that could hold
/// what a citizen wrote.
pub fn install_panic_hook(folder: PathBuf, lang: Lang, save: SaveDraft) {
    std::panic::set_hook(Box::new(move |info| {
        restore();
        save();
        let place = write_report(&folder, &report(info));
        let mut err = io::stderr();
        let sorry = t(
            "Chương trình gặp lỗi và phải dừng. Những gì vừa nhập được giữ làm bản nháp.",
            "The program met an error and had to stop. What was typed is kept as a draft.",
        );
        let _ = writeln!(err, "danvan: {}", sorry.get(lang));
        if let Ok(place) = place {
            let lies = t(
                "Báo cáo lỗi (không có dữ liệu cá nhân):",
                "Error report (without personal data):",
            );
            let _ = writeln!(err, "{} {}", lies.get(lang), place.display());
        }
        signal_hook::low_level::exit(101);
    }));
}

fn report(info: &PanicHookInfo) -> String {
    let place = info
        .location()
        .map_or_else(|| "?".to_owned(), |l| format!("{}:{}", l.file(), l.line()));
    let thread = std::thread::current().name().unwrap_or("?").to_owned();
    format!(
        "danvan {}\ncommand: {}\nplace: {place}\nthread: {thread}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        command::last_name(),
        std::backtrace::Backtrace::force_capture(),
    )
}

fn write_report(folder: &Path, text: &str) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let place = folder.join(format!("crash-{}.txt", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&place)?;
    file.write_all(text.as_bytes())?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_crash_report_is_its_owners_only() {
        let dir = tempfile::tempdir().unwrap();
        let place = write_report(&dir.path().join("state/danvan"), "danvan 0").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o600);
        assert_eq!(mode(place.parent().unwrap()), 0o700);
        assert_eq!(std::fs::read_to_string(&place).unwrap(), "danvan 0");
    }
}
