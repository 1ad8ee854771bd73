//! Marked rows of a list, and what is done with all of them: a field, a step, removing, bringing back. First a preview,
//! then all of it at once.

use std::collections::BTreeSet;

use super::form::FormScreen;
use super::list::ListScreen;
use super::{Flow, Ui, View};
use crate::app::Result;
use crate::app::many::{self, Change, MOST, Preview};
use crate::catalog::{self, show};
use crate::domain::number::vi_int;
use crate::domain::petition::StepKind;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::tui::command::Command;
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::modal::preview;
use crate::tui::widget::list::Column;

/// The marked rows, by id: they stay marked while the list is filtered, sorted and read again.
#[derive(Debug, Default)]
pub(super) struct Marks {
    ids: BTreeSet<i64>,
    /// The row that was marked last: its place and id; from there a range goes.
    last: Option<(usize, i64)>,
}

impl Marks {
    /// Whether a row is marked.
    pub fn has(&self, id: i64) -> bool {
        self.ids.contains(&id)
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// «3 đánh dấu», for the title.
    pub fn words(&self, lang: Lang) -> Option<String> {
        let count = vi_int(i64::try_from(self.ids.len()).unwrap_or(i64::MAX));
        (!self.is_empty()).then(|| format!("{count} {}", t("đánh dấu", "marked").get(lang)))
    }

    fn add(&mut self, ids: impl IntoIterator<Item = i64>, ui: &mut Ui) {
        for id in ids {
            if self.ids.len() >= MOST && !self.ids.contains(&id) {
                ui.warn(ui.say(t(
                    "nhiều nhất 10.000 dòng một lần",
                    "10,000 rows at once at most",
                )));
                return;
            }
            self.ids.insert(id);
        }
    }
}

/// Keys of the menu of what can be done with the marked rows.
const FIELD: &str = "field";
const STEP: &str = "step";
const REMOVE: &str = "remove";
const RESTORE: &str = "restore";
const UNMARK: &str = "unmark";

impl ListScreen {
    /// Marks and what is done with the marked rows; `None` for a command that is none of these.
    pub(super) fn marks_command(&mut self, c: Command, ui: &mut Ui) -> Option<Flow> {
        match c {
            Command::Mark => self.mark_one(ui),
            Command::MarkTo => self.mark_to(ui),
            Command::MarkAll => self.mark_all(ui),
            Command::Unmark => self.marks = Marks::default(),
            _ if self.marks.is_empty() => return None,
            Command::Edit => return Some(self.pick_field(ui)),
            Command::Step => return Some(self.pick_step(ui)),
            Command::Remove => self.preview(Change::Remove, ui),
            Command::Restore => self.preview(Change::Restore, ui),
            Command::Actions => return Some(self.many_menu(ui)),
            _ => return None,
        }
        Some(Flow::Stay)
    }

    fn mark_one(&mut self, ui: &mut Ui) {
        let Some(id) = self.selected().map(|row| row.id) else {
            return;
        };
        if !self.marks.ids.remove(&id) {
            self.marks.add([id], ui);
            self.marks.last = Some((self.place(), id));
        }
        self.down(ui);
    }

    fn mark_to(&mut self, ui: &mut Ui) {
        let (Some((from, anchor)), to) = (self.marks.last, self.place()) else {
            ui.note(ui.say(t(
                "đánh dấu dòng đầu của dải trước (Space), rồi b ở dòng cuối",
                "mark the first row of the range (Space), then b on the last one",
            )));
            return;
        };
        let Some(here) = self.selected().map(|row| row.id) else {
            return;
        };
        let start = if from <= to { anchor } else { here };
        let (query, first, count) = (self.query.clone(), from.min(to), from.abs_diff(to) + 1);
        ui.run(
            move |cx| many::range(cx, &query, start, count),
            move |list: &mut ListScreen, ids: Result<Vec<i64>>, ui| {
                match ids {
                    Ok(ids) if ids.contains(&anchor) => {
                        list.marks.last = ids.last().map(|id| (to.max(first), *id));
                        if to == first {
                            list.marks.last = ids.first().map(|id| (first, *id));
                        }
                        list.marks.add(ids, ui);
                    }
                    Ok(_) => ui.warn(ui.say(t(
                        "danh sách đã đổi từ lúc đánh dấu dòng đầu; đánh dấu lại dòng ấy",
                        "the list has changed since its first row was marked; mark that row again",
                    ))),
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    fn mark_all(&mut self, ui: &mut Ui) {
        let query = self.query.clone();
        ui.run(
            move |cx| many::ids(cx, &query),
            |list: &mut ListScreen, ids: Result<Vec<i64>>, ui| {
                match ids {
                    Ok(ids) => list.marks.add(ids, ui),
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    fn many_menu(&self, ui: &Ui) -> Flow {
        let lang = ui.view.lang;
        let mut rows = vec![row(
            FIELD,
            t("sửa một ô", "change a field"),
            t(
                "cùng một giá trị cho mọi dòng  F3",
                "the same value for all  F3",
            ),
            lang,
        )];
        if self.kind == Kind::Petition {
            rows.push(row(
                STEP,
                t("xử lý", "step"),
                t("cùng một bước cho mọi đơn  x", "the same step for all  x"),
                lang,
            ));
        }
        let remove = t("xóa mọi dòng đã đánh dấu  F8", "remove all marked rows  F8");
        rows.push(row(REMOVE, t("xóa", "remove"), remove, lang));
        let restore = t("khôi phục các dòng đã xóa  r", "bring removed rows back  r");
        rows.push(row(RESTORE, t("khôi phục", "restore"), restore, lang));
        let unmark = t(
            "không làm gì, bỏ mọi dấu  B",
            "do nothing, take all marks off  B",
        );
        rows.push(row(UNMARK, t("bỏ hết dấu", "unmark all"), unmark, lang));
        let count = self.marks.words(lang).unwrap_or_default();
        let title = match lang {
            Lang::Vi => format!("Làm với mọi dòng đã đánh dấu: {count}"),
            Lang::En => format!("With all marked rows: {count}"),
        };
        let columns = vec![Column::new("", 12, 22, 0), Column::new("", 20, 60, 0)];
        let choose = Box::new(|row: PickRow| {
            then(move |list: &mut ListScreen, ui: &mut Ui| {
                let c = match row.key.as_str() {
                    FIELD => Command::Edit,
                    STEP => Command::Step,
                    REMOVE => Command::Remove,
                    RESTORE => Command::Restore,
                    _ => Command::Unmark,
                };
                list.marks_command(c, ui).unwrap_or(Flow::Stay)
            })
        });
        Flow::Push(Box::new(Pick::fixed(title, columns, rows, choose)))
    }

    fn pick_field(&self, ui: &Ui) -> Flow {
        let lang = ui.view.lang;
        let rows = many::fields(self.kind)
            .map(|f| PickRow::new(f.key, [f.label.get(lang), f.help.get(lang)]))
            .collect();
        let columns = vec![Column::new("", 16, 26, 0), Column::new("", 20, 60, 0)];
        let choose = Box::new(|row: PickRow| {
            then(move |list: &mut ListScreen, ui: &mut Ui| {
                match many::fields(list.kind).find(|f| f.key == row.key) {
                    Some(field) => {
                        let form = FormScreen::many_field(list.kind, field, &ui.view);
                        Flow::Push(Box::new(form))
                    }
                    None => Flow::Stay,
                }
            })
        });
        let title = t("Sửa ô nào?", "Change which field?").get(lang);
        Flow::Push(Box::new(Pick::fixed(title, columns, rows, choose)))
    }

    fn pick_step(&self, ui: &Ui) -> Flow {
        let lang = ui.view.lang;
        let rows = StepKind::ALL
            .iter()
            .map(|step| {
                let label = catalog::step::label(*step).get(lang);
                PickRow::new(step.code(), [label, catalog::step::help(*step).get(lang)])
            })
            .collect();
        let columns = vec![Column::new("", 12, 22, 0), Column::new("", 20, 60, 0)];
        let choose = Box::new(|row: PickRow| {
            then(
                move |_: &mut ListScreen, ui: &mut Ui| match StepKind::from_code(&row.key) {
                    Some(step) => Flow::Push(Box::new(FormScreen::many_step(step, &ui.view))),
                    None => Flow::Stay,
                },
            )
        });
        let title = t("Bước nào?", "Which step?").get(lang);
        Flow::Push(Box::new(Pick::fixed(title, columns, rows, choose)))
    }

    /// What keys do while rows are marked.
    pub(super) fn marks_hints(&self, v: &View) -> String {
        let step = match self.kind {
            Kind::Petition => t("  x xử lý", "  x step"),
            _ => t("", ""),
        };
        let hints = t(
            "  F8 xóa  r khôi phục  b dấu đến đây  A dấu hết  B bỏ dấu",
            "  F8 remove  r restore  b mark to here  A mark all  B unmark",
        );
        let edit = t("F3 sửa một ô", "F3 one field");
        format!("{}{}{}", v.say(edit), v.say(step), v.say(hints))
    }

    /// Shows what a change of the marked rows would do.
    pub(super) fn preview(&mut self, change: Change, ui: &mut Ui) {
        let (kind, ids) = (
            self.kind,
            self.marks.ids.iter().copied().collect::<Vec<_>>(),
        );
        ui.note(ui.say(t("đang xem trước…", "looking ahead…")));
        ui.run(
            move |cx| {
                let seen = many::preview(cx, kind, &ids, &change);
                (seen, change)
            },
            |list: &mut ListScreen, (seen, change): (Result<Preview>, Change), ui| {
                *ui.message = None;
                match seen {
                    Ok(seen) => list.ask(&seen, change, ui.view.lang),
                    Err(error) => {
                        ui.warn(error.text(ui.view.lang));
                        Flow::Stay
                    }
                }
            },
        );
    }

    fn ask(&self, seen: &Preview, change: Change, lang: Lang) -> Flow {
        let (title, after) = words(&change, lang);
        let one = catalog::entity(self.kind).one;
        let can = seen.can.clone();
        let yes = then(move |list: &mut ListScreen, ui: &mut Ui| {
            list.change_all(can, change, ui);
            Flow::Stay
        });
        let ask = preview::question(&title, after.as_deref(), one, seen, yes, lang);
        Flow::Push(Box::new(ask))
    }

    fn change_all(&mut self, can: Vec<(i64, i64)>, change: Change, ui: &mut Ui) {
        let kind = self.kind;
        ui.note(ui.say(t("đang ghi…", "saving…")));
        ui.run(
            move |cx| many::apply(cx, kind, &can, &change),
            move |list: &mut ListScreen, done: Result<usize>, ui| {
                let one = catalog::entity(kind).one;
                match done {
                    Ok(count) => {
                        list.marks = Marks::default();
                        let count = vi_int(i64::try_from(count).unwrap_or(i64::MAX));
                        ui.note(match ui.view.lang {
                            Lang::Vi => format!("đã đổi {count} {}; u lấy lại cả loạt", one.vi),
                            Lang::En => format!("{count} × {} changed; u takes all back", one.en),
                        });
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                list.read_again(ui);
                Flow::Stay
            },
        );
    }
}

fn row(
    key: &str,
    label: crate::tui::lang::Text,
    help: crate::tui::lang::Text,
    lang: Lang,
) -> PickRow {
    PickRow::new(key, [label.get(lang), help.get(lang)])
}

/// A change in words, and what the records hold after it.
fn words(change: &Change, lang: Lang) -> (String, Option<String>) {
    match change {
        Change::Field(field, value) => {
            let label = field.label.get(lang);
            let after = match value.is_null() {
                true => "–".to_owned(),
                false => show::show(field, value, lang),
            };
            (
                format!("{} {label}", t("Sửa", "Change").get(lang)),
                Some(after),
            )
        }
        Change::Step(step) => {
            let label = step
                .kind
                .map_or("?", |kind| catalog::step::label(kind).get(lang));
            (
                format!("{}: {label}", t("Bước", "Step").get(lang)),
                Some(label.to_owned()),
            )
        }
        Change::Remove => (t("Xóa", "Remove").get(lang).to_owned(), None),
        Change::Restore => (t("Khôi phục", "Restore").get(lang).to_owned(), None),
    }
}
