//! What a list can be asked to show: another order, a unit with its subtree, a period.

use super::list::ListScreen;
use super::{Flow, Ui, actions, rows};
use crate::app::units;
use crate::catalog;
use crate::domain::period::Period;
use crate::tui::effect::then;
use crate::tui::lang::t;
use crate::tui::modal::ask::Ask;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::widget::list::Column;

impl ListScreen {
    pub(super) fn sort(&self, ui: &Ui) -> Flow {
        let lang = ui.view.lang;
        let rows = rows::fields(self.kind).into_iter().map(|field| {
            let now = self.query.sort.first().filter(|(key, _)| *key == field.key);
            let order = match now {
                Some((_, false)) => t(
                    "tăng dần; chọn lần nữa để giảm dần",
                    "ascending; choose again for descending",
                ),
                Some((_, true)) => t("giảm dần", "descending"),
                None => t("", ""),
            };
            PickRow::new(field.key, [field.label.get(lang), order.get(lang)])
        });
        let columns = vec![Column::new("", 12, 26, 0), Column::new("", 10, 40, 1)];
        let choose = Box::new(|row: PickRow| {
            then(move |screen: &mut ListScreen, ui: &mut Ui| {
                let Some(field) = catalog::any_field(screen.kind, &row.key) else {
                    return Flow::Stay;
                };
                let down = screen.query.sort.first() == Some(&(field.key, false));
                screen.query.sort = vec![(field.key, down)];
                screen.restart(ui);
                Flow::Stay
            })
        });
        let title = t("Sắp theo", "Sort by").get(lang);
        Flow::Push(Box::new(Pick::fixed(
            title,
            columns,
            rows.collect(),
            choose,
        )))
    }

    pub(super) fn choose_unit(&self, ui: &Ui) -> Flow {
        Flow::Push(Box::new(actions::unit_pick(ui.view, |row| {
            then(move |screen: &mut ListScreen, ui: &mut Ui| {
                let code = row.key;
                if code.is_empty() {
                    screen.unit = None;
                    screen.query.units = screen.whole.units.clone();
                    screen.restart(ui);
                    return Flow::Stay;
                }
                let name = row.cells.get(1).cloned().unwrap_or_default();
                let asked = code.clone();
                ui.run(
                    move |cx| units::locate(cx, &asked).map(|unit| unit.id),
                    move |screen: &mut ListScreen, id, ui| {
                        match id {
                            Ok(id) => {
                                screen.query.units = vec![id];
                                screen.unit = Some((code, name));
                                screen.restart(ui);
                            }
                            Err(error) => ui.warn(error.text(ui.view.lang)),
                        }
                        Flow::Stay
                    },
                );
                Flow::Stay
            })
        })))
    }

    pub(super) fn choose_period(&self, ui: &Ui) -> Flow {
        let question = t("Kỳ (để trống: mọi ngày)", "Period (empty: all days)").get(ui.view.lang);
        Flow::Push(Box::new(Ask::new(
            question,
            "",
            Box::new(|text, v| {
                let period = if text.is_empty() {
                    None
                } else {
                    Some(
                        Period::parse(text)
                            .map_err(|problem| actions::problem_text(&problem, v.lang))?,
                    )
                };
                Ok(then(move |screen: &mut ListScreen, ui: &mut Ui| {
                    screen.period = period;
                    screen.query.from = period.map(|p| p.from).or(screen.whole.from);
                    screen.query.to = period.map(|p| p.to).or(screen.whole.to);
                    screen.restart(ui);
                    Flow::Stay
                }))
            }),
            Box::new(actions::period_echo),
        )))
    }
}
