//! Taking back and doing again: what one person did at once, across restarts, with every rule held. The history keeps
//! both: taking back is an operation of its own.
mod inverse;
mod pieces;
mod told;
pub(super) use pieces::{PIECE, go_on, left_out};
pub(super) use told::name as record_name;
pub use told::{Deed, Told};

use super::{Cx, Error, Result, secrecy};
use crate::domain::date;
use crate::domain::words::{Msg, t};
use crate::store::OperationRow;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Take back what was done.
    Back,
    /// Do again what was taken back.
    Again,
}

/// The newest of one's own operations that can be taken back, or done again; none when there is none.
///
/// # Errors
/// A failure of the database.
pub fn next(cx: &Cx, way: Way) -> Result<Option<Told>> {
    let db = cx.store.read();
    let row = match way {
        Way::Back => db.last_done(cx.actor())?,
        Way::Again => db.last_undone(cx.actor())?,
    };
    row.map(|row| told::told(db, &row)).transpose()
}

/// What taking this operation back would say, when it is one's own and stands.
///
/// # Errors
/// Why it cannot be taken back, or a failure of the database.
pub fn proposed(cx: &Cx, operation: i64) -> Result<Told> {
    let db = cx.store.read();
    told::told(db, &takeable(cx, operation)?)
}

/// Records that are taken back in one transaction; more are taken back in pieces, so that nobody waits long.
pub const AT_ONCE: usize = 5_000;

/// Takes back one's own operation; of a taking back: does it again. All of it, or nothing; of very many records those
/// that somebody changes while they are taken back stay as they are.
///
/// # Errors
/// Who has changed the same since, which rule forbids it, or a failure of the database.
pub fn take_back(cx: &mut Cx, operation: i64) -> Result<Told> {
    take_back_by(cx, operation, AT_ONCE)
}

/// As [`take_back`], with so many records in one transaction at most.
///
/// # Errors
/// As [`take_back`].
pub fn take_back_by(cx: &mut Cx, operation: i64, at_once: usize) -> Result<Told> {
    super::long::at_rest(cx, operation)?;
    let row = takeable(cx, operation)?;
    if row.undone.is_some() {
        return pieces::take_rest(cx, &row, at_once);
    }
    if row.records > at_once {
        return pieces::take_back(cx, &row, at_once);
    }
    let (told, wiped) = cx.write(|tx, env, stamp| {
        let row = own(tx.read().operation(operation)?, stamp.0)?;
        let told = told::told(tx.read(), &row)?;
        let wiped = inverse::take_back(tx, env, &row, stamp)?;
        Ok((told, wiped))
    })?;
    if !wiped.is_empty() {
        secrecy::scrub(cx, &wiped)?;
    }
    Ok(told)
}

/// Operations, the newest first: one's own, or everybody's.
///
/// # Errors
/// A failure of the database.
pub fn list(cx: &Cx, mine: bool, offset: usize, limit: usize) -> Result<Vec<Told>> {
    let db = cx.store.read();
    let rows = db.operations(mine.then(|| cx.actor()), offset, limit)?;
    rows.iter().map(|row| told::told(db, row)).collect()
}

/// How many operations [`list`] has.
///
/// # Errors
/// A failure of the database.
pub fn count(cx: &Cx, mine: bool) -> Result<usize> {
    Ok(cx.store.read().count_operations(mine.then(|| cx.actor()))?)
}

/// Holds that an operation is this person's, and stands or was not taken back to its end.
fn takeable(cx: &Cx, operation: i64) -> Result<OperationRow> {
    let db = cx.store.read();
    let row = db.operation(operation)?;
    match row {
        Some(row) if pieces::rest(db, Some(&row))?.is_some() => whose(Some(row), cx.actor()),
        row => own(row, cx.actor()),
    }
}

/// Holds that an operation is this person's.
fn whose(row: Option<OperationRow>, actor: &str) -> Result<OperationRow> {
    let Some(row) = row else {
        return Err(Error::NotFound(
            t("không có việc này", "there is no such operation").into(),
        ));
    };
    if row.who != actor {
        return Err(Error::refused(Msg::new(
            format!("việc của {}; chỉ lấy lại được việc của mình", row.who),
            format!("done by {}; only one's own work is taken back", row.who),
        )));
    }
    Ok(row)
}

/// Holds that an operation is this person's and stands.
fn own(row: Option<OperationRow>, actor: &str) -> Result<OperationRow> {
    let row = whose(row, actor)?;
    if let Some((who, at)) = &row.undone {
        return Err(Error::refused(Msg::new(
            format!("{who} đã lấy lại lúc {}", moment(at)),
            format!("taken back by {who} at {}", moment(at)),
        )));
    }
    Ok(row)
}

/// Day and time of a stored moment: `12/03/2026 08:15`.
fn moment(stored: &str) -> String {
    super::history::moment(stored)
}

/// The moment in short: the time alone when it was on `today`.
#[must_use]
pub fn when(stored: &str, today: chrono::NaiveDate) -> String {
    let long = moment(stored);
    match long.split_once(' ') {
        Some((day, clock)) if day == date::vi(today) => clock.to_owned(),
        _ => long,
    }
}
