//! The question about slips: what looks wrong, what was probably meant, and three answers. The cursor stands on going
//! back, so that the key that saves does not answer by being pressed twice.

use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame;
use crate::app::slips::Doubtful;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::Then;
use crate::tui::lang::{Lang, t};
use crate::tui::screen::form::Answer;
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::paint::{cursor, put, wrap};

/// What an answer does on the form under the question.
pub type Act = fn(Answer, Vec<Doubtful>) -> Then;

/// The question in its box.
pub struct SlipsAsk {
    found: Vec<Doubtful>,
    choices: Vec<(fn() -> Answer, String)>,
    at: usize,
    act: Act,
}

impl SlipsAsk {
    /// A question about these slips.
    pub fn new(found: Vec<Doubtful>, lang: Lang, act: Act) -> SlipsAsk {
        let mends = found.iter().filter(|slip| slip.fix.is_some()).count();
        let say = |vi, en| t(vi, en).get(lang).to_owned();
        let mut choices: Vec<(fn() -> Answer, String)> =
            vec![(|| Answer::Back, say("sửa lại", "go back and correct"))];
        if mends > 0 {
            let words = match lang {
                Lang::Vi => format!("sửa giúp {mends} chỗ rồi lưu"),
                Lang::En => format!("correct {mends} as shown and save"),
            };
            choices.push((|| Answer::Mend, words));
        }
        choices.push((
            || Answer::Save,
            say("đúng rồi, vẫn lưu", "it is right, save it"),
        ));
        SlipsAsk {
            found,
            choices,
            at: 0,
            act,
        }
    }
}

impl Screen for SlipsAsk {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Pick, v)
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v.say(t("có vẻ nhầm", "looks wrong")).to_owned(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn command(&mut self, c: Command, _ui: &mut Ui) -> Flow {
        let last = self.choices.len().saturating_sub(1);
        match c {
            Command::Up => self.at = self.at.saturating_sub(1),
            Command::Down => self.at = (self.at + 1).min(last),
            Command::Cancel => return Flow::PopThen((self.act)(Answer::Back, self.found.clone())),
            Command::Accept => {
                let answer = self.choices.get(self.at).map_or(Answer::Back, |(a, _)| a());
                return Flow::PopThen((self.act)(answer, self.found.clone()));
            }
            _ => return Flow::Pass,
        }
        Flow::Stay
    }

    fn text(&mut self, _key: KeyEvent, ui: &mut Ui) -> Flow {
        ui.warn(ui.say(t(
            "câu hỏi đang chờ: ↑ ↓ chọn, Enter nhận, Esc về sửa",
            "the question waits: arrows choose, Enter takes, Esc goes back",
        )));
        Flow::Stay
    }

    fn paste(&mut self, _text: &str, _ui: &mut Ui) -> Flow {
        Flow::Stay
    }

    // ── Có vẻ nhầm ──────────────────────────────────────────
    //  Người gửi: viết hoa toàn bộ
    //    → Lê Thị Bông
    //
    //  > sửa lại
    //    sửa giúp 1 chỗ rồi lưu
    //    đúng rồi, vẫn lưu
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let room = area.width.min(78).saturating_sub(2);
        let mut lines: Vec<(String, Style)> = Vec::new();
        for slip in &self.found {
            let what = format!("{}: {}", slip.label.get(v.lang), slip.what.get(v.lang));
            lines.extend(wrap(&what, room).into_iter().map(|l| (l, Style::new())));
            if let Some(fix) = &slip.fix {
                let mend = format!("→ {fix}");
                let mend = wrap(&mend, room.saturating_sub(2));
                lines.extend(mend.into_iter().map(|l| (format!("  {l}"), v.theme.dim())));
            }
        }
        let answers = u16::try_from(self.choices.len()).unwrap_or(u16::MAX);
        let high = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let high = high.saturating_add(answers).saturating_add(3);
        let title = v.say(t("Có vẻ nhầm", "This looks wrong"));
        let inner = frame::open(f, area, (room + 2, high), title, v);
        let low = inner.height.saturating_sub(answers);
        let fits = usize::from(low.saturating_sub(1));
        for (y, (text, style)) in (0..).zip(lines.iter().take(fits)) {
            put(f, inner, 0, y, text, *style);
        }
        for (at, (_, words)) in self.choices.iter().enumerate() {
            let y = low.saturating_add(u16::try_from(at).unwrap_or(u16::MAX));
            put(f, inner, 2, y, words, Style::new());
            if at == self.at {
                put(f, inner, 0, y, ">", v.theme.accent());
                cursor(f, inner, 0, y);
            }
        }
    }
}
