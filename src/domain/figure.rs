//! Figures that a unit reported for a period: kept as printed, never mixed with own cases.
use super::number::Dec;
use super::value::{RecordId, UnitRef};
use crate::{codes, record};
use chrono::NaiveDate;

codes!(
    /// The word printed before a number («hơn», «gần», «trên» …).
    Qualifier {
        Exact = "exact",
        Over = "over",
        Nearly = "nearly",
        About = "about",
        AtLeast = "at_least",
        AtMost = "at_most",
        Under = "under",
    }
);
codes!(
    /// How a part belongs to its total: one of the parts that make it up, or merely included in it.
    PartKind {
        Partition = "partition",
        Included = "included",
    }
);

record!(
    /// One reported figure.
    Figure, Figure {
        unit = "unit": UnitRef,
        reporter = "reporter": String,
        indicator = "indicator": String,
        count_unit = "count_unit": String,
        period_from = "period_from": NaiveDate,
        period_to = "period_to": NaiveDate,
        value = "value": Dec,
        qualifier = "qualifier": Qualifier,
        denominator = "denominator": i64,
        printed_rate = "printed_rate": String,
        part_of = "part_of": RecordId,
        part_kind = "part_kind": PartKind,
        source = "source": String,
        source_date = "source_date": NaiveDate,
        note = "note": String,
    }
);
