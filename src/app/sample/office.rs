//! What a sample office has before its first record: its own tree of units and the figures that others published.
use super::vocab::rows;
use crate::app::{Error, Result, units};
use crate::domain::figure::{Figure, PartKind, Qualifier};
use crate::domain::number::Dec;
use crate::domain::record::{Kind, Record};
use crate::domain::unit::{Branch, SuccessionKind, Unit, UnitLevel};
use crate::domain::value::{Code, RecordId, UnitRef};
use crate::domain::words::Msg;
use crate::store::{Action, Change, Tx};
use chrono::NaiveDate;
use std::collections::HashMap;

const OWN_UNITS: &str = include_str!("../../../db/seed/own_units.tsv");
const FIGURES: &str = include_str!("../../../db/seed/figures.tsv");

/// Codes of the office's own tree.
pub fn codes() -> Vec<&'static str> {
    rows(OWN_UNITS)
        .filter_map(|row| row.first().copied())
        .collect()
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A row of the built-in tables that does not fit: a slip of the program, not of a user.
fn slip(what: &str) -> Error {
    Error::refused(Msg::new(
        format!("dữ liệu mẫu sai: {what}"),
        format!("wrong sample data: {what}"),
    ))
}

fn insert(tx: &Tx, record: &mut dyn Record, stamp: (&str, &str)) -> Result<i64> {
    let id = tx.insert(record, None)?;
    tx.audit(
        stamp,
        (record.kind(), id),
        Action::Add,
        &Change::default(),
        None,
    )?;
    Ok(id)
}

/// Adds the office's own units with what became of them.
///
/// # Errors
/// A failure of the database.
pub fn add_units(tx: &Tx, stamp: (&str, &str)) -> Result<()> {
    let mut ids: HashMap<&str, i64> = HashMap::new();
    let mut fates = Vec::new();
    for row in rows(OWN_UNITS) {
        let [
            code,
            name,
            short,
            level,
            branch,
            parent,
            from,
            to,
            successor,
        ] = row[..]
        else {
            return Err(slip(&row.join(" ")));
        };
        let parent = ids.get(parent).map(|id| UnitRef {
            id: *id,
            code: parent.to_owned(),
        });
        let above = parent.as_ref().map(|u| u.id);
        let mut unit = Unit {
            code: text(code),
            name: text(name),
            short_name: text(short),
            level: UnitLevel::from_code(level),
            branch: Branch::from_code(branch),
            parent,
            valid_from: day(from),
            valid_to: day(to),
            ..Unit::default()
        };
        let id = insert(tx, &mut unit, stamp)?;
        tx.place_unit(id, above)?;
        ids.insert(code, id);
        if !successor.is_empty() {
            fates.push((id, successor));
        }
    }
    for (id, successor) in fates {
        let to = ids.get(successor).ok_or_else(|| slip(successor))?;
        tx.set_successors(id, &[(*to, SuccessionKind::Whole)])?;
    }
    Ok(())
}

/// Adds the published figures with their parts.
///
/// # Errors
/// A failure of the database.
pub fn add_figures(tx: &Tx, stamp: (&str, &str)) -> Result<()> {
    let mut ids: HashMap<&str, i64> = HashMap::new();
    for row in rows(FIGURES) {
        let [
            slug,
            code,
            body,
            indicator,
            count_unit,
            from,
            to,
            value,
            qualifier,
            denominator,
            rate,
            part_of,
            part_kind,
            source,
            source_date,
            note,
        ] = row[..]
        else {
            return Err(slip(&row.join(" ")));
        };
        let period_to = day(to).ok_or_else(|| slip(to))?;
        // A body that is no administrative unit, or bore another name then, stands in its own words.
        let unit = (!code.is_empty())
            .then(|| units::resolve(tx.read(), code, period_to).ok())
            .flatten();
        let name = match &unit {
            Some(unit) => tx
                .read()
                .unit_life(unit.id, period_to)?
                .map_or_else(String::new, |u| u.name),
            None => String::new(),
        };
        let total = match part_of {
            "" => None,
            of => Some(RecordId(*ids.get(of).ok_or_else(|| slip(of))?)),
        };
        let mut figure = Figure {
            unit,
            reporter: (name != body).then(|| body.to_owned()),
            indicator: text(indicator),
            count_unit: text(count_unit),
            period_from: day(from),
            period_to: Some(period_to),
            value: Some(Dec::parse_ascii(value).map_err(|_| slip(value))?),
            qualifier: Qualifier::from_code(qualifier),
            denominator: denominator.parse().ok(),
            printed_rate: text(rate),
            part_of: total,
            part_kind: PartKind::from_code(part_kind),
            source: text(source),
            source_date: day(source_date),
            note: text(note),
            ..Figure::default()
        };
        let id = insert(tx, &mut figure, stamp)?;
        debug_assert_eq!(figure.kind(), Kind::Figure);
        ids.insert(slug, id);
    }
    Ok(())
}
