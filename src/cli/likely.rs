//! After petitions were added: papers in the book that may be of the same matter, told on standard error.
use super::Call;
use super::out::note;
use super::tree::w;
use crate::app::duplicates::{self, Likeness};
use crate::app::{Cx, units};
use crate::domain::date;
use crate::domain::record::{Kind, Record};

/// Of a larger batch nobody would read it.
const MOST: usize = 20;

/// Names what each petition may belong to; nothing is linked by itself, and nobody is named.
pub(super) fn tell(call: &Call, cx: &Cx, added: &[Box<dyn Record>]) {
    if added.len() > MOST {
        return;
    }
    for record in added.iter().filter(|r| r.kind() == Kind::Petition) {
        // A petition that is linked already was judged by a person.
        if !record.get("duplicate_of").is_null() {
            continue;
        }
        // They are a help beside what was done; without them it is done all the same.
        let found = duplicates::likely(cx, record.as_ref()).unwrap_or_default();
        let Some(first) = found.first() else {
            continue;
        };
        let head = record.head();
        let name = head.number_text().unwrap_or_else(|| head.id.to_string());
        let title = w(call.lang, "có thể cùng vụ", "perhaps the same matter");
        note(&format!("{title} ({name}):"));
        for like in &found {
            note(&line(cx, like));
        }
        let lead = first.lead.unwrap_or(first.id);
        let how = w(call.lang, "nối bằng", "to link");
        note(&format!(
            "{how}: danvan petition step {} link --on hn --lead {lead}",
            head.id
        ));
    }
}

/// «  8/2026  20/02/2026  Xã Long Hồ  Đường liên ấp 3 hư hỏng».
fn line(cx: &Cx, like: &Likeness) -> String {
    let number = like.number.clone().unwrap_or_else(|| like.id.to_string());
    let on = like.received_on.unwrap_or_else(|| cx.today());
    let unit = like.unit.as_ref();
    let unit = unit.and_then(|unit| units::name(cx, unit.id, on).ok());
    let cells = [
        number,
        date::vi(on),
        unit.unwrap_or_default(),
        like.subject.clone(),
    ];
    let cells: Vec<String> = cells.into_iter().filter(|c| !c.is_empty()).collect();
    format!("  {}", cells.join("  "))
}
