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
}

impl Hand {
    pub fn new(caps: Caps) -> Hand {
        Hand {
            caps,
            bytes: Vec::new(),
            at: None,
            pen: PLAIN,
        }
    }

    /// The same hand with nothing written yet, to try what something would cost.
    pub fn trial(&self) -> Hand {
        Hand {
            bytes: Vec::new(),
            ..*self
        }
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
        let mut best = match (x, y) {
            (0, 0) => b"\x1b[H".to_vec(),
            (0, _) => format!("\x1b[{}H", y + 1).into_bytes(),
            _ => format!("\x1b[{};{}H", y + 1, x + 1).into_bytes(),
        };
        if let Some((from, level)) = self.at.filter(|_| self.caps.relative) {
            let down = down(level, y);
            let mut take = |way: Vec<u8>| {
                if way.len() < best.len() {
                    best = way;
                }
            };
            let mut way = across(from, x);
            way.extend_from_slice(&down);
            take(way);
            let mut way = b"\r".to_vec();
            way.extend_from_slice(&down);
            way.extend_from_slice(&across(0, x));
            take(way);
            // Along the row by its own cells, from here or from its beginning.
            for (start, lead) in [(from, &b""[..]), (0, b"\r")] {
                if let Some(cells) = self.along(start, x, row) {
                    let mut way = lead.to_vec();
                    way.extend_from_slice(&down);
                    way.extend_from_slice(&cells);
                    take(way);
                }
            }
        }
        self.send(&best);
        self.at = Some((x, y));
    }

    /// The cells from `from` to before `to` when they are few and in the pen in hand.
    fn along(&self, from: usize, to: usize, row: &[Glyph]) -> Option<Vec<u8>> {
        /// Longer than any other way.
        const FAR: usize = 8;
        if to <= from || to - from > FAR || row.get(to)?.is_tail() || row.get(from)?.is_tail() {
            return None;
        }
        let mut cells = Vec::new();
        for glyph in row.get(from..to)? {
            let fits = glyph.pen == self.pen || (glyph.is_blank() && self.pen.leaves_blank());
            if !fits || glyph.is_unknown() {
                return None;
            }
            cells.extend_from_slice(glyph.text());
        }
        Some(cells)
    }
}

/// The shortest way across a row.
fn across(from: usize, to: usize) -> Vec<u8> {
    if to == from {
        Vec::new()
    } else if to > from {
        csi(to - from, 'C')
    } else if from - to <= csi(from - to, 'D').len() {
        vec![8; from - to]
    } else {
        csi(from - to, 'D')
    }
}

/// The shortest way up or down.
fn down(from: usize, to: usize) -> Vec<u8> {
    if to == from {
        Vec::new()
    } else if to < from {
        csi(from - to, 'A')
    } else if to - from <= csi(to - from, 'B').len() {
        vec![b'\n'; to - from]
    } else {
        csi(to - from, 'B')
    }
}

/// A control sequence with a number, which is left out where it is one.
pub(super) fn csi(n: usize, end: char) -> Vec<u8> {
    if n == 1 {
        format!("\x1b[{end}").into_bytes()
    } else {
        format!("\x1b[{n}{end}").into_bytes()
    }
}
