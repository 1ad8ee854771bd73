//! What the columns of an old book tell of one petition, and the steps that these words and days are.
mod old;

use super::course::Book;
use crate::domain::fold::fold;
use crate::domain::petition::book::{
    Said, addressee, day_in, done_in, is_dash, is_mark, names_no_day, shadow,
};
use crate::domain::petition::{Outcome, Petition, PetitionType, Stage, State, Step, StepKind};
use crate::domain::sheet::{Cell, Given, InRow};
use crate::domain::text::{clean, clean_long};
use crate::domain::value::UnitRef;
use crate::domain::words::{Msg, t};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Words that were understood already: a column of results repeats a few of them.
pub(super) type Words = HashMap<String, Option<Said>>;

/// Words kept.
const WORDS: usize = 2_000;
/// Letters of a step's document and note at most, as its form has them.
const DOCUMENT: usize = 100;
const NOTE: usize = 1_000;

/// What the columns tell.
#[derive(Debug, Default)]
pub(super) struct Told {
    said: Option<Said>,
    /// Some cell says that it was forwarded.
    forwarded: bool,
    to: Option<String>,
    accepted_on: Option<NaiveDate>,
    forwarded_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    document: Option<String>,
    /// Columns with what stands in them.
    lines: Vec<Line>,
    /// Columns of days in which stands one that never was.
    unreal: Vec<&'static str>,
}

/// A cell of a book.
#[derive(Debug)]
struct Line {
    key: &'static str,
    heading: String,
    text: String,
}

impl Line {
    /// As a note keeps it.
    fn kept(&self) -> String {
        format!("{}: {}", self.heading, self.text)
    }

    fn is_result(&self) -> bool {
        matches!(self.key, "result" | "finished")
    }
}

/// Steps that words and days are.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) steps: Vec<Step>,
    /// To whom it was forwarded, to be looked up.
    pub(super) addressee: Option<String>,
    /// The day of receipt stands for the day of acceptance.
    pub(super) assumed: bool,
    /// What is not told that a step needs.
    pub(super) lacks: Option<Msg>,
}

impl Decided {
    fn lacking(vi: &'static str, en: &'static str) -> Self {
        Self {
            lacks: Some(t(vi, en).into()),
            ..Self::default()
        }
    }

    fn forward(&mut self) -> Option<&mut Step> {
        let forward = |s: &&mut Step| s.kind == Some(StepKind::Forward);
        self.steps.iter_mut().find(forward)
    }

    pub(super) fn forwarded_on(&mut self) -> Option<NaiveDate> {
        self.forward().and_then(|step| step.on)
    }

    pub(super) fn forward_to(&mut self, unit: UnitRef) {
        if let Some(step) = self.forward() {
            step.to = Some(unit);
        }
    }
}

/// Columns where the day of a step may stand.
pub(super) fn day_of(kind: Option<StepKind>) -> &'static [&'static str] {
    match kind {
        Some(StepKind::Accept) => &["accepted_on", "ended_on"],
        Some(StepKind::Forward) => &["forwarded_on", "ended_on", "forwarded_to"],
        _ => &["ended_on", "result_document", "result", "finished"],
    }
}

fn step(kind: StepKind, on: NaiveDate) -> Step {
    Step {
        kind: Some(kind),
        on: Some(on),
        ..Step::default()
    }
}

/// The first of a text, so many letters at most.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

impl Told {
    /// The columns, the one that says most first.
    pub(super) const KEYS: &[&str] = &[
        "result",
        "finished",
        "ended_on",
        "forwarded_to",
        "result_document",
        "accepted_on",
        "forwarded_on",
    ];

    pub(super) fn of(row: &InRow, book: &Book, words: &mut Words) -> Self {
        let mut told = Self::default();
        for given in row.given.iter().filter(|g| Self::KEYS.contains(&g.key)) {
            told.add(given, book, words);
        }
        told
    }

    fn add(&mut self, given: &Given, book: &Book, words: &mut Words) {
        let shown = clean_long(&given.cell.shown());
        let text = clean(&shown);
        if text.is_empty() || is_dash(&text) {
            return;
        }
        let day = match &given.cell {
            Cell::Day(day) => Some(*day),
            _ => day_in(&text),
        };
        let dated = matches!(given.key, "ended_on" | "accepted_on" | "forwarded_on");
        if dated && day.is_none() && names_no_day(&text) {
            self.unreal.push(given.key);
        }
        match given.key {
            "result" | "finished" => {
                // What stands in a column «đã giải quyết» says so, unless it says otherwise.
                let least = (given.key == "finished").then_some(Said::Resolved);
                let read = read(&text, book, words).or(least);
                let sends = fold(&text).starts_with("chuyen ");
                if read == Some(Said::Forwarded) || sends && read.is_some_and(Said::is_end) {
                    self.forwarded = true;
                    self.to = self
                        .to
                        .take()
                        .or_else(|| addressee(&text).map(str::to_owned));
                }
                self.said = self.said.max(read);
            }
            "ended_on" => self.ended_on = self.ended_on.max(day),
            "accepted_on" => self.accepted_on = day,
            "forwarded_on" => self.forwarded_on = day,
            "forwarded_to" => {
                self.forwarded = true;
                self.to = Some(text.clone());
            }
            _ => {
                let known = self.document.take();
                let all = known.into_iter().chain([text.clone()]);
                self.document = Some(all.collect::<Vec<_>>().join("; "));
            }
        }
        let heading = book
            .headings
            .iter()
            .find(|(at, _)| *at == given.column)
            .map_or("", |(_, heading)| heading.as_str());
        // A mark says no more than its heading.
        if !is_mark(&text) || given.key == "finished" {
            self.lines.push(Line {
                key: given.key,
                heading: heading.to_owned(),
                text: shown,
            });
        }
    }

    /// Columns of days in which stands one that never was, as 31/02/2019: nobody may take it for a missing one.
    pub(super) fn unreal(&self) -> &[&'static str] {
        &self.unreal
    }

    /// The day of the end in a column of its own.
    pub(super) fn ended_on(&self) -> Option<NaiveDate> {
        self.ended_on
    }

    /// Whether nothing names the day of its end.
    pub(super) fn end_is_untold(&self) -> bool {
        self.end_day().is_none()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.said.is_none()
    }

    /// Whether the book calls the matter over.
    pub(super) fn ends(&self) -> bool {
        self.said.is_some_and(Said::is_end) || self.told_in("ended_on").is_some()
    }

    /// What stands in a column, day or not.
    fn told_in(&self, key: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.key == key)
    }

    pub(super) fn all_lines(&self) -> Vec<String> {
        self.lines.iter().map(Line::kept).collect()
    }

    /// The lines that no step holds.
    pub(super) fn lines_beside_steps(&self, steps: &[Step]) -> Vec<String> {
        let ended = steps
            .iter()
            .any(|s| !matches!(s.kind, Some(StepKind::Accept | StepKind::Forward)));
        let document = steps.iter().any(|s| s.document == self.document);
        let detail = self.detail();
        let noted = steps.iter().any(|s| s.note.is_some() && s.note == detail);
        let forward = steps.iter().find(|s| s.kind == Some(StepKind::Forward));
        let held = |line: &Line| match line.key {
            "accepted_on" => {
                let accepts = |s: &Step| s.kind == Some(StepKind::Accept);
                self.accepted_on.is_some() && steps.iter().any(accepts)
            }
            "forwarded_on" => forward.is_some() && self.forwarded_on.is_some(),
            "forwarded_to" => forward.is_some(),
            "result_document" => document,
            "ended_on" => {
                let sent = forward.is_some_and(|step| step.on == self.ended_on);
                self.ended_on.is_some() && (ended || sent)
            }
            _ => noted,
        };
        let own = self.lines.iter().filter(|line| !held(line));
        own.map(Line::kept).collect()
    }

    fn results(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.is_result())
    }

    /// The words of the results, for the note of the step that they became; none when they are too long for it.
    fn detail(&self) -> Option<String> {
        let text = self
            .results()
            .map(Line::kept)
            .collect::<Vec<_>>()
            .join("\n");
        (!text.is_empty() && text.chars().count() <= NOTE).then_some(text)
    }

    /// The day on which it ended: its own column, else the one day that the document or the words name.
    fn end_day(&self) -> Option<NaiveDate> {
        let words = || {
            let own = self.results().map(|line| line.text.as_str());
            done_in(&own.collect::<Vec<_>>().join("\n"))
        };
        self.ended_on
            .or_else(|| self.document.as_deref().and_then(day_in))
            .or_else(words)
    }

    fn documented(&self, mut step: Step) -> Step {
        let fits = |text: &&String| text.chars().count() <= DOCUMENT;
        step.document = self.document.as_ref().filter(fits).cloned();
        step.note = self.detail();
        step
    }

    /// What the book says in the end, the day of the end included.
    fn verdict(&self, p: &Petition) -> Option<Said> {
        let silent = matches!(self.said, None | Some(Said::Accepted));
        let case = p.petition_type.is_some_and(PetitionType::is_case);
        let words = self.told_in("result").is_some();
        let dated = self.ended_on.is_some() && !self.forwarded;
        if silent && dated && (!case || !words || self.said.is_some()) {
            return Some(Said::Resolved);
        }
        self.said
    }

    /// The steps that the words and days are, for a petition that stands somewhere.
    pub(super) fn steps(&self, p: &Petition, state: &State) -> Decided {
        let said = self.verdict(p);
        let unhandled = matches!(state.stage, Stage::Received | Stage::Classified);
        if self.forwarded && (unhandled || state.stage == Stage::Forwarded) {
            return self.forward(said, unhandled);
        }
        let half_a_day = self.ended_on.is_none() && self.told_in("ended_on").is_some();
        match said {
            None if self.results().next().is_some() => Decided::lacking(
                "chưa rõ chữ ở cột kết quả nghĩa là gì",
                "it is not clear what the words of the result mean",
            ),
            None if half_a_day => Decided::lacking(
                "ngày kết thúc ghi không đủ ngày, tháng, năm",
                "the day of its end is not whole",
            ),
            None | Some(Said::Open | Said::Accepted | Said::Forwarded) => Decided {
                steps: self.begun(state),
                ..Decided::default()
            },
            Some(said) => self.end(said, p, state),
        }
    }

    /// The acceptance, where the book tells its day.
    pub(super) fn begun(&self, state: &State) -> Vec<Step> {
        let unhandled = matches!(state.stage, Stage::Received | Stage::Classified);
        let on = self.accepted_on.filter(|_| unhandled && !self.forwarded);
        on.map(|on| step(StepKind::Accept, on))
            .into_iter()
            .collect()
    }

    /// Forwarded, and perhaps answered.
    fn forward(&self, said: Option<Said>, unhandled: bool) -> Decided {
        let end = said.filter(|said| said.is_end());
        let mut decided = Decided::default();
        if unhandled {
            let Some(to) = self.to.clone() else {
                return Decided::lacking(
                    "không ghi chuyển đến đâu",
                    "does not say to whom it was forwarded",
                );
            };
            let own = self.forwarded_on;
            let on = if end.is_some() {
                own
            } else {
                own.or_else(|| self.end_day())
            };
            let Some(on) = on else {
                return Decided::lacking("không ghi ngày chuyển", "has no day of forwarding");
            };
            let forward = step(StepKind::Forward, on);
            decided.steps.push(if end.is_none() {
                self.documented(forward)
            } else {
                forward
            });
            decided.addressee = Some(to);
        }
        if end.is_some() {
            match self.end_day() {
                Some(on) => decided
                    .steps
                    .push(self.documented(step(StepKind::Reply, on))),
                None => {
                    decided.lacks =
                        Some(t("không ghi ngày phúc đáp", "has no day of the answer").into());
                }
            }
        }
        decided
    }

    /// Ended by this office.
    fn end(&self, said: Said, p: &Petition, state: &State) -> Decided {
        let kind = match said {
            Said::Withdrawn => StepKind::Withdraw,
            Said::Terminated => StepKind::Terminate,
            Said::Refused => StepKind::Refuse,
            Said::Returned => StepKind::Return,
            Said::Guided => StepKind::Guide,
            Said::Filed => StepKind::FileAway,
            _ => StepKind::Resolve,
        };
        let Some(on) = self.end_day() else {
            return Decided::lacking(
                "ghi đã xong nhưng không có ngày kết thúc",
                "says that it is over but has no day of it",
            );
        };
        let mut end = self.documented(step(kind, on));
        let case = p.petition_type.is_some_and(PetitionType::is_case);
        let mut decided = Decided {
            steps: match kind {
                StepKind::Resolve | StepKind::Terminate | StepKind::Withdraw => self.begun(state),
                _ => Vec::new(),
            },
            ..Decided::default()
        };
        match kind {
            StepKind::Withdraw => end.whole = Some(true),
            StepKind::Resolve => match self.outcome(said, p) {
                Some(outcome) => end.outcome = Some(outcome),
                None => {
                    return Decided::lacking(
                        "ghi đã xong nhưng không rõ kết luận (đúng, đúng một phần, sai)",
                        "says that it is over but not what was found (justified, partly, unjustified)",
                    );
                }
            },
            _ => {}
        }
        let accepted =
            !decided.steps.is_empty() || matches!(state.stage, Stage::Accepted | Stage::Suspended);
        let needed = kind == StepKind::Terminate || (kind == StepKind::Resolve && case);
        if needed && !accepted {
            decided.assumed = true;
            let received = p.received_on.map(|on| step(StepKind::Accept, on));
            decided.steps.extend(received.map(|mut accept| {
                let said = self.told_in("accepted_on").map_or_else(
                    || "không ghi ngày thụ lý".to_owned(),
                    |line| format!("chỉ ghi ngày thụ lý là «{}»", line.text),
                );
                accept.note = Some(format!("Sổ cũ {said}: lấy ngày nhận đơn."));
                accept
            }));
        }
        decided.steps.push(end);
        decided
    }

    fn outcome(&self, said: Said, p: &Petition) -> Option<Outcome> {
        let instance = p.instance.unwrap_or(1);
        // An answer that came is an answer given, where nothing else is asked for.
        let said = if said == Said::Replied {
            Said::Answered
        } else {
            said
        };
        said.outcome(p.petition_type, instance)
    }
}

fn read(text: &str, book: &Book, words: &mut Words) -> Option<Said> {
    if let Some(said) = words.get(text) {
        return *said;
    }
    let own = || book.words.get(&shadow(text)).copied();
    let said = match book.words.is_empty() {
        true => None,
        false => own(),
    };
    let said = said.or_else(|| Said::read(text));
    if words.len() < WORDS && text.len() < 100 {
        words.insert(text.to_owned(), said);
    }
    said
}
