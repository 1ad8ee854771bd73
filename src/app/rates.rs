//! Rates: numerator and denominator with their cells, by unit, type, field, handler or time; the total is the ratio
//! of the sums, and the whole period's where the rows are parts of it.
mod balance;
mod below;
mod current;
pub mod json;
mod rows;

use super::{Cx, Error, Result};
use crate::domain::number::percent;
use crate::domain::period::Period;
use crate::domain::petition::PetitionType;
pub use crate::domain::rate::DayStats;
use crate::domain::rate::{Cell, CellUnit, Compare, GroupBy, Measure, Part, Slot, UnitMap};
use crate::domain::words::{Msg, t};
pub use balance::{Balance, balance};
use chrono::NaiveDate;
use rows::Counted;

/// What a table of rates shows.
#[derive(Debug, Clone, PartialEq)]
pub struct RateQuery {
    /// The rate.
    pub measure: Measure,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What its rows are.
    pub by: GroupBy,
    /// Units whose subtrees it covers; empty for all.
    pub units: Vec<i64>,
    /// Petitions of this type only.
    pub petition_type: Option<PetitionType>,
}

/// How a table of rates is counted, beside what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateOptions {
    /// Units as recorded, or rolled up to those of today.
    pub map: UnitMap,
    /// A period to set beside it.
    pub compare: Option<Compare>,
    /// Whether withdrawn and terminated matters count as resolved; none: as the office has set.
    pub withdrawn: Option<bool>,
    /// Whether what still runs is set beside as many days of the earlier period, up to today's day.
    pub so_far: bool,
    /// Whether days from beginning to end are counted too; without them whole months are read from sums.
    pub days: bool,
}

impl Default for RateOptions {
    fn default() -> Self {
        Self {
            map: UnitMap::AsRecorded,
            compare: None,
            withdrawn: None,
            so_far: false,
            days: true,
        }
    }
}

/// A count and the rows it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// How many.
    pub count: i64,
    /// Opens them.
    pub cell: Cell,
}

/// The same row in the period set beside the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// Numerator then.
    pub num: Figure,
    /// Denominator then.
    pub den: Figure,
}

impl Before {
    /// The rate then, as [`RateRow::rate`].
    #[must_use]
    pub fn rate(&self) -> Option<String> {
        percent(self.num.count, self.den.count)
    }
}

/// One row of a table of rates.
#[derive(Debug, Clone, PartialEq)]
pub struct RateRow {
    /// Code of the unit, type, field, or the part of time; none where the value was not entered.
    pub key: Option<String>,
    /// The row's name.
    pub label: Msg,
    /// Numerator.
    pub num: Figure,
    /// Denominator.
    pub den: Figure,
    /// What is left between them.
    pub rest: Figure,
    /// Row of the unit, to look below it.
    pub unit: Option<i64>,
    /// Days from beginning to end of what was finished.
    pub days: Option<DayStats>,
    /// The row in the period set beside it.
    pub before: Option<Before>,
    /// Why the row cannot be compared with other periods («không so sánh được»).
    pub barred: Option<Msg>,
}

impl RateRow {
    /// The rate in percent with two digits, `97.13`; none where the denominator is 0.
    #[must_use]
    pub fn rate(&self) -> Option<String> {
        percent(self.num.count, self.den.count)
    }
}

/// A table of rates.
#[derive(Debug, Clone, PartialEq)]
pub struct RateTable {
    /// What was asked.
    pub query: RateQuery,
    /// How it was counted.
    pub options: RateOptions,
    /// The day it was counted on.
    pub as_of: NaiveDate,
    /// Its rows.
    pub rows: Vec<RateRow>,
    /// The ratio of the sums.
    pub total: RateRow,
    /// Whether withdrawn and terminated matters count as resolved.
    pub withdrawn: bool,
    /// Those of the denominator that are suspended now, for the resolution rate.
    pub suspended: Option<Figure>,
    /// Earlier units that lie only partly in what the table covers: not in its total.
    pub apart: Vec<RateRow>,
    /// The period set beside it.
    pub before: Option<Period>,
}

impl RateTable {
    /// Whether a row's rate can be said: on today's map that of a unit with a part of a divided one cannot.
    #[must_use]
    pub fn rated(&self, row: &RateRow) -> bool {
        row.barred.is_none() || self.options.map != UnitMap::Current
    }
}

/// A query with what the settings and the map add to it.
#[derive(Debug, Clone)]
struct Ask {
    query: RateQuery,
    withdrawn: bool,
    /// On the map of today: the unit asked for, if one was.
    current: Option<Option<i64>>,
    today: NaiveDate,
    days: bool,
}

impl Ask {
    fn of(cx: &Cx, q: &RateQuery, options: &RateOptions) -> Result<Self> {
        let withdrawn = options.withdrawn.unwrap_or(cx.office().withdrawn_counts);
        let current = match options.map {
            UnitMap::AsRecorded => None,
            UnitMap::Current => Some(current::scope(cx, q)?),
        };
        Ok(Self {
            query: q.clone(),
            withdrawn,
            current,
            today: cx.today(),
            days: options.days,
        })
    }

    fn within(&self, period: Period) -> Self {
        let mut other = self.clone();
        (other.query.from, other.query.to) = (period.from, period.to);
        other
    }

    /// The denominator over everything asked for.
    fn cell(&self) -> Cell {
        let q = &self.query;
        let mut cell = Cell {
            petition_type: q.petition_type.map_or(Slot::Any, Slot::Is),
            withdrawn: self.withdrawn,
            ..Cell::all(q.measure, Part::Denominator, q.from, q.to)
        };
        match self.current {
            None => cell.scope.clone_from(&q.units),
            Some(None) => {}
            Some(Some(unit)) => {
                cell.unit = CellUnit::Current {
                    unit,
                    on: self.today,
                }
            }
        }
        cell
    }
}

fn figure(cx: &Cx, cell: &Cell, part: Part) -> Result<Figure> {
    let cell = Cell {
        part,
        ..cell.clone()
    };
    let count = cx.store.read().cell_count(&cell)?;
    Ok(Figure { count, cell })
}

fn total_of(cx: &Cx, ask: &Ask) -> Result<RateRow> {
    rows::counted(cx, ask, rows::whole(ask))
}

/// The single figure of a rate over a period and units.
///
/// # Errors
/// A failure of the database.
pub fn total(cx: &Cx, q: &RateQuery) -> Result<RateRow> {
    total_of(cx, &Ask::of(cx, q, &RateOptions::default())?)
}

/// The single figure of a rate over a period and units without the days it took, which no sum holds.
///
/// # Errors
/// A failure of the database.
pub fn quick_total(cx: &Cx, q: &RateQuery) -> Result<RateRow> {
    let options = RateOptions {
        days: false,
        ..RateOptions::default()
    };
    total_of(cx, &Ask::of(cx, q, &options)?)
}

/// What newly came to count in the period.
///
/// # Errors
/// A failure of the database.
pub fn begun(cx: &Cx, q: &RateQuery) -> Result<Figure> {
    let ask = Ask::of(cx, q, &RateOptions::default())?;
    figure(cx, &ask.cell(), Part::New)
}

/// The numerator alone.
///
/// # Errors
/// A failure of the database.
pub fn numerator(cx: &Cx, q: &RateQuery) -> Result<Figure> {
    let ask = Ask::of(cx, q, &RateOptions::default())?;
    figure(cx, &ask.cell(), Part::Numerator)
}

/// The table of a rate, with units as recorded and nothing beside it.
///
/// # Errors
/// A failure of the database.
pub fn table(cx: &Cx, q: &RateQuery) -> Result<RateTable> {
    table_with(cx, q, &RateOptions::default())
}

/// The table of a rate.
///
/// # Errors
/// A period that ends before it begins, a unit that is not on today's map when that is asked for, or a failure of
/// the database.
pub fn table_with(cx: &Cx, q: &RateQuery, options: &RateOptions) -> Result<RateTable> {
    let period = Period::new(q.from, q.to).ok_or_else(|| {
        Error::refused(
            t(
                "Kỳ (period): kết thúc trước khi bắt đầu",
                "Period: it ends before it begins",
            )
            .into(),
        )
    })?;
    let ask = Ask::of(cx, q, options)?;
    let Counted {
        mut rows,
        apart,
        total,
    } = rows::of(cx, &ask)?;
    let mut total = match total {
        Some(total) => total,
        None => total_of(cx, &ask)?,
    };
    let mut before = None;
    if let Some(compare) = options.compare {
        let beside = Beside {
            compare,
            until: options.so_far.then_some(ask.today),
        };
        if let Some(earlier) = beside.of(period) {
            let then = set_beside(cx, &ask, beside, earlier, &mut rows)?;
            total.before = Some(before_of(then));
            before = Some(earlier);
        }
    }
    let suspended = match q.measure {
        Measure::Resolution => Some(figure(cx, &ask.cell(), Part::Suspended)?),
        _ => None,
    };
    Ok(RateTable {
        query: q.clone(),
        options: *options,
        as_of: ask.today,
        rows,
        total,
        withdrawn: ask.withdrawn,
        suspended,
        apart,
        before,
    })
}

/// Which earlier period stands beside one.
#[derive(Clone, Copy)]
struct Beside {
    compare: Compare,
    /// What lies after this day is not compared.
    until: Option<NaiveDate>,
}

impl Beside {
    /// The earlier period; none where all of the period is still to come.
    fn of(self, period: Period) -> Option<Period> {
        let to = self.until.map_or(period.to, |day| day.min(period.to));
        let so_far = Period::new(period.from, to)?;
        Some(match self.compare {
            Compare::LastYear => so_far.same_span_last_year(),
            Compare::Previous if so_far == period => period.previous(),
            Compare::Previous => {
                let whole = period.previous();
                let as_many = whole.from.checked_add_signed(so_far.to - so_far.from);
                Period {
                    from: whole.from,
                    to: as_many.unwrap_or(whole.to).min(whole.to),
                }
            }
        })
    }
}

fn before_of(row: RateRow) -> Before {
    Before {
        num: row.num,
        den: row.den,
    }
}

/// Sets the rows of an earlier period beside those of the table; a row that only that period has is added. Gives the
/// earlier period's total.
fn set_beside(
    cx: &Cx,
    ask: &Ask,
    beside: Beside,
    period: Period,
    rows: &mut Vec<RateRow>,
) -> Result<RateRow> {
    let then = ask.within(period);
    if matches!(
        ask.query.by,
        GroupBy::Month | GroupBy::Quarter | GroupBy::Year
    ) {
        for row in rows {
            let part = Period {
                from: row.den.cell.from,
                to: row.den.cell.to,
            };
            if let Some(earlier) = beside.of(part) {
                row.before = Some(before_of(total_of(cx, &ask.within(earlier))?));
            }
        }
        return total_of(cx, &then);
    }
    let counted = rows::of(cx, &then)?;
    let total = match counted.total {
        Some(total) => total,
        None => total_of(cx, &then)?,
    };
    let mut others = counted.rows;
    let same = |a: &Cell, b: &Cell| {
        a.unit == b.unit
            && a.petition_type == b.petition_type
            && a.field == b.field
            && a.level == b.level
            && a.handler == b.handler
    };
    for row in rows.iter_mut() {
        let found = others
            .iter()
            .position(|other| same(&other.den.cell, &row.den.cell));
        row.before = Some(match found {
            Some(at) => {
                let other = others.swap_remove(at);
                row.barred = row.barred.take().or(other.barred.clone());
                before_of(other)
            }
            None => rows::nothing(&row.den.cell, period),
        });
    }
    others.retain(|other| other.den.count > 0);
    others.sort_by(|a, b| a.key.cmp(&b.key));
    for other in others {
        let now = Period {
            from: ask.query.from,
            to: ask.query.to,
        };
        let Before { num, den } = rows::nothing(&other.den.cell, now);
        rows.push(RateRow {
            rest: Figure {
                count: 0,
                cell: Cell {
                    part: Part::Remainder,
                    ..den.cell.clone()
                },
            },
            num,
            den,
            key: other.key.clone(),
            label: other.label.clone(),
            unit: other.unit,
            days: None,
            barred: other.barred.clone(),
            before: Some(before_of(other)),
        });
    }
    if ask.current.is_none() && ask.query.by == GroupBy::Unit {
        rows::bar_by_life(cx, rows, ask, period)?;
    }
    Ok(total)
}

#[cfg(test)]
mod tests;
