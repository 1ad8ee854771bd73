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

    /// The fields that the cursor stops at: of those shown, what is asked for or holds something. The others keep
    /// their place, so that nothing moves while one types.
    pub(super) fn stops(&self) -> Vec<usize> {
        let record = self.so_far();
        let all = self.asks_all();
        let defaults = catalog::defaults(self.kind, NaiveDate::default());
        let stops = |at: usize, input: &Input| {
            let usual = defaults
                .iter()
                .find(|(key, _)| *key == input.field.key)
                .is_some_and(|(_, value)| input.check(NaiveDate::default()).as_ref() == Ok(value));
            let holds = !input.text().is_empty() && !usual;
            // The rows of a whole day are of another register than its head.
            let other = self.kind_at(at) != self.kind;
            all || other || holds || catalog::asked(input.field, record.as_ref())
        };
        let mut visible = self.visible();
        visible.retain(|at| self.inputs.get(*at).is_some_and(|input| stops(*at, input)));
        visible
    }

    /// A step and a rule have no field that another answer makes pointless.
    fn asks_all(&self) -> bool {
        matches!(self.task, Task::Step(..) | Task::Rule(_) | Task::Many(_))
    }
}
