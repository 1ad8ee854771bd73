//! The table into a file, as it is seen: the same rows in the same order, and with them what each figure counts.

use std::path::PathBuf;

use super::lines::{Line, Lines, Order};
use super::words::{apart, heading, rate};
use super::{Data, RatesScreen, figure, notes, page, prompt};
use crate::app::rates::RateRow;
use crate::app::rates::json::{figure_json, row_json};
use crate::catalog::rate::{
    compare_label, denominator, group_label, numerator, part_label, title, withdrawn_note,
};
use crate::domain::date;
use crate::domain::number::{Dec, vi_int};
use crate::domain::rate::{Compare, Measure, Part};
use crate::domain::value::Code;
use crate::exchange::write::{Cell, Column, Row};
use crate::transfer::export::{Sheet, export_sheet};
use crate::tui::lang::{Text, t};
use crate::tui::screen::export::{Exports, Writing, ask_file, begin};
use crate::tui::screen::{Flow, Screen, Ui, View};

/// The three figures of a row.
const PARTS: [Part; 3] = [Part::Numerator, Part::Denominator, Part::Remainder];

impl Exports for RatesScreen {
    fn writing(&mut self) -> &mut Option<Writing> {
        &mut self.writing
    }
}

impl RatesScreen {
    /// Asks for the name of the file; nobody is named in the table, so nothing else is asked.
    pub(super) fn ask_export(&self, ui: &mut Ui) -> Flow {
        if let Some(writing) = &self.writing {
            ui.note(writing.words(&ui.view));
            return Flow::Stay;
        }
        if self.counted().is_none() {
            ui.note(ui.say(COUNTING));
            return Flow::Stay;
        }
        let title = title(self.measure).get(ui.view.lang);
        ask_file(title, &ui.view, |screen: &mut RatesScreen, path, ui| {
            screen.export(path, ui);
        })
    }

    /// The table on the screen, once it is the one that the title names.
    fn counted(&self) -> Option<&Data> {
        let data = self.data.as_ref()?;
        let asked = (&self.query(), self.options);
        ((&data.table.query, data.table.options) == asked).then_some(data)
    }

    fn export(&mut self, path: PathBuf, ui: &mut Ui) {
        let v = ui.view;
        let Some(data) = self.counted() else {
            ui.note(ui.say(COUNTING));
            return;
        };
        let seen = Seen {
            data,
            lines: &self.lines,
            v: &v,
        };
        let sheet = seen.sheet(self.title(&v).about.join("; "));
        begin(self, ui, move |cx, watch| {
            export_sheet(cx, &path, &sheet, watch)
        });
    }
}

const COUNTING: Text = t("đang tính…", "counting…");
const RATE: Text = t("Tỷ lệ (%)", "Rate (%)");

type Fact = (&'static str, String, String);

/// The table with the lines that are shown of it.
struct Seen<'a> {
    data: &'a Data,
    lines: &'a Lines,
    v: &'a View,
}

impl Seen<'_> {
    fn say(&self, text: Text) -> String {
        self.v.say(text).to_owned()
    }

    /// The table as a file holds it; `about` is what the title says of it.
    fn sheet(&self, about: String) -> Sheet {
        let table = &self.data.table;
        let noted = self.rows().any(|(_, row)| row.barred.is_some());
        Sheet {
            title: self.say(title(table.query.measure)),
            columns: self.columns(noted),
            rows: self
                .rows()
                .map(|(line, row)| self.row(line, row, noted))
                .collect(),
            facts: self.facts(about),
            lang: self.v.lang,
            replace: false,
        }
    }

    /// The rows that are shown, in their order; the last one is the total.
    fn rows(&self) -> impl Iterator<Item = (&Line, &RateRow)> {
        let lines = self.lines.all().iter();
        lines.filter_map(|line| Some((line, self.data.row(line)?)))
    }

    fn part(&self, part: Part) -> String {
        self.say(part_label(self.data.table.query.measure, part))
    }

    /// What an earlier period is called over its columns.
    fn earlier(&self) -> Option<&'static str> {
        self.data
            .table
            .options
            .compare
            .map(|compare| match compare {
                Compare::LastYear => self.v.say(t("cùng kỳ", "last year")),
                Compare::Previous => self.v.say(t("kỳ trước", "before")),
            })
    }

    fn columns(&self, noted: bool) -> Vec<Column> {
        let longest = self
            .rows()
            .map(|(line, row)| page::name(self.data, line, row, self.v).chars().count());
        let longest = u16::try_from(longest.max().unwrap_or(0)).unwrap_or(u16::MAX);
        let column = |key, label: String, least: u16| Column {
            key,
            width: u16::try_from(label.chars().count())
                .unwrap_or(least)
                .max(least),
            label,
            long: false,
        };
        let figures = 12;
        let name = heading(self.v.say(group_label(self.data.table.query.by)));
        let mut columns = vec![column("label", name, longest.clamp(12, 60))];
        columns.extend(PARTS.map(|part| column(part.code(), self.part(part), figures)));
        columns.push(column("rate", self.say(RATE), figures));
        if let Some(earlier) = self.earlier() {
            let then = |label: String| format!("{label}, {earlier}");
            let [num, den, _] = PARTS.map(|part| then(self.part(part)));
            columns.push(column("before_num", num, figures));
            columns.push(column("before_den", den, figures));
            columns.push(column("before_rate", then(self.say(RATE)), figures));
            let change = t("Tăng, giảm (điểm)", "Change (points)");
            columns.push(column("change", self.say(change), figures));
        }
        if noted {
            columns.push(column("note", self.say(t("Ghi chú", "Note")), 60));
        }
        columns
    }

    fn row(&self, line: &Line, row: &RateRow, noted: bool) -> Row<'static> {
        let table = &self.data.table;
        let hundredths = |n: Option<Dec>| n.map_or(Cell::Empty, Cell::hundredths);
        let now = (row.num.count, row.den.count);
        let name = page::name(self.data, line, row, self.v);
        let mut cells = vec![Cell::Text(name.into())];
        cells.extend(PARTS.map(|part| Cell::whole(figure(row, part).count)));
        cells.push(hundredths(rate(now).filter(|_| table.rated(row))));
        if self.data.compares() {
            let before = row.before.as_ref().filter(|_| row.barred.is_none());
            let then = before.map(|b| (b.num.count, b.den.count));
            let count = |n: Option<i64>| n.map_or(Cell::Empty, Cell::whole);
            cells.push(count(then.map(|then| then.0)));
            cells.push(count(then.map(|then| then.1)));
            cells.push(hundredths(then.and_then(rate)));
            cells.push(hundredths(then.and_then(|then| apart(now, then))));
        }
        if noted {
            let why = row.barred.as_ref();
            let why = why.map(|why| why.get(self.v.lang).to_owned());
            cells.push(why.map_or(Cell::Empty, |why| Cell::Text(why.into())));
        }
        let mut record = row_json(row, table, self.v.lang);
        record.insert("remainder".into(), figure_json(&row.rest));
        // Whoever adds the records up leaves these out.
        match line {
            Line::Total => drop(record.insert("total".into(), true.into())),
            Line::Apart(_) => drop(record.insert("apart".into(), true.into())),
            _ => {}
        }
        Row {
            cells,
            record: record.into(),
            total: *line == Line::Total,
        }
    }

    /// What is shown of what, and what every figure counts.
    fn facts(&self, about: String) -> Vec<Fact> {
        let (table, v) = (&self.data.table, self.v);
        let query = &table.query;
        let days = |from, to| format!("{} – {}", date::vi(from), date::vi(to));
        let plain = |key, text: String| (key, String::new(), text);
        let mut facts = vec![
            plain("measure", query.measure.code().to_owned()),
            plain("from", query.from.to_string()),
            plain("to", query.to.to_string()),
            plain("grouped_by", query.by.code().to_owned()),
            plain("map", table.options.map.code().to_owned()),
            ("filter", self.say(t("Lọc", "Filter")), about),
            (
                "period",
                self.say(t("Kỳ", "Period")),
                days(query.from, query.to),
            ),
            (
                "as_of",
                self.say(t("Tính đến", "As of")),
                self.data.as_of.clone(),
            ),
        ];
        if let (Some(before), Some(compare)) = (table.before, table.options.compare) {
            let days = days(before.from, before.to);
            let text = format!("{}: {days}", v.say(compare_label(compare)));
            facts.push(("compared", self.say(t("So với", "Against")), text));
        }
        if self.lines.order() != Order::Own {
            let order = self.say(prompt::order_label(self.lines.order()));
            facts.push(("order", self.say(t("Thứ tự", "Order")), order));
        }
        if self.lines.zeros() > 0 && !self.lines.is_open() {
            let (zeros, what) = (self.lines.zeros(), v.say(group_label(query.by)));
            let without = v.say(t("không có vụ việc", "without cases"));
            let text = format!("{zeros} {what} {without}");
            facts.push(("left_out", self.say(t("Không kể ra", "Left out")), text));
        }
        facts.extend(self.definitions());
        facts.extend(self.notes());
        facts
    }

    fn definitions(&self) -> [Fact; 4] {
        let measure = self.data.table.query.measure;
        let of = |part, what: Text| format!("{} ({})", self.v.say(what), self.part(part));
        [
            (
                "numerator",
                of(Part::Numerator, t("Tử số", "Numerator")),
                self.say(numerator(measure)),
            ),
            (
                "denominator",
                of(Part::Denominator, t("Mẫu số", "Denominator")),
                self.say(denominator(measure)),
            ),
            (
                "remainder",
                self.part(Part::Remainder),
                self.say(t("mẫu số trừ tử số", "denominator less numerator")),
            ),
            (
                "rate",
                self.say(RATE),
                self.say(t(
                    "tử số chia mẫu số, hai chữ số lẻ; dòng cuối tính trên cả bảng, không phải trung bình các dòng",
                    "numerator by denominator, two decimals; the last row is that of the whole, no mean of the rows",
                )),
            ),
        ]
    }

    /// What stands under the table.
    fn notes(&self) -> Vec<Fact> {
        let (data, v) = (self.data, self.v);
        let mut facts: Vec<Fact> = notes::figures(data)
            .into_iter()
            .map(|(part, figure)| (part.code(), self.part(part), vi_int(figure.count)))
            .collect();
        if data.table.query.measure == Measure::Resolution {
            let label = self.say(t("Rút đơn, đình chỉ", "Withdrawn"));
            let note = self.say(withdrawn_note(data.table.withdrawn));
            facts.push(("withdrawn", label, note));
        }
        facts.extend(data.table.total.days.as_ref().map(|days| {
            let label = self.say(t("Số ngày", "Days"));
            ("days", label, notes::how_long(days, v))
        }));
        facts.extend(notes::reported(data, v).map(|told| {
            let label = self.say(t("Số đã chốt", "Kept figures"));
            ("reported", label, told)
        }));
        facts
    }
}
