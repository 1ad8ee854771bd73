//! `rates`: numerator, denominator and rate, each figure with the token that opens its rows (contract 5).
use super::Call;
use super::list::{day, ends_first};
use super::out::{Column, Done, Fail, Table, columns, csv_line, csv_text, refused, usage};
use super::tree::{command, switch, value, w};
use crate::app::rates::json::{change, figure_json, rate_of, row_json};
use crate::app::rates::{RateOptions, RateQuery, RateRow, RateTable, table_with};
use crate::app::{Error, records, units};
use crate::catalog::{self, rate as words};
use crate::domain::date::vi;
use crate::domain::number::vi_int;
use crate::domain::period::Period;
use crate::domain::petition::PetitionType;
use crate::domain::rate::{Compare, DayStats, GroupBy, Measure, Part, UnitMap};
use crate::domain::record::Kind;
use crate::domain::value::{Code, Value};
use crate::domain::words::Lang;
use clap::{ArgGroup, ArgMatches, Command};
use serde_json::{Value as Json, json};

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "rates",
        ("tỷ lệ xử lý, giải quyết; mỗi con số mở ra đúng các dòng của nó", "processing and resolution rates; every figure opens its rows"),
        "danvan rates --measure resolution --period 2026 --unit 86\ndanvan rates --measure processing --period 2026-H1 --by month\ndanvan rates --measure resolution --from 1/1/2026 --to 31/5/2026 --by type --json\ndanvan rates --measure on_time --period tt:2025 --compare last_year\ndanvan rates --measure answered --period 2025 --by unit --map current",
    )
    .arg(value(lang, "measure", "M", "processing (xử lý đơn), resolution (giải quyết vụ việc), on_time (đúng hạn), answered (trả lời kiến nghị, phản ánh), replied (phúc đáp), dialogue (ý kiến đối thoại)", "processing, resolution, on_time, answered, replied or dialogue").required(true))
    .arg(value(lang, "period", "P", "kỳ: 2026, 2026-Q1, 2026-06, 2026-H1, 2026-9M, 2026-01..2026-05; tt:2026 (kỳ thanh tra)", "period: 2026, 2026-Q1, 2026-06, 2026-H1, 2026-9M, 2026-01..2026-05; tt:2026 (inspection service)"))
    .arg(value(lang, "from", "DATE", "từ ngày", "from this day"))
    .arg(value(lang, "to", "DATE", "đến ngày", "to this day"))
    .arg(value(lang, "by", "BY", "theo: unit unit_level type field handler month quarter year", "by: unit unit_level type field handler month quarter year"))
    .arg(value(lang, "unit", "CODE", "đơn vị này và cấp dưới", "this unit and all below it"))
    .arg(value(lang, "type", "T", "chỉ một loại đơn", "one type of petition only"))
    .arg(value(lang, "compare", "C", "so với: previous (kỳ liền trước), last_year (cùng kỳ năm trước)", "against: previous, last_year"))
    .arg(value(lang, "map", "MAP", "đơn vị: as_recorded (lúc ghi), current (hiện nay)", "units: as_recorded or current"))
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
        (None, Some(from), Some(to)) => Period::new(from, to).ok_or_else(|| ends_first(from, to)),
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
                Fail::App(Error::Refused(vec![super::flags::at_field(field, msg)]))
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
        .map(|r| Json::Object(row_json(r, t, lang)))
        .collect();
    let apart: Vec<Json> = t
        .apart
        .iter()
        .map(|r| Json::Object(row_json(r, t, lang)))
        .collect();
    call.out.json(&json!({
        "measure": t.query.measure.code(),
        "definition": definition(t.query.measure, lang),
        "from": t.query.from.to_string(),
        "to": t.query.to.to_string(),
        "as_of": t.as_of.to_string(),
        "rows": rows,
        "total": row_json(&t.total, t, lang),
        "by": t.query.by.code(),
        "map": t.options.map.code(),
        "compare": t.before.map(|p| json!({"from": p.from.to_string(), "to": p.to.to_string()})),
        "withdrawn": t.withdrawn,
        "suspended": t.suspended.as_ref().map(figure_json),
        "apart": apart,
    }))
}

fn print_csv(call: &mut Call, t: &RateTable) -> Result<(), Fail> {
    let lang = call.lang;
    let compared = t.before.is_some();
    call.out.raw("key,label,numerator,denominator,rate")?;
    call.out.raw(if compared {
        ",before_numerator,before_denominator,before_rate,change\n"
    } else {
        "\n"
    })?;
    for row in t.rows.iter().chain([&t.total]) {
        let mut cells = vec![
            row.key.clone().unwrap_or_default(),
            csv_text(row.label.get(lang)),
            row.num.count.to_string(),
            row.den.count.to_string(),
            rate_of(row, t).unwrap_or_default(),
        ];
        if compared {
            let then = row.before.as_ref();
            cells.extend([
                then.map(|b| b.num.count.to_string()).unwrap_or_default(),
                then.map(|b| b.den.count.to_string()).unwrap_or_default(),
                then.and_then(|b| b.rate()).unwrap_or_default(),
                change(row).unwrap_or_default(),
            ]);
        }
        call.out.raw(&(csv_line(&cells) + "\n"))?;
    }
    Ok(())
}

fn said_rate(rate: Option<String>) -> String {
    rate.map_or_else(
        || "–".to_owned(),
        |rate| format!("{}%", rate.replace('.', ",")),
    )
}

/// The columns of the table: what is set beside it only where it was asked for.
fn text_columns(t: &RateTable, lang: Lang) -> Vec<Column> {
    let measure = t.query.measure;
    let column = |head: &str, width, right, grows| Column {
        head: head.to_owned(),
        width,
        right,
        grows,
        whole: right,
    };
    let part = |part| words::part_label(measure, part).get(lang);
    let mut list = vec![
        column(words::group_label(t.query.by).get(lang), 30, false, true),
        column(part(Part::Numerator), 12, true, false),
        column("", 1, false, false),
        column(part(Part::Denominator), 12, false, false),
        column(w(lang, "Tỷ lệ", "Rate"), 9, true, false),
    ];
    if t.before.is_some() {
        list.push(column(w(lang, "Trước", "Before"), 8, true, false));
        list.push(column(w(lang, "Điểm", "Points"), 7, true, false));
    }
    if t.total.days.is_some() {
        list.push(column(w(lang, "Ngày TV", "Median"), 7, true, false));
    }
    list
}

fn text_cells(row: &RateRow, t: &RateTable, lang: Lang) -> Vec<String> {
    let mut cells = vec![
        row.label.get(lang).to_owned(),
        vi_int(row.num.count),
        "/".to_owned(),
        vi_int(row.den.count),
        said_rate(rate_of(row, t)),
    ];
    if t.before.is_some() {
        cells.push(said_rate(row.before.as_ref().and_then(|b| b.rate())));
        cells.push(match change(row) {
            Some(points) if !points.starts_with('-') => format!("+{}", points.replace('.', ",")),
            Some(points) => points.replace('.', ","),
            None => "–".to_owned(),
        });
    }
    if t.total.days.is_some() {
        let median = row.days.as_ref().map(DayStats::median_vi);
        cells.push(median.unwrap_or_else(|| "–".to_owned()));
    }
    cells
}

/// What stands under the table: definitions, suspended ones, days, rows that cannot be compared.
fn foot(t: &RateTable, lang: Lang) -> Vec<String> {
    let measure = t.query.measure;
    let mut lines = vec![
        format!(
            "{}: {}",
            w(lang, "Tử số", "Numerator"),
            words::numerator(measure).get(lang)
        ),
        format!(
            "{}: {}",
            w(lang, "Mẫu số", "Denominator"),
            words::denominator(measure).get(lang)
        ),
    ];
    if measure == Measure::Resolution {
        lines.push(words::withdrawn_note(t.withdrawn).get(lang).to_owned());
    }
    if let Some(suspended) = &t.suspended {
        lines.push(format!(
            "{}: {}",
            words::part_label(measure, Part::Suspended).get(lang),
            vi_int(suspended.count)
        ));
    }
    if let Some(days) = &t.total.days {
        lines.push(format!(
            "{}: {}; {}: {}",
            w(lang, "Số ngày trung vị", "Median days"),
            days.median_vi(),
            w(lang, "chín phần mười xong trong", "nine of ten within"),
            vi_int(days.p90)
        ));
    }
    if let (Some(p), Some(compare)) = (t.before, t.options.compare) {
        lines.push(format!(
            "{}: {} ({} – {})",
            w(lang, "Trước", "Before"),
            words::compare_label(compare).get(lang),
            vi(p.from),
            vi(p.to)
        ));
    }
    for row in t.rows.iter().chain(&t.apart) {
        if let Some(reason) = &row.barred {
            lines.push(format!("{}: {}", row.label.get(lang), reason.get(lang)));
        }
    }
    lines
}

fn print_text(call: &mut Call, t: &RateTable, period: &Period) -> Result<(), Fail> {
    let lang = call.lang;
    let when = match lang {
        Lang::Vi => period.label(),
        Lang::En => period.label_en(),
    };
    let mut title = format!(
        "{} · {when} · {} {}",
        words::title(t.query.measure).get(lang),
        w(lang, "tính đến", "as of"),
        vi(t.as_of)
    );
    if t.options.map == UnitMap::Current {
        title.push_str(&format!(" · {}", words::map_label(t.options.map).get(lang)));
    }
    call.out.line(&title)?;
    let table = Table::new(text_columns(t, lang), columns(), call.settings.ascii.0);
    call.out.line(&table.head())?;
    call.out.line(&table.rule())?;
    // A province has a hundred units without a single matter; they are one line for people.
    let empty = |row: &RateRow| {
        t.query.by == GroupBy::Unit
            && row.barred.is_none()
            && row.num.count == 0
            && row.den.count == 0
    };
    let hidden = t.rows.iter().filter(|row| empty(row)).count();
    let shown = t.rows.iter().filter(|row| !empty(row));
    for row in shown.chain([&t.total]).chain(&t.apart) {
        call.out.line(&table.row(&text_cells(row, t, lang)))?;
    }
    if hidden > 0 {
        let line = match lang {
            Lang::Vi => format!("và {hidden} đơn vị không có vụ việc"),
            Lang::En => format!("and {hidden} units without matters"),
        };
        call.out.line(&line)?;
    }
    for line in foot(t, lang) {
        call.out.line(&line)?;
    }
    Ok(())
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    // A period that is missing is wrong usage whatever the database holds.
    period(m, call.today())?;
    let cx = call.open()?;
    let (q, period) = query(call, &cx, m)?;
    let options = RateOptions {
        map: code::<UnitMap>(m, "map")?.unwrap_or(UnitMap::AsRecorded),
        compare: code::<Compare>(m, "compare")?,
        ..RateOptions::default()
    };
    let t = table_with(&cx, &q, &options)?;
    if m.get_flag("json") {
        print_json(call, &t)?;
    } else if m.get_flag("csv") {
        print_csv(call, &t)?;
    } else {
        print_text(call, &t, &period)?;
    }
    Ok(0)
}
