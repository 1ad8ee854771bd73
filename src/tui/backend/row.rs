//! One row of the screen: the shortest of the ways that take it from what is shown to what is wanted.

use super::hand::{Hand, csi};
use super::pen::{Glyph, PLAIN};

/// How many places a row is tried to be erased from.
const CUTS: usize = 4;
/// Fewer changed cells than these are written as they are.
const FEW: usize = 4;
/// How many letters are tried to be inserted or deleted at once.
const SHIFTED: usize = 10;

/// Whether a row is shown as it is wanted.
pub(super) fn same(shown: &[Glyph], wanted: &[Glyph]) -> bool {
    shown.iter().zip(wanted).all(|(a, b)| a.same(b))
}

/// Writes row `y` with whatever takes the fewest bytes.
pub(super) fn send(hand: &mut Hand, y: usize, shown: &[Glyph], wanted: &[Glyph]) {
    if same(shown, wanted) {
        return;
    }
    let shown = halved(shown, wanted);
    let mut best = hand.trial();
    cells(&mut best, y, &shown, wanted);
    for cut in cuts(&shown, wanted) {
        let mut trial = hand.trial_below(best.bytes.len());
        trial.go(cut, y, &shown);
        trial.set_erasing();
        trial.send(b"\x1b[K");
        let mut rest = shown.clone();
        rest.iter_mut().skip(cut).for_each(|g| *g = Glyph::blank());
        cells(&mut trial, y, &rest, wanted);
        if !trial.is_over() {
            best = trial;
        }
    }
    if hand.caps.edit {
        edits(hand, y, &shown, wanted, &mut best);
    }
    hand.accept(best);
}

/// What is shown, with both halves of every wide letter that does not stay whole as unknown: what becomes of the other
/// half differs between terminals.
fn halved(shown: &[Glyph], wanted: &[Glyph]) -> Vec<Glyph> {
    let mut row = shown.to_vec();
    for x in 1..row.len() {
        if !shown.get(x).is_some_and(Glyph::is_tail) {
            continue;
        }
        let stays = [x - 1, x]
            .iter()
            .all(|at| shown.get(*at) == wanted.get(*at));
        if !stays {
            row.iter_mut()
                .skip(x - 1)
                .take(2)
                .for_each(|g| *g = Glyph::unknown());
        }
    }
    row
}

/// Where changed cells begin, for erasing from there.
fn cuts(shown: &[Glyph], wanted: &[Glyph]) -> Vec<usize> {
    let changed = |x: usize| match (shown.get(x), wanted.get(x)) {
        (Some(a), Some(b)) => !a.same(b),
        _ => false,
    };
    (0..shown.len())
        .filter(|x| changed(*x) && (*x == 0 || !changed(x - 1)))
        .map(|x| {
            let halves = [shown, wanted]
                .iter()
                .any(|row| row.get(x).is_some_and(Glyph::is_tail));
            x - usize::from(halves && x > 0)
        })
        .take(CUTS)
        .collect()
}

/// Writes the changed cells from left to right; of a trial, as far as its limit.
fn cells(hand: &mut Hand, y: usize, shown: &[Glyph], wanted: &[Glyph]) {
    let width = wanted.len();
    let changed: Vec<bool> = shown.iter().zip(wanted).map(|(a, b)| !a.same(b)).collect();
    let is_changed = |x: usize| changed.get(x).copied().unwrap_or(false);
    // The blank tail of the row as wanted.
    let tail = wanted
        .iter()
        .rposition(|g| !g.is_blank())
        .map_or(0, |last| last + 1);
    let stale = (tail..width).filter(|x| is_changed(*x)).count();
    let end = if stale > ERASE { tail } else { width };
    let mut x = 0;
    while x < end && !hand.is_over() {
        if !is_changed(x) {
            x += 1;
            continue;
        }
        while x > 0 && wanted.get(x).is_some_and(Glyph::is_tail) {
            x -= 1;
        }
        hand.go(x, y, wanted);
        let blanks = wanted
            .iter()
            .take(end)
            .skip(x)
            .take_while(|g| g.is_blank())
            .count();
        if hand.caps.erase
            && blanks > WIPE
            && (x..x + blanks).filter(|x| is_changed(*x)).count() > WIPE
        {
            hand.set_erasing();
            hand.send(csi(blanks, 'X').bytes());
            x += blanks;
            continue;
        }
        x = print(hand, x, wanted);
        // After the last column terminals differ: the cursor may wait there.
        hand.at = hand.at.filter(|_| x < width).map(|_| (x, y));
    }
    if let Some(first) = (end..width).find(|x| is_changed(*x)) {
        hand.go(first, y, wanted);
        hand.set_erasing();
        hand.send(b"\x1b[K");
    }
}

/// From how many stale cells at the end of a row on they are erased rather than overwritten.
const ERASE: usize = 3;
/// From how many blanks within a row on they are erased rather than overwritten.
const WIPE: usize = 9;
/// From how many equal letters on they are repeated by a code rather than sent again.
const REPEAT: usize = 3;

/// Prints the cell at `x`, and those that repeat it; gives the place after them.
fn print(hand: &mut Hand, x: usize, wanted: &[Glyph]) -> usize {
    let Some(glyph) = wanted.get(x) else {
        return x + 1;
    };
    if !(glyph.is_blank() && hand.pen.leaves_blank()) {
        hand.set_pen(glyph.pen);
    }
    hand.send(glyph.text());
    let cells = 1 + wanted
        .iter()
        .skip(x + 1)
        .take_while(|g| g.is_tail())
        .count();
    if !glyph.is_sure() {
        hand.at = None;
    }
    if !hand.caps.repeat || cells > 1 {
        return x + cells;
    }
    let again = wanted
        .iter()
        .skip(x + 1)
        .take_while(|g| *g == glyph)
        .count();
    let code = csi(again, 'b');
    if again >= REPEAT && again * glyph.text().len() > code.bytes().len() {
        hand.send(code.bytes());
        return x + 1 + again;
    }
    x + 1
}

/// The ways in which letters are inserted or deleted where the row begins to differ, so that what stands after them
/// moves; what stood further right is moved back or written again. One that is shorter takes the place of `best`.
fn edits(hand: &Hand, y: usize, shown: &[Glyph], wanted: &[Glyph], best: &mut Hand) {
    let differs = |x: &usize| match (shown.get(*x), wanted.get(*x)) {
        (Some(a), Some(b)) => !a.same(b),
        _ => false,
    };
    let width = shown.len();
    let Some(first) = (0..width).find(differs) else {
        return;
    };
    let last = (0..width).rev().find(differs).unwrap_or(first);
    let whole = |row: &[Glyph]| {
        row.iter()
            .skip(first)
            .all(|g| !g.is_tail() && !g.is_unknown())
    };
    // A few cells are never cheaper moved than written.
    if last - first < FEW || !whole(shown) || !whole(wanted) {
        return;
    }
    let changed = (first..=last).filter(differs).count();
    for by in 1..=SHIFTED.min(last - first) {
        for insert in [true, false] {
            let moved = |x: &usize| {
                let pair = if insert {
                    (shown.get(*x), wanted.get(x + by))
                } else {
                    (shown.get(x + by), wanted.get(*x))
                };
                !matches!(pair, (Some(a), Some(b)) if a.same(b))
            };
            if (first..=last.saturating_sub(by)).filter(moved).count() + by >= changed {
                continue;
            }
            for back in [false, true] {
                let trial = hand.trial_below(best.bytes.len());
                let place = (first, last, by);
                if let Some(trial) = edit(trial, y, shown, wanted, place, insert, back)
                    && !trial.is_over()
                {
                    *best = trial;
                }
            }
        }
    }
}

/// Inserts or deletes `by` cells at `first`; with `back` what stands after `last` is brought back to its place.
fn edit(
    mut trial: Hand,
    y: usize,
    shown: &[Glyph],
    wanted: &[Glyph],
    (first, last, by): (usize, usize, usize),
    insert: bool,
    back: bool,
) -> Option<Hand> {
    let mut row = shown.to_vec();
    let end = if back { last + 1 } else { row.len() };
    let part = row.get_mut(first..end)?;
    // What is pushed out at the end is deleted before, what is to be pushed out at the end is inserted after.
    let far = end.checked_sub(by)?;
    if insert {
        if back {
            trial.go(far, y, shown);
            trial.set_erasing();
            trial.send(csi(by, 'P').bytes());
        }
        trial.go(first, y, shown);
        trial.set_erasing();
        trial.send(csi(by, '@').bytes());
        part.rotate_right(by);
        part.iter_mut().take(by).for_each(|g| *g = Glyph::blank());
    } else {
        trial.go(first, y, shown);
        trial.set_erasing();
        trial.send(csi(by, 'P').bytes());
        part.rotate_left(by);
        let kept = part.len() - by;
        part.iter_mut().skip(kept).for_each(|g| *g = Glyph::blank());
        if back {
            trial.go(far, y, &row);
            trial.set_erasing();
            trial.send(csi(by, '@').bytes());
        }
    }
    cells(&mut trial, y, &row, wanted);
    Some(trial)
}

/// What row `y` would cost on its own, to compare ways of a whole frame.
pub(super) fn cost(hand: &Hand, y: usize, shown: &[Glyph], wanted: &[Glyph]) -> usize {
    if same(shown, wanted) {
        return 0;
    }
    let mut trial = hand.trial();
    (trial.at, trial.pen) = (Some((0, y)), PLAIN);
    cells(&mut trial, y, &halved(shown, wanted), wanted);
    trial.bytes.len()
}
