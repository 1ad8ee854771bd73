//! Records in and out of their tables, by the columns of [`super::table`].
mod row;

use super::step::state_columns;
use super::table::{Col, Column, Table, table};
use super::{Db, Result, StoreError, Tx};
use crate::domain::date::iso;
use crate::domain::number::Dec;
use crate::domain::petition::State;
use crate::domain::record::{Kind, Record, blank, place_bit};
use crate::domain::value::{Code, Held, Value};
use chrono::NaiveDate;
use row::read;
pub(super) use row::{Reader, day, from_row, places, select, select_bare};
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// Whether a stored value is one that its field can hold; nothing at all always is.
fn readable(record: &mut dyn Record, column: &Column, raw: ValueRef) -> bool {
    match raw {
        ValueRef::Null => true,
        ValueRef::Text(b"") if column.col == Col::OpenDate => true,
        raw => read(column.col, raw, |held| match held {
            Held::Null => false,
            // The code of the unit is not read here; references are checked by themselves.
            Held::Ref(_) if column.col == Col::Unit => true,
            held => record.set(column.key, held.to_value()).is_ok(),
        }),
    }
}

/// Ids of rows named for one column.
const NAMED: usize = 20;

pub(super) fn write(col: Col, value: Value) -> Sql {
    match value {
        Value::Null if col == Col::OpenDate => Sql::Text(String::new()),
        Value::Null => Sql::Null,
        Value::Text(s) => Sql::Text(s),
        Value::Int(n) | Value::Ref(n) => Sql::Integer(n),
        Value::Bool(b) => Sql::Integer(i64::from(b)),
        Value::Date(d) => Sql::Text(iso(d)),
        Value::Dec(d) => dec(d),
        Value::Unit(u) => Sql::Integer(u.id),
        Value::List(items) => Sql::Text(items.join("\n")),
    }
}

/// As [`write`], without a copy of what need not be copied.
pub(super) fn lend(col: Col, held: Held<'_>) -> ToSqlOutput<'_> {
    match held {
        Held::Text(text) => ToSqlOutput::Borrowed(text.into()),
        Held::Unit(unit) => ToSqlOutput::Owned(Sql::Integer(unit.id)),
        held => ToSqlOutput::Owned(write(col, held.to_value())),
    }
}

/// Whole numbers as integers and decimals as reals, so that other tools count with them; as text what a real would
/// not give back digit for digit.
fn dec(d: Dec) -> Sql {
    let text = d.to_string();
    if let Ok(n) = text.parse::<i64>() {
        return Sql::Integer(n);
    }
    let real = d.to_f64();
    match Dec::parse_ascii(&real.to_string()) {
        Ok(back) if back == d => Sql::Real(real),
        _ => Sql::Text(text),
    }
}

impl Db<'_> {
    /// One record.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn get(&self, kind: Kind, id: i64) -> Result<Option<Box<dyn Record>>> {
        Ok(self
            .conn
            .prepare_cached(one_sql(kind))?
            .query_row([id], |row| from_row(kind, row))
            .optional()?)
    }

    /// The [bits](place_bit) of the fields that the table of a kind never keeps empty.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn never_empty(&self, kind: Kind) -> Result<u64> {
        // The tables do not change while the program runs, and every save asks.
        type Known = [Option<u64>; Kind::ALL.len()];
        thread_local! {
            static KNOWN: Cell<Known> = const { Cell::new([None; Kind::ALL.len()]) };
        }
        let mut known = KNOWN.get();
        if let Some(bits) = known.get(kind as usize).copied().flatten() {
            return Ok(bits);
        }
        let table = table(kind);
        let mut stmt = self
            .conn
            .prepare_cached("SELECT name FROM pragma_table_info(?) WHERE \"notnull\"")?;
        let names = stmt
            .query_map([table.name], |r| r.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        let kept = table
            .columns
            .iter()
            .filter(|c| c.written && c.col != Col::OpenDate && names.iter().any(|n| n == c.name));
        let record = blank(kind);
        let places = kept.filter_map(|c| record.place(c.key));
        let bits = places.fold(0, |bits, place| bits | place_bit(place));
        if let Some(own) = known.get_mut(kind as usize) {
            *own = Some(bits);
        }
        KNOWN.set(known);
        Ok(bits)
    }

    /// Stored values that their fields cannot hold (an unknown code, a day that is none): field, and ids of rows
    /// (at most 20 a field).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unreadable(&self, kind: Kind) -> Result<Vec<(&'static str, Vec<i64>)>> {
        let table = table(kind);
        let mut sql = String::from("SELECT t.id");
        for column in table.columns {
            let _ = write!(sql, ", t.{}", column.name);
        }
        let _ = write!(sql, " FROM {} t ORDER BY t.id", table.name);
        let mut stmt = self.conn.prepare(&sql)?;
        let mut rows = stmt.query([])?;
        let mut record = blank(kind);
        let mut found: Vec<(&'static str, Vec<i64>)> = Vec::new();
        while let Some(row) = rows.next()? {
            for (at, column) in table.columns.iter().enumerate() {
                if readable(record.as_mut(), column, row.get_ref(at + 1)?) {
                    continue;
                }
                let id = row.get(0)?;
                match found.iter_mut().find(|(key, _)| *key == column.key) {
                    Some((_, ids)) if ids.len() < NAMED => ids.push(id),
                    Some(_) => {}
                    None => found.push((column.key, vec![id])),
                }
            }
        }
        Ok(found)
    }

    /// Whether a register holds any record, removed ones included.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn any_record(&self, kind: Kind) -> Result<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", table(kind).name);
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([], |r| r.get(0))?)
    }

    /// The record that bears a number in its book.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn by_number(&self, kind: Kind, seq: i64, year: i32) -> Result<Option<i64>> {
        let table = table(kind);
        if table.number_by.is_none() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT id FROM {} WHERE number_year = ? AND number_seq = ?",
            table.name
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row((year, seq), |r| r.get(0))
            .optional()?)
    }
}

/// What adds a row with these columns.
fn insert_sql(table: &Table, names: &[&str]) -> String {
    let marks = vec!["?"; names.len()].join(",");
    format!(
        "INSERT INTO {}({}) VALUES ({marks})",
        table.name,
        names.join(",")
    )
}

/// What adds a record as it is entered, and what reads it again.
pub(super) fn entry_sql(kind: Kind) -> [String; 2] {
    let table = table(kind);
    let mut names: Vec<&str> = Vec::new();
    if table.number_by.is_some() {
        names.extend(["number_year", "number_seq"]);
    }
    names.extend(table.columns.iter().filter(|c| c.written).map(|c| c.name));
    if kind == Kind::Petition {
        let state = state_columns(&State::new(None), None);
        names.extend(state.iter().map(|(name, _)| *name));
    }
    [insert_sql(table, &names), one_sql(kind).to_owned()]
}

/// What reads one record.
fn one_sql(kind: Kind) -> &'static str {
    // Each save reads again what it wrote, and the tables do not change while the program runs.
    static SQL: OnceLock<HashMap<Kind, String>> = OnceLock::new();
    let all = SQL.get_or_init(|| {
        let sql = |kind: &Kind| {
            let table = table(*kind);
            let what = select(table);
            format!("SELECT {what} FROM {} t WHERE t.id = ?", table.name)
        };
        Kind::ALL.iter().map(|kind| (*kind, sql(kind))).collect()
    });
    all.get(&kind).map_or("", String::as_str)
}

/// What asks for the number that a year's book gives next.
pub(super) fn next_number_sql(table: &Table) -> String {
    // A bare parameter would have SQLite plan the statement anew at every use: it looks at the value.
    format!(
        "SELECT coalesce(max(number_seq), 0) + 1 FROM {} WHERE number_year = 0 + ?",
        table.name
    )
}

/// The number that a year's book gives next.
pub(super) fn next_number(conn: &Connection, table: &Table, year: i32) -> Result<i64> {
    let mut stmt = conn.prepare_cached(&next_number_sql(table))?;
    Ok(stmt.query_row([year], |r| r.get(0))?)
}

impl Db<'_> {
    /// The highest number of a year's book; 0 where none was given, as in a register without numbers.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_number(&self, kind: Kind, year: i32) -> Result<i64> {
        let table = table(kind);
        match table.number_by {
            Some(_) => Ok(next_number(self.conn, table, year)? - 1),
            None => Ok(0),
        }
    }
}

impl Tx<'_> {
    /// Adds a record and gives it its id, its number in the year's book and revision 1. Units and
    /// other references must be resolved.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert(&self, record: &mut dyn Record, number_year: Option<i32>) -> Result<i64> {
        self.insert_with(record, number_year, Vec::new())
    }

    /// As [`Tx::insert`], a petition with what would otherwise be set beside it right after.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_petition(
        &self,
        record: &mut dyn Record,
        number_year: Option<i32>,
        state: &State,
        due: Option<(NaiveDate, &str)>,
    ) -> Result<i64> {
        self.insert_with(record, number_year, state_columns(state, due).into())
    }

    fn insert_with(
        &self,
        record: &mut dyn Record,
        number_year: Option<i32>,
        more: Vec<(&'static str, Sql)>,
    ) -> Result<i64> {
        let table = table(record.kind());
        let mut names = Vec::new();
        let mut values = Vec::new();
        if let (Some(_), Some(year)) = (table.number_by, number_year) {
            let seq = next_number(self.conn(), table, year)?;
            record.head_mut().number = Some((seq, year));
            names.extend(["number_year", "number_seq"]);
            values.extend([Sql::Integer(year.into()), Sql::Integer(seq)]);
        }
        for column in table.columns.iter().filter(|c| c.written) {
            names.push(column.name);
            values.push(write(column.col, record.get(column.key)));
        }
        self.unit_extras(record, &mut names, &mut values);
        for (name, value) in more {
            names.push(name);
            values.push(value);
        }
        self.conn()
            .prepare_cached(&insert_sql(table, &names))?
            .execute(params_from_iter(values))?;
        let id = self.conn().last_insert_rowid();
        let head = record.head_mut();
        head.id = id;
        head.rev = 1;
        self.index(record)?;
        Ok(id)
    }

    /// Writes the changed fields of a record and raises its revision.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn update(&self, record: &mut dyn Record, keys: &[&str]) -> Result<()> {
        let table = table(record.kind());
        let mut names = Vec::new();
        let mut values = Vec::new();
        for column in table
            .columns
            .iter()
            .filter(|c| c.written && keys.contains(&c.key))
        {
            names.push(column.name);
            values.push(write(column.col, record.get(column.key)));
        }
        self.unit_extras(record, &mut names, &mut values);
        let mut sets: Vec<String> = names.iter().map(|n| format!("{n} = ?")).collect();
        sets.push("rev = rev + 1".into());
        let sql = format!("UPDATE {} SET {} WHERE id = ?", table.name, sets.join(", "));
        values.push(Sql::Integer(record.head().id));
        let changed = self
            .conn()
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))?;
        if changed != 1 {
            return Err(StoreError::Sql("update of a row that is not there".into()));
        }
        record.head_mut().rev += 1;
        // Of a deadline or a step nothing is to be found by words; its place and its day are words of the index too.
        let found_by = |c: &&Column| c.searched || c.name == table.unit || c.name == table.date;
        let mut found_by = table.columns.iter().filter(found_by);
        if found_by.any(|c| keys.contains(&c.key)) {
            self.index(record)?;
        }
        Ok(())
    }

    /// Marks a record removed or takes the mark away.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_deleted(&self, record: &mut dyn Record, at: Option<&str>) -> Result<()> {
        let sql = format!(
            "UPDATE {} SET deleted_at = ?, rev = rev + 1 WHERE id = ?",
            table(record.kind()).name
        );
        self.conn()
            .prepare_cached(&sql)?
            .execute((at, record.head().id))?;
        let head = record.head_mut();
        head.deleted = at.is_some();
        head.rev += 1;
        self.index(record)
    }

    /// Folded name and sort key of a unit stand beside it as plain columns.
    fn unit_extras(&self, record: &dyn Record, names: &mut Vec<&str>, values: &mut Vec<Sql>) {
        if record.kind() != Kind::Unit {
            return;
        }
        let name = record.get("name");
        let name = name.text().unwrap_or_default();
        names.extend(["folded", "name_key"]);
        values.push(Sql::Text(crate::domain::fold::fold(name)));
        values.push(Sql::Blob(crate::domain::collate::sort_key(name)));
    }
}
