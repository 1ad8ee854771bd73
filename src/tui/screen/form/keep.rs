//! What is typed and not saved yet: kept where a hang-up finds it, written out when a field is left.

use super::input::Input;
use super::sheet::RowTexts;
use super::{FormScreen, Task};
use crate::app::drafts::{Draft, DraftRow, Form, STEP};
use crate::app::secrecy::{Names, is_name_field};
use crate::app::{Cx, Error, intake, records};
use crate::catalog::{self, intake::AS_PETITION};
use crate::domain::petition::{PetitionType, WRITER_FIELDS};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Code;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Ui, View};

/// A draft of a form that has no such fields.
const UNKNOWN_FORM: Text = t(
    "bản nháp này của một biểu khác",
    "this draft belongs to another form",
);
/// In a draft of a petition, the visit or opinion it is made of, and the matter it will be linked to.
const FROM: &str = "made_of";
const LEAD: &str = "link_to";
/// The fields that say whether the matter is a denunciation.
const SAYS_TYPE: [&str; 3] = ["type", "matter_type", "petition"];

impl FormScreen {
    /// The draft of what stands in the form now.
    fn as_draft(&self) -> Draft {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut base = Vec::new();
        let edits = matches!(self.task, Task::Edit(_) | Task::Rule(Some(_)));
        let adds = matches!(self.task, Task::Add | Task::Rule(None));
        let of_head = |at: &usize| self.sheet.as_ref().is_none_or(|sheet| *at < sheet.head);
        let names = self.withheld();
        let rows = self.all_rows();
        let of_rows = self.withheld_in_rows(&rows);
        for at in self.visible().into_iter().filter(of_head) {
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
            let tells = |text: &str| names.in_text(text) || of_rows.in_text(text);
            let names_nobody = || !tells(&input.text()) && !tells(&input.first);
            if told && !hold_back(self.kind, key, |key| self.text_at(key)) && names_nobody() {
                fields.push((key.to_owned(), input.text()));
                // In a new record what stands there from the beginning was not typed.
                if edits || !input.first.is_empty() {
                    base.push((key.to_owned(), input.first.clone()));
                }
            }
        }
        for (key, value) in &self.fixed {
            if let Some(field) = catalog::field(self.kind, key) {
                let text = catalog::show::edit_text(field, value);
                fields.push(((*key).to_owned(), text.clone()));
                base.push(((*key).to_owned(), text));
            }
        }
        if let Some((kind, id)) = self.from {
            fields.push((FROM.to_owned(), format!("{} {id}", kind.code())));
        }
        let lead = self.ahead.lead();
        fields.extend(lead.map(|id| (LEAD.to_owned(), id.to_string())));
        let (form, record, rev) = match &self.task {
            Task::Add if self.sheet.is_some() => (Form::Rows, None, None),
            Task::Add | Task::Many(_) => (Form::Record, None, None),
            Task::Rule(id) => (Form::Rule, *id, None),
            Task::Edit(record) => {
                let head = record.head();
                (Form::Record, Some(head.id), Some(head.rev))
            }
            Task::Step(id, _, step, _) => {
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
            rows: self.permitted_rows(rows, &of_rows),
            ..Draft::of(self.kind)
        }
    }

    /// The names of who brought the matter, where they must not be kept; nor may a text that tells them: when the draft
    /// comes back, nothing could hold it against the name.
    fn withheld(&self) -> Names {
        let visible = self.visible();
        let of_names = visible.iter().filter_map(|at| self.inputs.get(*at));
        let mut of_names = of_names.filter(|input| is_name_field(input.field.key));
        let held = |input: &&Input| hold_back(self.kind, input.field.key, |key| self.text_at(key));
        let own: Vec<String> = of_names.clone().filter(held).map(Input::text).collect();
        // A name that has its place is none to hide.
        match of_names.all(|input| held(&input)) {
            true => Names::written(own.into_iter().chain(self.untold.iter().cloned())),
            false => Names::default(),
        }
    }

    /// The same of the rows of a whole day: what one withholds, no other row and no head of the day tells.
    fn withheld_in_rows(&self, rows: &[RowTexts]) -> Names {
        let kind = intake::rows_of(self.kind).unwrap_or(self.kind);
        let of_row = |row: &RowTexts| -> Vec<String> {
            let own = |(key, _): &&(String, String)| is_name_field(key) && held_in(kind, row, key);
            row.iter()
                .filter(own)
                .map(|(_, text)| text.clone())
                .collect()
        };
        let untold = self.untold.iter().cloned();
        Names::written(rows.iter().flat_map(of_row).chain(untold))
    }

    /// The rows of a whole day without what may tell who brought a denunciation.
    fn permitted_rows(&self, rows: Vec<RowTexts>, names: &Names) -> Vec<DraftRow> {
        let kind = intake::rows_of(self.kind).unwrap_or(self.kind);
        let permitted = |row: RowTexts| {
            // Who brought another matter has a place of their own there.
            let kept = |(key, text): &&(String, String)| {
                !held_in(kind, &row, key) && (is_name_field(key) || !names.in_text(text))
            };
            let fields = row.iter().filter(kept).cloned().collect();
            DraftRow { kind, fields }
        };
        rows.into_iter().map(permitted).collect()
    }

    /// Something was typed.
    pub(super) fn typed(&mut self, ui: &mut Ui) {
        self.touched = true;
        self.before.stop();
        if let Some(input) = self.input_mut() {
            input.error = None;
            input.unnamed();
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
        // What is to become of many records is chosen again; it is one answer.
        if self.touched && !matches!(self.task, Task::Many(_)) {
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

/// Whether a field may tell who brought a denunciation, or what may turn out to be one: a petition whose type is
/// not known, a visit about a petition, an opinion that becomes one. Of that nothing may be kept (LTC Đ8.3, Đ56).
fn hold_back(kind: Kind, key: &str, text: impl Fn(&str) -> Option<String>) -> bool {
    let denounces = |text: &str| PetitionType::from_code(text) == Some(PetitionType::Denunciation);
    // Letters that name no type yet may come to name that one.
    let unsure = |text: &str| !text.is_empty() && PetitionType::from_code(text).is_none();
    let may = |key: &str| text(key).is_some_and(|t| denounces(&t) || unsure(&t));
    let personal = || catalog::field(kind, key).is_some_and(catalog::Field::personal);
    let linked = || text("petition").is_some_and(|t| !t.trim().is_empty());
    match kind {
        Kind::Petition => {
            WRITER_FIELDS.contains(&key)
                && text("type").is_some_and(|t| t.is_empty() || denounces(&t) || unsure(&t))
        }
        Kind::Reception => personal() && (linked() || may("matter_type")),
        Kind::Opinion => personal() && may(AS_PETITION),
        _ => false,
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
        (Form::Rows, _) => {
            let unknown = || Error::NotFound(UNKNOWN_FORM.into());
            let mut form = FormScreen::whole_day(draft.kind, Vec::new(), v).ok_or_else(unknown)?;
            form.put_rows(draft.rows.iter().map(|row| row.fields.clone()).collect(), v);
            form
        }
        (Form::Rule, None) => FormScreen::rule(None, v),
        (Form::Rule, Some(id)) => {
            let rules = cx.rules().iter();
            let rule = rules.clone().find(|rule| rule.id == id);
            FormScreen::rule(rule, v)
        }
        (_, None) => FormScreen::add(draft.kind, v),
        (_, Some(id)) => {
            let mut record = records::get(cx, draft.kind, id)?;
            match draft.step() {
                Some(step) => {
                    let name = record.head().number_text().unwrap_or_default();
                    FormScreen::step(record.as_ref(), name, (step, None), &[], v)
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
    form.from = draft.text(FROM).and_then(|text| {
        let (kind, id) = text.split_once(' ')?;
        Some((Kind::from_code(kind)?, id.parse().ok()?))
    });
    let lead = draft.text(LEAD).and_then(|id| id.parse().ok());
    form.ahead.relink(cx, lead, v);
    form.touched = true;
    form.carry.whole = true;
    form.changed_type();
    form.enter(last);
    Ok(form)
}

/// Whether a row of a whole day must not keep a field of its own.
fn held_in(kind: Kind, row: &RowTexts, key: &str) -> bool {
    hold_back(kind, key, |key| {
        let found = row.iter().find(|(known, _)| known == key);
        Some(found.map(|(_, text)| text.clone()).unwrap_or_default())
    })
}
