//! Runs the real program in a folder of its own, with a fixed today.
use serde_json::Value as Json;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The day that every test takes for today: a Thursday.
pub const TODAY: &str = "2026-03-12";

/// What a call came to.
#[derive(Debug)]
pub struct Came {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Came {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }
}

/// An office's machine: home, database and nothing else.
pub struct World {
    pub dir: TempDir,
}

fn base(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_danvan"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("DANVAN_") || key == "NO_COLOR" {
            command.env_remove(key);
        }
    }
    command
        .env("HOME", dir)
        .env("XDG_DATA_HOME", dir.join("data"))
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .env("XDG_STATE_HOME", dir.join("state"))
        .env("DANVAN_TODAY", TODAY);
    command
}

/// A fresh database, made once and copied: making one reads the whole country.
fn template() -> &'static Path {
    static MADE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("template.db");
        let status = base(dir.path())
            .arg("--db")
            .arg(&path)
            .arg("init")
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
        (dir, path)
    });
    path
}

impl World {
    /// A machine without a database.
    pub fn bare() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// A machine with the office's database.
    pub fn new() -> Self {
        let world = Self::bare();
        std::fs::create_dir_all(world.db().parent().unwrap()).unwrap();
        std::fs::copy(template(), world.db()).unwrap();
        world
    }

    pub fn db(&self) -> PathBuf {
        self.dir.path().join("data/danvan/danvan.db")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn command(&self) -> Command {
        base(self.dir.path())
    }

    /// Runs the program.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Came {
        self.feed(args, "")
    }

    /// Runs the program with something on its standard input.
    pub fn feed<S: AsRef<OsStr>>(&self, args: &[S], input: &str) -> Came {
        let mut child = self
            .command()
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may end before it has read all.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let done = child.wait_with_output().unwrap();
        Came {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
        }
    }

    /// Runs what must succeed; its output.
    pub fn ok(&self, args: &[&str]) -> String {
        let came = self.run(args);
        assert_eq!(came.code, 0, "{args:?}: {came:?}");
        came.out
    }

    /// Runs what must succeed; its JSON.
    pub fn json(&self, args: &[&str]) -> Json {
        let came = self.run(args);
        assert_eq!(came.code, 0, "{args:?}: {came:?}");
        came.json()
    }

    /// Adds a petition; its id.
    pub fn petition(&self, on: &str, kind: &str, subject: &str) -> String {
        let out = self.ok(&[
            "petition",
            "add",
            "--received-on",
            on,
            "--type",
            kind,
            "--subject",
            subject,
            "--unit",
            "29602",
        ]);
        out.trim().to_owned()
    }
}
