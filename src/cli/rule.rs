//! `rule list|add|edit`: the deadline rules as rows with validity; an office adds and edits them.
use super::Call;
use super::flags;
use super::list::day;
use super::out::{Done, Fail, refused, usage};
use super::tree::{command, place, switch, value, w};
use crate::app::deadline_rules::{self, Saved};
use crate::catalog::rule::{RULE_FIELDS, rule_value};
use crate::catalog::{json as values, show};
use crate::domain::date::vi;
use crate::domain::deadline::{DayUnit, Rule};
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Map, Value as Json};

fn list_args(lang: Lang) -> Command {
    command(
        lang,
        "list",
        ("các quy định về thời hạn", "the rules of deadlines"),
        "danvan rule list --code KN_ACCEPT\ndanvan rule list --on 2026-06-30 --json",
    )
    .arg(value(lang, "code", "CODE", "chỉ mã này", "this code only"))
    .arg(value(
        lang,
        "on",
        "DATE",
        "chỉ quy định có hiệu lực vào ngày này",
        "in force on this day only",
    ))
    .arg(switch(lang, "json", "in JSON", "print JSON"))
}

pub(super) fn args(lang: Lang) -> Command {
    let json = || {
        switch(
            lang,
            "json",
            "in quy định dạng JSON",
            "print the rule as JSON",
        )
    };
    let add = command(
        lang,
        "add",
        ("thêm một quy định; in mã số", "add a rule; prints its id"),
        "danvan rule add --code KN_ACCEPT --type KN --level 1+2+KL --amount 5 --unit W --start-event receipt --valid-from 2027-01-01 --source 'NĐ mới, Đ1'",
    )
    .arg_required_else_help(true)
    .args(flags::field_flags(lang, None, RULE_FIELDS))
    .arg(json());
    let edit = command(
        lang,
        "edit",
        (
            "sửa một quy định; hạn của đơn đang mở tính lại",
            "change a rule; open deadlines follow",
        ),
        "danvan rule edit 3 --valid-to 2026-12-31 --why 'có nghị định mới'",
    )
    .arg(place(
        lang,
        "ID",
        "mã số của quy định (xem rule list)",
        "id of the rule (see rule list)",
    ))
    .args(flags::field_flags(lang, None, RULE_FIELDS))
    .arg(value(
        lang,
        "why",
        "TEXT",
        "lý do, ghi vào lịch sử",
        "reason, kept in the history",
    ))
    .arg(json());
    command(
        lang,
        "rule",
        (
            "quy định về thời hạn: xem, thêm, sửa",
            "rules of deadlines: list, add, edit",
        ),
        "danvan rule list --code KN_RESOLVE_1\ndanvan rule edit 3 --valid-to 2026-12-31",
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(list_args(lang))
    .subcommand(add)
    .subcommand(edit)
}

fn rule_json(rule: &Rule) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("id".into(), rule.id.into());
    for field in RULE_FIELDS {
        map.insert(
            field.key.into(),
            values::to_json(&rule_value(rule, field.key)),
        );
    }
    map
}

fn text_of(rule: &Rule, key: &str, lang: Lang) -> String {
    RULE_FIELDS
        .iter()
        .find(|f| f.key == key)
        .map(|f| show::show(f, &rule_value(rule, key), lang))
        .unwrap_or_default()
}

/// Validity in a word or two: «từ 01/07/2026», «đến 30/06/2026».
fn validity(rule: &Rule, lang: Lang) -> String {
    let (from, to) = (w(lang, "từ", "from"), w(lang, "đến", "until"));
    match (rule.valid_from, rule.valid_to) {
        (None, None) => String::new(),
        (Some(a), None) => format!("{from} {}", vi(a)),
        (None, Some(b)) => format!("{to} {}", vi(b)),
        (Some(a), Some(b)) => format!("{} – {}", vi(a), vi(b)),
    }
}

fn lines(rule: &Rule, lang: Lang) -> [String; 2] {
    let unit = match rule.unit {
        DayUnit::Working => w(lang, "ngày làm việc", "working days"),
        DayUnit::Calendar => w(lang, "ngày", "days"),
    };
    let kind = text_of(rule, "kind", lang);
    let mut notes = vec![format!("{} {}", rule.petition_type, rule.level)];
    for (key, cond) in [("complex", rule.complex), ("remote", rule.remote)] {
        if cond.code() != "any" {
            notes.push(text_of(rule, key, lang));
        }
    }
    notes.push(validity(rule, lang));
    notes.retain(|s| !s.is_empty());
    [
        format!(
            "{:>4}  {:<22} {} {unit} ({kind}, {} {})",
            rule.id,
            rule.code,
            rule.amount,
            w(lang, "tính từ", "from"),
            rule.start_event
        ),
        format!("      {} · {}", notes.join(" · "), rule.source),
    ]
}

fn list(call: &mut Call, m: &ArgMatches) -> Done {
    let cx = call.open()?;
    let on = day(m, "on", cx.today())?;
    let code = m.get_one::<String>("code").map(|c| c.to_uppercase());
    let mut rules = deadline_rules::list(&cx);
    if let Some(code) = &code {
        if !rules.iter().any(|r| &r.code == code) {
            let mut codes: Vec<&str> = rules.iter().map(|r| r.code.as_str()).collect();
            codes.dedup();
            let codes = codes.join(", ");
            return Err(refused(
                format!("--code: không có quy định «{code}»; có: {codes}"),
                format!("--code: no rule \"{code}\"; there are: {codes}"),
            ));
        }
        rules.retain(|r| &r.code == code);
    }
    rules.retain(|r| on.is_none_or(|on| r.holds_on(on)));
    if m.get_flag("json") {
        let rows: Vec<Json> = rules.iter().map(|r| Json::Object(rule_json(r))).collect();
        call.out.json(&Json::Array(rows))?;
        return Ok(0);
    }
    for rule in &rules {
        for line in lines(rule, call.lang) {
            call.out.line(&line)?;
        }
    }
    Ok(0)
}

/// How many deadlines followed a change.
pub(super) fn moved(call: &Call, n: usize) {
    call.say(
        &format!("Hạn của {n} đơn đang mở thay đổi theo."),
        &format!("Deadlines of open petitions that moved: {n}."),
    );
}

fn print(call: &mut Call, saved: &Saved, m: &ArgMatches) -> Result<(), Fail> {
    if m.get_flag("json") {
        let mut map = rule_json(&saved.rule);
        map.insert("moved".into(), saved.moved.into());
        call.out.json(&Json::Object(map))?;
    } else {
        call.out.line(&saved.rule.id.to_string())?;
    }
    moved(call, saved.moved);
    Ok(())
}

fn add(call: &mut Call, m: &ArgMatches) -> Done {
    let mut cx = call.open()?;
    let fields = flags::given(&cx, RULE_FIELDS, m)?;
    let saved = deadline_rules::add(&mut cx, &fields)?;
    print(call, &saved, m)?;
    Ok(0)
}

fn edit(call: &mut Call, m: &ArgMatches) -> Done {
    let name = m.get_one::<String>("ID").map_or("", String::as_str);
    let mut cx = call.open()?;
    // What is no number names no rule either: exit 4, as an id that is not there.
    let id = name.parse::<i64>().unwrap_or(0);
    deadline_rules::get(&cx, id)?;
    let fields = flags::given(&cx, RULE_FIELDS, m)?;
    if fields.is_empty() {
        return Err(usage(
            "còn thiếu: cờ của trường cần sửa (vd. --valid-to …)",
            "missing: the flag of a field to change (e.g. --valid-to …)",
        ));
    }
    let why = m.get_one::<String>("why").map(String::as_str);
    let saved = deadline_rules::edit(&mut cx, id, &fields, why)?;
    print(call, &saved, m)?;
    Ok(0)
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    match m.subcommand() {
        Some(("add", sub)) => add(call, sub),
        Some(("edit", sub)) => edit(call, sub),
        Some((_, sub)) => list(call, sub),
        None => Ok(2),
    }
}
