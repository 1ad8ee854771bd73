//! What the doctor says of the copies of the office's database.
use super::doctor::{Finding, good};
use super::{BEFORE_RESTORE, daily, same_file};
use crate::app::Config;
use crate::domain::words::{Msg, t};
use crate::store;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

/// Days after which a backup is too old to rely on.
const FRESH_DAYS: i64 = 7;

/// The latest backup in the folder of the daily copies or beside the database. None is advice, not a fault: it may lie on another
/// disk, where it belongs.
pub(super) fn backups(config: &Config) -> Finding {
    let beside = match config.db.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir.to_owned(),
        _ => ".".into(),
    };
    let places = [daily::folder(config), beside];
    let all = places.iter().flat_map(|dir| copies_in(dir, config));
    let (before, mut copies): (Vec<_>, Vec<_>) = all.partition(|(_, path)| is_kept_before(path));
    copies.sort();
    let newest = copies.pop();
    let [daily, beside] = places.each_ref().map(|dir| dir.display());
    let (vi, en) = match &newest {
        Some((day, path)) => {
            let (file, day_vi) = (path.display(), crate::domain::date::vi(*day));
            (
                format!("Bản sao lưu mới nhất: {file} ({day_vi})"),
                format!("Latest backup: {file} ({day})"),
            )
        }
        None => (
            format!("Không thấy bản sao lưu nào trong {daily} và {beside}"),
            format!("No backup in {daily} or {beside}"),
        ),
    };
    let (vi, en) = match before.iter().max() {
        Some((day, path)) => {
            let (file, n) = (path.display(), before.len());
            (
                format!(
                    "{vi}; còn giữ {n} tệp từ trước khi khôi phục, mới nhất {file} ({}): không cần nữa thì xóa được",
                    crate::domain::date::vi(*day)
                ),
                format!(
                    "{en}; {n} files from before a restore are kept, the latest {file} ({day}): they may be deleted once nobody needs them"
                ),
            )
        }
        None => (vi, en),
    };
    let fresh = newest.is_some_and(|(day, _)| (config.today() - day).num_days() <= FRESH_DAYS);
    let large = daily::size(config) > daily::BY_ITSELF;
    Finding {
        advice: (!fresh || large).then(|| {
            let text = if large {
                t(
                    "Tệp lớn hơn 2 GiB không tự sao lưu: đặt lịch danvan backup mỗi đêm, chép một bản sang máy khác",
                    "A file over 2 GiB makes no copy by itself: run danvan backup every night, keep one on another machine",
                )
            } else {
                t(
                    "Sao lưu ít nhất mỗi tuần: danvan backup, và chép một bản sang máy khác",
                    "Back up at least every week: danvan backup, and keep a copy on another machine",
                )
            };
            text.into()
        }),
        ..good("backups", Msg::new(vi, en))
    }
}

/// Copies of the office's database in a folder, with the day each was made. Another office's file, or sample data, is
/// no copy of it.
fn copies_in(dir: &Path, config: &Config) -> Vec<(NaiveDate, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let office = daily::office(config);
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && !same_file(path, &config.db) && store::is_ours(path))
        .filter(|path| {
            let copy = Config {
                db: path.clone(),
                ..config.clone()
            };
            daily::office(&copy) == office
        })
        .filter_map(|path| {
            let made = std::fs::metadata(&path).ok()?.modified().ok()?;
            Some((crate::app::cx::day_of(made), path))
        })
        .collect()
}

/// Whether a file is what a restore has put aside: the state that was not wanted any more, no copy to go back to.
fn is_kept_before(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.contains(BEFORE_RESTORE))
}
