//! Units of earlier days on the map of one day: where each lies now, and whether it went there whole.
use std::collections::{BTreeSet, HashMap, HashSet};

/// Deeper chains of successors, or trees, than any there are; guards against a damaged loop.
const DEPTH: usize = 12;

/// Where a unit lies on the map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The lowest unit of the map that holds all of it; none when it lies in several top units or nowhere.
    pub at: Option<i64>,
    /// True when it is that unit, or became it whole.
    pub whole: bool,
    /// The units of the map that it lies in.
    pub into: BTreeSet<i64>,
}

/// The units and their successors, as seen from one day.
#[derive(Debug, Clone, Default)]
pub struct MapOfDay {
    parent: HashMap<i64, i64>,
    children: HashMap<i64, Vec<i64>>,
    on_map: HashSet<i64>,
    successors: HashMap<i64, Vec<(i64, bool)>>,
}

impl MapOfDay {
    /// `units`: row, parent, whether it is on the map; `successors`: row, row of the successor, whether whole.
    #[must_use]
    pub fn new(
        units: impl IntoIterator<Item = (i64, Option<i64>, bool)>,
        successors: impl IntoIterator<Item = (i64, i64, bool)>,
    ) -> Self {
        let mut map = Self::default();
        for (id, parent, on_map) in units {
            if let Some(parent) = parent {
                map.parent.insert(id, parent);
                map.children.entry(parent).or_default().push(id);
            }
            if on_map {
                map.on_map.insert(id);
            }
        }
        for (id, next, whole) in successors {
            map.successors.entry(id).or_default().push((next, whole));
        }
        map
    }

    /// Whether a unit is on the map itself.
    #[must_use]
    pub fn holds(&self, id: i64) -> bool {
        self.on_map.contains(&id)
    }

    /// The unit and all above it, from below.
    fn path(&self, id: i64) -> Vec<i64> {
        std::iter::successors(Some(id), |id| self.parent.get(id).copied())
            .take(DEPTH)
            .collect()
    }

    /// Whether `id` is `above` or lies below it.
    #[must_use]
    pub fn below(&self, id: i64, above: i64) -> bool {
        self.path(id).contains(&above)
    }

    fn flow(&self, id: i64, depth: usize) -> (BTreeSet<i64>, bool) {
        if self.on_map.contains(&id) {
            return (BTreeSet::from([id]), true);
        }
        if depth == 0 {
            return (BTreeSet::new(), false);
        }
        let own = self.successors.get(&id).map_or(&[][..], Vec::as_slice);
        let mut into = BTreeSet::new();
        let mut whole = own.len() == 1;
        for (next, all) in own {
            let (found, kept) = self.flow(*next, depth - 1);
            whole &= *all && kept;
            into.extend(found);
        }
        if own.is_empty() {
            // An abolished district has no successor of its own: its communes say where its area lies.
            for child in self.children.get(&id).map_or(&[][..], Vec::as_slice) {
                into.extend(self.flow(*child, depth - 1).0);
            }
        }
        (into, whole)
    }

    /// Where a unit lies on the map.
    #[must_use]
    pub fn place(&self, id: i64) -> Place {
        let (into, whole) = self.flow(id, DEPTH);
        let mut paths = into.iter().map(|unit| self.path(*unit));
        let at = paths.next().and_then(|first| {
            let rest: Vec<Vec<i64>> = paths.collect();
            first
                .into_iter()
                .find(|unit| rest.iter().all(|path| path.contains(unit)))
        });
        Place { at, whole, into }
    }

    /// Every unit, on the map or not, that lies wholly in `unit`; with `only`, just itself and what became it whole.
    #[must_use]
    pub fn members(&self, unit: i64, only: bool) -> Vec<i64> {
        let mut origins: HashMap<i64, Vec<i64>> = HashMap::new();
        for (id, next) in &self.successors {
            for (to, _) in next {
                origins.entry(*to).or_default().push(*id);
            }
        }
        // Whatever lies in it reaches it from below, from before, or is what such a unit lay below.
        let mut found = BTreeSet::new();
        let mut open = vec![unit];
        while let Some(id) = open.pop() {
            if !found.insert(id) {
                continue;
            }
            let next = [&self.children, &origins].map(|of| of.get(&id));
            open.extend(next.into_iter().flatten().flatten());
            let above = self.parent.get(&id).filter(|up| !self.on_map.contains(up));
            open.extend(above.filter(|_| !self.on_map.contains(&id)));
        }
        found.retain(|id| {
            let place = self.place(*id);
            place.at.is_some_and(|at| {
                if only {
                    at == unit && place.whole
                } else {
                    self.below(at, unit)
                }
            })
        });
        found.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Old: province 1 (district 2 with communes 3, 4, 5), province 6. New: province 10 (communes 11, 12), 20 (21).
    fn sample() -> MapOfDay {
        MapOfDay::new(
            [
                (1, None, false),
                (2, Some(1), false),
                (3, Some(2), false),
                (4, Some(2), false),
                (5, Some(2), false),
                (6, None, false),
                (7, Some(6), false),
                (10, None, true),
                (11, Some(10), true),
                (12, Some(10), true),
                (20, None, true),
                (21, Some(20), true),
                (30, None, false),
            ],
            [
                (1, 10, true),
                (3, 11, true),
                (4, 11, false),
                (4, 12, false),
                (5, 12, true),
                (6, 20, true),
                (7, 21, false),
                (7, 12, false),
            ],
        )
    }

    #[test]
    fn whole_units_lie_in_their_successor() {
        let map = sample();
        let place = map.place(3);
        assert_eq!((place.at, place.whole), (Some(11), true));
        assert_eq!(map.place(11).at, Some(11));
        assert_eq!((map.place(1).at, map.place(1).whole), (Some(10), true));
    }

    #[test]
    fn split_units_lie_where_all_their_parts_do() {
        let map = sample();
        let within = map.place(4);
        assert_eq!((within.at, within.whole), (Some(10), false));
        let across = map.place(7);
        assert_eq!((across.at, across.into.len()), (None, 2));
        let district = map.place(2);
        assert_eq!((district.at, district.whole), (Some(10), false));
        assert_eq!(map.place(30), Place::default());
    }

    #[test]
    fn members() {
        let map = sample();
        assert_eq!(map.members(10, false), [1, 2, 3, 4, 5, 10, 11, 12]);
        assert_eq!(map.members(10, true), [1, 10]);
        assert_eq!(map.members(11, false), [3, 11]);
        assert_eq!(map.members(20, false), [6, 20, 21]);
        assert!(map.holds(10) && !map.holds(1));
    }

    #[test]
    fn a_loop_ends() {
        let map = MapOfDay::new(
            [(1, Some(2), false), (2, Some(1), false)],
            [(1, 2, true), (2, 1, true)],
        );
        assert_eq!(map.place(1).at, None);
        assert!(!map.below(1, 9));
    }
}
