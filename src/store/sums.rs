//! Sums that rates are read from: petitions by event, unit and month, kept by triggers within the very change.
mod count;
mod list;

use super::query::{in_subtrees, numbers};
use super::rate::Tally;
use super::table::table;
use super::{Db, GroupKey, Result, Tx};
use crate::domain::rate::{Cell, CellUnit, Measure, Part, Slot};
use crate::domain::record::Kind;
use chrono::{Datelike, NaiveDate};
use count::{count_from, recount};
use list::{count_days_from, recount_days};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// Ten years are summed as such when they end before this one (the table `rate_span`).
pub(super) const TENS: i32 = 2020;

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
    done: &'static str,
}

fn columns(measure: Measure, withdrawn: bool) -> Option<Columns> {
    let (start, end, done) = match measure {
        Measure::Processing => ("received", "handled", "handled"),
        Measure::Resolution if withdrawn => ("accepted", "ended", "resolved + withdrawn"),
        Measure::Resolution => ("accepted", "ended", "resolved"),
        Measure::OnTime => ("accepted", "ended", "on_time"),
        Measure::Answered => ("asked", "asked_ended", "answered"),
        Measure::Replied => ("forwarded", "replied", "replied"),
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

/// The years before one as ranges of the table: by tens as far as these are summed.
fn years_before(year: i32) -> Vec<(String, String)> {
    let tens = (year.div_euclid(10) * 10).min(TENS);
    vec![
        (decade_span(0), decade_span(tens - 1)),
        (year_span(tens), year_span(year - 1)),
    ]
}

/// Months from `first` to `last` as ranges of the table, whole years as such.
fn ranges(first: i32, last: i32) -> Vec<(String, String)> {
    let (mut found, mut from) = (Vec::new(), first);
    while from <= last {
        let year = from.div_euclid(12);
        let end = (year * 12 + 11).min(last);
        if from == year * 12 && end == year * 12 + 11 {
            found.push((year_span(year), year_span(year)));
        } else {
            found.push((month_span(from), month_span(end)));
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

/// Ranges of spans.
type Spans = Vec<(String, String)>;

/// The spans of all that lies before a cell's period, and of the period: by months for each unit, where its months are
/// whole; by days for all of them together. None where the sums cannot say it.
fn spans(cell: &Cell, each: bool) -> Option<(Spans, Spans)> {
    if !is_plain(cell) {
        return None;
    }
    if !each {
        let january = NaiveDate::from_ymd_opt(cell.from.year(), 1, 1)?;
        let years = ("u".to_owned(), format!("u{:04}", cell.from.year() - 1));
        let days = (day_span(january), day_span(cell.from.pred_opt()?));
        return Some((
            vec![years, days],
            vec![(day_span(cell.from), day_span(cell.to))],
        ));
    }
    if cell.from.day() != 1 || cell.to.succ_opt()?.day() != 1 {
        return None;
    }
    let (first, last) = (month(cell.from), month(cell.to));
    let mut before = years_before(cell.from.year());
    before.extend(ranges(cell.from.year() * 12, first - 1));
    Some((before, ranges(first, last)))
}

/// A sum of columns over a range of spans.
type Term = (String, (String, String));

/// What is added up for a figure, `each` unit by itself or all together; none where the sums cannot say it.
fn recipe(cell: &Cell, each: bool) -> Option<Vec<Term>> {
    let (before, during) = spans(cell, each)?;
    let of = columns(cell.measure, cell.withdrawn)?;
    let terms = |what: &str, spans: &Spans| -> Vec<Term> {
        let spans = spans.iter().cloned();
        spans.map(|span| (what.to_owned(), span)).collect()
    };
    let within = |what: &str| terms(what, &during);
    let opening = || terms(&format!("{} - {}", of.start, of.end), &before);
    // What is due on time stands on what was resolved in the very period.
    if cell.measure == Measure::OnTime {
        return match cell.part {
            Part::Numerator => Some(within(of.done)),
            Part::Denominator => Some(within("resolved")),
            Part::Remainder => Some(within(&format!("resolved - {}", of.done))),
            _ => None,
        };
    }
    let with = |what: &str| [opening(), within(what)].concat();
    Some(match cell.part {
        Part::Numerator => within(of.done),
        Part::Denominator => with(of.start),
        Part::Remainder => with(&format!("{} - ({})", of.start, of.done)),
        Part::Opening => opening(),
        Part::New => within(of.start),
        Part::Ended => within(of.end),
        Part::Closing => with(&format!("{} - {}", of.start, of.end)),
        Part::Suspended => return None,
    })
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
        let of = |part| {
            let cell = Cell {
                part,
                ..cell.clone()
            };
            recipe(&cell, true)
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
        for (terms, of_den) in [(&num, false), (&den, true)] {
            for term in terms {
                self.add_up(term, |unit, n| {
                    if covers(&unit) {
                        let sum = sums.entry(place(unit)).or_default();
                        *if of_den { &mut sum.1 } else { &mut sum.0 } += n;
                    }
                })?;
            }
        }
        self.with_odd(cell, place, sums).map(Some)
    }

    /// The count of a cell from the sums; none where these cannot say it.
    pub(super) fn count_of_sums(&self, cell: &Cell) -> Result<Option<i64>> {
        let Some(terms) = recipe(cell, !cell.scope.is_empty()) else {
            return Ok(None);
        };
        let of_units = if cell.scope.is_empty() {
            String::new()
        } else {
            format!(" AND {}", in_subtrees("unit_id", &numbers(&cell.scope)))
        };
        let mut count = self.odd_count(cell)?;
        for (what, (from, to)) in &terms {
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

    /// Hands on each unit with its part of a term.
    fn add_up(&self, (what, (from, to)): &Term, mut add: impl FnMut(i64, i64)) -> Result<()> {
        let sql = format!("SELECT unit_id, {what} FROM rate_count WHERE span BETWEEN ? AND ?");
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let mut rows = stmt.query([from, to])?;
        while let Some(row) = rows.next()? {
            let n: i64 = row.get(1)?;
            if n != 0 {
                add(row.get(0)?, n);
            }
        }
        Ok(())
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
    kind: Kind,
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
    Ok(Paused { kind, triggers })
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

    /// Adds what the records from an id on give and puts the triggers back, within the transaction that took them off and
    /// wrote those records.
    pub(super) fn resume(self, conn: &Connection, first: i64) -> Result<()> {
        count_days_from(conn, self.kind, first)?;
        if self.kind == Kind::Petition {
            count_from(conn, first)?;
        }
        self.put_back(conn)
    }

    fn put_back(&self, conn: &Connection) -> Result<()> {
        Ok(conn.execute_batch(&self.triggers.join(";\n"))?)
    }
}
