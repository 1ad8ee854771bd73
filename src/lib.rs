//! `danvan`: registers of the paperwork between citizens and the offices that owe them an answer.
pub mod domain;
pub mod tui;
