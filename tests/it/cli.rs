//! The program from the shell: registers, steps, deadlines, rates, find (contract 2 to 7).
use crate::support::cli::World;
use serde_json::Value as Json;

#[test]
fn a_record_is_added_shown_edited_removed_and_restored() {
    let w = World::new();
    let id = w.petition("2/3", "KN", "Không đồng ý phương án bồi thường");
    assert_eq!(id, "1");
    let p = w.json(&["petition", "show", "1/2026", "--json"]);
    assert_eq!(p["number"], "1/2026");
    assert_eq!(p["received_on"], "2026-03-02");
    assert_eq!(p["type"], "complaint");
    assert_eq!(p["unit"], "29602");
    assert_eq!(p["stage"], "received");
    assert_eq!(p["standing"], "due_soon");
    assert_eq!(p["due_on"], "2026-03-12");
    assert_eq!(p["steps"], Json::Array(Vec::new()));
    assert_eq!(
        w.run(&["petition", "edit", "1", "--complex", "--note", "xem lại"])
            .code,
        0
    );
    let p = w.json(&["petition", "show", "1", "--json"]);
    assert_eq!(
        (&p["complex"], &p["rev"]),
        (&Json::Bool(true), &Json::from(2))
    );
    assert_eq!(
        w.run(&["petition", "edit", "1", "--no-complex", "--rev", "1"])
            .code,
        5
    );
    assert_eq!(w.run(&["petition", "edit", "1"]).code, 2);
    assert_eq!(w.run(&["petition", "remove", "1"]).code, 0);
    assert_eq!(w.ok(&["petition", "list", "--count"]), "0\n");
    assert_eq!(w.ok(&["petition", "list", "--deleted", "--ids"]), "1\n");
    assert_eq!(w.run(&["petition", "restore", "1"]).code, 0);
    assert_eq!(w.ok(&["petition", "list", "--count"]), "1\n");
    let history = w.json(&["petition", "history", "1", "--json"]);
    let actions: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["add", "edit", "edit", "remove", "restore"]);
    for key in ["at", "who", "action", "field", "before", "after", "why"] {
        assert!(history[1].get(key).is_some(), "{key}");
    }
    assert_eq!(history[1]["after"], "có");
}

#[test]
fn every_register_takes_a_record_and_gives_it_back() {
    let w = World::new();
    let rows: [(&str, &[&str]); 5] = [
        (
            "model",
            &[
                "--name",
                "Ánh sáng đường quê",
                "--unit",
                "29602",
                "--tags",
                "crime_prevention",
            ],
        ),
        (
            "dialogue",
            &[
                "--held-on",
                "1/3",
                "--topic",
                "Giải phóng mặt bằng",
                "--unit",
                "29602",
            ],
        ),
        (
            "reception",
            &[
                "--received-on",
                "hn",
                "--content",
                "Hỏi thủ tục",
                "--people",
                "3",
            ],
        ),
        (
            "figure",
            &[
                "--unit",
                "86",
                "--indicator",
                "DVK_MH",
                "--period-from",
                "1/1",
                "--period-to",
                "hn",
                "--value",
                "163,4",
            ],
        ),
        (
            "unit",
            &[
                "--code",
                "PB1",
                "--name",
                "Phòng Một",
                "--level",
                "department",
                "--successors",
                "86:part",
            ],
        ),
    ];
    for (kind, flags) in rows {
        let mut args = vec![kind, "add", "--json"];
        args.extend(flags);
        let added = w.json(&args);
        let mut again = added[0].clone();
        let object = again.as_object_mut().unwrap();
        object.retain(|_, value| !value.is_null());
        if kind == "unit" {
            object.insert("code".into(), "PB2".into());
        }
        // What show prints can be added again.
        let came = w.feed(&[kind, "add", "--from", "-"], &again.to_string());
        assert_eq!(came.code, 0, "{kind}: {came:?}");
        for form in ["--json", "--csv", "--ids", "--count"] {
            assert_eq!(w.run(&[kind, "list", form]).code, 0);
        }
        assert_eq!(w.run(&[kind, "list"]).code, 0);
    }
    assert_eq!(w.json(&["figure", "list", "--json"])[0]["value"], 163.4);
    assert_eq!(w.json(&["model", "show", "1/2026", "--json"])["year"], 2026);
    assert_eq!(
        w.json(&["unit", "show", "PB1", "--json"])["successors"][0]["kind"],
        "part"
    );
}

#[test]
fn a_dialogue_comes_with_its_opinions() {
    let w = World::new();
    let given = r#"{"held_on":"2026-03-01","topic":"GPMB","unit":"29602","opinions":[
        {"content":"Khi nào trả tiền?","assigned_unit":"29602","due_on":"2026-03-10"},
        {"content":"Đường hư"}]}"#;
    let came = w.feed(&["dialogue", "add", "--from", "-"], given);
    assert_eq!((came.code, came.lines().len()), (0, 1));
    let shown = w.json(&["dialogue", "show", "1", "--json"]);
    assert_eq!(shown["opinions"].as_array().unwrap().len(), 2);
    assert_eq!(
        w.ok(&["opinion", "list", "--count", "--filter", "status = open"]),
        "2\n"
    );
    let due = w.json(&["due", "--state", "overdue", "--json"]);
    assert_eq!(due[0]["kind"], "opinion");
    assert_eq!(due[0]["days_left"], -2);
}

#[test]
fn an_array_with_a_bad_row_stores_nothing_and_names_every_bad_row() {
    let w = World::new();
    let rows = r#"[{"received_on":"2026-03-01","type":"complaint","subject":"a"},
        {"received_on":"2026-02-31","type":"complaint","subject":"b"},
        {"type":"complaint","subject":"c"},
        {"received_on":"2026-03-01","type":"nothing","subject":"d"}]"#;
    let file = w.path("rows.json");
    std::fs::write(&file, rows).unwrap();
    let came = w.run(&["petition", "add", "--from", file.to_str().unwrap()]);
    assert_eq!(came.code, 3);
    for row in ["dòng 2:", "dòng 3:", "dòng 4:"] {
        assert!(came.err.contains(row), "{came:?}");
    }
    assert!(!came.err.contains("dòng 1:") && came.err.contains("received_on"));
    assert_eq!(w.ok(&["petition", "list", "--count"]), "0\n");
}

#[test]
fn a_bad_value_names_field_and_rule() {
    let w = World::new();
    let add = |flags: &[&str]| {
        let mut args = vec!["petition", "add", "--type", "KN", "--subject", "a"];
        args.extend(flags);
        w.run(&args)
    };
    for (flags, word) in [
        (&["--received-on", "31/02/2026"][..], "received_on"),
        (&["--received-on", "2027-01-01"], "received_on"),
        (&["--received-on", "hn", "--unit", "99999"], "unit"),
        (&["--received-on", "2025-01-10", "--unit", "PX"], "unit"),
        (&["--received-on", "hn", "--signers", "không"], "signers"),
        (&["--received-on", "hn", "--previous", "9/2026"], "previous"),
        (&["--note", "x"], "received_on"),
    ] {
        let came = add(flags);
        assert_eq!(came.code, 3, "{flags:?} {came:?}");
        assert!(came.err.contains(word), "{flags:?} {came:?}");
    }
    let long = "đ".repeat(400);
    let came = w.run(&[
        "petition",
        "add",
        "--type",
        "KN",
        "--received-on",
        "hn",
        "--subject",
        &long,
    ]);
    assert_eq!(came.code, 3);
    assert!(came.err.contains("300"), "{came:?}");
    assert_eq!(
        add(&["--received-on", "hn", "--lang", "en", "--field", "zz"]).code,
        3
    );
}

#[test]
fn wrong_usage_is_told_from_refusal() {
    let w = World::new();
    for args in [
        &["nonsense"][..],
        &["petition"],
        &["petition", "fly"],
        &["petition", "add", "--bogus", "1"],
        &["petition", "show"],
        &["petition", "list", "--limit", "x"],
        &["petition", "list", "--filter", "bogus = 1"],
        &["petition", "list", "--filter", "subject"],
        &["petition", "list", "--sort", "bogus"],
        &["petition", "list", "--today", "14/3"],
        &["petition", "list", "--lang", "fr"],
        &["petition", "list", "--color", "red"],
        &["rates", "--period", "2026"],
        &["rates", "--measure", "resolution"],
        &[
            "rates",
            "--measure",
            "resolution",
            "--period",
            "2026",
            "--from",
            "1/1",
        ],
        &["due", "explain", "--rule", "KN_ACCEPT"],
        &["restore", "/nowhere"],
    ] {
        let came = w.run(args);
        assert_eq!((came.code, came.out.as_str()), (2, ""), "{args:?} {came:?}");
        assert!(!came.err.is_empty());
    }
    for args in [
        &["petition", "list", "--filter", "received_on < 32/1"][..],
        &["petition", "list", "--filter", "type = zz"],
        &["petition", "list", "--cell", "rubbish"],
        &["petition", "list", "--unit", "nowhere"],
        &["petition", "list", "--from", "31/2"],
        &["rates", "--measure", "zz", "--period", "2026"],
        &["rates", "--measure", "resolution", "--period", "2026-99"],
        &[
            "rates",
            "--measure",
            "resolution",
            "--period",
            "2026",
            "--by",
            "zz",
        ],
        &["due", "--state", "late"],
        &["due", "explain", "--rule", "NONE", "--start", "hn"],
        &["find", "a", "--kind", "zz"],
    ] {
        let came = w.run(args);
        assert_eq!((came.code, came.out.as_str()), (3, ""), "{args:?} {came:?}");
    }
    for args in [
        &["petition", "show", "9"][..],
        &["petition", "show", "9/2026"],
        &["petition", "edit", "9", "--note", "x"],
        &["unit", "show", "nowhere"],
        &["petition", "add", "--from", "/nowhere.json"],
        &["draft", "discard", "none"],
    ] {
        assert_eq!(w.run(args).code, 4, "{args:?}");
    }
}

#[test]
fn a_denunciation_keeps_no_writer() {
    let w = World::new();
    for key in ["--petitioner", "--address"] {
        let came = w.run(&[
            "petition",
            "add",
            "--received-on",
            "hn",
            "--type",
            "denunciation",
            "--subject",
            "a",
            key,
            "Lê Văn Tám",
        ]);
        assert_eq!(came.code, 3, "{came:?}");
    }
    let id = w.petition("hn", "denunciation", "Nhũng nhiễu");
    assert_eq!(
        w.run(&["petition", "edit", &id, "--petitioner", "Lê Văn Tám"])
            .code,
        3
    );
    let shown = w.json(&["petition", "show", &id, "--json"]);
    assert!(shown.get("petitioner").is_none() && shown.get("address").is_none());
}

#[test]
fn names_stay_out_of_lists() {
    let w = World::new();
    w.ok(&[
        "petition",
        "add",
        "--received-on",
        "hn",
        "--type",
        "KN",
        "--subject",
        "a",
        "--petitioner",
        "Lê Thị Bông",
        "--address",
        "ấp 3",
    ]);
    for form in ["--json", "--csv", "--ids", "--count"] {
        assert!(!w.ok(&["petition", "list", form]).contains("Bông"));
    }
    assert!(!w.ok(&["petition", "list"]).contains("Bông"));
    assert!(
        w.ok(&["petition", "list", "--json", "--with-names"])
            .contains("Lê Thị Bông")
    );
    assert!(
        w.ok(&["petition", "list", "--csv", "--with-names"])
            .contains("ấp 3")
    );
    assert!(w.ok(&["petition", "list", "--with-names"]).contains("Bông"));
    assert!(w.ok(&["petition", "show", "1"]).contains("Lê Thị Bông"));
}

#[test]
fn lists_filter_and_sort() {
    let w = World::new();
    w.petition("1/3", "KN", "Đất đai ấp 3");
    w.petition("5/3", "PA", "Đường hư");
    w.petition("2025-06-20", "feedback", "Chợ lấn đường");
    let ids = |args: &[&str]| {
        let mut all = vec!["petition", "list", "--ids"];
        all.extend(args);
        w.ok(&all)
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(ids(&["--filter", "subject ~ dat dai"]), "1");
    assert_eq!(
        ids(&["--filter", "type=feedback", "--sort", "received_on"]),
        "3 2"
    );
    assert_eq!(ids(&["--from", "1/1", "--sort", "-received-on"]), "2 1");
    assert_eq!(
        ids(&[
            "--filter",
            "standing = overdue",
            "--filter",
            "received_on < 1/1/2026"
        ]),
        "3"
    );
    assert_eq!(ids(&["--filter", "number = 1/2025"]), "3");
    assert_eq!(ids(&["--unit", "86", "--sort", "id"]), "1 2 3");
    assert_eq!(ids(&["--unit", "86@2026-01-01", "--sort", "id"]), "1 2");
    assert_eq!(ids(&["--limit", "1", "--sort", "id"]), "1");
    assert_eq!(ids(&["--filter", "officer = "]).split(' ').count(), 3);
    let table = w.ok(&["petition", "list", "--sort", "id", "--limit", "1"]);
    assert!(
        table.lines().all(|line| line.chars().count() <= 80),
        "{table}"
    );
    assert!(table.contains("Đất đai ấp 3"));
    let ascii = w.ok(&["petition", "list", "--ascii"]);
    assert!(!ascii.contains('─'));
}

#[test]
fn units_of_both_maps() {
    let w = World::new();
    assert_eq!(w.ok(&["unit", "list", "--count"]), "3355\n");
    assert_eq!(
        w.ok(&["unit", "list", "--count", "--on", "2025-06-30"]),
        "10794\n"
    );
    assert_eq!(w.ok(&["unit", "list", "--count", "--all"]), "14149\n");
    let now = w.json(&["unit", "show", "29602", "--json"]);
    let then = w.json(&["unit", "show", "29602@2025-01-01", "--json"]);
    assert_eq!(
        (&now["name"], &then["name"]),
        (&"Xã Long Hồ".into(), &"Thị trấn Long Hồ".into())
    );
    assert_eq!(then["valid_to"], "2025-06-30");
    assert_eq!(then["successors"][0]["code"], "29602");
    assert_eq!(w.run(&["unit", "show", "29602@31/2"]).code, 3);
    // Quảng Ninh became a city on 24/8/2026.
    let name = |args: &[&str]| w.json(args)[0]["name"].as_str().unwrap().to_owned();
    assert_eq!(
        name(&["unit", "list", "--filter", "code = 22", "--json"]),
        "Tỉnh Quảng Ninh"
    );
    let later = [
        "unit",
        "list",
        "--on",
        "2026-09-01",
        "--filter",
        "code = 22",
        "--json",
    ];
    assert_eq!(name(&later), "Thành phố Quảng Ninh");
    assert_eq!(
        w.json(&["unit", "show", "22", "--json"])["name"],
        "Tỉnh Quảng Ninh"
    );
    // A district that was abolished is still found by its code.
    assert_eq!(w.run(&["unit", "show", "857"]).code, 0);
}

#[test]
fn steps_are_taken_refused_and_taken_back() {
    let w = World::new();
    let id = w.petition("2/3", "KN", "Bồi thường");
    let steps = w.json(&["petition", "steps", &id, "--json"]);
    let names: Vec<&str> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["step"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "classify",
            "accept",
            "refuse",
            "guide",
            "forward",
            "return",
            "file_away",
            "withdraw",
            "link"
        ]
    );
    let refused = w.run(&[
        "petition",
        "step",
        &id,
        "resolve",
        "--on",
        "hn",
        "--outcome",
        "justified",
    ]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("accept"), "{refused:?}");
    assert_eq!(
        w.run(&["petition", "step", &id, "reply", "--on", "31/2"])
            .code,
        3
    );
    assert_eq!(
        w.run(&[
            "petition", "step", &id, "accept", "--on", "hn", "--to", "86"
        ])
        .code,
        2
    );
    assert_eq!(
        w.run(&["petition", "step", &id, "accept", "--on", "1/3"])
            .code,
        3
    );
    assert_eq!(
        w.run(&["petition", "step", &id, "accept", "--on", "+1"])
            .code,
        3
    );
    w.ok(&[
        "petition",
        "step",
        &id,
        "classify",
        "--on",
        "3/3",
        "--jurisdiction",
        "own",
        "--eligible",
    ]);
    assert_eq!(
        w.run(&[
            "petition", "step", &id, "forward", "--on", "hn", "--to", "86"
        ])
        .code,
        3
    );
    w.ok(&[
        "petition",
        "step",
        &id,
        "accept",
        "--on",
        "10/3",
        "--document",
        "12/TB",
    ]);
    let p = w.json(&["petition", "show", &id, "--json"]);
    assert_eq!(
        (&p["stage"], &p["due_on"]),
        (&"accepted".into(), &"2026-04-09".into())
    );
    assert_eq!(p["steps"][1]["document"], "12/TB");
    let due = w.json(&["petition", "due", &id, "--json"]);
    assert_eq!(
        (&due["rule"], &due["due"]),
        (&"KN_RESOLVE_1".into(), &"2026-04-09".into())
    );
    assert_eq!(w.run(&["petition", "undo-step", &id]).code, 2);
    w.ok(&["petition", "undo-step", &id, "--why", "nhập nhầm"]);
    let p = w.json(&["petition", "show", &id, "--json"]);
    assert_eq!(
        (&p["stage"], p["steps"].as_array().unwrap().len()),
        (&"classified".into(), 1)
    );
    assert_eq!(p["undone_steps"][0]["undone"], "nhập nhầm");
    w.ok(&["petition", "step", &id, "accept", "--on", "10/3"]);
    let done = w.json(&[
        "petition",
        "step",
        &id,
        "resolve",
        "--on",
        "11/3",
        "--outcome",
        "justified",
        "--json",
    ]);
    assert_eq!(
        (&done["standing"], &done["outcome"]),
        (&"resolved_on_time".into(), &"justified".into())
    );
    let left = w.json(&["petition", "steps", &id, "--json"]);
    let left: Vec<&str> = left
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["step"].as_str().unwrap())
        .collect();
    assert_eq!(left, ["execute", "reopen", "link"]);
}

#[test]
fn a_forward_waits_for_its_reply() {
    let w = World::new();
    let id = w.petition("2/3", "kiến nghị", "Xin làm cầu");
    w.ok(&[
        "petition",
        "step",
        &id,
        "forward",
        "--on",
        "3/3",
        "--to",
        "86",
        "--reply-due",
        "10/3",
    ]);
    let p = w.json(&["petition", "show", &id, "--json"]);
    assert_eq!(
        (&p["due_on"], &p["standing"]),
        (&"2026-03-10".into(), &"overdue".into())
    );
    assert_eq!(p["steps"][0]["to"], "86");
    assert_eq!(
        w.json(&["petition", "due", &id, "--json"])["due"],
        "2026-03-10"
    );
    w.ok(&["petition", "step", &id, "reply", "--on", "hn"]);
    assert_eq!(
        w.json(&["petition", "show", &id, "--json"])["standing"],
        "none"
    );
}

#[test]
fn deadlines_explain_themselves() {
    let w = World::new();
    let e = w.json(&[
        "due",
        "explain",
        "--rule",
        "KN_ACCEPT",
        "--start",
        "2026-07-01",
        "--json",
    ]);
    assert_eq!(e["due"], "2026-07-10");
    let days = e["days"].as_array().unwrap();
    assert_eq!(days.first().unwrap()["date"], "2026-07-02");
    assert_eq!(days.last().unwrap()["date"], "2026-07-10");
    assert_eq!(days.iter().filter(|d| d["counted"] == true).count(), 7);
    assert!(
        days.iter()
            .all(|d| (d["counted"] == true) != d.get("reason").is_some())
    );
    let year = w.json(&["calendar", "list", "--year", "2026", "--json"]);
    assert!(
        year.as_array()
            .unwrap()
            .iter()
            .any(|d| d["date"] == "2026-01-02" && d["kind"] == "day_off")
    );
    w.petition("2/2", "KN", "Cũ");
    assert_eq!(w.run(&["due", "--fail", "--count"]).code, 1);
    assert_eq!(w.ok(&["due", "--state", "overdue", "--count"]), "1\n");
    assert_eq!(w.run(&["due", "--state", "on_time", "--fail"]).code, 0);
}

#[test]
fn every_figure_of_a_rate_opens_its_rows() {
    let w = World::new();
    for (on, kind) in [
        ("2025-11-03", "KN"),
        ("5/1", "KN"),
        ("6/1", "TC"),
        ("9/2", "PA"),
        ("2/3", "KN"),
    ] {
        w.petition(on, kind, "Việc");
    }
    w.ok(&[
        "petition",
        "edit",
        "2",
        "--field",
        "land",
        "--handler-unit",
        "86",
    ]);
    w.ok(&["petition", "step", "1", "accept", "--on", "2025-11-10"]);
    w.ok(&["petition", "step", "2", "accept", "--on", "10/1"]);
    w.ok(&["petition", "step", "3", "accept", "--on", "12/1"]);
    w.ok(&[
        "petition",
        "step",
        "2",
        "resolve",
        "--on",
        "2/2",
        "--outcome",
        "unjustified",
    ]);
    w.ok(&["petition", "step", "4", "resolve", "--on", "20/2"]);
    for measure in ["processing", "resolution"] {
        for by in ["unit", "type", "field", "month", "quarter", "year"] {
            let t = w.json(&[
                "rates",
                "--measure",
                measure,
                "--period",
                "2026",
                "--by",
                by,
                "--json",
            ]);
            let mut rows = t["rows"].as_array().unwrap().clone();
            rows.push(t["total"].clone());
            for figure in rows
                .iter()
                .flat_map(|r| [&r["numerator"], &r["denominator"]])
            {
                let cell = figure["cell"].as_str().unwrap();
                assert!(cell.starts_with("petition:"));
                let count = w.ok(&["petition", "list", "--cell", cell, "--count"]);
                assert_eq!(count.trim(), figure["count"].to_string(), "{cell}");
            }
        }
    }
    let t = w.json(&[
        "rates",
        "--measure",
        "resolution",
        "--period",
        "2026",
        "--json",
    ]);
    assert_eq!(
        (
            &t["total"]["numerator"]["count"],
            &t["total"]["denominator"]["count"]
        ),
        (&1.into(), &3.into())
    );
    assert_eq!(t["total"]["rate"], "33.33");
    assert_eq!(
        (&t["from"], &t["to"], &t["as_of"]),
        (
            &"2026-01-01".into(),
            &"2026-12-31".into(),
            &"2026-03-12".into()
        )
    );
    let none = w.json(&[
        "rates",
        "--measure",
        "resolution",
        "--period",
        "2020",
        "--json",
    ]);
    assert_eq!(none["total"]["rate"], Json::Null);
    let text = w.ok(&["rates", "--measure", "resolution", "--period", "2026"]);
    assert!(
        text.contains("33,33%") && text.contains("tính đến 12/03/2026") && text.contains("Mẫu số")
    );
    assert!(
        w.ok(&["rates", "--measure", "resolution", "--period", "2020"])
            .contains('–')
    );
    assert!(
        w.ok(&[
            "rates",
            "--measure",
            "processing",
            "--from",
            "1/1",
            "--to",
            "hn",
            "--csv"
        ])
        .starts_with("key,label,")
    );
}

#[test]
fn find_is_marked_or_not() {
    let w = World::new();
    w.petition("2/3", "KN", "Đường liên ấp hư hỏng");
    w.petition("3/3", "KN", "Đàn dương cầm");
    let found = |text: &str| {
        w.json(&["find", text, "--kind", "petition", "--json"])
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(
        (
            found("duong"),
            found("đường"),
            found("hư lien"),
            found("ko co")
        ),
        (2, 1, 1, 0)
    );
    assert_eq!(found("du\u{031b}o\u{031b}\u{0300}ng"), 1);
    assert_eq!(
        w.ok(&["find", "đường", "liên", "--kind", "petition", "--count"]),
        "1\n"
    );
    let row = &w.json(&["find", "duong", "--kind", "petition", "--json"])[0];
    for key in ["kind", "id", "number", "title", "snippet"] {
        assert!(row.get(key).is_some(), "{key}");
    }
    assert_eq!(w.ok(&["find", "xã", "--count"]), "hơn 1.000\n");
}

#[test]
fn printed_rates_and_totals_are_computed_again() {
    let w = World::new();
    let add = |flags: &[&str]| {
        let mut args = vec![
            "figure",
            "add",
            "--reporter",
            "Công an",
            "--period-from",
            "2019-01-01",
            "--period-to",
            "2019-05-31",
        ];
        args.extend(flags);
        w.ok(&args).trim().to_owned()
    };
    add(&[
        "--indicator",
        "DON_GQ",
        "--value",
        "8.328",
        "--denominator",
        "8.574",
        "--printed-rate",
        "97,23",
    ]);
    let total = add(&["--indicator", "DVK", "--value", "13.163"]);
    for part in ["2.534", "10.629"] {
        add(&[
            "--indicator",
            "DVK",
            "--value",
            part,
            "--part-of",
            &total,
            "--part-kind",
            "partition",
        ]);
    }
    let came = w.run(&["figures", "check", "--json"]);
    assert_eq!(came.code, 1);
    let found = came.json();
    let verdicts: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["differs", "agrees"]);
    assert_eq!(
        (&found[0]["printed"], &found[0]["computed"]),
        (&"97,23".into(), &"97.13".into())
    );
    w.ok(&["figure", "edit", "1", "--printed-rate", "97,13"]);
    assert_eq!(w.run(&["figures", "check"]).code, 0);
}
