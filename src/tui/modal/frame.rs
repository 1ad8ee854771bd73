//! The box that a modal stands in.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear};

use crate::tui::lang::{Text, t};
use crate::tui::screen::View;
use crate::tui::widget::paint::cut;

const ASCII: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// What a question says to a key that is no part of an answer.
pub const WAITS: Text = t(
    "câu hỏi đang chờ: Enter nhận, Esc thôi; phím khác chưa có tác dụng",
    "the question waits: Enter takes the answer, Esc leaves; other keys do nothing yet",
);

/// Clears a box of at most `size` (its borders included) in the middle of `area`, and gives the room inside.
pub fn open(f: &mut Frame, area: Rect, size: (u16, u16), title: &str, v: &View) -> Rect {
    let (wide, high) = (size.0.min(area.width), size.1.min(area.height));
    let outer = Rect {
        x: area.x + (area.width - wide) / 2,
        y: area.y + (area.height - high) / 2,
        width: wide,
        height: high,
    };
    let set = if v.theme.ascii { ASCII } else { border::PLAIN };
    let title = cut(&format!(" {title} "), wide.saturating_sub(4), v.theme);
    let block = Block::bordered()
        .border_set(set)
        .border_style(v.theme.dim())
        .title(Line::styled(title, v.theme.strong()));
    let inner = block.inner(outer);
    f.render_widget(Clear, outer);
    f.render_widget(block, outer);
    Rect {
        x: inner.x + 1.min(inner.width),
        width: inner.width.saturating_sub(2),
        ..inner
    }
}
