//! What follows the first figures: how many days it took, and all of it again after others have written.

use super::{Data, Flow, RatesScreen, Ui, as_of, count};
use crate::app::Result;
use crate::app::rates::{RateOptions, RateRow, RateTable, table_with};
use crate::tui::effect::Lane;

impl RatesScreen {
    /// The figures come first, from sums; how long it took is read row by row and follows.
    pub(super) fn load_days(&mut self, ui: &mut Ui) {
        let (query, options) = (self.query(), days_of(self.options));
        ui.search(
            move |cx| table_with(cx, &query, &options),
            |screen: &mut RatesScreen, table: Result<RateTable>, ui| {
                match (table, &mut screen.data) {
                    // Its figures may be newer than what stands beside them: those come with the next count.
                    (Ok(table), Some(data)) => take_days(&mut data.table, &table),
                    (Err(error), _) => ui.warn(error.text(ui.view.lang)),
                    (Ok(_), None) => {}
                }
                Flow::Stay
            },
        );
    }

    /// In front again: counts again, unless what stands there is what is asked for and nothing has been written since. A
    /// search elsewhere may have kept the days from being read; they are then.
    pub(super) fn look_again(&mut self, ui: &mut Ui) {
        let data = self.data.as_ref();
        let (seen, lane) = data.map_or((None, Lane::Search), |data| (data.seen, data.lane));
        ui.ask(
            lane,
            move |cx| (cx.wrote_since(seen), as_of(cx)),
            |screen: &mut RatesScreen, (wrote, as_of), ui| {
                let asked = (screen.query(), screen.options);
                let holds = |data: &&mut Data| {
                    !wrote && (&data.table.query, data.table.options) == (&asked.0, asked.1)
                };
                let Some(data) = screen.data.as_mut().filter(holds) else {
                    screen.recount(ui);
                    return Flow::Stay;
                };
                data.as_of = as_of;
                let total = &data.table.total;
                if total.num.count > 0 && total.days.is_none() {
                    screen.load_days(ui);
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
                    take_days(&mut now.table, &then.table);
                }
                screen.take(now, ui)
            },
        );
    }
}

/// The same table with the days it took.
pub(super) fn days_of(options: RateOptions) -> RateOptions {
    RateOptions {
        days: true,
        ..options
    }
}

/// Gives the rows of `now` the days that the same rows have in `of`, where as many are finished.
pub(super) fn take_days(now: &mut RateTable, of: &RateTable) {
    let way = |table: &RateTable| (table.withdrawn, table.options.map);
    if now.query != of.query || way(now) != way(of) {
        return;
    }
    let take = |now: &mut RateRow, of: &[RateRow]| {
        let same = |row: &&RateRow| row.num == now.num && row.label == now.label;
        if let Some(row) = of.iter().find(same) {
            now.days = row.days;
        }
    };
    now.rows.iter_mut().for_each(|row| take(row, &of.rows));
    now.apart.iter_mut().for_each(|row| take(row, &of.apart));
    take(&mut now.total, std::slice::from_ref(&of.total));
}
