//! A card: labels with their values, in groups, with lines that open something.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint::{cursor, cut, left, put, width, wrap, wrap_between};
use crate::tui::command::Command;
use crate::tui::lang::Lang;
use crate::tui::screen::View;

/// One entry of a card.
#[derive(Clone, Debug)]
pub enum Item<L> {
    /// The heading of a group.
    Head(String),
    /// A label with its value.
    Pair(String, String, Style),
    /// A line of its own that opens something.
    Link(String, L),
    /// The same with words at the right end, which stay whole.
    LinkEnd(String, String, L),
    /// A label with a value that opens something.
    PairLink(String, String, L),
    /// Text over the whole width.
    Text(String, Style),
    /// Air.
    Blank,
}

impl<L> Item<L> {
    /// What it opens.
    fn link(&self) -> Option<&L> {
        match self {
            Item::Link(_, link) | Item::LinkEnd(_, _, link) | Item::PairLink(_, _, link) => {
                Some(link)
            }
            Item::Head(_) | Item::Pair(..) | Item::Text(..) | Item::Blank => None,
        }
    }
}

/// The entries, which one is selected, and what stands at the top.
#[derive(Clone, Debug)]
pub struct Card<L> {
    items: Vec<Item<L>>,
    selected: usize,
    top: usize,
    page: usize,
    last_top: usize,
    /// Lines above the window and below it, as drawn last.
    hidden: (usize, usize),
}

/// A line as drawn: which entry it belongs to, its parts, their places and styles.
struct Drawn {
    item: usize,
    parts: Vec<(u16, String, Style)>,
}

/// A text in lines with their places: what does not fit on the first line of an indented text stands under it,
/// indented a little more.
fn hanging(text: &str, room: u16) -> Vec<(u16, String)> {
    let indent = u16::try_from(text.chars().take_while(|c| *c == ' ').count()).unwrap_or(0);
    if indent == 0 || width(text) <= room {
        return wrap(text, room).into_iter().map(|line| (0, line)).collect();
    }
    let lines = wrap(text.trim_start(), room.saturating_sub(indent + 2));
    (0..)
        .zip(lines)
        .map(|(n, line)| (if n == 0 { indent } else { indent + 2 }, line))
        .collect()
}

impl<L> Default for Card<L> {
    fn default() -> Card<L> {
        Card {
            items: Vec::new(),
            selected: 0,
            top: 0,
            page: 10,
            last_top: 0,
            hidden: (0, 0),
        }
    }
}

impl<L: PartialEq> Card<L> {
    /// Other entries; what is selected stays selected where it is still there, or else the place stays.
    pub fn set(&mut self, items: Vec<Item<L>>) {
        let before = std::mem::replace(&mut self.items, items);
        let link = before.get(self.selected).and_then(Item::link);
        if let Some(link) = link.filter(|link| self.link() != Some(link)) {
            self.select(|now| now == link);
        }
        if self.link().is_none() {
            self.selected = self.next_link(0, true).unwrap_or(0);
        }
    }

    /// Selects the first entry that opens such a thing, if there is one.
    pub fn select(&mut self, is: impl Fn(&L) -> bool) {
        let mut links = self.items.iter().map(Item::link);
        if let Some(at) = links.position(|link| link.is_some_and(&is)) {
            self.selected = at;
        }
    }

    /// What the selected entry opens.
    pub fn link(&self) -> Option<&L> {
        self.items.get(self.selected)?.link()
    }

    fn next_link(&self, from: usize, on: bool) -> Option<usize> {
        let is_link = |at: &usize| {
            self.items
                .get(*at)
                .is_some_and(|item| item.link().is_some())
        };
        if on {
            (from..self.items.len()).find(is_link)
        } else {
            (0..from).rev().find(is_link)
        }
    }

    /// «▲ 3 dòng  ▼ còn 6 dòng»: what lies outside the window as drawn last; nothing when all is seen.
    pub fn beyond(&self, lang: Lang) -> String {
        let say = |n: usize, vi: &str, en: &str| match (n, lang) {
            (0, _) => None,
            (n, Lang::Vi) => Some(format!("{vi} {n} dòng")),
            (n, Lang::En) => Some(format!("{en} {n}")),
        };
        let (above, below) = self.hidden;
        let parts = [say(above, "▲", "▲"), say(below, "▼ còn", "▼ more:")];
        parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
    }

    /// Moves among what can be opened, and scrolls where there is nothing; `false` when the command is none of a card's.
    pub fn command(&mut self, c: Command) -> bool {
        match c {
            Command::Down => match self.next_link(self.selected + 1, true) {
                Some(at) if self.link().is_some() => self.selected = at,
                _ => self.top += 1,
            },
            Command::Up => match self.next_link(self.selected, false) {
                Some(at) if self.link().is_some() => self.selected = at,
                _ => self.top = self.top.saturating_sub(1),
            },
            Command::PageDown => self.top += self.page,
            Command::PageUp => self.top = self.top.saturating_sub(self.page),
            Command::First => {
                self.top = 0;
                self.selected = self.next_link(0, true).unwrap_or(0);
            }
            Command::Last => {
                self.top = usize::MAX / 2;
                self.selected = self.next_link(self.items.len(), false).unwrap_or(0);
            }
            _ => return false,
        }
        true
    }

    fn lines(&self, room: u16, v: &View) -> Vec<Drawn> {
        let labels = self.items.iter().filter_map(|item| match item {
            Item::Pair(label, ..) | Item::PairLink(label, ..) => Some(width(label)),
            _ => None,
        });
        let label_room = labels.max().unwrap_or(0).min(room / 3);
        let mut lines = Vec::new();
        for (item, entry) in self.items.iter().enumerate() {
            let mut one = |parts| lines.push(Drawn { item, parts });
            match entry {
                Item::Blank => one(Vec::new()),
                Item::Head(text) => one(vec![(0, text.clone(), v.theme.strong())]),
                Item::Link(text, _) => one(vec![(0, cut(text, room, v.theme), Style::new())]),
                Item::LinkEnd(text, end, _) => {
                    let end = cut(end, room, v.theme);
                    let x = room.saturating_sub(width(&end));
                    let text = cut(text, x.saturating_sub(2), v.theme);
                    one(vec![(0, text, Style::new()), (x, end, v.theme.dim())]);
                }
                Item::Text(text, style) => hanging(text, room)
                    .into_iter()
                    .for_each(|(x, l)| one(vec![(x, l, *style)])),
                Item::Pair(label, value, _) | Item::PairLink(label, value, _) => {
                    let style = if let Item::Pair(_, _, style) = entry {
                        *style
                    } else {
                        Style::new()
                    };
                    let x = label_room + 2;
                    let wide = room.saturating_sub(x);
                    let pieces = match entry {
                        // What stands behind a date stays whole.
                        Item::PairLink(..) => wrap_between(value, "   ", wide),
                        _ => wrap(value, wide),
                    };
                    for (n, piece) in pieces.into_iter().enumerate() {
                        let mut parts = vec![(x, piece, style)];
                        if n == 0 {
                            parts.push((0, left(label, label_room, v.theme), v.theme.dim()));
                        }
                        one(parts);
                    }
                }
            }
        }
        lines
    }

    /// Draws the card; the real cursor stands on the selected entry, or at the top.
    pub fn view(&mut self, f: &mut Frame, area: Rect, v: &View, active: bool) {
        let lines = self.lines(area.width.saturating_sub(3), v);
        self.page = usize::from(area.height).max(1);
        let most = lines.len().saturating_sub(self.page);
        self.top = self.top.min(most);
        let linked = self.link().is_some();
        let at = lines
            .iter()
            .position(|l| l.item == self.selected)
            .filter(|_| linked);
        if let Some(at) = at
            && self.last_top == self.top
        {
            self.top = self.top.clamp((at + 1).saturating_sub(self.page), at);
        }
        self.last_top = self.top;
        self.hidden = (self.top, most.saturating_sub(self.top));
        for (y, line) in (0..area.height).zip(lines.iter().skip(self.top)) {
            for (x, text, style) in &line.parts {
                put(f, area, x + 2, y, text, *style);
            }
        }
        let row = at
            .and_then(|at| at.checked_sub(self.top))
            .and_then(|y| u16::try_from(y).ok());
        if let Some(y) = row {
            put(f, area, 0, y, ">", v.theme.accent());
        }
        if active {
            cursor(f, area, 0, row.unwrap_or(0));
        }
    }
}
