//! The open file of a database, kept as long as this process uses it. POSIX locks belong to the process: whoever closes
//! any descriptor of a file gives back all locks that the process holds on it, SQLite's too. Another program that then
//! ends as the last one, as it thinks, takes the log away under a running one.
use rustix::fs::{Advice, fadvise};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata};
use std::io;
use std::num::NonZeroU64;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A file: its disk and its number there.
pub(super) type Id = (u64, u64);

/// A file that is in use, by so many, what was opened of it, and by which names.
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
    let beside = |name: &PathBuf| {
        ["-wal", "-shm"].into_iter().any(|end| {
            let mut own = name.as_os_str().to_owned();
            own.push(end);
            place(Path::new(&own)) == Some(which)
        })
    };
    all.contains_key(&which) || all.values().flat_map(|open| &open.names).any(beside)
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
            open.names.insert(path.to_owned());
        }
        Ok(Self(which))
    }

    /// Which file it is.
    pub(super) fn id(&self) -> Id {
        self.0
    }

    fn file(&self) -> io::Result<Arc<File>> {
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

    /// Has the system fetch so many bytes from its beginning at once; where it does not, they come as they are asked
    /// for.
    pub(super) fn fetch(&self, bytes: u64) {
        if let Ok(file) = self.file() {
            let _ = fadvise(&file, 0, NonZeroU64::new(bytes), Advice::WillNeed);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::in_use;
    use crate::store::{Mode, OpenOptions, Store, is_ours};
    use rustix::fs::{FlockOperation, fcntl_lock};
    use std::path::Path;
    use std::process::Command;

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
        let options = |mode| OpenOptions {
            mode,
            assume_fs: None,
        };
        let store = Store::open(&path, &options(Mode::Create)).unwrap();
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
