//! A page of texts with places that can be selected: numbers that open their rows. It scrolls when it is too long.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::paint::{cursor, put, width};
use crate::tui::command::Command;
use crate::tui::screen::View;

/// One place that can be selected.
#[derive(Clone, Debug)]
pub struct Spot<K> {
    /// What it stands for.
    pub key: K,
    /// Its column.
    pub x: u16,
    /// Its line.
    pub y: u16,
    /// Cells to the left of it where the mark of the selected place stands; 0 for none.
    pub mark: u16,
    /// Its text, drawn again when it is selected.
    pub text: String,
}

/// The texts and the places, as laid out for one width.
#[derive(Clone, Debug)]
pub struct Canvas<K> {
    texts: Vec<(u16, u16, String, Style)>,
    spots: Vec<Spot<K>>,
}

impl<K> Default for Canvas<K> {
    fn default() -> Canvas<K> {
        Canvas {
            texts: Vec::new(),
            spots: Vec::new(),
        }
    }
}

impl<K: Clone + PartialEq> Canvas<K> {
    /// Puts a text.
    pub fn text(&mut self, x: u16, y: u16, text: impl Into<String>, style: Style) {
        self.texts.push((x, y, text.into(), style));
    }

    /// Puts a text that can be selected; `mark` cells before it stands the mark.
    pub fn spot(&mut self, (x, y): (u16, u16), mark: u16, key: K, text: String, style: Style) {
        self.text(x, y, text.clone(), style);
        self.spots.push(Spot {
            key,
            x,
            y,
            mark,
            text,
        });
    }

    /// The places, in the order in which they were put.
    pub fn spots(&self) -> &[Spot<K>] {
        &self.spots
    }

    /// How many lines it has.
    pub fn height(&self) -> u16 {
        self.texts.iter().map(|t| t.1 + 1).max().unwrap_or(0)
    }

    /// Draws the lines from `top` on; moves `top` so that the selected place is seen.
    pub fn view(&self, f: &mut Frame, area: Rect, top: &mut u16, selected: &K, v: &View) {
        let spot = self.spots.iter().find(|spot| spot.key == *selected);
        *top = (*top).min(self.height().saturating_sub(area.height));
        if let Some(spot) = spot {
            let least = (spot.y + 1).saturating_sub(area.height);
            // The first lines stay in view as long as they can: the heading belongs to what stands under it.
            let most = if spot.y < area.height { 0 } else { spot.y };
            *top = (*top).clamp(least.min(most), most.max(least));
        }
        for (x, y, text, style) in &self.texts {
            if let Some(line) = y.checked_sub(*top).filter(|line| *line < area.height) {
                put(f, area, *x, line, text, v.theme.allowed(*style));
            }
        }
        let Some((spot, line)) = spot.and_then(|s| Some((s, s.y.checked_sub(*top)?))) else {
            return;
        };
        let at = spot.x.saturating_sub(spot.mark);
        if spot.mark > 0 {
            put(f, area, at, line, ">", v.theme.accent());
        } else {
            // Without room for a mark before it the place itself is marked.
            let style = v
                .theme
                .accent()
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
            put(f, area, spot.x, line, &spot.text, style);
        }
        cursor(f, area, at, line);
    }
}

/// The place that a movement leads to from `from`; `group` tells parts of the page apart for Tab.
pub fn step<K: Clone + PartialEq>(
    spots: &[Spot<K>],
    from: &K,
    c: Command,
    group: impl Fn(&K) -> u8,
) -> Option<K> {
    let Some(here) = spots.iter().find(|spot| spot.key == *from) else {
        return spots.first().map(|spot| spot.key.clone());
    };
    let across = |spot: &&Spot<K>| spot.x.abs_diff(here.x);
    let (above, below) = (
        |spot: &&Spot<K>| spot.y < here.y,
        |spot: &&Spot<K>| spot.y > here.y,
    );
    let line = |spot: &&Spot<K>| spot.y == here.y;
    let next = match c {
        Command::Up => spots
            .iter()
            .filter(above)
            .min_by_key(|s| (here.y - s.y, across(s))),
        Command::Down => spots
            .iter()
            .filter(below)
            .min_by_key(|s| (s.y - here.y, across(s))),
        Command::Left => spots
            .iter()
            .filter(line)
            .filter(|s| s.x < here.x)
            .max_by_key(|s| s.x),
        Command::Right => spots
            .iter()
            .filter(line)
            .filter(|s| s.x > here.x)
            .min_by_key(|s| s.x),
        Command::First => spots.first(),
        Command::Last => spots.last(),
        Command::NextPart | Command::PageDown => {
            let mine = group(&here.key);
            let later = spots.iter().find(|s| group(&s.key) > mine);
            later.or_else(|| spots.first().filter(|_| c == Command::NextPart))
        }
        Command::PrevPart | Command::PageUp => {
            let mine = group(&here.key);
            let before = spots.iter().rev().find(|s| group(&s.key) < mine);
            let before = before.or_else(|| spots.last().filter(|_| c == Command::PrevPart));
            before.and_then(|b| spots.iter().find(|s| group(&s.key) == group(&b.key)))
        }
        _ => return None,
    };
    Some(next.unwrap_or(here).key.clone())
}

/// How many cells the longest of these texts takes.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> u16 {
    texts.into_iter().map(width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn page() -> Canvas<u8> {
        let mut canvas = Canvas::default();
        for (key, place) in [
            (1, (2, 0)),
            (2, (2, 1)),
            (11, (40, 0)),
            (12, (40, 1)),
            (21, (10, 4)),
        ] {
            canvas.spot(place, 2, key, "x".to_owned(), Style::new());
        }
        canvas
    }

    fn go(from: u8, c: Command) -> u8 {
        step(page().spots(), &from, c, |key| key / 10).unwrap()
    }

    #[test]
    fn arrows_go_to_the_nearest_place_on_that_side() {
        assert_eq!(go(1, Command::Right), 11);
        assert_eq!(go(11, Command::Down), 12);
        assert_eq!(go(12, Command::Down), 21);
        assert_eq!(go(21, Command::Up), 2);
        assert_eq!(go(1, Command::Up), 1);
        assert_eq!(go(1, Command::Left), 1);
    }

    #[test]
    fn tab_goes_round_the_parts() {
        assert_eq!(go(2, Command::NextPart), 11);
        assert_eq!(go(12, Command::NextPart), 21);
        assert_eq!(go(21, Command::NextPart), 1);
        assert_eq!(go(21, Command::PrevPart), 11);
        assert_eq!(go(1, Command::PrevPart), 21);
        assert_eq!(go(21, Command::PageDown), 21);
    }

    #[test]
    fn a_place_that_has_gone_leads_to_the_first() {
        assert_eq!(go(99, Command::Down), 1);
        assert_eq!(step(&[] as &[Spot<u8>], &1, Command::Down, |_| 0), None);
    }
}
