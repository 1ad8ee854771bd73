//! What the terminal can do, by its name in `TERM`. Nothing that it cannot do is sent; an unknown one gets only what
//! every terminal since the VT100 understands.

use ratatui::style::Modifier;

/// How many colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colours {
    /// None.
    Mono,
    /// The eight of ECMA-48.
    Eight,
    /// The eight, and brighter ones.
    Sixteen,
    /// A palette of 256.
    Palette,
    /// Any.
    True,
}

/// What a terminal can do, beside moving the cursor to a place and erasing the rest of a line or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// A second screen, so that what stood there comes back at the end (`?1049`).
    pub alternate: bool,
    /// Marks pasted text (`?2004`).
    pub paste: bool,
    /// Moves of the cursor from where it stands.
    pub relative: bool,
    /// Scroll regions, line feed and reverse index within them.
    pub scroll: bool,
    /// Hides the cursor (`?25`).
    pub hide: bool,
    /// Erases characters in place (ECH).
    pub erase: bool,
    /// Inserts and deletes characters within a line (ICH, DCH).
    pub edit: bool,
    /// Repeats the last character (REP).
    pub repeat: bool,
    /// Shows a frame at once when it is whole (`?2026`).
    pub sync: bool,
    /// Says where its cursor stands when asked (DSR 6), which tells that a frame has arrived.
    pub report: bool,
    /// The last cell of the screen can be written without scrolling.
    pub corner: bool,
    /// Colours.
    pub colours: Colours,
    /// The attributes that it shows.
    pub attributes: Modifier,
}

/// What every terminal with cursor addressing understands.
const PLAIN: Caps = Caps {
    alternate: false,
    paste: false,
    relative: false,
    scroll: false,
    hide: false,
    erase: false,
    edit: false,
    repeat: false,
    sync: false,
    report: false,
    corner: false,
    colours: Colours::Eight,
    attributes: Modifier::BOLD
        .union(Modifier::UNDERLINED)
        .union(Modifier::REVERSED),
};

/// A terminal as they have been since xterm.
const FULL: Caps = Caps {
    alternate: true,
    paste: true,
    relative: true,
    scroll: true,
    hide: true,
    erase: true,
    edit: true,
    report: true,
    corner: true,
    colours: Colours::Sixteen,
    attributes: Modifier::all(),
    ..PLAIN
};

/// The hardware terminals: no colours, no second screen.
const VT: Caps = Caps {
    relative: true,
    scroll: true,
    report: true,
    corner: true,
    colours: Colours::Mono,
    ..PLAIN
};

impl Caps {
    /// What the terminal of this name can do; `None` for one that cannot show screens at all.
    pub fn of(term: &str) -> Option<Caps> {
        let name = term.rsplit('/').next().unwrap_or(term);
        if name.is_empty() || ["dumb", "unknown", "network", "dialup"].contains(&name) {
            return None;
        }
        let newer = Caps {
            repeat: true,
            sync: true,
            colours: Colours::True,
            ..FULL
        };
        let mut words = name.split(['-', '.', '+']);
        let first = words.next().unwrap_or_default();
        let known = match (first, words.next().unwrap_or_default()) {
            ("xterm", "kitty") | ("kitty" | "foot" | "alacritty", _) => newer,
            ("xterm", "ghostty") | ("ghostty" | "contour" | "wezterm", _) => Caps {
                repeat: false,
                ..newer
            },
            ("xterm" | "putty" | "rxvt" | "konsole" | "gnome" | "vte" | "mintty" | "st", _) => FULL,
            ("ms", "terminal") => Caps {
                colours: Colours::True,
                ..FULL
            },
            ("tmux" | "screen", _) => FULL,
            // The console of Linux has neither a second screen nor marks pastes.
            ("linux", _) => Caps {
                alternate: false,
                paste: false,
                attributes: PLAIN.attributes.union(Modifier::DIM),
                colours: Colours::Eight,
                ..FULL
            },
            ("vt100" | "vt102", _) => VT,
            ("vt220" | "vt320" | "vt340" | "vt420" | "vt510" | "vt520" | "vt525", _) => Caps {
                hide: true,
                erase: true,
                edit: true,
                ..VT
            },
            _ => PLAIN,
        };
        Some(Caps {
            colours: colours(name).unwrap_or(known.colours).max(known.colours),
            ..known
        })
    }
}

/// The colours that a name ends with.
fn colours(name: &str) -> Option<Colours> {
    [
        ("-direct", Colours::True),
        ("-truecolor", Colours::True),
        ("-256color", Colours::Palette),
        ("-88color", Colours::Sixteen),
        ("-16color", Colours::Sixteen),
        ("-color", Colours::Eight),
    ]
    .into_iter()
    .find_map(|(end, colours)| name.ends_with(end).then_some(colours))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_name_tells_what_may_be_sent() {
        for term in ["", "dumb", "unknown"] {
            assert_eq!(Caps::of(term), None);
        }
        for term in [
            "xterm",
            "xterm-256color",
            "putty-256color",
            "tmux-256color",
            "screen.xterm-256color",
            "rxvt-unicode-256color",
            "ms-terminal",
            "xterm-kitty",
            "alacritty",
            "foot-extra",
        ] {
            let caps = Caps::of(term).unwrap();
            assert!(
                caps.scroll && caps.alternate && caps.paste && caps.edit,
                "{term}"
            );
        }
        assert_eq!(
            Caps::of("xterm-256color").unwrap().colours,
            Colours::Palette
        );
        assert_eq!(Caps::of("screen").unwrap().colours, Colours::Sixteen);
        // What calls itself xterm need not know to repeat a letter; what is sure to know it may be asked.
        assert!(!Caps::of("xterm-256color").unwrap().repeat);
        assert!(Caps::of("xterm-kitty").unwrap().repeat);
        let linux = Caps::of("linux").unwrap();
        assert!(linux.scroll && !linux.alternate && !linux.paste);
        let vt = Caps::of("vt100").unwrap();
        assert!(vt.scroll && !vt.hide && !vt.edit && vt.colours == Colours::Mono);
        let unknown = Caps::of("wyse50").unwrap();
        assert!(!unknown.scroll && !unknown.relative && !unknown.hide && !unknown.report);
    }
}
