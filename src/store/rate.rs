//! Rates: each figure is a count by conditions, and the list behind it uses the same conditions.
mod days;

use super::query::{Where, date, in_subtrees, numbers};
use super::{Db, Result, table};
use crate::domain::rate::{Cell, CellUnit, GroupBy, Measure, Part, Slot};
use crate::domain::record::Kind;
use crate::domain::succession::MapOfDay;
use crate::domain::value::Code;
use chrono::NaiveDate;
use days::days_expr;
use rusqlite::params_from_iter;
use rusqlite::types::{Value as Sql, ValueRef};
use std::collections::{BTreeMap, HashMap};

/// What the rows of a table of rates are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GroupKey {
    /// Nothing was entered.
    Missing,
    /// The row of a unit.
    Row(i64),
    /// A type or a field.
    Code(String),
}

/// What was counted of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Numerator.
    pub num: i64,
    /// Denominator.
    pub den: i64,
    /// Days from beginning to end, and how many took so many.
    pub days: BTreeMap<i64, i64>,
}

impl Tally {
    /// Adds what was counted of another group.
    pub fn add(&mut self, other: &Tally) {
        self.num += other.num;
        self.den += other.den;
        for (days, n) in &other.days {
            *self.days.entry(*days).or_default() += n;
        }
    }
}

/// What a measure counts falls into two halves, each a range of the index of its own: what is not over at all, and
/// what was not over when the period began.
#[derive(Debug, Clone, Copy)]
enum Half {
    Open,
    Ended,
}

/// The day of the dialogue that an opinion was raised and assigned in.
const HELD: &str = "(SELECT d.held_on FROM dialogue d WHERE d.id = t.dialogue_id)";
/// The day an opinion got its result: without a date that of the dialogue, in which those on the spot were answered.
const ANSWERED: &str = "coalesce(t.answered_on, CASE WHEN t.answered_on_spot = 1 OR t.status = 'answered' \
    THEN (SELECT d.held_on FROM dialogue d WHERE d.id = t.dialogue_id) END)";
/// Matters: complaints and denunciations of own jurisdiction, each at its lead.
const MATTER: &str = "t.type IN ('complaint','denunciation') AND t.jurisdiction = 'own' AND t.duplicate_of_id IS NULL";

/// Petitions whose days do not follow each other, in the words of their index.
pub(super) const ODD: &str = "(coalesce(t.handled_on < t.received_on, 0) OR coalesce(t.closed_on < t.accepted_on, 0) \
    OR coalesce(t.closed_on < t.received_on, 0) OR coalesce(t.replied_on < t.forwarded_on, 0) \
    OR (t.resolved_on IS NOT NULL AND t.resolved_on IS NOT t.closed_on))";

/// What a measure counts (contract section 5): what enters its denominator and when, and when it leaves it.
struct Terms {
    /// What belongs to it at all.
    only: Option<&'static str>,
    /// Day it begins to count.
    start: &'static str,
    /// Day on which it is finished with, in whatever way.
    end: &'static str,
    /// Day of the event that the numerator counts.
    done: &'static str,
}

fn terms(measure: Measure) -> Terms {
    match measure {
        Measure::Processing => Terms {
            only: None,
            start: "t.received_on",
            end: "t.handled_on",
            done: "t.handled_on",
        },
        Measure::Resolution | Measure::OnTime => Terms {
            only: Some(MATTER),
            start: "t.accepted_on",
            end: "t.closed_on",
            done: "t.resolved_on",
        },
        Measure::Answered => Terms {
            only: Some(
                "t.type IN ('recommendation','feedback') AND t.jurisdiction = 'own' AND t.duplicate_of_id IS NULL",
            ),
            start: "t.received_on",
            end: "t.closed_on",
            done: "t.resolved_on",
        },
        Measure::Replied => Terms {
            only: None,
            start: "t.forwarded_on",
            end: "t.replied_on",
            done: "t.replied_on",
        },
        Measure::Dialogue => Terms {
            only: Some(
                "t.assigned_unit_id IS NOT NULL AND t.dialogue_id IN (SELECT id FROM dialogue d WHERE d.deleted_at IS NULL)",
            ),
            start: HELD,
            end: ANSWERED,
            done: ANSWERED,
        },
    }
}

/// When a petition begins to count, where that is the day it came.
const RECEIVED: &str = "t.received_on";

fn handler_column(kind: Kind) -> &'static str {
    if kind == Kind::Petition {
        "t.handler_unit_id"
    } else {
        "t.assigned_unit_id"
    }
}

fn unit_column(kind: Kind) -> String {
    format!("t.{}", table(kind).unit)
}

fn level_expr(kind: Kind) -> String {
    format!(
        "(SELECT u.level FROM unit u WHERE u.id = {})",
        unit_column(kind)
    )
}

/// The numerator's event lies in the period.
fn done_in(out: &mut Where, cell: &Cell, terms: &Terms) {
    let (from, to) = (date(cell.from), date(cell.to));
    if cell.measure == Measure::Resolution && cell.withdrawn {
        out.push(
            "(t.resolved_on BETWEEN ? AND ? OR (t.ended IN ('withdrawn','terminated') AND t.closed_on BETWEEN ? AND ?))",
            [from.clone(), to.clone(), from, to],
        );
    } else {
        out.push(format!("{} BETWEEN ? AND ?", terms.done), [from, to]);
    }
    if cell.measure == Measure::OnTime {
        out.push("t.resolved_on <= t.due_on", []);
    }
}

/// What is left: all that the numerator does not count.
fn not_done(out: &mut Where, cell: &Cell, terms: &Terms) {
    let mut inner = Where::default();
    done_in(&mut inner, cell, terms);
    // An event without a date has not happened: unknown counts as no.
    out.push(
        format!("NOT coalesce(({}), 0)", inner.sql()),
        std::mem::take(&mut inner.params),
    );
}

fn in_period(out: &mut Where, cell: &Cell, half: Option<Half>) {
    let terms = terms(cell.measure);
    let (from, to) = (date(cell.from), date(cell.to));
    if let Some(only) = terms.only {
        out.push(only, []);
    }
    // Nearly all was received before a period's end: the sign keeps the index of that day out of it.
    let sign = if terms.start == RECEIVED && cell.part != Part::New {
        "+"
    } else {
        ""
    };
    out.push(format!("{sign}{} <= ?", terms.start), [to.clone()]);
    match half {
        Some(Half::Open) => out.push(format!("{} IS NULL", terms.end), []),
        Some(Half::Ended) => out.push(format!("{} >= ?", terms.end), [from.clone()]),
        // In the numerator it follows from the day of handling, and would only hide the index.
        None if cell.part == Part::Numerator && cell.measure == Measure::Processing => {}
        None => out.push(
            format!("({0} IS NULL OR {0} >= ?)", terms.end),
            [from.clone()],
        ),
    }
    if cell.measure == Measure::OnTime {
        out.push("t.resolved_on BETWEEN ? AND ?", [from.clone(), to.clone()]);
    }
    match cell.part {
        Part::Denominator => {}
        Part::Numerator => done_in(out, cell, &terms),
        Part::Remainder => not_done(out, cell, &terms),
        Part::Opening => out.push(format!("{} < ?", terms.start), [from]),
        Part::New => out.push(format!("{} >= ?", terms.start), [from]),
        Part::Ended => out.push(format!("{} BETWEEN ? AND ?", terms.end), [from, to]),
        Part::Closing => out.push(format!("({0} IS NULL OR {0} > ?)", terms.end), [to]),
        Part::Suspended if cell.kind() == Kind::Petition => out.push("t.stage = 'suspended'", []),
        Part::Suspended => out.push("0", []),
    }
}

fn slot<T>(out: &mut Where, column: &str, slot: Slot<T>, sql: impl FnOnce(T) -> Sql) {
    match slot {
        Slot::Any => {}
        Slot::Missing => out.push(format!("{column} IS NULL"), []),
        Slot::Is(value) => out.push(format!("{column} = ?"), [sql(value)]),
    }
}

fn code<T: Code>(value: T) -> Sql {
    Sql::Text(value.code().to_owned())
}

/// The column by which the rows of a table are told apart; parts of time are periods of their own.
fn group_column(kind: Kind, by: Option<GroupBy>) -> String {
    match by {
        Some(GroupBy::Unit | GroupBy::UnitLevel) => unit_column(kind),
        // Opinions have no type.
        Some(GroupBy::Type) if kind == Kind::Petition => "t.type".to_owned(),
        Some(GroupBy::Field) => "t.field".to_owned(),
        Some(GroupBy::Handler) => handler_column(kind).to_owned(),
        _ => "NULL".to_owned(),
    }
}

/// The register of a cell; those whose days do not follow each other, or that are suspended, by the index of just these.
fn from(cell: &Cell, only: Option<&str>) -> String {
    let by = match (only, cell.part, cell.kind()) {
        (Some(_), ..) => " INDEXED BY petition_odd",
        (None, Part::Suspended, Kind::Petition) => " INDEXED BY petition_suspended",
        _ => "",
    };
    format!("{} t{by}", table(cell.kind()).name)
}

/// From so many units on a period is gone through rather than the units.
const WIDE: i64 = 16;

/// The last day on which what a cell counts was received, where that is the day it begins to count.
pub(super) fn received_until(cell: &Cell) -> Option<NaiveDate> {
    (terms(cell.measure).start == RECEIVED).then_some(cell.to)
}

impl Db<'_> {
    /// The conditions of a cell on the rows `t` of its register (contract section 5).
    pub(super) fn cell_where(&self, out: &mut Where, cell: &Cell) -> Result<()> {
        in_period(out, cell, None);
        self.beside_period(out, cell, &unit_column(cell.kind()))
    }

    /// What a cell asks for beside its days.
    fn beside_period(&self, out: &mut Where, cell: &Cell, unit: &str) -> Result<()> {
        let kind = cell.kind();
        if !cell.scope.is_empty() {
            out.push(in_subtrees(unit, &numbers(&cell.scope)), []);
        }
        match cell.unit {
            CellUnit::Any => {}
            CellUnit::Subtree(id) => out.push(in_subtrees(unit, &id.to_string()), []),
            CellUnit::Only(id) => out.push(format!("{unit} = ?"), [Sql::Integer(id)]),
            CellUnit::Missing => out.push(format!("{unit} IS NULL"), []),
            CellUnit::Current { unit: id, on } => self.members(out, unit, (id, on, false))?,
            CellUnit::CurrentOnly { unit: id, on } => self.members(out, unit, (id, on, true))?,
        }
        if kind == Kind::Petition {
            slot(out, "t.type", cell.petition_type, code);
        } else if matches!(cell.petition_type, Slot::Is(_)) {
            out.push("0", []);
        }
        slot(out, "t.field", cell.field, code);
        slot(out, &level_expr(kind), cell.level, code);
        slot(out, handler_column(kind), cell.handler, Sql::Integer);
        Ok(())
    }

    fn members(
        &self,
        out: &mut Where,
        column: &str,
        (unit, on, only): (i64, NaiveDate, bool),
    ) -> Result<()> {
        let ids: Vec<String> = self
            .map_of_day(on)?
            .members(unit, only)
            .iter()
            .map(i64::to_string)
            .collect();
        out.push(
            format!("{column} IN (SELECT value FROM json_each(?))"),
            [Sql::Text(format!("[{}]", ids.join(",")))],
        );
        Ok(())
    }

    /// The units with their successors, as seen from a day.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn map_of_day(&self, on: NaiveDate) -> Result<MapOfDay> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT id, parent_id, valid_to IS NULL OR valid_to >= ? FROM unit WHERE deleted_at IS NULL",
        )?;
        let units = stmt
            .query_map([on.to_string()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<rusqlite::Result<Vec<(i64, Option<i64>, bool)>>>()?;
        let mut stmt = self
            .conn
            .prepare_cached("SELECT unit_id, successor_id, kind = 'whole' FROM unit_successor")?;
        let next = stmt
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<rusqlite::Result<Vec<(i64, i64, bool)>>>()?;
        Ok(MapOfDay::new(units, next))
    }

    fn cell_half(&self, cell: &Cell, half: Half) -> Result<Where> {
        let mut filter = Where::default();
        filter.push("t.deleted_at IS NULL", []);
        in_period(&mut filter, cell, Some(half));
        let mut unit = unit_column(cell.kind());
        if self.is_wide(cell)? {
            // A sign before the column keeps the index of units out of it: of a wide area the period is the less.
            unit.insert(0, '+');
        }
        self.beside_period(&mut filter, cell, &unit)?;
        Ok(filter)
    }

    /// Whether a cell covers so many units that going through each of them costs more than going through the period.
    fn is_wide(&self, cell: &Cell) -> Result<bool> {
        let mut above = cell.scope.clone();
        match cell.unit {
            CellUnit::Subtree(id) => above = vec![id],
            CellUnit::Current { .. } => return Ok(true),
            CellUnit::Only(_) | CellUnit::CurrentOnly { .. } | CellUnit::Missing => {
                return Ok(false);
            }
            CellUnit::Any if above.is_empty() => return Ok(false),
            CellUnit::Any => {}
        }
        let sql = format!(
            "SELECT count(*) FROM unit_closure WHERE ancestor_id IN ({})",
            numbers(&above)
        );
        let below: i64 = self.conn.query_row(&sql, [], |r| r.get(0))?;
        Ok(below > WIDE)
    }

    /// The count of one cell.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_count(&self, cell: &Cell) -> Result<i64> {
        match self.count_of_sums(cell)? {
            Some(count) => Ok(count),
            None => self.count_rows(cell, None),
        }
    }

    /// The same of the petitions alone whose days do not follow each other.
    pub(super) fn odd_count(&self, cell: &Cell) -> Result<i64> {
        self.count_rows(cell, Some(ODD))
    }

    fn count_rows(&self, cell: &Cell, only: Option<&str>) -> Result<i64> {
        let mut count = 0;
        for half in [Half::Open, Half::Ended] {
            let mut filter = self.cell_half(cell, half)?;
            if let Some(only) = only {
                filter.push(only, []);
            }
            let sql = format!(
                "SELECT count(*) FROM {} WHERE {}",
                from(cell, only),
                filter.sql()
            );
            count += self
                .conn
                .prepare_cached(&sql)?
                .query_row(params_from_iter(filter.params), |r| r.get::<_, i64>(0))?;
        }
        Ok(count)
    }

    /// Numerator, denominator and days of what a cell's measure counts, in one pass, by the very unit, type, field or
    /// handler of each row; the cell's own part plays no role.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_tallies(
        &self,
        cell: &Cell,
        by: Option<GroupBy>,
    ) -> Result<HashMap<GroupKey, Tally>> {
        self.tallies(cell, by, None, &|id| id)
    }

    /// The same by unit, the units that go into one row under one of them: `place` says which.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_tallies_in(
        &self,
        cell: &Cell,
        place: &dyn Fn(i64) -> i64,
    ) -> Result<HashMap<GroupKey, Tally>> {
        self.tallies(cell, Some(GroupBy::Unit), None, place)
    }

    /// The same by unit, of the petitions alone whose days do not follow each other.
    pub(super) fn odd_tallies(
        &self,
        cell: &Cell,
        place: &dyn Fn(i64) -> i64,
    ) -> Result<HashMap<GroupKey, Tally>> {
        self.tallies(cell, Some(GroupBy::Unit), Some(ODD), place)
    }

    fn tallies(
        &self,
        cell: &Cell,
        by: Option<GroupBy>,
        only: Option<&str>,
        place: &dyn Fn(i64) -> i64,
    ) -> Result<HashMap<GroupKey, Tally>> {
        let cell = Cell {
            part: Part::Denominator,
            ..cell.clone()
        };
        let mut done = Where::default();
        done_in(&mut done, &cell, &terms(cell.measure));
        let every = cell.measure.timed_part() == Part::Denominator;
        let (is_done, days) = (done.sql(), days_expr(cell.measure));
        let told = match every {
            true => format!("{is_done}, {days}"),
            // Of what is not done nobody asks how long it took; what is, without that being known, is no number.
            false => format!("CASE WHEN {is_done} THEN coalesce({days}, '') END"),
        };
        let mut found: HashMap<GroupKey, Tally> = HashMap::new();
        for half in [Half::Open, Half::Ended] {
            let mut filter = self.cell_half(&cell, half)?;
            only.into_iter().for_each(|only| filter.push(only, []));
            let sql = format!(
                "SELECT {}, {told} FROM {} WHERE {}",
                group_column(cell.kind(), by),
                from(&cell, only),
                filter.sql()
            );
            let mut stmt = self.conn.prepare_cached(&sql)?;
            let mut coming = self.coming_of(&cell, half, only);
            let mut rows =
                stmt.query(params_from_iter(done.params.iter().chain(&filter.params)))?;
            while let Some(row) = rows.next()? {
                coming.step();
                let key = match row.get_ref(0)? {
                    ValueRef::Integer(id) => GroupKey::Row(place(id)),
                    ValueRef::Text(code) => GroupKey::Code(String::from_utf8_lossy(code).into()),
                    _ => GroupKey::Missing,
                };
                // An event without a date has not happened: unknown counts as no.
                let (done, days) = match (every, row.get_ref(1)?) {
                    (true, done) => (done == ValueRef::Integer(1), row.get(2)?),
                    (false, ValueRef::Null) => (false, None),
                    (false, days) => (true, days.as_i64().ok()),
                };
                let tally = found.entry(key).or_default();
                tally.den += 1;
                tally.num += i64::from(done);
                if let Some(days) = days {
                    *tally.days.entry(days).or_default() += 1;
                }
            }
        }
        Ok(found)
    }

    /// Rows of a cell by their ids, ascending.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_ids(&self, cell: &Cell) -> Result<Vec<i64>> {
        let mut filter = Where::default();
        filter.push("t.deleted_at IS NULL", []);
        self.cell_where(&mut filter, cell)?;
        let sql = format!(
            "SELECT t.id FROM {} t WHERE {} ORDER BY t.id",
            table(cell.kind()).name,
            filter.sql()
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let ids = stmt.query_map(params_from_iter(filter.params), |r| r.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}
