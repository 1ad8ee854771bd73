//! Which column holds which field: one row per register.
use crate::domain::record::Kind;

/// How a column stores its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Col {
    /// Text, also codes of enumerations.
    Text,
    /// Whole number.
    Int,
    /// 0 or 1.
    Bool,
    /// ISO date.
    Date,
    /// ISO date where '' means «open».
    OpenDate,
    /// Number with decimals.
    Dec,
    /// Row of a unit.
    Unit,
    /// Row of another record.
    Ref,
    /// Short texts, one a line.
    List,
}

/// A field and its column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Key of the field.
    pub key: &'static str,
    /// Column of the table.
    pub name: &'static str,
    /// How it is stored.
    pub col: Col,
    /// False for what only the fold of the steps writes.
    pub written: bool,
    /// Its words are found by `find`.
    pub searched: bool,
}

/// A register's table.
#[derive(Debug)]
pub struct Table {
    /// The register.
    pub kind: Kind,
    /// Name in SQL.
    pub name: &'static str,
    /// Column of the date that periods and order go by.
    pub date: &'static str,
    /// Column of the unit that subtrees go by.
    pub unit: &'static str,
    /// Field that the year of the number follows; none for a book without numbers.
    pub number_by: Option<&'static str>,
    /// Its columns.
    pub columns: &'static [Column],
}

const fn c(key: &'static str, col: Col) -> Column {
    Column {
        key,
        name: key,
        col,
        written: true,
        searched: false,
    }
}
const fn s(key: &'static str) -> Column {
    Column {
        searched: true,
        ..c(key, Col::Text)
    }
}
const fn named(key: &'static str, name: &'static str, col: Col) -> Column {
    Column {
        name,
        ..c(key, col)
    }
}
const fn folded(key: &'static str, col: Col) -> Column {
    Column {
        written: false,
        ..c(key, col)
    }
}

use Col::{Bool, Date, Dec, Int, List, OpenDate, Ref, Text, Unit};

static UNIT: Table = Table {
    kind: Kind::Unit,
    name: "unit",
    date: "valid_from",
    unit: "id",
    number_by: None,
    columns: &[
        s("code"),
        s("name"),
        s("short_name"),
        c("level", Text),
        c("branch", Text),
        named("parent", "parent_id", Unit),
        c("valid_from", OpenDate),
        c("valid_to", Date),
        c("legal_basis", Text),
        s("note"),
    ],
};

static MODEL: Table = Table {
    kind: Kind::Model,
    name: "model",
    date: "registered_on",
    unit: "unit_id",
    number_by: Some("year"),
    columns: &[
        s("name"),
        c("year", Int),
        c("model_kind", Text),
        c("registrant", Text),
        s("registrant_name"),
        c("registrant_position", Text),
        named("unit", "unit_id", Unit),
        c("field", Text),
        c("level", Text),
        c("registered_on", Date),
        c("status", Text),
        Column {
            searched: true,
            ..c("tags", List)
        },
        c("renewal", Text),
        named("previous", "previous_id", Ref),
        c("starts_on", Date),
        c("ends_on", Date),
        s("area"),
        c("beneficiaries", Int),
        s("situation"),
        s("goal"),
        s("method"),
        c("forces", Text),
        c("partners", Text),
        c("led_by", Text),
        c("resources", Text),
        c("output", Text),
        c("sustainability", Text),
        s("result"),
        c("assessment", Text),
        c("assessed_by", Text),
        c("assessed_on", Date),
        c("recognised_by", Text),
        s("decision_no"),
        c("decision_on", Date),
        s("replicated_at"),
        s("award"),
        s("note"),
    ],
};

static DIALOGUE: Table = Table {
    kind: Kind::Dialogue,
    name: "dialogue",
    date: "held_on",
    unit: "unit_id",
    number_by: None,
    columns: &[
        c("held_on", Date),
        c("purpose", Text),
        named("unit", "unit_id", Unit),
        c("level", Text),
        s("chair"),
        c("chair_position", Text),
        s("place"),
        c("hours", Text),
        c("format", Text),
        s("topic"),
        s("audience"),
        s("participants"),
        c("attendance", Int),
        c("secretary", Text),
        s("plan_document"),
        s("minutes_no"),
        s("conclusion_no"),
        c("conclusion_on", Date),
        c("publicised_on", Date),
        s("note"),
    ],
};

static OPINION: Table = Table {
    kind: Kind::Opinion,
    name: "opinion",
    date: "due_on",
    unit: "assigned_unit_id",
    number_by: None,
    columns: &[
        named("dialogue", "dialogue_id", Ref),
        named("order", "position", Int),
        s("content"),
        c("field", Text),
        c("source", Text),
        c("asker", Text),
        c("answered_on_spot", Bool),
        c("answered_by", Text),
        named("assigned_unit", "assigned_unit_id", Unit),
        c("due_on", Date),
        c("status", Text),
        c("answered_on", Date),
        s("result"),
        s("document"),
        c("informed_on", Date),
        named("petition", "petition_id", Ref),
        s("note"),
    ],
};

static PETITION: Table = Table {
    kind: Kind::Petition,
    name: "petition",
    date: "received_on",
    unit: "unit_id",
    number_by: Some("received_on"),
    columns: &[
        c("received_on", Date),
        c("written_on", Date),
        c("type", Text),
        c("instance", Int),
        named("previous", "previous_id", Ref),
        c("source", Text),
        s("forwarded_by"),
        s("forward_document"),
        s("petitioner"),
        c("address", Text),
        c("signers", Int),
        s("subject"),
        s("content"),
        s("demand"),
        c("field", Text),
        named("unit", "unit_id", Unit),
        named("handler_unit", "handler_unit_id", Unit),
        s("officer"),
        c("jurisdiction", Text),
        c("eligible", Bool),
        c("complex", Bool),
        c("very_complex", Bool),
        c("remote", Bool),
        s("earlier_handling"),
        c("originals", Bool),
        s("sealed_file"),
        named("duplicate_of", "duplicate_of_id", Ref),
        c("national_db_on", Date),
        s("note"),
        folded("stage", Text),
        folded("due_on", Date),
        folded("resolved_on", Date),
        folded("outcome", Text),
        folded("ended", Text),
    ],
};

static RECEPTION: Table = Table {
    kind: Kind::Reception,
    name: "reception",
    date: "received_on",
    unit: "unit_id",
    number_by: Some("received_on"),
    columns: &[
        c("received_on", Date),
        named("unit", "unit_id", Unit),
        c("mode", Text),
        c("format", Text),
        c("delegated", Bool),
        s("receiver"),
        c("matter_type", Text),
        s("visitor"),
        c("address", Text),
        c("people", Int),
        named("group", "is_group", Bool),
        c("first_time", Bool),
        s("content"),
        s("demand"),
        s("earlier_handling"),
        c("own_jurisdiction", Bool),
        s("guidance"),
        s("transferred_to"),
        s("receipt_no"),
        s("result"),
        named("petition", "petition_id", Ref),
        c("national_db_on", Date),
        s("note"),
    ],
};

static FIGURE: Table = Table {
    kind: Kind::Figure,
    name: "figure",
    date: "period_to",
    unit: "unit_id",
    number_by: None,
    columns: &[
        named("unit", "unit_id", Unit),
        s("reporter"),
        s("indicator"),
        s("count_unit"),
        c("period_from", Date),
        c("period_to", Date),
        c("value", Dec),
        c("qualifier", Text),
        c("denominator", Int),
        s("printed_rate"),
        named("part_of", "part_of_id", Ref),
        c("part_kind", Text),
        s("source"),
        c("source_date", Date),
        s("note"),
    ],
};

/// The table of a register.
#[must_use]
pub fn table(kind: Kind) -> &'static Table {
    match kind {
        Kind::Unit => &UNIT,
        Kind::Model => &MODEL,
        Kind::Dialogue => &DIALOGUE,
        Kind::Opinion => &OPINION,
        Kind::Petition => &PETITION,
        Kind::Reception => &RECEPTION,
        Kind::Figure => &FIGURE,
    }
}

impl Table {
    /// The column of a field.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.key == key)
    }
}
