//! Two people, one record: what both changed is shown side by side and chosen field by field; the rest of both is
//! kept. Nobody's words vanish: a choice only fills the form, which is then looked at and saved.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::input::Input;
use super::{FormScreen, Task};
use crate::app::once::is_stored;
use crate::app::{Cx, Error, Result, drafts, records};
use crate::catalog::{self, Field, Type, show};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::modal::frame;
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::paint::{cut, put, width, wrap};

/// What saving a form came to.
pub(super) enum Outcome {
    /// It is stored.
    Saved(Box<dyn Record>, Merged),
    /// Someone else has changed the same fields.
    Clash(Clash),
}

/// What someone else had changed meanwhile, and what of it was kept beside the own change.
#[derive(Default)]
pub(super) struct Merged {
    who: String,
    labels: Vec<Text>,
}

impl Merged {
    /// «; giữ cả phần hung vừa sửa: Địa chỉ», or nothing.
    pub(super) fn said(&self, lang: Lang) -> String {
        if self.labels.is_empty() {
            return String::new();
        }
        let (who, labels) = (&self.who, labels(&self.labels, lang));
        match lang {
            Lang::Vi => format!("; giữ cả phần {who} vừa sửa: {labels}"),
            Lang::En => format!("; kept with it what {who} has just changed: {labels}"),
        }
    }
}

/// A field that two have changed.
struct Field2 {
    field: &'static Field,
    mine: String,
    theirs: String,
}

/// What someone else stored while the form was open.
pub(super) struct Clash {
    now: Box<dyn Record>,
    who: String,
    at: String,
    both: Vec<Field2>,
    others: Vec<Text>,
}

fn labels(labels: &[Text], lang: Lang) -> String {
    let labels: Vec<&str> = labels.iter().map(|label| label.get(lang)).collect();
    labels.join(", ")
}

/// Who changed one of these fields last, and when.
fn last_change(cx: &Cx, record: &dyn Record, keys: &[&str]) -> Result<(String, String)> {
    let rows = records::history(cx, record.kind(), record.head().id)?;
    let row = rows.iter().rev().find(|row| {
        let field = row.change.field.as_deref();
        field.is_some_and(|field| keys.contains(&field))
    });
    Ok(row.or(rows.last()).map_or_else(Default::default, |row| {
        (row.who.clone(), crate::app::history::moment(&row.at))
    }))
}

/// Saves a change by `write`, which is given the revision to stand on. What someone else changed meanwhile stays;
/// where both changed the same field nothing is saved, and both are told.
pub(super) fn edit(
    cx: &mut Cx,
    before: &dyn Record,
    fields: &[(&'static str, Value)],
    write: impl Fn(&mut Cx, i64) -> Result<Box<dyn Record>>,
) -> Result<Outcome> {
    let first = write(cx, before.head().rev);
    let Err(Error::Conflict(_)) = first else {
        return first.map(|record| Outcome::Saved(record, Merged::default()));
    };
    let now = records::get(cx, before.kind(), before.head().id)?;
    let theirs: Vec<&'static Field> = catalog::entity(now.kind())
        .fields
        .iter()
        .filter(|field| !field.computed() && now.get(field.key) != before.get(field.key))
        .collect();
    let mine = |field: &Field| {
        let found = fields.iter().find(|(key, _)| *key == field.key);
        found.map(|(_, value)| show::edit_text(field, value))
    };
    let clash = clash(cx, now, &theirs, mine)?;
    if !clash.both.is_empty() {
        return Ok(Outcome::Clash(clash));
    }
    let record = write(cx, clash.now.head().rev)?;
    let merged = Merged {
        who: clash.who,
        labels: clash.others,
    };
    Ok(Outcome::Saved(record, merged))
}

/// Where a form that was stored before holds other words by now: both are told, as of two people. None when it holds
/// the same.
pub(super) fn sent_again(
    cx: &Cx,
    now: &dyn Record,
    texts: &[(&'static Field, String)],
) -> Result<Option<Clash>> {
    let other: Vec<&'static Field> = texts
        .iter()
        .filter(|(field, text)| !text.is_empty() && !is_stored(cx, now, field, text))
        .map(|(field, _)| *field)
        .collect();
    let mine = |field: &Field| {
        let found = texts.iter().find(|(f, _)| f.key == field.key);
        found.map(|(_, text)| text.clone())
    };
    let clash = clash(cx, now.boxed(), &other, mine)?;
    Ok((!clash.both.is_empty()).then_some(clash))
}

/// Parts what someone else changed by whether it was changed here as well, to something else.
fn clash(
    cx: &Cx,
    now: Box<dyn Record>,
    changed: &[&'static Field],
    mine: impl Fn(&Field) -> Option<String>,
) -> Result<Clash> {
    let (mut both, mut others, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for field in changed {
        let theirs = show::edit_text(field, &now.get(field.key));
        keys.push(field.key);
        match mine(field).filter(|mine| *mine != theirs) {
            Some(mine) => both.push(Field2 {
                field,
                mine,
                theirs,
            }),
            None => others.push(field.label),
        }
    }
    let (who, at) = last_change(cx, now.as_ref(), &keys)?;
    Ok(Clash {
        now,
        who,
        at,
        both,
        others,
    })
}

/// What is to stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Mine,
    Theirs,
    Both,
}

impl Field2 {
    /// What can be chosen: texts can also be joined.
    fn choices(&self) -> &'static [Choice] {
        let texts = matches!(self.field.ty, Type::Text | Type::LongText);
        if texts && !self.mine.is_empty() && !self.theirs.is_empty() {
            &[Choice::Mine, Choice::Theirs, Choice::Both]
        } else {
            &[Choice::Mine, Choice::Theirs]
        }
    }

    fn text(&self, choice: Choice) -> String {
        let between = match self.field.ty {
            Type::LongText => "\n",
            _ => "; ",
        };
        match choice {
            Choice::Mine => self.mine.clone(),
            Choice::Theirs => self.theirs.clone(),
            Choice::Both => format!("{}{between}{}", self.theirs, self.mine),
        }
    }
}

/// The question: for each field mine, theirs, or both.
pub(super) struct ConflictScreen {
    clash: Option<Clash>,
    chosen: Vec<Option<Choice>>,
    /// The field and the choice that the mark stands on.
    at: (usize, usize),
}

impl ConflictScreen {
    pub(super) fn new(clash: Clash) -> ConflictScreen {
        ConflictScreen {
            chosen: vec![None; clash.both.len()],
            clash: Some(clash),
            at: (0, 0),
        }
    }

    fn places(&self) -> Vec<(usize, usize)> {
        let both = self.clash.iter().flat_map(|clash| &clash.both).enumerate();
        both.flat_map(|(at, field)| (0..field.choices().len()).map(move |choice| (at, choice)))
            .collect()
    }

    fn go(&mut self, by: isize) {
        let places = self.places();
        let here = places.iter().position(|place| *place == self.at);
        let next = here.unwrap_or(0).saturating_add_signed(by);
        if let Some(place) = places.get(next.min(places.len().saturating_sub(1))) {
            self.at = *place;
        }
    }

    /// Chooses what is marked and goes to the next field without an answer; with all answered the form takes them.
    fn choose(&mut self) -> Flow {
        let Some(clash) = &self.clash else {
            return Flow::Pop;
        };
        let marked = clash.both.get(self.at.0);
        let choice = marked.and_then(|field| field.choices().get(self.at.1).copied());
        if let Some(slot) = self.chosen.get_mut(self.at.0) {
            *slot = choice;
        }
        if let Some(next) = self.chosen.iter().position(Option::is_none) {
            self.at = (next, 0);
            return Flow::Stay;
        }
        let chosen = std::mem::take(&mut self.chosen);
        match self.clash.take() {
            Some(clash) => Flow::PopThen(then(move |form: &mut FormScreen, ui: &mut Ui| {
                form.rebase(clash, &chosen, ui)
            })),
            None => Flow::Pop,
        }
    }
}

impl FormScreen {
    /// Stands on the record as it is now, with what was chosen where two had changed the same.
    fn rebase(&mut self, clash: Clash, chosen: &[Option<Choice>], ui: &mut Ui) -> Flow {
        let lang = ui.view.lang;
        let chosen = |key: &str| {
            let at = clash.both.iter().position(|both| both.field.key == key)?;
            Some(clash.both.get(at)?.text(chosen.get(at).copied()??))
        };
        for input in &mut self.inputs {
            let theirs = Input::new(input.field, &clash.now.get(input.field.key), lang).first;
            if let Some(text) = chosen(input.field.key) {
                input.put(&text);
            } else if !input.changed() {
                input.put(&theirs);
            }
            input.first = theirs;
        }
        if matches!(self.task, Task::Add) {
            // It is stored already: what follows is a change, sent under a token of its own.
            ui.draft.forget(&self.draft);
            self.draft = drafts::new_id();
        }
        self.task = Task::Edit(clash.now);
        self.changed_type();
        for at in 0..self.inputs.len() {
            self.look_up(at, ui);
        }
        self.keep(ui);
        ui.note(ui.say(t(
            "đã ghép vào biểu; xem lại rồi F10 để lưu",
            "joined in the form; look it over, then F10 saves",
        )));
        Flow::Stay
    }
}

/// «của bạn», «của hung», «cả hai».
fn choice_name(choice: Choice, who: &str, lang: Lang) -> String {
    match (choice, lang) {
        (Choice::Mine, _) => t("của bạn", "yours").get(lang).to_owned(),
        (Choice::Theirs, Lang::Vi) => format!("của {who}"),
        (Choice::Theirs, Lang::En) => format!("{who}'s"),
        (Choice::Both, _) => t("cả hai", "both").get(lang).to_owned(),
    }
}

/// A line of the box: whether it belongs to the marked choice, how far it is set in, its words.
struct Line {
    here: bool,
    indent: u16,
    text: String,
}

/// The most lines that the marked choice takes of its text.
const WHOLE: usize = 5;

impl ConflictScreen {
    fn head(clash: &Clash, lang: Lang, room: u16) -> Vec<String> {
        let (who, at) = (&clash.who, &clash.at);
        let said = match lang {
            Lang::Vi => format!("{who} đã lưu lúc {at}. Chọn chữ sẽ đứng trong mỗi ô:"),
            Lang::En => format!("{who} saved at {at}. Choose what is to stand in each field:"),
        };
        wrap(&said, room)
    }

    fn foot(clash: &Clash, lang: Lang, room: u16) -> Vec<String> {
        let mut lines = Vec::new();
        if !clash.others.is_empty() {
            let (who, others) = (&clash.who, labels(&clash.others, lang));
            let said = match lang {
                Lang::Vi => format!("Phần {who} sửa ở ô khác được giữ: {others}"),
                Lang::En => format!("What {who} changed elsewhere stays: {others}"),
            };
            lines.extend(wrap(&said, room));
        }
        let help = t(
            "Enter chọn   Esc về biểu, chưa lưu gì",
            "Enter chooses   Esc back to the form, nothing is saved yet",
        );
        lines.push(help.get(lang).to_owned());
        lines
    }

    fn lines(&self, clash: &Clash, room: u16, v: &View) -> Vec<Line> {
        let mut lines = Vec::new();
        for (at, both) in clash.both.iter().enumerate() {
            lines.push(Line {
                here: false,
                indent: 0,
                text: both.field.label.get(v.lang).to_owned(),
            });
            let chosen = self.chosen.get(at).copied().flatten();
            for (place, choice) in both.choices().iter().enumerate() {
                let here = self.at == (at, place);
                let mark = if chosen == Some(*choice) { "x" } else { " " };
                let name = choice_name(*choice, &clash.who, v.lang);
                let name = format!("[{mark}] {name}: ");
                let indent = 4 + width(&name);
                let text = spelled(both, *choice, v.lang);
                let wrapped = wrap(&text, room.saturating_sub(indent).max(8));
                let shown = if here { WHOLE } else { 1 };
                let more = wrapped.len() > shown;
                for (n, part) in wrapped.into_iter().take(shown).enumerate() {
                    let cut = if more && n + 1 == shown {
                        v.theme.cut()
                    } else {
                        ""
                    };
                    let name = if n == 0 { name.as_str() } else { "" };
                    lines.push(Line {
                        here,
                        indent: if n == 0 { 4 } else { indent },
                        text: format!("{name}{part}{cut}"),
                    });
                }
            }
        }
        lines
    }
}

/// What a choice would put into the field, as people read it.
fn spelled(both: &Field2, choice: Choice, lang: Lang) -> String {
    let text = both.text(choice);
    if text.is_empty() {
        return t("(để trống)", "(empty)").get(lang).to_owned();
    }
    let choices = both.field.ty.choices().iter();
    let label = choices.clone().find(|c| c.code == text);
    label.map_or(text, |c| c.label.get(lang).to_owned())
}

impl Screen for ConflictScreen {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Pick, v)
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v.say(t("hai người cùng sửa", "two changed it")).to_owned(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn asks(&self) -> bool {
        true
    }

    fn command(&mut self, c: Command, _ui: &mut Ui) -> Flow {
        match c {
            Command::Up => self.go(-1),
            Command::Down => self.go(1),
            Command::Accept => return self.choose(),
            Command::Cancel => return Flow::Pop,
            _ => return Flow::Pass,
        }
        Flow::Stay
    }

    fn text(&mut self, _: ratatui::crossterm::event::KeyEvent, ui: &mut Ui) -> Flow {
        ui.warn(ui.say(frame::WAITS));
        Flow::Stay
    }

    // ┌ Hai người cùng sửa đơn 15/2026 ───────────────────────────────────────┐
    // │ hung đã lưu lúc 14/03/2025 08:15. Chọn chữ sẽ đứng trong mỗi ô:       │
    // │ Nội dung                                                              │
    // │ >   [ ] của bạn: Đường liên ấp hư hỏng nặng                           │
    // │     [ ] của hung: Đường liên ấp 3 hư hỏng                             │
    // │     [ ] cả hai: Đường liên ấp 3 hư hỏng; Đường liên ấp hư hỏng nặng   │
    // │ Enter chọn   Esc về biểu, chưa lưu gì                                 │
    // └───────────────────────────────────────────────────────────────────────┘
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let Some(clash) = &self.clash else { return };
        let one = catalog::entity(clash.now.kind()).one.get(v.lang);
        let number = clash.now.head().number_text().unwrap_or_default();
        let title = match v.lang {
            Lang::Vi => format!("Hai người cùng sửa {one} {number}"),
            Lang::En => format!("Two have changed {one} {number}"),
        };
        let wide = area.width.min(76);
        let room = wide.saturating_sub(4);
        let (head, foot) = (
            Self::head(clash, v.lang, room),
            Self::foot(clash, v.lang, room),
        );
        let lines = self.lines(clash, room, v);
        let n = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
        let high = n(head.len() + lines.len() + foot.len()).saturating_add(2);
        let inner = frame::open(f, area, (wide, high), title.trim_end(), v);
        for (y, text) in head.iter().enumerate() {
            put(f, inner, 0, n(y), text, Style::new());
        }
        let between = usize::from(inner.height).saturating_sub(head.len() + foot.len());
        let last = lines.iter().rposition(|line| line.here).unwrap_or(0);
        let top = (last + 1).saturating_sub(between);
        for (y, line) in lines.iter().skip(top).take(between).enumerate() {
            let y = n(head.len() + y);
            let style = if line.indent == 0 {
                v.theme.strong()
            } else {
                Style::new()
            };
            let text = cut(&line.text, inner.width.saturating_sub(line.indent), v.theme);
            put(f, inner, line.indent, y, &text, style);
            if line.here && line.indent == 4 {
                put(f, inner, 1, y, ">", v.theme.accent());
            }
        }
        for (y, text) in foot.iter().enumerate() {
            let y = n(usize::from(inner.height).saturating_sub(foot.len()) + y);
            put(f, inner, 0, y, text, v.theme.dim());
        }
    }
}

/// «đã lưu từ trước: đơn 15/2026».
pub(super) fn said_before(kind: Kind, name: &str, lang: Lang) -> String {
    let one = catalog::entity(kind).one.get(lang);
    format!(
        "{} {one} {name}",
        t("đã lưu từ trước:", "saved before:").get(lang)
    )
}
