//! 1 Tổng quan: what is new, due, late and waiting, the rates of the year, the last twelve months, the next work. Every
//! figure opens its rows.

mod chart;
mod page;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::actions::{self, Host};
use super::card::CardScreen;
use super::check::CheckScreen;
use super::list::ListScreen;
use super::{Flow, Screen, Title, Ui, View};
use crate::app::home::{Home, home};
use crate::app::{Cx, Moment, Result, units};
use crate::domain::date;
use crate::domain::petition::Standing;
use crate::domain::record::Kind;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::t;
use crate::tui::widget::canvas::{Spot, step};
use crate::tui::widget::paint::put;

/// Which number of a line of rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Num,
    Den,
    NumBefore,
    DenBefore,
}

/// A figure that can be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A count of open work.
    Work(usize),
    /// A count of this month.
    Month(usize),
    /// A number of a rate.
    Rate(usize, Number),
    /// A piece of work that is late or next.
    Next(Kind, i64),
    /// A bar: petitions received in a month, or handled in it.
    Received(usize),
    Handled(usize),
}

impl Place {
    fn group(&self) -> u8 {
        match self {
            Place::Work(_) => 0,
            Place::Month(_) => 1,
            Place::Rate(..) => 2,
            Place::Next(..) => 3,
            Place::Received(_) | Place::Handled(_) => 4,
        }
    }
}

/// What the page shows, as of one moment.
pub(super) struct Data {
    pub home: Home,
    /// «23:40 21/11/2026»
    pub as_of: String,
    /// The moment that all of it was read after.
    seen: Option<Moment>,
    /// Names of the units of the next pieces of work.
    pub units: Vec<String>,
}

/// The overview.
pub struct HomeScreen {
    data: Option<Data>,
    selected: Place,
    /// The places as drawn last, for the arrows.
    spots: Vec<Spot<Place>>,
    top: u16,
}

impl HomeScreen {
    /// The overview; its figures come when it is shown, and again whenever it is shown again.
    pub fn new(_v: &View) -> HomeScreen {
        HomeScreen {
            data: None,
            selected: Place::Work(0),
            spots: Vec::new(),
            top: 0,
        }
    }

    fn open(&self, ui: &Ui) -> Flow {
        let v = &ui.view;
        if let Place::Next(kind, id) = self.selected {
            return Flow::Push(Box::new(CardScreen::new(kind, id)));
        }
        let home = self.data.as_ref().map(|data| &data.home);
        match home.and_then(|home| page::rows_of(home, self.selected, v)) {
            Some((query, about)) => Flow::Push(Box::new(ListScreen::of(query, about, v))),
            None => Flow::Stay,
        }
    }
}

fn as_of(cx: &Cx) -> String {
    format!("{} {}", cx.config().clock(), date::vi(cx.today()))
}

fn load(cx: &Cx, v: &View) -> Result<Data> {
    let (seen, home) = (cx.moment(), cx.in_one_moment(home)?);
    let name = |unit: &Option<crate::domain::value::UnitRef>| match unit {
        Some(unit) => units::name(cx, unit.id, v.today),
        None => Ok(String::new()),
    };
    let units = home
        .next
        .iter()
        .map(|item| name(&item.unit))
        .collect::<Result<_>>()?;
    Ok(Data {
        as_of: as_of(cx),
        seen,
        home,
        units,
    })
}

impl Host for HomeScreen {
    fn target(&self) -> Option<(Kind, i64, String)> {
        let Place::Next(kind, id) = self.selected else {
            return None;
        };
        let next = &self.data.as_ref()?.home.next;
        let item = next
            .iter()
            .find(|item| (item.kind, item.id) == (kind, id))?;
        let name = item.number.clone().unwrap_or_else(|| item.title.clone());
        Some((kind, id, name))
    }

    fn told(&self) -> Vec<String> {
        let Place::Next(kind, id) = self.selected else {
            return Vec::new();
        };
        let next = self.data.iter().flat_map(|data| &data.home.next);
        next.filter(|item| (item.kind, item.id) == (kind, id))
            .map(|item| item.title.clone())
            .collect()
    }

    fn reload(&mut self, ui: &mut Ui) {
        let v = ui.view;
        ui.run(
            move |cx| load(cx, &v),
            |screen: &mut HomeScreen, data, ui| {
                match data {
                    Ok(data) => screen.data = Some(data),
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }
}

impl Screen for HomeScreen {
    fn state(&self, v: &View) -> State {
        let petition =
            matches!(self.selected, Place::Next(Kind::Petition, _)) && self.target().is_some();
        State {
            read_only: v.read_only,
            row: self.data.is_some(),
            steps: petition,
            due: petition,
            ..State::new(Scope::Home)
        }
    }

    fn title(&self, v: &View) -> Title {
        let about = self.data.as_ref().map_or_else(Vec::new, |data| {
            let as_of = format!("{} {}", v.say(t("tính đến", "as of")), data.as_of);
            vec![v.say(t("mọi đơn vị", "all units")).to_owned(), as_of]
        });
        Title {
            name: v.say(t("Tổng quan", "Overview")).to_owned(),
            about,
            count: String::new(),
        }
    }

    fn read(&mut self, ui: &mut Ui) -> bool {
        self.reload(ui);
        true
    }

    fn resume(&mut self, ui: &mut Ui) {
        let seen = self.data.as_ref().and_then(|data| data.seen);
        ui.run(
            move |cx| (cx.wrote_since(seen), as_of(cx)),
            |screen: &mut HomeScreen, (wrote, as_of), ui| {
                match &mut screen.data {
                    // What holds now was counted now.
                    Some(data) if !wrote => data.as_of = as_of,
                    _ => screen.reload(ui),
                }
                Flow::Stay
            },
        );
    }

    fn new_day(&mut self, ui: &mut Ui) {
        self.reload(ui);
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        if let Some(place) = step(&self.spots, &self.selected, c, Place::group) {
            self.selected = place;
            return Flow::Stay;
        }
        match c {
            Command::Open => self.open(ui),
            Command::Figures => Flow::Push(Box::new(ListScreen::register(Kind::Figure, &ui.view))),
            Command::CheckFigures => Flow::Push(Box::new(CheckScreen::new(&ui.view))),
            _ => actions::command(self, c, ui),
        }
    }

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
        let canvas = page::layout(data, self.selected, (area.width, area.height), v);
        if !canvas.spots().iter().any(|spot| spot.key == self.selected)
            && let Some(first) = canvas.spots().first()
        {
            self.selected = first.key;
        }
        canvas.view(f, area, &mut self.top, &self.selected, v);
        self.spots = canvas.spots().to_vec();
    }
}

/// How a piece of work stands, in words; days that are left stand under days that are over.
pub(super) fn standing(standing: Standing, days: i64, v: &View) -> String {
    let words = crate::catalog::show::standing_words(standing, Some(days), v.lang);
    if words.starts_with('!') {
        words
    } else {
        format!("  {words}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::app::{records, sample};
    use crate::tui::{Options, view_of};

    #[test]
    fn the_chart_stands_whole_or_below_the_edge() {
        let today = "2026-11-20".parse().unwrap();
        let mut cx = Cx::in_memory(today, std::path::Path::new("/nonexistent")).unwrap();
        sample::write(&mut cx, 300, 7, &mut |_| {}).unwrap();
        let v = view_of(&cx, Options::default());
        let data = load(&cx, &v).unwrap();
        for high in 12..40 {
            let canvas = page::layout(&data, Place::Work(0), (80, high), &v);
            let bars = canvas
                .spots()
                .iter()
                .filter(|spot| matches!(spot.key, Place::Received(_) | Place::Handled(_)));
            // A bar is marked at its foot; the names of the months stand below.
            let feet: Vec<u16> = bars.map(|spot| spot.y).collect();
            let (first, last) = (*feet.iter().min().unwrap(), *feet.iter().max().unwrap());
            assert_eq!(first, last);
            assert!(last + 2 <= high || first > high, "{last} of {high}");
        }
    }

    #[test]
    fn every_number_opens_as_many_rows() {
        let today = "2026-11-20".parse().unwrap();
        let mut cx = Cx::in_memory(today, std::path::Path::new("/nonexistent")).unwrap();
        sample::write(&mut cx, 300, 7, &mut |_| {}).unwrap();
        let v = view_of(&cx, Options::default());
        let data = load(&cx, &v).unwrap();
        let canvas = page::layout(&data, Place::Work(0), (120, 40), &v);
        let mut seen = 0;
        for spot in canvas.spots() {
            let Some((query, about)) = page::rows_of(&data.home, spot.key, &v) else {
                assert!(matches!(spot.key, Place::Next(..)), "{:?}", spot.key);
                continue;
            };
            let count = records::count(&cx, &query).unwrap();
            let shown = match spot.key {
                Place::Received(at) => data.home.by_month[at].received.to_string(),
                Place::Handled(at) => data.home.by_month[at].handled.to_string(),
                _ => spot.text.replace('.', ""),
            };
            assert_eq!(shown, count.to_string(), "{about:?}");
            seen += usize::from(count > 0);
        }
        assert!(seen > 20, "{seen}");
    }
}
