//! One record with all that belongs to it: fields, children, steps, what it links to.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::actions::{self, Host};
use super::card_data::{self, CardData, Link};
use super::form::{FormScreen, who_has_it};
use super::list::ListScreen;
use super::{Flow, Screen, Title, Ui, View, why};
use crate::app::presence::{self, Doing, Here, Other};
use crate::app::{Result, intake, units};
use crate::catalog;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::t;
use crate::tui::widget::card::Card;
use crate::tui::widget::paint::put;

/// The card of one record.
pub struct CardScreen {
    kind: Kind,
    id: i64,
    name: String,
    about: Vec<String>,
    removed: bool,
    due: bool,
    loaded: bool,
    card: Card<Link>,
    /// Opinions of the dialogue on the card: each is a record of its own, though it has no list.
    opinions: Vec<(i64, String)>,
    /// Says to others that the record is open here.
    here: Here,
}

impl CardScreen {
    /// The card of this record; its data comes when it is shown.
    pub fn new(kind: Kind, id: i64) -> CardScreen {
        CardScreen {
            kind,
            id,
            name: String::new(),
            about: Vec::new(),
            removed: false,
            due: false,
            loaded: false,
            card: Card::default(),
            opinions: Vec::new(),
            here: Here::default(),
        }
    }

    /// Says that the record is open here, and tells who else has it open.
    fn enter(&self, ui: &mut Ui) {
        let (kind, id) = (self.kind, self.id);
        ui.run(
            move |cx| presence::enter(cx, kind, id, Doing::Reads),
            |card: &mut CardScreen, (here, others): (Here, Vec<Other>), ui| {
                card.here = here;
                if let Some(said) = who_has_it(&others, ui.view.lang) {
                    ui.note(said);
                }
                Flow::Stay
            },
        );
    }

    fn take(&mut self, data: Result<CardData>, ui: &mut Ui) -> Flow {
        match data {
            Ok(data) => {
                self.name = data.name;
                self.about = data.about;
                self.removed = data.removed;
                self.due = data.due;
                self.loaded = true;
                self.card.set(data.items);
                self.opinions = data.opinions;
            }
            Err(error) => ui.warn(error.text(ui.view.lang)),
        }
        Flow::Stay
    }

    /// The selected opinion of a dialogue: what is done with a record is done with it.
    fn opinion(&self) -> Option<&(i64, String)> {
        match self.card.link() {
            Some(Link::Record(Kind::Opinion, id)) => {
                self.opinions.iter().find(|(known, _)| known == id)
            }
            _ => None,
        }
    }

    fn open(&self, ui: &mut Ui) -> Flow {
        match self.card.link().cloned() {
            None => Flow::Stay,
            Some(link) => open_link::<CardScreen>(link, self.id, ui),
        }
    }

    fn add(&self, ui: &Ui) -> Flow {
        let form = match self.kind {
            Kind::Dialogue => {
                FormScreen::add_with(Kind::Opinion, ("dialogue", Value::Ref(self.id)), &ui.view)
            }
            kind => FormScreen::add(kind, &ui.view),
        };
        Flow::Push(Box::new(form))
    }
}

/// Opens what a line of a card links to.
pub fn open_link<S: Host>(link: Link, id: i64, ui: &mut Ui) -> Flow {
    match link {
        Link::Record(kind, id) => Flow::Push(Box::new(CardScreen::new(kind, id))),
        Link::Rows(query, about) => {
            Flow::Push(Box::new(ListScreen::of(*query, vec![about], &ui.view)))
        }
        Link::Counted(what, about) => {
            let query = units::counted(id, what);
            Flow::Push(Box::new(ListScreen::of(query, about, &ui.view)))
        }
        Link::Why => why::open::<S>(id, ui),
    }
}

impl Host for CardScreen {
    fn target(&self) -> Option<(Kind, i64, String)> {
        if let Some((id, name)) = self.opinion() {
            return Some((Kind::Opinion, *id, name.clone()));
        }
        self.loaded.then(|| (self.kind, self.id, self.name.clone()))
    }

    fn told(&self) -> Vec<String> {
        let whole = self.opinion().is_none();
        self.about.iter().filter(|_| whole).cloned().collect()
    }

    fn reload(&mut self, ui: &mut Ui) {
        let (kind, id, v) = (self.kind, self.id, ui.view);
        ui.run(
            move |cx| card_data::load(cx, kind, id, &v),
            CardScreen::take,
        );
    }
}

impl Screen for CardScreen {
    fn state(&self, v: &View) -> State {
        State {
            read_only: v.read_only,
            row: self.loaded,
            removed: self.removed && self.opinion().is_none(),
            steps: self.kind == Kind::Petition,
            due: self.due,
            register: true,
            becomes: intake::becomes_petition(self.kind) || self.opinion().is_some(),
            ..State::new(Scope::Card)
        }
    }

    fn title(&self, v: &View) -> Title {
        let one = catalog::entity(self.kind).one.get(v.lang);
        let mut about = self.about.clone();
        if self.removed {
            about.push(v.say(t("đã xóa", "removed")).to_owned());
        }
        Title {
            name: format!("{one} {}", self.name),
            about,
            count: String::new(),
        }
    }

    fn start(&mut self, ui: &mut Ui) {
        self.reload(ui);
        self.enter(ui);
    }

    fn read(&mut self, ui: &mut Ui) -> bool {
        self.reload(ui);
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open => self.open(ui),
            Command::Add => self.add(ui),
            _ if self.card.command(c) => Flow::Stay,
            _ => actions::command(self, c, ui),
        }
    }

    fn beyond(&self, v: &View) -> String {
        self.card.beyond(v.lang)
    }

    //   Hạn           11/03/2026 thứ Tư  ! quá 1 ngày   vì sao? v
    //   Ngày nhận     02/03/2026 thứ Hai
    //   Loại đơn      khiếu nại
    //   Nội dung      Không đồng ý phương án bồi thường, hỗ trợ, tái định cư …
    //
    //   Các bước
    //     03/03/2026  phân loại   thuộc thẩm quyền
    // > Đơn cùng vụ   22/2026  …
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        self.card.view(f, area, v, true);
        if !self.loaded {
            put(
                f,
                area,
                2,
                0,
                v.say(t("đang đọc…", "reading…")),
                v.theme.dim(),
            );
        }
    }
}
