//! Two people, one record: what both changed is shown side by side and chosen field by field; the rest of both is
//! kept. Nobody's words vanish: a choice only fills the form, which is then looked at and saved.

use super::input::Input;
use super::{FormScreen, Task};
use crate::app::once::{Sent, is_stored};
use crate::app::{Cx, Error, Result, drafts, records, secrecy};
use crate::catalog::{self, Field, Type, show};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Flow, Ui};

/// What saving a form came to.
pub(super) enum Outcome {
    /// It is stored.
    Saved(Box<dyn Record>, Merged),
    /// Someone else has changed the same fields.
    Clash(Clash),
}

/// What someone else had changed meanwhile, and what of it was kept beside the own change.
#[derive(Default)]
pub(super) struct Merged {
    who: String,
    labels: Vec<Text>,
}

impl Merged {
    /// «; giữ cả phần hung vừa sửa: Địa chỉ», or nothing.
    pub(super) fn said(&self, lang: Lang) -> String {
        if self.labels.is_empty() {
            return String::new();
        }
        let (who, labels) = (&self.who, labels(&self.labels, lang));
        match lang {
            Lang::Vi => format!("; giữ cả phần {who} vừa sửa: {labels}"),
            Lang::En => format!("; kept with it what {who} has just changed: {labels}"),
        }
    }
}

/// A field that two have changed.
pub(super) struct Field2 {
    pub(super) field: &'static Field,
    mine: String,
    theirs: String,
}

/// What someone else stored while the form was open.
pub(super) struct Clash {
    pub(super) now: Box<dyn Record>,
    pub(super) who: String,
    /// It was the same user, in another window.
    pub(super) own: bool,
    pub(super) at: String,
    pub(super) both: Vec<Field2>,
    pub(super) others: Vec<Text>,
}

pub(super) fn labels(labels: &[Text], lang: Lang) -> String {
    let labels: Vec<&str> = labels.iter().map(|label| label.get(lang)).collect();
    labels.join(", ")
}

/// Who changed one of these fields last, and when.
fn last_change(cx: &Cx, record: &dyn Record, keys: &[&str]) -> Result<(String, String)> {
    let rows = records::history(cx, record.kind(), record.head().id)?;
    let row = rows.iter().rev().find(|row| {
        let field = row.change.field.as_deref();
        field.is_some_and(|field| keys.contains(&field))
    });
    Ok(row.or(rows.last()).map_or_else(Default::default, |row| {
        (row.who.clone(), crate::app::history::moment(&row.at))
    }))
}

/// Saves a change by `write`, which is given the revision to stand on. What someone else changed meanwhile stays;
/// where both changed the same field nothing is saved, and both are told.
pub(super) fn edit(
    cx: &mut Cx,
    before: &dyn Record,
    fields: &[(&'static str, Value)],
    write: impl Fn(&mut Cx, i64) -> Result<Box<dyn Record>>,
) -> Result<Outcome> {
    let first = write(cx, before.head().rev);
    let Err(Error::Conflict(_)) = first else {
        return first.map(|record| Outcome::Saved(record, Merged::default()));
    };
    let now = records::get(cx, before.kind(), before.head().id)?;
    secrecy::stays_unnamed(before, now.as_ref(), fields)?;
    let theirs: Vec<&'static Field> = catalog::entity(now.kind())
        .fields
        .iter()
        .filter(|field| !field.computed() && now.get(field.key) != before.get(field.key))
        .collect();
    let mine = |field: &Field| {
        let found = fields.iter().find(|(key, _)| *key == field.key);
        found.map(|(_, value)| show::edit_text(field, value))
    };
    let clash = clash(cx, now, &theirs, mine)?;
    if !clash.both.is_empty() {
        return Ok(Outcome::Clash(clash));
    }
    let record = write(cx, clash.now.head().rev)?;
    let merged = Merged {
        who: clash.who,
        labels: clash.others,
    };
    Ok(Outcome::Saved(record, merged))
}

/// Where a form that was stored before holds other words by now, both are told, as of two people.
pub(super) fn settle_again(
    cx: &Cx,
    sent: Sent<Outcome>,
    texts: &[(&'static Field, String)],
) -> Result<Sent<Outcome>> {
    let Outcome::Saved(now, _) = &sent.saved else {
        return Ok(sent);
    };
    if !sent.earlier {
        return Ok(sent);
    }
    let other: Vec<&'static Field> = texts
        .iter()
        .filter(|(field, text)| !text.is_empty() && !is_stored(cx, now.as_ref(), field, text))
        .map(|(field, _)| *field)
        .collect();
    let mine = |field: &Field| {
        let found = texts.iter().find(|(f, _)| f.key == field.key);
        found.map(|(_, text)| text.clone())
    };
    let clash = clash(cx, now.boxed(), &other, mine)?;
    if clash.both.is_empty() {
        return Ok(sent);
    }
    Ok(Sent {
        saved: Outcome::Clash(clash),
        earlier: false,
    })
}

/// Parts what someone else changed by whether it was changed here as well, to something else.
fn clash(
    cx: &Cx,
    now: Box<dyn Record>,
    changed: &[&'static Field],
    mine: impl Fn(&Field) -> Option<String>,
) -> Result<Clash> {
    let (mut both, mut others, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for field in changed {
        let theirs = show::edit_text(field, &now.get(field.key));
        keys.push(field.key);
        match mine(field).filter(|mine| *mine != theirs) {
            Some(mine) => both.push(Field2 {
                field,
                mine,
                theirs,
            }),
            None => others.push(field.label),
        }
    }
    let (who, at) = last_change(cx, now.as_ref(), &keys)?;
    Ok(Clash {
        now,
        own: who == cx.actor(),
        who,
        at,
        both,
        others,
    })
}

/// What is to stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Mine,
    Theirs,
    Both,
}

impl Field2 {
    /// What can be chosen: texts can also be joined.
    pub(super) fn choices(&self) -> &'static [Choice] {
        let texts = matches!(self.field.ty, Type::Text | Type::LongText);
        if texts && !self.mine.is_empty() && !self.theirs.is_empty() {
            &[Choice::Mine, Choice::Theirs, Choice::Both]
        } else {
            &[Choice::Mine, Choice::Theirs]
        }
    }

    pub(super) fn text(&self, choice: Choice) -> String {
        let between = match self.field.ty {
            Type::LongText => "\n",
            _ => "; ",
        };
        match choice {
            Choice::Mine => self.mine.clone(),
            Choice::Theirs => self.theirs.clone(),
            Choice::Both => format!("{}{between}{}", self.theirs, self.mine),
        }
    }
}

impl FormScreen {
    /// Stands on the record as it is now, with what was chosen where two had changed the same.
    pub(super) fn rebase(&mut self, clash: Clash, chosen: &[Option<Choice>], ui: &mut Ui) -> Flow {
        let lang = ui.view.lang;
        let chosen = |key: &str| {
            let at = clash.both.iter().position(|both| both.field.key == key)?;
            Some(clash.both.get(at)?.text(chosen.get(at).copied()??))
        };
        for input in &mut self.inputs {
            let theirs = Input::new(input.field, &clash.now.get(input.field.key), lang).first;
            if let Some(text) = chosen(input.field.key) {
                input.put(&text);
            } else if !input.changed() {
                input.put(&theirs);
            }
            input.first = theirs;
        }
        if matches!(self.task, Task::Add) {
            // It is stored already: what follows is a change, sent under a token of its own.
            ui.draft.forget(&self.draft);
            self.draft = drafts::new_id();
        }
        self.task = Task::Edit(clash.now);
        self.changed_type();
        for at in 0..self.inputs.len() {
            self.look_up(at, ui);
        }
        self.keep(ui);
        ui.note(ui.say(t(
            "đã ghép vào biểu; xem lại rồi F10 để lưu",
            "joined in the form; look it over, then F10 saves",
        )));
        Flow::Stay
    }
}

/// «đã lưu từ trước: đơn 15/2026».
pub(super) fn said_before(kind: Kind, name: &str, lang: Lang) -> String {
    let one = catalog::entity(kind).one.get(lang);
    format!(
        "{} {one} {name}",
        t("đã lưu từ trước:", "saved before:").get(lang)
    )
}
