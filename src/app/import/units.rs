//! Units as files name them: by code, by a code that has lost its noughts, or by name.
use crate::app::units::{resolve, validity};
use crate::app::{Error, Result};
use crate::domain::date::vi;
use crate::domain::fold::fold;
use crate::domain::hash::QuickMap;
use crate::domain::sheet::Cell;
use crate::domain::spare::Texts;
use crate::domain::text::{clean, is_plain};
use crate::domain::value::{UnitRef, Value};
use crate::domain::words::Msg;
use crate::store::{Db, UnitLife};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// What a unit's name was found to mean on a day.
pub(super) type Found = std::result::Result<UnitRef, Msg>;

/// Answers kept; a file names the same units over and over.
const KEPT: usize = 40_000;

/// Units already looked up.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// Days on which something about units changed: between two of them a text means the same.
    turns: Vec<NaiveDate>,
    /// What was found, by text and span between turns; why nothing was, where that speaks of no day.
    known: QuickMap<String, QuickMap<usize, Found>>,
    /// Answers in it.
    kept: usize,
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

/// Units kept of those that a name fits.
const MANY: usize = 60;

/// Short words before the name of a unit, and what they stand for.
const SORTS: &[(&str, &str)] = &[
    ("h", "huyện"),
    ("q", "quận"),
    ("tp", "thành phố"),
    ("tx", "thị xã"),
    ("tt", "thị trấn"),
    ("x", "xã"),
    ("p", "phường"),
    ("t", "tỉnh"),
];

/// The names that a text may mean, the one that it says itself first: «UBND H. Tam Bình» is also «huyện Tam Bình».
fn spellings(text: &str) -> Vec<String> {
    let mut names = vec![text.to_owned(), spelled(text)];
    if let Some(place) = place_of(text) {
        names.extend([place.to_owned(), spelled(place)]);
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// With the sort of each unit written out: «x. Long Hồ, H.Long Hồ» is «xã Long Hồ, huyện Long Hồ», «P5» is «phường 5».
fn spelled(text: &str) -> String {
    let parts = text.split(',').map(|part| {
        let part = part.trim();
        let end = part
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(part.len());
        let (word, rest) = part.split_at(end);
        let word = word.to_lowercase();
        let sort = SORTS.iter().find(|(short, _)| *short == word);
        let name = rest.trim_start_matches(['.', ' ']);
        match sort.filter(|_| !name.is_empty()) {
            Some((_, sort)) => format!("{sort} {name}"),
            None => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// The unit that an office is the committee of: «UBND xã Long Hồ» is «xã Long Hồ».
fn place_of(text: &str) -> Option<&str> {
    const COMMITTEES: [&str; 4] = ["ubnd", "ub", "ủy ban nhân dân", "uỷ ban nhân dân"];
    let lower = text.to_lowercase();
    let starts = |word: &&&str| {
        let rest = lower.strip_prefix(**word);
        rest.is_some_and(|rest| rest.starts_with(['.', ' ']))
    };
    let letters = COMMITTEES.iter().find(starts)?.chars().count();
    let (at, _) = text.char_indices().nth(letters)?;
    let place = text.get(at..)?.trim_start_matches(['.', ' ']);
    (!place.is_empty()).then_some(place)
}

/// Why the one unit that ever bore a name cannot be meant on a day: it was not yet there, or no more. It is looked for
/// among those of `days`, since those valid on one come first.
fn at_another_time(db: Db, name: &str, on: NaiveDate, days: &[NaiveDate]) -> Result<Option<Msg>> {
    let folded = fold(name);
    let mut found = Vec::new();
    for day in days {
        found.extend(db.unit_match(&folded, *day, MANY).map_err(Error::from)?);
    }
    found.retain(|u| fold(&u.name) == folded);
    found.sort_by(|a, b| a.code.cmp(&b.code));
    found.dedup_by(|a, b| a.code == b.code);
    Ok(match found.as_slice() {
        // The code may be another unit's on that day.
        [one] => Some(match resolve(db, &one.code, on) {
            Err(rule) => rule,
            Ok(_) => not_then(one, on),
        }),
        _ => None,
    })
}

fn not_then(unit: &UnitLife, on: NaiveDate) -> Msg {
    let when = validity(unit);
    Msg::new(
        format!(
            "đơn vị {} {} ({}) không có vào ngày {}",
            unit.code,
            unit.name,
            when.vi,
            vi(on)
        ),
        format!(
            "unit {} {} ({}) was not there on {on}",
            unit.code, unit.name, when.en
        ),
    )
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
    pub(super) fn typed(cell: &Cell, texts: &mut Texts) -> Value {
        let own = cell.text();
        let code = match is_plain(&own) {
            true => texts.copy(&own),
            false => clean(&own),
        };
        if code.is_empty() {
            Value::Null
        } else {
            Value::Unit(UnitRef { id: 0, code })
        }
    }

    /// The unit that a text means on a day.
    pub(super) fn find(&mut self, db: Db, text: &str, on: NaiveDate) -> Result<Found> {
        let span = self.turns.partition_point(|turn| *turn <= on);
        if let Some(found) = self.known.get(text).and_then(|spans| spans.get(&span)) {
            return Ok(found.clone());
        }
        if self.kept >= KEPT {
            self.known.clear();
            self.kept = 0;
        }
        let found = self.look(db, text, on)?;
        // A unit of another time is told with the day asked for.
        let dated = |rule: &Msg| rule.vi.contains(&vi(on));
        if !found.as_ref().is_err_and(dated) {
            self.kept += 1;
            let spans = self.known.entry(text.to_owned()).or_default();
            spans.insert(span, found.clone());
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
        let spellings = spellings(text);
        for name in &spellings {
            if let Some(found) = self.by_name(db, name, on)? {
                return Ok(found);
            }
        }
        let days: Vec<NaiveDate> = [on].into_iter().chain(self.turns.last().copied()).collect();
        for name in &spellings {
            if let Some(rule) = at_another_time(db, name, on, &days)? {
                return Ok(Err(rule));
            }
        }
        Ok(Err(rule))
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

    /// The one unit that bears a name on a day, the office's own before others; none when none does.
    fn by_name(&self, db: Db, text: &str, on: NaiveDate) -> Result<Option<Found>> {
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
            [one] => Ok(Some(Ok(UnitRef {
                id: one.id,
                code: one.code.clone(),
            }))),
            [] => Ok(None),
            several => {
                let codes: Vec<String> = several
                    .iter()
                    .take(8)
                    .map(|u| {
                        let within = above(u.id).next().map_or("", |top| top.name.as_str());
                        format!("{} {within}", u.code)
                    })
                    .collect();
                Ok(Some(Err(Msg::new(
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
                ))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn short_words_before_a_name_are_written_out() {
        for (text, want) in [
            ("TP Vĩnh Long", "thành phố Vĩnh Long"),
            ("TP.Vĩnh Long", "thành phố Vĩnh Long"),
            ("H. Tam Bình", "huyện Tam Bình"),
            ("x. Long Hồ, h.Long Hồ", "xã Long Hồ, huyện Long Hồ"),
            ("P5", "phường 5"),
            ("TT Long Hồ", "thị trấn Long Hồ"),
            ("Phước Hậu", "Phước Hậu"),
            ("TP", "TP"),
        ] {
            assert_eq!(spelled(text), want, "{text}");
        }
        assert_eq!(
            spellings("UBND H. Tam Bình"),
            ["UBND H. Tam Bình", "H. Tam Bình", "huyện Tam Bình"]
        );
        assert_eq!(place_of("Ủy ban nhân dân xã Long Hồ"), Some("xã Long Hồ"));
        assert_eq!(place_of("UBND.TP Vĩnh Long"), Some("TP Vĩnh Long"));
        assert_eq!(place_of("UBND"), None);
        assert_eq!(place_of("Ubuntu"), None);
    }
}
