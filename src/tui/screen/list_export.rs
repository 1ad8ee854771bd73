//! The rows of a list into a file: with persons or without, then where to.

use super::export::{Exports, Writing, ask_file, begin};
use super::list::ListScreen;
use super::{Flow, Ui, View};
use crate::catalog;
use crate::domain::record::Kind;
use crate::transfer::export::{Wanted, export};
use crate::tui::effect::then;
use crate::tui::lang::t;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::widget::list::Column;
use std::path::PathBuf;

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
        if let Some(writing) = &self.writing {
            ui.note(writing.words(&ui.view));
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
        let title = catalog::entity(self.kind).title.get(v.lang);
        ask_file(title, v, move |screen: &mut ListScreen, path, ui| {
            screen.export(path, along, ui);
        })
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
        begin(self, ui, move |cx, watch| export(cx, &path, &wanted, watch));
    }
}

impl Exports for ListScreen {
    fn writing(&mut self) -> &mut Option<Writing> {
        &mut self.writing
    }
}
