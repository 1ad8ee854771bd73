//! Texts to read: how a deadline was counted, who changed what.

use super::actions::Host;
use super::rows::weekday;
use super::{Flow, Ui, View};
use crate::app::petitions::{self, Ground, LawChange};
use crate::app::records::AuditRow;
use crate::app::{Result, history};
use crate::catalog;
use crate::domain::date;
use crate::domain::deadline::{DayUnit, ExplainedDay, Explanation, Reason};
use crate::domain::record::Kind;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::read::Read;
use crate::tui::widget::card::Item;
use chrono::NaiveDate;
use ratatui::style::Style;

/// Opens the sum behind a petition's deadline over the screen that asks.
pub fn open<S: Host>(id: i64, ui: &mut Ui) -> Flow {
    let v = ui.view;
    ui.run(
        move |cx| {
            let found = petitions::why(cx, id)?;
            let paused = match found {
                Some(_) => None,
                None => petitions::paused(cx, id)?,
            };
            Ok((found, petitions::changed_since(cx, id)?, paused))
        },
        move |_: &mut S, found: Result<_>, ui| {
            let title = v.say(t("Vì sao hạn là ngày này?", "Why this deadline?")).to_owned();
            match found {
                Ok((Some(Ground::Rule(sum)), change, _)) => {
                    Flow::Push(Box::new(Read::new(title, sum_items(&sum, change, &v))))
                }
                Ok((None, _, Some((since, sum)))) => {
                    let title = v.say(t("Hạn đang dừng", "The clock stands still")).to_owned();
                    Flow::Push(Box::new(Read::new(title, paused_items(since, sum.as_ref(), &v))))
                }
                Ok((Some(Ground::Reply(day)), ..)) => {
                    let text = v.say(t(
                        "Hạn phúc đáp do người chuyển đơn ghi; không tính theo quy định nào.",
                        "The reply date was set when the petition was forwarded; no rule counts it.",
                    ));
                    let items = vec![
                        Item::Pair(v.say(t("Hạn", "Due")).to_owned(), full(day, v.lang), v.theme.strong()),
                        Item::Text(text.to_owned(), Style::new()),
                    ];
                    Flow::Push(Box::new(Read::new(title, items)))
                }
                Ok((None, ..)) => {
                    ui.note(v.say(t("đơn này hiện không có hạn", "this petition has no deadline now")));
                    Flow::Stay
                }
                Err(error) => {
                    ui.warn(error.text(v.lang));
                    Flow::Stay
                }
            }
        },
    );
    Flow::Stay
}

/// Of a suspended petition: since when its clock stands still, and where it would end if it went on today.
fn paused_items(since: NaiveDate, sum: Option<&Ground>, v: &View) -> Vec<Item<()>> {
    let label = v.say(t("Tạm đình chỉ từ", "Suspended since")).to_owned();
    let note = t(
        "Hạn chạy tiếp với số ngày còn lại khi giải quyết tiếp. Nếu tiếp tục hôm nay:",
        "The days that remain run on when it is resumed. If that were today:",
    );
    let mut items = vec![
        Item::Pair(label, full(since, v.lang), v.theme.strong()),
        Item::Blank,
    ];
    if let Some(Ground::Rule(sum)) = sum {
        items.push(Item::Text(v.say(note).to_owned(), Style::new()));
        items.extend(sum_items(sum, None, v));
    }
    items
}

fn full(day: NaiveDate, lang: Lang) -> String {
    format!("{} {}", date::vi(day), weekday(day, lang))
}

// Hạn      11/03/2026 thứ Tư
// Hạn để   thụ lý hay từ chối khiếu nại
// Quy định KN_ACCEPT: 10 ngày làm việc
// Căn cứ   LKN Đ27
// Từ ngày  25/02/2026 thứ Tư (không tính ngày này)
//
//  1  26/02/2026 thứ Năm
//     28/02/2026 thứ Bảy       không tính: nghỉ cuối tuần
fn sum_items(sum: &Explanation, change: Option<LawChange>, v: &View) -> Vec<Item<()>> {
    let pair = |label: crate::tui::lang::Text, value: String| {
        Item::Pair(v.say(label).to_owned(), value, Style::new())
    };
    let unit = match sum.rule.unit {
        DayUnit::Working => t("ngày làm việc", "working days"),
        DayUnit::Calendar => t("ngày", "days"),
    };
    let mut items = vec![
        Item::Pair(
            v.say(t("Hạn", "Due")).to_owned(),
            full(sum.due, v.lang),
            v.theme.strong(),
        ),
        pair(
            t("Hạn để", "Deadline to"),
            catalog::rule::label(&sum.rule.code).map_or_else(
                || sum.rule.code.clone(),
                |label| label.get(v.lang).to_owned(),
            ),
        ),
        pair(
            t("Quy định", "Rule"),
            format!("{}: {} {}", sum.rule.code, sum.rule.amount, v.say(unit)),
        ),
        pair(t("Căn cứ", "Source"), sum.rule.source.clone()),
        pair(
            t("Từ ngày", "From"),
            format!(
                "{} {}",
                full(sum.start, v.lang),
                v.say(t("(không tính ngày này)", "(not counted)"))
            ),
        ),
    ];
    items.extend(course_items(sum, v));
    if let Some(change) = change {
        items.push(Item::Blank);
        let told = change.told();
        items.push(Item::Text(told.get(v.lang).to_owned(), v.theme.soon()));
    }
    items.push(Item::Blank);
    let mut counted = 0;
    for day in &sum.days {
        if day.counted {
            counted += 1;
        }
        items.push(day_item(day, counted, v));
    }
    items
}

/// What moved the date: rolling over, suspensions, extensions, days that the office has not confirmed.
fn course_items(sum: &Explanation, v: &View) -> Vec<Item<()>> {
    let mut items = Vec::new();
    let mut pair = |label: crate::tui::lang::Text, value: String| {
        items.push(Item::Pair(v.say(label).to_owned(), value, Style::new()));
    };
    if sum.raw_due != sum.rolled_due {
        pair(t("Đếm đủ ngày", "By counting"), full(sum.raw_due, v.lang));
        let how = if sum.due == sum.rolled_due {
            t("lùi vì rơi vào ngày nghỉ", "moved: it fell on a day off")
        } else {
            t("cơ quan không lùi", "this office does not move it")
        };
        pair(
            t("Ngày làm việc kế", "Next working day"),
            format!("{} ({})", full(sum.rolled_due, v.lang), v.say(how)),
        );
    }
    for pause in &sum.pauses {
        let to = pause.to.map_or_else(|| "…".to_owned(), date::vi);
        pair(
            t("Tạm đình chỉ", "Suspended"),
            format!("{} – {to}", date::vi(pause.from)),
        );
    }
    for more in &sum.extensions {
        let mut text = match v.lang {
            Lang::Vi => format!("{} ngày", more.days),
            Lang::En => format!("{} days", more.days),
        };
        text.push_str(&format!(
            ": {} → {}",
            date::vi(more.from),
            date::vi(more.due)
        ));
        if let Some(document) = &more.document {
            text.push_str(&format!(" ({document})"));
        }
        pair(t("Gia hạn", "Extended"), text);
    }
    if sum.provisional() {
        let days = sum.unconfirmed.iter().map(|day| date::vi(*day));
        let years = sum.unconfirmed_years.iter().map(ToString::to_string);
        let which: Vec<String> = years.chain(days).collect();
        items.push(Item::Pair(
            v.say(t("Lịch chưa xác nhận", "Not confirmed")).to_owned(),
            which.join(", "),
            v.theme.soon(),
        ));
    }
    items
}

fn day_item(day: &ExplainedDay, counted: u32, v: &View) -> Item<()> {
    let date = full(day.date, v.lang);
    if day.counted {
        return Item::Text(format!("{counted:>4}  {date}"), Style::new());
    }
    let why = match &day.reason {
        Some(Reason::Weekend) => v.say(t("nghỉ cuối tuần", "weekend")).to_owned(),
        Some(Reason::DayOff(name)) => name.clone(),
        Some(Reason::RolledOver) => v
            .say(t("dời sang ngày làm việc", "moved to a working day"))
            .to_owned(),
        Some(Reason::Suspended) => v.say(t("tạm đình chỉ", "suspended")).to_owned(),
        None => String::new(),
    };
    let not = v.say(t("không tính", "not counted"));
    Item::Text(format!("      {date:<22}{not}: {why}"), v.theme.dim())
}

/// The history of a record, the newest change first.
pub fn history_items(kind: Kind, rows: &[AuditRow], v: &View) -> Vec<Item<()>> {
    let mut items = Vec::new();
    for row in rows.iter().rev() {
        let told = history::told(kind, row, v.lang);
        let at = history::moment(&row.at);
        items.push(Item::Text(
            format!("{at}  {}  {}", row.who, told.what),
            v.theme.strong(),
        ));
        if let Some(change) = told.change {
            items.push(Item::Text(format!("    {change}"), Style::new()));
        }
        if let Some(why) = told.why {
            items.push(Item::Text(
                format!("    {} {why}", v.say(t("lý do:", "reason:"))),
                Style::new(),
            ));
        }
    }
    items
}
