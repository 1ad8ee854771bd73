//! What a cell gives a field, where the database has a word in it: units by code or name, records by their number.
use super::Trouble;
use super::links::Links;
use super::stage::New;
use super::units::Units;
use crate::app::Result;
use crate::app::rules::Env;
use crate::catalog::{self, Field, Type, cell::from_cell, parse::as_it_stands, parse::number_ref};
use crate::domain::hash::{Quick, QuickMap};
use crate::domain::record::{Kind, Record, place_bit};
use crate::domain::sheet::{Cell, Given};
use crate::domain::spare::Texts;
use crate::domain::value::{Held, UnitRef, Value};
use crate::domain::words::{Msg, t};
use crate::store::Db;
use std::hash::{Hash, Hasher};
use std::sync::mpsc::{Receiver, TryRecvError};

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
    // No text has more letters than bytes.
    if text.len() <= limit || text.chars().count() <= limit {
        return None;
    }
    let short: String = text.chars().take(limit.saturating_sub(2)).collect();
    let cut = short
        .rsplit_once(' ')
        .map_or(short.as_str(), |(words, _)| words);
    Some(format!("{}…", cut.trim_end_matches([',', ';', '.'])))
}

/// Adds what stands in a field of a record to a number.
pub(super) fn add(hasher: &mut Quick, place: usize, held: Held) {
    if held == Held::Null {
        return;
    }
    hasher.write_usize(place);
    match held {
        Held::Null => {}
        Held::Text(text) => text.hash(hasher),
        Held::Int(n) | Held::Ref(n) => n.hash(hasher),
        Held::Dec(n) => n.to_string().hash(hasher),
        Held::Bool(b) => b.hash(hasher),
        Held::Date(day) => day.hash(hasher),
        // One that is there may be named in several ways.
        Held::Unit(unit) if unit.id > 0 => unit.id.hash(hasher),
        Held::Unit(unit) => unit.code.hash(hasher),
        Held::List(items) => items.hash(hasher),
    }
}

/// What was learned of the cells of a file: which fields they fill, and what words of choices mean, of which a column
/// repeats a few.
#[derive(Debug, Default)]
pub(super) struct Read {
    keys: Vec<(&'static str, Option<Filled>)>,
    spare: Spare,
}

/// The memory of fields that are written already.
#[derive(Debug, Default)]
pub(super) struct Spare {
    /// Where it comes from.
    from: Option<Receiver<Vec<New>>>,
    rows: Vec<Fields>,
    records: Vec<Box<dyn Record>>,
    texts: Texts,
}

impl Spare {
    /// Memory that another thread gives back.
    pub(super) fn given_by(from: Receiver<Vec<New>>) -> Self {
        Self {
            from: Some(from),
            ..Self::default()
        }
    }

    /// Room for so many fields.
    fn row(&mut self, fields: usize) -> Fields {
        let written = match self.from.as_ref().filter(|_| self.rows.is_empty()) {
            Some(from) => from.try_recv(),
            None => Err(TryRecvError::Empty),
        };
        // Nothing is written any more: the rows to come are only planned.
        if matches!(written, Err(TryRecvError::Disconnected)) {
            self.from = None;
        }
        if let Ok(written) = written {
            for ((_, _, mut fields, _), record) in written {
                self.records.extend(record.map(|ready| ready.record));
                for (_, value) in fields.drain(..).rev() {
                    match value {
                        Value::Text(text) | Value::Unit(UnitRef { code: text, .. }) => {
                            self.texts.keep(text);
                        }
                        _ => {}
                    }
                }
                self.rows.push(fields);
            }
        }
        let row = self.rows.pop();
        row.unwrap_or_else(|| Vec::with_capacity(fields))
    }
}

/// A field that cells fill.
#[derive(Debug)]
struct Filled {
    field: &'static Field,
    place: usize,
    /// Words of a choice that were read already.
    words: QuickMap<String, Value>,
}

/// Words kept of one field.
const WORDS: usize = 500;

impl Read {
    pub(super) fn new(spare: Spare) -> Self {
        Self {
            spare,
            ..Self::default()
        }
    }

    /// Whether records are handed on to where they are written.
    pub(super) fn hands_on(&self) -> bool {
        self.spare.from.is_some()
    }

    /// A record that was written, for its memory.
    pub(super) fn written(&mut self) -> Option<Box<dyn Record>> {
        self.spare.records.pop()
    }

    /// The field of a key, if the register has one, looked up once for the whole file. `next` is where it is looked for
    /// first, and then behind it: rows have their cells in the same order.
    fn filled(
        &mut self,
        kind: Kind,
        next: &mut usize,
        key: &'static str,
    ) -> (Option<&mut Filled>, &mut Texts) {
        // The keys of a table are the same texts in each row.
        let known = |(own, _): &(&'static str, _)| std::ptr::eq(*own, key);
        let behind = self.keys.iter().skip(*next).position(known);
        let at = behind.map(|n| n + *next);
        let at = at.or_else(|| self.keys.iter().position(known));
        let at = at.unwrap_or_else(|| {
            let field = catalog::placed(kind).find(|(field, _)| field.key == key);
            let filled = field.map(|(field, place)| Filled {
                field,
                place,
                words: QuickMap::default(),
            });
            self.keys.push((key, filled));
            self.keys.len() - 1
        });
        *next = at + 1;
        let own = self.keys.get_mut(at).and_then(|(_, own)| own.as_mut());
        (own, &mut self.spare.texts)
    }
}

impl Filled {
    /// The value that a cell gives the field.
    fn value(
        &mut self,
        cell: &Cell,
        env: &Env,
        texts: &mut Texts,
    ) -> std::result::Result<Value, Msg> {
        let text = match (cell, self.field.ty) {
            (Cell::Text(text), Type::Enum(_) | Type::Boolean) => text,
            (Cell::Text(text), _) if as_it_stands(self.field, text) => {
                return Ok(Value::Text(texts.copy(text)));
            }
            _ => return from_cell(self.field, cell, env.today),
        };
        match self.words.get(text) {
            Some(Value::Text(code)) => return Ok(Value::Text(texts.copy(code))),
            Some(value) => return Ok(value.clone()),
            None => {}
        }
        let value = from_cell(self.field, cell, env.today)?;
        if self.words.len() < WORDS {
            self.words.insert(text.clone(), value.clone());
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
    let mut fields = read.spare.row(given.len() + 2);
    let mut whole = None;
    let (mut next, mut filled) = (0, 0);
    for given in given {
        if let Some(note) = &given.note {
            notes.push(at(number, given, note.as_ref().clone()));
        }
        if let Some(rule) = &given.refused {
            troubles.push(at(number, given, rule.as_ref().clone()));
            continue;
        }
        let (own, texts) = read.filled(kind, &mut next, given.key);
        let Some(own) = own else { continue };
        let (field, bit) = (own.field, place_bit(own.place));
        if filled & bit != 0 {
            troubles.push(at(
                number,
                given,
                t("hai cột cùng ghi trường này", "two columns fill this field").into(),
            ));
            continue;
        }
        let value = match field.ty {
            Type::Ref(of) => reference(db, field, of, &given.cell, (env, links))?,
            Type::Unit => Ok(Units::typed(&given.cell, texts)),
            Type::Text if (kind, field.key) == (Kind::Petition, "subject") => {
                Ok(subject((field, texts), number, given, &mut whole, notes))
            }
            _ => own.value(&given.cell, env, texts),
        };
        match value {
            Ok(Value::Null) => {}
            Ok(value) => {
                filled |= bit;
                fields.push((field.key, value));
            }
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
    (field, texts): (&Field, &mut Texts),
    number: usize,
    given: &Given,
    whole: &mut Option<String>,
    notes: &mut Vec<Trouble>,
) -> Value {
    let own = given.cell.text();
    if as_it_stands(field, &own) {
        return Value::Text(texts.copy(&own));
    }
    let text = crate::domain::text::clean(&own);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::ready::{Due, Ready};
    use super::*;
    use crate::catalog::carried::in_file;
    use crate::domain::record::blank;
    use std::sync::mpsc::sync_channel;

    #[test]
    fn a_field_is_known_again_whatever_the_order_of_the_cells() {
        let mut read = Read::default();
        let key = |key| in_file(Kind::Petition, key).unwrap().key;
        for row in [
            vec!["received_on", "type", "steps", "subject"],
            vec!["type", "subject"],
            vec!["subject", "steps", "type", "unit"],
            vec!["number", "unit", "received_on"],
        ] {
            let mut next = 0;
            for wanted in row {
                let (own, _) = read.filled(Kind::Petition, &mut next, key(wanted));
                let own = own.map(|own| (own.field.key, own.place));
                let field = catalog::placed(Kind::Petition).find(|(f, _)| f.key == wanted);
                assert_eq!(own, field.map(|(f, place)| (f.key, place)), "{wanted}");
            }
        }
        assert_eq!(read.keys.len(), 6, "each once");
    }

    #[test]
    fn rows_that_were_written_come_back_as_memory_alone() {
        let (back, from) = sync_channel(1);
        let mut spare = Spare::given_by(from);
        assert!(spare.row(3).is_empty());
        let unit = UnitRef {
            id: 5,
            code: "29602".into(),
        };
        let fields: Fields = vec![
            ("subject", Value::Text("Đường hư".into())),
            ("unit", Value::Unit(unit)),
        ];
        let record = blank(Kind::Petition);
        let due = Due::default();
        let ready = Ready { record, due };
        back.send(vec![((7, None, fields, Vec::new()), Some(ready))])
            .unwrap();
        assert!(spare.row(3).is_empty());
        assert_eq!(spare.texts.copy("Đèn"), "Đèn");
        assert_eq!(spare.texts.empty(), "");
        assert_eq!(spare.records.len(), 1);
    }
}
