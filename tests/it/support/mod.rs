//! What the tests share.
pub mod cli;
pub mod driver;
pub mod world;
