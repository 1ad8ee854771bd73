//! A whole day at one sitting: the head of a reception day or a dialogue once, its visits or opinions row after row,
//! all saved together.
//!
//! ```text
//!   Ngày tiếp *      14/03/2026 thứ Bảy
//!   Đơn vị           29602  Xã Long Hồ, Tỉnh Vĩnh Long
//!   Hình thức tiếp   định kỳ của người đứng đầu
//! ── lượt 2 / 2 ─────────────────────────── PgDn lượt sau  PgUp lượt trước  F8 bỏ ──
//!     TT Người           Loại  Nội dung                                   Thành đơn
//!      1 Trần Văn Lúa    KNgh  Xin làm lại cống ấp 3                      có
//!   >  2 Lê Thị Bông     PA    Đèn đường ấp 5 hư
//!
//! > Loại nội dung    phản ánh
//!   Người được tiếp  Lê Thị Bông
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::input::{Input, text_of};
use super::look::Hidden;
use super::{FormScreen, Task};
use crate::app::intake;
use crate::catalog::{self, intake as day};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::tui::effect::then;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::modal::confirm::Confirm;
use crate::tui::screen::{Flow, Ui, View};
use crate::tui::widget::paint::{cut, left, put, right, width};

/// The texts of one row, by field; what is empty is left out.
pub(super) type RowTexts = Vec<(String, String)>;

/// The rows under a head.
pub(super) struct Sheet {
    /// The first so many inputs are the head's, the others those of the row in front.
    pub head: usize,
    /// The texts of every row; those of the row in front are as they were when it was left.
    pub rows: Vec<RowTexts>,
    /// Which row is in front.
    pub at: usize,
    /// First line of the row's fields that is drawn.
    pub top: u16,
}

/// How one row is called: «lượt», «ý kiến».
fn row_word(kind: Kind) -> Text {
    match kind {
        Kind::Reception => t("lượt", "visit"),
        _ => t("ý kiến", "opinion"),
    }
}

impl FormScreen {
    /// A form for a whole reception day or dialogue; nothing for a register that has none.
    pub fn whole_day(
        kind: Kind,
        given: Vec<(&'static str, Value)>,
        v: &View,
    ) -> Option<FormScreen> {
        let row_kind = intake::rows_of(kind)?;
        let head = day::head_fields(kind);
        let mut values = catalog::defaults(row_kind, v.today);
        values.extend(catalog::defaults(kind, v.today));
        values.extend(catalog::form_defaults(kind, v.today));
        values.extend(given.iter().cloned());
        let count = head.len();
        let fields = head.into_iter().chain(day::row_fields(kind));
        let mut form = FormScreen::build(kind, Task::Add, fields, &values, v);
        form.sheet = Some(Sheet {
            head: count,
            rows: vec![Vec::new()],
            at: 0,
            top: 0,
        });
        form.carry.given = given;
        Some(form)
    }

    /// The places of the row's fields among the inputs.
    fn row_inputs(&self) -> std::ops::Range<usize> {
        let head = self.sheet.as_ref().map_or(self.inputs.len(), |s| s.head);
        head.min(self.inputs.len())..self.inputs.len()
    }

    /// The texts of the row in front as they stand; none of a row that nothing was put into.
    fn row_texts(&self) -> RowTexts {
        let inputs = || {
            self.inputs
                .get(self.row_inputs())
                .unwrap_or_default()
                .iter()
        };
        if !inputs().any(Input::changed) {
            return Vec::new();
        }
        let texts = inputs().filter(|input| !input.text().is_empty());
        texts
            .map(|input| (input.field.key.to_owned(), input.text()))
            .collect()
    }

    /// The texts of every row as they stand, the row in front included.
    pub(super) fn all_rows(&self) -> Vec<RowTexts> {
        let Some(sheet) = &self.sheet else {
            return Vec::new();
        };
        let mut rows = sheet.rows.clone();
        if let Some(row) = rows.get_mut(sheet.at) {
            *row = self.row_texts();
        }
        rows
    }

    /// What stood in a field of the row before this one.
    pub(super) fn row_before(&self, at: usize) -> Option<String> {
        let sheet = self.sheet.as_ref().filter(|sheet| at >= sheet.head)?;
        let row = sheet.rows.get(sheet.at.checked_sub(1)?)?;
        let key = self.inputs.get(at)?.field.key;
        let text = row.iter().find(|(known, _)| known == key);
        Some(text.map(|(_, text)| text.clone()).unwrap_or_default())
    }

    /// Keeps the texts of the row in front among the rows.
    pub(super) fn put_row_away(&mut self) {
        let texts = self.row_texts();
        if let Some(sheet) = &mut self.sheet
            && let Some(row) = sheet.rows.get_mut(sheet.at)
        {
            *row = texts;
        }
    }

    /// The rows of a draft, the last of them in front.
    pub(super) fn put_rows(&mut self, mut rows: Vec<RowTexts>, v: &View) {
        if rows.is_empty() {
            rows.push(Vec::new());
        }
        let last = rows.len() - 1;
        if let Some(sheet) = &mut self.sheet {
            sheet.rows = rows;
        }
        self.load_row(last, v);
    }

    /// Brings a row to the front, the cursor in its first field.
    pub(super) fn show_row(&mut self, at: usize, ui: &mut Ui) {
        self.load_row(at, &ui.view);
        let range = self.row_inputs();
        for place in range.clone() {
            self.look_up(place, ui);
        }
        self.answers.retain(|(of, _)| !range.contains(of));
        let first = self.visible().into_iter().find(|at| range.contains(at));
        self.enter(first.unwrap_or(range.start));
    }

    /// Puts the texts of a row into its fields; into those of a new row its defaults and what is kept.
    fn load_row(&mut self, at: usize, v: &View) {
        let Some(sheet) = &mut self.sheet else {
            return;
        };
        let texts = sheet.rows.get(at).cloned().unwrap_or_default();
        (sheet.at, sheet.top) = (at, 0);
        let row = intake::rows_of(self.kind).unwrap_or(self.kind);
        let defaults = catalog::defaults(row, v.today);
        for place in self.row_inputs() {
            let kept = texts.is_empty() && self.keeps(place);
            let before = kept.then(|| self.row_before(place)).flatten();
            let Some(input) = self.inputs.get_mut(place) else {
                continue;
            };
            let key = input.field.key;
            let default = defaults.iter().find(|(known, _)| *known == key);
            let default = default.map(|(_, value)| text_of(input.field, value));
            input.put(&before.or(default).unwrap_or_default());
            input.first = input.text();
            input.error = None;
            if !texts.is_empty() {
                let text = texts.iter().find(|(known, _)| known == key);
                input.put(text.map_or("", |(_, text)| text));
            }
        }
    }

    /// To the next row or the one before; after the last one that something was put into comes a new one.
    pub(super) fn turn_row(&mut self, on: bool, ui: &mut Ui) {
        if self.sheet.is_none() || !self.leave(ui) {
            return;
        }
        self.put_row_away();
        let in_head = !self.row_inputs().contains(&self.active);
        let Some(sheet) = &mut self.sheet else {
            return;
        };
        let filled = |at: usize| sheet.rows.get(at).is_some_and(|row| !row.is_empty());
        let at = match (on, in_head) {
            // From the head one comes to the row in front.
            (true, true) => sheet.at,
            (true, false) if !filled(sheet.at) => {
                ui.note(ui.view.say(t(
                    "dòng này còn trống; nhập rồi mới sang dòng sau",
                    "this row is still empty; fill it in first",
                )));
                sheet.at
            }
            (true, false) => {
                if sheet.at + 1 == sheet.rows.len() {
                    sheet.rows.push(Vec::new());
                }
                sheet.at + 1
            }
            (false, _) => sheet.at.saturating_sub(1),
        };
        self.show_row(at, ui);
        self.keep_slot(ui);
    }

    /// Whether the field in front is the last of its row, so that Tab goes on to the next row.
    pub(super) fn ends_row(&self) -> bool {
        self.sheet.is_some()
            && self.visible().last() == Some(&self.active)
            && !self.row_texts().is_empty()
    }

    /// Takes the row in front out, after a question where something stands in it.
    pub(super) fn remove_row(&mut self, ui: &mut Ui) -> Flow {
        if self.row_texts().is_empty() {
            self.drop_row(ui);
            return Flow::Stay;
        }
        let at = self.sheet.as_ref().map_or(0, |sheet| sheet.at) + 1;
        let word = row_word(self.kind).get(ui.view.lang);
        let question = match ui.view.lang {
            Lang::Vi => format!("Bỏ {word} {at} khỏi biểu này?"),
            Lang::En => format!("Take {word} {at} out of this form?"),
        };
        let yes = then(|form: &mut FormScreen, ui: &mut Ui| {
            form.drop_row(ui);
            Flow::Stay
        });
        Flow::Push(Box::new(Confirm::new(
            question,
            Vec::new(),
            Flow::PopThen(yes),
        )))
    }

    fn drop_row(&mut self, ui: &mut Ui) {
        let Some(sheet) = &mut self.sheet else {
            return;
        };
        if sheet.at < sheet.rows.len() {
            sheet.rows.remove(sheet.at);
        }
        if sheet.rows.is_empty() {
            sheet.rows.push(Vec::new());
        }
        let at = sheet.at.min(sheet.rows.len() - 1);
        self.show_row(at, ui);
        self.keep(ui);
    }

    /// «lượt 2 / 5» for the title.
    pub(super) fn row_place(&self, v: &View) -> Option<String> {
        let sheet = self.sheet.as_ref()?;
        let word = row_word(self.kind).get(v.lang);
        Some(format!("{word} {} / {}", sheet.at + 1, sheet.rows.len()))
    }

    /// Draws head, table of rows and the fields of the row in front.
    pub(super) fn draw_sheet(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let visible = self.visible();
        let head = self.row_inputs().start;
        let (of_head, of_row): (Vec<usize>, Vec<usize>) =
            visible.into_iter().partition(|at| *at < head);
        let part = |from: u16, high: u16| Rect {
            y: area.y + from.min(area.height),
            height: high.min(area.height.saturating_sub(from)),
            ..area
        };
        let top = (area.height / 4).clamp(1, 8);
        let table = (area.height / 5).max(1);
        let room = self.label_room(area.width, v);
        // While rows are entered the head stands from its first line.
        let first = if self.active < head { self.top } else { 0 };
        (self.top, self.hidden) = self.draw_block(f, part(0, top), &of_head, (first, room), v);
        put(
            f,
            part(top, 1),
            0,
            0,
            &v.theme.rule(area.width),
            v.theme.dim(),
        );
        self.draw_table(f, part(top + 1, table + 1), v);
        let from = top + table + 3;
        let first = self.sheet.as_ref().map_or(0, |sheet| sheet.top);
        let (first, hidden) =
            self.draw_block(f, part(from, area.height), &of_row, (first, room), v);
        self.draw_rule_words(f, part(top, 1), hidden, v);
        if let Some(sheet) = &mut self.sheet {
            sheet.top = first;
        }
    }

    /// The rule over the rows: what lies outside the window of the row's fields, and the keys of rows.
    fn draw_rule_words(&self, f: &mut Frame, area: Rect, hidden: Hidden, v: &View) {
        let word = row_word(self.kind).get(v.lang);
        let keys = match v.lang {
            Lang::Vi => format!(" PgDn {word} sau  PgUp {word} trước  F8 bỏ {word} "),
            Lang::En => format!(" PgDn next {word}  PgUp {word} before  F8 take out "),
        };
        let x = area.width.saturating_sub(width(&keys) + 2);
        put(f, area, x, 0, &keys, v.theme.dim());
        let place = format!(" {} ", self.row_place(v).unwrap_or_default());
        put(f, area, 2, 0, &place, v.theme.strong());
        // Where there is room between the two, in as many words.
        let at = 3 + width(&place);
        let said = [hidden.said(v.lang), hidden.short()];
        let fits = |text: &&String| !text.is_empty() && at + width(text) + 2 < x;
        if let Some(text) = said.iter().find(fits) {
            put(f, area, at, 0, &format!(" {text} "), v.theme.dim());
        }
    }

    /// The rows as a table, the one in front marked; as many as there is room for, around it.
    fn draw_table(&self, f: &mut Frame, area: Rect, v: &View) {
        let (Some(sheet), Some(room)) = (&self.sheet, area.height.checked_sub(1)) else {
            return;
        };
        let rows = self.all_rows();
        let keys: [&str; 3] = match self.kind {
            Kind::Reception => ["visitor", "matter_type", "content"],
            _ => ["asker", "field", "content"],
        };
        let widths = [18.min(area.width / 4), 10];
        let last = 12;
        let wide = area
            .width
            .saturating_sub(6 + widths.iter().sum::<u16>() + 2 + last + 2);
        let line = |cells: [String; 4], number: &str| {
            let [who, what, content, petition] = cells;
            format!(
                "{} {} {} {} {}",
                right(number, 3, v.theme),
                left(&who, widths[0], v.theme),
                left(&what, widths[1], v.theme),
                left(&content, wide, v.theme),
                cut(&petition, last, v.theme)
            )
        };
        let row_kind = intake::rows_of(self.kind).unwrap_or(self.kind);
        let titles = keys.map(|key| {
            let field = catalog::field(row_kind, key);
            field.map_or("", |f| f.short.get(v.lang)).to_owned()
        });
        let [who, what, content] = titles;
        let title = day::as_petition(self.kind).short.get(v.lang).to_owned();
        let number = v.say(t("TT", "No."));
        put(
            f,
            area,
            2,
            0,
            &line([who, what, content, title], number),
            v.theme.dim(),
        );
        let from = (sheet.at + 1).saturating_sub(usize::from(room));
        for (y, at) in (1..=room).zip(from..rows.len()) {
            let row = rows.get(at).map(Vec::as_slice).unwrap_or_default();
            let cells = [keys[0], keys[1], keys[2], day::AS_PETITION]
                .map(|key| self.cell(row, key, v.lang));
            let here = at == sheet.at;
            let style = if here { Style::new() } else { v.theme.dim() };
            put(f, area, 2, y, &line(cells, &(at + 1).to_string()), style);
            if here {
                put(f, area, 0, y, ">", Style::new());
            }
        }
    }

    /// What stands in a cell of the table: of a choice its short words, of a long text its first line.
    fn cell(&self, row: &[(String, String)], key: &str, lang: Lang) -> String {
        let text = row.iter().find(|(known, _)| known == key);
        let text = text.map_or("", |(_, text)| text.as_str());
        let input = self.inputs.iter().find(|input| input.field.key == key);
        let choice = input.and_then(|input| input.field.choice(text));
        match (choice, text) {
            (Some(choice), _) => choice.short.get(lang).to_owned(),
            (None, "true") => t("có", "yes").get(lang).to_owned(),
            (None, "false") => String::new(),
            (None, text) => text.lines().next().unwrap_or_default().to_owned(),
        }
    }
}
