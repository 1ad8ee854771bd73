//! How many days what a measure counts took.
use super::terms;
use crate::domain::petition::book::YEARS_END;
use crate::domain::rate::Measure;

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
