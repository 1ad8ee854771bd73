//! 7 Tỷ lệ into a file: what stands on the screen, with what each figure counts, and never over another file.

use std::path::{Path, PathBuf};

use crate::support::driver::Driver;
use crate::support::office::{bare, office, open, plain};
use crate::support::world::{World, exit};
use calamine::{Data, Reader, Xlsx, open_workbook};
use danvan::domain::number::{Dec, vi_percent};
use danvan::domain::words::Lang;
use danvan::exchange::write::{Cell, Column, Row};
use danvan::transfer::export::{Sheet, export_sheet};
use tempfile::TempDir;

fn rates() -> (Driver, TempDir) {
    let (mut driver, dir) = plain(office());
    driver.press("7");
    (driver, dir)
}

/// Exports what is shown to a file of this name, and says what the program said.
fn write(driver: &mut Driver, dir: &TempDir, name: &str) -> (PathBuf, String) {
    let path = dir.path().join(name);
    driver.press("X");
    driver.type_(&path.display().to_string());
    driver.press("Enter");
    let said = driver.screen();
    (path, said)
}

fn says(screen: &str, text: &str) {
    let flat: Vec<&str> = screen.split_whitespace().collect();
    assert!(flat.join(" ").contains(text), "no «{text}» in\n{screen}");
}

/// The rows of a CSV, the heading first, and the line in which it speaks of itself.
fn csv(path: &Path) -> (Vec<Vec<String>>, String) {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.strip_prefix('\u{FEFF}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let facts = rows.pop().unwrap().concat();
    (rows, facts)
}

#[test]
fn the_file_holds_the_figures_of_the_screen_and_what_they_count() {
    let (mut driver, dir) = rates();
    let screen = driver.screen();
    let (path, said) = write(&mut driver, &dir, "bang.csv");
    says(&said, "đã xuất 2 dòng ra");
    says(&said, "bang.csv");
    let (rows, facts) = csv(&path);
    assert_eq!(
        rows[0],
        ["Đơn vị", "Giải quyết", "Phải GQ", "Chưa GQ", "Tỷ lệ (%)"]
    );
    for row in &rows[1..] {
        let shown = screen.lines().filter(|l| l.contains(&row[0]));
        let shown: Vec<&str> = shown.flat_map(str::split_whitespace).collect();
        let figures = format!("{} {} {} {}%", row[1], row[2], row[3], row[4]);
        assert!(shown.join(" ").contains(&figures), "{row:?}\n{screen}");
    }
    assert_eq!(rows[1][0], "Tỉnh Vĩnh Long");
    assert_eq!(rows[2], ["Tất cả", "2", "3", "1", "66,67"]);
    assert_eq!(
        rows.len(),
        3,
        "what is folded is told, not listed: {rows:?}"
    );
    for told in [
        "Bảng: Tỷ lệ giải quyết",
        "Người xuất: ",
        "Lúc: ",
        "Lọc: mọi đơn vị; năm 2026; theo đơn vị",
        "Kỳ: 01/01/2026 – 31/12/2026",
        "Không kể ra: 33 đơn vị không có vụ việc",
        "Tử số (Giải quyết): vụ việc khiếu nại, tố cáo thuộc thẩm quyền giải quyết xong trong kỳ",
        "Mẫu số (Phải GQ): vụ việc khiếu nại, tố cáo thuộc thẩm quyền kỳ trước chuyển sang",
        "Chưa GQ: mẫu số trừ tử số",
        "Kỳ trước chuyển sang: 0",
        "Mới trong kỳ: 3",
        "Rút đơn, đình chỉ: tính cả",
        "Số dòng: 2",
    ] {
        assert!(facts.contains(told), "{told}: {facts}");
    }
    // What is opened on the screen goes along.
    driver.press("Space");
    let (path, _) = write(&mut driver, &dir, "mo.csv");
    let (rows, facts) = csv(&path);
    let folded = rows.iter().find(|row| row[0].contains("Hà Nội")).unwrap();
    assert_eq!(folded[1..], ["0", "0", "0", ""]);
    assert_eq!(rows.len(), 36);
    assert!(!facts.contains("Không kể ra"), "{facts}");
}

#[test]
fn a_file_that_is_there_is_not_written_over_and_a_wrong_name_is_told() {
    let (mut driver, dir) = rates();
    let there = dir.path().join("bang.xlsx");
    std::fs::write(&there, "của tôi").unwrap();
    driver.press("X");
    says(&driver.screen(), "Ghi ra tệp (.xlsx .csv .json .md)");
    says(&driver.screen(), "ty-le-giai-quyet-2026-06-12.xlsx");
    driver.press("Esc");
    let (_, said) = write(&mut driver, &dir, "bang.xlsx");
    says(&said, "tệp này đã có; đặt tên khác");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "của tôi");
    // What was typed stays to be mended.
    for _ in "xlsx".chars() {
        driver.press("Backspace");
    }
    driver.type_("doc").press("Enter");
    says(&driver.screen(), "phải kết thúc bằng .xlsx");
    for _ in "doc".chars() {
        driver.press("Backspace");
    }
    driver.type_("md").press("Enter");
    says(&driver.screen(), "đã xuất 2 dòng");
    let text = std::fs::read_to_string(dir.path().join("bang.md")).unwrap();
    assert!(text.starts_with("# Tỷ lệ giải quyết\n"), "{text}");
    assert!(text.contains("| Tất cả | 2 | 3 | 1 | 66,67 |"), "{text}");
    let left = std::fs::read_dir(dir.path()).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.contains("part")).count(), 0);
}

#[test]
fn numbers_of_a_spreadsheet_are_numbers() {
    let (mut driver, dir) = rates();
    // By type, the rate of papers handled, beside last year: every kind of column.
    driver.press("t t t t t b Down Enter c");
    let screen = driver.screen();
    let (path, said) = write(&mut driver, &dir, "bang.xlsx");
    says(&said, "đã xuất 5 dòng");
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    assert_eq!(book.sheet_names(), ["Tỷ lệ xử lý đơn", "Về tệp này"]);
    let sheet = book.worksheet_range("Tỷ lệ xử lý đơn").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let heads: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(
        heads,
        [
            "Loại đơn",
            "Đã xử lý",
            "Phải xử lý",
            "Chưa xử lý",
            "Tỷ lệ (%)",
            "Đã xử lý, cùng kỳ",
            "Phải xử lý, cùng kỳ",
            "Tỷ lệ (%), cùng kỳ",
            "Tăng, giảm (điểm)",
        ]
    );
    let total = rows.last().unwrap();
    assert_eq!(total[0], Data::String("Tổng".to_owned()));
    let numbers: Vec<f64> = total[1..]
        .iter()
        .map(|cell| match cell {
            Data::Float(n) => *n,
            other => panic!("{other:?} is no number"),
        })
        .collect();
    assert_eq!(numbers, [3.0, 6.0, 3.0, 50.0, 0.0, 1.0, 0.0, 50.0]);
    assert!(screen.contains("+50,00"), "{screen}");
    let about = book.worksheet_range("Về tệp này").unwrap();
    let about: Vec<String> = about.rows().map(|row| row[0].to_string()).collect();
    assert!(about.contains(&"So với".to_owned()), "{about:?}");
    assert!(about.contains(&"Tử số (Đã xử lý)".to_owned()), "{about:?}");
}

#[test]
fn a_program_finds_every_figure_with_what_opens_it() {
    let (mut driver, dir) = rates();
    driver.press("b Down Enter s Down Enter");
    let (path, _) = write(&mut driver, &dir, "bang.json");
    let told: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let facts = &told["exported"];
    assert_eq!(facts["measure"], "resolution");
    assert_eq!(
        (&facts["from"], &facts["to"]),
        (&"2026-01-01".into(), &"2026-12-31".into())
    );
    assert_eq!(facts["grouped_by"], "type");
    assert_eq!(facts["order"], "tỷ lệ thấp nhất trước");
    let rows = told["records"].as_array().unwrap();
    let (total, rows) = rows.split_last().unwrap();
    assert_eq!(total["total"], true);
    assert!(rows.iter().all(|row| row.get("total").is_none()));
    for part in ["numerator", "denominator", "remainder"] {
        let count = |row: &serde_json::Value| row[part]["count"].as_i64().unwrap();
        assert_eq!(rows.iter().map(count).sum::<i64>(), count(total), "{part}");
        let cell = total[part]["cell"].as_str().unwrap();
        assert!(cell.starts_with("petition:"), "{cell}");
    }
    let (num, den) = (
        total["numerator"]["count"].as_i64(),
        total["denominator"]["count"].as_i64(),
    );
    let rate = total["rate"].as_str().unwrap().replace('.', ",");
    assert_eq!(format!("{rate}%"), vi_percent(num.unwrap(), den.unwrap()));
}

#[test]
fn a_unit_that_is_not_compared_says_why_in_the_file() {
    let (mut driver, dir) = open(office(), bare(), 80, 24);
    driver.press("7 c");
    let (path, said) = write(&mut driver, &dir, "table.csv");
    says(&said, "exported 2 rows to");
    let (rows, facts) = csv(&path);
    assert_eq!(rows[0][8..], ["Change (points)", "Note"]);
    assert_eq!(rows[1][5..9], ["", "", "", ""]);
    assert!(rows[1][9].contains("not comparable"), "{rows:?}");
    assert_eq!(rows[2][9], "");
    assert!(
        facts.contains("Against: same period last year: 01/01/2025"),
        "{facts}"
    );
}

#[test]
fn the_key_is_named_at_the_bottom_and_in_the_help() {
    let (mut driver, _dir) = rates();
    says(&driver.screen(), "X xuất tệp");
    driver.press("F1").type_("xuat");
    says(
        &driver.screen(),
        "ghi bảng đang xem ra .xlsx .csv .json .md",
    );
}

#[test]
fn esc_gives_up_a_file_that_is_being_written() {
    let (mut driver, dir) = rates();
    driver.hold();
    let (path, said) = write(&mut driver, &dir, "bang.csv");
    says(&said, "đang ghi tệp: 0 dòng");
    driver.press("X");
    says(&driver.screen(), "đang ghi tệp: 0 dòng");
    driver.press("Esc").let_go();
    says(&driver.screen(), "Đã dừng; không ghi tệp nào.");
    assert!(!path.exists());
    let (path, said) = write(&mut driver, &dir, "bang.csv");
    says(&said, "đã xuất 2 dòng");
    assert!(path.exists());
}

#[test]
fn a_cell_of_a_table_never_runs_and_the_total_stays_out_of_the_filter() {
    let world = World::on("2026-06-12");
    let column = |label: &str| Column {
        key: "c",
        label: label.to_owned(),
        width: 12,
        long: false,
    };
    let row = |name: &'static str, total| Row {
        cells: vec![
            Cell::Text(name.into()),
            Cell::hundredths(Dec::new(-405, 2).unwrap()),
        ],
        record: serde_json::json!({"name": name}),
        total,
    };
    let sheet = Sheet {
        title: "Bảng".to_owned(),
        columns: vec![column("Tên"), column("Điểm")],
        rows: vec![row("=1+1", false), row("@ai", false), row("+84", true)],
        facts: vec![("plain", String::new(), "mã".to_owned())],
        lang: Lang::Vi,
        replace: false,
    };
    let file = |name: &str| {
        let path = world.file(name);
        let done = export_sheet(&world.cx, &path, &sheet, &mut |_| true);
        assert_eq!(done.unwrap().rows, 3);
        assert_eq!(
            exit(export_sheet(&world.cx, &path, &sheet, &mut |_| true)),
            3
        );
        path
    };
    let (rows, facts) = csv(&file("bang.csv"));
    let names: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["Tên", "'=1+1", "'@ai", "'+84"]);
    assert_eq!(rows[1][1], "-4,05");
    assert!(!facts.contains("mã"), "{facts}");
    let json = std::fs::read_to_string(file("bang.json")).unwrap();
    assert!(json.contains("\"plain\": \"mã\""), "{json}");
    let zip = std::fs::File::open(file("bang.xlsx")).unwrap();
    let mut zip = zip::ZipArchive::new(zip).unwrap();
    let mut xml = String::new();
    let mut member = zip.by_name("xl/worksheets/sheet1.xml").unwrap();
    std::io::Read::read_to_string(&mut member, &mut xml).unwrap();
    assert!(
        xml.contains("<is><t>=1+1</t></is>") && !xml.contains("<f>"),
        "{xml}"
    );
    assert!(xml.contains("<v>-4.05</v>"), "{xml}");
    assert!(xml.contains("state=\"frozen\""), "{xml}");
    assert!(xml.contains("<autoFilter ref=\"A1:B3\"/>"), "{xml}");
}
