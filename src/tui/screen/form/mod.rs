//! The one form for every register and every step: label beside field, checked on leaving, saved from anywhere.

pub mod adding;
mod ahead;
mod asked;
mod carry;
mod choose;
mod conflict;
mod editor;
mod fit;
mod input;
mod keep;
mod look;
mod many;
mod moves;
mod open;
mod past;
mod picks;
mod rule;
mod save;
mod secret;
mod sheet;
mod sheet_save;
mod similar;
mod slips;

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::{Flow, Screen, Title, Ui, View};
use crate::app::petitions::Stand;
use crate::app::{drafts, rules};
use crate::catalog::{self, Field, Type};
use crate::domain::petition::StepKind;
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::{Msg, t};
use crate::tui::modal::ask::REPLACES;
use crate::tui::modal::confirm::Confirm;
use crate::tui::widget::paint::width;

use ahead::Ahead;
use carry::Carry;
use input::Input;
pub use keep::from_draft;
use open::Open;
pub use open::said as who_has_it;
use sheet::Sheet;
pub use slips::Answer;

/// What saving the form does.
#[derive(Clone, Debug)]
enum Task {
    /// Adds a record.
    Add,
    /// Changes a record, as it was when the form was opened.
    Edit(Box<dyn Record>),
    /// Takes a step of a petition: its id, what messages call it, the step, how far one saw it.
    Step(i64, String, StepKind, Option<Stand>),
    /// Changes a rule of deadlines, or adds one.
    Rule(Option<i64>),
    /// A field, or a step, of many records at once.
    Many(Option<StepKind>),
}

/// A form.
pub struct FormScreen {
    kind: Kind,
    task: Task,
    /// Values that the form does not ask for.
    fixed: Vec<(&'static str, Value)>,
    inputs: Vec<Input>,
    active: usize,
    /// First line of the fields that is drawn, and how many fields were outside the window.
    top: u16,
    hidden: look::Hidden,
    /// Names that were typed before the matter turned out to be a denunciation: no other field may tell them.
    untold: Vec<String>,
    touched: bool,
    /// The text of the active field when it was entered.
    entered: String,
    /// Answers that can be taken back: field and text before.
    answers: Vec<(usize, String)>,
    saving: bool,
    /// The user has agreed to what becoming a denunciation removes.
    agreed: bool,
    /// Its token: names its draft, and is stored with what it saves.
    draft: String,
    /// What it takes from the record before.
    carry: Carry,
    /// What saving would mean: the deadline, the matter it may belong to.
    ahead: Ahead,
    /// The visit or opinion that the petition is made of.
    from: Option<(Kind, i64)>,
    /// The rows under the head, where a whole day is entered.
    sheet: Option<Sheet>,
    open: Open,
    /// What was entered before in its fields.
    before: past::Before,
    /// The slips that were asked about.
    told: slips::Asked,
    /// The field for which a record is being added in a form over this one.
    adding: Option<usize>,
    /// A question is under way about what the letters in a field may name.
    asking: bool,
}

impl FormScreen {
    fn build(
        kind: Kind,
        task: Task,
        fields: impl IntoIterator<Item = &'static Field>,
        values: &[(&'static str, Value)],
        v: &View,
    ) -> FormScreen {
        let value_of = |key: &str| {
            values
                .iter()
                .rev()
                .find(|(k, _)| *k == key)
                .map(|(_, value)| value.clone())
        };
        let inputs = fields
            .into_iter()
            .filter(|field| !field.computed())
            .map(|field| Input::new(field, &value_of(field.key).unwrap_or_default(), v.lang))
            .collect();
        let mut form = FormScreen {
            kind,
            task,
            fixed: Vec::new(),
            inputs,
            active: 0,
            top: 0,
            hidden: look::Hidden::default(),
            untold: Vec::new(),
            touched: false,
            entered: String::new(),
            answers: Vec::new(),
            saving: false,
            agreed: false,
            draft: drafts::new_id(),
            carry: Carry::default(),
            ahead: Ahead::default(),
            from: None,
            sheet: None,
            open: Open::default(),
            before: past::Before::default(),
            told: Vec::new(),
            adding: None,
            asking: false,
        };
        form.enter(0);
        form
    }

    /// A form for a new record.
    pub fn add(kind: Kind, v: &View) -> FormScreen {
        FormScreen::add_values(kind, Vec::new(), v)
    }

    /// A form for a new record with first answers that can be changed.
    pub fn add_with_default(kind: Kind, first: Vec<(&'static str, Value)>, v: &View) -> FormScreen {
        FormScreen::add_values(kind, first, v)
    }

    /// A form for a new record that belongs to another: that field is not asked for.
    pub fn add_with(kind: Kind, fixed: (&'static str, Value), v: &View) -> FormScreen {
        let mut form = FormScreen::add(kind, v);
        form.fix(fixed);
        form
    }

    /// A form for the petition that a visit or an opinion becomes, filled in with what is known.
    pub fn petition_of(
        from: (Kind, i64),
        known: Vec<(&'static str, Value)>,
        v: &View,
    ) -> FormScreen {
        let mut form = FormScreen::add_values(Kind::Petition, known, v);
        form.from = Some(from);
        form
    }

    /// Gives a field its value for good: it is not asked for.
    fn fix(&mut self, fixed: (&'static str, Value)) {
        self.inputs.retain(|input| input.field.key != fixed.0);
        self.fixed.push(fixed);
        self.enter(0);
    }

    fn add_values(kind: Kind, given: Vec<(&'static str, Value)>, v: &View) -> FormScreen {
        let mut values = catalog::defaults(kind, v.today);
        values.extend(catalog::form_defaults(kind, v.today));
        values.extend(given.iter().cloned());
        let fields = catalog::entity(kind).fields;
        let mut form = FormScreen::build(kind, Task::Add, fields, &values, v);
        form.carry.given = given;
        form
    }

    /// A form for a new record like this one, without what belongs to one record only, and without persons.
    pub fn copy(record: &dyn Record, v: &View) -> FormScreen {
        let kind = record.kind();
        let fields = catalog::entity(kind).fields;
        let kept = fields
            .iter()
            .filter(|f| !f.computed() && !f.is_once() && !catalog::is_personal(f, record))
            .map(|f| (f.key, record.get(f.key)));
        let mut form = FormScreen::add_values(kind, kept.collect(), v);
        form.touched = true;
        form.carry.whole = true;
        form
    }

    /// A form that changes a record.
    pub fn edit(record: Box<dyn Record>, v: &View) -> FormScreen {
        let fields = catalog::entity(record.kind()).fields;
        let values: Vec<_> = fields.iter().map(|f| (f.key, record.get(f.key))).collect();
        FormScreen::build(record.kind(), Task::Edit(record), fields, &values, v)
    }

    /// A form for a step of a petition that stands so, where it is known; `first` are answers that can be changed.
    pub fn step(
        petition: &dyn Record,
        name: String,
        (step, stand): (StepKind, Option<Stand>),
        first: &[(&'static str, Value)],
        v: &View,
    ) -> FormScreen {
        let id = petition.head().id;
        let fields = catalog::step::fields_of(step);
        let mut values = vec![("on", Value::Date(v.today))];
        for key in ["complex", "very_complex", "remote"] {
            values.push((key, petition.get(key)));
        }
        values.extend_from_slice(first);
        let mut form = FormScreen::build(
            Kind::Petition,
            Task::Step(id, name, step, stand),
            fields,
            &values,
            v,
        );
        if step == StepKind::Resolve {
            form.ask_outcome(petition);
        }
        form
    }

    /// Which rule a field breaks, as far as it can be told without the database.
    fn broken(&self, at: usize, today: NaiveDate) -> Option<Msg> {
        let input = self.inputs.get(at)?;
        let past = match self.task {
            Task::Step(..) | Task::Many(Some(_)) => Some("on"),
            _ => rules::past_date(self.kind),
        };
        match input.check(today) {
            Err(msg) => Some(msg),
            Ok(Value::Date(on)) if past == Some(input.field.key) => rules::ahead(on, today),
            Ok(_) => None,
        }
    }

    fn input(&self) -> Option<&Input> {
        self.inputs.get(self.active)
    }

    fn input_mut(&mut self) -> Option<&mut Input> {
        self.inputs.get_mut(self.active)
    }

    fn at(&self, key: &str) -> Option<usize> {
        self.inputs.iter().position(|input| input.field.key == key)
    }

    /// Puts the cursor into a field.
    fn enter(&mut self, at: usize) {
        self.active = at;
        self.before.stop();
        if let Some(input) = self.input_mut() {
            input.entered();
        }
        self.entered = self.input().map(Input::text).unwrap_or_default();
    }

    /// What was typed in the active field becomes an answer that can be taken back, as leaving it does.
    fn commit(&mut self) {
        let text = self.input().map(Input::text).unwrap_or_default();
        if text != self.entered {
            let before = std::mem::replace(&mut self.entered, text);
            self.answers.push((self.active, before));
        }
    }

    /// Checks the field that is left; says whether it may be left. What was typed is never lost.
    fn leave(&mut self, ui: &mut Ui) -> bool {
        let (today, lang) = (ui.view.today, ui.view.lang);
        let at = self.active;
        let Some(input) = self.input_mut() else {
            return true;
        };
        input.settle(today);
        let text = input.text();
        let error = self.broken(at, today).map(|msg| msg.get(lang).to_owned());
        let stays = error.is_some();
        if let Some(input) = self.input_mut() {
            input.error = error;
        }
        if text != self.entered && !stays {
            self.commit();
            self.changed_type();
            self.keep(ui);
            self.look_up_by(at, ui);
            self.look_ahead(Some(at), ui);
        } else if !stays && self.input().is_some_and(Input::lacks_name) {
            // The same was typed again.
            self.look_up(at, ui);
        }
        if stays {
            self.say_error(ui);
        }
        !stays
    }

    fn say_error(&self, ui: &mut Ui) {
        if let Some(input) = self.input()
            && let Some(error) = &input.error
        {
            ui.warn(format!("{}: {error}", input.field.label.get(ui.view.lang)));
        }
    }

    fn cancel(&mut self, ui: &mut Ui) -> Flow {
        if !self.dirty() {
            self.forget(ui);
            return self.end(ui);
        }
        let question = ui
            .say(t("Bỏ những gì vừa nhập?", "Give up what was typed?"))
            .to_owned();
        let yes = then(|form: &mut FormScreen, ui: &mut Ui| {
            form.forget(ui);
            form.end(ui)
        });
        Flow::Push(Box::new(Confirm::new(
            question,
            Vec::new(),
            Flow::PopThen(yes),
        )))
    }
}

impl Screen for FormScreen {
    fn state(&self, v: &View) -> State {
        let listed = |input: &Input| {
            let ty = input.field.ty;
            input.is_indicator()
                || matches!(
                    ty,
                    Type::Enum(_) | Type::Boolean | Type::Unit | Type::Ref(_)
                )
        };
        let pick = self.input().is_some_and(listed);
        State {
            entry: self.is_entry(),
            likely: self.ahead.many() > 0,
            sheet: self.sheet.is_some(),
            read_only: v.read_only,
            pick,
            long: self.input().is_some_and(Input::is_long),
            register: true,
            ..State::new(Scope::Form)
        }
    }

    fn title(&self, v: &View) -> Title {
        self.named_as(v)
    }

    fn start(&mut self, ui: &mut Ui) {
        self.load_past(ui);
        for at in 0..self.inputs.len() {
            self.look_up(at, ui);
        }
        self.look_ahead(None, ui);
        self.begin(ui);
        self.enter_record(ui);
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.back_without(ui);
        // What was asked before may have given way to a search of what stood over the form.
        self.look_ahead(None, ui);
    }

    fn saved(&mut self, kind: Kind, id: i64, ui: &mut Ui) {
        self.take_added(kind, id, ui);
    }

    fn dirty(&self) -> bool {
        self.touched
    }

    fn give_up(&mut self, ui: &mut Ui) {
        self.forget(ui);
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        if self.is_busy(ui) {
            return Flow::Stay;
        }
        match c {
            Command::NextField => self.step_fields(1, ui),
            Command::PrevField => self.step_fields(-1, ui),
            Command::PageDown if self.sheet.is_some() => self.turn_row(true, ui),
            Command::PageUp if self.sheet.is_some() => self.turn_row(false, ui),
            Command::PageDown => self.step_fields(8, ui),
            Command::PageUp => self.step_fields(-8, ui),
            Command::Down => self.up_down(true, ui),
            Command::Up => self.up_down(false, ui),
            Command::NewLine => {
                if let Some(input) = self.input_mut() {
                    input.new_line();
                }
                self.typed(ui);
            }
            Command::TakeBack => self.take_back(ui),
            Command::Pick => return self.pick(ui),
            Command::Editor => self.edit_outside(ui),
            Command::Save => self.save(ui),
            Command::Cancel => return self.cancel(ui),
            _ => return self.entry_command(c, ui),
        }
        Flow::Stay
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        if !self.is_busy(ui) {
            self.take_key(key, ui);
        }
        Flow::Stay
    }

    fn paste(&mut self, text: &str, ui: &mut Ui) -> Flow {
        if !self.is_busy(ui) {
            self.take_paste(text, ui);
            self.suggest(ui);
        }
        Flow::Stay
    }

    fn status(&self, v: &View) -> Option<String> {
        let input = self.input()?;
        let label = input.field.label.get(v.lang);
        Some(match &input.error {
            Some(error) => format!("! {label}: {error}"),
            None if self.unnamed(input.field.key) => {
                format!("{label}: {}", catalog::UNNAMED.get(v.lang))
            }
            None if input.replaces() => {
                let told = format!("{label}: {}", input.field.help.get(v.lang));
                let keeps = v.say(REPLACES);
                // One line of the design's width: a second would lie over a field.
                match width(&told) + width(keeps) + 3 <= 78 {
                    true => format!("{told} · {keeps}"),
                    false => told,
                }
            }
            None => format!("{label}: {}", input.field.help.get(v.lang)),
        })
    }

    fn beyond(&self, v: &View) -> String {
        self.said_beyond(v)
    }

    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        self.draw(f, area, v);
    }
}
