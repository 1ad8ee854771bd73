//! Carrying a plan out: one transaction, one operation. What was judged stands unless somebody has written since.
use super::draft::Drafts;
use super::inside::{HEIRS, Inside, take_heirs};
use super::key::identifies;
use super::links::is_pending;
use super::number::take_number;
use super::packed::take_steps;
use super::ready::{Due, Ready};
use super::stage::{Decided, each_new};
use super::value::Fields;
use super::{EACH, Phase, Plan, Prepared, Progress, Watch, natural_key, pieces, stopped};
use crate::app::ground::deadline;
use crate::app::rules::{self, Env};
use crate::app::{Cx, Error, Result, long, petitions, records, secrecy};
use crate::domain::petition::{Petition, Step, fold};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{RecordId, Value};
use crate::domain::words::Msg;
use crate::store::{Action, Bulk, Change, Expected, Taken, Tx};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Who and when, for the history.
type Stamp<'a> = (&'a str, &'a str);

/// Writes what was planned: all of it, or nothing.
///
/// # Errors
/// A plan with problems, a record that somebody entered or changed meanwhile, the end asked for, or a failure of the
/// database; nothing is kept then.
pub fn carry_out(cx: &mut Cx, mut prepared: Prepared, watch: Watch) -> Result<Plan> {
    let plan = prepared.plan.clone();
    if plan.error > 0 {
        return Err(Error::refused(Msg::new(
            format!(
                "{} dòng chưa nhập được; sửa rồi nhập lại. Chưa ghi gì.",
                plan.error
            ),
            format!(
                "{} rows cannot be taken; mend them and import again. Nothing was written.",
                plan.error
            ),
        )));
    }
    if plan.create + plan.update == 0 {
        return Ok(plan);
    }
    // Units point to each other in more ways than rows do, and there are never so many.
    if plan.create + plan.update > prepared.at_once && prepared.kind != Kind::Unit {
        return pieces::carry_out(cx, prepared, watch);
    }
    long::settled(cx, prepared.kind)?;
    cx.store.make_room();
    let at_index = cx.store.at_index();
    let mut plan = plan;
    let wiped = cx.write(|tx, env, stamp| {
        long::none_waits(tx.read(), prepared.kind)?;
        let env = &env.of_written();
        let moved =
            tx.version()? != prepared.version || tx.read().newest_history()? != prepared.newest;
        let job = Job {
            tx,
            env,
            kind: prepared.kind,
            drafts: Drafts::new(prepared.kind, env.today).into(),
            stamp,
            moved,
            beside: moved.then_some((prepared.newest, None)),
            pointed: &prepared.pointed.clone(),
            made: RefCell::default(),
            later: RefCell::default(),
            unlinked: RefCell::default(),
        };
        let wiped = job.run(&mut prepared, watch)?;
        plan.unlinked = job.unlinked.take();
        Ok(wiped)
    })?;
    // First of all, whatever becomes of the index.
    let scrubbed = if wiped.is_empty() {
        Ok(())
    } else {
        secrecy::scrub(cx, &wiped)
    };
    find_them(cx, watch);
    drop(at_index);
    scrubbed?;
    Ok(plan)
}

/// Lets find learn the words of what was written: there is nothing left to stop, and what the index lacks after a failure
/// it gets at the next opening.
pub(super) fn find_them(cx: &mut Cx, watch: Watch) {
    let _ = cx.store.catch_up(&mut |rows, all| {
        let _ = watch(Progress {
            phase: Phase::Index,
            rows,
            part: part(rows, all),
        });
    });
}

/// Part of 1000 of a whole.
pub(super) fn part(done: usize, all: usize) -> u32 {
    u32::try_from(done * 1000 / all.max(1)).unwrap_or(1000)
}

/// Writes rows of a plan within a transaction.
pub(super) struct Job<'a> {
    pub(super) tx: &'a Tx<'a>,
    pub(super) env: &'a Env,
    pub(super) kind: Kind,
    pub(super) drafts: RefCell<Drafts>,
    pub(super) stamp: Stamp<'a>,
    /// Somebody has written since the plan was made, in another program or in this one: what is new is judged again.
    pub(super) moved: bool,
    /// A record that somebody changed after this place in the history, beside this operation, stays as it is.
    pub(super) beside: Option<(i64, Option<i64>)>,
    /// Rows to which others point.
    pub(super) pointed: &'a HashSet<i64>,
    /// The records that these have made.
    pub(super) made: RefCell<HashMap<i64, i64>>,
    /// Links of records to others that were not made yet: row, record, fields.
    pub(super) later: RefCell<Vec<(usize, i64, Fields)>>,
    /// Rows whose link to another row was lost.
    pub(super) unlinked: RefCell<Vec<usize>>,
}

impl Job<'_> {
    fn run(&self, prepared: &mut Prepared, watch: Watch) -> Result<Vec<secrecy::Wiped>> {
        let all = prepared.stage.rows();
        let rows = prepared.stage.read(self.kind)?;
        let mut done = 0;
        let mut step = |done: usize| {
            let go = !done.is_multiple_of(EACH)
                || watch(Progress {
                    phase: Phase::Write,
                    rows: done,
                    part: part(done, all),
                });
            if go { Ok(()) } else { Err(stopped()) }
        };
        let mut units: Vec<Decided> = Vec::new();
        let expected = Expected {
            kind: self.kind,
            rows: prepared.plan.create,
            // Rows that point to others of the file are judged again.
            looked_up: self.moved || !self.pointed.is_empty(),
            alone: prepared.plan.update == 0 && self.pointed.is_empty(),
            decided: true,
        };
        self.tx.bulk::<_, Error>(expected, self.stamp, |bulk| {
            bulk.numbers_from(self.kind, &prepared.numbers);
            each_new(rows, |mut decided| {
                if self.kind == Kind::Unit {
                    units.push(decided);
                    return Ok(());
                }
                step(done)?;
                self.create(bulk, &mut decided)?;
                done += 1;
                Ok(())
            })
        })?;
        let mut wiped = Vec::new();
        // Rows in a circle: each is there now.
        for (row, id, fields) in self.later.take() {
            wiped.extend(self.alter((self.kind, id), row, fields)?);
        }
        let heirs = self.add_units(units)?;
        if prepared.plan.update > 0 {
            // Read once more: all of them may be too many for the memory.
            let mut rows = prepared.stage.read(self.kind)?;
            while let Some((row, id, fields, inside)) = rows.next()? {
                let Some(id) = id else { continue };
                step(done)?;
                wiped.extend(self.change((self.kind, id), row, fields)?);
                wiped.extend(self.change_inside(row, id, inside)?);
                done += 1;
            }
        }
        // What a unit became may be made by any row of the file.
        for (row, id, list) in heirs {
            let fields = vec![(HEIRS, list)];
            wiped.extend(self.alter((Kind::Unit, id), row, fields)?);
        }
        Ok(wiped)
    }

    /// Opinions of a dialogue that is there: new ones, and those that say something else.
    pub(super) fn change_inside(
        &self,
        row: usize,
        id: i64,
        inside: Inside,
    ) -> Result<Vec<secrecy::Wiped>> {
        let mut wiped = Vec::new();
        let (known, new): (Inside, Inside) = inside.into_iter().partition(|(id, _)| id.is_some());
        for (opinion, fields) in known {
            let of = (Kind::Opinion, opinion.unwrap_or(0));
            wiped.extend(self.change(of, row, fields)?);
        }
        if new.is_empty() {
            return Ok(wiped);
        }
        let expected = Expected {
            kind: Kind::Opinion,
            rows: new.len(),
            looked_up: true,
            alone: false,
            decided: true,
        };
        self.tx.bulk::<_, Error>(expected, self.stamp, |bulk| {
            for (_, fields) in new {
                self.add_opinion(bulk, row, id, fields)?;
            }
            Ok(())
        })?;
        Ok(wiped)
    }

    /// Adds what a row says is new, with what comes inside it; no more is needed of it then but its memory.
    pub(super) fn create(&self, bulk: &mut Bulk, decided: &mut Decided) -> Result<i64> {
        let (row, _, fields, inside) = decided;
        let id = self.add(bulk, *row, fields)?;
        for (_, opinion) in inside.drain(..) {
            self.add_opinion(bulk, *row, id, opinion)?;
        }
        Ok(id)
    }

    fn add_opinion(
        &self,
        bulk: &mut Bulk,
        row: usize,
        dialogue: i64,
        fields: Fields,
    ) -> Result<()> {
        let mut fields = fields;
        fields.push(("dialogue", Value::Ref(dialogue)));
        let mut record = records::draft_of(Kind::Opinion, fields, self.env.today);
        rules::complete(self.tx.read(), self.env, record.as_mut())?;
        self.held(row, record.as_mut())?;
        bulk.add(record.as_mut(), None, self.stamp)?;
        Ok(())
    }

    /// Puts the records that rows of this file have made where fields point to these rows; whether any did. What is
    /// not made yet is taken out and given back.
    fn joined(&self, fields: &mut Fields) -> (bool, Fields) {
        let mut any = false;
        if !fields.iter().any(|(_, value)| is_pending(value)) {
            return (false, Fields::new());
        }
        let made = self.made.borrow();
        for (_, value) in fields.iter_mut().filter(|(_, value)| is_pending(value)) {
            if let Value::Ref(row) = value
                && let Some(id) = made.get(&-*row)
            {
                *value = Value::Ref(*id);
                any = true;
            }
        }
        let (later, now) = std::mem::take(fields)
            .into_iter()
            .partition(|(_, value)| is_pending(value));
        *fields = now;
        (any, later)
    }

    fn draft(&self, fields: &Fields) -> Result<Box<dyn Record>> {
        let mut record = self.drafts.borrow_mut().of(fields);
        rules::complete(self.tx.read(), self.env, record.as_mut())?;
        Ok(record)
    }

    /// What was judged before somebody wrote is judged again.
    fn still(&self, row: usize, record: &mut dyn Record) -> Result<()> {
        if self.moved {
            self.held(row, record)
        } else {
            Ok(())
        }
    }

    fn held(&self, row: usize, record: &mut dyn Record) -> Result<()> {
        rules::hold(self.tx.read(), self.env, record, None).map_err(|e| at_row(row, e))
    }

    fn add(&self, bulk: &mut Bulk, row: usize, fields: &mut Fields) -> Result<i64> {
        let mut number = take_number(fields);
        // One that somebody has taken meanwhile is given anew.
        if let (Some((seq, year)), Some(_)) = (number, self.beside)
            && self.tx.read().by_number(self.kind, seq, year)?.is_some()
        {
            number = None;
        }
        let (mut steps, kept) = take_steps(fields, self.env.today);
        self.settle_steps(row, &mut steps);
        let (joined, later) = self.joined(fields);
        let mut record = self.draft(fields)?;
        record.head_mut().number = number;
        if joined {
            self.held(row, record.as_mut())?;
        } else {
            self.still(row, record.as_mut())?;
        }
        if self.moved && identifies(record.as_ref()) {
            let keys = natural_key(self.kind);
            if !self.tx.read().agreeing(record.as_ref(), keys)?.is_empty() {
                return Err(meanwhile(row));
            }
        }
        if let Some((seq, year)) = number.filter(|_| self.moved)
            && self.tx.read().by_number(self.kind, seq, year)?.is_some()
        {
            return Err(meanwhile(row));
        }
        let id = self.put(bulk, record.as_mut(), (&steps, &kept), None)?;
        let (at, row) = (row, i64::try_from(row).unwrap_or(i64::MAX));
        if self.pointed.contains(&row) {
            self.made.borrow_mut().insert(row, id);
        }
        if !later.is_empty() {
            self.later.borrow_mut().push((at, id, later));
        }
        self.drafts.borrow_mut().back(record);
        Ok(id)
    }

    /// Adds a record that was judged and is nothing but its fields.
    pub(super) fn enter(
        &self,
        bulk: &mut Bulk,
        row: usize,
        Ready { record, due }: &mut Ready,
    ) -> Result<i64> {
        self.still(row, record.as_mut())?;
        self.put(bulk, record.as_mut(), (&[], &[]), Some(*due))
    }

    fn put(
        &self,
        bulk: &mut Bulk,
        record: &mut dyn Record,
        taken: Taken,
        due: Option<Due>,
    ) -> Result<i64> {
        let year = rules::number_year(record);
        Ok(
            if let Some(petition) = record.as_any().downcast_ref::<Petition>() {
                let state = fold(petition.received_on, taken.0);
                let counted = || deadline(self.env, petition, &state);
                let due = due.map_or_else(counted, |due| due.by(&self.env.rules));
                bulk.add_petition(record, year, self.stamp, taken, (&state, due))?
            } else {
                bulk.add(record, year, self.stamp)?
            },
        )
    }

    /// Says of steps who takes them and when, and to which petition they link: one that a row of this file has made,
    /// or none where that was not made.
    fn settle_steps(&self, row: usize, steps: &mut [Step]) {
        let made = self.made.borrow();
        for step in steps {
            self.stamp.0.clone_into(&mut step.who);
            self.stamp.1.clone_into(&mut step.entered_at);
            let there = |lead: RecordId| match lead.0 {
                other if other < 0 => {
                    let lead = made.get(&-other).copied().map(RecordId);
                    if lead.is_none() {
                        self.unlinked.borrow_mut().push(row);
                    }
                    lead
                }
                _ => Some(lead),
            };
            step.lead = step.lead.and_then(there);
        }
    }

    /// Adds units, those above before those below, whatever their order in the file. What they became is given back,
    /// to be said when all of them are there.
    fn add_units(&self, mut waiting: Vec<Decided>) -> Result<Vec<(usize, i64, Value)>> {
        let mut heirs = Vec::new();
        while !waiting.is_empty() {
            let mut later = Vec::new();
            let before = waiting.len();
            let mut last = None;
            for (row, id, fields, inside) in waiting {
                match self.add_unit(row, &fields) {
                    Ok(made) => {
                        let list = fields.into_iter().find(|(key, _)| *key == HEIRS);
                        heirs.extend(list.map(|(_, list)| (row, made, list)));
                    }
                    Err(Error::Refused(problems)) => {
                        last = Some(Error::Refused(problems));
                        later.push((row, id, fields, inside));
                    }
                    Err(other) => return Err(other),
                }
            }
            if later.len() == before {
                return last.map_or(Ok(heirs), Err);
            }
            waiting = later;
        }
        Ok(heirs)
    }

    fn add_unit(&self, row: usize, fields: &Fields) -> Result<i64> {
        let mut record = self.draft(fields)?;
        let agreeing = self
            .tx
            .read()
            .agreeing(record.as_ref(), natural_key(self.kind))?;
        if !agreeing.is_empty() {
            return Err(meanwhile(row));
        }
        let held = rules::hold(self.tx.read(), self.env, record.as_mut(), None);
        held.map_err(|e| at_row(row, e))?;
        let id = self.tx.insert(record.as_mut(), None)?;
        let of = (Kind::Unit, id);
        self.tx
            .audit(self.stamp, of, Action::Add, &Change::default(), None)?;
        let parent = match record.get("parent") {
            Value::Unit(unit) => Some(unit.id),
            _ => None,
        };
        self.tx.place_unit(id, parent)?;
        Ok(id)
    }

    pub(super) fn change(
        &self,
        (kind, id): (Kind, i64),
        row: usize,
        fields: Fields,
    ) -> Result<Option<secrecy::Wiped>> {
        // What the file would change was told of the record as it was.
        if let Some((newest, own)) = self.beside
            && let of = (kind, id)
            && self.tx.read().changed_beside(of, newest, own)?.is_some()
        {
            return Err(meanwhile(row));
        }
        self.alter((kind, id), row, fields)
    }

    fn alter(
        &self,
        (kind, id): (Kind, i64),
        row: usize,
        mut fields: Fields,
    ) -> Result<Option<secrecy::Wiped>> {
        let heirs = take_heirs(&mut fields);
        let (mut steps, _) = take_steps(&mut fields, self.env.today);
        self.settle_steps(row, &mut steps);
        let (_, lost) = self.joined(&mut fields);
        if !lost.is_empty() {
            self.unlinked.borrow_mut().push(row);
        }
        let before = self
            .tx
            .read()
            .get(kind, id)?
            .ok_or_else(|| meanwhile(row))?;
        let edit = records::Edit {
            fields: &fields,
            heirs: heirs.as_deref(),
            why: None,
        };
        let (_, wiped) = records::change_fields(self.tx, self.env, before, &edit, self.stamp)?;
        for step in steps {
            let taken = petitions::take_in(self.tx, self.env, id, (step, None), self.stamp);
            taken.map_err(|e| at_row(row, e))?;
        }
        Ok(wiped)
    }
}

/// A refusal with its row.
fn at_row(row: usize, error: Error) -> Error {
    match error {
        Error::Refused(mut problems) => {
            problems.iter_mut().for_each(|p| p.row = Some(row));
            Error::Refused(problems)
        }
        other => other,
    }
}

pub(super) fn meanwhile(row: usize) -> Error {
    Error::Conflict(Msg::new(
        format!("Dòng {row}: người khác vừa ghi bản ghi này. Chưa ghi gì; hãy nhập lại."),
        format!(
            "Row {row}: someone else has just written this record. Nothing was written; import again."
        ),
    ))
}
