//! A packed file is looked through before its reader may touch it: sizes, names, checksums, and what XML could do.
use super::limits;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use zip::{CompressionMethod, ZipArchive};

/// Why a packed file is refused, in Vietnamese and English.
pub(super) type Refusal = (String, String);

fn refused(vi: impl Into<String>, en: impl Into<String>) -> Refusal {
    (vi.into(), en.into())
}

fn damaged(e: impl std::fmt::Display) -> Refusal {
    refused(
        format!("Tệp nén hỏng: {e}"),
        format!("The packed file is damaged: {e}"),
    )
}

/// What was seen on the way.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Some worksheet holds formulas.
    pub(super) formulas: bool,
}

/// A name that would lead out of a folder if the file were unpacked there.
fn tricky(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.contains(['\\', '\0', ':'])
        || name.split('/').any(|part| part == "..")
}

/// Looks through every member, and leaves the file at its beginning.
pub(super) fn check(file: &mut File) -> Result<Seen, Refusal> {
    let mut zip = ZipArchive::new(&mut *file).map_err(damaged)?;
    if zip.len() > limits::MEMBERS {
        return Err(refused(
            format!("Tệp nén có {} phần, quá mức của một bảng tính.", zip.len()),
            format!(
                "The packed file has {} members, more than any spreadsheet.",
                zip.len()
            ),
        ));
    }
    let mut seen = Seen::default();
    let mut all = 0;
    for at in 0..zip.len() {
        let member = zip.by_index(at).map_err(damaged)?;
        let name = member.name().map_err(damaged)?.into_owned();
        if tricky(&name) {
            return Err(refused(
                "Tệp nén có tên phần dẫn ra ngoài thư mục: được làm để gây hại.",
                "A member's name leads out of the folder: the file is made to harm.",
            ));
        }
        if member.encrypted() {
            return Err(refused(
                "Tệp có mật khẩu; bỏ mật khẩu rồi nhập lại.",
                "The file has a password; remove it and import again.",
            ));
        }
        if !matches!(
            member.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated
        ) {
            return Err(refused(
                "Tệp nén theo cách mà bảng tính không dùng.",
                "The file is packed in a way that spreadsheets do not use.",
            ));
        }
        all += look_at(member, &name, limits::UNPACKED - all, &mut seen)?;
    }
    drop(zip);
    file.seek(SeekFrom::Start(0)).map_err(damaged)?;
    Ok(seen)
}

fn bomb() -> Refusal {
    refused(
        "Tệp nén bung ra quá lớn so với kích thước của nó: được làm để gây hại.",
        "The packed file unpacks to far more than its size: it is made to harm.",
    )
}

/// Unpacks one member into nothing; its length.
fn look_at(
    mut member: impl Member,
    name: &str,
    most: u64,
    seen: &mut Seen,
) -> Result<u64, Refusal> {
    let (said, packed) = member.sizes();
    if said > most {
        return Err(bomb());
    }
    let sheet = name.contains("worksheets/");
    let mut buf = vec![0_u8; 1 << 16];
    let mut kept = 0;
    let mut length = 0_u64;
    loop {
        let got = match buf.get_mut(kept..) {
            Some(rest) => member.read(rest).map_err(damaged)?,
            None => 0,
        };
        if got == 0 {
            break;
        }
        length += u64::try_from(got).unwrap_or(0);
        if length > most
            || length > limits::BOMB_FROM && length > packed.saturating_mul(limits::RATIO)
        {
            return Err(bomb());
        }
        let window = buf.get(..kept + got).unwrap_or_default();
        if contains(window, b"<!ENTITY") {
            return Err(refused(
                "Tệp khai báo thực thể XML, bảng tính không bao giờ có: được làm để gây hại.",
                "The file declares XML entities, which no spreadsheet does: it is made to harm.",
            ));
        }
        seen.formulas |= sheet && (contains(window, b"<f>") || contains(window, b"<f "));
        // A word may lie across two pieces.
        let tail = window.len().min(8);
        let from = window.len() - tail;
        buf.copy_within(from..from + tail, 0);
        kept = tail;
    }
    if length != said {
        return Err(refused(
            "Tệp nén ghi sai kích thước một phần: hỏng hoặc được làm để gây hại.",
            "A member is not as long as the file says: damaged or made to harm.",
        ));
    }
    Ok(length)
}

fn contains(window: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else {
        return true;
    };
    let mut rest = window;
    while let Some(at) = rest.iter().position(|b| b == first) {
        let Some(from) = rest.get(at..) else { break };
        if from.starts_with(word) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
    false
}

/// What is asked of a member.
trait Member: Read {
    /// Length as said, and packed.
    fn sizes(&self) -> (u64, u64);
}

impl<R: Read> Member for zip::read::ZipFile<'_, R> {
    fn sizes(&self) -> (u64, u64) {
        (self.size(), self.compressed_size())
    }
}
