//! Colours and signs: one accent, one for late, dim for what is secondary; each of them also says itself in words.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::domain::petition::Standing;

/// What the terminal may be sent in colour (`--color`, `NO_COLOR`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorLevel {
    /// No colour at all; bold and dim stay.
    Never,
    /// The sixteen colours every terminal knows.
    #[default]
    Sixteen,
}

/// The styles and the signs of one terminal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Theme {
    /// Colour or none.
    pub color: ColorLevel,
    /// No sign outside ASCII in what the program draws itself (`--ascii`).
    pub ascii: bool,
}

impl Theme {
    fn tint(self, color: Color) -> Style {
        match self.color {
            ColorLevel::Never => Style::new(),
            ColorLevel::Sixteen => Style::new().fg(color),
        }
    }

    /// What the eye should find first.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The one accent: the active place.
    pub fn accent(self) -> Style {
        self.tint(Color::Cyan)
    }

    /// Late or refused.
    pub fn late(self) -> Style {
        self.tint(Color::Red)
    }

    /// Due soon, or to be looked at.
    pub fn soon(self) -> Style {
        self.tint(Color::Yellow)
    }

    /// Secondary: labels, hints, rules.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// How a standing looks, for rows that are made where no theme is known; drawing takes colour away where there is
    /// none.
    pub fn standing(standing: Standing) -> Style {
        match standing {
            Standing::Overdue | Standing::ResolvedLate => Style::new().fg(Color::Red),
            Standing::DueSoon => Style::new().fg(Color::Yellow),
            _ => Style::new(),
        }
    }

    /// `style` without its colours where the terminal is to have none.
    pub fn allowed(self, style: Style) -> Style {
        match self.color {
            ColorLevel::Never => Style {
                fg: None,
                bg: None,
                ..style
            },
            ColorLevel::Sixteen => style,
        }
    }

    /// The rule under the title, `width` cells.
    pub fn rule(self, width: u16) -> String {
        (if self.ascii { "-" } else { "─" }).repeat(usize::from(width))
    }

    /// The sign between parts of a title.
    pub fn dot(self) -> &'static str {
        if self.ascii { " - " } else { " · " }
    }

    /// The sign between the steps of the way to a screen.
    pub fn path(self) -> &'static str {
        if self.ascii { " > " } else { " › " }
    }

    /// The sign for text that was cut.
    pub fn cut(self) -> &'static str {
        if self.ascii { "~" } else { "…" }
    }

    /// The sign for a figure that cannot be: zero of zero.
    pub fn none(self) -> &'static str {
        if self.ascii { "-" } else { "–" }
    }

    /// The sign before a folded, an open and a childless row of a tree.
    pub fn fold(self, open: Option<bool>) -> &'static str {
        match (open, self.ascii) {
            (Some(true), false) => "▾",
            (Some(false), false) => "▸",
            (Some(true), true) => "-",
            (Some(false), true) => "+",
            (None, _) => " ",
        }
    }
}

/// Puts an ASCII sign in the place of every sign outside ASCII that is no letter (`--ascii`).
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let Some(sign) = cell.symbol().chars().next() else {
            continue;
        };
        if sign.is_ascii() || sign.is_alphabetic() {
            continue;
        }
        cell.set_symbol(match sign {
            '─' | '–' | '—' | '−' | '·' => "-",
            '│' => "|",
            '…' => "~",
            '›' | '▸' | '→' => ">",
            '←' => "<",
            '↑' | '▲' => "^",
            '▾' | '↓' | '▼' => "v",
            '«' | '»' | '“' | '”' => "\"",
            '’' | '‘' => "'",
            '█' | '▉' | '▊' | '▋' | '▌' => "#",
            '▍' | '▎' | '▏' => " ",
            '×' => "x",
            '≠' => "#",
            _ => "?",
        });
    }
}
