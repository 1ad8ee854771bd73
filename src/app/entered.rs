//! What a user entered before, field by field, for the arrows in a form: files of the user, outside the registers.
//!
//! Kept are days, numbers, units and short texts that tell nothing of a citizen. A field that may name who wrote a
//! petition is never kept, whatever the petition's type: what is a complaint today may turn out to be a denunciation,
//! and of that nothing may stay behind (LTC Đ8.3, Đ56).
use super::{Config, Error, Result, own_file};
use crate::catalog::{Field, Type};
use crate::domain::petition::StepKind;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Msg;
use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;

/// Most entries of a field; older ones go.
pub const MOST: usize = 50;
/// Longest text that is worth remembering, in letters.
const LONGEST: usize = 200;

/// A form: a register, or a step of a petition.
pub type Form = (Kind, Option<StepKind>);

/// Fields with what was entered there before, newest first.
pub type Past = Vec<(String, Vec<String>)>;

/// Whether what is entered in a field is remembered.
#[must_use]
pub fn keeps(kind: Kind, field: &Field) -> bool {
    match field.ty {
        Type::Date | Type::Integer { .. } | Type::Decimal | Type::Unit => true,
        Type::Text | Type::List if field.personal() => false,
        // Of free texts about a matter only those in which an office speaks of itself.
        Type::Text | Type::List => match kind {
            Kind::Petition => field.key == "officer",
            Kind::Reception => field.key == "receiver",
            _ => true,
        },
        Type::LongText | Type::Boolean | Type::Enum(_) | Type::Ref(_) => false,
    }
}

fn folder(config: &Config) -> PathBuf {
    config.state_dir.join("entered")
}

fn file_name((kind, step): Form) -> String {
    match step {
        Some(step) => format!("{}.{}.json", kind.code(), step.code()),
        None => format!("{}.json", kind.code()),
    }
}

/// The whole file: per database its fields. An unreadable one counts as empty.
fn parse(text: &str) -> Map<String, Json> {
    match serde_json::from_str(text) {
        Ok(Json::Object(all)) => all,
        _ => Map::new(),
    }
}

fn texts(entries: &Json) -> Vec<String> {
    let texts = entries.as_array().into_iter().flatten();
    texts
        .filter_map(|entry| entry.as_str().map(str::to_owned))
        .collect()
}

/// What this user entered in a form of this database.
#[must_use]
pub fn list(config: &Config, form: Form) -> Past {
    let text = std::fs::read_to_string(folder(config).join(file_name(form))).unwrap_or_default();
    match parse(&text).remove(&config.db.display().to_string()) {
        Some(Json::Object(fields)) => fields
            .iter()
            .map(|(key, entries)| (key.clone(), texts(entries)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Remembers the texts of a form that was saved, each once, the newest first; what other programs of the user have
/// remembered meanwhile stays.
///
/// # Errors
/// When the file cannot be written; what was saved is saved all the same.
pub fn remember(config: &Config, form: Form, entered: &[(&'static Field, String)]) -> Result<()> {
    let kept = |field: &Field, text: &str| {
        keeps(form.0, field) && !text.trim().is_empty() && text.chars().count() <= LONGEST
    };
    let told = entered.iter().filter(|(field, text)| kept(field, text));
    let told: Vec<_> = told.map(|(field, text)| (field.key, text)).collect();
    if told.is_empty() {
        return Ok(());
    }
    let path = folder(config).join(file_name(form));
    let changed = own_file::update(&path, |text| {
        let mut all = parse(text);
        let db = config.db.display().to_string();
        let fields = all.entry(db).or_insert_with(|| json!({}));
        let changed = put(fields.as_object_mut()?, &told);
        changed.then(|| Json::Object(all).to_string())
    });
    changed.map_err(|e| {
        Error::Write(Msg::new(
            format!("Không ghi được các giá trị đã nhập: {e}"),
            format!("Could not write what was entered: {e}"),
        ))
    })
}

/// Puts texts before the older ones of their fields; whether anything is another now.
fn put(fields: &mut Map<String, Json>, told: &[(&'static str, &String)]) -> bool {
    let mut changed = false;
    for (key, text) in told {
        let mut past = fields.get(*key).map(texts).unwrap_or_default();
        if past.first() == Some(*text) {
            continue;
        }
        past.retain(|old| old != *text);
        past.insert(0, (*text).clone());
        past.truncate(MOST);
        fields.insert((*key).to_owned(), json!(past));
        changed = true;
    }
    changed
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::app::secrecy::PERSON_FIELDS;
    use crate::catalog;

    fn config(dir: &std::path::Path, db: &str) -> Config {
        Config {
            db: dir.join(db),
            today: None,
            read_only: false,
            assume_fs: None,
            state_dir: dir.to_owned(),
            actor: "lan".into(),
            demo: false,
        }
    }

    fn of(key: &str, text: &str) -> (&'static Field, String) {
        (
            catalog::field(Kind::Petition, key).unwrap(),
            text.to_owned(),
        )
    }

    #[test]
    fn the_newest_first_each_once_and_per_database() {
        let dir = tempfile::TempDir::new().unwrap();
        let (here, other) = (config(dir.path(), "a.db"), config(dir.path(), "b.db"));
        let form = (Kind::Petition, None);
        for day in ["01/03/2026", "02/03/2026", "01/03/2026"] {
            remember(&here, form, &[of("received_on", day)]).unwrap();
        }
        assert_eq!(
            list(&here, form),
            [(
                "received_on".to_owned(),
                vec!["01/03/2026".to_owned(), "02/03/2026".to_owned()]
            )]
        );
        assert!(list(&other, form).is_empty());
        assert!(list(&here, (Kind::Petition, Some(StepKind::Accept))).is_empty());
        for n in 0..80 {
            remember(&here, form, &[of("officer", &format!("Cán bộ {n}"))]).unwrap();
        }
        let past = list(&here, form);
        let officers = &past.iter().find(|(key, _)| key == "officer").unwrap().1;
        assert_eq!((officers.len(), officers[0].as_str()), (MOST, "Cán bộ 79"));
    }

    #[test]
    fn nothing_that_may_tell_who_wrote_is_kept() {
        let dir = tempfile::TempDir::new().unwrap();
        let here = config(dir.path(), "a.db");
        let form = (Kind::Petition, None);
        let told: Vec<_> = catalog::entity(Kind::Petition)
            .fields
            .iter()
            .map(|field| (field, format!("Lê Thị Bông {}", field.key)))
            .collect();
        remember(&here, form, &told).unwrap();
        let text = std::fs::read_to_string(dir.path().join("entered/petition.json")).unwrap();
        for key in [
            "petitioner",
            "address",
            "subject",
            "content",
            "note",
            "sealed_file",
            "forwarded_by",
        ] {
            assert!(!text.contains(key), "{key}: {text}");
        }
        for kind in Kind::ALL {
            for field in catalog::entity(*kind).fields {
                let tells = PERSON_FIELDS.contains(&field.key)
                    || field.personal()
                    || catalog::may_name_denouncer(*kind, field.key);
                assert!(!(tells && keeps(*kind, field)), "{kind:?}.{}", field.key);
            }
        }
    }
}
