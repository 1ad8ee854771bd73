//! Use cases: one function, one transaction. Both front ends call these and nothing below.
pub mod calendar;
pub mod cx;
pub mod deadline_rules;
pub mod drafts;
pub mod due;
pub mod duplicates;
pub mod entered;
pub mod error;
pub mod figures;
pub mod find;
pub mod freeze;
mod ground;
pub mod habits;
pub mod held;
pub mod history;
pub mod home;
pub mod idle;
pub mod import;
pub mod intake;
pub mod login;
mod long;
pub mod many;
pub mod once;
pub mod own_file;
pub mod petitions;
pub mod presence;
pub mod rates;
pub mod records;
pub mod rules;
pub mod sample;
pub mod secrecy;
pub mod settings;
#[cfg(test)]
mod size_tests;
pub mod slips;
mod step_rules;
#[cfg(test)]
mod steps_tests;
pub mod typing;
pub mod undo;
pub mod units;
pub mod upkeep;

pub use cx::{Config, Cx};
pub use error::{Error, Problem};

pub use crate::store::Moment;

/// Result of a use case.
pub type Result<T> = std::result::Result<T, Error>;
