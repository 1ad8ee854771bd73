//! Units as they were named to whom chose them.
use super::{resolve, validity};
use crate::domain::value::UnitRef;
use crate::domain::words::Msg;
use crate::store::{Db, UnitLife};
use chrono::NaiveDate;

/// As [`super::meant`]; a row that is none yet is no name.
pub(in crate::app) fn as_named(
    db: Db,
    text: &str,
    named: Option<i64>,
    on: NaiveDate,
) -> std::result::Result<UnitRef, Msg> {
    match named.filter(|id| *id > 0) {
        Some(id) => still(db, (id, text), on),
        None => resolve(db, text, on),
    }
}

/// The unit of a code on a day, where another day's was chosen by it: a code is borne by one unit after the other, and the
/// one that goes on under the same name is meant.
///
/// # Errors
/// The rule that is broken, as [`resolve`], or that the code is that of a unit of another name.
fn still(db: Db, (chosen, code): (i64, &str), on: NaiveDate) -> std::result::Result<UnitRef, Msg> {
    let found = resolve(db, code, on)?;
    let lives = db.unit_lives(&found.code).unwrap_or_default();
    let life = |id: i64| lives.iter().find(|u| u.id == id);
    let same = |a: &UnitLife, b: &UnitLife| a.name == b.name;
    if found.id == chosen
        || life(found.id)
            .zip(life(chosen))
            .is_some_and(|(a, b)| same(a, b))
    {
        return Ok(found);
    }
    let name = |id: i64| match life(id) {
        Some(unit) => {
            let when = validity(unit);
            let named = |when: &str| format!("{} ({when})", unit.name);
            Msg::new(named(&when.vi), named(&when.en))
        }
        None => Msg::new(code, code),
    };
    let (now, before, day) = (name(found.id), name(chosen), crate::domain::date::vi(on));
    Err(Msg::new(
        format!(
            "mã {} vào ngày {day} là {}, không phải {} đã chọn: chọn lại đơn vị",
            found.code, now.vi, before.vi
        ),
        format!(
            "code {} was {} on {day}, not {}, which was chosen: choose the unit again",
            found.code, now.en, before.en
        ),
    ))
}
