//! `/`: find in all registers as one types.

use crate::support::driver::Driver;
use crate::support::office::{bare, is_ascii_but_letters, marked, office, open, plain};
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
