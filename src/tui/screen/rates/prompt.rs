//! What is asked over the table of rates: grouping, order, period, unit.

use super::RatesScreen;
use super::lines::Order;
use crate::app::units;
use crate::catalog::rate::{self, group_label};
use crate::domain::period::Period;
use crate::domain::rate::{GroupBy, Measure};
use crate::domain::value::Code;
use crate::tui::effect::then;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::modal::ask::Ask;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::actions;
use crate::tui::screen::list::period_label;
use crate::tui::screen::{Flow, Ui, View};
use crate::tui::widget::list::Column;

fn one_column() -> Vec<Column> {
    vec![Column::new("", 20, 60, 0)]
}

/// Which rate is shown, with what it divides by what.
pub(super) fn measure(now: Measure, v: &View) -> Flow {
    let rows = Measure::ALL.iter().enumerate().map(|(at, measure)| {
        let (num, den) = (rate::numerator(*measure), rate::denominator(*measure));
        let meaning = [
            format!("{} {}", v.say(t("Tử số:", "Numerator:")), num.get(v.lang)),
            format!(
                "{} {}",
                v.say(t("Mẫu số:", "Denominator:")),
                den.get(v.lang)
            ),
        ];
        let title = format!("{}  {}", at + 1, rate::title(*measure).get(v.lang));
        PickRow::new(measure.code(), [title]).meaning(meaning)
    });
    let choose = Box::new(|row: PickRow| {
        then(move |screen: &mut RatesScreen, ui: &mut Ui| {
            if let Some(measure) = Measure::from_code(&row.key) {
                screen.set_measure(measure, ui);
            }
            Flow::Stay
        })
    });
    let title = v.say(t("Tỷ lệ", "Rate"));
    Flow::Push(Box::new(
        Pick::fixed(title, one_column(), rows.collect(), choose).selecting(now.code()),
    ))
}

/// Which parts the table is split into.
pub(super) fn group(now: GroupBy, v: &View) -> Flow {
    let rows = GroupBy::ALL
        .iter()
        .map(|by| PickRow::new(by.code(), [group_label(*by).get(v.lang)]));
    let choose = Box::new(|row: PickRow| {
        then(move |screen: &mut RatesScreen, ui: &mut Ui| {
            if let Some(by) = GroupBy::from_code(&row.key) {
                screen.regroup(by, ui);
            }
            Flow::Stay
        })
    });
    let title = v.say(t("Chia theo", "Split by"));
    Flow::Push(Box::new(
        Pick::fixed(title, one_column(), rows.collect(), choose).selecting(now.code()),
    ))
}

/// How an order is called.
pub(super) fn order_label(order: Order) -> Text {
    match order {
        Order::Own => t("theo thứ tự danh mục", "the list's own order"),
        Order::Lowest => t("tỷ lệ thấp nhất trước", "lowest rate first"),
        Order::Highest => t("tỷ lệ cao nhất trước", "highest rate first"),
        Order::Most => t("mẫu số lớn nhất trước", "largest denominator first"),
        Order::Left => t("còn lại nhiều nhất trước", "most left first"),
    }
}

/// In which order the rows stand.
pub(super) fn order(now: Order, v: &View) -> Flow {
    let key = |order: Order| {
        Order::ALL
            .iter()
            .position(|o| *o == order)
            .unwrap_or(0)
            .to_string()
    };
    let rows = Order::ALL.map(|order| PickRow::new(key(order), [order_label(order).get(v.lang)]));
    let choose = Box::new(|row: PickRow| {
        then(move |screen: &mut RatesScreen, _: &mut Ui| {
            let order = row
                .key
                .parse()
                .ok()
                .and_then(|at: usize| Order::ALL.get(at));
            screen.reorder(order.copied().unwrap_or_default());
            Flow::Stay
        })
    });
    let title = v.say(t("Sắp các dòng", "Order of the rows"));
    Flow::Push(Box::new(
        Pick::fixed(title, one_column(), rows.to_vec(), choose).selecting(&key(now)),
    ))
}

/// The period, typed.
pub(super) fn period(now: Period, v: &View) -> Flow {
    let label = period_label(now, v.lang);
    let question = match v.lang {
        Lang::Vi => format!("Kỳ (đang xem: {label})"),
        Lang::En => format!("Period (now: {label})"),
    };
    Flow::Push(Box::new(Ask::new(
        question,
        "",
        Box::new(|text, v| {
            let period =
                Period::parse(text).map_err(|problem| actions::problem_text(&problem, v.lang))?;
            Ok(then(move |screen: &mut RatesScreen, ui: &mut Ui| {
                screen.set_period(period, ui);
                Flow::Stay
            }))
        }),
        Box::new(actions::period_echo),
    )))
}

/// The unit whose children the rows are; a code means every unit that bore it.
pub(super) fn unit(v: View) -> Flow {
    Flow::Push(Box::new(actions::unit_pick(v, |row| {
        then(move |screen: &mut RatesScreen, ui: &mut Ui| {
            let code = row.key;
            if code.is_empty() {
                screen.set_units(Vec::new(), None, ui);
                return Flow::Stay;
            }
            let name = row.cells.get(1).cloned();
            ui.run(
                move |cx| units::scope(cx, &code),
                move |screen: &mut RatesScreen, ids, ui| {
                    match ids {
                        Ok(ids) => screen.set_units(ids, name, ui),
                        Err(error) => ui.warn(error.text(ui.view.lang)),
                    }
                    Flow::Stay
                },
            );
            Flow::Stay
        })
    })))
}
