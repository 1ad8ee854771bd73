//! Spreadsheets written by hand, good ones and bad ones.
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A cell of a sheet to be written.
#[derive(Clone)]
pub enum C {
    Text(&'static str),
    /// Text in the font of this style.
    Styled(String, usize),
    Number(f64),
    /// A serial number shown as a date.
    Serial(f64),
    /// A formula with the value it gave.
    Formula(&'static str, f64),
    Error(&'static str),
    None,
}

/// Styles of [`C::Styled`]: 0 plain, 1 a date, 2 .VnTime, 3 VNI-Times, 4 .VnTimeH.
const FONTS: [&str; 4] = ["Times New Roman", ".VnTime", "VNI-Times", ".VnTimeH"];

fn letter(mut n: usize) -> String {
    let mut out = String::new();
    n += 1;
    while n > 0 {
        n -= 1;
        out.insert(0, char::from(b'A' + u8::try_from(n % 26).unwrap()));
        n /= 26;
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\n', "&#10;")
}

/// A sheet's XML.
pub fn sheet_xml(rows: &[Vec<C>], merged: &[&str]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (r, row) in rows.iter().enumerate() {
        xml.push_str(&format!("<row r=\"{}\">", r + 1));
        for (c, cell) in row.iter().enumerate() {
            let at = format!("{}{}", letter(c), r + 1);
            let inline = |text: &str, style: usize| {
                format!(
                    "<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escape(text)
                )
            };
            xml.push_str(&match cell {
                C::Text(text) => inline(text, 0),
                C::Styled(text, style) => inline(text, *style),
                C::Number(n) => format!("<c r=\"{at}\"><v>{n}</v></c>"),
                C::Serial(n) => format!("<c r=\"{at}\" s=\"1\"><v>{n}</v></c>"),
                C::Formula(f, n) => format!("<c r=\"{at}\"><f>{f}</f><v>{n}</v></c>"),
                C::Error(e) => format!("<c r=\"{at}\" t=\"e\"><v>{e}</v></c>"),
                C::None => continue,
            });
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData>");
    if !merged.is_empty() {
        xml.push_str(&format!("<mergeCells count=\"{}\">", merged.len()));
        for region in merged {
            xml.push_str(&format!("<mergeCell ref=\"{region}\"/>"));
        }
        xml.push_str("</mergeCells>");
    }
    xml.push_str("</worksheet>");
    xml
}

/// The members of a workbook around its sheets.
pub fn members(sheets: &[(&str, String)], date1904: bool) -> Vec<(String, Vec<u8>)> {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let fonts: String = FONTS
        .iter()
        .map(|f| format!("<font><sz val=\"12\"/><name val=\"{f}\"/></font>"))
        .collect();
    let xf = |fmt: u32, font: usize| {
        format!("<xf numFmtId=\"{fmt}\" fontId=\"{font}\" applyFont=\"1\"/>")
    };
    let xfs = [xf(0, 0), xf(14, 0), xf(0, 1), xf(0, 2), xf(0, 3)].concat();
    let mut types = String::new();
    let mut list = String::new();
    let mut rels = String::new();
    for n in 1..=sheets.len() {
        types.push_str(&format!("<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"));
        list.push_str(&format!(
            "<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>",
            sheets[n - 1].0
        ));
        rels.push_str(&format!("<Relationship Id=\"rId{n}\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"));
    }
    let properties = if date1904 {
        "<workbookPr date1904=\"1\"/>"
    } else {
        "<workbookPr/>"
    };
    let mut out = vec![
        ("[Content_Types].xml".to_owned(), format!("{head}<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{types}<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>").into_bytes()),
        ("_rels/.rels".to_owned(), format!("{head}<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").into_bytes()),
        ("xl/workbook.xml".to_owned(), format!("{head}<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\">{properties}<sheets>{list}</sheets></workbook>").into_bytes()),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!("{head}<Relationships xmlns=\"{package}/relationships\">{rels}<Relationship Id=\"rId99\" Type=\"{rel}/styles\" Target=\"styles.xml\"/></Relationships>").into_bytes()),
        ("xl/styles.xml".to_owned(), format!("{head}<styleSheet xmlns=\"{main}\"><fonts count=\"4\">{fonts}</fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"5\">{xfs}</cellXfs></styleSheet>").into_bytes()),
    ];
    for (n, (_, xml)) in sheets.iter().enumerate() {
        out.push((
            format!("xl/worksheets/sheet{}.xml", n + 1),
            xml.clone().into_bytes(),
        ));
    }
    out
}

/// Packs members as a zip file.
pub fn pack(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in members {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet.
pub fn xlsx(rows: &[Vec<C>], merged: &[&str]) -> Vec<u8> {
    pack(&members(&[("Trang 1", sheet_xml(rows, merged))], false))
}

/// Finds bytes in a file and puts others of the same length there; how often.
pub fn patch(file: &mut [u8], from: &[u8], to: &[u8]) -> usize {
    assert_eq!(from.len(), to.len());
    let mut times = 0;
    for at in 0..=file.len().saturating_sub(from.len()) {
        if file[at..].starts_with(from) {
            file[at..at + to.len()].copy_from_slice(to);
            times += 1;
        }
    }
    times
}
