//! Backups for another place, sealed with `age`: who finds the disk reads nothing, who holds the key restores.
use super::{Backup, Restored, daily, in_use, keep_off, made, may_replace, restore_telling};
use crate::app::{Config, Cx, Error, Result};
use crate::domain::words::{Msg, Text, t};
use crate::store::{self, StoreError};
use age::{DecryptError, Decryptor, Encryptor, IdentityFile, Recipient, x25519};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file beside the daily copies that is gone when it is no longer needed; nobody else can read it.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(config: &Config, what: &str) -> Result<Self> {
        let dir = daily::folder(config);
        store::private_folder(&dir).map_err(StoreError::from)?;
        Ok(Self(
            dir.join(format!(".{what}.{}.part", std::process::id())),
        ))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is swept away by the next daily copy.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

/// The public keys (`age1…`) that a backup is sealed for.
///
/// # Errors
/// One that is none.
pub fn recipients(keys: &[String]) -> Result<Vec<x25519::Recipient>> {
    let read = |key: &String| {
        key.trim().parse::<x25519::Recipient>().map_err(|_| {
            Error::refused(Msg::new(
                format!("«{key}» không phải khóa công khai age (age1…)"),
                format!("\"{key}\" is no age public key (age1…)"),
            ))
        })
    };
    keys.iter().map(read).collect()
}

/// As [`super::backup`], sealed for the holders of these keys. The copy is opened and checked before it is sealed; an
/// unsealed one never reaches the place of `path`.
///
/// # Errors
/// As [`super::backup`].
pub fn backup(cx: &Cx, path: &Path, overwrite: bool, to: &[x25519::Recipient]) -> Result<Backup> {
    may_replace(path, overwrite)?;
    let replaced = made(path);
    let plain = Scratch::beside(cx.config(), "seal")?;
    let sound = cx.store.backup(&plain.0)?;
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let sealed = seal(&plain.0, &part, to).and_then(|()| std::fs::rename(&part, path));
    if let Err(e) = sealed {
        let _ = std::fs::remove_file(&part);
        return Err(StoreError::from(e).into());
    }
    Ok(Backup {
        path: path.to_owned(),
        bytes: std::fs::metadata(path).map_or(0, |m| m.len()),
        petitions: sound.petitions(),
        replaced,
    })
}

fn seal(plain: &Path, to: &Path, keys: &[x25519::Recipient]) -> io::Result<()> {
    let keys = keys.iter().map(|key| key as &dyn Recipient);
    let sealer = Encryptor::with_recipients(keys).map_err(io::Error::other)?;
    let mut out = sealer.wrap_output(BufWriter::new(private(to)?))?;
    io::copy(&mut File::open(plain)?, &mut out)?;
    let file = out
        .finish()?
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// True when a file says of itself that it is sealed.
#[must_use]
pub fn is_sealed(path: &Path) -> bool {
    const HEAD: &[u8] = b"age-encryption.org/";
    let mut head = [0; HEAD.len()];
    !in_use(path)
        && File::open(path)
            .and_then(|mut file| file.read_exact(&mut head))
            .is_ok()
        && head == *HEAD
}

/// As [`super::restore`], of a sealed backup, opened with the key in the file `identity`.
///
/// # Errors
/// A key that does not fit, a file that was changed since it was sealed, and as [`super::restore`].
pub fn restore_sealed(
    config: &Config,
    path: &Path,
    identity: &Path,
    tell: &mut dyn FnMut(Text),
) -> Result<Restored> {
    let plain = Scratch::beside(config, "open")?;
    tell(t("mở bản đã mã hóa", "opening the sealed copy"));
    open(path, &plain.0, identity)?;
    restore_telling(config, &plain.0, tell)
}

fn open(path: &Path, plain: &Path, identity: &Path) -> Result<()> {
    let not_there = |path: &Path| {
        Error::NotFound(Msg::new(
            format!("Không đọc được tệp {}", path.display()),
            format!("Cannot read the file {}", path.display()),
        ))
    };
    let no_key = || {
        Error::refused(Msg::new(
            format!("{} không phải tệp khóa age", identity.display()),
            format!("{} is no age key file", identity.display()),
        ))
    };
    keep_off(identity)?;
    keep_off(path)?;
    let key = File::open(identity).map_err(|_| not_there(identity))?;
    let keys = IdentityFile::from_buffer(BufReader::new(key))
        .map_err(|_| no_key())?
        .into_identities()
        .map_err(|_| no_key())?;
    let file = File::open(path).map_err(|_| not_there(path))?;
    let opened = Decryptor::new_buffered(BufReader::new(file)).and_then(|sealed| {
        sealed.decrypt(keys.iter().map(|key| key.as_ref() as &dyn age::Identity))
    });
    let mut sealed = opened.map_err(|e| match e {
        DecryptError::NoMatchingKeys => Error::refused(
            t(
                "Khóa này không mở được bản sao lưu.",
                "This key does not open the backup.",
            )
            .into(),
        ),
        _ => StoreError::Damaged(e.to_string()).into(),
    })?;
    let mut out = BufWriter::new(private(plain).map_err(StoreError::from)?);
    io::copy(&mut sealed, &mut out).map_err(|e| match e.kind() {
        // Each piece is sealed: one that was changed does not open.
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            StoreError::Damaged(e.to_string())
        }
        _ => e.into(),
    })?;
    out.flush().map_err(StoreError::from)?;
    Ok(())
}
