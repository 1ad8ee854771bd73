//! How rows travel from the child process: plain bytes, every length checked on both sides.
use super::error::{Error, Result};
use super::limits;
use crate::domain::encoding::Legacy;
use crate::domain::sheet::{Cell, Placed, Row};
use chrono::{Datelike, NaiveDate};
use std::io::{Read, Write};

/// What comes over the line.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// A sheet begins.
    Sheet(String),
    /// A row of it.
    Row(Row),
    /// The file is refused: Vietnamese, English.
    Refused(String, String),
    /// All was sent.
    End,
}

const FORMULA: u8 = 0x80;

fn font_code(font: Option<(Legacy, bool)>) -> u8 {
    match font {
        None => 0,
        Some((Legacy::Tcvn3, false)) => 1,
        Some((Legacy::Tcvn3, true)) => 2,
        Some((Legacy::Vni, _)) => 3,
        Some(_) => 4,
    }
}

fn font_of(code: u8) -> Option<(Legacy, bool)> {
    Some(match code {
        1 => (Legacy::Tcvn3, false),
        2 => (Legacy::Tcvn3, true),
        3 => (Legacy::Vni, false),
        4 => (Legacy::Viscii, false),
        _ => return None,
    })
}

fn number(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

fn put_text(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    // What is longer than a cell can be is cut at a letter.
    let mut end = text.len().min(limits::CELL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    out.write_all(&number(text.len()))?;
    out.write_all(text.as_bytes())
}

/// Sends one item.
pub(super) fn put(out: &mut impl Write, item: &Item) -> std::io::Result<()> {
    match item {
        Item::Sheet(name) => {
            out.write_all(b"S")?;
            put_text(out, name)
        }
        Item::Refused(vi, en) => {
            out.write_all(b"X")?;
            put_text(out, vi)?;
            put_text(out, en)
        }
        Item::End => out.write_all(b"E"),
        Item::Row(row) => {
            out.write_all(b"R")?;
            out.write_all(&number(row.row))?;
            out.write_all(&number(row.cells.len()))?;
            row.cells.iter().try_for_each(|cell| put_cell(out, cell))
        }
    }
}

fn put_cell(out: &mut impl Write, cell: &Placed) -> std::io::Result<()> {
    let tag = match cell.cell {
        Cell::Empty => 0,
        Cell::Text(_) => 1,
        Cell::Number(_) => 2,
        Cell::Day(_) => 3,
        Cell::Bool(_) => 4,
        Cell::Bad(_) => 5,
    };
    let tag = if cell.formula { tag | FORMULA } else { tag };
    out.write_all(&number(cell.column))?;
    out.write_all(&[tag, font_code(cell.font)])?;
    match &cell.cell {
        Cell::Empty => Ok(()),
        Cell::Text(text) | Cell::Bad(text) => put_text(out, text),
        Cell::Number(n) => out.write_all(&n.to_le_bytes()),
        Cell::Day(day) => out.write_all(&day.num_days_from_ce().to_le_bytes()),
        Cell::Bool(b) => out.write_all(&[u8::from(*b)]),
    }
}

fn spoilt() -> Error {
    Error::bad(
        "Tệp hỏng hoặc được làm để gây hại: đọc dở thì dừng.",
        "The file is damaged or made to harm: reading it broke off.",
    )
}

fn bytes<const N: usize>(from: &mut impl Read) -> Result<[u8; N]> {
    let mut buf = [0; N];
    from.read_exact(&mut buf).map_err(|_| spoilt())?;
    Ok(buf)
}

fn length(from: &mut impl Read, most: usize) -> Result<usize> {
    let n = usize::try_from(u32::from_le_bytes(bytes(from)?)).unwrap_or(usize::MAX);
    if n > most { Err(spoilt()) } else { Ok(n) }
}

fn text(from: &mut impl Read) -> Result<String> {
    let mut buf = vec![0; length(from, limits::CELL)?];
    from.read_exact(&mut buf).map_err(|_| spoilt())?;
    String::from_utf8(buf).map_err(|_| spoilt())
}

/// Receives one item.
///
/// # Errors
/// When the line breaks off or carries nonsense.
pub(super) fn get(from: &mut impl Read) -> Result<Item> {
    let [tag] = bytes(from)?;
    match tag {
        b'S' => Ok(Item::Sheet(text(from)?)),
        b'X' => Ok(Item::Refused(text(from)?, text(from)?)),
        b'E' => Ok(Item::End),
        b'R' => {
            let row = length(from, 1 << 24)?;
            let count = length(from, limits::COLUMNS)?;
            let cells = (0..count).map(|_| get_cell(from)).collect::<Result<_>>()?;
            Ok(Item::Row(Row { row, cells }))
        }
        _ => Err(spoilt()),
    }
}

fn get_cell(from: &mut impl Read) -> Result<Placed> {
    let column = length(from, limits::COLUMNS)?;
    let [tag, font] = bytes(from)?;
    let cell = match tag & !FORMULA {
        0 => Cell::Empty,
        1 => Cell::Text(text(from)?),
        2 => Cell::Number(f64::from_le_bytes(bytes(from)?)),
        3 => {
            let day = i32::from_le_bytes(bytes(from)?);
            NaiveDate::from_num_days_from_ce_opt(day).map_or(Cell::Empty, Cell::Day)
        }
        4 => Cell::Bool(bytes(from)? == [1]),
        5 => Cell::Bad(text(from)?),
        _ => return Err(spoilt()),
    };
    Ok(Placed {
        column,
        cell,
        formula: tag & FORMULA != 0,
        font: font_of(font),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_is_sent_is_received() {
        let cell = |column, cell| Placed {
            column,
            cell,
            formula: column == 2,
            font: (column == 1).then_some((Legacy::Tcvn3, true)),
        };
        let row = Row {
            row: 7,
            cells: vec![
                cell(0, Cell::Text("Đơn".into())),
                cell(1, Cell::Number(1.5)),
                cell(2, Cell::Day(NaiveDate::from_ymd_opt(2020, 2, 29).unwrap())),
                cell(3, Cell::Bool(true)),
                cell(4, Cell::Bad("#REF!".into())),
            ],
        };
        let items = [
            Item::Sheet("Trang 1".into()),
            Item::Row(row),
            Item::Refused("a".into(), "b".into()),
            Item::End,
        ];
        let mut line = Vec::new();
        items.iter().for_each(|item| put(&mut line, item).unwrap());
        let mut from = line.as_slice();
        for item in &items {
            assert_eq!(get(&mut from).unwrap(), *item);
        }
        assert!(get(&mut from).is_err());
        assert!(get(&mut [b'R', 0, 0, 0, 1, 255, 255, 255, 255].as_slice()).is_err());
    }
}
