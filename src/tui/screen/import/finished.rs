//! What a person says of finished matters: what becomes of those of which the book does not tell enough, and what its
//! words mean.

use std::sync::Arc;

use super::{ImportScreen, Step};
use crate::app::import::Trouble;
use crate::catalog::cell::from_cell;
use crate::catalog::{Field, Type, carried};
use crate::domain::petition::book::{Lacking, Said, shadow};
use crate::domain::sheet::Cell;
use crate::domain::value::Code;
use crate::exchange::layout::Layout;
use crate::tui::effect::then;
use crate::tui::lang::{Text, t};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::unit_choice::{OFTEN, unit_columns, unit_rows};
use crate::tui::screen::{Flow, Ui, View};
use crate::tui::widget::list::Column;

use super::work::Task;

/// What each answer does.
pub(super) fn lacking_words(lacking: Lacking) -> Text {
    match lacking {
        Lacking::Open => t(
            "vào sổ như việc chưa xong, chữ của sổ ở «Ghi chú»",
            "come in as not finished, the book's words in the note",
        ),
        Lacking::File => t(
            "xếp lưu là việc cũ, không tính đúng hạn; ngày: như sổ, hoặc cuối năm nhận",
            "filed as old, never on time; day: the book's, or the end of its year",
        ),
        Lacking::Error => t(
            "báo lỗi từng dòng, để sửa trong tệp",
            "refuse each row, to be mended in the file",
        ),
    }
}

fn said_words(said: Said) -> Text {
    match said {
        Said::Open => t("chưa xong", "not finished"),
        Said::Accepted => t("đang thụ lý", "accepted"),
        Said::Forwarded => t("đã chuyển", "forwarded"),
        Said::Resolved => t(
            "đã giải quyết (không rõ kết luận)",
            "resolved (outcome unclear)",
        ),
        Said::Answered => t("đã trả lời", "answered"),
        Said::Replied => t("đã có phúc đáp", "reply received"),
        Said::Filed => t("xếp lưu", "filed away"),
        Said::Guided => t("hướng dẫn", "guided"),
        Said::Returned => t("trả đơn", "returned"),
        Said::Refused => t("không thụ lý", "refused"),
        Said::Terminated => t("đình chỉ", "terminated"),
        Said::Withdrawn => t("rút đơn", "withdrawn"),
        Said::Justified => t("đúng, có cơ sở", "justified"),
        Said::PartlyJustified => t("đúng một phần", "partly justified"),
        Said::Unjustified => t("sai, không có cơ sở", "unjustified"),
        Said::Upheld => t("giữ nguyên quyết định lần đầu", "upheld"),
        Said::Changed => t("hủy, sửa quyết định lần đầu", "changed"),
    }
}

/// What is said under the columns of a file that tells how petitions went.
pub(super) fn about(layout: &Layout, v: &View) -> Option<String> {
    let kind = layout.kind;
    if !layout.columns.iter().any(|c| c.tells_course(kind)) {
        return None;
    }
    let now = layout.lacking.map_or_else(
        || v.say(t("hỏi trước khi ghi", "asked before writing")),
        |lacking| v.say(lacking_words(lacking)),
    );
    let said = t(
        "việc xong mà sổ ghi thiếu (c)",
        "finished but incomplete (c)",
    );
    Some(format!("{}: {now}", v.say(said)))
}

impl ImportScreen {
    /// Asks what becomes of finished matters of which the book does not tell enough.
    pub(super) fn choose_lacking(&self, ui: &mut Ui) -> Flow {
        let kind = self.kind;
        let layout = self.import.as_ref().map(|i| &i.layout);
        let Some(layout) = layout.filter(|l| l.columns.iter().any(|c| c.tells_course(kind))) else {
            ui.note(ui.say(t(
                "tệp không có cột kết quả nào",
                "the file has no column of results",
            )));
            return Flow::Stay;
        };
        let row = |l: &Lacking| PickRow::new(l.code(), [ui.say(lacking_words(*l))]);
        let rows: Vec<PickRow> = [Lacking::File, Lacking::Open, Lacking::Error]
            .iter()
            .map(row)
            .collect();
        let choose = Box::new(|row: PickRow| {
            then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                if let Some(import) = &mut screen.import {
                    import.layout.lacking = Lacking::from_code(&row.key);
                }
                screen.judge_again(ui);
                Flow::Stay
            })
        });
        let title = ui.say(t(
            "Việc sổ ghi đã xong mà thiếu ngày, kết luận, nơi nhận",
            "Finished, but without day, outcome or addressee",
        ));
        let now = layout.lacking.unwrap_or(Lacking::File).code();
        let columns = vec![Column::new("", 20, 76, 0)];
        Flow::Push(Box::new(
            Pick::fixed(title, columns, rows, choose).selecting(now),
        ))
    }

    /// Judges the rows anew where they were judged already.
    fn judge_again(&mut self, ui: &mut Ui) {
        match (self.step, self.import.take()) {
            (Step::Problems, Some(import)) => {
                self.prepared = None;
                self.start_work(Task::Plan(import), ui);
            }
            (_, import) => self.import = import,
        }
    }

    /// Asks what the words of the selected row mean, for every row that has them.
    pub(super) fn choose_meaning(&self, ui: &mut Ui) -> Flow {
        let plan = self.prepared.as_ref().map(|p| &p.plan);
        let at = self.problems.key().copied();
        let all = plan
            .into_iter()
            .flat_map(|p| p.problems.iter().chain(&p.notes));
        let Some(trouble) = at.and_then(|at| all.into_iter().nth(at)) else {
            return Flow::Stay;
        };
        match self.field_of(trouble) {
            Some(field) if field.ty == Type::Unit => {
                let (key, word) = (field.key, self.unit_words(trouble));
                let ask = ui.say(t("Đơn vị nào là", "Which unit is"));
                let title = format!("{ask} «{}»", trouble.value);
                // A book of another time names the units of its own.
                let (on, lang) = (trouble.on.unwrap_or(ui.view.today), ui.view.lang);
                let before = self.said_before(key, &word);
                let choose = Box::new(move |row: PickRow| {
                    // A code may be another unit's at another time.
                    let code = match row.key.contains('@') {
                        true => row.key,
                        false => format!("{}@{on}", row.key),
                    };
                    mean(key, word, format!("{before} {code}").trim().to_owned())
                });
                let query = Arc::new(move |cx: &mut crate::app::Cx, text: &str| {
                    unit_rows(cx, text, on, OFTEN, lang)
                });
                Flow::Push(Box::new(Pick::asked(title, unit_columns(), query, choose)))
            }
            Some(field) if carried::repeats(field.key) => said_pick(field.key, trouble, ui),
            Some(field) if is_no_choice(field, trouble, &ui.view) => {
                choice_pick(field, trouble, ui)
            }
            _ => {
                ui.note(ui.say(t(
                    "ô này sửa trong tệp; x đưa các dòng lỗi ra một tệp để sửa",
                    "this cell is mended in the file; x puts the bad rows into one to mend",
                )));
                Flow::Stay
            }
        }
    }
}

impl ImportScreen {
    /// The words to know a unit by. Words of results may name people: out of them it is known again, not kept.
    fn unit_words(&self, trouble: &Trouble) -> String {
        let columns = self.import.iter().flat_map(|i| &i.layout.columns);
        let mut own = columns.filter(|c| Some(c.at) == trouble.column);
        let target = own.next().and_then(|c| c.target.as_ref());
        match target.is_some_and(|t| carried::repeats(t.key())) {
            true => shadow(&trouble.value),
            false => trouble.value.clone(),
        }
    }

    /// What was said of words before: it holds on other days.
    fn said_before(&self, key: &str, word: &str) -> String {
        let words = self.import.as_ref().and_then(|i| i.layout.words.get(key));
        let said = words.and_then(|words| words.get(word));
        said.cloned().unwrap_or_default()
    }

    /// The field of a cell that is told with what stands in it.
    fn field_of(&self, trouble: &Trouble) -> Option<&'static Field> {
        let key = trouble.key.filter(|_| !trouble.value.is_empty());
        key.and_then(|key| carried::in_file(self.kind, key))
    }

    /// The rule of a problem, and that its words can be explained where they can.
    pub(super) fn rule_words(&self, trouble: &Trouble, v: &View) -> String {
        let rule = trouble.rule.get(v.lang);
        let asks = self.field_of(trouble).is_some_and(|field| {
            let unclear = || Said::read(&trouble.value).is_none();
            field.ty == Type::Unit
                || carried::repeats(field.key) && unclear()
                || is_no_choice(field, trouble, v)
        });
        let ask = t(
            "Enter để nói nghĩa là gì, cho mọi dòng như vậy",
            "Enter says what it means, for all such rows",
        );
        match asks {
            true => format!("{rule}. {}", v.say(ask)),
            false => rule.to_owned(),
        }
    }
}

/// Whether what stands in a column of choices is none of them.
fn is_no_choice(field: &Field, trouble: &Trouble, v: &View) -> bool {
    let cell = Cell::Text(trouble.value.clone());
    matches!(field.ty, Type::Enum(_) | Type::Boolean) && from_cell(field, &cell, v.today).is_err()
}

/// Asks which choice of a field the words of a cell mean.
fn choice_pick(field: &Field, trouble: &Trouble, ui: &mut Ui) -> Flow {
    let rows: Vec<PickRow> = match field.ty {
        Type::Enum(choices) => choices
            .iter()
            .map(|c| PickRow::new(c.code, [c.label.get(ui.view.lang)]))
            .collect(),
        _ => [("yes", t("có", "yes")), ("no", t("không", "no"))]
            .map(|(code, words)| PickRow::new(code, [ui.say(words)]))
            .to_vec(),
    };
    let (key, word) = (field.key, trouble.value.clone());
    let label = field.label.get(ui.view.lang);
    let title = format!("{label}: «{word}» {}", ui.say(t("nghĩa là", "means")));
    let choose = Box::new(move |row: PickRow| mean(key, word, row.key));
    let columns = vec![Column::new("", 20, 60, 0)];
    Flow::Push(Box::new(Pick::fixed(title, columns, rows, choose)))
}

/// What becomes of the answer.
fn mean(key: &'static str, word: String, meaning: String) -> crate::tui::effect::Then {
    then(move |screen: &mut ImportScreen, ui: &mut Ui| {
        if let Some(import) = &mut screen.import {
            let words = import.layout.words.entry(key.to_owned()).or_default();
            words.insert(word, meaning);
        }
        screen.judge_again(ui);
        Flow::Stay
    })
}

fn said_pick(key: &'static str, trouble: &Trouble, ui: &mut Ui) -> Flow {
    let rows = Said::ALL.iter();
    let rows = rows.map(|s| PickRow::new(s.code(), [ui.say(said_words(*s))]));
    let rows: Vec<PickRow> = rows.collect();
    let word = trouble.value.clone();
    let choose = Box::new(move |row: PickRow| mean(key, word, row.key));
    let title = format!("{} «{}»", ui.say(t("Nghĩa là", "Means")), trouble.value);
    let columns = vec![Column::new("", 20, 60, 0)];
    let now = Said::read(&trouble.value).unwrap_or(Said::Open);
    let pick = Pick::fixed(title, columns, rows, choose);
    Flow::Push(Box::new(pick.selecting(now.code())))
}
