//! An office at work: many programs on one database, each on a terminal of its own, one key a second each. Prints how
//! long a key takes to its last byte, what went wrong, the memory of all together, and what they cost when nobody
//! types.
//!
//! `cargo bench --bench office`; `DANVAN_BENCH_PROGRAMS` (50), `DANVAN_BENCH_SECONDS` (20; the real run is 600),
//! `DANVAN_BENCH_ROWS` (20,000 petitions) or `DANVAN_BENCH_DB`, a ready database that is copied first; place by
//! `TMPDIR`. Fails only on an error, a save that is not there, or budgets that are exact; times are printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use danvan::app::{Config, Cx, Error, sample};
use danvan::domain::words::Lang;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::fs::read_to_string;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Between two keys of one person.
const PACE: Duration = Duration::from_secs(1);
/// A frame is over when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(150);
/// What follows a save is over by then: looks at the database, drafts, the rest of a cursor.
const CALM: Duration = Duration::from_secs(8);
/// How long idleness is watched.
const IDLE: Duration = Duration::from_secs(10);

fn number(name: &str, or: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.and_then(|n| n.parse().ok()).unwrap_or(or)
}

/// One program with its terminal.
struct Desk {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Mutex<Seen>>,
    _master: Box<dyn MasterPty + Send>,
}

struct Seen {
    screen: vt100::Parser,
    /// When what came, since this was last emptied.
    came: Vec<(Instant, usize)>,
    bytes: usize,
}

/// What became of the keys of one person.
#[derive(Default)]
struct Day {
    /// Milliseconds from a key to the first byte and to the last of its frame.
    first: Vec<f64>,
    last: Vec<f64>,
    keys: usize,
    silent: usize,
    saves: usize,
    troubles: Vec<String>,
}

impl Desk {
    fn open(dir: &Path, db: &Path, n: u64) -> Desk {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let program = std::env::var("DANVAN_BENCH_PROGRAM")
            .unwrap_or_else(|_| env!("CARGO_BIN_EXE_danvan").to_owned());
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("DANVAN_DB", db);
        // Fifty people, each with a place of their own.
        for (name, place) in [("STATE", "state"), ("CONFIG", "config"), ("DATA", "data")] {
            command.env(format!("XDG_{name}_HOME"), dir.join(format!("{n}/{place}")));
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let cells = |n| NonZeroU16::new(n).unwrap();
        let seen = Arc::new(Mutex::new(Seen {
            screen: vt100::Parser::new(cells(24), cells(80), 0),
            came: Vec::new(),
            bytes: 0,
        }));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let into = Arc::clone(&seen);
        thread::spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                let now = Instant::now();
                let mut seen = into.lock().unwrap();
                seen.screen.process(&chunk[..n]);
                seen.came.push((now, n));
                seen.bytes += n;
            }
        });
        Desk {
            child,
            writer: pair.master.take_writer().unwrap(),
            seen,
            _master: pair.master,
        }
    }

    fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    fn screen(&self) -> String {
        self.seen.lock().unwrap().screen.screen().contents()
    }

    fn wait_for(&self, text: &str) {
        let start = Instant::now();
        while !self.screen().contains(text) {
            thread::sleep(Duration::from_millis(20));
            let late = start.elapsed() > Duration::from_secs(120);
            assert!(!late, "«{text}» did not come:\n{}", self.screen());
        }
    }

    /// Sends one key and watches until it is time for the next.
    fn key(&mut self, key: &str, until: Instant, day: &mut Day) {
        self.seen.lock().unwrap().came.clear();
        let sent = Instant::now();
        if self.writer.write_all(key.as_bytes()).is_err() {
            day.troubles.push("the program has ended".into());
            return;
        }
        thread::sleep(until.saturating_duration_since(Instant::now()));
        let came = std::mem::take(&mut self.seen.lock().unwrap().came);
        day.keys += 1;
        let Some((first, _)) = came.first() else {
            day.silent += 1;
            return;
        };
        let mut last = *first;
        for (at, _) in &came {
            if at.duration_since(last) > QUIET {
                break;
            }
            last = *at;
        }
        let ms = |at: Instant| at.duration_since(sent).as_secs_f64() * 1000.0;
        day.first.push(ms(*first));
        day.last.push(ms(last));
        self.trouble(day);
    }

    fn trouble(&self, day: &mut Day) {
        let screen = self.screen();
        let busy = Error::Busy.text(Lang::Vi);
        let busy: String = busy.chars().take(24).collect();
        for word in ["locked", "malformed", "Không ghi được", &busy] {
            if let Some(line) = screen.lines().find(|line| line.contains(word)) {
                day.troubles.push(line.trim().to_owned());
            }
        }
    }
}

/// What one does next: a key, or keys until a field is reached.
enum Deed {
    Key(&'static str),
    To(&'static str),
    Text(String),
    Save,
}

const TAB: &str = "\t";
const DOWN: &str = "\x1b[B";
const PAGE: &str = "\x1b[6~";
const ESC: &str = "\x1b";

/// A petition entered by hand.
fn entering(n: u64, round: u64) -> Vec<Deed> {
    let mut deeds = vec![Deed::Key("5"), Deed::Key("\x1bOQ"), Deed::To("Loại đơn *")];
    deeds.extend(["p", "h"].map(Deed::Key));
    deeds.push(Deed::To("Nội dung *"));
    deeds.push(Deed::Text(format!("xin nối đường ấp {n} lần {round}")));
    deeds.push(Deed::Save);
    deeds.extend([DOWN, DOWN, "\r", DOWN, ESC].map(Deed::Key));
    deeds
}

/// Reading: rows, cards, the overview, rates, the agenda, find.
fn reading(_: u64, round: u64) -> Vec<Deed> {
    let list: &[&str] = &[
        "5", DOWN, DOWN, DOWN, "\r", DOWN, ESC, PAGE, PAGE, DOWN, "\x1b[F", "\x1b[H",
    ];
    let find: &[&str] = &[
        "/", "d", "a", "t", DOWN, ESC, "6", DOWN, DOWN, "4", DOWN, "3", PAGE,
    ];
    let sums: &[&str] = &["1", DOWN, DOWN, "7", DOWN, "1", "a", DOWN, DOWN, ESC];
    let keys = match round % 3 {
        0 => [list, find],
        1 => [sums, list],
        _ => [list, list],
    };
    keys.concat().into_iter().map(Deed::Key).collect()
}

/// One person's day, until it is over; two of three enter, the third reads.
fn work(desk: &mut Desk, n: u64, start: Instant, end: Instant) -> Day {
    let mut day = Day::default();
    let mut next = start;
    let mut round = 0;
    loop {
        let deeds = if n % 3 == 2 {
            reading(n, round)
        } else {
            entering(n, round)
        };
        for deed in deeds {
            let mut press = |desk: &mut Desk, day: &mut Day, key: &str| {
                next += PACE;
                desk.key(key, next, day);
            };
            // A form that was begun is ended, so that what was sent can be counted.
            let over = Instant::now() >= end;
            match deed {
                Deed::Key("5" | "1") if over => return day,
                Deed::Key(key) => press(desk, &mut day, key),
                Deed::To(field) => {
                    for _ in 0..25 {
                        let at = |line: &str| line.starts_with('>') && line.contains(field);
                        if desk.screen().lines().any(at) {
                            break;
                        }
                        press(desk, &mut day, TAB);
                    }
                }
                Deed::Text(text) => {
                    for c in text.chars() {
                        press(desk, &mut day, &c.to_string());
                    }
                }
                Deed::Save => {
                    press(desk, &mut day, "\x13");
                    day.saves += 1;
                }
            }
            if desk.child.try_wait().unwrap().is_some() {
                day.troubles
                    .push(format!("a program has ended:\n{}", desk.screen()));
                return day;
            }
        }
        round += 1;
    }
}

fn figure(file: &str, name: &str) -> u64 {
    let text = read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let words = line.and_then(|rest| rest.split_whitespace().next());
    words.and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Nanoseconds of work and times woken of all threads of a program so far.
fn spent(pid: u32) -> (u64, u64) {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    tasks.fold((0, 0), |(work, woken), task| {
        let place = task.path().display().to_string();
        let stat = read_to_string(format!("{place}/schedstat")).unwrap_or_default();
        let ns: u64 = stat
            .split(' ')
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        let switches = figure(&format!("{place}/status"), "voluntary_ctxt_switches:");
        (work + ns, woken + switches)
    })
}

fn all_spent(pids: &[u32]) -> (u64, u64) {
    pids.iter()
        .map(|pid| spent(*pid))
        .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

fn petitions(db: &Path) -> i64 {
    let open = rusqlite::Connection::open(db).unwrap();
    open.query_row("SELECT count(*) FROM petition", [], |r| r.get(0))
        .unwrap()
}

fn place(dir: &Path) -> PathBuf {
    let db = dir.join("office.db");
    if let Some(ready) = std::env::var_os("DANVAN_BENCH_DB") {
        std::fs::copy(ready, &db).unwrap();
        return db;
    }
    let config = Config {
        db: db.clone(),
        today: None,
        read_only: false,
        assume_fs: None,
        state_dir: dir.join("maker"),
        actor: "bench".into(),
        demo: true,
    };
    let mut cx = Cx::create(&config).unwrap();
    sample::write(&mut cx, number("DANVAN_BENCH_ROWS", 20_000), 1, &mut |_| {}).unwrap();
    db
}

fn line(what: &str, value: impl std::fmt::Display, budget: &str) {
    println!("{what:<44}{value:>14}   {budget}");
}

fn times(what: &str, mut all: Vec<f64>, budget: &str) {
    all.sort_by(f64::total_cmp);
    let at = |share: usize| all.get((all.len() * share / 1000).min(all.len().saturating_sub(1)));
    let at = |share| at(share).copied().unwrap_or(0.0);
    let text = format!("{:.1} / {:.1} / {:.1}", at(500), at(990), at(1000));
    line(what, text, budget);
}

fn main() {
    let many = number("DANVAN_BENCH_PROGRAMS", 50);
    let seconds = number("DANVAN_BENCH_SECONDS", 20);
    let dir = tempfile::TempDir::new().unwrap();
    let db = place(dir.path());
    let before = petitions(&db);
    println!("{many} programs, {seconds} s at one key a second each, {before} petitions");
    let mut desks: Vec<Desk> = (0..many).map(|n| Desk::open(dir.path(), &db, n)).collect();
    desks.iter().for_each(|desk| desk.wait_for("Tổng quan"));
    // Copies of the day and first looks end.
    thread::sleep(Duration::from_secs(3));
    let pids: Vec<u32> = desks.iter().map(Desk::pid).collect();
    let (worked, _) = all_spent(&pids);
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let days: Vec<Day> = thread::scope(|scope| {
        let mut hands = Vec::new();
        for (n, desk) in (0..).zip(&mut desks) {
            let first = start + PACE * u32::try_from(n).unwrap() / u32::try_from(many).unwrap();
            hands.push(scope.spawn(move || {
                thread::sleep(first.saturating_duration_since(Instant::now()));
                work(desk, n, first, end)
            }));
        }
        hands.into_iter().map(|hand| hand.join().unwrap()).collect()
    });
    let took = start.elapsed();
    let (done, _) = all_spent(&pids);
    thread::sleep(CALM);
    let bytes = |desks: &[Desk]| {
        desks
            .iter()
            .map(|d| d.seen.lock().unwrap().bytes)
            .sum::<usize>()
    };
    let (sent, (work, woken)) = (bytes(&desks), all_spent(&pids));
    thread::sleep(IDLE);
    let (idle_sent, (idle_work, idle_woken)) = (bytes(&desks), all_spent(&pids));
    let pss: Vec<u64> = pids
        .iter()
        .map(|pid| figure(&format!("/proc/{pid}/smaps_rollup"), "Pss:"))
        .collect();
    let peak = pids
        .iter()
        .map(|pid| figure(&format!("/proc/{pid}/status"), "VmHWM:"))
        .max();
    let mib = |kib: u64| format!("{:.1} MiB", kib as f64 / 1024.0);
    let sum = |of: fn(&Day) -> usize| days.iter().map(of).sum::<usize>();
    let gather = |of: fn(&Day) -> &Vec<f64>| days.iter().flat_map(|d| of(d).clone()).collect();
    let wall = took.as_secs_f64() * 1e9;
    line("keys", sum(|d| d.keys), "");
    line("keys that sent nothing", sum(|d| d.silent), "");
    line("saves", sum(|d| d.saves), "");
    times(
        "key to first byte, p50/p99/slowest ms",
        gather(|d| &d.first),
        "",
    );
    times(
        "key to last byte, p50/p99/slowest ms",
        gather(|d| &d.last),
        "p99 ≤ 100",
    );
    line(
        "work of all together, of one core",
        format!("{:.2} %", (done - worked) as f64 / wall * 100.0),
        "",
    );
    line("memory of all (PSS)", mib(pss.iter().sum()), "≤ 400 MiB");
    line("largest ever (VmHWM)", mib(peak.unwrap_or(0)), "≤ 16 MiB");
    let share = (idle_work - work) as f64 / IDLE.as_secs_f64() / 1e9 * 100.0;
    line(
        "idle, of one core, all together",
        format!("{share:.3} %"),
        "< 1 %",
    );
    line(
        "woken in 10 idle s, all together",
        idle_woken - woken,
        &format!("≤ {many}"),
    );
    line("bytes in 10 idle s, all together", idle_sent - sent, "0");
    let stored = petitions(&db) - before;
    line("petitions stored", stored, "as many as saves");
    let troubles: Vec<&String> = days.iter().flat_map(|d| &d.troubles).collect();
    line("errors", troubles.len(), "0");
    for trouble in troubles.iter().take(5) {
        println!("  {trouble}");
    }
    for desk in &mut desks {
        desk.child.kill().unwrap();
    }
    assert!(troubles.is_empty(), "errors");
    assert_eq!(
        stored,
        i64::try_from(sum(|d| d.saves)).unwrap(),
        "a save is not there"
    );
}
