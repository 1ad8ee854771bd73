//! The words that a list is filtered by, with its units and months as words of the index, so that a filter within a unit
//! need not look at the records of the others.
use super::super::search::{month_word, unit_word};
use super::numbers;
use crate::domain::fold::Pattern;
use crate::domain::query::Query;
use crate::store::{Db, Result};
use chrono::{Months, NaiveDate};

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
    /// This expression.
    Match(String),
}

fn any_of(words: &[char]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!(" AND ({})", words.join(" OR "))
}

/// The months of a span of days, when they are not too many.
fn months(from: NaiveDate, to: NaiveDate) -> Option<Vec<char>> {
    let days = from.iter_days().step_by(28).take_while(|day| *day <= to);
    let mut months: Vec<char> = days.take(MONTHS + 1).filter_map(month_word).collect();
    months.extend(month_word(to.max(from)));
    months.dedup();
    (months.len() <= MONTHS && from.checked_add_months(Months::new(1)).is_some()).then_some(months)
}

impl Db<'_> {
    /// What the index is asked for by a list's words; without words nothing.
    pub(super) fn words_of(&self, q: &Query) -> Result<Words> {
        let pattern = Pattern::parse(&q.words);
        if pattern.is_empty() {
            return Ok(Words::Any);
        }
        let Some(mut expression) = self.match_expression(&pattern)? else {
            return Ok(Words::None);
        };
        if !q.units.is_empty() {
            let units = self.units_within(&q.units, UNITS + 1)?;
            let words: Option<Vec<char>> = units.iter().map(|id| unit_word(*id)).collect();
            if let Some(words) = words.filter(|words| words.len() <= UNITS) {
                expression.push_str(&any_of(&words));
            }
        }
        if let Some(months) = q.from.zip(q.to).and_then(|(from, to)| months(from, to)) {
            expression.push_str(&any_of(&months));
        }
        Ok(Words::Match(expression))
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
        assert_eq!(count("2006-01-01", "2026-12-31"), None);
    }
}
