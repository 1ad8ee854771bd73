//! The program from the shell: files, settings, streams, and many at once (contract 1 and 8).
use crate::support::cli::{TODAY, World};
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

#[test]
fn a_database_is_never_made_silently() {
    let w = World::bare();
    for args in [
        &["petition", "list"][..],
        &["find", "a"],
        &[],
        &["due"],
        &["doctor"],
    ] {
        let came = w.run(args);
        assert_ne!(came.code, 0, "{args:?}");
        assert!(!w.db().exists());
    }
    assert_eq!(w.run(&["petition", "list"]).code, 4);
    assert_eq!(w.run::<&str>(&[]).code, 4);
    let came = w.run(&["init", "--unit", "nowhere"]);
    assert_eq!(came.code, 3, "{came:?}");
    assert!(!w.db().exists());
    assert_eq!(w.run(&["init", "--unit", "86"]).code, 0);
    assert_eq!(w.run(&["init"]).code, 3);
    let mode = std::fs::metadata(w.db()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // Without a terminal the terminal program does not start.
    assert_eq!(w.run::<&str>(&[]).code, 2);
}

#[test]
fn what_needs_no_database_runs_without_one() {
    let w = World::bare();
    for args in [
        &["schema", "--json"][..],
        &["schema"],
        &["keys"],
        &["keys", "--json"],
        &["info"],
        &["man"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
        &["check", "không có gì"],
        &["--help"],
        &["petition", "add", "--help"],
        &["--version"],
    ] {
        let came = w.run(args);
        assert_eq!(came.code, 0, "{args:?} {came:?}");
        assert!(
            !came.out.is_empty() || args.first() == Some(&"check") || args.first() == Some(&"keys")
        );
    }
    let kinds = w.json(&["schema", "--json"]);
    assert_eq!(kinds["kinds"].as_array().unwrap().len(), 7);
    assert!(w.ok(&["--help"]).contains("Cách dùng"));
    assert!(w.ok(&["--help", "--lang", "en"]).contains("Usage"));
    assert!(!w.ok(&["petition", "add", "--help"]).contains("OPTIONS"));
}

#[test]
fn a_slip_in_a_text_is_found() {
    let w = World::bare();
    let text = "đã xử lý, giải quyết 8.328/ 8.574 đơn, đạt 97,23%";
    let came = w.run(&["check", text, "--json"]);
    assert_eq!(came.code, 1);
    let found = came.json();
    assert_eq!(
        (&found[0]["verdict"], &found[0]["computed"]),
        (&"differs".into(), &"97.13".into())
    );
    assert_eq!(
        w.feed(&["check", "-"], &text.replace("97,23", "97,13"))
            .code,
        0
    );
}

#[test]
fn settings_say_where_they_came_from() {
    let w = World::bare();
    std::fs::create_dir_all(w.path("config/danvan")).unwrap();
    let file = w.path("config/danvan/config.toml");
    std::fs::write(
        &file,
        "[danvan]\nlang = \"en\"\nascii = true\ndb = \"/srv/khac/other.db\"\n",
    )
    .unwrap();
    let info = w.json(&["info", "--json"]);
    assert_eq!(
        (&info["lang"]["value"], &info["lang"]["from"]),
        (&"en".into(), &"file".into())
    );
    assert_eq!(info["ascii"]["value"], true);
    assert_eq!(info["db"]["value"], "/srv/khac/other.db");
    assert_eq!(
        (&info["today"]["value"], &info["today"]["from"]),
        (&TODAY.into(), &"environment".into())
    );
    let info = w.json(&["info", "--json", "--lang", "vi", "--today", "2020-02-29"]);
    assert_eq!(
        (&info["lang"]["from"], &info["today"]["value"]),
        (&"flag".into(), &"2020-02-29".into())
    );
    std::fs::write(&file, "[danvan\n").unwrap();
    assert_eq!(w.run(&["info"]).code, 2);
    std::fs::remove_file(&file).unwrap();
    let mut bad = w.command();
    let done = bad
        .env("DANVAN_TODAY", "31/02")
        .arg("info")
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let w = World::new();
    let bad = OsStr::from_bytes(b"\xff\xfe");
    let came = w.run(&[
        OsStr::new("petition"),
        OsStr::new("add"),
        OsStr::new("--subject"),
        bad,
    ]);
    assert_eq!(came.code, 2);
    assert!(came.err.contains("UTF-8"), "{came:?}");
    let file = w.path("bad.json");
    std::fs::write(&file, b"[{\"subject\":\"\xff\"}]").unwrap();
    assert_eq!(
        w.run(&["petition", "add", "--from", file.to_str().unwrap()])
            .code,
        3
    );
    std::fs::write(&file, "[{").unwrap();
    assert_eq!(
        w.run(&["petition", "add", "--from", file.to_str().unwrap()])
            .code,
        3
    );
    // A file may bear any name the system knows.
    let odd = w.dir.path().join(OsStr::from_bytes(b"sao-\xff.db"));
    assert_eq!(w.run(&[OsStr::new("backup"), odd.as_os_str()]).code, 0);
    assert!(odd.exists());
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let w = World::new();
    let given = r#"{"received_on":"2026-03-01","type":"complaint","subject":"a\u001b[31mb\u202ec","content":"x\u0007"}"#;
    assert_eq!(w.feed(&["petition", "add", "--from", "-"], given).code, 0);
    for args in [
        &["petition", "list"][..],
        &["petition", "show", "1"],
        &["petition", "list", "--json"],
    ] {
        let out = w.ok(args);
        assert!(!out.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{out:?}");
    }
}

#[test]
fn a_reader_that_goes_is_no_error_and_a_full_device_is() {
    let w = World::new();
    let mut child = w
        .command()
        .args(["unit", "list", "--all", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(
        (done.status.code(), done.stderr.as_slice()),
        (Some(0), &b""[..])
    );
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let done = w
        .command()
        .args(["petition", "list"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(9));
    assert!(!done.stderr.is_empty());
}

#[test]
fn nothing_is_written_read_only() {
    let w = World::new();
    let add = [
        "petition",
        "add",
        "--received-on",
        "hn",
        "--type",
        "KN",
        "--subject",
        "a",
    ];
    let mut args = add.to_vec();
    args.push("--read-only");
    assert_eq!(w.run(&args).code, 8);
    assert_eq!(w.ok(&["petition", "list", "--count", "--read-only"]), "0\n");
}

#[test]
fn foreign_files_and_network_disks_are_left_alone() {
    let w = World::bare();
    let other = w.path("other.db");
    std::fs::write(
        &other,
        "không phải cơ sở dữ liệu, chỉ là chữ, đủ dài để không phải tệp rỗng",
    )
    .unwrap();
    let before = std::fs::read(&other).unwrap();
    assert_eq!(
        w.run(&["petition", "list", "--db", other.to_str().unwrap()])
            .code,
        7
    );
    assert_eq!(std::fs::read(&other).unwrap(), before);
    let w = World::new();
    let done = w
        .command()
        .env("DANVAN_ASSUME_FS", "nfs")
        .args(["petition", "list"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(8));
}

#[test]
fn a_backup_comes_back() {
    let w = World::new();
    w.petition("2/3", "KN", "Trước");
    let copy = w.path("copy.db");
    let copy = copy.to_str().unwrap();
    let came = w.run(&["backup", copy]);
    assert!(
        came.code == 0 && !came.err.contains("Thay bản lúc"),
        "{came:?}"
    );
    assert_eq!(w.run(&["backup", copy]).code, 3);
    let came = w.run(&["backup", copy, "--yes"]);
    assert!(
        came.code == 0 && came.err.contains("Thay bản lúc"),
        "{came:?}"
    );
    w.petition("3/3", "KN", "Sau");
    assert_eq!(w.run(&["restore", copy]).code, 2);
    let came = w.run(&["restore", copy, "--yes"]);
    assert_eq!(came.code, 0, "{came:?}");
    assert_eq!(w.ok(&["petition", "list", "--count"]), "1\n");
    // The state before lies where the command says, below its words.
    assert!(came.err.contains("giữ ở tệp dưới đây"), "{came:?}");
    assert!(File::open(came.out.trim()).is_ok());
    assert_eq!(w.run(&["restore", "/nowhere", "--yes"]).code, 4);
    assert_eq!(w.run(&["doctor"]).code, 0);
    assert!(
        w.json(&["doctor", "--json"])
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f["ok"] == true)
    );
}

#[test]
fn fifty_at_once_get_fifty_numbers_without_gaps() {
    let w = World::new();
    let children: Vec<_> = (0..50)
        .map(|n| {
            w.command()
                .args(["petition", "add", "--received-on", "hn", "--type", "KN"])
                .arg("--subject")
                .arg(format!("việc {n}"))
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
    let rows = w.json(&["petition", "list", "--json", "--sort", "number"]);
    let numbers: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["number"].as_str().unwrap().to_owned())
        .collect();
    let wanted: Vec<String> = (1..=50).map(|n| format!("{n}/2026")).collect();
    assert_eq!(numbers, wanted);
}

#[test]
fn a_sample_database_is_the_same_each_time_and_its_figures_open() {
    let w = World::bare();
    let files = [w.path("a.db"), w.path("b.db")];
    let [a, b] = files.each_ref().map(|f| f.to_str().unwrap());
    for file in [a, b] {
        let came = w.run(&["demo", "--into", file, "--rows", "300", "--seed", "7"]);
        assert_eq!((came.code, came.out.trim()), (0, file), "{came:?}");
    }
    assert_eq!(w.run(&["demo", "--into", a, "--rows", "300"]).code, 3);
    assert_eq!(w.run(&["demo", "--into", a, "--rows", "many"]).code, 3);
    assert_eq!(w.run(&["demo"]).code, 2);
    let office = w.db();
    let office = office.to_str().unwrap();
    assert_eq!(w.run(&["demo", "--into", office, "--yes"]).code, 3);
    assert!(!w.db().exists());
    let all = ["petition", "list", "--json", "--with-names"];
    assert_eq!(
        w.json(&[&all[..], &["--db", a]].concat()),
        w.json(&[&all[..], &["--db", b]].concat())
    );
    assert_eq!(w.ok(&["petition", "list", "--count", "--db", a]), "300\n");
    let table = w.json(&[
        "rates",
        "--measure",
        "resolution",
        "--period",
        "2025",
        "--unit",
        "86",
        "--json",
        "--db",
        a,
    ]);
    for row in table["rows"].as_array().unwrap() {
        for part in ["numerator", "denominator"] {
            let cell = row[part]["cell"].as_str().unwrap();
            let count = w.ok(&["petition", "list", "--count", "--cell", cell, "--db", a]);
            assert_eq!(count.trim(), row[part]["count"].to_string(), "{cell}");
        }
    }
    // The printed 97,23 of the articles is among the sample's figures.
    let came = w.run(&["figures", "check", "--json", "--db", a]);
    assert_eq!(came.code, 1);
    assert!(
        came.json()
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["printed"] == "97,23" && f["computed"] == "97.13")
    );
    assert_eq!(w.run(&["doctor", "--db", a]).code, 0);
}

/// A full disk, as far as a limit on the size of files stands for one: the database is whole or not there.
#[test]
fn a_database_that_does_not_fit_is_not_made() {
    let mut refused = 0;
    for blocks in [200, 4_000, 8_500, 9_700, 10_500] {
        let w = World::bare();
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" init --db \"$1\"");
        let db = w.path("van-phong.db");
        let out = std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_danvan")])
            .arg(&db)
            .output()
            .unwrap();
        match out.status.code() {
            Some(0) => {
                let check = World::command(&w)
                    .arg("doctor")
                    .arg("--db")
                    .arg(&db)
                    .output();
                assert!(check.unwrap().status.success(), "{blocks}");
            }
            Some(9) => {
                refused += 1;
                let left: Vec<_> = std::fs::read_dir(w.dir.path())
                    .unwrap()
                    .map(|f| f.unwrap().file_name().into_string().unwrap())
                    .filter(|name| name.starts_with("van-phong"))
                    .collect();
                assert!(left.is_empty(), "{blocks}: {left:?}");
            }
            other => panic!(
                "{blocks}: {other:?} {}",
                String::from_utf8_lossy(&out.stderr)
            ),
        }
    }
    assert!(refused > 1);
}

#[test]
fn the_database_in_use_is_neither_read_as_a_table_nor_written_over() {
    let w = World::new();
    let link = w.path("so.csv");
    std::fs::hard_link(w.db(), &link).unwrap();
    let before = std::fs::metadata(w.db()).unwrap().len();
    let text = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let wal = text(&w.db()) + "-wal";
    for file in [text(&w.db()), text(&link), wal, text(&w.db()) + "-shm"] {
        let came = w.run(&["import", "petition", &file, "--lang", "vi"]);
        assert_eq!(came.code, 7, "{came:?}");
        assert!(came.err.contains("cơ sở dữ liệu đang mở"), "{came:?}");
        let came = w.run(&["backup", &file, "--yes"]);
        assert_eq!(came.code, 3, "{came:?}");
    }
    let link = text(&link);
    for args in [
        &["export", "petition", &link, "--yes"][..],
        &["petition", "add", "--from", &link],
    ] {
        let came = w.run(args);
        assert_eq!(came.code, 3, "{args:?} {came:?}");
        assert!(
            came.err.contains("in use") || came.err.contains("đang mở"),
            "{came:?}"
        );
    }
    assert_eq!(std::fs::metadata(&link).unwrap().len(), before);
    assert_eq!(w.run(&["doctor"]).code, 0);
}
