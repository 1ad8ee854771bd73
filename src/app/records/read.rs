//! Records read: one list, its count, what points to a record, its history.
use super::{AuditRow, get};
use crate::app::{Cx, Error, Result, petitions, units};
use crate::catalog;
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record};
use crate::domain::words::Lang;

/// The history of a record, oldest first.
///
/// # Errors
/// When the record is not there.
pub fn history(cx: &Cx, kind: Kind, id: i64) -> Result<Vec<AuditRow>> {
    get(cx, kind, id)?;
    Ok(cx.store.read().history(kind, id)?)
}

/// The rows of a list from `offset`, at most `limit`, with what is computed for today.
///
/// # Errors
/// A failure of the database.
pub fn list(
    cx: &Cx,
    query: &Query,
    offset: usize,
    limit: Option<usize>,
) -> Result<Vec<Box<dyn Record>>> {
    let mut rows = cx.store.read().list(query, cx.days(), offset, limit)?;
    for row in &mut rows {
        petitions::stamp_standing(row.as_mut(), cx.days(), &cx.rules);
    }
    Ok(rows)
}

/// Rows near the end of a list, in its order: at most `limit`, with `skip` rows after them.
///
/// # Errors
/// A failure of the database.
pub fn list_from_end(
    cx: &Cx,
    query: &Query,
    skip: usize,
    limit: usize,
) -> Result<Vec<Box<dyn Record>>> {
    let read = cx.store.read();
    let mut rows = read.list_from_end(query, cx.days(), skip, limit)?;
    for row in &mut rows {
        petitions::stamp_standing(row.as_mut(), cx.days(), &cx.rules);
    }
    Ok(rows)
}

/// Hands the rows of a list over one by one, for output as long as the register; the units of a day as they were then.
///
/// # Errors
/// A failure of the database, or what `take` returns.
pub fn each(
    cx: &Cx,
    query: &Query,
    limit: Option<usize>,
    mut take: impl FnMut(&dyn Record) -> Result<()>,
) -> Result<()> {
    let days = cx.days();
    cx.store
        .read()
        .each::<Error>(query, days, 0, limit, |mut record| {
            petitions::stamp_standing(record.as_mut(), days, &cx.rules);
            if let (Kind::Unit, Some(on)) = (query.kind, query.on)
                && let Some(life) = units::life(cx, record.head().id, on)?
            {
                units::as_it_was(record.as_mut(), life);
            }
            take(record.as_ref())
        })
}

/// How many rows a list has.
///
/// # Errors
/// A failure of the database.
pub fn count(cx: &Cx, query: &Query) -> Result<usize> {
    Ok(cx.store.read().count(query, cx.days())?)
}

/// Records of a kind that point to another: the opinions of a dialogue, the parts of a total, the visits that led
/// to a petition.
///
/// # Errors
/// A failure of the database.
pub fn pointing(cx: &Cx, kind: Kind, key: &str, to: i64) -> Result<Vec<Box<dyn Record>>> {
    let mut rows = cx.store.read().pointing(kind, key, to)?;
    for row in &mut rows {
        petitions::stamp_standing(row.as_mut(), cx.days(), &cx.rules);
    }
    Ok(rows)
}

/// The title of a record: its naming field, never a personal one.
#[must_use]
pub fn title(record: &dyn Record, lang: Lang) -> String {
    let entity = catalog::entity(record.kind());
    catalog::field(entity.kind, entity.title_field).map_or_else(String::new, |field| {
        catalog::show::show(field, &record.get(field.key), lang)
    })
}
