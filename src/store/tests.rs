//! The store against a real database in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::domain::fold::Pattern;
use crate::domain::query::Query;
use crate::domain::record::{Kind, blank};
use crate::domain::value::{Code, Value};
use chrono::NaiveDate;

fn d(s: &str) -> NaiveDate {
    NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap()
}

fn days() -> Days {
    Days {
        today: d("2026-11-21"),
        soon: d("2026-11-30"),
    }
}

fn count(store: &Store, on: &str) -> usize {
    let mut q = Query::all(Kind::Unit);
    q.on = Some(d(on));
    store.read().count(&q, days()).unwrap()
}

#[test]
fn every_register_has_a_column_for_every_field() {
    for kind in Kind::ALL {
        let record = blank(*kind);
        for key in record.keys() {
            let computed = *kind == Kind::Petition && ["standing", "days_left"].contains(key);
            assert!(
                computed || table(*kind).column(key).is_some(),
                "{kind:?}.{key} has no column"
            );
        }
        for column in table(*kind).columns {
            assert!(
                record.keys().contains(&column.key),
                "{kind:?}.{}",
                column.key
            );
        }
    }
}

#[test]
fn the_units_of_both_maps_are_there() {
    let store = Store::in_memory().unwrap();
    assert_eq!(count(&store, "2025-06-30"), 63 + 696 + 10_035);
    assert_eq!(count(&store, "2025-07-01"), 34 + 3_321);
    let lives = store.read().unit_lives("86").unwrap();
    assert_eq!(lives.len(), 2);
    assert_eq!(lives[0].valid_to, Some(d("2025-06-30")));
    let name = |on: &str| {
        let id = store.read().unit_lives("24").unwrap()[1].id;
        store.read().unit_life(id, d(on)).unwrap().unwrap().name
    };
    assert_eq!(name("2026-08-23"), "Tỉnh Bắc Ninh");
    assert_eq!(name("2026-08-24"), "Thành phố Bắc Ninh");
    let now = store.read().origins(lives[1].id).unwrap();
    let from: Vec<&str> = now.iter().map(|s| s.code.as_str()).collect();
    assert_eq!(now.len(), 3, "{from:?}");
}

#[test]
fn find_holds_typed_marks_and_lets_the_rest_be_anything() {
    let mut store = Store::in_memory().unwrap();
    store
        .write::<_, StoreError>(|tx| {
            for subject in [
                "Tranh chấp đất đai",
                "Đường liên ấp hư hỏng",
                "Cây dương liễu đổ",
            ] {
                let mut p = blank(Kind::Petition);
                p.set("received_on", Value::Date(d("2026-03-02"))).unwrap();
                p.set("type", Value::Text("feedback".into())).unwrap();
                p.set("subject", Value::Text(subject.into())).unwrap();
                p.set("instance", Value::Int(1)).unwrap();
                p.set("jurisdiction", Value::Text("unknown".into()))
                    .unwrap();
                for key in ["complex", "very_complex", "remote"] {
                    p.set(key, Value::Bool(false)).unwrap();
                }
                tx.insert(p.as_mut(), Some(2026))?;
            }
            Ok(())
        })
        .unwrap();
    let n = |text: &str| {
        store
            .read()
            .find_count(&Pattern::parse(text), Kind::Petition, 1001)
            .unwrap()
    };
    assert_eq!(n("dat dai"), 1);
    assert_eq!(n("duong"), 2);
    assert_eq!(n("đường"), 1);
    assert_eq!(n("đuo"), 1);
    // the tone and the stroke were not typed: they match anything
    assert_eq!(n("dương"), 2);
    assert_eq!(n("2/2026"), 1);
}

#[test]
fn standing_in_sql_is_the_domains() {
    let mut store = Store::in_memory().unwrap();
    store
        .write::<_, StoreError>(|tx| {
            for (stage, due, resolved) in [
                ("received", Some("2026-11-20"), None),
                ("accepted", Some("2026-11-21"), None),
                ("classified", Some("2026-12-30"), None),
                ("forwarded", None, None),
                ("resolved", Some("2026-01-10"), Some("2026-01-10")),
                ("resolved", Some("2026-01-10"), Some("2026-01-11")),
                ("suspended", Some("2026-01-10"), None),
                ("closed_other", Some("2026-01-10"), None),
            ] {
                tx.conn().execute(
                    "INSERT INTO petition(number_year, number_seq, received_on, type, subject, stage, due_on, resolved_on) \
                     VALUES (2026, (SELECT count(*) + 1 FROM petition), '2026-01-02', 'complaint', 'x', ?, ?, ?)",
                    (stage, due, resolved),
                )?;
            }
            Ok(())
        })
        .unwrap();
    for record in store
        .read()
        .list(&Query::all(Kind::Petition), days(), 0, None)
        .unwrap()
    {
        let p = record
            .as_any()
            .downcast_ref::<crate::domain::petition::Petition>()
            .unwrap();
        let expected = crate::domain::petition::standing(
            p.stage.unwrap(),
            p.due_on,
            p.resolved_on,
            days().today,
            days().soon,
        );
        let mut q = Query::all(Kind::Petition);
        q.conds.push(crate::domain::query::Cond {
            key: "standing",
            op: crate::domain::query::Op::Eq,
            value: Value::Text(expected.code().into()),
        });
        assert!(
            store
                .read()
                .ids(&q, days(), None)
                .unwrap()
                .contains(&p.head.id),
            "{p:?}"
        );
    }
}

#[test]
fn a_failed_write_keeps_nothing_and_history_stands() {
    let mut store = Store::in_memory().unwrap();
    let failed: std::result::Result<(), StoreError> = store.write(|tx| {
        tx.set_setting("own_unit", "86")?;
        Err(StoreError::Busy)
    });
    assert!(failed.is_err());
    assert_eq!(store.read().setting("own_unit").unwrap(), None);
    store
        .write::<_, StoreError>(|tx| {
            tx.audit(
                ("lan", "2026-01-01T00:00:00+07:00"),
                (Kind::Petition, 1),
                Action::Add,
                &Change::default(),
                None,
            )
        })
        .unwrap();
    assert!(store.conn.execute("DELETE FROM audit", []).is_err());
    assert!(
        store
            .conn
            .execute("UPDATE audit SET who = 'x'", [])
            .is_err()
    );
}
