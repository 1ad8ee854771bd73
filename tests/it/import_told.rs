//! What books tell beside the steps themselves: hand-written notes stay, doubts are told, a denouncer is named nowhere.
use crate::import_files::{counts, import, values};
use crate::support::cli::World;
use crate::support::sheets::{C, xlsx};
use serde_json::Value as Json;

const HEAD: &str = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả giải quyết;Ngày giải quyết\n";

fn book(row: &str) -> String {
    format!("{HEAD}{row}\n")
}

/// What a plan says of its rows, problems and notes in one text.
fn told(plan: &Json) -> String {
    let all = ["problems", "notes"].iter();
    let texts = all.filter_map(|key| plan[*key].as_array()).flatten();
    texts
        .map(|p| p["rule"].as_str().unwrap_or_default().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_note_written_by_hand_stays_when_the_book_comes_again() {
    let w = World::new();
    let open = book("04/03/2019;Kiến nghị;Xin lắp đèn đường;Lê Thị Bông;Đang chờ kinh phí;");
    let came = import(&w, "petition", "a.csv", open.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    let note = values(&w, "petition", "note").remove(0);
    assert!(note.contains("Đang chờ kinh phí"), "{note}");
    w.ok(&[
        "petition",
        "edit",
        "1",
        "--note",
        &format!("{note}\nĐã gọi điện ngày 02/4"),
    ]);
    let again = import(&w, "petition", "a.csv", open.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 1, 0], "{again:?}");
    let later = book("04/03/2019;Kiến nghị;Xin lắp đèn đường;Lê Thị Bông;Đang xin vốn tỉnh;");
    let came = import(&w, "petition", "b.csv", later.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [0, 1, 0, 0], "{came:?}");
    let note = values(&w, "petition", "note").remove(0);
    for line in ["chờ kinh phí", "gọi điện", "xin vốn tỉnh"] {
        assert_eq!(note.matches(line).count(), 1, "{line}: {note}");
    }
}

#[test]
fn words_are_not_read_for_more_than_they_say() {
    let cases = [
        ("Đang làm", "received"),
        ("Đã hướng dẫn công dân ngày 15/03/2019", "closed_other"),
        ("Không rút đơn", "received"),
        ("Giao UBND xã trả lời trước ngày 20/04/2019", "received"),
        ("Đề nghị UBND xã chuyển đơn", "received"),
        ("-", "received"),
    ];
    for (words, stage) in cases {
        let w = World::new();
        let file = book(&format!(
            "04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;{words};"
        ));
        let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
        assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{words}: {came:?}");
        assert_eq!(values(&w, "petition", "stage"), [stage], "{words}");
    }
}

#[test]
fn a_column_of_what_is_done_may_say_that_it_is_not() {
    let w = World::new();
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Đã giải quyết ngày 31/12/2019\n\
        04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;Chưa\n\
        05/03/2019;Kiến nghị;Xin cống;Trần Văn Tí;x\n";
    let map = w.path("map.toml");
    std::fs::write(
        &map,
        "[columns]\n\"Ngày nhận\" = \"received_on\"\n\"Loại đơn\" = \"type\"\n\"Nội dung\" = \"subject\"\n\
         \"Người gửi\" = \"petitioner\"\n\"Đã giải quyết ngày 31/12/2019\" = \"finished\"\n",
    )
    .unwrap();
    let with = ["--map", map.to_str().unwrap()];
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &with);
    assert_eq!(counts(&came.json()), [2, 0, 0, 0], "{came:?}");
    // the day of the heading is none of a row's: nobody knows when it ended
    assert_eq!(values(&w, "petition", "stage"), ["received", "received"]);
    assert_eq!(came.json()["courses"]["open"], 1, "{came:?}");
}

#[test]
fn half_a_day_and_a_number_that_is_none_are_told() {
    let w = World::new();
    let file = "Số đơn;Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả giải quyết;Ngày giải quyết\n\
        4a/b;04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;Đã giải quyết;tháng 5/2019\n";
    let plan = import(&w, "petition", "a.csv", file.as_bytes(), &["--dry-run"]).json();
    let said = told(&plan);
    assert!(said.contains("4a/b"), "{said}");
    assert_eq!(plan["courses"]["open"], 1, "{plan}");
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    assert!(values(&w, "petition", "note")[0].contains("tháng 5/2019"));
}

#[test]
fn a_row_that_says_a_known_step_otherwise_is_told_and_changes_none() {
    let w = World::new();
    let head = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả giải quyết;Ngày giải quyết;Chuyển đến;Ngày chuyển\n";
    let open = "04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;Chờ phúc đáp;;UBND thị trấn Long Hồ;11/03/2019\n";
    let done = "05/03/2019;KN;Thu hồi đất sai;Trần Văn Tí;Khiếu nại sai;01/07/2019;;\n";
    let first = format!("{head}{open}{done}");
    let came = import(&w, "petition", "a.csv", first.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [2, 0, 0, 0], "{came:?}");
    let steps = |id: &str| w.json(&["petition", "show", id, "--json"])["steps"].clone();
    let before = (steps("1"), steps("2"));
    let second = first
        .replace("11/03/2019", "12/03/2019")
        .replace("Khiếu nại sai", "Khiếu nại đúng");
    let came = import(&w, "petition", "b.csv", second.as_bytes(), &[]);
    let said = told(&came.json());
    assert_eq!(
        said.matches("bước trong sổ giữ nguyên").count(),
        2,
        "{said}"
    );
    assert_eq!((steps("1"), steps("2")), before);
    // the same book again says nothing of the sort
    let again = import(&w, "petition", "a.csv", first.as_bytes(), &[]);
    assert!(!told(&again.json()).contains("giữ nguyên"), "{again:?}");
}

#[test]
fn other_cells_that_name_a_denouncer_are_troubles_and_told_to_nobody() {
    let w = World::new();
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả giải quyết;Ghi chú\n\
        04/03/2019;TC;Cán bộ nhũng nhiễu;Đỗ Quyết Mật;Mời bà Mật (Đỗ Quyết) lên làm việc;bà Đỗ Quyết Mật gọi hỏi\n";
    let mend = w.path("sua.csv");
    let with = ["--problems", mend.to_str().unwrap()];
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &with);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [0, 0, 0, 1]),
        "{came:?}"
    );
    let kept = std::fs::read_to_string(&mend).unwrap();
    for text in [&came.out, &came.err, &kept] {
        assert!(!text.contains("Mật"), "{text}");
    }
    assert!(kept.contains("Cán bộ nhũng nhiễu"), "{kept}");
    let named = came.json()["problems"].to_string();
    assert_eq!(named.matches("nêu tên người tố cáo").count(), 2, "{named}");
    let came = import(&w, "petition", "sua.csv", kept.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert!(!w.ok(&["petition", "history", "1"]).contains("Mật"));
}

#[test]
fn a_paper_that_was_forwarded_stays_so_where_its_answer_has_no_day() {
    let w = World::new();
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả giải quyết;Chuyển đến;Ngày chuyển\n\
        04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;Đã có phúc đáp;UBND thị trấn Long Hồ;11/03/2019\n";
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    assert!(
        told(&came.json()).contains("không ghi ngày phúc đáp"),
        "{came:?}"
    );
    assert_eq!(values(&w, "petition", "stage"), ["forwarded"]);
    let again = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 1, 0], "{again:?}");
}

#[test]
fn short_words_of_registers_say_what_was_found() {
    let cases = [
        ("KN", "KN đúng 1 phần", "partly_justified"),
        ("KN", "KN không đúng", "unjustified"),
        ("TC", "TC đúng", "justified"),
    ];
    for (kind, words, outcome) in cases {
        let w = World::new();
        let file = book(&format!(
            "04/03/2019;{kind};Thu hồi đất;;{words};01/07/2019"
        ));
        let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
        assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{words}: {came:?}");
        assert_eq!(values(&w, "petition", "outcome"), [outcome], "{words}");
    }
}

const UNITS: &str = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Đơn vị\n\
    04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;UBND huyện Long Hồ\n\
    05/03/2019;Kiến nghị;Xin cống;Trần Văn Tí;TP Vĩnh Long\n\
    06/03/2019;Kiến nghị;Xin cầu;Phạm Thị Sen;H. Tam Bình\n\
    07/03/2019;Kiến nghị;Xin chợ;Võ Văn Sáu;UBND TT. Long Hồ, H.Long Hồ\n";

#[test]
fn units_are_known_by_their_committees_and_by_short_words() {
    let w = World::new();
    let came = import(&w, "petition", "a.csv", UNITS.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [4, 0, 0, 0], "{came:?}");
    assert_eq!(
        values(&w, "petition", "unit"),
        ["857", "855", "860", "29602"]
    );
    // a name of another time is told with its time, one that nobody bears as a name
    let file = UNITS
        .replace("04/03/2019", "04/03/2026")
        .replace("TP Vĩnh Long", "Chợ Lách Hạ");
    let plan = import(&w, "petition", "b.csv", file.as_bytes(), &["--dry-run"]).json();
    let said = told(&plan);
    assert!(
        said.contains("đơn vị 857 không có hiệu lực vào ngày 04/03/2026"),
        "{said}"
    );
    assert!(said.contains("không có đơn vị «Chợ Lách Hạ»"), "{said}");
    // the code of such a unit may have been another's on that day
    let file = "Ngày nhận;Loại;Nội dung;Người gửi;Đơn vị\n07/01/2016;Kiến nghị;A;Lê Thị Bông;UBND xã Long Hồ\n";
    let plan = import(&w, "petition", "b.csv", file.as_bytes(), &["--dry-run"]).json();
    let said = told(&plan);
    assert!(
        said.contains("29602 Xã Long Hồ") && said.contains("không có vào ngày 07/01/2016"),
        "{said}"
    );
    // what a person said holds for the text in every row
    let map = w.path("map.toml");
    std::fs::write(&map, "[words.unit]\n\"Chợ Lách Hạ\" = \"855\"\n").unwrap();
    let file = UNITS.replace("TP Vĩnh Long", "Chợ Lách Hạ");
    let with = ["--map", map.to_str().unwrap()];
    let came = import(&w, "petition", "c.csv", file.as_bytes(), &with);
    assert_eq!(counts(&came.json()), [0, 0, 4, 0], "{came:?}");
}

#[test]
fn a_day_that_never_was_is_the_only_trouble_of_its_row() {
    let w = World::new();
    let file = UNITS.replace("04/03/2019", "31/02/2019");
    let plan = import(&w, "petition", "a.csv", file.as_bytes(), &["--dry-run"]).json();
    assert_eq!(counts(&plan), [3, 0, 0, 1], "{plan}");
    assert_eq!(plan["problems"].as_array().unwrap().len(), 1, "{plan}");
}

#[test]
fn an_addressee_in_the_words_of_a_result_is_a_unit_that_a_person_names() {
    let w = World::new();
    let file = book("04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;Chuyển Công an tỉnh;11/03/2019");
    let plan = import(&w, "petition", "a.csv", file.as_bytes(), &["--dry-run"]).json();
    assert_eq!(plan["courses"]["open"], 1, "{plan}");
    let map = w.path("map.toml");
    std::fs::write(&map, "[words.forwarded_to]\n\"Công an tỉnh\" = \"86\"\n").unwrap();
    let with = ["--map", map.to_str().unwrap()];
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &with);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    assert_eq!(values(&w, "petition", "stage"), ["forwarded"]);
}

#[test]
fn where_papers_went_is_told_by_what_stands_beside_it() {
    let w = World::new();
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Nơi chuyển đến;Ngày chuyển\n\
        04/03/2019;Kiến nghị;Xin lắp đèn;Lê Thị Bông;UBND thị trấn Long Hồ;11/03/2019\n";
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    assert_eq!(values(&w, "petition", "stage"), ["forwarded"]);
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Nơi chuyển đến\n\
        05/03/2019;Kiến nghị;Xin cống;Trần Văn Tí;Thanh tra tỉnh\n";
    let came = import(&w, "petition", "b.csv", file.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    assert_eq!(values(&w, "petition", "forwarded_by")[1], "Thanh tra tỉnh");
}

/// A book with a title above its headings.
fn titled(title: &str, row: &str) -> String {
    format!("{title};;;\nTT;Ngày nhận đơn;Họ và tên;Nội dung đơn\n{row}\n")
}

#[test]
fn a_title_speaks_for_its_own_table_alone() {
    let complaints = titled(
        "SỔ THEO DÕI ĐƠN KHIẾU NẠI NĂM 2018",
        "1;04/03/2018;Lê Thị Bông;Bồi thường đất thiếu",
    );
    let accusations = titled(
        "SỔ THEO DÕI ĐƠN TỐ CÁO NĂM 2018",
        "1;05/03/2018;Nông Văn Kheo;Cán bộ nhũng nhiễu",
    );
    // in either order: what was said of one book is not remembered for the other
    for books in [[&complaints, &accusations], [&accusations, &complaints]] {
        let w = World::new();
        for (at, book) in books.iter().enumerate() {
            let came = import(&w, "petition", &format!("{at}.csv"), book.as_bytes(), &[]);
            assert_eq!(
                (came.code, counts(&came.json())),
                (0, [1, 0, 0, 0]),
                "{came:?}"
            );
        }
        let mut all: Vec<(String, String)> = values(&w, "petition", "type")
            .into_iter()
            .zip(values(&w, "petition", "petitioner"))
            .collect();
        all.sort();
        assert_eq!(
            all,
            [
                ("complaint".to_owned(), "Lê Thị Bông".to_owned()),
                ("denunciation".to_owned(), "null".to_owned())
            ]
        );
    }
}

#[test]
fn a_name_that_is_not_taken_is_in_no_other_cell_of_a_denunciation() {
    let w = World::new();
    let book = titled(
        "SỔ THEO DÕI ĐƠN TỐ CÁO NĂM 2018",
        "1;05/03/2018;Nông Văn Kheo;Ông Nông Văn Kheo tố cáo xã A",
    );
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [0, 0, 0, 1]),
        "{came:?}"
    );
    assert!(!format!("{came:?}").contains("Kheo"), "{came:?}");
    // a row that goes on with the same person
    let book = titled(
        "SỔ THEO DÕI ĐƠN TỐ CÁO NĂM 2018",
        "1;05/03/2018;Nông Văn Kheo;Tố cáo xã A\n2;06/03/2018;;Đơn nữa của ông Nông Văn Kheo",
    );
    let came = import(&w, "petition", "a2.csv", book.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [1, 0, 0, 1]),
        "{came:?}"
    );
    // the same where a person has said that the column is not to be taken, and for each of two names
    let mixed = "Ngày nhận;Loại đơn;Họ tên;Nội dung\n\
        05/03/2018;TC;Nông Văn Kheo, Nông Thị Mẫm;Bà Nông Thị Mẫm tố cáo xã A\n";
    let map = w.path("map.toml");
    std::fs::write(&map, "[columns]\n\"Họ tên\" = \"\"\n").unwrap();
    let mend = w.path("sua.csv");
    for with in [
        vec![
            "--map",
            map.to_str().unwrap(),
            "--problems",
            mend.to_str().unwrap(),
        ],
        vec!["--problems", mend.to_str().unwrap()],
    ] {
        let _ = std::fs::remove_file(&mend);
        let came = import(&w, "petition", "b.csv", mixed.as_bytes(), &with);
        assert_eq!(
            (came.code, counts(&came.json())),
            (3, [0, 0, 0, 1]),
            "{came:?}"
        );
        let kept = std::fs::read_to_string(&mend).unwrap();
        for text in [&came.out, &came.err, &kept] {
            assert!(!text.contains("Mẫm") && !text.contains("Kheo"), "{text}");
        }
    }
    // a person alone on a line of the book, and a type in short words
    let book = titled(
        "SỔ THEO DÕI ĐƠN TỐ CÁO NĂM 2018",
        "1;05/03/2018;Nông Văn Kheo;Tố cáo xã A\n;;Nông Thị Mẫm;",
    );
    let came = import(&w, "petition", "d.csv", book.as_bytes(), &["--dry-run"]);
    assert!(!format!("{came:?}").contains("Mẫm"), "{came:?}");
    let short = "Ngày nhận;Loại đơn;Họ tên;Nội dung\n05/03/2018;KN-TC;Nông Thị Mẫm;Xã A\n";
    let _ = std::fs::remove_file(&mend);
    let with = ["--problems", mend.to_str().unwrap()];
    import(&w, "petition", "e.csv", short.as_bytes(), &with);
    assert!(
        !std::fs::read_to_string(&mend)
            .unwrap_or_default()
            .contains("Mẫm")
    );
    // a place behind the name is no second name
    let placed = "Ngày nhận;Loại đơn;Nội dung\n05/03/2018;TC;Xã Long Hồ làm sai\n";
    let came = import(&w, "petition", "c.csv", placed.as_bytes(), &[]);
    assert_eq!(came.code, 0, "{came:?}");
}

#[test]
fn a_file_to_mend_is_mapped_as_the_one_that_it_comes_from() {
    let w = World::new();
    let book = "SỔ KHIẾU NẠI 2019;;;;\nNgày nhận;Người gửi;Việc dân hỏi;Ghi sổ;Kết quả giải quyết\n\
        04/03/2019;Lê Thị Bông;Bồi thường;a1;Xong cả rồi nhé\n\
        31/02/2019;Trần Văn Tí;Thu hồi;a2;Xong cả rồi nhé\n";
    let map = w.path("map.toml");
    std::fs::write(
        &map,
        "finished = \"open\"\n[columns]\n\"Việc dân hỏi\" = \"subject\"\n\"Ghi sổ\" = \"note\"\n\
         [words.result]\n\"Xong cả rồi nhé\" = \"unjustified\"\n",
    )
    .unwrap();
    let mend = w.path("sua.csv");
    let with = [
        "--map",
        map.to_str().unwrap(),
        "--problems",
        mend.to_str().unwrap(),
    ];
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &with);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [1, 0, 0, 1]),
        "{came:?}"
    );
    let kept = std::fs::read_to_string(&mend).unwrap();
    let kept = kept.replace("31/02/2019", "28/02/2019");
    let came = import(&w, "petition", "sua.csv", kept.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(values(&w, "petition", "subject"), ["Thu hồi"]);
    assert!(values(&w, "petition", "note")[0].contains("a2"));
    assert!(!told(&came.json()).contains("nghĩa là gì"), "{came:?}");
}

/// The screen after a book of three rows came in, of which the one in the middle waits to be mended.
fn without_the_second(number: &str) -> String {
    let file = format!(
        "Số đơn;Ngày nhận;Loại đơn;Nội dung;Người gửi\n\
        1;04/03/2019;KN;Bồi thường;Lê Thị Bông\n\
        {number};31/02/2019;KN;Thu hồi;Trần Văn Tí\n\
        ;05/03/2019;KN;Mương lấp;Phạm Thị Sen\n"
    );
    let mut p = crate::support::driver::program(
        crate::support::world::World::on("2026-03-12"),
        danvan::tui::Options::default(),
        80,
        24,
    );
    let path = p.folder().join("a.csv");
    std::fs::write(&path, file).unwrap();
    p.press("5 I p");
    p.type_(path.to_str().unwrap()).press("Enter t x");
    for _ in 0..40 {
        p.press("Backspace");
    }
    p.type_(p.folder().join("sua.csv").to_str().unwrap());
    p.press("Enter t c Enter Enter");
    p.screen()
}

#[test]
fn no_other_row_gets_the_number_of_one_that_waits_to_be_mended() {
    let screen = without_the_second("2");
    assert!(
        screen.contains("1/2019") && screen.contains("3/2019"),
        "{screen}"
    );
    assert!(!screen.contains("2/2019 "), "{screen}");
}

#[test]
fn a_slip_of_the_pen_in_a_number_that_waits_raises_no_other() {
    for number in ["9000000", "2500", "5/2018"] {
        let screen = without_the_second(number);
        assert!(screen.contains("2/2019"), "{number}: {screen}");
    }
}

#[test]
fn a_line_of_the_note_that_a_person_took_out_does_not_come_again() {
    let w = World::new();
    let open = book("04/03/2019;Kiến nghị;Xin lắp đèn đường;Lê Thị Bông;Đang chờ kinh phí;");
    import(&w, "petition", "a.csv", open.as_bytes(), &[]);
    for note in ["đã gọi hỏi", "đã gọi lại"] {
        w.ok(&["petition", "edit", "1", "--note", note, "--yes"]);
        let came = import(&w, "petition", "a.csv", open.as_bytes(), &[]);
        assert_eq!(counts(&came.json()), [0, 0, 1, 0], "{came:?}");
        assert_eq!(values(&w, "petition", "note"), [note]);
    }
}

#[test]
fn trying_an_import_leaves_nothing_behind() {
    fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let found = std::fs::read_dir(folder).into_iter().flatten();
        let found = found.map(|entry| entry.unwrap().path());
        let inside = |path: std::path::PathBuf| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        };
        found.flat_map(inside).collect()
    }
    let w = World::new();
    let bad = book("31/02/2019;Kiến nghị;Xin lắp đèn đường;Lê Thị Bông;;");
    let mend = w.path("sua.csv");
    let flags = ["--problems", mend.to_str().unwrap(), "--yes"];
    let dry = [&flags[..], &["--dry-run"]].concat();
    import(&w, "petition", "a.csv", bad.as_bytes(), &dry);
    assert!(mend.exists());
    let kept = || files(&w.path("state"));
    assert!(
        !kept()
            .iter()
            .any(|f| f.extension().is_some_and(|e| e == "toml")),
        "{:?}",
        kept()
    );
    import(&w, "petition", "a.csv", bad.as_bytes(), &flags);
    assert!(
        kept()
            .iter()
            .any(|f| f.extension().is_some_and(|e| e == "toml"))
    );
}

#[test]
fn an_export_without_its_steps_says_what_it_lacks() {
    let w = World::new();
    let file = "Ngày nhận;Loại đơn;Nội dung;Giai đoạn;Số ngày còn\n04/03/2019;khiếu nại;Bồi thường;đã giải quyết;\n";
    let file = file.replace(
        "Số ngày còn",
        danvan::catalog::field(danvan::domain::record::Kind::Petition, "days_left")
            .unwrap()
            .label
            .vi,
    );
    let path = w.path("a.csv");
    std::fs::write(&path, file).unwrap();
    let came = w.run(&["import", "petition", path.to_str().unwrap(), "--dry-run"]);
    assert!(came.err.contains("không kèm các bước"), "{came:?}");
}

/// Two papers of a day, of which nothing tells who wrote them.
#[test]
fn a_mended_paper_is_not_taken_for_one_like_it() {
    let w = World::new();
    let head = "Ngày nhận;Loại đơn;Nội dung;Họ tên;Ghi chú\n";
    let good = format!("{head}05/03/2018;TC;Cán bộ nhũng nhiễu;;tờ hai\n");
    let came = import(&w, "petition", "a.csv", good.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    let mended = "Ngày nhận;Loại đơn;Nội dung;Họ tên;Ghi chú;Dòng trong tệp gốc;Vì sao chưa nhập được\n\
        05/03/2018;TC;Cán bộ nhũng nhiễu;;tờ một;2;x\n";
    let came = import(&w, "petition", "sua.csv", mended.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
    assert!(
        told(&came.json()).contains("vào như bản ghi khác"),
        "{came:?}"
    );
    assert_eq!(values(&w, "petition", "note"), ["tờ hai", "tờ một"]);
    // again, and both books in another order: nothing changes places
    let again = import(&w, "petition", "sua.csv", mended.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 1, 0], "{again:?}");
    let whole = format!(
        "{head}05/03/2018;TC;Cán bộ nhũng nhiễu;;tờ một\n05/03/2018;TC;Cán bộ nhũng nhiễu;;tờ hai\n"
    );
    let again = import(&w, "petition", "b.csv", whole.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 2, 0], "{again:?}");
}

#[test]
fn an_opinion_about_a_denunciation_tells_its_asker_nowhere() {
    let w = World::new();
    let paper = "Ngày nhận;Loại;Nội dung\n04/03/2019;TC;Cán bộ nhũng nhiễu\n";
    import(&w, "petition", "don.csv", paper.as_bytes(), &[]);
    let mend = w.path("sua.csv");
    let with = ["--problems", mend.to_str().unwrap()];
    // by its number here, and by one that says nothing
    for petition in ["1", "\"1/2019\""] {
        let file = format!(
            "[{{\"held_on\": \"2019-04-02\", \"topic\": \"Nước sạch\", \"unit\": \"29602\", \"opinions\": [\
             {{\"content\": \"Hỏi kết quả\", \"asker\": \"Nông Thị Mẫm\", \"petition\": {petition}}}]}}]"
        );
        let _ = std::fs::remove_file(&mend);
        let came = import(&w, "dialogue", "a.json", file.as_bytes(), &with);
        assert_eq!(came.code, 3, "{came:?}");
        let kept = std::fs::read_to_string(&mend).unwrap();
        for text in [&came.out, &came.err, &kept] {
            assert!(!text.contains("Mẫm"), "{text}");
        }
        assert!(kept.contains("Nước sạch"), "{kept}");
    }
}

#[test]
fn days_of_rows_to_mend_are_written_as_in_the_book_they_come_from() {
    let w = World::new();
    let row = |day: C, subject: &'static str, more: &[&'static str]| {
        let mut row = vec![
            day,
            C::Text("Kiến nghị"),
            C::Text(subject),
            C::Text("Lê Thị Bông"),
        ];
        row.extend(more.iter().map(|t| C::Text(t)));
        row
    };
    let heads = |more: &[&'static str]| {
        let own = ["Ngày nhận", "Loại", "Nội dung", "Người gửi"];
        own.iter()
            .chain(more)
            .map(|t| C::Text(t))
            .collect::<Vec<C>>()
    };
    let book = xlsx(
        &[
            heads(&[]),
            row(C::Serial(43500.0), "Một", &[]),
            row(C::Serial(43511.0), "Hai", &[]),
            row(C::Serial(43530.0), "Ba", &[]),
            row(C::Text("31/02/2019"), "Bốn", &[]),
        ],
        &[],
    );
    let mend = w.path("sua.csv");
    let with = ["--problems", mend.to_str().unwrap()];
    let came = import(&w, "petition", "a.xlsx", &book, &with);
    assert_eq!(counts(&came.json()), [3, 0, 0, 1], "{came:?}");
    // of so few rows, one typed by hand, nobody could tell that days were turned round
    let rows = [
        heads(&["Dòng trong tệp gốc", "Vì sao chưa nhập được"]),
        row(C::Serial(43530.0), "Năm", &["2", "…"]),
        row(C::Text("28/02/2019"), "Bốn", &["5", "…"]),
    ];
    let came = import(&w, "petition", "b.xlsx", &xlsx(&rows, &[]), &[]);
    assert_eq!(counts(&came.json()), [2, 0, 0, 0], "{came:?}");
    let days = values(&w, "petition", "received_on");
    assert!(days.contains(&"2019-03-06".to_owned()), "{days:?}");

    // Nobody said how days are written: in the next book with these headings it is asked anew.
    let rows = [
        heads(&[]),
        row(C::Text("02/13/2020"), "Sáu", &[]),
        row(C::Text("02/14/2020"), "Bảy", &[]),
        row(C::Text("03/04/2020"), "Tám", &[]),
    ];
    let came = import(&w, "petition", "c.xlsx", &xlsx(&rows, &[]), &[]);
    assert_eq!(counts(&came.json()), [0, 0, 0, 3], "{came:?}");
    assert!(came.out.contains("03/04/2020 hay 04/03/2020?"), "{came:?}");
}
