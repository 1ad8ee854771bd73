//! What has a place on the form as it stands: which fields, which answers, which day its units are of.

use chrono::NaiveDate;

use super::input::Input;
use super::{FormScreen, Task};
use crate::app::secrecy;
use crate::catalog::{self, intake::AS_PETITION};
use crate::domain::petition::{PetitionType, outcomes};
use crate::domain::record::{Kind, Record, blank};
use crate::domain::value::{Code, Value};

impl FormScreen {
    /// How a petition of this type and instance can end: other outcomes are not offered, and one must be given
    /// where there are several.
    pub(super) fn ask_outcome(&mut self, petition: &dyn Record) {
        let kind = petition
            .get("type")
            .text()
            .and_then(PetitionType::from_code);
        let instance = match petition.get("instance") {
            Value::Int(n) => n,
            _ => 1,
        };
        let can = outcomes(kind, instance);
        if let Some(at) = self.at("outcome")
            && let Some(input) = self.inputs.get_mut(at)
        {
            input.required = can.len() > 1;
            input.keep(|code| can.iter().any(|outcome| outcome.code() == code));
        }
    }

    /// The fields that have a place on what the form describes now.
    pub(super) fn visible(&self) -> Vec<usize> {
        let mut record = blank(self.kind);
        for input in &self.inputs {
            if matches!(input.field.key, "type" | "matter_type") {
                // A type that is not chosen yet rules nothing out.
                let _ = record.set(input.field.key, Value::Text(input.text()));
            }
        }
        let all = matches!(self.task, Task::Step(..) | Task::Rule(_) | Task::Many(_));
        // An opinion that becomes a denunciation names nobody.
        let nameless = self.kind != Kind::Reception
            && self.text_at(AS_PETITION).as_deref() == Some(PetitionType::Denunciation.code());
        let applies = |input: &Input| {
            all || (catalog::applies(input.field, record.as_ref())
                && !(nameless && input.field.personal()))
        };
        (0..self.inputs.len())
            .filter(|at| self.inputs.get(*at).is_some_and(applies))
            .collect()
    }

    /// The text of a field; none when the form has no such field.
    pub(super) fn text_at(&self, key: &str) -> Option<String> {
        Some(self.inputs.get(self.at(key)?)?.text())
    }

    /// Whether the field is one of a denunciation in which its writer must not be named.
    pub(super) fn unnamed(&self, key: &str) -> bool {
        let denunciation = self
            .at("type")
            .and_then(|at| self.inputs.get(at))
            .is_some_and(|input| input.text() == PetitionType::Denunciation.code());
        denunciation && catalog::may_name_denouncer(self.kind, key)
    }

    /// What has no place any more is dropped: nothing of it may be stored.
    pub(super) fn changed_type(&mut self) {
        let visible = self.visible();
        for (at, input) in self.inputs.iter_mut().enumerate() {
            if !visible.contains(&at) && !input.text().is_empty() {
                if secrecy::is_name_field(input.field.key) {
                    self.untold.push(input.text());
                }
                input.put("");
                self.answers.retain(|(of, _)| *of != at);
            }
        }
    }

    /// The field with that day.
    pub(super) fn day_key(&self) -> &'static str {
        match self.task {
            Task::Step(..) | Task::Many(Some(_)) => "on",
            _ => catalog::entity(self.kind).date_field,
        }
    }

    /// The day on which the record's units must be valid.
    pub(super) fn day(&self, today: NaiveDate) -> NaiveDate {
        let typed = self
            .at(self.day_key())
            .and_then(|at| self.inputs.get(at))
            .map(|input| input.check(today));
        match typed {
            Some(Ok(Value::Date(day))) => day,
            _ => today,
        }
    }
}
