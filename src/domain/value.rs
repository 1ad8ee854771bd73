//! What a field of a register can hold, and how typed fields become values and back.
use super::number::Dec;
use chrono::NaiveDate;

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

    /// The text of a text or enumeration value.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(s) => Some(s),
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
    /// The field as a value.
    fn to_value(&self) -> Value;
    /// The field from a value of its own type.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! scalar {
    ($t:ty, $variant:ident) => {
        impl Scalar for $t {
            fn to_value(&self) -> Value {
                Value::$variant(self.clone())
            }
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(v) => Some(v),
                    _ => None,
                }
            }
        }
    };
}
scalar!(String, Text);
scalar!(Dec, Dec);
scalar!(bool, Bool);
scalar!(NaiveDate, Date);
scalar!(UnitRef, Unit);
scalar!(Vec<String>, List);

impl Scalar for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Int(v) => Some(v),
            _ => None,
        }
    }
}

/// Id of a record of some register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordId(pub i64);

impl Scalar for RecordId {
    fn to_value(&self) -> Value {
        Value::Ref(self.0)
    }
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Ref(v) => Some(Self(v)),
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
            fn to_value(&self) -> $crate::domain::value::Value {
                $crate::domain::value::Value::Text($crate::domain::value::Code::code(*self).to_owned())
            }
            fn from_value(value: $crate::domain::value::Value) -> Option<Self> {
                <Self as $crate::domain::value::Code>::from_code(value.text()?)
            }
        }
    };
}
