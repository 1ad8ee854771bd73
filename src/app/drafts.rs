//! Drafts: what was typed and not saved yet, kept in files of the user, outside the registers.
use super::secrecy::PERSON_FIELDS;
use super::{Config, Error, Result, intake};
use crate::catalog::{self, intake::AS_PETITION};
use crate::domain::petition::PetitionType;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Msg;
use chrono::NaiveDate;
use serde_json::{Value as Json, json};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// One draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its name, also of its file.
    pub id: String,
    /// The register.
    pub kind: Kind,
    /// The record being edited; none for a new one.
    pub record: Option<i64>,
    /// The revision the edit began on.
    pub rev: Option<i64>,
    /// When it was last written, ISO.
    pub saved_at: String,
    /// Fields as typed: key and text.
    pub fields: Vec<(String, String)>,
    /// What stood in those fields when the edit began: it tells what someone else changed meanwhile.
    pub base: Vec<(String, String)>,
    /// The rows under the head, each as its fields, where a whole day is being entered.
    pub rows: Option<Vec<Vec<(String, String)>>>,
}

fn folder(config: &Config) -> PathBuf {
    config.state_dir.join("drafts")
}

fn failed(e: &std::io::Error) -> Error {
    Error::Write(Msg::new(
        format!("Không ghi được bản nháp: {e}"),
        format!("Could not write the draft: {e}"),
    ))
}

/// A name for a new draft; unique on this machine.
#[must_use]
pub fn new_id() -> String {
    use std::hash::{BuildHasher, Hasher};
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // The hasher's seed is random for each call; no clock is read here.
    let random = std::hash::RandomState::new().build_hasher().finish();
    format!("{random:x}-{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// True when what the draft is about is a denunciation, or may be: its type is not said or cannot be read, or it
/// is linked to a petition whose type is not known here.
fn secret(kind: Kind, fields: &[(String, String)], today: NaiveDate) -> bool {
    let typed = |key: &str| {
        let found = fields.iter().find(|(k, _)| k == key);
        found
            .map(|(_, text)| text.trim())
            .filter(|text| !text.is_empty())
    };
    let denunciation = |key: &str| {
        let text = typed(key)?;
        let asked = catalog::field(kind, key)
            .or_else(|| (key == AS_PETITION).then(|| catalog::intake::as_petition(Kind::Dialogue)));
        let read = asked.map(|f| catalog::parse::parse(f, text, today));
        Some(match read {
            Some(Ok(value)) => value.text() == Some(PetitionType::Denunciation.code()),
            _ => true,
        })
    };
    match kind {
        Kind::Petition => denunciation("type").unwrap_or(true),
        Kind::Reception => {
            denunciation("matter_type").unwrap_or(false) || typed("petition").is_some()
        }
        Kind::Opinion => denunciation(AS_PETITION).unwrap_or(false) || typed("petition").is_some(),
        _ => false,
    }
}

/// The fields of a draft, or of one of its rows, without a trace of who brought a denunciation (LTC Đ8.3, Đ56).
fn permitted(
    kind: Kind,
    fields: &[(String, String)],
    today: NaiveDate,
) -> serde_json::Map<String, Json> {
    let secret = secret(kind, fields, today);
    fields
        .iter()
        .filter(|(key, _)| !(secret && PERSON_FIELDS.contains(&key.as_str())))
        .map(|(key, text)| (key.clone(), Json::from(text.as_str())))
        .collect()
}

/// Writes a draft; the file is whole or not there.
///
/// # Errors
/// When it cannot be written.
pub fn save(config: &Config, draft: &Draft) -> Result<()> {
    let dir = folder(config);
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&dir)
        .map_err(|e| failed(&e))?;
    let fields = permitted(draft.kind, &draft.fields, config.today());
    let row_kind = intake::rows_of(draft.kind).unwrap_or(draft.kind);
    let rows = draft.rows.as_ref().map(|rows| {
        let row = |row: &Vec<_>| Json::Object(permitted(row_kind, row, config.today()));
        Json::Array(rows.iter().map(row).collect())
    });
    let base: serde_json::Map<String, Json> = draft
        .base
        .iter()
        .filter(|(key, _)| fields.contains_key(key))
        .map(|(key, text)| (key.clone(), Json::from(text.as_str())))
        .collect();
    let json = json!({
        "kind": draft.kind.code(), "record": draft.record, "rev": draft.rev,
        "saved_at": draft.saved_at, "db": config.db.display().to_string(), "fields": fields,
        "base": base, "rows": rows,
    });
    let part = dir.join(format!(".{}.part", draft.id));
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)?;
        file.write_all(json.to_string().as_bytes())?;
        file.sync_data()?;
        std::fs::rename(&part, dir.join(format!("{}.json", draft.id)))
    };
    write().map_err(|e| failed(&e))
}

fn read(path: &Path, db: &str) -> Option<Draft> {
    let json: Json = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
    if json.get("db")?.as_str()? != db {
        return None;
    }
    let texts = |json: &Json| -> Option<Vec<(String, String)>> {
        let texts = json.as_object()?.iter();
        Some(
            texts
                .filter_map(|(key, text)| Some((key.clone(), text.as_str()?.to_owned())))
                .collect(),
        )
    };
    Some(Draft {
        id: path.file_stem()?.to_str()?.to_owned(),
        kind: Kind::from_code(json.get("kind")?.as_str()?)?,
        record: json.get("record").and_then(Json::as_i64),
        rev: json.get("rev").and_then(Json::as_i64),
        saved_at: json.get("saved_at")?.as_str()?.to_owned(),
        fields: texts(json.get("fields")?)?,
        base: json.get("base").and_then(texts).unwrap_or_default(),
        rows: json
            .get("rows")
            .and_then(Json::as_array)
            .map(|rows| rows.iter().filter_map(texts).collect()),
    })
}

/// The drafts of this user for this database, oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(config: &Config) -> Result<Vec<Draft>> {
    let entries = match std::fs::read_dir(folder(config)) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(failed(&e)),
    };
    let db = config.db.display().to_string();
    let mut drafts: Vec<Draft> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .filter_map(|path| read(&path, &db))
        .collect();
    drafts.sort_by(|a, b| (&a.saved_at, &a.id).cmp(&(&b.saved_at, &b.id)));
    Ok(drafts)
}

/// Throws a draft away.
///
/// # Errors
/// When there is none of this name.
pub fn discard(config: &Config, id: &str) -> Result<()> {
    let known = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let path = folder(config).join(format!("{id}.json"));
    if !known || !path.exists() {
        return Err(Error::NotFound(Msg::new(
            format!("Không có bản nháp «{id}»"),
            format!("No draft \"{id}\""),
        )));
    }
    std::fs::remove_file(path).map_err(|e| failed(&e))
}
