//! One walk over the whole table: what its texts are in, how its days are written, how many rows there are.
use super::day::Days;
use super::{Column, Layout, Order, Target};
use crate::catalog::Type;
use crate::catalog::carried::STEPS;
use crate::domain::encoding::{Legacy, Tally, Verdict};
use crate::domain::link::{self, Link};
use crate::domain::sheet::{Cell, Row};
use crate::exchange::read::{Result, Source};
use std::collections::HashSet;

/// Rows of a table by which it is judged for the time being.
const BEGINNING: usize = 2_048;

#[derive(Debug, Default)]
struct Seen {
    tally: Tally,
    days: Days,
    font: Option<Legacy>,
}

/// What was seen of the rows of a table.
#[derive(Debug)]
pub(super) struct Survey {
    /// The last row of the headings.
    head: usize,
    /// Columns of fields, and whether these are days.
    columns: Vec<(usize, bool, Seen)>,
    links: Vec<usize>,
    steps: Vec<usize>,
    rows: usize,
    pointed: HashSet<String>,
}

impl Survey {
    pub(super) fn of(layout: &Layout) -> Self {
        let kind = layout.kind;
        let columns = layout.columns.iter().filter_map(|c| {
            let is_date = c.field(kind)?.ty == Type::Date;
            Some((c.at, is_date, Seen::default()))
        });
        let steps = layout.columns.iter();
        let steps = steps.filter(|c| c.target == Some(Target::Field(STEPS)));
        Self {
            head: layout.head.1,
            columns: columns.collect(),
            links: layout.links(),
            steps: steps.map(|c| c.at).collect(),
            rows: 0,
            pointed: HashSet::new(),
        }
    }

    /// Takes a row into account.
    pub(super) fn add(&mut self, row: &Row) {
        if row.row <= self.head {
            return;
        }
        self.rows += 1;
        let pointing = self.links.iter().filter_map(|at| row.cell(*at));
        self.pointed
            .extend(pointing.filter_map(|c| Link::read(&c.cell.shown()).name));
        for cell in self.steps.iter().filter_map(|at| row.cell(*at)) {
            self.pointed.extend(link::leads(&cell.cell.shown()));
        }
        for (at, is_date, seen) in &mut self.columns {
            let Some(cell) = row.cell(*at) else { continue };
            match &cell.cell {
                Cell::Text(text) if *is_date => seen.days.add_text(text),
                Cell::Text(text) => {
                    seen.tally.add(text);
                    seen.font = seen.font.or(cell.font.map(|(legacy, _)| legacy));
                }
                Cell::Day(day) if *is_date => seen.days.add_day(*day),
                _ => {}
            }
        }
    }

    /// The encoding and the order of days of a column.
    fn shows(&self, column: &Column, (layout, is_latin): (&Layout, bool)) -> (Verdict, Order) {
        let own = self.columns.iter().find(|(at, ..)| *at == column.at);
        let Some((_, is_date, seen)) = own else {
            return (column.encoding, column.order);
        };
        let order = match (seen.days.order(), column.order_settled) {
            _ if !is_date || column.order_said => column.order,
            (Order::Ask | Order::AskTurned, Some(settled)) => settled,
            (shown, _) => shown,
        };
        let encoding = match (seen.tally.verdict(seen.font), layout.encoding) {
            (_, all) if layout.forced => all,
            (Verdict::Unsure(own), Verdict::Sure(all)) if own == all => Verdict::Sure(all),
            (Verdict::Unicode | Verdict::Unsure(_), Verdict::Sure(all)) if is_latin => {
                Verdict::Sure(all)
            }
            (own, _) => own,
        };
        (encoding, order)
    }

    pub(super) fn points(&self) -> bool {
        !self.pointed.is_empty()
    }

    /// Rows below the headings.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether a layout says what these rows show, however many there are.
    pub(super) fn agrees(&self, layout: &Layout, is_latin: bool) -> bool {
        let mut columns = layout.columns.iter();
        let same = |c: &Column| self.shows(c, (layout, is_latin)) == (c.encoding, c.order);
        columns.all(same) && self.pointed == layout.pointed
    }

    fn settle(self, layout: &mut Layout, is_latin: bool) {
        let shown = layout.columns.iter();
        let shown = shown.map(|c| self.shows(c, (layout, is_latin)));
        let shown: Vec<_> = shown.collect();
        for (column, shown) in layout.columns.iter_mut().zip(shown) {
            (column.encoding, column.order) = shown;
        }
        layout.rows = self.rows;
        layout.pointed = self.pointed;
    }
}

impl Layout {
    /// Reads the table once and learns of each mapped column what its texts are in and how its days are written.
    /// `progress` hears how many rows were read and which part of 1000 that is.
    ///
    /// # Errors
    /// A file that cannot be read on.
    pub fn survey(&mut self, source: &Source, progress: &mut dyn FnMut(usize, u32)) -> Result<()> {
        let mut survey = Survey::of(self);
        let mut rows = source.rows(self.sheet)?;
        let mut row = Row::default();
        while rows.next_into(&mut row)? {
            survey.add(&row);
            if survey.rows > 0 && survey.rows.is_multiple_of(4096) {
                progress(survey.rows, rows.done());
            }
        }
        survey.settle(self, source.is_latin());
        Ok(())
    }

    /// As [`Layout::survey`], by the first rows: what the others show is to be held against it
    /// ([`super::Feed::surveying`]). Gives about how many there are in all.
    ///
    /// # Errors
    /// As [`Layout::survey`].
    pub fn survey_beginning(&mut self, source: &Source) -> Result<usize> {
        let mut survey = Survey::of(self);
        let mut rows = source.rows(self.sheet)?;
        let mut row = Row::default();
        while survey.rows < BEGINNING && rows.next_into(&mut row)? {
            survey.add(&row);
        }
        let part = usize::try_from(rows.done()).unwrap_or(0);
        let all = survey.rows * 1_000 / part.max(1);
        survey.settle(self, source.is_latin());
        Ok(all)
    }

    /// Columns that point to records of this register.
    fn links(&self) -> Vec<usize> {
        let own = |c: &&Column| {
            c.field(self.kind)
                .is_some_and(|f| f.ty == Type::Ref(self.kind))
        };
        self.columns.iter().filter(own).map(|c| c.at).collect()
    }

    /// Says the order of day and month of a column.
    pub fn set_order(&mut self, at: usize, order: Order) {
        if let Some(column) = self.columns.iter_mut().find(|c| c.at == at) {
            column.order = order;
            column.order_said = true;
        }
    }
}
