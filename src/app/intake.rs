//! Intake: what a clerk enters together is saved together. A petition with the link to its matter or to the visit it
//! came from; a reception day or a dialogue with its rows, of which some become petitions.
use super::records::{self, Edit, Fields, NewRecord, draft};
use super::{Cx, Error, Problem, Result, petitions, rules, secrecy};
use crate::domain::petition::{PetitionType, Source, Step, StepKind, field_applies};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, RecordId, Value};
use crate::domain::words::t;
use crate::store::Tx;

/// The longest subject that is made of a content, in letters (the limit of the field).
const SUBJECT: usize = 300;

/// A petition as it is entered, with what is done to it in the same transaction.
#[derive(Debug, Clone, Default)]
pub struct NewPetition {
    /// Its fields.
    pub fields: Fields,
    /// The first paper of the matter it is linked to.
    pub lead: Option<i64>,
    /// The visit or opinion it came from, which will point to it.
    pub from: Option<(Kind, i64)>,
}

/// One row of a reception day or a dialogue.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its fields.
    pub fields: Fields,
    /// The type of the petition that is made of it, when one is.
    pub petition: Option<PetitionType>,
}

/// What was saved of a reception day or a dialogue.
#[derive(Debug, Clone, Default)]
pub struct Entered {
    /// The dialogue; none for a reception day, which is no record of its own.
    pub head: Option<Box<dyn Record>>,
    /// The visits or opinions, in their order.
    pub rows: Vec<Box<dyn Record>>,
    /// The petitions made of them.
    pub petitions: Vec<Box<dyn Record>>,
}

/// The kind of the rows that are entered under a head: opinions under a dialogue, visits under a reception day.
#[must_use]
pub fn rows_of(head: Kind) -> Option<Kind> {
    match head {
        Kind::Reception => Some(Kind::Reception),
        Kind::Dialogue => Some(Kind::Opinion),
        _ => None,
    }
}

/// Whether a petition can be made of a record of this kind.
#[must_use]
pub fn becomes_petition(kind: Kind) -> bool {
    matches!(kind, Kind::Reception | Kind::Opinion)
}

/// Adds a petition; the link to its matter and to the visit it came from are kept with it, or nothing is.
///
/// # Errors
/// Broken rules, a link that is not possible, or a failure of the database.
pub fn petition(cx: &mut Cx, new: NewPetition) -> Result<Box<dyn Record>> {
    let (saved, wiped) = cx.write(|tx, env, stamp| {
        let saved = add_petition(tx, env, &new.fields, stamp)?;
        let id = saved.head().id;
        let mut wiped = None;
        if let Some((kind, from)) = new.from {
            wiped = point(tx, env, (kind, from), id, stamp)?;
        }
        let Some(lead) = new.lead else {
            return Ok((saved, wiped));
        };
        // Dated as the paper itself, so that steps entered late find their place after it.
        let link = Step {
            kind: Some(StepKind::Link),
            on: day_of(saved.as_ref(), "received_on"),
            lead: Some(RecordId(lead)),
            ..Step::default()
        };
        Ok((petitions::take_in(tx, env, id, (link, None), stamp)?, wiped))
    })?;
    if let Some(wiped) = wiped {
        secrecy::scrub(cx, &[wiped])?;
    }
    Ok(saved)
}

fn add_petition(
    tx: &Tx,
    env: &rules::Env,
    fields: &Fields,
    stamp: (&str, &str),
) -> Result<Box<dyn Record>> {
    let record = draft(Kind::Petition, fields, env.today);
    records::insert(tx, env, record, &NewRecord::default(), stamp)
}

/// Makes a visit or an opinion point to its petition.
fn point(
    tx: &Tx,
    env: &rules::Env,
    of: (Kind, i64),
    petition: i64,
    stamp: (&str, &str),
) -> Result<Option<secrecy::Wiped>> {
    let before = records::fetch(tx.read(), env, of.0, of.1)?;
    has_none(before.as_ref())?;
    let edit = Edit {
        fields: &[("petition", Value::Ref(petition))],
        heirs: None,
        why: None,
    };
    let (_, wiped) = records::change_fields(tx, env, before, &edit, stamp)?;
    Ok(wiped)
}

/// Holds that no petition was made of a visit or an opinion yet.
fn has_none(row: &dyn Record) -> Result<()> {
    if row.get("petition").is_null() {
        return Ok(());
    }
    Err(Error::refused(
        t(
            "đã có đơn lập từ dòng này",
            "a petition was made of it already",
        )
        .into(),
    ))
}

fn day_of(record: &dyn Record, key: &str) -> Option<chrono::NaiveDate> {
    match record.get(key) {
        Value::Date(day) => Some(day),
        _ => None,
    }
}

/// The fields of the petition that a visit or an opinion becomes, of an opinion with the dialogue it was raised in. Of a
/// denunciation no person is taken over.
#[must_use]
pub fn petition_of(
    row: &dyn Record,
    dialogue: Option<&dyn Record>,
    kind: Option<PetitionType>,
) -> Fields {
    let content = row.get("content").text().unwrap_or_default().to_owned();
    let subject = subject_of(&content);
    let visit = row.kind() == Kind::Reception;
    let source = if visit {
        Source::Reception
    } else {
        Source::InPerson
    };
    let mut fields: Fields = vec![("source", Value::Text(source.code().to_owned()))];
    if let Some(kind) = kind {
        fields.push(("type", Value::Text(kind.code().to_owned())));
    }
    if subject != content.trim() {
        fields.push(("content", Value::Text(content)));
    }
    fields.push(("subject", Value::Text(subject)));
    let taken: &[(&str, &str)] = if visit {
        &[
            ("received_on", "received_on"),
            // Until a person says what it is about: the place where it was brought forward.
            ("unit", "unit"),
            ("petitioner", "visitor"),
            ("address", "address"),
            ("demand", "demand"),
            ("earlier_handling", "earlier_handling"),
        ]
    } else {
        &[
            ("petitioner", "asker"),
            ("field", "field"),
            ("handler_unit", "assigned_unit"),
        ]
    };
    for (key, from) in taken {
        fields.push((key, row.get(from)));
    }
    if let Some(dialogue) = dialogue {
        fields.push(("received_on", dialogue.get("held_on")));
        // Raised there and nowhere else: until a person says what it is about, as of a visit.
        fields.push(("unit", dialogue.get("unit")));
    }
    fields.retain(|(key, value)| !value.is_null() && field_applies(key, kind));
    fields
}

/// The first line of a content, as long as a subject may be.
fn subject_of(content: &str) -> String {
    let line = content.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    if line.chars().count() <= SUBJECT {
        return line.to_owned();
    }
    let cut: String = line.chars().take(SUBJECT - 1).collect();
    let whole = cut.rfind(' ').and_then(|at| cut.get(..at));
    format!("{}…", whole.unwrap_or(&cut))
}

/// The fields of the petition that a stored visit or opinion becomes.
///
/// # Errors
/// When the record is not there, or a petition was made of it already.
pub fn petition_from(cx: &Cx, kind: Kind, id: i64) -> Result<Fields> {
    let row = records::get(cx, kind, id)?;
    has_none(row.as_ref())?;
    let dialogue = match row.get("dialogue") {
        Value::Ref(dialogue) => Some(records::get(cx, Kind::Dialogue, dialogue)?),
        _ => None,
    };
    let of = row.get("matter_type");
    Ok(petition_of(
        row.as_ref(),
        dialogue.as_deref(),
        of.text().and_then(PetitionType::from_code),
    ))
}

/// Saves a reception day or a dialogue with its rows, and the petitions made of them: all of it, or nothing with every
/// problem of every row.
///
/// # Errors
/// Broken rules, or a failure of the database.
pub fn together(cx: &mut Cx, kind: Kind, head: &Fields, rows: &[Row]) -> Result<Entered> {
    cx.write(|tx, env, stamp| {
        let mut problems: Vec<Problem> = Vec::new();
        let mut entered = Entered::default();
        let mut common = head.clone();
        if kind == Kind::Dialogue {
            let dialogue = draft(kind, head, env.today);
            let dialogue = records::insert(tx, env, dialogue, &NewRecord::default(), stamp)?;
            common = vec![("dialogue", Value::Ref(dialogue.head().id))];
            entered.head = Some(dialogue);
        }
        for (at, row) in rows.iter().enumerate() {
            let fields = common.iter().chain(&row.fields).cloned().collect();
            let becomes = (row.petition, entered.head.as_deref());
            match add_row(tx, env, kind, fields, becomes, stamp) {
                Ok((record, petition)) => {
                    entered.rows.push(record);
                    entered.petitions.extend(petition);
                }
                Err(Error::Refused(more)) => {
                    place_problems(&mut problems, more, head, at + 1);
                }
                Err(other) => return Err(other),
            }
        }
        if problems.is_empty() {
            Ok(entered)
        } else {
            Err(Error::Refused(problems))
        }
    })
}

type Saved = (Box<dyn Record>, Option<Box<dyn Record>>);

fn add_row(
    tx: &Tx,
    env: &rules::Env,
    kind: Kind,
    mut fields: Fields,
    (petition, dialogue): (Option<PetitionType>, Option<&dyn Record>),
    stamp: (&str, &str),
) -> Result<Saved> {
    let kind = rows_of(kind).unwrap_or(kind);
    let mut made = None;
    if let Some(of) = petition {
        let row = draft(kind, &fields, env.today);
        // What the row itself lacks is said of the row, once.
        let mut probe = row.boxed();
        rules::complete(tx.read(), env, probe.as_mut())?;
        rules::hold(tx.read(), env, probe.as_mut(), None)?;
        let known = petition_of(row.as_ref(), dialogue, Some(of));
        let petition = add_petition(tx, env, &known, stamp)?;
        fields.push(("petition", Value::Ref(petition.head().id)));
        made = Some(petition);
    }
    let row = draft(kind, &fields, env.today);
    Ok((
        records::insert(tx, env, row, &NewRecord::default(), stamp)?,
        made,
    ))
}

/// What is wrong with the head is said once, without a row.
fn place_problems(problems: &mut Vec<Problem>, more: Vec<Problem>, head: &Fields, row: usize) {
    for mut problem in more {
        let of_head = problem
            .field
            .is_some_and(|key| head.iter().any(|(known, _)| *known == key));
        problem.row = (!of_head).then_some(row);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
}

/// The record of a register that this user entered last, the removed ones apart: what a form carries values over from.
/// Also whether that was today.
///
/// # Errors
/// A failure of the database.
pub fn last_own(cx: &Cx, kind: Kind) -> Result<Option<(Box<dyn Record>, bool)>> {
    match cx.store.read().last_added(kind, cx.actor())? {
        Some((id, at)) => {
            let today = at.starts_with(&cx.today().to_string());
            Ok(Some((records::get(cx, kind, id)?, today)))
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::record::blank;

    #[test]
    fn a_long_content_gives_a_subject_that_ends_at_a_word() {
        assert_eq!(subject_of("\n  Đường liên ấp \như trên"), "Đường liên ấp");
        let long = "một hai ".repeat(80);
        let subject = subject_of(&long);
        assert!(subject.chars().count() <= SUBJECT);
        assert!(subject.ends_with("một…") || subject.ends_with("hai…"));
    }

    #[test]
    fn a_denunciation_made_of_a_visit_takes_no_person() {
        let mut visit = blank(Kind::Reception);
        for (key, text) in [("visitor", "Trần Thị Sương"), ("content", "Một việc")] {
            visit.set(key, Value::Text(text.into())).unwrap();
        }
        let keys = |kind| -> Vec<&str> {
            petition_of(visit.as_ref(), None, Some(kind))
                .iter()
                .map(|(key, _)| *key)
                .collect()
        };
        assert!(keys(PetitionType::Complaint).contains(&"petitioner"));
        assert!(!keys(PetitionType::Denunciation).contains(&"petitioner"));
    }
}
