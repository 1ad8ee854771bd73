//! The number that a row bears in its book stays, where it is free in the year's book here: a moved office keeps its
//! numbers.
use super::value::Fields;
use crate::app::{Result, rules};
use crate::catalog::{carried, has_number, parse::number_ref};
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::InRow;
use crate::domain::text::clean;
use crate::domain::value::Value;
use crate::domain::words::Msg;
use crate::store::Db;
use std::collections::BTreeMap;

/// The key under which the number is kept among the fields of a row.
pub(super) const NUMBER: &str = "number";

/// The highest number that is taken for one: a book has no more papers in a year.
const MOST: usize = 10_000_000;

/// Numbers that a book leaves out at most.
const GAP: i64 = 100;

/// Numbers that rows of the file have taken, a bit each.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    asked: bool,
    taken: BTreeMap<i32, Vec<u64>>,
    highest: BTreeMap<i32, i64>,
    /// Numbers of rows that cannot be taken yet, by year.
    waiting: BTreeMap<i32, Vec<i64>>,
    /// The year of the row before.
    year: Option<i32>,
}

impl Numbers {
    /// For a file of a kind that has a column of numbers, or not.
    pub(super) fn new(kind: Kind, column: bool) -> Self {
        Self {
            asked: column && has_number(kind),
            ..Self::default()
        }
    }

    /// The highest number that stays, by year. One that waits counts where the book may well have it: a slip of the pen
    /// must not raise what all others get from then on.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn highest(mut self, db: Db, kind: Kind) -> Result<BTreeMap<i32, i64>> {
        for (year, mut waiting) in self.waiting {
            waiting.sort_unstable();
            let stays = self.highest.get(&year).copied().unwrap_or_default();
            let mut highest = stays.max(db.last_number(kind, year)?);
            for seq in waiting {
                if seq <= highest + GAP {
                    highest = seq.max(highest);
                }
            }
            self.highest.insert(year, highest);
        }
        Ok(self.highest)
    }

    /// Keeps the number of a row that cannot be taken yet: it comes when it is mended, and no other row gets it.
    pub(super) fn wait_for(&mut self, record: &dyn Record, row: &InRow) {
        let given = row.given.iter().find(|g| self.asked && g.key == NUMBER);
        let Some(text) = given.map(|g| clean(&g.cell.shown())) else {
            return;
        };
        let Some(year) = rules::number_year(record).or(self.year) else {
            return;
        };
        let plain = text.parse().ok().map(|seq: i64| (seq, year));
        // One of another year is none that it will get.
        let own = plain.or_else(|| number_ref(&text)).filter(|n| n.1 == year);
        if let Some((seq, _)) = own
            && usize::try_from(seq).is_ok_and(|n| (1..MOST).contains(&n))
        {
            self.waiting.entry(year).or_default().push(seq);
        }
    }

    /// Adds the number of a new record to its fields; what is to be known when it cannot stay.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn keep(
        &mut self,
        db: Db,
        record: &dyn Record,
        row: &InRow,
        fields: &mut Fields,
    ) -> Result<Option<Msg>> {
        let given = row.given.iter().find(|g| self.asked && g.key == NUMBER);
        let (Some(given), Some(year)) = (given, rules::number_year(record)) else {
            return Ok(None);
        };
        self.year = Some(year);
        let text = clean(&given.cell.shown());
        let plain = text.parse().ok().map(|seq: i64| (seq, year));
        let unread = || {
            let rule = Msg::new(
                format!("số «{text}» không đọc được là số của sổ; sổ cấp số mới"),
                format!("«{text}» is no number of a register; it gets a new one"),
            );
            Ok((!text.is_empty()).then_some(rule))
        };
        let Some((seq, of)) = plain.or_else(|| number_ref(&text)) else {
            return unread();
        };
        let anew = |vi: &str, en: &str| {
            Ok(Some(Msg::new(
                format!("số {seq}/{of} {vi}; sổ cấp số mới"),
                format!("number {seq}/{of} {en}; it gets a new one"),
            )))
        };
        if of != year {
            return anew("khác năm nhận", "is not of the year of receipt");
        }
        let Some(at) = usize::try_from(seq).ok().filter(|n| (1..MOST).contains(n)) else {
            return unread();
        };
        let bits = self.taken.entry(year).or_default();
        if bits.len() <= at / 64 {
            bits.resize(at / 64 + 1, 0);
        }
        let known = db.by_number(record.kind(), seq, year)?.is_some();
        match bits.get_mut(at / 64) {
            Some(word) if !known && *word & (1 << (at % 64)) == 0 => *word |= 1 << (at % 64),
            _ => return anew("đã có", "is taken"),
        }
        let highest = self.highest.entry(year).or_insert(seq);
        *highest = seq.max(*highest);
        fields.extend(
            carried::in_file(record.kind(), NUMBER)
                .map(|f| (f.key, Value::Text(format!("{seq}/{year}")))),
        );
        Ok(None)
    }
}

/// The number among the fields of a row, taken out of them.
pub(super) fn take_number(fields: &mut Fields) -> Option<(i64, i32)> {
    let at = fields.iter().position(|(key, _)| *key == NUMBER)?;
    let (_, value) = fields.remove(at);
    number_ref(value.text()?)
}
