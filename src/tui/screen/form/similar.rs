//! F5: a record like the one being entered, to take over all of it that is not of one record only and names nobody.

use std::sync::Arc;

use super::FormScreen;
use super::input::text_of;
use super::picks::record_rows;
use crate::app::{Cx, records};
use crate::catalog;
use crate::domain::record::Record;
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::{Flow, Ui};
use crate::tui::widget::list::Column;

impl FormScreen {
    /// Opens the list of records to copy from: the newest, or what is typed.
    pub(super) fn similar(&mut self, ui: &mut Ui) -> Flow {
        let (kind, lang) = (self.kind_at(self.active), ui.view.lang);
        let query = Arc::new(move |cx: &mut Cx, text: &str| record_rows(cx, kind, text, lang));
        let columns = vec![Column::new("", 9, 12, 0), Column::new("", 20, 80, 0)];
        let title = ui.say(t("Chép từ bản ghi tương tự", "Copy from a similar record"));
        let choose = Box::new(move |row: PickRow| {
            then(move |_: &mut FormScreen, ui: &mut Ui| {
                let Ok(id) = row.key.parse() else {
                    return Flow::Stay;
                };
                ui.run(
                    move |cx| records::get(cx, kind, id),
                    |form: &mut FormScreen, found, ui| {
                        match found {
                            Ok(record) => form.fill_from(record.as_ref(), ui),
                            Err(error) => ui.warn(error.text(ui.view.lang)),
                        }
                        Flow::Stay
                    },
                );
                Flow::Stay
            })
        });
        Flow::Push(Box::new(Pick::asked(title, columns, query, choose)))
    }

    /// Fills in from a record what nothing was typed into.
    fn fill_from(&mut self, record: &dyn Record, ui: &mut Ui) {
        let mut taken = 0;
        for at in self.visible() {
            let own = self.kind_at(at) == record.kind();
            let Some(input) = self
                .inputs
                .get_mut(at)
                .filter(|input| own && !input.changed())
            else {
                continue;
            };
            let field = input.field;
            let one_only = field.computed() || field.is_once() || field.key == "dialogue";
            let text = text_of(field, &record.get(field.key));
            let was = input.text();
            if one_only || catalog::is_personal(field, record) || text.is_empty() || text == was {
                continue;
            }
            input.put(&text);
            self.answers.push((at, was));
            self.look_up(at, ui);
            taken += 1;
        }
        self.changed_type();
        self.entered = self.input().map(super::Input::text).unwrap_or_default();
        self.keep(ui);
        self.look_ahead(None, ui);
        ui.note(match ui.view.lang {
            Lang::Vi => format!("đã chép {taken} ô; không chép người, số, ngày và nội dung dài"),
            Lang::En => {
                format!("{taken} fields copied; persons, numbers, days and long texts were not")
            }
        });
    }
}
