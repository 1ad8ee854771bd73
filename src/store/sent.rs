//! What forms have sent: a token stored in the same transaction as what it brought, so that sending again after a
//! line dropped between save and answer stores one record, not two.
use super::{Db, Result, Tx};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use chrono::{Days, NaiveDate};
use rusqlite::{OptionalExtension, params};

/// Days after which a token is forgotten; nobody restores a draft that old and sends it unread.
const KEPT: u64 = 90;

/// The record that a transaction is about, and who wrote when: those of its first row of history.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) kind: Kind,
    pub(super) id: i64,
    pub(super) who: String,
    pub(super) at: String,
}

impl Db<'_> {
    /// The record that a token brought.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn sent(&self, token: &str) -> Result<Option<(Kind, i64)>> {
        let row: Option<(String, i64)> = self
            .conn
            .prepare_cached("SELECT kind, record_id FROM sent WHERE token = ?")?
            .query_row([token], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        Ok(row.and_then(|(kind, id)| Some((Kind::from_code(&kind)?, id))))
    }
}

impl Tx<'_> {
    /// Notes what a token brought, and forgets those that are too old to come again.
    pub(super) fn note_sent(&self, token: &str, subject: &Subject) -> Result<()> {
        self.conn()
            .prepare_cached("INSERT INTO sent(token, kind, record_id, at, who) VALUES (?,?,?,?,?)")?
            .execute(params![
                token,
                subject.kind.code(),
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
