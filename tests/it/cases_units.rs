//! Units in time: what a code means on a day, the office's own tree, what hangs below a unit.
use crate::support::world::{World, d, exit, refused};
use danvan::app::Error;
use danvan::app::records::{self, NewRecord};
use danvan::app::units::{self, Counted};
use danvan::domain::record::Kind;
use danvan::domain::unit::SuccessionKind;
use danvan::domain::words::Lang;

const TODAY: &str = "2026-11-20";

fn id_of(w: &World, code: &str) -> i64 {
    units::locate(&w.cx, code).unwrap().id
}

fn own(w: &mut World, code: &str, parent: &str, more: &[(&str, &str)]) -> i64 {
    let mut fields = vec![
        ("code", code),
        ("name", code),
        ("level", "department"),
        ("branch", "party"),
        ("parent", parent),
        ("valid_from", "2020-01-01"),
    ];
    fields.retain(|(key, _)| !more.iter().any(|(k, _)| k == key));
    fields.extend(more);
    w.add(Kind::Unit, &fields)
}

#[test]
fn a_code_means_the_unit_of_the_records_day() {
    let mut w = World::on(TODAY);
    let old = w.petition("2025-06-30", "complaint", &[("unit", "86")]);
    let new = w.petition("2025-07-01", "complaint", &[("unit", "86")]);
    let (old, new) = (w.read(old), w.read(new));
    assert_ne!(
        old.unit.as_ref().map(|u| u.id),
        new.unit.as_ref().map(|u| u.id)
    );
    assert_eq!(old.unit.unwrap().id, id_of(&w, "86@2025-06-30"));
    assert_eq!(new.unit.unwrap().id, id_of(&w, "86"));
    // a record that moves over the change takes the code's unit of its new day
    w.edit(
        Kind::Petition,
        old.head.id,
        &[("received_on", "2025-07-02")],
    )
    .unwrap();
    assert_eq!(w.read(old.head.id).unit.unwrap().id, id_of(&w, "86"));
    // a code with a day must agree with the record's day
    let fields = [
        ("received_on", "2026-03-02"),
        ("type", "complaint"),
        ("subject", "x"),
        ("unit", "86@2024-01-01"),
    ];
    assert_eq!(refused(w.try_add(Kind::Petition, &fields)), ["unit"]);
}

#[test]
fn a_unit_outside_its_validity_is_refused_with_its_dates_and_heirs() {
    let mut w = World::on(TODAY);
    let fields = |code: &'static str, on: &'static str| {
        [
            ("received_on", on),
            ("type", "complaint"),
            ("subject", "x"),
            ("unit", code),
        ]
    };
    let text = |e: Error| {
        assert_eq!(e.exit_code(), 3);
        e.text(Lang::Vi)
    };
    // Hà Giang went into Tuyên Quang on 1/7/2025
    let said = text(
        w.try_add(Kind::Petition, &fields("02", "2026-03-02"))
            .unwrap_err(),
    );
    for part in [
        "02",
        "02/03/2026",
        "Tỉnh Hà Giang",
        "30/06/2025",
        "nay thuộc",
        "Tuyên Quang",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = text(
        w.try_add(Kind::Petition, &fields("99999", "2026-03-02"))
            .unwrap_err(),
    );
    assert!(said.contains("99999"), "{said}");
    w.add(Kind::Petition, &fields("02", "2025-03-02"));
    // a district ended, its area lives on in the heirs of its communes
    let district = units::locate(&w.cx, "857").unwrap();
    let fate = units::fate(&w.cx, district.id).unwrap();
    assert!(fate.through_children && !fate.successors.is_empty());
    let province = units::fate(&w.cx, id_of(&w, "86")).unwrap();
    assert_eq!(province.origins.len(), 3);
    assert!(!province.through_children);
}

#[test]
fn lives_of_a_code_do_not_overlap() {
    let mut w = World::on(TODAY);
    let unit = |from: &'static str, to: &'static str| {
        [
            ("code", "BDV"),
            ("name", "Ban Dân vận"),
            ("level", "department"),
            ("branch", "party"),
            ("valid_from", from),
            ("valid_to", to),
        ]
    };
    w.add(Kind::Unit, &unit("2015-01-01", "2024-12-31"));
    assert_eq!(
        refused(w.try_add(Kind::Unit, &unit("2024-12-31", ""))),
        ["code"]
    );
    assert_eq!(
        refused(w.try_add(Kind::Unit, &unit("", "2015-01-01"))),
        ["code"]
    );
    assert_eq!(
        refused(w.try_add(Kind::Unit, &unit("2016-01-01", "2015-01-01"))),
        ["valid_to", "code"]
    );
    let later = w.add(Kind::Unit, &unit("2025-01-01", ""));
    w.add(Kind::Unit, &unit("", "2014-12-31"));
    assert_eq!(
        refused(w.edit(Kind::Unit, later, &[("valid_from", "2024-06-01")])),
        ["code"]
    );
    assert_eq!(units::scope(&w.cx, "BDV").unwrap().len(), 3);
    assert_eq!(units::scope(&w.cx, "BDV@2025-02-01").unwrap(), [later]);
    assert_eq!(exit(units::scope(&w.cx, "KHAC")), 3);
    // a removed life makes room, and cannot come back once the room is taken
    records::set_removed(&mut w.cx, Kind::Unit, later, true).unwrap();
    let again = w.add(Kind::Unit, &unit("2025-01-01", ""));
    assert_eq!(
        exit(records::set_removed(&mut w.cx, Kind::Unit, later, false)),
        3
    );
    records::set_removed(&mut w.cx, Kind::Unit, again, true).unwrap();
    records::set_removed(&mut w.cx, Kind::Unit, later, false).unwrap();
}

#[test]
fn no_unit_lies_below_itself_and_a_moved_subtree_goes_along() {
    let mut w = World::on(TODAY);
    let top = own(&mut w, "TU", "", &[]);
    let other = own(&mut w, "CA", "", &[("branch", "police")]);
    let mid = own(&mut w, "TU.B", "TU", &[]);
    let low = own(&mut w, "TU.B.1", "TU.B", &[]);
    assert_eq!(
        refused(w.edit(Kind::Unit, top, &[("parent", "TU.B.1")])),
        ["parent"]
    );
    assert_eq!(
        refused(w.edit(Kind::Unit, top, &[("parent", "TU")])),
        ["parent"]
    );
    let at = w.petition("2026-03-02", "complaint", &[("unit", "TU.B.1")]);
    let petitions = |w: &World, id: i64| units::counts(&w.cx, id).unwrap().petitions;
    assert_eq!(
        (petitions(&w, top), petitions(&w, mid), petitions(&w, other)),
        (1, 1, 0)
    );
    w.edit(Kind::Unit, mid, &[("parent", "CA")]).unwrap();
    assert_eq!(
        (petitions(&w, top), petitions(&w, mid), petitions(&w, other)),
        (0, 1, 1)
    );
    let path: Vec<String> = units::path(&w.cx, low, d(TODAY))
        .unwrap()
        .into_iter()
        .map(|u| u.code)
        .collect();
    assert_eq!(path, ["CA", "TU.B", "TU.B.1"]);
    // out of every tree, and back under the first
    w.edit(Kind::Unit, mid, &[("parent", "")]).unwrap();
    assert_eq!(
        (petitions(&w, top), petitions(&w, mid), petitions(&w, other)),
        (0, 1, 0)
    );
    w.edit(Kind::Unit, mid, &[("parent", "TU")]).unwrap();
    assert_eq!((petitions(&w, top), petitions(&w, other)), (1, 0));
    // the one below may now move up past its former parent
    w.edit(Kind::Unit, low, &[("parent", "CA")]).unwrap();
    w.edit(Kind::Unit, mid, &[("parent", "TU.B.1")]).unwrap();
    assert_eq!(
        (petitions(&w, top), petitions(&w, other), petitions(&w, mid)),
        (0, 1, 0)
    );
    // what others stand on is not removed
    assert_eq!(
        exit(records::set_removed(&mut w.cx, Kind::Unit, low, true)),
        3
    );
    records::set_removed(&mut w.cx, Kind::Petition, at, true).unwrap();
    records::set_removed(&mut w.cx, Kind::Unit, mid, true).unwrap();
    records::set_removed(&mut w.cx, Kind::Unit, low, true).unwrap();
    assert_eq!(exit(units::locate(&w.cx, "TU.B.1")), 4);
}

#[test]
fn a_parent_must_be_there_when_the_unit_begins() {
    let mut w = World::on(TODAY);
    let fields = [
        ("code", "P1"),
        ("name", "Phòng 1"),
        ("level", "department"),
        ("branch", "party"),
        ("parent", "02"),
        ("valid_from", "2026-01-01"),
    ];
    assert_eq!(refused(w.try_add(Kind::Unit, &fields)), ["parent"]);
}

#[test]
fn successors_are_rows() {
    let mut w = World::on(TODAY);
    own(&mut w, "DV", "", &[("valid_to", "2025-02-28")]);
    let new = own(&mut w, "TGDV", "", &[("valid_from", "2025-03-01")]);
    let old = units::locate(&w.cx, "DV").unwrap();
    let heirs = vec![("TGDV".to_owned(), SuccessionKind::Whole)];
    records::set_successors(&mut w.cx, old.id, &heirs).unwrap();
    let fate = units::fate(&w.cx, old.id).unwrap();
    assert_eq!(
        fate.successors.iter().map(|s| s.id).collect::<Vec<_>>(),
        [new]
    );
    assert_eq!(units::fate(&w.cx, new).unwrap().origins[0].id, old.id);
    let wrong = vec![("KHAC".to_owned(), SuccessionKind::Part)];
    assert_eq!(
        refused(records::set_successors(&mut w.cx, old.id, &wrong)),
        ["successors"]
    );
    let itself = vec![("DV".to_owned(), SuccessionKind::Part)];
    assert_eq!(
        refused(records::set_successors(&mut w.cx, old.id, &itself)),
        ["successors"]
    );
    // refused with the record when given at its birth: nothing is kept
    let json = serde_json::json!({"code": "MOI", "name": "Mới", "level": "department",
        "valid_to": "2025-02-28", "successors": [{"code": "KHAC"}]});
    let new: NewRecord = records::from_json(&w.cx, Kind::Unit, &json).unwrap();
    assert_eq!(
        refused(records::add(&mut w.cx, Kind::Unit, &[new])),
        ["successors"]
    );
    assert_eq!(exit(units::locate(&w.cx, "MOI")), 4);
}

#[test]
fn names_and_maps_of_a_day() {
    let w = World::on(TODAY);
    let tops = |on: &str| units::children(&w.cx, None, d(on)).unwrap();
    assert_eq!(
        (tops("2025-06-30").len(), tops("2025-07-01").len()),
        (63, 34)
    );
    let names: Vec<String> = tops("2026-11-20").into_iter().map(|u| u.name).collect();
    let mut sorted = names.clone();
    sorted.sort_by(|a, b| danvan::domain::collate::compare(a, b));
    assert_eq!(names, sorted);
    let bac_ninh = id_of(&w, "24");
    assert_eq!(
        units::name(&w.cx, bac_ninh, d("2026-08-23")).unwrap(),
        "Tỉnh Bắc Ninh"
    );
    assert_eq!(
        units::name(&w.cx, bac_ninh, d("2026-08-24")).unwrap(),
        "Thành phố Bắc Ninh"
    );
    let picked = units::pick(&w.cx, "vinh long", d(TODAY), (Kind::Petition, "unit"), 5).unwrap();
    assert_eq!(picked[0].code, "86");
    assert!(picked[0].valid_on(d(TODAY)));
    assert_eq!(
        units::pick(&w.cx, "86", d(TODAY), (Kind::Petition, "unit"), 5).unwrap()[0].code,
        "86"
    );
}

#[test]
fn a_unit_of_this_name_is_offered_before_the_ones_that_are_used_more() {
    let mut w = World::on(TODAY);
    own(
        &mut w,
        "KDV",
        "29602",
        &[("name", "Khối Dân vận xã Long Hồ")],
    );
    for _ in 0..3 {
        w.petition("2026-11-18", "complaint", &[("unit", "KDV")]);
        w.petition("2026-11-18", "complaint", &[("unit", "25630")]);
    }
    let picked = |text: &str| -> Vec<String> {
        let found = units::pick(&w.cx, text, d(TODAY), (Kind::Petition, "unit"), 4).unwrap();
        found.into_iter().map(|unit| unit.name).collect()
    };
    // This very name, then those that begin so, the one that is used first, then those that hold it within.
    assert_eq!(picked("long ho")[..2], ["Xã Long Hồ", "Phường Long Hoa"]);
    assert_eq!(picked("long h")[0], "Phường Long Hoa");
    let within = picked("van xa long ho");
    assert_eq!(within[0], "Khối Dân vận xã Long Hồ");
    // Without a word, by use alone.
    let mut used = picked("");
    used.truncate(2);
    used.sort();
    assert_eq!(used, ["Khối Dân vận xã Long Hồ", "Phường Long Hoa"]);
}

#[test]
fn the_counts_of_a_unit_are_the_lists_they_open() {
    let mut w = World::on(TODAY);
    for (on, kind, unit) in [
        ("2026-11-18", "complaint", "86"),
        ("2026-03-02", "complaint", "29602"),
        ("2026-03-03", "feedback", "29602"),
        ("2025-03-03", "feedback", "86"),
        ("2026-03-04", "recommendation", "01"),
    ] {
        w.petition(on, kind, &[("unit", unit)]);
    }
    let done = w.petition("2026-03-04", "recommendation", &[("unit", "29602")]);
    w.step(done, "resolve", "2026-03-05", &[]);
    let gone = w.petition("2026-03-04", "recommendation", &[("unit", "29602")]);
    records::set_removed(&mut w.cx, Kind::Petition, gone, true).unwrap();
    for unit in ["29602", "86"] {
        w.add(
            Kind::Model,
            &[
                ("name", "Mô hình"),
                ("registered_on", "2026-02-01"),
                ("unit", unit),
                ("registrant_name", "Chi hội"),
            ],
        );
        w.add(
            Kind::Dialogue,
            &[("held_on", "2026-02-01"), ("topic", "Đất"), ("unit", unit)],
        );
        w.add(
            Kind::Reception,
            &[
                ("received_on", "2026-02-01"),
                ("content", "Hỏi"),
                ("unit", unit),
            ],
        );
    }
    for code in ["86", "29602", "01", "86@2025-01-01"] {
        let id = id_of(&w, code);
        let c = units::counts(&w.cx, id).unwrap();
        let list = |what| w.ids(&units::counted(id, what)).len();
        assert_eq!(list(Counted::Models), c.models);
        assert_eq!(list(Counted::Dialogues), c.dialogues);
        assert_eq!(list(Counted::Petitions), c.petitions);
        assert_eq!(list(Counted::Open), c.open);
        assert_eq!(list(Counted::Late), c.late);
        assert_eq!(list(Counted::Receptions), c.receptions);
    }
    let c = units::counts(&w.cx, id_of(&w, "86")).unwrap();
    assert_eq!((c.petitions, c.open, c.late), (4, 3, 2));
    assert_eq!((c.models, c.dialogues, c.receptions), (2, 2, 2));
}

#[test]
fn a_record_that_gets_another_day_is_not_of_another_unit_by_that() {
    let mut w = World::on(TODAY);
    let id = w.petition("2025-11-18", "complaint", &[("unit", "29602")]);
    let unit = w.text(Kind::Petition, id, "unit");
    let moved = w.edit(Kind::Petition, id, &[("received_on", "2025-03-15")]);
    assert_eq!(refused(moved), ["unit"]);
    assert_eq!(w.text(Kind::Petition, id, "unit"), unit);
    // A day of the same unit's, or the unit said anew.
    w.edit(Kind::Petition, id, &[("received_on", "2025-08-01")])
        .unwrap();
    assert_eq!(w.text(Kind::Petition, id, "unit"), unit);
    let both = [("received_on", "2025-03-15"), ("unit", "29602")];
    w.edit(Kind::Petition, id, &both).unwrap();
    assert_eq!(w.read(id).received_on, Some(d("2025-03-15")));
}
