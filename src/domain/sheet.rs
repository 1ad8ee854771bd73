//! Rows of a table as a file holds them, before they mean anything to a register.
use super::encoding::Legacy;
use super::fold::fold;
use super::words::Msg;
use chrono::{Days, NaiveDate};
use std::borrow::Cow;

/// What one cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as the file has it: not cleaned, perhaps in an old encoding.
    Text(String),
    /// A number.
    Number(f64),
    /// A day that the file says is one.
    Day(NaiveDate),
    /// Yes or no.
    Bool(bool),
    /// What cannot be: an error of a formula, a day that never was.
    Bad(String),
}

impl Cell {
    /// True when nothing stands there, blanks apart.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(char::is_whitespace),
            _ => false,
        }
    }

    /// The cell as a person reads it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.text().into_owned()
    }

    /// As [`Cell::shown`], without a copy of what is a text already.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty | Self::Bool(false) => "".into(),
            Self::Text(text) | Self::Bad(text) => text.into(),
            Self::Number(n) => number(*n).into(),
            Self::Day(day) => super::date::vi(*day).into(),
            Self::Bool(true) => "x".into(),
        }
    }
}

/// A number without an exponent and without a fraction that it does not have.
#[must_use]
pub fn number(n: f64) -> String {
    // Beyond 2^53 a float no longer tells neighbours apart; nothing a register counts is that large.
    if n.fract() == 0.0 && n.abs() < 9_007_199_254_740_992.0 {
        format!("{n:.0}")
    } else {
        format!("{n}")
    }
}

/// A cell with its column (from 0) and what the file says beside its value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    /// Column, from 0.
    pub column: usize,
    /// The value.
    pub cell: Cell,
    /// The value was computed by a formula when the file was saved.
    pub formula: bool,
    /// The encoding its font was made for, and whether that font draws capitals only.
    pub font: Option<(Legacy, bool)>,
}

/// A row with its number in the file, from 1; only cells that hold something.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Number, from 1, as a spreadsheet shows it.
    pub row: usize,
    /// Cells by rising column.
    pub cells: Vec<Placed>,
}

impl Row {
    /// The cell of a column.
    #[must_use]
    pub fn cell(&self, column: usize) -> Option<&Placed> {
        // Where no cell before it is empty, it stands at its own place.
        let own = self.cells.get(column).filter(|c| c.column == column);
        own.or_else(|| self.cells.iter().find(|c| c.column == column))
    }

    /// The same, to change.
    #[must_use]
    pub fn cell_mut(&mut self, column: usize) -> Option<&mut Placed> {
        match self.cells.get(column).is_some_and(|c| c.column == column) {
            true => self.cells.get_mut(column),
            false => self.cells.iter_mut().find(|c| c.column == column),
        }
    }
}

/// A cell that goes into a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Key of the field.
    pub key: &'static str,
    /// Column of the file, from 0.
    pub column: usize,
    /// What is given, in Unicode.
    pub cell: Cell,
    /// Why it cannot be taken as it stands; seldom there, and small where it is not: very many cells are handed on.
    pub refused: Option<Box<Msg>>,
    /// What a person should know of how it was read.
    pub note: Option<Box<Msg>>,
}

/// A row of a register as a file gives it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InRow {
    /// Number in the file, from 1.
    pub row: usize,
    /// What is given.
    pub given: Vec<Given>,
    /// Names of people in columns that are not taken: nothing else may tell them either, in a denunciation.
    pub untold: Vec<String>,
}

/// What a table gives, row by row.
#[derive(Debug, Clone, PartialEq)]
pub enum Fed {
    /// A row of the register.
    Row(InRow),
    /// A row that is no record: its number, its words, why.
    Passed(usize, String, Msg),
}

/// How a spreadsheet counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Epoch {
    /// From 1/1/1900, with a 29/2/1900 that never was.
    Y1900,
    /// From 1/1/1904.
    Y1904,
}

/// The day of a serial number.
///
/// # Errors
/// What the number says instead: the false leap day of 1900, or a day out of range.
pub fn day_of_serial(serial: f64, epoch: Epoch) -> Result<NaiveDate, String> {
    let whole = serial.floor();
    if !(0.0..3_000_000.0).contains(&whole) {
        return Err(number(serial));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let n = whole as u64;
    let (start, n) = match epoch {
        Epoch::Y1904 => ((1904, 1, 1), n),
        Epoch::Y1900 if n == 60 => return Err("29/02/1900".to_owned()),
        Epoch::Y1900 if n < 60 => ((1899, 12, 31), n),
        Epoch::Y1900 => ((1899, 12, 30), n),
    };
    NaiveDate::from_ymd_opt(start.0, start.1, start.2)
        .and_then(|first| first.checked_add_days(Days::new(n)))
        .ok_or_else(|| number(serial))
}

/// Characters that make a spreadsheet take a text for a formula.
const ACTIVE: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn is_active(text: &str) -> bool {
    // Nearly every text begins with a letter or a digit: every cell of a register is asked.
    let plain = |first: &u8| first.is_ascii_alphanumeric() || !first.is_ascii();
    if text.as_bytes().first().is_none_or(plain) {
        return false;
    }
    text.trim_start_matches('\'').starts_with(ACTIVE)
}

/// A text for a cell of a file that a spreadsheet may open: what would be a formula gets an apostrophe before it.
#[must_use]
pub fn shield(text: &str) -> std::borrow::Cow<'_, str> {
    if is_active(text) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// The text that [`shield`] was given.
#[must_use]
pub fn unshield(text: &str) -> &str {
    // By its byte: every cell of a file is asked.
    if text.as_bytes().first() != Some(&b'\'') {
        return text;
    }
    let rest = text.strip_prefix('\'');
    rest.filter(|rest| is_active(rest)).unwrap_or(text)
}

/// The year that a title names: «SỔ THEO DÕI ĐƠN THƯ NĂM 2026».
#[must_use]
pub fn year_in(title: &str) -> Option<i32> {
    let text = fold(title);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let mut years = words.windows(2).filter_map(|pair| match pair {
        ["nam", year] => year.parse().ok(),
        _ => None,
    });
    let year: i32 = years.next()?;
    let one = years.all(|other| other == year);
    (one && NaiveDate::from_ymd_opt(year, 1, 1).is_some() && (1900..2200).contains(&year))
        .then_some(year)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_names_one_year_or_none() {
        assert_eq!(year_in("SỔ THEO DÕI ĐƠN THƯ NĂM 2026"), Some(2026));
        assert_eq!(year_in("Từ năm 2019 đến năm 2021"), None);
        assert_eq!(year_in("Quyết định 15/2019"), None);
        assert_eq!(year_in("năm 20266"), None);
    }

    #[test]
    fn days_by_serial_number_in_both_systems() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(day_of_serial(1.0, Epoch::Y1900), Ok(day(1900, 1, 1)));
        assert_eq!(day_of_serial(59.0, Epoch::Y1900), Ok(day(1900, 2, 28)));
        assert_eq!(day_of_serial(60.0, Epoch::Y1900), Err("29/02/1900".into()));
        assert_eq!(day_of_serial(61.0, Epoch::Y1900), Ok(day(1900, 3, 1)));
        assert_eq!(day_of_serial(43831.75, Epoch::Y1900), Ok(day(2020, 1, 1)));
        assert_eq!(day_of_serial(42369.0, Epoch::Y1904), Ok(day(2020, 1, 1)));
        assert!(day_of_serial(-1.0, Epoch::Y1900).is_err());
        assert!(day_of_serial(f64::NAN, Epoch::Y1900).is_err());
    }

    #[test]
    fn numbers_read_as_they_are_written() {
        assert_eq!(number(1_099_012_345.0), "1099012345");
        assert_eq!(number(163.4), "163.4");
        assert_eq!(number(-3.0), "-3");
    }

    proptest! {
        #[test]
        fn a_shielded_text_comes_back_and_is_no_formula(text in "['=+@-]{0,3}[a-z=]{0,4}") {
            let safe = shield(&text);
            prop_assert!(!safe.starts_with(ACTIVE));
            prop_assert_eq!(unshield(&safe), text.as_str());
        }
    }
}
