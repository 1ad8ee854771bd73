//! Judging and writing at once: while rows are judged by a thread with a connection of its own, those before them are
//! written. All of it is one transaction, begun before the first row is judged and given up with the first row that is
//! not simply new; the plan goes on to its end then, and nothing was written.
use super::draft::Drafts;
use super::stage::{Decided, New, Stage};
use super::value::Spare;
use super::write::{Job, find_them};
use super::{Feed, Hear, Heard, Phase, Plan, Prepared, Progress, Since, Watch, judged, stopped};
use crate::app::cx::millis;
use crate::app::rules::Env;
use crate::app::{Cx, Error, Result, long};
use crate::domain::record::Kind;
use crate::domain::words::Msg;
use crate::store::{Beside, Expected, Tx};
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// Rows from which it pays to have another connection.
const MANY: usize = 1_000;

/// Rows from which the file is taken for them alone where nobody else has it open: fewer are written in no time.
const ALONE: usize = 10_000;

/// Rows that may be there already even where few are new.
const KNOWN: usize = 256;

/// Rows that are handed over at once, letters in them at most, and how many such pieces may wait.
const EACH: usize = 128;
const LETTERS: usize = 1 << 16;
const WAITING: usize = 16;

/// Milliseconds within which all rows are in, or it is given up: the indexes follow, and nobody's save waits for five
/// seconds; and rows after which that is foreseen.
const BEARABLE: usize = 3_000;
const FORESEEN: usize = 8_192;
/// Milliseconds after which it is given up in any case.
const LONGEST: usize = 4_000;
/// How long nothing may come of a file while others cannot write.
const STALLED: Duration = Duration::from_secs(2);

/// What became of a file.
#[derive(Debug)]
pub enum Came {
    /// All of it is written.
    Written(Box<Plan>),
    /// What would be; nothing is written.
    Planned(Box<Prepared>),
}

/// What the thread that judges hands over.
enum Said {
    Far(Progress),
    New(Vec<New>),
    Other,
    End(Result<Box<Prepared>>),
}

/// Where rows come from that another thread may take.
pub type Sent<'a> = &'a mut (dyn Feed + Send);

/// Judges the rows of a file, about so many, and writes them when all of them are new; `at_once` are written in one
/// transaction at most. What else there is to do is left to [`super::carry_out`].
///
/// # Errors
/// As [`super::prepare`] and [`super::carry_out`].
pub fn bring(
    cx: &mut Cx,
    kind: Kind,
    (feed, rows): (Sent, usize),
    at_once: usize,
    watch: Watch,
) -> Result<Came> {
    let apart = match rows {
        // Rows that point to each other, or bring their numbers, are known only when all were judged.
        MANY.. if rows <= at_once && kind != Kind::Unit => {
            let plain = feed.pointed().is_empty() && !feed.tells("number");
            let free = !cx.read_only() && long::none_waits(cx.store.read(), kind).is_ok();
            if plain && free {
                cx.store.make_room();
                if rows >= ALONE {
                    cx.store.take_alone();
                }
                match cx.store.beside() {
                    // Without room for a copy all goes as ever.
                    Err(_) => {
                        cx.store.share();
                        cx.store.beside()?
                    }
                    Ok(beside) => beside,
                }
            } else {
                None
            }
        }
        _ => None,
    };
    let mut came = match apart {
        Some(beside) => {
            let came = both(cx, kind, (feed, rows), beside, watch);
            cx.store.share();
            came?
        }
        None => {
            cx.store.share();
            Came::Planned(Box::new(super::prepare(cx, kind, feed, watch)?))
        }
    };
    if let Came::Planned(prepared) = &mut came {
        prepared.at_once = prepared.at_once.min(at_once);
    }
    Ok(came)
}

fn both(
    cx: &mut Cx,
    kind: Kind,
    (feed, rows): (Sent, usize),
    beside: Beside,
    watch: Watch,
) -> Result<Came> {
    let since = Since::of(cx)?;
    let stage = Stage::new(&cx.config().state_dir)?;
    let at_index = cx.store.at_index();
    let decided = feed.tells("jurisdiction") || feed.book().any;
    let came = std::thread::scope(|scope| {
        let (begin, begun) = sync_channel::<Env>(1);
        let (say, said) = sync_channel(WAITING);
        let (back, written) = sync_channel(WAITING);
        let judge = move || {
            // Nothing begins when the turn to write never came.
            if let Ok(env) = begun.recv() {
                let of = (stage, since, Spare::given_by(written));
                judge_beside(beside, (&env, kind), feed, of, &say);
            }
        };
        std::thread::Builder::new()
            .name("judge".into())
            .spawn_scoped(scope, judge)
            .map_err(|e| Error::Write(Msg::new(e.to_string(), e.to_string())))?;
        // What is dropped here ends the other thread.
        let mut writer = Writer {
            said,
            back: Some(back),
            decided,
            pace: Pace::default(),
            watch: &mut *watch,
            gave_up: false,
            planned: None,
            ended: None,
        };
        let written = cx.write(|tx, env, stamp| {
            long::none_waits(tx.read(), kind)?;
            let env = env.of_written();
            // Only one that is gone does not take it; it is heard of next.
            let _ = begin.send(env.clone());
            writer.write((tx, &env, stamp), kind, rows)
        });
        drop(begin);
        writer.came(written)
    })?;
    if matches!(came, Came::Written(_)) {
        find_them(cx, watch);
    }
    drop(at_index);
    Ok(came)
}

/// Judges all rows, by what was there before any of them was written, and says what became of each.
fn judge_beside(
    beside: Beside,
    (env, kind): (&Env, Kind),
    feed: Sent,
    of: (Stage, Since, Spare),
    say: &SyncSender<Said>,
) {
    let mut piece = Vec::with_capacity(EACH);
    let (mut new, mut made, mut known, mut held) = (true, 0_usize, 0, 0);
    let hear: Hear = &mut |heard| match heard {
        Heard::Far(progress) => say.send(Said::Far(progress)).is_ok(),
        Heard::New(row) if new => {
            made += 1;
            held += letters(&row.0);
            piece.push(row);
            if piece.len() < EACH && held < LETTERS {
                return true;
            }
            held = 0;
            let full = std::mem::replace(&mut piece, Vec::with_capacity(EACH));
            say.send(Said::New(full)).is_ok()
        }
        // A book that is known has little to write: it does not keep others from writing while it is judged.
        Heard::Same if new => {
            known += 1;
            new = known <= KNOWN || known <= made;
            new || say.send(Said::Other).is_ok()
        }
        Heard::Other if new => {
            new = false;
            say.send(Said::Other).is_ok()
        }
        _ => true,
    };
    let done = beside.read(|db| judged((db, env, kind), feed, of, hear));
    // Nobody takes it any more when the work was given up.
    if !piece.is_empty() {
        let _ = say.send(Said::New(piece));
    }
    let _ = say.send(Said::End(done.map(Box::new)));
}

/// Letters in the fields of a row, and of what comes inside it.
fn letters((_, _, fields, inside): &Decided) -> usize {
    let all = std::iter::once(fields).chain(inside.iter().map(|(_, own)| own));
    let texts = all.flatten().filter_map(|(_, value)| value.text());
    texts.map(str::len).sum()
}

/// How quickly rows come.
#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    all: usize,
    came: usize,
    began: i64,
}

impl Pace {
    fn of(rows: usize) -> Self {
        Self {
            all: rows,
            came: 0,
            began: millis(),
        }
    }

    /// So many more; whether all of them would come too slowly.
    fn is_slow(&mut self, more: usize, now: i64) -> bool {
        self.came += more;
        let taken = usize::try_from(now - self.began).unwrap_or(0);
        let foreseen = taken.saturating_mul(self.all) / self.came.max(1);
        taken > LONGEST || (self.came >= FORESEEN && foreseen > BEARABLE)
    }
}

/// Writes what is judged meanwhile.
struct Writer<'a> {
    said: Receiver<Said>,
    /// Where the memory of rows goes that are written; nowhere once it was given up.
    back: Option<SyncSender<Vec<New>>>,
    /// The file has a column that says whose matters they are.
    decided: bool,
    /// Since the turn to write came.
    pace: Pace,
    watch: Watch<'a>,
    /// Not all rows are new: nothing is written before somebody has seen the plan, which may be there already.
    gave_up: bool,
    planned: Option<Box<Prepared>>,
    /// All are judged and new. What else was needed to judge them is gone: the indexes need room.
    ended: Option<Box<Plan>>,
}

impl Writer<'_> {
    /// The next new rows; none when all of them were new and there are no more.
    fn next(&mut self) -> Result<Option<Vec<New>>> {
        loop {
            let said = match self.said.recv_timeout(STALLED) {
                Ok(said) => said,
                Err(RecvTimeoutError::Timeout) => return Err(self.give_up()),
                Err(RecvTimeoutError::Disconnected) => return Err(stopped()),
            };
            match said {
                Said::New(rows) if self.pace.is_slow(rows.len(), millis()) => {
                    return Err(self.give_up());
                }
                Said::New(rows) => return Ok(Some(rows)),
                Said::Far(_) if self.pace.is_slow(0, millis()) => return Err(self.give_up()),
                Said::Far(progress) => self.far(Progress {
                    phase: Phase::Write,
                    ..progress
                })?,
                Said::Other => return Err(self.give_up()),
                Said::End(prepared) => {
                    let prepared = prepared?;
                    let plan = &prepared.plan;
                    let new = plan.create > 0 && plan.update == 0 && plan.error == 0;
                    let plain = prepared.pointed.is_empty() && prepared.numbers.is_empty();
                    if new && plain {
                        self.ended = Some(Box::new(prepared.plan));
                        return Ok(None);
                    }
                    self.planned = Some(prepared);
                    return Err(self.give_up());
                }
            }
        }
    }

    fn far(&mut self, progress: Progress) -> Result<()> {
        match (self.watch)(progress) {
            true => Ok(()),
            false => Err(stopped()),
        }
    }

    /// An error that takes back what was written.
    fn give_up(&mut self) -> Error {
        self.gave_up = true;
        stopped()
    }

    fn write(
        &mut self,
        (tx, env, stamp): (&Tx, &Env, (&str, &str)),
        kind: Kind,
        rows: usize,
    ) -> Result<()> {
        self.pace = Pace::of(rows);
        // Nothing is made ready for a file that is not new.
        let Some(first) = self.next()? else {
            return Ok(());
        };
        let job = Job {
            tx,
            env,
            kind,
            drafts: Drafts::new(kind, env.today).into(),
            stamp,
            moved: false,
            beside: None,
            pointed: &HashSet::new(),
            made: RefCell::default(),
            later: RefCell::default(),
            unlinked: RefCell::default(),
        };
        let expected = Expected {
            kind,
            rows,
            looked_up: false,
            alone: true,
            decided: self.decided,
        };
        tx.bulk::<_, Error>(expected, stamp, |bulk| {
            let mut new = Some(first);
            while let Some(mut rows) = new {
                for (decided, record) in &mut rows {
                    match record {
                        Some(ready) => job.enter(bulk, decided.0, ready)?,
                        None => job.create(bulk, decided)?,
                    };
                }
                // Whoever judges makes room of its own where it gets none.
                let _ = self.back.as_ref().map(|back| back.try_send(rows));
                new = self.next()?;
            }
            Ok(())
        })
    }

    /// What came of it; where it was given up, once the others are judged too.
    fn came(mut self, written: Result<()>) -> Result<Came> {
        match written {
            Ok(()) => {
                return self.ended.map(Came::Written).ok_or_else(stopped);
            }
            Err(error) if !self.gave_up => return Err(error),
            Err(_) => self.back = None,
        }
        loop {
            if let Some(prepared) = self.planned.take() {
                return Ok(Came::Planned(prepared));
            }
            match self.said.recv().map_err(|_| stopped())? {
                Said::Far(progress) => self.far(progress)?,
                Said::End(prepared) => self.planned = Some(prepared?),
                Said::New(_) | Said::Other => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::Value;

    #[test]
    fn the_letters_of_a_row_are_those_of_all_that_comes_with_it() {
        let fields = |text: &str| {
            vec![
                ("content", Value::Text(text.into())),
                ("order", Value::Int(3)),
            ]
        };
        let inside = vec![(None, fields("bốn")), (None, fields(""))];
        assert_eq!(letters(&(7, None, fields("hai"), inside)), 3 + 5);
    }

    #[test]
    fn rows_that_would_come_too_slowly_are_foreseen() {
        let mut pace = Pace {
            all: 100_000,
            came: 0,
            began: 0,
        };
        assert!(!pace.is_slow(8_000, 3_900), "too few to know");
        assert!(pace.is_slow(0, 4_100), "too long already");
        pace.began = 8_700;
        assert!(!pace.is_slow(2_000, 9_000));
        assert!(pace.is_slow(2_000, 9_100));
    }
}
