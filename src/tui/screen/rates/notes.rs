//! What stands under a table of rates: what was carried over and forward, how long it took, what was reported.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Data;
use super::words::{inside, percent};
use crate::app::history::moment;
use crate::app::rates::{DayStats, Figure};
use crate::catalog::rate::{part_label, withdrawn_note};
use crate::domain::number::vi_int;
use crate::domain::rate::{Measure, Part};
use crate::tui::command::{Command, Row, row};
use crate::tui::lang::{Lang, t};
use crate::tui::screen::View;
use crate::tui::widget::paint::{cursor, put, width};

/// Where the figures under the table begin: in one column with its rows.
const MARGIN: u16 = 2;

/// The notes, a line each.
pub(super) fn of(data: &Data, v: &View) -> Vec<String> {
    let table = &data.table;
    let mut facts = Vec::new();
    if let Some(days) = &table.total.days {
        facts.push(how_long(days, v));
    }
    if table.query.measure == Measure::Resolution {
        let note = withdrawn_note(table.withdrawn).get(v.lang);
        let change = v.say(t("đổi", "changes"));
        facts.push(format!("{note} ({} {change})", key(Command::Withdrawn)));
    }
    let mut notes = Vec::new();
    if !facts.is_empty() {
        notes.push(facts.join(v.theme.dot()));
    }
    notes.extend(reported_and_now(data, v));
    notes
}

/// The key of a command, as the bottom line names it.
fn key(command: Command) -> String {
    row(command).map(Row::key_label).unwrap_or_default()
}

/// «trung vị 12,5 ngày, 90% trong 30 ngày».
pub(super) fn how_long(days: &DayStats, v: &View) -> String {
    let median = days.median_vi();
    let most = vi_int(days.p90);
    match v.lang {
        Lang::Vi => format!("trung vị {median} ngày, 90% trong {most} ngày"),
        Lang::En => format!("median {median} days, 90% within {most} days"),
    }
}

/// What was reported of the period, where it was kept: over all units, whatever is shown now.
pub(super) fn reported(data: &Data, v: &View) -> Option<String> {
    let kept = data.kept.as_ref()?;
    let rate = percent(kept.num, kept.den);
    let figures = format!("{} / {} = {rate}", vi_int(kept.num), vi_int(kept.den));
    let (at, who) = (moment(&kept.period.at), &kept.period.who);
    let told = match v.lang {
        Lang::Vi => format!("đã chốt lúc {at} ({who}): {figures}"),
        Lang::En => format!("kept as reported at {at} ({who}): {figures}"),
    };
    Some(told)
}

/// The same with the key that shows what differs now.
fn reported_and_now(data: &Data, v: &View) -> Option<String> {
    let (kept, mut text) = (data.kept.as_ref()?, reported(data, v)?);
    let total = &data.table.total;
    let same_ground =
        data.table.query.units.is_empty() && kept.period.withdrawn == data.table.withdrawn;
    if same_ground && (kept.num, kept.den) != (total.num.count, total.den.count) {
        text.push_str(v.theme.dot());
        let differs = v.say(t("nay khác: phím", "differs now: key"));
        text.push_str(&format!("{differs} {}", key(Command::Frozen)));
    }
    Some(text)
}

/// The figures under the table that open their rows, in their order.
pub(super) fn figures(data: &Data) -> Vec<(Part, &Figure)> {
    let mut found = Vec::new();
    if let Some(balance) = &data.balance {
        found.extend([
            (Part::Opening, &balance.opening),
            (Part::New, &balance.new),
            (Part::Ended, &balance.handled),
            (Part::Closing, &balance.closing),
        ]);
    }
    found.extend(
        data.table
            .suspended
            .as_ref()
            .map(|figure| (Part::Suspended, figure)),
    );
    found
}

/// One of those figures on the line: what stands before it, what it is called, its number.
struct Piece {
    part: Part,
    before: &'static str,
    text: String,
    number: String,
    /// Line and column within the foot.
    at: (u16, u16),
}

/// «tồn đầu 12 + mới 30 = đã xong 25 + tồn cuối 17 · đang tạm đình chỉ 2», on as many lines as it needs.
fn pieces(data: &Data, room: u16, v: &View) -> Vec<Piece> {
    let (mut x, mut y) = (MARGIN, 0);
    let mut pieces = Vec::new();
    for (part, figure) in figures(data) {
        let label = match part {
            Part::Opening => v.say(t("tồn đầu", "opening")).to_owned(),
            Part::New => v.say(t("mới", "new")).to_owned(),
            Part::Ended => v.say(t("đã xong", "ended")).to_owned(),
            Part::Closing => v.say(t("tồn cuối", "closing")).to_owned(),
            _ => inside(part_label(data.table.query.measure, part).get(v.lang)),
        };
        let before = match part {
            Part::New | Part::Closing => " + ",
            Part::Ended => " = ",
            Part::Suspended if data.balance.is_some() => v.theme.dot(),
            _ => "",
        };
        let number = vi_int(figure.count);
        let wide = width(before) + width(&label) + 1 + width(&number);
        if x > MARGIN && x + wide > room {
            (x, y) = (MARGIN, y + 1);
        }
        let before = if x == MARGIN {
            before.trim_start()
        } else {
            before
        };
        pieces.push(Piece {
            part,
            before,
            text: format!("{label} "),
            number,
            at: (y, x),
        });
        x += wide;
    }
    pieces
}

/// How many lines the figures under the table take.
pub(super) fn height(data: &Data, room: u16, v: &View) -> u16 {
    pieces(data, room, v)
        .last()
        .map_or(0, |piece| piece.at.0 + 1)
}

/// Draws the figures under the table from line `y` on; `selected` is the one that is selected, if one is.
pub(super) fn draw(
    f: &mut Frame,
    area: Rect,
    y: u16,
    data: &Data,
    selected: Option<Part>,
    v: &View,
) {
    for piece in pieces(data, area.width, v) {
        let (line, x) = (y + piece.at.0, piece.at.1);
        let text = format!("{}{}", piece.before, piece.text);
        put(f, area, x, line, &text, v.theme.dim());
        let at = x + width(&text);
        if selected == Some(piece.part) {
            put(f, area, 0, line, ">", v.theme.accent());
            let style = v
                .theme
                .accent()
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
            put(f, area, at, line, &piece.number, style);
            cursor(f, area, at, line);
        } else {
            put(f, area, at, line, &piece.number, Style::new());
        }
    }
}
