//! What a judged row makes, ready to be written by another thread.
use crate::app::ground::deadline;
use crate::app::rules::Env;
use crate::domain::deadline::Rule;
use crate::domain::petition::{Petition, fold};
use crate::domain::record::Record;
use chrono::NaiveDate;

/// A record that is nothing but its fields.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) record: Box<dyn Record>,
    pub(super) due: Due,
}

/// The deadline of a petition that has taken no step, and which of the rules gives it; none where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Due(Option<(NaiveDate, usize)>);

impl Ready {
    /// What `env` says of a record that was judged by it.
    pub(super) fn of(env: &Env, record: Box<dyn Record>) -> Self {
        let petition = record.as_any().downcast_ref::<Petition>();
        let due = petition.and_then(|petition| {
            let state = fold(petition.received_on, &[]);
            let (day, code) = deadline(env, petition, &state)?;
            // Before the first step none but a rule gives one.
            let own = |rule: &Rule| std::ptr::eq(rule.code.as_str(), code);
            Some((day, env.rules.iter().position(own)?))
        });
        let due = Due(due);
        Self { record, due }
    }
}

impl Due {
    /// The day and the code of its rule among those by which it was counted.
    pub(super) fn by(self, rules: &[Rule]) -> Option<(NaiveDate, &str)> {
        let (day, at) = self.0?;
        Some((day, rules.get(at)?.code.as_str()))
    }
}
