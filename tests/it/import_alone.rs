//! A long book into a file that nobody else has open: it goes straight into the file. Others wait, and a kill at any moment
//! leaves what was there.
use crate::import_pieces::{on, open};
use crate::import_straight::{book, papers, wrong};
use crate::support::cli::World as Shell;
use crate::support::world::World;
use danvan::app::import::{AT_ONCE, Came, Phase};
use danvan::app::{Cx, undo};
use danvan::domain::record::Kind;
use danvan::transfer::Import;
use std::path::{Path, PathBuf};

/// As many as it takes.
const ROWS: usize = 12_000;

fn beside(db: &Path, end: &str) -> PathBuf {
    let mut name = db.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |m| m.len())
}

/// What came of a book that was written straight into the file as far as it was.
fn brought(world: &mut World, text: &str) -> (Import, Came) {
    let db = world.cx.config().db.clone();
    let (mut straight, mut logged) = (false, false);
    let mut file = open(world, Kind::Petition, ("so.csv", text));
    let came = file.bring(&mut world.cx, AT_ONCE, &mut |progress| {
        if progress.phase == Phase::Write {
            straight |= bytes(&beside(&db, "-journal")) > 0;
            logged |= bytes(&beside(&db, "-wal")) > 0;
        }
        true
    });
    assert!(straight && !logged);
    (file, came.unwrap())
}

#[test]
fn a_long_book_goes_straight_into_a_file_that_nobody_else_has_open() {
    let mut world = World::on("2026-03-12");
    let (file, came) = brought(&mut world, &book(ROWS));
    // A machine that is too slow for others to wait writes it by its plan.
    if let Came::Planned(prepared) = came {
        file.carry_out(&mut world.cx, *prepared, &mut on).unwrap();
    }
    assert_eq!(papers(&world.cx), ROWS);
    assert_eq!(wrong(&world.cx), Vec::<String>::new());
    let other = Cx::open(world.cx.config()).unwrap();
    assert_eq!(papers(&other), ROWS);
    let told = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    assert_eq!(told.records, ROWS);
}

#[test]
fn a_long_book_with_a_wrong_row_leaves_the_file_to_others_and_is_planned() {
    let mut world = World::on("2026-03-12");
    let text = book(ROWS) + "1/7/2025;lạ;;Việc;;own\n";
    let (_, came) = brought(&mut world, &text);
    let Came::Planned(prepared) = came else {
        panic!("{came:?}");
    };
    assert_eq!((prepared.plan.create, prepared.plan.error), (ROWS, 1));
    let other = Cx::open(world.cx.config()).unwrap();
    assert_eq!((papers(&world.cx), papers(&other)), (0, 0));
    assert_eq!(wrong(&world.cx), Vec::<String>::new());
}

#[test]
fn a_kill_while_it_goes_into_the_file_leaves_what_was_there() {
    let mut cut = 0;
    for more in [0, 1_000_000, 4_000_000] {
        let w = Shell::new();
        let csv = w.path("nhieu.csv");
        std::fs::write(&csv, book(ROWS)).unwrap();
        let (db, csv) = (w.db(), csv.to_str().unwrap());
        let (before, journal) = (bytes(&db), beside(&db, "-journal"));
        let mut child = w
            .command()
            .args(["import", "petition", csv])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let reached = || bytes(&journal) > 0 && bytes(&db) >= before + more;
        while !reached() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        // Once all is written its first byte is taken away.
        let hot = std::fs::read(&journal).is_ok_and(|j| j.first().is_some_and(|b| *b != 0));
        if hot {
            // Who may only read cannot take it back, and says who can.
            let shown = w.run(&["petition", "list", "--count", "--read-only"]);
            assert!(shown.err.contains("--read-only"), "{shown:?}");
            let doctor = w.run(&["doctor"]);
            assert!(doctor.out.contains("Mở sổ một lần"), "{doctor:?}");
        }
        let left = w.ok(&["petition", "list", "--count"]);
        let left: usize = left.trim().replace('.', "").parse().unwrap();
        assert!([0, ROWS].contains(&left), "{left}");
        cut += usize::from(left == 0);
        let doctor = w.run(&["doctor", "--json"]);
        for part in ["file", "rows", "sums", "search", "history"] {
            let bad = format!("\"{part}\",\"ok\":false");
            assert!(!doctor.out.replace(' ', "").contains(&bad), "{doctor:?}");
        }
        w.ok(&["import", "petition", csv]);
        let count = w.ok(&["petition", "list", "--count"]);
        assert_eq!(count.trim().replace('.', ""), ROWS.to_string());
    }
    assert!(cut > 0, "each was killed too late");
}
