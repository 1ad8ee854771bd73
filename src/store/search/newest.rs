//! The newest matches of the index, in windows that are read upwards.
//!
//! Read downwards the index is slow: each piece of a list of rows that it passes over costs it a walk through all before
//! it, so that the second half of ten million rows took fifteen milliseconds to pass. Upwards a piece is passed over in
//! a few nanoseconds. So the newest ids are looked at as a window, upwards, then a wider one below it, until there are
//! matches enough.
use super::{Asked, limit_of, range};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::store::query::Where;
use crate::store::table::table;
use crate::store::{Db, Result};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

/// A word that only the posts have: rows between the registers at which each part of a question is held to match, so
/// that what matches nowhere in a register is not looked for beyond it, nor from the index's beginning on.
const POST: char = '\u{10_FFFD}';
/// A word that no row has.
const NOWHERE: char = '\u{10_FFFC}';
/// So many parts are looked at one after the other; those beyond, at once.
const IN_TURN: usize = 8;

/// Ids that a window begins with, at least.
const NARROW: i64 = 16;
/// How many times the last one a window is at most, and where it is known that matches are rare: each window costs a
/// look for every word.
const WIDER: i64 = 8;
const WIDEST: i64 = 64;
/// Matches beyond which a window was too wide.
const MANY: usize = 16_384;
/// Ids by which it is known that matches are rare, and which part of a question is the rarest.
const SAMPLE: i64 = 4_096;
/// Rows of a sample beyond which a part is no rare one.
const COMMON: usize = 256;

impl Asked {
    /// The index's own expression. A part is looked at only in rows that those before it match: in one flat expression
    /// the index moves each part on at every row that any of them might match.
    pub(in crate::store) fn expression(&self) -> String {
        let [first, rest @ ..] = self.0.as_slice() else {
            return format!("\"{NOWHERE}\"");
        };
        let Some((last, middle)) = rest.split_last() else {
            return first.clone();
        };
        let or_post = |part: &str| format!("({part} OR \"{POST}\")");
        let mut all = or_post(first);
        for (at, part) in middle.iter().enumerate() {
            all = match at + 2 < IN_TURN {
                // What is joined to nothing by OR stays a question of its own.
                true => format!("(({all} AND {}) OR \"{NOWHERE}\")", or_post(part)),
                false => format!("{all} AND {}", or_post(part)),
            };
        }
        format!("{all} AND {}", or_post(last))
    }
}

/// Puts the posts into an empty index: before each register, and after the last.
pub(in crate::store) fn post(conn: &Connection) -> Result<()> {
    let mut put = conn.prepare("INSERT INTO search(rowid, body) VALUES (?,?)")?;
    let rows = Kind::ALL.iter().map(|kind| super::base(*kind));
    let end = rows.clone().max().map(|last| last + super::SPAN);
    for row in rows.chain(end) {
        put.execute((row, POST.to_string()))?;
    }
    Ok(())
}

/// Where matches are looked for: in the index, and in the records that belong to it where more is asked of them.
pub(in crate::store) struct Ground {
    /// Their register.
    pub kind: Kind,
    /// The tables of SQL.
    pub from: String,
    /// What is asked of the records.
    pub filter: Where,
}

impl Ground {
    /// The index alone.
    pub(super) fn bare(kind: Kind) -> Self {
        Self {
            kind,
            from: "search".to_owned(),
            filter: Where::default(),
        }
    }
}

/// Ids between which matches are looked for, both included.
type Ids = (i64, i64);
/// All of them.
pub(in crate::store) const ALL: Ids = (1, super::SPAN - 1);

/// The newest matches, as far as they were looked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Newest {
    /// The id that was begun at.
    pub begin: i64,
    /// Matches, the newest first.
    pub ids: Vec<i64>,
    /// The greatest id that was not looked at; 0 when all were.
    pub below: i64,
}

/// The window below the last one.
struct Window {
    wide: i64,
    /// How many times wider it may become.
    grows: i64,
}

impl Window {
    /// After `found` matches among `seen` ids, when `missing` are still wanted: a quarter more than may hold as many. What
    /// is looked through for nothing costs more than another window.
    fn next(&mut self, seen: i64, found: usize, missing: usize) {
        let most = self.wide.saturating_mul(self.grows);
        let wanted = missing.saturating_add(missing / 4).saturating_add(1);
        self.wide = match found {
            0 => most,
            found => (seen.saturating_mul(limit_of(wanted)) / limit_of(found)).clamp(NARROW, most),
        };
    }

    fn too_wide(&mut self) -> bool {
        let shrinks = self.wide > NARROW;
        self.wide = (self.wide / WIDER).max(NARROW);
        self.grows = 2;
        shrinks
    }
}

impl Db<'_> {
    /// Ids of at most `want` matches within `ids`, the newest first.
    pub(in crate::store) fn newest(
        &self,
        asked: &Asked,
        ground: &Ground,
        (first, last): Ids,
        want: usize,
    ) -> Result<Vec<i64>> {
        let mut newest = Newest {
            begin: last.min(self.last_id(ground.kind)?),
            ..Newest::default()
        };
        newest.below = newest.begin;
        self.look_below(asked, ground, first, want, &mut newest)?;
        newest.ids.truncate(want);
        Ok(newest.ids)
    }

    /// Looks further down, to `first` at most, until so many are found; more than these are given where they were seen.
    pub(super) fn look_below(
        &self,
        asked: &Asked,
        ground: &Ground,
        first: i64,
        want: usize,
        newest: &mut Newest,
    ) -> Result<()> {
        // What several words have is rarer.
        let begins = if asked.0.len() > 1 { 16 } else { 2 };
        let mut window = Window {
            wide: limit_of(want).saturating_mul(begins).clamp(NARROW, SAMPLE),
            grows: WIDER,
        };
        let mut expression = asked.expression();
        let mut rare = false;
        while newest.ids.len() < want && newest.below >= first {
            let (begin, last) = (newest.begin, newest.below);
            if !rare && last < begin && last - first > SAMPLE {
                expression = self.in_turn(asked, ground.kind)?;
                window.grows = WIDEST;
                if begin - last > window.wide {
                    // Looked through before: what was found there says how rare matches are.
                    window.wide = begin - last;
                    window.next(begin - last, newest.ids.len(), want - newest.ids.len());
                }
                rare = true;
            }
            let lowest = last.saturating_sub(window.wide - 1).max(first);
            let rows = self.upwards(&expression, ground, (lowest, last), MANY + 1)?;
            if rows.len() > MANY && window.too_wide() {
                continue;
            }
            newest.ids.extend(rows.iter().rev());
            newest.below = lowest - 1;
            let missing = want.saturating_sub(newest.ids.len());
            window.next(begin - newest.below, newest.ids.len(), missing);
        }
        Ok(())
    }

    /// Ids of at most `want` matches within `ids`, the oldest first.
    pub(in crate::store) fn oldest(
        &self,
        asked: &Asked,
        ground: &Ground,
        ids: Ids,
        want: usize,
    ) -> Result<Vec<i64>> {
        let expression = self.in_turn(asked, ground.kind)?;
        self.upwards(&expression, ground, ids, want)
    }

    fn upwards(
        &self,
        expression: &str,
        ground: &Ground,
        (first, last): Ids,
        want: usize,
    ) -> Result<Vec<i64>> {
        let from = super::base(ground.kind);
        let bounded = last - first >= limit_of(want);
        let sql = format!(
            "SELECT search.rowid FROM {} WHERE search MATCH ? AND search.rowid BETWEEN ? AND ? AND {} \
             ORDER BY search.rowid{}",
            ground.from,
            ground.filter.sql(),
            // Counting what cannot be too much is a step for each row.
            if bounded { " LIMIT ?" } else { "" },
        );
        let head = [
            Sql::Text(expression.to_owned()),
            Sql::Integer(from + first),
            Sql::Integer(from + last),
        ];
        let limit = bounded.then(|| Sql::Integer(limit_of(want)));
        let params = head.iter().chain(&ground.filter.params).chain(&limit);
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let ids = stmt.query_map(params_from_iter(params), |r| Ok(r.get::<_, i64>(0)? - from))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// How many match, counted up to `cap`.
    pub(in crate::store) fn matches(
        &self,
        asked: &Asked,
        ground: &Ground,
        cap: usize,
    ) -> Result<usize> {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE search MATCH ? AND {} AND {} LIMIT ?)",
            ground.from,
            range(ground.kind),
            ground.filter.sql(),
        );
        let head = [Sql::Text(self.in_turn(asked, ground.kind)?)];
        let limit = [Sql::Integer(limit_of(cap))];
        let params = head.iter().chain(&ground.filter.params).chain(&limit);
        let n: i64 = self
            .conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(params), |r| r.get(0))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }

    /// The expression of a question, its parts in the order in which the newest records of a register have them, the
    /// rarest first.
    fn in_turn(&self, asked: &Asked, kind: Kind) -> Result<String> {
        if asked.0.len() < 2 {
            return Ok(asked.expression());
        }
        let last = self.last_id(kind)?;
        let sample = ((last - SAMPLE + 1).max(1), last);
        let mut parts = Vec::with_capacity(asked.0.len());
        for part in &asked.0 {
            let rows = self.upwards(part, &Ground::bare(kind), sample, COMMON)?;
            parts.push((rows.len(), part.clone()));
        }
        parts.sort_by_key(|(n, _)| *n);
        Ok(Asked(parts.into_iter().map(|(_, part)| part).collect()).expression())
    }

    /// The greatest id of a register.
    pub(in crate::store) fn last_id(&self, kind: Kind) -> Result<i64> {
        let sql = format!(
            "SELECT id FROM {} ORDER BY id DESC LIMIT 1",
            table(kind).name
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        Ok(stmt.query_row([], |r| r.get(0)).optional()?.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{base, texts};
    use super::*;
    use crate::domain::fold::{Pattern, words as words_of};
    use crate::domain::record::{Record, blank};
    use crate::domain::value::Value;
    use crate::store::{Store, StoreError};

    /// Numbers that look like chance and are the same each time.
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) % n
        }
    }

    /// Words, and of how many records one has each.
    const WORDS: [(&str, u64); 10] = [
        ("đất", 1),
        ("đai", 2),
        ("đường", 3),
        ("dương", 7),
        ("nhiễm", 60),
        ("nhiêm", 90),
        ("hiếm", 400),
        ("đài", 5),
        ("ô", 8),
        ("môi", 12),
    ];

    fn record(kind: Kind, subject: &str) -> Box<dyn Record> {
        let mut record = blank(kind);
        let day = "2026-03-02".parse().unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        record.set("received_on", Value::Date(day)).unwrap();
        if kind == Kind::Petition {
            record.set("type", text("feedback")).unwrap();
            record.set("instance", Value::Int(1)).unwrap();
            record.set("jurisdiction", text("unknown")).unwrap();
            for key in ["complex", "very_complex", "remote"] {
                record.set(key, Value::Bool(false)).unwrap();
            }
        }
        record.set("subject", text(subject)).unwrap();
        record
    }

    /// Each key goes on from what the one before found.
    fn as_typed(read: Db, records: &[Box<dyn Record>], asked: &str) {
        let folded = |record: &dyn Record| -> Vec<_> {
            texts(record).iter().flat_map(|t| words_of(t)).collect()
        };
        let all: Vec<_> = records
            .iter()
            .rev()
            .map(|record| (record.head().id, folded(record.as_ref())))
            .collect();
        let unknown = || read.unknown(Kind::Petition).unwrap();
        let (mut known, mut before) = (unknown(), Pattern::default());
        let ends = asked.char_indices().map(|(at, c)| at + c.len_utf8());
        for part in ends.map(|end| &asked[..end]) {
            let pattern = Pattern::parse(part);
            let Some(parts) = read.asked(&pattern).unwrap() else {
                (known, before) = (unknown(), Pattern::default());
                continue;
            };
            if !pattern.narrows(&before) {
                known = unknown();
            }
            let mut looking = known.look();
            for want in [3, 8, 60] {
                read.look(&parts, &pattern, &mut looking, want).unwrap();
                let ids = looking.hits.iter().map(|hit| hit.record.head().id);
                let matching = all.iter().filter(|(_, words)| pattern.matches_words(words));
                let expected = matching.map(|(id, _)| *id).take(want);
                assert!(ids.eq(expected), "{part}: {want}, after {before:?}");
            }
            (known, before) = (looking.known(), pattern);
        }
    }

    #[test]
    fn what_is_found_in_windows_is_what_the_records_say_newest_first() {
        let mut chance = Chance(7);
        let mut subject = || {
            let picked: Vec<&str> = WORDS
                .iter()
                .filter(|(_, of)| chance.below(*of) == 0)
                .map(|(word, _)| *word)
                .collect();
            picked.join(" ")
        };
        let mut records: Vec<Box<dyn Record>> = (0..1_500)
            .map(|_| record(Kind::Petition, &subject()))
            .collect();
        let mut store = Store::in_memory().unwrap();
        store
            .write::<_, StoreError>(|tx| {
                for record in &mut records {
                    tx.insert(record.as_mut(), Some(2026))?;
                }
                Ok(())
            })
            .unwrap();
        // Changed rows lie in another piece of the index, and the old words must be forgotten.
        for record in records.iter_mut().step_by(7) {
            record.set("subject", Value::Text(subject())).unwrap();
            store
                .write::<_, StoreError>(|tx| tx.update(record.as_mut(), &["subject"]))
                .unwrap();
        }
        let read = store.read();
        for _ in 0..300 {
            let many = chance.below(4) + 1;
            let words: Vec<&str> = (0..many)
                .map(|_| WORDS[usize::try_from(chance.below(10)).unwrap()].0)
                .collect();
            let mut asked = words.join(" ");
            for _ in 0..chance.below(3) {
                asked.pop();
            }
            let pattern = Pattern::parse(&asked);
            let mut plain: Vec<i64> = records
                .iter()
                .filter(|record| {
                    let all: Vec<_> = texts(record.as_ref())
                        .iter()
                        .flat_map(|text| words_of(text))
                        .collect();
                    !pattern.is_empty() && pattern.matches_words(&all)
                })
                .map(|record| record.head().id)
                .collect();
            plain.reverse();
            let Some(parts) = read.asked(&pattern).unwrap() else {
                assert!(plain.is_empty(), "{asked}");
                continue;
            };
            let ground = Ground::bare(Kind::Petition);
            for want in [1, 8, 60, 1_001] {
                let found = read.newest(&parts, &ground, ALL, want).unwrap();
                let expected: Vec<i64> = plain.iter().take(want).copied().collect();
                assert_eq!(found, expected, "{asked}: {want}");
                let found = read.oldest(&parts, &ground, ALL, want).unwrap();
                let expected: Vec<i64> = plain.iter().rev().take(want).copied().collect();
                assert_eq!(found, expected, "{asked}: {want} from the end");
                let counted = read.matches(&parts, &ground, want).unwrap();
                assert_eq!(counted, plain.len().min(want), "{asked}: {want} counted");
            }
            if chance.below(6) == 0 {
                as_typed(read, &records, &asked);
            }
            let other = Ground::bare(Kind::Reception);
            assert!(read.newest(&parts, &other, ALL, 8).unwrap().is_empty());
            assert_eq!(read.matches(&parts, &other, 8).unwrap(), 0);
        }
    }

    /// An index of so many petitions, of which those up to 30,000 have an old word and all a new one.
    fn large(rows: i64) -> Store {
        let mut store = Store::in_memory().unwrap();
        store
            .write::<_, StoreError>(|tx| {
                let mut last = record(Kind::Petition, "");
                tx.insert(last.as_mut(), Some(2026))?;
                let conn = tx.conn();
                conn.execute("UPDATE petition SET id = ?", [rows])?;
                conn.execute(
                    "DELETE FROM search WHERE rowid = ?",
                    [base(Kind::Petition) + 1],
                )?;
                conn.execute(
                    "INSERT INTO search(rowid, body) WITH RECURSIVE n(id) AS \
                     (VALUES (1) UNION ALL SELECT id + 1 FROM n WHERE id < ?1) \
                     SELECT ?2 + id, CASE WHEN id <= 30000 THEN 'moi cu' ELSE 'moi' END FROM n",
                    (rows, base(Kind::Petition)),
                )?;
                Ok(())
            })
            .unwrap();
        store
    }

    #[test]
    fn a_word_that_only_old_records_have_is_found_in_narrower_windows() {
        let store = large(40_000);
        let read = store.read();
        for text in ["cu", "moi cu"] {
            let asked = read.asked(&Pattern::parse(text)).unwrap().unwrap();
            let ground = Ground::bare(Kind::Petition);
            let found = read.newest(&asked, &ground, ALL, 3).unwrap();
            assert_eq!(found, [30_000, 29_999, 29_998]);
            let found = read.newest(&asked, &ground, (1, 20_000), 2).unwrap();
            assert_eq!(found, [20_000, 19_999]);
            let all = read.newest(&asked, &ground, ALL, 40_000).unwrap();
            assert!(all.iter().copied().eq((1..=30_000).rev()));
        }
    }

    #[test]
    fn the_first_of_a_common_word_cost_as_little_among_many() {
        let steps = |rows: i64| {
            let mut store = large(rows);
            let steps = store.count_steps();
            let read = store.read();
            let asked = read.asked(&Pattern::parse("moi")).unwrap().unwrap();
            let ground = Ground::bare(Kind::Petition);
            assert_eq!(read.newest(&asked, &ground, ALL, 8).unwrap().len(), 8);
            steps.take()
        };
        let (few, many) = (steps(1_000), steps(40_000));
        println!("{few} steps among 1,000, {many} among 40,000");
        assert!(many <= few + 20 && many < 1_000, "{few} {many}");
    }

    #[test]
    fn the_posts_stand_between_the_registers_also_after_the_index_was_made_anew() {
        let mut store = Store::in_memory().unwrap();
        let places: Vec<i64> = (1..=8).map(|n| n << 40).collect();
        assert_eq!(Kind::ALL.len() + 1, places.len());
        let posts = |store: &Store| -> Vec<i64> {
            let sql = "SELECT rowid FROM search WHERE search MATCH ?";
            let mut stmt = store.conn.prepare(sql).unwrap();
            let rows = stmt.query_map([format!("\"{POST}\"")], |r| r.get(0));
            rows.unwrap().map(|row| row.unwrap()).collect()
        };
        assert_eq!(posts(&store), places);
        store.write::<_, StoreError>(|tx| tx.reindex()).unwrap();
        assert_eq!(posts(&store), places);
        for kind in Kind::ALL {
            assert!(
                store.read().unindexed(*kind).unwrap().is_empty(),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn many_words_make_no_question_too_deep() {
        let store = large(100);
        let read = store.read();
        let asked = read.asked(&Pattern::parse(&"moi ".repeat(200))).unwrap();
        let found = read.newest(&asked.unwrap(), &Ground::bare(Kind::Petition), ALL, 8);
        assert_eq!(found.unwrap().len(), 8);
    }
}
