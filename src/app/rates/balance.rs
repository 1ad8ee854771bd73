//! The balance of a period: what was carried over and what is new is what ended and what is carried forward.
use super::{Ask, Figure, RateOptions, RateQuery, figure};
use crate::app::{Cx, Result};
use crate::domain::rate::Part;

/// Opening + new = handled + closing, of the papers (R1) or of the matters (R2) of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// Carried over from before.
    pub opening: Figure,
    /// New in the period.
    pub new: Figure,
    /// Handled (papers), or ended in whatever way (matters), in the period.
    pub handled: Figure,
    /// Carried forward.
    pub closing: Figure,
}

impl Balance {
    /// Whether it adds up.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.opening.count + self.new.count == self.handled.count + self.closing.count
    }
}

/// The balance of a period for a rate; `q.by` plays no part.
///
/// # Errors
/// A unit that is not on today's map when that is asked for, or a failure of the database.
pub fn balance(cx: &Cx, q: &RateQuery, options: &RateOptions) -> Result<Balance> {
    let cell = Ask::of(cx, q, options)?.cell();
    Ok(Balance {
        opening: figure(cx, &cell, Part::Opening)?,
        new: figure(cx, &cell, Part::New)?,
        handled: figure(cx, &cell, Part::Ended)?,
        closing: figure(cx, &cell, Part::Closing)?,
    })
}
