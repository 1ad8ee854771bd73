//! Notices that something was written to the database, so that open screens can follow what others save: the system
//! tells of it (inotify), and while nobody writes nothing here wakes up.

use std::ffi::OsString;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;

/// How long after a writing to tell of it: a save writes first, waits for the disk, and only then is to be seen. How
/// long that takes nobody knows, so it is told again. While others go on writing it is told once in the second time,
/// and the whole stays below the five seconds in which a change is to be seen.
const AFTER: [Duration; 3] = [
    Duration::from_millis(250),
    Duration::from_millis(1500),
    Duration::from_secs(3),
];
/// How often to look where the system does not tell.
const LOOK: Duration = Duration::from_secs(4);

/// Starts the thread. `tell` hears that the file may have changed; false from it ends the thread.
///
/// # Errors
/// When the thread cannot be started.
pub fn start(db: &Path, tell: impl Fn() -> bool + Send + 'static) -> io::Result<()> {
    let files = [with_end(db, "-wal"), db.to_owned()];
    thread::Builder::new()
        .name("watch".to_owned())
        .spawn(move || {
            match Watch::of(files) {
                Ok(mut watch) => while wait(&watch.told).is_ok() && watch.follow(&tell) {},
                Err(_) => {
                    while tell() {
                        thread::sleep(LOOK);
                    }
                }
            };
        })
        .map(drop)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// The system's word of writings to the database and its log. The log stays as long as a connection does, so none is
/// missed; where there is none (a killed import, and nobody here may write) it is looked at time and again.
struct Watch {
    told: OwnedFd,
    files: [PathBuf; 2],
    /// What each is watched as.
    known: [Option<i32>; 2],
}

impl Watch {
    fn of(files: [PathBuf; 2]) -> rustix::io::Result<Self> {
        let mut watch = Self {
            told: inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?,
            files,
            known: [None; 2],
        };
        watch.find()?;
        Ok(watch)
    }

    /// Watches what bears the names now, and says whether that is something else than before: a copy that was put in
    /// the place of a damaged file is another file.
    fn find(&mut self) -> rustix::io::Result<bool> {
        // A file that another takes the place of stays as long as it is open; only that it has no name any more is told.
        let gone = WatchFlags::MOVE_SELF | WatchFlags::DELETE_SELF | WatchFlags::ATTRIB;
        let flags = WatchFlags::MODIFY | gone;
        let mut other = false;
        for (file, known) in self.files.iter().zip(&mut self.known) {
            let now = inotify::add_watch(&self.told, file, flags)?;
            if let Some(before) = known.replace(now).filter(|before| *before != now) {
                // A file that is gone is not watched any more in any case.
                let _ = inotify::remove_watch(&self.told, before);
                other = true;
            }
        }
        Ok(other)
    }

    /// Tells of what was written until all of it must be there to be seen; false when nobody listens.
    fn follow(&mut self, tell: &impl Fn() -> bool) -> bool {
        take(&self.told);
        let mut at = 0;
        while let Some(pause) = AFTER.get(at) {
            thread::sleep(*pause);
            let more = take(&self.told) | self.find().unwrap_or(true);
            if !tell() {
                return false;
            }
            at = if more { 1 } else { at + 1 };
        }
        true
    }
}

/// Sleeps until something was written.
fn wait(told: &OwnedFd) -> rustix::io::Result<()> {
    loop {
        let fd = told.as_fd();
        match poll(&mut [PollFd::new(&fd, PollFlags::IN)], None) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Takes all that the system has told; whether there was anything.
fn take(told: &OwnedFd) -> bool {
    let mut room = [MaybeUninit::uninit(); 1024];
    let mut events = inotify::Reader::new(told, &mut room);
    let mut any = false;
    loop {
        match events.next() {
            Ok(_) => any = true,
            Err(Errno::INTR) => {}
            Err(_) => return any,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::io::Write;
    use std::sync::mpsc::{RecvTimeoutError, channel};

    #[test]
    fn what_is_written_is_told_and_what_is_only_read_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let db = dir.path().join("a.db");
        let log = with_end(&db, "-wal");
        for file in [&db, &log] {
            std::fs::write(file, "").unwrap();
        }
        let told = Watch::of([log.clone(), db.clone()]).unwrap().told;
        assert_eq!(std::fs::read_to_string(&db).unwrap(), "");
        let fd = told.as_fd();
        let moment = rustix::event::Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let mut there = [PollFd::new(&fd, PollFlags::IN)];
        assert_eq!(poll(&mut there, Some(&moment)).unwrap(), 0);
        let mut file = std::fs::File::options().append(true).open(&log).unwrap();
        file.write_all(b"frame").unwrap();
        wait(&told).unwrap();
        assert!(take(&told) && !take(&told));
    }

    #[test]
    fn the_thread_tells_of_a_writing_and_ends_when_nobody_listens() {
        let dir = tempfile::tempdir().unwrap();
        let db = dir.path().join("a.db");
        let log = with_end(&db, "-wal");
        for file in [&db, &log] {
            std::fs::write(file, "").unwrap();
        }
        let (out, heard) = channel();
        start(&db, move || out.send(()).is_ok()).unwrap();
        // The thread may begin to listen after a writing: it is repeated until one was heard.
        loop {
            std::fs::write(&log, "frame").unwrap();
            match heard.recv_timeout(Duration::from_millis(50)) {
                Ok(()) => break,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("the thread ended"),
            }
        }
    }

    #[test]
    fn a_file_that_takes_the_place_of_another_is_watched_instead() {
        let dir = tempfile::tempdir().unwrap();
        let db = dir.path().join("a.db");
        let log = with_end(&db, "-wal");
        for file in [&db, &log] {
            std::fs::write(file, "").unwrap();
        }
        let mut watch = Watch::of([log.clone(), db.clone()]).unwrap();
        for file in [&log, &db] {
            std::fs::rename(file, with_end(file, ".old")).unwrap();
            std::fs::write(file, "").unwrap();
        }
        wait(&watch.told).unwrap();
        watch.find().unwrap();
        take(&watch.told);
        std::fs::write(with_end(&log, ".old"), "nobody's").unwrap();
        assert!(!take(&watch.told), "what was put aside is let go");
        std::fs::write(&log, "frame").unwrap();
        assert!(take(&watch.told));
    }

    #[test]
    fn a_file_that_is_moved_over_the_open_one_is_told_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let (db, new) = (dir.path().join("a.db"), dir.path().join("b.db"));
        for file in [&db, &new, &with_end(&db, "-wal")] {
            std::fs::write(file, "").unwrap();
        }
        let _open = std::fs::File::open(&db).unwrap();
        let mut watch = Watch::of([with_end(&db, "-wal"), db.clone()]).unwrap();
        assert!(!take(&watch.told));
        std::fs::rename(&new, &db).unwrap();
        assert!(take(&watch.told) && watch.find().unwrap());
    }

    #[test]
    fn where_the_system_does_not_tell_the_file_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let (out, heard) = channel();
        start(&dir.path().join("none.db"), move || out.send(()).is_ok()).unwrap();
        assert!(heard.recv_timeout(Duration::from_secs(60)).is_ok());
    }

    #[test]
    fn a_change_is_seen_within_five_seconds() {
        let five = Duration::from_secs(5);
        assert!(AFTER.iter().sum::<Duration>() < five && LOOK < five);
    }
}
