//! Down to the units below a row, and back up to where one was.

use super::{Flow, RatesScreen, Ui, lines};
use crate::app::units;
use crate::tui::lang::t;

/// Where one was before looking below a unit.
pub(super) struct Above {
    units: Vec<i64>,
    name: Option<String>,
    key: lines::Key,
}

impl RatesScreen {
    /// Shows the units below the selected row.
    pub(super) fn below(&mut self, ui: &mut Ui) -> Flow {
        let row = self.selected();
        let Some((id, name)) =
            row.and_then(|row| Some((row.unit?, row.label.get(ui.view.lang).to_owned())))
        else {
            ui.note(ui.say(t(
                "dòng này không có cấp dưới",
                "this row has nothing below it",
            )));
            return Flow::Stay;
        };
        self.trail.push(Above {
            units: std::mem::replace(&mut self.units, vec![id]),
            name: self.unit_name.replace(name),
            key: self.lines.key().clone(),
        });
        self.lines.first();
        self.load(ui);
        Flow::Stay
    }

    /// Back to the units above; `false` at the top.
    pub(super) fn above(&mut self, ui: &mut Ui) -> bool {
        if let Some(above) = self.trail.pop() {
            self.units = above.units;
            self.unit_name = above.name;
            self.lines.want(above.key);
            self.load(ui);
            return true;
        }
        // Of the lives of a code the last one has a place on the map of the period.
        let Some(id) = self.units.last().copied() else {
            return false;
        };
        let on = self.period.to;
        ui.run(
            move |cx| units::path(cx, id, on),
            |screen: &mut RatesScreen, path, ui| {
                match path {
                    Ok(path) => {
                        let above = path.iter().rev().nth(1);
                        screen.units = above.map(|unit| unit.id).into_iter().collect();
                        screen.unit_name = above.map(|unit| unit.name.clone());
                        let code = path.last().map(|unit| unit.code.clone());
                        screen.lines.want(lines::Key::Row(code));
                        screen.load(ui);
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
        true
    }
}
