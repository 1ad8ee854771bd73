//! Joins files and registers: what `exchange` reads, `app` plans and writes.
pub mod export;
mod import;
mod mend;

pub use import::{Import, Pace, Request, reader, set_reader};
pub use mend::write_problems;

use crate::app;
use crate::exchange::read;

impl From<read::Error> for app::Error {
    fn from(e: read::Error) -> Self {
        let msg = e.msg();
        match e {
            read::Error::Missing(_) => Self::NotFound(msg),
            read::Error::Bad(_) => Self::BadFile(msg),
            read::Error::Ask(_) => Self::refused(msg),
            read::Error::Stopped => app::import::stopped(),
        }
    }
}
