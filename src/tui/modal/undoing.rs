//! Taking back and doing again from anywhere: looks up what is meant, asks, does it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::confirm::Confirm;
use super::frame;
use crate::app::undo::{self, Deed, Told, Way};
use crate::app::{Cx, Error, Result};
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::paint::put;

/// What is looked up or done.
#[derive(Clone, Copy)]
enum Task {
    /// Asks for the newest of one's own operations.
    Next(Way),
    /// Asks for this operation.
    Of(i64),
    /// Takes it back.
    Do(i64),
}

/// The little box that stands while the worker looks, and while it works.
pub struct Undoing(Task);

impl Undoing {
    /// Asks for the newest operation that can be taken back, or done again.
    pub fn next(way: Way) -> Undoing {
        Undoing(Task::Next(way))
    }

    /// Asks for one operation.
    pub fn of(operation: i64) -> Undoing {
        Undoing(Task::Of(operation))
    }

    fn ask(&self, found: Result<Option<Told>>, ui: &mut Ui) -> Flow {
        match found {
            Ok(Some(told)) => Flow::Replace(Box::new(question(&told, &ui.view))),
            Ok(None) => {
                let text = match self.0 {
                    Task::Next(Way::Again) => t(
                        "không có việc nào để làm lại",
                        "nothing was taken back that could be done again",
                    ),
                    _ => t(
                        "bạn chưa làm việc nào để lấy lại",
                        "you have done nothing that could be taken back",
                    ),
                };
                ui.note(ui.say(text));
                Flow::Pop
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Pop
            }
        }
    }

    fn done(done: Result<Told>, ui: &mut Ui) -> Flow {
        let lang = ui.view.lang;
        match done {
            Ok(told) => {
                let (did, key) = if told.deed == Deed::Undo {
                    (t("đã làm lại", "done again"), t("", ""))
                } else {
                    (
                        t("đã lấy lại", "taken back"),
                        t("; Ctrl-R làm lại", "; Ctrl-R does it again"),
                    )
                };
                let what = format!("{}: {}", did.get(lang), told.what.get(lang));
                match &told.left {
                    Some(left) => ui.warn(format!("{what}; {}", left.get(lang))),
                    None => ui.note(format!("{what}{}", key.get(lang))),
                }
            }
            Err(error) => {
                // What failed while it was written may have been begun, and says so.
                let kept = match error {
                    Error::Write(_) | Error::BadFile(_) | Error::Denied(_) => t("", ""),
                    _ => t("Không đổi gì: ", "Nothing was changed: "),
                };
                let more = t("; U: việc khác", "; U: other work");
                ui.warn(format!(
                    "{}{}{}",
                    kept.get(lang),
                    error.text(lang),
                    more.get(lang)
                ));
            }
        }
        Flow::Pop
    }
}

/// «Lấy lại?» with what was done in one line, the fields as they are and would be; yes does it.
fn question(told: &Told, v: &View) -> Confirm {
    let redo = told.deed == Deed::Undo;
    let rest = told.left.as_ref().filter(|_| told.undone.is_some());
    let title = if rest.is_some() {
        t("Lấy lại nốt phần còn lại?", "Take back what is left of it?")
    } else if redo {
        t("Làm lại việc đã lấy lại?", "Do again what was taken back?")
    } else {
        t("Lấy lại việc đã làm?", "Take back what was done?")
    };
    let verb = if redo {
        t("làm lại", "do again")
    } else {
        t("lấy lại", "take back")
    };
    let at = undo::when(&told.at, v.today);
    let line = match v.lang {
        Lang::Vi => format!("{}: {}, lúc {at}?", verb.vi, told.what.vi),
        Lang::En => format!("{}: {}, at {at}?", verb.en, told.what.en),
    };
    let mut detail = vec![line];
    let change = |(label, now, then): &(Text, String, String)| {
        format!("{}: {now} → {then}", label.get(v.lang))
    };
    detail.extend(told.fields.iter().map(change));
    detail.extend(rest.map(|rest| rest.get(v.lang).to_owned()));
    let then = Flow::Replace(Box::new(Undoing(Task::Do(told.id))));
    Confirm::new(v.say(title).to_owned(), detail, then)
}

const READING: Text = t("đang đọc…", "reading…");
const WORKING: Text = t("đang ghi…", "saving…");

impl Screen for Undoing {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Ask, v)
    }

    fn title(&self, _v: &View) -> Title {
        Title::default()
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn asks(&self) -> bool {
        true
    }

    fn start(&mut self, ui: &mut Ui) {
        let look = |cx: &mut Cx, task: Task| match task {
            Task::Next(way) => undo::next(cx, way),
            Task::Of(id) | Task::Do(id) => undo::proposed(cx, id).map(Some),
        };
        match self.0 {
            Task::Do(id) => ui.run(
                move |cx| undo::take_back(cx, id),
                |_: &mut Undoing, done, ui| Undoing::done(done, ui),
            ),
            task => ui.run(
                move |cx| look(cx, task),
                |screen: &mut Undoing, found, ui| screen.ask(found, ui),
            ),
        }
    }

    fn command(&mut self, c: Command, _ui: &mut Ui) -> Flow {
        match (c, self.0) {
            // What is being written is written; its answer closes the box.
            (Command::Cancel, Task::Do(_)) | (Command::Accept, _) => Flow::Stay,
            (Command::Cancel, _) => Flow::Pop,
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, _key: ratatui::crossterm::event::KeyEvent, _ui: &mut Ui) -> Flow {
        Flow::Stay
    }

    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let text = match self.0 {
            Task::Do(_) => WORKING,
            _ => READING,
        };
        let title = v.say(t("Hoàn tác", "Undo"));
        let inner = frame::open(f, area, (78, 3), title, v);
        put(f, inner, 0, 0, v.say(text), Style::new());
    }
}
