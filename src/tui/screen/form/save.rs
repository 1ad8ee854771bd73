//! Saving: every text becomes a value, every broken rule is shown at its field, and nothing that was typed is lost.

use super::{FormScreen, Task};
use crate::app::records::{self, NewRecord};
use crate::app::{Cx, Error, Problem, Result, petitions, secrecy};
use crate::app::{drafts, entered};
use crate::catalog::{self, Field};
use crate::domain::petition::Step;
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::lang::{Lang, Msg, t};
use crate::tui::screen::rows::due_phrase;
use crate::tui::screen::{Flow, Ui};

type Texts = Vec<(&'static Field, String)>;
type Fields = Vec<(&'static str, Value)>;

impl FormScreen {
    /// Hands everything to the worker, unless a field breaks a rule that can be told here.
    pub(super) fn save(&mut self, ui: &mut Ui) {
        if self.saving {
            return;
        }
        let today = ui.view.today;
        let visible = self.visible();
        for at in &visible {
            if let Some(input) = self.inputs.get_mut(*at) {
                input.settle(today);
            }
            let error = self.broken(*at, today);
            if let Some(input) = self.inputs.get_mut(*at) {
                input.error = error.map(|msg| msg.get(ui.view.lang).to_owned());
            }
        }
        if self.focus_error(ui) {
            return;
        }
        if self.ask_slips(ui) {
            return;
        }
        if let Task::Rule(id) = self.task {
            self.save_rule(id, ui);
            return;
        }
        if let Some(id) = self.turns_secret() {
            self.ask_secret(id, ui);
            return;
        }
        let whole = !matches!(self.task, Task::Edit(_));
        let texts: Texts = self
            .inputs
            .iter()
            .enumerate()
            // On a change, what has no place any more is stored as empty.
            .filter(|(at, input)| {
                if whole {
                    visible.contains(at)
                } else {
                    input.changed()
                }
            })
            .map(|(_, input)| (input.field, input.text()))
            .collect();
        let (kind, task, fixed, draft) = (
            self.kind,
            self.task.clone(),
            self.fixed.clone(),
            self.draft.clone(),
        );
        let lang = ui.view.lang;
        self.saving = true;
        let secret = std::mem::take(&mut self.agreed);
        let history = self.history_form();
        ui.run(
            move |cx| {
                let saved = match &task {
                    Task::Edit(before) if secret => values(cx, &texts).and_then(|fields| {
                        let head = before.head();
                        secrecy::make_denunciation(cx, head.id, Some(head.rev), &fields)
                    }),
                    _ => store(cx, kind, &task, &texts, fixed, lang),
                };
                if saved.is_ok() {
                    // The draft of what is saved now may never have been written out.
                    drop(drafts::discard(cx.config(), &draft));
                    if let Some(form) = history {
                        // What the arrows bring back is a help only: the record is saved without it.
                        drop(entered::remember(cx.config(), form, &texts));
                    }
                }
                saved
            },
            FormScreen::saved_or_not,
        );
    }

    fn saved_or_not(&mut self, saved: Result<Box<dyn Record>>, ui: &mut Ui) -> Flow {
        self.saving = false;
        match saved {
            Ok(record) => {
                self.touched = false;
                ui.draft.set(None);
                ui.note(said(&self.task, record.as_ref(), ui.view.lang));
                Flow::PopSaved(self.kind, record.head().id)
            }
            Err(Error::Refused(problems)) => {
                self.show_problems(&problems, ui);
                Flow::Stay
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                if let (Error::Conflict(_), Task::Edit(record)) = (&error, &self.task) {
                    self.take_newer(record.kind(), record.head().id, ui);
                }
                Flow::Stay
            }
        }
    }

    /// After a conflict the next save stands on the record as it is now: it says so, and the user decides.
    fn take_newer(&self, kind: Kind, id: i64, ui: &mut Ui) {
        ui.run(
            move |cx| records::get(cx, kind, id),
            |form: &mut FormScreen, now: Result<Box<dyn Record>>, _| {
                if let (Task::Edit(record), Ok(now)) = (&mut form.task, now) {
                    *record = now;
                }
                Flow::Stay
            },
        );
    }

    pub(super) fn show_problems(&mut self, problems: &[Problem], ui: &mut Ui) {
        let lang = ui.view.lang;
        for problem in problems {
            let at = problem.field.and_then(|key| self.at(key));
            if let Some(input) = at.and_then(|at| self.inputs.get_mut(at)) {
                input.error = Some(problem.msg.get(lang).to_owned());
            }
        }
        if !self.focus_error(ui) {
            let lines: Vec<&str> = problems
                .iter()
                .map(|problem| problem.msg.get(lang))
                .collect();
            ui.warn(lines.join("; "));
        }
    }

    /// Puts the cursor into the first field that breaks a rule, and says which rule.
    fn focus_error(&mut self, ui: &mut Ui) -> bool {
        let wrong = |at: &usize| {
            self.inputs
                .get(*at)
                .is_some_and(|input| input.error.is_some())
        };
        let Some(at) = self.visible().into_iter().find(wrong) else {
            return false;
        };
        self.enter(at);
        self.say_error(ui);
        true
    }
}

/// The values of the texts.
fn values(cx: &Cx, texts: &Texts) -> Result<Fields> {
    let mut fields = Vec::new();
    let mut problems = Vec::new();
    for (field, text) in texts {
        match records::value(cx, field, text) {
            Ok(value) => fields.push((field.key, value)),
            Err(msg) => {
                problems.push(Problem {
                    row: None,
                    field: Some(field.key),
                    label: field.label.into(),
                    msg,
                });
            }
        }
    }
    if problems.is_empty() {
        Ok(fields)
    } else {
        Err(Error::Refused(problems))
    }
}

fn store(
    cx: &mut Cx,
    kind: Kind,
    task: &Task,
    texts: &Texts,
    fixed: Fields,
    lang: Lang,
) -> Result<Box<dyn Record>> {
    let mut fields = values(cx, texts)?;
    match task {
        Task::Add => {
            fields.retain(|(_, value)| !value.is_null());
            fields.extend(fixed);
            let new = NewRecord {
                fields,
                ..NewRecord::default()
            };
            let mut added = records::add(cx, kind, &[new])?;
            added
                .pop()
                .ok_or_else(|| Error::refused(t("không có gì để lưu", "nothing to save").into()))
        }
        Task::Edit(before) => edit(cx, before.as_ref(), &fields, lang),
        // A rule is saved on its own way.
        Task::Rule(_) => Err(Error::refused(Msg::default())),
        Task::Step(id, _, step) => {
            let mut taken = Step {
                kind: Some(*step),
                ..Step::default()
            };
            for (key, value) in fields {
                // The form asks only for fields that the step has.
                let _ = taken.set(key, value);
            }
            petitions::take(cx, *id, taken)
        }
    }
}

/// Saves a change; what someone else changed meanwhile stays, unless it is the same field.
fn edit(
    cx: &mut Cx,
    before: &dyn Record,
    fields: &[(&'static str, Value)],
    lang: Lang,
) -> Result<Box<dyn Record>> {
    let (kind, id) = (before.kind(), before.head().id);
    let first = records::edit(cx, kind, id, Some(before.head().rev), fields);
    let Err(Error::Conflict(_)) = first else {
        return first;
    };
    let now = records::get(cx, kind, id)?;
    let theirs = |key: &str| now.get(key) != before.get(key);
    let both: Vec<&str> = fields
        .iter()
        .filter(|(key, value)| theirs(key) && now.get(key) != *value)
        .map(|(key, _)| *key)
        .collect();
    if both.is_empty() {
        return records::edit(cx, kind, id, Some(now.head().rev), fields);
    }
    let named: Vec<String> = both
        .iter()
        .filter_map(|key| catalog::field(kind, key))
        .map(|f| {
            format!(
                "{} «{}»",
                f.label.get(lang),
                catalog::show::show(f, &now.get(f.key), lang)
            )
        })
        .collect();
    let named = named.join(", ");
    Err(Error::Conflict(Msg::new(
        format!("người khác vừa sửa {named}; F10 lần nữa để giữ chữ của bạn, Esc để thôi"),
        format!("someone else has just changed {named}; F10 again keeps yours, Esc leaves"),
    )))
}

/// What the message line says after saving: «đã lưu đơn 15/2026, hạn 12/03/2026».
fn said(task: &Task, record: &dyn Record, lang: Lang) -> String {
    let one = catalog::entity(record.kind()).one.get(lang);
    let name = record
        .head()
        .number_text()
        .unwrap_or_else(|| records::title(record, lang));
    let done = match task {
        Task::Step(_, _, step) => {
            format!(
                "{}: {}",
                t("đã ghi bước", "step recorded").get(lang),
                catalog::step::label(*step).get(lang)
            )
        }
        _ => format!("{} {one} {name}", t("đã lưu", "saved").get(lang)),
    };
    match due_phrase(record, lang) {
        Some(due) => format!("{done}, {due}"),
        None => done,
    }
}
