//! `add`, `edit`, `remove`, `restore`: flags made from the field tables, or JSON.
use super::flags::{field_flags, given, typed};
use super::out::{Done, Fail, note, refused, usage};
use super::register::{id_arg, id_of};
use super::tree::{command, switch, value, w};
use super::{Call, secret, show, slip};
use crate::app::records::{self, NewRecord};
use crate::app::{Cx, Error, Problem, upkeep};
use crate::catalog;
use crate::domain::record::{Kind, Record};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::Value as Json;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest JSON input; a register is entered by import, not through one array.
const MAX_INPUT: u64 = 256 << 20;

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
    upkeep::keep_off(path)?;
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
