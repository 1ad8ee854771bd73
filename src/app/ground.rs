//! What a petition's deadline stands on: the rules that its stage, type and source call for.
use super::rules;
use crate::domain::deadline::{
    Course, Explanation, Facts, Rule, choose, due_in_course, explain_course,
};
use crate::domain::petition::{Petition, PetitionType, Source, Stage, State};
use chrono::NaiveDate;

/// Marks a deadline that the expected reply of a forward gives, not a rule.
pub const REPLY_RULE: &str = "REPLY_DUE";

/// What the present deadline stands on.
#[derive(Debug, Clone, PartialEq)]
pub enum Ground {
    /// A rule, counted day by day.
    Rule(Box<Explanation>),
    /// The reply that a forward asked for by a day.
    Reply(NaiveDate),
}

impl Ground {
    /// The day.
    #[must_use]
    pub fn due(&self) -> NaiveDate {
        match self {
            Self::Rule(e) => e.due,
            Self::Reply(day) => *day,
        }
    }

    /// Code of the rule, or [`REPLY_RULE`].
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Rule(e) => &e.rule.code,
            Self::Reply(_) => REPLY_RULE,
        }
    }
}

pub(super) fn facts(p: &Petition) -> Facts {
    Facts {
        complex: p.complex == Some(true),
        very_complex: p.very_complex == Some(true),
        remote: p.remote == Some(true),
    }
}

/// A rule with the start and the course that it is counted by.
struct Counted<'a> {
    rule: &'a Rule,
    start: NaiveDate,
    course: Course,
}

fn counted<'a>(
    env: &'a rules::Env,
    p: &Petition,
    state: &State,
    code: &str,
    start: NaiveDate,
) -> Option<Counted<'a>> {
    let facts = facts(p);
    let rule = choose(&env.rules, code, start, &facts)?;
    let running = matches!(state.stage, Stage::Accepted | Stage::Resolved);
    let course = if running {
        Course::of(
            state,
            most(env, p, code, start).filter(|_| !state.extensions.is_empty()),
        )
    } else {
        Course::default()
    };
    Some(Counted {
        rule,
        start,
        course,
    })
}

/// Days from acceptance that a complaint is resolved in at most, however it is extended (LKN Đ28, Đ37).
pub(super) fn most(env: &rules::Env, p: &Petition, code: &str, start: NaiveDate) -> Option<u32> {
    if p.petition_type != Some(PetitionType::Complaint) {
        return None;
    }
    let complex = Facts {
        complex: true,
        ..facts(p)
    };
    choose(&env.rules, code, start, &complex).map(|rule| rule.amount)
}

/// The deadline of the present stage with its day-by-day sum (contract 2; domain reference, annex B).
pub(super) fn ground(env: &rules::Env, p: &Petition, state: &State) -> Option<Ground> {
    match basis(p, state)? {
        Basis::Reply(day) => Some(Ground::Reply(day)),
        Basis::Rules(codes, start) => codes
            .into_iter()
            .flatten()
            .filter_map(|code| counted(env, p, state, code, start))
            .map(|c| {
                let sum = explain_course(
                    c.rule,
                    c.start,
                    &env.calendar,
                    env.office.roll_over,
                    &c.course,
                );
                Ground::Rule(Box::new(sum))
            })
            .min_by_key(Ground::due),
    }
}

/// The deadline of the present stage alone: the same day and rule as [`ground`] gives.
pub(super) fn deadline<'a>(
    env: &'a rules::Env,
    p: &Petition,
    state: &State,
) -> Option<(NaiveDate, &'a str)> {
    match basis(p, state)? {
        Basis::Reply(day) => Some((day, REPLY_RULE)),
        Basis::Rules(codes, start) => codes
            .into_iter()
            .flatten()
            .filter_map(|code| counted(env, p, state, code, start))
            .map(|c| {
                let due = due_in_course(
                    c.rule,
                    c.start,
                    &env.calendar,
                    env.office.roll_over,
                    &c.course,
                );
                (due, c.rule.code.as_str())
            })
            .min_by_key(|(due, _)| *due),
    }
}

/// From what the deadline of a stage follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// The day on which a forward asked for an answer.
    Reply(NaiveDate),
    /// Rules, all counted from one day; the earliest deadline binds (LTCD Đ28.1), of equal ones the first.
    Rules([Option<&'static str>; 2], NaiveDate),
}

/// Which rules give the deadline of the present stage; none when it has none.
pub(super) fn basis(p: &Petition, state: &State) -> Option<Basis> {
    let kind = p.petition_type?;
    let received = p.received_on?;
    match (state.stage, state.accepted_on) {
        (Stage::Suspended | Stage::ClosedOther, _) => None,
        (Stage::Forwarded, _) => state.reply_due.map(Basis::Reply),
        (Stage::Accepted | Stage::Resolved, Some(accepted)) if kind.is_case() => {
            let code = match (kind, p.instance) {
                (PetitionType::Denunciation, _) => "TC_RESOLVE",
                (_, Some(2)) => "KN_RESOLVE_2",
                _ => "KN_RESOLVE_1",
            };
            Some(Basis::Rules([Some(code), None], accepted))
        }
        _ => {
            let code = match kind {
                PetitionType::Complaint => "KN_ACCEPT",
                PetitionType::Denunciation => "TC_INITIAL",
                PetitionType::Recommendation | PetitionType::Feedback => "KNPA_OFFICE",
            };
            let at_reception = (p.source == Some(Source::Reception)).then_some("TCD_REPLY");
            Some(Basis::Rules([Some(code), at_reception], received))
        }
    }
}
