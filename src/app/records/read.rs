//! Records read: one list, its count, what points to a record, its history.
use super::{AuditRow, get};
use crate::app::{Cx, Error, Result, petitions, units};
use crate::catalog;
use crate::domain::query::{Count, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::words::Lang;
pub use crate::store::Anchor;

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

/// At most `limit` rows of a list, in its order, from a row that is known, its beginning or its end, past `skip` rows.
/// None when the row that is known is not there any more.
///
/// # Errors
/// A failure of the database.
pub fn page(
    cx: &Cx,
    query: &Query,
    (from, skip): (Anchor, usize),
    limit: usize,
) -> Result<Option<Vec<Box<dyn Record>>>> {
    let days = cx.days();
    let mut rows = cx.store.read().page(query, days, (from, skip), limit)?;
    for row in rows.iter_mut().flatten() {
        petitions::stamp_standing(row.as_mut(), days, &cx.rules);
    }
    Ok(rows)
}

/// How many rows of a list come before a record, counted up to `most`.
///
/// # Errors
/// A failure of the database.
pub fn rows_before(cx: &Cx, query: &Query, id: i64, most: usize) -> Result<usize> {
    let read = cx.store.read();
    let ids = read.page_ids(query, cx.days(), Anchor::Before(id), most)?;
    Ok(ids.map_or(0, |ids| ids.len()))
}

/// Whether a list can be put in its order at once: any order of some thousands of rows, of more only one that an index
/// has.
///
/// # Errors
/// A failure of the database.
pub fn sorts(cx: &Cx, query: &Query) -> Result<bool> {
    Ok(cx.store.read().sorts(query, cx.days())?)
}

/// How many rows a list has, counted up to a bound.
///
/// # Errors
/// A failure of the database.
pub fn count_capped(cx: &Cx, query: &Query) -> Result<Count> {
    Ok(cx.store.read().count_capped(query, cx.days())?)
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
    each_given(cx, query, limit, |record| {
        take(record.as_ref())?;
        Ok(Some(record))
    })
}

/// As [`each`], for who keeps the records for a while: those that are done with may be given back, to be filled again.
///
/// # Errors
/// As [`each`].
pub fn each_given(
    cx: &Cx,
    query: &Query,
    limit: Option<usize>,
    mut take: impl FnMut(Box<dyn Record>) -> Result<Option<Box<dyn Record>>>,
) -> Result<()> {
    let days = cx.days();
    cx.store
        .read()
        .each::<Error>(query, days, (0, limit), |mut record| {
            petitions::stamp_standing(record.as_mut(), days, &cx.rules);
            if let (Kind::Unit, Some(on)) = (query.kind, query.on)
                && let Some(life) = units::life(cx, record.head().id, on)?
            {
                units::as_it_was(record.as_mut(), life);
            }
            take(record)
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
