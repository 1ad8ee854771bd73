//! What a plan decided, kept in a file without a name until it is carried out: memory stays flat however long the file.
use super::inside::Inside;
use super::ready::Ready;
use super::value::Fields;
use crate::app::own_file::nameless;
use crate::app::{Error, Result};
use crate::catalog;
use crate::domain::number::Dec;
use crate::domain::record::Kind;
use crate::domain::value::{UnitRef, Value};
use crate::domain::words::Msg;
use chrono::{Datelike, NaiveDate};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::mpsc::sync_channel;

/// Decided rows, in order.
#[derive(Debug)]
pub(super) struct Stage {
    out: BufWriter<File>,
    rows: usize,
}

/// One decided row: its number, the record that it changes, its fields, what comes inside it.
pub(super) type Decided = (usize, Option<i64>, Fields, Inside);

/// A row that makes a record, and that record where it is nothing but its fields.
pub(super) type New = (Decided, Option<Ready>);

fn failed(e: &std::io::Error) -> Error {
    Error::Write(Msg::new(
        format!("Không giữ tạm được kế hoạch nhập: {e}"),
        format!("The plan could not be kept: {e}"),
    ))
}

impl Stage {
    /// An empty stage in a folder that only this user may see.
    pub(super) fn new(folder: &Path) -> Result<Self> {
        let file = nameless(folder).map_err(|e| failed(&e))?;
        Ok(Self {
            out: BufWriter::with_capacity(1 << 16, file),
            rows: 0,
        })
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn put(
        &mut self,
        row: usize,
        id: Option<i64>,
        fields: &Fields,
        inside: &Inside,
    ) -> Result<()> {
        self.rows += 1;
        put_row(&mut self.out, row, id, fields)
            .and_then(|()| put_inside(&mut self.out, inside))
            .map_err(|e| failed(&e))
    }

    pub(super) fn finish(&mut self) -> Result<()> {
        self.out.flush().map_err(|e| failed(&e))
    }

    /// The decided rows from the first.
    pub(super) fn read(&mut self, kind: Kind) -> Result<Decisions<'_>> {
        let file = self.out.get_mut();
        file.seek(SeekFrom::Start(0)).map_err(|e| failed(&e))?;
        Ok(Decisions {
            from: BufReader::with_capacity(1 << 16, file),
            kind,
            left: self.rows,
        })
    }
}

/// One decided row as bytes.
///
/// # Errors
/// A text too long to be told.
pub(super) fn packed((row, id, fields, inside): &Decided) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    put_row(&mut out, *row, *id, fields)
        .and_then(|()| put_inside(&mut out, inside))
        .map_err(|e| failed(&e))?;
    Ok(out)
}

/// The decided row that [`packed`] made bytes of.
///
/// # Errors
/// Bytes that are no row of the register.
pub(super) fn unpacked(mut bytes: &[u8], kind: Kind) -> Result<Decided> {
    get_row(&mut bytes, kind).map_err(|e| failed(&e))
}

/// Reads what was decided.
pub(super) struct Decisions<'a> {
    from: BufReader<&'a mut File>,
    kind: Kind,
    left: usize,
}

impl Decisions<'_> {
    /// The next ones that make a record; none at the end.
    fn some_new(&mut self) -> Result<Vec<Decided>> {
        let mut piece = Vec::with_capacity(AHEAD);
        while piece.len() < AHEAD
            && let Some(decided) = self.next()?
        {
            // Changes come after what is new.
            if decided.1.is_none() {
                piece.push(decided);
            }
        }
        Ok(piece)
    }

    pub(super) fn next(&mut self) -> Result<Option<Decided>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        get_row(&mut self.from, self.kind)
            .map(Some)
            .map_err(|e| failed(&e))
    }
}

/// Rows that are read ahead at once, and how many times so many.
const AHEAD: usize = 256;
const WAITING: usize = 4;

/// Hands new records of a plan to `take`, one after the other; a thread of its own reads them meanwhile.
///
/// # Errors
/// A disk that fails, or what `take` returns.
pub(super) fn each_new(
    mut rows: Decisions,
    mut take: impl FnMut(Decided) -> Result<()>,
) -> Result<()> {
    let (to, from) = sync_channel::<Result<Vec<Decided>>>(WAITING);
    std::thread::scope(|scope| {
        let read = move || {
            let mut end = false;
            while !end {
                let piece = rows.some_new();
                end = piece.as_ref().map_or(true, Vec::is_empty);
                // Nobody takes them any more when the work was given up.
                if to.send(piece).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("plan".into())
            .spawn_scoped(scope, read)
            .map_err(|e| failed(&e))?;
        // Ended by the last piece, or with this closure: then nobody waits for the other.
        let from = from;
        for piece in from.iter() {
            piece?.into_iter().try_for_each(&mut take)?;
        }
        Ok(())
    })
}

/// Bytes of the longest key of a field.
const KEY: usize = 64;
/// Bytes of the longest text: more than a cell of any file may hold.
const LONGEST: u32 = 1 << 28;

fn put_text(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    let length = u32::try_from(text.len()).ok().filter(|n| *n <= LONGEST);
    let length = length.ok_or_else(|| std::io::Error::other("a text too long"))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(text.as_bytes())
}

fn put_row(
    out: &mut impl Write,
    row: usize,
    id: Option<i64>,
    fields: &Fields,
) -> std::io::Result<()> {
    let row = u64::try_from(row).unwrap_or(u64::MAX);
    out.write_all(&row.to_le_bytes())?;
    put_fields(out, id, fields)
}

fn put_inside(out: &mut impl Write, inside: &Inside) -> std::io::Result<()> {
    let count = u32::try_from(inside.len()).map_err(std::io::Error::other)?;
    out.write_all(&count.to_le_bytes())?;
    for (id, fields) in inside {
        put_fields(out, *id, fields)?;
    }
    Ok(())
}

fn put_fields(out: &mut impl Write, id: Option<i64>, fields: &Fields) -> std::io::Result<()> {
    out.write_all(&id.unwrap_or(0).to_le_bytes())?;
    out.write_all(&u16::try_from(fields.len()).unwrap_or(0).to_le_bytes())?;
    for (key, value) in fields {
        put_text(out, key)?;
        put_value(out, value)?;
    }
    Ok(())
}

fn put_value(out: &mut impl Write, value: &Value) -> std::io::Result<()> {
    match value {
        Value::Null => out.write_all(b"n"),
        Value::Text(text) => out.write_all(b"t").and_then(|()| put_text(out, text)),
        Value::Int(n) => out
            .write_all(b"i")
            .and_then(|()| out.write_all(&n.to_le_bytes())),
        Value::Ref(n) => out
            .write_all(b"r")
            .and_then(|()| out.write_all(&n.to_le_bytes())),
        Value::Bool(b) => out.write_all(&[b'b', u8::from(*b)]),
        Value::Date(day) => {
            out.write_all(b"d")?;
            out.write_all(&day.num_days_from_ce().to_le_bytes())
        }
        Value::Dec(n) => {
            out.write_all(b"c")?;
            out.write_all(&n.units().to_le_bytes())?;
            out.write_all(&[n.scale()])
        }
        Value::Unit(unit) => {
            out.write_all(b"u")?;
            out.write_all(&unit.id.to_le_bytes())?;
            put_text(out, &unit.code)
        }
        Value::List(items) => out
            .write_all(b"l")
            .and_then(|()| put_text(out, &items.join("\n"))),
    }
}

fn bytes<const N: usize>(from: &mut impl Read) -> std::io::Result<[u8; N]> {
    let mut buf = [0; N];
    from.read_exact(&mut buf)?;
    Ok(buf)
}

fn text(from: &mut impl Read) -> std::io::Result<String> {
    let length = u32::from_le_bytes(bytes(from)?);
    if length > LONGEST {
        return Err(std::io::Error::other("a text too long"));
    }
    let mut out = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
    from.read_exact(&mut out)?;
    String::from_utf8(out).map_err(std::io::Error::other)
}

fn get_row(from: &mut impl Read, kind: Kind) -> std::io::Result<Decided> {
    let row = usize::try_from(u64::from_le_bytes(bytes(from)?)).unwrap_or(usize::MAX);
    let (id, fields) = get_fields(from, kind)?;
    let mut inside = Inside::new();
    for _ in 0..u32::from_le_bytes(bytes(from)?) {
        inside.push(get_fields(from, Kind::Opinion)?);
    }
    Ok((row, id, fields, inside))
}

fn get_fields(from: &mut impl Read, kind: Kind) -> std::io::Result<(Option<i64>, Fields)> {
    let id = i64::from_le_bytes(bytes(from)?);
    let count = u16::from_le_bytes(bytes(from)?);
    let mut fields = Vec::with_capacity(usize::from(count));
    let mut name = [0; KEY];
    for _ in 0..count {
        let length = u32::from_le_bytes(bytes(from)?);
        let key = usize::try_from(length).ok().and_then(|n| name.get_mut(..n));
        let key = key.ok_or_else(|| std::io::Error::other("a key too long"))?;
        from.read_exact(key)?;
        let key = std::str::from_utf8(key).map_err(std::io::Error::other)?;
        let field = catalog::carried::in_file(kind, key);
        let value = get_value(from)?;
        if let Some(field) = field {
            fields.push((field.key, value));
        }
    }
    Ok(((id > 0).then_some(id), fields))
}

fn get_value(from: &mut impl Read) -> std::io::Result<Value> {
    let [tag] = bytes(from)?;
    Ok(match tag {
        b't' => Value::Text(text(from)?),
        b'i' => Value::Int(i64::from_le_bytes(bytes(from)?)),
        b'r' => Value::Ref(i64::from_le_bytes(bytes(from)?)),
        b'b' => Value::Bool(bytes(from)? == [1]),
        b'd' => NaiveDate::from_num_days_from_ce_opt(i32::from_le_bytes(bytes(from)?))
            .map_or(Value::Null, Value::Date),
        b'c' => {
            let units = i64::from_le_bytes(bytes(from)?);
            let [scale] = bytes(from)?;
            Dec::new(units, scale).map_or(Value::Null, Value::Dec)
        }
        b'u' => Value::Unit(UnitRef {
            id: i64::from_le_bytes(bytes(from)?),
            code: text(from)?,
        }),
        b'l' => Value::List(text(from)?.lines().map(str::to_owned).collect()),
        _ => Value::Null,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_was_decided_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let mut stage = Stage::new(dir.path()).unwrap();
        let fields: Fields = vec![
            ("subject", Value::Text("Đường hư".into())),
            ("signers", Value::Int(-3)),
            ("previous", Value::Ref(9)),
            ("complex", Value::Bool(true)),
            ("received_on", Value::Date("2020-02-29".parse().unwrap())),
            (
                "unit",
                Value::Unit(UnitRef {
                    id: 4,
                    code: "29602".into(),
                }),
            ),
        ];
        let more: Fields = vec![
            ("tags", Value::List(vec!["a".into(), "b".into()])),
            ("year", Value::Int(2020)),
        ];
        let inside: Inside = vec![(None, vec![("content", Value::Text("Đèn".into()))])];
        stage.put(7, Some(12), &fields, &inside).unwrap();
        stage.put(8, None, &Vec::new(), &Vec::new()).unwrap();
        stage.finish().unwrap();
        let mut rows = stage.read(Kind::Petition).unwrap();
        assert_eq!(rows.next().unwrap(), Some((7, Some(12), fields, inside)));
        assert_eq!(
            rows.next().unwrap(),
            Some((8, None, Vec::new(), Vec::new()))
        );
        assert_eq!(rows.next().unwrap(), None);
        let mut stage = Stage::new(dir.path()).unwrap();
        stage.put(1, None, &more, &Vec::new()).unwrap();
        stage.finish().unwrap();
        assert_eq!(
            stage.read(Kind::Model).unwrap().next().unwrap(),
            Some((1, None, more, Vec::new()))
        );
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
