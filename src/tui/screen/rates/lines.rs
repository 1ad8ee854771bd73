//! The lines of a table of rates: which rows are shown, in which order, which one is selected.

use std::cmp::Reverse;

use crate::app::rates::{RateRow, RateTable};
use crate::domain::rate::GroupBy;
use crate::tui::command::Command;

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A row of the table.
    Row(usize),
    /// What stands for the rows on which nothing is counted.
    Fold,
    /// A row that stands apart from the total.
    Apart(usize),
    /// The ratio of the sums.
    Total,
    /// The figures under the table: what was carried over and forward, what is suspended.
    Foot,
}

/// What a line stands for, so that it is found again in another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Row(Option<String>),
    Fold,
    Total,
    Foot,
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// That of the table: as units, types and months follow each other.
    #[default]
    Own,
    /// The lowest rate first.
    Lowest,
    /// The highest rate first.
    Highest,
    /// The most to do first.
    Most,
    /// The most left first.
    Left,
}

impl Order {
    /// Every order, as a pick list shows them.
    pub const ALL: [Order; 5] = [
        Order::Own,
        Order::Lowest,
        Order::Highest,
        Order::Most,
        Order::Left,
    ];
}

/// The lines, the selected one among them, and what is drawn at the top.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    lines: Vec<Line>,
    keys: Vec<Key>,
    zeros: usize,
    order: Order,
    open: bool,
    foot: bool,
    at: usize,
    wanted: Option<Key>,
    pub top: usize,
    pub page: usize,
}

impl Default for Lines {
    fn default() -> Lines {
        Lines {
            lines: Vec::new(),
            keys: Vec::new(),
            zeros: 0,
            order: Order::Own,
            open: false,
            foot: false,
            at: 0,
            wanted: None,
            top: 0,
            page: 10,
        }
    }
}

fn is_zero(row: &RateRow) -> bool {
    row.num.count == 0 && row.den.count == 0
}

impl Lines {
    /// The lines of a table, with or without figures under it; the selected row stays by its key, or else the place
    /// stays.
    pub fn fill(&mut self, table: &RateTable, foot: bool) {
        self.foot = foot;
        let old = self
            .wanted
            .take()
            .or_else(|| self.keys.get(self.at).cloned());
        let folds = matches!(table.query.by, GroupBy::Unit | GroupBy::Field);
        let zeros = table.rows.iter().filter(|row| is_zero(row)).count();
        self.zeros = if folds { zeros } else { 0 };
        let hidden = |row: &RateRow| folds && !self.open && is_zero(row);
        let mut rows: Vec<usize> = (0..table.rows.len()).collect();
        rows.retain(|at| table.rows.get(*at).is_some_and(|row| !hidden(row)));
        self.arrange(&mut rows, table);
        self.keys = rows
            .iter()
            .map(|at| Key::Row(table.rows.get(*at).and_then(|row| row.key.clone())))
            .collect();
        self.lines = rows.into_iter().map(Line::Row).collect();
        if self.zeros > 0 {
            self.lines.push(Line::Fold);
            self.keys.push(Key::Fold);
        }
        for (at, row) in table.apart.iter().enumerate() {
            self.lines.push(Line::Apart(at));
            self.keys.push(Key::Row(row.key.clone()));
        }
        self.lines.push(Line::Total);
        self.keys.push(Key::Total);
        if foot {
            self.keys.push(Key::Foot);
        }
        if let Some(at) = old.and_then(|key| self.keys.iter().position(|k| *k == key)) {
            self.at = at;
        }
        self.at = self.at.min(self.keys.len() - 1);
    }

    fn arrange(&self, rows: &mut [usize], table: &RateTable) {
        let of = |at: &usize| {
            table
                .rows
                .get(*at)
                .map_or((0, 0), |row| (row.num.count, row.den.count))
        };
        // Exact to a hundred-millionth; what has no rate stands last either way.
        let rate = |at: &usize| match of(at) {
            (_, 0) => None,
            (num, den) => Some(i128::from(num) * 100_000_000 / i128::from(den)),
        };
        match self.order {
            Order::Own => {}
            Order::Lowest => rows.sort_by_key(|at| (rate(at).is_none(), rate(at))),
            Order::Highest => rows.sort_by_key(|at| Reverse(rate(at))),
            Order::Most => rows.sort_by_key(|at| Reverse(of(at).1)),
            Order::Left => rows.sort_by_key(|at| Reverse(of(at).1 - of(at).0)),
        }
    }

    /// All lines of the table; the total is the last one.
    pub fn all(&self) -> &[Line] {
        &self.lines
    }

    /// The selected line.
    pub fn line(&self) -> Option<&Line> {
        match self.lines.get(self.at) {
            None if self.foot && !self.lines.is_empty() => Some(&Line::Foot),
            line => line,
        }
    }

    /// The place of the selected line.
    pub fn place(&self) -> usize {
        self.at
    }

    /// What the selected line stands for.
    pub fn key(&self) -> &Key {
        self.keys.get(self.at).unwrap_or(&Key::Total)
    }

    /// How many rows are folded away, or would be.
    pub fn zeros(&self) -> usize {
        self.zeros
    }

    /// Whether rows on which nothing is counted are shown.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The order of the rows.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Selects this line once the next table is there.
    pub fn want(&mut self, key: Key) {
        self.wanted = Some(key);
    }

    /// Selects the first line of the next table.
    pub fn first(&mut self) {
        self.at = 0;
        self.top = 0;
        self.keys.clear();
    }

    /// Shows or folds the rows on which nothing is counted.
    pub fn toggle(&mut self, table: &RateTable) {
        self.open = !self.open;
        self.fill(table, self.foot);
    }

    /// Another order; the first row is selected.
    pub fn sort(&mut self, order: Order, table: &RateTable) {
        self.order = order;
        self.first();
        self.fill(table, self.foot);
    }

    /// Moves; `false` when the command is no movement.
    pub fn command(&mut self, c: Command) -> bool {
        let total = self.lines.len().saturating_sub(1);
        let last = self.keys.len().saturating_sub(1);
        let page = self.page.max(1);
        self.at = match c {
            Command::Up => self.at.saturating_sub(1),
            Command::Down => (self.at + 1).min(last),
            Command::PageUp => self.at.saturating_sub(page),
            Command::PageDown => (self.at + page).min(last),
            Command::First => 0,
            Command::Last => total,
            _ => return false,
        };
        true
    }
}
