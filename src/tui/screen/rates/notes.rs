//! What stands under a table of rates: how long it took, what is suspended, what was carried over and forward.

use super::Data;
use crate::catalog::rate::{part_label, withdrawn_note};
use crate::domain::number::vi_int;
use crate::domain::rate::{Measure, Part};
use crate::tui::lang::{Lang, t};
use crate::tui::screen::View;

/// The notes, a line each.
pub(super) fn of(data: &Data, v: &View) -> Vec<String> {
    let table = &data.table;
    let measure = table.query.measure;
    let mut facts = Vec::new();
    if let Some(days) = &table.total.days {
        let median = days.median().replace('.', v.say(t(",", ".")));
        facts.push(match v.lang {
            Lang::Vi => format!("trung vị {median} ngày, 90% trong {} ngày", days.p90),
            Lang::En => format!("median {median} days, 90% within {} days", days.p90),
        });
    }
    if let Some(suspended) = table.suspended.as_ref().filter(|figure| figure.count > 0) {
        let label = part_label(measure, Part::Suspended).get(v.lang);
        facts.push(format!(
            "{} {}",
            super::words::inside(label),
            vi_int(suspended.count)
        ));
    }
    if measure == Measure::Resolution {
        facts.push(withdrawn_note(table.withdrawn).get(v.lang).to_owned());
    }
    let mut notes = Vec::new();
    if !facts.is_empty() {
        notes.push(facts.join(v.theme.dot()));
    }
    if let Some(balance) = &data.balance {
        let n = |figure: &crate::app::rates::Figure| vi_int(figure.count);
        let (opening, new) = (n(&balance.opening), n(&balance.new));
        let (handled, closing) = (n(&balance.handled), n(&balance.closing));
        notes.push(match v.lang {
            Lang::Vi => {
                format!("tồn đầu {opening} + mới {new} = đã xong {handled} + tồn cuối {closing}")
            }
            Lang::En => {
                format!("opening {opening} + new {new} = ended {handled} + closing {closing}")
            }
        });
    }
    notes
}
