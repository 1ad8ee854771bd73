//! The fields of a kind with their places among the keys of its records: what goes through the fields of very many
//! records does not look for them each time.
use super::{Field, Type, entity};
use crate::domain::record::{Kind, blank, place_bit};
use crate::domain::value::Code;
use std::sync::OnceLock;

/// A field with its place among the keys of its records.
pub type Placed = (&'static Field, usize);

#[derive(Default)]
struct Sorted {
    all: Vec<Placed>,
    units: Vec<Placed>,
    references: Vec<Placed>,
    required: u64,
    personal: u64,
}

fn sorted(kind: Kind) -> &'static Sorted {
    static SORTED: [OnceLock<Sorted>; Kind::ALL.len()] =
        [const { OnceLock::new() }; Kind::ALL.len()];
    static NONE: OnceLock<Sorted> = OnceLock::new();
    let sort = || {
        let record = blank(kind);
        let place = |field: &'static Field| (field, record.place(field.key).unwrap_or(usize::MAX));
        let all: Vec<Placed> = entity(kind).fields.iter().map(place).collect();
        let own = |fits: fn(&Field) -> bool| all.iter().filter(move |(f, _)| fits(f)).copied();
        let bits = |fits| own(fits).fold(0, |bits, (_, place)| bits | place_bit(place));
        Sorted {
            units: own(|f| f.ty == Type::Unit).collect(),
            references: own(|f| matches!(f.ty, Type::Ref(_))).collect(),
            required: bits(Field::required),
            personal: bits(Field::personal),
            all,
        }
    };
    match SORTED.get(kind as usize) {
        Some(sorted) => sorted.get_or_init(sort),
        None => NONE.get_or_init(Sorted::default),
    }
}

/// The fields of a kind, each with its place among the keys of its records.
pub fn placed(kind: Kind) -> impl Iterator<Item = Placed> {
    sorted(kind).all.iter().copied()
}

/// Those of them whose [bits](place_bit) are set, in their order.
pub fn at(kind: Kind, mut bits: u64) -> impl Iterator<Item = Placed> {
    let all = &sorted(kind).all;
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        all.get(place).copied()
    })
}

/// Those of them that name units.
#[must_use]
pub fn units(kind: Kind) -> &'static [Placed] {
    &sorted(kind).units
}

/// Those of them that point to records.
#[must_use]
pub fn references(kind: Kind) -> &'static [Placed] {
    &sorted(kind).references
}

/// The [bits](place_bit) of those that a record cannot be without, and of those that may tell who somebody is.
#[must_use]
pub fn needed_and_personal(kind: Kind) -> (u64, u64) {
    let sorted = sorted(kind);
    (sorted.required, sorted.personal)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn fields_are_found_by_the_bits_of_their_places() {
        for kind in Kind::ALL {
            let all: Vec<usize> = placed(*kind).map(|(_, place)| place).collect();
            assert!(all.iter().copied().eq(0..all.len()), "{kind:?}");
            let (needed, personal) = needed_and_personal(*kind);
            let keys = |bits| at(*kind, bits).map(|(f, _)| f.key).collect::<Vec<_>>();
            let own = |fits: fn(&Field) -> bool| -> Vec<_> {
                let fields = entity(*kind).fields.iter().filter(|f| fits(f));
                fields.map(|f| f.key).collect()
            };
            assert_eq!(keys(needed), own(Field::required));
            assert_eq!(keys(personal), own(Field::personal));
            assert_eq!(keys(0), [""; 0]);
        }
    }
}
