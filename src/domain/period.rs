//! Periods of reports: civil ones and those of the inspection service (15/12 to 14/12, Circular 01/2024/TT-TTCP).
use chrono::{Datelike, Days, Months, NaiveDate};

use super::date::{self, FIRST_YEAR, LAST_YEAR};
use super::text::Problem;

/// A span of days, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// A month, quarter or year of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodPart {
    /// The whole of it as [`Period::parse`] reads it: `2026-03`, `tt:2026-Q1`.
    pub key: String,
    /// The days of it that lie in the period.
    pub period: Period,
}

/// Months as numbers since year 0, so that they can be counted.
#[derive(Clone, Copy)]
struct MonthSpan {
    first: i32,
    last: i32,
}

fn month_start(month: i32) -> Option<NaiveDate> {
    let of_year = u32::try_from(month.rem_euclid(12)).ok()?;
    NaiveDate::from_ymd_opt(month.div_euclid(12), of_year + 1, 1)
}

fn month_index(d: NaiveDate) -> i32 {
    d.year() * 12 + d.month0() as i32
}

fn last_of_month(d: NaiveDate) -> NaiveDate {
    let days = u32::from(d.num_days_in_month());
    d.with_day(days).unwrap_or(d)
}

impl MonthSpan {
    fn civil(self) -> Option<Period> {
        Some(Period {
            from: month_start(self.first)?,
            to: last_of_month(month_start(self.last)?),
        })
    }

    /// From the 15th of the month before to the 14th of the last month.
    fn inspection(self) -> Option<Period> {
        Some(Period {
            from: month_start(self.first - 1)?.with_day(15)?,
            to: month_start(self.last)?.with_day(14)?,
        })
    }

    /// «năm 2026», «quý I/2026»; none where the months have no name together.
    fn name(self) -> Option<String> {
        let (year, month) = (self.first.div_euclid(12), self.first.rem_euclid(12));
        Some(match (month, self.last - self.first + 1) {
            (_, 1) => format!("tháng {}/{year}", month + 1),
            (0, 12) => format!("năm {year}"),
            (0, 6) => format!("6 tháng đầu năm {year}"),
            (6, 6) => format!("6 tháng cuối năm {year}"),
            (0, 9) => format!("9 tháng đầu năm {year}"),
            (0, n) if n % 12 == 0 => format!("năm {year}–{}", self.last.div_euclid(12)),
            (_, 3) if month % 3 == 0 => {
                let quarter = usize::try_from(month / 3).ok();
                let roman = quarter.and_then(|q| ["I", "II", "III", "IV"].get(q).copied());
                format!("quý {}/{year}", roman.unwrap_or(""))
            }
            _ => return None,
        })
    }

    /// The same in English.
    fn name_en(self) -> Option<String> {
        let (year, month) = (self.first.div_euclid(12), self.first.rem_euclid(12));
        Some(match (month, self.last - self.first + 1) {
            (_, 1) => format!("{:02}/{year}", month + 1),
            (0, 12) => year.to_string(),
            (0, 6) => format!("first half of {year}"),
            (6, 6) => format!("second half of {year}"),
            (0, 9) => format!("first 9 months of {year}"),
            (0, n) if n % 12 == 0 => format!("{year}–{}", self.last.div_euclid(12)),
            (_, 3) if month % 3 == 0 => format!("Q{} {year}", month / 3 + 1),
            _ => return None,
        })
    }
}

fn unreadable(s: &str) -> Problem {
    Problem::new(
        format!(
            "«{s}» không phải là kỳ: viết 2019, 2019-Q1, 2019-06, 2019-H1, 2019-9M, 2019-01..2019-05 \
             hoặc thêm tt: ở trước cho kỳ của ngành thanh tra"
        ),
        format!(
            "“{s}” is no period: write 2019, 2019-Q1, 2019-06, 2019-H1, 2019-9M, 2019-01..2019-05, \
             with tt: before it for the periods of the inspection service"
        ),
    )
}

fn number(s: &str) -> Option<i32> {
    let fits = !s.is_empty() && s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit());
    if fits { s.parse().ok() } else { None }
}

fn year(s: &str) -> Option<i32> {
    if s.len() != 4 || !s.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    s.parse()
        .ok()
        .filter(|y| (FIRST_YEAR..=LAST_YEAR).contains(y))
}

/// The months of one token: `2019`, `2019-Q1`, `2019-06`, `2019-H1`, `2019-9M`.
fn months_of(token: &str) -> Option<MonthSpan> {
    let Some((year_part, part)) = token.split_once('-') else {
        let start = year(token)? * 12;
        return Some(MonthSpan {
            first: start,
            last: start + 11,
        });
    };
    let start = year(year_part)? * 12;
    let (from, count) = if let Some(quarter) = part.strip_prefix('Q') {
        let q = number(quarter).filter(|q| (1..=4).contains(q))?;
        ((q - 1) * 3, 3)
    } else if let Some(half) = part.strip_prefix('H') {
        let h = number(half).filter(|h| (1..=2).contains(h))?;
        ((h - 1) * 6, 6)
    } else if let Some(months) = part.strip_suffix('M') {
        (0, number(months).filter(|m| (1..=12).contains(m))?)
    } else {
        (number(part).filter(|m| (1..=12).contains(m))? - 1, 1)
    };
    Some(MonthSpan {
        first: start + from,
        last: start + from + count - 1,
    })
}

fn iso(token: &str) -> Option<NaiveDate> {
    let whole = token.len() == 10;
    NaiveDate::parse_from_str(token, "%Y-%m-%d")
        .ok()
        .filter(|d| whole && (FIRST_YEAR..=LAST_YEAR).contains(&d.year()))
}

fn one(token: &str, inspection: bool) -> Option<Period> {
    if let Some(day) = iso(token) {
        return Some(Period { from: day, to: day });
    }
    let months = months_of(token)?;
    if inspection {
        months.inspection()
    } else {
        months.civil()
    }
}

impl Period {
    /// A period of two days in their order. `None` if it would end before it begins.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Option<Period> {
        (from <= to).then_some(Period { from, to })
    }

    /// Reads `2019` `2019-Q1` `2019-06` `2019-H1` `2019-9M` `2019-01..2019-05` (also with whole dates at either end);
    /// with `tt:` before it, the inspection service's own periods: year 15/12 to 14/12, and so on.
    ///
    /// # Errors
    /// The rule, if it is none of these or ends before it begins.
    pub fn parse(text: &str) -> Result<Period, Problem> {
        let trimmed = text.trim();
        let typed = trimmed.to_ascii_uppercase();
        let (inspection, rest) = match typed.strip_prefix("TT:") {
            Some(rest) => (true, rest.trim_start()),
            None => (false, typed.as_str()),
        };
        let found = match rest.split_once("..") {
            Some((first, last)) => one(first.trim_end(), inspection)
                .zip(one(last.trim_start(), inspection))
                .map(|(first, last)| (first.from, last.to)),
            None => one(rest, inspection).map(|p| (p.from, p.to)),
        };
        let (from, to) = found.ok_or_else(|| unreadable(trimmed))?;
        Period::new(from, to).ok_or_else(|| {
            Problem::new(
                format!("kỳ «{trimmed}» kết thúc trước khi bắt đầu"),
                format!("the period “{trimmed}” ends before it begins"),
            )
        })
    }

    /// True if the day lies in the period.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether it is one of the inspection service's: from a 15th to a 14th.
    fn is_inspection(&self) -> bool {
        self.from.day() == 15 && self.to.day() == 14
    }

    /// The month that a day belongs to: of the calendar, or of the inspection service's year.
    fn month_of(day: NaiveDate, inspection: bool) -> i32 {
        month_index(day) + i32::from(inspection && day.day() >= 15)
    }

    /// First and last month, if the period is made of whole months of one of the two kinds.
    fn whole_months(&self) -> Option<MonthSpan> {
        let inspection = self.is_inspection();
        let civil = self.from.day() == 1 && self.to == last_of_month(self.to);
        (civil || inspection).then(|| MonthSpan {
            first: Self::month_of(self.from, inspection),
            last: Self::month_of(self.to, inspection),
        })
    }

    /// As short as a title needs: «năm 2026», «quý I/2026», «tháng 3/2026», «6 tháng đầu năm 2026», the same of the
    /// inspection service with its days, «tt năm 2026 (15/12/2025–14/12/2026)», else the two days.
    pub fn label(&self) -> String {
        self.named(self.whole_months().and_then(MonthSpan::name))
    }

    /// The same in English: “2026”, “Q1 2026”, “03/2026”, “first half of 2026”, else the two days.
    pub fn label_en(&self) -> String {
        self.named(self.whole_months().and_then(MonthSpan::name_en))
    }

    fn named(&self, name: Option<String>) -> String {
        match name {
            Some(name) if self.is_inspection() => format!("tt {name} ({})", self.days_label()),
            Some(name) => name,
            None => self.days_label(),
        }
    }

    fn days_label(&self) -> String {
        if self.from == self.to {
            date::vi(self.from)
        } else {
            format!(
                "{}–{}",
                date::vi_short(self.from, self.to),
                date::vi(self.to)
            )
        }
    }

    /// Parts of so many months, clipped to the period: of the inspection service's year where the period is one of
    /// its own, else of the calendar's.
    fn parts(&self, months: i32) -> Vec<PeriodPart> {
        let inspection = self.is_inspection();
        let start = Self::month_of(self.from, inspection).div_euclid(months) * months;
        let step = usize::try_from(months).unwrap_or(1);
        (start..=Self::month_of(self.to, inspection))
            .step_by(step)
            .filter_map(|first| {
                let span = MonthSpan {
                    first,
                    last: first + months - 1,
                };
                let whole = if inspection {
                    span.inspection()?
                } else {
                    span.civil()?
                };
                let (year, month) = (first.div_euclid(12), first.rem_euclid(12));
                let name = match months {
                    1 => format!("{year}-{:02}", month + 1),
                    3 => format!("{year}-Q{}", month / 3 + 1),
                    _ => year.to_string(),
                };
                Some(PeriodPart {
                    key: if inspection {
                        format!("tt:{name}")
                    } else {
                        name
                    },
                    period: Period::new(whole.from.max(self.from), whole.to.min(self.to))?,
                })
            })
            .collect()
    }

    /// Its months, the first and last clipped to it.
    pub fn months(&self) -> Vec<PeriodPart> {
        self.parts(1)
    }

    /// Its quarters, clipped.
    pub fn quarters(&self) -> Vec<PeriodPart> {
        self.parts(3)
    }

    /// Its years, clipped.
    pub fn years(&self) -> Vec<PeriodPart> {
        self.parts(12)
    }

    /// The same days a year earlier; the end of a month stays the end of that month (29/2 becomes 28/2).
    pub fn same_span_last_year(&self) -> Period {
        let back = |d: NaiveDate| d.checked_sub_months(Months::new(12)).unwrap_or(d);
        let to = back(self.to);
        Period {
            from: back(self.from),
            to: if self.to == last_of_month(self.to) {
                last_of_month(to)
            } else {
                to
            },
        }
    }

    /// The period of equal kind just before: as many months for spans of whole months and for the inspection
    /// service's (15th to 14th), else as many days.
    pub fn previous(&self) -> Period {
        let next = self.to.succ_opt().unwrap_or(self.to);
        let months = month_index(next) - month_index(self.from);
        let by_months = [1, 15].contains(&self.from.day()) && self.from.day() == next.day();
        let from = if by_months {
            let back = Months::new(u32::try_from(months).unwrap_or(0));
            self.from.checked_sub_months(back)
        } else {
            let back = Days::new(u64::try_from(self.days()).unwrap_or(0));
            self.from.checked_sub_days(back)
        };
        Period {
            from: from.unwrap_or(self.from),
            to: self.eve(),
        }
    }

    /// Number of its days.
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// The day before it begins: what was open at its start was open at the end of that day.
    pub fn eve(&self) -> NaiveDate {
        self.from
            .checked_sub_days(Days::new(1))
            .unwrap_or(self.from)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn span(text: &str) -> String {
        let p = Period::parse(text).unwrap();
        format!("{} {}", p.from, p.to)
    }

    #[test]
    fn civil_periods() {
        assert_eq!(span("2019"), "2019-01-01 2019-12-31");
        assert_eq!(span("2019-Q1"), "2019-01-01 2019-03-31");
        assert_eq!(span("2019-q4"), "2019-10-01 2019-12-31");
        assert_eq!(span("2019-06"), "2019-06-01 2019-06-30");
        assert_eq!(span("2020-02"), "2020-02-01 2020-02-29");
        assert_eq!(span("2019-H1"), "2019-01-01 2019-06-30");
        assert_eq!(span("2019-H2"), "2019-07-01 2019-12-31");
        assert_eq!(span("2019-9M"), "2019-01-01 2019-09-30");
        assert_eq!(span("2019-5M"), "2019-01-01 2019-05-31");
        assert_eq!(span("2019-01..2019-05"), "2019-01-01 2019-05-31");
        assert_eq!(span("2018..2019-Q1"), "2018-01-01 2019-03-31");
        assert_eq!(span("2019-01-15..2019-03-02"), "2019-01-15 2019-03-02");
    }

    #[test]
    fn inspection_periods() {
        assert_eq!(span("tt:2025"), "2024-12-15 2025-12-14");
        assert_eq!(span("tt:2025-Q1"), "2024-12-15 2025-03-14");
        assert_eq!(span("tt:2025-Q2"), "2025-03-15 2025-06-14");
        assert_eq!(span("TT:2025-Q4"), "2025-09-15 2025-12-14");
        assert_eq!(span("tt:2025-H1"), "2024-12-15 2025-06-14");
        assert_eq!(span("tt:2025-9M"), "2024-12-15 2025-09-14");
        assert_eq!(span("tt:2025-01"), "2024-12-15 2025-01-14");
        assert_eq!(span("tt:2025-07"), "2025-06-15 2025-07-14");
        assert_eq!(span("tt:2025-01..2025-05"), "2024-12-15 2025-05-14");
    }

    #[test]
    fn refused() {
        for bad in [
            "",
            "19",
            "2019-Q5",
            "2019-Q0",
            "2019-13",
            "2019-00",
            "2019-H3",
            "2019-13M",
            "2019-0M",
            "2019-05..2019-01",
            "2019..",
            "..2019",
            "2019-",
            "tt:",
            "1899",
            "2201",
            "2019-1-1",
            "2019-Q",
            "năm 2019",
            "2019-+1",
            "2019-02-30..2019-03",
            "2019...2020",
        ] {
            assert!(Period::parse(bad).is_err(), "{bad}");
        }
    }

    fn label(text: &str) -> String {
        Period::parse(text).unwrap().label()
    }

    #[test]
    fn labels() {
        assert_eq!(label("2026"), "năm 2026");
        assert_eq!(label("2026-Q1"), "quý I/2026");
        assert_eq!(label("2026-Q4"), "quý IV/2026");
        assert_eq!(label("2026-03"), "tháng 3/2026");
        assert_eq!(label("2026-H1"), "6 tháng đầu năm 2026");
        assert_eq!(label("2026-H2"), "6 tháng cuối năm 2026");
        assert_eq!(label("2026-9M"), "9 tháng đầu năm 2026");
        assert_eq!(label("2026-5M"), "01/01–31/05/2026");
        assert_eq!(label("tt:2026"), "tt năm 2026 (15/12/2025–14/12/2026)");
        assert_eq!(label("tt:2026-Q1"), "tt quý I/2026 (15/12/2025–14/03/2026)");
        assert_eq!(label("tt:2026-03"), "tt tháng 3/2026 (15/02–14/03/2026)");
        assert_eq!(label("tt:2026-02..2026-05"), "15/01–14/05/2026");
        assert_eq!(label("2018..2020"), "năm 2018–2020");
        assert_eq!(label("2026-02-03..2026-02-03"), "03/02/2026");
        assert_eq!(Period::parse("2026-Q2").unwrap().label_en(), "Q2 2026");
        assert_eq!(Period::parse("2026").unwrap().label_en(), "2026");
    }

    #[test]
    fn splits() {
        let p = Period::parse("2024-12-15..2025-03-12").unwrap();
        let months: Vec<String> = p.months().iter().map(|m| m.period.label()).collect();
        assert_eq!(
            months,
            [
                "15/12–31/12/2024",
                "tháng 1/2025",
                "tháng 2/2025",
                "01/03–12/03/2025"
            ]
        );
        assert_eq!(p.quarters().len(), 2);
        assert_eq!(p.years().len(), 2);
        assert_eq!(Period::parse("2026").unwrap().months().len(), 12);
        let third = &Period::parse("2026").unwrap().quarters()[2];
        assert_eq!(third.period.label(), "quý III/2026");
        assert_eq!(third.key, "2026-Q3");
    }

    #[test]
    fn the_inspection_service_has_months_and_quarters_of_its_own() {
        let p = Period::parse("tt:2025-Q1").unwrap();
        let months: Vec<String> = p.months().iter().map(|m| m.period.label()).collect();
        assert_eq!(
            months,
            [
                "tt tháng 1/2025 (15/12/2024–14/01/2025)",
                "tt tháng 2/2025 (15/01–14/02/2025)",
                "tt tháng 3/2025 (15/02–14/03/2025)",
            ]
        );
        let year = Period::parse("tt:2025").unwrap();
        let ends: Vec<String> = year
            .quarters()
            .iter()
            .map(|q| q.period.to.to_string())
            .collect();
        assert_eq!(
            ends,
            ["2025-03-14", "2025-06-14", "2025-09-14", "2025-12-14"]
        );
        assert_eq!(year.years().len(), 1);
        assert_eq!(year.months().len(), 12);
        for part in [year.months(), year.quarters(), year.years()].concat() {
            assert_eq!(Period::parse(&part.key), Ok(part.period), "{}", part.key);
        }
    }

    #[test]
    fn a_year_earlier() {
        let back = |t: &str| {
            let p = Period::parse(t).unwrap().same_span_last_year();
            format!("{} {}", p.from, p.to)
        };
        assert_eq!(back("2026-Q1"), "2025-01-01 2025-03-31");
        assert_eq!(back("2025-02"), "2024-02-01 2024-02-29");
        assert_eq!(back("2024-02"), "2023-02-01 2023-02-28");
        assert_eq!(back("2026-01-01..2026-11-21"), "2025-01-01 2025-11-21");
    }

    #[test]
    fn the_period_before() {
        let before = |t: &str| {
            let p = Period::parse(t).unwrap().previous();
            format!("{} {}", p.from, p.to)
        };
        assert_eq!(before("2026-03"), "2026-02-01 2026-02-28");
        assert_eq!(before("2026-Q1"), "2025-10-01 2025-12-31");
        assert_eq!(before("2026-H2"), "2026-01-01 2026-06-30");
        assert_eq!(before("2026"), "2025-01-01 2025-12-31");
        assert_eq!(before("tt:2026"), "2024-12-15 2025-12-14");
        assert_eq!(before("tt:2026-Q1"), "2025-09-15 2025-12-14");
        assert_eq!(before("2026-03-05..2026-03-14"), "2026-02-23 2026-03-04");
    }

    proptest! {
        #[test]
        fn parts_cover_the_period(a in 0_u64..20_000, len in 0_u64..3_000, inspection: bool) {
            let from = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + Days::new(a);
            let mut p = Period::new(from, from + Days::new(len)).unwrap();
            if inspection {
                p.from = p.from.with_day(15).unwrap();
                p.to = (p.to + Months::new(1)).with_day(14).unwrap();
            }
            for parts in [p.months(), p.quarters(), p.years()] {
                let parts: Vec<Period> = parts.iter().map(|part| part.period).collect();
                prop_assert_eq!(parts.first().unwrap().from, p.from);
                prop_assert_eq!(parts.last().unwrap().to, p.to);
                prop_assert_eq!(parts.iter().map(Period::days).sum::<i64>(), p.days());
                for pair in parts.windows(2) {
                    prop_assert_eq!(pair[1].eve(), pair[0].to);
                }
            }
        }

        #[test]
        fn anything_is_answered(s in "(tt:)?[-0-9QHM.]{0,16}") {
            let _ = Period::parse(&s);
        }
    }
}
