//! Imports of very many rows: sums, history and index are written in bulk, and are those of rows entered one by one;
//! a kill at any moment leaves all of it or nothing; others save between.
use crate::support::cli::World as Shell;
use crate::support::world::World;
use danvan::app::import::{Phase, Progress};
use danvan::app::{Cx, find, records, undo, upkeep};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use danvan::exchange::read::{Encoding, Stop};
use danvan::transfer::{Import, Request};
use std::path::Path;

const ROWS: usize = 2_500;
/// The number in the words of the first: no number of a book is as great.
const FIRST: usize = 100_000;

/// Papers of several units, types and months, since the communes are what they are.
fn book(rows: usize) -> String {
    let mut file = String::from("Ngày nhận;Loại;Đơn vị;Nội dung;Người gửi;Thẩm quyền\n");
    for n in 0..rows {
        let (day, month) = (1 + n % 28, 7 + n % 6);
        let unit = ["29602", "29641", "", "Xã Long Hồ"][n % 4];
        let kind = ["KN", "kiến nghị", "PA"][n % 3];
        file.push_str(&format!(
            "{day:02}/{month:02}/2025;{kind};{unit};Đường thứ {} hư hỏng;Người thứ {n};own\n",
            FIRST + n
        ));
    }
    file
}

fn open(world: &World, text: &str) -> Import {
    let path = world.file("nhieu.csv");
    std::fs::write(&path, text).unwrap();
    let request = Request {
        kind: Kind::Petition,
        path,
        map: None,
        sheet: None,
        encoding: Encoding::Auto,
    };
    Import::open(&world.file("state"), &request, &Stop::default()).unwrap()
}

fn on(_: Progress) -> bool {
    true
}

fn papers(cx: &Cx) -> usize {
    records::count(cx, &Query::all(Kind::Petition)).unwrap()
}

/// What the doctor looks at in rows.
const OF_ROWS: [&str; 5] = ["rows", "sums", "rates", "search", "history"];

/// What the doctor finds wrong with the rows of a file.
fn wrong(cx: &Cx) -> Vec<String> {
    let found = upkeep::doctor(cx.config()).unwrap();
    let bad = found.iter().filter(|f| !f.ok && OF_ROWS.contains(&f.code));
    bad.map(|f| format!("{}: {}", f.code, f.what.en)).collect()
}

#[test]
fn what_comes_in_bulk_is_counted_told_and_found() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(ROWS));
    let cx = &mut world.cx;
    let prepared = file.prepare(cx, &mut on).unwrap();
    assert_eq!((prepared.plan.create, prepared.plan.error), (ROWS, 0));
    file.carry_out(cx, prepared, &mut on).unwrap();
    assert_eq!(papers(cx), ROWS);
    assert_eq!(wrong(cx), Vec::<String>::new());
    // each with its history, and found by its words with marks and without
    for id in [1, 1_000, i64::try_from(ROWS).unwrap()] {
        let history = records::history(cx, Kind::Petition, id).unwrap();
        assert_eq!(history.len(), 1, "{id}");
        assert_eq!(history[0].who, cx.actor());
    }
    for text in ["duong thu 102499", "đường thứ 102499", "102499 nguoi 2499"] {
        let hits = find::find(cx, text, Some(Kind::Petition), 5).unwrap();
        assert_eq!(hits.len(), 1, "{text}");
    }
    // one operation, taken back as one
    let told = undo::next(cx, undo::Way::Back).unwrap().unwrap();
    assert_eq!(told.records, ROWS);
    undo::take_back(cx, told.id).unwrap();
    assert_eq!(papers(cx), 0);
    assert_eq!(wrong(cx), Vec::<String>::new());
}

#[test]
fn others_save_while_rows_are_judged_and_while_they_are_indexed() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(ROWS));
    let cx = &mut world.cx;
    let mut other = cx.reopen().unwrap();
    let mut saved = Vec::new();
    let mut watch = |p: Progress| {
        if p.phase != Phase::Write && !saved.contains(&p.phase) {
            let subject = format!("Việc riêng {}", saved.len());
            let fields = vec![
                ("received_on", Value::Date("2025-08-04".parse().unwrap())),
                ("type", Value::Text("complaint".into())),
                ("subject", Value::Text(subject)),
            ];
            let new = records::NewRecord {
                fields,
                ..records::NewRecord::default()
            };
            records::add(&mut other, Kind::Petition, &[new]).unwrap();
            saved.push(p.phase);
        }
        true
    };
    let prepared = file.prepare(cx, &mut watch).unwrap();
    file.carry_out(cx, prepared, &mut watch).unwrap();
    assert_eq!(saved, [Phase::Check, Phase::Index]);
    assert_eq!(papers(cx), ROWS + 2);
    assert_eq!(wrong(cx), Vec::<String>::new());
}

/// Bytes of the log beside a database: what is being written.
fn log_size(db: &Path) -> u64 {
    let log = db.with_extension("db-wal");
    std::fs::metadata(log).map_or(0, |m| m.len())
}

#[test]
fn a_killed_import_leaves_all_of_its_rows_or_none() {
    for bytes in [1, 300_000, 900_000] {
        let w = Shell::new();
        std::fs::write(w.path("nhieu.csv"), book(ROWS)).unwrap();
        let db = w.db();
        let mut child = w
            .command()
            .args(["import", "petition", w.path("nhieu.csv").to_str().unwrap()])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while log_size(&db) < bytes && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        let left: usize = w
            .ok(&["petition", "list", "--count"])
            .trim()
            .replace('.', "")
            .parse()
            .unwrap();
        assert!([0, ROWS].contains(&left), "{left}");
        let doctor = w.run(&["doctor", "--json"]);
        for part in ["sums", "search", "history"] {
            let bad = format!("\"{part}\",\"ok\":false");
            assert!(!doctor.out.replace(' ', "").contains(&bad), "{doctor:?}");
        }
        // the next program has gone on with the index
        let found = w.json(&["find", "duong thu 102499", "--json"]);
        assert_eq!(found.as_array().unwrap().len(), left / ROWS);
        // and the same file brings what is missing
        let came = w.run(&["import", "petition", w.path("nhieu.csv").to_str().unwrap()]);
        assert_eq!(came.code, 0, "{came:?}");
        let count = w.ok(&["petition", "list", "--count"]);
        assert_eq!(count.trim().replace('.', ""), ROWS.to_string());
    }
}
