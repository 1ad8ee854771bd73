//! The rules, pure: no files, no clock, no SQL, no words on screen.
pub mod calendar;
pub mod collate;
pub mod date;
pub mod deadline;
pub mod dialogue;
pub mod figure;
pub mod fold;
pub mod model;
pub mod number;
pub mod period;
pub mod petition;
pub mod query;
pub mod rate;
pub mod reception;
pub mod record;
pub mod text;
pub mod unit;
pub mod value;
pub mod words;

#[cfg(test)]
pub(crate) mod testdata;
