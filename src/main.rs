//! Starts the program; everything else is a library call.
use danvan::cli::{Color, Hooks, Start, run};
use danvan::domain::words::Lang;
use danvan::tui::theme::ColorLevel;
use danvan::tui::{self, Options, command, crash};
use std::path::Path;
use std::process::ExitCode;

fn start_tui(start: Start) -> i32 {
    let term = std::env::var("TERM").unwrap_or_default();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = match start.color {
        Color::Always => ColorLevel::Sixteen,
        Color::Never => ColorLevel::Never,
        Color::Auto if term == "dumb" || no_color => ColorLevel::Never,
        Color::Auto => ColorLevel::Sixteen,
    };
    tui::run(
        &start.config,
        Options {
            lang: start.lang,
            ascii: start.ascii,
            color,
        },
        start.no_editor,
    )
}

fn guard(folder: &Path, lang: Lang, verbs: String) {
    crash::install(folder.to_owned(), lang, crash::Running::Shell(verbs));
}

fn main() -> ExitCode {
    let hooks = Hooks {
        keys_json: command::keys_json,
        keys_table: command::keys_table,
        start: start_tui,
        guard,
    };
    let code = run(std::env::args_os().collect(), &hooks);
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
