//! What a file says and a register has no place for is told, row by row: words that become no step, days of another
//! year, old matters without a day.
use crate::import_files::{counts, import, values};
use crate::support::cli::World;
use serde_json::Value as Json;

/// The notes of a plan: the row and the rule.
fn notes(plan: &Json) -> Vec<(u64, String)> {
    let list = plan["notes"].as_array().unwrap();
    list.iter()
        .map(|n| {
            (
                n["row"].as_u64().unwrap(),
                n["rule"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[test]
fn what_is_being_dealt_with_and_a_second_complaint_are_told() {
    let w = World::new();
    let book = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả\n\
        04/03/2019;KN;Bồi thường đất;Lê Thị Bông;Đang giải quyết\n\
        05/03/2019;KN;Thu hồi đất (khiếu nại lần 2);Trần Văn Tí;Chưa giải quyết\n\
        06/03/2019;Kiến nghị;Xin đèn lần 2;Phạm Thị Sen;\n";
    let plan = import(&w, "petition", "a.csv", book.as_bytes(), &[]).json();
    assert_eq!(counts(&plan), [3, 0, 0, 0]);
    let told = notes(&plan);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].0 == 2 && told[0].1.contains("vào sổ ở giai đoạn «đã nhận»"),
        "{told:?}"
    );
    assert!(
        told[1].0 == 3 && told[1].1.contains("vào sổ là lần đầu"),
        "{told:?}"
    );
    assert_eq!(plan["courses"]["idle"], 1);
    // where a column says it, nothing is to be told
    let book = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Lần giải quyết\n\
        05/03/2020;KN;Thu hồi đất lần 2;Trần Văn Tí;2\n";
    let plan = import(&w, "petition", "b.csv", book.as_bytes(), &[]).json();
    assert_eq!(notes(&plan), []);
}

#[test]
fn a_day_of_another_year_than_the_book_s_is_told() {
    let w = World::new();
    let rows = |title: &str, years: &[i32]| {
        let row = |(n, year): (usize, &i32)| {
            format!("{:02}/03/{year};Kiến nghị;Việc {n};Trần Văn Tí\n", n + 1)
        };
        let rows: String = years.iter().enumerate().map(row).collect();
        format!("{title}Ngày nhận;Loại đơn;Nội dung;Người gửi\n{rows}")
    };
    let told = |text: &str| {
        notes(&import(&w, "petition", "a.csv", text.as_bytes(), &["--dry-run"]).json())
    };
    // the title says the year
    let text = rows("SỔ THEO DÕI ĐƠN THƯ NĂM 2019;;;\n", &[2019, 2019, 2009]);
    let found = told(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].0 == 5 && found[0].1.contains("sổ năm 2019"),
        "{found:?}"
    );
    // nearly all rows lie in it
    let mut years = vec![2019; 11];
    years[4] = 2009;
    let found = told(&rows("", &years));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].0 == 6 && found[0].1.contains("gần hết"),
        "{found:?}"
    );
    // books of several years, and a title that is not theirs, say nothing
    assert_eq!(told(&rows("", &[2017, 2018, 2019])), []);
    assert_eq!(told(&rows("BÁO CÁO NĂM 2020;;;\n", &[2018, 2019])), []);
}

const OLD: &str = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả;Ngày giải quyết;Chuyển đến\n\
    01/07/2019;KN;Đất;Lê Thị Bông;Rút đơn;;\n\
    01/07/2019;KN;Cầu;Trần Văn Tí;Đã hướng dẫn;;\n\
    01/07/2019;KN;Mương;Phạm Thị Sen;Chuyển xã, đã trả lời;;\n\
    01/07/2019;KN;Đèn;Võ Văn Ba;Đã giải quyết;;\n\
    01/07/2019;KN;Cống;Đỗ Thị Tư;Trả đơn;11/07/2019;\n";

#[test]
fn old_matters_end_as_the_book_calls_them_and_their_day_is_in_no_median() {
    let w = World::new();
    let came = import(
        &w,
        "petition",
        "a.csv",
        OLD.as_bytes(),
        &["--finished", "file"],
    );
    let plan = came.json();
    assert_eq!((came.code, counts(&plan)), (0, [5, 0, 0, 0]), "{came:?}");
    let courses = &plan["courses"];
    assert_eq!(
        (&courses["kept"], &courses["filed"]),
        (&Json::from(2), &Json::from(2)),
        "{plan}"
    );
    let told = notes(&plan);
    let of = |row: u64| {
        told.iter()
            .find(|(own, _)| *own == row)
            .map_or("", |(_, rule)| rule)
    };
    assert!(of(2).contains("«rút đơn» ngày 31/12/2019"), "{told:?}");
    assert!(of(3).contains("«hướng dẫn» ngày 31/12/2019"), "{told:?}");
    assert!(of(4).contains("sổ gọi là «chuyển đơn»"), "{told:?}");
    assert!(of(5).contains("không tính vào trung vị"), "{told:?}");
    assert_eq!(values(&w, "petition", "stage"), ["closed_other"; 5]);
    // four of them have a day by convention: the one that the book tells is the median
    let rates = w.json(&[
        "rates",
        "--measure",
        "processing",
        "--period",
        "2019",
        "--json",
    ]);
    assert_eq!(rates["total"]["numerator"]["count"], 5, "{rates}");
    let page = w.ok(&["rates", "--measure", "processing", "--period", "2019"]);
    assert!(page.contains("trung vị: 10;"), "{page}");
    // the same book again changes nothing
    let again = import(
        &w,
        "petition",
        "b.csv",
        OLD.as_bytes(),
        &["--finished", "file"],
    );
    assert_eq!(counts(&again.json()), [0, 0, 5, 0], "{again:?}");
}

#[test]
fn one_word_of_two_meanings_is_asked_for() {
    let w = World::new();
    let map = w.path("cot.toml");
    let more = ["--map", map.to_str().unwrap()];
    let book = "Ngày nhận;Loại đơn;Nội dung;Người gửi\n04/03/2019;KN;Đèn;Lê Thị Bông\n05/03/2019;KN;Cầu;Trần Văn Tí\n";
    // the same word in two spellings of capitals cannot mean two things
    std::fs::write(
        &map,
        "[words.result]\n\"Xong\" = \"answered\"\n\"xong\" = \"justified\"\n",
    )
    .unwrap();
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &more);
    assert_eq!(came.code, 2, "{came:?}");
    assert!(came.err.contains("hai nghĩa"), "{came:?}");
    // with and without its marks: each means what was said of it, and a third spelling is asked for
    let said = "[words.type]\n\"Mẫu QÁ\" = \"feedback\"\n\"Mẫu qa\" = \"recommendation\"\n";
    std::fs::write(&map, said).unwrap();
    let book = "Ngày nhận;Loại đơn;Nội dung;Người gửi\n04/03/2019;Mẫu QÁ;Đèn;Lê Thị Bông\n05/03/2019;Mẫu qa;Cầu;Trần Văn Tí\n";
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &more);
    assert_eq!(came.code, 0, "{came:?}");
    assert_eq!(
        values(&w, "petition", "type"),
        ["feedback", "recommendation"]
    );
    let book = "Ngày nhận;Loại đơn;Nội dung;Người gửi\n06/03/2019;Mau qá;Cống;Đỗ Thị Tư\n";
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &more);
    assert_eq!(counts(&came.json()), [0, 0, 0, 1], "{came:?}");
}
