//! What goes over the line: a back end for ratatui that sends as few bytes as it can, in one write a frame.
//!
//! It keeps what the terminal shows and what it should show, and on `flush` sends the difference. Nothing changed means
//! nothing sent. The users sit behind slow lines, where each needless byte is a delay that they feel. Of the ways from
//! the one to the other (rows scrolled, erased, shifted, written; the cursor moved this way or that) the shortest is
//! taken, of those that the terminal knows ([`Caps`]).

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use unicode_width::UnicodeWidthStr;

use super::caps::Caps;

mod hand;
mod pen;
mod row;
mod scroll;
#[cfg(test)]
mod tests;

use hand::Hand;
use pen::{Glyph, PLAIN, Pen};

/// From how many bytes on a frame is marked to be shown at once, where the terminal can do that.
const WHOLE: usize = 1_000;

/// The back end over any writer.
pub struct LeanBackend<W: Write> {
    out: W,
    size: Box<dyn Fn() -> Size + Send>,
    width: usize,
    shown: Vec<Glyph>,
    wanted: Vec<Glyph>,
    hand: Hand,
    cursor_shown: Option<bool>,
    cursor_wanted: bool,
    place: (usize, usize),
    wipe: bool,
}

impl<W: Write> LeanBackend<W> {
    /// A back end that writes to `out`, a terminal that can do `caps`; `size` is asked before each frame.
    pub fn new(out: W, caps: Caps, size: impl Fn() -> Size + Send + 'static) -> LeanBackend<W> {
        LeanBackend {
            out,
            size: Box::new(size),
            width: 0,
            shown: Vec::new(),
            wanted: Vec::new(),
            hand: Hand::new(caps),
            cursor_shown: None,
            cursor_wanted: true,
            place: (0, 0),
            wipe: false,
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
        }
    }

    /// Clears the terminal, whatever stood there and whatever state another program left it in.
    fn send_wipe(&mut self) {
        let hand = &mut self.hand;
        hand.send(b"\x1b[m");
        if hand.caps.scroll {
            hand.send(b"\x1b[r");
        }
        hand.send(b"\x1b[H\x1b[2J");
        (hand.at, hand.pen) = (Some((0, 0)), PLAIN);
        self.cursor_shown = None;
        self.shown.fill(Glyph::blank());
        self.wipe = false;
    }

    fn send_frame(&mut self) {
        let Some(rows) = self.wanted.len().checked_div(self.width) else {
            return;
        };
        if self.wipe {
            self.send_wipe();
        }
        if self.hand.caps.scroll {
            scroll::send(&mut self.hand, &mut self.shown, &self.wanted, self.width);
        }
        for y in 0..rows {
            // Where writing the last cell of the screen would scroll, nothing is ever written there.
            let corner = !self.hand.caps.corner && y + 1 == rows;
            let place = y * self.width..(y + 1) * self.width - usize::from(corner);
            if let (Some(shown), Some(wanted)) =
                (self.shown.get(place.clone()), self.wanted.get(place))
            {
                row::send(&mut self.hand, y, shown, wanted);
            }
        }
        self.shown.copy_from_slice(&self.wanted);
        self.send_cursor();
    }

    fn send_cursor(&mut self) {
        // A cursor that nobody sees may stand anywhere, but one that cannot be hidden stands where it should.
        if self.cursor_wanted || !self.hand.caps.hide {
            // A window may have become smaller than the place that was asked for.
            let rows = self.shown.len().checked_div(self.width).unwrap_or(0);
            let x = self.place.0.min(self.width.saturating_sub(1));
            let y = self.place.1.min(rows.saturating_sub(1));
            let row = self.shown.get(y * self.width..).unwrap_or_default();
            self.hand.go(x, y, row);
        }
        if self.hand.caps.hide && self.cursor_shown != Some(self.cursor_wanted) {
            self.hand.send(if self.cursor_wanted {
                b"\x1b[?25h"
            } else {
                b"\x1b[?25l"
            });
            self.cursor_shown = Some(self.cursor_wanted);
        }
    }

    /// The bytes of the frame, and an empty hand.
    fn take_frame(&mut self) -> Vec<u8> {
        let bytes = std::mem::take(&mut self.hand.bytes);
        if !self.hand.caps.sync || bytes.len() < WHOLE {
            return bytes;
        }
        [b"\x1b[?2026h", bytes.as_slice(), b"\x1b[?2026l"].concat()
    }

    /// Puts a cell where it is wanted.
    fn put(&mut self, x: usize, y: usize, cell: &Cell) {
        if x >= self.width {
            return;
        }
        let at = y * self.width + x;
        let pen = Pen::of(cell, &self.hand.caps);
        let wide = cell.symbol().width();
        let lowest = at + self.width >= self.wanted.len();
        let end = self.width - usize::from(lowest && !self.hand.caps.corner);
        let Some(glyph) = self.wanted.get_mut(at) else {
            return;
        };
        // Marks without a letter would stand on the cell before, half a wide letter nowhere.
        let lone = wide == 0 || x + wide > end;
        *glyph = Glyph::new(if lone { " " } else { cell.symbol() }, pen);
        let tails = if lone { 0 } else { wide - 1 };
        let after = self
            .wanted
            .iter_mut()
            .take((y + 1) * self.width)
            .skip(at + 1);
        for (n, glyph) in after.enumerate() {
            if n < tails {
                *glyph = Glyph::tail(pen);
            } else if glyph.is_tail() {
                // ratatui says nothing of the right half of a wide letter that goes: it is blank from now on.
                *glyph = Glyph::blank();
            } else {
                break;
            }
        }
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
            self.put(usize::from(x), usize::from(y), cell);
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
        let frame = self.take_frame();
        if frame.is_empty() {
            return Ok(());
        }
        self.out.write_all(&frame)?;
        self.out.flush()
    }
}
