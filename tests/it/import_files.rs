//! Import from the shell: layouts of real books, plans, all or nothing (contract 8).
use crate::support::cli::{Came, World};
use crate::support::sheets::{C, members, pack, sheet_xml, xlsx};
use serde_json::{Value as Json, json};

/// Writes a file and plans or carries out its import.
pub fn import(w: &World, kind: &str, name: &str, bytes: &[u8], more: &[&str]) -> Came {
    std::fs::write(w.path(name), bytes).unwrap();
    let path = w.path(name);
    let mut args = vec!["import", kind, path.to_str().unwrap(), "--json"];
    args.extend(more);
    w.run(&args)
}

/// Create, update, same, error of a plan.
pub fn counts(plan: &Json) -> [u64; 4] {
    ["create", "update", "same", "error"].map(|key| plan[key].as_u64().unwrap())
}

/// Values of one field of every record, in the order of ids.
pub fn values(w: &World, kind: &str, key: &str) -> Vec<String> {
    let rows = w.json(&[kind, "list", "--json", "--with-names", "--sort", "id"]);
    let text = |v: &Json| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    rows.as_array()
        .unwrap()
        .iter()
        .map(|r| text(&r[key]))
        .collect()
}

const PLAIN: &str = "received_on,type,unit,subject,petitioner\n\
    2019-03-04,complaint,29602,Đường liên ấp hư hỏng,Lê Thị Bông\n\
    05/03/2019,Kiến nghị,29602,Xin lắp đèn đường,Trần Văn Tí\n";

#[test]
fn a_plan_is_carried_out_and_the_same_file_again_changes_nothing() {
    let w = World::new();
    let dry = import(&w, "petition", "a.csv", PLAIN.as_bytes(), &["--dry-run"]);
    assert_eq!(
        (dry.code, counts(&dry.json())),
        (0, [2, 0, 0, 0]),
        "{dry:?}"
    );
    // A heading of one row is no span.
    let file = w.path("a.csv");
    let told = w.run(&["import", "petition", file.to_str().unwrap(), "--dry-run"]);
    assert!(told.err.contains("iêu đề ở dòng 1\n"), "{told:?}");
    assert_eq!(w.ok(&["petition", "list", "--count"]).trim(), "0");
    let done = import(&w, "petition", "a.csv", PLAIN.as_bytes(), &[]);
    assert_eq!((done.code, counts(&done.json())), (0, [2, 0, 0, 0]));
    assert_eq!(done.json()["problems"], json!([]));
    assert_eq!(
        values(&w, "petition", "received_on"),
        ["2019-03-04", "2019-03-05"]
    );
    assert_eq!(values(&w, "petition", "number"), ["1/2019", "2/2019"]);
    assert_eq!(
        values(&w, "petition", "petitioner"),
        ["Lê Thị Bông", "Trần Văn Tí"]
    );
    let again = import(&w, "petition", "a.csv", PLAIN.as_bytes(), &[]);
    assert_eq!((again.code, counts(&again.json())), (0, [0, 0, 2, 0]));
    assert_eq!(w.ok(&["petition", "list", "--count"]).trim(), "2");
    // found like what was typed, with its deadline and its history
    assert_eq!(
        w.json(&["find", "den duong", "--json"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let history = w.json(&["petition", "history", "1", "--json"]);
    assert_eq!(history[0]["action"], "add");
    assert!(w.json(&["petition", "show", "1", "--json"])["due_on"].is_string());
    assert_eq!(w.run(&["doctor"]).code, 0);
}

#[test]
fn a_known_record_is_changed_in_what_the_file_says_and_nothing_else() {
    let w = World::new();
    import(&w, "petition", "a.csv", PLAIN.as_bytes(), &[]);
    w.ok(&["petition", "edit", "1", "--note", "giữ lại"]);
    let more = "Ngày nhận;Loại đơn;Đơn vị;Nội dung;Người gửi;Cán bộ phụ trách;Ghi chú\n\
        04/03/2019;KN;29602;Đường liên ấp hư hỏng;Lê Thị Bông;Phạm Thị Sen;\n";
    let came = import(&w, "petition", "b.csv", more.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [0, 1, 0, 0]),
        "{came:?}"
    );
    let record = w.json(&["petition", "show", "1", "--json"]);
    assert_eq!(record["officer"], "Phạm Thị Sen");
    assert_eq!(record["note"], "giữ lại");
    let history = w.json(&["petition", "history", "1", "--json"]);
    assert_eq!(
        history.as_array().unwrap().last().unwrap()["field"],
        "officer"
    );
}

#[test]
fn one_bad_row_keeps_all_out_and_comes_back_mended() {
    let w = World::new();
    let text = "Ngày nhận;Loại đơn;Đơn vị;Nội dung;Người gửi;Số người ký\n\
        04/03/2019;KN;29602;Đường hư;Lê Thị Bông;1\n\
        31/02/2019;KN;29602;Mương lấp;=HYPERLINK(1);2\n\
        05/03/2019;đơn lạ;99999;Cầu gãy;Trần Văn Tí;nhiều\n";
    let mend = w.path("sua.csv");
    let came = import(
        &w,
        "petition",
        "a.csv",
        text.as_bytes(),
        &["--problems", mend.to_str().unwrap()],
    );
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [1, 0, 0, 2]),
        "{came:?}"
    );
    assert_eq!(w.ok(&["petition", "list", "--count"]).trim(), "0");
    let found: Vec<(u64, String)> = came.json()["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            (
                p["row"].as_u64().unwrap(),
                p["column"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let want = [
        (3, "Ngày nhận"),
        (4, "Loại đơn"),
        (4, "Số người ký"),
        (4, "Đơn vị"),
    ];
    assert_eq!(found, want.map(|(n, c)| (n, c.to_owned())));
    let text = std::fs::read_to_string(&mend).unwrap();
    assert!(
        text.starts_with('\u{feff}') && text.lines().count() == 3,
        "{text}"
    );
    assert!(
        text.contains("'=HYPERLINK(1)") && text.contains("31/02/2019"),
        "{text}"
    );
    assert!(text.lines().all(|l| !l.contains("Đường hư")));
    // never over a file that is there
    let again = import(
        &w,
        "petition",
        "a.csv",
        b"Ng\xc3\xa0y nh\xe1\xba\xadn;N\xe1\xbb\x99i dung;Lo\xe1\xba\xa1i\nx;y;z\n",
        &["--problems", mend.to_str().unwrap()],
    );
    assert_eq!(again.code, 3);
    assert_eq!(std::fs::read_to_string(&mend).unwrap(), text);
    let mended = text
        .replace("31/02/2019", "28/02/2019")
        .replace("đơn lạ", "PA")
        .replace("99999", "29602")
        .replace("nhiều", "3");
    let came = import(&w, "petition", "sua.csv", mended.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [2, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        values(&w, "petition", "petitioner"),
        ["=HYPERLINK(1)", "Trần Văn Tí"]
    );
}

#[test]
fn rows_to_mend_come_as_a_spreadsheet_too_and_go_in_again() {
    let w = World::new();
    let rows = vec![
        ["Ngày nhận", "Loại đơn", "Nội dung", "Số người ký"]
            .map(C::Text)
            .to_vec(),
        vec![
            C::Serial(43528.0),
            C::Text("đơn lạ"),
            C::Text("=1+1"),
            C::Number(3.0),
        ],
        vec![
            C::Serial(43529.0),
            C::Text("KN"),
            C::Text("Đường hư"),
            C::Number(1.0),
        ],
    ];
    let mend = w.path("sua.xlsx");
    let more = ["--problems", mend.to_str().unwrap()];
    let came = import(&w, "petition", "a.xlsx", &xlsx(&rows, &[]), &more);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [1, 0, 0, 1]),
        "{came:?}"
    );
    let again = std::fs::read(&mend).unwrap();
    assert!(again.starts_with(b"PK"));
    let came = import(&w, "petition", "sua.xlsx", &again, &[]);
    let plan = came.json();
    assert_eq!((came.code, counts(&plan)), (3, [0, 0, 0, 1]), "{came:?}");
    assert_eq!(plan["problems"][0]["column"], "Loại đơn");
    assert_eq!(plan["columns"][4]["field"], json!(null), "{plan}");
    // a name that no spreadsheet opens
    let more = ["--problems", "sua.doc"];
    assert_eq!(
        import(&w, "petition", "a.xlsx", &xlsx(&rows, &[]), &more).code,
        2
    );
}

fn text(t: &'static str) -> C {
    C::Text(t)
}

/// The book of receptions (Mẫu 03/TCD): a title, headings over two rows, numbered columns, groups, totals, a signature.
fn book() -> Vec<Vec<C>> {
    vec![
        vec![text("SỔ TIẾP CÔNG DÂN NĂM 2019")],
        vec![],
        vec![
            text("STT"),
            text("Ngày tiếp"),
            text("Họ tên, địa chỉ"),
            text("Nội dung vụ việc"),
            text("Loại đơn"),
            C::None,
            text("Số người cùng nội dung"),
            text("Hình thức tiếp"),
            text("Đơn vị tiếp"),
        ],
        vec![
            C::None,
            C::None,
            C::None,
            C::None,
            text("KN"),
            text("KN, PA"),
            C::None,
            C::None,
            C::None,
        ],
        vec![
            C::Number(1.0),
            C::Number(2.0),
            C::Number(3.0),
            C::Number(4.0),
            C::Number(5.0),
            C::Number(6.0),
            C::Number(7.0),
            C::Number(8.0),
            C::Number(9.0),
        ],
        vec![text("Tháng 3")],
        vec![
            C::Number(1.0),
            C::Serial(43528.0),
            text("Lê Thị Bông\nấp 3, xã Long Hồ"),
            text("Xin xem lại ranh đất"),
            text("x"),
            C::None,
            text("2"),
            text("thường xuyên"),
            text("29602"),
        ],
        vec![
            C::Number(2.0),
            C::Serial(43529.0),
            text("Trần Văn Tí, ấp 4"),
            text("Đường hư"),
            C::None,
            C::None,
            C::Formula("1+2", 3.0),
            text("định kỳ"),
            C::None,
        ],
        vec![],
        vec![
            C::Number(3.0),
            text("06/03/2019"),
            text("Phạm Thị Sen"),
            text("Mương lấp"),
            C::None,
            C::None,
            C::Number(1.0),
            text("Thường xuyên"),
            C::Number(29602.0),
        ],
        vec![
            text("Tổng cộng"),
            C::None,
            C::None,
            C::None,
            C::None,
            C::None,
            C::Formula("SUM(G7:G10)", 6.0),
        ],
        vec![C::None, C::None, C::None, text("Người lập sổ")],
    ]
}

#[test]
fn the_layout_of_a_real_book_is_understood() {
    let w = World::new();
    let merged = ["A3:A4", "B3:B4", "E3:F3", "I7:I8", "A1:I1"];
    let came = import(&w, "reception", "so.xlsx", &xlsx(&book(), &merged), &[]);
    let plan = came.json();
    assert_eq!((came.code, counts(&plan)), (0, [3, 0, 0, 0]), "{came:?}");
    assert_eq!(
        values(&w, "reception", "received_on"),
        ["2019-03-04", "2019-03-05", "2019-03-06"]
    );
    assert_eq!(
        values(&w, "reception", "visitor"),
        ["Lê Thị Bông", "Trần Văn Tí", "Phạm Thị Sen"]
    );
    assert_eq!(
        values(&w, "reception", "address"),
        ["ấp 3, xã Long Hồ", "ấp 4", "null"]
    );
    assert_eq!(
        values(&w, "reception", "matter_type"),
        ["complaint", "null", "null"]
    );
    assert_eq!(values(&w, "reception", "people"), ["2", "3", "1"]);
    assert_eq!(
        values(&w, "reception", "mode"),
        ["regular", "scheduled", "regular"]
    );
    // the unit of the second row is joined with that of the first
    assert_eq!(values(&w, "reception", "unit"), ["29602", "29602", "29602"]);
    let notes: Vec<u64> = plan["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["row"].as_u64().unwrap())
        .collect();
    assert!(
        [6, 8, 11, 12].iter().all(|row| notes.contains(row)),
        "{plan}"
    );
    let again = import(&w, "reception", "so.xlsx", &xlsx(&book(), &merged), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 3, 0]);
}

#[test]
fn the_sheet_with_the_headings_is_taken_or_the_one_named() {
    let w = World::new();
    let table = |day: &'static str| {
        sheet_xml(
            &[
                vec![text("Ngày nhận"), text("Loại"), text("Nội dung")],
                vec![text(day), text("PA"), text("Đèn đường tắt")],
            ],
            &[],
        )
    };
    let notes = sheet_xml(&[vec![text("Hướng dẫn điền sổ")]], &[]);
    let sheets = [
        ("Hướng dẫn", notes),
        ("2018", table("01/02/2018")),
        ("2019", table("01/02/2019")),
    ];
    let file = pack(&members(&sheets, false));
    let came = import(&w, "petition", "a.xlsx", &file, &["--dry-run"]);
    assert_eq!(came.json()["sheet"], "2018", "{came:?}");
    let came = import(&w, "petition", "a.xlsx", &file, &["--sheet", "2019"]);
    assert_eq!(came.json()["sheet"], "2019");
    assert_eq!(values(&w, "petition", "received_on"), ["2019-02-01"]);
    assert_eq!(
        import(&w, "petition", "a.xlsx", &file, &["--sheet", "2020"]).code,
        4
    );
    assert_eq!(
        import(
            &w,
            "petition",
            "b.xlsx",
            &pack(&members(&sheets[..1], false)),
            &[]
        )
        .code,
        3
    );
}

#[test]
fn a_mapping_corrects_and_is_remembered_for_the_layout() {
    let w = World::new();
    let file = "Mốc;Vụ;Ai;Loại;Phụ\n04/03/2019;Đường hư;Lê Thị Bông;KN;a\n";
    assert_eq!(
        import(&w, "petition", "a.csv", file.as_bytes(), &["--dry-run"]).code,
        3
    );
    let map = w.path("cot.toml");
    std::fs::write(
        &map,
        "[columns]\n\"Mốc\" = \"received_on\"\n\"Vụ\" = \"subject\"\nC = \"petitioner\"\n",
    )
    .unwrap();
    let map = map.to_str().unwrap();
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &["--map", map]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(values(&w, "petition", "petitioner"), ["Lê Thị Bông"]);
    std::fs::write(w.path("xau.toml"), "[columns]\n\"Mốc\" = \"owner\"\n").unwrap();
    let bad = w.path("xau.toml");
    assert_eq!(
        import(
            &w,
            "petition",
            "a.csv",
            file.as_bytes(),
            &["--map", bad.to_str().unwrap()]
        )
        .code,
        2
    );
    // headings the program knows, sent elsewhere once: the next file of this layout goes there too
    let file = "Ngày nhận;Loại;Nội dung;Người phụ trách\n04/03/2018;KN;Cầu gãy;Lê Thị Bông\n";
    std::fs::write(
        w.path("cot2.toml"),
        "[columns]\n\"Người phụ trách\" = \"petitioner\"\n",
    )
    .unwrap();
    let map = w.path("cot2.toml");
    import(
        &w,
        "petition",
        "b.csv",
        file.as_bytes(),
        &["--map", map.to_str().unwrap()],
    );
    let next = file.replace("Cầu gãy", "Mương lấp");
    import(&w, "petition", "c.csv", next.as_bytes(), &[]);
    assert_eq!(
        values(&w, "petition", "petitioner"),
        ["Lê Thị Bông", "Lê Thị Bông", "Lê Thị Bông"]
    );
    let kept = std::fs::read_dir(w.path("state/danvan/import")).unwrap();
    for file in kept {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("Bông") && !text.contains("Mương"), "{text}");
    }
}

#[test]
fn json_goes_in_as_it_comes_out() {
    let w = World::new();
    w.ok(&[
        "demo",
        "--into",
        w.path("mau.db").to_str().unwrap(),
        "--rows",
        "60",
    ]);
    let sample = w.path("mau.db");
    for kind in [
        "unit",
        "model",
        "dialogue",
        "figure",
        "petition",
        "reception",
    ] {
        let mut args = vec!["--db", sample.to_str().unwrap(), kind, "list", "--json"];
        args.extend(["--with-names", "--sort", "id"]);
        if kind == "unit" {
            args.push("--all");
        }
        let out = w.ok(&args);
        let mut rows: Json = serde_json::from_str(&out).unwrap();
        // links go by id, which another database gives anew
        for row in rows.as_array_mut().unwrap() {
            for key in ["previous", "part_of", "duplicate_of", "petition"] {
                row.as_object_mut().unwrap().remove(key);
            }
        }
        let came = import(&w, kind, "a.json", rows.to_string().as_bytes(), &[]);
        let problems = &came.json()["problems"];
        assert_eq!(came.code, 0, "{kind}: {problems}");
        let all = rows.as_array().unwrap().len() as u64;
        let [create, update, same, error] = counts(&came.json());
        assert_eq!((create + update + same, error), (all, 0), "{kind}");
        let again = import(&w, kind, "a.json", rows.to_string().as_bytes(), &[]);
        assert_eq!(
            counts(&again.json()),
            [0, 0, all, 0],
            "{kind}: {}",
            again.out
        );
    }
}

#[test]
fn units_come_in_whatever_order_above_and_below_stand() {
    let w = World::new();
    let file = "Mã;Tên;Cấp;Hệ thống;Cấp trên;Có từ ngày\n\
        CA.1;Đội Một;department;police;CA;01/01/2020\n\
        CA;Công an tỉnh;organisation;police;;01/01/2020\n\
        CA.1.1;Tổ Một;department;police;CA.1;01/01/2020\n";
    let came = import(&w, "unit", "u.csv", file.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [3, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        w.json(&["unit", "show", "CA.1.1", "--json"])["parent"],
        "CA.1"
    );
    let again = import(&w, "unit", "u.csv", file.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 3, 0], "{again:?}");
    let orphan = "Mã;Tên;Cấp;Cấp trên\nCB;Một;department;KHONGCO\n";
    assert_eq!(import(&w, "unit", "v.csv", orphan.as_bytes(), &[]).code, 3);
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let w = World::new();
    assert_eq!(w.run(&["import", "paper", "a.csv"]).code, 2);
    assert_eq!(w.run(&["import", "petition"]).code, 2);
    assert_eq!(w.run(&["import", "petition", "nowhere.csv"]).code, 4);
    assert_eq!(
        w.run(&["import", "petition", w.dir.path().to_str().unwrap()])
            .code,
        4
    );
    assert_eq!(
        import(&w, "petition", "a.csv", b"x", &["--encoding", "ebcdic"]).code,
        2
    );
    assert_eq!(
        import(&w, "petition", "a.csv", b"x", &["--problems", "a.ods"]).code,
        2
    );
    assert_eq!(import(&w, "petition", "a.csv", b"", &[]).code, 3);
    assert_eq!(
        import(&w, "petition", "a.csv", b"1;2;3\n4;5;6\n", &[]).code,
        3
    );
    let came = w.run(&[
        "--read-only",
        "import",
        "petition",
        w.path("a.csv").to_str().unwrap(),
    ]);
    assert_ne!(came.code, 0);
}
