//! What the steps show: columns with the fields they fill, problems with their rules, counts.

use std::path::Path;

use crate::app::import::{Phase, Plan, Trouble, natural_key};
use crate::catalog;
use crate::domain::encoding::{Legacy, Verdict, decode_words};
use crate::domain::number::vi_int;
use crate::domain::value::Code;
use crate::exchange::layout::{BARE, Column as FileColumn, Found, Layout, Order};
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::View;
use crate::tui::widget::list::{Cell, Column, Row};

use super::answers::Shown;
use super::work::Far;

/// A number of rows.
pub(super) fn number(n: usize) -> String {
    vi_int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The columns of the list of columns.
pub(super) fn mapping_columns(v: &View) -> Vec<Column> {
    vec![
        Column::new("", 2, 3, 0),
        Column::new(v.say(t("Cột trong tệp", "Column")), 14, 28, 0),
        Column::new(v.say(t("Vào trường", "Field")), 14, 24, 0),
        Column::new(v.say(t("Ví dụ", "Example")), 16, 60, 1),
    ]
}

fn order(order: Order) -> Option<Text> {
    Some(match order {
        Order::DayFirst => return None,
        Order::MonthFirst => t("tháng trước ngày", "month first"),
        Order::Turned => t("đảo lại ngày và tháng", "day and month turned round"),
        Order::Ask => t(
            "! ngày theo hai thứ tự, d để chọn",
            "! dates in two orders, d to choose",
        ),
        Order::AskTurned => t(
            "! ngày tháng có lẽ bị đảo, d để chọn",
            "! days may be turned round, d to choose",
        ),
    })
}

/// One column of the file.
pub(super) fn mapping_row(layout: &Layout, column: &FileColumn, v: &View) -> Row<usize> {
    let target = match &column.target {
        None => v.say(t("– không nhập", "– not imported")).to_owned(),
        Some(target) => {
            let guess = if column.found == Some(Found::Like) {
                " ?"
            } else {
                ""
            };
            format!("{}{guess}", target.label(layout.kind, v.lang))
        }
    };
    let sample = match column.samples.first() {
        Some(sample) => layout.shown(column, sample),
        None if column.kept_out.is_some() => v
            .say(t(
                "(không hiện: sổ tố cáo)",
                "(not shown: a book of denunciations)",
            ))
            .to_owned(),
        None => String::new(),
    };
    let cells = [
        column.letter(),
        column.heading.clone(),
        target,
        sample.replace('\n', " "),
    ];
    let dim = column.target.is_none();
    Row {
        key: column.at,
        cells: cells
            .into_iter()
            .map(|text| Cell {
                text,
                style: if dim {
                    v.theme.dim()
                } else {
                    ratatui::style::Style::new()
                },
            })
            .collect(),
    }
}

/// An example that an old encoding makes another text of: before and after.
fn converted(column: &FileColumn) -> Option<(Legacy, &str, String)> {
    let (Verdict::Sure(legacy) | Verdict::Unsure(legacy)) = column.encoding else {
        return None;
    };
    let texts = column.samples.iter().filter(|s| !s.is_ascii());
    let mut read = texts.map(|text| (text.as_str(), decode_words(legacy, text).text));
    let (before, after) = read.find(|(before, after)| before != after)?;
    Some((legacy, before, after))
}

/// What is to be known of a column: its texts before and after, the order of its days.
pub(super) fn about_column(layout: &Layout, column: &FileColumn, v: &View) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((legacy, before, after)) = converted(column) {
        let sure = match column.encoding {
            Verdict::Sure(_) => "",
            _ => v.say(t(" ? b để chọn", " ? b to choose")),
        };
        lines.push(format!("{}: {before} → {after}{sure}", legacy.name()));
    } else if !column.samples.is_empty() {
        let samples: Vec<String> = column
            .samples
            .iter()
            .map(|s| s.replace('\n', " "))
            .collect();
        lines.push(samples.join(" · "));
    }
    if let Some(order) = order(column.order) {
        lines.push(v.say(order).to_owned());
    }
    lines.extend(super::finished::about(layout, v));
    if layout.bare {
        lines.push(v.say(BARE).to_owned());
    }
    for (key, value) in &layout.fixed {
        if let Some(field) = catalog::field(layout.kind, key) {
            let said = field
                .choice(value)
                .map_or(value.as_str(), |c| c.label.get(v.lang));
            let label = field.label.get(v.lang);
            lines.push(format!(
                "{}: {label} = {said}",
                v.say(t("mọi dòng", "every row"))
            ));
        }
    }
    let missing: Vec<&str> = layout
        .missing()
        .iter()
        .map(|f| f.label.get(v.lang))
        .collect();
    if !missing.is_empty() {
        lines.push(format!(
            "{}: {}",
            v.say(t("! còn thiếu cột cho", "! no column yet for")),
            missing.join(", ")
        ));
    }
    lines
}

/// The columns of the list of problems, by how wide the texts of the first three are: what the file says has room
/// before its heading, and why is told whole below the list.
pub(super) fn problem_columns(widest: [u16; 3], room: u16, v: &View) -> Vec<Column> {
    let [row, column, value] = widest;
    let row = row.max(4);
    // The margin and the gaps between columns are no room for texts.
    let rest = room.saturating_sub(row + 5);
    let value = value.clamp(10, (rest / 3).max(10));
    let column = column.clamp(4, (rest / 5).max(4));
    vec![
        Column::new(v.say(t("Dòng", "Row")), row, row, 0).numeric(),
        Column::new(v.say(t("Cột", "Column")), column, column, 1),
        Column::new(v.say(t("Trong tệp", "In the file")), value, value, 0),
        Column::new(v.say(t("Vì sao", "Why")), 20, 200, 0),
    ]
}

/// One problem or note.
pub(super) fn trouble_row(
    layout: &Layout,
    at: usize,
    trouble: &Trouble,
    bad: bool,
    v: &View,
) -> Row<Shown> {
    let column = trouble
        .column
        .map_or_else(String::new, |at| layout.name(at));
    let mark = if bad { "! " } else { "" };
    let cells = [
        trouble.row.to_string(),
        column,
        trouble.value.replace('\n', " "),
        format!("{mark}{}", trouble.rule.get(v.lang)),
    ];
    Row {
        key: Shown::Trouble(at),
        cells: cells.into_iter().map(Cell::from).collect(),
    }
}

/// `thêm 12 · sửa 1 · đã có 3 · lỗi 2`.
pub(super) fn counts(plan: &Plan, lang: Lang) -> String {
    let error = t("lỗi", "error").get(lang);
    format!("{} · {error} {}", written(plan, lang), number(plan.error))
}

/// `thêm 12 · sửa 1 · đã có 3`, of rows that are written: the bad ones stayed out, which is told where they are.
pub(super) fn written(plan: &Plan, lang: Lang) -> String {
    let words = [
        (t("thêm", "create"), plan.create),
        (t("sửa", "update"), plan.update),
        (t("đã có", "same"), plan.same),
    ];
    words
        .map(|(word, n)| format!("{} {}", word.get(lang), number(n)))
        .join(" · ")
}

/// Where the bad rows are that others are written without.
pub(super) fn aside(n: usize, path: &Path, lang: Lang) -> String {
    let (n, path) = (number(n), path.display());
    match lang {
        Lang::Vi => format!("{n} dòng lỗi để ngoài, ở {path}: sửa rồi nhập tệp ấy"),
        Lang::En => format!("{n} bad rows stay out, in {path}: mend them and import that file"),
    }
}

/// By which fields a record is known again.
pub(super) fn key(layout: &Layout, v: &View) -> String {
    let fields = natural_key(layout.kind).iter();
    let labels: Vec<&str> = fields
        .filter_map(|key| catalog::field(layout.kind, key))
        .map(|f| f.label.get(v.lang))
        .collect();
    format!(
        "{}: {}",
        v.say(t(
            "nhận ra bản ghi đã có theo",
            "records are known again by"
        )),
        labels.join(" + ")
    )
}

/// What is being done now and how long it will take.
pub(super) fn doing(far: Option<Far>, v: &View) -> String {
    let Some((progress, left)) = far else {
        return v.say(t("đang đọc tệp…", "reading the file…")).to_owned();
    };
    let rows = number(progress.rows);
    let word = match progress.phase {
        Phase::Check => t("đã soát", "checked"),
        Phase::Gather => t("đã gom", "gathered"),
        Phase::Write | Phase::Pieces => t("đã ghi", "written"),
        Phase::Index => t("đã ghi; lập chỉ mục tìm kiếm", "written; indexing"),
    };
    let mut text = format!("{} {rows} {}", v.say(word), v.say(t("dòng", "rows")));
    if let Some(left) = left {
        text.push_str(&format!(
            ", {} {left} {}",
            v.say(t("còn khoảng", "about")),
            v.say(t("giây", "seconds left"))
        ));
    }
    text
}

/// What Esc would do now: nothing any more once the rows are written.
pub(super) fn stopping(far: Option<Far>) -> Text {
    match far {
        Some((progress, _)) if progress.phase == Phase::Index => t(
            "đã ghi vào sổ; tìm kiếm đang theo kịp",
            "written; the search is catching up",
        ),
        Some((progress, _)) if progress.phase == Phase::Pieces => t(
            "đang ghi từng phần, không dừng được nữa; người khác vẫn lưu được",
            "writing in pieces, it cannot be stopped any more; others save meanwhile",
        ),
        _ => t(
            "đang làm; Esc dừng, không ghi gì",
            "at work; Esc stops, nothing is written",
        ),
    }
}

/// Encodings that can be chosen.
pub(super) fn encodings() -> Vec<(&'static str, Text)> {
    use crate::exchange::read::Encoding;
    let words = |e: Encoding| match e {
        Encoding::Auto => t("tự nhận ra", "recognised"),
        Encoding::Utf8 => t("Unicode (UTF-8)", "Unicode (UTF-8)"),
        Encoding::Utf16 => t("Unicode (UTF-16)", "Unicode (UTF-16)"),
        Encoding::Windows1258 => t("Windows-1258", "Windows-1258"),
        Encoding::Tcvn3 => t("TCVN3 (ABC), phông .VnTime", "TCVN3 (ABC), fonts .VnTime"),
        Encoding::Vni => t(
            "VNI-Windows, phông VNI-Times",
            "VNI-Windows, fonts VNI-Times",
        ),
        Encoding::Viscii => t("VISCII", "VISCII"),
    };
    Encoding::ALL
        .iter()
        .map(|e| (e.code(), words(*e)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::import::Progress;

    #[test]
    fn nothing_is_said_to_stop_once_the_rows_are_written() {
        let far = |phase| {
            let progress = Progress {
                phase,
                rows: 1,
                part: 1,
            };
            stopping(Some((progress, None))).vi.contains("Esc dừng")
        };
        assert!(far(Phase::Check) && far(Phase::Gather) && far(Phase::Write));
        assert!(!far(Phase::Pieces) && !far(Phase::Index));
    }
}
