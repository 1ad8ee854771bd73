//! Rules over whole records: what must not be empty, what stands on what, and who must not be named anywhere.
use crate::support::world::{World, exit, refused};
use danvan::app::records::{self, NewRecord};
use danvan::app::{Error, drafts, petitions};
use danvan::catalog;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;

const TODAY: &str = "2026-11-20";
const NAME: &str = "Lò Thị Bí Mật";

/// Everything that the history of a record says.
fn told(w: &World, kind: Kind, id: i64) -> String {
    let rows = records::history(&w.cx, kind, id).unwrap();
    let texts = rows
        .into_iter()
        .flat_map(|r| [r.change.before, r.change.after]);
    texts.flatten().collect::<Vec<_>>().join("|")
}

fn visit(w: &mut World, petition: i64) -> i64 {
    let petition = petition.to_string();
    w.add(
        Kind::Reception,
        &[
            ("received_on", "2026-03-02"),
            ("content", "Việc đất"),
            ("visitor", NAME),
            ("petition", &petition),
        ],
    )
}

fn denounce(w: &mut World, id: i64) -> Result<(), Error> {
    w.edit(Kind::Petition, id, &[("type", "denunciation")])
}

#[test]
fn a_removed_visit_forgets_its_visitor_too() {
    let mut w = World::on(TODAY);
    let petition = w.petition("2026-03-02", "complaint", &[]);
    let visit = visit(&mut w, petition);
    w.edit(Kind::Reception, visit, &[("visitor", "")]).unwrap();
    records::set_removed(&mut w.cx, Kind::Reception, visit, true).unwrap();
    assert!(told(&w, Kind::Reception, visit).contains(NAME));
    denounce(&mut w, petition).unwrap();
    assert!(!told(&w, Kind::Reception, visit).contains(NAME));
}

#[test]
fn an_earlier_link_to_a_denunciation_is_not_told() {
    let mut w = World::on(TODAY);
    let petition = w.petition("2026-03-02", "complaint", &[]);
    let early = visit(&mut w, petition);
    w.edit(Kind::Reception, early, &[("petition", "")]).unwrap();
    assert_eq!(told(&w, Kind::Reception, early), petition.to_string());
    denounce(&mut w, petition).unwrap();
    assert_eq!(told(&w, Kind::Reception, early), "");
    assert_eq!(w.text(Kind::Reception, early, "visitor"), NAME);
    // the other way round: linked without a name, unlinked, then named
    let link = petition.to_string();
    let late = w.add(
        Kind::Reception,
        &[("received_on", "2026-03-02"), ("content", "x")],
    );
    w.edit(Kind::Reception, late, &[("petition", &link)])
        .unwrap();
    w.edit(Kind::Reception, late, &[("petition", "")]).unwrap();
    w.edit(Kind::Reception, late, &[("visitor", NAME)]).unwrap();
    assert_eq!(told(&w, Kind::Reception, late), NAME);
}

#[test]
fn an_opinion_beside_a_denunciation_names_no_asker() {
    let mut w = World::on(TODAY);
    let held = w.add(
        Kind::Dialogue,
        &[("held_on", "2026-03-02"), ("topic", "Đất")],
    );
    let held = held.to_string();
    let petition = w.petition("2026-03-02", "denunciation", &[]).to_string();
    let fields = [
        ("dialogue", held.as_str()),
        ("content", "Việc đất"),
        ("asker", NAME),
        ("petition", petition.as_str()),
    ];
    assert_eq!(refused(w.try_add(Kind::Opinion, &fields)), ["asker"]);
    let other = w.petition("2026-03-02", "complaint", &[]);
    let text = other.to_string();
    let fields = [fields[0], fields[1], fields[2], ("petition", &text)];
    let opinion = w.add(Kind::Opinion, &fields);
    assert_eq!(refused(denounce(&mut w, other)), ["type"]);
    w.edit(Kind::Opinion, opinion, &[("asker", "")]).unwrap();
    denounce(&mut w, other).unwrap();
    assert_eq!(told(&w, Kind::Opinion, opinion), "");
    let asker = catalog::field(Kind::Opinion, "asker").unwrap();
    assert!(asker.personal());
}

/// A register, the field, what stands beside it, and whether a draft keeps it.
type Case = (
    Kind,
    &'static str,
    &'static [(&'static str, &'static str)],
    bool,
);

#[test]
fn a_draft_of_who_knows_what_names_no_one() {
    let w = World::on(TODAY);
    let config = w.cx.config().clone();
    let cases: &[Case] = &[
        (Kind::Petition, "petitioner", &[], false),
        (Kind::Petition, "petitioner", &[("type", " ")], false),
        (Kind::Petition, "petitioner", &[("type", "complaint")], true),
        (Kind::Reception, "visitor", &[], true),
        (Kind::Reception, "visitor", &[("petition", "5")], false),
        (Kind::Reception, "visitor", &[("matter_type", "?")], false),
        (Kind::Opinion, "asker", &[], true),
        (Kind::Opinion, "asker", &[("petition", "5")], false),
    ];
    for (kind, key, more, kept) in cases {
        let mut fields = vec![((*key).to_owned(), NAME.to_owned())];
        fields.extend(more.iter().map(|(k, v)| ((*k).into(), (*v).into())));
        let draft = drafts::Draft {
            base: Vec::new(),
            id: drafts::new_id(),
            kind: *kind,
            record: None,
            rev: None,
            saved_at: w.cx.stamp(),
            fields,
            ..drafts::Draft::of(*kind)
        };
        drafts::save(&config, &draft).unwrap();
        let listed = drafts::list(&config).unwrap();
        let names = listed[0].fields.iter().any(|(k, _)| k == key);
        assert_eq!(names, *kept, "{kind:?} {more:?}");
        drafts::discard(&config, &draft.id).unwrap();
    }
}

/// One record of every register, as little as it takes.
fn one_of_each(w: &mut World) -> Vec<(Kind, i64)> {
    let mut made = Vec::new();
    for kind in [
        Kind::Unit,
        Kind::Model,
        Kind::Dialogue,
        Kind::Opinion,
        Kind::Petition,
        Kind::Reception,
        Kind::Figure,
    ] {
        let fields: &[(&str, &str)] = match kind {
            Kind::Unit => &[("code", "XX1"), ("name", "Ban"), ("level", "department")],
            Kind::Model => &[("name", "Khu dân cư")],
            Kind::Dialogue => &[("held_on", "2026-03-02"), ("topic", "Đất")],
            Kind::Opinion => &[("dialogue", "1"), ("content", "Đất")],
            Kind::Petition => &[
                ("received_on", "2026-03-02"),
                ("type", "complaint"),
                ("subject", "Đất"),
            ],
            Kind::Reception => &[("received_on", "2026-03-02"), ("content", "Đất")],
            Kind::Figure => &[
                ("reporter", "Ban"),
                ("indicator", "TCD_LUOT"),
                ("period_from", "2026-01-01"),
                ("period_to", "2026-03-31"),
                ("value", "5"),
            ],
        };
        made.push((kind, w.add(kind, fields)));
    }
    made
}

#[test]
fn what_is_never_empty_takes_its_default_back_or_is_asked_for() {
    let mut w = World::on(TODAY);
    for (kind, id) in one_of_each(&mut w) {
        for field in catalog::entity(kind).fields {
            if field.computed() {
                continue;
            }
            let was = w.text(kind, id, field.key);
            match records::edit(&mut w.cx, kind, id, None, &[(field.key, Value::Null)]) {
                Ok(_) => {}
                Err(Error::Refused(problems)) => assert!(
                    problems.iter().any(|p| p.field.is_some())
                        && w.text(kind, id, field.key) == was,
                    "{kind:?} {}",
                    field.key
                ),
                Err(other) => panic!("{kind:?} {}: {other:?}", field.key),
            }
            let null = NewRecord {
                fields: vec![(field.key, Value::Null)],
                ..NewRecord::default()
            };
            let added = records::add(&mut w.cx, kind, &[null]);
            assert!(added.is_ok() || exit(added) == 3, "{kind:?} {}", field.key);
        }
    }
    assert_eq!(w.text(Kind::Petition, 1, "jurisdiction"), "unknown");
    assert_eq!(w.text(Kind::Figure, 1, "qualifier"), "exact");
    let cleared = w.edit(Kind::Model, 1, &[("year", "")]);
    assert_eq!(refused(cleared), ["year"]);
}

#[test]
fn what_others_stand_on_stays() {
    let mut w = World::on(TODAY);
    let first = w.petition("2026-03-02", "complaint", &[]);
    let previous = first.to_string();
    let second = w.petition("2026-04-02", "complaint", &[("previous", &previous)]);
    let gone = records::set_removed(&mut w.cx, Kind::Petition, first, true);
    assert_eq!(exit(gone), 3);
    records::set_removed(&mut w.cx, Kind::Petition, second, true).unwrap();
    records::set_removed(&mut w.cx, Kind::Petition, first, true).unwrap();
    // it cannot come back to what has gone
    let back = records::set_removed(&mut w.cx, Kind::Petition, second, false);
    assert_eq!(refused(back), ["previous"]);

    let fields = [("code", "XX1"), ("name", "Ban"), ("level", "department")];
    let unit = w.add(Kind::Unit, &fields);
    let keeps = |w: &mut World, what: &str| {
        let gone = records::set_removed(&mut w.cx, Kind::Unit, unit, true);
        assert_eq!(exit(gone), 3, "{what}");
    };
    let paper = w.petition("2026-03-02", "feedback", &[("handler_unit", "XX1")]);
    keeps(&mut w, "handler_unit");
    w.edit(Kind::Petition, paper, &[("handler_unit", "")])
        .unwrap();
    w.step(paper, "forward", "2026-03-03", &[("to", "XX1")]);
    keeps(&mut w, "step");
    petitions::undo_step(&mut w.cx, paper, "nhầm").unwrap();
    w.cx.set_own_unit("XX1").unwrap();
    keeps(&mut w, "own_unit");
    w.cx.set_own_unit("86").unwrap();
    records::set_removed(&mut w.cx, Kind::Unit, unit, true).unwrap();
}

#[test]
fn a_list_that_is_none_and_a_rate_that_is_none_are_refused() {
    let mut w = World::on(TODAY);
    let json =
        serde_json::json!({"held_on": "2026-03-02", "topic": "Đất", "opinions": {"content": "x"}});
    assert!(records::from_json(&w.cx, Kind::Dialogue, &json).is_err());
    let figure = |rate| {
        [
            ("reporter", "Ban"),
            ("indicator", "TCD_LUOT"),
            ("period_from", "2026-01-01"),
            ("period_to", "2026-03-31"),
            ("value", "5"),
            ("denominator", "10"),
            ("printed_rate", rate),
        ]
    };
    let bad = w.try_add(Kind::Figure, &figure("abc"));
    assert_eq!(refused(bad), ["printed_rate"]);
    w.add(Kind::Figure, &figure("gần 50%"));
}

#[test]
fn taking_a_step_back_leaves_what_was_edited_since() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-10-01", "complaint", &[]);
    let fields = [("jurisdiction", "own"), ("eligible", "có")];
    w.step(id, "classify", "2026-10-02", &fields);
    assert!(told(&w, Kind::Petition, id).contains("thuộc thẩm quyền"));
    w.edit(Kind::Petition, id, &[("eligible", "không")])
        .unwrap();
    petitions::undo_step(&mut w.cx, id, "nhầm").unwrap();
    assert_eq!(w.text(Kind::Petition, id, "eligible"), "false");
    assert_eq!(w.text(Kind::Petition, id, "jurisdiction"), "unknown");
    let rows = records::history(&w.cx, Kind::Petition, id).unwrap();
    let of_jurisdiction = rows
        .iter()
        .filter(|r| r.change.field.as_deref() == Some("jurisdiction"));
    assert_eq!(of_jurisdiction.count(), 2);
}

#[test]
fn an_edit_leaves_the_steps_taken_standing() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-10-01", "complaint", &[]);
    w.step(id, "classify", "2026-10-02", &[("jurisdiction", "own")]);
    w.step(id, "accept", "2026-10-03", &[]);
    let other = w.edit(Kind::Petition, id, &[("jurisdiction", "other")]);
    assert_eq!(refused(other), ["jurisdiction"]);
    w.step(id, "resolve", "2026-10-05", &[("outcome", "justified")]);
    let second = w.edit(Kind::Petition, id, &[("instance", "2")]);
    assert_eq!(refused(second), ["instance"]);
    let feedback = w.edit(Kind::Petition, id, &[("type", "feedback")]);
    assert_eq!(refused(feedback), ["type"]);
    w.edit(Kind::Petition, id, &[("type", "denunciation")])
        .unwrap();
    let answered = w.petition("2026-10-01", "feedback", &[]);
    w.step(answered, "resolve", "2026-10-05", &[]);
    let complaint = w.edit(Kind::Petition, answered, &[("type", "complaint")]);
    assert_eq!(refused(complaint), ["type"]);
}

#[test]
fn a_unit_and_its_successors_are_saved_together() {
    let mut w = World::on(TODAY);
    let fields = [("code", "XX1"), ("name", "Ban"), ("level", "department")];
    let unit = w.add(Kind::Unit, &fields);
    let heir = |code: &str| {
        let whole = danvan::domain::unit::SuccessionKind::Whole;
        (code.to_owned(), whole)
    };
    let note = [("note", Value::Text("x".into()))];
    let save = |w: &mut World, heirs: &[_]| {
        records::edit_with(&mut w.cx, Kind::Unit, unit, None, &note, Some(heirs)).map(|_| ())
    };
    let twice = save(&mut w, &[heir("86"), heir("86")]);
    assert_eq!(refused(twice), ["successors"]);
    assert_eq!(w.text(Kind::Unit, unit, "note"), "");
    save(&mut w, &[heir("86")]).unwrap();
    save(&mut w, &[]).unwrap();
    assert_eq!(w.text(Kind::Unit, unit, "note"), "x");
    let rows = records::history(&w.cx, Kind::Unit, unit).unwrap();
    let last = &rows.last().unwrap().change;
    assert_eq!(last.field.as_deref(), Some("successors"));
    assert_eq!(last.before.as_deref(), Some("86:whole"));
    assert_eq!(last.after, None);
}

#[test]
fn a_unit_does_not_end_before_what_lives_in_it() {
    let mut w = World::on(TODAY);
    let province = danvan::app::units::locate(&w.cx, "86").unwrap().id;
    let ended = w.edit(Kind::Unit, province, &[("valid_to", "2026-06-30")]);
    assert_eq!(refused(ended), ["valid_to"]);
    let fields = [("code", "XX1"), ("name", "Ban"), ("level", "department")];
    let unit = w.add(Kind::Unit, &fields);
    let paper = w.petition("2026-07-02", "feedback", &[("unit", "XX1")]);
    let ended = w.edit(Kind::Unit, unit, &[("valid_to", "2026-06-30")]);
    assert_eq!(refused(ended), ["valid_to"]);
    w.edit(Kind::Unit, unit, &[("valid_to", "2026-07-02")])
        .unwrap();
    w.edit(Kind::Petition, paper, &[("unit", "")]).unwrap();
    w.edit(Kind::Unit, unit, &[("valid_to", "2026-06-30")])
        .unwrap();
}

#[test]
fn a_dialogue_moves_with_its_opinions() {
    let mut w = World::on(TODAY);
    let held = w.add(
        Kind::Dialogue,
        &[("held_on", "2026-03-02"), ("topic", "Đất")],
    );
    let dialogue = held.to_string();
    let fields = [("code", "XX1"), ("name", "Ban"), ("level", "department")];
    let unit = w.add(Kind::Unit, &fields);
    w.edit(Kind::Unit, unit, &[("valid_to", "2026-04-30")])
        .unwrap();
    w.add(
        Kind::Opinion,
        &[
            ("dialogue", &dialogue),
            ("content", "Đất"),
            ("answered_on", "2026-04-10"),
            ("assigned_unit", "XX1"),
        ],
    );
    w.edit(Kind::Dialogue, held, &[("held_on", "2026-04-10")])
        .unwrap();
    let answered = w.edit(Kind::Dialogue, held, &[("held_on", "2026-04-20")]);
    assert_eq!(refused(answered), ["held_on"]);
    let ended = w.edit(Kind::Dialogue, held, &[("held_on", "2026-05-20")]);
    assert_eq!(refused(ended), ["held_on", "held_on"]);
}
