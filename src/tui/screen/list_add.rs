//! A new record from a list, with the unit that the list shows.

use super::form::FormScreen;
use super::list::ListScreen;
use super::{Flow, Ui, View};
use crate::app::units;
use crate::catalog;
use crate::domain::record::Kind;
use crate::domain::value::{UnitRef, Value};

impl ListScreen {
    /// Opens the form of a new record, or of a whole day, with the unit that the list shows.
    pub(super) fn add(&self, day: bool, ui: &mut Ui) -> Flow {
        let kind = self.kind;
        let shown = self.query.units.first().copied();
        match (&self.unit, shown) {
            (Some((code, _)), _) => open_form(kind, day, Some(code.clone()), &ui.view),
            (None, None) => open_form(kind, day, None, &ui.view),
            (None, Some(id)) => {
                let today = ui.view.today;
                ui.run(
                    move |cx| units::life(cx, id, today),
                    move |_: &mut ListScreen, unit, ui| {
                        let unit = unit.ok().flatten();
                        open_form(kind, day, unit.map(|unit| unit.code), &ui.view)
                    },
                );
                Flow::Stay
            }
        }
    }
}

/// The form of a new record, or of a whole day, that begins with a unit.
fn open_form(kind: Kind, day: bool, unit: Option<String>, v: &View) -> Flow {
    let key = catalog::entity(kind).unit_field;
    let given = key.zip(unit).map(|(key, code)| {
        let unit = UnitRef { id: 0, code };
        (key, Value::Unit(unit))
    });
    let given = given.into_iter().collect();
    let form = if day {
        FormScreen::whole_day(kind, given, v)
    } else {
        Some(FormScreen::add_with_default(kind, given, v))
    };
    form.map_or(Flow::Pass, |form| Flow::Push(Box::new(form)))
}
