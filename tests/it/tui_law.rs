//! The law from the keyboard: work that is due, calendar, rules, settings, what cannot be done now, rates compared.

use crate::support::driver::{Driver, program};
use crate::support::seen::shows;
use crate::support::world::World;
use danvan::tui::Options;

fn start(world: World, width: u16, height: u16) -> Driver {
    program(world, Options::default(), width, height)
}

fn world() -> World {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[("officer", "Lan")]);
    world.petition("2025-03-10", "complaint", &[("subject", "Đường hư hỏng")]);
    world
}

#[test]
fn much_that_is_late_is_shown_before_all_of_it_is_read() {
    let mut world = World::on("2025-03-14");
    for n in 0..130 {
        let subject = format!("Việc trễ {n}");
        world.petition("2024-12-02", "complaint", &[("subject", &subject)]);
    }
    world.petition("2025-03-10", "complaint", &[("subject", "Đường hư hỏng")]);
    let mut driver = start(world, 80, 24);
    driver.press("a");
    shows(&driver, "Từ trước: 130 việc");
    shows(&driver, "131");
    driver.press("Down PgDn");
    driver.press("End");
    shows(&driver, "Đường hư hỏng");
    assert!(
        !driver.screen().contains("đang tính"),
        "{}",
        driver.screen()
    );
    driver.press("PgUp PgUp Home");
    shows(&driver, "Từ trước: 130 việc");
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

/// A petition sent on to Vĩnh Long with a reply due on Monday 17/3.
fn sent_on(today: &str) -> (World, i64) {
    let mut world = World::on(today);
    let id = world.petition("2025-03-03", "complaint", &[("subject", "Đường hư hỏng")]);
    let flags = [("to", "86"), ("reply_due", "2025-03-17")];
    world.step(id, "forward", "2025-03-05", &flags);
    (world, id)
}

#[test]
fn the_next_urging_is_suggested_among_the_work() {
    let (world, _) = sent_on("2025-03-14");
    let mut driver = start(world, 80, 24);
    driver.press("a");
    shows(&driver, "2 việc · 1 chờ phúc đáp · 1 nên đôn đốc");
    shows(
        &driver,
        "T3 18/03   1/2025   đôn đốc lần 1    Đường hư hỏng",
    );
    driver.press("End");
    shows(&driver, "đôn đốc lần 1 18/03/2025 thứ Ba · Tỉnh Vĩnh Long");
    // once its day has gone by it is work of today, with the number that comes next
    let (mut world, id) = sent_on("2025-04-18");
    world.step(id, "urge", "2025-03-18", &[("document", "5/CV")]);
    let mut driver = start(world, 80, 24);
    driver.press("a");
    shows(
        &driver,
        "T6 18/04*  1/2025   đôn đốc lần 2    Đường hư hỏng",
    );
    driver.press("End Enter");
    shows(&driver, "18/03/2025  đôn đốc lần 1  5/CV");
    // what is asked for by its standing has no urgings, and no other officer's
    driver.press("Esc o").type_("một cán bộ").press("Enter");
    driver.type_("Lan").press("Enter");
    assert!(!driver.screen().contains("đôn đốc"), "{}", driver.screen());
}

#[test]
fn an_urging_comes_filled_in_with_its_number_and_whom_it_goes_to() {
    let (mut world, id) = sent_on("2025-04-18");
    world.step(id, "urge", "2025-03-18", &[]);
    let mut driver = start(world, 80, 24);
    driver.press("5 x").type_("đôn đốc").press("Enter");
    shows(&driver, "đôn đốc");
    shows(&driver, "1/2025 · lần 2, nên từ 01/04");
    shows(&driver, "18/04/2025");
    shows(&driver, "Tỉnh Vĩnh Long");
    driver.press("F10");
    shows(&driver, "đã ghi bước: đôn đốc");
    driver.press("Enter");
    shows(&driver, "18/04/2025  đôn đốc lần 2  ");
    let rows = danvan::app::petitions::steps(driver.cx(), id).unwrap();
    assert_eq!(rows[2].step.to.as_ref().unwrap().code, "86");
}

#[test]
fn what_lies_unhandled_is_warned_of_everywhere() {
    let mut world = World::on("2026-11-20");
    world.petition("2026-10-06", "complaint", &[("subject", "Lâu nhất")]);
    world.petition("2026-10-10", "complaint", &[("subject", "Khá lâu")]);
    world.petition("2026-11-10", "complaint", &[("subject", "Mới")]);
    let mut driver = start(world, 80, 24);
    shows(&driver, "! Từ 45 ngày chưa xử lý       1");
    shows(&driver, "! Từ 35 ngày chưa xử lý       1");
    driver.press("Down Down Down Down Enter");
    shows(&driver, "từ 45 ngày chưa xử lý");
    shows(&driver, "Lâu nhất");
    shows(&driver, "! từ 45 ngày chưa xử lý");
    assert!(!driver.screen().contains("Khá lâu"), "{}", driver.screen());
    driver.press("Enter");
    shows(&driver, "! từ 45 ngày chưa xử lý");
    // an office without any such paper has no line for it
    let (world, _) = sent_on("2025-03-14");
    assert!(!start(world, 80, 24).screen().contains("chưa xử lý"));
}

#[test]
fn a_closed_case_says_that_the_law_has_changed_since() {
    use danvan::app::deadline_rules;
    use danvan::domain::value::Value;
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "feedback", &[]);
    world.step(id, "resolve", "2025-03-10", &[]);
    let office = deadline_rules::list(&world.cx)
        .into_iter()
        .find(|rule| rule.code == "KNPA_OFFICE")
        .unwrap();
    let mut driver = start(world, 80, 24);
    driver.press("5 v");
    shows(&driver, "KNPA_OFFICE: 15 ngày làm việc");
    assert!(!driver.screen().contains("đã đổi"));
    driver.press("Esc");
    let fields = [("amount", Value::Int(3))];
    deadline_rules::edit(driver.cx(), office.id, &fields, None).unwrap();
    driver.press("v");
    shows(&driver, "KNPA_OFFICE: 15 ngày làm việc");
    shows(
        &driver,
        "Quy định đã đổi sau khi giải quyết, tính theo nay là 06/03/2025;",
    );
}

#[test]
fn barred_steps_are_behind_one_line() {
    let mut driver = start(world(), 80, 24);
    driver.press("5 m");
    shows(&driver, "việc chưa làm được:");
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
    let id = world.petition("2025-03-10", "complaint", &named);
    let note = [("note", "ông Nghiệm, Trần Thử")];
    world.step(id, "classify", "2025-03-11", &note);
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
    shows(
        &driver,
        "Lời ghi của 1 bước có nêu tên người gửi cũng bị xóa.",
    );
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
