//! Rules and settings as data, idle warnings, likely duplicates, and what becoming a denunciation leaves behind.
use crate::support::world::{World, d, exit, refused};
use danvan::app::deadline_rules::{self, Saved};
use danvan::app::idle::IdleAlarm;
use danvan::app::{Error, drafts, duplicates, find, idle, petitions, records, secrecy, settings};
use danvan::catalog::json::from_json;
use danvan::catalog::rule::RULE_FIELDS;
use danvan::domain::deadline::{Facts, Rule};
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
    w.step(handled, "forward", "2026-10-05", &[("to", "86")]);
    let alarms: Vec<IdleAlarm> = ids
        .iter()
        .map(|id| {
            idle::idle_alarm(
                &w.cx,
                records::get(&w.cx, Kind::Petition, *id).unwrap().as_ref(),
            )
        })
        .collect();
    use IdleAlarm::{Days35, Days45, None};
    assert_eq!(alarms, [Days45, Days35, Days35, None, None]);
    let listed: Vec<(i64, IdleAlarm)> = idle::list(&w.cx, &[])
        .unwrap()
        .iter()
        .map(|(r, alarm)| (r.head().id, *alarm))
        .collect();
    assert_eq!(
        listed,
        [(ids[0], Days45), (ids[1], Days35), (ids[2], Days35)]
    );
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

fn everything(w: &World) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for folder in ["data", "state/drafts"] {
        for entry in std::fs::read_dir(w.file(folder)).unwrap() {
            let path = entry.unwrap().path();
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
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
        rows: None,
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
