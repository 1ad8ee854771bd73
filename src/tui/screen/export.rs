//! What a screen shows into a file: where to, how far it is, and what came of it.

use super::{Flow, Screen, Ui, View};
use crate::app::cx::millis;
use crate::app::{Cx, Result};
use crate::domain::fold::fold;
use crate::domain::number::vi_int;
use crate::exchange::read::Stop;
use crate::exchange::write::Format;
use crate::transfer::export::{Exported, NAMED};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::ask::{Ask, new_file};
use std::path::PathBuf;

/// Milliseconds between two tellings: a line of 9,600 baud has time for them.
const BEAT: i64 = 700;

/// A screen whose rows go into files, one at a time.
pub(super) trait Exports: Screen + Sized {
    /// The file that is being written from here.
    fn writing(&mut self) -> &mut Option<Writing>;
}

/// A file that is being written aside; who closes its screen has given it up.
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

impl Writing {
    /// How far the file is.
    pub(super) fn words(&self, v: &View) -> String {
        let rows = vi_int(i64::try_from(self.rows).unwrap_or(i64::MAX));
        match v.lang {
            Lang::Vi => format!("đang ghi tệp: {rows} dòng · cứ làm việc khác · Esc dừng"),
            Lang::En => format!("writing the file: {rows} rows · work goes on · Esc stops"),
        }
    }
}

/// Gives the file up; what was written of it goes.
pub(super) fn stop(writing: Option<&Writing>) -> Flow {
    if let Some(writing) = writing {
        writing.stop.ask();
    }
    Flow::Stay
}

/// Asks for the name of a file that is not there yet, and has it written; one of the `title` and the day is proposed.
pub(super) fn ask_file<S: Exports>(
    title: &str,
    v: &View,
    write: impl Fn(&mut S, PathBuf, &mut Ui) + Clone + Send + 'static,
) -> Flow {
    let first = format!("{}-{}.xlsx", file_name(title), v.today);
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
            let write = write.clone();
            Ok(then(move |screen: &mut S, ui: &mut Ui| {
                write(screen, path, ui);
                Flow::Stay
            }))
        }),
        Box::new(|text, _| place(text.trim()).display().to_string()),
    )))
}

/// Has a file written aside. `job` says how many rows there are so far, and ends when it is told that nobody wants them.
pub(super) fn begin<S: Exports>(
    screen: &mut S,
    ui: &mut Ui,
    job: impl FnOnce(&Cx, &mut dyn FnMut(usize) -> bool) -> Result<Exported> + Send + 'static,
) {
    let writing = Writing::default();
    let stop = writing.stop.clone();
    *screen.writing() = Some(writing);
    ui.aside(
        move |cx, tell| {
            let mut last = millis();
            job(cx, &mut |rows| {
                let now = millis();
                if now - last >= BEAT {
                    last = now;
                    tell(rows);
                }
                !stop.asked()
            })
        },
        |screen: &mut S, rows, _| {
            if let Some(writing) = screen.writing() {
                writing.rows = rows;
            }
        },
        |screen: &mut S, done, ui| {
            *screen.writing() = None;
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

/// What a file is called, before the day: `don-thu`; letters that any machine can type.
fn file_name(title: &str) -> String {
    let title = fold(title);
    let words = title.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_letters_that_any_machine_types() {
        assert_eq!(file_name("Đơn thư"), "don-thu");
        let title = "Tỷ lệ trả lời kiến nghị, phản ánh";
        assert_eq!(file_name(title), "ty-le-tra-loi-kien-nghi-phan-anh");
    }
}
