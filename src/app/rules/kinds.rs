//! What each register asks for beyond its fields.
use super::{Env, Problems, date, int, kind_of, not_future, ordered, same_book};
use crate::app::Result;
use crate::domain::date::vi;
use crate::domain::petition::PetitionType;
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::unit::Unit;
use crate::domain::value::Value;
use crate::domain::words::{Msg, t};
use crate::store::Db;

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
    nameless_visits(db, env, record, problems)?;
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

/// A petition is a denunciation only when no visit linked to it names its visitor.
fn nameless_visits(db: Db, env: &Env, record: &dyn Record, problems: &mut Problems) -> Result<()> {
    let id = record.head().id;
    if record.get("type").text() == Some("denunciation") && id > 0 {
        let mut visits = Query::all(Kind::Reception);
        visits.conds.push(Cond {
            key: "petition",
            op: Op::Eq,
            value: Value::Ref(id),
        });
        let mut named = db.list(&visits, env.days, 0, None)?;
        // A removed visit is still there to be read.
        visits.deleted = true;
        named.extend(db.list(&visits, env.days, 0, None)?);
        for visit in named {
            if !visit.get("visitor").is_null() || !visit.get("address").is_null() {
                problems.add(
                    "type",
                    t(
                        "có lượt tiếp ghi họ tên người đến gắn với đơn này; xóa tên ở lượt tiếp trước (Luật Tố cáo Đ8)",
                        "a reception linked to this petition names its visitor; clear the name there first (Law on Denunciations Art. 8)",
                    ),
                );
            }
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
    if let Some(petition) = int(record, "petition") {
        let about = db.get(Kind::Petition, petition)?;
        let secret =
            about.is_some_and(|p| kind_of(p.as_ref(), "type") == Some(PetitionType::Denunciation));
        for key in ["visitor", "address"] {
            if secret && !record.get(key).is_null() {
                problems.add(
                    key,
                    t(
                        "lượt tiếp gắn với đơn tố cáo không ghi người đến (Luật Tố cáo Đ8, Đ56)",
                        "a reception linked to a denunciation does not name the visitor (Law on Denunciations Art. 8, 56)",
                    ),
                );
            }
        }
    }
    Ok(())
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

pub(super) fn opinion(db: Db, record: &dyn Record, problems: &mut Problems) -> Result<()> {
    let Some(dialogue) = int(record, "dialogue") else {
        return Ok(());
    };
    let held = db
        .get(Kind::Dialogue, dialogue)?
        .and_then(|d| date(d.as_ref(), "held_on"));
    if let (Some(held), Some(on)) = (held, date(record, "answered_on"))
        && on < held
    {
        problems.add(
            "answered_on",
            Msg::new(
                format!("{} ở trước buổi đối thoại ({})", vi(on), vi(held)),
                format!("{} is before the dialogue ({})", vi(on), vi(held)),
            ),
        );
    }
    Ok(())
}

pub(super) fn unit(db: Db, record: &dyn Record, problems: &mut Problems) -> Result<()> {
    ordered(record, "valid_from", "valid_to", problems);
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
