//! What the steps of a petition amount to: the fold.
use super::{Extent, Outcome, Stage, Step, StepKind, To, transition};
use crate::codes;
use chrono::NaiveDate;

codes!(
    /// How a petition ended.
    Ended {
        Resolved = "resolved",
        Withdrawn = "withdrawn",
        Terminated = "terminated",
        Refused = "refused",
        Guided = "guided",
        Returned = "returned",
        Filed = "filed",
        Replied = "replied",
        Other = "other",
    }
);

/// A span in which the clock stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Day of the suspension, the last one that counts.
    pub from: NaiveDate,
    /// Day of going on, the last one that does not count; none while suspended.
    pub to: Option<NaiveDate>,
}

/// A written extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Day of the decision.
    pub on: NaiveDate,
    /// Days it gave.
    pub days: i64,
    /// Its number and date.
    pub document: Option<String>,
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
    /// How it ended, while it is.
    pub ended: Option<Ended>,
    /// Outcome while resolved.
    pub outcome: Option<Outcome>,
    /// Day on which the decision was carried out.
    pub executed_on: Option<NaiveDate>,
    /// Last forward.
    pub forwarded_on: Option<NaiveDate>,
    /// Its expected reply.
    pub reply_due: Option<NaiveDate>,
    /// Day of the reply.
    pub replied_on: Option<NaiveDate>,
    /// Suspensions, in order.
    pub pauses: Vec<Pause>,
    /// Extensions, in order.
    pub extensions: Vec<Extension>,
    /// Days of urging; the first is urging number 1.
    pub urges: Vec<NaiveDate>,
    /// Day on which a part was withdrawn, or all of it while the matter goes on.
    pub withdrawn_on: Option<NaiveDate>,
    /// Stage before the matter ended.
    before: Option<Stage>,
}

impl State {
    /// Where a petition stands before any step.
    #[must_use]
    pub fn new(received_on: Option<NaiveDate>) -> Self {
        Self {
            stage: Stage::Received,
            last_on: received_on,
            accepted_on: None,
            handled_on: None,
            resolved_on: None,
            closed_on: None,
            ended: None,
            outcome: None,
            executed_on: None,
            forwarded_on: None,
            reply_due: None,
            replied_on: None,
            pauses: Vec::new(),
            extensions: Vec::new(),
            urges: Vec::new(),
            withdrawn_on: None,
            before: None,
        }
    }

    /// Adds a step that was allowed.
    pub fn add(&mut self, step: &Step) {
        let Some(row) = step.kind.and_then(transition) else {
            return;
        };
        let was = self.stage;
        self.stage = match row.to {
            To::Stage(stage) => stage,
            To::Same => was,
            To::Before => self.before.unwrap_or(Stage::Received),
            To::ByExtent if step.extent() == Some(Extent::Whole) => Stage::ClosedOther,
            To::ByExtent => was,
        };
        self.last_on = step.on.or(self.last_on);
        if row.handles {
            self.handled_on = self.handled_on.or(step.on);
        }
        self.note(row.step, step);
        let ends = |stage| matches!(stage, Stage::Resolved | Stage::ClosedOther);
        if ends(self.stage) && !ends(was) {
            self.before = Some(was);
            self.closed_on = step.on;
            // What has ended waits for nobody: withdrawn before it was looked at, it is not carried into the next period
            // (01/XLD: 1 = 4 + 5).
            self.handled_on = self.handled_on.or(step.on);
            self.ended = Some(match row.step {
                StepKind::Resolve => Ended::Resolved,
                StepKind::Withdraw => Ended::Withdrawn,
                StepKind::Terminate => Ended::Terminated,
                StepKind::Refuse => Ended::Refused,
                StepKind::Guide => Ended::Guided,
                StepKind::Return => Ended::Returned,
                StepKind::FileAway => Ended::Filed,
                StepKind::Reply => Ended::Replied,
                _ => Ended::Other,
            });
        }
    }

    /// What a step leaves beside the stage.
    fn note(&mut self, kind: StepKind, step: &Step) {
        match kind {
            StepKind::Accept => self.accepted_on = step.on,
            StepKind::Forward => {
                self.forwarded_on = step.on;
                self.reply_due = step.reply_due;
            }
            StepKind::Reply => self.replied_on = step.on,
            StepKind::Urge => self.urges.extend(step.on),
            StepKind::Extend => self.extensions.extend(step.on.map(|on| Extension {
                on,
                days: step.days.unwrap_or(0),
                document: step.document.clone(),
            })),
            StepKind::Suspend => self
                .pauses
                .extend(step.on.map(|from| Pause { from, to: None })),
            StepKind::Resume => {
                if let Some(last) = self.pauses.last_mut() {
                    last.to = step.on;
                }
            }
            StepKind::Withdraw if step.extent() != Some(Extent::Whole) => {
                self.withdrawn_on = step.on;
            }
            StepKind::Resolve => {
                self.resolved_on = step.on;
                self.outcome = step.outcome;
            }
            StepKind::Execute => self.executed_on = step.on,
            StepKind::Reopen => {
                self.resolved_on = None;
                self.closed_on = None;
                self.ended = None;
                self.outcome = None;
                self.executed_on = None;
                // The answer that ended it is not the one that was waited for.
                self.replied_on = None;
            }
            StepKind::Withdraw
            | StepKind::Classify
            | StepKind::Refuse
            | StepKind::Guide
            | StepKind::Return
            | StepKind::FileAway
            | StepKind::Terminate
            | StepKind::Link
            | StepKind::Unlink => {}
        }
    }
}

/// Folds the steps of a petition received on `received_on` into its state.
#[must_use]
pub fn fold(received_on: Option<NaiveDate>, steps: &[Step]) -> State {
    let mut state = State::new(received_on);
    for step in steps {
        state.add(step);
    }
    state
}
