//! What goes over the line: a back end for ratatui that sends as few bytes as it can, in one write a frame.
//!
//! It keeps what the terminal shows and what it should show, and on `flush` sends the difference. Nothing changed means
//! nothing sent. The users sit behind slow lines, where each needless byte is a delay that they feel.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

mod scroll;

use scroll::Shift;

/// How many equal cells between two changed ones are sent again rather than jumped over.
const GAP: usize = 4;
/// From how many changed blank cells on the rest of a line is erased rather than overwritten.
const ERASE: usize = 4;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Glyph {
    text: String,
    pen: Pen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};
/// Modifiers that show on a blank.
const ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT);

impl Glyph {
    fn blank() -> Glyph {
        Glyph {
            text: " ".to_owned(),
            pen: PLAIN,
        }
    }

    fn is_blank(&self) -> bool {
        self.text == " " && self.pen.bg == Color::Reset && !self.pen.modifier.intersects(ON_BLANK)
    }

    fn same(&self, other: &Glyph) -> bool {
        self == other || (self.is_blank() && other.is_blank())
    }

    /// The right half of a wide letter.
    fn is_tail(&self) -> bool {
        self.text.is_empty()
    }
}

/// The back end over any writer.
pub struct LeanBackend<W: Write> {
    out: W,
    size: Box<dyn Fn() -> Size + Send>,
    width: usize,
    shown: Vec<Glyph>,
    wanted: Vec<Glyph>,
    /// Where the terminal's cursor stands; unknown after the last column and after foreign output.
    at: Option<(usize, usize)>,
    pen: Pen,
    cursor_shown: Option<bool>,
    cursor_wanted: bool,
    place: (usize, usize),
    wipe: bool,
    bytes: Vec<u8>,
}

impl<W: Write> LeanBackend<W> {
    /// A back end that writes to `out`; `size` is asked before each frame.
    pub fn new(out: W, size: impl Fn() -> Size + Send + 'static) -> LeanBackend<W> {
        LeanBackend {
            out,
            size: Box::new(size),
            width: 0,
            shown: Vec::new(),
            wanted: Vec::new(),
            at: None,
            pen: PLAIN,
            cursor_shown: None,
            cursor_wanted: true,
            place: (0, 0),
            wipe: false,
            bytes: Vec::new(),
        }
    }

    /// The writer, for tests that look at what was sent.
    pub fn writer(&self) -> &W {
        &self.out
    }

    fn fit(&mut self) {
        let size = (self.size)();
        let width = usize::from(size.width);
        let cells = width * usize::from(size.height);
        if width != self.width || cells != self.wanted.len() {
            self.width = width;
            self.shown = vec![Glyph::blank(); cells];
            self.wanted = vec![Glyph::blank(); cells];
            self.wipe = true;
            self.at = None;
        }
    }

    /// Queues the shortest way to (`x`, `y`).
    fn go(&mut self, x: usize, y: usize) {
        if self.at == Some((x, y)) {
            return;
        }
        let mut best = match (x, y) {
            (0, 0) => "\x1b[H".to_owned(),
            (0, _) => format!("\x1b[{}H", y + 1),
            _ => format!("\x1b[{};{}H", y + 1, x + 1),
        };
        if let Some((cx, cy)) = self.at {
            let across = |from: usize| match x.cmp(&from) {
                std::cmp::Ordering::Equal => String::new(),
                std::cmp::Ordering::Greater => csi(x - from, 'C'),
                std::cmp::Ordering::Less if from - x <= 3 => "\x08".repeat(from - x),
                std::cmp::Ordering::Less => csi(from - x, 'D'),
            };
            let down = match y.cmp(&cy) {
                std::cmp::Ordering::Equal => String::new(),
                std::cmp::Ordering::Greater if y - cy <= 3 => "\n".repeat(y - cy),
                std::cmp::Ordering::Greater => csi(y - cy, 'B'),
                std::cmp::Ordering::Less => csi(cy - y, 'A'),
            };
            for way in [
                format!("{}{down}", across(cx)),
                format!("\r{down}{}", across(0)),
            ] {
                if way.len() < best.len() {
                    best = way;
                }
            }
        }
        self.bytes.extend_from_slice(best.as_bytes());
        self.at = Some((x, y));
    }

    fn set_pen(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        let mut codes: Vec<String> = Vec::new();
        let mut from = self.pen;
        let adds_only = pen.modifier.contains(from.modifier);
        if pen == PLAIN || !adds_only {
            codes.push(String::new());
            from = PLAIN;
        }
        for (modifier, code) in SGR {
            if pen.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                codes.push(code.to_owned());
            }
        }
        if pen.fg != from.fg {
            codes.push(colour(pen.fg, 30));
        }
        if pen.bg != from.bg {
            codes.push(colour(pen.bg, 40));
        }
        self.bytes.extend_from_slice(b"\x1b[");
        self.bytes.extend_from_slice(codes.join(";").as_bytes());
        self.bytes.push(b'm');
        self.pen = pen;
    }

    fn send_row(&mut self, y: usize) {
        let row = y * self.width..(y + 1) * self.width;
        let (Some(shown), Some(wanted)) =
            (self.shown.get(row.clone()), self.wanted.get(row.clone()))
        else {
            return;
        };
        if shown.iter().zip(wanted).all(|(a, b)| a.same(b)) {
            return;
        }
        let (shown, wanted) = (shown.to_vec(), wanted.to_vec());
        let changed: Vec<bool> = shown.iter().zip(&wanted).map(|(a, b)| !a.same(b)).collect();
        // The blank tail of the line as wanted, and how many of its cells still show something.
        let tail = wanted
            .iter()
            .rposition(|g| !g.is_blank())
            .map_or(0, |last| last + 1);
        let stale = changed.iter().skip(tail).filter(|c| **c).count();
        let end = if stale >= ERASE { tail } else { self.width };
        let mut x = 0;
        while x < end {
            if !changed.get(x).copied().unwrap_or(false) {
                x += 1;
                continue;
            }
            let mut start = x;
            while start > 0 && wanted.get(start).is_some_and(Glyph::is_tail) {
                start -= 1;
            }
            x = self.send_run(y, start, end, &wanted, &changed);
        }
        if end < self.width {
            let first = (end..self.width)
                .find(|i| changed.get(*i).copied().unwrap_or(false))
                .unwrap_or(end);
            self.go(first, y);
            self.set_pen(PLAIN);
            self.bytes.extend_from_slice(b"\x1b[K");
        }
        self.shown.splice(row, wanted);
    }

    /// Sends the cells from `start` on, over short gaps too, and returns where it stopped.
    fn send_run(
        &mut self,
        y: usize,
        start: usize,
        end: usize,
        wanted: &[Glyph],
        changed: &[bool],
    ) -> usize {
        self.go(start, y);
        let mut x = start;
        while x < end {
            let Some(glyph) = wanted.get(x) else { break };
            let ahead = changed.iter().take(end).skip(x).take(GAP).position(|c| *c);
            // A cell that did not change is sent again only to reach a changed one, and only in the pen in hand.
            let bridge =
                ahead.is_some_and(|n| wanted.iter().skip(x).take(n).all(|g| g.pen == self.pen));
            if ahead != Some(0) && !bridge && !glyph.is_tail() {
                break;
            }
            if !glyph.is_tail() {
                let pen = if glyph.is_blank()
                    && self.pen.bg == Color::Reset
                    && !self.pen.modifier.intersects(ON_BLANK)
                {
                    self.pen
                } else {
                    glyph.pen
                };
                self.set_pen(pen);
                self.bytes.extend_from_slice(glyph.text.as_bytes());
            }
            x += 1;
        }
        // After the last column terminals differ: the cursor may wait there.
        self.at = (x < self.width).then_some((x, y));
        x
    }

    /// Lets the terminal move rows itself: a scroll region, and line feeds at its bottom or reverse ones at its top,
    /// which every terminal knows.
    fn send_scroll(&mut self, shift: &Shift) {
        self.set_pen(PLAIN);
        let region = format!("\x1b[{};{}r", shift.first + 1, shift.last + 1);
        self.bytes.extend_from_slice(region.as_bytes());
        // Setting a region moves the cursor: home on most terminals, to the region's top on others.
        self.at = None;
        if shift.up {
            self.go(0, shift.last);
            self.bytes.extend(std::iter::repeat_n(b'\n', shift.by));
        } else {
            self.go(0, shift.first);
            for _ in 0..shift.by {
                self.bytes.extend_from_slice(b"\x1bM");
            }
        }
        self.bytes.extend_from_slice(b"\x1b[r");
        self.at = None;
        let region = shift.first * self.width..(shift.last + 1) * self.width;
        let gone = shift.by * self.width;
        if let Some(rows) = self.shown.get_mut(region) {
            if shift.up {
                rows.rotate_left(gone);
                let kept = rows.len() - gone;
                rows.iter_mut()
                    .skip(kept)
                    .for_each(|glyph| *glyph = Glyph::blank());
            } else {
                rows.rotate_right(gone);
                rows.iter_mut()
                    .take(gone)
                    .for_each(|glyph| *glyph = Glyph::blank());
            }
        }
    }

    fn send_frame(&mut self) {
        if self.wipe {
            self.set_pen(PLAIN);
            self.bytes.extend_from_slice(b"\x1b[H\x1b[2J");
            self.at = Some((0, 0));
            self.shown.fill(Glyph::blank());
            self.wipe = false;
        }
        let rows = self.wanted.len().checked_div(self.width).unwrap_or(0);
        if let Some(shift) = scroll::find(&self.shown, &self.wanted, self.width) {
            self.send_scroll(&shift);
        }
        for y in 0..rows {
            self.send_row(y);
        }
        if self.cursor_wanted {
            let (x, y) = self.place;
            self.go(x, y);
        }
        if self.cursor_shown != Some(self.cursor_wanted) {
            self.bytes.extend_from_slice(if self.cursor_wanted {
                b"\x1b[?25h"
            } else {
                b"\x1b[?25l"
            });
            self.cursor_shown = Some(self.cursor_wanted);
        }
    }
}

const SGR: [(Modifier, &str); 7] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

fn csi(n: usize, end: char) -> String {
    if n == 1 {
        format!("\x1b[{end}")
    } else {
        format!("\x1b[{n}{end}")
    }
}

/// The SGR code of a colour; `base` is 30 for letters and 40 for the ground.
fn colour(color: Color, base: u16) -> String {
    let plain = |n: u16| (base + n).to_string();
    let bright = |n: u16| (base + 60 + n).to_string();
    match color {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(n) => format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
    }
}

impl<W: Write> Backend for LeanBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.fit();
        for (x, y, cell) in content {
            let (x, y) = (usize::from(x), usize::from(y));
            if x >= self.width {
                continue;
            }
            let at = y * self.width + x;
            let Some(glyph) = self.wanted.get_mut(at) else {
                continue;
            };
            let pen = Pen {
                fg: cell.fg,
                bg: cell.bg,
                modifier: cell.modifier,
            };
            *glyph = Glyph {
                text: cell.symbol().to_owned(),
                pen,
            };
            let tails = cell.symbol().width().min(self.width - x).saturating_sub(1);
            for tail in self.wanted.iter_mut().skip(at + 1).take(tails) {
                *tail = Glyph {
                    text: String::new(),
                    pen,
                };
            }
            // ratatui says nothing of the right half of a wide letter that goes: it is blank from now on.
            for tail in self
                .wanted
                .iter_mut()
                .skip(at + 1 + tails)
                .take_while(|g| g.is_tail())
            {
                *tail = Glyph::blank();
            }
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor_wanted = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor_wanted = true;
        Ok(())
    }

    /// Where the cursor should be; the terminal is never asked, since over a slow line that would wait.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        let narrow = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        Ok(Position {
            x: narrow(self.place.0),
            y: narrow(self.place.1),
        })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        self.place = (usize::from(x), usize::from(y));
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.fit();
        self.wanted.fill(Glyph::blank());
        self.wipe = true;
        Ok(())
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        match clear_type {
            // ratatui clears the whole screen only; the other regions serve inline viewports.
            ClearType::All => self.clear(),
            _ => Ok(()),
        }
    }

    fn size(&self) -> io::Result<Size> {
        Ok((self.size)())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: (self.size)(),
            pixels: Size::default(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.fit();
        self.send_frame();
        if self.bytes.is_empty() {
            return Ok(());
        }
        let sent = self
            .out
            .write_all(&self.bytes)
            .and_then(|()| self.out.flush());
        self.bytes.clear();
        sent
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::backend::CrosstermBackend;
    use ratatui::style::Style;
    use ratatui::{TerminalOptions, Viewport};

    use super::*;

    const WIDE: u16 = 24;
    const HIGH: u16 = 9;

    /// One text drawn at a place in a style.
    #[derive(Clone, Debug)]
    struct Stroke(u16, u16, String, Style);

    fn stroke(wide: bool) -> impl Strategy<Value = Stroke> {
        let text = prop::collection::vec(
            prop::sample::select(vec![
                "a",
                "đ",
                "ễ",
                " ",
                "  ",
                "     ",
                "─",
                if wide { "漢" } else { "x" },
            ]),
            0..12,
        );
        let style = (0..6usize, 0..5usize).prop_map(|(fg, look)| {
            let fg = [
                Color::Reset,
                Color::Red,
                Color::Cyan,
                Color::LightBlue,
                Color::Indexed(99),
                Color::Rgb(1, 2, 3),
            ][fg];
            let style = Style::reset().fg(fg);
            match look {
                0 => style.add_modifier(Modifier::BOLD),
                1 => style.add_modifier(Modifier::DIM | Modifier::UNDERLINED),
                2 => style.bg(Color::Blue),
                3 => style.add_modifier(Modifier::REVERSED),
                _ => style,
            }
        });
        (0..WIDE, 0..HIGH, text, style)
            .prop_map(|(x, y, text, style)| Stroke(x, y, text.concat(), style))
    }

    type Frames = Vec<(Vec<Stroke>, Option<(u16, u16)>)>;

    fn frames(wide: bool) -> impl Strategy<Value = Frames> {
        let cursor = prop::option::of((0..WIDE, 0..HIGH));
        prop::collection::vec((prop::collection::vec(stroke(wide), 0..8), cursor), 1..8)
    }

    fn paint<B: Backend>(
        terminal: &mut Terminal<B>,
        strokes: &[Stroke],
        cursor: Option<(u16, u16)>,
    ) {
        let drawn = terminal.draw(|f| {
            for Stroke(x, y, text, style) in strokes {
                f.buffer_mut()
                    .set_stringn(*x, *y, text, usize::from(WIDE - x), *style);
            }
            if let Some(place) = cursor {
                f.set_cursor_position(place);
            }
        });
        assert!(drawn.is_ok());
    }

    fn shown(bytes: &[u8], with_cursor: bool) -> Vec<String> {
        let rows = std::num::NonZeroU16::new(HIGH).unwrap();
        let columns = std::num::NonZeroU16::new(WIDE).unwrap();
        let mut parser = vt100::Parser::new(rows, columns, 0);
        parser.process(bytes);
        let screen = parser.screen();
        let mut lines = Vec::new();
        for y in 0..HIGH {
            for x in 0..WIDE {
                let cell = screen.cell(y, x).unwrap();
                let text = if cell.has_contents() {
                    cell.contents()
                } else {
                    " "
                };
                let blank = text == " " && !cell.underline() && !cell.inverse();
                let look = format!(
                    "{:?} {:?} {} {} {} {}",
                    if blank {
                        vt100::Color::Default
                    } else {
                        cell.fgcolor()
                    },
                    cell.bgcolor(),
                    cell.bold() && !blank,
                    cell.dim() && !blank,
                    cell.underline(),
                    cell.inverse()
                );
                lines.push(format!("{x},{y} {text} {look}"));
            }
        }
        if with_cursor {
            assert!(!screen.hide_cursor());
            lines.push(format!("{:?}", screen.cursor_position()));
        }
        lines
    }

    fn lean() -> Terminal<LeanBackend<Vec<u8>>> {
        Terminal::new(LeanBackend::new(Vec::new(), || Size {
            width: WIDE,
            height: HIGH,
        }))
        .unwrap()
    }

    proptest! {
        #[test]
        fn random_frames_show_what_the_stock_back_end_shows(frames in frames(false)) {
            let mut lean = lean();
            let area = ratatui::layout::Rect::new(0, 0, WIDE, HIGH);
            let options = TerminalOptions { viewport: Viewport::Fixed(area) };
            let mut stock = Vec::new();
            for (strokes, cursor) in &frames {
                paint(&mut lean, strokes, *cursor);
            }
            {
                let mut terminal = Terminal::with_options(CrosstermBackend::new(&mut stock), options).unwrap();
                for (strokes, cursor) in &frames {
                    paint(&mut terminal, strokes, *cursor);
                }
            }
            // The stock terminal shows its cursor again on leaving, so a hidden one is not compared.
            let cursor = frames.last().is_some_and(|(_, cursor)| cursor.is_some());
            let (ours, theirs) = (shown(lean.backend().writer(), cursor), shown(&stock, cursor));
            let differing: Vec<_> = ours.iter().zip(&theirs).filter(|(a, b)| a != b).collect();
            prop_assert!(differing.is_empty(), "{differing:#?}");
        }

        // Wide letters apart: what the stock back end leaves behind them depends on the terminal.
        #[test]
        fn frame_after_frame_shows_what_the_last_frame_alone_shows(frames in frames(true)) {
            let (mut many, mut one) = (lean(), lean());
            for (strokes, cursor) in &frames {
                paint(&mut many, strokes, *cursor);
            }
            if let Some((strokes, cursor)) = frames.last() {
                paint(&mut one, strokes, *cursor);
            }
            let (ours, fresh) = (shown(many.backend().writer(), false), shown(one.backend().writer(), false));
            let differing: Vec<_> = ours.iter().zip(&fresh).filter(|(a, b)| a != b).collect();
            prop_assert!(differing.is_empty(), "{differing:#?}");
        }
    }

    /// Ten rows of a list from `first` on, the cursor's row marked, between two rows that stay.
    fn list(first: usize, marked: usize) -> Vec<Stroke> {
        let mut strokes = vec![Stroke(0, 0, "Đơn thư".to_owned(), Style::new())];
        for y in 1..HIGH - 1 {
            let n = first + usize::from(y);
            let mark = if n == marked { ">" } else { " " };
            strokes.push(Stroke(
                0,
                y,
                format!("{mark} {n} vụ số {}", n * 7919 % 1000),
                Style::new(),
            ));
        }
        strokes.push(Stroke(0, HIGH - 1, "F1 Giúp".to_owned(), Style::new()));
        strokes
    }

    proptest! {
        #[test]
        fn a_scrolled_list_shows_what_it_should(steps in prop::collection::vec((0usize..40, 0usize..40), 2..10)) {
            let (mut many, mut one) = (lean(), lean());
            for (first, marked) in &steps {
                paint(&mut many, &list(*first, *marked), Some((0, 1)));
            }
            if let Some((first, marked)) = steps.last() {
                paint(&mut one, &list(*first, *marked), Some((0, 1)));
            }
            prop_assert_eq!(shown(many.backend().writer(), true), shown(one.backend().writer(), true));
        }
    }

    #[test]
    fn a_scroll_by_one_row_moves_rows_rather_than_sending_them() {
        for (from, to) in [(10, 11), (11, 10)] {
            let mut terminal = lean();
            paint(&mut terminal, &list(from, 0), Some((0, 1)));
            let before = terminal.backend().writer().len();
            paint(&mut terminal, &list(to, 0), Some((0, 1)));
            let sent = terminal.backend().writer().len() - before;
            assert!(sent < 60, "{sent} bytes");
        }
    }

    #[test]
    fn an_equal_frame_sends_nothing_and_a_letter_sends_itself() {
        let mut terminal = lean();
        let stroke = |text: &str| [Stroke(2, 1, text.to_owned(), Style::new())];
        paint(&mut terminal, &stroke("Lê Thị"), Some((8, 1)));
        let before = terminal.backend().writer().len();
        paint(&mut terminal, &stroke("Lê Thị"), Some((8, 1)));
        assert_eq!(terminal.backend().writer().len(), before);
        paint(&mut terminal, &stroke("Lê ThịB"), Some((9, 1)));
        assert_eq!(terminal.backend().writer().get(before..), Some(&b"B"[..]));
    }

    #[test]
    fn the_blank_rest_of_a_line_is_erased_not_overwritten() {
        let mut terminal = lean();
        paint(
            &mut terminal,
            &[Stroke(0, 0, "một dòng dài hơn".to_owned(), Style::new())],
            Some((0, 0)),
        );
        let before = terminal.backend().writer().len();
        paint(
            &mut terminal,
            &[Stroke(0, 0, "một".to_owned(), Style::new())],
            Some((0, 0)),
        );
        let sent = terminal.backend().writer().len() - before;
        assert!(sent <= 12, "{sent} bytes");
    }
}
