//! Units in time: provinces, districts and communes, and the office's own tree beside them.
use super::value::UnitRef;
use crate::{codes, record};
use chrono::NaiveDate;

codes!(
    /// Level of a unit.
    UnitLevel {
        Central = "central",
        Province = "province",
        District = "district",
        Commune = "commune",
        Department = "department",
        Organisation = "organisation",
    }
);

codes!(
    /// The hierarchy a unit belongs to; a unit has one parent in it.
    Branch {
        Administrative = "administrative",
        Government = "government",
        Party = "party",
        Police = "police",
        Army = "army",
        Front = "front",
        MassOrganisation = "mass_org",
    }
);

codes!(
    /// How much of a unit went to its successor.
    SuccessionKind {
        Whole = "whole",
        Part = "part",
    }
);

record!(
    /// A unit; its identity is (code, `valid_from`), since most codes of today stood for other
    /// territories before 1/7/2025.
    Unit, Unit {
        code = "code": String,
        name = "name": String,
        short_name = "short_name": String,
        level = "level": UnitLevel,
        branch = "branch": Branch,
        parent = "parent": UnitRef,
        valid_from = "valid_from": NaiveDate,
        valid_to = "valid_to": NaiveDate,
        legal_basis = "legal_basis": String,
        note = "note": String,
    }
);

impl Unit {
    /// Whether the unit existed on `date`; an open end holds for ever.
    #[must_use]
    pub fn valid_on(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// What a unit became, or what it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Succession {
    /// Row of the other unit.
    pub id: i64,
    /// Code of the other unit.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Since when the other unit exists (for successors) or until when it did (for origins).
    pub valid_from: Option<NaiveDate>,
    /// Last day of the other unit.
    pub valid_to: Option<NaiveDate>,
    /// Whole or part.
    pub kind: SuccessionKind,
}

/// A name, level and parent that a unit bore until a day.
#[derive(Debug, Clone, PartialEq)]
pub struct PastName {
    /// Last day on which it was so.
    pub until: NaiveDate,
    /// Name then.
    pub name: String,
    /// Resolution that changed it.
    pub legal_basis: Option<String>,
    /// False when only the resolution's date is known.
    pub confirmed: bool,
}

/// How a unit is named by a user: a bare code or a code with a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitSelector {
    /// The code.
    pub code: String,
    /// The day on which the unit meant was valid.
    pub on: Option<NaiveDate>,
}

impl UnitSelector {
    /// Splits `CODE` or `CODE@YYYY-MM-DD`.
    ///
    /// # Errors
    /// Gives back the part after `@` when it is no ISO date.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('@') {
            None => Ok(Self {
                code: text.trim().to_owned(),
                on: None,
            }),
            Some((code, date)) => NaiveDate::parse_from_str(date.trim(), "%Y-%m-%d")
                .map(|on| Self {
                    code: code.trim().to_owned(),
                    on: Some(on),
                })
                .map_err(|_| date.to_owned()),
        }
    }
}
