//! A list of rows in columns that fit the width there is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint::{cursor, left, line, put, right, width};
use crate::tui::command::Command;
use crate::tui::screen::View;

/// Blank cells between two columns; most texts leave some of their own.
const GAP: u16 = 1;
/// The margin in which the selected row is pointed at, and rows are marked.
const MARGIN: u16 = 2;

/// From this rank on columns are extra.
const EXTRA: u8 = 3;

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// The fewest cells it can do with.
    pub least: u16,
    /// The most cells it can use.
    pub most: u16,
    /// 0 stays at every width; a higher rank goes earlier.
    pub rank: u8,
    /// The cells it should have before a column of rank [`EXTRA`] is let in.
    pub comfort: u16,
    /// Numbers stand at the right.
    pub numeric: bool,
    /// The column begins with a sign that stays where the words after it find no room.
    pub sign: bool,
}

impl Column {
    /// A column of text.
    pub fn new(title: impl Into<String>, least: u16, most: u16, rank: u8) -> Column {
        Column {
            title: title.into(),
            least,
            most,
            rank,
            comfort: 0,
            numeric: false,
            sign: false,
        }
    }

    /// The same column, which should have so many cells before less important ones get any.
    pub fn comfort(mut self, cells: u16) -> Column {
        self.comfort = cells;
        self
    }

    /// The same column, whose texts begin with a sign of one cell.
    pub fn signed(mut self) -> Column {
        self.sign = true;
        self
    }

    /// The same column, its texts at the right.
    pub fn numeric(mut self) -> Column {
        self.numeric = true;
        self
    }
}

/// One cell: its text and how it looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// The style.
    pub style: Style,
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell {
            text,
            style: Style::new(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::from(text.to_owned())
    }
}

/// One row: what it stands for, and its cells in the order of the columns.
#[derive(Clone, Debug)]
pub struct Row<K> {
    /// What the row stands for.
    pub key: K,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// The rows that are there, which one is selected, and which one stands at the top. A long register is never held
/// whole: the rows are a window of it, and places count from the register's first row.
#[derive(Clone, Debug)]
pub struct List<K> {
    columns: Vec<Column>,
    rows: Vec<Row<K>>,
    /// The place of the first row of the window.
    base: usize,
    /// How many rows the register has.
    total: usize,
    selected: usize,
    top: usize,
    /// How many rows were drawn last; a page.
    page: usize,
}

impl<K: Clone + PartialEq> List<K> {
    /// An empty list with these columns.
    pub fn new(columns: Vec<Column>) -> List<K> {
        List {
            columns,
            rows: Vec::new(),
            base: 0,
            total: 0,
            selected: 0,
            top: 0,
            page: 10,
        }
    }

    /// Other columns, for rows that come with the next [`List::set_rows`].
    pub fn set_columns(&mut self, columns: Vec<Column>) {
        self.columns = columns;
    }

    /// Other rows, all there are; the selected row stays by its key, or else the place stays.
    pub fn set_rows(&mut self, rows: Vec<Row<K>>) {
        let total = rows.len();
        self.set_window(0, rows, total);
    }

    /// A window of the rows, from place `base` on; the selected row stays by its key, or else the place stays.
    pub fn set_window(&mut self, base: usize, rows: Vec<Row<K>>, total: usize) {
        let key = self.key().cloned();
        let above = self.selected.saturating_sub(self.top);
        self.total = total.max(base + rows.len());
        self.rows = rows;
        self.base = base;
        if let Some(at) = key.and_then(|key| self.rows.iter().position(|row| row.key == key)) {
            self.selected = base + at;
            // Who looks at the first rows sees what comes before them.
            if self.top > 0 {
                self.top = self.selected.saturating_sub(above);
            }
        }
        self.clamp();
    }

    /// Lowers every place: the beginning turned out to be nearer.
    pub fn shift(&mut self, by: usize) {
        for place in [&mut self.base, &mut self.selected, &mut self.top] {
            *place = place.saturating_sub(by);
        }
    }

    /// How many rows there are, once they are counted.
    pub fn set_total(&mut self, total: usize) {
        self.total = total.max(self.base + self.rows.len());
        self.clamp();
    }

    /// The rows of the window.
    pub fn rows(&self) -> &[Row<K>] {
        &self.rows
    }

    /// How many rows there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The selected row, if it is in the window.
    pub fn row(&self) -> Option<&Row<K>> {
        self.rows.get(self.selected.checked_sub(self.base)?)
    }

    /// The key of the selected row.
    pub fn key(&self) -> Option<&K> {
        self.row().map(|row| &row.key)
    }

    /// The place of the selected row, from 0.
    pub fn place(&self) -> usize {
        self.selected
    }

    /// The last text of the selected row that a list of this width cuts: what it is called stands before what it means.
    pub fn cut_text(&self, wide: u16) -> Option<&str> {
        let widths = fit(&self.columns, wide.saturating_sub(MARGIN));
        let cells = &self.row()?.cells;
        let over = |(cell, room): &(&Cell, u16)| width(&cell.text) > *room;
        let (cell, _) = cells.iter().zip(widths).rfind(over)?;
        Some(&cell.text)
    }

    /// Whether a list of this width cuts a text of any row.
    pub fn cuts(&self, wide: u16) -> bool {
        let widths = fit(&self.columns, wide.saturating_sub(MARGIN));
        let over = |(cell, room): (&Cell, &u16)| width(&cell.text) > *room;
        let cuts = |row: &Row<K>| row.cells.iter().zip(&widths).any(over);
        self.rows.iter().any(cuts)
    }

    /// Selects the row with this key; says whether it is in the window.
    pub fn select(&mut self, key: &K) -> bool {
        let at = self.rows.iter().position(|row| row.key == *key);
        if let Some(at) = at {
            self.selected = self.base + at;
            self.clamp();
        }
        at.is_some()
    }

    /// Selects a row by its place.
    pub fn select_at(&mut self, place: usize) {
        self.selected = place;
        self.clamp();
    }

    /// The place from which `window` rows should be fetched, when a row that is to be seen is not there.
    pub fn missing(&self, window: usize) -> Option<usize> {
        let end = (self.top + self.page).min(self.total);
        let there = self.base <= self.top && end <= self.base + self.rows.len();
        (!there).then(|| (self.top + self.page / 2).saturating_sub(window / 2))
    }

    /// The place of the rows that may be missing next: of those behind the ones that are there once one is past their
    /// middle, of those before them when one has come back from it.
    pub fn missing_next(&self) -> Option<usize> {
        let (seen, there) = (self.top + self.page / 2, self.rows.len());
        let (middle, end) = (self.base + there / 2, self.base + there);
        if seen > middle && end < self.total {
            Some(end)
        } else if seen < middle && self.base > 0 {
            Some(self.base.saturating_sub(there))
        } else {
            None
        }
    }

    /// Moves; `false` when the command is none of a list's.
    pub fn command(&mut self, c: Command) -> bool {
        let last = self.total.saturating_sub(1);
        let page = self.page.max(1);
        match c {
            Command::Up => self.selected = self.selected.saturating_sub(1),
            Command::Down => self.selected += 1,
            Command::PageUp => {
                self.selected = self.selected.saturating_sub(page);
                self.top = self.top.saturating_sub(page);
            }
            Command::PageDown => {
                self.selected += page;
                self.top += page;
            }
            Command::First => self.selected = 0,
            Command::Last => self.selected = last,
            _ => return false,
        }
        self.clamp();
        true
    }

    fn clamp(&mut self) {
        self.selected = self.selected.min(self.total.saturating_sub(1));
        self.top = self.top.min(self.total.saturating_sub(self.page.max(1)));
        self.follow();
    }

    /// Keeps the selected row between the top and the bottom.
    fn follow(&mut self) {
        let least = (self.selected + 1).saturating_sub(self.page.max(1));
        self.top = self.top.clamp(least.min(self.selected), self.selected);
    }

    /// Draws headings and rows; `active` puts the real cursor on the marker of the selected row.
    pub fn view(&mut self, f: &mut Frame, area: Rect, v: &View, active: bool) {
        let widths = fit(&self.columns, area.width.saturating_sub(MARGIN));
        let heads = self.columns.iter().any(|column| !column.title.is_empty());
        if heads {
            let cells: Vec<Cell> = self
                .columns
                .iter()
                .map(|c| Cell::from(c.title.clone()))
                .collect();
            self.draw_row(f, line(area, 0), &widths, &cells, Some(v.theme.dim()), v);
        }
        let skip = u16::from(heads).min(area.height);
        let body = Rect {
            y: area.y + skip,
            height: area.height - skip,
            ..area
        };
        self.page = usize::from(body.height);
        self.clamp();
        for (y, place) in (0..body.height).zip(self.top..) {
            if let Some(row) = place
                .checked_sub(self.base)
                .and_then(|at| self.rows.get(at))
            {
                self.draw_row(f, line(body, y), &widths, &row.cells, None, v);
            }
        }
        if self.total > 0 {
            let y = u16::try_from(self.selected.saturating_sub(self.top)).unwrap_or(u16::MAX);
            put(f, body, 0, y, ">", Style::new());
            if active {
                cursor(f, body, 0, y);
            }
        }
    }

    /// Puts a sign beside the rows that are marked; after [`List::view`], on the same area.
    pub fn view_marks(&self, f: &mut Frame, area: Rect, marked: impl Fn(&K) -> bool) {
        let heads = self.columns.iter().any(|column| !column.title.is_empty());
        let skip = u16::from(heads).min(area.height);
        for (y, place) in (skip..area.height).zip(self.top..) {
            let row = place
                .checked_sub(self.base)
                .and_then(|at| self.rows.get(at));
            if row.is_some_and(|row| marked(&row.key)) {
                put(f, line(area, y), 1, 0, "*", Style::new());
            }
        }
    }

    fn draw_row(
        &self,
        f: &mut Frame,
        area: Rect,
        widths: &[u16],
        cells: &[Cell],
        style: Option<Style>,
        v: &View,
    ) {
        let mut x = MARGIN;
        for ((column, wide), cell) in self.columns.iter().zip(widths).zip(cells) {
            if *wide == 0 {
                continue;
            }
            // Of a column with room for its sign only, the sign.
            if column.sign && *wide == 1 {
                let sign: String = cell.text.chars().take(1).collect();
                if style.is_none() {
                    put(f, area, x, 0, &sign, v.theme.allowed(cell.style));
                }
                x += wide + GAP;
                continue;
            }
            let align = if column.numeric { right } else { left };
            put(
                f,
                area,
                x,
                0,
                align(&cell.text, *wide, v.theme).trim_end(),
                style.unwrap_or_else(|| v.theme.allowed(cell.style)),
            );
            x += wide + GAP;
        }
    }
}

/// The width of each column; 0 for those that found no room.
fn fit(columns: &[Column], room: u16) -> Vec<u16> {
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|at| columns.get(*at).map_or(u8::MAX, |c| c.rank));
    let mut widths = vec![0; columns.len()];
    let (mut used, mut eased) = (0, false);
    for at in &order {
        if !eased && columns.get(*at).is_some_and(|c| c.rank >= EXTRA) {
            eased = true;
            for (column, wide) in columns
                .iter()
                .zip(&mut widths)
                .filter(|(_, wide)| **wide > 0)
            {
                let more = column
                    .comfort
                    .saturating_sub(*wide)
                    .min(room.saturating_sub(used));
                *wide += more;
                used += more;
            }
        }
        let (Some(column), Some(wide)) = (columns.get(*at), widths.get_mut(*at)) else {
            continue;
        };
        let gap = if used == 0 { 0 } else { GAP };
        let free = room.saturating_sub(used + gap);
        let take = column.least.min(column.most);
        // A column that always stays takes what is left, even if that is less than it needs.
        let take = if column.rank == 0 {
            take.min(free)
        } else {
            take
        };
        let take = if column.sign && take > free {
            free.min(1)
        } else {
            take
        };
        if take == 0 || take > free {
            continue;
        }
        *wide = take;
        used += gap + take;
    }
    let mut free = room.saturating_sub(used);
    for at in &order {
        let (Some(column), Some(wide)) = (columns.get(*at), widths.get_mut(*at)) else {
            continue;
        };
        let sign_only = column.sign && *wide == 1;
        if *wide > 0 && !sign_only {
            let more = column.most.saturating_sub(*wide).min(free);
            *wide += more;
            free -= more;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn columns() -> Vec<Column> {
        vec![
            Column::new("Số", 7, 8, 0),
            Column::new("Nhận", 5, 5, 2),
            Column::new("Nội dung", 15, 60, 0),
            Column::new("Cán bộ", 12, 20, 3),
            Column::new("Hạn", 5, 10, 1),
        ]
    }

    #[test]
    fn narrow_windows_drop_the_columns_that_matter_least() {
        assert_eq!(fit(&columns(), 38), [8, 5, 17, 0, 5]);
        let wide = fit(&columns(), 138);
        assert!(wide.iter().all(|w| *w > 0));
        assert_eq!(wide.get(2), Some(&60));
        for room in 0..200 {
            let widths = fit(&columns(), room);
            let shown = u16::try_from(widths.iter().filter(|w| **w > 0).count()).unwrap();
            let used = widths.iter().sum::<u16>() + shown.saturating_sub(1) * GAP;
            assert!(used <= room, "{room}: {widths:?}");
        }
    }

    #[test]
    fn rows_are_missing_next_on_the_side_one_moves_to() {
        let mut list: List<i64> = List::new(vec![Column::new("", 5, 5, 0)]);
        let rows = |from: i64| -> Vec<Row<i64>> {
            let row = |key| Row {
                key,
                cells: Vec::new(),
            };
            (from..from + 120).map(row).collect()
        };
        list.page = 20;
        list.set_window(0, rows(0), 1_000);
        assert_eq!(list.missing_next(), None, "of a list just opened none");
        let mut seen = Vec::new();
        for _ in 0..5 {
            list.command(Command::PageDown);
            seen.push(list.missing_next());
        }
        assert_eq!(seen, [None, None, Some(120), Some(120), Some(120)]);
        list.set_window(50, rows(50), 1_000);
        assert_eq!(list.missing_next(), None);
        list.command(Command::PageUp);
        assert_eq!(list.missing_next(), Some(0));
        list.command(Command::Last);
        list.set_window(880, rows(880), 1_000);
        assert_eq!(list.missing_next(), None, "nothing comes after the last");
    }

    #[test]
    fn a_list_keeps_its_row_when_rows_change_around_it() {
        let rows = |keys: &[i64]| -> Vec<Row<i64>> {
            keys.iter()
                .map(|key| Row {
                    key: *key,
                    cells: vec![Cell::from(key.to_string())],
                })
                .collect()
        };
        let mut list = List::new(vec![Column::new("", 5, 5, 0)]);
        list.set_rows(rows(&[1, 2, 3, 4]));
        list.select(&3);
        list.set_rows(rows(&[9, 8, 1, 3, 4]));
        assert_eq!(list.key(), Some(&3));
        list.set_rows(rows(&[1]));
        assert_eq!(list.key(), Some(&1));
        list.set_rows(rows(&[]));
        assert_eq!(list.key(), None);
        assert!(list.command(Command::Down) && list.command(Command::PageUp));
    }
}
