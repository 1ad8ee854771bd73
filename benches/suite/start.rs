//! G5 to G7: the start until the useful screen, the delay of each key, the memory held after a day's walk.
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::keys::keys_of;
use super::machine::{has, timed};
use super::pty::{Opening, Window, memory};
use super::site::Site;
use super::table::{Row, Table, Unit, at, median};

const RUNS: usize = 7;
/// Every screen, with moves that need other rows than those in hand.
const DAY: &str = "5 Down*30 PgDn*12 End PgUp*8 Home PgDn Enter Esc Down Enter Esc \
                   1 5 7 5 6 5 4 5 3 5 2 5 6 PgDn*4 End Home 3 PgDn*4 End Home 4 PgDn*2 7 Down*6 \
                   / d a t Space d a i Esc Esc / n g u y e n Esc Esc 1 a PgDn*3 Esc";
/// The first page of the list, as the shell would be asked for it.
const PAGE: &str =
    "SELECT * FROM petition WHERE deleted_at IS NULL ORDER BY received_on DESC, id DESC LIMIT 20";

fn open(site: &Site, command: Vec<String>) -> Window {
    Window::open(&Opening {
        size: (80, 24),
        command,
        home: &site.home(),
        throttle: None,
    })
}

/// Drops a file from the system's memory, as far as the system does it.
fn evict(path: &Path) {
    let file = File::open(path).unwrap();
    drop(file.sync_all());
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
}

fn starts(site: &Site, table: &mut Table) {
    let mut window = open(site, site.words());
    window.start();
    let useful = window.text();
    drop(window);
    for (what, cold) in [("cold", true), ("warm", false)] {
        let fresh = |run: &mut dyn FnMut() -> f64| {
            let once = |_| {
                if cold {
                    evict(&site.db);
                }
                run()
            };
            median((0..RUNS).map(once).collect())
        };
        let ours = fresh(&mut || {
            let mut window = open(site, site.words());
            window
                .until(|text| text == useful)
                .expect("the first screen")
        });
        let row = Row::new(
            "G5",
            format!("{what} start to the useful screen"),
            Unit::Ms,
            ours,
        );
        if !has("sqlite3") {
            table.add(row.note("no sqlite3"));
            continue;
        }
        let shell = fresh(&mut || timed(&mut site.shell(PAGE)));
        table.add(row.beside("sqlite3", shell).most_times(1.5, 15.0));
    }
}

/// Another program that people look through a million lines with.
fn editor(site: &Site, table: &mut Table) {
    if !has("vim") {
        table.add(Row::missing(
            "G5",
            "warm start beside vim on a million lines",
            "no vim",
        ));
        return;
    }
    let path = site.dir.path().join("million.txt");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    for n in 1..=1_000_000 {
        writeln!(
            file,
            "{n}\t20/11/2026\tKhiếu nại\tĐề nghị xem xét việc bồi thường đất"
        )
        .unwrap();
    }
    file.flush().unwrap();
    drop(file);
    let words = ["vim", "-u", "NONE", "-N", "-n", &path.display().to_string()].map(str::to_owned);
    let theirs = || {
        open(site, words.to_vec())
            .until(|text| text.contains("1000000 lines") || text.contains("1000000L"))
    };
    let theirs = median((0..3).filter_map(|_| theirs()).collect());
    let ours = || {
        let mut window = open(site, site.words());
        window.until(|text| text.contains("F1")).unwrap_or(0.0)
    };
    let ours = median((0..RUNS).map(|_| ours()).collect());
    drop(std::fs::remove_file(&path));
    table.add(
        Row::new("G5", "warm start to the first frame", Unit::Ms, ours)
            .beside("vim, a million lines", theirs)
            .better(4.0),
    );
}

fn delays(site: &Site, table: &mut Table) {
    let mut window = open(site, site.words());
    window.start();
    let (mut all, mut rests) = (Vec::new(), Vec::new());
    let mut slowest = (0.0, "");
    for key in keys_of(DAY) {
        let came = window.press(key);
        if came.last > 0.0 {
            all.push(came.last);
        }
        if came.rest > 0.0 {
            rests.push(came.rest);
        }
        if came.last > slowest.0 {
            slowest = (came.last, key);
        }
    }
    all.sort_by(f64::total_cmp);
    table.add(Row::new("G6", "key to the last byte, p50", Unit::Ms, at(&all, 500)).most(3.0));
    let what = format!(
        "key to the last byte, p99 (slowest {:.0}: {})",
        slowest.0, slowest.1
    );
    table.add(Row::new("G6", what, Unit::Ms, at(&all, 990)).most(20.0));
    let what = format!(
        "what waits until no key has come for 300 ms, after {} keys, median",
        rests.len()
    );
    table.add(Row::new("G6", what, Unit::Ms, median(rests)));
    let (peak, own) = memory(window.pid());
    table.add(Row::new("G7", "memory after every screen, peak", Unit::MiB, peak).most(16.0));
    table.add(Row::new(
        "G7",
        "memory after every screen, its share (PSS)",
        Unit::MiB,
        own,
    ));
}

/// Measures the start, the keys and the memory.
pub fn run(site: &Site, table: &mut Table) {
    starts(site, table);
    editor(site, table);
    delays(site, table);
}
