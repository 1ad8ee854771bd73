//! One walk over the whole table: what its texts are in, how its days are written, how many rows there are.
use super::day::Days;
use super::{Column, Layout, Order, Target};
use crate::catalog::Type;
use crate::catalog::carried::STEPS;
use crate::domain::encoding::{Legacy, Tally, Verdict};
use crate::domain::link::{self, Link};
use crate::domain::sheet::{Cell, Row};
use crate::exchange::read::{Result, Source};

#[derive(Debug, Default)]
struct Seen {
    tally: Tally,
    days: Days,
    font: Option<Legacy>,
}

impl Layout {
    /// Reads the table once and learns of each mapped column what its texts are in and how its days are written.
    /// `progress` hears how many rows were read and which part of 1000 that is.
    ///
    /// # Errors
    /// A file that cannot be read on.
    pub fn survey(&mut self, source: &Source, progress: &mut dyn FnMut(usize, u32)) -> Result<()> {
        let kind = self.kind;
        let watched: Vec<(usize, bool)> = self
            .columns
            .iter()
            .filter_map(|c| Some((c.at, c.field(kind)?.ty == Type::Date)))
            .collect();
        let mut seen: Vec<Seen> = watched.iter().map(|_| Seen::default()).collect();
        let links = self.links();
        let steps = self.columns.iter();
        let steps: Vec<usize> = steps
            .filter(|c| c.target == Some(Target::Field(STEPS)))
            .map(|c| c.at)
            .collect();
        let mut rows = source.rows(self.sheet)?;
        self.rows = 0;
        self.pointed.clear();
        let mut row = Row::default();
        while rows.next_into(&mut row)? {
            if row.row <= self.head.1 {
                continue;
            }
            self.rows += 1;
            if self.rows.is_multiple_of(4096) {
                progress(self.rows, rows.done());
            }
            let pointing = links.iter().filter_map(|at| row.cell(*at));
            self.pointed
                .extend(pointing.filter_map(|c| Link::read(&c.cell.shown()).name));
            for cell in steps.iter().filter_map(|at| row.cell(*at)) {
                self.pointed.extend(link::leads(&cell.cell.shown()));
            }
            for ((at, is_date), seen) in watched.iter().zip(&mut seen) {
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
        for ((at, is_date), seen) in watched.into_iter().zip(seen) {
            let Some(column) = self.columns.iter_mut().find(|c| c.at == at) else {
                continue;
            };
            if is_date && !column.order_said {
                column.order = match (seen.days.order(), column.order_settled) {
                    (Order::Ask | Order::AskTurned, Some(settled)) => settled,
                    (shown, _) => shown,
                };
            }
            column.encoding = if self.forced {
                self.encoding
            } else {
                match (seen.tally.verdict(seen.font), self.encoding) {
                    (Verdict::Unsure(own), Verdict::Sure(all)) if own == all => Verdict::Sure(all),
                    (Verdict::Unicode | Verdict::Unsure(_), Verdict::Sure(all))
                        if source.is_latin() =>
                    {
                        Verdict::Sure(all)
                    }
                    (own, _) => own,
                }
            };
        }
        Ok(())
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
