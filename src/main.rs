//! Starts the program; everything else is a library call.
use danvan::cli::{Hooks, Start, run};
use danvan::domain::words::Lang;
use std::process::ExitCode;

fn start_tui(_: Start) -> i32 {
    2
}

fn keys_json() -> serde_json::Value {
    serde_json::Value::Array(Vec::new())
}

fn keys_table(_: Lang) -> String {
    String::new()
}

fn main() -> ExitCode {
    let hooks = Hooks {
        keys_json,
        keys_table,
        start: start_tui,
    };
    let code = run(std::env::args_os().collect(), &hooks);
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
