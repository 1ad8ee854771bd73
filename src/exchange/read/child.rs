//! The other end: a process that reads one spreadsheet from its standard input and writes rows to its standard output.
//!
//! Reading foreign files is where a reader may crash, loop or take all memory; so it happens where that harms nobody.
use super::guard;
use super::limits;
use super::wire::{Item, put};
use crate::domain::encoding::{Legacy, of_font};
use crate::domain::sheet::{Cell, Epoch, Placed, Row, day_of_serial};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Ods, Range, Reader, Xls, Xlsx};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::fd::AsFd;

/// The word that starts this end from the command line.
pub const COMMAND: &str = "read-spreadsheet";

/// Reads the spreadsheet on standard input; the exit code. Sets the limits of the process first, which cannot be taken
/// back.
#[must_use]
pub fn serve() -> i32 {
    restrict();
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let last = match read(&mut out) {
        Ok(()) => Item::End,
        Err(Ended::Refused((vi, en))) => Item::Refused(vi, en),
        Err(Ended::Gone) => return 1,
    };
    let told = put(&mut out, &last).and_then(|()| out.flush());
    i32::from(told.is_err())
}

fn restrict() {
    let limit = |what, most| {
        let both = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        // A limit that is lower already stays.
        let _ = setrlimit(what, both);
    };
    limit(Resource::As, limits::MEMORY);
    limit(Resource::Cpu, limits::SECONDS);
    limit(Resource::Fsize, 0);
    limit(Resource::Core, 0);
}

enum Ended {
    /// The file is refused.
    Refused(guard::Refusal),
    /// Nobody reads what is written.
    Gone,
}

impl From<guard::Refusal> for Ended {
    fn from(refusal: guard::Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<std::io::Error> for Ended {
    fn from(_: std::io::Error) -> Self {
        Self::Gone
    }
}

fn unreadable(e: impl std::fmt::Display) -> Ended {
    Ended::Refused((
        format!("Bảng tính hỏng hoặc không đúng khuôn dạng: {e}"),
        format!("The spreadsheet is damaged or malformed: {e}"),
    ))
}

fn read(out: &mut impl Write) -> Result<(), Ended> {
    let fd = std::io::stdin().as_fd().try_clone_to_owned()?;
    let mut file = File::from(fd);
    let mut head = [0_u8; 4];
    file.read_exact(&mut head).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if head == [0xD0, 0xCF, 0x11, 0xE0] {
        return read_xls(file, out);
    }
    let seen = guard::check(&mut file)?;
    if is_ods(&mut file)? {
        return read_ods(file, out);
    }
    read_xlsx(file, seen.formulas, out)
}

/// An OpenDocument file says what it is in its first member.
fn is_ods(file: &mut File) -> Result<bool, Ended> {
    let mut zip = zip::ZipArchive::new(&mut *file).map_err(unreadable)?;
    let ods = zip.by_name("content.xml").is_ok();
    drop(zip);
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    Ok(ods)
}

/// Rows put together from cells that come one by one.
struct Rows<'a, W: Write> {
    out: &'a mut W,
    row: Row,
    merged: Merged,
}

impl<'a, W: Write> Rows<'a, W> {
    fn new(out: &'a mut W, merged: Vec<Dimensions>) -> Self {
        Self {
            out,
            row: Row::default(),
            merged: Merged::new(merged),
        }
    }

    fn cell(&mut self, (row, column): (u32, u32), mut placed: Placed) -> Result<(), Ended> {
        let row = usize::try_from(row).unwrap_or(usize::MAX).saturating_add(1);
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits::COLUMNS || placed.cell.is_empty() {
            return Ok(());
        }
        if row != self.row.row {
            self.flush()?;
            self.row.row = row;
        }
        placed.column = column;
        self.row.cells.push(placed);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Ended> {
        let mut row = std::mem::take(&mut self.row);
        if row.cells.is_empty() {
            return Ok(());
        }
        row.cells.sort_by_key(|c| c.column);
        row.cells.dedup_by_key(|c| c.column);
        self.merged.fill(&mut row);
        Ok(put(self.out, &Item::Row(row))?)
    }
}

/// Cells joined downwards: the rows below the first have its value.
struct Merged {
    regions: Vec<Dimensions>,
    values: HashMap<usize, Placed>,
}

impl Merged {
    fn new(mut regions: Vec<Dimensions>) -> Self {
        // Only cells joined over rows matter here, and few of them: more than a sheet could show are a trick.
        regions.retain(|r| r.end.0 > r.start.0 && r.start.1 == r.end.1);
        regions.truncate(100_000);
        regions.sort_by_key(|r| r.start);
        Self {
            regions,
            values: HashMap::new(),
        }
    }

    fn fill(&mut self, row: &mut Row) {
        let Some(at) = row.row.checked_sub(1).and_then(|r| u32::try_from(r).ok()) else {
            return;
        };
        let from = self.regions.partition_point(|r| r.start.0 <= at);
        let over: Vec<(usize, Dimensions)> = self
            .regions
            .iter()
            .take(from)
            .enumerate()
            .filter(|(_, r)| r.end.0 >= at)
            .map(|(n, r)| (n, *r))
            .collect();
        for (n, region) in over {
            let column = usize::try_from(region.start.1).unwrap_or(usize::MAX);
            if region.start.0 == at {
                if let Some(cell) = row.cell(column) {
                    self.values.insert(n, cell.clone());
                }
            } else if let (None, Some(value)) = (row.cell(column), self.values.get(&n)) {
                row.cells.push(value.clone());
            }
        }
        row.cells.sort_by_key(|c| c.column);
    }
}

fn day(at: &ExcelDateTime, epoch: Epoch) -> Cell {
    if at.is_duration() {
        return Cell::Number(at.as_f64());
    }
    match day_of_serial(at.as_f64(), epoch) {
        Ok(day) => Cell::Day(day),
        Err(said) => Cell::Bad(said),
    }
}

/// The day of an ISO moment, as OpenDocument writes it.
fn iso(text: &str) -> Cell {
    text.get(..10)
        .and_then(|day| day.parse().ok())
        .map_or_else(|| Cell::Text(text.to_owned()), Cell::Day)
}

fn of_ref(value: &DataRef, epoch: Epoch) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        #[allow(clippy::cast_precision_loss)]
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) => Cell::Number(*n),
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(b) => Cell::Bool(*b),
        DataRef::DateTime(at) => day(at, epoch),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(e) => Cell::Bad(e.to_string()),
    }
}

fn of_data(value: &Data, epoch: Epoch) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        #[allow(clippy::cast_precision_loss)]
        Data::Int(n) => Cell::Number(*n as f64),
        Data::Float(n) => Cell::Number(*n),
        Data::String(text) => Cell::Text(text.clone()),
        Data::Bool(b) => Cell::Bool(*b),
        Data::DateTime(at) => day(at, epoch),
        Data::DateTimeIso(text) => iso(text),
        Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Error(e) => Cell::Bad(e.to_string()),
    }
}

fn read_xlsx(file: File, formulas: bool, out: &mut impl Write) -> Result<(), Ended> {
    let mut book = Xlsx::new(BufReader::new(file)).map_err(unreadable)?;
    let epoch = if book.has_1904_epoch() {
        Epoch::Y1904
    } else {
        Epoch::Y1900
    };
    for name in book.sheet_names() {
        let computed = if formulas {
            computed(&mut book, &name)
        } else {
            HashSet::new()
        };
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A chart is a sheet too.
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(unreadable(e)),
        };
        put(out, &Item::Sheet(name))?;
        let fonts: Vec<Option<(Legacy, bool)>> = cells
            .styles()
            .iter()
            .map(|style| of_font(style.font.as_ref()?.name.as_deref()?))
            .collect();
        let mut rows = Rows::new(out, merged);
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(unreadable)? {
            let at = cell.get_position();
            let placed = Placed {
                cell: of_ref(cell.get_value(), epoch),
                formula: computed.contains(&at),
                font: fonts.get(style).copied().flatten(),
                ..Placed::default()
            };
            rows.cell(at, placed)?;
        }
        rows.flush()?;
    }
    Ok(())
}

/// Places of the cells that a formula made.
fn computed<RS: Read + Seek>(book: &mut Xlsx<RS>, name: &str) -> HashSet<(u32, u32)> {
    let mut places = HashSet::new();
    if let Ok(mut cells) = book.worksheet_cells_reader(name) {
        while let Ok(Some(cell)) = cells.next_formula() {
            if !cell.get_value().is_empty() {
                places.insert(cell.get_position());
            }
        }
    }
    places
}

fn send_range(
    out: &mut impl Write,
    name: &str,
    (range, formulas): (&Range<Data>, Option<&Range<String>>),
    merged: Vec<Dimensions>,
    (epoch, font): (Epoch, Option<(Legacy, bool)>),
) -> Result<(), Ended> {
    put(out, &Item::Sheet(name.to_owned()))?;
    let (row0, column0) = range.start().unwrap_or((0, 0));
    let mut rows = Rows::new(out, merged);
    for (row, column, value) in range.used_cells() {
        let at = (
            u32::try_from(row).unwrap_or(u32::MAX).saturating_add(row0),
            u32::try_from(column)
                .unwrap_or(u32::MAX)
                .saturating_add(column0),
        );
        let formula = formulas
            .and_then(|f| f.get_value(at))
            .is_some_and(|f| !f.is_empty());
        rows.cell(
            at,
            Placed {
                cell: of_data(value, epoch),
                formula,
                font,
                ..Placed::default()
            },
        )?;
    }
    rows.flush()
}

fn read_xls(mut file: File, out: &mut impl Write) -> Result<(), Ended> {
    let bytes = beginning(&mut file)?;
    if wide_inside(&bytes, "EncryptedPackage") {
        return Err(locked());
    }
    let font = font_inside(&bytes);
    drop(bytes);
    let mut book = Xls::new(BufReader::new(file)).map_err(|e| match e {
        calamine::XlsError::Password => locked(),
        other => unreadable(other),
    })?;
    let epoch = if book.has_1904_epoch() {
        Epoch::Y1904
    } else {
        Epoch::Y1900
    };
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        let formulas = book.worksheet_formula(&name).ok();
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        send_range(
            out,
            &name,
            (&range, formulas.as_ref()),
            merged,
            (epoch, font),
        )?;
    }
    Ok(())
}

fn read_ods(file: File, out: &mut impl Write) -> Result<(), Ended> {
    let mut book = Ods::new(BufReader::new(file)).map_err(unreadable)?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(unreadable)?;
        let formulas = book.worksheet_formula(&name).ok();
        send_range(
            out,
            &name,
            (&range, formulas.as_ref()),
            Vec::new(),
            (Epoch::Y1900, None),
        )?;
    }
    Ok(())
}

/// A font of the nineties named somewhere in an .xls: its letters decide further. Names are stored byte by byte or as
/// UTF-16.
fn font_inside(bytes: &[u8]) -> Option<(Legacy, bool)> {
    const NAMES: [(&str, Legacy); 3] = [
        (".VnTime", Legacy::Tcvn3),
        (".VnArial", Legacy::Tcvn3),
        ("VNI-Times", Legacy::Vni),
    ];
    let plain = |name: &str| bytes.windows(name.len()).any(|w| w == name.as_bytes());
    let found = NAMES
        .iter()
        .find(|(name, _)| plain(name) || wide_inside(bytes, name));
    found.map(|(_, legacy)| (*legacy, false))
}

/// The first bytes of an .xls, as many as any has.
fn beginning(file: &mut File) -> Result<Vec<u8>, Ended> {
    let mut bytes = Vec::new();
    (&mut *file)
        .take(64 << 20)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    Ok(bytes)
}

/// Whether a name stands in bytes as UTF-16.
fn wide_inside(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.bytes().flat_map(|b| [b, 0]).collect();
    bytes.windows(wide.len()).any(|w| w == wide)
}

/// A spreadsheet with a password stands in the same wrapping as an .xls.
fn locked() -> Ended {
    Ended::Refused((
        "Bảng tính có mật khẩu; bỏ mật khẩu rồi nhập lại.".to_owned(),
        "The spreadsheet has a password; remove it and import again.".to_owned(),
    ))
}
