//! The terminal itself: taken over on entering, given back on leaving, on a panic and on a hang-up.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::Size;

/// Alternate screen, bracketed paste; no mouse.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Plain letters, cursor shown, and the above taken back.
const LEAVE: &[u8] = b"\x1b[m\x1b[?25h\x1b[?2004l\x1b[?1049l";

/// What keeps what was typed when the program must end at once.
pub type SaveDraft = Arc<dyn Fn() + Send + Sync>;

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal while the program has it; dropping it gives it back.
pub struct Tty {
    out: File,
}

impl Tty {
    /// Takes the terminal over. Fails when standard input or output is none.
    pub fn enter() -> io::Result<Tty> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "not a terminal"));
        }
        // Rust's own stdout sends line by line; a frame must be one write.
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        out.write_all(ENTER).inspect_err(|_| restore())?;
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
        out.write_all(ENTER)?;
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
    let mut rest = LEAVE;
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
