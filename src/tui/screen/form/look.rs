//! How a form looks.
//!
//! ```text
//!   Ngày nhận *    12/03/2026 thứ Năm
//!   Loại đơn *     kiến nghị
//!   Đơn vị         29602  Xã Long Hồ, Tỉnh Vĩnh Long
//! > Người gửi      Lê Thị Bông_
//!  !Nội dung *
//! ```
//!
//! A field that keeps its value for the next record has `=` before it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::input::{Entry, Input};
use super::{FormScreen, Task};
use crate::catalog;
use crate::domain::record::Kind;
use crate::tui::lang::{Lang, t};
use crate::tui::screen::{Title, View};
use crate::tui::widget::choice::ChoiceField;
use crate::tui::widget::paint::{cut, line, put, width};

/// The most lines that a long field takes while it is typed in, and while it is not.
const TALL: u16 = 6;
const SHORT: u16 = 2;

/// How many fields that are asked for lie above the window, and below it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hidden {
    above: usize,
    below: usize,
}

impl Hidden {
    /// «▲ 3 ô  ▼ còn 6 ô»; nothing when all are seen.
    pub(super) fn said(self, lang: Lang) -> String {
        let say = |n: usize, vi: &str, en: &str| match (n, lang) {
            (0, _) => String::new(),
            (n, Lang::Vi) => format!("{vi} {n} ô"),
            (n, Lang::En) => format!("{en} {n}"),
        };
        let parts = [
            say(self.above, "▲", "▲"),
            say(self.below, "▼ còn", "▼ more:"),
        ];
        parts.join("  ").trim().to_owned()
    }

    /// «▲ 3 ▼ 6», for a narrow place.
    pub(super) fn short(self) -> String {
        let say = |n: usize, sign: &str| match n {
            0 => String::new(),
            n => format!("{sign} {n}"),
        };
        let parts = [say(self.above, "▲"), say(self.below, "▼")];
        parts.join(" ").trim().to_owned()
    }
}

impl FormScreen {
    pub(super) fn draw(&mut self, f: &mut Frame, area: Rect, v: &View) {
        if self.sheet.is_some() {
            self.draw_sheet(f, area, v);
            return;
        }
        let foot = self.foot_height(area.height);
        let body = Rect {
            height: area.height - foot,
            ..area
        };
        let room = self.label_room(area.width, v);
        let visible = self.visible();
        (self.top, self.hidden) = self.draw_block(f, body, &visible, (self.top, room), v);
        let foot = Rect {
            y: body.bottom(),
            height: foot,
            ..area
        };
        self.draw_foot(f, foot, v);
    }

    /// The cells that labels take on this form.
    pub(super) fn label_room(&self, wide: u16, v: &View) -> u16 {
        let widest = self.inputs.iter().map(|input| width(&label(input, v)));
        widest.max().unwrap_or(0).min(wide / 3).min(30)
    }

    /// What the window does not show: required fields that are still empty, fields above and below it. While one types
    /// it stays as it is: the active field counts as it was entered.
    pub(super) fn said_beyond(&self, v: &View) -> String {
        let empty = |at: &usize| {
            let Some(input) = self.inputs.get(*at).filter(|input| input.required) else {
                return false;
            };
            if *at == self.active {
                self.entered.is_empty()
            } else {
                input.text().is_empty()
            }
        };
        let mut parts = Vec::new();
        match (self.stops().iter().filter(|at| empty(at)).count(), v.lang) {
            (0, _) => {}
            (n, Lang::Vi) => parts.push(format!("{n} ô * còn trống")),
            (n, Lang::En) => parts.push(format!("{n} * still empty")),
        }
        parts.extend(Some(self.hidden.said(v.lang)).filter(|said| !said.is_empty()));
        parts.join(v.theme.dot())
    }

    /// Draws some of the fields from line `top` on, scrolled so that the active one is seen; says from which line, and
    /// how many fields lie outside.
    pub(super) fn draw_block(
        &mut self,
        f: &mut Frame,
        area: Rect,
        which: &[usize],
        (top, label_room): (u16, u16),
        v: &View,
    ) -> (u16, Hidden) {
        let stops = self.stops();
        let x = 2 + label_room + 2;
        let room = area.width.saturating_sub(x);
        let heights: Vec<u16> = which.iter().map(|at| self.height(*at, room)).collect();
        let top = self.scroll(which, &heights, area.height, top);
        let mut y: u16 = 0;
        let mut hidden = Hidden::default();
        for (at, high) in which.iter().zip(&heights) {
            if let Some(place) = y.checked_sub(top)
                && place < area.height
            {
                self.draw_label(f, line(area, place), *at, label_room, v);
                let active = *at == self.active;
                let row = line(area, place);
                let high = (*high).min(area.height - place);
                let entry = Rect {
                    x: row.x + x.min(row.width),
                    width: room,
                    height: high,
                    ..row
                };
                let stops = stops.contains(at) || active;
                if let Some(input) = self.inputs.get_mut(*at).filter(|_| stops) {
                    draw_entry(f, entry, input, active, v);
                } else {
                    put(f, entry, 0, 0, v.theme.none(), v.theme.dim());
                }
            }
            if stops.contains(at) {
                hidden.above += usize::from(y.saturating_add(*high) <= top);
                hidden.below += usize::from(y >= top.saturating_add(area.height));
            }
            y = y.saturating_add(*high);
        }
        (top, hidden)
    }

    /// The label of a field, with the signs beside it: `>` active, `!` wrong, `=` kept for the next record.
    fn draw_label(&self, f: &mut Frame, area: Rect, at: usize, room: u16, v: &View) {
        let Some(input) = self.inputs.get(at) else {
            return;
        };
        let active = at == self.active;
        let text = cut(&label(input, v), room, v.theme);
        put(f, area, 2, 0, &text, v.theme.dim());
        if active {
            put(f, area, 0, 0, ">", v.theme.accent());
        }
        if input.error.is_some() {
            put(f, area, 1, 0, "!", v.theme.late());
        }
        if self.keeps(at) {
            put(f, area, 2 + room, 0, "=", v.theme.accent());
        }
    }

    /// How many lines a field takes.
    fn height(&self, at: usize, room: u16) -> u16 {
        match self.inputs.get(at).map(|input| &input.entry) {
            Some(Entry::Memo(memo)) => {
                let most = if at == self.active { TALL } else { SHORT };
                memo.height(room).clamp(1, most)
            }
            _ => 1,
        }
    }

    /// The first line that is drawn: as before, unless the active field, and one before and after it, need another.
    fn scroll(&self, visible: &[usize], heights: &[u16], room: u16, top: u16) -> u16 {
        let all: u16 = heights.iter().sum();
        let last = all.saturating_sub(room);
        let Some(here) = visible.iter().position(|at| *at == self.active) else {
            return top.min(last);
        };
        let start: u16 = heights.iter().take(here).sum();
        let high = heights.get(here).copied().unwrap_or(1);
        let low = (start + high + 1).saturating_sub(room);
        let least = start.saturating_sub(1);
        top.max(low).min(least.max(low.min(start))).min(last)
    }

    /// The title line: what the form does, and what is kept from record to record.
    pub(super) fn named_as(&self, v: &View) -> Title {
        let (name, about) = match &self.task {
            Task::Add if self.sheet.is_some() => {
                let words = match self.kind {
                    Kind::Reception => t("cả buổi tiếp", "a whole day"),
                    _ => t("cả buổi đối thoại", "a whole dialogue"),
                };
                (v.say(words).to_owned(), String::new())
            }
            Task::Add => {
                let one = catalog::entity(self.kind).one.get(v.lang);
                (format!("{} {one}", v.say(t("thêm", "add"))), String::new())
            }
            Task::Edit(record) => {
                let one = catalog::entity(self.kind).one.get(v.lang);
                let number = record.head().number_text().unwrap_or_default();
                (
                    format!("{} {one} {number}", v.say(t("sửa", "edit")))
                        .trim_end()
                        .to_owned(),
                    String::new(),
                )
            }
            Task::Step(_, name, step, _) => (
                catalog::step::label(*step).get(v.lang).to_owned(),
                name.clone(),
            ),
            Task::Many(step) => (
                step.map_or(v.say(t("sửa", "edit")), |step| {
                    catalog::step::label(step).get(v.lang)
                })
                .to_owned(),
                v.say(t("mọi dòng đã đánh dấu", "all marked rows"))
                    .to_owned(),
            ),
            Task::Rule(Some(_)) => (v.say(t("sửa", "edit")).to_owned(), String::new()),
            Task::Rule(None) => (v.say(t("thêm", "add")).to_owned(), String::new()),
        };
        Title {
            name,
            about: Some(about)
                .filter(|a| !a.is_empty())
                .into_iter()
                .chain(self.entry_words(v))
                .chain(self.open.said(v.lang))
                .collect(),
            count: String::new(),
        }
    }
}

fn label(input: &Input, v: &View) -> String {
    let star = if input.required { " *" } else { "" };
    format!("{}{star}", input.field.label.get(v.lang))
}

fn draw_entry(f: &mut Frame, area: Rect, input: &mut Input, active: bool, v: &View) {
    let style = Style::new();
    let wide = match &mut input.entry {
        Entry::Date(date) => {
            date.view(f, area, style, active, v);
            return;
        }
        Entry::Memo(memo) => {
            memo.view(f, area, style, active);
            if !active && memo.height(area.width) > area.height {
                let (x, y) = (area.width.saturating_sub(width(v.theme.cut())), area.height);
                put(
                    f,
                    area,
                    x,
                    y.saturating_sub(1),
                    v.theme.cut(),
                    v.theme.dim(),
                );
            }
            return;
        }
        Entry::Choice(choice) => {
            let text = choice.text();
            put(f, area, 0, 0, &cut(text, area.width, v.theme), style);
            let end = width(text);
            let typing = choice.typing();
            if active {
                crate::tui::widget::paint::cursor(f, area, if typing { end } else { 0 }, 0);
            }
            if typing && end + 2 < area.width {
                let means = choice_meaning(choice, v);
                let means = cut(&means, area.width - end - 2, v.theme);
                put(f, area, end + 2, 0, &means, v.theme.dim());
                return;
            }
            end
        }
        Entry::Line(line) => {
            if active {
                line.view(f, area, style, true);
            } else {
                put(f, area, 0, 0, &cut(line.raw(), area.width, v.theme), style);
            }
            width(line.raw())
        }
    };
    let x = wide + 2;
    let beside = input.beside(v.lang);
    if !beside.is_empty() && x < area.width {
        let beside = cut(&beside, area.width - x, v.theme);
        put(f, area, x, 0, &beside, v.theme.dim());
    }
}

/// What the letters typed so far stand for: the answer that they name, or those that they may mean.
fn choice_meaning(choice: &ChoiceField, v: &View) -> String {
    if choice.unclear() {
        format!("? {}", choice.offered().join(v.theme.dot()))
    } else {
        format!("= {}", choice.label())
    }
}
