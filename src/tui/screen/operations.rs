//! «Hoàn tác»: what was done, by oneself or by all, the newest first; each can be taken back while nothing stands in
//! its way.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::card::CardScreen;
use super::rows::{WINDOW, count_text};
use super::{Flow, Screen, Title, Ui, View, plain_state};
use crate::app::undo::{self, Deed, Told};
use crate::app::{Cx, Result};
use crate::domain::query::Count;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::t;
use crate::tui::modal::undoing::Undoing;
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::put;

/// The list of what was done.
pub struct OperationsScreen {
    /// One's own alone.
    mine: bool,
    list: List<i64>,
    rows: Vec<Told>,
    base: usize,
    loaded: bool,
    asked: Option<usize>,
}

struct Loaded {
    base: usize,
    rows: Vec<Told>,
    total: usize,
}

impl OperationsScreen {
    /// One's own work; it comes when it is shown.
    pub fn new(v: &View) -> OperationsScreen {
        OperationsScreen {
            mine: true,
            list: List::new(columns(true, v)),
            rows: Vec::new(),
            base: 0,
            loaded: false,
            asked: None,
        }
    }

    fn load(&mut self, base: usize, ui: &mut Ui) {
        let mine = self.mine;
        self.asked = Some(base);
        ui.run(move |cx| window(cx, mine, base), OperationsScreen::take);
    }

    fn take(&mut self, loaded: Result<Loaded>, ui: &mut Ui) -> Flow {
        self.asked = None;
        match loaded {
            Ok(loaded) => {
                let v = ui.view;
                let rows = loaded.rows.iter().map(|told| line(told, self.mine, &v));
                self.list
                    .set_window(loaded.base, rows.collect(), loaded.total);
                self.list.set_total(loaded.total);
                self.rows = loaded.rows;
                self.base = loaded.base;
                self.loaded = true;
            }
            Err(error) => ui.warn(error.text(ui.view.lang)),
        }
        Flow::Stay
    }

    fn fetch(&mut self, ui: &mut Ui) {
        if let Some(base) = self.list.missing(WINDOW)
            && self.asked.is_none()
        {
            self.load(base, ui);
        }
    }

    fn selected(&self) -> Option<&Told> {
        self.rows.get(self.list.place().checked_sub(self.base)?)
    }
}

fn columns(mine: bool, v: &View) -> Vec<Column> {
    let mut columns = vec![Column::new(v.say(t("Lúc", "When")), 5, 16, 0)];
    if !mine {
        columns.push(Column::new(v.say(t("Ai", "Who")), 6, 12, 0));
    }
    columns.push(Column::new(v.say(t("Việc", "What")), 20, 120, 0));
    columns.push(Column::new("", 10, 24, 0));
    columns
}

fn window(cx: &Cx, mine: bool, base: usize) -> Result<Loaded> {
    Ok(Loaded {
        base,
        rows: undo::list(cx, mine, base, WINDOW)?,
        total: undo::count(cx, mine)?,
    })
}

fn line(told: &Told, mine: bool, v: &View) -> Row<i64> {
    let deed = match told.deed {
        Deed::Change => "",
        Deed::Undo => v.say(t("hoàn tác: ", "undone: ")),
        Deed::Redo => v.say(t("làm lại: ", "done again: ")),
    };
    let state = match (&told.undone, told.deed) {
        (None, _) => "",
        (Some(_), _) if told.left.is_some() => v.say(t("còn sót", "not all")),
        (Some(_), Deed::Undo) => v.say(t("đã làm lại", "done again")),
        (Some(_), _) => v.say(t("đã lấy lại", "taken back")),
    };
    let mut cells = vec![undo::when(&told.at, v.today)];
    if !mine {
        cells.push(told.who.clone());
    }
    cells.push(format!("{deed}{}", told.what.get(v.lang)));
    cells.push(state.to_owned());
    let style = match told.undone {
        Some(_) => v.theme.dim(),
        None => ratatui::style::Style::new(),
    };
    Row {
        key: told.id,
        cells: cells.into_iter().map(|text| Cell { text, style }).collect(),
    }
}

impl Screen for OperationsScreen {
    fn state(&self, v: &View) -> State {
        State {
            row: self.selected().is_some(),
            ..plain_state(Scope::Done, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        let whose = if self.mine {
            t("việc của mình", "your work")
        } else {
            t("việc của mọi người", "everybody's work")
        };
        Title {
            name: v.say(t("Việc đã làm", "Work done")).to_owned(),
            about: vec![v.say(whose).to_owned()],
            count: if self.loaded {
                let count = Count::exact(self.list.total());
                count_text(count, count, v.lang)
            } else {
                String::new()
            },
        }
    }

    fn status(&self, v: &View) -> Option<String> {
        let own = t(
            "Enter mở  u lấy lại việc đang chọn  o việc của ai",
            "Enter opens  u takes the selected one back  o whose work",
        );
        self.selected().map(|told| match &told.left {
            Some(left) => left.get(v.lang).to_owned(),
            None => v.say(own).to_owned(),
        })
    }

    fn start(&mut self, ui: &mut Ui) {
        self.load(0, ui);
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.load(self.base, ui);
    }

    fn follow(&mut self, ui: &mut Ui) -> bool {
        self.load(self.base, ui);
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open => match self.selected().and_then(|told| told.record) {
                Some((kind, id)) => Flow::Push(Box::new(CardScreen::new(kind, id))),
                None => Flow::Stay,
            },
            Command::Undo => match self.selected() {
                Some(told) => Flow::Push(Box::new(Undoing::of(told.id))),
                None => Flow::Pass,
            },
            Command::Whose => {
                self.mine = !self.mine;
                self.list = List::new(columns(self.mine, &ui.view));
                self.rows.clear();
                self.load(0, ui);
                Flow::Stay
            }
            _ if self.list.command(c) => {
                self.fetch(ui);
                Flow::Stay
            }
            _ => Flow::Pass,
        }
    }

    //   Lúc    Việc
    // > 08:15  sửa Nội dung của đơn 15/2026
    //   08:02  hoàn tác: bước «thụ lý» của 12 đơn              đã làm lại
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        self.list.view(f, area, v, true);
        if self.loaded && self.list.total() == 0 {
            let text = v.say(t(
                "chưa có việc nào; o xem của mọi người",
                "nothing yet; o shows everybody's",
            ));
            put(f, area, 2, 1, text, v.theme.dim());
        }
    }
}
