//! G6, G7 and G3 with many at once: fifty programs on one database, each on a terminal of its own, one key a second
//! each. How long a key takes to its last byte, what went wrong, the memory of all together, and what they cost when
//! nobody types.
use super::pty::memory;
use super::site::Site;
use super::table::{Row, Table, Unit, at};
use danvan::app::Error;
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
    fn open(site: &Site, dir: &Path, db: &Path, n: u64) -> Desk {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(&site.program);
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

/// A copy of the large database to work on; of the small one where the large is somebody's own and too large to copy.
fn place(site: &Site, dir: &Path) -> PathBuf {
    const MOST: u64 = 4 << 30;
    let small = site.given && std::fs::metadata(&site.db).unwrap().len() > MOST;
    let db = dir.join("office.db");
    std::fs::copy(if small { &site.small } else { &site.db }, &db).unwrap();
    db
}

fn sent(desks: &[Desk]) -> usize {
    let bytes = |desk: &Desk| desk.seen.lock().unwrap().bytes;
    desks.iter().map(bytes).sum()
}

/// All people at work at once, the first keys spread over a second; what became of each.
fn days(desks: &mut [Desk], long: Duration) -> Vec<Day> {
    let (start, many) = (Instant::now(), desks.len());
    let end = start + long;
    thread::scope(|scope| {
        let mut hands = Vec::new();
        for (n, desk) in desks.iter_mut().enumerate() {
            let first = start + PACE.mul_f64(n as f64 / many as f64);
            hands.push(scope.spawn(move || {
                thread::sleep(first.saturating_duration_since(Instant::now()));
                work(desk, n as u64, first, end)
            }));
        }
        hands.into_iter().map(|hand| hand.join().unwrap()).collect()
    })
}

/// What they hold and cost when nobody types.
fn at_rest(desks: &[Desk], what: &str, table: &mut Table) {
    thread::sleep(CALM);
    let pids: Vec<u32> = desks.iter().map(Desk::pid).collect();
    let (bytes, (work, woken)) = (sent(desks), all_spent(&pids));
    thread::sleep(IDLE);
    let (bytes, (after, woken_after)) = (sent(desks) - bytes, all_spent(&pids));
    let (mut peak, mut all) = (0.0, 0.0);
    for pid in &pids {
        let (most, own) = memory(*pid);
        peak = f64::max(peak, most);
        all += own;
    }
    let row =
        |budget, told: &str, unit, ours| Row::new(budget, format!("{what}: {told}"), unit, ours);
    table.add(row("G7", "memory of all (PSS)", Unit::MiB, all).most(400.0));
    table.add(row("G7", "memory of one, peak", Unit::MiB, peak).most(16.0));
    let share = (after - work) as f64 / IDLE.as_nanos() as f64 * 100.0;
    table.add(row("G3", "idle CPU of all, of one core", Unit::Percent, share).most(1.0));
    let each = (woken_after - woken) as f64 / pids.len() as f64;
    table.add(row("G3", "wake-ups of each in 10 idle s", Unit::Count, each).most(1.0));
    table.add(row("G3", "bytes of all in 10 idle s", Unit::Bytes, bytes as f64).most(0.0));
}

/// Measures an office of fifty programs.
pub fn run(site: &Site, table: &mut Table) {
    let many = number("DANVAN_BENCH_PROGRAMS", 50);
    let seconds = number("DANVAN_BENCH_SECONDS", 20);
    let dir = tempfile::TempDir::new().unwrap();
    let db = place(site, dir.path());
    let before = petitions(&db);
    let mut desks: Vec<Desk> = (0..many)
        .map(|n| Desk::open(site, dir.path(), &db, n))
        .collect();
    desks.iter().for_each(|desk| desk.wait_for("Tổng quan"));
    // Copies of the day and first looks end.
    thread::sleep(Duration::from_secs(3));
    let days = days(&mut desks, Duration::from_secs(seconds));
    let what = format!("{many} programs, {seconds} s");
    let keys: usize = days.iter().map(|day| day.keys).sum();
    let mut last: Vec<f64> = days.iter().flat_map(|day| day.last.clone()).collect();
    last.sort_by(f64::total_cmp);
    let row = |told: &str, ours| Row::new("G6", format!("{what}: {told}"), Unit::Ms, ours);
    table.add(row(
        &format!("key to the last byte of {keys}, p50"),
        at(&last, 500),
    ));
    let slowest = format!("the same, p99 (slowest {:.0} ms)", at(&last, 1000));
    table.add(row(&slowest, at(&last, 990)).most(100.0));
    let mut troubles: Vec<&String> = days.iter().flat_map(|day| &day.troubles).collect();
    troubles.dedup();
    troubles
        .iter()
        .take(5)
        .for_each(|trouble| eprintln!("  {trouble}"));
    at_rest(&desks, &what, table);
    let saves: usize = days.iter().map(|day| day.saves).sum();
    let lost = (petitions(&db) - before).abs_diff(i64::try_from(saves).unwrap());
    let row =
        |told: String, ours| Row::new("G9", format!("{what}: {told}"), Unit::Count, ours).most(0.0);
    table.add(row("errors".to_owned(), troubles.len() as f64));
    table.add(row(
        format!("saves that are not there, of {saves}"),
        lost as f64,
    ));
    for desk in &mut desks {
        desk.child.kill().unwrap();
        desk.child.wait().unwrap();
    }
}
