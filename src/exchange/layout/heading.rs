//! Which field a heading names: keys, labels and the words of real register books, without regard to marks and case.
use crate::catalog::carried::{self, names_row};
use crate::catalog::{self, Field, Type};
use crate::domain::fold::fold;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::t;
use std::collections::HashMap;

const SEED: &str = include_str!("../../../db/seed/headings.tsv");

/// Where a column goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Into a field.
    Field(&'static str),
    /// A name with an address behind it, into two fields.
    Both(&'static str, &'static str),
    /// A mark in the column stands for one choice of a field.
    Choice(&'static str, &'static str),
}

/// Fields that name who brought a matter.
const PEOPLE: &[&str] = &["petitioner", "visitor", "asker"];

impl Target {
    /// Whether it names who brought a matter.
    #[must_use]
    pub fn is_person(&self) -> bool {
        PEOPLE.contains(&self.key())
    }

    /// The field that it fills first.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Field(key) | Self::Both(key, _) | Self::Choice(key, _) => key,
        }
    }

    /// Whether it fills a field.
    #[must_use]
    pub fn fills(&self, field: &str) -> bool {
        match self {
            Self::Field(key) | Self::Choice(key, _) => *key == field,
            Self::Both(first, second) => *first == field || *second == field,
        }
    }

    /// As a mapping file writes it: `subject`, `petitioner+address`, `type=complaint`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Field(key) => (*key).to_owned(),
            Self::Both(name, address) => format!("{name}+{address}"),
            Self::Choice(key, code) => format!("{key}={code}"),
        }
    }

    /// Reads [`Target::text`]; none for what no field of the kind bears.
    #[must_use]
    pub fn parse(kind: Kind, text: &str) -> Option<Self> {
        let entered = |key: &str| carried::in_file(kind, key.trim());
        if let Some((name, address)) = text.split_once('+') {
            return Some(Self::Both(entered(name)?.key, entered(address)?.key));
        }
        if let Some((key, code)) = text.split_once('=') {
            let field = entered(key)?;
            return Some(Self::Choice(field.key, field.choice(code.trim())?.code));
        }
        Some(Self::Field(entered(text)?.key))
    }

    /// What a person calls it.
    #[must_use]
    pub fn label(&self, kind: Kind, lang: crate::domain::words::Lang) -> String {
        let label = |key: &str| {
            let links = t("số trong tệp, để nối", "name in the file, for links");
            match carried::in_file(kind, key) {
                Some(f) if names_row(key) => {
                    format!("{} ({})", f.label.get(lang), links.get(lang))
                }
                Some(f) => f.label.get(lang).to_owned(),
                None => key.to_owned(),
            }
        };
        match self {
            Self::Field(key) => label(key),
            Self::Both(name, address) => format!("{}, {}", label(name), label(address)),
            Self::Choice(key, code) => {
                let choice = catalog::field(kind, key).and_then(|f| f.choice(code));
                let choice = choice.map_or(*code, |c| c.label.get(lang));
                format!("{}: {choice}", label(key))
            }
        }
    }
}

/// How sure the naming is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// It begins with a known heading.
    Like,
    /// It is a known heading.
    Exact,
    /// A person said so.
    Said,
}

/// Letters and digits, folded, with single blanks: «Họ tên, địa chỉ (ghi rõ)» is «ho ten dia chi ghi ro».
#[must_use]
pub fn plain(text: &str) -> String {
    let folded = fold(&crate::domain::text::clean(text));
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The heading without what stands in parentheses.
fn bare(text: &str) -> String {
    let mut depth = 0_usize;
    let kept = text.chars().filter(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    plain(&kept.collect::<String>())
}

/// The number in the book, by which rows of a file point to each other.
fn number(kind: Kind) -> Option<&'static Field> {
    carried::in_file(kind, "number")
}

/// The known headings of one register.
#[derive(Debug)]
pub struct Headings {
    kind: Kind,
    known: HashMap<String, Target>,
}

impl Headings {
    /// Of a kind.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        let mut known = HashMap::new();
        let fields = || {
            catalog::entity(kind)
                .fields
                .iter()
                .filter(|f| !f.computed())
        };
        // What is said first holds: a key is exact, a label is the program's own, a synonym another office's.
        for field in fields() {
            known
                .entry(plain(field.key))
                .or_insert(Target::Field(field.key));
        }
        for field in fields() {
            for text in [field.label, field.short] {
                for name in [text.vi, text.en] {
                    known.entry(plain(name)).or_insert(Target::Field(field.key));
                }
            }
        }
        known.insert("id".to_owned(), Target::Field("id"));
        for field in carried::inside(kind).iter().chain(number(kind)) {
            for name in [field.key, field.label.vi, field.label.en] {
                known.entry(plain(name)).or_insert(Target::Field(field.key));
            }
        }
        for line in SEED.lines().skip(1) {
            let mut cells = line.split('\t');
            if let (Some(of), Some(target), Some(name)) = (cells.next(), cells.next(), cells.next())
                && of == kind.code()
                && let Some(target) = Target::parse(kind, target)
            {
                known.entry(plain(name)).or_insert(target);
            }
        }
        Self { kind, known }
    }

    fn exact(&self, text: &str) -> Option<&Target> {
        self.known
            .get(&plain(text))
            .or_else(|| self.known.get(&bare(text)))
    }

    /// The longest known heading of two words or more that a heading begins with.
    fn like(&self, text: &str) -> Option<&Target> {
        let name = bare(text);
        let begins = |known: &&String| {
            known.contains(' ')
                && name
                    .strip_prefix(known.as_str())
                    .is_some_and(|rest| rest.starts_with(' '))
        };
        let longest = self
            .known
            .keys()
            .filter(begins)
            .max_by_key(|k| (k.len(), *k))?;
        self.known.get(longest)
    }

    /// A choice named by the lower of two headings, of the field that the upper one names: «Loại đơn / Tố cáo».
    fn choice(&self, upper: &str, lower: &str) -> Option<Target> {
        let Some(Target::Field(key)) = self.exact(upper).or_else(|| self.like(upper)) else {
            return None;
        };
        let field = catalog::field(self.kind, key)?;
        let name = plain(lower);
        let fits = |c: &&catalog::Choice| {
            [c.label.vi, c.label.en, c.short.vi, c.short.en, c.code]
                .iter()
                .any(|known| plain(known) == name)
        };
        let choice = match field.ty {
            Type::Enum(choices) => choices.iter().find(fits)?,
            _ => return None,
        };
        Some(Target::Choice(key, choice.code))
    }

    /// What a column's headings name, from the uppermost to the one above its cells; `grouped` when other columns stand
    /// under the same upper heading.
    #[must_use]
    pub fn find(&self, path: &[String], grouped: bool) -> Option<(Target, Found)> {
        let leaf = path.last()?;
        let upper = path.len().checked_sub(2).and_then(|at| path.get(at));
        let upper = upper.filter(|_| grouped);
        if let Some(target) = upper.and_then(|upper| self.choice(upper, leaf)) {
            return Some((target, Found::Exact));
        }
        let whole = path.join(" ");
        let exact = self.exact(&whole).or_else(|| self.exact(leaf));
        if let Some(target) = exact {
            return Some((target.clone(), Found::Exact));
        }
        self.like(leaf).map(|t| (t.clone(), Found::Like))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn found(kind: Kind, path: &[&str]) -> Option<String> {
        let path: Vec<String> = path.iter().map(|p| (*p).to_owned()).collect();
        Headings::of(kind).find(&path, true).map(|(t, _)| t.text())
    }

    #[test]
    fn headings_of_real_books_name_their_fields() {
        let p = Kind::Petition;
        for (path, want) in [
            (&["received_on"][..], "received_on"),
            (&["Ngày nhận"], "received_on"),
            (&["NGAY TIEP NHAN"], "received_on"),
            (&["Họ tên, địa chỉ"], "petitioner+address"),
            (&["Nội dung đơn (tóm tắt vụ việc)"], "subject"),
            (&["Loại đơn (KN/TC/KN, PA)"], "type"),
            (&["Phân loại đơn", "Tố cáo"], "type=denunciation"),
            (&["Phân loại đơn", "Lĩnh vực"], "field"),
            (&["Tóm tắt nội dung đơn của công dân"], "subject"),
        ] {
            assert_eq!(found(p, path).as_deref(), Some(want), "{path:?}");
        }
        assert_eq!(found(p, &["STT"]), None);
        assert_eq!(found(p, &["Số ĐT"]), None);
        assert_eq!(found(p, &["stage"]), None);
        assert_eq!(
            found(Kind::Reception, &["Số người cùng nội dung"]).as_deref(),
            Some("people")
        );
    }

    #[test]
    fn every_row_of_the_seed_names_a_field() {
        for line in SEED.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let kind = Kind::from_code(cells[0]).unwrap();
            let target = Target::parse(kind, cells[1]).expect(line);
            assert_eq!(target.text(), cells[1]);
            assert!(!plain(cells[2]).is_empty());
        }
    }

    #[test]
    fn the_books_of_the_survey_name_what_a_record_needs() {
        for row in crate::domain::testdata::table("form_columns.tsv") {
            let (file, path) = (&row[0], &row[3]);
            if !file.ends_with("Complain.xlsx") && !file.ends_with("LogBook.xlsx") {
                continue;
            }
            let path: Vec<String> = path.split(" / ").map(str::to_owned).collect();
            let leaf = path.last().unwrap().as_str();
            let needed = [
                "Nội dung KN/KK",
                "Nội dung đơn",
                "Thời gian tiếp nhận",
                "Họ tên",
                "Người nộp đơn",
            ];
            if needed.contains(&leaf) {
                assert!(
                    Headings::of(Kind::Petition).find(&path, true).is_some(),
                    "{path:?}"
                );
            }
        }
    }
}
