//! Rates: each figure is a count by conditions, and the list behind it uses the same conditions.
use super::query::{Where, date, in_subtrees};
use super::{Db, Result};
use crate::domain::rate::{Cell, CellUnit, GroupBy, Measure, Part, Slot};
use crate::domain::value::Code;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

/// A group of a rate: its key (unit row, type or field; none when not entered) and its count.
pub type GroupCount = (Option<String>, i64);

/// The conditions of a cell on the petitions `t` (contract section 5).
pub(super) fn cell_where(out: &mut Where, cell: &Cell) {
    let (from, to) = (date(cell.from), date(cell.to));
    let in_numerator = match cell.measure {
        Measure::Processing => {
            out.push("t.received_on <= ?", [to.clone()]);
            // In the numerator it follows from the day of handling, and would only hide the index.
            if cell.part != Part::Numerator {
                out.push(
                    "(t.handled_on IS NULL OR t.handled_on >= ?)",
                    [from.clone()],
                );
            }
            "t.handled_on"
        }
        Measure::Resolution => {
            out.push(
                "t.type IN ('complaint','denunciation') AND t.jurisdiction = 'own' AND t.duplicate_of_id IS NULL",
                [],
            );
            out.push("t.accepted_on <= ?", [to.clone()]);
            out.push("(t.closed_on IS NULL OR t.closed_on >= ?)", [from.clone()]);
            "t.resolved_on"
        }
    };
    match cell.part {
        Part::Denominator => {}
        Part::Numerator => out.push(format!("{in_numerator} BETWEEN ? AND ?"), [from, to]),
        Part::Remainder => out.push(
            format!("({in_numerator} IS NULL OR {in_numerator} NOT BETWEEN ? AND ?)"),
            [from, to],
        ),
    }
    if !cell.scope.is_empty() {
        out.push(in_subtrees("t.unit_id", &cell.scope), []);
    }
    match cell.unit {
        CellUnit::Any => {}
        CellUnit::Subtree(id) => out.push(in_subtrees("t.unit_id", &[id]), []),
        CellUnit::Only(id) => out.push("t.unit_id = ?", [Sql::Integer(id)]),
        CellUnit::Missing => out.push("t.unit_id IS NULL", []),
    }
    slot(out, "t.type", cell.petition_type);
    slot(out, "t.field", cell.field);
}

fn slot<T: Code>(out: &mut Where, column: &str, slot: Slot<T>) {
    match slot {
        Slot::Any => {}
        Slot::Missing => out.push(format!("{column} IS NULL"), []),
        Slot::Is(value) => out.push(
            format!("{column} = ?"),
            [Sql::Text(value.code().to_owned())],
        ),
    }
}

impl Db<'_> {
    /// The count of one cell.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_count(&self, cell: &Cell) -> Result<i64> {
        let mut filter = Where::default();
        filter.push("t.deleted_at IS NULL", []);
        cell_where(&mut filter, cell);
        let sql = format!("SELECT count(*) FROM petition t WHERE {}", filter.sql());
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(filter.params), |r| r.get(0))?)
    }

    /// The counts of a cell broken down in one pass. For units: by every unit above a petition's unit that is
    /// among `units`, so that each counts its subtree.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_groups(&self, cell: &Cell, by: GroupBy, units: &[i64]) -> Result<Vec<GroupCount>> {
        let mut filter = Where::default();
        filter.push("t.deleted_at IS NULL", []);
        cell_where(&mut filter, cell);
        let ids: Vec<String> = units.iter().map(i64::to_string).collect();
        let (key, join) = match by {
            GroupBy::Unit => (
                "c.ancestor_id",
                format!(
                    "JOIN unit_closure c ON c.unit_id = t.unit_id AND c.ancestor_id IN ({})",
                    ids.join(",")
                ),
            ),
            GroupBy::Type => ("t.type", String::new()),
            GroupBy::Field | GroupBy::Month | GroupBy::Quarter | GroupBy::Year => {
                ("t.field", String::new())
            }
        };
        let sql = format!(
            "SELECT CAST({key} AS TEXT), count(*) FROM petition t {join} WHERE {} GROUP BY 1",
            filter.sql()
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let rows = stmt.query_map(params_from_iter(filter.params), |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many petitions of a cell lie directly at each of `units`, not below them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_direct(&self, cell: &Cell, unit: i64) -> Result<i64> {
        self.cell_count(&Cell {
            unit: CellUnit::Only(unit),
            ..cell.clone()
        })
    }
}
