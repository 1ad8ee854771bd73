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
