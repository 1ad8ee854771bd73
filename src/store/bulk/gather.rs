//! What a thread of its own makes of the texts of very many records: pieces of the search index.
use super::batch::Batch;
use super::names::{Names, place};
use super::postings::Postings;
use super::segment::{PAGE, Part};
use crate::domain::fold::{Word, plain_words, words};
use crate::store::Result;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::mpsc::Sender;

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

/// Takes entries until the end and gives back the pieces made of them, of each register by itself: its rows come in order.
pub(super) fn gather(
    mut next: impl FnMut(&mut Batch) -> Result<bool>,
    back: &Sender<Made>,
) -> Result<()> {
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
    fn take(&mut self, row: i64, texts: &[u8], place: &[u8], back: &Sender<Made>) -> Result<()> {
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
            count += u64::from(self.postings.hold(number));
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
                self.hold(words)
            }
            _ => 0,
        }
    }

    fn hold(&mut self, words: Range<usize>) -> u64 {
        let numbers = self.numbers.get(words).unwrap_or_default().iter();
        let held = numbers.filter(|number| self.postings.hold(**number));
        held.count() as u64
    }

    /// As [`Self::meet`], of a piece that may not be known.
    fn look_up(&mut self, piece: &[u8], back: &Sender<Made>) -> Result<u64> {
        let from = self.numbers.len();
        // A word with digits is rarely met again (numbers of books): it is not remembered.
        if piece.iter().any(u8::is_ascii_digit) {
            self.take_apart(piece, back)?;
            let held = self.hold(from..self.numbers.len());
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
    fn take_apart(&mut self, piece: &[u8], back: &Sender<Made>) -> Result<()> {
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
                let _ = back.send(Made::Word(word));
            }
        }
        Ok(())
    }

    /// Gives back a piece of what was gathered, and begins anew.
    fn give(&mut self, back: &Sender<Made>) {
        let own = std::mem::take(self);
        if own.rows.is_empty() {
            return;
        }
        let pages = own
            .postings
            .write(PAGE, &mut |part| back.send(Made::Part(part)).is_ok());
        if let Some(pages) = pages {
            let _ = back.send(Made::Piece(pages, own.rows));
        }
    }
}
