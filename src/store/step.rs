//! Steps of petitions: rows are only added; what was taken back stays readable.
use super::query::OPEN;
use super::{Db, Result, StoreError, Tx};
use crate::domain::petition::{State, Step, StepKind};
use crate::domain::record::Kind;
use crate::domain::value::{Code, RecordId, UnitRef};
use chrono::NaiveDate;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row, params, params_from_iter};
use std::collections::BTreeMap;

/// A step with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRow {
    /// The step.
    pub step: Step,
    /// Why it was taken back, when it was.
    pub undone: Option<String>,
    /// What it changed in the petition, as JSON, to give back.
    pub before: Option<String>,
    /// The step, taken back since, that this one takes again.
    pub again: Option<i64>,
}

impl StepRow {
    /// The step that this one is, however often it was taken back and taken again.
    #[must_use]
    pub fn first(&self) -> i64 {
        self.again.unwrap_or(self.step.id)
    }
}

/// The free texts of a step that are there, by column; a taking back is a row of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct StepTexts {
    /// Row id.
    pub id: i64,
    /// Text by column.
    pub texts: BTreeMap<&'static str, String>,
}

/// Columns of a step that hold free text.
const FREE: [&str; 4] = ["note", "document", "reason", "why"];

fn date(text: Option<String>) -> Option<NaiveDate> {
    text.and_then(|s| NaiveDate::parse_from_str(&s, "%Y-%m-%d").ok())
}

/// A free text; one that was emptied is none.
fn text(row: &Row, at: usize) -> rusqlite::Result<Option<String>> {
    let text: Option<String> = row.get(at)?;
    Ok(text.filter(|s| !s.is_empty()))
}

fn code<T: Code>(text: Option<String>) -> Option<T> {
    text.and_then(|s| T::from_code(&s))
}

impl Db<'_> {
    /// A petition one of whose steps, not taken back, names a unit.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn step_naming(&self, unit: i64) -> Result<Option<i64>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT min(s.petition_id) FROM step s JOIN petition p ON p.id = s.petition_id \
                 WHERE s.to_unit_id = ? AND p.deleted_at IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM step x WHERE x.undoes = s.id)",
            )?
            .query_row([unit], |r| r.get(0))?)
    }

    /// All steps of a petition in the order taken, those taken back included.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn steps(&self, petition: i64) -> Result<Vec<StepRow>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT s.id, s.kind, s.done_on, s.document, s.note, s.to_unit_id, \
             (SELECT code FROM unit u WHERE u.id = s.to_unit_id), s.reply_due, s.jurisdiction, s.eligible, \
             s.complex, s.very_complex, s.remote, s.outcome, s.entered_at, s.who, s.before, \
             (SELECT why FROM step x WHERE x.undoes = s.id), s.days, s.reason, s.extent, s.lead_id, s.why, s.again \
             FROM step s WHERE s.petition_id = ? AND s.undoes IS NULL ORDER BY s.id",
        )?;
        let rows = stmt.query_map([petition], |r| {
            let to_id: Option<i64> = r.get(5)?;
            let to_code: Option<String> = r.get(6)?;
            let mut row = StepRow {
                step: Step {
                    id: r.get(0)?,
                    kind: code::<StepKind>(r.get(1)?),
                    on: date(r.get(2)?),
                    document: text(r, 3)?,
                    note: text(r, 4)?,
                    to: to_id.zip(to_code).map(|(id, code)| UnitRef { id, code }),
                    reply_due: date(r.get(7)?),
                    jurisdiction: code(r.get(8)?),
                    eligible: r.get(9)?,
                    complex: r.get(10)?,
                    very_complex: r.get(11)?,
                    remote: r.get(12)?,
                    outcome: code(r.get(13)?),
                    entered_at: r.get(14)?,
                    who: r.get(15)?,
                    days: r.get(18)?,
                    reason: text(r, 19)?,
                    lead: r.get::<_, Option<i64>>(21)?.map(RecordId),
                    why: text(r, 22)?,
                    ..Step::default()
                },
                before: r.get(16)?,
                again: r.get(23)?,
                undone: r.get(17)?,
            };
            row.step.set_extent(code(r.get(20)?));
            Ok(row)
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The free texts of every step of a petition, those taken back and the takings back included.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn step_texts(&self, petition: i64) -> Result<Vec<StepTexts>> {
        let sql = format!(
            "SELECT id, {} FROM step WHERE petition_id = ?",
            FREE.join(", ")
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map([petition], |r| {
            let mut texts = BTreeMap::new();
            for (at, column) in FREE.into_iter().enumerate() {
                if let Some(text) = r.get::<_, Option<String>>(at + 1)? {
                    texts.insert(column, text);
                }
            }
            Ok(StepTexts {
                id: r.get(0)?,
                texts,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether some paper of the matter that `lead` leads has a step of this kind, not taken back.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn matter_has_step(&self, lead: i64, kind: StepKind) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM step s WHERE s.kind = ?2 AND s.undoes IS NULL \
                 AND s.petition_id IN (SELECT ?1 UNION ALL SELECT id FROM petition WHERE duplicate_of_id = ?1 AND deleted_at IS NULL) \
                 AND NOT EXISTS (SELECT 1 FROM step x WHERE x.petition_id = s.petition_id AND x.undoes = s.id))",
            )?
            .query_row(params![lead, kind.code()], |r| r.get(0))?)
    }

    /// Petitions that still wait for someone, those removed included: their deadline may be wanted back. With `due`
    /// only those whose deadline lies on that day or later.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn open_petitions(&self, due: Option<NaiveDate>) -> Result<Vec<i64>> {
        let sql =
            format!("SELECT t.id FROM petition t WHERE {OPEN} AND (?1 IS NULL OR t.due_on >= ?1)");
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let ids = stmt.query_map([due.map(|d| d.to_string())], |r| r.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// The code of the rule that the present deadline stands on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn due_rule(&self, petition: i64) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT due_rule FROM petition WHERE id = ?")?
            .query_row([petition], |r| r.get(0))?)
    }
}

/// Adds one row of a step.
pub(super) fn insert_step(
    conn: &Connection,
    petition: i64,
    step: &Step,
    before: Option<&str>,
    (op, again): (Option<i64>, Option<i64>),
) -> Result<i64> {
    let kind = step
        .kind
        .ok_or_else(|| StoreError::Sql("a step without a kind".into()))?;
    conn.prepare_cached(
        "INSERT INTO step(petition_id, kind, done_on, document, note, to_unit_id, reply_due, jurisdiction, \
         eligible, complex, very_complex, remote, outcome, before, entered_at, who, days, reason, extent, lead_id, why, op, again) \
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    )?
    .execute(params![
        petition, kind.code(), step.on.map(|d| d.to_string()), step.document, step.note,
        step.to.as_ref().map(|u| u.id), step.reply_due.map(|d| d.to_string()),
        step.jurisdiction.map(Code::code), step.eligible, step.complex, step.very_complex,
        step.remote, step.outcome.map(Code::code), before, step.entered_at, step.who,
        step.days, step.reason, step.extent().map(Code::code), step.lead.map(|lead| lead.0), step.why, op, again
    ])?;
    Ok(conn.last_insert_rowid())
}

/// What stands beside a petition of its steps and its deadline (with the code of its rule).
pub(super) fn state_columns(
    state: &State,
    due: Option<(NaiveDate, &str)>,
) -> [(&'static str, Sql); 12] {
    let text = |text: Option<&str>| text.map_or(Sql::Null, |t| Sql::Text(t.to_owned()));
    let day = |day: Option<NaiveDate>| day.map_or(Sql::Null, |d| Sql::Text(d.to_string()));
    [
        ("stage", text(Some(state.stage.code()))),
        ("due_on", day(due.map(|(day, _)| day))),
        ("due_rule", text(due.map(|(_, rule)| rule))),
        ("last_on", day(state.last_on)),
        ("accepted_on", day(state.accepted_on)),
        ("handled_on", day(state.handled_on)),
        ("forwarded_on", day(state.forwarded_on)),
        ("replied_on", day(state.replied_on)),
        ("resolved_on", day(state.resolved_on)),
        ("closed_on", day(state.closed_on)),
        ("outcome", text(state.outcome.map(Code::code))),
        ("ended", text(state.ended.map(Code::code))),
    ]
}

impl Tx<'_> {
    /// Adds a step; `before` is what it changes in the petition, as JSON, `again` the step that it takes again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn add_step(
        &self,
        petition: i64,
        step: &Step,
        before: Option<&str>,
        again: Option<i64>,
    ) -> Result<i64> {
        let op = self.operation((&step.who, &step.entered_at), (Kind::Petition, petition))?;
        insert_step(self.conn(), petition, step, before, (op, again))
    }

    /// Notes that a step was taken back.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn undo_step(
        &self,
        petition: i64,
        step: i64,
        why: &str,
        stamp: (&str, &str),
    ) -> Result<()> {
        let op = self.operation(stamp, (Kind::Petition, petition))?;
        self.conn()
            .prepare_cached(
                "INSERT INTO step(petition_id, kind, undoes, why, who, entered_at, op) VALUES (?, 'undo', ?, ?, ?, ?, ?)",
            )?
            .execute(params![petition, step, why, stamp.0, stamp.1, op])?;
        Ok(())
    }

    /// Empties a free text of a step of a denunciation that names its writer (LTC Đ8.3); the step itself stands.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn blank_step(&self, step: i64, column: &'static str) -> Result<()> {
        let sql = format!("UPDATE step SET {column} = '' WHERE id = ?");
        self.conn().execute(&sql, [step])?;
        Ok(())
    }

    /// Keeps the fold of the steps beside them, with the deadline that follows from it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_state(
        &self,
        petition: i64,
        state: &State,
        due: Option<(NaiveDate, &str)>,
    ) -> Result<()> {
        let columns = state_columns(state, due);
        let names: Vec<String> = columns.iter().map(|(n, _)| format!("{n} = ?")).collect();
        let sql = format!("UPDATE petition SET {} WHERE id = ?", names.join(", "));
        let values = columns.into_iter().map(|(_, value)| value);
        let values = values.chain([Sql::Integer(petition)]);
        self.conn()
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))?;
        Ok(())
    }
}
