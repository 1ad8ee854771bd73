//! The lines of the agenda, made for one width: headings of weeks with their counts, one line for each piece of work.

use chrono::{Datelike, NaiveDate};

use super::View;
use super::agenda::Data;
use super::home::standing;
use super::rows::{NUMBER, count_text};
use crate::app::due::{AgendaItem, AgendaWeek, Counts, Sort};
use crate::domain::date;
use crate::domain::number::vi_int;
use crate::domain::petition::Standing;
use crate::domain::query::Count;
use crate::tui::lang::{Lang, t};
use crate::tui::widget::card::Item;
use crate::tui::widget::paint::{left, width};

/// What a line opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Go {
    /// The card of this piece of work.
    Item(usize),
    /// The list of all that is late.
    Late,
}

/// The lines for one width.
pub(super) struct Lines<'a> {
    wide: u16,
    v: &'a View,
    items: Vec<Item<Go>>,
    /// The place of the next piece of work.
    next: usize,
    /// Cells of the numbers in the books.
    number: u16,
}

impl Lines<'_> {
    /// The lines of what was found, with a word of what is still to come.
    pub fn of(data: &Data, wide: u16, v: &View) -> Vec<Item<Go>> {
        let mut lines = Lines {
            wide: wide.saturating_sub(3),
            v,
            items: Vec::new(),
            next: 0,
            number: data
                .items
                .iter()
                .map(number_width)
                .max()
                .unwrap_or(0)
                .max(NUMBER),
        };
        lines.earlier(data);
        for week in &data.agenda.weeks {
            if !lines.items.is_empty() {
                lines.items.push(Item::Blank);
            }
            lines.items.push(Item::Head(week_head(week, v)));
            for day in &week.days {
                for (n, item) in day.items.iter().enumerate() {
                    let label = if n == 0 {
                        day_label(day.date, v)
                    } else {
                        String::new()
                    };
                    lines.line(&label, item);
                }
            }
        }
        lines.cut(data);
        if !data.agenda.whole {
            let text = v.say(t("đang tính…", "counting…")).to_owned();
            lines.items.push(Item::Text(text, v.theme.dim()));
        }
        lines.items
    }

    fn earlier(&mut self, data: &Data) {
        let (late, all) = (&data.agenda.earlier, data.agenda.earlier_count);
        if late.is_empty() {
            return;
        }
        let number = |count| count_text(count, count, self.v.lang);
        let n = number(all);
        self.items.push(Item::Head(match self.v.lang {
            Lang::Vi => format!("Từ trước: {n} việc"),
            Lang::En => format!("From before: {n}"),
        }));
        for item in late {
            let day = date::vi_short(item.item.due_on, self.v.today);
            self.line(&day, item);
        }
        if data.agenda.whole && (all.more || all.n > late.len()) {
            let more = number(Count {
                n: all.n.saturating_sub(late.len()),
                ..all
            });
            let text = match self.v.lang {
                Lang::Vi => format!("và {more} việc nữa: Enter mở danh sách đơn quá hạn"),
                Lang::En => format!("and {more} more: Enter opens the list of late petitions"),
            };
            self.items.push(Item::Link(text, Go::Late));
        }
    }

    /// What is not shown because there is too much of it.
    fn cut(&mut self, data: &Data) {
        let Some(day) = data.agenda.cut else {
            return;
        };
        let day = date::vi_short(day, self.v.today);
        self.items.push(Item::Blank);
        let text = match self.v.lang {
            Lang::Vi => format!("Từ {day} còn nữa: chọn đơn vị, cán bộ hoặc kỳ ngắn hơn"),
            Lang::En => {
                format!("More from {day} on: choose a unit, an officer or a shorter period")
            }
        };
        self.items.push(Item::Text(text, self.v.theme.dim()));
    }

    fn line(&mut self, day: &str, found: &AgendaItem) {
        let (v, item) = (self.v, &found.item);
        let stands = match item.standing {
            Standing::None => String::new(),
            of => standing(of, item.days_left, v),
        };
        let number = item.number.clone().unwrap_or_default();
        let label = found.label();
        let sort = label.get(v.lang);
        let mut text = format!(
            "{} {}",
            left(day, 10, v.theme),
            left(&number, self.number, v.theme)
        );
        let narrow = self.wide < 70;
        if !narrow {
            text.push_str(&left(sort, 17, v.theme));
        } else if found.sort != Sort::Deadline {
            text.push_str(sort);
            text.push_str(": ");
        }
        let end = if narrow { 0 } else { 17 };
        let room = self.wide.saturating_sub(width(&text) + end);
        text.push_str(&left(&item.title, room, v.theme));
        if !narrow {
            text.push_str("  ");
            text.push_str(&stands);
        }
        self.items
            .push(Item::Link(text.trim_end().to_owned(), Go::Item(self.next)));
        self.next += 1;
    }
}

/// With the space behind it.
fn number_width((found, _): &(AgendaItem, String)) -> u16 {
    found
        .item
        .number
        .as_deref()
        .map_or(0, |number| width(number) + 1)
}

fn day_label(day: NaiveDate, v: &View) -> String {
    let number = day.weekday().number_from_monday();
    let name = match (v.lang, number) {
        (Lang::Vi, 7) => "CN".to_owned(),
        (Lang::Vi, n) => format!("T{}", n + 1),
        (Lang::En, _) => day.format("%a").to_string(),
    };
    let today = if day == v.today { "*" } else { "" };
    format!("{name} {}{today}", date::vi_short(day, v.today))
}

/// «Tuần 11 (09/03–15/03): 3 việc · 2 hạn · 1 chờ phúc đáp».
fn week_head(week: &AgendaWeek, v: &View) -> String {
    let number = week.week.1;
    let day = |d| date::vi_short(d, v.today);
    let (from, to) = (day(week.from), day(week.to));
    let head = match v.lang {
        Lang::Vi => format!(
            "Tuần {number} ({from}–{to}): {} việc",
            grouped(week.counts.all())
        ),
        Lang::En => format!(
            "Week {number} ({from}–{to}): {}",
            grouped(week.counts.all())
        ),
    };
    format!("{head}{}", counts_text(&week.counts, v))
}

fn grouped(n: usize) -> String {
    vi_int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn counts_text(counts: &Counts, v: &View) -> String {
    [
        (counts.deadlines, Sort::Deadline.label()),
        (counts.replies, Sort::Reply.label()),
        (counts.commitments, Sort::Commitment.label()),
        (counts.urges, Sort::Urge.label()),
        (counts.dialogues, t("đối thoại", "dialogues")),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, label)| format!("{}{} {}", v.theme.dot(), grouped(n), v.say(label)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::lang::Lang;
    use crate::tui::theme::Theme;
    use crate::tui::widget::typing::Aid;

    #[test]
    fn many_pieces_of_work_are_counted_with_the_dot_of_thousands() {
        let v = View {
            theme: Theme::default(),
            lang: Lang::Vi,
            today: NaiveDate::default(),
            sample: false,
            read_only: false,
            aid: Aid::default(),
        };
        let week = AgendaWeek {
            week: (2025, 11),
            from: NaiveDate::default(),
            to: NaiveDate::default(),
            counts: Counts {
                deadlines: 1_208,
                replies: 3,
                ..Counts::default()
            },
            days: Vec::new(),
        };
        let head = week_head(&week, &v);
        assert!(head.contains(": 1.211 việc · 1.208 "), "{head}");
    }
}
