//! What a change of many records would do, before it does: how many, what stands there now, which cannot and why. A
//! change of three or more is agreed to by typing their number.
//!
//! ```text
//! ── Sửa Lĩnh vực → môi trường ────────────────
//!  12 đơn sẽ đổi:
//!       9  đất đai → môi trường
//!       3  – → môi trường
//!  1 không đổi được:
//!       1  bản ghi đã xóa (6/2026)
//!
//!  Gõ số bản ghi sẽ đổi rồi Enter: 12_
//! ```

use super::confirm::{Agree, Confirm};
use crate::app::many::Preview;
use crate::domain::number::vi_int;
use crate::tui::effect::Then;
use crate::tui::lang::{Lang, Text};
use crate::tui::screen::Flow;

/// From how many records on their number is typed.
const COUNTED: usize = 3;

fn number(count: usize) -> String {
    vi_int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The question whether to do `change` (its words) of records called `one`; `after` is the value that they would have,
/// and `yes` does it.
pub fn question(
    change: &str,
    after: Option<&str>,
    one: Text,
    seen: &Preview,
    yes: Then,
    lang: Lang,
) -> Confirm {
    let agree = match seen.can.len() {
        0 => Agree::Never,
        1..COUNTED => Agree::Yes,
        count => Agree::Count(count),
    };
    let detail = told(after, one.get(lang), seen, lang);
    Confirm::agreed_by(agree, change.to_owned(), detail, Flow::PopThen(yes))
}

/// The lines of the preview, and which of them stand out.
fn told(after: Option<&str>, one: &str, seen: &Preview, lang: Lang) -> Vec<(String, bool)> {
    let count = seen.can.len();
    let mut lines = vec![(
        match (count, lang) {
            (0, Lang::Vi) => format!("Không {one} nào đổi được."),
            (0, Lang::En) => format!("No {one} can be changed."),
            (_, Lang::Vi) => format!("{} {one} sẽ đổi:", number(count)),
            (_, Lang::En) => format!("{} × {one} will change:", number(count)),
        },
        true,
    )];
    for group in seen.groups.iter().filter(|_| after.is_some()) {
        let before = group.before.get(lang);
        let after = after.unwrap_or_default();
        let count = number(group.count);
        lines.push((format!("  {count:>5}  {before} → {after}"), false));
    }
    if seen.same > 0 {
        let said = match lang {
            Lang::Vi => format!("{} đã như vậy rồi", number(seen.same)),
            Lang::En => format!("{} are so already", number(seen.same)),
        };
        lines.push((said, false));
    }
    if seen.refused > 0 {
        let said = match lang {
            Lang::Vi => format!("{} không đổi được:", number(seen.refused)),
            Lang::En => format!("{} cannot be changed:", number(seen.refused)),
        };
        lines.push((said, true));
    }
    for refusal in &seen.cannot {
        let mut names: Vec<&str> = refusal.names.iter().map(|name| name.get(lang)).collect();
        if refusal.count > names.len() {
            names.push("…");
        }
        let (count, why) = (number(refusal.count), refusal.why.get(lang));
        lines.push((format!("  {count:>5}  {why} ({})", names.join(", ")), false));
    }
    lines
}
