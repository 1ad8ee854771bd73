//! What a field of a register can hold, and how typed fields become values and back.
use super::number::Dec;
use chrono::NaiveDate;
use std::convert::identity;

/// A unit as a record names it: its identity in the database and its code.
///
/// `id` is 0 until the store has resolved the code on the record's date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitRef {
    /// Row of the unit, 0 when not resolved yet.
    pub id: i64,
    /// Code as typed or stored (`29602`, `29602@2024-01-01`).
    pub code: String,
}

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing entered.
    #[default]
    Null,
    /// Text, also the code of an enumeration.
    Text(String),
    /// Whole number.
    Int(i64),
    /// Exact decimal number.
    Dec(Dec),
    /// Yes or no.
    Bool(bool),
    /// Civil date.
    Date(NaiveDate),
    /// Administrative or own unit.
    Unit(UnitRef),
    /// Id of another record.
    Ref(i64),
    /// Short texts (tags).
    List(Vec<String>),
}

impl Value {
    /// True for [`Value::Null`].
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value where it stands, without a copy of it.
    #[must_use]
    pub fn held(&self) -> Held<'_> {
        match self {
            Self::Null => Held::Null,
            Self::Text(text) => Held::Text(text),
            Self::Int(n) => Held::Int(*n),
            Self::Dec(n) => Held::Dec(*n),
            Self::Bool(yes) => Held::Bool(*yes),
            Self::Date(day) => Held::Date(*day),
            Self::Unit(unit) => Held::Unit(unit),
            Self::Ref(id) => Held::Ref(*id),
            Self::List(items) => Held::List(items),
        }
    }

    /// The text of a text or enumeration value.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(s) => Some(s),
            _ => None,
        }
    }
}

/// The value of a field where it stands, without a copy of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Held<'a> {
    /// Nothing entered.
    Null,
    /// Text, also the code of an enumeration.
    Text(&'a str),
    /// Whole number.
    Int(i64),
    /// Exact decimal number.
    Dec(Dec),
    /// Yes or no.
    Bool(bool),
    /// Civil date.
    Date(NaiveDate),
    /// Administrative or own unit.
    Unit(&'a UnitRef),
    /// Id of another record.
    Ref(i64),
    /// Short texts (tags).
    List(&'a [String]),
}

impl<'a> Held<'a> {
    /// A copy to keep.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Int(n) => Value::Int(n),
            Self::Dec(n) => Value::Dec(n),
            Self::Bool(yes) => Value::Bool(yes),
            Self::Date(day) => Value::Date(day),
            Self::Unit(unit) => Value::Unit(unit.clone()),
            Self::Ref(id) => Value::Ref(id),
            Self::List(items) => Value::List(items.to_vec()),
        }
    }

    /// The text of a text or enumeration value.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The value given does not fit the field's type; the front ends never let it come this far.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("value does not fit the type of field {0}")]
pub struct WrongType(pub &'static str);

/// A type a record's field can have.
pub trait Scalar: Sized {
    /// The field where it stands.
    fn held(&self) -> Held<'_>;
    /// The field from a value of its own type.
    fn from_value(value: Value) -> Option<Self>;
    /// A copy of a value of the field's own type.
    fn from_held(held: Held) -> Option<Self>;
    /// The same into a field, in the memory that it has already where that serves; false, and nothing stands there,
    /// when the value is of another type.
    fn fill(slot: &mut Option<Self>, held: Held) -> bool {
        *slot = Self::from_held(held);
        slot.is_some()
    }
    /// The field as a value.
    fn to_value(&self) -> Value {
        self.held().to_value()
    }
}

macro_rules! scalar {
    ($t:ty, $variant:ident, $lend:expr, $own:expr $(, $fill:item)?) => {
        impl Scalar for $t {
            $($fill)?
            fn held(&self) -> Held<'_> {
                Held::$variant($lend(self))
            }
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(v) => Some(v),
                    _ => None,
                }
            }
            fn from_held(held: Held) -> Option<Self> {
                match held {
                    Held::$variant(v) => Some($own(v)),
                    _ => None,
                }
            }
        }
    };
}
/// Bytes of memory that a text may keep for the next one.
const ROOM: usize = 1024;

fn overwrite(old: &mut String, text: &str) {
    if old.capacity() > ROOM {
        *old = String::new();
    }
    old.clear();
    old.push_str(text);
}

scalar!(
    String,
    Text,
    String::as_str,
    str::to_owned,
    fn fill(slot: &mut Option<Self>, held: Held) -> bool {
        match (held, slot.as_mut()) {
            (Held::Text(text), Some(old)) => overwrite(old, text),
            _ => *slot = Self::from_held(held),
        }
        slot.is_some()
    }
);
scalar!(Dec, Dec, Dec::clone, identity);
scalar!(bool, Bool, bool::clone, identity);
scalar!(NaiveDate, Date, NaiveDate::clone, identity);
scalar!(
    UnitRef,
    Unit,
    identity,
    UnitRef::clone,
    fn fill(slot: &mut Option<Self>, held: Held) -> bool {
        match (held, slot.as_mut()) {
            (Held::Unit(unit), Some(old)) => {
                old.id = unit.id;
                overwrite(&mut old.code, &unit.code);
            }
            _ => *slot = Self::from_held(held),
        }
        slot.is_some()
    }
);
scalar!(Vec<String>, List, Vec::as_slice, <[String]>::to_vec);
scalar!(i64, Int, i64::clone, identity);

/// Id of a record of some register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordId(pub i64);

impl Scalar for RecordId {
    fn held(&self) -> Held<'_> {
        Held::Ref(self.0)
    }
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Ref(v) => Some(Self(v)),
            _ => None,
        }
    }
    fn from_held(held: Held) -> Option<Self> {
        match held {
            Held::Ref(v) => Some(Self(v)),
            _ => None,
        }
    }
}

/// An enumeration whose variants are stable English codes.
pub trait Code: Sized + Copy + PartialEq + 'static {
    /// Every variant, in the order people expect.
    const ALL: &'static [Self];
    /// Stable code, `snake_case`.
    fn code(self) -> &'static str;
    /// The variant of a code.
    #[must_use]
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|v| v.code() == code)
    }
}

/// Declares an enumeration with its codes.
#[macro_export]
#[doc(hidden)]
macro_rules! codes {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vm])* #[doc = $code] $variant),+ }
        impl $crate::domain::value::Code for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
        impl $crate::domain::value::Scalar for $name {
            fn held(&self) -> $crate::domain::value::Held<'_> {
                $crate::domain::value::Held::Text($crate::domain::value::Code::code(*self))
            }
            fn from_value(value: $crate::domain::value::Value) -> Option<Self> {
                <Self as $crate::domain::value::Code>::from_code(value.text()?)
            }
            fn from_held(held: $crate::domain::value::Held) -> Option<Self> {
                <Self as $crate::domain::value::Code>::from_code(held.text()?)
            }
        }
    };
}
