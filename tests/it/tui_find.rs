//! `/`: find in all registers as one types.

use crate::support::driver::Driver;
use crate::support::office::{LONG_HO, bare, is_ascii_but_letters, marked, office, open, plain};
use danvan::domain::record::Kind;
use danvan::tui::Options;
use tempfile::TempDir;

fn found(text: &str) -> (Driver, TempDir) {
    let (mut driver, dir) = plain(office());
    driver.press("5 /").type_(text);
    (driver, dir)
}

#[test]
fn the_cursor_stands_in_the_line_and_a_hint_under_it() {
    let (mut driver, _dir) = found("");
    assert!(
        driver.screen().contains("tìm trong mọi sổ"),
        "{}",
        driver.screen()
    );
    assert_eq!(driver.cursor(), (6, 2));
    driver.type_("đất");
    assert_eq!(driver.cursor(), (9, 2));
}

#[test]
fn results_are_grouped_with_their_counts() {
    let (driver, _dir) = found("dat");
    let screen = driver.screen();
    for head in [" Đơn thư 3\n", " Tiếp công dân 1\n"] {
        assert!(screen.contains(head), "{screen}");
    }
    assert!(screen.contains("Hỏi về hồ sơ đất đai"), "{screen}");
}

#[test]
fn marks_that_are_typed_must_match() {
    let (driver, _dir) = found("đường");
    assert!(!driver.screen().contains("Dương"), "{}", driver.screen());
    let (driver, _dir) = found("duong lien");
    assert!(
        driver.screen().contains("Đường liên ấp"),
        "{}",
        driver.screen()
    );
    let (driver, _dir) = found("khongcogi");
    assert!(
        driver.screen().contains("không tìm thấy gì"),
        "{}",
        driver.screen()
    );
}

#[test]
fn tab_goes_to_the_next_group_and_enter_opens_the_card() {
    let (mut driver, _dir) = found("dat dai");
    driver.press("Home Tab");
    let (mut other, _dir) = found("dat");
    other.press("Tab");
    assert!(
        marked(&other).contains("Cấp giấy chứng nhận"),
        "{}",
        other.screen()
    );
    other.press("Down Enter");
    assert!(
        other.screen().contains("Tìm › đơn 2/2026"),
        "{}",
        other.screen()
    );
    other.press("Esc");
    assert!(marked(&other).contains("Bồi thường"), "{}", other.screen());
    other.press("Tab Tab");
    assert!(marked(&other).contains("Xã Đất"), "{}", other.screen());
    other.press("Shift-Tab Shift-Tab Esc");
    assert!(
        other.screen().starts_with(" Đơn thư "),
        "{}",
        other.screen()
    );
}

#[test]
fn what_is_not_shown_opens_as_a_list() {
    let (mut driver, _dir) = found("duong");
    // a few units, so that what registers hold stands on the first screen
    assert!(driver.screen().contains("Đèn đường"), "{}", driver.screen());
    for _ in 0..3 {
        driver.press("Down");
    }
    assert!(marked(&driver).contains("xem cả"), "{}", driver.screen());
    driver.press("Enter");
    assert!(
        driver.screen().contains("tìm «duong»"),
        "{}",
        driver.screen()
    );
}

#[test]
fn pasted_text_is_searched_and_taken_back_text_clears_the_results() {
    let (mut driver, _dir) = found("");
    driver.paste("đèn\nđường");
    assert!(
        driver.screen().contains("Đèn đường ấp 5"),
        "{}",
        driver.screen()
    );
    driver.press("Ctrl-U");
    assert!(
        driver.screen().contains("tìm trong mọi sổ"),
        "{}",
        driver.screen()
    );
}

#[test]
fn it_lives_in_small_windows_and_in_ascii() {
    let (mut driver, _dir) = open(office(), Options::default(), 40, 10);
    driver.press("/").type_("dat");
    for _ in 0..30 {
        driver.press("Down");
    }
    assert!(marked(&driver).contains("Hỏi về"), "{}", driver.screen());
    let (mut driver, _dir) = open(office(), bare(), 120, 30);
    driver.press("/").type_("dat");
    let screen = driver.screen();
    assert!(
        is_ascii_but_letters(&screen) && screen.contains("Petitions 3"),
        "{screen}"
    );
}

#[test]
fn a_number_of_a_book_stands_first_and_under_the_cursor() {
    let mut world = office();
    let fields = [("subject", "Hỏi lại đơn số 2/2026")];
    world.petition("2026-06-10", "recommendation", &fields);
    world.add(
        Kind::Reception,
        &[
            ("received_on", "2026-06-03"),
            ("unit", LONG_HO),
            ("content", "Hỏi thêm"),
        ],
    );
    let (mut driver, _dir) = plain(world);
    // A petition and a reception bear it: the register one stands in comes first, the units after both.
    for (section, first, next) in [
        ("5", "Bồi thường khi thu hồi đất", "Hỏi thêm"),
        ("6", "Hỏi thêm", "Bồi thường khi thu hồi đất"),
        ("2", "Bồi thường khi thu hồi đất", "Hỏi thêm"),
    ] {
        driver.press(section).press("/").type_("2/2026");
        let screen = driver.screen();
        let row = marked(&driver);
        assert!(row.contains("2/2026") && row.contains(first), "{screen}");
        let at = |text: &str| {
            screen
                .find(text)
                .unwrap_or_else(|| panic!("{text}\n{screen}"))
        };
        assert!(at(first) < at(next), "{screen}");
        assert!(at("Bồi thường") < at("Hỏi lại đơn số"), "{screen}");
        driver.press("Esc");
    }
    driver.press("5 /").type_("2/2026").press("Enter");
    assert!(
        driver.screen().contains("Tìm › đơn 2/2026"),
        "{}",
        driver.screen()
    );
}
