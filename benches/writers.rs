//! Fifty processes that save at once, each again and again: how long one save takes, and the slowest; beside it the
//! same without the line of writers, where only SQLite's own waiting serves them.
//!
//! `cargo bench --bench writers`; saves of each process by `DANVAN_BENCH_SAVES` (20 by default), place by `TMPDIR`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use danvan::app::records::{self, NewRecord};
use danvan::app::{Config, Cx};
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const WRITERS: usize = 50;
/// Tells a child that it is one, and where the database is.
const CHILD: &str = "DANVAN_BENCH_WRITER";

fn config(dir: &Path) -> Config {
    Config {
        db: dir.join("writers.db"),
        today: Some("2026-11-21".parse().unwrap()),
        read_only: false,
        assume_fs: None,
        state_dir: dir.join("state"),
        actor: "lan".into(),
        demo: false,
    }
}

fn saves() -> usize {
    let wanted = std::env::var("DANVAN_BENCH_SAVES").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(20)
}

/// Saves again and again once a line comes in; prints the microseconds of each.
fn write(dir: &Path) {
    let mut cx = Cx::open(&config(dir)).unwrap();
    println!("ready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    for n in 0..saves() {
        let new = NewRecord {
            fields: vec![
                ("received_on", Value::Date(cx.today())),
                ("type", Value::Text("complaint".into())),
                (
                    "subject",
                    Value::Text(format!("Đề nghị xem xét việc số {n}")),
                ),
            ],
            ..NewRecord::default()
        };
        let start = Instant::now();
        records::add(&mut cx, Kind::Petition, &[new]).expect("no writer is refused");
        println!("{}", start.elapsed().as_micros());
    }
}

fn run(what: &str, in_line: bool) {
    let dir = tempfile::tempdir().unwrap();
    drop(Cx::create(&config(dir.path())).unwrap());
    if !in_line {
        // Where the file of the line cannot be, there is none.
        let lock = dir.path().join("writers.db.lock");
        let _ = std::fs::remove_file(&lock);
        std::fs::create_dir(lock).unwrap();
    }
    let mut children: Vec<_> = (0..WRITERS)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .env(CHILD, dir.path())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut outs: Vec<_> = children
        .iter_mut()
        .map(|child| BufReader::new(child.stdout.take().unwrap()).lines())
        .collect();
    for out in &mut outs {
        assert_eq!(out.next().unwrap().unwrap(), "ready");
    }
    let start = Instant::now();
    for child in &mut children {
        child.stdin.take().unwrap().write_all(b"\n").unwrap();
    }
    let mut all: Vec<f64> = Vec::new();
    let mut sums: Vec<f64> = Vec::new();
    for out in outs {
        let times: Vec<f64> = out
            .map(|t| t.unwrap().parse::<f64>().unwrap() / 1000.0)
            .collect();
        assert_eq!(times.len(), saves(), "a writer was refused");
        sums.push(times.iter().sum());
        all.extend(times);
    }
    let whole = start.elapsed().as_secs_f64();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    all.sort_by(f64::total_cmp);
    sums.sort_by(f64::total_cmp);
    let at = |share: usize| all[(all.len() * share / 1000).min(all.len() - 1)];
    println!(
        "{what:<28} p50 {:>8.1}  p99 {:>8.1}  slowest {:>8.1} ms  fastest/slowest writer {:.2}  {:.0} saves/s",
        at(500),
        at(990),
        at(1000),
        sums[0] / sums[sums.len() - 1],
        all.len() as f64 / whole
    );
}

fn main() {
    if let Ok(dir) = std::env::var(CHILD) {
        write(Path::new(&dir));
        return;
    }
    println!("{WRITERS} processes, {} saves each", saves());
    run("in line", true);
    run("SQLite's waiting alone", false);
}
