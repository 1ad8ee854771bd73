//! The third step: what is wrong, what was said, what is to know.

use super::answers::{Shown, answers};
use super::{ImportScreen, lines};
use crate::app::import::{Prepared, Trouble};
use crate::exchange::layout::Layout;
use crate::transfer::Import;
use crate::tui::screen::View;
use crate::tui::widget::list::Row;
use crate::tui::widget::paint::width;

/// Letters of a cell that stand below the list.
const TOLD: usize = 220;

impl ImportScreen {
    /// The rows: problems, then what a person has said, then what is only to know.
    pub(super) fn show_problems(&mut self, v: &View) {
        let (Some(import), Some(prepared)) = (&self.import, &self.prepared) else {
            return;
        };
        let (plan, layout) = (&prepared.plan, &import.layout);
        let row =
            |(at, trouble), bad| -> Row<Shown> { lines::trouble_row(layout, at, trouble, bad, v) };
        let first = plan.problems.len();
        let problems = plan.problems.iter().enumerate();
        let notes = (first..).zip(&plan.notes);
        let said = answers(layout);
        let said = said.iter().map(|a| a.row(layout, &self.spoken, v));
        let rows: Vec<Row<Shown>> = problems
            .map(|told| row(told, true))
            .chain(said)
            .chain(notes.map(|told| row(told, false)))
            .collect();
        self.widest = [0, 1, 2].map(|at| {
            let cells = rows.iter().filter_map(|row| row.cells.get(at));
            cells.map(|cell| width(&cell.text)).max().unwrap_or(0)
        });
        self.problems.set_rows(rows);
    }

    /// What stands below the list: the selected row whole, then the plan in numbers.
    pub(super) fn about_problem(
        &self,
        import: &Import,
        prepared: &Prepared,
        v: &View,
    ) -> Vec<String> {
        let (plan, layout) = (&prepared.plan, &import.layout);
        let mut all: Vec<String> = Vec::new();
        match self.problems.key() {
            Some(Shown::Answer(answer)) => all.push(answer.about(layout, &self.spoken, v)),
            Some(Shown::Trouble(at)) => {
                let trouble = self.trouble(*at);
                all.extend(trouble.and_then(|t| whole(layout, t)));
                all.extend(trouble.map(|t| self.rule_words(t, v)));
            }
            None => {}
        }
        all.push(lines::counts(plan, v.lang));
        all.extend(Some(plan.courses.told(v.lang)).filter(|line| !line.is_empty()));
        all.push(lines::key(layout, v));
        all
    }
}

/// What stands in the cell, as the list may cut it.
fn whole(layout: &Layout, trouble: &Trouble) -> Option<String> {
    let text = trouble.value.split_whitespace().collect::<Vec<_>>();
    let text = text.join(" ");
    let column = trouble.column.map(|at| layout.name(at));
    let short: String = text.chars().take(TOLD).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    (!text.is_empty()).then(|| match column {
        Some(column) => format!("{column}: {short}{more}"),
        None => format!("{short}{more}"),
    })
}
