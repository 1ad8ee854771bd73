//! G8 to G10: find for each key typed, a durable save, a year's rates beside the plain `GROUP BY` with which they must
//! agree.
use std::time::Instant;

use danvan::app::rates::{self, RateQuery};
use danvan::app::records::{self, NewRecord};
use danvan::app::{Cx, find};
use danvan::domain::fold::words;
use danvan::domain::query::Query;
use danvan::domain::rate::{GroupBy, Measure};
use danvan::domain::record::Kind;
use danvan::domain::value::{Code, Value};

use super::machine::Disk;
use super::site::Site;
use super::table::{Row, Table, Unit, at, median};

fn ms(mut act: impl FnMut()) -> f64 {
    let start = Instant::now();
    act();
    start.elapsed().as_secs_f64() * 1000.0
}

fn median_of(times: usize, mut act: impl FnMut()) -> f64 {
    median((0..times).map(|_| ms(&mut act)).collect())
}

/// What people look for; every beginning of each is asked for, as it is typed.
const TYPED: [&str; 10] = [
    "dat dai",
    "đất đai",
    "nguyen van",
    "Nguyễn Thị",
    "boi thuong",
    "bồi thường giải phóng",
    "duong",
    "đường",
    "o nhiem moi truong",
    "tran",
];

fn starts(text: &str) -> Vec<String> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.map(|end| text[..end].to_owned()).collect()
}

fn beginnings() -> Vec<String> {
    TYPED.iter().flat_map(|text| starts(text)).collect()
}

/// What each text took.
type Took = Vec<(f64, String)>;

/// The time that 99 in 100 do not pass, and what took longest.
fn p99(mut all: Took) -> (f64, String) {
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let times: Vec<f64> = all.iter().map(|(time, _)| *time).collect();
    let longest = all.last().map_or("", |(_, text)| text);
    (at(&times, 990), format!("slowest: «{longest}»"))
}

/// Find for each key typed.
pub fn finding(site: &Site, table: &mut Table) {
    let (cx, raw) = (site.cx(), site.raw());
    let (mut ours, mut after, mut theirs) = (Took::new(), Took::new(), Took::new());
    let sql = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 24";
    let mut folded = raw.prepare(sql).unwrap();
    let mut at_once = Took::new();
    let mut before = None;
    for text in beginnings() {
        // As the screen asks for it: after the key before, of which the first letter has none.
        let last = match text.chars().count() {
            1 => None,
            _ => before.take(),
        };
        let find = |last| find::find_all(&cx, &text, (8, 60), last).unwrap();
        let (found, now) = find(last.as_ref());
        ours.push((median_of(3, || drop(find(last.as_ref()))), text.clone()));
        at_once.push((median_of(3, || drop(find(None))), text.clone()));
        before = now;
        let many = |kind| found.iter().filter(|hit| hit.kind == kind).count();
        let found: Vec<_> = Kind::ALL.iter().map(|kind| (*kind, many(*kind))).collect();
        let counts = || drop(find::counts_after(&cx, &text, (&found, 8)).unwrap());
        after.push((median_of(3, counts), text.clone()));
        let parts: Vec<String> = words(&text)
            .iter()
            .map(|word| format!("\"{}\"", word.folded))
            .collect();
        let expression = format!("{}*", parts.join(" "));
        let newest = median_of(3, || {
            let rows = folded
                .query_map([&expression], |r| r.get::<_, i64>(0))
                .unwrap();
            assert!(rows.map(Result::unwrap).count() <= 24);
        });
        theirs.push((newest, text));
    }
    let (time, slowest) = p99(ours);
    let what = format!("find, what each key shows, p99 ({slowest})");
    let row = Row::new("G8", what, Unit::Ms, time).most(10.0);
    table.add(row.beside("24 rows of the index", p99(theirs).0));
    let (time, slowest) = p99(at_once);
    let what = format!("find, a text typed at once, p99 ({slowest})");
    table.add(Row::new("G8", what, Unit::Ms, time));
    let (time, slowest) = p99(after);
    let what = format!("how many there are, shown after that, p99 ({slowest})");
    table.add(Row::new("G8", what, Unit::Ms, time));
    let unit: i64 = raw
        .query_row(
            "SELECT unit_id FROM petition GROUP BY unit_id ORDER BY count(*) DESC LIMIT 1",
            [],
            |r| r.get(0),
        )
        .unwrap();
    let within = |text: &str| {
        let mut query = Query::all(Kind::Petition);
        query.units = vec![unit];
        query.words = text.to_owned();
        let first = (records::Anchor::First, 0);
        median_of(3, || drop(records::page(&cx, &query, first, 24).unwrap()))
    };
    let texts = beginnings().into_iter();
    let (time, slowest) = p99(texts.map(|text| (within(&text), text)).collect());
    let what = format!("list of a unit filtered, each key, p99 ({slowest})");
    table.add(Row::new("G8", what, Unit::Ms, time).most(100.0));
    let count = |text: &str| find::counts(&cx, text, Some(Kind::Petition)).unwrap()[0].count;
    let folds = f64::from(u8::from(
        count("duong") > 0 && count("duong") >= count("đường") && count("đường") > 0,
    ));
    table.add(Row::new("G8", "đ found by d", Unit::Count, folds).least(1.0));
}

/// One petition as an office enters it.
pub fn petition(cx: &Cx, n: usize) -> NewRecord {
    let subject = format!("Đề nghị xem xét việc bồi thường đất số {n}");
    NewRecord {
        fields: vec![
            ("received_on", Value::Date(cx.today())),
            ("type", Value::Text("complaint".into())),
            ("subject", Value::Text(subject)),
            ("petitioner", Value::Text("Nguyễn Văn Mẫu".into())),
        ],
        ..NewRecord::default()
    }
}

/// A durable save; into the small database when the large one is somebody's own.
pub fn saving(site: &Site, table: &mut Table) {
    let (mut cx, rows) = if site.given {
        (site.small_cx(), 2_000)
    } else {
        (site.cx(), site.rows)
    };
    let mut disk = Disk::of(site.dir.path());
    let (mut all, mut raw) = (Vec::new(), Vec::new());
    for n in 0..300 {
        let new = [petition(&cx, n)];
        all.push(ms(|| {
            records::add(&mut cx, Kind::Petition, &new).unwrap();
        }));
        raw.push(disk.append());
    }
    all.sort_by(f64::total_cmp);
    let disk = median(raw);
    let row = Row::new(
        "G9",
        format!("durable save into {rows} petitions, p50"),
        Unit::Ms,
        at(&all, 500),
    );
    table.add(row.beside("fdatasync of 4 KiB", disk).most_times(2.5, 0.0));
    table.add(Row::new(
        "G9",
        format!("durable save into {rows} petitions, p99"),
        Unit::Ms,
        at(&all, 990),
    ));
}

/// What a table of rates has to beat: the same figures by a plain `GROUP BY` over the rows themselves.
const BY_UNIT: &str =
    "SELECT u.code, sum(coalesce(t.handled_on BETWEEN ?1 AND ?2, 0)), count(*) FROM petition t NOT INDEXED
     JOIN unit_closure c ON c.unit_id = t.unit_id JOIN unit u ON u.id = c.ancestor_id AND u.parent_id IS NULL
     WHERE t.deleted_at IS NULL AND t.received_on <= ?2 AND (t.handled_on IS NULL OR t.handled_on >= ?1)
     GROUP BY u.id";

/// The rates of a year by all units, without and with the days of handling, which no sum can tell.
pub fn rating(site: &Site, table: &mut Table) {
    let (cx, raw) = (site.cx(), site.raw());
    let year = RateQuery {
        measure: Measure::Processing,
        from: "2026-01-01".parse().unwrap(),
        to: "2026-12-31".parse().unwrap(),
        by: GroupBy::Unit,
        units: Vec::new(),
        petition_type: None,
    };
    let bare = rates::RateOptions {
        days: false,
        ..rates::RateOptions::default()
    };
    let mut sums = (0, 0);
    let theirs = ms(|| {
        let mut stmt = raw.prepare(BY_UNIT).unwrap();
        let rows = stmt.query_map([year.from.to_string(), year.to.to_string()], |r| {
            Ok((r.get::<_, i64>(1)?, r.get::<_, i64>(2)?))
        });
        sums = rows
            .unwrap()
            .map(Result::unwrap)
            .fold((0, 0), |s, r| (s.0 + r.0, s.1 + r.1));
    });
    let found = rates::table(&cx, &year).unwrap();
    let named = found.rows.iter().filter(|row| row.key.is_some());
    let found = named.fold((0, 0), |s, r| (s.0 + r.num.count, s.1 + r.den.count));
    let ours = median_of(7, || drop(rates::table_with(&cx, &year, &bare).unwrap()));
    let row = |what: &str, ours| Row::new("G10", what, Unit::Ms, ours).beside("GROUP BY", theirs);
    table.add(row("a year's rates by all units", ours).most(50.0));
    table.add(row("the same, beside the plain count", ours).better(50.0));
    let days = median_of(3, || drop(rates::table(&cx, &year).unwrap()));
    table.add(row("the same with the median of days", days));
    let apart = (found.0.abs_diff(sums.0) + found.1.abs_diff(sums.1)) as f64;
    table.add(Row::new("G10", "difference from the plain count", Unit::Count, apart).most(0.0));
}
