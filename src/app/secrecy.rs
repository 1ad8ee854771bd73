//! When a petition turns out to be a denunciation: what would tell who wrote it goes, everywhere in the database
//! (LTC Đ8.3, Đ56), and a person is told so before.
mod names;

use super::{Cx, Error, Problem, Result, drafts, import};
use crate::catalog;
use crate::domain::petition::{Petition, PetitionType, WRITER_FIELDS};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Held, Value};
use crate::domain::words::{Text, t};
use crate::store::{Db, Tx};
use names::NAME_FIELDS;
pub use names::Names;

/// What becoming a denunciation removes for ever.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Removal {
    /// Labels of the fields that are emptied.
    pub fields: Vec<Text>,
    /// Rows of history whose values are blanked.
    pub history: usize,
    /// Steps whose note, document or reason names the writer: those texts are blanked.
    pub steps: usize,
    /// Drafts of this user that are cleaned.
    pub drafts: usize,
    /// Labels of other fields in which the name stands: they must be rewritten first.
    pub named_in: Vec<Text>,
}

impl Removal {
    /// True when nothing would be removed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.history == 0 && self.steps == 0 && self.drafts == 0
    }
}

/// What people are told beside the list: it is final, and older backups are not reached.
pub const WARNING: Text = t(
    "Không lấy lại được. Bản sao lưu cũ vẫn còn các thông tin này: hủy hoặc giữ theo chế độ mật.",
    "This cannot be undone. Older backups still hold it: destroy them or keep them as secret.",
);

/// What is said of a text that names the writer of a denunciation.
pub const NAMED: Text = t(
    "còn nêu tên người gửi; viết lại trước khi chuyển thành tố cáo (Luật Tố cáo Đ8)",
    "still names the writer; rewrite it before this becomes a denunciation (Law on Denunciations Art. 8)",
);

/// The field that names the writer.
const NAME: &str = "petitioner";

/// Texts of a petition in which the writer's name may have been written too.
const FREE_TEXTS: &[&str] = &[
    "subject",
    "content",
    "demand",
    "note",
    "earlier_handling",
    "forwarded_by",
    "forward_document",
    "sealed_file",
];

fn text(record: &dyn Record, key: &str) -> Option<String> {
    record.get(key).text().map(str::to_owned)
}

fn label(key: &str) -> Text {
    catalog::field(Kind::Petition, key).map_or(t("?", "?"), |f| f.label)
}

/// A record of which something was wiped, with the names that its writer bore: the file must be cleaned of them.
pub(super) type Wiped = (Kind, i64, Names);

fn named_in(names: &Names, after: &dyn Record) -> Vec<&'static str> {
    let holds = |key: &&&str| text(after, key).is_some_and(|s| names.in_text(&s));
    FREE_TEXTS.iter().filter(holds).copied().collect()
}

/// What would be removed if the petition became a denunciation; to be shown before it does.
///
/// # Errors
/// When the petition is not there.
pub fn removal(cx: &Cx, id: i64) -> Result<Removal> {
    let record = super::records::get(cx, Kind::Petition, id)?;
    let fields = WRITER_FIELDS
        .iter()
        .filter(|key| !record.get(key).is_null())
        .map(|key| label(key))
        .collect();
    let db = cx.store.read();
    let names = Names::of(db, record.as_ref())?;
    let history = db
        .history(Kind::Petition, id)?
        .iter()
        .filter(|row| {
            let said = row.change.before.is_some() || row.change.after.is_some();
            let field = row.change.field.as_deref();
            let writer = field.is_some_and(|f| WRITER_FIELDS.contains(&f));
            let texts = [&row.change.before, &row.change.after, &row.why];
            (said && writer) || names.in_any(texts.into_iter().flatten())
        })
        .count();
    let history = history + history_beside(db, id)?;
    let steps = db.step_texts(id)?;
    let drafts = drafts::list(&cx.config)?
        .iter()
        .filter(|d| concerns(d, Kind::Petition, id))
        .filter(|d| (*d).clone().forget(|key, text| tells(&names, key, text)))
        .count();
    Ok(Removal {
        fields,
        history,
        steps: steps
            .iter()
            .filter(|step| names.in_any(step.texts.values()))
            .count(),
        drafts,
        named_in: named_in(&names, record.as_ref())
            .into_iter()
            .map(label)
            .collect(),
    })
}

/// Rows of history of visits and opinions that are blanked with those of their petition: their person's, and the link.
fn history_beside(db: Db, petition: i64) -> Result<usize> {
    let link = petition.to_string();
    let mut count = 0;
    for (kind, fields) in BESIDE {
        for id in db.linked_ever(*kind, petition)? {
            let linked = db.get(*kind, id)?;
            let own = linked.is_some_and(|r| r.get("petition") == Value::Ref(petition));
            let goes = |row: &&crate::store::AuditRow| {
                let texts = [&row.change.before, &row.change.after];
                let mut said = texts.into_iter().flatten();
                match row.change.field.as_deref() {
                    Some("petition") => said.any(|text| *text == link),
                    Some(field) => own && fields.contains(&field) && said.next().is_some(),
                    None => false,
                }
            };
            count += db.history(*kind, id)?.iter().filter(goes).count();
        }
    }
    Ok(count)
}

fn concerns(draft: &drafts::Draft, kind: Kind, id: i64) -> bool {
    draft.kind == kind && draft.record == Some(id)
}

/// Whether what was typed into a field, or stood there, tells who the writer is.
pub(super) fn tells(names: &Names, key: &str, text: &str) -> bool {
    (PERSON_FIELDS.contains(&key) && !text.is_empty()) || names.in_text(text)
}

/// True when an edit makes a denunciation of what was none.
pub(super) fn becomes_secret(before: &dyn Record, after: &dyn Record) -> bool {
    let secret = |r: &dyn Record| {
        r.as_any()
            .downcast_ref::<Petition>()
            .is_some_and(|p| p.petition_type == Some(PetitionType::Denunciation))
    };
    !secret(before) && secret(after)
}

/// Holds that nothing but the writer's own fields names the writer.
///
/// # Errors
/// The fields in which the name stands.
pub(super) fn unnamed(db: Db, before: &dyn Record, after: &dyn Record) -> Result<()> {
    name_nobody(&Names::of(db, before)?, after)
}

/// Holds that an edit does not bring back the writer of what became a denunciation since the edit began: `before` is
/// the record of then, which still names the writer, `now` the one that the fields would be saved into.
///
/// # Errors
/// The fields in which the name stands.
pub fn stays_unnamed(
    before: &dyn Record,
    now: &dyn Record,
    fields: &[(&'static str, Value)],
) -> Result<()> {
    if !becomes_secret(before, now) {
        return Ok(());
    }
    let mut after = now.boxed();
    for (key, value) in fields {
        // What the record does not take is refused when it is saved.
        let _ = after.set(key, value.clone());
    }
    name_nobody(&Names::on(before), after.as_ref())
}

fn name_nobody(names: &Names, after: &dyn Record) -> Result<()> {
    let problems: Vec<Problem> = named_in(names, after)
        .into_iter()
        .map(|key| Problem {
            row: None,
            field: Some(key),
            label: label(key).into(),
            msg: NAMED.into(),
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(problems))
    }
}

/// Makes a denunciation of a petition, with what else is changed at once: writer and address are emptied, and no
/// trace of them stays. To be called after a person has seen [`removal`] and [`WARNING`] and said yes.
///
/// # Errors
/// A conflict when the record has moved on, broken rules (a linked reception that names its visitor, a text that
/// names the writer), or a failure of the database.
pub fn make_denunciation(
    cx: &mut Cx,
    id: i64,
    rev: Option<i64>,
    fields: &[(&'static str, Value)],
) -> Result<Box<dyn Record>> {
    let own = |key: &str| key == "type" || WRITER_FIELDS.contains(&key);
    let mut all: Vec<(&'static str, Value)> = fields
        .iter()
        .filter(|(key, _)| !own(key))
        .cloned()
        .collect();
    all.push((
        "type",
        Value::Text(PetitionType::Denunciation.code().into()),
    ));
    all.extend(WRITER_FIELDS.iter().map(|key| (*key, Value::Null)));
    super::records::edit(cx, Kind::Petition, id, rev, &all)
}

/// What tells who brought it, in every register that may stand beside a denunciation.
pub(super) const PERSON_FIELDS: &[&str] = &["petitioner", "address", "visitor", "asker"];

/// Whether a field names who brought a matter.
#[must_use]
pub fn is_name_field(key: &str) -> bool {
    NAME_FIELDS.contains(&key)
}

/// Whether a text of a petition may name its writer.
pub(super) fn is_free_text(key: &str) -> bool {
    FREE_TEXTS.contains(&key)
}

/// Whether a field tells who brought a matter.
#[must_use]
pub fn is_person_field(key: &str) -> bool {
    PERSON_FIELDS.contains(&key)
}

/// Registers whose records may point to a petition and name a person, with the fields that do.
pub(super) const BESIDE: &[(Kind, &[&str])] = &[
    (Kind::Reception, &["visitor", "address"]),
    (Kind::Opinion, &["asker"]),
];

/// Whether a record is a denunciation or about one: by itself or by the petition it points to.
pub(super) fn about_denunciation(db: Db, record: &dyn Record) -> Result<bool> {
    let denunciation = Some(PetitionType::Denunciation.code());
    let own = match record.kind() {
        Kind::Petition => "type",
        _ => "matter_type",
    };
    if record.held(own).text() == denunciation {
        return Ok(true);
    }
    if record.kind() == Kind::Petition {
        return Ok(false);
    }
    let Held::Ref(petition) = record.held("petition") else {
        return Ok(false);
    };
    let about = db.get(Kind::Petition, petition)?;
    Ok(about.is_some_and(|p| p.get("type").text() == denunciation))
}

/// Forgets who brought a denunciation, once: when a petition becomes one, when a visit or an opinion comes to be
/// about one, and when such a link is taken away. What was wiped, where something was, so that the file can be
/// cleaned ([`scrub`]).
///
/// # Errors
/// A failure of the database.
pub(super) fn forget(tx: &Tx, before: &dyn Record, after: &dyn Record) -> Result<Option<Wiped>> {
    let (kind, id) = (after.kind(), after.head().id);
    let mut gone: Vec<String> = PERSON_FIELDS
        .iter()
        .filter_map(|key| text(before, key))
        .collect();
    let mut names = Names::default();
    match kind {
        Kind::Petition if becomes_secret(before, after) => {
            names = Names::of(tx.read(), before)?;
            gone.extend(forget_own(tx, id, &names)?);
            import::forget_waiting(tx, id)?;
            for (kind, _) in BESIDE {
                for beside in tx.read().linked_ever(*kind, id)? {
                    let linked = tx.read().get(*kind, beside)?;
                    // One that is linked no more may keep its person: it only never was linked.
                    if linked.is_some_and(|r| r.get("petition") == Value::Ref(id)) {
                        gone.extend(tx.forget_writer(*kind, beside)?);
                    }
                    tx.forget_links(*kind, beside)?;
                }
            }
        }
        Kind::Reception | Kind::Opinion => {
            if before.get("petition") != after.get("petition") {
                tx.forget_links(kind, id)?;
            }
            if about_denunciation(tx.read(), before)? || !about_denunciation(tx.read(), after)? {
                return Ok(None);
            }
            gone.extend(tx.forget_writer(kind, id)?);
            import::forget_waiting_of(tx, after)?;
        }
        _ => return Ok(None),
    }
    tx.forget_words(&gone)?;
    Ok(Some((kind, id, names)))
}

/// Blanks what the history and the steps of a petition that has become a denunciation say of its writer, and gives
/// back what the history said: names it bore before included.
fn forget_own(tx: &Tx, id: i64, names: &Names) -> Result<Vec<String>> {
    let mut gone = Vec::new();
    for (row, texts) in tx.read().history_texts(Kind::Petition, id)? {
        if names.in_any(&texts) {
            tx.blank_history(row)?;
        }
        gone.extend(texts);
    }
    for step in tx.read().step_texts(id)? {
        for (column, text) in &step.texts {
            if names.in_text(text) {
                tx.blank_step(step.id, column)?;
            }
        }
    }
    tx.forget_writer(Kind::Petition, id)?;
    Ok(gone)
}

/// After changes are kept: cleans this user's drafts of these records and takes the last traces out of the file.
///
/// # Errors
/// A draft that cannot be written, or a failure of the database.
pub(super) fn scrub(cx: &mut Cx, records: &[Wiped]) -> Result<()> {
    clean_drafts(cx, records)?;
    clean_file(cx)
}

/// Takes the last traces of what was wiped out of the file.
///
/// # Errors
/// A failure of the database.
pub(super) fn clean_file(cx: &mut Cx) -> Result<()> {
    Ok(cx.store.scrub()?)
}

/// The drafts alone: the file must be cleaned too ([`scrub`]).
///
/// # Errors
/// A draft that cannot be written.
pub(super) fn clean_drafts(cx: &Cx, records: &[Wiped]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    for mut draft in drafts::list(&cx.config)? {
        let of = |(kind, id, _): &&Wiped| concerns(&draft, *kind, *id);
        if let Some((_, _, names)) = records.iter().find(of)
            && draft.forget(|key, text| tells(names, key, text))
        {
            drafts::save(&cx.config, &draft)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::record::blank;

    #[test]
    fn an_edit_begun_before_does_not_bring_the_writer_back() {
        let text = |s: &str| Value::Text(s.into());
        let mut before = blank(Kind::Petition);
        before.set("type", text("complaint")).unwrap();
        before.set("petitioner", text("Lê Thị Bông")).unwrap();
        let mut now = blank(Kind::Petition);
        now.set("type", text("denunciation")).unwrap();
        let note = |s: &str| [("note", text(s))];
        let (names, none) = (note("bà Bông (Lê Thị) gọi hỏi"), note("đã gọi hỏi"));
        let refused = stays_unnamed(before.as_ref(), now.as_ref(), &names);
        let Err(Error::Refused(problems)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(problems[0].field, Some("note"));
        assert!(stays_unnamed(before.as_ref(), now.as_ref(), &none).is_ok());
        assert!(stays_unnamed(before.as_ref(), before.as_ref(), &names).is_ok());
    }
}
