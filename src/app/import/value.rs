//! What a cell gives a field, where the database has a word in it: units by code or name, records by their number.
use super::Trouble;
use super::links::Links;
use super::units::Units;
use crate::app::Result;
use crate::app::rules::Env;
use crate::catalog::{self, Field, Type, cell::from_cell, parse::number_ref};
use crate::domain::hash::{Quick, QuickMap};
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::{Cell, Given};
use crate::domain::value::{Held, Value};
use crate::domain::words::{Msg, t};
use crate::store::Db;
use std::hash::{Hash, Hasher};

/// Fields of a row as read.
pub(super) type Fields = Vec<(&'static str, Value)>;

/// The trouble at a given cell.
pub(super) fn at(row: usize, given: &Given, rule: Msg) -> Trouble {
    Trouble {
        row,
        column: Some(given.column),
        key: Some(given.key),
        value: given.cell.shown(),
        rule,
        on: None,
    }
}

/// A record named by its id or by its number in the book.
fn reference(
    db: Db,
    field: &Field,
    of: Kind,
    cell: &Cell,
    (env, links): (&Env, &mut Links),
) -> Result<std::result::Result<Value, Msg>> {
    let text = cell.shown();
    if let Some(found) = links.find(db, env, of, &text)? {
        return Ok(found);
    }
    let Some((seq, year)) = number_ref(&text) else {
        return Ok(from_cell(field, cell, env.today));
    };
    Ok(db.by_number(of, seq, year)?.map(Value::Ref).ok_or_else(|| {
        Msg::new(
            format!("không có số {seq}/{year} trong sổ"),
            format!("no number {seq}/{year} in the book"),
        )
    }))
}

/// Cuts a text that is too long for its line at a word; none when it fits.
fn summary(text: &str, limit: usize) -> Option<String> {
    if text.chars().count() <= limit {
        return None;
    }
    let short: String = text.chars().take(limit.saturating_sub(2)).collect();
    let cut = short
        .rsplit_once(' ')
        .map_or(short.as_str(), |(words, _)| words);
    Some(format!("{}…", cut.trim_end_matches([',', ';', '.'])))
}

/// A number for what stands in fields of a record, given by their places.
pub(super) fn hash(record: &dyn Record, places: impl Iterator<Item = usize>) -> u64 {
    let mut hasher = Quick::default();
    for place in places {
        let held = record.held_at(place);
        if held == Held::Null {
            continue;
        }
        hasher.write_usize(place);
        match held {
            Held::Null => {}
            Held::Text(text) => text.hash(&mut hasher),
            Held::Int(n) | Held::Ref(n) => n.hash(&mut hasher),
            Held::Dec(n) => n.to_string().hash(&mut hasher),
            Held::Bool(b) => b.hash(&mut hasher),
            Held::Date(day) => day.hash(&mut hasher),
            // One that is there may be named in several ways.
            Held::Unit(unit) if unit.id > 0 => unit.id.hash(&mut hasher),
            Held::Unit(unit) => unit.code.hash(&mut hasher),
            Held::List(items) => items.hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// Words that were read already, by the field they fill: a column of choices repeats a few of them.
#[derive(Debug, Default)]
pub(super) struct Read(QuickMap<&'static str, QuickMap<String, Value>>);

/// Words kept of one field.
const WORDS: usize = 500;

impl Read {
    /// The value that a cell gives a field.
    fn cell(
        &mut self,
        field: &'static Field,
        cell: &Cell,
        env: &Env,
    ) -> std::result::Result<Value, Msg> {
        let (Cell::Text(text), Type::Enum(_) | Type::Boolean) = (cell, field.ty) else {
            return from_cell(field, cell, env.today);
        };
        let words = self.0.entry(field.key).or_default();
        if let Some(value) = words.get(text) {
            return Ok(value.clone());
        }
        let value = from_cell(field, cell, env.today)?;
        if words.len() < WORDS {
            words.insert(text.clone(), value.clone());
        }
        Ok(value)
    }
}

/// The values of a row; units wait for the row's day. Problems are added to `troubles`.
///
/// # Errors
/// A failure of the database.
pub(super) fn values(
    (db, env, kind): (Db, &Env, Kind),
    (links, read): (&mut Links, &mut Read),
    row: (usize, &[Given]),
    troubles: &mut Vec<Trouble>,
    notes: &mut Vec<Trouble>,
) -> Result<Fields> {
    let (number, given) = row;
    // Some more than it is given: what comes with a row is put behind.
    let mut fields: Fields = Vec::with_capacity(given.len() + 2);
    let mut whole = None;
    for given in given {
        if let Some(note) = &given.note {
            notes.push(at(number, given, note.as_ref().clone()));
        }
        if let Some(rule) = &given.refused {
            troubles.push(at(number, given, rule.as_ref().clone()));
            continue;
        }
        let Some(field) = catalog::field(kind, given.key) else {
            continue;
        };
        if fields.iter().any(|(key, _)| *key == given.key) {
            troubles.push(at(
                number,
                given,
                t("hai cột cùng ghi trường này", "two columns fill this field").into(),
            ));
            continue;
        }
        let value = match field.ty {
            Type::Ref(of) => reference(db, field, of, &given.cell, (env, links))?,
            Type::Unit => Ok(Units::typed(&given.cell)),
            Type::Text if (kind, field.key) == (Kind::Petition, "subject") => {
                Ok(subject(field, number, given, &mut whole, notes))
            }
            _ => read.cell(field, &given.cell, env),
        };
        match value {
            Ok(Value::Null) => {}
            Ok(value) => fields.push((field.key, value)),
            Err(rule) => troubles.push(at(number, given, rule)),
        }
    }
    if let Some(whole) = whole {
        // The details that a column of their own tells come after it.
        let own = fields.iter().position(|(key, _)| *key == "content");
        let own = own.map(|at| fields.remove(at).1);
        let own = own.as_ref().and_then(Value::text);
        let text = own.map_or_else(|| whole.clone(), |own| format!("{whole}\n{own}"));
        fields.push(("content", Value::Text(text)));
    }
    Ok(fields)
}

/// The matter in one line. Old books tell it at length: then the line is its beginning, and the whole stands in the
/// details.
fn subject(
    field: &Field,
    number: usize,
    given: &Given,
    whole: &mut Option<String>,
    notes: &mut Vec<Trouble>,
) -> Value {
    let text = crate::domain::text::clean(&given.cell.text());
    let Some(short) = summary(&text, usize::from(field.limit)) else {
        return if text.is_empty() {
            Value::Null
        } else {
            Value::Text(text)
        };
    };
    *whole = Some(crate::domain::text::clean_long(&given.cell.shown()));
    notes.push(Trouble {
        value: String::new(),
        ..at(
            number,
            given,
            t(
                "dài hơn một dòng: phần đầu vào «Nội dung», toàn văn vào «Nội dung chi tiết»",
                "longer than a line: its beginning goes to \"Subject\", the whole to \"Content\"",
            )
            .into(),
        )
    });
    Value::Text(short)
}
