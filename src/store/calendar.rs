//! The calendar, the deadline rules and the settings: data that the rules are computed from.
use super::{Action, Change};
use super::{Db, Result, Tx};
use crate::domain::calendar::{CalendarDay, DayKind};
use crate::domain::deadline::{Cond, DayUnit, Rule, RuleKind};
use chrono::{Datelike, NaiveDate};
use rusqlite::{Connection, OptionalExtension, params};

fn day(text: Option<String>) -> Option<NaiveDate> {
    text.and_then(|s| NaiveDate::parse_from_str(&s, "%Y-%m-%d").ok())
}

/// One change of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarChange {
    /// When, ISO with time and offset.
    pub at: String,
    /// Login name of who did it.
    pub who: String,
    /// The day; none when the year as a whole was confirmed.
    pub date: Option<NaiveDate>,
    /// Kind and name before.
    pub before: Option<String>,
    /// Kind and name after.
    pub after: Option<String>,
}

/// The setting that says how often the law was changed.
const LAW: &str = "law";

/// Gives the law a word that no other law has or had: a count would come again after a restore.
pub(super) fn law_moves(conn: &Connection) -> Result<()> {
    conn.execute(
        "INSERT INTO setting(key, value) VALUES (?, lower(hex(randomblob(8)))) \
         ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        [LAW],
    )?;
    Ok(())
}

impl Db<'_> {
    /// What stands for the law as it is: another word once a rule, the calendar or a setting of the office has changed.
    /// None while all of it is as the file was made.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn law(&self) -> Result<Option<String>> {
        self.setting(LAW)
    }

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

    /// The years whose calendar the office has confirmed.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn calendar_years(&self) -> Result<Vec<i32>> {
        let mut stmt = self
            .conn
            .prepare_cached("SELECT year FROM calendar_year ORDER BY year")?;
        let years = stmt.query_map([], |r| r.get(0))?;
        Ok(years.collect::<rusqlite::Result<_>>()?)
    }

    /// What was changed in the calendar of a year: when, who, day (none: the year was confirmed), before, after.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn calendar_history(&self, year: i32) -> Result<Vec<CalendarChange>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT at, who, field, before, after FROM audit WHERE kind = 'calendar' AND record_id = ? ORDER BY id",
        )?;
        let rows = stmt.query_map([year], |r| {
            Ok(CalendarChange {
                at: r.get(0)?,
                who: r.get(1)?,
                date: day(r.get(2)?),
                before: r.get(3)?,
                after: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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
        self.law_moves()?;
        self.note_setting(key, value)
    }

    /// Notes what the program itself has to know the next time: nothing that rules are judged by.
    pub(super) fn note_setting(&self, key: &str, value: &str) -> Result<()> {
        self.conn()
            .prepare_cached(
                "INSERT INTO setting(key, value) VALUES (?,?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![key, value])?;
        Ok(())
    }

    /// Says that the law is another now ([`Db::law`]).
    fn law_moves(&self) -> Result<()> {
        law_moves(self.conn())
    }

    /// Writes a day of the calendar.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_calendar_day(&self, day: &CalendarDay) -> Result<()> {
        self.law_moves()?;
        self.conn().execute(
            "INSERT INTO calendar_day(date, kind, name, confirmed) VALUES (?,?,?,?) ON CONFLICT(date) DO UPDATE SET \
             kind = excluded.kind, name = excluded.name, confirmed = excluded.confirmed",
            params![
                day.date.to_string(),
                day.kind.code(),
                day.name,
                day.confirmed
            ],
        )?;
        Ok(())
    }

    /// Makes a day an ordinary one again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn clear_calendar_day(&self, date: NaiveDate) -> Result<()> {
        self.law_moves()?;
        self.conn().execute(
            "DELETE FROM calendar_day WHERE date = ?",
            [date.to_string()],
        )?;
        Ok(())
    }

    /// Notes that the office has checked the calendar of a year.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn confirm_year(&self, year: i32, stamp: (&str, &str)) -> Result<()> {
        self.law_moves()?;
        self.conn().execute(
            "INSERT INTO calendar_year(year, confirmed_at, who) VALUES (?,?,?) ON CONFLICT(year) DO UPDATE SET \
             confirmed_at = excluded.confirmed_at, who = excluded.who",
            params![year, stamp.1, stamp.0],
        )?;
        self.conn().execute(
            "UPDATE calendar_day SET confirmed = 1 WHERE CAST(substr(date, 1, 4) AS INTEGER) = ?",
            [year],
        )?;
        self.audit_calendar(stamp, (year, None), None, Some("confirmed"))
    }

    /// Writes a change of the calendar into the history.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn audit_day(
        &self,
        stamp: (&str, &str),
        date: NaiveDate,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<()> {
        self.audit_calendar(stamp, (date.year(), Some(date)), before, after)
    }

    fn audit_calendar(
        &self,
        stamp: (&str, &str),
        of: (i32, Option<NaiveDate>),
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<()> {
        let change = Change {
            field: of.1.map(|d| d.to_string()),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        self.audit_other(
            stamp,
            ("calendar", i64::from(of.0)),
            Action::Edit,
            &change,
            None,
        )
    }

    /// Adds a rule whose id is 0, else replaces the one of its id; gives the id.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn put_rule(&self, rule: &Rule) -> Result<i64> {
        self.law_moves()?;
        self.conn().execute(
            "INSERT INTO rule(id, code, type, level, complex, remote, valid_from, valid_to, kind, amount, unit, start_event, source) \
             VALUES (nullif(?,0),?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET code = excluded.code, \
             type = excluded.type, level = excluded.level, complex = excluded.complex, remote = excluded.remote, \
             valid_from = excluded.valid_from, valid_to = excluded.valid_to, kind = excluded.kind, \
             amount = excluded.amount, unit = excluded.unit, start_event = excluded.start_event, source = excluded.source",
            params![
                rule.id, rule.code, rule.petition_type, rule.level, rule.complex.code(), rule.remote.code(),
                rule.valid_from.map(|d| d.to_string()), rule.valid_to.map(|d| d.to_string()), rule.kind.code(),
                rule.amount, rule.unit.code(), rule.start_event, rule.source
            ],
        )?;
        Ok(if rule.id > 0 {
            rule.id
        } else {
            self.conn().last_insert_rowid()
        })
    }
}
