//! Texts that are met again and again, by numbers from 0 on.

/// A text: where it stands among all bytes, and how many it has.
#[derive(Debug)]
struct Name {
    at: u32,
    length: u32,
    hash: u32,
}

/// Such texts.
#[derive(Debug, Default)]
pub(super) struct Names {
    all: Vec<Name>,
    bytes: Vec<u8>,
    /// Numbers by the hash: from 1 on, 0 for none.
    slots: Vec<u32>,
}

pub(super) fn place(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Both halves of the product count: the last letters of a text stand in its high bits.
fn mix(sum: u64, part: u64) -> u64 {
    let product = u128::from(sum ^ part) * 0x517c_c1b7_2722_0a95;
    product as u64 ^ (product >> 64) as u64
}

fn hash(text: &[u8]) -> u32 {
    let mut sum = text.len() as u64;
    let (eights, rest) = text.as_chunks::<8>();
    for eight in eights {
        sum = mix(sum, u64::from_le_bytes(*eight));
    }
    let rest = match (rest.first_chunk(), rest.last_chunk()) {
        // These may have bytes in common.
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        _ => rest.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    };
    mix(sum, rest) as u32
}

impl Names {
    /// Bytes of memory that it takes.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + self.slots.len() * size_of::<u32>() + self.all.len() * size_of::<Name>()
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&[u8]> {
        self.all.get(number as usize).map(|name| self.text(name))
    }

    #[inline]
    fn text(&self, name: &Name) -> &[u8] {
        let at = name.at as usize;
        let text = self.bytes.get(at..at + name.length as usize);
        text.unwrap_or_default()
    }

    /// The number of a text, and whether it is new.
    pub(super) fn learn(&mut self, text: &[u8]) -> (u32, bool) {
        if self.all.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(text);
        let at = self.slot(hash, |name| name.hash == hash && self.text(name) == text);
        let Some(slot) = self.slots.get_mut(at) else {
            return (u32::MAX, false);
        };
        if *slot > 0 {
            return (*slot - 1, false);
        }
        let number = place(self.all.len());
        *slot = number + 1;
        self.all.push(Name {
            at: place(self.bytes.len()),
            length: place(text.len()),
            hash,
        });
        self.bytes.extend_from_slice(text);
        (number, true)
    }

    /// The slot of the text that is `wanted`, else the one where it belongs.
    #[inline]
    fn slot(&self, hash: u32, wanted: impl Fn(&Name) -> bool) -> usize {
        let all = self.slots.len().max(1) - 1;
        let mut at = hash as usize & all;
        while let Some(slot) = self.slots.get(at)
            && let Some(before) = slot.checked_sub(1)
            && !self.all.get(before as usize).is_some_and(&wanted)
        {
            at = (at + 1) & all;
        }
        at
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(1024)];
        for (n, name) in self.all.iter().enumerate() {
            let at = self.slot(name.hash, |_| false);
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = place(n + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_text_has_one_number_however_many_there_are() {
        let mut names = Names::default();
        let text = |n: u32| format!("{n:x}{}", "ư".repeat(n as usize % 9));
        for n in 0..5000 {
            assert_eq!(names.learn(text(n).as_bytes()), (n, true));
            assert_eq!(names.learn(text(n / 2).as_bytes()), (n / 2, false));
        }
        assert!((0..5000).all(|n| names.get(n) == Some(text(n).as_bytes())));
        assert_eq!(names.get(5000), None);
    }

    proptest! {
        #[test]
        fn a_text_has_the_same_number_when_it_comes_again(
            texts in prop::collection::vec("[ab]{0,20}", 1..60)
        ) {
            let mut names = Names::default();
            let mut known: Vec<&str> = Vec::new();
            for text in &texts {
                let (number, new) = names.learn(text.as_bytes());
                prop_assert_eq!(new, !known.contains(&text.as_str()));
                if new {
                    known.push(text);
                }
                prop_assert_eq!(known[number as usize], text);
            }
        }
    }
}
