//! `danvan`: registers of the paperwork between citizens and the offices that owe them an answer.
pub mod app;
pub mod catalog;
pub mod domain;
pub mod store;
pub mod tui;
