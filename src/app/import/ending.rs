//! What becomes of petitions by what a file tells of how they went: row by row, and in numbers.
use super::Trouble;
use super::course::trouble;
use super::told::Told;
use crate::catalog::step::label;
use crate::domain::date;
use crate::domain::number::vi_int;
use crate::domain::petition::book::addressee;
use crate::domain::petition::{Stage, State, StepKind};
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
    /// Of the ended ones, ended as the book calls it, on a day that it does not tell.
    pub kept: usize,
    /// Come in as just received though the book says that somebody is at them: it has no day of acceptance.
    pub idle: usize,
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
        add(&mut self.kept, ending.kept);
        add(&mut self.idle, ending.idle);
        add(
            &mut self.open,
            ending.lacks && !ending.filed && !ending.kept,
        );
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
            (
                t(
                    "trong đó việc cũ theo chữ của sổ",
                    "of these old, as the book calls them",
                ),
                self.kept,
            ),
            (t("đang thụ lý", "accepted"), self.accepted),
            (t("chờ phúc đáp", "awaiting reply"), self.forwarded),
            (
                t(
                    "sổ ghi đang làm: vào như mới nhận",
                    "at work in the book: come in as received",
                ),
                self.idle,
            ),
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
    /// It was ended as the book calls it, though that does not tell enough.
    pub(super) kept: bool,
    /// Somebody is at it, as the book says, and no step says so.
    pub(super) idle: bool,
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

/// What is told of an old matter that came in as ended by a step of some kind, on a day that may stand for none.
pub(super) fn old_matter(
    lacks: &Msg,
    told: &Told,
    state: &State,
    (kind, assumed): (Option<StepKind>, bool),
) -> Msg {
    let on = state.closed_on.unwrap_or_default();
    let step = kind.map_or(t("", ""), label);
    let called = told.called().filter(|_| kind == Some(StepKind::FileAway));
    let (but_vi, but_en) = called.map_or_else(Default::default, |called| {
        (
            format!(" (sổ gọi là «{}», chữ ấy ở ghi chú của bước)", called.vi),
            format!(
                " (the book calls it {}, kept in the step's note)",
                called.en
            ),
        )
    });
    let (days_vi, days_en) = match assumed {
        true => (
            "; ngày quy ước, không tính vào trung vị số ngày",
            "; a day by convention, in no median of days",
        ),
        false => ("", ""),
    };
    Msg::new(
        format!(
            "{}: vào sổ là việc cũ, «{}» ngày {}{but_vi}{days_vi}",
            lacks.vi,
            step.vi,
            date::vi(on)
        ),
        format!(
            "{}: comes in as an old matter, \"{}\" on {on}{but_en}{days_en}",
            lacks.en, step.en
        ),
    )
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
    if ending.idle {
        let rule = t(
            "sổ ghi đang làm mà không có ngày thụ lý: vào sổ ở giai đoạn «đã nhận», chữ của sổ ở «Ghi chú»",
            "the book says that it is being dealt with, but no day of acceptance: it comes in as received, the book's words in the note",
        );
        told.push(trouble(row, &["result", "finished"], rule.into()));
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
