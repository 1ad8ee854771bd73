//! Rules over a whole record: what is required, what must agree, which units hold on its date.
mod env;
mod kinds;
pub use env::Env;
pub(super) use kinds::answered_before;

use super::{Error, Problem, Result};
use crate::catalog::{self, Type};
use crate::domain::date::vi;
use crate::domain::petition::PetitionType;
use crate::domain::record::{Kind, Record, place_bit};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Held, Value};
use crate::domain::words::{Msg, Text, t};
use crate::store::{Db, Tx};
use chrono::{Datelike, NaiveDate};

/// Collects problems at their fields.
struct Problems {
    kind: Kind,
    list: Vec<Problem>,
}

impl Problems {
    fn add(&mut self, key: &'static str, msg: impl Into<Msg>) {
        let label = catalog::field(self.kind, key).map_or_else(Msg::default, |f| f.label.into());
        self.list.push(Problem {
            row: None,
            field: Some(key),
            label,
            msg: msg.into(),
        });
    }
}

fn date(record: &dyn Record, key: &str) -> Option<NaiveDate> {
    match record.held(key) {
        Held::Date(d) => Some(d),
        _ => None,
    }
}

fn int(record: &dyn Record, key: &str) -> Option<i64> {
    match record.held(key) {
        Held::Int(n) | Held::Ref(n) => Some(n),
        _ => None,
    }
}

fn kind_of(record: &dyn Record, key: &str) -> Option<PetitionType> {
    PetitionType::from_code(record.held(key).text()?)
}

/// The year of the book a record is numbered in.
#[must_use]
pub fn number_year(record: &dyn Record) -> Option<i32> {
    match record.kind() {
        Kind::Model => int(record, "year").and_then(|y| i32::try_from(y).ok()),
        Kind::Petition | Kind::Reception => date(record, "received_on").map(|d| d.year()),
        _ => None,
    }
}

/// Fields whose default is the day's: what was cleared there is asked for, not made up.
const OF_THE_DAY: &[&str] = &["year", "registered_on"];

/// Fills in what follows from the rest: the order of an opinion, and the default of what is never empty.
///
/// # Errors
/// A failure of the database.
pub fn complete(db: Db, env: &Env, record: &mut dyn Record) -> Result<()> {
    let kind = record.kind();
    let empty = db.never_empty(kind)? & !record.filled();
    if empty != 0 {
        for (key, value) in catalog::defaults(kind, env.today) {
            let lacks = record
                .place(key)
                .is_some_and(|at| empty & place_bit(at) != 0);
            if lacks && !OF_THE_DAY.contains(&key) {
                // The key and type are the record's own.
                let _ = record.set(key, value);
            }
        }
    }
    if record.kind() == Kind::Opinion
        && record.get("order").is_null()
        && let Some(dialogue) = int(record, "dialogue")
    {
        let last = db
            .pointing(Kind::Opinion, "dialogue", dialogue)?
            .iter()
            .filter_map(|o| int(o.as_ref(), "order"))
            .max()
            .unwrap_or(0);
        // The key and type are the record's own.
        let _ = record.set("order", Value::Int(last + 1));
    }
    Ok(())
}

/// Holds every rule over a record that is about to be saved, and resolves its units on its date.
///
/// # Errors
/// All problems at once, each at its field.
pub fn hold(db: Db, env: &Env, record: &mut dyn Record, before: Option<&dyn Record>) -> Result<()> {
    let kind = record.kind();
    let mut problems = Problems {
        kind,
        list: Vec::new(),
    };
    let (needed, personal) = catalog::needed_and_personal(kind);
    let filled = record.filled();
    // Mostly those few that tell who somebody is.
    let asked = (needed | db.never_empty(kind)?) & !filled | personal & filled;
    for (field, place) in catalog::at(kind, asked) {
        if filled & place_bit(place) == 0 {
            problems.add(field.key, t("phải nhập", "is required"));
        } else if !catalog::applies(field, record) {
            problems.add(
                field.key,
                t(
                    "đơn tố cáo không lưu họ tên, địa chỉ người tố cáo (Luật Tố cáo Đ8, Đ56); để ở hồ sơ niêm phong",
                    "a denunciation keeps no name or address of its writer (Law on Denunciations Art. 8, 56); keep them in the sealed file",
                ),
            );
        }
    }
    // First, so that the rules below see each unit by its row.
    units(db, env, record, before, &mut problems)?;
    match kind {
        Kind::Petition => kinds::petition(db, env, record, before, &mut problems)?,
        Kind::Reception => kinds::reception(db, env, record, before, &mut problems)?,
        Kind::Model => kinds::model(env, record, before, &mut problems),
        Kind::Figure => kinds::figure(db, record, &mut problems)?,
        Kind::Unit => kinds::unit(db, env, record, before, &mut problems)?,
        Kind::Dialogue => kinds::dialogue(db, record, before, &mut problems)?,
        Kind::Opinion => kinds::opinion(db, env, record, before, &mut problems)?,
    }
    references(db, record, before, &mut problems)?;
    if problems.list.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(problems.list))
    }
}

/// The date of a kind that says what has happened, and so cannot lie ahead.
#[must_use]
pub fn past_date(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Petition | Kind::Reception => Some("received_on"),
        Kind::Model => Some("registered_on"),
        Kind::Dialogue | Kind::Opinion | Kind::Figure | Kind::Unit => None,
    }
}

/// Why a date on which something has happened cannot be: it lies ahead.
#[must_use]
pub fn ahead(on: NaiveDate, today: NaiveDate) -> Option<Msg> {
    (on > today).then(|| {
        Msg::new(
            format!("{} ở sau hôm nay ({})", vi(on), vi(today)),
            format!("{} is after today ({})", vi(on), vi(today)),
        )
    })
}

fn not_future(env: &Env, record: &dyn Record, problems: &mut Problems) {
    if let Some(key) = past_date(record.kind())
        && let Some(on) = date(record, key)
        && let Some(msg) = ahead(on, env.today)
    {
        problems.add(key, msg);
    }
}

fn ordered(record: &dyn Record, first: &'static str, last: &'static str, problems: &mut Problems) {
    if let (Some(a), Some(b)) = (date(record, first), date(record, last))
        && b < a
    {
        let label = catalog::field(problems.kind, first).map_or(t("", ""), |f| f.label);
        problems.add(
            last,
            Msg::new(
                format!("{} ở trước «{}» ({})", vi(b), label.vi, vi(a)),
                format!("{} is before \"{}\" ({})", vi(b), label.en, vi(a)),
            ),
        );
    }
}

/// A number is never reused, so a record cannot move to another year's book.
fn same_book(
    record: &dyn Record,
    before: Option<&dyn Record>,
    key: &'static str,
    problems: &mut Problems,
) {
    if let Some(was) = before.and_then(|b| b.head().number)
        && let Some(now) = number_year(record)
        && was.1 != now
    {
        problems.add(
                key,
                Msg::new(
                    format!("số {}/{} thuộc sổ năm {}; muốn chuyển sang năm {now} thì xóa và nhập mới", was.0, was.1, was.1),
                    format!("number {}/{} belongs to the book of {}; to move it to {now}, remove it and enter it anew", was.0, was.1, was.1),
                ),
            );
    }
}

/// Every reference that is new, and every one of a record that comes back, must lead to a record that is there.
fn references(
    db: Db,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    let stays = before.filter(|b| !b.head().deleted);
    for (field, place) in catalog::references(record.kind()) {
        let (Type::Ref(kind), Held::Ref(id)) = (field.ty, record.held_at(*place)) else {
            continue;
        };
        if stays.is_some_and(|b| b.held_at(*place) == record.held_at(*place)) {
            continue;
        }
        if db.get(kind, id)?.is_none_or(|r| r.head().deleted) {
            let one = catalog::entity(kind).one;
            problems.add(
                field.key,
                Msg::new(
                    format!("không có {} số {id}", one.vi),
                    format!("no {} with id {id}", one.en),
                ),
            );
        }
    }
    Ok(())
}

/// The day on which a record's units must exist.
///
/// # Errors
/// A failure of the database.
pub(super) fn unit_day(db: Db, env: &Env, record: &dyn Record) -> Result<NaiveDate> {
    let day = match record.kind() {
        Kind::Opinion => match int(record, "dialogue") {
            Some(id) => db
                .get(Kind::Dialogue, id)?
                .and_then(|d| date(d.as_ref(), "held_on")),
            None => None,
        },
        Kind::Unit => date(record, "valid_from").or_else(|| date(record, "valid_to")),
        kind => date(record, catalog::entity(kind).date_field),
    };
    Ok(day.unwrap_or(env.today))
}

fn units(
    db: Db,
    env: &Env,
    record: &mut dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    let day = unit_day(db, env, record)?;
    let day_before = match before {
        Some(b) => Some(unit_day(db, env, b)?),
        None => None,
    };
    for (field, place) in catalog::units(record.kind()) {
        let Held::Unit(unit) = record.held_at(*place) else {
            continue;
        };
        let known = env.written && before.is_none();
        if unit.id > 0 && (known || day_before == Some(day)) {
            continue;
        }
        match super::units::as_named(db, &unit.code, before.map(|_| unit.id), day) {
            Ok(found) => {
                // The key and type are the record's own.
                let _ = record.set(field.key, Value::Unit(found));
            }
            Err(msg) => problems.add(field.key, msg),
        }
    }
    Ok(())
}

/// Refuses to change what was removed.
///
/// # Errors
/// When the record is removed.
pub fn present(record: &dyn Record) -> Result<()> {
    if !record.head().deleted {
        return Ok(());
    }
    Err(Error::refused(
        t(
            "Bản ghi đã xóa; khôi phục trước khi sửa",
            "The record is removed; restore it before changing it",
        )
        .into(),
    ))
}

/// The unit that a successor `CODE[@DATE]` means: the one of that day, else the one of today, else the last that bore
/// the code, since a successor may itself have ended.
///
/// # Errors
/// An unknown code.
pub(super) fn heir(
    db: Db,
    code: &str,
    today: NaiveDate,
) -> std::result::Result<crate::domain::value::UnitRef, Msg> {
    let lives = match code.split_once('@') {
        Some((bare, day)) => {
            let day: Option<NaiveDate> = day.parse().ok();
            let lives = db.unit_lives(bare).unwrap_or_default();
            lives
                .into_iter()
                .find(|u| day.is_some_and(|day| u.valid_on(day)))
        }
        None => None,
    };
    let Some(unit) = lives else {
        return super::units::resolve(db, code, today).or_else(|msg| {
            let bare = code.split('@').next().unwrap_or_default();
            let lives = db.unit_lives(bare).map_err(|_| msg.clone())?;
            lives.last().map(named).ok_or(msg)
        });
    };
    Ok(named(&unit))
}

fn named(unit: &crate::store::UnitLife) -> crate::domain::value::UnitRef {
    crate::domain::value::UnitRef {
        id: unit.id,
        code: unit.code.clone(),
    }
}

/// Replaces the successors of a unit by code.
///
/// # Errors
/// An unknown code, or a failure of the database.
pub fn set_successors(
    tx: &Tx,
    id: i64,
    list: &[(String, SuccessionKind)],
    today: NaiveDate,
) -> Result<()> {
    let refused = |msg: Msg| {
        let label: Text = t("Đơn vị kế thừa", "Successors");
        Error::Refused(vec![Problem {
            row: None,
            field: Some("successors"),
            label: label.into(),
            msg,
        }])
    };
    let mut ids = Vec::new();
    for (code, kind) in list {
        let found = heir(tx.read(), code, today).map_err(refused)?;
        if found.id == id {
            return Err(refused(
                t(
                    "đơn vị không kế thừa chính nó",
                    "a unit does not succeed itself",
                )
                .into(),
            ));
        }
        if ids.iter().any(|(known, _)| *known == found.id) {
            return Err(refused(Msg::new(
                format!("đơn vị {code} ghi hai lần"),
                format!("unit {code} is named twice"),
            )));
        }
        ids.push((found.id, *kind));
    }
    tx.set_successors(id, &ids)?;
    Ok(())
}

/// Refuses to remove what others still stand on: whatever field of whatever register points to it, the steps that
/// name it, the units it succeeds, and the office's own unit. Opinions go with their dialogue.
///
/// # Errors
/// The records that need it.
pub fn may_remove(db: Db, kind: Kind, id: i64) -> Result<()> {
    let points = |ty: Type| match ty {
        Type::Ref(to) => to == kind,
        Type::Unit => kind == Kind::Unit,
        _ => false,
    };
    for user in catalog::ENTITIES {
        for field in user.fields.iter().filter(|f| points(f.ty)) {
            if (user.kind, kind) == (Kind::Opinion, Kind::Dialogue) {
                continue;
            }
            let (count, Some(first)) = db.pointing_count(user.kind, field.key, id)? else {
                continue;
            };
            let name = db
                .get(user.kind, first)?
                .and_then(|r| r.head().number_text())
                .unwrap_or_else(|| first.to_string());
            return Err(needed(
                Msg::new(
                    format!("{count} {}", user.one.vi),
                    format!("{count} {}", user.one.en),
                ),
                &name,
            ));
        }
    }
    if kind != Kind::Unit {
        return Ok(());
    }
    if let Some(petition) = db.step_naming(id)? {
        let name = db
            .get(Kind::Petition, petition)?
            .and_then(|r| r.head().number_text())
            .unwrap_or_else(|| petition.to_string());
        let what = t("bước của đơn", "steps of petitions");
        return Err(needed(what.into(), &name));
    }
    let heirs = db.successors(id)?.into_iter().chain(db.origins(id)?);
    if let Some(other) = heirs.into_iter().next() {
        let what = t("quan hệ kế thừa đơn vị", "successions of units");
        return Err(needed(what.into(), &other.code));
    }
    let own = db.setting("own_unit")?;
    let lives = |own: &str| super::units::scope_of(db, own);
    if let Some(own) = own
        && lives(&own)?.contains(&id)
    {
        let what = t("thiết lập đơn vị của cơ quan", "the office's own unit");
        return Err(needed(what.into(), &own));
    }
    Ok(())
}

fn needed(what: Msg, name: &str) -> Error {
    Error::refused(Msg::new(
        format!("Không xóa được: còn {} dựa vào (vd. {name})", what.vi),
        format!("Cannot remove: {} still refer to it (e.g. {name})", what.en),
    ))
}
