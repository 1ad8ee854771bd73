//! What a new record takes over from the one before: fields that keep their value, one field at a key, all at a key;
//! and entry without a stop, where saving opens the next form.

use super::input::text_of;
use super::{FormScreen, Task};
use crate::app::habits::{self, Habits, Switch};
use crate::app::{intake, units};
use crate::catalog::{self, Type};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::command::Command;
use crate::tui::lang::{Lang, t};
use crate::tui::screen::{Flow, Ui, View};

/// What is entered mostly belongs to the office itself or to its place, until it is said otherwise. The scope of a
/// figure is always said.
const OF_THE_OFFICE: [Kind; 4] = [Kind::Petition, Kind::Reception, Kind::Dialogue, Kind::Model];

/// What the form has from the records before it.
#[derive(Default)]
pub(super) struct Carry {
    /// Which fields keep their value, and whether saving opens the next form.
    pub habits: Habits,
    /// The same for the rows under the head, where they are of another register.
    rows: Habits,
    /// The record of this register that this user entered last.
    before: Option<Box<dyn Record>>,
    /// That was today: its day of receipt is not yesterday's.
    today: bool,
    /// The office's own unit, where what is entered mostly belongs to it.
    own: Option<String>,
    /// First answers that the form was opened with: they stay.
    pub given: Vec<(&'static str, Value)>,
    /// The form was opened filled in: a copy, a draft. Nothing is put into it.
    pub whole: bool,
    /// The form stands over another that waits for its one record.
    pub single: bool,
    /// How many records were saved from here, and the last of them.
    saved: usize,
    last: Option<i64>,
}

impl FormScreen {
    /// Whether the form enters a new record.
    pub(super) fn is_entry(&self) -> bool {
        matches!(self.task, Task::Add)
    }

    /// The register that a field belongs to.
    pub(super) fn kind_at(&self, at: usize) -> Kind {
        match &self.sheet {
            Some(sheet) if at >= sheet.head => intake::rows_of(self.kind).unwrap_or(self.kind),
            _ => self.kind,
        }
    }

    fn habits_at(&self, at: usize) -> &Habits {
        if self.kind_at(at) == self.kind {
            &self.carry.habits
        } else {
            &self.carry.rows
        }
    }

    /// Whether the field keeps its value from one record to the next.
    pub(super) fn keeps(&self, at: usize) -> bool {
        let Some(input) = self.inputs.get(at) else {
            return false;
        };
        self.is_entry() && self.habits_at(at).keep.contains(&input.field.key)
    }

    /// Asks for the record before and for what is kept of it.
    pub(super) fn begin(&self, ui: &mut Ui) {
        if !self.is_entry() {
            return;
        }
        let kind = self.kind;
        ui.run(
            move |cx| {
                let rows = intake::rows_of(kind).unwrap_or(kind);
                let habits = habits::load(cx.config(), kind);
                let rows = habits::load(cx.config(), rows);
                let own = OF_THE_OFFICE.contains(&kind);
                let own = own.then(|| cx.own_unit().ok()).flatten().flatten();
                // What a petition is about is more than the whole of a province or of a ministry.
                let wide = |own: &String| units::has_below(cx, own, cx.today()).unwrap_or(true);
                let own = own.filter(|own| kind != Kind::Petition || !wide(own));
                (habits, rows, intake::last_own(cx, kind), own)
            },
            |form: &mut FormScreen, (habits, rows, before, own), ui| {
                form.carry.habits = habits;
                form.carry.rows = rows;
                match before {
                    Ok(Some((before, today))) => {
                        form.carry.before = Some(before);
                        form.carry.today = today;
                    }
                    Ok(None) => {}
                    Err(error) => ui.warn(error.text(ui.view.lang)),
                }
                form.carry.own = own;
                form.own_unit(ui);
                form.carry_over(ui);
                Flow::Stay
            },
        );
    }

    /// Puts the office's own unit where none stands.
    fn own_unit(&mut self, ui: &mut Ui) {
        let at = self.at("unit").filter(|_| !self.carry.whole);
        if let (Some(own), Some(at)) = (&self.carry.own, at)
            && let Some(input) = self.inputs.get_mut(at)
            && input.text().is_empty()
        {
            input.put(own);
            input.first = input.text();
            self.look_up(at, ui);
        }
    }

    /// Puts the kept values into a form that nothing was typed into, and the cursor where the typing begins.
    fn carry_over(&mut self, ui: &mut Ui) {
        if self.carry.whole || self.touched {
            return;
        }
        let mut taken = false;
        for at in 0..self.inputs.len() {
            let given = |key: &str| self.carry.given.iter().any(|(known, _)| *known == key);
            let free = self
                .inputs
                .get(at)
                .is_some_and(|input| !given(input.field.key));
            // What was entered on an earlier day must not date today's papers back.
            let stale = !self.carry.today
                && self.carry.saved == 0
                && self
                    .inputs
                    .get(at)
                    .is_some_and(|i| i.field.ty == Type::Date);
            if free && !stale && self.keeps(at) {
                taken |= self.put_before(at, ui);
            }
        }
        if taken || self.carry.saved > 0 {
            self.enter(self.first_to_fill());
        }
        if taken {
            self.changed_type();
            self.look_ahead(None, ui);
        }
    }

    /// Puts the value of the record before into a field, as what it began with.
    fn put_before(&mut self, at: usize, ui: &mut Ui) -> bool {
        let text = self.before_text(at).filter(|text| !text.is_empty());
        let (Some(text), Some(input)) = (text, self.inputs.get_mut(at)) else {
            return false;
        };
        input.put(&text);
        input.first = input.text();
        self.look_up(at, ui);
        true
    }

    /// What stood in a field of the row before, or else of the record before.
    fn before_text(&self, at: usize) -> Option<String> {
        if let Some(text) = self.row_before(at) {
            return Some(text);
        }
        let (input, before) = (self.inputs.get(at)?, self.carry.before.as_ref()?);
        if self.kind_at(at) != before.kind() {
            return None;
        }
        Some(text_of(input.field, &before.get(input.field.key)))
    }

    /// The first field that waits for an answer: not kept, and filled in on the record before or required.
    fn first_to_fill(&self) -> usize {
        let visible = self.visible();
        let date = catalog::entity(self.kind).date_field;
        let waits = |at: &&usize| {
            let Some(input) = self.inputs.get(**at) else {
                return false;
            };
            let known = self
                .carry
                .given
                .iter()
                .any(|(key, _)| *key == input.field.key);
            let before = self.before_text(**at).unwrap_or_default();
            let text = input.text();
            // A day that is the one of the record before is an answer; today by itself may not be.
            let open = text.is_empty() || (input.field.key == date && text != before);
            open && !known && !self.keeps(**at) && (!before.is_empty() || input.required)
        };
        let found = visible.iter().find(waits).or(visible.first());
        found.copied().unwrap_or(0)
    }

    /// The commands of entry.
    pub(super) fn entry_command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Before => self.take_before(ui),
            Command::BeforeAll => self.take_all(ui),
            Command::Keep => self.switch_keep(ui),
            Command::Again => self.switch_again(ui),
            Command::Link(n) => self.switch_link(n, ui),
            Command::Similar => return self.similar(ui),
            Command::NextRow => self.turn_row(true, ui),
            Command::RemoveRow => return self.remove_row(ui),
            _ => return Flow::Pass,
        }
        Flow::Stay
    }

    /// F6: the value of the record before, a person's too, since it was asked for.
    fn take_before(&mut self, ui: &mut Ui) {
        let at = self.active;
        let long = self
            .input()
            .is_some_and(|input| input.field.ty == Type::LongText);
        if long {
            ui.note(ui.say(t(
                "nội dung dài không lấy từ bản ghi trước; F5 chép từ bản ghi tương tự",
                "long text is not taken from the record before; F5 copies from a similar one",
            )));
            return;
        }
        let Some(text) = self.before_text(at).filter(|text| !text.is_empty()) else {
            ui.note(ui.say(t(
                "bản ghi trước không có gì ở ô này",
                "the record before has nothing here",
            )));
            return;
        };
        if let Some(input) = self.input_mut() {
            input.put(&text);
        }
        self.typed(ui);
        self.step_fields(1, ui);
    }

    /// All that may be taken over, into the fields that nothing was typed into.
    fn take_all(&mut self, ui: &mut Ui) {
        let mut taken = 0;
        for at in self.visible() {
            let kind = self.kind_at(at);
            let Some(input) = self.inputs.get(at) else {
                continue;
            };
            if input.changed() || !habits::carries(kind, input.field) {
                continue;
            }
            let text = self.before_text(at).filter(|text| !text.is_empty());
            if let (Some(text), Some(input)) = (text, self.inputs.get_mut(at)) {
                let was = input.text();
                if was != text {
                    input.put(&text);
                    self.answers.push((at, was));
                    self.look_up(at, ui);
                    taken += 1;
                }
            }
        }
        if taken == 0 {
            ui.note(ui.say(t(
                "bản ghi trước không có gì để lấy thêm",
                "nothing more to take from the record before",
            )));
            return;
        }
        self.changed_type();
        self.keep(ui);
        self.look_ahead(None, ui);
        self.enter(self.first_to_fill());
        ui.note(match ui.view.lang {
            Lang::Vi => format!("đã lấy {taken} ô từ bản ghi trước; Ctrl-Z lấy lại từng ô"),
            Lang::En => {
                format!("{taken} fields taken from the record before; Ctrl-Z takes each back")
            }
        });
    }

    /// Switches whether the field keeps its value.
    fn switch_keep(&mut self, ui: &mut Ui) {
        let kind = self.kind_at(self.active);
        let Some(field) = self.input().map(|input| input.field) else {
            return;
        };
        if catalog::field(kind, field.key).is_none() || !habits::carries(kind, field) {
            ui.note(ui.say(t(
                "ô này không giữ sang bản ghi sau: nội dung, người, hoặc chỉ thuộc một bản ghi",
                "this field is not kept: a text, a person, or something of one record only",
            )));
            return;
        }
        let own = kind == self.kind;
        let habits = if own {
            &mut self.carry.habits
        } else {
            &mut self.carry.rows
        };
        let keeps = !habits.keep.contains(&field.key);
        let switch = Switch::Keep(field.key, keeps);
        habits.switch(switch);
        remember(kind, switch, ui);
        let said = if keeps {
            t("giữ sang bản ghi sau", "kept for the next record")
        } else {
            t("không giữ nữa", "not kept any more")
        };
        ui.note(format!(
            "{}: {}",
            field.label.get(ui.view.lang),
            ui.say(said)
        ));
    }

    fn switch_again(&mut self, ui: &mut Ui) {
        if self.sheet.is_some() || self.from.is_some() {
            ui.note(ui.say(t(
                "biểu này lưu một lần rồi đóng",
                "this form is saved once and closed",
            )));
            return;
        }
        let switch = Switch::Again(!self.carry.habits.again);
        self.carry.habits.switch(switch);
        remember(self.kind, switch, ui);
        let said = if self.carry.habits.again {
            t(
                "nhập liên tục: lưu xong mở biểu mới, Esc để thôi",
                "entry goes on: saving opens the next form, Esc ends",
            )
        } else {
            t("lưu xong thì đóng biểu", "saving closes the form")
        };
        ui.note(ui.say(said));
    }

    /// What the title says of entry: «giữ: đơn vị, ngày nhận», «nhập liên tục».
    pub(super) fn entry_words(&self, v: &View) -> Vec<String> {
        let mut words = Vec::new();
        let kept: Vec<String> = (0..self.inputs.len())
            .filter(|at| self.keeps(*at))
            .filter_map(|at| self.inputs.get(at))
            .map(|input| input.field.label.get(v.lang).to_lowercase())
            .collect();
        if self.is_entry() && self.carry.habits.again && self.sheet.is_none() && self.from.is_none()
        {
            words.push(v.say(t("nhập liên tục", "entry goes on")).to_owned());
        }
        if !kept.is_empty() {
            words.push(format!("{}: {}", v.say(t("giữ", "kept")), kept.join(", ")));
        }
        words
    }

    /// After saving, the next empty form where entry goes on; it keeps what is kept.
    pub(super) fn next_form(&mut self, saved: Box<dyn Record>, ui: &mut Ui) -> bool {
        let goes_on = self.is_entry()
            && self.carry.habits.again
            && !self.carry.single
            && self.sheet.is_none()
            && self.from.is_none();
        if !goes_on {
            return false;
        }
        let before = std::mem::take(&mut self.carry);
        let mut next = FormScreen::add_values(self.kind, before.given.clone(), &ui.view);
        for fixed in std::mem::take(&mut self.fixed) {
            next.fix(fixed);
        }
        next.carry = Carry {
            saved: before.saved + 1,
            last: Some(saved.head().id),
            before: Some(saved),
            whole: false,
            ..before
        };
        *self = next;
        self.load_past(ui);
        for at in 0..self.inputs.len() {
            self.look_up(at, ui);
        }
        self.own_unit(ui);
        self.carry_over(ui);
        true
    }

    /// Closes the form; what was saved from it is said, and stands selected under it.
    pub(super) fn end(&self, ui: &mut Ui) -> Flow {
        let (many, Some(id)) = (self.carry.saved, self.carry.last) else {
            return Flow::Pop;
        };
        let one = catalog::entity(self.kind).one.get(ui.view.lang);
        ui.note(match ui.view.lang {
            Lang::Vi => format!("đã nhập {many} {one}"),
            Lang::En => format!("entered: {many} {one}"),
        });
        Flow::PopSaved(self.kind, id)
    }
}

/// Keeps a switch for the next time.
fn remember(kind: Kind, switch: Switch, ui: &mut Ui) {
    ui.run(
        move |cx| habits::remember(cx.config(), kind, switch),
        |_: &mut FormScreen, saved, ui| {
            if let Err(error) = saved {
                ui.warn(error.text(ui.view.lang));
            }
            Flow::Stay
        },
    );
}
