//! 1 Tổng quan: every figure opens its rows, and the page is counted again when it is shown again.

use crate::support::office::{bare, is_ascii_but_letters, marked, office, open, plain};
use crate::support::world::World;
use danvan::domain::record::Kind;
use danvan::tui::Options;

#[test]
fn the_four_counts_stand_first_and_open_their_rows() {
    let (mut driver, _dir) = plain(office());
    assert!(
        marked(&driver).contains("Mới, chưa phân loại      > 2"),
        "{}",
        driver.screen()
    );
    driver.press("Down Down");
    assert!(
        marked(&driver).contains("! Quá hạn                  > 3"),
        "{}",
        driver.screen()
    );
    driver.press("Enter");
    let screen = driver.screen();
    assert!(screen.contains("Đơn thư   quá hạn"), "{screen}");
    assert!(screen.contains("Xin sửa cống thoát nước"), "{screen}");
    driver.press("Esc");
    assert!(marked(&driver).contains("> 3"), "{}", driver.screen());
}

#[test]
fn the_year_stands_beside_the_same_span_of_last_year() {
    let (driver, _dir) = plain(office());
    let screen = driver.screen();
    assert!(
        screen.contains("01/01–12/06/2026      01/01–12/06/2025"),
        "{screen}"
    );
    let line = screen
        .lines()
        .find(|l| l.contains("Tỷ lệ xử lý đơn"))
        .unwrap();
    assert!(
        line.contains("3 / 6      50,00%") && line.contains("0 / 1       0,00%   +50,00"),
        "{line}"
    );
    let line = screen
        .lines()
        .find(|l| l.contains("Tỷ lệ giải quyết"))
        .unwrap();
    assert!(
        line.contains("2 / 3      66,67%") && line.trim_end().ends_with("0 / 0           –"),
        "{line}"
    );
}

#[test]
fn a_number_of_a_rate_opens_as_many_rows() {
    let (mut driver, _dir) = plain(office());
    driver.press("Tab Tab Right Enter");
    let screen = driver.screen();
    let title = screen.lines().next().unwrap();
    assert!(
        title.contains("phải xử lý") && title.trim_end().ends_with(" 6"),
        "{screen}"
    );
}

#[test]
fn late_work_opens_its_card() {
    let (mut driver, _dir) = plain(office());
    driver.press("Tab Tab Tab Down");
    assert!(
        marked(&driver).starts_with(" > 3/2026     06/04      ! quá 67 ngày"),
        "{}",
        driver.screen()
    );
    driver.press("Enter");
    assert!(
        driver
            .screen()
            .contains("Cấp giấy chứng nhận quyền sử dụng đất"),
        "{}",
        driver.screen()
    );
    driver.press("Esc v");
    assert!(driver.screen().contains("Căn cứ"), "{}", driver.screen());
}

#[test]
fn a_bar_says_its_number_and_opens_its_rows() {
    let (mut driver, _dir) = plain(office());
    driver.press("End Left Left Left Left Left Left Left");
    assert!(
        driver.screen().contains("Tháng 3/2026: nhận 3"),
        "{}",
        driver.screen()
    );
    driver.press("Enter");
    let screen = driver.screen();
    assert!(
        screen.lines().next().unwrap().trim_end().ends_with(" 3"),
        "{screen}"
    );
}

#[test]
fn it_is_counted_again_when_it_is_shown_again() {
    let (mut driver, _dir) = plain(office());
    driver.press("Enter F8");
    driver.press("Esc Esc");
    assert!(marked(&driver).contains("> 2"), "{}", driver.screen());
}

#[test]
fn it_lives_in_small_and_large_windows() {
    let (mut driver, _dir) = open(office(), Options::default(), 40, 10);
    assert!(
        marked(&driver).contains("Mới, chưa phân loại"),
        "{}",
        driver.screen()
    );
    driver.press("End");
    assert!(
        driver.screen().contains("Tháng 6/2026: xử lý 0"),
        "{}",
        driver.screen()
    );
    driver.resize(200, 60);
    let screen = driver.screen();
    assert!(
        screen.contains("Đơn liên") || screen.contains("Tháng 6/2026"),
        "{screen}"
    );
    assert!(screen.contains("Xã Long Hồ"), "{screen}");
}

#[test]
fn in_ascii_and_english_it_keeps_to_letters() {
    let (driver, _dir) = open(office(), bare(), 80, 24);
    let screen = driver.screen();
    assert!(is_ascii_but_letters(&screen), "{screen}");
    assert!(
        screen.contains("Overdue") && screen.contains('#'),
        "{screen}"
    );
}

#[test]
fn the_work_that_is_due_is_found_at_the_bottom_and_among_the_actions() {
    let (mut driver, _dir) = plain(office());
    assert!(
        driver.screen().contains("a việc đến hạn"),
        "{}",
        driver.screen()
    );
    driver.press("F9").type_("viec den han").press("Enter");
    let screen = driver.screen();
    assert!(screen.starts_with(" Tổng quan › Việc đến hạn"), "{screen}");
}

/// The office with a dialogue of 1/6 and an opinion for each of these days.
fn with_opinions(due: &[&str]) -> World {
    let mut world = office();
    let held = [("held_on", "2026-06-01"), ("topic", "Nước sạch")];
    let held = world.add(Kind::Dialogue, &held).to_string();
    for (at, due) in due.iter().enumerate() {
        let content = format!("Ý kiến thứ {}", at + 1);
        let fields = [("dialogue", &*held), ("content", &content), ("due_on", due)];
        world.add(Kind::Opinion, &fields);
    }
    world
}

#[test]
fn late_opinions_have_a_number_of_their_own_and_none_has_no_line() {
    let (driver, _dir) = plain(with_opinions(&["2026-08-01"]));
    assert!(
        !driver.screen().contains("Ý kiến quá hạn"),
        "{}",
        driver.screen()
    );
    let (mut driver, _dir) = plain(with_opinions(&["2026-06-10", "2026-06-11", "2026-06-15"]));
    driver.press("Down Down Down Down");
    assert!(
        marked(&driver).contains("! Ý kiến quá hạn           > 2"),
        "{}",
        driver.screen()
    );
    assert!(
        driver.screen().contains("Ý kiến sắp đến hạn         1"),
        "{}",
        driver.screen()
    );
    driver.press("Enter");
    let screen = driver.screen();
    let title = screen.lines().next().unwrap();
    assert!(
        title.contains("ý kiến quá hạn") && title.trim_end().ends_with(" 2"),
        "{screen}"
    );
    assert!(
        screen.contains("Ý kiến thứ 1") && screen.contains("Ý kiến thứ 2"),
        "{screen}"
    );
    assert!(!screen.contains("Ý kiến thứ 3"), "{screen}");
}

#[test]
fn the_list_of_what_lies_unhandled_says_since_when_that_is_counted() {
    let mut world = World::on("2026-09-01");
    for on in ["2026-06-30", "2026-07-01"] {
        world.petition(on, "complaint", &[]);
    }
    let (mut driver, _dir) = plain(world);
    driver.press("Down Down Down Down");
    assert!(
        marked(&driver).contains("! Từ 45 ngày chưa xử lý     > 1"),
        "{}",
        driver.screen()
    );
    driver.press("Enter");
    let screen = driver.screen();
    assert!(
        screen.contains("từ 45 ngày chưa xử lý · đơn nhận từ 01/07/2026"),
        "{screen}"
    );
}
