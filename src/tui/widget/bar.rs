//! A bar: how much of the whole, in eighths of a cell.

use crate::tui::theme::Theme;

/// A bar of at most `room` cells for `part` of `whole`; empty where the whole is nothing.
pub fn bar(part: i64, whole: i64, room: u16, theme: Theme) -> String {
    if whole <= 0 || part <= 0 {
        return String::new();
    }
    let steps = if theme.ascii { 1 } else { 8 };
    let all = i128::from(room) * steps;
    let lit = (i128::from(part.min(whole)) * all + i128::from(whole) / 2) / i128::from(whole);
    let (full, rest) = (
        usize::try_from(lit / steps).unwrap_or(0),
        usize::try_from(lit % steps).unwrap_or(0),
    );
    if theme.ascii {
        return "#".repeat(full);
    }
    let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    format!(
        "{}{}",
        "█".repeat(full),
        eighths.get(rest).copied().unwrap_or("")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_how_much() {
        let (fine, plain) = (
            Theme::default(),
            Theme {
                ascii: true,
                ..Theme::default()
            },
        );
        assert_eq!(bar(1, 2, 4, fine), "██");
        assert_eq!(bar(9, 16, 4, fine), "██▎");
        assert_eq!(bar(3, 4, 4, plain), "###");
        assert_eq!(bar(5, 0, 4, fine), "");
        assert_eq!(bar(9, 4, 4, fine), "████");
        assert_eq!(bar(i64::MAX, i64::MAX, 4, fine), "████");
    }
}
