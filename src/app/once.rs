//! Saving once: a form's token is stored with what it brought, so that sending the form again after a line dropped
//! between save and answer gives back the stored record instead of a second one.
use super::{Cx, Result, records};
use crate::catalog::{Field, show};
use crate::domain::record::Record;

/// What sending a form came to.
#[derive(Debug)]
pub struct Sent<T> {
    /// What was saved, as it is now.
    pub saved: T,
    /// It was stored by an earlier sending of the same form; nothing was written now.
    pub earlier: bool,
}

/// Runs a save under the token of its form: the first of its transactions that changes something stores the token
/// with it. When the token is stored already, nothing is saved, and `stored` reads what it brought, by id.
///
/// # Errors
/// What the save returns.
pub fn once<T>(
    cx: &mut Cx,
    token: &str,
    save: impl FnOnce(&mut Cx) -> Result<T>,
    stored: impl FnOnce(&Cx, i64) -> Result<T>,
) -> Result<Sent<T>> {
    cx.store.bear(Some(token));
    let saved = save(cx);
    cx.store.bear(None);
    let error = match saved {
        Ok(saved) => {
            return Ok(Sent {
                saved,
                earlier: false,
            });
        }
        Err(error) => error,
    };
    // The answer can be lost after the database has kept the change, too: only what is stored tells.
    match cx.store.read().sent(token) {
        Ok(Some((_, id))) => Ok(Sent {
            saved: stored(cx, id)?,
            earlier: true,
        }),
        _ => Err(error),
    }
}

/// What a form with this token has brought: kind, as the history names it, and id.
///
/// # Errors
/// A failure of the database.
pub fn brought(cx: &Cx, token: &str) -> Result<Option<(String, i64)>> {
    Ok(cx.store.read().sent(token)?)
}

/// Whether a record has in a field what the text of a form says.
#[must_use]
pub fn is_stored(cx: &Cx, record: &dyn Record, field: &Field, text: &str) -> bool {
    let has = show::edit_text(field, &record.get(field.key));
    has == text
        || records::value(cx, field, text).is_ok_and(|value| show::edit_text(field, &value) == has)
}
