//! Rates and their cells: a figure is a count with the filter that opens its rows.
use super::number::vi_int;
use super::petition::{MatterField, PetitionType};
use super::record::Kind;
use super::unit::UnitLevel;
use super::value::Code;
use crate::codes;
use chrono::NaiveDate;

codes!(
    /// The rates R1 to R6 (domain reference 3.5).
    Measure {
        Processing = "processing",
        Resolution = "resolution",
        OnTime = "on_time",
        Answered = "answered",
        Replied = "replied",
        Dialogue = "dialogue",
    }
);

impl Measure {
    /// The register whose rows it counts.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Dialogue => Kind::Opinion,
            _ => Kind::Petition,
        }
    }

    /// Whether it counts petitions of this type.
    #[must_use]
    pub fn covers(self, petition_type: PetitionType) -> bool {
        match self {
            Self::Processing | Self::Replied => true,
            Self::Resolution | Self::OnTime => petition_type.is_case(),
            Self::Answered => !petition_type.is_case(),
            Self::Dialogue => false,
        }
    }

    /// The part over which days from beginning to end are counted.
    #[must_use]
    pub fn timed_part(self) -> Part {
        match self {
            Self::OnTime => Part::Denominator,
            _ => Part::Numerator,
        }
    }
}

codes!(
    /// What a rate is broken down by.
    GroupBy {
        Unit = "unit",
        Type = "type",
        Field = "field",
        Month = "month",
        Quarter = "quarter",
        Year = "year",
        UnitLevel = "unit_level",
        Handler = "handler",
    }
);
codes!(
    /// The two parts of a rate, what is left between them, and the balance of its period:
    /// opening + new = ended + closing = denominator.
    Part {
        Numerator = "num",
        Denominator = "den",
        Remainder = "rest",
        Opening = "opening",
        New = "new",
        Ended = "ended",
        Closing = "closing",
        Suspended = "suspended",
    }
);
codes!(
    /// On which map of units a table stands.
    UnitMap {
        AsRecorded = "as_recorded",
        Current = "current",
    }
);
codes!(
    /// The period that a table is set against.
    Compare {
        Previous = "previous",
        LastYear = "last_year",
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
    /// On the map of the day `on`: the unit with all below it, and every earlier unit that lies wholly in it now.
    Current {
        /// The unit.
        unit: i64,
        /// The day whose map is meant.
        on: NaiveDate,
    },
    /// On the map of the day `on`: the unit itself and the earlier ones that became it, without those below it.
    CurrentOnly {
        /// The unit.
        unit: i64,
        /// The day whose map is meant.
        on: NaiveDate,
    },
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
    /// Level of the units.
    pub level: Slot<UnitLevel>,
    /// Row of the unit that handles.
    pub handler: Slot<i64>,
    /// Whether what was withdrawn or terminated counts as resolved.
    pub withdrawn: bool,
}

/// Stands for «not restricted» in a token; no shell expands it.
const ANY: &str = "_";
/// Stands for «not entered» in a token.
const MISSING: &str = "-";

fn slot_text<T: Code>(slot: Slot<T>) -> String {
    match slot {
        Slot::Any => ANY.to_owned(),
        Slot::Missing => MISSING.to_owned(),
        Slot::Is(v) => v.code().to_owned(),
    }
}

fn slot_parse<T>(text: &str, value: impl Fn(&str) -> Option<T>) -> Option<Slot<T>> {
    match text {
        ANY => Some(Slot::Any),
        MISSING => Some(Slot::Missing),
        other => value(other).map(Slot::Is),
    }
}

fn iso(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

impl CellUnit {
    fn text(self) -> String {
        match self {
            Self::Any => ANY.to_owned(),
            Self::Missing => MISSING.to_owned(),
            Self::Subtree(id) => format!("u{id}"),
            Self::Only(id) => format!("o{id}"),
            Self::Current { unit, on } => format!("c{unit}@{on}"),
            Self::CurrentOnly { unit, on } => format!("d{unit}@{on}"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            ANY => return Some(Self::Any),
            MISSING => return Some(Self::Missing),
            _ => {}
        }
        let (sort, rest) = (text.get(..1)?, text.get(1..)?);
        if let Some((id, on)) = rest.split_once('@') {
            let (unit, on) = (id.parse().ok()?, iso(on)?);
            return match sort {
                "c" => Some(Self::Current { unit, on }),
                "d" => Some(Self::CurrentOnly { unit, on }),
                _ => None,
            };
        }
        let id = rest.parse().ok()?;
        match sort {
            "u" => Some(Self::Subtree(id)),
            "o" => Some(Self::Only(id)),
            _ => None,
        }
    }
}

impl Cell {
    /// A figure over everything in a period; restrict it by its fields.
    #[must_use]
    pub fn all(measure: Measure, part: Part, from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            measure,
            part,
            from,
            to,
            scope: Vec::new(),
            unit: CellUnit::Any,
            petition_type: Slot::Any,
            field: Slot::Any,
            level: Slot::Any,
            handler: Slot::Any,
            withdrawn: true,
        }
    }

    /// The register whose rows it counts.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.measure.kind()
    }

    /// The token that names the cell; it begins with the kind of the rows:
    /// `petition:processing:num:2026-01-01:2026-12-31:_:_:_:_:_:_:w`.
    #[must_use]
    pub fn token(&self) -> String {
        let scope = if self.scope.is_empty() {
            ANY.to_owned()
        } else {
            let ids: Vec<String> = self.scope.iter().map(i64::to_string).collect();
            ids.join("+")
        };
        let handler = match self.handler {
            Slot::Any => ANY.to_owned(),
            Slot::Missing => MISSING.to_owned(),
            Slot::Is(id) => id.to_string(),
        };
        format!(
            "{}:{}:{}:{}:{}:{scope}:{}:{}:{}:{}:{handler}:{}",
            self.kind().code(),
            self.measure.code(),
            self.part.code(),
            self.from,
            self.to,
            self.unit.text(),
            slot_text(self.petition_type),
            slot_text(self.field),
            slot_text(self.level),
            if self.withdrawn { "w" } else { "n" },
        )
    }

    /// The cell of a token; `None` when it is no token of ours.
    #[must_use]
    pub fn parse(token: &str) -> Option<Self> {
        let parts: Vec<&str> = token.split(':').collect();
        let [
            kind,
            measure,
            part,
            from,
            to,
            scope,
            unit,
            ptype,
            field,
            level,
            handler,
            withdrawn,
        ] = parts[..]
        else {
            return None;
        };
        let scope = if scope == ANY {
            Vec::new()
        } else {
            scope
                .split('+')
                .map(|id| id.parse().ok())
                .collect::<Option<Vec<i64>>>()?
        };
        let cell = Self {
            measure: Measure::from_code(measure)?,
            part: Part::from_code(part)?,
            from: iso(from)?,
            to: iso(to)?,
            scope,
            unit: CellUnit::parse(unit)?,
            petition_type: slot_parse(ptype, PetitionType::from_code)?,
            field: slot_parse(field, MatterField::from_code)?,
            level: slot_parse(level, UnitLevel::from_code)?,
            handler: slot_parse(handler, |id| id.parse().ok())?,
            withdrawn: match withdrawn {
                "w" => true,
                "n" => false,
                _ => return None,
            },
        };
        (cell.kind().code() == kind).then_some(cell)
    }
}

/// Days from beginning to end of what a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayStats {
    /// How many were counted.
    pub count: i64,
    /// Twice the median, so that the middle of two days stays a whole number.
    pub median_twice: i64,
    /// Days within which nine of ten ended (nearest rank).
    pub p90: i64,
}

impl DayStats {
    /// From (days, how many); `None` when nothing was counted.
    #[must_use]
    pub fn of(counts: &[(i64, i64)]) -> Option<Self> {
        let mut sorted: Vec<(i64, i64)> = counts.iter().copied().filter(|c| c.1 > 0).collect();
        sorted.sort_unstable();
        let count: i64 = sorted.iter().map(|c| c.1).sum();
        let nth = |rank: i64| {
            let mut seen = 0;
            sorted.iter().find_map(|(days, n)| {
                seen += n;
                (seen >= rank).then_some(*days)
            })
        };
        Some(Self {
            count,
            median_twice: nth((count + 1) / 2)? + nth(count / 2 + 1)?,
            p90: nth((count * 9 + 9) / 10)?,
        })
    }

    /// The median as a decimal, `12` or `12.5`.
    #[must_use]
    pub fn median(&self) -> String {
        let half = if self.median_twice % 2 == 0 { "" } else { ".5" };
        format!("{}{half}", self.median_twice / 2)
    }

    /// The median as people write it here: `1.234,5`.
    #[must_use]
    pub fn median_vi(&self) -> String {
        let half = if self.median_twice % 2 == 0 { "" } else { ",5" };
        format!("{}{half}", vi_int(self.median_twice / 2))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_names_its_cell() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let cell = Cell {
            scope: vec![7, 9],
            unit: CellUnit::Subtree(12),
            petition_type: Slot::Is(PetitionType::Complaint),
            field: Slot::Missing,
            ..Cell::all(Measure::Resolution, Part::Denominator, day, day)
        };
        assert!(cell.token().starts_with("petition:resolution:den:"));
        assert_eq!(Cell::parse(&cell.token()), Some(cell));
        for unit in [
            CellUnit::Any,
            CellUnit::Missing,
            CellUnit::Only(3),
            CellUnit::Current { unit: 5, on: day },
            CellUnit::CurrentOnly { unit: 5, on: day },
        ] {
            for measure in Measure::ALL {
                for part in Part::ALL {
                    let cell = Cell {
                        unit,
                        level: Slot::Is(UnitLevel::Commune),
                        handler: Slot::Is(4),
                        withdrawn: false,
                        ..Cell::all(*measure, *part, day, day)
                    };
                    assert_eq!(Cell::parse(&cell.token()), Some(cell));
                }
            }
        }
        let token = Cell::all(Measure::Dialogue, Part::Numerator, day, day).token();
        assert!(token.starts_with("opinion:"));
        for bad in [
            "",
            "petition:rubbish",
            "petition:dialogue:num:2026-01-01:2026-01-01:_:_:_:_:_:_:w",
            "petition:processing:num:2026-01-01:2026-01-01:_:x9:_:_:_:_:w",
            "petition:processing:num:2026-01-01:2026-01-01:_:đ9:_:_:_:_:w",
        ] {
            assert_eq!(Cell::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn middle_and_ninth_of_ten() {
        assert_eq!(DayStats::of(&[]), None);
        let of = |days: &[i64]| {
            let counts: Vec<(i64, i64)> = days.iter().map(|d| (*d, 1)).collect();
            DayStats::of(&counts).unwrap()
        };
        assert_eq!(of(&[7]).median(), "7");
        assert_eq!(of(&[7]).p90, 7);
        assert_eq!(of(&[1, 2, 10]).median(), "2");
        assert_eq!(of(&[10, 1, 2, 5]).median(), "3.5");
        assert_eq!(of(&[2000, 2001]).median_vi(), "2.000,5");
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).p90, 9);
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).p90, 10);
    }
}
