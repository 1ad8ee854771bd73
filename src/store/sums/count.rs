//! Counting the sums again from the petitions: to hold them against those that are kept, and to write them anew. Takes
//! the same memory however many petitions there are.
use super::super::{Db, Result};
use super::EVENTS;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::collections::{BTreeMap, HashMap};

/// Days of units held in memory before their sums are added to the table: each gives five of these at most.
pub(super) const HELD: usize = 30_000;

/// The unit of the sums of all units together.
const ALL: i64 = -1;

/// The count of each event.
pub(super) type Counts = [i64; EVENTS.len()];

/// Counts by day and unit.
pub(super) type Held = HashMap<String, HashMap<i64, Counts>>;

/// Sums on their way into a table.
struct Adder<'a> {
    conn: &'a Connection,
    days: Held,
    held: usize,
}

impl<'a> Adder<'a> {
    fn new(conn: &'a Connection) -> Self {
        Self {
            conn,
            days: HashMap::new(),
            held: 0,
        }
    }

    /// Adds an event on a day.
    fn event(&mut self, at: usize, day: &str, unit: i64) -> Result<()> {
        let Some(of_day) = self.days.get_mut(day) else {
            self.days.insert(day.to_owned(), HashMap::new());
            return self.event(at, day, unit);
        };
        let counts = of_day.entry(unit).or_insert_with(|| {
            self.held += 1;
            Counts::default()
        });
        if let Some(n) = counts.get_mut(at) {
            *n += 1;
        }
        if self.held > HELD {
            self.put_down()?;
        }
        Ok(())
    }

    fn put_down(&mut self) -> Result<()> {
        self.held = 0;
        put_down(self.conn, &mut self.days)
    }
}

/// What is held, under every span that it counts in (the view `rate_span`).
fn spans(days: &mut Held) -> BTreeMap<(String, i64), Counts> {
    let mut sums: BTreeMap<(String, i64), Counts> = BTreeMap::new();
    for (day, units) in days.drain() {
        let part = |letters: usize| day.get(..letters).unwrap_or(&day);
        for (unit, counts) in units {
            for (span, unit) in [
                (part(7).to_owned(), unit),
                (format!("y{}", part(4)), unit),
                (format!("d{}", part(3)), unit),
                (format!("t{}", part(10)), ALL),
                (format!("u{}", part(4)), ALL),
            ] {
                let sum = sums.entry((span, unit)).or_default();
                sum.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
            }
        }
    }
    sums
}

/// Adds what is held to the table, and holds nothing more.
pub(super) fn put_down(conn: &Connection, days: &mut Held) -> Result<()> {
    let sums = spans(days);
    let more: Vec<String> = EVENTS
        .iter()
        .map(|event| format!("{event} = {event} + excluded.{event}"))
        .collect();
    let mut add = conn.prepare_cached(&format!(
        "INSERT INTO rate_count(span, unit_id, {}) VALUES (?, ?{}) ON CONFLICT(span, unit_id) DO UPDATE SET {}",
        EVENTS.join(", "),
        ", ?".repeat(EVENTS.len()),
        more.join(", ")
    ))?;
    for ((span, unit), counts) in &sums {
        add.raw_bind_parameter(1, span)?;
        add.raw_bind_parameter(2, unit)?;
        for (at, n) in counts.iter().enumerate() {
            add.raw_bind_parameter(at + 3, n)?;
        }
        add.raw_execute()?;
    }
    Ok(())
}

/// Adds the sums of the petitions of `from` to the table of `to`.
fn add_up(from: &Connection, to: &Connection) -> Result<()> {
    let mut adder = Adder::new(to);
    let sql = format!("SELECT unit_id, {} FROM petition_days", EVENTS.join(", "));
    let mut stmt = from.prepare(&sql)?;
    let mut rows = stmt.query([])?;
    while let Some(row) = rows.next()? {
        let unit: i64 = row.get(0)?;
        for at in 0..EVENTS.len() {
            if let ValueRef::Text(day) = row.get_ref(at + 1)? {
                adder.event(at, &String::from_utf8_lossy(day), unit)?;
            }
        }
    }
    adder.put_down()
}

/// Counts the sums again from the petitions.
pub(super) fn recount(conn: &Connection) -> Result<()> {
    conn.execute_batch("DELETE FROM rate_count")?;
    add_up(conn, conn)
}

/// The next row of a table of sums that counts anything.
fn next(rows: &mut rusqlite::Rows) -> Result<Option<(String, i64, Counts)>> {
    let read = |row: &Row| -> rusqlite::Result<_> {
        let mut counts = Counts::default();
        for (at, n) in counts.iter_mut().enumerate() {
            *n = row.get(at + 2)?;
        }
        Ok((row.get(0)?, row.get(1)?, counts))
    };
    while let Some(row) = rows.next()? {
        let sum = read(row)?;
        if sum.2 != Counts::default() {
            return Ok(Some(sum));
        }
    }
    Ok(None)
}

impl Db<'_> {
    /// Whether the sums are those of the petitions, and what is kept of each day what there is, counted again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn sums_hold(&self) -> Result<bool> {
        if !self.days_hold()? {
            return Ok(false);
        }
        // A nameless file of its own, gone with the connection: the sums of a country are too many for the memory.
        let scratch = Connection::open("")?;
        let table: String = self.conn.query_row(
            "SELECT sql FROM sqlite_schema WHERE name = 'rate_count'",
            [],
            |r| r.get(0),
        )?;
        scratch.execute_batch(&format!("{table}; BEGIN"))?;
        add_up(self.conn, &scratch)?;
        let sql = format!(
            "SELECT span, unit_id, {} FROM rate_count ORDER BY span, unit_id",
            EVENTS.join(", ")
        );
        let (mut kept, mut counted) = (self.conn.prepare(&sql)?, scratch.prepare(&sql)?);
        let (mut kept, mut counted) = (kept.query([])?, counted.query([])?);
        loop {
            let sums = (next(&mut kept)?, next(&mut counted)?);
            match sums {
                (None, None) => return Ok(true),
                (kept, counted) if kept != counted => return Ok(false),
                _ => {}
            }
        }
    }
}
