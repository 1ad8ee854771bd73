//! The line to the terminal: frames go out on a thread of their own, one at a time, and no further one is drawn before
//! the terminal has what was sent before.
//!
//! Between the program and a slow line stand buffers that take hundreds of kilobytes, so a write that returns says
//! nothing. After more than [`LARGE`] bytes the terminal is therefore asked where its cursor stands: its answer says that
//! all before the question has arrived. With [`super::held`] a held key thus stops when the finger does. A terminal that
//! does not answer is not asked for long.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};

use super::msg::Msg;

/// From how many bytes on the terminal is asked whether they have arrived.
const LARGE: usize = 200;
/// So many bytes may be under way in small frames while an answer is awaited.
const WINDOW: usize = 250;
/// After so many questions without an answer no more are asked, until an answer comes all the same.
const UNANSWERED: u8 = 2;
/// Where does the cursor stand? (DSR 6)
const QUESTION: &[u8] = b"\x1b[6n";

/// The line; every copy is the same one.
#[derive(Clone, Debug)]
pub struct Line(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// Who is told when the line takes a frame again.
    out: Sender<Msg>,
}

#[derive(Debug, Default)]
struct State {
    /// What the thread is to write next.
    next: Vec<u8>,
    writing: bool,
    /// The terminal answers questions, as far as its name says.
    asks: bool,
    /// Bytes that are not known to have arrived, of them those before the open question.
    under_way: usize,
    asked: Option<usize>,
    /// The number of the last question.
    question: u64,
    unanswered: u8,
    /// An answer has come.
    answers: bool,
    /// One frame of those under way was large.
    large: bool,
    /// A frame waits to be drawn.
    awaited: bool,
    /// The terminal has gone.
    gone: Option<io::ErrorKind>,
    ended: bool,
}

/// A question that is open.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Which one.
    pub number: u64,
    /// How many bytes are under way, the large part of them before it.
    pub bytes: u32,
    /// The terminal has answered one before.
    pub answers: bool,
}

impl State {
    fn is_writing(&self) -> bool {
        self.writing || !self.next.is_empty()
    }

    fn takes(&self) -> bool {
        let waits = self.asked.is_some() && (self.large || self.under_way > WINDOW);
        self.gone.is_some() || !(self.is_writing() || waits)
    }

    /// Puts a question behind what is under way when that is much.
    fn ask(&mut self) {
        if !self.asks || self.unanswered >= UNANSWERED {
            (self.under_way, self.large) = (0, false);
        } else if self.asked.is_none() && self.under_way > LARGE {
            self.next.extend_from_slice(QUESTION);
            self.asked = Some(self.under_way);
            self.question += 1;
        }
    }
}

impl Line {
    /// The line to `tty`; with `asks` it is asked whether frames have arrived. `out` is told with [`Msg::Line`] when a
    /// frame can be drawn that had to wait.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn open(tty: File, asks: bool, out: Sender<Msg>) -> io::Result<Line> {
        let line = Line(Arc::new(Shared {
            state: Mutex::new(State {
                asks,
                ..State::default()
            }),
            changed: Condvar::new(),
            out,
        }));
        let shared = Arc::clone(&line.0);
        thread::Builder::new()
            .name("screen".to_owned())
            .spawn(move || shared.serve(tty))?;
        Ok(line)
    }

    /// Whether the next frame may be drawn; when not, the program is told as soon as that changes.
    pub fn takes(&self) -> bool {
        let mut state = self.0.lock();
        let takes = state.takes();
        state.awaited = !takes;
        takes
    }

    /// Whether a frame that came now would have to wait.
    pub fn is_busy(&self) -> bool {
        !self.0.lock().takes()
    }

    /// The question that is open.
    pub fn asked(&self) -> Option<Asked> {
        let state = self.0.lock();
        state.asked.map(|_| Asked {
            number: state.question,
            bytes: u32::try_from(state.under_way).unwrap_or(u32::MAX),
            answers: state.answers,
        })
    }

    /// The terminal has answered, perhaps late.
    pub fn answered(&self) {
        let mut state = self.0.lock();
        (state.answers, state.unanswered) = (true, 0);
        if let Some(arrived) = state.asked.take() {
            state.under_way = state.under_way.saturating_sub(arrived);
            state.large = state.under_way > LARGE;
            state.ask();
        }
        self.0.tell(state);
    }

    /// The answer is waited for no longer.
    pub fn give_up(&self) {
        let mut state = self.0.lock();
        if state.asked.take().is_some() {
            state.unanswered = state.unanswered.saturating_add(1);
            (state.under_way, state.large) = (0, false);
        }
    }

    /// Waits until everything has gone out and been answered, at most so long as a terminal is waited for: an answer
    /// that comes after the terminal was given back would be typed into what runs next.
    pub fn settle(&self) {
        let state = self.0.lock();
        let seconds = if state.answers { 3 } else { 1 };
        let open = |state: &mut State| {
            state.gone.is_none() && (state.is_writing() || state.asked.is_some())
        };
        drop(
            self.0
                .changed
                .wait_timeout_while(state, Duration::from_secs(seconds), open),
        );
    }

    /// Ends the thread once it has written what it has; what is handed over after that goes nowhere.
    pub fn end(&self) {
        self.0.lock().ended = true;
        self.0.changed.notify_all();
    }
}

impl Write for Line {
    /// Hands one frame over; it is never waited for.
    fn write(&mut self, frame: &[u8]) -> io::Result<usize> {
        let mut state = self.0.lock();
        if let Some(kind) = state.gone {
            return Err(kind.into());
        }
        state.next.extend_from_slice(frame);
        state.under_way += frame.len();
        state.large |= frame.len() > LARGE;
        state.ask();
        drop(state);
        self.0.changed.notify_all();
        Ok(frame.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the program that it can draw, if it waits for that.
    fn tell(&self, mut state: MutexGuard<'_, State>) {
        let due = state.awaited && state.takes();
        state.awaited &= !due;
        drop(state);
        self.changed.notify_all();
        if due {
            // With the loop gone nothing is drawn any more.
            drop(self.out.send(Msg::Line));
        }
    }

    fn serve(&self, mut tty: File) {
        loop {
            let mut state = self.lock();
            while state.next.is_empty() && !state.ended {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if state.next.is_empty() {
                return;
            }
            let bytes = std::mem::take(&mut state.next);
            state.writing = true;
            drop(state);
            let sent = write_all(&mut tty, &bytes);
            let mut state = self.lock();
            state.writing = false;
            state.gone = sent.err().map(|error| error.kind());
            let over = state.gone.is_some();
            self.tell(state);
            if over {
                return;
            }
        }
    }
}

/// Writes all, however long the terminal takes, even where another program has left it unwilling to block.
fn write_all(tty: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match tty.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(sent) => bytes = bytes.get(sent..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut fds = [PollFd::new(&*tty, PollFlags::OUT)];
                // What is wrong is said by the next write.
                let _ = poll(&mut fds, None);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::io::{PipeReader, Read};
    use std::os::fd::OwnedFd;
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// A line that ends in a pipe, which takes 64 KiB that nobody reads.
    fn line(asks: bool) -> (Line, PipeReader, Receiver<Msg>) {
        let (reader, writer) = std::io::pipe().unwrap();
        let (out, told) = channel();
        let line = Line::open(File::from(OwnedFd::from(writer)), asks, out).unwrap();
        (line, reader, told)
    }

    fn read(reader: &mut PipeReader, many: usize) -> Vec<u8> {
        let mut bytes = vec![0; many];
        reader.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Waits until the line takes a frame, by what it tells.
    fn free(line: &Line, told: &Receiver<Msg>) {
        while !line.takes() {
            told.recv().unwrap();
        }
    }

    /// The state of the line once it has written what it was given.
    fn written(line: &Line) -> MutexGuard<'_, State> {
        let state = line.0.lock();
        let waited = line.0.changed.wait_while(state, |s| s.is_writing());
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    #[test]
    fn small_frames_go_without_a_question_and_large_ones_wait_for_its_answer() {
        let (mut line, mut reader, told) = line(true);
        line.write_all(b"small").unwrap();
        assert_eq!(read(&mut reader, 5), b"small");
        free(&line, &told);
        line.write_all(&[b'x'; 300]).unwrap();
        assert!(read(&mut reader, 304).ends_with(QUESTION));
        assert!(!line.takes());
        line.answered();
        free(&line, &told);
        assert!(line.asked().is_none());
    }

    #[test]
    fn many_small_frames_are_a_large_one() {
        let (mut line, mut reader, told) = line(true);
        let mut frames = 0;
        while frames < 100 && line.asked().is_none() {
            free(&line, &told);
            line.write_all(&[b'x'; 20]).unwrap();
            frames += 1;
        }
        assert_eq!(frames, 11);
        // Some more may go, then the answer is waited for.
        while frames < 100 && written(&line).takes() {
            line.write_all(&[b'x'; 20]).unwrap();
            frames += 1;
        }
        assert_eq!(frames, 13);
        line.answered();
        free(&line, &told);
        assert_eq!(read(&mut reader, 13 * 20 + 4).len(), 264);
    }

    #[test]
    fn a_terminal_that_never_answers_is_not_asked_for_long_and_one_that_is_late_is() {
        let (mut line, mut reader, told) = line(true);
        for _ in 0..UNANSWERED {
            free(&line, &told);
            line.write_all(&[b'x'; 300]).unwrap();
            read(&mut reader, 304);
            assert!(line.asked().is_some());
            line.give_up();
        }
        free(&line, &told);
        line.write_all(&[b'x'; 300]).unwrap();
        assert!(line.asked().is_none());
        read(&mut reader, 300);
        free(&line, &told);
        // It was only slow.
        line.answered();
        line.write_all(&[b'x'; 300]).unwrap();
        assert!(line.asked().is_some_and(|asked| asked.answers));
    }

    #[test]
    fn a_terminal_that_stops_reading_holds_nothing_up_but_the_next_frame() {
        let (mut line, mut reader, told) = line(false);
        // More than the pipe takes: the thread stands, the program does not.
        line.write_all(&vec![b'x'; 100_000]).unwrap();
        assert!(!line.takes());
        assert!(told.try_recv().is_err());
        read(&mut reader, 100_000);
        free(&line, &told);
        line.write_all(b"newest").unwrap();
        assert_eq!(read(&mut reader, 6), b"newest");
    }

    #[test]
    fn a_terminal_that_has_gone_is_an_error_of_the_next_frame() {
        let (mut line, reader, told) = line(false);
        drop(reader);
        line.write_all(b"x").unwrap();
        free(&line, &told);
        assert!(line.write_all(b"x").is_err());
    }

    #[test]
    fn before_the_terminal_is_given_back_the_answer_is_awaited() {
        let (mut line, mut reader, _told) = line(true);
        line.write_all(&[b'x'; 300]).unwrap();
        let answering = line.clone();
        let terminal = thread::spawn(move || {
            read(&mut reader, 304);
            answering.answered();
        });
        line.settle();
        assert!(line.asked().is_none());
        terminal.join().unwrap();
        line.end();
    }
}
