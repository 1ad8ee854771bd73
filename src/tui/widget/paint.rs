//! Text in cells: every width on the screen is counted here, never by `len`.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::text::shown;
use crate::tui::theme::Theme;

/// How many cells `text` takes.
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// `text` in at most `room` cells; a sign at the end says that it was cut.
pub fn cut(text: &str, room: u16, theme: Theme) -> String {
    let text = shown(text);
    if width(&text) <= room {
        return text.into_owned();
    }
    let sign = theme.cut();
    let keep = room.saturating_sub(width(sign));
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme);
        if used > keep {
            break;
        }
        kept.push_str(grapheme);
    }
    if room >= width(sign) {
        kept.push_str(sign);
    }
    kept
}

/// `text` cut or filled with blanks to exactly `room` cells, at the left.
pub fn left(text: &str, room: u16, theme: Theme) -> String {
    let mut text = cut(text, room, theme);
    let blanks = room.saturating_sub(width(&text));
    text.push_str(&" ".repeat(usize::from(blanks)));
    text
}

/// The same at the right, for numbers.
pub fn right(text: &str, room: u16, theme: Theme) -> String {
    let text = cut(text, room, theme);
    format!(
        "{}{text}",
        " ".repeat(usize::from(room.saturating_sub(width(&text))))
    )
}

/// `text` in lines of at most `room` cells, broken between words where that is possible.
pub fn wrap(text: &str, room: u16) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in words(paragraph) {
            for piece in pieces(word, room) {
                if width(&line) + width(&piece) > room && !line.is_empty() {
                    lines.push(line.trim_end().to_owned());
                    line = String::new();
                    if piece.trim().is_empty() {
                        continue;
                    }
                }
                line.push_str(&piece);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Facts that stand between dots in lines of at most `room` cells, broken between facts.
pub fn wrap_facts(text: &str, room: u16) -> Vec<String> {
    wrap_between(text, " · ", room)
}

/// The same for facts with anything `between` them.
pub fn wrap_between(text: &str, between: &str, room: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for fact in text.split(between) {
        match lines.last_mut() {
            Some(line) if width(line) + width(between) + width(fact) <= room => {
                line.push_str(between);
                line.push_str(fact);
            }
            _ => lines.extend(wrap(fact, room)),
        }
    }
    lines
}

/// Words and the spaces between them; signs stay with the word that they belong to, so that no line begins with a comma.
fn words(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut before = "";
    for (at, part) in text.split_word_bound_indices() {
        let closes = part.starts_with([
            ',', '.', ';', ':', '!', '?', ')', ']', '}', '»', '”', '’', '…', '%',
        ]);
        let follows = closes && !before.trim().is_empty();
        if !follows && !before.ends_with(['(', '[', '{', '«', '“', '‘']) {
            starts.push(at);
        }
        before = part;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let pieces = starts.iter().zip(ends);
    pieces
        .filter_map(|(from, to)| text.get(*from..to))
        .collect()
}

/// A word in pieces that each fit the room.
fn pieces(word: &str, room: u16) -> Vec<Cow<'_, str>> {
    if width(word) <= room {
        return vec![Cow::Borrowed(word)];
    }
    let mut pieces = vec![String::new()];
    for grapheme in word.graphemes(true) {
        if pieces
            .last()
            .is_some_and(|p| width(p) + width(grapheme) > room.max(1))
        {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push_str(grapheme);
        }
    }
    pieces.into_iter().map(Cow::Owned).collect()
}

/// The lowest `high` lines of `area`.
pub fn lowest(area: Rect, high: u16) -> Rect {
    let height = high.min(area.height);
    Rect {
        y: area.bottom() - height,
        height,
        ..area
    }
}

/// The line `y` of `area`, counted from its top; empty where the area is not so high.
pub fn line(area: Rect, y: u16) -> Rect {
    if y >= area.height {
        return Rect { height: 0, ..area };
    }
    Rect {
        y: area.y + y,
        height: 1,
        ..area
    }
}

/// Draws `text` at (`x`, `y`) of `area`, cut where the area ends.
pub fn put(f: &mut Frame, area: Rect, x: u16, y: u16, text: &str, style: Style) {
    let row = line(area, y);
    if x >= row.width || row.height == 0 {
        return;
    }
    // Only the cells of the text: a line widget would give its style to the rest of the row, to be sent as well.
    let room = usize::from(row.width - x);
    f.buffer_mut()
        .set_stringn(row.x + x, row.y, shown(text), room, style);
}

/// Puts the real cursor at (`x`, `y`) of `area`, if that is inside it.
pub fn cursor(f: &mut Frame, area: Rect, x: u16, y: u16) {
    if x < area.width && y < area.height {
        f.set_cursor_position((area.x + x, area.y + y));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn cutting_counts_cells_not_bytes() {
        let theme = Theme::default();
        assert_eq!(cut("Đường liên ấp", 13, theme), "Đường liên ấp");
        assert_eq!(cut("Đường liên ấp", 8, theme), "Đường l…");
        assert_eq!(width(&right("8.574", 9, theme)), 9);
        assert_eq!(left("ấp", 4, theme), "ấp  ");
    }

    #[test]
    fn facts_stay_whole_where_a_line_takes_them() {
        assert_eq!(
            wrap_between("02/12   còn 10 ngày   vì sao? v", "   ", 24),
            ["02/12   còn 10 ngày", "vì sao? v"]
        );
        assert_eq!(
            wrap_facts("đơn 73 · tiếp dân 37", 15),
            ["đơn 73", "tiếp dân 37"]
        );
        assert_eq!(
            wrap_facts("đơn 73 · tiếp dân 37", 20),
            ["đơn 73 · tiếp dân 37"]
        );
        assert_eq!(wrap_facts("một hai ba", 8), ["một hai", "ba"]);
    }

    #[test]
    fn wrapping_breaks_between_words_and_long_words_anyway() {
        assert_eq!(wrap("một hai ba bốn", 8), ["một hai", "ba bốn"]);
        assert_eq!(wrap("một hai, ba (bốn).", 7), ["một", "hai, ba", "(bốn)."]);
        assert_eq!(wrap("aaaaaaaaaa", 4), ["aaaa", "aaaa", "aa"]);
        assert_eq!(wrap("một\n\nhai", 8), ["một", "", "hai"]);
    }
}
