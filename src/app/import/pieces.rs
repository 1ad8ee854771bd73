//! Carrying out a plan of very many rows, so that others wait for a piece of it and never for all. First its rows are
//! gathered in the database where nobody sees them; giving up then leaves nothing. One transaction holds that nobody
//! has written against the plan and decides that all of it will be written; from then on pieces follow, by this program
//! or, after a kill, by the next one that opens the file. All rows come in, or none.
use super::judge::{identifies, key_of};
use super::stage::{Decided, packed, unpacked};
use super::write::{Job, find_them, meanwhile, part};
use super::{Phase, Plan, Prepared, Progress, Watch, stopped};
use crate::app::long::{BATCH, Turn, at_work, begin, forget_gathered};
use crate::app::rules::Env;
use crate::app::{Cx, Error, Result, secrecy};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::t;
use crate::store::{Bulk, Deed, Expected, Incoming, Task, Tx, Work};
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
    let _alone = at_work(cx)?;
    let all = prepared.stage.rows();
    begin(cx, Task::Import, prepared.kind.code(), (0, all))?;
    let at_index = cx.store.at_index();
    let gathered = gather(cx, &mut prepared, watch).and_then(|()| decide(cx, &prepared));
    if let Err(error) = gathered {
        // What cannot be forgotten now is forgotten at the next opening.
        let _ = forget_gathered(cx);
        return Err(error);
    }
    let written = write(cx, prepared.at_once, watch);
    // Whatever became of the rest: these are written.
    find_them(cx, watch);
    drop(at_index);
    plan.left = written?;
    Ok(plan)
}

/// Goes on with an import that was decided and not ended.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn go_on(cx: &mut Cx) -> Result<()> {
    let at_index = cx.store.at_index();
    write(cx, super::AT_ONCE, &mut |_| true)?;
    find_them(cx, &mut |_| true);
    drop(at_index);
    Ok(())
}

/// Gathers the rows in the order in which they are written: what is new first, then what is changed.
fn gather(cx: &mut Cx, prepared: &mut Prepared, watch: Watch) -> Result<()> {
    let (kind, all) = (prepared.kind, prepared.stage.rows());
    let mut done = 0;
    for changes in [false, true] {
        let mut rows = prepared.stage.read(kind)?;
        let mut ended = false;
        while !ended {
            cx.write(|tx, _, _| {
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
fn decide(cx: &mut Cx, prepared: &Prepared) -> Result<()> {
    cx.write(|tx, _, stamp| {
        let Some(mut work) = tx.read().work()? else {
            return Err(again());
        };
        unopposed(tx, prepared)?;
        work.decided = true;
        work.numbers = prepared.numbers.clone();
        work.newest = tx.read().newest_history()?;
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
    for (kind, id, removed) in touched {
        let inside = (kind, prepared.kind) == (Kind::Opinion, Kind::Dialogue);
        if kind == Kind::Unit || inside || (removed && prepared.refers) {
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
            && let Some(met) = prepared.met.get(key_of(record.as_ref()))?
        {
            return Err(meanwhile(usize::try_from(met.row).unwrap_or(usize::MAX)));
        }
    }
    Ok(())
}

/// Writes piece after piece until all is written; the rows that were left out.
fn write(cx: &mut Cx, at_once: usize, watch: Watch) -> Result<Vec<usize>> {
    let mut left = Vec::new();
    loop {
        let mut wiped = Vec::new();
        let work = cx.write(|tx, env, _| piece(tx, env, at_once, (&mut left, &mut wiped)))?;
        if !wiped.is_empty() {
            secrecy::scrub(cx, &wiped)?;
        }
        let Some(work) = work else { break };
        let done = usize::try_from(work.next - 1).unwrap_or(0);
        // There is nothing left to stop.
        let _ = watch(Progress {
            phase: Phase::Pieces,
            rows: done.min(work.all),
            part: part(done.min(work.all), work.all),
        });
    }
    forget_gathered(cx)?;
    Ok(left)
}

/// What a piece tells: rows left out, and what was wiped with the writers of denunciations.
type Said<'a> = (&'a mut Vec<usize>, &'a mut Vec<secrecy::Wiped>);

/// Writes the next piece; none when nothing is left.
fn piece(tx: &Tx, env: &Env, at_once: usize, said: Said) -> Result<Option<Work>> {
    let Some(mut work) = tx.read().work()?.filter(|work| work.decided) else {
        return Ok(None);
    };
    let Some(kind) = work.register() else {
        return Ok(None);
    };
    let rows = tx.read().incoming(work.next, BATCH)?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    tx.goes_on(work.operation);
    let made: HashMap<i64, i64> = tx.read().made_before(work.next)?.into_iter().collect();
    let pointed = HashSet::new();
    let stamp = (work.who.clone(), work.at.clone());
    let stamp = (stamp.0.as_str(), stamp.1.as_str());
    let env = &Env {
        resolved: true,
        ..env.clone()
    };
    let job = Job {
        tx,
        env,
        kind,
        stamp,
        moved: false,
        beside: Some((work.newest, work.operation)),
        pointed: &pointed,
        made: RefCell::new(made),
        later: RefCell::default(),
    };
    let mut turn = Turn::new(at_once);
    let changes = first.record.is_some();
    work.next = if changes {
        job.change_piece(rows, &mut turn, said)?
    } else {
        let expected = Expected {
            kind,
            rows: turn.rows(),
            looked_up: true,
            alone: false,
        };
        tx.bulk::<_, Error>(expected, stamp, |bulk| {
            bulk.numbers_from(kind, &work.numbers);
            job.new_piece(bulk, rows, &mut turn, said.0)
        })?
    };
    // Rows in a circle: they wait behind all others.
    for (row, id, fields) in job.later.take() {
        let decided: Decided = (row, Some(id), fields, Vec::new());
        let row = i64::try_from(row).unwrap_or(i64::MAX);
        tx.put_incoming((row, Some(id)), false, &packed(&decided)?)?;
    }
    tx.forget_incoming(work.next)?;
    tx.set_work(&work)?;
    Ok(Some(work))
}

/// A row that a rule or a newer word of somebody else keeps out: that is told, and the others go on.
fn keep_out<T>(row: i64, done: Result<T>, left: &mut Vec<usize>) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Error::Refused(_) | Error::Conflict(_)) => {
            left.push(usize::try_from(row).unwrap_or(usize::MAX));
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

impl Job<'_> {
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
                let decided = unpacked(&waiting.data, self.kind)?;
                let done = self.create(bulk, decided);
                let Some(id) = keep_out(waiting.row, done, left)? else {
                    continue;
                };
                if waiting.kept {
                    self.tx.incoming_made(waiting.n, id)?;
                    self.made.borrow_mut().insert(waiting.row, id);
                }
            }
            rows = self.tx.read().incoming(next, BATCH)?;
        }
        Ok(next)
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
                let (row, id, fields, inside) = unpacked(&waiting.data, self.kind)?;
                let Some(id) = id else { continue };
                let done = self.tx.attempt(|| {
                    let mut all = Vec::from_iter(self.change((self.kind, id), row, fields)?);
                    all.extend(self.change_inside(row, id, inside)?);
                    Ok(all)
                });
                wiped.extend(keep_out(waiting.row, done, left)?.into_iter().flatten());
            }
            rows = self.tx.read().incoming(next, BATCH)?;
        }
        Ok(next)
    }
}
