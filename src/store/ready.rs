//! The statements of a save, made before its turn: to make those of a petition takes as long as several saves, and with
//! many writers all would wait for it once for each of them.
use super::record::entry_sql;
use super::{Result, Store, audit, operation, search};
use crate::domain::record::Kind;

impl Store {
    /// Makes the statements that add a record, unless they stand ready or nothing can be written.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn get_ready(&mut self, kind: Kind) -> Result<()> {
        if self.read_only || self.ready == Some(kind) {
            return Ok(());
        }
        let entry = entry_sql(kind);
        let rest = [audit::ADD, operation::ADD, search::ADD, search::ADD_WORD];
        for sql in entry.iter().map(String::as_str).chain(rest) {
            // Dropped at once: it stands ready from then on.
            drop(self.conn.prepare_cached(sql)?);
        }
        self.ready = Some(kind);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::petition::State;
    use crate::domain::record::blank;
    use crate::domain::value::Value;
    use crate::store::StoreError;

    #[test]
    fn what_stands_ready_is_what_a_save_uses() {
        let mut store = Store::in_memory().unwrap();
        let mut petition = blank(Kind::Petition);
        for (key, value) in [
            ("type", "complaint"),
            ("subject", "Xem xét"),
            ("jurisdiction", "own"),
        ] {
            petition.set(key, Value::Text(value.into())).unwrap();
        }
        let day = "2026-03-12".parse().unwrap();
        petition.set("received_on", Value::Date(day)).unwrap();
        for (key, value) in [("instance", Value::Int(1)), ("complex", Value::Bool(false))] {
            petition.set(key, value).unwrap();
        }
        for key in ["very_complex", "remote"] {
            petition.set(key, Value::Bool(false)).unwrap();
        }
        store.get_ready(Kind::Petition).unwrap();
        let [insert, _] = entry_sql(Kind::Petition);
        let before = store.conn.prepare_cached(&insert).unwrap();
        assert_eq!(before.get_status(rusqlite::StatementStatus::Run), 0);
        drop(before);
        let state = State::new(None);
        let added = store.write::<_, StoreError>(|tx| {
            tx.insert_petition(petition.as_mut(), Some(2026), &state, None)
        });
        added.unwrap();
        let after = store.conn.prepare_cached(&insert).unwrap();
        assert!(after.get_status(rusqlite::StatementStatus::Run) > 0);
    }
}
