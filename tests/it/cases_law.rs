//! Rules and settings as data, idle warnings, likely duplicates, and what becoming a denunciation leaves behind.
use crate::support::world::{World, d, exit, refused};
use danvan::app::deadline_rules::{self, Saved};
use danvan::app::idle::IdleAlarm;
use danvan::app::petitions::Ground;
use danvan::app::{
    Error, calendar, drafts, duplicates, find, idle, petitions, records, secrecy, settings,
};
use danvan::catalog::json::from_json;
use danvan::catalog::rule::RULE_FIELDS;
use danvan::domain::calendar::DayKind;
use danvan::domain::deadline::{Facts, Rule};
use danvan::domain::query::{Op, Query};
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use danvan::domain::words::Lang;

const TODAY: &str = "2026-11-20";

fn due(w: &World, id: i64) -> String {
    w.text(Kind::Petition, id, "due_on")
}

fn fields(given: &[(&'static str, &str)]) -> Vec<(&'static str, Value)> {
    given
        .iter()
        .map(|(key, text)| {
            let field = RULE_FIELDS.iter().find(|f| f.key == *key).unwrap();
            let text = serde_json::Value::from(*text);
            (*key, from_json(field, &text, d(TODAY)).unwrap())
        })
        .collect()
}

fn rule(w: &World, code: &str, from: &str) -> Rule {
    let rules = deadline_rules::list(&w.cx);
    let day = Some(d(from));
    rules
        .into_iter()
        .find(|r| r.code == code && r.valid_from == day)
        .unwrap()
}

fn edit(w: &mut World, id: i64, given: &[(&'static str, &str)]) -> Result<Saved, Error> {
    deadline_rules::edit(&mut w.cx, id, &fields(given), Some("văn bản mới"))
}

#[test]
fn an_edited_rule_moves_only_what_stands_on_it() {
    let mut w = World::on(TODAY);
    let before = w.petition("2026-06-29", "complaint", &[]);
    let open = w.petition("2026-07-02", "complaint", &[]);
    let done = w.petition("2026-07-02", "feedback", &[]);
    w.step(done, "resolve", "2026-07-30", &[]);
    let other = w.petition("2026-07-02", "denunciation", &[]);
    let was = [due(&w, before), due(&w, other), due(&w, done)];
    assert_eq!(due(&w, open), "2026-07-13");
    let accept = rule(&w, "KN_ACCEPT", "2026-07-01");
    let saved = edit(&mut w, accept.id, &[("amount", "8")]).unwrap();
    assert_eq!(saved.moved, 1);
    assert_eq!(due(&w, open), "2026-07-14");
    assert_eq!([due(&w, before), due(&w, other), due(&w, done)], was);
    let history = deadline_rules::history(&w.cx, accept.id).unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].change.before.as_deref(), Some("7"));
    assert_eq!(history[0].why.as_deref(), Some("văn bản mới"));
    assert_eq!(history[0].who, "lan");
    // what was judged keeps its deadline, whatever the office sets later
    let office = deadline_rules::list(&w.cx)
        .into_iter()
        .find(|r| r.code == "KNPA_OFFICE")
        .unwrap();
    edit(&mut w, office.id, &[("amount", "40")]).unwrap();
    assert_eq!(due(&w, done), was[2]);
    w.edit(Kind::Petition, done, &[("note", "đã gửi")]).unwrap();
    assert_eq!(due(&w, done), was[2]);
    // another connection sees the same rules
    w.later("2026-11-21");
    assert_eq!(rule(&w, "KN_ACCEPT", "2026-07-01").amount, 8);
}

#[test]
fn rules_that_overlap_or_make_no_sense_are_refused() {
    let mut w = World::on(TODAY);
    let given = |from: &'static str, to: &'static str| {
        fields(&[
            ("code", "KN_ACCEPT"),
            ("type", "KN"),
            ("level", "1+2+KL"),
            ("kind", "due"),
            ("amount", "5"),
            ("unit", "W"),
            ("start_event", "receipt"),
            ("source", "Nghị định mới"),
            ("valid_from", from),
            ("valid_to", to),
        ])
    };
    let error = deadline_rules::add(&mut w.cx, &given("2027-01-01", "")).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    assert!(
        error.text(Lang::Vi).contains("01/07/2026"),
        "{}",
        error.text(Lang::Vi)
    );
    let old = rule(&w, "KN_ACCEPT", "2026-07-01");
    edit(&mut w, old.id, &[("valid_to", "2026-12-31")]).unwrap();
    let saved = deadline_rules::add(&mut w.cx, &given("2027-01-01", "")).unwrap();
    assert!(saved.rule.id > old.id);
    w.later("2027-03-10");
    let id = w.petition("2027-03-01", "complaint", &[]);
    assert_eq!(due(&w, id), "2027-03-08");
    let e = deadline_rules::add(&mut w.cx, &given("2012-01-01", "2011-01-01"));
    assert_eq!(refused(e), ["valid_to"]);
    assert_eq!(refused(edit(&mut w, old.id, &[("source", "")])), ["source"]);
    assert_eq!(
        refused(edit(&mut w, old.id, &[("code", "kn_accept")])),
        ["code"]
    );
    assert_eq!(exit(edit(&mut w, 9_999, &[("amount", "1")])), 4);
    // the shipped rows do not overlap each other: each can be saved as it is
    for rule in deadline_rules::list(&w.cx) {
        let source = format!("{} ", rule.source);
        let again = [("source", Value::Text(source))];
        deadline_rules::edit(&mut w.cx, rule.id, &again, None)
            .unwrap_or_else(|e| panic!("{}: {}", rule.code, e.text(Lang::Vi)));
    }
    let unknown = petitions::explain(&w.cx, "KN_X", d("2026-07-01"), &Facts::default());
    assert!(unknown.unwrap_err().text(Lang::Vi).contains("KN_RESOLVE_1"));
}

#[test]
fn rolling_over_is_a_setting_and_both_dates_are_told() {
    let mut w = World::on(TODAY);
    // ten days from 17/6/2026 end on Saturday 27/6
    let id = w.petition("2026-06-17", "complaint", &[]);
    assert_eq!(due(&w, id), "2026-06-29");
    settings::set(&mut w.cx, "roll_over", "không").unwrap();
    assert_eq!(due(&w, id), "2026-06-27");
    let Some(petitions::Ground::Rule(e)) = petitions::why(&w.cx, id).unwrap() else {
        panic!("no rule");
    };
    assert_eq!(
        (e.due, e.raw_due, e.rolled_due),
        (d("2026-06-27"), d("2026-06-27"), d("2026-06-29"))
    );
    settings::set(&mut w.cx, "roll_over", "true").unwrap();
    assert_eq!(due(&w, id), "2026-06-29");
}

#[test]
fn settings_are_checked_and_kept() {
    let mut w = World::on(TODAY);
    assert_eq!(
        settings::get(&w.cx, "profile").unwrap().as_deref(),
        Some("administrative")
    );
    for (key, value) in [
        ("profile", "royal"),
        ("due_soon_days", "-1"),
        ("due_soon_days", "mười"),
        ("roll_over", "perhaps"),
        ("own_unit", "99999"),
    ] {
        assert_eq!(refused(settings::set(&mut w.cx, key, value)), [key]);
    }
    assert_eq!(exit(settings::set(&mut w.cx, "colour", "red")), 2);
    settings::set(&mut w.cx, "own_unit", "86").unwrap();
    settings::set(&mut w.cx, "due_soon_days", "10").unwrap();
    settings::set(&mut w.cx, "withdrawn_counts", "off").unwrap();
    w.later("2026-11-21");
    let office = w.cx.office();
    assert_eq!((office.due_soon_days, office.withdrawn_counts), (10, false));
    assert_eq!(w.cx.own_unit().unwrap().as_deref(), Some("86"));
    assert!(w.cx.days().soon > d("2026-12-02"));
    assert_eq!(
        settings::all(&w.cx).unwrap().len(),
        settings::SETTINGS.len()
    );
}

#[test]
fn a_date_on_an_unconfirmed_calendar_says_so() {
    let mut w = World::on("2026-12-31");
    let provisional = |w: &World, id| match petitions::why(&w.cx, id).unwrap() {
        Some(petitions::Ground::Rule(e)) => (
            e.provisional(),
            e.unconfirmed.clone(),
            e.unconfirmed_years.clone(),
        ),
        other => panic!("{other:?}"),
    };
    let id = w.petition("2026-07-02", "complaint", &[]);
    assert!(!provisional(&w, id).0);
    // 24/11/2026 waits for its decision
    let id = w.petition("2026-11-20", "complaint", &[]);
    assert_eq!(provisional(&w, id), (true, vec![d("2026-11-24")], vec![]));
    // nothing of 2027 is confirmed
    let id = w.petition("2026-12-28", "complaint", &[]);
    assert_eq!(provisional(&w, id).2, [2027]);
}

#[test]
fn thirty_five_and_forty_five_days_without_handling() {
    let mut w = World::on("2026-11-20");
    let mut at = |on: &str| w.petition(on, "complaint", &[]);
    let ids = [
        at("2026-10-06"),
        at("2026-10-07"),
        at("2026-10-16"),
        at("2026-10-17"),
        at("2026-06-30"),
    ];
    let handled = at("2026-10-01");
    let removed = at("2026-10-02");
    w.step(handled, "forward", "2026-10-05", &[("to", "86")]);
    records::set_removed(&mut w.cx, Kind::Petition, removed, true).unwrap();
    let alarms: Vec<String> = ids
        .iter()
        .map(|id| w.text(Kind::Petition, *id, "idle_alarm"))
        .collect();
    assert_eq!(alarms, ["45", "35", "35", "none", "none"]);
    assert_eq!(w.text(Kind::Petition, handled, "idle_alarm"), "none");
    assert_eq!(w.text(Kind::Petition, removed, "idle_alarm"), "none");
    // the same in a filter, in an order and in the lists that the overview opens
    let having = |op, code| w.filtered(Kind::Petition, "idle_alarm", op, code);
    assert_eq!(having(Op::Eq, "45"), [ids[0]]);
    assert_eq!(having(Op::Eq, "35"), [ids[1], ids[2]]);
    assert_eq!(having(Op::Ne, "none"), [ids[0], ids[1], ids[2]]);
    assert_eq!(having(Op::Eq, "none"), [ids[3], ids[4], handled]);
    assert_eq!(w.ids(&idle::query(IdleAlarm::Days35)), [ids[1], ids[2]]);
    let mut query = Query::all(Kind::Petition);
    query.sort = vec![("idle_alarm", true)];
    assert_eq!(w.ids(&query).len(), 6);
    // an edited rule moves both days
    let alarm = rule(&w, "PETITION_IDLE_ALARM", "2026-07-01");
    edit(&mut w, alarm.id, &[("amount", "50")]).unwrap();
    assert!(
        w.filtered(Kind::Petition, "idle_alarm", Op::Eq, "45")
            .is_empty()
    );
    let warned = w.filtered(Kind::Petition, "idle_alarm", Op::Eq, "35");
    assert_eq!(warned, [ids[0], ids[1]]);
}

#[test]
fn likely_duplicates_are_about_the_matter() {
    let mut w = World::on(TODAY);
    let road = "Tuyến đường liên ấp Mỹ Long bị ngập sau mưa";
    let a = w.petition(
        "2026-07-02",
        "complaint",
        &[
            ("subject", road),
            ("unit", "86"),
            ("field", "land"),
            ("petitioner", "Nguyễn Văn Mẫu"),
        ],
    );
    // the same person about something else is no duplicate
    w.petition(
        "2026-07-03",
        "complaint",
        &[
            ("subject", "Xin cấp sổ đỏ cho thửa ruộng"),
            ("unit", "86"),
            ("petitioner", "Nguyễn Văn Mẫu"),
        ],
    );
    let b = w.petition(
        "2026-07-05",
        "complaint",
        &[
            ("subject", "Đường liên ấp Mỹ Long ngập, đề nghị sửa"),
            ("unit", "86"),
        ],
    );
    let record = records::get(&w.cx, Kind::Petition, b).unwrap();
    let found = duplicates::suggest(&w.cx, record.as_ref(), 5).unwrap();
    assert_eq!(found.iter().map(|l| l.id).collect::<Vec<_>>(), [a]);
    assert_eq!(found[0].subject, road);
    assert!(found[0].score > 40, "{}", found[0].score);
    assert_eq!(found[0].unit.as_ref().unwrap().code, "86");
    w.step(b, "link", "2026-07-06", &[("lead", &a.to_string())]);
    let record = records::get(&w.cx, Kind::Petition, b).unwrap();
    assert!(
        duplicates::suggest(&w.cx, record.as_ref(), 5)
            .unwrap()
            .is_empty()
    );
    let papers = duplicates::matter(&w.cx, b).unwrap();
    assert_eq!(
        papers.iter().map(|r| r.head().id).collect::<Vec<_>>(),
        [a, b]
    );
}

/// Every file that the program has written, with its bytes.
fn everything(w: &World) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![w.file("data"), w.file("state")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    assert!(files.len() > 1, "{files:?}");
    files
}

#[test]
fn no_byte_of_a_denouncer_is_left() {
    let mut w = World::on(TODAY);
    let (name, address) = ("Quàng Thị Zuyễnx", "Bản Qhuấyx Hẻo");
    for n in 0..200 {
        let more = format!("Việc số {n} ở Bản Qua");
        w.petition("2026-07-02", "complaint", &[("subject", &more)]);
    }
    let id = w.petition(
        "2026-07-02",
        "complaint",
        &[("petitioner", name), ("address", address)],
    );
    w.edit(Kind::Petition, id, &[("note", "Quàng Thị Zuyễnx gọi hỏi")])
        .unwrap();
    w.edit(Kind::Petition, id, &[("petitioner", "Quàng Thị Zuyễnxa")])
        .unwrap();
    w.edit(Kind::Petition, id, &[("petitioner", name)]).unwrap();
    for n in 0..200 {
        let more = format!("Việc khác {n}");
        w.petition("2026-07-03", "complaint", &[("subject", &more)]);
    }
    let draft = drafts::Draft {
        id: drafts::new_id(),
        kind: Kind::Petition,
        record: Some(id),
        rev: Some(2),
        saved_at: w.cx.stamp(),
        base: Vec::new(),
        fields: vec![
            ("type".into(), "complaint".into()),
            ("petitioner".into(), name.into()),
            ("subject".into(), "Việc".into()),
        ],
        ..drafts::Draft::of(Kind::Petition)
    };
    drafts::save(w.cx.config(), &draft).unwrap();
    let removal = secrecy::removal(&w.cx, id).unwrap();
    assert_eq!(removal.fields.len(), 2);
    assert_eq!(removal.drafts, 1);
    assert_eq!(removal.history, 3);
    assert_eq!(removal.named_in.len(), 1);
    // the note names the writer: it is rewritten first
    let no = secrecy::make_denunciation(&mut w.cx, id, None, &[]);
    assert_eq!(refused(no), ["note"]);
    w.edit(Kind::Petition, id, &[("note", "có gọi hỏi")])
        .unwrap();
    let made = secrecy::make_denunciation(&mut w.cx, id, None, &[]).unwrap();
    assert_eq!(made.get("type").text(), Some("denunciation"));
    assert!(made.get("petitioner").is_null());
    assert!(secrecy::removal(&w.cx, id).unwrap().is_empty());
    assert_eq!(find::find(&w.cx, "Zuyễnx", None, 10).unwrap().len(), 0);
    assert_eq!(drafts::list(w.cx.config()).unwrap().len(), 1);
    for (file, bytes) in everything(&w) {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for trace in ["zuyễnx", "zuyenx", "zuyê", "qhuấyx", "qhuayx"] {
            assert!(!text.contains(trace), "{trace} in {file}");
        }
    }
    // the rest is as it was: number 170 is another one's subject
    assert_eq!(find::find(&w.cx, "Việc số 170", None, 10).unwrap().len(), 2);
    assert_eq!(
        find::find(&w.cx, "bản qua", Some(Kind::Petition), 300)
            .unwrap()
            .len(),
        200
    );
}

/// A failure while deadlines are counted anew leaves the change undone too: all of it is one transaction.
#[test]
fn a_change_of_the_law_and_the_deadlines_after_it_are_one() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-06-17", "complaint", &[]);
    let late = w.petition("2026-07-02", "complaint", &[]);
    let was = [due(&w, id), due(&w, late)];
    let accept = rule(&w, "KN_ACCEPT", "2026-07-01");
    let conn = rusqlite::Connection::open(w.cx.config().db.clone()).unwrap();
    conn.execute_batch(
        "CREATE TRIGGER no_more BEFORE UPDATE OF due_on ON petition BEGIN SELECT raise(ABORT, 'đầy đĩa'); END;",
    )
    .unwrap();
    settings::set(&mut w.cx, "roll_over", "off").unwrap_err();
    edit(&mut w, accept.id, &[("amount", "8")]).unwrap_err();
    let mut more = fields(&[
        ("code", "KN_ACCEPT"),
        ("type", "KN"),
        ("level", "1+2+KL"),
        ("complex", "0"),
        ("amount", "9"),
        ("unit", "W"),
        ("source", "Nghị định mới"),
        ("valid_from", "2026-07-01"),
    ]);
    deadline_rules::add(&mut w.cx, &more).unwrap_err();
    let off = Some(DayKind::DayOff);
    calendar::set(&mut w.cx, d("2026-07-06"), off, None).unwrap_err();
    for today in [TODAY, "2026-11-21"] {
        assert_eq!(
            settings::get(&w.cx, "roll_over").unwrap().as_deref(),
            Some("true")
        );
        assert!(w.cx.office().roll_over);
        assert_eq!(rule(&w, "KN_ACCEPT", "2026-07-01").amount, 7);
        assert!(
            calendar::list(&w.cx, 2026)
                .iter()
                .all(|day| day.date != d("2026-07-06"))
        );
        assert_eq!([due(&w, id), due(&w, late)], was);
        assert!(
            deadline_rules::history(&w.cx, accept.id)
                .unwrap()
                .is_empty()
        );
        w.later(today);
    }
    conn.execute_batch("DROP TRIGGER no_more").unwrap();
    // without it each of them goes through, deadlines and all
    more.retain(|(key, _)| *key != "complex");
    assert_eq!(
        refused(deadline_rules::add(&mut w.cx, &more)),
        ["valid_from"]
    );
    settings::set(&mut w.cx, "roll_over", "off").unwrap();
    assert_eq!(due(&w, id), "2026-06-27");
    assert_eq!(
        edit(&mut w, accept.id, &[("amount", "8")]).unwrap().moved,
        1
    );
    assert_eq!(due(&w, late), "2026-07-14");
}

fn sum(w: &World, id: i64) -> danvan::domain::deadline::Explanation {
    match petitions::why(&w.cx, id).unwrap() {
        Some(Ground::Rule(sum)) => *sum,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_closed_case_is_told_by_the_law_it_was_judged_by() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-06-17", "feedback", &[]);
    let open = w.petition("2026-10-28", "feedback", &[]);
    let resolved = |w: &mut World, id, on| w.step(id, "resolve", on, &[]);
    resolved(&mut w, id, "2026-07-30");
    let (was, day) = (sum(&w, id), due(&w, id));
    assert!(petitions::changed_since(&w.cx, id).unwrap().is_none());
    let office = was.rule.id;
    // everything that the day stands on moves: rule, calendar, roll-over
    edit(
        &mut w,
        office,
        &[("amount", "3"), ("unit", "C"), ("source", "Quy chế mới")],
    )
    .unwrap();
    let off = Some(DayKind::DayOff);
    calendar::set(&mut w.cx, d("2026-06-19"), off, Some("Nghỉ bão")).unwrap();
    calendar::set(&mut w.cx, was.due, off, None).unwrap();
    calendar::set(&mut w.cx, d("2026-06-20"), Some(DayKind::Working), None).unwrap();
    settings::set(&mut w.cx, "roll_over", "off").unwrap();
    let change = petitions::changed_since(&w.cx, id).unwrap().unwrap();
    assert!(
        change.rule && change.now.is_some_and(|now| now < was.due),
        "{change:?}"
    );
    let told = change.told();
    assert!(told.vi.contains("đã đổi sau khi giải quyết"), "{}", told.vi);
    assert_eq!(sum(&w, id), was);
    // what was added or edited since counts for what is open, and for what is resolved after it
    assert_eq!(sum(&w, open).rule.source, "Quy chế mới");
    resolved(&mut w, open, "2026-11-19");
    assert!(petitions::changed_since(&w.cx, open).unwrap().is_none());
    assert_eq!(sum(&w, open).due.to_string(), due(&w, open));
    // opened again it stands under the law of today, and going back restores what was judged
    w.step(id, "reopen", "2026-11-20", &[("why", "có tình tiết mới")]);
    assert_eq!(sum(&w, id).rule.source, "Quy chế mới");
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    assert_eq!((sum(&w, id), due(&w, id)), (was.clone(), day.clone()));
    // a field that the deadline follows from is counted by that law too, and its own day is what is shown
    w.edit(Kind::Petition, id, &[("received_on", "2026-06-16")])
        .unwrap();
    assert_eq!(sum(&w, id).rule, was.rule);
    assert_eq!(sum(&w, id).due.to_string(), due(&w, id));
    w.later("2026-11-21");
    assert_eq!(sum(&w, id).rule, was.rule);
}

#[test]
fn a_rule_added_later_does_not_reach_what_is_closed() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-07-02", "complaint", &[]);
    w.step(id, "accept", "2026-07-06", &[]);
    w.step(id, "resolve", "2026-08-01", &[("outcome", "justified")]);
    let was = sum(&w, id);
    let closer = fields(&[
        ("code", "KN_RESOLVE_1"),
        ("type", "KN"),
        ("level", "1+2"),
        ("complex", "0"),
        ("remote", "0"),
        ("kind", "due"),
        ("start_event", "thu_ly"),
        ("amount", "10"),
        ("unit", "C"),
        ("source", "Nghị quyết thí điểm"),
        ("valid_from", "2026-07-05"),
        ("valid_to", "2026-07-07"),
    ]);
    deadline_rules::add(&mut w.cx, &closer).unwrap();
    assert_eq!(sum(&w, id), was);
    let change = petitions::changed_since(&w.cx, id).unwrap().unwrap();
    assert_eq!(change.now, Some(d("2026-07-16")));
}

#[test]
fn who_answers_has_taken_the_matter_for_its_own() {
    use danvan::app::rates::{RateQuery, total};
    use danvan::domain::rate::{GroupBy, Measure};
    let mut w = World::on(TODAY);
    let of = |w: &World, id| w.text(Kind::Petition, id, "jurisdiction");
    let answered = |w: &World| {
        let query = RateQuery {
            measure: Measure::Answered,
            from: d("2026-01-01"),
            to: d("2026-11-20"),
            by: GroupBy::Type,
            units: Vec::new(),
            petition_type: None,
        };
        let row = total(&w.cx, &query).unwrap();
        (row.num.count, row.den.count)
    };
    let id = w.petition("2026-07-02", "recommendation", &[]);
    let other = w.petition("2026-07-02", "feedback", &[]);
    w.edit(Kind::Petition, other, &[("jurisdiction", "other")])
        .unwrap();
    assert_eq!((of(&w, id).as_str(), answered(&w)), ("unknown", (0, 0)));
    w.step(id, "resolve", "2026-07-10", &[]);
    w.step(other, "resolve", "2026-07-10", &[]);
    assert_eq!((of(&w, id).as_str(), answered(&w)), ("own", (1, 1)));
    assert_eq!(of(&w, other), "other");
    let history = records::history(&w.cx, Kind::Petition, id).unwrap();
    let told = history
        .iter()
        .any(|row| row.change.field.as_deref() == Some("jurisdiction"));
    assert!(told, "{history:?}");
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    assert_eq!((of(&w, id).as_str(), answered(&w)), ("unknown", (0, 0)));
}

#[test]
fn steps_that_name_the_denouncer_are_emptied() {
    let mut w = World::on(TODAY);
    let name = "Quàng Thị Zuyễnx";
    let id = w.petition(
        "2026-07-02",
        "complaint",
        &[("petitioner", "Lò Văn Qhuấyx")],
    );
    w.edit(Kind::Petition, id, &[("petitioner", name)]).unwrap();
    let other = w.petition(
        "2026-07-02",
        "complaint",
        &[("petitioner", "Lường Thị Mẫu")],
    );
    w.step(
        other,
        "classify",
        "2026-07-03",
        &[("jurisdiction", "own"), ("note", "bà Lường Thị Mẫu")],
    );
    w.step(
        id,
        "classify",
        "2026-07-03",
        &[
            ("jurisdiction", "own"),
            ("note", "bà Zuyễnx (họ Quàng Thị) đến hỏi"),
        ],
    );
    w.step(
        id,
        "accept",
        "2026-07-06",
        &[
            ("document", "12/TB gửi QUANG THI ZUYENX"),
            ("note", "đủ hồ sơ"),
        ],
    );
    w.step(
        id,
        "suspend",
        "2026-07-10",
        &[("reason", "chờ Zuyễnx, Thị Quàng bổ sung")],
    );
    petitions::undo_step(&mut w.cx, id, "ông Qhuấyx Lò Văn xin rút").unwrap();
    let draft = drafts::Draft {
        id: drafts::new_id(),
        kind: Kind::Petition,
        record: Some(id),
        rev: Some(2),
        saved_at: w.cx.stamp(),
        base: vec![("note".into(), "Quàng Thị Zuyễnx".into())],
        fields: vec![
            ("type".into(), "complaint".into()),
            ("demand".into(), "trả đất cho Quàng Thị Zuyễnx".into()),
        ],
        ..drafts::Draft::of(Kind::Petition)
    };
    drafts::save(w.cx.config(), &draft).unwrap();
    let removal = secrecy::removal(&w.cx, id).unwrap();
    assert_eq!((removal.steps, removal.drafts), (4, 1));
    let due = due(&w, id);
    secrecy::make_denunciation(&mut w.cx, id, None, &[]).unwrap();
    for (file, bytes) in everything(&w) {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for trace in ["zuyễnx", "zuyenx", "zuyê", "qhuấyx", "qhuayx"] {
            assert!(!text.contains(trace), "{trace} in {file}");
        }
    }
    // the steps stand as they were, with what names nobody; what was taken back stays so
    let rows = petitions::steps(&w.cx, id).unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].step.note, None);
    assert_eq!(rows[1].step.document, None);
    assert_eq!(rows[1].step.note.as_deref(), Some("đủ hồ sơ"));
    assert!(rows[2].undone.is_some());
    assert_eq!(w.text(Kind::Petition, id, "stage"), "accepted");
    assert_ne!(due, "");
    let kept = petitions::steps(&w.cx, other).unwrap();
    assert_eq!(kept[0].step.note.as_deref(), Some("bà Lường Thị Mẫu"));
    // nothing else of a step can be changed, nor a text of a step of another type
    let conn = rusqlite::Connection::open(w.cx.config().db.clone()).unwrap();
    for sql in [
        format!("UPDATE step SET note = '' WHERE petition_id = {other}"),
        format!("UPDATE step SET note = 'khác' WHERE petition_id = {id}"),
        format!("UPDATE step SET done_on = '2026-01-01' WHERE petition_id = {id}"),
        format!("DELETE FROM step WHERE petition_id = {id}"),
    ] {
        assert!(conn.execute(&sql, []).is_err(), "{sql}");
    }
}

#[test]
fn what_another_process_sets_holds_at_once() {
    let mut w = World::on(TODAY);
    let mut other = w.cx.reopen().unwrap();
    settings::set(&mut other, "roll_over", "off").unwrap();
    let id = w.petition("2026-06-17", "complaint", &[]);
    assert_eq!(due(&w, id), "2026-06-27");
    settings::set(&mut other, "profile", "party").unwrap();
    let text = w.try_step(id, "accept", "2026-06-18", &[]).unwrap_err();
    assert!(text.text(Lang::Vi).contains("cơ quan Đảng"));
}

#[test]
fn the_history_of_a_visit_that_goes_with_its_petition_is_counted_too() {
    let mut w = World::on("2026-07-06");
    let id = w.petition("2026-07-02", "complaint", &[("petitioner", "Lê Thị Bông")]);
    let visit = w.add(
        Kind::Reception,
        &[
            ("received_on", "2026-07-02"),
            ("unit", "29602"),
            ("content", "hỏi việc"),
            ("visitor", "Lê Thị Bông"),
        ],
    );
    let link = id.to_string();
    w.edit(Kind::Reception, visit, &[("petition", &link)])
        .unwrap();
    w.edit(Kind::Reception, visit, &[("visitor", "")]).unwrap();
    // the link and the name that the visit bore
    assert_eq!(secrecy::removal(&w.cx, id).unwrap().history, 2);
    secrecy::make_denunciation(&mut w.cx, id, None, &[]).unwrap();
    assert_eq!(secrecy::removal(&w.cx, id).unwrap().history, 0);
}
