//! Backups that open, restores that keep what was there, and what the doctor finds.
use crate::support::world::{World, config, d, exit, place};
use danvan::app::records;
use danvan::app::upkeep::{self, Finding};
use danvan::app::{Config, Cx};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::words::Lang;
use rusqlite::Connection;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

const TODAY: &str = "2026-11-20";

fn petitions(cx: &Cx) -> usize {
    records::count(cx, &Query::all(Kind::Petition)).unwrap()
}

#[test]
fn a_backup_is_the_whole_at_its_moment() {
    let mut w = World::on(TODAY);
    w.petition("2026-03-02", "complaint", &[]);
    // another program writes meanwhile
    let other = w.cx.reopen().unwrap();
    let path = w.file("sao/luu.db");
    let made = upkeep::backup(&w.cx, &path, false).unwrap();
    assert_eq!((made.petitions, made.bytes > 1_000_000), (1, true));
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(petitions(&other), 1);
    w.petition("2026-03-03", "complaint", &[]);
    assert_eq!(exit(upkeep::backup(&w.cx, &path, false)), 3);
    assert_eq!(
        exit(upkeep::backup(&w.cx, &w.cx.config().db.clone(), true)),
        3
    );
    assert_eq!(upkeep::backup(&w.cx, &path, true).unwrap().petitions, 2);
    // one file, that opens as a database of the office
    let copy = Config {
        db: path.clone(),
        ..w.cx.config().clone()
    };
    assert_eq!(petitions(&Cx::open(&copy).unwrap()), 2);
    let beside: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
}

#[test]
fn a_restore_keeps_what_was_there_and_others_go_on() {
    let mut w = World::on(TODAY);
    w.petition("2026-03-02", "complaint", &[("subject", "trước")]);
    let gone = w.petition("2026-03-02", "complaint", &[]);
    records::set_removed(&mut w.cx, Kind::Petition, gone, true).unwrap();
    let path = w.file("luu.db");
    let kept = upkeep::backup(&w.cx, &path, false).unwrap();
    assert_eq!(kept.petitions, 1, "what was removed is in no list");
    w.petition("2026-03-03", "complaint", &[("subject", "sau")]);
    let mut other = w.cx.reopen().unwrap();
    assert_eq!(petitions(&other), 2);
    let restored = upkeep::restore(w.cx.config(), &path).unwrap();
    assert_eq!(restored.petitions, 1);
    // those who had the file open see the new content and go on writing
    assert_eq!((petitions(&w.cx), petitions(&other)), (1, 1));
    let next = w.petition("2026-03-04", "complaint", &[]);
    assert_eq!(w.read(next).head.number, Some((3, 2026)));
    let changed = records::edit(&mut other, Kind::Petition, next, None, &[]).unwrap();
    assert_eq!(changed.head().id, next);
    assert_eq!(petitions(&other), 2);
    let kept = Config {
        db: restored.kept.unwrap(),
        ..w.cx.config().clone()
    };
    assert_eq!(petitions(&Cx::open(&kept).unwrap()), 2);
    let whole = Connection::open(&w.cx.config().db).unwrap();
    let text = |sql: &str| whole.query_row(sql, [], |r| r.get::<_, String>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(text("PRAGMA journal_mode"), "wal");
}

#[test]
fn a_restore_says_what_it_is_doing() {
    let mut w = World::on(TODAY);
    w.petition("2026-03-02", "complaint", &[]);
    let path = w.file("luu.db");
    upkeep::backup(&w.cx, &path, false).unwrap();
    let stages = |path: &Path| {
        let mut told = Vec::new();
        let done = upkeep::restore_telling(w.cx.config(), path, &mut |stage| {
            told.push(stage.get(Lang::Vi).to_owned());
        });
        (done.is_ok(), told)
    };
    let all = [
        "soát bản sao lưu",
        "giữ trạng thái hiện tại",
        "chép vào tệp đang dùng",
    ];
    assert_eq!(stages(&path), (true, all.map(String::from).to_vec()));
    std::fs::write(&path, "một tệp chữ").unwrap();
    assert_eq!(stages(&path), (false, vec![all[0].to_owned()]));
}

#[test]
fn a_restore_where_there_was_nothing() {
    let mut w = World::on(TODAY);
    w.petition("2026-03-02", "complaint", &[]);
    let path = w.file("luu.db");
    upkeep::backup(&w.cx, &path, false).unwrap();
    let new = Config {
        db: w.file("moi/danvan.db"),
        ..w.cx.config().clone()
    };
    let restored = upkeep::restore(&new, &path).unwrap();
    assert_eq!((restored.kept, restored.petitions), (None, 1));
    assert_eq!(petitions(&Cx::open(&new).unwrap()), 1);
}

#[test]
fn a_bad_backup_touches_nothing() {
    let mut w = World::on(TODAY);
    w.petition("2026-03-02", "complaint", &[]);
    let good = w.file("luu.db");
    upkeep::backup(&w.cx, &good, false).unwrap();
    let bytes = std::fs::read(&good).unwrap();
    let listed = |dir: &Path| std::fs::read_dir(dir).unwrap().count();
    let folder = w.cx.config().db.parent().unwrap().to_owned();
    let before = listed(&folder);
    let try_with = |name: &str, bytes: &[u8], code: i32| {
        let path = w.file(name);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(exit(upkeep::restore(w.cx.config(), &path)), code, "{name}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{name}");
        assert_eq!(petitions(&w.cx), 1, "{name}");
        assert_eq!(listed(&folder), before, "{name}");
    };
    try_with("chu.db", "một tệp chữ".repeat(100).as_bytes(), 7);
    try_with("rong.db", b"", 7);
    try_with("ngan.db", &bytes[..bytes.len() - 4096], 7);
    let mut newer = bytes.clone();
    newer[63] = 9;
    try_with("moi_hon.db", &newer, 7);
    let mut torn = bytes.clone();
    for page in 20..60 {
        torn[page * 4096..page * 4096 + 2048].fill(0xA5);
    }
    try_with("rach.db", &torn, 7);
    // It is the copy that is damaged, and nobody may think otherwise.
    let told = upkeep::restore(w.cx.config(), &w.file("rach.db")).unwrap_err();
    let told = told.text(Lang::Vi);
    assert!(
        told.contains("rach.db bị hỏng") && told.contains("còn nguyên"),
        "{told}"
    );
    assert_eq!(exit(upkeep::restore(w.cx.config(), &w.file("khong.db"))), 4);
    let live = w.cx.config().db.clone();
    assert_eq!(exit(upkeep::restore(w.cx.config(), &live)), 3);
    let reader = Config {
        read_only: true,
        ..w.cx.config().clone()
    };
    assert_eq!(exit(upkeep::restore(&reader, &good)), 8);
    assert_eq!(listed(&folder), before);
}

#[test]
fn a_damaged_office_is_restored_and_its_ruins_are_kept() {
    for cut_short in [true, false] {
        let mut w = World::on(TODAY);
        w.petition("2026-03-02", "complaint", &[]);
        let good = w.file("luu.db");
        upkeep::backup(&w.cx, &good, false).unwrap();
        let config = w.cx.config().clone();
        drop(w.cx);
        let mut ruins = std::fs::read(&config.db).unwrap();
        if cut_short {
            ruins.truncate(ruins.len() - 4096);
        } else {
            for page in 20..60 {
                ruins[page * 4096..page * 4096 + 2048].fill(0xA5);
            }
        }
        std::fs::write(&config.db, &ruins).unwrap();
        let restored = upkeep::restore(&config, &good).unwrap();
        assert_eq!(restored.petitions, 1);
        assert_eq!(std::fs::read(restored.kept.unwrap()).unwrap(), ruins);
        assert_eq!(petitions(&Cx::open(&config).unwrap()), 1);
        assert_eq!(std::fs::metadata(&config.db).unwrap().mode() & 0o777, 0o600);
        assert!(upkeep::doctor(&config).unwrap().iter().all(|f| f.ok));
        let left: Vec<_> = std::fs::read_dir(config.db.parent().unwrap())
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|n| n.contains("part") || n.contains("moi"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_running_program_goes_over_to_what_was_put_in_the_place_of_a_damaged_file() {
    let mut w = World::on(TODAY);
    w.petition("2026-03-02", "complaint", &[]);
    let good = w.file("luu.db");
    upkeep::backup(&w.cx, &good, false).unwrap();
    w.petition("2026-03-03", "complaint", &[]);
    let config = w.cx.config().clone();
    // Read whole into memory by the system, the pages of the running program stay good.
    let mut ruins = std::fs::read(&config.db).unwrap();
    ruins
        .iter_mut()
        .skip(20 * 4096)
        .for_each(|byte| *byte = 0xA5);
    std::fs::write(&config.db, &ruins).unwrap();
    let restored = upkeep::restore(&config, &good).unwrap();
    assert!(restored.kept.is_some());
    let late = w.try_add(
        Kind::Petition,
        &[
            ("received_on", "2026-03-04"),
            ("type", "complaint"),
            ("subject", "vào tệp đã bỏ"),
        ],
    );
    assert!(late.is_err(), "nothing is saved into what was put aside");
    assert!(w.cx.follow().unwrap());
    assert_eq!(petitions(&w.cx), 1);
    w.petition("2026-03-04", "complaint", &[]);
    assert!(!w.cx.follow().unwrap());
    assert_eq!(petitions(&Cx::open(&config).unwrap()), 2);
}

fn found(config: &Config) -> Vec<&'static str> {
    let findings: Vec<Finding> = upkeep::doctor(config).unwrap();
    for finding in &findings {
        // An office without a backup is told so, but nothing is wrong with its file.
        let told = finding.code == "backups";
        assert!(
            told || finding.ok == finding.advice.is_none(),
            "{finding:?}"
        );
        assert!(!finding.what.vi.is_empty() && !finding.what.en.is_empty());
    }
    findings.iter().filter(|f| !f.ok).map(|f| f.code).collect()
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let mut w = World::on(TODAY);
    w.petition("2026-03-02", "complaint", &[]);
    let config = w.cx.config().clone();
    assert!(found(&config).is_empty());
    // permissions
    std::fs::set_permissions(&config.db, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(found(&config), ["permissions"]);
    std::fs::set_permissions(&config.db, std::fs::Permissions::from_mode(0o600)).unwrap();
    // place
    let far = Config {
        assume_fs: Some("nfs".into()),
        ..config.clone()
    };
    assert_eq!(found(&far), ["file_system"]);
    // a year without holidays
    let later = Config {
        today: Some(d("2099-01-05")),
        ..config.clone()
    };
    assert_eq!(found(&later), ["calendar"]);
    // a sum that is not its petitions', and counted again
    let conn = Connection::open(&config.db).unwrap();
    conn.execute_batch("UPDATE rate_count SET received = received + 1;")
        .unwrap();
    assert_eq!(found(&config), ["sums"]);
    upkeep::recount(&mut w.cx).unwrap();
    assert!(found(&config).is_empty());
    // a row from the future, a reference to nothing
    conn.execute_batch(
        "PRAGMA foreign_keys = off; UPDATE petition SET received_on = '2030-02-31';",
    )
    .unwrap();
    assert_eq!(found(&config), ["rows", "values"]);
    conn.execute_batch("UPDATE petition SET received_on = '2026-03-02', unit_id = 999999;")
        .unwrap();
    assert_eq!(found(&config), ["references"]);
}

#[test]
fn the_doctor_looks_at_a_broken_file_without_touching_it() {
    let dir = tempfile::TempDir::new().unwrap();
    let config = config(dir.path(), TODAY);
    place(&config);
    let whole = std::fs::read(&config.db).unwrap();
    let mut torn = whole.clone();
    for page in 20..60 {
        torn[page * 4096..page * 4096 + 2048].fill(0xA5);
    }
    let mut newer = whole.clone();
    newer[63] = 9;
    for bytes in [
        &torn[..],
        &whole[..whole.len() - 4096],
        &newer[..],
        &b"chu"[..],
    ] {
        std::fs::write(&config.db, bytes).unwrap();
        assert!(!found(&config).is_empty());
        assert_eq!(std::fs::read(&config.db).unwrap(), bytes);
    }
}
