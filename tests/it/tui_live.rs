//! What others save comes to the open screen by itself, and nothing moves under the hand.

use crate::support::driver::Driver;
use crate::support::office::{LONG_HO, TODAY, marked, office, plain};
use crate::support::world::{World, d};
use danvan::app::records::{self, NewRecord};
use danvan::app::{petitions, settings};
use danvan::domain::petition::StepKind;
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use danvan::tui::effect::Lane;
use danvan::tui::loop_::Batch;
use danvan::tui::msg::Msg;
use std::time::Duration;
use tempfile::TempDir;

/// The office on a screen, and the same office in another program.
fn two() -> (Driver, TempDir, World) {
    let (mut driver, dir) = plain(office());
    let other = World::over(driver.cx().config(), TODAY);
    (driver, dir, other)
}

fn petition(other: &mut World, subject: &str) -> i64 {
    let fields = [("unit", LONG_HO), ("subject", subject)];
    other.petition("2026-06-10", "recommendation", &fields)
}

#[test]
fn a_list_shows_what_another_saves_and_keeps_its_row() {
    let (mut driver, _dir, mut other) = two();
    driver.press("5 Down Down");
    let before = marked(&driver);
    petition(&mut other, "Xin nối đường ấp 7");
    driver.stirred();
    assert!(
        driver.screen().contains("Xin nối đường ấp 7"),
        "{}",
        driver.screen()
    );
    assert_eq!(marked(&driver), before);
    for n in 0..30 {
        petition(&mut other, &format!("Việc đầu {n}"));
    }
    driver.stirred();
    assert_eq!(marked(&driver), before);
    // Whoever stands under more rows than are held finds the same row at the same place.
    driver.press("End");
    let (line, place) = (marked(&driver), driver.cursor());
    let many = papers(300);
    records::add(&mut other.cx, Kind::Petition, &many).unwrap();
    driver.stirred();
    assert_eq!(marked(&driver), line);
    assert_eq!(driver.cursor(), place, "{}", driver.screen());
    driver.press("Up");
    assert_ne!(marked(&driver), line);
}

#[test]
fn what_one_saves_oneself_is_no_news_and_neither_is_a_look() {
    let (mut driver, _dir, mut other) = two();
    driver.press("5");
    assert!(!driver.cx().others_wrote().unwrap());
    let id = petition(&mut other, "Của người khác");
    assert!(driver.cx().others_wrote().unwrap());
    assert!(!driver.cx().others_wrote().unwrap());
    let fields = [("note", Value::Text("xem lại".into()))];
    records::edit(driver.cx(), Kind::Petition, id, None, &fields).unwrap();
    assert!(!driver.cx().others_wrote().unwrap());
}

#[test]
fn who_pages_through_a_list_has_the_next_rows_read_in_a_pause() {
    let (mut driver, _dir, mut other) = two();
    records::add(&mut other.cx, Kind::Petition, &papers(400)).unwrap();
    driver.press("5");
    let mut later = |keys: &str| {
        let before = driver.later();
        driver.press(keys);
        driver.later() - before
    };
    assert_eq!(
        later("Down Down Down Down Down PgDn"),
        0,
        "who looks at the newest is done"
    );
    assert_eq!(later("PgDn PgDn PgDn"), 1);
    // Rows that were not there come; those behind them are next, once.
    assert_eq!(later("PgDn PgDn PgDn PgDn"), 1);
    assert_eq!(later("Down Down Down Down Down Up Up Up Up Up"), 0);
    assert_eq!(later("End"), 0);
    assert_eq!(later("PgUp PgUp PgUp PgUp"), 1);
}

/// So many new petitions of one day.
fn papers(count: usize) -> Vec<NewRecord> {
    let paper = |n| NewRecord {
        fields: vec![
            ("received_on", Value::Date(d("2026-06-10"))),
            ("type", Value::Text("recommendation".into())),
            ("subject", Value::Text(format!("Việc {n}"))),
        ],
        ..NewRecord::default()
    };
    (0..count).map(paper).collect()
}

/// The jobs that some keys have done.
fn jobs(driver: &mut Driver, keys: &str) -> usize {
    let before = driver.jobs();
    driver.press(keys);
    driver.jobs() - before
}

#[test]
fn what_stands_in_front_again_is_read_again_only_after_something_was_written() {
    let (mut driver, _dir, mut other) = two();
    driver.press("5 7 1 5 Enter");
    let looks = [
        ("Esc", "the list"),
        ("7", "the rates"),
        ("1", "the overview"),
    ];
    for (key, what) in looks {
        let shown = jobs(&mut driver, key);
        assert_eq!(
            shown, 1,
            "{what}: that nothing was written is all that is asked"
        );
    }
    driver.press("5");
    let list = driver.screen();
    // Another's save is there although the system has not told of it yet, in each of them.
    driver.press("Enter");
    petition(&mut other, "Xin nối đường ấp 7");
    for (key, what) in looks {
        assert!(jobs(&mut driver, key) > 1, "{what}");
    }
    assert!(jobs(&mut driver, "5") == 1 && driver.screen() != list);
    assert!(
        driver.screen().contains("Xin nối đường ấp 7"),
        "{}",
        driver.screen()
    );
    // One's own too, whichever screen it was made on.
    driver.press("7");
    let id = driver_petition(&mut driver);
    let fields = [("subject", Value::Text("Xin nối đường ấp 9".into()))];
    records::edit(driver.cx(), Kind::Petition, id, None, &fields).unwrap();
    assert!(jobs(&mut driver, "5") > 1);
    assert!(
        driver.screen().contains("Xin nối đường ấp 9"),
        "{}",
        driver.screen()
    );
    assert!(jobs(&mut driver, "7") > 1);
}

#[test]
fn what_is_read_ahead_is_what_closed_sections_ask_and_nobody_sees_it() {
    let (mut driver, _dir, _other) = two();
    let (screen, moment) = (driver.screen(), driver.cx().moment());
    let ahead = driver.root().ahead();
    // Find asks one question, units for the names of all too, the rates for their days, the agenda for its rest, four
    // registers for their rows and their counts.
    assert_eq!(ahead.len(), 1 + 3 * 2 + 4 * 2);
    let last = ahead.iter().map(|effect| effect.lane == Lane::Later);
    assert!(last.is_sorted(), "what takes long comes last");
    let answers: Vec<Msg> = ahead
        .into_iter()
        .map(|effect| Msg::Answer(effect.run(driver.cx(), &|_| ())))
        .collect();
    driver.root().handle(Batch {
        messages: answers,
        pause: Duration::ZERO,
    });
    assert!(
        driver.root().take_effects().is_empty(),
        "nobody gets the answers"
    );
    driver.settle();
    assert_eq!(driver.screen(), screen);
    assert_eq!(driver.cx().moment(), moment, "it writes nothing");
    driver.press("5 7");
    assert_eq!(driver.root().ahead().len(), 1 + 2 * 2 + 3 * 2);
}

/// Does all that is read ahead.
fn read_ahead(driver: &mut Driver) {
    for effect in driver.root().ahead() {
        drop(effect.run(driver.cx(), &|_| ()));
    }
}

#[test]
fn the_rates_stand_as_they_were_counted_ahead_while_nothing_is_written() {
    let (mut counts, _dir, _other) = two();
    assert!(jobs(&mut counts, "7") > 2);
    let screen = counts.screen();
    assert!(screen.contains("trung vị"), "{screen}");
    let (mut driver, _dir, mut other) = two();
    read_ahead(&mut driver);
    assert_eq!(jobs(&mut driver, "7"), 1, "it is there, days and all");
    assert_eq!(driver.screen(), screen);
    // As much as ever to come back, and as much as ever once something was written.
    assert_eq!(jobs(&mut driver, "1 7"), 2);
    petition(&mut other, "Xin nối đường ấp 7");
    assert!(jobs(&mut driver, "1 7") > 4);
    let (mut driver, _dir, mut other) = two();
    read_ahead(&mut driver);
    petition(&mut other, "Xin nối đường ấp 7");
    assert!(jobs(&mut driver, "7") > 2, "what was counted is old");
}

#[test]
fn a_list_that_was_left_while_it_was_narrowed_is_whole_again() {
    let (mut driver, _dir, mut other) = two();
    driver.press("5 f").type_("đường").press("Enter 1");
    let before = jobs(&mut driver, "5");
    assert!(
        before > 1,
        "what was found letter by letter is no window to stay"
    );
    petition(&mut other, "Xin nối đường ấp 7");
    driver.press("1 5");
    assert!(
        driver.screen().contains("Xin nối đường ấp 7"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_change_that_is_not_to_be_seen_changes_nothing() {
    let (mut driver, _dir, mut other) = two();
    driver.press("5 Down");
    let before = driver.screen();
    let visit = [
        ("received_on", "2026-06-02"),
        ("unit", LONG_HO),
        ("content", "Hỏi"),
    ];
    other.add(Kind::Reception, &visit);
    other.petition("2026-06-10", "complaint", &[("subject", "Rồi xóa")]);
    let ids = other.ids(&Query::all(Kind::Petition));
    let newest = *ids.iter().max().unwrap();
    records::set_removed(&mut other.cx, Kind::Petition, newest, true).unwrap();
    driver.stirred();
    assert_eq!(driver.screen(), before);
}

#[test]
fn nothing_is_read_under_a_form_or_a_question_but_when_one_is_back() {
    let (mut driver, _dir, mut other) = two();
    for (open, close) in [("F2", "Esc"), ("F1", "Esc"), ("f", "Esc")] {
        driver.press("5");
        driver.press(open);
        let before = driver.screen();
        let subject = format!("Xin việc {open}");
        petition(&mut other, &subject);
        driver.stirred();
        assert_eq!(driver.screen(), before, "{open}");
        driver.press(close);
        assert!(
            driver.screen().contains(&subject),
            "{open}:\n{}",
            driver.screen()
        );
    }
}

#[test]
fn cards_overview_rates_units_and_the_agenda_follow() {
    let (mut driver, _dir, mut other) = two();
    driver.press("5 Home Enter");
    let id = driver_petition(&mut driver);
    other
        .edit(Kind::Petition, id, &[("officer", "Lê Văn Tám")])
        .unwrap();
    driver.stirred();
    assert!(
        driver.screen().contains("Lê Văn Tám"),
        "{}",
        driver.screen()
    );

    driver.press("Esc 1");
    let before = driver.screen();
    let fields = [("unit", LONG_HO), ("subject", "Khiếu nại mới")];
    let late = other.petition("2026-04-01", "complaint", &fields);
    other.step(late, "classify", "2026-04-02", &[("jurisdiction", "own")]);
    other.step(late, "accept", "2026-04-03", &[]);
    driver.stirred();
    assert_ne!(driver.screen(), before);

    driver.press("7");
    let before = driver.screen();
    other.step(late, "resolve", "2026-06-01", &[("outcome", "justified")]);
    driver.stirred();
    assert_ne!(driver.screen(), before);
    let counted = driver.screen();
    other
        .edit(Kind::Petition, late, &[("officer", "Lê Văn Tám")])
        .unwrap();
    driver.stirred();
    assert_eq!(driver.screen(), counted, "no figure is another");

    driver.press("1 a");
    let subject = "Đơn sắp đến hạn";
    let due = other.petition(
        "2026-06-11",
        "complaint",
        &[("unit", LONG_HO), ("subject", subject)],
    );
    driver.press("End");
    let row = marked(&driver);
    other
        .edit(Kind::Petition, due, &[("officer", "Lê Văn Tám")])
        .unwrap();
    driver.stirred();
    assert_eq!(marked(&driver), row);
}

#[test]
fn how_long_it_took_is_read_again_where_no_figure_is_another() {
    let (mut driver, _dir, mut other) = two();
    driver.press("7");
    assert!(
        driver.screen().contains("trung vị 27 ngày"),
        "{}",
        driver.screen()
    );
    let ids = other.ids(&Query::all(Kind::Petition));
    for id in ids {
        let last = petitions::steps(&other.cx, id).unwrap().pop();
        if last.is_some_and(|step| step.step.kind == Some(StepKind::Resolve)) {
            petitions::undo_step(&mut other.cx, id, "nhầm ngày").unwrap();
            other.step(id, "resolve", "2026-04-06", &[("outcome", "justified")]);
        }
    }
    driver.stirred();
    assert!(
        driver.screen().contains("trung vị 32 ngày"),
        "{}",
        driver.screen()
    );
}

#[test]
fn figures_that_cannot_be_counted_again_stay() {
    let (mut driver, _dir, mut other) = two();
    driver.press("7");
    let before = driver.screen();
    assert!(before.contains("66,67"), "{before}");
    petition(&mut other, "Xin nối đường ấp 7");
    let db = rusqlite::Connection::open(&other.cx.config().db).unwrap();
    db.execute_batch("ALTER TABLE petition RENAME TO gone")
        .unwrap();
    driver.stirred();
    let (screen, rows) = (driver.screen(), |text: &str| text.matches("Xã").count());
    assert!(screen.contains("66,67"), "{screen}");
    assert_eq!(rows(&screen), rows(&before), "{screen}");
}

#[test]
fn a_setting_of_another_program_holds_here_too() {
    let (mut driver, _dir, mut other) = two();
    let soon = |driver: &Driver| {
        let screen = driver.screen();
        let line = screen.lines().find(|l| l.contains("Sắp đến hạn")).unwrap();
        line.split_whitespace().nth(3).unwrap().to_owned()
    };
    assert_eq!(soon(&driver), "0");
    settings::set(&mut other.cx, "due_soon_days", "40").unwrap();
    driver.stirred();
    assert_eq!(soon(&driver), "1", "{}", driver.screen());
}

/// The petition on the card in front.
fn driver_petition(driver: &mut Driver) -> i64 {
    let query = Query::all(Kind::Petition);
    let rows = records::list(driver.cx(), &query, 0, Some(1)).unwrap();
    rows[0].head().id
}

#[test]
fn the_tree_stays_open_where_it_was_opened() {
    let (mut driver, _dir, mut other) = two();
    driver.press("2 Right Down");
    let before = driver.screen();
    petition(&mut other, "Xin nối đường ấp 7");
    driver.stirred();
    assert_eq!(
        marked(&driver),
        before.lines().find(|l| l.contains('>')).unwrap()
    );
    assert_eq!(driver.screen().lines().count(), before.lines().count());
}

#[test]
fn of_two_who_take_the_same_step_the_second_is_told_who_was_first() {
    let (mut driver, _dir, mut other) = two();
    let id = petition(&mut other, "Xin nối đường ấp 7");
    driver.press("5 Home");
    assert!(marked(&driver).contains("Xin nối đường"));
    driver.press("x Enter");
    assert!(driver.screen().contains("phân loại"), "{}", driver.screen());
    other.step(id, "classify", "2026-06-11", &[("jurisdiction", "own")]);
    driver.press("F10");
    let screen = driver.screen();
    assert!(
        screen.contains("lan vừa ghi bước «phân loại» cho đơn này"),
        "{screen}"
    );
    assert!(screen.contains("F10 lần nữa"), "{screen}");
    assert_eq!(petitions::steps(driver.cx(), id).unwrap().len(), 1);
    // What was taken back meanwhile is told too, and who saves again has read it.
    driver.press("Esc Esc");
    driver.press("x");
    driver.press("Enter");
    petitions::undo_step(&mut other.cx, id, "nhầm").unwrap();
    driver.press("F10");
    let screen = driver.screen();
    assert!(
        screen.contains("bước cuối của đơn này vừa được lấy lại"),
        "{screen}"
    );
}

#[test]
fn a_long_export_keeps_nobody_waiting_and_can_be_given_up() {
    let (mut driver, dir, _other) = two();
    let folder = dir.path().join("ra");
    std::fs::create_dir(&folder).unwrap();
    let begin = |driver: &mut Driver, name: &str| {
        driver.hold();
        driver.press("5 X Enter");
        assert!(
            driver.screen().contains("don-thu-2026-"),
            "a name in the words of the screen"
        );
        for _ in 0..40 {
            driver.press("Backspace");
        }
        driver.type_(&folder.join(name).display().to_string());
        driver.press("Enter");
        assert!(
            driver.screen().contains("đang ghi tệp: 0 dòng"),
            "{}",
            driver.screen()
        );
    };
    begin(&mut driver, "a.csv");
    driver.press("Down Enter Esc 6 5");
    assert!(
        driver.screen().contains("đang ghi tệp"),
        "{}",
        driver.screen()
    );
    driver.press("Ctrl-Q");
    assert!(
        driver.screen().contains("sẽ dừng, không để lại gì"),
        "{}",
        driver.screen()
    );
    driver.press("Esc");
    driver.let_go();
    assert!(
        driver.screen().contains("đã xuất 6 dòng"),
        "{}",
        driver.screen()
    );
    begin(&mut driver, "b.csv");
    driver.press("Esc");
    driver.let_go();
    assert!(
        driver.screen().contains("Đã dừng; không ghi tệp nào."),
        "{}",
        driver.screen()
    );
    let left = std::fs::read_dir(&folder).unwrap();
    let names: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["a.csv"]);
}
