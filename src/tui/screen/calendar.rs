//! The calendar of a year: the days that are not as their weekday says, as the office enters and confirms them.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::rows::weekday;
use super::{Flow, Screen, Title, Ui, View, plain_state};
use crate::app::calendar::{self, CalendarChange, kind_label};
use crate::app::history::moment;
use crate::app::{Cx, Result};
use crate::domain::calendar::{CalendarDay, DayKind};
use crate::domain::date;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::{Then, then};
use crate::tui::lang::{Lang, t};
use crate::tui::modal::ask::Ask;
use crate::tui::modal::confirm::Confirm;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::modal::read::Read;
use crate::tui::widget::card::Item;
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::{cut, lowest, put};

/// Lines under the days: air, the selected name whole, the keys.
const FOOT: u16 = 3;

/// The special days of a year.
pub struct CalendarScreen {
    year: i32,
    days: Vec<CalendarDay>,
    confirmed: bool,
    loaded: bool,
    list: List<NaiveDate>,
}

impl CalendarScreen {
    /// The calendar of this year.
    pub fn new(v: &View) -> CalendarScreen {
        let columns = vec![
            Column::new(v.say(t("Ngày", "Day")), 10, 10, 0),
            Column::new(v.say(t("Thứ", "Weekday")), 8, 9, 2),
            Column::new(v.say(t("Là", "Is")), 13, 15, 0),
            Column::new(v.say(t("Tên", "Name")), 10, 60, 0),
            Column::new("", 13, 13, 3),
        ];
        CalendarScreen {
            year: v.today.year(),
            days: Vec::new(),
            confirmed: false,
            loaded: false,
            list: List::new(columns),
        }
    }

    fn load(&self, ui: &mut Ui) {
        let year = self.year;
        ui.search(
            move |cx| {
                (
                    year,
                    calendar::list(cx, year),
                    calendar::confirmed(cx, year),
                )
            },
            |screen: &mut CalendarScreen, (year, days, confirmed), ui| {
                if year == screen.year {
                    screen.take(days, confirmed, &ui.view);
                }
                Flow::Stay
            },
        );
    }

    fn take(&mut self, days: Vec<CalendarDay>, confirmed: bool, v: &View) {
        let row = |day: &CalendarDay| {
            let open = if day.confirmed {
                ""
            } else {
                v.say(t("chưa xác nhận", "unconfirmed"))
            };
            Row {
                key: day.date,
                cells: vec![
                    Cell::from(date::vi(day.date)),
                    Cell::from(weekday(day.date, v.lang)),
                    Cell::from(v.say(kind_label(day.kind))),
                    Cell::from(day.name.as_str()),
                    Cell {
                        text: open.to_owned(),
                        style: v.theme.soon(),
                    },
                ],
            }
        };
        self.list.set_rows(days.iter().map(row).collect());
        self.days = days;
        self.confirmed = confirmed;
        self.loaded = true;
    }

    fn selected(&self) -> Option<&CalendarDay> {
        let key = self.list.key()?;
        self.days.iter().find(|day| day.date == *key)
    }

    fn turn(&mut self, by: i32, ui: &mut Ui) -> Flow {
        self.year = (self.year + by).clamp(date::FIRST_YEAR, date::LAST_YEAR);
        self.list.select_at(0);
        self.load(ui);
        Flow::Stay
    }

    fn propose(&self, ui: &Ui) -> Flow {
        let year = self.year;
        let question = match ui.view.lang {
            Lang::Vi => format!("Lập lịch nghỉ đề xuất cho năm {year}?"),
            Lang::En => format!("Write the proposed calendar of {year}?"),
        };
        let days = calendar::propose(year);
        let mut detail: Vec<String> = days
            .iter()
            .map(|day| format!("{} {}", date::vi(day.date), day.name))
            .collect();
        detail.insert(
            0,
            ui.say(t(
                "Tính theo luật và âm lịch; chưa xác nhận, đối chiếu với quyết định của Thủ tướng rồi nhấn c.",
                "By law and moon; unconfirmed until checked against the yearly decision (c).",
            ))
            .to_owned(),
        );
        let yes = then(move |_: &mut CalendarScreen, ui: &mut Ui| {
            act(ui, move |cx| calendar::adopt(cx, year).map(drop))
        });
        Flow::Push(Box::new(Confirm::new(question, detail, Flow::PopThen(yes))))
    }

    fn confirm(&self, ui: &Ui) -> Flow {
        let year = self.year;
        let question = match ui.view.lang {
            Lang::Vi => format!("Xác nhận lịch nghỉ năm {year}?"),
            Lang::En => format!("Confirm the calendar of {year}?"),
        };
        let detail = ui
            .say(t(
                "Cơ quan đã đối chiếu với quyết định nghỉ lễ của năm. Hạn tính trên năm này không còn ghi «lịch chưa xác nhận».",
                "The office has checked it against the yearly decision. Deadlines of this year no longer say so.",
            ))
            .to_owned();
        let yes = then(move |_: &mut CalendarScreen, ui: &mut Ui| {
            act(ui, move |cx| calendar::confirm(cx, year))
        });
        Flow::Push(Box::new(Confirm::new(
            question,
            vec![detail],
            Flow::PopThen(yes),
        )))
    }

    fn history(&self, ui: &mut Ui) -> Flow {
        let year = self.year;
        ui.run(
            move |cx| calendar::history(cx, year),
            move |_: &mut CalendarScreen, rows, ui| match rows {
                Ok(rows) => {
                    let items = history_items(&rows, &ui.view);
                    let title = format!("{} · {year}", ui.say(t("Lịch sử", "History")));
                    Flow::Push(Box::new(Read::new(title, items)))
                }
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
        Flow::Stay
    }
}

fn history_items(rows: &[CalendarChange], v: &View) -> Vec<Item<()>> {
    if rows.is_empty() {
        let none = v.say(t("chưa ai sửa gì", "nothing was changed"));
        return vec![Item::Text(none.to_owned(), v.theme.dim())];
    }
    let text = |row: &CalendarChange| {
        let at = format!("{}  {}", moment(&row.at), row.who);
        let Some(day) = row.date else {
            return format!("{at}  {}", v.say(t("xác nhận năm", "year confirmed")));
        };
        let words = |state: &Option<String>| match state {
            Some(state) => match state.split_once(' ') {
                Some((kind, name)) => {
                    let kind = DayKind::from_code(kind).map(|kind| v.say(kind_label(kind)));
                    format!("{} {name}", kind.unwrap_or_default())
                }
                None => state.clone(),
            },
            None => v.say(t("ngày thường", "ordinary day")).to_owned(),
        };
        format!(
            "{at}  {}: {} → {}",
            date::vi(day),
            words(&row.before),
            words(&row.after)
        )
    };
    rows.iter()
        .rev()
        .map(|row| Item::Text(text(row), Style::new()))
        .collect()
}

/// Asks, then gives a day back to the ordinary ones.
fn clear(day: &CalendarDay, lang: Lang) -> Flow {
    let (on, name) = (day.date, day.name.clone());
    let said = date::vi(on);
    let question = match lang {
        Lang::Vi => format!("Trả {said} về ngày thường?"),
        Lang::En => format!("Make {said} an ordinary day again?"),
    };
    let yes = then(move |_: &mut CalendarScreen, ui: &mut Ui| {
        act(ui, move |cx| calendar::set(cx, on, None, None).map(|_| ()))
    });
    Flow::Push(Box::new(Confirm::new(
        question,
        vec![name],
        Flow::PopThen(yes),
    )))
}

/// Changes the calendar and shows it anew.
fn act(ui: &mut Ui, job: impl FnOnce(&mut Cx) -> Result<()> + Send + 'static) -> Flow {
    ui.run(job, |screen: &mut CalendarScreen, done, ui| {
        match done {
            Ok(()) => {
                ui.note(ui.say(t(
                    "đã ghi; các hạn đang mở đã tính lại theo lịch",
                    "saved; open deadlines were counted again",
                )));
                screen.load(ui);
            }
            Err(error) => ui.warn(error.text(ui.view.lang)),
        }
        Flow::Stay
    });
    Flow::Stay
}

fn ask_day(year: i32, v: &View) -> Flow {
    let question = v.say(t("Ngày nào?", "Which day?"));
    let read = move |text: &str, v: &View| {
        // A day and month without a year lie in the year on the screen.
        let near = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(v.today);
        let near = if v.today.year() == year {
            v.today
        } else {
            near
        };
        date::parse(text, near).map_err(|problem| match v.lang {
            Lang::Vi => problem.to_string(),
            Lang::En => format!("not a day: {text}"),
        })
    };
    Flow::Push(Box::new(Ask::new(
        question,
        "",
        Box::new(move |text, v| {
            let day = read(text, v)?;
            Ok(then(move |_: &mut CalendarScreen, ui: &mut Ui| {
                ask_kind(day, None, &ui.view)
            }))
        }),
        Box::new(move |text, v| match read(text, v) {
            Ok(day) => format!("{} {}", date::vi(day), weekday(day, v.lang)),
            Err(_) => v
                .say(t("2/1 · 2/1/2026 · 0201", "2/1 · 2/1/2026 · 0201"))
                .to_owned(),
        }),
    )))
}

fn ask_kind(day: NaiveDate, now: Option<&CalendarDay>, v: &View) -> Flow {
    let kinds = [DayKind::Holiday, DayKind::DayOff, DayKind::Working];
    let rows = kinds.map(|kind| PickRow::new(kind.code(), [v.say(kind_label(kind))]));
    let was = now.map(|day| (day.kind, day.name.clone()));
    let choose = Box::new(move |row: PickRow| -> Then {
        then(
            move |_: &mut CalendarScreen, ui: &mut Ui| match DayKind::from_code(&row.key) {
                Some(kind) => ask_name(day, kind, was, &ui.view),
                None => Flow::Stay,
            },
        )
    });
    let title = format!("{} {}", date::vi(day), weekday(day, v.lang));
    let columns = vec![Column::new("", 20, 60, 0)];
    let mut pick = Pick::fixed(title, columns, rows.to_vec(), choose);
    if let Some(now) = now {
        pick = pick.selecting(now.kind.code());
    }
    Flow::Push(Box::new(pick))
}

fn ask_name(day: NaiveDate, kind: DayKind, was: Option<(DayKind, String)>, v: &View) -> Flow {
    let name = was.as_ref().map_or(String::new(), |(_, name)| name.clone());
    let label = v.say(kind_label(kind));
    let question = format!("{} · {label}: {}", date::vi(day), v.say(t("tên", "name")));
    let ask = Ask::new(
        question,
        &name,
        Box::new(move |text, v| {
            let name = text.to_owned();
            // Enter pressed through confirms nothing.
            if was.as_ref().is_some_and(|was| *was == (kind, name.clone())) {
                return Err(v
                    .say(t(
                        "ngày này vẫn như cũ; Esc để thôi",
                        "the day is as it was; Esc leaves",
                    ))
                    .to_owned());
            }
            Ok(then(move |screen: &mut CalendarScreen, ui: &mut Ui| {
                screen.year = day.year();
                act(ui, move |cx| {
                    calendar::set(cx, day, Some(kind), Some(&name)).map(|_| ())
                })
            }))
        }),
        Box::new(|_, v| {
            v.say(t(
                "vd. Nghỉ bù Quốc khánh; bỏ trống cũng được",
                "e.g. day off for National Day; may be empty",
            ))
            .to_owned()
        }),
    );
    Flow::Push(Box::new(ask.in_words()))
}

impl Screen for CalendarScreen {
    fn state(&self, v: &View) -> State {
        State {
            row: self.selected().is_some(),
            register: true,
            ..plain_state(Scope::Days, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        let year = format!("{} {}", v.say(t("năm", "year")), self.year);
        let state = if self.confirmed {
            t("đã xác nhận", "confirmed")
        } else {
            t("chưa xác nhận", "not confirmed")
        };
        let mut about = vec![year];
        if self.loaded {
            about.push(v.say(state).to_owned());
        }
        Title {
            name: v.say(t("Lịch nghỉ", "Calendar")).to_owned(),
            about,
            count: self.days.len().to_string(),
        }
    }

    fn read(&mut self, ui: &mut Ui) -> bool {
        self.load(ui);
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Left => self.turn(-1, ui),
            Command::Right => self.turn(1, ui),
            Command::Add => ask_day(self.year, &ui.view),
            Command::Open if ui.view.read_only => Flow::Stay,
            Command::Edit | Command::Open => match self.selected() {
                Some(day) => ask_kind(day.date, Some(day), &ui.view),
                None => Flow::Stay,
            },
            Command::ClearDay => match self.selected() {
                Some(day) => clear(day, ui.view.lang),
                None => Flow::Stay,
            },
            Command::ConfirmYear => self.confirm(ui),
            Command::ProposeYear if self.days.is_empty() => self.propose(ui),
            Command::ProposeYear => {
                ui.warn(ui.say(t(
                    "năm này đã có lịch nghỉ; sửa từng ngày (F3)",
                    "this year has a calendar already; change its days (F3)",
                )));
                Flow::Stay
            }
            Command::History => self.history(ui),
            Command::Calendar => Flow::Stay,
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn follows(&self, body: Rect) -> Option<Rect> {
        Some(lowest(body, FOOT))
    }

    //   Ngày       Thứ       Là             Tên
    // > 01/01/2026 thứ Năm   ngày nghỉ lễ   Tết Dương lịch
    //   02/01/2026 thứ Sáu   ngày nghỉ      Nghỉ Tết Dương lịch
    //   10/01/2026 thứ Bảy   ngày làm bù    Làm bù ngày 02/01      chưa xác nhận
    //
    //  Ngày nghỉ (thay cho ngày 02/01…, whole
    //  ← → năm trước, năm sau
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let body = Rect {
            height: area.height.saturating_sub(FOOT),
            ..area
        };
        self.list.view(f, body, v, true);
        // The name of the selected day, where the column cuts it.
        if let Some(text) = self.list.cut_text(area.width) {
            let y = area.height.saturating_sub(FOOT - 1);
            let text = cut(text, area.width.saturating_sub(2), v.theme);
            put(f, area, 1, y, &text, v.theme.dim());
        }
        if self.loaded && self.days.is_empty() {
            let text = v.say(t(
                "năm này chưa có lịch nghỉ; t đề xuất theo luật và âm lịch",
                "no calendar yet; t proposes one by law and moon",
            ));
            put(
                f,
                area,
                2,
                1,
                &cut(text, area.width.saturating_sub(3), v.theme),
                v.theme.dim(),
            );
        }
        let hint = v.say(t(
            "Left Right: năm trước, năm sau",
            "Left Right: the year before, the year after",
        ));
        put(
            f,
            area,
            1,
            area.height.saturating_sub(1),
            hint,
            v.theme.dim(),
        );
    }
}
