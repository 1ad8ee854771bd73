//! Petitions: steps allowed and refused, deadlines, what a denunciation keeps, history, conflicts.
use crate::support::world::{World, d, exit, plain, refused, step_of};
use danvan::app::records::{self, NewRecord};
use danvan::app::{Cx, drafts, find, petitions};
use danvan::domain::petition::{
    Guard, Jurisdiction, PetitionType, Stage, StepKind, TRANSITIONS, To, outcomes,
};
use danvan::domain::record::Kind;
use danvan::domain::value::{Code, Value};
use danvan::domain::words::Lang;

const TODAY: &str = "2026-11-20";
/// Before the deadline of what was received or accepted at the start of October.
const STEP_DAY: &str = "2026-10-12";

/// Brings a new petition to a stage by the shortest way; none where its type has no way there.
fn reach(
    w: &mut World,
    kind: PetitionType,
    stage: Stage,
    jurisdiction: Jurisdiction,
) -> Option<i64> {
    // A denunciation is extended only when complex; a complex complaint has its longer term already.
    let complex = if kind == PetitionType::Denunciation {
        "có"
    } else {
        "không"
    };
    let id = w.petition("2026-10-01", kind.code(), &[("complex", complex)]);
    let own = jurisdiction == Jurisdiction::Own;
    let classify = |w: &mut World| {
        w.step(
            id,
            "classify",
            "2026-10-02",
            &[("jurisdiction", jurisdiction.code())],
        );
    };
    match stage {
        Stage::Received => {
            w.edit(Kind::Petition, id, &[("jurisdiction", jurisdiction.code())])
                .unwrap();
        }
        Stage::Classified => classify(w),
        Stage::Accepted if own => w.step(id, "accept", "2026-10-03", &[]),
        Stage::Suspended if own => {
            w.step(id, "accept", "2026-10-03", &[]);
            w.step(id, "suspend", "2026-10-04", &[("reason", "chờ giám định")]);
        }
        Stage::Forwarded if !own => w.step(id, "forward", "2026-10-03", &[("to", "86")]),
        Stage::Resolved if own => {
            w.step(id, "accept", "2026-10-03", &[]);
            let outcome = outcomes(Some(kind), 1)[0].code();
            w.step(id, "resolve", "2026-10-04", &[("outcome", outcome)]);
        }
        Stage::ClosedOther => w.step(id, "file_away", "2026-10-03", &[]),
        _ => return None,
    }
    assert_eq!(w.read(id).stage, Some(stage));
    Some(id)
}

/// The contract's table of steps, written a second time: from where, for whom.
fn expected(step: StepKind, kind: PetitionType, stage: Stage, jurisdiction: Jurisdiction) -> bool {
    let early = matches!(stage, Stage::Received | Stage::Classified);
    let own = jurisdiction == Jurisdiction::Own;
    let accepted = stage == Stage::Accepted;
    match step {
        StepKind::Classify => stage == Stage::Received,
        StepKind::Accept => early && (stage == Stage::Received || own),
        StepKind::Forward => early && (stage == Stage::Received || !own),
        StepKind::Reply => stage == Stage::Forwarded,
        StepKind::Resolve => accepted || (early && !kind.is_case()),
        StepKind::FileAway | StepKind::Refuse | StepKind::Return | StepKind::Guide => early,
        StepKind::Urge => accepted || stage == Stage::Forwarded,
        StepKind::Extend | StepKind::Suspend => accepted,
        StepKind::Resume => stage == Stage::Suspended,
        StepKind::Withdraw => early || accepted || stage == Stage::Suspended,
        StepKind::Terminate => accepted || stage == Stage::Suspended,
        StepKind::Execute => stage == Stage::Resolved,
        StepKind::Reopen => matches!(stage, Stage::Resolved | Stage::ClosedOther),
        StepKind::Link => true,
        StepKind::Unlink => false,
    }
}

/// What a step needs beside its day to be taken on a complex matter.
fn needs(step: StepKind, kind: PetitionType, lead: &str) -> Vec<(&'static str, String)> {
    let text = |key, value: &str| vec![(key, value.to_owned())];
    match step {
        StepKind::Forward => text("to", "86"),
        StepKind::Resolve => text("outcome", outcomes(Some(kind), 1)[0].code()),
        StepKind::Extend => vec![("days", "5".into()), ("document", "7/QĐ".into())],
        StepKind::Suspend => text("reason", "chờ giám định"),
        StepKind::Withdraw => text("whole", "có"),
        StepKind::Reopen => text("why", "có tình tiết mới"),
        StepKind::Link => text("lead", lead),
        _ => Vec::new(),
    }
}

#[test]
fn every_step_from_every_stage_for_every_type() {
    let mut w = World::on(TODAY);
    let lead = w.petition("2026-10-01", "complaint", &[]).to_string();
    let mut tried = 0;
    for kind in PetitionType::ALL {
        for stage in Stage::ALL {
            for jurisdiction in Jurisdiction::ALL {
                for step in StepKind::ALL {
                    let Some(id) = reach(&mut w, *kind, *stage, *jurisdiction) else {
                        continue;
                    };
                    tried += 1;
                    let may = expected(*step, *kind, *stage, *jurisdiction);
                    let what = format!("{kind:?} {stage:?} {jurisdiction:?} {step:?}");
                    let listed = petitions::choices(&w.cx, id).unwrap();
                    let (_, bar) = listed.iter().find(|(s, _)| s == step).unwrap();
                    assert_eq!(bar.is_none(), may, "{what}");
                    assert_eq!(petitions::guard(&w.cx, id, *step).is_ok(), may, "{what}");
                    let fields = needs(*step, *kind, &lead);
                    let fields: Vec<(&str, &str)> =
                        fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
                    let before = w.read(id);
                    match w.try_step(id, step.code(), STEP_DAY, &fields) {
                        Ok(()) => {
                            assert!(may, "{what} was taken");
                            let row = TRANSITIONS.iter().find(|t| t.step == *step).unwrap();
                            let to = match row.to {
                                To::Stage(stage) => Some(stage),
                                To::Same => before.stage,
                                To::ByExtent => Some(Stage::ClosedOther),
                                To::Before => w.read(id).stage,
                            };
                            assert_eq!(w.read(id).stage, to, "{what}");
                        }
                        Err(e) => {
                            assert!(!may, "{what}: {}", e.text(Lang::Vi));
                            assert_eq!(e.exit_code(), 3);
                            let text = e.text(Lang::Vi);
                            assert!(text.contains("Làm được lúc này:"), "{text}");
                            for (other, bar) in &listed {
                                assert_eq!(
                                    text.contains(&format!("({})", other.code())),
                                    bar.is_none(),
                                    "{text}"
                                );
                            }
                            assert_eq!(w.read(id), before, "{what} left a trace");
                        }
                    }
                }
            }
        }
    }
    assert!(tried > 200, "{tried}");
    assert!(TRANSITIONS.iter().any(|t| t.guard == Guard::Always));
}

#[test]
fn a_step_is_judged_before_its_fields() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-10-01", "complaint", &[]);
    let text = w
        .try_step(id, "resolve", "2027-01-01", &[])
        .unwrap_err()
        .text(Lang::Vi);
    assert!(text.contains("thụ lý trước khi giải quyết"), "{text}");
}

#[test]
fn steps_are_dated_in_order_and_not_ahead() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-10-05", "complaint", &[]);
    assert_eq!(
        refused(w.try_step(id, "classify", "2026-10-04", &[])),
        ["on"]
    );
    assert_eq!(
        refused(w.try_step(id, "classify", "2026-11-21", &[])),
        ["on"]
    );
    w.step(id, "classify", "2026-10-05", &[("jurisdiction", "own")]);
    w.step(id, "accept", "2026-10-12", &[]);
    assert_eq!(
        refused(w.try_step(id, "resolve", "2026-10-11", &[("outcome", "justified")])),
        ["on"]
    );
    w.step(id, "resolve", TODAY, &[("outcome", "justified")]);
    // nor may the receipt move behind the first step
    assert_eq!(
        refused(w.edit(Kind::Petition, id, &[("received_on", "2026-10-06")])),
        ["received_on"]
    );
}

#[test]
fn fields_of_a_step() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-10-05", "complaint", &[]);
    assert_eq!(
        refused(w.try_step(id, "forward", "2026-10-06", &[])),
        ["to"]
    );
    assert_eq!(
        refused(w.try_step(id, "forward", "2026-10-06", &[("to", "99999")])),
        ["to"]
    );
    assert_eq!(
        refused(w.try_step(
            id,
            "forward",
            "2026-10-06",
            &[("to", "86"), ("reply_due", "2026-10-05")]
        )),
        ["reply_due"]
    );
    w.step(id, "accept", "2026-10-06", &[]);
    for (outcome, ok) in [("answered", false), ("upheld", false), ("justified", true)] {
        let done = w.try_step(id, "resolve", "2026-10-07", &[("outcome", outcome)]);
        assert_eq!(done.is_ok(), ok, "{outcome}");
    }
    let second = w.petition("2026-10-05", "complaint", &[("instance", "2")]);
    w.step(second, "accept", "2026-10-06", &[]);
    assert_eq!(
        refused(w.try_step(second, "resolve", "2026-10-07", &[("outcome", "justified")])),
        ["outcome"]
    );
    w.step(second, "resolve", "2026-10-07", &[("outcome", "upheld")]);
    // a recommendation has one outcome only, and needs it not said
    let answer = w.petition("2026-10-05", "recommendation", &[]);
    w.step(answer, "resolve", "2026-10-07", &[]);
    assert_eq!(w.text(Kind::Petition, answer, "outcome"), "answered");
}

#[test]
fn what_steps_change_beside_the_stage() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-10-05", "complaint", &[]);
    w.step(
        id,
        "classify",
        "2026-10-06",
        &[("jurisdiction", "own"), ("eligible", "có")],
    );
    let p = w.read(id);
    assert_eq!(
        (p.jurisdiction, p.eligible),
        (Some(Jurisdiction::Own), Some(true))
    );
    let id = w.petition("2026-10-05", "complaint", &[]);
    w.step(id, "accept", "2026-10-06", &[("very_complex", "có")]);
    let p = w.read(id);
    assert_eq!(p.jurisdiction, Some(Jurisdiction::Own));
    assert_eq!(
        (p.complex, p.very_complex, p.remote),
        (Some(true), Some(true), Some(false))
    );
    let id = w.petition("2026-10-05", "complaint", &[]);
    w.step(id, "forward", "2026-10-06", &[("to", "86")]);
    assert_eq!(w.read(id).jurisdiction, Some(Jurisdiction::Other));
}

/// Due date and rule of a petition.
fn due(w: &World, id: i64) -> (String, String) {
    let due = w.text(Kind::Petition, id, "due_on");
    let rule = match petitions::why(&w.cx, id).unwrap() {
        Some(petitions::Ground::Rule(e)) => {
            assert_eq!(e.due.to_string(), due);
            e.rule.code.clone()
        }
        Some(petitions::Ground::Reply(day)) => {
            assert_eq!(day.to_string(), due);
            petitions::REPLY_RULE.to_owned()
        }
        None => String::new(),
    };
    (due, rule)
}

fn pair(due: &str, rule: &str) -> (String, String) {
    (due.to_owned(), rule.to_owned())
}

#[test]
fn the_deadline_of_receipt() {
    let mut w = World::on(TODAY);
    // the law of the day of receipt: 10 days until 30/6/2026, 7 working days from 1/7/2026
    let id = w.petition("2026-06-30", "complaint", &[]);
    assert_eq!(due(&w, id), pair("2026-07-10", "KN_ACCEPT"));
    let id = w.petition("2026-07-01", "complaint", &[]);
    assert_eq!(due(&w, id), pair("2026-07-10", "KN_ACCEPT"));
    let id = w.petition("2026-07-02", "complaint", &[]);
    assert_eq!(due(&w, id), pair("2026-07-13", "KN_ACCEPT"));
    // ten calendar days that end on a Saturday roll over to Monday (Civil Code 148.5)
    let id = w.petition("2026-06-17", "complaint", &[]);
    assert_eq!(due(&w, id), pair("2026-06-29", "KN_ACCEPT"));
    let id = w.petition("2026-07-01", "denunciation", &[]);
    assert_eq!(due(&w, id), pair("2026-07-10", "TC_INITIAL"));
    let id = w.petition("2026-07-01", "recommendation", &[]);
    assert_eq!(due(&w, id), pair("2026-07-22", "KNPA_OFFICE"));
    let id = w.petition("2026-07-01", "feedback", &[]);
    assert_eq!(due(&w, id), pair("2026-07-22", "KNPA_OFFICE"));
    // brought to a reception: the earlier of the two (LTCD Đ28.1)
    let id = w.petition("2026-07-01", "feedback", &[("source", "reception")]);
    assert_eq!(due(&w, id), pair("2026-07-15", "TCD_REPLY"));
    let id = w.petition("2026-07-01", "complaint", &[("source", "reception")]);
    assert_eq!(due(&w, id), pair("2026-07-10", "KN_ACCEPT"));
    // Tết 2026 lies between
    let id = w.petition("2026-02-10", "denunciation", &[]);
    let (day, _) = due(&w, id);
    assert!(day.as_str() > "2026-02-23", "{day}");
    // classifying does not move it
    let id = w.petition("2026-07-02", "complaint", &[]);
    w.step(id, "classify", "2026-07-03", &[("jurisdiction", "own")]);
    assert_eq!(due(&w, id), pair("2026-07-13", "KN_ACCEPT"));
}

#[test]
fn the_deadline_of_acceptance() {
    let mut w = World::on(TODAY);
    let mut case = |kind: &str, instance: &str, fields: &[(&str, &str)]| {
        let id = w.petition("2026-07-02", kind, &[("instance", instance)]);
        w.step(id, "accept", "2026-07-06", fields);
        due(&w, id)
    };
    let complex = &[("complex", "có")][..];
    let remote = &[("remote", "có")][..];
    let both = &[("complex", "có"), ("remote", "có")][..];
    let very = &[("very_complex", "có")][..];
    // from Monday 6/7/2026: 30, 45, 60, 70 calendar days, rolled over weekends
    assert_eq!(
        case("complaint", "1", &[]),
        pair("2026-08-05", "KN_RESOLVE_1")
    );
    assert_eq!(
        case("complaint", "1", complex),
        pair("2026-08-20", "KN_RESOLVE_1")
    );
    assert_eq!(
        case("complaint", "1", remote),
        pair("2026-08-20", "KN_RESOLVE_1")
    );
    assert_eq!(
        case("complaint", "1", both),
        pair("2026-09-04", "KN_RESOLVE_1")
    );
    assert_eq!(
        case("complaint", "1", very),
        pair("2026-08-20", "KN_RESOLVE_1")
    );
    assert_eq!(
        case("complaint", "2", &[]),
        pair("2026-08-20", "KN_RESOLVE_2")
    );
    assert_eq!(
        case("complaint", "2", complex),
        pair("2026-09-04", "KN_RESOLVE_2")
    );
    assert_eq!(
        case("complaint", "2", remote),
        pair("2026-09-04", "KN_RESOLVE_2")
    );
    assert_eq!(
        case("complaint", "2", both),
        pair("2026-09-14", "KN_RESOLVE_2")
    );
    assert_eq!(
        case("denunciation", "1", &[]),
        pair("2026-08-05", "TC_RESOLVE")
    );
    // an extension is never assumed
    assert_eq!(
        case("denunciation", "1", very),
        pair("2026-08-05", "TC_RESOLVE")
    );
    // what is only answered keeps the office's own deadline, counted from receipt
    assert_eq!(
        case("feedback", "1", &[]),
        pair("2026-07-23", "KNPA_OFFICE")
    );
}

#[test]
fn the_deadline_moves_with_what_it_stands_on() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-07-02", "complaint", &[]);
    w.edit(Kind::Petition, id, &[("received_on", "2026-07-01")])
        .unwrap();
    assert_eq!(due(&w, id), pair("2026-07-10", "KN_ACCEPT"));
    w.edit(Kind::Petition, id, &[("type", "feedback")]).unwrap();
    assert_eq!(due(&w, id), pair("2026-07-22", "KNPA_OFFICE"));
    w.edit(Kind::Petition, id, &[("source", "reception")])
        .unwrap();
    assert_eq!(due(&w, id), pair("2026-07-15", "TCD_REPLY"));
    let id = w.petition("2026-07-02", "complaint", &[]);
    w.step(id, "accept", "2026-07-06", &[]);
    w.edit(Kind::Petition, id, &[("complex", "có")]).unwrap();
    assert_eq!(due(&w, id), pair("2026-08-20", "KN_RESOLVE_1"));
}

#[test]
fn forwarded_waits_for_its_reply() {
    let mut w = World::on("2026-07-20");
    let id = w.petition("2026-07-02", "complaint", &[]);
    let to = [("to", "86"), ("reply_due", "2026-08-01")];
    w.step(id, "forward", "2026-07-06", &to);
    assert_eq!(due(&w, id), pair("2026-08-01", "REPLY_DUE"));
    assert_eq!(w.text(Kind::Petition, id, "standing"), "on_time");
    assert_eq!(w.text(Kind::Petition, id, "days_left"), "12");
    w.later("2026-08-03");
    assert_eq!(w.text(Kind::Petition, id, "standing"), "overdue");
    assert_eq!(w.text(Kind::Petition, id, "days_left"), "-2");
    w.step(id, "reply", "2026-08-03", &[]);
    let p = w.read(id);
    assert_eq!(p.stage, Some(Stage::ClosedOther));
    assert_eq!((p.due_on, p.days_left), (None, None));
    assert_eq!(w.text(Kind::Petition, id, "standing"), "none");
    // without an expected day there is no deadline
    let id = w.petition("2026-07-02", "complaint", &[]);
    w.step(id, "forward", "2026-07-06", &[("to", "86")]);
    assert_eq!(due(&w, id), pair("", ""));
    assert_eq!(w.text(Kind::Petition, id, "standing"), "none");
}

#[test]
fn a_deadline_is_kept_after_resolving_and_late_stays_late() {
    let mut w = World::on(TODAY);
    for (resolved, standing) in [
        ("2026-08-05", "resolved_on_time"),
        ("2026-08-06", "resolved_late"),
    ] {
        let id = w.petition("2026-07-02", "complaint", &[]);
        w.step(id, "accept", "2026-07-06", &[]);
        w.step(id, "resolve", resolved, &[("outcome", "justified")]);
        assert_eq!(due(&w, id), pair("2026-08-05", "KN_RESOLVE_1"));
        assert_eq!(w.text(Kind::Petition, id, "standing"), standing);
        assert_eq!(w.text(Kind::Petition, id, "resolved_on"), resolved);
        assert_eq!(w.text(Kind::Petition, id, "days_left"), "");
        w.later("2027-03-01");
        assert_eq!(w.text(Kind::Petition, id, "standing"), standing);
        w.later(TODAY);
    }
    // a recommendation answered without being accepted keeps the deadline of its receipt
    let id = w.petition("2026-07-01", "recommendation", &[]);
    w.step(id, "resolve", "2026-07-23", &[]);
    assert_eq!(due(&w, id), pair("2026-07-22", "KNPA_OFFICE"));
    assert_eq!(w.text(Kind::Petition, id, "standing"), "resolved_late");
}

#[test]
fn standings_through_the_days() {
    let mut w = World::on("2026-07-02");
    let id = w.petition("2026-07-02", "complaint", &[]);
    // due Monday 13/7: five working days before is Monday 6/7
    for (day, standing) in [
        ("2026-07-02", "on_time"),
        ("2026-07-05", "on_time"),
        ("2026-07-06", "due_soon"),
        ("2026-07-13", "due_soon"),
        ("2026-07-14", "overdue"),
    ] {
        w.later(day);
        assert_eq!(w.text(Kind::Petition, id, "standing"), standing, "{day}");
    }
}

#[test]
fn taking_a_step_back_gives_back_fields_and_deadline() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-07-02", "complaint", &[("remote", "có")]);
    let fresh = w.read(id);
    w.step(
        id,
        "classify",
        "2026-07-03",
        &[("jurisdiction", "own"), ("eligible", "có")],
    );
    let classified = w.read(id);
    w.step(
        id,
        "accept",
        "2026-07-06",
        &[("complex", "có"), ("remote", "không")],
    );
    let accepted = w.read(id);
    assert_eq!(
        (accepted.complex, accepted.remote),
        (Some(true), Some(false))
    );
    w.step(id, "resolve", "2026-07-20", &[("outcome", "justified")]);
    assert_eq!(refused_text(&mut w, id, "  "), "why");
    let same = |w: &World, then: &danvan::domain::petition::Petition| {
        let mut now = w.read(id);
        now.head.rev = then.head.rev;
        assert_eq!(&now, then);
    };
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    same(&w, &accepted);
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    same(&w, &classified);
    petitions::undo_step(&mut w.cx, id, "nhập nhầm").unwrap();
    same(&w, &fresh);
    assert_eq!(exit(petitions::undo_step(&mut w.cx, id, "nữa")), 3);
    // what was taken back stays readable, with its reason
    let steps = petitions::steps(&w.cx, id).unwrap();
    assert_eq!(steps.len(), 3);
    assert!(
        steps
            .iter()
            .all(|s| s.undone.as_deref() == Some("nhập nhầm"))
    );
    // and the petition goes on
    w.step(id, "accept", "2026-07-04", &[]);
    assert_eq!(w.read(id).stage, Some(Stage::Accepted));
}

fn refused_text(w: &mut World, id: i64, why: &str) -> &'static str {
    let text = petitions::undo_step(&mut w.cx, id, why)
        .unwrap_err()
        .text(Lang::En);
    if text.contains("(why)") { "why" } else { "?" }
}

#[test]
fn every_change_has_its_row_of_history() {
    let mut w = World::on(TODAY);
    let id = w.petition(
        "2026-07-02",
        "complaint",
        &[("petitioner", "Nguyễn Văn Mẫu")],
    );
    w.edit(
        Kind::Petition,
        id,
        &[("subject", "Về đền bù"), ("signers", "3")],
    )
    .unwrap();
    w.step(id, "accept", "2026-07-06", &[("note", "có đủ hồ sơ")]);
    petitions::undo_step(&mut w.cx, id, "nhầm ngày").unwrap();
    records::set_removed(&mut w.cx, Kind::Petition, id, true).unwrap();
    records::set_removed(&mut w.cx, Kind::Petition, id, false).unwrap();
    let rows = records::history(&w.cx, Kind::Petition, id).unwrap();
    let brief: Vec<(String, String, String, String)> = rows
        .iter()
        .map(|r| {
            let text = |t: &Option<String>| t.clone().unwrap_or_default();
            (
                r.action.clone(),
                text(&r.change.field),
                text(&r.change.before),
                text(&r.change.after),
            )
        })
        .collect();
    let row = |a: &str, f: &str, b: &str, c: &str| {
        (a.to_owned(), f.to_owned(), b.to_owned(), c.to_owned())
    };
    assert_eq!(
        brief,
        [
            row("add", "", "", ""),
            row("edit", "subject", "Về việc thu hồi đất", "Về đền bù"),
            row("edit", "signers", "", "3"),
            row("step", "accept", "received", "2026-07-06"),
            row("edit", "jurisdiction", "chưa xác định", "thuộc thẩm quyền"),
            row("undo_step", "accept", "2026-07-06", ""),
            row("edit", "jurisdiction", "thuộc thẩm quyền", "chưa xác định"),
            row("remove", "", "", ""),
            row("restore", "", "", ""),
        ]
    );
    assert!(
        rows.iter()
            .all(|r| r.who == "lan" && r.at.starts_with(TODAY))
    );
    assert_eq!(rows[5].why.as_deref(), Some("nhầm ngày"));
    // an edit that changes nothing leaves no row and no revision
    let rev = w.read(id).head.rev;
    w.edit(Kind::Petition, id, &[("subject", "Về đền bù")])
        .unwrap();
    assert_eq!(w.read(id).head.rev, rev);
    assert_eq!(
        records::history(&w.cx, Kind::Petition, id).unwrap().len(),
        9
    );
}

#[test]
fn two_who_edit_the_same_record() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-07-02", "complaint", &[]);
    let mut other = w.cx.reopen().unwrap();
    let rev = w.read(id).head.rev;
    let subject = |text: &str| vec![("subject", Value::Text(text.into()))];
    records::edit(&mut other, Kind::Petition, id, Some(rev), &subject("một")).unwrap();
    let late = records::edit(&mut w.cx, Kind::Petition, id, Some(rev), &subject("hai"));
    assert_eq!(exit(late), 5);
    assert_eq!(w.text(Kind::Petition, id, "subject"), "một");
    records::edit(
        &mut w.cx,
        Kind::Petition,
        id,
        Some(rev + 1),
        &subject("hai"),
    )
    .unwrap();
    // a step moves the revision too
    w.step(id, "accept", "2026-07-06", &[]);
    let late = records::edit(
        &mut other,
        Kind::Petition,
        id,
        Some(rev + 2),
        &subject("ba"),
    );
    assert_eq!(exit(late), 5);
}

#[test]
fn a_denunciation_keeps_no_trace_of_its_writer() {
    let mut w = World::on(TODAY);
    let secret = [("petitioner", "Lò Thị Bí Mật"), ("address", "Ấp Xa Xôi")];
    let fields = [
        ("received_on", "2026-07-02"),
        ("type", "denunciation"),
        ("subject", "Việc làm sai"),
        secret[0],
    ];
    assert_eq!(refused(w.try_add(Kind::Petition, &fields)), ["petitioner"]);
    let id = w.petition("2026-07-02", "denunciation", &[]);
    for field in secret {
        assert_eq!(refused(w.edit(Kind::Petition, id, &[field])), [field.0]);
    }
    // a complaint that turns out to be a denunciation
    let id = w.petition("2026-07-02", "complaint", &secret);
    assert_eq!(find::find(&w.cx, "Bí Mật", None, 10).unwrap().len(), 1);
    assert_eq!(
        refused(w.edit(Kind::Petition, id, &[("type", "denunciation")])),
        ["petitioner", "address"]
    );
    w.edit(
        Kind::Petition,
        id,
        &[
            ("type", "denunciation"),
            ("petitioner", ""),
            ("address", ""),
        ],
    )
    .unwrap();
    for row in records::history(&w.cx, Kind::Petition, id).unwrap() {
        let text = format!("{row:?}");
        assert!(!text.contains("Mật") && !text.contains("Xa Xôi"), "{text}");
    }
    assert_eq!(find::find(&w.cx, "Bí Mật", None, 10).unwrap().len(), 0);
    // nothing of it is left in the file either
    let copy = w.file("copy.db");
    danvan::app::upkeep::backup(&w.cx, &copy, false).unwrap();
    let bytes = std::fs::read(copy).unwrap();
    for word in ["Bí Mật", "Xa Xôi"] {
        assert!(
            !bytes
                .windows(word.len())
                .any(|part| part == word.as_bytes()),
            "«{word}» is still in the file"
        );
    }
}

#[test]
fn a_draft_of_a_denunciation_names_no_one() {
    let w = World::on(TODAY);
    let config = w.cx.config().clone();
    for (typed, kept) in [
        ("denunciation", false),
        ("tố cáo", false),
        ("TC", false),
        ("to c", false),
        ("complaint", true),
        ("khiếu nại", true),
    ] {
        let draft = drafts::Draft {
            id: drafts::new_id(),
            kind: Kind::Petition,
            record: None,
            rev: None,
            saved_at: w.cx.stamp(),
            base: Vec::new(),
            fields: vec![
                ("type".into(), typed.into()),
                ("petitioner".into(), "Lò Thị Bí Mật".into()),
                ("subject".into(), "Việc".into()),
            ],
            ..drafts::Draft::of(Kind::Petition)
        };
        drafts::save(&config, &draft).unwrap();
        let listed = drafts::list(&config).unwrap();
        assert_eq!(listed.len(), 1);
        let names = listed[0].fields.iter().any(|(key, _)| key == "petitioner");
        assert_eq!(names, kept, "{typed}");
        drafts::discard(&config, &draft.id).unwrap();
    }
    let draft = drafts::Draft {
        id: drafts::new_id(),
        kind: Kind::Reception,
        record: None,
        rev: None,
        saved_at: w.cx.stamp(),
        base: Vec::new(),
        fields: vec![
            ("matter_type".into(), "tố cáo".into()),
            ("visitor".into(), "Lò Thị Bí Mật".into()),
            ("address".into(), "Ấp Xa Xôi".into()),
        ],
        ..drafts::Draft::of(Kind::Reception)
    };
    drafts::save(&config, &draft).unwrap();
    assert_eq!(drafts::list(&config).unwrap()[0].fields.len(), 1);
    assert_eq!(exit(drafts::discard(&config, "../khac")), 4);
}

#[test]
fn a_reception_linked_to_a_denunciation_names_no_visitor() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-07-02", "denunciation", &[("source", "reception")]);
    let link = id.to_string();
    let visit = [
        ("received_on", "2026-07-02"),
        ("content", "Trình bày việc làm sai"),
        ("petition", link.as_str()),
    ];
    let named = [&visit[..], &[("visitor", "Lò Thị Bí Mật")]].concat();
    assert_eq!(refused(w.try_add(Kind::Reception, &named)), ["visitor"]);
    w.add(Kind::Reception, &visit);
    // the visit came first, with a name; the name has to go, from the history too
    let plain = w.petition("2026-07-03", "complaint", &[]);
    let at = plain.to_string();
    let named = [
        ("received_on", "2026-07-03"),
        ("content", "Trình bày"),
        ("visitor", "Lò Thị Bí Mật"),
        ("petition", at.as_str()),
    ];
    let visit = w.add(Kind::Reception, &named);
    assert_eq!(
        refused(w.edit(Kind::Petition, plain, &[("type", "denunciation")])),
        ["type"]
    );
    w.edit(Kind::Reception, visit, &[("visitor", "")]).unwrap();
    w.edit(Kind::Petition, plain, &[("type", "denunciation")])
        .unwrap();
    assert_eq!(
        refused(w.edit(Kind::Reception, visit, &[("visitor", "Lò Thị Bí Mật")])),
        ["visitor"]
    );
    let trace = |w: &World, id| {
        let rows = records::history(&w.cx, Kind::Reception, id).unwrap();
        rows.iter().any(|row| format!("{row:?}").contains("Mật"))
    };
    assert!(!trace(&w, visit));
    // or the link came last
    let visit = w.add(Kind::Reception, &named[..3]);
    w.edit(
        Kind::Reception,
        visit,
        &[("visitor", ""), ("petition", &at)],
    )
    .unwrap();
    assert!(!trace(&w, visit));
    // or its own type says so
    let visit = w.add(Kind::Reception, &named[..3]);
    assert_eq!(
        refused(w.edit(Kind::Reception, visit, &[("matter_type", "denunciation")])),
        ["visitor"]
    );
    w.edit(
        Kind::Reception,
        visit,
        &[("matter_type", "tố cáo"), ("visitor", "")],
    )
    .unwrap();
    assert!(!trace(&w, visit));
}

#[test]
fn papers_of_one_matter() {
    let mut w = World::on(TODAY);
    let lead = w.petition("2026-07-02", "complaint", &[]);
    let at = lead.to_string();
    let second = w.petition("2026-07-03", "complaint", &[("duplicate_of", &at)]);
    let link = second.to_string();
    assert_eq!(
        refused(w.edit(Kind::Petition, lead, &[("duplicate_of", &link)])),
        ["duplicate_of", "duplicate_of"]
    );
    assert_eq!(
        refused(w.edit(Kind::Petition, second, &[("duplicate_of", &link)])),
        ["duplicate_of"]
    );
    let third = w.petition("2026-07-03", "complaint", &[]);
    assert_eq!(
        refused(w.edit(Kind::Petition, third, &[("duplicate_of", &link)])),
        ["duplicate_of"]
    );
    w.edit(Kind::Petition, third, &[("duplicate_of", "1/2026")])
        .unwrap();
    assert_eq!(w.text(Kind::Petition, third, "duplicate_of"), at);
    assert_eq!(
        exit(records::set_removed(&mut w.cx, Kind::Petition, lead, true)),
        3
    );
}

#[test]
fn a_removed_petition_rests() {
    let mut w = World::on(TODAY);
    let id = w.petition("2026-07-02", "complaint", &[]);
    records::set_removed(&mut w.cx, Kind::Petition, id, true).unwrap();
    assert_eq!(exit(w.try_step(id, "accept", "2026-07-06", &[])), 3);
    assert_eq!(exit(w.edit(Kind::Petition, id, &[("signers", "2")])), 3);
    records::set_removed(&mut w.cx, Kind::Petition, id, false).unwrap();
    w.step(id, "accept", "2026-07-06", &[]);
    assert_eq!(exit(petitions::undo_step(&mut w.cx, 999, "x")), 4);
    let step = step_of(&w.cx, "accept", "2026-07-06", &[]);
    assert_eq!(exit(petitions::take(&mut w.cx, 999, step)), 4);
}

fn fifty(config: &danvan::app::Config) -> Vec<(i64, i32)> {
    let threads: Vec<_> = (0..8)
        .map(|n| {
            let config = config.clone();
            std::thread::spawn(move || {
                let mut cx = Cx::open(&config).unwrap();
                (0..6)
                    .map(|i| {
                        let new = NewRecord {
                            fields: vec![
                                ("received_on", Value::Date(d("2026-03-02"))),
                                ("type", Value::Text("feedback".into())),
                                ("subject", Value::Text(format!("{n}-{i}"))),
                            ],
                            ..NewRecord::default()
                        };
                        let added = records::add(&mut cx, Kind::Petition, &[new]).unwrap();
                        added[0].head().number.unwrap()
                    })
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    threads
        .into_iter()
        .flat_map(|t| t.join().unwrap())
        .collect()
}

#[test]
fn numbers_restart_each_year_without_gaps_also_when_many_add_at_once() {
    let mut w = World::on(TODAY);
    let mut numbers = fifty(w.cx.config());
    numbers.sort_unstable();
    let expected: Vec<(i64, i32)> = (1..=48).map(|n| (n, 2026)).collect();
    assert_eq!(numbers, expected);
    let id = w.petition("2025-12-31", "complaint", &[]);
    assert_eq!(w.read(id).head.number, Some((1, 2025)));
    // a refused one uses no number up, a removed one keeps its own
    let bad = [("received_on", "2026-03-03"), ("type", "complaint")];
    assert_eq!(refused(w.try_add(Kind::Petition, &bad)), ["subject"]);
    let id = w.petition("2026-03-03", "complaint", &[]);
    assert_eq!(w.read(id).head.number, Some((49, 2026)));
    records::set_removed(&mut w.cx, Kind::Petition, id, true).unwrap();
    let next = w.petition("2026-03-03", "complaint", &[]);
    assert_eq!(w.read(next).head.number, Some((50, 2026)));
    // within the year the day may move, into another year's book it may not
    w.edit(Kind::Petition, next, &[("received_on", "2026-01-02")])
        .unwrap();
    assert_eq!(
        refused(w.edit(Kind::Petition, next, &[("received_on", "2025-12-31")])),
        ["received_on"]
    );
    assert_eq!(
        records::locate(&w.cx, Kind::Petition, "50/2026").unwrap(),
        next
    );
    assert_eq!(exit(records::locate(&w.cx, Kind::Petition, "51/2026")), 4);
}

#[test]
fn all_of_a_batch_or_nothing_of_it() {
    let mut w = World::on(TODAY);
    let json = serde_json::json!([
        {"received_on": "2026-03-02", "type": "complaint", "subject": "một"},
        {"received_on": "2026-03-02", "type": "complaint"},
        {"received_on": "2026-12-24", "type": "denunciation", "petitioner": "x", "subject": "ba"},
    ]);
    let news: Vec<NewRecord> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|row| records::from_json(&w.cx, Kind::Petition, row).unwrap())
        .collect();
    let danvan::app::Error::Refused(problems) =
        records::add(&mut w.cx, Kind::Petition, &news).unwrap_err()
    else {
        panic!("not a refusal");
    };
    let at: Vec<(Option<usize>, Option<&str>)> =
        problems.iter().map(|p| (p.row, p.field)).collect();
    assert_eq!(
        at,
        [
            (Some(2), Some("subject")),
            (Some(3), Some("petitioner")),
            (Some(3), Some("received_on")),
        ]
    );
    assert!(
        w.ids(&danvan::domain::query::Query::all(Kind::Petition))
            .is_empty()
    );
    // what was added can be read back as it was given
    let id = w.petition(
        "2026-03-02",
        "complaint",
        &[("signers", "5"), ("unit", "86")],
    );
    assert_eq!(w.read(id).head.number, Some((1, 2026)));
    let back = records::get(&w.cx, Kind::Petition, id).unwrap();
    assert_eq!(plain(&back.get("unit")), "86");
    assert_eq!(plain(&back.get("signers")), "5");
}
