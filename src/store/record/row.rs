//! Records out of rows: each column by how it is stored, into the field of its place.
use super::super::Db;
use super::super::table::{Col, Table, table};
use crate::domain::number::Dec;
use crate::domain::record::{Head, Kind, Record, blank};
use crate::domain::value::{Code, Held, UnitRef};
use chrono::NaiveDate;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Row};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// The columns that every read of a register selects, for table alias `t`.
pub(in crate::store) fn select(table: &Table) -> String {
    columns(table, true)
}

/// As [`select`], without the codes of units, for [`Reader::read`]: to look them up in every row of a long list takes
/// a quarter of the time that the rows take.
pub(in crate::store) fn select_bare(table: &Table) -> String {
    columns(table, false)
}

fn columns(table: &Table, codes: bool) -> String {
    let mut sql = String::from("t.id, t.rev, t.deleted_at IS NOT NULL");
    sql.push_str(if table.number_by.is_some() {
        ", t.number_seq, t.number_year"
    } else {
        ", NULL, NULL"
    });
    for column in table.columns {
        let _ = write!(sql, ", t.{}", column.name);
        if column.col == Col::Unit && codes {
            let _ = write!(
                sql,
                ", (SELECT u.code FROM unit u WHERE u.id = t.{})",
                column.name
            );
        }
    }
    sql
}

/// A record from a row of [`select`].
pub(in crate::store) fn from_row(kind: Kind, row: &Row) -> rusqlite::Result<Box<dyn Record>> {
    let mut record = blank(kind);
    read_head(record.head_mut(), row)?;
    let mut at = HEAD;
    for (column, place) in table(kind).columns.iter().zip(places(kind)) {
        let raw = row.get_ref(at)?;
        at += 1;
        if column.col == Col::Unit {
            if let ValueRef::Integer(id) = raw {
                let code = row.get(at)?;
                put(record.as_mut(), *place, Held::Unit(&UnitRef { id, code }));
            }
            at += 1;
        } else {
            read(column.col, raw, |held| put(record.as_mut(), *place, held));
        }
    }
    Ok(record)
}

/// How many columns stand before those of the fields.
const HEAD: usize = 5;

fn read_head(head: &mut Head, row: &Row) -> rusqlite::Result<()> {
    head.id = row.get(0)?;
    head.rev = row.get(1)?;
    head.deleted = row.get(2)?;
    let seq: Option<i64> = row.get(3)?;
    let year: Option<i32> = row.get(4)?;
    head.number = seq.zip(year);
    Ok(())
}

/// A value that no longer fits its field is shown as not entered; `doctor` names it.
fn put(record: &mut dyn Record, place: usize, held: Held) {
    let _ = record.put(place, held);
}

/// Records from the rows of [`select_bare`], one after the other; each unit is looked up once.
pub(in crate::store) struct Reader<'a> {
    kind: Kind,
    units: HashMap<i64, UnitRef>,
    codes: CachedStatement<'a>,
}

impl<'a> Reader<'a> {
    pub(in crate::store) fn new(db: Db<'a>, kind: Kind) -> rusqlite::Result<Self> {
        let codes = db
            .conn
            .prepare_cached("SELECT code FROM unit WHERE id = ?")?;
        Ok(Self {
            kind,
            units: HashMap::new(),
            codes,
        })
    }

    /// The record of a row; `into` is one of the same register that is not needed any more.
    pub(in crate::store) fn read(
        &mut self,
        row: &Row,
        into: Option<Box<dyn Record>>,
    ) -> rusqlite::Result<Box<dyn Record>> {
        let mut record = into.unwrap_or_else(|| blank(self.kind));
        read_head(record.head_mut(), row)?;
        let columns = table(self.kind).columns.iter().zip(places(self.kind));
        for (at, (column, place)) in columns.enumerate() {
            let raw = row.get_ref(HEAD + at)?;
            match (column.col, raw) {
                (Col::Unit, ValueRef::Integer(id)) => {
                    put(record.as_mut(), *place, Held::Unit(self.unit(id)?));
                }
                (Col::Unit, _) => put(record.as_mut(), *place, Held::Null),
                (col, raw) => read(col, raw, |held| put(record.as_mut(), *place, held)),
            }
        }
        Ok(record)
    }

    fn unit(&mut self, id: i64) -> rusqlite::Result<&UnitRef> {
        Ok(match self.units.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let code = self.codes.query_row([id], |r| r.get(0))?;
                new.insert(UnitRef { id, code })
            }
        })
    }
}

/// The places of a register's columns among the fields of its records.
pub(in crate::store) fn places(kind: Kind) -> &'static [usize] {
    static PLACES: OnceLock<Vec<Vec<usize>>> = OnceLock::new();
    let of = |kind: &Kind| {
        let keys = blank(*kind).keys();
        let columns = table(*kind).columns.iter();
        columns
            .map(|column| {
                let place = keys.iter().position(|key| *key == column.key);
                place.unwrap_or(usize::MAX)
            })
            .collect()
    };
    let all = PLACES.get_or_init(|| Kind::ALL.iter().map(of).collect());
    let at = Kind::ALL.iter().position(|k| *k == kind);
    at.and_then(|at| all.get(at)).map_or(&[], Vec::as_slice)
}

/// A day as columns hold it.
pub(in crate::store) fn day(text: &str) -> Option<NaiveDate> {
    let number = |part: &str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| digits)
    };
    match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => NaiveDate::from_ymd_opt(
            i32::try_from(number(text.get(..4)?)?).ok()?,
            number(text.get(5..7)?)?,
            number(text.get(8..)?)?,
        ),
        _ => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
    }
}

/// Hands on what a column holds.
pub(super) fn read<T>(col: Col, raw: ValueRef, take: impl FnOnce(Held) -> T) -> T {
    let text = || raw.as_str().ok();
    let items: Vec<String>;
    take(match (col, raw) {
        (_, ValueRef::Null) => Held::Null,
        (Col::Text, _) => text().map_or(Held::Null, Held::Text),
        (Col::Int, ValueRef::Integer(n)) => Held::Int(n),
        (Col::Bool, ValueRef::Integer(n @ (0 | 1))) => Held::Bool(n == 1),
        (Col::Date | Col::OpenDate, _) => text().and_then(day).map_or(Held::Null, Held::Date),
        (Col::Dec, ValueRef::Integer(n)) => Held::Dec(Dec::from_int(n)),
        (Col::Dec, ValueRef::Real(x)) => {
            Dec::parse_ascii(&x.to_string()).map_or(Held::Null, Held::Dec)
        }
        (Col::Dec, _) => text()
            .and_then(|s| Dec::parse_ascii(s).ok())
            .map_or(Held::Null, Held::Dec),
        (Col::Unit | Col::Ref, ValueRef::Integer(id)) => Held::Ref(id),
        (Col::List, _) => match text() {
            Some(text) => {
                items = text.lines().map(str::to_owned).collect();
                Held::List(&items)
            }
            None => Held::Null,
        },
        _ => Held::Null,
    })
}
