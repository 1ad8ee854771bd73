//! One test binary: features are tested through one driver.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod cases_law;
mod cases_petition;
mod cases_rates;
mod cases_records;
mod cases_steps;
mod cases_units;
mod cases_upkeep;
mod cli;
mod cli_files;
mod figures;
mod readme;
mod sample;
mod schema;
mod support;
mod tidy;
mod tui_any;
mod tui_find;
mod tui_home;
mod tui_kernel;
mod tui_law;
mod tui_look;
mod tui_petition;
mod tui_pty;
mod tui_rates;
mod tui_registers;
