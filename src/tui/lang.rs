//! The two languages of the screen; a word stands in both where it is used.

pub use crate::domain::words::{Lang, Msg, Text, t};
