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

/// All habits; a file that says none of them is empty.
fn parse(text: &str) -> Map<String, Json> {
    match serde_json::from_str(text) {
        Ok(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

fn of(all: &Map<String, Json>, kind: Kind) -> Habits {
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

/// One habit taken up or given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// The field of this key keeps its value, or does not any more.
    Keep(&'static str, bool),
    /// Saving opens the next form, or does not any more.
    Again(bool),
}

impl Habits {
    /// Takes a habit up, or gives it up.
    pub fn switch(&mut self, switch: Switch) {
        match switch {
            Switch::Keep(key, on) => {
                self.keep.retain(|kept| *kept != key);
                self.keep.extend(on.then_some(key));
            }
            Switch::Again(on) => self.again = on,
        }
    }
}

/// The habits of this user for a register; none where nothing was kept or the file cannot be read.
#[must_use]
pub fn load(config: &Config, kind: Kind) -> Habits {
    let text = std::fs::read_to_string(file(config)).unwrap_or_default();
    of(&parse(&text), kind)
}

/// Remembers a habit of this user for a register; what other programs of the user remembered meanwhile stays.
///
/// # Errors
/// When it cannot be written; the file is whole or as it was.
pub fn remember(config: &Config, kind: Kind, switch: Switch) -> Result<()> {
    let changed = own_file::update(&file(config), |text| {
        let mut all = parse(text);
        let mut mine = of(&all, kind);
        mine.switch(switch);
        let mine = json!({ "keep": mine.keep, "again": mine.again });
        all.insert(kind.code().to_owned(), mine);
        Some(Json::Object(all).to_string())
    });
    changed.map_err(|e| {
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
        for switch in [
            Switch::Keep("unit", true),
            Switch::Keep("officer", true),
            Switch::Keep("received_on", true),
            Switch::Keep("officer", false),
            Switch::Again(true),
        ] {
            remember(&config, Kind::Petition, switch).unwrap();
        }
        remember(&config, Kind::Reception, Switch::Again(false)).unwrap();
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
