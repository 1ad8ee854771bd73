//! Starts the program; everything else is a library call.
use danvan::cli::{self, Color, Hooks, Start};
use danvan::tui::{self, command, theme::ColorLevel};
use std::process::ExitCode;

fn start_tui(start: Start) -> i32 {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let color = match start.color {
        Color::Always => ColorLevel::Sixteen,
        Color::Auto if !plain => ColorLevel::Sixteen,
        Color::Auto | Color::Never => ColorLevel::Never,
    };
    let options = tui::Options {
        lang: start.lang,
        ascii: start.ascii,
        color,
    };
    tui::run(&start.config, options)
}

fn main() -> ExitCode {
    let hooks = Hooks {
        keys_json: command::keys_json,
        keys_table: command::keys_table,
        start: start_tui,
    };
    let code = cli::run(std::env::args_os().collect(), &hooks);
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
