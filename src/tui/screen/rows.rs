//! Records as a list shows them: which columns, what stands in each, and the row in full. Made on the worker, so that
//! a screen holds words only.

use std::collections::BTreeMap;

use crate::app::idle::IdleAlarm;
use crate::app::records::Anchor;
use crate::app::{Cx, figures, records, units};
use crate::catalog::{self, Field, Type, show};
use crate::domain::date;
use crate::domain::number::vi_int;
use crate::domain::petition::{Stage, Standing};
use crate::domain::query::{CAP, Count, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::tui::lang::{Lang, t};
use crate::tui::screen::View;
use crate::tui::theme::Theme;
use crate::tui::widget::list::{Cell, Column, Row};
use crate::tui::widget::paint::width;

/// How many rows a list holds at a time: some screens full, of each register that is open.
pub const WINDOW: usize = 120;

/// One row of a register, ready to be shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Id of the record.
    pub id: i64,
    /// Its cells, in the order of [`columns`], until [`widget_rows`] takes them.
    pub cells: Vec<Cell>,
    /// The lines under the list: what the columns cut.
    pub detail: Vec<String>,
    /// It is removed.
    pub removed: bool,
    /// It has a deadline that can be explained.
    pub due: bool,
    /// How messages name it: its number, or its title.
    pub name: String,
}

/// The fields that a list of this kind has columns for, in their order; those that tell who a citizen is have none.
pub fn fields(kind: Kind) -> Vec<&'static Field> {
    let head = catalog::head_fields(kind).iter();
    let mut fields: Vec<&Field> = head
        .chain(catalog::entity(kind).fields)
        .filter(|field| field.list > 0 && !field.personal())
        .collect();
    // The day before what it means.
    let place = |key: &str, fields: &[&Field]| fields.iter().position(|field| field.key == key);
    if let (Some(standing), Some(due)) = (place("standing", &fields), place("due_on", &fields))
        && standing < due
    {
        let field = fields.remove(due);
        fields.insert(standing, field);
    }
    fields
}

/// Cells of a number in the books: room for four figures and the year.
pub const NUMBER: u16 = 9;

/// The cells that the numbers of these rows need: more than [`NUMBER`] only in a very large register.
pub fn number_width(kind: Kind, rows: &[Shown]) -> u16 {
    let at = fields(kind).iter().position(|field| field.key == "number");
    let wide = |row: &Shown| Some(width(&row.cells.get(at?)?.text));
    rows.iter().filter_map(wide).max().unwrap_or(0).max(NUMBER)
}

/// The columns of a list of this kind, its numbers so many cells wide.
pub fn columns(kind: Kind, number: u16, lang: Lang) -> Vec<Column> {
    let column = |field: &&'static Field| {
        let rank = match (
            field.grows() || field.key == "number",
            field.key,
            field.list,
        ) {
            (true, _, _) => 0,
            (_, "standing" | "due_on", _) => 1,
            (_, _, level) => level + 1,
        };
        let (least, most) = match (field.grows(), field.key) {
            (true, _) => (field.width.min(16), 100),
            (_, "number") => (number, number),
            _ => (field.width, field.width),
        };
        let comfort = if field.grows() { 40 } else { 0 };
        let column = Column::new(field.short.get(lang), least, most, rank).comfort(comfort);
        if field.key == "standing" {
            column.signed()
        } else if field.right() {
            column.numeric()
        } else {
            column
        }
    };
    fields(kind).iter().map(column).collect()
}

/// Places of a list whose rows were not all counted: its end lies here until it was seen.
pub const FAR: usize = 1 << 40;

/// So far from the beginning rows are counted off rather than looked for by one that is known.
const NEAR: usize = 1_000;

/// The rows that a screen has: from which place on, and which records.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The place of the first.
    pub base: usize,
    /// The records, in their order.
    pub ids: Vec<i64>,
}

impl Held {
    /// From where to read `many` rows from place `base` on, past how many, and whether these are counted from their
    /// end: by the beginning, the end or one of these rows, whichever is nearest.
    fn way(&self, base: usize, many: usize, total: usize) -> (Anchor, usize) {
        let mut ways = vec![(Anchor::First, base)];
        if base > NEAR {
            let end = base + many;
            if total >= end && many > 0 {
                ways.push((Anchor::Last, total - end));
            }
            let known = |place: usize| self.ids.get(place.checked_sub(self.base)?).copied();
            if let Some(id) = known(base) {
                ways.push((Anchor::From(id), 0));
            } else if let Some(id) = known(end).filter(|_| many > 0) {
                ways.push((Anchor::Before(id), 0));
            } else if let (Some(first), Some(last)) = (self.ids.first(), self.ids.last()) {
                let reach = self.base + self.ids.len() - 1;
                ways.extend(base.checked_sub(reach).map(|n| (Anchor::From(*last), n)));
                ways.extend(
                    self.base
                        .checked_sub(end)
                        .map(|n| (Anchor::Before(*first), n)),
                );
            }
        }
        let nearest = ways.into_iter().min_by_key(|(_, skip)| *skip);
        nearest.unwrap_or((Anchor::First, base))
    }
}

/// A window of a list.
pub struct Window {
    /// The place of its first row.
    pub base: usize,
    /// Its rows.
    pub rows: Vec<Shown>,
    /// How many rows the list has, when its beginning or end was met.
    pub total: Option<usize>,
    /// By how much all places were too great: the beginning was met before place 0.
    pub shift: usize,
}

/// The rows of a query from place `base`, where `total` is how many it has as far as that is known.
///
/// # Errors
/// A failure of the database.
pub fn load_window(
    cx: &Cx,
    query: &Query,
    (base, total): (usize, usize),
    held: &Held,
    v: &View,
) -> crate::app::Result<Window> {
    let left = total.saturating_sub(base);
    let (from, skip) = held.way(base, WINDOW.min(left), total);
    let back = matches!(from, Anchor::Last | Anchor::Before(_));
    let many = if back { WINDOW.min(left) } else { WINDOW };
    let Some(records) = records::page(cx, query, (from, skip), many)? else {
        return load_window(cx, query, (base, total), &Held::default(), v);
    };
    let rows = of_records(cx, query, &records, v)?;
    let short = many.saturating_sub(rows.len());
    let mut window = Window {
        base,
        rows,
        total: None,
        shift: 0,
    };
    if short > 0 && back {
        window.shift = base + short;
        window.base = 0;
        window.total = Some(total.saturating_sub(window.shift));
    } else if short > 0 && (base == 0 || !window.rows.is_empty()) {
        window.total = Some(base + window.rows.len());
    }
    Ok(window)
}

/// Records as rows of a list.
///
/// # Errors
/// A failure of the database.
pub fn of_records(
    cx: &Cx,
    query: &Query,
    records: &[Box<dyn Record>],
    v: &View,
) -> crate::app::Result<Vec<Shown>> {
    let names = Names::of(cx, query.kind)?;
    records
        .iter()
        .map(|record| one(cx, record.as_ref(), &names, v))
        .collect()
}

/// Names of codes that are rows of the database: the indicators of reported figures.
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The names that records of this kind need.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn of(cx: &Cx, kind: Kind) -> crate::app::Result<Names> {
        let mut names = BTreeMap::new();
        if kind == Kind::Figure {
            for (code, name, _) in figures::indicators(cx)? {
                names.insert(code, name);
            }
        }
        Ok(Names(names))
    }

    fn indicator(&self, record: &dyn Record) -> Option<&str> {
        let code = record.get("indicator");
        self.0.get(code.text()?).map(String::as_str)
    }

    /// How a record is named: by its naming field, a figure by its indicator's name.
    pub fn title(&self, record: &dyn Record, lang: Lang) -> String {
        self.indicator(record)
            .map_or_else(|| records::title(record, lang), str::to_owned)
    }
}

/// One record as a row.
///
/// # Errors
/// A failure of the database.
pub fn one(cx: &Cx, record: &dyn Record, names: &Names, v: &View) -> crate::app::Result<Shown> {
    let lang = v.lang;
    let kind = record.kind();
    let mut cells = Vec::new();
    for field in fields(kind) {
        cells.push(cell(cx, field, record, names, lang)?);
    }
    let head = record.head();
    let title = names.title(record, lang);
    Ok(Shown {
        id: head.id,
        cells,
        detail: detail(cx, record, title.clone(), lang)?,
        removed: head.deleted,
        due: has_clock(record),
        name: head.number_text().unwrap_or(title),
    })
}

/// The rows of a widget, which has the cells from now on: they are not held twice.
pub fn widget_rows(shown: &mut [Shown]) -> Vec<Row<i64>> {
    shown
        .iter_mut()
        .map(|row| Row {
            key: row.id,
            cells: std::mem::take(&mut row.cells),
        })
        .collect()
}

fn cell(
    cx: &Cx,
    field: &'static Field,
    record: &dyn Record,
    names: &Names,
    lang: Lang,
) -> crate::app::Result<Cell> {
    let value = catalog::value_of(record, field.key);
    if let ("indicator", Some(name)) = (field.key, names.indicator(record)) {
        return Ok(Cell::from(name));
    }
    if let (Kind::Figure, "unit", Value::Null) = (record.kind(), field.key, &value) {
        // A figure that no unit of the tree reported has its reporter's name.
        return Ok(Cell::from(
            record.get("reporter").text().unwrap_or_default(),
        ));
    }
    if field.key == "standing" {
        let standing = value
            .text()
            .and_then(Standing::from_code)
            .unwrap_or(Standing::None);
        return Ok(Cell {
            text: standing_text(record, lang),
            style: Theme::standing(standing),
        });
    }
    if (record.kind(), field.key) == (Kind::Petition, "stage") {
        return Ok(Cell::from(show::stage_cell(record, lang)));
    }
    Ok(match &value {
        Value::Unit(unit) => Cell::from(units::name(cx, unit.id, day_of(cx, record))?),
        value => Cell::from(show::show_cell(field, value, lang, cx.today())),
    })
}

/// How a petition's deadline stands, in words; days that are left stand under days that are over.
pub fn standing_text(record: &dyn Record, lang: Lang) -> String {
    let words = show::standing_of(record, lang);
    if words.starts_with('!') {
        words
    } else {
        format!("  {words}")
    }
}

/// The day whose map a record's units are named by.
pub fn day_of(cx: &Cx, record: &dyn Record) -> chrono::NaiveDate {
    match record.get(catalog::entity(record.kind()).date_field) {
        Value::Date(day) => day,
        _ => cx.today(),
    }
}

/// A value in full words: units by code and name, references by number or title.
///
/// # Errors
/// A failure of the database.
pub fn words(
    cx: &Cx,
    field: &Field,
    record: &dyn Record,
    lang: Lang,
) -> crate::app::Result<String> {
    value_words(cx, field, &record.get(field.key), day_of(cx, record), lang)
}

/// The same for a value by itself, units as on `day`.
///
/// # Errors
/// A failure of the database.
pub fn value_words(
    cx: &Cx,
    field: &Field,
    value: &Value,
    day: chrono::NaiveDate,
    lang: Lang,
) -> crate::app::Result<String> {
    Ok(match (value, field.ty) {
        (Value::Text(code), _) if field.key == "indicator" => {
            let found = figures::indicators(cx)?
                .into_iter()
                .find(|(known, ..)| known == code);
            found.map_or_else(
                || code.clone(),
                |(code, name, _)| format!("{name} ({code})"),
            )
        }
        (Value::Unit(unit), _) => units::label(cx, unit, day)?,
        (Value::Ref(id), Type::Ref(kind)) => reference(cx, kind, *id, lang),
        (Value::Date(day), _) => format!("{} {}", date::vi(*day), weekday(*day, lang)),
        (value, _) => show::show(field, value, lang),
    })
}

/// How a record that another points to is named; its bare id where it is not there.
pub fn reference(cx: &Cx, kind: Kind, id: i64, lang: Lang) -> String {
    records::get(cx, kind, id).map_or_else(
        |_| id.to_string(),
        |record| {
            let names = Names::of(cx, kind).unwrap_or(Names(BTreeMap::new()));
            let title = names.title(record.as_ref(), lang);
            match record.head().number_text() {
                Some(number) => format!("{number}  {title}"),
                None => title,
            }
        },
    )
}

/// The weekday in the language of the screen.
pub fn weekday(day: chrono::NaiveDate, lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => date::weekday_vi(day),
        Lang::En => date::weekday_en(day),
    }
}

fn detail(
    cx: &Cx,
    record: &dyn Record,
    title: String,
    lang: Lang,
) -> crate::app::Result<Vec<String>> {
    let kind = record.kind();
    let entity = catalog::entity(kind);
    let mut facts: Vec<String> = Vec::new();
    if kind == Kind::Petition {
        facts.push(show::stage_words(record, lang));
        facts.extend(idle_words(record, lang));
        if let Value::Date(due) = record.get("due_on") {
            facts.push(format!(
                "{} {} {}",
                t("hạn", "due").get(lang),
                date::vi(due),
                show::standing_of(record, lang).trim_start_matches("! ")
            ));
        }
    }
    if let Some(field) = entity.unit_field.and_then(|key| catalog::field(kind, key)) {
        facts.push(words(cx, field, record, lang)?);
    }
    facts.retain(|fact| !fact.trim().is_empty());
    Ok(vec![title, facts.join(" · ")])
}

/// Whether there is a deadline to ask after: one that runs, or one that stands still.
pub fn has_clock(record: &dyn Record) -> bool {
    record.kind() == Kind::Petition
        && (!record.get("due_on").is_null()
            || record.get("stage").text() == Some(Stage::Suspended.code()))
}

/// The warning of a petition that lies without being handled (NĐ 154/2026 Đ41.3b).
pub fn idle_words(record: &dyn Record, lang: Lang) -> Option<String> {
    let idle = record.get("idle_alarm");
    let days = idle.text().filter(|code| *code != IdleAlarm::None.code())?;
    Some(match lang {
        Lang::Vi => format!("! từ {days} ngày chưa xử lý"),
        Lang::En => format!("! {days} days without handling"),
    })
}

/// What stands behind a petition's deadline, as a message names it: «hạn 12/03/2026».
pub fn due_phrase(record: &dyn Record, lang: Lang) -> Option<String> {
    match record.get("due_on") {
        Value::Date(due) => Some(format!("{} {}", t("hạn", "due").get(lang), date::vi(due))),
        _ => None,
    }
}

/// A count up to [`CAP`] and one more: «hơn 10.000».
pub fn capped(n: usize, lang: Lang) -> String {
    let count = Count::capped(n, CAP);
    count_text(count, count, lang)
}

/// «12 / 348»: how many of how many; one number where nothing is left out, «hơn 10.000» where not all were counted.
pub fn count_text(count: Count, all: Count, lang: Lang) -> String {
    let number = |count: Count| {
        let n = vi_int(i64::try_from(count.n).unwrap_or(i64::MAX));
        match (count.more, lang) {
            (false, _) => n,
            (true, Lang::Vi) => format!("hơn {n}"),
            (true, Lang::En) => format!("over {n}"),
        }
    };
    if count == all {
        number(count)
    } else {
        format!("{} / {}", number(count), number(all))
    }
}
