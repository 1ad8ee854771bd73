//! The statement that adds records of one kind, again and again.
use super::super::Result;
use super::super::record::{lend, places};
use super::super::table::{Col, table};
use super::Settled;
use crate::domain::date::iso;
use crate::domain::record::{Kind, Record, place_bit};
use crate::domain::value::{Code, Held};
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, Statement};

/// Columns that keep the fold of a petition's steps.
const STATE: &[&str] = &[
    "stage",
    "due_on",
    "due_rule",
    "last_on",
    "accepted_on",
    "handled_on",
    "forwarded_on",
    "replied_on",
    "resolved_on",
    "closed_on",
    "outcome",
    "ended",
];

/// Bytes of a text up to which it is known again.
const SHORT: usize = 22;

/// What a place of the statement holds since the record before: most fields of most records say the same or nothing, and
/// to give a text to SQLite takes a copy in memory of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    Null,
    Int(i64),
    /// So many bytes.
    Short(u8, [u8; SHORT]),
    Other,
}

impl Bound {
    fn of(value: &ToSqlOutput) -> Self {
        let value = match value {
            ToSqlOutput::Borrowed(value) => *value,
            ToSqlOutput::Owned(value) => value.into(),
            _ => return Self::Other,
        };
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(n) => Self::Int(n),
            ValueRef::Text(text) => {
                let mut short = [0; SHORT];
                match (short.get_mut(..text.len()), u8::try_from(text.len())) {
                    (Some(own), Ok(long)) => {
                        own.copy_from_slice(text);
                        Self::Short(long, short)
                    }
                    _ => Self::Other,
                }
            }
            _ => Self::Other,
        }
    }
}

/// The statement that adds a record, the places of its columns among the record's fields, and what it holds.
#[derive(Debug)]
pub(super) struct Insert<'a> {
    stmt: Statement<'a>,
    places: Vec<(Col, usize)>,
    bound: Vec<Bound>,
}

impl<'a> Insert<'a> {
    pub(super) fn of(conn: &'a Connection, kind: Kind, with_state: bool) -> Result<Self> {
        let columns = table(kind).columns.iter().zip(places(kind));
        let places = columns
            .filter(|(column, _)| column.written)
            .map(|(column, place)| (column.col, *place));
        let stmt = conn.prepare(&insert_sql(kind, with_state))?;
        Ok(Self {
            places: places.collect(),
            bound: vec![Bound::Null; stmt.parameter_count()],
            stmt,
        })
    }

    /// Adds a record with its revision and number; a petition with where it stands.
    pub(super) fn run(
        &mut self,
        record: &dyn Record,
        (rev, number): (i64, Option<(i64, i32)>),
        settled: Option<Settled>,
    ) -> Result<()> {
        let Self {
            stmt,
            places,
            bound,
        } = self;
        let mut all = bound.iter_mut().enumerate();
        let mut bind = |value: Option<ToSqlOutput>| -> Result<()> {
            let Some((at, before)) = all.next() else {
                return Ok(());
            };
            if value.is_none() && *before == Bound::Null {
                return Ok(());
            }
            let value = value.unwrap_or(ToSqlOutput::Owned(Sql::Null));
            let now = Bound::of(&value);
            if now == Bound::Other || now != *before {
                stmt.raw_bind_parameter(at + 1, value)?;
                *before = now;
            }
            Ok(())
        };
        bind(Some(rev.into()))?;
        if let Some((seq, year)) = number {
            bind(Some(year.into()))?;
            bind(Some(seq.into()))?;
        }
        let filled = record.filled();
        for (col, place) in &*places {
            bind(match filled & place_bit(*place) {
                // What has no end yet is no nothing in its column.
                0 if *col != Col::OpenDate => None,
                0 => Some(lend(*col, Held::Null)),
                _ => Some(lend(*col, record.held_at(*place))),
            })?;
        }
        if let Some((state, due)) = settled {
            bind(Some(state.stage.code().into()))?;
            bind(due.map(|(day, _)| iso(day).into()))?;
            bind(due.map(|(_, rule)| rule.into()))?;
            for day in [
                state.last_on,
                state.accepted_on,
                state.handled_on,
                state.forwarded_on,
                state.replied_on,
                state.resolved_on,
                state.closed_on,
            ] {
                bind(day.map(|day| iso(day).into()))?;
            }
            bind(state.outcome.map(|outcome| outcome.code().into()))?;
            bind(state.ended.map(|ended| ended.code().into()))?;
        }
        stmt.raw_execute()?;
        Ok(())
    }
}

fn insert_sql(kind: Kind, with_state: bool) -> String {
    let table = table(kind);
    let mut names = vec!["rev"];
    if table.number_by.is_some() {
        names.extend(["number_year", "number_seq"]);
    }
    names.extend(table.columns.iter().filter(|c| c.written).map(|c| c.name));
    if with_state {
        names.extend(STATE);
    }
    let marks = vec!["?"; names.len()].join(",");
    format!(
        "INSERT INTO {}({}) VALUES ({marks})",
        table.name,
        names.join(",")
    )
}
