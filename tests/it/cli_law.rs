//! Rules, calendar, settings, deadlines, rates and kept periods from the shell (contract 4 and 5).
use crate::support::cli::World;
use serde_json::Value as Json;

fn due_of(w: &World, id: &str) -> String {
    w.json(&["petition", "show", id, "--json"])["due_on"]
        .as_str()
        .unwrap_or("–")
        .to_owned()
}

fn explained(w: &World, rule: &str, start: &str, more: &[&str]) -> Json {
    let mut args = vec!["due", "explain", "--rule", rule, "--start", start, "--json"];
    args.extend(more);
    w.json(&args)
}

#[test]
fn deadline_vectors() {
    let w = World::new();
    for day in ["2026-08-31", "2026-01-02"] {
        w.ok(&["calendar", "set", day, "none"]);
    }
    for (code, amount, unit) in [
        ("X7W", "7", "W"),
        ("X5W", "5", "W"),
        ("X10W", "10", "W"),
        ("X30C", "30", "C"),
        ("X45C", "45", "C"),
        ("X90C", "90", "C"),
    ] {
        w.ok(&[
            "rule", "add", "--code", code, "--type", "KN", "--level", "any", "--amount", amount,
            "--unit", unit, "--source", "mẫu",
        ]);
    }
    for (start, rule, raw, due) in [
        ("2026-02-10", "X7W", "2026-02-26", "2026-02-26"),
        ("2026-02-13", "X7W", "2026-03-03", "2026-03-03"),
        ("2026-04-24", "X5W", "2026-05-06", "2026-05-06"),
        ("2026-06-26", "X7W", "2026-07-07", "2026-07-07"),
        ("2026-07-01", "X7W", "2026-07-10", "2026-07-10"),
        ("2026-07-03", "X10W", "2026-07-17", "2026-07-17"),
        ("2026-01-17", "X30C", "2026-02-16", "2026-02-23"),
        ("2026-01-20", "X30C", "2026-02-19", "2026-02-23"),
        ("2026-03-27", "X30C", "2026-04-26", "2026-04-28"),
        ("2026-03-31", "X30C", "2026-04-30", "2026-05-04"),
        ("2026-07-10", "X30C", "2026-08-09", "2026-08-10"),
        ("2026-07-10", "X45C", "2026-08-24", "2026-08-24"),
        ("2026-08-03", "X30C", "2026-09-02", "2026-09-03"),
        ("2026-06-01", "X90C", "2026-08-30", "2026-08-31"),
    ] {
        let e = explained(&w, rule, start, &[]);
        assert_eq!(
            (&e["raw_due"], &e["due"]),
            (&raw.into(), &due.into()),
            "{start} {rule}"
        );
    }
    w.ok(&[
        "calendar",
        "set",
        "2026-08-31",
        "day_off",
        "--name",
        "Nghỉ bù",
    ]);
    assert_eq!(
        explained(&w, "X90C", "2026-06-01", &[])["due"],
        "2026-09-03"
    );
    let before = explained(&w, "KN_ACCEPT", "2026-06-30", &[]);
    let after = explained(&w, "KN_ACCEPT", "2026-07-01", &[]);
    assert_eq!(
        (&before["due"], &after["due"]),
        (&"2026-07-10".into(), &"2026-07-10".into())
    );
    let counted = |e: &Json| {
        let days = e["days"].as_array().unwrap();
        days.iter().filter(|d| d["counted"] == true).count()
    };
    assert_eq!((counted(&before), counted(&after)), (10, 7));
    let w_no = w.run(&["due", "explain", "--rule", "X", "--start", "hn"]);
    assert_eq!(w_no.code, 3);
}

#[test]
fn rules_are_listed_added_and_edited() {
    let w = World::new();
    let on = w.json(&[
        "rule",
        "list",
        "--code",
        "KN_ACCEPT",
        "--on",
        "2026-06-30",
        "--json",
    ]);
    let rule = &on[0];
    for key in [
        "id",
        "code",
        "type",
        "level",
        "complex",
        "remote",
        "valid_from",
        "valid_to",
        "kind",
        "amount",
        "unit",
        "start_event",
        "source",
    ] {
        assert!(rule.get(key).is_some(), "{key}");
    }
    assert_eq!(
        (on.as_array().unwrap().len(), &rule["amount"]),
        (1, &10.into())
    );
    assert!(w.ok(&["rule", "list"]).contains("KN_RESOLVE_1"));
    let id = rule["id"].to_string();
    let petition = w.petition("2/3", "KN", "Bồi thường");
    let before = due_of(&w, &petition);
    let overlap = w.run(&[
        "rule",
        "add",
        "--code",
        "KN_ACCEPT",
        "--type",
        rule["type"].as_str().unwrap(),
        "--level",
        rule["level"].as_str().unwrap(),
        "--amount",
        "5",
        "--unit",
        "W",
        "--source",
        "a",
    ]);
    assert_eq!(overlap.code, 3, "{overlap:?}");
    assert_eq!(w.run(&["rule", "edit", "99999", "--amount", "3"]).code, 4);
    assert_eq!(w.run(&["rule", "edit", &id]).code, 2);
    assert_eq!(w.run(&["rule", "edit", &id, "--amount", "x"]).code, 3);
    assert_eq!(w.run(&["rule", "edit", &id, "--colour", "x"]).code, 2);
    let came = w.run(&["rule", "edit", &id, "--amount", "20", "--why", "thử"]);
    assert_eq!(came.code, 0, "{came:?}");
    assert!(came.err.contains('1'), "{came:?}");
    assert!(due_of(&w, &petition) > before);
}

#[test]
fn settings_are_shown_and_set() {
    let w = World::new();
    let all = w.json(&["set", "--json"]);
    let keys: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["key"].as_str().unwrap())
        .collect();
    for key in [
        "own_unit",
        "profile",
        "roll_over",
        "due_soon_days",
        "withdrawn_counts",
    ] {
        assert!(keys.contains(&key), "{key}");
    }
    assert_eq!(w.run(&["set", "colour", "red"]).code, 2);
    assert_eq!(w.run(&["set", "profile", "royal"]).code, 3);
    assert_eq!(w.run(&["set", "due_soon_days", "-1"]).code, 3);
    w.ok(&["set", "profile", "party"]);
    assert_eq!(w.ok(&["set", "profile"]), "party\n");
    let id = w.petition("2/3", "KN", "Bồi thường");
    let came = w.run(&["petition", "step", &id, "accept", "--on", "hn"]);
    assert_eq!(came.code, 3);
    w.ok(&["set", "roll_over", "off"]);
    assert_eq!(
        explained(&w, "KN_RESOLVE_1", "2026-07-10", &[])["due"],
        "2026-08-09"
    );
}

#[test]
fn the_calendar_moves_open_deadlines_only() {
    let w = World::new();
    let open = w.petition("9/3", "KN", "Đang mở");
    let done = w.petition("9/3", "KN", "Đã xong");
    w.ok(&["petition", "step", &done, "accept", "--on", "10/3"]);
    w.ok(&[
        "petition",
        "step",
        &done,
        "resolve",
        "--on",
        "11/3",
        "--outcome",
        "justified",
    ]);
    let (was, kept) = (due_of(&w, &open), due_of(&w, &done));
    let came = w.run(&["calendar", "set", &was, "holiday", "--name", "Nghỉ"]);
    assert_eq!(came.code, 0, "{came:?}");
    assert!(came.err.contains('1'), "{came:?}");
    assert!(due_of(&w, &open) > was);
    w.ok(&["calendar", "set", &kept, "day_off"]);
    assert_eq!(due_of(&w, &done), kept);
    let year = w.json(&["calendar", "list", "--year", "2026", "--json"]);
    assert!(
        year.as_array()
            .unwrap()
            .iter()
            .any(|d| d["date"] == was.as_str()
                && d["kind"] == "holiday"
                && d["name"] == "Nghỉ"
                && d["confirmed"] == true)
    );
    assert_eq!(w.run(&["calendar", "set", "31/2", "holiday"]).code, 3);
    assert_eq!(w.run(&["calendar", "set", "hn", "festival"]).code, 3);
    assert_eq!(w.run(&["calendar", "set", "hn"]).code, 2);
    assert_eq!(w.run(&["calendar", "confirm", "2027"]).code, 0);
    assert_eq!(w.run(&["calendar", "confirm", "x"]).code, 3);
}

#[test]
fn due_work_goes_into_a_calendar_file() {
    let w = World::new();
    w.petition("2/2", "KN", "Cũ");
    w.ok(&["petition", "edit", "1", "--officer", "Trần Thị Mẫu"]);
    let file = w.path("viec.ics");
    let name = file.to_str().unwrap();
    w.ok(&["due", "--ics", name]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("BEGIN:VEVENT"));
    assert_eq!(w.run(&["due", "--ics", name]).code, 3);
    assert_eq!(w.run(&["due", "--ics", name, "--yes"]).code, 0);
    assert_eq!(w.run(&["due", "--ics", "/proc/none/a.ics"]).code, 9);
    assert_eq!(w.run(&["due", "--ics", "-", "--json"]).code, 2);
    assert!(w.ok(&["due", "--ics", "-"]).starts_with("BEGIN:VCALENDAR"));
    assert_eq!(
        w.ok(&["due", "--officer", "Trần Thị Mẫu", "--count"]),
        "1\n"
    );
    assert_eq!(w.ok(&["due", "--officer", "Ai Khác", "--count"]), "0\n");
}

#[test]
fn steps_with_their_flags() {
    let w = World::new();
    let step = |id: &str, args: &[&str]| {
        let mut all = vec!["petition", "step", id];
        all.extend(args);
        w.run(&all)
    };
    let id = w.petition("9/2", "TC", "Nhũng nhiễu");
    assert_eq!(step(&id, &["accept", "--on", "10/2", "--complex"]).code, 0);
    assert_eq!(step(&id, &["suspend", "--on", "2/3"]).code, 3);
    assert_eq!(
        step(
            &id,
            &["suspend", "--on", "2/3", "--reason", "chờ giám định"]
        )
        .code,
        0
    );
    assert_eq!(due_of(&w, &id), "–");
    assert!(w.ok(&["petition", "due", &id]).contains("02/03/2026"));
    assert_eq!(step(&id, &["resume", "--on", "9/3"]).code, 0);
    assert_eq!(
        step(
            &id,
            &[
                "extend",
                "--on",
                "10/3",
                "--days",
                "31",
                "--document",
                "1/QĐ"
            ]
        )
        .code,
        3
    );
    assert_eq!(
        step(
            &id,
            &[
                "extend",
                "--on",
                "10/3",
                "--days",
                "30",
                "--document",
                "1/QĐ"
            ]
        )
        .code,
        0
    );
    let due = w.json(&["petition", "due", &id, "--json"]);
    assert_eq!(due["extensions"][0]["days"], 30);
    assert_eq!(due["suspensions"][0]["from"], "2026-03-02");
    assert!(w.ok(&["petition", "due", &id]).contains("tạm đình chỉ"));
    assert_eq!(step(&id, &["withdraw", "--on", "hn"]).code, 3);
    assert_eq!(step(&id, &["withdraw", "--on", "hn", "--continue"]).code, 0);
    assert_eq!(step(&id, &["withdraw", "--on", "hn", "--whole"]).code, 0);
    assert_eq!(step(&id, &["reopen", "--on", "hn"]).code, 3);
    assert_eq!(
        step(&id, &["reopen", "--on", "hn", "--why", "nhầm"]).code,
        0
    );
    let other = w.petition("10/3", "TC", "Nhũng nhiễu dân");
    let likely = w.json(&["petition", "duplicates", &other, "--json"]);
    assert_eq!(likely[0]["number"], "1/2026");
    assert_eq!(
        step(&other, &["link", "--on", "hn", "--lead", "1/2026"]).code,
        0
    );
}

#[test]
fn becoming_a_denunciation_says_what_goes() {
    let w = World::new();
    let id = w.petition("2/3", "KN", "Nhũng nhiễu");
    w.ok(&["petition", "edit", &id, "--petitioner", "Quàng Thị Mẫu"]);
    let edit = ["petition", "edit", &id, "--type", "denunciation"];
    let came = w.run(&edit);
    assert_eq!(came.code, 3);
    assert!(
        came.err.contains("--yes") && came.err.contains("sao lưu"),
        "{came:?}"
    );
    let mut yes = edit.to_vec();
    yes.push("--yes");
    w.ok(&yes);
    let shown = w.json(&["petition", "show", &id, "--json"]);
    assert_eq!(shown["type"], "denunciation");
    assert!(
        !w.ok(&["petition", "history", &id, "--json"])
            .contains("Quàng")
    );
}

#[test]
fn long_waiting_petitions_are_warned_of() {
    let w = World::new();
    let id = w.petition("2/3", "KN", "Chưa xử lý");
    assert_eq!(
        w.json(&["petition", "show", &id, "--json"])["idle_alarm"],
        "none"
    );
    let ask = ["--today", "2026-11-20", "petition"];
    let add: Vec<&str> = ask
        .iter()
        .copied()
        .chain([
            "add",
            "--received-on",
            "2026-10-06",
            "--type",
            "KN",
            "--subject",
            "Lâu",
        ])
        .collect();
    w.ok(&add);
    let show: Vec<&str> = ask.iter().copied().chain(["show", "2"]).collect();
    assert!(w.ok(&show).contains("45 ngày"));
}

#[test]
fn every_cell_of_every_rate_equals_its_rows() {
    let w = World::bare();
    let db = w.path("mau.db");
    let db = db.to_str().unwrap();
    w.ok(&["demo", "--into", db, "--rows", "300", "--seed", "7"]);
    for measure in [
        "processing",
        "resolution",
        "on_time",
        "answered",
        "replied",
        "dialogue",
    ] {
        for by in ["unit", "unit_level", "type", "field", "handler", "quarter"] {
            let t = w.json(&[
                "--db",
                db,
                "rates",
                "--measure",
                measure,
                "--period",
                "tt:2025",
                "--by",
                by,
                "--compare",
                "last_year",
                "--json",
            ]);
            assert_eq!(
                (&t["from"], &t["to"]),
                (&"2024-12-15".into(), &"2025-12-14".into())
            );
            let mut rows = t["rows"].as_array().unwrap().clone();
            rows.push(t["total"].clone());
            // Each call starts the program: a few rows of each table are looked at, the total always.
            let step = (rows.len() / 3).max(1);
            let last = rows.len() - 1;
            for (at, row) in rows.iter().enumerate() {
                assert!(
                    row.get("before").is_some() && row.get("change").is_some(),
                    "{row}"
                );
                if at % step != 0 && at != last {
                    continue;
                }
                for side in ["numerator", "denominator"] {
                    let figure = &row[side];
                    let cell = figure["cell"].as_str().unwrap();
                    let kind = cell.split(':').next().unwrap();
                    let count = w.ok(&["--db", db, kind, "list", "--cell", cell, "--count"]);
                    assert_eq!(count.trim(), figure["count"].to_string(), "{cell}");
                }
            }
        }
    }
    let rates = |more: &[&str]| {
        let mut args = vec![
            "--db",
            db,
            "rates",
            "--measure",
            "resolution",
            "--period",
            "2025",
        ];
        args.extend(more);
        w.run(&args)
    };
    let now = rates(&["--map", "current", "--json"]).json();
    assert_eq!(now["map"], "current");
    for row in now["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r.get("reason").is_some())
    {
        assert_eq!(row["rate"], Json::Null);
    }
    assert!(now.get("suspended").is_some() && now["withdrawn"] == true);
    let text = rates(&["--compare", "previous"]).out;
    assert!(
        text.contains("kỳ liền trước") && text.lines().count() > 4,
        "{text}"
    );
    assert_eq!(rates(&["--compare", "ever"]).code, 3);
    assert_eq!(rates(&["--map", "moon"]).code, 3);
}

#[test]
fn a_period_is_kept_and_compared() {
    let w = World::new();
    let id = w.petition("2025-11-03", "KN", "Bồi thường");
    w.ok(&["petition", "step", &id, "accept", "--on", "2025-11-10"]);
    let kept = w.json(&["freeze", "2025", "--json"]);
    assert_eq!(
        (&kept["from"], &kept["to"]),
        (&"2025-01-01".into(), &"2025-12-31".into())
    );
    assert_eq!(w.run(&["freeze", "2025"]).code, 3);
    assert_eq!(w.run(&["freeze", "2026"]).code, 3);
    assert_eq!(w.run(&["freeze", "2025-Q9"]).code, 3);
    assert_eq!(w.run(&["freeze"]).code, 2);
    assert_eq!(w.run(&["freeze", "2024", "--diff"]).code, 4);
    assert_eq!(
        w.json(&["freeze", "--list", "--json"])[0]["from"],
        "2025-01-01"
    );
    let none = w.json(&["freeze", "2025", "--diff", "--json"]);
    assert_eq!(none["rows"], Json::Array(Vec::new()));
    w.petition("2025-12-01", "KN", "Nhập muộn");
    let diff = w.json(&["freeze", "2025", "--diff", "--json"]);
    assert_eq!(
        (&diff["rows"][0]["change"], &diff["rows"][0]["id"]),
        (&"came".into(), &2.into())
    );
    assert!(w.ok(&["freeze", "2025", "--diff"]).contains("thêm"));
}

/// Every kind of bad input that the law refuses: exit 3, with the rule's words and what is allowed.
#[test]
fn bad_input_is_refused_with_the_words_of_the_rule() {
    let w = World::new();
    let no = |args: &[&str], said: &[&str]| {
        let came = w.run(args);
        assert_eq!(came.code, 3, "{args:?}: {came:?}");
        assert_eq!(came.out, "", "{args:?}");
        for text in said {
            assert!(came.err.contains(text), "{args:?}: {came:?}");
        }
    };
    // an unknown rule code
    for args in [
        &["due", "explain", "--rule", "KN_X", "--start", "hn"][..],
        &["rule", "list", "--code", "KN_X"],
    ] {
        no(args, &["«KN_X»", "KN_ACCEPT", "TC_RESOLVE"]);
    }
    // an extension over the cap, of either type, and one too many
    let step = |id: &str, name: &'static str, on: &'static str| {
        vec!["petition", "step", id, name, "--on", on]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let with = |mut args: Vec<String>, more: &[&str]| {
        args.extend(more.iter().map(|s| (*s).to_owned()));
        args
    };
    let refuse = |args: Vec<String>, said: &[&str]| {
        no(&args.iter().map(String::as_str).collect::<Vec<_>>(), said);
    };
    let take = |args: Vec<String>| {
        let came = w.run(&args);
        assert_eq!(came.code, 0, "{args:?}: {came:?}");
    };
    let tc = w.petition("2026-02-02", "TC", "Nhũng nhiễu");
    let kn = w.petition("2026-02-02", "KN", "Bồi thường");
    take(with(step(&tc, "accept", "2026-02-05"), &["--complex"]));
    take(step(&kn, "accept", "2026-02-05"));
    let extend = |id: &str, days: &str| {
        with(
            step(id, "extend", "2026-02-20"),
            &["--days", days, "--document", "5/QĐ"],
        )
    };
    refuse(
        extend(&tc, "31"),
        &["(days)", "không quá 30 ngày", "LTC Đ30"],
    );
    refuse(
        extend(&kn, "16"),
        &[
            "(days)",
            "không quá 45 ngày",
            "LKN Đ28",
            "còn gia hạn được 15 ngày",
        ],
    );
    refuse(extend(&kn, "0"), &["(days)", "phải từ 1"]);
    take(extend(&tc, "30"));
    refuse(extend(&tc, "10"), &["đã gia hạn 1 lần"]);
    // a resume without a suspension, a reply to what was never forwarded: with what is allowed now
    refuse(
        step(&kn, "resume", "hn"),
        &["tiếp tục", "(suspend)", "(resolve)"],
    );
    refuse(step(&kn, "reply", "hn"), &["nhận phúc đáp", "(urge)"]);
    refuse(step(&kn, "nosuch", "hn"), &["«nosuch»", "extend"]);
    // before the step it follows, and in the future
    refuse(
        step(&kn, "terminate", "2026-02-04"),
        &["(on)", "05/02/2026"],
    );
    refuse(
        step(&kn, "terminate", "2026-03-13"),
        &["(on)", "12/03/2026"],
    );
    // a period that ends before it begins
    for args in [
        &[
            "rates",
            "--measure",
            "resolution",
            "--from",
            "2026-02-02",
            "--to",
            "2026-02-01",
        ][..],
        &[
            "petition",
            "list",
            "--from",
            "2026-02-02",
            "--to",
            "2026-02-01",
        ],
    ] {
        no(args, &["--to: 01/02/2026 ở trước --from (02/02/2026)"]);
    }
    no(
        &[
            "rates",
            "--measure",
            "resolution",
            "--period",
            "2019-05..2019-01",
        ],
        &["kết thúc trước khi bắt đầu"],
    );
    no(
        &["freeze", "2025-05..2025-01"],
        &["kết thúc trước khi bắt đầu"],
    );
    // a rule whose validity overlaps another's, added or edited into it; one that ends before it begins
    let accept = [
        "--code",
        "KN_ACCEPT",
        "--type",
        "KN",
        "--level",
        "1+2+KL",
        "--source",
        "a",
    ];
    let rule = |more: &[&str]| {
        let mut args = vec!["rule", "add", "--amount", "5", "--unit", "W"];
        args.extend(accept);
        args.extend(more);
        args.into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let overlap = ["(valid_from)", "chồng lên quy định số 2", "NĐ 155/2026 Đ10"];
    refuse(rule(&["--valid-from", "2026-08-01"]), &overlap);
    refuse(
        rule(&["--valid-from", "2026-08-01", "--valid-to", "2026-07-01"]),
        &["(valid_to)"],
    );
    no(&["rule", "edit", "1", "--valid-to", ""], &overlap);
    refuse(
        rule(&["--kind", "zzz"]),
        &["(kind)", "một trong: hạn cuối, "],
    );
    no(
        &["rule", "edit", "2", "--amount", "-1"],
        &["(amount)", "từ 0"],
    );
    no(&["rule", "edit", "2", "--source", ""], &["(source)"]);
    // the calendar and the settings
    no(&["calendar", "set", "1850-01-01", "holiday"], &["1900"]);
    no(
        &["calendar", "set", "hn", "none", "--name", "x"],
        &["(name)"],
    );
    no(&["set", "own_unit", "99999"], &["99999"]);
    no(
        &["petition", "list", "--filter", "idle_alarm = 40"],
        &["(idle_alarm)", "35 ngày, 45 ngày"],
    );
    // nothing of all this was kept
    assert_eq!(
        w.json(&["rule", "list", "--code", "KN_ACCEPT", "--json"])
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn idle_petitions_are_a_filter() {
    let w = World::new();
    for (on, subject) in [
        ("2026-10-06", "Lâu"),
        ("2026-10-10", "Khá lâu"),
        ("2026-11-10", "Mới"),
    ] {
        let add = [
            "--today",
            "2026-11-20",
            "petition",
            "add",
            "--type",
            "KN",
            "--received-on",
        ];
        let mut args = add.to_vec();
        args.extend([on, "--subject", subject]);
        w.ok(&args);
    }
    let list = |more: &[&str]| {
        let mut args = vec!["--today", "2026-11-20", "petition", "list"];
        args.extend(more);
        w.ok(&args)
    };
    assert_eq!(list(&["--filter", "idle_alarm = 45", "--ids"]), "1\n");
    assert_eq!(list(&["--filter", "idle_alarm = 35", "--ids"]), "2\n");
    assert_eq!(list(&["--filter", "idle_alarm != none", "--count"]), "2\n");
    let rows: Json = serde_json::from_str(&list(&["--sort", "received_on", "--json"])).unwrap();
    let said = |at: usize| rows[at]["idle_alarm"].as_str().unwrap().to_owned();
    assert_eq!([said(0), said(1), said(2)], ["45", "35", "none"]);
}

#[test]
fn a_closed_case_keeps_its_sum_and_says_what_changed() {
    let w = World::new();
    let id = w.petition("2/2", "PA", "Đường hư hỏng");
    w.ok(&["petition", "step", &id, "resolve", "--on", "9/2"]);
    let sum = || w.json(&["petition", "due", &id, "--json"]);
    let was = sum();
    assert_eq!(
        (&was["changed_since"], &was["due_now"]),
        (&false.into(), &Json::Null)
    );
    w.ok(&["calendar", "set", was["due"].as_str().unwrap(), "day_off"]);
    let now = sum();
    assert_eq!(now["changed_since"], true);
    assert!(now["due_now"].as_str().unwrap() > was["due"].as_str().unwrap());
    for key in ["rule", "start", "raw_due", "due", "days"] {
        assert_eq!(now[key], was[key], "{key}");
    }
    assert!(
        w.ok(&["petition", "due", &id])
            .starts_with("Lịch nghỉ hoặc thiết lập đã đổi sau khi giải quyết")
    );
}
