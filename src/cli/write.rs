//! `add`, `edit`, `remove`, `restore`: flags made from the field tables, or JSON.
use super::out::{Done, Fail, note, refused, usage};
use super::register::{id_arg, id_of};
use super::tree::{command, switch, value, w};
use super::{Call, secret, show, slip};
use crate::app::records::{self, NewRecord};
use crate::app::{Cx, Error, Problem};
use crate::catalog::{self, Field, Type};
use crate::domain::record::{Kind, Record};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::Value as Json;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest JSON input; a register is entered by import, not through one array.
const MAX_INPUT: u64 = 256 << 20;

fn long(key: &str) -> String {
    key.replace('_', "-")
}

/// Id of a field's flag, apart from those of the verb's own flags.
fn id(key: &str) -> String {
    format!("f:{key}")
}

fn no_id(key: &str) -> String {
    format!("no:{key}")
}

/// Help of a field without the keys of the terminal program; what holds for denunciations only is said with them.
fn shell_help(kind: Option<Kind>, field: &Field, lang: Lang) -> String {
    let mut help = field.help.get(lang).to_owned();
    if kind.is_some_and(|kind| catalog::may_name_denouncer(kind, field.key)) {
        let join = if help.is_empty() { "" } else { "; " };
        let of = w(lang, "tố cáo", "denunciation");
        help.push_str(&format!("{join}{of}: {}", catalog::UNNAMED.get(lang)));
    }
    [", hoặc F4 chọn", " hoặc F4 chọn", ", or pick with F4"]
        .iter()
        .fold(help, |help, key| help.replace(key, ""))
}

/// The flags of fields: `--received-on DATE`, `--complex`, `--no-complex`.
pub(super) fn field_flags(lang: Lang, kind: Option<Kind>, fields: &[Field]) -> Vec<Arg> {
    let mut flags = Vec::new();
    for field in fields.iter().filter(|f| !f.computed()) {
        let help = format!(
            "{}: {}",
            field.label.get(lang),
            shell_help(kind, field, lang)
        );
        let arg = Arg::new(id(field.key)).long(long(field.key));
        if field.ty == Type::Boolean {
            let no = format!(
                "{} (--no-{}: {})",
                help,
                long(field.key),
                w(lang, "không", "no")
            );
            flags.push(
                arg.help(no)
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("true")
                    .value_name(w(lang, "có|không", "yes|no"))
                    .conflicts_with(no_id(field.key)),
            );
            flags.push(
                Arg::new(no_id(field.key))
                    .long(format!("no-{}", long(field.key)))
                    .action(ArgAction::SetTrue)
                    .hide(true),
            );
        } else {
            let codes: Vec<&str> = field.ty.choices().iter().map(|c| c.code).collect();
            let help = if codes.is_empty() {
                help
            } else if field.key == "outcome" {
                super::petition::outcome_help(field, lang)
            } else {
                format!("{}: {}", field.label.get(lang), codes.join(" "))
            };
            let action = if field.ty == Type::List {
                ArgAction::Append
            } else {
                ArgAction::Set
            };
            flags.push(
                arg.help(help)
                    .value_name(field.ty.name().to_uppercase())
                    .allow_hyphen_values(true)
                    .action(action),
            );
        }
    }
    flags
}

/// `--complex có` means `--complex=có`: a yes-or-no flag takes its value only if it is one.
pub(super) fn join_booleans(args: Vec<OsString>) -> Vec<OsString> {
    let is_flag = |arg: &str| {
        let key = arg.strip_prefix("--").map(|name| name.replace('-', "_"));
        let boolean = |fields: &[Field], key: &str| {
            fields.iter().any(|f| f.ty == Type::Boolean && f.key == key)
        };
        key.is_some_and(|key| {
            catalog::ENTITIES.iter().any(|e| boolean(e.fields, &key))
                || boolean(&super::petition::every_field(), &key)
        })
    };
    let is_answer = |arg: &str| {
        let folded = crate::domain::fold::fold(arg);
        ["true", "false", "yes", "no", "co", "khong"].contains(&folded.as_str())
    };
    let mut joined: Vec<OsString> = Vec::with_capacity(args.len());
    for arg in args {
        let answer = arg.to_str().filter(|a| is_answer(a));
        match (joined.last().and_then(|last| last.to_str()), answer) {
            (Some(flag), Some(answer)) if is_flag(flag) => {
                let whole = format!("{flag}={answer}");
                joined.pop();
                joined.push(whole.into());
            }
            _ => joined.push(arg),
        }
    }
    joined
}

fn successors_flag(lang: Lang, kind: Kind) -> Option<Arg> {
    (kind == Kind::Unit).then(|| {
        value(
            lang,
            "successors",
            "CODE[@DATE][:whole|part],…",
            "đơn vị kế thừa, cách nhau bằng dấu phẩy",
            "successors, separated by commas",
        )
    })
}

pub(super) fn add_args(lang: Lang, kind: Kind) -> Command {
    let flags = field_flags(lang, Some(kind), catalog::entity(kind).fields);
    let ids: Vec<clap::Id> = flags.iter().map(|a| a.get_id().clone()).collect();
    command(
        lang,
        "add",
        (
            "thêm bản ghi; in mã số, mỗi dòng một",
            "add records; prints one id a line",
        ),
        "",
    )
    .arg_required_else_help(true)
    .args(flags)
    .args(successors_flag(lang, kind))
    .arg(
        value(
            lang,
            "from",
            "FILE|-",
            "tệp JSON một bản ghi hoặc mảng (- là đầu vào): ghi tất cả hoặc không ghi gì",
            "JSON file with a record or an array (- is stdin): all or nothing",
        )
        .value_parser(value_parser!(PathBuf))
        .conflicts_with_all(ids),
    )
    .arg(switch(
        lang,
        "json",
        "in các bản ghi dạng JSON",
        "print the records as JSON",
    ))
}

pub(super) fn edit_args(lang: Lang, kind: Kind) -> Command {
    command(
        lang,
        "edit",
        (
            "sửa vài trường của một bản ghi",
            "change fields of a record",
        ),
        "",
    )
    .arg(id_arg(lang, kind))
    .args(field_flags(lang, Some(kind), catalog::entity(kind).fields))
    .args(successors_flag(lang, kind))
    .arg(value(
        lang,
        "rev",
        "N",
        "chỉ sửa nếu bản ghi còn ở lần sửa N",
        "only if the record is still at revision N",
    ))
    .arg(switch(
        lang,
        "json",
        "in bản ghi dạng JSON",
        "print the record as JSON",
    ))
}

/// A refusal at a field.
pub(super) fn at_field(field: &Field, msg: Msg) -> Problem {
    Problem {
        row: None,
        field: Some(field.key),
        label: field.label.into(),
        msg,
    }
}

/// The field flags that were given, as they were typed.
fn typed(fields: &'static [Field], m: &ArgMatches) -> Vec<(&'static Field, String)> {
    let text = |field: &Field| {
        if field.ty == Type::Boolean && m.get_flag(&no_id(field.key)) {
            return Some("false".to_owned());
        }
        let words = m.get_many::<String>(&id(field.key))?;
        let words: Vec<&str> = words.map(String::as_str).collect();
        Some(words.join(", "))
    };
    let entered = fields.iter().filter(|f| !f.computed());
    entered
        .filter_map(|field| Some((field, text(field)?)))
        .collect()
}

/// The values of the field flags that were given; all bad ones are named.
pub(super) fn given(
    cx: &Cx,
    fields: &'static [Field],
    m: &ArgMatches,
) -> Result<Vec<(&'static str, Value)>, Fail> {
    let mut values = Vec::new();
    let mut problems = Vec::new();
    for (field, typed) in typed(fields, m) {
        match records::value(cx, field, &typed) {
            Ok(value) => values.push((field.key, value)),
            Err(msg) => problems.push(at_field(field, msg)),
        }
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(Error::Refused(problems).into())
    }
}

fn successors(m: &ArgMatches, kind: Kind) -> Result<Option<Vec<(String, SuccessionKind)>>, Fail> {
    if kind != Kind::Unit {
        return Ok(None);
    }
    let Some(text) = m.get_one::<String>("successors") else {
        return Ok(None);
    };
    let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
    let list: Option<Vec<_>> = parts
        .map(|part| match part.rsplit_once(':') {
            None => Some((part.to_owned(), SuccessionKind::Whole)),
            Some((code, how)) => {
                SuccessionKind::from_code(how.trim()).map(|how| (code.trim().to_owned(), how))
            }
        })
        .collect();
    list.map(Some).ok_or_else(|| {
        refused(
            "Đơn vị kế thừa (successors): MÃ[@NGÀY]:whole hoặc MÃ[@NGÀY]:part, cách nhau bằng dấu phẩy",
            "Successors (successors): CODE[@DATE]:whole or CODE[@DATE]:part, separated by commas",
        )
    })
}

/// The JSON of a file or of stdin.
fn read_json(path: &Path) -> Result<Json, Fail> {
    let name = path.display();
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(MAX_INPUT)
            .read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_INPUT).read_to_end(&mut bytes))
    };
    if let Err(e) = read {
        let msg = Msg::new(
            format!("Không đọc được {name}: {e}"),
            format!("Cannot read {name}: {e}"),
        );
        return Err(match e.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound(msg),
            std::io::ErrorKind::PermissionDenied => Error::Denied(msg),
            _ => Error::NotFound(msg),
        }
        .into());
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        refused(
            format!("{name} không phải UTF-8 (từ byte {at})"),
            format!("{name} is not UTF-8 (from byte {at})"),
        )
    })?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
        refused(
            format!(
                "{name} không phải JSON: dòng {}, cột {}: {e}",
                e.line(),
                e.column()
            ),
            format!(
                "{name} is not JSON: line {}, column {}: {e}",
                e.line(),
                e.column()
            ),
        )
    })
}

/// The records of the JSON given; when one row is bad, every bad row is named, also by the rules that saving judges.
fn from_json(cx: &Cx, kind: Kind, json: &Json) -> Result<Vec<NewRecord>, Fail> {
    let Some(rows) = json.as_array() else {
        return records::from_json(cx, kind, json)
            .map(|one| vec![one])
            .map_err(|problems| Error::Refused(problems).into());
    };
    let mut items = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let at_row = |mut p: Problem| {
            p.row = Some(at + 1);
            p
        };
        match records::from_json(cx, kind, row) {
            Ok(item) => items.push((at, item)),
            Err(more) => problems.extend(more.into_iter().map(at_row)),
        }
    }
    if problems.is_empty() {
        return Ok(items.into_iter().map(|(_, item)| item).collect());
    }
    for (at, item) in items {
        let record = records::draft(kind, &item.fields, cx.today());
        if let Err(Error::Refused(more)) = records::check(cx, record.as_ref()) {
            problems.extend(more.into_iter().map(|mut p| {
                p.row = Some(at + 1);
                p
            }));
        }
    }
    problems.sort_by_key(|p| p.row);
    Err(Error::Refused(problems).into())
}

pub(super) fn add(call: &mut Call, kind: Kind, m: &ArgMatches) -> Done {
    let mut cx = call.open()?;
    let items = match m.get_one::<PathBuf>("from") {
        Some(path) => from_json(&cx, kind, &read_json(path)?)?,
        None => vec![NewRecord {
            fields: given(&cx, catalog::entity(kind).fields, m)?,
            opinions: Vec::new(),
            successors: successors(m, kind)?,
        }],
    };
    let added = records::add(&mut cx, kind, &items)?;
    match items.as_slice() {
        [_] if !m.contains_id("from") => {
            slip::told(
                call,
                kind,
                None,
                &typed(catalog::entity(kind).fields, m),
                cx.today(),
            );
        }
        rows => slip::told_of_rows(call, kind, rows, cx.today()),
    }
    if m.get_flag("json") {
        let rows: Result<Vec<Json>, Fail> = added
            .iter()
            .map(|record| show::full_json(&cx, record.as_ref()))
            .collect();
        call.out.json(&Json::Array(rows?))?;
        super::likely::tell(call, &cx, &added);
        return Ok(0);
    }
    for record in &added {
        call.out.line(&record.head().id.to_string())?;
    }
    if let [one] = added.as_slice() {
        note(&saved(one.as_ref(), call.lang));
    }
    super::likely::tell(call, &cx, &added);
    super::petition::remind(call, &added);
    Ok(0)
}

/// What was saved, in a line: «đơn 15/2026, hạn 12/03/2026».
fn saved(record: &dyn Record, lang: Lang) -> String {
    let one = catalog::entity(record.kind()).one.get(lang);
    let head = record.head();
    let name = head.number_text().unwrap_or_else(|| head.id.to_string());
    match record.get("due_on") {
        Value::Date(due) => {
            let due = crate::domain::date::vi(due);
            format!("{one} {name}, {} {due}", w(lang, "hạn", "due"))
        }
        _ => format!("{one} {name}"),
    }
}

pub(super) fn edit(call: &mut Call, kind: Kind, m: &ArgMatches) -> Done {
    let rev = match m.get_one::<String>("rev") {
        None => None,
        Some(text) => Some(text.parse::<i64>().map_err(|_| {
            usage(
                format!("--rev: «{text}» không phải số"),
                format!("--rev: \"{text}\" is no number"),
            )
        })?),
    };
    let mut cx = call.open()?;
    let id = records::locate(&cx, kind, id_of(m))?;
    let fields = given(&cx, catalog::entity(kind).fields, m)?;
    let heirs = successors(m, kind)?;
    if fields.is_empty() && heirs.is_none() {
        return Err(usage(
            "còn thiếu: cờ của trường cần sửa (vd. --note …)",
            "missing: the flag of a field to change (e.g. --note …)",
        ));
    }
    if kind == Kind::Petition {
        secret::told_what_goes(call, &cx, id, &fields)?;
    }
    let record = secret::change(&mut cx, kind, (id, rev), &fields, heirs.as_deref())?;
    let given = typed(catalog::entity(kind).fields, m);
    slip::told(call, kind, Some(record.as_ref()), &given, cx.today());
    if m.get_flag("json") {
        let json = show::full_json(&cx, record.as_ref())?;
        call.out.json(&json)?;
    } else {
        let what = saved(record.as_ref(), call.lang);
        call.say(&format!("Đã lưu {what}."), &format!("Saved {what}."));
    }
    Ok(0)
}

pub(super) fn set_removed(call: &mut Call, kind: Kind, m: &ArgMatches, removed: bool) -> Done {
    let mut cx = call.open()?;
    let id = records::locate(&cx, kind, id_of(m))?;
    let already = records::get(&cx, kind, id)?.head().deleted == removed;
    let record = records::set_removed(&mut cx, kind, id, removed)?;
    let what = saved(record.as_ref(), call.lang);
    if already && removed {
        call.say(
            &format!("{what}: đã xóa từ trước."),
            &format!("{what}: removed before."),
        );
    } else if already {
        call.say(
            &format!("{what}: không bị xóa."),
            &format!("{what}: not removed."),
        );
    } else if removed {
        call.say(
            &format!("Đã xóa {what}; lấy lại bằng restore."),
            &format!("Removed {what}; restore brings it back."),
        );
    } else {
        call.say(&format!("Đã lấy lại {what}."), &format!("Restored {what}."));
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boolean_flag_takes_only_an_answer() {
        let joined = |args: &[&str]| -> Vec<String> {
            join_booleans(args.iter().map(OsString::from).collect())
                .into_iter()
                .map(|a| a.to_string_lossy().into_owned())
                .collect()
        };
        assert_eq!(
            joined(&["edit", "--complex", "có"]),
            ["edit", "--complex=có"]
        );
        assert_eq!(
            joined(&["edit", "--complex", "5"]),
            ["edit", "--complex", "5"]
        );
        assert_eq!(joined(&["--note", "yes"]), ["--note", "yes"]);
    }
}
