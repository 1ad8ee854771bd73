//! The units that sample records point to, each only while it is valid.
use super::rng::{Rng, Weighted};
use super::vocab::Region;
use crate::app::Result;
use crate::domain::value::UnitRef;
use crate::store::{Db, UnitLife};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The province of the sample office.
pub const PROVINCE: &str = "86";
/// Provinces from which something comes now and then; they stand on the old and on the new map.
const OTHERS: &[&str] = &["01", "38", "48", "68", "79", "80", "92"];

/// A unit of the sample.
#[derive(Debug, Clone)]
pub struct Place {
    /// The unit.
    pub unit: UnitRef,
    /// Its name.
    pub name: String,
    /// Its level, as a code.
    pub level: String,
    /// A ward or a town.
    pub urban: bool,
    /// Where names come from.
    pub region: Region,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Place {
    fn of(life: UnitLife, region: Region) -> Self {
        let urban = life.name.starts_with("Phường") || life.name.starts_with("Thị trấn");
        Self {
            unit: UnitRef {
                id: life.id,
                code: life.code,
            },
            name: life.name,
            level: life.level,
            urban,
            region,
            from: life.valid_from,
            to: life.valid_to,
        }
    }

    /// Whether the unit existed on a day.
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// All units that the sample uses.
#[derive(Debug)]
pub struct Places {
    all: Vec<Place>,
    /// Communes of the province, or of the country, before and after the change of the map.
    home: [Weighted<usize>; 2],
    away: [Weighted<usize>; 2],
    /// Departments and the like that petitions are about or go to.
    office: Vec<usize>,
}

/// Last day of the old map and first of the new one (Luật 72/2025, NQ 202/2025/QH15).
fn maps() -> [NaiveDate; 2] {
    let old = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap_or_default();
    [old, old.succ_opt().unwrap_or(old)]
}

/// Communes of a province on a day, through its districts where it has any.
fn communes(db: Db, province: &str, on: NaiveDate) -> Result<Vec<UnitLife>> {
    let mut found = Vec::new();
    for top in db.unit_lives(province)?.iter().filter(|u| u.valid_on(on)) {
        for child in db.unit_children(Some(top.id), on)? {
            if child.level == "commune" {
                found.push(child);
            } else {
                found.extend(db.unit_children(Some(child.id), on)?);
            }
        }
    }
    Ok(found)
}

/// The provinces whose communes are at home in the sample on a day.
fn home_provinces(db: Db, country: bool, on: NaiveDate) -> Result<Vec<String>> {
    if !country {
        return Ok(vec![PROVINCE.to_owned()]);
    }
    let top = db.unit_children(None, on)?.into_iter();
    let codes: BTreeSet<String> = top
        .filter(|unit| unit.level == "province")
        .map(|unit| unit.code)
        .collect();
    Ok(codes.into_iter().collect())
}

impl Places {
    /// Reads the units; `office` are the codes of the office's own tree. A sample of a whole country has all communes
    /// for its home.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn load(db: Db, office: &[&str], country: bool, rng: &mut Rng) -> Result<Self> {
        let mut all = Vec::new();
        let mut gather = |provinces: &[String], on: NaiveDate, rng: &mut Rng| -> Result<_> {
            let mut picks = Vec::new();
            for province in provinces {
                for life in communes(db, province, on)? {
                    let place = Place::of(life, Region::of(province));
                    // Towns write more; and some places have more quarrels than others.
                    let weight = rng.below(20) + if place.urban { 30 } else { 8 };
                    picks.push((all.len(), weight));
                    all.push(place);
                }
            }
            Ok(Weighted::new(picks))
        };
        let [old, new] = maps();
        let at_home = |on| home_provinces(db, country, on);
        let home = [
            gather(&at_home(old)?, old, rng)?,
            gather(&at_home(new)?, new, rng)?,
        ];
        let others: Vec<String> = OTHERS.iter().map(|code| (*code).to_owned()).collect();
        let away = [gather(&others, old, rng)?, gather(&others, new, rng)?];
        let mut own = Vec::new();
        for code in office {
            for life in db.unit_lives(code)? {
                own.push(all.len());
                all.push(Place::of(life, Region::South));
            }
        }
        Ok(Self {
            all,
            home,
            away,
            office: own,
        })
    }

    /// The unit at a place of the list.
    pub fn get(&self, at: usize) -> Option<&Place> {
        self.all.get(at)
    }

    /// A commune of the province on a day.
    pub fn home(&self, rng: &mut Rng, on: NaiveDate) -> Option<usize> {
        self.commune(&self.home, rng, on)
    }

    /// A commune elsewhere.
    pub fn away(&self, rng: &mut Rng, on: NaiveDate) -> Option<usize> {
        self.commune(&self.away, rng, on)
    }

    fn commune(&self, maps: &[Weighted<usize>; 2], rng: &mut Rng, on: NaiveDate) -> Option<usize> {
        let [old, new] = maps;
        let [last, _] = self::maps();
        let map = if on <= last { old } else { new };
        map.pick(rng)
            .copied()
            .filter(|at| self.get(*at).is_some_and(|p| p.valid_on(on)))
    }

    /// A unit of the office's own tree that is valid on a day and whose code begins with one of `codes`.
    pub fn office(&self, rng: &mut Rng, on: NaiveDate, codes: &[&str]) -> Option<usize> {
        let fits = |at: &&usize| {
            self.get(**at)
                .is_some_and(|p| p.valid_on(on) && codes.iter().any(|c| p.unit.code.starts_with(c)))
        };
        let n = self.office.iter().filter(fits).count();
        let at = rng.below(n);
        self.office.iter().filter(fits).nth(at).copied()
    }
}
