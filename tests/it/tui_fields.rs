//! Fields that help: echoes, what the first letter replaces, what was entered before, lists, slips, the editor.

use crate::support::cli;
use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, shows};
use crate::support::world::World;
use danvan::app::{records, settings};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::tui::Options;
use danvan::tui::lang::Msg;

fn open(world: World) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("5");
    driver
}

fn start() -> Driver {
    open(World::on("2025-03-14"))
}

#[track_caller]
fn lacks(driver: &Driver, text: &str) {
    assert!(
        !driver.screen().contains(text),
        "«{text}» is in\n{}",
        driver.screen()
    );
}

/// A new complaint with all that is required, not saved.
fn fill(driver: &mut Driver, subject: &str) {
    driver.press("F2");
    go_to(driver, "Loại đơn");
    driver.type_("kh");
    go_to(driver, "Nội dung");
    driver.type_(subject);
}

fn petitions(driver: &mut Driver) -> usize {
    records::count(driver.cx(), &Query::all(Kind::Petition)).unwrap()
}

fn text_of(driver: &mut Driver, id: i64, key: &str) -> String {
    let record = records::get(driver.cx(), Kind::Petition, id).unwrap();
    record.get(key).text().unwrap_or_default().to_owned()
}

#[test]
fn a_field_that_is_left_says_that_there_is_more_of_it() {
    let mut driver = program(World::on("2025-03-14"), Options::default(), 80, 24);
    driver.press("5 F2");
    go_to(&mut driver, "Nội dung");
    driver.type_(&"đường liên ấp ".repeat(8)).press("Tab");
    let line = |driver: &Driver, label: &str| -> String {
        let screen = driver.screen();
        let found = screen.lines().find(|line| line.contains(label));
        found.unwrap_or_default().to_owned()
    };
    assert!(line(&driver, "Nội dung *").ends_with('…'));
    // The same of a long one.
    driver.type_(&"đường liên ấp ".repeat(40)).press("Tab Tab");
    let screen = driver.screen();
    assert_eq!(screen.matches('…').count(), 2, "{screen}");
}

#[test]
fn a_date_echoes_at_one_place_and_a_number_as_it_is_written_here() {
    let mut driver = start();
    driver.press("F2");
    let mut places = Vec::new();
    for typed in ["1", "14", "143"] {
        driver.press("Ctrl-U").type_(typed);
        if let Some(line) = driver.screen().lines().find(|l| l.contains("thứ")) {
            places.push(line.find("/03/2025").unwrap());
        }
    }
    assert!(
        places.windows(2).all(|pair| pair[0] == pair[1]),
        "{places:?}"
    );
    driver.press("Ctrl-U").type_("hn").press("Tab");
    go_to(&mut driver, "Số người ký");
    driver.type_("1350");
    shows(&driver, "1350  = 1.350");
    driver.press("Tab");
    shows(&driver, "Số người ký                1.350");
    driver.press("Shift-Tab").type_("25").press("Tab");
    shows(&driver, "Số người ký                25");
}

#[test]
fn the_first_letter_replaces_and_an_arrow_keeps() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[("petitioner", "Lê Thị Bông")]);
    let mut driver = open(world);
    driver.press("F3");
    go_to(&mut driver, "Người gửi");
    shows(&driver, "gõ là thay, ← → giữ");
    driver.press("Left").type_("x");
    shows(&driver, "Lê Thị Bônxg");
    driver.press("Ctrl-Z Tab Shift-Tab").type_("T");
    shows(&driver, "T  trước: Lê Thị Bông (Ctrl-Z)");
    driver.press("Ctrl-Z");
    shows(&driver, "Người gửi                  Lê Thị Bông\n");
    driver.press("Tab Shift-Tab End").type_("g");
    shows(&driver, "Lê Thị Bôngg");
}

#[test]
fn arrows_bring_back_what_was_entered_before_but_never_a_person() {
    let mut driver = open(World::on("2025-08-14"));
    for (unit, name) in [("29602", "Lê Thị Bông"), ("29641", "Trần Văn Mẫu")] {
        fill(&mut driver, "Đường liên ấp hư hỏng");
        go_to(&mut driver, "Đơn vị");
        driver.type_(unit);
        go_to(&mut driver, "Người gửi");
        driver.type_(name).press("F10");
        shows(&driver, "đã lưu đơn");
    }
    driver.press("F2");
    go_to(&mut driver, "Đơn vị");
    driver.type_("86").press("Up");
    shows(&driver, "29641  Xã Cái Nhum");
    driver.press("Up");
    shows(&driver, "29602  Xã Long Hồ");
    driver.press("Up Down");
    shows(&driver, "29641  Xã Cái Nhum");
    driver.press("Down");
    shows(&driver, "Đơn vị                     86");
    for label in ["Người gửi", "Nội dung"] {
        go_to(&mut driver, label);
        driver.press("Up");
        shows(&driver, "ô này chưa có giá trị nhập trước");
    }
    go_to(&mut driver, "Loại đơn");
    driver.press("Down Down Up");
    shows(&driver, "Loại đơn *                 khiếu nại");
    let file = driver.folder().join("state/entered/petition.json");
    let kept = std::fs::read_to_string(file).unwrap();
    for text in ["Bông", "Mẫu", "Đường"] {
        assert!(!kept.contains(text), "{kept}");
    }
}

#[test]
fn a_slip_is_asked_about_once_and_mended_where_it_is_certain() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp hư hỏng");
    go_to(&mut driver, "Ngày ghi trên đơn");
    driver.type_("12/3/24");
    go_to(&mut driver, "Người gửi");
    driver.type_("LÊ THỊ BÔNG").press("F10");
    shows(&driver, "Có vẻ nhầm");
    shows(&driver, "12/03/2024 trước ngày nhận hơn một năm");
    shows(&driver, "→ 12/03/2025");
    shows(&driver, "Người gửi: viết hoa toàn bộ");
    shows(&driver, "> sửa lại");
    assert_eq!(petitions(&mut driver), 0);
    // Pressing the saving key again answers nothing, and Enter only goes back.
    driver.press("F10");
    shows(&driver, "> sửa lại");
    driver.press("Enter");
    shows(&driver, "> Ngày ghi trên đơn");
    go_to(&mut driver, "Nội dung");
    driver.type_("Đường Nguуễn Huệ hư hỏng").press("F10");
    shows(&driver, "«Nguуễn» có chữ của bảng chữ cái khác");
    lacks(&driver, "viết hoa toàn bộ");
    driver.press("Down Enter");
    shows(&driver, "đã lưu đơn 1/2025");
    assert_eq!(
        text_of(&mut driver, 1, "subject"),
        "Đường Nguyễn Huệ hư hỏng"
    );
    assert_eq!(text_of(&mut driver, 1, "petitioner"), "LÊ THỊ BÔNG");
    // What stands there already is not asked about again when something else is changed.
    driver.press("F3");
    go_to(&mut driver, "Lĩnh vực");
    driver.type_("dat").press("F10");
    shows(&driver, "đã lưu đơn 1/2025");
}

#[test]
fn a_slip_that_is_right_is_saved_as_it_stands() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp hư hỏng");
    go_to(&mut driver, "Người gửi");
    driver.type_("lê thị bông").press("F10 Down Down Enter");
    shows(&driver, "đã lưu đơn 1/2025");
    assert_eq!(text_of(&mut driver, 1, "petitioner"), "lê thị bông");
}

#[test]
fn a_step_is_looked_at_for_slips_too() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "complaint", &[]);
    world.step(id, "classify", "2025-03-04", &[("jurisdiction", "own")]);
    let mut driver = open(world);
    driver.press("x").type_("thu ly").press("Enter");
    go_to(&mut driver, "Văn bản");
    driver.type_("l5/TB").press("F10");
    shows(&driver, "có chữ l, I hoặc O ở chỗ của số");
    driver.press("Down Enter");
    lacks(&driver, "Có vẻ nhầm");
    driver.press("Enter");
    shows(&driver, "15/TB");
}

#[test]
fn the_shell_notes_slips_and_saves_all_the_same() {
    let world = cli::World::new();
    let add = |more: &[&str]| {
        let mut args = vec![
            "petition",
            "add",
            "--received-on",
            "hn",
            "--type",
            "complaint",
        ];
        args.extend(["--subject", "Đường liên ấp hư hỏng"]);
        args.extend(more);
        world.run(&args)
    };
    let came = add(&["--petitioner", "LÊ THỊ BÔNG", "--written-on", "11/3/2024"]);
    assert_eq!((came.code, came.out.as_str()), (0, "1\n"));
    for line in [
        "có vẻ nhầm — Người gửi (petitioner): viết hoa toàn bộ; có phải «Lê Thị Bông»?",
        "Ngày ghi trên đơn (written_on): 11/03/2024 trước ngày nhận hơn một năm; có phải «11/03/2026»?",
    ] {
        assert!(came.err.contains(line), "{}", came.err);
    }
    assert!(!add(&["--petitioner", "Lê Thị Bông"]).err.contains("nhầm"));
    let came = world.run(&["petition", "edit", "2", "--written-on", "1/2/2024"]);
    assert_eq!(came.code, 0);
    assert!(
        came.err.contains("trước ngày nhận hơn một năm"),
        "{}",
        came.err
    );
    let rows =
        r#"[{"received_on":"2026-03-10","type":"complaint","subject":"ĐƯỜNG LIÊN ẤP HƯ HỎNG"}]"#;
    let came = world.feed(&["petition", "add", "--from", "-"], rows);
    assert_eq!(came.code, 0);
    assert!(
        came.err.contains("dòng 1: có vẻ nhầm — Nội dung"),
        "{}",
        came.err
    );
}

#[test]
fn units_stand_in_the_order_of_use_and_the_offices_own_come_first() {
    let mut world = World::on("2025-08-14");
    settings::set(&mut world.cx, "own_unit", "86").unwrap();
    for unit in ["29641", "29602", "29602"] {
        world.petition("2025-08-01", "complaint", &[("unit", unit)]);
    }
    let mut driver = open(world);
    driver.press("F2");
    go_to(&mut driver, "Đơn vị");
    driver.press("F4");
    let screen = driver.screen();
    let place = |text: &str| {
        screen
            .find(text)
            .unwrap_or_else(|| panic!("{text}\n{screen}"))
    };
    assert!(place("> 29602") < place("29641"));
    driver.type_("phuong");
    let screen = driver.screen();
    let first = screen.lines().find(|line| line.starts_with(" >")).unwrap();
    assert!(first.contains("Vĩnh Long"), "{first}\n{screen}");
}

#[test]
fn what_the_letters_mean_stands_beside_and_one_meaning_is_taken() {
    let mut driver = open(World::on("2025-08-14"));
    driver.press("F2");
    go_to(&mut driver, "Đơn vị");
    driver.type_("cai nhum");
    shows(&driver, "cai nhum  ? 29641 Xã Cái Nhum, Tỉnh Vĩnh Long");
    driver.press("Ctrl-U").type_("zzzz");
    shows(&driver, "không thấy tên này; F4 mở danh mục");
}

#[test]
fn words_in_a_reference_open_its_list() {
    let mut world = World::on("2025-03-14");
    world.petition(
        "2025-03-03",
        "complaint",
        &[("subject", "Đường liên ấp hư hỏng")],
    );
    let mut driver = open(world);
    driver.press("6 F2");
    go_to(&mut driver, "Đơn nhận khi tiếp");
    driver.type_("lien ap");
    shows(&driver, "? 1/2025");
    driver.press("Tab");
    shows(&driver, "── Đơn nhận khi tiếp");
    driver.press("Enter");
    shows(&driver, "1/2025  Đường liên ấp hư hỏng");
}

#[test]
fn a_new_unit_is_added_from_inside_the_list_and_taken() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp hư hỏng");
    go_to(&mut driver, "Đơn vị xử lý");
    driver.press("F4").type_("Ban Mẫu Bảy");
    shows(&driver, "không có dòng nào hợp");
    shows(&driver, "> +             thêm đơn vị mới…");
    driver.press("Enter");
    shows(&driver, "thêm đơn vị");
    shows(&driver, "Ban Mẫu Bảy");
    driver.type_("BM7").press("F10");
    shows(&driver, "Đơn vị xử lý               BM7  Ban Mẫu Bảy");
    shows(&driver, "> Người phụ trách");
    driver.press("F10");
    shows(&driver, "đã lưu đơn 1/2025");
}

#[test]
fn giving_up_the_new_entry_leaves_the_form_as_it_was() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp hư hỏng");
    go_to(&mut driver, "Đơn vị xử lý");
    driver.press("F4").type_("Ban Mẫu Bảy").press("Enter");
    driver.type_("BM7").press("Esc").type_("c").press("Enter");
    shows(&driver, "> Đơn vị xử lý");
    shows(&driver, "Đường liên ấp hư hỏng");
    assert!(
        driver
            .slot()
            .is_some_and(|d| d.fields.iter().any(|(k, _)| k == "subject"))
    );
}

#[test]
fn tab_skips_what_the_answers_make_pointless_and_nothing_moves() {
    let mut driver = start();
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    let before = driver
        .screen()
        .lines()
        .position(|l| l.contains("Người gửi"));
    driver.type_("kien nghi").press("Tab");
    shows(&driver, "> Nguồn đơn");
    driver.type_("buu").press("Tab");
    shows(&driver, "> Người gửi");
    shows(&driver, "Cơ quan chuyển đến         –");
    let after = driver
        .screen()
        .lines()
        .position(|l| l.contains("Người gửi"));
    assert_eq!(before, after);
}

#[test]
fn long_text_goes_through_the_editor_and_back() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp hư hỏng");
    driver.press("Ctrl-X");
    shows(&driver, "chỉ dùng trong ô nhiều dòng");
    go_to(&mut driver, "Nội dung chi tiết");
    driver.type_("dòng một");
    driver
        .with_editor(|text| Ok(format!("{text}\ndòng hai")))
        .press("Ctrl-X");
    shows(&driver, "dòng một\n                             dòng hai");
    driver
        .with_editor(|_| Err(Msg::new("trình soạn thảo báo lỗi", "failed")))
        .press("Ctrl-X");
    shows(&driver, "trình soạn thảo báo lỗi");
    shows(&driver, "dòng hai");
    driver.press("Ctrl-Z");
    lacks(&driver, "dòng hai");
    shows(&driver, "dòng một");
    driver
        .with_editor(|text| Ok(text.repeat(90_000)))
        .press("Ctrl-X");
    shows(&driver, "ô này nhận nhiều nhất 4000 chữ; chưa thêm chữ nào");
    shows(&driver, "dòng một");
}

#[test]
fn a_field_is_never_filled_without_end_and_keeps_what_stands_there() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp");
    driver.paste(&"chữ dán ".repeat(131_072));
    shows(&driver, "chưa dán gì: ô này nhận nhiều nhất 300 chữ");
    shows(&driver, "Đường liên ấp\n");
    driver.paste(&"ấp ".repeat(1300)).burst(&"a".repeat(200));
    shows(&driver, "ô này nhận nhiều nhất 300 chữ; chưa thêm chữ nào");
    // What is too long stays to be shortened.
    driver.press("Tab");
    shows(&driver, ">!Nội dung *");
    shows(&driver, "Nội dung: dài");
}

#[test]
fn a_unit_is_saved_as_it_was_named_whatever_day_is_given_after() {
    // The same code was the township's until 30/06/2025.
    let mut driver = open(World::on("2025-11-23"));
    fill(&mut driver, "Xin nối đường ấp 7");
    go_to(&mut driver, "Đơn vị xử lý");
    driver.type_("29602").press("Tab");
    shows(&driver, "29602  Xã Long Hồ, Tỉnh Vĩnh Long");
    go_to(&mut driver, "Ngày nhận");
    driver.type_("15/5/2025").press("F10");
    assert_eq!(petitions(&mut driver), 0);
    shows(&driver, "mã 29602 vào ngày 15/05/2025 là Thị trấn Long Hồ");
    // So it does when the day is left and saved later.
    go_to(&mut driver, "Ngày nhận");
    driver.type_("16/5/2025").press("Tab");
    shows(&driver, "!Đơn vị xử lý");
    driver.press("F10");
    assert_eq!(petitions(&mut driver), 0);
    // Who chooses again has seen which it is.
    go_to(&mut driver, "Đơn vị xử lý");
    driver.type_("29602").press("Tab");
    shows(&driver, "29602  Thị trấn Long Hồ");
    driver.press("F10");
    assert_eq!(petitions(&mut driver), 1);
}
