//! The calendar, the deadline rules and the settings: data that the rules are computed from.
use super::{Db, Result, Tx};
use crate::domain::calendar::{CalendarDay, DayKind};
use crate::domain::deadline::{Cond, DayUnit, Rule, RuleKind};
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

fn day(text: Option<String>) -> Option<NaiveDate> {
    text.and_then(|s| NaiveDate::parse_from_str(&s, "%Y-%m-%d").ok())
}

impl Db<'_> {
    /// Every day that is not an ordinary one.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn calendar_days(&self) -> Result<Vec<CalendarDay>> {
        let mut stmt = self
            .conn
            .prepare_cached("SELECT date, kind, name, confirmed FROM calendar_day ORDER BY date")?;
        let rows = stmt.query_map([], |r| {
            let kind: String = r.get(1)?;
            Ok(day(r.get(0)?)
                .zip(DayKind::from_code(&kind))
                .map(|(date, kind)| (date, kind, r.get(2), r.get(3))))
        })?;
        let mut days = Vec::new();
        for row in rows {
            if let Some((date, kind, name, confirmed)) = row? {
                days.push(CalendarDay {
                    date,
                    kind,
                    name: name?,
                    confirmed: confirmed?,
                });
            }
        }
        Ok(days)
    }

    /// The deadline rules.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn rules(&self) -> Result<Vec<Rule>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT id, code, type, level, complex, remote, valid_from, valid_to, kind, amount, unit, start_event, source \
             FROM rule ORDER BY id",
        )?;
        let rows = stmt.query_map([], |r| {
            let (complex, remote): (String, String) = (r.get(4)?, r.get(5)?);
            let (kind, unit): (String, String) = (r.get(8)?, r.get(10)?);
            Ok(Rule {
                id: r.get(0)?,
                code: r.get(1)?,
                petition_type: r.get(2)?,
                level: r.get(3)?,
                complex: Cond::parse(&complex).unwrap_or(Cond::Any),
                remote: Cond::parse(&remote).unwrap_or(Cond::Any),
                valid_from: day(r.get(6)?),
                valid_to: day(r.get(7)?),
                kind: RuleKind::from_code(&kind).unwrap_or(RuleKind::Due),
                amount: r.get(9)?,
                unit: DayUnit::from_code(&unit).unwrap_or(DayUnit::Calendar),
                start_event: r.get(11)?,
                source: r.get(12)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// A setting of the office.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM setting WHERE key = ?")?
            .query_row([key], |r| r.get(0))
            .optional()?)
    }
}

impl Tx<'_> {
    /// Sets a setting of the office.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.conn().execute(
            "INSERT INTO setting(key, value) VALUES (?,?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            params![key, value],
        )?;
        Ok(())
    }
}
