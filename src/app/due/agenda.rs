//! Work by day and week: deadlines, expected replies, commitments of dialogues, and the dialogues themselves.
use super::{DueItem, DueQuery, cond, item, query};
use crate::app::petitions::{REPLY_RULE, Urge, urges};
use crate::app::{Cx, Result, records};
use crate::catalog;
use crate::domain::petition::Standing;
use crate::domain::query::{Count, Op, Query};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::domain::words::{Lang, Msg, Text, t};
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// What a line of the agenda is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A deadline of a petition.
    Deadline,
    /// A reply that is expected to a forward.
    Reply,
    /// A commitment made in a dialogue.
    Commitment,
    /// An urging that is suggested.
    Urge,
    /// A dialogue held that day.
    Dialogue,
}

impl Sort {
    /// What it is called.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Deadline => t("hạn", "deadline"),
            Self::Reply => t("chờ phúc đáp", "reply expected"),
            Self::Commitment => t("ý kiến đối thoại", "dialogue opinion"),
            Self::Urge => t("nên đôn đốc", "to be urged"),
            Self::Dialogue => t("đối thoại", "dialogue"),
        }
    }
}

/// One line of the agenda.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaItem {
    /// What it is.
    pub sort: Sort,
    /// The work; a dialogue stands on the day it is held, an urging on the day it is suggested for, neither has a
    /// standing.
    pub item: DueItem,
    /// The urging suggested, on a line of that sort.
    pub urge: Option<Urge>,
}

impl AgendaItem {
    /// What the line is called: «đôn đốc lần 2».
    #[must_use]
    pub fn label(&self) -> Msg {
        self.urge.as_ref().map_or_else(
            || self.sort.label().into(),
            |urge| catalog::step::urge_label(urge.number),
        )
    }
}

/// How many lines of each sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Deadlines of petitions.
    pub deadlines: usize,
    /// Expected replies.
    pub replies: usize,
    /// Commitments of dialogues.
    pub commitments: usize,
    /// Urgings suggested.
    pub urges: usize,
    /// Dialogues held.
    pub dialogues: usize,
}

impl Counts {
    /// All lines.
    #[must_use]
    pub fn all(&self) -> usize {
        self.deadlines + self.replies + self.commitments + self.urges + self.dialogues
    }

    fn of<'a>(items: impl IntoIterator<Item = &'a AgendaItem>) -> Self {
        let mut counts = Self::default();
        for item in items {
            *match item.sort {
                Sort::Deadline => &mut counts.deadlines,
                Sort::Reply => &mut counts.replies,
                Sort::Commitment => &mut counts.commitments,
                Sort::Urge => &mut counts.urges,
                Sort::Dialogue => &mut counts.dialogues,
            } += 1;
        }
        counts
    }
}

/// A day that has something.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaDay {
    /// The day.
    pub date: NaiveDate,
    /// Its lines: deadlines first.
    pub items: Vec<AgendaItem>,
}

/// An ISO week that has something.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaWeek {
    /// ISO year and number of the week.
    pub week: (i32, u32),
    /// Its Monday.
    pub from: NaiveDate,
    /// Its Sunday.
    pub to: NaiveDate,
    /// How many lines of each sort.
    pub counts: Counts,
    /// Its days that have something.
    pub days: Vec<AgendaDay>,
}

/// Lines of a register that are read for a span at most.
const MOST: usize = 300;
/// Petitions of a stage whose steps are read for their urgings.
const URGES: usize = 100;
/// Lines from before the span.
const EARLIER: usize = 100;

/// What a span of days holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Agenda {
    /// Open work whose deadline lies before the span, the oldest first; a hundred of it at most.
    pub earlier: Vec<AgendaItem>,
    /// How much of that there is.
    pub earlier_count: Count,
    /// How much open work has its deadline by the end of the span: that from before it included.
    pub due: Count,
    /// Whether all is there; else only the first of what is from before.
    pub whole: bool,
    /// The first day of the span whose lines are not all there, because they are too many.
    pub cut: Option<NaiveDate>,
    /// The weeks of the span that have something.
    pub weeks: Vec<AgendaWeek>,
    /// How many lines of each sort the span has, without the earlier ones.
    pub counts: Counts,
}

fn sort_of(item: &DueItem) -> Sort {
    match item.kind {
        Kind::Opinion => Sort::Commitment,
        Kind::Dialogue => Sort::Dialogue,
        _ if item.rule.as_deref() == Some(REPLY_RULE) => Sort::Reply,
        _ => Sort::Deadline,
    }
}

fn dialogues(cx: &Cx, q: &DueQuery, from: NaiveDate, to: NaiveDate) -> Result<Vec<AgendaItem>> {
    // A dialogue has neither an officer in charge nor a standing to ask for.
    if q.officer.is_some() || q.state.is_some() {
        return Ok(Vec::new());
    }
    let mut list = Query::all(Kind::Dialogue);
    list.units.clone_from(&q.unit);
    (list.from, list.to) = (Some(from), Some(to));
    let mut found = Vec::new();
    for record in cx.store.read().list(&list, cx.days(), 0, Some(MOST))? {
        let Value::Date(held_on) = record.get("held_on") else {
            continue;
        };
        found.push(AgendaItem {
            sort: Sort::Dialogue,
            item: DueItem {
                kind: Kind::Dialogue,
                id: record.head().id,
                number: None,
                title: records::title(record.as_ref(), Lang::Vi),
                unit: match record.get("unit") {
                    Value::Unit(unit) => Some(unit),
                    _ => None,
                },
                due_on: held_on,
                days_left: (held_on - cx.today()).num_days(),
                standing: Standing::None,
                rule: None,
            },
            urge: None,
        });
    }
    Ok(found)
}

/// The urgings suggested in the span; one whose day has gone by is suggested for today. The first one comes only with
/// its day: until then an answer is expected, and that has its own line.
fn urgings(cx: &Cx, q: &DueQuery, from: NaiveDate, to: NaiveDate) -> Result<Vec<AgendaItem>> {
    if q.state.is_some() || to < cx.today() {
        return Ok(Vec::new());
    }
    let mut of = Query::all(Kind::Petition);
    of.units.clone_from(&q.unit);
    if let Some(officer) = &q.officer {
        of.conds
            .push(cond("officer", Op::Eq, Value::Text(officer.clone())));
    }
    let lines = urges(cx, &of, to, URGES)?
        .into_iter()
        .filter_map(|(record, urge)| {
            let day = urge.on.max(cx.today());
            (day >= from).then(|| AgendaItem {
                sort: Sort::Urge,
                item: DueItem {
                    kind: Kind::Petition,
                    id: record.head().id,
                    number: record.head().number_text(),
                    title: records::title(record.as_ref(), Lang::Vi),
                    unit: urge.to.clone(),
                    due_on: day,
                    days_left: (day - cx.today()).num_days(),
                    standing: Standing::None,
                    rule: None,
                },
                urge: Some(urge),
            })
        });
    Ok(lines.collect())
}

/// The work of a span of days, both ends in it, with the dialogues held in it; and what is open from before.
///
/// # Errors
/// A failure of the database.
pub fn agenda(cx: &Cx, q: &DueQuery, from: NaiveDate, to: NaiveDate) -> Result<Agenda> {
    let mut span = dialogues(cx, q, from, to)?;
    span.extend(urgings(cx, q, from, to)?);
    let mut cut = None;
    for kind in KINDS {
        let within = with_due(cx, kind, q, &[(Op::Ge, from), (Op::Le, to)]);
        let found = open_work(cx, &within, MOST + 1)?;
        if let Some(last) = found.get(MOST) {
            let day = last.item.due_on;
            cut = Some(cut.map_or(day, |cut: NaiveDate| cut.min(day)));
        }
        span.extend(found);
    }
    span.sort_by_key(order);
    if let Some(cut) = cut {
        // The days before are whole; of one that is too long by itself, what was read.
        let whole = span.partition_point(|i| i.item.due_on < cut);
        span.truncate(if whole == 0 { MOST } else { whole });
    }
    let counts = Counts::of(&span);
    let before = before(cx, q, (from, to), EARLIER)?;
    Ok(Agenda {
        cut,
        weeks: weeks(span),
        counts,
        whole: true,
        ..before
    })
}

/// The first of [`agenda`]: at most `most` lines of what is open from before, and the counts; all of it where there is
/// less than that, since the span is seen then as well.
///
/// # Errors
/// A failure of the database.
pub fn agenda_first(
    cx: &Cx,
    q: &DueQuery,
    (from, to): (NaiveDate, NaiveDate),
    most: usize,
) -> Result<Agenda> {
    let before = before(cx, q, (from, to), most)?;
    match before.earlier.len() < most {
        true => agenda(cx, q, from, to),
        false => Ok(before),
    }
}

const KINDS: [Kind; 2] = [Kind::Petition, Kind::Opinion];

/// What is open from before a span, without the span.
fn before(
    cx: &Cx,
    q: &DueQuery,
    (from, to): (NaiveDate, NaiveDate),
    most: usize,
) -> Result<Agenda> {
    let mut earlier = Vec::new();
    let (mut earlier_count, mut due) = (Count::default(), Count::default());
    for kind in KINDS {
        let late = with_due(cx, kind, q, &[(Op::Lt, from)]);
        earlier.extend(open_work(cx, &late, most)?);
        let count = records::count_capped(cx, &late)?;
        earlier_count = earlier_count.and(count);
        // Of more than are counted there is nothing to be added up.
        due = due.and(match count.more {
            true => count,
            false => records::count_capped(cx, &with_due(cx, kind, q, &[(Op::Le, to)]))?,
        });
    }
    // Within a day as the lists have them: fewer are then the beginning of more.
    earlier.sort_by_key(|i: &AgendaItem| i.item.due_on);
    earlier.truncate(most);
    Ok(Agenda {
        earlier,
        earlier_count,
        due,
        whole: false,
        cut: None,
        weeks: Vec::new(),
        counts: Counts::default(),
    })
}

fn order(i: &AgendaItem) -> (NaiveDate, Sort, i64) {
    (i.item.due_on, i.sort, i.item.id)
}

/// The open work of a register with its deadline within bounds, the nearest first.
fn with_due(cx: &Cx, kind: Kind, q: &DueQuery, bounds: &[(Op, NaiveDate)]) -> Query {
    let mut list = query(cx, kind, q);
    for (op, day) in bounds {
        list.conds.push(cond("due_on", *op, Value::Date(*day)));
    }
    list
}

fn open_work(cx: &Cx, list: &Query, most: usize) -> Result<Vec<AgendaItem>> {
    let days = cx.days();
    let found = cx.store.read().list_with_rule(list, days, Some(most))?;
    let lines = found.into_iter().filter_map(|(record, rule)| {
        let item = item(days, record.as_ref(), rule)?;
        Some(AgendaItem {
            sort: sort_of(&item),
            item,
            urge: None,
        })
    });
    Ok(lines.collect())
}

/// The lines of a span by week and day.
fn weeks(span: Vec<AgendaItem>) -> Vec<AgendaWeek> {
    let mut weeks: Vec<AgendaWeek> = Vec::new();
    for item in span {
        let date = item.item.due_on;
        let monday = date.week(Weekday::Mon).first_day();
        if weeks.last().is_none_or(|week| week.from != monday) {
            weeks.push(AgendaWeek {
                week: (date.iso_week().year(), date.iso_week().week()),
                from: monday,
                to: monday.checked_add_days(Days::new(6)).unwrap_or(monday),
                counts: Counts::default(),
                days: Vec::new(),
            });
        }
        let Some(week) = weeks.last_mut() else {
            continue;
        };
        match week.days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.items.push(item),
            None => week.days.push(AgendaDay {
                date,
                items: vec![item],
            }),
        }
    }
    for week in &mut weeks {
        week.counts = Counts::of(week.days.iter().flat_map(|day| &day.items));
    }
    weeks
}
