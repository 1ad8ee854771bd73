//! The record that a row would be, row after row in the same memory.
use super::value::Fields;
use crate::app::records;
use crate::catalog;
use crate::domain::record::{Head, Kind, Record, blank, place_bit};
use crate::domain::value::{Held, Value};
use chrono::NaiveDate;

/// Records of one kind, one after the other.
#[derive(Debug)]
pub(super) struct Drafts {
    kind: Kind,
    today: NaiveDate,
    /// What a record holds where nothing was said, by place.
    defaults: Vec<(usize, Value)>,
    /// The record before, for its memory.
    spare: Option<Box<dyn Record>>,
    /// Keys of the fields of the row before, with their places.
    places: Vec<(&'static str, Option<usize>)>,
}

impl Drafts {
    pub(super) fn new(kind: Kind, today: NaiveDate) -> Self {
        let record = blank(kind);
        let defaults = catalog::defaults(kind, today).into_iter();
        let placed = defaults.filter_map(|(key, value)| Some((record.place(key)?, value)));
        Self {
            kind,
            today,
            defaults: placed.collect(),
            spare: None,
            places: Vec::new(),
        }
    }

    /// As [`records::draft`].
    pub(super) fn of(&mut self, fields: &Fields) -> Box<dyn Record> {
        // A year that is not told follows from another field: that is seldom, and the draft's own.
        let Some(mut record) = self.spare.take().filter(|_| self.kind != Kind::Model) else {
            return records::draft(self.kind, fields, self.today);
        };
        *record.head_mut() = Head::default();
        let (mut stale, mut told) = (record.filled(), 0);
        for (at, (key, value)) in fields.iter().enumerate() {
            // Names of the row and the like are no fields.
            let Some(place) = self.place(record.as_ref(), at, key) else {
                continue;
            };
            if record.put(place, value.held()).is_ok() {
                told |= place_bit(place);
            }
        }
        stale &= !told;
        for (place, value) in &self.defaults {
            if told & place_bit(*place) == 0 {
                // The place and type are the record's own.
                let _ = record.put(*place, value.held());
                stale &= !place_bit(*place);
            }
        }
        while stale != 0 {
            let place = stale.trailing_zeros();
            let _ = record.put(usize::try_from(place).unwrap_or(0), Held::Null);
            stale &= stale - 1;
        }
        record
    }

    /// The place of a key, looked up once for rows that have it where those before them had it.
    fn place(&mut self, record: &dyn Record, at: usize, key: &'static str) -> Option<usize> {
        match self.places.get(at) {
            Some((known, place)) if std::ptr::eq(*known, key) => *place,
            _ => {
                let place = record.place(key);
                self.places.truncate(at);
                if self.places.len() == at {
                    self.places.push((key, place));
                }
                place
            }
        }
    }

    /// Takes a record back that is not needed any more.
    pub(super) fn back(&mut self, record: Box<dyn Record>) {
        self.spare = Some(record);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::value::Code;

    #[test]
    fn a_draft_in_used_memory_is_as_one_in_new_memory() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
        let text = |s: &str| Value::Text(s.into());
        let rows: [Fields; 5] = [
            vec![
                ("subject", text("đường hư")),
                ("instance", Value::Int(2)),
                ("steps", text("[]")),
            ],
            vec![("note", text("x")), ("registered_on", Value::Date(today))],
            // Of another type: what is there by default stays.
            vec![("instance", text("hai")), ("type", text("complaint"))],
            vec![("subject", text("đèn")), ("subject", text("cầu"))],
            Vec::new(),
        ];
        for kind in Kind::ALL {
            let mut drafts = Drafts::new(*kind, today);
            for row in rows.iter().cycle().take(12) {
                let mut got = drafts.of(row);
                let want = records::draft(*kind, row, today);
                let all = 0..want.keys().len();
                for place in all {
                    assert_eq!(got.held_at(place), want.held_at(place), "{kind:?} {row:?}");
                }
                assert_eq!(got.head(), &Head::default());
                got.head_mut().id = 7;
                drafts.back(got);
            }
        }
    }
}
