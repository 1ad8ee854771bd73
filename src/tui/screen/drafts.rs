//! The question about drafts when the program starts: recovery is asked for, with a date, never silent.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::form::{FormScreen, from_draft};
use super::{Flow, Screen, Title, Ui, View};
use crate::app::drafts::{self, Draft};
use crate::catalog;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::confirm::Confirm;
use crate::tui::modal::frame;
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::put;

/// The drafts that wait.
pub struct DraftsScreen {
    waiting: Vec<Draft>,
    list: List<String>,
}

impl DraftsScreen {
    /// A question about these drafts.
    pub fn new(waiting: Vec<Draft>, v: &View) -> DraftsScreen {
        let columns = vec![
            Column::new("", 11, 16, 0),
            Column::new("", 10, 24, 0),
            Column::new("", 10, 60, 1),
        ];
        let mut screen = DraftsScreen {
            waiting,
            list: List::new(columns),
        };
        screen.fill(v.lang);
        screen
    }

    fn fill(&mut self, lang: Lang) {
        let row = |draft: &Draft| {
            let at = crate::app::history::moment(&draft.saved_at);
            let one = catalog::entity(draft.kind).one.get(lang);
            let what = match lang {
                Lang::Vi => format!("{one}, {} ô", draft.fields.len()),
                Lang::En => format!("{one}, {} fields", draft.fields.len()),
            };
            let title = catalog::entity(draft.kind).title_field;
            let text = draft
                .fields
                .iter()
                .find(|(key, _)| key == title)
                .map(|(_, text)| text.clone());
            let cells = [at, what, text.unwrap_or_default()];
            Row {
                key: draft.id.clone(),
                cells: cells.into_iter().map(Cell::from).collect(),
            }
        };
        let rows = self.waiting.iter().map(row).collect();
        self.list.set_rows(rows);
    }

    fn throw_away(&mut self, id: &str, ui: &mut Ui) -> Flow {
        self.waiting.retain(|draft| draft.id != id);
        self.fill(ui.view.lang);
        ui.note(ui.say(t("đã xóa bản nháp", "the draft was thrown away")));
        let id = id.to_owned();
        ui.run(
            move |cx| drafts::discard(cx.config(), &id),
            |_: &mut DraftsScreen, done, ui| {
                if let Err(error) = done {
                    ui.warn(error.text(ui.view.lang));
                }
                Flow::Stay
            },
        );
        if self.waiting.is_empty() {
            Flow::Pop
        } else {
            Flow::Stay
        }
    }

    fn chosen(&self) -> Option<&Draft> {
        self.waiting.get(self.list.place())
    }
}

impl Screen for DraftsScreen {
    fn state(&self, v: &View) -> State {
        let row = self.chosen().is_some();
        State {
            row,
            register: true,
            read_only: v.read_only,
            ..State::new(Scope::Read)
        }
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v.say(t("bản nháp", "drafts")).to_owned(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn resume(&mut self, _ui: &mut Ui) {}

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        let v = ui.view;
        match (c, self.chosen().cloned()) {
            (Command::Open, Some(draft)) => {
                ui.run(
                    move |cx| from_draft(cx, &draft, &v),
                    |_: &mut DraftsScreen, form: crate::app::Result<FormScreen>, ui| match form {
                        Ok(form) => Flow::Replace(Box::new(form)),
                        Err(error) => {
                            ui.warn(error.text(ui.view.lang));
                            Flow::Stay
                        }
                    },
                );
                Flow::Stay
            }
            (Command::Remove, Some(draft)) => {
                let question = ui
                    .say(t("Xóa hẳn bản nháp này?", "Throw this draft away?"))
                    .to_owned();
                let yes = then(move |screen: &mut DraftsScreen, ui: &mut Ui| {
                    screen.throw_away(&draft.id, ui)
                });
                Flow::Push(Box::new(Confirm::new(
                    question,
                    Vec::new(),
                    Flow::PopThen(yes),
                )))
            }
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn status(&self, v: &View) -> Option<String> {
        let help = t(
            "Enter khôi phục   F8 xóa bản nháp   Esc để sau",
            "Enter recovers   F8 throws away   Esc later",
        );
        Some(v.say(help).to_owned())
    }

    // ┌ Có bản nháp chưa lưu ────────────────────────────────┐
    // │ > 2025-03-14 09:12  đơn, 6 ô  Đường liên ấp hư hỏng  │
    // │                                                      │
    // │ Enter khôi phục   F8 xóa bản nháp   Esc để sau       │
    // └──────────────────────────────────────────────────────┘
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let many = u16::try_from(self.waiting.len())
            .unwrap_or(u16::MAX)
            .min(12);
        let title = v.say(t(
            "Có bản nháp chưa lưu",
            "There are drafts that were not saved",
        ));
        let inner = frame::open(f, area, (72, many + 4), title, v);
        let rows = Rect {
            height: inner.height.saturating_sub(2),
            ..inner
        };
        self.list.view(f, rows, v, true);
        let help = self.status(v).unwrap_or_default();
        put(
            f,
            inner,
            0,
            inner.height.saturating_sub(1),
            &help,
            Style::new(),
        );
    }
}
