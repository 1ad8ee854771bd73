//! What a list asks for, in terms of fields; the store turns it into SQL.
use super::rate::Cell;
use super::record::Kind;
use super::value::Value;
use crate::codes;
use chrono::NaiveDate;

codes!(
    /// Comparison of a filter.
    Op {
        Eq = "=",
        Ne = "!=",
        Lt = "<",
        Le = "<=",
        Gt = ">",
        Ge = ">=",
        Contains = "~",
    }
);

/// One condition on a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Cond {
    /// Key of the field.
    pub key: &'static str,
    /// Comparison.
    pub op: Op,
    /// Value compared with; `Null` means «not entered».
    pub value: Value,
}

/// Counts are exact up to here; beyond they say «hơn 10.000».
pub const CAP: usize = 10_000;

/// How many rows there are, as far as they were counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// So many.
    pub n: usize,
    /// There are more.
    pub more: bool,
}

impl Count {
    /// All were counted.
    #[must_use]
    pub fn exact(n: usize) -> Self {
        Self { n, more: false }
    }

    /// This and as many more.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            n: self.n + other.n,
            more: self.more || other.more,
        }
    }

    /// So many were found where one more than `cap` would have been found at most.
    #[must_use]
    pub fn capped(found: usize, cap: usize) -> Self {
        Self {
            n: found.min(cap),
            more: found > cap,
        }
    }
}

/// The rows of a list: all conditions must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The register.
    pub kind: Kind,
    /// Conditions on fields.
    pub conds: Vec<Cond>,
    /// Words typed as a filter, over the texts of a row; empty for none.
    pub words: String,
    /// Units whose subtree the rows belong to; empty for all.
    pub units: Vec<i64>,
    /// First day, on the date of the kind.
    pub from: Option<NaiveDate>,
    /// Last day, on the date of the kind.
    pub to: Option<NaiveDate>,
    /// Units valid on this day only.
    pub on: Option<NaiveDate>,
    /// A figure whose rows are asked for.
    pub cell: Option<Cell>,
    /// Petitions not finished yet, opinions not answered yet.
    pub open: bool,
    /// The removed ones instead of the others.
    pub deleted: bool,
    /// Order: field and whether descending; empty for the register's own.
    pub sort: Vec<(&'static str, bool)>,
}

impl Query {
    /// All rows of a register.
    #[must_use]
    pub fn all(kind: Kind) -> Self {
        Self {
            kind,
            conds: Vec::new(),
            words: String::new(),
            units: Vec::new(),
            from: None,
            to: None,
            on: None,
            cell: None,
            open: false,
            deleted: false,
            sort: Vec::new(),
        }
    }

    /// Whether only open petitions can be among the rows.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let named = |cond: &Cond| match cond.key {
            "standing" => ["overdue", "due_soon", "on_time"].as_slice(),
            "stage" => ["received", "classified", "accepted", "forwarded"].as_slice(),
            _ => &[],
        };
        let is = |cond: &Cond| {
            cond.value
                .text()
                .is_some_and(|code| named(cond).contains(&code))
        };
        self.open || self.conds.iter().any(|cond| cond.op == Op::Eq && is(cond))
    }

    /// The figure whose rows are all that is asked for; the order plays no part.
    #[must_use]
    pub fn only_cell(&self) -> Option<&Cell> {
        let plain = Self {
            cell: self.cell.clone(),
            sort: self.sort.clone(),
            ..Self::all(self.kind)
        };
        let ours = |cell: &&Cell| cell.kind() == self.kind && *self == plain;
        self.cell.as_ref().filter(ours)
    }
}
