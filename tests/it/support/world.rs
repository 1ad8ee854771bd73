//! An office to test on: a database of its own with a fixed clock, and short ways to fill it.
use chrono::NaiveDate;
use danvan::app::records::{self, NewRecord};
use danvan::app::{Config, Cx, Error, petitions};
use danvan::catalog;
use danvan::domain::petition::{Petition, Step, StepKind};
use danvan::domain::query::{Cond, Op, Query};
use danvan::domain::record::Kind;
use danvan::domain::value::{Code, Value};
use danvan::domain::words::Lang;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A day from its ISO text.
pub fn d(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

/// How a test opens a database of its own.
pub fn config(dir: &Path, today: &str) -> Config {
    Config {
        db: dir.join("data").join("danvan.db"),
        today: Some(d(today)),
        read_only: false,
        assume_fs: None,
        state_dir: dir.join("state"),
        actor: "lan".into(),
        demo: false,
    }
}

/// The bytes of a fresh database: made once, since filling in the units takes its time.
fn fresh() -> &'static [u8] {
    static FRESH: OnceLock<Vec<u8>> = OnceLock::new();
    FRESH.get_or_init(|| {
        let dir = TempDir::new().unwrap();
        let config = config(dir.path(), "2026-11-21");
        drop(Cx::create(&config).unwrap());
        std::fs::read(&config.db).unwrap()
    })
}

/// Puts a fresh database where `config` says.
pub fn place(config: &Config) {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(config.db.parent().unwrap())
        .unwrap();
    std::fs::write(&config.db, fresh()).unwrap();
    std::fs::set_permissions(&config.db, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// An office with its folder, gone when dropped.
pub struct World {
    /// The open database.
    pub cx: Cx,
    dir: TempDir,
}

impl World {
    /// A fresh office on a day.
    pub fn on(today: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let config = config(dir.path(), today);
        place(&config);
        let cx = Cx::open(&config).unwrap();
        Self { cx, dir }
    }

    /// The same office in another program; its folder goes with the first.
    pub fn over(config: &Config, today: &str) -> Self {
        let config = Config {
            today: Some(d(today)),
            ..config.clone()
        };
        let cx = Cx::open(&config).unwrap();
        let dir = TempDir::new().unwrap();
        Self { cx, dir }
    }

    /// A file of its folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Goes on on another day.
    pub fn later(&mut self, today: &str) {
        let config = Config {
            today: Some(d(today)),
            ..self.cx.config().clone()
        };
        self.cx = Cx::open(&config).unwrap();
    }

    /// Adds a record from texts as a form or the shell has them.
    pub fn try_add(&mut self, kind: Kind, fields: &[(&str, &str)]) -> Result<i64, Error> {
        let new = NewRecord {
            fields: values(&self.cx, kind, fields),
            ..NewRecord::default()
        };
        records::add(&mut self.cx, kind, &[new]).map(|added| added[0].head().id)
    }

    /// The same where it must go well.
    pub fn add(&mut self, kind: Kind, fields: &[(&str, &str)]) -> i64 {
        match self.try_add(kind, fields) {
            Ok(id) => id,
            Err(e) => panic!("{}", e.text(Lang::Vi)),
        }
    }

    /// Adds a petition of a type, received on a day.
    pub fn petition(&mut self, on: &str, kind: &str, more: &[(&str, &str)]) -> i64 {
        let mut fields = vec![
            ("received_on", on),
            ("type", kind),
            ("subject", "Về việc thu hồi đất"),
        ];
        fields.retain(|(key, _)| !more.iter().any(|(k, _)| k == key));
        fields.extend(more);
        self.add(Kind::Petition, &fields)
    }

    /// Changes fields of a record.
    pub fn edit(&mut self, kind: Kind, id: i64, fields: &[(&str, &str)]) -> Result<(), Error> {
        let fields = values(&self.cx, kind, fields);
        records::edit(&mut self.cx, kind, id, None, &fields).map(|_| ())
    }

    /// Takes a step on a day with fields as typed.
    pub fn try_step(
        &mut self,
        id: i64,
        step: &str,
        on: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), Error> {
        let step = step_of(&self.cx, step, on, fields);
        petitions::take(&mut self.cx, id, step).map(|_| ())
    }

    /// The same where it must go well.
    pub fn step(&mut self, id: i64, step: &str, on: &str, fields: &[(&str, &str)]) {
        if let Err(e) = self.try_step(id, step, on, fields) {
            panic!("{step}: {}", e.text(Lang::Vi));
        }
    }

    /// A petition as it stands today.
    pub fn read(&self, id: i64) -> Petition {
        let record = records::get(&self.cx, Kind::Petition, id).unwrap();
        record.as_any().downcast_ref::<Petition>().unwrap().clone()
    }

    /// A field of a record as text: codes, ISO dates, numbers; empty when not entered.
    pub fn text(&self, kind: Kind, id: i64, key: &str) -> String {
        plain(&records::get(&self.cx, kind, id).unwrap().get(key))
    }

    /// Ids of a list in its order.
    pub fn ids(&self, query: &Query) -> Vec<i64> {
        let rows = records::list(&self.cx, query, 0, None).unwrap();
        assert_eq!(records::count(&self.cx, query).unwrap(), rows.len());
        rows.iter().map(|r| r.head().id).collect()
    }

    /// Ids of the rows that one condition keeps, smallest first.
    pub fn filtered(&self, kind: Kind, key: &'static str, op: Op, typed: &str) -> Vec<i64> {
        let mut query = Query::all(kind);
        query.conds.push(Cond {
            key,
            op,
            value: typed_value(&self.cx, kind, key, typed),
        });
        let mut ids = self.ids(&query);
        ids.sort_unstable();
        ids
    }
}

/// A value as text.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(s) => s.clone(),
        Value::Int(n) | Value::Ref(n) => n.to_string(),
        Value::Dec(x) => x.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Unit(unit) => unit.code.clone(),
        Value::List(items) => items.join(", "),
    }
}

/// What a filter compares with.
pub fn typed_value(cx: &Cx, kind: Kind, key: &str, typed: &str) -> Value {
    let field = catalog::any_field(kind, key).unwrap();
    records::value(cx, field, typed).unwrap_or_else(|_| Value::Text(typed.to_owned()))
}

fn values(cx: &Cx, kind: Kind, fields: &[(&str, &str)]) -> Vec<(&'static str, Value)> {
    fields
        .iter()
        .map(|(key, text)| {
            let field = catalog::field(kind, key).unwrap_or_else(|| panic!("no field {key}"));
            let value = records::value(cx, field, text);
            (field.key, value.unwrap_or_else(|m| panic!("{key}: {m:?}")))
        })
        .collect()
}

/// A step with its fields as typed.
pub fn step_of(cx: &Cx, step: &str, on: &str, fields: &[(&str, &str)]) -> Step {
    let kind = StepKind::from_code(step).unwrap();
    let mut out = Step {
        kind: Some(kind),
        on: Some(d(on)),
        ..Step::default()
    };
    for (key, text) in fields {
        let field = catalog::step::fields_of(kind)
            .iter()
            .find(|f| f.key == *key)
            .unwrap_or_else(|| panic!("{step} takes no {key}"));
        assert!(out.set(key, records::value(cx, field, text).unwrap()));
    }
    out
}

/// The exit code of a refusal.
pub fn exit<T: std::fmt::Debug>(result: Result<T, Error>) -> i32 {
    result.unwrap_err().exit_code()
}

/// The keys of the fields that a refusal names.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<&'static str> {
    match result.unwrap_err() {
        Error::Refused(problems) => problems.iter().filter_map(|p| p.field).collect(),
        other => panic!("{other:?}"),
    }
}

impl World {
    /// The open database and the folder it lies in.
    pub fn into_parts(self) -> (Cx, TempDir) {
        (self.cx, self.dir)
    }
}
