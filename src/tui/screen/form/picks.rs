//! The lists behind F4, and the names of units and records that were typed by code or number.

use std::sync::Arc;

use super::input::Entry;
use super::{FormScreen, Task};
use crate::app::{Cx, duplicates, records, units};
use crate::catalog::Type;
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::effect::then;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::actions::{unit_columns, unit_rows};
use crate::tui::screen::rows::reference;
use crate::tui::screen::{Flow, Ui};
use crate::tui::widget::list::Column;

/// What a text in a field turned out to name.
enum Named {
    /// One thing: what stands beside the field.
    One(String),
    /// It breaks a rule.
    Wrong(String),
    /// No code, but perhaps words of a name.
    Words,
}

impl FormScreen {
    /// Opens the list of the active field.
    pub(super) fn pick(&mut self, ui: &mut Ui) -> Flow {
        let Some(input) = self.input() else {
            return Flow::Stay;
        };
        let (text, title) = (input.text(), input.field.label.get(ui.view.lang));
        let key = input.field.key;
        match (&input.entry, input.field.ty) {
            (Entry::Choice(choice), _) => {
                let rows = choice
                    .answers()
                    .iter()
                    .map(|a| PickRow::new(a.value.clone(), [a.label.clone()]))
                    .collect();
                let columns = vec![Column::new("", 20, 60, 0)];
                let pick =
                    Pick::fixed(title, columns, rows, Box::new(choose)).selecting(choice.value());
                Flow::Push(Box::new(pick))
            }
            (_, Type::Unit) => self.pick_unit(if is_code(&text) { "" } else { &text }, ui),
            (_, Type::Ref(kind)) => {
                let v = ui.view;
                let mine = match &self.task {
                    Task::Step(id, ..) => Some(*id),
                    Task::Edit(record) if kind == self.kind => Some(record.head().id),
                    _ => None,
                };
                let mine = mine.filter(|_| matches!(key, "lead" | "duplicate_of"));
                let query = Arc::new(move |cx: &mut Cx, text: &str| match mine {
                    Some(id) if text.is_empty() => likely_rows(cx, id, v.lang),
                    _ => record_rows(cx, kind, text, v.lang),
                });
                let columns = vec![Column::new("", 8, 10, 0), Column::new("", 20, 60, 0)];
                Flow::Push(Box::new(Pick::asked(
                    title,
                    columns,
                    query,
                    Box::new(choose),
                )))
            }
            _ => Flow::Stay,
        }
    }

    fn pick_unit(&self, text: &str, ui: &Ui) -> Flow {
        let (v, on) = (ui.view, self.day(ui.view.today));
        let title = self
            .input()
            .map_or("", |input| input.field.label.get(v.lang));
        let query = Arc::new(move |cx: &mut Cx, text: &str| unit_rows(cx, text, on, v.lang));
        Flow::Push(Box::new(
            Pick::asked(title, unit_columns(), query, Box::new(choose)).with_filter(text),
        ))
    }

    /// Asks what the text of a field names, where it names a unit or a record.
    pub(super) fn look_up(&mut self, at: usize, ui: &mut Ui) {
        let Some(input) = self.inputs.get(at) else {
            return;
        };
        let (field, text, v) = (input.field, input.text(), ui.view);
        if text.is_empty() || !matches!(field.ty, Type::Unit | Type::Ref(_)) {
            return;
        }
        let on = self.day(v.today);
        let asked = text.clone();
        ui.run(
            move |cx| match field.ty {
                Type::Unit => name_unit(cx, &asked, on, v.lang),
                _ => match (records::value(cx, field, &asked), field.ty) {
                    (Ok(Value::Ref(id)), Type::Ref(kind)) => {
                        Named::One(reference(cx, kind, id, v.lang))
                    }
                    (Err(msg), _) => Named::Wrong(msg.get(v.lang).to_owned()),
                    _ => Named::One(String::new()),
                },
            },
            move |form: &mut FormScreen, named, ui| form.named(at, &text, named, ui),
        );
    }

    fn named(&mut self, at: usize, text: &str, named: Named, ui: &mut Ui) -> Flow {
        let Some(input) = self.inputs.get_mut(at).filter(|input| input.text() == text) else {
            return Flow::Stay;
        };
        match named {
            Named::One(note) => {
                input.note = note;
                input.error = None;
            }
            Named::Wrong(why) => {
                ui.warn(format!("{}: {why}", input.field.label.get(ui.view.lang)));
                input.error = Some(why);
            }
            Named::Words => {
                self.enter(at);
                return self.pick_unit(text, ui);
            }
        }
        Flow::Stay
    }
}

/// Puts the chosen row into the field that asked, and goes on from there.
fn choose(row: PickRow) -> crate::tui::effect::Then {
    then(move |form: &mut FormScreen, ui: &mut Ui| {
        if let Some(input) = form.input_mut() {
            input.put(&row.key);
        }
        form.typed(ui);
        form.step_fields(1, ui);
        Flow::Stay
    })
}

/// Whether a text looks like a unit's code rather than words of its name.
fn is_code(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

fn name_unit(cx: &Cx, text: &str, on: chrono::NaiveDate, lang: crate::tui::lang::Lang) -> Named {
    match units::locate(cx, text) {
        Ok(_) => match units::meant(cx, text, on) {
            Ok(unit) => Named::One(unit_name(cx, unit.id, on)),
            Err(msg) => Named::Wrong(msg.get(lang).to_owned()),
        },
        Err(_) if !is_code(text) => Named::Words,
        Err(error) => Named::Wrong(error.text(lang)),
    }
}

/// Name of a unit and of the one above it.
fn unit_name(cx: &Cx, id: i64, on: chrono::NaiveDate) -> String {
    let path = units::path(cx, id, on).unwrap_or_default();
    let names: Vec<&str> = path
        .iter()
        .rev()
        .take(2)
        .map(|unit| unit.name.as_str())
        .collect();
    names.join(", ")
}

/// Petitions that may be about the same matter as this one, the likeliest first, then the others.
fn likely_rows(cx: &Cx, id: i64, lang: crate::tui::lang::Lang) -> Vec<PickRow> {
    let found = records::get(cx, Kind::Petition, id)
        .and_then(|record| duplicates::suggest(cx, record.as_ref(), 5))
        .unwrap_or_default();
    let mut rows: Vec<PickRow> = Vec::new();
    for like in &found {
        // What is linked already stands for its first paper.
        let lead = like.lead.unwrap_or(like.id);
        if lead == id || rows.iter().any(|row| row.key == lead.to_string()) {
            continue;
        }
        let number = like.number.clone().unwrap_or_else(|| lead.to_string());
        let day = like
            .received_on
            .map(crate::domain::date::vi)
            .unwrap_or_default();
        let text = format!("{}% {day}  {}", like.score, like.subject);
        rows.push(PickRow::new(lead.to_string(), [number, text]));
    }
    let others = record_rows(cx, Kind::Petition, "", lang);
    let own = id.to_string();
    for row in others {
        if row.key != own && !rows.iter().any(|known| known.key == row.key) {
            rows.push(row);
        }
    }
    rows
}

/// Records that a text names, for a list to choose from.
fn record_rows(cx: &Cx, kind: Kind, text: &str, lang: crate::tui::lang::Lang) -> Vec<PickRow> {
    let mut query = Query::all(kind);
    text.clone_into(&mut query.words);
    let mut found = records::list(cx, &query, 0, Some(40)).unwrap_or_default();
    if let Ok(id) = records::locate(cx, kind, text)
        && let Ok(record) = records::get(cx, kind, id)
    {
        found.retain(|other| other.head().id != id);
        found.insert(0, record);
    }
    let row = |record: &dyn Record| {
        let head = record.head();
        let number = head.number_text().unwrap_or_else(|| head.id.to_string());
        PickRow::new(head.id.to_string(), [number, records::title(record, lang)])
    };
    found.iter().map(|record| row(record.as_ref())).collect()
}
