//! Units as files name them: by code, by a code that has lost its noughts, or by name.
use crate::app::units::resolve;
use crate::app::{Error, Result};
use crate::domain::fold::fold;
use crate::domain::sheet::Cell;
use crate::domain::text::clean;

use crate::domain::value::{UnitRef, Value};
use crate::domain::words::Msg;
use crate::store::{Db, UnitLife};
use chrono::NaiveDate;
use std::collections::HashMap;

/// What a unit's name was found to mean on a day.
type Found = std::result::Result<UnitRef, Msg>;

/// Answers kept; a file names the same units over and over.
const KEPT: usize = 40_000;

/// Units already looked up.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// Days on which something about units changed: between two of them a text means the same.
    turns: Vec<NaiveDate>,
    /// What was found, by text and span between turns.
    found: HashMap<(String, usize), UnitRef>,
    /// Why nothing was, where it speaks of no day, in the same way.
    wrong: HashMap<(String, usize), Msg>,
    /// Units of the office, which a name means before others.
    own: Vec<i64>,
}

/// The code in a text; «29602 Xã Long Hồ» is the code with its name.
fn code_of(text: &str) -> &str {
    text.split_once(' ')
        .map(|(code, _)| code)
        .filter(|code| code.len() >= 2 && code.bytes().all(|b| b.is_ascii_digit()))
        .unwrap_or(text)
}

/// Rows of the office's own unit in all its lives, and of what it was made of: below any of these a name is its own.
fn own_areas(db: Db, code: &str) -> Result<Vec<i64>> {
    let mut own = crate::app::units::scope_of(db, code).unwrap_or_default();
    for id in own.clone() {
        own.extend(
            db.origins(id)
                .map_err(Error::from)?
                .iter()
                .map(|from| from.id),
        );
    }
    Ok(own)
}

impl Units {
    pub(super) fn new(db: Db) -> Result<Self> {
        let own = match db.setting("own_unit")? {
            Some(code) => own_areas(db, &code)?,
            None => Vec::new(),
        };
        Ok(Self {
            turns: db.unit_turns()?,
            own,
            ..Self::default()
        })
    }

    /// A unit as the cell has it, to be looked up once the row's day is known.
    pub(super) fn typed(cell: &Cell) -> Value {
        let code = clean(&cell.text());
        if code.is_empty() {
            Value::Null
        } else {
            Value::Unit(UnitRef { id: 0, code })
        }
    }

    /// The unit that a text means on a day.
    pub(super) fn find(&mut self, db: Db, text: &str, on: NaiveDate) -> Result<Found> {
        let key = (
            text.to_owned(),
            self.turns.partition_point(|turn| *turn <= on),
        );
        if let Some(found) = self.found.get(&key) {
            return Ok(Ok(found.clone()));
        }
        if let Some(wrong) = self.wrong.get(&key) {
            return Ok(Err(wrong.clone()));
        }
        if self.found.len() + self.wrong.len() >= KEPT {
            self.found.clear();
            self.wrong.clear();
        }
        let found = self.look(db, text, on)?;
        match &found {
            Ok(unit) => _ = self.found.insert(key, unit.clone()),
            // A unit of another time is told with the day asked for.
            Err(rule) if db.unit_lives(code_of(text))?.is_empty() => {
                self.wrong.insert(key, rule.clone());
            }
            Err(_) => {}
        }
        Ok(found)
    }

    fn look(&self, db: Db, text: &str, on: NaiveDate) -> Result<Found> {
        let code = code_of(text);
        let by_code = resolve(db, code, on);
        let Err(rule) = by_code else {
            return Ok(by_code);
        };
        if code.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Err(self.padded(db, code, rule)?));
        }
        self.by_name(db, text, on, rule)
    }

    /// A number that may once have been a code with noughts before it.
    fn padded(&self, db: Db, code: &str, rule: Msg) -> Result<Msg> {
        for width in [2, 3, 5] {
            let full = format!("{code:0>width$}");
            if full.len() > code.len()
                && let Some(unit) = db.unit_lives(&full).map_err(Error::from)?.last()
            {
                return Ok(Msg::new(
                    format!("{}; có lẽ đã mất số 0 ở đầu: {full} {}", rule.vi, unit.name),
                    format!(
                        "{}; a leading zero may be lost: {full} {}",
                        rule.en, unit.name
                    ),
                ));
            }
        }
        Ok(rule)
    }

    /// The one unit that bears a name on a day, the office's own before others.
    fn by_name(&self, db: Db, text: &str, on: NaiveDate, rule: Msg) -> Result<Found> {
        const MANY: usize = 60;
        // «Xã Long Phước, Tỉnh Vĩnh Long»: the name, then what it lies in.
        let mut parts = text.split(',').map(str::trim);
        let text = parts.next().unwrap_or_default();
        let around: Vec<String> = parts.map(fold).collect();
        let folded = fold(text);
        let mut found = db.unit_match(&folded, on, MANY).map_err(Error::from)?;
        found.retain(|u| u.valid_on(on) && fold(&u.name) == folded);
        let mut paths = HashMap::new();
        for unit in &found {
            paths.insert(unit.id, db.unit_path(unit.id, on).map_err(Error::from)?);
        }
        let above = |id: i64| paths.get(&id).into_iter().flatten();
        found.retain(|u| {
            around
                .iter()
                .all(|place| above(u.id).any(|a| fold(&a.name).ends_with(place.as_str())))
        });
        // Typed with its marks, a name means the unit that bears them.
        let marked: Vec<_> = found
            .iter()
            .filter(|u| u.name.to_lowercase() == text.to_lowercase())
            .cloned()
            .collect();
        if !marked.is_empty() {
            found = marked;
        }
        let own = |u: &UnitLife| above(u.id).any(|a| self.own.contains(&a.id));
        if found.len() > 1 && found.iter().any(own) {
            found.retain(own);
        }
        match found.as_slice() {
            [one] => Ok(Ok(UnitRef {
                id: one.id,
                code: one.code.clone(),
            })),
            [] => Ok(Err(rule)),
            several => {
                let codes: Vec<String> = several
                    .iter()
                    .take(8)
                    .map(|u| {
                        let within = above(u.id).next().map_or("", |top| top.name.as_str());
                        format!("{} {within}", u.code)
                    })
                    .collect();
                Ok(Err(Msg::new(
                    format!(
                        "{} đơn vị cùng tên «{text}»: ghi mã ({}…)",
                        several.len(),
                        codes.join(", ")
                    ),
                    format!(
                        "{} units bear the name \"{text}\": give the code ({}…)",
                        several.len(),
                        codes.join(", ")
                    ),
                )))
            }
        }
    }
}
