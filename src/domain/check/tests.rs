#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::domain::number::vi_int;
use crate::domain::testdata::{table, text};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn rate(num: i64, den: i64, printed: &str) -> (Verdict, String) {
    let judged = judge_rate(num, den, &PrintedRate::parse(printed).unwrap());
    (judged.verdict, judged.computed)
}

#[test]
fn printed_rates() {
    for (text, shown, qualifier) in [
        ("97,23 %", "97.23", Qualifier::Exact),
        ("gần 99", "99", Qualifier::Nearly),
        ("trên 80%", "80", Qualifier::Over),
        ("hơn 80,5%", "80.5", Qualifier::Over),
        ("97.230", "97.230", Qualifier::Exact),
        ("1.200%", "1.200", Qualifier::Exact),
        ("140.400%", "140400", Qualifier::Exact),
        ("100 phần trăm", "100", Qualifier::Exact),
        ("ít nhất 50%", "50", Qualifier::AtLeast),
        ("Không quá 5\u{a0}%", "5", Qualifier::AtMost),
        ("chưa đến 10%", "10", Qualifier::Under),
        ("xấp xỉ 10", "10", Qualifier::About),
    ] {
        let parsed = PrintedRate::parse(text).unwrap();
        assert_eq!(
            (parsed.value.to_string().as_str(), parsed.qualifier),
            (shown, qualifier),
            "{text}"
        );
    }
    for bad in ["", "%", "chín mươi", "tăng 5%", "9,7,3", "97,23%%x"] {
        assert!(PrintedRate::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn rates_are_judged_at_their_decimals() {
    let told = |v, s: &str| (v, s.to_owned());
    assert_eq!(rate(8328, 8574, "97,23"), told(Verdict::Differs, "97.13"));
    assert_eq!(rate(8328, 8574, "97,13"), told(Verdict::Agrees, "97.13"));
    assert_eq!(rate(8328, 8574, "97"), told(Verdict::Agrees, "97"));
    assert_eq!(rate(242, 258, "93,7"), told(Verdict::Truncated, "93.8"));
    assert_eq!(rate(176, 221, "79,63"), told(Verdict::Truncated, "79.64"));
    assert_eq!(rate(2521, 2554, "gần 99"), told(Verdict::Agrees, "99"));
    assert_eq!(rate(95, 100, "gần 99"), told(Verdict::Differs, "95"));
    assert_eq!(rate(985, 1000, "gần 98"), told(Verdict::Differs, "99"));
    assert_eq!(rate(981, 1000, "gần 98"), told(Verdict::Agrees, "98"));
    assert_eq!(rate(817, 1000, "trên 80"), told(Verdict::Agrees, "82"));
    assert_eq!(rate(80, 100, "trên 80"), told(Verdict::Agrees, "80"));
    assert_eq!(rate(799, 1000, "trên 80"), told(Verdict::Differs, "80"));
    assert_eq!(rate(799, 1000, "dưới 80").0, Verdict::Agrees);
    assert_eq!(rate(80, 100, "dưới 80").0, Verdict::Differs);
    assert_eq!(rate(0, 0, "100"), told(Verdict::Differs, "–"));
    assert_eq!(
        judge_rate(8328, 8574, &PrintedRate::parse("97,23").unwrap()).computed_vi(),
        "97,13"
    );
}

#[test]
fn sums() {
    assert_eq!(judge_sum(13163, &[2534, 10629]).verdict, Verdict::Agrees);
    let wrong = judge_sum(1611, &[952, 388, 268]);
    assert_eq!(
        (wrong.verdict, wrong.computed_vi().as_str()),
        (Verdict::Differs, "1.608")
    );
    assert_eq!(
        judge_sum(0, &[i64::MAX, i64::MAX]).verdict,
        Verdict::Differs
    );
    assert_eq!(
        judge_qualified_sum(1000, Qualifier::Over, &[630, 170, 214]).verdict,
        Verdict::Agrees
    );
    assert_eq!(
        judge_qualified_sum(1000, Qualifier::Nearly, &[630, 170, 214]).verdict,
        Verdict::Differs
    );
}

/// Every finding as `printed computed verdict`.
fn found(text: &str) -> Vec<String> {
    let findings = check_text(text);
    for f in &findings {
        assert_eq!(crate::domain::text::clean(&text[f.start..f.end]), f.what);
    }
    findings
        .iter()
        .map(|f| format!("{} {} {}", f.printed, f.computed, f.verdict.code()))
        .collect()
}

#[test]
fn rates_in_prose() {
    let slip = "đã xử lý, giải quyết 8.328/ 8.574 đơn, đạt 97,23%.";
    assert_eq!(found(slip), ["97,23% 97.13 differs"]);
    assert_eq!(
        found(&slip.nfd().collect::<String>()),
        ["97,23% 97.13 differs"]
    );
    assert_eq!(
        found(&slip.replace(' ', "\u{a0}")),
        ["97,23% 97.13 differs"]
    );
    assert_eq!(check_text(slip)[0].what, "8.328/ 8.574 đơn, đạt 97,23%");
    for (text, want) in [
        ("8.328/8.574 (97,13%)", "97,13% 97.13 agrees"),
        ("8328/8574 đơn (đạt tỷ lệ 97,13 %)", "97,13 % 97.13 agrees"),
        (
            "giải quyết 242/258 đơn, chiếm 93,7%",
            "93,7% 93.8 truncated",
        ),
        ("giải quyết 242 / 258 đơn, bằng 93,8%", "93,8% 93.8 agrees"),
        ("2.521/2.554 ý kiến, đạt gần 99%", "99% 99 agrees"),
        ("17.463/21.374 vụ việc, đạt tỷ lệ trên 80%", "80% 82 agrees"),
        ("đạt 97,13% (8.328/8.574 đơn)", "97,13% 97.13 agrees"),
        ("giải quyết 3/5 vụ, đạt 60%", "60% 60 agrees"),
        ("giải quyết 3/5 (60%)", "60% 60 agrees"),
        ("1336/1990 vụ việc, đạt 68,5%", "68,5% 67.1 differs"),
        (
            "8.328/8.574 đơn, tăng 5% so với cùng kỳ, đạt 97,13%",
            "97,13% 97.13 agrees",
        ),
        (
            "8.328/8.574 đơn trong 5 tháng, đạt 97,13%",
            "97,13% 97.13 agrees",
        ),
        (
            "8.328/8.574 đơn, tỷ lệ giải quyết là 97,13%",
            "97,13% 97.13 agrees",
        ),
        ("8.328/8.574 đơn; tỷ lệ 97,13%", "97,13% 97.13 agrees"),
        ("8.328/8.574 đơn = 97,13%", "97,13% 97.13 agrees"),
        (
            "8.328 đơn trên tổng số 8.574 đơn, đạt 97,23%",
            "97,23% 97.13 differs",
        ),
        ("8.328 đơn/8.574 đơn, đạt 97,23%", "97,23% 97.13 differs"),
        (
            "8.328/8.574 đơn, đạt 97,13 phần trăm",
            "97,13 phần trăm 97.13 agrees",
        ),
        ("66 trên 77 đơn, đạt 85,71%", "85,71% 85.71 agrees"),
        (
            "8.328 đơn các loại trong kỳ trên tổng số 8.574 đơn, đạt 97,13%",
            "97,13% 97.13 agrees",
        ),
        ("8.328 đơn/8.574, đạt 97,13%", "97,13% 97.13 agrees"),
        (
            "8.328/8.574 đơn của 12 xã, đạt 97,13%",
            "97,13% 97.13 agrees",
        ),
        ("3/5 xã, phường đạt 60%", "60% 60 agrees"),
        (
            "15/20 đơn vị tổ chức đối thoại, đạt 75%, tăng 5% so với năm 2018",
            "75% 75 agrees",
        ),
        ("Tổng số 8.328/8.574đơn, đạt 97.23%", "97.23% 97.13 differs"),
    ] {
        assert_eq!(found(text), [want], "{text}");
    }
    assert_eq!(
        found("KN 238/316 vụ, đạt 75,3%; TC 66/77 đơn, đạt 85,72%."),
        ["75,3% 75.3 agrees", "85,72% 85.71 differs"]
    );
}

#[test]
fn what_is_no_fraction() {
    for text in [
        "Ngày 11/3/2019, đạt 97%",
        "Tính đến 1/7, đạt 95%",
        "Từ 1/7 xã, phường đạt 95%",
        "1/7 đạt 95%",
        "Trực 24/7, đạt 100%",
        "đơn 15/2026, đạt 90%",
        "Đơn số 15/2026 vụ đất đai đạt 90%",
        "Nghị định 155/2026/NĐ-CP, đạt 90%",
        "Chương trình số 09/CTr-BCA, đạt 90%",
        "tháng 6/2016, đạt 90%",
        "8.328/8.574 đơn, tăng 5% so với cùng kỳ",
        "8.328/8.574 đơn. Năm nay đạt 97%",
        "8.328/8.574 đơn, còn 246 đơn, chiếm 2,87%",
        "5/0 đơn, đạt 100%",
        "từ 15/12-14/3 đạt 90%",
        "8.328/8.574 đơn, bằng 105% so với cùng kỳ",
        "8.328/8.574 đơn, trong đó khiếu nại đạt 90%",
        "8.328/8.574 đơn, trong đó KN: 90%",
        "8 328/8 574 đơn, đạt 97,13%",
        "tăng 5% (8.328/8.574 đơn)",
        "8.328/8.574 đơn (cao hơn 5%)",
        "quyết định 15/2026 xã Long Hồ đạt 90%",
        "trực 24/24 giờ, đạt 90%",
        "giai đoạn 2016-2021 đạt 90%",
        "",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn totals_in_prose() {
    for (text, want) in [
        (
            "13.163 tập thể, cá nhân đăng ký (trong đó 2.534 tập thể và 10.629 cá nhân)",
            "13.163 13163 agrees",
        ),
        (
            "13.163 tập thể, cá nhân đăng ký (2.534 tập thể, 10.629 cá nhân)",
            "13.163 13163 agrees",
        ),
        (
            "13.163 tập thể, cá nhân đăng ký (2.534 tập thể, 10.529 cá nhân)",
            "13.163 13063 differs",
        ),
        (
            "100 đơn (trong đó 60 khiếu nại và 30 tố cáo)",
            "100 90 differs",
        ),
        ("có 21 gương (gồm 9 tập thể, 12 cá nhân)", "21 21 agrees"),
        ("có 22 gương (gồm 9 tập thể, 12 cá nhân)", "22 21 differs"),
        (
            "tiếp nhận 883 đơn, gồm 617 khiếu nại và 266 tố cáo, đã giải quyết 800 đơn",
            "883 883 agrees",
        ),
        (
            "tiếp nhận 884 đơn, trong đó 617 đơn khiếu nại và 266 đơn tố cáo.",
            "884 883 differs",
        ),
        (
            "tiếp nhận 883 đơn: 617 đơn khiếu nại; 266 đơn tố cáo",
            "883 883 agrees",
        ),
        (
            "883 đơn (khiếu nại 617 đơn, tố cáo 266 đơn)",
            "883 883 agrees",
        ),
        (
            "883 đơn (617 đơn khiếu nại, chiếm 69,9%; 266 đơn tố cáo, chiếm 30,1%)",
            "883 883 agrees",
        ),
        (
            "trên 1.000 lượt (630 lượt, 170 lượt và 214 lượt)",
            "1.000 1014 agrees",
        ),
        (
            "13.163 tập thể, cá nhân (trong đó 2.534 tập thể (19,25%) và 10.629 cá nhân (80,75%))",
            "13.163 13163 agrees",
        ),
    ] {
        assert_eq!(found(text), [want], "{text}");
    }
}

#[test]
fn what_is_no_sum() {
    for text in [
        "451 cá nhân (có 133 mô hình)",
        "13.163 tập thể, cá nhân, trong đó Công an tỉnh có 172 tập thể và 451 cá nhân",
        "tiếp nhận 883 đơn, trong đó có 17 đơn tố cáo, 20 đơn kiến nghị",
        "mở 52 lớp (250 học viên, 12 giáo viên)",
        "30 ngày, gồm 2 đợt, mỗi đợt 15 ngày",
        "02 tập thể, 04 cá nhân",
        "883 đơn (trong đó có 17 đơn tố cáo, 20 đơn kiến nghị)",
        "năm 2019 (617 đơn, 266 đơn)",
        "Chương trình số 38 (5 nội dung, 7 nội dung)",
        "tháng 5 (617 đơn, 266 đơn)",
        "8.328/8.574 đơn (gồm 617 khiếu nại, 266 tố cáo)",
        "100 đơn (hơn 60 khiếu nại và 30 tố cáo)",
        "100 đơn (60 khiếu nại, 30",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_articles() {
    let wanted: [(&str, &[&str]); 5] = [
        ("000_1b083d6d037ba4f1", &["13.163 13163 agrees"]),
        ("001_e6f03f477db70e45", &[]),
        ("002_33f5509a1e1d4f6c", &["97,23% 97.13 differs"]),
        ("003_a4ccf9dff600466d", &[]),
        ("004_e728a51693f13cec", &[]),
    ];
    for (name, want) in wanted {
        if let Some(article) = text(&format!("sources/{name}.txt")) {
            assert_eq!(found(&article), want, "{name}");
            assert_eq!(found(&article.nfd().collect::<String>()), want, "{name}");
        }
    }
}

#[test]
fn published_rates() {
    for row in table("published_rates.tsv") {
        let (resolved, printed, den, kind) = (&row[6], &row[7], &row[10], &row[12]);
        // One centre left people out of its denominator without printing what remained.
        if printed.is_empty() || resolved.is_empty() || resolved == "419" {
            continue;
        }
        let want = match kind.as_str() {
            "wrong" => "differs",
            "truncated-not-rounded" => "truncated",
            _ => "agrees",
        };
        let (num, den): (i64, i64) = (resolved.parse().unwrap(), den.parse().unwrap());
        for (a, b) in [
            (num.to_string(), den.to_string()),
            (vi_int(num), vi_int(den)),
        ] {
            let sentence =
                format!("Trong kỳ đã giải quyết {a}/{b} vụ việc thuộc thẩm quyền, đạt {printed}%.");
            let findings = check_text(&sentence);
            assert_eq!(findings.len(), 1, "{sentence}");
            assert_eq!(findings[0].verdict.code(), want, "{sentence}");
        }
    }
}

#[test]
fn published_partitions() {
    for row in table("published_partitions.tsv") {
        let total: i64 = row[2].parse().unwrap();
        let parts: Vec<String> = row[3]
            .split('+')
            .map(|p| format!("{} đơn", vi_int(p.parse().unwrap())))
            .collect();
        let want = if row[5] == "yes" { "agrees" } else { "differs" };
        for list in [
            format!("({})", parts.join(", ")),
            format!("(gồm {})", parts.join("; ")),
            format!("(trong đó {})", parts.join(" và ")),
            format!(", gồm {}", parts.join(", ")),
        ] {
            let sentence = format!("Toàn tỉnh có {} đơn {list}.", vi_int(total));
            let findings = check_text(&sentence);
            assert_eq!(findings.len(), 1, "{sentence}");
            assert_eq!(findings[0].verdict.code(), want, "{sentence}");
            assert_eq!(findings[0].computed, row[4], "{sentence}");
        }
    }
}

proptest! {
    #[test]
    fn anything_is_answered(s in "([0-9.,]{1,5}|/|%| |\\(|\\)|và|đơn|trong đó|gồm|đạt|gần|;|:|-|\n|a\u{301}){0,30}") {
        for f in check_text(&s) {
            prop_assert!(s.get(f.start..f.end).is_some());
        }
    }

    #[test]
    fn any_text_is_answered(s in "\\PC{0,60}") {
        let _ = check_text(&s);
    }

    #[test]
    fn a_true_rate_agrees(num in 0_i64..100_000, den in 32_i64..100_000, places in 0_u8..3) {
        let num = num.min(den * 9);
        let value = percent_dec(num, den, places, Rounding::HalfUp).unwrap();
        let sentence = format!("giải quyết {}/{} đơn, đạt {}%", vi_int(num), vi_int(den), vi_dec(value));
        let findings = check_text(&sentence);
        prop_assert_eq!(findings.len(), 1);
        prop_assert_eq!(findings[0].verdict, Verdict::Agrees);
    }
}

#[test]
fn sentences_of_reports() {
    let cases: [(&str, &[&str]); 9] = [
        (
            "Trong năm 2023 đã tiếp 391.512 lượt người, tiếp nhận 453.097 đơn các loại, đã xử lý 428.955 đơn; có 348.181 \
             đơn đủ điều kiện xử lý. Đã giải quyết 17.463/21.374 vụ việc khiếu nại thuộc thẩm quyền, đạt 81,7%.",
            &["81,7% 81.7 agrees"],
        ),
        (
            "Toàn tỉnh tiếp 1.647 lượt công dân (thường xuyên 1.147 lượt, định kỳ 500 lượt), tiếp nhận 5.591 đơn, gồm: \
             780 đơn khiếu nại, 1.742 đơn tố cáo, 183 đơn kiến nghị và 2.886 đơn phản ánh.",
            &["1.647 1647 agrees", "5.591 5591 agrees"],
        ),
        (
            "UBND cấp huyện giải quyết 85/92 vụ việc, đạt tỷ lệ 92,4% (trong đó khiếu nại 60/65 vụ, đạt 92,3%; tố cáo \
             25/27 vụ, đạt 92,5%).",
            &[
                "92,4% 92.4 agrees",
                "92,3% 92.3 agrees",
                "92,5% 92.6 truncated",
            ],
        ),
        (
            "Phải giải quyết: 221 đơn. Đã giải quyết: 176/221 đơn (tỷ lệ 79,63%), giảm 12% so với cùng kỳ.",
            &["79,63% 79.64 truncated"],
        ),
        (
            "Từ ngày 15/12/2024 đến ngày 14/3/2025, tiếp 626 lượt (cấp huyện 173 lượt, cấp xã 453 lượt).",
            &["626 626 agrees"],
        ),
        ("Phường 3, quận 5 có 12 khu phố (1, 2 và 3).", &[]),
        (
            "Hội nghị có 150 đại biểu dự, trong đó có 45 nữ và 12 người cao tuổi.",
            &[],
        ),
        (
            "Chi 163,4 tỷ đồng (gồm 100 tỷ đồng ngân sách, 63,4 tỷ đồng xã hội hóa).",
            &[],
        ),
        (
            "Theo Nghị quyết 18/NQ-TW, Quyết định 217, 218 (2013), 9/10 xã đạt 90%.",
            &["90% 90 agrees"],
        ),
    ];
    for (text, want) in cases {
        assert_eq!(found(text), want, "{text}");
    }
}
