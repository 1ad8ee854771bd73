//! Units to choose from, in a form and for a list.

use std::sync::Arc;

use chrono::NaiveDate;

use super::View;
use crate::app::units;
use crate::domain::record::Kind;
use crate::tui::effect::Then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::widget::list::Column;

/// The field whose units an office works with most.
pub const OFTEN: (Kind, &str) = (Kind::Petition, "unit");

/// A list of units to choose one from; its first row stands for all of them and has no code.
pub fn unit_pick(v: View, choose: impl FnOnce(PickRow) -> Then + 'static) -> Pick {
    let all = v.say(t("mọi đơn vị", "all units")).to_owned();
    let query = Arc::new(move |cx: &mut crate::app::Cx, text: &str| {
        let mut rows = unit_rows(cx, text, v.today, OFTEN, v.lang);
        if text.is_empty() {
            rows.insert(0, PickRow::new("", ["", all.as_str()]));
        }
        rows
    });
    Pick::asked(
        v.say(t("Đơn vị và cấp dưới", "Unit with its subtree")),
        unit_columns(),
        query,
        Box::new(choose),
    )
}

/// The columns of a list of units.
pub fn unit_columns() -> Vec<Column> {
    vec![Column::new("", 8, 13, 0), Column::new("", 16, 100, 0)]
}

/// Units that a text names, those valid on `on` first, then those used most in the field `of`; the key names the unit
/// and its life.
pub fn unit_rows(
    cx: &crate::app::Cx,
    text: &str,
    on: NaiveDate,
    of: (Kind, &'static str),
    lang: Lang,
) -> Vec<PickRow> {
    let found = units::pick(cx, text, on, of, 40).unwrap_or_default();
    let row = |unit: &units::UnitLife| {
        // A code that several units bore names one of them by a day on which it was valid.
        let key = if unit.valid_on(on) {
            unit.code.clone()
        } else {
            let day = unit.valid_to.or(unit.valid_from).unwrap_or(on);
            format!("{}@{day}", unit.code)
        };
        let above = units::path(cx, unit.id, unit.valid_to.unwrap_or(on))
            .unwrap_or_default()
            .iter()
            .rev()
            .nth(1)
            .map_or_else(String::new, |above| format!(", {}", above.name));
        let name = format!("{}{above}", unit.name);
        // One that is not valid on the day says so first, where no window cuts it.
        let name = match unit.valid_on(on) {
            true => name,
            false => format!("({}) {name}", units::validity(unit).get(lang)),
        };
        PickRow::new(key, [unit.code.clone(), name])
    };
    found.iter().map(row).collect()
}
