//! What becomes of petitions by what a file tells of how they went: row by row, and in numbers.
use super::Trouble;
use super::course::trouble;
use super::told::Told;
use crate::domain::number::vi_int;
use crate::domain::petition::book::addressee;
use crate::domain::petition::{Stage, State};
use crate::domain::sheet::InRow;
use crate::domain::text::{clean, clean_long};
use crate::domain::words::{Lang, Msg, t};
use chrono::NaiveDate;

/// What becomes of petitions by what a file tells of their course, in numbers of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Courses {
    /// Ended, in whatever way.
    pub ended: usize,
    /// Accepted and not ended.
    pub accepted: usize,
    /// Forwarded and waiting for the answer.
    pub forwarded: usize,
    /// Of the ended ones, filed away as old matters because the book does not tell enough.
    pub filed: usize,
    /// Come in as not finished because the book does not tell enough.
    pub open: usize,
    /// Accepted on the day of receipt, since the book tells no other.
    pub assumed: usize,
}

impl Courses {
    pub(super) fn count(&mut self, ending: &Ending) {
        let add = |to: &mut usize, if_so: bool| *to += usize::from(if_so);
        add(
            &mut self.ended,
            matches!(ending.stage, Some(Stage::Resolved | Stage::ClosedOther)),
        );
        add(
            &mut self.accepted,
            matches!(ending.stage, Some(Stage::Accepted | Stage::Suspended)),
        );
        add(&mut self.forwarded, ending.stage == Some(Stage::Forwarded));
        add(&mut self.filed, ending.filed);
        add(&mut self.open, ending.lacks && !ending.filed);
        add(&mut self.assumed, ending.assumed);
    }

    /// In words, each number that is not nought.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let words = [
            (t("đã kết thúc", "ended"), self.ended),
            (
                t("trong đó xếp lưu việc cũ", "of these filed as old"),
                self.filed,
            ),
            (t("đang thụ lý", "accepted"), self.accepted),
            (t("chờ phúc đáp", "awaiting reply"), self.forwarded),
            (
                t(
                    "sổ ghi thiếu: vào như chưa xong",
                    "book lacks: come in open",
                ),
                self.open,
            ),
            (
                t("thụ lý lấy ngày nhận", "accepted on receipt"),
                self.assumed,
            ),
        ];
        let number = |n: usize| vi_int(i64::try_from(n).unwrap_or(i64::MAX));
        let own = words.iter().filter(|(_, n)| *n > 0);
        let said = own.map(|(word, n)| format!("{} {}", word.get(lang), number(*n)));
        said.collect::<Vec<_>>().join(" · ")
    }
}

/// How the course of one row stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Ending {
    /// Stage after its steps; none where it has none.
    pub(super) stage: Option<Stage>,
    /// The book does not tell enough.
    pub(super) lacks: bool,
    /// It was filed away as an old matter.
    pub(super) filed: bool,
    /// The day of receipt stands for that of acceptance.
    pub(super) assumed: bool,
    /// What a person should know of it.
    pub(super) why: Option<Msg>,
    /// The addressee is no unit that is known.
    pub(super) stray: Option<NaiveDate>,
}

impl Ending {
    pub(super) fn of(state: &State, lacks: bool) -> Self {
        Self {
            stage: Some(state.stage),
            lacks,
            ..Self::default()
        }
    }
}

/// What a person should know of how a row ends a petition.
pub(super) fn told_of(ending: &Ending, row: &InRow) -> Vec<Trouble> {
    let mut told = Vec::new();
    if let Some(rule) = &ending.why {
        told.push(match ending.stray {
            Some(on) => stray(row, rule.clone(), on),
            None => trouble(row, Told::KEYS, rule.clone()),
        });
    }
    if ending.assumed {
        let rule = t(
            "sổ không ghi ngày thụ lý: lấy ngày nhận đơn, hạn giải quyết tính sớm nhất",
            "the book has no day of acceptance: that of receipt is taken, with the earliest deadline there may be",
        );
        let keys = &["result", "finished", "ended_on"];
        told.push(trouble(row, keys, rule.into()));
    }
    told
}

/// The addressee that is no known unit, in a column of its own or in the words of a result.
fn stray(row: &InRow, rule: Msg, on: NaiveDate) -> Trouble {
    let mut told = trouble(row, &["forwarded_to"], rule);
    told.on = Some(on);
    let results = row
        .given
        .iter()
        .filter(|g| matches!(g.key, "result" | "finished"));
    let named = results.filter_map(|g| {
        let text = clean(&clean_long(&g.cell.shown()));
        Some((g.column, addressee(&text)?.to_owned()))
    });
    if told.key.is_none()
        && let Some((column, name)) = named.into_iter().next()
    {
        told.column = Some(column);
        told.key = Some("forwarded_to");
        told.value = name;
    }
    told
}
