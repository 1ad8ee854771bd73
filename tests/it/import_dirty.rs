//! Files as offices have them: old encodings, days in two orders, numbers that were texts and texts that were numbers.
use crate::import_files::{counts, import, values};
use crate::support::cli::World;
use crate::support::sheets::{C, members, pack, sheet_xml, xlsx};

fn rule(came: &crate::support::cli::Came) -> String {
    came.json()["problems"][0]["rule"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Text of the nineties as bytes: each letter is one byte of Latin-1.
fn latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

const TCVN3: &str = "Ngµy nhËn;Lo¹i ®¬n;Néi dung;Ng\u{ad}êi göi\n\
    04/03/2019;KhiÕu n¹i;§\u{ad}êng liªn Êp h\u{ad} háng;Lª ThÞ B«ng\n\
    05/03/2019;Ph¶n ¸nh;CÇu g·y, m\u{ad}¬ng lÊp;TrÇn V¨n TÝ\n";

#[test]
fn text_before_unicode_is_recognised_by_its_letters() {
    let w = World::new();
    let came = import(&w, "petition", "a.csv", &latin(TCVN3), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [2, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        values(&w, "petition", "subject"),
        ["Đường liên ấp hư hỏng", "Cầu gãy, mương lấp"]
    );
    assert_eq!(
        values(&w, "petition", "petitioner"),
        ["Lê Thị Bông", "Trần Văn Tí"]
    );
    // the same text as Unicode letters, as a spreadsheet has it
    let again = import(&w, "petition", "b.csv", TCVN3.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 2, 0], "{again:?}");
    let vni = "Ngaøy nhaän;Loaïi ñôn;Noäi dung;Ngöôøi göûi\n04/03/2018;Khieáu naïi;Ñöôøng lieân aáp hö hoûng;Leâ Thò Boâng\n";
    let came = import(&w, "petition", "c.csv", &latin(vni), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        values(&w, "petition", "subject").last().unwrap(),
        "Đường liên ấp hư hỏng"
    );
    assert_eq!(
        values(&w, "petition", "petitioner").last().unwrap(),
        "Lê Thị Bông"
    );
}

#[test]
fn rows_to_mend_are_in_unicode_and_a_note_gets_its_heading_once() {
    let w = World::new();
    let file = "Ngµy nhËn;Lo¹i ®¬n;Néi dung;Hä tªn, ®Þa chØ;KÕt qu¶ gi¶i quyÕt\n\
        31/02/2019;KhiÕu n¹i;§\u{ad}êng liªn Êp h\u{ad} háng;Lª ThÞ B«ng, Êp 3;®· gi¶i quyÕt\n\
        ;;Tæng céng;;\n";
    let mend = w.path("sua.csv");
    let more = ["--problems", mend.to_str().unwrap()];
    let came = import(&w, "petition", "a.csv", &latin(file), &more);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [0, 0, 0, 1]),
        "{came:?}"
    );
    let text = std::fs::read_to_string(&mend).unwrap();
    assert!(
        text.contains("\"Lê Thị Bông, ấp 3\";đã giải quyết;"),
        "{text}"
    );
    let mended = text.replace("31/02/2019", "28/02/2019");
    let came = import(&w, "petition", "sua.csv", mended.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        values(&w, "petition", "note"),
        ["Kết quả giải quyết: đã giải quyết"]
    );
    assert_eq!(values(&w, "petition", "petitioner"), ["Lê Thị Bông"]);
}

#[test]
fn what_is_unsure_is_asked_and_an_answer_is_taken() {
    let w = World::new();
    let file = "Ngày nhận;Loại;Nội dung;Người gửi\n04/03/2019;KN;Đường hư hỏng;Hoµng\n";
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [0, 0, 0, 1]),
        "{came:?}"
    );
    assert!(rule(&came).contains("Hoàng"), "{came:?}");
    let came = import(
        &w,
        "petition",
        "a.csv",
        file.as_bytes(),
        &["--encoding", "tcvn3"],
    );
    assert_eq!(came.code, 0, "{came:?}");
    assert_eq!(values(&w, "petition", "petitioner"), ["Hoàng"]);
    assert_eq!(values(&w, "petition", "subject"), ["Đường hư hỏng"]);
    // bytes that are no Unicode and say too little
    let came = import(
        &w,
        "petition",
        "b.csv",
        b"received_on;type;subject\n2019-03-04;KN;Ho\xb5ng\n",
        &[],
    );
    assert_eq!(came.code, 3);
    assert!(came.err.contains("--encoding"), "{came:?}");
}

#[test]
fn half_converted_text_is_flagged() {
    let w = World::new();
    let file = "Ngày nhận;Loại;Nội dung\n04/03/2019;KN;Đường liên Êp h\u{ad} háng\n";
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(came.code, 3, "{came:?}");
    assert!(
        rule(&came).contains("dở dang") || rule(&came).contains("Đường liên ấp"),
        "{came:?}"
    );
    assert_eq!(came.json()["problems"][0]["value"], "Đường liên Êp h háng");
}

#[test]
fn a_font_of_the_nineties_says_what_its_letters_are() {
    let w = World::new();
    let t = |text: &str, style| C::Styled(text.to_owned(), style);
    let rows = vec![
        vec![
            C::Text("Ngày nhận"),
            C::Text("Loại"),
            C::Text("Nội dung"),
            C::Text("Người gửi"),
        ],
        vec![
            C::Serial(43528.0),
            C::Text("KN"),
            t("§\u{ad}êng h\u{ad}", 2),
            t("Hoµng", 2),
        ],
        vec![
            C::Serial(43529.0),
            C::Text("KN"),
            t("§\u{ad}êng h\u{ad} háng", 2),
            t("æn", 2),
        ],
    ];
    let came = import(&w, "petition", "a.xlsx", &xlsx(&rows, &[]), &[]);
    assert_eq!(came.code, 0, "{came:?}");
    assert_eq!(values(&w, "petition", "petitioner"), ["Hoàng", "ổn"]);
    let notes = came.json()["notes"].to_string();
    assert!(notes.contains("chữ hoa"), "{notes}");
    // one cell in such a font among many in Unicode is read by its own font
    let plain = |n: u32, text: &'static str| {
        vec![
            C::Serial(43600.0 + f64::from(n)),
            C::Text("Kiến nghị"),
            C::Text(text),
            C::Text("Trần Văn Tí"),
        ]
    };
    let mut rows = vec![rows[0].clone()];
    rows.extend((0..9).map(|n| plain(n, "Xin sửa chữa đường liên ấp bị hư hỏng nặng")));
    rows.push(vec![
        C::Serial(43700.0),
        C::Text("Kiến nghị"),
        t("Xin l¾p ®Ìn ®\u{ad}êng", 2),
        t("§ç V¨n S¸u", 2),
    ]);
    let came = import(&w, "petition", "b.xlsx", &xlsx(&rows, &[]), &[]);
    assert_eq!(came.code, 0, "{came:?}");
    let subjects = values(&w, "petition", "subject");
    assert!(
        subjects.contains(&"Xin lắp đèn đường".to_owned()),
        "{subjects:?}"
    );
}

#[test]
fn utf16_windows1258_marks_and_blanks_come_out_clean() {
    let w = World::new();
    let text = "Ngày nhận\tLoại\tNội dung\r\n04/03/2019\tKN\tĐường\u{a0}hư\u{200b} hỏng\r\n";
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(import(&w, "petition", "a.txt", &utf16, &[]).code, 0);
    assert_eq!(values(&w, "petition", "subject"), ["Đường hư hỏng"]);
    // letters parted from their marks, as another system writes them
    let parted = "\u{feff}Nga\u{300}y nh\u{e2}\u{323}n,Loa\u{323}i,N\u{f4}\u{323}i dung\n04/03/2019,KN,\"\u{110}\u{1b0}\u{1a1}\u{300}ng h\u{1b0} ho\u{309}ng\"\n";
    let came = import(&w, "petition", "b.csv", parted.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [0, 0, 1, 0], "{came:?}");
    // windows-1258: Ðýờng hý hỏng with combining tones
    let cp1258 = b"received_on;type;subject\n04/03/2019;KN;\xD0\xFD\xF5\xCCng h\xFD ho\xD2ng\n";
    let came = import(
        &w,
        "petition",
        "c.csv",
        cp1258,
        &["--encoding", "windows-1258"],
    );
    assert_eq!(counts(&came.json()), [0, 0, 1, 0], "{came:?}");
}

#[test]
fn days_in_two_orders_are_asked_never_guessed() {
    let w = World::new();
    let file = "Ngày nhận;Loại;Nội dung\n13/02/2019;KN;Một\n03/04/2019;KN;Hai\n02/14/2019;KN;Ba\n";
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [1, 0, 0, 2]),
        "{came:?}"
    );
    assert!(
        rule(&came).contains("03/04/2019 hay 04/03/2019"),
        "{}",
        rule(&came)
    );
    std::fs::write(w.path("m.toml"), "[dates]\n\"Ngày nhận\" = \"dmy\"\n").unwrap();
    let map = w.path("m.toml");
    let came = import(
        &w,
        "petition",
        "a.csv",
        file.as_bytes(),
        &["--map", map.to_str().unwrap()],
    );
    assert_eq!(counts(&came.json()), [2, 0, 0, 1], "{came:?}");
    let all_us = "Ngày nhận;Loại;Nội dung\n02/13/2019;KN;Một\n03/04/2019;KN;Hai\n";
    let came = import(&w, "petition", "b.csv", all_us.as_bytes(), &[]);
    assert_eq!(came.code, 3);
    std::fs::write(&map, "[dates]\n\"Ngày nhận\" = \"mdy\"\n").unwrap();
    let came = import(
        &w,
        "petition",
        "b.csv",
        all_us.as_bytes(),
        &["--map", map.to_str().unwrap()],
    );
    assert_eq!(came.code, 0, "{came:?}");
    assert_eq!(
        values(&w, "petition", "received_on"),
        ["2019-02-13", "2019-03-04"]
    );
}

#[test]
fn days_that_a_program_turned_round_are_asked() {
    let w = World::new();
    let head = vec![C::Text("Ngày nhận"), C::Text("Loại"), C::Text("Nội dung")];
    let rows = vec![
        head,
        vec![C::Text("13/04/2019"), C::Text("KN"), C::Text("Một")],
        // 3 April typed where the month stands first: 4 March
        vec![C::Serial(43528.0), C::Text("KN"), C::Text("Hai")],
    ];
    let came = import(&w, "petition", "a.xlsx", &xlsx(&rows, &[]), &[]);
    assert_eq!(came.code, 3, "{came:?}");
    assert!(rule(&came).contains("03/04/2019"), "{came:?}");
    std::fs::write(w.path("m.toml"), "[dates]\nA = \"dmy-turned\"\n").unwrap();
    let map = w.path("m.toml");
    let came = import(
        &w,
        "petition",
        "a.xlsx",
        &xlsx(&rows, &[]),
        &["--map", map.to_str().unwrap()],
    );
    assert_eq!(came.code, 0, "{came:?}");
    assert_eq!(
        values(&w, "petition", "received_on"),
        ["2019-04-13", "2019-04-03"]
    );
}

#[test]
fn serial_days_in_both_systems_and_the_day_that_never_was() {
    let head = || {
        vec![
            C::Text("Ngày nhận"),
            C::Text("Loại"),
            C::Text("Nội dung"),
            C::Text("Ngày ghi trên đơn"),
        ]
    };
    let row = |on: C, written: C| vec![on, C::Text("KN"), C::Text("Một"), written];
    for (date1904, serial) in [(false, 43528.0), (true, 42066.0)] {
        let w = World::new();
        let xml = sheet_xml(&[head(), row(C::Serial(serial + 0.5), C::None)], &[]);
        let came = import(
            &w,
            "petition",
            "a.xlsx",
            &pack(&members(&[("T", xml)], date1904)),
            &[],
        );
        assert_eq!(came.code, 0, "{came:?}");
        assert_eq!(
            values(&w, "petition", "received_on"),
            ["2019-03-04"],
            "{date1904}"
        );
    }
    let w = World::new();
    let xml = sheet_xml(
        &[
            head(),
            row(C::Number(43528.0), C::Serial(60.0)),
            row(C::Error("#REF!"), C::None),
        ],
        &[],
    );
    let came = import(
        &w,
        "petition",
        "a.xlsx",
        &pack(&members(&[("T", xml)], false)),
        &[],
    );
    let plan = came.json();
    assert_eq!((came.code, counts(&plan)), (3, [0, 0, 0, 2]), "{came:?}");
    assert!(
        plan["problems"][0]["rule"]
            .as_str()
            .unwrap()
            .contains("29/02/1900")
    );
    assert!(
        plan["problems"][1]["rule"]
            .as_str()
            .unwrap()
            .contains("#REF!")
    );
    assert!(plan["notes"].to_string().contains("43528"), "{plan}");
}

#[test]
fn numbers_as_text_and_codes_as_numbers() {
    let w = World::new();
    let rows = vec![
        vec![
            C::Text("Ngày nhận"),
            C::Text("Loại"),
            C::Text("Nội dung"),
            C::Text("Số người ký"),
            C::Text("Đơn vị"),
            C::Text("Số hồ sơ mật"),
            C::Text("CCCD"),
        ],
        vec![
            C::Serial(43528.0),
            C::Text("TC"),
            C::Text("Một"),
            C::Text(" 1.350 "),
            C::Text("Tỉnh Vĩnh Long"),
            C::Number(99_012_345.0),
            C::Number(1.0),
        ],
        vec![
            C::Serial(43528.0),
            C::Text("KN"),
            C::Text("Hai"),
            C::Number(2.0),
            C::Number(1.0),
            C::None,
            C::None,
        ],
    ];
    let came = import(&w, "petition", "a.xlsx", &xlsx(&rows, &[]), &[]);
    let plan = came.json();
    assert_eq!((came.code, counts(&plan)), (3, [1, 0, 0, 1]), "{came:?}");
    // a province's code without its nought
    assert!(rule(&came).contains("01"), "{came:?}");
    std::fs::write(w.path("m.toml"), "[columns]\n\"CCCD\" = \"officer\"\n").unwrap();
    let map = w.path("m.toml");
    let came = import(
        &w,
        "petition",
        "a.xlsx",
        &xlsx(&rows[..2], &[]),
        &["--map", map.to_str().unwrap()],
    );
    assert_eq!(came.code, 0, "{came:?}");
    assert!(
        came.json()["notes"].to_string().contains("số 0"),
        "{came:?}"
    );
    assert_eq!(values(&w, "petition", "signers"), ["1350"]);
    assert_eq!(values(&w, "petition", "unit"), ["86"]);
    assert_eq!(values(&w, "petition", "sealed_file"), ["99012345"]);
}

#[test]
fn a_long_matter_is_told_in_a_line_and_kept_whole() {
    let w = World::new();
    let long = "đường liên ấp hư hỏng ".repeat(40);
    let file = format!("Ngày nhận;Loại;Nội dung đơn\n04/03/2019;KN;{long}\n");
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(came.code, 0, "{came:?}");
    let record = w.json(&["petition", "show", "1", "--json"]);
    assert_eq!(record["content"], long.trim());
    let subject = record["subject"].as_str().unwrap();
    assert!(
        subject.chars().count() <= 300 && subject.ends_with('…'),
        "{subject}"
    );
    assert_eq!(
        counts(&import(&w, "petition", "a.csv", file.as_bytes(), &[]).json()),
        [0, 0, 1, 0]
    );
}

#[test]
fn a_name_means_the_offices_own_unit_or_the_one_in_the_place_beside_it() {
    let w = World::new();
    let file = |place: &str| {
        format!("Ngày nhận;Loại đơn;Nội dung;Đơn vị\n05/03/2024;Kiến nghị;Đường hư hỏng;{place}\n")
    };
    let came = import(
        &w,
        "petition",
        "a.csv",
        file("Xã Long Phước").as_bytes(),
        &[],
    );
    assert_eq!(came.code, 3);
    assert!(rule(&came).contains("29599 Tỉnh Vĩnh Long"), "{came:?}");
    for place in [
        "Xã Long Phước, Tỉnh Vĩnh Long",
        "Xã Long Phước, huyện Long Hồ, Vĩnh Long",
    ] {
        let flags = ["--dry-run"];
        let came = import(&w, "petition", "b.csv", file(place).as_bytes(), &flags);
        assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{place} {came:?}");
    }
    assert_eq!(w.run(&["set", "own_unit", "86"]).code, 0);
    let came = import(
        &w,
        "petition",
        "c.csv",
        file("Xã Long Phước").as_bytes(),
        &[],
    );
    assert_eq!(came.code, 0, "{came:?}");
    assert_eq!(values(&w, "petition", "unit"), ["29599"]);
}

#[test]
fn a_law_named_above_the_table_gives_no_row_its_type() {
    let w = World::new();
    let book = |line: &str| format!("{line}\nNgày nhận;Nội dung\n05/03/2024;Đường hư hỏng\n");
    let flags = ["--dry-run"];
    let law = book("Theo Luật Khiếu nại năm 2011;");
    assert_eq!(
        import(&w, "petition", "a.csv", law.as_bytes(), &flags).code,
        3
    );
    let title = book("SỔ THEO DÕI ĐƠN KHIẾU NẠI;");
    let came = import(&w, "petition", "b.csv", title.as_bytes(), &flags);
    assert_eq!(counts(&came.json()), [1, 0, 0, 0], "{came:?}");
}

#[test]
fn a_total_in_any_column_is_no_record_and_a_rule_is_said_once() {
    let w = World::new();
    let book = "Ngày nhận;Họ tên, địa chỉ;Nội dung;Loại đơn / Khiếu nại;Loại đơn / Tố cáo\n\
        05/03/2024;Lê Thị Bông, ấp 3;Đường hư hỏng;x;\n\
        06/03/2024;Trần Văn Tí, ấp 4;Nhũng nhiễu;;x\n\
        Tổng cộng;;;1;1\n";
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &["--dry-run"]);
    assert_eq!(counts(&came.json()), [1, 0, 0, 1], "{came:?}");
    let problems = came.json()["problems"].as_array().unwrap().len();
    assert_eq!(problems, 1, "{came:?}");
}
