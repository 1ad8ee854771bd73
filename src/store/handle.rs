//! The open file of a database, kept as long as this process uses it. POSIX locks belong to the process: whoever closes
//! any descriptor of a file gives back all locks that the process holds on it, SQLite's too. Another program that then
//! ends as the last one, as it thinks, takes the log away under a running one.
use super::side::{PARTS, beside, real};
use rustix::fs::{Advice, fadvise};
use rustix::process::{Flock, FlockType, fcntl_getlk};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::num::NonZeroU64;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A file: its disk and its number there.
pub(super) type Id = (u64, u64);

/// A file that is in use, by so many, what was opened of it, and by which names behind all links.
struct Open {
    users: usize,
    files: Vec<Arc<File>>,
    names: BTreeSet<PathBuf>,
}

static OPEN: Mutex<BTreeMap<Id, Open>> = Mutex::new(BTreeMap::new());

fn open_files() -> MutexGuard<'static, BTreeMap<Id, Open>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn id(of: &Metadata) -> Id {
    (of.dev(), of.ino())
}

/// Which file bears a name.
pub(super) fn place(path: &Path) -> Option<Id> {
    Some(id(&std::fs::metadata(path).ok()?))
}

/// Whether a path leads, by whatever name, to a database that this process has open, or to what SQLite keeps beside one:
/// whoever opens and closes it here gives back the locks.
#[must_use]
pub fn in_use(path: &Path) -> bool {
    let Some(which) = place(path) else {
        return false;
    };
    let all = open_files();
    let its = |name: &PathBuf| {
        PARTS
            .into_iter()
            .any(|end| place(&beside(name, end)) == Some(which))
    };
    all.contains_key(&which) || all.values().flat_map(|open| &open.names).any(its)
}

/// Whether the log beside the file of this name is of another file, which bore the name before and is still in use: was
/// it put in the other's place by hand, SQLite would take what stands in the log for part of this one.
pub(super) fn has_log_of_another(path: &Path) -> bool {
    let (Some(which), Ok(log)) = (place(path), std::fs::metadata(beside(path, "-wal"))) else {
        return false;
    };
    if log.len() == 0 {
        return false;
    }
    let all = open_files();
    let path = &real(path);
    let bears = |open: &Open| open.names.contains(path);
    // One on this very file was let in with this log.
    if all.get(&which).is_some_and(bears) {
        return false;
    }
    if all.iter().any(|(of, open)| *of != which && bears(open)) {
        // Of this process: the connection to the other file has its log open still.
        return is_open_here(id(&log));
    }
    if all.contains_key(&which) {
        return false;
    }
    // Of another process: it holds locks on what lies beside the file, and none on the file. Nothing of these is in use
    // here, so that to open and close them gives back nothing.
    locked_elsewhere(&beside(path, "-shm")) && !locked_elsewhere(path)
}

fn is_open_here(which: Id) -> bool {
    let Ok(open) = std::fs::read_dir("/proc/self/fd") else {
        return true;
    };
    open.flatten().any(|fd| place(&fd.path()) == Some(which))
}

/// Whether another process holds a lock on a file; false where that cannot be told.
fn locked_elsewhere(path: &Path) -> bool {
    let held = |file: File| fcntl_getlk(&file, &Flock::from(FlockType::WriteLock)).ok()?;
    File::open(path).ok().and_then(held).is_some()
}

/// A file that is not closed before this and all others of it have gone; to be let go after the connections to it.
#[derive(Debug)]
pub(super) struct Handle(Id);

impl Handle {
    /// The file that bears the name now, opened only where it is not open yet.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let mut all = open_files();
        let mut which = id(&std::fs::metadata(path)?);
        if !all.contains_key(&which) {
            let file = File::open(path)?;
            // Another may have taken the name meanwhile, one that is in use: closing it would do the harm.
            which = id(&file.metadata()?);
            let none = || Open {
                users: 0,
                files: Vec::new(),
                names: BTreeSet::new(),
            };
            all.entry(which)
                .or_insert_with(none)
                .files
                .push(Arc::new(file));
        }
        if let Some(open) = all.get_mut(&which) {
            open.users += 1;
            open.names.insert(real(path));
        }
        Ok(Self(which))
    }

    /// Which file it is.
    pub(super) fn id(&self) -> Id {
        self.0
    }

    /// The open file; to be let go before this.
    ///
    /// # Errors
    /// None is open.
    pub(super) fn file(&self) -> io::Result<Arc<File>> {
        let all = open_files();
        let file = all.get(&self.0).and_then(|open| open.files.first());
        Ok(Arc::clone(file.ok_or(io::ErrorKind::NotFound)?))
    }

    /// Its size, and so many bytes from its beginning as there are and have room.
    ///
    /// # Errors
    /// A failing disk.
    pub(super) fn head(&self, head: &mut [u8]) -> io::Result<(u64, usize)> {
        let file = self.file()?;
        let mut got = 0;
        while let Some(room) = head.get_mut(got..).filter(|room| !room.is_empty()) {
            match file.read_at(room, got as u64) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok((file.metadata()?.len(), got))
    }

    /// Its size.
    ///
    /// # Errors
    /// A failing disk.
    pub(super) fn size(&self) -> io::Result<u64> {
        Ok(self.file()?.metadata()?.len())
    }

    /// Writes all of it into another file.
    ///
    /// # Errors
    /// A failing disk.
    pub(super) fn copy_to(&self, copy: &mut File) -> io::Result<()> {
        let file = self.file()?;
        let (mut piece, mut at) = (vec![0; 1 << 18], 0);
        loop {
            match file.read_at(&mut piece, at) {
                Ok(0) => return Ok(()),
                Ok(n) => {
                    copy.write_all(piece.get(..n).unwrap_or_default())?;
                    at += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// Has the system fetch so many bytes at once; where it does not, they come as they are asked for.
    pub(super) fn fetch(&self, from: u64, bytes: u64) {
        if let Ok(file) = self.file() {
            fetch(&file, from, bytes);
        }
    }

    /// Waits until all that was written to it is on the disk.
    ///
    /// # Errors
    /// A failing disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file()?.sync_all()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let mut all = open_files();
        if let Some(open) = all.get_mut(&self.0) {
            open.users = open.users.saturating_sub(1);
            if open.users == 0 {
                all.remove(&self.0);
            }
        }
    }
}

/// Has the system fetch a part of a file, without waiting for it.
pub(super) fn fetch(file: &File, from: u64, bytes: u64) {
    let _ = fadvise(file, from, NonZeroU64::new(bytes), Advice::WillNeed);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::side::beside;
    use super::in_use;
    use crate::store::{Mode, OpenOptions, Store, StoreError, is_ours};
    use rustix::fs::{FlockOperation, fcntl_lock};
    use std::path::Path;
    use std::process::Command;

    /// Another program that opens the database, when the tests below run it.
    #[test]
    fn opens_the_file_when_asked() {
        if let Some(db) = std::env::var_os("DANVAN_TEST_OPEN") {
            assert!(!matches!(
                opened(Path::new(&db)),
                Err(StoreError::Replaced(_))
            ));
        }
    }

    fn another_can_open(db: &Path) -> bool {
        let test = "store::handle::tests::opens_the_file_when_asked";
        let out = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env("DANVAN_TEST_OPEN", db)
            .output();
        out.unwrap().status.success()
    }

    fn options(mode: Mode) -> OpenOptions {
        OpenOptions {
            mode,
            assume_fs: None,
        }
    }

    fn made(path: &Path) -> Store {
        Store::open(path, &options(Mode::Create)).unwrap()
    }

    fn opened(path: &Path) -> Result<Store, StoreError> {
        Store::open(path, &options(Mode::ReadWrite))
    }

    fn save(store: &mut Store) -> Result<(), StoreError> {
        store.write::<_, StoreError>(|tx| tx.set_setting("due_soon_days", "9"))
    }

    /// The log and what belongs to it go aside.
    fn put_log_aside(path: &Path) {
        for end in ["-wal", "-shm"] {
            std::fs::rename(beside(path, end), beside(path, &format!(".old{end}"))).unwrap();
        }
    }

    /// Of a database that is used by a name, which may be a link to it.
    fn put_by_hand(path: &Path, name: &Path, other: &Path) {
        made(other).close().unwrap();
        let mut store = opened(name).unwrap();
        save(&mut store).unwrap();
        assert!(another_can_open(name));
        drop(opened(name).unwrap());
        let new = std::fs::read(other).unwrap();
        std::fs::rename(other, path).unwrap();
        for mode in [Mode::ReadOnly, Mode::ReadWrite] {
            let opened = Store::open(name, &options(mode));
            assert!(matches!(opened, Err(StoreError::Replaced(_))), "{mode:?}");
        }
        assert!(!another_can_open(name));
        assert!(matches!(save(&mut store), Err(StoreError::Replaced(_))));
        assert!(store.connect_again(false).is_err());
        drop(store);
        assert_eq!(std::fs::read(path).unwrap(), new);
        // With the old log away it is a database like any other.
        put_log_aside(path);
        save(&mut opened(name).unwrap()).unwrap();
    }

    #[test]
    fn a_file_put_by_hand_beside_the_log_of_another_is_neither_read_nor_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        made(&path("a.db")).close().unwrap();
        put_by_hand(&path("a.db"), &path("a.db"), &path("b.db"));
        std::fs::create_dir(path("far")).unwrap();
        made(&path("far/c.db")).close().unwrap();
        std::os::unix::fs::symlink(path("far/c.db"), path("c.db")).unwrap();
        put_by_hand(&path("far/c.db"), &path("c.db"), &path("b.db"));
    }

    #[test]
    fn a_file_put_rightly_in_the_place_of_another_is_opened_while_the_other_is_still_held() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a.db"), dir.path().join("b.db"));
        made(&other).close().unwrap();
        let mut old = made(&path);
        save(&mut old).unwrap();
        put_log_aside(&path);
        std::fs::rename(&other, &path).unwrap();
        let mut new = opened(&path).unwrap();
        save(&mut new).unwrap();
        opened(&path).map(drop).unwrap();
        assert!(matches!(save(&mut old), Err(StoreError::Replaced(_))));
    }

    #[test]
    fn who_comes_by_a_link_stands_in_the_same_line() {
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("a.db"), dir.path().join("b.db"));
        let mut store = made(&path);
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let mut by_link = opened(&link).unwrap();
        save(&mut by_link).unwrap();
        save(&mut store).unwrap();
        assert!(beside(&path, ".lock").exists() && !dir.path().join("b.db.lock").exists());
        assert!(in_use(&link) && in_use(&dir.path().join("a.db-wal")));
    }

    /// Another program that takes the whole file for itself, when the test below runs it.
    #[test]
    fn takes_the_file_when_asked() {
        if let Some(db) = std::env::var_os("DANVAN_TEST_TAKE") {
            let file = std::fs::File::options().write(true).open(db).unwrap();
            fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
        }
    }

    fn another_can_take(db: &Path) -> bool {
        let test = "store::handle::tests::takes_the_file_when_asked";
        let out = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env("DANVAN_TEST_TAKE", db)
            .output();
        out.unwrap().status.success()
    }

    #[test]
    fn the_file_stays_taken_while_a_connection_uses_it_whatever_else_is_opened_and_closed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let store = made(&path);
        let link = dir.path().join("b.db");
        std::fs::hard_link(&path, &link).unwrap();
        for name in [&path, &link] {
            assert!(is_ours(name));
            assert!(!another_can_take(&path), "looked at");
        }
        let own = |end: &str| in_use(&dir.path().join(format!("a.db{end}")));
        assert!(in_use(&link) && ["", "-wal", "-shm"].into_iter().all(own));
        assert!(!in_use(&dir.path().join("c.db")));
        for mode in [Mode::ReadOnly, Mode::ReadWrite] {
            drop(Store::open(&path, &options(mode)).unwrap());
            assert!(!another_can_take(&path), "{mode:?}");
        }
        store.close().unwrap();
        assert!(!in_use(&path));
        assert!(another_can_take(&path));
        assert!(is_ours(&path) && another_can_take(&path));
    }
}
