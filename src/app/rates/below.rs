//! The units below those that a table of rates is of, read once for what is counted and for its rows.
use super::Ask;
use crate::app::{Cx, Result};
use crate::store::{GroupKey, Tally, UnitLife};
use std::collections::{HashMap, HashSet};

/// The units below those asked for.
pub(super) struct Below {
    /// Those that ever stood there.
    pub children: Vec<UnitLife>,
    /// Each child with each unit in its subtree.
    pub closure: Vec<(i64, i64)>,
}

impl Below {
    /// Reads them.
    pub fn of(cx: &Cx, ask: &Ask) -> Result<Self> {
        let (db, q) = (cx.store.read(), &ask.query);
        let children = db.unit_children_ever(&q.units, q.to)?;
        let ids: Vec<i64> = children.iter().map(|unit| unit.id).collect();
        Ok(Self {
            closure: db.units_below(&ids)?,
            children,
        })
    }

    /// The child under which what is counted of a unit can be kept: the unit lies below no other.
    fn rows(&self) -> HashMap<i64, i64> {
        let mut rows = HashMap::with_capacity(self.closure.len());
        let mut shared = HashSet::new();
        for (child, unit) in &self.closure {
            if rows.insert(*unit, *child).is_some() {
                shared.insert(*unit);
            }
        }
        rows.retain(|unit, child| !shared.contains(unit) && !shared.contains(child));
        rows
    }

    /// What is counted, by row and not by unit where that can be: the units of a whole country fill the memory.
    pub fn tallies(&self, cx: &Cx, ask: &Ask) -> Result<HashMap<GroupKey, Tally>> {
        let (db, cell, rows) = (cx.store.read(), ask.cell(), self.rows());
        let place = |unit| rows.get(&unit).copied().unwrap_or(unit);
        let summed = match ask.days {
            true => None,
            false => db.cell_sums(&cell, &place)?,
        };
        Ok(match summed {
            Some(found) => found,
            None => db.cell_tallies_in(&cell, &place)?,
        })
    }
}
