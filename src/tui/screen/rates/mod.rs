//! 7 Tỷ lệ: a rate over a period, row by row, with the rows behind every figure one key away.

mod ahead;
mod export;
mod follow;
pub(super) mod kept;
mod levels;
mod lines;
mod notes;
mod page;
mod prompt;
pub mod words;

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::actions::{self, Host};
use super::check::CheckScreen;
use super::export::{Writing, stop};
use super::list::{ListScreen, period_label};
use super::{Flow, Screen, Title, Ui, View};
use crate::app::freeze::{self, Kept};
use crate::app::rates::{
    Balance, Figure, RateOptions, RateQuery, RateRow, RateTable, balance, table_with,
};
use crate::app::{Cx, Moment, Result};
use crate::catalog;
use crate::domain::date;
use crate::domain::period::Period;
use crate::domain::query::Query;
use crate::domain::rate::{Compare, GroupBy, Measure, Part, UnitMap};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::Lane;
use crate::tui::lang::t;
use crate::tui::widget::paint::put;
use lines::{Line, Lines, Order};
use page::At;

/// A table as counted at one moment.
pub(super) struct Data {
    pub table: RateTable,
    /// What was carried over and what is carried forward.
    pub balance: Option<Balance>,
    /// What was reported of the period, if it was kept.
    pub kept: Option<Kept>,
    /// «23:40 21/11/2026»
    pub as_of: String,
    /// The moment that all of it was read after, of the connection of this lane.
    seen: Option<Moment>,
    lane: Lane,
}

impl Data {
    /// Whether an earlier period stands beside the table.
    fn compares(&self) -> bool {
        self.table.options.compare.is_some()
    }

    /// The row of a line; none for the fold and the figures under the table.
    fn row(&self, line: &Line) -> Option<&RateRow> {
        match line {
            Line::Row(at) => self.table.rows.get(*at),
            Line::Apart(at) => self.table.apart.get(*at),
            Line::Total => Some(&self.table.total),
            Line::Fold | Line::Foot => None,
        }
    }
}

/// The figure of a part; a row has no others than these three.
pub(super) fn figure(row: &RateRow, part: Part) -> &Figure {
    match part {
        Part::Denominator => &row.den,
        Part::Remainder => &row.rest,
        _ => &row.num,
    }
}

/// The table of rates.
pub struct RatesScreen {
    measure: Measure,
    period: Period,
    by: GroupBy,
    units: Vec<i64>,
    unit_name: Option<String>,
    options: RateOptions,
    trail: Vec<levels::Above>,
    data: Option<Data>,
    lines: Lines,
    at: At,
    /// Where the selected cell was spelled out last.
    told: Option<Rect>,
    /// A file that is being written from here.
    writing: Option<Writing>,
}

impl RatesScreen {
    /// The rate of resolution of this year, by unit.
    pub fn new(v: &View) -> RatesScreen {
        let day = v.today;
        let year = |month, last| {
            day.with_day(1)
                .and_then(|d| d.with_month(month))
                .and_then(|d| d.with_day(last))
        };
        RatesScreen {
            measure: Measure::Resolution,
            period: Period {
                from: year(1, 1).unwrap_or(day),
                to: year(12, 31).unwrap_or(day),
            },
            by: GroupBy::Unit,
            units: Vec::new(),
            unit_name: None,
            // A period that still runs is compared only up to today's day.
            options: RateOptions {
                so_far: true,
                days: false,
                ..RateOptions::default()
            },
            trail: Vec::new(),
            data: None,
            lines: Lines::default(),
            at: At {
                part: Part::Numerator,
                foot: Part::Opening,
            },
            told: None,
            writing: None,
        }
    }

    fn query(&self) -> RateQuery {
        RateQuery {
            measure: self.measure,
            from: self.period.from,
            to: self.period.to,
            by: self.by,
            units: self.units.clone(),
            petition_type: None,
        }
    }

    fn load(&mut self, ui: &mut Ui) {
        let (query, options) = (self.query(), self.options);
        ui.search(move |cx| count(cx, &query, &options), RatesScreen::take);
    }

    fn take(&mut self, data: Result<Data>, ui: &mut Ui) -> Flow {
        match data {
            Ok(data) => {
                if data.table.total.num.count > 0 {
                    self.load_days(ui);
                }
                self.show(data);
            }
            Err(error) => ui.warn(error.text(ui.view.lang)),
        }
        Flow::Stay
    }

    fn show(&mut self, data: Data) {
        let foot = notes::figures(&data);
        if !foot.iter().any(|(part, _)| *part == self.at.foot)
            && let Some((first, _)) = foot.first()
        {
            self.at.foot = *first;
        }
        self.lines.fill(&data.table, !foot.is_empty());
        self.data = Some(data);
    }

    fn selected(&self) -> Option<&RateRow> {
        self.data.as_ref()?.row(self.lines.line()?)
    }

    fn open(&mut self, ui: &mut Ui) -> Flow {
        if self.lines.line() == Some(&Line::Fold) {
            return self.toggle_fold();
        }
        let Some((part, figure)) = self.figure() else {
            return Flow::Stay;
        };
        let mut query = Query::all(figure.cell.kind());
        query.cell = Some(figure.cell.clone());
        let lang = ui.view.lang;
        let what = words::inside(catalog::rate::part_label(self.measure, part).get(lang));
        let mut about = vec![what];
        match self.lines.line() {
            Some(Line::Total | Line::Foot) => about.extend(self.unit_name.clone()),
            _ => about.extend(self.selected().map(|row| row.label.get(lang).to_owned())),
        }
        about.push(period_label(self.period, lang));
        Flow::Push(Box::new(ListScreen::of(query, about, &ui.view)))
    }

    /// The selected figure and which part it is.
    fn figure(&self) -> Option<(Part, &Figure)> {
        if self.lines.line() == Some(&Line::Foot) {
            let foot = notes::figures(self.data.as_ref()?);
            return foot.into_iter().find(|(part, _)| *part == self.at.foot);
        }
        let part = self.at.part;
        Some((part, figure(self.selected()?, part)))
    }

    fn toggle_fold(&mut self) -> Flow {
        if let Some(data) = &self.data {
            self.lines.toggle(&data.table);
        }
        Flow::Stay
    }

    /// The cell beside the selected one; after the last comes the first.
    fn next_part(&mut self, on: bool) {
        let foot = self.lines.line() == Some(&Line::Foot);
        let parts: Vec<Part> = match &self.data {
            Some(data) if foot => notes::figures(data).iter().map(|(part, _)| *part).collect(),
            _ => vec![Part::Numerator, Part::Denominator, Part::Remainder],
        };
        let now = if foot {
            &mut self.at.foot
        } else {
            &mut self.at.part
        };
        let at = parts.iter().position(|part| part == now).unwrap_or(0);
        let step = if on { 1 } else { parts.len().saturating_sub(1) };
        if let Some(part) = parts.get((at + step) % parts.len().max(1)) {
            *now = *part;
        }
    }

    fn set_measure(&mut self, measure: Measure, ui: &mut Ui) {
        self.measure = measure;
        self.load(ui);
    }

    fn next_measure(&mut self, ui: &mut Ui) {
        let all = Measure::ALL;
        let at = all
            .iter()
            .position(|m| *m == self.measure)
            .map_or(0, |at| at + 1);
        if let Some(next) = all.get(at).or(all.first()) {
            self.set_measure(*next, ui);
        }
    }

    /// What the title says beside the name.
    fn about(&self, unit: String, by: String, v: &View) -> Vec<String> {
        let mut about = vec![unit, period_label(self.period, v.lang), by];
        if self.options.map == UnitMap::Current {
            about.push(
                catalog::rate::map_label(self.options.map)
                    .get(v.lang)
                    .to_owned(),
            );
        }
        about.extend(self.options.compare.map(|compare| {
            let label = catalog::rate::compare_label(compare).get(v.lang);
            format!("{} {label}", v.say(t("so với", "against")))
        }));
        about
    }

    /// Another grouping, order, period or unit from a prompt.
    fn regroup(&mut self, by: GroupBy, ui: &mut Ui) {
        self.by = by;
        self.trail.clear();
        self.lines.first();
        self.load(ui);
    }

    fn reorder(&mut self, order: Order) {
        if let Some(data) = &self.data {
            self.lines.sort(order, &data.table);
        }
    }

    fn set_period(&mut self, period: Period, ui: &mut Ui) {
        self.period = period;
        self.load(ui);
    }

    fn set_units(&mut self, units: Vec<i64>, name: Option<String>, ui: &mut Ui) {
        self.units = units;
        self.unit_name = name;
        self.trail.clear();
        self.lines.first();
        self.load(ui);
    }
}

fn as_of(cx: &Cx) -> String {
    format!("{} {}", cx.config().clock(), date::vi(cx.today()))
}

fn count(cx: &Cx, query: &RateQuery, options: &RateOptions) -> Result<Data> {
    let seen = cx.moment();
    cx.in_one_moment(|cx| {
        // What is due on time stands on what was resolved in the very period: nothing is carried over.
        let balance = match query.measure {
            Measure::OnTime => None,
            _ => Some(balance(cx, query, options)?),
        };
        let period = Period {
            from: query.from,
            to: query.to,
        };
        Ok(Data {
            as_of: as_of(cx),
            seen,
            lane: Lane::Search,
            table: table_with(cx, query, options)?,
            balance,
            kept: freeze::kept_rate(cx, period, query.measure)?,
        })
    })
}

impl Host for RatesScreen {
    fn target(&self) -> Option<(Kind, i64, String)> {
        None
    }

    fn reload(&mut self, ui: &mut Ui) {
        self.load(ui);
    }
}

impl Screen for RatesScreen {
    fn state(&self, v: &View) -> State {
        State {
            read_only: v.read_only,
            row: self.lines.line().is_some(),
            below: self.selected().is_some_and(|row| row.unit.is_some()),
            ..State::new(Scope::Rates)
        }
    }

    fn title(&self, v: &View) -> Title {
        let unit = match &self.unit_name {
            Some(name) => format!("{name} {}", v.say(t("và cấp dưới", "and below"))),
            None => v.say(t("mọi đơn vị", "all units")).to_owned(),
        };
        let by = catalog::rate::group_label(self.by).get(v.lang);
        let by = format!("{} {by}", v.say(t("theo", "by")));
        Title {
            name: catalog::rate::title(self.measure).get(v.lang).to_owned(),
            about: self.about(unit, by, v),
            count: String::new(),
        }
    }

    fn status(&self, v: &View) -> Option<String> {
        self.writing.as_ref().map(|writing| writing.words(v))
    }

    fn works(&self) -> bool {
        self.writing.is_some()
    }

    fn start(&mut self, ui: &mut Ui) {
        self.load_kept(ui);
    }

    fn ahead(&mut self, ui: &mut Ui) {
        self.keep_ahead(ui);
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.look_again(ui);
    }

    fn new_day(&mut self, ui: &mut Ui) {
        self.recount(ui);
    }

    fn follow(&mut self, ui: &mut Ui) -> bool {
        self.recount(ui);
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        let by_unit = self.by == GroupBy::Unit;
        match c {
            Command::Open => return self.open(ui),
            Command::Below => return self.below(ui),
            Command::Right if self.selected().is_some_and(|row| row.unit.is_some()) => {
                return self.below(ui);
            }
            Command::Left if by_unit && !self.units.is_empty() => drop(self.above(ui)),
            Command::Back if self.writing.is_some() => return stop(self.writing.as_ref()),
            Command::Back if !self.trail.is_empty() => drop(self.above(ui)),
            Command::NextPart | Command::Right => self.next_part(true),
            Command::PrevPart | Command::Left => self.next_part(false),
            Command::Fold => return self.toggle_fold(),
            Command::Export => return self.ask_export(ui),
            Command::Measure => return prompt::measure(self.measure, &ui.view),
            Command::NextMeasure => self.next_measure(ui),
            Command::Freeze => kept::freeze(self.period, ui),
            Command::Frozen => kept::choose::<RatesScreen>(ui),
            Command::Group => return prompt::group(self.by, &ui.view),
            Command::Sort => return prompt::order(self.lines.order(), &ui.view),
            Command::Period => return prompt::period(self.period, &ui.view),
            Command::Unit => return prompt::unit(ui.view),
            Command::Compare => {
                self.options.compare = match self.options.compare {
                    None => Some(Compare::LastYear),
                    Some(Compare::LastYear) => Some(Compare::Previous),
                    Some(Compare::Previous) => None,
                };
                self.load(ui);
            }
            Command::Map => {
                self.options.map = match self.options.map {
                    UnitMap::AsRecorded => UnitMap::Current,
                    UnitMap::Current => UnitMap::AsRecorded,
                };
                self.load(ui);
            }
            Command::Withdrawn => {
                let now = self.data.as_ref().is_some_and(|data| data.table.withdrawn);
                self.options.withdrawn = Some(!now);
                self.load(ui);
            }
            Command::Figures => {
                return Flow::Push(Box::new(ListScreen::register(Kind::Figure, &ui.view)));
            }
            Command::CheckFigures => return Flow::Push(Box::new(CheckScreen::new(&ui.view))),
            _ if self.lines.command(c) => {}
            _ => return actions::command(self, c, ui),
        }
        Flow::Stay
    }

    fn follows(&self, _body: Rect) -> Option<Rect> {
        self.told
    }

    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        match &self.data {
            Some(data) => {
                self.told = Some(page::view(f, area, data, &mut self.lines, self.at, v));
            }
            None => put(
                f,
                area,
                2,
                0,
                v.say(t("đang tính…", "counting…")),
                v.theme.dim(),
            ),
        }
    }
}
