//! Rates: counted by hand on a small register, and against their own rows on random ones.
use crate::support::world::{World, d};
use danvan::app::rates::{self, RateOptions, RateQuery, RateRow, RateTable};
use danvan::app::{Cx, due, home, records, units};
use danvan::domain::number::percent;
use danvan::domain::petition::{PetitionType, Standing};
use danvan::domain::query::Query;
use danvan::domain::rate::{Cell, Compare, GroupBy, Measure, UnitMap};
use danvan::domain::record::Kind;
use danvan::domain::value::Code;
use proptest::prelude::*;

const TODAY: &str = "2026-11-20";

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

fn figures(row: &RateRow) -> (i64, i64) {
    (row.num.count, row.den.count)
}

/// Rows behind a figure.
fn behind(cx: &Cx, cell: &Cell) -> Vec<i64> {
    let token = Cell::parse(&cell.token()).unwrap();
    assert_eq!(&token, cell);
    let query = Query {
        cell: Some(token),
        ..Query::all(cell.kind())
    };
    let count = records::count(cx, &query).unwrap();
    if count == 0 {
        return Vec::new();
    }
    let rows = records::list(cx, &query, 0, None).unwrap();
    assert_eq!(count, rows.len());
    rows.iter().map(|r| r.head().id).collect()
}

/// Every figure of a table opens as many rows as it counts, and the rows of a breakdown add up to the total.
fn holds(cx: &Cx, table: &RateTable) {
    for row in table.rows.iter().chain([&table.total]) {
        // Where the denominator is empty, so are the others.
        let empty = row.den.count == 0;
        for figure in [&row.den, &row.num, &row.rest]
            .iter()
            .take(if empty { 1 } else { 3 })
        {
            let rows = behind(cx, &figure.cell).len();
            assert_eq!(
                rows as i64, figure.count,
                "{} {:?}",
                row.label.vi, figure.cell
            );
        }
        assert!(row.num.count <= row.den.count);
        assert_eq!(row.rest.count, row.den.count - row.num.count);
        assert_eq!(row.rate(), percent(row.num.count, row.den.count));
    }
    let time = matches!(
        table.query.by,
        GroupBy::Month | GroupBy::Quarter | GroupBy::Year
    );
    let sum = |f: fn(&RateRow) -> i64| table.rows.iter().map(f).sum::<i64>();
    // In a breakdown by time each numerator belongs to one part; what is carried over stands in several denominators.
    assert_eq!(
        sum(|r| r.num.count),
        table.total.num.count,
        "{:?}",
        table.query
    );
    if !time {
        assert_eq!(
            sum(|r| r.den.count),
            table.total.den.count,
            "{:?}",
            table.query
        );
    }
}

/// What stands beside a table is what the earlier period counts, opens its rows, and adds up as the table does.
fn compared(cx: &Cx, q: &RateQuery, compare: Compare, so_far: bool) {
    let options = RateOptions {
        compare: Some(compare),
        so_far,
        ..RateOptions::default()
    };
    let table = rates::table_with(cx, q, &options).unwrap();
    let before = table.total.before.as_ref().unwrap();
    let then = RateQuery {
        from: table.before.unwrap().from,
        to: table.before.unwrap().to,
        ..q.clone()
    };
    let alone = rates::total(cx, &then).unwrap();
    assert_eq!((before.num.count, before.den.count), figures(&alone));
    let mut sums = (0, 0);
    let mut empty = true;
    for row in &table.rows {
        let Some(before) = &row.before else { continue };
        sums = (sums.0 + before.num.count, sums.1 + before.den.count);
        // Of the many empty rows one is enough.
        if before.den.count > 0 || std::mem::take(&mut empty) {
            for figure in [&before.num, &before.den] {
                assert_eq!(behind(cx, &figure.cell).len() as i64, figure.count);
            }
        }
    }
    let time = matches!(q.by, GroupBy::Month | GroupBy::Quarter | GroupBy::Year);
    if !time {
        assert_eq!(sums, (before.num.count, before.den.count), "{q:?}");
    }
}

/// On today's map the rows of a table add up to its total too, and each opens what it counts.
fn rolled_up(cx: &Cx, measure: Measure, (from, to): (chrono::NaiveDate, chrono::NaiveDate)) {
    let options = RateOptions {
        map: UnitMap::Current,
        ..RateOptions::default()
    };
    for code in [None, Some("86@2026-01-01")] {
        let q = RateQuery {
            measure,
            from,
            to,
            by: GroupBy::Unit,
            units: code.map_or_else(Vec::new, |code| units::scope(cx, code).unwrap()),
            petition_type: None,
        };
        let table = rates::table_with(cx, &q, &options).unwrap();
        let sum = |f: fn(&RateRow) -> i64| table.rows.iter().map(f).sum::<i64>();
        assert_eq!(
            (sum(|r| r.num.count), sum(|r| r.den.count)),
            figures(&table.total),
            "{q:?}"
        );
        let counted = table.rows.iter().chain(&table.apart);
        for row in counted.filter(|r| r.den.count > 0) {
            for figure in [&row.num, &row.den, &row.rest] {
                assert_eq!(behind(cx, &figure.cell).len() as i64, figure.count);
            }
        }
    }
}

/// A small register: what each petition is for is said beside it.
fn small(w: &mut World) {
    let at = |unit: &'static str, field: &'static str| [("unit", unit), ("field", field)];
    // 1 carried over: received 2025, accepted 2026
    let id = w.petition("2025-12-20", "complaint", &at("86", "land"));
    w.step(id, "accept", "2026-01-05", &[]);
    w.step(id, "resolve", "2026-02-10", &[("outcome", "justified")]);
    // 2 accepted in 2025, resolved in 2026
    let id = w.petition("2025-11-03", "denunciation", &at("86", "policy"));
    w.step(id, "accept", "2025-11-10", &[]);
    w.step(id, "resolve", "2026-01-10", &[("outcome", "unjustified")]);
    // 3 accepted in 2025, still open
    let id = w.petition("2025-10-01", "complaint", &at("29602", "land"));
    w.step(id, "accept", "2025-10-08", &[]);
    // 4 forwarded
    let id = w.petition("2026-01-15", "complaint", &at("29602", "land"));
    w.step(id, "forward", "2026-01-20", &[("to", "86")]);
    // 5 received only
    w.petition("2026-02-01", "feedback", &at("29602", "environment"));
    // 6 answered without being accepted
    let id = w.petition("2026-02-02", "recommendation", &at("01", "policy"));
    w.step(id, "resolve", "2026-03-03", &[]);
    // 7 filed away, no unit, no field
    let id = w.petition("2026-03-03", "complaint", &[]);
    w.step(id, "file_away", "2026-03-04", &[]);
    // 8 a duplicate of 3 that was accepted by mistake: a paper, not a matter
    let id = w.petition(
        "2026-03-05",
        "complaint",
        &[("unit", "29602"), ("duplicate_of", "2/2025")],
    );
    w.step(id, "accept", "2026-03-06", &[]);
    // 9 removed
    let id = w.petition("2026-03-05", "complaint", &at("86", "land"));
    w.step(id, "accept", "2026-03-06", &[]);
    records::set_removed(&mut w.cx, Kind::Petition, id, true).unwrap();
    // 10 closed before 2026
    let id = w.petition("2025-03-05", "complaint", &at("86", "land"));
    w.step(id, "accept", "2025-03-06", &[]);
    w.step(id, "resolve", "2025-04-01", &[("outcome", "justified")]);
    // 11 received after the period
    w.petition("2026-07-01", "complaint", &at("86", "land"));
}

#[test]
fn counted_by_hand() {
    let mut w = World::on(TODAY);
    small(&mut w);
    let q = query(
        Measure::Processing,
        "2026-01-01",
        "2026-06-30",
        GroupBy::Type,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    // handled 1, 4, 6, 7, 8 of 1, 4, 5, 6, 7, 8
    assert_eq!(figures(&table.total), (5, 6));
    assert_eq!(table.total.rate().as_deref(), Some("83.33"));
    holds(&w.cx, &table);
    let by: Vec<(Option<&str>, (i64, i64))> = table
        .rows
        .iter()
        .map(|r| (r.key.as_deref(), figures(r)))
        .collect();
    assert_eq!(
        by,
        [
            (Some("complaint"), (4, 4)),
            (Some("denunciation"), (0, 0)),
            (Some("recommendation"), (1, 1)),
            (Some("feedback"), (0, 1)),
        ]
    );
    assert_eq!(table.rows[1].rate(), None);

    let q = query(
        Measure::Resolution,
        "2026-01-01",
        "2026-06-30",
        GroupBy::Unit,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    // resolved 1, 2 of 1, 2, 3: what was open at the start is in the denominator
    assert_eq!(figures(&table.total), (2, 3));
    assert_eq!(table.total.rate().as_deref(), Some("66.67"));
    holds(&w.cx, &table);
    let mut rows = behind(&w.cx, &table.total.den.cell);
    rows.sort_unstable();
    assert_eq!(rows, [1, 2, 3]);
    assert_eq!(behind(&w.cx, &table.total.rest.cell), [3]);
    let vinh_long = table
        .rows
        .iter()
        .find(|r| r.key.as_deref() == Some("86"))
        .unwrap();
    assert_eq!(figures(vinh_long), (2, 3));

    // before anything was accepted there is nothing to divide by
    let q = query(
        Measure::Resolution,
        "2024-01-01",
        "2024-12-31",
        GroupBy::Type,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    assert_eq!((figures(&table.total), table.total.rate()), ((0, 0), None));
    // only matters are resolved
    let keys: Vec<&str> = table.rows.iter().filter_map(|r| r.key.as_deref()).collect();
    assert_eq!(keys, ["complaint", "denunciation"]);
}

#[test]
fn parts_of_time_and_their_whole() {
    let mut w = World::on(TODAY);
    small(&mut w);
    let q = query(
        Measure::Processing,
        "2026-01-10",
        "2026-04-15",
        GroupBy::Month,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    let rows: Vec<(&str, (i64, i64))> = table
        .rows
        .iter()
        .map(|r| (r.key.as_deref().unwrap(), figures(r)))
        .collect();
    // 5 stays unhandled through all months after February; 6 is received in February, handled in March
    assert_eq!(
        rows,
        [
            ("2026-01", (1, 1)),
            ("2026-02", (0, 2)),
            ("2026-03", (3, 4)),
            ("2026-04", (0, 1)),
        ]
    );
    holds(&w.cx, &table);
    assert_eq!(figures(&table.total), (4, 5));
    let q = query(
        Measure::Processing,
        "2025-06-01",
        "2026-06-30",
        GroupBy::Quarter,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    let keys: Vec<&str> = table.rows.iter().filter_map(|r| r.key.as_deref()).collect();
    assert_eq!(
        keys,
        ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]
    );
    let q = query(
        Measure::Resolution,
        "2025-01-01",
        "2026-06-30",
        GroupBy::Year,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    let rows: Vec<(&str, (i64, i64))> = table
        .rows
        .iter()
        .map(|r| (r.key.as_deref().unwrap(), figures(r)))
        .collect();
    assert_eq!(rows, [("2025", (1, 3)), ("2026", (2, 3))]);
    assert_eq!(figures(&table.total), (3, 4));
}

#[test]
fn below_a_unit_and_of_one_type() {
    let mut w = World::on(TODAY);
    small(&mut w);
    let mut q = query(
        Measure::Processing,
        "2026-01-01",
        "2026-06-30",
        GroupBy::Unit,
    );
    q.units = units::scope(&w.cx, "86").unwrap();
    let table = rates::table(&w.cx, &q).unwrap();
    // 1 at the province itself; 4, 5, 8 in its commune
    assert_eq!(figures(&table.total), (3, 4));
    holds(&w.cx, &table);
    let row = |key: &str| {
        let found = table
            .rows
            .iter()
            .find(|r| r.key.as_deref() == Some(key) && r.den.count > 0);
        figures(found.unwrap())
    };
    assert_eq!(row("29602"), (2, 3));
    assert_eq!(row("86"), (1, 1));
    q.petition_type = Some(PetitionType::Complaint);
    let table = rates::table(&w.cx, &q).unwrap();
    assert_eq!(figures(&table.total), (3, 3));
    holds(&w.cx, &table);
}

#[test]
fn a_unit_that_ended_keeps_what_it_left_open() {
    let mut w = World::on(TODAY);
    // Hà Giang ended on 30/6/2025; its petition is open still
    let id = w.petition("2025-05-05", "complaint", &[("unit", "02")]);
    w.step(id, "accept", "2025-05-08", &[]);
    for measure in Measure::ALL {
        let q = query(*measure, "2026-01-01", "2026-06-30", GroupBy::Unit);
        let table = rates::table(&w.cx, &q).unwrap();
        holds(&w.cx, &table);
    }
    let q = query(
        Measure::Resolution,
        "2026-01-01",
        "2026-06-30",
        GroupBy::Unit,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    let row = table
        .rows
        .iter()
        .find(|r| r.key.as_deref() == Some("02"))
        .unwrap();
    assert_eq!(figures(row), (0, 1));
    assert!(row.label.vi.contains("30/06/2025"), "{}", row.label.vi);
    // where it left nothing it is not shown
    let q = query(
        Measure::Processing,
        "2026-01-01",
        "2026-06-30",
        GroupBy::Unit,
    );
    let table = rates::table(&w.cx, &q).unwrap();
    assert!(table.rows.iter().all(|r| r.key.as_deref() != Some("02")));
    assert_eq!(table.rows.len(), 34);
}

#[test]
fn what_is_due() {
    let mut w = World::on("2026-07-08");
    let late = w.petition("2026-06-01", "complaint", &[("unit", "29602")]);
    let soon = w.petition("2026-07-01", "complaint", &[("unit", "86")]);
    w.petition("2026-07-08", "recommendation", &[]);
    let done = w.petition("2026-06-01", "recommendation", &[]);
    w.step(done, "resolve", "2026-06-02", &[]);
    let held = w.add(
        Kind::Dialogue,
        &[
            ("held_on", "2026-06-01"),
            ("topic", "Nước sạch"),
            ("unit", "86"),
        ],
    );
    let held = held.to_string();
    let opinion = |w: &mut World, more: &[(&str, &str)]| {
        let mut fields = vec![("dialogue", held.as_str()), ("content", "Sửa đường ống")];
        fields.extend(more);
        w.add(Kind::Opinion, &fields)
    };
    let promised = opinion(
        &mut w,
        &[("due_on", "2026-07-01"), ("assigned_unit", "29602")],
    );
    opinion(
        &mut w,
        &[
            ("due_on", "2026-07-01"),
            ("status", "answered"),
            ("answered_on", "2026-06-20"),
        ],
    );
    opinion(&mut w, &[]);
    let list = |q: due::DueQuery| -> Vec<(Kind, i64)> {
        let items = due::list(&w.cx, &q).unwrap();
        assert_eq!(due::count(&w.cx, &q).unwrap(), items.len());
        items.iter().map(|i| (i.kind, i.id)).collect()
    };
    let all = list(due::DueQuery::default());
    assert_eq!(all.len(), 4);
    assert_eq!(
        all[..3],
        [
            (Kind::Petition, late),
            (Kind::Opinion, promised),
            (Kind::Petition, soon)
        ]
    );
    let of = |state| due::DueQuery {
        state: Some(state),
        ..due::DueQuery::default()
    };
    assert_eq!(
        list(of(Standing::Overdue)),
        [(Kind::Petition, late), (Kind::Opinion, promised)]
    );
    assert_eq!(list(of(Standing::DueSoon)), [(Kind::Petition, soon)]);
    assert_eq!(list(of(Standing::OnTime)).len(), 1);
    let within = due::DueQuery {
        days: Some(2),
        ..due::DueQuery::default()
    };
    assert_eq!(list(within).len(), 3);
    let below = due::DueQuery {
        unit: units::scope(&w.cx, "86").unwrap(),
        ..due::DueQuery::default()
    };
    assert_eq!(list(below).len(), 3);
    let items = due::list(&w.cx, &due::DueQuery::default()).unwrap();
    assert_eq!(items[0].rule.as_deref(), Some("KN_ACCEPT"));
    assert_eq!(
        (items[0].number.as_deref(), items[0].days_left),
        (Some("1/2026"), -27)
    );
    assert_eq!(items[0].standing, Standing::Overdue);
}

#[test]
fn the_overview_opens_what_it_counts() {
    let mut w = World::on(TODAY);
    small(&mut w);
    w.later("2026-03-10");
    let home = home::home(&w.cx).unwrap();
    for line in home.work.iter().chain(&home.month) {
        assert_eq!(w.ids(&line.query).len(), line.count.n, "{}", line.label.vi);
    }
    let next = home
        .next
        .iter()
        .filter(|item| item.standing == Standing::Overdue);
    let late = home
        .work
        .iter()
        .filter(|line| line.label.vi.ends_with("uá hạn"));
    assert_eq!(late.map(|line| line.count.n).sum::<usize>(), next.count());
    assert_eq!(home.rates.len(), 2);
    for rate in &home.rates {
        for row in [&rate.now, &rate.before] {
            for figure in [&row.num, &row.den] {
                assert_eq!(behind(&w.cx, &figure.cell).len() as i64, figure.count);
            }
        }
        assert_eq!(rate.period.from, d("2026-01-01"));
        assert_eq!(rate.period_before.to, d("2025-03-10"));
    }
    assert_eq!(home.by_month.len(), 12);
    assert_eq!(home.by_month[11].month, d("2026-03-01"));
    assert_eq!(home.by_month[11].received, 2);
}

/// A petition of a random register: received so many days after 1/1/2025, of a type, with a unit, and steps each so
/// many days after the one before.
#[derive(Debug, Clone)]
struct Random {
    after: i64,
    kind: usize,
    unit: usize,
    field: usize,
    steps: Vec<(usize, i64)>,
    duplicate: bool,
    removed: bool,
}

fn random() -> impl Strategy<Value = Random> {
    (
        0_i64..600,
        0_usize..4,
        0_usize..6,
        0_usize..4,
        proptest::collection::vec((0_usize..6, 0_i64..60), 0..4),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
    )
        .prop_map(
            |(after, kind, unit, field, steps, duplicate, removed)| Random {
                after,
                kind,
                unit,
                field,
                steps,
                duplicate,
                removed,
            },
        )
}

const STEPS: [&str; 6] = [
    "classify",
    "accept",
    "forward",
    "reply",
    "resolve",
    "file_away",
];

fn fill(w: &mut World, all: &[Random]) {
    let day = |after: i64| d("2025-01-01") + chrono::Duration::days(after);
    let mut lead: Option<i64> = None;
    for r in all {
        let kind = PetitionType::ALL[r.kind].code();
        let received = day(r.after);
        let old = received < d("2025-07-01");
        let unit = match (r.unit, old) {
            (0, _) => "",
            (1, _) => "86",
            (2, _) => "01",
            (3, false) => "29602",
            (3, true) => "02",
            (4, false) => "29551",
            (4, true) => "855",
            _ => "24",
        };
        let field = ["", "land", "policy", "other"][r.field];
        let link = lead.filter(|_| r.duplicate).map(|id| id.to_string());
        let mut more = vec![("unit", unit), ("field", field)];
        if let Some(link) = &link {
            more.push(("duplicate_of", link));
        }
        more.retain(|(_, text)| !text.is_empty());
        let id = w.petition(&received.to_string(), kind, &more);
        let mut at = r.after;
        for (step, wait) in &r.steps {
            at += wait;
            let mut fields = Vec::new();
            match STEPS[*step] {
                "forward" => fields.push(("to", "86")),
                "classify" => {
                    fields.push(("jurisdiction", if wait % 3 == 0 { "other" } else { "own" }))
                }
                "resolve" if r.kind < 2 => fields.push(("outcome", "justified")),
                _ => {}
            }
            // Steps that are not allowed now are refused and leave nothing.
            let _ = w.try_step(id, STEPS[*step], &day(at).to_string(), &fields);
        }
        if link.is_none() && !r.duplicate {
            lead = lead.or(Some(id));
        }
        if r.removed && lead != Some(id) {
            records::set_removed(&mut w.cx, Kind::Petition, id, true).unwrap();
        }
    }
}

/// What a rate counts, from the contract's words and a petition's own days, without SQL.
fn naive(w: &World, q: &RateQuery, ids: &[i64]) -> (i64, i64) {
    let mut num = 0;
    let mut den = 0;
    for id in ids {
        let p = w.read(*id);
        if p.head.deleted {
            continue;
        }
        let steps = danvan::app::petitions::steps(&w.cx, *id).unwrap();
        let first = |codes: &[&str]| {
            steps
                .iter()
                .filter(|s| s.undone.is_none())
                .filter(|s| s.step.kind.is_some_and(|k| codes.contains(&k.code())))
                .filter_map(|s| s.step.on)
                .min()
        };
        let within = |day: Option<chrono::NaiveDate>| day.is_some_and(|x| q.from <= x && x <= q.to);
        let open_before = |end: Option<chrono::NaiveDate>| end.is_none_or(|x| x >= q.from);
        let (counts, done) = match q.measure {
            Measure::Processing => {
                let handled = first(&["accept", "forward", "resolve", "file_away"]);
                (
                    p.received_on.unwrap() <= q.to && open_before(handled),
                    handled,
                )
            }
            Measure::Replied => {
                let replied = first(&["reply"]);
                let sent = first(&["forward"]);
                (
                    sent.is_some_and(|x| x <= q.to) && open_before(replied),
                    replied,
                )
            }
            Measure::Answered => {
                let (answered, ended) = (first(&["resolve"]), first(&["resolve", "file_away"]));
                let ended = [ended, first(&["reply"])].into_iter().flatten().min();
                let own = p.jurisdiction.unwrap().code() == "own" && p.duplicate_of.is_none();
                (
                    !p.petition_type.unwrap().is_case()
                        && own
                        && p.received_on.unwrap() <= q.to
                        && open_before(ended),
                    answered,
                )
            }
            // No opinions stand in this register.
            Measure::Dialogue => (false, None),
            Measure::Resolution | Measure::OnTime => {
                let resolved = first(&["resolve"]);
                let on_time = resolved.is_some() && resolved <= p.due_on;
                let matter = p.petition_type.unwrap().is_case()
                    && p.duplicate_of.is_none()
                    && p.jurisdiction.unwrap().code() == "own";
                let accepted = first(&["accept"]);
                let all = matter && accepted.is_some_and(|x| x <= q.to) && open_before(resolved);
                match q.measure {
                    Measure::OnTime => (all && within(resolved), resolved.filter(|_| on_time)),
                    _ => (all, resolved),
                }
            }
        };
        den += i64::from(counts);
        num += i64::from(counts && within(done));
    }
    (num, den)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_figure_opens_its_rows(
        all in proptest::collection::vec(random(), 1..25),
        spans in proptest::collection::vec((0_i64..600, 0_i64..400), 2..4),
    ) {
        let mut w = World::on("2027-06-01");
        fill(&mut w, &all);
        // After every step, taken back or not, the sums are those of the petitions.
        let config = w.cx.config().clone();
        let found = danvan::app::upkeep::doctor(&config).unwrap();
        prop_assert!(found.iter().any(|f| f.code == "sums" && f.ok), "{found:?}");
        let ids: Vec<i64> = (1..=i64::try_from(all.len()).unwrap()).collect();
        for (start, long) in spans {
            let any = usize::try_from(start + long).unwrap() % Measure::ALL.len();
            let from = d("2025-01-01") + chrono::Duration::days(start);
            let to = from + chrono::Duration::days(long);
            for measure in Measure::ALL {
                for (at, by) in GroupBy::ALL.iter().enumerate() {
                    let q = RateQuery { measure: *measure, from, to, by: *by, units: Vec::new(), petition_type: None };
                    let table = rates::table(&w.cx, &q).unwrap();
                    holds(&w.cx, &table);
                    prop_assert_eq!(figures(&table.total), naive(&w, &q, &ids));
                    // One way of comparing each; over the cases every one of them.
                    let way = usize::try_from(start).unwrap() + at;
                    compared(&w.cx, &q, Compare::ALL[way % Compare::ALL.len()], long % 2 == 0);
                }
                if *measure == Measure::ALL[any] {
                    rolled_up(&w.cx, *measure, (from, to));
                }
                for code in ["86", "01@2025-08-01"] {
                    let units = units::scope(&w.cx, code).unwrap();
                    let q = RateQuery {
                        measure: *measure, from, to, by: GroupBy::Unit, units,
                        petition_type: Some(PetitionType::Complaint),
                    };
                    holds(&w.cx, &rates::table(&w.cx, &q).unwrap());
                }
            }
        }
    }
}
