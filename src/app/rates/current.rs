//! Rates on today's map: earlier units are rolled up to the unit that they lie in whole; one that was divided
//! between several rows is shown by itself, and the rows it went to say that they cannot be compared.
use super::rows::{Counted, Plan, itself, missing, row_of, tallies};
use super::{Ask, RateQuery, RateRow};
use crate::app::{Cx, Error, Result, units};
use crate::domain::date::vi;
use crate::domain::rate::{Cell, CellUnit, GroupBy};
use crate::domain::succession::{MapOfDay, Place};
use crate::domain::words::Msg;
use crate::store::{GroupKey, Tally, UnitLife};
use std::collections::{BTreeMap, HashMap};

/// The unit of today that a query asks for; none for all.
pub fn scope(cx: &Cx, q: &RateQuery) -> Result<Option<i64>> {
    if q.units.is_empty() {
        return Ok(None);
    }
    for id in &q.units {
        if units::life(cx, *id, cx.today())?.is_some_and(|u| u.valid_on(cx.today())) {
            return Ok(Some(*id));
        }
    }
    Err(Error::refused(Msg::new(
        "Đơn vị (unit): không có trên bản đồ đơn vị hôm nay; chọn đơn vị hiện nay hoặc --map as_recorded",
        "Unit: it is not on today's map; choose a unit of today or --map as_recorded",
    )))
}

/// Where the figures of a unit go.
enum Goes {
    /// To a row.
    Child(i64),
    /// To the unit asked for, without a child of it.
    Itself,
    /// Nowhere in one piece, but within what is asked for.
    Divided,
    /// Only partly within what is asked for.
    Apart,
    /// Elsewhere.
    Out,
}

fn goes(map: &MapOfDay, place: &Place, children: &[i64], scope: Option<i64>) -> Goes {
    if let Some(at) = place.at {
        let found = children.iter().find(|child| map.below(at, **child));
        if let Some(child) = found {
            return Goes::Child(*child);
        }
    }
    let Some(scope) = scope else {
        return Goes::Divided;
    };
    match place.at {
        Some(at) if at == scope && place.whole => Goes::Itself,
        Some(at) if map.below(at, scope) => Goes::Divided,
        _ if place.into.iter().any(|unit| map.below(*unit, scope)) => Goes::Apart,
        _ => Goes::Out,
    }
}

/// Counts by the very unit that each record names, in the order of the units.
fn by_exact_unit(cx: &Cx, ask: &Ask) -> Result<BTreeMap<Option<i64>, Tally>> {
    let cell = Cell {
        unit: CellUnit::Any,
        ..ask.cell()
    };
    let found = tallies(cx, ask, &cell, Some(GroupBy::Unit))?;
    let id = |key| match key {
        GroupKey::Row(id) => Some(id),
        _ => None,
    };
    Ok(found
        .into_iter()
        .map(|(key, tally)| (id(key), tally))
        .collect())
}

fn plan(key: Option<String>, label: Msg, ask: &Ask, unit: CellUnit) -> Plan {
    Plan {
        key,
        label,
        cell: Cell { unit, ..ask.cell() },
        unit: match unit {
            CellUnit::Current { unit, .. } => Some(unit),
            _ => None,
        },
        always: true,
    }
}

/// How many names a reason lists.
const NAMED: usize = 3;

fn names(cx: &Cx, ask: &Ask, ids: impl Iterator<Item = i64>) -> Result<String> {
    let ids: Vec<i64> = ids.collect();
    let mut names = Vec::new();
    for id in ids.iter().take(NAMED) {
        names.push(units::name(cx, *id, ask.today)?);
    }
    if ids.len() > NAMED {
        names.push(format!("… ({})", ids.len()));
    }
    Ok(names.join(", "))
}

/// Row of a unit that lies in no one row.
fn divided(cx: &Cx, ask: &Ask, id: i64, place: &Place, tally: &Tally) -> Result<RateRow> {
    let life = units::life(cx, id, ask.query.to)?;
    let (mut key, mut label) = (id.to_string(), missing());
    if let Some(unit) = &life {
        label = Msg::new(unit.name.clone(), unit.name.clone());
        key.clone_from(&unit.code);
        if let Some(to) = unit.valid_to {
            key = format!("{}@{to}", unit.code);
            label = Msg::new(
                format!("{} (đến {})", unit.name, vi(to)),
                format!("{} (until {})", unit.name, vi(to)),
            );
        }
    }
    let mut row = row_of(plan(Some(key), label, ask, CellUnit::Only(id)), tally);
    row.barred = Some(if place.into.is_empty() {
        Msg::new(
            "không so sánh được: không ghi đơn vị kế tục",
            "not comparable: no successor is recorded",
        )
    } else {
        let into = names(cx, ask, place.into.iter().copied())?;
        Msg::new(
            format!("không so sánh được: đã chia vào {into}"),
            format!("not comparable: divided between {into}"),
        )
    });
    Ok(row)
}

/// The rows of a table by unit on today's map, and the units that lie only partly in what it covers.
pub fn rows(cx: &Cx, ask: &Ask, scope: Option<i64>) -> Result<Counted> {
    let map = cx.store.read().map_of_day(ask.today)?;
    let children = units::children(cx, scope, ask.today)?;
    let ids: Vec<i64> = children.iter().map(|u| u.id).collect();
    let mut sums: HashMap<i64, Tally> = HashMap::new();
    let (mut own, mut none) = (Tally::default(), Tally::default());
    let (mut split, mut apart) = (Vec::new(), Vec::new());
    let mut touched: HashMap<i64, Vec<i64>> = HashMap::new();
    for (unit, tally) in by_exact_unit(cx, ask)? {
        let Some(id) = unit else {
            if scope.is_none() {
                none.add(&tally);
            }
            continue;
        };
        let place = map.place(id);
        let to = match goes(&map, &place, &ids, scope) {
            Goes::Child(child) => {
                sums.entry(child).or_default().add(&tally);
                continue;
            }
            Goes::Itself => {
                own.add(&tally);
                continue;
            }
            Goes::Out => continue,
            Goes::Divided => &mut split,
            Goes::Apart => &mut apart,
        };
        for child in &ids {
            if place.into.iter().any(|unit| map.below(*unit, *child)) {
                touched.entry(*child).or_default().push(id);
            }
        }
        to.push(divided(cx, ask, id, &place, &tally)?);
    }
    let on = ask.today;
    let mut rows = Vec::new();
    for child in &children {
        let tally = sums.remove(&child.id).unwrap_or_default();
        let unit = CellUnit::Current { unit: child.id, on };
        let name = Msg::new(child.name.clone(), child.name.clone());
        let mut row = row_of(plan(Some(child.code.clone()), name, ask, unit), &tally);
        if let Some(from) = touched.remove(&child.id) {
            row.barred = Some(partly(cx, ask, &from)?);
        }
        rows.push(row);
    }
    if let Some(id) = scope.filter(|_| own.den > 0)
        && let Some(unit) = units::life(cx, id, on)?
    {
        rows.push(direct(ask, &unit, &own));
    }
    rows.extend(split);
    if none.den > 0 {
        rows.push(row_of(plan(None, missing(), ask, CellUnit::Missing), &none));
    }
    Ok(Counted {
        rows,
        apart,
        total: None,
    })
}

fn direct(ask: &Ask, unit: &UnitLife, tally: &Tally) -> RateRow {
    let cell = CellUnit::CurrentOnly {
        unit: unit.id,
        on: ask.today,
    };
    row_of(
        plan(Some(unit.code.clone()), itself(unit), ask, cell),
        tally,
    )
}

fn partly(cx: &Cx, ask: &Ask, from: &[i64]) -> Result<Msg> {
    let mut named = Vec::new();
    for id in from.iter().take(NAMED) {
        if let Some(unit) = units::life(cx, *id, ask.query.from)? {
            named.push(unit.name);
        }
    }
    let named = named.join(", ");
    Ok(Msg::new(
        format!("không so sánh được: có phần của {named} (đã chia)"),
        format!("not comparable: holds part of {named} (divided)"),
    ))
}
