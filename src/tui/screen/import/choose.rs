//! What a person says of a file: the path, the field of a column, encoding, sheet, order of days, where bad rows go.

use std::path::{Path, PathBuf};

use super::ImportScreen;
use super::lines::encodings;
use crate::catalog::{self, Field, Type};
use crate::domain::value::Code;
use crate::exchange::layout::{Column as LayoutColumn, Layout, Order, Target};
use crate::exchange::read::{Encoding, Format};
use crate::transfer::{may_mend_in, write_problems};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::ask::{Ask, Echo, Judge, new_file};
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::{Flow, Ui, View};
use crate::tui::widget::list::Column;

/// A path as typed: `~` is the home, a bare name lies in the folder shown.
fn full(folder: &Path, typed: &str) -> PathBuf {
    let typed = typed.trim();
    match (typed.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(typed),
    }
}

/// A field as the list of fields names it; what sounds alike is told apart.
fn field_words(field: &Field, lang: Lang) -> String {
    let label = field.label.get(lang);
    let more = match field.key {
        "forwarded_by" => t("ai gửi đơn tới ta", "who sent it to us"),
        "forwarded_to" => t("ta chuyển đơn đi đâu", "where we sent it"),
        _ => return label.to_owned(),
    };
    format!("{label}: {}", more.get(lang))
}

/// The choices of a field for which a column may hold a mark: those of a field that every record has, or of which
/// another column is one.
fn choice_targets(layout: &Layout, field: &'static Field) -> Vec<Target> {
    let Type::Enum(choices) = field.ty else {
        return Vec::new();
    };
    let marked =
        |c: &LayoutColumn| matches!(c.target, Some(Target::Choice(key, _)) if key == field.key);
    let offered = field.required() || layout.columns.iter().any(marked);
    let all = choices.iter().filter(|_| offered);
    all.map(|c| Target::Choice(field.key, c.code)).collect()
}

impl ImportScreen {
    pub(super) fn type_path(&self, ui: &mut Ui) -> Flow {
        let question = ui.say(t("Tệp hoặc thư mục", "File or folder"));
        let (folder, shown) = (self.folder.clone(), self.folder.clone());
        let judge: Judge = Box::new(move |typed, v: &View| {
            let path = full(&folder, typed);
            if typed.trim().is_empty() || !path.exists() {
                return Err(v
                    .say(t(
                        "không có tệp hay thư mục này",
                        "there is no such file or folder",
                    ))
                    .to_owned());
            }
            Ok(then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                screen.open(path, ui)
            }))
        });
        let echo: Echo = Box::new(move |typed, _| full(&shown, typed).display().to_string());
        Flow::Push(Box::new(Ask::new(question, "", judge, echo)))
    }

    pub(super) fn choose_field(&self, ui: &mut Ui) -> Flow {
        let (Some(import), Some(at)) = (&self.import, self.columns.key().copied()) else {
            return Flow::Stay;
        };
        let kind = self.kind;
        let layout = &import.layout;
        let taken = |key: &str| {
            let own = layout.columns.iter().find(|c| {
                c.target.as_ref().is_some_and(|t| {
                    t.text() == key || matches!(t, Target::Both(..)) && t.key() == key
                })
            });
            own.map_or_else(String::new, |c| layout.name(c.at))
        };
        let none = PickRow::new(
            "",
            [
                ui.say(t("– không nhập cột này", "– do not import this column")),
                "",
            ],
        );
        let fields = catalog::entity(kind)
            .fields
            .iter()
            .filter(|f| !f.computed());
        // How a petition went is no field: it becomes steps.
        let course = catalog::carried::inside(kind)
            .iter()
            .filter(|f| catalog::carried::is_course(kind, f.key));
        let lang = ui.view.lang;
        let row = |f: &Field| PickRow::new(f.key, [field_words(f, lang), taken(f.key)]);
        let with_choices = |f: &'static Field| {
            let own = choice_targets(layout, f).into_iter();
            let choices = own.map(|t| {
                let from = layout
                    .columns
                    .iter()
                    .find(|c| c.target.as_ref() == Some(&t));
                let from = from.map_or_else(String::new, |c| layout.name(c.at));
                PickRow::new(t.text(), [t.label(kind, lang), from])
            });
            [row(f)].into_iter().chain(choices)
        };
        let both = ["petitioner+address", "visitor+address"];
        let both = both.iter().filter_map(|text| Target::parse(kind, text));
        let both =
            both.map(|t| PickRow::new(t.text(), [t.label(kind, ui.view.lang), String::new()]));
        let rows: Vec<PickRow> = [none]
            .into_iter()
            .chain(fields.flat_map(with_choices))
            .chain(course.map(row))
            .chain(both)
            .collect();
        let columns = vec![
            Column::new(ui.say(t("Trường", "Field")), 20, 40, 0),
            Column::new(ui.say(t("Đang lấy từ cột", "Now from column")), 12, 40, 1),
        ];
        let choose = Box::new(move |row: PickRow| {
            then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                if let Some(import) = &mut screen.import {
                    import.layout.send(at, Target::parse(kind, &row.key));
                }
                screen.show_columns(&ui.view);
                Flow::Stay
            })
        });
        let now = layout
            .columns
            .iter()
            .find(|c| c.at == at)
            .and_then(|c| c.target.as_ref());
        let now = now.map_or_else(String::new, Target::text);
        Flow::Push(Box::new(
            Pick::fixed(layout.name(at), columns, rows, choose).selecting(&now),
        ))
    }

    pub(super) fn choose_encoding(&self, ui: &mut Ui) -> Flow {
        let rows = encodings().into_iter();
        let rows = rows
            .map(|(code, words)| PickRow::new(code, [ui.say(words)]))
            .collect();
        let columns = vec![Column::new("", 20, 60, 0)];
        let choose = Box::new(|row: PickRow| {
            then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                screen.request.encoding = Encoding::from_code(&row.key).unwrap_or(Encoding::Auto);
                screen.request.map = None;
                screen.reopen(ui);
                Flow::Stay
            })
        });
        let title = ui.say(t(
            "Bảng mã của chữ trong tệp",
            "Encoding of the file's text",
        ));
        let pick = Pick::fixed(title, columns, rows, choose);
        Flow::Push(Box::new(pick.selecting(self.request.encoding.code())))
    }

    pub(super) fn choose_sheet(&self, ui: &mut Ui) -> Flow {
        let Some(import) = &self.import else {
            return Flow::Stay;
        };
        let sheets = import.source().sheets();
        if sheets.len() < 2 {
            ui.note(ui.say(t("tệp chỉ có một trang", "the file has one sheet")));
            return Flow::Stay;
        }
        let rows = sheets
            .iter()
            .map(|s| PickRow::new(s.name.clone(), [s.name.clone()]))
            .collect();
        let choose = Box::new(|row: PickRow| {
            then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                screen.request.sheet = Some(row.key);
                screen.request.map = None;
                screen.reopen(ui);
                Flow::Stay
            })
        });
        let columns = vec![Column::new("", 20, 60, 0)];
        let title = ui.say(t("Trang của bảng tính", "Sheet of the spreadsheet"));
        Flow::Push(Box::new(
            Pick::fixed(title, columns, rows, choose).selecting(import.sheet()),
        ))
    }

    pub(super) fn choose_order(&self, ui: &mut Ui) -> Flow {
        match self.columns.key().copied() {
            Some(at) => self.choose_order_of(at, ui),
            None => Flow::Stay,
        }
    }

    /// Asks how the days of a column are written.
    pub(super) fn choose_order_of(&self, at: usize, ui: &mut Ui) -> Flow {
        let orders = [
            (
                Order::DayFirst,
                t("ngày trước: 13/02/2019", "day first: 13/02/2019"),
            ),
            (
                Order::MonthFirst,
                t("tháng trước: 02/13/2019", "month first: 02/13/2019"),
            ),
            (
                Order::Turned,
                t(
                    "ngày trước, các ô dạng ngày đã bị đảo ngày và tháng",
                    "day first; cells that are dates were turned round",
                ),
            ),
        ];
        let rows = orders.map(|(order, words)| PickRow::new(order.text(), [ui.say(words)]));
        let choose = Box::new(move |row: PickRow| {
            then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                if let (Some(import), Some(order)) = (&mut screen.import, Order::parse(&row.key)) {
                    import.layout.set_order(at, order);
                }
                screen.show_columns(&ui.view);
                screen.judge_again(ui);
                Flow::Stay
            })
        });
        let title = ui.say(t(
            "Ngày trong cột này viết thế nào",
            "How dates of this column are written",
        ));
        let columns = vec![Column::new("", 20, 70, 0)];
        Flow::Push(Box::new(Pick::fixed(title, columns, rows.to_vec(), choose)))
    }

    pub(super) fn mend(&self, ui: &mut Ui) -> Flow {
        let plan = self.prepared.as_ref().map(|p| &p.plan);
        if plan.is_none_or(|p| p.error == 0) {
            ui.note(ui.say(t("không có dòng lỗi nào", "no row is in error")));
            return Flow::Stay;
        }
        let stem = self.request.path.file_stem();
        let stem = stem.map_or_else(|| "tep".into(), |s| s.to_string_lossy().into_owned());
        let (folder, shown) = (self.folder.clone(), self.folder.clone());
        let judge: Judge = Box::new(move |typed, v: &View| {
            let path = full(&folder, typed);
            if !may_mend_in(&path) {
                return Err(v
                    .say(t(
                        "tên tệp phải có đuôi .xlsx hoặc .csv",
                        "the name must end in .xlsx or .csv",
                    ))
                    .to_owned());
            }
            new_file(typed, &path, v)?;
            Ok(then(move |screen: &mut ImportScreen, ui: &mut Ui| {
                screen.write_mend(&path, ui);
                Flow::Stay
            }))
        });
        let echo: Echo = Box::new(move |typed, _| full(&shown, typed).display().to_string());
        let question = ui.say(t("Ghi các dòng lỗi ra tệp", "Write the bad rows to"));
        // A spreadsheet is mended in the program that it came from.
        let book = self
            .import
            .as_ref()
            .is_some_and(|i| i.source().format() == Format::Book);
        let end = if book { "xlsx" } else { "csv" };
        let names = (1..100).map(|n| match n {
            1 => format!("{stem}-can-sua.{end}"),
            n => format!("{stem}-can-sua-{n}.{end}"),
        });
        let free = |name: &String| self.folder.join(name).symlink_metadata().is_err();
        let first = names.into_iter().find(free).unwrap_or_default();
        Flow::Push(Box::new(Ask::new(question, &first, judge, echo)))
    }

    fn write_mend(&mut self, path: &Path, ui: &mut Ui) {
        let (Some(import), Some(prepared)) = (&self.import, &self.prepared) else {
            return;
        };
        match write_problems(import, &prepared.plan, path, false, ui.view.lang) {
            Ok(rows) => {
                import.remember();
                self.mended = Some((path.to_owned(), prepared.plan.failed.clone()));
                let name = path.display();
                ui.note(match ui.view.lang {
                    crate::tui::lang::Lang::Vi => {
                        format!("đã đưa {rows} dòng ra {name}; t ghi phần còn lại")
                    }
                    crate::tui::lang::Lang::En => {
                        format!("{rows} rows are in {name}; t writes the rest")
                    }
                });
            }
            Err(error) => ui.warn(error.text(ui.view.lang)),
        }
    }
}
