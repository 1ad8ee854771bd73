//! Petitions from the keyboard: add, look, step, why, remove; the form with what it checks and keeps.

use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, says, shows};
use crate::support::world::World;
use danvan::app::{drafts, records};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::tui::Options;

fn open(world: World) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("5");
    driver
}

fn start() -> Driver {
    open(World::on("2025-03-14"))
}

/// Fills in a new complaint received on 3/3/2025, without saving it.
fn fill(driver: &mut Driver, subject: &str) {
    driver.press("F2").type_("3/3");
    go_to(driver, "Loại đơn");
    driver.type_("kh");
    go_to(driver, "Nội dung");
    driver.type_(subject);
}

fn petitions(driver: &mut Driver) -> usize {
    records::count(driver.cx(), &Query::all(Kind::Petition)).unwrap()
}

#[test]
fn a_petition_is_added_and_stands_selected_in_the_list() {
    let mut driver = start();
    shows(&driver, "sổ chưa có gì; F2 thêm");
    fill(&mut driver, "Đường liên ấp hư hỏng");
    driver.press("F10");
    shows(&driver, "đã lưu đơn 1/2025, hạn 13/03/2025");
    shows(&driver, "> 1/2025    03/03    KN");
    shows(&driver, "! quá 1 ngày");
}

#[test]
fn a_form_opens_with_the_cursor_in_its_first_field() {
    let mut driver = start();
    driver.press("F2");
    shows(&driver, "> Ngày nhận *");
    shows(&driver, "14/03/2025 thứ Sáu");
    let (x, y) = driver.cursor();
    assert_eq!(y, 2);
    assert!(x > 28, "{x}");
    driver.type_("1403");
    shows(&driver, "1403       14/03/2025 thứ Sáu");
    driver.press("Enter");
    shows(&driver, "> Ngày ghi trên đơn");
}

#[test]
fn an_impossible_date_keeps_the_cursor_and_what_was_typed() {
    let mut driver = start();
    driver.press("F2").type_("31/02").press("Tab");
    shows(&driver, "Ngày nhận: không có ngày 31/02");
    shows(&driver, ">!Ngày nhận");
    shows(&driver, "31/02");
    driver.press("Ctrl-U").type_("hn").press("Tab");
    shows(&driver, "14/03/2025 thứ Sáu");
}

#[test]
fn saving_with_a_rule_broken_names_the_field_and_loses_nothing() {
    let mut driver = start();
    driver.press("F2");
    go_to(&mut driver, "Nội dung");
    driver.type_("Một việc").press("F10");
    shows(&driver, ">!Loại đơn");
    shows(&driver, "Một việc");
    assert_eq!(petitions(&mut driver), 0);
}

#[test]
fn a_denunciation_has_no_place_for_its_writer() {
    let mut driver = start();
    fill(&mut driver, "Cán bộ nhũng nhiễu");
    driver.press("Shift-Tab Shift-Tab Shift-Tab");
    go_to(&mut driver, "Người gửi");
    driver.type_("Trần Thị Không Tên");
    driver.press("Tab");
    go_to(&mut driver, "Loại đơn");
    driver.type_("tố").press("Tab");
    assert!(
        !says(&driver, "Người gửi") && !says(&driver, "Địa chỉ"),
        "{}",
        driver.screen()
    );
    driver.press("F10");
    shows(&driver, "đã lưu đơn 1/2025");
    driver.press("Enter h");
    assert!(!says(&driver, "Không Tên"));
    let list = std::fs::read_dir(driver.folder().join("state/drafts")).map_or(0, Iterator::count);
    assert_eq!(list, 0, "no draft stays behind");
}

#[test]
fn nothing_of_a_writer_is_kept_before_the_type_is_known() {
    let mut driver = start();
    driver.press("F2");
    go_to(&mut driver, "Người gửi");
    driver.type_("Trần Thị Không Tên").press("Tab");
    let kept = drafts::list(driver.cx().config()).unwrap();
    assert!(
        kept.iter()
            .all(|draft| draft.fields.iter().all(|(key, _)| key != "petitioner"))
    );
}

#[test]
fn leaving_a_form_asks_only_when_something_was_typed() {
    let mut driver = start();
    driver.press("F2 Esc");
    shows(&driver, "sổ chưa có gì");
    fill(&mut driver, "Một việc");
    driver.press("Esc");
    shows(&driver, "Bỏ những gì vừa nhập?");
    driver.press("Esc");
    shows(&driver, "Một việc");
    driver.press("Esc c Enter");
    shows(&driver, "sổ chưa có gì");
    assert!(drafts::list(driver.cx().config()).unwrap().is_empty());
}

#[test]
fn each_field_that_is_left_is_kept_as_a_draft() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp");
    driver.press("Tab");
    let kept = drafts::list(driver.cx().config()).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(
        kept[0]
            .fields
            .contains(&("subject".to_owned(), "Đường liên ấp".to_owned()))
    );
    driver.press("F10");
    assert!(drafts::list(driver.cx().config()).unwrap().is_empty());
}

#[test]
fn the_last_answer_is_taken_back() {
    let mut driver = start();
    fill(&mut driver, "Một việc");
    driver.press("Tab Ctrl-Z");
    assert!(!says(&driver, "Một việc"));
    shows(&driver, "> Nội dung *");
    driver.press("Ctrl-Z");
    assert!(!says(&driver, "khiếu nại"), "{}", driver.screen());
}

#[test]
fn the_list_of_a_choice_opens_with_f4() {
    let mut driver = start();
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.press("F4").type_("phan").press("Enter");
    shows(&driver, "phản ánh");
    go_to(&mut driver, "Người gửi");
    driver.press("F4");
    shows(&driver, "Chọn: ô này không có danh mục");
}

#[test]
fn a_unit_is_found_by_its_name_and_refused_outside_its_time() {
    let mut driver = start();
    fill(&mut driver, "Một việc");
    go_to(&mut driver, "Đơn vị");
    driver.type_("vinh long").press("Tab");
    shows(&driver, "Tỉnh Vĩnh Long");
    shows(&driver, "(từ 01/07/2025)");
    driver.press("Enter");
    shows(&driver, "86  Tỉnh Vĩnh Long");
    go_to(&mut driver, "Đơn vị");
    driver.type_("99999").press("Tab");
    shows(&driver, "Đơn vị: Không có đơn vị «99999»");
    driver.press("F10");
    assert_eq!(petitions(&mut driver), 0);
}

#[test]
fn why_lists_every_day_of_the_sum() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("v");
    shows(&driver, "Vì sao hạn là ngày này?");
    shows(&driver, "KN_ACCEPT: 10 ngày");
    shows(&driver, "10  13/03/2025 thứ Năm");
    driver.press("Esc");
    shows(&driver, "> 1/2025");
}

#[test]
fn a_step_is_chosen_from_those_allowed_and_the_others_say_why_not() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("F9");
    shows(&driver, "> phân loại");
    shows(&driver, "việc chưa làm được:");
    driver.type_("chưa làm được").press("Enter");
    shows(&driver, "khiếu nại, tố cáo phải thụ lý trước khi");
    driver.type_("giải quyết").press("Enter");
    shows(&driver, "phải thụ lý trước khi giải quyết");
    driver.press("Esc x").type_("thụ lý").press("Enter");
    shows(&driver, "Đơn thư › thụ lý");
    driver.type_("5/3").press("F10");
    shows(&driver, "đã ghi bước: thụ lý, hạn");
    driver.press("Enter");
    shows(&driver, "05/03/2025  thụ lý");
    shows(&driver, "đã thụ lý");
}

#[test]
fn the_last_step_is_taken_back_with_a_reason() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "complaint", &[]);
    world.step(id, "accept", "2025-03-05", &[]);
    let mut driver = open(world);
    driver
        .press("Enter :")
        .type_("lay lai")
        .press("Enter Enter");
    shows(&driver, "phải nêu lý do");
    driver.type_("nhầm đơn").press("Enter");
    shows(&driver, "đã lấy lại bước cuối");
    shows(&driver, "[đã lấy lại: nhầm đơn]");
    shows(&driver, "đã nhận");
}

#[test]
fn removing_asks_by_number_and_restoring_brings_back() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("F8");
    shows(&driver, "Xóa đơn 1/2025?");
    driver.press("F8 Esc");
    assert_eq!(petitions(&mut driver), 1);
    driver.press("F8 c Enter");
    shows(&driver, "đã xóa đơn 1/2025");
    assert_eq!(petitions(&mut driver), 0);
    driver.press("o");
    shows(&driver, "> 1/2025");
    driver.press("r r r");
    shows(&driver, "Khôi phục đơn 1/2025?");
    assert_eq!(petitions(&mut driver), 0);
    driver.press("Backspace Backspace c Enter");
    shows(&driver, "đã khôi phục đơn 1/2025");
    assert_eq!(petitions(&mut driver), 1);
    shows(&driver, "không có bản ghi nào đã xóa ở đây");
}

#[test]
fn the_list_filters_as_one_types_and_esc_takes_the_filter_off() {
    let mut world = World::on("2025-03-14");
    world.petition(
        "2025-03-03",
        "complaint",
        &[("subject", "Bồi thường cầu Long Hồ")],
    );
    world.petition(
        "2025-03-04",
        "feedback",
        &[("subject", "Đường liên ấp hư hỏng")],
    );
    let mut driver = open(world);
    shows(&driver, "Đường liên ấp");
    driver.press("f").type_("boi thuong");
    assert!(!says(&driver, "Đường liên ấp"), "{}", driver.screen());
    shows(&driver, "1 / 2");
    driver.press("Enter Esc");
    shows(&driver, "Đường liên ấp");
}

#[test]
fn sorting_and_periods_and_units_narrow_the_list() {
    let mut world = World::on("2025-03-14");
    world.petition(
        "2024-03-03",
        "complaint",
        &[("subject", "Bồi thường"), ("unit", "86")],
    );
    world.petition("2025-03-04", "feedback", &[("subject", "Đường hỏng")]);
    let mut driver = open(world);
    driver.press("p").type_("2024").press("Enter");
    shows(&driver, "năm 2024");
    shows(&driver, "1 / 2");
    driver.press("p Enter s").type_("noi dung").press("Enter");
    let screen = driver.screen();
    assert!(
        screen.find("Bồi thường") < screen.find("Đường hỏng"),
        "{screen}"
    );
    driver.press("d").type_("86").press("Enter");
    shows(&driver, "Tỉnh Vĩnh Long và cấp dưới");
    shows(&driver, "1 / 2");
    driver.press("p").type_("2024-13").press("Enter");
    assert!(driver.root().message().is_some());
}

#[test]
fn someone_elses_change_to_another_field_stays() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("F3");
    let officer = [("officer", danvan::domain::value::Value::Text("Lan".into()))];
    records::edit(driver.cx(), Kind::Petition, id, None, &officer).unwrap();
    go_to(&mut driver, "Địa chỉ");
    driver.type_("ấp 3").press("F10");
    shows(&driver, "đã lưu đơn 1/2025");
    driver.press("Enter");
    shows(&driver, "Lan");
    shows(&driver, "ấp 3");
}

#[test]
fn someone_elses_change_to_the_same_field_asks() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("F3");
    let officer = [("officer", danvan::domain::value::Value::Text("Lan".into()))];
    records::edit(driver.cx(), Kind::Petition, id, None, &officer).unwrap();
    go_to(&mut driver, "Người phụ trách");
    driver.type_("Minh").press("F10");
    shows(&driver, "đã lưu: Lan");
    shows(&driver, "bạn nhập: Minh");
    driver.press("Enter F10");
    shows(&driver, "đã lưu đơn 1/2025");
}

#[test]
fn a_copy_takes_all_but_number_and_persons() {
    let mut world = World::on("2025-03-14");
    world.petition(
        "2025-03-03",
        "complaint",
        &[("petitioner", "Lê Thị Bông"), ("field", "land")],
    );
    let mut driver = open(world);
    driver.press("F5");
    shows(&driver, "đất đai");
    shows(&driver, "Về việc thu hồi đất");
    assert!(!says(&driver, "Bông"));
    driver.press("F10");
    shows(&driver, "đã lưu đơn 2/2025");
}

#[test]
fn a_copy_is_without_what_belongs_to_one_matter() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-01", "complaint", &[]);
    let first = [
        ("written_on", "2025-03-01"),
        ("national_db_on", "2025-03-05"),
        ("duplicate_of", "1"),
        ("forward_document", "12/VP"),
        ("forwarded_by", "Thanh tra"),
    ];
    world.petition("2025-03-03", "complaint", &first);
    let mut driver = open(world);
    driver.press("Home F5 F10");
    shows(&driver, "đã lưu đơn 3/2025");
    let copy = records::get(driver.cx(), Kind::Petition, 3).unwrap();
    for key in [
        "written_on",
        "national_db_on",
        "duplicate_of",
        "forward_document",
    ] {
        assert!(copy.get(key).is_null(), "{key}");
    }
    let text = |key: &str| {
        danvan::catalog::show::edit_text(
            danvan::catalog::field(Kind::Petition, key).unwrap(),
            &copy.get(key),
        )
    };
    assert_eq!(text("received_on"), "14/03/2025");
    assert_eq!(text("forwarded_by"), "Thanh tra");
}

/// Kills the program with a form open and starts it again on the same registers, with the question about drafts.
fn start_again(driver: Driver) -> Driver {
    let mut again = program(driver.into_office(), Options::default(), 80, 24);
    let waiting = drafts::waiting(again.cx()).unwrap();
    let view = danvan::tui::view_of(again.cx(), Options::default());
    let question = danvan::tui::screen::drafts::DraftsScreen::new(waiting, &view);
    again.root().push(Box::new(question));
    again.settle();
    again
}

#[test]
fn a_recovered_edit_does_not_write_over_what_someone_else_changed() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "complaint", &[("officer", "Hoa")]);
    let mut driver = open(world);
    driver.press("F3");
    go_to(&mut driver, "Người phụ trách");
    driver.press("Ctrl-U").type_("Minh").press("Tab");
    go_to(&mut driver, "Ghi chú");
    driver.type_("gọi lại").press("Tab");
    let mut driver = start_again(driver);
    let officer = [("officer", danvan::domain::value::Value::Text("Lan".into()))];
    records::edit(driver.cx(), Kind::Petition, id, None, &officer).unwrap();
    driver.press("Enter");
    shows(&driver, "sửa đơn 1/2025");
    driver.press("F10");
    shows(&driver, "đã lưu: Lan");
    driver.press("Enter F10");
    shows(&driver, "đã lưu đơn 1/2025");
    let saved = records::get(driver.cx(), Kind::Petition, id).unwrap();
    assert_eq!(saved.get("officer").text(), Some("Minh"));
    assert_eq!(saved.get("note").text(), Some("gọi lại"));
}

#[test]
fn a_recovered_edit_keeps_an_emptied_field_empty() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "complaint", &[("officer", "Hoa")]);
    let mut driver = open(world);
    driver.press("F3");
    go_to(&mut driver, "Người phụ trách");
    driver.press("Ctrl-U Tab");
    let mut driver = start_again(driver);
    driver.press("Enter F10");
    let saved = records::get(driver.cx(), Kind::Petition, id).unwrap();
    assert!(saved.get("officer").is_null());
}

#[test]
fn leaving_the_program_with_a_yes_leaves_no_draft_behind() {
    let mut driver = start();
    fill(&mut driver, "Đường liên ấp");
    driver.press("Tab");
    assert_eq!(drafts::list(driver.cx().config()).unwrap().len(), 1);
    driver.press("Ctrl-Q");
    shows(&driver, "những gì vừa nhập sẽ bỏ");
    driver.press("c Enter");
    assert!(driver.root().is_done());
    assert!(drafts::list(driver.cx().config()).unwrap().is_empty());
    assert!(driver.slot().is_none());
}

#[test]
fn a_choice_never_takes_an_answer_that_was_not_named() {
    let mut driver = start();
    driver.press("F2");
    go_to(&mut driver, "Nguồn đơn");
    for text in ["buu dien", "qua buu dien", "qua b", "xyz"] {
        driver.type_(text).press("Enter");
        shows(&driver, &format!(">!Nguồn đơn                  {text}"));
        shows(
            &driver,
            &format!("Nguồn đơn: «{text}» chưa rõ; chọn: bưu chính"),
        );
        for _ in text.chars() {
            driver.press("Backspace");
        }
    }
    driver.type_("truc tiep");
    shows(&driver, "truc tiep  = nộp trực tiếp");
    driver.press("Enter");
    shows(&driver, "Nguồn đơn                  nộp trực tiếp");
    shows(&driver, "> Người gửi");
}

#[test]
fn how_a_petition_can_end_is_what_the_form_offers() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("x").type_("thụ lý").press("Enter F10");
    driver.press("x").type_("giải quyết").press("Enter");
    shows(&driver, "Kết luận *");
    go_to(&mut driver, "Kết luận");
    driver.press("F4");
    shows(&driver, "đúng một phần");
    assert!(!says(&driver, "đã trả lời"), "{}", driver.screen());
}

#[test]
fn a_day_that_has_not_come_is_refused_when_the_field_is_left() {
    let mut driver = start();
    driver.press("F2").type_("15/3").press("Tab");
    shows(&driver, "Ngày nhận: 15/03/2025 ở sau hôm nay (14/03/2025)");
    shows(&driver, ">!Ngày nhận");
}

#[test]
fn the_field_in_hand_is_marked_beside_what_is_wrong_and_up_stops_at_the_first() {
    let mut driver = start();
    driver.press("F2 F10");
    shows(&driver, ">!Loại đơn");
    shows(&driver, " !Nội dung");
    driver.press("Home F1");
    let screen = driver.screen();
    assert!(
        !screen.contains("Ctrl-U") && !screen.contains(" ? "),
        "{screen}"
    );
    let mut driver = start();
    driver.press("F2 Up Up");
    shows(&driver, "> Ngày nhận");
}

#[test]
fn a_question_says_that_it_waits() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world);
    driver.press("F8 F2");
    shows(&driver, "câu hỏi đang chờ");
}
