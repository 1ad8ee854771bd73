//! What looks odd in rows that break no rule: told, never refused.
use super::Trouble;
use super::course::trouble;
use crate::catalog;
use crate::domain::fold::fold;
use crate::domain::petition::PetitionType;
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::{Cell, InRow};
use crate::domain::value::{Code, Held};
use crate::domain::words::{Msg, t};
use chrono::Datelike;
use std::collections::BTreeMap;

/// Rows of a year that are kept to be told.
const KEPT: usize = 20;
/// Rows from which on a book may be one of a year.
const ENOUGH: usize = 10;

/// The years in which the rows of a file lie.
#[derive(Debug, Default)]
pub(super) struct Years {
    counted: BTreeMap<i32, (usize, Vec<Trouble>)>,
    rows: usize,
}

impl Years {
    /// Counts a row by the day of its record.
    pub(super) fn add(&mut self, kind: Kind, record: &dyn Record, row: &InRow) {
        let key = catalog::entity(kind).date_field;
        let Held::Date(day) = record.held(key) else {
            return;
        };
        // Units are of any time.
        if kind == Kind::Unit {
            return;
        }
        self.rows += 1;
        let (count, kept) = self.counted.entry(day.year()).or_default();
        *count += 1;
        if kept.len() < KEPT {
            kept.push(trouble(row, &[key], Msg::default()));
        }
    }

    /// Rows of other years in a book that is one of a year: by its title, or since nearly all of its rows lie in it.
    pub(super) fn told(self, titled: Option<i32>) -> Vec<Trouble> {
        let count = |year: i32| self.counted.get(&year).map_or(0, |(n, _)| *n);
        let titled = titled.filter(|year| count(*year) * 2 > self.rows);
        let most = self.counted.iter().max_by_key(|(_, (n, _))| *n);
        let nearly = most.filter(|(_, (n, _))| self.rows >= ENOUGH && n * 10 >= self.rows * 9);
        let Some(year) = titled.or(nearly.map(|(year, _)| *year)) else {
            return Vec::new();
        };
        let why = match titled {
            Some(_) => (format!("sổ năm {year}"), format!("a book of {year}")),
            None => (
                format!("gần hết các dòng ở năm {year}"),
                format!("nearly all rows lie in {year}"),
            ),
        };
        let others = self.counted.into_iter().filter(|(own, _)| *own != year);
        let told = others.flat_map(|(own, (_, kept))| {
            let rule = Msg::new(
                format!("ngày ở năm {own}, trong khi {}: xem lại năm", why.0),
                format!("a day of {own}, while it is {}: look at the year", why.1),
            );
            kept.into_iter().map(move |told| Trouble {
                rule: rule.clone(),
                ..told
            })
        });
        let mut told: Vec<Trouble> = told.collect();
        told.sort_by_key(|t| t.row);
        told
    }
}

/// That some cell of a complaint calls it the second, while nothing says so where the register has it.
pub(super) fn second_instance(record: &dyn Record, row: &InRow) -> Option<Trouble> {
    let complaint = record.held("type") == Held::Text(PetitionType::Complaint.code());
    if !complaint || row.given.iter().any(|g| g.key == "instance") {
        return None;
    }
    // Most cells have no such word: they are not folded.
    let says = |text: &str| perhaps(text) && calls_second(&fold(text));
    // No number, no day and no mark says it.
    let given = row.given.iter().find(|g| match &g.cell {
        Cell::Text(text) | Cell::Bad(text) => says(text),
        _ => false,
    })?;
    let rule = t(
        "chữ ghi lần hai mà không có cột «Lần giải quyết»: vào sổ là lần đầu; thêm cột ấy (2), hoặc sửa đơn sau khi nhập",
        "the words say a second complaint but no column \"Instance\" does: it comes in as a first one; add that column (2), or edit it afterwards",
    );
    Some(trouble(row, &[given.key], rule.into()))
}

/// Whether a text has the word «lần», or the letters of one without its marks.
fn perhaps(text: &str) -> bool {
    const WORDS: [&str; 5] = ["lần", "LẦN", "Lần", "lan ", "LAN "];
    let mut rest = text.as_bytes();
    loop {
        match rest {
            [b'l' | b'L', ..] if WORDS.iter().any(|w| rest.starts_with(w.as_bytes())) => {
                return true;
            }
            [_, behind @ ..] => rest = behind,
            [] => return false,
        }
    }
}

/// Whether folded words name a second complaint: «lần 2», «lần hai», «lần thứ hai».
fn calls_second(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let second = |w: &&str| matches!(*w, "2" | "hai" | "ii");
    words.iter().enumerate().any(|(at, word)| {
        let next = |n: usize| words.get(at + n);
        *word == "lan"
            && (next(1).is_some_and(second)
                || (next(1) == Some(&"thu") && next(2).is_some_and(second)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_looked_for_where_it_may_begin() {
        for text in ["lần", "ll lan 2", "LLẦN", "khiếu nại Lần 2", "LAN "] {
            assert!(perhaps(text), "{text}");
        }
        for text in ["", "l", "lan", "lân ", "bằng lăng", "Lan 2", "lẩn"] {
            assert!(!perhaps(text), "{text}");
        }
    }

    #[test]
    fn a_second_complaint_is_known_by_its_words() {
        for text in ["khieu nai lan 2", "(lan hai)", "don lan thu hai"] {
            assert!(calls_second(text), "{text}");
        }
        for text in ["lan 1", "lan 20", "hai lan", "thu hai", "lan thu ba"] {
            assert!(!calls_second(text), "{text}");
        }
    }
}
