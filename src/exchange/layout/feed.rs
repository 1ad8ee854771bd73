//! The rows of a table as a register takes them: fields and values in Unicode, with what must be asked or told.
use super::day::{Order, Reading, read as read_day};
use super::heading::{Target, plain};
use super::{Column, Layout};
use crate::catalog::{self, Field, Type};
use crate::domain::date::vi;
use crate::domain::encoding::{Look, Tally, Verdict, decode, decode_words, look};
use crate::domain::sheet::{Cell, Epoch, Fed, Given, InRow, Placed, Row, day_of_serial, number};
use crate::domain::words::{Msg, t};
use crate::exchange::read::{Result, Rows, Source};
use chrono::{Datelike, NaiveDate};

/// The rows of a table, one after the other.
pub struct Feed<'a> {
    layout: &'a Layout,
    rows: Box<dyn Rows + 'a>,
    /// Columns that a record cannot be without.
    core: Vec<usize>,
    numbered: bool,
}

impl Layout {
    /// The rows below the headings.
    ///
    /// # Errors
    /// A file that has gone meanwhile.
    pub fn feed<'a>(&'a self, source: &'a Source) -> Result<Feed<'a>> {
        let kind = self.kind;
        let date = catalog::entity(kind).date_field;
        let core = self
            .columns
            .iter()
            .filter(|c| c.field(kind).is_some_and(|f| f.required() || f.key == date));
        Ok(Feed {
            layout: self,
            rows: source.rows(self.sheet)?,
            core: core.map(|c| c.at).collect(),
            numbered: false,
        })
    }
}

impl Feed<'_> {
    /// The next row.
    ///
    /// # Errors
    /// A file that cannot be read on.
    pub fn next_fed(&mut self) -> Result<Option<Fed>> {
        while let Some(row) = self.rows.next_row()? {
            if row.row <= self.layout.head.1 && self.layout.head.1 > 0 {
                continue;
            }
            if !self.numbered {
                self.numbered = true;
                if counts_columns(&row) {
                    continue;
                }
            }
            if let Some(why) = self.no_record(&row) {
                let text = row
                    .cells
                    .iter()
                    .map(|c| c.cell.shown())
                    .collect::<Vec<_>>()
                    .join(" ");
                return Ok(Some(Fed::Passed(row.row, text, why)));
            }
            return Ok(Some(Fed::Row(self.layout.take(&row))));
        }
        Ok(None)
    }

    /// Part of 1000 that was read.
    #[must_use]
    pub fn done(&self) -> u32 {
        self.rows.done()
    }

    /// Why a row is no record: a total, the title of a group, a signature, the headings once more.
    fn no_record(&self, row: &Row) -> Option<Msg> {
        let core: Vec<&Placed> = self.core.iter().filter_map(|at| row.cell(*at)).collect();
        let first = row.cells.iter().find(|c| matches!(c.cell, Cell::Text(_)));
        let says = |words: &[&str]| {
            first.is_some_and(|c| {
                let text = plain(&c.cell.shown());
                words
                    .iter()
                    .any(|w| text == *w || text.starts_with(&format!("{w} ")))
            })
        };
        let total = says(&["tong", "tong cong", "tong so", "cong", "total", "tong hop"]);
        if total && core.len() * 2 <= self.core.len() {
            return Some(t("dòng tổng, không phải bản ghi", "a total, not a record").into());
        }
        let repeats = row.cells.len() > 1
            && row.cells.iter().all(|cell| {
                let heading = self.layout.columns.iter().find(|c| c.at == cell.column);
                heading.is_some_and(|c| {
                    c.heading
                        .rsplit(" / ")
                        .any(|part| plain(part) == plain(&cell.cell.shown()))
                })
            });
        if repeats {
            return Some(t("tiêu đề nhắc lại", "the headings once more").into());
        }
        let alone = row.cells.len() <= 2 && self.layout.columns.len() > 3;
        let lonely_core = core.len() == 1 && row.cells.len() == 1 && self.core.len() > 1;
        if alone && (core.is_empty() || lonely_core) {
            return Some(t("dòng chữ ngoài bảng", "words outside the table").into());
        }
        None
    }
}

/// The row under the headings that numbers the columns: 1, 2, 3 …
fn counts_columns(row: &Row) -> bool {
    let value = |cell: &Placed| -> Option<usize> {
        let text = cell.cell.shown();
        text.trim().trim_matches(['(', ')']).parse().ok()
    };
    let numbers: Option<Vec<usize>> = row.cells.iter().map(value).collect();
    numbers
        .is_some_and(|n| n.len() >= 3 && n.iter().zip(n.iter().skip(1)).all(|(a, b)| *b == a + 1))
}

/// A cell after it was read: value, refusal, note.
#[derive(Debug, Default)]
struct Taken {
    cell: Cell,
    refused: Option<Msg>,
    note: Option<Msg>,
}

impl Layout {
    /// What a row of the table gives.
    #[must_use]
    pub fn take(&self, row: &Row) -> InRow {
        let mut out = InRow {
            row: row.row,
            given: Vec::new(),
        };
        for column in &self.columns {
            let (Some(target), Some(placed)) = (&column.target, row.cell(column.at)) else {
                continue;
            };
            let Some(field) = catalog::field(self.kind, target.key()) else {
                continue;
            };
            match target {
                Target::Choice(key, code) => {
                    if is_mark(&placed.cell) {
                        let cell = Cell::Text((*code).to_owned());
                        out.put(
                            key,
                            column.at,
                            Taken {
                                cell,
                                ..Taken::default()
                            },
                        );
                    }
                }
                Target::Field(key) => {
                    let taken = self.value(column, field, placed);
                    out.join(self, field, key, column, taken);
                }
                Target::Both(name, address) => {
                    let taken = self.value(column, field, placed);
                    let (first, rest) = split(&taken.cell.shown());
                    out.put(
                        address,
                        column.at,
                        Taken {
                            cell: rest,
                            ..Taken::default()
                        },
                    );
                    out.put(
                        name,
                        column.at,
                        Taken {
                            cell: first,
                            ..taken
                        },
                    );
                }
            }
        }
        out
    }

    fn value(&self, column: &Column, field: &Field, placed: &Placed) -> Taken {
        let mut taken = match (&placed.cell, field.ty) {
            (Cell::Bad(said), Type::Date) if said == "29/02/1900" => Taken {
                refused: Some(
                    t(
                        "29/02/1900 là ngày không có thật (lỗi cũ của bảng tính)",
                        "29/02/1900 never was (an old fault of spreadsheets)",
                    )
                    .into(),
                ),
                cell: placed.cell.clone(),
                ..Taken::default()
            },
            (Cell::Bad(said), _) => Taken {
                refused: Some(Msg::new(
                    format!("ô báo lỗi {said}"),
                    format!("the cell holds the error {said}"),
                )),
                cell: placed.cell.clone(),
                ..Taken::default()
            },
            (Cell::Text(text), Type::Date) => day_of_text(text, column.order),
            (Cell::Number(n), Type::Date) => day_of_number(*n),
            (Cell::Day(day), Type::Date) => day_of_day(*day, column.order),
            (Cell::Text(text), _) => self.text(column, text, placed),
            (Cell::Number(n), Type::Text | Type::LongText | Type::Unit | Type::Ref(_)) => {
                digits(*n, column, field)
            }
            (cell, _) => Taken {
                cell: cell.clone(),
                ..Taken::default()
            },
        };
        if placed.formula && taken.note.is_none() {
            taken.note = Some(
                t(
                    "lấy giá trị mà công thức cho",
                    "the value that a formula gave",
                )
                .into(),
            );
        }
        taken
    }

    fn text(&self, column: &Column, text: &str, placed: &Placed) -> Taken {
        let plain = Taken {
            cell: Cell::Text(text.to_owned()),
            ..Taken::default()
        };
        if text.is_ascii() {
            return plain;
        }
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return refuse(
                text,
                t(
                    "có chữ không đọc được; mở tệp gốc để sửa",
                    "some letters cannot be read; mend them in the original file",
                ),
            );
        }
        let (legacy, sure) = match column.encoding {
            Verdict::Sure(legacy) => (legacy, true),
            Verdict::Unsure(legacy) => (legacy, false),
            Verdict::Unicode if self.forced || !is_odd(text) => return plain,
            Verdict::Unicode => {
                let mut tally = Tally::default();
                tally.add(text);
                match tally.verdict(placed.font.map(|(legacy, _)| legacy)) {
                    Verdict::Sure(legacy) | Verdict::Unsure(legacy) => (legacy, false),
                    Verdict::Unicode => return plain,
                }
            }
        };
        let mut made = match (look(legacy, text), sure) {
            (Look::Unicode, _) => return plain,
            (Look::Half, _) if self.forced => decode_words(legacy, text),
            (Look::Half, _) => {
                let would = decode_words(legacy, text).text;
                return ask(
                    text,
                    &would,
                    &Msg::new(
                        format!("chữ chuyển mã dở dang ({})", legacy.name()),
                        format!("half-converted text ({})", legacy.name()),
                    ),
                );
            }
            (Look::Legacy, true) => decode(legacy, text),
            (Look::Legacy, false) => {
                let would = decode(legacy, text).text;
                if would == text {
                    return plain;
                }
                return ask(
                    text,
                    &would,
                    &Msg::new(
                        format!(
                            "chữ có lẽ theo bảng mã {}; thêm --encoding {} nếu đúng, utf-8 nếu không",
                            legacy.name(),
                            crate::domain::value::Code::code(legacy)
                        ),
                        format!(
                            "the text may be in {}; add --encoding {} if so, utf-8 if not",
                            legacy.name(),
                            crate::domain::value::Code::code(legacy)
                        ),
                    ),
                );
            }
        };
        if placed.font.is_some_and(|(_, capitals)| capitals) {
            made.text = made.text.to_uppercase();
            made.case_lost = false;
        }
        let note = if !made.unmapped.is_empty() {
            let odd: String = made.unmapped.iter().collect();
            Some(Msg::new(
                format!("bảng mã {} không có chữ «{odd}»; giữ nguyên", legacy.name()),
                format!("{} has no letter \"{odd}\"; left as it is", legacy.name()),
            ))
        } else if made.case_lost {
            Some(
                t(
                    "TCVN3 không có chữ hoa mang dấu: chữ đầu có thể phải viết hoa",
                    "TCVN3 has no capitals with tones: the first letter may have been one",
                )
                .into(),
            )
        } else {
            None
        };
        Taken {
            cell: Cell::Text(made.text),
            refused: None,
            note,
        }
    }

    /// A value as it will be taken, for showing beside what the file has.
    #[must_use]
    pub fn shown(&self, column: &Column, text: &str) -> String {
        let placed = Placed {
            column: column.at,
            cell: Cell::Text(text.to_owned()),
            ..Placed::default()
        };
        match column.field(self.kind) {
            Some(field) => self.value(column, field, &placed).cell.shown(),
            None => text.to_owned(),
        }
    }
}

/// A letter that Vietnamese text in Unicode does not have inside a word.
fn is_odd(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{80}'..='\u{bf}' | '×' | '÷' | 'ß' | 'æ' | 'ø' | 'þ' | 'ï' | 'ë' | 'ö' | 'ü' | 'û' | 'î' | 'ñ' | 'ç' | 'å' | 'ä' | 'Ã' | 'Ä' | 'Å' | 'Æ' | 'á'..='ä')
            && !matches!(c, '\u{a0}' | 'á' | 'â' | 'ã')
    })
}

fn refuse(text: &str, why: crate::domain::words::Text) -> Taken {
    Taken {
        cell: Cell::Text(text.to_owned()),
        refused: Some(why.into()),
        note: None,
    }
}

fn ask(text: &str, would: &str, why: &Msg) -> Taken {
    Taken {
        cell: Cell::Text(text.to_owned()),
        refused: Some(Msg::new(
            format!("{}: «{text}» → «{would}»?", why.vi),
            format!("{}: \"{text}\" → \"{would}\"?", why.en),
        )),
        note: None,
    }
}

fn is_mark(cell: &Cell) -> bool {
    match cell {
        Cell::Empty | Cell::Bad(_) | Cell::Bool(false) => false,
        Cell::Number(n) => *n != 0.0,
        Cell::Text(text) => !matches!(plain(text).as_str(), "" | "0" | "khong" | "no"),
        Cell::Bool(true) | Cell::Day(_) => true,
    }
}

/// A name and what stands behind it.
fn split(text: &str) -> (Cell, Cell) {
    let at = ["\n", ";", ",", " - ", " – "]
        .iter()
        .find_map(|sign| text.split_once(sign));
    match at {
        Some((name, rest)) => (
            Cell::Text(name.trim().to_owned()),
            Cell::Text(rest.trim().to_owned()),
        ),
        None => (Cell::Text(text.to_owned()), Cell::Empty),
    }
}

fn day(day: NaiveDate) -> Taken {
    Taken {
        cell: Cell::Day(day),
        ..Taken::default()
    }
}

fn day_of_text(text: &str, order: Order) -> Taken {
    let two = |one: NaiveDate, other: NaiveDate| Taken {
        cell: Cell::Text(text.to_owned()),
        refused: Some(Msg::new(
            format!(
                "cột có ngày viết theo hai thứ tự: «{text}» là {} hay {}? Ghi rõ trong bảng ghép cột ([dates])",
                vi(one),
                vi(other)
            ),
            format!(
                "the column has dates in two orders: is \"{text}\" {} or {}? Say so in the mapping ([dates])",
                vi(one),
                vi(other)
            ),
        )),
        note: None,
    };
    match (read_day(text), order) {
        (Reading::Plain(one), _) => day(one),
        (
            Reading::DayFirst(one),
            Order::DayFirst | Order::Turned | Order::Ask | Order::AskTurned,
        ) => day(one),
        (Reading::MonthFirst(one), Order::MonthFirst) => day(one),
        (Reading::Either(one, _), Order::DayFirst | Order::Turned | Order::AskTurned) => day(one),
        (Reading::Either(_, other), Order::MonthFirst) => day(other),
        (Reading::Either(one, other), Order::Ask) => two(one, other),
        (Reading::MonthFirst(one), _) => Taken {
            cell: Cell::Text(text.to_owned()),
            refused: Some(Msg::new(
                format!(
                    "«{text}» viết tháng trước ngày ({}), khác các ngày khác trong cột",
                    vi(one)
                ),
                format!(
                    "\"{text}\" has the month first ({}), unlike others of the column",
                    vi(one)
                ),
            )),
            note: None,
        },
        (Reading::DayFirst(_), Order::MonthFirst) => refuse(
            text,
            t(
                "viết ngày trước tháng, khác các ngày khác trong cột",
                "has the day first, unlike others of the column",
            ),
        ),
        (Reading::None, _) => refuse(
            text,
            t(
                "không phải ngày có thật, đủ ngày tháng năm (vd. 14/03/2019)",
                "is no real date with day, month and year (e.g. 14/03/2019)",
            ),
        ),
    }
}

fn day_of_day(own: NaiveDate, order: Order) -> Taken {
    let turned = NaiveDate::from_ymd_opt(own.year(), own.day(), own.month());
    match (order, turned) {
        (Order::Turned, Some(turned)) => day(turned),
        (Order::AskTurned, Some(turned)) if turned != own => Taken {
            cell: Cell::Day(own),
            refused: Some(Msg::new(
                format!(
                    "ngày và tháng có lẽ bị đảo: {} hay {}? Các ngày sau 12 trong cột còn là chữ. Ghi dmy hoặc dmy-turned trong bảng ghép cột ([dates])",
                    vi(own),
                    vi(turned)
                ),
                format!(
                    "day and month may be turned round: {} or {}? Days after the 12th are still text. Say dmy or dmy-turned in the mapping ([dates])",
                    vi(own),
                    vi(turned)
                ),
            )),
            note: None,
        },
        _ => day(own),
    }
}

/// A number in a column of days: a serial number that lost its format.
fn day_of_number(n: f64) -> Taken {
    let text = number(n);
    if (20_000.0..80_000.0).contains(&n)
        && let Ok(read) = day_of_serial(n, Epoch::Y1900)
    {
        return Taken {
            note: Some(Msg::new(
                format!("số {text} được đọc là ngày {}", vi(read)),
                format!("the number {text} is read as the date {}", vi(read)),
            )),
            ..day(read)
        };
    }
    // Typed without signs, 05032019 becomes a number without its nought.
    let padded = format!("{text:0>8}");
    match (text.len(), read_day(&padded)) {
        (7 | 8, Reading::Plain(read) | Reading::DayFirst(read) | Reading::Either(read, _)) => {
            day(read)
        }
        _ => day_of_text(&text, Order::DayFirst),
    }
}

/// A number where a text belongs: as it is written; what may have lost a nought is told.
fn digits(n: f64, column: &Column, field: &Field) -> Taken {
    let text = number(n);
    let name = plain(&column.heading);
    let identity = [
        "cccd",
        "cmnd",
        "can cuoc",
        "dinh danh",
        "ho chieu",
        "dien thoai",
        "sdt",
    ]
    .iter()
    .any(|word| name.contains(word));
    let note = (identity || (9..=11).contains(&text.len())).then(|| {
        Msg::new(
            format!(
                "{}: lưu dạng số, có thể đã mất số 0 ở đầu («{text}»)",
                field.label.vi
            ),
            format!(
                "{}: stored as a number, a leading zero may be lost (\"{text}\")",
                field.label.en
            ),
        )
    });
    Taken {
        cell: Cell::Text(text),
        refused: None,
        note,
    }
}

impl InRow {
    fn put(&mut self, key: &'static str, column: usize, taken: Taken) {
        if taken.cell.is_empty() && taken.refused.is_none() {
            return;
        }
        self.given.push(Given {
            key,
            column,
            cell: taken.cell,
            refused: taken.refused,
            note: taken.note,
        });
    }

    /// Several columns of one long text stand in it under their headings.
    fn join(
        &mut self,
        layout: &Layout,
        field: &Field,
        key: &'static str,
        column: &Column,
        taken: Taken,
    ) {
        let several = field.ty == Type::LongText
            && layout
                .columns
                .iter()
                .filter(|c| c.target == column.target)
                .count()
                > 1;
        if !several || taken.cell.is_empty() {
            self.put(key, column.at, taken);
            return;
        }
        let line = format!("{}: {}", column.heading, taken.cell.shown());
        match self.given.iter_mut().find(|g| g.key == key) {
            Some(given) => {
                given.cell = Cell::Text(format!("{}\n{line}", given.cell.shown()));
                given.refused = given.refused.take().or(taken.refused);
            }
            None => self.put(
                key,
                column.at,
                Taken {
                    cell: Cell::Text(line),
                    ..taken
                },
            ),
        }
    }
}
