//! A program on a terminal of its own: what it sends for a key, when the first and the last byte come, and what it
//! holds of memory and CPU meanwhile.
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Nothing came for so long: the answer to a key is over.
const QUIET: Duration = Duration::from_millis(150);
/// A program that sends nothing for so long sends nothing for this key.
const PATIENCE: Duration = Duration::from_millis(600);

/// What came for a key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reaction {
    /// Bytes sent.
    pub bytes: usize,
    /// Milliseconds to the first and to the last byte; 0 when none came.
    pub first: f64,
    pub last: f64,
    /// Milliseconds to what came only because no other key did; 0 when nothing came so. It is no part of `last`.
    pub rest: f64,
}

/// The program takes the cursor to rest after so many milliseconds without a key, and draws within so many more.
const REST: std::ops::Range<f64> = 295.0..340.0;
/// Milliseconds of CPU that waiting for the rest takes at most: what takes more was an answer in the making.
const STILL: f64 = 5.0;

struct Chunk {
    bytes: Vec<u8>,
    came: Instant,
}

/// A program on a terminal.
pub struct Window {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    chunks: Receiver<Chunk>,
    screen: vt100::Parser,
    /// The last bytes, in which a question may have begun.
    tail: Vec<u8>,
    started: Instant,
}

/// How a window is opened.
pub struct Opening<'a> {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The program and its words.
    pub command: Vec<String>,
    /// The folder that stands for the user's home.
    pub home: &'a Path,
    /// Bytes a second that the line carries, when it is to be a slow one.
    pub throttle: Option<usize>,
}

impl Window {
    /// Starts a program.
    pub fn open(opening: &Opening) -> Window {
        let (cols, rows) = opening.size;
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(&opening.command[0]);
        command.args(&opening.command[1..]);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("TERM", "xterm");
        command.env("LC_ALL", "C.UTF-8");
        command.env("HOME", opening.home);
        command.env("DANVAN_TODAY", super::site::TODAY);
        for (name, folder) in [("STATE", "state"), ("CONFIG", "config"), ("DATA", "data")] {
            command.env(format!("XDG_{name}_HOME"), opening.home.join(folder));
        }
        let (out, chunks) = channel();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let throttle = opening.throttle;
        std::thread::spawn(move || {
            // A slow line takes a little at a time; what is not taken fills the terminal's own buffer.
            let step = Duration::from_millis(50);
            let mut chunk = vec![0; throttle.map_or(65_536, |rate| rate / 20)];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                let bytes = chunk[..n].to_vec();
                let came = Instant::now();
                if out.send(Chunk { bytes, came }).is_err() {
                    return;
                }
                if throttle.is_some() {
                    std::thread::sleep(step);
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        let n = |n: u16| std::num::NonZeroU16::new(n).unwrap();
        Window {
            child,
            master: Some(pair.master),
            writer: Some(writer),
            chunks,
            screen: vt100::Parser::new(n(rows), n(cols), 0),
            tail: Vec::new(),
            started,
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    fn send(&mut self, text: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Shows what came, and answers a question for the cursor's place as a terminal does.
    fn take(&mut self, chunk: &Chunk) {
        self.screen.process(&chunk.bytes);
        // A question may come in pieces.
        self.tail.extend_from_slice(&chunk.bytes);
        let asked = self
            .tail
            .windows(4)
            .filter(|part| part == b"\x1b[6n")
            .count();
        self.tail.drain(..self.tail.len().saturating_sub(3));
        for _ in 0..asked {
            let (row, column) = self.screen.screen().cursor_position();
            self.send(&format!("\x1b[{};{}R", row + 1, column + 1));
        }
    }

    fn gather(&mut self, from: Instant, patience: Duration, quiet: Duration) -> Reaction {
        let mut all = Reaction::default();
        let mut wait = patience;
        let pid = self.pid();
        let mut cpu = cpu_ms(pid);
        loop {
            match self.chunks.recv_timeout(wait) {
                Ok(chunk) => {
                    let after = chunk.came.saturating_duration_since(from).as_secs_f64() * 1000.0;
                    let now = cpu_ms(pid);
                    let rests = REST.contains(&after) && now - cpu < STILL;
                    cpu = now;
                    if rests || all.rest > 0.0 {
                        all.rest = after;
                    } else {
                        all.last = after;
                    }
                    if all.bytes == 0 {
                        all.first = after;
                    }
                    all.bytes += chunk.bytes.len();
                    self.take(&chunk);
                    wait = quiet;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return all,
            }
        }
    }

    /// What the start sends, until nothing more comes; times from the start of the process.
    pub fn start(&mut self) -> Reaction {
        let from = self.started;
        self.gather(from, Duration::from_secs(20), Duration::from_millis(700))
    }

    /// The milliseconds from the start of the process until the screen shows what `done` waits for.
    pub fn until(&mut self, done: impl Fn(&str) -> bool) -> Option<f64> {
        let limit = Duration::from_secs(60);
        while self.started.elapsed() < limit {
            let chunk = self.chunks.recv_timeout(limit).ok()?;
            self.take(&chunk);
            if done(&self.text()) {
                let took = chunk.came.saturating_duration_since(self.started);
                return Some(took.as_secs_f64() * 1000.0);
            }
        }
        None
    }

    /// Presses a key, named as the help names it, and gathers what comes.
    pub fn press(&mut self, key: &str) -> Reaction {
        let from = Instant::now();
        self.send(&bytes_of(key));
        self.gather(from, PATIENCE, QUIET)
    }

    /// Lets come what still comes when no key is pressed.
    pub fn rest(&mut self) -> Reaction {
        let long = Duration::from_millis(900);
        self.gather(Instant::now(), long, long)
    }

    /// Holds a key for so long as keyboards repeat it, 30 times a second; gives the seconds from the last key to the
    /// last byte, and the bytes in all.
    pub fn hold(&mut self, key: &str, long: Duration) -> (f64, usize) {
        let (key, begin, mut bytes) = (bytes_of(key), Instant::now(), 0);
        let beat = Duration::from_millis(33);
        let mut next = begin;
        while begin.elapsed() < long {
            self.send(&key);
            next += beat;
            while let Some(left) = next.checked_duration_since(Instant::now()) {
                match self.chunks.recv_timeout(left) {
                    Ok(chunk) => {
                        bytes += chunk.bytes.len();
                        self.take(&chunk);
                    }
                    Err(_) => break,
                }
            }
        }
        let released = Instant::now();
        let rest = self.gather(released, Duration::from_secs(2), Duration::from_secs(2));
        (rest.last / 1000.0, bytes + rest.bytes)
    }

    /// Waits and gives the bytes that came, the milliseconds of CPU and the wake-ups meanwhile.
    pub fn idle(&mut self, long: Duration) -> (usize, f64, f64) {
        let pid = self.pid();
        let (cpu, woken) = (cpu_ms(pid), wakeups(pid));
        let begin = Instant::now();
        let mut bytes = 0;
        while let Some(left) = long.checked_sub(begin.elapsed()) {
            if let Ok(chunk) = self.chunks.recv_timeout(left) {
                bytes += chunk.bytes.len();
                self.take(&chunk);
            }
        }
        (bytes, cpu_ms(pid) - cpu, wakeups(pid) - woken)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.writer = None;
        self.master = None;
    }
}

fn threads(pid: u32) -> Vec<std::path::PathBuf> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"));
    tasks.map_or(Vec::new(), |all| {
        all.filter_map(|t| t.ok().map(|t| t.path())).collect()
    })
}

/// The CPU time of a process, in milliseconds.
fn cpu_ms(pid: u32) -> f64 {
    let spent = |task: &std::path::PathBuf| {
        let text = std::fs::read_to_string(task.join("schedstat")).unwrap_or_default();
        text.split(' ')
            .next()
            .and_then(|ns| ns.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    threads(pid).iter().map(spent).sum::<f64>() / 1e6
}

/// How often the threads of a process went to sleep of themselves.
fn wakeups(pid: u32) -> f64 {
    let count = |task: &std::path::PathBuf| number(&task.join("status"), "voluntary_ctxt_switches");
    threads(pid).iter().map(count).sum()
}

fn number(file: &Path, name: &str) -> f64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

/// The most memory that a process ever held, and its own share now (PSS), in MiB.
pub fn memory(pid: u32) -> (f64, f64) {
    let of = |file: &str, name| number(Path::new(&format!("/proc/{pid}/{file}")), name) / 1024.0;
    (of("status", "VmHWM"), of("smaps_rollup", "Pss:"))
}

/// What a terminal sends for a named key, as xterm does.
fn bytes_of(name: &str) -> String {
    let letters = |c: char| (c as u8 & 0x1f) as char;
    if let Some(c) = name.strip_prefix("Ctrl-").and_then(|k| k.chars().next()) {
        return letters(c.to_ascii_uppercase()).to_string();
    }
    if let Some(c) = name.strip_prefix("Alt-") {
        return format!("\x1b{}", if c == "Enter" { "\r" } else { c });
    }
    match name {
        "Enter" => "\r",
        "Esc" => "\x1b",
        "Tab" => "\t",
        "Shift-Tab" => "\x1b[Z",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        "PgUp" => "\x1b[5~",
        "PgDn" => "\x1b[6~",
        "Home" => "\x1b[H",
        "End" => "\x1b[F",
        "Del" => "\x1b[3~",
        "Backspace" => "\x7f",
        "Space" => " ",
        "F1" => "\x1bOP",
        "F2" => "\x1bOQ",
        "F3" => "\x1bOR",
        "F4" => "\x1bOS",
        "F5" => "\x1b[15~",
        "F8" => "\x1b[19~",
        "F9" => "\x1b[20~",
        "F10" => "\x1b[21~",
        other => other,
    }
    .to_owned()
}
