//! The law from the keyboard: work that is due, calendar, rules, settings, what cannot be done now, rates compared.

use crate::support::driver::{Driver, program};
use crate::support::world::World;
use danvan::tui::Options;

fn start(world: World, width: u16, height: u16) -> Driver {
    program(world, Options::default(), width, height)
}

#[track_caller]
fn shows(driver: &Driver, text: &str) {
    let screen = driver.screen();
    assert!(screen.contains(text), "«{text}» is not in\n{screen}");
}

fn world() -> World {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[("officer", "Lan")]);
    world.petition("2025-03-10", "complaint", &[("subject", "Đường hư hỏng")]);
    world
}

#[test]
fn work_due_stands_by_week_with_what_is_late_first() {
    for size in [(40, 10), (80, 24), (120, 40)] {
        let mut driver = start(world(), size.0, size.1);
        driver.press("a");
        shows(&driver, "Việc đến hạn");
        shows(&driver, "Từ trước: 1 việc");
        if size.1 > 10 {
            shows(&driver, "Tuần 12 (17/03–23/03): 1 việc · 1 hạn");
            shows(&driver, "! quá 1 ngày");
        }
        driver.press("Enter");
        shows(&driver, "13/03/2025 thứ Năm");
    }
}

#[test]
fn work_due_can_be_one_officers() {
    let mut driver = start(world(), 80, 24);
    driver.press("a o").type_("một cán bộ").press("Enter");
    driver.type_("Lan").press("Enter");
    shows(&driver, "Lan · đến 13/04");
    assert!(!driver.screen().contains("Đường hư hỏng"));
}

#[test]
fn barred_steps_are_behind_one_line() {
    let mut driver = start(world(), 80, 24);
    driver.press("5 m");
    shows(&driver, "việc chưa làm được:");
    shows(&driver, "lấy lại bước cuối");
    driver.type_("chưa làm được").press("Enter");
    shows(&driver, "phúc đáp");
}

#[test]
fn a_day_of_the_calendar_is_set() {
    let mut driver = start(world(), 80, 24);
    driver.press("L");
    shows(&driver, "Lịch nghỉ");
    shows(&driver, "năm 2025");
    driver.press("F2").type_("19/3/2025").press("Enter");
    driver.type_("ngày nghỉ").press("Down Enter");
    driver.type_("Nghỉ bão").press("Enter");
    shows(&driver, "Nghỉ bão");
    shows(&driver, "đã ghi; các hạn đang mở đã tính lại");
}

#[test]
fn a_year_without_a_calendar_gets_a_proposal_and_is_confirmed() {
    let mut driver = start(world(), 80, 24);
    driver.press("L Right Right Right Right Right Right");
    shows(&driver, "năm 2031");
    driver.press("t").type_("c").press("Enter");
    shows(&driver, "Tết Dương lịch");
    driver.press("c").type_("c").press("Enter");
    shows(&driver, "đã xác nhận");
}

#[test]
fn rules_and_settings_are_changed_on_their_screens() {
    let mut driver = start(world(), 80, 24);
    driver.press("R");
    shows(&driver, "Quy định về thời hạn");
    driver.press("Enter");
    shows(&driver, "Căn cứ");
    driver.press("Esc F2");
    shows(&driver, "Mã quy định");
    driver.press("F10");
    shows(&driver, ">!Mã quy định");
    driver.press("Esc T");
    shows(&driver, "Loại cơ quan");
    driver.press("Down Enter").type_("party").press("Enter");
    shows(&driver, "cơ quan Đảng");
}

#[test]
fn becoming_a_denunciation_is_asked_first() {
    let mut world = World::on("2025-03-14");
    let named = [("petitioner", "Trần Thử Nghiệm")];
    world.petition("2025-03-10", "complaint", &named);
    let mut driver = start(world, 80, 24);
    driver.press("5 F3");
    for _ in 0..40 {
        if driver.screen().contains("\n Loại đơn:") {
            break;
        }
        driver.press("Tab");
    }
    driver.type_("tố").press("F10");
    shows(&driver, "Chuyển thành đơn tố cáo?");
    shows(&driver, "Người gửi");
    driver.type_("c").press("Enter");
    shows(&driver, "đã lưu đơn 1/2025");
}

#[test]
fn rates_say_what_was_carried_over_and_what_they_stand_beside() {
    let mut driver = start(world(), 80, 24);
    driver.press("7");
    shows(&driver, "tồn đầu 0 + mới");
    driver.press("c");
    shows(&driver, "so với cùng kỳ");
    driver.press("c n o");
    shows(&driver, "kỳ trước");
    shows(&driver, "không tính vụ rút đơn");
}

#[test]
fn in_ascii_and_english_nothing_else_is_drawn() {
    let options = Options {
        ascii: true,
        lang: danvan::domain::words::Lang::En,
        ..Options::default()
    };
    let mut driver = program(World::on("2025-03-14"), options, 80, 24);
    for (key, title) in [
        ("a", "Work due"),
        ("L", "Calendar"),
        ("R", "Deadline rules"),
        ("T", "Settings"),
    ] {
        driver.press(key);
        shows(&driver, title);
        assert!(!driver.screen().contains(['─', '│', '…', '–', '·']));
        driver.press("Esc");
    }
}
