//! The lists behind F4, and the names of units and records that were typed by code or number.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::input::{Entry, Input, is_words};
use super::{FormScreen, Task};
use crate::app::{Cx, duplicates, figures, find, records, units};
use crate::catalog::{self, Type};
use crate::domain::date;
use crate::domain::fold::{Pattern, fold};
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::actions::{unit_columns, unit_rows};
use crate::tui::screen::rows::{Names, reference};
use crate::tui::screen::{Flow, Ui, View};
use crate::tui::widget::list::Column;

/// What a text in a field turned out to name.
enum Named {
    /// One thing: what stands beside the field.
    One(String),
    /// One unit: its row, and what stands beside the field.
    Unit(i64, String),
    /// It breaks a rule.
    Wrong(String),
    /// Words that only one unit bears: its code, its row, and what stands beside the field.
    Only(String, i64, String),
    /// No code, but perhaps words of a name.
    Words,
}

impl FormScreen {
    /// Opens the list of the active field.
    pub(super) fn pick(&mut self, ui: &mut Ui) -> Flow {
        let Some(input) = self.input() else {
            return Flow::Stay;
        };
        let (text, title) = (input.text(), input.field.label.get(ui.view.lang));
        match (&input.entry, input.field.ty) {
            (Entry::Choice(choice), _) => {
                let rows = choice
                    .answers()
                    .iter()
                    .map(|a| PickRow::new(a.value.clone(), [a.label.clone()]))
                    .collect();
                let columns = vec![Column::new("", 20, 60, 0)];
                let pick =
                    Pick::fixed(title, columns, rows, Box::new(choose)).selecting(choice.value());
                Flow::Push(Box::new(pick))
            }
            _ if input.is_indicator() => pick_indicator(title, &text),
            (_, Type::Unit) => self.pick_unit(if is_words(&text) { &text } else { "" }, ui),
            (_, Type::Ref(kind)) => {
                self.pick_record(kind, if is_words(&text) { &text } else { "" }, ui)
            }
            _ => Flow::Stay,
        }
    }

    /// The records that the active field may point to.
    fn pick_record(&self, kind: Kind, text: &str, ui: &Ui) -> Flow {
        let Some(field) = self.input().map(|input| input.field) else {
            return Flow::Stay;
        };
        let lang = ui.view.lang;
        let mine = match &self.task {
            Task::Step(id, ..) => Some(*id),
            Task::Edit(record) if kind == self.kind => Some(record.head().id),
            _ => None,
        };
        let mine = mine.filter(|_| matches!(field.key, "lead" | "duplicate_of"));
        let query = Arc::new(move |cx: &mut Cx, text: &str| match mine {
            Some(id) if text.is_empty() => likely_rows(cx, id, lang),
            _ => record_rows(cx, kind, text, lang),
        });
        let columns = vec![Column::new("", 8, 12, 0), Column::new("", 20, 80, 0)];
        let pick = Pick::asked(field.label.get(lang), columns, query, Box::new(choose));
        Flow::Push(Box::new(self.with_new(pick, ui).with_filter(text)))
    }

    fn pick_unit(&self, text: &str, ui: &Ui) -> Flow {
        let (v, on) = (ui.view, self.day(ui.view.today));
        let Some(field) = self.input().map(|input| input.field) else {
            return Flow::Stay;
        };
        let of = self.used_in(field.key);
        let query = Arc::new(move |cx: &mut Cx, text: &str| unit_rows(cx, text, on, of, v.lang));
        let pick = Pick::asked(
            field.label.get(v.lang),
            unit_columns(),
            query,
            Box::new(choose),
        );
        Flow::Push(Box::new(self.with_new(pick, ui).with_filter(text)))
    }

    /// The field whose use orders the units of a field: its own; of a step's, where petitions are handled.
    fn used_in(&self, key: &'static str) -> (Kind, &'static str) {
        match self.task {
            Task::Step(..) => (Kind::Petition, "handler_unit"),
            _ => (self.kind, key),
        }
    }

    /// While one types the words of a name: what they may mean stands beside the field. One question at a time; the
    /// answer asks again when the text has changed meanwhile.
    pub(super) fn suggest(&mut self, ui: &mut Ui) {
        let at = self.active;
        let Some(input) = self.input() else { return };
        let (field, text, v) = (input.field, input.text(), ui.view);
        let named = matches!(field.ty, Type::Unit | Type::Ref(_)) || input.is_indicator();
        if self.asking || !named || text.chars().count() < 2 {
            return;
        }
        let (on, of) = (self.day(v.today), self.used_in(field.key));
        let asked = text.clone();
        self.asking = true;
        ui.run(
            move |cx| match field.ty {
                Type::Unit => unit_rows(cx, &asked, on, of, v.lang),
                Type::Ref(kind) => record_rows(cx, kind, &asked, v.lang),
                _ => indicator_rows(cx, &asked),
            },
            move |form: &mut FormScreen, rows, ui| {
                form.asking = false;
                // What was named meanwhile is more than what may be meant.
                let meant = |input: &&mut Input| input.text() == text && input.unit.is_none();
                if let Some(input) = form.inputs.get_mut(at).filter(meant) {
                    input.note = meant_words(&rows, v);
                } else if form.active == at {
                    form.suggest(ui);
                }
                Flow::Stay
            },
        );
    }

    /// Asks what the text of a field names, where it names a unit or a record.
    pub(super) fn look_up(&mut self, at: usize, ui: &mut Ui) {
        let Some(input) = self.inputs.get(at) else {
            return;
        };
        let (field, text, v) = (input.field, input.text(), ui.view);
        let names = matches!(field.ty, Type::Unit | Type::Ref(_)) || input.is_indicator();
        if text.is_empty() || !names {
            return;
        }
        let named = input.unit;
        let (on, of) = (self.day(v.today), self.used_in(field.key));
        let asked = text.clone();
        ui.run(
            move |cx| match field.ty {
                Type::Unit => name_unit(cx, (&asked, named), on, of, v.lang),
                Type::Text => Named::One(indicator_name(cx, &asked)),
                Type::Ref(_) if is_words(&asked) => Named::Words,
                _ => match (records::value(cx, field, &asked), field.ty) {
                    (Ok(Value::Ref(id)), Type::Ref(kind)) => {
                        Named::One(reference(cx, kind, id, v.lang))
                    }
                    (Err(msg), _) => Named::Wrong(msg.get(v.lang).to_owned()),
                    _ => Named::One(String::new()),
                },
            },
            move |form: &mut FormScreen, named, ui| form.named(at, &text, named, ui),
        );
    }

    /// The units as well, where `at` is the day by which they are: a code is borne by one unit after the other.
    pub(super) fn look_up_by(&mut self, at: usize, ui: &mut Ui) {
        self.look_up(at, ui);
        let is_day = self
            .inputs
            .get(at)
            .is_some_and(|input| input.field.key == self.day_key());
        for unit in (0..self.inputs.len()).filter(|_| is_day) {
            if self
                .inputs
                .get(unit)
                .is_some_and(|input| input.field.ty == Type::Unit)
            {
                self.look_up(unit, ui);
            }
        }
    }

    fn named(&mut self, at: usize, text: &str, named: Named, ui: &mut Ui) -> Flow {
        let Some(input) = self.inputs.get_mut(at).filter(|input| input.text() == text) else {
            return Flow::Stay;
        };
        match named {
            Named::One(note) => {
                input.note = note;
                input.error = None;
            }
            Named::Unit(id, note) => {
                input.note = note;
                input.error = None;
                // Asked again when the day has changed: what was chosen first holds.
                input.unit.get_or_insert(id);
            }
            Named::Wrong(why) => {
                ui.warn(format!("{}: {why}", input.field.label.get(ui.view.lang)));
                input.error = Some(why);
            }
            Named::Only(code, id, note) => {
                input.put(&code);
                input.unit = Some(id);
                input.note = note;
                input.error = None;
                self.keep_slot(ui);
            }
            Named::Words => {
                let ty = input.field.ty;
                self.commit();
                self.enter(at);
                return match ty {
                    Type::Ref(kind) => self.pick_record(kind, text, ui),
                    _ => self.pick_unit(text, ui),
                };
            }
        }
        Flow::Stay
    }
}

/// Puts the chosen row into the field that asked, and goes on from there.
fn choose(row: PickRow) -> crate::tui::effect::Then {
    then(move |form: &mut FormScreen, ui: &mut Ui| {
        if let Some(input) = form.input_mut() {
            input.put(&row.key);
        }
        form.typed(ui);
        form.step_fields(1, ui);
        Flow::Stay
    })
}

fn name_unit(
    cx: &Cx,
    (text, named): (&str, Option<i64>),
    on: chrono::NaiveDate,
    of: (Kind, &'static str),
    lang: Lang,
) -> Named {
    match units::locate(cx, text) {
        Ok(_) => match units::meant(cx, text, named, on) {
            Ok(unit) => Named::Unit(unit.id, unit_name(cx, unit.id, on)),
            Err(msg) => Named::Wrong(msg.get(lang).to_owned()),
        },
        Err(error) if !is_words(text) => Named::Wrong(error.text(lang)),
        Err(_) => {
            let found = units::pick(cx, text, on, of, 2).unwrap_or_default();
            // Those valid on the day stand first.
            let mut valid = found.iter().filter(|unit| unit.valid_on(on));
            match (valid.next(), valid.next()) {
                (Some(one), None) => {
                    Named::Only(one.code.clone(), one.id, unit_name(cx, one.id, on))
                }
                _ => Named::Words,
            }
        }
    }
}

/// The first row that the letters so far may mean, and how many more there are.
fn meant_words(rows: &[PickRow], v: View) -> String {
    let Some((first, more)) = rows.split_first() else {
        return v
            .say(t(
                "không thấy tên này; F4 mở danh mục",
                "no such name; F4 opens the list",
            ))
            .to_owned();
    };
    let first: Vec<&str> = first.cells.iter().map(String::as_str).collect();
    let first = first.join(" ");
    let first = first.trim_end();
    match more.len() {
        0 => format!("? {first}"),
        n if n + 1 >= MOST => format!(
            "? {first} {}",
            v.say(t("và nhiều nữa (F4)", "and many more (F4)"))
        ),
        n => format!("? {first} {} {n} (F4)", v.say(t("và", "and"))),
    }
}

/// Name of a unit and of the one above it.
fn unit_name(cx: &Cx, id: i64, on: chrono::NaiveDate) -> String {
    let path = units::path(cx, id, on).unwrap_or_default();
    let names: Vec<&str> = path
        .iter()
        .rev()
        .take(2)
        .map(|unit| unit.name.as_str())
        .collect();
    names.join(", ")
}

/// The list of indicators: code and name, found by either without accents.
fn pick_indicator(title: &str, text: &str) -> Flow {
    let query = Arc::new(|cx: &mut Cx, text: &str| indicator_rows(cx, text));
    let columns = vec![Column::new("", 8, 24, 0), Column::new("", 20, 80, 0)];
    Flow::Push(Box::new(
        Pick::asked(title, columns, query, Box::new(choose)).with_filter(text),
    ))
}

fn indicator_rows(cx: &Cx, text: &str) -> Vec<PickRow> {
    let known = figures::indicators_by_use(cx).unwrap_or_default();
    let fits = indicators_like(&known, text);
    fits.map(|(code, name, _)| PickRow::new(code, [code, name]))
        .collect()
}

type Indicator = (String, String, String);

fn indicators_like<'a>(
    known: &'a [Indicator],
    text: &str,
) -> impl Iterator<Item = &'a Indicator> + use<'a> {
    let (pattern, typed) = (Pattern::parse(text), fold(text.trim()));
    known.iter().filter(move |(code, name, _)| {
        pattern.is_empty() || fold(code).starts_with(&typed) || pattern.matches_text(name)
    })
}

fn indicator_name(cx: &Cx, code: &str) -> String {
    let known = figures::indicators(cx).unwrap_or_default();
    let found = known.into_iter().find(|(c, ..)| c == code);
    found.map_or_else(String::new, |(_, name, _)| name)
}

/// Petitions that may be about the same matter as this one, the likeliest first, then the others.
fn likely_rows(cx: &Cx, id: i64, lang: Lang) -> Vec<PickRow> {
    let found = records::get(cx, Kind::Petition, id)
        .and_then(|record| duplicates::suggest(cx, record.as_ref(), 5))
        .unwrap_or_default();
    let mut rows: Vec<PickRow> = Vec::new();
    for like in &found {
        // What is linked already stands for its first paper.
        let lead = like.lead.unwrap_or(like.id);
        if lead == id || rows.iter().any(|row| row.key == lead.to_string()) {
            continue;
        }
        let number = records::get(cx, Kind::Petition, lead)
            .ok()
            .and_then(|record| record.head().number_text())
            .unwrap_or_else(|| lead.to_string());
        let day = like
            .received_on
            .map(crate::domain::date::vi)
            .unwrap_or_default();
        let text = format!("{}% {day}  {}", like.score, like.subject);
        rows.push(PickRow::new(lead.to_string(), [number, text]));
    }
    let others = record_rows(cx, Kind::Petition, "", lang);
    let own = id.to_string();
    for row in others {
        if row.key != own && !rows.iter().any(|known| known.key == row.key) {
            rows.push(row);
        }
    }
    rows
}

/// The most rows of a list to choose from.
const MOST: usize = 40;

/// Records that a text names by number or words, for a list to choose from; the newest when nothing is typed.
pub(super) fn record_rows(cx: &Cx, kind: Kind, text: &str, lang: Lang) -> Vec<PickRow> {
    let mut found: Vec<Box<dyn Record>> = Vec::new();
    if let Ok(id) = records::locate(cx, kind, text) {
        found.extend(records::get(cx, kind, id));
    }
    if text.trim().is_empty() {
        found.extend(records::list(cx, &Query::all(kind), 0, Some(MOST)).unwrap_or_default());
    } else {
        let hits = find::find(cx, text, Some(kind), MOST).unwrap_or_default();
        found.extend(
            hits.iter()
                .filter_map(|hit| records::get(cx, kind, hit.id).ok()),
        );
    }
    if kind == Kind::Figure && !text.trim().is_empty() {
        found.extend(figures_named(cx, text));
    }
    let Ok(names) = Names::of(cx, kind) else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    found.retain(|record| seen.insert(record.head().id));
    let row = |record: &dyn Record| {
        let head = record.head();
        // What has no number is told by its day.
        let day = match record.get(catalog::entity(kind).date_field) {
            Value::Date(day) => Some(date::vi(day)),
            _ => None,
        };
        let number = head.number_text().or(day);
        PickRow::new(
            head.id.to_string(),
            [
                number.unwrap_or_else(|| head.id.to_string()),
                names.title(record, lang),
            ],
        )
    };
    found
        .iter()
        .take(MOST)
        .map(|record| row(record.as_ref()))
        .collect()
}

/// Figures whose indicator the words name.
fn figures_named(cx: &Cx, text: &str) -> Vec<Box<dyn Record>> {
    let known = figures::indicators(cx).unwrap_or_default();
    let mut found = Vec::new();
    for (code, ..) in indicators_like(&known, text).take(8) {
        let mut query = Query::all(Kind::Figure);
        query.conds.push(Cond {
            key: "indicator",
            op: Op::Eq,
            value: Value::Text(code.clone()),
        });
        found.extend(records::list(cx, &query, 0, Some(MOST)).unwrap_or_default());
    }
    found
}
