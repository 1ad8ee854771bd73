//! What the reads of the screens and a save cost SQLite, in steps of its machine: the same on every computer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::rates::RateQuery;
use super::records::NewRecord;
use super::{Config, Cx, due, find, home, petitions, rates, records, sample};
use crate::domain::petition::Standing;
use crate::domain::query::Query;
use crate::domain::rate::{GroupBy, Measure};
use crate::domain::record::Kind;
use crate::domain::value::Value;

fn year() -> RateQuery {
    RateQuery {
        measure: Measure::Processing,
        from: "2026-01-01".parse().unwrap(),
        to: "2026-12-31".parse().unwrap(),
        by: GroupBy::Unit,
        units: Vec::new(),
        petition_type: None,
    }
}

fn save(cx: &mut Cx) {
    let fields = vec![
        ("received_on", Value::Date(cx.today())),
        ("type", Value::Text("complaint".into())),
        ("subject", Value::Text("Đề nghị xem xét bồi thường".into())),
        ("petitioner", Value::Text("Nguyễn Văn Mẫu".into())),
    ];
    let new = NewRecord {
        fields,
        ..NewRecord::default()
    };
    records::add(cx, Kind::Petition, &[new]).unwrap();
}

fn overdue() -> Query {
    let mut query = Query::all(Kind::Petition);
    query.conds.push(due::standing_is(Standing::Overdue));
    query
}

/// A read or a save, by name, with the steps that it may take on a sample of 1,000 petitions: some more than it takes
/// now. It only goes down.
type Named = (&'static str, u64, fn(&mut Cx));

const NAMED: [Named; 10] = [
    ("first page of the list", 1700, |cx| {
        records::list(cx, &Query::all(Kind::Petition), 0, Some(24)).unwrap();
    }),
    ("count of the list", 90, |cx| {
        records::count(cx, &Query::all(Kind::Petition)).unwrap();
    }),
    ("first page of the overdue", 1_220, |cx| {
        records::list(cx, &overdue(), 0, Some(24)).unwrap();
    }),
    ("find, one letter", 3_700, |cx| {
        find::find(cx, "n", None, 8).unwrap();
    }),
    ("find, two words", 2520, |cx| {
        find::find(cx, "dat dai", None, 8).unwrap();
    }),
    // Hundreds of words begin so.
    ("find, one marked letter", 4_950, |cx| {
        find::find(cx, "đ", None, 8).unwrap();
    }),
    ("the due list's first page", 3_400, |cx| {
        due::first(cx, &due::DueQuery::default(), Some(24)).unwrap();
    }),
    ("the overview", 12_900, |cx| drop(home::home(cx).unwrap())),
    ("a year's rates by unit", 3_700, |cx| {
        rates::table(cx, &year()).unwrap();
    }),
    ("a petition's card", 680, |cx| {
        records::get(cx, Kind::Petition, 500).unwrap();
        petitions::steps(cx, 500).unwrap();
        petitions::why(cx, 500).unwrap();
        records::history(cx, Kind::Petition, 500).unwrap();
    }),
];

#[test]
fn reads_and_a_save_take_no_more_steps_than_they_did() {
    let today = "2026-11-20".parse().unwrap();
    let mut cx = Cx::in_memory(today, &std::env::temp_dir().join("danvan-no-state")).unwrap();
    sample::write(&mut cx, 1_000, 1, &mut |_| {}).unwrap();
    let steps = cx.store.count_steps();
    let mut wrong = Vec::new();
    for (name, most, act) in NAMED
        .into_iter()
        .chain([("a save", 1_070, save as fn(&mut Cx))])
    {
        // Once before, so that what is loaded only once is not counted.
        act(&mut cx);
        steps.take();
        act(&mut cx);
        let taken = steps.take();
        println!("{name}: {taken} steps");
        if taken > most {
            wrong.push(format!("{name}: {taken} steps, at most {most}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_save_writes_no_more_pages_than_it_did() {
    const SAVES: u64 = 30;
    let dir = tempfile::tempdir().unwrap();
    let config = Config {
        db: dir.path().join("a.db"),
        today: Some("2026-11-20".parse().unwrap()),
        read_only: false,
        assume_fs: None,
        state_dir: dir.path().join("state"),
        actor: "lan".into(),
        demo: false,
    };
    let mut cx = Cx::create(&config).unwrap();
    sample::write(&mut cx, 1_000, 1, &mut |_| {}).unwrap();
    drop(cx);
    let mut cx = Cx::open(&config).unwrap();
    (0..SAVES).for_each(|_| save(&mut cx));
    // So few that the log does not begin anew.
    let pages = cx.store.log_pages();
    println!("{pages} pages in {SAVES} saves");
    assert!((SAVES..=25 * SAVES).contains(&pages), "{pages}");
}
