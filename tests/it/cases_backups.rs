//! The copy of each day, what is kept of them, sealed copies, and what the doctor says of index and history.
use crate::support::cli::World as Shell;
use crate::support::world::{self, World, d, exit};
use danvan::app::upkeep::{self, Finding, daily};
use danvan::app::{Config, Cx, records, settings};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::retention::Kept;
use rusqlite::Connection;
use std::os::unix::fs::MetadataExt;

fn on(w: &World, day: &str) -> Config {
    Config {
        today: Some(d(day)),
        ..w.cx.config().clone()
    }
}

fn petitions(config: &Config) -> usize {
    let cx = Cx::open(config).unwrap();
    records::count(&cx, &Query::all(Kind::Petition)).unwrap()
}

#[test]
fn the_first_start_of_a_day_makes_its_copy() {
    let mut w = World::on("2026-11-20");
    w.petition("2026-03-02", "complaint", &[]);
    let friday = w.cx.config().clone();
    let made = daily::daily(&friday).unwrap().unwrap();
    assert_eq!(made.petitions, 1);
    assert_eq!(made.path, daily::place(&friday, d("2026-11-20")));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(
        (mode(&made.path), mode(&daily::folder(&friday))),
        (0o600, 0o700)
    );
    // the second start of the day makes none, the next day does
    w.petition("2026-03-03", "complaint", &[]);
    assert_eq!(daily::daily(&friday).unwrap(), None);
    let copy = |path: std::path::PathBuf| Config {
        db: path,
        ..friday.clone()
    };
    assert_eq!(petitions(&copy(made.path)), 1);
    let saturday = on(&w, "2026-11-21");
    let next = daily::daily(&saturday).unwrap().unwrap();
    assert_eq!(petitions(&copy(next.path)), 2);
    assert_eq!(daily::copies(&saturday).len(), 2);
}

#[test]
fn no_copy_of_the_day_where_none_is_wanted() {
    let mut w = World::on("2026-11-20");
    let live = w.cx.config().clone();
    let reader = Config {
        read_only: true,
        ..live.clone()
    };
    let demo = Config {
        demo: true,
        ..live.clone()
    };
    assert_eq!(daily::daily(&reader).unwrap(), None);
    assert_eq!(daily::daily(&demo).unwrap(), None);
    settings::set(&mut w.cx, "daily_backup", "off").unwrap();
    assert_eq!(daily::daily(&live).unwrap(), None);
    assert!(!daily::folder(&live).exists());
    settings::set(&mut w.cx, "daily_backup", "on").unwrap();
    // while another program is at it
    std::fs::create_dir(daily::folder(&live)).unwrap();
    let lock = std::fs::File::create(daily::folder(&live).join(".lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(daily::daily(&live).unwrap(), None);
    drop(lock);
    // what a killed program left behind goes
    let part = daily::folder(&live).join("danvan-2026-11-19.db.4711.part");
    std::fs::write(&part, b"nua chung").unwrap();
    assert!(daily::daily(&live).unwrap().is_some());
    assert!(!part.exists());
    // a folder that cannot be one is said
    std::fs::remove_dir_all(daily::folder(&live)).unwrap();
    std::fs::write(daily::folder(&live), b"").unwrap();
    assert_eq!(exit(daily::daily(&on(&w, "2026-11-23"))), 9);
}

#[test]
fn a_copy_says_whose_place_it_took_and_what_it_holds() {
    let mut w = World::on("2026-11-20");
    let config = w.cx.config().clone();
    let first = daily::copy(&w.cx).unwrap().unwrap();
    assert_eq!(first.replaced, None);
    let held = upkeep::glance(&config, &first.path).unwrap();
    assert_eq!(held.petitions, 0);
    w.petition("2026-11-19", "feedback", &[("subject", "Cống")]);
    assert_eq!(upkeep::glance(&config, &first.path).unwrap().petitions, 0);
    let live = upkeep::glance(&config, &config.db).unwrap();
    assert_eq!(live.petitions, 1);
    assert!(live.last.unwrap().starts_with("2026-11-20T"));
    let again = daily::copy(&w.cx).unwrap().unwrap();
    assert!(again.replaced.unwrap().contains(':'));
    std::fs::write(&again.path, b"rac").unwrap();
    assert_eq!(upkeep::glance(&config, &again.path), None);
}

#[test]
fn old_copies_go_by_the_rule_and_nothing_else_does() {
    let w = World::on("2026-11-20");
    let config = w.cx.config().clone();
    daily::copy(&w.cx).unwrap().unwrap();
    let folder = daily::folder(&config);
    for n in 1..400 {
        let day = d("2026-11-20") - chrono::Days::new(n);
        std::fs::write(daily::place(&config, day), b"cu").unwrap();
    }
    let mine = folder.join("giu-lai.db");
    std::fs::write(&mine, b"rieng").unwrap();
    let next = on(&w, "2026-11-21");
    daily::daily(&next).unwrap().unwrap();
    let left = daily::copies(&next);
    assert!(mine.exists());
    assert!(left.len() <= 7 + 5 + 12 + 2, "{}", left.len());
    assert!(left.iter().all(|copy| copy.kept.is_some()));
    assert_eq!(
        (left[0].day, left[0].kept),
        (d("2026-11-21"), Some(Kept::Day))
    );
    assert!(left.iter().any(|copy| copy.day == d("2025-12-31")));
    assert!(left.iter().any(|copy| copy.day == d("2026-10-31")));
}

#[test]
fn the_shell_makes_and_lists_the_copies() {
    let w = Shell::new();
    let made = w.run(&["backup"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.out.trim().ends_with("backups/danvan-2026-03-12.db"),
        "{made:?}"
    );
    // again on the same day: the newer state takes its place
    assert_eq!(w.run(&["backup"]).code, 0);
    let listed = w.run(&["backup", "--list"]);
    assert_eq!(listed.lines().len(), 1, "{listed:?}");
    assert!(listed.out.starts_with("2026-03-12  ngày"), "{listed:?}");
    assert!(listed.err.contains("12 tháng"), "{listed:?}");
    let doctor = w.run(&["doctor"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");
    assert!(doctor.out.contains("danvan-2026-03-12.db"), "{doctor:?}");
}

fn finding(config: &Config, code: &str) -> Finding {
    let found = upkeep::doctor(config).unwrap();
    found.into_iter().find(|f| f.code == code).unwrap()
}

#[test]
fn an_index_out_of_step_is_found_and_made_anew() {
    let mut w = World::on("2026-11-20");
    let id = w.petition(
        "2026-03-02",
        "complaint",
        &[("subject", "Đường liên ấp hư hỏng")],
    );
    let gone = w.petition("2026-03-02", "complaint", &[]);
    records::set_removed(&mut w.cx, Kind::Petition, gone, true).unwrap();
    let config = w.cx.config().clone();
    assert!(finding(&config, "search").ok && finding(&config, "history").ok);
    let conn = Connection::open(&config.db).unwrap();
    // a text changed behind the program's back, a row missing, a row too many
    for broken in [
        "UPDATE petition SET subject = 'Cầu gãy' WHERE id = 1",
        "DELETE FROM search WHERE rowid = (SELECT max(rowid) FROM search WHERE rowid & 1023 > 0)",
        "INSERT INTO search(rowid, body) VALUES ((SELECT max(rowid) + 7 FROM search WHERE rowid & 1023 > 0), 'ma')",
    ] {
        conn.execute_batch(broken).unwrap();
        let found = finding(&config, "search");
        assert!(!found.ok && found.advice.is_some(), "{broken}: {found:?}");
        upkeep::reindex(&mut w.cx).unwrap();
        assert!(finding(&config, "search").ok, "{broken}");
    }
    let hits = danvan::app::find::find(&w.cx, "cau gay", None, 10).unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(id, 1);
}

#[test]
fn what_another_program_wrote_has_no_history() {
    let mut w = World::on("2026-11-20");
    w.petition("2026-03-02", "complaint", &[]);
    let config = w.cx.config().clone();
    let conn = Connection::open(&config.db).unwrap();
    conn.execute_batch("INSERT INTO dialogue(held_on, topic, format) VALUES ('2026-03-02', 'Nước sạch', 'in_person')")
        .unwrap();
    let found = finding(&config, "history");
    assert!(
        !found.ok && found.what.vi.contains("dialogue: [1]"),
        "{found:?}"
    );
}

#[test]
fn another_offices_file_is_no_backup() {
    let w = World::on("2026-11-20");
    let config = w.cx.config().clone();
    let other = Config {
        db: config.db.with_file_name("phuong.db"),
        ..config.clone()
    };
    drop(Cx::create(&other).unwrap());
    assert!(finding(&config, "backups").advice.is_some());
    upkeep::backup(&w.cx, &config.db.with_file_name("ban-sao.db"), false).unwrap();
    let found = finding(&config, "backups");
    assert!(found.what.vi.contains("ban-sao.db"), "{found:?}");
    // what a restore puts aside is told apart: it is the state that was not wanted
    let copy = config.db.with_file_name("ban-sao.db");
    let kept = upkeep::restore(&config, &copy).unwrap().kept.unwrap();
    let found = finding(&config, "backups");
    assert!(found.what.vi.contains("mới nhất: ") && found.what.vi.contains("ban-sao.db ("));
    let name = kept.file_name().unwrap().to_str().unwrap();
    assert!(
        found.what.vi.contains("giữ 1 tệp") && found.what.vi.contains(name),
        "{found:?}"
    );
    std::fs::remove_file(copy).unwrap();
    let found = finding(&config, "backups");
    assert!(found.what.vi.contains("Không thấy bản sao lưu") && found.advice.is_some());
}

/// Runs only in a program built with the feature `age`.
#[cfg(feature = "age")]
mod sealed {
    use super::*;
    use age::secrecy::ExposeSecret;
    use danvan::app::upkeep::sealed;

    #[test]
    fn a_sealed_copy_opens_only_with_its_key() {
        let mut w = World::on("2026-11-20");
        w.petition("2026-03-02", "complaint", &[("petitioner", "Lê Thị Bông")]);
        let config = w.cx.config().clone();
        let (key, stranger) = (
            age::x25519::Identity::generate(),
            age::x25519::Identity::generate(),
        );
        let file = |name: &str, key: &age::x25519::Identity| {
            let path = w.file(name);
            std::fs::write(
                &path,
                format!("# khóa\n{}\n", key.to_string().expose_secret()),
            )
            .unwrap();
            path
        };
        let (mine, wrong) = (file("khoa", &key), file("khoa-khac", &stranger));
        let to = sealed::recipients(&[key.to_public().to_string()]).unwrap();
        assert_eq!(exit(sealed::recipients(&["age1khong".to_owned()])), 3);
        let path = w.file("usb/danvan.age");
        std::fs::create_dir(w.file("usb")).unwrap();
        let made = sealed::backup(&w.cx, &path, false, &to).unwrap();
        assert_eq!(made.petitions, 1);
        assert_eq!(exit(sealed::backup(&w.cx, &path, false, &to)), 3);
        let bytes = std::fs::read(&path).unwrap();
        assert!(sealed::is_sealed(&path));
        assert!(!bytes.windows(6).any(|w| w == "SQLite".as_bytes()));
        w.petition("2026-03-03", "complaint", &[]);
        assert_eq!(
            exit(sealed::restore_sealed(&config, &path, &wrong, &mut |_| {})),
            3
        );
        let mut changed = bytes.clone();
        let at = changed.len() / 2;
        changed[at] ^= 1;
        std::fs::write(w.file("doi.age"), &changed).unwrap();
        assert_eq!(
            exit(sealed::restore_sealed(
                &config,
                &w.file("doi.age"),
                &mine,
                &mut |_| {}
            )),
            7
        );
        assert_eq!(petitions(&config), 2);
        assert_eq!(
            sealed::restore_sealed(&config, &path, &mine, &mut |_| {})
                .unwrap()
                .petitions,
            1
        );
        assert_eq!(petitions(&config), 1);
        let left = std::fs::read_dir(daily::folder(&config)).unwrap().count();
        assert_eq!(left, 0);
        assert_eq!(std::fs::read_dir(w.file("usb")).unwrap().count(), 1);
    }
}

#[test]
fn who_shares_the_database_shares_its_copies() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    for (bits, wanted) in [(0o600, 0o700), (0o660, 0o770)] {
        let dir = tempfile::tempdir().unwrap();
        let config = world::config(dir.path(), "2026-03-12");
        world::place(&config);
        std::fs::set_permissions(&config.db, std::fs::Permissions::from_mode(bits)).unwrap();
        daily::daily(&config).unwrap().unwrap();
        assert_eq!(mode(&daily::folder(&config)), wanted);
        assert!(finding(&config, "permissions").advice.is_none());
    }
}
