//! What is typed and not saved yet: kept where a hang-up finds it, written out when a field is left.

use super::{FormScreen, Task};
use crate::app::drafts::{self, Draft};
use crate::app::{Cx, records};
use crate::catalog;
use crate::domain::petition::{PetitionType, StepKind, WRITER_FIELDS};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::tui::screen::{Flow, Ui, View};

/// In a draft of a step, the field that names the step.
const STEP: &str = "step";

impl FormScreen {
    /// The draft of what stands in the form now.
    fn as_draft(&self, saved_at: String) -> Draft {
        let mut fields: Vec<(String, String)> = Vec::new();
        for at in self.visible() {
            if let Some(input) = self.inputs.get(at)
                && (input.changed() || matches!(self.task, Task::Add))
                && !input.text().is_empty()
                && !self.hold_back(input.field.key)
            {
                fields.push((input.field.key.to_owned(), input.text()));
            }
        }
        for (key, value) in &self.fixed {
            if let Some(field) = catalog::field(self.kind, key) {
                fields.push(((*key).to_owned(), catalog::show::edit_text(field, value)));
            }
        }
        let (record, rev) = match &self.task {
            Task::Add => (None, None),
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
        }
    }

    /// Until the type is known, a petition may turn out to be a denunciation, and of its writer nothing may be kept.
    fn hold_back(&self, key: &str) -> bool {
        let kind = self
            .at("type")
            .and_then(|at| self.inputs.get(at))
            .map(|input| input.text());
        self.kind == Kind::Petition
            && WRITER_FIELDS.contains(&key)
            && kind.is_some_and(|text| PetitionType::from_code(&text).is_none())
    }

    /// Something was typed.
    pub(super) fn typed(&mut self, ui: &mut Ui) {
        self.touched = true;
        if let Some(input) = self.input_mut() {
            input.error = None;
            input.note.clear();
        }
        self.keep_slot(ui);
    }

    /// Puts the draft where a hang-up finds it.
    pub(super) fn keep_slot(&self, ui: &Ui) {
        ui.draft
            .set(self.touched.then(|| self.as_draft(String::new())));
    }

    /// Writes the draft out, so that even a killed program loses no field that was left.
    pub(super) fn keep(&mut self, ui: &mut Ui) {
        self.touched = true;
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
                    let mut form = FormScreen::edit(record, v);
                    if let (Task::Edit(record), Some(rev)) = (&mut form.task, draft.rev) {
                        record.head_mut().rev = rev;
                    }
                    form
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
    form.enter(last);
    Ok(form)
}
