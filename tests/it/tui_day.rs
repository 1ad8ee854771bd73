//! A whole reception day or dialogue at one sitting, and rows that become petitions.

use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, shows};
use crate::support::world::World;
use danvan::app::{drafts, records};
use danvan::domain::query::Query;
use danvan::domain::record::{Kind, Record};
use danvan::domain::value::Value;
use danvan::tui::Options;

fn open(section: &str) -> Driver {
    let mut world = World::on("2026-03-12");
    world.cx.set_own_unit("29602").unwrap();
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press(section);
    driver
}

fn all(driver: &mut Driver, kind: Kind) -> Vec<Box<dyn Record>> {
    let mut rows = records::list(driver.cx(), &Query::all(kind), 0, None).unwrap();
    rows.sort_by_key(|r| r.head().id);
    rows
}

/// Types one visit: type, visitor, content.
fn visit(driver: &mut Driver, kind: &str, name: &str, content: &str) {
    driver.press("PgDn").type_(kind);
    if !name.is_empty() {
        go_to(driver, "Người được tiếp");
        driver.type_(name);
    }
    go_to(driver, "Nội dung");
    driver.type_(content);
}

#[test]
fn a_reception_day_is_saved_row_by_row_with_one_head() {
    let mut driver = open("6");
    driver.press("N");
    shows(&driver, "cả buổi tiếp");
    shows(&driver, "29602  Xã Long Hồ");
    driver.type_("11/3");
    go_to(&mut driver, "Hình thức tiếp");
    driver.type_("định");
    go_to(&mut driver, "Người tiếp");
    driver.type_("Bà Hoa");
    visit(
        &mut driver,
        "kngh",
        "Nguyễn Văn Ba",
        "Xin làm lại cống ấp 3",
    );
    driver.press("Tab").type_("có");
    visit(&mut driver, "pa", "Lê Thị Bông", "Đèn đường ấp 5 hư");
    visit(&mut driver, "kh", "Trần Thị Mận", "Giá bồi thường đất thấp");
    shows(&driver, "lượt 3 / 3");
    shows(&driver, "Nguyễn Văn Ba");
    insta::assert_snapshot!("day_80x24", driver.screen());
    driver.press("F10");
    shows(&driver, "đã lưu 3 lượt tiếp, lập 1 đơn: 1/2026");
    let visits = all(&mut driver, Kind::Reception);
    assert_eq!(visits.len(), 3);
    for (at, visit) in visits.iter().enumerate() {
        assert_eq!(visit.head().number, Some((at as i64 + 1, 2026)));
        assert_eq!(visit.get("mode"), Value::Text("scheduled".into()));
        assert_eq!(visit.get("receiver"), Value::Text("Bà Hoa".into()));
        assert_eq!(
            visit.get("received_on").clone(),
            Value::Date("2026-03-11".parse().unwrap())
        );
    }
    let petitions = all(&mut driver, Kind::Petition);
    let [petition] = petitions.as_slice() else {
        panic!("one petition");
    };
    assert_eq!(visits[0].get("petition"), Value::Ref(petition.head().id));
    assert_eq!(petition.get("source"), Value::Text("reception".into()));
    assert_eq!(
        petition.get("petitioner"),
        Value::Text("Nguyễn Văn Ba".into())
    );
    assert_eq!(
        petition.get("subject"),
        Value::Text("Xin làm lại cống ấp 3".into())
    );
    assert!(drafts::list(driver.cx().config()).unwrap().is_empty());
}

#[test]
fn one_bad_row_keeps_all_of_them_and_is_shown() {
    let mut driver = open("6");
    driver.press("N");
    visit(&mut driver, "", "Nguyễn Văn Ba", "Hỏi về hồ sơ");
    driver.press("Tab").type_("có");
    visit(&mut driver, "pa", "Lê Thị Bông", "Đèn đường hư");
    driver.press("F10");
    shows(&driver, "Loại nội dung: phải chọn loại để lập thành đơn");
    shows(&driver, "lượt 1 / 2");
    shows(&driver, ">!Loại nội dung");
    assert!(all(&mut driver, Kind::Reception).is_empty());
    driver.type_("pa").press("F10");
    shows(&driver, "đã lưu 2 lượt tiếp, lập 1 đơn");
}

#[test]
fn tab_at_the_end_of_a_row_begins_the_next_and_rows_can_be_turned_and_taken_out() {
    let mut driver = open("6");
    driver.press("N");
    driver.press("PgDn PgDn");
    shows(&driver, "dòng này còn trống");
    visit(&mut driver, "pa", "", "Việc một");
    go_to(&mut driver, "Ghi chú");
    // what lies outside the window is told beside the place, not under it
    shows(&driver, "lượt 1 / 1 ─ ▲ 8 ô ─");
    driver.press("Tab");
    shows(&driver, "lượt 2 / 2");
    go_to(&mut driver, "Nội dung");
    driver.type_("Việc hai").press("PgUp");
    shows(&driver, "lượt 1 / 2");
    shows(&driver, "> Loại nội dung             phản ánh");
    driver.press("F8");
    shows(&driver, "Bỏ lượt 1 khỏi biểu này?");
    driver.press("c Enter");
    shows(&driver, "lượt 1 / 1");
    driver.press("F10");
    shows(&driver, "đã lưu 1 lượt tiếp");
    let visits = all(&mut driver, Kind::Reception);
    assert_eq!(visits[0].get("content"), Value::Text("Việc hai".into()));
}

#[test]
fn a_value_of_the_row_before_is_taken_with_f6_or_kept() {
    let mut driver = open("6");
    driver.press("N PgDn Alt-g");
    shows(&driver, "giữ: loại nội dung");
    driver.type_("pa");
    go_to(&mut driver, "Địa chỉ");
    driver.type_("ấp 5");
    go_to(&mut driver, "Nội dung");
    driver.type_("Việc một").press("PgDn");
    shows(&driver, "= phản ánh");
    go_to(&mut driver, "Địa chỉ");
    driver.press("F6");
    shows(&driver, "ấp 5");
}

#[test]
fn a_day_half_entered_comes_back_from_its_draft() {
    let mut driver = open("6");
    driver.press("N");
    visit(&mut driver, "pa", "Lê Thị Bông", "Đèn đường hư");
    visit(&mut driver, "tố", "", "Cán bộ nhũng nhiễu");
    driver.press("Tab");
    let kept = drafts::list(driver.cx().config()).unwrap();
    let [draft] = kept.as_slice() else {
        panic!("one draft: {kept:?}");
    };
    assert_eq!(draft.rows.len(), 2);
    let v = danvan::tui::view_of(driver.cx(), Options::default());
    let form = danvan::tui::screen::form::from_draft(driver.cx(), draft, &v).unwrap();
    driver.press("Esc c Enter");
    driver.root().push(Box::new(form));
    driver.settle();
    shows(&driver, "lượt 2 / 2");
    shows(&driver, "Lê Thị Bông");
    driver.press("F10");
    shows(&driver, "đã lưu 2 lượt tiếp");
    // The answer was lost, the draft is sent once more: nothing is stored twice.
    let form = danvan::tui::screen::form::from_draft(driver.cx(), &kept[0], &v).unwrap();
    driver.root().push(Box::new(form));
    driver.settle();
    driver.press("F10");
    shows(&driver, "cả buổi đã lưu từ trước");
    assert_eq!(all(&mut driver, Kind::Reception).len(), 2);
}

#[test]
fn the_petition_of_a_visit_keeps_its_link_through_a_draft() {
    let mut world = World::on("2026-03-12");
    let visit = world.add(
        Kind::Reception,
        &[
            ("received_on", "2026-03-10"),
            ("matter_type", "feedback"),
            ("content", "Đường liên ấp 3 hư hỏng kéo dài"),
        ],
    );
    let subject = [("subject", "Đường liên ấp 3 hư hỏng kéo dài")];
    let first = world.petition("2026-03-01", "feedback", &subject);
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("6 t");
    shows(&driver, "có thể cùng vụ");
    driver.press("Alt-1 Tab Tab").type_("pa").press("Tab");
    let draft = drafts::list(driver.cx().config()).unwrap().remove(0);
    driver.press("Esc c Enter");
    let v = danvan::tui::view_of(driver.cx(), Options::default());
    let form = danvan::tui::screen::form::from_draft(driver.cx(), &draft, &v).unwrap();
    driver.root().push(Box::new(form));
    driver.settle();
    shows(&driver, " sẽ nối\n");
    driver.press("F10");
    let linked = records::get(driver.cx(), Kind::Reception, visit).unwrap();
    let Value::Ref(id) = linked.get("petition") else {
        panic!("linked\n{}", driver.screen());
    };
    let petition = records::get(driver.cx(), Kind::Petition, id).unwrap();
    assert_eq!(petition.get("duplicate_of"), Value::Ref(first));
}

/// A day of receptions in whose first row Phan Thị Kín was typed before the matter was said to be a denunciation.
fn denounced() -> Driver {
    let mut driver = open("6");
    driver.press("N PgDn");
    go_to(&mut driver, "Người được tiếp");
    driver
        .type_("Phan Thị Kín")
        .press("Tab Shift-Tab Shift-Tab");
    driver.type_("t").press("Tab");
    go_to(&mut driver, "Nội dung");
    driver.type_("Cán bộ nhũng nhiễu");
    driver
}

/// What lies in the drafts.
fn drafts(driver: &Driver) -> String {
    let files = std::fs::read_dir(driver.folder().join("state/drafts")).unwrap();
    let texts = files.map(|f| std::fs::read_to_string(f.unwrap().path()).unwrap());
    texts.collect()
}

#[test]
fn a_denouncer_at_a_reception_stands_in_no_draft() {
    let mut driver = denounced();
    driver.press("Tab");
    let kept = drafts(&driver);
    assert!(kept.contains("nhũng nhiễu"), "{kept}");
    assert!(!kept.contains("Phan Thị"), "{kept}");
    driver.press("F10");
    shows(&driver, "đã lưu 1 lượt tiếp");
    let visits = all(&mut driver, Kind::Reception);
    assert_eq!(visits[0].get("visitor"), Value::Null);
}

#[test]
fn no_other_row_of_a_day_tells_a_denouncer_in_its_draft() {
    let mut driver = denounced();
    driver.press("PgDn");
    go_to(&mut driver, "Người được tiếp");
    driver.type_("Lê Văn Mẫu").press("Tab");
    go_to(&mut driver, "Nội dung");
    driver.type_("Đi cùng bà Phan Thị Kín").press("Tab");
    let kept = drafts(&driver);
    for own in ["nhũng nhiễu", "Lê Văn Mẫu"] {
        assert!(kept.contains(own), "{kept}");
    }
    assert!(!kept.contains("Phan Thị"), "{kept}");
}

#[test]
fn a_dialogue_is_entered_with_its_opinions_and_one_becomes_a_petition() {
    let mut driver = open("4");
    driver.press("N");
    shows(&driver, "cả buổi đối thoại");
    go_to(&mut driver, "Chủ đề");
    driver.type_("Đất đai và môi trường");
    driver
        .press("PgDn")
        .type_("Đề nghị nạo vét kênh")
        .press("PgDn");
    driver
        .type_("Xem lại giá đất")
        .press("Tab")
        .type_("đại diện ấp 3")
        .press("Tab");
    driver.type_("khiếu").press("F10");
    shows(
        &driver,
        "đã lưu buổi đối thoại, 2 ý kiến, lập 1 đơn: 1/2026",
    );
    let dialogues = all(&mut driver, Kind::Dialogue);
    assert_eq!(dialogues.len(), 1);
    let opinions = all(&mut driver, Kind::Opinion);
    let orders: Vec<Value> = opinions.iter().map(|o| o.get("order")).collect();
    assert_eq!(orders, [Value::Int(1), Value::Int(2)]);
    let petitions = all(&mut driver, Kind::Petition);
    assert_eq!(
        opinions[1].get("petition"),
        Value::Ref(petitions[0].head().id)
    );
    assert_eq!(petitions[0].get("type"), Value::Text("complaint".into()));
    assert_eq!(petitions[0].get("received_on"), dialogues[0].get("held_on"));
}

#[test]
fn a_stored_visit_becomes_a_petition_and_points_to_it() {
    let mut world = World::on("2026-03-12");
    let visit = world.add(
        Kind::Reception,
        &[
            ("received_on", "2026-03-10"),
            ("matter_type", "feedback"),
            ("visitor", "Lê Thị Bông"),
            ("content", "Đèn đường ấp 5 hư"),
        ],
    );
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("6 t");
    shows(&driver, "thêm đơn");
    shows(&driver, "Lê Thị Bông");
    shows(&driver, "qua tiếp công dân");
    driver.press("F10");
    shows(&driver, "đã lưu đơn 1/2026");
    let linked = records::get(driver.cx(), Kind::Reception, visit).unwrap();
    let petitions = all(&mut driver, Kind::Petition);
    assert_eq!(linked.get("petition"), Value::Ref(petitions[0].head().id));
    assert_eq!(
        petitions[0].get("received_on"),
        Value::Date("2026-03-10".parse().unwrap())
    );
    // Once is enough.
    driver.press("Esc t");
    shows(&driver, "đã có đơn lập từ dòng này");
    assert_eq!(all(&mut driver, Kind::Petition).len(), 1);
}

#[test]
fn no_size_is_too_small_for_a_day() {
    let mut driver = open("6");
    driver.press("N");
    visit(&mut driver, "pa", "Lê Thị Bông", "Đèn đường hư");
    for (wide, high) in [(40, 10), (41, 11), (60, 15), (80, 12), (200, 60), (1, 1)] {
        driver.resize(wide, high);
        driver.press("Tab PgUp");
    }
}

/// Whether a record holds the unit of this code.
fn has_unit(record: &dyn Record, code: &str) -> bool {
    matches!(record.get("unit"), Value::Unit(unit) if unit.code == code)
}

#[test]
fn a_petition_made_of_an_opinion_takes_day_and_unit_of_the_dialogue() {
    let mut driver = open("4");
    driver.press("N").type_("11/3");
    go_to(&mut driver, "Chủ đề");
    driver.type_("Nước sạch");
    for (content, of) in [("Kéo ống nước ấp 3", "kngh"), ("Đèn đường ấp 5", "")] {
        driver.press("PgDn");
        go_to(&mut driver, "Nội dung ý kiến");
        driver.type_(content);
        go_to(&mut driver, "Thành đơn");
        driver.type_(of);
    }
    driver.press("F10");
    shows(&driver, "lập 1 đơn: 1/2026");
    // The other one from its own form, in the list of petitions for the field that asks for it.
    driver.press("Enter G F3");
    go_to(&mut driver, "Đơn liên quan");
    driver.press("F4 Home");
    shows(&driver, "thêm đơn mới…");
    driver.press("Down Enter");
    shows(&driver, "thêm đơn");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kngh").press("F10");
    driver.press("F10");
    let petitions = all(&mut driver, Kind::Petition);
    assert_eq!(petitions.len(), 2, "{}", driver.screen());
    for (petition, subject) in petitions
        .iter()
        .zip(["Kéo ống nước ấp 3", "Đèn đường ấp 5"])
    {
        assert!(has_unit(petition.as_ref(), "29602"), "{subject}");
        let day = "2026-03-11".parse().unwrap();
        assert_eq!(petition.get("received_on"), Value::Date(day));
        assert_eq!(petition.get("source"), Value::Text("in_person".into()));
        assert_eq!(petition.get("subject"), Value::Text(subject.into()));
    }
    let opinions = all(&mut driver, Kind::Opinion);
    let links = opinions.iter().map(|opinion| opinion.get("petition"));
    let ids = petitions.iter().map(|p| Value::Ref(p.head().id));
    assert!(links.eq(ids));
}

#[test]
fn petitions_and_models_begin_with_the_offices_own_unit() {
    for (section, kind, label) in [
        ("5", Kind::Petition, "Nội dung"),
        ("3", Kind::Model, "Tên mô hình, điển hình"),
    ] {
        let mut driver = open(section);
        driver.press("F2");
        shows(&driver, "29602  Xã Long Hồ");
        // Nothing was typed: leaving asks nothing.
        driver.press("Esc");
        driver.press("F2 Alt-l");
        for (text, clears) in [("Việc một", false), ("Việc hai", true)] {
            if kind == Kind::Petition {
                go_to(&mut driver, "Loại đơn");
                driver.type_("kngh");
            }
            go_to(&mut driver, label);
            driver.type_(text);
            go_to(&mut driver, "Đơn vị");
            // The next form begins with it again.
            shows(&driver, "29602  Xã Long Hồ");
            if clears {
                driver.press("Ctrl-U");
            }
            driver.press("F10");
        }
        let saved = all(&mut driver, kind);
        assert!(has_unit(saved[0].as_ref(), "29602"), "{}", driver.screen());
        assert_eq!(saved[1].get("unit"), Value::Null);
    }
}

#[test]
fn a_petition_in_an_office_of_a_province_is_about_a_place_in_it_not_about_all_of_it() {
    let mut driver = open("5");
    driver.cx().set_own_unit("86").unwrap();
    driver.press("F2");
    go_to(&mut driver, "Đơn vị");
    assert!(
        !driver.screen().contains("Tỉnh Vĩnh Long"),
        "{}",
        driver.screen()
    );
    // A model is the office's own.
    driver.press("Esc 3 F2");
    assert!(
        driver.screen().contains("Tỉnh Vĩnh Long"),
        "{}",
        driver.screen()
    );
}
