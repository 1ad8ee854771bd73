//! Files of other programs: reading tables from them, and writing them.
//!
//! A file yields rows; which field a column fills is decided here by the catalog's words, what a row means to the
//! register is planned by `app`. Spreadsheets are read in a child process with limits (`read::child`).

pub mod layout;
pub mod read;
pub mod write;
