//! What the program says to a clerk in the shell: words, hints, suggestions.
use crate::support::cli::World;

#[test]
fn a_denunciation_is_added_with_a_reminder_and_help_says_it() {
    let w = World::new();
    let add = |kind| {
        let args = [
            "petition",
            "add",
            "--received-on",
            "2/3",
            "--type",
            kind,
            "--subject",
            "Thu sai",
        ];
        w.run(&args)
    };
    let came = add("TC");
    assert_eq!(came.out, "1\n");
    assert_eq!(
        came.err.matches("không ghi tên người tố cáo").count(),
        1,
        "{came:?}"
    );
    assert!(came.err.contains("đơn 1/2026, hạn"), "{came:?}");
    let came = add("KN");
    assert_eq!(came.out, "2\n");
    assert_eq!(came.err, "đơn 2/2026, hạn 12/03/2026\n");
    let help = w.ok(&["petition", "add", "--help"]);
    let help: Vec<&str> = help.split_whitespace().collect();
    let help = help.join(" ");
    let lines = help.matches("không ghi tên người tố cáo ở đây").count();
    assert_eq!(lines, 4, "{help}");
}

#[test]
fn a_deadline_says_what_it_is_for() {
    let w = World::new();
    w.petition("2/3", "KN", "Bồi thường");
    w.petition("2/3", "PA", "Đường hỏng");
    let why = w.ok(&["petition", "due", "1"]);
    assert!(
        why.contains("thụ lý hay từ chối khiếu nại (KN_ACCEPT)"),
        "{why}"
    );
    let why = w.ok(&["petition", "due", "2"]);
    assert!(
        why.contains("trả lời kiến nghị, phản ánh (KNPA_OFFICE)"),
        "{why}"
    );
    assert!(
        why.contains("thiết lập của cơ quan: luật không định hạn"),
        "{why}"
    );
}

#[test]
fn history_is_told_in_words() {
    let w = World::new();
    w.petition("2/3", "KN", "Bồi thường");
    w.ok(&["petition", "edit", "1", "--petitioner", "Nguyễn Thị Ví Dụ"]);
    w.ok(&[
        "petition",
        "step",
        "1",
        "classify",
        "--on",
        "3/3",
        "--jurisdiction",
        "own",
        "--eligible",
    ]);
    w.ok(&["petition", "undo-step", "1", "--why", "ghi nhầm"]);
    let told = w.ok(&["petition", "history", "1"]);
    for words in [
        "12/03/2026 ",
        "sửa Người gửi: – → Nguyễn Thị Ví Dụ",
        "bước phân loại: 03/03/2026",
        "lấy lại bước phân loại: ghi nhầm",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    w.ok(&["petition", "edit", "1", "--type", "TC", "--petitioner", ""]);
    let told = w.ok(&["petition", "history", "1"]);
    assert!(
        told.contains("sửa Người gửi: đã xóa khỏi lịch sử"),
        "{told}"
    );
    assert!(!told.contains("Ví Dụ") && !told.contains("– → –"), "{told}");
    let rows = w.json(&["petition", "history", "1", "--json"]);
    assert_eq!(rows[1]["field"], "petitioner");
}

#[test]
fn init_and_find_say_what_comes_next_and_what_is_not() {
    let w = World::bare();
    let came = w.run(&["init"]);
    let lines: Vec<&str> = came.err.lines().collect();
    assert!(
        lines[0].starts_with("Chưa có đơn vị của cơ quan") && lines[0].contains("set own_unit MÃ")
    );
    assert_eq!(lines[1..], ["Giờ gõ: danvan"]);
    let other = World::bare();
    assert_eq!(other.run(&["init", "--unit", "86"]).err, "Giờ gõ: danvan\n");
    let came = w.run(&["find", "khongcogi"]);
    assert_eq!((came.code, came.out.as_str()), (0, ""));
    assert_eq!(came.err, "không thấy gì\n");
}

#[test]
fn a_name_for_a_code_is_refused_with_the_units_that_bear_it() {
    let w = World::new();
    let add = |unit| {
        let args = [
            "petition",
            "add",
            "--received-on",
            "2/3",
            "--type",
            "KN",
            "--subject",
            "A",
            "--unit",
            unit,
        ];
        w.run(&args)
    };
    for came in [
        add("Long Hồ"),
        w.run(&["petition", "list", "--unit", "Long Hồ"]),
    ] {
        assert_eq!(came.code, 3, "{came:?}");
        assert!(
            came.err.contains("có phải: ") && came.err.contains("29602 Xã Long Hồ"),
            "{came:?}"
        );
    }
    // Huyện Long Hồ was abolished; its communes say where its area lies.
    let came = add("857");
    assert_eq!(came.code, 3, "{came:?}");
    assert!(
        came.err.contains("nay thuộc ") && came.err.contains("qua các xã"),
        "{came:?}"
    );
    assert!(came.err.contains("29602 Xã Long Hồ"), "{came:?}");
}

#[test]
fn units_without_matters_are_one_line_for_people_only() {
    let w = World::new();
    w.petition("2/3", "KN", "Bồi thường");
    let ask = [
        "rates",
        "--measure",
        "resolution",
        "--period",
        "2026",
        "--unit",
        "86",
    ];
    let text = w.ok(&ask);
    assert!(text.contains("đơn vị không có vụ việc"), "{text}");
    assert!(text.lines().count() < 12, "{text}");
    let all = w.json(&[&ask[..], &["--json"]].concat());
    assert!(all["rows"].as_array().unwrap().len() > 20);
    assert!(w.ok(&[&ask[..], &["--csv"]].concat()).lines().count() > 20);
}

#[test]
fn a_step_that_is_none_and_a_record_that_is_gone() {
    let w = World::new();
    w.petition("2/3", "KN", "Bồi thường");
    let came = w.run(&["petition", "step", "1", "foo"]);
    assert_eq!(came.code, 3);
    assert!(
        came.err.contains("Không có bước «foo»") && came.err.contains("classify"),
        "{came:?}"
    );
    w.ok(&["petition", "remove", "1"]);
    let came = w.run(&["petition", "remove", "1"]);
    assert_eq!(came.code, 0);
    assert!(came.err.contains("đã xóa từ trước"), "{came:?}");
    let came = w.run(&["petition", "restore", "1"]);
    assert!(came.err.contains("Đã lấy lại"), "{came:?}");
}

#[test]
fn help_and_short_forms() {
    let w = World::new();
    let help = w.ok(&["petition", "step", "--help"]);
    assert!(
        help.contains("upheld changed (khiếu nại lần hai)"),
        "{help}"
    );
    assert!(w.ok(&["draft", "discard", "--help"]).contains("--yes"));
    assert_eq!(
        w.ok(&["calendar"]),
        w.ok(&["calendar", "list", "--year", "2026"])
    );
    let one = w.json(&["schema", "petition", "--json"]);
    assert_eq!(one["kinds"].as_array().unwrap().len(), 1);
    assert!(
        w.ok(&["schema", "petition"])
            .starts_with("petition  Đơn thư\n")
    );
    assert_eq!(w.run(&["schema", "foo"]).code, 2);
}

#[test]
fn a_petition_that_reads_like_another_is_told_so_beside_the_output() {
    let office = World::new();
    let add = |more: &[&str]| {
        let mut args = vec![
            "petition",
            "add",
            "--received-on",
            "2026-03-02",
            "--type",
            "recommendation",
        ];
        args.extend(more);
        office.run(&args)
    };
    let subject = "Đường liên ấp 3 hư hỏng kéo dài";
    let first = add(&["--petitioner", "Lê Văn Lúa", "--subject", subject]);
    assert!(!first.err.contains("cùng vụ"), "{}", first.err);
    let same = add(&["--subject", "Duong lien ap 3 hu hong", "--json"]);
    assert_eq!(same.code, 0);
    assert_eq!(same.json().as_array().unwrap().len(), 1);
    assert!(
        same.err.contains("có thể cùng vụ (2/2026):"),
        "{}",
        same.err
    );
    assert!(same.err.contains(&format!("1/2026  02/03/2026  {subject}")));
    assert!(
        same.err
            .contains("danvan petition step 2 link --on hn --lead 1")
    );
    assert!(!same.err.contains("Lúa"));
    let other = add(&["--subject", "Cấp giấy chứng nhận đất"]);
    assert!(!other.err.contains("cùng vụ"), "{}", other.err);
}

#[test]
fn keystrokes_become_what_the_typing_aid_makes_of_them() {
    let w = World::bare();
    let typed = |args: &[&str], keys: &str| {
        let came = w.feed(&[&["type"], args].concat(), keys);
        assert_eq!(came.code, 0, "{came:?}");
        came.out
    };
    assert_eq!(
        typed(&[], "Nguyeenx Thij Hoaf\nvieetj<\n\noffice"),
        "Nguyễn Thị Hòa\nviệ\n\noffice\n"
    );
    assert_eq!(typed(&["--style", "new"], "hoaf\r\n"), "hoà\n");
    assert_eq!(typed(&["--method", "vni"], "d9a61t d9ai\n"), "đất đai\n");
    assert_eq!(w.feed(&["type", "--method", "viqr"], "").code, 2);
    assert_eq!(w.feed(&["type", "--style", "x"], "").code, 2);
    // The office's own style, once there is one.
    let w = World::new();
    w.ok(&["set", "tone_style", "new"]);
    assert_eq!(w.feed(&["type"], "thuyr\n").out, "thuỷ\n");
}

#[test]
fn find_shows_a_few_units_beside_what_registers_hold() {
    let w = World::new();
    w.petition("2019-03-04", "recommendation", "Đường xã Long Hồ hư hỏng");
    let out = w.ok(&["find", "long", "ho"]);
    let lines: Vec<&str> = out.lines().collect();
    let more = lines
        .iter()
        .position(|l| l.contains("đơn vị: thêm --kind unit"));
    assert_eq!(more, Some(4), "{out}");
    assert!(out.contains("Đường xã Long Hồ hư hỏng"), "{out}");
    // asked for alone, or so many, all of them are there
    assert!(
        w.ok(&["find", "long", "ho", "--kind", "unit"])
            .lines()
            .count()
            > 5
    );
    assert!(
        w.ok(&["find", "long", "ho", "--limit", "9"])
            .lines()
            .count()
            > 9
    );
    // a step says its unit by name, and days are written as numbers are
    let id = w.petition("2019-03-05", "recommendation", "Cầu gãy");
    w.ok(&[
        "petition",
        "step",
        &id,
        "forward",
        "--on",
        "6/3/2019",
        "--to",
        "857",
        "--reply-due",
        "7/3/2019",
    ]);
    let shown = w.ok(&["petition", "show", &id]);
    assert!(shown.contains("Chuyển đến: 857 "), "{shown}");
    assert!(shown.contains("quá 2."), "{shown}");
}

#[test]
fn find_shows_first_what_bears_the_number() {
    let w = World::new();
    w.petition("2019-03-04", "recommendation", "Đường hỏng");
    w.petition("2019-03-05", "recommendation", "Nhắc lại đơn 1/2019");
    let out = w.ok(&["find", "1/2019"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "Đơn thư", "{out}");
    assert!(lines[1].contains("Đường hỏng"), "{out}");
    assert!(lines[2].contains("Nhắc lại"), "{out}");
    let found = w.json(&[
        "find", "1/2019", "--kind", "petition", "--json", "--limit", "1",
    ]);
    assert_eq!(found[0]["number"], "1/2019", "{found}");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}
