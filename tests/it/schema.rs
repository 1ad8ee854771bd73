//! The schema and the file: kept true, and refused byte for byte unchanged when it is not ours.
use crate::support::world::{World, config, d, exit, place};
use danvan::app::{Config, Cx, Error, records, upkeep};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use rusqlite::Connection;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use tempfile::TempDir;

const TODAY: &str = "2026-11-21";

/// The statements of a migrated database in the order they were made.
fn schema_of(conn: &Connection) -> String {
    let mut stmt = conn
        .prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'search_*' \
             AND name NOT GLOB 'sqlite_*' ORDER BY rowid",
        )
        .unwrap();
    let rows = stmt.query_map([], |r| r.get::<_, String>(0)).unwrap();
    let all: Vec<String> = rows.map(|sql| sql.unwrap() + ";\n").collect();
    format!(
        "-- The schema that all migrations together make. A test keeps it true; to write it anew:\n\
         -- DANVAN_BLESS=1 cargo test --test it schema_sql\n{}",
        all.join("")
    )
}

#[test]
fn schema_sql_is_what_the_migrations_make() {
    let w = World::on(TODAY);
    let made = schema_of(&Connection::open(&w.cx.config().db).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("db/schema.sql");
    if std::env::var_os("DANVAN_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), made);
}

#[test]
fn every_index_says_which_query_it_serves() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("db/migrations");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let line = line.trim_start();
            if line.starts_with("CREATE INDEX") || line.starts_with("CREATE UNIQUE INDEX") {
                seen += 1;
                let before = at.checked_sub(1).map_or("", |i| lines[i].trim_start());
                assert!(before.starts_with("-- "), "{}: {line}", path.display());
            }
        }
    }
    assert!(seen > 20);
}

#[test]
fn a_new_file_is_ours_whole_and_private() {
    let dir = TempDir::new().unwrap();
    let config = config(dir.path(), TODAY);
    let cx = Cx::create(&config).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&config.db), 0o600);
    assert_eq!(mode(config.db.parent().unwrap()), 0o700);
    for entry in std::fs::read_dir(config.db.parent().unwrap()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    drop(cx);
    let conn = Connection::open(&config.db).unwrap();
    let number = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(number("PRAGMA application_id"), 0x6461_6e76);
    assert_eq!(number("PRAGMA user_version"), 1);
    let text = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, String>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(text("PRAGMA journal_mode"), "wal");
    assert_eq!(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    // nothing of the making lies beside it
    let names: Vec<_> = std::fs::read_dir(config.db.parent().unwrap())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .filter(|n| !n.to_string_lossy().starts_with("danvan.db"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn a_file_that_is_there_is_not_made_anew() {
    let w = World::on(TODAY);
    let before = std::fs::read(&w.cx.config().db).unwrap();
    assert_eq!(exit(Cx::create(w.cx.config())), 3);
    assert_eq!(std::fs::read(&w.cx.config().db).unwrap(), before);
}

#[test]
fn a_file_that_is_not_there_is_not_made_by_opening() {
    let dir = TempDir::new().unwrap();
    let config = config(dir.path(), TODAY);
    assert_eq!(exit(Cx::open(&config)), 4);
    assert!(!config.db.exists());
    assert_eq!(exit(upkeep::doctor(&config)), 4);
}

/// Opens a file made by `make` and expects a refusal with the file as it was and nothing beside it.
fn left_alone(make: impl FnOnce(&Path), code: i32) -> Error {
    let dir = TempDir::new().unwrap();
    let config = config(dir.path(), TODAY);
    place(&config);
    make(&config.db);
    let before = std::fs::read(&config.db).unwrap();
    let listed = |dir: &Path| -> Vec<_> {
        let mut names: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let folder = config.db.parent().unwrap();
    let names = listed(folder);
    let refused = Cx::open(&config).unwrap_err();
    assert_eq!(refused.exit_code(), code, "{refused:?}");
    for read_only in [true, false] {
        let config = Config {
            read_only,
            ..config.clone()
        };
        assert_eq!(exit(Cx::open(&config)), code);
    }
    assert_eq!(std::fs::read(&config.db).unwrap(), before);
    assert_eq!(listed(folder), names);
    refused
}

fn patch(path: &Path, at: usize, bytes: &[u8]) {
    let mut all = std::fs::read(path).unwrap();
    all[at..at + bytes.len()].copy_from_slice(bytes);
    std::fs::write(path, all).unwrap();
}

#[test]
fn what_is_not_ours_is_left_byte_for_byte() {
    left_alone(|p| std::fs::write(p, b"").unwrap(), 7);
    left_alone(
        |p| std::fs::write(p, "một tệp chữ\n".repeat(500)).unwrap(),
        7,
    );
    left_alone(|p| std::fs::write(p, vec![0_u8; 8192]).unwrap(), 7);
    left_alone(
        |p| {
            std::fs::remove_file(p).unwrap();
            let conn = Connection::open(p).unwrap();
            conn.execute_batch("CREATE TABLE khac(a); INSERT INTO khac VALUES (1);")
                .unwrap();
        },
        7,
    );
}

#[test]
fn a_newer_file_is_left_byte_for_byte() {
    let refused = left_alone(|p| patch(p, 60, &2_u32.to_be_bytes()), 7);
    assert!(format!("{refused:?}").contains("mới hơn"), "{refused:?}");
}

#[test]
fn a_file_cut_short_is_left_byte_for_byte() {
    let cut = |keep: fn(usize) -> usize| {
        move |p: &Path| {
            let bytes = std::fs::read(p).unwrap();
            std::fs::write(p, &bytes[..keep(bytes.len())]).unwrap();
        }
    };
    // one page short, half of it, less than a header
    for keep in [|n| n - 4096, |n| n / 2] {
        let refused = left_alone(cut(keep), 7);
        assert!(format!("{refused:?}").contains("hỏng"), "{refused:?}");
    }
    left_alone(cut(|_| 60), 7);
}

#[test]
fn a_file_whose_log_is_not_yet_in_it_is_whole() {
    let dir = TempDir::new().unwrap();
    let config = config(dir.path(), TODAY);
    place(&config);
    // The power fails while the log is copied into the file: page 1 names the new size, the rest is still to come.
    let mut w = Cx::open(&config).unwrap();
    let long = "x".repeat(3000);
    for n in 0..40 {
        let new = records::NewRecord {
            fields: vec![
                ("held_on", danvan::domain::value::Value::Date(d(TODAY))),
                ("topic", danvan::domain::value::Value::Text(format!("{n}"))),
                ("note", danvan::domain::value::Value::Text(long.clone())),
            ],
            ..records::NewRecord::default()
        };
        records::add(&mut w, Kind::Dialogue, &[new]).unwrap();
    }
    let beside = |end: &str| {
        let mut name = config.db.as_os_str().to_owned();
        name.push(end);
        std::path::PathBuf::from(name)
    };
    let (file, log) = (
        std::fs::read(&config.db).unwrap(),
        std::fs::read(beside("-wal")).unwrap(),
    );
    assert!(!log.is_empty());
    drop(w);
    let whole = std::fs::read(&config.db).unwrap();
    assert!(whole.len() > file.len(), "the register must have grown");
    let mut torn = file;
    torn[..4096].copy_from_slice(&whole[..4096]);
    std::fs::write(&config.db, torn).unwrap();
    std::fs::write(beside("-wal"), log).unwrap();
    let cx = Cx::open(&config).unwrap();
    assert_eq!(
        records::count(&cx, &Query::all(Kind::Dialogue)).unwrap(),
        40
    );
}

#[test]
fn a_file_that_cannot_be_written_opens_for_reading() {
    let dir = TempDir::new().unwrap();
    let config = config(dir.path(), TODAY);
    place(&config);
    std::fs::set_permissions(&config.db, std::fs::Permissions::from_mode(0o400)).unwrap();
    let before = std::fs::read(&config.db).unwrap();
    let mut cx = Cx::open(&config).unwrap();
    assert!(cx.read_only());
    assert_eq!(records::count(&cx, &Query::all(Kind::Petition)).unwrap(), 0);
    let refused = records::add(&mut cx, Kind::Petition, &[records::NewRecord::default()]);
    assert_eq!(exit(refused), 8);
    drop(cx);
    assert_eq!(std::fs::read(&config.db).unwrap(), before);
}

#[test]
fn reading_only_by_wish() {
    let w = World::on(TODAY);
    let wish = Config {
        read_only: true,
        ..w.cx.config().clone()
    };
    let mut cx = Cx::open(&wish).unwrap();
    assert!(cx.read_only());
    assert_eq!(exit(cx.set_own_unit("86")), 8);
}

#[test]
fn a_network_file_system_is_refused_by_its_type() {
    let w = World::on(TODAY);
    for (fs, code) in [
        ("nfs", 8),
        ("cifs", 8),
        ("smb2", 8),
        ("fuse.sshfs", 8),
        ("ext4", 0),
    ] {
        let config = Config {
            assume_fs: Some(fs.into()),
            ..w.cx.config().clone()
        };
        let opened = Cx::open(&config).map_or_else(|e| e.exit_code(), |_| 0);
        assert_eq!(opened, code, "{fs}");
    }
    let new = Config {
        db: w.file("khac.db"),
        assume_fs: Some("nfs".into()),
        ..w.cx.config().clone()
    };
    assert_eq!(exit(Cx::create(&new)), 8);
    assert!(!new.db.exists());
}
