//! Records that agree with one in the fields by which a row of a file is known again.
use super::record::write;
use super::table::{Column, table};
use super::{Db, Result};
use crate::domain::hash::{Quick, QuickMap};
use crate::domain::record::Record;
use rusqlite::params_from_iter;
use rusqlite::types::{Value as Sql, ValueRef};
use std::hash::Hasher;

/// How often something is asked by the same first field, as a day, before all records of it are read.
const OFTEN: u32 = 4;
/// Records of one such field, and of all, that are kept in memory: 16 bytes each.
const MOST_OF_ONE: usize = 20_000;
const MOST: usize = 300_000;

/// What was read of the records of a few days, for one who asks for very many by the same fields: without it each asks
/// for all the rows of its day. It says which records may agree, and the database whether they do; so it is of use only
/// to one who need not see what others add meanwhile.
#[derive(Debug, Default)]
pub struct Alike {
    asked: QuickMap<u64, u32>,
    /// By their first field: the numbers of what agrees, in order; nothing where there are too many.
    read: QuickMap<u64, Option<Vec<(u64, i64)>>>,
    kept: usize,
}

impl Alike {
    fn often(&mut self, first: u64) -> bool {
        if self.asked.len() > MOST {
            self.asked.clear();
        }
        let asked = self.asked.entry(first).or_default();
        *asked += 1;
        *asked >= OFTEN
    }

    fn keep(&mut self, first: u64, all: Option<Vec<(u64, i64)>>) {
        let more = all.as_ref().map_or(0, Vec::len);
        if self.kept + more > MOST {
            self.read.clear();
            self.kept = 0;
        }
        self.kept += more;
        self.read.insert(first, all);
    }
}

fn number<'a>(values: impl IntoIterator<Item = ValueRef<'a>>) -> u64 {
    let mut hash = Quick::default();
    for value in values {
        match value {
            ValueRef::Null => hash.write_u8(0),
            ValueRef::Integer(n) => hash.write_i64(n),
            ValueRef::Real(x) => hash.write_u64(x.to_bits()),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                hash.write_usize(bytes.len());
                hash.write(bytes);
            }
        }
    }
    hash.finish()
}

/// The fields named of a record, the first of them first, as they stand in its table.
fn named(record: &dyn Record, keys: &[&str]) -> Vec<(&'static Column, Sql)> {
    let columns = table(record.kind()).columns;
    let of = |key: &&str| columns.iter().find(|c| c.key == *key);
    let found = keys.iter().filter_map(of);
    found
        .map(|c| (c, write(c.col, record.get(c.key))))
        .collect()
}

/// What a row must meet to agree, behind `before`, and the values for it.
fn agrees<'a>(before: &str, fields: &'a [(&Column, Sql)]) -> (String, Vec<&'a Sql>) {
    let mut sql = before.to_owned();
    for (column, value) in fields {
        sql.push_str(" AND ");
        sql.push_str(column.name);
        sql.push_str(if *value == Sql::Null {
            " IS NULL"
        } else {
            " = ?"
        });
    }
    sql.push_str(" ORDER BY id");
    let values = fields.iter().map(|(_, value)| value);
    (sql, values.filter(|value| **value != Sql::Null).collect())
}

impl Db<'_> {
    /// Ids of the records that agree with this one in the fields named, removed ones apart, the oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn agreeing(&self, record: &dyn Record, keys: &[&str]) -> Result<Vec<i64>> {
        let name = table(record.kind()).name;
        let fields = named(record, keys);
        let before = format!("SELECT id FROM {name} WHERE deleted_at IS NULL");
        let (sql, values) = agrees(&before, &fields);
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let ids = stmt.query_map(params_from_iter(values), |r| r.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// The same for one of many, by what was read for those before.
    ///
    /// # Errors
    /// As [`Db::agreeing`].
    pub fn agreeing_of_many(
        &self,
        record: &dyn Record,
        keys: &[&str],
        alike: &mut Alike,
    ) -> Result<Vec<i64>> {
        let fields = named(record, keys);
        let Some((by, value)) = fields.first().filter(|(_, value)| *value != Sql::Null) else {
            return self.agreeing(record, keys);
        };
        let first = number([value.into()]);
        if !alike.often(first) {
            return self.agreeing(record, keys);
        }
        if !alike.read.contains_key(&first) {
            let all = self.all_of(record, &fields, (by, value))?;
            alike.keep(first, all);
        }
        let Some(Some(all)) = alike.read.get(&first) else {
            return self.agreeing(record, keys);
        };
        let own = number(fields.iter().map(|(_, value)| value.into()));
        let from = all.partition_point(|(number, _)| *number < own);
        let maybe = all.get(from..).unwrap_or_default();
        let mut ids = Vec::new();
        for (_, id) in maybe.iter().take_while(|(number, _)| *number == own) {
            let name = table(record.kind()).name;
            let before = format!("SELECT id FROM {name} WHERE id = ? AND deleted_at IS NULL");
            let (sql, values) = agrees(&before, &fields);
            let id = Sql::Integer(*id);
            let mut stmt = self.conn.prepare_cached(&sql)?;
            let mut rows = stmt.query(params_from_iter(std::iter::once(&id).chain(values)))?;
            while let Some(row) = rows.next()? {
                ids.push(row.get(0)?);
            }
        }
        Ok(ids)
    }

    /// All records that agree in one field, by the numbers of all fields named; none where there are very many.
    fn all_of(
        &self,
        record: &dyn Record,
        fields: &[(&Column, Sql)],
        (by, value): (&Column, &Sql),
    ) -> Result<Option<Vec<(u64, i64)>>> {
        let columns: Vec<&str> = fields.iter().map(|(column, _)| column.name).collect();
        let sql = format!(
            "SELECT id, {} FROM {} WHERE deleted_at IS NULL AND {} = ? LIMIT {}",
            columns.join(", "),
            table(record.kind()).name,
            by.name,
            MOST_OF_ONE + 1
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let mut rows = stmt.query([value])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(fields.len());
            for at in 1..=fields.len() {
                values.push(row.get_ref(at)?);
            }
            all.push((number(values), row.get(0)?));
        }
        all.sort_unstable();
        Ok((all.len() <= MOST_OF_ONE).then_some(all))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::{Alike, OFTEN};
    use crate::domain::record::{Kind, Record, blank};
    use crate::domain::value::Value;
    use crate::store::{Store, StoreError};

    const KEYS: [&str; 4] = ["received_on", "unit", "visitor", "content"];

    fn visit(day: u32, n: usize, who: Option<&str>) -> Box<dyn Record> {
        let mut visit = blank(Kind::Reception);
        let text = |text: &str| Value::Text(text.to_owned());
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        visit.set("received_on", Value::Date(day)).unwrap();
        visit.set("mode", text("regular")).unwrap();
        visit.set("format", text("in_person")).unwrap();
        visit.set("delegated", Value::Bool(false)).unwrap();
        visit.set("people", Value::Int(1)).unwrap();
        visit.set("content", text(&format!("việc {n}"))).unwrap();
        visit.set("visitor", who.map_or(Value::Null, text)).unwrap();
        visit
    }

    #[test]
    fn many_are_told_what_each_alone_is_told_in_fewer_steps() {
        let mut store = Store::in_memory().unwrap();
        let save = |store: &mut Store, mut visit: Box<dyn Record>| {
            let saved = store.write::<_, StoreError>(|tx| tx.insert(visit.as_mut(), Some(2026)));
            saved.unwrap()
        };
        for n in 0..60 {
            let who = (n % 3 > 0).then_some("Lê Văn Mẫu");
            save(&mut store, visit(1 + n % 2, n as usize % 40, who));
        }
        let steps = store.count_steps();
        let mut alike = Alike::default();
        let (mut one, mut many) = (0, 0);
        for round in 0..3 {
            for n in 0..50 {
                let asked = visit(1 + n % 3, n as usize, (n % 2 > 0).then_some("Lê Văn Mẫu"));
                steps.take();
                let alone = store.read().agreeing(asked.as_ref(), &KEYS).unwrap();
                one += steps.take();
                let db = store.read();
                let found = db.agreeing_of_many(asked.as_ref(), &KEYS, &mut alike);
                many += steps.take();
                assert_eq!(found.unwrap(), alone, "{round} {n}");
            }
        }
        assert!(many * 2 < one, "{many} {one}");
        assert!(alike.asked.values().all(|asked| *asked > OFTEN));
    }
}
