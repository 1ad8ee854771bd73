//! What a person says that words of a file mean: asked at the row that does not say it, told as a row of its own, and
//! changed or taken back there.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::ImportScreen;
use crate::app::import::Trouble;
use crate::app::records;
use crate::catalog::cell::from_cell;
use crate::catalog::{Field, Type, carried};
use crate::domain::petition::book::{Said, known_again, shadow};
use crate::domain::record::Kind;
use crate::domain::sheet::Cell;
use crate::domain::value::Code;
use crate::exchange::layout::{Layout, Order, Target};
use crate::tui::effect::{Then, then};
use crate::tui::lang::{Lang, Text, t};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::form::FormScreen;
use crate::tui::screen::form::adding::{NEW_UNIT, named};
use crate::tui::screen::unit_choice::{OFTEN, unit_columns, unit_rows};
use crate::tui::screen::{Flow, Ui, View};
use crate::tui::widget::list::{Cell as ListCell, Column, Row};

/// What a row of the third step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// A problem or a note, by its place among both.
    Trouble(usize),
    /// What a person has said.
    Answer(Answer),
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The field.
    key: &'static str,
    /// The word as the mapping keeps it.
    word: String,
    /// What it means; of several units at several times one of them.
    meaning: String,
}

/// How answers are told: the names of units by their codes, and words that are kept only to be known again.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    /// The names of units, by `CODE` or `CODE@DAY`.
    pub(super) units: BTreeMap<String, String>,
    /// Words by their shadows, as far as this program has seen them.
    words: BTreeMap<String, String>,
}

/// The answers that a mapping holds.
pub(super) fn answers(layout: &Layout) -> Vec<Answer> {
    let mut all = Vec::new();
    for (key, words) in &layout.words {
        let Some(field) = carried::in_file(layout.kind, key) else {
            continue;
        };
        for (word, meaning) in words {
            let parts: Vec<&str> = match field.ty {
                Type::Unit => meaning.split_whitespace().collect(),
                _ => vec![meaning.as_str()],
            };
            all.extend(parts.into_iter().map(|meaning| Answer {
                key: field.key,
                word: word.clone(),
                meaning: meaning.to_owned(),
            }));
        }
    }
    all
}

impl Answer {
    fn word<'a>(&'a self, spoken: &'a Spoken, v: &View) -> &'a str {
        match (self.word.starts_with('#'), spoken.words.get(&self.word)) {
            (_, Some(word)) => word,
            (true, None) => v.say(t("(chữ của lần trước)", "(words of the last time)")),
            (false, None) => &self.word,
        }
    }

    fn means(&self, layout: &Layout, spoken: &Spoken, lang: Lang) -> String {
        let Some(field) = carried::in_file(layout.kind, self.key) else {
            return self.meaning.clone();
        };
        let bare = self.meaning.split('@').next().unwrap_or_default();
        match field.ty {
            Type::Unit => match spoken.units.get(&self.meaning) {
                Some(name) => format!("{bare} {name}"),
                None => self.meaning.clone(),
            },
            Type::Boolean => choices(field, lang)
                .into_iter()
                .find(|row| row.key == self.meaning)
                .and_then(|row| row.cells.first().cloned())
                .unwrap_or_else(|| self.meaning.clone()),
            _ if carried::repeats(field.key) => Said::from_code(&self.meaning)
                .map_or_else(|| self.meaning.clone(), |s| said_words(s).get(lang).into()),
            _ => field
                .choice(&self.meaning)
                .map_or_else(|| self.meaning.clone(), |c| c.label.get(lang).to_owned()),
        }
    }

    /// Its row among the problems.
    pub(super) fn row(&self, layout: &Layout, spoken: &Spoken, v: &View) -> Row<Shown> {
        let own = |c: &&crate::exchange::layout::Column| {
            c.target.as_ref().is_some_and(|t| t.fills(self.key))
        };
        let column = layout.columns.iter().find(own);
        let meaning = self.means(layout, spoken, v.lang);
        let cells = [
            String::new(),
            column.map_or_else(String::new, |c| layout.name(c.at)),
            self.word(spoken, v).replace('\n', " "),
            format!("= {} {meaning}", v.say(t("đã nói nghĩa là", "said to be"))),
        ];
        Row {
            key: Shown::Answer(self.clone()),
            cells: cells.into_iter().map(ListCell::from).collect(),
        }
    }

    /// What stands below the list when it is selected.
    pub(super) fn about(&self, layout: &Layout, spoken: &Spoken, v: &View) -> String {
        let word = self.word(spoken, v);
        let meaning = self.means(layout, spoken, v.lang);
        let (said, change) = (
            v.say(t("nghĩa là", "means")),
            v.say(t(
                "cho mọi dòng như vậy. Enter để đổi hay bỏ câu trả lời này",
                "for all such rows. Enter changes this answer or takes it back",
            )),
        );
        format!("«{word}» {said} {meaning}, {change}")
    }
}

impl ImportScreen {
    /// Asks what the words of the selected row mean, for every row that has them; on an answer it asks again.
    pub(super) fn choose_meaning(&mut self, ui: &mut Ui) -> Flow {
        match self.problems.key().cloned() {
            Some(Shown::Answer(answer)) => self.ask_again(answer, ui),
            Some(Shown::Trouble(at)) => self.ask(at, ui),
            None => Flow::Stay,
        }
    }

    fn ask(&mut self, at: usize, ui: &mut Ui) -> Flow {
        let Some(trouble) = self.trouble(at).cloned() else {
            return Flow::Stay;
        };
        let on = trouble.on.unwrap_or(ui.view.today);
        match self.field_of(&trouble) {
            Some(field) if field.ty == Type::Unit => {
                let word = self.unit_words(&trouble);
                if word != trouble.value {
                    let known = &mut self.spoken.words;
                    known.insert(word.clone(), trouble.value.clone());
                }
                let asked = Asked::new(field, word, trouble.value);
                Flow::Push(Box::new(asked.unit(on, ui)))
            }
            Some(field) if carried::repeats(field.key) => {
                let now = Said::read(&trouble.value).unwrap_or(Said::Open).code();
                let asked = Asked::new(field, trouble.value.clone(), trouble.value);
                Flow::Push(Box::new(asked.said(now, ui)))
            }
            Some(field) if is_no_choice(field, &trouble, &ui.view) => {
                let asked = Asked::new(field, trouble.value.clone(), trouble.value);
                Flow::Push(Box::new(asked.choice(ui)))
            }
            _ if let Some(at) = self.unclear_order(&trouble) => self.choose_order_of(at, ui),
            _ => {
                ui.note(ui.say(t(
                    "ô này sửa trong tệp; x đưa các dòng lỗi ra một tệp để sửa",
                    "this cell is mended in the file; x puts the bad rows into one to mend",
                )));
                Flow::Stay
            }
        }
    }

    fn ask_again(&self, answer: Answer, ui: &mut Ui) -> Flow {
        let Some(field) = carried::in_file(self.kind, answer.key) else {
            return Flow::Stay;
        };
        let shown = answer.word(&self.spoken, &ui.view).to_owned();
        let asked = Asked {
            was: Some(answer.meaning.clone()),
            ..Asked::new(field, answer.word, shown)
        };
        Flow::Push(Box::new(match field.ty {
            Type::Unit => {
                let day = answer.meaning.split_once('@');
                let day = day.and_then(|(_, day)| day.parse().ok());
                asked.unit(day.unwrap_or(ui.view.today), ui)
            }
            _ if carried::repeats(field.key) => asked.said(&answer.meaning, ui),
            _ => asked.choice(ui).selecting(&answer.meaning),
        }))
    }

    /// A problem or note by its place among both.
    pub(super) fn trouble(&self, at: usize) -> Option<&Trouble> {
        let plan = self.prepared.as_ref().map(|p| &p.plan)?;
        plan.problems.iter().chain(&plan.notes).nth(at)
    }

    /// The form over this one saved a unit: it is what the word means.
    pub(super) fn take_added(&mut self, kind: Kind, id: i64, ui: &mut Ui) {
        let Some(Adding { asked, on }) = self.adding.take() else {
            return;
        };
        ui.run(
            move |cx| records::get(cx, kind, id).map(|record| named(record.as_ref())),
            move |screen: &mut ImportScreen, code, ui| match code {
                Ok(code) => asked.mean(format!("{code}@{on}"))(screen, ui),
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
    }

    /// The words to know a unit by. Words of results may name people: out of them it is known again, not kept.
    fn unit_words(&self, trouble: &Trouble) -> String {
        let columns = self.import.iter().flat_map(|i| &i.layout.columns);
        let mut own = columns.filter(|c| Some(c.at) == trouble.column);
        let target = own.next().and_then(|c| c.target.as_ref());
        match target.is_some_and(|t: &Target| carried::repeats(t.key())) {
            true => shadow(&trouble.value),
            false => trouble.value.clone(),
        }
    }

    /// The field of a cell that is told with what stands in it.
    fn field_of(&self, trouble: &Trouble) -> Option<&'static Field> {
        let key = trouble.key.filter(|_| !trouble.value.is_empty());
        key.and_then(|key| carried::in_file(self.kind, key))
    }

    /// The column of a problem, where nobody knows how its days are written.
    fn unclear_order(&self, trouble: &Trouble) -> Option<usize> {
        let columns = self.import.iter().flat_map(|i| &i.layout.columns);
        let mut own = columns.filter(|c| Some(c.at) == trouble.column);
        let column = own.next()?;
        matches!(column.order, Order::Ask | Order::AskTurned).then_some(column.at)
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
        let order = t(
            "Enter để chọn cách viết ngày của cột này",
            "Enter chooses how the days of this column are written",
        );
        match (asks, self.unclear_order(trouble)) {
            (true, _) => format!("{rule}. {}", v.say(ask)),
            (false, Some(_)) => format!("{rule}. {}", v.say(order)),
            (false, None) => rule.to_owned(),
        }
    }
}

/// Whether what stands in a column of choices is none of them.
fn is_no_choice(field: &Field, trouble: &Trouble, v: &View) -> bool {
    let cell = Cell::Text(trouble.value.clone());
    matches!(field.ty, Type::Enum(_) | Type::Boolean) && from_cell(field, &cell, v.today).is_err()
}

/// The choices of a field.
fn choices(field: &Field, lang: Lang) -> Vec<PickRow> {
    match field.ty {
        Type::Enum(choices) => choices
            .iter()
            .map(|c| PickRow::new(c.code, [c.label.get(lang)]))
            .collect(),
        _ => [("yes", t("có", "yes")), ("no", t("không", "no"))]
            .map(|(code, words)| PickRow::new(code, [words.get(lang)]))
            .to_vec(),
    }
}

/// The word that a unit is being added for, and the day that its rows speak of.
pub(super) struct Adding {
    asked: Asked,
    on: NaiveDate,
}

/// What is asked: the meaning of a word.
#[derive(Clone)]
struct Asked {
    field: &'static Field,
    /// As the mapping keeps it.
    word: String,
    /// As the file has it.
    shown: String,
    /// What was answered before, where that is asked again.
    was: Option<String>,
}

/// The row that takes an answer back.
const NONE: &str = "";

impl Asked {
    fn new(field: &'static Field, word: String, shown: String) -> Asked {
        Asked {
            field,
            word,
            shown,
            was: None,
        }
    }

    /// The rows with one before them that takes the answer back, where one was given.
    fn with_none(&self, mut rows: Vec<PickRow>, ui: &Ui) -> Vec<PickRow> {
        if self.was.is_some() {
            rows.insert(0, PickRow::new(NONE, [ui.say(TAKE_BACK)]));
        }
        rows
    }

    fn unit(self, on: NaiveDate, ui: &mut Ui) -> Pick {
        let ask = ui.say(t("Đơn vị nào là", "Which unit is"));
        let title = format!("{ask} «{}»", self.shown);
        // A book of another time names the units of its own.
        let lang = ui.view.lang;
        let was = self.was.clone();
        // What is known again only, and not kept, is no name for a unit.
        let name = Some(&self.shown).filter(|shown| **shown == self.word);
        let name = name.cloned().unwrap_or_default();
        let asked = self.clone();
        let choose = Box::new(move |row: PickRow| {
            // A code may be another unit's at another time.
            let code = match row.key.contains('@') || row.key == NONE {
                true => row.key,
                false => format!("{}@{on}", row.key),
            };
            self.mean(code)
        });
        let query = Arc::new(move |cx: &mut crate::app::Cx, text: &str| {
            let mut rows = unit_rows(cx, text, on, OFTEN, lang);
            if let (Some(was), true) = (&was, text.is_empty()) {
                // What was answered stands first, so that Enter alone changes nothing.
                let code = was.split('@').next().unwrap_or_default();
                let own = unit_rows(cx, code, on, OFTEN, lang);
                let own = own
                    .into_iter()
                    .find(|row| row.cells.first().is_some_and(|c| c == code));
                rows.insert(0, PickRow::new(NONE, ["", TAKE_BACK.get(lang)]));
                own.into_iter().for_each(|row| rows.insert(0, row));
            }
            rows
        });
        let takes_back = asked.was.is_some();
        let pick = Pick::asked(title, unit_columns(), query, choose);
        // Beside the row that takes the answer back there is none that adds.
        if takes_back {
            return pick;
        }
        let make = move |typed: &str| {
            let name = if typed.is_empty() {
                name
            } else {
                typed.to_owned()
            };
            then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                screen.adding = Some(Adding { asked, on });
                Flow::Push(Box::new(FormScreen::new_unit(&name, &ui.view)))
            })
        };
        pick.adding(ui.say(NEW_UNIT), Box::new(make))
    }

    /// Asks which choice of the field the word means.
    fn choice(self, ui: &mut Ui) -> Pick {
        let rows = self.with_none(choices(self.field, ui.view.lang), ui);
        let label = self.field.label.get(ui.view.lang);
        let means = ui.say(t("nghĩa là", "means"));
        let title = format!("{label}: «{}» {means}", self.shown);
        let choose = Box::new(move |row: PickRow| self.mean(row.key));
        Pick::fixed(title, vec![Column::new("", 20, 60, 0)], rows, choose)
    }

    fn said(self, now: &str, ui: &mut Ui) -> Pick {
        let rows = Said::ALL.iter();
        let rows = rows.map(|s| PickRow::new(s.code(), [ui.say(said_words(*s))]));
        let rows = self.with_none(rows.collect(), ui);
        let title = format!("{} «{}»", ui.say(t("Nghĩa là", "Means")), self.shown);
        let choose = Box::new(move |row: PickRow| self.mean(row.key));
        Pick::fixed(title, vec![Column::new("", 20, 60, 0)], rows, choose).selecting(now)
    }

    /// What becomes of the answer.
    fn mean(self, meaning: String) -> Then {
        then(move |screen: &mut ImportScreen, ui: &mut Ui| {
            if let Some(import) = &mut screen.import {
                let words = &mut import.layout.words;
                let words = words.entry(self.field.key.to_owned()).or_default();
                let mut before = words.remove(&self.word).unwrap_or_default();
                // The same word may stand there by its shadow, or written out.
                let own = known_again(&self.word);
                words.retain(|word, meaning| {
                    let same = known_again(word) == own;
                    if same && before.is_empty() {
                        before.clone_from(meaning);
                    }
                    !same
                });
                let now = match self.field.ty {
                    Type::Unit => joined(&before, self.was.as_deref(), &meaning),
                    _ => meaning,
                };
                if !now.is_empty() {
                    words.insert(self.word, now);
                }
            }
            screen.judge_again(ui);
            Flow::Stay
        })
    }
}

const TAKE_BACK: Text = t("– bỏ câu trả lời này", "– take this answer back");

/// The units of a word: one more, one instead of another, or one less. Each holds on days of its own.
fn joined(before: &str, was: Option<&str>, now: &str) -> String {
    let kept = before.split_whitespace();
    let kept = kept.map(|code| if Some(code) == was { now } else { code });
    let more = was.is_none().then_some(now);
    let all: Vec<&str> = kept.chain(more).filter(|code| !code.is_empty()).collect();
    all.join(" ")
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

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn units_of_a_word_are_added_changed_and_taken_away() {
        assert_eq!(joined("", None, "857@2019-03-04"), "857@2019-03-04");
        assert_eq!(joined("1@a", None, "2@b"), "1@a 2@b");
        assert_eq!(joined("1@a 2@b", Some("1@a"), "3@a"), "3@a 2@b");
        assert_eq!(joined("1@a 2@b", Some("1@a"), ""), "2@b");
        assert_eq!(joined("1@a", Some("1@a"), ""), "");
    }
}
