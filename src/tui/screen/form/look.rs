//! How a form looks.
//!
//! ```text
//!   Ngày nhận *    12/03/2026 thứ Năm
//!   Loại đơn *     kiến nghị
//!   Đơn vị         29602  Xã Long Hồ, Tỉnh Vĩnh Long
//! > Người gửi      Lê Thị Bông_
//!  !Nội dung *
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::FormScreen;
use super::input::{Entry, Input};
use crate::tui::screen::View;
use crate::tui::widget::choice::ChoiceField;
use crate::tui::widget::paint::{cut, line, put, width};

/// The most lines that a long field takes while it is typed in, and while it is not.
const TALL: u16 = 6;
const SHORT: u16 = 2;

impl FormScreen {
    pub(super) fn draw(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let visible = self.visible();
        let stops = self.stops();
        let label = |input: &Input| {
            let star = if input.required { " *" } else { "" };
            format!("{}{star}", input.field.label.get(v.lang))
        };
        let widest = self
            .inputs
            .iter()
            .map(|input| width(&label(input)))
            .max()
            .unwrap_or(0);
        let label_room = widest.min(area.width / 3).min(30);
        let x = 2 + label_room + 2;
        let room = area.width.saturating_sub(x);
        let heights: Vec<u16> = visible.iter().map(|at| self.height(*at, room)).collect();
        self.scroll(&visible, &heights, area.height);
        let mut y: u16 = 0;
        let top = self.top;
        for (at, high) in visible.iter().zip(&heights) {
            let active = *at == self.active;
            if let Some(place) = y.checked_sub(top)
                && place < area.height
                && let Some(input) = self.inputs.get_mut(*at)
            {
                let style = if active {
                    v.theme.accent()
                } else {
                    v.theme.dim()
                };
                put(
                    f,
                    area,
                    2,
                    place,
                    &cut(&label(input), label_room, v.theme),
                    style,
                );
                if active {
                    put(f, area, 0, place, ">", v.theme.accent());
                }
                if input.error.is_some() {
                    put(f, area, 1, place, "!", v.theme.late());
                }
                let row = line(area, place);
                let high = (*high).min(area.height - place);
                let place = Rect {
                    x: row.x + x.min(row.width),
                    width: room,
                    height: high,
                    ..row
                };
                if stops.contains(at) || active {
                    draw_entry(f, place, input, active, v);
                } else {
                    put(f, place, 0, 0, v.theme.none(), v.theme.dim());
                }
            }
            y = y.saturating_add(*high);
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

    /// Keeps the active field, and one before and after it, on the screen.
    fn scroll(&mut self, visible: &[usize], heights: &[u16], room: u16) {
        let here = visible
            .iter()
            .position(|at| *at == self.active)
            .unwrap_or(0);
        let start: u16 = heights.iter().take(here).sum();
        let high = heights.get(here).copied().unwrap_or(1);
        let all: u16 = heights.iter().sum();
        let low = (start + high + 1).saturating_sub(room);
        let least = start.saturating_sub(1);
        self.top = self
            .top
            .max(low)
            .min(least.max(low.min(start)))
            .min(all.saturating_sub(room));
    }
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
            line.view(f, area, style, active);
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
