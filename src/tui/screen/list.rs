//! The list of a register, or of the rows behind a figure.

use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::actions::{self, Host};
use super::card::CardScreen;
use super::export::{self, Writing};
use super::import::ImportScreen;
use super::list_marks::Marks;
use super::list_read::{Loaded, counts, window};
use super::rows::{self, FAR, Held, Shown, WINDOW};
use super::{Flow, Screen, Title, Ui, View};
use crate::app::{Cx, Moment, Result, intake};
use crate::catalog;
use crate::domain::period::Period;
use crate::domain::query::{Count, Query};
use crate::domain::record::Kind;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::{Lang, t};
use crate::tui::widget::line::LineField;
use crate::tui::widget::list::List;
use crate::tui::widget::paint::{cut, line, lowest, put, width};

/// A list: what it asks for, the window of rows that are there, and how many there are.
pub struct ListScreen {
    pub(super) kind: Kind,
    pub(super) query: Query,
    /// What the list was opened for, when it is no whole register: «quá hạn», «tử số, Xã Long Hồ».
    about: Vec<String>,
    /// What holds whatever is chosen here; its count is the whole.
    pub(super) whole: Query,
    /// The unit chosen here, by code and name.
    pub(super) unit: Option<(String, String)>,
    pub(super) period: Option<Period>,
    pub(super) list: List<i64>,
    pub(super) shown: Vec<Shown>,
    pub(super) base: usize,
    /// How many rows there are, and of how many.
    pub(super) counted: Option<(Count, Count)>,
    /// The end was seen: how many there are is known however many they are.
    ended: bool,
    filter: LineField,
    pub(super) filtering: bool,
    loaded: bool,
    pub(super) asked: Option<usize>,
    /// The place of the rows that were asked for ahead.
    pub(super) next: Option<usize>,
    wanted: Option<i64>,
    /// The moment that all which is shown was read after.
    pub(super) seen: Option<Moment>,
    pub(super) marks: Marks,
    /// A file that is being written from here.
    pub(super) writing: Option<Writing>,
}

impl ListScreen {
    /// The whole register of a kind.
    pub fn register(kind: Kind, v: &View) -> ListScreen {
        ListScreen::of(Query::all(kind), Vec::new(), v)
    }

    /// The rows of a query; `about` says what they are.
    pub fn of(query: Query, about: Vec<String>, v: &View) -> ListScreen {
        let kind = query.kind;
        ListScreen {
            kind,
            whole: query.clone(),
            query,
            about,
            unit: None,
            period: None,
            list: List::new(rows::columns(kind, rows::NUMBER, v.lang)),
            shown: Vec::new(),
            base: 0,
            counted: None,
            ended: false,
            filter: LineField::default(),
            filtering: false,
            loaded: false,
            asked: None,
            next: None,
            wanted: None,
            seen: None,
            marks: Marks::default(),
            writing: None,
        }
    }

    pub(super) fn selected(&self) -> Option<&Shown> {
        self.shown.get(self.list.place().checked_sub(self.base)?)
    }

    /// The place of the selected row.
    pub(super) fn place(&self) -> usize {
        self.list.place()
    }

    /// One row down.
    pub(super) fn down(&mut self, ui: &mut Ui) {
        self.list.command(Command::Down);
        self.fetch(ui);
    }

    /// The same as one types: the newest question only.
    fn search(&mut self, ui: &mut Ui) {
        (self.query.words, self.seen) = (self.filter.value(), None);
        let (query, whole, v) = (self.query.clone(), self.whole.clone(), ui.view);
        // The whole is what it was before the letter.
        let all = self.counted.map(|(_, all)| all);
        self.ended = false;
        ui.search(
            move |cx| {
                let rows = window(cx, &query, (0, 0), &Held::default(), &v)?;
                Ok((rows, counts(cx, &query, &whole, all)?))
            },
            |screen: &mut ListScreen, found: Result<(Loaded, (Count, Count))>, ui| match found {
                Ok((rows, count)) => {
                    screen.list.select_at(0);
                    screen.take_window(Ok(rows), ui);
                    screen.take_counts(Ok(count), ui)
                }
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
    }

    pub(super) fn take_window(&mut self, loaded: Result<Loaded>, ui: &mut Ui) -> Flow {
        (self.asked, self.next) = (None, None);
        match loaded {
            Ok(Loaded { window, unsorted }) => {
                if unsorted {
                    self.query.sort.clear();
                    ui.warn(ui.say(t(
                        "quá dài để sắp theo cột này: hãy lọc, chọn đơn vị hoặc kỳ trước",
                        "too long for this order: filter, choose a unit or a period first",
                    )));
                }
                let number = rows::number_width(self.kind, &window.rows);
                self.list
                    .set_columns(rows::columns(self.kind, number, ui.view.lang));
                self.ended |= window.total.is_some();
                let total = window.total.unwrap_or(self.list.total());
                self.list.shift(window.shift);
                self.show(window.base, window.rows, total);
                self.loaded = true;
                if let Some(id) = self.wanted.take()
                    && !self.list.select(&id)
                {
                    self.seek(id, ui);
                }
            }
            Err(error) => {
                self.seen = None;
                ui.warn(error.text(ui.view.lang));
            }
        }
        Flow::Stay
    }

    /// Shows these rows, from place `base` on, of `total`.
    pub(super) fn show(&mut self, base: usize, mut rows: Vec<Shown>, total: usize) {
        self.list
            .set_window(base, rows::widget_rows(&mut rows), total);
        self.base = base;
        self.shown = rows;
    }

    pub(super) fn take_counts(&mut self, counts: Result<(Count, Count)>, ui: &mut Ui) -> Flow {
        match counts {
            Ok((count, all)) => {
                match count.more {
                    false => self.list.set_total(count.n),
                    true if self.ended => {}
                    true => self.list.set_total(FAR),
                }
                self.counted = Some((count, all));
                self.fetch(ui);
            }
            Err(error) => ui.warn(error.text(ui.view.lang)),
        }
        Flow::Stay
    }

    /// Asks for rows that are to be seen and are not there.
    fn fetch(&mut self, ui: &mut Ui) {
        if let Some(base) = self.list.missing(WINDOW)
            && self.asked.is_none()
        {
            self.asked = Some(base);
            let window = self.window(base, ui);
            ui.run(window, |screen: &mut ListScreen, loaded, ui| {
                screen.take_window(loaded, ui);
                screen.fetch(ui);
                Flow::Stay
            });
        } else if self.asked.is_none() {
            self.read_next(ui);
        }
    }

    /// The question for the window from `base`, with the rows that are there to find it by.
    pub(super) fn window(
        &self,
        base: usize,
        ui: &Ui,
    ) -> impl FnOnce(&mut Cx) -> Result<Loaded> + Send + 'static {
        let (query, v, total) = (self.query.clone(), ui.view, self.list.total());
        let held = Held {
            base: self.base,
            ids: self.shown.iter().map(|row| row.id).collect(),
        };
        move |cx| window(cx, &query, (base, total), &held, &v)
    }

    pub(super) fn restart(&mut self, ui: &mut Ui) {
        self.ended = false;
        self.list.select_at(0);
        self.load(ui, 0);
    }

    /// What the list is narrowed to, piece by piece.
    pub(super) fn what(&self, v: &View) -> Vec<String> {
        let mut about = self.about.clone();
        if let Some((_, unit)) = &self.unit {
            about.push(format!("{unit} {}", v.say(t("và cấp dưới", "and below"))));
        }
        about.extend(self.period.map(|p| period_label(p, v.lang)));
        if self.query.deleted {
            about.push(v.say(t("đã xóa", "removed")).to_owned());
        }
        if !self.query.words.is_empty() {
            about.push(format!(
                "{} «{}»",
                v.say(t("lọc", "filter")),
                self.query.words
            ));
        }
        about
    }

    fn end_filter(&mut self, keep: bool, ui: &mut Ui) -> Flow {
        self.filtering = false;
        if !keep {
            self.filter.set("");
            self.search(ui);
        }
        Flow::Stay
    }
}

/// How a period is named in the language of the screen.
pub fn period_label(period: Period, lang: Lang) -> String {
    match lang {
        Lang::Vi => period.label(),
        Lang::En => period.label_en(),
    }
}

impl Host for ListScreen {
    fn target(&self) -> Option<(Kind, i64, String)> {
        self.selected()
            .map(|row| (self.kind, row.id, row.name.clone()))
    }

    fn told(&self) -> Vec<String> {
        self.selected()
            .map_or_else(Vec::new, |row| row.detail.clone())
    }

    fn reload(&mut self, ui: &mut Ui) {
        self.read_again(ui);
    }
}

impl Screen for ListScreen {
    fn state(&self, v: &View) -> State {
        let row = self.selected();
        State {
            scope: if self.filtering {
                Scope::Pick
            } else {
                Scope::List
            },
            read_only: v.read_only,
            row: row.is_some(),
            removed: row.is_some_and(|r| r.removed),
            steps: self.kind == Kind::Petition,
            due: row.is_some_and(|r| r.due),
            register: true,
            sheet: intake::rows_of(self.kind).is_some(),
            becomes: intake::becomes_petition(self.kind),
            shows_removed: self.query.deleted,
            marked: !self.marks.is_empty(),
            ..State::new(Scope::List)
        }
    }

    fn title(&self, v: &View) -> Title {
        let about = self.what(v);
        let count = self.counted.map_or_else(String::new, |(count, all)| {
            let now = if self.ended || !count.more {
                Count::exact(self.list.total())
            } else {
                count
            };
            let all = if count == all { now } else { all };
            rows::count_text(now, all, v.lang)
        });
        let marked = self.marks.words(v.lang);
        Title {
            name: catalog::entity(self.kind).title.get(v.lang).to_owned(),
            about,
            count: marked.map_or(count.clone(), |marked| format!("{marked}  {count}")),
        }
    }

    fn status(&self, v: &View) -> Option<String> {
        if let Some(writing) = &self.writing {
            return Some(writing.words(v));
        }
        let own = !self.filtering && !self.marks.is_empty();
        own.then(|| self.marks_hints(v))
    }

    fn works(&self) -> bool {
        self.writing.is_some()
    }

    fn start(&mut self, ui: &mut Ui) {
        self.load(ui, 0);
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.look_again(ui);
    }

    fn new_day(&mut self, ui: &mut Ui) {
        self.reload(ui);
    }

    fn follow(&mut self, ui: &mut Ui) -> bool {
        self.follow_others(ui)
    }

    fn saved(&mut self, kind: Kind, id: i64, ui: &mut Ui) {
        if kind == self.kind {
            self.wanted = Some(id);
        }
        let base = if self.shown.iter().any(|row| row.id == id) {
            self.base
        } else {
            0
        };
        self.load(ui, base);
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        if !self.filtering
            && let Some(flow) = self.marks_command(c, ui)
        {
            return flow;
        }
        match c {
            Command::Accept if self.filtering => self.end_filter(true, ui),
            Command::Cancel if self.filtering => self.end_filter(false, ui),
            Command::Back if self.writing.is_some() => export::stop(self.writing.as_ref()),
            Command::Back if !self.query.words.is_empty() => self.end_filter(false, ui),
            Command::Open => match self.selected() {
                Some(row) => Flow::Push(Box::new(CardScreen::new(self.kind, row.id))),
                None => Flow::Stay,
            },
            Command::Export => self.ask_export(ui),
            Command::Import => Flow::Push(Box::new(ImportScreen::new(self.kind, &ui.view))),
            Command::Add | Command::Day => self.add(c == Command::Day, ui),
            Command::Filter => {
                self.filtering = true;
                Flow::Stay
            }
            Command::Sort => self.sort(ui),
            Command::Unit => self.choose_unit(ui),
            Command::Period => self.choose_period(ui),
            Command::ShowRemoved => {
                self.query.deleted = !self.query.deleted;
                self.whole.deleted = self.query.deleted;
                self.restart(ui);
                Flow::Stay
            }
            _ if self.list.command(c) => {
                self.fetch(ui);
                Flow::Stay
            }
            _ => actions::command(self, c, ui),
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        if self.filter.key(key, ui.view.aid) == Some(true) {
            self.search(ui);
        }
        Flow::Stay
    }

    fn paste(&mut self, text: &str, ui: &mut Ui) -> Flow {
        self.filter.paste(text);
        self.search(ui);
        Flow::Stay
    }

    fn follows(&self, body: Rect) -> Option<Rect> {
        (!self.filtering).then(|| foot(body))
    }

    //   Số      Nhận   Loại  Nội dung                         Hạn    Tình trạng
    // > 15/2026 02/03  KN    Không đồng ý phương án bồi thư…  11/03  ! quá 1 ngày
    //   22/2026 04/03  TC    Cán bộ địa chính nhũng nhiễu     13/03    còn 1 ngày
    //
    //  Không đồng ý phương án bồi thường, hỗ trợ, tái định cư dự án cầu qua sông
    //  đã nhận · hạn 11/03/2026 quá 1 ngày · 29602 Xã Long Hồ
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let foot = foot(area);
        let detail = foot.height;
        let rows = Rect {
            height: area.height - detail,
            ..area
        };
        self.list.view(f, rows, v, !self.filtering);
        self.list.view_marks(f, rows, |id| self.marks.has(*id));
        if self.loaded && self.list.total() == 0 {
            put(f, area, 2, 1, v.say(self.empty_text()), v.theme.dim());
        }
        if self.filtering {
            let label = v.say(t(" Lọc: ", " Filter: "));
            let y = foot.height.saturating_sub(1);
            put(f, foot, 0, y, label, v.theme.accent());
            let row = line(foot, y);
            let x = width(label).min(row.width);
            self.filter.view(
                f,
                Rect {
                    x: row.x + x,
                    width: row.width - x,
                    ..row
                },
                Style::new(),
                true,
            );
        } else if let Some(row) = self.selected() {
            let lines = row.detail.iter().take(usize::from(detail.max(2) - 1));
            let first = detail.saturating_sub(2);
            for (y, text) in (first..).zip(lines) {
                let style = if y == first {
                    Style::new()
                } else {
                    v.theme.dim()
                };
                let room = area.width.saturating_sub(2);
                put(f, foot, 1, y, &cut(text, room, v.theme), style);
            }
        }
    }
}

/// Where the selected row is spelled out.
fn foot(area: Rect) -> Rect {
    lowest(area, if area.height >= 14 { 3 } else { 1 })
}

impl ListScreen {
    fn empty_text(&self) -> crate::tui::lang::Text {
        if self.query == Query::all(self.kind) {
            t(
                "sổ chưa có gì; F2 thêm bản ghi đầu tiên, I nhập từ tệp",
                "the register is empty; F2 adds the first record, I imports a file",
            )
        } else if self.query.deleted {
            t(
                "không có bản ghi nào đã xóa ở đây; o trở lại",
                "no removed record here; o goes back",
            )
        } else {
            t("không có dòng nào hợp", "no row matches")
        }
    }
}
