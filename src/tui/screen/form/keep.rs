//! What is typed and not saved yet: kept where a hang-up finds it, written out when a field is left.

use super::{FormScreen, Task};
use crate::app::drafts::{self, Draft};
use crate::app::{Cx, records};
use crate::catalog;
use crate::domain::petition::{PetitionType, StepKind, WRITER_FIELDS};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Code;
use crate::tui::screen::{Flow, Ui, View};

/// In a draft of a step, the field that names the step.
const STEP: &str = "step";
/// The fields that say whether the matter is a denunciation.
const SAYS_TYPE: [&str; 3] = ["type", "matter_type", "petition"];

impl FormScreen {
    /// The draft of what stands in the form now.
    fn as_draft(&self, saved_at: String) -> Draft {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut base = Vec::new();
        let edits = matches!(self.task, Task::Edit(_));
        for at in self.visible() {
            let Some(input) = self.inputs.get(at) else {
                continue;
            };
            let key = input.field.key;
            // A field that was emptied is a change as well; the type says what else the draft may hold.
            let told = if edits {
                input.changed() || (SAYS_TYPE.contains(&key) && !input.text().is_empty())
            } else {
                !input.text().is_empty() && (input.changed() || matches!(self.task, Task::Add))
            };
            if told && !self.hold_back(key) {
                fields.push((key.to_owned(), input.text()));
                if edits {
                    base.push((key.to_owned(), input.first.clone()));
                }
            }
        }
        for (key, value) in &self.fixed {
            if let Some(field) = catalog::field(self.kind, key) {
                fields.push(((*key).to_owned(), catalog::show::edit_text(field, value)));
            }
        }
        let (record, rev) = match &self.task {
            Task::Add | Task::Rule(_) => (None, None),
            Task::Edit(record) => (Some(record.head().id), Some(record.head().rev)),
            Task::Step(id, _, step) => {
                fields.push((STEP.to_owned(), step.code().to_owned()));
                (Some(*id), None)
            }
        };
        Draft {
            id: self.draft.clone(),
            kind: self.kind,
            record,
            rev,
            saved_at,
            fields,
            base,
        }
    }

    /// Whether a field may tell who brought a denunciation, or what may turn out to be one: a petition whose type is
    /// not known, a visit about a petition. Of that nothing may be kept (LTC Đ8.3, Đ56).
    fn hold_back(&self, key: &str) -> bool {
        let text = |key: &str| {
            let input = self.inputs.get(self.at(key)?)?;
            Some(input.text())
        };
        let denounces =
            |text: &str| PetitionType::from_code(text) == Some(PetitionType::Denunciation);
        match self.kind {
            Kind::Petition => {
                WRITER_FIELDS.contains(&key)
                    && text("type")
                        .is_some_and(|t| denounces(&t) || PetitionType::from_code(&t).is_none())
            }
            Kind::Reception => {
                // Letters that name no type yet may come to name that one.
                let unsure =
                    |text: &str| !text.is_empty() && PetitionType::from_code(text).is_none();
                let linked = text("petition").is_some_and(|t| !t.trim().is_empty());
                catalog::field(self.kind, key).is_some_and(catalog::Field::personal)
                    && (linked || text("matter_type").is_some_and(|t| denounces(&t) || unsure(&t)))
            }
            _ => false,
        }
    }

    /// Something was typed.
    pub(super) fn typed(&mut self, ui: &mut Ui) {
        self.touched = true;
        self.before.stop();
        if let Some(input) = self.input_mut() {
            input.error = None;
            input.note.clear();
        }
        self.keep_slot(ui);
    }

    /// Puts the draft where a hang-up finds it.
    pub(super) fn keep_slot(&self, ui: &Ui) {
        if matches!(self.task, Task::Rule(_)) {
            return;
        }
        ui.draft
            .set(self.touched.then(|| self.as_draft(String::new())));
    }

    /// Writes the draft out, so that even a killed program loses no field that was left.
    pub(super) fn keep(&mut self, ui: &mut Ui) {
        self.touched = true;
        if matches!(self.task, Task::Rule(_)) {
            return;
        }
        self.keep_slot(ui);
        let draft = self.as_draft(String::new());
        ui.run(
            move |cx| {
                drafts::save(
                    cx.config(),
                    &Draft {
                        saved_at: cx.stamp(),
                        ..draft
                    },
                )
            },
            |_: &mut FormScreen, saved, ui| {
                if let Err(error) = saved {
                    ui.warn(error.text(ui.view.lang));
                }
                Flow::Stay
            },
        );
    }

    /// Lets go of the draft: it was saved, or given up.
    pub(super) fn forget(&mut self, ui: &mut Ui) {
        self.touched = false;
        ui.draft.set(None);
        let id = self.draft.clone();
        // A draft that was never written out is simply not there.
        ui.run(
            move |cx| drop(drafts::discard(cx.config(), &id)),
            |_: &mut FormScreen, (), _| Flow::Stay,
        );
    }
}

/// Puts the record back to what the edit began on, in the fields that were typed into: only so a save finds what
/// someone else changed meanwhile. Where that is not known or not readable, the field counts as changed.
fn as_begun(cx: &Cx, record: &mut dyn Record, draft: &Draft) {
    let Some(rev) = draft.rev.filter(|rev| *rev != record.head().rev) else {
        return;
    };
    record.head_mut().rev = rev;
    for (key, _) in &draft.fields {
        let Some(field) = catalog::field(draft.kind, key) else {
            continue;
        };
        let first = draft.base.iter().find(|(k, _)| k == key);
        let value = first.and_then(|(_, text)| records::value(cx, field, text).ok());
        // A record that has the field takes any value of its type, or none.
        let _ = record.set(field.key, value.unwrap_or_default());
    }
}

/// The form that a draft was typed into, with its texts; made on the worker.
///
/// # Errors
/// When the record that was being changed is not there any more.
pub fn from_draft(cx: &Cx, draft: &Draft, v: &View) -> crate::app::Result<FormScreen> {
    let text = |key: &str| {
        draft
            .fields
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, text)| text.as_str())
    };
    let mut form = match draft.record {
        None => FormScreen::add(draft.kind, v),
        Some(id) => {
            let record = records::get(cx, draft.kind, id)?;
            match text(STEP).and_then(StepKind::from_code) {
                Some(step) => {
                    let name = record.head().number_text().unwrap_or_default();
                    FormScreen::step(record.as_ref(), name, step, v)
                }
                None => {
                    let mut record = record;
                    as_begun(cx, record.as_mut(), draft);
                    FormScreen::edit(record, v)
                }
            }
        }
    };
    // Back to where one was: the last field that was typed into.
    let mut last = 0;
    for (at, input) in form.inputs.iter_mut().enumerate() {
        if let Some(text) = text(input.field.key) {
            if text != input.first {
                last = at;
            }
            input.put(text);
        }
    }
    form.draft.clone_from(&draft.id);
    form.touched = true;
    form.changed_type();
    form.enter(last);
    Ok(form)
}
