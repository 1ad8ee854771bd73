//! The form of a deadline rule: the same form, saved into the table of rules.

use super::save::values;
use super::{FormScreen, Task};
use crate::app::deadline_rules::{self, Saved};
use crate::app::once::{Sent, once};
use crate::app::{Cx, Result};
use crate::catalog::Field;
use crate::catalog::rule::{RULE_FIELDS, rule_value};
use crate::domain::deadline::Rule;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::screen::rules::RulesScreen;
use crate::tui::screen::{Flow, Ui, View};

impl FormScreen {
    /// A form for a rule: the one given, or a new one.
    pub fn rule(rule: Option<&Rule>, v: &View) -> FormScreen {
        let any = || Value::Text("any".to_owned());
        let values: Vec<(&'static str, Value)> = match rule {
            Some(rule) => RULE_FIELDS
                .iter()
                .map(|field| (field.key, rule_value(rule, field.key)))
                .collect(),
            None => vec![
                ("level", any()),
                ("complex", any()),
                ("remote", any()),
                ("kind", Value::Text("due".to_owned())),
                ("start_event", Value::Text("receipt".to_owned())),
                ("valid_from", Value::Date(v.today)),
            ],
        };
        let task = Task::Rule(rule.map(|rule| rule.id));
        // A rule is no record: its draft says so, and the kind of it means nothing.
        FormScreen::build(Kind::Petition, task, RULE_FIELDS, &values, v)
    }

    /// Saves the rule that stands in the form.
    pub(super) fn save_rule(&mut self, id: Option<i64>, ui: &mut Ui) {
        let texts: Vec<(&'static Field, String)> = self
            .inputs
            .iter()
            .filter(|input| id.is_none() || input.changed())
            .map(|input| (input.field, input.text()))
            .collect();
        self.saving = true;
        let token = self.draft.clone();
        ui.run(
            move |cx| {
                once(
                    cx,
                    &token,
                    |cx| store(cx, id, &texts),
                    |cx, id| {
                        let rule = deadline_rules::get(cx, id)?;
                        Ok(Saved { rule, moved: 0 })
                    },
                )
            },
            |form: &mut FormScreen, saved: Result<Sent<Saved>>, ui| {
                form.saving = false;
                match saved {
                    Ok(Sent { saved, earlier }) => {
                        form.forget(ui);
                        ui.note(said(&saved, earlier, ui.view.lang));
                        let id = saved.rule.id;
                        Flow::PopThen(then(move |screen: &mut RulesScreen, ui: &mut Ui| {
                            screen.load(Some(id), ui);
                            Flow::Stay
                        }))
                    }
                    Err(error) => form.not_saved(&error, ui),
                }
            },
        );
    }
}

fn store(cx: &mut Cx, id: Option<i64>, texts: &Vec<(&'static Field, String)>) -> Result<Saved> {
    let fields = values(cx, texts)?;
    match id {
        Some(id) => deadline_rules::edit(cx, id, &fields, None),
        None => deadline_rules::add(cx, &fields),
    }
}

/// «đã lưu quy định KN_ACCEPT; 3 hạn đang mở thay đổi».
fn said(saved: &Saved, earlier: bool, lang: Lang) -> String {
    let code = &saved.rule.code;
    if earlier {
        let done = t("quy định đã lưu từ trước", "rule saved before");
        return format!("{}: {code}", done.get(lang));
    }
    let done = format!("{} {code}", t("đã lưu quy định", "rule saved:").get(lang));
    match lang {
        Lang::Vi => format!("{done}; {} hạn đang mở thay đổi", saved.moved),
        Lang::En => format!("{done}; {} open deadlines moved", saved.moved),
    }
}
