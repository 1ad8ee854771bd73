//! Every step from every stage, allowed and refused; and what steps amount to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::domain::petition::{Ended, Step, fold};
use crate::domain::value::Code;
use chrono::NaiveDate;

fn d(s: &str) -> NaiveDate {
    NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap()
}

fn at(stage: Stage, petition_type: PetitionType) -> Situation {
    Situation {
        stage,
        petition_type: Some(petition_type),
        instance: 1,
        jurisdiction: Jurisdiction::Unknown,
        source: Some(Source::InPerson),
        guided: false,
        linked: false,
        profile: Profile::Administrative,
    }
}

fn codes(s: Situation) -> String {
    let names: Vec<&str> = allowed(s).iter().map(|row| row.step.code()).collect();
    names.join(" ")
}

#[test]
fn one_row_for_every_step_in_order() {
    let steps: Vec<StepKind> = TRANSITIONS.iter().map(|row| row.step).collect();
    assert_eq!(steps, StepKind::ALL);
}

#[test]
fn what_is_allowed_from_each_stage() {
    let first = "refuse guide forward return file_away withdraw";
    for (stage, kind, want) in [
        (
            Stage::Received,
            PetitionType::Complaint,
            format!("classify accept {first} link"),
        ),
        (
            Stage::Received,
            PetitionType::Feedback,
            format!("classify accept {first} resolve link"),
        ),
        (
            Stage::Classified,
            PetitionType::Complaint,
            format!("{first} link"),
        ),
        (
            Stage::Accepted,
            PetitionType::Denunciation,
            "urge extend suspend withdraw terminate resolve link".to_owned(),
        ),
        (
            Stage::Forwarded,
            PetitionType::Complaint,
            "reply urge link".to_owned(),
        ),
        (
            Stage::Suspended,
            PetitionType::Complaint,
            "resume withdraw terminate link".to_owned(),
        ),
        (
            Stage::Resolved,
            PetitionType::Complaint,
            "execute reopen link".to_owned(),
        ),
        (
            Stage::ClosedOther,
            PetitionType::Complaint,
            "reopen link".to_owned(),
        ),
    ] {
        assert_eq!(codes(at(stage, kind)), want, "{stage:?} {kind:?}");
    }
    let own = Situation {
        jurisdiction: Jurisdiction::Own,
        linked: true,
        ..at(Stage::Classified, PetitionType::Complaint)
    };
    assert_eq!(
        codes(own),
        "accept refuse guide return file_away withdraw link unlink"
    );
}

#[test]
fn guidance_once_and_never_to_a_denunciation_by_post() {
    let mut s = at(Stage::Received, PetitionType::Denunciation);
    assert!(may(StepKind::Guide, s).is_ok());
    s.source = Some(Source::Post);
    assert_eq!(
        may(StepKind::Guide, s).unwrap_err(),
        Barred::DenunciationByPost
    );
    let mut s = at(Stage::Received, PetitionType::Complaint);
    s.source = Some(Source::Post);
    assert!(may(StepKind::Guide, s).is_ok());
    s.guided = true;
    assert_eq!(may(StepKind::Guide, s).unwrap_err(), Barred::Guided);
}

#[test]
fn a_party_body_follows_and_does_not_decide() {
    let party = |stage, kind| Situation {
        profile: Profile::Party,
        ..at(stage, kind)
    };
    assert_eq!(
        codes(party(Stage::Received, PetitionType::Complaint)),
        "classify guide forward return file_away withdraw link"
    );
    assert_eq!(
        codes(party(Stage::Received, PetitionType::Feedback)),
        "classify guide forward return file_away withdraw resolve link"
    );
    assert_eq!(
        codes(party(Stage::Accepted, PetitionType::Complaint)),
        "urge withdraw link"
    );
    let mut s = party(Stage::Accepted, PetitionType::Complaint);
    assert_eq!(may(StepKind::Resolve, s).unwrap_err(), Barred::PartyBody);
    s.stage = Stage::Classified;
    s.jurisdiction = Jurisdiction::Own;
    assert!(may(StepKind::Forward, s).is_ok());
}

fn step(kind: StepKind, on: &str) -> Step {
    Step {
        kind: Some(kind),
        on: Some(d(on)),
        ..Step::default()
    }
}

fn stages(steps: &[Step]) -> Vec<Stage> {
    (1..=steps.len())
        .map(|n| fold(Some(d("2026-03-02")), &steps[..n]).stage)
        .collect()
}

#[test]
fn a_whole_life() {
    let mut part = step(StepKind::Withdraw, "2026-04-02");
    part.part = Some(true);
    let mut longer = step(StepKind::Extend, "2026-04-03");
    longer.days = Some(15);
    let steps = [
        step(StepKind::Classify, "2026-03-03"),
        step(StepKind::Accept, "2026-03-04"),
        step(StepKind::Suspend, "2026-03-10"),
        step(StepKind::Resume, "2026-03-20"),
        step(StepKind::Urge, "2026-03-25"),
        part,
        longer,
        step(StepKind::Link, "2026-04-04"),
        step(StepKind::Resolve, "2026-04-20"),
        step(StepKind::Execute, "2026-05-01"),
        step(StepKind::Reopen, "2026-05-02"),
    ];
    use Stage::{Accepted, Classified, Resolved, Suspended};
    assert_eq!(
        stages(&steps),
        [
            Classified, Accepted, Suspended, Accepted, Accepted, Accepted, Accepted, Accepted,
            Resolved, Resolved, Accepted
        ]
    );
    let done = fold(None, &steps[..10]);
    assert_eq!(done.ended, Some(Ended::Resolved));
    assert_eq!(done.executed_on, Some(d("2026-05-01")));
    assert_eq!(done.closed_on, Some(d("2026-04-20")));
    assert_eq!(done.pauses.len(), 1);
    assert_eq!(done.pauses[0].to, Some(d("2026-03-20")));
    assert_eq!(done.extensions[0].days, 15);
    assert_eq!(done.urges, [d("2026-03-25")]);
    assert_eq!(done.withdrawn_on, Some(d("2026-04-02")));
    let again = fold(None, &steps);
    assert_eq!(again.ended, None);
    assert_eq!(again.closed_on, None);
    assert_eq!(again.resolved_on, None);
    assert_eq!(again.executed_on, None);
    assert_eq!(again.handled_on, Some(d("2026-03-04")));
}

#[test]
fn how_it_ended_and_back() {
    let mut whole = step(StepKind::Withdraw, "2026-03-09");
    whole.whole = Some(true);
    let on = "2026-03-09";
    for (before, last, ended, back) in [
        (
            vec![],
            step(StepKind::Refuse, on),
            Ended::Refused,
            Stage::Received,
        ),
        (
            vec![StepKind::Classify],
            step(StepKind::Return, on),
            Ended::Returned,
            Stage::Classified,
        ),
        (
            vec![StepKind::Forward],
            step(StepKind::Reply, on),
            Ended::Replied,
            Stage::Forwarded,
        ),
        (
            vec![StepKind::Accept],
            whole.clone(),
            Ended::Withdrawn,
            Stage::Accepted,
        ),
        (
            vec![StepKind::Accept, StepKind::Suspend],
            step(StepKind::Terminate, on),
            Ended::Terminated,
            Stage::Suspended,
        ),
    ] {
        let mut steps: Vec<Step> = before
            .into_iter()
            .map(|kind| step(kind, "2026-03-05"))
            .collect();
        steps.push(last);
        let closed = fold(Some(d("2026-03-02")), &steps);
        assert_eq!(closed.stage, Stage::ClosedOther);
        assert_eq!(closed.ended, Some(ended));
        steps.push(step(StepKind::Reopen, "2026-03-10"));
        let open = fold(Some(d("2026-03-02")), &steps);
        assert_eq!(open.stage, back);
        assert_eq!((open.ended, open.closed_on), (None, None));
    }
}

#[test]
fn what_has_ended_is_handled_however_it_ended() {
    let mut whole = step(StepKind::Withdraw, "2026-03-09");
    whole.whole = Some(true);
    for before in [vec![], vec![step(StepKind::Urge, "2026-03-05")]] {
        let steps: Vec<Step> = before.into_iter().chain([whole.clone()]).collect();
        assert_eq!(fold(None, &steps).handled_on, Some(d("2026-03-09")));
    }
    // What was handled before keeps its day; a part that is withdrawn ends nothing.
    let steps = [step(StepKind::Accept, "2026-03-04"), whole];
    assert_eq!(fold(None, &steps).handled_on, Some(d("2026-03-04")));
    let mut part = step(StepKind::Withdraw, "2026-03-09");
    part.part = Some(true);
    assert_eq!(fold(None, &[part]).handled_on, None);
}

#[test]
fn exactly_one_extent() {
    let mut s = step(StepKind::Withdraw, "2026-03-09");
    assert_eq!(s.extent(), None);
    s.part = Some(true);
    assert_eq!(s.extent(), Some(crate::domain::petition::Extent::Part));
    s.go_on = Some(true);
    assert_eq!(s.extent(), None);
    s.set_extent(Some(crate::domain::petition::Extent::Continue));
    assert_eq!((s.whole, s.part, s.go_on), (None, None, Some(true)));
}
