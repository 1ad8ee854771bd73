//! What a terminal emulator shows of frames sent by this back end and by the stock one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use proptest::prelude::*;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::{Terminal, TerminalOptions, Viewport};

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
            "e\u{302}\u{303}",
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

/// What is drawn, where the cursor stands, and a size that the window has from then on.
#[derive(Clone, Debug)]
struct Picture {
    strokes: Vec<Stroke>,
    cursor: Option<(u16, u16)>,
    size: Option<(u16, u16)>,
}

fn pictures(wide: bool) -> impl Strategy<Value = Vec<Picture>> {
    let cursor = prop::option::of((0..WIDE, 0..HIGH));
    let size = prop::option::weighted(0.2, (1..=WIDE, 1..=HIGH));
    let strokes = prop::collection::vec(stroke(wide), 0..8);
    let one = (strokes, cursor, size).prop_map(|(strokes, cursor, size)| Picture {
        strokes,
        cursor,
        size,
    });
    prop::collection::vec(one, 1..8)
}

fn paint<B: Backend>(terminal: &mut Terminal<B>, strokes: &[Stroke], cursor: Option<(u16, u16)>) {
    let drawn = terminal.draw(|f| {
        let area = f.area();
        for Stroke(x, y, text, style) in strokes {
            if *x < area.width && *y < area.height {
                let room = usize::from(area.width - x);
                f.buffer_mut().set_stringn(*x, *y, text, room, *style);
            }
        }
        if let Some((x, y)) = cursor
            && x < area.width
            && y < area.height
        {
            f.set_cursor_position((x, y));
        }
    });
    assert!(drawn.is_ok());
}

fn emulator(width: u16, height: u16) -> vt100::Parser {
    let n = |n: u16| NonZeroU16::new(n).unwrap();
    vt100::Parser::new(n(height), n(width), 0)
}

/// Every cell with its looks, and the cursor where it is to be compared.
fn shown(screen: &vt100::Screen, with_cursor: bool) -> Vec<String> {
    let (height, width) = screen.size();
    let (height, width) = (height.get(), width.get());
    let mut lines = Vec::new();
    for y in 0..height {
        for x in 0..width {
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

/// The back end under test with an emulator behind it, in a window that can be resized.
struct Window {
    terminal: Terminal<LeanBackend<Vec<u8>>>,
    size: Arc<(AtomicU16, AtomicU16)>,
    emulator: vt100::Parser,
    read: usize,
}

impl Window {
    fn new(term: &str) -> Window {
        let size = Arc::new((AtomicU16::new(WIDE), AtomicU16::new(HIGH)));
        let asked = Arc::clone(&size);
        let caps = Caps::of(term).unwrap();
        let backend = LeanBackend::new(Vec::new(), caps, move || Size {
            width: asked.0.load(Ordering::SeqCst),
            height: asked.1.load(Ordering::SeqCst),
        });
        Window {
            terminal: Terminal::new(backend).unwrap(),
            size,
            emulator: emulator(WIDE, HIGH),
            read: 0,
        }
    }

    fn resize(&mut self, (width, height): (u16, u16)) {
        self.size.0.store(width, Ordering::SeqCst);
        self.size.1.store(height, Ordering::SeqCst);
        let n = |n: u16| NonZeroU16::new(n).unwrap();
        self.emulator.screen_mut().set_size(n(height), n(width));
    }

    /// Draws, and gives the bytes of the frame.
    fn paint(&mut self, strokes: &[Stroke], cursor: Option<(u16, u16)>) -> Vec<u8> {
        paint(&mut self.terminal, strokes, cursor);
        let sent = self.terminal.backend().writer()[self.read..].to_vec();
        self.read += sent.len();
        self.emulator.process(&sent);
        sent
    }

    fn draw(&mut self, picture: &Picture) {
        if let Some(size) = picture.size {
            self.resize(size);
        }
        self.paint(&picture.strokes, picture.cursor);
    }

    fn shown(&self, with_cursor: bool) -> Vec<String> {
        shown(self.emulator.screen(), with_cursor)
    }
}

/// The last of the frames as the stock back end leaves it.
fn stock(pictures: &[Picture], with_cursor: bool) -> Vec<String> {
    let mut emulator = emulator(WIDE, HIGH);
    let mut size = (WIDE, HIGH);
    let area = |(width, height)| Rect::new(0, 0, width, height);
    let options = TerminalOptions {
        viewport: Viewport::Fixed(area(size)),
    };
    let bytes = Shared::default();
    let mut terminal =
        Terminal::with_options(CrosstermBackend::new(bytes.clone()), options).unwrap();
    for picture in pictures {
        if let Some(new) = picture.size {
            size = new;
            let n = |n: u16| NonZeroU16::new(n).unwrap();
            emulator.screen_mut().set_size(n(size.1), n(size.0));
            terminal.resize(area(size)).unwrap();
        }
        paint(&mut terminal, &picture.strokes, picture.cursor);
        emulator.process(&std::mem::take(&mut *bytes.0.lock().unwrap()));
    }
    shown(emulator.screen(), with_cursor)
}

/// A writer that can be looked into while it is in use.
#[derive(Clone, Default)]
struct Shared(Arc<std::sync::Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[track_caller]
fn assert_same(ours: &[String], theirs: &[String]) {
    let differing: Vec<_> = ours.iter().zip(theirs).filter(|(a, b)| a != b).collect();
    assert!(
        ours.len() == theirs.len() && differing.is_empty(),
        "{differing:#?}"
    );
}

/// Terminals that differ in what may be sent to them.
const TERMS: [&str; 3] = ["xterm-direct", "vt100-direct", "unheard-of-direct"];

proptest! {
    #[test]
    fn random_frames_show_what_the_stock_back_end_shows(pictures in pictures(false)) {
        let mut window = Window::new("xterm-direct");
        pictures.iter().for_each(|picture| window.draw(picture));
        // The stock terminal shows its cursor again on leaving, so a hidden one is not compared.
        let (width, height) = window.terminal.size().map(|s| (s.width, s.height)).unwrap();
        let seen = |(x, y): (u16, u16)| x < width && y < height;
        let cursor = pictures.last().and_then(|p| p.cursor).is_some_and(seen);
        assert_same(&window.shown(cursor), &stock(&pictures, cursor));
    }

    // Wide letters apart: what the stock back end leaves behind them depends on the terminal.
    #[test]
    fn frame_after_frame_shows_what_the_last_frame_alone_shows(pictures in pictures(true)) {
        for term in TERMS {
            let (mut many, mut one) = (Window::new(term), Window::new(term));
            for picture in &pictures {
                many.draw(picture);
                if let Some(size) = picture.size {
                    one.resize(size);
                }
            }
            if let Some(picture) = pictures.last() {
                one.draw(picture);
            }
            assert_same(&many.shown(false), &one.shown(false));
        }
    }

    #[test]
    fn a_row_of_long_letters_is_no_way_along_it(letters in prop::collection::vec(prop::sample::select(vec!["ế", "─", "e\u{302}\u{303}", "a", " "]), 9..20)) {
        for term in TERMS {
            let (mut many, mut one) = (Window::new(term), Window::new(term));
            let text = |tail: &str| vec![Stroke(0, 4, letters.concat() + tail, Style::reset())];
            many.paint(&text("a"), None);
            for first in 0..letters.len() {
                // One letter of the row changes, and one some places after it.
                let mut other = letters.clone();
                for at in [first, first + 7] {
                    if let Some(letter) = other.get_mut(at) {
                        *letter = "x";
                    }
                }
                many.paint(&[Stroke(0, 4, other.concat(), Style::reset())], None);
                many.paint(&text(""), None);
            }
            one.paint(&text(""), None);
            assert_same(&many.shown(false), &one.shown(false));
        }
    }

    #[test]
    fn a_scrolled_list_shows_what_it_should(steps in prop::collection::vec((0usize..40, 0usize..40), 2..10)) {
        for term in TERMS {
            let (mut many, mut one) = (Window::new(term), Window::new(term));
            for (first, marked) in &steps {
                many.paint(&list(*first, *marked), Some((0, 1)));
            }
            if let Some((first, marked)) = steps.last() {
                one.paint(&list(*first, *marked), Some((0, 1)));
            }
            assert_same(&many.shown(true), &one.shown(true));
        }
    }

    #[test]
    fn letters_put_in_and_taken_out_leave_the_rest_of_the_row(
        edits in prop::collection::vec((0usize..18, "[a-c]{0,3}", 0usize..4), 1..6),
    ) {
        let (mut many, mut one) = (Window::new("xterm"), Window::new("xterm"));
        let mut text: Vec<char> = "Lê Thị Bông, ấp 3".chars().collect();
        for (at, put, gone) in edits {
            let at = at.min(text.len());
            let end = (at + gone).min(text.len());
            text.splice(at..end, put.chars());
            text.truncate(20);
            many.paint(&framed(&text), Some((3, 2)));
        }
        one.paint(&framed(&text), Some((3, 2)));
        assert_same(&many.shown(true), &one.shown(true));
    }
}

/// A text between two things that stay where they are.
fn framed(text: &[char]) -> [Stroke; 3] {
    [
        Stroke(0, 2, "│".to_owned(), Style::new()),
        Stroke(2, 2, text.iter().collect(), Style::new()),
        Stroke(WIDE - 1, 2, "│".to_owned(), Style::new()),
    ]
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

#[test]
fn a_scroll_by_one_row_moves_rows_rather_than_sending_them() {
    for (from, to) in [(10, 11), (11, 10)] {
        let mut window = Window::new("xterm");
        window.paint(&list(from, 0), Some((0, 1)));
        let sent = window.paint(&list(to, 0), Some((0, 1))).len();
        assert!(sent < 50, "{sent} bytes");
    }
}

#[test]
fn a_terminal_is_sent_only_what_it_can_do() {
    let all = |term: &str| {
        let mut window = Window::new(term);
        let mut sent = Vec::new();
        for first in [10, 11, 13, 12] {
            sent.extend(window.paint(&list(first, first), None));
        }
        for text in [
            "abcdefghijkl",
            "abcXdefghijkl",
            "abcdefghijkl",
            "a          l",
        ] {
            let style = Style::new().fg(Color::Cyan).add_modifier(Modifier::DIM);
            sent.extend(window.paint(&[Stroke(0, 0, text.to_owned(), style)], Some((3, 0))));
        }
        String::from_utf8(sent).unwrap()
    };
    for (code, terms) in [
        ("r", &["xterm", "vt100", "linux"][..]),
        ("\x1bM", &["xterm", "vt100", "linux"]),
        ("\x1b[@", &["xterm", "vt220", "linux"]),
        ("\x1b[?25l", &["xterm", "vt220", "linux"]),
        ("36", &["xterm", "linux", "wyse50"]),
        ("\x1b[?2026h", &[]),
    ] {
        for term in ["xterm", "linux", "vt220", "vt100", "wyse50"] {
            let text = all(term);
            let sent = if code == "r" {
                text.split("\x1b[").any(|code| {
                    code.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';')
                        .starts_with('r')
                })
            } else {
                text.contains(code)
            };
            let may = terms.contains(&term) || (term == "vt220" && ["r", "\x1bM"].contains(&code));
            assert_eq!(sent, may, "{term} {code:?}");
        }
    }
}

#[test]
fn the_last_cell_of_a_terminal_that_would_scroll_is_left_alone() {
    let stroke = [Stroke(WIDE - 1, HIGH - 1, "x".to_owned(), Style::new())];
    assert!(!Window::new("wyse50").paint(&stroke, None).contains(&b'x'));
    assert!(Window::new("vt100").paint(&stroke, None).contains(&b'x'));
}

#[test]
fn an_equal_frame_sends_nothing_and_a_letter_sends_itself() {
    let mut window = Window::new("xterm");
    let stroke = |text: &str| [Stroke(2, 1, text.to_owned(), Style::new())];
    window.paint(&stroke("Lê Thị"), Some((8, 1)));
    assert!(window.paint(&stroke("Lê Thị"), Some((8, 1))).is_empty());
    assert_eq!(window.paint(&stroke("Lê ThịB"), Some((9, 1))), b"B");
    // In the middle of a long text a letter moves the rest by a code.
    let sent = window.paint(&stroke("Lê ThXịB"), Some((7, 1))).len();
    assert!(sent <= 10, "{sent} bytes");
}

#[test]
fn the_blank_rest_of_a_line_is_erased_not_overwritten() {
    let mut window = Window::new("xterm");
    let stroke = |text: &str| [Stroke(0, 0, text.to_owned(), Style::new())];
    window.paint(&stroke("một dòng dài hơn"), Some((0, 0)));
    let sent = window.paint(&stroke("một"), Some((0, 0))).len();
    assert!(sent <= 12, "{sent} bytes");
}

#[test]
fn equal_letters_are_repeated_where_the_terminal_is_sure_to_know_how() {
    let rule = [Stroke(0, 1, "─".repeat(20), Style::new())];
    let sent = |term| Window::new(term).paint(&rule, None);
    assert!(sent("xterm-kitty").len() + 50 < sent("xterm").len());
}

#[test]
fn a_large_frame_is_shown_at_once_where_that_is_known() {
    let strokes: Vec<Stroke> = (0..HIGH)
        .map(|y| Stroke(0, y, "ễđ".repeat(12), Style::new()))
        .collect();
    let sent = |term| String::from_utf8(Window::new(term).paint(&strokes, None)).unwrap();
    assert!(!sent("xterm").contains("?2026"));
    let kitty = sent("xterm-kitty");
    assert!(kitty.len() < WHOLE || kitty.starts_with("\x1b[?2026h"));
}
