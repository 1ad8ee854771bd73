//! Rows of a file into a register: first a plan that says what would happen to each row, then all of it or nothing.
//!
//! A row is known again by its register's natural key (contract 8), so that the same file twice changes nothing.
mod again;
mod course;
mod draft;
mod ending;
mod inside;
mod judge;
mod key;
mod links;
mod number;
mod odd;
mod packed;
mod pieces;
mod ready;
mod referred;
mod secret;
mod stage;
mod straight;
mod told;
mod units;
mod value;
mod write;

pub use course::Book;
pub use ending::Courses;
pub use links::{described, reference_to};
pub(super) use pieces::{PIECE, forget_waiting, forget_waiting_of, go_on};
pub use straight::{Came, bring};
pub use write::carry_out;

use super::cx::millis;
use super::{Cx, Error, Result, rules};
use crate::domain::record::Kind;
use crate::domain::sheet::{Fed, InRow};
use crate::domain::words::{Msg, t};
use crate::store::{Db, Seen};
use chrono::NaiveDate;
use judge::{Fate, Judge, Judged};
use referred::Referred;
use stage::{New, Stage};
use std::collections::{BTreeMap, HashSet};
use value::Spare;

/// Where rows come from.
pub trait Feed {
    /// The next one.
    ///
    /// # Errors
    /// A file that cannot be read on.
    fn next_fed(&mut self) -> Result<Option<Fed>>;

    /// Takes back the memory of a row that is not needed any more.
    fn take_back(&mut self, row: InRow);

    /// Part of 1000 that was read.
    fn done(&self) -> u32;

    /// Names by which rows point to other rows of the same register.
    fn pointed(&self) -> HashSet<String>;

    /// Whether the file says anything of a field.
    fn tells(&self, key: &str) -> bool;

    /// What the file says of how petitions went.
    fn book(&self) -> Book;

    /// The year of which the file says it is.
    fn year(&self) -> Option<i32>;

    /// Whether its rows were left out of an import, to be mended.
    fn mends(&self) -> bool;
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Rows are judged; nothing is written.
    Check,
    /// The rows are being written, all at once.
    Write,
    /// So many that they are gathered first, where nobody sees them.
    Gather,
    /// These are being written in pieces; all of them will be.
    Pieces,
    /// They are written; find learns their words.
    Index,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Rows so far.
    pub rows: usize,
    /// Part of 1000.
    pub part: u32,
}

/// Hears of the progress; false ends the work, and nothing of it stays.
pub type Watch<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// One thing about one cell: a rule that it breaks, or something to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Row of the file.
    pub row: usize,
    /// Column of the file, from 0; none for the row as a whole.
    pub column: Option<usize>,
    /// Field.
    pub key: Option<&'static str>,
    /// What stands there; empty where it would name a denouncer.
    pub value: String,
    /// The rule.
    pub rule: Msg,
    /// Where it is about a unit: the day on which that must have been there.
    pub on: Option<NaiveDate>,
}

/// What would happen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// New records.
    pub create: usize,
    /// Records that would be changed.
    pub update: usize,
    /// Records that are like this already.
    pub same: usize,
    /// Rows that cannot be taken.
    pub error: usize,
    /// Rows that are no records.
    pub passed: usize,
    /// How petitions went.
    pub courses: Courses,
    /// Broken rules, at most [`KEPT`] of them.
    pub problems: Vec<Trouble>,
    /// Broken rules in all.
    pub problem_count: usize,
    /// What a person should know of how cells were read, at most [`TOLD`] of each sort.
    pub notes: Vec<Trouble>,
    /// Rows that cannot be taken.
    pub failed: Vec<usize>,
    /// Those of them that are about a denunciation: who brought it is told nowhere.
    pub secret: Vec<usize>,
    /// Bad rows that a person set aside: the others are written without them.
    pub aside: usize,
    /// Rows left out while very many were written: somebody had just written the same record.
    pub left: Vec<usize>,
    /// Rows that came in without their link to another row, which was left out.
    pub unlinked: Vec<usize>,
}

impl Plan {
    /// Rows that were looked at.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.create + self.update + self.same + self.error
    }

    /// Sets the bad rows aside, when they stand in a file to mend: the others can be written without them.
    pub fn set_aside(&mut self) {
        self.aside += std::mem::take(&mut self.error);
    }

    /// Says which rows were left out while very many were written, and which came in without a link; none when
    /// none was.
    #[must_use]
    pub fn left_out(&self) -> Option<Msg> {
        left_out(&self.left, &self.unlinked)
    }

    fn refuse(&mut self, row: usize, mut troubles: Vec<Trouble>) {
        // One column may fill two fields, of which each says the same.
        troubles.dedup_by(|a, b| (a.column, &a.rule) == (b.column, &b.rule));
        self.error += 1;
        self.failed.push(row);
        self.problem_count += troubles.len();
        let room = KEPT.saturating_sub(self.problems.len());
        self.problems.extend(troubles.into_iter().take(room));
    }

    /// Tells of a row that is no record.
    fn pass(&mut self, row: usize, value: String, rule: Msg) {
        self.passed += 1;
        self.tell(Trouble {
            row,
            column: None,
            key: None,
            value,
            rule,
            on: None,
        });
    }

    /// Rows in the order of the file: some waited for others.
    fn sort(&mut self) {
        self.failed.sort_unstable();
        self.secret.sort_unstable();
        self.problems.sort_by_key(|p| p.row);
        self.notes.sort_by_key(|n| n.row);
    }

    fn tell(&mut self, note: Trouble) {
        let alike = |n: &&Trouble| n.column == note.column && n.rule == note.rule;
        if self.notes.len() < KEPT && self.notes.iter().rev().filter(alike).count() < TOLD {
            self.notes.push(note);
        }
    }
}

/// Rows by their numbers, the first of them.
fn named(rows: &[usize]) -> String {
    const NAMED: usize = 10;
    let mut names: Vec<String> = rows.iter().take(NAMED).map(usize::to_string).collect();
    if rows.len() > NAMED {
        names.push("…".to_owned());
    }
    names.join(", ")
}

/// Says which rows were left out, and which came in without a link to one of those; none when none was.
pub(super) fn left_out(left: &[usize], unlinked: &[usize]) -> Option<Msg> {
    let (n, rows) = (left.len(), named(left));
    let out = (n > 0).then(|| {
        Msg::new(
            format!("{n} dòng để lại vì người khác vừa ghi bản ghi ấy hay điều nó dựa vào: dòng {rows}; nhập lại tệp để so."),
            format!("{n} rows left out, since someone has just written their records or what they stand on: row {rows}; import the file again to compare."),
        )
    });
    let (n, rows) = (unlinked.len(), named(unlinked));
    let bare = (n > 0).then(|| {
        Msg::new(
            format!("{n} dòng chưa nối được với dòng để lại: dòng {rows}."),
            format!("{n} rows without their link to a row left out: row {rows}."),
        )
    });
    match (out, bare) {
        (Some(out), Some(bare)) => Some(Msg::new(
            format!("{} {}", out.vi, bare.vi),
            format!("{} {}", out.en, bare.en),
        )),
        (out, bare) => out.or(bare),
    }
}

/// Problems that a plan keeps; more are counted.
pub const KEPT: usize = 5_000;
/// Notes of one sort in one column that a plan keeps.
pub const TOLD: usize = 20;
/// Rows between two reports of progress.
const EACH: usize = 512;

/// Fields by which a row is known again (contract 8); an opinion by its dialogue and its words.
#[must_use]
pub fn natural_key(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Unit => &["code", "valid_from"],
        Kind::Model => &["year", "name", "registrant_name", "unit"],
        Kind::Dialogue => &["held_on", "unit", "topic"],
        Kind::Opinion => &["dialogue", "content"],
        Kind::Petition => &["received_on", "type", "unit", "subject", "petitioner"],
        Kind::Reception => &["received_on", "unit", "visitor", "content"],
        Kind::Figure => &["unit", "indicator", "period_from", "period_to", "source"],
    }
}

/// Rows that are written in one transaction; more are written in pieces, so that nobody waits long.
pub const AT_ONCE: usize = 100_000;
/// Rows that are written in one transaction on the slowest machine.
const LEAST_AT_ONCE: usize = 20_000;
/// Milliseconds of judging after which what was judged is enough for one transaction, which takes about twice as long:
/// nobody's save waits for five seconds.
const BEARABLE: usize = 2_000;

/// How many rows one transaction may write where so many were judged in so many milliseconds.
fn at_once_by(rows: usize, millis: usize) -> usize {
    (rows.saturating_mul(BEARABLE) / millis.max(1)).clamp(LEAST_AT_ONCE, AT_ONCE)
}

/// A plan with all that is needed to carry it out.
#[derive(Debug)]
pub struct Prepared {
    /// What would happen.
    pub plan: Plan,
    /// Rows that are written in one transaction ([`AT_ONCE`]).
    pub at_once: usize,
    kind: Kind,
    stage: Stage,
    /// Rows that make a record to which other rows point.
    pointed: HashSet<i64>,
    /// The highest number in the file that stays, by year.
    numbers: BTreeMap<i32, i64>,
    /// Of the database, when the plan was begun.
    version: i64,
    /// The newest row of history then.
    newest: i64,
    /// The keys by which its rows are known again.
    met: Seen,
    /// The records that were there and that its rows point to.
    referred: Referred,
}

/// What is said when the end was asked for.
#[must_use]
pub fn stopped() -> Error {
    Error::refused(t("Đã dừng; chưa ghi gì.", "Stopped; nothing was written.").into())
}

/// Judges every row of a file and says what would happen; nothing is written.
///
/// # Errors
/// A file that cannot be read on, the end asked for, or a failure of the database.
pub fn prepare(cx: &mut Cx, kind: Kind, feed: &mut dyn Feed, watch: Watch) -> Result<Prepared> {
    let since = Since::of(cx)?;
    let env = rules::Env::of(cx).of_written();
    let stage = Stage::new(&cx.config().state_dir)?;
    let of = (cx.store.read(), &env, kind);
    judged(
        of,
        feed,
        (stage, since, Spare::default()),
        &mut |heard| match heard {
            Heard::Far(progress) => watch(progress),
            Heard::New(_) | Heard::Same | Heard::Other => true,
        },
    )
}

/// Where the database stood when a plan was begun.
#[derive(Debug, Clone, Copy)]
struct Since {
    version: i64,
    newest: i64,
}

impl Since {
    /// Now.
    fn of(cx: &mut Cx) -> Result<Self> {
        cx.refresh()?;
        Ok(Self {
            version: cx.store.version()?,
            newest: cx.store.read().newest_history()?,
        })
    }
}

/// What is heard while rows are judged.
enum Heard {
    /// How far it is.
    Far(Progress),
    /// A row makes a record.
    New(New),
    /// A row is there already.
    Same,
    /// A row cannot be taken, or changes a record.
    Other,
}

/// Who hears it; false ends the work.
type Hear<'a> = &'a mut dyn FnMut(Heard) -> bool;

/// Judges every row of a file.
fn judged(
    (db, env, kind): (Db, &rules::Env, Kind),
    feed: &mut dyn Feed,
    (mut stage, since, spare): (Stage, Since, Spare),
    hear: Hear,
) -> Result<Prepared> {
    let began = millis();
    let mut plan = Plan::default();
    let mut referred = Referred::default();
    let mut judge = Judge::new((db, env, kind), feed, spare)?;
    let mut later = Vec::new();
    while let Some(fed) = feed.next_fed()? {
        let row = match fed {
            Fed::Row(row) => row,
            Fed::Passed(row, value, rule) => {
                plan.pass(row, value, rule);
                continue;
            }
        };
        let far = || {
            Heard::Far(Progress {
                phase: Phase::Check,
                rows: plan.rows(),
                part: feed.done(),
            })
        };
        if plan.rows().is_multiple_of(EACH) && !hear(far()) {
            return Err(stopped());
        }
        if judge.must_wait(&row) {
            later.push(row);
            continue;
        }
        one(
            &mut judge,
            &mut plan,
            (&mut stage, &mut referred),
            &row,
            hear,
        )?;
        feed.take_back(row);
    }
    for row in &judge.all_known(later)? {
        one(
            &mut judge,
            &mut plan,
            (&mut stage, &mut referred),
            row,
            hear,
        )?;
    }
    let years = std::mem::take(&mut judge.years);
    let odd = years.told(feed.year());
    odd.into_iter().for_each(|note| plan.tell(note));
    plan.sort();
    stage.finish()?;
    let Judge {
        db,
        links,
        met,
        numbers,
        ..
    } = judge;
    Ok(Prepared {
        referred,
        at_once: at_once_by(plan.rows(), usize::try_from(millis() - began).unwrap_or(0)),
        plan,
        kind,
        stage,
        numbers: numbers.highest(db, kind)?,
        pointed: links.rows(),
        version: since.version,
        newest: since.newest,
        met,
    })
}

fn one(
    judge: &mut Judge,
    plan: &mut Plan,
    (stage, referred): (&mut Stage, &mut Referred),
    row: &InRow,
    hear: Hear,
) -> Result<()> {
    let mut notes = Vec::new();
    let Judged {
        fate,
        inside,
        record,
    } = judge.judge(row, &mut notes)?;
    notes.into_iter().for_each(|note| plan.tell(note));
    judge
        .ended
        .drain(..)
        .for_each(|ending| plan.courses.count(&ending));
    let heard = match fate {
        Err(troubles) => {
            plan.refuse(row.row, troubles);
            plan.secret.extend(judge.is_secret().then_some(row.row));
            Heard::Other
        }
        Ok(Fate::Same(_)) => {
            plan.same += 1;
            Heard::Same
        }
        Ok(Fate::Create(fields)) => {
            plan.create += 1;
            referred.put(judge.kind, &fields, &inside);
            stage.put(row.row, None, &fields, &inside)?;
            Heard::New(((row.row, None, fields, inside), record))
        }
        Ok(Fate::Update(id, fields)) => {
            plan.update += 1;
            referred.put(judge.kind, &fields, &inside);
            stage.put(row.row, Some(id), &fields, &inside)?;
            Heard::Other
        }
    };
    if hear(heard) { Ok(()) } else { Err(stopped()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_machine_writes_fewer_rows_in_one_transaction() {
        assert_eq!(at_once_by(1_000, 0), AT_ONCE);
        assert_eq!(at_once_by(100_000, 1_500), AT_ONCE);
        assert_eq!(at_once_by(100_000, 4_000), 50_000);
        assert_eq!(at_once_by(100_000, 60_000), LEAST_AT_ONCE);
    }
}
