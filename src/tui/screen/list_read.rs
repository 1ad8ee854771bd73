//! What a list reads: a window of its rows, and how many there are. Also again after others have written: then the
//! selected record stays selected and where it stands, though rows came or went before it.

use super::list::ListScreen;
use super::rows::{self, Held, Window};
use super::{Flow, Ui, View};
use crate::app::{Cx, Result, records};
use crate::domain::query::{Count, Query};

/// A window of rows as it was read.
pub(super) struct Loaded {
    pub(super) window: Window,
    /// The rows were too many for the order asked for.
    pub(super) unsorted: bool,
}

/// What of a list was on the screen.
struct Seen {
    held: Held,
    total: usize,
    /// How many rows there were, where they were counted to the end.
    count: Option<usize>,
    selected: Option<i64>,
}

impl ListScreen {
    /// Reads the rows that are shown again.
    pub(super) fn read_again(&mut self, ui: &mut Ui) {
        self.load(ui, self.base);
    }

    /// Asks for the window around what is to be seen, then for the counts.
    pub(super) fn load(&mut self, ui: &mut Ui, base: usize) {
        (self.asked, self.seen, self.next) = (Some(base), None, None);
        let window = self.window(base, ui);
        let window = move |cx: &mut Cx| (cx.moment(), window(cx));
        ui.run(window, |screen: &mut ListScreen, (seen, loaded), ui| {
            screen.seen = seen;
            screen.take_window(loaded, ui)
        });
        let (query, whole) = (self.query.clone(), self.whole.clone());
        ui.run(
            move |cx| counts(cx, &query, &whole, None),
            ListScreen::take_counts,
        );
    }

    /// Has the rows read that may be asked for next, once for each place.
    pub(super) fn read_next(&mut self, ui: &mut Ui) {
        let next = self.list.missing_next();
        if next.is_some() && next != self.next {
            self.next = next;
            if let Some(base) = next {
                let window = self.window(base, ui);
                ui.later(window);
            }
        }
    }

    /// Reads what is shown again, unless nothing has been written since: then it stands as it is at once.
    pub(super) fn look_again(&mut self, ui: &mut Ui) {
        let seen = self.seen;
        ui.run(
            move |cx| cx.wrote_since(seen),
            |screen: &mut ListScreen, wrote, ui| {
                if wrote {
                    screen.read_again(ui);
                }
                Flow::Stay
            },
        );
    }

    /// Reads the rows and the counts again, for one frame; not while a filter is typed or rows are on their way.
    pub(super) fn follow_others(&mut self, ui: &mut Ui) -> bool {
        if self.filtering || self.asked.is_some() {
            return false;
        }
        let seen = Seen {
            held: Held {
                base: self.base,
                ids: self.shown.iter().map(|row| row.id).collect(),
            },
            total: self.list.total(),
            count: self.counted.and_then(|(count, _)| all_of(count)),
            selected: self.list.key().copied(),
        };
        (self.asked, self.seen) = (Some(self.base), None);
        let (query, whole, v) = (self.query.clone(), self.whole.clone(), ui.view);
        let asked = query.clone();
        ui.run(
            move |cx| {
                let counts = counts(cx, &query, &whole, None)?;
                Ok((again(cx, &query, seen, counts.0, &v)?, counts))
            },
            move |screen: &mut ListScreen, found: Result<(Loaded, (Count, Count))>, ui| match found
            {
                Ok((rows, counts)) if screen.query == asked => {
                    screen.take_window(Ok(rows), ui);
                    screen.take_counts(Ok(counts), ui)
                }
                // The rows that are there stay, as when something else is asked for meanwhile; the next change or key
                // reads again.
                _ => {
                    screen.asked = None;
                    Flow::Stay
                }
            },
        );
        true
    }
}

fn all_of(count: Count) -> Option<usize> {
    (!count.more).then_some(count.n)
}

/// The window that was seen: first where it would be if what came or went did so before it, then where it was.
fn again(cx: &Cx, query: &Query, seen: Seen, count: Count, v: &View) -> Result<Loaded> {
    let total = all_of(count).unwrap_or(seen.total);
    let base = seen.held.base;
    let moved = match (seen.count, all_of(count)) {
        (Some(then), Some(now)) => (base + now).saturating_sub(then),
        _ => base,
    };
    let holds = |loaded: &Loaded| {
        let mut rows = loaded.window.rows.iter();
        seen.selected.is_none_or(|id| rows.any(|row| row.id == id))
    };
    let held = Held {
        base: moved,
        ids: seen.held.ids,
    };
    // Who sees the beginning goes on seeing it.
    let (first, second) = if base == 0 {
        (base, moved)
    } else {
        (moved, base)
    };
    let there = window(cx, query, (first, total), &held, v)?;
    if first == second || holds(&there) {
        return Ok(there);
    }
    let other = window(cx, query, (second, total), &held, v)?;
    Ok(if holds(&other) { other } else { there })
}

/// The window from a place, of so many rows as far as that is known; in the register's own order where the rows are
/// too many for another.
pub(super) fn window(
    cx: &Cx,
    query: &Query,
    place: (usize, usize),
    held: &Held,
    v: &View,
) -> Result<Loaded> {
    let mut query = query.clone();
    cx.in_one_moment(|cx| {
        let unsorted = !records::sorts(cx, &query)?;
        if unsorted {
            query.sort.clear();
        }
        Ok(Loaded {
            window: rows::load_window(cx, &query, place, held, v)?,
            unsorted,
        })
    })
}

/// How many rows there are, and of how many; `all` where the latter is known.
pub(super) fn counts(
    cx: &Cx,
    query: &Query,
    whole: &Query,
    all: Option<Count>,
) -> Result<(Count, Count)> {
    let unsorted = |query: &Query| Query {
        sort: Vec::new(),
        ..query.clone()
    };
    if unsorted(query) == unsorted(whole) {
        let count = records::count_capped(cx, query)?;
        return Ok((count, count));
    }
    let all = match all {
        Some(all) => all,
        None => records::count_capped(cx, whole)?,
    };
    Ok((records::count_capped(cx, query)?, all))
}
