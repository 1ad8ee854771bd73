//! The typing aid of this user: switched on or off in the terminal program, remembered outside the registers.
use super::{Config, Cx, Error, Result, own_file, settings};
use crate::domain::typing::{Method, Style};
use crate::domain::words::Msg;
use std::path::PathBuf;

fn file(config: &Config) -> PathBuf {
    config.state_dir.join("typing")
}

/// How this user typed last; `None` for without the aid.
#[must_use]
pub fn method(config: &Config) -> Option<Method> {
    Method::from_code(std::fs::read_to_string(file(config)).ok()?.trim())
}

/// Remembers how this user types.
///
/// # Errors
/// When it cannot be written.
pub fn remember(config: &Config, method: Option<Method>) -> Result<()> {
    let code = method.map_or("off", Method::code);
    own_file::write(&file(config), code).map_err(|e| {
        Error::Write(Msg::new(
            format!("Không nhớ được cách gõ cho lần sau: {e}"),
            format!("Could not remember the typing aid: {e}"),
        ))
    })
}

/// Where this office writes tones; the old style while nobody has said.
///
/// # Errors
/// A failure of the database.
pub fn style(cx: &Cx) -> Result<Style> {
    let code = settings::get(cx, STYLE)?;
    Ok(code.map_or_else(Style::default, |code| Style::from_code(&code)))
}

/// The key of the setting that says it.
pub const STYLE: &str = "tone_style";
