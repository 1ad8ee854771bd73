//! Old matters of which the book does not tell enough, and what it says of those that go on.
use super::{Line, NOTE, Told, cut};
use crate::domain::fold::fold;
use crate::domain::petition::book::{Said, YEARS_END};
use crate::domain::petition::{Step, StepKind};
use crate::domain::words::{Msg, Text, t};
use chrono::{Datelike, NaiveDate};

impl Told {
    /// Ended as an old matter of which no more is known: as the book calls it, where that needs no more, else filed away.
    /// `last` stands for a day that the book does not tell.
    pub(in crate::app::import) fn filed(&self, lacks: &Msg, last: Option<NaiveDate>) -> Vec<Step> {
        let known = self.end_day();
        let year_ends = last.is_some_and(|on| (on.month(), on.day()) == (12, 31));
        let day = match known {
            Some(_) => String::new(),
            None if year_ends => format!(" {YEARS_END}"),
            None => " Ngày ghi ở đây là ngày nhập.".to_owned(),
        };
        let lines = self.all_lines().join("\n");
        let note = format!("Việc cũ: sổ {}.{day}\n{lines}", lacks.vi);
        let called = match self.said {
            Some(Said::Withdrawn) => Some(StepKind::Withdraw),
            Some(Said::Refused) => Some(StepKind::Refuse),
            Some(Said::Returned) => Some(StepKind::Return),
            Some(Said::Guided) => Some(StepKind::Guide),
            _ => None,
        };
        let step = |kind| Step {
            kind: Some(kind),
            on: known.or(last),
            document: self.documented(Step::default()).document,
            note: Some(cut(&note, NOTE)),
            whole: (kind == StepKind::Withdraw).then_some(true),
            ..Step::default()
        };
        called
            .into_iter()
            .chain([StepKind::FileAway])
            .map(step)
            .collect()
    }

    /// What the book calls an end that no step here says: it was forwarded, it was terminated.
    pub(in crate::app::import) fn called(&self) -> Option<Text> {
        match self.said {
            _ if self.forwarded => Some(t("chuyển đơn", "forwarded")),
            Some(Said::Terminated) => Some(t("đình chỉ", "terminated")),
            _ => None,
        }
    }

    /// Whether the book says that somebody is at it, with no day on which that began.
    pub(in crate::app::import) fn at_work(&self) -> bool {
        let busy = |line: &Line| {
            let text = fold(&line.text);
            let mut words = text.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word == "dang")
        };
        match self.said {
            Some(Said::Accepted) => true,
            Some(Said::Open) => self.results().any(busy),
            _ => false,
        }
    }
}
