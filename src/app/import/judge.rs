//! What would become of one row: a new record, a change, nothing, or its troubles.
mod fate;

use super::course::Book;
use super::draft::Drafts;
use super::ending::Ending;
use super::inside::{HEIRS, Inside};
use super::key::Key;
use super::links::{Links, Made, chained, is_pending, own_links, texts};
use super::number::{NUMBER, Numbers};
use super::odd;
use super::ready::Ready;
use super::secret;
use super::told::Words;
use super::units::{Found, Units};
use super::value::{Fields, Read, Spare, values};
use super::{Feed, Trouble, natural_key};
use crate::app::rules::{self, Env};
use crate::app::secrecy::{self, PERSON_FIELDS};
use crate::app::{Error, Problem, Result, records};
use crate::catalog::carried::STEPS;
use crate::catalog::{self, Placed, Type};
use crate::domain::petition::book::shadow;
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::{Given, InRow};
use crate::domain::value::{Held, UnitRef, Value};
use crate::domain::words::Msg;
use crate::store::{Alike, Db, Seen};
use chrono::NaiveDate;
use std::collections::HashSet;

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// A new record with these fields.
    Create(Fields),
    /// A record gets these fields.
    Update(i64, Fields),
    /// The record is like this already: its id, or as a negative number the row before that makes it.
    Same(i64),
}

/// A row that was judged.
#[derive(Debug)]
pub(super) struct Judged {
    /// What becomes of it, or its troubles.
    pub(super) fate: std::result::Result<Fate, Vec<Trouble>>,
    /// Opinions that come with a dialogue.
    pub(super) inside: Inside,
    /// The record that it makes, where that is nothing but its fields and somebody takes it.
    pub(super) record: Option<Ready>,
}

/// Judges the rows of one file.
pub(super) struct Judge<'a> {
    pub(super) db: Db<'a>,
    pub(super) env: &'a Env,
    pub(super) kind: Kind,
    /// Fields by which a row of this file is known again.
    known_by: Vec<&'static str>,
    alike: Alike,
    /// The register holds nothing that a row could be known again in.
    empty: bool,
    pub(super) units: Units,
    pub(super) links: Links,
    read: Read,
    drafts: Drafts,
    key: Key,
    /// Fields that point to what the file itself may make.
    links_own: Vec<Placed>,
    pub(super) met: Seen,
    /// Codes of units that the file itself makes, for those below them.
    made: HashSet<String>,
    /// Codes of units in rows that wait.
    following: HashSet<String>,
    waiting: bool,
    pub(super) secret: bool,
    /// What the file says of how petitions went, its words that were met, and what became of the last row.
    pub(super) book: Book,
    pub(super) said: Words,
    pub(super) ended: Vec<Ending>,
    pub(super) numbers: Numbers,
    /// The years of its rows.
    pub(super) years: odd::Years,
    /// The file has rows to mend.
    mends: bool,
    /// Records that rows without a name were found to be, where several are alike.
    taken: HashSet<i64>,
    /// Who brought the denunciations of the rows before.
    writers: secrecy::Names,
    words: secret::Words,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        (db, env, kind): (Db<'a>, &'a Env, Kind),
        feed: &dyn Feed,
        spare: Spare,
    ) -> Result<Self> {
        // A file without the people, as an export usually is, cannot tell its rows apart by them.
        let keys = natural_key(kind).iter().copied();
        let known_by = keys.filter(|key| !PERSON_FIELDS.contains(key) || feed.tells(key));
        Ok(Self {
            known_by: known_by.collect(),
            alike: Alike::default(),
            links: Links::new(kind, feed.pointed()),
            db,
            env,
            kind,
            empty: !db.any_record(kind)?,
            units: Units::new(db)?,
            read: Read::new(spare),
            drafts: Drafts::new(kind, env.today),
            key: Key::of(kind),
            links_own: links_own(kind),
            met: Seen::default(),
            made: HashSet::new(),
            following: HashSet::new(),
            waiting: true,
            secret: false,
            book: feed.book(),
            said: Words::new(),
            ended: Vec::new(),
            numbers: Numbers::new(kind, feed.tells("number")),
            years: odd::Years::default(),
            mends: feed.mends(),
            taken: HashSet::new(),
            writers: secrecy::Names::default(),
            words: secret::Words::default(),
        })
    }

    /// Whether what a row points to is not known yet, a unit's parent or another row: it may follow in the file.
    pub(super) fn must_wait(&self, row: &InRow) -> bool {
        if !self.waiting {
            return false;
        }
        let unknown = |code: &str| {
            !self.made.contains(code)
                && self.db.unit_lives(code).is_ok_and(|lives| lives.is_empty())
        };
        let parent = match self.kind {
            Kind::Unit => row.given.iter().find(|g| g.key == "parent"),
            _ => None,
        };
        let heirs = || row.given.iter().any(|g| g.key == HEIRS);
        (self.kind == Kind::Unit && heirs())
            || parent.is_some_and(|g| unknown(&crate::domain::text::clean(&g.cell.shown())))
            || self.links.must_wait(row)
    }

    /// Whether the file itself makes a unit of this code.
    pub(super) fn is_made(&self, code: &str) -> bool {
        self.made.contains(code) || self.following.contains(code)
    }

    /// Whether the row that was judged last is about a denunciation.
    pub(super) fn is_secret(&self) -> bool {
        self.secret
    }

    /// All rows that did not wait were judged: the others in the order in which they point to each other.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn all_known(&mut self, waiting: Vec<InRow>) -> Result<Vec<InRow>> {
        self.waiting = false;
        let codes = waiting.iter().flat_map(|row| texts(row, "code"));
        self.following = codes.collect();
        let (mut rows, circle) = self.links.order(waiting);
        for row in &circle {
            self.expect(row)?;
        }
        rows.extend(circle);
        Ok(rows)
    }

    /// The records that agree with a row in the fields by which it is known again.
    fn alike_to(&mut self, record: &dyn Record) -> Result<Vec<i64>> {
        let found = self
            .db
            .agreeing_of_many(record, &self.known_by, &mut self.alike);
        Ok(found?)
    }

    /// Says what will become of a row in a circle by what it says beside its links.
    fn expect(&mut self, row: &InRow) -> Result<()> {
        let mut plain = row.clone();
        let link = |key: &str| own_links(self.kind).any(|own| own == key);
        plain.given.retain(|g| !link(g.key));
        let (mut troubles, mut notes) = (Vec::new(), Vec::new());
        let of = (self.db, self.env, self.kind);
        let given = (row.row, plain.given.as_slice());
        let with = (&mut self.links, &mut self.read);
        let mut fields = values(of, with, given, &mut troubles, &mut notes)?;
        let mut record = records::draft(self.kind, &fields, self.env.today);
        rules::complete(self.db, self.env, record.as_mut())?;
        self.resolve(record.as_mut(), &mut fields, row, &mut troubles)?;
        let there = self.alike_to(record.as_ref())?;
        let own = i64::try_from(row.row).unwrap_or(i64::MAX);
        let follows = !texts(row, "duplicate_of").is_empty();
        let made = there
            .first()
            .map_or(Made::Row(own, follows), |id| Made::There(*id));
        self.links.expect(row, record.as_ref(), made);
        Ok(())
    }

    /// What becomes of a row, or its troubles. Neither these nor the notes say who brought a denunciation.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn judge(&mut self, row: &InRow, notes: &mut Vec<Trouble>) -> Result<Judged> {
        let mut troubles = Vec::new();
        let given = (row.row, row.given.as_slice());
        let of = (self.db, self.env, self.kind);
        let with = (&mut self.links, &mut self.read);
        let mut fields = values(of, with, given, &mut troubles, notes)?;
        if let Some(written) = self.read.written() {
            self.drafts.back(written);
        }
        let mut record = self.drafts.of(&fields);
        rules::complete(self.db, self.env, record.as_mut())?;
        self.resolve(record.as_mut(), &mut fields, row, &mut troubles)?;
        self.secret =
            self.words.sound_secret(row) || secrecy::about_denunciation(self.db, record.as_ref())?;
        // To extend by an option would move it for every row.
        if let Some(trouble) = chained(&self.links, record.as_ref(), row.row) {
            troubles.push(trouble);
        }
        let course = self.course(row, record.as_mut(), &mut fields, &mut troubles)?;
        self.years.add(self.kind, record.as_ref(), row);
        if let Some(note) = odd::second_instance(record.as_ref(), row) {
            notes.push(note);
        }
        let mut fate = if troubles.is_empty() {
            let told = (row, course.as_ref());
            self.fate(record.as_mut(), fields, told, notes)?
        } else {
            // What else is wrong is told at once, so that a file is mended once.
            self.rest(record.as_mut(), row, &mut troubles)?;
            Err(troubles)
        };
        self.beside(&mut fate, (record.as_ref(), row), course.as_ref(), notes)?;
        let inside = self.inside(&mut fate, record.as_ref(), row)?;
        if self.secret {
            secret::hide(row, &mut self.writers, &mut fate, notes);
        }
        let made = made(&fate, record.as_ref(), row);
        self.links.keep(row, record.as_ref(), made);
        if fate.is_err() {
            self.numbers.wait_for(record.as_ref(), row);
        }
        // Which opinion of its dialogue one is is known where those before it are written.
        let plain = self.read.hands_on()
            && self.kind != Kind::Opinion
            && !self.secret
            && course.is_none()
            && inside.is_empty();
        let record = match &fate {
            Ok(Fate::Create(fields)) if plain && are_own(fields) => {
                Some(Ready::of(self.env, record))
            }
            _ => {
                self.drafts.back(record);
                None
            }
        };
        Ok(Judged {
            fate,
            inside,
            record,
        })
    }

    fn resolve(
        &mut self,
        record: &mut dyn Record,
        fields: &mut Fields,
        row: &InRow,
        troubles: &mut Vec<Trouble>,
    ) -> Result<()> {
        let day = rules::unit_day(self.db, self.env, record)?;
        let undated = self.undated(troubles);
        for (field, place) in catalog::units(self.kind) {
            let Held::Unit(unit) = record.held_at(*place) else {
                continue;
            };
            let found = if self.made.contains(&unit.code) {
                Ok(UnitRef {
                    id: 0,
                    ..unit.clone()
                })
            } else {
                self.meant(field.key, &unit.code, day)?
            };
            match found {
                Ok(found) => {
                    // The place and type are the record's own.
                    let _ = record.put(*place, Held::Unit(&found));
                    let own = fields.iter_mut().find(|(key, _)| *key == field.key);
                    match own {
                        Some((_, Value::Unit(own))) if own.code == found.code => own.id = found.id,
                        Some((_, own)) => *own = Value::Unit(found),
                        None => {}
                    }
                }
                Err(rule) => {
                    let _ = record.put(*place, Held::Null);
                    if !undated {
                        troubles.push(Trouble {
                            on: Some(day),
                            ..self.trouble(row, Some(field.key), rule)
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// The unit that words of a field mean on a day: what a person has said, where that was there then, else what they
    /// say themselves.
    pub(super) fn meant(&mut self, key: &str, text: &str, on: NaiveDate) -> Result<Found> {
        let said = match self.book.units.is_empty() {
            true => None,
            false => {
                let of = (key.to_owned(), shadow(text));
                self.book.units.get(&of).cloned()
            }
        };
        let Some(codes) = said else {
            return self.units.find(self.db, text, on);
        };
        let mut wrong = None;
        for code in codes.split_whitespace().chain([text]) {
            match self.units.find(self.db, code, on)? {
                Ok(unit) => return Ok(Ok(unit)),
                Err(rule) => wrong = wrong.or(Some(rule)),
            }
        }
        Ok(Err(wrong.unwrap_or_default()))
    }

    /// Whether a row's day is wrong itself: which units there were on it nobody can say then.
    fn undated(&self, troubles: &[Trouble]) -> bool {
        let own = match self.kind {
            Kind::Unit => "valid_from",
            kind => catalog::entity(kind).date_field,
        };
        troubles.iter().any(|t| t.key == Some(own))
    }

    pub(super) fn trouble(&self, row: &InRow, key: Option<&'static str>, rule: Msg) -> Trouble {
        let given = row.given.iter().find(|g| Some(g.key) == key);
        Trouble {
            row: row.row,
            column: given.map(|g| g.column),
            key,
            value: given.map_or_else(String::new, |g: &Given| g.cell.shown()),
            rule,
            on: None,
        }
    }

    fn told(&self, row: &InRow, problems: Vec<Problem>) -> Vec<Trouble> {
        problems
            .into_iter()
            .map(|p| {
                let missing = row.given.iter().all(|g| Some(g.key) != p.field);
                let rule = match p.field.filter(|_| missing) {
                    Some(_) => Msg::new(
                        format!("{}: {}", p.label.vi, p.msg.vi),
                        format!("{}: {}", p.label.en, p.msg.en),
                    ),
                    None => p.msg,
                };
                self.trouble(row, p.field, rule)
            })
            .collect()
    }

    /// The rules that a row breaks beside the troubles it has.
    fn rest(
        &self,
        record: &mut dyn Record,
        row: &InRow,
        troubles: &mut Vec<Trouble>,
    ) -> Result<()> {
        let known: Vec<Option<&str>> = troubles.iter().map(|t| t.key).collect();
        let undated = self.undated(troubles);
        let unit = |key: &str| {
            let given = row.given.iter().any(|g| g.key == key);
            given && catalog::field(self.kind, key).is_some_and(|f| f.ty == Type::Unit)
        };
        match self.hold(record) {
            Err(Error::Refused(mut problems)) => {
                problems.retain(|p| !known.contains(&p.field));
                problems.retain(|p| !(undated && p.field.is_some_and(unit)));
                troubles.extend(self.told(row, problems));
                Ok(())
            }
            other => other,
        }
    }

    /// Holds the rules of a new record; what the file itself makes is not there yet.
    fn hold(&self, record: &mut dyn Record) -> Result<()> {
        let mut later = Vec::new();
        for (_, place) in &self.links_own {
            let held = record.held_at(*place);
            let own = match held {
                Held::Ref(row) => row < 0,
                Held::Unit(unit) => unit.id == 0,
                _ => false,
            };
            if own {
                later.push((*place, held.to_value()));
                // The place and type are the record's own.
                let _ = record.put(*place, Held::Null);
            }
        }
        let held = rules::hold(self.db, self.env, record, None);
        for (place, value) in later {
            let _ = record.put(place, value.held());
        }
        held
    }
}

/// Whether a record holds the fields as they stand here.
fn are_own(fields: &Fields) -> bool {
    let apart = |key: &str| matches!(key, NUMBER | STEPS | HEIRS);
    !fields
        .iter()
        .any(|(key, value)| apart(key) || is_pending(value))
}

/// What becomes of a row, for those that point to it.
fn made(fate: &std::result::Result<Fate, Vec<Trouble>>, record: &dyn Record, row: &InRow) -> Made {
    let own = i64::try_from(row.row).unwrap_or(i64::MAX);
    match fate {
        Ok(Fate::Create(_)) => Made::Row(own, record.held("duplicate_of") != Held::Null),
        Ok(Fate::Same(row)) if *row < 0 => Made::Row(-row, false),
        Ok(Fate::Update(id, _) | Fate::Same(id)) => Made::There(*id),
        Err(_) => Made::Not,
    }
}

/// The fields of a kind that may point to what rows of the same file make.
fn links_own(kind: Kind) -> Vec<Placed> {
    let own = |field: &catalog::Field| field.ty == Type::Ref(kind) || field.key == "parent";
    catalog::placed(kind).filter(|(f, _)| own(f)).collect()
}
