//! The course of a sample petition: steps by the real transitions, paced by the real deadlines.
mod stages;

use super::days::Span;
use super::places::Places;
use super::rng::Rng;
use super::vocab::Vocab;
use crate::app::ground::{Basis, REPLY_RULE, basis, deadline, facts};
use crate::app::petitions::{effects, kept};
use crate::app::rules::Env;
use crate::domain::deadline::{Facts, choose, due_date};
use crate::domain::petition::{
    Jurisdiction, Petition, Profile, Situation, Stage, State, Step, StepKind, may,
};
use crate::domain::record::Record;
use crate::domain::value::RecordId;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Deadlines already counted: there are few rules and few days.
#[derive(Debug)]
pub struct Deadlines {
    env: Env,
    known: HashMap<(&'static str, NaiveDate, Facts), Option<NaiveDate>>,
}

impl Deadlines {
    /// By the office's calendar and rules.
    pub fn new(env: Env) -> Self {
        Self {
            env,
            known: HashMap::new(),
        }
    }

    /// The deadline of a petition's stage and the code it stands on.
    pub fn of(&mut self, p: &Petition, state: &State) -> Option<(NaiveDate, &'static str)> {
        match basis(p, state)? {
            Basis::Reply(day) => Some((day, REPLY_RULE)),
            Basis::Rules(codes, _) if !(state.pauses.is_empty() && state.extensions.is_empty()) => {
                // The few whose clock stood still or was prolonged are counted one by one.
                let (due, of) = deadline(&self.env, p, state)?;
                let code = codes.into_iter().flatten().find(|code| *code == of)?;
                Some((due, code))
            }
            Basis::Rules(codes, start) => codes
                .into_iter()
                .flatten()
                .filter_map(|code| Some((self.rule(code, start, facts(p))?, code)))
                .min_by_key(|(due, _)| *due),
        }
    }

    fn rule(&mut self, code: &'static str, start: NaiveDate, facts: Facts) -> Option<NaiveDate> {
        let env = &self.env;
        *self.known.entry((code, start, facts)).or_insert_with(|| {
            let rule = choose(&env.rules, code, start, &facts)?;
            Some(due_date(rule, start, &env.calendar, env.office.roll_over))
        })
    }
}

/// Who enters things, by login name.
pub const CLERKS: &[&str] = &["vanthu", "tiepdan1", "tiepdan2", "xulydon1", "xulydon2"];

/// A moment of office hours on a day, as history keeps it.
pub fn stamp(on: NaiveDate, rng: &mut Rng) -> String {
    let minute = rng.range(7 * 60 + 30, 16 * 60 + 45);
    format!("{on}T{:02}:{:02}:00+07:00", minute / 60, minute % 60)
}

/// What the course of a petition is run on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The days up to today.
    pub span: &'a Span,
    /// The units.
    pub places: &'a Places,
    /// The words.
    pub vocab: &'a Vocab,
}

/// A petition on its way.
#[derive(Debug)]
pub struct Course<'a> {
    ground: Ground<'a>,
    deadlines: &'a mut Deadlines,
    rng: &'a mut Rng,
    /// The petition, with what the steps set.
    pub petition: Petition,
    /// The steps taken.
    pub steps: Vec<Step>,
    /// What each step replaced.
    pub kept: Vec<Option<String>>,
    /// Where it stands.
    pub state: State,
    /// The first paper of its matter, where somebody will find that out.
    pub lead: Option<RecordId>,
    /// Where it was forwarded to, among the places.
    sent_to: Option<usize>,
    at: usize,
}

impl<'a> Course<'a> {
    /// Begins on the day of receipt, the `at`-th of the span.
    pub fn new(
        ground: Ground<'a>,
        deadlines: &'a mut Deadlines,
        rng: &'a mut Rng,
        petition: Petition,
        at: usize,
    ) -> Self {
        let state = State::new(petition.received_on);
        Self {
            ground,
            deadlines,
            rng,
            petition,
            steps: Vec::new(),
            kept: Vec::new(),
            state,
            lead: None,
            sent_to: None,
            at,
        }
    }

    /// The deadline as it stands.
    pub fn due(&mut self) -> Option<(NaiveDate, &'static str)> {
        self.deadlines.of(&self.petition, &self.state)
    }

    /// Runs until the petition is done or today is reached.
    pub fn run(&mut self) {
        // A step that today does not reach ends the course where it is.
        let _ = self.stages();
    }

    fn recent(&self) -> bool {
        self.ground.span.len() - self.at < 330
    }

    /// Moves on to the day of the next step: within `most` hundredths of the time that is left, sometimes too late.
    fn pace(&mut self, most: i64) -> Option<()> {
        let now = self.ground.span.date(self.at)?;
        let left = match self.due() {
            Some((due, _)) => (due - now).num_days().max(0),
            None => 25,
        };
        // The recent past holds a few papers that nobody has touched.
        if self.recent() && self.rng.chance(12) {
            return None;
        }
        let days = match self.rng.below(1000) {
            0..=934 => self.rng.range(left * 15 / 100, left * most / 100),
            935..=992 => left + self.rng.range(1, 18),
            _ => left + self.rng.range(19, 90),
        };
        self.wait(self.at + usize::try_from(days).unwrap_or(0))
    }

    /// Lets time pass up to a day; who does not answer meanwhile is urged.
    fn wait(&mut self, until: usize) -> Option<()> {
        if let Some((due, _)) = self.due() {
            self.urge(due, until);
        }
        self.at = self.ground.span.working(until)?;
        Some(())
    }

    /// Urges up to three times once the deadline has passed, some ten working days apart.
    fn urge(&mut self, due: NaiveDate, until: usize) {
        let often = match self.state.stage {
            Stage::Forwarded => 550,
            Stage::Accepted => 150,
            _ => return,
        };
        let span = self.ground.span;
        let Some(due_at) = span.at(due).filter(|at| at + 1 < until) else {
            return;
        };
        if !self.rng.chance(often) {
            return;
        }
        let mut next = self.at.max(due_at + 1);
        for _ in 0..3 {
            next += self.some(0, 3);
            let Some(day) = span.working(next).filter(|day| *day < until) else {
                return;
            };
            self.at = day;
            let to = self.sent_to;
            let urged = self.take(StepKind::Urge, |step, rng, ground| {
                let place = to.and_then(|at| ground.places.get(at));
                let place = place.filter(|p| step.on.is_some_and(|on| p.valid_on(on)));
                step.to = place.map(|place| place.unit.clone());
                step.document = Some(format!("{}/CV-ĐĐ", rng.range(1, 800)));
            });
            if urged.is_none() {
                return;
            }
            next = day + 14;
        }
    }

    fn some(&mut self, from: i64, to: i64) -> usize {
        usize::try_from(self.rng.range(from, to)).unwrap_or(0)
    }

    /// Takes one step by the transition table; none when it is not allowed or has nobody to go to.
    fn take(
        &mut self,
        kind: StepKind,
        fill: impl FnOnce(&mut Step, &mut Rng, Ground),
    ) -> Option<()> {
        self.may(kind).then_some(())?;
        let on = self.ground.span.date(self.at)?;
        let mut step = Step {
            kind: Some(kind),
            on: Some(on),
            entered_at: stamp(on, self.rng),
            who: self
                .rng
                .pick(CLERKS)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            ..Step::default()
        };
        fill(&mut step, self.rng, self.ground);
        if kind == StepKind::Forward && step.to.is_none() {
            return None;
        }
        if self.rng.chance(200) {
            step.note = self.ground.vocab.note(self.rng, kind).map(str::to_owned);
        }
        let changes = effects(&self.petition, &step, kind);
        self.kept.push(kept(&self.petition, &changes));
        for (key, value) in changes {
            // Keys and types are the petition's own.
            let _ = self.petition.set(key, value);
        }
        self.state.add(&step);
        self.steps.push(step);
        Some(())
    }

    /// Whether a step may be taken now.
    fn may(&self, kind: StepKind) -> bool {
        let situation = Situation {
            stage: self.state.stage,
            petition_type: self.petition.petition_type,
            instance: self.petition.instance.unwrap_or(1),
            jurisdiction: self.petition.jurisdiction.unwrap_or(Jurisdiction::Unknown),
            source: self.petition.source,
            guided: false,
            linked: self.petition.duplicate_of.is_some(),
            profile: Profile::Administrative,
        };
        may(kind, situation).is_ok()
    }
}
