//! The drawer that a modal stands in: the lowest lines of the screen under a rule with its title, over their whole
//! width, so that nothing of the screen under it shows beside it. Without sides there is the least to send.
//!
//! ```text
//!   22/2026 04/03  TC    Cán bộ địa chính nhũng nhiễu     13/03    còn 1 ngày
//! ── Xóa đơn 15/2026? ──────────────────────────────────────────────────────────
//!  Không đồng ý phương án bồi thường
//!
//!  Gõ c rồi Enter để đồng ý:
//!
//!  Enter nhận  Esc thôi
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Clear;

use crate::tui::lang::{Text, t};
use crate::tui::screen::View;
use crate::tui::widget::line::LineField;
use crate::tui::widget::list::List;
use crate::tui::widget::paint::{cut, line, put, width, wrap};

/// What a question says to a key that is no part of an answer.
pub const WAITS: Text = t(
    "câu hỏi đang chờ: Enter nhận, Esc thôi; phím khác chưa có tác dụng",
    "the question waits: Enter takes the answer, Esc leaves; other keys do nothing yet",
);

/// Lines under a list for what its columns cut of the selected row.
pub const WHOLE: u16 = 2;

/// Clears the lowest lines of `area`, at most `size.1` with the rule above and the air below, and gives the room
/// inside, at most `size.0` cells wide with its margins.
pub fn open(f: &mut Frame, area: Rect, size: (u16, u16), title: &str, v: &View) -> Rect {
    let high = size.1.min(area.height);
    let outer = Rect {
        y: area.bottom() - high,
        height: high,
        ..area
    };
    f.render_widget(Clear, outer);
    put(f, outer, 0, 0, &v.theme.rule(outer.width), v.theme.dim());
    let title = cut(
        &format!(" {title} "),
        outer.width.saturating_sub(4),
        v.theme,
    );
    put(f, outer, 2, 0, &title, v.theme.strong());
    let air = u16::from(high < area.height);
    Rect {
        x: outer.x + 1.min(outer.width),
        y: outer.y + 1.min(high),
        width: size.0.min(outer.width).saturating_sub(2),
        height: high.saturating_sub(1 + air),
    }
}

/// Draws the line in which something is typed, after the words that ask for it.
pub fn answer(f: &mut Frame, area: Rect, ask: &str, field: &mut LineField, v: &View) {
    put(f, area, 0, 0, ask, v.theme.dim());
    let x = width(ask).min(area.width.saturating_sub(2));
    let place = Rect {
        x: area.x + x,
        width: area.width - x,
        ..line(area, 0)
    };
    field.view(f, place, Style::new(), true);
}

/// Draws a line to filter by, the rows under it, and under them leaves `below` lines free; gives the rooms of both. A
/// low window shows rows only.
pub fn filtered<K: Clone + PartialEq>(
    f: &mut Frame,
    inner: Rect,
    (field, list): (&mut LineField, &mut List<K>),
    below: u16,
    v: &View,
) -> (Rect, Rect) {
    let below = if inner.height >= below + 4 { below } else { 0 };
    let rows = Rect {
        y: inner.y + 1.min(inner.height),
        height: inner.height.saturating_sub(1 + below),
        ..inner
    };
    list.view(f, rows, v, false);
    let find = v.say(t("Tìm:  ", "Find: "));
    answer(f, line(inner, 0), find, field, v);
    let below = Rect {
        y: rows.bottom(),
        height: below,
        ..inner
    };
    (rows, below)
}

/// Draws, in [`WHOLE`] lines, the selected row's text that the columns of its list cut.
pub fn whole<K: Clone + PartialEq>(f: &mut Frame, area: Rect, list: &List<K>, v: &View) {
    let Some(text) = list.cut_text(area.width) else {
        return;
    };
    for (y, text) in (0..area.height).zip(wrap(text, area.width)) {
        put(f, area, 0, y, &text, v.theme.dim());
    }
}
