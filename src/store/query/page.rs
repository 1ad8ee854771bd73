//! Pages of lists: a register of ten million rows shows its next page as quickly as one of a thousand. A page begins at a
//! row that is known, not at a number of rows that would have to be walked past.
use super::super::rate::received_until;
use super::super::table::table;
use super::{Days, Key, Where, Words, condition, numbers, order, search, table_of};
use crate::domain::query::{Cond, Query};
use crate::domain::record::{Kind, Record};
use crate::store::{Db, Result};
use chrono::NaiveDate;
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, params_from_iter};

/// From where rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The beginning of the list.
    First,
    /// Its end, backwards.
    Last,
    /// This record, then what comes after it.
    From(i64),
    /// What comes before this record, backwards.
    Before(i64),
}

impl Anchor {
    fn back(self) -> bool {
        matches!(self, Self::Last | Self::Before(_))
    }
}

/// Rows of a register that are looked at in its own order, before the list is asked for by its conditions first.
const WALK: usize = 10_000;
/// Matches of words that are put in order by day; more come as they were entered.
const FOUND: usize = 1_000;
/// Units that are gone through one by one at most: among more, the register's own order finds rows soon enough.
const UNITS: usize = 400;

/// The index that has the rows of a register in the order of a list, if one has.
pub(super) fn walk(q: &Query) -> Option<String> {
    let table = table(q.kind);
    let own = matches!(
        q.kind,
        Kind::Petition | Kind::Reception | Kind::Dialogue | Kind::Model
    );
    let name = match q.sort.first() {
        None => "date",
        Some((key, _)) if *key == table.date => "date",
        Some(("number", _)) if table.number_by.is_some() => "number",
        // Of open petitions all deadlines lie in one index, which is found by itself.
        Some(("due_on", _)) if q.kind == Kind::Petition && q.is_open() => "due",
        _ => return None,
    };
    let end = match (name, q.deleted) {
        ("date", true) => "removed",
        (name, _) => name,
    };
    (own && q.sort.len() <= 1).then(|| format!("{}_{end}", table.name))
}

/// Conditions that hold for the rows beyond a row whose keys are these, one after another in the order of the list.
fn beyond(keys: &[Key], values: &[Sql], back: bool, with: bool) -> Vec<Where> {
    let mut parts = Vec::new();
    for at in (0..keys.len()).rev() {
        let (Some(key), Some(value)) = (keys.get(at), values.get(at)) else {
            continue;
        };
        let mut same = Where::default();
        for (key, value) in keys.iter().zip(values).take(at) {
            match value {
                Sql::Null => same.push(format!("{} IS NULL", key.expr), []),
                value => same.push(format!("{} = ?", key.expr), [value.clone()]),
            }
        }
        let mut part = |sql: String, value: Option<&Sql>| {
            let mut part = Where::default();
            part.push(same.sql(), same.params.clone());
            part.push(sql, value.cloned());
            parts.push(part);
        };
        let last = at + 1 == keys.len();
        let sign = match (key.descending != back, with && last) {
            (true, true) => "<=",
            (true, false) => "<",
            (false, true) => ">=",
            (false, false) => ">",
        };
        match (value, back) {
            (Sql::Null, false) => {}
            (Sql::Null, true) => part(format!("{} IS NOT NULL", key.expr), None),
            (value, _) => part(format!("{} {sign} ?", key.expr), Some(value)),
        }
        if !back && !key.always && !matches!(value, Sql::Null) {
            part(format!("{} IS NULL", key.expr), None);
        }
    }
    parts
}

/// A list from a row on, its period cut off at the day of that row: of two bounds on one side an index serves but one.
fn narrowed(q: &Query, keys: &[Key], values: &[Sql], back: bool) -> Query {
    let mut q = q.clone();
    let date = format!("t.{}", table(q.kind).date);
    if let (Some(key), Some(Sql::Text(day))) = (keys.first(), values.first())
        && key.expr == date
        && let Ok(day) = NaiveDate::parse_from_str(day, "%Y-%m-%d")
    {
        if key.descending != back {
            q.to = Some(q.to.map_or(day, |to| to.min(day)));
        } else {
            q.from = Some(q.from.map_or(day, |from| from.max(day)));
        }
    }
    q
}

/// A question for ids: its parts in the order of the list, and how many are wanted of all.
struct Ask<'a> {
    q: &'a Query,
    days: Days,
    keys: Vec<Key>,
    parts: Vec<Where>,
    back: bool,
    want: usize,
}

impl Db<'_> {
    /// At most `limit` rows of a list in its order, read from `anchor` past `skip` rows; from its end, or before a
    /// record, `skip` rows lie between. None when the record of the anchor is not there any more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn page(
        &self,
        q: &Query,
        days: Days,
        (anchor, skip): (Anchor, usize),
        limit: usize,
    ) -> Result<Option<Vec<Box<dyn Record>>>> {
        let mut ids = match self.page_ids(q, days, anchor, skip.saturating_add(limit))? {
            Some(ids) => ids,
            None => return Ok(None),
        };
        ids.drain(..skip.min(ids.len()));
        if anchor.back() {
            ids.reverse();
        }
        self.fetch(q.kind, &ids);
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.extend(self.get(q.kind, id)?);
        }
        Ok(Some(rows))
    }

    /// Ids of at most `want` rows from `anchor` on; from the end, or before a record, backwards. None when the record
    /// of the anchor is not there any more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn page_ids(
        &self,
        q: &Query,
        days: Days,
        anchor: Anchor,
        want: usize,
    ) -> Result<Option<Vec<i64>>> {
        let words = self.words_of(q)?;
        let found = match &words {
            Words::Match(asked, said) => {
                let ground = self.ground(&said.left(q), days)?;
                let found = self.newest(asked, &ground, search::ALL, FOUND + 1)?;
                if q.sort.is_empty() && found.len() > FOUND {
                    return self.by_words(asked, &ground, anchor, (found, want));
                }
                Some(found)
            }
            Words::None => Some(Vec::new()),
            Words::Any => None,
        };
        let keys = Self::keys(q, days)?;
        let back = anchor.back();
        let (parts, q) = match anchor {
            Anchor::First | Anchor::Last => (vec![Where::default()], q.clone()),
            Anchor::From(id) | Anchor::Before(id) => match self.key_values(q, &keys, id)? {
                Some(values) => (
                    beyond(&keys, &values, back, !back),
                    narrowed(q, &keys, &values, back),
                ),
                None => return Ok(None),
            },
        };
        let ask = Ask {
            q: &q,
            days,
            keys,
            parts,
            back,
            want,
        };
        match found {
            Some(ids) => self.of_found(&ask, &ids),
            None => self.by_index(&ask),
        }
        .map(Some)
    }

    /// Without words: from unit to unit, along the register, or by the conditions, whatever is least.
    fn by_index(&self, ask: &Ask) -> Result<Vec<i64>> {
        let q = ask.q;
        let of_units = Query {
            units: Vec::new(),
            from: None,
            to: None,
            ..q.clone()
        };
        let along = walk(q);
        if !q.units.is_empty() && of_units == Query::all(q.kind) && along.is_some() {
            let below = self.units_within(&q.units, UNITS + 1)?;
            if below.len() <= UNITS {
                return self.by_units(ask, &below);
            }
        }
        let serves = |index: &String| index.ends_with("_due") || q.conds.is_empty();
        if let Some(index) = along.filter(serves)
            && let Some(ids) = self.by_walking(ask, &index)?
        {
            return Ok(ids);
        }
        self.by_conditions(ask)
    }

    fn key_values(&self, q: &Query, keys: &[Key], id: i64) -> Result<Option<Vec<Sql>>> {
        let exprs: Vec<&str> = keys.iter().map(|key| key.expr.as_str()).collect();
        let sql = format!(
            "SELECT {} FROM {} t WHERE t.id = ?",
            exprs.join(", "),
            table(q.kind).name
        );
        let values = self
            .conn
            .prepare_cached(&sql)?
            .query_row([id], |r| (0..keys.len()).map(|at| r.get(at)).collect())
            .optional()?;
        Ok(values)
    }

    /// Of records that were found, those that are asked for.
    fn of_found(&self, ask: &Ask, found: &[i64]) -> Result<Vec<i64>> {
        let mut filter = Where::default();
        filter.push(format!("t.id IN ({})", numbers(found)), []);
        let from = format!("{} t", table(ask.q.kind).name);
        self.in_order(ask, &from, &filter)
    }

    /// By the list's own conditions, in whatever way serves them.
    fn by_conditions(&self, ask: &Ask) -> Result<Vec<i64>> {
        let filter = self.conditions(ask.q, ask.days)?;
        self.in_order(ask, &table_of(ask.q), &filter)
    }

    fn in_order(&self, ask: &Ask, from: &str, filter: &Where) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        for part in &ask.parts {
            let sql = format!(
                "SELECT t.id FROM {from} WHERE {} AND {} ORDER BY {} LIMIT {}",
                filter.sql(),
                part.sql(),
                order(&ask.keys, ask.back),
                ask.want - ids.len()
            );
            let params = filter.params.iter().chain(&part.params);
            let mut stmt = self.conn.prepare_cached(&sql)?;
            let found = stmt.query_map(params_from_iter(params), |r| r.get(0))?;
            ids.extend(found.collect::<rusqlite::Result<Vec<i64>>>()?);
            if ids.len() >= ask.want {
                break;
            }
        }
        Ok(ids)
    }

    /// Along an index that has the register in the order of the list, taking what the conditions hold for; none when
    /// that is too rare.
    fn by_walking(&self, ask: &Ask, index: &str) -> Result<Option<Vec<i64>>> {
        let (q, table) = (ask.q, table(ask.q.kind));
        let mut along = Where::default();
        let mut bare = Query {
            units: Vec::new(),
            cell: None,
            conds: q
                .conds
                .iter()
                .filter(|c| c.key == "due_on")
                .cloned()
                .collect(),
            ..q.clone()
        };
        if let Some(last) = q.cell.as_ref().and_then(received_until) {
            bare.to = Some(bare.to.map_or(last, |to| to.min(last)));
        }
        let range = self.conditions(&bare, ask.days)?;
        along.push(range.sql(), range.params);
        if index.ends_with("_due") {
            along.push(super::OPEN, []);
        }
        let taken = self.beside(q, ask.days)?;
        let (mut ids, mut seen) = (Vec::new(), 0);
        for part in &ask.parts {
            let sql = format!(
                "SELECT t.id, {} FROM {} t INDEXED BY {index} WHERE {} AND {} ORDER BY {} LIMIT {}",
                taken.in_turn(),
                table.name,
                along.sql(),
                part.sql(),
                order(&ask.keys, ask.back),
                ask.want.saturating_add(WALK)
            );
            let params = taken.params.iter().chain(&along.params).chain(&part.params);
            let mut stmt = self.conn.prepare_cached(&sql)?;
            let mut rows = stmt.query(params_from_iter(params))?;
            while let Some(row) = rows.next()? {
                if row.get::<_, Option<bool>>(1)? == Some(true) {
                    ids.push(row.get(0)?);
                } else {
                    seen += 1;
                }
                if ids.len() >= ask.want {
                    return Ok(Some(ids));
                }
                if seen >= WALK {
                    return Ok(None);
                }
            }
        }
        Ok(Some(ids))
    }

    /// What is asked of the rows that an index leads along: beside deadlines and what the index says by itself; first
    /// what the index of deadlines can tell.
    fn beside(&self, q: &Query, days: Days) -> Result<Where> {
        let mut taken = Where::default();
        let told = |cond: &&Cond| ["stage", "standing"].contains(&cond.key);
        let (first, then): (Vec<&Cond>, Vec<&Cond>) =
            q.conds.iter().filter(|c| c.key != "due_on").partition(told);
        for cond in first.into_iter().chain(then) {
            condition(&mut taken, q.kind, cond, days)?;
        }
        self.places(&mut taken, q)?;
        Ok(taken)
    }

    /// From unit to unit: each gives the first of its own rows, as far as they can still be among the first of all.
    fn by_units(&self, ask: &Ask, units: &[i64]) -> Result<Vec<i64>> {
        let table = table(ask.q.kind);
        let date = format!("t.{}", table.date);
        let bare = Query {
            units: Vec::new(),
            ..ask.q.clone()
        };
        let filter = self.conditions(&bare, ask.days)?;
        let down = ask.keys.first().is_some_and(|key| key.descending) != ask.back;
        let id_down = ask.keys.last().is_some_and(|key| key.descending) != ask.back;
        let mut found: Vec<(String, i64)> = Vec::new();
        let cut = |found: &mut Vec<(String, i64)>| {
            found.sort_unstable_by(|a, b| {
                let (day, id) = (a.0.cmp(&b.0), a.1.cmp(&b.1));
                let day = if down { day.reverse() } else { day };
                day.then(if id_down { id.reverse() } else { id })
            });
            found.truncate(ask.want);
        };
        for unit in units {
            // The worst day that still counts.
            let bound = match found.get(ask.want.saturating_sub(1)) {
                Some((day, _)) if ask.want > 0 => day.clone(),
                _ if down => String::new(),
                _ => "9999-12-31".to_owned(),
            };
            let side = if down { ">=" } else { "<=" };
            for part in &ask.parts {
                let sql = format!(
                    "SELECT {date}, t.id FROM {} t INDEXED BY {0}_unit WHERE t.{} = ? AND {date} {side} ? AND {} AND {} ORDER BY {} LIMIT {}",
                    table.name,
                    table.unit,
                    filter.sql(),
                    part.sql(),
                    order(&ask.keys, ask.back),
                    ask.want
                );
                let head = [Sql::Integer(*unit), Sql::Text(bound.clone())];
                let params = head.iter().chain(&filter.params).chain(&part.params);
                let mut stmt = self.conn.prepare_cached(&sql)?;
                let rows =
                    stmt.query_map(params_from_iter(params), |r| Ok((r.get(0)?, r.get(1)?)))?;
                found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            cut(&mut found);
        }
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// By words that find more than is put in order by day: as the records were entered. `found` are the newest.
    fn by_words(
        &self,
        asked: &search::Asked,
        ground: &search::Ground,
        anchor: Anchor,
        (mut found, want): (Vec<i64>, usize),
    ) -> Result<Option<Vec<i64>>> {
        if let Anchor::From(id) | Anchor::Before(id) = anchor
            && self.get(ground.kind, id)?.is_none()
        {
            return Ok(None);
        }
        let (first, last) = search::ALL;
        Ok(Some(match anchor {
            Anchor::First if want <= found.len() => {
                found.truncate(want);
                found
            }
            Anchor::First => self.newest(asked, ground, (first, last), want)?,
            Anchor::From(id) => self.newest(asked, ground, (first, id), want)?,
            Anchor::Before(id) => self.oldest(asked, ground, (id + 1, last), want)?,
            Anchor::Last => self.oldest(asked, ground, (first, last), want)?,
        }))
    }
}
