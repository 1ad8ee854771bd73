//! Long text in the user's own editor: the terminal is given back while it runs and taken over again after it.
//!
//! The text lies in a file of the state folder that only the user can read. It is gone when the editor has ended. When
//! the program is ended meanwhile, the file's text goes into the draft: at once on a hang-up, at the next start
//! after a kill. Where the program was started in place of a shell, no editor is started: most can open one.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, PoisonError};

use super::effect::{LayerId, Then};
use super::hangup;
use super::keeper::DraftSlot;
use super::lang::{Msg, t};
use super::reach::above;
use super::terminal::Tty;
use crate::app::Config;
use crate::app::drafts::{self, Draft};

/// Largest text that is read back, in bytes; no field holds more.
const LARGEST: u64 = 1 << 20;

/// A text to be edited outside the program.
pub struct Errand {
    /// The screen that asked.
    pub layer: LayerId,
    /// The draft that the text belongs to and the key of its field.
    pub of: (String, &'static str),
    /// The text.
    pub text: String,
    /// What to do with the text that comes back, or with the reason why there is none.
    pub then: Box<dyn FnOnce(Result<String, Msg>) -> Then + Send>,
}

/// The file that is being edited now, with its draft and field, for a hang-up.
static OPEN: Mutex<Option<(PathBuf, String, &'static str)>> = Mutex::new(None);

fn set_open(open: Option<(PathBuf, String, &'static str)>) {
    *OPEN.lock().unwrap_or_else(PoisonError::into_inner) = open;
}

fn folder(config: &Config) -> PathBuf {
    config.state_dir.join("edit")
}

/// Has the text edited; the terminal is as it was before when this returns.
///
/// # Errors
/// Why no text came back; the one in the form stays.
pub fn edit(errand: &Errand, config: &Config, forbidden: bool) -> Result<String, Msg> {
    if forbidden || in_place_of_a_shell() {
        return Err(t(
            "ở đây không được mở trình soạn thảo ngoài; gõ ngay trong ô",
            "no other editor may be opened here; type in the field",
        )
        .into());
    }
    let editor = editor().ok_or_else(|| {
        Msg::from(t(
            "chưa đặt trình soạn thảo: đặt biến EDITOR, ví dụ EDITOR=nano",
            "no editor is set: set the variable EDITOR, e.g. EDITOR=nano",
        ))
    })?;
    let (draft, key) = (&errand.of.0, errand.of.1);
    let name = format!("{draft}.{key}.{}.txt", std::process::id());
    let path = folder(config).join(name);
    write(&path, &errand.text).map_err(|e| failed(&e))?;
    set_open(Some((path.clone(), draft.clone(), key)));
    let ran = Tty::lend(|| {
        let _keys = hangup::away();
        // As git does: the words of EDITOR are the shell's, the file is an argument of its own.
        Command::new("/bin/sh")
            .args(["-c", &format!("{editor} \"$@\""), "danvan"])
            .arg(&path)
            .status()
    });
    set_open(None);
    let done = ran.map_err(|e| failed(&e));
    let done = done.and_then(|done| ended_well(done, &editor));
    let text = match done {
        // What cannot be read back stays where it is, and the message says where that is.
        Ok(()) => Ok(read(&path).map_err(|e| unreadable(&path, &e))?),
        Err(why) => Err(why),
    };
    clear(&path);
    text
}

/// Takes the file away, with the copies of it that the editor has left beside it (`name~`, `#name#`, `.name.swp`). What
/// cannot be removed is cleared away at the next start.
fn clear(path: &Path) {
    let entries = path.parent().and_then(|dir| fs::read_dir(dir).ok());
    for entry in entries.into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().and_then(edited) == path.file_name().and_then(|n| n.to_str()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The name of the file that this is, or is a copy of by an editor.
fn edited(name: &str) -> Option<&str> {
    const END: &str = ".txt";
    let name = name.trim_start_matches(['.', '#']);
    name.get(..name.find(END)? + END.len())
}

/// What the shell gives for a command that is not there.
const NO_COMMAND: i32 = 127;

fn ended_well(done: ExitStatus, editor: &str) -> Result<(), Msg> {
    match done.code() {
        Some(0) => Ok(()),
        Some(NO_COMMAND) => Err(Msg::new(
            format!("không có trình soạn thảo «{editor}»; đặt lại biến EDITOR"),
            format!("there is no editor \"{editor}\"; set EDITOR"),
        )),
        code => {
            let code = code.map_or_else(String::new, |code| format!(" ({code})"));
            Err(Msg::new(
                format!("trình soạn thảo báo lỗi{code}; chữ trong ô giữ nguyên"),
                format!("the editor failed{code}; the text stays as it was"),
            ))
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Msg {
    let path = path.display();
    Msg::new(
        format!("không đọc lại được {path}: {error}; chữ trong ô giữ nguyên"),
        format!("cannot read {path} back: {error}; the text stays as it was"),
    )
}

fn failed(error: &io::Error) -> Msg {
    Msg::new(
        format!("không mở được trình soạn thảo: {error}; chữ trong ô giữ nguyên"),
        format!("could not open the editor: {error}; the text stays as it was"),
    )
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    // Editors take a last line without its end for a mistake.
    if !text.is_empty() && !text.ends_with('\n') {
        file.write_all(b"\n")?;
    }
    Ok(())
}

fn read(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let text = fs::read_to_string(path)?;
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

/// The editor that the user has set.
fn editor() -> Option<String> {
    let set = |name| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
    set("VISUAL").or_else(|| set("EDITOR"))
}

/// Whether sshd runs this program in place of a shell: with a command of its own in `authorized_keys` or
/// `sshd_config`, or as the login shell. Then the user must not come to a shell through an editor.
fn in_place_of_a_shell() -> bool {
    let set = |name| std::env::var_os(name).is_some();
    if set("SSH_ORIGINAL_COMMAND") {
        return true;
    }
    set("SSH_CONNECTION") && !under_a_shell(rustix::process::getppid())
}

/// Whether a shell that takes commands from the terminal stands between the process and sshd. Where that cannot be
/// seen there is none.
fn under_a_shell(parent: Option<rustix::process::Pid>) -> bool {
    above(parent.map(|pid| pid.as_raw_nonzero().get()))
        .flatten()
        .any(|line| takes_commands(&line))
}

/// Whether a command line (parts ended by NUL) is a shell without a script and without `-c`.
fn takes_commands(line: &str) -> bool {
    let mut parts = line.split('\0').filter(|part| !part.is_empty());
    let name = parts.next().unwrap_or_default().trim_start_matches('-');
    let name = name.rsplit('/').next().unwrap_or_default();
    let shells = [
        "sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "tcsh", "csh", "ash",
    ];
    let option = |part: &str| {
        let long = part.starts_with("--");
        part.starts_with('-') && (long || !part.contains('c'))
    };
    shells.contains(&name) && parts.all(option)
}

/// Puts the text that is being edited now into its draft, before a hang-up writes it, and takes the file away.
pub fn into_draft(slot: &DraftSlot) {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((path, of, key)) = open
        && let Ok(text) = read(&path)
    {
        slot.amend(&of, |draft| put(draft, key, text));
        // Nobody is left to tell.
        clear(&path);
    }
}

fn put(draft: &mut Draft, key: &str, text: String) {
    match draft.fields.iter_mut().find(|(of, _)| of == key) {
        Some((_, old)) => *old = text,
        None => draft.fields.push((key.to_owned(), text)),
    }
}

/// Takes in what a killed program left: the text goes into its draft, the file away.
pub fn take_in(config: &Config) {
    let Ok(entries) = fs::read_dir(folder(config)) else {
        return;
    };
    let mut known = drafts::list(config).unwrap_or_default();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        let Some(own) = edited(name) else {
            continue;
        };
        let parts: Vec<&str> = own.split('.').collect();
        let &[of, key, pid, "txt"] = parts.as_slice() else {
            continue;
        };
        let pid = pid.parse().ok().and_then(rustix::process::Pid::from_raw);
        let runs = |pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH);
        if pid.is_some_and(runs) {
            continue;
        }
        let kept = match (known.iter_mut().find(|d| d.id == of), read(&path)) {
            (Some(draft), Ok(text)) if own == name => {
                put(draft, key, text);
                drafts::save(config, draft).is_ok()
            }
            // A copy that an editor left may be older than what came into the draft.
            (Some(_), Err(_)) => own != name,
            _ => true,
        };
        if kept {
            let _ = fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::record::Kind;

    #[test]
    fn only_a_shell_at_a_terminal_takes_commands() {
        for line in [
            "-bash\0",
            "/bin/bash\0-l\0",
            "zsh\0--login\0",
            "/usr/bin/fish\0-i\0",
        ] {
            assert!(takes_commands(line), "{line}");
        }
        for line in [
            "bash\0-c\0danvan\0",
            "/bin/sh\0/usr/local/bin/kios\0",
            "sshd: lan@pts/0\0",
            "bash\0-lc\0danvan\0",
            "danvan\0",
            "",
        ] {
            assert!(!takes_commands(line), "{line}");
        }
    }

    #[test]
    fn what_a_killed_program_left_comes_into_its_draft_and_nowhere_else() {
        let dir = tempfile::TempDir::new().unwrap();
        let config = Config {
            db: dir.path().join("a.db"),
            today: None,
            read_only: false,
            assume_fs: None,
            state_dir: dir.path().to_owned(),
            actor: "lan".into(),
            demo: false,
        };
        let draft = Draft {
            id: "ab-1".into(),
            saved_at: "2026-03-12T08:00:00+07:00".into(),
            fields: vec![
                ("name".into(), "Dân vận".into()),
                ("goal".into(), "cũ".into()),
            ],
            ..Draft::of(Kind::Model)
        };
        drafts::save(&config, &draft).unwrap();
        let file = |name: &str| folder(&config).join(name);
        // No process has this number: the largest is 2^22.
        write(&file("ab-1.goal.4194399.txt"), "mới\nhai dòng").unwrap();
        write(&file("gone-1.goal.4194399.txt"), "chữ cũ").unwrap();
        for copy in ["ab-1.goal.4194399.txt~", "#gone-1.goal.4194399.txt#"] {
            write(&file(copy), "bản cũ của trình soạn thảo").unwrap();
        }
        let mine = format!("ab-1.note.{}.txt", std::process::id());
        write(&file(&mine), "đang mở").unwrap();
        take_in(&config);
        let kept = drafts::list(&config).unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].fields[1].1, "mới\nhai dòng");
        let left: Vec<_> = fs::read_dir(folder(&config)).unwrap().collect();
        assert_eq!(left.len(), 1, "only the file of a program that runs");
        assert!(file(&mine).exists());
        write(&file(&format!(".{mine}.swp")), "đang mở").unwrap();
        write(&file(&format!("{mine}~")), "đang mở").unwrap();
        clear(&file(&mine));
        assert_eq!(fs::read_dir(folder(&config)).unwrap().count(), 0);
    }
}
