//! What a new database starts with: the units of Vietnam in time, the calendar, the deadline rules, the
//! indicators. Facts only, from `db/seed`.
use super::{Result, StoreError, Tx};
use crate::domain::collate::sort_key;
use crate::domain::deadline::Rule;
use crate::domain::fold::fold;
use crate::domain::unit::Unit;
use chrono::NaiveDate;
use flate2::read::DeflateDecoder;
use rusqlite::params;
use std::collections::HashMap;
use std::io::Read;

/// A table that the build has packed (`db/pack.rs`): it is read once in the life of a database.
macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".z"))
    };
}

const UNITS_2024: &[u8] = packed!("units_2024.tsv");
const UNITS_2025: &[u8] = packed!("units_2025.tsv");
const SUCCESSION: &[u8] = packed!("succession.tsv");
const CHANGES: &str = include_str!("../../db/seed/unit_changes_2026.tsv");
const CALENDAR: &str = include_str!("../../db/seed/calendar.tsv");
const RULES: &str = include_str!("../../db/seed/rules.csv");
const INDICATORS: &str = include_str!("../../db/seed/indicators.tsv");

/// Last day of the old map and first day of the new one (Luật 72/2025, NQ 202/2025/QH15).
const OLD_TO: &str = "2025-06-30";
const NEW_FROM: &str = "2025-07-01";

fn unpack(packed: &[u8]) -> Result<String> {
    let mut text = String::new();
    DeflateDecoder::new(packed).read_to_string(&mut text)?;
    Ok(text)
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

/// Level of an administrative unit by the length of its code.
fn level(code: &str) -> &'static str {
    match code.len() {
        2 => "province",
        3 => "district",
        _ => "commune",
    }
}

impl Tx<'_> {
    /// Fills a new database.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn seed(&self) -> Result<()> {
        let (before, after) = (unpack(UNITS_2024)?, unpack(UNITS_2025)?);
        let old = self.seed_units(&before, "", Some(OLD_TO))?;
        let new = self.seed_units(&after, NEW_FROM, None)?;
        self.seed_succession(&old, &new)?;
        self.seed_changes(&new)?;
        self.conn().execute_batch(
            "INSERT INTO unit_closure(ancestor_id, unit_id) SELECT id, id FROM unit;
             INSERT INTO unit_closure(ancestor_id, unit_id) SELECT parent_id, id FROM unit WHERE parent_id IS NOT NULL;
             INSERT OR IGNORE INTO unit_closure(ancestor_id, unit_id)
               SELECT p.parent_id, u.id FROM unit u JOIN unit p ON p.id = u.parent_id WHERE p.parent_id IS NOT NULL;",
        )?;
        self.seed_calendar()?;
        self.seed_rules()?;
        let mut add = self
            .conn()
            .prepare("INSERT INTO indicator(code, name, count_unit) VALUES (?,?,?)")?;
        for row in rows(INDICATORS) {
            if let [code, name, unit] = row[..] {
                add.execute([code, name, unit])?;
            }
        }
        Ok(())
    }

    fn seed_units<'t>(
        &self,
        text: &'t str,
        from: &str,
        to: Option<&str>,
    ) -> Result<HashMap<&'t str, i64>> {
        let mut ids: HashMap<&str, i64> = HashMap::new();
        let mut all: Vec<Vec<&str>> = rows(text).collect();
        all.sort_by_key(|row| row.first().map_or(0, |code| code.len()));
        let mut add = self.conn().prepare(
            "INSERT INTO unit(code, name, level, parent_id, valid_from, valid_to, folded, name_key) VALUES (?,?,?,?,?,?,?,?)",
        )?;
        let from_date = NaiveDate::parse_from_str(from, "%Y-%m-%d").ok();
        for row in all {
            let [code, name, parent] = row[..] else {
                return Err(StoreError::Sql(format!("seed: {row:?}")));
            };
            add.execute(params![
                code,
                name,
                level(code),
                ids.get(parent),
                from,
                to,
                fold(name),
                sort_key(name)
            ])?;
            let id = self.conn().last_insert_rowid();
            ids.insert(code, id);
            let mut unit = Unit {
                code: Some(code.to_owned()),
                name: Some(name.to_owned()),
                valid_from: from_date,
                ..Unit::default()
            };
            unit.head.id = id;
            unit.head.rev = 1;
            self.index(&unit)?;
        }
        Ok(ids)
    }

    fn seed_succession(&self, old: &HashMap<&str, i64>, new: &HashMap<&str, i64>) -> Result<()> {
        let mut add = self
            .conn()
            .prepare("INSERT INTO unit_successor(unit_id, successor_id, kind) VALUES (?,?,?)")?;
        for row in rows(&unpack(SUCCESSION)?) {
            let [from, to, kind] = row[..] else { continue };
            if let (Some(from), Some(to)) = (old.get(from), new.get(to)) {
                add.execute(params![
                    from,
                    to,
                    if kind == "w" { "whole" } else { "part" }
                ])?;
            }
        }
        Ok(())
    }

    /// Renamings keep the unit: the earlier name stays beside it with its last day.
    fn seed_changes(&self, new: &HashMap<&str, i64>) -> Result<()> {
        for row in rows(CHANGES) {
            let [code, name, date, basis] = row[..] else {
                continue;
            };
            let (Some(id), Ok(day)) = (new.get(code), NaiveDate::parse_from_str(date, "%Y-%m-%d"))
            else {
                continue;
            };
            // Only the resolution's date is known, so the day of change is not confirmed.
            self.conn().execute(
                "INSERT INTO unit_past(unit_id, until, name, short_name, level, parent_id, legal_basis, confirmed) \
                 SELECT id, ?2, name, short_name, level, parent_id, ?3, 0 FROM unit WHERE id = ?1",
                params![id, day.pred_opt().unwrap_or(day).to_string(), basis],
            )?;
            self.conn().execute(
                "UPDATE unit SET name = ?2, folded = ?3, name_key = ?4 WHERE id = ?1",
                params![id, name, fold(name), sort_key(name)],
            )?;
            let mut unit = Unit {
                code: Some(code.to_owned()),
                name: Some(name.to_owned()),
                ..Unit::default()
            };
            unit.head.id = *id;
            unit.head.rev = 2;
            self.index(&unit)?;
        }
        Ok(())
    }

    fn seed_calendar(&self) -> Result<()> {
        let mut add = self
            .conn()
            .prepare("INSERT INTO calendar_day(date, kind, name, confirmed) VALUES (?,?,?,?)")?;
        for row in rows(CALENDAR) {
            if let [date, kind, name, confirmed] = row[..] {
                add.execute(params![date, kind, name, confirmed == "1"])?;
            }
        }
        // Past years whose every day is known need no one's confirmation.
        self.conn().execute(
            "INSERT INTO calendar_year(year) SELECT CAST(substr(date, 1, 4) AS INTEGER) FROM calendar_day \
             GROUP BY 1 HAVING min(confirmed) = 1",
            [],
        )?;
        Ok(())
    }

    fn seed_rules(&self) -> Result<()> {
        let mut add = self.conn().prepare(
            "INSERT INTO rule(code, type, level, complex, remote, valid_from, valid_to, kind, amount, unit, start_event, source) \
             VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        )?;
        for line in RULES.lines().skip(1) {
            let rule = Rule::parse_row(line).map_err(|e| StoreError::Sql(format!("{e:?}")))?;
            add.execute(params![
                rule.code,
                rule.petition_type,
                rule.level,
                rule.complex.code(),
                rule.remote.code(),
                rule.valid_from.map(|d| d.to_string()),
                rule.valid_to.map(|d| d.to_string()),
                rule.kind.code(),
                rule.amount,
                rule.unit.code(),
                rule.start_event,
                rule.source
            ])?;
        }
        Ok(())
    }
}
