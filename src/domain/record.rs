//! A record of a register: what every kind has in common, and the structs of each kind.
use super::value::{Held, Value, WrongType};
use crate::codes;

codes!(
    /// The registers.
    Kind {
        Unit = "unit",
        Model = "model",
        Dialogue = "dialogue",
        Opinion = "opinion",
        Petition = "petition",
        Reception = "reception",
        Figure = "figure",
    }
);

/// What every record has beside its fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Head {
    /// Row id, 0 before the first save.
    pub id: i64,
    /// Grows by one with each change; 0 before the first save.
    pub rev: i64,
    /// Number in the year's book, as (sequence, year).
    pub number: Option<(i64, i32)>,
    /// Removed; nothing is lost, `restore` brings it back.
    pub deleted: bool,
}

impl Head {
    /// The number as people write it: `15/2026`.
    #[must_use]
    pub fn number_text(&self) -> Option<String> {
        self.number.map(|(n, year)| format!("{n}/{year}"))
    }
}

/// One record of some register, reached by the keys of its fields.
pub trait Record: std::fmt::Debug + Send {
    /// Its register.
    fn kind(&self) -> Kind;
    /// Id, revision, number, removed.
    fn head(&self) -> &Head;
    /// The same, to change.
    fn head_mut(&mut self) -> &mut Head;
    /// Keys of all fields, stored and computed.
    fn keys(&self) -> &'static [&'static str];
    /// The value of a field where it stands; `Null` for a key that is not there.
    fn held(&self, key: &str) -> Held<'_>;
    /// As [`Record::held`], by the place of the key among [`Record::keys`].
    fn held_at(&self, place: usize) -> Held<'_>;
    /// The value of a field; `Null` for a key that is not there.
    fn get(&self, key: &str) -> Value {
        self.held(key).to_value()
    }
    /// As [`Record::get`], by the place of the key among [`Record::keys`].
    fn at(&self, place: usize) -> Value {
        self.held_at(place).to_value()
    }
    /// Sets a field.
    ///
    /// # Errors
    /// When the value is not of the field's type or the key is unknown.
    fn set(&mut self, key: &str, value: Value) -> Result<(), WrongType>;
    /// As [`Record::set`], by the place of the key among [`Record::keys`]; what does not fit leaves nothing there.
    ///
    /// # Errors
    /// When the value is not of the field's type or there is no such place.
    fn put(&mut self, place: usize, held: Held) -> Result<(), WrongType>;
    /// A copy.
    fn boxed(&self) -> Box<dyn Record>;
    /// For the typed rules of one kind.
    fn as_any(&self) -> &dyn std::any::Any;
    /// The same, to change.
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any;
}

impl Clone for Box<dyn Record> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}

/// Declares a record struct: every field optional, reached by name and by key.
#[macro_export]
#[doc(hidden)]
macro_rules! record {
    ($(#[$m:meta])* $name:ident, $kind:ident { $($field:ident = $key:literal : $t:ty),+ $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            /// Id, revision, number, removed.
            pub head: $crate::domain::record::Head,
            $(#[doc = $key] pub $field: Option<$t>),+
        }
        const _: () = {
        /// Places of the fields, in their order.
        #[allow(non_camel_case_types, clippy::enum_variant_names)]
        enum Place { $($field),+ }
        const PLACES: &[Place] = &[$(Place::$field),+];
        impl $crate::domain::record::Record for $name {
            fn kind(&self) -> $crate::domain::record::Kind {
                $crate::domain::record::Kind::$kind
            }
            fn head(&self) -> &$crate::domain::record::Head {
                &self.head
            }
            fn head_mut(&mut self) -> &mut $crate::domain::record::Head {
                &mut self.head
            }
            fn keys(&self) -> &'static [&'static str] {
                &[$($key),+]
            }
            fn held(&self, key: &str) -> $crate::domain::value::Held<'_> {
                use $crate::domain::value::{Held, Scalar};
                match key {
                    $($key => self.$field.as_ref().map_or(Held::Null, Scalar::held),)+
                    _ => Held::Null,
                }
            }
            fn held_at(&self, place: usize) -> $crate::domain::value::Held<'_> {
                use $crate::domain::value::{Held, Scalar};
                match PLACES.get(place) {
                    $(Some(Place::$field) => self.$field.as_ref().map_or(Held::Null, Scalar::held),)+
                    None => Held::Null,
                }
            }
            fn put(
                &mut self,
                place: usize,
                held: $crate::domain::value::Held,
            ) -> Result<(), $crate::domain::value::WrongType> {
                use $crate::domain::value::{Held, Scalar, WrongType};
                match PLACES.get(place) {
                    $(Some(Place::$field) => {
                        if Scalar::fill(&mut self.$field, held) || held == Held::Null {
                            Ok(())
                        } else {
                            Err(WrongType($key))
                        }
                    })+
                    None => Err(WrongType("?")),
                }
            }
            fn set(
                &mut self,
                key: &str,
                value: $crate::domain::value::Value,
            ) -> Result<(), $crate::domain::value::WrongType> {
                use $crate::domain::value::{Scalar, Value, WrongType};
                match key {
                    $($key => {
                        self.$field = match value {
                            Value::Null => None,
                            other => Some(Scalar::from_value(other).ok_or(WrongType($key))?),
                        };
                        Ok(())
                    })+
                    _ => Err(WrongType("?")),
                }
            }
            fn boxed(&self) -> Box<dyn $crate::domain::record::Record> {
                Box::new(self.clone())
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
            fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
                self
            }
        }
        };
    };
}

/// An empty record of a kind.
#[must_use]
pub fn blank(kind: Kind) -> Box<dyn Record> {
    match kind {
        Kind::Unit => Box::new(super::unit::Unit::default()),
        Kind::Model => Box::new(super::model::Model::default()),
        Kind::Dialogue => Box::new(super::dialogue::Dialogue::default()),
        Kind::Opinion => Box::new(super::dialogue::Opinion::default()),
        Kind::Petition => Box::new(super::petition::Petition::default()),
        Kind::Reception => Box::new(super::reception::Reception::default()),
        Kind::Figure => Box::new(super::figure::Figure::default()),
    }
}
