//! One test binary: features are tested through one driver.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod cases_petition;
mod cases_rates;
mod cases_records;
mod cases_units;
mod cases_upkeep;
mod schema;
mod support;
mod tidy;
