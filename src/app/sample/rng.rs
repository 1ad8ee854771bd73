//! The one source of chance in sample data: the same seed gives the same numbers on every machine.

/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and good enough to scatter records.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// A sequence of its own for each purpose.
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut rng = Self(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        rng.next();
        rng
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 for an `n` of 0.
    pub fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.next()) * n as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from `from` to `to`, both possible.
    pub fn range(&mut self, from: i64, to: i64) -> i64 {
        let width = usize::try_from(to - from + 1).unwrap_or(1);
        from + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// True `per_mille` times in a thousand.
    pub fn chance(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the items, all alike.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.below(items.len());
        items.get(at)
    }
}

/// Items with weights.
#[derive(Debug, Clone)]
pub struct Weighted<T> {
    items: Vec<T>,
    sums: Vec<usize>,
}

impl<T> Weighted<T> {
    /// From items and weights; those of weight 0 never come.
    pub fn new(items: impl IntoIterator<Item = (T, usize)>) -> Self {
        let mut made = Self {
            items: Vec::new(),
            sums: Vec::new(),
        };
        let mut sum = 0;
        for (item, weight) in items {
            sum += weight;
            made.items.push(item);
            made.sums.push(sum);
        }
        made
    }

    /// One item by weight; none only when there is nothing to choose.
    pub fn pick(&self, rng: &mut Rng) -> Option<&T> {
        self.items.get(self.place(rng))
    }

    /// The place of the item picked.
    pub fn place(&self, rng: &mut Rng) -> usize {
        let at = rng.below(self.sums.last().copied().unwrap_or(0));
        self.sums.partition_point(|sum| *sum <= at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let mut a = Rng::new(7, 1);
        let mut b = Rng::new(7, 1);
        let mut c = Rng::new(7, 2);
        let first: Vec<u64> = (0..4).map(|_| a.next()).collect();
        assert_eq!(first, (0..4).map(|_| b.next()).collect::<Vec<_>>());
        assert_ne!(first, (0..4).map(|_| c.next()).collect::<Vec<_>>());
    }

    #[test]
    fn weights_are_kept() {
        let w = Weighted::new([('a', 0), ('b', 1), ('c', 3)]);
        let mut rng = Rng::new(1, 1);
        let mut seen = [0, 0, 0];
        for _ in 0..4000 {
            match w.pick(&mut rng).unwrap() {
                'a' => seen[0] += 1,
                'b' => seen[1] += 1,
                _ => seen[2] += 1,
            }
        }
        assert_eq!(seen[0], 0);
        assert!((800..1200).contains(&seen[1]), "{seen:?}");
        assert!(Weighted::<u8>::new([]).pick(&mut rng).is_none());
        assert!((3..=5).contains(&rng.range(3, 5)));
    }
}
