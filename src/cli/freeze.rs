//! `freeze`: a period kept as reported, and what has changed since.
use super::Call;
use super::out::{Done, Fail, refused, usage};
use super::tree::{command, place, switch, w};
use crate::app::freeze::{self, Diff, FrozenCell, FrozenPeriod, RowChange, RowDiff};
use crate::domain::number::vi_int;
use crate::domain::period::Period;
use crate::domain::rate::{Measure, Part};
use crate::domain::value::Code;
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "freeze",
        (
            "chốt số liệu đã báo cáo của một kỳ; xem thay đổi từ đó",
            "keep a period as reported; see what has changed since",
        ),
        "danvan freeze 2025-Q4\ndanvan freeze 2025-Q4 --diff\ndanvan freeze tt:2025 --list\ndanvan freeze --list",
    )
    .arg(
        place(
            lang,
            "PERIOD",
            "kỳ, như ở rates; --list không cần kỳ",
            "the period, as in rates; --list needs none",
        )
        .required(false),
    )
    .arg(
        switch(
            lang,
            "list",
            "số liệu đã chốt; không có kỳ: các kỳ đã chốt",
            "the figures kept; without a period: the periods kept",
        )
        .conflicts_with("diff"),
    )
    .arg(switch(
        lang,
        "diff",
        "từng dòng khác với số đã chốt",
        "row by row what differs from what was kept",
    ))
    .arg(switch(lang, "json", "in JSON", "print JSON"))
}

fn head_json(kept: &FrozenPeriod) -> Json {
    json!({
        "period": kept.label, "from": kept.period.from.to_string(), "to": kept.period.to.to_string(),
        "at": kept.at, "who": kept.who, "withdrawn_counts": kept.withdrawn,
    })
}

fn with(mut head: Json, key: &str, value: Json) -> Json {
    if let Json::Object(map) = &mut head {
        map.insert(key.to_owned(), value);
    }
    head
}

fn label(kept: &FrozenPeriod, lang: Lang) -> String {
    match lang {
        Lang::Vi => kept.period.label(),
        Lang::En => kept.period.label_en(),
    }
}

fn head_line(kept: &FrozenPeriod, lang: Lang) -> String {
    format!(
        "{} · {} {} ({})",
        label(kept, lang),
        w(lang, "chốt lúc", "kept at"),
        kept.at,
        kept.who
    )
}

fn cells_json(cells: &[FrozenCell]) -> Json {
    cells
        .iter()
        .map(|c| json!({"measure": c.measure.code(), "part": c.part.code(), "count": c.count}))
        .collect()
}

fn print_figures(
    call: &mut Call,
    kept: &FrozenPeriod,
    cells: &[FrozenCell],
    json: bool,
) -> Result<(), Fail> {
    if json {
        return call
            .out
            .json(&with(head_json(kept), "figures", cells_json(cells)));
    }
    let lang = call.lang;
    call.out.line(&head_line(kept, lang))?;
    for c in cells {
        let line = format!(
            "{:>9}  {}",
            vi_int(c.count),
            freeze::figure_name(c.measure, c.part).get(lang)
        );
        call.out.line(&line)?;
    }
    Ok(())
}

fn change_code(change: RowChange) -> &'static str {
    match change {
        RowChange::Came => "came",
        RowChange::Went => "went",
        RowChange::Changed => "changed",
    }
}

fn row_json(row: &RowDiff) -> Json {
    let cells = |list: &[(Measure, Part)]| -> Json {
        list.iter()
            .map(|(m, p)| json!({"measure": m.code(), "part": p.code()}))
            .collect()
    };
    let facts: Json = row
        .facts
        .iter()
        .map(|(key, then, now)| json!({"field": key, "then": then, "now": now}))
        .collect();
    json!({
        "kind": row.kind.code(), "id": row.id, "number": row.number,
        "change": change_code(row.change),
        "left": cells(&row.left), "joined": cells(&row.joined), "facts": facts,
    })
}

fn row_lines(row: &RowDiff, lang: Lang) -> Vec<String> {
    let change = row.change.label().get(lang);
    let mut lines = vec![format!("{change:<5} {}", row.name().get(lang))];
    let details = row.details();
    lines.extend(
        details
            .iter()
            .map(|line| format!("      {}", line.get(lang))),
    );
    lines
}

fn print_diff(call: &mut Call, diff: &Diff, json: bool) -> Result<(), Fail> {
    if json {
        let figures: Json = diff
            .figures
            .iter()
            .map(|f| {
                json!({
                    "measure": f.measure.code(), "part": f.part.code(),
                    "then": f.then, "now": f.now,
                })
            })
            .collect();
        let rows: Json = diff.rows.iter().map(row_json).collect();
        let head = with(head_json(&diff.period), "figures", figures);
        return call.out.json(&with(head, "rows", rows));
    }
    let lang = call.lang;
    call.out.line(&head_line(&diff.period, lang))?;
    for f in diff.figures.iter().filter(|f| f.then != f.now) {
        let line = format!(
            "{:>9} → {:<9} {}",
            vi_int(f.then),
            vi_int(f.now),
            freeze::figure_name(f.measure, f.part).get(lang)
        );
        call.out.line(&line)?;
    }
    for row in &diff.rows {
        for line in row_lines(row, lang) {
            call.out.line(&line)?;
        }
    }
    if diff.rows.is_empty() {
        call.out.line(w(
            lang,
            "Không có gì khác so với số đã chốt.",
            "Nothing differs from what was kept.",
        ))?;
    }
    Ok(())
}

fn periods(call: &mut Call, json: bool) -> Done {
    let cx = call.open()?;
    let kept = freeze::list(&cx)?;
    if json {
        let rows: Json = kept.iter().map(head_json).collect();
        call.out.json(&rows)?;
        return Ok(0);
    }
    for one in &kept {
        let line = head_line(one, call.lang);
        call.out.line(&line)?;
    }
    Ok(0)
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let (list, diff, json) = (m.get_flag("list"), m.get_flag("diff"), m.get_flag("json"));
    let Some(text) = m.get_one::<String>("PERIOD") else {
        if list {
            return periods(call, json);
        }
        return Err(usage("còn thiếu: PERIOD (kỳ)", "missing: PERIOD"));
    };
    let period = Period::parse(text)
        .map_err(|p| refused(format!("PERIOD: {}", p.vi), format!("PERIOD: {}", p.en)))?;
    let mut cx = call.open()?;
    if diff {
        let diff = freeze::diff(&cx, period)?;
        print_diff(call, &diff, json)?;
        return Ok(0);
    }
    if !list {
        freeze::keep(&mut cx, period)?;
    }
    let (kept, cells) = freeze::figures(&cx, period)?;
    print_figures(call, &kept, &cells, json)?;
    Ok(0)
}
