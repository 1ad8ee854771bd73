//! Rates: each figure is a count by conditions, and the list behind it uses the same conditions.
use super::query::{Where, date, in_subtrees, numbers};
use super::{Db, Result, table};
use crate::domain::rate::{Cell, CellUnit, GroupBy, Measure, Part, Slot};
use crate::domain::record::Kind;
use crate::domain::succession::MapOfDay;
use crate::domain::value::Code;
use chrono::NaiveDate;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

/// A group of a rate: its key (unit row, type, field, level; none when not entered) and its count.
pub type GroupCount = (Option<String>, i64);
/// A group with a number of days and how many took so many.
pub type GroupDays = (Option<String>, i64, i64);
/// A unit, a number of days and how many took so many.
pub type UnitDays = (Option<i64>, i64, i64);

/// The day of the dialogue that an opinion was raised and assigned in.
const HELD: &str = "(SELECT d.held_on FROM dialogue d WHERE d.id = t.dialogue_id)";
/// The day an opinion got its result; one answered on the spot without a date got it in the dialogue itself.
const ANSWERED: &str = "coalesce(t.answered_on, CASE WHEN t.answered_on_spot = 1 OR t.status = 'answered' \
    THEN (SELECT d.held_on FROM dialogue d WHERE d.id = t.dialogue_id) END)";
/// Matters: complaints and denunciations of own jurisdiction, each at its lead.
const MATTER: &str = "t.type IN ('complaint','denunciation') AND t.jurisdiction = 'own' AND t.duplicate_of_id IS NULL";

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

fn in_period(out: &mut Where, cell: &Cell) {
    let terms = terms(cell.measure);
    let (from, to) = (date(cell.from), date(cell.to));
    if let Some(only) = terms.only {
        out.push(only, []);
    }
    out.push(format!("{} <= ?", terms.start), [to.clone()]);
    // In the numerator it follows from the day of handling, and would only hide the index.
    if cell.part != Part::Numerator || cell.measure != Measure::Processing {
        out.push(
            format!("({0} IS NULL OR {0} >= ?)", terms.end),
            [from.clone()],
        );
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

/// How the groups of a table are told apart.
fn group_key(kind: Kind, by: GroupBy, units: &[i64]) -> (String, String) {
    let plain = |key: &str| (key.to_owned(), String::new());
    match by {
        GroupBy::Unit => {
            let ids: Vec<String> = units.iter().map(i64::to_string).collect();
            (
                "c.ancestor_id".to_owned(),
                // Crossed, so that the cell's own index leads and not each of the country's units.
                format!(
                    "CROSS JOIN unit_closure c ON c.unit_id = {} AND c.ancestor_id IN ({})",
                    unit_column(kind),
                    ids.join(",")
                ),
            )
        }
        GroupBy::UnitLevel => plain(&level_expr(kind)),
        GroupBy::Type if kind == Kind::Petition => plain("t.type"),
        GroupBy::Field => plain("t.field"),
        GroupBy::Handler => plain(handler_column(kind)),
        // Opinions have no type, and parts of time are periods of their own.
        GroupBy::Type | GroupBy::Month | GroupBy::Quarter | GroupBy::Year => plain("NULL"),
    }
}

/// Days from beginning to end of what a measure counts.
fn days_expr(measure: Measure) -> String {
    let t = terms(measure);
    format!(
        "CAST(julianday({}) - julianday({}) AS INTEGER)",
        t.done, t.start
    )
}

impl Db<'_> {
    /// The conditions of a cell on the rows `t` of its register (contract section 5).
    pub(super) fn cell_where(&self, out: &mut Where, cell: &Cell) -> Result<()> {
        in_period(out, cell);
        let kind = cell.kind();
        let unit = unit_column(kind);
        if !cell.scope.is_empty() {
            out.push(in_subtrees(&unit, &numbers(&cell.scope)), []);
        }
        match cell.unit {
            CellUnit::Any => {}
            CellUnit::Subtree(id) => out.push(in_subtrees(&unit, &id.to_string()), []),
            CellUnit::Only(id) => out.push(format!("{unit} = ?"), [Sql::Integer(id)]),
            CellUnit::Missing => out.push(format!("{unit} IS NULL"), []),
            CellUnit::Current { unit: id, on } => self.members(out, &unit, (id, on, false))?,
            CellUnit::CurrentOnly { unit: id, on } => self.members(out, &unit, (id, on, true))?,
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

    fn cell_filter(&self, cell: &Cell) -> Result<Where> {
        let mut filter = Where::default();
        filter.push("t.deleted_at IS NULL", []);
        self.cell_where(&mut filter, cell)?;
        Ok(filter)
    }

    /// The count of one cell.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_count(&self, cell: &Cell) -> Result<i64> {
        let filter = self.cell_filter(cell)?;
        let sql = format!(
            "SELECT count(*) FROM {} t WHERE {}",
            table(cell.kind()).name,
            filter.sql()
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(filter.params), |r| r.get(0))?)
    }

    /// The counts of a cell broken down in one pass. For units: by every unit above a row's unit that is
    /// among `units`, so that each counts its subtree.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_groups(&self, cell: &Cell, by: GroupBy, units: &[i64]) -> Result<Vec<GroupCount>> {
        let filter = self.cell_filter(cell)?;
        let (key, join) = group_key(cell.kind(), by, units);
        let sql = format!(
            "SELECT CAST({key} AS TEXT), count(*) FROM {} t {join} WHERE {} GROUP BY 1",
            table(cell.kind()).name,
            filter.sql()
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let rows = stmt.query_map(params_from_iter(filter.params), |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many days the rows of a cell took from beginning to end, broken down as [`Db::cell_groups`]; without a
    /// breakdown all under no key.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_days(
        &self,
        cell: &Cell,
        by: Option<GroupBy>,
        units: &[i64],
    ) -> Result<Vec<GroupDays>> {
        let mut filter = self.cell_filter(cell)?;
        let days = days_expr(cell.measure);
        filter.push(format!("{days} IS NOT NULL"), []);
        let (key, join) = by.map_or(("NULL".into(), String::new()), |by| {
            group_key(cell.kind(), by, units)
        });
        let sql = format!(
            "SELECT CAST({key} AS TEXT), {days}, count(*) FROM {} t {join} WHERE {} GROUP BY 1, 2",
            table(cell.kind()).name,
            filter.sql()
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let rows = stmt.query_map(params_from_iter(filter.params), |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The counts of a cell by the very unit each row names and by the days it took; 0 days where it is not over.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_units(&self, cell: &Cell) -> Result<Vec<UnitDays>> {
        let filter = self.cell_filter(cell)?;
        let sql = format!(
            "SELECT {}, coalesce({}, 0), count(*) FROM {} t WHERE {} GROUP BY 1, 2",
            unit_column(cell.kind()),
            days_expr(cell.measure),
            table(cell.kind()).name,
            filter.sql()
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let rows = stmt.query_map(params_from_iter(filter.params), |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Rows of a cell by their ids, ascending.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_ids(&self, cell: &Cell) -> Result<Vec<i64>> {
        let filter = self.cell_filter(cell)?;
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
