//! `petition steps`, `step`, `undo-step`, `due`: what can be done now, doing it, and why the deadline is the day it is.
use super::out::{Done, Fail, refused, usage};
use super::register::{id_arg, id_of};
use super::tree::{command, place, switch, w};
use super::{Call, due, flags, show};
use crate::app::petitions::{self, Ground};
use crate::app::{Cx, duplicates, records};
use crate::catalog::{self, Field, step as steps_of};
use crate::domain::petition::{PetitionType, Step, StepKind, outcomes};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg};
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};

/// Likely papers of one matter that are shown.
const LIKELY: usize = 10;

/// The fields of every step, each once.
pub(super) fn every_field() -> Vec<Field> {
    let mut all: Vec<Field> = Vec::new();
    for kind in StepKind::ALL {
        for field in steps_of::fields_of(*kind) {
            if !all.iter().any(|f| f.key == field.key) {
                all.push(*field);
            }
        }
    }
    all
}

pub(super) fn step_args(lang: Lang) -> Command {
    let mut steps = String::from(w(lang, "bước:", "step:"));
    for kind in StepKind::ALL {
        steps.push_str(&format!(
            " {} ({})",
            kind.code(),
            steps_of::label(*kind).get(lang)
        ));
    }
    command(
        lang,
        "step",
        ("làm một bước; in giai đoạn và hạn mới", "take a step; prints the new stage and deadline"),
        "danvan petition step 15/2026 classify --on hn --jurisdiction own --eligible\ndanvan petition step 15/2026 forward --on 14/3 --to 29602 --reply-due +15\ndanvan petition step 15/2026 extend --on hn --days 15 --document '12/QĐ'\ndanvan petition step 15/2026 withdraw --on hn --whole",
    )
    .arg(id_arg(lang, Kind::Petition))
    .arg(place(lang, "STEP", "", "").help(steps))
    .args(flags::field_flags(lang, None, &every_field()))
    .arg(switch(lang, "json", "in bản ghi dạng JSON", "print the record as JSON"))
}

pub(super) fn steps(call: &mut Call, m: &ArgMatches) -> Done {
    let cx = call.open()?;
    let id = records::locate(&cx, Kind::Petition, id_of(m))?;
    let choices = petitions::choices(&cx, id)?;
    if m.get_flag("json") {
        let rows: Vec<Json> = choices
            .iter()
            .filter(|(_, barred)| barred.is_none())
            .map(|(kind, _)| {
                let keys: Vec<&str> = steps_of::fields_of(*kind).iter().map(|f| f.key).collect();
                json!({"step": kind.code(), "fields": keys})
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
        return Ok(0);
    }
    for (kind, _) in choices.iter().filter(|(_, barred)| barred.is_none()) {
        let flags: Vec<String> = steps_of::fields_of(*kind)
            .iter()
            .map(|f| format!("--{}", f.key.replace('_', "-")))
            .collect();
        let label = steps_of::label(*kind).get(call.lang);
        call.out
            .line(&format!("{:<10} {label}  {}", kind.code(), flags.join(" ")))?;
    }
    Ok(0)
}

fn named_step(cx: &Cx, id: i64, name: &str) -> Result<StepKind, Fail> {
    if let Some(kind) = StepKind::from_code(&name.replace('-', "_")) {
        return Ok(kind);
    }
    let can: Vec<&str> = petitions::choices(cx, id)?
        .iter()
        .filter(|(_, barred)| barred.is_none())
        .map(|(kind, _)| kind.code())
        .collect();
    let can = match can.as_slice() {
        [] => Msg::new("không có bước nào", "none"),
        can => Msg::new(can.join(", "), can.join(", ")),
    };
    Err(refused(
        format!("Không có bước «{name}». Làm được lúc này: {}.", can.vi),
        format!("No step \"{name}\". Allowed now: {}.", can.en),
    ))
}

/// Help of a conclusion: which of them a petition of which type can have.
pub(super) fn outcome_help(field: &Field, lang: Lang) -> String {
    let can = |ty, instance| {
        let codes: Vec<&str> = outcomes(Some(ty), instance)
            .iter()
            .map(|o| o.code())
            .collect();
        codes.join(" ")
    };
    let rows = [
        (
            w(
                lang,
                "khiếu nại lần đầu, tố cáo",
                "first complaint, denunciation",
            ),
            can(PetitionType::Complaint, 1),
        ),
        (
            w(lang, "khiếu nại lần hai", "second complaint"),
            can(PetitionType::Complaint, 2),
        ),
        (
            w(lang, "kiến nghị, phản ánh", "recommendation, feedback"),
            can(PetitionType::Recommendation, 1),
        ),
    ];
    let rows = rows.map(|(what, codes)| format!("{codes} ({what})"));
    format!("{}: {}", field.label.get(lang), rows.join("; "))
}

/// Says once what the program cannot see to: names inside the sentences of a denunciation.
pub(super) fn remind(call: &Call, added: &[Box<dyn Record>]) {
    let secret = |r: &dyn Record| {
        r.kind() == Kind::Petition
            && r.get("type").text() == Some(PetitionType::Denunciation.code())
    };
    if added.iter().any(|r| secret(r.as_ref())) {
        call.say(
            "Đơn tố cáo: nội dung, yêu cầu, ghi chú không ghi tên người tố cáo; chương trình không biết thay được.",
            "A denunciation: subject, content, demand and note do not name the denouncer; the program cannot know.",
        );
    }
}

/// A flag that belongs to another step is wrong usage.
fn only_its_own(kind: StepKind, m: &ArgMatches) -> Result<(), Fail> {
    let own = steps_of::fields_of(kind);
    for field in every_field() {
        let no = format!("no:{}", field.key);
        let said = m.contains_id(&format!("f:{}", field.key))
            || (field.ty == catalog::Type::Boolean && m.get_flag(&no));
        if said && !own.iter().any(|f| f.key == field.key) {
            let flag = field.key.replace('_', "-");
            return Err(usage(
                format!("bước {} không có cờ --{flag}", kind.code()),
                format!("the step {} has no flag --{flag}", kind.code()),
            ));
        }
    }
    Ok(())
}

/// Stage and deadline after a step: «đã thụ lý · hạn 02/04/2026».
fn now(record: &dyn Record, lang: Lang) -> String {
    let stage = catalog::show::stage_words(record, lang);
    match record.get("due_on") {
        Value::Date(due) => format!(
            "{stage} · {} {}",
            w(lang, "hạn", "due"),
            crate::domain::date::vi(due)
        ),
        _ => stage,
    }
}

fn print(call: &mut Call, cx: &Cx, record: &dyn Record, m: &ArgMatches) -> Done {
    if m.get_flag("json") {
        let json = show::full_json(cx, record)?;
        call.out.json(&json)?;
    } else {
        let line = now(record, call.lang);
        call.out.line(&line)?;
    }
    Ok(0)
}

pub(super) fn step(call: &mut Call, m: &ArgMatches) -> Done {
    let mut cx = call.open()?;
    let id = records::locate(&cx, Kind::Petition, id_of(m))?;
    let name = m.get_one::<String>("STEP").map_or("", String::as_str);
    let kind = named_step(&cx, id, name)?;
    petitions::guard(&cx, id, kind)?;
    only_its_own(kind, m)?;
    let mut step = Step {
        kind: Some(kind),
        ..Step::default()
    };
    for (key, value) in flags::given(&cx, steps_of::fields_of(kind), m)? {
        if !step.set(key, value) {
            return Err(refused(
                format!("{key}: giá trị không hợp với bước"),
                format!("{key}: the value does not fit the step"),
            ));
        }
    }
    let record = petitions::take(&mut cx, id, step)?;
    print(call, &cx, record.as_ref(), m)
}

/// Papers that may be of the same matter, for a person to judge.
pub(super) fn duplicates(call: &mut Call, m: &ArgMatches) -> Done {
    let cx = call.open()?;
    let id = records::locate(&cx, Kind::Petition, id_of(m))?;
    let record = records::get(&cx, Kind::Petition, id)?;
    let found = duplicates::suggest(&cx, record.as_ref(), LIKELY)?;
    if m.get_flag("json") {
        let rows: Vec<Json> = found
            .iter()
            .map(|l| {
                json!({
                    "id": l.id, "number": l.number,
                    "received_on": l.received_on.map(|d| d.to_string()),
                    "unit": l.unit.as_ref().map(|u| u.code.as_str()),
                    "subject": l.subject, "stage": l.stage.code(),
                    "score": l.score, "lead": l.lead,
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
        return Ok(0);
    }
    for l in &found {
        let unit = l.unit.as_ref().map_or("", |u| u.code.as_str());
        let line = format!(
            "{:>3}%  {:<9} {} {unit} · {} · {}",
            l.score,
            l.number.clone().unwrap_or_else(|| l.id.to_string()),
            l.received_on
                .map(crate::domain::date::vi)
                .unwrap_or_default(),
            l.subject,
            steps_of::stage_label(l.stage).get(call.lang)
        );
        call.out.line(&line)?;
    }
    Ok(0)
}

pub(super) fn undo_step(call: &mut Call, m: &ArgMatches) -> Done {
    let mut cx = call.open()?;
    let id = records::locate(&cx, Kind::Petition, id_of(m))?;
    let why = m.get_one::<String>("why").map_or("", String::as_str);
    let record = petitions::undo_step(&mut cx, id, why)?;
    print(call, &cx, record.as_ref(), m)
}

pub(super) fn due(call: &mut Call, m: &ArgMatches) -> Done {
    let cx = call.open()?;
    let id = records::locate(&cx, Kind::Petition, id_of(m))?;
    let ground = petitions::why(&cx, id)?;
    match (&ground, m.get_flag("json")) {
        (Some(Ground::Rule(e)), true) => {
            let mut sum = due::json(e, call.lang);
            let changed = petitions::changed_since(&cx, id)?;
            sum["changed_since"] = changed.is_some().into();
            sum["due_now"] = changed
                .and_then(|change| change.now)
                .map(|day| day.to_string())
                .into();
            call.out.json(&sum)?;
        }
        (Some(Ground::Rule(e)), false) => {
            if let Some(change) = petitions::changed_since(&cx, id)? {
                let told = change.told();
                call.out.line(told.get(call.lang))?;
            }
            due::print(call, e)?;
        }
        (Some(Ground::Reply(day)), true) => {
            let day = day.to_string();
            call.out.json(&json!({
                "rule": petitions::REPLY_RULE, "source": null, "start": null,
                "raw_due": day, "due": day, "days": [],
            }))?;
        }
        (Some(Ground::Reply(day)), false) => {
            let line = format!(
                "{} {}",
                crate::domain::date::long_vi(*day),
                w(
                    call.lang,
                    "· ngày cần có phúc đáp của nơi nhận đơn chuyển",
                    "· the expected reply to the forward"
                )
            );
            call.out.line(&line)?;
        }
        (None, true) => {
            call.out.json(&json!({
                "rule": null, "source": null, "start": null,
                "raw_due": null, "due": null, "days": [],
            }))?;
        }
        (None, false) => {
            let open = petitions::state(&cx, id)?.pauses.pop();
            if let Some(from) = open.filter(|p| p.to.is_none()).map(|p| p.from) {
                let since = w(
                    call.lang,
                    "tạm đình chỉ, hạn tính tiếp khi giải quyết tiếp; từ",
                    "suspended, the clock goes on when it is resumed; since",
                );
                call.out
                    .line(&format!("{since} {}", crate::domain::date::vi(from)))?;
            }
            let line = w(
                call.lang,
                "không có hạn ở giai đoạn này",
                "no deadline at this stage",
            );
            call.out.line(line)?;
        }
    }
    Ok(0)
}
