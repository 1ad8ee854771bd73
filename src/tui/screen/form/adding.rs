//! A new entry from inside a list: a unit or a record that is not there yet is added in a form over this one, and the
//! field takes it.

use super::FormScreen;
use crate::app::{Result, intake, records};
use crate::catalog::Type;
use crate::domain::record::{Kind, Record, blank};
use crate::domain::value::Value;
use crate::tui::effect::then;
use crate::tui::lang::{Text, t};
use crate::tui::modal::pick::Pick;
use crate::tui::screen::{Flow, Ui, View};

/// The row of a list of units that adds one which is not there.
pub const NEW_UNIT: Text = t("thêm đơn vị mới…", "add a new unit…");

impl FormScreen {
    /// The same list with a last row that adds what is not there, where that makes sense: a body or a department
    /// that is no unit yet, the petition that a visitor handed in. An earlier petition is looked for in the book.
    pub(super) fn with_new(&self, pick: Pick, ui: &Ui) -> Pick {
        let Some(input) = self.input() else {
            return pick;
        };
        let (kind, label) = match (input.field.ty, self.kind, input.field.key) {
            (Type::Unit, ..) => (Kind::Unit, NEW_UNIT),
            (Type::Ref(Kind::Petition), Kind::Reception | Kind::Opinion, "petition") => {
                (Kind::Petition, t("thêm đơn mới…", "add a new petition…"))
            }
            _ => return pick,
        };
        let make = move |typed: &str| {
            let typed = typed.to_owned();
            then(move |form: &mut FormScreen, ui: &mut Ui| form.add_over(kind, &typed, ui))
        };
        pick.adding(ui.say(label), Box::new(make))
    }

    /// Opens the form of the new record over this one, with what is known of it.
    fn add_over(&mut self, kind: Kind, typed: &str, ui: &mut Ui) -> Flow {
        self.keep(ui);
        if (self.kind, kind) == (Kind::Opinion, Kind::Petition) {
            return self.add_of_opinion(ui);
        }
        self.adding = Some(self.active);
        Flow::Push(Box::new(match kind {
            Kind::Unit => FormScreen::new_unit(typed, &ui.view),
            _ => FormScreen::over(kind, self.of_the_visit(ui), &ui.view),
        }))
    }

    /// The form of a unit that a list of units lacks, to be saved for the screen under it.
    pub fn new_unit(name: &str, v: &View) -> FormScreen {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut known = vec![("level", text("organisation"))];
        if !name.is_empty() {
            known.push(("name", text(name)));
        }
        FormScreen::over(Kind::Unit, known, v)
    }

    fn over(kind: Kind, known: Vec<(&'static str, Value)>, v: &View) -> FormScreen {
        let mut form = FormScreen::add_values(kind, known, v);
        (form.carry.whole, form.carry.single) = (true, true);
        form
    }

    /// The form of the petition that an opinion becomes, with what opinion and dialogue say. Who raised it is asked for
    /// again: it depends on the petition's type whether that may be written down.
    fn add_of_opinion(&self, ui: &mut Ui) -> Flow {
        let mut row = blank(Kind::Opinion);
        for key in ["dialogue", "content", "field", "assigned_unit"] {
            let fixed = self.fixed.iter().find(|(known, _)| *known == key);
            let value = fixed.map(|(_, value)| value.clone());
            if let Some(value) = value.or_else(|| self.value_of(key, ui)) {
                // The key and type are the record's own.
                let _ = row.set(key, value);
            }
        }
        let at = self.active;
        ui.run(
            move |cx| {
                let dialogue = match row.get("dialogue") {
                    Value::Ref(id) => Some(records::get(cx, Kind::Dialogue, id)?),
                    _ => None,
                };
                Ok(intake::petition_of(row.as_ref(), dialogue.as_deref(), None))
            },
            move |form: &mut FormScreen, known: Result<records::Fields>, ui| match known {
                Ok(known) => {
                    form.adding = Some(at);
                    Flow::Push(Box::new(FormScreen::over(Kind::Petition, known, &ui.view)))
                }
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
        Flow::Stay
    }

    /// What stands in a field, where it is an answer.
    fn value_of(&self, key: &str, ui: &Ui) -> Option<Value> {
        let input = self.at(key).and_then(|at| self.inputs.get(at))?;
        let value = input.check(ui.view.today).ok();
        value.filter(|value| !value.is_null())
    }

    /// What a petition that was handed in takes from the visit: day, unit, source. Who came is asked for again: it
    /// depends on the petition's type whether that may be written down.
    fn of_the_visit(&self, ui: &Ui) -> Vec<(&'static str, Value)> {
        let value = |key| self.value_of(key, ui);
        let mut known = vec![("source", Value::Text("reception".to_owned()))];
        known.extend(value("received_on").map(|day| ("received_on", day)));
        known.extend(value("unit").map(|unit| ("unit", unit)));
        known.extend(value("matter_type").map(|of| ("type", of)));
        known
    }

    /// The form over this one was left without saving.
    pub(super) fn back_without(&mut self, ui: &mut Ui) {
        if self.adding.take().is_some() {
            self.keep_slot(ui);
        }
    }

    /// The form over this one saved a record: it is the answer of the field that asked.
    pub(super) fn take_added(&mut self, kind: Kind, id: i64, ui: &mut Ui) {
        let Some(at) = self.adding.take() else {
            return;
        };
        ui.run(
            move |cx| records::get(cx, kind, id).map(|record| named(record.as_ref())),
            move |form: &mut FormScreen, text, ui| {
                if let Ok(text) = text {
                    form.commit();
                    form.enter(at);
                    if let Some(input) = form.input_mut() {
                        input.put(&text);
                    }
                    form.typed(ui);
                    form.step_fields(1, ui);
                }
                Flow::Stay
            },
        );
    }
}

/// How a field names a record: a unit by its code, others by number or id.
pub fn named(record: &dyn Record) -> String {
    let head = record.head();
    match (record.kind(), record.get("code")) {
        (Kind::Unit, Value::Text(code)) => code,
        _ => head.number_text().unwrap_or_else(|| head.id.to_string()),
    }
}
