//! Old books say how a petition ended: it comes in with the steps that its row states, by the rules that hold for steps
//! entered by hand.
use crate::import_files::{counts, import, values};
use crate::support::cli::World;
use serde_json::{Value as Json, json};

const BOOK: &str = "Số đơn;Ngày nhận;Loại đơn;Nội dung;Người gửi;Ngày thụ lý;Kết quả giải quyết;Ngày giải quyết;Số quyết định;Chuyển đến;Ngày chuyển\n\
    4;04/03/2019;KN;Bồi thường đất thiếu;Lê Thị Bông;10/03/2019;Khiếu nại đúng một phần;08/04/2019;15/QĐ-UBND;;\n\
    5;05/03/2019;KN;Thu hồi đất sai;Trần Văn Tí;;Khiếu nại sai;01/07/2019;20/QĐ-UBND ngày 01/7/2019;;\n\
    6;06/03/2019;Kiến nghị;Xin lắp đèn đường;Phạm Thị Sen;;UBND đã lắp đèn;20/03/2019;;;\n\
    7;07/03/2019;Kiến nghị;Đường hư hỏng;Võ Văn Ba;;Chờ phúc đáp;;;UBND thị trấn Long Hồ;11/03/2019\n\
    8;08/03/2019;Phản ánh;Mương thoát nước;Đỗ Thị Tư;;Hướng dẫn công dân;15/03/2019;CV 7;;\n\
    9;09/03/2019;KN;Đang làm;Hồ Văn Năm;;Đang giải quyết;;;;\n";

fn stages(w: &World) -> Vec<String> {
    values(w, "petition", "stage")
}

fn steps(w: &World, id: usize) -> Vec<(String, String)> {
    let shown = w.json(&["petition", "show", &id.to_string(), "--json"]);
    let text = |v: &Json| v.as_str().unwrap_or_default().to_owned();
    let list = shown["steps"].as_array().unwrap();
    list.iter()
        .map(|s| (text(&s["step"]), text(&s["on"])))
        .collect()
}

fn of(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(a, b)| ((*a).into(), (*b).into()))
        .collect()
}

#[test]
fn a_row_gets_the_steps_that_it_states_and_none_twice() {
    let w = World::new();
    let dry = import(&w, "petition", "a.csv", BOOK.as_bytes(), &["--dry-run"]).json();
    assert_eq!(
        dry["courses"],
        json!({"ended": 4, "accepted": 0, "forwarded": 1, "filed": 0, "kept": 0, "idle": 1, "open": 0, "assumed": 1}),
        "{dry}"
    );
    let came = import(&w, "petition", "a.csv", BOOK.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [6, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        stages(&w),
        [
            "resolved",
            "resolved",
            "resolved",
            "forwarded",
            "closed_other",
            "received"
        ]
    );
    assert_eq!(
        steps(&w, 1),
        of(&[("accept", "2019-03-10"), ("resolve", "2019-04-08")])
    );
    // nothing says when it was accepted: the day of receipt, which makes no late answer a timely one
    assert_eq!(
        steps(&w, 2),
        of(&[("accept", "2019-03-05"), ("resolve", "2019-07-01")])
    );
    assert_eq!(steps(&w, 3), of(&[("resolve", "2019-03-20")]));
    assert_eq!(steps(&w, 4), of(&[("forward", "2019-03-11")]));
    assert_eq!(steps(&w, 5), of(&[("guide", "2019-03-15")]));
    let first = w.json(&["petition", "show", "1", "--json"]);
    assert_eq!(first["outcome"], "partly_justified");
    assert_eq!(first["jurisdiction"], "own");
    assert_eq!(first["standing"], "resolved_on_time");
    assert_eq!(first["number"], "4/2019");
    assert_eq!(first["steps"][1]["document"], "15/QĐ-UBND");
    assert_eq!(first["note"], Json::Null, "the step says it");
    assert!(
        first["steps"][1]["note"]
            .as_str()
            .unwrap()
            .contains("đúng một phần")
    );
    assert_eq!(
        w.json(&["petition", "show", "2", "--json"])["standing"],
        "resolved_late"
    );
    assert!(values(&w, "petition", "note")[5].contains("Đang giải quyết"));
    // the history tells it as of steps entered by hand
    let told = w.json(&["petition", "history", "1", "--json"]);
    let acts: Vec<&str> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|h| h["action"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["add", "step", "step"]);
    for _ in 0..2 {
        let again = import(&w, "petition", "a.csv", BOOK.as_bytes(), &[]);
        assert_eq!(counts(&again.json()), [0, 0, 6, 0], "{again:?}");
    }
    assert_eq!(w.run(&["doctor"]).code, 0);
    // the next paper of that year comes after the book's own numbers; a step can be taken back
    let add = [
        "petition",
        "add",
        "--received-on",
        "1/12/2019",
        "--type",
        "KN",
        "--subject",
        "Mới",
    ];
    w.ok(&add);
    assert_eq!(values(&w, "petition", "number")[6], "10/2019");
    w.ok(&["petition", "undo-step", "1", "--why", "nhầm"]);
    w.ok(&["petition", "undo-step", "1", "--why", "nhầm"]);
    let first = w.json(&["petition", "show", "1", "--json"]);
    assert_eq!(
        (&first["stage"], &first["jurisdiction"]),
        (&json!("received"), &json!("unknown"))
    );
}

#[test]
fn steps_keep_the_rules_and_the_cell_that_breaks_one_is_named() {
    let w = World::new();
    let book = "Ngày nhận;Loại đơn;Nội dung;Kết quả;Ngày giải quyết\n\
        04/03/2019;Kiến nghị;Đèn;Đã trả lời;01/03/2019\n\
        04/03/2019;Kiến nghị;Cầu;Đã trả lời;01/03/2030\n";
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [0, 0, 0, 2]),
        "{came:?}"
    );
    let problems = came.json()["problems"].clone();
    assert_eq!(problems[0]["column"], "Ngày giải quyết");
    assert!(
        problems[0]["rule"].as_str().unwrap().contains("ở trước"),
        "{problems}"
    );
    assert_eq!(w.ok(&["petition", "list", "--count"]).trim(), "0");
}

#[test]
fn a_day_that_never_was_or_came_too_early_is_no_missing_day() {
    let heads = "Ngày nhận;Loại đơn;Nội dung;Kết quả;Ngày giải quyết;Chuyển đến;Ngày chuyển";
    for (row, column, why) in [
        (
            "04/03/2019;Kiến nghị;Đèn;Đã giải quyết xong;31/02/2019;;",
            "Ngày giải quyết",
            "không phải ngày có thật",
        ),
        (
            "04/03/2019;Kiến nghị;Cầu;Đã chuyển;;UBND thị trấn Long Hồ;40/03/2019",
            "Ngày chuyển",
            "không phải ngày có thật",
        ),
        (
            "04/03/2019;KN;Đất;Đã giải quyết;01/03/2019;;",
            "Ngày giải quyết",
            "trước ngày nhận",
        ),
    ] {
        let w = World::new();
        let book = format!("{heads}\n{row}\n");
        let way = ["--finished", "file"];
        let came = import(&w, "petition", "a.csv", book.as_bytes(), &way);
        assert_eq!(
            (came.code, counts(&came.json())),
            (3, [0, 0, 0, 1]),
            "{row}"
        );
        let problem = came.json()["problems"][0].clone();
        assert_eq!(problem["column"], column, "{problem}");
        let rule = problem["rule"].as_str().unwrap();
        assert!(rule.contains(why), "{problem}");
        assert_eq!(w.ok(&["petition", "list", "--count"]).trim(), "0");
    }
}

const LACKING: &str = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả;Ngày giải quyết;Chuyển đến\n\
    04/03/2019;Kiến nghị;Đèn;Lê Thị Bông;Đã giải quyết xong;;\n\
    05/03/2019;KN;Đất;Trần Văn Tí;Đã giải quyết;01/05/2019;\n\
    06/03/2019;Kiến nghị;Cầu;Phạm Thị Sen;;03/04/2019;Thanh tra bộ\n\
    07/03/2019;Kiến nghị;Mương;Võ Văn Ba;1/2019;tháng 5;\n";

#[test]
fn what_a_book_does_not_tell_is_never_made_up() {
    let w = World::new();
    let came = import(&w, "petition", "a.csv", LACKING.as_bytes(), &[]);
    let plan = came.json();
    assert_eq!((came.code, counts(&plan)), (0, [4, 0, 0, 0]), "{came:?}");
    assert_eq!(
        (&plan["courses"]["open"], &plan["courses"]["ended"]),
        (&json!(4), &json!(0))
    );
    let notes = plan["notes"].to_string();
    for why in [
        "nghĩa là gì",
        "không có ngày kết thúc",
        "không rõ kết luận",
        "chưa rõ là đơn vị nào",
    ] {
        assert!(notes.contains(why), "{why}: {notes}");
    }
    assert_eq!(stages(&w), ["received"; 4]);
    let kept = values(&w, "petition", "note");
    assert!(kept[0].contains("Kết quả: Đã giải quyết xong"), "{kept:?}");
    assert!(kept[1].contains("Ngày giải quyết: 01/05/2019"), "{kept:?}");
    assert!(kept[2].contains("Chuyển đến: Thanh tra bộ"), "{kept:?}");
    assert!(
        kept[3].contains("1/2019") && kept[3].contains("tháng 5"),
        "{kept:?}"
    );
    let again = import(&w, "petition", "a.csv", LACKING.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 4, 0], "{again:?}");
}

#[test]
fn old_matters_come_in_as_the_person_says_who_brings_them() {
    let w = World::new();
    let strict = import(
        &w,
        "petition",
        "a.csv",
        LACKING.as_bytes(),
        &["--finished", "error"],
    );
    assert_eq!(
        (strict.code, counts(&strict.json())),
        (3, [0, 0, 0, 4]),
        "{strict:?}"
    );
    let map = w.path("cot.toml");
    let said = "finished = \"file\"\n[words.forwarded_to]\n\"Thanh tra Bộ\" = \"29602\"\n[words.result]\n\"1/2019\" = \"answered\"\n";
    std::fs::write(&map, said).unwrap();
    let more = ["--map", map.to_str().unwrap()];
    let came = import(&w, "petition", "a.csv", LACKING.as_bytes(), &more);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [4, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(came.json()["courses"]["filed"], 3);
    assert_eq!(
        stages(&w),
        ["closed_other", "closed_other", "forwarded", "closed_other"]
    );
    // the end of the year of receipt where no day is told, the book's own where one is; never on time
    assert_eq!(steps(&w, 1), of(&[("file_away", "2019-12-31")]));
    assert_eq!(steps(&w, 2), of(&[("file_away", "2019-05-01")]));
    assert_eq!(steps(&w, 3), of(&[("forward", "2019-04-03")]));
    assert_eq!(values(&w, "petition", "standing")[..2], ["none", "none"]);
    let fourth = w.json(&["petition", "show", "4", "--json"])["steps"][0]["note"].to_string();
    assert!(fourth.contains("Kết quả: 1/2019"), "{fourth}");
    // what was said is remembered with the layout, but no words of results, which may name people
    let kept = std::fs::read_dir(w.dir.path().join("state/danvan/import")).unwrap();
    let kept: Vec<String> = kept
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    let kept = kept.concat();
    assert!(
        kept.contains("Thanh tra Bộ") && !kept.contains("1/2019"),
        "{kept}"
    );
    let again = import(&w, "petition", "b.csv", LACKING.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 4, 0], "{again:?}");
    std::fs::write(&map, "finished = \"đoán\"\n").unwrap();
    assert_eq!(
        import(&w, "petition", "a.csv", LACKING.as_bytes(), &more).code,
        2
    );
}

#[test]
fn a_later_book_ends_what_is_open_and_changes_nothing_that_has_ended() {
    let w = World::new();
    let book = |result: &str, day: &str| {
        format!(
            "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả;Ngày giải quyết;Cán bộ phụ trách\n\
            04/03/2019;Kiến nghị;Đèn;Lê Thị Bông;{result};{day};Phạm Thị Sen\n"
        )
    };
    import(&w, "petition", "a.csv", book("", "").as_bytes(), &[]);
    w.ok(&["petition", "edit", "1", "--officer", "Đỗ Thị Tư"]);
    let ended = book("Đã trả lời", "20/03/2019");
    let came = import(&w, "petition", "a.csv", ended.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [0, 1, 0, 0], "{came:?}");
    assert_eq!(came.json()["courses"]["ended"], 1);
    assert_eq!(stages(&w), ["resolved"]);
    assert_eq!(values(&w, "petition", "officer"), ["Phạm Thị Sen"]);
    let other = book("Đã trả lời", "25/03/2019");
    let again = import(&w, "petition", "a.csv", other.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 1, 0], "{again:?}");
    // Nobody is left to think that the step has followed the book.
    let told = |came: &Json| {
        came["notes"]
            .to_string()
            .contains("bước trong sổ giữ nguyên")
    };
    assert!(told(&again.json()), "{again:?}");
    let same = import(&w, "petition", "a.csv", ended.as_bytes(), &["--dry-run"]);
    assert!(!told(&same.json()), "{same:?}");
    assert_eq!(steps(&w, 1), of(&[("resolve", "2019-03-20")]));
}

#[test]
fn numbers_of_the_book_stay_where_they_are_free() {
    let w = World::new();
    w.ok(&[
        "petition",
        "add",
        "--received-on",
        "2/1/2019",
        "--type",
        "KN",
        "--subject",
        "Có trước",
    ]);
    let book = "Số;Ngày nhận;Loại đơn;Nội dung\n1;04/03/2019;KN;Một\n7;05/03/2019;KN;Bảy\n7/2019;06/03/2019;KN;Bảy nữa\n;07/03/2019;KN;Không số\n9/2018;08/03/2019;KN;Năm khác\n";
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
    assert_eq!(counts(&came.json()), [5, 0, 0, 0], "{came:?}");
    assert_eq!(
        values(&w, "petition", "number"),
        ["1/2019", "8/2019", "7/2019", "9/2019", "10/2019", "11/2019"]
    );
    assert!(
        came.json()["notes"]
            .to_string()
            .contains("số 1/2019 đã có; sổ cấp số mới"),
        "{came:?}"
    );
    assert_eq!(w.run(&["doctor"]).code, 0);
}

#[test]
fn a_value_for_every_row_stands_where_the_row_says_nothing() {
    let w = World::new();
    let map = w.path("cot.toml");
    std::fs::write(&map, "[values]\ntype = \"KN\"\nnote = \"sổ 2019\"\n").unwrap();
    let book = "Ngày nhận;Loại đơn;Nội dung;Ghi chú;Trạng thái\n04/03/2019;;Đèn;;Đang xử lý\n05/03/2019;Kiến nghị;Cầu;dòng hai;\n";
    let more = ["--map", map.to_str().unwrap()];
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &more);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [2, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        values(&w, "petition", "type"),
        ["complaint", "recommendation"]
    );
    let notes = values(&w, "petition", "note");
    assert_eq!(notes, ["sổ 2019\nTrạng thái: Đang xử lý", "dòng hai"]);
    let again = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 2, 0], "{again:?}");
}

#[test]
fn a_long_matter_and_its_details_stand_one_after_the_other() {
    let w = World::new();
    let long = "đường liên ấp hư hỏng ".repeat(30);
    let book =
        format!("Ngày nhận;Loại đơn;Nội dung;Nội dung chi tiết\n04/03/2019;KN;{long};thửa 12\n");
    for want in [[1, 0, 0, 0], [0, 0, 1, 0]] {
        let came = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
        assert_eq!((came.code, counts(&came.json())), (0, want), "{came:?}");
    }
    let content = w.json(&["petition", "show", "1", "--json"])["content"].clone();
    assert!(
        content.as_str().unwrap().ends_with("hư hỏng\nthửa 12"),
        "{content}"
    );
}

#[test]
fn steps_travel_in_a_spreadsheet_when_asked_for_and_an_open_one_goes_on() {
    let from = World::new();
    import(&from, "petition", "a.csv", BOOK.as_bytes(), &[]);
    let file = from.path("b.xlsx").display().to_string();
    from.ok(&["export", "petition", &file, "--with-names", "--with-steps"]);
    let to = World::new();
    to.ok(&["import", "petition", &file]);
    assert_eq!(stages(&to), {
        let mut all = stages(&from);
        all.reverse();
        all
    });
    let number = |w: &World| {
        let mut all = values(w, "petition", "number");
        all.sort();
        all
    };
    assert_eq!(number(&to), number(&from));
    let again = to.json(&["import", "petition", &file, "--json"]);
    assert_eq!(counts(&again), [0, 0, 6, 0], "{again}");
    // the office that it came from goes on, and a step of the new one keeps it from being written over
    from.ok(&["petition", "step", "7/2019", "reply", "--on", "1/4/2019"]);
    from.ok(&[
        "export",
        "petition",
        &file,
        "--with-names",
        "--with-steps",
        "--yes",
    ]);
    let more = to.json(&["import", "petition", &file, "--json"]);
    assert_eq!(counts(&more), [0, 1, 5, 0], "{more}");
    to.ok(&["petition", "step", "9/2019", "accept", "--on", "1/4/2019"]);
    from.ok(&["petition", "step", "9/2019", "return", "--on", "1/4/2019"]);
    from.ok(&[
        "export",
        "petition",
        &file,
        "--with-names",
        "--with-steps",
        "--yes",
    ]);
    let other = to.run(&["import", "petition", &file, "--json"]);
    assert_eq!(
        (other.code, counts(&other.json())),
        (3, [0, 0, 5, 1]),
        "{other:?}"
    );
    assert!(
        other.out.contains("khác các bước đã ghi trong sổ"),
        "{other:?}"
    );
    assert_eq!(
        from.run(&["export", "model", &file, "--with-steps", "--yes"])
            .code,
        2
    );
}

#[test]
fn very_many_finished_matters_are_counted_as_if_entered_by_hand() {
    let w = World::new();
    let mut book = String::from("Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả;Ngày giải quyết\n");
    for n in 0..1_200 {
        let (day, result) = (n % 28 + 1, ["Đã trả lời", "Hướng dẫn", ""][n % 3]);
        let end = if result.is_empty() {
            String::new()
        } else {
            format!("{day:02}/05/2019")
        };
        book.push_str(&format!(
            "{day:02}/03/2019;Kiến nghị;Việc {n};Lê Thị Bông;{result};{end}\n"
        ));
    }
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1_200, 0, 0, 0]),
        "{}",
        came.err
    );
    let count = |filter: &str| {
        w.ok(&["petition", "list", "--filter", filter, "--count"])
            .trim()
            .to_owned()
    };
    assert_eq!(count("stage = resolved"), "400");
    assert_eq!(count("stage = closed_other"), "400");
    assert_eq!(count("standing = resolved_late"), "400");
    let rates = w.json(&[
        "rates",
        "--measure",
        "processing",
        "--period",
        "2019",
        "--json",
    ]);
    let text = rates.to_string();
    assert!(text.contains("800") && text.contains("1200"), "{text}");
    // the sums beside the rows, counted again
    assert_eq!(w.run(&["doctor"]).code, 0);
    let again = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 1_200, 0]);
}
