//! Periods kept as reported: keeping the one shown, choosing among them, and row by row what differs now.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::RatesScreen;
use crate::app::Result;
use crate::app::freeze::{self, Diff, FigureDiff, FrozenPeriod, RowChange, RowDiff};
use crate::app::history::moment;
use crate::domain::number::vi_int;
use crate::domain::period::Period;
use crate::domain::query::Query;
use crate::domain::rate::Cell as RateCell;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::confirm::Confirm;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::screen::card::CardScreen;
use crate::tui::screen::list::{ListScreen, period_label};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::{cut, put};

/// Lines under the list for what differs in the selected row.
const FOOT: u16 = 5;

/// Asks whether the figures of a period are to be kept, once it is known that they can be.
pub(super) fn freeze(period: Period, ui: &mut Ui) {
    ui.run(
        move |cx| freeze::may_keep(cx, period),
        move |_: &mut RatesScreen, may, ui| {
            if let Err(error) = may {
                ui.warn(error.text(ui.view.lang));
                return Flow::Stay;
            }
            let label = period_label(period, ui.view.lang);
            let question = match ui.view.lang {
                Lang::Vi => format!("Chốt số liệu đã báo cáo, {label}?"),
                Lang::En => format!("Keep the figures of {label} as reported?"),
            };
            let detail = ui.say(t(
                "Tử số, mẫu số của sáu tỷ lệ trên mọi đơn vị được giữ nguyên cùng các dòng của chúng. Sổ vẫn sửa được; chỗ nào khác đi thì kê ra từng dòng. Đã chốt thì không bỏ chốt.",
                "Numerators and denominators of the six rates over all units stay as they are now, with their rows. The registers can still be changed; what differs is listed row by row. This is not taken back.",
            ));
            let yes = then(move |_: &mut RatesScreen, ui: &mut Ui| {
                keep(period, ui);
                Flow::Stay
            });
            let detail = vec![detail.to_owned()];
            Flow::Push(Box::new(Confirm::new(question, detail, Flow::PopThen(yes))))
        },
    );
}

fn keep(period: Period, ui: &mut Ui) {
    ui.run(
        move |cx| freeze::keep(cx, period),
        |screen: &mut RatesScreen, kept: Result<FrozenPeriod>, ui| {
            match kept {
                Ok(kept) => {
                    let done = ui.say(t("đã chốt số liệu", "kept as reported:"));
                    ui.note(format!(
                        "{done} {}",
                        period_label(kept.period, ui.view.lang)
                    ));
                    screen.load(ui);
                }
                Err(error) => ui.warn(error.text(ui.view.lang)),
            }
            Flow::Stay
        },
    );
}

/// The periods that are kept, to see what differs in one.
pub(in crate::tui::screen) fn choose<S: Screen>(ui: &mut Ui) {
    ui.run(
        |cx| freeze::list(cx),
        |_: &mut S, kept: Result<Vec<FrozenPeriod>>, ui| match kept {
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
            Ok(kept) if kept.is_empty() => {
                ui.note(ui.say(t(
                    "chưa chốt số liệu kỳ nào; ở màn hình tỷ lệ, z chốt kỳ đang xem",
                    "no period is kept; on the rates, z keeps the one shown",
                )));
                Flow::Stay
            }
            Ok(kept) => list::<S>(&kept, &ui.view),
        },
    );
}

fn list<S: Screen>(kept: &[FrozenPeriod], v: &View) -> Flow {
    let columns = vec![
        Column::new(v.say(t("Kỳ", "Period")), 16, 40, 0),
        Column::new(v.say(t("Chốt lúc", "Kept at")), 16, 16, 1),
        Column::new(v.say(t("Người chốt", "By")), 6, 20, 2),
    ];
    let rows = kept.iter().map(|one| {
        let cells = [
            period_label(one.period, v.lang),
            moment(&one.at),
            one.who.clone(),
        ];
        PickRow::new(one.id.to_string(), cells)
    });
    let periods: Vec<(String, Period)> = kept
        .iter()
        .map(|one| (one.id.to_string(), one.period))
        .collect();
    let choose = Box::new(move |row: PickRow| {
        then(
            move |_: &mut S, ui: &mut Ui| match periods.iter().find(|(id, _)| *id == row.key) {
                Some((_, period)) => Flow::Push(Box::new(DiffScreen::new(*period, &ui.view))),
                None => Flow::Stay,
            },
        )
    });
    let title = v.say(t("Kỳ đã chốt số liệu", "Periods kept as reported"));
    Flow::Push(Box::new(Pick::fixed(
        title,
        columns,
        rows.collect(),
        choose,
    )))
}

/// A figure or a row that differs, by its place.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Figure(usize),
    Row(usize),
}

/// What differs from a kept period: its figures, then its rows; each opens what it stands for.
pub struct DiffScreen {
    period: Period,
    diff: Option<Diff>,
    list: List<Place>,
    /// Only rows that are counted otherwise.
    counted: bool,
}

impl DiffScreen {
    fn new(period: Period, v: &View) -> DiffScreen {
        let columns = vec![
            Column::new(v.say(t("Thay đổi", "Change")), 12, 19, 0),
            Column::new(v.say(t("Số, dòng", "Figure, row")), 12, 44, 0),
            Column::new(v.say(t("Khác", "What differs")), 12, 90, 1),
        ];
        DiffScreen {
            period,
            diff: None,
            list: List::new(columns),
            counted: false,
        }
    }

    fn load(&self, ui: &mut Ui) {
        let period = self.period;
        ui.run(
            move |cx| freeze::diff(cx, period),
            |screen: &mut DiffScreen, diff: Result<Diff>, ui| {
                match diff {
                    Ok(diff) => {
                        screen.diff = Some(diff);
                        screen.show(&ui.view);
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    fn show(&mut self, v: &View) {
        let Some(diff) = &self.diff else {
            return;
        };
        let figures = diff.figures.iter().enumerate();
        let figures = figures.filter(|(_, f)| f.then != f.now);
        let mut rows: Vec<Row<Place>> = figures
            .map(|(at, figure)| Row {
                key: Place::Figure(at),
                cells: figure_cells(figure, v),
            })
            .collect();
        let moved = |row: &RowDiff| !row.left.is_empty() || !row.joined.is_empty();
        let found = diff.rows.iter().enumerate();
        let found = found.filter(|(_, row)| !self.counted || moved(row));
        rows.extend(found.map(|(at, row)| Row {
            key: Place::Row(at),
            cells: row_cells(row, v),
        }));
        self.list.set_rows(rows);
    }

    fn open(&self, ui: &Ui) -> Flow {
        let Some((diff, place)) = self.diff.as_ref().zip(self.list.key()) else {
            return Flow::Stay;
        };
        match place {
            Place::Row(at) => diff.rows.get(*at).map_or(Flow::Stay, |row| {
                Flow::Push(Box::new(CardScreen::new(row.kind, row.id)))
            }),
            Place::Figure(at) => diff.figures.get(*at).map_or(Flow::Stay, |figure| {
                let Period { from, to } = diff.period.period;
                let cell = RateCell {
                    withdrawn: diff.period.withdrawn,
                    ..RateCell::all(figure.measure, figure.part, from, to)
                };
                let mut query = Query::all(cell.kind());
                query.cell = Some(cell);
                let name = freeze::figure_name(figure.measure, figure.part);
                let about = vec![
                    name.get(ui.view.lang).to_owned(),
                    period_label(diff.period.period, ui.view.lang),
                ];
                Flow::Push(Box::new(ListScreen::of(query, about, &ui.view)))
            }),
        }
    }
}

/// «4 → 3», the figure, by how much.
fn figure_cells(figure: &FigureDiff, v: &View) -> Vec<Cell> {
    let change = format!("{} → {}", vi_int(figure.then), vi_int(figure.now));
    let by = figure.now - figure.then;
    let sign = if by > 0 { "+" } else { "−" };
    let name = freeze::figure_name(figure.measure, figure.part);
    vec![
        Cell::from(change),
        Cell::from(name.get(v.lang)),
        Cell::from(format!("{sign}{}", vi_int(by.saturating_abs()))),
    ]
}

fn row_cells(row: &RowDiff, v: &View) -> Vec<Cell> {
    let style = match row.change {
        RowChange::Went => v.theme.late(),
        RowChange::Came => v.theme.soon(),
        RowChange::Changed => Style::new(),
    };
    let change = Cell {
        text: row.change.label().get(v.lang).to_owned(),
        style,
    };
    let details = row.details();
    let details: Vec<&str> = details.iter().map(|line| line.get(v.lang)).collect();
    vec![
        change,
        Cell::from(row.name().get(v.lang)),
        Cell::from(details.join("; ")),
    ]
}

impl Screen for DiffScreen {
    fn state(&self, v: &View) -> State {
        State {
            row: self.list.key().is_some(),
            ..plain_state(Scope::Check, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        let mut about = vec![period_label(self.period, v.lang)];
        let mut count = String::new();
        if let Some(diff) = &self.diff {
            let at = v.say(t("chốt lúc", "kept at"));
            about.push(format!(
                "{at} {} ({})",
                moment(&diff.period.at),
                diff.period.who
            ));
            count = vi_int(i64::try_from(diff.rows.len()).unwrap_or(i64::MAX));
        }
        Title {
            name: v
                .say(t("Khác với số đã chốt", "Against the kept figures"))
                .to_owned(),
            about,
            count,
        }
    }

    fn read(&mut self, ui: &mut Ui) -> bool {
        self.load(ui);
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open => self.open(ui),
            Command::OnlyWrong => {
                self.counted = !self.counted;
                self.show(&ui.view);
                Flow::Stay
            }
            Command::Figures => Flow::Push(Box::new(ListScreen::register(
                crate::domain::record::Kind::Figure,
                &ui.view,
            ))),
            Command::Frozen => {
                choose::<DiffScreen>(ui);
                Flow::Stay
            }
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    //   Thay đổi   Số, dòng                        Khác
    //   4 → 3      Tỷ lệ giải quyết · Giải quyết   −1
    // > mất        đơn 15/2026                     − Tỷ lệ giải quyết · Phải GQ; Ngày nhận: …
    //
    //  - Tỷ lệ giải quyết · Phải GQ
    //  Ngày nhận: 04/04/2026 → 05/07/2026
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let foot = if area.height >= 14 { FOOT } else { 0 };
        let rows = Rect {
            height: area.height.saturating_sub(foot + 1),
            ..area
        };
        self.list.view(f, rows, v, true);
        let Some(diff) = &self.diff else {
            let text = v.say(t("đang so…", "comparing…"));
            put(f, area, 2, 1, text, v.theme.dim());
            return;
        };
        if diff.rows.is_empty() {
            let text = v.say(t(
                "không có gì khác với số đã chốt",
                "nothing differs from what was kept",
            ));
            put(f, area, 2, 1, text, v.theme.dim());
        }
        let Some(Place::Row(at)) = self.list.key() else {
            return;
        };
        let details = diff.rows.get(*at).map(RowDiff::details).unwrap_or_default();
        let room = area.width.saturating_sub(2);
        for (y, line) in (area.height - foot..area.height).zip(&details) {
            put(
                f,
                area,
                1,
                y,
                &cut(line.get(v.lang), room, v.theme),
                Style::new(),
            );
        }
    }
}
