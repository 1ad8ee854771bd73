//! The question after two have changed the same field: for each field mine, theirs or both.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::FormScreen;
use super::conflict::{Choice, Clash, Field2, labels};
use crate::catalog;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::frame;
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::paint::{cut, put, width, wrap};

/// The question: for each field mine, theirs, or both.
pub(super) struct ConflictScreen {
    clash: Option<Clash>,
    chosen: Vec<Option<Choice>>,
    /// The field and the choice that the mark stands on.
    at: (usize, usize),
}

impl ConflictScreen {
    pub(super) fn new(clash: Clash) -> ConflictScreen {
        ConflictScreen {
            chosen: vec![None; clash.both.len()],
            clash: Some(clash),
            at: (0, 0),
        }
    }

    fn places(&self) -> Vec<(usize, usize)> {
        let both = self.clash.iter().flat_map(|clash| &clash.both).enumerate();
        both.flat_map(|(at, field)| (0..field.choices().len()).map(move |choice| (at, choice)))
            .collect()
    }

    fn go(&mut self, by: isize) {
        let places = self.places();
        let here = places.iter().position(|place| *place == self.at);
        let next = here.unwrap_or(0).saturating_add_signed(by);
        if let Some(place) = places.get(next.min(places.len().saturating_sub(1))) {
            self.at = *place;
        }
    }

    /// Chooses what is marked and goes to the next field without an answer; with all answered the form takes them.
    fn choose(&mut self) -> Flow {
        let Some(clash) = &self.clash else {
            return Flow::Pop;
        };
        let marked = clash.both.get(self.at.0);
        let choice = marked.and_then(|field| field.choices().get(self.at.1).copied());
        if let Some(slot) = self.chosen.get_mut(self.at.0) {
            *slot = choice;
        }
        if let Some(next) = self.chosen.iter().position(Option::is_none) {
            self.at = (next, 0);
            return Flow::Stay;
        }
        let chosen = std::mem::take(&mut self.chosen);
        match self.clash.take() {
            Some(clash) => Flow::PopThen(then(move |form: &mut FormScreen, ui: &mut Ui| {
                form.rebase(clash, &chosen, ui)
            })),
            None => Flow::Pop,
        }
    }
}

/// «bạn nhập», «hung đã lưu», «cả hai».
fn choice_name(choice: Choice, clash: &Clash, lang: Lang) -> String {
    let saved = t("đã lưu", "saved").get(lang);
    match choice {
        Choice::Mine => t("bạn nhập", "you typed").get(lang).to_owned(),
        Choice::Theirs if clash.own => saved.to_owned(),
        Choice::Theirs => format!("{} {saved}", clash.who),
        Choice::Both => t("cả hai", "both").get(lang).to_owned(),
    }
}

/// A line of the box: whether it belongs to the marked choice, how far it is set in, its words.
struct Line {
    here: bool,
    indent: u16,
    text: String,
}

/// The most lines that the marked choice takes of its text.
const WHOLE: usize = 5;

impl ConflictScreen {
    fn head(clash: &Clash, lang: Lang, room: u16) -> Vec<String> {
        let (who, at) = (&clash.who, &clash.at);
        let said = match (clash.own, lang) {
            (false, Lang::Vi) => format!("{who} đã lưu lúc {at}. Chọn chữ sẽ đứng trong mỗi ô:"),
            (true, Lang::Vi) => format!(
                "Chính bạn đã lưu, ở cửa sổ khác hay lần gửi trước, lúc {at}. Chọn chữ sẽ đứng trong mỗi ô:"
            ),
            (false, Lang::En) => {
                format!("{who} saved at {at}. Choose what is to stand in each field:")
            }
            (true, Lang::En) => format!(
                "You saved it yourself, in another window or before, at {at}. Choose what is to stand in each field:"
            ),
        };
        wrap(&said, room)
    }

    fn foot(clash: &Clash, lang: Lang, room: u16) -> Vec<String> {
        let mut lines = Vec::new();
        if !clash.others.is_empty() {
            let (who, others) = (&clash.who, labels(&clash.others, lang));
            let said = match lang {
                Lang::Vi => format!("Phần {who} sửa ở ô khác được giữ: {others}"),
                Lang::En => format!("What {who} changed elsewhere stays: {others}"),
            };
            lines.extend(wrap(&said, room));
        }
        let help = t(
            "Enter chọn   Esc về biểu, chưa lưu gì",
            "Enter chooses   Esc back to the form, nothing is saved yet",
        );
        lines.push(help.get(lang).to_owned());
        lines
    }

    fn lines(&self, clash: &Clash, room: u16, v: &View) -> Vec<Line> {
        let mut lines = Vec::new();
        for (at, both) in clash.both.iter().enumerate() {
            lines.push(Line {
                here: false,
                indent: 0,
                text: both.field.label.get(v.lang).to_owned(),
            });
            let chosen = self.chosen.get(at).copied().flatten();
            for (place, choice) in both.choices().iter().enumerate() {
                let here = self.at == (at, place);
                let mark = if chosen == Some(*choice) { "x" } else { " " };
                let name = choice_name(*choice, clash, v.lang);
                let name = format!("[{mark}] {name}: ");
                let indent = 4 + width(&name);
                let text = spelled(both, *choice, v.lang);
                let wrapped = wrap(&text, room.saturating_sub(indent).max(8));
                let shown = if here { WHOLE } else { 1 };
                let more = wrapped.len() > shown;
                for (n, part) in wrapped.into_iter().take(shown).enumerate() {
                    let cut = if more && n + 1 == shown {
                        v.theme.cut()
                    } else {
                        ""
                    };
                    let name = if n == 0 { name.as_str() } else { "" };
                    lines.push(Line {
                        here,
                        indent: if n == 0 { 4 } else { indent },
                        text: format!("{name}{part}{cut}"),
                    });
                }
            }
        }
        lines
    }
}

/// What a choice would put into the field, as people read it.
fn spelled(both: &Field2, choice: Choice, lang: Lang) -> String {
    let text = both.text(choice);
    if text.is_empty() {
        return t("(để trống)", "(empty)").get(lang).to_owned();
    }
    let choices = both.field.ty.choices().iter();
    let label = choices.clone().find(|c| c.code == text);
    label.map_or(text, |c| c.label.get(lang).to_owned())
}

impl Screen for ConflictScreen {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Pick, v)
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v.say(t("sửa hai nơi", "changed twice")).to_owned(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn asks(&self) -> bool {
        true
    }

    fn command(&mut self, c: Command, _ui: &mut Ui) -> Flow {
        match c {
            Command::Up => self.go(-1),
            Command::Down => self.go(1),
            Command::Accept => return self.choose(),
            Command::Cancel => return Flow::Pop,
            _ => return Flow::Pass,
        }
        Flow::Stay
    }

    fn text(&mut self, _: ratatui::crossterm::event::KeyEvent, ui: &mut Ui) -> Flow {
        ui.warn(ui.say(frame::WAITS));
        Flow::Stay
    }

    // ── Cùng một ô sửa hai nơi: đơn 15/2026 ──────────────────────────────────
    //  hung đã lưu lúc 14/03/2025 08:15. Chọn chữ sẽ đứng trong mỗi ô:
    //  Nội dung
    //  >   [ ] bạn nhập: Đường liên ấp hư hỏng nặng
    //      [ ] hung đã lưu: Đường liên ấp 3 hư hỏng
    //      [ ] cả hai: Đường liên ấp 3 hư hỏng; Đường liên ấp hư hỏng nặng
    //  Enter chọn   Esc về biểu, chưa lưu gì
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let Some(clash) = &self.clash else { return };
        let one = catalog::entity(clash.now.kind()).one.get(v.lang);
        let number = clash.now.head().number_text().unwrap_or_default();
        let title = match v.lang {
            Lang::Vi => format!("Cùng một ô sửa hai nơi: {one} {number}"),
            Lang::En => format!("The same field changed twice: {one} {number}"),
        };
        let wide = area.width.min(120);
        let room = wide.saturating_sub(2);
        let (head, foot) = (
            Self::head(clash, v.lang, room),
            Self::foot(clash, v.lang, room),
        );
        let lines = self.lines(clash, room, v);
        let n = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
        let high = n(head.len() + lines.len() + foot.len()).saturating_add(2);
        let inner = frame::open(f, area, (wide, high), title.trim_end(), v);
        for (y, text) in head.iter().enumerate() {
            put(f, inner, 0, n(y), text, Style::new());
        }
        let between = usize::from(inner.height).saturating_sub(head.len() + foot.len());
        let last = lines.iter().rposition(|line| line.here).unwrap_or(0);
        let top = (last + 1).saturating_sub(between);
        for (y, line) in lines.iter().skip(top).take(between).enumerate() {
            let y = n(head.len() + y);
            let style = if line.indent == 0 {
                v.theme.strong()
            } else {
                Style::new()
            };
            let text = cut(&line.text, inner.width.saturating_sub(line.indent), v.theme);
            put(f, inner, line.indent, y, &text, style);
            if line.here && line.indent == 4 {
                put(f, inner, 1, y, ">", v.theme.accent());
            }
        }
        for (y, text) in foot.iter().enumerate() {
            let y = n(usize::from(inner.height).saturating_sub(foot.len()) + y);
            put(f, inner, 0, y, text, v.theme.dim());
        }
    }
}
