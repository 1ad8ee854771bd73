//! Rows of a register into a file for other programs, as one sees them: filter, order, columns.
mod rows;
mod sheet;

use super::{part_of, put};
use crate::app::error::unwritten;
use crate::app::{Cx, Error, Problem, Result, history, upkeep};
use crate::catalog::{self, Field, Type};
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Held};
use crate::domain::words::{Lang, Msg, Text, t};
use crate::exchange::write::{Column, Format, Head, Writer, begin};
use rows::{Read, Show, read};
pub use sheet::{Sheet, export_sheet};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which rows, in which order.
    pub query: Query,
    /// At most so many.
    pub limit: Option<usize>,
    /// Names and addresses of citizens too.
    pub names: bool,
    /// The steps of petitions too, as one column; JSON has them always.
    pub steps: bool,
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

/// How the name of the file has to end.
pub const NAMED: Text = t(
    "tên tệp phải kết thúc bằng .xlsx, .csv, .json hoặc .md",
    "the file's name must end in .xlsx, .csv, .json or .md",
);

/// Heading of what a file says of itself.
const ABOUT: Text = t("Về tệp này", "About this file");

/// Rows that are handed on at once; the end may be asked for between.
const EACH: usize = 128;
/// Such pieces that may wait to be written.
const WAITING: usize = 4;

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
    into_file(path, wanted.replace, |part, format| {
        fill(cx, (path, part), format, wanted, watch)
    })
}

/// Has a file filled that gets its name only when it is whole; `fill` says how many rows it holds.
fn into_file(
    path: &Path,
    replace: bool,
    fill: impl FnOnce(&Path, Format) -> Result<usize>,
) -> Result<Exported> {
    let format = Format::of(path).ok_or_else(|| refused(NAMED.into()))?;
    upkeep::keep_off(path)?;
    if path.symlink_metadata().is_ok() && !replace {
        return Err(exists(path));
    }
    let part = part_of(path);
    let written = fill(&part, format).and_then(|rows| {
        put(&part, path, replace).map_err(|e| match e.kind() {
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

/// A new file that only its owner may read.
fn create(part: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)
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

/// One column of the table: a field, or the name of the unit that a field points to.
struct Source {
    field: &'static Field,
    name: bool,
    /// What a unit became, which is no field of its record.
    heirs: bool,
    /// The steps of a petition, which are none either.
    steps: bool,
    /// Its place among the fields of a record; none for what every record has.
    place: Option<usize>,
}

impl Source {
    /// What a record holds of it.
    fn held<'a>(&self, record: &'a dyn Record) -> Held<'a> {
        self.place.map_or(Held::Null, |at| record.held_at(at))
    }

    /// Whether the database is asked for what it shows.
    fn asks(&self) -> bool {
        self.name || self.heirs || self.steps || matches!(self.field.ty, Type::Ref(_))
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
            let fields = catalog::entity(kind).fields.iter();
            let of = |name| Source {
                field,
                name,
                heirs: false,
                steps: false,
                place: fields.clone().position(|f| f.key == field.key),
            };
            let unit = field.ty == Type::Unit;
            [of(false)].into_iter().chain(unit.then(|| of(true)))
        })
        .chain(beside(wanted).map(|field| Source {
            field,
            name: false,
            heirs: kind == Kind::Unit,
            steps: kind == Kind::Petition,
            place: None,
        }))
        .collect()
}

/// What a unit became and, when asked for, the steps of a petition, as one cell; opinions inside a dialogue have a
/// register of their own.
fn beside(wanted: &Wanted) -> impl Iterator<Item = &'static Field> {
    let (kind, steps) = (wanted.query.kind, wanted.steps);
    let inside = catalog::carried::inside(kind).iter();
    inside.filter(move |f| match kind {
        Kind::Unit => true,
        Kind::Petition => steps && f.key == catalog::carried::STEPS,
        _ => false,
    })
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
    (path, part): (&Path, &Path),
    format: Format,
    wanted: &Wanted,
    watch: &mut dyn FnMut(usize) -> bool,
) -> Result<usize> {
    let failed = |e: io::Error| unwritten(path, &e);
    let lang = wanted.lang;
    let sources = sources(wanted);
    let file = create(part).map_err(failed)?;
    let head = Head {
        title: catalog::entity(wanted.query.kind)
            .title
            .get(lang)
            .to_owned(),
        about: ABOUT.get(lang).to_owned(),
        columns: sources.iter().map(|s| column(s, lang)).collect(),
    };
    let writer: Box<dyn Writer> = begin(format, file, head).map_err(failed)?;
    let mut rows = 0;
    // Reading and writing take about as long: each has a thread of its own.
    let (send, receive) = sync_channel::<Vec<Read>>(WAITING);
    let (give, back) = sync_channel::<Vec<Read>>(WAITING);
    let show = Show {
        sources: &sources,
        wanted,
    };
    let (read, written) = std::thread::scope(|scope| {
        let hand = std::thread::Builder::new()
            .name("export".into())
            .spawn_scoped(scope, move || show.write(writer, &receive, &give));
        let hand = match hand {
            Ok(hand) => hand,
            Err(e) => return (Ok(()), Err(e)),
        };
        let read = read(cx, (&sources, format, wanted), &back, |piece| {
            rows += piece.len();
            // Whoever writes has failed, and says why.
            let gone = send.send(piece).is_err();
            if gone || !watch(rows) {
                Err(halted())
            } else {
                Ok(())
            }
        });
        drop(send);
        let ended = |_| Err(io::Error::other("the writer has ended"));
        (read, hand.join().unwrap_or_else(ended))
    });
    let writer = written.map_err(failed)?;
    read?;
    let facts = facts(cx, wanted, format, rows);
    writer.finish(&facts).map_err(failed)?;
    Ok(rows)
}

fn halted() -> Error {
    let said = t(
        "Đã dừng; không ghi tệp nào.",
        "Stopped; no file was written.",
    );
    Error::refused(said.into())
}

/// Who, when, which rows, with names or without, how many.
fn facts(cx: &Cx, wanted: &Wanted, format: Format, rows: usize) -> Vec<Fact> {
    let lang = wanted.lang;
    let say = |text: Text| text.get(lang).to_owned();
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
    let mut facts = vec![(
        "register",
        say(t("Sổ", "Register")),
        match format {
            Format::Json => title.to_owned(),
            _ => format!("{title} ({})", kind.code()),
        },
    )];
    facts.extend(made(cx, lang));
    facts.push(("filter", say(t("Lọc", "Filter")), filter));
    facts.push(("persons", say(t("Người dân", "Persons")), say(names)));
    facts.extend(holds(cx, lang, rows));
    if format == Format::Json {
        // A program asks for the plain code.
        facts.insert(0, ("kind", String::new(), kind.code().to_owned()));
    }
    facts
}

/// One thing that a file says of itself: stable name, label, text.
type Fact = (&'static str, String, String);

/// Who made a file, and when.
fn made(cx: &Cx, lang: Lang) -> [Fact; 2] {
    let say = |text: Text| text.get(lang).to_owned();
    [
        (
            "by",
            say(t("Người xuất", "Exported by")),
            cx.actor().to_owned(),
        ),
        ("at", say(t("Lúc", "At")), history::moment(&cx.stamp())),
    ]
}

/// How many rows a file holds, and whether they are real.
fn holds(cx: &Cx, lang: Lang, rows: usize) -> Vec<Fact> {
    let say = |text: Text| text.get(lang).to_owned();
    let mut facts = vec![("rows", say(t("Số dòng", "Rows")), rows.to_string())];
    if cx.is_sample() {
        facts.push((
            "sample",
            say(t("Dữ liệu", "Data")),
            say(t("MẪU, người bịa ra", "SAMPLE, invented people")),
        ));
    }
    facts
}
