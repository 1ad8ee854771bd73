//! Why a file cannot be read.
use crate::domain::words::Msg;
use std::path::Path;

/// Why a file cannot be read; nothing was changed by trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// It is not there, or not to be read by this user.
    Missing(Msg),
    /// It is no table, damaged, or made to harm.
    Bad(Msg),
    /// A person must say something first: the encoding, the sheet.
    Ask(Msg),
    /// The end was asked for.
    Stopped,
}

/// Result of reading.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A file that is damaged or made to harm.
    pub(super) fn bad(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Bad(Msg::new(vi, en))
    }

    pub(super) fn open(path: &Path, e: &std::io::Error) -> Self {
        let name = path.display();
        Self::Missing(match e.kind() {
            std::io::ErrorKind::NotFound => Msg::new(
                format!("Không có tệp {name}"),
                format!("There is no file {name}"),
            ),
            std::io::ErrorKind::PermissionDenied => Msg::new(
                format!("Không được phép đọc {name}"),
                format!("Not permitted to read {name}"),
            ),
            _ => Msg::new(
                format!("Không đọc được {name}: {e}"),
                format!("Cannot read {name}: {e}"),
            ),
        })
    }

    /// No thread could be started to read in.
    #[must_use]
    pub fn open_thread(e: &std::io::Error) -> Self {
        Self::bad(
            format!("Không bắt đầu đọc được: {e}"),
            format!("Reading could not be started: {e}"),
        )
    }

    pub(super) fn not_a_file(path: &Path) -> Self {
        let name = path.display();
        Self::Missing(Msg::new(
            format!("{name} không phải một tệp"),
            format!("{name} is not a file"),
        ))
    }

    pub(super) fn barred(path: &Path) -> Self {
        let name = path.display();
        Self::bad(
            format!("{name} là cơ sở dữ liệu đang mở, không phải bảng để nhập; hãy chọn tệp khác."),
            format!("{name} is the database in use, not a table to import; choose another file."),
        )
    }

    pub(super) fn broken(e: &std::io::Error) -> Self {
        Self::bad(
            format!("Đang đọc thì tệp hỏng: {e}"),
            format!("The file could not be read on: {e}"),
        )
    }

    /// What to tell a person.
    #[must_use]
    pub fn msg(&self) -> Msg {
        match self {
            Self::Missing(msg) | Self::Bad(msg) | Self::Ask(msg) => msg.clone(),
            Self::Stopped => Msg::new("Đã dừng; chưa ghi gì.", "Stopped; nothing was written."),
        }
    }
}
