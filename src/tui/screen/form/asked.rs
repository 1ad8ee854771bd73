//! Which fields a form asks for now.

use chrono::NaiveDate;

use super::input::Input;
use super::{FormScreen, Task};
use crate::catalog;
use crate::domain::record::{Record, blank};

/// The answers that decide which other fields are asked for.
const DECIDES: [&str; 6] = [
    "type",
    "matter_type",
    "instance",
    "source",
    "part_of",
    "answered_on_spot",
];

impl FormScreen {
    /// The record as far as its deciding answers are given.
    fn so_far(&self) -> Box<dyn Record> {
        let mut record = blank(self.kind);
        let decides = |input: &&Input| DECIDES.contains(&input.field.key);
        for input in self.inputs.iter().filter(decides) {
            // An answer that cannot be read yet rules nothing out.
            if let Ok(value) = input.check(NaiveDate::default()) {
                let _ = record.set(input.field.key, value);
            }
        }
        record
    }

    /// The fields that have a place on what the form describes now; they are shown.
    pub(super) fn visible(&self) -> Vec<usize> {
        let record = self.so_far();
        let all = self.asks_all();
        let shown = |input: &Input| all || catalog::applies(input.field, record.as_ref());
        (0..self.inputs.len())
            .filter(|at| self.inputs.get(*at).is_some_and(shown))
            .collect()
    }

    /// The fields that the cursor stops at: of those shown, what is asked for or holds something. The others keep
    /// their place, so that nothing moves while one types.
    pub(super) fn stops(&self) -> Vec<usize> {
        let record = self.so_far();
        let all = self.asks_all();
        let defaults = catalog::defaults(self.kind, NaiveDate::default());
        let stops = |input: &Input| {
            let usual = defaults
                .iter()
                .find(|(key, _)| *key == input.field.key)
                .is_some_and(|(_, value)| input.check(NaiveDate::default()).as_ref() == Ok(value));
            let holds = !input.text().is_empty() && !usual;
            all || holds || catalog::asked(input.field, record.as_ref())
        };
        let mut visible = self.visible();
        visible.retain(|at| self.inputs.get(*at).is_some_and(stops));
        visible
    }

    /// A step and a rule have no field that another answer makes pointless.
    fn asks_all(&self) -> bool {
        matches!(self.task, Task::Step(..) | Task::Rule(_))
    }

    /// What has no place any more is dropped: nothing of it may be stored.
    pub(super) fn changed_type(&mut self) {
        if self.asks_all() {
            return;
        }
        let record = self.so_far();
        for (at, input) in self.inputs.iter_mut().enumerate() {
            if !catalog::applies(input.field, record.as_ref()) && !input.text().is_empty() {
                input.put("");
                self.answers.retain(|(of, _)| *of != at);
            }
        }
    }
}
