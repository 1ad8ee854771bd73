//! One cell into one field: encodings before Unicode, days in every writing, numbers that were texts.
use super::day::{Order, Reading, read as read_day};
use super::heading::plain;
use super::looks::Looks;
use super::{Column, Layout};
use crate::catalog::{Field, Type};
use crate::domain::date::vi;
use crate::domain::encoding::{Decoded, Legacy, Look, Tally, Verdict, decode, decode_words, look};
use crate::domain::sheet::{Cell, Epoch, Placed, day_of_serial, number};
use crate::domain::value::Code;
use crate::domain::words::{Msg, Text, t};
use chrono::{Datelike, NaiveDate};

/// A cell after it was read: value, refusal, note.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) cell: Cell,
    pub(super) refused: Option<Msg>,
    pub(super) note: Option<Msg>,
}

impl Taken {
    /// A value that nothing is to be said of.
    pub(super) fn of(cell: Cell) -> Self {
        Self {
            cell,
            ..Self::default()
        }
    }
}

impl Layout {
    /// What a cell gives a field; none: the cell as it stands, of which nothing is to be said.
    pub(super) fn value(&self, column: &Column, field: &Field, placed: &Placed) -> Option<Taken> {
        if placed.formula {
            return Some(computed(placed, self.own_value(column, field, placed)));
        }
        self.own_value(column, field, placed)
    }

    /// The same, whatever a formula has to do with it.
    fn own_value(&self, column: &Column, field: &Field, placed: &Placed) -> Option<Taken> {
        Some(match (&placed.cell, field.ty) {
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
            (Cell::Text(text), _) => return self.text(column, text, placed),
            (Cell::Number(n), Type::Text | Type::LongText | Type::Unit | Type::Ref(_)) => {
                digits(*n, column, field)
            }
            _ => return None,
        })
    }

    /// What a text is where it is not what stands there; none where it is.
    fn text(&self, column: &Column, text: &str, placed: &Placed) -> Option<Taken> {
        let looks = Looks::of(text);
        if looks.ascii() {
            return None;
        }
        if looks.perhaps_replaced() && text.contains(char::REPLACEMENT_CHARACTER) {
            let why = t(
                "có chữ không đọc được; mở tệp gốc để sửa",
                "some letters cannot be read; mend them in the original file",
            );
            return Some(refuse(text, why));
        }
        let (legacy, sure) = self.encoding_of(column, (text, looks), placed)?;
        Some(match (look(legacy, text), sure) {
            (Look::Unicode, _) => return None,
            (Look::Half, _) if self.forced => converted(legacy, decode_words(legacy, text), placed),
            (Look::Half, _) => {
                let would = decode_words(legacy, text).text;
                let why = Msg::new(
                    format!("chữ chuyển mã dở dang ({})", legacy.name()),
                    format!("half-converted text ({})", legacy.name()),
                );
                ask(text, &would, &why)
            }
            (Look::Legacy, true) => converted(legacy, decode(legacy, text), placed),
            (Look::Legacy, false) => {
                let would = decode(legacy, text).text;
                if would == text {
                    return None;
                }
                let (name, code) = (legacy.name(), legacy.code());
                let why = Msg::new(
                    format!(
                        "chữ có lẽ theo bảng mã {name}; thêm --encoding {code} nếu đúng, utf-8 nếu không"
                    ),
                    format!("the text may be in {name}; add --encoding {code} if so, utf-8 if not"),
                );
                ask(text, &would, &why)
            }
        })
    }

    /// The encoding that a text may be in, and whether that is sure; none for Unicode.
    fn encoding_of(
        &self,
        column: &Column,
        (text, looks): (&str, Looks),
        placed: &Placed,
    ) -> Option<(Legacy, bool)> {
        // The cell's own font is made for an encoding, and the text is one of it: that needs no other cells.
        if let Some((legacy, _)) = placed.font.filter(|_| !self.forced)
            && look(legacy, text) == Look::Legacy
        {
            return Some((legacy, true));
        }
        match column.encoding {
            Verdict::Sure(legacy) => Some((legacy, true)),
            Verdict::Unsure(legacy) => Some((legacy, false)),
            Verdict::Unicode if self.forced || !looks.odd() => None,
            Verdict::Unicode => {
                let mut tally = Tally::default();
                tally.add(text);
                match tally.verdict(placed.font.map(|(legacy, _)| legacy)) {
                    Verdict::Sure(legacy) | Verdict::Unsure(legacy) => Some((legacy, false)),
                    Verdict::Unicode => None,
                }
            }
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
            Some(field) => self
                .value(column, field, &placed)
                .map_or_else(|| text.to_owned(), |taken| taken.cell.shown()),
            None => match column.encoding {
                Verdict::Sure(legacy) => decode_words(legacy, text).text,
                _ => text.to_owned(),
            },
        }
    }
}

/// Text after its conversion, with what a person should know of it.
fn converted(legacy: Legacy, mut made: Decoded, placed: &Placed) -> Taken {
    if placed.font.is_some_and(|(_, capitals)| capitals) {
        made.text = made.text.to_uppercase();
        made.case_lost = false;
    }
    let name = legacy.name();
    let note = if !made.unmapped.is_empty() {
        let odd: String = made.unmapped.iter().collect();
        Some(Msg::new(
            format!("bảng mã {name} không có chữ «{odd}»; giữ nguyên"),
            format!("{name} has no letter \"{odd}\"; left as it is"),
        ))
    } else if made.case_lost {
        let lost = t(
            "TCVN3 không có chữ hoa mang dấu: chữ đầu có thể phải viết hoa",
            "TCVN3 has no capitals with tones: the first letter may have been one",
        );
        Some(lost.into())
    } else {
        None
    };
    Taken {
        cell: Cell::Text(made.text),
        refused: None,
        note,
    }
}

/// A value that a formula gave, with the note of that where nothing else is said of it.
fn computed(placed: &Placed, taken: Option<Taken>) -> Taken {
    let mut taken = taken.unwrap_or_else(|| Taken::of(placed.cell.clone()));
    let note = t(
        "lấy giá trị mà công thức cho",
        "the value that a formula gave",
    );
    taken.note.get_or_insert_with(|| note.into());
    taken
}

fn refuse(text: &str, why: Text) -> Taken {
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

pub(super) fn is_mark(cell: &Cell) -> bool {
    match cell {
        Cell::Empty | Cell::Bad(_) | Cell::Bool(false) => false,
        Cell::Number(n) => *n != 0.0,
        Cell::Text(text) => !matches!(plain(text).as_str(), "" | "0" | "khong" | "no"),
        Cell::Bool(true) | Cell::Day(_) => true,
    }
}

/// Whether a text is no day in any order.
pub(super) fn is_no_day(text: &str) -> bool {
    matches!(read_day(text), Reading::None)
}

/// A name and what stands behind it.
pub(super) fn split(text: &str) -> (Cell, Cell) {
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
                "cột có ngày viết theo hai thứ tự: «{text}» là {} hay {}? (bảng ghép cột: [dates] dmy hoặc mdy)",
                vi(one),
                vi(other)
            ),
            format!(
                "the column has dates in two orders: is \"{text}\" {} or {}? (mapping: [dates] dmy or mdy)",
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
                    "ngày và tháng có lẽ bị đảo: {} hay {}? Các ngày sau 12 trong cột còn là chữ (bảng ghép cột: [dates] dmy hoặc dmy-turned)",
                    vi(own),
                    vi(turned)
                ),
                format!(
                    "day and month may be turned round: {} or {}? Days after the 12th are still text (mapping: [dates] dmy or dmy-turned)",
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
