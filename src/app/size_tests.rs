//! What the reads of the screens cost must not grow with the registers: the steps of SQLite's machine on a sample of
//! four times the size stay nearly the same. Counts alone grow, up to their bound.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::rates::{RateOptions, RateQuery};
use super::records::Anchor;
use super::{Config, Cx, due, find, home, idle, petitions, rates, records, sample, units};
use crate::domain::petition::{IdleAlarm, Stage, Standing};
use crate::domain::query::{CAP, Cond, Op, Query};
use crate::domain::rate::{Cell, GroupBy, Measure, Part};
use crate::domain::record::Kind;
use crate::domain::testdata::counted;
use crate::domain::value::{Code, Value};
use chrono::NaiveDate;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn office(petitions: u64) -> Cx {
    let today = d("2026-11-20");
    let mut cx = Cx::in_memory(today, &std::env::temp_dir().join("danvan-no-state")).unwrap();
    sample::write(&mut cx, petitions, 1, &mut |_| {}).unwrap();
    cx
}

fn page(cx: &Cx, query: &Query, from: Anchor) -> usize {
    let rows = records::page(cx, query, (from, 0), 10).unwrap().unwrap();
    rows.len()
}

/// The record in the middle of a list, to read on from.
fn middle(cx: &Cx, query: &Query) -> Option<i64> {
    let all = records::list(cx, query, 0, None).unwrap();
    all.get(all.len() / 2).map(|row| row.head().id)
}

/// The lists that a screen can show, by what they are asked for.
fn lists(cx: &Cx) -> Vec<(String, Query)> {
    let mut found = Vec::new();
    for kind in [Kind::Petition, Kind::Reception, Kind::Dialogue, Kind::Model] {
        found.push((kind.code().to_owned(), Query::all(kind)));
    }
    let petitions = || Query::all(Kind::Petition);
    let mut add = |name: &str, query: Query| found.push((name.to_owned(), query));
    let unit = units::scope(cx, "86").unwrap();
    add(
        "a province",
        Query {
            units: unit.clone(),
            ..petitions()
        },
    );
    let (from, to) = (Some(d("2025-01-01")), Some(d("2025-12-31")));
    add(
        "a year",
        Query {
            from,
            to,
            ..petitions()
        },
    );
    add(
        "a province in a year",
        Query {
            units: unit.clone(),
            from,
            to,
            ..petitions()
        },
    );
    for (key, down) in [("number", false), ("number", true), ("received_on", false)] {
        add(
            key,
            Query {
                sort: vec![(key, down)],
                ..petitions()
            },
        );
    }
    for standing in [Standing::Overdue, Standing::DueSoon, Standing::OnTime] {
        let conds = vec![due::standing_is(standing)];
        let sort = vec![("due_on", false)];
        add(
            standing.code(),
            Query {
                conds: conds.clone(),
                ..petitions()
            },
        );
        add(
            standing.code(),
            Query {
                conds,
                sort,
                ..petitions()
            },
        );
    }
    for stage in [Stage::Received, Stage::Forwarded] {
        let value = Value::Text(stage.code().to_owned());
        let conds = vec![Cond {
            key: "stage",
            op: Op::Eq,
            value,
        }];
        add(
            stage.code(),
            Query {
                conds,
                ..petitions()
            },
        );
    }
    add("idle", idle::query(IdleAlarm::Days45));
    for part in [Part::Numerator, Part::Denominator, Part::New] {
        let cell = Cell::all(Measure::Processing, part, d("2025-01-01"), d("2025-12-31"));
        add(
            "a figure",
            Query {
                cell: Some(cell),
                ..petitions()
            },
        );
    }
    let words = |text: &str| Query {
        words: text.to_owned(),
        ..petitions()
    };
    add("words", words("dat"));
    add(
        "words in a province",
        Query {
            units: unit,
            ..words("dat")
        },
    );
    found
}

/// What is read, by name: how many rows, and what they cost.
fn costs(cx: &mut Cx) -> Vec<(String, usize, u64)> {
    let steps = cx.store.count_steps();
    let mut costs = Vec::new();
    let mut cost = |name: String, work: &mut dyn FnMut() -> usize| {
        // Once before, so that what is loaded only once is not counted.
        work();
        steps.take();
        let rows = work();
        costs.push((name, rows, steps.take()));
    };
    for (name, query) in lists(cx) {
        let mut of = |what: &str, from: Anchor| {
            cost(format!("{name}: {what}"), &mut || page(cx, &query, from));
        };
        of("first page", Anchor::First);
        of("last page", Anchor::Last);
        if let Some(id) = middle(cx, &query) {
            of("on from the middle", Anchor::From(id));
            of("back from the middle", Anchor::Before(id));
        }
    }
    cost("find, a letter".into(), &mut || {
        find::find(cx, "n", None, 4).unwrap().len()
    });
    cost("find, two words".into(), &mut || {
        find::find(cx, "dat dai", None, 4).unwrap().len()
    });
    cost("the first of what is due".into(), &mut || {
        let due = due::first(cx, &due::DueQuery::default(), Some(12));
        due.unwrap().len()
    });
    cost("urgings".into(), &mut || {
        let of = Query::all(Kind::Petition);
        petitions::urges(cx, &of, cx.today(), 4).unwrap().len()
    });
    cost("a card".into(), &mut || {
        records::get(cx, Kind::Petition, 500).unwrap();
        let steps = petitions::steps(cx, 500).unwrap().len();
        steps + records::history(cx, Kind::Petition, 500).unwrap().len()
    });
    let rate = |by| RateQuery {
        measure: Measure::Processing,
        from: d("2025-01-01"),
        to: d("2025-12-31"),
        by,
        units: Vec::new(),
        petition_type: None,
    };
    let options = RateOptions {
        days: false,
        ..RateOptions::default()
    };
    cost("rates by month".into(), &mut || {
        let table = rates::table_with(cx, &rate(GroupBy::Month), &options);
        table.unwrap().rows.len()
    });
    cost("a rate so far".into(), &mut || {
        let so_far = RateQuery {
            to: d("2025-11-20"),
            ..rate(GroupBy::Year)
        };
        rates::quick_total(cx, &so_far).unwrap();
        0
    });
    costs
}

#[test]
fn what_a_screen_reads_costs_the_same_in_a_register_of_any_size() {
    let (mut small, mut large) = (office(1_500), office(6_000));
    let four_times = costs(&mut large);
    let mut grown = Vec::new();
    for (name, rows, one) in costs(&mut small) {
        let Some((.., four)) = four_times.iter().find(|(n, r, _)| (n, r) == (&name, &rows)) else {
            println!("{name}: too few rows");
            continue;
        };
        println!("{name}: {rows} rows, {one} {four}");
        // Matches of words are put in order up to a bound, what lies at the end of a figure is walked to up to one.
        let bound = match name.as_str() {
            name if name.starts_with("words") => 110_000,
            "a figure: last page" => 150_000,
            "a figure: first page" => 5_000,
            _ => one + one / 3 + 400,
        };
        if *four > bound {
            grown.push(format!("{name}: {one} steps, of four times as much {four}"));
        }
    }
    assert!(grown.is_empty(), "{grown:#?}");
}

#[test]
fn what_is_late_is_put_in_order_by_the_index_alone() {
    let steps = |many: usize| {
        let none = std::env::temp_dir().join("danvan-no-state");
        let mut cx = Cx::in_memory(d("2026-11-20"), &none).unwrap();
        // Received on one day they are due on one day.
        let new = || records::NewRecord {
            fields: vec![
                ("received_on", Value::Date(d("2026-03-02"))),
                ("type", Value::Text("complaint".into())),
                ("subject", Value::Text("Về việc thu hồi đất".into())),
            ],
            ..records::NewRecord::default()
        };
        let all: Vec<_> = (0..many).map(|_| new()).collect();
        records::add(&mut cx, Kind::Petition, &all).unwrap();
        let steps = cx.store.count_steps();
        let due = due::first(&cx, &due::DueQuery::default(), Some(2)).unwrap();
        assert_eq!(due.len(), 2);
        steps.take()
    };
    let (few, many) = (steps(20), steps(220));
    println!("{few} steps for 20 of a day, {many} for 220");
    // A row of the register is some eighty.
    assert!((many - few) / 200 < 25, "{few} {many}");
}

#[test]
fn the_first_of_the_agenda_is_its_beginning() {
    let mut cx = office(1_500);
    let steps = cx.store.count_steps();
    let (from, to) = (d("2026-11-20"), d("2026-12-20"));
    let all = due::DueQuery::default();
    let whole = due::agenda(&cx, &all, from, to).unwrap();
    let dear = steps.take();
    let first = due::agenda_first(&cx, &all, (from, to), 12).unwrap();
    let cheap = steps.take();
    println!("the first of the agenda {cheap} steps, all of it {dear}");
    assert!(whole.whole && !first.whole && whole.earlier.len() > 12);
    assert_eq!(first.earlier, whole.earlier[..12]);
    assert_eq!(first.earlier_count, whole.earlier_count);
    assert_eq!(first.due, whole.due);
    let within = whole.counts.deadlines + whole.counts.replies + whole.counts.commitments;
    assert_eq!(whole.due.n, whole.earlier_count.n + within);
    assert!(cheap * 3 < dear, "{cheap} {dear}");
    // Within a day too: many share one.
    let tied = due::agenda_first(&cx, &all, (from, to), 2).unwrap();
    assert_eq!(tied.earlier, whole.earlier[..2]);
    // Where there is little from before, all of it is there at once.
    let soon = due::agenda_first(&cx, &all, (from, to), 5_000).unwrap();
    assert_eq!(soon, whole);
}

#[test]
fn what_is_counted_for_a_screen_is_counted_up_to_a_bound() {
    let mut cx = office(4_000);
    let steps = cx.store.count_steps();
    let mut dear = Vec::new();
    for (name, query) in lists(&cx) {
        steps.take();
        let count = records::count_capped(&cx, &query).unwrap();
        let taken = steps.take();
        // A few steps for each row that is counted, so that the bound on these bounds those.
        let most = 5_000 + 40 * u64::try_from(count.n.min(CAP)).unwrap();
        // Each unit is a word of the index, of which there are some hundreds at most.
        let words = !query.units.is_empty() && !query.words.is_empty();
        let most = if words { most + 60_000 } else { most };
        println!("{name}: {} {taken}", count.n);
        if taken > most {
            dear.push(format!("{name}: {taken} steps for {}", count.n));
        }
    }
    home::home(&cx).unwrap();
    println!("home {}", steps.take());
    assert!(dear.is_empty(), "{dear:#?}");
}

#[test]
fn pages_put_together_are_the_list() {
    let cx = office(1_200);
    for (name, query) in lists(&cx) {
        let whole: Vec<i64> = records::list(&cx, &query, 0, None)
            .unwrap()
            .iter()
            .map(|row| row.head().id)
            .collect();
        let ids = |from| {
            let rows = records::page(&cx, &query, (from, 0), 50).unwrap().unwrap();
            rows.iter().map(|row| row.head().id).collect::<Vec<i64>>()
        };
        let mut on = ids(Anchor::First);
        while let Some(last) = on.last().copied() {
            let more = ids(Anchor::From(last));
            assert_eq!(more.first(), Some(&last), "{name}");
            if more.len() < 2 {
                break;
            }
            on.extend(&more[1..]);
        }
        assert_eq!(on, whole, "{name}");
        let mut back = ids(Anchor::Last);
        while let Some(first) = back.first().copied() {
            let more = ids(Anchor::Before(first));
            if more.is_empty() {
                break;
            }
            back.splice(0..0, more);
        }
        assert_eq!(back, whole, "{name}");
    }
}

#[test]
fn a_count_that_is_kept_is_as_many_rows_as_there_are() {
    let mut cx = office(600);
    let kept = |cx: &Cx| {
        let mut all = lists(cx);
        for (from, to) in [
            (Some("2024-06-30"), None),
            (None, Some("2025-02-01")),
            (Some("2024-12-31"), Some("2025-01-01")),
            (Some("2023-05-05"), Some("2026-11-20")),
            (Some("2026-11-02"), Some("2026-11-03")),
        ] {
            for (_, mut query) in lists(cx).into_iter().take(2) {
                query.from = from.map(d);
                query.to = to.map(d);
                all.push((format!("{from:?} {to:?}"), query));
            }
        }
        all.push(("idle".into(), idle::query(IdleAlarm::Days35)));
        for (op, day) in [
            (Op::Ne, None),
            (Op::Lt, Some("2026-11-20")),
            (Op::Le, Some("2026-11-20")),
            (Op::Gt, Some("2026-10-01")),
            (Op::Ge, Some("2026-11-20")),
        ] {
            let mut due = due::query(cx, Kind::Petition, &due::DueQuery::default());
            let value = day.map_or(Value::Null, |day| Value::Date(d(day)));
            due.conds.push(Cond {
                key: "due_on",
                op,
                value,
            });
            all.push((format!("due {op:?} {day:?}"), due.clone()));
            due.from = Some(d("2026-09-01"));
            all.push((format!("due {op:?} {day:?}, received"), due));
        }
        let open = Query {
            open: true,
            ..Query::all(Kind::Petition)
        };
        all.push(("open".into(), open));
        for (name, query) in all {
            let rows = records::list(cx, &query, 0, None).unwrap().len();
            assert_eq!(records::count(cx, &query).unwrap(), rows, "{name}");
            assert_eq!(records::count_capped(cx, &query).unwrap().n, rows, "{name}");
        }
        assert!(cx.store.read().sums_hold().unwrap());
    };
    kept(&cx);
    for (kind, id) in [Kind::Petition, Kind::Reception]
        .into_iter()
        .flat_map(|kind| (1..60).map(move |id| (kind, id)))
    {
        // A petition that another paper hangs on is not removed.
        let _ = records::set_removed(&mut cx, kind, id, true);
    }
    kept(&cx);
    let open = Query {
        open: true,
        ..Query::all(Kind::Petition)
    };
    for row in records::list(&cx, &open, 0, Some(5)).unwrap() {
        let day = [("received_on", Value::Date(d("2025-03-03")))];
        let _ = records::edit(&mut cx, Kind::Petition, row.head().id, None, &day);
    }
    kept(&cx);
}

#[test]
fn the_first_screen_reads_few_pages_however_large_the_register_is() {
    let dir = tempfile::tempdir().unwrap();
    let read = |petitions: u64| {
        let config = Config {
            db: dir.path().join(format!("{petitions}.db")),
            today: Some(d("2026-11-20")),
            read_only: false,
            assume_fs: None,
            state_dir: dir.path().join("state"),
            actor: "lan".into(),
            demo: false,
        };
        let mut cx = Cx::create(&config).unwrap();
        sample::write(&mut cx, petitions, 1, &mut |_| {}).unwrap();
        drop(cx);
        let before = counted("syscr")?;
        home::home(&Cx::open(&config).unwrap()).unwrap();
        Some(counted("syscr")? - before)
    };
    let Some((small, large)) = read(1_500).zip(read(6_000)) else {
        println!("this system does not count reads: nothing is tested");
        return;
    };
    println!("{small} {large}");
    assert!(small <= 75, "{small}");
    assert!(large <= small + 20, "{small} {large}");
}
