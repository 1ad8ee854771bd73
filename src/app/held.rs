//! Files that say that a running program has something: locked as long as it has, free as soon as it ends, however it
//! ends. What is found free is stale and goes.
use super::drafts::new_id;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file that is locked as long as this lives, and gone after.
#[derive(Debug)]
pub struct Held {
    path: PathBuf,
    _file: File,
}

impl Held {
    /// Makes the file with this mode and text, locked from its first moment on.
    ///
    /// # Errors
    /// When it cannot be made or locked.
    pub fn take(path: &Path, mode: u32, text: &str) -> io::Result<Held> {
        // Locked under another name first: nobody ever finds it free.
        let part = path.with_file_name(format!(".{}", new_id()));
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&part)?;
        let made = flock(&file, FlockOperation::NonBlockingLockExclusive)
            .map_err(io::Error::from)
            .and_then(|()| file.write_all(text.as_bytes()))
            .and_then(|()| std::fs::rename(&part, path));
        if let Err(error) = made {
            // What is left of it is stale for whoever comes by.
            let _ = std::fs::remove_file(&part);
            return Err(error);
        }
        Ok(Held {
            path: path.to_owned(),
            _file: file,
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // A file that stays behind is free, and the next who looks takes it away.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether a running program holds the file; one that nobody holds is removed.
#[must_use]
pub fn is_held(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => {
            let _ = std::fs::remove_file(path);
            false
        }
        Err(error) => error == rustix::io::Errno::WOULDBLOCK,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_nobody_holds_is_stale_and_goes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let held = Held::take(&path, 0o600, "edit").unwrap();
        assert!(is_held(&path) && path.exists());
        drop(held);
        assert!(!is_held(&path));
        std::fs::write(&path, "").unwrap();
        assert!(!is_held(&path) && !path.exists());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
