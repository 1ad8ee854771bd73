//! Files made to harm, or broken: each is refused with a message, and the database stays as it was.
use crate::import_files::import;
use crate::support::cli::World;
use crate::support::sheets::{C, members, pack, patch, sheet_xml, xlsx};

fn rows() -> Vec<Vec<C>> {
    vec![
        vec![C::Text("Ngày nhận"), C::Text("Loại"), C::Text("Nội dung")],
        vec![C::Serial(43528.0), C::Text("KN"), C::Text("Một")],
    ]
}

fn sheet() -> String {
    sheet_xml(&rows(), &[])
}

fn with_sheet(xml: String) -> Vec<u8> {
    pack(&members(&[("T", xml)], false))
}

fn with(more: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut all = members(&[("T", sheet())], false);
    all.extend(more);
    pack(&all)
}

/// The corpus: name, file, exit code.
fn corpus() -> Vec<(&'static str, Vec<u8>, i32)> {
    let good = xlsx(&rows(), &[]);
    let mut flipped = good.clone();
    // the checksum of the sheet in the directory at the end of the file
    let at = flipped
        .windows(4)
        .rposition(|w| w == b"PK\x01\x02")
        .unwrap();
    flipped[at + 16] ^= 0xFF;
    let mut longer = good.clone();
    let at = longer.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    longer[at + 24] = longer[at + 24].wrapping_add(7);
    let mut absolute = with(vec![("xl/aa/bb.bin".into(), vec![1, 2, 3])]);
    assert_eq!(patch(&mut absolute, b"xl/aa/bb.bin", b"/etc/passwd1"), 2);
    let dimension = sheet().replace(
        "<sheetData>",
        "<dimension ref=\"A1:XFD1048576\"/><sheetData>",
    );
    let mut tricky = with(vec![("xl/aa/bb.bin".into(), vec![1, 2, 3])]);
    assert_eq!(patch(&mut tricky, b"xl/aa/bb.bin", b"../../../etc"), 2);
    let many: Vec<(String, Vec<u8>)> = (0..100_000)
        .map(|n| (format!("xl/media/{n}"), Vec::new()))
        .collect();
    let entity = sheet().replace(
        "<worksheet",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><worksheet",
    );
    let outside = sheet().replace(
        "<worksheet",
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet",
    );
    let broken = sheet().replace(
        "t=\"inlineStr\"><is><t xml:space=\"preserve\">Một</t></is>",
        "t=\"s\"><v>4000000</v>",
    );
    let strings = "<?xml version=\"1.0\"?><sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"4294967295\" uniqueCount=\"4294967295\"><si><t>a</t></si></sst>";
    let far = sheet()
        .replace("r=\"C2\"", "r=\"XFD1048576\"")
        .replace("<row r=\"2\">", "<row r=\"1048576\">");
    vec![
        (
            "bomb.xlsx",
            with(vec![("xl/media/image1.bin".into(), vec![0; 80 << 20])]),
            7,
        ),
        ("members.xlsx", with(many), 7),
        ("path.xlsx", tricky, 7),
        ("absolute.xlsx", absolute, 7),
        // A book inside a book is never opened.
        (
            "nested.xlsx",
            with(vec![("xl/embeddings/b.xlsx".into(), with(vec![("x".into(), vec![0; 8 << 20])]))]),
            0,
        ),
        ("overlapping.xlsx", overlapping(), 7),
        ("dimension.xlsx", with_sheet(dimension), 0),
        ("password.xlsx", wrapped(&["EncryptionInfo", "EncryptedPackage"], false), 7),
        ("circle.xls", wrapped(&["Workbook"], true), 7),
        ("entities.xlsx", with_sheet(entity), 7),
        ("outside.xlsx", with_sheet(outside), 7),
        ("checksum.xlsx", flipped, 7),
        ("size.xlsx", longer, 7),
        ("cut.xlsx", good[..good.len() / 2].to_vec(), 7),
        ("reference.xlsx", with_sheet(broken), 7),
        (
            "strings.xlsx",
            with(vec![("xl/sharedStrings.xml".into(), strings.into())]),
            7,
        ),
        ("far.xlsx", with_sheet(far), 3),
        (
            "unclosed.xlsx",
            with_sheet(sheet().replace("</sheetData>", "")),
            7,
        ),
        ("nothing.xlsx", pack(&[]), 7),
        (
            "other.xlsx",
            pack(&[("readme.txt".into(), b"hi".to_vec())]),
            7,
        ),
        (
            "head.xls",
            [
                &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..],
                &[0xFF; 600][..],
            ]
            .concat(),
            7,
        ),
        ("repeat.ods", ods("1048576", "16384"), 7),
        (
            "noise.csv",
            (0..4000_u32)
                .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
                .collect(),
            3,
        ),
        (
            "quote.csv",
            [
                b"Ng\xc3\xa0y nh\xe1\xba\xadn;Lo\xe1\xba\xa1i;N\xe1\xbb\x99i dung\n1/2/2019;KN;\""
                    .to_vec(),
                vec![b'x'; 6 << 20],
            ]
            .concat(),
            7,
        ),
        (
            "wide.csv",
            [
                b"received_on,type,subject".to_vec(),
                vec![b','; 3000],
                b"\n".to_vec(),
            ]
            .concat(),
            7,
        ),
        ("deep.json", "[".repeat(200_000).into_bytes(), 7),
        (
            "number.json",
            b"[{\"received_on\": \"2019-03-04\", \"type\": \"KN\", \"subject\": \"a\", \"signers\": 1e999999}]".to_vec(),
            7,
        ),
        (
            "keys.json",
            format!("[{{{}}}]", (0..100_000).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(",")).into_bytes(),
            7,
        ),
        ("nul.csv", vec![0; 5 << 20], 7),
        (
            "cut-letter.csv",
            [
                "Ngày nhận;Loại;Nội dung\n04/03/2019;KN;Đường".as_bytes(),
                b"\xff\n",
            ]
            .concat(),
            3,
        ),
        (
            "half.json",
            b"[{\"received_on\": \"2019-03-04\"".to_vec(),
            7,
        ),
    ]
}

/// One packed piece that three thousand members name as theirs: 60 GB of it.
fn overlapping() -> Vec<u8> {
    let mut file = with(vec![("k/k.bin".into(), vec![0; 20 << 20])]);
    let end = file.windows(4).rposition(|w| w == b"PK\x05\x06").unwrap();
    let last = file.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    let first = file.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let entry = file[last..end].to_vec();
    let tail = file.split_off(end);
    for n in 0..3000 {
        let mut own = entry.clone();
        own[46..53].copy_from_slice(format!("k/{n:04}b").as_bytes());
        file.extend_from_slice(&own);
    }
    let size = u32::try_from(file.len() - first).unwrap();
    let at = file.len();
    file.extend_from_slice(&tail);
    let members = u16::from_le_bytes([tail[10], tail[11]]) + 3000;
    for place in [8, 10] {
        file[at + place..at + place + 2].copy_from_slice(&members.to_le_bytes());
    }
    file[at + 12..at + 16].copy_from_slice(&size.to_le_bytes());
    file
}

/// A file in the wrapping of an .xls, with streams of these names; their sectors may follow each other in a circle.
fn wrapped(streams: &[&str], circle: bool) -> Vec<u8> {
    let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    file.extend([0; 16]);
    for n in [0x3E_u16, 3, 0xFFFE, 9, 6] {
        file.extend(n.to_le_bytes());
    }
    file.extend([0; 6]);
    for n in [0_u32, 1, 1, 0, 0, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0, 0] {
        file.extend(n.to_le_bytes());
    }
    file.resize(512, 0xFF);
    let sectors: [u32; 4] = if circle {
        [0xFFFF_FFFD, 1, 3, 2]
    } else {
        [0xFFFF_FFFD, 0xFFFF_FFFE, 3, 0xFFFF_FFFE]
    };
    for sector in sectors {
        file.extend(sector.to_le_bytes());
    }
    file.resize(1024, 0xFF);
    for (at, name) in [&"Root Entry"].into_iter().chain(streams).enumerate() {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u16::try_from(entry.len() + 2).unwrap();
        entry.resize(64, 0);
        entry.extend(length.to_le_bytes());
        entry.extend(if at == 0 { [5, 1] } else { [2, 1] });
        let next = if at > 0 && at < streams.len() {
            u32::try_from(at + 1).unwrap()
        } else {
            u32::MAX
        };
        for n in [u32::MAX, next, if at == 0 { 1 } else { u32::MAX }] {
            entry.extend(n.to_le_bytes());
        }
        entry.extend([0; 36]);
        entry.extend((if at == 0 { 0xFFFF_FFFE } else { 2_u32 }).to_le_bytes());
        entry.extend((if at == 0 { 0 } else { 1024_u64 }).to_le_bytes());
        file.extend(entry);
    }
    file.resize(2560, 0);
    file
}

/// An OpenDocument sheet whose one row says it stands there many times.
fn ods(rows: &str, columns: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"T\"><table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"{columns}\"><text:p>Ngày nhận</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    );
    pack(&[
        (
            "mimetype".into(),
            b"application/vnd.oasis.opendocument.spreadsheet".to_vec(),
        ),
        ("content.xml".into(), content.into_bytes()),
        (
            "META-INF/manifest.xml".into(),
            b"<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>".to_vec(),
        ),
    ])
}

#[test]
fn hostile_files_are_refused_and_harm_nothing() {
    let w = World::new();
    let before = std::fs::read(w.db()).unwrap();
    for (name, bytes, code) in corpus() {
        let came = import(&w, "petition", name, &bytes, &["--dry-run"]);
        assert_eq!(came.code, code, "{name}: {came:?}");
        assert!(
            code == 0 || !came.err.trim().is_empty() || came.json()["error"].as_u64() > Some(0),
            "{name}: {came:?}"
        );
        if name == "password.xlsx" {
            assert!(came.err.contains("có mật khẩu"), "{came:?}");
        }
        println!(
            "{name}: {} {}",
            came.code,
            came.err.lines().next().unwrap_or_default()
        );
    }
    assert_eq!(std::fs::read(w.db()).unwrap(), before);
    let left: Vec<_> = std::fs::read_dir(w.path("state/danvan"))
        .map(|d| {
            d.map(|e| e.unwrap().file_name())
                .filter(|n| n.to_string_lossy().starts_with('.'))
                .collect()
        })
        .unwrap_or_default();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_pipe_or_a_device_is_no_file() {
    let w = World::new();
    assert_eq!(w.run(&["import", "petition", "/dev/zero"]).code, 4);
}

#[test]
fn the_reader_of_spreadsheets_writes_nothing_and_ends_with_its_caller() {
    let w = World::new();
    let came = w.run(&["read-spreadsheet"]);
    assert!(came.code == 0 && came.out.starts_with('X'), "{came:?}");
}
