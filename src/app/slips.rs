//! Slips in what was typed into a form or given to the shell: which fields look wrong, in words, and what was meant.
use crate::catalog::{self, Field, Type};
use crate::domain::record::Kind;
use crate::domain::slip::{self, Doubt, Slip};
use crate::domain::words::{Msg, Text};
use crate::domain::{date, number};
use chrono::NaiveDate;

/// A slip with the field it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubtful {
    /// Key of the field.
    pub field: &'static str,
    /// What the field is called.
    pub label: Text,
    /// What looks wrong, in words.
    pub what: Msg,
    /// The text that stands there.
    pub text: String,
    /// The text that was probably meant, where that is certain enough to be offered.
    pub fix: Option<String>,
}

/// Fields that hold a person's name.
const NAMES: &[&str] = &[
    "petitioner",
    "visitor",
    "asker",
    "officer",
    "receiver",
    "chair",
    "secretary",
    "assessed_by",
    "answered_by",
];
/// Fields that hold the number of a paper.
const NUMBERS: &[&str] = &[
    "document",
    "forward_document",
    "receipt_no",
    "decision_no",
    "minutes_no",
    "plan_document",
    "sealed_file",
];

/// The slips in these texts, one a field at most, in the order given. Texts that hold no value of their field's type
/// are no slips: their rule refuses them.
#[must_use]
pub fn find(kind: Kind, texts: &[(&'static Field, String)], today: NaiveDate) -> Vec<Doubtful> {
    let day = |key: &str| {
        let (_, text) = texts.iter().find(|(field, _)| field.key == key)?;
        date::parse(text, today).ok()
    };
    let paper = (day("written_on"), day("received_on"));
    let mut found = Vec::new();
    for (field, text) in texts {
        let slip = match (field.key, paper) {
            _ if text.trim().is_empty() => None,
            ("written_on", (Some(written), Some(received)))
                if slip::old_paper(written, received).is_some() =>
            {
                slip::old_paper(written, received)
            }
            _ => in_field(kind, field, text, today),
        };
        if let Some(slip) = slip {
            found.push(Doubtful {
                field: field.key,
                label: field.label,
                what: words(&slip),
                text: text.clone(),
                fix: slip.fix,
            });
        }
    }
    found
}

fn in_field(kind: Kind, field: &Field, text: &str, today: NaiveDate) -> Option<Slip> {
    match field.ty {
        // A unit may have been there since 1945.
        Type::Date if kind != Kind::Unit => {
            let happened = super::rules::past_date(kind) == Some(field.key);
            let span = if happened {
                slip::HAPPENED
            } else {
                slip::ANY_DAY
            };
            slip::far_day(date::parse(text, today).ok()?, today, span)
        }
        Type::Decimal => slip::thousands(text),
        Type::Unit => slip::letter_for_digit(text),
        Type::Text if field.is_code() || NUMBERS.contains(&field.key) => {
            slip::look_alikes(text).or_else(|| slip::letter_for_digit(text))
        }
        Type::Text | Type::LongText | Type::List => {
            let named = NAMES.contains(&field.key);
            let odd = slip::look_alikes(text).or_else(|| slip::legacy_font(text));
            let odd = odd.or_else(|| slip::lost_zero(text, field.personal()));
            match field.ty {
                Type::Text if named => odd.or_else(|| slip::name(text)),
                Type::Text => odd.or_else(|| slip::shouted(text)),
                _ => odd,
            }
        }
        _ => None,
    }
}

/// What looks wrong, in words.
fn words(slip: &Slip) -> Msg {
    let seen = &slip.seen;
    let (vi, en) = match slip.doubt {
        Doubt::FarAhead(years) => (
            format!("{seen} còn hơn {years} năm nữa mới tới"),
            format!("{seen} is more than {years} years ahead"),
        ),
        Doubt::LongAgo(years) => (
            format!("{seen} đã qua {years} năm"),
            format!("{seen} is {years} years ago"),
        ),
        Doubt::OldPaper => (
            format!("{seen} trước ngày nhận hơn một năm"),
            format!("{seen} is more than a year before receipt"),
        ),
        Doubt::Capitals => ("viết hoa toàn bộ".into(), "all in capitals".into()),
        Doubt::SmallName => (
            "họ tên viết chữ thường".into(),
            "a name without capitals".into(),
        ),
        Doubt::MixedCase => (
            "chữ hoa không đúng chỗ".into(),
            "capitals in the wrong place".into(),
        ),
        Doubt::LostZero => (
            format!("{seen} có vẻ thiếu số 0 ở đầu"),
            format!("{seen} seems to lack its leading 0"),
        ),
        Doubt::Thousands => return thousands_words(seen),
        Doubt::LookAlike => (
            format!("«{seen}» có chữ của bảng chữ cái khác, chỉ trông giống"),
            format!("“{seen}” has letters of another script that only look alike"),
        ),
        Doubt::LetterForDigit => (
            format!("«{seen}» có chữ l, I hoặc O ở chỗ của số"),
            format!("“{seen}” has a letter l, I or O for a digit"),
        ),
        Doubt::LegacyFont => (
            format!("«{seen}» là chữ của phông cũ (TCVN3, VNI) chưa chuyển mã"),
            format!("“{seen}” is text of an old font (TCVN3, VNI), not converted"),
        ),
    };
    Msg::new(vi, en)
}

/// «1.35 hiểu là 1,35; nếu là 1.350 thì ghi đủ số 0».
fn thousands_words(seen: &str) -> Msg {
    let read = number::parse_dec(seen).map_or_else(|_| seen.to_owned(), number::vi_dec);
    let padded = seen
        .split_once('.')
        .map_or_else(String::new, |(whole, rest)| format!("{whole}.{rest:0<3}"));
    Msg::new(
        format!("{seen} được hiểu là {read}; nếu là {padded} thì ghi đủ số 0"),
        format!("{seen} is read as {read}; for {padded} write its zeros"),
    )
}

/// The fields of a form's record as texts, for [`find`].
#[must_use]
pub fn texts_of(
    kind: Kind,
    fields: &[(&'static str, crate::domain::value::Value)],
) -> Vec<(&'static Field, String)> {
    let known = fields
        .iter()
        .filter_map(|(key, value)| Some((catalog::field(kind, key)?, value)));
    known
        .map(|(field, value)| (field, catalog::show::edit_text(field, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn slips(kind: Kind, fields: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let texts: Vec<_> = fields
            .iter()
            .map(|(key, text)| (catalog::field(kind, key).unwrap(), (*text).to_owned()))
            .collect();
        let found = find(kind, &texts, "2026-03-12".parse().unwrap());
        found
            .into_iter()
            .map(|d| (format!("{}: {}", d.label.vi, d.what.vi), d.fix))
            .collect()
    }

    #[test]
    fn each_field_is_judged_as_what_it_holds() {
        let found = slips(
            Kind::Petition,
            &[
                ("received_on", "08/01/2026"),
                ("written_on", "05/01/2025"),
                ("petitioner", "LÊ THỊ BÔNG"),
                ("address", "ấp 3, 912345678"),
                ("subject", "Đường liên ấp hư hỏng"),
                ("forward_document", "l5/CV"),
                ("note", "Nguyeãn Vaên"),
                ("unit", "296O2"),
            ],
        );
        let fixes: Vec<&str> = found
            .iter()
            .map(|(_, fix)| fix.as_deref().unwrap_or("-"))
            .collect();
        assert_eq!(
            fixes,
            [
                "05/01/2026",
                "Lê Thị Bông",
                "ấp 3, 0912345678",
                "15/CV",
                "Nguyễn Văn",
                "29602"
            ]
        );
        assert_eq!(found[1].0, "Người gửi: viết hoa toàn bộ");
    }

    #[test]
    fn what_is_rightly_so_is_not_asked_about() {
        assert!(slips(Kind::Unit, &[("valid_from", "02/09/1945")]).is_empty());
        assert!(
            slips(
                Kind::Model,
                &[("ends_on", "31/12/2030"), ("registrant_name", "HỘI LHPN")]
            )
            .is_empty()
        );
        assert!(slips(Kind::Petition, &[("received_on", "31/02"), ("unit", "")]).is_empty());
        let found = slips(Kind::Figure, &[("value", "1.35"), ("denominator", "1.350")]);
        assert_eq!(
            found,
            [(
                "Số liệu: 1.35 được hiểu là 1,35; nếu là 1.350 thì ghi đủ số 0".to_owned(),
                None
            )]
        );
    }
}
