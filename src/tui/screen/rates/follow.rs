//! What follows the first figures: how many days it took, and all of it again after others have written.

use super::{Flow, RatesScreen, Ui, count};
use crate::app::Result;
use crate::app::rates::{RateOptions, RateTable, table_with};

impl RatesScreen {
    /// The figures come first, from sums; how long it took is read row by row and follows.
    pub(super) fn load_days(&mut self, ui: &mut Ui) {
        let query = self.query();
        let options = RateOptions {
            days: true,
            ..self.options
        };
        ui.search(
            move |cx| table_with(cx, &query, &options),
            |screen: &mut RatesScreen, table: Result<RateTable>, ui| {
                match (table, &mut screen.data) {
                    (Ok(table), Some(data)) => data.table = table,
                    (Err(error), _) => ui.warn(error.text(ui.view.lang)),
                    (Ok(_), None) => {}
                }
                Flow::Stay
            },
        );
    }

    /// Counts again when others have written: by the sums alone whether anything is another, and only then row by row.
    pub(super) fn recount(&mut self, ui: &mut Ui) {
        let (query, options) = (self.query(), self.options);
        ui.search(
            move |cx| table_with(cx, &query, &options),
            |screen: &mut RatesScreen, table: Result<RateTable>, ui| {
                let same = match (&table, &screen.data) {
                    (Ok(now), Some(data)) => {
                        let then = RateTable {
                            options: now.options,
                            ..data.table.clone()
                        };
                        without_days(then) == without_days(now.clone())
                    }
                    _ => true,
                };
                if !same {
                    let query = screen.query();
                    let options = RateOptions {
                        days: true,
                        ..screen.options
                    };
                    ui.search(move |cx| count(cx, &query, &options), RatesScreen::take);
                }
                Flow::Stay
            },
        );
    }
}

fn without_days(mut table: RateTable) -> RateTable {
    let rows = table.rows.iter_mut().chain(&mut table.apart);
    for row in rows.chain([&mut table.total]) {
        row.days = None;
    }
    table
}
