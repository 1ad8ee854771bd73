//! What takes an operation back: of each record the opposite of what was done to it, in the opposite order. What was
//! added together may point to each other, so whether all of it holds is judged when all of it is done.
use super::told::name;
use crate::app::petitions::{self, Back};
use crate::app::records::{self, Edit};
use crate::app::secrecy::Wiped;
use crate::app::{Error, Problem, Result, history, rules};
use crate::catalog::{self, show};
use crate::domain::petition::PetitionType;
use crate::domain::record::{Kind, Record};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Msg, Text, t};
use crate::store::{Action, Db, Deed, OperationChange, OperationRow, OperationStep, Tx};
use std::collections::HashMap;

/// What an operation did to one record.
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) record: i64,
    pub(super) changes: Vec<OperationChange>,
}

impl Part {
    pub(super) fn has(&self, action: Action) -> bool {
        self.changes.iter().any(|c| c.action == action)
    }

    /// The record was added or brought back: it goes.
    pub(super) fn goes(&self) -> bool {
        self.has(Action::Add) || self.has(Action::Restore)
    }
}

/// A taking back that is running.
pub(super) struct Run<'a> {
    tx: &'a Tx<'a>,
    env: &'a rules::Env,
    /// The operation that is taken back, and the first one of its chain.
    chain: (i64, i64),
    why: &'static str,
    stamp: (&'a str, &'a str),
    pub(super) wiped: Vec<Wiped>,
}

/// Fields that steps change.
const BY_STEPS: [&str; 6] = [
    "jurisdiction",
    "eligible",
    "complex",
    "very_complex",
    "remote",
    "duplicate_of",
];

/// Takes an operation back within a transaction; what was wiped, of which the file must be cleaned after it.
///
/// # Errors
/// At which record what forbids it.
pub(super) fn take_back(
    tx: &Tx,
    env: &rules::Env,
    operation: &OperationRow,
    stamp: (&str, &str),
) -> Result<Vec<Wiped>> {
    let (deed, chain) = chain(operation);
    tx.takes_back(deed, chain);
    let mut run = Run::of(tx, env, operation, stamp);
    let parts = parts(tx.read().operation_changes(operation.id, None)?);
    if parts.is_empty() {
        return Err(Error::refused(
            t("việc này không đổi gì để lấy lại", "nothing to take back").into(),
        ));
    }
    match run.all(&parts) {
        Ok(()) => Ok(run.wiped),
        Err((place, error)) => Err(match parts.get(place) {
            Some(part) => at(tx.read(), part, error),
            None => error,
        }),
    }
}

/// What taking an operation back is, and that operation with the first one of its chain.
pub(super) fn chain(operation: &OperationRow) -> (Deed, (i64, i64)) {
    let deed = match operation.deed {
        Deed::Undo => Deed::Redo,
        Deed::Change | Deed::Redo => Deed::Undo,
    };
    let root = operation.root.unwrap_or(operation.id);
    (deed, (operation.id, root))
}

/// The changes by record, in the order in which each was first changed.
pub(super) fn parts(changes: Vec<OperationChange>) -> Vec<Part> {
    let mut places: HashMap<(Kind, i64), usize> = HashMap::new();
    let mut parts: Vec<Part> = Vec::new();
    for change in changes {
        let (kind, record) = (change.kind, change.record);
        let place = *places.entry((kind, record)).or_insert(parts.len());
        match parts.get_mut(place) {
            Some(part) => part.changes.push(change),
            None => parts.push(Part {
                kind,
                record,
                changes: vec![change],
            }),
        }
    }
    parts
}

/// A refusal with the record it is about.
pub(super) fn at(db: Db, part: &Part, error: Error) -> Error {
    let whose = match name(db, part.kind, part.record) {
        Ok(whose) => whose,
        Err(error) => return error,
    };
    match error {
        Error::Refused(problems) => Error::Refused(
            problems
                .into_iter()
                .map(|p| Problem {
                    row: None,
                    field: None,
                    label: Msg::default(),
                    msg: Msg::new(
                        format!("{}: {}{}", whose.vi, led(&p.label.vi), p.msg.vi),
                        format!("{}: {}{}", whose.en, led(&p.label.en), p.msg.en),
                    ),
                })
                .collect(),
        ),
        other => other,
    }
}

fn led(label: &str) -> String {
    match label {
        "" => String::new(),
        label => format!("{label}: "),
    }
}

fn refused(vi: String, en: String) -> Error {
    Error::refused(Msg::new(vi, en))
}

/// «lan đã đổi sau đó, lúc 12/03/2026 08:15».
pub(super) fn meanwhile(who: &str, at: &str) -> Error {
    let at = history::moment(at);
    refused(
        format!("{who} đã đổi sau đó, lúc {at}; không lấy lại để khỏi mất"),
        format!("{who} has changed it since, at {at}; not taken back, so that nothing is lost"),
    )
}

impl<'a> Run<'a> {
    /// A taking back of an operation within a transaction.
    pub(super) fn of(
        tx: &'a Tx<'a>,
        env: &'a rules::Env,
        operation: &OperationRow,
        stamp: (&'a str, &'a str),
    ) -> Self {
        let (deed, chain) = chain(operation);
        Self {
            tx,
            env,
            chain,
            why: match deed {
                Deed::Redo => "làm lại",
                Deed::Change | Deed::Undo => "hoàn tác",
            },
            stamp,
            wiped: Vec::new(),
        }
    }
}

impl Run<'_> {
    /// The first operation of the chain that is taken back.
    pub(super) fn root(&self) -> i64 {
        self.chain.1
    }

    /// All of it for one record, when those that point to it were done before.
    pub(super) fn one(&mut self, part: &Part) -> Result<()> {
        if part.has(Action::Remove) {
            self.bring_back(part)?;
        }
        if !part.has(Action::Add) {
            self.content(part)?;
        }
        if part.goes() {
            self.put_away(part)?;
        }
        self.hold(part)
    }

    /// All of it for records that may stand on each other, or at which of them it fails and why.
    pub(super) fn all(&mut self, parts: &[Part]) -> std::result::Result<(), (usize, Error)> {
        let each = || parts.iter().enumerate();
        for (n, part) in each().rev().filter(|(_, p)| p.has(Action::Remove)) {
            self.bring_back(part).map_err(|e| (n, e))?;
        }
        for (n, part) in each().rev().filter(|(_, p)| !p.has(Action::Add)) {
            self.content(part).map_err(|e| (n, e))?;
        }
        for (n, part) in each().rev().filter(|(_, p)| p.goes()) {
            self.put_away(part).map_err(|e| (n, e))?;
        }
        for (n, part) in each() {
            self.hold(part).map_err(|e| (n, e))?;
        }
        Ok(())
    }

    /// Gives back the steps and the fields of one record.
    fn content(&mut self, part: &Part) -> Result<()> {
        let db = self.tx.read();
        let steps = match part.kind {
            Kind::Petition => db.operation_steps(self.chain.0, part.record)?,
            _ => Vec::new(),
        };
        // What a step changed in the fields goes with the step, the rest as any other edit.
        for step in steps.iter().rev() {
            self.step(step)?;
        }
        self.edits(part, !steps.is_empty())
    }

    /// Holds the rules over what went or came back.
    fn hold(&self, part: &Part) -> Result<()> {
        let db = self.tx.read();
        let mut record = self.load(part)?;
        if part.goes() {
            records::judge_removed(db, self.env, record.as_ref(), true)?;
        } else if part.has(Action::Remove) {
            record.head_mut().deleted = true;
            records::judge_removed(db, self.env, record.as_ref(), false)?;
        }
        if part.goes() && part.kind == Kind::Dialogue {
            let left = db.pointing(Kind::Opinion, "dialogue", part.record)?.len();
            if left > 0 {
                return Err(refused(
                    format!("còn {left} ý kiến được thêm sau đó"),
                    format!("{left} opinions were added to it since"),
                ));
            }
        }
        Ok(())
    }

    fn load(&self, part: &Part) -> Result<Box<dyn Record>> {
        self.tx
            .read()
            .get(part.kind, part.record)?
            .ok_or_else(|| refused("không còn trong sổ".into(), "is not there any more".into()))
    }

    /// Removes what was added or brought back, when nobody has worked on it since.
    fn put_away(&self, part: &Part) -> Result<()> {
        let (db, of) = (self.tx.read(), (part.kind, part.record));
        let mut record = self.load(part)?;
        if let Some((who, at)) = db.stands_since(of, self.chain.1)? {
            return Err(meanwhile(&who, &at));
        }
        if record.head().deleted {
            return Err(refused("đã xóa rồi".into(), "is removed already".into()));
        }
        records::mark(self.tx, record.as_mut(), true, Some(self.why), self.stamp)
    }

    fn bring_back(&self, part: &Part) -> Result<()> {
        let mut record = self.load(part)?;
        if !record.head().deleted {
            return Err(refused(
                "đã được khôi phục rồi".into(),
                "is restored already".into(),
            ));
        }
        if part.kind == Kind::Unit {
            // The file itself holds that no two units share a code; that is told in words first.
            records::judge_removed(self.tx.read(), self.env, record.as_ref(), false)?;
        }
        records::mark(self.tx, record.as_mut(), false, Some(self.why), self.stamp)
    }

    /// Takes a step back, or takes again one that was taken back.
    fn step(&self, step: &OperationStep) -> Result<()> {
        let (tx, id) = (self.tx, step.petition);
        let meant = step.undoes.unwrap_or(step.step);
        let rows = tx.read().steps(id)?;
        let Some(row) = rows.into_iter().find(|row| row.step.id == meant) else {
            return Err(refused(
                "không còn bước đó".into(),
                "that step is not there".into(),
            ));
        };
        let first = Some(row.first());
        if step.undoes.is_some() {
            return petitions::take_in(tx, self.env, id, (row.step, first), self.stamp).map(drop);
        }
        let back = Back {
            step: first,
            why: self.why,
        };
        petitions::undo_in(tx, self.env, id, &back, self.stamp).map(drop)
    }

    /// Gives fields back the values they had, where they still have those that the operation gave.
    fn edits(&mut self, part: &Part, stepped: bool) -> Result<()> {
        if !part.has(Action::Edit) {
            return Ok(());
        }
        let record = self.load(part)?;
        let given = given_back(self.tx.read(), self.env, (part, stepped), record.as_ref())?;
        let Some((fields, heirs)) = given else {
            return Ok(());
        };
        let edit = Edit {
            fields: &fields,
            heirs: heirs.as_deref(),
            why: Some(self.why),
        };
        let env = &self.env.of_written();
        let (_, wiped) = records::change_fields(self.tx, env, record, &edit, self.stamp)?;
        self.wiped.extend(wiped);
        Ok(())
    }
}
/// The values that a change gave fields, as they were before.
type GivenBack = (
    Vec<(&'static str, Value)>,
    Option<Vec<(String, SuccessionKind)>>,
);

/// The values that fields of a record get back, beside what its steps (`stepped`) have given back; none where there is
/// nothing.
///
/// # Errors
/// A field that has another value since, or a value that cannot come back.
pub(super) fn given_back(
    db: Db,
    env: &rules::Env,
    (part, stepped): (&Part, bool),
    record: &dyn Record,
) -> Result<Option<GivenBack>> {
    if part.changes.iter().any(|change| is_secret(env, change)) {
        return Err(secret());
    }
    let mut net: Vec<Net> = Vec::new();
    let edits = part.changes.iter().filter(|c| c.action == Action::Edit);
    for change in edits {
        let key = change.change.field.as_deref().unwrap_or_default();
        if change.change.before.is_none() && change.change.after.is_none() {
            return Err(forgotten());
        }
        match net.iter_mut().find(|n| n.key == key) {
            Some(known) => {
                known.after = change.change.after.as_deref();
                known.audit = change.audit;
            }
            None => net.push(Net {
                key,
                before: change.change.before.as_deref(),
                after: change.change.after.as_deref(),
                audit: change.audit,
            }),
        }
    }
    if net.is_empty() {
        return Ok(None);
    }
    let mut fields = Vec::new();
    let mut heirs = None;
    for n in &net {
        let now = match n.key {
            SUCCESSORS => records::told_heirs(db, part.record, env.today)?,
            key => text(record, key),
        };
        // Given back with its step, or kept there for what was done since.
        if stepped && (now.as_deref() == n.before || BY_STEPS.contains(&n.key)) {
            continue;
        }
        if now.as_deref() != n.after {
            let label = history::field_label(part.kind, n.key);
            let of = (part.kind, part.record);
            let since = db.changed_since(of, Some(n.key), n.audit)?;
            return Err(since.map_or_else(
                || changed(label),
                |(who, at)| {
                    let msg = meanwhile(&who, &at);
                    at_field(label, msg)
                },
            ));
        }
        if n.key == SUCCESSORS {
            heirs = Some(records::read_heirs(n.before).ok_or_else(unreadable)?);
            continue;
        }
        let value = value(env, part.kind, n)?;
        fields.push(value);
    }
    Ok((!fields.is_empty() || heirs.is_some()).then_some((fields, heirs)))
}

/// The value that a field had before.
fn value(env: &rules::Env, kind: Kind, net: &Net) -> Result<(&'static str, Value)> {
    let field = catalog::field(kind, net.key).ok_or_else(unreadable)?;
    let Some(text) = net.before else {
        return Ok((field.key, Value::Null));
    };
    let value = catalog::parse::parse(field, text, env.today);
    Ok((field.key, value.map_err(|_| unreadable())?))
}

/// Whether a change made something a denunciation, or ended its being one.
fn is_secret(env: &rules::Env, change: &OperationChange) -> bool {
    let key = change.change.field.as_deref().unwrap_or_default();
    let Some(field) = catalog::field(change.kind, key) else {
        return false;
    };
    let code = PetitionType::Denunciation.code();
    let says = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| catalog::parse::parse(field, text, env.today).ok())
            .is_some_and(|value| value.text() == Some(code))
    };
    matches!(key, "type" | "matter_type")
        && (says(&change.change.before) || says(&change.change.after))
}

/// Key under which the history tells the successors of a unit.
const SUCCESSORS: &str = "successors";

/// What an operation made of one field.
struct Net<'a> {
    key: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    audit: i64,
}

fn text(record: &dyn Record, key: &str) -> Option<String> {
    let value = record.get(key);
    let field = catalog::field(record.kind(), key)?;
    (!value.is_null()).then(|| show::edit_text(field, &value))
}

fn at_field(label: Text, error: Error) -> Error {
    match error {
        Error::Refused(problems) => Error::Refused(
            problems
                .into_iter()
                .map(|p| Problem {
                    label: label.into(),
                    ..p
                })
                .collect(),
        ),
        other => other,
    }
}

fn changed(label: Text) -> Error {
    at_field(
        label,
        refused(
            "đã đổi sau đó; không lấy lại để khỏi mất".into(),
            "has changed since; not taken back, so that nothing is lost".into(),
        ),
    )
}

fn unreadable() -> Error {
    refused(
        "giá trị cũ không còn hợp lệ; hãy sửa trong biểu".into(),
        "the old value is no longer valid; edit it in the form".into(),
    )
}

fn forgotten() -> Error {
    refused(
        "giá trị cũ đã xóa khỏi lịch sử (Luật Tố cáo Đ8); không lấy lại được".into(),
        "the old value was removed from the history (Law on Denunciations Art. 8); it cannot come back"
            .into(),
    )
}

fn secret() -> Error {
    refused(
        "việc chuyển thành, hay thôi là, tố cáo không lấy lại được (Luật Tố cáo Đ8); nếu nhầm, sửa Loại trong biểu"
            .into(),
        "what was made a denunciation, or ceased to be one, is not taken back (Law on Denunciations Art. 8); if it was a mistake, change the type in the form"
            .into(),
    )
}
