//! Editing a petition into a denunciation: what goes for ever is told before.
use super::Call;
use super::out::{Fail, refused};
use crate::app::{Cx, records, secrecy};
use crate::domain::petition::{PetitionType, WRITER_FIELDS};
use crate::domain::record::{Kind, Record};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Value};
use crate::domain::words::Lang;

fn to_denunciation(fields: &[(&'static str, Value)]) -> bool {
    fields.iter().any(|(key, value)| {
        *key == "type" && value.text() == Some(PetitionType::Denunciation.code())
    })
}

/// Before a petition becomes a denunciation: what goes for ever is told, and only a yes lets it go (LTC Đ8.3).
pub(super) fn told_what_goes(
    call: &Call,
    cx: &Cx,
    id: i64,
    fields: &[(&'static str, Value)],
) -> Result<(), Fail> {
    let record = records::get(cx, Kind::Petition, id)?;
    // Who clears every field that names the writer in the same call has said yes.
    let cleared = WRITER_FIELDS.iter().all(|key| {
        record.get(key).is_null() || fields.iter().any(|(k, value)| k == key && value.is_null())
    });
    let named = WRITER_FIELDS.iter().any(|key| !record.get(key).is_null());
    if !to_denunciation(fields) || call.settings.yes || (named && cleared) {
        return Ok(());
    }
    let removal = secrecy::removal(cx, id)?;
    if removal.is_empty() {
        return Ok(());
    }
    let labels = |lang: Lang| -> String {
        let all: Vec<&str> = removal.fields.iter().map(|f| f.get(lang)).collect();
        all.join(", ")
    };
    let (history, drafts, steps) = (removal.history, removal.drafts, removal.steps);
    let warning = secrecy::WARNING;
    Err(refused(
        format!(
            "Chuyển thành tố cáo sẽ xóa hẳn: {} (lịch sử: {history} dòng, lời ghi nêu tên ở các bước: {steps}, bản nháp: {drafts}). {} Thêm --yes để làm.",
            labels(Lang::Vi),
            warning.vi
        ),
        format!(
            "Becoming a denunciation removes for ever: {} (history rows: {history}, steps whose texts name the writer: {steps}, drafts: {drafts}). {} Add --yes to do it.",
            labels(Lang::En),
            warning.en
        ),
    ))
}

/// The change itself; a petition that becomes a denunciation loses its writer at once, unless the call names one: that
/// is refused by the rules.
pub(super) fn change(
    cx: &mut Cx,
    kind: Kind,
    (id, rev): (i64, Option<i64>),
    fields: &[(&'static str, Value)],
    heirs: Option<&[(String, SuccessionKind)]>,
) -> Result<Box<dyn Record>, Fail> {
    let secret = kind == Kind::Petition && to_denunciation(fields);
    let named = fields
        .iter()
        .any(|(key, value)| WRITER_FIELDS.contains(key) && !value.is_null());
    Ok(if secret && !named {
        secrecy::make_denunciation(cx, id, rev, fields)?
    } else {
        records::edit_with(cx, kind, id, rev, fields, heirs)?
    })
}
