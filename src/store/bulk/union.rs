//! The rows of several words as those of one.
use super::varint;

/// Rows of a part.
const PART: usize = 64;

/// Rows of which several words tell.
#[derive(Debug)]
pub(super) struct Union {
    /// A bit for each row.
    rows: Vec<u64>,
    /// A bit for each part that has any: between the few rows of a rare word lies nothing that must be looked at.
    parts: Vec<u64>,
}

/// The row read last, and what was read of how much later the next comes.
#[derive(Default)]
struct Reading {
    row: usize,
    more: usize,
}

impl Union {
    /// For so many rows.
    pub(super) fn new(rows: usize) -> Self {
        // Eight rows at once may reach into a part behind the last.
        let parts = rows / PART + 2;
        Self {
            rows: vec![0; parts],
            parts: vec![0; parts / PART + 1],
        }
    }

    /// Adds the rows of a word, whose list comes in pieces.
    pub(super) fn add<'a>(&mut self, pieces: impl Iterator<Item = &'a [u8]>) {
        let mut at = Reading::default();
        for piece in pieces {
            let (eights, last) = piece.as_chunks::<8>();
            for eight in eights {
                // A word that every record holds.
                if *eight == [1; 8] && at.more == 0 {
                    self.set_eight(at.row + 1);
                    at.row += 8;
                } else {
                    eight.iter().for_each(|byte| self.read(&mut at, *byte));
                }
            }
            last.iter().for_each(|byte| self.read(&mut at, *byte));
        }
    }

    #[inline]
    fn read(&mut self, at: &mut Reading, byte: u8) {
        at.more = at.more << 7 | usize::from(byte & 0x7f);
        if byte < 0x80 {
            at.row += std::mem::take(&mut at.more);
            self.set(at.row / PART, 1 << (at.row % PART));
        }
    }

    #[inline]
    fn set_eight(&mut self, row: usize) {
        let (part, begin) = (row / PART, row % PART);
        self.set(part, 0xff << begin);
        if begin > PART - 8 {
            self.set(part + 1, 0xff >> (PART - begin));
        }
    }

    #[inline]
    fn set(&mut self, part: usize, rows: u64) {
        if let Some(bits) = self.rows.get_mut(part) {
            *bits |= rows;
        }
        if let Some(bits) = self.parts.get_mut(part / PART) {
            *bits |= 1 << (part % PART);
        }
    }

    /// Makes the list of all of these; there are none then.
    pub(super) fn take(&mut self, out: &mut Vec<u8>) {
        out.clear();
        let mut before = 0;
        for (at, parts) in self.parts.iter_mut().enumerate() {
            while *parts != 0 {
                let part = at * PART + parts.trailing_zeros() as usize;
                *parts &= *parts - 1;
                let Some(bits) = self.rows.get_mut(part).map(std::mem::take) else {
                    continue;
                };
                before = list(part * PART, bits, before, out);
            }
        }
    }
}

/// Adds the rows of a part to a list; the last of them.
fn list(first: usize, mut bits: u64, mut before: usize, out: &mut Vec<u8>) -> usize {
    if bits == u64::MAX && before + 1 == first {
        out.extend_from_slice(&[1; PART]);
        return before + PART;
    }
    while bits != 0 {
        let row = first + bits.trailing_zeros() as usize;
        match u8::try_from(row - before) {
            Ok(more @ ..0x80) => out.push(more),
            _ => varint::put(out, (row - before) as u64),
        }
        before = row;
        bits &= bits - 1;
    }
    before
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// As the index has rows: how much later each of them comes.
    fn listed(rows: &BTreeSet<usize>) -> Vec<u8> {
        let (mut out, mut before) = (Vec::new(), 0);
        for row in rows {
            varint::put(&mut out, (*row - before) as u64);
            before = *row;
        }
        out
    }

    /// Rows near each other, and runs without a gap.
    fn rows() -> impl Strategy<Value = BTreeSet<usize>> {
        let runs = prop::collection::vec((0_usize..40_000, 1_usize..300), 0..4);
        let single = prop::collection::btree_set(0_usize..40_000, 0..50);
        (runs, single).prop_map(|(runs, mut rows)| {
            for (first, count) in runs {
                rows.extend(first..(first + count).min(40_000));
            }
            rows
        })
    }

    proptest! {
        #[test]
        fn the_rows_of_several_words_are_each_there_once(
            words in prop::collection::vec(rows(), 1..5),
            piece in 1_usize..40,
        ) {
            let mut union = Union::new(40_000);
            let mut out = vec![7];
            for _ in 0..2 {
                for word in &words {
                    union.add(listed(word).chunks(piece));
                }
                union.take(&mut out);
                let all = words.iter().flatten().copied().collect();
                prop_assert_eq!(&out, &listed(&all));
            }
            union.take(&mut out);
            prop_assert!(out.is_empty());
        }
    }

    #[test]
    fn rows_without_a_gap_to_the_last_one() {
        for count in [1, 8, 63, 64, 65, 128, 4096, 4097, 10_000] {
            let mut union = Union::new(count);
            let all: BTreeSet<usize> = (0..count).collect();
            union.add(std::iter::once(listed(&all).as_slice()));
            let mut out = Vec::new();
            union.take(&mut out);
            assert_eq!(out, listed(&all), "{count}");
        }
    }
}
