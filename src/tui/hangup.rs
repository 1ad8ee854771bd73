//! The end of the line: a hang-up, a terminal that was closed, a request to terminate.
//!
//! The main loop cannot be trusted with it: it may wait for the database. So threads of their own keep the draft and end
//! the process, whatever the loop does.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::decode::{Decoder, Input};
use super::line::Line;
use super::msg::Msg;
use super::reach;
use super::terminal::{SaveDraft, restore};

/// How long keeping the draft and giving the terminal back may take.
const GRACE: Duration = Duration::from_millis(1500);
/// How long the last thread tries to give the terminal back when that was not reached.
const LAST: Duration = Duration::from_millis(300);
/// What the shell sees after a hang-up (contract, section 1).
pub const HUNG_UP: i32 = 129;
const TERMINATED: i32 = 143;
const INTERRUPTED: i32 = 130;

/// How long to wait for the rest of anything else that has begun, over any line.
const REST: Duration = Duration::from_millis(250);
/// How long to wait for more of a pasted text before what has come of it is shown: its end mark may have been lost, and
/// keys must not vanish in it for ever. What comes of it after that is known by coming at once.
const PASTE: Duration = Duration::from_secs(2);
/// How close the bytes of such a rest follow each other; the repeats of a held key come slower.
const AT_ONCE: Duration = Duration::from_millis(15);

const LOST: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

static ENDING: AtomicBool = AtomicBool::new(false);
/// Held while keys are read; who holds it has the keyboard to himself.
static KEYS: Mutex<()> = Mutex::new(());
/// Another program has the terminal: an interrupt from the keyboard is meant for it.
static AWAY: AtomicBool = AtomicBool::new(false);

/// Another program has the terminal and its keys as long as this lives.
pub struct Away {
    _keys: MutexGuard<'static, ()>,
}

impl Drop for Away {
    fn drop(&mut self) {
        AWAY.store(false, Ordering::SeqCst);
    }
}

/// Leaves the keyboard to another program.
pub fn away() -> Away {
    let keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    AWAY.store(true, Ordering::SeqCst);
    Away { _keys: keys }
}

/// Keeps the draft, gives the terminal back and ends the process, within two seconds even if either hangs.
pub fn end(code: i32, save: &SaveDraft) -> ! {
    if ENDING.swap(true, Ordering::SeqCst) {
        // Another thread is at it; this one must not go on meanwhile.
        loop {
            thread::park();
        }
    }
    end_soon(code);
    save();
    restore();
    low_level::exit(code)
}

/// Ends the process within two seconds, whatever hangs meanwhile: a disk, or a terminal that has stopped reading. A
/// terminal that still reads is given back all the same.
pub fn end_soon(code: i32) {
    // Without a thread for it the end is only not guarded; it comes all the same.
    let _ = thread::Builder::new()
        .name("last".to_owned())
        .spawn(move || {
            thread::sleep(GRACE);
            let (tell, told) = channel();
            let give_back = move || {
                restore();
                let _ = tell.send(());
            };
            if thread::Builder::new().spawn(give_back).is_ok() {
                // It has not answered in time: that is its own affair.
                let _ = told.recv_timeout(LAST);
            }
            low_level::exit(code);
        });
}

/// Starts the threads: signals, the state of the line, and the keys, which go to `out`; answers of the terminal go to
/// `line`.
pub fn watch(save: &SaveDraft, out: &Sender<Msg>, line: &Line) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGWINCH])?;
    let (keep, resized) = (SaveDraft::clone(save), out.clone());
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                match signal {
                    // The loop has ended when it no longer listens; then nothing is to be drawn.
                    SIGWINCH => drop(resized.send(Msg::Resize)),
                    SIGINT | SIGQUIT if AWAY.load(Ordering::SeqCst) => {}
                    SIGTERM => end(TERMINATED, &keep),
                    SIGINT | SIGQUIT => end(INTERRUPTED, &keep),
                    _ => end(HUNG_UP, &keep),
                }
            }
        })?;
    let keep = SaveDraft::clone(save);
    thread::Builder::new()
        .name("line".to_owned())
        .spawn(move || {
            while came(PollFlags::empty(), None).is_ok() {}
            end(HUNG_UP, &keep)
        })?;
    let (keep, keys, line) = (SaveDraft::clone(save), out.clone(), line.clone());
    thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || {
            // Reading fails for good only when the line has gone.
            if read_keys(&keys, &line).is_err() {
                end(HUNG_UP, &keep);
            }
        })?;
    Ok(())
}

/// Waits until the terminal has something of `flags` to say, or for so long; whether it has.
///
/// # Errors
/// The line has gone.
fn came(flags: PollFlags, patience: Option<Duration>) -> io::Result<bool> {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, flags)];
    let patience = patience.map(|time| Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    });
    let many = loop {
        match poll(&mut fds, patience.as_ref()) {
            // A signal, as of a window that changes its size, says nothing about keys: a code in the middle of which it
            // comes is still whole.
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => break 0,
            other => break other?,
        }
    };
    if fds.iter().any(|fd| fd.revents().intersects(LOST)) {
        return Err(io::ErrorKind::BrokenPipe.into());
    }
    Ok(many > 0)
}

/// Sends what is typed; returns when nobody listens any more.
fn read_keys(out: &Sender<Msg>, line: &Line) -> io::Result<()> {
    let mut decoder = Decoder::default();
    let escape = reach::escape();
    loop {
        came(PollFlags::IN, None)?;
        // What another program was given meanwhile is gone again.
        let _keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let patience = if decoder.is_unclear() {
                AT_ONCE
            } else if decoder.is_pasting() {
                PASTE
            } else if !decoder.waits() {
                Duration::ZERO
            } else if decoder.is_escape() && line.asked().is_none() {
                escape
            } else {
                REST
            };
            let there = came(PollFlags::IN, Some(patience))?;
            let inputs = if there {
                read_some(&mut decoder)?
            } else {
                decoder.give_up()
            };
            for input in inputs {
                let message = match input {
                    Input::Key(key) => Msg::Key(key),
                    Input::Paste(text) => Msg::Paste(text),
                    Input::Report => {
                        line.answered();
                        continue;
                    }
                };
                if out.send(message).is_err() {
                    return Ok(());
                }
            }
            // What turned out to be the rest of a paste goes on.
            if !there && !decoder.is_pasting() {
                break;
            }
        }
    }
}

/// Reads what is there.
fn read_some(decoder: &mut Decoder) -> io::Result<Vec<Input>> {
    let mut bytes = [0; 4096];
    match rustix::io::read(io::stdin(), &mut bytes) {
        Ok(0) => Err(io::ErrorKind::BrokenPipe.into()),
        Ok(many) => Ok(decoder.take(bytes.get(..many).unwrap_or_default())),
        Err(Errno::INTR | Errno::AGAIN) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
