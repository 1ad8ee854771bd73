//! The first table, counted before anybody asks for it: of millions of petitions that takes longer than a key may.

use super::follow::{days_of, take_days};
use super::{Data, Flow, RatesScreen, Ui, as_of, count};
use crate::app::rates::table_with;
use crate::tui::effect::Lane;

impl RatesScreen {
    /// Counts the table in a pause; how long it took is read row by row, after all else that is read ahead.
    pub(super) fn keep_ahead(&self, ui: &mut Ui) {
        let (query, options) = (self.query(), self.options);
        let days = (query.clone(), days_of(options));
        ui.run(
            move |cx| {
                if let Ok(data) = count(cx, &query, &options) {
                    let lane = Lane::Main;
                    cx.keep(data.seen, Data { lane, ..data });
                }
            },
            |_: &mut RatesScreen, (), _| Flow::Stay,
        );
        ui.later(move |cx| {
            let Some(mut data) = cx.kept::<Data>() else {
                return;
            };
            if let Ok(table) = table_with(cx, &days.0, &days.1) {
                take_days(&mut data.table, &table);
            }
            cx.keep(data.seen, data);
        });
    }

    /// Shows what was counted ahead, if it is what is asked for and nothing has been written since; else counts.
    pub(super) fn load_kept(&self, ui: &mut Ui) {
        let asked = (self.query(), self.options);
        ui.run(
            move |cx| {
                let (today, as_of) = (cx.today(), as_of(cx));
                let data = cx.kept::<Data>()?;
                let table = &data.table;
                let same = (&table.query, table.options) == (&asked.0, asked.1);
                (same && table.as_of == today).then_some(Data { as_of, ..data })
            },
            |screen: &mut RatesScreen, data: Option<Data>, ui| {
                match data {
                    Some(data) => {
                        let total = &data.table.total;
                        if total.num.count > 0 && total.days.is_none() {
                            screen.load_days(ui);
                        }
                        screen.show(data);
                    }
                    None => screen.load(ui),
                }
                Flow::Stay
            },
        );
    }
}
