//! Files made by other programs: openpyxl writes a book, LibreOffice saves it in its own formats.
use crate::import_files::{counts, values};
use crate::support::cli::World;
use std::path::Path;
use std::process::Command;

/// A register as an office keeps it: merged headings, dates, formulas, a font of the nineties, totals.
const MAKE: &str = r#"
import sys, datetime
from openpyxl import Workbook
from openpyxl.styles import Font
book = Workbook()
sheet = book.active
sheet.title = "Sổ 2019"
sheet["A1"] = "DANH SÁCH CHI TIẾT ĐƠN THƯ"
sheet.merge_cells("A1:G1")
heads = ["STT", "Ngày tiếp nhận", "Chủ đơn", "Địa chỉ", "Nội dung đơn", "Loại đơn", None, "Kết quả giải quyết", "Ngày giải quyết"]
for at, head in enumerate(heads, 1):
    sheet.cell(3, at, head)
sheet.merge_cells("F3:G3")
sheet["F4"], sheet["G4"] = "KN", "TC"
for at in "ABCDEHI":
    sheet.merge_cells(f"{at}3:{at}4")
rows = [
    (datetime.date(2019, 3, 4), "Lª ThÞ B«ng", "Êp 3, x· Long Hå", "§\u00adêng liªn Êp h\u00ad háng", "x", None, "KhiÕu n¹i ®óng mét phÇn", datetime.date(2019, 4, 1)),
    (datetime.datetime(2019, 3, 15, 8, 30), "TrÇn V¨n TÝ", "Êp 4", "Kh«ng ®ång ý ph\u00ad¬ng ¸n båi th\u00adêng", "x", None, "§ang gi¶i quyÕt", None),
    ("16/03/2019", None, None, "C¸n bé ®Þa chÝnh nhòng nhiÔu", None, "x", "Kh«ng thô lý", "05/04/2019"),
]
for n, row in enumerate(rows):
    sheet.cell(5 + n, 1, f"=ROW()-4")
    for at, value in enumerate(row, 2):
        cell = sheet.cell(5 + n, at, value)
        cell.font = Font(name=".VnTime")
sheet["A9"] = "T\u00e6ng c\u00e9ng"
sheet["E9"] = "=COUNTA(E5:E7)"
book.save(sys.argv[1])
"#;

fn run(program: &str, args: &[&str], home: &Path) -> bool {
    let done = Command::new(program).args(args).env("HOME", home).output();
    done.is_ok_and(|o| o.status.success())
}

#[test]
fn what_openpyxl_and_libreoffice_write_is_read() {
    let w = World::new();
    let script = w.path("make.py");
    std::fs::write(&script, MAKE).unwrap();
    let book = w.path("so.xlsx");
    let args = [script.to_str().unwrap(), book.to_str().unwrap()];
    let oracle = std::env::var("DANVAN_ORACLE_PYTHON").unwrap_or_else(|_| "python3".into());
    let made = [oracle.as_str(), "/usr/bin/python3"]
        .iter()
        .any(|python| run(python, &args, w.dir.path()));
    if !made {
        println!("no openpyxl here: skipped");
        return;
    }
    check(&w, &book, true);
    for end in ["ods", "xls", "xlsx"] {
        let out = w.path(end);
        let args = [
            "--headless",
            "--convert-to",
            end,
            "--outdir",
            out.to_str().unwrap(),
            book.to_str().unwrap(),
        ];
        if !run("soffice", &args, w.dir.path()) {
            println!("no LibreOffice here: skipped");
            return;
        }
        check(&w, &out.join(format!("so.{end}")), false);
    }
}

/// The first file makes the records, every other one knows them again.
fn check(w: &World, file: &Path, first: bool) {
    let came = w.run(&["import", "petition", file.to_str().unwrap(), "--json"]);
    assert_eq!(came.code, 0, "{}: {came:?}", file.display());
    let want = if first { [3, 0, 0, 0] } else { [0, 0, 3, 0] };
    assert_eq!(counts(&came.json()), want, "{}: {came:?}", file.display());
    assert_eq!(
        values(w, "petition", "received_on"),
        ["2019-03-04", "2019-03-15", "2019-03-16"]
    );
    assert_eq!(
        values(w, "petition", "petitioner"),
        ["Lê Thị Bông", "Trần Văn Tí", "null"]
    );
    assert_eq!(
        values(w, "petition", "type"),
        ["complaint", "complaint", "denunciation"]
    );
    assert_eq!(
        values(w, "petition", "stage"),
        ["resolved", "received", "closed_other"]
    );
    assert_eq!(
        values(w, "petition", "resolved_on"),
        ["2019-04-01", "null", "null"]
    );
    assert_eq!(
        values(w, "petition", "subject")[1],
        "Không đồng ý phương án bồi thường"
    );
}
