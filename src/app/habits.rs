//! What a user's forms remember between two entries: which fields keep their value, whether saving opens the next
//! form. Kept in a file of the user; keys of fields only, never a value.
use super::{Config, Error, Result, own_file};
use crate::catalog::{self, Field, Type};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Msg;
use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;

/// How one user enters one register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Habits {
    /// Keys of the fields that keep the value of the record before.
    pub keep: Vec<&'static str>,
    /// Saving opens the next form.
    pub again: bool,
}

/// Whether a field may keep its value from one record to the next: no long text, no person, nothing that belongs to
/// one record only; of days the one of the register.
#[must_use]
pub fn carries(kind: Kind, field: &Field) -> bool {
    let entity = catalog::entity(kind);
    let once = field.is_once() && field.key != entity.date_field;
    let link = matches!(field.ty, Type::Ref(_)) && field.key != "dialogue";
    let title = field.key == entity.title_field;
    !(field.computed() || field.personal() || once || link || title)
}

fn file(config: &Config) -> PathBuf {
    config.state_dir.join("forms.json")
}

fn read(config: &Config) -> Map<String, Json> {
    let text = std::fs::read_to_string(file(config)).unwrap_or_default();
    match serde_json::from_str(&text) {
        Ok(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

/// The habits of this user for a register; none where nothing was kept or the file cannot be read.
#[must_use]
pub fn load(config: &Config, kind: Kind) -> Habits {
    let all = read(config);
    let Some(mine) = all.get(kind.code()) else {
        return Habits::default();
    };
    let named = |key: &Json| {
        let field = catalog::field(kind, key.as_str()?)?;
        carries(kind, field).then_some(field.key)
    };
    Habits {
        keep: mine
            .get("keep")
            .and_then(Json::as_array)
            .map(|keys| keys.iter().filter_map(named).collect())
            .unwrap_or_default(),
        again: mine.get("again").and_then(Json::as_bool).unwrap_or(false),
    }
}

/// Keeps the habits of this user for a register; the file is whole or as it was.
///
/// # Errors
/// When it cannot be written.
pub fn save(config: &Config, kind: Kind, habits: &Habits) -> Result<()> {
    let mut all = read(config);
    let mine = json!({ "keep": habits.keep, "again": habits.again });
    all.insert(kind.code().to_owned(), mine);
    let text = Json::Object(all).to_string();
    own_file::write(&file(config), &text).map_err(|e| {
        Error::Write(Msg::new(
            format!("Không ghi được lựa chọn của biểu mẫu: {e}"),
            format!("Could not write the choices of the form: {e}"),
        ))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn can(kind: Kind, key: &str) -> bool {
        carries(kind, catalog::field(kind, key).unwrap())
    }

    #[test]
    fn no_person_no_long_text_no_number_of_one_record_is_carried() {
        for key in [
            "received_on",
            "type",
            "unit",
            "source",
            "handler_unit",
            "officer",
        ] {
            assert!(can(Kind::Petition, key), "{key}");
        }
        for key in [
            "petitioner",
            "address",
            "subject",
            "content",
            "note",
            "written_on",
            "previous",
            "forward_document",
            "sealed_file",
            "duplicate_of",
            "due_on",
        ] {
            assert!(!can(Kind::Petition, key), "{key}");
        }
        assert!(!can(Kind::Reception, "visitor") && !can(Kind::Opinion, "asker"));
        assert!(!can(Kind::Model, "registrant_name"));
    }

    #[test]
    fn habits_are_kept_by_register_and_a_broken_file_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config {
            db: dir.path().join("a.db"),
            today: None,
            read_only: false,
            assume_fs: None,
            state_dir: dir.path().join("state"),
            actor: "lan".into(),
            demo: false,
        };
        assert_eq!(load(&config, Kind::Petition), Habits::default());
        let mine = Habits {
            keep: vec!["unit", "received_on"],
            again: true,
        };
        save(&config, Kind::Petition, &mine).unwrap();
        save(&config, Kind::Reception, &Habits::default()).unwrap();
        assert_eq!(load(&config, Kind::Petition), mine);
        std::fs::write(
            file(&config),
            r#"{"petition":{"keep":["petitioner","unit",3],"again":1}}"#,
        )
        .unwrap();
        assert_eq!(load(&config, Kind::Petition).keep, ["unit"]);
        std::fs::write(file(&config), "{").unwrap();
        assert_eq!(load(&config, Kind::Petition), Habits::default());
    }
}
