//! What follows the first figures: how many days it took, and all of it again after others have written.

use super::{Data, Flow, RatesScreen, Ui, count};
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

    /// Counts again, by the sums alone: only where anything is another, how long it took is read again.
    pub(super) fn recount(&mut self, ui: &mut Ui) {
        let (query, options) = (self.query(), self.options);
        ui.search(
            move |cx| count(cx, &query, &options),
            |screen: &mut RatesScreen, mut now: Result<Data>, ui| {
                if let (Ok(now), Some(then)) = (&mut now, screen.data.take()) {
                    let before = RateTable {
                        options: now.table.options,
                        as_of: now.table.as_of,
                        ..then.table.clone()
                    };
                    if without_days(before) == without_days(now.table.clone()) {
                        now.table = then.table;
                    }
                }
                screen.take(now, ui)
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
