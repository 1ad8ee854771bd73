//! How a file names the record that a row points to: by the name that its row bears there, and by what it says.
//!
//! `15/2026 | 2026-03-02 | complaint | 29602 | Đường hư`: number or id first, then what tells the record from others
//! where numbers are not the same, as in another office's book.

/// Stands between the parts.
const BAR: &str = " | ";
/// Stands for a part that is empty.
const NONE: &str = "-";

/// A reference as a file has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Number (`15/2026`) or id (`7`).
    pub name: Option<String>,
    /// What the record says, parts and all.
    pub told: Option<String>,
}

fn digits(text: &str) -> Option<&str> {
    let all = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all.then(|| text.trim_start_matches('0'))
}

/// A name in its one writing: `007/2026` is `7/2026`; none for what is no number of a record.
#[must_use]
pub fn name(text: &str) -> Option<String> {
    match text.trim().split_once('/') {
        Some((seq, year)) => Some(format!("{}/{}", digits(seq.trim())?, digits(year.trim())?)),
        None => digits(text.trim()).map(str::to_owned),
    }
}

impl Link {
    /// Reads a cell.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match text.split_once('|') {
            Some((first, rest)) if name(first).is_some() => Self {
                name: name(first),
                told: filled(rest.trim()),
            },
            Some(_) => Self {
                name: None,
                told: filled(text),
            },
            None => Self {
                name: name(text),
                told: None,
            },
        }
    }

    /// The parts of what the record says, when there are as many as asked for; an empty one is empty. The last may
    /// hold bars of its own.
    #[must_use]
    pub fn parts(told: &str, count: usize) -> Option<Vec<&str>> {
        let bare = |part| match str::trim(part) {
            NONE => "",
            part => part,
        };
        let parts: Vec<&str> = told.splitn(count, '|').map(bare).collect();
        (parts.len() == count).then_some(parts)
    }
}

/// Names of the petitions that steps link to, in the text of the steps of a row.
pub fn leads(steps: &str) -> impl Iterator<Item = String> {
    let after = steps.split("\"lead\":\"").skip(1);
    after.filter_map(|rest| name(rest.split('"').next()?))
}

/// A reference for a file.
#[must_use]
pub fn write(name: &str, told: &str) -> String {
    format!("{name}{BAR}{told}")
}

/// What a record says, from its parts.
#[must_use]
pub fn tell(parts: &[String]) -> String {
    let shown = |part: &String| match part.trim() {
        "" => NONE.to_owned(),
        part => part.to_owned(),
    };
    parts.iter().map(shown).collect::<Vec<_>>().join(BAR)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_reference_is_read_as_it_was_written() {
        let told = tell(&["2026-03-02".into(), String::new(), "a | b".into()]);
        assert_eq!(told, "2026-03-02 | - | a | b");
        let link = Link::read(&write("15/2026", &told));
        assert_eq!(link.name.as_deref(), Some("15/2026"));
        let parts = Link::parts(link.told.as_deref().unwrap(), 3).unwrap();
        assert_eq!(parts, ["2026-03-02", "", "a | b"]);
        assert_eq!(Link::parts("a | b", 3), None);
    }

    #[test]
    fn a_name_may_stand_alone_and_what_is_told_too() {
        assert_eq!(Link::read(" 007/2026 ").name.as_deref(), Some("7/2026"));
        assert_eq!(Link::read("12").name.as_deref(), Some("12"));
        assert_eq!(Link::read("ấp 3"), Link::default());
        let told = Link::read("2/3/2026 | 29602 | Đường");
        assert_eq!((told.name, told.told.is_some()), (None, true));
        assert_eq!(name("1/2/2026"), None);
    }
}
