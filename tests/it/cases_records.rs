//! Registers: find, filters of every operator on every type, order, what a record needs.
use crate::support::world::{World, d, exit, plain, refused};
use danvan::app::find::{self, CAP};
use danvan::app::records::{self, NewRecord};
use danvan::app::{Error, drafts};
use danvan::catalog;
use danvan::domain::collate;
use danvan::domain::fold::fold;
use danvan::domain::query::{Cond, Op, Query};
use danvan::domain::record::{Kind, Record};
use danvan::domain::value::{Code, Value};
use std::cmp::Ordering;

const TODAY: &str = "2026-11-20";

#[test]
fn find_holds_typed_marks_in_whatever_form() {
    let mut w = World::on(TODAY);
    let subjects = [
        "Tranh chấp đất đai ở ấp Phước Lợi",
        "Đường liên ấp hư hỏng",
        "Cây dương đổ",
        "Hòa giải ở cơ sở",
        "Hoà giải không thành",
    ];
    let ids: Vec<i64> = subjects
        .iter()
        .map(|s| w.petition("2026-03-02", "feedback", &[("subject", s)]))
        .collect();
    let found = |w: &World, text: &str| -> Vec<i64> {
        let mut all: Vec<i64> = find::find(&w.cx, text, Some(Kind::Petition), 100)
            .unwrap()
            .iter()
            .map(|f| f.id)
            .collect();
        let counted = find::counts(&w.cx, text, Some(Kind::Petition)).unwrap();
        assert_eq!(counted[0].count, all.len(), "{text}");
        all.sort_unstable();
        all
    };
    let at = |list: &[usize]| list.iter().map(|i| ids[*i]).collect::<Vec<_>>();
    assert_eq!(found(&w, "dat dai"), at(&[0]));
    assert_eq!(found(&w, "đất đai"), at(&[0]));
    assert_eq!(found(&w, "ĐẤT ĐAI"), at(&[0]));
    // words in any order, the last one unfinished
    assert_eq!(found(&w, "ap tran"), at(&[0]));
    assert_eq!(found(&w, "đai đất"), at(&[0]));
    // a finished word is whole
    assert_eq!(found(&w, "tran chap"), at(&[]));
    assert_eq!(found(&w, "đường"), at(&[1]));
    assert_eq!(found(&w, "duong"), at(&[1, 2]));
    assert_eq!(found(&w, "đát"), at(&[0]));
    assert_eq!(found(&w, "đạt"), at(&[]));
    // NFD as a Mac types it, and both places of a tone
    assert_eq!(found(&w, "d\u{323}a\u{302}\u{301}t").len(), 0);
    assert_eq!(found(&w, "đa\u{302}\u{301}t"), at(&[0]));
    assert_eq!(found(&w, "hòa giải"), at(&[3, 4]));
    assert_eq!(found(&w, "hoà giải"), at(&[3, 4]));
    for odd in [
        "",
        "  ",
        "\"",
        "*",
        "đất AND",
        "(",
        "NEAR",
        "^",
        "đất*",
        "a\"b",
        "-",
        "đai:",
    ] {
        find::find(&w.cx, odd, None, 10).unwrap();
        find::counts(&w.cx, odd, None).unwrap();
    }
}

#[test]
fn find_stands_in_groups_newest_first_and_counts_to_its_cap() {
    let mut w = World::on(TODAY);
    let first = w.petition(
        "2026-03-02",
        "feedback",
        &[("subject", "Nước sạch Vĩnh Long")],
    );
    let second = w.petition(
        "2026-03-01",
        "feedback",
        &[("subject", "Nước Vĩnh Long đục")],
    );
    let model = w.add(
        Kind::Model,
        &[
            ("name", "Khu dân cư tự quản"),
            ("registered_on", "2026-02-01"),
            ("registrant_name", "Chi hội Nông dân"),
            ("tags", "vĩnh long, nước"),
        ],
    );
    let found = find::find(&w.cx, "vinh long", None, 3).unwrap();
    let brief: Vec<(Kind, i64)> = found
        .iter()
        .filter(|f| f.kind != Kind::Unit)
        .map(|f| (f.kind, f.id))
        .collect();
    assert_eq!(
        brief,
        [
            (Kind::Model, model),
            (Kind::Petition, second),
            (Kind::Petition, first)
        ]
    );
    assert_eq!(found.iter().filter(|f| f.kind == Kind::Unit).count(), 3);
    let hit = found.iter().find(|f| f.kind == Kind::Model).unwrap();
    assert_eq!(hit.title, "Khu dân cư tự quản");
    assert!(hit.snippet.contains("vĩnh long"), "{}", hit.snippet);
    // by its number, and not any more once removed
    let by_number = find::find(&w.cx, "2/2026", Some(Kind::Petition), 10).unwrap();
    assert_eq!(by_number[0].id, second);
    records::set_removed(&mut w.cx, Kind::Petition, second, true).unwrap();
    assert!(find::find(&w.cx, "đục", None, 10).unwrap().is_empty());
    records::set_removed(&mut w.cx, Kind::Petition, second, false).unwrap();
    assert_eq!(find::find(&w.cx, "đục", None, 10).unwrap().len(), 1);
    // what was edited is found by its new words only
    w.edit(Kind::Petition, second, &[("subject", "Điện yếu")])
        .unwrap();
    assert!(find::find(&w.cx, "đục", None, 10).unwrap().is_empty());
    assert_eq!(
        find::find(&w.cx, "dien yeu", None, 10).unwrap()[0].id,
        second
    );
    // «xã» is in the name of thousands
    let counts = find::counts(&w.cx, "xa", None).unwrap();
    let units = counts.iter().find(|c| c.kind == Kind::Unit).unwrap();
    assert!(units.capped && units.count == CAP);
    let order: Vec<Kind> = counts.iter().map(|c| c.kind).collect();
    assert_eq!(order, Kind::ALL);
}

#[test]
fn a_snippet_never_shows_who_it_was() {
    let mut w = World::on(TODAY);
    w.petition(
        "2026-03-02",
        "complaint",
        &[("petitioner", "Trần Thị Mẫu"), ("address", "Ấp Mẫu")],
    );
    let found = find::find(&w.cx, "tran thi mau", Some(Kind::Petition), 10).unwrap();
    assert_eq!(found.len(), 1);
    assert!(!format!("{found:?}").contains("Mẫu"), "{found:?}");
}

/// Records with all kinds of values, some not entered.
fn assorted(w: &mut World) {
    for (name, year, unit, tags, field, beneficiaries, on) in [
        (
            "Ánh sáng an ninh",
            "2026",
            "86",
            "crime_prevention, ánh sáng",
            "defence_security",
            "120",
            "2026-02-01",
        ),
        (
            "ánh sáng đường quê",
            "2026",
            "29602",
            "ánh sáng",
            "economy",
            "",
            "2026-03-01",
        ),
        ("Camera an ninh", "2025", "", "", "", "1.350", "2025-02-01"),
        (
            "Đường hoa",
            "2025",
            "01",
            "môi trường",
            "culture_society",
            "9",
            "2025-12-01",
        ),
        ("An cư", "2024", "86", "", "economy", "10", "2024-05-05"),
    ] {
        let mut fields = vec![
            ("name", name),
            ("year", year),
            ("unit", unit),
            ("tags", tags),
            ("field", field),
            ("beneficiaries", beneficiaries),
            ("registered_on", on),
            ("registrant_name", "Chi hội"),
        ];
        fields.retain(|(_, text)| !text.is_empty());
        w.add(Kind::Model, &fields);
    }
    for (group, people, first) in [("có", "7", ""), ("không", "1", "có"), ("", "2", "không")] {
        let mut fields = vec![
            ("received_on", "2026-02-01"),
            ("content", "Hỏi về đất"),
            ("people", people),
            ("group", group),
            ("first_time", first),
        ];
        fields.retain(|(_, text)| !text.is_empty());
        w.add(Kind::Reception, &fields);
    }
    for (value, denominator) in [("8.328", "8574"), ("163,4", ""), ("13.163", "")] {
        let mut fields = vec![
            ("indicator", "DON_GQ"),
            ("period_from", "2019-01-01"),
            ("period_to", "2019-05-31"),
            ("value", value),
            ("reporter", "Công an tỉnh"),
            ("denominator", denominator),
        ];
        fields.retain(|(_, text)| !text.is_empty());
        w.add(Kind::Figure, &fields);
    }
}

fn ordering(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Int(a) | Value::Ref(a), Value::Int(b) | Value::Ref(b)) => Some(a.cmp(b)),
        (Value::Dec(a), Value::Dec(b)) => a.to_f64().partial_cmp(&b.to_f64()),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Unit(a), Value::Unit(b)) => Some(a.code.cmp(&b.code)),
        _ => None,
    }
}

/// What a condition keeps, said without SQL.
fn keeps(value: &Value, cond: &Cond) -> bool {
    let order = ordering(value, &cond.value);
    let tagged = match (value, &cond.value) {
        (Value::List(items), Value::List(wanted)) => wanted.iter().all(|t| items.contains(t)),
        (a, b) => (a.is_null() && b.is_null()) || order == Some(Ordering::Equal),
    };
    match cond.op {
        Op::Eq => tagged,
        Op::Ne => !tagged,
        Op::Lt => order == Some(Ordering::Less),
        Op::Le => order.is_some_and(Ordering::is_le),
        Op::Gt => order == Some(Ordering::Greater),
        Op::Ge => order.is_some_and(Ordering::is_ge),
        Op::Contains => {
            !value.is_null() && fold(&plain(value)).contains(&fold(&plain(&cond.value)))
        }
    }
}

#[test]
fn every_operator_on_every_type() {
    let mut w = World::on(TODAY);
    assorted(&mut w);
    let mut tried = 0;
    for (kind, keys) in [
        (
            Kind::Model,
            &[
                "name",
                "year",
                "unit",
                "tags",
                "field",
                "beneficiaries",
                "registered_on",
                "id",
                "number",
            ][..],
        ),
        (
            Kind::Reception,
            &["group", "people", "first_time", "content", "mode"][..],
        ),
        (
            Kind::Figure,
            &["value", "denominator", "period_to", "reporter"][..],
        ),
    ] {
        let rows = records::list(&w.cx, &Query::all(kind), 0, None).unwrap();
        assert!(rows.len() >= 3);
        for key in keys {
            let field = catalog::any_field(kind, key).unwrap();
            let mut values: Vec<Value> = rows
                .iter()
                .map(|r| catalog::value_of(r.as_ref(), key))
                .collect();
            if let Some(Value::List(items)) = values.iter().find(|v| !v.is_null()).cloned() {
                values.push(Value::List(vec![items[0].clone()]));
                values.retain(|v| !matches!(v, Value::List(l) if l.len() > 1));
            }
            values.push(Value::Null);
            for value in &values {
                for op in Op::ALL {
                    let compares = matches!(op, Op::Lt | Op::Le | Op::Gt | Op::Ge);
                    if (compares || *op == Op::Contains) && value.is_null() {
                        continue;
                    }
                    let text = matches!(value, Value::Text(_) | Value::List(_) | Value::Unit(_));
                    if (*op == Op::Contains && !text)
                        || (compares && matches!(value, Value::List(_)))
                    {
                        continue;
                    }
                    if compares && *key == "number" {
                        continue;
                    }
                    let cond = Cond {
                        key: field.key,
                        op: *op,
                        value: value.clone(),
                    };
                    let expected: Vec<i64> = rows
                        .iter()
                        .filter(|r| keeps(&catalog::value_of(r.as_ref(), key), &cond))
                        .map(|r| r.head().id)
                        .collect();
                    let mut query = Query::all(kind);
                    query.conds.push(cond.clone());
                    assert_eq!(w.ids(&query), expected, "{kind:?} {cond:?}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

#[test]
fn filters_as_people_write_them() {
    let mut w = World::on(TODAY);
    assorted(&mut w);
    let f = |w: &World, key, op, typed: &str| w.filtered(Kind::Model, key, op, typed);
    assert_eq!(f(&w, "tags", Op::Eq, "crime_prevention"), [1]);
    assert_eq!(f(&w, "tags", Op::Ne, "ánh sáng"), [3, 4, 5]);
    assert_eq!(f(&w, "tags", Op::Contains, "anh sang"), [1, 2]);
    assert_eq!(f(&w, "name", Op::Contains, "anh SANG"), [1, 2]);
    assert_eq!(f(&w, "field", Op::Eq, "kinh tế"), [2, 5]);
    assert_eq!(f(&w, "beneficiaries", Op::Gt, "100"), [1, 3]);
    assert_eq!(f(&w, "registered_on", Op::Lt, "1/12/2025"), [3, 5]);
    assert_eq!(f(&w, "unit", Op::Eq, ""), [3]);
    // as pairs of sequence and year, not as text
    for _ in 0..9 {
        w.add(
            Kind::Model,
            &[
                ("name", "x"),
                ("registered_on", "2026-04-01"),
                ("registrant_name", "y"),
            ],
        );
    }
    assert_eq!(f(&w, "number", Op::Eq, "2/2026"), [2]);
    assert_eq!(f(&w, "number", Op::Lt, "3/2026"), [1, 2, 3, 4, 5]);
    assert_eq!(f(&w, "number", Op::Ge, "10/2026"), [13, 14]);
    // all conditions hold together, with words, period and unit
    let mut q = Query::all(Kind::Model);
    q.words = "an ninh".into();
    assert_eq!(w.ids(&q), [1, 3]);
    q.from = Some(d("2026-01-01"));
    assert_eq!(w.ids(&q), [1]);
    q.units = danvan::app::units::scope(&w.cx, "01").unwrap();
    assert!(w.ids(&q).is_empty());
    q.words = "zzz".into();
    assert!(w.ids(&q).is_empty());
}

#[test]
fn computed_fields_are_filtered_and_sorted_too() {
    let mut w = World::on("2026-07-08");
    let late = w.petition("2026-06-01", "complaint", &[]);
    let soon = w.petition("2026-07-01", "complaint", &[]);
    let time = w.petition("2026-07-08", "feedback", &[]);
    let done = w.petition("2026-06-01", "feedback", &[]);
    w.step(done, "resolve", "2026-06-30", &[]);
    let waiting = w.petition("2026-06-01", "complaint", &[]);
    w.step(waiting, "forward", "2026-06-02", &[("to", "86")]);
    let f = |key, op, typed| w.filtered(Kind::Petition, key, op, typed);
    for (standing, ids) in [
        ("overdue", vec![late]),
        ("due_soon", vec![soon]),
        ("on_time", vec![time]),
        ("resolved_late", vec![done]),
        ("none", vec![waiting]),
    ] {
        assert_eq!(f("standing", Op::Eq, standing), ids, "{standing}");
    }
    assert_eq!(f("days_left", Op::Lt, "0"), [late]);
    assert_eq!(f("stage", Op::Ne, "received"), [done, waiting]);
    assert_eq!(f("resolved_on", Op::Ge, "2026-06-30"), [done]);
    assert_eq!(f("due_on", Op::Eq, ""), [waiting]);
    let mut q = Query::all(Kind::Petition);
    q.sort = vec![("due_on", false)];
    assert_eq!(w.ids(&q).last(), Some(&waiting));
    q.sort = vec![("due_on", true)];
    assert_eq!(w.ids(&q).last(), Some(&waiting));
    q.sort = vec![("number", true)];
    assert_eq!(w.ids(&q), [waiting, done, time, soon, late]);
}

#[test]
fn names_sort_as_vietnamese_does() {
    let mut w = World::on(TODAY);
    let people = [
        "Trần Văn Ánh",
        "Lê Thị Bông",
        "Nguyễn An",
        "Đặng Ân",
        "Bùi Ẩn",
        "Võ Đức",
        "Vũ Dũng",
        "Phạm An",
    ];
    for name in people {
        w.petition(
            "2026-03-02",
            "complaint",
            &[("petitioner", name), ("subject", name)],
        );
    }
    let column = |w: &World, key: &'static str| -> Vec<String> {
        let mut q = Query::all(Kind::Petition);
        q.sort = vec![(key, false)];
        records::list(&w.cx, &q, 0, None)
            .unwrap()
            .iter()
            .map(|r| plain(&r.get(key)))
            .collect()
    };
    let mut by_given = people.to_vec();
    by_given.sort_by_key(|name| collate::person_key(name));
    assert_eq!(column(&w, "petitioner"), by_given);
    assert_eq!(by_given[0], "Nguyễn An");
    let mut by_text = people.to_vec();
    by_text.sort_by(|a, b| collate::compare(a, b));
    assert_eq!(column(&w, "subject"), by_text);
}

#[test]
fn pages_of_a_list_make_the_whole() {
    let mut w = World::on(TODAY);
    for n in 0..25 {
        w.petition("2026-03-02", "feedback", &[("subject", &format!("s{n}"))]);
    }
    let q = Query::all(Kind::Petition);
    let whole = w.ids(&q);
    let mut pages = Vec::new();
    for offset in [0, 10, 20, 30] {
        let page = records::list(&w.cx, &q, offset, Some(10)).unwrap();
        pages.extend(page.iter().map(|r| r.head().id));
    }
    assert_eq!(pages, whole);
    // newest first where nothing else is asked for
    assert_eq!(whole.first(), Some(&25));
    let mut seen = Vec::new();
    records::each(&w.cx, &q, None, |r| {
        seen.push(r.head().id);
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, whole);
}

#[test]
fn what_a_record_needs() {
    let mut w = World::on(TODAY);
    let missing = |w: &mut World, kind, fields: &[(&str, &str)]| refused(w.try_add(kind, fields));
    assert_eq!(
        missing(&mut w, Kind::Petition, &[]),
        ["received_on", "type", "subject"]
    );
    assert_eq!(
        missing(
            &mut w,
            Kind::Petition,
            &[
                ("received_on", "2026-11-21"),
                ("type", "complaint"),
                ("subject", "x")
            ]
        ),
        ["received_on"]
    );
    assert_eq!(
        missing(
            &mut w,
            Kind::Petition,
            &[
                ("received_on", "2026-11-02"),
                ("written_on", "2026-11-03"),
                ("type", "complaint"),
                ("subject", "x")
            ]
        ),
        ["received_on"]
    );
    assert!(
        missing(&mut w, Kind::Reception, &[("received_on", "2026-12-01")]).contains(&"received_on")
    );
    assert_eq!(
        missing(
            &mut w,
            Kind::Figure,
            &[
                ("indicator", "X"),
                ("period_from", "2019-06-01"),
                ("period_to", "2019-05-31"),
                ("value", "1"),
                ("printed_rate", "97,23"),
            ]
        ),
        ["period_to", "unit", "denominator"]
    );
    assert_eq!(
        missing(
            &mut w,
            Kind::Opinion,
            &[("dialogue", "7"), ("content", "x")]
        ),
        ["dialogue"]
    );
    assert_eq!(
        missing(
            &mut w,
            Kind::Reception,
            &[
                ("received_on", "2026-11-01"),
                ("content", "x"),
                ("petition", "7")
            ]
        ),
        ["petition"]
    );
    let json = serde_json::json!({"khac": 1, "received_on": "2026-02-31", "people": "nhiều"});
    let problems = records::from_json(&w.cx, Kind::Reception, &json).unwrap_err();
    assert_eq!(problems.len(), 3);
}

#[test]
fn a_model_takes_the_year_of_its_registration() {
    let mut w = World::on(TODAY);
    let id = w.add(
        Kind::Model,
        &[
            ("name", "x"),
            ("registered_on", "2024-05-05"),
            ("registrant_name", "y"),
        ],
    );
    assert_eq!(w.text(Kind::Model, id, "year"), "2024");
    let record = records::get(&w.cx, Kind::Model, id).unwrap();
    assert_eq!(record.head().number, Some((1, 2024)));
    assert_eq!(
        refused(w.edit(Kind::Model, id, &[("year", "2025")])),
        ["year"]
    );
}

#[test]
fn a_dialogue_with_its_opinions() {
    let mut w = World::on(TODAY);
    let json = serde_json::json!({
        "held_on": "2026-05-05", "topic": "Nước sạch", "unit": "86",
        "opinions": [
            {"content": "một", "due_on": "2026-06-01", "assigned_unit": "29602"},
            {"content": "hai", "status": "answered", "answered_on_spot": true, "answered_on": "2026-05-05"},
        ],
    });
    let new = records::from_json(&w.cx, Kind::Dialogue, &json).unwrap();
    let added = records::add(&mut w.cx, Kind::Dialogue, &[new]).unwrap();
    let id = added[0].head().id;
    let orders = |w: &World| -> Vec<String> {
        records::pointing(&w.cx, Kind::Opinion, "dialogue", id)
            .unwrap()
            .iter()
            .map(|o| format!("{} {}", plain(&o.get("order")), plain(&o.get("content"))))
            .collect()
    };
    assert_eq!(orders(&w), ["1 một", "2 hai"]);
    let link = id.to_string();
    let third = w.add(Kind::Opinion, &[("dialogue", &link), ("content", "ba")]);
    assert_eq!(orders(&w), ["1 một", "2 hai", "3 ba"]);
    assert_eq!(
        refused(w.edit(Kind::Opinion, third, &[("answered_on", "2026-05-04")])),
        ["answered_on"]
    );
    // one bad opinion: nothing of the dialogue is kept
    let json =
        serde_json::json!({"held_on": "2026-05-05", "topic": "Chợ", "opinions": [{"order": 1}]});
    let new = records::from_json(&w.cx, Kind::Dialogue, &json).unwrap();
    assert_eq!(
        refused(records::add(&mut w.cx, Kind::Dialogue, &[new])),
        ["content"]
    );
    assert_eq!(w.ids(&Query::all(Kind::Dialogue)), [id]);
    // removed, it takes its opinions along and brings back those it took
    records::set_removed(&mut w.cx, Kind::Opinion, third, true).unwrap();
    w.later("2026-11-21");
    records::set_removed(&mut w.cx, Kind::Dialogue, id, true).unwrap();
    assert!(w.ids(&Query::all(Kind::Opinion)).is_empty());
    assert_eq!(
        exit(records::set_removed(&mut w.cx, Kind::Opinion, third, false)),
        3
    );
    w.later("2026-11-22");
    records::set_removed(&mut w.cx, Kind::Dialogue, id, false).unwrap();
    assert_eq!(orders(&w), ["1 một", "2 hai"]);
}

#[test]
fn an_opinion_has_its_result_on_a_day() {
    let mut w = World::on(TODAY);
    let held = w.add(
        Kind::Dialogue,
        &[("held_on", "2026-05-05"), ("topic", "Nước sạch")],
    );
    let of = held.to_string();
    let open = [("dialogue", of.as_str()), ("content", "Sửa ống nước")];
    let answered = [&open[..], &[("status", "answered")]].concat();
    assert_eq!(
        refused(w.try_add(Kind::Opinion, &answered)),
        ["answered_on"]
    );
    let id = w.add(Kind::Opinion, &open);
    let edited = w.edit(Kind::Opinion, id, &[("status", "answered")]);
    assert_eq!(refused(edited), ["answered_on"]);
    let told = [("status", "answered"), ("answered_on", "2026-05-21")];
    w.edit(Kind::Opinion, id, &told).unwrap();
    let cleared = w.edit(Kind::Opinion, id, &[("answered_on", "")]);
    assert_eq!(refused(cleared), ["answered_on"]);
    // What was answered in the dialogue itself has its day.
    let on_spot = [&answered[..], &[("answered_on_spot", "true")]].concat();
    w.add(Kind::Opinion, &on_spot);
}

#[test]
fn a_total_is_no_part_of_itself() {
    let mut w = World::on(TODAY);
    let figure = |w: &mut World, part_of: &str| {
        let mut fields = vec![
            ("indicator", "DVK_DK"),
            ("period_from", "2023-01-01"),
            ("period_to", "2023-12-31"),
            ("value", "13163"),
            ("unit", "86"),
        ];
        if !part_of.is_empty() {
            fields.push(("part_of", part_of));
        }
        w.add(Kind::Figure, &fields)
    };
    let total = figure(&mut w, "");
    let part = figure(&mut w, &total.to_string());
    let low = figure(&mut w, &part.to_string());
    for id in [total, low] {
        assert_eq!(
            refused(w.edit(Kind::Figure, total, &[("part_of", &id.to_string())])),
            ["part_of"]
        );
    }
    assert_eq!(
        exit(records::set_removed(&mut w.cx, Kind::Figure, total, true)),
        3
    );
}

#[test]
fn removed_ones_are_listed_apart() {
    let mut w = World::on(TODAY);
    for kind in [
        Kind::Model,
        Kind::Dialogue,
        Kind::Petition,
        Kind::Reception,
        Kind::Figure,
    ] {
        let fields: &[(&str, &str)] = match kind {
            Kind::Model => &[
                ("name", "x"),
                ("registered_on", "2026-04-01"),
                ("registrant_name", "y"),
            ],
            Kind::Dialogue => &[("held_on", "2026-04-01"), ("topic", "x")],
            Kind::Petition => &[
                ("received_on", "2026-04-01"),
                ("type", "feedback"),
                ("subject", "x"),
            ],
            Kind::Reception => &[("received_on", "2026-04-01"), ("content", "x")],
            _ => &[
                ("indicator", "X"),
                ("period_from", "2019-01-01"),
                ("period_to", "2019-05-31"),
                ("value", "1"),
                ("unit", "86"),
            ],
        };
        let id = w.add(kind, fields);
        let lists = |w: &World| {
            let mut q = Query::all(kind);
            let live = w.ids(&q);
            q.deleted = true;
            (live, w.ids(&q))
        };
        assert_eq!(lists(&w), (vec![id], vec![]), "{kind:?}");
        records::set_removed(&mut w.cx, kind, id, true).unwrap();
        assert_eq!(lists(&w), (vec![], vec![id]), "{kind:?}");
        assert!(records::get(&w.cx, kind, id).unwrap().head().deleted);
        // again changes nothing
        records::set_removed(&mut w.cx, kind, id, true).unwrap();
        assert_eq!(records::history(&w.cx, kind, id).unwrap().len(), 2);
        records::set_removed(&mut w.cx, kind, id, false).unwrap();
        assert_eq!(lists(&w), (vec![id], vec![]), "{kind:?}");
        assert_eq!(exit(records::set_removed(&mut w.cx, kind, 999, true)), 4);
    }
}

#[test]
fn a_draft_is_private_and_belongs_to_its_database() {
    use std::os::unix::fs::MetadataExt;
    let w = World::on(TODAY);
    let config = w.cx.config().clone();
    assert!(drafts::list(&config).unwrap().is_empty());
    let draft = drafts::Draft {
        id: drafts::new_id(),
        kind: Kind::Dialogue,
        record: Some(3),
        rev: Some(2),
        saved_at: w.cx.stamp(),
        base: Vec::new(),
        fields: vec![
            ("topic".into(), "Nước".into()),
            ("held_on".into(), "1/1".into()),
        ],
        ..drafts::Draft::of(Kind::Dialogue)
    };
    drafts::save(&config, &draft).unwrap();
    drafts::save(&config, &draft).unwrap();
    assert_eq!(drafts::list(&config).unwrap(), std::slice::from_ref(&draft));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    let folder = config.state_dir.join("drafts");
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join(format!("{}.json", draft.id))), 0o600);
    let mut other = config.clone();
    other.db = w.file("khac.db");
    assert!(drafts::list(&other).unwrap().is_empty());
    std::fs::write(folder.join("hong.json"), "{").unwrap();
    assert_eq!(drafts::list(&config).unwrap().len(), 1);
    drafts::discard(&config, &draft.id).unwrap();
    assert_eq!(exit(drafts::discard(&config, &draft.id)), 4);
    assert_ne!(drafts::new_id(), drafts::new_id());
}

#[test]
fn a_number_of_the_book_is_a_reference() {
    let mut w = World::on(TODAY);
    let petition = w.petition("2026-03-02", "complaint", &[]);
    let visit = w.add(
        Kind::Reception,
        &[
            ("received_on", "2026-03-02"),
            ("content", "x"),
            ("petition", "1/2026"),
        ],
    );
    assert_eq!(
        w.text(Kind::Reception, visit, "petition"),
        petition.to_string()
    );
    let field = catalog::field(Kind::Reception, "petition").unwrap();
    assert!(records::value(&w.cx, field, "2/2026").is_err());
    let none: Result<Vec<Box<dyn Record>>, Error> = records::add(&mut w.cx, Kind::Model, &[]);
    assert!(none.unwrap().is_empty());
    let empty = records::add(&mut w.cx, Kind::Model, &[NewRecord::default()]);
    assert!(refused(empty).contains(&"name"));
}
