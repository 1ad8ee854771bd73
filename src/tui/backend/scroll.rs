//! Whether a frame is mostly the last one with some rows moved up or down, as when a list scrolls.

use super::Glyph;

/// How far rows may have moved to be looked for.
const FAR: usize = 8;
/// From how many rows that need not be sent on a scroll is worth its bytes.
const WORTH: usize = 3;
/// How many cells of a row may differ for it to count as moved: the marker of a selected row.
const NEAR: usize = 2;

/// Rows that move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    /// First row of the region.
    pub first: usize,
    /// Last row of the region.
    pub last: usize,
    /// How many rows they move.
    pub by: usize,
    /// Up, or down.
    pub up: bool,
}

/// The move that saves most rows, if one is worth it.
pub(super) fn find(shown: &[Glyph], wanted: &[Glyph], width: usize) -> Option<Shift> {
    if width == 0 {
        return None;
    }
    let old: Vec<&[Glyph]> = shown.chunks(width).collect();
    let new: Vec<&[Glyph]> = wanted.chunks(width).collect();
    let stays: Vec<bool> = old.iter().zip(&new).map(|(a, b)| near(a, b)).collect();
    if stays.iter().filter(|stays| !**stays).count() < WORTH {
        return None;
    }
    let mut best: Option<(usize, Shift)> = None;
    for by in 1..=FAR.min(new.len().saturating_sub(1)) {
        for up in [true, false] {
            for (first, last, saved) in runs(&old, &new, &stays, by, up) {
                if saved >= WORTH && best.as_ref().is_none_or(|(most, _)| saved > *most) {
                    let (first, last) = if up {
                        (first, last + by)
                    } else {
                        (first - by, last)
                    };
                    best = Some((
                        saved,
                        Shift {
                            first,
                            last,
                            by,
                            up,
                        },
                    ));
                }
            }
        }
    }
    best.map(|(_, shift)| shift)
}

/// The runs of rows that are those of `by` rows below (`up`) or above: first, last, and how many of them would have to
/// be sent otherwise.
fn runs(
    old: &[&[Glyph]],
    new: &[&[Glyph]],
    stays: &[bool],
    by: usize,
    up: bool,
) -> Vec<(usize, usize, usize)> {
    let moved = |y: usize| {
        let from = if up { Some(y + by) } else { y.checked_sub(by) };
        match (from.and_then(|from| old.get(from)), new.get(y)) {
            (Some(from), Some(to)) => near(from, to),
            _ => false,
        }
    };
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    let mut open = false;
    for y in 0..new.len() {
        if !moved(y) {
            open = false;
            continue;
        }
        let saved = usize::from(!stays.get(y).copied().unwrap_or(true));
        match found.last_mut() {
            Some(run) if open => *run = (run.0, y, run.2 + saved),
            _ => found.push((y, y, saved)),
        }
        open = true;
    }
    found
}

fn near(a: &[Glyph], b: &[Glyph]) -> bool {
    a.iter()
        .zip(b)
        .filter(|(a, b)| !a.same(b))
        .take(NEAR + 1)
        .count()
        <= NEAR
}
