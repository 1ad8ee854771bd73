//! The other registers and the units, through the same list, card and form.

use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, hides, shows};
use crate::support::world::World;
use danvan::app::records;
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::words::Lang;
use danvan::tui::Options;

fn open(world: World, section: &str) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press(section);
    driver
}

#[test]
fn a_dialogue_takes_opinions_from_its_card() {
    let mut driver = open(World::on("2025-03-14"), "4");
    driver.press("n");
    go_to(&mut driver, "Chủ đề");
    driver.type_("Đất đai và môi trường").press("F10");
    shows(&driver, "đã lưu");
    driver.press("Enter F2");
    shows(&driver, "thêm ý kiến");
    go_to(&mut driver, "Nội dung ý kiến");
    driver.type_("Đề nghị nạo vét kênh").press("F10");
    shows(&driver, "Ý kiến (1)");
    shows(&driver, "1. Đề nghị nạo vét kênh");
    driver.press("G Enter");
    shows(&driver, "Đề nghị nạo vét kênh");
    driver.press("Esc");
    shows(&driver, "Ý kiến (1)");
}

#[test]
fn a_model_gets_a_number_of_its_year() {
    let mut driver = open(World::on("2025-03-14"), "3");
    driver.press("F2");
    go_to(&mut driver, "Tên mô hình, điển hình");
    driver.type_("Tổ an toàn").press("F10");
    shows(&driver, "1/2025");
    shows(&driver, "Tổ an toàn");
}

#[test]
fn a_reception_is_one_visit() {
    let mut driver = open(World::on("2025-03-14"), "6");
    driver.press("F2");
    go_to(&mut driver, "Nội dung");
    driver.type_("Hỏi kết quả xử lý đơn").press("F10");
    shows(&driver, "đã lưu lượt tiếp 1/2025");
}

#[test]
fn the_tree_opens_folds_and_jumps() {
    let mut driver = open(World::on("2026-03-12"), "2");
    shows(&driver, "bản đồ hôm nay");
    shows(&driver, "▸ Tỉnh An Giang");
    driver.press("f").type_("long ho").press("Enter");
    let screen = driver.screen();
    let selected = screen.lines().find(|line| line.starts_with('>')).unwrap();
    assert!(selected.contains("Xã Long Hồ"), "{screen}");
    shows(&driver, "lập từ");
    driver.press("Left");
    shows(&driver, "> ▾ Tỉnh Vĩnh Long");
    driver.press("Left");
    shows(&driver, "> ▸ Tỉnh Vĩnh Long");
    driver.press("Space");
    shows(&driver, "> ▾ Tỉnh Vĩnh Long");
}

#[test]
fn the_map_of_another_day_has_its_own_units() {
    let mut driver = open(World::on("2026-03-12"), "2");
    driver.press("t").type_("30/6/2025").press("Enter");
    shows(&driver, "bản đồ ngày 30/06/2025");
    driver.press("f").type_("855").press("Enter");
    shows(&driver, "Thành phố Vĩnh Long");
    shows(&driver, "địa bàn nay thuộc");
    driver.press("Enter");
    shows(&driver, "Địa bàn nay thuộc");
    driver.press("Esc");
    shows(&driver, "bản đồ ngày 30/06/2025");
}

#[test]
fn the_counts_of_a_unit_open_their_lists() {
    let mut world = World::on("2026-03-12");
    world.petition("2026-03-03", "complaint", &[("unit", "29602")]);
    let mut driver = open(world, "2");
    driver.press("f").type_("29602").press("Enter Enter");
    shows(&driver, "Trong các sổ, kể cả cấp dưới");
    driver.press("Down Down Down Enter");
    shows(&driver, "Đơn thư   Xã Long Hồ và cấp dưới");
    shows(&driver, "> 1/2026");
    driver.press("Esc");
    shows(&driver, "Trong các sổ");
}

#[test]
fn read_only_offers_no_writing_and_says_why() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let config = danvan::app::Config {
        read_only: true,
        ..world.cx.config().clone()
    };
    world.cx = danvan::app::Cx::open(&config).unwrap();
    let mut driver = open(world, "5");
    shows(&driver, "chỉ đọc");
    hides(&driver, "F2 Thêm");
    driver.press("F3");
    shows(&driver, "Sửa: đang mở ở chế độ chỉ đọc");
}

#[test]
fn english_is_spoken_with_lang_en() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[("subject", "Land")]);
    let options = Options {
        lang: Lang::En,
        ..Options::default()
    };
    let mut driver = program(world, options, 80, 24);
    driver.press("5");
    shows(&driver, "Petitions");
    shows(&driver, "! 1 day late");
    for keys in [
        "Enter",
        "v",
        "Esc F3",
        "Esc h",
        "Esc m",
        "Esc F8",
        "Esc Esc Esc F1",
    ] {
        driver.press(keys);
        let screen = driver.screen();
        let vietnamese = screen
            .chars()
            .any(|c| "ăâđêôơưạảấầậẩắằặẳẵẹẻẽếềệểịỉọỏốồộổớờợởỡụủứừựửữỳỵỷỹ".contains(c));
        assert!(!vietnamese || keys.ends_with('v'), "{keys}\n{screen}");
    }
}

#[test]
fn a_list_fits_forty_columns_and_uses_two_hundred() {
    let mut world = World::on("2025-03-14");
    let more = [
        ("subject", "Đường liên ấp hư hỏng kéo dài"),
        ("officer", "Lê Văn Thử"),
        ("field", "land"),
    ];
    world.petition("2025-03-03", "feedback", &more);
    let mut driver = open(world, "5");
    driver.resize(40, 10);
    shows(&driver, "> 1/2025");
    shows(&driver, "Đường");
    hides(&driver, "Lê Văn Thử");
    driver.resize(200, 40);
    shows(&driver, "Đường liên ấp hư hỏng kéo dài");
    shows(&driver, "Lê Văn Thử");
    shows(&driver, "đất đai");
}

#[test]
fn names_of_citizens_stand_on_cards_only() {
    let mut world = World::on("2025-03-14");
    let id = world.add(
        Kind::Petition,
        &[
            ("received_on", "2025-03-03"),
            ("type", "feedback"),
            ("subject", "Đường"),
            ("petitioner", "Lê Thị Bông"),
        ],
    );
    assert_eq!(id, 1);
    let mut driver = open(world, "5");
    driver.resize(200, 40);
    hides(&driver, "Bông");
    driver.press("Enter");
    shows(&driver, "Bông");
}

/// What a hang-up would keep of the visit that is being typed, and what is kept of it.
fn kept_of_a_visit(driver: &mut Driver) -> Vec<String> {
    let drafts = danvan::app::drafts::list(driver.cx().config()).unwrap();
    let slot = driver.slot();
    let all = drafts.into_iter().chain(slot);
    all.flat_map(|draft| draft.fields)
        .map(|(key, _)| key)
        .collect()
}

#[test]
fn nothing_of_a_visitor_is_kept_of_a_denunciation_or_of_a_visit_about_a_petition() {
    for (label, text, personal) in [
        ("Loại nội dung", "tố", false),
        ("Đơn nhận khi tiếp", "1", false),
        ("Loại nội dung", "khiếu", true),
    ] {
        let mut world = World::on("2025-03-14");
        world.petition("2025-03-03", "denunciation", &[]);
        let mut driver = open(world, "6");
        driver.press("F2");
        go_to(&mut driver, label);
        driver.type_(text).press("Tab");
        let screen = driver.screen();
        if screen.contains("Người được tiếp") {
            go_to(&mut driver, "Người được tiếp");
            driver.type_("Trần Thị Không Tên");
        }
        let kept = kept_of_a_visit(&mut driver);
        assert!(
            kept.iter()
                .any(|key| key == "matter_type" || key == "petition")
        );
        assert_eq!(
            kept.iter().any(|key| key == "visitor"),
            personal,
            "{label} {kept:?}"
        );
    }
}

#[test]
fn the_end_of_a_long_list_is_read_from_the_end_in_the_same_order() {
    let mut world = World::on("2025-03-14");
    for n in 1..=230 {
        let subject = format!("Việc {n}");
        let day = format!("2025-03-{:02}", n % 13 + 1);
        let mut more = vec![("subject", subject.as_str())];
        if n % 3 == 0 {
            more.push(("written_on", "2025-02-01"));
        }
        world.petition(&day, "feedback", &more);
    }
    let sorts: [&[(&'static str, bool)]; 4] = [
        &[],
        &[("number", false)],
        &[("written_on", true), ("subject", false)],
        &[("standing", false)],
    ];
    for sort in sorts {
        let query = Query {
            sort: sort.to_vec(),
            ..Query::all(Kind::Petition)
        };
        let all = records::list(&world.cx, &query, 0, None).unwrap();
        let ids = |rows: &[Box<dyn danvan::domain::record::Record>]| -> Vec<i64> {
            rows.iter().map(|row| row.head().id).collect()
        };
        for (skip, many) in [(0, 30), (5, 40), (200, 40)] {
            let from = (records::Anchor::Last, skip);
            let back = records::page(&world.cx, &query, from, many)
                .unwrap()
                .unwrap();
            let end = all.len() - skip;
            let expected = ids(&all)[end.saturating_sub(many)..end].to_vec();
            assert_eq!(ids(&back), expected, "{sort:?}");
        }
    }
    let all = records::list(&world.cx, &Query::all(Kind::Petition), 0, None).unwrap();
    let last = all.last().unwrap().head().number_text().unwrap();
    let mut driver = open(world, "5");
    driver.press("G");
    shows(&driver, &format!("> {last}"));
    let screen = driver.screen();
    driver.press("k k G");
    assert_eq!(driver.screen(), screen);
}

/// A dialogue with two opinions, its card in front.
fn dialogue_card() -> Driver {
    let mut driver = open(World::on("2025-03-14"), "4");
    driver.press("n");
    go_to(&mut driver, "Chủ đề");
    driver.type_("Đất đai").press("F10 Enter");
    shows(&driver, "Ý kiến (0) · F2 thêm ý kiến");
    let long =
        "Đề nghị nạo vét kênh nội đồng, sửa đường liên ấp và làm rõ việc bồi thường của dự án";
    for text in ["Đề nghị thứ nhất", long] {
        driver.press("F2");
        go_to(&mut driver, "Nội dung ý kiến");
        driver.type_(text).press("F10");
    }
    driver
}

#[test]
fn what_is_done_on_a_dialogue_is_done_with_the_opinion_selected() {
    let mut driver = dialogue_card();
    shows(&driver, "Ý kiến (2)");
    driver.press("G Up F3");
    shows(&driver, "sửa ý kiến");
    driver.press("Esc");
    driver.press("F8");
    shows(&driver, "Xóa ý kiến Đề nghị thứ nhất?");
    hides(&driver, "không dùng lại");
    driver.type_("c").press("Enter");
    shows(&driver, "Ý kiến (1)");
    hides(&driver, "1. Đề nghị thứ nhất");
    driver.press("Esc");
    shows(&driver, "Đất đai");
}

#[test]
fn an_opinion_is_not_settled_without_its_day() {
    let mut driver = dialogue_card();
    driver.press("G F3");
    go_to(&mut driver, "Tình trạng");
    driver.type_("đã có").press("F10");
    shows(
        &driver,
        " Ngày có kết quả: phải nhập khi tình trạng là «đã có kết quả»",
    );
    driver.type_("14/3").press("F10");
    shows(&driver, "đã lưu");
    shows(&driver, "đã có kết quả");
}

#[test]
fn a_long_opinion_is_cut_with_a_sign_and_keeps_its_status() {
    let driver = dialogue_card();
    let screen = driver.screen();
    let row = screen.lines().find(|line| line.contains("2. ")).unwrap();
    let first = screen.lines().find(|line| line.contains("1. ")).unwrap();
    let status = first.rsplit("  ").next().unwrap();
    assert!(row.ends_with(status) && row.contains('…'), "{screen}");
}

#[test]
fn removed_records_are_shown_with_the_ways_out() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[]);
    let mut driver = open(world, "5");
    driver.press("F8").type_("c").press("Enter o");
    shows(&driver, "r khôi phục");
    shows(&driver, "o trở lại");
}

#[test]
fn an_indicator_is_picked_by_its_name() {
    let world = World::on("2025-03-14");
    let known = danvan::app::figures::indicators(&world.cx).unwrap();
    let (code, name, _) = known[3].clone();
    let mut driver = open(world, "7");
    driver.press("l F2");
    go_to(&mut driver, "Chỉ tiêu");
    let words = danvan::domain::fold::fold(&name);
    driver.press("F4").type_(&words);
    shows(&driver, &code);
    driver.press("Enter");
    shows(&driver, &code);
    let start: String = name.chars().take(20).collect();
    shows(&driver, &start);
}

#[test]
fn a_list_goes_into_a_file_without_names_unless_they_are_asked_for() {
    let mut w = World::on("2025-03-14");
    w.petition("2025-03-03", "complaint", &[("petitioner", "Lê Thị Bông")]);
    let folder = w.file("ra");
    std::fs::create_dir(&folder).unwrap();
    let mut driver = open(w, "5");
    for (ways, name, holds, steps) in [
        ("Enter", "khong.csv", false, false),
        ("Down Enter", "co.csv", true, false),
        ("Down Down Enter", "du.csv", true, true),
    ] {
        driver.press("X");
        driver.press(ways);
        for _ in 0..40 {
            driver.press("Backspace");
        }
        driver.type_(&folder.join(name).display().to_string());
        driver.press("Enter");
        shows(&driver, "đã xuất 1 dòng");
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(text.contains("Bông"), holds, "{text}");
        assert_eq!(text.contains("Các bước"), steps, "{text}");
    }
}

#[test]
fn a_name_typed_for_an_export_takes_the_place_of_the_one_proposed_and_a_missing_folder_is_told() {
    let mut w = World::on("2025-03-14");
    w.petition("2025-03-03", "complaint", &[("subject", "Việc")]);
    let folder = w.file("ra");
    std::fs::create_dir(&folder).unwrap();
    let mut driver = open(w, "5");
    driver.press("X Enter");
    shows(&driver, "gõ là thay");
    let wanted = folder.join("khong-co/bang.md").display().to_string();
    driver.type_(&wanted).press("Enter");
    let missing = format!("không có thư mục «{}»", folder.join("khong-co").display());
    let flat = driver
        .screen()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(flat.contains(&missing), "{}", driver.screen());
    assert!(!driver.screen().contains(".part"), "{}", driver.screen());
    // What was typed waits to be mended; an arrow keeps what stands there.
    std::fs::create_dir(folder.join("khong-co")).unwrap();
    driver.press("Enter");
    shows(&driver, "đã xuất 1 dòng");
    assert!(folder.join("khong-co/bang.md").exists());
    driver.press("X Enter").type_(&wanted).press("Enter");
    shows(&driver, "tệp này đã có");
    driver.press("Esc X Enter Home").type_("so-");
    shows(&driver, "so-don-thu-2025-03-14.xlsx");
}

#[test]
fn a_file_that_cannot_be_written_is_called_by_its_own_name() {
    let dir = tempfile::tempdir().unwrap();
    let gone = |name: &str| {
        std::io::Error::from(match name {
            "full" => std::io::ErrorKind::StorageFull,
            _ => std::io::ErrorKind::NotFound,
        })
    };
    let path = dir.path().join("ra/bang.md");
    let said = danvan::app::error::unwritten(&path, &gone("")).text(danvan::tui::lang::Lang::Vi);
    assert!(
        said.contains("không có thư mục") && !said.contains("os error"),
        "{said}"
    );
    let said =
        danvan::app::error::unwritten(&path, &gone("full")).text(danvan::tui::lang::Lang::Vi);
    assert!(
        said.contains("đĩa đã đầy") && said.contains("bang.md"),
        "{said}"
    );
}
