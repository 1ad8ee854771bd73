//! Days as a file's text has them: every way that one can be read, so that nothing is guessed.
use crate::domain::fold::fold;
use chrono::NaiveDate;

/// How a text can be read as a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// One way, whoever wrote it: by year, month, day, or with the month's name.
    Plain(NaiveDate),
    /// Only with the day first.
    DayFirst(NaiveDate),
    /// Only with the month first.
    MonthFirst(NaiveDate),
    /// Both ways, to two days.
    Either(NaiveDate, NaiveDate),
    /// No day at all.
    None,
}

/// What the order of day and month in a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Day first, as Vietnam writes.
    #[default]
    DayFirst,
    /// Month first.
    MonthFirst,
    /// Day first in texts, while the days that the file has as such were turned round by the program that made it.
    Turned,
    /// Two orders in one column: a person must say.
    Ask,
    /// Days that the file has as such may have been turned round: a person must say.
    AskTurned,
}

impl Order {
    /// As a mapping file writes it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
            Self::Turned => "dmy-turned",
            Self::Ask | Self::AskTurned => "?",
        }
    }

    /// Reads what a mapping file says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::DayFirst, Self::MonthFirst, Self::Turned]
            .into_iter()
            .find(|order| order.text() == text)
    }
}

fn year(text: &str) -> Option<i32> {
    let n: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(n),
        2 if n < 70 => Some(2000 + n),
        2 => Some(1900 + n),
        _ => None,
    }
}

/// The numbers of a text, when nothing stands between and around them but signs, and what words say a date has.
fn numbers(folded: &str) -> Option<Vec<String>> {
    let words = folded
        .replace(['\u{a0}', '\t'], " ")
        .replace("ngay", " ")
        .replace("thang", " ")
        .replace("nam", " ");
    // A time of day behind the day says nothing here.
    let day = words
        .split_once('t')
        .or_else(|| {
            words
                .trim()
                .split_once(' ')
                .filter(|(_, time)| time.contains(':'))
        })
        .map_or(words.as_str(), |(day, _)| day);
    let fits = |c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | ' ' | ',');
    if !day.chars().all(fits) {
        return None;
    }
    Some(runs(day).map(str::to_owned).collect())
}

/// Every way to read a text as a day; a day without its year is none.
pub(super) fn read(text: &str) -> Reading {
    // Nearly every text: there is nothing to fold in numbers.
    if text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"/-.".contains(&b))
    {
        // More than three runs of digits are no day.
        let (mut parts, mut count) = ([""; 4], 0);
        for (part, run) in parts.iter_mut().zip(runs(text)) {
            *part = run;
            count += 1;
        }
        return of_numbers(parts.get(..count).unwrap_or_default(), false);
    }
    let folded = fold(text);
    let Some(parts) = numbers(&folded) else {
        return Reading::None;
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    of_numbers(&parts, folded.contains("thang"))
}

/// The runs of digits in a text.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
}

/// The day that numbers mean; a month that is called so stands in the middle.
fn of_numbers(parts: &[&str], worded: bool) -> Reading {
    let small = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
    match parts {
        [y, m, d] if y.len() == 4 => match (year(y), small(m), small(d)) {
            (Some(y), Some(m), Some(d)) => {
                NaiveDate::from_ymd_opt(y, m, d).map_or(Reading::None, Reading::Plain)
            }
            _ => Reading::None,
        },
        [a, b, y] => match (small(a), small(b), year(y)) {
            (Some(a), Some(b), Some(y)) => {
                let day_first = NaiveDate::from_ymd_opt(y, b, a);
                let month_first = NaiveDate::from_ymd_opt(y, a, b).filter(|_| !worded);
                match (day_first, month_first) {
                    (Some(one), Some(other)) if one == other => Reading::Plain(one),
                    (Some(one), Some(other)) => Reading::Either(one, other),
                    (Some(one), None) if worded => Reading::Plain(one),
                    (Some(one), None) => Reading::DayFirst(one),
                    (None, Some(other)) => Reading::MonthFirst(other),
                    (None, None) => Reading::None,
                }
            }
            _ => Reading::None,
        },
        [run] if run.len() == 8 => {
            let part = |from: usize, to: usize| run.get(from..to).unwrap_or_default().to_owned();
            let joined = if run.starts_with("19") || run.starts_with("20") {
                format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8))
            } else {
                format!("{}/{}/{}", part(0, 2), part(2, 4), part(4, 8))
            };
            read(&joined)
        }
        _ => Reading::None,
    }
}

/// What the days of a column are, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) day_first: usize,
    pub(super) month_first: usize,
    pub(super) either: usize,
    /// Days that the file has as such: up to the 12th, and after it.
    pub(super) early: usize,
    pub(super) late: usize,
}

impl Days {
    pub(super) fn add_text(&mut self, text: &str) {
        match read(text) {
            Reading::DayFirst(_) => self.day_first += 1,
            Reading::MonthFirst(_) => self.month_first += 1,
            Reading::Either(..) => self.either += 1,
            Reading::Plain(_) | Reading::None => {}
        }
    }

    pub(super) fn add_day(&mut self, day: NaiveDate) {
        use chrono::Datelike;
        if day.day() <= 12 {
            self.early += 1;
        } else {
            self.late += 1;
        }
    }

    /// The order that the column shows; a question where it shows two.
    pub(super) fn order(&self) -> Order {
        if self.month_first > 0 && self.day_first + self.either > 0 {
            return Order::Ask;
        }
        if self.month_first > 0 {
            return Order::MonthFirst;
        }
        // A program set to month first takes 03/04 for a day of its own and leaves 13/04 as text.
        let turned = self.day_first > 0 && self.either == 0 && self.early > 0 && self.late == 0;
        if turned {
            Order::AskTurned
        } else {
            Order::DayFirst
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn every_way_to_read_a_day() {
        for (text, want) in [
            ("2019-03-04", Reading::Plain(day(2019, 3, 4))),
            ("2019-03-04T00:00:00", Reading::Plain(day(2019, 3, 4))),
            ("2019-03-04 08:30", Reading::Plain(day(2019, 3, 4))),
            ("13/02/2019", Reading::DayFirst(day(2019, 2, 13))),
            ("13.2.19", Reading::DayFirst(day(2019, 2, 13))),
            ("02/13/2019", Reading::MonthFirst(day(2019, 2, 13))),
            (
                "03/04/2019",
                Reading::Either(day(2019, 4, 3), day(2019, 3, 4)),
            ),
            ("04-04-2019", Reading::Plain(day(2019, 4, 4))),
            ("ngày 05 tháng 02 năm 2019", Reading::Plain(day(2019, 2, 5))),
            ("14032019", Reading::DayFirst(day(2019, 3, 14))),
            ("31/02/2019", Reading::None),
            ("14/3", Reading::None),
            ("+10", Reading::None),
            ("2019", Reading::None),
            ("tháng 6/2016", Reading::None),
            ("hôm nay", Reading::None),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn two_orders_in_one_column_are_asked() {
        let column = |texts: &[&str]| {
            let mut days = Days::default();
            texts.iter().for_each(|t| days.add_text(t));
            days
        };
        assert_eq!(
            column(&["13/02/2019", "03/04/2019"]).order(),
            Order::DayFirst
        );
        assert_eq!(column(&["13/02/2019", "02/13/2019"]).order(), Order::Ask);
        assert_eq!(column(&["03/04/2019", "02/13/2019"]).order(), Order::Ask);
        assert_eq!(column(&["02/13/2019"]).order(), Order::MonthFirst);
        let mut days = column(&["13/02/2019"]);
        days.add_day(day(2019, 3, 4));
        assert_eq!(days.order(), Order::AskTurned);
        days.add_day(day(2019, 3, 14));
        assert_eq!(days.order(), Order::DayFirst);
    }
}
