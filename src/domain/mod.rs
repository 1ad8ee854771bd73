//! The rules, pure: no files, no clock, no SQL, no words on screen.
pub mod dialogue;
pub mod figure;
pub mod model;
pub mod petition;
pub mod query;
pub mod rate;
pub mod reception;
pub mod record;
pub mod unit;
pub mod value;
pub mod words;
pub mod calendar;
pub mod collate;
pub mod date;
pub mod deadline;
pub mod fold;
pub mod number;
pub mod period;
pub mod text;

#[cfg(test)]
pub(crate) mod testdata;
