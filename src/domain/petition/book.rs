//! What old register books say of how a petition went, in their own words.
use super::{Outcome, PetitionType};
use crate::codes;
use crate::domain::fold::fold;
use crate::domain::text::clean;
use chrono::NaiveDate;

codes!(
    /// What a cell says of a matter, the weakest first: of several cells the strongest holds.
    Said {
        Open = "open",
        Accepted = "accepted",
        Forwarded = "forwarded",
        Resolved = "resolved",
        Answered = "answered",
        Replied = "replied",
        Filed = "filed",
        Guided = "guided",
        Returned = "returned",
        Refused = "refused",
        Terminated = "terminated",
        Withdrawn = "withdrawn",
        Justified = "justified",
        PartlyJustified = "partly_justified",
        Unjustified = "unjustified",
        Upheld = "upheld",
        Changed = "changed",
    }
);

codes!(
    /// What becomes of a matter that a book calls finished, but of which it does not tell enough for a step: no day, no
    /// outcome, no addressee. No such step is ever made up.
    Lacking {
        Open = "open",
        File = "file",
        Error = "error",
    }
);

/// Phrases in the order in which they are looked for: what denies comes before what it denies.
const PHRASES: &[(Said, &[&str])] = &[
    (
        Said::Open,
        &[
            "chua giai quyet",
            "chua xu ly",
            "chua tra loi",
            "chua co",
            "chua thu ly",
            "chua xem xet",
            "dang giai quyet",
            "dang xu ly",
            "dang xem xet",
            "dang xac minh",
            "dang tham tra",
            "dang kiem tra",
            "dang thu ly",
            "dang cho",
            "tam dinh chi",
            "cho xu ly",
            "cho giai quyet",
            "cho ket qua",
            "cho phuc dap",
            "cho tra loi",
            "moi tiep nhan",
            "con ton",
            "ton dong",
        ],
    ),
    (Said::Refused, &["khong thu ly", "tu choi thu ly"]),
    (
        Said::Withdrawn,
        &[
            "rut don",
            "rut khieu nai",
            "rut to cao",
            "rut toan bo",
            "da rut",
        ],
    ),
    (
        Said::Terminated,
        &[
            "dinh chi giai quyet",
            "dinh chi viec giai quyet",
            "dinh chi thu ly",
            "dinh chi khieu nai",
            "dinh chi to cao",
            "dinh chi vu viec",
            "dinh chi xem xet",
            "dinh chi don",
        ],
    ),
    (Said::Returned, &["tra don", "tra lai don"]),
    (
        Said::Guided,
        &[
            "da huong dan",
            "huong dan cong dan",
            "huong dan nguoi",
            "huong dan ong",
            "huong dan ba",
            "huong dan gui",
            "huong dan lien he",
            "huong dan khoi kien",
            "huong dan khieu nai",
            "huong dan to cao",
            "huong dan den",
            "van ban huong dan",
            "phieu huong dan",
        ],
    ),
    (
        Said::PartlyJustified,
        &[
            "dung mot phan",
            "co co so mot phan",
            "mot phan co co so",
            "dung sai",
            "co dung co sai",
            "chap nhan mot phan",
        ],
    ),
    (
        Said::Unjustified,
        &[
            "khong co co so",
            "khieu nai khong dung",
            "to cao khong dung",
            "phan anh khong dung",
            "khieu nai sai",
            "to cao sai",
            "phan anh sai",
            "bac don",
            "bac khieu nai",
            "khong chap nhan",
            "khong cong nhan",
        ],
    ),
    (
        Said::Upheld,
        &["giu nguyen", "cong nhan quyet dinh", "cong nhan qd"],
    ),
    (
        Said::Changed,
        &[
            "huy quyet dinh",
            "sua quyet dinh",
            "huy qd",
            "sua qd",
            "huy sua",
            "sua doi quyet dinh",
        ],
    ),
    (
        Said::Justified,
        &[
            "co co so",
            "khieu nai dung",
            "to cao dung",
            "phan anh dung",
            "dung toan bo",
            "chap nhan khieu nai",
        ],
    ),
    (Said::Replied, &["phuc dap"]),
    (Said::Filed, &["luu don", "xep luu", "don luu"]),
    (Said::Answered, &["tra loi"]),
    (
        Said::Resolved,
        &[
            "da giai quyet",
            "giai quyet xong",
            "da xong",
            "da xu ly",
            "xu ly xong",
            "hoan thanh",
            "da ket luan",
            "da co ket qua",
            "da co quyet dinh",
            "da ban hanh",
            "ket thuc",
        ],
    ),
    (Said::Forwarded, FORWARDS),
    (Said::Accepted, &["thu ly"]),
];

const FORWARDS: &[&str] = &[
    "chuyen don",
    "da chuyen",
    "chuyen den",
    "chuyen cho",
    "chuyen sang",
    "chuyen toi",
];

/// Words that say so only where they are all that stands there.
const ALONE: &[(Said, &[&str])] = &[
    (Said::Justified, &["dung"]),
    (Said::Unjustified, &["sai", "khong dung"]),
    (Said::PartlyJustified, &["mot phan"]),
    (Said::Resolved, &["xong", "x", "roi", "gq", "da gq"]),
    (Said::Filed, &["luu"]),
    (Said::Forwarded, &["chuyen"]),
    (Said::Withdrawn, &["rut"]),
    (Said::Terminated, &["dinh chi", "da dinh chi"]),
    (Said::Returned, &["tra lai", "da tra lai"]),
    (Said::Guided, &["huong dan"]),
    (Said::Open, &["ton", "moi", "dang", "chua", "khong", "0"]),
];

/// What follows these is wished or ordered, not done.
const WISHES: &[&str] = &[
    " de nghi ",
    " yeu cau ",
    " kien nghi ",
    " de xuat ",
    " giao cho ",
];

/// Short words of registers, and what they stand for. A recommendation is no wish here: it is what the paper was.
const SHORT: &[(&str, &str)] = &[
    (" kien nghi phan anh ", " phan anh "),
    (" kn pa ", " phan anh "),
    (" knpa ", " phan anh "),
    (" pakn ", " phan anh "),
    (" pa ", " phan anh "),
    (" kn ", " khieu nai "),
    (" tc ", " to cao "),
    (" 1 phan ", " mot phan "),
];

/// «Giải quyết đúng hạn», «sử dụng sai mục đích»: what is right or wrong there is not the petition.
const ASIDE: &[&str] = &[
    " dung han ",
    " dung thoi han ",
    " dung thoi gian ",
    " dung quy dinh ",
    " dung tham quyen ",
    " dung trinh tu ",
    " su dung ",
];

/// A day beside these is one until which something is to be done.
const UNTIL: &[&str] = &["truoc ngay", "han", "hen", "cham nhat", "den het"];

/// Folded words with single blanks between them and around.
fn words(text: &str) -> String {
    let folded = fold(text);
    let kept = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut out = String::from(" ");
    for word in kept {
        out.push_str(word);
        out.push(' ');
    }
    out
}

/// [`words`] with short ones written out, and without what may be taken for an outcome and is none.
fn spelled(text: &str) -> String {
    let mut text = words(text);
    for (short, whole) in SHORT {
        text = text.replace(short, whole);
    }
    for aside in ASIDE {
        // What stood before and after does not become one phrase.
        text = text.replace(aside, " , ");
    }
    text
}

fn holds(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        text.match_indices(phrase).any(|(at, _)| {
            let end = at + phrase.len();
            // «Không rút đơn»: what is denied is not said.
            let before = |t: &str| t.ends_with(' ') && !t.ends_with(" khong ");
            text.get(..at).is_some_and(before)
                && text.get(end..).is_some_and(|t| t.starts_with(' '))
        })
    })
}

impl Said {
    /// What a text says; none when that is not clear.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        use crate::domain::value::Code;
        if let Some(said) = Self::from_code(text.trim()) {
            return Some(said);
        }
        // Without its marks «chưa» is also the second half of «sửa chữa».
        if text
            .to_lowercase()
            .split_whitespace()
            .any(|word| word == "chưa")
        {
            return Some(Self::Open);
        }
        let text = spelled(text);
        let wished = WISHES.iter().filter_map(|wish| text.find(wish)).min();
        let text = text
            .get(..wished.map_or(text.len(), |at| at + 1))
            .unwrap_or_default();
        let alone = ALONE.iter().find(|(_, known)| known.contains(&text.trim()));
        let found = alone.or_else(|| PHRASES.iter().find(|(_, phrases)| holds(text, phrases)));
        found.map(|(said, _)| *said).or_else(|| {
            // «Chuyển UBND xã Long Hồ», «Hướng dẫn sang Tòa án»; «Hướng dẫn số 5» is a paper.
            let guides = text.starts_with(" huong dan ") && !text.starts_with(" huong dan so ");
            let forwards = text.starts_with(" chuyen ").then_some(Self::Forwarded);
            forwards.or(guides.then_some(Self::Guided))
        })
    }

    /// Whether the matter is over, as far as these words go.
    #[must_use]
    pub fn is_end(self) -> bool {
        !matches!(self, Self::Open | Self::Accepted | Self::Forwarded)
    }

    /// The outcome of a resolution that these words mean for a petition; none when it is none, or they do not say.
    #[must_use]
    pub fn outcome(self, petition_type: Option<PetitionType>, instance: i64) -> Option<Outcome> {
        let outcome = match self {
            Self::Justified => Outcome::Justified,
            Self::PartlyJustified => Outcome::PartlyJustified,
            Self::Unjustified => Outcome::Unjustified,
            Self::Upheld => Outcome::Upheld,
            Self::Changed => Outcome::Changed,
            Self::Resolved | Self::Answered => Outcome::Answered,
            _ => return None,
        };
        match super::outcomes(petition_type, instance) {
            // What is only ever answered was answered, whatever was found.
            [only] => Some(*only),
            can => can.contains(&outcome).then_some(outcome),
        }
    }
}

/// Whether what stands in a column of types calls a paper a denunciation, also in words that are no value of the field.
#[must_use]
pub fn calls_denunciation(text: &str) -> bool {
    let text = fold(text);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let short = words.contains(&"tc") || words == ["t", "c"];
    short || text.contains("to cao") || text.contains("denunciation")
}

/// What the note of a step says whose day is none that was told: it took no number of days.
pub const YEARS_END: &str = "Ngày ghi ở đây là cuối năm nhận đơn.";

/// Stands for a text where the text itself must not be kept: results may name people. Marks and signs count: «sửa chữa»
/// is not «sửa, chưa».
#[must_use]
pub fn shadow(text: &str) -> String {
    // FNV-1a: it must stay the same from one version of the program to the next.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in clean(text).to_lowercase().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    format!("#{hash:016x}")
}

/// The [`shadow`] of a word, unless it is one.
#[must_use]
pub fn known_again(word: &str) -> String {
    match word.starts_with('#') {
        true => word.to_owned(),
        false => shadow(word),
    }
}

/// To whom a text says that a paper was forwarded: «Chuyển đơn đến UBND xã Long Hồ» is «UBND xã Long Hồ».
#[must_use]
pub fn addressee(text: &str) -> Option<&str> {
    const BEFORE: [&str; 8] = ["đã", "chuyển", "đơn", "đến", "cho", "sang", "tới", "về"];
    let mut rest = text.trim();
    let mut moved = false;
    while let Some((word, after)) = rest.split_once(char::is_whitespace) {
        let folded = fold(word);
        if !BEFORE.iter().any(|known| fold(known) == folded) {
            break;
        }
        moved |= folded == "chuyen";
        rest = after.trim_start();
    }
    let end = rest.find([',', ';', '(', '\n']).unwrap_or(rest.len());
    let name = rest.get(..end).unwrap_or(rest).trim_end_matches(['.', ' ']);
    (moved && !name.is_empty()).then_some(name)
}

/// What a text names by day, month and year, in this order: a day, or none where there never was such a one.
fn named(text: &str) -> impl Iterator<Item = Option<NaiveDate>> {
    let pieces = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '/' | '-' | '.')));
    pieces.filter_map(|piece| {
        let numbers: Option<Vec<u32>> = piece
            .trim_matches(['.', '-', '/'])
            .split(['/', '-', '.'])
            .map(|n| n.parse().ok())
            .collect();
        let [day, month, year] = *numbers.as_deref()? else {
            return None;
        };
        let year = i32::try_from(year)
            .ok()
            .filter(|y| (1900..2200).contains(y))?;
        Some(NaiveDate::from_ymd_opt(year, month, day))
    })
}

/// The one day on which a text says that something was done; none when it names a day until which it is to be done.
#[must_use]
pub fn done_in(text: &str) -> Option<NaiveDate> {
    let folded = words(text);
    let until = UNTIL
        .iter()
        .any(|word| folded.contains(&format!(" {word} ")));
    day_in(text).filter(|_| !until)
}

/// Whether a cell holds nothing but a sign that stands for no answer.
#[must_use]
pub fn is_dash(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| matches!(c, '-' | '–' | '—' | '.' | '/'))
}

/// Whether a cell is a mark under a heading, and says no more than that: x, v, +.
#[must_use]
pub fn is_mark(text: &str) -> bool {
    matches!(text, "x" | "X" | "v" | "V" | "+" | "✓" | "✔" | "√")
}

/// The one day that a text names: «15/QĐ-UBND ngày 12/5/2019»; none when it names none or several.
#[must_use]
pub fn day_in(text: &str) -> Option<NaiveDate> {
    let mut days = named(text).flatten();
    let first = days.next()?;
    days.all(|other| other == first).then_some(first)
}

/// Whether a text names a day that never was, as 31/02/2019.
#[must_use]
pub fn names_no_day(text: &str) -> bool {
    named(text).any(|day| day.is_none())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_day_that_never_was_is_no_missing_one() {
        for text in ["31/02/2019", "QĐ ngày 40-01-2019", "03/25/2019"] {
            assert!(names_no_day(text), "{text}");
            assert_eq!(day_in(text), None);
        }
        for text in [
            "28/02/2019",
            "tháng 5",
            "1/2019",
            "15/QĐ-UBND",
            "",
            "12.5.19",
        ] {
            assert!(!names_no_day(text), "{text}");
        }
        assert_eq!(
            day_in("1/5/2019, 01.05.2019"),
            NaiveDate::from_ymd_opt(2019, 5, 1)
        );
        assert_eq!(day_in("1/5/2019 và 2/5/2019"), None);
    }

    #[test]
    fn words_of_old_books_are_understood_or_left_alone() {
        for (text, want) in [
            ("Đã giải quyết xong", Some(Said::Resolved)),
            ("da giai quyet", Some(Said::Resolved)),
            ("X", Some(Said::Resolved)),
            ("Đang giải quyết", Some(Said::Open)),
            ("Chưa giải quyết xong", Some(Said::Open)),
            ("Tạm đình chỉ giải quyết", Some(Said::Open)),
            ("Đình chỉ giải quyết", Some(Said::Terminated)),
            (
                "QĐ số 15: khiếu nại đúng một phần",
                Some(Said::PartlyJustified),
            ),
            ("Khiếu nại không đúng", Some(Said::Unjustified)),
            ("KN đúng 1 phần", Some(Said::PartlyJustified)),
            ("KN có cơ sở 1 phần", Some(Said::PartlyJustified)),
            ("KN đúng", Some(Said::Justified)),
            ("TC đúng.", Some(Said::Justified)),
            ("KN sai", Some(Said::Unjustified)),
            ("TC: sai", Some(Said::Unjustified)),
            ("KN không đúng", Some(Said::Unjustified)),
            ("KNPA đúng", Some(Said::Justified)),
            ("KN, PA sai", Some(Said::Unjustified)),
            (
                "Kiến nghị, phản ánh đúng một phần",
                Some(Said::PartlyJustified),
            ),
            ("1 phần", Some(Said::PartlyJustified)),
            ("1/2", None),
            ("Rút KN", Some(Said::Withdrawn)),
            ("Đình chỉ KN", Some(Said::Terminated)),
            ("Chuyển Sở TC", Some(Said::Forwarded)),
            ("KN đúng thẩm quyền", None),
            ("Đã giải quyết KN đúng hạn", Some(Said::Resolved)),
            ("Sử dụng sai mục đích", None),
            ("Đúng", Some(Said::Justified)),
            ("Sử dụng đất", None),
            ("Chuyển cơ quan Đảng", Some(Said::Forwarded)),
            ("Đã sửa chữa xong", None),
            ("Phát hiện sai phạm", None),
            ("Công nhận QĐ giải quyết lần đầu", Some(Said::Upheld)),
            ("Công dân rút đơn", Some(Said::Withdrawn)),
            ("Không thụ lý", Some(Said::Refused)),
            ("Thụ lý số 12", Some(Said::Accepted)),
            ("Đã chuyển UBND xã Long Hồ", Some(Said::Forwarded)),
            ("Chuyển Thanh tra tỉnh", Some(Said::Forwarded)),
            ("Đã có văn bản phúc đáp", Some(Said::Replied)),
            ("Đã trả lời", Some(Said::Answered)),
            ("Trả lại đơn", Some(Said::Returned)),
            ("Lưu", Some(Said::Filed)),
            ("guided", Some(Said::Guided)),
            ("1/2019", None),
            ("", None),
            // What is not done, only wished, or about something else.
            ("Đã đình chỉ thi công công trình", None),
            ("Đã trả lại tiền cho dân", None),
            ("Công dân không rút đơn", None),
            ("Không lưu đơn", None),
            ("Không đình chỉ giải quyết", None),
            (
                "Đã giải quyết theo Hướng dẫn số 5/HD-UBND",
                Some(Said::Resolved),
            ),
            (
                "Chuyển UBND xã Long Hồ, đề nghị trả lời dân",
                Some(Said::Forwarded),
            ),
            (
                "Khiếu nại có cơ sở, dân đề nghị đình chỉ giải quyết",
                Some(Said::Justified),
            ),
            ("Không", Some(Said::Open)),
        ] {
            assert_eq!(Said::read(text), want, "{text}");
        }
    }

    #[test]
    fn a_day_until_which_something_is_to_be_done_is_none_on_which_it_was() {
        assert_eq!(done_in("trả lời trước ngày 15/3/2023"), None);
        assert_eq!(done_in("hẹn 15/4/2023"), None);
        assert_eq!(
            done_in("trả lời ngày 15/3/2023"),
            NaiveDate::from_ymd_opt(2023, 3, 15)
        );
    }

    #[test]
    fn a_shadow_tells_signs_and_marks_apart() {
        assert_eq!(shadow("Đã  Xong"), shadow("đã xong"));
        assert_ne!(shadow("???"), shadow("--"));
        assert_ne!(shadow("Sửa chữa"), shadow("Sửa, chưa"));
    }

    #[test]
    fn the_outcome_is_one_that_the_type_can_have() {
        use PetitionType::{Complaint, Feedback};
        let of = |said: Said, kind, instance| said.outcome(Some(kind), instance);
        assert_eq!(of(Said::Resolved, Feedback, 1), Some(Outcome::Answered));
        assert_eq!(of(Said::Justified, Feedback, 1), Some(Outcome::Answered));
        assert_eq!(of(Said::Resolved, Complaint, 1), None);
        assert_eq!(of(Said::Justified, Complaint, 1), Some(Outcome::Justified));
        assert_eq!(of(Said::Upheld, Complaint, 1), None);
        assert_eq!(of(Said::Upheld, Complaint, 2), Some(Outcome::Upheld));
        assert_eq!(of(Said::Withdrawn, Feedback, 1), None);
    }

    #[test]
    fn addressees_and_days_are_read_out_of_a_text() {
        assert_eq!(
            addressee("Đã chuyển đơn đến UBND xã Long Hồ, CV 12"),
            Some("UBND xã Long Hồ")
        );
        assert_eq!(addressee("Chuyển Thanh tra tỉnh."), Some("Thanh tra tỉnh"));
        assert_eq!(addressee("Đã chuyển"), None);
        assert_eq!(addressee("Đơn của ông Tí"), None);
        let on = NaiveDate::from_ymd_opt(2019, 5, 12);
        assert_eq!(day_in("15/QĐ-UBND ngày 12/5/2019"), on);
        assert_eq!(day_in("QĐ 15 (12.05.2019), CV ngày 12-5-2019"), on);
        assert_eq!(day_in("từ 12/5/2019 đến 14/5/2019"), None);
        assert_eq!(day_in("15/2019"), None);
    }
}
