//! Help and palette in one: every command that applies, its keys and what it does; typing filters, Enter runs.

use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::frame;
use crate::domain::fold::{contains_folded, fold};
use crate::tui::command::{self, Command, Scope, State};
use crate::tui::lang::{Lang, t};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::line::LineField;
use crate::tui::widget::list::{Cell, Column, List, Row};

/// The overlay over one screen; `about` is the state of that screen.
pub struct Palette {
    about: State,
    lang: Lang,
    filter: LineField,
    list: List<Command>,
    /// Where the meaning of the selected command was told last.
    told: Rect,
}

impl Palette {
    /// The commands that apply in `about`.
    pub fn new(about: State, lang: Lang) -> Palette {
        let columns = vec![
            Column::new("", 9, 14, 0),
            Column::new("", 8, 18, 0),
            Column::new("", 20, 100, 0),
        ];
        let mut palette = Palette {
            about,
            lang,
            filter: LineField::default(),
            list: List::new(columns),
            told: Rect::default(),
        };
        palette.refilter();
        palette
    }

    fn refilter(&mut self) {
        let typed = self.filter.value();
        let lang = self.lang;
        let mut rows = Vec::new();
        for row in command::in_scope(self.about.scope) {
            let (label, help) = (row.label.get(lang), row.help.get(lang));
            let keys = command::keys_in(row, self.about.scope);
            // While text is typed only what its keys can do there is a help.
            let works = !keys.is_empty() && (row.enabled)(&self.about).is_ok();
            if self.about.scope.is_text() && !works {
                continue;
            }
            let text = format!("{label} {help} {keys} {}", row.name);
            if !fold(&typed)
                .split_whitespace()
                .all(|word| contains_folded(&text, word))
            {
                continue;
            }
            let help = match (row.enabled)(&self.about) {
                Ok(()) => help.to_owned(),
                Err(reason) => format!("({}) {help}", reason.get(lang)),
            };
            let cells = vec![Cell::from(keys), Cell::from(label), Cell::from(help)];
            rows.push(Row { key: row.id, cells });
        }
        self.list.set_rows(rows);
        if !typed.is_empty() {
            self.list.select_at(0);
        }
    }
}

impl Screen for Palette {
    fn state(&self, v: &View) -> State {
        State {
            row: self.list.row().is_some(),
            ..plain_state(Scope::Pick, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v.say(t("các lệnh", "commands")).to_owned(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Cancel | Command::Help => Flow::Pop,
            Command::Accept => {
                let Some(row) = self.list.key().and_then(|id| command::row(*id)) else {
                    return Flow::Stay;
                };
                match (row.enabled)(&self.about) {
                    Ok(()) => Flow::PopRun(row.id),
                    Err(reason) => {
                        ui.warn(format!(
                            "{}: {}",
                            row.label.get(self.lang),
                            reason.get(self.lang)
                        ));
                        Flow::Stay
                    }
                }
            }
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        // English names are not typed by Telex.
        let aid = match self.lang {
            Lang::Vi => ui.view.aid,
            Lang::En => ui.view.aid.off(),
        };
        if self.filter.key(key, aid) == Some(true) {
            self.refilter();
        }
        Flow::Stay
    }

    fn paste(&mut self, text: &str, _ui: &mut Ui) -> Flow {
        self.filter.paste(text);
        self.refilter();
        Flow::Stay
    }

    fn follows(&self, _body: Rect) -> Option<Rect> {
        Some(self.told)
    }

    // ── Các lệnh ở đây ─────────────────────────
    //  Tìm: _
    //  > F2 n   Thêm    thêm bản ghi mới
    //    F9 m   Việc    các việc làm được với …
    //  the selected meaning whole, where it was cut
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let title = v.say(t("Các lệnh ở đây", "Commands here"));
        let inner = frame::open(f, area, (120, area.height), title, v);
        let of = (&mut self.filter, &mut self.list);
        let (_, below) = frame::filtered(f, inner, of, frame::WHOLE, v);
        self.told = below;
        frame::whole(f, below, &self.list, v);
    }
}
