//! `doctor`: a look at the file, its place, its rows, its calendar and its backups.
use super::copies::backups;
use super::unfinished::unfinished;
use crate::app::{Config, Cx, Error, Result};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Msg, Text, t};
use crate::store::{self, Check, Mode, OpenOptions, Store, StoreError};
use std::os::unix::fs::MetadataExt;

/// One line of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// True when all is well.
    pub ok: bool,
    /// Stable name of the check.
    pub code: &'static str,
    /// What was found.
    pub what: Msg,
    /// What to do about it.
    pub advice: Option<Msg>,
}

pub(super) fn good(code: &'static str, what: Msg) -> Finding {
    Finding {
        ok: true,
        code,
        what,
        advice: None,
    }
}

pub(super) fn bad(code: &'static str, what: Msg, advice: Msg) -> Finding {
    Finding {
        ok: false,
        code,
        what,
        advice: Some(advice),
    }
}

/// Looks at the file, its place, its permissions, its rows and its calendar.
///
/// # Errors
/// When the file is not there; every other trouble is a finding.
pub fn doctor(config: &Config) -> Result<Vec<Finding>> {
    doctor_telling(config, true, &mut |_| {})
}

/// The same. `tell` hears of each check before it is made; without `deep` those are left out that read every record,
/// which takes minutes in a file of many gigabytes.
///
/// # Errors
/// As [`doctor`].
pub fn doctor_telling(
    config: &Config,
    deep: bool,
    tell: &mut dyn FnMut(Text),
) -> Result<Vec<Finding>> {
    if !config.db.exists() {
        return Err(StoreError::Missing(config.db.clone()).into());
    }
    let mut found = vec![place(config), permissions(config)];
    let opened = Store::open(
        &config.db,
        &OpenOptions {
            mode: Mode::ReadOnly,
            assume_fs: Some("local".into()),
        },
    );
    let store = match opened {
        Ok(store) => store,
        Err(e) => {
            let advice = match e {
                StoreError::CutOff(_) => OPEN,
                StoreError::Busy => AGAIN,
                _ => RESTORE,
            };
            found.push(bad("file", both(&e.into()), advice.into()));
            return Ok(found);
        }
    };
    if deep {
        found.extend(of_records(&store, config, tell));
    }
    found.push(unfinished(&store));
    found.push(calendar(&store, config));
    found.push(backups(config));
    Ok(found)
}

/// The checks that read every page and every record.
fn of_records(store: &Store, config: &Config, tell: &mut dyn FnMut(Text)) -> Vec<Finding> {
    tell(t(
        "đọc mọi trang và mọi liên kết",
        "reading all pages and references",
    ));
    let mut found = match store.read().check() {
        Ok(check) => pages(&check),
        Err(e) => vec![bad("file", both(&e.into()), RESTORE.into())],
    };
    tell(t("xem các dòng", "looking at the rows"));
    found.push(rows(store, config));
    tell(t("đọc thử mọi giá trị", "reading every value"));
    found.push(values(store));
    tell(t("cộng lại các tỷ lệ", "adding up the rates again"));
    found.push(sums(store));
    tell(t("so chỉ mục tìm kiếm", "comparing the search index"));
    found.push(index(store));
    tell(t("so lịch sử", "comparing the history"));
    found.push(history(store));
    found
}

const OPEN: Text = t(
    "Mở sổ một lần bằng tài khoản được ghi (danvan, hay danvan petition list --count)",
    "Open it once as a user who may write it (danvan, or danvan petition list --count)",
);
const AGAIN: Text = t(
    "Đợi người đang ghi xong rồi chạy lại danvan doctor",
    "Wait for whoever is writing, then run danvan doctor again",
);

pub(super) const RESTORE: Text = t(
    "Khôi phục từ bản sao lưu gần nhất: danvan restore TỆP --yes",
    "Restore the latest backup: danvan restore FILE --yes",
);

pub(super) fn both(e: &Error) -> Msg {
    use crate::domain::words::Lang;
    Msg::new(e.text(Lang::Vi), e.text(Lang::En))
}

fn place(config: &Config) -> Finding {
    match store::network_fs(&config.db, config.assume_fs.as_deref()) {
        Some(fs) => bad(
            "file_system",
            Msg::new(
                format!("Tệp nằm trên hệ thống tệp mạng ({fs}): dữ liệu có thể hỏng"),
                format!("The file lies on a network file system ({fs}): data can be damaged"),
            ),
            t(
                "Chuyển tệp về đĩa của máy này rồi mở lại",
                "Move the file to a local disk and open it there",
            )
            .into(),
        ),
        None => good(
            "file_system",
            t(
                "Tệp nằm trên đĩa của máy này",
                "The file lies on a local disk",
            )
            .into(),
        ),
    }
}

fn permissions(config: &Config) -> Finding {
    let mode = std::fs::metadata(&config.db).map_or(0, |m| m.mode());
    if mode & 0o077 == 0 {
        return good(
            "permissions",
            t("Chỉ chủ tệp đọc được", "Only the owner can read the file").into(),
        );
    }
    if mode & 0o007 == 0 {
        return good(
            "permissions",
            t(
                "Chỉ chủ tệp và nhóm của tệp đọc được",
                "Only the owner and the group of the file can read it",
            )
            .into(),
        );
    }
    bad(
        "permissions",
        Msg::new(
            format!(
                "Người khác trên máy này đọc được tệp (quyền {:o})",
                mode & 0o777
            ),
            format!(
                "Others on this machine can read the file (mode {:o})",
                mode & 0o777
            ),
        ),
        Msg::new(
            format!("chmod 600 {}", config.db.display()),
            format!("chmod 600 {}", config.db.display()),
        ),
    )
}

fn pages(check: &Check) -> Vec<Finding> {
    let mut found = Vec::new();
    found.push(match check.integrity.first() {
        None => good("file", t("Tệp lành lặn", "The file is whole").into()),
        Some(line) => bad(
            "file",
            Msg::new(
                format!("Tệp bị hỏng: {line}"),
                format!("The file is damaged: {line}"),
            ),
            RESTORE.into(),
        ),
    });
    found.push(match check.foreign_keys.first() {
        None => good(
            "references",
            t(
                "Mọi liên kết đều có nơi đến",
                "Every reference leads to a record",
            )
            .into(),
        ),
        Some((table, n)) => bad(
            "references",
            Msg::new(
                format!("{n} dòng của {table} trỏ tới bản ghi không có"),
                format!("{n} rows of {table} point to records that are not there"),
            ),
            RESTORE.into(),
        ),
    });
    found
}

fn rows(store: &Store, config: &Config) -> Finding {
    match store.read().odd_rows(config.today()) {
        Ok(odd) if odd.is_empty() => good(
            "rows",
            t("Các dòng đúng quy tắc", "All rows keep the rules").into(),
        ),
        Ok(odd) => {
            let list: Vec<String> = odd
                .iter()
                .map(|(table, rule, ids)| format!("{table}.{rule}: {ids:?}"))
                .collect();
            bad(
                "rows",
                Msg::new(
                    format!("Có dòng trái quy tắc — {}", list.join("; ")),
                    format!("Rows that break a rule — {}", list.join("; ")),
                ),
                t(
                    "Mở các bản ghi đó (danvan KIND show MÃ) và sửa trường đã nêu",
                    "Open those records (danvan KIND show ID) and mend the field named",
                )
                .into(),
            )
        }
        Err(e) => bad("rows", both(&e.into()), RESTORE.into()),
    }
}

/// Codes, days and switches that no field can hold: shown as not entered everywhere else.
fn values(store: &Store) -> Finding {
    let mut odd = Vec::new();
    for kind in Kind::ALL {
        match store.read().unreadable(*kind) {
            Ok(found) => odd.extend(
                found
                    .iter()
                    .map(|(key, ids)| format!("{}.{key}: {ids:?}", kind.code())),
            ),
            Err(e) => return bad("values", both(&e.into()), RESTORE.into()),
        }
    }
    if odd.is_empty() {
        return good(
            "values",
            t("Mọi giá trị đều đọc được", "Every value can be read").into(),
        );
    }
    let list = odd.join("; ");
    bad(
        "values",
        Msg::new(
            format!("Có giá trị không đọc được — {list}"),
            format!("Values that cannot be read — {list}"),
        ),
        t(
            "Mở các bản ghi đó (danvan KIND show MÃ) và nhập lại trường đã nêu",
            "Open those records (danvan KIND show ID) and enter the field named again",
        )
        .into(),
    )
}

/// The sums that rates are read from, against the petitions.
fn sums(store: &Store) -> Finding {
    match store.read().sums_hold() {
        Ok(true) => good(
            "sums",
            t(
                "Số cộng sẵn của các tỷ lệ khớp với từng đơn",
                "The sums behind the rates are those of the petitions",
            )
            .into(),
        ),
        Ok(false) => bad(
            "sums",
            t(
                "Số cộng sẵn của các tỷ lệ không khớp với từng đơn",
                "The sums behind the rates are not those of the petitions",
            )
            .into(),
            t(
                "Cộng lại từ từng đơn: danvan doctor --recount",
                "Count them again: danvan doctor --recount",
            )
            .into(),
        ),
        Err(e) => bad("sums", both(&e.into()), RESTORE.into()),
    }
}

/// Ids of records by kind, as a finding names them: `petition: [3, 7]`.
fn named(
    look: impl Fn(Kind) -> std::result::Result<Vec<i64>, StoreError>,
) -> std::result::Result<String, StoreError> {
    let mut odd = Vec::new();
    for kind in Kind::ALL {
        let ids = look(*kind)?;
        if !ids.is_empty() {
            odd.push(format!("{}: {ids:?}", kind.code()));
        }
    }
    Ok(odd.join("; "))
}

/// Find must find what is there.
fn index(store: &Store) -> Finding {
    match named(|kind| store.read().unindexed(kind)) {
        Ok(odd) if odd.is_empty() => good(
            "search",
            t("Tìm thấy được mọi bản ghi", "Find knows every record").into(),
        ),
        Ok(odd) => bad(
            "search",
            Msg::new(
                format!("Chỉ mục tìm kiếm lệch — {odd}"),
                format!("The search index is out of step — {odd}"),
            ),
            t(
                "Lập lại chỉ mục: danvan doctor --reindex",
                "Make the index anew: danvan doctor --reindex",
            )
            .into(),
        ),
        Err(e) => bad("search", both(&e.into()), RESTORE.into()),
    }
}

/// What stands without a history was not written by this program.
fn history(store: &Store) -> Finding {
    match named(|kind| store.read().unrecorded(kind)) {
        Ok(odd) if odd.is_empty() => good(
            "history",
            t("Mọi bản ghi có lịch sử", "Every record has its history").into(),
        ),
        Ok(odd) => bad(
            "history",
            Msg::new(
                format!("Bản ghi và lịch sử không khớp — {odd}"),
                format!("Records and history do not match — {odd}"),
            ),
            t(
                "Có chương trình khác đã ghi vào tệp: so với bản sao lưu gần nhất",
                "Another program has written into the file: compare with the latest backup",
            )
            .into(),
        ),
        Err(e) => bad("history", both(&e.into()), RESTORE.into()),
    }
}

/// Makes the search index anew, in one transaction: others wait, or see the old one until it is done.
///
/// # Errors
/// A failure of the database.
pub fn reindex(cx: &mut Cx) -> Result<()> {
    Ok(cx.store.reindex()?)
}

/// An unconfirmed year is worth knowing, not a fault: the Prime Minister decides each year's days off.
fn calendar(store: &Store, config: &Config) -> Finding {
    use chrono::Datelike;
    let year = config.today().year();
    let days = match store.read().calendar_days() {
        Ok(days) => days,
        Err(e) => return bad("calendar", both(&e.into()), RESTORE.into()),
    };
    let open: Vec<String> = days
        .iter()
        .filter(|d| d.date.year() == year && !d.confirmed)
        .map(|d| format!("{} {}", crate::domain::date::vi(d.date), d.name))
        .collect();
    if !days.iter().any(|d| d.date.year() == year) {
        return bad(
            "calendar",
            Msg::new(
                format!("Lịch nghỉ năm {year} chưa có: hạn tính thiếu ngày lễ"),
                format!("No holidays are known for {year}: deadlines ignore them"),
            ),
            t("Cập nhật chương trình", "Update the program").into(),
        );
    }
    let note = if open.is_empty() {
        Msg::new(
            format!("Lịch nghỉ năm {year} đã đủ"),
            format!("The calendar of {year} is complete"),
        )
    } else {
        Msg::new(
            format!(
                "Lịch nghỉ năm {year} đã có; chưa chắc chắn: {}",
                open.join(", ")
            ),
            format!(
                "The calendar of {year} is there; not confirmed: {}",
                open.join(", ")
            ),
        )
    };
    good("calendar", note)
}
