//! `import KIND FILE`: rows of a spreadsheet, CSV or JSON into a register, all or nothing (contract 8).
use super::Call;
use super::out::{Done, Fail, is_terminal, note, usage};
use super::tree::{command, file, place, switch, value, w};
use crate::app::Error;
use crate::app::import::{AT_ONCE, Came, Courses, Phase, Plan, Progress, Trouble, natural_key};
use crate::catalog;
use crate::domain::number::vi_int;
use crate::domain::petition::book::Lacking;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Lang, Msg};
use crate::exchange::layout::{self, BARE, Layout, Order};
use crate::exchange::read::{Encoding, Stop};
use crate::transfer::{Import, Pace, Request, may_mend_in, write_problems};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::{Map, Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) fn args(lang: Lang) -> Command {
    let path =
        |name, of, vi, en| value(lang, name, of, vi, en).value_parser(value_parser!(PathBuf));
    let names: Vec<&str> = Kind::ALL.iter().map(|k| k.code()).collect();
    command(
        lang,
        "import",
        (
            "nhập bảng .xlsx .xls .ods .csv .json vào sổ: xem kế hoạch trước, ghi tất cả hoặc không ghi gì",
            "bring a table .xlsx .xls .ods .csv .json into a register: a plan first, then all or nothing",
        ),
        "danvan import petition so-don-2019.xlsx --dry-run\ndanvan import petition so-don-2019.xlsx --problems can-sua.xlsx\ndanvan import model dang-ky.csv --encoding tcvn3 --map cot.toml",
    )
    .arg(place(lang, "KIND", "sổ nào", "which register").value_parser(names))
    .arg(file(lang, "FILE", "tệp", "the file"))
    .arg(path("map", "MAP.toml", "bảng ghép cột: [columns] \"tiêu đề\" = \"trường\"", "a mapping: [columns] \"heading\" = \"field\""))
    .arg(value(lang, "sheet", "NAME", "trang của bảng tính", "the sheet of a spreadsheet"))
    .arg(encoding(lang))
    .arg(value(lang, "finished", "open|file|error", "việc sổ ghi đã xong mà thiếu ngày, kết luận: open vào như chưa xong, file xếp lưu là việc cũ, error báo lỗi", "matters that the book calls finished without day or outcome: open as not finished, file as old matters, error refuses the rows").value_parser(Lacking::ALL.iter().map(|l| l.code()).collect::<Vec<_>>()))
    .arg(switch(lang, "dry-run", "chỉ xem kế hoạch, không ghi gì", "only show the plan, write nothing"))
    .arg(path("problems", "FILE", "ghi các dòng chưa nhập được ra tệp .csv, .xlsx để sửa rồi nhập lại", "write the rows that cannot be taken to a .csv or .xlsx file, to mend and bring again"))
    .arg(switch(lang, "json", "in JSON", "print JSON"))
}

fn encoding(lang: Lang) -> Arg {
    let names: Vec<&str> = Encoding::ALL.iter().map(|e| e.code()).collect();
    value(
        lang,
        "encoding",
        "auto|utf-8|utf-16|windows-1258|tcvn3|vni|viscii",
        "bảng mã của chữ; auto: tự nhận ra, không chắc thì hỏi",
        "encoding of the text; auto: recognised, asked where unsure",
    )
    .value_parser(names)
}

fn kind_of(m: &ArgMatches) -> Result<Kind, Fail> {
    m.get_one::<String>("KIND")
        .and_then(|name| Kind::from_code(name))
        .ok_or_else(|| usage("thiếu tên sổ", "the register is missing"))
}

fn request(m: &ArgMatches) -> Result<Request, Fail> {
    let kind = kind_of(m)?;
    let map = match m.get_one::<PathBuf>("map") {
        None => None,
        Some(path) => Some(read_map(kind, path)?),
    };
    let encoding = m
        .get_one::<String>("encoding")
        .and_then(|name| Encoding::from_code(name))
        .unwrap_or(Encoding::Auto);
    Ok(Request {
        kind,
        path: m.get_one::<PathBuf>("FILE").cloned().unwrap_or_default(),
        map,
        sheet: m.get_one::<String>("sheet").cloned(),
        encoding,
    })
}

fn read_map(kind: Kind, path: &Path) -> Result<layout::Map, Fail> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| {
        Fail::App(Error::NotFound(Msg::new(
            format!("Không đọc được {name}: {e}"),
            format!("Cannot read {name}: {e}"),
        )))
    })?;
    layout::Map::parse(kind, &text).map_err(|msg| {
        usage(
            format!("--map {name}: {}", msg.vi),
            format!("--map {name}: {}", msg.en),
        )
    })
}

/// A line on the terminal that says how far it is; nothing where nobody watches.
fn teller(lang: Lang) -> impl FnMut(Progress) -> bool {
    let watched = std::io::IsTerminal::is_terminal(&std::io::stderr()) && is_terminal();
    let mut pace = Pace::default();
    let mut phase = Phase::Check;
    move |p: Progress| {
        if p.phase != phase {
            pace = Pace::default();
            phase = p.phase;
        }
        if watched && let Some(left) = pace.left(p.part) {
            let doing = match (p.phase, lang) {
                (Phase::Check, Lang::Vi) => "soát",
                (Phase::Gather, Lang::Vi) => "gom",
                (Phase::Write | Phase::Pieces, Lang::Vi) => "ghi",
                (Phase::Index, Lang::Vi) => "lập chỉ mục",
                (Phase::Check, Lang::En) => "checking",
                (Phase::Gather, Lang::En) => "gathering",
                (Phase::Write | Phase::Pieces, Lang::En) => "writing",
                (Phase::Index, Lang::En) => "indexing",
            };
            let rows = vi_int(i64::try_from(p.rows).unwrap_or(i64::MAX));
            let text = match lang {
                Lang::Vi => format!("{doing} {rows} dòng, còn khoảng {left} giây"),
                Lang::En => format!("{doing} {rows} rows, about {left} seconds left"),
            };
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K{text}");
            if p.part >= 990 {
                let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
            }
        }
        true
    }
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let request = request(m)?;
    if let Some(path) = m.get_one::<PathBuf>("problems")
        && !may_mend_in(path)
    {
        return Err(usage(
            "--problems: tệp phải có đuôi .csv hoặc .xlsx",
            "--problems: the file must end in .csv or .xlsx",
        ));
    }
    let mut cx = call.open()?;
    let state_dir = cx.config().state_dir.clone();
    let mut import = Import::open(&state_dir, &request, &Stop::default())?;
    if let Some(said) = m.get_one::<String>("finished") {
        import.layout.lacking = Lacking::from_code(said);
    }
    let mut tell = teller(call.lang);
    let dry = m.get_flag("dry-run");
    let came = if dry {
        Came::Planned(Box::new(import.prepare(&mut cx, &mut tell)?))
    } else {
        let at_once = call.settings.at_once.unwrap_or(AT_ONCE);
        import.bring(&mut cx, at_once, &mut tell)?
    };
    let (mut plan, prepared) = match came {
        Came::Written(plan) => (*plan, None),
        Came::Planned(prepared) => (prepared.plan.clone(), Some(*prepared)),
    };
    let json = m.get_flag("json");
    if !json {
        explain(call, &import);
    }
    let dry = m.get_flag("dry-run");
    if let Some(path) = m.get_one::<PathBuf>("problems")
        && plan.error > 0
    {
        let over = call.settings.yes;
        let rows = write_problems(&import, &plan, path, over, call.lang)?;
        // Trying leaves nothing behind but what was asked for.
        if !dry {
            import.remember();
        }
        let name = path.display();
        call.say(
            &format!("Đã ghi {rows} dòng cần sửa ra {name}."),
            &format!("{rows} rows to mend are in {name}."),
        );
    }
    if !dry && plan.error == 0 {
        if let Some(prepared) = prepared {
            let written = import.carry_out(&mut cx, prepared, &mut tell)?;
            plan.left = written.left;
            plan.unlinked = written.unlinked;
        }
        say_written(call, &plan);
    }
    show(call, &import, &plan, json, dry)?;
    Ok(if plan.error > 0 { 3 } else { 0 })
}

fn say_written(call: &Call, plan: &Plan) {
    if let Some(left) = plan.left_out() {
        note(left.get(call.lang));
    }
    if plan.create + plan.update > 0 {
        call.say(
            "Đã ghi xong; lấy lại cả lần nhập bằng u trong chương trình.",
            "Written; u in the program takes the whole import back.",
        );
    }
}

/// Says on standard error how the file was understood.
fn explain(call: &Call, import: &Import) {
    let layout = &import.layout;
    let (from, to) = layout.head;
    let sheet = import.sheet();
    let rows = if from == to {
        from.to_string()
    } else {
        format!("{from}–{to}")
    };
    let head = match (call.lang, sheet.is_empty()) {
        (Lang::Vi, true) => format!("Tiêu đề ở dòng {rows}"),
        (Lang::Vi, false) => format!("Trang «{sheet}», tiêu đề ở dòng {rows}"),
        (Lang::En, true) => format!("Headings in row {rows}"),
        (Lang::En, false) => format!("Sheet \"{sheet}\", headings in row {rows}"),
    };
    // A list of objects has no row of headings.
    if from > 0 {
        note(&head);
    }
    if layout.recalled {
        call.say(
            "Ghép cột như lần trước với bảng có tiêu đề này.",
            "Columns are mapped as the last time with these headings.",
        );
    }
    if layout.bare {
        note(BARE.get(call.lang));
    }
    for column in &layout.columns {
        let target = column.target.as_ref().map_or_else(
            || w(call.lang, "(không nhập)", "(not imported)").to_owned(),
            |t| t.label(layout.kind, call.lang),
        );
        let order = match column.order {
            Order::MonthFirst => w(call.lang, ", tháng trước ngày", ", month first"),
            Order::Turned => w(call.lang, ", đảo lại ngày tháng", ", days turned round"),
            Order::Ask | Order::AskTurned => w(
                call.lang,
                ", chưa rõ thứ tự ngày tháng",
                ", order of day and month unclear",
            ),
            Order::DayFirst => "",
        };
        note(&format!(
            "  {:<3} {} → {target}{order}{}",
            column.letter(),
            column.heading,
            converted(layout, column, call.lang)
        ));
    }
    for (key, value) in &layout.fixed {
        if let Some(field) = catalog::field(layout.kind, key) {
            let said = field
                .choice(value)
                .map_or(value.as_str(), |c| c.label.get(call.lang));
            note(&format!(
                "  {}: {} = {said}",
                w(call.lang, "mọi dòng", "every row"),
                field.label.get(call.lang)
            ));
        }
    }
    let keys: Vec<&str> = natural_key(layout.kind)
        .iter()
        .filter_map(|key| catalog::field(layout.kind, key))
        .map(|f| f.label.get(call.lang))
        .collect();
    note(&format!(
        "{}: {}",
        w(
            call.lang,
            "Nhận ra bản ghi đã có theo",
            "Records are known again by"
        ),
        keys.join(" + ")
    ));
}

/// The encoding of a column with a value before and after.
fn converted(layout: &Layout, column: &crate::exchange::layout::Column, lang: Lang) -> String {
    use crate::domain::encoding::Verdict;
    let Verdict::Sure(legacy) = column.encoding else {
        return String::new();
    };
    let sample = column
        .samples
        .iter()
        .find(|s| !s.is_ascii() && layout.shown(column, s) != **s);
    sample.map_or_else(String::new, |before| {
        let after = layout.shown(column, before);
        format!(
            " [{}: {} → {after}, {}]",
            legacy.name(),
            before,
            w(lang, "vd.", "e.g.")
        )
    })
}

fn courses_json(courses: Courses) -> Json {
    json!({
        "ended": courses.ended, "accepted": courses.accepted, "forwarded": courses.forwarded,
        "filed": courses.filed, "kept": courses.kept, "idle": courses.idle, "open": courses.open, "assumed": courses.assumed,
    })
}

fn trouble_json(layout: &Layout, trouble: &Trouble, lang: Lang) -> Json {
    json!({
        "row": trouble.row,
        "column": trouble.column.map(|at| layout.name(at)),
        "field": trouble.key,
        "value": trouble.value,
        "rule": trouble.rule.get(lang),
    })
}

fn show(call: &mut Call, import: &Import, plan: &Plan, json: bool, dry: bool) -> Result<(), Fail> {
    let lang = call.lang;
    let layout = &import.layout;
    if json {
        let list = |of: &[Trouble]| -> Vec<Json> {
            of.iter().map(|t| trouble_json(layout, t, lang)).collect()
        };
        let columns: Vec<Json> = layout
            .columns
            .iter()
            .map(|c| json!({"letter": c.letter(), "column": c.heading, "field": c.target.as_ref().map(|t| t.text())}))
            .collect();
        let mut out = json!({
            "create": plan.create, "update": plan.update, "same": plan.same, "error": plan.error,
            "courses": courses_json(plan.courses),
            "problems": list(&plan.problems), "notes": list(&plan.notes),
            "dry_run": dry, "sheet": import.sheet(), "columns": columns, "key": natural_key(layout.kind),
        });
        if let Some(out) = out.as_object_mut() {
            out.extend(meanwhile(plan));
        }
        return call.out.json(&out);
    }
    for note in &plan.notes {
        super::out::note(&line(layout, note, lang));
    }
    let n = |n: usize| vi_int(i64::try_from(n).unwrap_or(i64::MAX));
    for problem in &plan.problems {
        call.out.line(&line(layout, problem, lang))?;
    }
    let left_out = plan.problem_count - plan.problems.len();
    if left_out > 0 {
        call.say(
            &format!("… và {} lỗi nữa", n(left_out)),
            &format!("… and {} more", n(left_out)),
        );
    }
    call.out.line(&counts(plan, lang))?;
    let courses = plan.courses.told(lang);
    if !courses.is_empty() {
        call.out.line(&courses)?;
    }
    if plan.courses.open > 0 {
        call.say(
            "Việc sổ ghi đã xong mà thiếu ngày, kết luận vào sổ như chưa xong; --finished file xếp lưu là việc cũ.",
            "Matters that the book calls finished without day or outcome come in as not finished; --finished file files them away as old.",
        );
    }
    if plan.error > 0 {
        call.say(
            "Chưa ghi gì. Sửa các dòng lỗi rồi nhập lại (--problems TỆP.xlsx ghi riêng các dòng đó).",
            "Nothing was written. Mend the rows and import again (--problems FILE.xlsx writes just those).",
        );
    } else if dry {
        call.say(
            "Chỉ xem kế hoạch, chưa ghi gì.",
            "Only the plan; nothing was written.",
        );
    }
    Ok(())
}

/// What others wrote meanwhile, seldom and only of very many rows: those left out, and those in without their link.
fn meanwhile(plan: &Plan) -> Map<String, Json> {
    let rows = [("left", &plan.left), ("unlinked", &plan.unlinked)];
    let some = rows.into_iter().filter(|(_, rows)| !rows.is_empty());
    some.map(|(key, rows)| (key.to_owned(), json!(rows)))
        .collect()
}

/// How many rows come in, change something, are there already, cannot be taken; those left out where some were.
fn counts(plan: &Plan, lang: Lang) -> String {
    let n = |n: usize| vi_int(i64::try_from(n).unwrap_or(i64::MAX));
    let counts = match lang {
        Lang::Vi => format!(
            "thêm {}, sửa {}, đã có {}, lỗi {}",
            n(plan.create),
            n(plan.update),
            n(plan.same),
            n(plan.error)
        ),
        Lang::En => format!(
            "create {}, update {}, same {}, error {}",
            n(plan.create),
            n(plan.update),
            n(plan.same),
            n(plan.error)
        ),
    };
    match (plan.left.len(), lang) {
        (0, _) => counts,
        (left, Lang::Vi) => format!("{counts}, để lại {}", n(left)),
        (left, Lang::En) => format!("{counts}, left out {}", n(left)),
    }
}

fn line(layout: &Layout, trouble: &Trouble, lang: Lang) -> String {
    let mut out = match lang {
        Lang::Vi => format!("dòng {}", trouble.row),
        Lang::En => format!("row {}", trouble.row),
    };
    if let Some(at) = trouble.column {
        out.push_str(&format!(", {}", layout.name(at)));
    }
    if !trouble.value.is_empty() {
        let short: String = trouble.value.chars().take(60).collect();
        out.push_str(&format!(", «{}»", short.replace('\n', " ")));
    }
    format!("{out}: {}", trouble.rule.get(lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_left_out_and_rows_without_their_link_are_told_where_there_are_some() {
        let plan = Plan {
            unlinked: vec![3, 7],
            ..Plan::default()
        };
        assert_eq!(Json::Object(meanwhile(&plan)), json!({"unlinked": [3, 7]}));
        let plan = Plan {
            left: vec![2],
            ..Plan::default()
        };
        assert_eq!(Json::Object(meanwhile(&plan)), json!({"left": [2]}));
        assert!(meanwhile(&Plan::default()).is_empty());
    }
}
