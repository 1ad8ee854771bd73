//! Rates: numerator and denominator with their cells, by unit, type, field or time; the total is the ratio of the
//! sums.
use super::{Cx, Result};
use crate::catalog::{self, Type};
use crate::domain::number::percent;
use crate::domain::period::Period;
use crate::domain::petition::{MatterField, PetitionType};
use crate::domain::rate::{Cell, CellUnit, GroupBy, Measure, Part, Slot};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Msg, t};
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

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

/// A count and the rows it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// How many.
    pub count: i64,
    /// Opens them.
    pub cell: Cell,
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
    /// The day it was counted on.
    pub as_of: NaiveDate,
    /// Its rows.
    pub rows: Vec<RateRow>,
    /// The ratio of the sums.
    pub total: RateRow,
}

/// Name and restriction of one row, before it is counted.
struct Plan {
    key: Option<String>,
    label: Msg,
    cell: Cell,
    unit: Option<i64>,
    /// Shown even when nothing is counted.
    always: bool,
}

fn base(q: &RateQuery) -> Cell {
    Cell {
        measure: q.measure,
        part: Part::Denominator,
        from: q.from,
        to: q.to,
        scope: q.units.clone(),
        unit: CellUnit::Any,
        petition_type: q.petition_type.map_or(Slot::Any, Slot::Is),
        field: Slot::Any,
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

fn row_of(plan: Plan, num: i64, den: i64) -> RateRow {
    let of = |part, count| Figure {
        count,
        cell: Cell {
            part,
            ..plan.cell.clone()
        },
    };
    RateRow {
        num: of(Part::Numerator, num),
        den: of(Part::Denominator, den),
        rest: of(Part::Remainder, den - num),
        key: plan.key,
        label: plan.label,
        unit: plan.unit,
    }
}

/// One row counted by itself: the whole period or a part of it.
fn counted(cx: &Cx, plan: Plan) -> Result<RateRow> {
    let num = figure(cx, &plan.cell, Part::Numerator)?.count;
    let den = figure(cx, &plan.cell, Part::Denominator)?.count;
    Ok(row_of(plan, num, den))
}

fn missing() -> Msg {
    t("(không ghi)", "(not entered)").into()
}

/// The single figure of a rate over a period and units.
///
/// # Errors
/// A failure of the database.
pub fn total(cx: &Cx, q: &RateQuery) -> Result<RateRow> {
    counted(
        cx,
        Plan {
            key: None,
            label: t("Tổng", "Total").into(),
            cell: base(q),
            unit: None,
            always: true,
        },
    )
}

/// The numerator alone.
///
/// # Errors
/// A failure of the database.
pub fn numerator(cx: &Cx, q: &RateQuery) -> Result<Figure> {
    figure(cx, &base(q), Part::Numerator)
}

/// The table of a rate.
///
/// # Errors
/// A failure of the database.
pub fn table(cx: &Cx, q: &RateQuery) -> Result<RateTable> {
    let rows = match q.by {
        GroupBy::Month | GroupBy::Quarter | GroupBy::Year => by_time(cx, q)?,
        GroupBy::Type => by_slot(cx, q, types(q))?,
        GroupBy::Field => by_slot(cx, q, fields(q))?,
        GroupBy::Unit => by_unit(cx, q)?,
    };
    Ok(RateTable {
        query: q.clone(),
        as_of: cx.today(),
        rows,
        total: total(cx, q)?,
    })
}

fn by_time(cx: &Cx, q: &RateQuery) -> Result<Vec<RateRow>> {
    let Some(period) = Period::new(q.from, q.to) else {
        return Ok(Vec::new());
    };
    let parts = match q.by {
        GroupBy::Month => period.months(),
        GroupBy::Quarter => period.quarters(),
        _ => period.years(),
    };
    parts
        .into_iter()
        .map(|part| {
            let year = part.from.year();
            let month = part.from.month();
            let key = match q.by {
                GroupBy::Month => format!("{year}-{month:02}"),
                GroupBy::Quarter => format!("{year}-Q{}", month.div_ceil(3)),
                _ => year.to_string(),
            };
            let cell = Cell {
                from: part.from,
                to: part.to,
                ..base(q)
            };
            counted(
                cx,
                Plan {
                    key: Some(key),
                    label: Msg::new(part.label(), part.label_en()),
                    cell,
                    unit: None,
                    always: true,
                },
            )
        })
        .collect()
}

fn label_of(key: &str, code: &str) -> Msg {
    let choice = catalog::field(Kind::Petition, key).and_then(|f| match f.ty {
        Type::Enum(_) => f.choice(code),
        _ => None,
    });
    choice.map_or_else(|| Msg::new(code, code), |c| c.label.into())
}

fn types(q: &RateQuery) -> Vec<Plan> {
    PetitionType::ALL
        .iter()
        .filter(|kind| q.petition_type.is_none_or(|only| only == **kind))
        .filter(|kind| q.measure != Measure::Resolution || kind.is_case())
        .map(|kind| Plan {
            key: Some(kind.code().to_owned()),
            label: label_of("type", kind.code()),
            cell: Cell {
                petition_type: Slot::Is(*kind),
                ..base(q)
            },
            unit: None,
            always: true,
        })
        .collect()
}

fn fields(q: &RateQuery) -> Vec<Plan> {
    let mut plans: Vec<Plan> = MatterField::ALL
        .iter()
        .map(|field| Plan {
            key: Some(field.code().to_owned()),
            label: label_of("field", field.code()),
            cell: Cell {
                field: Slot::Is(*field),
                ..base(q)
            },
            unit: None,
            always: true,
        })
        .collect();
    plans.push(Plan {
        key: None,
        label: missing(),
        cell: Cell {
            field: Slot::Missing,
            ..base(q)
        },
        unit: None,
        always: false,
    });
    plans
}

/// Counts of a breakdown by key, numerator and denominator, each in one pass.
fn groups(cx: &Cx, q: &RateQuery, units: &[i64]) -> Result<HashMap<Option<String>, (i64, i64)>> {
    let db = cx.store.read();
    let mut found: HashMap<Option<String>, (i64, i64)> = HashMap::new();
    let num = Cell {
        part: Part::Numerator,
        ..base(q)
    };
    for (key, n) in db.cell_groups(&num, q.by, units)? {
        found.entry(key).or_default().0 = n;
    }
    for (key, n) in db.cell_groups(&base(q), q.by, units)? {
        found.entry(key).or_default().1 = n;
    }
    Ok(found)
}

fn by_slot(cx: &Cx, q: &RateQuery, plans: Vec<Plan>) -> Result<Vec<RateRow>> {
    let mut found = groups(cx, q, &[])?;
    Ok(plans
        .into_iter()
        .filter_map(|plan| {
            let (num, den) = found.remove(&plan.key).unwrap_or_default();
            (plan.always || den > 0).then(|| row_of(plan, num, den))
        })
        .collect())
}

fn by_unit(cx: &Cx, q: &RateQuery) -> Result<Vec<RateRow>> {
    let db = cx.store.read();
    let mut children = db.unit_children_ever(&q.units, q.to)?;
    let ids: Vec<i64> = children.iter().map(|u| u.id).collect();
    let mut found = groups(cx, q, &ids)?;
    // A unit that had ended before the period stands in the table for what it left open.
    children.retain(|u| {
        let begun = u.valid_from.is_none_or(|from| from <= q.to);
        let lasted = u.valid_to.is_none_or(|to| to >= q.from);
        (begun && lasted) || found.contains_key(&Some(u.id.to_string()))
    });
    let mut rows = Vec::new();
    for (at, child) in children.iter().enumerate() {
        let (num, den) = found
            .remove(&Some(child.id.to_string()))
            .unwrap_or_default();
        let twin = children
            .iter()
            .enumerate()
            .any(|(other, u)| other != at && u.code == child.code);
        // Two lives of one code in one table are told apart by a day of the earlier one.
        let key = match child.valid_to.filter(|_| twin) {
            Some(to) => format!("{}@{to}", child.code),
            None => child.code.clone(),
        };
        let mut name = Msg::new(child.name.clone(), child.name.clone());
        if let Some(to) = child.valid_to.filter(|to| *to < q.to) {
            name.vi = format!("{} (đến {})", name.vi, crate::domain::date::vi(to));
            name.en = format!("{} (until {})", name.en, crate::domain::date::vi(to));
        }
        let cell = Cell {
            unit: CellUnit::Subtree(child.id),
            ..base(q)
        };
        let plan = Plan {
            key: Some(key),
            label: name,
            cell,
            unit: Some(child.id),
            always: true,
        };
        rows.push(row_of(plan, num, den));
    }
    rows.extend(beside_children(cx, q)?);
    Ok(rows)
}

/// What lies at the units themselves, not below them, and what names no unit.
fn beside_children(cx: &Cx, q: &RateQuery) -> Result<Vec<RateRow>> {
    let mut rows = Vec::new();
    for id in &q.units {
        let cell = Cell {
            unit: CellUnit::Only(*id),
            ..base(q)
        };
        let Some(unit) = super::units::life(cx, *id, q.to)? else {
            continue;
        };
        let row = counted(
            cx,
            Plan {
                key: Some(unit.code.clone()),
                label: Msg::new(
                    format!("{} (trực tiếp)", unit.name),
                    format!("{} (itself)", unit.name),
                ),
                cell,
                unit: None,
                always: false,
            },
        )?;
        if row.den.count > 0 {
            rows.push(row);
        }
    }
    if q.units.is_empty() {
        let row = counted(
            cx,
            Plan {
                key: None,
                label: missing(),
                cell: Cell {
                    unit: CellUnit::Missing,
                    ..base(q)
                },
                unit: None,
                always: false,
            },
        )?;
        if row.den.count > 0 {
            rows.push(row);
        }
    }
    Ok(rows)
}
