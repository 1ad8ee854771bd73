//! What a petition's deadline stands on: the rules that its stage, type and source call for.
use super::rules;
use crate::domain::deadline::{Explanation, Facts, choose, explain};
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
    pub(super) fn due(&self) -> NaiveDate {
        match self {
            Self::Rule(e) => e.due,
            Self::Reply(day) => *day,
        }
    }

    /// Code of the rule, or [`REPLY_RULE`].
    pub(super) fn code(&self) -> &str {
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

fn by_rule(env: &rules::Env, code: &str, start: NaiveDate, facts: &Facts) -> Option<Ground> {
    let rule = choose(&env.rules, code, start, facts)?;
    Some(Ground::Rule(Box::new(explain(
        rule,
        start,
        &env.calendar,
        true,
    ))))
}

/// The deadline of the present stage (contract 2; domain reference, annex B).
pub(super) fn ground(env: &rules::Env, p: &Petition, state: &State) -> Option<Ground> {
    match basis(p, state)? {
        Basis::Reply(day) => Some(Ground::Reply(day)),
        Basis::Rules(codes, start) => codes
            .into_iter()
            .flatten()
            .filter_map(|code| by_rule(env, code, start, &facts(p)))
            .min_by_key(Ground::due),
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
