//! What stands in the rows: a record is read and what the database knows beside it looked up by one thread, its cells
//! are made and written by another.
use super::{EACH, Source, Wanted};
use crate::app::import::reference_to;
use crate::app::{Cx, Error, Result, petitions, records, units};
use crate::catalog::carried::STEPS;
use crate::catalog::json::{record_json, step_json};
use crate::catalog::{self, Field, Type, show};
use crate::domain::link;
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Held, Value};
use crate::exchange::write::{Cell, Format, Row, Writer};
use chrono::NaiveDate;
use serde_json::json;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

/// What was looked up for rows before.
#[derive(Default)]
struct Known {
    names: units::Names,
    /// What references point to, by register and id.
    told: HashMap<(Kind, i64), Option<(String, String)>>,
}

/// Answers kept; parts name the same total over and over.
const KEPT: usize = 10_000;

impl Known {
    /// The record that a reference points to, as a file names it: number or id, and what it says.
    fn told(&mut self, cx: &Cx, of: Kind, id: i64) -> Result<Option<(String, String)>> {
        if let Some(told) = self.told.get(&(of, id)) {
            return Ok(told.clone());
        }
        let told = match records::get(cx, of, id) {
            Ok(record) => Some(reference_to(record.as_ref())),
            Err(Error::NotFound(_)) => None,
            Err(other) => return Err(other),
        };
        if self.told.len() >= KEPT {
            self.told.clear();
        }
        self.told.insert((of, id), told.clone());
        Ok(told)
    }
}

/// A record as JSON with what comes inside it, and beside each reference what it points to.
fn whole(
    cx: &Cx,
    known: &mut Known,
    record: &dyn Record,
    wanted: &Wanted,
) -> Result<serde_json::Map<String, serde_json::Value>> {
    let mut map = record_json(record, wanted.names);
    for field in catalog::entity(record.kind()).fields {
        let (Type::Ref(of), Value::Ref(id)) = (field.ty, record.get(field.key)) else {
            continue;
        };
        if let Some((_, told)) = known.told(cx, of, id)? {
            map.insert(format!("{}_is", field.key), told.into());
        }
    }
    let id = record.head().id;
    match record.kind() {
        Kind::Dialogue => {
            let opinions = records::pointing(cx, Kind::Opinion, "dialogue", id)?;
            let rows: Vec<serde_json::Value> = opinions
                .iter()
                .map(|o| whole(cx, known, o.as_ref(), wanted).map(Into::into))
                .collect::<Result<_>>()?;
            map.insert("opinions".into(), rows.into());
        }
        Kind::Unit => {
            let heirs = records::successors(cx, id)?.into_iter();
            let rows = heirs.map(|(code, day, kind)| {
                let day = day.map(|day| day.to_string());
                json!({"code": code, "valid_from": day, "kind": kind.code()})
            });
            map.insert("successors".into(), rows.collect());
        }
        Kind::Petition => {
            map.insert(STEPS.into(), course(cx, known, id)?.into());
        }
        _ => {}
    }
    Ok(map)
}

/// The steps of a petition that were not taken back, each with what it replaced, so that another office can take it
/// back too.
fn course(cx: &Cx, known: &mut Known, id: i64) -> Result<Vec<serde_json::Value>> {
    let rows = petitions::course(cx, id)?.into_iter();
    rows.map(|row| {
        let mut map = step_json(&row.step);
        map.retain(|_, value| !value.is_null());
        if let Some(lead) = row.step.lead
            && let Some((name, told)) = known.told(cx, Kind::Petition, lead.0)?
        {
            map.insert("lead".into(), name.into());
            map.insert("lead_is".into(), told.into());
        }
        if let Some(was) = row.before.and_then(|text| serde_json::from_str(&text).ok()) {
            map.insert("was".into(), was);
        }
        Ok(map.into())
    })
    .collect()
}

/// What the database says of a column that asks it; none where there is nothing to say.
fn asked(
    cx: &Cx,
    known: &mut Known,
    source: &Source,
    (record, on): (&dyn Record, NaiveDate),
) -> Result<Option<Arc<str>>> {
    if source.steps {
        let steps = course(cx, known, record.head().id)?;
        let text = || serde_json::Value::from(steps.clone()).to_string();
        return Ok((!steps.is_empty()).then(text).map(Arc::from));
    }
    if source.heirs {
        let heirs = records::successors(cx, record.head().id)?;
        let told: Vec<String> = heirs
            .iter()
            .map(|(code, day, kind)| {
                let day = day.map_or_else(String::new, |day| format!("@{day}"));
                format!("{code}{day}:{}", kind.code())
            })
            .collect();
        return Ok((!told.is_empty()).then(|| told.join(", ").into()));
    }
    Ok(match (source.held(record), source.field.ty) {
        (Held::Unit(unit), _) => Some(known.names.of(cx, unit.id, on)?.clone()),
        (Held::Ref(id), Type::Ref(of)) => {
            let told = known.told(cx, of, id)?;
            let text =
                told.map_or_else(|| id.to_string(), |(name, told)| link::write(&name, &told));
            Some(text.into())
        }
        _ => None,
    })
}

/// A record as it was read, with what the database says for the columns that ask it, in their order.
pub(super) struct Read {
    record: Box<dyn Record>,
    said: Vec<Option<Arc<str>>>,
    /// The whole of it, where that is what the file shows.
    whole: serde_json::Value,
}

/// Hands the records of a list on, some at a time, and fills those again that come `back`.
pub(super) fn read(
    cx: &Cx,
    (sources, format, wanted): (&[Source], Format, &Wanted),
    back: &Receiver<Vec<Read>>,
    mut give: impl FnMut(Vec<Read>) -> Result<()>,
) -> Result<()> {
    let mut known = Known::default();
    let mut piece = Vec::with_capacity(EACH);
    let mut spare: Vec<Read> = Vec::new();
    give(Vec::new())?;
    records::each_given(cx, &wanted.query, wanted.limit, |record| {
        if spare.is_empty() {
            spare = back.try_recv().unwrap_or_default();
        }
        let (old, mut said) = match spare.pop() {
            Some(done) => (Some(done.record), done.said),
            None => (None, Vec::new()),
        };
        said.clear();
        let mut all = serde_json::Value::Null;
        if format == Format::Json {
            all = whole(cx, &mut known, record.as_ref(), wanted)?.into();
        } else {
            let on = units::day_of(record.as_ref(), cx.today());
            for source in sources.iter().filter(|source| source.asks()) {
                said.push(asked(cx, &mut known, source, (record.as_ref(), on))?);
            }
        }
        piece.push(Read {
            record,
            said,
            whole: all,
        });
        if piece.len() >= EACH {
            give(std::mem::replace(&mut piece, Vec::with_capacity(EACH)))?;
        }
        Ok(old)
    })?;
    give(piece)
}

/// How records are shown in a file.
#[derive(Clone, Copy)]
pub(super) struct Show<'a> {
    pub(super) sources: &'a [Source],
    pub(super) wanted: &'a Wanted,
}

impl Show<'_> {
    /// Writes records as they come, and gives them back.
    pub(super) fn write(
        self,
        mut writer: Box<dyn Writer>,
        from: &Receiver<Vec<Read>>,
        back: &SyncSender<Vec<Read>>,
    ) -> io::Result<Box<dyn Writer>> {
        for mut piece in from {
            for read in &mut piece {
                writer.row(&self.row(read))?;
            }
            // Who reads makes new ones where none are there.
            let _ = back.try_send(piece);
        }
        Ok(writer)
    }

    fn row<'a>(&self, read: &'a mut Read) -> Row<'a> {
        let record = std::mem::take(&mut read.whole);
        let mut said = read.said.iter();
        let cells = self.sources.iter().map(|source| {
            let said = if source.asks() { said.next() } else { None };
            let said = said.and_then(Option::as_deref);
            self.cell(source, read.record.as_ref(), said)
        });
        Row {
            cells: if record.is_null() {
                cells.collect()
            } else {
                Vec::new()
            },
            record,
            total: false,
        }
    }

    fn cell<'a>(&self, source: &Source, record: &'a dyn Record, said: Option<&'a str>) -> Cell<'a> {
        let field = source.field;
        let text = |text: &'a str| Cell::Text(text.into());
        if source.heirs || source.steps {
            return said.map_or(Cell::Empty, text);
        }
        let hidden = !self.wanted.names && catalog::is_personal(field, record);
        if hidden || !catalog::applies(field, record) {
            return Cell::Empty;
        }
        let lang = self.wanted.lang;
        match source.held(record) {
            Held::Null if source.place.is_some() => Cell::Empty,
            Held::Null => self.of_head(field, record),
            Held::Unit(_) if source.name => text(said.unwrap_or_default()),
            Held::Unit(unit) => text(&unit.code),
            Held::Ref(id) => said.map_or_else(|| Cell::Text(id.to_string().into()), text),
            Held::Date(day) => Cell::Day(day),
            Held::Int(n) => Cell::whole(n),
            Held::Dec(n) => Cell::Number(n.to_f64(), show::edit_text(field, &Value::Dec(n))),
            Held::Text(code) if matches!(field.ty, Type::Enum(_)) => match field.choice(code) {
                Some(_) => show::column_words(field, code, record, lang).map_or(Cell::Empty, text),
                None => text(code),
            },
            Held::Text(words) => text(words),
            Held::Bool(yes) => text(show::yes_no(yes, lang)),
            Held::List(items) => Cell::Text(items.join(", ").into()),
        }
    }

    /// What every record has beside its fields.
    fn of_head<'a>(&self, field: &Field, record: &'a dyn Record) -> Cell<'a> {
        match catalog::value_of(record, field.key) {
            Value::Int(n) => Cell::whole(n),
            Value::Text(text) => Cell::Text(text.into()),
            _ => Cell::Empty,
        }
    }
}
