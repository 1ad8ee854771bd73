//! The terminal program over two back ends at once: what ours sends for a key, and what the stock one sends for the
//! very same frames. Jobs run inline, so that every figure is exact.
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use danvan::tui::backend::LeanBackend;
use danvan::tui::caps::Caps;
use danvan::tui::effect::{Cx, Lane};
use danvan::tui::loop_::Batch;
use danvan::tui::msg::Msg;
use danvan::tui::root::Root;
use danvan::tui::screen::{DraftSlot, SCREENS};
use danvan::tui::theme::ColorLevel;
use danvan::tui::{Options, view_of};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::keys::{key_of, keys_of};

/// Stands for the moment in which no key comes, after which what follows the cursor is drawn.
pub const REST: &str = "Rest";

/// Stands for a minute that passes without anything.
pub const MINUTE: &str = "Minute";

/// A walk through a list and the screens: what is measured, and its keys.
pub const LIST: [(&str, &str); 13] = [
    ("switch", "5 6 7 1 2 3 4 5"),
    ("", "Rest"),
    ("step from rest", "Down"),
    ("step", "Down*8"),
    ("rest", "Rest"),
    // On to the last row of the window, however high it is.
    ("", "Down*40"),
    ("scroll", "Down*8"),
    ("page", "PgDn*5"),
    ("end", "End"),
    ("", "Rest"),
    ("nothing", "Down*4"),
    ("idle", "Minute*3"),
    ("card", "Enter Esc Enter Esc"),
];

/// A walk through a form of a petition.
pub const FORM: [(&str, &str); 5] = [
    ("", "5"),
    ("form", "F2"),
    ("field", "Tab*6"),
    ("letter", "L a n Space H o a"),
    ("leave", "Esc"),
];

/// Counts what is written to it.
#[derive(Clone, Default)]
struct Counter {
    bytes: Arc<AtomicUsize>,
    writes: Arc<AtomicUsize>,
}

impl Write for Counter {
    fn write(&mut self, sent: &[u8]) -> io::Result<usize> {
        self.bytes.fetch_add(sent.len(), Ordering::SeqCst);
        self.writes.fetch_add(1, Ordering::SeqCst);
        Ok(sent.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Draws every frame twice: through our back end and through the stock one.
struct Both {
    ours: LeanBackend<Counter>,
    stock: CrosstermBackend<Counter>,
    size: Size,
}

impl Backend for Both {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<_> = content.collect();
        self.ours.draw(cells.iter().copied())?;
        self.stock.draw(cells.into_iter())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.ours.hide_cursor()?;
        self.stock.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.ours.show_cursor()?;
        self.stock.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.ours.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        self.ours.set_cursor_position(position)?;
        self.stock.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.ours.clear()?;
        self.stock.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.ours.clear_region(clear_type)?;
        self.stock.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.ours.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.ours.flush()?;
        Backend::flush(&mut self.stock)
    }
}

/// What one key cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Bytes sent by the program.
    pub ours: usize,
    /// Bytes that ratatui's own back end sends for the same frames.
    pub stock: usize,
    /// Writes of the program.
    pub writes: usize,
    /// Frames drawn.
    pub frames: usize,
}

/// The program on a wire of which every byte is counted.
pub struct Wire {
    root: Root,
    cx: Cx,
    terminal: Terminal<Both>,
    ours: Counter,
    stock: Counter,
    frames: usize,
    first: Cost,
}

impl Wire {
    /// Starts the program on `cx` in a window of this size.
    pub fn open(cx: Cx, width: u16, height: u16) -> Wire {
        let options = Options {
            color: ColorLevel::Sixteen,
            ..Options::default()
        };
        let view = view_of(&cx, options);
        let (today, size) = (view.today, Size { width, height });
        let xterm = Caps::of("xterm-256color").unwrap();
        let (ours, stock) = (Counter::default(), Counter::default());
        let both = Both {
            ours: LeanBackend::new(ours.clone(), xterm, move || size),
            stock: CrosstermBackend::new(stock.clone()),
            size,
        };
        let mut wire = Wire {
            root: Root::new(view, SCREENS, DraftSlot::default(), move || today),
            cx,
            terminal: Terminal::new(both).unwrap(),
            ours,
            stock,
            frames: 0,
            first: Cost::default(),
        };
        wire.root.start();
        wire.turn(Vec::new());
        wire.rest();
        wire.first = wire.spent();
        wire
    }

    /// What the start cost, until the first screen stood.
    pub fn first(&self) -> Cost {
        self.first
    }

    fn spent(&self) -> Cost {
        let of = |count: &AtomicUsize| count.load(Ordering::SeqCst);
        Cost {
            ours: of(&self.ours.bytes),
            stock: of(&self.stock.bytes),
            writes: of(&self.ours.writes),
            frames: self.frames,
        }
    }

    fn draw(&mut self) {
        if self.root.take_repaint() {
            self.terminal.clear().unwrap();
        }
        if self.root.take_changed() {
            let root = &mut self.root;
            self.terminal.draw(|frame| root.view(frame)).unwrap();
            self.frames += 1;
        }
    }

    /// As the loop does: the messages, a frame, then the answers of the jobs that they asked for, a frame.
    fn turn(&mut self, mut messages: Vec<Msg>) {
        loop {
            if !messages.is_empty() {
                self.root.handle(Batch {
                    messages,
                    pause: Duration::from_secs(1),
                });
            }
            let mut effects = self.root.take_effects();
            effects.retain(|effect| effect.lane != Lane::Later);
            self.draw();
            if effects.is_empty() {
                return;
            }
            let answer = |effect: danvan::tui::effect::Effect| {
                Msg::Answer(effect.run(&mut self.cx, &|_| ()))
            };
            messages = effects.into_iter().map(answer).collect();
        }
    }

    fn rest(&mut self) {
        if self.root.waits_for_rest() {
            self.turn(vec![Msg::Rest]);
        }
    }

    /// Presses one key, named as the help names it, or waits ([`REST`], [`MINUTE`]), and says what it cost.
    pub fn press(&mut self, key: &str) -> Cost {
        let before = self.spent();
        match key {
            REST => self.rest(),
            MINUTE => self.turn(vec![Msg::Minute]),
            key => self.turn(vec![Msg::Key(key_of(key))]),
        }
        let after = self.spent();
        Cost {
            ours: after.ours - before.ours,
            stock: after.stock - before.stock,
            writes: after.writes - before.writes,
            frames: after.frames - before.frames,
        }
    }

    /// Goes a walk and says what each key of each of its parts cost.
    pub fn walk(
        &mut self,
        parts: &[(&'static str, &'static str)],
    ) -> Vec<(&'static str, Vec<Cost>)> {
        parts
            .iter()
            .map(|(name, keys)| {
                let costs = keys_of(keys).map(|key| self.press(key));
                (*name, costs.collect())
            })
            .collect()
    }
}
