//! From a value to what is read: on a card, in a list column, in a form.
use super::field::{Field, Type};
use crate::domain::petition::{IdleAlarm, Outcome, Stage, Standing};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Text, t};
use crate::domain::{date, number, text};
use chrono::{Datelike, NaiveDate};

const YES: Text = t("có", "yes");
const NO: Text = t("không", "no");

/// A value as a card shows it; empty for `Null`. Texts are cleaned again for the screen.
#[must_use]
pub fn show(field: &Field, value: &Value, lang: Lang) -> String {
    match value {
        Value::Text(text) => match field.choice(text) {
            Some(choice) => choice.label.get(lang).to_owned(),
            None if field.ty == Type::LongText => text::shown_long(text).into_owned(),
            None => text::shown(text).into_owned(),
        },
        Value::Bool(yes) => yes_no(*yes, lang).to_owned(),
        Value::Int(n) if !field.is_plain() => number::vi_int(*n),
        Value::List(items) => text::shown(&items.join(", ")).into_owned(),
        other => edit_text(field, other),
    }
}

/// Yes or no in words.
#[must_use]
pub fn yes_no(yes: bool, lang: Lang) -> &'static str {
    if yes { YES.get(lang) } else { NO.get(lang) }
}

/// A value as a list column shows it: dates without the year where it is this one, short forms, one line.
#[must_use]
pub fn show_cell(field: &Field, value: &Value, lang: Lang, today: NaiveDate) -> String {
    match value {
        Value::Date(day) if day.year() == today.year() => day.format("%d/%m").to_string(),
        Value::Date(day) if field.width >= 10 => date::vi(*day),
        Value::Date(day) => day.format("%d/%m/%y").to_string(),
        Value::Text(text) => match field.choice(text) {
            Some(choice) => choice.short.get(lang).to_owned(),
            None => text::shown(text).into_owned(),
        },
        Value::Bool(false) => String::new(),
        other => show(field, other, lang),
    }
}

/// A value as a form shows it for editing; [`super::parse::parse`] reads it back.
#[must_use]
pub fn edit_text(field: &Field, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => field
            .choice(text)
            .map_or_else(|| text.clone(), |choice| choice.label.vi.to_owned()),
        Value::Int(n) if field.is_plain() => n.to_string(),
        Value::Int(n) => number::vi_int(*n),
        Value::Dec(n) => number::vi_dec(*n),
        Value::Bool(true) => YES.vi.to_owned(),
        Value::Bool(false) => NO.vi.to_owned(),
        Value::Date(day) => date::vi(*day),
        Value::Unit(unit) => unit.code.clone(),
        Value::Ref(id) => id.to_string(),
        Value::List(items) => items.join(", "),
    }
}

/// How a deadline stands, in words: «còn 10 ngày», «! quá 3 ngày». The sign says late without colour.
#[must_use]
pub fn standing_words(standing: Standing, days_left: Option<i64>, lang: Lang) -> String {
    let days = days_left.unwrap_or(0);
    let days_en = |n: i64| if n == 1 { "day" } else { "days" };
    match (standing, lang) {
        (Standing::None, _) => "–".to_owned(),
        (Standing::OnTime | Standing::DueSoon, Lang::Vi) if days == 0 => "hạn hôm nay".to_owned(),
        (Standing::OnTime | Standing::DueSoon, Lang::En) if days == 0 => "due today".to_owned(),
        (Standing::OnTime | Standing::DueSoon, Lang::Vi) => {
            format!("còn {} ngày", number::vi_int(days))
        }
        (Standing::OnTime | Standing::DueSoon, Lang::En) => {
            format!("{} {} left", number::vi_int(days), days_en(days))
        }
        (Standing::Overdue, Lang::Vi) => format!("! quá {} ngày", number::vi_int(-days)),
        (Standing::Overdue, Lang::En) => {
            format!("! {} {} late", number::vi_int(-days), days_en(-days))
        }
        (Standing::ResolvedOnTime, Lang::Vi) => "đúng hạn".to_owned(),
        (Standing::ResolvedOnTime, Lang::En) => "in time".to_owned(),
        (Standing::ResolvedLate, Lang::Vi) => "trễ hạn".to_owned(),
        (Standing::ResolvedLate, Lang::En) => "resolved late".to_owned(),
    }
}

/// Where a petition is, as a choice with its full and its short form: its stage, or how it ended, or that it was
/// answered.
fn stage_choice(record: &dyn Record) -> Option<&'static super::field::Choice> {
    let stage = record.held("stage").text()?;
    let (key, code) = match Stage::from_code(stage)? {
        Stage::ClosedOther => match record.held("ended").text() {
            Some(ended) => ("ended", ended),
            None => ("stage", stage),
        },
        Stage::Resolved if record.held("outcome").text() == Some(Outcome::Answered.code()) => {
            ("outcome", Outcome::Answered.code())
        }
        _ => ("stage", stage),
    };
    super::field(Kind::Petition, key)?.choice(code)
}

/// Where a petition is, in words; of one that has ended, how: «đã rút đơn», «đã có phúc đáp», «đã trả lời».
#[must_use]
pub fn stage_words(record: &dyn Record, lang: Lang) -> String {
    stage_choice(record).map_or_else(String::new, |choice| choice.label.get(lang).to_owned())
}

/// What a code of a record's field is called where each field has a column of its own, as in a file; none where the
/// screens say nothing. A petition that has ended has no deadline and no warning: its column says how it ended, as
/// the list does.
#[must_use]
pub fn column_words(
    field: &Field,
    code: &str,
    record: &dyn Record,
    lang: Lang,
) -> Option<&'static str> {
    let choice = match (record.kind(), field.key) {
        (Kind::Petition, "stage") => stage_choice(record),
        (Kind::Petition, "standing") if code == Standing::None.code() => stage_choice(record),
        (Kind::Petition, "idle_alarm") if code == IdleAlarm::None.code() => None,
        _ => field.choice(code),
    };
    choice.map(|choice| choice.label.get(lang))
}

/// The same as a list column shows it.
#[must_use]
pub fn stage_cell(record: &dyn Record, lang: Lang) -> String {
    stage_choice(record).map_or_else(String::new, |choice| choice.short.get(lang).to_owned())
}

/// How a petition's deadline stands in words, and where none runs, where the petition is.
#[must_use]
pub fn standing_of(record: &dyn Record, lang: Lang) -> String {
    let standing = record.get("standing");
    let standing = standing.text().and_then(Standing::from_code);
    let left = match record.get("days_left") {
        Value::Int(n) => Some(n),
        _ => None,
    };
    match standing.unwrap_or(Standing::None) {
        Standing::None => stage_words(record, lang),
        standing => standing_words(standing, left, lang),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::field;
    use super::*;
    use crate::domain::record::Kind;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn a_card_says_it_in_full_and_a_column_in_short() {
        let ty = field(Kind::Petition, "type").unwrap();
        let value = Value::Text("complaint".to_owned());
        let today = day(2026, 3, 12);
        assert_eq!(show(ty, &value, Lang::Vi), "khiếu nại");
        assert_eq!(show_cell(ty, &value, Lang::Vi, today), "KN");
        let on = field(Kind::Petition, "received_on").unwrap();
        assert_eq!(
            show(on, &Value::Date(day(2026, 3, 2)), Lang::Vi),
            "02/03/2026"
        );
        assert_eq!(
            show_cell(on, &Value::Date(day(2026, 3, 2)), Lang::Vi, today),
            "02/03"
        );
        assert_eq!(
            show_cell(on, &Value::Date(day(2025, 12, 31)), Lang::Vi, today),
            "31/12/25"
        );
        let people = field(Kind::Dialogue, "attendance").unwrap();
        assert_eq!(show(people, &Value::Int(1350), Lang::Vi), "1.350");
        let year = field(Kind::Model, "year").unwrap();
        assert_eq!(show(year, &Value::Int(2026), Lang::Vi), "2026");
        assert_eq!(show(year, &Value::Null, Lang::Vi), "");
    }

    #[test]
    fn lateness_in_words() {
        let say = |s, n| standing_words(s, Some(n), Lang::Vi);
        assert_eq!(say(Standing::Overdue, -3), "! quá 3 ngày");
        assert_eq!(say(Standing::DueSoon, 1), "còn 1 ngày");
        assert_eq!(say(Standing::DueSoon, 0), "hạn hôm nay");
        assert_eq!(say(Standing::OnTime, 10), "còn 10 ngày");
        assert_eq!(say(Standing::ResolvedLate, -2), "trễ hạn");
        assert_eq!(
            standing_words(Standing::Overdue, Some(-1), Lang::En),
            "! 1 day late"
        );
        assert_eq!(standing_words(Standing::None, None, Lang::Vi), "–");
    }
}
