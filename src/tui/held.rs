//! A key that is held down, told from typing by its pace; and how many of its repeats count while the line to the
//! terminal is busy. Repeats that pile up would all be sent once the finger has gone: on a slow line a page for each
//! second. What is typed ahead counts whole: it comes at once, or at the pace of a hand.
//!
//! Times are told from outside, as the time since some fixed moment.

use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// So many presses of one key make it a held one,
const PRESSES: u32 = 8;
/// when they came in so many turns, not all together after a stop of the line,
const TURNS: u32 = 6;
/// over so long a time,
const LONG: Duration = Duration::from_millis(200);
/// no faster than a keyboard repeats and faster than any hand, on the average,
const BEAT: Duration = Duration::from_millis(60);
/// and never with a longer pause, as the line may make one.
const PAUSE: Duration = Duration::from_millis(150);
/// For so long a frame may keep the line busy: two of them and what follows the cursor are over in a second.
const FRAME: Duration = Duration::from_millis(300);
/// The most repeats that a frame waits with.
const MOST: u32 = 20;

/// The key that is pressed again and again, and how many of its presses a busy line is given.
#[derive(Debug)]
pub struct Held {
    key: Option<KeyEvent>,
    presses: u32,
    turns: u32,
    since: Duration,
    last: Duration,
    /// Repeats that were let through since the last frame.
    waiting: u32,
    /// How many of them one frame may wait with.
    room: u32,
}

impl Default for Held {
    fn default() -> Held {
        Held {
            key: None,
            presses: 0,
            turns: 0,
            since: Duration::ZERO,
            last: Duration::ZERO,
            waiting: 0,
            room: 2,
        }
    }
}

impl Held {
    /// Whether a key that came at `now` counts. With `busy` the line has not taken the last frame yet; with `text`
    /// letters are typed into something.
    pub fn counts(&mut self, key: KeyEvent, now: Duration, busy: bool, text: bool) -> bool {
        if !moves(key, text) {
            self.end();
            return true;
        }
        let goes_on = self.key == Some(key) && now.saturating_sub(self.last) <= PAUSE;
        if goes_on {
            self.turns += u32::from(now > self.last);
            self.presses = self.presses.saturating_add(1);
        } else {
            (self.key, self.since) = (Some(key), now);
            (self.presses, self.turns, self.waiting) = (1, 1, 0);
        }
        self.last = now;
        if !(busy && self.is_held()) {
            return true;
        }
        let counts = self.waiting < self.room;
        self.waiting += u32::from(counts);
        counts
    }

    /// Something else came than the key that was pressed again and again.
    pub fn end(&mut self) {
        self.key = None;
    }

    /// A frame has gone to the line: what waited is in it.
    pub fn drawn(&mut self) {
        self.waiting = 0;
    }

    /// A frame that others waited behind kept the line busy for so long: the next may hold more, or holds less.
    pub fn took(&mut self, long: Duration) {
        self.room = match long.as_millis() {
            millis if long > FRAME => {
                let less = u128::from(self.room) * FRAME.as_millis() / millis;
                u32::try_from(less).unwrap_or_default()
            }
            _ => (self.room + 1).min(MOST),
        };
    }

    /// How many repeats a frame may wait with.
    #[cfg(test)]
    pub fn room(&self) -> u32 {
        self.room
    }

    fn is_held(&self) -> bool {
        let long = self.last.saturating_sub(self.since);
        let fast = long <= BEAT.saturating_mul(self.presses);
        self.presses >= PRESSES && self.turns >= TURNS && long >= LONG && fast
    }
}

/// Whether a key only moves, so that one more or one less of it is seen and does no harm.
fn moves(key: KeyEvent, text: bool) -> bool {
    if key.kind == KeyEventKind::Release || key.modifiers != KeyModifiers::NONE {
        return false;
    }
    match key.code {
        KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => true,
        // Where something is entered these turn a choice or move within what is typed.
        KeyCode::Left | KeyCode::Right | KeyCode::Char('j' | 'k') => !text,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const DOWN: KeyEvent = KeyEvent::new(KeyCode::Down, KeyModifiers::NONE);

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    /// How many of `many` presses count that come `gap` milliseconds apart from `from` on while the line stays busy.
    fn counted(held: &mut Held, key: KeyEvent, from: u64, gap: u64, many: u64) -> usize {
        (0..many)
            .filter(|n| held.counts(key, ms(from + n * gap), true, false))
            .count()
    }

    #[test]
    fn of_a_held_key_few_repeats_wait_for_a_busy_line() {
        for (code, gap) in [
            (KeyCode::Down, 33),
            (KeyCode::PageUp, 33),
            (KeyCode::Char('j'), 45),
        ] {
            let mut held = Held::default();
            // The first ones may still be typing.
            let many = counted(&mut held, key(code), 0, gap, 60);
            assert!((8..=11).contains(&many), "{code:?}: {many}");
            // With each frame a few more.
            held.drawn();
            assert_eq!(counted(&mut held, key(code), 60 * gap, gap, 10), 2);
            // A line that is free takes them all.
            assert!(held.counts(key(code), ms(70 * gap), false, false));
        }
    }

    #[test]
    fn a_press_may_come_late_or_with_others_on_the_line() {
        let mut held = Held::default();
        let clumps: Vec<u64> = (0..20).flat_map(|n| [n * 100; 3]).collect();
        let counted = clumps
            .into_iter()
            .filter(|at| held.counts(DOWN, ms(*at), true, false))
            .count();
        assert!(counted < 20, "{counted}");
    }

    #[test]
    fn what_is_typed_or_typed_ahead_counts_whole() {
        // All at once after a stop of the line, and again.
        let mut held = Held::default();
        assert_eq!(counted(&mut held, DOWN, 1_000, 0, 50), 50);
        assert_eq!(counted(&mut held, DOWN, 1_100, 0, 50), 50);
        // A quick finger.
        assert_eq!(counted(&mut held, DOWN, 5_000, 90, 40), 40);
        // Letters in a field, a key that does something.
        for text in [true, false] {
            let k = key(KeyCode::Char(if text { 'j' } else { 'x' }));
            for n in 0..60 {
                assert!(held.counts(k, ms(9_000 + n * 33), true, text));
            }
        }
        // What turns a choice, where something is entered.
        for code in [KeyCode::Left, KeyCode::Right] {
            for n in 0..60 {
                assert!(held.counts(key(code), ms(20_000 + n * 33), true, true));
            }
            let mut held = Held::default();
            assert!(counted(&mut held, key(code), 0, 33, 60) < 20);
        }
    }

    #[test]
    fn any_other_key_counts_and_ends_it() {
        let mut held = Held::default();
        counted(&mut held, DOWN, 0, 33, 60);
        assert!(!held.counts(DOWN, ms(1_980), true, false));
        assert!(held.counts(key(KeyCode::Enter), ms(1_990), true, false));
        assert_eq!(counted(&mut held, DOWN, 2_000, 33, 5), 5);
        counted(&mut held, DOWN, 2_165, 33, 60);
        assert!(held.counts(key(KeyCode::Up), ms(4_150), true, false));
        counted(&mut held, DOWN, 4_160, 33, 60);
        // So does letting go for a moment.
        assert_eq!(counted(&mut held, DOWN, 6_400, 33, 5), 5);
    }

    #[test]
    fn a_line_that_is_quick_with_a_frame_is_given_more_and_a_slow_one_less() {
        let room = |times: &[u64]| {
            let mut held = Held::default();
            counted(&mut held, DOWN, 0, 33, 60);
            times.iter().for_each(|time| held.took(ms(*time)));
            held.drawn();
            counted(&mut held, DOWN, 1_980, 33, 60)
        };
        assert_eq!(room(&[200; 4]), 6);
        assert_eq!(room(&[200; 99]), 20);
        assert_eq!(room(&[320]), 1);
        // A page for each second: the next one only when it is there.
        assert_eq!(room(&[1_000]), 0);
    }
}
