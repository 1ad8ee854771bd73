//! What looks like a slip in what the shell was given: saved all the same, and told on stderr.
use super::Call;
use super::out::note;
use super::tree::w;
use crate::app::records::NewRecord;
use crate::app::slips::{self, Doubtful};
use crate::catalog::{self, Field, show};
use crate::domain::record::{Kind, Record};
use crate::domain::words::Lang;
use chrono::NaiveDate;

/// Most slips that are told one by one.
const MOST: usize = 10;

/// Tells the slips in the fields given; of an edit, a paper's day is held against the record's day of receipt.
pub(super) fn told(
    call: &Call,
    kind: Kind,
    record: Option<&dyn Record>,
    given: &[(&'static Field, String)],
    today: NaiveDate,
) {
    let mut texts = given.to_vec();
    let day = catalog::field(kind, catalog::entity(kind).date_field);
    if let (Some(record), Some(field)) = (record, day)
        && !given.iter().any(|(of, _)| of.key == field.key)
    {
        texts.push((field, show::edit_text(field, &record.get(field.key))));
    }
    let mut found = slips::find(kind, &texts, today);
    found.retain(|slip| given.iter().any(|(field, _)| field.key == slip.field));
    for slip in &found {
        note(&line(slip, call.lang));
    }
}

/// The same for records of a file, each with its row; after the first ones only how many more there are.
pub(super) fn told_of_rows(call: &Call, kind: Kind, rows: &[NewRecord], today: NaiveDate) {
    let mut told = 0;
    for (at, row) in rows.iter().enumerate() {
        let texts = slips::texts_of(kind, &row.fields);
        for slip in slips::find(kind, &texts, today) {
            told += 1;
            if told <= MOST {
                let row = w(call.lang, "dòng", "row");
                note(&format!("{row} {}: {}", at + 1, line(&slip, call.lang)));
            }
        }
    }
    if told > MOST {
        let more = told - MOST;
        call.say(
            &format!("… và {more} chỗ khác có vẻ nhầm"),
            &format!("… and {more} more that look wrong"),
        );
    }
}

/// «có vẻ nhầm — Người gửi: viết hoa toàn bộ; có phải «Lê Thị Bông»?».
fn line(slip: &Doubtful, lang: Lang) -> String {
    let (label, what) = (slip.label.get(lang), slip.what.get(lang));
    let head = w(lang, "có vẻ nhầm", "looks wrong");
    let key = slip.field;
    match &slip.fix {
        Some(fix) => {
            let meant = w(lang, "có phải", "perhaps");
            format!("{head} — {label} ({key}): {what}; {meant} «{fix}»?")
        }
        None => format!("{head} — {label} ({key}): {what}"),
    }
}
