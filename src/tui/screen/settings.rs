//! The settings of the office: what it is and how it counts.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::actions::unit_pick;
use super::{Flow, Screen, Title, Ui, View, plain_state};
use crate::app::settings::{self, Setting, SettingType};
use crate::app::{Cx, Result, typing, units};
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::{Then, then};
use crate::tui::lang::t;
use crate::tui::modal::ask::Ask;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::{cut, lowest, put};

/// A setting, its value as stored, and in words.
struct Line {
    setting: &'static Setting,
    value: String,
    words: String,
}

/// The settings.
pub struct SettingsScreen {
    lines: Vec<Line>,
    list: List<&'static str>,
}

impl SettingsScreen {
    /// The settings; they come when it is shown.
    pub fn new(v: &View) -> SettingsScreen {
        let columns = vec![
            Column::new(v.say(t("Thiết lập", "Setting")), 16, 40, 0),
            Column::new(v.say(t("Giá trị", "Value")), 12, 60, 0),
        ];
        SettingsScreen {
            lines: Vec::new(),
            list: List::new(columns),
        }
    }

    fn load(&self, ui: &mut Ui) {
        let v = ui.view;
        ui.run(
            move |cx| lines(cx, &v),
            |screen: &mut SettingsScreen, lines, ui| {
                match lines {
                    Ok(lines) => screen.take(lines, &ui.view),
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    fn take(&mut self, lines: Vec<Line>, v: &View) {
        let row = |line: &Line| Row {
            key: line.setting.key,
            cells: vec![
                Cell::from(v.say(line.setting.label)),
                Cell::from(line.words.as_str()),
            ],
        };
        self.list.set_rows(lines.iter().map(row).collect());
        self.lines = lines;
    }

    fn selected(&self) -> Option<&Line> {
        let key = self.list.key()?;
        self.lines.iter().find(|line| line.setting.key == *key)
    }

    fn change(&self, v: &View) -> Flow {
        let Some(line) = self.selected() else {
            return Flow::Stay;
        };
        let key = line.setting.key;
        let title = v.say(line.setting.label);
        let pick = |rows: Vec<PickRow>| {
            let columns = vec![Column::new("", 20, 60, 0)];
            let choose = Box::new(move |row: PickRow| set(key, row.key));
            let pick = Pick::fixed(title, columns, rows, choose).selecting(&line.value);
            Flow::Push(Box::new(pick))
        };
        match line.setting.ty {
            SettingType::Unit => Flow::Push(Box::new(unit_pick(*v, move |row| set(key, row.key)))),
            SettingType::Choice(choices) => pick(
                choices
                    .iter()
                    .map(|(code, label)| PickRow::new(*code, [v.say(*label)]))
                    .collect(),
            ),
            SettingType::Switch => pick(vec![
                PickRow::new("true", [v.say(t("có", "yes"))]),
                PickRow::new("false", [v.say(t("không", "no"))]),
            ]),
            SettingType::Number(min, max) => Flow::Push(Box::new(Ask::new(
                title,
                &line.value,
                Box::new(move |text, _| Ok(set(key, text.to_owned()))),
                Box::new(move |_, v| format!("{} {min}–{max}", v.say(t("số từ", "a number in")))),
            ))),
        }
    }
}

/// Sets a setting; an empty unit stands for no choice.
fn set(key: &'static str, value: String) -> Then {
    then(move |_: &mut SettingsScreen, ui: &mut Ui| {
        if value.is_empty() {
            return Flow::Stay;
        }
        ui.run(
            move |cx| settings::set(cx, key, &value).and_then(|()| typing::style(cx)),
            |screen: &mut SettingsScreen, done, ui| {
                match done {
                    Ok(style) => {
                        ui.aid.style = style;
                        ui.note(ui.say(t("đã lưu thiết lập", "setting saved")));
                        screen.load(ui);
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
        Flow::Stay
    })
}

fn lines(cx: &Cx, v: &View) -> Result<Vec<Line>> {
    settings::all(cx)?
        .into_iter()
        .map(|(setting, value)| {
            let value = value.unwrap_or_default();
            let words = match setting.ty {
                SettingType::Unit if value.is_empty() => v.say(t("chưa đặt", "not set")).to_owned(),
                SettingType::Unit => {
                    let unit = units::locate(cx, &value)?;
                    format!("{}  {}", unit.code, unit.name)
                }
                SettingType::Choice(choices) => choices
                    .iter()
                    .find(|(code, _)| *code == value)
                    .map_or_else(|| value.clone(), |(_, label)| v.say(*label).to_owned()),
                SettingType::Switch if value == "false" => v.say(t("không", "no")).to_owned(),
                SettingType::Switch => v.say(t("có", "yes")).to_owned(),
                SettingType::Number(..) => value.clone(),
            };
            Ok(Line {
                setting,
                value,
                words,
            })
        })
        .collect()
}

impl Screen for SettingsScreen {
    fn state(&self, v: &View) -> State {
        State {
            row: self.selected().is_some(),
            ..plain_state(Scope::Setup, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v.say(t("Thiết lập", "Settings")).to_owned(),
            ..Title::default()
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
            Command::Open | Command::Edit if ui.view.read_only => {
                ui.warn(ui.say(t("đang mở ở chế độ chỉ đọc", "opened read-only")));
                Flow::Stay
            }
            Command::Open | Command::Edit => self.change(&ui.view),
            Command::Settings => Flow::Stay,
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn follows(&self, body: Rect) -> Option<Rect> {
        Some(lowest(body, 1))
    }

    //   Thiết lập                        Giá trị
    // > Đơn vị của cơ quan               29602  Xã Long Hồ
    //   Loại cơ quan                     cơ quan hành chính: thụ lý, giải quyết
    //
    //  mã đơn vị của cơ quan này
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let body = Rect {
            height: area.height.saturating_sub(2),
            ..area
        };
        self.list.view(f, body, v, true);
        if let Some(line) = self.selected() {
            let room = area.width.saturating_sub(2);
            let help = cut(v.say(line.setting.help), room, v.theme);
            put(
                f,
                area,
                1,
                area.height.saturating_sub(1),
                &help,
                Style::new(),
            );
        }
    }
}
