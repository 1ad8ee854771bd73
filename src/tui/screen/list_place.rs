//! Where a record that was saved stands in the list now: the list goes after the row, not the place.

use super::View;
use super::list::ListScreen;
use super::rows::{self, Shown, WINDOW};
use crate::app::records::{self, Anchor};
use crate::app::{Cx, Result};
use crate::domain::query::Query;
use crate::tui::screen::{Flow, Ui};

/// So many rows before a record are counted; of one that lies further down the place is near what it was.
const COUNTED: usize = 10_001;

impl ListScreen {
    /// Reads the rows around a record that is not among those shown, and selects it; one that the list does not have
    /// leaves the selection where it is.
    pub(super) fn seek(&mut self, id: i64, ui: &mut Ui) {
        let (query, v, near) = (self.query.clone(), ui.view, self.place());
        ui.run(
            move |cx| around(cx, &query, (id, near), &v),
            move |list: &mut ListScreen, found: Result<Option<(usize, Vec<Shown>)>>, ui| {
                match found {
                    Ok(Some((base, rows))) => {
                        list.show(base, rows, list.list.total());
                        list.list.select(&id);
                    }
                    Ok(None) => {}
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }
}

/// The place of the first of the rows around a record, and these rows; none when the list does not have the record.
fn around(
    cx: &Cx,
    query: &Query,
    (id, near): (i64, usize),
    v: &View,
) -> Result<Option<(usize, Vec<Shown>)>> {
    let half = WINDOW / 2;
    let after = records::page(cx, query, (Anchor::From(id), 0), half)?.unwrap_or_default();
    if after.first().map(|record| record.head().id) != Some(id) {
        return Ok(None);
    }
    let mut before = records::page(cx, query, (Anchor::Before(id), 0), half)?.unwrap_or_default();
    let many = before.len();
    let place = match records::rows_before(cx, query, id, COUNTED)? {
        COUNTED => near.max(COUNTED),
        exact => exact,
    };
    before.extend(after);
    let rows = rows::of_records(cx, query, &before, v)?;
    Ok(Some((place.saturating_sub(many), rows)))
}
