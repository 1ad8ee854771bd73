//! What a person says of finished matters of which the book does not tell enough.

use super::{ImportScreen, Step};
use crate::domain::petition::book::Lacking;
use crate::domain::value::Code;
use crate::exchange::layout::Layout;
use crate::tui::effect::then;
use crate::tui::lang::{Text, t};
use crate::tui::modal::pick::{Pick, PickRow};
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
    pub(super) fn judge_again(&mut self, ui: &mut Ui) {
        match (self.step, self.import.take()) {
            (Step::Problems, Some(import)) => {
                self.prepared = None;
                self.start_work(Task::Plan(import), ui);
            }
            (_, import) => self.import = import,
        }
    }
}
