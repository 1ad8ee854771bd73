//! The overview: what a morning or a meeting asks first, each figure with the list it opens.
use super::due::{self, DueItem, DueQuery, first, standing_is};
use super::rates::{RateQuery, RateRow, begun, numerator, quick_total};
use super::{Cx, Result, idle};
use crate::domain::date::vi;
use crate::domain::period::Period;
use crate::domain::petition::{IdleAlarm, Stage, Standing};
use crate::domain::query::{Cond, Count, Op, Query};
use crate::domain::rate::{GroupBy, Measure};
use crate::domain::record::Kind;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Msg, Text, t};
use chrono::{Datelike, NaiveDate};

/// A count and the list it opens; the list has as many rows.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeLine {
    /// What is counted.
    pub label: Text,
    /// How many, as far as they were counted.
    pub count: Count,
    /// The list.
    pub query: Query,
    /// What should not be there: it is marked when there is any.
    pub alarm: bool,
    /// What the list says beside the label of what it holds.
    pub note: Option<Msg>,
}

/// A rate of this year beside last year's same span.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeRate {
    /// The rate.
    pub measure: Measure,
    /// This year so far.
    pub now: RateRow,
    /// The same span last year.
    pub before: RateRow,
    /// This year so far.
    pub period: Period,
    /// The same span last year.
    pub period_before: Period,
}

/// Petitions received and handled in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// Received.
    pub received: i64,
    /// Handled.
    pub handled: i64,
}

/// The overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// The day it was counted on.
    pub as_of: NaiveDate,
    /// New, due soon, overdue, waiting for an answer; opinions overdue or due soon, and petitions unhandled for 35 or 45
    /// days, when there are any.
    pub work: Vec<HomeLine>,
    /// Receptions, dialogues, models of the month.
    pub month: Vec<HomeLine>,
    /// The rates of the year.
    pub rates: Vec<HomeRate>,
    /// The last twelve months.
    pub by_month: Vec<HomeMonth>,
    /// The first of what is late or due next.
    pub next: Vec<DueItem>,
}

fn line(cx: &Cx, label: Text, query: Query) -> Result<HomeLine> {
    Ok(HomeLine {
        label,
        count: super::records::count_capped(cx, &query)?,
        query,
        alarm: false,
        note: None,
    })
}

/// As [`line`], for what should not be there.
fn alarm(cx: &Cx, label: Text, query: Query) -> Result<HomeLine> {
    let line = line(cx, label, query)?;
    Ok(HomeLine {
        alarm: true,
        ..line
    })
}

/// Older petitions may lie as long: that they are not counted is said.
fn received_since(from: NaiveDate) -> Msg {
    let from = vi(from);
    Msg::new(
        format!("đơn nhận từ {from}"),
        format!("received from {from}"),
    )
}

fn petitions(cond: Cond) -> Query {
    let mut query = Query::all(Kind::Petition);
    query.conds.push(cond);
    query
}

fn stage_is(stage: Stage) -> Cond {
    Cond {
        key: "stage",
        op: Op::Eq,
        value: Value::Text(stage.code().into()),
    }
}

fn year_so_far(today: NaiveDate) -> Option<Period> {
    Period::new(NaiveDate::from_ymd_opt(today.year(), 1, 1)?, today)
}

fn months_back(today: NaiveDate) -> Vec<Period> {
    let start = today
        .with_day(1)
        .and_then(|d| d.checked_sub_months(chrono::Months::new(11)));
    start
        .and_then(|from| Period::new(from, today))
        .map_or_else(Vec::new, |p| {
            p.months().into_iter().map(|m| m.period).collect()
        })
}

/// The rates that an overview has room for: how much paper, and how many matters.
const SHOWN: [Measure; 2] = [Measure::Processing, Measure::Resolution];

/// How many late or next pieces of work the overview shows.
const NEXT: usize = 12;

/// The overview as of today.
///
/// # Errors
/// A failure of the database.
pub fn home(cx: &Cx) -> Result<Home> {
    let today = cx.today();
    let mut waiting = petitions(stage_is(Stage::Forwarded));
    waiting.sort = vec![("due_on", false)];
    let mut late = petitions(standing_is(Standing::Overdue));
    late.sort = vec![("due_on", false)];
    let mut soon = petitions(standing_is(Standing::DueSoon));
    soon.sort = vec![("due_on", false)];
    let mut work = vec![
        line(
            cx,
            t("Mới, chưa phân loại", "New, not classified"),
            petitions(stage_is(Stage::Received)),
        )?,
        line(cx, t("Sắp đến hạn", "Due soon"), soon)?,
        alarm(cx, t("Quá hạn", "Overdue"), late)?,
        line(
            cx,
            t("Chờ nơi khác trả lời", "Waiting for an answer"),
            waiting,
        )?,
    ];
    work.extend(opinions(cx)?);
    // Rare, so that they have a line only when there is one (NĐ 154/2026 Đ41.3b).
    for (label, of) in [
        (
            t("Từ 45 ngày chưa xử lý", "Unhandled for 45 days"),
            IdleAlarm::Days45,
        ),
        (
            t("Từ 35 ngày chưa xử lý", "Unhandled for 35 days"),
            IdleAlarm::Days35,
        ),
    ] {
        let line = HomeLine {
            note: idle::since(&cx.rules).map(received_since),
            ..alarm(cx, label, idle::query(of))?
        };
        work.extend(Some(line).filter(|line| line.count.n > 0));
    }
    let month_from = today.with_day(1);
    let this_month = |kind| {
        let mut query = Query::all(kind);
        query.from = month_from;
        query.to = Some(today);
        query
    };
    let month = vec![
        line(
            cx,
            t("Lượt tiếp công dân", "Receptions"),
            this_month(Kind::Reception),
        )?,
        line(
            cx,
            t("Cuộc đối thoại", "Dialogues"),
            this_month(Kind::Dialogue),
        )?,
        line(
            cx,
            t("Mô hình đăng ký", "Models registered"),
            this_month(Kind::Model),
        )?,
        line(
            cx,
            t("Đơn nhận", "Petitions received"),
            this_month(Kind::Petition),
        )?,
    ];
    Ok(Home {
        as_of: today,
        work,
        month,
        rates: rates(cx, today)?,
        by_month: by_month(cx, today)?,
        next: first(cx, &DueQuery::default(), Some(NEXT))?,
    })
}

/// The opinions of dialogues that are late or due soon; many an office has none, so that they have a line only when
/// there is one. Their index holds the open ones alone, by deadline.
fn opinions(cx: &Cx) -> Result<Vec<HomeLine>> {
    let of = |standing| {
        let asked = DueQuery {
            state: Some(standing),
            ..DueQuery::default()
        };
        due::query(cx, Kind::Opinion, &asked)
    };
    let late = t("Ý kiến quá hạn", "Opinions overdue");
    let soon = t("Ý kiến sắp đến hạn", "Opinions due soon");
    let mut lines = vec![
        alarm(cx, late, of(Standing::Overdue))?,
        line(cx, soon, of(Standing::DueSoon))?,
    ];
    lines.retain(|line| line.count.n > 0);
    Ok(lines)
}

/// Each rate of the year so far beside last year's same span.
fn rates(cx: &Cx, today: NaiveDate) -> Result<Vec<HomeRate>> {
    let mut rates = Vec::new();
    if let Some(period) = year_so_far(today) {
        let period_before = period.same_span_last_year();
        for measure in &SHOWN {
            let of = |p: Period| {
                quick_total(
                    cx,
                    &RateQuery {
                        measure: *measure,
                        from: p.from,
                        to: p.to,
                        by: GroupBy::Year,
                        units: Vec::new(),
                        petition_type: None,
                    },
                )
            };
            rates.push(HomeRate {
                measure: *measure,
                now: of(period)?,
                before: of(period_before)?,
                period,
                period_before,
            });
        }
    }
    Ok(rates)
}

fn by_month(cx: &Cx, today: NaiveDate) -> Result<Vec<HomeMonth>> {
    months_back(today)
        .into_iter()
        .map(|month| {
            let of = RateQuery {
                measure: Measure::Processing,
                from: month.from,
                to: month.to,
                by: GroupBy::Year,
                units: Vec::new(),
                petition_type: None,
            };
            Ok(HomeMonth {
                month: month.from,
                received: begun(cx, &of)?.count,
                handled: numerator(cx, &of)?.count,
            })
        })
        .collect()
}
