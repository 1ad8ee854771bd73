//! What is said of one field, once: key, labels, help, type, width, flags. Plain data.
use crate::domain::record::Kind;
use crate::domain::words::{Text, t};

/// One value of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Stable English code.
    pub code: &'static str,
    /// Label in a form or on a card.
    pub label: Text,
    /// Short form in a list column (`KN`, `TC`).
    pub short: Text,
}

/// A choice whose short form is its label.
pub(super) const fn c(code: &'static str, vi: &'static str, en: &'static str) -> Choice {
    Choice {
        code,
        label: t(vi, en),
        short: t(vi, en),
    }
}

impl Choice {
    /// With a short form of its own.
    pub(super) const fn short(mut self, vi: &'static str, en: &'static str) -> Self {
        self.short = t(vi, en);
        self
    }
}

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// Whole number within bounds, both included.
    Integer {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// Exact decimal number.
    Decimal,
    /// Yes or no.
    Boolean,
    /// Civil date.
    Date,
    /// One of a closed list of codes.
    Enum(&'static [Choice]),
    /// A unit, by code.
    Unit,
    /// A record of a register, by id.
    Ref(Kind),
    /// Short texts, separated by commas.
    List,
}

impl Type {
    /// The type's name in `schema --json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Integer { .. } => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Enum(_) => "enum",
            Self::Unit => "unit",
            Self::Ref(_) => "ref",
            Self::List => "list",
        }
    }

    /// The values of an enumeration; none for other types.
    #[must_use]
    pub const fn choices(self) -> &'static [Choice] {
        match self {
            Self::Enum(choices) => choices,
            _ => &[],
        }
    }

    /// How a value of the type is typed; the help of a field that has none of its own.
    #[must_use]
    pub const fn hint(self) -> Text {
        match self {
            Self::Text => t("một dòng chữ", "one line of text"),
            Self::LongText => t("nhiều dòng chữ", "several lines of text"),
            Self::Integer { .. } => t("số nguyên, vd. 1.350", "whole number, e.g. 1.350"),
            Self::Decimal => t(
                "số, phẩy thập phân, vd. 163,4",
                "number with a decimal comma, e.g. 163,4",
            ),
            Self::Boolean => t("có hoặc không", "yes or no"),
            Self::Date => t(
                "14/3/2026, 14/3, 1403, hn (hôm nay), t6, +10",
                "14/3/2026, 14/3, 1403, hn (today), t6, +10",
            ),
            Self::Enum(_) => t(
                "gõ vài chữ đầu hoặc F4 chọn",
                "type some letters or pick with F4",
            ),
            Self::Unit => t("mã đơn vị hoặc F4 chọn", "unit code, or pick with F4"),
            Self::Ref(_) => t("mã số hoặc F4 chọn", "id, or pick with F4"),
            Self::List => t("cách nhau bằng dấu phẩy", "separated by commas"),
        }
    }
}

const REQUIRED: u8 = 1;
const PERSONAL: u8 = 2;
const SEARCHED: u8 = 4;
const COMPUTED: u8 = 8;
const GROWS: u8 = 16;
const PLAIN: u8 = 32;
const CODE: u8 = 64;
const ONCE: u8 = 128;

/// One field of a register.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Stable English key.
    pub key: &'static str,
    /// Label beside the field.
    pub label: Text,
    /// Heading of its list column.
    pub short: Text,
    /// One line of help.
    pub help: Text,
    /// Type.
    pub ty: Type,
    /// Width of its list column in cells.
    pub width: u16,
    /// 0 not in lists unless asked for, 1 at 80 columns, 2 when wide, 3 when very wide.
    pub list: u8,
    /// Greatest number of letters.
    pub limit: u16,
    flags: u8,
}

/// A field with the usual width, limit and help of its type.
pub(super) const fn f(key: &'static str, vi: &'static str, en: &'static str, ty: Type) -> Field {
    let (width, limit) = match ty {
        Type::Text => (20, 200),
        Type::LongText => (40, 4000),
        Type::Integer { .. } => (8, 20),
        Type::Decimal => (12, 30),
        Type::Boolean => (6, 10),
        Type::Date => (8, 20),
        Type::Enum(_) => (14, 60),
        Type::Unit => (24, 40),
        Type::Ref(_) => (8, 20),
        Type::List => (20, 300),
    };
    Field {
        key,
        label: t(vi, en),
        short: t(vi, en),
        help: ty.hint(),
        ty,
        width,
        list: 0,
        limit,
        flags: 0,
    }
}

impl Field {
    /// Its line of help.
    pub(super) const fn help(mut self, vi: &'static str, en: &'static str) -> Self {
        self.help = t(vi, en);
        self
    }

    /// In lists from `list` on, under a short heading, `width` cells wide.
    pub(super) const fn col(
        mut self,
        list: u8,
        width: u16,
        vi: &'static str,
        en: &'static str,
    ) -> Self {
        self.list = list;
        self.width = width;
        self.short = t(vi, en);
        self
    }

    /// At most so many letters.
    pub(super) const fn max(mut self, limit: u16) -> Self {
        self.limit = limit;
        self
    }

    const fn flag(mut self, flag: u8) -> Self {
        self.flags |= flag;
        self
    }

    /// Must be filled in.
    pub(super) const fn req(self) -> Self {
        self.flag(REQUIRED)
    }

    /// Tells who a citizen is.
    pub(super) const fn pers(self) -> Self {
        self.flag(PERSONAL)
    }

    /// Found by `find` and by the words of a list filter.
    pub(super) const fn find(self) -> Self {
        self.flag(SEARCHED)
    }

    /// Computed from other things, never entered.
    pub(super) const fn comp(self) -> Self {
        self.flag(COMPUTED)
    }

    /// Takes the width that a list has left.
    pub(super) const fn grow(self) -> Self {
        self.flag(GROWS)
    }

    /// A number shown without separators (a year, an id).
    pub(super) const fn plain(self) -> Self {
        self.flag(PLAIN)
    }

    /// A code: no blanks, no `@`.
    pub(super) const fn word(self) -> Self {
        self.flag(CODE)
    }

    /// Belongs to one matter: a number, a day, a link, a result.
    pub(super) const fn once(self) -> Self {
        self.flag(ONCE)
    }

    const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// A record cannot be saved without it.
    #[must_use]
    pub const fn required(&self) -> bool {
        self.has(REQUIRED)
    }

    /// May tell who a citizen is; for one record ask [`super::is_personal`].
    #[must_use]
    pub const fn personal(&self) -> bool {
        self.has(PERSONAL)
    }

    /// Its words are found by `find` and by a list's filter.
    #[must_use]
    pub const fn searched(&self) -> bool {
        self.has(SEARCHED)
    }

    /// Computed, never entered.
    #[must_use]
    pub const fn computed(&self) -> bool {
        self.has(COMPUTED)
    }

    /// Its list column takes the width that is left.
    #[must_use]
    pub const fn grows(&self) -> bool {
        self.has(GROWS)
    }

    /// A number without separators, as a year is written.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.has(PLAIN)
    }

    /// A code without blanks and without `@`.
    #[must_use]
    pub const fn is_code(&self) -> bool {
        self.has(CODE)
    }

    /// Words are typed into it, not a code, a number or a date: the typing aid works in it.
    #[must_use]
    pub const fn takes_words(&self) -> bool {
        matches!(self.ty, Type::Text | Type::LongText | Type::List) && !self.is_code()
    }

    /// Belongs to this one record, so that a copy as a new one is without it: a number or link of its own, a day, a
    /// result, a long text.
    #[must_use]
    pub const fn is_once(&self) -> bool {
        self.has(ONCE) || matches!(self.ty, Type::LongText)
    }

    /// Numbers stand right-aligned in lists.
    #[must_use]
    pub const fn right(&self) -> bool {
        matches!(self.ty, Type::Integer { .. } | Type::Decimal)
    }

    /// The choice of an enumeration by its code.
    #[must_use]
    pub fn choice(&self, code: &str) -> Option<&'static Choice> {
        self.ty.choices().iter().find(|choice| choice.code == code)
    }
}
