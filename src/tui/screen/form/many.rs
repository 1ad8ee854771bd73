//! The form of a change of many records: one field, or a step. It saves nothing itself: the list that asked shows first
//! what would happen.

use super::{FormScreen, Task};
use crate::app::Result;
use crate::app::many::Change;
use crate::catalog::{self, Field};
use crate::domain::petition::{Step, StepKind};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::tui::effect::then;
use crate::tui::screen::list::ListScreen;
use crate::tui::screen::{Flow, Ui, View};

impl FormScreen {
    /// A form that asks for the value of one field.
    pub fn many_field(kind: Kind, field: &'static Field, v: &View) -> FormScreen {
        let fields = std::slice::from_ref(field);
        FormScreen::build(kind, Task::Many(None), fields, &[], v)
    }

    /// A form of a step that many petitions take.
    pub fn many_step(step: StepKind, v: &View) -> FormScreen {
        let values = [("on", Value::Date(v.today))];
        let fields = catalog::step::fields_of(step);
        FormScreen::build(Kind::Petition, Task::Many(Some(step)), fields, &values, v)
    }

    /// Hands what was entered to the list, to be previewed.
    pub(super) fn save_many(&mut self, step: Option<StepKind>, ui: &mut Ui) {
        let texts: Vec<(&'static Field, String)> = self
            .inputs
            .iter()
            .map(|input| (input.field, input.text()))
            .collect();
        self.saving = true;
        ui.run(
            move |cx| super::save::values(cx, &texts),
            move |form: &mut FormScreen, values: Result<Vec<(&'static str, Value)>>, ui| {
                form.saving = false;
                match values {
                    Ok(values) => form.hand_over(step, values),
                    Err(error) => form.not_saved(&error, ui),
                }
            },
        );
    }

    fn hand_over(&mut self, step: Option<StepKind>, values: Vec<(&'static str, Value)>) -> Flow {
        let field = self.inputs.first().map(|input| input.field);
        let change = match (step, field, values.first()) {
            (Some(kind), ..) => {
                let mut step = Step {
                    kind: Some(kind),
                    ..Step::default()
                };
                for (key, value) in values {
                    // The form asks only for fields that the step has.
                    let _ = step.set(key, value);
                }
                Change::Step(Box::new(step))
            }
            (None, Some(field), Some((_, value))) => Change::Field(field, value.clone()),
            _ => return Flow::Pop,
        };
        self.touched = false;
        Flow::PopThen(then(move |list: &mut ListScreen, ui: &mut Ui| {
            list.preview(change, ui);
            Flow::Stay
        }))
    }
}
