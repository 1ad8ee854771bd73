//! What follows the first figures: how many days it took, and all of it again after others have written.

use super::{Data, Flow, RatesScreen, Ui, count};
use crate::app::Result;
use crate::app::rates::{RateOptions, RateRow, RateTable, table_with};

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

    /// Counts again, by the sums alone. How long it took may be another where no figure is, so it is read again too;
    /// until that is there, what was known of the same rows stays.
    pub(super) fn recount(&mut self, ui: &mut Ui) {
        let (query, options) = (self.query(), self.options);
        ui.search(
            move |cx| count(cx, &query, &options),
            |screen: &mut RatesScreen, mut now: Result<Data>, ui| {
                if let (Ok(now), Some(then)) = (&mut now, &screen.data) {
                    keep_days(&mut now.table, &then.table);
                }
                screen.take(now, ui)
            },
        );
    }
}

/// Gives the rows of `now` the days that the same rows had in `then`, as far as as many are finished.
fn keep_days(now: &mut RateTable, then: &RateTable) {
    if now.query != then.query
        || now.withdrawn != then.withdrawn
        || now.options.map != then.options.map
    {
        return;
    }
    let known = |now: &mut RateRow, then: &[RateRow]| {
        let same = |row: &&RateRow| row.num == now.num && row.label == now.label;
        now.days = then.iter().find(same).and_then(|row| row.days);
    };
    now.rows.iter_mut().for_each(|row| known(row, &then.rows));
    now.apart.iter_mut().for_each(|row| known(row, &then.apart));
    known(&mut now.total, std::slice::from_ref(&then.total));
}
