//! The course of a sample petition: steps by the real transitions, paced by the real deadlines.
use super::days::Span;
use super::places::Places;
use super::rng::Rng;
use super::vocab::Vocab;
use crate::app::ground::{Basis, REPLY_RULE, basis, facts};
use crate::app::petitions::{effects, kept};
use crate::domain::calendar::Calendar;
use crate::domain::deadline::{Facts, Rule, choose, due_date};
use crate::domain::petition::{
    Jurisdiction, Outcome, Petition, PetitionType, Profile, Situation, State, Step, StepKind, fold,
    may, outcomes,
};
use crate::domain::record::Record;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// Deadlines already counted: there are few rules and few days.
#[derive(Debug)]
pub struct Deadlines {
    calendar: Calendar,
    rules: Vec<Rule>,
    known: HashMap<(&'static str, NaiveDate, Facts), Option<NaiveDate>>,
}

impl Deadlines {
    /// Over the office's calendar and rules.
    pub fn new(calendar: Calendar, rules: Vec<Rule>) -> Self {
        Self {
            calendar,
            rules,
            known: HashMap::new(),
        }
    }

    /// The deadline of a petition's stage and the code it stands on.
    pub fn of(&mut self, p: &Petition, state: &State) -> Option<(NaiveDate, &'static str)> {
        match basis(p, state)? {
            Basis::Reply(day) => Some((day, REPLY_RULE)),
            Basis::Rules(codes, start) => codes
                .into_iter()
                .flatten()
                .filter_map(|code| Some((self.rule(code, start, facts(p))?, code)))
                .min_by_key(|(due, _)| *due),
        }
    }

    fn rule(&mut self, code: &'static str, start: NaiveDate, facts: Facts) -> Option<NaiveDate> {
        let (rules, calendar) = (&self.rules, &self.calendar);
        *self.known.entry((code, start, facts)).or_insert_with(|| {
            let rule = choose(rules, code, start, &facts)?;
            Some(due_date(rule, start, calendar, true))
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
        let state = fold(petition.received_on, &[]);
        Self {
            ground,
            deadlines,
            rng,
            petition,
            steps: Vec::new(),
            kept: Vec::new(),
            state,
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

    fn stages(&mut self) -> Option<()> {
        let duplicate = self.petition.duplicate_of.is_some();
        let eligible = !self.rng.chance(80);
        let own = self.rng.chance(match self.petition.petition_type {
            Some(PetitionType::Complaint) => 480,
            Some(PetitionType::Denunciation) => 440,
            Some(PetitionType::Recommendation) => 560,
            _ => 620,
        });
        if duplicate || !eligible || !self.rng.chance(120) {
            self.pace(55)?;
            self.take(StepKind::Classify, |step, _, _| {
                step.eligible = Some(eligible);
                step.jurisdiction = Some(if own {
                    Jurisdiction::Own
                } else {
                    Jurisdiction::Other
                });
            })?;
        }
        self.pace(90)?;
        if duplicate || !eligible {
            return self.take(StepKind::FileAway, |_, _, _| {});
        }
        if own { self.decide() } else { self.send_on() }
    }

    /// Own matters: accepted where the law asks for it, then resolved.
    fn decide(&mut self) -> Option<()> {
        let case = self
            .petition
            .petition_type
            .is_some_and(PetitionType::is_case);
        let secret = self.petition.petition_type == Some(PetitionType::Denunciation);
        if case || self.rng.chance(300) {
            self.take(StepKind::Accept, |step, rng, _| {
                step.document = Some(format!("{}/TB-TL", rng.range(1, 900)));
                let complex = case && rng.chance(130);
                step.complex = Some(complex);
                step.very_complex = Some(complex && secret && rng.chance(250));
                step.remote = Some(case && rng.chance(30));
            })?;
            self.pace(95)?;
        }
        let can = outcomes(
            self.petition.petition_type,
            self.petition.instance.unwrap_or(1),
        );
        let outcome = self.outcome(can);
        let book = match (case, secret) {
            (_, true) => "KL-UBND",
            (true, false) => "QĐ-UBND",
            _ => "CV-TL",
        };
        self.take(StepKind::Resolve, |step, rng, _| {
            step.outcome = outcome;
            step.document = Some(format!("{}/{book}", rng.range(1, 2400)));
        })
    }

    /// More matters prove unfounded than founded, as the yearly reports have it.
    fn outcome(&mut self, can: &'static [Outcome]) -> Option<Outcome> {
        let at = match (can.len(), self.rng.below(100)) {
            (3, 0..=17) => 0,
            (3, 18..=41) => 1,
            (3, _) => 2,
            (2, 0..=71) => 0,
            (2, _) => 1,
            _ => 0,
        };
        can.get(at).copied()
    }

    /// Matters of others: forwarded, and mostly answered.
    fn send_on(&mut self) -> Option<()> {
        self.take(StepKind::Forward, |step, rng, ground| {
            let on = step.on.unwrap_or_default();
            let to = ground
                .places
                .office(rng, on, &["UB.", "CA.T86", "TU.", "MT."])
                .and_then(|at| ground.places.get(at));
            step.to = to.map(|place| place.unit.clone());
            step.document = Some(format!("{}/PC-TCD", rng.range(1, 1500)));
            if rng.chance(880) {
                let days = [15_u64, 20, 30].get(rng.below(3)).copied().unwrap_or(30);
                step.reply_due = on.checked_add_days(Days::new(days));
            }
        })?;
        // Only of late does anyone still wait: an office urges until it has its answer.
        if self.recent() && self.rng.chance(60) {
            return None;
        }
        self.pace(95)?;
        self.take(StepKind::Reply, |step, rng, _| {
            if rng.chance(700) {
                step.document = Some(format!("{}/CV", rng.range(1, 3000)));
            }
        })
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
        let at = self.at + usize::try_from(days).unwrap_or(0);
        self.at = self.ground.span.working(at)?;
        Some(())
    }

    /// Takes one step by the transition table; none when it is not allowed or has nobody to go to.
    fn take(
        &mut self,
        kind: StepKind,
        fill: impl FnOnce(&mut Step, &mut Rng, Ground),
    ) -> Option<()> {
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
        may(kind, situation).ok()?;
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
        self.steps.push(step);
        self.state = fold(self.petition.received_on, &self.steps);
        Some(())
    }
}
