//! Saving: every text becomes a value, every broken rule is shown at its field, and nothing that was typed is lost.

use chrono::NaiveDate;

use super::choose::ConflictScreen;
use super::conflict::{self, Merged, Outcome};
use super::{FormScreen, Task};
use crate::app::entered;
use crate::app::intake::{self, NewPetition};
use crate::app::once::{Sent, once};
use crate::app::records::{self, NewRecord};
use crate::app::{Cx, Error, Problem, Result, petitions, secrecy};
use crate::catalog::{self, Field};
use crate::domain::petition::Step;
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::lang::{Lang, Msg, t};
use crate::tui::screen::rows::due_phrase;
use crate::tui::screen::{Flow, Ui};

type Texts = Vec<(&'static Field, String)>;
type Fields = Vec<(&'static str, Value)>;
/// The matter that a new petition is linked to, and the visit or opinion that it is made of.
type Links = (Option<i64>, Option<(Kind, i64)>);

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
        self.commit();
        if self.focus_error(ui) {
            return;
        }
        if self.still_names_the_writer(ui) || self.ask_slips(ui) {
            return;
        }
        if self.sheet.is_some() {
            self.save_sheet(ui);
            return;
        }
        if let Task::Rule(id) = self.task {
            self.save_rule(id, ui);
            return;
        }
        if let Task::Many(step) = self.task {
            self.save_many(step, ui);
            return;
        }
        if let Some(id) = self.turns_secret() {
            self.ask_secret(id, ui);
            return;
        }
        let texts = self.texts(&visible);
        let (units, on) = (self.units_named(&texts), self.day(today));
        let (kind, task, fixed, token) = (
            self.kind,
            self.task.clone(),
            self.fixed.clone(),
            self.draft.clone(),
        );
        let links = (self.ahead.lead(), self.from);
        self.saving = true;
        let secret = std::mem::take(&mut self.agreed);
        let history = self.history_form();
        ui.run(
            move |cx| {
                let sent = hold_units(cx, &units, on)
                    .and_then(|()| send(cx, &token, (kind, &task), &texts, (fixed, links), secret));
                let saved = sent
                    .as_ref()
                    .is_ok_and(|sent| matches!(sent.saved, Outcome::Saved(..)));
                if let Some(form) = history.filter(|_| saved) {
                    // What the arrows bring back is a help only: the record is saved without it.
                    drop(entered::remember(cx.config(), form, &texts));
                }
                sent
            },
            FormScreen::saved_or_not,
        );
    }

    /// The texts that are to be stored: of a new record all that have a place, of a change what was changed.
    fn texts(&self, visible: &[usize]) -> Texts {
        let whole = !matches!(self.task, Task::Edit(_));
        let inputs = self.inputs.iter().enumerate();
        inputs
            // On a change, what has no place any more is stored as empty.
            .filter(|(at, input)| match whole {
                true => visible.contains(at),
                false => input.changed(),
            })
            .map(|(_, input)| (input.field, input.text()))
            .collect()
    }

    /// The units among the texts that were named to whom typed or chose them.
    fn units_named(&self, texts: &Texts) -> Vec<(&'static Field, String, i64)> {
        let named = |(field, text): &(&'static Field, String)| {
            let input = self.inputs.get(self.at(field.key)?)?;
            Some((*field, text.clone(), input.unit?))
        };
        texts.iter().filter_map(named).collect()
    }

    fn saved_or_not(&mut self, saved: Result<Sent<Outcome>>, ui: &mut Ui) -> Flow {
        self.saving = false;
        let lang = ui.view.lang;
        match saved {
            Ok(Sent {
                saved: Outcome::Saved(record, merged),
                earlier,
            }) => {
                self.forget(ui);
                let mut words = said(&self.task, record.as_ref(), earlier, lang);
                words.push_str(&merged.said(lang));
                if let Some(number) = self.ahead.lead_number() {
                    let linked = t("đã nối vào", "linked to").get(lang);
                    words = format!("{words}, {linked} {number}");
                }
                let id = record.head().id;
                let stays = self.next_form(record, ui);
                ui.note(words);
                if stays {
                    Flow::Stay
                } else {
                    Flow::PopSaved(self.kind, id)
                }
            }
            Ok(Sent {
                saved: Outcome::Clash(clash),
                ..
            }) => Flow::Push(Box::new(ConflictScreen::new(clash))),
            Err(error) => self.not_saved(&error, ui),
        }
    }

    /// It was not saved: what is wrong is said at its field, or on the message line.
    pub(super) fn not_saved(&mut self, error: &Error, ui: &mut Ui) -> Flow {
        match error {
            Error::Refused(problems) => self.show_problems(problems, ui),
            error => ui.warn(self.told_of_others(error, ui.view.lang)),
        }
        Flow::Stay
    }

    /// Someone was at the same petition: it is said, and who saves again has read it.
    fn told_of_others(&mut self, error: &Error, lang: Lang) -> String {
        let text = error.text(lang);
        match (&mut self.task, error) {
            (Task::Step(_, _, _, stand), Error::Conflict(_)) => {
                *stand = None;
                let again = t(
                    "F10 lần nữa nếu vẫn ghi",
                    "F10 again records it all the same",
                );
                format!("{text}; {}", again.get(lang))
            }
            _ => text,
        }
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
    pub(super) fn focus_error(&mut self, ui: &mut Ui) -> bool {
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

/// Units are saved as they were named: on the day that was given since, their code may be another's.
fn hold_units(cx: &Cx, units: &[(&'static Field, String, i64)], on: NaiveDate) -> Result<()> {
    let wrong = |(field, text, id): &(&'static Field, String, i64)| {
        let msg = crate::app::units::meant(cx, text, Some(*id), on).err()?;
        Some(problem(field, msg))
    };
    let problems: Vec<Problem> = units.iter().filter_map(wrong).collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::Refused(problems)),
    }
}

fn problem(field: &'static Field, msg: Msg) -> Problem {
    Problem {
        row: None,
        field: Some(field.key),
        label: field.label.into(),
        msg,
    }
}

/// The values of the texts.
pub(super) fn values(cx: &Cx, texts: &Texts) -> Result<Fields> {
    let mut fields = Vec::new();
    let mut problems = Vec::new();
    for (field, text) in texts {
        match records::value(cx, field, text) {
            Ok(value) => fields.push((field.key, value)),
            Err(msg) => problems.push(problem(field, msg)),
        }
    }
    if problems.is_empty() {
        Ok(fields)
    } else {
        Err(Error::Refused(problems))
    }
}

/// Saves under the form's token, so that sending it again stores nothing twice.
fn send(
    cx: &mut Cx,
    token: &str,
    (kind, task): (Kind, &Task),
    texts: &Texts,
    more: (Fields, Links),
    secret: bool,
) -> Result<Sent<Outcome>> {
    let sent = once(
        cx,
        token,
        |cx| store(cx, (kind, task), texts, more, secret),
        |cx, id| {
            let record = records::get(cx, kind, id)?;
            Ok(Outcome::Saved(record, Merged::default()))
        },
    )?;
    if matches!(task, Task::Step(..)) {
        return Ok(sent);
    }
    conflict::settle_again(cx, sent, texts)
}

fn store(
    cx: &mut Cx,
    (kind, task): (Kind, &Task),
    texts: &Texts,
    (fixed, (lead, from)): (Fields, Links),
    secret: bool,
) -> Result<Outcome> {
    let mut fields = values(cx, texts)?;
    let saved = match task {
        Task::Add => {
            fields.retain(|(_, value)| !value.is_null());
            fields.extend(fixed);
            if kind == Kind::Petition {
                let new = NewPetition { fields, lead, from };
                let saved = intake::petition(cx, new)?;
                return Ok(Outcome::Saved(saved, Merged::default()));
            }
            let new = NewRecord {
                fields,
                ..NewRecord::default()
            };
            let mut added = records::add(cx, kind, &[new])?;
            added
                .pop()
                .ok_or_else(|| Error::refused(t("không có gì để lưu", "nothing to save").into()))
        }
        Task::Edit(before) => {
            let id = before.head().id;
            return conflict::edit(cx, before.as_ref(), &fields, |cx, rev| {
                if secret {
                    secrecy::make_denunciation(cx, id, Some(rev), &fields)
                } else {
                    records::edit(cx, kind, id, Some(rev), &fields)
                }
            });
        }
        // A rule is saved on its own way, and so are many records.
        Task::Rule(_) | Task::Many(_) => Err(Error::refused(Msg::default())),
        Task::Step(id, _, step, stand) => {
            let mut taken = Step {
                kind: Some(*step),
                ..Step::default()
            };
            for (key, value) in fields {
                // The form asks only for fields that the step has.
                let _ = taken.set(key, value);
            }
            match stand {
                Some(seen) => petitions::take_after(cx, *id, taken, *seen),
                None => petitions::take(cx, *id, taken),
            }
        }
    };
    saved.map(|record| Outcome::Saved(record, Merged::default()))
}

/// What the message line says after saving: «đã lưu đơn 15/2026, hạn 12/03/2026».
fn said(task: &Task, record: &dyn Record, earlier: bool, lang: Lang) -> String {
    let one = catalog::entity(record.kind()).one.get(lang);
    let name = record
        .head()
        .number_text()
        .unwrap_or_else(|| records::title(record, lang));
    let done = match task {
        _ if earlier => conflict::said_before(record.kind(), &name, lang),
        Task::Step(_, _, step, _) => {
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
