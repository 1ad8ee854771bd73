//! Rates and their cells: a figure is a count with the filter that opens its rows.
use super::petition::{MatterField, PetitionType};
use super::value::Code;
use crate::codes;
use chrono::NaiveDate;

codes!(
    /// The rates (domain reference 3.5).
    Measure {
        Processing = "processing",
        Resolution = "resolution",
    }
);
codes!(
    /// What a rate is broken down by.
    GroupBy {
        Unit = "unit",
        Type = "type",
        Field = "field",
        Month = "month",
        Quarter = "quarter",
        Year = "year",
    }
);
codes!(
    /// The two parts of a rate, and what is left between them.
    Part {
        Numerator = "num",
        Denominator = "den",
        Remainder = "rest",
    }
);

/// Which units a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellUnit {
    /// All of them.
    #[default]
    Any,
    /// A unit with all below it.
    Subtree(i64),
    /// The unit itself, without those below it.
    Only(i64),
    /// Records that name no unit.
    Missing,
}

/// A value to group by: this one, none, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Slot<T> {
    /// Not restricted.
    #[default]
    Any,
    /// Only records without a value.
    Missing,
    /// Only this value.
    Is(T),
}

/// One figure of a rate: what it counts, in a form that a list can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The rate.
    pub measure: Measure,
    /// Numerator, denominator or remainder.
    pub part: Part,
    /// First day of the period.
    pub from: NaiveDate,
    /// Last day of the period.
    pub to: NaiveDate,
    /// Units above all (the `--unit` of the table); several when a code had several lives.
    pub scope: Vec<i64>,
    /// Unit of the row.
    pub unit: CellUnit,
    /// Type of the row or of the table.
    pub petition_type: Slot<PetitionType>,
    /// Field of the row.
    pub field: Slot<MatterField>,
}

fn slot_text<T: Code>(slot: Slot<T>) -> String {
    match slot {
        Slot::Any => "*".to_owned(),
        Slot::Missing => "-".to_owned(),
        Slot::Is(v) => v.code().to_owned(),
    }
}

fn slot_parse<T: Code>(text: &str) -> Option<Slot<T>> {
    match text {
        "*" => Some(Slot::Any),
        "-" => Some(Slot::Missing),
        code => T::from_code(code).map(Slot::Is),
    }
}

impl Cell {
    /// The token that names the cell: `petition:processing:num:2026-01-01:2026-12-31:*:*:*:*`.
    #[must_use]
    pub fn token(&self) -> String {
        let scope = if self.scope.is_empty() {
            "*".to_owned()
        } else {
            let ids: Vec<String> = self.scope.iter().map(i64::to_string).collect();
            ids.join("+")
        };
        let unit = match self.unit {
            CellUnit::Any => "*".to_owned(),
            CellUnit::Subtree(id) => format!("u{id}"),
            CellUnit::Only(id) => format!("o{id}"),
            CellUnit::Missing => "-".to_owned(),
        };
        format!(
            "petition:{}:{}:{}:{}:{scope}:{unit}:{}:{}",
            self.measure.code(),
            self.part.code(),
            self.from,
            self.to,
            slot_text(self.petition_type),
            slot_text(self.field)
        )
    }

    /// The cell of a token; `None` when it is no token of ours.
    #[must_use]
    pub fn parse(token: &str) -> Option<Self> {
        let parts: Vec<&str> = token.split(':').collect();
        let [
            "petition",
            measure,
            part,
            from,
            to,
            scope,
            unit,
            ptype,
            field,
        ] = parts[..]
        else {
            return None;
        };
        let date = |s: &str| NaiveDate::parse_from_str(s, "%Y-%m-%d").ok();
        let scope = if scope == "*" {
            Vec::new()
        } else {
            scope
                .split('+')
                .map(|id| id.parse().ok())
                .collect::<Option<Vec<i64>>>()?
        };
        let unit = match unit {
            "*" => CellUnit::Any,
            "-" => CellUnit::Missing,
            other => {
                let id = other.get(1..)?.parse().ok()?;
                match other.get(..1)? {
                    "u" => CellUnit::Subtree(id),
                    "o" => CellUnit::Only(id),
                    _ => return None,
                }
            }
        };
        Some(Self {
            measure: Measure::from_code(measure)?,
            part: Part::from_code(part)?,
            from: date(from)?,
            to: date(to)?,
            scope,
            unit,
            petition_type: slot_parse(ptype)?,
            field: slot_parse(field)?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_names_its_cell() {
        let cell = Cell {
            measure: Measure::Resolution,
            part: Part::Denominator,
            from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            to: NaiveDate::from_ymd_opt(2026, 5, 31).unwrap(),
            scope: vec![7, 9],
            unit: CellUnit::Subtree(12),
            petition_type: Slot::Is(PetitionType::Complaint),
            field: Slot::Missing,
        };
        assert_eq!(Cell::parse(&cell.token()), Some(cell));
        assert_eq!(Cell::parse("petition:rubbish"), None);
        assert_eq!(Cell::parse(""), None);
    }
}
