//! A question that is answered in one line: a date, a period, a reason.

use std::path::Path;

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::Then;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::line::LineField;
use crate::tui::widget::paint::{cut, put};

/// What a letter does to an answer that stands there already.
pub const REPLACES: Text = t("gõ là thay, ← → giữ", "typing replaces, ← → keep");

/// Judges what was typed: what to do with it on the screen under the question, or why not.
pub type Judge = Box<dyn Fn(&str, &View) -> Result<Then, String>>;
/// What stands under the line while one types.
pub type Echo = Box<dyn Fn(&str, &View) -> String>;

/// The question in its box.
pub struct Ask {
    question: String,
    answer: LineField,
    judge: Judge,
    echo: Echo,
    /// The answer is words, not a date or a number: the typing aid works in it.
    words: bool,
    /// Nothing was typed yet: the first letter takes the place of the answer that stands there, as in a form.
    fresh: bool,
}

impl Ask {
    /// A question with a first answer, who judges it, and what to say while it is typed.
    pub fn new(question: impl Into<String>, first: &str, judge: Judge, echo: Echo) -> Ask {
        Ask {
            question: question.into(),
            answer: LineField::new(first),
            judge,
            echo,
            words: false,
            fresh: !first.is_empty(),
        }
    }

    /// The same question, answered in words.
    pub fn in_words(self) -> Ask {
        Ask {
            words: true,
            ..self
        }
    }
}

/// Why no file of a name is begun that was `typed` and leads to `path`: its folder is not there, or a file is.
///
/// # Errors
/// The reason, by the name that was typed.
pub fn new_file(typed: &str, path: &Path, v: &View) -> Result<(), String> {
    if path.symlink_metadata().is_ok() {
        return Err(v
            .say(t(
                "tệp này đã có; đặt tên khác",
                "this file exists; choose another name",
            ))
            .to_owned());
    }
    if path.parent().is_none_or(Path::is_dir) {
        return Ok(());
    }
    let folder = Path::new(typed.trim()).parent().unwrap_or(path).display();
    Err(match v.lang {
        Lang::Vi => format!("không có thư mục «{folder}»; sửa tên hoặc tạo thư mục trước"),
        Lang::En => {
            format!("there is no folder \"{folder}\"; mend the name or make the folder first")
        }
    })
}

impl Screen for Ask {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Ask, v)
    }

    fn title(&self, _v: &View) -> Title {
        Title {
            name: self.question.clone(),
            ..Title::default()
        }
    }

    fn status(&self, v: &View) -> Option<String> {
        self.fresh.then(|| v.say(REPLACES).to_owned())
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Cancel => Flow::Pop,
            Command::Accept => match (self.judge)(&self.answer.value(), &ui.view) {
                Ok(then) => Flow::PopThen(then),
                Err(why) => {
                    ui.warn(why);
                    Flow::Stay
                }
            },
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        let aid = ui.view.aid;
        let aid = if self.words { aid } else { aid.off() };
        let types = matches!(key.code, KeyCode::Char(c) if !c.is_control())
            && key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        if std::mem::take(&mut self.fresh) && types {
            self.answer.set("");
        }
        if self.answer.key(key, aid).is_none() {
            ui.warn(ui.say(frame::WAITS));
        }
        Flow::Stay
    }

    fn paste(&mut self, text: &str, _ui: &mut Ui) -> Flow {
        if std::mem::take(&mut self.fresh) {
            self.answer.set("");
        }
        self.answer.paste(text);
        Flow::Stay
    }

    // ── Ngày của bản đồ ─────────────────────
    //  30/6/2025_
    //  30/06/2025 thứ Hai
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let inner = frame::open(f, area, (78, 4), &self.question, v);
        let echo = (self.echo)(&self.answer.value(), v);
        let echo = cut(&echo, inner.width, v.theme);
        put(f, inner, 0, 1, &echo, v.theme.dim());
        self.answer.view(f, inner, Style::new(), true);
    }
}
