//! The rows of a list again after others have written: the selected record stays selected and where it stands, also
//! when rows came or went before it.

use super::list::{ListScreen, Loaded, counts, window};
use super::{Flow, Ui, View};
use crate::app::{Cx, Result};
use crate::domain::query::Query;

/// What of a list was on the screen.
struct Seen {
    base: usize,
    total: usize,
    selected: Option<i64>,
}

impl ListScreen {
    /// Reads the rows and the counts again, for one frame; not while a filter is typed or rows are on their way.
    pub(super) fn follow_others(&mut self, ui: &mut Ui) -> bool {
        if self.filtering || self.asked.is_some() {
            return false;
        }
        let seen = Seen {
            base: self.base,
            total: self.list.total(),
            selected: self.list.key().copied(),
        };
        self.asked = Some(seen.base);
        let (query, whole, v) = (self.query.clone(), self.whole.clone(), ui.view);
        ui.run(
            move |cx| {
                let counts = counts(cx, &query, &whole, None)?;
                Ok((again(cx, &query, &seen, counts.0, &v)?, counts))
            },
            |screen: &mut ListScreen, found: Result<(Loaded, (usize, usize))>, ui| match found {
                Ok((rows, counts)) => {
                    screen.take_window(Ok(rows), ui);
                    screen.take_counts(Ok(counts), ui)
                }
                // The rows that are there stay; the next change or key reads again.
                Err(_) => {
                    screen.asked = None;
                    Flow::Stay
                }
            },
        );
        true
    }
}

/// The window that was seen, or the one that the selected record has moved to.
fn again(cx: &Cx, query: &Query, seen: &Seen, count: usize, v: &View) -> Result<Loaded> {
    let there = window(cx, query, seen.base, count, v)?;
    let holds = |rows: &Loaded| match seen.selected {
        Some(id) => rows.rows.iter().any(|row| row.id == id),
        None => true,
    };
    let moved = (seen.base + count).saturating_sub(seen.total);
    if holds(&there) || moved == seen.base {
        return Ok(there);
    }
    let moved = window(cx, query, moved, count, v)?;
    Ok(if holds(&moved) { moved } else { there })
}
