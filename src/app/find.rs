//! Find over all registers at once.
use super::{Cx, Result, records};
use crate::catalog::{self, show};
use crate::domain::fold::{Pattern, words};
use crate::domain::record::{Kind, Record};
use crate::domain::text::shown;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg};
use crate::store::{Known, Looking, Moment};

/// Counts are exact up to here; beyond they say «hơn».
pub const CAP: usize = 1000;

/// Letters of a snippet.
const SNIPPET: usize = 80;

/// One record found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its register.
    pub kind: Kind,
    /// Its id.
    pub id: i64,
    /// Its number in the book; the code of a unit.
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// The words found, in their place; never a personal field.
    pub snippet: String,
    /// Where it stands, in short: how far a petition has come, whether an opinion was answered.
    pub state: Msg,
    /// The text asked for is its number in the book.
    pub exact: bool,
}

/// How many records of a register match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindCount {
    /// The register.
    pub kind: Kind,
    /// Exact up to [`CAP`].
    pub count: usize,
    /// True when there are more.
    pub capped: bool,
}

fn kinds(only: Option<Kind>) -> impl Iterator<Item = Kind> {
    Kind::ALL
        .iter()
        .copied()
        .filter(move |kind| only.is_none_or(|k| k == *kind))
}

/// The records that match, grouped by register, newest first within each; first of all those that bear the text as their
/// number, with their registers.
///
/// # Errors
/// A failure of the database.
pub fn find(cx: &Cx, text: &str, only: Option<Kind>, limit: usize) -> Result<Vec<Found>> {
    let pattern = Pattern::parse(text);
    let read = cx.store.read();
    let mut groups = Vec::new();
    if let Some(asked) = read.asked(&pattern)? {
        for kind in kinds(only) {
            let mut looking = read.unknown(kind)?.look();
            read.look(&asked, &pattern, &mut looking, limit)?;
            groups.push(presented(&looking, &pattern).collect());
        }
    }
    let mut groups = led(numbered(cx, text, &pattern, only)?, groups);
    groups.iter_mut().for_each(|group| group.truncate(limit));
    Ok(groups.into_iter().flatten().collect())
}

/// The records that bear the text as their number, one a register: each is one point of a unique index.
fn numbered(cx: &Cx, text: &str, pattern: &Pattern, only: Option<Kind>) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let Some((seq, year)) = catalog::parse::number_ref(text) else {
        return Ok(found);
    };
    let read = cx.store.read();
    for kind in kinds(only) {
        let record = match read.by_number(kind, seq, year)? {
            Some(id) => read.get(kind, id)?,
            None => None,
        };
        found.extend(record.filter(|r| !r.head().deleted).map(|record| Found {
            exact: true,
            ..present(record.as_ref(), pattern)
        }));
    }
    Ok(found)
}

/// The groups of registers with the numbered records at their tops, those groups first.
fn led(numbered: Vec<Found>, groups: Vec<Vec<Found>>) -> Vec<Vec<Found>> {
    let (mut first, mut others) = (Vec::new(), groups);
    for exact in numbered {
        let of = |group: &Vec<Found>| group.first().is_some_and(|hit| hit.kind == exact.kind);
        let mut group = match others.iter().position(of) {
            Some(at) => others.remove(at),
            None => Vec::new(),
        };
        group.retain(|hit| hit.id != exact.id);
        group.insert(0, exact);
        first.push(group);
    }
    first.extend(others);
    first
}

fn presented(looking: &Looking, pattern: &Pattern) -> impl Iterator<Item = Found> {
    let hits = looking.hits.iter();
    hits.map(|hit| present(hit.record.as_ref(), pattern))
}

/// What a question found, for the one that the next key makes of it.
#[derive(Debug)]
pub struct Before {
    pattern: Pattern,
    at: Moment,
    known: Vec<Known>,
}

/// As [`find`] in all registers, a `few` of each: where only one has any, `many` of that one. What was found `before`
/// serves where the question has only become narrower and nothing has been written meanwhile.
///
/// # Errors
/// A failure of the database.
pub fn find_all(
    cx: &Cx,
    text: &str,
    (few, many): (usize, usize),
    before: Option<&Before>,
) -> Result<(Vec<Found>, Option<Before>)> {
    let at = cx.store.moment()?;
    cx.in_one_moment(|cx| find_now(cx, text, (few, many), before, at))
}

fn find_now(
    cx: &Cx,
    text: &str,
    (few, many): (usize, usize),
    before: Option<&Before>,
    at: Moment,
) -> Result<(Vec<Found>, Option<Before>)> {
    let pattern = Pattern::parse(text);
    let read = cx.store.read();
    let numbered = numbered(cx, text, &pattern, None)?;
    let Some(asked) = read.asked(&pattern)? else {
        return Ok((numbered, None));
    };
    let serves = |before: &&Before| before.at == at && pattern.narrows(&before.pattern);
    let known: Vec<Known> = match before.filter(serves) {
        Some(before) => before.known.clone(),
        None => {
            let unknown = kinds(None).map(|kind| read.unknown(kind));
            unknown.collect::<std::result::Result<_, _>>()?
        }
    };
    let mut looking: Vec<Looking> = known.into_iter().map(Known::look).collect();
    for one in &mut looking {
        read.look(&asked, &pattern, one, few)?;
    }
    let mut any = looking.iter_mut().filter(|one| !one.hits.is_empty());
    if let (Some(only), None) = (any.next(), any.next())
        && only.hits.len() >= few
    {
        read.look(&asked, &pattern, only, many)?;
    }
    let groups = looking.iter().map(|one| presented(one, &pattern).collect());
    let groups = led(numbered, groups.collect());
    let found = groups.into_iter().flatten().collect();
    let known = looking.iter().map(Looking::known).collect();
    Ok((found, Some(Before { pattern, at, known })))
}

fn present(record: &dyn Record, pattern: &Pattern) -> Found {
    let kind = record.kind();
    let number = match (kind, record.get("code")) {
        (Kind::Unit, Value::Text(code)) => Some(code),
        _ => record.head().number_text(),
    };
    let title = match kind {
        Kind::Unit => unit_title(record),
        _ => records::title(record, Lang::Vi),
    };
    Found {
        kind,
        id: record.head().id,
        number,
        snippet: snippet(record, pattern),
        state: Msg::new(state(record, Lang::Vi), state(record, Lang::En)),
        title: shown(&title).into_owned(),
        exact: false,
    }
}

fn state(record: &dyn Record, lang: Lang) -> String {
    if record.kind() == Kind::Petition {
        return show::stage_cell(record, lang);
    }
    catalog::field(record.kind(), "status")
        .and_then(|field| field.choice(record.get("status").text()?))
        .map_or_else(String::new, |choice| choice.short.get(lang).to_owned())
}

/// A unit is told from its namesakes by its dates.
fn unit_title(record: &dyn Record) -> String {
    let name = record.get("name").text().unwrap_or_default().to_owned();
    match record.get("valid_to") {
        Value::Date(to) => format!("{name} (đến {})", crate::domain::date::vi(to)),
        _ => name,
    }
}

/// The words around the first match in a field that may be shown.
fn snippet(record: &dyn Record, pattern: &Pattern) -> String {
    let entity = crate::catalog::entity(record.kind());
    for field in entity.fields {
        if crate::catalog::is_personal(field, record) || field.key == entity.title_field {
            continue;
        }
        let text = match record.get(field.key) {
            Value::Text(text) if field.searched() => text,
            Value::List(items) => items.join(", "),
            _ => continue,
        };
        let found = pattern
            .terms
            .iter()
            .any(|term| words(&text).iter().any(|w| term.matches(w)));
        if found {
            return cut(&text, pattern);
        }
    }
    String::new()
}

fn cut(text: &str, pattern: &Pattern) -> String {
    let flat = shown(text);
    let tokens: Vec<&str> = flat.split(' ').collect();
    let at = tokens
        .iter()
        .position(|token| {
            words(token)
                .iter()
                .any(|w| pattern.terms.iter().any(|term| term.matches(w)))
        })
        .unwrap_or(0);
    let start = at.saturating_sub(4);
    let mut out = String::new();
    if start > 0 {
        out.push('…');
    }
    for token in tokens.iter().skip(start) {
        if out.chars().count() + token.chars().count() >= SNIPPET {
            out.push('…');
            break;
        }
        if !out.is_empty() && !out.ends_with('…') {
            out.push(' ');
        }
        out.push_str(token);
    }
    out
}

/// How many match in each register.
///
/// # Errors
/// A failure of the database.
pub fn counts(cx: &Cx, text: &str, only: Option<Kind>) -> Result<Vec<KindCount>> {
    counts_of(cx, text, kinds(only))
}

/// As [`counts`], of all registers, `few` records of each having been looked for: where there were fewer, all are known.
///
/// # Errors
/// A failure of the database.
pub fn counts_after(
    cx: &Cx,
    text: &str,
    (found, few): (&[(Kind, usize)], usize),
) -> Result<Vec<KindCount>> {
    let known = |kind: Kind| {
        let found = found.iter().find(|(k, _)| *k == kind);
        found.map_or(0, |(_, n)| *n)
    };
    let dear = kinds(None).filter(|kind| known(*kind) >= few);
    let mut all = counts_of(cx, text, dear)?;
    let cheap = kinds(None).filter(|kind| known(*kind) < few);
    all.extend(cheap.map(|kind| KindCount {
        kind,
        count: known(kind),
        capped: false,
    }));
    Ok(all)
}

fn counts_of(cx: &Cx, text: &str, kinds: impl Iterator<Item = Kind>) -> Result<Vec<KindCount>> {
    let pattern = Pattern::parse(text);
    if pattern.is_empty() {
        return Ok(Vec::new());
    }
    let read = cx.store.read();
    let asked = read.asked(&pattern)?;
    kinds
        .map(|kind| {
            let count = match &asked {
                Some(asked) => read.find_count(asked, kind, CAP + 1)?,
                None => 0,
            };
            Ok(KindCount {
                kind,
                count: count.min(CAP),
                capped: count > CAP,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::app::records::{self, NewRecord};
    use crate::app::sample;

    fn office() -> Cx {
        let today = "2026-11-20".parse().unwrap();
        let none = std::env::temp_dir().join("danvan-no-state");
        let mut cx = Cx::in_memory(today, &none).unwrap();
        sample::write(&mut cx, 1_500, 1, &mut |_| {}).unwrap();
        cx
    }

    fn typed(text: &str) -> impl Iterator<Item = &str> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.map(|end| &text[..end])
    }

    #[test]
    fn what_the_key_before_found_saves_looking_again() {
        let mut cx = office();
        let steps = cx.store.count_steps();
        let (mut all, mut at_once) = (0, 0);
        for text in ["o nhiem moi truong", "bồi thường đất", "nguyen van a"] {
            let mut before = None;
            for part in typed(text) {
                steps.take();
                let (found, now) = find_all(&cx, part, (8, 60), before.as_ref()).unwrap();
                let cost = steps.take();
                let (plain, _) = find_all(&cx, part, (8, 60), None).unwrap();
                assert_eq!(found, plain, "{part}");
                // The first letter has nothing to go on from.
                if before.is_some() {
                    (all, at_once) = (all + cost, at_once + steps.take());
                }
                before = now;
            }
        }
        println!("{all} steps for all keys, {at_once} for each text by itself");
        assert!(all * 3 < at_once * 2, "{all} {at_once}");
    }

    #[test]
    fn what_was_written_meanwhile_is_found_with_the_next_key() {
        let mut cx = office();
        let (_, before) = find_all(&cx, "nuoc thai la", (8, 60), None).unwrap();
        let new = NewRecord {
            fields: vec![
                ("received_on", Value::Date(cx.today())),
                ("type", Value::Text("feedback".into())),
                ("subject", Value::Text("Nước thải lạ ở kênh Mới".into())),
            ],
            ..NewRecord::default()
        };
        let added = records::add(&mut cx, Kind::Petition, &[new]).unwrap();
        let id = added[0].head().id;
        let (found, before) = find_all(&cx, "nuoc thai lạ", (8, 60), before.as_ref()).unwrap();
        assert!(found.iter().any(|hit| hit.id == id), "{found:?}");
        records::set_removed(&mut cx, Kind::Petition, id, true).unwrap();
        let (found, _) = find_all(&cx, "nuoc thai lạ o", (8, 60), before.as_ref()).unwrap();
        assert!(!found.iter().any(|hit| hit.id == id), "{found:?}");
    }

    #[test]
    fn what_is_indexed_is_what_the_catalog_says_is_searched() {
        for entity in crate::catalog::ENTITIES {
            for column in crate::store::table(entity.kind).columns {
                let field = crate::catalog::field(entity.kind, column.key);
                let searched = field.is_some_and(|f| f.searched());
                assert_eq!(
                    column.searched, searched,
                    "{:?} {}",
                    entity.kind, column.key
                );
            }
        }
    }
}
