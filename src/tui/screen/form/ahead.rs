//! What saving a new petition would mean: the deadline it will have, and the papers of the same matter that are in the
//! book already. Asked for when a field is left, shown under the fields; nothing is linked that was not chosen.
//!
//! ```text
//! ── có thể cùng vụ ────────────────────────────────────────────────────────────
//!  8/2026   20/02  Xã Long Hồ     Đường liên ấp 3 hư hỏng           Alt-1 nối
//!   Hạn  02/04/2026 thứ Năm   15 ngày làm việc (quy định của cơ quan): trả lời kiến nghị, phản ánh
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::FormScreen;
use super::input::Input;
use crate::app::duplicates::{self, Likeness};
use crate::app::petitions::{self, Ground};
use crate::app::{Cx, records, units};
use crate::catalog::{self, Field, show};
use crate::domain::date;
use crate::domain::deadline::DayUnit;
use crate::domain::petition::Stage;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::frame;
use crate::tui::screen::rows::{NUMBER, weekday};
use crate::tui::screen::{Flow, Ui, View};
use crate::tui::widget::paint::{cut, left, put, width};

/// The fields from which the deadline follows and by which papers of one matter are known.
const TELLING: &[&str] = &[
    "received_on",
    "type",
    "instance",
    "source",
    "complex",
    "very_complex",
    "remote",
    "unit",
    "field",
    "petitioner",
    "subject",
    "content",
];

/// A paper that may be of the same matter: enough to decide, never who wrote it.
#[derive(Clone, Debug, PartialEq)]
struct Candidate {
    /// The first paper of its matter, to which a link leads.
    lead: i64,
    number: String,
    day: String,
    unit: String,
    subject: String,
}

/// What is known of saving the form as it stands.
#[derive(Default)]
pub(super) struct Ahead {
    found: Vec<Candidate>,
    /// The matter that saving links to.
    lead: Option<i64>,
    due: String,
}

impl Ahead {
    /// How many papers are shown.
    pub(super) fn many(&self) -> usize {
        self.found.len()
    }

    /// The first paper of the matter that saving links to.
    pub(super) fn lead(&self) -> Option<i64> {
        self.lead
    }

    /// Takes up the link that a draft was left with, if its matter is still there.
    pub(super) fn relink(&mut self, cx: &Cx, lead: Option<i64>, v: &View) {
        let found = lead.and_then(|id| records::get(cx, Kind::Petition, id).ok());
        let Some(record) = found.filter(|record| !record.head().deleted) else {
            return;
        };
        let day = record.get("received_on");
        let unit = record.get("unit");
        let stays = candidate(
            cx,
            Likeness {
                id: record.head().id,
                number: record.head().number_text(),
                received_on: match day {
                    Value::Date(on) => Some(on),
                    _ => None,
                },
                unit: match unit {
                    Value::Unit(unit) => Some(unit),
                    _ => None,
                },
                subject: records::title(record.as_ref(), v.lang),
                stage: Stage::Received,
                score: 0,
                lead: None,
            },
            v,
        );
        self.lead = Some(stays.lead);
        self.found = vec![stays];
    }

    /// The number of that paper.
    pub(super) fn lead_number(&self) -> Option<&str> {
        let lead = self.lead?;
        let found = self.found.iter().find(|like| like.lead == lead)?;
        Some(&found.number)
    }
}

impl FormScreen {
    fn looks_ahead(&self) -> bool {
        self.kind == Kind::Petition && self.is_entry()
    }

    /// Asks what saving would mean, after the field `at` was left, or for the form as a whole.
    pub(super) fn look_ahead(&self, at: Option<usize>, ui: &mut Ui) {
        let telling = |at: usize| {
            self.inputs
                .get(at)
                .is_some_and(|input| TELLING.contains(&input.field.key))
        };
        if !self.looks_ahead() || at.is_some_and(|at| !telling(at)) {
            return;
        }
        let texts: Vec<(&'static Field, String)> = self
            .visible()
            .into_iter()
            .filter_map(|at| self.inputs.get(at))
            .filter(|input| TELLING.contains(&input.field.key) && !input.text().is_empty())
            .map(|input: &Input| (input.field, input.text()))
            .collect();
        let v = ui.view;
        ui.search(
            move |cx| foresee(cx, &texts, &v),
            |form: &mut FormScreen, (due, found): (String, Vec<Candidate>), _| {
                form.ahead.due = due;
                form.offer(found);
                Flow::Stay
            },
        );
    }

    /// Shows other candidates; the one that was chosen stays.
    fn offer(&mut self, mut found: Vec<Candidate>) {
        let chosen = self.ahead.lead;
        let stays = self
            .ahead
            .found
            .iter()
            .find(|like| Some(like.lead) == chosen);
        if let Some(stays) = stays
            && !found.iter().any(|like| like.lead == stays.lead)
        {
            found.insert(0, stays.clone());
            found.truncate(3);
        }
        self.ahead.found = found;
    }

    /// Links to a matter when the form is saved, or no more.
    pub(super) fn switch_link(&mut self, n: u8, ui: &mut Ui) {
        let at = usize::from(n).saturating_sub(1);
        let Some(like) = self.ahead.found.get(at) else {
            ui.note(ui.say(t(
                "không có đơn nào ở số này",
                "no petition has this number here",
            )));
            return;
        };
        let (lead, number) = (like.lead, like.number.clone());
        let linked = self.ahead.lead == Some(lead);
        self.ahead.lead = (!linked).then_some(lead);
        self.keep(ui);
        if linked {
            ui.note(ui.say(t("không nối nữa", "it will not be linked")));
            return;
        }
        ui.note(match ui.view.lang {
            Lang::Vi => format!("khi lưu sẽ nối vào vụ việc của đơn {number}"),
            Lang::En => format!("saving links it to the matter of {number}"),
        });
    }

    /// How many lines the foot takes of `high`.
    pub(super) fn foot_height(&self, high: u16) -> u16 {
        if !self.looks_ahead() || high < 6 {
            return 0;
        }
        let many = u16::try_from(self.ahead.many()).unwrap_or(0);
        let all = if many == 0 { 1 } else { many + 2 };
        if all + 6 <= high { all } else { 1 }
    }

    /// Draws what saving would mean.
    pub(super) fn draw_foot(&self, f: &mut Frame, area: Rect, v: &View) {
        let Some(last) = area.height.checked_sub(1) else {
            return;
        };
        let due = cut(&self.ahead.due, area.width.saturating_sub(3), v.theme);
        put(f, area, 2, last, &due, Style::new());
        if last == 0 {
            return;
        }
        let room = Rect {
            height: last,
            ..area
        };
        let title = v.say(t("có thể cùng vụ", "perhaps the same matter"));
        let inner = frame::open(f, room, (room.width, room.height), title, v);
        let unit_room = 20.min(inner.width / 4);
        for (y, like) in (0..inner.height).zip(&self.ahead.found) {
            let linked = self.ahead.lead == Some(like.lead);
            let key = if linked {
                v.say(t("sẽ nối", "to be linked")).to_owned()
            } else {
                format!("Alt-{} {}", y + 1, v.say(t("nối", "link")))
            };
            let style = if linked {
                v.theme.accent()
            } else {
                Style::new()
            };
            let head = format!(
                "{} {} {} ",
                left(&like.number, NUMBER.max(width(&like.number)), v.theme),
                left(&like.day, 8, v.theme),
                left(&like.unit, unit_room, v.theme)
            );
            let (x, end) = (width(&head), inner.width.saturating_sub(width(&key)));
            put(f, inner, 0, y, &head, style);
            let subject = cut(&like.subject, end.saturating_sub(x + 1), v.theme);
            put(f, inner, x, y, &subject, style);
            let style = if linked { style } else { v.theme.dim() };
            put(f, inner, end, y, &key, style);
        }
    }
}

fn foresee(cx: &Cx, texts: &[(&'static Field, String)], v: &View) -> (String, Vec<Candidate>) {
    // What cannot be read yet says nothing; the field itself says why.
    let fields: Vec<(&'static str, Value)> = texts
        .iter()
        .filter_map(|(field, text)| Some((field.key, records::value(cx, field, text).ok()?)))
        .collect();
    let record = records::draft(Kind::Petition, &fields, v.today);
    let due = petitions::foresee(cx, record.as_ref());
    let due = due.map_or_else(String::new, |ground| due_words(&ground, v.lang));
    let found = duplicates::likely(cx, record.as_ref()).unwrap_or_default();
    let mut likely: Vec<Candidate> = Vec::new();
    for like in found {
        let shown = candidate(cx, like, v);
        // Papers of one matter are offered once, by the likeliest of them.
        if !likely.iter().any(|known| known.lead == shown.lead) {
            likely.push(shown);
        }
    }
    (due, likely)
}

fn candidate(cx: &Cx, like: Likeness, v: &View) -> Candidate {
    let on = like.received_on.unwrap_or(v.today);
    let unit = like.unit.and_then(|unit| units::name(cx, unit.id, on).ok());
    let day = catalog::field(Kind::Petition, "received_on")
        .zip(like.received_on)
        .map(|(field, on)| show::show_cell(field, &Value::Date(on), v.lang, v.today));
    Candidate {
        lead: like.lead.unwrap_or(like.id),
        number: like.number.unwrap_or_else(|| like.id.to_string()),
        day: day.unwrap_or_default(),
        unit: unit.unwrap_or_default(),
        subject: like.subject,
    }
}

/// «Hạn  12/03/2026 thứ Năm   10 ngày (LKN Đ27): thụ lý hay từ chối khiếu nại».
fn due_words(ground: &Ground, lang: Lang) -> String {
    let due = ground.due();
    let day = format!(
        "{}  {} {}",
        t("Hạn", "Due").get(lang),
        date::vi(due),
        weekday(due, lang)
    );
    let Ground::Rule(sum) = ground else {
        return day;
    };
    let unit = match sum.rule.unit {
        DayUnit::Working => t("ngày làm việc", "working days"),
        DayUnit::Calendar => t("ngày", "days"),
    };
    // The articles; what a source says further stands behind «vì sao?».
    let source = sum.rule.source.split(['(', ':']).next();
    let source = source.unwrap_or_default().trim();
    let what = catalog::rule::label(&sum.rule.code).map_or("", |label| label.get(lang));
    format!(
        "{day}   {} {} ({}): {what}",
        sum.rule.amount,
        unit.get(lang),
        source
    )
}
