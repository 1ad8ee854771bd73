//! What a change of many records would do, before it does: how many, what stands there now, which cannot and why. A
//! change of three or more is agreed to by typing their number.

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame;
use crate::app::many::Preview;
use crate::domain::number::vi_int;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::Then;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::line::LineField;
use crate::tui::widget::paint::{cut, line, put, width, wrap};
use crate::tui::widget::typing::Aid;

/// From how many records on their number is typed.
const COUNTED: usize = 3;

fn number(count: usize) -> String {
    vi_int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The preview in its box.
pub struct PreviewAsk {
    title: String,
    lines: Vec<(String, bool)>,
    count: usize,
    top: usize,
    page: usize,
    answer: LineField,
    yes: Option<Then>,
}

impl PreviewAsk {
    /// What `change` (its words) would do, of records called `one`; `after` is the value that they would have, and
    /// `yes` does it.
    pub fn new(
        change: &str,
        after: Option<&str>,
        one: Text,
        seen: &Preview,
        yes: Then,
        lang: Lang,
    ) -> PreviewAsk {
        let count = seen.can.len();
        let one = one.get(lang);
        let mut lines = Vec::new();
        lines.push((
            match (count, lang) {
                (0, Lang::Vi) => format!("Không {one} nào đổi được."),
                (0, Lang::En) => format!("No {one} can be changed."),
                (_, Lang::Vi) => format!("{} {one} sẽ đổi:", number(count)),
                (_, Lang::En) => format!("{} × {one} will change:", number(count)),
            },
            true,
        ));
        for group in seen.groups.iter().filter(|_| after.is_some()) {
            let before = group.before.get(lang);
            let after = after.unwrap_or_default();
            lines.push((
                format!("  {:>5}  {before} → {after}", number(group.count)),
                false,
            ));
        }
        if seen.same > 0 {
            let said = match lang {
                Lang::Vi => format!("{} đã như vậy rồi", number(seen.same)),
                Lang::En => format!("{} are so already", number(seen.same)),
            };
            lines.push((said, false));
        }
        if seen.refused > 0 {
            let said = match lang {
                Lang::Vi => format!("{} không đổi được:", number(seen.refused)),
                Lang::En => format!("{} cannot be changed:", number(seen.refused)),
            };
            lines.push((said, true));
        }
        for refusal in &seen.cannot {
            let mut names: Vec<&str> = refusal.names.iter().map(|name| name.get(lang)).collect();
            if refusal.count > names.len() {
                names.push("…");
            }
            let (count, why) = (number(refusal.count), refusal.why.get(lang));
            lines.push((format!("  {count:>5}  {why} ({})", names.join(", ")), false));
        }
        PreviewAsk {
            title: change.to_owned(),
            lines,
            count,
            top: 0,
            page: 1,
            answer: LineField::default(),
            yes: Some(yes),
        }
    }

    fn ask(&self) -> Text {
        match self.count {
            0 => t("Esc để thôi", "Esc to leave"),
            1..COUNTED => t(
                "Gõ c rồi Enter để đồng ý, Esc để thôi: ",
                "Type y and Enter to agree, Esc to leave: ",
            ),
            _ => t(
                "Gõ số bản ghi sẽ đổi rồi Enter, Esc để thôi: ",
                "Type how many will change and Enter, Esc to leave: ",
            ),
        }
    }

    fn agreed(&self) -> bool {
        let said = self.answer.value().to_lowercase();
        match self.count {
            0 => false,
            1..COUNTED => ["c", "có", "co", "y", "yes"].contains(&said.as_str()),
            count => said.replace('.', "").parse() == Ok(count),
        }
    }
}

impl Screen for PreviewAsk {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Ask, v)
    }

    fn title(&self, _v: &View) -> Title {
        Title {
            name: self.title.clone(),
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
            Command::Accept if self.count == 0 => Flow::Pop,
            Command::Accept if self.agreed() => self.yes.take().map_or(Flow::Pop, Flow::PopThen),
            Command::Accept => {
                let waits = match (self.count, ui.view.lang) {
                    (1..COUNTED, _) => ui
                        .say(t(
                            "gõ c rồi Enter để đồng ý, Esc để thôi",
                            "type y and Enter to agree, Esc to leave",
                        ))
                        .to_owned(),
                    (count, Lang::Vi) => format!("{count} bản ghi sẽ đổi: gõ đúng số đó để đồng ý"),
                    (count, Lang::En) => format!("{count} will change: type that number to agree"),
                };
                ui.warn(waits);
                Flow::Stay
            }
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        let page = self.page.max(1);
        match key.code {
            KeyCode::Up => self.top = self.top.saturating_sub(1),
            KeyCode::Down => self.top += 1,
            KeyCode::PageUp => self.top = self.top.saturating_sub(page),
            KeyCode::PageDown => self.top += page,
            _ => {
                if self.answer.key(key, Aid::default()).is_none() {
                    ui.warn(ui.say(frame::WAITS));
                }
            }
        }
        Flow::Stay
    }

    // ┌ Sửa Lĩnh vực → môi trường ─────────────────┐
    // │ 12 đơn sẽ đổi:                             │
    // │      9  đất đai → môi trường               │
    // │      3  – → môi trường                     │
    // │ 1 không đổi được:                          │
    // │   đơn 6/2026: bản ghi đã xóa               │
    // │                                            │
    // │ Gõ số bản ghi sẽ đổi rồi Enter: 12_        │
    // └────────────────────────────────────────────┘
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let room = area.width.min(76).saturating_sub(4);
        let mut lines: Vec<(String, bool)> = Vec::new();
        for (text, strong) in &self.lines {
            lines.extend(wrap(text, room).into_iter().map(|part| (part, *strong)));
        }
        let high = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .saturating_add(4);
        let inner = frame::open(f, area, (room + 4, high), &self.title, v);
        let body = inner.height.saturating_sub(2);
        self.page = usize::from(body);
        self.top = self.top.min(lines.len().saturating_sub(self.page));
        for (y, (text, strong)) in (0..body).zip(lines.iter().skip(self.top)) {
            let style = if *strong {
                v.theme.strong()
            } else {
                Style::new()
            };
            put(f, inner, 0, y, &cut(text, inner.width, v.theme), style);
        }
        if self.top + self.page < lines.len() {
            let more = v.say(t("PgDn xem tiếp", "PgDn for more"));
            put(f, inner, 0, body, more, v.theme.dim());
        }
        let ask = v.say(self.ask());
        let row = line(inner, inner.height.saturating_sub(1));
        put(f, row, 0, 0, ask, v.theme.dim());
        if self.count > 0 {
            let x = width(ask).min(row.width.saturating_sub(2));
            let place = Rect {
                x: row.x + x,
                width: row.width - x,
                ..row
            };
            self.answer.view(f, place, Style::new(), true);
        }
    }
}
