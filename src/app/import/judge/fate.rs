//! Which record of the register a row is, if any: by its key, and among records that are alike by it.
use super::super::key::identifies;
use super::{Fate, Judge};
use crate::app::import::Trouble;
use crate::app::import::course::{Course, keep_note};
use crate::app::import::links::without_pending;
use crate::app::import::value::Fields;
use crate::app::records;
use crate::app::secrecy;
use crate::app::{Error, Result};
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::InRow;
use crate::domain::value::Value;
use crate::domain::words::{Msg, t};
use crate::store::Met;

/// Records alike by their key that a row without a name is held against.
const ALIKE: usize = 64;

impl Judge<'_> {
    pub(super) fn fate(
        &mut self,
        record: &mut dyn Record,
        fields: Fields,
        (row, course): (&InRow, Option<&Course>),
        notes: &mut Vec<Trouble>,
    ) -> Result<std::result::Result<Fate, Vec<Trouble>>> {
        let key = self.key.number(record);
        let said = self.key.number_beside(record) ^ self.book.told(row);
        let earlier = self.met.get(key)?;
        let there = if self.empty {
            Vec::new()
        } else {
            self.alike_to(record)?
        };
        let times = earlier.map_or(0, |met| met.times);
        let (same_place, like) = if identifies(record) || (there.len() < 2 && !self.mends) {
            (
                usize::try_from(times)
                    .ok()
                    .and_then(|n| there.get(n).copied()),
                None,
            )
        } else {
            self.among(&there, &fields, (row, course))?
        };
        if let Some(rule) = like {
            notes.push(self.trouble(row, None, rule));
        }
        let fate = match (same_place, earlier) {
            (Some(id), _) => self.against(id, fields, (row, course))?,
            (None, Some(first)) if identifies(record) => {
                return Ok(self.twice(first, said, row, notes));
            }
            (None, _) => match self.hold(record) {
                Ok(()) => Ok(Fate::Create(fields)),
                Err(Error::Refused(problems)) => Err(self.told(row, problems)),
                Err(other) => return Err(other),
            },
        };
        if fate.is_ok() {
            if let (Ok(Fate::Create(_)), Kind::Unit) = (&fate, self.kind)
                && let Some(code) = record.held("code").text()
            {
                self.made.insert(code.to_owned());
            }
            let met = earlier.unwrap_or(Met {
                times: 0,
                row: u32::try_from(row.row).unwrap_or(u32::MAX),
                said,
            });
            let times = times + 1;
            self.met.put(key, Met { times, ..met })?;
        }
        Ok(fate)
    }

    /// Which of records that are alike by their key a row is: the one that it leaves as it is, else the next. A row that
    /// was left out of an import is none of those that were not: beside them it comes in as one of its own.
    fn among(
        &mut self,
        there: &[i64],
        fields: &Fields,
        told: (&InRow, Option<&Course>),
    ) -> Result<(Option<i64>, Option<Msg>)> {
        let free = there.iter().filter(|id| !self.taken.contains(*id));
        let free: Vec<i64> = free.take(ALIKE).copied().collect();
        let mut found = None;
        for id in &free {
            if let Ok(Fate::Same(_)) = self.against(*id, fields.clone(), told)? {
                found = Some(*id);
                break;
            }
        }
        let own = found.or_else(|| free.first().copied().filter(|_| !self.mends));
        self.taken.extend(own);
        let beside = own.is_none() && !free.is_empty();
        let rule = t(
            "sổ đã có bản ghi cùng ngày, loại, đơn vị, nội dung; dòng chờ sửa này vào như bản ghi khác",
            "the register has a record of this day, type, unit and subject; this mended row comes in beside it",
        );
        Ok((own, beside.then(|| rule.into())))
    }

    fn twice(
        &self,
        first: Met,
        said: u64,
        row: &InRow,
        notes: &mut Vec<Trouble>,
    ) -> std::result::Result<Fate, Vec<Trouble>> {
        if first.said == said {
            notes.push(self.trouble(
                row,
                None,
                Msg::new(
                    format!("giống hệt dòng {}: tính là một bản ghi", first.row),
                    format!("the same as row {}: one record", first.row),
                ),
            ));
            return Ok(Fate::Same(-i64::from(first.row)));
        }
        Err(vec![self.trouble(
            row,
            None,
            Msg::new(
                format!(
                    "cùng bản ghi với dòng {} nhưng ghi khác; bỏ bớt một dòng",
                    first.row
                ),
                format!(
                    "the same record as row {} with other values; leave one out",
                    first.row
                ),
            ),
        )])
    }

    /// A row beside the record that it means; an empty cell changes nothing.
    fn against(
        &mut self,
        id: i64,
        mut fields: Fields,
        (row, course): (&InRow, Option<&Course>),
    ) -> Result<std::result::Result<Fate, Vec<Trouble>>> {
        let Some(before) = self.db.get(self.kind, id)? else {
            return Ok(Ok(Fate::Create(fields)));
        };
        if let Some(course) = course {
            keep_note(self.db, (course, before.as_ref()), row, &mut fields)?;
        }
        let same = |key: &str, value: &Value| match (before.get(key), value) {
            (Value::Unit(a), Value::Unit(b)) => a.id == b.id,
            (own, value) => own == *value,
        };
        let changed: Fields = fields
            .into_iter()
            .filter(|(key, value)| !same(key, value))
            .collect();
        if changed.is_empty() {
            return Ok(Ok(Fate::Same(id)));
        }
        self.secret |= secrecy::about_denunciation(self.db, before.as_ref())?;
        let settled = without_pending(&changed);
        match records::judge_edit(self.db, self.env, before.as_ref(), &settled) {
            Ok(_) => Ok(Ok(Fate::Update(id, changed))),
            Err(Error::Refused(problems)) => Ok(Err(self.told(row, problems))),
            Err(other) => Err(other),
        }
    }
}
