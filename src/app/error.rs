//! What a use case can refuse or fail with; each has its exit code and says what to do.
use crate::domain::words::{Lang, Msg};
use crate::store::StoreError;
use std::io;
use std::path::Path;

/// One broken rule, at its field and, in a batch, its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Row of a batch, from 1.
    pub row: Option<usize>,
    /// Key of the field.
    pub field: Option<&'static str>,
    /// Label of the field.
    pub label: Msg,
    /// The rule.
    pub msg: Msg,
}

impl Problem {
    /// One line: row, field and rule.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        let mut out = String::new();
        if let Some(row) = self.row {
            out.push_str(&match lang {
                Lang::Vi => format!("dòng {row}: "),
                Lang::En => format!("row {row}: "),
            });
        }
        if let Some(key) = self.field {
            out.push_str(self.label.get(lang));
            out.push_str(&format!(" ({key}): "));
        }
        out.push_str(self.msg.get(lang));
        out
    }
}

/// A refusal or failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The call itself is wrong: exit 2.
    Usage(Msg),
    /// A rule of a field or of the law is broken: exit 3.
    Refused(Vec<Problem>),
    /// The record or file named is not there: exit 4.
    NotFound(Msg),
    /// Changed by someone else meanwhile: exit 5.
    Conflict(Msg),
    /// Busy after waiting: exit 6.
    Busy,
    /// File damaged, not ours, or newer: exit 7.
    BadFile(Msg),
    /// Not permitted: exit 8.
    Denied(Msg),
    /// Could not write: exit 9.
    Write(Msg),
}

impl Error {
    /// A refusal without a field.
    #[must_use]
    pub fn refused(msg: Msg) -> Self {
        Self::Refused(vec![Problem {
            row: None,
            field: None,
            label: Msg::default(),
            msg,
        }])
    }

    /// The exit code of the contract.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Usage(_) => 2,
            Self::Refused(_) => 3,
            Self::NotFound(_) => 4,
            Self::Conflict(_) => 5,
            Self::Busy => 6,
            Self::BadFile(_) => 7,
            Self::Denied(_) => 8,
            Self::Write(_) => 9,
        }
    }

    /// The message, a line a problem.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Usage(m)
            | Self::NotFound(m)
            | Self::Conflict(m)
            | Self::BadFile(m)
            | Self::Denied(m)
            | Self::Write(m) => m.get(lang).to_owned(),
            Self::Busy => match lang {
                Lang::Vi => "Người khác đang ghi; đã chờ mà chưa tới lượt. Hãy thử lại.",
                Lang::En => "Someone else is writing; waited without getting a turn. Try again.",
            }
            .to_owned(),
            Self::Refused(problems) => {
                let lines: Vec<String> = problems.iter().map(|p| p.line(lang)).collect();
                lines.join("\n")
            }
        }
    }
}

/// Why a file for other programs was not written, by the name that was asked for and not the one it bears until it is
/// whole.
#[must_use]
pub fn unwritten(path: &Path, e: &io::Error) -> Error {
    let name = path.display();
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let (why, because) = match (e.kind(), folder) {
        (io::ErrorKind::NotFound, Some(folder)) => (
            format!("không có thư mục {}", folder.display()),
            format!("there is no folder {}", folder.display()),
        ),
        (io::ErrorKind::NotADirectory, Some(folder)) => (
            format!("{} không phải thư mục", folder.display()),
            format!("{} is no folder", folder.display()),
        ),
        (io::ErrorKind::StorageFull, _) => ("đĩa đã đầy".into(), "the disk is full".into()),
        (io::ErrorKind::ReadOnlyFilesystem, _) => (
            "đĩa này chỉ cho đọc".into(),
            "this disk can only be read".into(),
        ),
        (io::ErrorKind::InvalidFilename, _) => (
            "tên tệp quá dài hoặc có ký tự không dùng được".into(),
            "the name is too long or has letters that cannot be used".into(),
        ),
        (io::ErrorKind::PermissionDenied, _) => {
            return Error::Denied(Msg::new(
                format!("Không được phép ghi {name}"),
                format!("Not permitted to write {name}"),
            ));
        }
        _ => (e.to_string(), e.to_string()),
    };
    Error::Write(Msg::new(
        format!("Không ghi được {name}: {why}"),
        format!("Could not write {name}: {because}"),
    ))
}

/// What is said of a file that may only be read while half of a write stands in it.
fn cut_off(path: &Path) -> Error {
    let file = path.display();
    Error::Denied(Msg::new(
        format!(
            "Một lần nhập vào {file} bị ngắt giữa chừng: mở {file} một lần không kèm --read-only, bằng tài khoản được ghi, để trả lại như trước khi nhập."
        ),
        format!(
            "An import into {file} was cut off: open {file} once without --read-only, as a user who may write it, to have it as it was before."
        ),
    ))
}

/// What is said of a file in whose place another was put while it was in use.
fn replaced(path: &Path) -> Error {
    let file = path.display();
    Error::Conflict(Msg::new(
        format!(
            "Tệp {file} vừa bị thay bằng tệp khác khi đang mở: không ghi gì thêm. Thoát mọi danvan; nếu còn {file}-wal và {file}-shm của tệp cũ, dời chúng đi rồi mới mở lại."
        ),
        format!(
            "{file} was replaced by another file while in use: nothing more is written. Leave every danvan; if {file}-wal and {file}-shm of the old file are still there, move them away before opening it again."
        ),
    ))
}

impl From<StoreError> for Error {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Missing(path) => Self::NotFound(Msg::new(
                format!(
                    "Chưa có cơ sở dữ liệu {}. Tạo bằng «danvan init».",
                    path.display()
                ),
                format!(
                    "No database at {}. Make one with \"danvan init\".",
                    path.display()
                ),
            )),
            StoreError::Exists(path) => Self::refused(Msg::new(
                format!("Tệp {} đã có; không ghi đè.", path.display()),
                format!("{} exists; it is not overwritten.", path.display()),
            )),
            StoreError::Busy => Self::Busy,
            StoreError::Replaced(path) => replaced(&path),
            StoreError::CutOff(path) => cut_off(&path),
            StoreError::Sent => Self::Conflict(Msg::new(
                "Biểu này đã lưu từ trước.",
                "This form has been saved before.",
            )),
            StoreError::Damaged(what) => Self::BadFile(Msg::new(
                format!(
                    "Tệp dữ liệu bị hỏng ({what}). Không sửa gì. Khôi phục từ bản sao lưu: «danvan restore TỆP --yes»."
                ),
                format!(
                    "The database is damaged ({what}). Nothing was changed. Restore a backup: \"danvan restore FILE --yes\"."
                ),
            )),
            StoreError::NotOurs(path) => Self::BadFile(Msg::new(
                format!(
                    "{} không phải cơ sở dữ liệu của danvan. Không đụng tới tệp.",
                    path.display()
                ),
                format!(
                    "{} is not a danvan database. It was left alone.",
                    path.display()
                ),
            )),
            StoreError::Newer(version) => Self::BadFile(Msg::new(
                format!(
                    "Tệp do bản danvan mới hơn tạo (phiên bản {version}). Hãy nâng cấp chương trình; tệp giữ nguyên."
                ),
                format!(
                    "The file was made by a newer danvan (version {version}). Upgrade the program; the file was left alone."
                ),
            )),
            StoreError::NetworkFs(fs) => Self::Denied(Msg::new(
                format!(
                    "Tệp nằm trên hệ thống tệp mạng ({fs}); khóa của SQLite không giữ được ở đó và dữ liệu có thể hỏng. Hãy để tệp trên đĩa của máy này."
                ),
                format!(
                    "The file lies on a network file system ({fs}), where SQLite's locks do not hold and data can be damaged. Keep it on a local disk."
                ),
            )),
            StoreError::ReadOnly => Self::Denied(Msg::new(
                "Chế độ chỉ đọc: không ghi được.",
                "Read-only: nothing can be written.",
            )),
            StoreError::Denied(what) => Self::Denied(Msg::new(
                format!("Không được phép: {what}"),
                format!("Not permitted: {what}"),
            )),
            StoreError::Write(what) => Self::Write(Msg::new(
                format!("Không ghi được (đĩa đầy hay hỏng?): {what}. Dữ liệu đã lưu còn nguyên."),
                format!("Could not write (disk full or failing?): {what}. What was saved is safe."),
            )),
            StoreError::Sql(what) => Self::Write(Msg::new(
                format!("Lỗi bên trong: {what}"),
                format!("Internal error: {what}"),
            )),
        }
    }
}
