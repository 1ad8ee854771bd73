//! The petitions of the last twelve months.
//!
//! ```text
//!  Đơn 12 tháng, cao nhất 240: cột trái: nhận, cột phải: xử lý
//!   ▂▁ ▃▂ ▅▄ █▇ ▆▅ ▄▄ ▃▃ ▂▂ ▁▁ ▃▂ ▄▃ ▂▁
//!   12 1  2  3  4  5  6  7  8  9  10 11
//! ```

use chrono::Datelike;

use super::Place;
use super::page::{Page, month_of};
use crate::app::home::Home;
use crate::domain::number::vi_int;
use crate::tui::lang::{Lang, t};
use crate::tui::screen::View;
use crate::tui::screen::list::period_label;
use crate::tui::screen::rates::words::heading;
use crate::tui::widget::column::column;

/// The last twelve months, two bars each.
pub(super) fn months(
    page: &mut Page,
    (x, y): (u16, u16),
    home: &Home,
    selected: Place,
    high: u16,
    v: &View,
) {
    let most = home
        .by_month
        .iter()
        .map(|m| m.received.max(m.handled))
        .max()
        .unwrap_or(0);
    page.text(x + 1, y, caption(home, selected, most, v), v.theme.dim());
    for (at, month) in home.by_month.iter().enumerate() {
        let left_x = x + 1 + u16::try_from(at).unwrap_or(0) * 3;
        let bars = [
            (left_x, month.received, Place::Received(at), v.theme.dim()),
            (
                left_x + 1,
                month.handled,
                Place::Handled(at),
                v.theme.accent(),
            ),
        ];
        for (bar_x, value, place, style) in bars {
            let signs = column(value, most, high, v.theme);
            for (row, sign) in (0..).zip(&signs) {
                if row + 1 < high && *sign != " " {
                    page.text(bar_x, y + 1 + row, *sign, style);
                }
            }
            let foot = signs.last().copied().unwrap_or(" ");
            page.spot((bar_x, y + high), 0, place, foot.to_owned(), style);
        }
        let name = month.month.month().to_string();
        let mine = matches!(selected, Place::Received(n) | Place::Handled(n) if n == at);
        let style = if mine {
            v.theme.accent()
        } else {
            v.theme.dim()
        };
        page.text(left_x, y + 1 + high, name, style);
    }
}

/// The heading of the chart; what the selected bar stands for.
fn caption(home: &Home, selected: Place, most: i64, v: &View) -> String {
    let (at, handled) = match selected {
        Place::Received(at) => (at, false),
        Place::Handled(at) => (at, true),
        _ => {
            return match v.lang {
                Lang::Vi => format!(
                    "Đơn 12 tháng, cao nhất {}: cột trái: nhận, cột phải: xử lý",
                    vi_int(most)
                ),
                Lang::En => format!(
                    "Petitions by month, highest {}: left received, right handled",
                    vi_int(most)
                ),
            };
        }
    };
    let Some(month) = home.by_month.get(at) else {
        return String::new();
    };
    let (n, what) = if handled {
        (month.handled, t("xử lý", "handled"))
    } else {
        (month.received, t("nhận", "received"))
    };
    let name = period_label(month_of(month.month), v.lang);
    format!("{}: {} {}", heading(&name), v.say(what), vi_int(n))
}
