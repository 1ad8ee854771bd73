//! The rows of a table of rates: planned by grouping, counted in one pass each.
use super::below::Below;
use super::{Ask, Before, Figure, RateRow};
use crate::app::{Cx, Result, units};
use crate::catalog::{self, Type};
use crate::domain::date::vi;
use crate::domain::period::Period;
use crate::domain::petition::{MatterField, PetitionType};
use crate::domain::rate::{Cell, CellUnit, DayStats, GroupBy, Part, Slot};
use crate::domain::record::Kind;
use crate::domain::unit::UnitLevel;
use crate::domain::value::Code;
use crate::domain::words::{Msg, t};
use crate::store::{GroupKey, Tally, UnitLife};
use std::collections::HashMap;

/// Name and restriction of one row, before it is counted.
pub struct Plan {
    pub key: Option<String>,
    pub label: Msg,
    pub cell: Cell,
    pub unit: Option<i64>,
    /// Shown even when nothing is counted.
    pub always: bool,
}

/// A planned row with its counts.
pub fn row_of(plan: Plan, tally: &Tally) -> RateRow {
    let of = |part, count| Figure {
        count,
        cell: Cell {
            part,
            ..plan.cell.clone()
        },
    };
    let days: Vec<(i64, i64)> = tally.days.iter().map(|(days, n)| (*days, *n)).collect();
    RateRow {
        num: of(Part::Numerator, tally.num),
        den: of(Part::Denominator, tally.den),
        rest: of(Part::Remainder, tally.den - tally.num),
        key: plan.key,
        label: plan.label,
        unit: plan.unit,
        days: DayStats::of(&days),
        before: None,
        barred: None,
    }
}

/// The figures of a row in a period in which nothing was counted.
pub fn nothing(cell: &Cell, period: Period) -> Before {
    let of = |part| Figure {
        count: 0,
        cell: Cell {
            part,
            from: period.from,
            to: period.to,
            ..cell.clone()
        },
    };
    Before {
        num: of(Part::Numerator),
        den: of(Part::Denominator),
    }
}

/// One row counted by itself: the whole period or a part of it.
pub fn counted(cx: &Cx, ask: &Ask, plan: Plan) -> Result<RateRow> {
    let found = tallies(cx, ask, &plan.cell, None)?;
    Ok(row_of(plan, &sum(found.values())))
}

/// What a cell counts by group: from the sums where no days are asked for and they can say it, else row by row.
pub fn tallies(
    cx: &Cx,
    ask: &Ask,
    cell: &Cell,
    by: Option<GroupBy>,
) -> Result<HashMap<GroupKey, Tally>> {
    let db = cx.store.read();
    if !ask.days
        && by.is_none()
        && let Some(whole) = db.cell_total(cell)?
    {
        return Ok(HashMap::from([(GroupKey::Missing, whole)]));
    }
    if !ask.days
        && matches!(by, None | Some(GroupBy::Unit | GroupBy::UnitLevel))
        && let Some(found) = db.cell_sums(cell, &|unit| unit)?
    {
        return Ok(found);
    }
    Ok(db.cell_tallies(cell, by)?)
}

/// Everything that was counted, whatever group it is in.
fn sum<'a>(all: impl Iterator<Item = &'a Tally>) -> Tally {
    let mut whole = Tally::default();
    all.for_each(|tally| whole.add(tally));
    whole
}

pub fn missing() -> Msg {
    t("(không ghi)", "(not entered)").into()
}

/// The rows of a table with what belongs to them.
#[derive(Default)]
pub struct Counted {
    pub rows: Vec<RateRow>,
    /// Those that stand apart from the total.
    pub apart: Vec<RateRow>,
    /// The total, where the rows are all there is of it.
    pub total: Option<RateRow>,
}

/// The plan of the row for everything asked for.
pub fn whole(ask: &Ask) -> Plan {
    Plan {
        key: None,
        label: t("Tổng", "Total").into(),
        cell: ask.cell(),
        unit: None,
        always: true,
    }
}

/// The rows of a table, counted in one pass where they are no parts of time.
pub fn of(cx: &Cx, ask: &Ask) -> Result<Counted> {
    let by = ask.query.by;
    if matches!(by, GroupBy::Month | GroupBy::Quarter | GroupBy::Year) {
        return Ok(Counted {
            rows: by_time(cx, ask)?,
            ..Counted::default()
        });
    }
    if let (GroupBy::Unit, Some(scope)) = (by, ask.current) {
        return super::current::rows(cx, ask, scope);
    }
    if by == GroupBy::Unit {
        return by_unit(cx, ask);
    }
    let mut found = tallies(cx, ask, &ask.cell(), Some(by))?;
    let total = row_of(whole(ask), &sum(found.values()));
    let rows = match by {
        GroupBy::Handler => by_handler(cx, ask, found)?,
        GroupBy::Field => by_slot(fields(ask), &mut found),
        GroupBy::UnitLevel => by_slot(levels(ask), &mut by_level(cx, &found)?),
        _ => by_slot(types(ask), &mut found),
    };
    Ok(Counted {
        rows,
        apart: Vec::new(),
        total: Some(total),
    })
}

fn by_time(cx: &Cx, ask: &Ask) -> Result<Vec<RateRow>> {
    let q = &ask.query;
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
            counted(
                cx,
                ask,
                Plan {
                    key: Some(part.key),
                    label: Msg::new(part.period.label(), part.period.label_en()),
                    cell: ask.within(part.period).cell(),
                    unit: None,
                    always: true,
                },
            )
        })
        .collect()
}

fn label_of(kind: Kind, key: &str, code: &str) -> Msg {
    let choice = catalog::field(kind, key).and_then(|f| match f.ty {
        Type::Enum(_) => f.choice(code),
        _ => None,
    });
    choice.map_or_else(|| Msg::new(code, code), |c| c.label.into())
}

fn missing_plan(cell: Cell) -> Plan {
    Plan {
        key: None,
        label: missing(),
        cell,
        unit: None,
        always: false,
    }
}

fn types(ask: &Ask) -> Vec<Plan> {
    let q = &ask.query;
    let mut plans: Vec<Plan> = PetitionType::ALL
        .iter()
        .filter(|kind| q.petition_type.is_none_or(|only| only == **kind))
        .filter(|kind| q.measure.covers(**kind))
        .map(|kind| Plan {
            key: Some(kind.code().to_owned()),
            label: label_of(Kind::Petition, "type", kind.code()),
            cell: Cell {
                petition_type: Slot::Is(*kind),
                ..ask.cell()
            },
            unit: None,
            always: true,
        })
        .collect();
    if q.petition_type.is_none() {
        plans.push(missing_plan(Cell {
            petition_type: Slot::Missing,
            ..ask.cell()
        }));
    }
    plans
}

fn fields(ask: &Ask) -> Vec<Plan> {
    let mut plans: Vec<Plan> = MatterField::ALL
        .iter()
        .map(|field| Plan {
            key: Some(field.code().to_owned()),
            label: label_of(Kind::Petition, "field", field.code()),
            cell: Cell {
                field: Slot::Is(*field),
                ..ask.cell()
            },
            unit: None,
            always: true,
        })
        .collect();
    plans.push(missing_plan(Cell {
        field: Slot::Missing,
        ..ask.cell()
    }));
    plans
}

fn levels(ask: &Ask) -> Vec<Plan> {
    let mut plans: Vec<Plan> = UnitLevel::ALL
        .iter()
        .map(|level| Plan {
            key: Some(level.code().to_owned()),
            label: label_of(Kind::Unit, "level", level.code()),
            cell: Cell {
                level: Slot::Is(*level),
                ..ask.cell()
            },
            unit: None,
            always: false,
        })
        .collect();
    plans.push(missing_plan(Cell {
        level: Slot::Missing,
        ..ask.cell()
    }));
    plans
}

fn by_slot(plans: Vec<Plan>, found: &mut HashMap<GroupKey, Tally>) -> Vec<RateRow> {
    let row = |plan: Plan| {
        let key = plan.key.clone().map_or(GroupKey::Missing, GroupKey::Code);
        let tally = found.remove(&key).unwrap_or_default();
        (plan.always || tally.den > 0).then(|| row_of(plan, &tally))
    };
    plans.into_iter().filter_map(row).collect()
}

/// What was counted by unit, by the level of each unit.
fn by_level(cx: &Cx, found: &HashMap<GroupKey, Tally>) -> Result<HashMap<GroupKey, Tally>> {
    let levels = cx.store.read().unit_levels()?;
    let mut sums: HashMap<GroupKey, Tally> = HashMap::new();
    for (key, tally) in found {
        let level = match key {
            GroupKey::Row(id) => levels.get(id).cloned().flatten(),
            _ => None,
        };
        let key = level.map_or(GroupKey::Missing, GroupKey::Code);
        sums.entry(key).or_default().add(tally);
    }
    Ok(sums)
}

fn by_handler(cx: &Cx, ask: &Ask, found: HashMap<GroupKey, Tally>) -> Result<Vec<RateRow>> {
    let mut lives = Vec::new();
    let mut rows = Vec::new();
    for (key, tally) in found {
        match key {
            GroupKey::Row(id) => lives.push((units::life(cx, id, ask.query.to)?, id, tally)),
            _ => rows.push(row_of(
                missing_plan(Cell {
                    handler: Slot::Missing,
                    ..ask.cell()
                }),
                &tally,
            )),
        }
    }
    lives.sort_by(|(a, i, _), (b, j, _)| {
        let code = |life: &Option<UnitLife>| life.as_ref().map(|u| u.code.clone());
        (code(a), i).cmp(&(code(b), j))
    });
    let known: Vec<UnitLife> = lives.iter().filter_map(|(life, ..)| life.clone()).collect();
    let named = lives.into_iter().map(|(life, id, tally)| {
        let (key, label) = match &life {
            Some(unit) => (key_of(unit, &known), name_of(unit, ask)),
            None => (id.to_string(), missing()),
        };
        let cell = Cell {
            handler: Slot::Is(id),
            ..ask.cell()
        };
        let plan = Plan {
            key: Some(key),
            label,
            cell,
            unit: Some(id),
            always: true,
        };
        row_of(plan, &tally)
    });
    Ok(named.chain(rows).collect())
}

/// Code of a unit; two lives of one code in one table are told apart by a day of the earlier one.
fn key_of(unit: &UnitLife, all: &[UnitLife]) -> String {
    let twin = all.iter().any(|u| u.id != unit.id && u.code == unit.code);
    match unit.valid_to.filter(|_| twin) {
        Some(to) => format!("{}@{to}", unit.code),
        None => unit.code.clone(),
    }
}

fn name_of(unit: &UnitLife, ask: &Ask) -> Msg {
    let mut name = Msg::new(unit.name.clone(), unit.name.clone());
    if let Some(to) = unit.valid_to.filter(|to| *to < ask.query.to) {
        name.vi = format!("{} (đến {})", name.vi, vi(to));
        name.en = format!("{} (until {})", name.en, vi(to));
    }
    name
}

fn by_unit(cx: &Cx, ask: &Ask) -> Result<Counted> {
    let (q, below) = (&ask.query, Below::of(cx, ask)?);
    let found = below.tallies(cx, ask)?;
    let mut sums: HashMap<i64, Tally> = HashMap::new();
    for (child, unit) in &below.closure {
        if let Some(tally) = found.get(&GroupKey::Row(*unit)) {
            sums.entry(*child).or_default().add(tally);
        }
    }
    let mut children = below.children;
    // A unit that had ended before the period stands in the table for what it left open.
    children.retain(|u| {
        let begun = u.valid_from.is_none_or(|from| from <= q.to);
        let lasted = u.valid_to.is_none_or(|to| to >= q.from);
        (begun && lasted) || sums.get(&u.id).is_some_and(|tally| tally.den > 0)
    });
    let mut rows = Vec::new();
    for child in &children {
        let tally = sums.remove(&child.id).unwrap_or_default();
        let plan = Plan {
            key: Some(key_of(child, &children)),
            label: name_of(child, ask),
            cell: Cell {
                unit: CellUnit::Subtree(child.id),
                ..ask.cell()
            },
            unit: Some(child.id),
            always: true,
        };
        rows.push(row_of(plan, &tally));
    }
    rows.extend(beside_children(cx, ask, &found)?);
    Ok(Counted {
        rows,
        apart: Vec::new(),
        total: Some(row_of(whole(ask), &sum(found.values()))),
    })
}

/// What lies at the units themselves, not below them, and what names no unit.
fn beside_children(cx: &Cx, ask: &Ask, found: &HashMap<GroupKey, Tally>) -> Result<Vec<RateRow>> {
    let mut plans = Vec::new();
    for id in &ask.query.units {
        let Some(unit) = units::life(cx, *id, ask.query.to)? else {
            continue;
        };
        let plan = Plan {
            key: Some(unit.code.clone()),
            label: itself(&unit),
            cell: Cell {
                unit: CellUnit::Only(*id),
                ..ask.cell()
            },
            unit: None,
            always: false,
        };
        plans.push((GroupKey::Row(*id), plan));
    }
    if ask.query.units.is_empty() {
        let plan = missing_plan(Cell {
            unit: CellUnit::Missing,
            ..ask.cell()
        });
        plans.push((GroupKey::Missing, plan));
    }
    let row = |(key, plan)| {
        let tally = found.get(&key).filter(|tally| tally.den > 0)?;
        Some(row_of(plan, tally))
    };
    Ok(plans.into_iter().filter_map(row).collect())
}

pub fn itself(unit: &UnitLife) -> Msg {
    Msg::new(
        format!("{} (trực tiếp)", unit.name),
        format!("{} (itself)", unit.name),
    )
}

/// Says of each unit that did not exist through both periods that its figures cannot be compared.
pub fn bar_by_life(cx: &Cx, rows: &mut [RateRow], ask: &Ask, before: Period) -> Result<()> {
    let first = before.from.min(ask.query.from);
    let last = before.to.max(ask.query.to);
    for row in rows {
        let Some(id) = row.unit else { continue };
        let Some(unit) = units::life(cx, id, ask.query.to)? else {
            continue;
        };
        let began = unit.valid_from.filter(|from| *from > first);
        let ended = unit.valid_to.filter(|to| *to < last);
        row.barred = match (began, ended) {
            (Some(from), _) => Some(Msg::new(
                format!("không so sánh được: đơn vị có từ ngày {}", vi(from)),
                format!("not comparable: the unit exists since {}", vi(from)),
            )),
            (None, Some(to)) => Some(Msg::new(
                format!("không so sánh được: đơn vị chỉ có đến ngày {}", vi(to)),
                format!("not comparable: the unit existed until {}", vi(to)),
            )),
            (None, None) => None,
        };
    }
    Ok(())
}
