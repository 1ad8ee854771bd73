//! The steps by the law from the keyboard: menu, form, what stands on the card and behind the deadline.

use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, shows};
use crate::support::world::World;
use danvan::app::petitions;
use danvan::domain::record::Kind;
use danvan::tui::Options;

fn open(world: World) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("5");
    driver
}

/// Opens the form of a step of the petition in front.
fn take(driver: &mut Driver, step: &str) {
    driver.press("x").type_(step).press("Enter");
    shows(driver, &format!("› {step}"));
}

#[test]
fn a_withdrawal_says_what_is_withdrawn_and_the_rule_is_told_whole() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "denunciation", &[]);
    world.step(id, "accept", "2025-03-05", &[]);
    let mut driver = open(world);
    take(&mut driver, "rút đơn");
    for field in ["Rút toàn bộ", "Rút một phần", "Rút nhưng vẫn giải quyết"] {
        shows(&driver, field);
    }
    driver.press("F10");
    shows(&driver, ">!Rút toàn bộ");
    shows(&driver, "chọn đúng một");
    shows(&driver, "rút nhưng vẫn giải");
    go_to(&mut driver, "Rút một phần");
    driver.type_("c").press("F10");
    shows(&driver, "đã ghi bước: rút đơn");
    driver.press("Enter");
    shows(&driver, "rút đơn  rút một phần");
}

#[test]
fn a_suspended_and_extended_matter_says_so_behind_its_deadline() {
    let mut world = World::on("2025-04-14");
    let id = world.petition("2025-03-03", "denunciation", &[]);
    world.step(id, "accept", "2025-03-05", &[("complex", "true")]);
    let mut driver = open(world);
    take(&mut driver, "tạm đình chỉ");
    driver.press("Ctrl-U").type_("10/3").press("F10");
    shows(&driver, ">!Lý do");
    driver.type_("chờ giám định").press("F10");
    shows(&driver, "đã ghi bước: tạm đình chỉ");
    take(&mut driver, "tiếp tục");
    driver.press("Ctrl-U").type_("20/3").press("F10");
    take(&mut driver, "gia hạn");
    driver.press("Ctrl-U").type_("25/3");
    go_to(&mut driver, "Số ngày gia hạn");
    driver.type_("30");
    go_to(&mut driver, "Văn bản");
    driver.type_("5/QĐ").press("F10");
    shows(&driver, "đã ghi bước: gia hạn, hạn 14/05/2025");
    driver.press("Enter");
    shows(&driver, "gia hạn       số ngày gia hạn 30, 5/QĐ");
    driver.press("v");
    shows(&driver, "Tạm đình chỉ  10/03/2025 – 20/03/2025");
    shows(&driver, "30 ngày: 14/04/2025 → 14/05/2025 (5/QĐ)");
    shows(&driver, "11/03/2025 thứ Ba     không tính: tạm đình chỉ");
    driver.press("G");
    shows(&driver, "60  14/05/2025 thứ Tư");
}

#[test]
fn the_lead_of_a_matter_is_named_by_number_or_words() {
    let mut world = World::on("2025-03-14");
    let lead = [("subject", "Bồi thường cầu Long Hồ")];
    world.petition("2025-03-03", "complaint", &lead);
    let again = [("subject", "Bồi thường lần nữa")];
    world.petition("2025-03-04", "complaint", &again);
    let mut driver = open(world);
    take(&mut driver, "nối vụ việc");
    go_to(&mut driver, "Đơn đầu của vụ việc");
    driver.press("F4").type_("1/2025");
    shows(&driver, "> 1/2025       Bồi thường cầu Long Hồ");
    driver.press("Ctrl-U").type_("boi thuong cau");
    shows(&driver, "> 1/2025       Bồi thường cầu Long Hồ");
    driver.press("Enter");
    shows(&driver, "1/2025  Bồi thường cầu Long Hồ");
    driver.press("F10");
    shows(&driver, "đã ghi bước: nối vụ việc");
    driver.press("Enter");
    shows(&driver, "Cùng vụ với đơn  1/2025  Bồi thường cầu Long Hồ");
}

#[test]
fn likely_leads_stand_first_with_how_alike_they_are() {
    let mut world = World::on("2025-03-14");
    let road = |subject| [("subject", subject), ("unit", "86")];
    let lead = world.petition(
        "2025-03-03",
        "complaint",
        &road("Đường liên ấp Mỹ Long bị ngập"),
    );
    let second = road("Ngập nặng đường liên ấp Mỹ Long");
    let linked = world.petition("2025-03-04", "complaint", &second);
    world.step(linked, "link", "2025-03-05", &[("lead", &lead.to_string())]);
    world.petition(
        "2025-03-06",
        "complaint",
        &road("Cấp giấy chứng nhận cho thửa ruộng"),
    );
    let third = road("Xin sửa đường liên ấp Mỹ Long hay ngập");
    let id = world.petition("2025-03-07", "complaint", &third);
    let mut driver = open(world);
    take(&mut driver, "nối vụ việc");
    go_to(&mut driver, "Đơn đầu của vụ việc");
    driver.press("F4");
    let screen = driver.screen();
    // the matter stands once, under the number of its first paper
    let marked = |line: &&str| line.contains("> 1/2025") && line.contains('%');
    assert!(screen.lines().any(|line| marked(&line)), "{screen}");
    assert_eq!(screen.matches('%').count(), 1, "{screen}");
    shows(&driver, "Cấp giấy chứng nhận cho thửa ruộng");
    driver.press("Enter F10");
    shows(&driver, "đã ghi bước: nối vụ việc");
    let papers = danvan::app::duplicates::matter(driver.cx(), id).unwrap();
    assert_eq!(papers.len(), 3);
}

#[test]
fn every_step_stands_in_the_menu_with_what_it_does_or_why_it_cannot_be_taken() {
    use danvan::catalog::step::label;
    use danvan::domain::petition::StepKind;
    use danvan::domain::value::Code;
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    let allowed = [
        "classify",
        "accept",
        "refuse",
        "return",
        "file_away",
        "guide",
        "forward",
        "withdraw",
        "link",
    ];
    for step in StepKind::ALL {
        let name = label(*step).vi;
        driver.press("x");
        if !allowed.contains(&step.code()) {
            driver.type_("chưa làm được").press("Enter");
        }
        driver.type_(name);
        shows(&driver, &format!("> {name} "));
        driver.press("Esc Esc");
    }
    driver.press("x").type_("chưa làm được").press("Enter");
    driver.type_("giải quyết");
    shows(&driver, "(LKN Đ27, LTC Đ29)");
}

#[test]
fn a_step_can_be_taken_back_only_where_there_is_one() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("F9").type_("lay lai");
    assert!(!driver.screen().contains("lấy lại bước cuối"));
    driver.press("Esc :").type_("lay lai buoc").press("Enter");
    shows(&driver, "chưa có bước nào để lấy lại");
    assert!(!driver.screen().contains("vì sao? ─"));
    driver.press("x").type_("thụ lý").press("Enter");
    driver.type_("5/3").press("F10");
    assert!(petitions::has_step(driver.cx(), id).unwrap());
    driver.press("F9").type_("lay lai").press("Enter");
    shows(&driver, "Lấy lại bước cuối: vì sao?");
}

#[test]
fn every_measure_of_the_rates_opens_its_rows() {
    let mut world = World::on("2025-03-14");
    let own = [("unit", "86"), ("jurisdiction", "own")];
    for kind in ["complaint", "recommendation"] {
        let id = world.petition("2025-03-03", kind, &own);
        if kind == "complaint" {
            world.step(id, "accept", "2025-03-05", &[]);
        }
    }
    let dialogue = world.add(
        Kind::Dialogue,
        &[
            ("held_on", "2025-02-10"),
            ("topic", "Đất đai"),
            ("unit", "86"),
        ],
    );
    let dialogue = dialogue.to_string();
    let opinion = [
        ("dialogue", dialogue.as_str()),
        ("content", "Nạo vét kênh"),
        ("assigned_unit", "86"),
    ];
    world.add(Kind::Opinion, &opinion);
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("7");
    let titles = [
        ("Tỷ lệ giải quyết ", "› Đơn thư   phải GQ"),
        ("Tỷ lệ giải quyết đúng hạn ", ""),
        (
            "Tỷ lệ trả lời kiến nghị, phản ánh ",
            "› Đơn thư   phải trả lời",
        ),
        ("Tỷ lệ phúc đáp ", ""),
        (
            "Tỷ lệ giải quyết ý kiến đối thoại ",
            "› Ý kiến đối thoại   đã giao",
        ),
        ("Tỷ lệ xử lý đơn ", "› Đơn thư   phải xử lý"),
    ];
    for (title, rows) in titles {
        shows(&driver, &format!(" {title}"));
        if !rows.is_empty() {
            driver.press("Home");
            for _ in 0..3 {
                if driver.screen().contains(": đã giao") || driver.screen().contains(": phải ")
                {
                    break;
                }
                driver.press("Tab");
            }
            let before = driver.screen();
            driver.press("Enter");
            shows(&driver, rows);
            shows(&driver, "\n> ");
            driver.press("Esc");
            assert_eq!(driver.screen(), before);
        }
        driver.press("t");
    }
}

#[test]
fn a_suspended_matter_says_since_when_and_what_would_remain() {
    let mut world = World::on("2025-04-14");
    let id = world.petition("2025-03-03", "complaint", &[]);
    world.step(id, "accept", "2025-03-10", &[]);
    world.step(id, "suspend", "2025-03-20", &[("reason", "chờ giám định")]);
    let mut driver = open(world);
    driver.press("v");
    shows(&driver, "Hạn đang dừng");
    shows(&driver, "20/03/2025");
    // ten of thirty days are used; gone on with today, twenty remain: Sunday 4 May moves to Monday
    shows(&driver, "05/05/2025 thứ Hai");
}

#[test]
fn a_card_says_how_much_of_it_lies_outside_the_window() {
    let mut world = World::on("2025-06-14");
    let long = "việc kéo dài qua nhiều năm ".repeat(70);
    let id = world.petition("2025-03-03", "complaint", &[("note", &long)]);
    world.step(id, "accept", "2025-03-27", &[]);
    let mut driver = open(world);
    driver.press("Enter");
    shows(&driver, "▼ còn");
    driver.press("End");
    shows(&driver, "▲ ");
    assert!(!driver.screen().contains("▼ còn"), "{}", driver.screen());
    shows(&driver, "27/03/2025");
}
