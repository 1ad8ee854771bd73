//! The first values of columns, as people see them: never who brought a denunciation (Luật Tố cáo 2018, Đ8, Đ56).
use super::feed::counts_columns;
use super::value::is_mark;
use super::{Column, Layout, Target};
use crate::domain::petition::book::calls_denunciation;
use crate::domain::petition::{PetitionType, WRITER_FIELDS};
use crate::domain::sheet::Row;
use crate::domain::value::Code;

/// How many are shown.
const SHOWN: usize = 3;

impl Column {
    /// Whether its cells may say who brought a matter: those of people, and those of which nobody knows what they hold.
    fn may_name(&self) -> bool {
        let named = |t: &Target| t.is_person() || WRITER_FIELDS.contains(&t.key());
        let person = self.target.as_ref().is_none_or(named);
        person || self.writer.is_some() || self.kept_out.is_some()
    }
}

impl Layout {
    /// Takes the first values of each column out of the first rows; of those that may name a person only where the row
    /// is no denunciation.
    pub(super) fn take_samples(&mut self, below: &[Row]) {
        // The row that numbers the columns is no example of them.
        let below = match below.split_first() {
            Some((first, rest)) if counts_columns(first) => rest,
            _ => below,
        };
        let secret: Vec<bool> = below.iter().map(|row| self.is_secret(row)).collect();
        let samples = self.columns.iter().map(|column| {
            let open = below
                .iter()
                .zip(&secret)
                .filter(|(_, secret)| !(**secret && column.may_name()));
            let cells = open.filter_map(|(row, _)| row.cell(column.at));
            cells.map(|c| c.cell.shown()).take(SHOWN).collect()
        });
        let samples: Vec<Vec<String>> = samples.collect();
        for (column, samples) in self.columns.iter_mut().zip(samples) {
            column.samples = samples;
        }
    }

    /// In a book of denunciations alone no such column shows anything.
    pub(super) fn show_nobody(&mut self) {
        let mut named = self.columns.iter_mut().filter(|c| c.may_name());
        named.by_ref().for_each(|column| column.samples.clear());
    }

    fn is_secret(&self, row: &Row) -> bool {
        let code = PetitionType::Denunciation.code();
        self.columns.iter().any(|column| {
            let Some(placed) = row.cell(column.at) else {
                return false;
            };
            match &column.target {
                Some(Target::Field("type" | "matter_type")) => {
                    calls_denunciation(&self.words(placed))
                }
                Some(Target::Choice(_, choice)) => *choice == code && is_mark(&placed.cell),
                _ => false,
            }
        })
    }
}
