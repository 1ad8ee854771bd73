//! A quick number for a key that is looked up very often: for tables in memory, and to know rows of a file again within
//! one run. Nothing that is kept is told by it.
use std::hash::{BuildHasherDefault, Hasher};

/// A table by such numbers.
pub type QuickMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Quick>>;

/// The running number.
#[derive(Debug, Clone, Copy)]
pub struct Quick(u64);

/// Digits of pi, as good as any that follow no rule.
const SEED: u64 = 0x243f_6a88_85a3_08d3;
const FOLD: u64 = 0x1319_8a2e_0370_7345;

impl Default for Quick {
    fn default() -> Self {
        Self(SEED)
    }
}

impl Quick {
    /// Every bit of both halves of the product depends on all that came before.
    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    fn mix(&mut self, part: u64) {
        let product = u128::from(self.0 ^ part) * u128::from(FOLD);
        self.0 = (product as u64 ^ (product >> 64) as u64).wrapping_add(SEED);
    }
}

impl Hasher for Quick {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks::<8>();
        for part in whole {
            self.mix(u64::from_le_bytes(*part));
        }
        let last = rest
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        // The length tells a text from one that goes on with noughts.
        self.mix(last ^ (bytes.len() as u64) << 56);
    }

    /// What ends a text, which has its length already, or a small number: what follows mixes it.
    #[inline]
    fn write_u8(&mut self, n: u8) {
        self.0 = self.0.rotate_left(9) ^ u64::from(n);
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.mix(n.into());
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        self.mix(n);
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        let mut own = *self;
        own.mix(SEED);
        own.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::collections::HashSet;
    use std::hash::Hash;

    fn of(key: impl Hash) -> u64 {
        let mut hasher = Quick::default();
        key.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn keys_that_are_nearly_alike_have_numbers_that_are_not() {
        let mut all = HashSet::new();
        let mut bits = [0_u32; 64];
        for n in 0..20_000_u64 {
            for key in [
                of(n),
                of(format!("Nguyễn Thị Mẫu {n}")),
                of((n, "")),
                of(("", n)),
            ] {
                assert!(all.insert(key), "{n}");
                for (at, count) in bits.iter_mut().enumerate() {
                    *count += u32::from(key >> at & 1 == 1);
                }
            }
        }
        assert!(
            bits.iter().all(|count| (38_000..42_000).contains(count)),
            "{bits:?}"
        );
        for end in ["a", "a\0", "a\0\0\0\0\0\0\0", "a\0\0\0\0\0\0\0\0"] {
            assert!(all.insert(of(end)), "{end:?}");
        }
    }
}
