//! Work that is due as an iCalendar file (RFC 5545), so that any calendar shows it.
use super::{DueItem, OPINION_RULE};
use crate::app::error::unwritten;
use crate::app::petitions::REPLY_RULE;
use crate::app::{Cx, Error, Result, upkeep};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Msg;
use chrono::{DateTime, NaiveDate, Utc};
use std::io::Write;
use std::path::Path;

/// Longest line in bytes, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// Adds a content line, folded between characters.
fn line(out: &mut String, text: &str) {
    let mut room = LINE;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            // The space that begins the next line counts.
            room = LINE - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

/// Escapes a text value (RFC 5545, 3.3.11).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn day(date: NaiveDate) -> String {
    date.format("%Y%m%d").to_string()
}

fn summary(item: &DueItem) -> String {
    let what = match (item.kind, item.rule.as_deref()) {
        (Kind::Opinion, _) => "Ý kiến đối thoại",
        (Kind::Dialogue, _) => "Đối thoại",
        (_, Some(REPLY_RULE)) => "Chờ phúc đáp đơn",
        _ => "Hạn đơn",
    };
    match &item.number {
        Some(number) => format!("{what} {number}: {}", item.title),
        None => format!("{what}: {}", item.title),
    }
}

/// Writes the text to a file: whole or not at all.
///
/// # Errors
/// A file that exists and is not to be replaced, or a folder that cannot be written.
pub fn save(path: &Path, text: &str, replace: bool) -> Result<()> {
    upkeep::keep_off(path)?;
    let name = path.display();
    if !replace && path.symlink_metadata().is_ok() {
        return Err(Error::refused(Msg::new(
            format!("Tệp {name} đã có; thêm --yes để thay."),
            format!("{name} exists; add --yes to replace it."),
        )));
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        std::fs::rename(&part, path)
    };
    write().map_err(|e| {
        // Nothing half written stays; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&part);
        unwritten(path, &e)
    })
}

/// The work as all-day events, one for each piece; its identity stays when the deadline moves.
#[must_use]
pub fn ics(cx: &Cx, items: &[DueItem]) -> String {
    let stamp = DateTime::parse_from_rfc3339(&cx.stamp()).map_or_else(
        |_| format!("{}T000000Z", day(cx.today())),
        |at| at.with_timezone(&Utc).format("%Y%m%dT%H%M%SZ").to_string(),
    );
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//danvan//danvan//VI");
    line(&mut out, "CALSCALE:GREGORIAN");
    for item in items {
        let ends = item.due_on.succ_opt().unwrap_or(item.due_on);
        line(&mut out, "BEGIN:VEVENT");
        let uid = format!("UID:{}-{}@danvan", item.kind.code(), item.id);
        line(&mut out, &uid);
        line(&mut out, &format!("DTSTAMP:{stamp}"));
        line(
            &mut out,
            &format!("DTSTART;VALUE=DATE:{}", day(item.due_on)),
        );
        line(&mut out, &format!("DTEND;VALUE=DATE:{}", day(ends)));
        line(&mut out, &format!("SUMMARY:{}", escape(&summary(item))));
        let shown = |rule: &&String| ![REPLY_RULE, OPINION_RULE].contains(&rule.as_str());
        if let Some(rule) = item.rule.as_ref().filter(shown) {
            line(&mut out, &format!("DESCRIPTION:{}", escape(rule)));
        }
        line(&mut out, "TRANSP:TRANSPARENT");
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::app::due::{DueQuery, Sort, agenda, count, list, scope_counts};
    use crate::app::records::{self, NewRecord};
    use crate::domain::value::Value;

    fn d(s: &str) -> NaiveDate {
        NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap()
    }

    fn world() -> Cx {
        let mut cx = Cx::in_memory(d("2026-07-08"), std::path::Path::new("/nonexistent")).unwrap();
        let text = |s: &str| Value::Text(s.into());
        let mut add = |kind, fields: &[(&'static str, Value)], opinions| {
            let new = NewRecord {
                fields: fields.to_vec(),
                opinions,
                ..NewRecord::default()
            };
            records::add(&mut cx, kind, &[new]).unwrap();
        };
        for (on, officer) in [
            ("2026-06-01", "Lê Thử"),
            ("2026-07-01", "Lê Thử"),
            ("2026-07-08", "Võ Mẫu"),
        ] {
            let fields = [
                ("received_on", Value::Date(d(on))),
                ("type", text("complaint")),
                (
                    "subject",
                    text(
                        "Đường liên xã; cầu, cống bị hư hỏng đã lâu, người dân phải đi vòng rất xa",
                    ),
                ),
                ("officer", text(officer)),
            ];
            add(Kind::Petition, &fields, Vec::new());
        }
        let meeting = [
            ("held_on", Value::Date(d("2026-07-09"))),
            ("topic", text("Nước sạch")),
        ];
        let opinion = vec![
            ("content", text("Ống nước")),
            ("due_on", Value::Date(d("2026-07-20"))),
        ];
        add(Kind::Dialogue, &meeting, vec![opinion]);
        cx
    }

    #[test]
    fn days_and_weeks() {
        let cx = world();
        let all = DueQuery::default();
        let found = agenda(&cx, &all, d("2026-07-06"), d("2026-07-31")).unwrap();
        assert_eq!(found.earlier.len(), 1);
        assert_eq!(found.counts.all(), 4);
        assert_eq!((found.counts.dialogues, found.counts.commitments), (1, 1));
        let weeks: Vec<_> = found
            .weeks
            .iter()
            .map(|w| (w.week, w.counts.all()))
            .collect();
        assert_eq!(weeks, [((2026, 28), 2), ((2026, 29), 1), ((2026, 30), 1)]);
        assert_eq!(found.weeks[0].from, d("2026-07-06"));
        assert_eq!(found.weeks[0].to, d("2026-07-12"));
        let days: Vec<_> = found.weeks[0].days.iter().map(|day| day.date).collect();
        assert_eq!(days, [d("2026-07-09"), d("2026-07-10")]);
        assert_eq!(found.weeks[0].days[0].items[0].sort, Sort::Dialogue);
        let mine = DueQuery {
            officer: Some("Lê Thử".into()),
            ..all.clone()
        };
        let found = agenda(&cx, &mine, d("2026-07-06"), d("2026-07-31")).unwrap();
        assert_eq!((found.earlier.len(), found.counts.all()), (1, 1));
        assert_eq!(count(&cx, &mine).unwrap(), list(&cx, &mine).unwrap().len());
        let counts = scope_counts(&cx, &mine, "Võ Mẫu", &[]).unwrap();
        assert_eq!((counts.mine, counts.unit, counts.all), (1, 4, 4));
    }

    #[test]
    fn an_icalendar_file() {
        let cx = world();
        let items = list(&cx, &DueQuery::default()).unwrap();
        let text = ics(&cx, &items);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(
            text.split("\r\n")
                .all(|l| l.len() <= LINE && !l.contains('\n'))
        );
        assert!(text.lines().any(|l| l.starts_with(' ')));
        let unfolded = text.replace("\r\n ", "");
        assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), items.len());
        assert!(
            unfolded.contains("SUMMARY:Hạn đơn 1/2026: Đường liên xã\\; cầu\\, cống"),
            "{unfolded}"
        );
        assert!(unfolded.contains("UID:petition-2@danvan"));
        assert!(unfolded.contains("DTSTART;VALUE=DATE:20260710\r\nDTEND;VALUE=DATE:20260711"));
        assert!(unfolded.contains("DTSTAMP:202607"));
        assert_eq!(escape("a\u{7}b\nc\\"), "ab\\nc\\\\");
    }
}
