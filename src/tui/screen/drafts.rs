//! The question about drafts when the program starts: recovery is asked for, with a date, never silent.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::form::{FormScreen, from_draft};
use super::{Flow, Screen, Title, Ui, View};
use crate::app::drafts::{self, Draft, Form};
use crate::app::{Result, history};
use crate::catalog::{self, Field};
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::confirm::Confirm;
use crate::tui::modal::frame;
use crate::tui::widget::list::{Cell, Column, List, Row};

/// The drafts that wait.
pub struct DraftsScreen {
    waiting: Vec<Draft>,
    list: List<String>,
    /// What there is was read; before that an empty list says nothing.
    read: bool,
}

impl DraftsScreen {
    /// A question about these drafts.
    pub fn new(waiting: Vec<Draft>, v: &View) -> DraftsScreen {
        let mut screen = DraftsScreen::open();
        screen.take(waiting, v);
        screen
    }

    /// The same about those that there are when it is shown.
    pub fn open() -> DraftsScreen {
        let columns = vec![
            Column::new("", 16, 16, 0),
            Column::new("", 10, 24, 0),
            Column::new("", 10, 60, 1),
        ];
        DraftsScreen {
            waiting: Vec::new(),
            list: List::new(columns),
            read: false,
        }
    }

    fn take(&mut self, waiting: Vec<Draft>, v: &View) {
        self.waiting = waiting;
        self.read = true;
        let row = |draft: &Draft| {
            let cells = [
                history::moment(&draft.saved_at),
                what(draft, v.lang),
                words(draft, v),
            ];
            Row {
                key: draft.id.clone(),
                cells: cells.into_iter().map(Cell::from).collect(),
            }
        };
        let rows = self.waiting.iter().map(row).collect();
        self.list.set_rows(rows);
    }

    /// Reads what waits; with nothing left the question is over.
    fn load(&self, ui: &mut Ui) {
        let slot = ui.draft.clone();
        ui.run(
            move |cx| {
                // What was just given up is not to come back as a question.
                match slot.write() {
                    Some(error) => Err(error),
                    None => drafts::waiting(cx),
                }
            },
            |screen: &mut DraftsScreen, waiting: Result<Vec<Draft>>, ui| match waiting {
                Ok(waiting) if waiting.is_empty() => {
                    if !screen.read {
                        ui.note(ui.say(t("không có bản nháp nào", "there are no drafts")));
                    }
                    Flow::Pop
                }
                Ok(waiting) => {
                    screen.take(waiting, &ui.view);
                    Flow::Stay
                }
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
    }

    fn throw_away(&mut self, id: String, ui: &mut Ui) -> Flow {
        ui.run(
            move |cx| drafts::discard(cx.config(), &id),
            |screen: &mut DraftsScreen, done, ui| {
                match done {
                    Ok(()) => ui.note(ui.say(t("đã xóa bản nháp", "the draft was thrown away"))),
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                screen.load(ui);
                Flow::Stay
            },
        );
        Flow::Stay
    }

    fn chosen(&self) -> Option<&Draft> {
        self.waiting.get(self.list.place())
    }
}

/// «đơn, 6 ô», «sửa đơn, 2 ô», «thụ lý, 3 ô».
fn what(draft: &Draft, lang: Lang) -> String {
    let one = catalog::entity(draft.kind).one.get(lang);
    let name = match (draft.form, draft.step(), draft.record) {
        (Form::Rule, ..) => t("quy định hạn", "deadline rule").get(lang).to_owned(),
        (_, Some(step), _) => catalog::step::label(step).get(lang).to_owned(),
        (_, _, Some(_)) => format!("{} {one}", t("sửa", "edit").get(lang)),
        _ => one.to_owned(),
    };
    let (fields, rows) = (draft.typed().count(), draft.rows.len());
    let mut said = match (fields, lang) {
        (0, _) => name,
        (_, Lang::Vi) => format!("{name}, {fields} ô"),
        (_, Lang::En) => format!("{name}, {fields} fields"),
    };
    if rows > 0 {
        said.push_str(&match lang {
            Lang::Vi => format!(", {rows} dòng"),
            Lang::En => format!(", {rows} rows"),
        });
    }
    said
}

/// The words by which one knows it again: the title, else the longest of what was typed.
fn words(draft: &Draft, v: &View) -> String {
    if let Some(title) = draft.text(catalog::entity(draft.kind).title_field) {
        return title.to_owned();
    }
    let shown = |(field, text): (&'static Field, &str)| {
        let text = match catalog::parse::parse(field, text, v.today) {
            Ok(value) => catalog::show::show(field, &value, v.lang),
            Err(_) => text.to_owned(),
        };
        format!("{}: {text}", field.label.get(v.lang))
    };
    let longest = draft.typed().max_by_key(|(_, text)| text.chars().count());
    longest.map(shown).unwrap_or_default()
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

    fn start(&mut self, ui: &mut Ui) {
        if !self.read {
            self.load(ui);
        }
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.load(ui);
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        let v = ui.view;
        match (c, self.chosen().cloned()) {
            (Command::Open, Some(draft)) => {
                ui.run(
                    move |cx| from_draft(cx, &draft, &v),
                    |_: &mut DraftsScreen, form: Result<FormScreen>, ui| match form {
                        // The other drafts are asked about again when this one is done.
                        Ok(form) => Flow::Push(Box::new(form)),
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
                    screen.throw_away(draft.id, ui)
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

    // ── Có bản nháp chưa lưu ────────────────────────────────
    //  > 2025-03-14 09:12  đơn, 6 ô  Đường liên ấp hư hỏng
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let many = u16::try_from(self.waiting.len())
            .unwrap_or(u16::MAX)
            .min(12);
        let title = v.say(t(
            "Có bản nháp chưa lưu",
            "There are drafts that were not saved",
        ));
        let inner = frame::open(f, area, (120, many + 2), title, v);
        self.list.view(f, inner, v, true);
    }
}
