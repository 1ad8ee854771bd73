//! What a cell shows, and in which pen: the codes that take the terminal from one pen to another.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::tui::caps::{Caps, Colours};

/// Colours and attributes of a cell, as far as the terminal shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
}

/// The pen a terminal begins with.
pub(super) const PLAIN: Pen = Pen {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

/// Modifiers that show on a blank.
const ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT);

impl Pen {
    /// The pen of `cell` on a terminal that can do `caps`.
    pub fn of(cell: &Cell, caps: &Caps) -> Pen {
        Pen {
            fg: shown(cell.fg, caps.colours),
            bg: shown(cell.bg, caps.colours),
            modifier: cell
                .modifier
                .intersection(Modifier::all())
                .intersection(caps.attributes),
        }
    }

    /// Whether a blank in this pen looks like any other.
    pub fn leaves_blank(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(ON_BLANK)
    }

    /// The shortest codes from `self` to `to`; on a terminal without `relative` codes always from the start.
    pub fn codes(self, to: Pen, relative: bool) -> Vec<u8> {
        if self == to {
            return Vec::new();
        }
        let mut best = after_reset(to, relative);
        if relative
            && let Some(step) = stepwise(self, to)
            && step.len() < best.len()
        {
            best = step;
        }
        best
    }
}

/// The colour as a terminal with so many of them shows it.
fn shown(color: Color, colours: Colours) -> Color {
    match color {
        Color::Reset => Color::Reset,
        _ if colours == Colours::Mono => Color::Reset,
        Color::Rgb(..) if colours < Colours::True => Color::Reset,
        Color::Indexed(_) if colours < Colours::Palette => Color::Reset,
        _ if colours >= Colours::Sixteen => color,
        Color::DarkGray => Color::Reset,
        Color::LightRed => Color::Red,
        Color::LightGreen => Color::Green,
        Color::LightYellow => Color::Yellow,
        Color::LightBlue => Color::Blue,
        Color::LightMagenta => Color::Magenta,
        Color::LightCyan => Color::Cyan,
        Color::White => Color::Gray,
        other => other,
    }
}

fn after_reset(to: Pen, short: bool) -> Vec<u8> {
    let mut codes = vec![if short { String::new() } else { "0".to_owned() }];
    codes.extend(set(PLAIN, to));
    joined(&codes)
}

/// Without a reset: only where nothing but colours goes away.
fn stepwise(from: Pen, to: Pen) -> Option<Vec<u8>> {
    to.modifier
        .contains(from.modifier)
        .then(|| joined(&set(from, to)))
}

fn set(from: Pen, to: Pen) -> Vec<String> {
    let mut codes: Vec<String> = SGR
        .iter()
        .filter(|(modifier, _)| {
            to.modifier.contains(*modifier) && !from.modifier.contains(*modifier)
        })
        .map(|(_, code)| (*code).to_owned())
        .collect();
    if to.fg != from.fg {
        codes.push(colour(to.fg, 30));
    }
    if to.bg != from.bg {
        codes.push(colour(to.bg, 40));
    }
    codes
}

fn joined(codes: &[String]) -> Vec<u8> {
    format!("\x1b[{}m", codes.join(";")).into_bytes()
}

const SGR: [(Modifier, &str); 8] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::SLOW_BLINK, "5"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

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

/// The most bytes of a cell's text that are sent: a letter with all its marks, or a picture made of several.
const LONGEST: usize = 30;

/// One cell of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// What stands there; nothing in the right half of a wide letter.
    text: [u8; LONGEST],
    length: u8,
    pub pen: Pen,
}

impl Glyph {
    /// A cell with this text, as much of it as is sent.
    pub fn new(text: &str, pen: Pen) -> Glyph {
        let length = text.floor_char_boundary(LONGEST);
        let mut bytes = [0; LONGEST];
        for (to, from) in bytes.iter_mut().zip(text.bytes().take(length)) {
            *to = from;
        }
        Glyph {
            text: bytes,
            length: u8::try_from(length).unwrap_or(0),
            pen,
        }
    }

    /// A blank that looks like any other.
    pub fn blank() -> Glyph {
        Glyph::new(" ", PLAIN)
    }

    /// The right half of a wide letter.
    pub fn tail(pen: Pen) -> Glyph {
        Glyph::new("", pen)
    }

    /// A cell of which nobody knows what the terminal shows there; it is like no other.
    pub fn unknown() -> Glyph {
        Glyph::new("\0", PLAIN)
    }

    pub fn text(&self) -> &[u8] {
        self.text
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }

    pub fn is_unknown(&self) -> bool {
        self.text() == b"\0"
    }

    pub fn is_blank(&self) -> bool {
        self.length == 1 && self.text.first() == Some(&b' ') && self.pen.leaves_blank()
    }

    /// Whether the two look the same: asked some ten thousand times a frame, nearly always of letters whose first bytes
    /// are all they have.
    #[inline]
    pub fn same(&self, other: &Glyph) -> bool {
        let head = |glyph: &Glyph| glyph.text.first_chunk().copied().map(u64::from_ne_bytes);
        if self.length != other.length || head(self) != head(other) {
            return false;
        }
        (self.pen == other.pen && (self.length <= 8 || self.text == other.text))
            || (self.is_blank() && other.is_blank())
    }

    pub fn is_tail(&self) -> bool {
        self.length == 0
    }

    /// Whether every terminal gives the text as many cells as we do: not so where signs are joined, or for pictures.
    pub fn is_sure(&self) -> bool {
        let mut chars = std::str::from_utf8(self.text()).unwrap_or_default().chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => !matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..),
            _ => false,
        }
    }
}
