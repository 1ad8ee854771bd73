//! What the tests share.
pub mod cli;
pub mod driver;
pub mod office;
pub mod seen;
pub mod sheets;
pub mod world;
