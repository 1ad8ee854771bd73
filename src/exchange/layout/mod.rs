//! What a table is: where its headings stand, which column fills which field, how its texts and days are written.
mod day;
mod feed;
mod head;
mod heading;
mod looks;
mod map;
mod sample;
mod spare;
mod survey;
mod value;

pub use day::Order;
pub use feed::Feed;
pub use heading::{Found, Target, plain};
pub use map::{Map, recall, remember};

use super::read::{Encoding, Error, Result, Source};
use crate::catalog::{self, Field, Type, carried};
use crate::domain::encoding::Verdict;
use crate::domain::petition::book::Lacking;
use crate::domain::petition::{PetitionType, WRITER_FIELDS};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Msg, Text, t};
use heading::Headings;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// What a person has said of a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes<'a> {
    /// A mapping.
    pub map: Option<&'a Map>,
    /// The sheet.
    pub sheet: Option<&'a str>,
    /// Where mappings of layouts met before are kept.
    pub state_dir: Option<&'a Path>,
    /// The encoding of its texts.
    pub encoding: Option<Encoding>,
}

/// One column of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its place, from 0.
    pub at: usize,
    /// Its heading, the upper ones before it.
    pub heading: String,
    /// Where it goes; none: it is not imported.
    pub target: Option<Target>,
    /// How sure that is.
    pub found: Option<Found>,
    /// What its texts are in.
    pub encoding: Verdict,
    /// Order of day and month in its texts.
    pub order: Order,
    /// What its heading says, where that is who brought the matter: known also when the column is not taken.
    pub writer: Option<Target>,
    /// Where it would go, were it not for a book of denunciations alone.
    pub kept_out: Option<Target>,
    /// A person has said that order.
    pub order_said: bool,
    /// How days are written in the book from which rows to mend come; it holds where these rows do not show it.
    pub order_settled: Option<Order>,
    /// The first values: as the file has them.
    pub samples: Vec<String>,
}

/// The columns that a file of rows to mend has beside those of the file that it comes from.
pub const MENDING: [Text; 2] = [
    t("Dòng trong tệp gốc", "Row in the file it comes from"),
    t("Vì sao chưa nhập được", "Why it was not taken"),
];

impl Column {
    /// Whether only a file of rows to mend has it.
    #[must_use]
    pub fn is_of_mending(&self) -> bool {
        MENDING
            .iter()
            .any(|own| own.vi == self.heading || own.en == self.heading)
    }

    /// The field that it fills.
    #[must_use]
    pub fn field(&self, kind: Kind) -> Option<&'static Field> {
        catalog::carried::in_file(kind, self.target.as_ref()?.key())
    }

    /// Whether it says how a petition went.
    #[must_use]
    pub fn tells_course(&self, kind: Kind) -> bool {
        let key = self.target.as_ref().map(Target::key);
        key.is_some_and(|key| carried::is_course(kind, key))
    }

    /// Its place as a spreadsheet names it: A, B, …, AA.
    #[must_use]
    pub fn letter(&self) -> String {
        let mut n = self.at + 1;
        let mut out = String::new();
        while n > 0 {
            n -= 1;
            let digit = u8::try_from(n % 26).unwrap_or(0);
            out.insert(0, char::from(b'A' + digit));
            n /= 26;
        }
        out
    }
}

/// A table understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The register it goes into.
    pub kind: Kind,
    /// Which sheet of the file.
    pub sheet: usize,
    /// Rows of its headings: the first and the last.
    pub head: (usize, usize),
    /// Its columns.
    pub columns: Vec<Column>,
    /// The mapping is one that was used before.
    pub recalled: bool,
    /// What the file as a whole is in.
    pub encoding: Verdict,
    /// Rows below the headings; known after [`Layout::survey`].
    pub rows: usize,
    /// A person has named the encoding: nothing is asked then.
    pub forced: bool,
    /// What becomes of a finished matter of which a row does not tell enough; none: nobody has said.
    pub lacking: Option<Lacking>,
    /// What words mean, by field: said by a person.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// Values of rows that say nothing else: said in the mapping, or by the title of the table.
    pub fixed: Vec<(&'static str, String)>,
    /// The field of which the title of this very table says the value: the next table has a title of its own.
    pub titled: Option<&'static str>,
    /// The year that its title or the name of its sheet says it is of.
    pub year: Option<i32>,
    /// An export of this program without the steps: how its petitions went does not come along.
    pub bare: bool,
    /// Names by which rows of this register point to others of it; known after [`Layout::survey`].
    pub pointed: HashSet<String>,
}

/// Rows in which headings are looked for.
const HEAD_ROWS: usize = 60;
/// Rows after which the encoding of a file is known well enough to read its headings.
const SAMPLE_ROWS: usize = 500;

impl Layout {
    /// Finds the headings of a file and the fields that they name.
    ///
    /// # Errors
    /// A file without headings that the register knows, a sheet that is not there, a mapping that does not fit.
    pub fn find(source: &Source, kind: Kind, wishes: &Wishes) -> Result<Self> {
        let headings = Headings::of(kind);
        let mut best: Option<(usize, Self)> = None;
        for (at, sheet) in source.sheets().iter().enumerate() {
            if wishes.sheet.is_some_and(|name| name != sheet.name) {
                continue;
            }
            let found = head::look(source, at, kind, &headings, wishes)?;
            if let Some((score, layout)) = found
                && best.as_ref().is_none_or(|(most, _)| score > *most)
            {
                best = Some((score, layout));
            }
        }
        let Some((_, mut layout)) = best else {
            return Err(nothing_known(source, kind, wishes));
        };
        let recalled = match (wishes.map, wishes.state_dir) {
            (None, Some(dir)) => layout.recall(dir),
            _ => None,
        };
        if let Some(map) = wishes.map.or(recalled.as_ref()) {
            layout.apply(map, recalled.is_some())?;
        }
        layout.recalled = recalled.is_some();
        layout.leave_known_course();
        layout.leave_writers();
        Ok(layout)
    }

    /// The headings in their order: what a layout is known by. A file of rows to mend is known as the one that they come
    /// from.
    #[must_use]
    pub fn headings(&self) -> Vec<String> {
        let own = self.columns.iter().filter(|c| !c.is_of_mending());
        own.map(|c| c.heading.clone()).collect()
    }

    /// The mapping that was used for these headings before.
    fn recall(&self, dir: &Path) -> Option<Map> {
        let mut headings = self.headings();
        recall(dir, self.kind, &headings).or_else(|| {
            // What the title said has a column of its own in a file to mend, and what was said of every row: the last.
            let most = if self.columns.iter().any(Column::is_of_mending) {
                3
            } else {
                0
            };
            (0..most).find_map(|_| {
                headings.pop()?;
                recall(dir, self.kind, &headings)
            })
        })
    }

    /// The heading of a column; its letter where it has none.
    #[must_use]
    pub fn name(&self, at: usize) -> String {
        self.columns
            .iter()
            .find(|c| c.at == at)
            .map_or_else(String::new, |c| {
                if c.heading.is_empty() {
                    c.letter()
                } else {
                    c.heading.clone()
                }
            })
    }

    /// Whether a column alone fills one field alone, so that the field's value is the cell's.
    #[must_use]
    pub fn stands_alone(&self, column: &Column) -> bool {
        let same = |c: &&Column| c.target == column.target;
        matches!(column.target, Some(Target::Field(_)))
            && self.columns.iter().filter(same).count() == 1
    }

    /// Sends a column elsewhere, or nowhere; another column that went there stays without a field.
    pub fn send(&mut self, at: usize, target: Option<Target>) {
        let joined = |kind, target: &Target| {
            catalog::field(kind, target.key()).is_some_and(|f| f.ty == Type::LongText)
                || matches!(target, Target::Choice(..))
                || carried::repeats(target.key())
        };
        for column in &mut self.columns {
            if column.at == at {
                column.kept_out = None;
                column.found = target.is_some().then_some(Found::Said);
                column.target = target.clone();
            } else if let (Some(own), Some(new)) = (&column.target, &target)
                && own.key() == new.key()
                && !joined(self.kind, new)
                && !matches!(own, Target::Choice(..))
            {
                column.target = None;
                column.found = None;
            }
        }
    }

    /// The mapping as it stands.
    #[must_use]
    pub fn map(&self) -> Map {
        let mut map = Map {
            values: self
                .fixed
                .iter()
                .filter(|(key, _)| Some(*key) != self.titled)
                .map(|(key, v)| ((*key).to_owned(), v.clone()))
                .collect(),
            words: self.words.clone(),
            finished: self.lacking.map(|l| l.code().to_owned()),
            ..Map::default()
        };
        for column in self.columns.iter().filter(|c| !c.is_of_mending()) {
            let name = self.name(column.at);
            let target = column.target.as_ref().or(column.kept_out.as_ref());
            let target = target.map_or_else(String::new, Target::text);
            map.columns.insert(name.clone(), target);
            let day = column.field(self.kind).is_some_and(|f| f.ty == Type::Date);
            let order = column.order.text().to_owned();
            match column.order {
                _ if column.order_said => _ = map.dates.insert(name, order),
                Order::Ask | Order::AskTurned => {}
                _ if day => _ = map.settled.insert(name, order),
                _ => {}
            }
        }
        map
    }

    fn apply(&mut self, map: &Map, recalled: bool) -> Result<()> {
        for (name, target) in &map.columns {
            let at = match self.place(name) {
                // What is remembered may be of a table that had a column more.
                Err(_) if recalled => continue,
                found => found?,
            };
            let target = Target::parse(self.kind, target);
            self.send(at, target);
        }
        for (key, value) in &map.values {
            if recalled && self.titled == Some(key.as_str()) {
                continue;
            }
            self.titled = self.titled.filter(|own| own != key);
            self.fixed.retain(|(own, _)| own != key);
            let field = catalog::field(self.kind, key);
            self.fixed.extend(field.map(|f| (f.key, value.clone())));
        }
        self.words.clone_from(&map.words);
        self.lacking = map.finished.as_deref().and_then(Lacking::from_code);
        let mends = self.columns.iter().any(Column::is_of_mending);
        let settled = map.settled.iter().filter(|_| mends).map(|of| (of, false));
        for ((name, order), said) in map.dates.iter().map(|of| (of, true)).chain(settled) {
            let at = match self.place(name) {
                Err(_) if recalled => continue,
                found => found?,
            };
            if let (Some(column), Some(order)) = (
                self.columns.iter_mut().find(|c| c.at == at),
                Order::parse(order),
            ) {
                if said {
                    column.order = order;
                    column.order_said = true;
                } else {
                    column.order_settled = Some(order);
                }
            }
        }
        Ok(())
    }

    fn place(&self, name: &str) -> Result<usize> {
        let wanted = plain(name);
        let last = |c: &Column| c.heading.rsplit(" / ").next().map(plain);
        let found = self
            .columns
            .iter()
            .find(|c| c.heading == name)
            .or_else(|| self.columns.iter().find(|c| plain(&c.heading) == wanted))
            .or_else(|| {
                self.columns
                    .iter()
                    .find(|c| last(c).as_deref() == Some(&wanted))
            })
            .or_else(|| self.columns.iter().find(|c| c.letter() == name));
        found.map(|c| c.at).ok_or_else(|| {
            Error::Ask(Msg::new(
                format!("Tệp không có cột «{name}» mà bảng ghép cột nêu."),
                format!("The file has no column \"{name}\", which the mapping names."),
            ))
        })
    }

    /// A file of this program tells nothing by its computed columns: the steps themselves say it, where it carries them.
    fn leave_known_course(&mut self) {
        let steps = |c: &Column| c.target == Some(Target::Field(carried::STEPS));
        let computed = |key: &str| {
            let label = catalog::field(self.kind, key).map_or(t("", ""), |f| f.label);
            let own = |c: &Column| c.heading == label.vi || c.heading == label.en;
            self.columns.iter().any(own)
        };
        let own = self.columns.iter().any(steps) || (computed("stage") && computed("days_left"));
        if self.kind != Kind::Petition || !own {
            return;
        }
        self.bare = !self.columns.iter().any(steps);
        let kind = self.kind;
        for column in &mut self.columns {
            let said = column.found == Some(Found::Said) || steps(column);
            if column.tells_course(kind) && !said {
                column.target = None;
                column.found = None;
            }
        }
    }

    /// A book of denunciations alone brings in nobody who wrote them (Law on Denunciations Art. 8, 56): those columns are
    /// not taken.
    fn leave_writers(&mut self) {
        let denunciation = PetitionType::Denunciation.code();
        let fixed = |(key, value): &(&str, String)| *key == "type" && value == denunciation;
        let typed = |c: &Column| c.target.as_ref().is_some_and(|t| t.fills("type"));
        let other = self.columns.iter().any(typed);
        if self.kind != Kind::Petition || other || !self.fixed.iter().any(fixed) {
            return;
        }
        for column in &mut self.columns {
            let named = |t: &Target| WRITER_FIELDS.contains(&t.key());
            if column.target.as_ref().is_some_and(named) {
                // The next book with these headings may be of other papers.
                column.kept_out = column.target.take();
                let person = column.kept_out.clone().filter(Target::is_person);
                column.writer = person.or(column.writer.take());
                column.found = None;
            }
        }
        self.show_nobody();
    }

    /// Required fields that no column fills and nothing supplies.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static Field> {
        let filled = |key: &str| {
            self.fixed.iter().any(|(own, _)| *own == key)
                || self.columns.iter().any(|c| match &c.target {
                    Some(Target::Field(k) | Target::Choice(k, _)) => *k == key,
                    Some(Target::Both(a, b)) => *a == key || *b == key,
                    None => false,
                })
        };
        catalog::entity(self.kind)
            .fields
            .iter()
            .filter(|f| f.required() && !filled(f.key))
            .collect()
    }
}

/// What is said of an export without the steps ([`Layout::bare`]).
pub const BARE: Text = t(
    "! tệp xuất này không kèm các bước: đơn vào như mới nhận; xuất .json hoặc thêm --with-steps thì đủ",
    "! this export lacks the steps: petitions come in as just received; .json or --with-steps has them",
);

fn nothing_known(source: &Source, kind: Kind, wishes: &Wishes) -> Error {
    let names: Vec<&str> = source.sheets().iter().map(|s| s.name.as_str()).collect();
    if let Some(sheet) = wishes.sheet
        && !names.contains(&sheet)
    {
        return Error::Missing(Msg::new(
            format!("Tệp không có trang «{sheet}»; có: {}", names.join(", ")),
            format!(
                "The file has no sheet \"{sheet}\"; there are: {}",
                names.join(", ")
            ),
        ));
    }
    let labels = |say: fn(&Field) -> &'static str| -> Vec<&'static str> {
        let fields = catalog::entity(kind).fields;
        fields.iter().filter(|f| f.required()).map(say).collect()
    };
    Error::Ask(Msg::new(
        format!(
            "Không thấy dòng tiêu đề: cần các cột như «{}». Đặt tên cột như trong sổ, hoặc chỉ cột bằng --map.",
            labels(|f| f.label.vi).join("», «")
        ),
        format!(
            "No row of headings was found: there must be columns like \"{}\". Name them as the register does, or map them with --map.",
            labels(|f| f.label.en).join("\", \"")
        ),
    ))
}
