//! One test binary: features are tested through one driver.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod figures;
mod sample;
