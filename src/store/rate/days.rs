//! How many days what a measure counts took.
use super::{Half, terms};
use crate::domain::petition::book::YEARS_END;
use crate::domain::rate::{Cell, CellUnit, Measure};
use crate::store::Db;
use crate::store::fetch::Coming;

/// Days from beginning to end of what a measure counts. A day by convention ends no number of days: an old matter of
/// which the book tells no day stands at the end of its year. Few rows have that day: only for them more is read than
/// the index. An opinion of which no day of its result is told stands at its dialogue, where it was not answered.
pub(super) fn days_expr(measure: Measure) -> String {
    let t = terms(measure);
    let days = format!(
        "CAST(julianday({}) - julianday({}) AS INTEGER)",
        t.done, t.start
    );
    if measure == Measure::Dialogue {
        return format!(
            "CASE WHEN t.answered_on IS NOT NULL OR t.answered_on_spot = 1 THEN {days} END"
        );
    }
    if t.done != "t.handled_on" {
        return days;
    }
    format!(
        "CASE WHEN substr(t.handled_on, 6) = '12-31' AND EXISTS (SELECT 1 FROM step s WHERE s.petition_id = t.id \
         AND s.done_on = t.handled_on AND instr(s.note, '{YEARS_END}') > 0) THEN NULL ELSE {days} END"
    )
}

/// The index that has what a measure counts by the day on which it was finished with.
fn by_end(measure: Measure) -> Option<&'static str> {
    Some(match measure {
        Measure::Processing => "petition_handled",
        Measure::Resolution | Measure::OnTime | Measure::Answered => "petition_own",
        Measure::Replied => "petition_forwarded",
        Measure::Dialogue => return None,
    })
}

impl Db<'_> {
    /// What will be read of an index for one half of a cell, where that is all of the half.
    pub(super) fn coming_of(&self, cell: &Cell, half: Half, only: Option<&str>) -> Coming {
        let all = only.is_none() && cell.scope.is_empty() && cell.unit == CellUnit::Any;
        let from = match half {
            Half::Open => None,
            Half::Ended => Some(cell.from.to_string()),
        };
        let index = by_end(cell.measure).filter(|_| all);
        let coming = index.and_then(|index| self.coming(index, from.as_deref()));
        coming.unwrap_or_default()
    }
}
