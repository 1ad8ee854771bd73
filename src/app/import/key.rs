//! By which rows are known again.
use super::natural_key;
use super::value::add;
use crate::domain::hash::Quick;
use crate::domain::record::{Kind, Record, blank, place_bit};
use crate::domain::value::Held;
use std::hash::Hasher;

/// The natural key of the records of a kind.
pub(super) struct Key {
    places: Vec<usize>,
    bits: u64,
}

impl Key {
    pub(super) fn of(kind: Kind) -> Self {
        let record = blank(kind);
        let places = natural_key(kind).iter().filter_map(|key| record.place(key));
        let places: Vec<usize> = places.collect();
        Self {
            bits: places.iter().fold(0, |bits, at| bits | place_bit(*at)),
            places,
        }
    }

    /// A number for the key of a record.
    pub(super) fn number(&self, record: &dyn Record) -> u64 {
        let mut hasher = Quick::default();
        for place in &self.places {
            add(&mut hasher, *place, record.held_at(*place));
        }
        hasher.finish()
    }

    /// A number for what a record says beside its key.
    pub(super) fn number_beside(&self, record: &dyn Record) -> u64 {
        let mut hasher = Quick::default();
        record.each(&mut |place, held| {
            if self.bits & place_bit(place) == 0 {
                add(&mut hasher, place, held);
            }
        });
        hasher.finish()
    }
}

/// Whether the key tells one record from another: an anonymous paper or visitor is like the next one, and in a dialogue
/// several may say the same.
pub(super) fn identifies(record: &dyn Record) -> bool {
    match record.kind() {
        Kind::Petition => record.held("petitioner") != Held::Null,
        Kind::Reception => record.held("visitor") != Held::Null,
        Kind::Opinion => false,
        _ => true,
    }
}
