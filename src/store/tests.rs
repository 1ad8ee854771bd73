//! The store against a real database in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::domain::fold::Pattern;
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record, blank};
use crate::domain::value::{Code, Value};
use chrono::NaiveDate;
use rusqlite::StatementStatus;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

impl Store {
    /// A new database in a folder.
    pub(in crate::store) fn fresh(folder: &Path) -> Self {
        let options = OpenOptions {
            mode: Mode::Create,
            assume_fs: None,
        };
        Self::open(&folder.join("a.db"), &options).unwrap()
    }
}

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
            let computed = ["standing", "days_left", "idle_alarm"].contains(key);
            let computed = *kind == Kind::Petition && computed;
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

fn opened(path: &Path, mode: Mode) -> Store {
    let options = OpenOptions {
        mode,
        assume_fs: None,
    };
    Store::open(path, &options).unwrap()
}

fn on_disk(path: &Path) -> Store {
    opened(path, Mode::Create)
}

#[test]
fn what_was_saved_is_saved_where_the_file_cannot_be_opened_once_more() {
    let dir = tempfile::tempdir().unwrap();
    let (path, away) = (dir.path().join("a.db"), dir.path().join("b.db"));
    let mut store = on_disk(&path);
    let save = |store: &mut Store, work: &dyn Fn(&Tx)| {
        store.write::<_, StoreError>(|tx| {
            tx.set_setting("due_soon_days", "9")?;
            work(tx);
            Ok(5)
        })
    };
    let saved = save(&mut store, &|tx| {
        tx.index_replaced.set(true);
        std::fs::rename(&path, &away).unwrap();
    });
    assert_eq!(saved.unwrap(), 5);
    assert!(store.behind && save(&mut store, &|_| ()).is_err());
    std::fs::rename(&away, &path).unwrap();
    assert_eq!(save(&mut store, &|_| ()).unwrap(), 5);
    assert!(!store.behind);
}

#[test]
fn an_index_made_anew_leaves_room_below_its_pieces_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = on_disk(&dir.path().join("a.db"));
    let levels = |store: &Store| -> u8 {
        let sql = "SELECT block FROM search_data WHERE id = 10";
        let block = store.conn.query_row(sql, [], |r| r.get::<_, Vec<u8>>(0));
        block.unwrap()[8]
    };
    let add = |store: &mut Store| {
        let mut paper = petition("Xin mở thêm cống");
        let added = store.write::<_, StoreError>(|tx| tx.insert(paper.as_mut(), Some(2026)));
        added.unwrap();
    };
    add(&mut store);
    store.reindex().unwrap();
    assert!(levels(&store) > 4, "{}", levels(&store));
    add(&mut store);
    assert!(store.read().unindexed(Kind::Petition).unwrap().is_empty());
    let whole = "INSERT INTO search(search) VALUES ('integrity-check')";
    store.conn.execute(whole, []).unwrap();
}

#[test]
fn a_connection_opened_anew_is_as_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let mut store = on_disk(&path);
    let mut other = opened(&path, Mode::ReadWrite);
    let stop = Arc::new(AtomicBool::new(false));
    store.stop_when(Arc::clone(&stop)).unwrap();
    store.keep_little().unwrap();
    store.get_ready(Kind::Petition).unwrap();
    let seen = store.version().unwrap();
    let anew = |store: &mut Store| {
        store.write::<_, StoreError>(|tx| {
            tx.index_replaced.set(true);
            tx.version()
        })
    };
    // What this one wrote itself is no news, however often it is opened anew; what another wrote is.
    for _ in 0..3 {
        assert_eq!(anew(&mut store).unwrap(), seen);
        assert_eq!(store.version().unwrap(), seen);
    }
    let wrote = other.write::<_, StoreError>(|tx| tx.set_setting("due_soon_days", "9"));
    wrote.unwrap();
    assert_ne!(anew(&mut store).unwrap(), seen);
    assert_ne!(store.version().unwrap(), seen);
    assert_eq!(store.ready, None);
    let cache = store
        .conn
        .query_row("PRAGMA cache_size", [], |r| r.get::<_, i64>(0));
    assert_eq!(cache.unwrap(), -store.cache);
    assert!(store.cache < super::open::CACHE);
    stop.store(true, Ordering::Relaxed);
    let long = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 100000) SELECT count(*) FROM n";
    let asked = store.conn.query_row(long, [], |r| r.get::<_, i64>(0));
    assert!(asked.is_err());
}

#[test]
fn what_a_bulk_write_has_written_is_written_though_its_connection_is_no_good_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = on_disk(&dir.path().join("a.db"));
    let barred = Arc::new(AtomicBool::new(false));
    let bars = Arc::clone(&barred);
    let look = move |context: AuthContext<'_>| match context.action {
        AuthAction::Pragma { pragma_name, .. }
            if pragma_name == "wal_autocheckpoint" && bars.load(Ordering::Relaxed) =>
        {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    };
    store.conn.authorizer(Some(look)).unwrap();
    let written = store.bulk::<_, StoreError>(|bulk| {
        barred.store(true, Ordering::Relaxed);
        let mut paper = petition("Xin mở thêm cống");
        bulk.add(paper.as_mut(), Some(2026), ("thu", "2026-01-02"))
    });
    assert_eq!(written.unwrap(), 1);
    let saved = store.write::<_, StoreError>(|tx| tx.set_setting("due_soon_days", "9"));
    saved.unwrap();
    let full = store
        .conn
        .query_row("PRAGMA synchronous", [], |r| r.get::<_, i64>(0));
    assert_eq!(full.unwrap(), 2);
    assert_eq!(
        store.read().with_word(Kind::Petition, "cong", 9).unwrap(),
        [1]
    );
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

/// A paper of March 2026.
fn petition(subject: &str) -> Box<dyn Record> {
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
    p
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
                tx.insert(petition(subject).as_mut(), Some(2026))?;
            }
            Ok(())
        })
        .unwrap();
    let n = |text: &str| {
        let read = store.read();
        let asked = read.asked(&Pattern::parse(text)).unwrap();
        asked.map_or(0, |asked| {
            read.find_count(&asked, Kind::Petition, 1001).unwrap()
        })
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
fn a_record_that_moves_to_another_month_is_found_there_by_its_words() {
    let mut store = Store::in_memory().unwrap();
    let mut moved = petition("Tranh chấp đất đai");
    store
        .write::<_, StoreError>(|tx| {
            tx.insert(moved.as_mut(), Some(2026))?;
            moved
                .set("received_on", Value::Date(d("2026-04-07")))
                .unwrap();
            tx.update(moved.as_mut(), &["received_on"])
        })
        .unwrap();
    let found = |from: &str, to: &str| {
        let month = Query {
            words: "dat dai".into(),
            from: Some(d(from)),
            to: Some(d(to)),
            ..Query::all(Kind::Petition)
        };
        let read = store.read();
        read.page_ids(&month, days(), Anchor::First, 9).unwrap()
    };
    assert_eq!(found("2026-04-01", "2026-04-30"), Some(vec![1]));
    assert_eq!(found("2026-03-01", "2026-03-31"), Some(vec![]));
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
                .page_ids(&q, days(), Anchor::First, 100)
                .unwrap()
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

#[test]
fn decimals_come_back_digit_for_digit() {
    use crate::domain::number::Dec;
    let mut store = Store::in_memory().unwrap();
    for text in [
        "163.4",
        "7",
        "-0.5",
        "9007199254740993.7",
        "1234567890123456.78",
        "0.000001",
    ] {
        let value = Value::Dec(Dec::parse_ascii(text).unwrap());
        let mut figure = blank(Kind::Figure);
        figure.set("indicator", Value::Text("x".into())).unwrap();
        figure
            .set("period_from", Value::Date(d("2026-01-01")))
            .unwrap();
        figure
            .set("period_to", Value::Date(d("2026-06-30")))
            .unwrap();
        figure
            .set("qualifier", Value::Text("exact".into()))
            .unwrap();
        figure.set("value", value.clone()).unwrap();
        let id = store
            .write::<_, StoreError>(|tx| tx.insert(figure.as_mut(), None))
            .unwrap();
        let back = store.read().get(Kind::Figure, id).unwrap().unwrap();
        assert_eq!(back.get("value"), value, "{text}");
    }
}

/// Statements that look through a whole table, by what SQLite says of its own plans.
fn scans(conn: &Connection, statements: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for sql in statements.iter().filter(|sql| sql.starts_with("SELECT")) {
        let mut stmt = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        // Unbound parameters change nothing in a plan.
        let mut plan = stmt.raw_query();
        while let Some(row) = plan.next().unwrap() {
            let line: String = row.get("detail").unwrap();
            let by_index = [" USING ", "VIRTUAL TABLE", "CONSTANT ROW", "SCAN ("]
                .iter()
                .any(|how| line.contains(how));
            if line.starts_with("SCAN") && !by_index {
                found.push(format!("{line}: {sql}"));
            }
        }
    }
    found
}

/// Every rate but that of opinions, which are few, as tables and balances ask for it.
fn rates_of_all(db: Db) {
    use crate::domain::rate::{Cell, GroupBy, Measure, Part};
    let (from, to) = (d("2026-01-01"), d("2026-12-31"));
    let petitions = |m: &&Measure| m.kind() == Kind::Petition;
    for measure in Measure::ALL.iter().filter(petitions) {
        for scope in [vec![], vec![1]] {
            let cell = Cell {
                scope,
                ..Cell::all(*measure, Part::Denominator, from, to)
            };
            for by in GroupBy::ALL {
                db.cell_tallies(&cell, Some(*by)).unwrap();
            }
            for part in Part::ALL {
                let cell = Cell {
                    part: *part,
                    ..cell.clone()
                };
                db.cell_count(&cell).unwrap();
            }
        }
    }
}

#[test]
fn no_question_asked_each_day_looks_through_a_whole_register() {
    use crate::domain::query::{Cond, Op};
    use rusqlite::trace::{TraceEvent, TraceEventCodes};
    use std::sync::{Arc, Mutex};
    let mut store = Store::in_memory().unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = Arc::clone(&heard);
    store
        .conn
        .trace_v2(
            TraceEventCodes::SQLITE_TRACE_STMT,
            Some(move |event: TraceEvent<'_>| {
                if let TraceEvent::Stmt(stmt, _) = event {
                    hear.lock().unwrap().push(stmt.sql().into_owned());
                }
            }),
        )
        .unwrap();
    let db = store.read();
    db.get(Kind::Petition, 1).unwrap();
    db.steps(1).unwrap();
    db.matter_has_step(1, crate::domain::petition::StepKind::ALL[0])
        .unwrap();
    db.history(Kind::Petition, 1).unwrap();
    db.operation_changes(1, None).unwrap();
    db.operation_changes_before(1, 9, 9).unwrap();
    db.last_done("lan").unwrap();
    db.unit_counts(1, days()).unwrap();
    for (kind, key) in [
        (Kind::Petition, "duplicate_of"),
        (Kind::Petition, "previous"),
        (Kind::Reception, "petition"),
        (Kind::Opinion, "petition"),
        (Kind::Model, "previous"),
        (Kind::Figure, "part_of"),
    ] {
        db.pointing(kind, key, 1).unwrap();
        db.pointing_count(kind, key, 1).unwrap();
    }
    for kind in [Kind::Petition, Kind::Reception, Kind::Model] {
        db.by_number(kind, 1, 2026).unwrap();
    }
    let cond = |key, code: &str| Cond {
        key,
        op: Op::Eq,
        value: Value::Text(code.into()),
    };
    let mut asked = Vec::new();
    for kind in [Kind::Petition, Kind::Reception, Kind::Dialogue, Kind::Model] {
        asked.push(Query::all(kind));
        let mut q = Query::all(kind);
        q.units = vec![1];
        asked.push(q.clone());
        q.units.clear();
        q.from = Some(d("2026-01-01"));
        q.to = Some(d("2026-01-31"));
        asked.push(q);
    }
    for standing in ["overdue", "due_soon", "on_time"] {
        let mut q = Query::all(Kind::Petition);
        q.conds.push(cond("standing", standing));
        asked.push(q.clone());
        q.sort = vec![("due_on", false)];
        asked.push(q);
    }
    for stage in ["received", "forwarded"] {
        let mut q = Query::all(Kind::Petition);
        q.conds.push(cond("stage", stage));
        asked.push(q);
    }
    for q in &asked {
        db.list(q, days(), 0, Some(50)).unwrap();
        if !q.conds.is_empty() || !q.units.is_empty() || q.from.is_some() {
            db.count(q, days()).unwrap();
        }
    }
    let mut due = Query::all(Kind::Petition);
    due.open = true;
    due.sort = vec![("due_on", false)];
    due.conds.push(Cond {
        key: "due_on",
        op: Op::Ne,
        value: Value::Null,
    });
    db.list_with_rule(&due, days(), Some(50)).unwrap();
    db.count(&due, days()).unwrap();
    rates_of_all(db);
    let statements = heard.lock().unwrap().clone();
    assert!(statements.len() > 40);
    let unserved = "SELECT id FROM petition WHERE note = 'x'".to_owned();
    assert_eq!(scans(&store.conn, &[unserved]).len(), 1);
    let found = scans(&store.conn, &statements);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_save_plans_nothing_anew_and_makes_no_file_to_take_itself_back() {
    let mut store = Store::in_memory().unwrap();
    let book = table(Kind::Petition);
    for _ in 0..3 {
        let next = store.write(|tx| super::record::next_number(tx.conn(), book, 2026));
        assert_eq!(next.unwrap(), 1);
        store.version().unwrap();
    }
    let number = super::record::next_number_sql(book);
    for sql in [number.as_str(), "PRAGMA data_version"] {
        let stmt = store.conn.prepare_cached(sql).unwrap();
        assert_eq!(stmt.get_status(StatementStatus::RePrepare), 0, "{sql}");
    }
    let asked = |sql: &str| {
        store
            .conn
            .query_row(sql, [], |r| r.get::<_, i64>(0))
            .unwrap()
    };
    let spill = "SELECT sqlite_compileoption_used('STMTJRNL_SPILL=122880')";
    assert_eq!(asked(spill), 1);
    assert_eq!(
        asked("SELECT v FROM search_config WHERE k = 'automerge'"),
        8
    );
}

#[test]
fn a_part_that_is_not_kept_counts_for_no_operation() {
    let mut store = Store::in_memory().unwrap();
    let stamp = ("lan", "2026-03-12T08:00:00+07:00");
    let edit = |tx: &Tx, id: i64| {
        let of = (Kind::Petition, id);
        tx.audit(stamp, of, Action::Edit, &Change::default(), None)
    };
    let done: Result<()> = store.write(|tx| {
        let failed: Result<()> = tx.attempt(|| {
            edit(tx, 1)?;
            Err(StoreError::Busy)
        });
        assert!(failed.is_err());
        // its operation went with it
        assert_eq!(tx.own_operation(), None);
        edit(tx, 2)?;
        let failed: Result<()> = tx.attempt(|| {
            edit(tx, 2)?;
            edit(tx, 3)?;
            Err(StoreError::Busy)
        });
        assert!(failed.is_err() && tx.has_changed((Kind::Petition, 2)));
        edit(tx, 4)
    });
    done.unwrap();
    let last = store.read().last_done("lan").unwrap().unwrap();
    assert_eq!(last.records, 2);
}

#[test]
fn saving_a_petition_makes_no_tables_on_its_way() {
    let store = Store::in_memory().unwrap();
    let made = |sql: &str| {
        let mut stmt = store.conn.prepare(&format!("EXPLAIN {sql}")).unwrap();
        let codes = stmt.query_map([], |r| r.get::<_, String>(1)).unwrap();
        let codes: Vec<String> = codes.collect::<rusqlite::Result<_>>().unwrap();
        codes.iter().filter(|c| *c == "OpenEphemeral").count()
    };
    let new = "INSERT INTO petition(number_year, number_seq, received_on, type, subject) VALUES (1,1,'','','')";
    assert_eq!(made(new), 0);
    assert_eq!(
        made("UPDATE petition SET handled_on = '', stage = '' WHERE id = 1"),
        0
    );
    assert_eq!(
        made("INSERT INTO operation(who, at, what, records) VALUES ('','','change',1)"),
        0
    );
}

#[test]
fn what_asks_for_open_petitions_goes_by_the_indexes_of_these() {
    use super::query::OPEN;
    let store = Store::in_memory().unwrap();
    for (index, asked, range) in [
        ("petition_due", "t.due_on < '2026'", "(due_on<?)"),
        ("petition_stage", "t.stage = 'forwarded'", "(stage=?)"),
        (
            "petition_open_unit",
            "t.unit_id = 1 AND t.due_on < '2026'",
            "(unit_id=? AND due_on<?)",
        ),
    ] {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT count(*) FROM petition t INDEXED BY {index} \
             WHERE t.deleted_at IS NULL AND {OPEN} AND {asked}"
        );
        // Where what is asked does not say what the index holds, there is no way by it.
        let mut stmt = store.conn.prepare(&sql).unwrap();
        let plan: String = stmt.query_row([], |r| r.get("detail")).unwrap();
        assert!(plan.ends_with(range), "{plan}");
    }
}

#[test]
fn an_operation_has_its_own_history_however_others_come_between() {
    let mut store = Store::in_memory().unwrap();
    let stamp = ("lan", "2026-03-12T08:00:00+07:00");
    let mut save = |of: Option<i64>, records: &[i64]| {
        let done: Result<Option<i64>> = store.write(|tx| {
            tx.goes_on(of);
            for id in records {
                let of = (Kind::Petition, *id);
                tx.audit(stamp, of, Action::Edit, &Change::default(), None)?;
            }
            Ok(tx.own_operation())
        });
        done.unwrap().unwrap()
    };
    let one = save(None, &[1]);
    let two = save(None, &[2, 3]);
    let three = save(None, &[4]);
    save(Some(two), &[5]);
    let four = save(None, &[6]);
    save(Some(two), &[7, 8]);
    let db = store.read();
    let of = |rows: Vec<OperationChange>| rows.iter().map(|c| c.record).collect::<Vec<_>>();
    for (id, records) in [
        (one, vec![1]),
        (two, vec![2, 3, 5, 7, 8]),
        (three, vec![4]),
        (four, vec![6]),
    ] {
        assert_eq!(of(db.operation_changes(id, None).unwrap()), records);
        let back = db.operation_changes_before(id, i64::MAX, 9).unwrap();
        assert!(of(back).iter().eq(records.iter().rev()), "{id}");
    }
}

#[test]
fn the_sums_of_what_is_entered_are_those_counted_again() {
    let store = Store::in_memory().unwrap();
    let new = "INSERT INTO petition(number_year, number_seq, subject, received_on, type, jurisdiction, unit_id, handled_on) \
        VALUES (?1, ?2, '', ?3, ?4, ?5, ?6, ?7)";
    let mut n = 0;
    for day in ["2009-12-31", "2019-12-31", "2020-01-01", "2026-03-12"] {
        for kind in ["complaint", "feedback", "recommendation"] {
            for own in ["own", "unknown"] {
                for (unit, handled) in [(None, None), (Some(1), None), (None, Some("2026-03-13"))] {
                    for _ in 0..2 {
                        n += 1;
                        let row = rusqlite::params![2026, n, day, kind, own, unit, handled];
                        store.conn.execute(new, row).unwrap();
                        assert!(store.read().sums_hold().unwrap(), "{day} {kind} {own}");
                    }
                }
            }
        }
    }
}
