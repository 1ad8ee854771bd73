//! Vietnamese order (CLDR `vi`, traditional order of tones) as sort keys that are stored and compared byte by byte.
use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

use super::fold::fold;

// The compiled data hold `vi` (a test says so); a build without it would order by folded text.
static VI: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| Collator::try_new(locale!("vi").into(), CollatorOptions::default()).ok());

/// The version of the collator that made the stored keys; keys of another version must be made anew.
pub fn version() -> &'static str {
    "icu_collator 2.4.0"
}

/// The key of a text: comparing two keys as bytes is comparing the texts as Vietnamese.
pub fn sort_key(s: &str) -> Vec<u8> {
    let Some(vi) = VI.as_ref() else {
        return fold(s).into_bytes();
    };
    let mut key = Vec::with_capacity(s.len() * 2);
    // Writing into a Vec cannot fail: its error type is empty.
    let Ok(()) = vi.write_sort_key_to(s, &mut key);
    key
}

/// The key of a person: given name first (the last word), then family and middle names.
pub fn person_key(full_name: &str) -> Vec<u8> {
    let name = full_name.trim();
    let (before, given) = name.rsplit_once(char::is_whitespace).unwrap_or(("", name));
    let mut key = sort_key(given);
    // No byte of a key is 0, so that a shorter given name stays before a longer one.
    key.push(0);
    key.extend(sort_key(before.trim_end()));
    key
}

/// Compares two texts in Vietnamese order.
pub fn compare(a: &str, b: &str) -> Ordering {
    match VI.as_ref() {
        Some(vi) => vi.compare(a, b),
        None => fold(a).cmp(&fold(b)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::testdata::table;

    #[test]
    fn vi_is_compiled_in() {
        assert!(Collator::try_new(locale!("vi").into(), CollatorOptions::default()).is_ok());
        let mut tones = vec!["ạn", "án", "ãn", "ản", "àn", "an"];
        tones.sort_by(|a, b| compare(a, b));
        assert_eq!(tones, ["an", "àn", "ản", "ãn", "án", "ạn"]);
        assert_eq!(compare("đa", "dy"), Ordering::Greater);
        assert_eq!(compare("ăn", "az"), Ordering::Greater);
    }

    #[test]
    fn version_is_the_one_that_is_built() {
        let (name, version) = version().split_once(' ').unwrap();
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"");
        assert!(include_str!("../../Cargo.lock").contains(&entry));
    }

    fn ranked(name: &str, column: usize, key: fn(&str) -> Vec<u8>) {
        let mut rows: Vec<(u32, String)> = table(name)
            .into_iter()
            .map(|r| (r[0].parse().unwrap(), r[column].clone()))
            .collect();
        rows.sort();
        for pair in rows.windows(2) {
            let ordering = key(&pair[0].1).cmp(&key(&pair[1].1));
            let expected = if pair[0].0 == pair[1].0 {
                Ordering::Equal
            } else {
                Ordering::Less
            };
            assert_eq!(ordering, expected, "{pair:?}");
        }
    }

    #[test]
    fn as_icu_sorts() {
        ranked("collation_vi.tsv", 2, sort_key);
    }

    #[test]
    fn people_by_given_name() {
        ranked("collation_names_vi.tsv", 1, person_key);
        assert!(person_key("Lê Thị An") < person_key("Bùi Văn Ánh"));
        assert!(person_key("Y An") < person_key("An Anh"));
        assert!(person_key("") < person_key("An"));
    }
}
