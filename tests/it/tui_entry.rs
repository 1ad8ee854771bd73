//! Entry that flows: what is carried over, entry without a stop, papers of the same matter, the deadline foreseen.

use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, hides, says, shows};
use crate::support::world::{World, d};
use danvan::app::records::NewRecord;
use danvan::app::{drafts, habits, petitions, records};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use danvan::tui::Options;

const LONG_HO: &str = "29602";

fn open(world: World) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("5");
    driver
}

/// An office with one petition about a road and one about land, entered by the user.
fn office() -> World {
    let mut world = World::on("2026-03-12");
    let road = [
        ("unit", LONG_HO),
        ("source", "post"),
        ("petitioner", "Lê Văn Lúa"),
        ("address", "ấp 3"),
        ("subject", "Đường liên ấp 3 hư hỏng, đề nghị sửa"),
    ];
    let land = [
        ("unit", LONG_HO),
        ("source", "post"),
        ("petitioner", "Trần Thị Mận"),
        ("subject", "Không đồng ý phương án bồi thường thu hồi đất"),
        ("note", "Ghi chú dài của đơn trước"),
    ];
    world.petition("2026-02-20", "recommendation", &road);
    world.petition("2026-03-02", "complaint", &land);
    world
}

fn newest(driver: &mut Driver) -> Box<dyn danvan::domain::record::Record> {
    let rows = records::list(driver.cx(), &Query::all(Kind::Petition), 0, None).unwrap();
    rows.into_iter().max_by_key(|r| r.head().id).unwrap()
}

fn count(driver: &mut Driver) -> usize {
    records::count(driver.cx(), &Query::all(Kind::Petition)).unwrap()
}

#[test]
fn what_saving_would_mean_is_asked_again_when_the_form_is_back_in_front() {
    let mut driver = open(office());
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kngh");
    go_to(&mut driver, "Nội dung");
    driver.type_("Xin đặt thêm trạm biến áp ở ấp 9");
    go_to(&mut driver, "Đơn vị");
    hides(&driver, "có thể cùng vụ");
    driver.press("F4");
    let fields = vec![
        ("received_on", Value::Date(d("2026-03-11"))),
        ("type", Value::Text("recommendation".into())),
        ("subject", Value::Text("Đặt thêm trạm biến áp ấp 9".into())),
    ];
    let like = NewRecord {
        fields,
        ..NewRecord::default()
    };
    records::add(driver.cx(), Kind::Petition, &[like]).unwrap();
    driver.press("Esc");
    shows(&driver, "có thể cùng vụ");
}

#[test]
fn papers_of_the_same_matter_are_offered_and_linked_only_by_choice() {
    let mut driver = open(office());
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kngh");
    go_to(&mut driver, "Nội dung");
    driver.type_("Duong lien ap 3 hu hong");
    hides(&driver, "có thể cùng vụ");
    driver.press("Tab");
    shows(&driver, "có thể cùng vụ");
    shows(&driver, "1/2026    20/02    Xã Long Hồ");
    hides(&driver, "Lúa");
    shows(&driver, "Alt-1 nối");
    driver.press("Alt-1");
    shows(&driver, "khi lưu sẽ nối vào vụ việc của đơn 1/2026");
    shows(&driver, " sẽ nối\n");
    driver.press("Alt-1");
    shows(&driver, "Alt-1 nối");
    driver.press("Alt-1 F10");
    shows(
        &driver,
        "đã lưu đơn 3/2026, hạn 02/04/2026, đã nối vào 1/2026",
    );
    let saved = newest(&mut driver);
    assert_eq!(saved.get("duplicate_of"), Value::Ref(1));
    let steps = petitions::steps(driver.cx(), saved.head().id).unwrap();
    assert_eq!(
        steps.len(),
        1,
        "the link is a step, so that it can be taken back"
    );
}

#[test]
fn without_a_choice_nothing_is_linked() {
    let mut driver = open(office());
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kngh");
    go_to(&mut driver, "Nội dung");
    driver.type_("Đường liên ấp 3 hư hỏng").press("Tab F10");
    shows(&driver, "đã lưu đơn 3/2026");
    hides(&driver, "đã nối");
    assert_eq!(newest(&mut driver).get("duplicate_of"), Value::Null);
}

#[test]
fn a_choice_stays_when_other_papers_come_to_read_alike() {
    let mut driver = open(office());
    driver.press("F2");
    go_to(&mut driver, "Nội dung");
    driver
        .type_("Đường liên ấp 3 hư hỏng")
        .press("Tab Alt-1 Shift-Tab");
    driver
        .press("Ctrl-U")
        .type_("Bồi thường thu hồi đất, không đồng ý phương án");
    driver.press("Tab");
    shows(&driver, " sẽ nối\n");
    shows(&driver, "2/2026    02/03");
    driver.press("Alt-2");
    shows(&driver, "khi lưu sẽ nối vào vụ việc của đơn 2/2026");
}

#[test]
fn the_deadline_is_foreseen_when_a_field_is_left() {
    let mut driver = open(office());
    driver.press("F2");
    hides(&driver, "Hạn  ");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kh").press("Tab");
    shows(&driver, "Hạn  23/03/2026 thứ Hai   10 ngày (LKN Đ27");
    go_to(&mut driver, "Ngày nhận");
    driver.type_("2/3").press("Tab");
    shows(&driver, "Hạn  12/03/2026 thứ Năm");
}

#[test]
fn f6_takes_the_field_of_the_record_before_a_person_too_but_no_long_text() {
    let mut driver = open(office());
    driver.press("F2");
    go_to(&mut driver, "Đơn vị");
    driver.press("F6");
    shows(&driver, "29602  Xã Long Hồ");
    shows(&driver, "> Đơn vị xử lý");
    go_to(&mut driver, "Người gửi");
    driver.press("F6");
    shows(&driver, "Trần Thị Mận");
    go_to(&mut driver, "Ghi chú");
    driver.press("F6");
    shows(&driver, "nội dung dài không lấy từ bản ghi trước");
    hides(&driver, "Ghi chú dài của đơn trước");
    go_to(&mut driver, "Người phụ trách");
    driver.press("F6");
    shows(&driver, "bản ghi trước không có gì ở ô này");
}

#[test]
fn f6_takes_from_my_own_last_record() {
    let world = office();
    let (_, kept) = (0, world);
    let mut driver = open(kept);
    let other = danvan::app::Config {
        actor: "minh".into(),
        ..driver.cx().config().clone()
    };
    let mut cx = danvan::app::Cx::open(&other).unwrap();
    let unit = danvan::catalog::field(Kind::Petition, "unit").unwrap();
    let unit = records::value(&cx, unit, "29641").unwrap();
    let new = records::NewRecord {
        fields: vec![
            ("received_on", Value::Date("2026-03-11".parse().unwrap())),
            ("type", Value::Text("feedback".into())),
            ("subject", Value::Text("Việc khác".into())),
            ("unit", unit),
        ],
        ..records::NewRecord::default()
    };
    records::add(&mut cx, Kind::Petition, &[new]).unwrap();
    driver.press("F2");
    go_to(&mut driver, "Đơn vị");
    driver.press("F6");
    shows(&driver, "29602  Xã Long Hồ");
}

#[test]
fn all_that_may_be_carried_is_taken_at_a_key_and_given_back() {
    let mut driver = open(office());
    driver.press("F2 Alt-a");
    shows(&driver, "từ bản ghi trước; Ctrl-Z lấy lại từng ô");
    shows(&driver, "khiếu nại");
    shows(&driver, "bưu chính");
    hides(&driver, "Trần Thị Mận");
    hides(&driver, "bồi thường thu hồi đất");
    shows(&driver, "> Người gửi");
    driver.press("Ctrl-Z Ctrl-Z Ctrl-Z Ctrl-Z Ctrl-Z Ctrl-Z Ctrl-Z");
    hides(&driver, "bưu chính");
}

#[test]
fn a_switched_field_is_kept_shown_and_remembered() {
    let mut driver = open(office());
    driver.press("F2 Alt-g");
    shows(&driver, "giữ: ngày nhận");
    shows(&driver, "Ngày nhận *              = ");
    go_to(&mut driver, "Đơn vị");
    driver.press("Alt-g");
    shows(&driver, "giữ: ngày nhận, đơn vị");
    go_to(&mut driver, "Người gửi");
    driver.press("Alt-g");
    shows(&driver, "ô này không giữ sang bản ghi sau");
    driver.press("Esc F2");
    shows(&driver, "giữ: ngày nhận, đơn vị");
    shows(&driver, "02/03/2026");
    shows(&driver, "29602  Xã Long Hồ");
    shows(&driver, "> Loại đơn");
    driver.press("Esc");
    hides(&driver, "Bỏ những gì vừa nhập?");
    let kept = habits::load(driver.cx().config(), Kind::Petition);
    assert_eq!(kept.keep, ["received_on", "unit"]);
    // Switched off again, the next form begins as ever.
    driver.press("F2");
    go_to(&mut driver, "Đơn vị");
    driver.press("Alt-g Esc F2");
    hides(&driver, "29602  Xã Long Hồ");
}

#[test]
fn entry_goes_on_until_esc_and_says_how_many() {
    let mut driver = open(office());
    driver.press("F2 Alt-g Alt-l");
    shows(&driver, "nhập liên tục");
    driver.press("Alt-a");
    go_to(&mut driver, "Nội dung");
    driver.type_("Việc thứ nhất").press("F10");
    shows(&driver, "đã lưu đơn 3/2026");
    shows(&driver, "thêm đơn");
    shows(&driver, "> Loại đơn");
    hides(&driver, "Việc thứ nhất");
    driver.type_("pa");
    go_to(&mut driver, "Nội dung");
    driver.type_("Việc thứ hai").press("F10");
    shows(&driver, "đã lưu đơn 4/2026");
    driver.press("Esc");
    shows(&driver, "đã nhập 2 đơn");
    shows(&driver, "> 4/2026");
    assert_eq!(count(&mut driver), 4);
    assert!(drafts::list(driver.cx().config()).unwrap().is_empty());
}

#[test]
fn a_denunciation_after_a_named_paper_takes_no_name() {
    let mut driver = open(office());
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.type_("tố").press("Tab Alt-a");
    hides(&driver, "Người gửi");
    go_to(&mut driver, "Nội dung");
    driver.type_("Cán bộ nhũng nhiễu").press("F10");
    let saved = newest(&mut driver);
    assert_eq!(saved.get("petitioner"), Value::Null);
    let file = std::fs::read_to_string(driver.folder().join("state/forms.json"));
    assert!(!file.unwrap_or_default().contains("Mận"));
}

#[test]
fn a_paper_that_turns_out_a_denunciation_while_it_is_typed_names_nobody() {
    let mut driver = open(office());
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kn");
    go_to(&mut driver, "Người gửi");
    driver.type_("Quàng Thị Kín");
    go_to(&mut driver, "Nội dung");
    driver.type_("Cán bộ nhũng nhiễu, theo bà Quàng Thị Kín");
    go_to(&mut driver, "Loại đơn");
    driver.type_("tố").press("Tab F10");
    shows(&driver, "còn nêu tên người gửi");
    assert_eq!(count(&mut driver), 2);
    go_to(&mut driver, "Nội dung");
    driver
        .press("Ctrl-U")
        .type_("Cán bộ nhũng nhiễu")
        .press("F10");
    assert_eq!(count(&mut driver), 3);
    assert_eq!(newest(&mut driver).get("petitioner"), Value::Null);
}

#[test]
fn a_similar_record_is_chosen_and_copied_without_its_person() {
    let mut driver = open(office());
    driver.press("F2 F5");
    shows(&driver, "Chép từ bản ghi tương tự");
    driver.type_("lien ap").press("Enter");
    shows(&driver, "ô; không chép người, số, ngày");
    shows(&driver, "kiến nghị");
    shows(&driver, "Đường liên ấp 3 hư hỏng, đề nghị sửa");
    shows(&driver, "12/03/2026");
    hides(&driver, "Lúa");
}

#[test]
fn a_list_of_a_unit_gives_it_to_the_new_record() {
    let mut driver = open(office());
    driver.press("d").type_("29602").press("Enter F2");
    go_to(&mut driver, "Đơn vị");
    shows(&driver, "29602  Xã Long Hồ");
    driver.press("Esc");
    hides(&driver, "Bỏ những gì vừa nhập?");
}

#[test]
fn the_look_of_a_form_that_foresees() {
    let mut driver = open(office());
    driver.press("F2 Alt-g");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kngh");
    go_to(&mut driver, "Nội dung");
    driver.type_("Đường liên ấp 3 hư hỏng").press("Tab");
    insta::assert_snapshot!("entry_80x24", driver.screen());
    driver.resize(60, 14);
    shows(&driver, "Hạn  02/04/2026");
}

/// Keys that were pressed, beside the letters of names and contents.
struct Counted<'a> {
    driver: &'a mut Driver,
    keys: usize,
}

impl Counted<'_> {
    fn press(&mut self, keys: &str) {
        self.keys += keys.split_whitespace().count();
        self.driver.press(keys);
    }

    fn type_(&mut self, text: &str) {
        self.keys += text.chars().count();
        self.driver.type_(text);
    }

    fn free(&mut self, text: &str) {
        self.driver.type_(text);
    }

    /// Enter until the cursor stands in the field.
    fn enter_to(&mut self, label: &str) {
        for _ in 0..40 {
            if says(self.driver, &format!("\n> {label}")) {
                return;
            }
            self.press("Enter");
        }
        panic!("no field «{label}»\n{}", self.driver.screen());
    }
}

#[test]
fn a_petition_of_the_same_unit_and_day_takes_few_keys() {
    let mut driver = open(World::on("2026-03-12"));
    // Once, for all the days to come: the day, the unit and the source are kept, entry goes on.
    driver.press("F2 Alt-g");
    for label in ["Nguồn đơn", "Đơn vị"] {
        go_to(&mut driver, label);
        driver.press("Alt-g");
    }
    driver.press("Alt-l Esc");
    let papers = [
        ("kngh", "Lê Thị Bông", "Đèn đường ấp 5 hư hỏng"),
        ("kngh", "Nguyễn Văn Lúa", "Cống thoát nước bị nghẹt"),
        ("kh", "Trần Thị Mận", "Không đồng ý giá bồi thường"),
        ("pa", "Phạm Văn Sậy", "Cơ sở xay xát gây bụi"),
        ("kngh", "Võ Thị Lài", "Đề nghị mở lớp mẫu giáo ở ấp"),
    ];
    let mut all = Vec::new();
    driver.press("F2");
    for (at, (kind, name, content)) in papers.into_iter().enumerate() {
        let mut on = Counted {
            driver: &mut driver,
            keys: 0,
        };
        on.enter_to("Loại đơn");
        on.type_(kind);
        if at == 0 {
            on.enter_to("Nguồn đơn");
            on.type_("bưu");
        }
        on.enter_to("Người gửi");
        on.free(name);
        on.enter_to("Nội dung");
        on.free(content);
        if at == 0 {
            on.enter_to("Đơn vị");
            on.type_(LONG_HO);
        }
        on.press("F10");
        let keys = on.keys;
        println!("petition {}: {keys} keys beside name and content", at + 1);
        all.push(keys);
    }
    driver.press("Esc");
    shows(&driver, "đã nhập 5 đơn");
    assert_eq!(count(&mut driver), 5);
    println!("five petitions: {} keys", all.iter().sum::<usize>());
    assert!(all.iter().skip(1).all(|keys| *keys <= 25), "{all:?}");
    let saved = newest(&mut driver);
    assert_eq!(saved.get("source"), Value::Text("post".into()));
    assert!(matches!(saved.get("unit"), Value::Unit(unit) if unit.code == LONG_HO));
}

#[test]
fn a_day_kept_from_an_earlier_day_does_not_date_todays_papers_back() {
    let mut w = World::on("2025-03-13");
    w.petition("2025-03-13", "complaint", &[]);
    for key in ["received_on", "type"] {
        let switch = habits::Switch::Keep(key, true);
        habits::remember(w.cx.config(), Kind::Petition, switch).unwrap();
    }
    w.later("2025-03-14");
    let mut driver = program(w, Options::default(), 80, 24);
    driver.press("5 F2");
    let screen = driver.screen();
    assert!(screen.contains("14/03/2025"), "{screen}");
    assert!(screen.contains("khiếu nại"), "{screen}");
}
