//! The memory of rows that are not needed any more, for those that come.
use crate::domain::sheet::{Cell, Given, InRow};
use crate::domain::spare::Texts;

/// Rows whose memory is kept.
const ROWS: usize = 1024;

/// Such memory.
#[derive(Debug, Default)]
pub(super) struct Spare {
    rows: Vec<Vec<Given>>,
    texts: Texts,
}

impl Spare {
    /// Takes the memory of a row.
    pub(super) fn take_back(&mut self, mut row: InRow) {
        if self.rows.len() >= ROWS {
            return;
        }
        // The last first, so that a text comes into its own column again.
        for given in row.given.drain(..).rev() {
            if let Cell::Text(text) = given.cell {
                self.texts.keep(text);
            }
        }
        self.rows.push(row.given);
    }

    /// Room for the cells of a row.
    pub(super) fn row(&mut self, cells: usize) -> Vec<Given> {
        let row = self.rows.pop();
        row.unwrap_or_else(|| Vec::with_capacity(cells))
    }

    /// What stands in a cell; its place gets the memory of another text.
    pub(super) fn swap(&mut self, cell: &mut Cell) -> Cell {
        match cell {
            Cell::Text(text) => Cell::Text(std::mem::replace(text, self.texts.empty())),
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn given(text: &str) -> Given {
        Given {
            key: "subject",
            column: 0,
            cell: Cell::Text(text.to_owned()),
            refused: None,
            note: None,
        }
    }

    #[test]
    fn memory_comes_back_and_nothing_of_what_stood_there_does() {
        let mut spare = Spare::default();
        spare.take_back(InRow {
            given: vec![given("Đường hư"), given("Đèn")],
            ..InRow::default()
        });
        assert!(spare.row(4).is_empty());
        let mut cell = Cell::Text("mới".to_owned());
        assert_eq!(spare.swap(&mut cell), Cell::Text("mới".to_owned()));
        assert_eq!(cell, Cell::Text(String::new()));
        for _ in 0..ROWS * 2 {
            spare.take_back(InRow::default());
        }
        assert_eq!(spare.rows.len(), ROWS);
    }
}
