//! What follows the cursor waits until the cursor rests: lines that tell about the selected row or field are taken away
//! when it moves and drawn when no key has come for a moment. A held key thus sends the marker, not a description of
//! each row that it passes. What keys do here may depend on the row too; those lines stay as they were until then.

use std::hash::{DefaultHasher, Hash, Hasher};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::layout::Follows;
use crate::tui::command::Scope;
use crate::tui::effect::LayerId;

/// What stands where the lines of the layer in front stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Lines with this fingerprint.
    Lines(u64),
    /// Nothing, until the cursor rests.
    Nothing,
}

/// Whether the cursor rests, and what was shown last.
pub(super) struct Rest {
    resting: bool,
    shown: Option<(LayerId, Shown)>,
    hints: Option<Hints>,
    /// The hints on the screen are those of a row that was left.
    stale: bool,
}

/// What the lines that say what keys do show.
struct Hints {
    layer: LayerId,
    scope: Option<Scope>,
    area: Rect,
    cells: Vec<Cell>,
}

impl Default for Rest {
    fn default() -> Rest {
        Rest {
            resting: true,
            shown: None,
            hints: None,
            stale: false,
        }
    }
}

impl Rest {
    /// A key has come.
    pub(super) fn stir(&mut self) {
        self.resting = false;
    }

    /// No key has come for a moment; says whether something waited for that.
    pub(super) fn come(&mut self) -> bool {
        self.resting = true;
        self.waits()
    }

    /// Whether something is to be drawn once the cursor rests.
    pub(super) fn waits(&self) -> bool {
        self.stale || matches!(self.shown, Some((_, Shown::Nothing)))
    }

    /// Keeps what was drawn of what follows the cursor or takes it away: it stays when it is what stood there before,
    /// when `layer` has just come to the front, or when the cursor rests.
    pub(super) fn hold(&mut self, buffer: &mut Buffer, layer: LayerId, follows: &Follows) {
        self.hold_told(buffer, layer, &follows.told);
        self.hold_hints(buffer, layer, follows);
    }

    fn hold_told(&mut self, buffer: &mut Buffer, layer: LayerId, areas: &[Rect]) {
        let now = Shown::Lines(fingerprint(buffer, areas));
        let before = self
            .shown
            .and_then(|(of, shown)| (of == layer).then_some(shown));
        let stays = self.resting || areas.is_empty() || before.is_none_or(|before| before == now);
        if !stays {
            for place in areas.iter().flat_map(|area| area.positions()) {
                if let Some(cell) = buffer.cell_mut(place) {
                    cell.reset();
                }
            }
        }
        self.shown = Some((layer, if stays { now } else { Shown::Nothing }));
    }

    fn hold_hints(&mut self, buffer: &mut Buffer, layer: LayerId, follows: &Follows) {
        let (area, scope) = (follows.hints, follows.scope);
        let cells = |buffer: &Buffer| -> Vec<Cell> {
            let places = area.positions();
            places.filter_map(|at| buffer.cell(at).cloned()).collect()
        };
        let before = self
            .hints
            .as_ref()
            .filter(|old| (old.layer, old.scope, old.area) == (layer, scope, area));
        let now = cells(buffer);
        self.stale = !self.resting && before.is_some_and(|old| old.cells != now);
        if !self.stale {
            self.hints = Some(Hints {
                layer,
                scope,
                area,
                cells: now,
            });
            return;
        }
        let old = before.map_or(&[][..], |old| &old.cells);
        for (place, old) in area.positions().zip(old) {
            if let Some(cell) = buffer.cell_mut(place) {
                cell.clone_from(old);
            }
        }
    }
}

fn fingerprint(buffer: &Buffer, areas: &[Rect]) -> u64 {
    let mut hash = DefaultHasher::new();
    for place in areas.iter().flat_map(|area| area.positions()) {
        buffer.cell(place).hash(&mut hash);
    }
    hash.finish()
}
