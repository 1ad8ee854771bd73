//! Finds the rows of headings: under a title, one to three of them, the upper ones spanning several columns.
use super::heading::{Found, Headings, Target, plain};
use super::{Column, HEAD_ROWS, Layout, Order, SAMPLE_ROWS, Wishes};
use crate::catalog::carried;
use crate::domain::encoding::{Legacy, Tally, Verdict, decode};
use crate::domain::petition::PetitionType;
use crate::domain::record::Kind;
use crate::domain::sheet::{Cell, Row, year_in};
use crate::domain::text::clean;
use crate::domain::value::Code;
use crate::domain::words::Msg;
use crate::exchange::read::{Error, Result, Source};
use std::collections::{BTreeMap, HashSet};

/// Most rows of headings.
const TALLEST: usize = 3;

/// Looks at the beginning of one sheet: how good its headings are, and the table they make.
pub(super) fn look(
    source: &Source,
    sheet: usize,
    kind: Kind,
    headings: &Headings,
    wishes: &Wishes,
) -> Result<Option<(usize, Layout)>> {
    let (head, seen) = beginning(source, sheet)?;
    let said = wishes
        .encoding
        .and_then(crate::exchange::read::Encoding::legacy);
    let forced = wishes
        .encoding
        .is_some_and(|e| e != crate::exchange::read::Encoding::Auto);
    let encoding = match said {
        Some(legacy) => Verdict::Sure(legacy),
        None if forced => Verdict::Unicode,
        None => seen,
    };
    if source.is_latin() && !forced && !matches!(encoding, Verdict::Sure(_)) {
        return Err(unknown_bytes(encoding));
    }
    let Some((score, first, height, found)) = best(&head, headings, encoding, wishes) else {
        return Ok(None);
    };
    let number = |at: usize| head.get(at).map_or(0, |r| r.row);
    let mut columns = columns_of(found, encoding);
    settle_addressee(&mut columns);
    let above = head.get(..first).unwrap_or_default();
    let titles = titles(above, encoding);
    let fixed = said_above(kind, &columns, &titles);
    let named = source.sheets().get(sheet).map(|s| s.name.as_str());
    let year = year_of(&titles, named.unwrap_or_default());
    let mut layout = Layout {
        kind,
        sheet,
        head: (number(first), number(first + height - 1)),
        columns,
        recalled: false,
        encoding,
        rows: 0,
        forced,
        pointed: HashSet::new(),
        bare: false,
        lacking: None,
        words: BTreeMap::new(),
        titled: fixed.first().map(|(key, _)| *key),
        year,
        fixed,
    };
    layout.take_samples(head.get(first + height..).unwrap_or_default());
    Ok(Some((score, layout)))
}

/// The columns under headings, each field filled once.
fn columns_of(found: Vec<Named>, encoding: Verdict) -> Vec<Column> {
    let mut taken: Vec<&str> = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    for (at, heading, target) in found {
        let free = target.as_ref().filter(|(target, _)| match target {
            Target::Choice(..) => true,
            // What an old book says of the course of a matter beside its end stands in the note, each under its heading.
            Target::Field("note") => true,
            Target::Field(key) if carried::repeats(key) => true,
            target => !taken.contains(&target.key()),
        });
        if let Some((target, _)) = free {
            taken.push(target.key());
        }
        columns.push(Column {
            at,
            heading,
            target: free.map(|(target, _)| target.clone()),
            writer: target
                .as_ref()
                .map(|(target, _)| target)
                .filter(|t| t.is_person())
                .cloned(),
            found: free.map(|(_, how)| *how),
            encoding,
            order: Order::DayFirst,
            order_said: false,
            order_settled: None,
            kept_out: None,
            samples: Vec::new(),
        });
    }
    columns
}

/// «Nơi chuyển đến» is where a paper went in one book and where it came from in another: beside a day of forwarding, or
/// results and nothing of where papers come from, it went there. It stays a guess.
fn settle_addressee(columns: &mut [Column]) {
    let fills = |columns: &[Column], keys: &[&str]| {
        let key = |c: &Column| c.target.as_ref().map_or("", Target::key);
        columns.iter().any(|c| keys.contains(&key(c)))
    };
    let came = fills(columns, &["source", "forward_document"]);
    let went = fills(columns, &["forwarded_on"])
        || !came && fills(columns, &["result", "finished", "ended_on"]);
    let went = went && !fills(columns, &["forwarded_to"]);
    let unclear = |c: &&mut Column| {
        let leaf = c.heading.rsplit(" / ").next().map(plain);
        let own = c.target == Some(Target::Field("forwarded_by"));
        own && leaf.as_deref() == Some("noi chuyen den")
    };
    for column in columns.iter_mut().filter(unclear) {
        column.found = Some(Found::Like);
        if went {
            column.target = Some(Target::Field("forwarded_to"));
        }
    }
}

/// What the title says of every row, where no column does.
fn said_above(kind: Kind, columns: &[Column], titles: &[String]) -> Vec<(&'static str, String)> {
    let typed = |c: &Column| c.target.as_ref().is_some_and(|t| t.key() == "type");
    if kind != Kind::Petition || columns.iter().any(typed) {
        return Vec::new();
    }
    let code = type_in_title(titles);
    code.map(|code| ("type", code.to_owned()))
        .into_iter()
        .collect()
}

/// The titles above a table, in plain words. Other lines there, as one that names a law, say nothing about its rows.
fn titles(above: &[Row], encoding: Verdict) -> Vec<String> {
    const TITLES: [&str; 7] = [
        "so ",
        "danh sach",
        "bang ",
        "thong ke",
        "tong hop",
        "ket qua",
        "bao cao",
    ];
    let cells = above.iter().flat_map(|row| &row.cells);
    cells
        .map(|c| {
            let text = c.cell.shown();
            let read = legacy_of(encoding).map(|legacy| decode(legacy, &text).text);
            plain(&read.unwrap_or(text))
        })
        .filter(|text| TITLES.iter().any(|title| text.starts_with(title)))
        .collect()
}

/// The year that the titles of a table name, or the name of its sheet.
fn year_of(titles: &[String], sheet: &str) -> Option<i32> {
    let alone = sheet.trim().parse().ok();
    let alone = alone.filter(|year: &i32| (1900..2200).contains(year));
    let named = titles.iter().find_map(|title| year_in(title));
    named.or_else(|| year_in(sheet)).or(alone)
}

/// The type of every petition of a book whose title names one alone: «DANH SÁCH ĐƠN THƯ TỐ CÁO».
fn type_in_title(said: &[String]) -> Option<&'static str> {
    const WORDS: [(&str, PetitionType); 5] = [
        ("khieu nai", PetitionType::Complaint),
        ("khieu kien", PetitionType::Complaint),
        ("to cao", PetitionType::Denunciation),
        ("kien nghi", PetitionType::Recommendation),
        ("phan anh", PetitionType::Feedback),
    ];
    let named = WORDS
        .iter()
        .filter(|(word, _)| said.iter().any(|text| text.contains(word)));
    let mut types: Vec<PetitionType> = named.map(|(_, kind)| *kind).collect();
    types.dedup();
    match types.as_slice() {
        [one] => Some(one.code()),
        _ => None,
    }
}

/// The first rows of a sheet, and what its texts are in.
fn beginning(source: &Source, sheet: usize) -> Result<(Vec<Row>, Verdict)> {
    let mut rows = source.rows(sheet)?;
    let mut head: Vec<Row> = Vec::new();
    let mut tally = Tally::default();
    let mut font = None;
    for n in 0..SAMPLE_ROWS {
        let Some(row) = rows.next_row()? else { break };
        for cell in &row.cells {
            if let Cell::Text(text) = &cell.cell {
                tally.add(text);
            }
            font = font.or(cell.font.map(|(legacy, _)| legacy));
        }
        if n < HEAD_ROWS {
            head.push(row);
        }
    }
    Ok((head, tally.verdict(font)))
}

fn unknown_bytes(encoding: Verdict) -> Error {
    let perhaps = |word: &str| match encoding {
        Verdict::Unsure(legacy) => format!(" ({word} {})", legacy.name()),
        _ => String::new(),
    };
    let (vi, en) = (perhaps("có lẽ"), perhaps("perhaps"));
    Error::Ask(Msg::new(
        format!(
            "Tệp không phải Unicode và chưa rõ bảng mã{vi}; thêm --encoding tcvn3, vni, viscii hoặc windows-1258."
        ),
        format!(
            "The file is not Unicode and its encoding is unclear{en}; add --encoding tcvn3, vni, viscii or windows-1258."
        ),
    ))
}

/// A column's heading and what it names.
type Named = (usize, String, Option<(Target, Found)>);

/// The best rows of headings: score, first row, how many, and the columns.
fn best(
    head: &[Row],
    headings: &Headings,
    encoding: Verdict,
    wishes: &Wishes,
) -> Option<(usize, usize, usize, Vec<Named>)> {
    let mut best: Option<(usize, usize, usize, Vec<Named>)> = None;
    for first in 0..head.len() {
        for height in 1..=TALLEST {
            let Some(band) = head.get(first..first + height) else {
                break;
            };
            // Headings are words, and their rows follow each other.
            let words = |r: &Row| r.cells.iter().all(|c| matches!(c.cell, Cell::Text(_)));
            if !band.iter().all(words) {
                break;
            }
            if band
                .windows(2)
                .any(|w| matches!(w, [a, b] if b.row > a.row + 1))
            {
                break;
            }
            let named = name(band, headings, encoding);
            let mut keys: Vec<String> = Vec::new();
            let mut score = 0;
            for (_, heading, target) in &named {
                let said = wishes.map.is_some_and(|m| m.columns.contains_key(heading));
                if said {
                    score += 2;
                }
                if let Some((target, how)) = target
                    && !keys.contains(&target.text())
                {
                    keys.push(target.text());
                    score += if *how == Found::Like { 1 } else { 2 };
                }
            }
            let enough = score >= if named.len() >= 3 { 3 } else { 2 };
            // Of equal ones the lowest rows, of those the fewest: a title above is no heading.
            let better = |(most, at, tall, _): &(usize, usize, usize, Vec<Named>)| {
                (score, first + height, TALLEST - height) > (*most, at + tall, TALLEST - tall)
            };
            if enough && best.as_ref().is_none_or(better) {
                best = Some((score, first, height, named));
            }
        }
    }
    best
}

fn legacy_of(encoding: Verdict) -> Option<Legacy> {
    match encoding {
        Verdict::Sure(legacy) | Verdict::Unsure(legacy) => Some(legacy),
        Verdict::Unicode => None,
    }
}

/// The headings of each column under a band of rows, from the uppermost down.
fn name(band: &[Row], headings: &Headings, encoding: Verdict) -> Vec<Named> {
    let text = |row: &Row, at: usize| match row.cell(at).map(|c| &c.cell) {
        Some(Cell::Text(text)) => clean_heading(text),
        _ => String::new(),
    };
    let width = band
        .iter()
        .flat_map(|r| r.cells.last())
        .map(|c| c.column + 1)
        .max()
        .unwrap_or(0);
    let paths: Vec<Vec<String>> = (0..width).map(|at| path(band, at, &text)).collect();
    let upper = |path: &[String]| path.split_last().map(|(_, upper)| upper.to_vec());
    let mut out = Vec::new();
    for (at, path) in paths
        .iter()
        .enumerate()
        .filter(|(_, path)| !path.is_empty())
    {
        let grouped = paths
            .iter()
            .filter(|other| upper(other) == upper(path))
            .count()
            > 1;
        let read: Option<Vec<String>> =
            legacy_of(encoding).map(|legacy| path.iter().map(|p| decode(legacy, p).text).collect());
        let found = headings.find(path, grouped);
        match (found, read) {
            (None, Some(read)) => {
                let found = headings.find(&read, grouped);
                out.push((at, read.join(" / "), found));
            }
            (found, _) => out.push((at, path.join(" / "), found)),
        }
    }
    out
}

/// The headings over one column, from the uppermost down.
fn path(band: &[Row], at: usize, text: &dyn Fn(&Row, usize) -> String) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for (n, row) in band.iter().enumerate() {
        let mut own = text(row, at);
        let below = band.iter().skip(n + 1).any(|r| !text(r, at).is_empty());
        if own.is_empty() && below {
            // A heading over several columns stands in the first of them.
            let left = (0..at).rev().map(|left| text(row, left));
            own = left.into_iter().find(|t| !t.is_empty()).unwrap_or_default();
        }
        // A file of this program writes the path of a heading in one cell.
        for part in own.split(" / ").filter(|part| !part.is_empty()) {
            if path.last().map(String::as_str) != Some(part) {
                path.push(part.to_owned());
            }
        }
    }
    path
}

fn clean_heading(text: &str) -> String {
    // A soft hyphen is a letter of an old encoding: it stays until that is known.
    let kept: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if kept.contains('\u{ad}') {
        kept
    } else {
        clean(&kept)
    }
}
