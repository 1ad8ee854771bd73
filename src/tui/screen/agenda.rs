//! Việc đến hạn: deadlines, expected replies and commitments by day and week; what is late stands first.

use chrono::{Days, NaiveDate};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::actions::{self, Host};
use super::agenda_lines::{Go, Lines};
use super::card::CardScreen;
use super::list::{ListScreen, period_label};
use super::rows::count_text;
use super::{Flow, Screen, Title, Ui, View};
use crate::app::due::{self, Agenda, AgendaItem, DueQuery};
use crate::app::{Cx, Result, units};
use crate::domain::date;
use crate::domain::period::Period;
use crate::domain::petition::Standing;
use crate::domain::record::Kind;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::{Then, then};
use crate::tui::lang::{Lang, t};
use crate::tui::modal::ask::Ask;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::widget::card::Card;
use crate::tui::widget::list::Column;
use crate::tui::widget::paint::{cut, lowest, put};

/// How many days from today it shows at first.
const AHEAD: u64 = 30;
/// Lines from before the span that come first, where there are so many: more than most terminals show.
const FIRST: usize = 40;

/// Whose work is shown.
#[derive(Clone, Debug, PartialEq)]
enum Whose {
    All,
    Unit(Vec<i64>, String),
    Officer(String),
}

/// What the worker found: the work, and the names of the units it lies with.
pub(super) struct Data {
    pub agenda: Agenda,
    /// The lines in the order shown: earlier ones, then the span's.
    pub items: Vec<(AgendaItem, String)>,
}

/// Work by day and week.
pub struct AgendaScreen {
    whose: Whose,
    officer: String,
    /// The span, when it is not the days ahead of today.
    span: Option<Period>,
    data: Option<Data>,
    card: Card<Go>,
    /// The width that the lines are made for.
    made_for: Option<u16>,
    /// The record to be selected once the lines are made.
    wanted: Option<(Kind, i64)>,
}

impl AgendaScreen {
    /// The work of everybody in the days ahead.
    pub fn new(_v: &View) -> AgendaScreen {
        AgendaScreen {
            whose: Whose::All,
            officer: String::new(),
            span: None,
            data: None,
            card: Card::default(),
            made_for: None,
            wanted: None,
        }
    }

    fn span(&self, today: NaiveDate) -> Period {
        self.span.unwrap_or(Period {
            from: today,
            to: today.checked_add_days(Days::new(AHEAD)).unwrap_or(today),
        })
    }

    fn query(&self) -> DueQuery {
        let mut query = DueQuery::default();
        match &self.whose {
            Whose::All => {}
            Whose::Unit(units, _) => query.unit.clone_from(units),
            Whose::Officer(name) => query.officer = Some(name.clone()),
        }
        query
    }

    fn selected(&self) -> Option<&AgendaItem> {
        match self.card.link()? {
            Go::Item(at) => self.data.as_ref()?.items.get(*at).map(|(item, _)| item),
            Go::Late => None,
        }
    }

    fn open(&self, ui: &mut Ui) -> Flow {
        if let Some(found) = self.selected() {
            return Flow::Push(Box::new(CardScreen::new(found.item.kind, found.item.id)));
        }
        if self.card.link().is_some() {
            let query = DueQuery {
                state: Some(Standing::Overdue),
                ..self.query()
            };
            ui.run(
                move |cx| due::query(cx, Kind::Petition, &query),
                |_: &mut AgendaScreen, query, ui| {
                    let about = vec![ui.say(t("quá hạn", "overdue")).to_owned()];
                    Flow::Push(Box::new(ListScreen::of(query, about, &ui.view)))
                },
            );
        }
        Flow::Stay
    }

    fn set(&mut self, whose: Whose, ui: &mut Ui) -> Flow {
        self.whose = whose;
        self.begin(ui);
        Flow::Stay
    }

    /// Reads it from the beginning: first what is seen at once, then all.
    fn begin(&mut self, ui: &mut Ui) {
        self.card = Card::default();
        let (query, span) = (self.query(), self.span(ui.view.today));
        ui.search(
            move |cx| {
                cx.in_one_moment(|cx| {
                    let agenda = due::agenda_first(cx, &query, (span.from, span.to), FIRST)?;
                    named(cx, agenda)
                })
            },
            |screen: &mut AgendaScreen, data: Result<Data>, ui| {
                let part = data.as_ref().is_ok_and(|data| !data.agenda.whole);
                screen.take(data, ui);
                if part {
                    screen.reload(ui);
                }
                Flow::Stay
            },
        );
    }

    fn take(&mut self, data: Result<Data>, ui: &mut Ui) {
        match data {
            Ok(data) => {
                let selected = self.selected();
                self.wanted = selected.map(|found| (found.item.kind, found.item.id));
                self.data = Some(data);
                self.made_for = None;
            }
            Err(error) => ui.warn(error.text(ui.view.lang)),
        }
    }

    /// All, the office's own, another unit's, or one officer's.
    fn choose_whose(&self, v: &View) -> Flow {
        let rows = [
            ("all", t("tất cả", "all")),
            ("own", t("cơ quan này và cấp dưới", "this office and below")),
            ("unit", t("một đơn vị và cấp dưới…", "a unit and below…")),
            ("officer", t("một cán bộ…", "one officer…")),
        ]
        .map(|(key, label)| PickRow::new(key, [v.say(label)]));
        let officer = self.officer.clone();
        let choose = Box::new(move |row: PickRow| -> Then {
            then(
                move |screen: &mut AgendaScreen, ui: &mut Ui| match row.key.as_str() {
                    "own" => own_unit(ui),
                    "unit" => Flow::Push(Box::new(actions::unit_pick(ui.view, choose_unit))),
                    "officer" => ask_officer(&officer, &ui.view),
                    _ => screen.set(Whose::All, ui),
                },
            )
        });
        let now = match self.whose {
            Whose::All => "all",
            Whose::Unit(..) => "unit",
            Whose::Officer(_) => "officer",
        };
        let title = v.say(t("Việc của ai", "Whose work"));
        let columns = vec![Column::new("", 20, 60, 0)];
        Flow::Push(Box::new(
            Pick::fixed(title, columns, rows.to_vec(), choose).selecting(now),
        ))
    }

    fn choose_span(&self, v: &View) -> Flow {
        let question = v.say(t(
            "Kỳ (bỏ trống: 30 ngày tới)",
            "Period (empty: the next 30 days)",
        ));
        Flow::Push(Box::new(Ask::new(
            question,
            "",
            Box::new(|text, v| {
                let span = if text.trim().is_empty() {
                    None
                } else {
                    let wrong = |problem| actions::problem_text(&problem, v.lang);
                    Some(Period::parse(text).map_err(wrong)?)
                };
                Ok(then(move |screen: &mut AgendaScreen, ui: &mut Ui| {
                    screen.span = span;
                    screen.begin(ui);
                    Flow::Stay
                }))
            }),
            Box::new(actions::period_echo),
        )))
    }
}

fn own_unit(ui: &mut Ui) -> Flow {
    ui.run(
        |cx| {
            let Some(code) = cx.own_unit()? else {
                return Ok(None);
            };
            let name = units::locate(cx, &code)?.name;
            Ok(Some((units::scope(cx, &code)?, name)))
        },
        |screen: &mut AgendaScreen, found: Result<Option<(Vec<i64>, String)>>, ui| match found {
            Ok(Some((units, name))) => screen.set(Whose::Unit(units, name), ui),
            Ok(None) => {
                ui.warn(ui.say(t(
                    "chưa đặt đơn vị của cơ quan: xem thiết lập (T)",
                    "the office's own unit is not set: see settings (T)",
                )));
                Flow::Stay
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

fn choose_unit(row: PickRow) -> Then {
    then(move |screen: &mut AgendaScreen, ui: &mut Ui| {
        if row.key.is_empty() {
            return screen.set(Whose::All, ui);
        }
        let (code, name) = (row.key, row.cells.get(1).cloned().unwrap_or_default());
        ui.run(
            move |cx| units::scope(cx, &code),
            move |screen: &mut AgendaScreen, ids, ui| match ids {
                Ok(ids) => screen.set(Whose::Unit(ids, name), ui),
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
        Flow::Stay
    })
}

fn ask_officer(first: &str, v: &View) -> Flow {
    let question = v.say(t("Cán bộ nào?", "Which officer?"));
    Flow::Push(Box::new(Ask::new(
        question,
        first,
        Box::new(|text, v| {
            let name = text.trim().to_owned();
            if name.is_empty() {
                return Err(v.say(t("phải nhập tên", "a name is needed")).to_owned());
            }
            Ok(then(move |screen: &mut AgendaScreen, ui: &mut Ui| {
                screen.officer.clone_from(&name);
                screen.set(Whose::Officer(name), ui)
            }))
        }),
        Box::new(|_, v| {
            v.say(t(
                "tên như ghi ở ô «Cán bộ» của đơn",
                "the name as in the petitions' officer field",
            ))
            .to_owned()
        }),
    )))
}

/// With the names of the units.
fn named(cx: &Cx, agenda: Agenda) -> Result<Data> {
    let days = agenda.weeks.iter().flat_map(|week| &week.days);
    let all = agenda.earlier.iter().chain(days.flat_map(|day| &day.items));
    let items = all
        .map(|item| {
            let unit = match &item.item.unit {
                Some(unit) => units::name(cx, unit.id, cx.today())?,
                None => String::new(),
            };
            Ok((item.clone(), unit))
        })
        .collect::<Result<_>>()?;
    Ok(Data { agenda, items })
}

impl Host for AgendaScreen {
    fn target(&self) -> Option<(Kind, i64, String)> {
        let item = &self.selected()?.item;
        let name = item.number.clone().unwrap_or_else(|| item.title.clone());
        Some((item.kind, item.id, name))
    }

    fn told(&self) -> Vec<String> {
        let selected = self.selected().into_iter();
        selected.map(|found| found.item.title.clone()).collect()
    }

    fn reload(&mut self, ui: &mut Ui) {
        let (query, span) = (self.query(), self.span(ui.view.today));
        ui.search(
            move |cx| {
                cx.in_one_moment(|cx| named(cx, due::agenda(cx, &query, span.from, span.to)?))
            },
            |screen: &mut AgendaScreen, data, ui| {
                screen.take(data, ui);
                Flow::Stay
            },
        );
    }
}

/// Where the selected item is spelled out.
fn foot(area: Rect) -> Rect {
    lowest(area, if area.height >= 14 { 3 } else { 1 })
}

impl Screen for AgendaScreen {
    fn state(&self, v: &View) -> State {
        let petition = self
            .selected()
            .is_some_and(|found| found.item.kind == Kind::Petition);
        State {
            read_only: v.read_only,
            row: self.card.link().is_some(),
            steps: petition,
            due: petition,
            register: true,
            ..State::new(Scope::Agenda)
        }
    }

    fn title(&self, v: &View) -> Title {
        let whose = match &self.whose {
            Whose::All => v.say(t("tất cả", "all")).to_owned(),
            Whose::Unit(_, name) => format!("{name} {}", v.say(t("và cấp dưới", "and below"))),
            Whose::Officer(name) => name.clone(),
        };
        let span = match self.span {
            Some(span) => period_label(span, v.lang),
            None => {
                let to = date::vi_short(self.span(v.today).to, v.today);
                format!("{} {to}", v.say(t("đến", "until")))
            }
        };
        let count = self.data.as_ref().map_or_else(String::new, |data| {
            count_text(data.agenda.due, data.agenda.due, v.lang)
        });
        Title {
            name: v.say(t("Việc đến hạn", "Work due")).to_owned(),
            about: vec![whose, span],
            count,
        }
    }

    fn start(&mut self, ui: &mut Ui) {
        self.begin(ui);
    }

    /// What follows the first lines is asked for at once.
    fn ahead(&mut self, ui: &mut Ui) {
        self.begin(ui);
        self.reload(ui);
    }

    fn read(&mut self, ui: &mut Ui) -> bool {
        match self.data {
            // What is read already stays where it is.
            Some(_) => self.reload(ui),
            None => self.start(ui),
        }
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open => self.open(ui),
            Command::Whose => self.choose_whose(&ui.view),
            Command::Period => self.choose_span(&ui.view),
            Command::Agenda => Flow::Stay,
            _ if self.card.command(c) => Flow::Stay,
            _ => actions::command(self, c, ui),
        }
    }

    fn follows(&self, body: Rect) -> Option<Rect> {
        let data = self.data.as_ref()?;
        (!data.items.is_empty()).then(|| foot(body))
    }

    //   Quá hạn trước 14/03: 2 việc
    // > 11/03     15/2026  hạn             Không đồng ý phương án …   ! quá 1 ngày
    //
    //   Tuần 11 (09/03–15/03): 3 việc · 2 hạn · 1 chờ phúc đáp
    //   T6 14/03  22/2026  hạn             Cán bộ địa chính           còn 0 ngày
    //             23/2026  chờ phúc đáp    Đường liên ấp              còn 0 ngày
    //
    //  Không đồng ý phương án bồi thường, hỗ trợ, tái định cư dự án cầu
    //  hạn 11/03/2026 · xã Long Hồ
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let Some(data) = &self.data else {
            put(
                f,
                area,
                2,
                0,
                v.say(t("đang tính…", "counting…")),
                v.theme.dim(),
            );
            return;
        };
        if self.made_for != Some(area.width) {
            self.made_for = Some(area.width);
            self.card.set(Lines::of(data, area.width, v));
            if let Some(wanted) = self.wanted.take() {
                let of = |(found, _): &(AgendaItem, String)| (found.item.kind, found.item.id);
                let is = |go: &Go| matches!(go, Go::Item(at) if data.items.get(*at).map(of) == Some(wanted));
                self.card.select(is);
            }
        }
        if data.items.is_empty() {
            let text = v.say(t("không có việc nào đến hạn", "nothing is due"));
            put(f, area, 2, 0, text, v.theme.dim());
            return;
        }
        let foot = foot(area).height;
        let body = Rect {
            height: area.height - foot,
            ..area
        };
        self.card.view(f, body, v, true);
        let Some(Go::Item(at)) = self.card.link() else {
            return;
        };
        if let Some((found, unit)) = data.items.get(*at) {
            let room = area.width.saturating_sub(2);
            let y = area.height.saturating_sub(if foot > 1 { 2 } else { 1 });
            put(
                f,
                area,
                1,
                y,
                &cut(&found.item.title, room, v.theme),
                Style::new(),
            );
            let facts = facts(found, unit, v);
            put(
                f,
                area,
                1,
                y + 1,
                &cut(&facts, room, v.theme),
                v.theme.dim(),
            );
        }
    }
}

fn facts(found: &AgendaItem, unit: &str, v: &View) -> String {
    let day = match v.lang {
        Lang::Vi => date::long_vi(found.item.due_on),
        Lang::En => {
            let due = found.item.due_on;
            format!("{} {}", date::vi(due), date::weekday_en(due))
        }
    };
    let mut facts = vec![format!("{} {day}", found.label().get(v.lang))];
    facts.extend(Some(unit.to_owned()).filter(|name| !name.is_empty()));
    facts.join(v.theme.dot())
}
