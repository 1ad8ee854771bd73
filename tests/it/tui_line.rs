//! The line between the program and its terminal: what waits for the cursor to rest, terminals that answer late, in
//! pieces or never, one that stops reading, names that promise too much, and what other emulators make of our frames.
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use danvan::tui::Options;
use danvan::tui::backend::LeanBackend;
use danvan::tui::caps::Caps;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use ratatui::Terminal;
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier, Style};
use tempfile::TempDir;

use crate::support::driver::program;
use crate::support::world::{self, World};

const PATIENCE: Duration = Duration::from_secs(30);
const QUESTION: &[u8] = b"\x1b[6n";

#[test]
fn the_line_under_a_list_comes_when_the_cursor_rests() {
    let mut office = World::on("2025-03-14");
    let long = |n| format!("Không đồng ý phương án bồi thường khi thu hồi đất làm đường {n}");
    for n in ["một", "hai", "ba"] {
        office.petition("2025-03-03", "KN", &[("subject", &long(n))]);
    }
    let mut p = program(office, Options::default(), 80, 24);
    p.press("5");
    let (first, second) = (long("ba"), long("hai"));
    assert!(p.screen().contains(&first), "{}", p.screen());
    // A step takes the line away and draws no other; the next one leaves it so.
    p.hurry("Down");
    assert!(!p.screen().contains(&first) && !p.screen().contains(&second));
    p.hurry("Down Up");
    assert!(!p.screen().contains(&second));
    p.settle();
    assert!(p.screen().contains(&second), "{}", p.screen());
    // What does not change does not go: a key that moves nothing, a message.
    p.hurry("%");
    assert!(p.screen().contains(&second), "{}", p.screen());
    // Another screen shows at once what it has.
    p.hurry("Enter");
    assert!(p.screen().contains("Nội dung"));
}

#[test]
fn the_help_of_a_field_comes_when_the_cursor_rests_and_what_is_wrong_at_once() {
    let office = World::on("2025-03-14");
    let mut p = program(office, Options::default(), 80, 24);
    p.press("5 F2");
    let help = |p: &crate::support::driver::Driver| p.screen().lines().nth(22).unwrap().to_owned();
    p.hurry("Tab");
    assert_eq!(help(&p), "");
    p.settle();
    assert!(help(&p).contains(": "), "{}", p.screen());
    p.press("Shift-Tab Ctrl-U");
    p.type_("99/99/9999");
    p.hurry("Tab Shift-Tab");
    assert!(help(&p).contains("năm phải từ"), "{}", p.screen());
}

/// How a terminal answers the question where its cursor stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
    Never,
    AtOnce,
    /// A byte at a time.
    InPieces,
    /// Each answer only when the next question comes.
    Late,
}

struct Seen {
    parser: vt100::Parser,
    bytes: usize,
    questions: usize,
    /// The terminal takes nothing any more.
    stopped: bool,
}

/// The program on a terminal with manners of its own.
struct Window {
    dir: TempDir,
    child: Box<dyn Child + Send + Sync>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    _master: Box<dyn MasterPty + Send>,
}

const SIZE: PtySize = PtySize {
    rows: 24,
    cols: 80,
    pixel_width: 0,
    pixel_height: 0,
};

impl Window {
    fn open(term: &str, answers: Answers) -> Window {
        let dir = TempDir::new().unwrap();
        world::place(&world::config(dir.path(), "2025-03-14"));
        let pair = native_pty_system().openpty(SIZE).unwrap();
        let child = pair.slave.spawn_command(command(dir.path(), term)).unwrap();
        drop(pair.slave);
        let n = |n: u16| std::num::NonZeroU16::new(n).unwrap();
        let seen = Arc::new((
            Mutex::new(Seen {
                parser: vt100::Parser::new(n(SIZE.rows), n(SIZE.cols), 0),
                bytes: 0,
                questions: 0,
                stopped: false,
            }),
            Condvar::new(),
        ));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let (shown, keys) = (Arc::clone(&seen), Arc::clone(&writer));
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            let mut late = Vec::new();
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                let (state, came) = &*shown;
                let mut state = state.lock().unwrap();
                state.parser.process(&chunk[..n]);
                state.bytes += n;
                let asked = chunk[..n].windows(4).filter(|w| *w == QUESTION).count();
                state.questions += asked;
                let (row, column) = state.parser.screen().cursor_position();
                came.notify_all();
                while state.stopped {
                    state = came.wait(state).unwrap();
                }
                drop(state);
                let answer = format!("\x1b[{};{}R", row + 1, column + 1).into_bytes();
                let mut keys = keys.lock().unwrap();
                for _ in 0..asked {
                    let _ = match answers {
                        Answers::Never => Ok(()),
                        Answers::AtOnce => keys.write_all(&answer),
                        Answers::InPieces => answer.chunks(1).try_for_each(|b| keys.write_all(b)),
                        Answers::Late => {
                            keys.write_all(&std::mem::replace(&mut late, answer.clone()))
                        }
                    };
                }
            }
        });
        Window {
            dir,
            child,
            writer,
            seen,
            _master: pair.master,
        }
    }

    fn type_(&self, text: &str) {
        self.writer
            .lock()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().unwrap()
    }

    fn stop(&self, stopped: bool) {
        self.seen().stopped = stopped;
        self.seen.1.notify_all();
    }

    #[track_caller]
    fn wait_for(&self, text: &str) {
        let (seen, late) = self
            .seen
            .1
            .wait_timeout_while(self.seen(), PATIENCE, |seen| {
                !seen.parser.screen().contents().contains(text)
            })
            .unwrap();
        let screen = seen.parser.screen().contents();
        assert!(!late.timed_out(), "«{text}» did not come:\n{screen}");
    }

    /// Leaves the program and gives its exit code.
    fn leave(mut self) -> u32 {
        self.type_("\x11");
        self.child.wait().unwrap().exit_code()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.stop(false);
    }
}

fn command(dir: &Path, term: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_danvan"));
    command.env_clear();
    command.env("TERM", term);
    command.env("DANVAN_DB", dir.join("data/danvan.db"));
    command.env("DANVAN_TODAY", "2025-03-14");
    command.env("XDG_STATE_HOME", dir.join("xdg"));
    command.env("XDG_CONFIG_HOME", dir.join("cfg"));
    command.env("XDG_DATA_HOME", dir.join("xdg-data"));
    command
}

/// The sections, by their keys and a word that only they show.
const SECTIONS: [(&str, &str); 4] = [
    ("2", "Đơn vị"),
    ("5", "Đơn thư"),
    ("6", "Tiếp công dân"),
    ("7", "Tỷ lệ giải quyết"),
];

#[test]
fn answers_are_no_typing_however_they_come() {
    for answers in [Answers::AtOnce, Answers::InPieces, Answers::Late] {
        let window = Window::open("xterm", answers);
        window.wait_for("Tổng quan");
        for (key, title) in SECTIONS {
            window.type_(key);
            window.wait_for(title);
        }
        window.type_("/");
        window.wait_for("Tìm:");
        window.type_("Lê Thị Bông");
        window.wait_for("Tìm: Lê Thị Bông");
        window.type_("\x1b");
        window.wait_for("Tỷ lệ giải quyết");
        let seen = window.seen();
        assert!(seen.questions > 0);
        let screen = seen.parser.screen().contents();
        drop(seen);
        assert!(
            !screen.contains("80R") && !screen.contains("[24"),
            "{screen}"
        );
        assert_eq!(window.leave(), 0);
    }
}

#[test]
fn a_terminal_that_never_answers_is_not_asked_for_long() {
    let window = Window::open("xterm", Answers::Never);
    window.wait_for("Tổng quan");
    for (key, title) in SECTIONS.iter().chain(&SECTIONS) {
        window.type_(key);
        window.wait_for(title);
    }
    assert_eq!(window.seen().questions, 2);
    assert_eq!(window.leave(), 0);
}

#[test]
fn a_terminal_that_stops_reading_hangs_nothing_and_gets_the_newest_screen() {
    // One that is never asked anything: what is sent to it stands in its buffer.
    let window = Window::open("unheard-of", Answers::Never);
    window.wait_for("Tổng quan");
    window.type_("5");
    window.wait_for("sổ chưa có gì");
    window.type_("\x1bOQ");
    window.wait_for("Ngày nhận *");
    window.stop(true);
    let before = window.seen().bytes;
    // Far more than any buffer takes, if all of it were drawn.
    for _ in 0..400 {
        window.type_("\x1b[6~\x1b[5~");
    }
    window.type_("\x1b[F\x1b[Z\x1b[Z\t\tTrần Văn Thử");
    let start = Instant::now();
    while !kept(window.dir.path()).contains("Trần Văn Thử") {
        assert!(start.elapsed() < PATIENCE, "what was typed was not kept");
        std::thread::yield_now();
    }
    window.stop(false);
    window.wait_for("Trần Văn Thử");
    let sent = window.seen().bytes - before;
    assert!(sent < 150_000, "{sent} bytes");
}

/// The drafts that were kept, as text.
fn kept(dir: &Path) -> String {
    let Ok(files) = std::fs::read_dir(dir.join("xdg/danvan/drafts")) else {
        return String::new();
    };
    files
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect()
}

#[test]
fn a_terminal_that_cannot_show_screens_is_refused_with_words() {
    for term in ["dumb", ""] {
        let dir = TempDir::new().unwrap();
        world::place(&world::config(dir.path(), "2025-03-14"));
        let pair = native_pty_system().openpty(SIZE).unwrap();
        let mut child = pair.slave.spawn_command(command(dir.path(), term)).unwrap();
        drop(pair.slave);
        let mut said = Vec::new();
        // A terminal that nobody holds any more ends with an error.
        let _ = pair
            .master
            .try_clone_reader()
            .unwrap()
            .read_to_end(&mut said);
        assert_eq!(child.wait().unwrap().exit_code(), 2);
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("TERM") && !said.contains('\x1b'), "{said:?}");
    }
}

/// Frames as bytes, of texts at places that are the same in every run, and what they should show.
fn frames(seed: u64) -> (Vec<u8>, vt100::Parser) {
    let mut state = seed;
    let mut next = |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let size = Size {
        width: 40,
        height: 12,
    };
    let caps = Caps::of("xterm-256color").unwrap();
    let backend = LeanBackend::new(Vec::new(), caps, move || size);
    let mut terminal = Terminal::new(backend).unwrap();
    let words = [
        "đơn",
        "Nguyễn",
        " ",
        "   ",
        "ấp 3",
        "─────",
        "…",
        "x",
        "quá hạn",
    ];
    let mut rows: Vec<String> = vec![String::new(); 12];
    for _ in 0..12 {
        match next(4) {
            0 => rows.rotate_left(usize::try_from(1 + next(3)).unwrap()),
            1 => rows.rotate_right(1),
            _ => {}
        }
        for _ in 0..next(6) {
            let row = &mut rows[usize::try_from(next(12)).unwrap()];
            if next(3) == 0 {
                row.clear();
            }
            row.push_str(words[usize::try_from(next(9)).unwrap()]);
        }
        let styles = [
            Style::new(),
            Style::new().fg(Color::Cyan),
            Style::new().add_modifier(Modifier::BOLD),
            Style::new().add_modifier(Modifier::REVERSED),
        ];
        let style = styles[usize::try_from(next(4)).unwrap()];
        terminal
            .draw(|f| {
                for (y, row) in (0..12).zip(&rows) {
                    let style = if y % 3 == 0 { style } else { Style::new() };
                    f.buffer_mut().set_stringn(0, y, row, 40, style);
                }
                f.set_cursor_position((1, 1));
            })
            .unwrap();
    }
    let bytes = terminal.backend().writer().clone();
    let n = |n: u16| std::num::NonZeroU16::new(n).unwrap();
    let mut parser = vt100::Parser::new(n(12), n(40), 0);
    parser.process(&bytes);
    (bytes, parser)
}

fn lines(parser: &vt100::Parser) -> Vec<String> {
    let rows = parser.screen().rows(0, 40);
    rows.map(|row| row.trim_end().to_owned()).collect()
}

#[test]
fn tmux_shows_our_frames_as_they_are_meant() {
    if Command::new("tmux").arg("-V").output().is_err() {
        println!("skipped: no tmux");
        return;
    }
    let dir = TempDir::new().unwrap();
    let socket = dir.path().join("tmux");
    let tmux = |words: &[&str]| {
        let out = Command::new("tmux")
            .args(["-f", "/dev/null", "-u", "-S"])
            .arg(&socket)
            .args(words)
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap();
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    for seed in 0..6 {
        let (bytes, parser) = frames(seed);
        let file = dir.path().join(format!("frames{seed}"));
        std::fs::write(&file, bytes).unwrap();
        // The screen is whole when the program behind it has said so through a channel of tmux itself.
        let done = format!("done{seed}");
        let shell = format!(
            "stty raw -echo; cat {}; tmux -S {} wait-for -S {done}; cat",
            file.display(),
            socket.display()
        );
        tmux(&[
            "new-session",
            "-d",
            "-s",
            &done,
            "-x",
            "40",
            "-y",
            "12",
            ";",
            "set",
            "status",
            "off",
            ";",
            "resize-window",
            "-x",
            "40",
            "-y",
            "12",
            ";",
            "respawn-pane",
            "-k",
            &shell,
        ]);
        tmux(&["wait-for", &done]);
        // Its own reading of the pane may still be under way.
        let start = Instant::now();
        loop {
            let shown = tmux(&["capture-pane", "-p", "-t", &done]);
            let mut shown: Vec<String> = shown.lines().map(|l| l.trim_end().to_owned()).collect();
            shown.resize(12, String::new());
            if shown == lines(&parser) {
                break;
            }
            if start.elapsed() > PATIENCE {
                tmux(&["kill-server"]);
                assert_eq!(shown, lines(&parser), "{seed}");
            }
        }
    }
    tmux(&["kill-server"]);
}

/// Feeds each file to an emulator of its own and prints its lines, each cell of which is bold or reversed in braces.
const PYTE: &str = r#"
import sys, pyte
for name in sys.argv[1:]:
    screen = pyte.Screen(40, 12)
    pyte.ByteStream(screen).feed(open(name, "rb").read())
    for y in range(12):
        cells = [screen.buffer[y][x] for x in range(40)]
        print("".join("{" + c.data + "}" if c.reverse else c.data for c in cells).rstrip())
"#;

#[test]
fn pyte_shows_our_frames_as_they_are_meant() {
    let python = std::env::var("DANVAN_ORACLE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let asked = Command::new(&python).args(["-c", "import pyte"]).output();
    if !asked.is_ok_and(|out| out.status.success()) {
        println!("skipped: no pyte");
        return;
    }
    let dir = TempDir::new().unwrap();
    let mut wanted = String::new();
    let mut files = Vec::new();
    for seed in 0..40 {
        let (bytes, parser) = frames(seed);
        let file = dir.path().join(format!("frames{seed}"));
        std::fs::write(&file, bytes).unwrap();
        files.push(file);
        for y in 0..12 {
            let mut line = String::new();
            for x in 0..40 {
                let cell = parser.screen().cell(y, x).unwrap();
                let text = if cell.has_contents() {
                    cell.contents()
                } else {
                    " "
                };
                line.push_str(&if cell.inverse() {
                    format!("{{{text}}}")
                } else {
                    text.to_owned()
                });
            }
            wanted.push_str(line.trim_end());
            wanted.push('\n');
        }
    }
    let out = Command::new(&python)
        .args(["-c", PYTE])
        .args(&files)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout), wanted);
}
