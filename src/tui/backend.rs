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

const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };
/// Modifiers that show on a blank.
const ON_BLANK: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

impl Glyph {
    fn blank() -> Glyph {
        Glyph { text: " ".to_owned(), pen: PLAIN }
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
            for way in [format!("{}{down}", across(cx)), format!("\r{down}{}", across(0))] {
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
        let (Some(shown), Some(wanted)) = (self.shown.get(row.clone()), self.wanted.get(row.clone())) else {
            return;
        };
        if shown.iter().zip(wanted).all(|(a, b)| a.same(b)) {
            return;
        }
        let (shown, wanted) = (shown.to_vec(), wanted.to_vec());
        let changed: Vec<bool> = shown.iter().zip(&wanted).map(|(a, b)| !a.same(b)).collect();
        // The blank tail of the line as wanted, and how many of its cells still show something.
        let tail = wanted.iter().rposition(|g| !g.is_blank()).map_or(0, |last| last + 1);
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
            let first = (end..self.width).find(|i| changed.get(*i).copied().unwrap_or(false)).unwrap_or(end);
            self.go(first, y);
            self.set_pen(PLAIN);
            self.bytes.extend_from_slice(b"\x1b[K");
        }
        self.shown.splice(row, wanted);
    }

    /// Sends the cells from `start` on, over short gaps too, and returns where it stopped.
    fn send_run(&mut self, y: usize, start: usize, end: usize, wanted: &[Glyph], changed: &[bool]) -> usize {
        self.go(start, y);
        let mut x = start;
        while x < end {
            let Some(glyph) = wanted.get(x) else { break };
            let ahead = changed.iter().take(end).skip(x).take(GAP).position(|c| *c);
            // A cell that did not change is sent again only to reach a changed one, and only in the pen in hand.
            let bridge = ahead.is_some_and(|n| wanted.iter().skip(x).take(n).all(|g| g.pen == self.pen));
            if ahead != Some(0) && !bridge && !glyph.is_tail() {
                break;
            }
            if !glyph.is_tail() {
                let pen = if glyph.is_blank() && self.pen.bg == Color::Reset && !self.pen.modifier.intersects(ON_BLANK)
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

    fn send_frame(&mut self) {
        if self.wipe {
            self.set_pen(PLAIN);
            self.bytes.extend_from_slice(b"\x1b[H\x1b[2J");
            self.at = Some((0, 0));
            self.shown.fill(Glyph::blank());
            self.wipe = false;
        }
        let rows = self.wanted.len().checked_div(self.width).unwrap_or(0);
        for y in 0..rows {
            self.send_row(y);
        }
        if self.cursor_wanted {
            let (x, y) = self.place;
            self.go(x, y);
        }
        if self.cursor_shown != Some(self.cursor_wanted) {
            self.bytes.extend_from_slice(if self.cursor_wanted { b"\x1b[?25h" } else { b"\x1b[?25l" });
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
    if n == 1 { format!("\x1b[{end}") } else { format!("\x1b[{n}{end}") }
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
            let Some(glyph) = self.wanted.get_mut(at) else { continue };
            let pen = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
            *glyph = Glyph { text: cell.symbol().to_owned(), pen };
            let cells = cell.symbol().width().min(self.width - x);
            for tail in self.wanted.iter_mut().skip(at + 1).take(cells.saturating_sub(1)) {
                *tail = Glyph { text: String::new(), pen };
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
        Ok(Position { x: narrow(self.place.0), y: narrow(self.place.1) })
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
        Ok(WindowSize { columns_rows: (self.size)(), pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.fit();
        self.send_frame();
        if self.bytes.is_empty() {
            return Ok(());
        }
        let sent = self.out.write_all(&self.bytes).and_then(|()| self.out.flush());
        self.bytes.clear();
        sent
    }
}
