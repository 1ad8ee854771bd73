//! The statement that adds records of one kind, again and again.
use super::super::Result;
use super::super::record::{lend, places};
use super::super::table::{Col, table};
use super::Settled;
use crate::domain::date::iso;
use crate::domain::petition::State;
use crate::domain::record::{Kind, Record, place_bit};
use crate::domain::value::{Code, Held};
use chrono::NaiveDate;
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, Statement};

/// Columns that keep the fold of a petition's steps.
const STATE: &[&str] = &[
    "stage",
    "due_on",
    "due_rule",
    "last_on",
    "accepted_on",
    "handled_on",
    "forwarded_on",
    "replied_on",
    "resolved_on",
    "closed_on",
    "outcome",
    "ended",
];

/// Bytes of a text up to which it is known again.
const SHORT: usize = 22;

/// What a place of the statement holds since the record before: most fields of most records say the same or nothing, and
/// to give a text to SQLite takes a copy in memory of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    Null,
    Int(i64),
    /// So many bytes.
    Short(u8, [u8; SHORT]),
    Other,
}

impl Bound {
    /// Whether it is this value.
    fn is(&self, value: ValueRef) -> bool {
        match (self, value) {
            (Self::Null, ValueRef::Null) => true,
            (Self::Int(own), ValueRef::Integer(n)) => *own == n,
            (Self::Short(long, own), ValueRef::Text(text)) => {
                own.get(..usize::from(*long)) == Some(text)
            }
            _ => false,
        }
    }

    fn of(value: ValueRef) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(n) => Self::Int(n),
            ValueRef::Text(text) => {
                let mut short = [0; SHORT];
                match (short.get_mut(..text.len()), u8::try_from(text.len())) {
                    (Some(own), Ok(long)) => {
                        own.copy_from_slice(text);
                        Self::Short(long, short)
                    }
                    _ => Self::Other,
                }
            }
            _ => Self::Other,
        }
    }
}

/// A statement with what it holds.
#[derive(Debug)]
struct Holding<'a> {
    stmt: Statement<'a>,
    bound: Vec<Bound>,
}

impl Holding<'_> {
    /// Gives a place its value, unless it holds it.
    fn bind(&mut self, at: usize, value: &ToSqlOutput) -> Result<()> {
        let now = match value {
            ToSqlOutput::Borrowed(value) => *value,
            ToSqlOutput::Owned(value) => value.into(),
            _ => return Ok(self.stmt.raw_bind_parameter(at + 1, value)?),
        };
        let Some(before) = self.bound.get_mut(at).filter(|before| !before.is(now)) else {
            return Ok(());
        };
        self.stmt.raw_bind_parameter(at + 1, value)?;
        *before = Bound::of(now);
        Ok(())
    }

    fn bind_some(&mut self, at: usize, value: Option<ToSqlOutput>) -> Result<()> {
        self.bind(at, &value.unwrap_or(ToSqlOutput::Owned(Sql::Null)))
    }
}

/// The statement that adds a record, and where it takes the record's fields.
#[derive(Debug)]
pub(super) struct Insert<'a> {
    holding: Holding<'a>,
    /// By the place of a field among the record's, its column and place in the statement.
    places: Vec<Option<(Col, usize)>>,
    /// The places where the record before held something, and all that have a column.
    filled: u64,
    written: u64,
    /// The first place behind them.
    state: usize,
}

impl<'a> Insert<'a> {
    pub(super) fn of(conn: &'a Connection, kind: Kind, with_state: bool) -> Result<Self> {
        let table = table(kind);
        let first = if table.number_by.is_some() { 3 } else { 1 };
        let columns = table.columns.iter().zip(self::places(kind));
        let columns = columns.filter(|(column, _)| column.written);
        let (mut places, mut written, mut state) = (Vec::new(), 0, first);
        for (column, place) in columns {
            if places.len() <= *place {
                places.resize(place + 1, None);
            }
            if let Some(own) = places.get_mut(*place) {
                *own = Some((column.col, state));
            }
            written |= place_bit(*place);
            state += 1;
        }
        let stmt = conn.prepare(&insert_sql(kind, with_state))?;
        Ok(Self {
            holding: Holding {
                bound: vec![Bound::Null; stmt.parameter_count()],
                stmt,
            },
            places,
            // What is empty at first is told too: not every column is then.
            filled: written,
            written,
            state,
        })
    }

    /// Adds a record with its revision and number; a petition with where it stands.
    pub(super) fn run(
        &mut self,
        record: &dyn Record,
        (rev, number): (i64, Option<(i64, i32)>),
        settled: Option<Settled>,
    ) -> Result<()> {
        let Self {
            holding, places, ..
        } = self;
        holding.bind(0, &rev.into())?;
        if let Some((seq, year)) = number {
            holding.bind(1, &year.into())?;
            holding.bind(2, &seq.into())?;
        }
        let (mut filled, mut done) = (0, Ok(()));
        record.each(&mut |place, held| {
            if let Some(Some((col, at))) = places.get(place) {
                filled |= place_bit(place);
                if done.is_ok() {
                    done = holding.bind(*at, &lend(*col, held));
                }
            }
        });
        done?;
        let mut emptied = self.filled & self.written & !filled;
        while emptied != 0 {
            let place = emptied.trailing_zeros() as usize;
            if let Some(Some((col, at))) = places.get(place) {
                holding.bind(*at, &lend(*col, Held::Null))?;
            }
            emptied &= emptied - 1;
        }
        self.filled = filled;
        if let Some((state, due)) = settled {
            self.stand(state, due)?;
        }
        self.holding.stmt.raw_execute()?;
        Ok(())
    }

    /// Says where a petition stands.
    fn stand(&mut self, state: &State, due: Option<(NaiveDate, &str)>) -> Result<()> {
        let (at, holding) = (self.state, &mut self.holding);
        holding.bind(at, &state.stage.code().into())?;
        holding.bind_some(at + 1, due.map(|(day, _)| iso(day).into()))?;
        holding.bind_some(at + 2, due.map(|(_, rule)| rule.into()))?;
        let days = [
            state.last_on,
            state.accepted_on,
            state.handled_on,
            state.forwarded_on,
            state.replied_on,
            state.resolved_on,
            state.closed_on,
        ];
        for (n, day) in days.into_iter().enumerate() {
            holding.bind_some(at + 3 + n, day.map(|day| iso(day).into()))?;
        }
        let words = [
            state.outcome.map(Code::code),
            state.ended.map(|ended| ended.code()),
        ];
        for (n, word) in words.into_iter().enumerate() {
            holding.bind_some(at + 10 + n, word.map(ToSqlOutput::from))?;
        }
        Ok(())
    }
}

fn insert_sql(kind: Kind, with_state: bool) -> String {
    let table = table(kind);
    let mut names = vec!["rev"];
    if table.number_by.is_some() {
        names.extend(["number_year", "number_seq"]);
    }
    names.extend(table.columns.iter().filter(|c| c.written).map(|c| c.name));
    if with_state {
        names.extend(STATE);
    }
    let marks = vec!["?"; names.len()].join(",");
    format!(
        "INSERT INTO {}({}) VALUES ({marks})",
        table.name,
        names.join(",")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::petition::Ended;
    use crate::domain::record::blank;
    use crate::domain::value::Value;
    use crate::store::Store;

    #[test]
    fn each_record_is_written_as_it_is_whatever_the_one_before_held() {
        let store = Store::in_memory().unwrap();
        let mut insert = Insert::of(&store.conn, Kind::Petition, true).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let texts = [
            ("demand", ["Trả lời", "Trả lời", "", "Xem lại"]),
            (
                "note",
                ["", "dài hơn hai mươi hai byte thì không nhớ", "", "a"],
            ),
            ("officer", ["Lan", "Lan", "Thu", ""]),
        ];
        for n in 0..16 {
            let mut record = blank(Kind::Petition);
            let mut set = |key: &str, value: Value| record.set(key, value).unwrap();
            set("received_on", Value::Date(day("2026-01-02")));
            set("type", Value::Text("complaint".into()));
            set("subject", Value::Text(format!("Việc {n}")));
            set("jurisdiction", Value::Text("unknown".into()));
            set("instance", Value::Int(1 + n / 8));
            for key in ["complex", "very_complex", "remote"] {
                set(key, Value::Bool(n % 3 == 0));
            }
            for (key, all) in &texts {
                let text = all[(n % 4) as usize];
                if !text.is_empty() {
                    set(key, Value::Text(text.into()));
                }
            }
            if n % 5 < 2 {
                set("signers", Value::Int(n % 2 + 3));
            }
            let mut state = State::new(None);
            state.closed_on = (n % 2 == 0).then(|| day("2026-02-03"));
            state.ended = (n % 4 == 1).then_some(Ended::Withdrawn);
            let due = (n % 3 == 1).then(|| (day("2026-03-04"), "KN_ACCEPT"));
            insert
                .run(
                    record.as_ref(),
                    (1, Some((n + 1, 2026))),
                    Some((&state, due)),
                )
                .unwrap();
            let id = store.conn.last_insert_rowid();
            let read = store.read().get(Kind::Petition, id).unwrap().unwrap();
            let written = table(Kind::Petition).columns.iter().filter(|c| c.written);
            for key in written.map(|column| column.key) {
                assert_eq!(read.held(key), record.held(key), "{n} {key}");
            }
            let sql = "SELECT closed_on, ended, due_on, due_rule FROM petition WHERE id = ?";
            let stands: [Option<String>; 4] = store
                .conn
                .query_row(sql, [id], |r| {
                    Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?])
                })
                .unwrap();
            let want = [
                state.closed_on.map(iso),
                state.ended.map(|ended| ended.code().to_owned()),
                due.map(|(day, _)| iso(day)),
                due.map(|(_, rule)| rule.to_owned()),
            ];
            assert_eq!(stands, want, "{n}");
        }
    }
}
