//! Sample data is what entering it would have left.
use chrono::{Datelike, NaiveDate};
use danvan::app::sample::Existing;
use danvan::app::{Config, Cx, find, petitions, rates, records, sample, upkeep};
use danvan::domain::petition::{Petition, Standing, StepKind};
use danvan::domain::query::{Cond, Op, Query};
use danvan::domain::rate::{GroupBy, Measure};
use danvan::domain::record::{Kind, Record};
use danvan::domain::value::{Code, Value};
use std::collections::BTreeMap;
use std::path::Path;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn config(dir: &Path) -> Config {
    Config {
        db: dir.join("mau.db"),
        today: Some(today()),
        read_only: false,
        assume_fs: None,
        state_dir: dir.join("state"),
        actor: "thu".into(),
        demo: true,
    }
}

fn office(dir: &Path, petitions: u64, seed: u64) -> Cx {
    let mut cx = Cx::create(&config(dir)).unwrap();
    sample::write(&mut cx, petitions, seed, &mut |_| {}).unwrap();
    cx
}

fn all(cx: &Cx, kind: Kind) -> Vec<Box<dyn Record>> {
    let mut query = Query::all(kind);
    query.sort = vec![("id", false)];
    records::list(cx, &query, 0, None).unwrap()
}

/// Everything there is to see of every record, its steps and its history.
fn dump(cx: &Cx) -> Vec<String> {
    let mut out = Vec::new();
    for kind in Kind::ALL.iter().copied() {
        for record in all(cx, kind) {
            let id = record.head().id;
            if kind == Kind::Unit && record.get("branch").text() == Some("administrative") {
                continue;
            }
            out.push(format!("{record:?}"));
            out.push(format!("{:?}", records::history(cx, kind, id).unwrap()));
            if kind == Kind::Petition {
                out.push(format!("{:?}", petitions::steps(cx, id).unwrap()));
            }
        }
    }
    out
}

#[test]
fn the_same_seed_gives_the_same_content() {
    let make = |seed| {
        let dir = tempfile::tempdir().unwrap();
        dump(&office(dir.path(), 150, seed))
    };
    let first = make(5);
    assert!(first == make(5));
    assert!(first != make(6));
}

#[test]
fn every_record_keeps_the_rules_of_saving() {
    let dir = tempfile::tempdir().unwrap();
    let cx = office(dir.path(), 900, 3);
    for kind in Kind::ALL.iter().copied().filter(|k| *k != Kind::Unit) {
        for record in all(&cx, kind) {
            if let Err(e) = records::check(&cx, record.as_ref()) {
                panic!("{e:?}: {record:?}");
            }
        }
    }
    let config = config(dir.path());
    for finding in upkeep::doctor(&config).unwrap() {
        assert!(finding.ok, "{finding:?}");
    }
}

#[test]
fn state_and_steps_are_as_if_taken_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    drop(office(dir.path(), 600, 8));
    // The same units, without petitions.
    let other = tempfile::tempdir().unwrap();
    let mut cx = office(other.path(), 0, 8);
    let source = Cx::open(&config(dir.path())).unwrap();
    for record in all(&source, Kind::Petition) {
        let p = record.as_any().downcast_ref::<Petition>().unwrap();
        let steps = petitions::steps(&source, p.head.id).unwrap();
        // The fields that steps set go back to what they were before the first step.
        let mut first = p.clone();
        for step in steps.iter().rev() {
            let before: serde_json::Map<String, serde_json::Value> = step
                .before
                .as_deref()
                .map(|text| serde_json::from_str(text).unwrap())
                .unwrap_or_default();
            for (key, json) in before {
                let value = match json {
                    serde_json::Value::Bool(b) => Value::Bool(b),
                    serde_json::Value::String(s) => Value::Text(s),
                    _ => Value::Null,
                };
                first.set(&key, value).unwrap();
            }
        }
        let computed = [
            "stage",
            "standing",
            "due_on",
            "days_left",
            "resolved_on",
            "outcome",
            "duplicate_of",
            "previous",
        ];
        let fields: records::Fields = first
            .keys()
            .iter()
            .filter(|key| !computed.contains(key))
            .map(|key| {
                let value = match first.get(key) {
                    Value::Unit(mut unit) => {
                        unit.id = 0;
                        Value::Unit(unit)
                    }
                    other => other,
                };
                (*key, value)
            })
            .collect();
        let new = records::NewRecord {
            fields,
            ..records::NewRecord::default()
        };
        let added = records::add(&mut cx, Kind::Petition, &[new]).unwrap();
        let id = added[0].head().id;
        assert_eq!(added[0].head().number, p.head.number);
        for row in &steps {
            let mut step = row.step.clone();
            step.id = 0;
            if let Some(to) = &mut step.to {
                to.id = 0;
            }
            petitions::take(&mut cx, id, step).unwrap();
        }
        let again = records::get(&cx, Kind::Petition, id).unwrap();
        assert_eq!(again.head().rev, p.head.rev);
        for key in p.keys() {
            if ["duplicate_of", "previous"].contains(key) {
                continue;
            }
            assert_eq!(again.get(key), p.get(key), "{key} of {p:?}");
        }
        let kept: Vec<_> = petitions::steps(&cx, id)
            .unwrap()
            .into_iter()
            .map(|s| s.before)
            .collect();
        assert_eq!(
            kept,
            steps.into_iter().map(|s| s.before).collect::<Vec<_>>()
        );
    }
}

#[test]
fn numbers_run_without_gaps_in_the_order_of_days() {
    let dir = tempfile::tempdir().unwrap();
    let cx = office(dir.path(), 1200, 2);
    for kind in [Kind::Petition, Kind::Reception, Kind::Model] {
        let mut last = (0, 0);
        let mut before = NaiveDate::MIN;
        for record in all(&cx, kind) {
            let day = match kind {
                Kind::Model => record.get("registered_on"),
                _ => record.get("received_on"),
            };
            let Value::Date(day) = day else {
                panic!("no date")
            };
            let (seq, year) = record.head().number.unwrap();
            let expected = if year == last.1 { last.0 + 1 } else { 1 };
            assert_eq!(seq, expected);
            assert_eq!(year, day.year());
            assert!(before <= day && day <= today());
            last = (seq, year);
            before = day;
        }
    }
}

#[test]
fn there_is_something_of_everything() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    let mut cx = Cx::create(&config(dir.path())).unwrap();
    sample::write(&mut cx, 5000, 1, &mut |n| told.push(n)).unwrap();
    assert_eq!(told.last(), Some(&5000));
    let count = |query: &Query| records::count(&cx, query).unwrap();
    let of = |kind| count(&Query::all(kind));
    assert_eq!(of(Kind::Petition), 5000);
    assert_eq!(of(Kind::Reception), 2500);
    assert_eq!(of(Kind::Model), 500);
    assert_eq!(of(Kind::Dialogue), 100);
    assert!((300..=800).contains(&of(Kind::Opinion)));
    assert!(of(Kind::Figure) > 150);
    let with = |key, value: &str| {
        let mut query = Query::all(Kind::Petition);
        query.conds.push(Cond {
            key,
            op: Op::Eq,
            value: Value::Text(value.into()),
        });
        count(&query)
    };
    for standing in Standing::ALL {
        assert!(with("standing", standing.code()) > 0, "{standing:?}");
    }
    let late = with("standing", "resolved_late");
    let timely = with("standing", "resolved_on_time");
    assert!(late * 4 < timely, "{late} of {timely}");
    for stage in ["received", "classified", "accepted", "forwarded"] {
        assert!(with("stage", stage) > 0, "{stage}");
    }
    let mut linked = Query::all(Kind::Petition);
    linked.conds.push(Cond {
        key: "duplicate_of",
        op: Op::Ne,
        value: Value::Null,
    });
    assert!(count(&linked) > 20);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for record in all(&cx, Kind::Petition) {
        for row in petitions::steps(&cx, record.head().id).unwrap() {
            *kinds.entry(row.step.kind.unwrap().code()).or_default() += 1;
        }
    }
    for kind in StepKind::ALL {
        let n = kinds.get(kind.code()).copied().unwrap_or(0);
        assert!(n > 0, "no {} among {kinds:?}", kind.code());
    }
    // the plain way is the common one
    for (kind, per_mille) in [
        ("urge", 150),
        ("extend", 30),
        ("suspend", 30),
        ("reopen", 20),
    ] {
        assert!(kinds[kind] * 1000 < 5000 * per_mille, "{kind}: {kinds:?}");
    }
    let mut second = Query::all(Kind::Petition);
    second.conds.push(Cond {
        key: "previous",
        op: Op::Ne,
        value: Value::Null,
    });
    assert!(count(&second) > 0);
    let again = sample::write(&mut cx, 10, 1, &mut |_| {});
    assert_eq!(again.unwrap_err().exit_code(), 3);
}

#[test]
fn each_figure_of_a_rate_is_as_many_rows() {
    for seed in [1, 7] {
        let dir = tempfile::tempdir().unwrap();
        let cx = office(dir.path(), 700, seed);
        for measure in Measure::ALL {
            for by in GroupBy::ALL {
                let query = rates::RateQuery {
                    measure: *measure,
                    from: NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(),
                    to: today(),
                    by: *by,
                    units: Vec::new(),
                    petition_type: None,
                };
                let table = rates::table(&cx, &query).unwrap();
                for row in table.rows.iter().chain([&table.total]) {
                    for figure in [&row.num, &row.den, &row.rest] {
                        let mut query = Query::all(figure.cell.kind());
                        query.cell = Some(figure.cell.clone());
                        let rows = records::count(&cx, &query).unwrap();
                        assert_eq!(i64::try_from(rows).unwrap(), figure.count);
                    }
                    assert_eq!(row.num.count + row.rest.count, row.den.count);
                }
            }
        }
    }
}

#[test]
fn find_sees_the_sample_and_what_comes_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut cx = office(dir.path(), 600, 4);
    let hits = |cx: &Cx, text: &str| {
        let found = find::find(cx, text, Some(Kind::Petition), find::CAP).unwrap();
        found.into_iter().map(|f| f.id).collect::<Vec<_>>()
    };
    for text in ["dat", "đất", "boi thuong", "1/2025"] {
        let mut query = Query::all(Kind::Petition);
        query.words = text.into();
        let listed = records::count(&cx, &query).unwrap();
        assert_eq!(hits(&cx, text).len(), listed, "{text}");
        assert!(listed > 0, "{text}");
    }
    let one = all(&cx, Kind::Petition).pop().unwrap();
    let id = one.head().id;
    let word = [("note", Value::Text("chuồn chuồn kim".into()))];
    records::edit(&mut cx, Kind::Petition, id, None, &word).unwrap();
    assert_eq!(hits(&cx, "chuon chuon"), [id]);
    let again = Cx::open(&config(dir.path())).unwrap();
    assert_eq!(hits(&again, "chuồn"), [id]);
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("index"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn sample_data_is_known_by_its_mark_however_it_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.demo = false;
    sample::make(&config, Existing::Keep, (20, 1), &mut |_| {}).unwrap();
    assert!(Cx::open(&config).unwrap().is_sample());
    config.db = dir.path().join("so.db");
    assert!(!Cx::create(&config).unwrap().is_sample());
}

#[test]
fn only_sample_data_is_replaced_by_sample_data() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    let make =
        |config: &Config, existing, rows| sample::make(config, existing, (rows, 1), &mut |_| {});
    make(&config, Existing::Keep, 20).unwrap();
    assert_eq!(
        make(&config, Existing::Keep, 30).unwrap_err().exit_code(),
        3
    );
    make(&config, Existing::ReplaceSample, 30).unwrap();
    let cx = Cx::open(&config).unwrap();
    assert_eq!(
        records::count(&cx, &Query::all(Kind::Petition)).unwrap(),
        30
    );
    drop(cx);
    // An office's registers, and anything else, stay byte for byte.
    config.db = dir.path().join("so.db");
    drop(Cx::create(&config).unwrap());
    let text = dir.path().join("ghi-chep.txt");
    std::fs::write(&text, "không phải cơ sở dữ liệu").unwrap();
    for file in [config.db.clone(), text] {
        let before = std::fs::read(&file).unwrap();
        config.db.clone_from(&file);
        let refused = make(&config, Existing::ReplaceSample, 20).unwrap_err();
        assert_eq!(refused.exit_code(), 3);
        assert!(std::fs::read(&file).unwrap() == before);
    }
    // One whose making was cut off bears no mark, and its own place takes a new one.
    config.db = dir.path().join("so.db");
    assert!(!sample::is_sample(&config).unwrap());
    make(&config, Existing::Replace, 20).unwrap();
    assert!(sample::is_sample(&config).unwrap());
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".mau") || name.ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn doctor_names_values_that_no_field_can_read_and_looks_for_backups() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let cx = office(dir.path(), 20, 1);
    let find = |code: &str| {
        let found = upkeep::doctor(&config).unwrap();
        found.into_iter().find(|f| f.code == code).unwrap()
    };
    assert!(find("values").ok);
    let none = find("backups");
    assert!(none.ok && none.advice.is_some(), "{none:?}");
    let conn = rusqlite::Connection::open(&config.db).unwrap();
    conn.execute_batch(
        "UPDATE petition SET stage = 'lost' WHERE id = 3; UPDATE petition SET complex = 7 WHERE id = 4;
         UPDATE petition SET written_on = '2026-02-30' WHERE id = 5;",
    )
    .unwrap();
    let values = find("values");
    assert!(!values.ok);
    let text = format!("{:?}", values.what);
    for one in [
        "petition.stage: [3]",
        "petition.complex: [4]",
        "petition.written_on: [5]",
    ] {
        assert!(text.contains(one), "{text}");
    }
    conn.execute("DELETE FROM setting WHERE key = 'sample'", [])
        .unwrap();
    let copy = upkeep::daily::folder(&config).join("sao-luu.db");
    upkeep::backup(&cx, &copy, false).unwrap();
    let noon = std::time::UNIX_EPOCH
        + std::time::Duration::from_secs(
            u64::try_from(today().and_hms_opt(5, 0, 0).unwrap().and_utc().timestamp()).unwrap(),
        );
    let made_at = |at| {
        let file = std::fs::File::options().write(true).open(&copy).unwrap();
        file.set_modified(at).unwrap();
    };
    made_at(noon);
    let fresh = find("backups");
    assert!(fresh.ok && fresh.advice.is_none(), "{fresh:?}");
    made_at(noon - std::time::Duration::from_secs(30 * 86_400));
    assert!(find("backups").advice.is_some());
}

#[test]
fn making_a_sample_leaves_the_sample_alone_in_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    sample::make(&config, sample::Existing::Keep, (20, 1), &mut |_| {}).unwrap();
    let names: Vec<String> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["mau.db"]);
}
