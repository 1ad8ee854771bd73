//! The words that a list is filtered by, with its units and months as words of the index, so that a filter within a unit
//! need not look at the records of the others.
use super::super::search::{Asked, month_word, unit_word};
use super::numbers;
use crate::domain::fold::Pattern;
use crate::domain::query::Query;
use crate::store::{Db, Result};
use chrono::{Datelike, Months, NaiveDate};

/// So many units are said in words at most: among more, any match is soon found.
const UNITS: usize = 400;
/// So many months.
const MONTHS: usize = 60;

/// What the index is asked for.
pub(super) enum Words {
    /// Nothing: all rows.
    Any,
    /// A word that no record has.
    None,
    /// This, and what of the list it says beside the words.
    Match(Asked, Said),
}

/// What an expression says of a list.
#[derive(Clone, Copy, Default)]
pub(super) struct Said {
    /// Its units.
    units: bool,
}

impl Said {
    /// What is left to be asked of the records.
    pub(super) fn left(self, q: &Query) -> Query {
        let mut left = q.clone();
        if self.units {
            left.units.clear();
        }
        left
    }
}

/// The months of a span of days, when they are not too many.
fn months(from: NaiveDate, to: NaiveDate) -> Option<Vec<char>> {
    let mut months = Vec::new();
    let mut day = from.with_day(1)?;
    while day <= to {
        months.push(month_word(day)?);
        if months.len() > MONTHS {
            return None;
        }
        day = day.checked_add_months(Months::new(1))?;
    }
    Some(months)
}

impl Db<'_> {
    /// What the index is asked for by a list's words; without words nothing.
    pub(super) fn words_of(&self, q: &Query) -> Result<Words> {
        let pattern = Pattern::parse(&q.words);
        if pattern.is_empty() {
            return Ok(Words::Any);
        }
        let Some(mut asked) = self.asked(&pattern)? else {
            return Ok(Words::None);
        };
        let mut said = Said::default();
        if !q.units.is_empty() {
            let units = self.units_within(&q.units, UNITS + 1)?;
            let words: Option<Vec<char>> = units.iter().map(|id| unit_word(*id)).collect();
            if let Some(words) = words.filter(|words| words.len() <= UNITS) {
                asked.and_any(&words);
                said.units = true;
            }
        }
        if let Some(months) = q.from.zip(q.to).and_then(|(from, to)| months(from, to)) {
            asked.and_any(&months);
        }
        Ok(Words::Match(asked, said))
    }

    /// The units at and below others, at most so many.
    pub(super) fn units_within(&self, above: &[i64], most: usize) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT DISTINCT unit_id FROM unit_closure WHERE ancestor_id IN ({}) LIMIT {most}",
            numbers(above)
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let units = stmt.query_map([], |r| r.get(0))?;
        Ok(units.collect::<rusqlite::Result<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_span_has_each_of_its_months_once() {
        let d = |text: &str| text.parse::<NaiveDate>().unwrap();
        let count = |from, to| months(d(from), d(to)).map(|m| m.len());
        assert_eq!(count("2026-01-01", "2026-01-31"), Some(1));
        assert_eq!(count("2026-01-31", "2026-03-01"), Some(3));
        assert_eq!(count("2025-01-01", "2025-12-31"), Some(12));
        assert_eq!(count("2021-01-01", "2026-12-31"), None);
    }
}
