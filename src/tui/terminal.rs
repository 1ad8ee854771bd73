//! The terminal itself: taken over on entering, given back on leaving, on a panic and on a hang-up.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use ratatui::crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::Size;

use super::caps::Caps;

/// What the terminal can do, for those who give it back.
static CAPS: OnceLock<Caps> = OnceLock::new();

/// The second screen, marked pastes; no mouse.
fn enter_codes(caps: Caps) -> Vec<u8> {
    let mut codes = Vec::new();
    if caps.alternate {
        codes.extend_from_slice(b"\x1b[?1049h");
    }
    if caps.paste {
        codes.extend_from_slice(b"\x1b[?2004h");
    }
    codes
}

/// Plain letters, all of the screen, the cursor shown, and the above taken back; without a second screen nothing of what
/// was shown stays.
fn leave_codes(caps: Caps) -> Vec<u8> {
    let mut codes = b"\x1b[m".to_vec();
    if caps.scroll {
        codes.extend_from_slice(b"\x1b[r");
    }
    if caps.hide {
        codes.extend_from_slice(b"\x1b[?25h");
    }
    if caps.paste {
        codes.extend_from_slice(b"\x1b[?2004l");
    }
    codes.extend_from_slice(if caps.alternate {
        b"\x1b[?1049l"
    } else {
        b"\x1b[H\x1b[2J"
    });
    codes
}

/// What keeps what was typed when the program must end at once.
pub type SaveDraft = Arc<dyn Fn() + Send + Sync>;

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal while the program has it; dropping it gives it back.
pub struct Tty {
    out: File,
}

impl Tty {
    /// Takes the terminal over, which can do `caps`. Fails when standard input or output is none.
    pub fn enter(caps: Caps) -> io::Result<Tty> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "not a terminal"));
        }
        // Rust's own stdout sends line by line; a frame must be one write.
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let caps = *CAPS.get_or_init(|| caps);
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        out.write_all(&enter_codes(caps))
            .inspect_err(|_| restore())?;
        Ok(Tty { out })
    }

    /// Gives the terminal back while `act` runs and takes it over again.
    ///
    /// # Errors
    /// Of `act`, or when the terminal cannot be had again.
    pub fn lend<T>(act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        restore();
        let done = act();
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        if let Some(caps) = CAPS.get() {
            out.write_all(&enter_codes(*caps))?;
        }
        done
    }

    /// Where frames are written.
    pub fn writer(&self) -> io::Result<File> {
        self.out.try_clone()
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back as far as it can be reached; a second call does nothing.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let out = io::stdout();
    // Nothing can be done about a terminal that has gone.
    let codes = CAPS.get().map_or(Vec::new(), |caps| leave_codes(*caps));
    let mut rest = codes.as_slice();
    while let Ok(sent @ 1..) = rustix::io::write(&out, rest) {
        rest = rest.get(sent..).unwrap_or_default();
    }
    let _ = disable_raw_mode();
}

/// The size of the terminal now; 80×24 when it cannot tell.
pub fn size() -> Size {
    match rustix::termios::tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size {
            width: size.ws_col,
            height: size.ws_row,
        },
        _ => Size {
            width: 80,
            height: 24,
        },
    }
}
