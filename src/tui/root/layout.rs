//! Where title, body and bottom lines stand.
//!
//! ```text
//!  Đơn thư   xã Long Hồ và cấp dưới · năm 2026                          12 / 348   title
//! ─────────────────────────────────────────────────────────────────────────────── rule
//!                                                                                  body
//!  Enter mở  / tìm  f lọc                                message, or what keys do here
//!  F1 Giúp F2 Thêm F3 Sửa                                                function keys
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::Layer;
use crate::tui::command::{Foot, State, footer};
use crate::tui::lang::t;
use crate::tui::screen::{Message, Title, Tone, View};
use crate::tui::theme::to_ascii;
use crate::tui::widget::paint::{cut, put, width, wrap};

/// Below this the program only says that the window is too small.
const LEAST: (u16, u16) = (40, 10);

/// Draws the layers in front and the lines around them.
pub(super) fn draw(f: &mut Frame, layers: &mut [Layer], message: Option<&Message>, v: &View) {
    let area = f.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(f, area, v);
        return;
    }
    let Some(base) = layers.iter().rposition(|layer| !layer.screen.is_modal()) else {
        return;
    };
    let names: Vec<String> = layers
        .iter()
        .take(base)
        .filter(|l| !l.screen.is_modal())
        .map(|l| l.screen.title(v).name)
        .collect();
    let line = |y: u16| Rect {
        x: area.x,
        y,
        width: area.width,
        height: 1,
    };
    if let Some(layer) = layers.get(base) {
        draw_title(f, line(area.y), names, layer.screen.title(v), v);
    }
    f.render_widget(
        Line::styled(v.theme.rule(area.width), v.theme.dim()),
        line(area.y + 1),
    );
    let body = Rect {
        x: area.x,
        y: area.y + 2,
        width: area.width,
        height: area.height - 4,
    };
    for layer in layers.iter_mut().skip(base) {
        layer.screen.view(f, body, v);
    }
    if let Some(front) = layers.last() {
        let (state, status) = (front.screen.state(v), front.screen.status(v));
        draw_bottom(f, area, &state, status, message, v);
    }
    if v.theme.ascii {
        to_ascii(f.buffer_mut());
    }
}

fn too_small(f: &mut Frame, area: Rect, v: &View) {
    let text = v.say(t("cửa sổ quá nhỏ", "window too small"));
    f.render_widget(Clear, area);
    if area.height > 0 {
        f.render_widget(
            Line::raw(cut(text, area.width, v.theme)),
            Rect { height: 1, ..area },
        );
    }
}

fn draw_title(f: &mut Frame, area: Rect, mut names: Vec<String>, title: Title, v: &View) {
    let mut right: Vec<String> = Vec::new();
    if v.sample {
        right.push(v.say(t("MẪU", "SAMPLE")).to_owned());
    }
    if v.read_only {
        right.push(v.say(t("chỉ đọc", "read-only")).to_owned());
    }
    right.extend(Some(title.count).filter(|count| !count.is_empty()));
    let right = right.join("  ");
    let room = area.width.saturating_sub(width(&right) + 4);
    names.push(title.name);
    let name = cut(&names.join(v.theme.path()), room, v.theme);
    let about = title.about.join(v.theme.dot());
    let room = room.saturating_sub(width(&name) + 3);
    let mut spans = vec![Span::raw(" "), Span::styled(name, v.theme.strong())];
    if room > 3 && !about.is_empty() {
        spans.push(Span::raw("   "));
        spans.push(Span::raw(cut(&about, room, v.theme)));
    }
    f.render_widget(Line::from(spans), area);
    let wide = width(&right);
    let place = Rect {
        x: area.x + area.width.saturating_sub(wide + 1),
        width: wide.min(area.width),
        ..area
    };
    f.render_widget(Line::raw(right), place);
}

fn draw_bottom(
    f: &mut Frame,
    area: Rect,
    state: &State,
    status: Option<String>,
    message: Option<&Message>,
    v: &View,
) {
    let room = area.width.saturating_sub(2);
    let place = |y: u16| Rect {
        x: area.x + 1,
        y,
        width: room,
        height: 1,
    };
    let hints = items(Foot::Hint, state, v);
    let own = status.is_some();
    let (text, style) = match (message, status) {
        (
            Some(Message {
                text,
                tone: Tone::Warn,
            }),
            _,
        ) => (text.clone(), v.theme.late()),
        (Some(Message { text, .. }), _) => (text.clone(), v.theme.accent()),
        (None, Some(status)) => (status, v.theme.dim()),
        (None, None) => (fit(&hints, "  ", room), v.theme.dim()),
    };
    // A rule is told whole: what one line does not hold begins on the line above it.
    let y = area.bottom() - 2;
    let mut rest = text;
    if let (Some(first), true) = (wrap(&rest, room).first(), width(&rest) > room) {
        let above = place(y - 1);
        f.render_widget(
            Clear,
            Rect {
                x: area.x,
                width: area.width,
                ..above
            },
        );
        put(f, above, 0, 0, first, style);
        rest = rest
            .get(first.len()..)
            .unwrap_or_default()
            .trim_start()
            .to_owned();
    }
    put(f, place(y), 0, 0, &cut(&rest, room, v.theme), style);
    let mut keys = fit(&items(Foot::Key, state, v), " ", room);
    if own && !hints.is_empty() {
        let left = room.saturating_sub(width(&keys) + 3);
        keys = format!("{keys}   {}", fit(&hints, "  ", left));
    }
    f.render_widget(Line::raw(keys), place(area.bottom() - 1));
}

fn items(foot: Foot, state: &State, v: &View) -> Vec<String> {
    footer(foot, state)
        .map(|row| format!("{} {}", row.key_label(), row.label.get(v.lang)))
        .collect()
}

/// As many whole items as the room takes.
fn fit(items: &[String], between: &str, room: u16) -> String {
    let mut text = String::new();
    for item in items {
        let gap = if text.is_empty() { "" } else { between };
        if width(&text) + width(gap) + width(item) > room {
            break;
        }
        text.push_str(gap);
        text.push_str(item);
    }
    text
}
