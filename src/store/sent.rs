//! What forms have sent: a token stored in the same transaction as what it brought, so that sending again after a
//! line dropped between save and answer stores one record, not two.
use super::{Db, Result, Tx};
use chrono::{Days, NaiveDate};
use rusqlite::{OptionalExtension, params};

/// Days after which a token is forgotten; nobody restores a draft that old and sends it unread.
const KEPT: u64 = 90;

/// What a transaction is about, and who wrote when: those of its first row of history.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) kind: String,
    pub(super) id: i64,
    pub(super) who: String,
    pub(super) at: String,
}

impl Db<'_> {
    /// What a token brought: kind, as the history names it, and id.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn sent(&self, token: &str) -> Result<Option<(String, i64)>> {
        Ok(self
            .conn
            .prepare_cached("SELECT kind, record_id FROM sent WHERE token = ?")?
            .query_row([token], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?)
    }
}

impl Tx<'_> {
    /// Remembers what the transaction is about, unless an earlier row of history has said so.
    pub(super) fn about(&self, of: (&str, i64), stamp: (&str, &str)) {
        self.subject.borrow_mut().get_or_insert_with(|| Subject {
            kind: of.0.to_owned(),
            id: of.1,
            who: stamp.0.to_owned(),
            at: stamp.1.to_owned(),
        });
    }

    /// Notes what a token brought, and forgets those that are too old to come again.
    pub(super) fn note_sent(&self, token: &str, subject: &Subject) -> Result<()> {
        self.conn()
            .prepare_cached("INSERT INTO sent(token, kind, record_id, at, who) VALUES (?,?,?,?,?)")?
            .execute(params![
                token,
                subject.kind,
                subject.id,
                subject.at,
                subject.who
            ])?;
        let day = subject.at.split('T').next().unwrap_or_default();
        let oldest = day
            .parse::<NaiveDate>()
            .ok()
            .and_then(|day| day.checked_sub_days(Days::new(KEPT)));
        if let Some(oldest) = oldest {
            self.conn()
                .prepare_cached("DELETE FROM sent WHERE at < ?")?
                .execute([oldest.to_string()])?;
        }
        Ok(())
    }
}
