//! An upright bar of a small chart, in eighths of a cell.

use crate::tui::theme::Theme;

/// The signs of a bar `high` cells high for `value` where `most` fills it, the top first. What is not zero shows.
pub fn column(value: i64, most: i64, high: u16, theme: Theme) -> Vec<&'static str> {
    let steps: i128 = if theme.ascii { 1 } else { 8 };
    let all = i128::from(high) * steps;
    let lit = if value <= 0 || most <= 0 {
        0
    } else {
        let exact = (i128::from(value.min(most)) * all + i128::from(most) / 2) / i128::from(most);
        exact.max(1)
    };
    (0..i128::from(high))
        .rev()
        .map(|row| {
            let here = (lit - row * steps).clamp(0, steps);
            match (theme.ascii, here) {
                (_, 0) => " ",
                (true, _) => "#",
                (false, n) => usize::try_from(n - 1)
                    .ok()
                    .and_then(|at| EIGHTHS.get(at))
                    .copied()
                    .unwrap_or("█"),
            }
        })
        .collect()
}

const EIGHTHS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_grows_from_below_and_shows_the_least() {
        let fine = Theme::default();
        let plain = Theme {
            ascii: true,
            ..fine
        };
        assert_eq!(column(10, 10, 3, fine), ["█", "█", "█"]);
        assert_eq!(column(5, 10, 3, fine), [" ", "▄", "█"]);
        assert_eq!(column(1, 10_000, 3, fine), [" ", " ", "▁"]);
        assert_eq!(column(0, 10, 2, fine), [" ", " "]);
        assert_eq!(column(7, 0, 2, fine), [" ", " "]);
        assert_eq!(column(2, 3, 3, plain), [" ", "#", "#"]);
        assert_eq!(column(i64::MAX, i64::MAX, 1, fine), ["█"]);
    }
}
