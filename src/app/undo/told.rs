//! An operation in words: «sửa Nội dung của đơn 15/2026».
use super::pieces::rest;
use crate::app::{Result, history, long, records};
use crate::catalog;
use crate::domain::number::vi_int;
use crate::domain::petition::StepKind;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Lang, Msg, Text, t};
pub use crate::store::Deed;
use crate::store::{Action, Db, OperationChange, OperationRow};

/// Rows of an operation that are read to tell it.
const READ: usize = 40;
/// Fields that are named.
const NAMED: usize = 3;
/// Letters of a value that is shown.
const SHOWN: usize = 60;

/// An operation in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: i64,
    /// When, ISO with time and offset.
    pub at: String,
    /// Login name of who did it.
    pub who: String,
    /// Whether it was a change, a taking back, or a doing again.
    pub deed: Deed,
    /// What was changed, in one line; for a taking back, what was taken back.
    pub what: Msg,
    /// The fields of one record: label, now, and what they would be after taking it back.
    pub fields: Vec<(Text, String, String)>,
    /// The record, or the first of several.
    pub record: Option<(Kind, i64)>,
    /// How many records.
    pub records: usize,
    /// Who took it back, and when.
    pub undone: Option<(String, String)>,
    /// What it has left out, being so large that others worked on meanwhile; of one that was taken back: what still
    /// stands, and can be taken back too.
    pub left: Option<Msg>,
}

/// Tells an operation.
///
/// # Errors
/// A failure of the database.
pub(super) fn told(db: Db, row: &OperationRow) -> Result<Told> {
    let root = match row.root {
        Some(root) => db.operation(root)?,
        None => None,
    };
    let first = root.as_ref().unwrap_or(row);
    let changes = db.operation_changes(first.id, Some(READ))?;
    let own = match root {
        Some(_) => db.operation_changes(row.id, Some(READ))?,
        None => changes.clone(),
    };
    let what = match changes.first() {
        Some(change) => line(db, change, &changes, first.records)?,
        None => Msg::new("không đổi gì", "no change"),
    };
    Ok(Told {
        id: row.id,
        at: row.at.clone(),
        who: row.who.clone(),
        deed: row.deed,
        what,
        fields: if row.records == 1 {
            fields(&own)
        } else {
            Vec::new()
        },
        record: changes.first().map(|c| (c.kind, c.record)),
        records: first.records,
        undone: row.undone.clone(),
        left: match (rest(db, Some(row))?, db.left_out(row.id)?) {
            (Some((_, left)), _) => Some(left),
            (None, Some(work)) => long::left(db, &work)?,
            (None, None) => None,
        },
    })
}

/// The edited fields of the only record of an operation.
fn fields(changes: &[OperationChange]) -> Vec<(Text, String, String)> {
    let cut = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or("–").replace('\n', " ");
        let mut short: String = text.chars().take(SHOWN).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        short
    };
    changes
        .iter()
        .filter(|c| c.action == Action::Edit)
        .map(|c| {
            let key = c.change.field.as_deref().unwrap_or_default();
            let label = history::field_label(c.kind, key);
            (label, cut(&c.change.after), cut(&c.change.before))
        })
        .collect()
}

fn line(
    db: Db,
    first: &OperationChange,
    changes: &[OperationChange],
    records: usize,
) -> Result<Msg> {
    let whose = whose(db, first, changes, records)?;
    let key = first.change.field.as_deref().unwrap_or_default();
    let of = |what: Msg, vi: &str, en: &str| {
        Msg::new(
            format!("{} {vi}{}", what.vi, whose.vi),
            format!("{} {en}{}", what.en, whose.en),
        )
    };
    let step = || {
        StepKind::from_code(key).map_or_else(
            || Msg::new(key, key),
            |step| catalog::step::label(step).into(),
        )
    };
    Ok(match first.action {
        Action::Add => of(t("thêm", "added").into(), "", ""),
        Action::Remove => of(t("xóa", "removed").into(), "", ""),
        Action::Restore => of(t("khôi phục", "restored").into(), "", ""),
        Action::Step => {
            let step = step();
            let what = Msg::new(
                format!("bước «{}»", step.vi),
                format!("step \"{}\"", step.en),
            );
            of(what, "của ", "of ")
        }
        Action::UndoStep => {
            let step = step();
            let what = Msg::new(
                format!("lấy lại bước «{}»", step.vi),
                format!("took back the step \"{}\"", step.en),
            );
            of(what, "của ", "of ")
        }
        Action::Edit => {
            let mut labels: Vec<Text> = Vec::new();
            let same = |c: &&OperationChange| {
                (c.kind, c.record, c.action) == (first.kind, first.record, Action::Edit)
            };
            for change in changes.iter().filter(same) {
                let key = change.change.field.as_deref().unwrap_or_default();
                labels.push(history::field_label(change.kind, key));
            }
            let names = |word: fn(&Text) -> &'static str| {
                let mut names: Vec<&str> = labels.iter().take(NAMED).map(word).collect();
                if labels.len() > NAMED {
                    names.push("…");
                }
                names.join(", ")
            };
            let what = Msg::new(
                format!("sửa {}", names(|l| l.vi)),
                format!("changed {}", names(|l| l.en)),
            );
            of(what, "của ", "of ")
        }
    })
}

/// The record by its name, or how many there are.
fn whose(
    db: Db,
    first: &OperationChange,
    changes: &[OperationChange],
    records: usize,
) -> Result<Msg> {
    let one = catalog::entity(first.kind).one;
    if records > 1 && changes.iter().all(|c| c.kind == first.kind) {
        let records = vi_int(i64::try_from(records).unwrap_or(i64::MAX));
        return Ok(Msg::new(
            format!("{records} {}", one.vi),
            format!("{records} × {}", one.en),
        ));
    }
    let name = name(db, first.kind, first.record)?;
    if records <= 1 {
        return Ok(name);
    }
    let more = records - 1;
    Ok(Msg::new(
        format!("{} và {more} bản ghi khác", name.vi),
        format!("{} and {more} other records", name.en),
    ))
}

/// A record as messages name it: «đơn 15/2026», «đối thoại «Thu hồi đất»».
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn name(db: Db, kind: Kind, id: i64) -> Result<Msg> {
    let one = catalog::entity(kind).one;
    let name = match db.get(kind, id)? {
        None => format!("#{id}"),
        Some(record) => match record.head().number_text() {
            Some(number) => number,
            None => {
                let title = records::title(record.as_ref(), Lang::Vi);
                let short: String = title.chars().take(SHOWN).collect();
                format!("«{short}»")
            }
        },
    };
    Ok(Msg::new(
        format!("{} {name}", one.vi),
        format!("{} {name}", one.en),
    ))
}
