//! `/`: find in all registers as one types, the results grouped by register.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::card::CardScreen;
use super::list::ListScreen;
use super::rates::words::inside;
use super::rows::NUMBER;
use super::{Flow, Screen, Title, Ui, View, plain_state};
use crate::app::Result;
use crate::app::find::{Before, Found, KindCount, counts_after, find_all};
use crate::catalog;
use crate::domain::fold::Pattern;
use crate::domain::number::vi_int;
use crate::domain::query::Query;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::{Lang, t};
use crate::tui::widget::line::LineField;
use crate::tui::widget::paint::{cut, line, put, width};

/// How many records are fetched where only one register has some, and shown of each where several have.
const FETCHED: usize = 60;
const SHOWN: usize = 7;
/// Units shown beside the rows of registers, which people look for.
const UNITS: usize = 3;

/// A letter that words begin with as often as with any.
const LETTER: &str = "n";

/// The cells at the right end in which a hit says where it stands, where there is room.
const STATE: u16 = 11;

/// One line of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// The heading of a register.
    Head(Kind),
    /// A record, by its place among those found.
    Hit(usize),
    /// The register's list, for what is not shown here.
    More(Kind),
}

/// Find: the line typed and what it finds.
#[derive(Default)]
pub struct FindScreen {
    field: LineField,
    /// The register of the section one comes from: of records that bear the same number, its own stands first.
    home: Option<Kind>,
    /// What the results are for.
    asked: String,
    found: Vec<Found>,
    /// What the next key begins with.
    before: Option<Arc<Before>>,
    counts: Vec<KindCount>,
    lines: Vec<Line>,
    selected: usize,
    top: usize,
    page: usize,
}

/// What was found, and what the next key begins with.
type Answer = (Vec<Found>, Option<Before>);

impl FindScreen {
    /// Find, opened in the section of a register.
    pub fn from(home: Option<Kind>) -> FindScreen {
        FindScreen {
            home,
            ..FindScreen::default()
        }
    }

    fn search(&mut self, ui: &mut Ui) {
        let text = self.field.value();
        if text.is_empty() {
            *self = FindScreen {
                field: std::mem::take(&mut self.field),
                ..FindScreen::from(self.home)
            };
        }
        let before = self.before.clone();
        // An empty question is asked too: it makes the answer to an older one void.
        ui.search(
            // One more than is shown tells that there are more.
            move |cx| {
                let found = find_all(cx, &text, (SHOWN + 1, FETCHED), before.as_deref());
                (found, text)
            },
            |screen: &mut FindScreen, (found, text): (Result<Answer>, String), ui| {
                match found {
                    Ok((found, before)) => {
                        screen.before = before.map(Arc::new);
                        screen.take(found, text);
                        screen.count(ui);
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    fn take(&mut self, found: Vec<Found>, text: String) {
        if self.asked != text {
            self.counts.clear();
            self.selected = 0;
            self.top = 0;
        }
        self.asked = text;
        self.found = found;
        self.arrange();
        if !matches!(
            self.lines.get(self.selected),
            Some(Line::Hit(_) | Line::More(_))
        ) {
            self.selected = self.next(0, true).unwrap_or(0);
        }
    }

    /// How many there are takes longer than the first of them.
    fn count(&mut self, ui: &mut Ui) {
        if self.asked.is_empty() {
            return;
        }
        let text = self.asked.clone();
        let found: Vec<(Kind, usize)> = Kind::ALL
            .iter()
            .map(|kind| (*kind, self.found.iter().filter(|f| f.kind == *kind).count()))
            .collect();
        ui.search(
            move |cx| counts_after(cx, &text, (&found, SHOWN + 1)),
            |screen: &mut FindScreen, counts: Result<Vec<KindCount>>, ui| {
                match counts {
                    Ok(counts) => {
                        screen.counts = counts;
                        screen.arrange();
                    }
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    /// The lines of the results; the selected record stays selected.
    fn arrange(&mut self) {
        let old = self.lines.get(self.selected).copied();
        let of = |kind: Kind| {
            let hits = self
                .found
                .iter()
                .enumerate()
                .filter(move |(_, found)| found.kind == kind);
            hits.map(|(at, _)| at).collect::<Vec<usize>>()
        };
        let mut groups: Vec<(Kind, Vec<usize>)> = Kind::ALL
            .iter()
            .map(|kind| (*kind, of(*kind)))
            .filter(|(_, hits)| !hits.is_empty())
            .collect();
        // Who types a number wants what bears it.
        let exact = |kind: Kind| self.found.iter().any(|hit| hit.kind == kind && hit.exact);
        groups.sort_by_key(|(kind, _)| (!exact(*kind), exact(*kind) && self.home != Some(*kind)));
        let several = groups.len() > 1;
        let mut lines = Vec::new();
        for (kind, hits) in &groups {
            let most = match kind {
                _ if !several => FETCHED,
                Kind::Unit => UNITS,
                _ => SHOWN,
            };
            lines.push(Line::Head(*kind));
            lines.extend(hits.iter().take(most).map(|at| Line::Hit(*at)));
            let all = self
                .counts
                .iter()
                .find(|c| c.kind == *kind)
                .map_or(hits.len(), |c| c.count);
            if all > most {
                lines.push(Line::More(*kind));
            }
        }
        self.lines = lines;
        if let Some(at) = old.and_then(|old| self.lines.iter().position(|line| *line == old)) {
            self.selected = at;
        }
    }

    fn next(&self, from: usize, on: bool) -> Option<usize> {
        let stands = |at: &usize| !matches!(self.lines.get(*at), None | Some(Line::Head(_)));
        if on {
            (from..self.lines.len()).find(stands)
        } else {
            (0..from).rev().find(stands)
        }
    }

    /// The first record of the next register, or of the one before.
    fn next_group(&self, on: bool) -> Option<usize> {
        let heads: Vec<usize> = (0..self.lines.len())
            .filter(|at| matches!(self.lines.get(*at), Some(Line::Head(_))))
            .collect();
        let mine = heads.iter().rposition(|at| *at <= self.selected)?;
        let many = heads.len();
        let to = if on {
            (mine + 1) % many
        } else {
            (mine + many - 1) % many
        };
        self.next(*heads.get(to)?, true)
    }

    fn moves(&mut self, c: Command) -> bool {
        let last = self.lines.len().saturating_sub(1);
        let page = self.page.max(1);
        let to = match c {
            Command::Up => self.next(self.selected, false),
            Command::Down => self.next(self.selected + 1, true),
            Command::PageUp => {
                let at = self.selected.saturating_sub(page);
                self.next(at, true)
            }
            Command::PageDown => {
                let at = (self.selected + page).min(last);
                self.next(at, true).or_else(|| self.next(at, false))
            }
            Command::NextPart => self.next_group(true),
            Command::PrevPart => self.next_group(false),
            _ => return false,
        };
        self.selected = to.unwrap_or(self.selected);
        true
    }

    fn open(&self, ui: &Ui) -> Flow {
        match self.lines.get(self.selected) {
            Some(Line::Hit(at)) => match self.found.get(*at) {
                Some(found) => Flow::Push(Box::new(CardScreen::new(found.kind, found.id))),
                None => Flow::Stay,
            },
            Some(Line::More(kind)) => {
                let mut query = Query::all(*kind);
                query.words.clone_from(&self.asked);
                let about = format!("{} «{}»", ui.say(t("tìm", "find")), self.asked);
                Flow::Push(Box::new(ListScreen::of(query, vec![about], &ui.view)))
            }
            _ => Flow::Stay,
        }
    }

    fn head(&self, kind: Kind, v: &View) -> String {
        let title = catalog::entity(kind).title.get(v.lang);
        let count = self.counts.iter().find(|c| c.kind == kind);
        count.map_or_else(
            || title.to_owned(),
            |c| format!("{title} {}", count_text(c, v.lang)),
        )
    }

    fn more(&self, kind: Kind, v: &View) -> String {
        let count = self.counts.iter().find(|c| c.kind == kind);
        let all = count.map_or_else(String::new, |c| format!(" {}", count_text(c, v.lang)));
        let title = inside(catalog::entity(kind).title.get(v.lang));
        match (kind, v.lang) {
            (Kind::Unit, Lang::Vi) => format!("xem cả{all} đơn vị"),
            (Kind::Unit, Lang::En) => format!("all{all} units"),
            (_, Lang::Vi) => format!("xem cả{all} trong sổ {title}"),
            (_, Lang::En) => format!("all{all} in the register: {title}"),
        }
    }
}

/// «12», «hơn 1.000».
fn count_text(count: &KindCount, lang: Lang) -> String {
    let number = vi_int(i64::try_from(count.count).unwrap_or(i64::MAX));
    match (count.capped, lang) {
        (false, _) => number,
        (true, Lang::Vi) => format!("hơn {number}"),
        (true, Lang::En) => format!("more than {number}"),
    }
}

impl Screen for FindScreen {
    fn state(&self, v: &View) -> State {
        let row = matches!(
            self.lines.get(self.selected),
            Some(Line::Hit(_) | Line::More(_))
        );
        State {
            row,
            ..plain_state(Scope::Find, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v.say(t("Tìm", "Find")).to_owned(),
            ..Title::default()
        }
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.search(ui);
    }

    /// Nearly every question finds the newest records, by way of the same first pages of the index.
    fn ahead(&mut self, ui: &mut Ui) {
        ui.run(
            |cx| drop(find_all(cx, LETTER, (SHOWN + 1, FETCHED), None)),
            |_: &mut FindScreen, (), _| Flow::Stay,
        );
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open => self.open(ui),
            _ if self.moves(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        if self.field.key(key, ui.view.aid) == Some(true) {
            self.search(ui);
        }
        Flow::Stay
    }

    fn paste(&mut self, text: &str, ui: &mut Ui) -> Flow {
        self.field.paste(text);
        self.search(ui);
        Flow::Stay
    }

    //  Tìm: dat dai_
    //
    //  Đơn vị 1
    //    29123    Xã Đất Đỏ
    //  Đơn thư 12
    // >  15/2026  Tranh chấp đất đai giữa hai hộ ở ấp 3
    //    22/2026  Cấp giấy chứng nhận     … quyền sử dụng đất, hồ sơ nộp từ …  thụ lý
    //    xem cả 12 trong sổ đơn thư
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let label = v.say(t("Tìm:", "Find:"));
        put(f, area, 1, 0, label, v.theme.dim());
        let x = (width(label) + 2).min(area.width);
        let field = Rect {
            x: area.x + x,
            width: area.width - x,
            ..line(area, 0)
        };
        let skip = if area.height >= 14 { 2 } else { 1 };
        let body = Rect {
            y: area.y + skip,
            height: area.height.saturating_sub(skip),
            ..area
        };
        if self.lines.is_empty() {
            self.hint(f, body, v);
        }
        let high = usize::from(body.height).max(1);
        self.page = high;
        self.top = self.top.min(self.lines.len().saturating_sub(high));
        // The heading over the first record stays in view with it.
        let first = self.next(0, true).unwrap_or(0);
        let at = if self.selected <= first {
            0
        } else {
            self.selected
        };
        self.top = self
            .top
            .clamp((self.selected + 1).saturating_sub(high).min(at), at);
        for (y, place) in (0..body.height).zip(self.top..self.lines.len()) {
            self.draw(f, line(body, y), place, v);
        }
        self.field.view(f, field, Style::new(), true);
    }
}

impl FindScreen {
    fn hint(&self, f: &mut Frame, area: Rect, v: &View) {
        let lines = if self.field.value().is_empty() {
            [
                t(
                    "tìm trong mọi sổ: đơn thư, tiếp dân, đối thoại, mô hình, đơn vị, số liệu",
                    "all registers",
                ),
                t(
                    "gõ không dấu thì khớp mọi dấu: dat dai tìm đất đai",
                    "without marks any marks match: dat dai finds đất đai",
                ),
                t(
                    "dấu đã gõ thì phải đúng: đường không tìm dương",
                    "marks that are typed must match: đường does not find dương",
                ),
            ]
        } else if self.asked == self.field.value() {
            [
                t("không tìm thấy gì", "nothing found"),
                t("", ""),
                t("", ""),
            ]
        } else {
            return;
        };
        for (y, text) in (0..).zip(lines) {
            put(
                f,
                area,
                1,
                y,
                &cut(v.say(text), area.width.saturating_sub(2), v.theme),
                v.theme.dim(),
            );
        }
    }

    fn draw(&self, f: &mut Frame, area: Rect, place: usize, v: &View) {
        let room = area.width.saturating_sub(1);
        if place == self.selected {
            put(f, area, 0, 0, ">", v.theme.accent());
        }
        match self.lines.get(place) {
            Some(Line::Head(kind)) => put(
                f,
                area,
                1,
                0,
                &cut(&self.head(*kind, v), room, v.theme),
                v.theme.strong(),
            ),
            Some(Line::More(kind)) => {
                put(
                    f,
                    area,
                    3,
                    0,
                    &cut(&self.more(*kind, v), room.saturating_sub(3), v.theme),
                    v.theme.dim(),
                );
            }
            Some(Line::Hit(at)) => {
                if let Some(found) = self.found.get(*at) {
                    draw_hit(f, area, found, &self.asked, v);
                }
            }
            None => {}
        }
    }
}

/// Number, title, where it stands and, where the title does not say them, the words `asked` for as they were found.
fn draw_hit(f: &mut Frame, area: Rect, found: &Found, asked: &str, v: &View) {
    let number = found.number.as_deref().unwrap_or_default();
    put(f, area, 3, 0, number, v.theme.dim());
    // Longer numbers push the title on.
    let title_x = 4 + width(number).max(NUMBER);
    let mut room = area.width.saturating_sub(title_x + 1);
    let state = found.state.get(v.lang);
    if room >= 60 && !state.is_empty() {
        room -= STATE;
        put(f, area, title_x + 1 + room, 0, state, v.theme.dim());
    }
    let named = Pattern::parse(asked).matches_text(&found.title);
    let says_more = !named && !found.snippet.is_empty();
    let title_room = if says_more && room >= 44 {
        width(&found.title).min(room * 11 / 20)
    } else {
        room
    };
    put(
        f,
        area,
        title_x,
        0,
        &cut(&found.title, title_room, v.theme),
        Style::new(),
    );
    if title_room < room {
        let snippet = cut(&found.snippet, room.saturating_sub(title_room + 2), v.theme);
        put(
            f,
            area,
            title_x + title_room + 2,
            0,
            &snippet,
            v.theme.dim(),
        );
    }
}
