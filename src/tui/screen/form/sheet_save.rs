//! Saving a whole day: head and rows at once; what is wrong is shown in its row.

use super::FormScreen;
use super::sheet::RowTexts;
use crate::app::intake::{self, Entered, Row};
use crate::app::once::{Sent, once};
use crate::app::{Cx, Error, Problem, Result, records};
use crate::catalog::{self, Field, intake as day};
use crate::domain::petition::PetitionType;
use crate::domain::record::Kind;
use crate::domain::value::{Code, Value};
use crate::tui::lang::{Lang, Msg, t};
use crate::tui::screen::{Flow, Ui};

type Texts = Vec<(&'static Field, String)>;

impl FormScreen {
    /// Hands head and rows to the worker.
    pub(super) fn save_sheet(&mut self, ui: &mut Ui) {
        let all = self.all_rows();
        let rows: Vec<(usize, RowTexts)> = all
            .into_iter()
            .enumerate()
            .filter(|(_, row)| !row.is_empty())
            .collect();
        if rows.is_empty() && self.kind == Kind::Reception {
            ui.warn(
                ui.view
                    .say(t("chưa nhập lượt tiếp nào", "no visit was entered yet")),
            );
            return;
        }
        let end = self.sheet.as_ref().map_or(0, |sheet| sheet.head);
        let head: Texts = self
            .inputs
            .iter()
            .take(end)
            .map(|input| (input.field, input.text()))
            .collect();
        let (kind, token) = (self.kind, self.draft.clone());
        self.saving = true;
        ui.run(
            move |cx| {
                let save = |cx: &mut Cx| store(cx, kind, &head, &rows);
                once(cx, &token, save, |_, _| Ok(Entered::default()))
            },
            FormScreen::sheet_saved,
        );
    }

    fn sheet_saved(&mut self, saved: Result<Sent<Entered>>, ui: &mut Ui) -> Flow {
        self.saving = false;
        match saved {
            Ok(Sent {
                saved: entered,
                earlier,
            }) => {
                self.forget(ui);
                ui.note(if earlier {
                    let saved = t("cả buổi đã lưu từ trước", "the day was saved before");
                    ui.say(saved).to_owned()
                } else {
                    said(&entered, self.kind, ui.view.lang)
                });
                let first = entered.head.as_ref().or(entered.rows.last());
                match first {
                    Some(record) => Flow::PopSaved(self.kind, record.head().id),
                    None => Flow::Pop,
                }
            }
            Err(Error::Refused(problems)) => {
                self.show_row_problems(&problems, ui);
                Flow::Stay
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
        }
    }

    /// Brings the first row with a problem to the front, with all that is wrong in it.
    fn show_row_problems(&mut self, problems: &[Problem], ui: &mut Ui) {
        let of_head = problems.iter().any(|problem| problem.row.is_none());
        let row = problems.iter().find_map(|problem| problem.row);
        if let (false, Some(row)) = (of_head, row) {
            self.put_row_away();
            self.show_row(row.saturating_sub(1), ui);
        }
        let here: Vec<Problem> = problems
            .iter()
            .filter(|problem| of_head && problem.row.is_none() || !of_head && problem.row == row)
            .cloned()
            .collect();
        self.show_problems(&here, ui);
    }
}

fn at_field(row: Option<usize>, field: &Field, msg: Msg) -> Problem {
    Problem {
        row,
        field: Some(field.key),
        label: field.label.into(),
        msg,
    }
}

fn store(cx: &mut Cx, kind: Kind, head: &Texts, rows: &[(usize, RowTexts)]) -> Result<Entered> {
    let mut problems = Vec::new();
    let mut fields = Vec::new();
    let mut read =
        |cx: &Cx, row: Option<usize>, field: &'static Field, text: &str| match records::value(
            cx, field, text,
        ) {
            Ok(Value::Null) => None,
            Ok(value) => Some((field.key, value)),
            Err(msg) => {
                problems.push(at_field(row, field, msg));
                None
            }
        };
    for (field, text) in head {
        fields.extend(read(cx, None, field, text));
    }
    let asked = day::row_fields(kind);
    let mut items = Vec::new();
    for (at, texts) in rows {
        let mut item = Row::default();
        for (key, text) in texts {
            if let Some(field) = asked.iter().find(|field| field.key == key) {
                item.fields.extend(read(cx, Some(at + 1), field, text));
            }
        }
        items.push(item);
    }
    for (item, (at, _)) in items.iter_mut().zip(rows) {
        problems.extend(as_petition(kind, item, at + 1));
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }
    intake::together(cx, kind, &fields, &items).map_err(|error| match error {
        // Rows that nothing was put into were not handed over.
        Error::Refused(mut problems) => {
            for problem in &mut problems {
                let at = problem.row.and_then(|row| rows.get(row.checked_sub(1)?));
                problem.row = at.map(|(at, _)| at + 1);
            }
            Error::Refused(problems)
        }
        other => other,
    })
}

/// Notes which petition a row becomes, as it says; gives what is missing for it.
fn as_petition(kind: Kind, item: &mut Row, row: usize) -> Option<Problem> {
    let said = item
        .fields
        .iter()
        .position(|(key, _)| *key == day::AS_PETITION);
    let (_, said) = said.map(|at| item.fields.remove(at))?;
    let of_type = |key: &str| {
        let found = item.fields.iter().find(|(known, _)| *known == key);
        PetitionType::from_code(found?.1.text()?)
    };
    item.petition = match said {
        Value::Bool(true) => of_type("matter_type"),
        Value::Text(code) => PetitionType::from_code(&code),
        _ => return None,
    };
    if item.petition.is_some() {
        return None;
    }
    let msg = t(
        "phải chọn loại để lập thành đơn",
        "is needed to make a petition of it",
    );
    let field = catalog::field(kind, "matter_type")?;
    Some(at_field(Some(row), field, msg.into()))
}

/// «đã lưu 5 lượt tiếp, lập 2 đơn: 16/2026, 17/2026».
fn said(entered: &Entered, kind: Kind, lang: Lang) -> String {
    let rows = entered.rows.len();
    let row_kind = intake::rows_of(kind).unwrap_or(kind);
    let one = catalog::entity(row_kind).one.get(lang);
    let mut words = format!("{} {rows} {one}", t("đã lưu", "saved").get(lang));
    if entered.head.is_some() {
        let head = catalog::entity(kind).one.get(lang);
        words = format!("{} {head}, {rows} {one}", t("đã lưu", "saved").get(lang));
    }
    let numbers: Vec<String> = entered
        .petitions
        .iter()
        .filter_map(|petition| petition.head().number_text())
        .collect();
    if numbers.is_empty() {
        return words;
    }
    let made = match lang {
        Lang::Vi => format!("lập {} đơn", numbers.len()),
        Lang::En => format!("petitions made: {}", numbers.len()),
    };
    format!("{words}, {made}: {}", numbers.join(", "))
}
