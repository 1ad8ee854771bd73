//! Rows of a register into a file for other programs, as one sees them: filter, order, columns.
use super::{part_of, put};
use crate::app::import::reference_to;
use crate::app::{Cx, Error, Problem, Result, history, records, units};
use crate::catalog::{self, Field, Type, json::record_json, show};
use crate::domain::link;
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg, t};
use crate::exchange::write::{Cell, Column, Format, Head, Row, Writer, begin};
use serde_json::json;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which rows, in which order.
    pub query: Query,
    /// At most so many.
    pub limit: Option<usize>,
    /// Names and addresses of citizens too.
    pub names: bool,
    /// Language of headings and values.
    pub lang: Lang,
    /// The filter in words, for the file to say.
    pub filter: String,
    /// A file that is there may be replaced.
    pub replace: bool,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Where.
    pub path: PathBuf,
    /// Rows in it.
    pub rows: usize,
}

/// How often the end may be asked for, in rows.
const EACH: usize = 512;

/// Writes the rows into a file by the end of whose name the format is known. The file gets its name only when it is
/// whole. `watch` hears how many rows there are so far; false ends the work, and nothing of it stays.
///
/// # Errors
/// An unknown format, a file that is there already, a disk that does not take it, or a failure of the database.
pub fn export(
    cx: &Cx,
    path: &Path,
    wanted: &Wanted,
    watch: &mut dyn FnMut(usize) -> bool,
) -> Result<Exported> {
    let format = Format::of(path).ok_or_else(|| {
        refused(
            t(
                "tên tệp phải kết thúc bằng .xlsx, .csv, .json hoặc .md",
                "the file's name must end in .xlsx, .csv, .json or .md",
            )
            .into(),
        )
    })?;
    if path.symlink_metadata().is_ok() && !wanted.replace {
        return Err(exists(path));
    }
    let part = part_of(path);
    let written = fill(cx, &part, format, wanted, watch).and_then(|rows| {
        put(&part, path, wanted.replace).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => exists(path),
            _ => unwritten(path, &e),
        })?;
        Ok(Exported {
            path: path.to_owned(),
            rows,
        })
    });
    if written.is_err() {
        // What cannot be removed bears a name of its own.
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn exists(path: &Path) -> Error {
    refused(Msg::new(
        format!("tệp {} đã có; thêm --yes để thay", path.display()),
        format!("{} exists; add --yes to replace it", path.display()),
    ))
}

fn refused(msg: Msg) -> Error {
    Error::Refused(vec![Problem {
        row: None,
        field: None,
        label: t("Tệp", "File").into(),
        msg,
    }])
}

fn unwritten(path: &Path, e: &io::Error) -> Error {
    Error::Write(Msg::new(
        format!("Không ghi được {}: {e}", path.display()),
        format!("Could not write {}: {e}", path.display()),
    ))
}

/// One column of the table: a field, or the name of the unit that a field points to.
struct Source {
    field: &'static Field,
    name: bool,
}

/// What was looked up for rows before.
#[derive(Default)]
struct Known {
    names: units::Names,
    /// What references point to, by register and id.
    told: HashMap<(Kind, i64), Option<(String, String)>>,
}

/// Answers kept; parts name the same total over and over.
const KEPT: usize = 10_000;

impl Known {
    /// The record that a reference points to, as a file names it: number or id, and what it says.
    fn told(&mut self, cx: &Cx, of: Kind, id: i64) -> Result<Option<(String, String)>> {
        if let Some(told) = self.told.get(&(of, id)) {
            return Ok(told.clone());
        }
        let told = match records::get(cx, of, id) {
            Ok(record) => Some(reference_to(record.as_ref())),
            Err(Error::NotFound(_)) => None,
            Err(other) => return Err(other),
        };
        if self.told.len() >= KEPT {
            self.told.clear();
        }
        self.told.insert((of, id), told.clone());
        Ok(told)
    }
}

/// Everything that the register shows of its rows, as `list --csv`; beside each unit its name.
fn sources(wanted: &Wanted) -> Vec<Source> {
    let kind = wanted.query.kind;
    catalog::head_fields(kind)
        .iter()
        .chain(catalog::entity(kind).fields)
        .filter(|f| wanted.names || !f.personal() || f.key == "registrant_name")
        // How often a record was changed says nothing outside its database.
        .filter(|f| f.key != "rev")
        .flat_map(|field| {
            let unit = field.ty == Type::Unit;
            let own = Source { field, name: false };
            [own]
                .into_iter()
                .chain(unit.then_some(Source { field, name: true }))
        })
        .chain(heirs(kind).map(|field| Source { field, name: false }))
        .collect()
}

/// What a unit became, as one cell; opinions inside a dialogue have a register of their own.
fn heirs(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let inside = catalog::carried::inside(kind).iter();
    inside.filter(move |_| kind == Kind::Unit)
}

fn column(source: &Source, lang: Lang) -> Column {
    let label = source.field.label.get(lang);
    let of_name = match lang {
        Lang::Vi => "tên",
        Lang::En => "name",
    };
    Column {
        key: source.field.key,
        label: match source.field.key {
            // Not the code of anything: reading a file back must not take it for one.
            "id" => "ID".to_owned(),
            _ if source.name => format!("{label} [{of_name}]"),
            _ => label.to_owned(),
        },
        width: match (source.name, source.field.ty) {
            (true, _) => 28,
            (false, Type::LongText) => 60,
            (false, Type::Date) => 12,
            (false, Type::Ref(_)) => 30,
            _ => source.field.width.clamp(8, 44),
        },
        long: source.field.ty == Type::LongText,
    }
}

fn fill(
    cx: &Cx,
    part: &Path,
    format: Format,
    wanted: &Wanted,
    watch: &mut dyn FnMut(usize) -> bool,
) -> Result<usize> {
    let failed = |e: io::Error| unwritten(part, &e);
    let lang = wanted.lang;
    let sources = sources(wanted);
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)
        .map_err(failed)?;
    let head = Head {
        title: catalog::entity(wanted.query.kind)
            .title
            .get(lang)
            .to_owned(),
        about: t("Về tệp này", "About this file").get(lang).to_owned(),
        columns: sources.iter().map(|s| column(s, lang)).collect(),
    };
    let mut writer: Box<dyn Writer> = begin(format, file, head).map_err(failed)?;
    let mut known = Known::default();
    let mut rows = 0;
    records::each(cx, &wanted.query, wanted.limit, |record| {
        if rows % EACH == 0 && !watch(rows) {
            return Err(Error::refused(
                t(
                    "Đã dừng; không ghi tệp nào.",
                    "Stopped; no file was written.",
                )
                .into(),
            ));
        }
        rows += 1;
        let row = Row {
            cells: sources
                .iter()
                .map(|source| cell(cx, &mut known, source, record, wanted))
                .collect::<Result<_>>()?,
            record: match format {
                Format::Json => whole(cx, &mut known, record, wanted)?.into(),
                _ => serde_json::Value::Null,
            },
        };
        writer.row(&row).map_err(failed)
    })?;
    let facts = facts(cx, wanted, format, rows);
    writer.finish(&facts).map_err(failed)?;
    Ok(rows)
}

/// A record as JSON with what comes inside it, and beside each reference what it points to.
fn whole(
    cx: &Cx,
    known: &mut Known,
    record: &dyn Record,
    wanted: &Wanted,
) -> Result<serde_json::Map<String, serde_json::Value>> {
    let mut map = record_json(record, wanted.names);
    for field in catalog::entity(record.kind()).fields {
        let (Type::Ref(of), Value::Ref(id)) = (field.ty, record.get(field.key)) else {
            continue;
        };
        if let Some((_, told)) = known.told(cx, of, id)? {
            map.insert(format!("{}_is", field.key), told.into());
        }
    }
    let id = record.head().id;
    match record.kind() {
        Kind::Dialogue => {
            let opinions = records::pointing(cx, Kind::Opinion, "dialogue", id)?;
            let rows: Vec<serde_json::Value> = opinions
                .iter()
                .map(|o| whole(cx, known, o.as_ref(), wanted).map(Into::into))
                .collect::<Result<_>>()?;
            map.insert("opinions".into(), rows.into());
        }
        Kind::Unit => {
            let heirs = records::successors(cx, id)?.into_iter();
            let rows = heirs.map(|(code, day, kind)| {
                let day = day.map(|day| day.to_string());
                json!({"code": code, "valid_from": day, "kind": kind.code()})
            });
            map.insert("successors".into(), rows.collect());
        }
        _ => {}
    }
    Ok(map)
}

fn cell(
    cx: &Cx,
    known: &mut Known,
    source: &Source,
    record: &dyn Record,
    wanted: &Wanted,
) -> Result<Cell> {
    let field = source.field;
    if record.kind() == Kind::Unit && heirs(Kind::Unit).any(|f| f.key == field.key) {
        let heirs = records::successors(cx, record.head().id)?;
        let told: Vec<String> = heirs
            .iter()
            .map(|(code, day, kind)| {
                let day = day.map_or_else(String::new, |day| format!("@{day}"));
                format!("{code}{day}:{}", kind.code())
            })
            .collect();
        return Ok(match told.as_slice() {
            [] => Cell::Empty,
            told => Cell::Text(told.join(", ")),
        });
    }
    let hidden = !wanted.names && catalog::is_personal(field, record);
    let value = catalog::value_of(record, field.key);
    if hidden || value.is_null() || !catalog::applies(field, record) {
        return Ok(Cell::Empty);
    }
    Ok(match value {
        Value::Unit(unit) if source.name => {
            let on = units::day_of(record, cx.today());
            Cell::Text(known.names.of(cx, unit.id, on)?)
        }
        Value::Ref(id) => {
            let told = match field.ty {
                Type::Ref(of) => known.told(cx, of, id)?,
                _ => None,
            };
            Cell::Text(
                told.map_or_else(|| id.to_string(), |(name, told)| link::write(&name, &told)),
            )
        }
        Value::Date(day) => Cell::Day(day),
        #[allow(clippy::cast_precision_loss)]
        Value::Int(n) => Cell::Number(n as f64, n.to_string()),
        Value::Dec(n) => Cell::Number(n.to_f64(), show::edit_text(field, &Value::Dec(n))),
        Value::Text(text) => match field.choice(&text) {
            Some(choice) => Cell::Text(choice.label.get(wanted.lang).to_owned()),
            None => Cell::Text(text),
        },
        Value::Bool(_) => Cell::Text(show::show(field, &value, wanted.lang)),
        other => Cell::Text(show::edit_text(field, &other)),
    })
}

/// Who, when, which rows, with names or without, how many.
fn facts(
    cx: &Cx,
    wanted: &Wanted,
    format: Format,
    rows: usize,
) -> Vec<(&'static str, String, String)> {
    let lang = wanted.lang;
    let say = |text: crate::domain::words::Text| text.get(lang).to_owned();
    let none = t("không lọc", "no filter");
    let filter = match wanted.filter.is_empty() {
        true => say(none),
        false => wanted.filter.clone(),
    };
    let names = match wanted.names {
        true => t(
            "CÓ tên, địa chỉ người dân: giữ kín",
            "WITH names and addresses of citizens: keep it closed",
        ),
        false => t(
            "không có tên, địa chỉ người dân",
            "no names or addresses of citizens",
        ),
    };
    let kind = wanted.query.kind;
    let title = catalog::entity(kind).title.get(lang);
    let mut facts = vec![
        (
            "register",
            say(t("Sổ", "Register")),
            match format {
                Format::Json => title.to_owned(),
                _ => format!("{title} ({})", kind.code()),
            },
        ),
        (
            "by",
            say(t("Người xuất", "Exported by")),
            cx.actor().to_owned(),
        ),
        ("at", say(t("Lúc", "At")), history::moment(&cx.stamp())),
        ("filter", say(t("Lọc", "Filter")), filter),
        ("persons", say(t("Người dân", "Persons")), say(names)),
        ("rows", say(t("Số dòng", "Rows")), rows.to_string()),
    ];
    if format == Format::Json {
        // A program asks for the plain code.
        facts.insert(0, ("kind", String::new(), kind.code().to_owned()));
    }
    if cx.is_sample() {
        facts.push((
            "sample",
            say(t("Dữ liệu", "Data")),
            say(t("MẪU, người bịa ra", "SAMPLE, invented people")),
        ));
    }
    facts
}
