//! G9, many at once: fifty processes that save again and again, in the program's line of writers and with SQLite's own
//! waiting alone.
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use danvan::app::records;
use danvan::app::{Config, Cx};
use danvan::domain::record::Kind;

use super::data::petition;
use super::site::{Site, TODAY};
use super::table::{Row, Table, Unit, at};

const WRITERS: usize = 50;
/// Saves of each process.
const SAVES: usize = 20;
/// Tells a process of the suite that it is a writer, and where the database is.
const CHILD: &str = "DANVAN_BENCH_WRITER";

fn config(dir: &Path) -> Config {
    Config {
        db: dir.join("writers.db"),
        today: Some(TODAY.parse().unwrap()),
        read_only: false,
        assume_fs: None,
        state_dir: dir.join("state"),
        actor: "lan".into(),
        demo: false,
    }
}

/// When this process is a writer: saves again and again once a line comes in, and prints the milliseconds of each.
pub fn is_child() -> bool {
    let Some(dir) = std::env::var_os(CHILD) else {
        return false;
    };
    let mut cx = Cx::open(&config(Path::new(&dir))).unwrap();
    println!("ready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    for n in 0..SAVES {
        let new = [petition(&cx, n)];
        let start = Instant::now();
        records::add(&mut cx, Kind::Petition, &new).expect("no writer is refused");
        println!("{}", start.elapsed().as_secs_f64() * 1000.0);
    }
    true
}

/// The sorted milliseconds of all saves, and the sums of each writer, sorted.
fn race(in_line: bool) -> (Vec<f64>, Vec<f64>) {
    let dir = tempfile::tempdir().unwrap();
    drop(Cx::create(&config(dir.path())).unwrap());
    if !in_line {
        // Where the file of the line cannot be, there is none.
        let lock = dir.path().join("writers.db.lock");
        let _ = std::fs::remove_file(&lock);
        std::fs::create_dir(lock).unwrap();
    }
    let writer = |_| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env(CHILD, dir.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut children: Vec<_> = (0..WRITERS).map(writer).collect();
    let out =
        |child: &mut std::process::Child| BufReader::new(child.stdout.take().unwrap()).lines();
    let mut outs: Vec<_> = children.iter_mut().map(out).collect();
    for out in &mut outs {
        assert_eq!(out.next().unwrap().unwrap(), "ready");
    }
    for child in &mut children {
        child.stdin.take().unwrap().write_all(b"\n").unwrap();
    }
    let (mut all, mut sums) = (Vec::new(), Vec::new());
    for out in outs {
        let times: Vec<f64> = out.map(|time| time.unwrap().parse().unwrap()).collect();
        assert_eq!(times.len(), SAVES, "a writer was refused");
        sums.push(times.iter().sum());
        all.extend(times);
    }
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    all.sort_by(f64::total_cmp);
    sums.sort_by(f64::total_cmp);
    (all, sums)
}

/// Measures fifty writers at once.
pub fn run(_: &Site, table: &mut Table) {
    let (ours, each) = race(true);
    let (alone, _) = race(false);
    let what = format!(
        "{WRITERS} writers at once, save p99 (slowest {:.0} ms)",
        at(&ours, 1000)
    );
    let row = Row::new("G9", what, Unit::Ms, at(&ours, 990)).most(200.0);
    table.add(row.beside("SQLite's waiting alone", at(&alone, 990)));
    let fair = each.first().copied().unwrap_or(0.0) / each.last().copied().unwrap_or(1.0);
    table.add(
        Row::new(
            "G9",
            "fastest writer's time to the slowest's",
            Unit::Times,
            fair,
        )
        .least(0.5),
    );
}
