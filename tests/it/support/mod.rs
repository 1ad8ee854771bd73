//! What the tests share.
pub mod cli;
pub mod driver;
pub mod keys;
pub mod office;
pub mod seen;
pub mod sheets;
pub mod wire;
pub mod world;
