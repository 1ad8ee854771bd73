//! Taking back, doing again, and marked rows, from the keyboard.
use crate::support::driver::{Driver, program};
use crate::support::seen::{hides, shows};
use crate::support::world::World;
use danvan::app::{records, undo};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::tui::Options;

fn office(petitions: usize) -> World {
    let mut world = World::on("2025-03-14");
    for n in 1..=petitions {
        let subject = format!("Về việc thứ {n}");
        world.petition("2025-03-03", "complaint", &[("subject", &subject)]);
    }
    world
}

fn open(world: World) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("5");
    driver
}

fn officers(driver: &mut Driver) -> Vec<String> {
    let rows = records::list(driver.cx(), &Query::all(Kind::Petition), 0, None).unwrap();
    rows.iter()
        .map(|r| r.get("officer").text().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_last_thing_done_is_asked_about_taken_back_and_done_again() {
    let mut world = office(2);
    world
        .edit(Kind::Petition, 2, &[("subject", "Về việc khác hẳn")])
        .unwrap();
    let mut driver = open(world);
    shows(&driver, "Về việc khác hẳn");
    driver.press("u");
    shows(&driver, "Lấy lại việc đã làm?");
    shows(&driver, "lấy lại: sửa Nội dung của đơn 2/2025, lúc ");
    shows(&driver, "Nội dung: Về việc khác hẳn → Về việc thứ 2");
    // The key that asked is not the one that agrees.
    driver.press("u Enter");
    shows(&driver, "Về việc khác hẳn");
    driver.press("u c Enter");
    shows(
        &driver,
        "đã lấy lại: sửa Nội dung của đơn 2/2025; Ctrl-R làm lại",
    );
    shows(&driver, "Về việc thứ 2");
    driver.press("Ctrl-R");
    shows(&driver, "Làm lại việc đã lấy lại?");
    driver.press("c Enter");
    shows(&driver, "Về việc khác hẳn");
    driver.press("Ctrl-R");
    shows(&driver, "không có việc nào để làm lại");
    // From a card, too, and many steps.
    driver.press("Enter u c Enter");
    shows(&driver, "Về việc thứ 2");
    driver.press("u c Enter");
    shows(&driver, "đã xóa");
}

#[test]
fn the_work_done_is_listed_and_one_of_it_is_taken_back() {
    let mut world = office(2);
    world
        .edit(Kind::Petition, 1, &[("officer", "Lan")])
        .unwrap();
    world.step(2, "accept", "2025-03-05", &[]);
    let mut driver = open(world);
    driver.press("U");
    shows(&driver, "Việc đã làm   việc của mình");
    shows(&driver, "bước «thụ lý» của đơn 2/2025");
    driver.press("j u");
    shows(&driver, "lấy lại: sửa Người phụ trách của đơn 1/2025");
    driver.press("c Enter");
    shows(&driver, "hoàn tác: sửa Người phụ trách của đơn 1/2025");
    shows(&driver, "đã lấy lại");
    assert_eq!(officers(&mut driver), ["", ""]);
    // What came of it is opened; a taking back is done again from here.
    driver.press("g u c Enter");
    shows(&driver, "làm lại: sửa Người phụ trách của đơn 1/2025");
    driver.press("Enter");
    shows(&driver, "đơn 1/2025");
    driver.press("Esc o");
    shows(&driver, "việc của mọi người");
    driver.press("u u");
    hides(&driver, "phím này không có việc ở đây");
}

#[test]
fn reading_only_takes_nothing_back() {
    let mut world = office(1);
    let mut config = world.cx.config().clone();
    config.read_only = true;
    world.cx = danvan::app::Cx::open(&config).unwrap();
    let mut driver = open(world);
    driver.press("u");
    shows(&driver, "đang mở ở chế độ chỉ đọc");
}

#[test]
fn marked_rows_get_one_field_after_a_preview_and_one_undo() {
    let mut driver = open(office(5));
    driver.press("Space Space j");
    shows(&driver, "2 đánh dấu");
    driver.press("b");
    shows(&driver, "4 đánh dấu");
    driver.press("F3");
    shows(&driver, "Sửa ô nào?");
    driver.type_("phu trach").press("Enter");
    driver.type_("Minh").press("F10");
    shows(&driver, "4 đơn sẽ đổi:");
    shows(&driver, "4  – → Minh");
    // A yes is not enough for so many, and a wrong number neither.
    driver.press("c Enter");
    shows(&driver, "gõ đúng số đó");
    driver.press("Backspace 3 Enter");
    shows(&driver, "gõ đúng số đó");
    assert!(officers(&mut driver).iter().all(String::is_empty));
    driver.press("Backspace 4 Enter");
    shows(&driver, "đã đổi 4 đơn; u lấy lại cả loạt");
    hides(&driver, "đánh dấu  5");
    let named = officers(&mut driver);
    assert_eq!(named.iter().filter(|o| *o == "Minh").count(), 4);
    driver.press("u");
    shows(&driver, "lấy lại: sửa Người phụ trách của 4 đơn");
    driver.press("c Enter");
    assert!(officers(&mut driver).iter().all(String::is_empty));
}

#[test]
fn all_rows_of_the_filter_are_marked_and_stay_so() {
    let mut world = office(12);
    for id in [3, 7] {
        world
            .edit(Kind::Petition, id, &[("subject", "Đất rừng")])
            .unwrap();
    }
    let mut driver = open(world);
    driver.press("f").type_("rung").press("Enter A");
    shows(&driver, "2 đánh dấu  2 / 12");
    driver.press("Esc");
    shows(&driver, "2 đánh dấu  12");
    let screen = driver.screen();
    let marked: Vec<&str> = screen
        .lines()
        .filter(|line| line.get(1..2) == Some("*"))
        .collect();
    assert_eq!(marked.len(), 2);
    assert!(marked.iter().all(|line| line.contains("Đất rừng")));
    driver.press("F8");
    shows(&driver, "2 đơn sẽ đổi:");
    driver.press("c Enter");
    shows(&driver, "đã đổi 2 đơn");
    shows(&driver, " 10\n");
    driver.press("A B");
    hides(&driver, "đánh dấu  10");
}

#[test]
fn a_step_on_marked_petitions_says_which_cannot() {
    let mut world = office(3);
    world.step(2, "accept", "2025-03-05", &[]);
    let mut driver = open(world);
    driver.press("A x");
    shows(&driver, "Bước nào?");
    driver.type_("thu ly").press("Enter F10");
    shows(&driver, "2 đơn sẽ đổi:");
    shows(&driver, "1 không đổi được:");
    shows(
        &driver,
        "không làm được ở giai đoạn «đã thụ lý» (đơn 2/2025)",
    );
    driver.press("c Enter");
    shows(&driver, "đã đổi 2 đơn");
    assert_eq!(undo::count(driver.cx(), true).unwrap(), 5);
}

#[test]
fn what_others_changed_since_the_preview_is_named_and_nothing_is_changed() {
    let mut driver = open(office(3));
    driver.press("A F3").type_("phu trach").press("Enter");
    driver.type_("Minh").press("F10");
    shows(&driver, "3 đơn sẽ đổi");
    let mut config = driver.cx().config().clone();
    config.actor = "hoa".into();
    let mut hoa = danvan::app::Cx::open(&config).unwrap();
    let words = [("note", danvan::domain::value::Value::Text("khác".into()))];
    records::edit(&mut hoa, Kind::Petition, 2, None, &words).unwrap();
    driver.press("3 Enter");
    shows(&driver, "vừa có người sửa: đơn 2/2025 (hoa)");
    shows(&driver, "3 đánh dấu");
    assert!(officers(&mut driver).iter().all(String::is_empty));
}
