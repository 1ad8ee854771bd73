//! From what is typed to a value, the same for form, shell, filter and import.
use super::field::{Choice, Field, Type};
use crate::domain::fold::fold;
use crate::domain::record::Kind;
use crate::domain::unit::UnitSelector;
use crate::domain::value::{UnitRef, Value};
use crate::domain::words::Msg;
use crate::domain::{date, number, text};
use chrono::NaiveDate;

/// Least letters of an unfinished label.
pub(crate) const PREFIX: usize = 3;

/// The value of what was typed into a field; nothing typed is `Null`.
///
/// # Errors
/// The rule that the text breaks; the caller names the field.
pub fn parse(field: &Field, typed: &str, today: NaiveDate) -> Result<Value, Msg> {
    let clean = if field.ty == Type::LongText {
        text::clean_long(typed)
    } else {
        text::clean(typed)
    };
    if clean.is_empty() {
        return Ok(Value::Null);
    }
    within_limit(field, &clean)?;
    match field.ty {
        Type::Text if field.is_code() => word(clean),
        Type::Text | Type::LongText => Ok(Value::Text(clean)),
        Type::Integer { min, max } => {
            let n = number::parse_int(&clean).map_err(problem)?;
            within(n, min, max)
        }
        Type::Decimal => number::parse_dec(&clean).map(Value::Dec).map_err(problem),
        Type::Boolean => boolean(&clean),
        Type::Date => date::parse(&clean, today).map(Value::Date).map_err(problem),
        Type::Enum(choices) => choose(choices, &clean),
        Type::Unit => unit(&clean, today),
        Type::Ref(kind) => reference(kind, &clean),
        Type::List => Ok(list(&clean)),
    }
}

/// Whether a field takes a text letter for letter, as nearly every one: [`parse`] gives back what was typed.
#[must_use]
pub fn as_it_stands(field: &Field, typed: &str) -> bool {
    let texts = match field.ty {
        Type::Text => !field.is_code(),
        Type::LongText => true,
        _ => false,
    };
    // No text has more letters than bytes.
    let fits = (1..=usize::from(field.limit)).contains(&typed.len());
    texts && fits && text::is_plain(typed)
}

fn problem(p: text::Problem) -> Msg {
    Msg::new(p.vi, p.en)
}

fn within_limit(field: &Field, clean: &str) -> Result<(), Msg> {
    let limit = usize::from(field.limit);
    // No text has more letters than bytes.
    if clean.len() <= limit {
        return Ok(());
    }
    let letters = clean.chars().count();
    if letters > limit {
        return Err(Msg::new(
            format!("dài {letters} chữ, tối đa {} chữ", field.limit),
            format!("{letters} letters long, at most {}", field.limit),
        ));
    }
    Ok(())
}

/// A whole number within the bounds of its field.
pub(super) fn within(n: i64, min: i64, max: i64) -> Result<Value, Msg> {
    if (min..=max).contains(&n) {
        return Ok(Value::Int(n));
    }
    if max == i64::MAX {
        return Err(Msg::new(
            format!("phải từ {min} trở lên"),
            format!("must be at least {min}"),
        ));
    }
    Err(Msg::new(
        format!("phải từ {min} đến {max}"),
        format!("must be from {min} to {max}"),
    ))
}

fn word(clean: String) -> Result<Value, Msg> {
    if clean.contains(|ch: char| ch.is_whitespace() || ch == '@') {
        return Err(Msg::new(
            format!("mã «{clean}» không được có dấu cách hoặc @"),
            format!("code “{clean}” must have no blanks and no @"),
        ));
    }
    Ok(Value::Text(clean))
}

fn boolean(clean: &str) -> Result<Value, Msg> {
    match fold(clean).as_str() {
        "true" | "yes" | "y" | "1" | "co" | "c" | "x" | "dung" => Ok(Value::Bool(true)),
        "false" | "no" | "n" | "0" | "khong" | "k" => Ok(Value::Bool(false)),
        _ => Err(Msg::new(
            format!("«{clean}» không phải có hoặc không"),
            format!("“{clean}” is neither yes nor no"),
        )),
    }
}

fn plain(text: &str) -> String {
    fold(text).replace(['_', '-'], " ")
}

/// The choice meant by a code, a label, a short form or the first letters of one, without regard to marks and case.
fn choose(choices: &'static [Choice], clean: &str) -> Result<Value, Msg> {
    let typed = plain(clean);
    let names = |choice: &Choice| {
        [
            choice.code,
            choice.label.vi,
            choice.label.en,
            choice.short.vi,
            choice.short.en,
        ]
        .map(plain)
    };
    let exact = choices
        .iter()
        .find(|c| plain(c.code) == typed)
        .or_else(|| choices.iter().find(|c| names(c).contains(&typed)));
    if let Some(choice) = exact {
        return Ok(Value::Text(choice.code.to_owned()));
    }
    if typed.chars().count() >= PREFIX {
        let mut begun = choices
            .iter()
            .filter(|c| names(c).iter().any(|name| name.starts_with(&typed)));
        if let (Some(choice), None) = (begun.next(), begun.next()) {
            return Ok(Value::Text(choice.code.to_owned()));
        }
    }
    let vi: Vec<&str> = choices.iter().map(|c| c.label.vi).collect();
    let en: Vec<&str> = choices.iter().map(|c| c.code).collect();
    Err(Msg::new(
        format!(
            "không có giá trị «{clean}»; chọn một trong: {}",
            vi.join(", ")
        ),
        format!("there is no value “{clean}”; one of: {}", en.join(", ")),
    ))
}

/// A unit's code, with `@` and a day for the one that was valid then; whether it exists is the database's to say.
fn unit(clean: &str, today: NaiveDate) -> Result<Value, Msg> {
    let dated = match clean.split_once('@') {
        Some((code, day)) => {
            let day = date::parse(day, today).map_err(problem)?;
            format!("{}@{day}", code.trim())
        }
        None => clean.to_owned(),
    };
    let selector = UnitSelector::parse(&dated).map_err(|day| {
        Msg::new(
            format!("ngày «{day}» sau @ không đọc được"),
            format!("the date “{day}” after @ cannot be read"),
        )
    })?;
    if selector.code.is_empty() || selector.code.contains(char::is_whitespace) {
        return Err(Msg::new(
            format!("«{clean}» không phải mã đơn vị (vd. 29602 hoặc 29602@2024-01-01)"),
            format!("“{clean}” is no unit code (e.g. 29602 or 29602@2024-01-01)"),
        ));
    }
    Ok(Value::Unit(UnitRef { id: 0, code: dated }))
}

fn reference(kind: Kind, clean: &str) -> Result<Value, Msg> {
    match clean.parse::<i64>() {
        Ok(id) if id > 0 => Ok(Value::Ref(id)),
        _ if super::has_number(kind) => Err(Msg::new(
            format!("«{clean}» không phải mã số hay số trong sổ (vd. 15/2026)"),
            format!("“{clean}” is neither an id nor a number of the book (e.g. 15/2026)"),
        )),
        _ => Err(Msg::new(
            format!("«{clean}» không phải mã số"),
            format!("“{clean}” is no id"),
        )),
    }
}

/// A number of a year's book: `15/2026` is 15 of 2026.
#[must_use]
pub fn number_ref(typed: &str) -> Option<(i64, i32)> {
    let (seq, year) = typed.trim().split_once('/')?;
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(seq) || year.len() != 4 || !digits(year) {
        return None;
    }
    let seq = seq.parse().ok().filter(|n| *n > 0)?;
    Some((seq, year.parse().ok()?))
}

/// The items of a list, each once.
fn list(clean: &str) -> Value {
    items(clean.split([',', ';']))
}

/// A list of cleaned items, each once; `Null` when none is left.
pub(super) fn items<'a>(parts: impl Iterator<Item = &'a str>) -> Value {
    let mut list: Vec<String> = Vec::new();
    for part in parts {
        let item = text::clean(part);
        if !item.is_empty() && !list.contains(&item) {
            list.push(item);
        }
    }
    if list.is_empty() {
        Value::Null
    } else {
        Value::List(list)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{field, show::edit_text};
    use super::*;
    use crate::domain::number::Dec;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 12).unwrap()
    }

    fn read(kind: Kind, key: &str, typed: &str) -> Result<Value, Msg> {
        parse(field(kind, key).unwrap(), typed, today())
    }

    fn code(typed: &str) -> Value {
        Value::Text(typed.to_owned())
    }

    #[test]
    fn an_enumeration_by_code_label_short_form_or_first_letters() {
        for typed in [
            "complaint",
            "Khiếu nại",
            "khieu nai",
            "KN",
            "kn",
            "khi",
            "compl",
        ] {
            assert_eq!(
                read(Kind::Petition, "type", typed),
                Ok(code("complaint")),
                "{typed}"
            );
        }
        assert_eq!(
            read(Kind::Petition, "source", "in person"),
            Ok(code("in_person"))
        );
        assert_eq!(
            read(Kind::Petition, "outcome", "đúng"),
            Ok(code("justified"))
        );
        let refused = read(Kind::Petition, "type", "xyz").unwrap_err();
        assert!(refused.vi.contains("khiếu nại, tố cáo"), "{refused:?}");
        // two choices begin so: not unique
        assert!(read(Kind::Petition, "jurisdiction", "o").is_err());
        assert!(read(Kind::Petition, "standing", "giai quyet").is_err());
    }

    #[test]
    fn every_choice_is_read_back_by_each_of_its_names() {
        for e in super::super::ENTITIES {
            for f in e.fields {
                for choice in f.ty.choices() {
                    for name in [
                        choice.code,
                        choice.label.vi,
                        choice.label.en,
                        choice.short.vi,
                        choice.short.en,
                    ] {
                        let value = parse(f, name, today());
                        assert_eq!(
                            value,
                            Ok(code(choice.code)),
                            "{}.{} {name}",
                            e.kind.code_of(),
                            f.key
                        );
                    }
                }
            }
        }
    }

    trait CodeOf {
        fn code_of(self) -> &'static str;
    }
    impl CodeOf for Kind {
        fn code_of(self) -> &'static str {
            crate::domain::value::Code::code(self)
        }
    }

    #[test]
    fn dates_numbers_and_yes_or_no() {
        let d = |y, m, d| Ok(Value::Date(NaiveDate::from_ymd_opt(y, m, d).unwrap()));
        assert_eq!(read(Kind::Petition, "received_on", "14/3"), d(2026, 3, 14));
        assert_eq!(read(Kind::Petition, "received_on", "hn"), d(2026, 3, 12));
        assert!(read(Kind::Petition, "received_on", "31/02/2026").is_err());
        assert_eq!(
            read(Kind::Dialogue, "attendance", "1.350"),
            Ok(Value::Int(1350))
        );
        assert!(read(Kind::Petition, "signers", "0").is_err());
        assert!(read(Kind::Petition, "instance", "3").is_err());
        assert_eq!(
            read(Kind::Figure, "value", "163,4"),
            Ok(Value::Dec(Dec::new(1634, 1).unwrap()))
        );
        for (typed, value) in [
            ("có", true),
            ("x", true),
            ("1", true),
            ("không", false),
            ("no", false),
        ] {
            assert_eq!(
                read(Kind::Petition, "eligible", typed),
                Ok(Value::Bool(value))
            );
        }
        assert!(read(Kind::Petition, "eligible", "có lẽ").is_err());
    }

    #[test]
    fn texts_are_cleaned_and_bounded() {
        assert_eq!(
            read(Kind::Petition, "subject", " a\u{202e} \n b "),
            Ok(code("a b"))
        );
        assert_eq!(read(Kind::Petition, "subject", " \t "), Ok(Value::Null));
        assert_eq!(read(Kind::Petition, "content", "a\r\nb"), Ok(code("a\nb")));
        let refused = read(Kind::Petition, "subject", &"ă".repeat(301)).unwrap_err();
        assert!(refused.vi.contains("301") && refused.vi.contains("300"));
        assert!(read(Kind::Petition, "subject", &"ă".repeat(300)).is_ok());
    }

    #[test]
    fn units_references_and_lists() {
        let unit = |c: &str| {
            Ok(Value::Unit(UnitRef {
                id: 0,
                code: c.to_owned(),
            }))
        };
        assert_eq!(read(Kind::Petition, "unit", "29602"), unit("29602"));
        assert_eq!(
            read(Kind::Petition, "unit", "29602@1/1/2024"),
            unit("29602@2024-01-01")
        );
        assert!(read(Kind::Petition, "unit", "xã Long Hồ").is_err());
        assert!(read(Kind::Petition, "unit", "86@31/2").is_err());
        assert!(read(Kind::Unit, "code", "86@1").is_err());
        assert_eq!(read(Kind::Petition, "previous", "7"), Ok(Value::Ref(7)));
        assert!(read(Kind::Petition, "previous", "-7").is_err());
        assert_eq!(number_ref(" 15/2026"), Some((15, 2026)));
        assert_eq!(number_ref("15/26"), None);
        assert_eq!(number_ref("0/2026"), None);
        let tags = vec!["giảm nghèo".to_owned(), "môi trường".to_owned()];
        assert_eq!(
            read(Kind::Model, "tags", "giảm nghèo; môi trường,, giảm nghèo"),
            Ok(Value::List(tags))
        );
    }

    fn value_of(ty: Type) -> BoxedStrategy<Value> {
        let day = (-20_000_i64..80_000)
            .prop_map(|n| Value::Date(today() + chrono::Duration::days(n.clamp(-40_000, 60_000))));
        match ty {
            Type::Text | Type::LongText => "[a-zđêớ]{1,9}( [A-Zđ0-9/,.]{1,9}){0,3}"
                .prop_map(Value::Text)
                .boxed(),
            Type::Integer { min, max } => (min..=max.min(1_000_000_000_000))
                .prop_map(Value::Int)
                .boxed(),
            Type::Decimal => (-1_000_000_000_i64..1_000_000_000, 0_u8..6)
                .prop_map(|(n, s)| Value::Dec(Dec::new(n, s).unwrap()))
                .boxed(),
            Type::Boolean => any::<bool>().prop_map(Value::Bool).boxed(),
            Type::Date => day.boxed(),
            Type::Enum(choices) => proptest::sample::select(choices)
                .prop_map(|c| Value::Text(c.code.to_owned()))
                .boxed(),
            Type::Unit => "[0-9A-Z]{2,6}(@2024-01-01)?"
                .prop_map(|code| Value::Unit(UnitRef { id: 0, code }))
                .boxed(),
            Type::Ref(_) => (1_i64..1_000_000).prop_map(Value::Ref).boxed(),
            Type::List => proptest::collection::hash_set("[a-zđê]{1,9}( [a-z]{1,5})?", 1..4)
                .prop_map(|set| Value::List(set.into_iter().collect()))
                .boxed(),
        }
    }

    fn any_field() -> BoxedStrategy<(&'static Field, Value)> {
        let fields: Vec<&'static Field> = super::super::ENTITIES
            .iter()
            .flat_map(|e| e.fields)
            .collect();
        proptest::sample::select(fields)
            .prop_flat_map(|f| value_of(f.ty).prop_map(move |v| (f, v)))
            .boxed()
    }

    proptest! {
        #[test]
        fn what_a_form_shows_is_read_back((field, value) in any_field()) {
            let mut value = value;
            if let (true, Value::Text(text)) = (field.is_code(), &mut value) {
                text.retain(|ch| ch != ' ');
            }
            prop_assert_eq!(parse(field, &edit_text(field, &value), today()), Ok(value));
        }

        #[test]
        fn nothing_typed_makes_it_panic(typed in "\\PC{0,40}", n in 0_usize..200) {
            let fields: Vec<&'static Field> = super::super::ENTITIES.iter().flat_map(|e| e.fields).collect();
            let _ = parse(fields[n % fields.len()], &typed, today());
        }
    }
}
