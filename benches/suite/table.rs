//! The one table: a budget, its yardstick, our figure, their ratio, and whether the budget is met.
use std::fmt::Write;

/// What a figure counts.
#[derive(Clone, Copy)]
pub enum Unit {
    Bytes,
    Ms,
    MiB,
    PerSecond,
    Percent,
    Times,
    Seconds,
    Count,
}

impl Unit {
    fn sign(self) -> &'static str {
        match self {
            Unit::Bytes => " B",
            Unit::Ms => " ms",
            Unit::MiB => " MiB",
            Unit::PerSecond => "/s",
            Unit::Percent => " %",
            Unit::Times => " ×",
            Unit::Seconds => " s",
            Unit::Count => "",
        }
    }

    /// A figure as the table says it.
    pub fn say(self, value: f64) -> String {
        let text = match self {
            Unit::Bytes | Unit::PerSecond | Unit::Count => grouped(value),
            _ if value >= 1_000.0 => grouped(value),
            _ if value >= 100.0 => format!("{value:.0}"),
            _ if value >= 10.0 => format!("{value:.1}"),
            _ if value >= 0.1 || value == 0.0 => format!("{value:.2}"),
            _ => format!("{value:.3}"),
        };
        text + self.sign()
    }
}

/// A whole number in groups of three.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && c.is_ascii_digit() {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// What a budget asks of a figure.
#[derive(Clone, Copy)]
enum Limit {
    /// Only told.
    None,
    /// At most this.
    Most(f64),
    /// At least this.
    Least(f64),
    /// At most so many times the yardstick and so much more.
    MostTimes(f64, f64),
    /// The yardstick is at least so many times ours (of times), or ours so many times the yardstick (of rates).
    Share(f64),
}

/// One line of the table.
pub struct Row {
    budget: &'static str,
    what: String,
    unit: Unit,
    yardstick: Option<(String, f64)>,
    ours: Option<f64>,
    limit: Limit,
    note: String,
}

impl Row {
    /// A figure of a budget (`G1`…).
    pub fn new(budget: &'static str, what: impl Into<String>, unit: Unit, ours: f64) -> Row {
        Row {
            budget,
            what: what.into(),
            unit,
            yardstick: None,
            ours: Some(ours),
            limit: Limit::None,
            note: String::new(),
        }
    }

    /// A figure that could not be had here, and why.
    pub fn missing(budget: &'static str, what: impl Into<String>, why: impl Into<String>) -> Row {
        Row {
            ours: None,
            note: why.into(),
            ..Row::new(budget, what, Unit::Count, 0.0)
        }
    }

    /// Beside what it stands, measured in the same run.
    pub fn beside(mut self, name: impl Into<String>, value: f64) -> Row {
        self.yardstick = Some((name.into(), value));
        self
    }

    /// The budget: at most this.
    pub fn most(mut self, limit: f64) -> Row {
        self.limit = Limit::Most(limit);
        self
    }

    /// The budget: at least this.
    pub fn least(mut self, limit: f64) -> Row {
        self.limit = Limit::Least(limit);
        self
    }

    /// The budget: at most so many times the yardstick and so much more.
    pub fn most_times(mut self, times: f64, more: f64) -> Row {
        self.limit = Limit::MostTimes(times, more);
        self
    }

    /// The budget: so many times better than the yardstick. Of rates a higher one is better, of all else a lower one.
    pub fn better(mut self, times: f64) -> Row {
        self.limit = Limit::Share(times);
        self
    }

    /// Beside what it stands when that is not measured but known, as from the table of budgets.
    pub fn note(mut self, note: impl Into<String>) -> Row {
        self.note = note.into();
        self
    }

    fn ratio(&self) -> Option<f64> {
        match (&self.yardstick, self.ours) {
            (Some((_, yardstick)), Some(ours)) if *yardstick > 0.0 => Some(ours / yardstick),
            _ => None,
        }
    }

    fn met(&self) -> Option<bool> {
        let ours = self.ours?;
        let yardstick = self.yardstick.as_ref().map(|(_, value)| *value);
        Some(match self.limit {
            Limit::None => return None,
            Limit::Most(most) => ours <= most,
            Limit::Least(least) => ours >= least,
            Limit::MostTimes(times, more) => ours <= yardstick? * times + more,
            Limit::Share(times) => match self.unit {
                Unit::PerSecond => ours >= yardstick? * times,
                _ => ours * times <= yardstick?,
            },
        })
    }

    fn limit(&self) -> String {
        let say = |value: f64| self.unit.say(value);
        match self.limit {
            Limit::None => String::new(),
            Limit::Most(most) => format!("≤ {}", say(most)),
            Limit::Least(least) => format!("≥ {}", say(least)),
            Limit::MostTimes(times, 0.0) => format!("≤ {times} ×"),
            Limit::MostTimes(times, more) => format!("≤ {times} × + {more:.0}{}", self.unit.sign()),
            Limit::Share(times) => match self.unit {
                Unit::PerSecond => format!("≥ {times} ×"),
                _ => format!("≤ 1/{times}"),
            },
        }
    }

    fn cells(&self) -> [String; 7] {
        let yardstick = match &self.yardstick {
            Some((name, value)) => format!("{name} {}", self.unit.say(*value)),
            None => self.note.clone(),
        };
        [
            self.budget.to_owned(),
            self.what.clone(),
            yardstick,
            self.ours.map_or("–".to_owned(), |ours| self.unit.say(ours)),
            self.ratio()
                .map_or(String::new(), |ratio| Unit::Times.say(ratio)),
            self.limit(),
            match self.met() {
                Some(true) => "yes".to_owned(),
                Some(false) => "NO".to_owned(),
                None => String::new(),
            },
        ]
    }
}

const HEAD: [&str; 7] = ["", "what", "yardstick", "ours", "ratio", "budget", "met"];
/// The same for the README, which speaks Vietnamese.
const HEAD_VI: [&str; 7] = [
    "",
    "đo gì",
    "so với",
    "danvan",
    "tỷ số",
    "mức cho phép",
    "đạt",
];

/// All lines so far.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Adds a line, and says it at once for whoever waits.
    pub fn add(&mut self, row: Row) {
        let [budget, what, yardstick, ours, _, limit, met] = row.cells();
        eprintln!("{budget:<4}{what:<52}{ours:>12}  {limit:<16}{met:<4}{yardstick}");
        self.rows.push(row);
    }

    /// How many budgets are met, of how many that were measured.
    pub fn met(&self) -> (usize, usize) {
        let judged: Vec<bool> = self.rows.iter().filter_map(Row::met).collect();
        (judged.iter().filter(|met| **met).count(), judged.len())
    }

    /// The table in columns of equal width.
    pub fn plain(&self) -> String {
        let mut lines = vec![HEAD.map(str::to_owned)];
        lines.extend(self.rows.iter().map(Row::cells));
        let width = |at: usize| {
            lines
                .iter()
                .map(|line| line[at].chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
        let mut out = String::new();
        for line in &lines {
            let padded: Vec<String> = line
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(at, (cell, width))| match at {
                    3 | 4 => format!("{cell:>width$}"),
                    _ => format!("{cell:<width$}"),
                })
                .collect();
            let _ = writeln!(out, "{}", padded.join("  ").trim_end());
        }
        out
    }

    /// The table in Markdown; with `budgets_only` without the figures that no budget speaks of.
    pub fn markdown(&self, budgets_only: bool) -> String {
        let mut out = format!(
            "| {} |\n| --- | --- | --- | ---: | ---: | --- | --- |\n",
            HEAD_VI.join(" | ")
        );
        let told = |row: &&Row| !budgets_only || row.met().is_some();
        for row in self.rows.iter().filter(told) {
            let mut cells = row.cells();
            cells[6] = match row.met() {
                Some(true) => "có".to_owned(),
                Some(false) => "**chưa**".to_owned(),
                None => String::new(),
            };
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        out
    }
}

/// The value below which this share (of a thousand) of all values lies.
pub fn at(sorted: &[f64], per_mille: usize) -> f64 {
    let place = (sorted.len() * per_mille / 1000).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or(0.0)
}

/// The middle of several values.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    at(&values, 500)
}
