//! Carrying out a plan of very many rows, so that others wait for a piece of it and never for all. First its rows are
//! gathered in the database where nobody sees them; giving up then leaves nothing. One transaction holds that nobody
//! has written against the plan and decides that all of it will be written; from then on pieces follow, by this program
//! or, after a kill, by the next one that opens the file. All rows come in, or none.
use super::draft::Drafts;
use super::key::{Key, identifies};
use super::referred::pointed;
use super::stage::{Decided, packed, unpacked};
use super::value::Fields;
use super::write::{Job, find_them, meanwhile, part};
use super::{Phase, Plan, Prepared, Progress, Watch, stopped};
use crate::app::long::{BATCH, Piece, Turn, at_work, begin, damaged, forget, pieces, same};
use crate::app::rules::Env;
use crate::app::{Cx, Error, Result, secrecy};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::t;
use crate::store::{Bulk, Db, Deed, Expected, Incoming, StoreError, Task, Tx, Work};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Records touched by others since the plan was made that are held against it; after more it is to be made again.
const TOUCHED: usize = 50_000;

/// Writes what was planned in pieces.
///
/// # Errors
/// As [`super::carry_out`]; also another work of this sort that is not done yet.
pub(super) fn carry_out(cx: &mut Cx, mut prepared: Prepared, watch: Watch) -> Result<Plan> {
    let mut plan = std::mem::take(&mut prepared.plan);
    let alone = at_work(cx)?;
    let all = prepared.stage.rows();
    let id = begin(cx, Task::Import, prepared.kind.code(), (0, all))?;
    let at_index = cx.store.at_index();
    let gathered = gather(cx, &mut prepared, &id, watch);
    let decided = gathered.and_then(|()| decide(cx, &prepared, &id));
    if let Err(error) = decided
        // What cannot be forgotten now is forgotten at the next opening; what was decided after all is written.
        && forget(cx, &id).unwrap_or(true)
    {
        return Err(error);
    }
    let written = pieces(cx, (&id, prepared.at_once), piece, &mut |work| {
        let done = usize::try_from(work.next - 1).unwrap_or(0).min(work.all);
        // There is nothing left to stop.
        let _ = watch(Progress {
            phase: Phase::Pieces,
            rows: done,
            part: part(done, work.all),
        });
    });
    drop(alone);
    // Whatever became of the rest: these are written.
    find_them(cx, watch);
    drop(at_index);
    let work = written?;
    (plan.left, plan.unlinked) = (work.left, work.unlinked);
    Ok(plan)
}

/// The next piece of an import, and how many rows it has at most.
pub(in crate::app) const PIECE: (Piece, usize) = (piece, super::AT_ONCE);

/// Goes on with an import that was decided and not ended; find is to learn its words then.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn go_on(cx: &mut Cx, id: &str) -> Result<Work> {
    let at_index = cx.store.at_index();
    let done = pieces(cx, (id, super::AT_ONCE), piece, &mut |_| ());
    drop(at_index);
    done
}

/// The import of which rows wait, and its register.
fn under_way(db: Db) -> Result<Option<Kind>> {
    match db.work() {
        Ok(work) => {
            let import = work.filter(|work| work.task == Task::Import);
            Ok(import.and_then(|work| work.register()))
        }
        Err(StoreError::Damaged(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A visit or an opinion has come to be about a denunciation: what rows that wait say of it may name who brought that,
/// and is wiped; these rows are left out.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn forget_waiting_of(tx: &Tx, record: &dyn Record) -> Result<()> {
    let id = match (under_way(tx.read())?, record.get("dialogue")) {
        (Some(Kind::Dialogue), Value::Ref(dialogue)) if record.kind() == Kind::Opinion => dialogue,
        (Some(kind), _) if kind == record.kind() => record.head().id,
        _ => return Ok(()),
    };
    for row in tx.read().incoming_of(id)? {
        tx.blank_incoming(row.n)?;
    }
    Ok(())
}

/// A petition has become a denunciation: what rows that wait say of it, or of what is linked to it, may name its
/// writer, and is wiped; these rows are left out.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn forget_waiting(tx: &Tx, petition: i64) -> Result<()> {
    let db = tx.read();
    let Some(kind) = under_way(db)? else {
        return Ok(());
    };
    if kind == Kind::Petition {
        for row in db.incoming_of(petition)? {
            tx.blank_incoming(row.n)?;
        }
        return Ok(());
    }
    let beside = match kind {
        Kind::Dialogue => Kind::Opinion,
        kind => kind,
    };
    if !secrecy::BESIDE.iter().any(|(kind, _)| *kind == beside) {
        return Ok(());
    }
    let linked: HashSet<i64> = db.linked_ever(beside, petition)?.into_iter().collect();
    let about = |id: Option<i64>, fields: &Fields| {
        id.is_some_and(|id| linked.contains(&id))
            || pointed(beside, fields).contains(&(Kind::Petition, petition))
    };
    let names = |row: &Incoming| match unpacked(&row.data, kind) {
        Ok((_, id, fields, inside)) => {
            inside.iter().any(|(id, fields)| about(*id, fields))
                || (kind == beside && about(id, &fields))
        }
        // One that cannot be read says nothing that could be written.
        Err(_) => true,
    };
    let mut rows = db.incoming(0, BATCH)?;
    while let Some(last) = rows.last() {
        let next = last.n + 1;
        for row in rows.iter().filter(|row| !row.data.is_empty()) {
            if names(row) {
                tx.blank_incoming(row.n)?;
            }
        }
        rows = db.incoming(next, BATCH)?;
    }
    Ok(())
}

/// Gathers the rows in the order in which they are written: what is new first, then what is changed.
fn gather(cx: &mut Cx, prepared: &mut Prepared, id: &str, watch: Watch) -> Result<()> {
    let (kind, all) = (prepared.kind, prepared.stage.rows());
    let mut done = 0;
    for changes in [false, true] {
        let mut rows = prepared.stage.read(kind)?;
        let mut ended = false;
        while !ended {
            cx.write_now(|tx, _, _| {
                same(tx.read(), id, false)?;
                let mut turn = Turn::new(prepared.at_once);
                while turn.goes_on() {
                    let Some(decided) = rows.next()? else {
                        ended = true;
                        return Ok(());
                    };
                    if decided.1.is_some() != changes {
                        continue;
                    }
                    let row = i64::try_from(decided.0).unwrap_or(i64::MAX);
                    let kept = prepared.pointed.contains(&row);
                    tx.put_incoming((row, decided.1), kept, &packed(&decided)?)?;
                    done += 1;
                }
                Ok(())
            })?;
            let go = watch(Progress {
                phase: Phase::Gather,
                rows: done,
                part: part(done, all),
            });
            if !go {
                return Err(stopped());
            }
        }
    }
    Ok(())
}

/// Holds that nobody has written against the plan since it was made, and decides that all of it will be written.
fn decide(cx: &mut Cx, prepared: &Prepared, id: &str) -> Result<()> {
    cx.write_now(|tx, _, stamp| {
        let mut work = same(tx.read(), id, false)?;
        unopposed(tx, prepared)?;
        work.decided = true;
        work.numbers = prepared.numbers.clone();
        work.newest = tx.read().newest_history()?;
        work.seen = work.newest;
        work.operation = Some(tx.begin_operation(stamp, (Deed::Change, None))?);
        Ok(tx.set_work(&work)?)
    })
}

fn again() -> Error {
    Error::Conflict(
        t(
            "Trong lúc soát, người khác đã sửa những gì tệp này dựa vào. Chưa ghi gì; hãy nhập lại.",
            "While the rows were checked someone changed what they stand on. Nothing was written; import again.",
        )
        .into(),
    )
}

/// Holds that what others have written since stands beside the plan: neither the units and records that its rows point
/// to, nor the records that these would make or change.
fn unopposed(tx: &Tx, prepared: &Prepared) -> Result<()> {
    let db = tx.read();
    let touched = db.touched_since(prepared.newest, TOUCHED)?;
    if touched.len() >= TOUCHED {
        return Err(again());
    }
    for (kind, id) in touched {
        let inside = (kind, prepared.kind) == (Kind::Opinion, Kind::Dialogue);
        if kind == Kind::Unit || inside || prepared.referred.has((kind, id)) {
            return Err(again());
        }
        if kind != prepared.kind {
            continue;
        }
        if db.is_incoming(id)? {
            return Err(again());
        }
        let Some(record) = db.get(kind, id)?.filter(|r| !r.head().deleted) else {
            continue;
        };
        if identifies(record.as_ref())
            && let Some(met) = prepared.met.get(Key::of(kind).number(record.as_ref()))?
        {
            return Err(meanwhile(usize::try_from(met.row).unwrap_or(usize::MAX)));
        }
    }
    Ok(())
}

/// Writes the next piece; false when nothing is left.
fn piece(
    tx: &Tx,
    env: &Env,
    (work, at_once): (&mut Work, usize),
    wiped: &mut Vec<secrecy::Wiped>,
) -> Result<bool> {
    let kind = work.register().ok_or_else(damaged)?;
    let rows = tx.read().incoming(work.next, BATCH)?;
    let Some(first) = rows.first() else {
        return Ok(false);
    };
    tx.goes_on(work.operation);
    let made: HashMap<i64, i64> = tx.read().made_before(work.next)?.into_iter().collect();
    let pointed = HashSet::new();
    let stamp = (work.who.clone(), work.at.clone());
    let stamp = (stamp.0.as_str(), stamp.1.as_str());
    let env = &env.of_written();
    let job = Job {
        tx,
        env,
        kind,
        drafts: Drafts::new(kind, env.today).into(),
        stamp,
        moved: work.moved,
        beside: Some((work.newest, work.operation)),
        pointed: &pointed,
        made: RefCell::new(made),
        later: RefCell::default(),
        unlinked: RefCell::default(),
    };
    let mut turn = Turn::new(at_once);
    let changes = first.record.is_some();
    work.next = if changes {
        job.change_piece(rows, &mut turn, (&mut work.left, wiped))?
    } else {
        let expected = Expected {
            decided: true,
            kind,
            rows: turn.rows(),
            looked_up: true,
            alone: false,
        };
        tx.bulk::<_, Error>(expected, stamp, |bulk| {
            bulk.numbers_from(kind, &work.numbers);
            job.new_piece(bulk, rows, &mut turn, &mut work.left)
        })?
    };
    // Rows in a circle: they wait behind all others.
    for (row, id, fields) in job.later.take() {
        let decided: Decided = (row, Some(id), fields, Vec::new());
        let row = i64::try_from(row).unwrap_or(i64::MAX);
        tx.put_incoming((row, Some(id)), false, &packed(&decided)?)?;
    }
    for row in job.unlinked.take() {
        if work.unlinked.last() != Some(&row) {
            work.unlinked.push(row);
        }
    }
    tx.forget_incoming(work.next)?;
    Ok(!tx.read().incoming(work.next, 1)?.is_empty())
}

/// What a change tells: rows left out, and what was wiped with the writers of denunciations.
type Said<'a> = (&'a mut Vec<usize>, &'a mut Vec<secrecy::Wiped>);

/// A row as messages name it.
fn of_file(row: i64) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

/// A row that a rule or a newer word of somebody else keeps out: that is told, and the others go on.
fn keep_out<T>(row: i64, done: Result<T>, left: &mut Vec<usize>) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Error::Refused(_) | Error::Conflict(_) | Error::NotFound(_)) => {
            left.push(of_file(row));
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

impl Job<'_> {
    /// A row of which all is written, or nothing; none when it is left out.
    fn whole<T>(
        &self,
        row: &Incoming,
        left: &mut Vec<usize>,
        write: impl FnOnce(Decided) -> Result<T>,
    ) -> Result<Option<T>> {
        // Wiped since it was taken.
        if row.data.is_empty() {
            left.push(of_file(row.row));
            return Ok(None);
        }
        let Ok(decided) = unpacked(&row.data, self.kind) else {
            // What cannot be read now never can: the others are not held up by it.
            left.push(of_file(row.row));
            return Ok(None);
        };
        let before = (self.later.borrow().len(), self.unlinked.borrow().len());
        let done = keep_out(row.row, write(decided), left)?;
        if done.is_none() {
            self.later.borrow_mut().truncate(before.0);
            self.unlinked.borrow_mut().truncate(before.1);
        }
        Ok(done)
    }

    /// Adds rows until the turn is over or what is changed begins; the place of the next.
    fn new_piece(
        &self,
        bulk: &mut Bulk,
        mut rows: Vec<Incoming>,
        turn: &mut Turn,
        left: &mut Vec<usize>,
    ) -> Result<i64> {
        let mut next = rows.first().map_or(1, |row| row.n);
        while !rows.is_empty() {
            for waiting in rows {
                if waiting.record.is_some() || !turn.goes_on() {
                    return Ok(waiting.n);
                }
                next = waiting.n + 1;
                let done =
                    self.whole(&waiting, left, |decided| self.create_whole(bulk, decided))?;
                if let Some(id) = done.filter(|_| waiting.kept) {
                    self.tx.incoming_made(waiting.n, id)?;
                    self.made.borrow_mut().insert(waiting.row, id);
                }
            }
            rows = self.tx.read().incoming(next, BATCH)?;
        }
        Ok(next)
    }

    /// As [`Job::create`]; when what comes inside a row is refused, the row is not there either.
    fn create_whole(&self, bulk: &mut Bulk, mut decided: Decided) -> Result<i64> {
        if decided.3.is_empty() {
            // Refused before anything of it is written.
            return self.create(bulk, &mut decided);
        }
        let before = bulk.mark();
        let done = self.tx.attempt(|| self.create(bulk, &mut decided));
        if done.is_err() {
            bulk.back_to(before);
        }
        done
    }

    /// Whether this import itself made or changed a record.
    fn is_own(&self, id: i64) -> Result<bool> {
        let own = self.beside.and_then(|(_, own)| own);
        Ok(match own {
            Some(own) => self.tx.read().in_operation(own, (self.kind, id))?,
            None => false,
        })
    }

    /// Changes records until the turn is over; the place of the next.
    fn change_piece(
        &self,
        mut rows: Vec<Incoming>,
        turn: &mut Turn,
        (left, wiped): Said,
    ) -> Result<i64> {
        let mut next = rows.first().map_or(1, |row| row.n);
        while !rows.is_empty() {
            for waiting in rows {
                if !turn.goes_on() {
                    return Ok(waiting.n);
                }
                next = waiting.n + 1;
                let Some(id) = waiting.record else { continue };
                let done = self.whole(&waiting, left, |(row, _, fields, inside)| {
                    self.tx.attempt(|| {
                        let mut all = Vec::from_iter(self.change((self.kind, id), row, fields)?);
                        all.extend(self.change_inside(row, id, inside)?);
                        Ok(all)
                    })
                })?;
                if done.is_none() && self.is_own(id)? {
                    // It came in with this file; only its link to a row that came after it is lost.
                    left.pop();
                    self.unlinked.borrow_mut().push(of_file(waiting.row));
                }
                wiped.extend(done.into_iter().flatten());
            }
            rows = self.tx.read().incoming(next, BATCH)?;
        }
        Ok(next)
    }
}
