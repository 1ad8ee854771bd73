//! The value of a field from a cell of a file.
use super::field::{Field, Type};
use super::parse::{parse, within};
use crate::domain::date::{FIRST_YEAR, LAST_YEAR};
use crate::domain::fold::fold;
use crate::domain::number::Dec;
use crate::domain::sheet::{Cell, number};
use crate::domain::value::Value;
use crate::domain::words::Msg;
use chrono::{Datelike, NaiveDate};

/// The value that a cell gives a field; what a form would take as typed is taken here too.
///
/// # Errors
/// The rule that it breaks; the caller names the field.
pub fn from_cell(field: &Field, cell: &Cell, today: NaiveDate) -> Result<Value, Msg> {
    match (cell, field.ty) {
        (Cell::Empty, _) => Ok(Value::Null),
        (Cell::Day(day), Type::Date) => {
            if (FIRST_YEAR..=LAST_YEAR).contains(&day.year()) {
                Ok(Value::Date(*day))
            } else {
                Err(Msg::new(
                    format!("năm phải từ {FIRST_YEAR} đến {LAST_YEAR}"),
                    format!("the year must be from {FIRST_YEAR} to {LAST_YEAR}"),
                ))
            }
        }
        (Cell::Number(n), Type::Integer { min, max }) => {
            whole(*n).and_then(|n| within(n, min, max))
        }
        (Cell::Number(n), Type::Decimal) => Dec::parse_ascii(&number(*n))
            .map(Value::Dec)
            .map_err(|p| Msg::new(p.vi, p.en)),
        (Cell::Bool(b), Type::Boolean) => Ok(Value::Bool(*b)),
        (Cell::Text(text), Type::Boolean) => boolean(field, text, today),
        (Cell::Text(text), Type::Enum(_)) => choice(field, text, today),
        (cell, _) => parse(field, &cell.text(), today),
    }
}

fn whole(n: f64) -> Result<i64, Msg> {
    let text = number(n);
    text.parse().map_err(|_| {
        Msg::new(
            format!("{text} không phải số nguyên"),
            format!("{text} is no whole number"),
        )
    })
}

/// Marks that a clerk puts into a column for yes.
fn boolean(field: &Field, text: &str, today: NaiveDate) -> Result<Value, Msg> {
    match text.trim() {
        "v" | "V" | "+" | "✓" | "✔" | "√" | "X" => Ok(Value::Bool(true)),
        "-" | "–" => Ok(Value::Bool(false)),
        text => parse(field, text, today),
    }
}

/// A choice, also with the word «đơn» before it or a number as a spreadsheet keeps it.
fn choice(field: &Field, text: &str, today: NaiveDate) -> Result<Value, Msg> {
    let read = parse(field, text, today);
    if read.is_ok() {
        return read;
    }
    let short = fold(text);
    let rest = ["don ", "vu ", "linh vuc "]
        .iter()
        .find_map(|word| short.trim().strip_prefix(word));
    match rest.map(|rest| parse(field, rest, today)) {
        Some(Ok(value)) => Ok(value),
        _ => read,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::field as find;
    use super::*;
    use crate::domain::record::Kind;

    fn read(kind: Kind, key: &str, cell: Cell) -> Result<Value, Msg> {
        let today = NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
        from_cell(find(kind, key).unwrap(), &cell, today)
    }

    #[test]
    fn a_cell_gives_what_a_form_would_take_as_typed() {
        let p = Kind::Petition;
        let text = |t: &str| Cell::Text(t.to_owned());
        let day = NaiveDate::from_ymd_opt(2019, 3, 4).unwrap();
        assert_eq!(read(p, "received_on", Cell::Day(day)), Ok(Value::Date(day)));
        assert_eq!(read(p, "signers", Cell::Number(12.0)), Ok(Value::Int(12)));
        assert_eq!(read(p, "signers", text("1.350")), Ok(Value::Int(1350)));
        assert!(read(p, "signers", Cell::Number(1.5)).is_err());
        assert!(read(p, "signers", Cell::Number(f64::NAN)).is_err());
        assert_eq!(read(p, "complex", text("X")), Ok(Value::Bool(true)));
        assert_eq!(
            read(p, "type", text("Đơn khiếu nại")),
            Ok(Value::Text("complaint".into()))
        );
        assert_eq!(
            read(p, "officer", Cell::Number(7.0)),
            Ok(Value::Text("7".into()))
        );
        assert_eq!(read(p, "note", Cell::Empty), Ok(Value::Null));
        assert_eq!(
            read(Kind::Figure, "value", Cell::Number(163.4)),
            Ok(Value::Dec(Dec::new(1634, 1).unwrap()))
        );
    }
}
