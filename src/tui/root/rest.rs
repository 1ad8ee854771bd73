//! What follows the cursor waits until the cursor rests: lines that tell about the selected row or field are taken away
//! when it moves and drawn when no key has come for a moment. A held key thus sends the marker, not a description of
//! each row that it passes.

use std::hash::{DefaultHasher, Hash, Hasher};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

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
}

impl Default for Rest {
    fn default() -> Rest {
        Rest {
            resting: true,
            shown: None,
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
        matches!(self.shown, Some((_, Shown::Nothing)))
    }

    /// Keeps what was drawn into `areas` or takes it away: it stays when it is what stood there before, when `layer` has
    /// just come to the front, or when the cursor rests.
    pub(super) fn hold(&mut self, buffer: &mut Buffer, layer: LayerId, areas: &[Rect]) {
        let now = Shown::Lines(fingerprint(buffer, areas));
        let before = self
            .shown
            .and_then(|(of, shown)| (of == layer).then_some(shown));
        let stays = self.resting || areas.is_empty() || before.is_none_or(|before| before == now);
        if !stays {
            for area in areas {
                for y in area.top()..area.bottom() {
                    for x in area.left()..area.right() {
                        buffer[(x, y)].reset();
                    }
                }
            }
        }
        self.shown = Some((layer, if stays { now } else { Shown::Nothing }));
    }
}

fn fingerprint(buffer: &Buffer, areas: &[Rect]) -> u64 {
    let mut hash = DefaultHasher::new();
    for area in areas {
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                let cell: Option<&Cell> = buffer.cell((x, y));
                cell.hash(&mut hash);
            }
        }
    }
    hash.finish()
}
