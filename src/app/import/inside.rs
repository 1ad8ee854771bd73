//! What comes with a row: the opinions of a dialogue, the successors of a unit, number and course of a petition.
use super::course::Course;
use super::judge::{Fate, Judge};
use super::links::is_pending;
use super::value::Fields;
use super::{Trouble, natural_key};
use crate::app::records::{self, read_heirs, read_json_heirs};
use crate::app::secrecy;
use crate::app::{Error, Result, rules};
use crate::catalog::carried::STEPS;
use crate::catalog::{self, Type};
use crate::domain::link;
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::{Given, InRow};
use crate::domain::text::clean;
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Msg, t};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Opinions to add to a dialogue, or to change there.
pub(super) type Inside = Vec<(Option<i64>, Fields)>;

/// The key under which successors are kept among the fields of a row, as the history tells them.
pub(super) const HEIRS: &str = "successors";

/// Successors as a row names them.
pub(super) type Heirs = Vec<(String, SuccessionKind)>;

/// The successors among the fields of a row, taken out of them.
pub(super) fn take_heirs(fields: &mut Fields) -> Option<Heirs> {
    let at = fields.iter().position(|(key, _)| *key == HEIRS)?;
    let (_, value) = fields.remove(at);
    read_heirs(value.text())
}

/// Keys of an opinion that the file may carry but that are not brought in.
fn passed(key: &str) -> bool {
    matches!(key, "id" | "rev" | "deleted" | "dialogue") || key.ends_with("_is")
}

fn given<'r>(row: &'r InRow, key: &str) -> Option<&'r Given> {
    row.given.iter().find(|g| g.key == key)
}

fn trouble(row: &InRow, given: &Given, rule: Msg) -> Trouble {
    Trouble {
        row: row.row,
        column: Some(given.column),
        key: Some(given.key),
        value: String::new(),
        rule,
        on: None,
    }
}

/// A rule that the n-th opinion of a row breaks.
fn nth(n: usize, rule: &Msg) -> Msg {
    Msg::new(
        format!("ý kiến {n}: {}", rule.vi),
        format!("opinion {n}: {}", rule.en),
    )
}

impl Judge<'_> {
    /// The number that a new record keeps, and the course of a petition.
    pub(super) fn beside(
        &mut self,
        fate: &mut std::result::Result<Fate, Vec<Trouble>>,
        (record, row): (&dyn Record, &InRow),
        course: Option<&Course>,
        notes: &mut Vec<Trouble>,
    ) -> Result<()> {
        if let Ok(Fate::Create(fields)) = fate {
            let rule = self.numbers.keep(self.db, record, row, fields)?;
            if let Some(rule) = rule {
                notes.push(self.trouble(row, Some("number"), rule));
            }
            if let Some(course) = course {
                self.new_course(course, (row, fields), notes);
            }
            return Ok(());
        }
        let (Ok(Fate::Update(id, _) | Fate::Same(id)), Some(course)) = (&*fate, course) else {
            return Ok(());
        };
        let mut troubles = Vec::new();
        let (id, more) = (
            *id,
            match *id {
                id if id > 0 => self.more_course(id, course, row, (&mut troubles, notes))?,
                _ => None,
            },
        );
        match (&mut *fate, more) {
            _ if !troubles.is_empty() => *fate = Err(troubles),
            (Ok(Fate::Update(_, fields)), Some(steps)) => fields.push((STEPS, steps)),
            (_, Some(steps)) => *fate = Ok(Fate::Update(id, vec![(STEPS, steps)])),
            _ => {}
        }
        Ok(())
    }

    /// Opinions and successors that come with a row; a record that only gets these is changed too.
    pub(super) fn inside(
        &mut self,
        fate: &mut std::result::Result<Fate, Vec<Trouble>>,
        record: &dyn Record,
        row: &InRow,
    ) -> Result<Inside> {
        let id = match fate {
            Ok(Fate::Create(_)) => None,
            Ok(Fate::Update(id, _) | Fate::Same(id)) if *id > 0 => Some(*id),
            _ => return Ok(Inside::new()),
        };
        let mut troubles = Vec::new();
        let inside = match self.kind {
            Kind::Dialogue => self.opinions(row, record, id, &mut troubles)?,
            _ => Inside::new(),
        };
        let heirs = match self.kind {
            Kind::Unit => self.heirs(row, id, &mut troubles)?,
            _ => None,
        };
        if !troubles.is_empty() {
            *fate = Err(troubles);
            return Ok(Inside::new());
        }
        if let (Ok(Fate::Same(_)), Some(id)) = (&*fate, id)
            && (heirs.is_some() || !inside.is_empty())
        {
            *fate = Ok(Fate::Update(id, Fields::new()));
        }
        if let Ok(Fate::Create(fields) | Fate::Update(_, fields)) = fate {
            fields.extend(heirs);
        }
        Ok(inside)
    }

    /// The successors that a row names: none when it names none, or those that the unit has.
    pub(super) fn heirs(
        &self,
        row: &InRow,
        id: Option<i64>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Option<(&'static str, Value)>> {
        let Some(given) = given(row, HEIRS) else {
            return Ok(None);
        };
        let text = clean(&given.cell.shown());
        let list = match serde_json::from_str::<Json>(&text) {
            Ok(json) => read_json_heirs(&json).ok(),
            Err(_) => read_heirs(Some(&text)),
        };
        let Some(list) = list else {
            let rule = t(
                "ghi như 29602@2025-07-01:whole, 28993:part",
                "write it like 29602@2025-07-01:whole, 28993:part",
            );
            troubles.push(trouble(row, given, rule.into()));
            return Ok(None);
        };
        let mut named = Vec::new();
        for (code, kind) in &list {
            let bare = code.split('@').next().unwrap_or_default();
            match rules::heir(self.db, code, self.env.today) {
                Ok(unit) => named.push((unit.id, *kind)),
                Err(_) if self.is_made(bare) => {}
                Err(rule) => troubles.push(trouble(row, given, rule)),
            }
        }
        if let Some(id) = id {
            let mut own: Vec<_> = self
                .db
                .successors(id)?
                .iter()
                .map(|s| (s.id, s.kind))
                .collect();
            own.sort_unstable();
            named.sort_unstable();
            if own == named && named.len() == list.len() {
                return Ok(None);
            }
        }
        let told: Vec<String> = list
            .iter()
            .map(|(code, kind)| format!("{code}:{}", kind.code()))
            .collect();
        Ok((!told.is_empty()).then(|| (HEIRS, Value::Text(told.join(", ")))))
    }

    /// The opinions inside a dialogue's row: those that are not there yet, and those that say something else.
    pub(super) fn opinions(
        &mut self,
        row: &InRow,
        dialogue: &dyn Record,
        id: Option<i64>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Inside> {
        let Some(given) = given(row, "opinions") else {
            return Ok(Inside::new());
        };
        let list: Option<Vec<Map<String, Json>>> = serde_json::from_str(&given.cell.shown()).ok();
        let Some(list) = list else {
            let rule = t(
                "danh sách ý kiến của tệp JSON: [{…}]",
                "a list of opinions of a JSON file: [{…}]",
            );
            troubles.push(trouble(row, given, rule.into()));
            return Ok(Inside::new());
        };
        let mut inside = Inside::new();
        let mut met: HashMap<String, usize> = HashMap::new();
        for (at, json) in list.iter().enumerate() {
            let n = at + 1;
            let mut fields = match self.opinion_fields(json, dialogue)? {
                Ok(fields) => fields,
                Err(rules) => {
                    // What it is about is not known: it may be a denunciation.
                    self.secret |= json.get("petition").is_some_and(|link| !link.is_null());
                    troubles.extend(rules.iter().map(|rule| trouble(row, given, nth(n, rule))));
                    continue;
                }
            };
            let mut record = records::draft(Kind::Opinion, &fields, self.env.today);
            self.secret |= secrecy::about_denunciation(self.db, record.as_ref())?;
            if let Some(id) = id {
                // The key and type are the record's own.
                let _ = record.set("dialogue", Value::Ref(id));
                let there = self
                    .db
                    .agreeing(record.as_ref(), natural_key(Kind::Opinion))?;
                let content = record.get("content").text().unwrap_or_default().to_owned();
                let times = met.entry(content).or_insert(0);
                *times += 1;
                if let Some(own) = there.get(*times - 1) {
                    self.against_opinion(*own, &mut fields, &mut |rule| {
                        troubles.push(trouble(row, given, nth(n, &rule)));
                    })?;
                    if !fields.is_empty() {
                        inside.push((Some(*own), fields));
                    }
                    continue;
                }
            }
            rules::complete(self.db, self.env, record.as_mut())?;
            if record.get("order").is_null() {
                // Its dialogue is not there yet; the key and type are the record's own.
                let _ = record.set("order", Value::Int(i64::try_from(n).unwrap_or(1)));
            }
            let held = self.hold_opinion(record.as_mut(), dialogue)?;
            troubles.extend(held.iter().map(|rule| trouble(row, given, nth(n, rule))));
            inside.push((None, fields));
        }
        Ok(inside)
    }

    /// Leaves of the fields what an opinion that is there does not say yet.
    fn against_opinion(
        &mut self,
        id: i64,
        fields: &mut Fields,
        tell: &mut dyn FnMut(Msg),
    ) -> Result<()> {
        let Some(before) = self.db.get(Kind::Opinion, id)? else {
            return Ok(());
        };
        fields.retain(|(key, value)| match (before.get(key), value) {
            (Value::Unit(a), Value::Unit(b)) => a.id != b.id,
            (own, value) => own != *value,
        });
        match records::judge_edit(self.db, self.env, before.as_ref(), fields) {
            Ok(_) => Ok(()),
            Err(Error::Refused(problems)) => {
                problems
                    .into_iter()
                    .for_each(|p| tell(labelled(p.label, p.msg)));
                Ok(())
            }
            Err(other) => Err(other),
        }
    }

    /// The rules that a new opinion breaks; its dialogue may not be there yet.
    fn hold_opinion(&self, record: &mut dyn Record, dialogue: &dyn Record) -> Result<Vec<Msg>> {
        let mut rules_broken = Vec::new();
        if let Value::Date(held) = dialogue.get("held_on") {
            rules_broken.extend(rules::answered_before(held, record));
        }
        match rules::hold(self.db, self.env, record, None) {
            Ok(()) => {}
            Err(Error::Refused(problems)) => {
                let own = problems
                    .into_iter()
                    .filter(|p| !matches!(p.field, Some("dialogue" | "answered_on")));
                rules_broken.extend(own.map(|p| labelled(p.label, p.msg)));
            }
            Err(other) => return Err(other),
        }
        Ok(rules_broken)
    }

    fn opinion_fields(
        &mut self,
        json: &Map<String, Json>,
        dialogue: &dyn Record,
    ) -> Result<std::result::Result<Fields, Vec<Msg>>> {
        let mut fields = Fields::new();
        let mut broken = Vec::new();
        let day = rules::unit_day(self.db, self.env, dialogue)?;
        for (key, value) in json.iter().filter(|(key, v)| !passed(key) && !v.is_null()) {
            let Some(field) = catalog::field(Kind::Opinion, key) else {
                broken.push(Msg::new(
                    format!("không có trường «{key}»"),
                    format!("no field \"{key}\""),
                ));
                continue;
            };
            let read = match (field.ty, value) {
                (Type::Unit, Json::String(code)) => {
                    let found = self.units.find(self.db, &clean(code), day)?;
                    found.map(Value::Unit)
                }
                (Type::Ref(of), value) => {
                    let name = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    let told = json.get(&format!("{key}_is")).and_then(Json::as_str);
                    let text = told.map_or_else(|| name.clone(), |told| link::write(&name, told));
                    match self.links.find(self.db, self.env, of, &text)? {
                        Some(found) => found,
                        None => catalog::json::from_json(field, value, self.env.today),
                    }
                }
                _ => catalog::json::from_json(field, value, self.env.today),
            };
            match read {
                Ok(value) if value.is_null() || is_pending(&value) => {}
                Ok(value) => fields.push((field.key, value)),
                Err(rule) => broken.push(labelled(field.label.into(), rule)),
            }
        }
        Ok(if broken.is_empty() {
            Ok(fields)
        } else {
            Err(broken)
        })
    }
}

fn labelled(label: Msg, rule: Msg) -> Msg {
    if label.vi.is_empty() {
        return rule;
    }
    Msg::new(
        format!("{}: {}", label.vi, rule.vi),
        format!("{}: {}", label.en, rule.en),
    )
}
