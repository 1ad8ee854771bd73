//! The hand that writes on the terminal: where its cursor stands, in which pen, and the shortest way from here to there.

use super::pen::{Glyph, PLAIN, Pen};
use crate::tui::caps::Caps;

/// Bytes on their way, and the state of the terminal once they have arrived.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    pub caps: Caps,
    pub bytes: Vec<u8>,
    /// Where the terminal's cursor stands; unknown after the last column and after foreign output.
    pub at: Option<(usize, usize)>,
    pub pen: Pen,
    /// From so many bytes on a trial is dearer than another way, and nothing more of it needs to be known.
    limit: usize,
}

impl Hand {
    pub fn new(caps: Caps) -> Hand {
        Hand {
            caps,
            bytes: Vec::new(),
            at: None,
            pen: PLAIN,
            limit: usize::MAX,
        }
    }

    /// The same hand with nothing written yet, to try what something would cost.
    pub fn trial(&self) -> Hand {
        self.trial_below(usize::MAX)
    }

    /// The same, for what is of use only if it costs fewer bytes than `limit`.
    pub fn trial_below(&self, limit: usize) -> Hand {
        Hand {
            bytes: Vec::new(),
            limit,
            ..*self
        }
    }

    /// Whether a trial has come to its limit.
    pub fn is_over(&self) -> bool {
        self.bytes.len() >= self.limit
    }

    /// Goes on from where `trial` has come to.
    pub fn accept(&mut self, trial: Hand) {
        self.bytes.extend_from_slice(&trial.bytes);
        (self.at, self.pen) = (trial.at, trial.pen);
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn set_pen(&mut self, pen: Pen) {
        let codes = self.pen.codes(pen, self.caps.relative);
        self.send(&codes);
        self.pen = pen;
    }

    /// A pen in which an erased cell looks like a plain blank.
    pub fn set_erasing(&mut self) {
        // Terminals erase with the ground of the pen in hand, some with more of it.
        if !self.pen.leaves_blank() {
            self.set_pen(PLAIN);
        }
    }

    /// Goes to (`x`, `y`); `row` is what the terminal shows in row `y`, whose cells may be sent again as a way.
    pub fn go(&mut self, x: usize, y: usize, row: &[Glyph]) {
        if self.at == Some((x, y)) {
            return;
        }
        let mut best = Code::default();
        match (x, y) {
            (0, 0) => best.add(b"\x1b[H"),
            (0, _) => best.numbers(&[y + 1], b'H'),
            _ => best.numbers(&[y + 1, x + 1], b'H'),
        }
        if let Some((from, level)) = self.at.filter(|_| self.caps.relative) {
            let down = down(level, y);
            let mut take = |parts: [&[u8]; 3]| {
                let mut way = Code::default();
                parts.into_iter().for_each(|part| way.add(part));
                if way.length < best.length {
                    best = way;
                }
            };
            take([across(from, x).bytes(), down.bytes(), b""]);
            take([b"\r", down.bytes(), across(0, x).bytes()]);
            // Along the row by its own cells, from here or from its beginning.
            for (start, lead) in [(from, &b""[..]), (0, b"\r")] {
                if let Some(cells) = self.along(start, x, row) {
                    take([lead, down.bytes(), cells.bytes()]);
                }
            }
        }
        self.send(best.bytes());
        self.at = Some((x, y));
    }

    /// The cells from `from` to before `to` when they are few and in the pen in hand.
    fn along(&self, from: usize, to: usize, row: &[Glyph]) -> Option<Code> {
        /// Longer than any other way.
        const FAR: usize = 8;
        if to <= from || to - from > FAR || row.get(to)?.is_tail() || row.get(from)?.is_tail() {
            return None;
        }
        let mut cells = Code::default();
        for glyph in row.get(from..to)? {
            let fits = glyph.pen == self.pen || (glyph.is_blank() && self.pen.leaves_blank());
            if !fits || glyph.is_unknown() {
                return None;
            }
            cells.add(glyph.text());
        }
        // As part of a way, one that became too long would look like none at all.
        (cells.length <= LONGEST).then_some(cells)
    }
}

/// The most bytes of a code: a place is told in fewer, and of ways there the shortest is taken.
const LONGEST: usize = 16;

/// A short code, made for each of very many ways that are compared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Code {
    bytes: [u8; LONGEST],
    /// How many bytes it has; more than [`LONGEST`]: it is no way.
    length: usize,
}

impl Code {
    /// Its bytes; none of one that became too long, which is not to be part of a way.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn add(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            room.copy_from_slice(bytes);
        }
        self.length = end;
    }

    /// A control sequence with these numbers.
    fn numbers(&mut self, numbers: &[usize], end: u8) {
        self.add(b"\x1b[");
        for (at, n) in numbers.iter().enumerate() {
            if at > 0 {
                self.add(b";");
            }
            self.number(*n);
        }
        self.add(&[end]);
    }

    fn number(&mut self, n: usize) {
        if n >= 10 {
            self.number(n / 10);
        }
        self.add(&[b'0' + u8::try_from(n % 10).unwrap_or(0)]);
    }

    fn repeated(byte: u8, times: usize) -> Code {
        let mut code = Code::default();
        (0..times).for_each(|_| code.add(&[byte]));
        code
    }
}

/// The shortest way across a row.
fn across(from: usize, to: usize) -> Code {
    if to == from {
        return Code::default();
    }
    if to > from {
        return csi(to - from, 'C');
    }
    let (many, back) = (from - to, csi(from - to, 'D'));
    if many <= back.length {
        Code::repeated(8, many)
    } else {
        back
    }
}

/// The shortest way up or down.
fn down(from: usize, to: usize) -> Code {
    if to == from {
        return Code::default();
    }
    if to < from {
        return csi(from - to, 'A');
    }
    let (many, on) = (to - from, csi(to - from, 'B'));
    if many <= on.length {
        Code::repeated(b'\n', many)
    } else {
        on
    }
}

/// A control sequence with a number, which is left out where it is one.
pub(super) fn csi(n: usize, end: char) -> Code {
    let (mut code, end) = (Code::default(), u8::try_from(end).unwrap_or(b'm'));
    match n {
        1 => code.numbers(&[], end),
        n => code.numbers(&[n], end),
    }
    code
}
