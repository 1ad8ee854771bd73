//! History in words: who did what, field by field, as the shell and the screen show it.
use super::records::AuditRow;
use crate::catalog;
use crate::domain::date;
use crate::domain::petition::StepKind;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Lang, Text, t};
use crate::store::Action;

/// What an empty side of a change is shown as.
const NOTHING: &str = "–";
/// What stands where the writer of a denunciation was blanked (LTC Đ8.3, Đ56).
const FORGOTTEN: Text = t("đã xóa khỏi lịch sử", "removed from the history");

/// One row of a history in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What was done: «sửa Nội dung», «bước phân loại: 22/11/2026», «lấy lại bước thụ lý: ghi nhầm».
    pub what: String,
    /// Text before and after, of an edit.
    pub change: Option<String>,
    /// Note or reason, where `what` does not say it.
    pub why: Option<String>,
}

/// Day and time of a stored moment: `12/03/2026 08:15`.
#[must_use]
pub fn moment(stored: &str) -> String {
    let (day, clock) = stored.split_once('T').unwrap_or((stored, ""));
    let clock: String = clock.chars().take(5).collect();
    match day.parse() {
        Ok(day) => format!("{} {clock}", date::vi(day)),
        Err(_) => stored.to_owned(),
    }
}

/// The label of a field that a history names.
#[must_use]
pub fn field_label(kind: Kind, key: &str) -> Text {
    if (kind, key) == (Kind::Unit, "successors") {
        return t("Đơn vị kế thừa", "Successors");
    }
    catalog::field(kind, key).map_or(t("?", "?"), |f| f.label)
}

fn step_label(code: &str, lang: Lang) -> String {
    StepKind::from_code(code).map_or_else(
        || code.to_owned(),
        |step| catalog::step::label(step).get(lang).to_owned(),
    )
}

/// A row of a record's history in words.
#[must_use]
pub fn told(kind: Kind, row: &AuditRow, lang: Lang) -> Told {
    let key = row.change.field.as_deref().unwrap_or_default();
    let forgotten = || FORGOTTEN.get(lang).to_owned();
    let plain = |what: Text| Told {
        what: what.get(lang).to_owned(),
        change: None,
        why: row.why.clone(),
    };
    match Action::from_code(&row.action) {
        Some(Action::Add) => plain(t("thêm", "added")),
        Some(Action::Remove) => plain(t("xóa", "removed")),
        Some(Action::Restore) => plain(t("khôi phục", "restored")),
        Some(Action::Step) => {
            let on = row.change.after.as_deref().map_or_else(forgotten, |on| {
                on.parse().map_or_else(|_| on.to_owned(), date::vi)
            });
            Told {
                what: format!(
                    "{} {}: {on}",
                    t("bước", "step").get(lang),
                    step_label(key, lang)
                ),
                change: None,
                why: row.why.clone(),
            }
        }
        Some(Action::UndoStep) => Told {
            what: format!(
                "{} {}: {}",
                t("lấy lại bước", "took back the step").get(lang),
                step_label(key, lang),
                row.why.clone().unwrap_or_else(forgotten)
            ),
            change: None,
            why: None,
        },
        Some(Action::Edit) => {
            let change = match (row.change.before.as_deref(), row.change.after.as_deref()) {
                (None, None) => forgotten(),
                (before, after) => {
                    format!(
                        "{} → {}",
                        before.unwrap_or(NOTHING),
                        after.unwrap_or(NOTHING)
                    )
                }
            };
            Told {
                what: format!(
                    "{} {}",
                    t("sửa", "changed").get(lang),
                    field_label(kind, key).get(lang)
                ),
                change: Some(change),
                why: row.why.clone(),
            }
        }
        None => Told {
            what: row.action.clone(),
            change: None,
            why: row.why.clone(),
        },
    }
}
