//! What is typed and not saved yet: kept where a hang-up finds it, written out when a field is left.

use super::{FormScreen, Task};
use crate::app::drafts::{Draft, Form};
use crate::app::{Cx, Error, records};
use crate::catalog;
use crate::domain::petition::{PetitionType, StepKind, WRITER_FIELDS};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Code;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Ui, View};

/// A draft of a form that has no such fields.
const UNKNOWN_FORM: Text = t(
    "bản nháp này của một biểu khác",
    "this draft belongs to another form",
);
/// In a draft of a step, the field that names the step.
const STEP: &str = "step";
/// The fields that say whether the matter is a denunciation.
const SAYS_TYPE: [&str; 3] = ["type", "matter_type", "petition"];

impl FormScreen {
    /// The draft of what stands in the form now.
    fn as_draft(&self) -> Draft {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut base = Vec::new();
        let edits = matches!(self.task, Task::Edit(_) | Task::Rule(Some(_)));
        let adds = matches!(self.task, Task::Add | Task::Rule(None));
        for at in self.visible() {
            let Some(input) = self.inputs.get(at) else {
                continue;
            };
            let key = input.field.key;
            // A field that was emptied is a change as well; the type says what else the draft may hold.
            let told = if edits {
                input.changed() || (SAYS_TYPE.contains(&key) && !input.text().is_empty())
            } else {
                !input.text().is_empty() && (input.changed() || adds)
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
        let (form, record, rev) = match &self.task {
            Task::Add => (Form::Record, None, None),
            Task::Rule(id) => (Form::Rule, *id, None),
            Task::Edit(record) => {
                let head = record.head();
                (Form::Record, Some(head.id), Some(head.rev))
            }
            Task::Step(id, _, step) => {
                fields.push((STEP.to_owned(), step.code().to_owned()));
                (Form::Step, Some(*id), None)
            }
        };
        Draft {
            id: self.draft.clone(),
            form,
            record,
            rev,
            fields,
            base,
            ..Draft::of(self.kind)
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

    /// Whether the form is being saved: nothing is taken meanwhile, for it could get lost with the answer.
    pub(super) fn is_busy(&self, ui: &mut Ui) -> bool {
        if self.saving {
            ui.note(ui.say(t("đang lưu, chờ một chút", "saving, just a moment")));
        }
        self.saving
    }

    /// Takes pasted text whole, or says why not: nothing of it is ever left out silently.
    pub(super) fn take_paste(&mut self, text: &str, ui: &mut Ui) {
        let Some(input) = self.input_mut() else {
            return;
        };
        let most = input.most();
        let many = text.chars().count() + input.text().chars().count();
        if many > most {
            let limit = input.field.limit;
            ui.warn(match ui.view.lang {
                Lang::Vi => format!(
                    "chưa dán gì: ô này nhận nhiều nhất {limit} chữ, dán vào sẽ thành {many}"
                ),
                Lang::En => format!(
                    "nothing was pasted: this field takes {limit} letters, it would hold {many}"
                ),
            });
            return;
        }
        input.paste(text);
        self.typed(ui);
    }

    /// Puts the draft where a hang-up finds it; soon after it is written out.
    pub(super) fn keep_slot(&self, ui: &Ui) {
        if self.touched {
            ui.draft.put(self.as_draft());
        }
    }

    /// Writes the draft out, so that even a killed program loses no field that was left.
    pub(super) fn keep(&mut self, ui: &mut Ui) {
        self.touched = true;
        self.keep_slot(ui);
        ui.draft.hurry();
    }

    /// Lets go of the draft: it was saved, or given up.
    pub(super) fn forget(&mut self, ui: &mut Ui) {
        self.touched = false;
        ui.draft.forget(&self.draft);
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
    let mut form = match (draft.form, draft.record) {
        (Form::Rows, _) => return Err(Error::NotFound(UNKNOWN_FORM.into())),
        (Form::Rule, None) => FormScreen::rule(None, v),
        (Form::Rule, Some(id)) => {
            let rules = cx.rules().iter();
            let rule = rules.clone().find(|rule| rule.id == id);
            FormScreen::rule(rule, v)
        }
        (_, None) => FormScreen::add(draft.kind, v),
        (form, Some(id)) => {
            let mut record = records::get(cx, draft.kind, id)?;
            let step = draft.text(STEP).and_then(StepKind::from_code);
            match step.filter(|_| form == Form::Step) {
                Some(step) => {
                    let name = record.head().number_text().unwrap_or_default();
                    FormScreen::step(record.as_ref(), name, step, &[], v)
                }
                None => {
                    as_begun(cx, record.as_mut(), draft);
                    FormScreen::edit(record, v)
                }
            }
        }
    };
    // Back to where one was: the last field that was typed into.
    let mut last = 0;
    for (at, input) in form.inputs.iter_mut().enumerate() {
        if let Some(text) = draft.text(input.field.key) {
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
