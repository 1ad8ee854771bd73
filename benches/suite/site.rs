//! What is measured: the program, a large database, and a small one that may be written to.
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use danvan::app::{Config, Cx, sample};
use tempfile::TempDir;

/// The day that every run takes for today.
pub const TODAY: &str = "2026-11-20";
/// Petitions of the large database when none is given: enough to tell an index from a scan, made in a minute.
const ROWS: u64 = 100_000;
/// Petitions of the small one.
const SMALL: u64 = 2_000;

/// What the groups work on.
pub struct Site {
    /// A folder for what a group makes; it stands for the user's home.
    pub dir: TempDir,
    /// The program under measurement.
    pub program: PathBuf,
    /// The large database.
    pub db: PathBuf,
    /// How many petitions it holds.
    pub rows: u64,
    /// It was given by the user: nothing is written to it.
    pub given: bool,
    /// How many petitions a second the maker of sample data wrote, when it was made for the run.
    pub made: Option<f64>,
    /// A small database to write to.
    pub small: PathBuf,
    homes: Cell<usize>,
}

fn config(db: &Path, home: &Path, read_only: bool) -> Config {
    Config {
        db: db.to_owned(),
        today: Some(TODAY.parse().unwrap()),
        read_only,
        assume_fs: None,
        state_dir: home.join("state/danvan"),
        actor: "lan".into(),
        demo: true,
    }
}

fn make(db: &Path, home: &Path, rows: u64) -> f64 {
    let start = Instant::now();
    let mut cx = Cx::create(&config(db, home, false)).unwrap();
    sample::write(&mut cx, rows, 1, &mut |_| {}).unwrap();
    start.elapsed().as_secs_f64()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

impl Site {
    /// Makes the databases, or takes the one of `DANVAN_BENCH_DB`.
    pub fn prepare() -> Site {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path();
        let program = std::env::var_os("DANVAN_BENCH_PROGRAM").map_or_else(
            || PathBuf::from(env!("CARGO_BIN_EXE_danvan")),
            PathBuf::from,
        );
        let small = home.join("small.db");
        make(&small, home, SMALL);
        let given = std::env::var_os("DANVAN_BENCH_DB").map(PathBuf::from);
        let db = given.clone().unwrap_or_else(|| home.join("large.db"));
        let mut made = None;
        if given.is_none() {
            let rows = number("DANVAN_BENCH_ROWS").unwrap_or(ROWS);
            eprintln!("writing {rows} petitions…");
            made = Some(rows as f64 / make(&db, home, rows));
        }
        let mut site = Site {
            dir,
            program,
            db,
            rows: 0,
            given: given.is_some(),
            made,
            small,
            homes: Cell::new(0),
        };
        let count = "SELECT count(*) FROM petition";
        let rows: i64 = site.raw().query_row(count, [], |r| r.get(0)).unwrap();
        site.rows = rows.unsigned_abs();
        site
    }

    /// The home of a user who has never run the program: no drafts, nothing remembered.
    pub fn home(&self) -> PathBuf {
        self.homes.set(self.homes.get() + 1);
        let home = self.dir.path().join(format!("home-{}", self.homes.get()));
        std::fs::create_dir(&home).unwrap();
        home
    }

    /// The large database as the library opens it.
    pub fn cx(&self) -> Cx {
        Cx::open(&config(&self.db, self.dir.path(), self.given)).unwrap()
    }

    /// The small one.
    pub fn small_cx(&self) -> Cx {
        Cx::open(&config(&self.small, self.dir.path(), false)).unwrap()
    }

    /// Another database that may be written to.
    pub fn open(&self, db: &Path) -> Cx {
        Cx::open(&config(db, self.dir.path(), false)).unwrap()
    }

    /// The large database without the library, for yardsticks.
    pub fn raw(&self) -> rusqlite::Connection {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        rusqlite::Connection::open_with_flags(&self.db, flags).unwrap()
    }

    /// The words that open the large database in the terminal.
    pub fn words(&self) -> Vec<String> {
        let mut words = vec![
            self.program.display().to_string(),
            "--db".into(),
            self.db.display().to_string(),
        ];
        if self.given {
            words.push("--read-only".into());
        }
        words
    }

    /// The words that open the small one.
    pub fn small_words(&self) -> Vec<String> {
        vec![
            self.program.display().to_string(),
            "--db".into(),
            self.small.display().to_string(),
        ]
    }

    /// The `sqlite3` shell on the large database.
    pub fn shell(&self, sql: &str) -> Command {
        let mut command = Command::new("sqlite3");
        command.args(["-readonly", "-batch", "-init", "/dev/null"]);
        command.arg(&self.db).arg(sql);
        command
    }
}
