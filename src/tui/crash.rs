//! A crash of the program: the terminal given back, what was typed kept, a report without anything a citizen wrote.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::command;
use super::hangup::end_soon;
use super::lang::{Lang, t};
use super::terminal::{SaveDraft, restore};

/// What the shell sees after a crash, as after any panic of a Rust program.
const CRASHED: i32 = 101;

/// What runs, as a report names it.
pub enum Running {
    /// A command of the shell: its verbs, never its arguments.
    Shell(String),
    /// The screens, with what keeps what was typed.
    Screens(SaveDraft),
}

/// From now on a panic on any thread keeps the draft, gives the terminal back, writes a report into `folder` and ends
/// the program. The report names version, command, place and calls, but not the panic's own text: that could hold
/// what a citizen wrote.
pub fn install(folder: PathBuf, lang: Lang, running: Running) {
    std::panic::set_hook(Box::new(move |info| {
        let command = match &running {
            Running::Shell(verbs) => verbs.as_str(),
            Running::Screens(save) => {
                end_soon(CRASHED);
                // First: a terminal that has stopped reading keeps the next line waiting.
                save();
                command::last_name()
            }
        };
        restore();
        let place = info
            .location()
            .map_or_else(|| "?".to_owned(), |l| format!("{}:{}", l.file(), l.line()));
        let report = write_report(&folder, &report(command, &place));
        let mut err = io::stderr();
        let sorry = match running {
            Running::Shell(_) => t(
                "Chương trình gặp lỗi và phải dừng; lệnh chưa xong không ghi gì.",
                "The program met an error and had to stop; what was not finished was not stored.",
            ),
            Running::Screens(_) => t(
                "Chương trình gặp lỗi và phải dừng. Những gì vừa nhập được giữ làm bản nháp.",
                "The program met an error and had to stop. What was typed is kept as a draft.",
            ),
        };
        let _ = writeln!(err, "danvan: {}", sorry.get(lang));
        if let Ok(place) = report {
            let lies = t(
                "Báo cáo lỗi (không có dữ liệu cá nhân):",
                "Error report (without personal data):",
            );
            let _ = writeln!(err, "{} {}", lies.get(lang), place.display());
        }
        signal_hook::low_level::exit(CRASHED);
    }));
}

fn report(command: &str, place: &str) -> String {
    let thread = std::thread::current().name().unwrap_or("?").to_owned();
    format!(
        "danvan {}\ncommand: {command}\nplace: {place}\nthread: {thread}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::backtrace::Backtrace::force_capture(),
    )
}

fn write_report(folder: &Path, text: &str) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let place = folder.join(format!("crash-{}.txt", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&place)?;
    file.write_all(text.as_bytes())?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::tui::caps::Caps;
    use crate::tui::terminal::Tty;
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Arc;

    #[test]
    fn a_crash_report_is_its_owners_only() {
        let dir = tempfile::tempdir().unwrap();
        let place = write_report(&dir.path().join("state/danvan"), "danvan 0").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o600);
        assert_eq!(mode(place.parent().unwrap()), 0o700);
        assert_eq!(std::fs::read_to_string(&place).unwrap(), "danvan 0");
    }

    /// Crashes when the test below runs it in a process of its own.
    #[test]
    fn crashes_when_asked() {
        if let Some(folder) = std::env::var_os("DANVAN_TEST_CRASH") {
            let folder = PathBuf::from(folder);
            let kept = folder.join("draft");
            let tty = std::env::var_os("DANVAN_TEST_HANGS")
                .map(|_| Tty::enter(Caps::of("xterm").unwrap()).unwrap());
            let running = match std::env::var_os("DANVAN_TEST_SCREENS") {
                None => Running::Shell("petition add".to_owned()),
                Some(_) if tty.is_some() => Running::Screens(Arc::new(|| {
                    loop {
                        std::thread::park();
                    }
                })),
                Some(_) => {
                    Running::Screens(Arc::new(move || std::fs::write(&kept, "kept").unwrap()))
                }
            };
            install(folder, Lang::Vi, running);
            panic!("Lê Thị Bông");
        }
    }

    #[test]
    fn a_crash_of_the_screens_keeps_what_was_typed() {
        let dir = tempfile::tempdir().unwrap();
        let out = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--nocapture",
                "tui::crash::tests::crashes_when_asked",
            ])
            .env("DANVAN_TEST_CRASH", dir.path())
            .env("DANVAN_TEST_SCREENS", "1")
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(CRASHED));
        assert_eq!(
            std::fs::read_to_string(dir.path().join("draft")).unwrap(),
            "kept"
        );
    }

    #[test]
    fn a_draft_that_cannot_be_kept_does_not_keep_the_terminal() {
        let dir = tempfile::tempdir().unwrap();
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut program = CommandBuilder::new(std::env::current_exe().unwrap());
        program.args([
            "--exact",
            "--nocapture",
            "tui::crash::tests::crashes_when_asked",
        ]);
        program.env("DANVAN_TEST_CRASH", dir.path());
        program.env("DANVAN_TEST_SCREENS", "1");
        program.env("DANVAN_TEST_HANGS", "1");
        let mut child = pair.slave.spawn_command(program).unwrap();
        drop(pair.slave);
        let (mut reader, mut sent) = (pair.master.try_clone_reader().unwrap(), Vec::new());
        // The end of the line is an error here.
        let _ = reader.read_to_end(&mut sent);
        let ended = child.wait().unwrap().exit_code();
        assert_eq!(i32::try_from(ended), Ok(CRASHED));
        let sent = String::from_utf8_lossy(&sent);
        let begun = sent.find("\u{1b}[?1049h").unwrap();
        assert!(sent.rfind("\u{1b}[?1049l").is_some_and(|end| end > begun));
    }

    #[test]
    fn a_crash_of_a_command_is_reported_without_its_words() {
        let dir = tempfile::tempdir().unwrap();
        let out = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--nocapture",
                "tui::crash::tests::crashes_when_asked",
            ])
            .env("DANVAN_TEST_CRASH", dir.path())
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(CRASHED));
        let told = String::from_utf8(out.stderr).unwrap();
        assert!(told.contains("crash-") && !told.contains("Bông"), "{told}");
        let file = std::fs::read_dir(dir.path()).unwrap().next().unwrap();
        let report = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(report.contains("command: petition add"), "{report}");
        assert!(!report.contains("Bông"), "{report}");
    }
}
