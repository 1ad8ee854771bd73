//! `rates`: numerator, denominator and rate, each figure with the token that opens its rows (contract 5).
use super::Call;
use super::list::day;
use super::out::{Column, Done, Fail, Table, columns, csv_line, csv_text, refused, usage};
use super::tree::{command, switch, value, w};
use crate::app::rates::{Figure, RateQuery, RateRow, RateTable, table};
use crate::app::{Error, records, units};
use crate::catalog::{self, rate as words};
use crate::domain::date::vi;
use crate::domain::number::vi_int;
use crate::domain::period::Period;
use crate::domain::petition::PetitionType;
use crate::domain::rate::{GroupBy, Measure, Part};
use crate::domain::record::Kind;
use crate::domain::value::{Code, Value};
use crate::domain::words::Lang;
use clap::{ArgGroup, ArgMatches, Command};
use serde_json::{Map, Value as Json, json};

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "rates",
        ("tỷ lệ xử lý, giải quyết; mỗi con số mở ra đúng các dòng của nó", "processing and resolution rates; every figure opens its rows"),
        "danvan rates --measure resolution --period 2026 --unit 86\ndanvan rates --measure processing --period 2026-H1 --by month\ndanvan rates --measure resolution --from 1/1/2026 --to 31/5/2026 --by type --json",
    )
    .arg(value(lang, "measure", "M", "processing (xử lý đơn) hoặc resolution (giải quyết vụ việc)", "processing or resolution").required(true))
    .arg(value(lang, "period", "P", "kỳ: 2026, 2026-Q1, 2026-06, 2026-H1, 2026-9M, 2026-01..2026-05; tt:2026 (kỳ thanh tra)", "period: 2026, 2026-Q1, 2026-06, 2026-H1, 2026-9M, 2026-01..2026-05; tt:2026 (inspection service)"))
    .arg(value(lang, "from", "DATE", "từ ngày", "from this day"))
    .arg(value(lang, "to", "DATE", "đến ngày", "to this day"))
    .arg(value(lang, "by", "BY", "theo: unit type field month quarter year", "by: unit type field month quarter year"))
    .arg(value(lang, "unit", "CODE", "đơn vị này và cấp dưới", "this unit and all below it"))
    .arg(value(lang, "type", "T", "chỉ một loại đơn", "one type of petition only"))
    .arg(switch(lang, "json", "in JSON", "print JSON"))
    .arg(switch(lang, "csv", "in CSV", "print CSV"))
    .group(ArgGroup::new("form").args(["json", "csv"]))
}

fn code<T: Code>(m: &ArgMatches, name: &str) -> Result<Option<T>, Fail> {
    let Some(text) = m.get_one::<String>(name) else {
        return Ok(None);
    };
    T::from_code(text).map(Some).ok_or_else(|| {
        let codes: Vec<&str> = T::ALL.iter().map(|c| c.code()).collect();
        let codes = codes.join(", ");
        refused(
            format!("--{name}: không có «{text}»; chọn một trong: {codes}"),
            format!("--{name}: no \"{text}\"; one of: {codes}"),
        )
    })
}

fn period(m: &ArgMatches, today: chrono::NaiveDate) -> Result<Period, Fail> {
    let (from, to) = (day(m, "from", today)?, day(m, "to", today)?);
    match (m.get_one::<String>("period"), from, to) {
        (Some(text), None, None) => Period::parse(text)
            .map_err(|p| refused(format!("--period: {}", p.vi), format!("--period: {}", p.en))),
        (None, Some(from), Some(to)) => Period::new(from, to).ok_or_else(|| {
            refused(
                format!("--to: {} ở trước --from ({})", vi(to), vi(from)),
                format!("--to: {to} is before --from ({from})"),
            )
        }),
        _ => Err(usage(
            "cần một kỳ: --period P, hoặc cả --from và --to",
            "a period is needed: --period P, or both --from and --to",
        )),
    }
}

fn query(call: &Call, cx: &crate::app::Cx, m: &ArgMatches) -> Result<(RateQuery, Period), Fail> {
    let period = period(m, call.today())?;
    let measure = code::<Measure>(m, "measure")?
        .ok_or_else(|| usage("còn thiếu: --measure", "missing: --measure"))?;
    let petition_type = match m.get_one::<String>("type") {
        None => None,
        Some(text) => {
            let field =
                catalog::field(Kind::Petition, "type").ok_or_else(|| usage("--type", "--type"))?;
            let value = records::value(cx, field, text).map_err(|msg| {
                Fail::App(Error::Refused(vec![super::write::at_field(field, msg)]))
            })?;
            match value {
                Value::Text(code) => PetitionType::from_code(&code),
                _ => None,
            }
        }
    };
    let units = match m.get_one::<String>("unit") {
        Some(code) => units::scope(cx, code)?,
        None => Vec::new(),
    };
    let q = RateQuery {
        measure,
        from: period.from,
        to: period.to,
        by: code::<GroupBy>(m, "by")?.unwrap_or(GroupBy::Unit),
        units,
        petition_type,
    };
    Ok((q, period))
}

fn figure_json(figure: &Figure) -> Json {
    json!({"count": figure.count, "cell": figure.cell.token()})
}

fn row_json(row: &RateRow, lang: Lang) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("key".into(), row.key.clone().map_or(Json::Null, Json::from));
    map.insert("label".into(), row.label.get(lang).into());
    map.insert("numerator".into(), figure_json(&row.num));
    map.insert("denominator".into(), figure_json(&row.den));
    map.insert("rate".into(), row.rate().map_or(Json::Null, Json::from));
    map
}

fn definition(measure: Measure, lang: Lang) -> String {
    format!(
        "{}: {}; {}: {}",
        w(lang, "Tử số", "Numerator"),
        words::numerator(measure).get(lang),
        w(lang, "mẫu số", "denominator"),
        words::denominator(measure).get(lang)
    )
}

fn print_json(call: &mut Call, t: &RateTable) -> Result<(), Fail> {
    let lang = call.lang;
    let rows: Vec<Json> = t
        .rows
        .iter()
        .map(|r| Json::Object(row_json(r, lang)))
        .collect();
    call.out.json(&json!({
        "measure": t.query.measure.code(),
        "definition": definition(t.query.measure, lang),
        "from": t.query.from.to_string(),
        "to": t.query.to.to_string(),
        "as_of": t.as_of.to_string(),
        "rows": rows,
        "total": row_json(&t.total, lang),
    }))
}

fn print_csv(call: &mut Call, t: &RateTable) -> Result<(), Fail> {
    let lang = call.lang;
    call.out.raw("key,label,numerator,denominator,rate\n")?;
    for row in t.rows.iter().chain([&t.total]) {
        let cells = [
            row.key.clone().unwrap_or_default(),
            csv_text(row.label.get(lang)),
            row.num.count.to_string(),
            row.den.count.to_string(),
            row.rate().unwrap_or_default(),
        ];
        call.out.raw(&(csv_line(&cells) + "\n"))?;
    }
    Ok(())
}

fn print_text(call: &mut Call, t: &RateTable, period: &Period) -> Result<(), Fail> {
    let lang = call.lang;
    let measure = t.query.measure;
    let when = match lang {
        Lang::Vi => period.label(),
        Lang::En => period.label_en(),
    };
    let title = format!(
        "{} · {when} · {} {}",
        words::title(measure).get(lang),
        w(lang, "tính đến", "as of"),
        vi(t.as_of)
    );
    call.out.line(&title)?;
    let column = |head: &str, width, right, grows| Column {
        head: head.to_owned(),
        width,
        right,
        grows,
        whole: right,
    };
    let table = Table::new(
        vec![
            column(words::group_label(t.query.by).get(lang), 30, false, true),
            column(
                words::part_label(measure, Part::Numerator).get(lang),
                12,
                true,
                false,
            ),
            column("", 1, false, false),
            column(
                words::part_label(measure, Part::Denominator).get(lang),
                12,
                false,
                false,
            ),
            column(w(lang, "Tỷ lệ", "Rate"), 9, true, false),
        ],
        columns(),
        call.settings.ascii.0,
    );
    call.out.line(&table.head())?;
    call.out.line(&table.rule())?;
    // A province has a hundred units without a single matter; they are one line for people.
    let empty =
        |row: &RateRow| t.query.by == GroupBy::Unit && row.num.count == 0 && row.den.count == 0;
    let hidden = t.rows.iter().filter(|row| empty(row)).count();
    let shown = t.rows.iter().filter(|row| !empty(row));
    for row in shown.chain([&t.total]) {
        let rate = match row.rate() {
            Some(rate) => format!("{}%", rate.replace('.', ",")),
            None => "–".to_owned(),
        };
        call.out.line(&table.row(&[
            row.label.get(lang).to_owned(),
            vi_int(row.num.count),
            "/".to_owned(),
            vi_int(row.den.count),
            rate,
        ]))?;
    }
    if hidden > 0 {
        let line = match lang {
            Lang::Vi => format!("và {hidden} đơn vị không có vụ việc"),
            Lang::En => format!("and {hidden} units without matters"),
        };
        call.out.line(&line)?;
    }
    for (vi, en, text) in [
        ("Tử số", "Numerator", words::numerator(measure)),
        ("Mẫu số", "Denominator", words::denominator(measure)),
    ] {
        let line = format!("{}: {}", w(lang, vi, en), text.get(lang));
        call.out.line(&line)?;
    }
    Ok(())
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    // A period that is missing is wrong usage whatever the database holds.
    period(m, call.today())?;
    let cx = call.open()?;
    let (q, period) = query(call, &cx, m)?;
    let t = table(&cx, &q)?;
    if m.get_flag("json") {
        print_json(call, &t)?;
    } else if m.get_flag("csv") {
        print_csv(call, &t)?;
    } else {
        print_text(call, &t, &period)?;
    }
    Ok(0)
}
