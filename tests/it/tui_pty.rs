//! The real program on a real terminal: start, type, hang up, leave; nothing typed is lost, no process stays behind.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

use danvan::app::upkeep::daily;

use crate::support::world;

/// Long enough for a busy machine; nothing waits so long when all goes well.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program on a terminal of its own.
struct Window {
    dir: Arc<TempDir>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<Mutex<vt100::Parser>>,
    sent: Arc<Mutex<Vec<u8>>>,
    /// Ends the thread that reads, after what it reads next.
    stop: Arc<AtomicBool>,
    came: Arc<Condvar>,
    reader: Option<JoinHandle<()>>,
}

const SIZE: PtySize = PtySize {
    rows: 24,
    cols: 80,
    pixel_width: 0,
    pixel_height: 0,
};

fn parser() -> vt100::Parser {
    let n = |n: u16| std::num::NonZeroU16::new(n).unwrap();
    vt100::Parser::new(n(SIZE.rows), n(SIZE.cols), 0)
}

impl Window {
    /// Starts the program in a fresh office; `wrap` goes before it on the command line.
    fn open(wrap: &[&str]) -> Window {
        let dir = TempDir::new().unwrap();
        world::place(&world::config(dir.path(), "2025-03-14"));
        Window::on(dir, wrap)
    }

    fn on(dir: impl Into<Arc<TempDir>>, wrap: &[&str]) -> Window {
        let dir = dir.into();
        let pair = native_pty_system().openpty(SIZE).unwrap();
        let mut words: Vec<&str> = wrap.to_vec();
        words.push(env!("CARGO_BIN_EXE_danvan"));
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("TERM", "xterm");
        command.env("DANVAN_DB", dir.path().join("data/danvan.db"));
        command.env("DANVAN_TODAY", "2025-03-14");
        command.env("XDG_STATE_HOME", dir.path().join("xdg"));
        command.env("XDG_CONFIG_HOME", dir.path().join("cfg"));
        command.env("XDG_DATA_HOME", dir.path().join("xdg-data"));
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (seen, sent) = (
            Arc::new(Mutex::new(parser())),
            Arc::new(Mutex::new(Vec::new())),
        );
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (screen, bytes) = (Arc::clone(&seen), Arc::clone(&sent));
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let came = Arc::new(Condvar::new());
        let coming = Arc::clone(&came);
        let reader = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                screen.lock().unwrap().process(&chunk[..n]);
                bytes.lock().unwrap().extend_from_slice(&chunk[..n]);
                coming.notify_all();
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Window {
            dir,
            master: Some(pair.master),
            writer: Some(writer),
            child,
            seen,
            sent,
            stop,
            came,
            reader: Some(reader),
        }
    }

    fn type_(&mut self, text: &str) {
        self.writer
            .as_mut()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn screen(&self) -> String {
        self.seen.lock().unwrap().screen().contents()
    }

    /// Waits until the screen says `text`.
    #[track_caller]
    fn wait_for(&self, text: &str) {
        let start = Instant::now();
        loop {
            let seen = self.seen.lock().unwrap();
            if seen.screen().contents().contains(text) {
                return;
            }
            drop(
                self.came
                    .wait_timeout(seen, Duration::from_millis(200))
                    .unwrap(),
            );
            assert!(
                start.elapsed() < PATIENCE,
                "«{text}» did not come:\n{}",
                self.screen()
            );
        }
    }

    /// The name of the field in front, without what stands in it: that may be drawn later than the field was reached.
    fn field(&self) -> Option<String> {
        let name = |line: &str| {
            let name = line.strip_prefix(['>'])?.chars().skip(1).take(25);
            Some(name.collect::<String>().trim_end().to_owned())
        };
        self.screen().lines().find_map(name)
    }

    /// Goes from field to field until this one is in front.
    #[track_caller]
    fn tab_to(&mut self, name: &str) {
        let start = Instant::now();
        loop {
            let before = self.field();
            if before.as_deref() == Some(name) {
                return;
            }
            self.type_("\t");
            while self.field().is_none_or(|now| Some(now) == before) {
                assert!(
                    start.elapsed() < PATIENCE,
                    "no other field:\n{}",
                    self.screen()
                );
                let seen = self.seen.lock().unwrap();
                drop(self.came.wait_timeout(seen, Duration::from_millis(50)));
            }
        }
    }

    /// Waits for the end and gives the exit code and how long it took.
    #[track_caller]
    fn end(&mut self) -> (u32, Duration) {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.exit_code(), start.elapsed());
            }
            assert!(
                start.elapsed() < PATIENCE,
                "the program did not end:\n{}",
                self.screen()
            );
            std::thread::yield_now();
        }
    }

    /// Closes the terminal, as a dropped line does: no copy of its end stays open.
    fn close(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.type_(".");
        self.reader.take().unwrap().join().unwrap();
        self.writer = None;
        self.master = None;
    }

    fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        let done = std::process::Command::new("kill")
            .args([name, &pid])
            .status()
            .unwrap();
        assert!(done.success());
    }

    /// A form with a subject typed into it and not left.
    fn typed(wrap: &[&str]) -> Window {
        let mut window = Window::open(wrap);
        window.wait_for("Tổng quan");
        window.type_("5");
        window.wait_for("sổ chưa có gì");
        window.type_("\x1bOQ");
        window.wait_for("Ngày nhận *");
        window.type_("\x1b[Z\x1b[Z");
        window.wait_for("CSDL quốc gia:");
        window.type_("\t");
        window.wait_for("Ghi chú:");
        window.type_("Trần Văn Thử");
        window.wait_for("Trần Văn Thử");
        window
    }
}

/// The drafts that were kept, as text.
fn kept(dir: &Path) -> String {
    let folder = dir.join("xdg/danvan/drafts");
    let Ok(files) = std::fs::read_dir(folder) else {
        return String::new();
    };
    files
        .map(|file| file.unwrap().path())
        // Not one that is being written just now.
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

const AT_ONCE: Duration = Duration::from_secs(2);

#[track_caller]
fn ended_well(window: &mut Window, code: u32) {
    let (status, took) = window.end();
    assert_eq!(status, code);
    assert!(took < AT_ONCE, "{took:?}");
    assert!(kept(window.dir.path()).contains("Trần Văn Thử"));
}

#[test]
fn a_closed_terminal_ends_the_program_and_keeps_what_was_typed() {
    let mut window = Window::typed(&[]);
    window.close();
    ended_well(&mut window, 129);
}

#[test]
fn a_paste_whose_end_mark_is_lost_swallows_no_key() {
    let mut window = Window::typed(&[]);
    window.type_(" \x1b[200~dán dở");
    window.wait_for("Trần Văn Thử dán dở");
    window.type_(" rồi gõ");
    window.wait_for("Trần Văn Thử dán dở rồi gõ");
    // The rest of a paste that only stalled: nothing of it is a command.
    window.type_("\x13\x1b[21~ rồi hết\x1b[201~");
    window.wait_for("Trần Văn Thử dán dở rồi gõ rồi hết");
}

#[test]
fn a_hang_up_and_a_termination_do_the_same_and_give_the_terminal_back() {
    for (signal, code) in [("-HUP", 129), ("-TERM", 143)] {
        let mut window = Window::typed(&[]);
        window.signal(signal);
        ended_well(&mut window, code);
        window.reader.take().unwrap().join().unwrap();
        let seen = window.seen.lock().unwrap();
        assert!(!seen.screen().alternate_screen() && !seen.screen().bracketed_paste());
        assert!(!seen.screen().hide_cursor());
    }
}

#[test]
fn a_closed_terminal_ends_the_program_even_when_hang_ups_are_ignored() {
    let mut window = Window::typed(&["sh", "-c", "trap '' HUP; exec \"$0\" \"$@\""]);
    window.close();
    ended_well(&mut window, 129);
}

#[test]
fn recovery_is_asked_for_at_the_next_start() {
    let mut window = Window::typed(&[]);
    window.signal("-HUP");
    window.end();
    let Window { dir, .. } = window;
    let mut window = Window::on(dir, &[]);
    window.wait_for("Có bản nháp chưa lưu");
    window.type_("\r");
    window.wait_for("thêm đơn");
    window.type_("\x11");
    window.wait_for("Thoát chương trình?");
    window.type_("c\r");
    assert_eq!(window.end().0, 0);
}

#[test]
fn leaving_gives_the_terminal_back_and_a_key_that_changes_nothing_sends_nothing() {
    let mut window = Window::open(&[]);
    window.wait_for("Tổng quan");
    window.type_("5");
    window.wait_for("sổ chưa có gì");
    let before = window.sent.lock().unwrap().len();
    window.type_("jjkk\x1b[A");
    window.type_("%");
    window.wait_for("F1 xem các lệnh");
    let after = window.sent.lock().unwrap().len();
    assert!(after - before < 120, "{} bytes", after - before);
    window.type_("\x11");
    assert_eq!(window.end().0, 0);
    window.reader.take().unwrap().join().unwrap();
    assert!(!window.seen.lock().unwrap().screen().alternate_screen());
}

/// What the editor left of its files.
fn left_by_editor(window: &Window) -> usize {
    std::fs::read_dir(window.dir.path().join("xdg/danvan/edit")).map_or(0, Iterator::count)
}

#[test]
fn the_editor_has_the_terminal_to_itself_and_gives_it_back() {
    // It says that it is there, reads a line, and writes that into the file.
    let editor = "EDITOR=sh -c 'printf \"dang soan\"; read -r x; printf \"%s\" \"$x\" > \"$1\"; ls -l \"$1\" >> \"$0\"'";
    let dir = TempDir::new().unwrap();
    let listed = dir.path().join("listed");
    let editor = format!("{editor} {}", listed.display());
    let mut window = Window::typed(&["env", &editor]);
    window.type_("\x18");
    window.wait_for("dang soan");
    assert!(!window.seen.lock().unwrap().screen().alternate_screen());
    window.type_("q q 5 chu moi\n");
    window.wait_for("> Ghi chú");
    window.wait_for("q q 5 chu moi");
    assert!(window.seen.lock().unwrap().screen().alternate_screen());
    assert!(window.seen.lock().unwrap().screen().bracketed_paste());
    assert!(
        std::fs::read_to_string(&listed)
            .unwrap()
            .starts_with("-rw-------")
    );
    assert_eq!(left_by_editor(&window), 0);
    // The keys are the program's again.
    window.type_("x");
    window.wait_for("q q 5 chu moix");
    window.signal("-HUP");
    window.end();
}

#[test]
fn an_editor_that_fails_loses_nothing() {
    let mut window = Window::typed(&["env", "EDITOR=sh -c 'echo rac > \"$0\"; exit 3'"]);
    window.type_("\x18");
    window.wait_for("trình soạn thảo báo lỗi");
    window.wait_for("Trần Văn Thử");
    assert_eq!(left_by_editor(&window), 0);
    window.signal("-HUP");
    ended_well(&mut window, 129);
}

#[test]
fn a_hang_up_while_the_editor_runs_keeps_what_it_wrote() {
    let editor = "EDITOR=sh -c 'printf \"chu moi ghi\" > \"$0\"; printf \"dang soan\"; read -r x'";
    let mut window = Window::typed(&["env", editor]);
    window.type_("\x18");
    window.wait_for("dang soan");
    window.signal("-HUP");
    assert_eq!(window.end().0, 129);
    assert!(kept(window.dir.path()).contains("chu moi ghi"));
    assert_eq!(left_by_editor(&window), 0);
}

#[test]
fn in_place_of_a_shell_no_editor_is_opened() {
    for set in ["SSH_ORIGINAL_COMMAND=danvan", "DANVAN_NO_EDITOR=1"] {
        let mut window = Window::typed(&["env", set, "EDITOR=sh -c 'echo rac > \"$0\"'"]);
        window.type_("\x18");
        window.wait_for("ở đây không được mở trình soạn thảo ngoài");
        window.signal("-HUP");
        ended_well(&mut window, 129);
    }
}

#[test]
fn the_window_may_change_its_size() {
    let window = Window::open(&[]);
    window.wait_for("Tổng quan");
    let small = PtySize {
        rows: 5,
        cols: 20,
        ..SIZE
    };
    window.master.as_ref().unwrap().resize(small).unwrap();
    window.wait_for("cửa sổ quá nhỏ");
    window.master.as_ref().unwrap().resize(SIZE).unwrap();
    window.wait_for("Tổng quan");
}

#[test]
fn a_word_is_typed_by_telex_and_by_the_streams_of_keyboards_and_a_letter_sends_only_itself() {
    let mut window = Window::open(&[]);
    window.wait_for("Tổng quan");
    // Find opens a line to type in; what a keyboard sends in one run comes in one write.
    window.type_("/");
    window.wait_for("Tìm:");
    window.type_("\x14tieesng ");
    window.wait_for("tiếng");
    for (sent, seen) in [
        ("d\x7fđuo\x7f\x7fươ\x7fờng ", "đường"),
        ("Nguye\u{302}\u{303}n ", "Nguyễn"),
        ("hoa\x7f\x7fo\u{300}a\x7f\x7f\x7foa\u{300}n", "hoàn"),
    ] {
        window.type_(sent);
        window.wait_for(seen);
    }
    window.type_("\x7f\x7f\x7f\x7f \x14");
    window.wait_for("VNI: 6");
    window.type_("d9a6t1");
    window.wait_for("Tìm: tiếng đường Nguyễn  đất");
}

/// Waits until a draft holds `text`, and says how long that took.
#[track_caller]
fn wait_kept(dir: &Path, text: &str) -> Duration {
    let start = Instant::now();
    while !kept(dir).contains(text) {
        assert!(start.elapsed() < PATIENCE, "«{text}» was not kept");
        std::thread::yield_now();
    }
    start.elapsed()
}

#[test]
fn a_killed_program_has_kept_what_was_typed_without_the_field_being_left() {
    let mut window = Window::typed(&[]);
    let took = wait_kept(window.dir.path(), "Trần Văn Thử");
    eprintln!("a key was kept after {took:?}");
    window.signal("-KILL");
    window.end();
    let Window { dir, .. } = window;
    let mut window = Window::on(dir, &[]);
    window.wait_for("Có bản nháp chưa lưu");
    window.wait_for("14/03/2025");
    window.type_("\r");
    window.wait_for("thêm đơn");
    window.wait_for("Trần Văn Thử");
}

#[test]
fn half_an_escape_sequence_and_then_nothing_loses_nothing() {
    let mut window = Window::typed(&[]);
    window.type_("\x1b[");
    window.type_("1;abc");
    window.wait_for("bc");
    window.wait_for("Trần Văn Thử");
    window.close();
    ended_well(&mut window, 129);
}

#[test]
fn a_megabyte_pasted_with_end_marks_and_commands_inside_runs_nothing() {
    let mut window = Window::typed(&[]);
    let part = "chữ dán vào\r\x13\x1b[21~\x11\x1b[201~c\r";
    let huge = format!("\x1b[200~{}\x1b[201~", part.repeat((1 << 20) / part.len()));
    window.type_(&huge);
    window.wait_for("chữ dán vào");
    // Commands count again once the burst is over.
    let start = Instant::now();
    while !window.screen().contains("Thoát chương trình?") {
        assert!(start.elapsed() < PATIENCE, "{}", window.screen());
        window.type_("\x11");
        let seen = window.seen.lock().unwrap();
        drop(
            window
                .came
                .wait_timeout(seen, Duration::from_millis(900))
                .unwrap(),
        );
    }
    window.close();
    ended_well(&mut window, 129);
    let db = rusqlite::Connection::open(window.dir.path().join("data/danvan.db")).unwrap();
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        db.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((count("petition"), count("audit")), (0, 0));
}

#[test]
fn what_another_program_saves_comes_to_an_open_list_without_a_key() {
    let mut list = Window::open(&[]);
    list.wait_for("Tổng quan");
    list.type_("5");
    list.wait_for("sổ chưa có gì");
    let mut other = Window::on(Arc::clone(&list.dir), &[]);
    other.wait_for("Tổng quan");
    other.type_("5");
    other.wait_for("sổ chưa có gì");
    other.type_("\x1bOQ");
    other.wait_for("Ngày nhận *");
    other.tab_to("Loại đơn *");
    other.type_("ph");
    other.tab_to("Nội dung *");
    other.type_("Xin nối đường ấp 7");
    other.wait_for("Xin nối đường ấp 7");
    other.type_("\x13");
    list.wait_for("Xin nối đường ấp 7");
    let sent = list.sent.lock().unwrap().len();
    // Its own draw of what it saved: nothing comes twice, and the other list sends no more.
    other.wait_for("> 1/2025");
    assert_eq!(list.sent.lock().unwrap().len(), sent);
    for window in [&mut list, &mut other] {
        window.type_("\x11");
        assert_eq!(window.end().0, 0);
    }
}

/// How many connections the program has to its database: each opens the log for itself.
#[cfg(target_os = "linux")]
fn connections(window: &Window) -> usize {
    let pid = window.child.process_id().unwrap();
    std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok())
        .filter(|file| file.ends_with("data/danvan.db-wal"))
        .count()
}

#[cfg(target_os = "linux")]
#[test]
fn the_first_screen_needs_one_connection_and_a_search_the_second() {
    let dir = TempDir::new().unwrap();
    let config = world::config(dir.path(), "2025-03-14");
    world::place(&config);
    // The copy of the day is there: making it would take a connection of its own.
    let copy = daily::place(&config, config.today());
    std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
    std::fs::copy(&config.db, copy).unwrap();
    let mut window = Window::on(dir, &[]);
    window.wait_for("Quá hạn");
    assert_eq!(connections(&window), 1);
    window.type_("/vinh long");
    window.wait_for("Tỉnh Vĩnh Long");
    assert_eq!(connections(&window), 2);
    window.close();
    window.end();
}
