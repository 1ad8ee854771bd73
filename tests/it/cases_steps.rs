//! Steps by the law: suspensions, extensions and their caps, withdrawal, guidance, links, opening again, taking back.
use crate::support::world::{World, d, exit, refused};
use danvan::app::{petitions, settings};
use danvan::domain::deadline::{Explanation, Reason};
use danvan::domain::petition::{Ended, Standing};
use danvan::domain::record::Kind;
use danvan::domain::words::Lang;

const TODAY: &str = "2026-11-20";

fn due(w: &World, id: i64) -> String {
    w.text(Kind::Petition, id, "due_on")
}

fn stage(w: &World, id: i64) -> String {
    w.text(Kind::Petition, id, "stage")
}

fn sum(w: &World, id: i64) -> Explanation {
    match petitions::why(&w.cx, id).unwrap() {
        Some(petitions::Ground::Rule(e)) => {
            assert_eq!(e.due.to_string(), due(w, id));
            *e
        }
        other => panic!("{other:?}"),
    }
}

fn accepted(w: &mut World, kind: &str, flags: &[(&str, &str)]) -> i64 {
    let id = w.petition("2026-07-02", kind, &[]);
    w.step(id, "accept", "2026-07-06", flags);
    id
}

const SUSPEND: &[(&str, &str)] = &[("reason", "chờ kết quả giám định")];

fn extend(days: &'static str) -> [(&'static str, &'static str); 2] {
    [("days", days), ("document", "12/QĐ-UBND 20/7/2026")]
}

#[test]
fn the_clock_goes_on_with_the_days_that_remain() {
    let mut w = World::on(TODAY);
    // 30 days from Monday 6/7/2026 end on 5/8
    let id = accepted(&mut w, "complaint", &[]);
    assert_eq!(due(&w, id), "2026-08-05");
    assert_eq!(
        refused(w.try_step(id, "suspend", "2026-07-16", &[])),
        ["reason"]
    );
    w.step(id, "suspend", "2026-07-16", SUSPEND);
    assert_eq!(
        (stage(&w, id).as_str(), due(&w, id).as_str()),
        ("suspended", "")
    );
    assert_eq!(w.read(id).standing, Some(Standing::None));
    assert!(petitions::why(&w.cx, id).unwrap().is_none());
    assert_eq!(
        exit(w.try_step(id, "extend", "2026-07-17", &extend("5"))),
        3
    );
    w.step(id, "resume", "2026-07-26", &[]);
    // ten days stood still: 15/8 is a Saturday, so 17/8
    let e = sum(&w, id);
    assert_eq!(e.raw_due, d("2026-08-15"));
    assert_eq!(e.due, d("2026-08-17"));
    let still: Vec<String> = e
        .days
        .iter()
        .filter(|day| day.reason == Some(Reason::Suspended))
        .map(|day| day.date.to_string())
        .collect();
    assert_eq!(still.len(), 10);
    assert_eq!(
        (still[0].as_str(), still[9].as_str()),
        ("2026-07-17", "2026-07-26")
    );
    assert_eq!(e.days.iter().filter(|day| day.counted).count(), 30);
    assert_eq!(e.pauses.len(), 1);
    // taken back, the deadline goes with it
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    assert_eq!(
        (stage(&w, id).as_str(), due(&w, id).as_str()),
        ("suspended", "")
    );
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    assert_eq!(due(&w, id), "2026-08-05");
    // a resume without a suspension
    let text = w
        .try_step(id, "resume", "2026-07-26", &[])
        .unwrap_err()
        .text(Lang::Vi);
    assert!(text.contains("Làm được lúc này:"), "{text}");
}

#[test]
fn a_deadline_in_working_days_keeps_its_working_days() {
    let mut w = World::on(TODAY);
    // 15 working days from Thursday 2/7/2026 end on 23/7
    let id = w.petition("2026-07-02", "recommendation", &[]);
    w.step(id, "accept", "2026-07-06", &[]);
    assert_eq!(due(&w, id), "2026-07-23");
    w.step(id, "suspend", "2026-07-10", SUSPEND);
    w.step(id, "resume", "2026-07-20", &[]);
    // six are used by Friday 10/7; nine remain after Monday 20/7
    let e = sum(&w, id);
    assert_eq!(e.due, d("2026-07-31"));
    assert_eq!(e.days.iter().filter(|day| day.counted).count(), 15);
}

#[test]
fn a_suspension_after_the_deadline_does_not_bring_it_back() {
    let mut w = World::on(TODAY);
    let id = accepted(&mut w, "complaint", &[]);
    w.step(id, "suspend", "2026-08-10", SUSPEND);
    w.step(id, "resume", "2026-09-10", &[]);
    assert_eq!(due(&w, id), "2026-08-05");
    assert_eq!(w.read(id).standing, Some(Standing::Overdue));
    assert_eq!(
        refused(w.try_step(id, "extend", "2026-09-11", &extend("5"))),
        ["on"]
    );
}

#[test]
fn extensions_of_a_denunciation() {
    let mut w = World::on(TODAY);
    let plain = accepted(&mut w, "denunciation", &[]);
    assert_eq!(
        refused(w.try_step(plain, "extend", "2026-07-20", &extend("30"))),
        ["days"]
    );
    let id = accepted(&mut w, "denunciation", &[("complex", "có")]);
    assert_eq!(
        refused(w.try_step(id, "extend", "2026-07-20", &[("days", "30")])),
        ["document"]
    );
    let text = w
        .try_step(id, "extend", "2026-07-20", &extend("31"))
        .unwrap_err()
        .text(Lang::Vi);
    assert!(text.contains("30") && text.contains("LTC Đ30.2"), "{text}");
    w.step(id, "extend", "2026-07-20", &extend("30"));
    // from the deadline before it, 5/8: 4/9
    assert_eq!(due(&w, id), "2026-09-04");
    let e = sum(&w, id);
    assert_eq!(e.extensions.len(), 1);
    assert_eq!(
        (e.extensions[0].from, e.extensions[0].due),
        (d("2026-08-05"), d("2026-09-04"))
    );
    assert_eq!(
        e.extensions[0].document.as_deref(),
        Some("12/QĐ-UBND 20/7/2026")
    );
    assert_eq!(
        refused(w.try_step(id, "extend", "2026-07-21", &extend("1"))),
        ["days"]
    );
    let id = accepted(&mut w, "denunciation", &[("very_complex", "có")]);
    w.step(id, "extend", "2026-07-20", &extend("30"));
    w.step(id, "extend", "2026-08-20", &extend("30"));
    // 4/10 is a Sunday
    assert_eq!(due(&w, id), "2026-10-05");
    assert_eq!(
        refused(w.try_step(id, "extend", "2026-09-20", &extend("1"))),
        ["days"]
    );
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    assert_eq!(due(&w, id), "2026-09-04");
}

#[test]
fn a_complaint_is_extended_up_to_the_complex_limit() {
    let mut w = World::on(TODAY);
    let id = accepted(&mut w, "complaint", &[]);
    let text = w
        .try_step(id, "extend", "2026-07-20", &extend("16"))
        .unwrap_err()
        .text(Lang::Vi);
    assert!(
        text.contains("45 ngày") && text.contains("LKN Đ28"),
        "{text}"
    );
    w.step(id, "extend", "2026-07-20", &extend("10"));
    // 15/8 is a Saturday
    assert_eq!(due(&w, id), "2026-08-17");
    assert_eq!(
        refused(w.try_step(id, "extend", "2026-07-21", &extend("6"))),
        ["days"]
    );
    w.step(id, "extend", "2026-07-21", &extend("5"));
    // the 45th day from acceptance, not five days after the one that rolled over
    assert_eq!(due(&w, id), "2026-08-20");
    let complex = accepted(&mut w, "complaint", &[("complex", "có")]);
    assert_eq!(due(&w, complex), "2026-08-20");
    assert_eq!(
        refused(w.try_step(complex, "extend", "2026-07-20", &extend("1"))),
        ["days"]
    );
}

#[test]
fn extended_then_suspended() {
    let mut w = World::on(TODAY);
    let id = accepted(&mut w, "denunciation", &[("complex", "có")]);
    w.step(id, "extend", "2026-07-20", &extend("30"));
    w.step(id, "suspend", "2026-08-10", SUSPEND);
    w.step(id, "resume", "2026-08-20", &[]);
    let e = sum(&w, id);
    assert_eq!(e.due, d("2026-09-14"));
    assert_eq!(e.days.iter().filter(|day| day.counted).count(), 60);
}

#[test]
fn withdrawn_whole_in_part_or_going_on() {
    let mut w = World::on(TODAY);
    let id = accepted(&mut w, "complaint", &[]);
    assert_eq!(
        refused(w.try_step(id, "withdraw", "2026-07-10", &[])),
        ["whole"]
    );
    let two = [("whole", "có"), ("part", "có")];
    assert_eq!(
        refused(w.try_step(id, "withdraw", "2026-07-10", &two)),
        ["whole"]
    );
    assert_eq!(
        refused(w.try_step(id, "withdraw", "2026-07-10", &[("continue", "có")])),
        ["continue"]
    );
    w.step(id, "withdraw", "2026-07-10", &[("part", "có")]);
    assert_eq!(
        (stage(&w, id).as_str(), due(&w, id).as_str()),
        ("accepted", "2026-08-05")
    );
    w.step(id, "withdraw", "2026-07-12", &[("whole", "có")]);
    assert_eq!(stage(&w, id), "closed_other");
    let state = petitions::state(&w.cx, id).unwrap();
    assert_eq!(
        (state.ended, state.closed_on),
        (Some(Ended::Withdrawn), Some(d("2026-07-12")))
    );
    let id = accepted(&mut w, "denunciation", &[]);
    w.step(id, "withdraw", "2026-07-10", &[("continue", "có")]);
    assert_eq!(stage(&w, id), "accepted");
    let rows = petitions::steps(&w.cx, id).unwrap();
    assert_eq!(rows[1].step.go_on, Some(true));
    assert_eq!(rows[1].step.whole, None);
}

#[test]
fn guidance_once_a_matter() {
    let mut w = World::on(TODAY);
    let first = w.petition("2026-07-02", "complaint", &[]);
    let second = w.petition("2026-07-03", "complaint", &[]);
    let lead = first.to_string();
    w.step(first, "guide", "2026-07-06", &[]);
    w.step(second, "link", "2026-07-06", &[("lead", &lead)]);
    let text = w
        .try_step(second, "guide", "2026-07-07", &[])
        .unwrap_err()
        .text(Lang::Vi);
    assert!(text.contains("hướng dẫn một lần"), "{text}");
    petitions::undo_step(&mut w.cx, first, "nhập nhầm").unwrap();
    w.step(second, "guide", "2026-07-07", &[]);
    assert_eq!(exit(w.try_step(first, "guide", "2026-07-08", &[])), 3);
    let post = w.petition("2026-07-02", "denunciation", &[("source", "post")]);
    assert_eq!(exit(w.try_step(post, "guide", "2026-07-06", &[])), 3);
}

#[test]
fn links_have_one_lead_and_follow_back() {
    let mut w = World::on(TODAY);
    let a = w.petition("2026-07-02", "complaint", &[]);
    let b = w.petition("2026-07-02", "complaint", &[]);
    let c = w.petition("2026-07-02", "complaint", &[]);
    let on = "2026-07-06";
    let of = |w: &World, id| w.text(Kind::Petition, id, "duplicate_of");
    for (id, lead) in [(a, a), (a, 99_999)] {
        assert_eq!(
            refused(w.try_step(id, "link", on, &[("lead", &lead.to_string())])),
            ["lead"]
        );
    }
    assert_eq!(refused(w.try_step(a, "link", on, &[])), ["lead"]);
    assert_eq!(exit(w.try_step(b, "unlink", on, &[])), 3);
    w.step(b, "link", on, &[("lead", &a.to_string())]);
    assert_eq!(of(&w, b), a.to_string());
    // a chain, from either end
    assert_eq!(
        refused(w.try_step(c, "link", on, &[("lead", &b.to_string())])),
        ["lead"]
    );
    assert_eq!(
        refused(w.try_step(a, "link", on, &[("lead", &c.to_string())])),
        ["lead"]
    );
    w.step(b, "unlink", "2026-07-07", &[]);
    assert_eq!(of(&w, b), "");
    petitions::undo_step(&mut w.cx, b, "nhập nhầm").unwrap();
    assert_eq!(of(&w, b), a.to_string());
    petitions::undo_step(&mut w.cx, b, "nhập nhầm").unwrap();
    assert_eq!(of(&w, b), "");
    // what was unlinked cannot be given back once the lead is itself linked
    w.step(b, "link", on, &[("lead", &a.to_string())]);
    w.step(b, "unlink", "2026-07-07", &[]);
    w.step(a, "link", on, &[("lead", &c.to_string())]);
    assert_eq!(exit(petitions::undo_step(&mut w.cx, b, "nhập nhầm")), 3);
}

#[test]
fn opened_again_to_the_stage_before() {
    let mut w = World::on(TODAY);
    let id = accepted(&mut w, "complaint", &[]);
    w.step(id, "resolve", "2026-08-10", &[("outcome", "justified")]);
    assert_eq!(w.read(id).standing, Some(Standing::ResolvedLate));
    w.step(id, "execute", "2026-08-20", &[]);
    assert_eq!(
        petitions::state(&w.cx, id).unwrap().executed_on,
        Some(d("2026-08-20"))
    );
    // late stays late: what the deadline followed from cannot be improved afterwards
    assert_eq!(
        refused(w.edit(Kind::Petition, id, &[("complex", "có")])),
        ["complex"]
    );
    assert_eq!(
        refused(w.try_step(id, "reopen", "2026-08-21", &[])),
        ["why"]
    );
    w.step(id, "reopen", "2026-08-21", &[("why", "có tình tiết mới")]);
    assert_eq!(stage(&w, id), "accepted");
    assert_eq!(w.text(Kind::Petition, id, "outcome"), "");
    assert_eq!(w.read(id).standing, Some(Standing::Overdue));
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    assert_eq!(w.read(id).standing, Some(Standing::ResolvedLate));
    let id = w.petition("2026-07-02", "complaint", &[]);
    w.step(id, "classify", "2026-07-03", &[("jurisdiction", "own")]);
    w.step(id, "refuse", "2026-07-06", &[("document", "3/TB")]);
    w.step(id, "reopen", "2026-07-07", &[("why", "đủ điều kiện")]);
    assert_eq!(
        (stage(&w, id).as_str(), due(&w, id).as_str()),
        ("classified", "2026-07-13")
    );
}

#[test]
fn urgings_are_numbered_and_the_next_suggested() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-07-02", "complaint", &[]);
    assert!(petitions::next_urge(&w.cx, id).unwrap().is_none());
    w.step(
        id,
        "forward",
        "2026-07-03",
        &[("to", "86"), ("reply_due", "2026-07-17")],
    );
    let next = petitions::next_urge(&w.cx, id).unwrap().unwrap();
    assert_eq!((next.number, next.on), (1, d("2026-07-20")));
    assert_eq!(next.to.unwrap().code, "86");
    w.step(id, "urge", "2026-07-20", &[("document", "5/CV")]);
    let next = petitions::next_urge(&w.cx, id).unwrap().unwrap();
    assert_eq!((next.number, next.on), (2, d("2026-08-03")));
    assert_eq!(
        (stage(&w, id).as_str(), due(&w, id).as_str()),
        ("forwarded", "2026-07-17")
    );
}

#[test]
fn an_urging_goes_to_who_has_the_matter() {
    let mut w = World::on(TODAY);
    let next = |w: &World, id| petitions::next_urge(&w.cx, id).unwrap().unwrap();
    // nobody is named: it can be urged, to nobody
    let id = accepted(&mut w, "complaint", &[]);
    assert_eq!(next(&w, id).to, None);
    w.edit(Kind::Petition, id, &[("handler_unit", "86")])
        .unwrap();
    assert_eq!(next(&w, id).to.unwrap().code, "86");
    // the last one urged is urged again
    w.step(id, "urge", "2026-08-10", &[("to", "29602")]);
    assert_eq!(next(&w, id).to.unwrap().code, "29602");
    // taking it back takes its number back
    w.step(id, "urge", "2026-08-24", &[]);
    assert_eq!(next(&w, id).number, 3);
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    // Saturday 22/8/2026 is worked instead of 31/8
    assert_eq!((next(&w, id).number, next(&w, id).on), (2, d("2026-08-22")));
    // a forward that asked for no day: ten working days after it
    let id = w.petition("2026-07-02", "complaint", &[]);
    w.step(id, "forward", "2026-07-03", &[("to", "86")]);
    assert_eq!((next(&w, id).number, next(&w, id).on), (1, d("2026-07-17")));
    w.step(id, "reply", "2026-07-20", &[]);
    assert!(petitions::next_urge(&w.cx, id).unwrap().is_none());
}

#[test]
fn a_party_body_is_told_why_it_may_not() {
    let mut w = World::on(TODAY);
    settings::set(&mut w.cx, "profile", "party").unwrap();
    let id = w.petition("2026-07-02", "complaint", &[]);
    let text = w
        .try_step(id, "accept", "2026-07-06", &[])
        .unwrap_err()
        .text(Lang::Vi);
    assert!(
        text.contains("cơ quan Đảng") && text.contains("(forward)"),
        "{text}"
    );
    assert!(!text.contains("(refuse)"), "{text}");
    w.step(id, "forward", "2026-07-06", &[("to", "86")]);
    let id = w.petition("2026-07-02", "feedback", &[]);
    w.step(id, "resolve", "2026-07-06", &[]);
}
