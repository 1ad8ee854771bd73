//! Whether a frame is mostly the last one with some rows moved up or down, as when a list scrolls.

use super::hand::Hand;
use super::pen::Glyph;
use super::row;

/// From how many rows that need not be sent on a scroll may be worth its bytes.
const WORTH: usize = 2;
/// How many cells of a row may differ for it to count as moved: the marker of a selected row.
const NEAR: usize = 2;
/// How many candidates are worked out.
const TRIED: usize = 4;
/// How many times a frame is scrolled at most.
const TIMES: usize = 3;
/// What the codes of a scroll and the way to the rows after it cost about.
const CODES: usize = 18;

/// Rows that move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shift {
    /// First row of the region.
    first: usize,
    /// Last row of the region.
    last: usize,
    /// How many rows they move.
    by: usize,
    /// Up, or down.
    up: bool,
}

/// Scrolls as long as that saves bytes; `shown` is changed to what the terminal shows then.
pub(super) fn send(hand: &mut Hand, shown: &mut [Glyph], wanted: &[Glyph], width: usize) {
    for _ in 0..TIMES {
        let Some(shift) = best(hand, shown, wanted, width) else {
            return;
        };
        shift.send(hand);
        shift.apply(shown, width);
    }
}

/// The scroll that saves most bytes, if one saves any.
fn best(hand: &Hand, shown: &[Glyph], wanted: &[Glyph], width: usize) -> Option<Shift> {
    let mut found = candidates(shown, wanted, width);
    found.sort_by_key(|(saved, _)| std::cmp::Reverse(*saved));
    found.truncate(TRIED);
    let mut costs = vec![None; wanted.len() / width.max(1)];
    let mut best: Option<(usize, Shift)> = None;
    for (_, shift) in found {
        let before = (shift.first..=shift.last).zip(costs.iter_mut().skip(shift.first));
        let before: usize = before
            .map(|(y, known)| *known.get_or_insert_with(|| cost(hand, y, shown, wanted, width)))
            .sum();
        // The most that it may cost to be better.
        let most = before.saturating_sub(CODES + best.map_or(0, |(most, _)| most));
        if let Some(after) = shift.cost_below(hand, shown, wanted, width, most) {
            best = Some((before - after - CODES, shift));
        }
    }
    best.map(|(_, shift)| shift)
}

/// What row `y` costs, with `shown` on the terminal.
fn cost(hand: &Hand, y: usize, shown: &[Glyph], wanted: &[Glyph], width: usize) -> usize {
    let place = y * width..(y + 1) * width;
    match (shown.get(place.clone()), wanted.get(place)) {
        (Some(a), Some(b)) => row::cost(hand, y, a, b),
        _ => 0,
    }
}

impl Shift {
    /// A scroll region, and line feeds at its bottom or reverse ones at its top, which every terminal with regions
    /// knows.
    fn send(&self, hand: &mut Hand) {
        hand.set_erasing();
        hand.send(format!("\x1b[{};{}r", self.first + 1, self.last + 1).as_bytes());
        // Setting a region moves the cursor: home on most terminals, to the region's top on others.
        hand.at = None;
        if self.up {
            hand.go(0, self.last, &[]);
            hand.send(&vec![b'\n'; self.by]);
        } else {
            hand.go(0, self.first, &[]);
            hand.send(&b"\x1bM".repeat(self.by));
        }
        hand.send(b"\x1b[r");
        hand.at = None;
    }

    fn apply(&self, shown: &mut [Glyph], width: usize) {
        let region = self.first * width..(self.last + 1) * width;
        let gone = self.by * width;
        let Some(rows) = shown.get_mut(region) else {
            return;
        };
        let blank = |g: &mut Glyph| *g = Glyph::blank();
        if self.up {
            rows.rotate_left(gone);
            let kept = rows.len() - gone;
            rows.iter_mut().skip(kept).for_each(blank);
        } else {
            rows.rotate_right(gone);
            rows.iter_mut().take(gone).for_each(blank);
        }
    }

    /// What the rows of the region cost once they have moved; none when that is not below `limit`.
    fn cost_below(
        &self,
        hand: &Hand,
        shown: &[Glyph],
        wanted: &[Glyph],
        width: usize,
        limit: usize,
    ) -> Option<usize> {
        let mut moved = shown.to_vec();
        self.apply(&mut moved, width);
        let mut sum = 0;
        for y in self.first..=self.last {
            if sum >= limit {
                return None;
            }
            sum += cost(hand, y, &moved, wanted, width);
        }
        (sum < limit).then_some(sum)
    }
}

/// The moves of rows that there may be, with how many rows each saves.
fn candidates(shown: &[Glyph], wanted: &[Glyph], width: usize) -> Vec<(usize, Shift)> {
    let old: Vec<&[Glyph]> = shown.chunks(width).collect();
    let new: Vec<&[Glyph]> = wanted.chunks(width).collect();
    let stays: Vec<bool> = old.iter().zip(&new).map(|(a, b)| near(a, b)).collect();
    if stays.iter().filter(|stays| !**stays).count() < WORTH {
        return Vec::new();
    }
    let mut found = Vec::new();
    for by in 1..new.len() {
        for up in [true, false] {
            for (first, last, saved) in runs(&old, &new, &stays, by, up) {
                if saved < WORTH {
                    continue;
                }
                let (first, last) = if up {
                    (first, last + by)
                } else {
                    (first - by, last)
                };
                found.push((
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
    found
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
