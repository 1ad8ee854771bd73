//! One test binary: features are tested through one driver.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;
mod tui_any;
mod tui_kernel;
mod tui_petition;
