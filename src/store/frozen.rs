//! Periods kept as reported: counts, the rows they stood on and what was known of them by the end of the period.
use super::{Action, Db, Result, Tx};
use crate::domain::period::Period;
use crate::domain::rate::{Cell, Measure, Part};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::BTreeMap;

/// A period kept as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenPeriod {
    /// Its row.
    pub id: i64,
    /// As it was named.
    pub label: String,
    /// Its days.
    pub period: Period,
    /// Whether withdrawn and terminated matters counted as resolved.
    pub withdrawn: bool,
    /// When, ISO with time and offset.
    pub at: String,
    /// Login name of who kept it.
    pub who: String,
}

/// A figure of a kept period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenCell {
    /// The rate.
    pub measure: Measure,
    /// Numerator or denominator.
    pub part: Part,
    /// How many.
    pub count: i64,
}

/// A row behind the figures of a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrozenRow {
    /// Its number in the book.
    pub number: Option<String>,
    /// One bit for every cell it was counted in.
    pub cells: i64,
    /// What was known of it by the end of the period, as a JSON object of codes and dates.
    pub facts: String,
}

/// Rows by register and id.
pub type FrozenRows = BTreeMap<(Kind, i64), FrozenRow>;

/// The figures that are kept: numerator and denominator of every rate; their order gives each row's bits.
#[must_use]
pub fn frozen_figures() -> Vec<(Measure, Part)> {
    Measure::ALL
        .iter()
        .flat_map(|m| [(*m, Part::Numerator), (*m, Part::Denominator)])
        .collect()
}

fn period(row: &Row) -> rusqlite::Result<Option<FrozenPeriod>> {
    let day = |text: String| NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    let (from, to) = (day(row.get(2)?), day(row.get(3)?));
    let Some(period) = from.zip(to).and_then(|(from, to)| Period::new(from, to)) else {
        return Ok(None);
    };
    Ok(Some(FrozenPeriod {
        id: row.get(0)?,
        label: row.get(1)?,
        period,
        withdrawn: row.get(4)?,
        at: row.get(5)?,
        who: row.get(6)?,
    }))
}

const PERIOD: &str =
    "SELECT id, label, period_from, period_to, withdrawn, at, who FROM frozen_period";

/// What was known of a row by the end of a period (`?1`): what happened later is no difference.
fn facts_sql(kind: Kind) -> &'static str {
    if kind == Kind::Petition {
        "json_object('type', t.type, 'field', t.field, \
         'unit', (SELECT code FROM unit u WHERE u.id = t.unit_id), \
         'jurisdiction', CASE WHEN t.accepted_on <= ?1 OR t.resolved_on <= ?1 THEN t.jurisdiction END, \
         'duplicate_of', t.duplicate_of_id, 'received_on', t.received_on, \
         'accepted_on', CASE WHEN t.accepted_on <= ?1 THEN t.accepted_on END, \
         'handled_on', CASE WHEN t.handled_on <= ?1 THEN t.handled_on END, \
         'forwarded_on', CASE WHEN t.forwarded_on <= ?1 THEN t.forwarded_on END, \
         'replied_on', CASE WHEN t.replied_on <= ?1 THEN t.replied_on END, \
         'resolved_on', CASE WHEN t.resolved_on <= ?1 THEN t.resolved_on END, \
         'outcome', CASE WHEN t.resolved_on <= ?1 THEN t.outcome END, \
         'due_on', CASE WHEN t.resolved_on <= ?1 THEN t.due_on END, \
         'closed_on', CASE WHEN t.closed_on <= ?1 THEN t.closed_on END, \
         'ended', CASE WHEN t.closed_on <= ?1 THEN t.ended END)"
    } else {
        "json_object('dialogue', t.dialogue_id, 'field', t.field, \
         'assigned_unit', (SELECT code FROM unit u WHERE u.id = t.assigned_unit_id), \
         'held_on', (SELECT held_on FROM dialogue d WHERE d.id = t.dialogue_id), \
         'answered_on', CASE WHEN t.answered_on <= ?1 THEN t.answered_on END)"
    }
}

fn number_sql(kind: Kind) -> &'static str {
    if kind == Kind::Petition {
        "t.number_seq || '/' || t.number_year"
    } else {
        "NULL"
    }
}

impl Db<'_> {
    /// The periods kept as reported, the latest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn frozen_periods(&self) -> Result<Vec<FrozenPeriod>> {
        let sql = format!("{PERIOD} ORDER BY period_to DESC, period_from, id");
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map([], period)?;
        let all = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(all.into_iter().flatten().collect())
    }

    /// A period as kept, if it was.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn frozen_period(&self, of: Period) -> Result<Option<FrozenPeriod>> {
        let sql = format!("{PERIOD} WHERE period_from = ? AND period_to = ?");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([of.from.to_string(), of.to.to_string()], period)
            .optional()?
            .flatten())
    }

    /// The figures of a kept period.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn frozen_cells(&self, id: i64) -> Result<Vec<FrozenCell>> {
        let mut stmt = self
            .conn
            .prepare_cached("SELECT measure, part, count FROM frozen_cell WHERE frozen_id = ?")?;
        let rows = stmt.query_map([id], |r| {
            let (measure, part): (String, String) = (r.get(0)?, r.get(1)?);
            Ok((measure, part, r.get::<_, i64>(2)?))
        })?;
        let mut cells = Vec::new();
        for row in rows {
            let (measure, part, count) = row?;
            if let Some((measure, part)) = Measure::from_code(&measure).zip(Part::from_code(&part))
            {
                cells.push(FrozenCell {
                    measure,
                    part,
                    count,
                });
            }
        }
        cells.sort_by_key(|c| {
            frozen_figures()
                .iter()
                .position(|f| *f == (c.measure, c.part))
        });
        Ok(cells)
    }

    /// The rows of a kept period.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn frozen_rows(&self, id: i64) -> Result<FrozenRows> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT kind, record_id, number, cells, facts FROM frozen_row WHERE frozen_id = ?",
        )?;
        let rows = stmt.query_map([id], |r| {
            let row = FrozenRow {
                number: r.get(2)?,
                cells: r.get(3)?,
                facts: r.get(4)?,
            };
            Ok((r.get::<_, String>(0)?, r.get(1)?, row))
        })?;
        let mut found = FrozenRows::new();
        for row in rows {
            let (kind, id, row) = row?;
            if let Some(kind) = Kind::from_code(&kind) {
                found.insert((kind, id), row);
            }
        }
        Ok(found)
    }

    /// The rows that the figures of a period stand on now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn rows_of_period(&self, of: Period, withdrawn: bool) -> Result<FrozenRows> {
        let mut found = FrozenRows::new();
        for (bit, (measure, part)) in frozen_figures().into_iter().enumerate() {
            let cell = Cell {
                withdrawn,
                ..Cell::all(measure, part, of.from, of.to)
            };
            for id in self.cell_ids(&cell)? {
                found.entry((cell.kind(), id)).or_default().cells |= 1 << bit;
            }
        }
        for ((kind, id), row) in &mut found {
            if let Some((number, facts)) = self.facts(*kind, *id, of.to)? {
                (row.number, row.facts) = (number, facts);
            }
        }
        Ok(found)
    }

    /// Number and facts of a row as known by a day; none when it is gone.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn facts(
        &self,
        kind: Kind,
        id: i64,
        by: NaiveDate,
    ) -> Result<Option<(Option<String>, String)>> {
        let sql = format!(
            "SELECT {}, {} FROM {} t WHERE t.id = ?2",
            number_sql(kind),
            facts_sql(kind),
            super::table(kind).name
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row(params![by.to_string(), id], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?)
    }
}

impl Tx<'_> {
    /// Keeps a period with its rows; gives back its row.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn freeze(
        &self,
        label: &str,
        of: Period,
        withdrawn: bool,
        stamp: (&str, &str),
    ) -> Result<i64> {
        let (from, to) = (of.from.to_string(), of.to.to_string());
        self.conn().execute(
            "INSERT INTO frozen_period(label, period_from, period_to, withdrawn, at, who) VALUES (?,?,?,?,?,?)",
            params![label, from, to, withdrawn, stamp.1, stamp.0],
        )?;
        let id = self.conn().last_insert_rowid();
        let rows = self.read().rows_of_period(of, withdrawn)?;
        let mut add = self.conn().prepare_cached(
            "INSERT INTO frozen_row(frozen_id, kind, record_id, number, cells, facts) VALUES (?,?,?,?,?,?)",
        )?;
        for ((kind, record), row) in &rows {
            add.execute(params![
                id,
                kind.code(),
                record,
                row.number,
                row.cells,
                row.facts
            ])?;
        }
        for (bit, (measure, part)) in frozen_figures().into_iter().enumerate() {
            let count = rows.values().filter(|r| r.cells & (1 << bit) != 0).count();
            self.conn().execute(
                "INSERT INTO frozen_cell(frozen_id, measure, part, count) VALUES (?,?,?,?)",
                params![
                    id,
                    measure.code(),
                    part.code(),
                    i64::try_from(count).unwrap_or(i64::MAX)
                ],
            )?;
        }
        self.conn().execute(
            "INSERT INTO audit(who, at, kind, record_id, action, after) VALUES (?,?,'frozen_period',?,?,?)",
            params![stamp.0, stamp.1, id, Action::Add.code(), format!("{from}..{to}")],
        )?;
        Ok(id)
    }
}
