//! Units: by code and day, the tree, what became of them, and what stands in the registers below them.
mod named;

use super::{Cx, Error, Result};
use crate::catalog;
use crate::domain::fold::fold;
use crate::domain::petition::Stage;
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::unit::{PastName, Succession, UnitSelector};
use crate::domain::value::{Held, UnitRef, Value};
use crate::domain::words::{Msg, t};
pub use crate::store::{UnitCounts, UnitLife};
use chrono::NaiveDate;
pub(super) use named::as_named;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Has the system fetch all units, without waiting for them.
pub fn fetch(cx: &Cx) {
    // Where they cannot be fetched they come as they are asked for.
    let _ = cx.store.read().fetch_all(Kind::Unit);
}

/// What became of a unit and what it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    /// What it became.
    pub successors: Vec<Succession>,
    /// True when the successors are those of the units below it: an abolished district has none of its own.
    pub through_children: bool,
    /// What it was made of.
    pub origins: Vec<Succession>,
    /// Earlier names.
    pub past: Vec<PastName>,
}

/// One count of a unit, with the list it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Registrations.
    Models,
    /// Dialogues.
    Dialogues,
    /// All petitions.
    Petitions,
    /// Petitions not finished.
    Open,
    /// Petitions past their deadline.
    Late,
    /// Visits received.
    Receptions,
}

/// Stages in which a petition is still waiting for someone.
pub const OPEN_STAGES: &[Stage] = &[
    Stage::Received,
    Stage::Classified,
    Stage::Accepted,
    Stage::Forwarded,
];

/// Most units that a refusal suggests.
const SUGGESTED: usize = 5;

fn no_unit(code: &str, near: &Msg) -> Error {
    Error::refused(Msg::new(
        format!("Đơn vị: không có mã «{code}»{}", near.vi),
        format!("Unit: no unit has the code \"{code}\"{}", near.en),
    ))
}

/// The units that a name typed for a code may mean: «; có phải: 29602 Xã Long Hồ». Those valid on the day, else
/// those of other days; empty where none bears it.
fn suggested(db: crate::store::Db, text: &str, on: NaiveDate) -> crate::store::Result<Msg> {
    let name = text.split_once('@').map_or(text, |(name, _)| name);
    let folded = fold(&crate::domain::text::clean(name));
    if folded.is_empty() {
        return Ok(Msg::default());
    }
    let mut found = db.unit_match(&folded, on, SUGGESTED)?;
    if found.iter().any(|u| u.valid_on(on)) {
        found.retain(|u| u.valid_on(on));
    }
    if found.is_empty() {
        return Ok(Msg::default());
    }
    let list = |say: fn(&Msg) -> &str| {
        let names: Vec<String> = found
            .iter()
            .map(|u| match u.valid_on(on) {
                true => format!("{} {}", u.code, u.name),
                false => format!("{} {} ({})", u.code, u.name, say(&validity(u))),
            })
            .collect();
        names.join(", ")
    };
    Ok(Msg::new(
        format!("; có phải: {}", list(|m| &m.vi)),
        format!("; perhaps: {}", list(|m| &m.en)),
    ))
}

/// The units that a name typed where a code is wanted may mean on a day, to be said after the refusal.
///
/// # Errors
/// A failure of the database.
pub fn suggestion(cx: &Cx, text: &str, on: NaiveDate) -> Result<Msg> {
    Ok(suggested(cx.store.read(), text, on)?)
}

/// Where the area of an abolished unit went: its successors, or those of the units below it.
fn went_to(db: crate::store::Db, id: i64) -> crate::store::Result<Msg> {
    let mut next = db.successors(id)?;
    let through = next.is_empty();
    if through {
        next = db.successors_of_children(id)?;
    }
    if next.is_empty() {
        return Ok(Msg::default());
    }
    let mut names: Vec<String> = next
        .iter()
        .take(SUGGESTED)
        .map(|s| format!("{} {}", s.code, s.name))
        .collect();
    if next.len() > SUGGESTED {
        names.push("…".to_owned());
    }
    let names = names.join(", ");
    let (vi, en) = match through {
        true => (", qua các xã", ", through its communes"),
        false => ("", ""),
    };
    Ok(Msg::new(
        format!("; nay thuộc {names}{vi}"),
        format!("; now {names}{en}"),
    ))
}

fn selector(text: &str) -> Result<UnitSelector> {
    UnitSelector::parse(text).map_err(|date| {
        Error::refused(Msg::new(
            format!("Đơn vị: «{date}» không phải ngày dạng NĂM-THÁNG-NGÀY sau dấu @"),
            format!("Unit: \"{date}\" after @ is not a date YYYY-MM-DD"),
        ))
    })
}

/// Dates of a unit's validity in words: «đến 30/06/2025», «từ 01/07/2025».
#[must_use]
pub fn validity(unit: &UnitLife) -> Msg {
    use crate::domain::date::vi;
    match (unit.valid_from, unit.valid_to) {
        (None, None) => Msg::default(),
        (Some(from), None) => Msg::new(format!("từ {}", vi(from)), format!("from {}", vi(from))),
        (None, Some(to)) => Msg::new(format!("đến {}", vi(to)), format!("until {}", vi(to))),
        (Some(from), Some(to)) => Msg::new(
            format!("{}–{}", vi(from), vi(to)),
            format!("{}–{}", vi(from), vi(to)),
        ),
    }
}

/// The one unit that a verb on a unit means: the one valid on the day given, else today, else the last.
///
/// # Errors
/// When no unit bears the code (then).
pub fn locate(cx: &Cx, text: &str) -> Result<UnitLife> {
    let wanted = selector(text)?;
    let lives = cx.store.read().unit_lives(&wanted.code)?;
    let day = wanted.on.unwrap_or_else(|| cx.today());
    let valid = lives.iter().find(|u| u.valid_on(day)).cloned();
    let found = match wanted.on {
        Some(_) => valid,
        None => valid.or_else(|| lives.last().cloned()),
    };
    let found = found.ok_or_else(|| {
        Error::NotFound(Msg::new(
            format!("Không có đơn vị «{text}»"),
            format!("No unit \"{text}\""),
        ))
    })?;
    Ok(cx.store.read().unit_life(found.id, day)?.unwrap_or(found))
}

/// The units that `--unit CODE` of lists and rates means: all that ever bore the code, or the one of a day.
///
/// # Errors
/// When no unit bears the code.
pub fn scope(cx: &Cx, text: &str) -> Result<Vec<i64>> {
    let ids = scope_of(cx.store.read(), text)?;
    if ids.is_empty() {
        let on = selector(text)?.on.unwrap_or_else(|| cx.today());
        return Err(no_unit(text, &suggestion(cx, text, on)?));
    }
    Ok(ids)
}

/// As [`scope`]; none when no unit bears the code.
///
/// # Errors
/// A code that cannot be read, or a failure of the database.
pub(super) fn scope_of(db: crate::store::Db, text: &str) -> Result<Vec<i64>> {
    let wanted = selector(text)?;
    let mut lives = db.unit_lives(&wanted.code)?;
    if let Some(on) = wanted.on {
        lives.retain(|u| u.valid_on(on));
    }
    Ok(lives.into_iter().map(|u| u.id).collect())
}

/// The unit a record means by a code on its date.
///
/// # Errors
/// The rule that is broken, with the unit's dates and what it became.
pub fn resolve(
    db: crate::store::Db,
    text: &str,
    on: NaiveDate,
) -> std::result::Result<UnitRef, Msg> {
    use crate::domain::date::vi;
    let internal = |e: crate::store::StoreError| {
        let e = Error::from(e);
        Msg::new(
            e.text(crate::domain::words::Lang::Vi),
            e.text(crate::domain::words::Lang::En),
        )
    };
    let wanted = UnitSelector::parse(text).map_err(|date| {
        Msg::new(
            format!("«{date}» không phải ngày dạng NĂM-THÁNG-NGÀY sau dấu @"),
            format!("\"{date}\" after @ is not a date YYYY-MM-DD"),
        )
    })?;
    let mut lives = db.unit_lives(&wanted.code).map_err(internal)?;
    if let Some(day) = wanted.on {
        lives.retain(|u| u.valid_on(day));
    }
    if lives.is_empty() {
        let near = suggested(db, text, on).map_err(internal)?;
        // A code is one word without marks; the rest is a name.
        let coded = text.is_ascii() && !text.contains(' ');
        let said = match coded {
            true => t("đơn vị mã", "no unit has the code"),
            false => t("đơn vị", "there is no unit"),
        };
        return Err(Msg::new(
            format!("không có {} «{text}»{}", said.vi, near.vi),
            format!("{} \"{text}\"{}", said.en, near.en),
        ));
    }
    if let Some(unit) = lives.iter().find(|u| u.valid_on(on)) {
        return Ok(UnitRef {
            id: unit.id,
            code: unit.code.clone(),
        });
    }
    let mut vi_lives = Vec::new();
    let mut en_lives = Vec::new();
    for unit in &lives {
        let when = validity(unit);
        vi_lives.push(format!("{} ({})", unit.name, when.vi));
        en_lives.push(format!("{} ({})", unit.name, when.en));
    }
    let next = match lives.last() {
        Some(last) => went_to(db, last.id).map_err(internal)?,
        None => Msg::default(),
    };
    Err(Msg::new(
        format!(
            "đơn vị {} không có hiệu lực vào ngày {}: {}{}",
            wanted.code,
            vi(on),
            vi_lives.join("; "),
            next.vi
        ),
        format!(
            "unit {} was not valid on {}: {}{}",
            wanted.code,
            vi(on),
            en_lives.join("; "),
            next.en
        ),
    ))
}

/// The unit that a record of day `on` means by what was typed, before it is saved; where one was named to whom typed it, it
/// must be that.
///
/// # Errors
/// The rule that is broken, with the unit's dates and what it became.
pub fn meant(
    cx: &Cx,
    text: &str,
    named: Option<i64>,
    on: NaiveDate,
) -> std::result::Result<UnitRef, Msg> {
    as_named(cx.store.read(), text, named, on)
}

/// A unit as it was on a day.
///
/// # Errors
/// A failure of the database.
pub fn life(cx: &Cx, id: i64, on: NaiveDate) -> Result<Option<UnitLife>> {
    Ok(cx.store.read().unit_life(id, on)?)
}

/// Gives a unit the name and level of the day asked for: a later name is not its name then.
pub fn as_it_was(record: &mut dyn Record, life: UnitLife) {
    // Both keys are a unit's own, so this cannot fail.
    let _ = record.set("name", Value::Text(life.name));
    let _ = record.set("level", Value::Text(life.level));
}

/// The day by which the units that a record names are called: its own, for a unit today.
#[must_use]
pub fn day_of(record: &dyn Record, today: NaiveDate) -> NaiveDate {
    if record.kind() == Kind::Unit {
        return today;
    }
    match record.held(catalog::entity(record.kind()).date_field) {
        Held::Date(day) => day,
        _ => today,
    }
}

/// Names of units, each looked up once for the span in which no unit changed.
#[derive(Debug, Default)]
pub struct Names {
    /// Days on which something about units changed; read with the first name.
    turns: Option<Vec<NaiveDate>>,
    known: HashMap<(i64, usize), Arc<str>>,
}

impl Names {
    /// The name that a unit bore on a day.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn of(&mut self, cx: &Cx, id: i64, on: NaiveDate) -> Result<&Arc<str>> {
        let turns = match &self.turns {
            Some(turns) => turns,
            None => self.turns.insert(cx.store.read().unit_turns()?),
        };
        let span = turns.partition_point(|turn| *turn <= on);
        Ok(match self.known.entry((id, span)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(name(cx, id, on)?.into()),
        })
    }
}

/// Code and name of a unit as on a day, `29602 Xã Long Hồ`; its code alone where the row is gone.
///
/// # Errors
/// A failure of the database.
pub fn label(cx: &Cx, unit: &UnitRef, on: NaiveDate) -> Result<String> {
    Ok(life(cx, unit.id, on)?
        .map_or_else(|| unit.code.clone(), |u| format!("{} {}", u.code, u.name)))
}

/// Name of a unit as on a day.
///
/// # Errors
/// A failure of the database.
pub fn name(cx: &Cx, id: i64, on: NaiveDate) -> Result<String> {
    Ok(life(cx, id, on)?.map_or_else(String::new, |u| u.name))
}

/// Whether other units lie below a unit on a day.
///
/// # Errors
/// An unknown code, or a failure of the database.
pub fn has_below(cx: &Cx, code: &str, on: NaiveDate) -> Result<bool> {
    let unit = meant(cx, code, None, on).map_err(Error::refused)?;
    Ok(!children(cx, Some(unit.id), on)?.is_empty())
}

/// The children of a unit (or the top units) on the map of a day.
///
/// # Errors
/// A failure of the database.
pub fn children(cx: &Cx, parent: Option<i64>, on: NaiveDate) -> Result<Vec<UnitLife>> {
    Ok(cx.store.read().unit_children(parent, on)?)
}

/// The units above a unit, the topmost first, itself last.
///
/// # Errors
/// A failure of the database.
pub fn path(cx: &Cx, id: i64, on: NaiveDate) -> Result<Vec<UnitLife>> {
    Ok(cx.store.read().unit_path(id, on)?)
}

/// Units for a pick list or a jump: by code or by words of the name, accent-free; those valid on `on` first, then what
/// this office uses most in the field `of`, the office's own subtree before the country's.
///
/// # Errors
/// A failure of the database.
pub fn pick(
    cx: &Cx,
    text: &str,
    on: NaiveDate,
    of: (Kind, &str),
    limit: usize,
) -> Result<Vec<UnitLife>> {
    let db = cx.store.read();
    let folded = fold(&crate::domain::text::clean(text));
    let own = match cx.own_unit()? {
        Some(code) => scope(cx, &code).unwrap_or_default(),
        None => Vec::new(),
    };
    let uses: Vec<(i64, i64)> = db
        .uses(of.0, of.1)?
        .into_iter()
        .filter_map(|(id, n)| Some((id.parse().ok()?, n)))
        .collect();
    Ok(db.unit_choices(&folded, on, (&own, &uses), limit)?)
}

/// What became of a unit and what it was made of.
///
/// # Errors
/// A failure of the database.
pub fn fate(cx: &Cx, id: i64) -> Result<Fate> {
    let db = cx.store.read();
    let mut successors = db.successors(id)?;
    let through_children = successors.is_empty();
    if through_children {
        successors = db.successors_of_children(id)?;
    }
    Ok(Fate {
        through_children: through_children && !successors.is_empty(),
        successors,
        origins: db.origins(id)?,
        past: db.past_names(id)?,
    })
}

/// Counts over a unit with all below it.
///
/// # Errors
/// A failure of the database.
pub fn counts(cx: &Cx, id: i64) -> Result<UnitCounts> {
    Ok(cx.store.read().unit_counts(id, cx.days())?)
}

/// The list that a count of a unit opens; its rows are as many as the count.
#[must_use]
pub fn counted(id: i64, what: Counted) -> Query {
    let kind = match what {
        Counted::Models => Kind::Model,
        Counted::Dialogues => Kind::Dialogue,
        Counted::Petitions | Counted::Open | Counted::Late => Kind::Petition,
        Counted::Receptions => Kind::Reception,
    };
    let mut query = Query::all(kind);
    query.units = vec![id];
    match what {
        Counted::Open => query.open = true,
        Counted::Late => query.conds.push(Cond {
            key: "standing",
            op: Op::Eq,
            value: Value::Text("overdue".into()),
        }),
        _ => {}
    }
    query
}
