//! What can go wrong with the file, told apart by whose fault it is.
use rusqlite::ErrorCode;
use std::path::PathBuf;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No file there, and it was not asked to make one.
    #[error("no database at {0}")]
    Missing(PathBuf),
    /// A file is there already.
    #[error("{0} exists")]
    Exists(PathBuf),
    /// Others kept the file locked for the whole wait.
    #[error("the database is busy")]
    Busy,
    /// What the form sends has been stored before.
    #[error("stored before")]
    Sent,
    /// The file is not a database or its pages are broken.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A database, but not of this program.
    #[error("not a danvan database: {0}")]
    NotOurs(PathBuf),
    /// Made by a newer version of the program.
    #[error("made by a newer version ({0})")]
    Newer(i64),
    /// The file lies on a network file system of this type.
    #[error("network file system: {0}")]
    NetworkFs(String),
    /// Opened for reading only.
    #[error("read-only")]
    ReadOnly,
    /// Access denied by the system.
    #[error("not permitted: {0}")]
    Denied(String),
    /// The disk is full or failed.
    #[error("cannot write: {0}")]
    Write(String),
    /// Another file was put in the place of one in use.
    #[error("{0} was replaced while in use")]
    Replaced(PathBuf),
    /// A write was cut off, and what it did can be taken back only by who may write.
    #[error("{0} holds half of a write")]
    CutOff(PathBuf),
    /// A rule of the schema was broken: a fault of the program.
    #[error("internal: {0}")]
    Sql(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(e: rusqlite::Error) -> Self {
        let text = e.to_string();
        match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(text),
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
                Self::Denied(text)
            }
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                Self::Write(text)
            }
            _ => Self::Sql(text),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::PermissionDenied => Self::Denied(e.to_string()),
            std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Write(e.to_string()),
        }
    }
}
