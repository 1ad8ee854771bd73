//! Taking back and doing again, and many records changed at once: by the use cases, on a file.
use crate::support::world::{World, d, exit, step_of};
use danvan::app::intake;
use danvan::app::many::{self, Change};
use danvan::app::records::{self, NewRecord};
use danvan::app::undo::{self, Deed, Told, Way};
use danvan::app::{Config, Cx, Error, petitions, secrecy};
use danvan::catalog;
use danvan::domain::petition::PetitionType;
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::unit::SuccessionKind;
use danvan::domain::value::Value;
use danvan::domain::words::Lang;
use proptest::prelude::*;

const TODAY: &str = "2026-11-20";

/// Another person on the same file, or another start of the program.
fn other(w: &World, actor: &str) -> Cx {
    let config = Config {
        actor: actor.to_owned(),
        ..w.cx.config().clone()
    };
    Cx::open(&config).unwrap()
}

fn go(cx: &mut Cx, way: Way) -> Result<Told, Error> {
    let next = undo::next(cx, way).unwrap().expect("nothing to go back to");
    undo::take_back(cx, next.id)
}

fn back(w: &mut World) -> Told {
    go(&mut w.cx, Way::Back).unwrap_or_else(|e| panic!("{}", e.text(Lang::Vi)))
}

fn again(w: &mut World) -> Told {
    go(&mut w.cx, Way::Again).unwrap_or_else(|e| panic!("{}", e.text(Lang::Vi)))
}

fn why(result: Result<Told, Error>) -> String {
    result.unwrap_err().text(Lang::Vi)
}

/// Everything that stands in the registers: fields and steps, without revisions and times of entry.
fn all(cx: &Cx) -> Vec<String> {
    let mut out = Vec::new();
    let kinds = [
        Kind::Petition,
        Kind::Reception,
        Kind::Dialogue,
        Kind::Opinion,
        Kind::Model,
    ];
    for kind in kinds {
        for record in records::list(cx, &Query::all(kind), 0, None).unwrap() {
            let id = record.head().id;
            let fields: Vec<String> = record
                .keys()
                .iter()
                .map(|key| format!("{key}={:?}", record.get(key)))
                .collect();
            out.push(format!("{kind:?} {id} {}", fields.join(" ")));
            if kind == Kind::Petition {
                for row in petitions::steps(cx, id).unwrap() {
                    let s = row.step;
                    if row.undone.is_none() {
                        out.push(format!(
                            "  {:?} {:?} {:?} {:?} {:?}",
                            s.kind, s.on, s.note, s.outcome, s.lead
                        ));
                    }
                }
            }
        }
    }
    out.sort();
    out
}

#[test]
fn an_edit_is_taken_back_and_done_again_and_the_history_keeps_both() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-11-02", "complaint", &[("content", "cũ")]);
    w.edit(
        Kind::Petition,
        id,
        &[("content", "mới"), ("officer", "Lan")],
    )
    .unwrap();
    let told = back(&mut w);
    assert_eq!(
        told.what.vi,
        "sửa Nội dung chi tiết, Người phụ trách của đơn 1/2026"
    );
    assert_eq!(w.text(Kind::Petition, id, "content"), "cũ");
    assert_eq!(w.text(Kind::Petition, id, "officer"), "");
    assert_eq!(again(&mut w).deed, Deed::Undo);
    assert_eq!(w.text(Kind::Petition, id, "content"), "mới");
    back(&mut w);
    let history = records::history(&w.cx, Kind::Petition, id).unwrap();
    let told: Vec<&str> = history.iter().filter_map(|r| r.why.as_deref()).collect();
    assert_eq!(
        told,
        [
            "hoàn tác",
            "hoàn tác",
            "làm lại",
            "làm lại",
            "hoàn tác",
            "hoàn tác"
        ]
    );
    // Next comes the adding: the record is removed, its number is not used again.
    back(&mut w);
    assert!(
        records::get(&w.cx, Kind::Petition, id)
            .unwrap()
            .head()
            .deleted
    );
    let next = w.petition("2026-11-03", "complaint", &[]);
    assert_eq!(w.read(next).head.number, Some((2, 2026)));
    // Something new was done: what was taken back before is not done again by the key.
    assert!(undo::next(&w.cx, Way::Again).unwrap().is_none());
}

#[test]
fn it_goes_on_after_a_restart_and_only_with_ones_own_work() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-11-02", "complaint", &[]);
    let mut hoa = other(&w, "hoa");
    assert!(undo::next(&hoa, Way::Back).unwrap().is_none());
    let mine = undo::next(&w.cx, Way::Back).unwrap().unwrap();
    assert!(why(undo::take_back(&mut hoa, mine.id)).contains("chỉ lấy lại được việc của mình"));
    let me = w.cx.actor().to_owned();
    let mut restarted = other(&w, &me);
    go(&mut restarted, Way::Back).unwrap();
    let removed = records::get(&w.cx, Kind::Petition, id).unwrap();
    assert!(removed.head().deleted);
    // Once is enough, whoever of one's programs does it.
    assert!(why(undo::take_back(&mut w.cx, mine.id)).contains("đã lấy lại"));
    assert_eq!(undo::list(&w.cx, true, 0, 9).unwrap().len(), 2);
    assert_eq!(undo::count(&hoa, true).unwrap(), 0);
    assert_eq!(undo::count(&hoa, false).unwrap(), 2);
}

#[test]
fn what_someone_else_changed_since_is_not_lost() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-11-02", "complaint", &[("content", "cũ")]);
    w.edit(Kind::Petition, id, &[("content", "mới")]).unwrap();
    let mut hoa = other(&w, "hoa");
    let words = [("content", Value::Text("của Hoa".into()))];
    records::edit(&mut hoa, Kind::Petition, id, None, &words).unwrap();
    let before = all(&w.cx);
    let told = why(go(&mut w.cx, Way::Back));
    assert!(
        told.contains("đơn 1/2026: Nội dung chi tiết: hoa đã đổi sau đó, lúc 20/11/2026"),
        "{told}"
    );
    assert_eq!(all(&w.cx), before);
    // Another field does not stand in the way.
    w.edit(Kind::Petition, id, &[("note", "ghi chú")]).unwrap();
    back(&mut w);
    assert_eq!(w.text(Kind::Petition, id, "note"), "");
    // A record that someone has worked on is not taken away with its adding.
    let added = undo::list(&w.cx, true, 0, 9).unwrap().pop().unwrap();
    let told = why(undo::take_back(&mut w.cx, added.id));
    assert!(told.contains("hoa đã đổi sau đó"), "{told}");
}

#[test]
fn steps_are_taken_back_with_their_deadline_and_taken_again() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-11-02", "complaint", &[]);
    let due = w.text(Kind::Petition, id, "due_on");
    w.step(id, "accept", "2026-11-05", &[("complex", "true")]);
    let accepted = all(&w.cx);
    let told = back(&mut w);
    assert_eq!(told.what.vi, "bước «thụ lý» của đơn 1/2026");
    assert_eq!(w.text(Kind::Petition, id, "due_on"), due);
    assert_eq!(w.text(Kind::Petition, id, "complex"), "false");
    let steps = petitions::steps(&w.cx, id).unwrap();
    assert_eq!(steps[0].undone.as_deref(), Some("hoàn tác"));
    again(&mut w);
    assert_eq!(all(&w.cx), accepted);
    // Taking the last step back by its own command is an operation too.
    petitions::undo_step(&mut w.cx, id, "ghi nhầm ngày").unwrap();
    assert_eq!(back(&mut w).what.vi, "lấy lại bước «thụ lý» của đơn 1/2026");
    assert_eq!(all(&w.cx), accepted);
    // Someone's later step keeps the earlier one in place.
    let mut hoa = other(&w, "hoa");
    let urge = step_of(&hoa, "urge", "2026-11-06", &[]);
    petitions::take(&mut hoa, id, urge).unwrap();
    let told = why(go(&mut w.cx, Way::Back));
    assert!(told.contains("hoa đã ghi bước «đôn đốc»"), "{told}");
}

#[test]
fn a_link_and_its_end_are_taken_back() {
    let mut w = World::on(TODAY);
    let lead = w.petition("2026-11-02", "complaint", &[]);
    let id = w.petition("2026-11-03", "complaint", &[]);
    w.step(id, "link", "2026-11-04", &[("lead", &lead.to_string())]);
    let linked = all(&w.cx);
    w.step(id, "unlink", "2026-11-05", &[]);
    back(&mut w);
    assert_eq!(all(&w.cx), linked);
    back(&mut w);
    assert_eq!(w.text(Kind::Petition, id, "duplicate_of"), "");
    again(&mut w);
    assert_eq!(all(&w.cx), linked);
}

#[test]
fn a_dialogue_goes_and_comes_with_its_opinions() {
    let mut w = World::on(TODAY);
    let fields = |text: &str| -> records::Fields { vec![("content", Value::Text(text.into()))] };
    let new = NewRecord {
        fields: vec![
            ("held_on", Value::Date(d("2026-11-03"))),
            ("topic", Value::Text("Đối thoại về đất đai".into())),
        ],
        opinions: vec![fields("một"), fields("hai")],
        successors: None,
    };
    let added = records::add(&mut w.cx, Kind::Dialogue, &[new]).unwrap();
    let id = added[0].head().id;
    let whole = all(&w.cx);
    assert_eq!(whole.len(), 3);
    let told = back(&mut w);
    assert!(
        told.what.vi.ends_with("và 2 bản ghi khác"),
        "{}",
        told.what.vi
    );
    assert!(all(&w.cx).is_empty());
    again(&mut w);
    assert_eq!(all(&w.cx), whole);
    records::set_removed(&mut w.cx, Kind::Dialogue, id, true).unwrap();
    assert!(all(&w.cx).is_empty());
    back(&mut w);
    assert_eq!(all(&w.cx), whole);
    // With an opinion that someone has added since, it stays.
    let mut hoa = other(&w, "hoa");
    let theirs = NewRecord {
        fields: vec![
            ("dialogue", Value::Ref(id)),
            ("content", Value::Text("của Hoa".into())),
        ],
        ..NewRecord::default()
    };
    records::add(&mut hoa, Kind::Opinion, &[theirs]).unwrap();
    assert!(why(go(&mut w.cx, Way::Back)).contains("1 ý kiến được thêm sau đó"));
}

#[test]
fn successors_of_a_unit_are_taken_back() {
    let mut w = World::on(TODAY);
    let old = w.add(
        Kind::Unit,
        &[("code", "X1"), ("name", "Xã Cũ"), ("level", "commune")],
    );
    w.add(
        Kind::Unit,
        &[("code", "X2"), ("name", "Xã Mới"), ("level", "commune")],
    );
    let heirs = vec![("X2".to_owned(), SuccessionKind::Whole)];
    records::set_successors(&mut w.cx, old, &heirs).unwrap();
    let told = back(&mut w);
    assert_eq!(told.what.vi, "sửa Đơn vị kế thừa của đơn vị «Xã Cũ»");
    let fate = danvan::app::units::fate(&w.cx, old).unwrap();
    assert!(fate.successors.is_empty());
    again(&mut w);
    let fate = danvan::app::units::fate(&w.cx, old).unwrap();
    assert_eq!(fate.successors[0].code, "X2");
}

#[test]
fn what_became_a_denunciation_stays_one_and_no_name_comes_back() {
    let mut w = World::on(TODAY);
    let id = w.petition(
        "2026-11-02",
        "complaint",
        &[("petitioner", "Trần Thị Ẩn Danh"), ("address", "Ấp 1")],
    );
    w.edit(Kind::Petition, id, &[("petitioner", "Trần Thị Ẩn")])
        .unwrap();
    let renamed = undo::next(&w.cx, Way::Back).unwrap().unwrap();
    secrecy::make_denunciation(&mut w.cx, id, None, &[]).unwrap();
    let told = why(go(&mut w.cx, Way::Back));
    assert!(told.contains("tố cáo không lấy lại được"), "{told}");
    let told = why(undo::take_back(&mut w.cx, renamed.id));
    assert!(told.contains("đã xóa khỏi lịch sử"), "{told}");
    assert_eq!(w.text(Kind::Petition, id, "petitioner"), "");
    for told in undo::list(&w.cx, false, 0, 99).unwrap() {
        assert!(!format!("{told:?}").contains("Trần"), "{told:?}");
    }
    let path = w.cx.config().db.clone();
    drop(w.cx);
    let bytes = std::fs::read(path).unwrap();
    let name = "Trần Thị Ẩn".as_bytes();
    assert!(!bytes.windows(name.len()).any(|part| part == name));
}

#[test]
fn a_day_with_its_petitions_goes_and_comes_as_one() {
    let mut w = World::on(TODAY);
    let lead = w.petition("2026-10-02", "recommendation", &[]);
    let before = all(&w.cx);
    let head = vec![("received_on", Value::Date(d("2026-11-11")))];
    let row = |content: &str| intake::Row {
        fields: vec![("content", Value::Text(content.into()))],
        petition: Some(PetitionType::Recommendation),
    };
    let rows = [row("Xin sửa cống"), row("Hỏi hồ sơ")];
    intake::together(&mut w.cx, Kind::Reception, &head, &rows).unwrap();
    let day = all(&w.cx);
    assert_eq!(day.len(), before.len() + 4);
    back(&mut w);
    assert_eq!(all(&w.cx), before);
    again(&mut w);
    assert_eq!(all(&w.cx), day);
    // A petition with its link to the matter: one operation too.
    let new = intake::NewPetition {
        fields: vec![
            ("received_on", Value::Date(d("2026-11-12"))),
            ("type", Value::Text("recommendation".into())),
            ("subject", Value::Text("Cống ấp 3".into())),
        ],
        lead: Some(lead),
        ..intake::NewPetition::default()
    };
    intake::petition(&mut w.cx, new).unwrap();
    let linked = all(&w.cx);
    back(&mut w);
    assert_eq!(all(&w.cx), day);
    again(&mut w);
    assert_eq!(all(&w.cx), linked);
}

#[test]
fn rules_hold_when_something_comes_back() {
    let mut w = World::on(TODAY);
    let first = w.petition("2026-11-02", "complaint", &[]);
    let second = w.petition("2026-11-03", "complaint", &[]);
    records::set_removed(&mut w.cx, Kind::Petition, second, true).unwrap();
    // What was added is not taken away from under what points to it.
    let mut hoa = other(&w, "hoa");
    let visit = NewRecord {
        fields: vec![
            ("received_on", Value::Date(d("2026-11-04"))),
            ("mode", Value::Text("regular".into())),
            ("content", Value::Text("hỏi đơn".into())),
            ("petition", Value::Ref(first)),
        ],
        ..NewRecord::default()
    };
    records::add(&mut hoa, Kind::Reception, &[visit]).unwrap();
    back(&mut w);
    back(&mut w);
    let told = why(go(&mut w.cx, Way::Back));
    assert!(told.contains("Không xóa được"), "{told}");
}

#[test]
fn many_records_are_changed_and_taken_back_as_one() {
    let mut w = World::on(TODAY);
    let mut ids = Vec::new();
    for n in 0..6 {
        let officer = if n < 4 { "Lan" } else { "Minh" };
        ids.push(w.petition("2026-11-02", "complaint", &[("officer", officer)]));
    }
    records::set_removed(&mut w.cx, Kind::Petition, ids[5], true).unwrap();
    let before = all(&w.cx);
    let field = catalog::field(Kind::Petition, "officer").unwrap();
    let change = Change::Field(field, Value::Text("Minh".into()));
    let seen = many::preview(&mut w.cx, Kind::Petition, &ids, &change).unwrap();
    assert_eq!((seen.can.len(), seen.same, seen.refused), (4, 1, 1));
    assert_eq!(seen.groups.len(), 1);
    assert_eq!(
        (seen.groups[0].before.vi.as_str(), seen.groups[0].count),
        ("Lan", 4)
    );
    assert_eq!(seen.cannot[0].names[0].vi, "đơn 6/2026");
    assert!(seen.cannot[0].why.vi.contains("đã xóa"));
    assert_eq!(all(&w.cx), before);
    assert_eq!(
        many::apply(&mut w.cx, Kind::Petition, &seen.can, &change).unwrap(),
        4
    );
    assert_eq!(w.text(Kind::Petition, ids[0], "officer"), "Minh");
    let told = back(&mut w);
    assert_eq!(told.what.vi, "sửa Người phụ trách của 4 đơn");
    assert_eq!(all(&w.cx), before);
    again(&mut w);
    assert_eq!(w.text(Kind::Petition, ids[3], "officer"), "Minh");
}

#[test]
fn a_step_on_many_says_which_cannot_take_it() {
    let mut w = World::on(TODAY);
    let ids: Vec<i64> = (0..4)
        .map(|_| w.petition("2026-11-02", "complaint", &[]))
        .collect();
    w.step(ids[1], "accept", "2026-11-03", &[]);
    let step = step_of(&w.cx, "classify", "2026-11-04", &[("jurisdiction", "own")]);
    let change = Change::Step(Box::new(step));
    let seen = many::preview(&mut w.cx, Kind::Petition, &ids, &change).unwrap();
    assert_eq!((seen.can.len(), seen.refused), (3, 1));
    let refused = &seen.cannot[0];
    assert_eq!(
        (refused.count, refused.names[0].vi.as_str()),
        (1, "đơn 2/2026")
    );
    assert!(refused.why.vi.contains("đã thụ lý"), "{refused:?}");
    let before = all(&w.cx);
    many::apply(&mut w.cx, Kind::Petition, &seen.can, &change).unwrap();
    assert_eq!(w.text(Kind::Petition, ids[3], "stage"), "classified");
    back(&mut w);
    assert_eq!(all(&w.cx), before);
}

#[test]
fn many_are_changed_all_or_none() {
    let mut w = World::on(TODAY);
    let ids: Vec<i64> = (0..3)
        .map(|_| w.petition("2026-11-02", "complaint", &[]))
        .collect();
    let field = catalog::field(Kind::Petition, "officer").unwrap();
    let change = Change::Field(field, Value::Text("Minh".into()));
    let seen = many::preview(&mut w.cx, Kind::Petition, &ids, &change).unwrap();
    let mut hoa = other(&w, "hoa");
    let words = [("note", Value::Text("của Hoa".into()))];
    records::edit(&mut hoa, Kind::Petition, ids[2], None, &words).unwrap();
    let before = all(&w.cx);
    let refused = many::apply(&mut w.cx, Kind::Petition, &seen.can, &change);
    let told = refused.as_ref().unwrap_err().text(Lang::Vi);
    assert_eq!(exit(refused), 5);
    assert!(told.contains("đơn 3/2026 (hoa)"), "{told}");
    assert_eq!(all(&w.cx), before);
    // What would become a denunciation is done one by one.
    let field = catalog::field(Kind::Petition, "type").unwrap();
    let change = Change::Field(field, Value::Text("denunciation".into()));
    let seen = many::preview(&mut w.cx, Kind::Petition, &ids, &change).unwrap();
    assert_eq!((seen.can.len(), seen.refused), (0, 3));
    let rev = |id: i64| records::get(&w.cx, Kind::Petition, id).unwrap().head().rev;
    let forced = [(ids[0], rev(ids[0]))];
    assert_eq!(
        exit(many::apply(&mut w.cx, Kind::Petition, &forced, &change)),
        3
    );
    // Removing and bringing back.
    let seen = many::preview(&mut w.cx, Kind::Petition, &ids, &Change::Remove).unwrap();
    many::apply(&mut w.cx, Kind::Petition, &seen.can, &Change::Remove).unwrap();
    assert!(all(&w.cx).is_empty());
    back(&mut w);
    assert_eq!(all(&w.cx), before);
}

/// One random thing that a person does; most are refused now and then, as in life.
fn act(w: &mut World, what: u8, which: u8, day: u8) {
    let on = format!("2026-11-{:02}", 2 + day % 18);
    let petitions: Vec<i64> = records::list(&w.cx, &Query::all(Kind::Petition), 0, None)
        .unwrap()
        .iter()
        .map(|r| r.head().id)
        .collect();
    let Some(id) = petitions
        .get(usize::from(which) % petitions.len().max(1))
        .copied()
    else {
        w.petition(&on, "complaint", &[]);
        return;
    };
    let steps = [
        "classify", "accept", "forward", "resolve", "urge", "suspend", "reopen",
    ];
    let step = |w: &mut World, step: &str| {
        let fields: &[(&str, &str)] = match step {
            "classify" => &[("jurisdiction", "own"), ("eligible", "true")],
            "accept" => &[("complex", "true")],
            "forward" => &[("to", "86"), ("reply_due", "2026-12-01")],
            "resolve" => &[("outcome", "justified"), ("document", "5/QĐ")],
            "suspend" => &[("reason", "chờ")],
            "reopen" => &[("why", "tình tiết mới")],
            _ => &[],
        };
        drop(w.try_step(id, step, &on, fields));
    };
    match what % 12 {
        0 => drop(w.petition(&on, "complaint", &[("unit", "86")])),
        1 => drop(w.petition(&on, "recommendation", &[("petitioner", "Lê Văn Thử")])),
        2 => drop(w.edit(Kind::Petition, id, &[("content", &on), ("note", "đổi")])),
        3 => drop(w.edit(Kind::Petition, id, &[("received_on", &on)])),
        4 => drop(w.edit(
            Kind::Petition,
            id,
            &[("type", "feedback"), ("field", "land")],
        )),
        5 => drop(records::set_removed(&mut w.cx, Kind::Petition, id, true)),
        6 => drop(petitions::undo_step(&mut w.cx, id, "nhầm")),
        7 => {
            let lead = petitions[0].to_string();
            drop(w.try_step(id, "link", &on, &[("lead", &lead)]));
        }
        8 => {
            let field = catalog::field(Kind::Petition, "officer").unwrap();
            let change = Change::Field(field, Value::Text(on));
            let seen = many::preview(&mut w.cx, Kind::Petition, &petitions, &change).unwrap();
            drop(many::apply(&mut w.cx, Kind::Petition, &seen.can, &change));
        }
        n => step(
            w,
            steps[(usize::from(n) + usize::from(which)) % steps.len()],
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn taking_all_back_gives_what_was_and_doing_all_again_what_is(
        acts in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 1..25),
    ) {
        let mut w = World::on(TODAY);
        w.petition("2026-11-02", "complaint", &[("unit", "86"), ("content", "đầu")]);
        let start = all(&w.cx);
        let kept = undo::count(&w.cx, true).unwrap();
        let mut states = vec![start];
        let mut operations = kept;
        for (what, which, day) in acts {
            act(&mut w, what, which, day);
            let now = undo::count(&w.cx, true).unwrap();
            prop_assert!(now <= operations + 1, "one thing done is one operation");
            if now > operations {
                states.push(all(&w.cx));
                operations = now;
            }
        }
        for _ in 0..2 {
            for state in states.iter().rev().skip(1) {
                back(&mut w);
                prop_assert_eq!(&all(&w.cx), state);
            }
            for state in states.iter().skip(1) {
                again(&mut w);
                prop_assert_eq!(&all(&w.cx), state);
            }
        }
        prop_assert!(undo::next(&w.cx, Way::Again).unwrap().is_none());
    }
}
