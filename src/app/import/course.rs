//! How a petition went: what the columns of an old book tell of it, or the steps that an export carries.
use super::Trouble;
use super::ending::{Ending, old_matter, told_of};
use super::judge::Judge;
use super::packed::pack;
use super::told::{Told, day_of};
use super::value::Fields;
use crate::app::petitions::{Followed, Misstep, follow, origin};
use crate::app::{Error, Result};
use crate::catalog;
use crate::catalog::carried::STEPS;
use crate::catalog::json::step_from_json;
use crate::domain::link;
use crate::domain::petition::book::{Lacking, Said};
use crate::domain::petition::{Petition, Stage, State, Step, StepKind};
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::InRow;
use crate::domain::text::clean_long;
use crate::domain::value::{RecordId, Value};
use crate::domain::words::{Msg, t};
use crate::store::Db;
use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What the columns of a file say of courses as a whole.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Some column does.
    pub any: bool,
    /// What becomes of a matter of which a row does not tell enough.
    pub lacking: Option<Lacking>,
    /// Headings of the columns that do.
    pub headings: Vec<(usize, String)>,
    /// What a person has said that words of results mean, by their [`shadow`](crate::domain::petition::book::shadow).
    pub words: HashMap<String, Said>,
    /// The codes of units that a person has said the words of a field to mean, by the field and in the same way:
    /// `CODE` or `CODE@DAY`, with blanks between them where they mean another unit at another time.
    pub units: HashMap<(String, String), String>,
}

impl Book {
    /// A number for what a row tells of its course.
    pub(super) fn told(&self, row: &InRow) -> u64 {
        if !self.any {
            return 0;
        }
        let mut hasher = DefaultHasher::new();
        for given in row
            .given
            .iter()
            .filter(|g| g.key == STEPS || Told::KEYS.contains(&g.key))
        {
            (given.key, given.cell.shown()).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// What a row states.
#[derive(Debug)]
pub(super) enum Stated {
    /// Words, days and documents of a book.
    Book(Told),
    /// Steps of an export.
    Steps(Vec<Step>),
}

/// The course of one row, as a new petition would have it.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) stated: Stated,
    /// Its steps, packed; none where the row states none.
    pub(super) packed: Option<String>,
    /// What the steps change in the petition.
    changes: Fields,
    /// How it stands after them.
    pub(super) ending: Ending,
    /// Lines for the note of the petition: what no step holds.
    left: Vec<String>,
}

/// The petition among records.
pub(super) fn petition(record: &dyn Record) -> Option<Petition> {
    record.as_any().downcast_ref::<Petition>().cloned()
}

/// Fields in which a petition has come to differ.
fn changes(before: &Petition, after: &Petition) -> Fields {
    let fields = catalog::entity(Kind::Petition).fields.iter();
    let own = fields.filter(|f| !f.computed() && before.get(f.key) != after.get(f.key));
    own.map(|f| (f.key, after.get(f.key))).collect()
}

/// A trouble at the cell of a key, else at the row.
pub(super) fn trouble(row: &InRow, keys: &[&str], rule: Msg) -> Trouble {
    let given = keys
        .iter()
        .find_map(|key| row.given.iter().find(|g| g.key == *key));
    Trouble {
        row: row.row,
        column: given.map(|g| g.column),
        key: given.map(|g| g.key),
        value: given.map_or_else(String::new, |g| g.cell.shown()),
        rule,
        on: None,
    }
}

/// The rule of a misstep, with the step that breaks it.
pub(super) fn rule_of(misstep: &Misstep, steps: &[StepKind]) -> Msg {
    let Error::Refused(problems) = &misstep.error else {
        return Msg::default();
    };
    let said = |get: fn(&Msg) -> &String| -> String {
        let all = problems.iter().map(|p| match get(&p.label).as_str() {
            "" => get(&p.msg).clone(),
            label => format!("{label}: {}", get(&p.msg)),
        });
        all.collect::<Vec<_>>().join("; ")
    };
    let (vi, en) = (said(|m| &m.vi), said(|m| &m.en));
    match steps.get(misstep.at).filter(|_| !misstep.barred) {
        Some(kind) => {
            let label = catalog::step::label(*kind);
            Msg::new(
                format!("bước «{}»: {vi}", label.vi),
                format!("step \"{}\": {en}", label.en),
            )
        }
        None => Msg::new(vi, en),
    }
}

/// Whether two steps say the same; a link to a petition that did not come along is like any.
pub(super) fn same(a: &Step, b: &Step) -> bool {
    let alike = |key: &str| match (a.get(key), b.get(key)) {
        (Value::Unit(a), Value::Unit(b)) => {
            let bare = |code: &str| code.split('@').next().map(str::to_owned);
            bare(&a.code) == bare(&b.code)
        }
        (Value::Ref(a), Value::Ref(b)) => a == b || a < 0 || b < 0,
        (_, Value::Null) | (Value::Null, _) if key == "lead" => true,
        (a, b) => a == b,
    };
    a.kind == b.kind
        && a.kind
            .is_some_and(|kind| catalog::step::fields_of(kind).iter().all(|f| alike(f.key)))
}

impl Judge<'_> {
    /// What a row tells of the course of its petition, held against the rules. What cannot become steps goes into the
    /// note of the petition.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn course(
        &mut self,
        row: &InRow,
        record: &mut dyn Record,
        fields: &mut Fields,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Option<Course>> {
        if !self.book.any {
            return Ok(None);
        }
        let Some(own) = petition(record) else {
            return Ok(None);
        };
        if let Some(given) = row.given.iter().find(|g| g.key == STEPS) {
            return self.carried(row, &given.cell.shown(), &own, troubles);
        }
        let told = Told::of(row, &self.book, &mut self.said);
        if told.is_empty() {
            return Ok(None);
        }
        troubles.extend(told.unreal().iter().map(|key| {
            let rule = t(
                "không phải ngày có thật; sửa lại, hoặc để trống nếu không rõ",
                "no day that there ever was; mend it, or leave it empty when it is not known",
            );
            trouble(row, &[key], rule.into())
        }));
        let start = State::new(own.received_on);
        let (follows, ending) = self.decide(row, &told, (&own, &start), troubles)?;
        let left = if ending.lacks || follows.is_none() {
            told.all_lines()
        } else {
            told.lines_beside_steps(follows.as_ref().map_or(&[], |f| f.steps.as_slice()))
        };
        add_note(record, fields, &left);
        let mut course = Course {
            stated: Stated::Book(told),
            packed: None,
            changes: Fields::new(),
            ending,
            left,
        };
        if let Some(done) = follows {
            course.packed = pack(&done.steps, &done.kept);
            course.changes = changes(&own, &done.petition);
            // What the steps say of the petition holds, also where a column says otherwise.
            for (key, value) in &course.changes {
                if let Some((_, own)) = fields.iter_mut().find(|(own, _)| own == key) {
                    *own = value.clone();
                }
                // The key and type are the record's own.
                let _ = record.set(key, value.clone());
            }
        }
        Ok(Some(course))
    }

    /// The steps that an export carries.
    fn carried(
        &mut self,
        row: &InRow,
        text: &str,
        own: &Petition,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Option<Course>> {
        let list: Option<Vec<Map<String, Json>>> = serde_json::from_str(text).ok();
        let Some(list) = list else {
            let rule = t(
                "các bước như tệp xuất ghi: [{\"step\": …, \"on\": …}]",
                "the steps as an export writes them: [{\"step\": …, \"on\": …}]",
            );
            troubles.push(trouble(row, &[STEPS], rule.into()));
            return Ok(None);
        };
        let (mut steps, mut was) = (Vec::new(), Vec::new());
        for map in &list {
            match step_from_json(map, self.env.today) {
                Ok(mut step) => {
                    self.find_lead(map, &mut step)?;
                    steps.push(step);
                    let kept = map.get("was").and_then(Json::as_object).cloned();
                    was.push(kept.map(|mut map| {
                        // A number of another office's record means nothing here.
                        map.retain(|key, value| key != "duplicate_of" || value.is_null());
                        Json::Object(map).to_string()
                    }));
                }
                Err(rule) => troubles.push(trouble(row, &[STEPS], rule)),
            }
        }
        if list.is_empty() || !troubles.is_empty() {
            return Ok(None);
        }
        let first = origin(own, &was, self.env.today);
        let start = State::new(own.received_on);
        let kinds: Vec<StepKind> = steps.iter().filter_map(|s| s.kind).collect();
        let stated = Stated::Steps(steps.clone());
        match follow(self.db, self.env, (first, start), steps)? {
            Ok(done) => Ok(Some(Course {
                stated,
                packed: pack(&done.steps, &done.kept),
                changes: Fields::new(),
                ending: Ending::of(&done.state, false),
                left: Vec::new(),
            })),
            Err(misstep) => {
                troubles.push(trouble(row, &[STEPS], rule_of(&misstep, &kinds)));
                Ok(None)
            }
        }
    }

    /// The petition that a step links to; one that did not come along is named in the step's note.
    fn find_lead(&mut self, map: &Map<String, Json>, step: &mut Step) -> Result<()> {
        let Some(json) = map.get("lead").filter(|json| !json.is_null()) else {
            return Ok(());
        };
        let name = json
            .as_str()
            .map_or_else(|| json.to_string(), str::to_owned);
        let told = map.get("lead_is").and_then(Json::as_str);
        let text = told.map_or_else(|| name.clone(), |told| link::write(&name, told));
        let found = self.links.find(self.db, self.env, Kind::Petition, &text)?;
        match found {
            Some(Ok(Value::Ref(id))) => step.lead = Some(RecordId(id)),
            _ => {
                let said = format!("(đơn {name})");
                let note = step.note.take().unwrap_or_default();
                step.note = Some(clean_long(&match note.contains(&said) {
                    true => note,
                    false => format!("{note} {said}"),
                }));
            }
        }
        Ok(())
    }

    /// The steps that a book's words mean for a petition as it stands.
    pub(super) fn decide(
        &mut self,
        row: &InRow,
        told: &Told,
        (own, state): (&Petition, &State),
        troubles: &mut Vec<Trouble>,
    ) -> Result<(Option<Followed>, Ending)> {
        let mut decided = told.steps(own, state);
        let mut stray = None;
        if let Some(text) = decided.addressee.take() {
            let on = decided.forwarded_on();
            let on = on.unwrap_or(self.env.today);
            match self.meant("forwarded_to", &text, on)? {
                Ok(unit) => decided.forward_to(unit),
                Err(rule) => {
                    stray = Some(on);
                    decided.lacks = Some(Msg::new(
                        format!("«{text}» chưa rõ là đơn vị nào ({})", rule.vi),
                        format!("\"{text}\" is no unit that is known ({})", rule.en),
                    ));
                }
            }
        }
        let mut lacks = decided.lacks.take();
        let mut begun = Vec::new();
        if lacks.is_some() && stray.is_none() {
            // Where only the end lacks something, what came before it holds.
            begun.clone_from(&decided.steps);
        }
        if lacks.is_none() {
            let kinds: Vec<StepKind> = decided.steps.iter().filter_map(|s| s.kind).collect();
            if kinds.is_empty() {
                let idle = told.at_work() && state.stage == Stage::Received;
                return Ok((
                    None,
                    Ending {
                        idle,
                        ..Ending::default()
                    },
                ));
            }
            let from = (own.clone(), state.clone());
            match follow(self.db, self.env, from, decided.steps)? {
                Ok(done) => {
                    let ending = Ending {
                        assumed: decided.assumed,
                        ..Ending::of(&done.state, false)
                    };
                    return Ok((Some(done), ending));
                }
                Err(misstep) if !misstep.barred => {
                    let keys = day_of(kinds.get(misstep.at).copied());
                    troubles.push(trouble(row, keys, rule_of(&misstep, &kinds)));
                    return Ok((None, Ending::default()));
                }
                Err(misstep) => lacks = Some(rule_of(&misstep, &kinds)),
            }
        }
        let why = (lacks.unwrap_or_default(), troubles);
        if begun.is_empty() {
            begun = told.begun(state);
        }
        let (done, ending) = self.without_enough(row, (told, begun), (own, state), why)?;
        Ok((done, Ending { stray, ..ending }))
    }

    /// What becomes of a matter of which the book does not tell enough, as the person has said.
    fn without_enough(
        &mut self,
        row: &InRow,
        (told, begun): (&Told, Vec<Step>),
        (own, state): (&Petition, &State),
        (lacks, troubles): (Msg, &mut Vec<Trouble>),
    ) -> Result<(Option<Followed>, Ending)> {
        if let (Some(on), Some(received)) = (told.ended_on(), own.received_on)
            && on < received
        {
            let rule = t(
                "kết thúc trước ngày nhận đơn",
                "it ended before it was received",
            );
            troubles.push(trouble(row, &["ended_on"], rule.into()));
        }
        let why = |vi: &str, en: &str| {
            Msg::new(format!("{}: {vi}", lacks.vi), format!("{}: {en}", lacks.en))
        };
        let mut ending = Ending {
            lacks: true,
            ..Ending::default()
        };
        match self.book.lacking {
            Some(Lacking::Error) => {
                let rule = why(
                    "chưa đủ để ghi bước kết thúc; ghi thêm vào tệp, hoặc chọn cách nhập việc cũ (c, --finished)",
                    "not enough for the step that ends it; complete the file, or say how old matters come in (c, --finished)",
                );
                troubles.push(trouble(row, Told::KEYS, rule));
                return Ok((None, ending));
            }
            Some(Lacking::File) if told.ends() => {
                let last = own
                    .received_on
                    .and_then(|on| NaiveDate::from_ymd_opt(on.year(), 12, 31))
                    .map(|on| on.min(self.env.today));
                for step in told.filed(&lacks, last) {
                    let from = (own.clone(), state.clone());
                    let (kind, assumed) = (step.kind, step.on == last && told.end_is_untold());
                    let Ok(done) = follow(self.db, self.env, from, vec![step])? else {
                        continue;
                    };
                    ending = Ending {
                        filed: kind == Some(StepKind::FileAway),
                        kept: kind != Some(StepKind::FileAway),
                        lacks: true,
                        ..Ending::of(&done.state, true)
                    };
                    ending.why = Some(old_matter(&lacks, told, &done.state, (kind, assumed)));
                    return Ok((Some(done), ending));
                }
            }
            _ => {}
        }
        ending.why = Some(why(
            "vào sổ như việc chưa xong, chữ của sổ ở «Ghi chú»",
            "comes in as not finished, the book's words in the note",
        ));
        // What it does tell of the beginning holds all the same.
        let from = (own.clone(), state.clone());
        let done = follow(self.db, self.env, from, begun)?.ok();
        Ok((done.filter(|d| !d.steps.is_empty()), ending))
    }

    /// What a course adds to a row that makes a petition.
    pub(super) fn new_course(
        &mut self,
        course: &Course,
        (row, fields): (&InRow, &mut Fields),
        notes: &mut Vec<Trouble>,
    ) {
        notes.extend(told_of(&course.ending, row));
        self.ended.push(course.ending.clone());
        for (key, value) in &course.changes {
            if !fields.iter().any(|(own, _)| own == key) {
                fields.push((key, value.clone()));
            }
        }
        let packed = course.packed.clone();
        fields.extend(packed.map(|text| (STEPS, Value::Text(text))));
    }
}

/// Puts the lines that a course leaves for the note of a petition behind what stands there already: what was written by
/// hand stays, no line comes twice, and one that a person has taken out does not come again. A note that the file itself
/// gives goes before the one that is there.
///
/// # Errors
/// A failure of the database.
pub(super) fn keep_note(
    db: Db,
    (course, before): (&Course, &dyn Record),
    row: &InRow,
    fields: &mut Fields,
) -> Result<()> {
    if course.left.is_empty() || row.given.iter().any(|g| g.key == "note") {
        return Ok(());
    }
    fields.retain(|(key, _)| *key != "note");
    let own = before.get("note").text().map(str::to_owned);
    let there = own.clone().unwrap_or_default();
    let lacks = |line: &&String| !there.contains(line.as_str());
    let mut new: Vec<String> = course.left.iter().filter(lacks).cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    let history = db.history(before.kind(), before.head().id)?;
    let notes = history
        .iter()
        .filter(|row| row.change.field.as_deref() == Some("note"));
    let was = |line: &String| {
        let mut old = notes.clone().filter_map(|row| row.change.before.as_deref());
        old.any(|text| text.contains(line.as_str()))
    };
    new.retain(|line| !was(line));
    let text: Vec<String> = own.into_iter().chain(new).collect();
    let text = clean_long(&text.join("\n"));
    if text != there {
        fields.push(("note", Value::Text(text)));
    }
    Ok(())
}

/// Appends lines to the note of a petition.
fn add_note(record: &mut dyn Record, fields: &mut Fields, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let own = fields.iter().find(|(key, _)| *key == "note");
    let own = own.and_then(|(_, value)| value.text().map(str::to_owned));
    let text: Vec<String> = own.into_iter().chain(lines.iter().cloned()).collect();
    let text = clean_long(&text.join("\n"));
    fields.retain(|(key, _)| *key != "note");
    fields.push(("note", Value::Text(text.clone())));
    // The key and type are the record's own.
    let _ = record.set("note", Value::Text(text));
}
