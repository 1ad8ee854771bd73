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
    /// The place of a key among [`Record::keys`].
    fn place(&self, key: &str) -> Option<usize>;
    /// The value of a field where it stands; `Null` for a key that is not there.
    fn held(&self, key: &str) -> Held<'_>;
    /// As [`Record::held`], by the place of the key among [`Record::keys`].
    fn held_at(&self, place: usize) -> Held<'_>;
    /// The [bits](place_bit) of all places where something is held.
    fn filled(&self) -> u64;
    /// Hands over every field that holds something, with its place, in their order.
    fn each(&self, take: &mut dyn FnMut(usize, Held));
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

/// The bit of a place among the keys of a record, of which none has more than 64.
#[must_use]
pub const fn place_bit(place: usize) -> u64 {
    1 << (place % 64)
}

/// Slots of a table of keys: so many more than any record has fields that few keys share one.
const SLOTS: usize = 256;

/// Places of keys by a number of their letters: a field is asked for by its key very often.
#[doc(hidden)]
#[derive(Debug)]
pub struct Places([u8; SLOTS]);

impl Places {
    const fn slot(key: &str) -> usize {
        let sum = match key.as_bytes() {
            [a, b, .., y, z] => {
                *a as usize * 3 + *b as usize * 17 + *y as usize * 29 + *z as usize * 53
            }
            _ => 0,
        };
        (sum + key.len() * 7) % SLOTS
    }

    /// The table of some keys, at most 64 of them; made when the program is.
    #[must_use]
    pub const fn of(keys: &[&str]) -> Self {
        assert!(keys.len() <= 64, "each place has its bit");
        let mut table = [u8::MAX; SLOTS];
        let mut at = 0;
        while at < keys.len() {
            let mut slot = Self::slot(keys[at]);
            while table[slot] != u8::MAX {
                slot = (slot + 1) % SLOTS;
            }
            table[slot] = at as u8;
            at += 1;
        }
        Self(table)
    }

    /// The place of a key among those of which the table was made.
    #[must_use]
    pub fn find(&self, keys: &[&str], key: &str) -> Option<usize> {
        let mut slot = Self::slot(key);
        loop {
            // No key has the place of an empty slot.
            let place = usize::from(*self.0.get(slot)?);
            if *keys.get(place)? == key {
                return Some(place);
            }
            slot = (slot + 1) % SLOTS;
        }
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
        const KEYS: &[&str] = &[$($key),+];
        static BY_KEY: $crate::domain::record::Places = $crate::domain::record::Places::of(KEYS);
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
                KEYS
            }
            fn place(&self, key: &str) -> Option<usize> {
                BY_KEY.find(KEYS, key)
            }
            fn held(&self, key: &str) -> $crate::domain::value::Held<'_> {
                self.place(key).map_or($crate::domain::value::Held::Null, |at| self.held_at(at))
            }
            fn held_at(&self, place: usize) -> $crate::domain::value::Held<'_> {
                use $crate::domain::value::{Held, Scalar};
                match PLACES.get(place) {
                    $(Some(Place::$field) => self.$field.as_ref().map_or(Held::Null, Scalar::held),)+
                    None => Held::Null,
                }
            }
            fn filled(&self) -> u64 {
                0 $(| u64::from(self.$field.is_some()) << Place::$field as u32)+
            }
            fn each(&self, take: &mut dyn FnMut(usize, $crate::domain::value::Held)) {
                use $crate::domain::value::Scalar;
                $(if let Some(own) = &self.$field {
                    take(Place::$field as usize, Scalar::held(own));
                })+
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
                match self.place(key).and_then(|at| PLACES.get(at)) {
                    $(Some(Place::$field) => {
                        self.$field = match value {
                            Value::Null => None,
                            other => Some(Scalar::from_value(other).ok_or(WrongType($key))?),
                        };
                        Ok(())
                    })+
                    None => Err(WrongType("?")),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::value::Code;

    #[test]
    fn every_key_is_found_at_its_place_and_no_other_word_is() {
        for kind in Kind::ALL {
            let record = blank(*kind);
            for (place, key) in record.keys().iter().enumerate() {
                assert_eq!(record.place(key), Some(place), "{key}");
                for other in [
                    format!("{key}s"),
                    key.to_uppercase(),
                    key.chars().rev().collect(),
                ] {
                    let known = record.keys().contains(&other.as_str());
                    assert_eq!(record.place(&other).is_some(), known, "{other}");
                }
            }
            assert_eq!(record.place(""), None);
        }
    }

    #[test]
    fn what_a_record_holds_is_handed_over_in_its_order() {
        let mut record = blank(Kind::Petition);
        record.set("note", Value::Text("b".into())).unwrap();
        record.set("subject", Value::Text("a".into())).unwrap();
        let mut got = Vec::new();
        record.each(&mut |place, held| got.push((record.keys()[place], held.to_value())));
        let text = |s: &str| Value::Text(s.into());
        assert_eq!(got, [("subject", text("a")), ("note", text("b"))]);
        let bit = |key: &str| place_bit(record.place(key).unwrap());
        assert_eq!(record.filled(), bit("subject") | bit("note"));
    }
}
