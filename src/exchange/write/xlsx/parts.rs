//! The parts of a spreadsheet file that are the same in every one, and the frame of its sheets.
use std::fmt::Write as _;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

pub(super) const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>\
<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>\
<Override PartName=\"/xl/worksheets/sheet2.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>\
</Types>";

pub(super) const RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>\
</Relationships>";

pub(super) const BOOK_RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet2.xml\"/>\
<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>\
</Relationships>";

/// Plain, heading, text, day, long text, bold, two decimals, those in bold: in the order of `Style`.
pub(super) const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts>\
<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>\
<font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>\
<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>\
<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFE8EDF2\"/><bgColor indexed=\"64\"/></patternFill></fill></fills>\
<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>\
<border><left/><right/><top/><bottom style=\"thin\"><color auto=\"1\"/></bottom><diagonal/></border></borders>\
<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
<cellXfs count=\"8\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
<xf numFmtId=\"0\" fontId=\"1\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf>\
<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf>\
<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>\
<xf numFmtId=\"2\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf>\
<xf numFmtId=\"2\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/></cellXfs>\
<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>\
</styleSheet>";

/// What of a sheet stays in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pane {
    /// The first row; the sheet is the one shown first.
    Frozen,
    /// Nothing.
    Plain,
}

/// The beginning of a sheet, up to its first row; widths in letters.
pub(super) fn sheet(out: &mut String, pane: Pane, widths: &[u16]) {
    out.push_str(HEAD);
    out.push_str("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">");
    out.push_str(match pane {
        Pane::Frozen => {
            "<sheetViews><sheetView tabSelected=\"1\" workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
             activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\"/></sheetView></sheetViews>"
        }
        Pane::Plain => "<sheetViews><sheetView workbookViewId=\"0\"/></sheetViews>",
    });
    out.push_str("<sheetFormatPr defaultRowHeight=\"15\"/><cols>");
    for (at, width) in (1..).zip(widths) {
        // A column is five of the seven points of a letter wider than its letters.
        let width = f64::from(*width) + 0.710_937_5;
        let _ = write!(
            out,
            "<col min=\"{at}\" max=\"{at}\" width=\"{width}\" customWidth=\"1\"/>"
        );
    }
    out.push_str("</cols><sheetData>");
}

/// The end of a sheet; buttons that filter over an area.
pub(super) fn end(out: &mut String, filter: Option<&str>) {
    out.push_str("</sheetData>");
    if let Some(area) = filter {
        let _ = write!(out, "<autoFilter ref=\"{area}\"/>");
    }
    out.push_str("</worksheet>");
}

/// The list of the sheets; the last column and row that the first one filters.
pub(super) fn workbook(names: &[String; 2], filter: Option<&(String, u32)>) -> String {
    let mut out = String::from(HEAD);
    out.push_str(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <bookViews><workbookView/></bookViews><sheets>",
    );
    for (at, name) in (1..).zip(names) {
        out.push_str("<sheet name=\"");
        quoted(&mut out, name);
        let _ = write!(out, "\" sheetId=\"{at}\" r:id=\"rId{at}\"/>");
    }
    out.push_str("</sheets>");
    if let (Some((column, row)), [first, _]) = (filter, names) {
        out.push_str(
            "<definedNames><definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"0\" hidden=\"1\">'",
        );
        quoted(&mut out, &first.replace('\'', "''"));
        let _ = write!(out, "'!$A$1:${column}${row}</definedName></definedNames>");
    }
    out.push_str("</workbook>");
    out
}

/// A text between quotes.
fn quoted(out: &mut String, text: &str) {
    let mut plain = String::new();
    escaped(&mut plain, text);
    out.push_str(&plain.replace('"', "&quot;"));
}

/// Whether a text begins with what a spreadsheet reads as the number of a letter: `_x000D_`.
fn is_code(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|b| b.is_ascii_hexdigit()))
}

/// A text as a cell holds it: signs that XML cannot hold by their number, as spreadsheets do.
pub(super) fn escaped(out: &mut String, text: &str) {
    let mut from = 0;
    let mut put = |at: usize, length: usize, instead: &str| {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(instead);
        from = at + length;
    };
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'&' => put(at, 1, "&amp;"),
            b'<' => put(at, 1, "&lt;"),
            b'>' => put(at, 1, "&gt;"),
            b'_' if is_code(text.as_bytes().get(at..).unwrap_or_default()) => put(at, 1, "_x005F_"),
            b'\t' | b'\n' => {}
            0..b' ' => put(at, 1, &format!("_x{byte:04X}_")),
            // The two signs of three bytes that stand for none.
            0xEF if text.get(at..).is_some_and(|t| t.starts_with('\u{fffe}')) => {
                put(at, 3, "_xFFFE_")
            }
            0xEF if text.get(at..).is_some_and(|t| t.starts_with('\u{ffff}')) => {
                put(at, 3, "_xFFFF_")
            }
            _ => {}
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
}
