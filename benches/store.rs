//! What the store takes, beside a yardstick of the same run: one line a figure, milliseconds unless said.
//!
//! `cargo bench --bench store`; size by `DANVAN_BENCH_ROWS` (100,000 petitions by default), place by `TMPDIR`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use chrono::NaiveDate;
use danvan::app::rates::{self, RateQuery};
use danvan::app::records::{self, NewRecord};
use danvan::app::{Config, Cx, due, find, home, sample};
use danvan::domain::query::Query;
use danvan::domain::rate::{GroupBy, Measure};
use danvan::domain::record::Kind;
use danvan::domain::value::{Code, Value};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn line(what: &str, value: f64) {
    println!("{what:<56}{value:>12.2}");
}

/// The middle of several measurements.
fn median(times: usize, mut one: impl FnMut()) -> f64 {
    let mut all: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            one();
            start.elapsed()
        })
        .collect();
    all.sort_unstable();
    ms(all[all.len() / 2])
}

/// A raw append of a page with fdatasync: what the disk itself asks for a durable write.
fn raw_append(dir: &Path) -> f64 {
    let mut file = std::fs::File::create(dir.join("raw")).unwrap();
    let page = [7_u8; 4096];
    median(200, || {
        file.write_all(&page).unwrap();
        file.sync_data().unwrap();
    })
}

fn petition(n: usize) -> NewRecord {
    NewRecord {
        fields: vec![
            ("received_on", Value::Date(day("2026-11-20"))),
            ("type", Value::Text("complaint".into())),
            (
                "subject",
                Value::Text(format!("Đề nghị xem xét việc bồi thường đất số {n}")),
            ),
            ("petitioner", Value::Text("Nguyễn Văn Mẫu".into())),
        ],
        ..NewRecord::default()
    }
}

fn reads(cx: &Cx) {
    let all = Query::all(Kind::Petition);
    let first = || records::list(cx, &all, 0, Some(24)).unwrap();
    line(
        "first page of the petition list",
        median(50, || drop(first())),
    );
    line(
        "count of the petition list",
        median(20, || _ = records::count(cx, &all).unwrap()),
    );
    let late = danvan::app::due::standing_is(danvan::domain::petition::Standing::Overdue);
    let mut overdue = Query::all(Kind::Petition);
    overdue.conds.push(late);
    line(
        "count of the overdue",
        median(20, || _ = records::count(cx, &overdue).unwrap()),
    );
    // as typed, a key at a time
    let typed: Vec<char> = "dat dai".chars().collect();
    let mut worst = 0.0_f64;
    for end in 1..=typed.len() {
        let text: String = typed[..end].iter().collect();
        worst = worst.max(median(10, || {
            find::find(cx, &text, None, 8).unwrap();
            find::counts(cx, &text, None).unwrap();
        }));
    }
    line("find, the slowest key of «dat dai»", worst);
    line("overview", median(10, || drop(home::home(cx).unwrap())));
}

/// What a table of rates has to beat: the same figures by a plain `GROUP BY` over the rows themselves.
struct Yardstick {
    name: &'static str,
    measure: Measure,
    by: GroupBy,
    sql: &'static str,
}

const YARDSTICKS: [Yardstick; 4] = [
    Yardstick {
        name: "a year's processing by unit",
        measure: Measure::Processing,
        by: GroupBy::Unit,
        sql: "SELECT u.code, sum(coalesce(t.handled_on BETWEEN ?1 AND ?2, 0)), count(*) FROM petition t NOT INDEXED
              JOIN unit_closure c ON c.unit_id = t.unit_id JOIN unit u ON u.id = c.ancestor_id AND u.parent_id IS NULL
              WHERE t.deleted_at IS NULL AND t.received_on <= ?2 AND (t.handled_on IS NULL OR t.handled_on >= ?1)
              GROUP BY u.id",
    },
    Yardstick {
        name: "a year's processing by type",
        measure: Measure::Processing,
        by: GroupBy::Type,
        sql: "SELECT t.type, sum(coalesce(t.handled_on BETWEEN ?1 AND ?2, 0)), count(*) FROM petition t NOT INDEXED
              WHERE t.deleted_at IS NULL AND t.received_on <= ?2 AND (t.handled_on IS NULL OR t.handled_on >= ?1)
              GROUP BY t.type",
    },
    Yardstick {
        name: "a year's resolution by unit",
        measure: Measure::Resolution,
        by: GroupBy::Unit,
        sql: "SELECT u.code, sum(coalesce(t.resolved_on BETWEEN ?1 AND ?2 OR (t.ended IN ('withdrawn','terminated')
              AND t.closed_on BETWEEN ?1 AND ?2), 0)), count(*) FROM petition t NOT INDEXED
              JOIN unit_closure c ON c.unit_id = t.unit_id JOIN unit u ON u.id = c.ancestor_id AND u.parent_id IS NULL
              WHERE t.deleted_at IS NULL AND t.type IN ('complaint','denunciation') AND t.jurisdiction = 'own'
              AND t.duplicate_of_id IS NULL AND t.accepted_on <= ?2 AND (t.closed_on IS NULL OR t.closed_on >= ?1)
              GROUP BY u.id",
    },
    Yardstick {
        name: "a year's resolution by type",
        measure: Measure::Resolution,
        by: GroupBy::Type,
        sql: "SELECT t.type, sum(coalesce(t.resolved_on BETWEEN ?1 AND ?2 OR (t.ended IN ('withdrawn','terminated')
              AND t.closed_on BETWEEN ?1 AND ?2), 0)), count(*) FROM petition t NOT INDEXED
              WHERE t.deleted_at IS NULL AND t.type IN ('complaint','denunciation') AND t.jurisdiction = 'own'
              AND t.duplicate_of_id IS NULL AND t.accepted_on <= ?2 AND (t.closed_on IS NULL OR t.closed_on >= ?1)
              GROUP BY t.type",
    },
];

/// A year of a rate.
fn year(measure: Measure, by: GroupBy) -> RateQuery {
    RateQuery {
        measure,
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        by,
        units: Vec::new(),
        petition_type: None,
    }
}

/// Rates and the due list, each rate beside its yardstick, with which it must agree.
fn rates_and_due(cx: &Cx, db: &Path) {
    for y in &YARDSTICKS {
        let q = year(y.measure, y.by);
        let ours = median(7, || drop(rates::table(cx, &q).unwrap()));
        let raw = rusqlite::Connection::open(db).unwrap();
        let mut sums = (0, 0);
        let theirs = median(3, || {
            let mut stmt = raw.prepare(y.sql).unwrap();
            let rows = stmt.query_map([q.from.to_string(), q.to.to_string()], |r| {
                Ok((r.get::<_, i64>(1)?, r.get::<_, i64>(2)?))
            });
            let all: Vec<(i64, i64)> = rows.unwrap().map(Result::unwrap).collect();
            sums = all.iter().fold((0, 0), |s, r| (s.0 + r.0, s.1 + r.1));
        });
        let table = rates::table(cx, &q).unwrap();
        let named = table.rows.iter().filter(|r| r.key.is_some());
        let found = named.fold((0, 0), |s, r| (s.0 + r.num.count, s.1 + r.den.count));
        assert_eq!(found, sums, "{}", y.name);
        let bare = rates::RateOptions {
            days: false,
            ..rates::RateOptions::default()
        };
        let sums = median(7, || drop(rates::table_with(cx, &q, &bare).unwrap()));
        line(y.name, ours);
        line(&format!("{}, without days", y.name), sums);
        line(&format!("yardstick: {} by GROUP BY", y.name), theirs);
        line(&format!("{}, times quicker", y.name), theirs / ours);
    }
    for measure in Measure::ALL {
        let q = year(*measure, GroupBy::Unit);
        let what = format!("a year's {} by unit, with balance", measure.code());
        let options = rates::RateOptions::default();
        let both = || {
            drop(rates::table(cx, &q).unwrap());
            drop(rates::balance(cx, &q, &options).unwrap());
        };
        line(&what, median(5, both));
    }
    let all = due::DueQuery::default();
    let page = || drop(due::first(cx, &all, Some(24)).unwrap());
    line("due list, first page", median(20, page));
    line(
        "due count",
        median(20, || _ = due::count(cx, &all).unwrap()),
    );
}

fn main() {
    let rows: u64 = std::env::var("DANVAN_BENCH_ROWS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let dir = tempfile::TempDir::new().unwrap();
    let config = Config {
        db: dir.path().join("danvan.db"),
        today: Some(day("2026-11-20")),
        read_only: false,
        assume_fs: None,
        state_dir: dir.path().join("state"),
        actor: "bench".into(),
        demo: true,
    };
    println!("{rows} petitions; milliseconds, the median of several");
    let start = Instant::now();
    let mut cx = Cx::create(&config).unwrap();
    line("create the database with its units", ms(start.elapsed()));
    let start = Instant::now();
    sample::write(&mut cx, rows, 1, &mut |_| {}).unwrap();
    let took = start.elapsed();
    line(
        "sample, petitions a minute",
        rows as f64 / took.as_secs_f64() * 60.0,
    );
    let size = std::fs::metadata(&config.db).unwrap().len();
    line("file, MiB", size as f64 / 1_048_576.0);
    let start = Instant::now();
    drop(Cx::open(&config).unwrap());
    line("open", ms(start.elapsed()));
    reads(&cx);
    rates_and_due(&cx, &config.db);
    let yardstick = raw_append(dir.path());
    let mut n = 0;
    let durable = median(200, || {
        n += 1;
        records::add(&mut cx, Kind::Petition, &[petition(n)]).unwrap();
    });
    line("yardstick: 4 KiB appended and synced", yardstick);
    line("durable add", durable);
    line("durable add, times the yardstick", durable / yardstick);
}
