//! What was found for a question is known when the next key makes it a narrower one: its matches are among those that
//! were found, or older than all that was looked at.
use super::newest::Newest;
use super::{ALL, Asked, Ground, Hit, texts};
use crate::domain::fold::{Pattern, words};
use crate::domain::record::Kind;
use crate::store::record::{from_row, select};
use crate::store::table::table;
use crate::store::{Db, Result};
use rusqlite::OptionalExtension;
use std::collections::VecDeque;

/// So many matches are known at most: to look at a record that does not match the narrower question any more costs as
/// much as to pass over some thousands in the index.
const KEPT: usize = 64;

/// Where matches of a register can be.
#[derive(Debug, Clone)]
pub struct Known {
    kind: Kind,
    /// Ids that may match, the newest first.
    ids: VecDeque<i64>,
    /// The greatest id of the register.
    begin: i64,
    /// The greatest id that was not looked at.
    below: i64,
}

impl Known {
    /// To look there.
    #[must_use]
    pub fn look(self) -> Looking {
        Looking {
            hits: Vec::new(),
            rest: self,
        }
    }
}

/// A register that is looked through.
#[derive(Debug)]
pub struct Looking {
    /// Records that match, the newest first.
    pub hits: Vec<Hit>,
    /// Where the others can be.
    rest: Known,
}

impl Looking {
    /// Where matches of a narrower question can be.
    #[must_use]
    pub fn known(&self) -> Known {
        let ids = self.hits.iter().map(|hit| hit.record.head().id);
        Known {
            ids: ids.chain(self.rest.ids.iter().copied()).collect(),
            ..self.rest.clone()
        }
    }
}

impl Db<'_> {
    /// Nothing is known of a register.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unknown(&self, kind: Kind) -> Result<Known> {
        let begin = self.last_id(kind)?;
        Ok(Known {
            kind,
            ids: VecDeque::new(),
            begin,
            below: begin,
        })
    }

    /// Looks for the records of a register that match until so many are known, if there are.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn look(
        &self,
        asked: &Asked,
        pattern: &Pattern,
        Looking { hits, rest }: &mut Looking,
        want: usize,
    ) -> Result<()> {
        let known: Vec<i64> = rest.ids.iter().copied().take(want).collect();
        self.fetch(rest.kind, &known);
        while hits.len() < want {
            let Some(id) = rest.ids.pop_front() else {
                break;
            };
            let matches = |hit: &Hit| {
                let texts = texts(hit.record.as_ref());
                let words: Vec<_> = texts.iter().flat_map(|text| words(text)).collect();
                !hit.record.head().deleted && pattern.matches_words(&words)
            };
            hits.extend(self.hit(rest.kind, id)?.filter(matches));
        }
        let (first, _) = ALL;
        if hits.len() >= want || rest.below < first {
            return Ok(());
        }
        let mut newest = Newest {
            begin: rest.begin,
            ids: hits.iter().map(|hit| hit.record.head().id).collect(),
            below: rest.below,
        };
        self.look_below(asked, &Ground::bare(rest.kind), first, want, &mut newest)?;
        rest.below = newest.below;
        let found: Vec<i64> = newest.ids.iter().copied().take(want).collect();
        self.fetch(rest.kind, found.get(hits.len()..).unwrap_or_default());
        for (at, id) in newest.ids.into_iter().enumerate().skip(hits.len()) {
            if hits.len() < want {
                hits.extend(self.hit(rest.kind, id)?);
            } else if at < KEPT {
                rest.ids.push_back(id);
            } else {
                rest.below = id;
                break;
            }
        }
        Ok(())
    }

    fn hit(&self, kind: Kind, id: i64) -> Result<Option<Hit>> {
        let sql = format!(
            "SELECT {} FROM {} t WHERE t.id = ?",
            select(table(kind)),
            table(kind).name
        );
        let mut one = self.conn.prepare_cached(&sql)?;
        let hit = one.query_row([id], |r| {
            Ok(Hit {
                record: from_row(kind, r)?,
            })
        });
        Ok(hit.optional()?)
    }
}
