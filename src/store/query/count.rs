//! How many rows a list has: exactly, or up to a bound where that is dear.
use super::{Days, Words, search, table_of};
use crate::domain::query::{CAP, Count, Query};
use crate::domain::record::Kind;
use crate::store::{Db, Result};
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

/// What is found by its words is counted up to here: each is a look at a record.
const FOUND: usize = 1_000;

impl Db<'_> {
    /// How many rows a list has.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn count(&self, q: &Query, days: Days) -> Result<usize> {
        if let Some(cell) = q.only_cell() {
            return Ok(usize::try_from(self.cell_count(cell)?).unwrap_or(0));
        }
        if let Some(count) = self.count_kept(q, days)? {
            return Ok(count);
        }
        let filter = self.conditions(q, days)?;
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {}",
            table_of(q),
            filter.sql()
        );
        self.number(&sql, filter.params)
    }

    /// How many rows a list has, counted up to a bound where the number is not kept. The rows of a figure are as many as
    /// the figure says.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn count_capped(&self, q: &Query, days: Days) -> Result<Count> {
        if q.only_cell().is_some() {
            return Ok(Count::exact(self.count(q, days)?));
        }
        if let Some(count) = self.count_kept(q, days)? {
            return Ok(Count::exact(count));
        }
        let words = self.words_of(q)?;
        if let Words::Match(asked, said) = words {
            let ground = self.ground(&said.left(q), days)?;
            return Ok(Count::capped(
                self.matches(&asked, &ground, FOUND + 1)?,
                FOUND,
            ));
        }
        let filter = self.conditions(q, days)?;
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {})",
            table_of(q),
            filter.sql(),
            CAP + 1
        );
        Ok(Count::capped(self.number(&sql, filter.params)?, CAP))
    }

    /// Where the words of a list are looked for: in the index alone where nothing else is asked.
    pub(super) fn ground(&self, q: &Query, days: Days) -> Result<search::Ground> {
        let beside = Query {
            words: String::new(),
            sort: Vec::new(),
            ..q.clone()
        };
        let (from, filter) = if beside == Query::all(q.kind) {
            ("search".to_owned(), super::Where::default())
        } else {
            (search::joined(q.kind), self.conditions(&beside, days)?)
        };
        Ok(search::Ground {
            kind: q.kind,
            from,
            filter,
        })
    }

    fn number(&self, sql: &str, params: Vec<Sql>) -> Result<usize> {
        let n: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row(params_from_iter(params), |r| r.get(0))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }

    /// Whether a list has more rows than are put in order at once.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn sorts(&self, q: &Query, days: Days) -> Result<bool> {
        let few = |kind| matches!(kind, Kind::Unit | Kind::Figure);
        if q.sort.is_empty() || few(q.kind) || super::page::walk(q).is_some() {
            return Ok(true);
        }
        let count = self.count_capped(q, days)?;
        Ok(!count.more && count.n <= CAP)
    }
}
