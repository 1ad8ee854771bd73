//! Steps of a petition: one table of transitions, and the state as the fold of the steps.
use super::{Jurisdiction, Outcome, PetitionType, Stage};
use crate::codes;
use crate::domain::value::{UnitRef, Value};
use chrono::NaiveDate;

codes!(
    /// Steps that can be taken.
    StepKind {
        Classify = "classify",
        Accept = "accept",
        Forward = "forward",
        Reply = "reply",
        Resolve = "resolve",
        FileAway = "file_away",
    }
);

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
}

/// One row: from where a step leads where.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    /// The step.
    pub step: StepKind,
    /// Stages it may start from.
    pub from: &'static [Stage],
    /// Stage after it.
    pub to: Stage,
    /// Further condition.
    pub guard: Guard,
    /// Keys of the fields a step of this kind takes, beside `on`, `note`, `document`.
    pub fields: &'static [&'static str],
    /// True when this step means that the paper has been handled (xử lý): it counts in R1.
    pub handles: bool,
}

/// Every step there is (contract 2; LKN Đ27–28, LTC Đ24–30, TT 05/2021 Đ7–30).
pub const TRANSITIONS: &[Transition] = &[
    Transition {
        step: StepKind::Classify,
        from: &[Stage::Received],
        to: Stage::Classified,
        guard: Guard::Always,
        fields: &["jurisdiction", "eligible"],
        handles: false,
    },
    Transition {
        step: StepKind::Accept,
        from: &[Stage::Received, Stage::Classified],
        to: Stage::Accepted,
        guard: Guard::OwnIfClassified,
        fields: &["complex", "very_complex", "remote"],
        handles: true,
    },
    Transition {
        step: StepKind::Forward,
        from: &[Stage::Received, Stage::Classified],
        to: Stage::Forwarded,
        guard: Guard::NotOwnIfClassified,
        fields: &["to", "reply_due"],
        handles: true,
    },
    Transition {
        step: StepKind::Reply,
        from: &[Stage::Forwarded],
        to: Stage::ClosedOther,
        guard: Guard::Always,
        fields: &[],
        handles: false,
    },
    Transition {
        step: StepKind::Resolve,
        from: &[Stage::Received, Stage::Classified, Stage::Accepted],
        to: Stage::Resolved,
        guard: Guard::AcceptedUnlessAnswerable,
        fields: &["outcome"],
        handles: true,
    },
    Transition {
        step: StepKind::FileAway,
        from: &[Stage::Received, Stage::Classified],
        to: Stage::ClosedOther,
        guard: Guard::Always,
        fields: &[],
        handles: true,
    },
];

/// The row of a step.
#[must_use]
pub fn transition(step: StepKind) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.step == step)
}

/// One step as taken.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// Row id, 0 before it is stored.
    pub id: i64,
    /// What was done.
    pub kind: Option<StepKind>,
    /// Day on which it was done.
    pub on: Option<NaiveDate>,
    /// Number and date of the document.
    pub document: Option<String>,
    /// Free note.
    pub note: Option<String>,
    /// Addressee of a forward.
    pub to: Option<UnitRef>,
    /// Day by which the addressee is expected to answer.
    pub reply_due: Option<NaiveDate>,
    /// Found at classification.
    pub jurisdiction: Option<Jurisdiction>,
    /// Fit for handling, found at classification.
    pub eligible: Option<bool>,
    /// Grounds for the longer deadline, set on acceptance.
    pub complex: Option<bool>,
    /// Two or more grounds (NĐ 31/2019 Đ3).
    pub very_complex: Option<bool>,
    /// Remote area with difficult travel (LKN Đ28).
    pub remote: Option<bool>,
    /// Outcome of a resolution.
    pub outcome: Option<Outcome>,
    /// When it was entered, ISO with time.
    pub entered_at: String,
    /// Who entered it.
    pub who: String,
}

impl Step {
    /// A field of the step by its key; `Null` for what it does not hold.
    #[must_use]
    pub fn get(&self, key: &str) -> Value {
        use crate::domain::value::Scalar;
        fn v<T: Scalar>(field: Option<&T>) -> Value {
            field.map_or(Value::Null, Scalar::to_value)
        }
        match key {
            "on" => v(self.on.as_ref()),
            "document" => v(self.document.as_ref()),
            "note" => v(self.note.as_ref()),
            "to" => v(self.to.as_ref()),
            "reply_due" => v(self.reply_due.as_ref()),
            "jurisdiction" => v(self.jurisdiction.as_ref()),
            "eligible" => v(self.eligible.as_ref()),
            "complex" => v(self.complex.as_ref()),
            "very_complex" => v(self.very_complex.as_ref()),
            "remote" => v(self.remote.as_ref()),
            "outcome" => v(self.outcome.as_ref()),
            _ => Value::Null,
        }
    }

    /// Sets a field by its key; false when the key or the type is not the step's.
    #[must_use]
    pub fn set(&mut self, key: &str, value: Value) -> bool {
        use crate::domain::value::Scalar;
        fn put<T: Scalar>(field: &mut Option<T>, value: Value) -> bool {
            if value.is_null() {
                *field = None;
                return true;
            }
            *field = T::from_value(value);
            field.is_some()
        }
        match key {
            "on" => put(&mut self.on, value),
            "document" => put(&mut self.document, value),
            "note" => put(&mut self.note, value),
            "to" => put(&mut self.to, value),
            "reply_due" => put(&mut self.reply_due, value),
            "jurisdiction" => put(&mut self.jurisdiction, value),
            "eligible" => put(&mut self.eligible, value),
            "complex" => put(&mut self.complex, value),
            "very_complex" => put(&mut self.very_complex, value),
            "remote" => put(&mut self.remote, value),
            "outcome" => put(&mut self.outcome, value),
            _ => false,
        }
    }
}

/// What the steps so far amount to.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Stage after the last step.
    pub stage: Stage,
    /// Day of the last step, or of receipt.
    pub last_on: Option<NaiveDate>,
    /// First acceptance.
    pub accepted_on: Option<NaiveDate>,
    /// First step that handled the paper (R1).
    pub handled_on: Option<NaiveDate>,
    /// Day of resolution while resolved.
    pub resolved_on: Option<NaiveDate>,
    /// Day on which the matter ended, in whatever way.
    pub closed_on: Option<NaiveDate>,
    /// Outcome while resolved.
    pub outcome: Option<Outcome>,
    /// Last forward.
    pub forwarded_on: Option<NaiveDate>,
    /// Its expected reply.
    pub reply_due: Option<NaiveDate>,
    /// Day of the reply.
    pub replied_on: Option<NaiveDate>,
}

/// Folds the steps of a petition received on `received_on` into its state.
#[must_use]
pub fn fold(received_on: Option<NaiveDate>, steps: &[Step]) -> State {
    let mut state = State {
        stage: Stage::Received,
        last_on: received_on,
        accepted_on: None,
        handled_on: None,
        resolved_on: None,
        closed_on: None,
        outcome: None,
        forwarded_on: None,
        reply_due: None,
        replied_on: None,
    };
    for step in steps {
        let Some(row) = step.kind.and_then(transition) else {
            continue;
        };
        state.stage = row.to;
        state.last_on = step.on.or(state.last_on);
        if row.handles {
            state.handled_on = state.handled_on.or(step.on);
        }
        match row.step {
            StepKind::Accept => state.accepted_on = step.on,
            StepKind::Forward => {
                state.forwarded_on = step.on;
                state.reply_due = step.reply_due;
            }
            StepKind::Reply => state.replied_on = step.on,
            StepKind::Resolve => {
                state.resolved_on = step.on;
                state.outcome = step.outcome;
            }
            StepKind::Classify | StepKind::FileAway => {}
        }
        if matches!(row.to, Stage::Resolved | Stage::ClosedOther) {
            state.closed_on = step.on;
        }
    }
    state
}

/// What a step is judged by, beside the stage.
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
}

/// Why a step cannot be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// Not from this stage.
    Stage(Stage),
    /// The matter is not this office's: forward it.
    NotOwn,
    /// The matter is this office's: accept it.
    Own,
    /// A complaint or denunciation is accepted before it is resolved (LKN Đ27, LTC Đ29).
    NotAccepted,
}

/// Whether a step may be taken now, judged before its fields.
///
/// # Errors
/// The reason why not.
pub fn may(step: StepKind, s: Situation) -> Result<&'static Transition, Barred> {
    let row = transition(step).ok_or(Barred::Stage(s.stage))?;
    if !row.from.contains(&s.stage) {
        return Err(Barred::Stage(s.stage));
    }
    let classified = s.stage == Stage::Classified;
    let own = s.jurisdiction == Jurisdiction::Own;
    let case = s.petition_type.is_some_and(PetitionType::is_case);
    match row.guard {
        Guard::OwnIfClassified if classified && !own => Err(Barred::NotOwn),
        Guard::NotOwnIfClassified if classified && own => Err(Barred::Own),
        Guard::AcceptedUnlessAnswerable if case && s.stage != Stage::Accepted => {
            Err(Barred::NotAccepted)
        }
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
