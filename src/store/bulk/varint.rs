//! Numbers as SQLite and its search index write them: seven bits a byte, the highest first, the ninth byte whole.

/// Bytes of the longest.
const LONGEST: usize = 9;

/// Writes a number.
pub(super) fn put(out: &mut Vec<u8>, n: u64) {
    if n < 0x80 {
        out.push(n.to_le_bytes()[0]);
        return;
    }
    let mut bytes = [0; LONGEST];
    let (mut at, mut rest, whole) = (LONGEST, n, n >> 56 != 0);
    if whole {
        at -= 1;
        bytes[at] = n.to_le_bytes()[0];
        rest = n >> 8;
    }
    while at > 0 && (rest != 0 || whole) {
        at -= 1;
        let more = if at + 1 == LONGEST { 0 } else { 0x80 };
        bytes[at] = (rest & 0x7f).to_le_bytes()[0] | more;
        rest >>= 7;
    }
    out.extend_from_slice(&bytes[at..]);
}

/// Reads a number and what follows it; none where bytes are lacking.
pub(super) fn get(bytes: &[u8]) -> Option<(u64, &[u8])> {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

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
}
