//! Find over all registers at once.
use super::{Cx, Result, records};
use crate::catalog::{self, show};
use crate::domain::fold::{Pattern, words};
use crate::domain::record::{Kind, Record};
use crate::domain::text::shown;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg};

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

/// The records that match, grouped by register, newest first within each.
///
/// # Errors
/// A failure of the database.
pub fn find(cx: &Cx, text: &str, only: Option<Kind>, limit: usize) -> Result<Vec<Found>> {
    let pattern = Pattern::parse(text);
    let mut found = Vec::new();
    let read = cx.store.read();
    let Some(asked) = read.asked(&pattern)? else {
        return Ok(found);
    };
    for kind in kinds(only) {
        for hit in read.find(&asked, kind, limit)? {
            found.push(present(hit.record.as_ref(), &pattern));
        }
    }
    Ok(found)
}

/// As [`find`] in all registers, a `few` of each: where only one has any, `many` of that one.
///
/// # Errors
/// A failure of the database.
pub fn find_all(cx: &Cx, text: &str, (few, many): (usize, usize)) -> Result<Vec<Found>> {
    let found = find(cx, text, None, few)?;
    match found.first().map(|hit| hit.kind) {
        Some(kind) if found.len() >= few && found.iter().all(|hit| hit.kind == kind) => {
            find(cx, text, Some(kind), many)
        }
        _ => Ok(found),
    }
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
