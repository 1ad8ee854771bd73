//! Opening the file: only one that is ours, whole, not newer, and on a disk of this machine.
use super::handle::{Handle, has_log_of_another, place};
use super::log::Carrier;
use super::queue::Queue;
use super::side::{PARTS, beside};
use super::{Result, Store, StoreError, migrate};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Marks the file as ours (`PRAGMA application_id`): «danv».
pub const APPLICATION_ID: i32 = 0x6461_6e76;

/// Cache of a connection, in KiB: as fast as a large one, and fifty people fit into the memory.
pub(super) const CACHE: i64 = 1024;

/// Cache of a connection that stands beside another of the same program, in KiB.
const LITTLE: i64 = 512;

/// Bytes at the beginning of the file that are fetched at once when it is opened.
const FIRST: u64 = 512 * 1024;

/// Bytes of a piece of memory larger than any that a save asks for.
const PIECE: usize = 192 * 1024;

/// Connections that were opened so far.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// How long a call waits for other writers.
pub(super) const WAIT: Duration = Duration::from_secs(10);

/// What to do with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Open an existing file, for writing where that is possible.
    ReadWrite,
    /// Open an existing file for reading.
    ReadOnly,
    /// Make a new file; refuse when one is there.
    Create,
}

/// How to open.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// What to do with the file.
    pub mode: Mode,
    /// Type of file system to assume instead of asking the system (for tests).
    pub assume_fs: Option<String>,
}

/// Types of file systems that are reached over a network: SQLite's locks do not hold there.
const NETWORK: &[(u32, &str)] = &[
    (0x6969, "nfs"),
    (0x517B, "smb"),
    (0xFE53_4D42, "smb2"),
    (0xFF53_4D42, "cifs"),
    (0x7375_7245, "coda"),
    (0x5346_414F, "afs"),
    (0x0102_1997, "9p"),
    (0x00C3_6400, "ceph"),
    (0x0BD0_0BD0, "lustre"),
    (0x0116_1970, "gfs2"),
    (0x7461_636F, "ocfs2"),
];

/// The network file system a path lies on, if it is one.
#[must_use]
pub fn network_fs(path: &Path, assume: Option<&str>) -> Option<String> {
    if let Some(name) = assume {
        let known = NETWORK.iter().any(|(_, n)| n.eq_ignore_ascii_case(name))
            || ["nfs4", "sshfs", "fuse.sshfs"].contains(&name);
        return known.then(|| name.to_owned());
    }
    // A bare file name has no folder to ask about until it is made absolute.
    let path = std::path::absolute(path).ok()?;
    let at = path.ancestors().find(|p| p.exists())?;
    let kind = rustix::fs::statfs(at).ok()?.f_type;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let kind = kind as u32;
    if let Some((_, name)) = NETWORK.iter().find(|(magic, _)| *magic == kind) {
        return Some((*name).to_owned());
    }
    // FUSE serves local and remote disks alike: the mount table tells which.
    (kind == 0x6573_5546 && remote_fuse(at)).then(|| "fuse.sshfs".to_owned())
}

fn remote_fuse(path: &Path) -> bool {
    let Ok(full) = path.canonicalize() else {
        return false;
    };
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    mounts
        .lines()
        .filter_map(|line| {
            let mut parts = line.split(' ').skip(1);
            let point = parts.next()?;
            let kind = parts.next()?;
            full.starts_with(point).then_some((point.len(), kind))
        })
        .max_by_key(|(len, _)| *len)
        .is_some_and(|(_, kind)| ["fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"].contains(&kind))
}

/// Looks at the first bytes without letting SQLite near the file, which stays open for who opens it then.
fn inspect(path: &Path) -> Result<Handle> {
    let file = Handle::of(path)?;
    // The schema and what every start asks for lies here and there among the first pages: fetched at once, not one by
    // one.
    file.fetch(0, FIRST);
    let mut head = [0_u8; 100];
    let (size, got) = file.head(&mut head)?;
    if got < head.len() || &head[..16] != b"SQLite format 3\0" {
        return Err(StoreError::NotOurs(path.to_owned()));
    }
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    if word(68) != APPLICATION_ID.cast_unsigned() {
        return Err(StoreError::NotOurs(path.to_owned()));
    }
    let version = i64::from(word(60));
    if version > migrate::VERSION {
        return Err(StoreError::Newer(version));
    }
    let page = match u64::from(u16::from_be_bytes([head[16], head[17]])) {
        1 => 65_536,
        n => n,
    };
    // With a log beside it, the size is settled when the log is read: a copy of the log into the file that was cut off
    // has named the new size already.
    if size < page * u64::from(word(28)) && !has_log(path) {
        return Err(StoreError::Damaged("file is shorter than it says".into()));
    }
    Ok(file)
}

/// True when a file says of itself that it is a database of this program that this version can read.
#[must_use]
pub fn is_ours(path: &Path) -> bool {
    inspect(path).is_ok()
}

/// Makes a folder that only its owner can look into, and those above it.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder(dir: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
}

/// Bytes that this user can still write on the disk of `path`; none when the system does not say.
#[must_use]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// True when changes lie in a log beside the file, or what stood in it before a write that has not ended.
fn has_log(path: &Path) -> bool {
    has_some(path, "-wal") || has_some(path, "-journal")
}

fn has_some(path: &Path, end: &str) -> bool {
    std::fs::metadata(beside(path, end)).is_ok_and(|m| m.len() > 0)
}

/// True when the file cannot be written: no write bit for anyone, or the system says no.
fn unwritable(path: &Path) -> bool {
    let bits = std::fs::metadata(path).map_or(0, |m| m.mode());
    bits & 0o222 == 0
        || rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_err()
        || path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .is_some_and(|dir| rustix::fs::access(dir, rustix::fs::Access::WRITE_OK).is_err())
}

impl Store {
    /// Opens or makes the file at `path`.
    ///
    /// # Errors
    /// A missing, foreign, damaged or newer file, a network file system, or a failing disk. The file
    /// is left byte for byte as it was.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self> {
        if let Some(fs) = network_fs(path, options.assume_fs.as_deref()) {
            return Err(StoreError::NetworkFs(fs));
        }
        if options.mode == Mode::Create {
            return Self::create(path, options);
        }
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        if has_log_of_another(path) {
            return Err(StoreError::Replaced(path.to_owned()));
        }
        let handle = inspect(path)?;
        keep_pieces();
        let read_only = options.mode == Mode::ReadOnly || unwritable(path);
        let conn = connect(path, read_only)?;
        let mut store = Self {
            conn,
            path: path.to_owned(),
            read_only,
            queue: Queue::beside(path),
            carrier: Carrier::of(handle.id()),
            token: None,
            ready: None,
            behind: false,
            alone: false,
            opened: 0,
            stop: None,
            cache: CACHE,
            before: 0,
            handle: Some(handle),
        };
        store.settle()?;
        if !read_only {
            migrate::migrate(&mut store.conn)?;
        }
        Ok(store)
    }

    /// Fills a file under another name and gives it its own only when it is whole: a power cut never leaves half a
    /// database behind, and nobody opens one.
    fn create(path: &Path, options: &OpenOptions) -> Result<Self> {
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            private_folder(dir)?;
        }
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        // Of a file that was moved away without it: it would be taken for one of the new file.
        if let Some(end) = ["-wal", "-journal"]
            .into_iter()
            .find(|end| has_some(path, end))
        {
            return Err(StoreError::Exists(beside(path, end)));
        }
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".{}.part", std::process::id()));
        let part = Path::new(&part);
        let made = Self::fill(part).and_then(|()| {
            // Unlike renaming, linking never replaces a file that someone else has made meanwhile.
            std::fs::hard_link(part, path).map_err(|e| match e.kind() {
                std::io::ErrorKind::AlreadyExists => StoreError::Exists(path.to_owned()),
                _ => e.into(),
            })
        });
        for end in PARTS.into_iter().chain([""]) {
            let mut name = part.as_os_str().to_owned();
            name.push(end);
            let _ = std::fs::remove_file(Path::new(&name));
        }
        made?;
        Self::open(
            path,
            &OpenOptions {
                mode: Mode::ReadWrite,
                ..options.clone()
            },
        )
    }

    fn fill(path: &Path) -> Result<()> {
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        let mut store = Self {
            conn: connect(path, false)?,
            path: path.to_owned(),
            read_only: false,
            queue: Queue::default(),
            carrier: Carrier::default(),
            token: None,
            ready: None,
            behind: false,
            alone: false,
            opened: 0,
            stop: None,
            cache: CACHE,
            before: 0,
            handle: None,
        };
        store.settle()?;
        migrate::migrate(&mut store.conn)?;
        store.write::<_, StoreError>(|tx| tx.seed())?;
        // The log is thrown away next: without room to bring it into the file, nothing was made.
        store.close()?;
        inspect(path).map(drop)
    }

    /// A database in memory, seeded like a new file; for tests.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn in_memory() -> Result<Self> {
        let mut store = Self {
            conn: Connection::open_in_memory()?,
            path: ":memory:".into(),
            read_only: false,
            queue: Queue::default(),
            carrier: Carrier::default(),
            token: None,
            ready: None,
            behind: false,
            alone: false,
            opened: 0,
            stop: None,
            cache: CACHE,
            before: 0,
            handle: None,
        };
        store.settle()?;
        migrate::migrate(&mut store.conn)?;
        store.write::<_, StoreError>(|tx| tx.seed())?;
        Ok(store)
    }

    /// Whether another file stands in the place of the one that was opened: a damaged one was put aside and a backup
    /// put there.
    #[must_use]
    pub fn replaced(&self) -> bool {
        let was = self.handle.as_ref().map(Handle::id);
        let now = place(&self.path);
        was.is_some() && now.is_some() && now != was
    }

    /// What is written into a file that has lost its name is lost with it.
    pub(super) fn stands(&self) -> Result<()> {
        match (self.handle.as_ref().map(Handle::id), place(&self.path)) {
            (Some(_), None) => Err(StoreError::Missing(self.path.clone())),
            (Some(was), Some(now)) if was != now => Err(StoreError::Replaced(self.path.clone())),
            _ => Ok(()),
        }
    }

    /// A second connection to the very file that this one has open.
    ///
    /// # Errors
    /// As [`Store::stands`], or a failing disk.
    pub(super) fn connect_again(&self, read_only: bool) -> Result<Connection> {
        self.stands()?;
        let conn = connect(&self.path, read_only)?;
        // Nothing was read yet: what has the name still is what was opened.
        self.stands()?;
        Ok(conn)
    }

    /// Keeps fewer pages of the file in memory from now on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn keep_little(&mut self) -> Result<()> {
        self.cache = LITTLE;
        Ok(self.conn.pragma_update(None, "cache_size", -LITTLE)?)
    }

    /// Settings of every connection.
    pub(super) fn settle(&mut self) -> Result<()> {
        let conn = &mut self.conn;
        conn.busy_handler(Some(wait))?;
        conn.set_prepared_statement_cache_capacity(32);
        if !self.read_only {
            conn.pragma_update(None, "journal_mode", "wal")?;
            conn.pragma_update(None, "synchronous", "full")?;
            conn.pragma_update(None, "secure_delete", "on")?;
            // Brought into the file once the turn is over.
            conn.pragma_update(None, "wal_autocheckpoint", 0)?;
            self.carrier.hear(conn)?;
        } else {
            conn.pragma_update(None, "query_only", "on")?;
        }
        conn.pragma_update(None, "foreign_keys", "on")?;
        conn.pragma_update(None, "trusted_schema", "off")?;
        conn.pragma_update(None, "cache_size", -self.cache)?;
        super::functions::functions(conn)?;
        self.opened = OPENED.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// What a statement may have to take back stays in a piece of 120 KiB (`.cargo/config.toml`). The C library gives the
/// system back what lies free at the end of the heap from 128 KiB on: each save would have its piece mapped anew, page by
/// page. It keeps twice as much as the largest piece that it has given back by itself.
fn keep_pieces() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(PIECE)));
}

pub(super) fn connect(path: &Path, read_only: bool) -> Result<Connection> {
    if !read_only {
        return Ok(Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?);
    }
    let mut plain = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // Somebody may be writing straight into it.
    plain.busy_handler(Some(wait))?;
    let readable = plain.query_row("SELECT count(*) FROM sqlite_schema", [], |r| {
        r.get::<_, i64>(0)
    });
    match readable {
        Ok(_) => Ok(plain),
        Err(e) => {
            let busy = e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
            if busy || has_log(path) {
                let cut_off = e.sqlite_error_code() == Some(ErrorCode::ReadOnly);
                return Err(match cut_off && has_some(path, "-journal") {
                    true => StoreError::CutOff(path.to_owned()),
                    false => e.into(),
                });
            }
            // In a folder that cannot be written there is no place for the shared memory file; nobody
            // else can be writing there either.
            let uri = format!("file:{}?immutable=1", uri_path(path));
            Ok(Connection::open_with_flags(
                uri,
                OpenFlags::SQLITE_OPEN_READ_ONLY
                    | OpenFlags::SQLITE_OPEN_URI
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?)
        }
    }
}

fn uri_path(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str()
        .as_bytes()
        .iter()
        .map(|b| match b {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                (*b as char).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Waits a little for other writers, each process with a rhythm of its own; false when it was too long.
fn wait(tries: i32) -> bool {
    let tries = u64::try_from(tries).unwrap_or(0);
    let step = |n: u64| 1 + (n * 7 + u64::from(std::process::id())) % 19;
    let waited: u64 = (0..tries).map(step).sum();
    if Duration::from_millis(waited) > WAIT {
        return false;
    }
    std::thread::sleep(Duration::from_millis(step(tries)));
    true
}
