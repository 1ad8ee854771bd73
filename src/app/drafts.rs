//! Drafts: what was typed and not saved yet, kept in files of the user, outside the registers.
use super::held::{Held, is_held};
use super::secrecy::{Names, is_free_text, is_name_field, tells};
use super::{Config, Cx, Error, Result, once};
use crate::catalog::{self, Field, intake::AS_PETITION, rule::RULE_FIELDS};
use crate::codes;
use crate::domain::petition::{PetitionType, StepKind};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Msg;
use crate::store::private_folder;
use chrono::NaiveDate;
use serde_json::{Map, Value as Json, json};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

codes!(
    /// Which form a draft was typed into.
    Form {
        Record = "record",
        Step = "step",
        Rule = "rule",
        Rows = "rows",
    }
);

/// One row of a form that enters a head with rows under it.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftRow {
    /// The register of the row.
    pub kind: Kind,
    /// Fields as typed: key and text.
    pub fields: Vec<(String, String)>,
}

/// In a draft of a step, the field that names the step.
pub const STEP: &str = "step";
/// The end of the name of a draft that is being written.
const PART: &str = ".part";

/// One draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its name, also of its file, and the token that the form is sent with.
    pub id: String,
    /// The register.
    pub kind: Kind,
    /// The form.
    pub form: Form,
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
    /// The rows under the head, in their order.
    pub rows: Vec<DraftRow>,
    /// The run of the program that it is typed in; while that runs, the draft waits for nobody.
    pub run: String,
}

impl Draft {
    /// A draft of a new record of a kind, with nothing in it.
    #[must_use]
    pub fn of(kind: Kind) -> Draft {
        Draft {
            id: new_id(),
            kind,
            form: Form::Record,
            record: None,
            rev: None,
            saved_at: String::new(),
            fields: Vec::new(),
            base: Vec::new(),
            rows: Vec::new(),
            run: String::new(),
        }
    }

    /// The text of a field, where the draft has one.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        text_of(&self.fields, key)
    }

    /// The step that it is about, where it is one of a step.
    #[must_use]
    pub fn step(&self) -> Option<StepKind> {
        let step = self.text(STEP).and_then(StepKind::from_code);
        step.filter(|_| self.form == Form::Step)
    }

    /// The fields that were typed into, with their texts; what the form brought along is not among them.
    pub fn typed(&self) -> impl Iterator<Item = (&'static Field, &str)> {
        let known = match (self.form, self.step()) {
            (Form::Rule, _) => RULE_FIELDS,
            (_, Some(step)) => catalog::step::fields_of(step),
            _ => catalog::entity(self.kind).fields,
        };
        self.fields.iter().filter_map(move |(key, text)| {
            let field = known.iter().find(|field| field.key == key)?;
            (text_of(&self.base, key) != Some(text)).then_some((field, text.as_str()))
        })
    }

    /// Takes out the fields that tell who brought a denunciation, and these texts; says whether there was something.
    fn forget_writer(&mut self, texts: &[String]) -> bool {
        let names = named(self.fields.iter().chain(&self.base));
        self.forget(|key, text| tells(&names, key, text) || texts.iter().any(|own| own == key))
    }

    /// Takes out the fields of which `tells` says so by key and text; says whether one held something.
    pub(super) fn forget(&mut self, tells: impl Fn(&str, &str) -> bool) -> bool {
        let named = |(key, text): &(String, String)| !text.is_empty() && tells(key, text);
        let mut parts: Vec<&mut Vec<(String, String)>> = vec![&mut self.fields, &mut self.base];
        parts.extend(self.rows.iter_mut().map(|row| &mut row.fields));
        let held = parts.iter().any(|fields| fields.iter().any(named));
        for fields in parts {
            fields.retain(|(key, text)| !tells(key, text));
        }
        held
    }
}

fn text_of<'a>(fields: &'a [(String, String)], key: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(k, _)| k == key);
    found.map(|(_, text)| text.as_str())
}

/// One run of the program, told apart from runs that have ended: the drafts of these wait.
#[derive(Debug)]
pub struct Run {
    id: String,
    _held: Held,
}

impl Run {
    /// Says that the program runs, as long as this lives.
    ///
    /// # Errors
    /// When the state folder cannot be written.
    pub fn start(config: &Config) -> Result<Run> {
        let dir = running(config);
        let make = || {
            private_folder(&dir)?;
            // What killed runs have left behind goes.
            for entry in std::fs::read_dir(&dir)?.flatten() {
                let _ = runs(config, &entry.file_name().to_string_lossy());
            }
            let id = new_id();
            Held::take(&dir.join(&id), 0o600, "").map(|held| Run { id, _held: held })
        };
        make().map_err(|e| failed(&e))
    }

    /// Its name, for the drafts that are typed in it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

fn running(config: &Config) -> PathBuf {
    config.state_dir.join("running")
}

fn runs(config: &Config, run: &str) -> bool {
    let named = run.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    !run.is_empty() && named && is_held(&running(config).join(run))
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

/// True when what the fields are about is a denunciation, or may be: its type is not said or cannot be read, or it
/// is linked to a petition whose type is not known here.
fn secret(kind: Kind, fields: &[(String, String)], today: NaiveDate) -> bool {
    let typed = |key: &str| {
        text_of(fields, key)
            .map(str::trim)
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

/// The fields that may be kept: no trace of who brought a denunciation (LTC Đ8.3, Đ56). Neither is a text that tells the
/// name: once that has gone, nothing could hold the text against it.
fn permitted(kind: Kind, fields: &[(String, String)], today: NaiveDate) -> Map<String, Json> {
    let secret = secret(kind, fields, today);
    let names = named(fields);
    fields
        .iter()
        .filter(|(key, text)| !(secret && tells(&names, key, text)))
        .map(|(key, text)| (key.clone(), Json::from(text.as_str())))
        .collect()
}

/// The names of persons that stand in fields for them.
fn named<'a>(fields: impl IntoIterator<Item = &'a (String, String)>) -> Names {
    let own = fields.into_iter().filter(|(key, _)| is_name_field(key));
    Names::written(own.map(|(_, text)| text.clone()))
}

/// Writes a draft; the file is whole or not there.
///
/// # Errors
/// When it cannot be written.
pub fn save(config: &Config, draft: &Draft) -> Result<()> {
    let dir = folder(config);
    let today = config.today();
    let fields = permitted(draft.kind, &draft.fields, today);
    let base: Map<String, Json> = draft
        .base
        .iter()
        .filter(|(key, _)| fields.contains_key(key))
        .map(|(key, text)| (key.clone(), Json::from(text.as_str())))
        .collect();
    let rows: Vec<Json> = draft
        .rows
        .iter()
        .map(|row| json!({"kind": row.kind.code(), "fields": permitted(row.kind, &row.fields, today)}))
        .collect();
    let json = json!({
        "kind": draft.kind.code(), "form": draft.form.code(), "record": draft.record, "rev": draft.rev,
        "saved_at": draft.saved_at, "db": config.db.display().to_string(), "fields": fields,
        "base": base, "rows": rows, "run": draft.run,
    });
    let part = dir.join(format!("{}.{}{PART}", draft.id, draft.run));
    let write = || -> std::io::Result<()> {
        private_folder(&dir)?;
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
    write().map_err(|e| {
        // On a full disk what was written of it only takes room.
        let _ = std::fs::remove_file(&part);
        failed(&e)
    })
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
    let kind = |json: &Json| Kind::from_code(json.get("kind")?.as_str()?);
    let row = |json: &Json| {
        Some(DraftRow {
            kind: kind(json)?,
            fields: texts(json.get("fields")?)?,
        })
    };
    let rows = json.get("rows").and_then(Json::as_array);
    Some(Draft {
        id: path.file_stem()?.to_str()?.to_owned(),
        kind: kind(&json)?,
        form: Form::from_code(json.get("form")?.as_str()?)?,
        record: json.get("record").and_then(Json::as_i64),
        rev: json.get("rev").and_then(Json::as_i64),
        saved_at: json.get("saved_at")?.as_str()?.to_owned(),
        fields: texts(json.get("fields")?)?,
        base: json.get("base").and_then(texts).unwrap_or_default(),
        rows: rows.map_or_else(Vec::new, |rows| rows.iter().filter_map(row).collect()),
        run: json.get("run")?.as_str()?.to_owned(),
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

/// The drafts that wait for an answer: not those that are being typed in a running program, nor those of which the
/// content has been stored meanwhile; these go by themselves.
///
/// # Errors
/// When the folder cannot be read, or a failure of the database.
pub fn waiting(cx: &Cx) -> Result<Vec<Draft>> {
    let config = &cx.config;
    let mut waiting = Vec::new();
    for mut draft in list(config)? {
        if runs(config, &draft.run) {
            continue;
        }
        if stored(cx, &draft)? {
            discard(config, &draft.id)?;
            continue;
        }
        // Someone else may have made a denunciation of the petition since.
        if let Some(texts) = of_denunciation(cx, &draft)?
            && draft.forget_writer(&texts)
        {
            save(config, &draft)?;
        }
        waiting.push(draft);
    }
    remove_parts(config);
    Ok(waiting)
}

/// Whether all that a draft holds is stored: by the form itself, or as someone would have it by saving it now.
fn stored(cx: &Cx, draft: &Draft) -> Result<bool> {
    let brought = once::brought(cx, &draft.id)?;
    if draft.form != Form::Record {
        return Ok(brought.is_some());
    }
    let record = match (brought, draft.record) {
        (Some((_, id)), _) | (None, Some(id)) => cx.store.read().get(draft.kind, id)?,
        (None, None) => None,
    };
    Ok(record.is_some_and(|record| {
        draft.fields.iter().all(|(key, text)| {
            catalog::field(draft.kind, key)
                .is_none_or(|field| once::is_stored(cx, record.as_ref(), field, text))
        })
    }))
}

/// Where a draft is of a petition that is a denunciation now: the texts in it that may name the writer, all of them if it
/// has become one since they were typed, for nobody knows the name any more.
fn of_denunciation(cx: &Cx, draft: &Draft) -> Result<Option<Vec<String>>> {
    let (Kind::Petition, Some(id)) = (draft.kind, draft.record) else {
        return Ok(None);
    };
    let db = cx.store.read();
    let record = db.get(Kind::Petition, id)?;
    let denunciation = Some(PetitionType::Denunciation.code());
    if record.is_none_or(|record| record.get("type").text() != denunciation) {
        return Ok(None);
    }
    let history = db.history(Kind::Petition, id)?;
    let since = history
        .iter()
        .any(|row| row.change.field.as_deref() == Some("type") && row.at >= draft.saved_at);
    let free = |key: &str| match draft.form {
        Form::Step => !matches!(key, STEP | "on"),
        _ => is_free_text(key),
    };
    let keys = draft.fields.iter().map(|(key, _)| key.clone());
    Ok(Some(keys.filter(|key| since && free(key)).collect()))
}

/// Takes away what a killed program had written of a draft when it was killed.
fn remove_parts(config: &Config) {
    for entry in std::fs::read_dir(folder(config))
        .into_iter()
        .flatten()
        .flatten()
    {
        let path = entry.path();
        let name = entry.file_name();
        let run = name
            .to_str()
            .and_then(|name| name.strip_suffix(PART)?.split('.').nth(1));
        if run.is_some_and(|run| !runs(config, run)) {
            // Another program of the same user may have been quicker.
            let _ = std::fs::remove_file(path);
        }
    }
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
