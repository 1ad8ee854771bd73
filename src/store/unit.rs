//! Units in time: by code and day, the tree, what became of them, what lies below them.
mod choice;

use super::query::numbers;
use super::{Days, Db, Result, Tx};
use crate::domain::record::Kind;
use crate::domain::unit::{PastName, Succession, SuccessionKind};
use crate::domain::value::Code;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::HashMap;

/// One life of a code: a unit with its validity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitLife {
    /// Row of the unit.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its latest name, or its name on the day asked for.
    pub name: String,
    /// Its level, as a code.
    pub level: String,
    /// Its branch, as a code.
    pub branch: String,
    /// Row of its parent.
    pub parent: Option<i64>,
    /// First day; none: from before the records begin.
    pub valid_from: Option<NaiveDate>,
    /// Last day; none: until further notice.
    pub valid_to: Option<NaiveDate>,
    /// Whether anything hangs below it.
    pub has_children: bool,
}

impl UnitLife {
    /// Whether the unit existed on a day.
    #[must_use]
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// What stands in the registers for a unit with all below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitCounts {
    /// Registrations.
    pub models: usize,
    /// Dialogues.
    pub dialogues: usize,
    /// Petitions.
    pub petitions: usize,
    /// Petitions not finished.
    pub open: usize,
    /// Petitions past their deadline.
    pub late: usize,
    /// Visits received.
    pub receptions: usize,
}

const LIFE: &str = "t.id, t.code, t.name, t.level, t.branch, t.parent_id, nullif(t.valid_from,''), t.valid_to, \
    EXISTS (SELECT 1 FROM unit c WHERE c.parent_id = t.id AND c.deleted_at IS NULL)";
/// The same with the name of a day (first parameter).
const LIFE_ON: &str = "t.id, t.code, coalesce((SELECT p.name FROM unit_past p WHERE p.unit_id = t.id AND p.until >= ?1 ORDER BY p.until LIMIT 1), t.name), \
    t.level, t.branch, t.parent_id, nullif(t.valid_from,''), t.valid_to, \
    EXISTS (SELECT 1 FROM unit c WHERE c.parent_id = t.id AND c.deleted_at IS NULL AND c.valid_from <= ?1 AND (c.valid_to IS NULL OR c.valid_to >= ?1))";

fn life(row: &Row) -> rusqlite::Result<UnitLife> {
    Ok(UnitLife {
        id: row.get(0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        level: row.get(3)?,
        branch: row.get(4)?,
        parent: row.get(5)?,
        valid_from: day(row.get(6)?),
        valid_to: day(row.get(7)?),
        has_children: row.get(8)?,
    })
}

fn day(text: Option<String>) -> Option<NaiveDate> {
    text.and_then(|s| NaiveDate::parse_from_str(&s, "%Y-%m-%d").ok())
}

impl Db<'_> {
    /// The units below each of `above`, itself with them: (the one above, the one below).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn units_below(&self, above: &[i64]) -> Result<Vec<(i64, i64)>> {
        let mut stmt = self.conn.prepare(&format!(
            "SELECT ancestor_id, unit_id FROM unit_closure WHERE ancestor_id IN ({})",
            numbers(above)
        ))?;
        let rows = stmt.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The level of every unit, as its code.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_levels(&self) -> Result<HashMap<i64, Option<String>>> {
        let mut stmt = self.conn.prepare_cached("SELECT id, level FROM unit")?;
        let rows = stmt.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every life of a code, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_lives(&self, code: &str) -> Result<Vec<UnitLife>> {
        let sql = format!(
            "SELECT {LIFE} FROM unit t WHERE t.code = ? AND t.deleted_at IS NULL ORDER BY t.valid_from"
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map([code], life)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The days on which a unit began, was the first not to be, or bore another name, in order.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_turns(&self) -> Result<Vec<NaiveDate>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT nullif(day, '') FROM (SELECT DISTINCT valid_from AS day FROM unit) \
             UNION SELECT date(day, '+1 day') FROM (SELECT DISTINCT valid_to AS day FROM unit) \
             UNION SELECT date(day, '+1 day') FROM (SELECT DISTINCT until AS day FROM unit_past) ORDER BY 1",
        )?;
        let rows = stmt.query_map([], |r| Ok(day(r.get(0)?)))?;
        let days: Vec<Option<NaiveDate>> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(days.into_iter().flatten().collect())
    }

    /// A unit by its row, named as on `on`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_life(&self, id: i64, on: NaiveDate) -> Result<Option<UnitLife>> {
        let sql = format!("SELECT {LIFE_ON} FROM unit t WHERE t.id = ?2");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row(params![on.to_string(), id], life)
            .optional()?)
    }

    /// The children of a unit (or the top units) on a day, in Vietnamese order; administrative ones first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_children(&self, parent: Option<i64>, on: NaiveDate) -> Result<Vec<UnitLife>> {
        let sql = format!(
            "SELECT {LIFE_ON} FROM unit t WHERE t.parent_id IS ?2 AND t.deleted_at IS NULL \
             AND t.valid_from <= ?1 AND (t.valid_to IS NULL OR t.valid_to >= ?1) \
             ORDER BY t.branch <> 'administrative', coalesce((SELECT danvan_key(p.name) FROM unit_past p \
             WHERE p.unit_id = t.id AND p.until >= ?1 ORDER BY p.until LIMIT 1), t.name_key), t.id"
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map(params![on.to_string(), parent], life)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every child that units (or, for none, the top) ever had, by code, named as on `on`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_children_ever(&self, parents: &[i64], on: NaiveDate) -> Result<Vec<UnitLife>> {
        let ids: Vec<String> = parents.iter().map(i64::to_string).collect();
        let above = if ids.is_empty() {
            "t.parent_id IS NULL".to_owned()
        } else {
            format!("t.parent_id IN ({})", ids.join(","))
        };
        let sql = format!(
            "SELECT {LIFE_ON} FROM unit t WHERE {above} AND t.deleted_at IS NULL \
             ORDER BY t.branch <> 'administrative', t.code, t.valid_from"
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let rows = stmt.query_map([on.to_string()], life)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The units above a unit, the topmost first, itself last.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_path(&self, id: i64, on: NaiveDate) -> Result<Vec<UnitLife>> {
        let mut path = Vec::new();
        let mut next = Some(id);
        // A tree of this kind is a handful of levels deep; the bound guards against a damaged loop.
        while let Some(id) = next.filter(|_| path.len() < 12) {
            let Some(unit) = self.unit_life(id, on)? else {
                break;
            };
            next = unit.parent;
            path.push(unit);
        }
        path.reverse();
        Ok(path)
    }

    /// Units whose code begins with, or whose folded name contains, every word of `folded`; those valid on
    /// `on` first, then the shorter level first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_match(&self, folded: &str, on: NaiveDate, limit: usize) -> Result<Vec<UnitLife>> {
        let words: Vec<&str> = folded.split_whitespace().collect();
        let mut cond = String::from("t.deleted_at IS NULL");
        for (i, _) in words.iter().enumerate() {
            use std::fmt::Write as _;
            let _ = write!(
                cond,
                " AND (instr(t.folded, ?{0}) > 0 OR instr(lower(t.code), ?{0}) = 1)",
                i + 3
            );
        }
        let sql = format!(
            "SELECT {LIFE_ON} FROM unit t WHERE {cond} ORDER BY \
             NOT (t.valid_from <= ?1 AND (t.valid_to IS NULL OR t.valid_to >= ?1)), \
             lower(t.code) <> ?2, instr((' ' || t.folded || ' '), ' ' || ?2 || ' ') = 0, \
             CASE t.level WHEN 'central' THEN 0 WHEN 'province' THEN 1 WHEN 'district' THEN 2 WHEN 'commune' THEN 3 ELSE 4 END, \
             t.name_key, t.id LIMIT {limit}"
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let mut values = vec![on.to_string(), folded.to_owned()];
        values.extend(words.iter().map(|w| (*w).to_owned()));
        let rows = stmt.query_map(rusqlite::params_from_iter(values), life)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn successions(&self, sql: &str, id: i64) -> Result<Vec<Succession>> {
        let mut stmt = self.conn.prepare_cached(sql)?;
        let rows = stmt.query_map([id], |r| {
            let kind: String = r.get(5)?;
            Ok(Succession {
                id: r.get(0)?,
                code: r.get(1)?,
                name: r.get(2)?,
                valid_from: day(r.get(3)?),
                valid_to: day(r.get(4)?),
                kind: SuccessionKind::from_code(&kind).unwrap_or(SuccessionKind::Part),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What a unit became.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn successors(&self, id: i64) -> Result<Vec<Succession>> {
        self.successions(
            "SELECT u.id, u.code, u.name, nullif(u.valid_from,''), u.valid_to, s.kind FROM unit_successor s \
             JOIN unit u ON u.id = s.successor_id WHERE s.unit_id = ? ORDER BY s.kind DESC, u.name_key",
            id,
        )
    }

    /// What the units directly below a unit became: the fate of an abolished district's area.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn successors_of_children(&self, id: i64) -> Result<Vec<Succession>> {
        self.successions(
            "SELECT u.id, u.code, u.name, nullif(u.valid_from,''), u.valid_to, min(s.kind) FROM unit c \
             JOIN unit_successor s ON s.unit_id = c.id JOIN unit u ON u.id = s.successor_id \
             WHERE c.parent_id = ? GROUP BY u.id ORDER BY u.name_key",
            id,
        )
    }

    /// What a unit was made of.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn origins(&self, id: i64) -> Result<Vec<Succession>> {
        self.successions(
            "SELECT u.id, u.code, u.name, nullif(u.valid_from,''), u.valid_to, s.kind FROM unit_successor s \
             JOIN unit u ON u.id = s.unit_id WHERE s.successor_id = ? ORDER BY s.kind DESC, u.name_key",
            id,
        )
    }

    /// Earlier names of a unit.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn past_names(&self, id: i64) -> Result<Vec<PastName>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT until, name, legal_basis, confirmed FROM unit_past WHERE unit_id = ? ORDER BY until",
        )?;
        let rows = stmt.query_map([id], |r| {
            Ok(PastName {
                until: day(r.get(0)?).unwrap_or(NaiveDate::MAX),
                name: r.get(1)?,
                legal_basis: r.get(2)?,
                confirmed: r.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Counts over a unit's subtree, each up to one more than [`CAP`](crate::domain::query::CAP).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_counts(&self, id: i64, days: Days) -> Result<UnitCounts> {
        let below = super::query::in_subtrees("t.unit_id", "?1");
        let today = days.today.to_string();
        let count = |what: &str| -> Result<usize> {
            let sql = format!(
                "SELECT count(*) FROM (SELECT 1 FROM {what} AND t.deleted_at IS NULL AND {below} LIMIT {})",
                crate::domain::query::CAP + 1
            );
            // Every statement has both parameters, so that they are bound alike.
            let mut stmt = self.conn.prepare_cached(&sql)?;
            let n: i64 = stmt.query_row((id, &today), |r| r.get(0))?;
            Ok(usize::try_from(n).unwrap_or(0))
        };
        let of = |table: &str| count(&format!("{table} t WHERE ?2 IS NOT NULL"));
        let (open, of_unit) = (
            super::query::OPEN,
            "petition t INDEXED BY petition_open_unit",
        );
        Ok(UnitCounts {
            models: of("model")?,
            dialogues: of("dialogue")?,
            petitions: of("petition")?,
            open: count(&format!("{of_unit} WHERE ?2 IS NOT NULL AND {open}"))?,
            late: count(&format!("{of_unit} WHERE t.due_on < ?2 AND {open}"))?,
            receptions: of("reception")?,
        })
    }

    /// Whether `id` lies below `above`, or is it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_is_below(&self, id: i64, above: i64) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached("SELECT 1 FROM unit_closure WHERE ancestor_id = ? AND unit_id = ?")?
            .exists((above, id))?)
    }
}

impl Db<'_> {
    /// The first live record of a kind that names a unit through a field and is dated outside a span; an opinion
    /// has the day of its dialogue.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn outside(
        &self,
        kind: Kind,
        key: &str,
        unit: i64,
        span: (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Result<Option<i64>> {
        let table = super::table(kind);
        let Some(column) = table.column(key) else {
            return Ok(None);
        };
        let date = match kind {
            Kind::Opinion => "(SELECT d.held_on FROM dialogue d WHERE d.id = t.dialogue_id)".into(),
            _ => format!("t.{}", table.date),
        };
        let sql = format!(
            "SELECT min(t.id) FROM {} t WHERE t.{} = ?1 AND t.deleted_at IS NULL \
             AND ({date} < coalesce(?2, '') OR {date} > coalesce(?3, '9999'))",
            table.name, column.name
        );
        let (from, to) = (span.0.map(|d| d.to_string()), span.1.map(|d| d.to_string()));
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row(params![unit, from, to], |r| r.get(0))?)
    }
}

impl Tx<'_> {
    /// Rebuilds what lies above a new or moved unit, for it and all below it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn place_unit(&self, id: i64, parent: Option<i64>) -> Result<()> {
        let conn = self.conn();
        conn.execute(
            "INSERT OR IGNORE INTO unit_closure(ancestor_id, unit_id) VALUES (?1, ?1)",
            [id],
        )?;
        conn.execute(
            "DELETE FROM unit_closure WHERE unit_id IN (SELECT unit_id FROM unit_closure WHERE ancestor_id = ?1) \
             AND ancestor_id NOT IN (SELECT unit_id FROM unit_closure WHERE ancestor_id = ?1)",
            [id],
        )?;
        if let Some(parent) = parent {
            conn.execute(
                "INSERT OR IGNORE INTO unit_closure(ancestor_id, unit_id) \
                 SELECT a.ancestor_id, d.unit_id FROM unit_closure a, unit_closure d WHERE a.unit_id = ?1 AND d.ancestor_id = ?2",
                [parent, id],
            )?;
        }
        Ok(())
    }

    /// Replaces the successors of a unit.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_successors(&self, id: i64, to: &[(i64, SuccessionKind)]) -> Result<()> {
        self.conn()
            .execute("DELETE FROM unit_successor WHERE unit_id = ?", [id])?;
        for (successor, kind) in to {
            self.conn()
                .prepare_cached(
                    "INSERT INTO unit_successor(unit_id, successor_id, kind) VALUES (?,?,?)",
                )?
                .execute(params![id, successor, kind.code()])?;
        }
        Ok(())
    }

    /// Revisions of a unit grow when something about it beside its row changes.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn touch(&self, kind: Kind, id: i64) -> Result<()> {
        let sql = format!(
            "UPDATE {} SET rev = rev + 1 WHERE id = ?",
            super::table(kind).name
        );
        self.conn().prepare_cached(&sql)?.execute([id])?;
        Ok(())
    }
}
