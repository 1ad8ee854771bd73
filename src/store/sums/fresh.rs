//! Sums of very many records counted while these are added: to read all of them again for that takes as long as adding
//! them. What counts is what the views `petition_days` and `day_counted` say.
use super::super::Result;
use super::super::query::OPEN_STAGES;
use super::EVENTS;
use super::count::{Counts, HELD, Held as Days, put_down};
use crate::domain::date::iso;
use crate::domain::hash::QuickMap;
use crate::domain::petition::{Ended, State};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Held};
use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;

/// What was added since the sums were put down.
#[derive(Debug, Clone)]
pub(in crate::store) struct Fresh {
    kind: Kind,
    /// Petitions received, by day and unit: of a new book nothing else may be known, and a count lies closer than all.
    received: QuickMap<(NaiveDate, i64), i64>,
    /// The count of each other event, by day and unit.
    events: QuickMap<(NaiveDate, i64), Counts>,
    /// What is kept of each day, by what it is and the year.
    days: QuickMap<(&'static str, i32), Year>,
}

/// A count for each day of a year, the first of January first.
#[derive(Debug, Clone)]
struct Year(Vec<i64>);

/// Years of days that are held at most.
const YEARS: usize = 1_000;

/// Days of the longest year.
const DAYS: usize = 366;

/// The days of a petition that its events are counted on.
struct Course<'a> {
    received: Option<NaiveDate>,
    state: &'a State,
    due: Option<NaiveDate>,
    /// A case of which the resolution is counted.
    case: bool,
    /// A paper of which the answer is counted.
    ask: bool,
}

impl<'a> Course<'a> {
    fn of(record: &dyn Record, state: &'a State, due: Option<NaiveDate>) -> Self {
        let text = |key: &str| match record.held(key) {
            Held::Text(text) => Some(text),
            _ => None,
        };
        let own = text("jurisdiction") == Some("own") && record.held("duplicate_of") == Held::Null;
        let kind = text("type").unwrap_or_default();
        Self {
            received: day(record, "received_on"),
            case: own
                && matches!(kind, "complaint" | "denunciation")
                && state.accepted_on.is_some(),
            ask: own && matches!(kind, "recommendation" | "feedback"),
            state,
            due,
        }
    }

    /// Whether its days cannot be: such a petition is in no sum (the index `petition_odd`).
    fn is_odd(&self) -> bool {
        let before =
            |a: Option<NaiveDate>, b: Option<NaiveDate>| a.zip(b).is_some_and(|(a, b)| a < b);
        let state = self.state;
        before(state.handled_on, self.received)
            || before(state.closed_on, state.accepted_on)
            || before(state.closed_on, self.received)
            || before(state.replied_on, state.forwarded_on)
            || (state.resolved_on.is_some() && state.resolved_on != state.closed_on)
    }

    /// The day of each event, in the order of [`EVENTS`].
    fn events(&self) -> [Option<NaiveDate>; EVENTS.len()] {
        let state = self.state;
        let when = |so: bool, day: Option<NaiveDate>| day.filter(|_| so);
        let (case, ask) = (self.case, self.ask);
        let resolved = state.resolved_on.is_some();
        let withdrawn = matches!(state.ended, Some(Ended::Withdrawn | Ended::Terminated));
        let in_time = state
            .resolved_on
            .zip(self.due)
            .is_some_and(|(on, due)| on <= due);
        [
            self.received,
            state.handled_on,
            when(case, state.accepted_on),
            when(case, state.closed_on),
            when(case && resolved, state.closed_on),
            when(case && !resolved && withdrawn, state.closed_on),
            when(case && in_time, state.closed_on),
            when(ask, self.received),
            when(ask, state.closed_on),
            when(ask && resolved, state.closed_on),
            state.forwarded_on,
            when(state.forwarded_on.is_some(), state.replied_on),
        ]
    }
}

fn day(record: &dyn Record, key: &str) -> Option<NaiveDate> {
    match record.held(key) {
        Held::Date(day) => Some(day),
        _ => None,
    }
}

impl Fresh {
    /// Begins for records of a kind.
    pub(in crate::store) fn new(kind: Kind) -> Self {
        Self {
            kind,
            received: QuickMap::default(),
            events: QuickMap::default(),
            days: QuickMap::default(),
        }
    }

    /// Counts a record that was added to `conn`; a petition with its fold and its deadline, where it has steps.
    ///
    /// # Errors
    /// A failure of the database.
    pub(in crate::store) fn add(
        &mut self,
        conn: &Connection,
        record: &dyn Record,
        settled: Option<(&State, Option<NaiveDate>)>,
    ) -> Result<()> {
        match (self.kind, record.kind()) {
            (Kind::Petition, Kind::Petition) => match settled {
                Some((state, due)) => self.petition(record, state, due),
                None => self.petition(record, &State::new(day(record, "received_on")), None),
            },
            (Kind::Reception, Kind::Reception) => {
                if let Some(on) = day(record, "received_on") {
                    self.on_day(("reception", on));
                }
            }
            _ => {}
        }
        if self.received.len() + self.events.len() > HELD || self.days.len() > YEARS {
            self.put_down(conn)?;
        }
        Ok(())
    }

    fn on_day(&mut self, (what, on): (&'static str, NaiveDate)) {
        let year = self.days.entry((what, on.year()));
        let Year(days) = year.or_insert_with(|| Year(vec![0; DAYS]));
        if let Some(n) = days.get_mut(on.ordinal0() as usize) {
            *n += 1;
        }
    }

    fn petition(&mut self, record: &dyn Record, state: &State, due: Option<NaiveDate>) {
        let received = day(record, "received_on");
        let stage = OPEN_STAGES.iter().find(|open| **open == state.stage.code());
        if let Some(stage) = stage {
            let both = [received.map(|on| (*stage, on)), due.map(|on| ("due", on))];
            both.into_iter().flatten().for_each(|of| self.on_day(of));
        }
        let course = Course::of(record, state, due);
        if course.is_odd() {
            return;
        }
        let unit = match record.held("unit") {
            Held::Unit(unit) => unit.id,
            _ => 0,
        };
        if let Some(on) = received {
            *self.received.entry((on, unit)).or_default() += 1;
        }
        for (at, on) in course.events().into_iter().enumerate().skip(1) {
            let counts = on.map(|on| self.events.entry((on, unit)).or_default());
            if let Some(n) = counts.and_then(|counts| counts.get_mut(at)) {
                *n += 1;
            }
        }
    }

    /// Adds what was counted to the tables.
    ///
    /// # Errors
    /// A failure of the database.
    pub(in crate::store) fn put_down(&mut self, conn: &Connection) -> Result<()> {
        let mut days = Days::new();
        for ((on, unit), counts) in self.events.drain() {
            days.entry(iso(on)).or_default().insert(unit, counts);
        }
        for ((on, unit), n) in self.received.drain() {
            let counts = days.entry(iso(on)).or_default().entry(unit).or_default();
            if let Some(first) = counts.first_mut() {
                *first += n;
            }
        }
        put_down(conn, &mut days)?;
        let sql = "INSERT INTO day_count(what, day, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n";
        let mut add = conn.prepare_cached(sql)?;
        let mut years: Vec<_> = self.days.drain().collect();
        years.sort_unstable_by_key(|(of, _)| *of);
        for ((what, year), Year(days)) in years {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).into_iter();
            for (on, n) in first.flat_map(|day| day.iter_days()).zip(days) {
                if n > 0 {
                    add.execute((what, iso(on), n))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::petition::Stage;
    use crate::domain::record::blank;
    use crate::domain::value::{UnitRef, Value};
    use crate::store::{Expected, Store, StoreError};

    /// Numbers that are not in order, the same each time.
    struct Any(u64);

    impl Any {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) % n
        }

        fn day(&mut self) -> Option<NaiveDate> {
            let n = self.below(40);
            let start = NaiveDate::from_ymd_opt(2019, 12, 20)?;
            (n > 4).then(|| start + chrono::Days::new(n))
        }

        fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
            of[usize::try_from(self.below(of.len() as u64)).unwrap()]
        }
    }

    fn petition(any: &mut Any, n: i64) -> (Box<dyn Record>, State, Option<NaiveDate>) {
        let mut record = blank(Kind::Petition);
        let received = any.day().or(NaiveDate::from_ymd_opt(2020, 1, 1)).unwrap();
        let kind = any.one(&["complaint", "denunciation", "recommendation", "feedback"]);
        let mut set = |key: &str, value: Value| record.set(key, value).unwrap();
        set("received_on", Value::Date(received));
        set("type", Value::Text(kind.into()));
        set("subject", Value::Text("Việc".into()));
        set(
            "jurisdiction",
            Value::Text(any.one(&["own", "own", "other"]).into()),
        );
        for key in ["complex", "very_complex", "remote"] {
            set(key, Value::Bool(false));
        }
        set("instance", Value::Int(1));
        if n > 1 && any.below(4) == 0 {
            set("duplicate_of", Value::Ref(1));
        }
        if any.below(2) == 0 {
            let id = i64::try_from(any.below(3)).unwrap() + 1;
            set(
                "unit",
                Value::Unit(UnitRef {
                    id,
                    code: String::new(),
                }),
            );
        }
        let mut state = State::new(Some(received));
        if any.below(3) > 0 {
            state.accepted_on = any.day();
            state.handled_on = any.day();
            state.closed_on = any.day();
            state.resolved_on = [state.closed_on, None, any.day()][any.below(3) as usize];
            state.forwarded_on = any.day();
            state.replied_on = any.day();
            state.ended = [
                None,
                Some(Ended::Withdrawn),
                Some(Ended::Terminated),
                Some(Ended::Filed),
            ][any.below(4) as usize];
            state.stage = Stage::ALL[any.below(Stage::ALL.len() as u64) as usize];
        }
        (record, state, any.day())
    }

    #[test]
    fn what_was_counted_while_it_was_added_is_what_the_records_give() {
        let mut store = Store::in_memory().unwrap();
        let mut any = Any(7);
        for rows in [2_000, 3_000] {
            let stamp = ("thu", "2026-01-02");
            let of = |kind| Expected {
                decided: true,
                kind,
                rows,
                looked_up: false,
                alone: false,
            };
            let done = store.write::<_, StoreError>(|tx| {
                tx.bulk::<_, StoreError>(of(Kind::Petition), stamp, |bulk| {
                    for n in 0..rows {
                        let (mut record, state, due) = petition(&mut any, n as i64 + 1);
                        let due = due.map(|due| (due, "rule"));
                        bulk.add_petition(
                            record.as_mut(),
                            Some(2020),
                            stamp,
                            (&[], &[]),
                            (&state, due),
                        )?;
                    }
                    Ok(())
                })?;
                tx.bulk::<_, StoreError>(of(Kind::Reception), stamp, |bulk| {
                    let mut record = blank(Kind::Reception);
                    record
                        .set("received_on", Value::Date("2020-01-05".parse().unwrap()))
                        .unwrap();
                    for (key, text) in [("content", "Việc"), ("mode", "regular")] {
                        record.set(key, Value::Text(text.into())).unwrap();
                    }
                    record.set("people", Value::Int(1)).unwrap();
                    bulk.add(record.as_mut(), Some(2020), stamp)?;
                    Ok(())
                })
            });
            done.unwrap();
            assert!(store.read().sums_hold().unwrap());
        }
        let counted = |sql| {
            store
                .read()
                .conn
                .query_row(sql, [], |r| r.get::<_, i64>(0))
                .unwrap()
        };
        assert!(
            counted(
                "SELECT min(n) FROM (SELECT sum(on_time) n FROM rate_count UNION ALL SELECT sum(answered) \
             FROM rate_count UNION ALL SELECT sum(withdrawn) FROM rate_count)"
            ) > 10
        );
        assert_eq!(
            counted("SELECT sum(n) FROM day_count WHERE what = 'reception'"),
            2
        );
    }
}
