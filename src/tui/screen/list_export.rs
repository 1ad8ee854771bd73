//! The rows of a list into a file: with persons or without, then where to.

use super::list::ListScreen;
use super::{Flow, Ui, View};
use crate::app::cx::millis;
use crate::catalog;
use crate::domain::fold::fold;
use crate::domain::number::vi_int;
use crate::domain::record::Kind;
use crate::exchange::read::Stop;
use crate::exchange::write::Format;
use crate::transfer::export::{Exported, NAMED, Wanted, export};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::ask::{Ask, new_file};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::widget::list::Column;
use std::path::PathBuf;

/// Milliseconds between two tellings: a line of 9,600 baud has time for them.
const BEAT: i64 = 700;

/// In the list of ways, the one with names,
const WITH: &str = "with";
/// and the one with all that brings the rows in again as they are.
const WHOLE: &str = "whole";

/// What goes along beside the columns that everybody may see.
#[derive(Clone, Copy, Default)]
struct Along {
    names: bool,
    steps: bool,
}

impl ListScreen {
    /// Asks whether names and addresses go along; a register that holds none asks nothing.
    pub(super) fn ask_export(&self, ui: &mut Ui) -> Flow {
        if let Some(words) = self.writing_words(&ui.view) {
            ui.note(words);
            return Flow::Stay;
        }
        let personal = catalog::entity(self.kind)
            .fields
            .iter()
            .any(|f| f.personal());
        if !personal {
            return self.ask_file(Along::default(), &ui.view);
        }
        let v = ui.view;
        let mut rows = vec![
            PickRow::new(
                "",
                [v.say(t(
                    "không có tên, địa chỉ người dân",
                    "without names and addresses of citizens",
                ))],
            ),
            PickRow::new(
                WITH,
                [v.say(t(
                    "CÓ tên, địa chỉ người dân: giữ kín, xóa khi xong",
                    "WITH names and addresses: keep closed, delete when done",
                ))],
            ),
        ];
        if self.kind == Kind::Petition {
            rows.push(PickRow::new(
                WHOLE,
                [v.say(t(
                    "để nhập lại: CÓ tên, địa chỉ và các bước; giữ kín",
                    "to import again: WITH names, addresses and steps",
                ))],
            ));
        }
        let choose = Box::new(|row: PickRow| {
            let along = Along {
                names: row.key == WITH || row.key == WHOLE,
                steps: row.key == WHOLE,
            };
            then(move |screen: &mut ListScreen, ui: &mut Ui| screen.ask_file(along, &ui.view))
        });
        let title = v.say(t("Xuất các dòng này", "Export these rows"));
        let columns = vec![Column::new("", 30, 60, 0)];
        Flow::Push(Box::new(Pick::fixed(title, columns, rows, choose)))
    }

    fn ask_file(&self, along: Along, v: &View) -> Flow {
        let first = format!("{}-{}.xlsx", file_name(self.kind, v.lang), v.today);
        let question = v.say(t(
            "Ghi ra tệp (.xlsx .csv .json .md)",
            "Write to the file (.xlsx .csv .json .md)",
        ));
        Flow::Push(Box::new(Ask::new(
            question,
            &first,
            Box::new(move |text, v| {
                if text.trim().is_empty() {
                    return Err(v.say(t("cần tên tệp", "a file name is needed")).to_owned());
                }
                let path = place(text.trim());
                if Format::of(&path).is_none() {
                    return Err(v.say(NAMED).to_owned());
                }
                new_file(text, &path, v)?;
                Ok(then(move |screen: &mut ListScreen, ui: &mut Ui| {
                    screen.export(path, along, ui);
                    Flow::Stay
                }))
            }),
            Box::new(|text, _| place(text.trim()).display().to_string()),
        )))
    }

    fn export(&mut self, path: PathBuf, along: Along, ui: &mut Ui) {
        let wanted = Wanted {
            query: self.query.clone(),
            limit: None,
            names: along.names,
            steps: along.steps,
            lang: ui.view.lang,
            filter: self.what(&ui.view).join("; "),
            replace: false,
        };
        let writing = Writing::default();
        let stop = writing.stop.clone();
        self.writing = Some(writing);
        ui.aside(
            move |cx, tell| {
                let mut last = millis();
                export(cx, &path, &wanted, &mut |rows| {
                    let now = millis();
                    if now - last >= BEAT {
                        last = now;
                        tell(rows);
                    }
                    !stop.asked()
                })
            },
            |screen: &mut ListScreen, rows, _| {
                if let Some(writing) = &mut screen.writing {
                    writing.rows = rows;
                }
            },
            |screen: &mut ListScreen, done, ui| {
                screen.writing = None;
                match done {
                    Ok(Exported { path, rows }) => {
                        let path = path.display();
                        ui.note(match ui.view.lang {
                            Lang::Vi => format!("đã xuất {rows} dòng ra {path}"),
                            Lang::En => format!("exported {rows} rows to {path}"),
                        });
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    /// How far the file is.
    pub(super) fn writing_words(&self, v: &View) -> Option<String> {
        let rows = vi_int(i64::try_from(self.writing.as_ref()?.rows).unwrap_or(i64::MAX));
        Some(match v.lang {
            Lang::Vi => format!("đang ghi tệp: {rows} dòng · cứ làm việc khác · Esc dừng"),
            Lang::En => format!("writing the file: {rows} rows · work goes on · Esc stops"),
        })
    }

    /// Gives the file up; what was written of it goes.
    pub(super) fn stop_writing(&self) -> Flow {
        if let Some(writing) = &self.writing {
            writing.stop.ask();
        }
        Flow::Stay
    }
}

/// A file that is being written aside; who closes its list has given it up.
#[derive(Default)]
pub(super) struct Writing {
    stop: Stop,
    rows: usize,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.stop.ask();
    }
}

/// What a file of a register is called, before the day: `don-thu`; letters that any machine can type.
fn file_name(kind: Kind, lang: Lang) -> String {
    fold(catalog::entity(kind).title.get(lang)).replace(' ', "-")
}

/// A path as typed: `~` is the home folder; a bare name stands in the folder that the program was started in.
fn place(text: &str) -> PathBuf {
    let typed = PathBuf::from(text);
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let path = match (typed.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => typed,
    };
    std::path::absolute(&path).unwrap_or(path)
}
