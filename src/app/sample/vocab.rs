//! The words that sample records are made of, from `db/seed/vocab`; all persons are invented.
use super::rng::{Rng, Weighted};
use crate::domain::model::ModelField;
use crate::domain::petition::{MatterField, PetitionType, StepKind};
use crate::domain::value::Code;
use std::collections::HashSet;

macro_rules! seed {
    ($name:literal) => {
        rows(include_str!(concat!("../../../db/seed/vocab/", $name)))
    };
}

/// Rows of a table without its heading.
pub fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

/// Where a name comes from: surnames are not spread evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// Provinces up to Ninh Bình.
    North,
    /// Up to Lâm Đồng.
    Central,
    /// The rest.
    South,
}

impl Region {
    /// The region of a province by its code.
    pub fn of(province: &str) -> Self {
        match province.parse::<u32>() {
            Ok(n) if n < 38 => Self::North,
            Ok(n) if n < 70 => Self::Central,
            _ => Self::South,
        }
    }
}

/// What a petition or an opinion is about, in words.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    /// Its field.
    pub field: Option<MatterField>,
    /// The words.
    pub text: &'static str,
}

/// Everything that sample records draw from.
#[derive(Debug)]
pub struct Vocab {
    surnames: [Weighted<&'static str>; 3],
    middles: [Weighted<&'static str>; 2],
    givens: [Weighted<&'static str>; 2],
    /// Streets bear the names of people who lived: nobody in the sample is called so.
    taken: HashSet<&'static str>,
    subjects: Vec<(PetitionType, Weighted<Phrase>)>,
    /// What visitors say.
    pub receptions: Vec<Phrase>,
    /// Topics of dialogues.
    pub topics: Vec<Phrase>,
    /// Opinions raised there.
    pub opinions: Vec<Phrase>,
    /// What became of opinions.
    pub results: Vec<&'static str>,
    /// Names of models.
    pub models: Vec<(&'static str, Option<ModelField>)>,
    /// Hamlets and the like.
    pub rural: Vec<&'static str>,
    /// Quarters of towns.
    pub urban: Vec<&'static str>,
    /// Streets.
    pub streets: Vec<&'static str>,
    /// Where dialogues are held.
    pub venues: Vec<&'static str>,
    /// Positions of who chairs, by level.
    pub chairs: Vec<(&'static str, &'static str)>,
    /// Notes by step.
    pub notes: Vec<(StepKind, &'static str)>,
    /// Bodies that send petitions on.
    pub senders: Vec<&'static str>,
    /// Who registers models in a commune.
    pub groups: Vec<&'static str>,
}

fn number(text: Option<&&str>) -> usize {
    text.and_then(|s| s.parse().ok()).unwrap_or(0)
}

fn column(all: &[Vec<&'static str>], at: usize) -> Weighted<&'static str> {
    Weighted::new(all.iter().filter_map(|row| {
        let name = row.first().copied()?;
        Some((name, number(row.get(at))))
    }))
}

fn phrases(rows: impl Iterator<Item = Vec<&'static str>>) -> Vec<Phrase> {
    rows.filter_map(|row| match row[..] {
        [field, text] => Some(Phrase {
            field: MatterField::from_code(field),
            text,
        }),
        _ => None,
    })
    .collect()
}

fn firsts(rows: impl Iterator<Item = Vec<&'static str>>) -> Vec<&'static str> {
    rows.filter_map(|row| row.first().copied()).collect()
}

fn subjects() -> Vec<(PetitionType, Weighted<Phrase>)> {
    let all: Vec<Vec<&'static str>> = seed!("subjects.tsv").collect();
    PetitionType::ALL
        .iter()
        .map(|kind| {
            let mine = all.iter().filter_map(|row| match row[..] {
                [code, field, text, weight] if code == kind.code() => Some((
                    Phrase {
                        field: MatterField::from_code(field),
                        text,
                    },
                    weight.parse().unwrap_or(1),
                )),
                _ => None,
            });
            (*kind, Weighted::new(mine))
        })
        .collect()
}

impl Vocab {
    /// Reads the tables that are built in.
    pub fn new() -> Self {
        let surnames: Vec<_> = seed!("surnames.tsv").collect();
        let middles: Vec<_> = seed!("middle_names.tsv").collect();
        let givens: Vec<_> = seed!("given_names.tsv").collect();
        let places: Vec<_> = seed!("places.tsv").collect();
        let of = |kind: &str| -> Vec<&'static str> {
            places
                .iter()
                .filter_map(|row| match row[..] {
                    [k, place] if k == kind => Some(place),
                    _ => None,
                })
                .collect()
        };
        let pairs = |rows: &mut dyn Iterator<Item = Vec<&'static str>>| {
            rows.filter_map(|row| match row[..] {
                [a, b] => Some((a, b)),
                _ => None,
            })
            .collect::<Vec<_>>()
        };
        let organisations: Vec<_> = seed!("organisations.tsv").collect();
        let organised = |levels: &[&str], branches: &[&str]| -> Vec<&'static str> {
            organisations
                .iter()
                .filter_map(|row| match row[..] {
                    [branch, level, name]
                        if levels.contains(&level) && branches.contains(&branch) =>
                    {
                        Some(name)
                    }
                    _ => None,
                })
                .collect()
        };
        let streets = firsts(&mut seed!("streets.tsv"));
        Self {
            surnames: [1, 2, 3].map(|at| column(&surnames, at)),
            middles: [1, 2].map(|at| column(&middles, at)),
            givens: [1, 2].map(|at| column(&givens, at)),
            taken: streets.iter().copied().collect(),
            subjects: subjects(),
            receptions: phrases(&mut seed!("receptions.tsv")),
            topics: phrases(&mut seed!("dialogue_topics.tsv")),
            opinions: phrases(&mut seed!("opinions.tsv")),
            results: firsts(&mut seed!("opinion_results.tsv")),
            models: pairs(&mut seed!("models.tsv"))
                .into_iter()
                .map(|(name, field)| (name, ModelField::from_code(field)))
                .collect(),
            rural: of("rural"),
            urban: of("urban"),
            streets,
            venues: firsts(&mut seed!("venues.tsv")),
            chairs: pairs(&mut seed!("chairs.tsv")),
            notes: pairs(&mut seed!("step_notes.tsv"))
                .into_iter()
                .filter_map(|(step, note)| Some((StepKind::from_code(step)?, note)))
                .collect(),
            senders: organised(&["central", "province"], &["front", "party"]),
            groups: organised(&["commune", ""], &["front", "party", "mass_org", "police"]),
        }
    }

    /// A full name: surname, middle name, given name.
    pub fn person(&self, rng: &mut Rng, region: Region) -> String {
        let sex = rng.below(2);
        // A few draws always leave the names of the streets behind.
        for _ in 0..8 {
            let surname = self
                .surnames
                .get(region as usize)
                .and_then(|all| all.pick(rng));
            let middle = self.middles.get(sex).and_then(|all| all.pick(rng));
            let given = self.givens.get(sex).and_then(|all| all.pick(rng));
            let parts: Vec<&str> = [surname, middle, given]
                .into_iter()
                .flatten()
                .copied()
                .collect();
            let name = parts.join(" ");
            if middle != given && !self.taken.contains(name.as_str()) {
                return name;
            }
        }
        String::from("Nguyễn Thị Mẫu")
    }

    /// What a petition of a type is about.
    pub fn subject(&self, rng: &mut Rng, kind: PetitionType) -> Option<Phrase> {
        let (_, all) = self.subjects.iter().find(|(k, _)| *k == kind)?;
        all.pick(rng).copied()
    }

    /// A hamlet or a quarter.
    pub fn hamlet(&self, rng: &mut Rng, urban: bool) -> &'static str {
        let all = if urban { &self.urban } else { &self.rural };
        rng.pick(all).copied().unwrap_or("ấp 1")
    }

    /// A note that a step of a kind may bear.
    pub fn note(&self, rng: &mut Rng, kind: StepKind) -> Option<&'static str> {
        let fitting = self.notes.iter().filter(|(k, _)| *k == kind);
        let n = fitting.clone().count();
        let at = rng.below(n);
        fitting.map(|(_, note)| *note).nth(at)
    }
}

/// A phrase as the beginning of a sentence.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A name within a sentence: «Xã Long Hồ» becomes «xã Long Hồ».
pub fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
