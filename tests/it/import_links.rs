//! Links between the rows of a file, and from its rows to records that are there.
use crate::import_files::{counts, import, values};
use crate::support::cli::World;
use crate::support::world;
use danvan::app::{Config, undo};
use danvan::domain::record::Kind;

const BOOK: &str = "Số;Ngày nhận;Loại đơn;Nội dung;Người gửi;Đơn lần trước;Cùng vụ với đơn\n\
    012/2019;04/03/2019;KN;Bồi thường lần hai;Lê Thị Bông;7/2019;\n\
    7/2019;05/01/2019;KN;Bồi thường lần đầu;Lê Thị Bông;;\n\
    9/2019;06/01/2019;PA;Đèn đường tắt;Trần Văn Tí;;8/2019\n\
    8/2019;06/01/2019;PA;Đèn đường không sáng;Phạm Thị Sen;;\n";

#[test]
fn rows_of_an_old_book_point_to_each_other_by_their_old_numbers() {
    let w = World::new();
    let came = import(&w, "petition", "so.csv", BOOK.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [4, 0, 0, 0]),
        "{came:?}"
    );
    let subject = |id: &str| w.json(&["petition", "show", id, "--json"])["subject"].clone();
    let rows = w.json(&["petition", "list", "--json", "--sort", "received_on"]);
    let row = |what: &str| {
        let all = rows.as_array().unwrap();
        all.iter().find(|r| r["subject"] == what).unwrap().clone()
    };
    let second = row("Bồi thường lần hai");
    assert_eq!(
        subject(&second["previous"].to_string()),
        "Bồi thường lần đầu"
    );
    let copy = row("Đèn đường tắt");
    assert_eq!(
        subject(&copy["duplicate_of"].to_string()),
        "Đèn đường không sáng"
    );
    let again = import(&w, "petition", "so.csv", BOOK.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 4, 0], "{again:?}");
    assert_eq!(w.run(&["doctor"]).code, 0);
    // all of it goes as one
    let petitions = w.ok(&["petition", "list", "--count"]);
    assert_eq!(petitions.trim(), "4");
}

#[test]
fn a_link_that_leads_nowhere_is_told_at_its_cell() {
    let w = World::new();
    let chain = BOOK.replace(";;\n8/2019", ";;7/2019\n8/2019");
    let chain = chain.replace("Phạm Thị Sen;;\n", "Phạm Thị Sen;;9/2019\n");
    for (text, row, said) in [
        (
            BOOK.replace("KN;Bồi thường lần đầu", "đơn lạ;Bồi thường lần đầu"),
            2,
            "không nhập được",
        ),
        (
            BOOK.replace("8/2019;06", "88/2019;06"),
            4,
            "không có số 8/2019",
        ),
        (
            BOOK.replace("8/2019;06", "9/2019;06"),
            4,
            "không có số 8/2019",
        ),
        (chain, 5, "hãy nối với đơn đầu"),
    ] {
        let came = import(&w, "petition", "so.csv", text.as_bytes(), &["--dry-run"]);
        let plan = came.json();
        let told = plan["problems"].as_array().unwrap();
        let found = told
            .iter()
            .any(|p| p["row"] == row && p["rule"].as_str().is_some_and(|rule| rule.contains(said)));
        assert!(found, "{said}: {told:?}");
    }
    assert_eq!(w.ok(&["petition", "list", "--count"]).trim(), "0");
}

#[test]
fn a_visit_finds_its_petition_by_what_it_says_and_names_no_denouncer() {
    let w = World::new();
    let add = |ty: &str, subject: &str| {
        w.ok(&[
            "petition",
            "add",
            "--received-on",
            "4/3/2019",
            "--type",
            ty,
            "--subject",
            subject,
            "--unit",
            "29602",
        ]);
    };
    add("complaint", "Bồi thường");
    add("denunciation", "Cán bộ nhũng nhiễu");
    let file = |matter: &str, visitor: &str| {
        format!(
            "Ngày tiếp;Họ tên;Nội dung;Đơn nhận khi tiếp\n04/03/2019;{visitor};Nộp đơn;99/2018 | 04/03/2019 | {matter}\n"
        )
    };
    let good = file("khiếu nại | 29602 | Bồi thường", "Lê Thị Bông");
    let came = import(&w, "reception", "a.csv", good.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(values(&w, "reception", "petition"), ["1"]);
    let none = file("khiếu nại | 29602 | Việc khác", "Lê Thị Bông");
    let came = import(&w, "reception", "b.csv", none.as_bytes(), &[]);
    assert!(came.out.contains("sổ chưa có đơn này"), "{came:?}");
    let secret = file("tố cáo | 29602 | Cán bộ nhũng nhiễu", "Đặng Thị Ngân");
    let came = import(&w, "reception", "c.csv", secret.as_bytes(), &[]);
    assert_eq!(came.code, 3, "{came:?}");
    assert!(
        !came.out.contains("Ngân") && !came.err.contains("Ngân"),
        "{came:?}"
    );
}

#[test]
fn opinions_come_with_their_dialogue_and_only_what_is_new_is_added() {
    let w = World::new();
    let file = |answered: &str, more: &str| {
        format!(
            "[{{\"held_on\": \"2026-02-02\", \"topic\": \"Nước sạch\", \"unit\": \"29602\", \"opinions\": [\
             {{\"content\": \"Kéo ống nước về ấp 3\", \"assigned_unit\": \"29602\", \"answered_on\": {answered}}}{more}]}}]"
        )
    };
    let bring =
        |text: String, more: &[&str]| import(&w, "dialogue", "a.json", text.as_bytes(), more);
    let early = bring(file("\"2026-02-01\"", ""), &[]);
    assert_eq!(early.code, 3, "{early:?}");
    assert!(early.out.contains("ý kiến 1: ") && early.out.contains("trước buổi đối thoại"));
    assert_eq!(w.ok(&["opinion", "list", "--count"]).trim(), "0");
    let came = bring(file("null", ""), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(counts(&bring(file("null", ""), &[]).json()), [0, 0, 1, 0]);
    let second = ", {\"content\": \"Đèn đường\"}";
    let came = bring(file("\"2026-02-20\"", second), &[]);
    assert_eq!(counts(&came.json()), [0, 1, 0, 0], "{came:?}");
    assert_eq!(
        values(&w, "opinion", "content"),
        ["Kéo ống nước về ấp 3", "Đèn đường"]
    );
    assert_eq!(values(&w, "opinion", "answered_on"), ["2026-02-20", "null"]);
    assert_eq!(values(&w, "opinion", "order"), ["1", "2"]);
    assert_eq!(w.run(&["doctor"]).code, 0);
}

#[test]
fn an_old_book_need_not_know_the_day_of_an_answer() {
    let w = World::new();
    let file = r#"[{"held_on": "2026-02-02", "topic": "Nước sạch", "unit": "29602", "opinions": [
        {"content": "Kéo ống nước", "assigned_unit": "29602", "status": "answered"}]}]"#;
    let came = import(&w, "dialogue", "a.json", file.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    let csv =
        "Buổi đối thoại;Nội dung ý kiến;Giao đơn vị;Tình trạng\n1;Đèn đường;29602;đã có kết quả\n";
    let came = import(&w, "opinion", "b.csv", csv.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    // What came so is still edited; its day, once told, is taken back by undoing.
    w.ok(&["opinion", "edit", "1", "--note", "sổ giấy"]);
    let config = Config {
        db: w.db(),
        ..world::config(&w.path(""), "2026-03-12")
    };
    let mut office = world::World::over(&config, "2026-03-12");
    let told = [("answered_on", "2026-02-20")];
    office.edit(Kind::Opinion, 1, &told).unwrap();
    let last = undo::list(&office.cx, true, 0, 1).unwrap().remove(0);
    undo::take_back(&mut office.cx, last.id).unwrap();
    drop(office);
    assert_eq!(values(&w, "opinion", "answered_on"), ["null", "null"]);
    let rates = w.json(&[
        "rates",
        "--measure",
        "dialogue",
        "--period",
        "2026-02",
        "--json",
    ]);
    assert_eq!(rates["total"]["numerator"]["count"], 2, "{rates}");
}
