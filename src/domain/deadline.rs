//! Deadlines: the rules as rows with validity, which of them holds, and the day-by-day sum that explains a due date.
//!
//! The day of the event is not counted (Civil Code 2015, article 147.3). A period of calendar days that ends on a day
//! off ends on the next working day (article 148.5), unless the office has switched that off.
use chrono::{Days, NaiveDate};

use super::calendar::{Calendar, Off};
use super::petition::Pause;
use super::text::Problem;

/// A condition on one fact of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cond {
    /// The rule holds whatever the fact is.
    Any,
    /// 0: not so; 1: so; 2: very much so (complex only).
    Is(u8),
}

impl Cond {
    /// Reads `any`, `0`, `1`, `2`.
    pub fn parse(s: &str) -> Option<Cond> {
        Some(match s.trim() {
            "any" => Cond::Any,
            "0" => Cond::Is(0),
            "1" => Cond::Is(1),
            "2" => Cond::Is(2),
            _ => return None,
        })
    }

    /// As written in the table of rules.
    pub fn code(self) -> &'static str {
        match self {
            Cond::Any => "any",
            Cond::Is(0) => "0",
            Cond::Is(1) => "1",
            Cond::Is(_) => "2",
        }
    }

    /// How closely the condition fits a degree: `None` if it does not hold. A very complex matter is complex too.
    fn fit(self, degree: u8) -> Option<u8> {
        match self {
            Cond::Any => Some(0),
            Cond::Is(0) => (degree == 0).then_some(1),
            Cond::Is(wanted) => (degree >= wanted).then_some(wanted + 1),
        }
    }
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// Latest date, counted from the start event.
    Due,
    /// The whole time from the start event: replaces the plain one, does not add to it.
    Cap,
    /// Added by a written extension.
    Ext,
    /// At least this long before the event.
    Before,
    /// A right ends.
    Window,
}

impl RuleKind {
    const ALL: [RuleKind; 5] = [
        RuleKind::Due,
        RuleKind::Cap,
        RuleKind::Ext,
        RuleKind::Before,
        RuleKind::Window,
    ];

    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            RuleKind::Due => "due",
            RuleKind::Cap => "cap",
            RuleKind::Ext => "ext",
            RuleKind::Before => "before",
            RuleKind::Window => "window",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<RuleKind> {
        RuleKind::ALL.into_iter().find(|k| k.code() == code)
    }
}

/// What a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayUnit {
    /// Working days («ngày làm việc»).
    Working,
    /// Calendar days («ngày»).
    Calendar,
}

impl DayUnit {
    /// `W` or `C`, as in the table of rules.
    pub fn code(self) -> &'static str {
        match self {
            DayUnit::Working => "W",
            DayUnit::Calendar => "C",
        }
    }

    /// The unit of a code.
    pub fn from_code(code: &str) -> Option<DayUnit> {
        [DayUnit::Working, DayUnit::Calendar]
            .into_iter()
            .find(|u| u.code() == code)
    }
}

/// One rule with its validity. Several rows share a code; facts and date choose among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its row in the database; 0 before it has one.
    pub id: i64,
    /// What is asked for: `KN_ACCEPT`, `TC_RESOLVE` …
    pub code: String,
    /// Types it is for: `KN`, `TC`, `KNPA`, `KN+TC` …
    pub petition_type: String,
    /// Instances it is for: `1`, `1+2`, `reception` …
    pub level: String,
    /// Complex: 0, 1, 2 = very complex.
    pub complex: Cond,
    /// Remote area.
    pub remote: Cond,
    /// First start date it holds for.
    pub valid_from: Option<NaiveDate>,
    /// Last start date it holds for.
    pub valid_to: Option<NaiveDate>,
    /// What it does.
    pub kind: RuleKind,
    /// Number of days.
    pub amount: u32,
    /// What it counts.
    pub unit: DayUnit,
    /// The event it counts from (for `before`: up to).
    pub start_event: String,
    /// Law and article.
    pub source: String,
}

/// Longest time a rule may give, in days.
const MAX_AMOUNT: u32 = 3660;

fn bad_row(line: &str, field: &str) -> Problem {
    Problem::new(
        format!("dòng quy định «{line}»: cột {field} không đúng"),
        format!("rule row “{line}”: column {field} is wrong"),
    )
}

fn optional_date(s: &str) -> Option<Option<NaiveDate>> {
    if s.is_empty() {
        return Some(None);
    }
    NaiveDate::parse_from_str(s, "%Y-%m-%d").ok().map(Some)
}

impl Rule {
    /// Reads one row of the table of rules (code, type, level, complex, remote, `valid_from`, `valid_to`, kind, amount,
    /// unit, `start_event`, source; the last may hold commas). Its `id` is 0.
    ///
    /// # Errors
    /// The column that cannot be read.
    pub fn parse_row(line: &str) -> Result<Rule, Problem> {
        let fields: Vec<&str> = line.trim().splitn(12, ',').map(str::trim).collect();
        let [
            code,
            petition_type,
            level,
            complex,
            remote,
            from,
            to,
            kind,
            amount,
            unit,
            start_event,
            source,
        ] = fields.as_slice()
        else {
            return Err(bad_row(line, "12"));
        };
        let check = |field: &'static str| move || bad_row(line, field);
        if code.is_empty() {
            return Err(bad_row(line, "code"));
        }
        Ok(Rule {
            id: 0,
            code: (*code).to_owned(),
            petition_type: (*petition_type).to_owned(),
            level: (*level).to_owned(),
            complex: Cond::parse(complex).ok_or_else(check("complex"))?,
            remote: Cond::parse(remote)
                .filter(|c| *c != Cond::Is(2))
                .ok_or_else(check("remote"))?,
            valid_from: optional_date(from).ok_or_else(check("valid_from"))?,
            valid_to: optional_date(to).ok_or_else(check("valid_to"))?,
            kind: RuleKind::from_code(kind).ok_or_else(check("kind"))?,
            amount: amount
                .parse()
                .ok()
                .filter(|n| *n <= MAX_AMOUNT)
                .ok_or_else(check("amount"))?,
            unit: DayUnit::from_code(unit).ok_or_else(check("unit"))?,
            start_event: (*start_event).to_owned(),
            source: source.trim_matches('"').to_owned(),
        })
    }

    /// True if the rule holds for an event of that day.
    pub fn holds_on(&self, start: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= start)
            && self.valid_to.is_none_or(|to| start <= to)
    }
}

/// What the choice of a rule depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Facts {
    /// A complex matter.
    pub complex: bool,
    /// A very complex matter; complex too.
    pub very_complex: bool,
    /// In a remote area (vùng sâu, vùng xa).
    pub remote: bool,
}

impl Facts {
    fn degree(self) -> u8 {
        match (self.very_complex, self.complex) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        }
    }
}

/// The rule of that code that holds for an event of that day and these facts. Of several, the one with the closest
/// conditions; then the one that came into force last, then the one entered last.
pub fn choose<'a>(
    rules: &'a [Rule],
    code: &str,
    start: NaiveDate,
    facts: &Facts,
) -> Option<&'a Rule> {
    rules
        .iter()
        .filter(|r| r.code == code && r.holds_on(start))
        .filter_map(|r| {
            let complex = r.complex.fit(facts.degree())?;
            let remote = r.remote.fit(u8::from(facts.remote))?;
            Some(((complex, remote, r.valid_from, r.id), r))
        })
        .max_by_key(|(rank, _)| *rank)
        .map(|(_, rule)| rule)
}

/// Why a day does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Saturday or Sunday.
    Weekend,
    /// A holiday or day off, by its name.
    DayOff(String),
    /// The working day that a deadline moved to because its own last day was a day off.
    RolledOver,
    /// The matter was suspended: the clock stood still.
    Suspended,
}

/// One day of the sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedDay {
    /// The day.
    pub date: NaiveDate,
    /// True if it was counted.
    pub counted: bool,
    /// Why not.
    pub reason: Option<Reason>,
}

/// A due date with all that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The rule that was applied.
    pub rule: Rule,
    /// The day of the event, not counted.
    pub start: NaiveDate,
    /// The last day by counting alone.
    pub raw_due: NaiveDate,
    /// The last day, after rolling over days off.
    pub due: NaiveDate,
    /// Every day from the one after the start to `due`; for a `before` rule, from the one before back to `due`.
    pub days: Vec<ExplainedDay>,
    /// The working day on which `raw_due` would end or ends by rolling over, whether the office rolls over or not.
    pub rolled_due: NaiveDate,
    /// The extensions counted, each with the deadline it began from and the one it gave.
    pub extensions: Vec<Extended>,
    /// The suspensions that moved the deadline.
    pub pauses: Vec<Pause>,
    /// Days of the calendar that the date stands on and that the office has not confirmed.
    pub unconfirmed: Vec<NaiveDate>,
    /// Years of the calendar that the date stands on and of which nothing is confirmed.
    pub unconfirmed_years: Vec<i32>,
}

impl Explanation {
    /// True when the date may move once the office confirms its calendar.
    #[must_use]
    pub fn provisional(&self) -> bool {
        !self.unconfirmed.is_empty() || !self.unconfirmed_years.is_empty()
    }
}

fn reason_of(cal: &Calendar, date: NaiveDate) -> Option<Reason> {
    cal.why_off(date).map(|off| match off {
        Off::Weekend => Reason::Weekend,
        Off::Named(name) => Reason::DayOff(name.to_owned()),
    })
}

/// Counts the rule from `start`; for a `before` rule, back from it. Pure arithmetic, without the days in between.
fn raw_due(rule: &Rule, start: NaiveDate, cal: &Calendar) -> NaiveDate {
    let amount = i64::from(rule.amount.min(MAX_AMOUNT));
    let back = rule.kind == RuleKind::Before;
    let days = Days::new(amount.unsigned_abs());
    match (rule.unit, back) {
        (DayUnit::Working, false) => cal.add_working(start, amount),
        (DayUnit::Working, true) => cal.add_working(start, -amount),
        (DayUnit::Calendar, false) => start.checked_add_days(days).unwrap_or(start),
        (DayUnit::Calendar, true) => start.checked_sub_days(days).unwrap_or(start),
    }
}

/// The due date alone, for lists: the same as [`explain`] gives.
pub fn due_date(rule: &Rule, start: NaiveDate, cal: &Calendar, roll_over: bool) -> NaiveDate {
    rolled(rule, raw_due(rule, start, cal), cal, roll_over)
}

fn rolled(rule: &Rule, raw: NaiveDate, cal: &Calendar, roll_over: bool) -> NaiveDate {
    if roll_over && rule.unit == DayUnit::Calendar && rule.kind != RuleKind::Before {
        cal.next_working(raw)
    } else {
        raw
    }
}

/// The due date of an event with its day-by-day sum. `before` rules count back and never roll.
pub fn explain(rule: &Rule, start: NaiveDate, cal: &Calendar, roll_over: bool) -> Explanation {
    explain_course(rule, start, cal, roll_over, &Course::default())
}

mod course;
pub use course::{Course, Extended, Turn, due_in_course, explain_course};
#[cfg(test)]
#[path = "deadline_tests.rs"]
mod tests;
