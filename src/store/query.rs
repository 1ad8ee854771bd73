//! Lists: conditions on fields become SQL; the rows behind a figure use the figure's own conditions.
mod count;
mod order;
mod page;
mod words;

use super::record::{Reader, from_row, select, select_bare};
use super::table::{Col, table};
use super::{Db, Result, StoreError, search};
use crate::domain::fold::fold;
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use chrono::NaiveDate;
use order::{Key, order, table_of};
pub use page::Anchor;
use rusqlite::OptionalExtension;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};
use words::Words;

/// A record with the code of the rule that its deadline stands on.
pub type Ruled = (Box<dyn Record>, Option<String>);

/// The days that a standing is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// Today.
    pub today: NaiveDate,
    /// Last day that counts as due soon.
    pub soon: NaiveDate,
}

/// SQL text with its parameters.
#[derive(Debug, Default)]
pub(super) struct Where {
    parts: Vec<String>,
    pub(super) params: Vec<Sql>,
}

impl Where {
    pub(super) fn push(&mut self, sql: impl Into<String>, params: impl IntoIterator<Item = Sql>) {
        self.parts.push(sql.into());
        self.params.extend(params);
    }

    pub(super) fn sql(&self) -> String {
        if self.parts.is_empty() {
            "1".to_owned()
        } else {
            self.parts.join(" AND ")
        }
    }

    /// As a value, each part looked at only where those before it hold: one may need the row itself.
    fn in_turn(&self) -> String {
        let parts = self.parts.iter().rev();
        parts.fold("1".to_owned(), |then, part| {
            format!("(CASE WHEN {part} THEN {then} END)")
        })
    }
}

pub(super) fn date(d: NaiveDate) -> Sql {
    Sql::Text(d.to_string())
}

/// Standing of a petition as an expression; mirrors `domain::petition::standing`, and a test compares them.
fn standing_sql(days: Days) -> String {
    format!(
        "(CASE WHEN t.due_on IS NULL OR t.stage IN ('suspended','closed_other') THEN 'none' \
         WHEN t.stage = 'resolved' THEN CASE WHEN t.resolved_on > t.due_on THEN 'resolved_late' ELSE 'resolved_on_time' END \
         WHEN t.due_on < '{0}' THEN 'overdue' WHEN t.due_on <= '{1}' THEN 'due_soon' ELSE 'on_time' END)",
        days.today, days.soon
    )
}

/// Warning of a petition that lies unhandled as an expression; mirrors `app::idle`, and a test compares them.
fn idle_sql(days: Days) -> String {
    format!(
        "(CASE WHEN t.stage IN ('received','classified') AND t.deleted_at IS NULL THEN {} ELSE 'none' END)",
        idle_of("t.received_on", days)
    )
}

/// Warning of what was received on a day and lies unhandled.
pub(super) fn idle_of(received: &str, days: Days) -> String {
    format!(
        "coalesce((SELECT CASE WHEN julianday('{0}') - julianday({received}) >= r.amount THEN '45' \
         WHEN julianday('{0}') - julianday({received}) >= max(r.amount - 10, 0) THEN '35' END FROM rule r \
         WHERE r.code = 'PETITION_IDLE_ALARM' AND (r.valid_from IS NULL OR r.valid_from <= {received}) \
         AND (r.valid_to IS NULL OR r.valid_to >= {received}) ORDER BY r.id LIMIT 1), 'none')",
        days.today
    )
}

/// Between which days a petition with a warning can have been received, whatever rule holds for it: what the index of
/// open petitions by stage is asked for.
fn idle_since(code: &str, days: Days) -> String {
    let rules = "FROM rule WHERE code = 'PETITION_IDLE_ALARM'";
    let back = |amount: &str| {
        format!(
            "date('{}', '-' || (SELECT {amount} {rules}) || ' days')",
            days.today
        )
    };
    let (last, first) = match code {
        "45" => (back("min(amount)"), String::new()),
        _ => (
            back("max(min(amount) - 10, 0)"),
            format!(" AND t.received_on > {}", back("max(amount)")),
        ),
    };
    format!(
        "t.stage IN ('received','classified') AND t.received_on <= {last}{first} \
         AND t.received_on >= (SELECT min(coalesce(valid_from, '')) {rules})"
    )
}

/// The expression of a field, and how its column stores it.
fn expression(kind: Kind, key: &str, days: Days) -> Option<(String, Col)> {
    let table = table(kind);
    if let Some(column) = table.column(key) {
        let name = column.name;
        return Some(match column.col {
            Col::Unit => (
                format!("(SELECT u.code FROM unit u WHERE u.id = t.{name})"),
                Col::Text,
            ),
            Col::OpenDate => (format!("nullif(t.{name}, '')"), Col::Date),
            col => (format!("t.{name}"), col),
        });
    }
    Some(match (kind, key) {
        (_, "id" | "rev") => (format!("t.{key}"), Col::Int),
        (_, "number") if table.number_by.is_some() => {
            ("(t.number_seq || '/' || t.number_year)".into(), Col::Text)
        }
        (_, "deleted") => ("(t.deleted_at IS NOT NULL)".into(), Col::Bool),
        (Kind::Petition, "standing") => (standing_sql(days), Col::Text),
        (Kind::Petition, "idle_alarm") => (idle_sql(days), Col::Text),
        (Kind::Petition, "days_left") => (
            format!(
                "(CASE WHEN {OPEN} THEN CAST(julianday(t.due_on) - julianday('{}') AS INTEGER) END)",
                days.today
            ),
            Col::Int,
        ),
        _ => return None,
    })
}

fn sql_value(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Text(s) => Sql::Text(s.clone()),
        Value::Int(n) | Value::Ref(n) => Sql::Integer(*n),
        Value::Bool(b) => Sql::Integer(i64::from(*b)),
        Value::Date(d) => date(*d),
        Value::Dec(d) => Sql::Real(d.to_f64()),
        Value::Unit(u) => Sql::Text(u.code.clone()),
        Value::List(items) => Sql::Text(items.join("\n")),
    }
}

/// Petitions that still wait for someone; written as the partial indexes say it, so that they serve.
pub(super) const OPEN: &str = "(t.stage = 'received' OR t.stage = 'classified' OR t.stage = 'accepted' \
    OR t.stage = 'forwarded')";

/// The stages that [`OPEN`] names.
pub(super) const OPEN_STAGES: &[&str] = &["received", "classified", "accepted", "forwarded"];

/// A standing asked for by name, in terms that the index of deadlines serves.
fn standing_is(out: &mut Where, code: &str, days: Days) -> bool {
    let (today, soon) = (date(days.today), date(days.soon));
    match code {
        "overdue" => out.push(format!("{OPEN} AND t.due_on < ?"), [today]),
        "due_soon" => out.push(
            format!("{OPEN} AND t.due_on >= ? AND t.due_on <= ?"),
            [today, soon],
        ),
        "on_time" => out.push(
            format!("{OPEN} AND t.due_on > ? AND t.due_on >= ?"),
            [soon, today],
        ),
        _ => return false,
    }
    true
}

/// Number and year of `15/2026`.
fn number(text: &str) -> Option<(i64, i64)> {
    let (seq, year) = text.split_once('/')?;
    Some((seq.trim().parse().ok()?, year.trim().parse().ok()?))
}

fn condition(out: &mut Where, kind: Kind, cond: &Cond, days: Days) -> Result<()> {
    if let (Kind::Petition, "standing", Op::Eq, Some(code)) =
        (kind, cond.key, cond.op, cond.value.text())
        && standing_is(out, code, days)
    {
        return Ok(());
    }
    if let (Kind::Petition, key, Op::Eq, Some(code)) = (kind, cond.key, cond.op, cond.value.text())
        && match key {
            "stage" => OPEN_STAGES.contains(&code),
            "idle_alarm" => code != "none",
            _ => false,
        }
    {
        // Said once more as the index of open petitions says it, so that only those are looked at.
        out.push(OPEN, []);
        if cond.key == "idle_alarm" {
            // In terms that the index alone answers.
            out.push(idle_since(code, days), []);
            out.push("t.deleted_at IS NULL", []);
            out.push(
                format!("{} = ?", idle_of("t.received_on", days)),
                [Sql::Text(code.to_owned())],
            );
            return Ok(());
        }
    }
    let (expr, col) = expression(kind, cond.key, days)
        .ok_or_else(|| StoreError::Sql(format!("no field {}", cond.key)))?;
    let value = sql_value(&cond.value);
    if let ("number", Some((seq, year))) = (cond.key, cond.value.text().and_then(number))
        && cond.op != Op::Contains
    {
        // As a pair: 9/2026 comes before 10/2026, and both after every number of 2025.
        out.push(
            format!("(t.number_year, t.number_seq) {} (?, ?)", cond.op.code()),
            [Sql::Integer(year), Sql::Integer(seq)],
        );
        return Ok(());
    }
    if cond.op == Op::Contains {
        let needle = match &value {
            Sql::Text(s) => fold(s),
            Sql::Integer(n) => n.to_string(),
            _ => String::new(),
        };
        out.push(
            format!("instr(danvan_fold(CAST({expr} AS TEXT)), ?) > 0"),
            [Sql::Text(needle)],
        );
        return Ok(());
    }
    if col == Col::List && matches!(cond.op, Op::Eq | Op::Ne) && !cond.value.is_null() {
        let not = if cond.op == Op::Ne { "NOT " } else { "" };
        out.push(
            format!("{not}coalesce(instr(char(10) || {expr} || char(10), char(10) || ? || char(10)), 0) > 0"),
            [value],
        );
        return Ok(());
    }
    let op = match cond.op {
        // Indexes of what is entered serve «=» alone.
        Op::Eq if value != Sql::Null => "=",
        Op::Eq => "IS",
        Op::Ne => "IS NOT",
        other => other.code(),
    };
    out.push(format!("{expr} {op} ?"), [value]);
    Ok(())
}

/// Keeps the rows whose unit column lies in the subtrees of units, named by SQL: numbers or parameters.
pub(super) fn in_subtrees(column: &str, units: &str) -> String {
    format!("{column} IN (SELECT unit_id FROM unit_closure WHERE ancestor_id IN ({units}))")
}

/// Numbers of rows as SQL.
pub(super) fn numbers(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    ids.join(",")
}

impl Db<'_> {
    pub(super) fn conditions(&self, q: &Query, days: Days) -> Result<Where> {
        let table = table(q.kind);
        let mut out = Where::default();
        out.push(
            if q.deleted {
                "t.deleted_at IS NOT NULL"
            } else {
                "t.deleted_at IS NULL"
            },
            [],
        );
        for cond in &q.conds {
            condition(&mut out, q.kind, cond, days)?;
        }
        match q.kind {
            Kind::Petition if q.open => out.push(OPEN, []),
            Kind::Opinion if q.open => out.push("t.status <> 'answered'", []),
            _ => {}
        }
        self.places(&mut out, q)?;
        if let Some(from) = q.from {
            out.push(format!("t.{} >= ?", table.date), [date(from)]);
        }
        if let Some(to) = q.to {
            out.push(format!("t.{} <= ?", table.date), [date(to)]);
        }
        if let Some(on) = q.on {
            out.push(
                "t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?)",
                [date(on), date(on)],
            );
        }
        match self.words_of(q)? {
            Words::Any => {}
            Words::None => out.push("0", []),
            Words::Match(asked, _) => {
                out.push(search::matching(q.kind), [Sql::Text(asked.expression())])
            }
        }
        Ok(out)
    }

    /// The units and the figure of a list.
    fn places(&self, out: &mut Where, q: &Query) -> Result<()> {
        if !q.units.is_empty() {
            let unit = format!("t.{}", table(q.kind).unit);
            out.push(in_subtrees(&unit, &numbers(&q.units)), []);
        }
        match &q.cell {
            // A figure of another register has no rows in this one.
            Some(cell) if cell.kind() != q.kind => out.push("0", []),
            Some(cell) => self.cell_where(out, cell)?,
            None => {}
        }
        Ok(())
    }

    /// What the rows of a list are put in order by, the last being what no two rows share.
    fn keys(q: &Query, days: Days) -> Result<Vec<Key>> {
        let mut keys = Vec::new();
        for (key, descending) in &q.sort {
            let (mut expr, _) = expression(q.kind, key, days)
                .ok_or_else(|| StoreError::Sql(format!("no field {key}")))?;
            if *key == "number" {
                keys.push(Key::entered("t.number_year", *descending));
                expr = "t.number_seq".into();
            } else if q.kind == Kind::Unit && *key == "name" {
                expr = "t.name_key".into();
            } else if [
                "petitioner",
                "visitor",
                "officer",
                "chair",
                "receiver",
                "asker",
            ]
            .contains(key)
            {
                expr = format!("danvan_person_key({expr})");
            } else if ["name", "subject", "topic", "registrant_name", "short_name"].contains(key) {
                expr = format!("danvan_key({expr})");
            }
            keys.push(Key {
                always: *key == table(q.kind).date || *key == "number",
                expr,
                descending: *descending,
            });
        }
        let table = table(q.kind);
        if keys.is_empty() {
            match q.kind {
                Kind::Unit => {
                    keys.extend(["t.code", "t.valid_from"].map(|k| Key::entered(k, false)))
                }
                Kind::Opinion => {
                    keys.push(Key::entered("t.dialogue_id", true));
                    keys.push(Key::entered("t.position", false));
                }
                _ => keys.push(Key::entered(&format!("t.{}", table.date), true)),
            }
        }
        let newest_first = !matches!(q.kind, Kind::Unit | Kind::Opinion);
        keys.push(Key::entered("t.id", newest_first));
        Ok(keys)
    }

    /// The order of a list.
    fn order(q: &Query, days: Days) -> Result<String> {
        Ok(order(&Self::keys(q, days)?, false))
    }

    /// The rows of a list, from `offset`, at most `limit`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn list(
        &self,
        q: &Query,
        days: Days,
        offset: usize,
        limit: Option<usize>,
    ) -> Result<Vec<Box<dyn Record>>> {
        let mut rows = Vec::new();
        self.each::<StoreError>(q, days, (offset, limit), |record| {
            rows.push(record);
            Ok(None)
        })?;
        Ok(rows)
    }

    /// The rows of a list one by one, for output that is as long as the register. `take` may give back a record that
    /// is done with, for the next row to be read into: to give memory back in one thread that another has taken is
    /// slow.
    ///
    /// # Errors
    /// A failure of the database, or what `take` returns.
    pub fn each<E: From<StoreError>>(
        &self,
        q: &Query,
        days: Days,
        span: (usize, Option<usize>),
        mut take: impl FnMut(Box<dyn Record>) -> std::result::Result<Option<Box<dyn Record>>, E>,
    ) -> std::result::Result<(), E> {
        let order = Self::order(q, days)?;
        let mut reader = Reader::new(*self, q.kind).map_err(StoreError::from)?;
        let mut spare = None;
        let what = select_bare(table(q.kind));
        self.walk(q, days, &order, span, &what, |row| {
            let record = reader.read(row, spare.take()).map_err(StoreError::from)?;
            spare = take(record)?;
            Ok(())
        })
    }

    /// The first rows of a list of petitions or opinions, each with the code of the rule its deadline stands on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn list_with_rule(
        &self,
        q: &Query,
        days: Days,
        limit: Option<usize>,
    ) -> Result<Vec<Ruled>> {
        let rule = match q.kind {
            Kind::Petition => "t.due_rule",
            _ => "NULL",
        };
        let mut rows = Vec::new();
        let what = format!("{}, {rule} AS rule", select(table(q.kind)));
        if let Some(limit) = limit {
            // Put in order by the index alone: many may share the day of the last one.
            let ids = self.page_ids(q, days, Anchor::First, limit)?;
            self.fetch(q.kind, ids.as_deref().unwrap_or_default());
            let sql = format!("SELECT {what} FROM {} t WHERE t.id = ?", table(q.kind).name);
            let mut one = self.conn.prepare_cached(&sql)?;
            for id in ids.unwrap_or_default() {
                // It may be gone since.
                let row = one.query_row([id], |r| Ok((from_row(q.kind, r)?, r.get("rule")?)));
                rows.extend(row.optional()?);
            }
            return Ok(rows);
        }
        self.walk::<StoreError>(q, days, &Self::order(q, days)?, (0, None), &what, |row| {
            rows.push((from_row(q.kind, row)?, row.get("rule")?));
            Ok(())
        })?;
        Ok(rows)
    }

    /// Hands on the rows of a list in an order of SQL, `what` being selected.
    fn walk<E: From<StoreError>>(
        &self,
        q: &Query,
        days: Days,
        order: &str,
        (offset, limit): (usize, Option<usize>),
        what: &str,
        mut take: impl FnMut(&Row) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut filter = self.conditions(q, days)?;
        let sql = format!(
            "SELECT {what} FROM {} WHERE {} ORDER BY {order} LIMIT ? OFFSET ?",
            table_of(q),
            filter.sql(),
        );
        let limit = limit.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX));
        filter.params.push(Sql::Integer(limit));
        filter
            .params
            .push(Sql::Integer(i64::try_from(offset).unwrap_or(i64::MAX)));
        let mut stmt = self.conn.prepare_cached(&sql).map_err(StoreError::from)?;
        let mut rows = stmt
            .query(params_from_iter(filter.params))
            .map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            take(row)?;
        }
        Ok(())
    }
}
