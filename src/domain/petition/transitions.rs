//! The one table of steps: from where a step leads where, and what beside the stage it is judged by.
use super::{Jurisdiction, Outcome, PetitionType, Profile, Source, Stage, StepKind};

/// A condition beside the stage, on what is known of the petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Nothing more.
    Always,
    /// From `classified` only when the matter is this office's.
    OwnIfClassified,
    /// From `classified` only when the matter is not this office's.
    NotOwnIfClassified,
    /// A complaint or denunciation must have been accepted first.
    AcceptedUnlessAnswerable,
    /// Once a matter, and not for a denunciation that came by post (LTC Đ24.2, TT 05/2021).
    GuideOnce,
    /// Only what is linked can be unlinked.
    Linked,
}

/// Where a step leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// To a stage.
    Stage(Stage),
    /// The stage stays.
    Same,
    /// Back to the stage before the matter ended.
    Before,
    /// Ended when all of it was withdrawn, else the stage stays.
    ByExtent,
}

/// One row: from where a step leads where.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    /// The step.
    pub step: StepKind,
    /// Stages it may start from; empty for any.
    pub from: &'static [Stage],
    /// Where it leads.
    pub to: To,
    /// Further condition.
    pub guard: Guard,
    /// Keys of the fields a step of this kind takes, beside `on`, `note`, `document`.
    pub fields: &'static [&'static str],
    /// True when this step means that the paper has been handled (xử lý): it counts in R1.
    pub handles: bool,
    /// True when a Party body, which resolves nobody's complaint, never takes it.
    pub authority: bool,
}

const UNHANDLED: &[Stage] = &[Stage::Received, Stage::Classified];

const fn row(step: StepKind, from: &'static [Stage], to: To) -> Transition {
    Transition {
        step,
        from,
        to,
        guard: Guard::Always,
        fields: &[],
        handles: false,
        authority: false,
    }
}

impl Transition {
    const fn guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    const fn with(mut self, fields: &'static [&'static str]) -> Self {
        self.fields = fields;
        self
    }

    const fn handles(mut self) -> Self {
        self.handles = true;
        self
    }

    const fn authority(mut self) -> Self {
        self.authority = true;
        self
    }
}

const CLOSED: To = To::Stage(Stage::ClosedOther);

/// Every step there is (contract 2; LKN Đ10–11, Đ27–28, LTC Đ24–40, LTCD Đ26, TT 05/2021 Đ7–30), in the order of
/// [`StepKind`].
pub const TRANSITIONS: &[Transition] = &[
    row(
        StepKind::Classify,
        &[Stage::Received],
        To::Stage(Stage::Classified),
    )
    .with(&["jurisdiction", "eligible"]),
    row(StepKind::Accept, UNHANDLED, To::Stage(Stage::Accepted))
        .guard(Guard::OwnIfClassified)
        .with(&["complex", "very_complex", "remote"])
        .handles()
        .authority(),
    row(StepKind::Refuse, UNHANDLED, CLOSED)
        .handles()
        .authority(),
    row(StepKind::Guide, UNHANDLED, CLOSED)
        .guard(Guard::GuideOnce)
        .handles(),
    row(StepKind::Forward, UNHANDLED, To::Stage(Stage::Forwarded))
        .guard(Guard::NotOwnIfClassified)
        .with(&["to", "reply_due"])
        .handles(),
    row(StepKind::Return, UNHANDLED, CLOSED).handles(),
    row(StepKind::FileAway, UNHANDLED, CLOSED).handles(),
    row(StepKind::Reply, &[Stage::Forwarded], CLOSED),
    row(
        StepKind::Urge,
        &[Stage::Forwarded, Stage::Accepted],
        To::Same,
    )
    .with(&["to"]),
    row(StepKind::Extend, &[Stage::Accepted], To::Same)
        .with(&["days"])
        .authority(),
    row(
        StepKind::Suspend,
        &[Stage::Accepted],
        To::Stage(Stage::Suspended),
    )
    .with(&["reason"])
    .authority(),
    row(
        StepKind::Resume,
        &[Stage::Suspended],
        To::Stage(Stage::Accepted),
    )
    .with(&["reason"])
    .authority(),
    row(
        StepKind::Withdraw,
        &[
            Stage::Received,
            Stage::Classified,
            Stage::Accepted,
            Stage::Suspended,
        ],
        To::ByExtent,
    )
    .with(&["whole", "part", "continue"]),
    row(
        StepKind::Terminate,
        &[Stage::Accepted, Stage::Suspended],
        CLOSED,
    )
    .authority(),
    row(
        StepKind::Resolve,
        &[Stage::Received, Stage::Classified, Stage::Accepted],
        To::Stage(Stage::Resolved),
    )
    .guard(Guard::AcceptedUnlessAnswerable)
    .with(&["outcome"])
    .handles(),
    row(StepKind::Execute, &[Stage::Resolved], To::Same).authority(),
    row(
        StepKind::Reopen,
        &[Stage::Resolved, Stage::ClosedOther],
        To::Before,
    )
    .with(&["why"]),
    row(StepKind::Link, &[], To::Same).with(&["lead"]),
    row(StepKind::Unlink, &[], To::Same).guard(Guard::Linked),
];

/// The row of a step.
#[must_use]
pub fn transition(step: StepKind) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.step == step)
}

/// What a step is judged by, beside its own fields.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// Stage now.
    pub stage: Stage,
    /// Type of the petition.
    pub petition_type: Option<PetitionType>,
    /// First or second instance.
    pub instance: i64,
    /// Whose matter it is, as far as known.
    pub jurisdiction: Jurisdiction,
    /// How the paper came in.
    pub source: Option<Source>,
    /// True when some paper of the matter has been answered by guidance.
    pub guided: bool,
    /// True when it is linked to the first paper of a matter.
    pub linked: bool,
    /// What the office may do.
    pub profile: Profile,
}

/// Why a step cannot be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// Not from this stage.
    Stage(Stage),
    /// The matter is not this office's: forward it.
    NotOwn,
    /// Whose matter it is has not been found yet: classify it as this office's first.
    Unsettled,
    /// The matter is this office's: accept it.
    Own,
    /// A complaint or denunciation is accepted before it is resolved (LKN Đ27, LTC Đ29).
    NotAccepted,
    /// A denunciation by post is forwarded, not answered by guidance (LTC Đ24.2).
    DenunciationByPost,
    /// The matter has been answered by guidance once (TT 05/2021).
    Guided,
    /// It is not linked to another petition.
    NotLinked,
    /// A Party body does not take this step.
    PartyBody,
}

/// Whether a step may be taken now, judged before its fields.
///
/// # Errors
/// The reason why not.
pub fn may(step: StepKind, s: Situation) -> Result<&'static Transition, Barred> {
    let row = transition(step).ok_or(Barred::Stage(s.stage))?;
    let classified = s.stage == Stage::Classified;
    let own = s.jurisdiction == Jurisdiction::Own;
    let case = s.petition_type.is_some_and(PetitionType::is_case);
    let party = s.profile == Profile::Party;
    if party && (row.authority || (step == StepKind::Resolve && case)) {
        return Err(Barred::PartyBody);
    }
    if !row.from.is_empty() && !row.from.contains(&s.stage) {
        return Err(Barred::Stage(s.stage));
    }
    match row.guard {
        Guard::OwnIfClassified if classified && s.jurisdiction == Jurisdiction::Unknown => {
            Err(Barred::Unsettled)
        }
        Guard::OwnIfClassified if classified && !own => Err(Barred::NotOwn),
        // A Party body sends on a complaint or denunciation about itself too: it cannot accept it.
        Guard::NotOwnIfClassified if classified && own && !(party && case) => Err(Barred::Own),
        Guard::AcceptedUnlessAnswerable if case && s.stage != Stage::Accepted => {
            Err(Barred::NotAccepted)
        }
        Guard::GuideOnce
            if s.petition_type == Some(PetitionType::Denunciation)
                && s.source == Some(Source::Post) =>
        {
            Err(Barred::DenunciationByPost)
        }
        Guard::GuideOnce if s.guided => Err(Barred::Guided),
        Guard::Linked if !s.linked => Err(Barred::NotLinked),
        _ => Ok(row),
    }
}

/// The steps that may be taken now.
#[must_use]
pub fn allowed(s: Situation) -> Vec<&'static Transition> {
    TRANSITIONS
        .iter()
        .filter(|row| may(row.step, s).is_ok())
        .collect()
}

/// Outcomes that a petition of this type and instance can have.
#[must_use]
pub fn outcomes(petition_type: Option<PetitionType>, instance: i64) -> &'static [Outcome] {
    match petition_type {
        Some(PetitionType::Complaint) if instance == 2 => &[Outcome::Upheld, Outcome::Changed],
        Some(PetitionType::Complaint | PetitionType::Denunciation) => &[
            Outcome::Justified,
            Outcome::PartlyJustified,
            Outcome::Unjustified,
        ],
        _ => &[Outcome::Answered],
    }
}

#[cfg(test)]
#[path = "transitions_tests.rs"]
mod tests;
