//! A question before something that cannot simply be repeated. The key that asks is never the key that confirms:
//! the answer is `c` and Enter, whatever key asked; of many records it is their number.

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::line::LineField;
use crate::tui::widget::paint::{line, put, wrap};

/// How a question is agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agree {
    /// By a yes.
    Yes,
    /// By typing this number.
    Count(usize),
    /// Not at all: it only tells.
    Never,
}

/// The question and the very thing that a yes does.
pub struct Confirm {
    question: String,
    /// What it is about, and which lines of it stand out.
    detail: Vec<(String, bool)>,
    agree: Agree,
    top: usize,
    page: usize,
    answer: LineField,
    yes: Option<Flow>,
}

impl Confirm {
    /// A question, what it is about, and what a yes does.
    pub fn new(question: String, detail: Vec<String>, yes: Flow) -> Confirm {
        let detail = detail.into_iter().map(|text| (text, false)).collect();
        Confirm::agreed_by(Agree::Yes, question, detail, yes)
    }

    /// The same, agreed to as `agree` says, with lines that stand out.
    pub fn agreed_by(
        agree: Agree,
        question: String,
        detail: Vec<(String, bool)>,
        yes: Flow,
    ) -> Confirm {
        Confirm {
            question,
            detail,
            agree,
            top: 0,
            page: 1,
            answer: LineField::default(),
            yes: Some(yes),
        }
    }

    fn ask(&self) -> Text {
        match self.agree {
            Agree::Never => t("Esc để thôi", "Esc to leave"),
            Agree::Yes => t("Gõ c rồi Enter để đồng ý: ", "Type y and Enter to agree: "),
            Agree::Count(_) => t(
                "Gõ số bản ghi sẽ đổi rồi Enter: ",
                "Type how many will change and Enter: ",
            ),
        }
    }

    fn accept(&mut self, ui: &mut Ui) -> Flow {
        let said = self.answer.value().to_lowercase();
        let agreed = match (self.agree, ui.view.lang) {
            (Agree::Never, _) => return Flow::Pop,
            // The letter of the user's language only: the other may be the key that asked.
            (Agree::Yes, Lang::Vi) => ["c", "có", "co"].contains(&said.as_str()),
            (Agree::Yes, Lang::En) => ["y", "yes"].contains(&said.as_str()),
            (Agree::Count(count), _) => said.replace('.', "").parse() == Ok(count),
        };
        if agreed {
            return self.yes.take().unwrap_or(Flow::Pop);
        }
        match (self.agree, ui.view.lang) {
            (Agree::Count(count), Lang::Vi) => {
                ui.warn(format!("{count} bản ghi sẽ đổi: gõ đúng số đó để đồng ý"));
            }
            (Agree::Count(count), Lang::En) => {
                ui.warn(format!("{count} will change: type that number to agree"));
            }
            _ if said.is_empty() => ui.warn(ui.say(t(
                "chưa trả lời: chữ c là có, Esc là không",
                "no answer yet: y is yes, Esc is no",
            ))),
            // Anything else is a no.
            _ => return Flow::Pop,
        }
        Flow::Stay
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
            Command::Accept => self.accept(ui),
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        match key.code {
            KeyCode::Up => self.top = self.top.saturating_sub(1),
            KeyCode::Down => self.top += 1,
            KeyCode::PageUp => self.top = self.top.saturating_sub(self.page),
            KeyCode::PageDown => self.top += self.page,
            _ => {
                if self.answer.key(key, ui.view.aid.off()).is_none() {
                    ui.warn(ui.say(frame::WAITS));
                }
            }
        }
        Flow::Stay
    }

    // ── Xóa đơn 15/2026? ──────────────────────────────────────────────────
    //  Không đồng ý phương án bồi thường
    //
    //  Gõ c rồi Enter để đồng ý:
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let room = area.width.min(78).saturating_sub(2);
        let mut lines: Vec<(String, bool)> = Vec::new();
        for (text, strong) in &self.detail {
            lines.extend(wrap(text, room).into_iter().map(|part| (part, *strong)));
        }
        let many = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let high = many.saturating_add(if many == 0 { 3 } else { 4 });
        let inner = frame::open(f, area, (room + 2, high), &self.question, v);
        let body = inner.height.saturating_sub(2);
        self.page = usize::from(body).max(1);
        self.top = self.top.min(lines.len().saturating_sub(self.page));
        for (y, (text, strong)) in (0..body).zip(lines.iter().skip(self.top)) {
            let style = if *strong {
                v.theme.strong()
            } else {
                Style::new()
            };
            put(f, inner, 0, y, text, style);
        }
        if self.top + self.page < lines.len() {
            let more = v.say(t("PgDn xem tiếp", "PgDn for more"));
            put(f, inner, 0, body, more, v.theme.dim());
        }
        let last = line(inner, inner.height.saturating_sub(1));
        let ask = v.say(self.ask());
        if self.agree == Agree::Never {
            put(f, last, 0, 0, ask, v.theme.dim());
        } else {
            frame::answer(f, last, ask, &mut self.answer, v);
        }
    }
}
