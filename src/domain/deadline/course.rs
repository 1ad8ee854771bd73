//! The clock of a matter: it runs from the event, stands still while the matter is suspended, goes on with the days
//! that remain, and is prolonged by written extensions.
use super::super::calendar::Calendar;
use super::super::petition::{Pause, State};
use super::{
    DayUnit, ExplainedDay, Explanation, Reason, Rule, RuleKind, raw_due, reason_of, rolled,
};
use chrono::{Datelike, Days, NaiveDate, TimeDelta};

/// Something that moves a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Suspended on the first day, gone on with on the second: the days after the first up to the second do not
    /// count (LKN Đ11a and NĐ 155/2026 Đ28b: what remains is counted from the decision to go on; LTC Đ34).
    Pause(NaiveDate, NaiveDate),
    /// So many days more, from the deadline in force (LTC Đ30).
    Extension {
        /// Day of the decision.
        on: NaiveDate,
        /// Days it gives.
        days: u32,
        /// Its number and date.
        document: Option<String>,
    },
}

impl Turn {
    fn on(&self) -> NaiveDate {
        match self {
            Self::Pause(from, _) => *from,
            Self::Extension { on, .. } => *on,
        }
    }
}

/// What moves the deadline of one matter, in the order of their days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// Suspensions that are over, and extensions.
    pub turns: Vec<Turn>,
    /// Days from the start that no extension goes beyond (LKN Đ28, Đ37: «không quá»).
    pub cap: Option<u32>,
}

impl Course {
    /// The course of a petition; a suspension that lasts has no end to count from yet.
    #[must_use]
    pub fn of(state: &State, cap: Option<u32>) -> Self {
        let pauses = state
            .pauses
            .iter()
            .filter_map(|p| Some(Turn::Pause(p.from, p.to?)));
        let extensions = state.extensions.iter().map(|e| Turn::Extension {
            on: e.on,
            days: u32::try_from(e.days).unwrap_or(0),
            document: e.document.clone(),
        });
        let mut turns: Vec<Turn> = pauses.chain(extensions).collect();
        turns.sort_by_key(Turn::on);
        Self { turns, cap }
    }
}

/// An extension as it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// Day of the decision.
    pub on: NaiveDate,
    /// Days it gave.
    pub days: u32,
    /// Its number and date.
    pub document: Option<String>,
    /// Deadline before it.
    pub from: NaiveDate,
    /// Deadline after it.
    pub due: NaiveDate,
}

/// The clock while it is being read.
struct Clock<'a> {
    rule: &'a Rule,
    cal: &'a Calendar,
    roll_over: bool,
    raw: NaiveDate,
    due: NaiveDate,
    extended: Vec<Extended>,
    pauses: Vec<Pause>,
    /// Days that a deadline had rolled over before an extension or a suspension began.
    gaps: Vec<(NaiveDate, NaiveDate)>,
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    TimeDelta::try_days(days)
        .and_then(|d| day.checked_add_signed(d))
        .unwrap_or(day)
}

impl<'a> Clock<'a> {
    fn run(
        rule: &'a Rule,
        start: NaiveDate,
        cal: &'a Calendar,
        roll_over: bool,
        course: &Course,
    ) -> Self {
        let raw = raw_due(rule, start, cal);
        let mut clock = Self {
            rule,
            cal,
            roll_over,
            raw,
            due: rolled(rule, raw, cal, roll_over),
            extended: Vec::new(),
            pauses: Vec::new(),
            gaps: Vec::new(),
        };
        let mut cap = course.cap.map(|days| {
            let capped = Rule {
                amount: days,
                ..rule.clone()
            };
            raw_due(&capped, start, cal)
        });
        for turn in &course.turns {
            match turn {
                Turn::Pause(from, to) => {
                    cap = cap.map(|cap| clock.moved(cap, *from, *to));
                    clock.pause(*from, *to);
                }
                Turn::Extension { on, days, document } => {
                    clock.extend(*on, *days, document.clone(), cap);
                }
            }
        }
        clock
    }

    fn settle(&mut self, raw: NaiveDate) {
        self.raw = raw;
        self.due = rolled(self.rule, raw, self.cal, self.roll_over);
    }

    /// A last day by counting alone, once the clock has stood still.
    fn moved(&self, raw: NaiveDate, from: NaiveDate, to: NaiveDate) -> NaiveDate {
        match self.rule.unit {
            DayUnit::Calendar => later(to, (raw - from).num_days().max(0)),
            DayUnit::Working => {
                let left = self.cal.working_days_between(from, raw);
                if left > 0 {
                    self.cal.add_working(to, left)
                } else {
                    self.cal.next_working(to)
                }
            }
        }
    }

    fn pause(&mut self, from: NaiveDate, to: NaiveDate) {
        // A deadline that has passed stays passed.
        if from >= self.due || to <= from {
            return;
        }
        self.pauses.push(Pause { from, to: Some(to) });
        // Days that were rolled over and lie ahead are put off too.
        let put_off = |d: NaiveDate| later(to, (d - from).num_days());
        for (raw, due) in std::mem::take(&mut self.gaps) {
            if due <= from {
                self.gaps.push((raw, due));
            } else if raw >= from {
                self.gaps.push((put_off(raw), put_off(due)));
            } else {
                self.gaps.extend([(raw, from), (to, put_off(due))]);
            }
        }
        if self.raw < from {
            self.gaps.push((self.raw, from));
        }
        let raw = self.moved(self.raw, from, to);
        self.settle(raw);
    }

    fn extend(
        &mut self,
        on: NaiveDate,
        days: u32,
        document: Option<String>,
        cap: Option<NaiveDate>,
    ) {
        let from = self.due;
        let raw = match self.rule.unit {
            DayUnit::Calendar => from
                .checked_add_days(Days::new(days.into()))
                .unwrap_or(from),
            DayUnit::Working => self.cal.add_working(from, days.into()),
        };
        if self.raw < from {
            self.gaps.push((self.raw, from));
        }
        // The cap binds the extension, and never makes the deadline earlier.
        let raw = cap.map_or(raw, |cap| raw.min(cap.max(self.raw)));
        self.settle(raw);
        self.extended.push(Extended {
            on,
            days,
            document,
            from,
            due: self.due,
        });
    }

    fn reason(&self, date: NaiveDate) -> Option<Reason> {
        let paused = |p: &Pause| p.from < date && p.to.is_some_and(|to| date <= to);
        if self.pauses.iter().any(paused) {
            return Some(Reason::Suspended);
        }
        if self.rule.unit == DayUnit::Working {
            return reason_of(self.cal, date);
        }
        let in_gap = self
            .gaps
            .iter()
            .any(|(raw, due)| *raw < date && date <= *due);
        (date > self.raw || in_gap).then(|| reason_of(self.cal, date).unwrap_or(Reason::RolledOver))
    }
}

/// The due date of a matter alone, for lists: the same as [`explain_course`] gives.
#[must_use]
pub fn due_in_course(
    rule: &Rule,
    start: NaiveDate,
    cal: &Calendar,
    roll_over: bool,
    course: &Course,
) -> NaiveDate {
    Clock::run(rule, start, cal, roll_over, course).due
}

/// The due date of a matter with its day-by-day sum, suspensions and extensions.
#[must_use]
pub fn explain_course(
    rule: &Rule,
    start: NaiveDate,
    cal: &Calendar,
    roll_over: bool,
    course: &Course,
) -> Explanation {
    let clock = Clock::run(rule, start, cal, roll_over, course);
    let back = rule.kind == RuleKind::Before;
    let explained = |date: NaiveDate| {
        let reason = match (back, rule.unit) {
            (true, DayUnit::Calendar) => None,
            (true, DayUnit::Working) => reason_of(cal, date),
            (false, _) => clock.reason(date),
        };
        ExplainedDay {
            date,
            counted: reason.is_none(),
            reason,
        }
    };
    let days: Vec<ExplainedDay> = if back {
        std::iter::successors(start.pred_opt(), NaiveDate::pred_opt)
            .take_while(|d| *d >= clock.due)
            .map(explained)
            .collect()
    } else {
        std::iter::successors(start.succ_opt(), NaiveDate::succ_opt)
            .take_while(|d| *d <= clock.due)
            .map(explained)
            .collect()
    };
    // A count of calendar days leans on the calendar at its end only.
    let leans: Vec<NaiveDate> = match (rule.unit, back) {
        (DayUnit::Calendar, true) => Vec::new(),
        (DayUnit::Calendar, false) => clock
            .raw
            .iter_days()
            .take_while(|d| *d <= clock.due)
            .collect(),
        (DayUnit::Working, _) => days.iter().map(|d| d.date).collect(),
    };
    let mut years: Vec<i32> = leans.iter().map(Datelike::year).collect();
    years.sort_unstable();
    years.dedup();
    years.retain(|year| !cal.year_known(*year) && !some_confirmed(cal, *year));
    Explanation {
        rule: rule.clone(),
        start,
        raw_due: clock.raw,
        due: clock.due,
        days,
        rolled_due: rolled(rule, clock.raw, cal, true),
        unconfirmed: leans
            .into_iter()
            .filter(|d| cal.day(*d).is_some_and(|row| !row.confirmed))
            .collect(),
        unconfirmed_years: years,
        extensions: clock.extended,
        pauses: clock.pauses,
    }
}

/// A year with one day that waits for its decision is not a year that nobody has looked at.
fn some_confirmed(cal: &Calendar, year: i32) -> bool {
    cal.days()
        .any(|row| row.date.year() == year && row.confirmed)
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
