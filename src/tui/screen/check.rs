//! Reported figures computed again: what was printed, what its parts give, and the verdict in words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::card::CardScreen;
use super::list::ListScreen;
use super::{Flow, Screen, Title, Ui, View, plain_state};
use crate::app::Result;
use crate::app::figures::{FigureCheck, check};
use crate::domain::check::Verdict;
use crate::domain::number::vi_int;
use crate::domain::record::Kind;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::{Text, t};
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::{lowest, put, wrap};

/// The figures that can be checked.
pub struct CheckScreen {
    checks: Vec<FigureCheck>,
    /// The rows shown are places in `checks`.
    list: List<usize>,
    only_wrong: bool,
    loaded: bool,
}

fn words(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Agrees => t("khớp", "agrees"),
        Verdict::Truncated => t("cắt bớt, không làm tròn", "cut off, not rounded"),
        Verdict::Differs => t("! không khớp", "! differs"),
    }
}

impl CheckScreen {
    /// The check; it is computed when it is shown.
    pub fn new(v: &View) -> CheckScreen {
        let columns = vec![
            Column::new(v.say(t("Số liệu", "Figure")), 14, 120, 0),
            Column::new(v.say(t("In", "Printed")), 8, 14, 1).numeric(),
            Column::new(v.say(t("Tính lại", "Computed")), 8, 14, 2).numeric(),
            Column::new(v.say(t("Kết quả", "Verdict")), 12, 24, 0),
        ];
        CheckScreen {
            checks: Vec::new(),
            list: List::new(columns),
            only_wrong: false,
            loaded: false,
        }
    }

    fn load(&self, ui: &mut Ui) {
        ui.run(
            |cx| check(cx),
            |screen: &mut CheckScreen, checks: Result<Vec<FigureCheck>>, ui| {
                match checks {
                    Ok(checks) => {
                        screen.checks = checks;
                        screen.loaded = true;
                        screen.show(&ui.view);
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    fn show(&mut self, v: &View) {
        let shown = self.checks.iter().enumerate();
        let shown = shown.filter(|(_, c)| !self.only_wrong || c.verdict != Verdict::Agrees);
        let row = |(at, c): (usize, &FigureCheck)| {
            let style = match c.verdict {
                Verdict::Agrees => Style::new(),
                Verdict::Truncated => v.theme.soon(),
                Verdict::Differs => v.theme.late(),
            };
            let verdict = Cell {
                text: v.say(words(c.verdict)).to_owned(),
                style,
            };
            let texts = [c.what.clone(), c.printed.clone(), c.computed_vi()];
            Row {
                key: at,
                cells: texts.map(Cell::from).into_iter().chain([verdict]).collect(),
            }
        };
        let rows = shown.map(row).collect();
        self.list.set_rows(rows);
    }

    fn selected(&self) -> Option<&FigureCheck> {
        self.checks.get(*self.list.key()?)
    }
}

/// Where the selected figure is spelled out.
fn foot(area: Rect) -> Rect {
    lowest(area, if area.height >= 14 { 4 } else { 1 })
}

impl Screen for CheckScreen {
    fn state(&self, v: &View) -> State {
        State {
            row: self.selected().is_some(),
            ..plain_state(Scope::Check, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        let number = |n: usize| vi_int(i64::try_from(n).unwrap_or(i64::MAX));
        let differs = self
            .checks
            .iter()
            .filter(|c| c.verdict == Verdict::Differs)
            .count();
        let mut about = vec![format!(
            "{} {}",
            number(differs),
            v.say(t("không khớp", "differ"))
        )];
        if self.only_wrong {
            about.push(v.say(t("chỉ chỗ lệch", "only what differs")).to_owned());
        }
        let (shown, all) = (self.list.total(), self.checks.len());
        let count = if shown == all {
            number(all)
        } else {
            format!("{} / {}", number(shown), number(all))
        };
        Title {
            name: v
                .say(t("Soát số đã báo cáo", "Reported figures checked"))
                .to_owned(),
            about: if self.loaded { about } else { Vec::new() },
            count: if self.loaded { count } else { String::new() },
        }
    }

    fn start(&mut self, ui: &mut Ui) {
        self.load(ui);
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.load(ui);
    }

    fn follow(&mut self, ui: &mut Ui) -> bool {
        self.load(ui);
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open => match self.selected() {
                Some(found) => Flow::Push(Box::new(CardScreen::new(Kind::Figure, found.id))),
                None => Flow::Stay,
            },
            Command::OnlyWrong => {
                self.only_wrong = !self.only_wrong;
                self.show(&ui.view);
                Flow::Stay
            }
            Command::Figures => Flow::Push(Box::new(ListScreen::register(Kind::Figure, &ui.view))),
            Command::Frozen => {
                super::rates::kept::choose::<CheckScreen>(ui);
                Flow::Stay
            }
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn follows(&self, body: Rect) -> Option<Rect> {
        Some(foot(body))
    }

    //   Số liệu                                           In  Tính lại  Kết quả
    //   Thanh tra tỉnh, đơn đã giải quyết, 2025: 41/43  95,35%  95,35%  khớp
    // > Bộ Công an, đơn đã xử lý: 8.328/8.574           97,23%  97,13%  ! không khớp
    //
    //  Bộ Công an (toàn ngành) · đơn đã xử lý · 01/01–31/05/2019: 8.328/8.574
    //  in 97,23%, tính lại 97,13: không khớp
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let room = area.width.saturating_sub(2);
        let foot = foot(area).height;
        let rows = Rect {
            height: area.height - foot,
            ..area
        };
        self.list.view(f, rows, v, true);
        let say = |f: &mut Frame, text| put(f, area, 2, 1, v.say(text), v.theme.dim());
        if !self.loaded {
            say(f, t("đang tính…", "computing…"));
        } else if self.checks.is_empty() {
            say(
                f,
                t("chưa có số liệu nào để soát", "there is no figure to check"),
            );
        } else if self.list.total() == 0 {
            say(f, t("mọi số đều khớp", "everything agrees"));
        }
        let Some(found) = self.selected() else {
            return;
        };
        let lines = wrap(&found.what, room.max(1));
        let verdict = format!(
            "{} {}, {} {}: {}",
            v.say(t("in", "printed")),
            found.printed,
            v.say(t("tính lại", "computed")),
            found.computed_vi(),
            v.say(words(found.verdict))
        );
        let last = area.height.saturating_sub(1);
        for (y, text) in (rows.height + 1..last).zip(&lines) {
            put(f, area, 1, y, text, Style::new());
        }
        put(f, area, 1, last, &verdict, v.theme.dim());
    }
}
