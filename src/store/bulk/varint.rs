//! Numbers as SQLite and its search index write them: seven bits a byte, the highest first, the ninth byte whole.

/// Bytes of the longest.
const LONGEST: usize = 9;

/// The highest bit of each byte: of a number's bytes all but the last have it.
const MORE: u64 = 0x8080_8080_8080_8080;

/// Seven bits of a number in each byte.
fn spread(n: u64) -> u64 {
    let n = (n & 0x00ff_ffff_f000_0000) << 4 | n & 0x0fff_ffff;
    let n = (n & 0x0fff_c000_0fff_c000) << 2 | n & 0x0000_3fff_0000_3fff;
    (n & 0x3f80_3f80_3f80_3f80) << 1 | n & 0x007f_007f_007f_007f
}

/// Writes a number.
#[inline]
pub(super) fn put(out: &mut Vec<u8>, n: u64) {
    if n < 0x80 {
        out.push(n.to_le_bytes()[0]);
    } else {
        put_long(out, n);
    }
}

fn put_long(out: &mut Vec<u8>, n: u64) {
    if n >> 56 != 0 {
        out.extend_from_slice(&(spread(n >> 8) | MORE).to_be_bytes());
        out.push(n.to_le_bytes()[0]);
        return;
    }
    let bytes = (spread(n) | MORE & !0xff).to_be_bytes();
    let none = n.leading_zeros() as usize - 8;
    out.extend_from_slice(bytes.get(none / 7..).unwrap_or_default());
}

/// Reads a number and what follows it; none where bytes are lacking.
#[inline]
pub(super) fn get(bytes: &[u8]) -> Option<(u64, &[u8])> {
    match bytes {
        [short @ ..0x80, rest @ ..] => Some((u64::from(*short), rest)),
        _ => get_long(bytes),
    }
}

fn get_long(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut n = 0;
    for (at, byte) in bytes.iter().enumerate().take(LONGEST) {
        let own = u64::from(*byte);
        if at + 1 == LONGEST {
            return Some((n << 8 | own, bytes.get(LONGEST..)?));
        }
        n = n << 7 | own & 0x7f;
        if own < 0x80 {
            return Some((n, bytes.get(at + 1..)?));
        }
    }
    None
}

/// The sum of numbers of fewer than nine bytes, one after the other.
pub(super) fn sum(bytes: &[u8]) -> u64 {
    let (mut sum, mut n) = (0, 0);
    let (eights, last) = bytes.as_chunks::<8>();
    for eight in eights {
        let all = u64::from_le_bytes(*eight);
        if n == 0 && all & MORE == 0 {
            // Eight numbers of a byte each: by twos, and these all at once.
            let twos = (all & 0x00ff_00ff_00ff_00ff) + (all >> 8 & 0x00ff_00ff_00ff_00ff);
            sum += twos.wrapping_mul(0x0001_0001_0001_0001) >> 48;
        } else {
            eight.iter().for_each(|byte| add(&mut sum, &mut n, *byte));
        }
    }
    last.iter().for_each(|byte| add(&mut sum, &mut n, *byte));
    sum
}

fn add(sum: &mut u64, n: &mut u64, byte: u8) {
    *n = *n << 7 | u64::from(byte & 0x7f);
    if byte < 0x80 {
        *sum += std::mem::take(n);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_as_sqlite_does_and_read_back() {
        let written = |n| {
            let mut out = Vec::new();
            put(&mut out, n);
            out
        };
        assert_eq!(written(0), [0]);
        assert_eq!(written(0x7f), [0x7f]);
        assert_eq!(written(0x80), [0x81, 0]);
        assert_eq!(written(0x4000), [0x81, 0x80, 0]);
        assert_eq!(written(u64::MAX), [0xff; 9]);
        for shift in 0..64 {
            for n in [1_u64 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                let mut bytes = written(n);
                bytes.push(7);
                assert_eq!(get(&bytes), Some((n, &[7][..])), "{n}");
                let cut = bytes.len() - 2;
                assert!(get(&bytes[..cut]).is_none(), "{n}");
            }
        }
    }

    proptest! {
        #[test]
        fn numbers_add_up_however_long_they_are(
            // Long ones among many of one byte, which are taken by eights.
            all in prop::collection::vec(prop_oneof![9 => 0_u64..0x80, 1 => 0_u64..1 << 50], 0..90)
        ) {
            let mut bytes = Vec::new();
            all.iter().for_each(|n| put(&mut bytes, *n));
            prop_assert_eq!(sum(&bytes), all.iter().sum::<u64>());
        }
    }
}
