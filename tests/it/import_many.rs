//! Imports of very many rows: sums, history and index are written in bulk, and are those of rows entered one by one;
//! a kill at any moment leaves all of it or nothing; others save between.
use crate::import_pieces::on;
use crate::support::cli::World as Shell;
use crate::support::world::World;
use danvan::app::import::{Phase, Progress};
use danvan::app::{Cx, find, records, undo, upkeep};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use danvan::transfer::Import;
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
    crate::import_pieces::open(world, Kind::Petition, ("nhieu.csv", text))
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
    let mut file = open(&world, &book(1));
    let prepared = file.prepare(&mut world.cx, &mut on).unwrap();
    file.carry_out(&mut world.cx, prepared, &mut on).unwrap();
    // Where a row changes a record that is there, the words of the others are learned after all of them.
    let mut file = open(&world, &book(ROWS).replacen(";own", ";other", 1));
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

/// What these questions are answered, a line for each row.
pub fn told(world: &World, asked: &[&str]) -> Vec<String> {
    let conn = rusqlite::Connection::open(world.cx.config().db.clone()).unwrap();
    let mut all = Vec::new();
    for sql in asked {
        let mut stmt = conn.prepare(sql).unwrap();
        let width = stmt.column_count();
        let mut rows = stmt.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..width).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
            all.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    all
}

/// What the tables hold, in order; history and search index apart, which say the same in another way.
fn dump(world: &World) -> Vec<String> {
    told(
        world,
        &[
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name",
            "SELECT * FROM petition ORDER BY id",
            "SELECT * FROM rate_count ORDER BY span, unit_id",
            "SELECT * FROM day_count ORDER BY what, day",
            "SELECT * FROM word ORDER BY folded, canon",
            "SELECT id FROM search_docsize ORDER BY id",
            "SELECT kind, record_id, action, field, before, after FROM audit ORDER BY id",
        ],
    )
}

#[test]
fn many_rows_leave_what_few_at_a_time_leave() {
    let (mut many, mut few) = (World::on("2026-03-12"), World::on("2026-03-12"));
    let all = book(ROWS);
    let mut lines = all.split_inclusive('\n');
    let heading = lines.next().unwrap();
    let lines: Vec<&str> = lines.collect();
    let bring = |world: &mut World, text: &str| {
        let mut file = open(world, text);
        let prepared = file.prepare(&mut world.cx, &mut on).unwrap();
        file.carry_out(&mut world.cx, prepared, &mut on).unwrap();
    };
    bring(&mut many, &all);
    for part in lines.chunks(500) {
        bring(&mut few, &[heading, &part.concat()].concat());
    }
    let (many, few) = (dump(&many), dump(&few));
    assert_eq!(many.len(), few.len());
    for (many, few) in many.iter().zip(&few) {
        assert_eq!(many, few);
    }
}

/// Rows that are written in one transaction in these tests: the others come in pieces.
const AT_ONCE: usize = 100;
/// Rows of these tests.
const FEW: usize = 600;

/// A small save of somebody else.
fn save(cx: &mut Cx, subject: &str) {
    let fields = vec![
        ("received_on", Value::Date("2025-08-04".parse().unwrap())),
        ("type", Value::Text("complaint".into())),
        ("subject", Value::Text(subject.to_owned())),
    ];
    let new = records::NewRecord {
        fields,
        ..records::NewRecord::default()
    };
    records::add(cx, Kind::Petition, &[new]).unwrap();
}

/// What waits in the database to be written, and whether a long work is told of.
fn waiting(world: &World) -> (i64, i64) {
    let conn = rusqlite::Connection::open(world.cx.config().db.clone()).unwrap();
    let count = |sql: &str| conn.query_row(sql, [], |r| r.get(0)).unwrap();
    (
        count("SELECT count(*) FROM incoming"),
        count("SELECT count(*) FROM setting WHERE key = 'long_work'"),
    )
}

#[test]
fn very_many_rows_come_in_pieces_between_which_others_save() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(FEW));
    let mut other = world.cx.reopen().unwrap();
    let cx = &mut world.cx;
    let mut prepared = file.prepare(cx, &mut on).unwrap();
    prepared.at_once = AT_ONCE;
    let (mut gathered, mut pieces, mut seen) = (0, 0, Vec::new());
    let mut watch = |p: Progress| {
        match p.phase {
            Phase::Gather => gathered += 1,
            Phase::Pieces => pieces += 1,
            _ => return true,
        }
        // Nothing of it is seen before all of it is decided.
        if p.phase == Phase::Gather {
            assert_eq!(papers(&other), gathered - 1);
        }
        save(&mut other, &format!("Việc riêng {}", seen.len()));
        seen.push(papers(&other));
        // after the decision there is nothing left to stop
        p.phase == Phase::Gather
    };
    let plan = file.carry_out(cx, prepared, &mut watch).unwrap();
    assert_eq!((plan.create, plan.left.len()), (FEW, 0));
    assert!(gathered >= 6 && pieces >= 6, "{gathered} {pieces}");
    assert_eq!(papers(cx), FEW + gathered + pieces);
    assert_eq!(wrong(cx), Vec::<String>::new());
    for text in ["duong thu 100599", "đường thứ 100000"] {
        let hits = find::find(cx, text, Some(Kind::Petition), 5).unwrap();
        assert_eq!(hits.len(), 1, "{text}");
    }
    let told = undo::next(cx, undo::Way::Back).unwrap().unwrap();
    assert_eq!(waiting(&world), (0, 0));
    // the books have no gap
    let cx = &mut world.cx;
    let conn = rusqlite::Connection::open(cx.config().db.clone()).unwrap();
    let gaps: i64 = conn
        .query_row(
            "SELECT sum(n) FROM (SELECT max(number_seq) - count(*) AS n FROM petition GROUP BY number_year)",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(gaps, 0);
    // The newest operation is somebody else's save of the same login; the import lies before it.
    let import = undo::list(cx, true, 0, 99).unwrap();
    let import = import.iter().find(|told| told.records == FEW).unwrap();
    assert!(told.id > import.id);
    undo::take_back_by(cx, import.id, AT_ONCE).unwrap();
    assert_eq!(papers(cx), gathered + pieces);
    assert_eq!(wrong(cx), Vec::<String>::new());
    // and again
    let again = undo::list(cx, true, 0, 1).unwrap()[0].clone();
    assert_eq!(again.records, FEW);
    undo::take_back_by(cx, again.id, AT_ONCE).unwrap();
    assert_eq!(papers(cx), FEW + gathered + pieces);
    assert_eq!(wrong(cx), Vec::<String>::new());
    assert_eq!(waiting(&world), (0, 0));
}

#[test]
fn a_number_that_somebody_takes_between_pieces_is_given_anew() {
    let mut world = World::on("2026-03-12");
    let text: Vec<String> = book(FEW)
        .lines()
        .enumerate()
        .map(|(n, line)| match n {
            0 => format!("Số;{line}"),
            n => format!("{n}/2025;{line}"),
        })
        .collect();
    let mut file = open(&world, &(text.join("\n") + "\n"));
    let mut other = world.cx.reopen().unwrap();
    let cx = &mut world.cx;
    let mut prepared = file.prepare(cx, &mut on).unwrap();
    assert_eq!((prepared.plan.create, prepared.plan.error), (FEW, 0));
    prepared.at_once = AT_ONCE;
    let mut saved = 0;
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces {
            save(&mut other, &format!("Việc riêng {saved}"));
            saved += 1;
        }
        true
    };
    let plan = file.carry_out(cx, prepared, &mut watch).unwrap();
    assert_eq!(plan.left, Vec::<usize>::new());
    assert_eq!(papers(cx), FEW + saved);
    assert_eq!(wrong(cx), Vec::<String>::new());
    let number = |cx: &Cx, id: i64| {
        let record = records::get(cx, Kind::Petition, id).unwrap();
        record.head().number
    };
    assert_eq!(number(cx, 100), Some((100, 2025)));
    // the first save between took the next number; its row was given one behind all that the file bears
    assert_eq!(number(cx, 101), Some((101, 2025)));
    assert!(number(cx, 102).is_some_and(|(seq, _)| seq > i64::try_from(FEW).unwrap()));
    assert_eq!(waiting(&world), (0, 0));
}

#[test]
fn giving_up_while_rows_are_gathered_leaves_nothing() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(FEW));
    let cx = &mut world.cx;
    let mut prepared = file.prepare(cx, &mut on).unwrap();
    prepared.at_once = AT_ONCE;
    let stopped = file.carry_out(cx, prepared, &mut |p| p.rows < 250);
    assert!(stopped.is_err());
    assert_eq!(papers(cx), 0);
    assert_eq!(undo::next(cx, undo::Way::Back).unwrap(), None);
    assert_eq!(waiting(&world), (0, 0));
}

#[test]
fn what_somebody_entered_while_the_plan_was_looked_at_is_not_entered_twice_in_pieces() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(FEW));
    let mut other = world.cx.reopen().unwrap();
    let cx = &mut world.cx;
    let mut prepared = file.prepare(cx, &mut on).unwrap();
    prepared.at_once = AT_ONCE;
    // The third row, entered by hand.
    let fields = vec![
        ("received_on", Value::Date("2025-09-03".parse().unwrap())),
        ("type", Value::Text("feedback".into())),
        (
            "subject",
            Value::Text(format!("Đường thứ {} hư hỏng", FIRST + 2)),
        ),
        ("petitioner", Value::Text("Người thứ 2".into())),
    ];
    let new = records::NewRecord {
        fields,
        ..records::NewRecord::default()
    };
    records::add(&mut other, Kind::Petition, &[new]).unwrap();
    let came = file.carry_out(cx, prepared, &mut on);
    assert!(
        matches!(came, Err(danvan::app::Error::Conflict(_))),
        "{came:?}"
    );
    assert_eq!(papers(cx), 1);
    assert_eq!(waiting(&world), (0, 0));
}

#[test]
fn changes_in_pieces_leave_what_somebody_has_just_changed_and_are_taken_back_in_pieces() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(FEW));
    let cx = &mut world.cx;
    let prepared = file.prepare(cx, &mut on).unwrap();
    file.carry_out(cx, prepared, &mut on).unwrap();
    let text = book(FEW).replace(
        ";own
", ";other
",
    );
    let mut file = open(&world, &text);
    let mut other = world.cx.reopen().unwrap();
    let cx = &mut world.cx;
    let mut prepared = file.prepare(cx, &mut on).unwrap();
    assert_eq!((prepared.plan.update, prepared.plan.error), (FEW, 0));
    prepared.at_once = AT_ONCE;
    let last = i64::try_from(FEW).unwrap();
    let mut edited = false;
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces && !edited {
            edited = true;
            let fields = [("officer", Value::Text("Trần Văn Thử".into()))];
            let rev = records::get(&other, Kind::Petition, last)
                .unwrap()
                .head()
                .rev;
            records::edit(&mut other, Kind::Petition, last, Some(rev), &fields).unwrap();
        }
        true
    };
    let plan = file.carry_out(cx, prepared, &mut watch).unwrap();
    // row of the file: the headings come first
    assert_eq!(plan.left, [FEW + 1]);
    assert!(plan.left_out().unwrap().en.contains("row 601"));
    let of = |cx: &Cx, id: i64| {
        let record = records::get(cx, Kind::Petition, id).unwrap();
        record.get("jurisdiction").text().unwrap().to_owned()
    };
    assert_eq!((of(cx, 1), of(cx, last)), ("other".into(), "own".into()));
    assert_eq!(wrong(cx), Vec::<String>::new());
    // the same file says what is still to be done
    let mut file = open(&world, &text);
    let cx = &mut world.cx;
    let prepared = file.prepare(cx, &mut on).unwrap();
    assert_eq!((prepared.plan.update, prepared.plan.same), (1, FEW - 1));
    let import = undo::list(cx, true, 0, 9).unwrap();
    let import = import.iter().find(|t| t.records == FEW - 1).unwrap();
    undo::take_back_by(cx, import.id, AT_ONCE).unwrap();
    assert_eq!(of(cx, 1), "own");
    assert_eq!(wrong(cx), Vec::<String>::new());
    assert_eq!(waiting(&world), (0, 0));
}

#[test]
fn a_taking_back_in_pieces_that_somebody_s_work_forbids_does_nothing() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(FEW));
    let cx = &mut world.cx;
    let prepared = file.prepare(cx, &mut on).unwrap();
    file.carry_out(cx, prepared, &mut on).unwrap();
    let import = undo::next(cx, undo::Way::Back).unwrap().unwrap();
    let fields = [("officer", Value::Text("Trần Văn Thử".into()))];
    records::edit(cx, Kind::Petition, 7, Some(1), &fields).unwrap();
    let came = undo::take_back_by(cx, import.id, AT_ONCE);
    assert!(came.is_err());
    assert_eq!(papers(cx), FEW);
    assert_eq!(waiting(&world), (0, 0));
}

#[test]
fn a_taking_back_that_was_killed_is_gone_on_with() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, &book(FEW));
    let cx = &mut world.cx;
    let prepared = file.prepare(cx, &mut on).unwrap();
    file.carry_out(cx, prepared, &mut on).unwrap();
    let import = undo::next(cx, undo::Way::Back).unwrap().unwrap();
    // As a program leaves it that is killed right after its decision.
    let conn = rusqlite::Connection::open(cx.config().db.clone()).unwrap();
    conn.execute_batch(&format!(
        "INSERT INTO operation(id, at, who, what, undoes, root, records, first)
           SELECT id + 1, at, who, 'undo', id, id, 0, last + 1 FROM operation WHERE id = {id};
         INSERT INTO setting SELECT 'long_work', json_object('task', 'take_back', 'kind', '', 'decided', json('true'),
           'who', who, 'at', at, 'operation', id + 1, 'of', id, 'newest', 0, 'next', 9999999, 'all', {FEW})
           FROM operation WHERE id = {id};",
        id = import.id
    ))
    .unwrap();
    let cx = world.cx.reopen().unwrap();
    assert_eq!(papers(&cx), 0);
    assert_eq!(wrong(&cx), Vec::<String>::new());
    assert_eq!(waiting(&world), (0, 0));
    let told = undo::list(&cx, true, 0, 1).unwrap();
    assert_eq!(told[0].records, FEW);
}

/// Bytes of the log beside a database: what is being written.
fn log_size(db: &Path) -> u64 {
    let log = db.with_extension("db-wal");
    std::fs::metadata(log).map_or(0, |m| m.len())
}

#[test]
fn a_killed_import_leaves_all_of_its_rows_or_none() {
    // What it is killed at: bytes of the log, in one transaction and in pieces.
    let one = [1, 300_000, 900_000].map(|bytes| (bytes, ROWS));
    let one = one.map(|(bytes, at_once)| (bytes, at_once, ROWS));
    let pieces = [50_000, 250_000, 500_000, 900_000].map(|bytes| (bytes, AT_ONCE, FEW));
    for (bytes, at_once, rows) in one.into_iter().chain(pieces) {
        let w = Shell::new();
        std::fs::write(w.path("nhieu.csv"), book(rows)).unwrap();
        let db = w.db();
        let mut child = w
            .command()
            .args(["import", "petition", w.path("nhieu.csv").to_str().unwrap()])
            .env("DANVAN_AT_ONCE", at_once.to_string())
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
        assert!([0, rows].contains(&left), "{left}");
        let doctor = w.run(&["doctor", "--json"]);
        for part in ["sums", "search", "history"] {
            let bad = format!("\"{part}\",\"ok\":false");
            assert!(!doctor.out.replace(' ', "").contains(&bad), "{doctor:?}");
        }
        // the next program has gone on with the index
        let found = w.json(&["find", &format!("duong thu {}", FIRST + rows - 1), "--json"]);
        assert_eq!(found.as_array().unwrap().len(), left / rows);
        // and the same file brings what is missing
        let came = w.run(&["import", "petition", w.path("nhieu.csv").to_str().unwrap()]);
        assert_eq!(came.code, 0, "{came:?}");
        let count = w.ok(&["petition", "list", "--count"]);
        assert_eq!(count.trim().replace('.', ""), rows.to_string());
    }
}
