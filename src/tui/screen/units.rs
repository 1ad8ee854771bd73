//! The units: a tree that opens and folds, on the map of a day, with what became of each and what stands under it.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::actions::{self, Host};
use super::card::CardScreen;
use super::form::FormScreen;
use super::rows::weekday;
use super::unit_data::detail;
use super::{Flow, Screen, Title, Ui, View};
use crate::app::units::{self, UnitLife};
use crate::app::{Cx, Result};
use crate::catalog;
use crate::domain::date;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::t;
use crate::tui::modal::ask::Ask;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::widget::list::{Cell, Column};
use crate::tui::widget::paint::{cut, lowest, put, wrap_facts};
use crate::tui::widget::tree::{Node, Tree, hang};

/// The tree on the map of one day.
pub struct TreeScreen {
    on: NaiveDate,
    /// The day was chosen; otherwise it is today's map.
    chosen: bool,
    tree: Tree<i64>,
    lives: Vec<UnitLife>,
    /// Where a jump leads: the units still to be opened, the last one to be selected.
    path: Vec<i64>,
    detail: Option<(i64, Vec<String>)>,
}

impl TreeScreen {
    /// The tree on today's map.
    pub fn new(v: &View) -> TreeScreen {
        let columns = vec![
            Column::new(v.say(t("Đơn vị", "Unit")), 24, 56, 0),
            Column::new(v.say(t("Mã", "Code")), 6, 10, 1),
            Column::new(v.say(t("Cấp", "Level")), 10, 16, 2),
            Column::new(v.say(t("Hiệu lực", "Validity")), 16, 24, 3),
        ];
        TreeScreen {
            on: v.today,
            chosen: false,
            tree: Tree::new(columns),
            lives: Vec::new(),
            path: Vec::new(),
            detail: None,
        }
    }

    fn life(&self) -> Option<&UnitLife> {
        let key = self.tree.node()?.key;
        self.lives.iter().find(|unit| unit.id == key)
    }

    fn nodes(&mut self, units: Vec<UnitLife>, v: &View) -> Vec<Node<i64>> {
        let nodes = units.iter().map(|unit| {
            let level = catalog::field(Kind::Unit, "level").map_or_else(String::new, |f| {
                catalog::show::show_cell(f, &Value::Text(unit.level.clone()), v.lang, v.today)
            });
            let when = units::validity(unit);
            let cells = [&unit.name, &unit.code, &level, when.get(v.lang)];
            Node {
                key: unit.id,
                depth: 0,
                open: unit.has_children.then_some(false),
                cells: cells
                    .into_iter()
                    .map(|text| Cell::from(text.to_owned()))
                    .collect(),
            }
        });
        let nodes = nodes.collect();
        for unit in units {
            self.lives.retain(|life| life.id != unit.id);
            self.lives.push(unit);
        }
        nodes
    }

    /// What is open of the tree now, read anew in one piece.
    fn grow(&mut self, ui: &mut Ui) {
        let open = self.tree.nodes().iter().filter(|n| n.open == Some(true));
        let above: Vec<Option<i64>> = [None]
            .into_iter()
            .chain(open.map(|n| Some(n.key)))
            .collect();
        let on = self.on;
        ui.run(
            move |cx| {
                let read = |above: Option<i64>| Ok((above, units::children(cx, above, on)?));
                above.into_iter().map(read).collect()
            },
            move |screen: &mut TreeScreen, grown: Result<Vec<_>>, ui| {
                if let Ok(grown) = grown
                    && on == screen.on
                {
                    let mut nodes = Vec::new();
                    screen.lives.clear();
                    for (above, units) in grown {
                        let found = screen.nodes(units, &ui.view);
                        hang(&mut nodes, above, found);
                    }
                    screen.tree.set_roots(nodes, &ui.view);
                    screen.detail_anew(ui);
                }
                Flow::Stay
            },
        );
    }

    fn roots(&mut self, ui: &mut Ui) {
        let on = self.on;
        self.detail = None;
        ui.run(
            move |cx| units::children(cx, None, on),
            |screen: &mut TreeScreen, found, ui| {
                match found {
                    Ok(found) => {
                        screen.lives.clear();
                        let nodes = screen.nodes(found, &ui.view);
                        screen.tree.set_roots(nodes, &ui.view);
                        screen.walk(ui);
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    fn unfold(&mut self, id: i64, ui: &mut Ui) {
        let on = self.on;
        ui.run(
            move |cx| units::children(cx, Some(id), on),
            move |screen: &mut TreeScreen, found, ui| {
                match found {
                    Ok(found) => {
                        let nodes = screen.nodes(found, &ui.view);
                        screen.tree.unfold(&id, nodes, &ui.view);
                        screen.walk(ui);
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    /// Goes on towards where a jump leads: opens the next unit of the way, or selects the last.
    fn walk(&mut self, ui: &mut Ui) {
        while let Some(next) = self.path.first().copied() {
            self.path.remove(0);
            if !self.tree.select(&next) {
                continue;
            }
            if !self.path.is_empty()
                && self
                    .tree
                    .node()
                    .is_some_and(|node| node.open == Some(false))
            {
                self.unfold(next, ui);
                return;
            }
        }
        self.look(ui);
    }

    /// Asks what is to be said of the selected unit, unless it is there.
    fn look(&mut self, ui: &mut Ui) {
        let Some(id) = self.tree.node().map(|node| node.key) else {
            return;
        };
        if self.detail.as_ref().is_none_or(|(of, _)| *of != id) {
            self.detail_anew(ui);
        }
    }

    fn detail_anew(&self, ui: &mut Ui) {
        let Some(id) = self.tree.node().map(|node| node.key) else {
            return;
        };
        let (on, v) = (self.on, ui.view);
        ui.search(
            move |cx| detail(cx, id, on, &v),
            move |screen: &mut TreeScreen, found: Result<Vec<String>>, _| {
                if let Ok(lines) = found {
                    screen.detail = Some((id, lines));
                }
                Flow::Stay
            },
        );
    }

    fn toggle(&mut self, want: Option<bool>, ui: &mut Ui) -> Flow {
        let Some((key, open)) = self.tree.node().map(|node| (node.key, node.open)) else {
            return Flow::Stay;
        };
        match (open, want) {
            (Some(false), None | Some(true)) => self.unfold(key, ui),
            (Some(true), None | Some(false)) => self.tree.fold(&key, &ui.view),
            (_, Some(false)) => {
                if let Some(above) = self.tree.parent().map(|node| node.key) {
                    self.tree.select(&above);
                    self.look(ui);
                }
            }
            (Some(true), Some(true)) => {
                self.tree.command(Command::Down);
                self.look(ui);
            }
            (None, _) => {}
        }
        Flow::Stay
    }

    fn jump(&self, ui: &Ui) -> Flow {
        let (on, v) = (self.on, ui.view);
        let query = std::sync::Arc::new(move |cx: &mut Cx, text: &str| {
            actions::unit_rows(cx, text, on, actions::OFTEN, v.lang)
        });
        let choose = Box::new(|row: PickRow| {
            then(move |screen: &mut TreeScreen, ui: &mut Ui| {
                let (code, on) = (row.key, screen.on);
                ui.run(
                    move |cx| {
                        let unit = units::locate(cx, &code)?;
                        let day = if unit.valid_on(on) {
                            on
                        } else {
                            unit.valid_to.or(unit.valid_from).unwrap_or(on)
                        };
                        let path = units::path(cx, unit.id, day)?;
                        Ok((day, path.iter().map(|unit| unit.id).collect::<Vec<_>>()))
                    },
                    |screen: &mut TreeScreen, found: Result<(NaiveDate, Vec<i64>)>, ui| {
                        match found {
                            Ok((day, path)) => {
                                // A unit of another time is shown on the map of its time.
                                screen.chosen |= day != screen.on;
                                screen.on = day;
                                screen.path = path;
                                screen.roots(ui);
                            }
                            Err(error) => ui.warn(error.text(ui.view.lang)),
                        }
                        Flow::Stay
                    },
                );
                Flow::Stay
            })
        });
        let title = t("Đến đơn vị: tên hay mã", "Go to a unit: name or code").get(v.lang);
        Flow::Push(Box::new(Pick::asked(
            title,
            actions::unit_columns(),
            query,
            choose,
        )))
    }

    fn choose_day(&self, ui: &Ui) -> Flow {
        let question = t(
            "Bản đồ của ngày (để trống: hôm nay)",
            "The map of which day (empty: today)",
        );
        Flow::Push(Box::new(Ask::new(
            question.get(ui.view.lang),
            "",
            Box::new(|text, v| {
                let day = match text {
                    "" => None,
                    text => Some(
                        date::parse(text, v.today)
                            .map_err(|p| actions::problem_text(&p, v.lang))?,
                    ),
                };
                Ok(then(move |screen: &mut TreeScreen, ui: &mut Ui| {
                    screen.on = day.unwrap_or(ui.view.today);
                    screen.chosen = day.is_some();
                    screen.roots(ui);
                    Flow::Stay
                }))
            }),
            Box::new(|text, v| match date::parse(text, v.today) {
                Ok(day) => format!("{} {}", date::vi(day), weekday(day, v.lang)),
                Err(_) => v
                    .say(t(
                        "vd. 30/6/2025: 63 tỉnh, có cấp huyện",
                        "e.g. 30/6/2025: 63 provinces, districts",
                    ))
                    .to_owned(),
            }),
        )))
    }
}

impl Host for TreeScreen {
    fn target(&self) -> Option<(Kind, i64, String)> {
        self.life()
            .map(|unit| (Kind::Unit, unit.id, unit.name.clone()))
    }

    fn reload(&mut self, ui: &mut Ui) {
        let here = self.tree.node().map(|node| node.key);
        let on = self.on;
        self.detail = None;
        ui.run(
            move |cx| match here {
                Some(id) => units::path(cx, id, on),
                None => Ok(Vec::new()),
            },
            |screen: &mut TreeScreen, path, ui| {
                screen.path = path
                    .unwrap_or_default()
                    .iter()
                    .map(|unit| unit.id)
                    .collect();
                screen.roots(ui);
                Flow::Stay
            },
        );
    }
}

impl Screen for TreeScreen {
    fn state(&self, v: &View) -> State {
        State {
            scope: Scope::Tree,
            read_only: v.read_only,
            row: self.life().is_some(),
            register: true,
            ..State::new(Scope::Tree)
        }
    }

    fn title(&self, v: &View) -> Title {
        let map = if self.chosen {
            format!(
                "{} {}",
                v.say(t("bản đồ ngày", "map of")),
                date::vi(self.on)
            )
        } else {
            v.say(t("bản đồ hôm nay", "today's map")).to_owned()
        };
        let name = v.say(t("Đơn vị", "Units")).to_owned();
        Title {
            name,
            about: vec![map],
            count: String::new(),
        }
    }

    /// Their names stand in every list.
    fn ahead(&mut self, ui: &mut Ui) {
        ui.run(
            |cx| units::fetch(cx),
            |_: &mut TreeScreen, (), _| Flow::Stay,
        );
        self.start(ui);
    }

    fn start(&mut self, ui: &mut Ui) {
        let on = self.on;
        // The tree opens at the office's own unit, where one is set.
        ui.run(
            move |cx| match cx.own_unit()? {
                Some(code) => units::path(cx, units::locate(cx, &code)?.id, on),
                None => Ok(Vec::new()),
            },
            |screen: &mut TreeScreen, path, ui| {
                screen.path = path
                    .unwrap_or_default()
                    .iter()
                    .map(|unit| unit.id)
                    .collect();
                screen.roots(ui);
                Flow::Stay
            },
        );
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.reload(ui);
    }

    fn follow(&mut self, ui: &mut Ui) -> bool {
        // On its way to a unit it is being read anyway.
        if self.path.is_empty() {
            self.grow(ui);
        }
        true
    }

    fn new_day(&mut self, ui: &mut Ui) {
        if !self.chosen {
            self.on = ui.view.today;
            self.reload(ui);
        }
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open => match self.life() {
                Some(unit) => Flow::Push(Box::new(CardScreen::new(Kind::Unit, unit.id))),
                None => Flow::Stay,
            },
            Command::Fold => self.toggle(None, ui),
            Command::Right => self.toggle(Some(true), ui),
            Command::Left => self.toggle(Some(false), ui),
            Command::Filter => self.jump(ui),
            Command::MapDate => self.choose_day(ui),
            Command::Add => {
                let form = match self.life() {
                    Some(unit) => {
                        let parent = crate::domain::value::UnitRef {
                            id: 0,
                            code: unit.code.clone(),
                        };
                        FormScreen::add_with_default(
                            Kind::Unit,
                            vec![("parent", Value::Unit(parent))],
                            &ui.view,
                        )
                    }
                    None => FormScreen::add(Kind::Unit, &ui.view),
                };
                Flow::Push(Box::new(form))
            }
            _ if self.tree.command(c) => {
                self.look(ui);
                Flow::Stay
            }
            _ => actions::command(self, c, ui),
        }
    }

    fn follows(&self, body: Rect) -> Option<Rect> {
        Some(foot(body))
    }

    //   Đơn vị                              Mã     Cấp         Hiệu lực
    // > ▾ Tỉnh Vĩnh Long                    86     tỉnh        từ 01/07/2025
    //       Phường Long Châu                29551  xã          từ 01/07/2025
    //
    //  lập từ Tỉnh Bến Tre, Tỉnh Trà Vinh, Tỉnh Vĩnh Long
    //  mô hình 3 · đối thoại 2 · đơn 348 (đang giải quyết 12, quá hạn 1) · tiếp dân 40
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let place = foot(area);
        let foot = place.height;
        let rows = Rect {
            height: area.height - foot,
            ..area
        };
        self.tree.view(f, rows, v, true);
        if let Some((_, lines)) = &self.detail
            && foot > 0
        {
            let room = area.width.saturating_sub(2);
            // The counts stay whole; what became of the unit takes the lines that are left.
            let counts = lines
                .last()
                .map_or(Vec::new(), |text| wrap_facts(text, room));
            let left = usize::from(foot - 1).saturating_sub(counts.len());
            let fate = lines
                .first()
                .map_or(Vec::new(), |text| wrap_facts(text, room));
            let fate = if fate.len() > left {
                lines
                    .iter()
                    .take(1.min(left))
                    .map(|text| cut(text, room, v.theme))
                    .collect()
            } else {
                fate
            };
            for (y, text) in (1..).zip(fate.iter().chain(&counts)) {
                put(f, place, 1, y, text, v.theme.dim());
            }
        }
    }
}

/// Where the selected unit's fate and counts stand.
fn foot(area: Rect) -> Rect {
    lowest(area, if area.height >= 12 { 4 } else { 0 })
}
