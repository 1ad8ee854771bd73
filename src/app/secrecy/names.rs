//! The names that the writer of a petition bears, and texts that tell them (Luật Tố cáo 2018, Đ8, Đ56).
use super::{NAME, text};
use crate::app::Result;
use crate::domain::fold::words;
use crate::domain::record::{Kind, Record};
use crate::domain::sheet::InRow;
use crate::domain::text::clean_long;
use crate::store::Db;

/// The fields that hold the name of who brought a matter.
pub(super) const NAME_FIELDS: &[&str] = &["petitioner", "visitor", "asker"];

/// Full names that a petition's writer bears or bore, as folded words; a single word is no name, since any text may
/// contain it.
#[derive(Debug, Clone, Default)]
pub struct Names(Vec<Vec<String>>);

fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|w| w.folded).collect()
}

/// What may end a name within a text: a place, a year of birth, a number of papers. With their marks: «Tô» is a name.
const ENDS: &[&str] = &[
    "ấp",
    "xã",
    "phường",
    "huyện",
    "tỉnh",
    "thôn",
    "tổ",
    "khu",
    "khóm",
    "quận",
    "xóm",
    "làng",
    "tp",
    "tx",
    "tt",
    "sinh",
    "sn",
    "sđt",
    "đt",
    "cccd",
    "cmnd",
    "ngụ",
    "trú",
    "ở",
    "địa",
];
/// What stands before a name.
const TITLES: &[&str] = &[
    "ông", "bà", "anh", "chị", "cô", "chú", "bác", "cụ", "đ", "c", "ô", "b",
];
/// What stands for people without a name, folded; a name may follow.
const NOBODY: &[&str] = &[
    "nac danh",
    "giau ten",
    "khong ten",
    "khong ro",
    "khong ghi",
    "cong dan",
    "nguoi dan",
    "ho dan",
    "tap the",
    "dai dien",
    "mot so",
    "cac ho",
    "nhan dan",
    "ba con",
    "cu tri",
    "thay mat",
    "uy quyen",
];
/// First words of names, folded: behind the first name of a text only what begins so is another.
const SURNAMES: &[&str] = &[
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do",
    "ho", "ngo", "duong", "ly", "dinh", "doan", "lam", "trinh", "mai", "dao", "cao", "luong", "ta",
    "ha", "chau", "to", "tang", "truong", "vuong", "quach", "thach", "kim", "son", "danh", "diep",
    "tu", "luu", "mac", "nong", "lo", "giang", "thao", "quang", "cam", "trieu", "chu", "phung",
    "hua", "tong", "thai", "van", "dam", "la", "luc", "vi", "hau", "kieu", "ong", "nghiem", "leng",
];

/// The names that a text gives: the first, and those of others beside it.
fn names_in(text: &str) -> Vec<Vec<String>> {
    let between = |c: char| !(c.is_alphabetic() || c.is_whitespace() || c == '\'');
    let lower = clean_long(text).to_lowercase().replace("đ/c", " ");
    let lower = lower.replace(" và ", ";").replace(" va ", ";");
    let parts = lower.split(between).map(str::trim);
    let mut names = Vec::new();
    for (at, part) in parts.filter(|part| !part.is_empty()).enumerate() {
        let all: Vec<&str> = part.split_whitespace().collect();
        names_of_part(&all, at == 0, &mut names);
    }
    names
}

/// The names that words without anything between them give; the `first` of a text need not begin like one.
fn names_of_part(all: &[&str], first: bool, names: &mut Vec<Vec<String>>) {
    let words: Vec<String> = all.iter().map(|w| folded(w).concat()).collect();
    let pair = |at: usize| words.get(at..at + 2).map(|pair| pair.join(" "));
    let nobody = (0..all.len())
        .rev()
        .find(|at| pair(*at).is_some_and(|p| NOBODY.contains(&p.as_str())));
    let mut from = nobody.map_or(0, |at| at + 2);
    while all.len() > from + 2 && titled(all, &words, from) {
        from += 1;
    }
    let surname = words
        .get(from)
        .is_some_and(|w| SURNAMES.contains(&w.as_str()));
    let enough = match (nobody, first) {
        // «ấp Phú Đức» names nobody.
        (Some(_), _) => {
            if surname {
                2
            } else {
                usize::MAX
            }
        }
        (None, true) => 2,
        (None, false) => {
            if surname {
                3
            } else {
                usize::MAX
            }
        }
    };
    let mut keep = |until: usize, least: usize| {
        let name = words.get(from..until).unwrap_or_default();
        if name.len() >= least {
            names.push(name.to_vec());
        }
    };
    let end = (from + 2..all.len()).find(|at| all.get(*at).is_some_and(|w| ENDS.contains(w)));
    match end {
        // «Sinh», «Tỉnh», «Trú» are names too.
        Some(end) if end + 1 == all.len() => {
            keep(all.len(), enough);
            keep(end, enough.max(3));
        }
        Some(end) => keep(end, enough),
        None => keep(all.len(), enough),
    }
}

/// Whether a title stands there; one written without marks, only before a surname.
fn titled(all: &[&str], words: &[String], at: usize) -> bool {
    let bare = |title: &&&str| words.get(at) == Some(&folded(title).concat());
    let next = words
        .get(at + 1)
        .is_some_and(|w| SURNAMES.contains(&w.as_str()));
    let marked = all.get(at).is_some_and(|w| TITLES.contains(w));
    marked || (next && TITLES.iter().find(bare).is_some())
}

impl Names {
    /// The name on the record and those that its history tells of.
    pub(super) fn of(db: Db, record: &dyn Record) -> Result<Self> {
        let mut names = Self::on(record).0;
        for row in db.history(Kind::Petition, record.head().id)? {
            if row.change.field.as_deref() == Some(NAME) {
                let said = [row.change.before, row.change.after];
                names.extend(said.iter().flatten().flat_map(|s| names_in(s)));
            }
        }
        names.retain(|name| name.len() > 1);
        names.sort_unstable();
        names.dedup();
        Ok(Self(names))
    }

    /// The name on the record alone; a single word is none, for it stands in any text.
    pub(super) fn on(record: &dyn Record) -> Self {
        let name = text(record, NAME);
        Self(name.iter().flat_map(|s| names_in(s)).collect())
    }

    /// The names that a row of a file gives to the person who brought its matter, also where they are not taken.
    #[must_use]
    pub fn told(row: &InRow) -> Self {
        let own = row.given.iter().filter(|g| NAME_FIELDS.contains(&g.key));
        let own = own.map(|g| g.cell.shown());
        Self::written(own.chain(row.untold.iter().cloned()))
    }

    /// Adds names that were met before, and forgets the oldest of too many.
    pub(in crate::app) fn keep(&mut self, more: Self) {
        const KEPT: usize = 64;
        self.0.extend(more.0);
        self.0.dedup();
        let old = self.0.len().saturating_sub(KEPT);
        self.0.drain(..old);
    }

    /// The names that texts of such fields give.
    #[must_use]
    pub fn written(texts: impl IntoIterator<Item = String>) -> Self {
        Self(texts.into_iter().flat_map(|s| names_in(&s)).collect())
    }

    /// Whether a text names the writer: all words of a name close together, in any order, marks or not.
    #[must_use]
    pub fn in_text(&self, text: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let text = folded(text);
        self.0.iter().any(|name| {
            // «Mẫu, Nguyễn Thị», «bà Mẫu (họ Nguyễn Thị)»; two words alone stand together too often by chance.
            let room = name.len() + if name.len() > 2 { 2 } else { 0 };
            text.windows(room.min(text.len()).max(1))
                .any(|near| holds_all(near, name))
        })
    }

    pub(super) fn in_any<'a>(&self, texts: impl IntoIterator<Item = &'a String>) -> bool {
        texts.into_iter().any(|s| self.in_text(s))
    }
}

/// Whether every word of a name stands in a piece of text, a repeated one as often.
fn holds_all(near: &[String], name: &[String]) -> bool {
    let times = |list: &[String], word: &String| list.iter().filter(|w| *w == word).count();
    name.iter()
        .all(|word| times(near, word) >= times(name, word))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn names_are_found_as_people_write_them_and_places_are_none() {
        let names = |text: &str| Names::written([text.to_owned()]);
        let said = "Đơn của Nguyễn Văn Mẫu tố cáo xã";
        for text in [
            "Ông Nguyễn Văn Mẫu",
            "Nguyễn Văn Mẫu - ấp 3",
            "Nguyễn Văn Mẫu sinh năm 1960",
            "Nguyễn Văn Mẫu ĐT 0900",
            "Lê Thị Kín, Nguyễn Văn Mẫu",
            "Lê Thị Kín và bà Nguyễn Văn Mẫu",
            "ong Nguyen Van Mau",
            "Le Thi Kin va ba Nguyen Van Mau",
            "Đại diện 12 hộ dân: Nguyễn Văn Mẫu",
            "Công dân Nguyễn Văn Mẫu",
            "đ/c Nguyễn Văn Mẫu",
            "O\u{302}ng Nguyê\u{303}n Văn Mẫu",
        ] {
            assert!(names(text).in_text(said), "{text}");
        }
        for text in [
            "Nặc danh",
            "Đại diện 12 hộ dân",
            "Trần Văn Bình, Phú Đức, Long Hồ",
            "Bình",
        ] {
            for other in [
                "Đơn nặc danh tố cáo",
                "các hộ dân ở Long Hồ",
                "đường Phú Đức",
            ] {
                assert!(!names(text).in_text(other), "{text}: {other}");
            }
        }
        // «Sinh» is a name, and the beginning of a year of birth
        assert!(names("Trần Văn Sinh").in_text("Trần Văn Sinh kể"));
        assert!(!names("Trần Văn Sinh").in_text("ông Trần Văn Ba"));
        for text in ["Công dân, Long Hồ", "Người dân ấp Phú Đức", "1. Nặc danh"] {
            assert!(!names(text).in_text("ở ấp Phú Đức, Long Hồ"), "{text}");
        }
        assert!(names("Trần Văn Bình, Phú Đức").in_text("ông Bình (Trần Văn)"));
    }
}
