//! A question before something that cannot simply be repeated. The key that asks is never the key that confirms:
//! the answer is `c` and Enter, whatever key asked.

use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::{Lang, t};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::line::LineField;
use crate::tui::widget::paint::{line, put, width, wrap};

/// The question and the very thing that a yes does.
pub struct Confirm {
    question: String,
    detail: Vec<String>,
    answer: LineField,
    yes: Option<Flow>,
}

impl Confirm {
    /// A question, what it is about, and what a yes does.
    pub fn new(question: String, detail: Vec<String>, yes: Flow) -> Confirm {
        Confirm {
            question,
            detail,
            answer: LineField::default(),
            yes: Some(yes),
        }
    }
}

impl Screen for Confirm {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Ask, v)
    }

    fn title(&self, _v: &View) -> Title {
        Title {
            name: self.question.clone(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn asks(&self) -> bool {
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Cancel => Flow::Pop,
            // The letter of the user's language only: the other may be the key that asked.
            Command::Accept => match (self.answer.value().to_lowercase().as_str(), ui.view.lang) {
                ("c" | "có" | "co", Lang::Vi) | ("y" | "yes", Lang::En) => {
                    self.yes.take().unwrap_or(Flow::Pop)
                }
                ("", _) => {
                    ui.warn(ui.say(t(
                        "gõ c rồi Enter để đồng ý, Esc để thôi",
                        "type y and Enter to agree, Esc to leave",
                    )));
                    Flow::Stay
                }
                _ => Flow::Pop,
            },
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        if self.answer.key(key, ui.view.aid.off()).is_none() {
            ui.warn(ui.say(frame::WAITS));
        }
        Flow::Stay
    }

    // ┌ Xóa đơn 15/2026? ──────────────────────┐
    // │ Không đồng ý phương án bồi thường      │
    // │                                        │
    // │ Gõ c rồi Enter để đồng ý, Esc để thôi: │
    // └────────────────────────────────────────┘
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let room = area.width.min(64).saturating_sub(4);
        let lines: Vec<String> = self
            .detail
            .iter()
            .flat_map(|text| wrap(text, room))
            .collect();
        let high = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .saturating_add(4);
        let inner = frame::open(f, area, (room + 4, high), &self.question, v);
        let mut y = 0;
        for text in lines
            .iter()
            .take(usize::from(inner.height.saturating_sub(2)))
        {
            put(f, inner, 0, y, text, Style::new());
            y += 1;
        }
        let ask = v.say(t(
            "Gõ c rồi Enter để đồng ý, Esc để thôi: ",
            "Type y and Enter to agree, Esc to leave: ",
        ));
        let y = (y + 1).min(inner.height.saturating_sub(1));
        put(f, inner, 0, y, ask, v.theme.dim());
        let row = line(inner, y);
        let x = width(ask).min(row.width.saturating_sub(2));
        self.answer.view(
            f,
            Rect {
                x: row.x + x,
                width: row.width - x,
                ..row
            },
            Style::new(),
            true,
        );
    }
}
