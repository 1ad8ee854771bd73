//! How many rows a list has where it is kept beside the rows: exactly, and at once however many there are.
use super::super::query::{Days, OPEN_STAGES, idle_of};
use super::super::rate::ODD;
use super::super::{Db, Result};
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use chrono::{Datelike, NaiveDate};
use rusqlite::{Connection, OptionalExtension, params_from_iter};

/// Before every day, and after every one.
const ENDS: (&str, &str) = ("", "9999-12-31");

/// First and last day, as text.
type Span = (String, String);

fn span(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Span {
    let or = |day: Option<NaiveDate>, end: &str| day.map_or(end.to_owned(), |d| d.to_string());
    (or(from, ENDS.0), or(to, ENDS.1))
}

/// Deadlines of the open petitions of a standing.
fn due(standing: &str, days: Days) -> Option<Span> {
    Some(match standing {
        "overdue" => span(None, Some(days.today.pred_opt()?)),
        "due_soon" => span(Some(days.today), Some(days.soon)),
        "on_time" => span(Some(days.soon.succ_opt()?.max(days.today)), None),
        _ => return None,
    })
}

/// Between which days the deadline of an open petition lies, by conditions on nothing but that.
fn due_between(conds: &[Cond]) -> Option<Span> {
    let (mut from, mut to) = (NaiveDate::MIN, NaiveDate::MAX);
    for cond in conds {
        match (cond.key, cond.op, &cond.value) {
            ("due_on", Op::Ne, Value::Null) => {}
            ("due_on", Op::Lt, Value::Date(day)) => to = to.min(day.pred_opt()?),
            ("due_on", Op::Le, Value::Date(day)) => to = to.min(*day),
            ("due_on", Op::Ge, Value::Date(day)) => from = from.max(*day),
            ("due_on", Op::Gt, Value::Date(day)) => from = from.max(day.succ_opt()?),
            _ => return None,
        }
    }
    let day = |day: NaiveDate, none| Some(day).filter(|day| *day != none);
    // Without a condition those count as well that have no deadline.
    (!conds.is_empty()).then(|| span(day(from, NaiveDate::MIN), day(to, NaiveDate::MAX)))
}

/// The spans of `rate_count` in which petitions of all units were received between two days: whole years as such.
fn received(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Vec<Span> {
    let days = |from: &str, to: &str| (format!("t{from}"), format!("t{to}"));
    let years = |from: &str, to: &str| (format!("u{from}"), format!("u{to}"));
    let (mut first, mut last) = (ENDS.0.to_owned(), ENDS.1.to_owned());
    let mut found = Vec::new();
    match (from, to) {
        (Some(from), Some(to)) if from.year() == to.year() => {
            return vec![days(&from.to_string(), &to.to_string())];
        }
        _ => {}
    }
    if let Some(from) = from {
        found.push(days(
            &from.to_string(),
            &format!("{:04}-12-31", from.year()),
        ));
        first = format!("{:04}", from.year() + 1);
    }
    if let Some(to) = to {
        found.push(days(&format!("{:04}-01-01", to.year()), &to.to_string()));
        last = format!("{:04}", to.year() - 1);
    }
    found.push(years(&first, &last));
    found
}

impl Db<'_> {
    /// How many rows a list has; none where it is asked for something that is not summed.
    pub(in crate::store) fn count_kept(&self, q: &Query, days: Days) -> Result<Option<usize>> {
        let bare = Query {
            from: None,
            to: None,
            sort: Vec::new(),
            conds: Vec::new(),
            open: false,
            ..q.clone()
        };
        let plain = bare == Query::all(q.kind);
        let n = match (q.kind, q.conds.as_slice()) {
            _ if !plain => return Ok(None),
            (Kind::Petition, conds) if q.open => match due_between(conds) {
                Some(due) if q.from.is_none() && q.to.is_none() => {
                    Some(self.day_count("due", due)?)
                }
                _ => None,
            },
            _ if q.open => None,
            (Kind::Petition, []) => Some(self.received_count(q, days)?),
            (Kind::Reception, []) => Some(self.day_count("reception", span(q.from, q.to))?),
            (Kind::Petition, [cond]) if cond.op == Op::Eq => {
                let code = cond.value.text().unwrap_or_default();
                let whole = q.from.is_none() && q.to.is_none();
                match cond.key {
                    "stage" if OPEN_STAGES.contains(&code) => {
                        Some(self.day_count(code, span(q.from, q.to))?)
                    }
                    "standing" if whole => match due(code, days) {
                        Some(due) => Some(self.day_count("due", due)?),
                        None => None,
                    },
                    "idle_alarm" if code != "none" => {
                        Some(self.idle_count(code, days, span(q.from, q.to))?)
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        Ok(n.map(|n| usize::try_from(n).unwrap_or(0)))
    }

    /// What is kept of the days of a span.
    fn day_count(&self, what: &str, (from, to): Span) -> Result<i64> {
        let sql =
            "SELECT coalesce(sum(n), 0) FROM day_count WHERE what = ? AND day BETWEEN ? AND ?";
        let mut stmt = self.conn.prepare_cached(sql)?;
        Ok(stmt.query_row([what, &from, &to], |r| r.get(0))?)
    }

    /// Unhandled petitions with a warning today: each day of receipt has its rule.
    fn idle_count(&self, code: &str, days: Days, (from, to): Span) -> Result<i64> {
        let sql = format!(
            "SELECT coalesce(sum(t.n), 0) FROM day_count t WHERE t.what IN ('received','classified') \
             AND t.day BETWEEN ? AND ? AND {} = ?",
            idle_of("t.day", days)
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        Ok(stmt.query_row([&from, &to, code], |r| r.get(0))?)
    }

    /// Petitions received in the period of a list: from the sums, with those that no sum holds.
    fn received_count(&self, q: &Query, days: Days) -> Result<i64> {
        let mut count = 0;
        for (from, to) in received(q.from, q.to) {
            let sql = "SELECT coalesce(sum(received), 0) FROM rate_count WHERE span BETWEEN ? AND ? AND unit_id = -1";
            let mut stmt = self.conn.prepare_cached(sql)?;
            count += stmt.query_row([from, to], |r| r.get::<_, i64>(0))?;
        }
        let mut odd = self.conditions(q, days)?;
        odd.push(ODD, []);
        let sql = format!(
            "SELECT count(*) FROM petition t INDEXED BY petition_odd WHERE {}",
            odd.sql()
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        count += stmt.query_row(params_from_iter(odd.params), |r| r.get::<_, i64>(0))?;
        Ok(count)
    }

    /// Whether what is kept of each day is what there is, counted again.
    pub(super) fn days_hold(&self) -> Result<bool> {
        let kept = "SELECT what, day, n FROM day_count WHERE n <> 0";
        let there = "SELECT what, day, n FROM day_counted";
        let sql = format!(
            "SELECT 1 FROM (SELECT * FROM ({kept} EXCEPT {there}) UNION ALL SELECT * FROM ({there} EXCEPT {kept})) LIMIT 1"
        );
        let apart: Option<i64> = self.conn.query_row(&sql, [], |r| r.get(0)).optional()?;
        Ok(apart.is_none())
    }
}

/// Counts what is kept of each day again from the rows.
pub(super) fn recount_days(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "DELETE FROM day_count; INSERT INTO day_count(what, day, n) SELECT what, day, n FROM day_counted",
    )?;
    Ok(())
}
