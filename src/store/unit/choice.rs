//! Units in the order in which people choose them.
use super::{LIFE_ON, life};
use crate::domain::record::Kind;
use crate::store::{Db, Result, UnitLife, table};
use chrono::NaiveDate;

/// How many of the newest records tell what is used most: enough for a habit, the same cost in every office.
const NEWEST: usize = 2000;
/// Most values that are told apart by use.
const TOLD: usize = 200;

/// What may stand before the name proper of a unit, folded; the name begins after it.
const FORMS: [&str; 10] = [
    "",
    "tinh ",
    "thanh pho ",
    "huyen ",
    "quan ",
    "thi xa ",
    "thi tran ",
    "xa ",
    "phuong ",
    "dac khu ",
];

impl Db<'_> {
    /// The values of a column that the newest records of a register use most, with how often; units and references
    /// by their row, as text. None for a field that has no column.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn uses(&self, kind: Kind, key: &str) -> Result<Vec<(String, i64)>> {
        let table = table(kind);
        let Some(column) = table.columns.iter().find(|column| column.key == key) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT CAST(v AS TEXT), count(*) FROM (SELECT {} AS v FROM {} WHERE deleted_at IS NULL \
             ORDER BY id DESC LIMIT {NEWEST}) WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {TOLD}",
            column.name, table.name
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Units that folded words name, by code or name, in the order of a pick list: valid on the day, of exactly this
    /// code, of this name, whose name begins so, with these words one after the other, most used (`uses`: row and
    /// number), below one of `own`, with these words whole, the higher level, the name.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unit_choices(
        &self,
        folded: &str,
        on: NaiveDate,
        (own, uses): (&[i64], &[(i64, i64)]),
        limit: usize,
    ) -> Result<Vec<UnitLife>> {
        let words: Vec<&str> = folded.split_whitespace().collect();
        let cond: String = (3..words.len() + 3)
            .map(|at| {
                format!(" AND (instr(t.folded, ?{at}) > 0 OR instr(lower(t.code), ?{at}) = 1)")
            })
            .collect();
        let own: Vec<String> = own.iter().map(i64::to_string).collect();
        // Numbers of rows, never text: they may stand in the statement itself.
        let used: String = uses
            .iter()
            .map(|(id, n)| format!(", ({id}, {n})"))
            .collect();
        let named = |how: fn(&str) -> String| {
            let all: Vec<String> = FORMS.iter().map(|form| how(form)).collect();
            let all = all.join(" OR ");
            // Without a word every name begins so.
            if folded.is_empty() {
                "1".to_owned()
            } else {
                all
            }
        };
        let whole = named(|form| format!("t.folded = '{form}' || ?2"));
        let begins = named(|form| format!("instr(t.folded, '{form}' || ?2) = 1"));
        let sql = format!(
            "WITH used(id, n) AS (VALUES (0, 0){used}), \
             mine(id) AS MATERIALIZED (SELECT unit_id FROM unit_closure WHERE ancestor_id IN ({})) \
             SELECT {LIFE_ON} FROM unit t LEFT JOIN used u ON u.id = t.id \
             WHERE t.deleted_at IS NULL{cond} ORDER BY \
             NOT (t.valid_from <= ?1 AND (t.valid_to IS NULL OR t.valid_to >= ?1)), \
             lower(t.code) <> ?2, NOT ({whole}), NOT ({begins}), \
             instr(' ' || t.folded, ' ' || ?2) = 0, -coalesce(u.n, 0), t.id NOT IN mine, \
             instr((' ' || t.folded || ' '), ' ' || ?2 || ' ') = 0, \
             CASE t.level WHEN 'central' THEN 0 WHEN 'province' THEN 1 WHEN 'district' THEN 2 WHEN 'commune' THEN 3 ELSE 4 END, \
             t.name_key, t.id LIMIT {limit}",
            own.join(",")
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let mut values = vec![on.to_string(), folded.to_owned()];
        values.extend(words.iter().map(|w| (*w).to_owned()));
        let rows = stmt.query_map(rusqlite::params_from_iter(values), life)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
