//! Where in the search index the pieces lie that were written in bulk. The index holds pieces in levels and puts sixteen
//! of one level together into one of the next, within the very save that brings the last: with a piece of a whole
//! register on the lowest level, one of the first saves after an import would wait seconds for that.
use crate::store::Result;
use rusqlite::{Connection, OptionalExtension};

/// Levels that are left free below: so many times sixteen saves come before the great pieces are touched again.
const BELOW: u8 = 4;

/// Levels from which the index is deep enough: what an import adds to a large register lies low, and is small beside it.
const DEEP: u8 = 12;

/// The row of the index that says where its pieces lie.
const STRUCTURE: i64 = 10;

/// Lifts all pieces of the index. To be called on a connection that has not used the index: one that has keeps in mind
/// where the pieces lay.
pub(in crate::store) fn lift(conn: &Connection) -> Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let done = lift_all(conn);
    conn.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn lift_all(conn: &Connection) -> Result<()> {
    let block: Option<Vec<u8>> = conn
        .prepare("SELECT block FROM search_data WHERE id = ?")?
        .query_row([STRUCTURE], |r| r.get(0))
        .optional()?;
    if let Some(block) = block.as_deref().and_then(lifted) {
        conn.execute(
            "UPDATE search_data SET block = ? WHERE id = ?",
            (block, STRUCTURE),
        )?;
    }
    Ok(())
}

/// The structure with empty levels below; none for one of another form or one that is deep already.
///
/// FTS5 writes: a number of four bytes that grows, four bytes that say which form it has, then as numbers of one to nine
/// bytes how many levels, how many pieces and what was written so far; then the levels from the lowest on, each by how
/// many pieces are being put together, how many there are, and these.
fn lifted(block: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = block.split_at_checked(8)?;
    if head.get(4..)? != [0xFF, 0, 0, 1] {
        return None;
    }
    let (levels, rest) = rest.split_first()?;
    if !(1..DEEP).contains(levels) {
        return None;
    }
    let counts = after_number(after_number(rest)?)?;
    let said = rest.get(..rest.len() - counts.len())?;
    let mut out = head.to_vec();
    out.push(levels + BELOW);
    out.extend_from_slice(said);
    out.extend(std::iter::repeat_n([0, 0], usize::from(BELOW)).flatten());
    out.extend_from_slice(counts);
    Some(out)
}

/// What follows a number: bytes that have their highest bit go on, the ninth never.
fn after_number(bytes: &[u8]) -> Option<&[u8]> {
    let last = bytes.iter().take(8).position(|byte| byte & 0x80 == 0);
    bytes.get(last.map_or(9, |at| at + 1)..)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::store::{Mode, OpenOptions, Store};

    #[test]
    fn levels_are_put_below_and_what_is_of_another_form_is_left_alone() {
        let old = [
            0, 0, 0, 4, 0xFF, 0, 0, 1, 2, 1, 0x9C, 0x58, 0, 1, 1, 1, 9, 1, 1, 0, 0, 1, 0, 0,
        ];
        let new = [
            0, 0, 0, 4, 0xFF, 0, 0, 1, 6, 1, 0x9C, 0x58, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 9, 1,
            1, 0, 0, 1, 0, 0,
        ];
        assert_eq!(lifted(&old).unwrap(), new);
        assert_eq!(lifted(&[&old[..8], &[12], &old[9..]].concat()), None);
        assert_eq!(lifted(&[0, 0, 0, 4, 2, 1, 1, 0, 0]), None);
        assert_eq!(lifted(&old[..7]), None);
        assert_eq!(lifted(&[&old[..9], &[0x81]].concat()), None);
    }

    #[test]
    fn an_index_that_was_lifted_is_whole_and_finds_what_it_found() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let options = OpenOptions {
            mode: Mode::Create,
            assume_fs: None,
        };
        let store = Store::open(&path, &options).unwrap();
        let add = |from: i64| {
            for n in from..from + 40 {
                let sql = "INSERT INTO search(rowid, body) VALUES (?, 'zzthu')";
                store.conn.execute(sql, [n]).unwrap();
            }
        };
        let asked = |sql: &str| {
            let row = store.conn.query_row(sql, [], |r| r.get::<_, i64>(0));
            row.unwrap()
        };
        let found = "SELECT count(*) FROM search WHERE search MATCH 'zzthu'";
        let whole = "INSERT INTO search(search) VALUES ('integrity-check')";
        let size = "SELECT length(block) FROM search_data WHERE id = 10";
        add(1);
        let before = asked(size);
        lift(&Connection::open(&path).unwrap()).unwrap();
        assert_eq!(asked(size), before + 2 * i64::from(BELOW));
        assert_eq!(asked(found), 40);
        store.conn.execute(whole, []).unwrap();
        add(100);
        assert_eq!(asked(found), 80);
        store.conn.execute(whole, []).unwrap();
    }
}
