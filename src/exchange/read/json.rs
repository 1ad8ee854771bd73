//! A JSON array of objects, one element after the other.
use super::error::{Error, Result};
use super::text::{Coded, Decoding, reading};
use super::{Counting, Rows, limits, part};
use crate::domain::link;
use crate::domain::sheet::{Cell, Placed, Row};
use serde_json::Value as Json;
use std::fs::File;
use std::io::{BufReader, Read};

/// The elements of the outermost array; one object alone counts as an array of it.
struct Elements {
    from: Decoding<Counting<BufReader<File>>>,
    buf: Vec<u8>,
    at: usize,
    got: usize,
    /// Inside the array, or none begun yet.
    inside: Option<bool>,
    /// The array stands in an object, as `danvan export` writes it.
    envelope: bool,
}

/// How a file begins that this program has exported.
const ENVELOPE: &[u8] = br#"{"records":["#;

fn no_json() -> Error {
    Error::bad(
        "Tệp không phải mảng JSON các bản ghi [{…}, …].",
        "The file is no JSON array of records [{…}, …].",
    )
}

impl Elements {
    fn open(file: File, coded: &Coded) -> Result<Self> {
        Ok(Self {
            from: reading(file, coded)?,
            buf: vec![0; 1 << 16],
            at: 0,
            got: 0,
            inside: None,
            envelope: false,
        })
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        if self.at >= self.got {
            self.got = self
                .from
                .read(&mut self.buf)
                .map_err(|e| Error::broken(&e))?;
            self.at = 0;
        }
        Ok(if self.got == 0 {
            None
        } else {
            self.buf.get(self.at).copied()
        })
    }

    fn skip_blanks(&mut self) -> Result<Option<u8>> {
        while let Some(b) = self.peek()? {
            if !b.is_ascii_whitespace() {
                return Ok(Some(b));
            }
            self.at += 1;
        }
        Ok(None)
    }

    /// Past the beginning of a file that this program has exported: its records stand inside an object, and what
    /// comes after them says where they are from.
    fn skip_envelope(&mut self) -> bool {
        let ahead = self.buf.get(self.at..self.got).unwrap_or_default();
        self.envelope = ahead.starts_with(ENVELOPE);
        if self.envelope {
            self.at += ENVELOPE.len();
            self.inside = Some(true);
        }
        self.envelope
    }

    /// The bytes of the next element.
    fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let first = self.skip_blanks()?;
        match (self.inside, first) {
            (None, Some(b'[')) => {
                self.at += 1;
                self.inside = Some(true);
                if self.skip_blanks()? == Some(b']') {
                    self.inside = Some(false);
                    return Ok(None);
                }
            }
            (None, Some(b'{')) if self.skip_envelope() => {
                if self.skip_blanks()? == Some(b']') {
                    return Ok(None);
                }
            }
            (None, Some(b'{')) => self.inside = Some(false),
            (None, _) => return Err(no_json()),
            (Some(true), Some(b',')) => {
                self.at += 1;
                self.skip_blanks()?;
            }
            (Some(true), Some(b']')) if self.envelope => return Ok(None),
            (Some(true), Some(b']')) => {
                self.at += 1;
                self.inside = Some(false);
                return Ok(None);
            }
            (Some(false), None) => return Ok(None),
            _ => return Err(no_json()),
        }
        self.element().map(Some)
    }

    fn element(&mut self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        while let Some(b) = self.peek()? {
            let ends = depth == 0 && !quoted && matches!(b, b',' | b']');
            if ends {
                break;
            }
            self.at += 1;
            out.push(b);
            match b {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
            if out.len() > limits::ROW {
                return Err(Error::bad(
                    "Một bản ghi JSON dài quá mức.",
                    "A JSON record is longer than any record.",
                ));
            }
        }
        Ok(out)
    }
}

/// The keys of a file's records, in the order they are met: its headings.
pub(super) fn keys(file: File, coded: &Coded) -> Result<Vec<String>> {
    let mut elements = Elements::open(file, coded)?;
    let mut keys: Vec<String> = Vec::new();
    let mut row = 0;
    while let Some(bytes) = elements.next()? {
        row += 1;
        let map = object(&bytes, row)?;
        for key in map.keys() {
            if !keys.contains(key) && told_of(key, &map).is_none() {
                keys.push(key.clone());
            }
            if keys.len() > limits::COLUMNS {
                return Err(Error::bad(
                    "Các bản ghi JSON có nhiều trường hơn bất cứ sổ nào.",
                    "The JSON records have more keys than any register.",
                ));
            }
        }
    }
    Ok(keys)
}

fn object(bytes: &[u8], row: usize) -> Result<serde_json::Map<String, Json>> {
    match serde_json::from_slice(bytes) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(no_json()),
        Err(e) => Err(Error::bad(
            format!("Bản ghi JSON thứ {row} không đọc được: {e}"),
            format!("JSON record {row} cannot be read: {e}"),
        )),
    }
}

/// The rows of a file: row 0 holds the keys.
pub(super) struct JsonRows<'a> {
    elements: Elements,
    keys: &'a [String],
    row: Option<usize>,
    size: u64,
}

impl<'a> JsonRows<'a> {
    pub(super) fn open(file: File, coded: &Coded, keys: &'a [String]) -> Result<Self> {
        Ok(Self {
            elements: Elements::open(file, coded)?,
            keys,
            row: None,
            size: coded.size,
        })
    }
}

/// Ends the key beside a reference that tells what it points to.
const IS: &str = "_is";

/// The key that another one tells more of: `previous` for `previous_is`.
fn told_of<'k>(key: &'k str, map: &serde_json::Map<String, Json>) -> Option<&'k str> {
    key.strip_suffix(IS).filter(|of| map.contains_key(*of))
}

/// A value with what the key beside it tells of it: one cell, as in a table.
fn told_cell(key: &str, map: &serde_json::Map<String, Json>) -> Option<Cell> {
    let own = cell(map.get(key)?);
    let told = map.get(&format!("{key}{IS}")).and_then(Json::as_str);
    Some(match told {
        Some(told) if !own.is_empty() => Cell::Text(link::write(&own.shown(), told)),
        _ => own,
    })
}

fn cell(value: &Json) -> Cell {
    match value {
        // Records inside a record stay as they are written.
        Json::Array(items) if items.iter().any(Json::is_object) => Cell::Text(value.to_string()),
        Json::Null => Cell::Empty,
        Json::Bool(b) => Cell::Bool(*b),
        Json::String(text) => Cell::Text(text.clone()),
        // As it is written: a large whole number loses no digit.
        Json::Number(n) if n.is_i64() || n.is_u64() => Cell::Text(n.to_string()),
        Json::Number(n) => n.as_f64().map_or(Cell::Empty, Cell::Number),
        Json::Array(items) => {
            let texts: Vec<String> = items
                .iter()
                .map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect();
            Cell::Text(texts.join(", "))
        }
        Json::Object(_) => Cell::Text(value.to_string()),
    }
}

impl Rows for JsonRows<'_> {
    fn next_row(&mut self) -> Result<Option<Row>> {
        let placed = |(column, cell): (usize, Cell)| Placed {
            column,
            cell,
            ..Placed::default()
        };
        let Some(last) = self.row else {
            self.row = Some(0);
            let cells = self.keys.iter().map(|key| Cell::Text(key.clone()));
            return Ok(Some(Row {
                row: 0,
                cells: cells.enumerate().map(placed).collect(),
            }));
        };
        let Some(bytes) = self.elements.next()? else {
            return Ok(None);
        };
        let row = last + 1;
        self.row = Some(row);
        let map = object(&bytes, row)?;
        let cells = self.keys.iter().enumerate();
        Ok(Some(Row {
            row,
            cells: cells
                .filter_map(|(at, key)| Some((at, told_cell(key, &map)?)))
                .filter(|(_, cell)| *cell != Cell::Empty)
                .map(placed)
                .collect(),
        }))
    }

    fn done(&self) -> u32 {
        part(self.elements.from.bytes_read(), self.size)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::text::{Encoding, sniff};
    use super::*;
    use std::io::{Seek, Write};

    fn rows(text: &str) -> Result<Vec<Vec<String>>> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.rewind().unwrap();
        let coded = sniff(&mut file, Encoding::Auto)?;
        file.rewind().unwrap();
        let keys = keys(file.try_clone().unwrap(), &coded)?;
        file.rewind().unwrap();
        let mut rows = JsonRows::open(file, &coded, &keys)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next_row()? {
            out.push(row.cells.iter().map(|c| c.cell.shown()).collect());
        }
        Ok(out)
    }

    #[test]
    fn records_come_one_by_one_under_all_their_keys() {
        let text = "\u{feff} [ {\"a\": \"x,]}\\\"\", \"b\": 12345678901234567}, {\"c\": [\"m\", \"n\"], \"a\": null} ] ";
        let want = [
            vec!["a", "b", "c"],
            vec!["x,]}\"", "12345678901234567"],
            vec!["m, n"],
        ];
        assert_eq!(rows(text).unwrap(), want);
        assert_eq!(rows("{\"a\": true}").unwrap(), [vec!["a"], vec!["x"]]);
        assert_eq!(rows("[]").unwrap(), [Vec::<String>::new()]);
    }

    #[test]
    fn what_is_no_array_of_records_is_refused() {
        for text in [
            "",
            "1",
            "[1]",
            "[{\"a\":1}",
            "[{\"a\":1} x",
            "[{a:1}]",
            "{\"a\":1}{}",
        ] {
            assert!(matches!(rows(text), Err(Error::Bad(_))), "{text}");
        }
    }
}
