//! `danvan`: registers of the paperwork between citizens and the offices that owe them an answer.
//!
//! One crate in strict layers; a module uses only what stands to its left (`tests/it/tidy.rs` holds it so):
//!
//! ```text
//! domain ← catalog ┬← exchange ─┬← transfer ┬← cli
//! domain ← store   ┴← app ──────┘           └← tui ← main
//! ```
//!
//! - [`domain`]: the rules, pure. Text, dates, the working calendar, deadlines, steps of a petition, cells of rates.
//! - [`catalog`]: the registers as people see them. One row per field: label, type, help, required, personal.
//! - [`store`]: the only SQL. One row per column; lists and rates share their conditions.
//! - [`app`]: use cases, one function and one transaction each, over `Cx { store, clock, actor }`.
//! - [`exchange`]: files of other programs: rows out of them, which column fills which field. The only spreadsheet crates.
//! - [`transfer`]: joins the two that never meet: a file's rows, planned and written by `app`.
//! - `cli`, `tui`: two thin front ends that never meet.
//!
//! Invariants:
//!
//! - A petition's state is the fold of its steps; steps are only ever added, taking one back is a row of its own.
//! - How a deadline stands is computed from facts and today, never stored.
//! - A figure is a count with the conditions that open its rows: the count equals the rows.
//! - The sums that rates of whole months are read from change with the petition itself, by triggers; doctor counts them
//!   again.
//! - A record points to the unit as it was on the record's date; a code is not an identity, (code, `valid_from`) is.
//! - Own cases and reported figures never mix.
//! - A denunciation keeps no trace of its writer: not in the record, the history, the index, the drafts.
//! - Every change writes its history in the same transaction; removing is a state.
//! - Text is NFC and free of control characters when stored, and cleaned again when shown.
pub mod app;
pub mod catalog;
pub mod cli;
pub mod domain;
pub mod exchange;
pub mod store;
pub mod transfer;
pub mod tui;
