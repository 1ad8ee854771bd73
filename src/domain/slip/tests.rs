#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use proptest::prelude::*;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn fix(slip: Option<Slip>) -> (Doubt, String) {
    let slip = slip.expect("a slip");
    (slip.doubt, slip.fix.unwrap_or_default())
}

#[test]
fn a_day_far_off_and_the_year_that_was_meant() {
    let today = d("2026-03-12");
    let far = |text: &str, span| far_day(d(text), today, span);
    assert_eq!(
        fix(far("2062-03-02", ANY_DAY)),
        (Doubt::FarAhead(35), "02/03/2026".into())
    );
    assert_eq!(
        fix(far("1926-03-02", HAPPENED)),
        (Doubt::LongAgo(100), "02/03/2026".into())
    );
    assert_eq!(
        fix(far("2022-03-02", HAPPENED)),
        (Doubt::LongAgo(4), String::new())
    );
    assert_eq!(far("2022-03-02", ANY_DAY), None);
    assert_eq!(far("2024-03-13", HAPPENED), None);
    assert_eq!(far("2030-12-31", ANY_DAY), None);
}

#[test]
fn a_paper_of_last_year() {
    let old = |w: &str, r: &str| old_paper(d(w), d(r));
    assert_eq!(
        fix(old("2025-01-05", "2026-01-08")),
        (Doubt::OldPaper, "05/01/2026".into())
    );
    assert_eq!(
        fix(old("2023-12-30", "2026-01-08")),
        (Doubt::OldPaper, "30/12/2025".into())
    );
    assert_eq!(old("2025-01-09", "2026-01-08"), None);
    assert_eq!(old("2026-02-01", "2026-01-08"), None);
}

#[test]
fn names_with_their_capitals_wrong() {
    for (typed, doubt, meant) in [
        ("LÊ THỊ BÔNG", Doubt::Capitals, "Lê Thị Bông"),
        ("lê thị bông", Doubt::SmallName, "Lê Thị Bông"),
        ("ông lê văn bông", Doubt::SmallName, "ông Lê Văn Bông"),
        ("NGuyễn Văn Mẫu", Doubt::MixedCase, "Nguyễn Văn Mẫu"),
        ("ĐIỂU K’RÉ", Doubt::Capitals, "Điểu K’Ré"),
        ("y-blư niê", Doubt::SmallName, "Y-Blư Niê"),
    ] {
        assert_eq!(fix(name(typed)), (doubt, meant.to_owned()), "{typed}");
    }
    for fine in [
        "Lê Thị Bông",
        "UBND",
        "UBND xã Mẫu",
        "các hộ dân",
        "người dân ấp 3",
        "Điểu K’Ré",
        "H’Hen Mẫu",
        "Ia",
        "",
    ] {
        assert_eq!(name(fine), None, "{fine}");
    }
    assert!(shouted("ĐƯỜNG LIÊN ẤP HƯ HỎNG").is_some());
    assert_eq!(shouted("CCCD và GCNQSDĐ"), None);
    assert_eq!(shouted("UBND TP"), None);
}

#[test]
fn numbers_that_lost_a_zero() {
    for (typed, personal, meant) in [
        ("ấp 3, ĐT 912345678", false, "ấp 3, ĐT 0912345678"),
        ("912.345.678", true, "0912.345.678"),
        ("CCCD: 86199001234", false, "CCCD: 086199001234"),
        ("điện thoại 345678901", false, "điện thoại 0345678901"),
    ] {
        assert_eq!(
            fix(lost_zero(typed, personal)),
            (Doubt::LostZero, meant.to_owned())
        );
    }
    for (fine, personal) in [
        ("0912345678", true),
        ("331234567", true),
        ("CMND 331234567", true),
        ("bồi thường 950000000 đồng", false),
        ("số 15/2026", true),
    ] {
        assert_eq!(lost_zero(fine, personal), None, "{fine}");
    }
    for (typed, odd) in [
        ("1.35", true),
        ("12.5", true),
        ("1.350", false),
        ("1,35", false),
        ("0.5", false),
        ("163.4", true),
        ("1350", false),
        ("1.", false),
    ] {
        assert_eq!(thousands(typed).is_some(), odd, "{typed}");
    }
}

#[test]
fn letters_that_only_look_so() {
    assert_eq!(
        fix(look_alikes("Nguуễn Văn Маu")),
        (Doubt::LookAlike, "Nguyễn Văn Mau".into())
    );
    assert_eq!(
        fix(look_alikes("Ðặng Văn Ba")),
        (Doubt::LookAlike, "Đặng Văn Ba".into())
    );
    assert_eq!(
        fix(look_alikes("２０２６ a")),
        (Doubt::LookAlike, "2026 a".into())
    );
    assert_eq!(look_alikes("đơn của bà Москва"), None);
    assert_eq!(look_alikes("Đường liên ấp, 5 m²"), None);
    assert_eq!(
        fix(letter_for_digit("l5/BC-UBND")),
        (Doubt::LetterForDigit, "15/BC-UBND".into())
    );
    assert_eq!(
        fix(letter_for_digit("12/2O26/QĐ")),
        (Doubt::LetterForDigit, "12/2026/QĐ".into())
    );
    for fine in ["15/QĐ-UBND", "III/2026", "HOL 1", "BC-lO", ""] {
        assert_eq!(letter_for_digit(fine), None, "{fine}");
    }
}

#[test]
fn text_of_an_old_font() {
    for odd in [
        "NguyÔn V¨n Nam",
        "TrÇn ThÞ Hoµng",
        "Nguyeãn Vaên Nam",
        "Leâ Thò Ñaøo",
        "xaõ Long Hoà, khieáu naïi",
        "§Æng Ph¹m",
        "ñöôøng lieân aáp",
        "Nguyá»…n VÄƒn Nam",
        "đường Nguyeãn Vaên",
    ] {
        assert!(legacy_font(odd).is_some(), "{odd}");
    }
    for (odd, meant) in [
        ("NguyÔn V¨n Nam", "Nguyễn Văn Nam"),
        ("Nguyeãn Vaên Nam", "Nguyễn Văn Nam"),
        ("ñöôøng lieân aáp", "đường liên ấp"),
        ("Nguyá»…n VÄƒn Nam", "Nguyễn Văn Nam"),
    ] {
        assert_eq!(fix(legacy_font(odd)), (Doubt::LegacyFont, meant.to_owned()));
    }
    assert_eq!(
        fix(legacy_font("đường Nguyeãn Vaên, Hoà Bình")).1,
        "đường Nguyễn Văn, Hoà Bình"
    );
    for fine in [
        "Nguyễn Văn Nam",
        "«Tổ ấm» và Đường Ngoài",
        "khoản 2 Điều 15 § 3",
        "diện tích 5 m², 30 °C",
        "Khoái Châu, Hoà Bình, quà, Thuỷ",
        "NGUYỄN VĂN ÁI",
        "Đắk Pơ, Krông Pắc, Ia Grai, Pải",
        "Huế – Thuận An · 2026",
    ] {
        assert_eq!(legacy_font(fine), None, "{fine}");
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_no_mending_is_empty(text in "\\PC{0,40}|[A-Za-zđĐÀ-ỹ0-9lIO./ ]{0,40}") {
        let found = [
            name(&text), shouted(&text), lost_zero(&text, true), lost_zero(&text, false),
            thousands(&text), look_alikes(&text), letter_for_digit(&text), legacy_font(&text),
        ];
        for slip in found.into_iter().flatten() {
            prop_assert!(!slip.seen.is_empty());
            prop_assert!(slip.fix.as_ref().is_none_or(|fix| *fix != text && !fix.is_empty()));
        }
    }

    #[test]
    fn mended_text_has_that_slip_no_more(text in "[A-Za-zđĐàếộАоρС0-9lIO./ ]{1,30}") {
        if let Some(fix) = look_alikes(&text).and_then(|s| s.fix) {
            prop_assert_eq!(look_alikes(&fix), None);
        }
        if let Some(fix) = letter_for_digit(&text).and_then(|s| s.fix) {
            prop_assert_eq!(letter_for_digit(&fix), None);
        }
        if let Some(fix) = name(&text).and_then(|s| s.fix) {
            prop_assert_eq!(name(&fix), None);
        }
    }
}
