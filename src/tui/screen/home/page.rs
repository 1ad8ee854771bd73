//! Where the figures of the overview stand.
//!
//! ```text
//!  Việc                                   Tháng 11/2026
//! >  Mới, chưa phân loại      12            Lượt tiếp công dân      34
//!    Sắp đến hạn               5            Cuộc đối thoại           2
//!  ! Quá hạn                   3            Mô hình đăng ký          1
//!    Chờ nơi khác trả lời      4            Đơn nhận                40
//!
//!  Tỷ lệ từ đầu năm               01/01–21/11/2026       cùng kỳ 2025   điểm
//!    Tỷ lệ xử lý đơn           8.328 / 8.574  97,13%  7.001 / 7.300  95,90%  +1,23
//!    Tỷ lệ giải quyết             41 / 43     95,35%     40 / 44     90,91%  +4,44
//!
//!  Quá hạn và sắp đến hạn
//!    15/2026  11/03  ! quá 3 ngày   Không đồng ý phương án bồi thường
//! ```

use chrono::{Datelike, NaiveDate};
use ratatui::style::Style;

use super::chart::months;
use super::{Data, Number, Place, standing};
use crate::app::home::{Home, HomeLine, HomeRate};
use crate::catalog;
use crate::domain::date;
use crate::domain::number::vi_int;
use crate::domain::period::Period;
use crate::domain::query::Query;
use crate::domain::rate::{Cell, Measure, Part};
use crate::domain::record::Kind;
use crate::tui::lang::t;
use crate::tui::screen::View;
use crate::tui::screen::list::period_label;
use crate::tui::screen::rates::words::{heading, inside, percent, points};
use crate::tui::screen::rows::{NUMBER, count_text};
use crate::tui::theme::Theme;
use crate::tui::widget::canvas::{Canvas, widest};
use crate::tui::widget::paint::{cut, left, right, width};

pub(super) type Page = Canvas<Place>;

/// From here on two groups stand side by side.
const TWO: u16 = 70;
/// From here on the months stand beside the next work.
const THREE: u16 = 124;
/// Cells of the twelve months with their caption.
const MONTHS: u16 = 52;

/// The page for a window of this size.
pub(super) fn layout(data: &Data, selected: Place, (wide, high): (u16, u16), v: &View) -> Page {
    let mut page = Page::default();
    let home = &data.home;
    let at_month = period_label(month_of(home.as_of), v.lang);
    let column_wide = if wide >= TWO {
        (wide / 2).min(46)
    } else {
        wide
    };
    let work = v.say(t("Việc", "Work"));
    let mut y = lines(
        &mut page,
        (0, 0),
        work,
        &home.work,
        column_wide,
        Place::Work,
        v,
    );
    let (x, from) = if wide >= TWO {
        (column_wide, 0)
    } else {
        (0, y + 1)
    };
    y = y.max(lines(
        &mut page,
        (x, from),
        &heading(&at_month),
        &home.month,
        column_wide,
        Place::Month,
        v,
    ));
    y = rates(&mut page, y + 1, home, wide, v) + 1;
    let beside = wide >= THREE;
    let room = high.saturating_sub(y);
    let chart_high = if beside {
        room.saturating_sub(3).clamp(3, 12)
    } else {
        // What is left when the work has four lines, or more where there is more.
        room.saturating_sub(9).clamp(3, 8)
    };
    let least = if beside {
        room
    } else {
        room.saturating_sub(chart_high + 3)
    };
    let most = usize::from(least.saturating_sub(1).max(4));
    let work_wide = if beside { wide - MONTHS - 4 } else { wide };
    let end = next(&mut page, y, data, most, work_wide, v);
    if beside {
        months(&mut page, (work_wide + 4, y), home, selected, chart_high, v);
    } else {
        // Caption, bars and names stand together: where they have no room, all of them are below the edge.
        let fits = end + chart_high + 2 <= high;
        let from = if fits { end } else { end.max(high) };
        months(&mut page, (0, from), home, selected, chart_high, v);
    }
    page
}

/// The whole month of a day.
pub(super) fn month_of(day: NaiveDate) -> Period {
    let last = u32::from(day.num_days_in_month());
    Period {
        from: day.with_day(1).unwrap_or(day),
        to: day.with_day(last).unwrap_or(day),
    }
}

/// A group of counts, one a line; gives the line after it.
fn lines(
    page: &mut Page,
    (x, y): (u16, u16),
    title: &str,
    lines: &[HomeLine],
    wide: u16,
    place: fn(usize) -> Place,
    v: &View,
) -> u16 {
    page.text(x + 1, y, title, v.theme.dim());
    let label = widest(lines.iter().map(|l| l.label.get(v.lang)))
        .min(wide.saturating_sub(16))
        .max(12);
    let counts: Vec<String> = lines
        .iter()
        .map(|l| count_text(l.count, l.count, v.lang))
        .collect();
    let number = widest(counts.iter().map(String::as_str)).max(6);
    let mut line = y + 1;
    for (at, (entry, text)) in lines.iter().zip(&counts).enumerate() {
        let late = entry.alarm && entry.count.n > 0;
        let style = match (late, entry.count.n) {
            (true, _) => v.theme.late(),
            (_, 0) => v.theme.dim(),
            _ => Style::new(),
        };
        if late {
            page.text(x + 1, line, "!", style);
        }
        page.text(
            x + 3,
            line,
            left(entry.label.get(v.lang), label, v.theme),
            style,
        );
        let cells = right(text, number, v.theme);
        let start = x + 5 + label + (number - width(text).min(number));
        let strong = if entry.count.n > 0 {
            style.patch(v.theme.strong())
        } else {
            style
        };
        page.spot(
            (start, line),
            2,
            place(at),
            cells.trim_start().to_owned(),
            strong,
        );
        line += 1;
    }
    line
}

/// The rates of the year so far beside last year's same span; gives the line after them.
fn rates(page: &mut Page, y: u16, home: &Home, wide: u16, v: &View) -> u16 {
    let Some(first) = home.rates.first() else {
        return y;
    };
    let all = home.rates.iter().flat_map(|r| [&r.now, &r.before]);
    let number = all
        .map(|r| width(&vi_int(r.den.count)).max(width(&vi_int(r.num.count))))
        .max()
        .unwrap_or(1)
        .max(4);
    let pair = number * 2 + 3 + 2 + 7;
    let name = widest(
        home.rates
            .iter()
            .map(|r| catalog::rate::title(r.measure).get(v.lang)),
    );
    let one_line = 3 + name + 2 + pair + 2 + pair + 2 + 7 <= wide;
    let title = v.say(t("Tỷ lệ từ đầu năm", "Rates of the year"));
    page.text(1, y, title, v.theme.dim());
    let (now_x, before_x) = if one_line {
        (3 + name + 2, 3 + name + 2 + pair + 2)
    } else {
        (3, 3)
    };
    let head = |period| period_label(period, v.lang);
    if one_line {
        page.text(
            now_x,
            y,
            right(&head(first.period), pair, v.theme),
            v.theme.dim(),
        );
        let before = right(&head(first.period_before), pair, v.theme);
        page.text(before_x, y, before, v.theme.dim());
        page.text(
            before_x + pair + 2,
            y,
            right(v.say(t("điểm", "points")), 7, v.theme),
            v.theme.dim(),
        );
    }
    let mut line = y + 1;
    for (at, rate) in home.rates.iter().enumerate() {
        page.text(
            3,
            line,
            catalog::rate::title(rate.measure).get(v.lang),
            Style::new(),
        );
        if !one_line {
            line += 1;
        }
        pair_of(page, (now_x, line), at, rate, true, number, v);
        let (difference, style) = difference(rate, v);
        if one_line {
            pair_of(page, (before_x, line), at, rate, false, number, v);
            page.text(
                before_x + pair + 2,
                line,
                right(&difference, 7, v.theme),
                style,
            );
        } else {
            page.text(now_x + pair + 2, line, difference, style);
            line += 1;
            page.text(before_x + pair + 2, line, head_year(rate), v.theme.dim());
            pair_of(page, (before_x, line), at, rate, false, number, v);
        }
        line += 1;
    }
    line
}

fn head_year(rate: &HomeRate) -> String {
    rate.period_before.from.year().to_string()
}

fn difference(rate: &HomeRate, v: &View) -> (String, Style) {
    let of = |row: &crate::app::rates::RateRow| (row.num.count, row.den.count);
    match points(of(&rate.now), of(&rate.before)) {
        Some(text) if text.starts_with('−') => (text, v.theme.soon()),
        Some(text) => (text, Style::new()),
        None => (String::new(), v.theme.dim()),
    }
}

/// «8.328 / 8.574  97,13%», both numbers to be selected.
fn pair_of(
    page: &mut Page,
    (x, y): (u16, u16),
    at: usize,
    rate: &HomeRate,
    now: bool,
    number: u16,
    v: &View,
) {
    let (row, num, den) = if now {
        (&rate.now, Number::Num, Number::Den)
    } else {
        (&rate.before, Number::NumBefore, Number::DenBefore)
    };
    let style = if now { Style::new() } else { v.theme.dim() };
    let top = vi_int(row.num.count);
    let start = x + number.saturating_sub(width(&top));
    page.spot((start, y), 1, Place::Rate(at, num), top, style);
    page.text(x + number + 1, y, "/", v.theme.dim());
    let bottom = vi_int(row.den.count);
    page.spot((x + number + 3, y), 1, Place::Rate(at, den), bottom, style);
    let text = percent(row.num.count, row.den.count);
    let style = if now { v.theme.strong() } else { style };
    page.text(x + number * 2 + 5, y, right(&text, 7, v.theme), style);
}

/// The next pieces of work, at most `most` lines; gives the line after them.
fn next(page: &mut Page, y: u16, data: &Data, most: usize, wide: u16, v: &View) -> u16 {
    page.text(
        1,
        y,
        v.say(t("Quá hạn và sắp đến hạn", "Late and next")),
        v.theme.dim(),
    );
    let mut line = y + 1;
    if data.home.next.is_empty() {
        page.text(
            3,
            line,
            v.say(t("không có việc nào có hạn", "nothing has a deadline")),
            v.theme.dim(),
        );
        return line + 1;
    }
    let numbers = data
        .home
        .next
        .iter()
        .filter_map(|item| item.number.as_deref());
    let number_wide = numbers.map(width).max().unwrap_or(0).max(NUMBER);
    let more = number_wide - NUMBER;
    for (item, unit) in data.home.next.iter().zip(&data.units).take(most) {
        let number = item
            .number
            .clone()
            .unwrap_or_else(|| catalog::entity(item.kind).one.get(v.lang).to_owned());
        let style = Theme::standing(item.standing);
        page.spot(
            (3, line),
            2,
            Place::Next(item.kind, item.id),
            left(&number, number_wide, v.theme),
            Style::new(),
        );
        page.text(
            14 + more,
            line,
            right(&date::vi_short(item.due_on, v.today), 10, v.theme).trim_start(),
            style,
        );
        let words = standing(item.standing, item.days_left, v);
        page.text(
            25 + more,
            line,
            left(&words, 15, v.theme).trim_end().to_owned(),
            style,
        );
        let (text_x, unit_wide) = (42 + more, if wide >= 100 { 24 } else { 0 });
        let room = wide.saturating_sub(text_x + unit_wide + 1);
        if room >= 8 {
            page.text(text_x, line, cut(&item.title, room, v.theme), Style::new());
        }
        if unit_wide > 0 {
            page.text(
                wide - unit_wide + 1,
                line,
                cut(unit, unit_wide - 2, v.theme),
                v.theme.dim(),
            );
        }
        line += 1;
    }
    line
}

/// The rows behind a number or a bar, and what they are, part by part; none for a single piece of work.
pub(super) fn rows_of(home: &Home, place: Place, v: &View) -> Option<(Query, Vec<String>)> {
    let cell = |cell: &Cell, period: Period| {
        let mut query = Query::all(cell.kind());
        query.cell = Some(cell.clone());
        let part = inside(catalog::rate::part_label(cell.measure, cell.part).get(v.lang));
        Some((query, vec![part, period_label(period, v.lang)]))
    };
    let line = |line: &HomeLine| {
        let mut about = vec![inside(line.label.get(v.lang))];
        about.extend(line.note.as_ref().map(|note| note.get(v.lang).to_owned()));
        Some((line.query.clone(), about))
    };
    match place {
        Place::Work(at) => line(home.work.get(at)?),
        Place::Month(at) => line(home.month.get(at)?),
        Place::Next(..) => None,
        Place::Rate(at, number) => {
            let rate = home.rates.get(at)?;
            match number {
                Number::Num => cell(&rate.now.num.cell, rate.period),
                Number::Den => cell(&rate.now.den.cell, rate.period),
                Number::NumBefore => cell(&rate.before.num.cell, rate.period_before),
                Number::DenBefore => cell(&rate.before.den.cell, rate.period_before),
            }
        }
        Place::Received(at) | Place::Handled(at) => {
            let whole = month_of(home.by_month.get(at)?.month);
            // The month that runs is counted up to today.
            let period = Period {
                to: whole.to.min(home.as_of),
                ..whole
            };
            if matches!(place, Place::Handled(_)) {
                return cell(&handled(period), whole);
            }
            let mut query = Query::all(Kind::Petition);
            (query.from, query.to) = (Some(period.from), Some(period.to));
            Some((
                query,
                vec![format!(
                    "{} {}",
                    v.say(t("nhận", "received")),
                    period_label(whole, v.lang)
                )],
            ))
        }
    }
}

fn handled(period: Period) -> Cell {
    Cell::all(Measure::Processing, Part::Numerator, period.from, period.to)
}
