//! What stands on a card; made on the worker.

use ratatui::style::Style;

use super::View;
use super::rows::{self, reference, weekday};
use super::unit_data::unit_items;
use crate::app::petitions::StepRow;
use crate::app::units::Counted;
use crate::app::{Cx, Result, petitions, records};
use crate::catalog::{self, Type, show};
use crate::domain::date;
use crate::domain::petition::StepKind;
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::lang::t;
use crate::tui::widget::card::Item;
use crate::tui::widget::paint::{left, width};

/// What a line of a card opens.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// Another record.
    Record(Kind, i64),
    /// The rows of a query, and what they are.
    Rows(Box<Query>, String),
    /// The rows of a count of the unit on the card, and what they are.
    Counted(Counted, Vec<String>),
    /// The sum behind the deadline.
    Why,
}

/// A card, ready to be shown.
pub struct CardData {
    /// The number, or the title.
    pub name: String,
    /// What else the title line says.
    pub about: Vec<String>,
    /// The lines.
    pub items: Vec<Item<Link>>,
    /// The record is removed.
    pub removed: bool,
    /// It has a deadline that can be explained.
    pub due: bool,
    /// Opinions of a dialogue: id, and how messages name each.
    pub opinions: Vec<(i64, String)>,
}

/// Everything that a card shows.
///
/// # Errors
/// When the record is not there.
pub fn load(cx: &Cx, kind: Kind, id: i64, v: &View) -> Result<CardData> {
    let record = records::get(cx, kind, id)?;
    let record = record.as_ref();
    let (mut items, mut opinions) = (Vec::new(), Vec::new());
    if kind == Kind::Petition {
        items.extend(stands(record, v));
        if let Some(warning) = rows::idle_words(record, v.lang) {
            items.push(Item::Text(warning, v.theme.late()));
            items.push(Item::Blank);
        }
    }
    items.extend(fields(cx, record, v)?);
    match kind {
        Kind::Unit => items.extend(unit_items(cx, id, v)?),
        Kind::Petition => {
            items.extend(steps(cx, id, v)?);
            items.extend(children(cx, Kind::Petition, "duplicate_of", id, v)?);
            items.extend(children(cx, Kind::Reception, "petition", id, v)?);
            items.extend(children(cx, Kind::Opinion, "petition", id, v)?);
        }
        Kind::Dialogue => {
            let found = records::pointing(cx, Kind::Opinion, "dialogue", id)?;
            opinions = found
                .iter()
                .map(|o| (o.head().id, records::title(o.as_ref(), v.lang)))
                .collect();
            let mut under = children(cx, Kind::Opinion, "dialogue", id, v)?.into_iter();
            // The heading stands over no opinion too: it says how to add the first.
            items.extend([Item::Blank, opinions_head(opinions.len(), record, v)]);
            items.extend(under.by_ref().skip(2));
        }
        Kind::Figure => items.extend(children(cx, Kind::Figure, "part_of", id, v)?),
        Kind::Model | Kind::Opinion | Kind::Reception => {}
    }
    let head = record.head();
    let title = rows::Names::of(cx, kind)?.title(record, v.lang);
    let number = head.number_text();
    Ok(CardData {
        about: if number.is_some() {
            vec![title.clone()]
        } else {
            Vec::new()
        },
        name: number.unwrap_or(title),
        items,
        removed: head.deleted,
        due: rows::has_clock(record),
        opinions,
    })
}

/// «Ý kiến (2) · F2 thêm ý kiến»
fn opinions_head(count: usize, dialogue: &dyn Record, v: &View) -> Item<Link> {
    let mut text = format!("{} ({count})", v.say(t("Ý kiến", "Opinions")));
    if !v.read_only && !dialogue.head().deleted {
        text.push_str(v.theme.dot());
        text.push_str(v.say(t("F2 thêm ý kiến", "F2 adds one")));
    }
    Item::Head(text)
}

/// What is asked first: where the petition is, and until when.
fn stands(record: &dyn Record, v: &View) -> Vec<Item<Link>> {
    let stage = show::stage_words(record, v.lang);
    let label = v.say(t("Giai đoạn", "Stage")).to_owned();
    let mut items = vec![Item::Pair(label, stage, v.theme.strong())];
    if let Value::Date(due) = record.get("due_on") {
        let text = format!(
            "{} {}   {}   {}",
            date::vi(due),
            weekday(due, v.lang),
            show::standing_of(record, v.lang),
            v.say(t("vì sao? v", "why? v")),
        );
        let label = v.say(t("Hạn", "Due")).to_owned();
        items.push(Item::PairLink(label, text, Link::Why));
    }
    items.push(Item::Blank);
    items
}

/// Fields of a petition that its first lines say already.
const SAID: &[&str] = &[
    "stage",
    "ended",
    "due_on",
    "standing",
    "days_left",
    "idle_alarm",
];

/// The fields that hold something, in the order of the form; the computed ones that the first line says already are
/// left out.
fn fields(cx: &Cx, record: &dyn Record, v: &View) -> Result<Vec<Item<Link>>> {
    let mut items = Vec::new();
    for field in catalog::entity(record.kind()).fields {
        let value = record.get(field.key);
        let said = record.kind() == Kind::Petition && SAID.contains(&field.key);
        let idle = matches!(value, Value::Bool(false)) && !field.required();
        if value.is_null() || said || idle {
            continue;
        }
        let label = field.label.get(v.lang).to_owned();
        let text = rows::words(cx, field, record, v.lang)?;
        items.push(match (&value, field.ty) {
            (Value::Ref(id), Type::Ref(kind)) => {
                Item::PairLink(label, text, Link::Record(kind, *id))
            }
            (Value::Unit(unit), _) if unit.id > 0 => {
                Item::PairLink(label, text, Link::Record(Kind::Unit, unit.id))
            }
            _ => Item::Pair(label, text, Style::new()),
        });
    }
    Ok(items)
}

fn steps(cx: &Cx, id: i64, v: &View) -> Result<Vec<Item<Link>>> {
    let rows = petitions::steps(cx, id)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut items = vec![
        Item::Blank,
        Item::Head(v.say(t("Các bước", "Steps")).to_owned()),
    ];
    let mut urged = 0;
    let labels: Vec<String> = rows
        .iter()
        .map(|row| {
            urged += usize::from(row.undone.is_none() && row.step.kind == Some(StepKind::Urge));
            label(row, urged, v)
        })
        .collect();
    let wide = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    for (row, label) in rows.iter().zip(&labels) {
        items.push(step(cx, row, &left(label, wide, v.theme), v)?);
    }
    Ok(items)
}

/// What a step is called, an urging with its number.
fn label(row: &StepRow, urged: usize, v: &View) -> String {
    match row.step.kind {
        Some(StepKind::Urge) if row.undone.is_none() => {
            catalog::step::urge_label(urged).get(v.lang).to_owned()
        }
        Some(kind) => catalog::step::label(kind).get(v.lang).to_owned(),
        None => String::new(),
    }
}

fn step(cx: &Cx, row: &StepRow, label: &str, v: &View) -> Result<Item<Link>> {
    let Some(kind) = row.step.kind else {
        return Ok(Item::Blank);
    };
    let mut facts = Vec::new();
    let on = row.step.on.unwrap_or_else(|| cx.today());
    for field in catalog::step::fields_of(kind)
        .iter()
        .filter(|field| field.key != "on")
    {
        let value = row.step.get(field.key);
        if value.is_null() || matches!(value, Value::Bool(false)) {
            continue;
        }
        let words = rows::value_words(cx, field, &value, on, v.lang)?;
        facts.push(match field.key {
            "document" | "jurisdiction" | "outcome" | "note" => words,
            _ if matches!(value, Value::Bool(_)) => field.label.get(v.lang).to_lowercase(),
            _ => format!("{} {words}", field.label.get(v.lang).to_lowercase()),
        });
    }
    let day = row.step.on.map(date::vi).unwrap_or_default();
    let mut text = format!("{day}  {label}  {}", facts.join(", "));
    let mut style = Style::new();
    if let Some(why) = &row.undone {
        text = format!(
            "{}  [{}: {why}]",
            text.trim_end(),
            v.say(t("đã lấy lại", "taken back"))
        );
        style = v.theme.dim();
    }
    Ok(Item::Text(format!("  {}", text.trim_end()), style))
}

/// The records of a kind that point to this one, each opening its card.
fn children(cx: &Cx, kind: Kind, key: &str, id: i64, v: &View) -> Result<Vec<Item<Link>>> {
    let found = records::pointing(cx, kind, key, id)?;
    let mut items = Vec::new();
    if found.is_empty() {
        return Ok(items);
    }
    let heading = match (kind, key) {
        (Kind::Petition, _) => t("Đơn cùng vụ", "Petitions of the same matter"),
        (Kind::Figure, _) => t("Các phần", "Parts"),
        _ => catalog::entity(kind).title,
    };
    items.push(Item::Blank);
    items.push(Item::Head(format!("{} ({})", v.say(heading), found.len())));
    for (place, record) in found.iter().enumerate() {
        let record = record.as_ref();
        let order = match (kind, record.get("order")) {
            (Kind::Opinion, Value::Int(n)) => n.to_string(),
            _ => (place + 1).to_string(),
        };
        let text = format!("{order}. {}", reference(cx, kind, record.head().id, v.lang));
        let link = Link::Record(kind, record.head().id);
        items.push(match kind {
            Kind::Opinion => Item::LinkEnd(text, opinion_state(record, v), link),
            _ => Item::Link(text, link),
        });
    }
    Ok(items)
}

fn opinion_state(record: &dyn Record, v: &View) -> String {
    let show = |key: &str| {
        let value = record.get(key);
        catalog::field(Kind::Opinion, key)
            .map_or_else(String::new, |f| catalog::show::show(f, &value, v.lang))
    };
    match record.get("due_on") {
        Value::Date(day) => format!(
            "{}, {} {}",
            show("status"),
            v.say(t("hạn", "due")),
            date::vi_short(day, v.today)
        ),
        _ => show("status"),
    }
}
