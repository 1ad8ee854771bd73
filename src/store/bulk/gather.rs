//! What a thread of its own makes of the texts of very many records: pieces of the search index.
use super::batch::Batch;
use super::names::{Names, place};
use super::postings::Postings;
use super::segment::{PAGE, Part};
use crate::domain::fold::{Word, plain_words, words};
use crate::store::Result;
use std::collections::BTreeMap;
use std::io;

/// Bytes of memory from which on what was gathered becomes a piece.
const FULL: usize = 6 << 20;

/// What is given back, in the order of the pieces.
#[derive(Debug)]
pub(super) enum Made {
    /// Part of a piece.
    Part(Part),
    /// A piece: its pages, and its rows with how many words each holds.
    Piece(i64, Vec<(i64, u64)>),
    /// A word with marks that was not met before.
    Word(Word),
}

/// Where such things go; false when they are no longer wanted.
type Back<'a> = &'a dyn Fn(Made) -> bool;

/// Takes entries until the end and gives back the pieces made of them, of each register by itself: its rows come in order.
pub(super) fn gather(mut next: impl FnMut(&mut Batch) -> Result<bool>, back: Back) -> Result<()> {
    let mut all: BTreeMap<i64, Gathered> = BTreeMap::new();
    let mut batch = Batch::default();
    while next(&mut batch)? {
        for (row, texts, place) in batch.each() {
            let own = all.entry(row >> 40).or_default();
            if !own.postings.begin(row) {
                own.give(back);
                own.postings.begin(row);
            }
            own.take(row, texts, place, back)?;
            if own.size() > FULL {
                own.give(back);
            }
        }
    }
    all.values_mut().for_each(|own| own.give(back));
    Ok(())
}

/// A piece of text between spaces that was taken apart.
#[derive(Debug)]
struct Known {
    /// Where the numbers of its words stand.
    from: u32,
    to: u32,
    /// The last row that holds it.
    row: u32,
    /// The one that followed it last.
    next: u32,
}

/// What the rows of one register hold.
#[derive(Debug, Default)]
struct Gathered {
    postings: Postings,
    /// Pieces between spaces that were taken apart: texts of many records share a few thousand of them.
    known: Names,
    /// Of each of these.
    pieces: Vec<Known>,
    /// Numbers of their words.
    numbers: Vec<u32>,
    /// The one met last.
    before: u32,
    /// A word while its letters are made small.
    word: Vec<u8>,
    /// Bytes of them.
    letters: usize,
    rows: Vec<(i64, u64)>,
}

impl Gathered {
    fn size(&self) -> usize {
        // A piece that is remembered takes no more than a hundred letters.
        self.postings.size() + self.letters + self.pieces.len() * 100
    }

    /// Every word of a row once, folded and with marks, and the words of its place and time.
    fn take(&mut self, row: i64, texts: &[u8], place: &[u8], back: Back) -> Result<()> {
        let mut count = 0;
        // Words never reach across a space, so each piece between spaces is taken apart by itself.
        let mut rest = texts.trim_ascii_start();
        while !rest.is_empty() {
            let (held, length) = match self.follows(rest) {
                Some((number, length)) => (self.meet(number), length),
                None => {
                    let end = rest.iter().position(u8::is_ascii_whitespace);
                    let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
                    (self.look_up(piece, back)?, piece.len())
                }
            };
            count += held;
            rest = rest.get(length..).unwrap_or_default().trim_ascii_start();
        }
        for letter in place.chunk_by(|_, next| next & 0xC0 == 0x80) {
            let (number, _) = self.postings.learn(letter);
            count += self.postings.hold(&[number]);
        }
        self.rows.push((row, count));
        Ok(())
    }

    /// The piece that a text goes on with and its bytes, where it is the one that followed the last one before: texts of
    /// offices say the same again and again.
    fn follows(&self, rest: &[u8]) -> Option<(u32, usize)> {
        let next = self.pieces.get(self.before as usize)?.next;
        let piece = self.known.get(next)?;
        let end = rest.strip_prefix(piece)?.first();
        end.is_none_or(u8::is_ascii_whitespace)
            .then_some((next, piece.len()))
    }

    /// Says that the row holds the words of a known piece; how many it did not hold yet.
    fn meet(&mut self, number: u32) -> u64 {
        self.before = number;
        let row = self.postings.row();
        match self.pieces.get_mut(number as usize) {
            Some(piece) if piece.row != row => {
                piece.row = row;
                let words = piece.from as usize..piece.to as usize;
                self.postings
                    .hold(self.numbers.get(words).unwrap_or_default())
            }
            _ => 0,
        }
    }

    /// As [`Self::meet`], of a piece that may not be known.
    fn look_up(&mut self, piece: &[u8], back: Back) -> Result<u64> {
        let from = self.numbers.len();
        // A word with digits is rarely met again (numbers of books): it is not remembered.
        if piece.iter().any(u8::is_ascii_digit) {
            self.take_apart(piece, back)?;
            let words = self.numbers.get(from..).unwrap_or_default();
            let held = self.postings.hold(words);
            self.numbers.truncate(from);
            return Ok(held);
        }
        let (number, new) = self.known.learn(piece);
        if new {
            self.letters += piece.len();
            self.take_apart(piece, back)?;
            self.pieces.push(Known {
                from: place(from),
                to: place(self.numbers.len()),
                row: 0,
                next: u32::MAX,
            });
        }
        if let Some(before) = self.pieces.get_mut(self.before as usize) {
            before.next = number;
        }
        Ok(self.meet(number))
    }

    /// Adds the numbers of the words of a piece to those that are known.
    fn take_apart(&mut self, piece: &[u8], back: Back) -> Result<()> {
        if piece.is_ascii() {
            for word in plain_words(piece) {
                self.word.clear();
                self.word.extend_from_slice(word);
                self.word.make_ascii_lowercase();
                self.numbers.push(self.postings.learn(&self.word).0);
            }
            return Ok(());
        }
        let piece = std::str::from_utf8(piece)
            .map_err(|broken| io::Error::new(io::ErrorKind::InvalidData, broken))?;
        for word in words(piece) {
            let (number, _) = self.postings.learn(word.folded.as_bytes());
            self.numbers.push(number);
            if word.canon != word.folded {
                let (number, _) = self.postings.learn(word.canon.as_bytes());
                self.numbers.push(number);
                // Also where the same letters stood without marks before («a4», «Á»). Nobody takes it any more
                // when the work was given up.
                let _ = back(Made::Word(word));
            }
        }
        Ok(())
    }

    /// Gives back a piece of what was gathered, and begins anew.
    fn give(&mut self, back: Back) {
        let own = std::mem::take(self);
        if own.rows.is_empty() {
            return;
        }
        let pages = own.postings.write(PAGE, &mut |part| back(Made::Part(part)));
        if let Some(pages) = pages {
            let _ = back(Made::Piece(pages, own.rows));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::record::{Kind, Record, blank};
    use crate::domain::value::Value;
    use crate::store::search::{place_words, texts};
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::sync::mpsc::channel;

    /// What an index is made of: its parts, its rows with how many words each has, and words with marks.
    type All = (Vec<Part>, Vec<(i64, u64)>, BTreeSet<(String, String)>);

    fn petition(subject: &str) -> Box<dyn Record> {
        let mut petition = blank(Kind::Petition);
        let text = Value::Text(subject.to_owned());
        petition.set("subject", text).unwrap();
        petition
    }

    fn gathered(rows: &[(i64, String)], at_once: usize) -> All {
        let mut batches = rows.chunks(at_once).map(|rows| {
            let mut batch = Batch::default();
            for (row, subject) in rows {
                batch.put(*row, petition(subject).as_ref());
            }
            batch
        });
        let (give, back) = channel();
        let next = |batch: &mut Batch| Ok(batches.next().map(|next| *batch = next).is_some());
        gather(next, &|made| give.send(made).is_ok()).unwrap();
        drop(give);
        let mut all = All::default();
        for made in back {
            match made {
                Made::Part(part) => all.0.push(part),
                Made::Piece(_, rows) => all.1.extend(rows),
                Made::Word(word) => {
                    all.2.insert((word.folded, word.canon));
                }
            }
        }
        all
    }

    /// The same word for word, of texts as a whole.
    fn word_for_word(rows: &[(i64, String)]) -> All {
        let mut postings = Postings::default();
        let mut all = All::default();
        for (row, subject) in rows {
            assert!(postings.begin(*row));
            let petition = petition(subject);
            let mut own = BTreeSet::new();
            for text in texts(petition.as_ref()) {
                for word in words(&text) {
                    own.insert(word.folded.clone());
                    own.insert(word.canon.clone());
                    if word.folded != word.canon {
                        all.2.insert((word.folded, word.canon));
                    }
                }
            }
            own.extend(place_words(petition.as_ref()).map(String::from));
            for word in &own {
                let (number, _) = postings.learn(word.as_bytes());
                assert_eq!(postings.hold(&[number]), 1);
            }
            all.1.push((*row, own.len() as u64));
        }
        let mut sink = |part| {
            all.0.push(part);
            true
        };
        postings.write(PAGE, &mut sink).unwrap();
        all
    }

    const PIECES: &str = "Đường đường ĐƯỜNG đường, số sốt so SO hoà hòa ấp3 a4 Á á K’Ré 12/2026 12 X12 x² - ½ (đất hình“Dân";
    const BETWEEN: [&str; 7] = [" ", " ", "  ", "\n", "\t ", "\u{a0}", ", "];

    fn text() -> impl Strategy<Value = String> {
        let pieces: Vec<&str> = PIECES.split(' ').collect();
        let piece = prop::sample::select(pieces);
        let between = prop::sample::select(BETWEEN.to_vec());
        let all = prop::collection::vec((piece, between), 0..12);
        all.prop_map(|all| {
            let one = |(piece, between): (&str, &str)| format!("{piece}{between}");
            all.into_iter().map(one).collect()
        })
    }

    proptest! {
        #[test]
        fn each_row_holds_the_words_of_its_texts_whatever_was_said_before(
            rows in prop::collection::vec((1_i64..200, text()), 1..60),
            at_once in 1_usize..20,
        ) {
            let mut last = 5 << 40;
            let rows: Vec<(i64, String)> = rows
                .into_iter()
                .map(|(more, text)| {
                    last += more;
                    (last, text)
                })
                .collect();
            prop_assert!(gathered(&rows, at_once) == word_for_word(&rows));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error() {
        let give: Back = &|_| true;
        let mut gathered = Gathered::default();
        assert!(gathered.postings.begin(1));
        assert!(gathered.take(1, "đường".as_bytes(), b"", give).is_ok());
        assert!(
            gathered
                .take(1, &"đường".as_bytes()[1..], b"", give)
                .is_err()
        );
    }
}
