//! The order of a list, and the table it is read from.
use super::super::table::table;
use crate::domain::query::Query;
use crate::domain::record::Kind;

/// One of the expressions that a list is put in order by.
pub(super) struct Key {
    pub(super) expr: String,
    pub(super) descending: bool,
    /// It is entered in every row.
    pub(super) always: bool,
}

impl Key {
    pub(super) fn entered(expr: &str, descending: bool) -> Self {
        Self {
            expr: expr.to_owned(),
            descending,
            always: true,
        }
    }
}

/// An order as SQL; `back` gives exactly the reverse.
pub(super) fn order(keys: &[Key], back: bool) -> String {
    let by = keys.iter().map(|key| {
        let way = if key.descending != back {
            "DESC"
        } else {
            "ASC"
        };
        // What is not entered stands last either way.
        let nulls = match (key.always, back) {
            (true, _) => "",
            (_, true) => " NULLS FIRST",
            (_, false) => " NULLS LAST",
        };
        format!("{} {way}{nulls}", key.expr)
    });
    by.collect::<Vec<String>>().join(", ")
}

/// The table of a list, for open petitions with the index of their deadlines or units: nothing tells SQLite that they
/// are few, and which index has them in order.
pub(super) fn table_of(q: &Query) -> String {
    let name = table(q.kind).name;
    let by_stage = q
        .conds
        .iter()
        .any(|c| ["stage", "idle_alarm"].contains(&c.key));
    let open = q.kind == Kind::Petition && q.is_open() && !by_stage && !q.deleted;
    match (
        open && q.cell.is_none() && q.words.is_empty(),
        q.units.is_empty(),
    ) {
        (true, true) => format!("{name} t INDEXED BY petition_due"),
        (true, false) => format!("{name} t INDEXED BY petition_open_unit"),
        _ => format!("{name} t"),
    }
}
