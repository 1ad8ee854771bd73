//! The table of rates as drawn.
//!
//! ```text
//!  97,13%   8.328 / 8.574  giải quyết / phải GQ            tính đến 08:15 12/06/2026
//!  ███████████████████████████████████████████████████████████████████████████▍
//!
//!   Đơn vị                   Giải quyết  Phải GQ  Chưa GQ   Tỷ lệ              cùng kỳ
//!   Phường Long Châu                 41       43        2  95,35%  █████████▌    +2,10
//! > Xã Long Hồ                       17       21        4  80,95%  ████████▏     −4,05
//!   và 28 đơn vị không có vụ việc
//!   Tổng                          8.328    8.574      246  97,13%  █████████▋    +0,42
//!
//!  Xã Long Hồ: chưa GQ 4
//!  Tử số: vụ việc khiếu nại, tố cáo thuộc thẩm quyền giải quyết xong trong kỳ
//!  Mẫu số: vụ việc khiếu nại, tố cáo thuộc thẩm quyền kỳ trước chuyển sang …
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::lines::{Line, Lines};
use super::notes;
use super::words::{heading as head, inside, percent, points};
use super::{Data, figure};
use crate::app::rates::RateRow;
use crate::catalog::rate::{denominator, group_label, numerator, part_label};
use crate::domain::number::vi_int;
use crate::domain::rate::{GroupBy, Part};
use crate::tui::lang::{Lang, t};
use crate::tui::screen::View;
use crate::tui::widget::bar::bar;
use crate::tui::widget::paint::{cursor, cut, left, line, put, right, width, wrap};

/// Below this a window has no room for all three numbers of a row.
const NARROW: u16 = 60;
/// Cells of a rate, and of a difference in points.
const RATE: u16 = 7;
const MARGIN: u16 = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Label,
    Part(Part),
    Rate,
    Bar,
    Points,
}

struct Column {
    what: What,
    x: u16,
    wide: u16,
}

/// Which cell is selected.
#[derive(Clone, Copy)]
pub(super) struct At {
    /// The cell of a row.
    pub part: Part,
    /// The figure under the table.
    pub foot: Part,
}

/// Draws the table into `area`; gives the place where the selected cell is spelled out.
pub(super) fn view(
    f: &mut Frame,
    area: Rect,
    data: &Data,
    lines: &mut Lines,
    at: At,
    v: &View,
) -> Rect {
    let part = at.part;
    let y = headline(f, area, data, v);
    let definitions = definitions(data, area.width.saturating_sub(2), v);
    let under = notes::height(data, area.width, v);
    let many = u16::try_from(definitions.len()).unwrap_or(u16::MAX) + under;
    // Headings, two rows, total and the selected cell in words stay in any window.
    let roomy = area.height >= y + 7 + many;
    let foot = if roomy { many + 2 } else { 1 };
    let body = Rect {
        y: area.y + y,
        height: area.height.saturating_sub(y + foot),
        ..area
    };
    let columns = columns(data, lines, area.width, part, v);
    rows(f, body, data, lines, &columns, part, v);
    let end = area.height.saturating_sub(if roomy { many + 1 } else { 1 });
    if let Some(text) = lines.line().map(|line| selection(data, lines, line, at, v)) {
        put(
            f,
            area,
            1,
            end,
            &cut(&text, area.width.saturating_sub(2), v.theme),
            v.theme.accent(),
        );
    }
    if roomy {
        let selected = (lines.line() == Some(&Line::Foot)).then_some(at.foot);
        notes::draw(f, area, end + 1, data, selected, v);
        for (line, text) in (end + 1 + under..).zip(&definitions) {
            put(f, area, 1, line, text, v.theme.dim());
        }
    }
    line(area, end)
}

/// The figure that a meeting asks for; gives the line after it.
fn headline(f: &mut Frame, area: Rect, data: &Data, v: &View) -> u16 {
    let total = &data.table.total;
    let measure = data.table.query.measure;
    let rate = percent(total.num.count, total.den.count);
    let parts = format!("{} / {}", vi_int(total.num.count), vi_int(total.den.count));
    put(f, area, 1, 0, &rate, v.theme.strong());
    let x = width(&rate) + 4;
    put(f, area, x, 0, &parts, v.theme.strong());
    let label = |part| inside(part_label(measure, part).get(v.lang));
    let names = format!("{} / {}", label(Part::Numerator), label(Part::Denominator));
    let as_of = format!("{} {}", v.say(t("tính đến", "as of")), data.as_of);
    let x = x + width(&parts) + 2;
    let at = area.width.saturating_sub(width(&as_of) + 1);
    if x + width(&names) + 2 <= at {
        put(f, area, x, 0, &names, v.theme.dim());
    }
    let mut y = 1;
    if x <= at {
        put(f, area, at, 0, &as_of, v.theme.dim());
    } else {
        put(f, area, 1, 1, &as_of, v.theme.dim());
        y = 2;
    }
    if area.height >= 14 {
        let room = area.width.saturating_sub(2).min(100);
        put(
            f,
            area,
            1,
            y,
            &bar(total.num.count, total.den.count, room, v.theme),
            v.theme.accent(),
        );
        y += 2;
    }
    y
}

fn definitions(data: &Data, room: u16, v: &View) -> Vec<String> {
    let measure = data.table.query.measure;
    let num = format!(
        "{} {}",
        v.say(t("Tử số:", "Numerator:")),
        numerator(measure).get(v.lang)
    );
    let den = format!(
        "{} {}",
        v.say(t("Mẫu số:", "Denominator:")),
        denominator(measure).get(v.lang)
    );
    let mut lines = wrap(&num, room.max(1));
    lines.extend(wrap(&den, room.max(1)));
    for note in notes::of(data, v) {
        lines.extend(wrap(&note, room.max(1)));
    }
    lines
}

/// The selected cell in words, as the columns may have cut it.
fn selection(data: &Data, lines: &Lines, line: &Line, at: At, v: &View) -> String {
    let part_name = |part| inside(part_label(data.table.query.measure, part).get(v.lang));
    let next = v.say(t("Tab ô bên", "Tab next cell"));
    if *line == Line::Foot {
        let figure = notes::figures(data)
            .into_iter()
            .find(|(part, _)| *part == at.foot);
        let count = figure.map_or(0, |(_, figure)| figure.count);
        let label = part_label(data.table.query.measure, at.foot).get(v.lang);
        return format!("{label} {}{}{next}", vi_int(count), v.theme.dot());
    }
    let Some(row) = data.row(line) else {
        return fold_text(data, lines, v);
    };
    let part = at.part;
    let label = part_name(part);
    let mut text = format!(
        "{}: {label} {}",
        name(data, line, row, v),
        vi_int(figure(row, part).count)
    );
    if let Some(before) = row.before.as_ref().filter(|_| row.barred.is_none()) {
        let (num, den) = (before.num.count, before.den.count);
        let rate = percent(num, den);
        text.push_str(v.theme.dot());
        text.push_str(&match v.lang {
            Lang::Vi => format!(
                "{} {} / {} = {rate}",
                compared(data, v),
                vi_int(num),
                vi_int(den)
            ),
            Lang::En => format!(
                "{} {} / {} = {rate}",
                compared(data, v),
                vi_int(num),
                vi_int(den)
            ),
        });
    }
    if let Some(why) = &row.barred {
        text.push_str(&format!("{}{}", v.theme.dot(), why.get(v.lang)));
    }
    if let Some(days) = row.days.as_ref().filter(|_| *line != Line::Total) {
        text.push_str(&format!("{}{}", v.theme.dot(), notes::how_long(days, v)));
    }
    format!("{text}{}{next}", v.theme.dot())
}

/// What the table is set beside, in short.
fn compared(data: &Data, v: &View) -> &'static str {
    match data.table.options.compare {
        Some(crate::domain::rate::Compare::Previous) => v.say(t("kỳ trước", "before")),
        _ => v.say(t("cùng kỳ", "points")),
    }
}

/// How a line is called.
pub(super) fn name(data: &Data, line: &Line, row: &RateRow, v: &View) -> String {
    let label = row.label.get(v.lang);
    match line {
        Line::Total if data.table.query.by == GroupBy::Unit => v.say(t("Tất cả", "All")).to_owned(),
        Line::Apart(_) => format!("{label} {}", v.say(t("(không cộng)", "(not added)"))),
        _ => label.to_owned(),
    }
}

fn fold_text(data: &Data, lines: &Lines, v: &View) -> String {
    let n = lines.zeros();
    let what = group_label(data.table.query.by).get(v.lang);
    match (v.lang, lines.is_open()) {
        (Lang::Vi, false) => format!("và {n} {what} không có vụ việc"),
        (Lang::Vi, true) => format!("gập lại {n} {what} không có vụ việc"),
        (Lang::En, false) => format!("and {n} more without cases ({what})"),
        (Lang::En, true) => format!("fold the {n} without cases ({what})"),
    }
}

/// Where each column stands; bar and comparison take what is left.
fn columns(data: &Data, lines: &Lines, wide: u16, part: Part, v: &View) -> Vec<Column> {
    let narrow = wide < NARROW;
    let gap = if narrow { 1 } else { 2 };
    let parts: &[Part] = match (narrow, part) {
        (false, _) => &[Part::Numerator, Part::Denominator, Part::Remainder],
        (true, Part::Remainder) => &[Part::Numerator, Part::Remainder],
        (true, _) => &[Part::Numerator, Part::Denominator],
    };
    let mut taken: Vec<(What, u16)> = parts
        .iter()
        .map(|part| (What::Part(*part), part_width(data, *part, narrow, v)))
        .collect();
    taken.push((What::Rate, RATE));
    let points = data.compares() && !narrow;
    let used: u16 = taken.iter().map(|(_, w)| w + gap).sum();
    let reserved = used + if points { RATE + gap } else { 0 };
    let room = wide.saturating_sub(MARGIN + reserved);
    let longest = lines
        .all()
        .iter()
        .filter_map(|line| Some(width(&name(data, line, data.row(line)?, v))));
    let label = longest.max().unwrap_or(0).clamp(12, 44).min(room);
    let bar = room.saturating_sub(label + gap).min(44);
    let mut columns = vec![Column {
        what: What::Label,
        x: MARGIN,
        wide: label,
    }];
    let mut x = MARGIN + label + gap;
    if bar >= 4 {
        taken.push((What::Bar, bar));
    }
    if points {
        taken.push((What::Points, RATE));
    }
    for (what, wide) in taken {
        columns.push(Column { what, x, wide });
        x += wide + gap;
    }
    columns
}

fn part_width(data: &Data, part: Part, narrow: bool, v: &View) -> u16 {
    let table = &data.table;
    let counts = table.rows.iter().chain(&table.apart).chain([&table.total]);
    let widest = counts
        .map(|row| width(&vi_int(figure(row, part).count)))
        .max()
        .unwrap_or(1);
    let title = width(part_label(data.table.query.measure, part).get(v.lang));
    widest.max(if narrow { title.min(7) } else { title })
}

fn rows(
    f: &mut Frame,
    area: Rect,
    data: &Data,
    lines: &mut Lines,
    columns: &[Column],
    part: Part,
    v: &View,
) {
    for column in columns {
        let text = heading(data, column.what, v);
        let text = match column.what {
            What::Label | What::Bar => left(&text, column.wide, v.theme),
            _ => right(&text, column.wide, v.theme),
        };
        put(f, area, column.x, 0, text.trim_end(), v.theme.dim());
    }
    // The total stays in view under the rows that scroll.
    let many = lines.all().len().saturating_sub(1);
    let high = usize::from(area.height.saturating_sub(2));
    lines.page = high.max(1);
    lines.top = lines.top.min(many.saturating_sub(high));
    if lines.place() < many {
        let least = (lines.place() + 1).saturating_sub(high.max(1));
        lines.top = lines.top.clamp(least.min(lines.place()), lines.place());
    }
    let shown = lines
        .all()
        .iter()
        .enumerate()
        .skip(lines.top)
        .take(high.min(many.saturating_sub(lines.top)));
    let mut y = 1;
    for (at, line) in shown {
        draw(f, area, y, data, lines, (at, line), columns, part, v);
        y += 1;
    }
    if let Some(total) = lines.all().last() {
        draw(f, area, y, data, lines, (many, total), columns, part, v);
    }
}

fn heading(data: &Data, what: What, v: &View) -> String {
    let query = &data.table.query;
    match what {
        What::Label => head(group_label(query.by).get(v.lang)),
        What::Part(part) => part_label(query.measure, part).get(v.lang).to_owned(),
        What::Rate => v.say(t("Tỷ lệ", "Rate")).to_owned(),
        What::Bar => String::new(),
        What::Points => compared(data, v).to_owned(),
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "one line of the table with all it depends on"
)]
fn draw(
    f: &mut Frame,
    area: Rect,
    y: u16,
    data: &Data,
    lines: &Lines,
    (at, line): (usize, &Line),
    columns: &[Column],
    part: Part,
    v: &View,
) {
    let here = at == lines.place();
    if here {
        put(f, area, 0, y, ">", v.theme.accent());
    }
    let Some(row) = data.row(line) else {
        put(
            f,
            area,
            MARGIN,
            y,
            &fold_text(data, lines, v),
            v.theme.dim(),
        );
        if here {
            cursor(f, area, 0, y);
        }
        return;
    };
    let base = if *line == Line::Total {
        v.theme.strong()
    } else {
        Style::new()
    };
    for column in columns {
        let (text, style) = cell(data, line, row, column, base, v);
        let mine = here && column.what == What::Part(part);
        let style = if mine {
            v.theme
                .accent()
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            style
        };
        let start = match column.what {
            What::Label | What::Bar => column.x,
            _ => column.x + column.wide.saturating_sub(width(&text)),
        };
        put(f, area, start, y, &text, style);
        if mine {
            cursor(f, area, start, y);
        }
    }
}

fn cell(
    data: &Data,
    line: &Line,
    row: &RateRow,
    column: &Column,
    base: Style,
    v: &View,
) -> (String, Style) {
    let (num, den) = if data.table.rated(row) {
        (row.num.count, row.den.count)
    } else {
        (0, 0)
    };
    match column.what {
        What::Label => (cut(&name(data, line, row, v), column.wide, v.theme), base),
        What::Part(part) => (vi_int(figure(row, part).count), base),
        What::Rate => (percent(num, den), base),
        What::Bar => (bar(num, den, column.wide, v.theme), v.theme.accent()),
        What::Points => {
            let before = row.before.as_ref();
            let text = match row.barred {
                Some(_) => "–".to_owned(),
                None => before
                    .and_then(|b| points((num, den), (b.num.count, b.den.count)))
                    .unwrap_or_default(),
            };
            let style = if text.starts_with('−') {
                v.theme.soon()
            } else {
                base
            };
            (text, style)
        }
    }
}
