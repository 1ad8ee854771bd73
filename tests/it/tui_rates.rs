//! 7 Tỷ lệ: the figure first, every cell its rows, and back to the same cell.

use crate::support::driver::Driver;
use crate::support::office::{bare, is_ascii_but_letters, marked, office, open, plain};
use danvan::tui::Options;
use tempfile::TempDir;

fn rates() -> (Driver, TempDir) {
    let (mut driver, dir) = plain(office());
    driver.press("7");
    (driver, dir)
}

/// The line of the screen that holds `text`.
fn line(driver: &Driver, text: &str) -> String {
    let screen = driver.screen();
    screen
        .lines()
        .find(|l| l.contains(text))
        .unwrap_or_else(|| panic!("no {text} in\n{screen}"))
        .to_owned()
}

#[test]
fn the_figure_of_the_meeting_stands_first_with_its_parts_and_its_moment() {
    let (driver, _dir) = rates();
    let screen = driver.screen();
    let first = screen.lines().nth(2).unwrap();
    assert!(
        first.starts_with(" 66,67%   2 / 3  giải quyết / phải GQ"),
        "{screen}"
    );
    assert!(
        first.contains("tính đến ") && first.trim_end().ends_with("12/06/2026"),
        "{screen}"
    );
    assert!(
        screen.contains("Tử số: vụ việc khiếu nại, tố cáo"),
        "{screen}"
    );
    assert!(
        screen.contains("Mẫu số: vụ việc khiếu nại, tố cáo"),
        "{screen}"
    );
    assert!(
        line(&driver, "Tất cả").contains("2        3        1   66,67%"),
        "{screen}"
    );
}

#[test]
fn units_without_cases_are_folded_and_shown_on_request() {
    let (mut driver, _dir) = rates();
    assert!(
        line(&driver, "không có vụ việc").contains("và 33 đơn vị"),
        "{}",
        driver.screen()
    );
    assert!(!driver.screen().contains("Hà Nội"));
    driver.press("Down Enter");
    assert!(
        marked(&driver).contains("gập lại 33 đơn vị"),
        "{}",
        driver.screen()
    );
    driver.press("Home");
    assert!(driver.screen().contains("Hà Nội"), "{}", driver.screen());
    assert!(line(&driver, "Hà Nội").contains('–'), "{}", driver.screen());
    driver.press("Space");
    assert!(!driver.screen().contains("Hà Nội"));
}

#[test]
fn enter_opens_the_rows_of_the_cell_and_esc_comes_back_to_it() {
    let (mut driver, _dir) = rates();
    for (part, rows) in [
        ("giải quyết 2", " 2"),
        ("phải GQ 3", " 3"),
        ("chưa GQ 1", " 1"),
    ] {
        assert!(
            driver.screen().contains(&format!("Vĩnh Long: {part}")),
            "{}",
            driver.screen()
        );
        let cell = driver.cursor();
        driver.press("Enter");
        let screen = driver.screen();
        let title = screen.lines().next().unwrap();
        assert!(
            title.contains("Đơn thư") && title.trim_end().ends_with(rows),
            "{screen}"
        );
        driver.press("Esc");
        assert_eq!(driver.cursor(), cell, "{}", driver.screen());
        driver.press("Tab");
    }
    assert!(driver.screen().contains("Vĩnh Long: giải quyết 2"));
    driver.press("Shift-Tab");
    assert!(
        driver.screen().contains("Vĩnh Long: chưa GQ 1"),
        "{}",
        driver.screen()
    );
}

#[test]
fn right_looks_below_a_unit_and_left_comes_back() {
    let (mut driver, _dir) = rates();
    driver.press("Right");
    assert!(
        driver.screen().contains("Tỉnh Vĩnh Long và cấp dưới"),
        "{}",
        driver.screen()
    );
    assert!(
        marked(&driver).contains("Xã Long Hồ"),
        "{}",
        driver.screen()
    );
    driver.press("i");
    assert!(
        driver.screen().contains("Xã Long Hồ và cấp dưới"),
        "{}",
        driver.screen()
    );
    assert!(
        driver.screen().contains("(trực tiếp)"),
        "{}",
        driver.screen()
    );
    driver.press("Left Esc");
    assert!(
        driver.screen().contains("mọi đơn vị"),
        "{}",
        driver.screen()
    );
    assert!(
        marked(&driver).contains("Tỉnh Vĩnh Long"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_unit_is_chosen_from_the_list_and_left_leads_above_it() {
    let (mut driver, _dir) = rates();
    driver.press("d").type_("29602").press("Enter");
    assert!(
        driver.screen().contains("Xã Long Hồ"),
        "{}",
        driver.screen()
    );
    driver.press("Left");
    assert!(
        driver.screen().contains("Tỉnh Vĩnh Long và cấp dưới"),
        "{}",
        driver.screen()
    );
    assert!(
        marked(&driver).contains("Xã Long Hồ"),
        "{}",
        driver.screen()
    );
    driver.press("Left");
    assert!(
        driver.screen().contains("mọi đơn vị"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_period_is_typed_and_a_wrong_one_says_the_rule() {
    let (mut driver, _dir) = rates();
    for (typed, label) in [
        ("2026-Q1", "quý I/2026"),
        ("2026-03", "tháng 3/2026"),
        ("2026-H1", "6 tháng đầu năm 2026"),
        ("2026-01..2026-05", "01/01–31/05/2026"),
        ("tt:2026", "tt năm 2026 (15/12/2025–14/12/2026)"),
    ] {
        driver.press("p").type_(typed).press("Enter");
        let screen = driver.screen();
        assert!(screen.lines().next().unwrap().contains(label), "{screen}");
    }
    driver.press("p").type_("2026-Q5").press("Enter");
    let screen = driver.screen();
    assert!(screen.contains("không phải là kỳ"), "{screen}");
    driver.press("Esc");
    assert!(driver.screen().contains("15/12/2025–14/12/2026"));
}

#[test]
fn it_is_split_and_measured_otherwise() {
    let (mut driver, _dir) = rates();
    driver.press("b Down Enter");
    assert!(
        driver.screen().contains("theo loại đơn"),
        "{}",
        driver.screen()
    );
    assert!(
        line(&driver, "khiếu nại  ").contains("2        3        1"),
        "{}",
        driver.screen()
    );
    // the six rates in turn
    driver.press("t t t t t");
    assert!(
        driver.screen().contains("Tỷ lệ xử lý đơn"),
        "{}",
        driver.screen()
    );
    assert!(
        line(&driver, "Tổng").contains("50,00%"),
        "{}",
        driver.screen()
    );
    driver
        .press("b")
        .type_("thang")
        .press("Enter p")
        .type_("2026-Q1")
        .press("Enter");
    assert!(
        line(&driver, "tháng 3/2026").contains("75,00%"),
        "{}",
        driver.screen()
    );
}

#[test]
fn the_rows_stand_in_the_order_asked_for() {
    let (mut driver, _dir) = rates();
    driver.press("t t t t t b Down Enter s Down Enter");
    let screen = driver.screen();
    let at = |text: &str| screen.find(text).unwrap();
    assert!(at("kiến nghị") < at("khiếu nại"), "{screen}");
}

#[test]
fn last_years_span_is_compared() {
    let (mut driver, _dir) = rates();
    driver.press("t t t t t c End");
    assert!(
        line(&driver, "Tất cả").trim_end().ends_with("+50,00"),
        "{}",
        driver.screen()
    );
    assert!(
        driver.screen().contains("cùng kỳ 0 / 1 = 0,00%"),
        "{}",
        driver.screen()
    );
}

#[test]
fn units_that_were_divided_or_new_are_not_compared() {
    let (mut driver, _dir) = rates();
    driver.press("c");
    let screen = driver.screen();
    assert!(
        screen.contains("không so sánh được: đơn vị có từ"),
        "{screen}"
    );
    assert!(
        line(&driver, "> Tỉnh Vĩnh Long").trim_end().ends_with('–'),
        "{screen}"
    );
}

#[test]
fn the_rate_is_chosen_with_what_it_divides() {
    let (mut driver, _dir) = rates();
    driver.press("r Down");
    let screen = driver.screen();
    assert!(
        screen.contains("> 3  Tỷ lệ giải quyết đúng hạn"),
        "{screen}"
    );
    assert!(
        screen.contains("Tử số: vụ việc giải quyết trong kỳ, không quá hạn"),
        "{screen}"
    );
    driver.press("Esc");
    driver.press("r").type_("1").press("Enter");
    assert!(
        driver.screen().contains("Tỷ lệ xử lý đơn"),
        "{}",
        driver.screen()
    );
}

#[test]
fn days_and_the_switch_of_what_was_withdrawn_stand_under_the_table() {
    let (mut driver, _dir) = rates();
    let screen = driver.screen();
    assert!(
        screen.contains("trung vị 27 ngày, 90% trong 27 ngày"),
        "{screen}"
    );
    assert!(
        screen.contains("tính cả vụ rút đơn, đình chỉ (o đổi)"),
        "{screen}"
    );
    driver.press("o");
    assert!(
        driver.screen().contains("không tính vụ rút đơn, đình chỉ"),
        "{}",
        driver.screen()
    );
}

/// The number at the end of the title: how many rows a list has.
fn rows_of(driver: &Driver) -> String {
    let screen = driver.screen();
    let title = screen.lines().next().unwrap().trim_end();
    title.rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn the_figures_under_the_table_open_their_rows() {
    let (mut driver, _dir) = rates();
    for measure in 0..6 {
        driver.press("Home End Down");
        let screen = driver.screen();
        let Some(foot) = screen.lines().find(|l| l.contains("tồn đầu ")) else {
            assert!(screen.contains("Tỷ lệ giải quyết đúng hạn"), "{screen}");
            driver.press("t");
            continue;
        };
        assert!(foot.starts_with("> "), "{screen}");
        let numbers: Vec<String> = foot
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        let many = if screen.contains("đang tạm đình chỉ") {
            5
        } else {
            4
        };
        assert_eq!(numbers.len(), many, "{foot}");
        for number in &numbers {
            let at = driver.cursor();
            driver.press("Enter");
            assert_eq!(rows_of(&driver), *number, "{measure} {}", driver.screen());
            driver.press("Esc");
            assert_eq!(driver.cursor(), at, "{}", driver.screen());
            driver.press("Tab");
        }
        driver.press("t");
    }
}

#[test]
fn a_period_is_kept_and_what_differs_opens_its_record() {
    let (mut driver, _dir) = rates();
    driver.press("z");
    assert!(
        driver.screen().contains("chỉ chốt số"),
        "{}",
        driver.screen()
    );
    driver.press("y");
    assert!(
        driver.screen().contains("chưa chốt số liệu kỳ nào"),
        "{}",
        driver.screen()
    );
    driver.press("p").type_("2026-H1").press("Enter");
    driver.press("p").type_("2026-04").press("Enter z");
    assert!(
        driver
            .screen()
            .contains("Chốt số liệu đã báo cáo, tháng 4/2026?"),
        "{}",
        driver.screen()
    );
    // The key that asks does not confirm.
    driver.press("z Enter");
    assert!(!driver.screen().contains("đã chốt"), "{}", driver.screen());
    driver.press("z c Enter");
    let screen = driver.screen();
    assert!(screen.contains("đã chốt số liệu tháng 4/2026"), "{screen}");
    assert!(screen.contains("2 / 3 = 66,67%"), "{screen}");
    driver.press("y Enter");
    assert!(
        driver.screen().contains("không có gì khác với số đã chốt"),
        "{}",
        driver.screen()
    );
    // One of the resolved is removed.
    driver.press("Esc Home Enter F8 c Enter Esc");
    assert!(
        driver.screen().contains("nay khác: phím y"),
        "{}",
        driver.screen()
    );
    driver.press("y Enter");
    let screen = driver.screen();
    let title = screen.lines().next().unwrap();
    assert!(
        title.contains("Khác với số đã chốt   tháng 4/2026"),
        "{screen}"
    );
    assert!(
        line(&driver, "Tỷ lệ giải quyết · Giải quyết").contains("2 → 1"),
        "{screen}"
    );
    driver.press("Enter");
    assert!(
        !rows_of(&driver).is_empty() && driver.screen().contains("› Đơn thư"),
        "{}",
        driver.screen()
    );
    driver.press("Esc End");
    assert!(
        marked(&driver).contains("mất") && marked(&driver).contains("đơn"),
        "{}",
        driver.screen()
    );
    driver.press("Enter");
    assert!(
        driver.screen().contains("Tranh chấp ranh đất") || driver.screen().contains("Bồi thường"),
        "{}",
        driver.screen()
    );
}

#[test]
fn the_months_of_the_inspection_service_are_its_own() {
    let (mut driver, _dir) = rates();
    driver.press("b").type_("thang").press("Enter p");
    driver.type_("tt:2026-H1").press("Enter");
    let screen = driver.screen();
    let march = line(&driver, "tt tháng 4/2026 (15/03–14/04/2026)");
    assert!(march.contains("2        3        1"), "{screen}");
}

#[test]
fn it_lives_in_small_windows_and_in_ascii() {
    let (mut driver, _dir) = open(office(), Options::default(), 40, 10);
    driver.press("7");
    assert!(marked(&driver).contains("Vĩnh Long"), "{}", driver.screen());
    assert!(driver.screen().contains("66,67%"), "{}", driver.screen());
    driver.press("Shift-Tab");
    assert!(driver.screen().contains("chưa GQ 1"), "{}", driver.screen());
    let (mut driver, _dir) = open(office(), bare(), 200, 60);
    driver.press("7");
    let screen = driver.screen();
    assert!(
        is_ascii_but_letters(&screen) && screen.contains("####"),
        "{screen}"
    );
    assert!(screen.contains("Numerator:"), "{screen}");
}

#[test]
fn printed_figures_are_checked_and_open_their_card() {
    let mut world = office();
    for (value, rate) in [("8.328", "97,23%"), ("41", "95,35%")] {
        let whole = if value == "41" { "43" } else { "8.574" };
        world.add(
            danvan::domain::record::Kind::Figure,
            &[
                ("reporter", "Ngành mẫu"),
                ("indicator", "DON_XULY"),
                ("period_from", "2019-01-01"),
                ("period_to", "2019-05-31"),
                ("value", value),
                ("denominator", whole),
                ("printed_rate", rate),
                ("source", "báo cáo mẫu"),
                ("source_date", "2019-06-05"),
            ],
        );
    }
    let (mut driver, _dir) = plain(world);
    driver.press("7 x");
    let screen = driver.screen();
    assert!(screen.contains("1 không khớp"), "{screen}");
    let wrong = line(&driver, "! không khớp");
    assert!(
        wrong.contains("97,23%") && wrong.contains("97,13"),
        "{screen}"
    );
    driver.press("f");
    assert!(
        driver
            .screen()
            .lines()
            .next()
            .unwrap()
            .trim_end()
            .ends_with("1 / 2"),
        "{}",
        driver.screen()
    );
    driver.press("Enter");
    assert!(driver.screen().contains("8.574"), "{}", driver.screen());
    driver.press("Esc");
    assert!(marked(&driver).contains("97,23%"), "{}", driver.screen());
}
