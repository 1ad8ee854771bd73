//! What each register asks for beyond its fields.
use super::{Env, Problems, date, int, kind_of, not_future, ordered, same_book};
use crate::app::Result;
use crate::app::secrecy::BESIDE;
use crate::catalog::{self, Type};
use crate::domain::check::PrintedRate;
use crate::domain::date::vi;
use crate::domain::dialogue::OpinionStatus;
use crate::domain::petition::PetitionType;
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::unit::Unit;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Msg, t};
use crate::store::Db;
use chrono::NaiveDate;

pub(super) fn petition(
    db: Db,
    env: &Env,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    not_future(env, record, problems);
    ordered(record, "written_on", "received_on", problems);
    same_book(record, before, "received_on", problems);
    let id = record.head().id;
    if let Some(lead) = int(record, "duplicate_of") {
        if lead == id {
            problems.add(
                "duplicate_of",
                t(
                    "không thể trùng với chính nó",
                    "a petition cannot duplicate itself",
                ),
            );
        } else if let Some(other) = db.get(Kind::Petition, lead)?
            && !other.get("duplicate_of").is_null()
        {
            problems.add(
                "duplicate_of",
                t(
                    "đơn kia lại trùng với đơn khác; hãy nối với đơn đầu của vụ việc",
                    "that one is itself a duplicate; link to the first paper of the matter",
                ),
            );
        }
        if id > 0 && !db.pointing(Kind::Petition, "duplicate_of", id)?.is_empty() {
            problems.add(
                "duplicate_of",
                t(
                    "đơn này là đơn đầu của một vụ việc có đơn khác nối vào",
                    "this petition leads a matter that others are linked to",
                ),
            );
        }
    }
    judged(record, before, problems);
    nameless_links(db, env, record, problems)?;
    if let Some(earliest) = before.and_then(|_| {
        db.steps(id)
            .ok()?
            .iter()
            .filter(|s| s.undone.is_none())
            .filter_map(|s| s.step.on)
            .min()
    }) && date(record, "received_on").is_some_and(|on| on > earliest)
    {
        problems.add(
            "received_on",
            Msg::new(
                format!("ở sau bước đầu tiên ({})", vi(earliest)),
                format!("is after the first step ({})", vi(earliest)),
            ),
        );
    }
    Ok(())
}

/// Late stays late: what a deadline followed from does not change once the petition is resolved.
fn judged(record: &dyn Record, before: Option<&dyn Record>, problems: &mut Problems) {
    let Some(was) = before.filter(|b| b.get("stage").text() == Some("resolved")) else {
        return;
    };
    for key in ["complex", "very_complex", "remote"] {
        if record.get(key) != was.get(key) {
            problems.add(
                key,
                t(
                    "đơn đã giải quyết, hạn không đổi ngược lại được; mở lại (reopen) nếu ghi sai",
                    "it is resolved and its deadline stands; reopen it if this was entered wrongly",
                ),
            );
        }
    }
}

/// A petition is a denunciation only when no visit and no opinion linked to it names a person.
fn nameless_links(db: Db, env: &Env, record: &dyn Record, problems: &mut Problems) -> Result<()> {
    let id = record.head().id;
    if id == 0 || kind_of(record, "type") != Some(PetitionType::Denunciation) {
        return Ok(());
    }
    for (kind, keys) in BESIDE {
        let mut links = Query::all(*kind);
        links.conds.push(Cond {
            key: "petition",
            op: Op::Eq,
            value: Value::Ref(id),
        });
        let mut linked = db.list(&links, env.days, 0, None)?;
        // A removed one is still there to be read.
        links.deleted = true;
        linked.extend(db.list(&links, env.days, 0, None)?);
        for link in linked {
            if keys.iter().all(|key| link.get(key).is_null()) {
                continue;
            }
            let (one, name) = (catalog::entity(*kind).one, link.head());
            let name = name.number_text().unwrap_or_else(|| name.id.to_string());
            problems.add(
                "type",
                Msg::new(
                    format!("{} {name} gắn với đơn này ghi họ tên; xóa tên ở đó trước (Luật Tố cáo Đ8)", one.vi),
                    format!("{} {name}, linked to this petition, names a person; clear the name there first (Law on Denunciations Art. 8)", one.en),
                ),
            );
        }
    }
    Ok(())
}

/// What points to a denunciation names no one.
fn nameless(db: Db, record: &dyn Record, problems: &mut Problems) -> Result<()> {
    let Some(petition) = int(record, "petition") else {
        return Ok(());
    };
    let about = db.get(Kind::Petition, petition)?;
    if about.is_none_or(|p| kind_of(p.as_ref(), "type") != Some(PetitionType::Denunciation)) {
        return Ok(());
    }
    let one = catalog::entity(record.kind()).one;
    for (_, keys) in BESIDE.iter().filter(|(kind, _)| *kind == record.kind()) {
        for key in keys.iter().filter(|key| !record.get(key).is_null()) {
            problems.add(
                key,
                Msg::new(
                    format!("{} gắn với đơn tố cáo không ghi người (Luật Tố cáo Đ8, Đ56)", one.vi),
                    format!("one linked to a denunciation names no one ({}; Law on Denunciations Art. 8, 56)", one.en),
                ),
            );
        }
    }
    Ok(())
}

pub(super) fn reception(
    db: Db,
    env: &Env,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    not_future(env, record, problems);
    same_book(record, before, "received_on", problems);
    nameless(db, record, problems)
}

pub(super) fn model(
    env: &Env,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) {
    not_future(env, record, problems);
    ordered(record, "starts_on", "ends_on", problems);
    same_book(record, before, "year", problems);
}

pub(super) fn figure(db: Db, record: &dyn Record, problems: &mut Problems) -> Result<()> {
    ordered(record, "period_from", "period_to", problems);
    if record.get("unit").is_null() && record.get("reporter").is_null() {
        problems.add(
            "unit",
            t(
                "phải có đơn vị hoặc tên nơi báo cáo",
                "a unit or the name of the reporting body is required",
            ),
        );
    }
    if !record.get("printed_rate").is_null() && record.get("denominator").is_null() {
        problems.add(
            "denominator",
            t(
                "tỷ lệ in ra phải có mẫu số",
                "a printed rate needs its denominator",
            ),
        );
    }
    if let Some(printed) = record.get("printed_rate").text()
        && let Err(rule) = PrintedRate::parse(printed)
    {
        problems.add("printed_rate", Msg::new(rule.vi, rule.en));
    }
    // A total is never, by any way round, a part of itself.
    let mut next = int(record, "part_of");
    for _ in 0..20 {
        let Some(id) = next else { break };
        if id == record.head().id {
            problems.add(
                "part_of",
                t(
                    "thành phần vòng lại chính nó",
                    "a part leads back to itself",
                ),
            );
            break;
        }
        next = db
            .get(Kind::Figure, id)?
            .and_then(|f| int(f.as_ref(), "part_of"));
    }
    Ok(())
}

pub(super) fn opinion(
    db: Db,
    env: &Env,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    nameless(db, record, problems)?;
    if dayless(record) && !env.written && !before.is_some_and(dayless) {
        problems.add(
            "answered_on",
            t(
                "phải nhập khi tình trạng là «đã có kết quả»",
                "is required when the status is \"answered\"",
            ),
        );
    }
    let Some(dialogue) = int(record, "dialogue") else {
        return Ok(());
    };
    let held = db
        .get(Kind::Dialogue, dialogue)?
        .and_then(|d| date(d.as_ref(), "held_on"));
    if let Some(rule) = held.and_then(|held| answered_before(held, record)) {
        problems.add("answered_on", rule);
    }
    Ok(())
}

/// Whether an opinion has its result and nothing says on which day; one answered on the spot got it in the dialogue.
fn dayless(record: &dyn Record) -> bool {
    record.get("status").text() == Some(OpinionStatus::Answered.code())
        && record.get("answered_on").is_null()
        && record.get("answered_on_spot") != Value::Bool(true)
}

/// Why an opinion cannot have its answer: it lies before the day of its dialogue.
pub(in crate::app) fn answered_before(held: NaiveDate, record: &dyn Record) -> Option<Msg> {
    let on = date(record, "answered_on").filter(|on| *on < held)?;
    Some(Msg::new(
        format!("{} ở trước buổi đối thoại ({})", vi(on), vi(held)),
        format!("{} is before the dialogue ({})", vi(on), vi(held)),
    ))
}

/// A unit's span does not shrink away from what lives in it.
fn span(
    db: Db,
    env: &Env,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    let changed = |key: &&&str| before.is_some_and(|b| b.get(key) != record.get(key));
    let Some(key) = ["valid_to", "valid_from"].iter().find(changed) else {
        return Ok(());
    };
    let id = record.head().id;
    let (from, to) = (date(record, "valid_from"), date(record, "valid_to"));
    let children = db.unit_children_ever(&[id], env.today)?;
    let child = children.iter().find(|c| {
        to.is_some_and(|to| c.valid_to.is_none_or(|end| end > to))
            || from.is_some_and(|from| c.valid_from.is_none_or(|start| start < from))
    });
    if let Some(child) = child {
        let when = crate::app::units::validity(child);
        problems.add(
            key,
            Msg::new(
                format!(
                    "đơn vị bên dưới {} {} {} nằm ngoài thời gian này",
                    child.code, child.name, when.vi
                ),
                format!(
                    "unit {} {} below it, {}, lies outside this span",
                    child.code, child.name, when.en
                ),
            ),
        );
        return Ok(());
    }
    for user in catalog::ENTITIES.iter().filter(|e| e.kind != Kind::Unit) {
        for field in user.fields.iter().filter(|f| f.ty == Type::Unit) {
            if let Some(other) = db.outside(user.kind, field.key, id, (from, to))? {
                let name = match db.get(user.kind, other)? {
                    Some(r) => r.head().number_text().unwrap_or_else(|| other.to_string()),
                    None => other.to_string(),
                };
                problems.add(
                    key,
                    Msg::new(
                        format!(
                            "{} {name} ghi đơn vị này, có ngày nằm ngoài thời gian này",
                            user.one.vi
                        ),
                        format!(
                            "{} {name} names this unit and is dated outside this span",
                            user.one.en
                        ),
                    ),
                );
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A dialogue moved to another day keeps opinions that were answered after it, by units of that day.
pub(super) fn dialogue(
    db: Db,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    let Some(held) = date(record, "held_on") else {
        return Ok(());
    };
    if before.is_none_or(|b| date(b, "held_on") == Some(held)) {
        return Ok(());
    }
    for opinion in db.pointing(Kind::Opinion, "dialogue", record.head().id)? {
        let order = int(opinion.as_ref(), "order").unwrap_or(0);
        if let Some(on) = date(opinion.as_ref(), "answered_on").filter(|on| *on < held) {
            problems.add(
                "held_on",
                Msg::new(
                    format!("ý kiến {order} đã trả lời ngày {}", vi(on)),
                    format!("opinion {order} was answered on {}", vi(on)),
                ),
            );
        }
        if let Value::Unit(unit) = opinion.get("assigned_unit")
            && let Some(life) = db.unit_life(unit.id, held)?
            && !life.valid_on(held)
        {
            let when = crate::app::units::validity(&life);
            problems.add(
                "held_on",
                Msg::new(
                    format!(
                        "ý kiến {order} giao {} {} {}",
                        unit.code, life.name, when.vi
                    ),
                    format!(
                        "opinion {order} is assigned to {} {}, {}",
                        unit.code, life.name, when.en
                    ),
                ),
            );
        }
    }
    Ok(())
}

pub(super) fn unit(
    db: Db,
    env: &Env,
    record: &dyn Record,
    before: Option<&dyn Record>,
    problems: &mut Problems,
) -> Result<()> {
    ordered(record, "valid_from", "valid_to", problems);
    span(db, env, record, before, problems)?;
    let Some(mine) = record.as_any().downcast_ref::<Unit>() else {
        return Ok(());
    };
    let id = record.head().id;
    if let Some(code) = &mine.code {
        for other in db.unit_lives(code)?.iter().filter(|u| u.id != id) {
            let apart = mine
                .valid_to
                .zip(other.valid_from)
                .is_some_and(|(to, from)| to < from)
                || other
                    .valid_to
                    .zip(mine.valid_from)
                    .is_some_and(|(to, from)| to < from);
            if !apart {
                let when = crate::app::units::validity(other);
                problems.add(
                    "code",
                    Msg::new(
                        format!("mã {code} đã dùng cho {} {}", other.name, when.vi),
                        format!("code {code} is in use for {} {}", other.name, when.en),
                    ),
                );
            }
        }
    }
    if let Value::Unit(parent) = record.get("parent")
        && id > 0
        && parent.id > 0
        && db.unit_is_below(parent.id, id)?
    {
        problems.add(
            "parent",
            t(
                "cấp trên nằm dưới chính đơn vị này",
                "the parent lies below this unit",
            ),
        );
    }
    Ok(())
}
