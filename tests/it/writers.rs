//! Many at once on one database: all are served, none is told that it is busy.

use crate::support::cli::World;
use std::thread;

const MANY: i64 = 50;
const EACH: i64 = 3;

#[test]
fn fifty_processes_that_save_at_once_all_succeed() {
    let world = World::new();
    thread::scope(|scope| {
        for writer in 0..MANY {
            let world = &world;
            scope.spawn(move || {
                for n in 0..EACH {
                    let subject = format!("Việc {n} của {writer}");
                    let args = [
                        "petition",
                        "add",
                        "--received-on",
                        "2/3/2026",
                        "--type",
                        "complaint",
                    ];
                    let came = world
                        .run(&[&args[..], &["--unit", "29602", "--subject", &subject]].concat());
                    assert_eq!(came.code, 0, "{came:?}");
                }
            });
        }
    });
    let db = rusqlite::Connection::open(world.db()).unwrap();
    let sql = "SELECT count(*), max(number_seq), count(DISTINCT number_seq) FROM petition";
    let row = |r: &rusqlite::Row| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
    let all: (i64, i64, i64) = db.query_row(sql, [], row).unwrap();
    assert_eq!(
        all,
        (MANY * EACH, MANY * EACH, MANY * EACH),
        "no gap, no number twice"
    );
}

#[test]
fn a_writer_waits_for_its_turn_and_reading_waits_for_nobody() {
    let world = World::new();
    world.petition("2/3/2026", "complaint", "Việc một");
    let mut lock = world.db().into_os_string();
    lock.push(".lock");
    let held = std::fs::File::open(&lock).unwrap();
    rustix::fs::flock(&held, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    thread::scope(|scope| {
        let waits = scope.spawn(|| world.petition("2/3/2026", "complaint", "Việc hai"));
        let count = world.ok(&["petition", "list", "--count"]);
        assert_eq!(count.trim(), "1");
        assert!(!waits.is_finished());
        // As when the process that has it ends.
        drop(held);
        assert_eq!(waits.join().unwrap(), "2");
    });
}
