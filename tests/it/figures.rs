//! The published figures, computed again.
use chrono::NaiveDate;
use danvan::app::{Cx, figures, records, sample};
use danvan::domain::check::Verdict;
use danvan::domain::number::Dec;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;

fn office() -> (Cx, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let mut cx = Cx::in_memory(today, dir.path()).unwrap();
    sample::write(&mut cx, 0, 1, &mut |_| {}).unwrap();
    (cx, dir)
}

#[test]
fn the_published_slips_are_found_and_nothing_else() {
    let (cx, _dir) = office();
    let all = figures::check(&cx).unwrap();
    let of = |verdict| -> Vec<(String, String)> {
        let mut found: Vec<_> = all
            .iter()
            .filter(|c| c.verdict == verdict)
            .map(|c| (c.printed.clone(), c.computed_vi()))
            .collect();
        found.sort();
        found
    };
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    };
    assert_eq!(
        of(Verdict::Differs),
        pairs(&[
            ("1.611", "1.608"),
            ("68,5", "67,1"),
            ("88,9", "75,3"),
            ("89,9", "89,8"),
            ("97,23", "97,13"),
        ])
    );
    assert_eq!(
        of(Verdict::Truncated),
        pairs(&[("79,63", "79,64"), ("93,7", "93,8"), ("94,5", "94,6")])
    );
    let police = all.iter().find(|c| c.printed == "97,23").unwrap();
    assert_eq!(
        police.what,
        "Bộ Công an (toàn ngành) · đơn đã xử lý, giải quyết · 01/01–31/05/2019: 8.328/8.574"
    );
    let total = all.iter().find(|c| c.printed == "13.163").unwrap();
    assert_eq!(total.verdict, Verdict::Agrees);
    assert!(total.what.ends_with(": 2.534 + 10.629"), "{}", total.what);
    let rough = all.iter().find(|c| c.printed == "hơn 1.000").unwrap();
    assert_eq!(
        (rough.verdict, rough.computed.as_str()),
        (Verdict::Agrees, "1014")
    );
}

#[test]
fn five_months_are_never_added_up_to_six() {
    let (mut cx, _dir) = office();
    let before = figures::check(&cx).unwrap().len();
    let day = |m, d| Value::Date(NaiveDate::from_ymd_opt(2019, m, d).unwrap());
    let figure = |value, to, of: Option<i64>| records::NewRecord {
        fields: vec![
            ("reporter", Value::Text("Quân khu mẫu".into())),
            ("indicator", Value::Text("NGAY_CONG".into())),
            ("period_from", day(1, 1)),
            ("period_to", to),
            ("value", Value::Dec(Dec::from_int(value))),
            ("part_of", of.map_or(Value::Null, Value::Ref)),
            (
                "part_kind",
                of.map_or(Value::Null, |_| Value::Text("partition".into())),
            ),
        ],
        ..records::NewRecord::default()
    };
    let total = records::add(&mut cx, Kind::Figure, &[figure(10, day(6, 30), None)]).unwrap();
    let id = total[0].head().id;
    let parts = [
        figure(6, day(6, 30), Some(id)),
        figure(3, day(5, 31), Some(id)),
    ];
    let made = records::add(&mut cx, Kind::Figure, &parts).unwrap();
    assert_eq!(figures::check(&cx).unwrap().len(), before);
    let fixed = [("period_to", day(6, 30))];
    records::edit(&mut cx, Kind::Figure, made[1].head().id, None, &fixed).unwrap();
    let all = figures::check(&cx).unwrap();
    let mine = all.iter().find(|c| c.id == id).unwrap();
    assert_eq!(
        (mine.verdict, mine.computed.as_str()),
        (Verdict::Differs, "9")
    );
}

#[test]
fn indicators_have_names_and_units_of_count() {
    let (cx, _dir) = office();
    let all = figures::indicators(&cx).unwrap();
    assert!(
        all.iter()
            .any(|(code, _, unit)| code == "TCD_LUOT" && unit == "lượt")
    );
}
