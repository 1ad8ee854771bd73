//! Intake: what is entered together is saved together or not at all.

use crate::support::world::{World, refused};
use danvan::app::intake::{self, NewPetition, Row};
use danvan::app::undo::{self, Way};
use danvan::app::{duplicates, petitions, records};
use danvan::catalog;
use danvan::domain::petition::PetitionType;
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;

type Fields = Vec<(&'static str, Value)>;

fn fields(world: &World, kind: Kind, texts: &[(&str, &str)]) -> Fields {
    let read = |(key, text): &(&str, &str)| {
        let field = catalog::field(kind, key).unwrap();
        (field.key, records::value(&world.cx, field, text).unwrap())
    };
    texts.iter().map(read).collect()
}

fn petition(world: &World, subject: &str) -> NewPetition {
    let texts = [
        ("received_on", "2026-03-10"),
        ("type", "recommendation"),
        ("subject", subject),
    ];
    NewPetition {
        fields: fields(world, Kind::Petition, &texts),
        ..NewPetition::default()
    }
}

fn count(world: &World, kind: Kind) -> usize {
    records::count(&world.cx, &Query::all(kind)).unwrap()
}

#[test]
fn a_petition_and_its_link_are_saved_in_one() {
    let mut world = World::on("2026-03-12");
    let first = world.petition("2026-02-20", "recommendation", &[]);
    let mut new = petition(&world, "Về việc thu hồi đất ấp 3");
    new.lead = Some(first);
    let saved = intake::petition(&mut world.cx, new).unwrap();
    assert_eq!(saved.get("duplicate_of"), Value::Ref(first));
    let steps = petitions::steps(&world.cx, saved.head().id).unwrap();
    assert_eq!(steps[0].step.on.unwrap().to_string(), "2026-03-10");
    // A paper that is linked itself leads no matter: nothing is saved, no number is used up.
    let mut new = petition(&world, "Đơn nữa");
    new.lead = Some(saved.head().id);
    assert_eq!(refused(intake::petition(&mut world.cx, new)), ["lead"]);
    assert_eq!(count(&world, Kind::Petition), 2);
    let next = petition(&world, "Đơn nữa");
    let next = intake::petition(&mut world.cx, next).unwrap();
    assert_eq!(next.head().number, Some((3, 2026)));
}

#[test]
fn a_visit_that_names_its_visitor_becomes_no_denunciation() {
    let mut world = World::on("2026-03-12");
    let visit = world.add(
        Kind::Reception,
        &[
            ("received_on", "2026-03-10"),
            ("visitor", "Phan Thị Kín"),
            ("content", "Cán bộ nhũng nhiễu"),
        ],
    );
    let known = intake::petition_from(&world.cx, Kind::Reception, visit).unwrap();
    let mut new = NewPetition {
        fields: known,
        lead: None,
        from: Some((Kind::Reception, visit)),
    };
    new.fields.retain(|(key, _)| *key != "petitioner");
    new.fields
        .push(("type", Value::Text("denunciation".into())));
    assert!(!refused(intake::petition(&mut world.cx, new.clone())).is_empty());
    assert_eq!(count(&world, Kind::Petition), 0);
    world
        .edit(Kind::Reception, visit, &[("visitor", "")])
        .unwrap();
    intake::petition(&mut world.cx, new).unwrap();
    assert_eq!(count(&world, Kind::Petition), 1);
}

#[test]
fn a_day_is_saved_whole_or_not_at_all() {
    let mut world = World::on("2026-03-12");
    let head = fields(&world, Kind::Reception, &[("received_on", "2026-03-11")]);
    let row = |world: &World, content: &str, petition| Row {
        fields: fields(world, Kind::Reception, &[("content", content)]),
        petition,
    };
    let good = row(&world, "Xin sửa cống", Some(PetitionType::Recommendation));
    let empty = Row::default();
    let rows = [good.clone(), empty, good.clone()];
    let result = intake::together(&mut world.cx, Kind::Reception, &head, &rows);
    let danvan::app::Error::Refused(problems) = result.unwrap_err() else {
        panic!("refused");
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].row, problems[0].field),
        (Some(2), Some("content"))
    );
    assert_eq!(
        count(&world, Kind::Reception) + count(&world, Kind::Petition),
        0
    );
    let rows = [good.clone(), row(&world, "Hỏi hồ sơ", None)];
    let entered = intake::together(&mut world.cx, Kind::Reception, &head, &rows).unwrap();
    assert_eq!((entered.rows.len(), entered.petitions.len()), (2, 1));
    // What is wrong with the head is said once.
    let head = fields(&world, Kind::Reception, &[("received_on", "2026-03-13")]);
    let rows = [good.clone(), good];
    let result = intake::together(&mut world.cx, Kind::Reception, &head, &rows);
    let danvan::app::Error::Refused(problems) = result.unwrap_err() else {
        panic!("refused");
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].row, problems[0].field),
        (None, Some("received_on"))
    );
}

#[test]
fn a_named_opinion_becomes_no_denunciation() {
    let mut world = World::on("2026-03-12");
    let head = [("held_on", "2026-03-11"), ("topic", "Đất đai")];
    let head = fields(&world, Kind::Dialogue, &head);
    let texts = [("content", "Cán bộ nhũng nhiễu"), ("asker", "Phan Thị Kín")];
    let row = Row {
        fields: fields(&world, Kind::Opinion, &texts),
        petition: Some(PetitionType::Denunciation),
    };
    let result = intake::together(&mut world.cx, Kind::Dialogue, &head, &[row]);
    assert_eq!(refused(result), ["asker"]);
    assert_eq!(
        count(&world, Kind::Dialogue) + count(&world, Kind::Petition),
        0
    );
}

#[test]
fn the_last_record_is_the_users_own_and_not_a_removed_one() {
    let mut world = World::on("2026-03-12");
    assert!(
        intake::last_own(&world.cx, Kind::Petition)
            .unwrap()
            .is_none()
    );
    let first = world.petition("2026-03-01", "feedback", &[]);
    let second = world.petition("2026-03-02", "feedback", &[]);
    let last = |world: &World| {
        let last = intake::last_own(&world.cx, Kind::Petition).unwrap();
        last.map(|(record, _)| record.head().id)
    };
    assert_eq!(last(&world), Some(second));
    records::set_removed(&mut world.cx, Kind::Petition, second, true).unwrap();
    assert_eq!(last(&world), Some(first));
}

#[test]
fn what_is_foreseen_is_what_saving_gives() {
    let mut world = World::on("2026-07-20");
    for kind in ["complaint", "denunciation", "recommendation", "feedback"] {
        for (source, on) in [("post", "2026-06-30"), ("reception", "2026-07-01")] {
            let texts = [
                ("received_on", on),
                ("type", kind),
                ("source", source),
                ("subject", "Việc"),
            ];
            let fields = fields(&world, Kind::Petition, &texts);
            let draft = records::draft(Kind::Petition, &fields, world.cx.today());
            let foreseen = petitions::foresee(&world.cx, draft.as_ref()).unwrap().due();
            let new = NewPetition {
                fields,
                ..NewPetition::default()
            };
            let saved = intake::petition(&mut world.cx, new).unwrap();
            assert_eq!(
                saved.get("due_on"),
                Value::Date(foreseen),
                "{kind} {source}"
            );
        }
    }
}

#[test]
fn only_what_reads_much_alike_is_worth_a_look() {
    let mut world = World::on("2026-03-12");
    for n in 0..5 {
        let subject = format!("Đường liên ấp 3 hư hỏng kéo dài {n}");
        world.petition("2026-03-01", "feedback", &[("subject", &subject)]);
    }
    let look = |subject: &str| {
        let texts = [("type", "feedback"), ("subject", subject)];
        let fields = fields(&world, Kind::Petition, &texts);
        let draft = records::draft(Kind::Petition, &fields, world.cx.today());
        let found = duplicates::likely(&world.cx, draft.as_ref()).unwrap();
        found.len()
    };
    assert_eq!(look("duong lien ap 3 hu hong keo dai"), 3);
    assert_eq!(look("Cấp giấy chứng nhận quyền sử dụng đất"), 0);
    assert_eq!(look("liên ấp"), 0, "too little was said");
    assert_eq!(look(""), 0);
}

/// Takes the last operation back, or does it again.
fn go(world: &mut World, way: Way) {
    let next = undo::next(&world.cx, way).unwrap().expect("an operation");
    if let Err(error) = undo::take_back(&mut world.cx, next.id) {
        panic!("{}", error.text(danvan::domain::words::Lang::Vi));
    }
}

#[test]
fn what_was_entered_together_is_taken_back_together() {
    let mut world = World::on("2026-03-12");
    let first = world.petition("2026-02-20", "recommendation", &[]);
    let mut new = petition(&world, "Về việc thu hồi đất ấp 3");
    new.lead = Some(first);
    intake::petition(&mut world.cx, new).unwrap();
    go(&mut world, Way::Back);
    assert_eq!(count(&world, Kind::Petition), 1);
    go(&mut world, Way::Again);
    assert_eq!(count(&world, Kind::Petition), 2);
    go(&mut world, Way::Back);
    let texts = [("received_on", "2026-03-10"), ("content", "Đèn đường hư")];
    let visit = world.add(Kind::Reception, &texts);
    let mut new = petition(&world, "Đèn đường hư");
    new.from = Some((Kind::Reception, visit));
    intake::petition(&mut world.cx, new).unwrap();
    assert_ne!(world.text(Kind::Reception, visit, "petition"), "");
    go(&mut world, Way::Back);
    assert_eq!(world.text(Kind::Reception, visit, "petition"), "");
    assert_eq!(count(&world, Kind::Petition), 1);
    let head = fields(&world, Kind::Reception, &[("received_on", "2026-03-11")]);
    let row = Row {
        fields: fields(&world, Kind::Reception, &[("content", "Xin sửa cống")]),
        petition: Some(PetitionType::Feedback),
    };
    intake::together(&mut world.cx, Kind::Reception, &head, &[row.clone(), row]).unwrap();
    assert_eq!(count(&world, Kind::Petition), 3);
    go(&mut world, Way::Back);
    assert_eq!(count(&world, Kind::Petition), 1);
    assert_eq!(count(&world, Kind::Reception), 1);
}
