//! Sums that rates are read from: petitions by event, unit and month, kept by triggers within the very change.
mod count;
mod fresh;
mod list;

use super::query::{in_subtrees, numbers};
use super::rate::Tally;
use super::table::table;
use super::{Db, GroupKey, Result, Tx};
use crate::domain::rate::{Cell, CellUnit, Measure, Part, Slot};
use crate::domain::record::Kind;
use chrono::{Datelike, NaiveDate};
use count::recount;
pub(super) use fresh::Fresh;
use list::recount_days;
use rusqlite::Connection;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Every event, in the order of its columns.
const EVENTS: &[&str] = &[
    "received",
    "handled",
    "accepted",
    "ended",
    "resolved",
    "withdrawn",
    "on_time",
    "asked",
    "asked_ended",
    "answered",
    "forwarded",
    "replied",
];

/// The columns a rate is read from.
struct Columns {
    /// What begins to count.
    start: &'static str,
    /// What ceases to count.
    end: &'static str,
    /// What the numerator counts.
    done: &'static [&'static str],
}

fn columns(measure: Measure, withdrawn: bool) -> Option<Columns> {
    let (start, end, done): (_, _, &[_]) = match measure {
        Measure::Processing => ("received", "handled", &["handled"]),
        Measure::Resolution if withdrawn => ("accepted", "ended", &["resolved", "withdrawn"]),
        Measure::Resolution => ("accepted", "ended", &["resolved"]),
        Measure::OnTime => ("accepted", "ended", &["on_time"]),
        Measure::Answered => ("asked", "asked_ended", &["answered"]),
        Measure::Replied => ("forwarded", "replied", &["replied"]),
        Measure::Dialogue => return None,
    };
    Some(Columns { start, end, done })
}

/// A month, counted since year 0.
fn month(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

fn month_span(month: i32) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}

fn year_span(year: i32) -> String {
    format!("y{year:04}")
}

fn decade_span(year: i32) -> String {
    format!("d{:03}", year.div_euclid(10))
}

/// The day as the sums of all units together name it.
fn day_span(day: NaiveDate) -> String {
    format!("t{day}")
}

/// The years before one as ranges of the table: by tens as far as they are whole. The ten years that it lies in are
/// taken up to it, or whole less what follows of them up to the last year that has anything, whichever is less to read.
fn years_before(year: i32, last: i32) -> Vec<Range> {
    let tens = year.div_euclid(10) * 10;
    let end = last.min(tens + 9);
    if end - year + 1 >= year - tens {
        return vec![
            Range::plus(decade_span(0), decade_span(tens - 1)),
            Range::plus(year_span(tens), year_span(year - 1)),
        ];
    }
    let mut found = vec![Range::plus(decade_span(0), decade_span(tens))];
    // Each by itself: what else is asked of the year comes from the same rows.
    found.extend((year..=end).map(|year| Range::minus(year_span(year), year_span(year))));
    found
}

/// Months from `first` to `last` as ranges of the table, whole years as such.
fn ranges(first: i32, last: i32) -> Spans {
    let (mut found, mut from) = (Vec::new(), first);
    while from <= last {
        let year = from.div_euclid(12);
        let end = (year * 12 + 11).min(last);
        if from == year * 12 && end == year * 12 + 11 {
            found.push(Range::plus(year_span(year), year_span(year)));
        } else {
            found.push(Range::plus(month_span(from), month_span(end)));
        }
        from = end + 1;
    }
    found
}

/// Whether nothing is asked of a cell but its days and units.
fn is_plain(cell: &Cell) -> bool {
    cell.kind() == Kind::Petition
        && cell.unit == CellUnit::Any
        && cell.petition_type == Slot::Any
        && cell.field == Slot::Any
        && cell.level == Slot::Any
        && cell.handler == Slot::Any
}

/// A range of spans, both ends in it, that is added to a sum or taken off it.
#[derive(Debug, Clone, PartialEq)]
struct Range {
    from: String,
    to: String,
    less: bool,
}

impl Range {
    fn plus(from: String, to: String) -> Self {
        Self {
            from,
            to,
            less: false,
        }
    }

    fn minus(from: String, to: String) -> Self {
        Self {
            less: true,
            ..Self::plus(from, to)
        }
    }
}

/// Ranges of spans.
type Spans = Vec<Range>;

/// Whom a figure is of.
#[derive(Clone, Copy)]
enum Whose {
    /// All units together.
    All,
    /// Each unit by itself; the last year of which there is anything.
    Each(i32),
}

/// The spans of all that lies before a cell's period, and of the period: by months for each unit, where its months are
/// whole; by days for all of them together. None where the sums cannot say it.
fn spans(cell: &Cell, whose: Whose) -> Option<(Spans, Spans)> {
    if !is_plain(cell) {
        return None;
    }
    let Whose::Each(last_year) = whose else {
        let january = NaiveDate::from_ymd_opt(cell.from.year(), 1, 1)?;
        let years = Range::plus("u".to_owned(), format!("u{:04}", cell.from.year() - 1));
        let days = Range::plus(day_span(january), day_span(cell.from.pred_opt()?));
        return Some((
            vec![years, days],
            vec![Range::plus(day_span(cell.from), day_span(cell.to))],
        ));
    };
    if cell.from.day() != 1 || cell.to.succ_opt()?.day() != 1 {
        return None;
    }
    let (first, last) = (month(cell.from), month(cell.to));
    let mut before = years_before(cell.from.year(), last_year);
    before.extend(ranges(cell.from.year() * 12, first - 1));
    Some((before, ranges(first, last)))
}

/// Columns, and how often each is added.
#[derive(Clone, Default)]
struct Sum(BTreeMap<&'static str, i64>);

impl Sum {
    fn of(plus: &[&'static str], minus: &[&'static str]) -> Self {
        let mut sum = Self::default();
        plus.iter().for_each(|column| sum.add(column, 1));
        minus.iter().for_each(|column| sum.add(column, -1));
        sum
    }

    fn add(&mut self, column: &'static str, times: i64) {
        *self.0.entry(column).or_default() += times;
    }

    fn sql(&self) -> String {
        let mut sql = String::new();
        for (column, times) in &self.0 {
            let sign = if *times < 0 { "-" } else { "+" };
            for _ in 0..times.abs() {
                sql.push_str(&format!(" {sign} {column}"));
            }
        }
        match sql.strip_prefix(" + ") {
            Some(sum) => sum.to_owned(),
            None => format!("0{sql}"),
        }
    }
}

/// A sum of columns over a range of spans.
type Term = (Sum, (String, String));

/// What is added up for a figure; none where the sums cannot say it.
fn recipe(cell: &Cell, whose: Whose) -> Option<Vec<Term>> {
    let (before, during) = spans(cell, whose)?;
    let of = columns(cell.measure, cell.withdrawn)?;
    let terms = |plus: &[&'static str], minus: &[&'static str], spans: &Spans| -> Vec<Term> {
        let term = |range: &Range| {
            let span = (range.from.clone(), range.to.clone());
            match range.less {
                false => (Sum::of(plus, minus), span),
                true => (Sum::of(minus, plus), span),
            }
        };
        spans.iter().map(term).collect()
    };
    let within = |plus: &[&'static str], minus: &[&'static str]| terms(plus, minus, &during);
    let opening = || terms(&[of.start], &[of.end], &before);
    // What is due on time stands on what was resolved in the very period.
    if cell.measure == Measure::OnTime {
        return match cell.part {
            Part::Numerator => Some(within(of.done, &[])),
            Part::Denominator => Some(within(&["resolved"], &[])),
            Part::Remainder => Some(within(&["resolved"], of.done)),
            _ => None,
        };
    }
    let with = |minus: &[&'static str]| [opening(), within(&[of.start], minus)].concat();
    Some(match cell.part {
        Part::Numerator => within(of.done, &[]),
        Part::Denominator => with(&[]),
        Part::Remainder => with(of.done),
        Part::Opening => opening(),
        Part::New => within(&[of.start], &[]),
        Part::Ended => within(&[of.end], &[]),
        Part::Closing => with(&[of.end]),
        Part::Suspended => return None,
    })
}

/// What numerator and denominator are added up from, by the span to be read: each is read once.
fn by_span(num: Vec<Term>, den: Vec<Term>) -> BTreeMap<(String, String), (Sum, Sum)> {
    let mut spans: BTreeMap<(String, String), (Sum, Sum)> = BTreeMap::new();
    for (terms, of_den) in [(num, false), (den, true)] {
        for (sum, span) in terms {
            let parts = spans.entry(span).or_default();
            let part = if of_den { &mut parts.1 } else { &mut parts.0 };
            for (column, times) in sum.0 {
                part.add(column, times);
            }
        }
    }
    spans
}

impl Db<'_> {
    /// Numerator and denominator of what a cell's measure counts by the very unit of each row, as
    /// [`Db::cell_tallies_in`] gives them but without days, read from the sums; none where these cannot say it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_sums(
        &self,
        cell: &Cell,
        place: &dyn Fn(i64) -> i64,
    ) -> Result<Option<HashMap<GroupKey, Tally>>> {
        let last = self.last_year()?;
        let of = |part| {
            let cell = Cell {
                part,
                ..cell.clone()
            };
            recipe(&cell, Whose::Each(last))
        };
        let Some((num, den)) = of(Part::Numerator).zip(of(Part::Denominator)) else {
            return Ok(None);
        };
        let below: Option<HashSet<i64>> = if cell.scope.is_empty() {
            None
        } else {
            let all = self.units_below(&cell.scope)?;
            Some(all.into_iter().map(|(_, unit)| unit).collect())
        };
        let covers = |unit: &i64| below.as_ref().is_none_or(|units| units.contains(unit));
        let mut sums: HashMap<i64, (i64, i64)> = HashMap::new();
        for (span, columns) in by_span(num, den) {
            self.add_up(&span, &columns, |unit, (num, den)| {
                if covers(&unit) {
                    let sum = sums.entry(place(unit)).or_default();
                    sum.0 += num;
                    sum.1 += den;
                }
            })?;
        }
        self.with_odd(cell, place, sums).map(Some)
    }

    /// The count of a cell from the sums; none where these cannot say it.
    pub(super) fn count_of_sums(&self, cell: &Cell) -> Result<Option<i64>> {
        let whose = match cell.scope.is_empty() {
            true => Whose::All,
            false => Whose::Each(self.last_year()?),
        };
        let Some(terms) = recipe(cell, whose) else {
            return Ok(None);
        };
        let of_units = if cell.scope.is_empty() {
            String::new()
        } else {
            format!(" AND {}", in_subtrees("unit_id", &numbers(&cell.scope)))
        };
        let mut count = self.odd_count(cell)?;
        for (what, (from, to)) in &terms {
            let what = what.sql();
            let sql = format!(
                "SELECT coalesce(sum({what}), 0) FROM rate_count WHERE span BETWEEN ? AND ?{of_units}"
            );
            let mut stmt = self.conn.prepare_cached(&sql)?;
            count += stmt.query_row([from, to], |r| r.get::<_, i64>(0))?;
        }
        Ok(Some(count))
    }

    /// Numerator and denominator of what a cell's measure counts, from the sums; none where these cannot say it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cell_total(&self, cell: &Cell) -> Result<Option<Tally>> {
        let count = |part| {
            self.count_of_sums(&Cell {
                part,
                ..cell.clone()
            })
        };
        let both = count(Part::Numerator)?.zip(count(Part::Denominator)?);
        Ok(both.map(|(num, den)| Tally {
            num,
            den,
            ..Tally::default()
        }))
    }

    /// Hands on each unit with its parts of a span, as what makes numerator and denominator.
    fn add_up(
        &self,
        (from, to): &(String, String),
        (num, den): &(Sum, Sum),
        mut add: impl FnMut(i64, (i64, i64)),
    ) -> Result<()> {
        let (num, den) = (num.sql(), den.sql());
        let sql =
            format!("SELECT unit_id, {num}, {den} FROM rate_count WHERE span BETWEEN ? AND ?");
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let mut rows = stmt.query([from, to])?;
        while let Some(row) = rows.next()? {
            let n: (i64, i64) = (row.get(1)?, row.get(2)?);
            if n != (0, 0) {
                add(row.get(0)?, n);
            }
        }
        Ok(())
    }

    /// The last year of which the sums have anything.
    fn last_year(&self) -> Result<i32> {
        let sql = "SELECT max(span) FROM rate_count WHERE span BETWEEN 'y' AND 'z'";
        let mut stmt = self.conn.prepare_cached(sql)?;
        let span: Option<String> = stmt.query_row([], |r| r.get(0))?;
        let year = span.as_deref().and_then(|span| span.get(1..)?.parse().ok());
        Ok(year.unwrap_or(0))
    }

    /// The sums of the units asked for, with the petitions that no sum holds.
    fn with_odd(
        &self,
        cell: &Cell,
        place: &dyn Fn(i64) -> i64,
        sums: HashMap<i64, (i64, i64)>,
    ) -> Result<HashMap<GroupKey, Tally>> {
        let mut found = self.odd_tallies(cell, place)?;
        for (unit, (num, den)) in sums {
            let key = if unit == 0 {
                GroupKey::Missing
            } else {
                GroupKey::Row(unit)
            };
            let tally = found.entry(key).or_default();
            tally.num += num;
            tally.den += den;
        }
        found.retain(|_, tally| {
            tally.days.clear();
            tally.den != 0
        });
        Ok(found)
    }
}

impl Tx<'_> {
    /// Counts the sums again from the petitions, and what is kept of each day.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn recount(&self) -> Result<()> {
        recount_days(self.conn())?;
        recount(self.conn())
    }
}

/// The triggers that keep the sums of a register and what there is of each day, taken off while very many of its records
/// are written.
#[derive(Debug)]
pub(super) struct Paused {
    triggers: Vec<String>,
}

/// Takes the triggers off.
pub(super) fn pause(conn: &Connection, kind: Kind) -> Result<Paused> {
    let mut stmt = conn.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? \
         AND (name GLOB 'rate_count_*' OR name GLOB 'day_count_*') ORDER BY rowid",
    )?;
    let rows = stmt.query_map([table(kind).name], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let all = rows.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    for (name, _) in &all {
        conn.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    let triggers = all.into_iter().map(|(_, sql)| sql).collect();
    Ok(Paused { triggers })
}

impl Paused {
    /// Counts all sums again and puts the triggers back, both or neither.
    pub(super) fn end(all: &[Self], conn: &Connection) -> Result<()> {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let done = recount_days(conn)
            .and_then(|()| recount(conn))
            .and_then(|()| all.iter().try_for_each(|paused| paused.put_back(conn)));
        conn.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        done
    }

    /// Adds what the records written since give and puts the triggers back, within the transaction that took them off.
    pub(super) fn resume(self, conn: &Connection, mut since: Fresh) -> Result<()> {
        since.put_down(conn)?;
        self.put_back(conn)
    }

    fn put_back(&self, conn: &Connection) -> Result<()> {
        Ok(conn.execute_batch(&self.triggers.join(";\n"))?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::store::Store;

    /// How often each year is added up, of those that have anything.
    fn counted(ranges: &[Range], last: i32) -> HashMap<i32, i32> {
        let mut times = HashMap::new();
        for range in ranges {
            let sign = if range.less { -1 } else { 1 };
            for year in 1990..=last {
                for span in [year_span(year), decade_span(year)] {
                    if (&range.from..=&range.to).contains(&&span) {
                        *times.entry(year).or_default() += sign;
                    }
                }
            }
        }
        times.retain(|_, n| *n != 0);
        times
    }

    #[test]
    fn the_years_before_one_are_each_added_once() {
        for last in 2015..2035 {
            for year in 2000..2045 {
                let all = counted(&years_before(year, last), last);
                let once: HashMap<i32, i32> = (1990..year.min(last + 1)).map(|y| (y, 1)).collect();
                assert_eq!(all, once, "before {year}, up to {last}");
            }
        }
    }

    #[test]
    fn what_was_open_before_a_year_is_read_from_the_end_of_its_ten_years() {
        let mut store = Store::in_memory().unwrap();
        let fill = "WITH RECURSIVE u(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM u WHERE id < 200), \
             y(year) AS (SELECT 2010 UNION ALL SELECT year + 1 FROM y WHERE year < 2029) \
             INSERT INTO rate_count \
             SELECT 'y' || year, id, 0, 0, 5, 4, 0, 0, 0, 0, 0, 0, 0, 0 FROM u, y \
             UNION ALL SELECT 'd201', id, 0, 0, 50, 40, 0, 0, 0, 0, 0, 0, 0, 0 FROM u \
             UNION ALL SELECT 'd202', id, 0, 0, 50, 40, 0, 0, 0, 0, 0, 0, 0, 0 FROM u";
        store.conn.execute(fill, []).unwrap();
        let mut cost = |year: i32| {
            let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
            let cell = Cell::all(
                Measure::Resolution,
                Part::Denominator,
                day(1, 1),
                day(12, 31),
            );
            let steps = store.count_steps();
            let sums = store.read().cell_sums(&cell, &|_| 1).unwrap().unwrap();
            let den: i64 = sums.values().map(|tally| tally.den).sum();
            assert_eq!(den, 200 * (i64::from(year - 2010) + 5), "{year}");
            steps.take()
        };
        let (early, late) = (cost(2022), cost(2029));
        println!("{early} steps for an early year, {late} for a late one");
        // Two tens of years and the year itself; nine years of two hundred units are twelve thousand steps.
        assert!(late <= early && late < 8_000, "{early} {late}");
    }
}
