//! Papers that may be about the same matter: candidates for a person to judge, never a link made by the program, and
//! never a list of what one person wrote: only what reads alike is compared further.
use super::{Cx, Result, petitions};
use crate::domain::fold::{fold, words};
use crate::domain::petition::{Petition, PetitionType, Stage};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{UnitRef, Value};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A petition that may be about the same matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// Its id.
    pub id: i64,
    /// Its number in the book.
    pub number: Option<String>,
    /// Day of receipt.
    pub received_on: Option<NaiveDate>,
    /// Unit it is about.
    pub unit: Option<UnitRef>,
    /// What it is about.
    pub subject: String,
    /// Stage now.
    pub stage: Stage,
    /// 0 to 100: the share of words in common, weighed by how rare they are, and what else agrees.
    pub score: u8,
    /// The first paper of its matter, when it is linked to one.
    pub lead: Option<i64>,
}

/// Words that more records than this contain say little and find too much.
const COMMON: usize = 2_000;
/// Rare words whose records are looked at.
const ANCHORS: usize = 6;
/// Records looked at for each of them.
const EACH: usize = 300;
/// Share of the words' weight that must be in common before anything else counts.
const ALIKE: f64 = 0.35;

fn matter_words(p: &Petition) -> BTreeSet<String> {
    let text = format!(
        "{} {}",
        p.subject.as_deref().unwrap_or_default(),
        p.content.as_deref().unwrap_or_default()
    );
    words(&text)
        .into_iter()
        .map(|w| w.folded)
        .filter(|w| w.chars().count() > 1)
        .collect()
}

/// Weight of each word: the rarer it is in the register, the more it says.
fn weights(cx: &Cx, words: &BTreeSet<String>) -> Result<BTreeMap<String, (f64, usize)>> {
    let db = cx.store.read();
    let mut out = BTreeMap::new();
    for word in words {
        let n = db.word_count(Kind::Petition, word, COMMON + 1)?;
        let capped = u32::try_from(n.max(1)).unwrap_or(u32::MAX);
        let weight = (2.0 * 2_000_f64 / f64::from(capped)).ln().max(0.2);
        out.insert(word.clone(), (weight, n));
    }
    Ok(out)
}

/// The name as declared on this matter; a denunciation has none.
fn declared(p: &Petition) -> Option<String> {
    if p.petition_type == Some(PetitionType::Denunciation) {
        return None;
    }
    p.petitioner.as_deref().map(fold).filter(|s| !s.is_empty())
}

fn score(mine: &Petition, other: &Petition, weights: &BTreeMap<String, (f64, usize)>) -> f64 {
    let theirs = matter_words(other);
    let all: f64 = weights.values().map(|(w, _)| w).sum();
    let common: f64 = weights
        .iter()
        .filter(|(word, _)| theirs.contains(*word))
        .map(|(_, (w, _))| w)
        .sum();
    let share = if all > 0.0 { common / all } else { 0.0 };
    if share < ALIKE {
        return 0.0;
    }
    let agrees = |both: bool, points: f64| if both { points } else { 0.0 };
    let unit = |p: &Petition| {
        p.unit
            .as_ref()
            .map(|u| u.code.split('@').next().map(str::to_owned))
    };
    let same_unit = unit(mine).is_some() && unit(mine) == unit(other);
    let same_field = mine.field.is_some() && mine.field == other.field;
    let same_name = declared(mine).is_some() && declared(mine) == declared(other);
    share * 70.0 + agrees(same_unit, 12.0) + agrees(same_field, 6.0) + agrees(same_name, 12.0)
}

/// From this score on a candidate is worth a clerk's look while a petition is entered.
const WORTH: u8 = 45;

/// So many words at least must have been said of a matter before another can be told to be the same.
const SAID: usize = 3;

/// The few petitions that one being entered may belong to: at most three, and only what reads much alike.
///
/// # Errors
/// A failure of the database.
pub fn likely(cx: &Cx, record: &dyn Record) -> Result<Vec<Likeness>> {
    let said = record.as_any().downcast_ref::<Petition>();
    if said.is_none_or(|p| matter_words(p).len() < SAID) {
        return Ok(Vec::new());
    }
    let mut found = suggest(cx, record, 3)?;
    found.retain(|like| like.score >= WORTH);
    Ok(found)
}

/// Petitions of this register that read like `record` (new or stored), the likeliest first, at most `limit`; papers
/// already of the same matter are left out.
///
/// # Errors
/// A failure of the database.
pub fn suggest(cx: &Cx, record: &dyn Record, limit: usize) -> Result<Vec<Likeness>> {
    let Some(mine) = record.as_any().downcast_ref::<Petition>() else {
        return Ok(Vec::new());
    };
    let words = matter_words(mine);
    let weights = weights(cx, &words)?;
    let mut rare: Vec<(&String, usize)> = weights
        .iter()
        .filter(|(_, (_, n))| *n > 0)
        .map(|(word, (_, n))| (word, *n))
        .collect();
    rare.sort_by_key(|(word, n)| (*n, *word));
    let db = cx.store.read();
    let mut ids = BTreeSet::new();
    for (word, _) in rare.iter().take(ANCHORS) {
        ids.extend(db.with_word(Kind::Petition, word, EACH)?);
    }
    let matter = |p: &Petition| p.duplicate_of.map_or(p.head.id, |lead| lead.0);
    let mut found = Vec::new();
    for id in ids {
        let Some(other) = db.get(Kind::Petition, id)? else {
            continue;
        };
        let Some(p) = other.as_any().downcast_ref::<Petition>() else {
            continue;
        };
        let same_matter = mine.head.id > 0 && matter(p) == matter(mine);
        if p.head.id == mine.head.id || p.head.deleted || same_matter {
            continue;
        }
        let points = score(mine, p, &weights);
        if points > 0.0 {
            found.push(Likeness {
                id,
                number: p.head.number_text(),
                received_on: p.received_on,
                unit: p.unit.clone(),
                subject: p.subject.clone().unwrap_or_default(),
                stage: p.stage.unwrap_or(Stage::Received),
                score: percent(points),
                lead: p.duplicate_of.map(|lead| lead.0),
            });
        }
    }
    found.sort_by_key(|l| (std::cmp::Reverse(l.score), std::cmp::Reverse(l.id)));
    found.truncate(limit);
    Ok(found)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn percent(points: f64) -> u8 {
    points.clamp(0.0, 100.0).round() as u8
}

/// The papers of the matter of a petition: its lead first, then those linked to it in the order of receipt.
///
/// # Errors
/// When the petition is not there.
pub fn matter(cx: &Cx, id: i64) -> Result<Vec<Box<dyn Record>>> {
    let mine = super::records::get(cx, Kind::Petition, id)?;
    let lead = match mine.get("duplicate_of") {
        Value::Ref(lead) => lead,
        _ => id,
    };
    let mut papers = vec![super::records::get(cx, Kind::Petition, lead)?];
    for mut paper in cx
        .store
        .read()
        .pointing(Kind::Petition, "duplicate_of", lead)?
    {
        petitions::stamp_standing(paper.as_mut(), cx.days(), &cx.rules);
        papers.push(paper);
    }
    Ok(papers)
}
