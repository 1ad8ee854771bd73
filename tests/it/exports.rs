//! Registers into files and back: nothing is lost, nothing runs, nothing personal goes along unasked.
use crate::support::cli::World as Shell;
use crate::support::world::{World, d, exit};
use danvan::app::records::{self, Fields, NewRecord};
use danvan::app::{Cx, Error, import, petitions};
use danvan::catalog::{self, Type};
use danvan::domain::petition::{Step, StepKind};
use danvan::domain::query::{Cond, Op, Query};
use danvan::domain::record::{Kind, Record};
use danvan::domain::unit::SuccessionKind;
use danvan::domain::value::{Code, Value};
use danvan::domain::words::Lang;
use danvan::exchange::read::{Encoding, Stop};
use danvan::transfer::export::{Wanted, export};
use danvan::transfer::{Import, Request, set_reader};
use proptest::prelude::*;
use std::path::Path;

const TODAY: &str = "2026-11-20";

fn wanted(kind: Kind, names: bool) -> Wanted {
    Wanted {
        query: Query::all(kind),
        limit: None,
        names,
        steps: true,
        lang: Lang::Vi,
        filter: String::new(),
        replace: false,
    }
}

/// Numbers from a seed, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    /// Words that files have trouble with.
    fn text(&mut self, long: bool) -> String {
        const PIECES: &[&str] = &[
            "=1+1",
            "@ai",
            "-5",
            "+84",
            "'chữ",
            "đường",
            "Ấp 3",
            "\"trích\"",
            "a;b",
            "c,d",
            "| ống |",
            "<b>",
            "# số",
            "007",
            "1.350",
            "14/3",
            "Đặng Thị Ngân",
            "true",
            "tổng cộng",
            "ﬀ",
            "é",
            "nước & đất",
            "100%",
            "_gạch_",
            "\\n",
        ];
        let mut out: Vec<&str> = (0..=self.roll(4))
            .map(|_| PIECES[self.roll(PIECES.len())])
            .collect();
        out.push("việc");
        if long && self.roll(2) == 0 {
            out.insert(1, "\ndòng hai\n\n");
        }
        out.join(" ")
    }

    fn value(&mut self, cx: &Cx, field: &catalog::Field) -> Option<Value> {
        let text = match field.ty {
            Type::Text if field.key == "indicator" => "DVK_DK".to_owned(),
            Type::Text => self.text(false),
            Type::LongText => self.text(true),
            Type::Integer { min, max } => {
                let top = usize::try_from(max.min(min + 5_000) - min).unwrap();
                return Some(Value::Int(min + i64::try_from(self.roll(top + 1)).unwrap()));
            }
            Type::Decimal => format!("{},{}", self.roll(2_000), self.roll(100)),
            Type::Date => (d("2026-03-01") + chrono::Days::new(self.roll(200) as u64)).to_string(),
            Type::Enum(choices) => choices[self.roll(choices.len())].code.to_owned(),
            Type::Boolean => return Some(Value::Bool(self.roll(2) == 0)),
            Type::Unit => ["29602", "86", "28993"][self.roll(3)].to_owned(),
            Type::List => "an ninh, Nước sạch".to_owned(),
            Type::Ref(of) => {
                let there = all(cx, of);
                let one = there.get(self.roll(there.len()))?;
                return Some(Value::Ref(one.head().id));
            }
        };
        records::value(cx, field, &text).ok()
    }
}

/// A record with what its rules leave of random answers.
fn add_random(cx: &mut Cx, kind: Kind, dice: &mut Dice) {
    let mut fields: Fields = Vec::new();
    for field in catalog::entity(kind)
        .fields
        .iter()
        .filter(|f| !f.computed())
    {
        if field.required() || dice.roll(3) > 0 {
            fields.extend(dice.value(cx, field).map(|value| (field.key, value)));
        }
    }
    for _ in 0..40 {
        let new = NewRecord {
            fields: fields.clone(),
            ..NewRecord::default()
        };
        match records::add(cx, kind, &[new]) {
            Ok(_) => return,
            Err(Error::Refused(problems)) => {
                for problem in problems {
                    let Some(field) = problem.field.and_then(|key| catalog::field(kind, key))
                    else {
                        continue;
                    };
                    fields.retain(|(key, _)| *key != field.key);
                    if field.required() {
                        fields.extend(dice.value(cx, field).map(|value| (field.key, value)));
                    }
                }
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Records of a kind by rising id; of units those that the office added itself.
fn all(cx: &Cx, kind: Kind) -> Vec<Box<dyn Record>> {
    records::list(cx, &own(kind), 0, None).unwrap()
}

fn own(kind: Kind) -> Query {
    let mut query = Query::all(kind);
    query.sort = vec![("id", false)];
    if kind == Kind::Unit {
        query.conds.push(Cond {
            key: "code",
            op: Op::Contains,
            value: Value::Text("tổ".into()),
        });
    }
    query
}

/// What a record says, a reference by what the other one says: ids and numbers are each office's own.
fn says(cx: &Cx, record: &dyn Record) -> Vec<(&'static str, Value)> {
    let fields = catalog::entity(record.kind()).fields.iter();
    let value = |f: &catalog::Field| match (f.ty, catalog::value_of(record, f.key)) {
        (Type::Ref(of), Value::Ref(id)) => {
            let other = records::get(cx, of, id).unwrap();
            Value::Text(import::reference_to(other.as_ref()).1)
        }
        (_, Value::Unit(unit)) => Value::Text(unit.code),
        (_, value) => value,
    };
    let mut says: Vec<(&'static str, Value)> = fields
        .filter(|f| !f.computed())
        .map(|f| (f.key, value(f)))
        .collect();
    if record.kind() == Kind::Unit {
        let heirs = records::successors(cx, record.head().id).unwrap();
        says.push(("successors", Value::Text(format!("{heirs:?}"))));
    }
    if record.kind() == Kind::Petition {
        says.push(("number", Value::Text(record.head().number_text().unwrap())));
        says.push(("steps", Value::Text(course(cx, record))));
        for key in ["stage", "due_on", "resolved_on", "outcome", "ended"] {
            says.push((key, record.get(key)));
        }
    }
    says
}

fn stored(cx: &Cx, kind: Kind) -> Vec<Vec<(&'static str, Value)>> {
    let all = all(cx, kind);
    all.iter().map(|r| says(cx, r.as_ref())).collect()
}

fn bring(cx: &mut Cx, kind: Kind, path: &Path) -> import::Plan {
    set_reader(env!("CARGO_BIN_EXE_danvan").into());
    let request = Request {
        kind,
        path: path.to_owned(),
        map: None,
        sheet: None,
        encoding: Encoding::Auto,
    };
    let state = cx.config().state_dir.clone();
    std::fs::create_dir_all(&state).unwrap();
    let mut file = Import::open(&state, &request, &Stop::default()).unwrap();
    let prepared = file.prepare(cx, &mut |_| true).unwrap();
    let plan = prepared.plan.clone();
    assert!(plan.error == 0, "{kind:?} {path:?}: {:?}", plan.problems);
    file.carry_out(cx, prepared, &mut |_| true).unwrap();
    plan
}

/// The registers, each after those that it points to.
const ORDER: [Kind; 7] = [
    Kind::Unit,
    Kind::Petition,
    Kind::Model,
    Kind::Dialogue,
    Kind::Opinion,
    Kind::Reception,
    Kind::Figure,
];

/// Units of the office's own, one below the other, some of which have become others.
fn add_units(cx: &mut Cx, dice: &mut Dice) {
    let mut ids = Vec::new();
    for n in 0..4 {
        let parent = match dice.roll(2) {
            0 if n > 0 => format!("tổ-{}", dice.roll(n)),
            _ => "29602".to_owned(),
        };
        let mut new = NewRecord::default();
        for (key, text) in [
            ("code", format!("tổ-{n}")),
            ("name", format!("{} {n}", dice.text(false))),
            ("level", "organisation".to_owned()),
            ("parent", parent),
            ("valid_from", "2025-07-01".to_owned()),
        ] {
            let field = catalog::field(Kind::Unit, key).unwrap();
            new.fields
                .push((field.key, records::value(cx, field, &text).unwrap()));
        }
        ids.push(records::add(cx, Kind::Unit, &[new]).unwrap()[0].head().id);
    }
    let (from, to) = (dice.roll(4), dice.roll(4));
    if from != to {
        let heirs = [
            (format!("tổ-{to}"), SuccessionKind::Part),
            ("28993".to_owned(), SuccessionKind::Whole),
        ];
        records::set_successors(cx, ids[from], &heirs).unwrap();
    }
}

/// Steps that the rules allow, some taken back, some with units and other petitions in them.
fn take_steps(cx: &mut Cx, dice: &mut Dice) {
    for record in all(cx, Kind::Petition) {
        let id = record.head().id;
        let Value::Date(mut on) = record.get("received_on") else {
            continue;
        };
        for _ in 0..dice.roll(6) {
            let open: Vec<StepKind> = petitions::choices(cx, id)
                .unwrap()
                .into_iter()
                .filter(|(_, why)| why.is_none())
                .map(|(kind, _)| kind)
                .collect();
            let kind = open[dice.roll(open.len())];
            on = (on + chrono::Days::new(dice.roll(4) as u64)).min(d(TODAY));
            let mut step = Step {
                kind: Some(kind),
                on: Some(on),
                ..Step::default()
            };
            for field in catalog::step::fields_of(kind) {
                if field.key == "on" || (!field.required() && dice.roll(2) == 0) {
                    continue;
                }
                let value = match field.key {
                    "reply_due" => Some(Value::Date(on + chrono::Days::new(9))),
                    "days" => Some(Value::Int(3)),
                    "whole" => Some(Value::Bool(true)),
                    "part" | "continue" => None,
                    _ => dice.value(cx, field),
                };
                if let Some(value) = value {
                    let _ = step.set(field.key, value);
                }
            }
            // Some are against the rules.
            let _ = petitions::take(cx, id, step);
        }
        if dice.roll(4) == 0 {
            let _ = petitions::undo_step(cx, id, "nhầm");
        }
    }
}

/// What the steps of a petition say; who entered them and when is each office's own.
fn course(cx: &Cx, record: &dyn Record) -> String {
    let told = |step: &Step| {
        let mut map = catalog::json::step_json(step);
        // To which paper is in the field; where papers point to each other in a circle the step does not say it.
        map.remove("lead");
        serde_json::Value::from(map).to_string()
    };
    let rows = petitions::course(cx, record.head().id).unwrap();
    let all: Vec<String> = rows.iter().map(|row| told(&row.step)).collect();
    all.join("\n")
}

/// An office with records in every register that point to each other, forwards and backwards.
fn office(seed: u64) -> World {
    let (mut w, mut dice) = (World::on(TODAY), Dice(seed));
    add_units(&mut w.cx, &mut dice);
    for kind in ORDER.into_iter().skip(1) {
        for _ in 0..4 {
            add_random(&mut w.cx, kind, &mut dice);
        }
        for field in catalog::entity(kind).fields {
            if field.ty != Type::Ref(kind) {
                continue;
            }
            for record in all(&w.cx, kind) {
                let other = dice.value(&w.cx, field);
                let fields: Fields = other.into_iter().map(|v| (field.key, v)).collect();
                // Some are against the rules.
                let _ = records::edit(&mut w.cx, kind, record.head().id, None, &fields);
            }
        }
    }
    take_steps(&mut w.cx, &mut dice);
    w
}

/// What goes out comes back the same, links and all, and the second time changes nothing.
fn there_and_back(seed: u64) {
    let from = office(seed);
    for end in ["csv", "xlsx", "json"] {
        let mut to = World::on(TODAY);
        for kind in ORDER {
            let before = stored(&from.cx, kind);
            assert!(
                !before.is_empty(),
                "{kind:?}: no random record keeps the rules"
            );
            let path = from.file(&format!("{}.{end}", kind.code()));
            let wanted = Wanted {
                query: Query {
                    sort: Query::all(kind).sort,
                    ..own(kind)
                },
                ..wanted(kind, true)
            };
            let done = export(&from.cx, &path, &wanted, &mut |_| true).unwrap();
            assert_eq!(done.rows, before.len());
            let plan = bring(&mut to.cx, kind, &path);
            if (kind, end) == (Kind::Opinion, "json") {
                assert_eq!(
                    plan.create + plan.update,
                    0,
                    "they came with their dialogues"
                );
            }
            let mut after = stored(&to.cx, kind);
            let mut same = before.clone();
            let key = |row: &Vec<(&'static str, Value)>| format!("{row:?}");
            after.sort_by_key(key);
            same.sort_by_key(key);
            // Two like ones in one file are one record.
            same.dedup();
            assert_eq!(after.len(), same.len(), "{kind:?} {end} {plan:?}");
            for (a, b) in after.iter().zip(&same) {
                let other: Vec<_> = a.iter().zip(b).filter(|(a, b)| a != b).collect();
                assert!(other.is_empty(), "{kind:?} {end}: {other:?}\n{b:?}");
            }
            let again = bring(&mut to.cx, kind, &path);
            assert_eq!((again.create, again.update), (0, 0), "{kind:?} {end}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_whole_office_comes_back_the_same_with_its_links(seed in any::<u64>()) {
        there_and_back(seed);
    }
}

#[test]
fn the_units_of_the_country_come_back_the_same() {
    let mut w = World::on(TODAY);
    let path = w.file("don-vi.csv");
    let rows = export(&w.cx, &path, &wanted(Kind::Unit, false), &mut |_| true)
        .unwrap()
        .rows;
    let plan = bring(&mut w.cx, Kind::Unit, &path);
    assert_eq!(
        (plan.same, plan.create + plan.update),
        (rows, 0),
        "{:?}",
        plan.notes.first()
    );
}

#[test]
fn nothing_personal_goes_along_unasked_and_the_file_says_what_it_is() {
    let w = Shell::new();
    w.ok(&[
        "petition",
        "add",
        "--received-on",
        "2/2/2026",
        "--type",
        "KN",
        "--subject",
        "=HYPERLINK(\"x\")",
        "--unit",
        "29602",
        "--petitioner",
        "Lê Thị Bông",
        "--address",
        "ấp 3",
    ]);
    for end in ["csv", "json", "md"] {
        let (plain, full) = (format!("a.{end}"), format!("b.{end}"));
        let plain = w.path(&plain).display().to_string();
        let full = w.path(&full).display().to_string();
        let out = w.ok(&[
            "export",
            "petition",
            &plain,
            "--filter",
            "standing = overdue",
        ]);
        assert_eq!(out.trim(), format!("{plain}  1"));
        w.ok(&["export", "petition", &full, "--with-names"]);
        let (plain, full) = (
            std::fs::read_to_string(plain).unwrap(),
            std::fs::read_to_string(full).unwrap(),
        );
        assert!(
            !plain.contains("Bông") && !plain.contains("ấp 3"),
            "{plain}"
        );
        assert!(full.contains("Lê Thị Bông"), "{full}");
        let who = w.json(&["info", "--json"])["user"]
            .as_str()
            .unwrap()
            .to_owned();
        for said in ["standing = overdue", "12/03/2026", &who] {
            assert!(plain.replace('\\', "").contains(said), "{said}: {plain}");
        }
    }
    let told: serde_json::Value =
        serde_json::from_slice(&std::fs::read(w.path("a.json")).unwrap()).unwrap();
    assert_eq!(told["exported"]["kind"], "petition");
    assert_eq!(told["exported"]["register"], "Đơn thư");
    let csv = std::fs::read(w.path("a.csv")).unwrap();
    assert!(csv.starts_with(b"\xEF\xBB\xBF"));
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
}

#[test]
fn a_file_that_is_there_stays_and_no_half_file_is_left() {
    let w = World::on(TODAY);
    let path = w.file("ra.csv");
    std::fs::write(&path, "của tôi").unwrap();
    let refused = export(&w.cx, &path, &wanted(Kind::Petition, false), &mut |_| true);
    assert_eq!(exit(refused), 3);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "của tôi");
    assert_eq!(
        exit(export(
            &w.cx,
            &w.file("ra.doc"),
            &wanted(Kind::Petition, false),
            &mut |_| true
        )),
        3
    );
    assert_eq!(
        exit(export(
            &w.cx,
            &w.file("khong/co/ra.csv"),
            &wanted(Kind::Petition, false),
            &mut |_| true
        )),
        9
    );
    // ended by hand
    let stopped = export(
        &w.cx,
        &w.file("dung.xlsx"),
        &wanted(Kind::Unit, false),
        &mut |rows| rows < 1000,
    );
    assert_eq!(exit(stopped), 3);
    let replace = Wanted {
        replace: true,
        ..wanted(Kind::Petition, false)
    };
    export(&w.cx, &path, &replace, &mut |_| true).unwrap();
    let left: Vec<_> = std::fs::read_dir(w.file("."))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|n| n.contains("part") || n.starts_with("dung"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(Kind::Petition.code(), "petition");
}

#[test]
fn units_of_a_day_are_exported_as_they_were_then() {
    let w = Shell::new();
    let path = w.path("dv.csv").display().to_string();
    let out = w.ok(&["export", "unit", &path, "--on", "2025-06-30"]);
    let listed = w.ok(&["unit", "list", "--on", "2025-06-30", "--count"]);
    assert!(
        out.trim().ends_with(&format!("  {}", listed.trim())),
        "{out}"
    );
    assert_eq!(
        w.run(&["export", "petition", &path, "--on", "2025-06-30", "--yes"])
            .code,
        2
    );
}

#[test]
fn an_export_without_the_people_comes_back_to_the_same_records() {
    let w = Shell::new();
    for (who, what) in [
        ("Lê Thị Bông", "Đường hư hỏng"),
        ("Trần Văn Tí", "Đường hư hỏng"),
        ("Lê Thị Bông", "Cầu gãy"),
    ] {
        w.ok(&[
            "petition",
            "add",
            "--received-on",
            "2/2/2026",
            "--type",
            "KN",
            "--subject",
            what,
            "--petitioner",
            who,
        ]);
    }
    for end in ["csv", "xlsx", "json"] {
        let file = w.path(&format!("a.{end}")).display().to_string();
        w.ok(&["export", "petition", &file]);
        let came = w.json(&["import", "petition", &file, "--dry-run", "--json"]);
        let count = |key: &str| came[key].as_u64().unwrap();
        assert_eq!(
            (count("create"), count("update"), count("same")),
            (0, 0, 3),
            "{end} {came}"
        );
    }
}

#[test]
fn a_file_says_of_a_petition_what_its_list_says() {
    let mut w = World::on(TODAY);
    let idle = w.petition("2026-10-02", "complaint", &[]);
    let old = w.petition("2019-03-04", "complaint", &[]);
    w.step(old, "withdraw", "2019-04-01", &[("whole", "có")]);
    let answered = w.petition("2026-11-02", "feedback", &[("jurisdiction", "own")]);
    let outcome = [("outcome", "answered")];
    w.step(answered, "resolve", "2026-11-16", &outcome);
    let path = w.file("don.csv");
    export(&w.cx, &path, &wanted(Kind::Petition, false), &mut |_| true).unwrap();
    // What the file says of itself stands below the table.
    let mut file = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(&path)
        .unwrap();
    let heads = file.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = file.records().map(Result::unwrap).collect();
    let says = |id: i64| {
        let row = rows.iter().find(|row| row[0] == id.to_string()).unwrap();
        let cell = |head: &str| &row[heads.iter().position(|h| h == head).unwrap()];
        ["Giai đoạn", "Tình trạng", "Chưa xử lý đã"].map(cell)
    };
    assert_eq!(says(idle), ["đã nhận", "quá hạn", "45 ngày"]);
    // It has ended: no deadline runs, and nobody waits to be reminded.
    assert_eq!(says(old), ["đã rút đơn", "đã rút đơn", ""]);
    assert_eq!(says(answered), ["đã trả lời", "giải quyết đúng hạn", ""]);
}
