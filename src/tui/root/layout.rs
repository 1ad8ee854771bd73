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
use crate::tui::command::{self, Command, Foot, Scope, State, footer};
use crate::tui::keymap::Chord;
use crate::tui::lang::t;
use crate::tui::screen::{Message, Title, Tone, View};
use crate::tui::theme::to_ascii;
use crate::tui::widget::paint::{cut, lowest, put, width, wrap};

/// Below this the program only says that the window is too small.
const LEAST: (u16, u16) = (40, 10);

/// The places of what follows the cursor.
#[derive(Debug, Default)]
pub(super) struct Follows {
    /// Lines that tell about the selected row or field.
    pub told: Vec<Rect>,
    /// What keys do here, which may depend on the row.
    pub hints: Rect,
    /// Where keys go; other hints at once where that changes.
    pub scope: Option<Scope>,
}

/// Draws the layers in front and the lines around them; gives the places of what follows the cursor.
pub(super) fn draw(
    f: &mut Frame,
    layers: &mut [Layer],
    message: Option<&Message>,
    v: &View,
) -> Follows {
    let area = f.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(f, area, v);
        return Follows::default();
    }
    let Some(base) = layers.iter().rposition(|layer| !layer.screen.is_modal()) else {
        return Follows::default();
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
    if let Some(beyond) = layers.get(base).map(|layer| layer.screen.beyond(v))
        && !beyond.is_empty()
    {
        let text = format!(" {beyond} ");
        let x = area.width.saturating_sub(width(&text) + 2);
        put(f, line(area.y + 1), x, 0, &text, v.theme.dim());
    }
    let mut follows = Follows::default();
    if let Some(front) = layers.last() {
        let (state, status) = (front.screen.state(v), front.screen.status(v));
        let has_hints = status.is_none() && message.is_none();
        let told = draw_bottom(f, area, &state, status, message, layers.len() > 1, v);
        let own = front.screen.follows(body);
        let own = own.map(|area| area.intersection(body));
        follows = Follows {
            told: own.into_iter().chain(told).collect(),
            hints: lowest(area, if has_hints { 2 } else { 1 }),
            scope: Some(state.scope),
        };
    }
    if v.theme.ascii {
        to_ascii(f.buffer_mut());
    }
    follows
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
    right.extend(Some(v.aid.name().to_owned()).filter(|aid| !aid.is_empty()));
    right.extend(Some(title.count).filter(|count| !count.is_empty()));
    let right = right.join("  ");
    let room = area.width.saturating_sub(width(&right) + 4);
    names.push(title.name);
    let name = cut(&names.join(v.theme.path()), room, v.theme);
    let room = room.saturating_sub(width(&name) + 3);
    let about = joined(title.about, room, v);
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

/// The facts of a title in one line; where they do not fit, the first, which is a name, gives way.
fn joined(mut about: Vec<String>, room: u16, v: &View) -> String {
    let all = about.join(v.theme.dot());
    let over = width(&all).saturating_sub(room);
    if let [first, _, ..] = about.as_mut_slice()
        && over > 0
        && width(first) > over + 6
    {
        *first = cut(first, width(first) - over, v.theme);
        return about.join(v.theme.dot());
    }
    all
}

/// Draws the two lines at the bottom; gives the place of a status of the screen, which follows its cursor. A status that
/// says what is wrong does not wait for the cursor to rest.
fn draw_bottom(
    f: &mut Frame,
    area: Rect,
    state: &State,
    status: Option<String>,
    message: Option<&Message>,
    deep: bool,
    v: &View,
) -> Option<Rect> {
    let room = area.width.saturating_sub(2);
    let place = |y: u16| Rect {
        x: area.x + 1,
        y,
        width: room,
        height: 1,
    };
    let own_line = status.as_deref().filter(|_| message.is_none());
    let (mut hints, back) = hints_and_back(state, own_line, deep, v);
    let own = status.is_some();
    let waits = message.is_none() && status.as_ref().is_some_and(|s| !s.starts_with('!'));
    let first = if own { 0 } else { fitting(&hints, "  ", room) };
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
    let mut told = place(y);
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
        told = told.union(above);
        rest = rest
            .get(first.len()..)
            .unwrap_or_default()
            .trim_start()
            .to_owned();
    }
    put(f, place(y), 0, 0, &cut(&rest, room, v.theme), style);
    // The way back stays in any window; what the line of hints had no room for, and the sections, where they fit.
    let kept = back.as_ref().map_or(0, |back| width(back) + 3);
    let mut keys = fit(&items(Foot::Key, state, v), " ", room.saturating_sub(kept));
    let mut more: Vec<String> = back.into_iter().collect();
    more.extend(hints.split_off(first.min(hints.len())));
    if !deep && !state.scope.is_text() {
        more.push(v.say(t("1–7 mục", "1–7 sections")).to_owned());
        let quit = command::row(Command::Quit);
        more.extend(quit.map(|row| format!("{} {}", row.key_label(), row.label.get(v.lang))));
    }
    if !more.is_empty() {
        let left = room.saturating_sub(width(&keys) + 3);
        keys = format!("{keys}   {}", fit(&more, "  ", left));
    }
    f.render_widget(Line::raw(keys), place(area.bottom() - 1));
    waits.then_some(told)
}

/// What keys do here, and the way back. What the screen's own line says of a key is not said again under it.
fn hints_and_back(
    state: &State,
    own: Option<&str>,
    deep: bool,
    v: &View,
) -> (Vec<String>, Option<String>) {
    let mut hints = items(Foot::Hint, state, v);
    let back = command::row(Command::Back).filter(|row| deep && row.scope.has(state.scope));
    let mut back = back.map(|row| format!("{} {}", row.key_label(), row.label.get(v.lang)));
    if state.scope == Scope::Read {
        hints.push(
            v.say(t("Up Down PgUp PgDn cuộn", "Up Down PgUp PgDn scroll"))
                .to_owned(),
        );
    }
    if let Some(own) = own.filter(|_| !state.scope.is_text()) {
        let said = |item: &str| {
            let key = item.split(' ').next();
            own.split_whitespace().any(|word| Some(word) == key)
        };
        hints.retain(|item| !said(item));
        back = back.filter(|item| !said(item));
    }
    (hints, back)
}

fn items(foot: Foot, state: &State, v: &View) -> Vec<String> {
    let mut rows: Vec<&command::Row> = footer(foot, state).collect();
    if foot == Foot::Key {
        rows.sort_by_key(|row| match row.keys.first() {
            Some(Chord::F(n)) => *n,
            _ => u8::MAX,
        });
    }
    rows.into_iter()
        .map(|row| {
            let label = command::foot_label(row, state);
            format!("{} {}", row.key_label(), label.get(v.lang))
        })
        .collect()
}

/// How many of the items the room takes.
fn fitting(items: &[String], between: &str, room: u16) -> usize {
    let gap = width(between);
    let mut used = 0;
    items
        .iter()
        .take_while(|item| {
            used += width(item) + if used == 0 { 0 } else { gap };
            used <= room
        })
        .count()
}

/// As many whole items as the room takes.
fn fit(items: &[String], between: &str, room: u16) -> String {
    let many = fitting(items, between, room);
    items
        .iter()
        .take(many)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(between)
}
