//! Every layout of the survey of real books and forms, filled with sample rows, as a spreadsheet.
use crate::import_files::{counts, import};
use crate::support::cli::World;
use crate::support::sheets::{C, xlsx};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The layouts: title, and the path of headings over each column.
type Layouts = BTreeMap<String, (String, Vec<Vec<String>>)>;

fn shared(name: &str) -> Option<String> {
    let path = format!("{}/../shared/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("{path} is not here: skipped");
    }
    text
}

fn layouts() -> Option<Layouts> {
    let mut out = Layouts::new();
    for line in shared("form_columns.tsv")?.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (file, title, path) = (cells[0], cells[1], cells[3]);
        let layout = out.entry(file.to_owned()).or_default();
        layout.0 = title.to_owned();
        layout
            .1
            .push(path.split(" / ").map(str::to_owned).collect());
    }
    Some(out)
}

fn text(text: &str) -> C {
    C::Text(Box::leak(text.to_owned().into_boxed_str()))
}

/// What a clerk would write under a heading.
fn sample(path: &[String], n: usize) -> C {
    let leaf = path.last().unwrap().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| leaf.contains(w));
    if leaf == "stt" || has(&["tổng", "số người"]) {
        C::Number(n as f64)
    } else if has(&["ngày hẹn", "ngày trả", "hạn"]) {
        text(&format!("{:02}/06/2019", n + 3))
    } else if has(&["ngày", "thời gian"]) {
        C::Serial(43_528.0 + n as f64)
    } else if has(&["loại vụ việc", "loại đơn", "loại khiếu tố"]) {
        text(["Khiếu nại", "Kiến nghị", "Phản ánh"][n % 3])
    } else if leaf.contains("vực") {
        text("Đất đai")
    } else if has(&["kn/kk"]) && path.len() > 1 {
        C::Text(["x", "x", "x"][n % 3])
    } else if leaf == "tố cáo" && path.len() > 1 {
        C::None
    } else if has(&["nội dung"]) {
        text(&format!("Đường liên ấp {n} hư hỏng"))
    } else if has(&["thông tin chủ đơn"]) {
        text("Lê Thị Bông, ấp 3")
    } else if has(&["họ tên", "họ và tên", "người nộp", "chủ đơn"]) {
        text(["Lê Thị Bông", "Trần Văn Tí", "Phạm Thị Sen"][n % 3])
    } else if has(&["nguồn đơn"]) {
        text("Bưu chính")
    } else if has(&["cơ quan xử lý"]) {
        text("29602")
    } else if has(&["địa chỉ"]) {
        text("ấp 3")
    } else {
        text(&format!("{n}/2019"))
    }
}

/// What a clerk would write there who also says how it ended: found partly right, sent on, still at work.
fn ended(path: &[String], n: usize) -> C {
    let leaf = path.last().unwrap().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| leaf.contains(w));
    match n {
        _ if leaf.contains("lần ii") => C::None,
        1 if has(&["kết quả", "kết luận", "đã giải quyết"]) => {
            text("Đúng một phần, QĐ 15/QĐ-UBND")
        }
        1 if has(&["trạng thái"]) => text("Đã giải quyết"),
        2 if has(&["kết quả", "hướng xử lý"]) => text("Chuyển UBND thị trấn Long Hồ"),
        3 if has(&["trạng thái", "đang giải quyết"]) => text("Đang giải quyết"),
        2 | 3 if has(&["đã giải quyết", "đang giải quyết", "kết luận", "trạng thái"]) => {
            C::None
        }
        3 if has(&["kết quả", "ngày trả", "hướng xử lý"]) => C::None,
        1 if has(&["hướng xử lý", "đang giải quyết"]) => C::None,
        _ => sample(path, n),
    }
}

/// Title, an empty row, headings over as many rows as they need, rows.
fn book(title: &str, columns: &[Vec<String>], rows: usize) -> Vec<u8> {
    filled(title, columns, rows, sample)
}

fn filled(
    title: &str,
    columns: &[Vec<String>],
    rows: usize,
    fill: fn(&[String], usize) -> C,
) -> Vec<u8> {
    let tall = columns.iter().map(Vec::len).max().unwrap_or(1);
    let mut out = vec![vec![text(title)], Vec::new()];
    for level in 0..tall {
        let mut row = Vec::new();
        for (at, path) in columns.iter().enumerate() {
            let left = at
                .checked_sub(1)
                .and_then(|left| columns[left].get(..=level));
            // What stands over several columns stands in the first of them.
            row.push(match path.get(level) {
                Some(name) if left != path.get(..=level) || path.len() == level + 1 => text(name),
                _ => C::None,
            });
        }
        out.push(row);
    }
    for n in 1..=rows {
        out.push(columns.iter().map(|path| fill(path, n)).collect());
    }
    xlsx(&out, &[])
}

/// Lists of petitions; every other layout is a form of numbers, which no register of petitions takes.
const LISTS: [&str; 8] = [
    "Complain.xlsx",
    "Denounce.xlsx",
    "LogBook.xlsx",
    "Report.xlsx",
    "Summary.xlsx",
    "DSChiTietDonThu.xlsx",
    "QuanLyHoSoDonThu.xlsx",
    "ThongKeTheoRutDon.xlsx",
];

#[test]
fn every_layout_of_the_survey_is_taken_or_refused_with_its_columns_named() {
    let Some(layouts) = layouts() else { return };
    let mut table = String::new();
    for (file, (title, columns)) in &layouts {
        let w = World::new();
        let list = LISTS.iter().any(|name| file.ends_with(name));
        let bytes = book(title, columns, 3);
        let mut more: Vec<String> = Vec::new();
        if file.ends_with("LogBook.xlsx") {
            // It tells the day of the paper alone: a person says that the office received it then.
            let map = w.path("cot.toml");
            let said = "[columns]\n\"Ngày, tháng, năm đơn\" = \"received_on\"\n";
            std::fs::write(&map, said).unwrap();
            more = vec!["--map".into(), map.display().to_string()];
        }
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        let came = import(&w, "petition", "a.xlsx", &bytes, &more);
        let plan: Json = serde_json::from_str(&came.out).unwrap_or(Json::Null);
        let told = plan["columns"].as_array().cloned().unwrap_or_default();
        let mapped = told.iter().filter(|c| !c["field"].is_null()).count();
        table.push_str(&format!(
            "{file}: {mapped} of {} columns mapped, exit {}\n",
            columns.len(),
            came.code
        ));
        if !list {
            // A form of numbers: nothing of it becomes a petition.
            assert_ne!(came.code, 0, "{file}: {came:?}");
            assert_eq!(w.ok(&["petition", "list", "--count"]).trim(), "0");
            continue;
        }
        assert_eq!(told.len(), columns.len(), "{file}: {told:?}");
        if file.ends_with("RutDon.xlsx") {
            // Withdrawals tell no day of receipt: it is said which column is missing.
            assert!(came.code == 3 && came.out.contains("Ngày nhận"), "{came:?}");
            continue;
        }
        assert_eq!(
            (came.code, counts(&plan)),
            (0, [3, 0, 0, 0]),
            "{file}: {came:?}"
        );
        let again = import(&w, "petition", "a.xlsx", &bytes, &[]);
        assert_eq!(counts(&again.json()), [0, 0, 3, 0], "{file}");
        let rest: Vec<&str> = told
            .iter()
            .filter(|c| c["field"].is_null())
            .filter_map(|c| c["column"].as_str())
            .collect();
        table.push_str(&format!("  not taken: {}\n", rest.join(", ")));
        if file.ends_with("Denounce.xlsx") {
            let types = crate::import_files::values(&w, "petition", "type");
            assert_eq!(types, ["denunciation"; 3]);
            assert!(
                !w.ok(&["petition", "list", "--csv", "--with-names"])
                    .contains("Bông")
            );
        }
    }
    println!("{table}");
}

#[test]
fn every_list_of_the_survey_says_how_its_matters_ended() {
    let Some(layouts) = layouts() else { return };
    let mut table = String::new();
    for (file, (title, columns)) in &layouts {
        if !LISTS[..7].iter().any(|name| file.ends_with(name)) {
            continue;
        }
        let w = World::new();
        let bytes = filled(title, columns, 3, ended);
        let map = w.path("cot.toml");
        let log = file.ends_with("LogBook.xlsx");
        let more = match log {
            true => "[columns]\n\"Ngày, tháng, năm đơn\" = \"received_on\"\n",
            false => "",
        };
        std::fs::write(&map, format!("finished = \"file\"\n{more}")).unwrap();
        let more = ["--map", map.to_str().unwrap()];
        let came = import(&w, "petition", "a.xlsx", &bytes, &more);
        assert_eq!(
            (came.code, counts(&came.json())),
            (0, [3, 0, 0, 0]),
            "{file}: {came:?}"
        );
        let stages = crate::import_files::values(&w, "petition", "stage");
        table.push_str(&format!("{file}: {stages:?} {}\n", came.json()["courses"]));
        // only a book that tells the day of the answer can say that it was resolved then
        let first = match file.ends_with("Complain.xlsx") {
            true => "resolved",
            false if file.ends_with("QuanLyHoSoDonThu.xlsx") => "received",
            false => "closed_other",
        };
        assert_eq!(stages[0], first, "{file}: {came:?}");
        assert_eq!(stages[2], "received", "{file}: {came:?}");
        let again = import(&w, "petition", "a.xlsx", &bytes, &[]);
        assert_eq!(counts(&again.json()), [0, 0, 3, 0], "{file}: {again:?}");
    }
    println!("{table}");
}

#[test]
fn the_form_of_models_is_taken_whole() {
    let Some(fields) = shared("model_registration_form_fields.tsv") else {
        return;
    };
    let w = World::new();
    let mut columns: Vec<Vec<String>> = fields
        .lines()
        .skip(1)
        .map(|line| vec![line.split('\t').nth(1).unwrap().to_owned()])
        .collect();
    columns.push(vec!["Ngày đăng ký".to_owned()]);
    let mut rows = vec![
        columns
            .iter()
            .map(|path| text(&path[0]))
            .collect::<Vec<C>>(),
    ];
    for n in 1..=3 {
        let cell = |path: &Vec<String>| match path[0].as_str() {
            "Đơn vị đăng ký" => C::Number(29_602.0),
            "Ngày đăng ký" => C::Serial(46_000.0),
            name => text(&format!("{name} {n}")),
        };
        rows.push(columns.iter().map(cell).collect());
    }
    let came = import(&w, "model", "a.xlsx", &xlsx(&rows, &[]), &[]);
    let plan = came.json();
    assert_eq!((came.code, counts(&plan)), (0, [3, 0, 0, 0]), "{came:?}");
    let told = plan["columns"].as_array().unwrap();
    assert!(told.iter().all(|c| !c["field"].is_null()), "{told:?}");
}

#[test]
fn what_every_row_has_is_said_in_the_mapping_and_remembered() {
    let w = World::new();
    let map = w.path("cot.toml");
    std::fs::write(&map, "[values]\ntype = \"KN\"\nunit = \"29602\"\n").unwrap();
    let book = "Ngày nhận;Nội dung;Người gửi\n04/03/2019;Đường hư;Lê Thị Bông\n";
    let none = import(&w, "petition", "a.csv", book.as_bytes(), &[]);
    assert_eq!(none.code, 3, "{none:?}");
    let more = ["--map", map.to_str().unwrap()];
    let came = import(&w, "petition", "a.csv", book.as_bytes(), &more);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    let next = book.replace("Đường hư", "Cầu gãy");
    let came = import(&w, "petition", "b.csv", next.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    assert_eq!(
        crate::import_files::values(&w, "petition", "type"),
        ["complaint"; 2]
    );
    std::fs::write(&map, "[values]\nowner = \"x\"\n").unwrap();
    assert_eq!(
        import(&w, "petition", "a.csv", book.as_bytes(), &more).code,
        2
    );
}
