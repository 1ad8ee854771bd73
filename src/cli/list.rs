//! `list`: filters, order, and the rows as a table, JSON, CSV, ids or a count.
use super::out::{
    Column, Done, Fail, Table, columns, csv_line, csv_text, refused, shown_json, usage,
};
use super::tree::{command, switch, value};
use super::{Call, flags};
use crate::app::{Cx, Error, records, units};
use crate::catalog::{self, Field, Type, json, show};
use crate::domain::date::vi;
use crate::domain::query::{Cond, Op, Query};
use crate::domain::rate::Cell;
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::Lang;
use chrono::NaiveDate;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::Value as Json;

pub(super) fn args(lang: Lang, kind: Kind) -> Command {
    command(
        lang,
        "list",
        ("danh sách, lọc và sắp xếp", "list, filter and sort"),
        "",
    )
    .args(which(lang))
    .args(
        (kind == Kind::Unit)
            .then(|| of_units(lang))
            .into_iter()
            .flatten(),
    )
    .arg(switch(lang, "json", "in mảng JSON", "print a JSON array"))
    .arg(switch(lang, "csv", "in CSV", "print CSV"))
    .arg(switch(lang, "ids", "chỉ in mã số", "print ids only"))
    .arg(switch(
        lang,
        "count",
        "chỉ in số dòng",
        "print the number of rows",
    ))
    .group(clap::ArgGroup::new("form").args(["json", "csv", "ids", "count"]))
}

/// Flags that say which rows of a register, in which order, with names or without.
pub(super) fn which(lang: Lang) -> Vec<Arg> {
    vec![
        value(
            lang,
            "filter",
            "'FIELD OP VALUE'",
            "điều kiện; OP: = != < <= > >= ~ (~: chứa, không cần dấu); nhiều lần thì phải đúng cả",
            "condition; OP: = != < <= > >= ~ (~: contains, marks not needed); all of several must hold",
        )
        .action(ArgAction::Append),
        value(lang, "unit", "CODE", "đơn vị này và cấp dưới", "this unit and all below it"),
        value(lang, "from", "DATE", "từ ngày", "from this day"),
        value(lang, "to", "DATE", "đến ngày", "to this day"),
        value(lang, "sort", "FIELD|-FIELD", "sắp theo trường (-: giảm dần)", "order by a field (-: descending)")
            .action(ArgAction::Append),
        value(lang, "limit", "N", "nhiều nhất N dòng", "at most N rows"),
        value(lang, "cell", "TOKEN", "đúng các dòng của một ô trong bảng tỷ lệ", "exactly the rows of a figure of rates"),
        switch(lang, "deleted", "những bản ghi đã xóa", "the removed ones"),
        switch(lang, "with-names", "cả tên và địa chỉ người dân", "also names and addresses of citizens"),
    ]
}

/// Flags that say which units, by time.
pub(super) fn of_units(lang: Lang) -> [Arg; 2] {
    [
        value(
            lang,
            "on",
            "DATE",
            "đơn vị có hiệu lực ngày này (mặc định hôm nay)",
            "units valid on this day (default today)",
        )
        .conflicts_with("all"),
        switch(
            lang,
            "all",
            "mọi đơn vị từ trước đến nay",
            "every unit there ever was",
        ),
    ]
}

/// The day of a flag; a bad one is a bad value: exit 3.
pub(super) fn day(m: &ArgMatches, name: &str, today: NaiveDate) -> Result<Option<NaiveDate>, Fail> {
    let Some(text) = m.get_one::<String>(name) else {
        return Ok(None);
    };
    crate::domain::date::parse(text, today)
        .map(Some)
        .map_err(|p| refused(format!("--{name}: {}", p.vi), format!("--{name}: {}", p.en)))
}

/// The refusal of a span whose end comes before its beginning.
pub(super) fn ends_first(from: NaiveDate, to: NaiveDate) -> Fail {
    refused(
        format!("--to: {} ở trước --from ({})", vi(to), vi(from)),
        format!("--to: {to} is before --from ({from})"),
    )
}

/// The number of `--limit`; a bad one is wrong usage: exit 2.
pub(super) fn limit(m: &ArgMatches) -> Result<Option<usize>, Fail> {
    let Some(text) = m.get_one::<String>("limit") else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| {
        usage(
            format!("--limit: «{text}» phải là số nguyên không âm"),
            format!("--limit: \"{text}\" must be a whole number, 0 or more"),
        )
    })
}

fn known(kind: Kind, key: &str) -> Result<&'static Field, Fail> {
    let key = key.replace('-', "_");
    catalog::any_field(kind, &key).ok_or_else(|| {
        usage(
            format!("không có trường «{key}»; xem «danvan schema»"),
            format!("no field \"{key}\"; see \"danvan schema\""),
        )
    })
}

/// A filter as written: `due_on <= 14/3`, `subject ~ dat dai`.
fn condition(cx: &Cx, kind: Kind, text: &str) -> Result<Cond, Fail> {
    let trimmed = text.trim();
    let end = trimmed
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
        .unwrap_or(trimmed.len());
    let (key, rest) = trimmed.split_at(end);
    let rest = rest.trim_start();
    let ops = ["!=", "<=", ">=", "=", "<", ">", "~"];
    let found = ops.iter().find_map(|op| Some((op, rest.strip_prefix(op)?)));
    let Some((op, value)) = found.filter(|_| !key.is_empty()) else {
        return Err(usage(
            format!(
                "--filter: «{text}» phải có dạng 'TRƯỜNG OP GIÁ-TRỊ' với OP là = != < <= > >= ~"
            ),
            format!(
                "--filter: \"{text}\" must read 'FIELD OP VALUE' with OP one of = != < <= > >= ~"
            ),
        ));
    };
    let field = known(kind, key)?;
    let op = Op::from_code(op).unwrap_or(Op::Eq);
    let value = value.trim();
    let value = if op == Op::Contains {
        Value::Text(crate::domain::text::clean(value))
    } else {
        let read = records::value(cx, field, value)
            .map_err(|msg| Fail::App(Error::Refused(vec![flags::at_field(field, msg)])))?;
        match read {
            // Rows are compared by the bare code they show.
            Value::Unit(mut unit) => {
                unit.code = unit.code.split('@').next().unwrap_or_default().to_owned();
                Value::Unit(unit)
            }
            other => other,
        }
    };
    Ok(Cond {
        key: field.key,
        op,
        value,
    })
}

fn cell(kind: Kind, token: &str) -> Result<Cell, Fail> {
    Cell::parse(token)
        .filter(|_| token.split(':').next() == Some(kind.code()))
        .ok_or_else(|| {
            refused(
                format!("--cell: «{token}» không phải ô của sổ này"),
                format!("--cell: \"{token}\" is no cell of this register"),
            )
        })
}

pub(super) fn query(cx: &Cx, kind: Kind, m: &ArgMatches) -> Result<Query, Fail> {
    let today = cx.today();
    let mut query = Query::all(kind);
    for text in m.get_many::<String>("filter").into_iter().flatten() {
        query.conds.push(condition(cx, kind, text)?);
    }
    for text in m.get_many::<String>("sort").into_iter().flatten() {
        let (key, down) = match text.strip_prefix('-') {
            Some(key) => (key, true),
            None => (text.as_str(), false),
        };
        query.sort.push((known(kind, key)?.key, down));
    }
    if let Some(code) = m.get_one::<String>("unit") {
        query.units = units::scope(cx, code)?;
    }
    query.from = day(m, "from", today)?;
    query.to = day(m, "to", today)?;
    if let (Some(from), Some(to)) = (query.from, query.to)
        && to < from
    {
        return Err(ends_first(from, to));
    }
    if let Some(token) = m.get_one::<String>("cell") {
        query.cell = Some(cell(kind, token)?);
    }
    query.deleted = m.get_flag("deleted");
    if kind == Kind::Unit && !m.get_flag("all") {
        query.on = Some(day(m, "on", today)?.unwrap_or(today));
    }
    Ok(query)
}

/// The columns that fit: those for 80 cells always, more as there is room.
fn pick(kind: Kind, names: bool, width: usize) -> Vec<&'static Field> {
    let level = match width {
        0..=109 => 1,
        110..=149 => 2,
        _ => 3,
    };
    let entity = catalog::entity(kind);
    let by_id = !catalog::has_number(kind) && kind != Kind::Unit;
    let head = catalog::head_fields(kind)
        .iter()
        .filter(move |f| f.list > 0 || (by_id && f.key == "id"));
    head.chain(entity.fields)
        .filter(|f| f.key == "id" || (1..=level).contains(&f.list) || (names && f.personal()))
        .filter(|f| names || !f.personal() || f.key == "registrant_name")
        .collect()
}

fn table(
    call: &mut Call,
    cx: &Cx,
    q: &Query,
    limit: Option<usize>,
    names: bool,
) -> Result<(), Fail> {
    let (lang, today, width) = (call.lang, cx.today(), columns());
    let fields = pick(q.kind, names, width);
    let heads = fields.iter().map(|f| Column {
        head: f.short.get(lang).to_owned(),
        width: usize::from(f.width),
        right: f.right(),
        grows: f.grows(),
        whole: matches!(f.key, "id" | "number" | "code"),
    });
    let table = Table::new(heads.collect(), width, call.settings.ascii.0);
    call.out.line(&table.head())?;
    call.out.line(&table.rule())?;
    let mut known = units::Names::default();
    stream(call, cx, q, limit, |call, record| {
        let mut cells = Vec::with_capacity(fields.len());
        for field in &fields {
            let value = catalog::value_of(record, field.key);
            let hidden = !names && catalog::is_personal(field, record);
            cells.push(match &value {
                _ if hidden || !catalog::applies(field, record) => String::new(),
                Value::Unit(unit) => {
                    let on = units::day_of(record, today);
                    known.of(cx, unit.id, on)?.as_ref().to_owned()
                }
                Value::Text(_) if field.key == "standing" => show::standing_of(record, lang),
                Value::Text(_) if field.key == "stage" => show::stage_cell(record, lang),
                _ => show::show_cell(field, &value, lang, today),
            });
        }
        call.out.line(&table.row(&cells))
    })
}

/// Hands the rows over one by one; a failure of the output ends the walk.
fn stream(
    call: &mut Call,
    cx: &Cx,
    q: &Query,
    limit: Option<usize>,
    mut take: impl FnMut(&mut Call, &dyn Record) -> Result<(), Fail>,
) -> Result<(), Fail> {
    let mut stopped = None;
    let walked = records::each(cx, q, limit, |record| {
        take(call, record).map_err(|fail| {
            stopped = Some(fail);
            Error::Busy
        })
    });
    match (stopped, walked) {
        (Some(fail), _) => Err(fail),
        (None, walked) => Ok(walked?),
    }
}

/// A value for scripts: codes, ISO dates, plain numbers.
fn csv_value(field: &Field, value: &Value) -> String {
    match (value, field.ty) {
        (Value::Text(text), Type::Enum(_)) => text.clone(),
        (Value::Text(text), _) => csv_text(text),
        (Value::List(items), _) => csv_text(&items.join("; ")),
        (Value::Dec(n), _) => n.to_string(),
        _ => match json::to_json(value) {
            Json::Null => String::new(),
            Json::String(text) => text,
            other => other.to_string(),
        },
    }
}

fn csv(call: &mut Call, cx: &Cx, q: &Query, limit: Option<usize>, names: bool) -> Result<(), Fail> {
    let fields: Vec<&Field> = catalog::head_fields(q.kind)
        .iter()
        .chain(catalog::entity(q.kind).fields)
        .filter(|f| names || !f.personal() || f.key == "registrant_name")
        .collect();
    let heads: Vec<String> = fields.iter().map(|f| f.key.to_owned()).collect();
    call.out.raw(&(csv_line(&heads) + "\n"))?;
    stream(call, cx, q, limit, |call, record| {
        let cells: Vec<String> = fields
            .iter()
            .map(|field| {
                if !names && catalog::is_personal(field, record) {
                    String::new()
                } else {
                    csv_value(field, &catalog::value_of(record, field.key))
                }
            })
            .collect();
        call.out.raw(&(csv_line(&cells) + "\n"))
    })
}

fn rows_json(
    call: &mut Call,
    cx: &Cx,
    q: &Query,
    limit: Option<usize>,
    names: bool,
) -> Result<(), Fail> {
    let mut first = true;
    call.out.raw("[")?;
    stream(call, cx, q, limit, |call, record| {
        let row = shown_json(&Json::Object(json::record_json(record, names)));
        let before = if first { "\n" } else { ",\n" };
        first = false;
        call.out.raw(&format!("{before}{row}"))
    })?;
    call.out.raw("\n]\n")
}

pub(super) fn run(call: &mut Call, kind: Kind, m: &ArgMatches) -> Done {
    let limit = limit(m)?;
    let cx = call.open()?;
    let q = query(&cx, kind, m)?;
    let names = m.get_flag("with-names");
    if m.get_flag("count") {
        let count = records::count(&cx, &q)?;
        let count = limit.map_or(count, |most| count.min(most));
        call.out.line(&count.to_string())?;
    } else if m.get_flag("ids") {
        stream(call, &cx, &q, limit, |call, record| {
            call.out.line(&record.head().id.to_string())
        })?;
    } else if m.get_flag("json") {
        rows_json(call, &cx, &q, limit, names)?;
    } else if m.get_flag("csv") {
        csv(call, &cx, &q, limit, names)?;
    } else {
        table(call, &cx, &q, limit, names)?;
    }
    Ok(0)
}
