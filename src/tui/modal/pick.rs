//! A choice among rows: a pick list, a menu, a list to search as one types.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::frame;
use crate::domain::fold::{Pattern, fold};
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::{Cx, Then};
use crate::tui::lang::t;
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::line::LineField;
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::{put, wrap};

/// One row that can be chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PickRow {
    /// What it stands for; a code can be typed as it is.
    pub key: String,
    /// Its texts, in the order of the columns.
    pub cells: Vec<String>,
    /// Why it cannot be chosen now.
    pub refused: Option<String>,
    /// What it means, shown under the rows while it is selected, a paragraph each.
    pub hint: Vec<String>,
}

impl PickRow {
    /// A row that can be chosen.
    pub fn new(
        key: impl Into<String>,
        cells: impl IntoIterator<Item = impl Into<String>>,
    ) -> PickRow {
        PickRow {
            key: key.into(),
            cells: cells.into_iter().map(Into::into).collect(),
            refused: None,
            hint: Vec::new(),
        }
    }

    /// The same row with what it means.
    pub fn meaning(mut self, hint: impl IntoIterator<Item = String>) -> PickRow {
        self.hint = hint.into_iter().collect();
        self
    }
}

/// Lines under the rows for what the selected one means.
const HINT: u16 = 5;

/// Asks for the rows that what was typed names.
pub type Query = Arc<dyn Fn(&mut Cx, &str) -> Vec<PickRow> + Send + Sync>;
/// What choosing a row does on the screen under the list.
pub type Choose = Box<dyn FnOnce(PickRow) -> Then>;

/// What adding a new entry does on the screen under the list, with what was typed.
pub type Make = Box<dyn FnOnce(&str) -> Then>;

enum Rows {
    Fixed(Vec<PickRow>),
    Asked(Query),
}

/// The list in its box.
pub struct Pick {
    title: String,
    rows: Rows,
    shown: Vec<PickRow>,
    filter: LineField,
    list: List<String>,
    choose: Option<Choose>,
    /// The last row adds what is not there: its words and what it does.
    new: Option<(String, Make)>,
    answered: bool,
    /// Where the meaning of the selected row was told last.
    told: Rect,
}

/// The key of the row that adds a new entry; no code and no number is empty.
const NEW: &str = "";

impl Pick {
    /// A choice among rows that are all known.
    pub fn fixed(
        title: impl Into<String>,
        columns: Vec<Column>,
        rows: Vec<PickRow>,
        choose: Choose,
    ) -> Pick {
        let mut pick = Pick::build(title.into(), columns, Rows::Fixed(rows), choose);
        pick.answered = true;
        pick.refilter();
        pick
    }

    /// A choice among rows that are asked for as one types.
    pub fn asked(
        title: impl Into<String>,
        columns: Vec<Column>,
        query: Query,
        choose: Choose,
    ) -> Pick {
        Pick::build(title.into(), columns, Rows::Asked(query), choose)
    }

    fn build(title: String, columns: Vec<Column>, rows: Rows, choose: Choose) -> Pick {
        Pick {
            title,
            rows,
            shown: Vec::new(),
            filter: LineField::default(),
            list: List::new(columns),
            choose: Some(choose),
            new: None,
            answered: false,
            told: Rect::default(),
        }
    }

    /// The same list with this text typed already.
    pub fn with_filter(mut self, text: &str) -> Pick {
        self.filter.set(text);
        self.refilter();
        self
    }

    /// The same list with a last row that adds a new entry.
    pub fn adding(mut self, label: &str, make: Make) -> Pick {
        self.new = Some((label.to_owned(), make));
        self
    }

    /// The same list with the row of this key selected.
    pub fn selecting(mut self, key: &str) -> Pick {
        self.list.select(&key.to_owned());
        self
    }

    fn refilter(&mut self) {
        let Rows::Fixed(rows) = &self.rows else {
            return;
        };
        let typed = self.filter.value();
        let pattern = Pattern::parse(&typed);
        let is_code =
            |row: &PickRow| !typed.is_empty() && fold(&row.key).starts_with(&fold(&typed));
        let fits = |row: &&PickRow| {
            pattern.is_empty() || is_code(row) || pattern.matches_text(&row.cells.join(" "))
        };
        let mut shown: Vec<PickRow> = rows.iter().filter(fits).cloned().collect();
        // What is called so comes before what is only described so.
        if !pattern.is_empty() {
            let (name, typed) = (
                |row: &PickRow| fold(row.cells.first().map_or("", String::as_str)),
                fold(&typed),
            );
            shown.sort_by_cached_key(|row| {
                let name = name(row);
                (!name.starts_with(&typed), !pattern.matches_text(&name))
            });
        }
        self.show(shown);
    }

    fn show(&mut self, mut rows: Vec<PickRow>) {
        if let Some((label, _)) = &self.new {
            rows.push(PickRow::new(NEW, ["+", label.as_str()]));
        }
        let list = rows.iter().map(|row| {
            let cells = row
                .cells
                .iter()
                .map(|text| Cell::from(text.as_str()))
                .collect();
            Row {
                key: row.key.clone(),
                cells,
            }
        });
        self.list.set_rows(list.collect());
        if !self.filter.raw().is_empty() {
            self.list.select_at(0);
        }
        self.shown = rows;
    }

    fn typed(&mut self, ui: &mut Ui) {
        self.refilter();
        if let Rows::Asked(query) = &self.rows {
            let (query, text) = (Arc::clone(query), self.filter.value());
            ui.search(
                move |cx| query(cx, &text),
                |pick: &mut Pick, rows, _ui| {
                    pick.answered = true;
                    pick.show(rows);
                    Flow::Stay
                },
            );
        }
    }

    fn accept(&mut self, ui: &mut Ui) -> Flow {
        let Some(row) = self.shown.get(self.list.place()).cloned() else {
            return Flow::Stay;
        };
        if let Some(why) = row.refused {
            ui.warn(why);
            return Flow::Stay;
        }
        if row.key == NEW
            && let Some((_, make)) = self.new.take()
        {
            return Flow::PopThen(make(&self.filter.value()));
        }
        match self.choose.take() {
            Some(choose) => Flow::PopThen(choose(row)),
            None => Flow::Pop,
        }
    }
}

impl Screen for Pick {
    fn state(&self, v: &View) -> State {
        State {
            row: self.list.row().is_some(),
            ..plain_state(Scope::Pick, v)
        }
    }

    fn title(&self, _v: &View) -> Title {
        Title {
            name: self.title.clone(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn start(&mut self, ui: &mut Ui) {
        if matches!(self.rows, Rows::Asked(_)) {
            self.typed(ui);
        }
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Cancel => Flow::Pop,
            Command::Accept => self.accept(ui),
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        if self.filter.key(key, ui.view.aid) == Some(true) {
            self.typed(ui);
        }
        Flow::Stay
    }

    fn paste(&mut self, text: &str, ui: &mut Ui) -> Flow {
        self.filter.paste(text);
        self.typed(ui);
        Flow::Stay
    }

    fn status(&self, _v: &View) -> Option<String> {
        self.shown.get(self.list.place())?.refused.clone()
    }

    fn follows(&self, _body: Rect) -> Option<Rect> {
        Some(self.told)
    }

    // ── Đơn vị ──────────────────────────────
    //  Tìm: vinh long_
    //  > 86     Tỉnh Vĩnh Long
    //    29602  Xã Long Hồ, Vĩnh Long
    //  what the selected row means, or its text whole where it was cut
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let wide = 120.min(area.width);
        let (most, below) = match &self.rows {
            Rows::Fixed(rows) => {
                let many = u16::try_from(rows.len()).unwrap_or(u16::MAX);
                let below = if rows.iter().any(|row| !row.hint.is_empty()) {
                    HINT
                } else if self.list.cuts(wide.saturating_sub(2)) {
                    frame::WHOLE
                } else {
                    0
                };
                (many.saturating_add(3 + below), below)
            }
            Rows::Asked(_) => (area.height, frame::WHOLE),
        };
        let inner = frame::open(f, area, (wide, most.max(5)), &self.title, v);
        let of = (&mut self.filter, &mut self.list);
        let (rest, below) = frame::filtered(f, inner, of, below, v);
        self.told = below;
        match self.shown.get(self.list.place()) {
            Some(row) if !row.hint.is_empty() => {
                let lines = row.hint.iter().flat_map(|text| wrap(text, below.width));
                for (y, text) in (1..below.height).zip(lines) {
                    put(f, below, 0, y, &text, v.theme.dim());
                }
            }
            _ => frame::whole(f, below, &self.list, v),
        }
        let new = |row: &PickRow| row.key == NEW && self.new.is_some();
        if self.answered && self.shown.iter().all(new) {
            let under = u16::try_from(self.shown.len()).unwrap_or(0);
            let none = v.say(t("không có dòng nào hợp", "nothing matches"));
            put(f, rest, 2, under, none, v.theme.dim());
        }
    }
}
