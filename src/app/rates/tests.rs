#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::domain::dialogue::{Dialogue, Opinion, OpinionStatus};
use crate::domain::petition::{Ended, Jurisdiction, MatterField, Petition, Stage};
use crate::domain::query::Query;
use crate::domain::record::Kind;
use crate::domain::value::{Code, UnitRef, Value};
use crate::store::StoreError;
use chrono::Days;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn d(s: &str) -> NaiveDate {
    NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap()
}

fn world() -> Cx {
    Cx::in_memory(d("2026-11-21"), std::path::Path::new("/nonexistent")).unwrap()
}

/// A petition as a register could hold it.
#[derive(Debug, Clone, Default)]
struct Made {
    kind: Option<PetitionType>,
    own: bool,
    received: i64,
    accepted: Option<i64>,
    handled: Option<i64>,
    forwarded: Option<i64>,
    replied: Option<i64>,
    resolved: Option<i64>,
    closed: Option<i64>,
    ended: Option<&'static str>,
    due: Option<i64>,
    unit: Option<i64>,
    handler: Option<i64>,
    field: Option<MatterField>,
    suspended: bool,
    duplicate_of: Option<i64>,
}

/// Days are counted from here.
fn day(n: i64) -> NaiveDate {
    let first = d("2024-06-01");
    first
        .checked_add_days(Days::new(u64::try_from(n).unwrap()))
        .unwrap()
}

fn unit_ref(id: i64) -> UnitRef {
    UnitRef {
        id,
        code: String::new(),
    }
}

fn add(cx: &mut Cx, made: &Made) -> i64 {
    let kind = made.kind.unwrap_or(PetitionType::Complaint);
    let mut p = Petition {
        received_on: Some(day(made.received)),
        petition_type: Some(kind),
        instance: Some(1),
        subject: Some("việc".into()),
        field: made.field,
        unit: made.unit.map(unit_ref),
        handler_unit: made.handler.map(unit_ref),
        jurisdiction: Some(if made.own {
            Jurisdiction::Own
        } else {
            Jurisdiction::Other
        }),
        complex: Some(false),
        very_complex: Some(false),
        remote: Some(false),
        duplicate_of: made.duplicate_of.map(crate::domain::value::RecordId),
        ..Petition::default()
    };
    let stage = match (made.suspended, made.resolved, made.closed) {
        (true, ..) => Stage::Suspended,
        (_, Some(_), _) => Stage::Resolved,
        (_, _, Some(_)) => Stage::ClosedOther,
        _ => Stage::Received,
    };
    let mut state = crate::domain::petition::fold(p.received_on, &[]);
    state.stage = stage;
    state.accepted_on = made.accepted.map(day);
    state.handled_on = made.handled.map(day);
    state.forwarded_on = made.forwarded.map(day);
    state.replied_on = made.replied.map(day);
    state.resolved_on = made.resolved.map(day);
    state.closed_on = made.closed.map(day);
    state.ended = made.ended.and_then(Ended::from_code);
    cx.store
        .write::<_, StoreError>(|tx| {
            use chrono::Datelike;
            let id = tx.insert(&mut p, Some(day(made.received).year()))?;
            tx.set_state(id, &state, made.due.map(|n| (day(n), "KN_RESOLVE_1")))?;
            Ok(id)
        })
        .unwrap()
}

fn add_opinion(cx: &mut Cx, held: i64, answered: Option<i64>, unit: Option<i64>) {
    let mut meeting = Dialogue {
        held_on: Some(day(held)),
        topic: Some("đối thoại".into()),
        ..Dialogue::default()
    };
    cx.store
        .write::<_, StoreError>(|tx| {
            let id = tx.insert(&mut meeting, None)?;
            let mut opinion = Opinion {
                dialogue: Some(crate::domain::value::RecordId(id)),
                order: Some(1),
                content: Some("ý kiến".into()),
                assigned_unit: unit.map(unit_ref),
                answered_on: answered.map(day),
                status: Some(if answered.is_some() {
                    OpinionStatus::Answered
                } else {
                    OpinionStatus::Open
                }),
                ..Opinion::default()
            };
            tx.insert(&mut opinion, None)
        })
        .unwrap();
}

fn query(measure: Measure, from: &str, to: &str, by: GroupBy) -> RateQuery {
    RateQuery {
        measure,
        from: d(from),
        to: d(to),
        by,
        units: Vec::new(),
        petition_type: None,
    }
}

/// `num/den` of a measure over a period.
fn of(cx: &Cx, measure: Measure, from: &str, to: &str) -> String {
    let row = total(cx, &query(measure, from, to, GroupBy::Year)).unwrap();
    format!("{}/{}", row.num.count, row.den.count)
}

fn unit(cx: &Cx, code: &str, on: &str) -> i64 {
    let lives = cx.store.read().unit_lives(code).unwrap();
    lives.iter().find(|u| u.valid_on(d(on))).unwrap().id
}

#[test]
fn matters_resolved_withdrawn_and_on_time() {
    let mut cx = world();
    let case = Made {
        own: true,
        received: 0,
        handled: Some(2),
        accepted: Some(2),
        due: Some(40),
        ..Made::default()
    };
    // 2024-06-01 is day 0, 2025-01-01 day 214.
    let resolved = |on| Made {
        resolved: Some(on),
        closed: Some(on),
        ended: Some("resolved"),
        ..case.clone()
    };
    let lead = add(&mut cx, &resolved(40));
    add(&mut cx, &resolved(41));
    add(
        &mut cx,
        &Made {
            duplicate_of: Some(lead),
            ..resolved(30)
        },
    );
    add(
        &mut cx,
        &Made {
            closed: Some(50),
            ended: Some("withdrawn"),
            ..case.clone()
        },
    );
    add(
        &mut cx,
        &Made {
            suspended: true,
            ..case.clone()
        },
    );
    add(
        &mut cx,
        &Made {
            own: false,
            ..resolved(30)
        },
    );
    assert_eq!(
        of(&cx, Measure::Resolution, "2024-06-01", "2024-12-31"),
        "3/4"
    );
    assert_eq!(of(&cx, Measure::OnTime, "2024-06-01", "2024-12-31"), "1/2");
    assert_eq!(
        of(&cx, Measure::Processing, "2024-06-01", "2024-12-31"),
        "6/6"
    );
    // carried over: only the suspended one
    assert_eq!(
        of(&cx, Measure::Resolution, "2025-01-01", "2025-12-31"),
        "0/1"
    );
    assert_eq!(of(&cx, Measure::OnTime, "2025-01-01", "2025-12-31"), "0/0");
    let q = query(
        Measure::Resolution,
        "2024-06-01",
        "2024-12-31",
        GroupBy::Type,
    );
    let options = RateOptions {
        withdrawn: Some(false),
        ..RateOptions::default()
    };
    let table = table_with(&cx, &q, &options).unwrap();
    assert_eq!((table.total.num.count, table.total.den.count), (2, 4));
    assert_eq!(table.suspended.as_ref().unwrap().count, 1);
    assert_eq!(table.total.rate().unwrap(), "50.00");
    let days = table.total.days.unwrap();
    assert_eq!((days.median(), days.p90), ("38.5".to_owned(), 39));
    crate::app::settings::set(&mut cx, "withdrawn_counts", "false").unwrap();
    assert_eq!(
        of(&cx, Measure::Resolution, "2024-06-01", "2024-12-31"),
        "2/4"
    );
}

#[test]
fn answers_replies_and_opinions() {
    let mut cx = world();
    let feedback = Made {
        kind: Some(PetitionType::Feedback),
        own: true,
        received: 0,
        ..Made::default()
    };
    add(
        &mut cx,
        &Made {
            resolved: Some(20),
            closed: Some(20),
            handled: Some(20),
            ..feedback.clone()
        },
    );
    add(&mut cx, &feedback);
    add(
        &mut cx,
        &Made {
            own: false,
            forwarded: Some(3),
            handled: Some(3),
            replied: Some(35),
            ..feedback.clone()
        },
    );
    add(
        &mut cx,
        &Made {
            own: false,
            forwarded: Some(3),
            handled: Some(3),
            ..feedback.clone()
        },
    );
    let ward = unit(&cx, "86", "2026-01-01");
    add_opinion(&mut cx, 0, Some(40), Some(ward));
    add_opinion(&mut cx, 0, None, Some(ward));
    add_opinion(&mut cx, 0, Some(5), None);
    let (june, july) = (("2024-06-01", "2024-06-30"), ("2024-07-01", "2024-07-31"));
    let at = |m, p: (&str, &str)| of(&cx, m, p.0, p.1);
    assert_eq!(at(Measure::Answered, june), "1/2");
    assert_eq!(at(Measure::Answered, july), "0/1");
    assert_eq!(at(Measure::Replied, june), "0/2");
    assert_eq!(at(Measure::Replied, july), "1/2");
    assert_eq!(at(Measure::Replied, ("2024-08-01", "2024-08-31")), "0/1");
    assert_eq!(at(Measure::Dialogue, june), "0/2");
    assert_eq!(at(Measure::Dialogue, july), "1/2");
    let q = query(Measure::Dialogue, july.0, july.1, GroupBy::Handler);
    let table = table(&cx, &q).unwrap();
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0].key.as_deref(), Some("86"));
    assert!(table.rows[0].num.cell.token().starts_with("opinion:"));
}

#[test]
fn an_answer_whose_day_nobody_knows_counts_in_no_number_of_days() {
    let mut cx = world();
    let ward = unit(&cx, "86", "2026-01-01");
    add_opinion(&mut cx, 0, Some(16), Some(ward));
    add_opinion(&mut cx, 0, None, Some(ward));
    add_opinion(&mut cx, 0, None, Some(ward));
    let answer = |cx: &mut Cx, id: i64, on_spot: bool| {
        let mut row = cx.store.read().get(Kind::Opinion, id).unwrap().unwrap();
        let answered = Value::Text(OpinionStatus::Answered.code().into());
        row.set("status", answered).unwrap();
        row.set("answered_on_spot", Value::Bool(on_spot)).unwrap();
        let keys = ["status", "answered_on_spot"];
        cx.store
            .write::<_, StoreError>(|tx| tx.update(row.as_mut(), &keys))
            .unwrap();
    };
    let days = |cx: &Cx| {
        let q = query(Measure::Dialogue, "2024-06-01", "2024-06-30", GroupBy::Year);
        let total = table(cx, &q).unwrap().total;
        let days = total.days.unwrap();
        (total.num.count, days.count, days.median())
    };
    answer(&mut cx, 2, false);
    assert_eq!(days(&cx), (2, 1, "16".to_owned()));
    // Where it was answered in the dialogue itself, its day is known.
    answer(&mut cx, 3, true);
    assert_eq!(days(&cx), (3, 2, "8".to_owned()));
}

#[test]
fn months_beside_those_before() {
    let mut cx = world();
    for received in [0, 1, 31, 366] {
        add(
            &mut cx,
            &Made {
                received,
                handled: Some(received),
                ..Made::default()
            },
        );
    }
    let mut q = query(
        Measure::Processing,
        "2024-06-01",
        "2024-07-31",
        GroupBy::Month,
    );
    let mut options = RateOptions {
        compare: Some(Compare::Previous),
        ..RateOptions::default()
    };
    let table = table_with(&cx, &q, &options).unwrap();
    let july = table.rows[1].before.as_ref().unwrap();
    assert_eq!((july.num.count, july.rate().unwrap()), (2, "100.00".into()));
    assert_eq!(table.total.before.unwrap().den.count, 0);
    options.compare = Some(Compare::LastYear);
    (q.from, q.to) = (d("2025-06-01"), d("2025-06-30"));
    let table = table_with(&cx, &q, &options).unwrap();
    assert_eq!(table.rows[0].before.as_ref().unwrap().den.count, 2);
    assert_eq!(table.before.unwrap().label(), "tháng 6/2024");
    (q.from, q.to) = (q.to, q.from);
    assert!(table_with(&cx, &q, &options).is_err());
}

#[test]
fn todays_map_takes_whole_units_and_shows_divided_ones() {
    let mut cx = world();
    let map = cx.store.read().map_of_day(cx.today()).unwrap();
    let divided = (1..).find(|id| map.place(*id).into.len() > 1).unwrap();
    let into = map.place(divided).into;
    let here = map.place(divided).at.expect("divided within one province");
    let old_province = unit(&cx, "86", "2025-01-01");
    let province = map.place(old_province).at.unwrap();
    for unit in [divided, old_province] {
        add(
            &mut cx,
            &Made {
                received: 0,
                handled: Some(1),
                unit: Some(unit),
                ..Made::default()
            },
        );
    }
    let mut q = query(
        Measure::Processing,
        "2024-06-01",
        "2025-06-30",
        GroupBy::Unit,
    );
    let current = RateOptions {
        map: UnitMap::Current,
        compare: Some(Compare::Previous),
        ..RateOptions::default()
    };
    let table = table_with(&cx, &q, &current).unwrap();
    let row = |table: &RateTable, id| table.rows.iter().find(|r| r.unit == Some(id)).cloned();
    assert_eq!(table.rows.len(), 34, "{:?}", table.rows);
    assert!(row(&table, province).unwrap().den.count >= 1);
    assert!(row(&table, here).unwrap().barred.is_none());
    q.units = vec![here];
    let table = table_with(&cx, &q, &current).unwrap();
    let own = table.rows.iter().find(|r| r.unit.is_none()).unwrap();
    assert!(own.barred.as_ref().unwrap().vi.contains("đã chia vào"));
    for part in into {
        let child = row(&table, part).unwrap();
        assert!(child.barred.unwrap().vi.contains("đã chia"));
    }
    q.units = vec![old_province];
    assert!(table_with(&cx, &q, &current).is_err());
    q.units = vec![province];
    let recorded = RateOptions {
        compare: Some(Compare::Previous),
        ..RateOptions::default()
    };
    (q.from, q.to) = (d("2026-01-01"), d("2026-06-30"));
    let table = table_with(&cx, &q, &recorded).unwrap();
    assert!(table.rows.iter().all(|r| r.barred.is_none()));
    (q.from, q.to) = (d("2025-07-01"), d("2025-12-31"));
    let table = table_with(&cx, &q, &recorded).unwrap();
    let said = &table.rows[0].barred.as_ref().unwrap().vi;
    assert!(said.contains("01/07/2025"), "{said}");
}

fn made(units: Vec<i64>) -> impl Strategy<Value = Made> {
    let unit = prop::option::weighted(0.8, prop::sample::select(units.clone()));
    let handler = prop::option::of(prop::sample::select(units));
    let gap = || prop::option::weighted(0.7, 0_i64..200);
    let kinds = prop::sample::select(PetitionType::ALL.to_vec());
    let fields = prop::option::of(prop::sample::select(MatterField::ALL.to_vec()));
    // Days that do not follow each other, as another program may have left them.
    let odd = prop::bool::weighted(0.2);
    let what = (
        kinds,
        any::<bool>(),
        unit,
        handler,
        fields,
        any::<bool>(),
        odd,
    );
    let when = (0_i64..800, gap(), gap(), gap(), gap(), 0_usize..4);
    (what, when).prop_map(
        |((kind, own, unit, handler, field, suspended, odd), when)| {
            let (received, handled, accepted, forwarded, ended, how) = when;
            let accepted = accepted.map(|n| received + n);
            let end = ended.map(|n| accepted.unwrap_or(received) + n);
            let ended = ["resolved", "withdrawn", "terminated", "other"][how];
            Made {
                kind: Some(kind),
                own,
                received,
                handled: handled.map(|n| (received + n - if odd { 60 } else { 0 }).max(0)),
                accepted,
                forwarded: forwarded.map(|n| received + n),
                replied: forwarded.and(end).map(|n| n + forwarded.unwrap_or(0)),
                resolved: end
                    .filter(|_| how == 0)
                    .map(|n| if odd { (n - 3).max(0) } else { n }),
                closed: end,
                ended: end.map(|_| ended),
                due: Some(received + 100),
                unit,
                handler,
                field,
                suspended: suspended && end.is_none(),
                duplicate_of: None,
            }
        },
    )
}

fn opens(cx: &Cx, figure: &Figure) {
    let cell = Cell::parse(&figure.cell.token()).unwrap();
    let mut list = Query::all(cell.kind());
    list.cell = Some(cell);
    let counted = super::super::records::count(cx, &list).unwrap();
    let asked = list.cell.as_ref().unwrap();
    let rows = cx.store.read().cell_ids(asked).unwrap().len();
    let count = usize::try_from(figure.count).unwrap();
    assert_eq!((rows, counted), (count, count), "{}", figure.cell.token());
}

fn holds(cx: &Cx, table: &RateTable) {
    let whole = &table.total;
    let timed = matches!(
        table.query.by,
        GroupBy::Month | GroupBy::Quarter | GroupBy::Year
    );
    if !timed {
        let sum = |f: fn(&RateRow) -> i64| table.rows.iter().map(f).sum::<i64>();
        let sums = (sum(|r| r.num.count), sum(|r| r.den.count));
        assert_eq!(
            sums,
            (whole.num.count, whole.den.count),
            "{:?}",
            table.query
        );
        if let Some(before) = &whole.before {
            let sum = |f: fn(&Before) -> i64| -> i64 {
                table
                    .rows
                    .iter()
                    .filter_map(|r| r.before.as_ref())
                    .map(f)
                    .sum()
            };
            let sums = (sum(|b| b.num.count), sum(|b| b.den.count));
            assert_eq!(
                sums,
                (before.num.count, before.den.count),
                "{:?}",
                table.query
            );
        }
    }
    // Rolling units up takes a while in a test build, so a few rows of today's map stand for the rest.
    let mut left = match table.options.map {
        UnitMap::AsRecorded => usize::MAX,
        UnitMap::Current => 2,
    };
    let mut empty = 0;
    for row in table.rows.iter().chain([whole]).chain(&table.apart) {
        assert!(row.num.count <= row.den.count);
        empty += usize::from(row.den.count == 0);
        // Of the many empty rows one is enough.
        if left > 0 && (row.den.count > 0 || empty == 1) {
            left -= 1;
            opens(cx, &row.num);
            opens(cx, &row.den);
            opens(cx, &row.rest);
        }
        for before in row.before.iter().filter(|b| left > 0 && b.den.count > 0) {
            opens(cx, &before.num);
            opens(cx, &before.den);
        }
    }
    if let Some(suspended) = &table.suspended {
        opens(cx, suspended);
    }
}

/// Over whole months the sums say what the rows say.
fn from_sums(cx: &Cx, q: &RateQuery, options: RateOptions) {
    use chrono::Datelike;
    let q = RateQuery {
        from: q.from.with_day(1).unwrap(),
        to: q.to.with_day(u32::from(q.to.num_days_in_month())).unwrap(),
        ..q.clone()
    };
    let bare = |days| {
        let mut table = table_with(cx, &q, &RateOptions { days, ..options }).unwrap();
        for row in table.rows.iter_mut().chain([&mut table.total]) {
            row.days = None;
        }
        table.apart.iter_mut().for_each(|row| row.days = None);
        (table.rows, table.total, table.apart)
    };
    assert_eq!(bare(false), bare(true), "{q:?}");
    assert!(cx.store.read().sums_hold().unwrap());
}

fn balances(cx: &Cx, q: &RateQuery) {
    let options = RateOptions::default();
    let now = balance(cx, q, &options).unwrap();
    assert!(now.holds(), "{now:?}");
    for figure in [&now.opening, &now.new, &now.handled, &now.closing] {
        opens(cx, figure);
    }
    if q.measure == Measure::OnTime {
        // It stands on what was resolved in the very period; nothing is carried over.
        return;
    }
    let mut next = q.clone();
    next.from = q.to.succ_opt().unwrap();
    next.to = next.from + Days::new(30);
    let next = balance(cx, &next, &options).unwrap();
    assert_eq!(next.opening.count, now.closing.count);
}

#[test]
fn every_figure_opens_its_rows_and_groups_sum_to_the_total() {
    let mut cx = world();
    let map = cx.store.read().map_of_day(cx.today()).unwrap();
    let mut units = vec![
        unit(&cx, "86", "2025-01-01"),
        unit(&cx, "86", "2026-01-01"),
        unit(&cx, "29602", "2026-01-01"),
        unit(&cx, "29602", "2025-01-01"),
    ];
    // A divided commune, one divided across a border if there is one, and a district without a successor.
    let all = || 1..14_000;
    units.extend(all().find(|id| map.place(*id).into.len() > 1));
    units.extend(all().find(|id| map.place(*id).into.len() > 1 && map.place(*id).at.is_none()));
    units.extend(
        units
            .iter()
            .filter_map(|id| map.place(*id).at)
            .collect::<Vec<_>>(),
    );
    let scopes = [vec![], units[..2].to_vec(), vec![units[1]]];
    let mut runner = TestRunner::deterministic();
    let batch = prop::collection::vec(made(units.clone()), 20..40);
    let opinion = (
        0_i64..800,
        prop::option::of(0_i64..200),
        prop::option::weighted(0.8, prop::sample::select(units)),
    );
    let span = (
        0_i64..900,
        0_i64..400,
        0_usize..3,
        any::<bool>(),
        prop::option::of(0_usize..4),
    );
    for _ in 0..2 {
        for made in batch.new_tree(&mut runner).unwrap().current() {
            add(&mut cx, &made);
        }
        for _ in 0..4 {
            let (held, answered, unit) = opinion.new_tree(&mut runner).unwrap().current();
            add_opinion(&mut cx, held, answered.map(|n| held + n), unit);
        }
        let (from, len, scope, withdrawn, kind) = span.new_tree(&mut runner).unwrap().current();
        for measure in Measure::ALL {
            let mut q = query(*measure, "2024-01-01", "2024-01-01", GroupBy::Unit);
            (q.from, q.to) = (day(from), day(from + len));
            q.units.clone_from(&scopes[scope]);
            q.petition_type = kind.map(|n| PetitionType::ALL[n]);
            balances(&cx, &q);
            for by in GroupBy::ALL {
                q.by = *by;
                // The map matters to one grouping only.
                let maps = match by {
                    GroupBy::Unit => UnitMap::ALL,
                    _ => &UnitMap::ALL[..1],
                };
                for map in maps {
                    let options = RateOptions {
                        map: *map,
                        compare: Compare::ALL.get(scope).copied(),
                        withdrawn: Some(withdrawn),
                        so_far: withdrawn,
                        days: true,
                    };
                    let table = table_with(&cx, &q, &options).unwrap();
                    holds(&cx, &table);
                    from_sums(&cx, &q, options);
                }
            }
        }
    }
}
