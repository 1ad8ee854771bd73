//! The rules, pure: no files, no clock, no SQL, no words on screen.
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
