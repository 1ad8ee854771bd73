//! Counts the steps of SQLite's machine and the pages it writes, for tests of what a use case costs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::Store;
use rusqlite::StatementStatus;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The steps taken on a connection since it was last asked.
#[derive(Clone, Default)]
pub(crate) struct Steps {
    taken: Arc<Mutex<u64>>,
}

impl Steps {
    /// The steps since the last call.
    pub(crate) fn take(&self) -> u64 {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }
}

impl Store {
    /// Pages in the log beside the file.
    pub(crate) fn log_pages(&self) -> u64 {
        let (log, _) = super::log::pages(&self.conn).unwrap();
        u64::try_from(log).unwrap()
    }

    /// Counts the steps of every statement on this connection from now on, those of triggers and of the word index
    /// included.
    pub(crate) fn count_steps(&mut self) -> Steps {
        let steps = Steps::default();
        let taken = Arc::clone(&steps.taken);
        // A statement kept for the next time counts on where it was.
        let mut before: HashMap<String, i32> = HashMap::new();
        let hear = move |event: TraceEvent<'_>| {
            if let TraceEvent::Profile(statement, _) = event {
                let now = statement.get_status(StatementStatus::VmStep);
                let was = before.insert(statement.sql().into_owned(), now);
                // Of one that ran before it was heard, as the word index keeps some: a run like the others.
                let runs = statement.get_status(StatementStatus::Run).max(1);
                let new = was
                    .filter(|was| *was <= now)
                    .map_or(now / runs, |was| now - was);
                *taken.lock().unwrap() += u64::try_from(new).unwrap();
            }
        };
        let codes = TraceEventCodes::SQLITE_TRACE_PROFILE;
        self.conn.trace_v2(codes, Some(hear)).unwrap();
        steps
    }
}
