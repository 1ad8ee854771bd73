//! The rows of a table as a register takes them: fields and values in Unicode, with what must be asked or told.
use super::heading::{Target, plain};
use super::spare::Spare;
use super::survey::Survey;
use super::value::{Taken, is_mark, is_no_day, split};
use super::{Column, Layout};
use crate::catalog::{self, Field, Type};
use crate::domain::encoding::{Verdict, decode};
use crate::domain::sheet::{Cell, Fed, Given, InRow, Placed, Row};
use crate::domain::text::clean;
use crate::domain::words::{Msg, t};
use crate::exchange::read::{Result, Rows, Source};
use std::collections::HashSet;

/// The rows of a table, one after the other.
pub struct Feed<'a> {
    layout: &'a Layout,
    rows: Box<dyn Rows + 'a>,
    /// Columns that a record cannot be without.
    core: Vec<usize>,
    /// Headings in letters and digits, by column.
    headings: Vec<(usize, Vec<String>)>,
    numbered: bool,
    /// The row before, for its memory.
    row: Row,
    /// What each column fills.
    goals: Vec<Option<Goal>>,
    /// A heading begins with a digit.
    digits: bool,
    spare: Spare,
    /// What the rows so far show, where the layout was made of the first ones.
    survey: Option<Survey>,
}

/// What a column fills, looked up once for all rows.
#[derive(Debug, Clone, Copy)]
struct Goal {
    field: &'static Field,
    /// The day of a step of a petition.
    step_day: bool,
    /// It stands in a long text with others, under its heading.
    joined: bool,
}

impl Layout {
    /// The rows below the headings.
    ///
    /// # Errors
    /// A file that has gone meanwhile.
    pub fn feed<'a>(&'a self, source: &'a Source) -> Result<Feed<'a>> {
        let kind = self.kind;
        let date = catalog::entity(kind).date_field;
        let core = self
            .columns
            .iter()
            .filter(|c| c.field(kind).is_some_and(|f| f.required() || f.key == date));
        let heading = |c: &Column| (c.at, c.heading.rsplit(" / ").map(plain).collect());
        let headings: Vec<(usize, Vec<String>)> = self.columns.iter().map(heading).collect();
        Ok(Feed {
            layout: self,
            rows: source.rows(self.sheet)?,
            core: core.map(|c| c.at).collect(),
            digits: headings
                .iter()
                .flat_map(|(_, parts)| parts)
                .any(|p| begins_with_digit(p)),
            headings,
            numbered: false,
            row: Row::default(),
            goals: self.goals(),
            spare: Spare::default(),
            survey: None,
        })
    }
}

impl Feed<'_> {
    /// Looks the table over while its rows are read, of which the layout knows the first ones alone
    /// ([`Layout::survey_beginning`]).
    #[must_use]
    pub fn surveying(mut self) -> Self {
        self.survey = Some(Survey::of(self.layout));
        self
    }

    /// Whether rows so far point to others of the register.
    #[must_use]
    pub fn points(&self) -> bool {
        self.survey.as_ref().is_some_and(Survey::points)
    }

    /// How many rows there were so far, and whether all of them are as the layout says; none where it was not looked over.
    #[must_use]
    pub fn surveyed(&self, source: &Source) -> Option<(usize, bool)> {
        let survey = self.survey.as_ref()?;
        let alike = survey.agrees(self.layout, source.is_latin());
        Some((survey.rows(), alike))
    }

    /// The next row.
    ///
    /// # Errors
    /// A file that cannot be read on.
    pub fn next_fed(&mut self) -> Result<Option<Fed>> {
        let mut row = std::mem::take(&mut self.row);
        let fed = self.next_of(&mut row);
        self.row = row;
        fed
    }

    fn next_of(&mut self, row: &mut Row) -> Result<Option<Fed>> {
        while self.rows.next_into(row)? {
            if let Some(survey) = &mut self.survey {
                survey.add(row);
            }
            if row.row <= self.layout.head.1 {
                continue;
            }
            if !self.numbered {
                self.numbered = true;
                if counts_columns(row) {
                    continue;
                }
            }
            if let Some(why) = self.no_record(row) {
                // Who stands in a row of this table may have brought a denunciation.
                let told = |c: &&Placed| {
                    let column = self.layout.columns.iter().find(|own| own.at == c.column);
                    column.is_none_or(|own| own.writer.is_none())
                };
                let text = row
                    .cells
                    .iter()
                    .filter(told)
                    .map(|c| self.layout.words(c))
                    .collect::<Vec<_>>()
                    .join(" ");
                return Ok(Some(Fed::Passed(row.row, text, why)));
            }
            let taken = self.layout.take_out_of(row, &self.goals, &mut self.spare);
            return Ok(Some(Fed::Row(taken)));
        }
        Ok(None)
    }

    /// Takes the memory of a row that is not needed any more.
    pub fn take_back(&mut self, row: InRow) {
        self.spare.take_back(row);
    }

    /// Part of 1000 that was read.
    #[must_use]
    pub fn done(&self) -> u32 {
        self.rows.done()
    }

    /// Names by which rows point to other rows of the register.
    #[must_use]
    pub fn pointed(&self) -> &HashSet<String> {
        &self.layout.pointed
    }

    /// Why a row is no record: a total, the title of a group, a signature, the headings once more.
    fn no_record(&self, row: &Row) -> Option<Msg> {
        let core = || self.core.iter().filter(|at| row.cell(**at).is_some());
        let first = row.cells.iter().find(|c| matches!(c.cell, Cell::Text(_)));
        // Nearly every row begins with a number or a day: no total does, and no heading unless one of these does.
        let numbered = !self.digits && first.is_some_and(|c| self.layout.is_numbered(c));
        let text = first.filter(|_| !numbered);
        let text = text.map(|c| plain(&self.layout.words(c)));
        let says = |word: &&str| {
            let rest = text.as_deref().and_then(|text| text.strip_prefix(*word));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let total = TOTALS.iter().any(says);
        let number = |c: &Placed| {
            let text = c.cell.shown();
            let digits = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ' | b'%');
            text.bytes().all(digits)
        };
        let mut others = row
            .cells
            .iter()
            .filter(|c| first.is_none_or(|first| first.column != c.column));
        if total && (core().count() * 2 <= self.core.len() || others.all(number)) {
            return Some(t("dòng tổng, không phải bản ghi", "a total, not a record").into());
        }
        let repeats = !numbered
            && row.cells.len() > 1
            && row.cells.iter().all(|cell| {
                let heading = self.headings.iter().find(|(at, _)| *at == cell.column);
                heading.is_some_and(|(_, parts)| match (first, &text) {
                    (Some(first), Some(text)) if first.column == cell.column => {
                        parts.contains(text)
                    }
                    _ => parts.contains(&plain(&self.layout.words(cell))),
                })
            });
        if repeats {
            return Some(t("tiêu đề nhắc lại", "the headings once more").into());
        }
        let alone = row.cells.len() <= 2 && self.layout.columns.len() > 3;
        let lonely_core = || core().count() == 1 && row.cells.len() == 1 && self.core.len() > 1;
        if alone && (core().next().is_none() || lonely_core()) {
            return Some(t("dòng chữ ngoài bảng", "words outside the table").into());
        }
        None
    }
}

/// How a row begins that sums others up.
const TOTALS: [&str; 6] = ["tong", "tong cong", "tong so", "cong", "total", "tong hop"];

/// The row under the headings that numbers the columns: 1, 2, 3 …
pub(super) fn counts_columns(row: &Row) -> bool {
    let value = |cell: &Placed| -> Option<usize> {
        let text = cell.cell.shown();
        text.trim().trim_matches(['(', ')']).parse().ok()
    };
    let numbers: Option<Vec<usize>> = row.cells.iter().map(value).collect();
    numbers
        .is_some_and(|n| n.len() >= 3 && n.iter().zip(n.iter().skip(1)).all(|(a, b)| *b == a + 1))
}

fn begins_with_digit(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

impl Layout {
    /// Whether a cell begins with a digit in Unicode.
    fn is_numbered(&self, cell: &Placed) -> bool {
        let own = self.columns.iter().find(|c| c.at == cell.column);
        let sure = |encoding: Verdict| matches!(encoding, Verdict::Sure(_));
        let old = sure(self.encoding) || own.is_some_and(|c| sure(c.encoding));
        !old && matches!(&cell.cell, Cell::Text(text) if begins_with_digit(text))
    }

    /// What a cell says, in Unicode.
    #[must_use]
    pub fn words(&self, cell: &Placed) -> String {
        let own = self.columns.iter().find(|c| c.at == cell.column);
        let encoding = own.map_or(self.encoding, |c| c.encoding);
        match (encoding, self.encoding) {
            (Verdict::Sure(legacy), _) | (_, Verdict::Sure(legacy)) => {
                decode(legacy, &cell.cell.shown()).text
            }
            _ => cell.cell.shown(),
        }
    }

    /// What a row of the table gives.
    #[must_use]
    pub fn take(&self, row: &Row) -> InRow {
        self.take_out_of(&mut row.clone(), &self.goals(), &mut Spare::default())
    }

    /// What each column fills, if anything.
    fn goals(&self) -> Vec<Option<Goal>> {
        let goal = |column: &Column| {
            let key = column.target.as_ref()?.key();
            let field = catalog::carried::in_file(self.kind, key)?;
            Some(Goal {
                field,
                step_day: field.ty == Type::Date && catalog::carried::is_course(self.kind, key),
                joined: self.joins(column, field, key),
            })
        };
        self.columns.iter().map(goal).collect()
    }

    /// Whether a column stands in a long text with others, under its heading.
    fn joins(&self, column: &Column, field: &Field, key: &str) -> bool {
        let same = self.columns.iter().filter(|c| c.target == column.target);
        let several = field.ty == Type::LongText && same.count() > 1;
        // The note of a book is its own; a result that stands there says what it is.
        let named = [field.label.vi, field.label.en, field.key];
        let course = key == "note" && !named.iter().any(|n| plain(n) == plain(&column.heading));
        (several || course) && !catalog::carried::repeats(key)
    }

    /// As [`Layout::take`]; texts that are taken as they stand are moved.
    fn take_out_of(&self, row: &mut Row, goals: &[Option<Goal>], spare: &mut Spare) -> InRow {
        let mut out = InRow {
            row: row.row,
            // A column may fill two fields.
            given: spare.row(row.cells.len() + 2),
            ..InRow::default()
        };
        for (column, goal) in self.columns.iter().zip(goals) {
            if column.target.is_none() && column.writer.is_some() {
                out.untold
                    .extend(row.cell(column.at).map(|c| self.words(c)));
            }
            let (Some(target), Some(goal)) = (&column.target, goal) else {
                continue;
            };
            let Some(placed) = row.cell_mut(column.at) else {
                continue;
            };
            let value = |placed: &mut Placed, spare: &mut Spare| {
                let taken = self.value(column, goal.field, placed);
                taken.unwrap_or_else(|| Taken::of(spare.swap(&mut placed.cell)))
            };
            match target {
                Target::Choice(key, code) => {
                    if is_mark(&placed.cell) {
                        let cell = Cell::Text((*code).to_owned());
                        out.put(key, column.at, Taken::of(cell));
                    }
                }
                Target::Field(key) if goal.joined => {
                    out.join(key, column, value(placed, spare));
                }
                Target::Field(key) => match self.value(column, goal.field, placed) {
                    // Nearly every cell: nothing is moved but what stands there.
                    None => out.put_cell(key, column.at, spare.swap(&mut placed.cell)),
                    Some(taken) if goal.step_day => out.put(key, column.at, no_day(taken)),
                    Some(taken) => out.put(key, column.at, taken),
                },
                Target::Both(name, address) => {
                    let taken = value(placed, spare);
                    let (first, rest) = split(&taken.cell.shown());
                    out.put(address, column.at, Taken::of(rest));
                    out.put(
                        name,
                        column.at,
                        Taken {
                            cell: first,
                            ..taken
                        },
                    );
                }
            }
        }
        // A value for every row stands where the row says nothing itself.
        for (key, value) in &self.fixed {
            if out.given.iter().all(|g| g.key != *key) {
                out.given.push(Given {
                    key,
                    column: usize::MAX,
                    cell: Cell::Text(value.clone()),
                    refused: None,
                    note: None,
                });
            }
        }
        self.put_meanings(&mut out);
        out
    }

    /// Puts what a person has said that words mean in their place.
    fn put_meanings(&self, row: &mut InRow) {
        for given in row.given.iter_mut().filter(|_| !self.words.is_empty()) {
            if let Some(meaning) = self.meaning(given) {
                given.cell = Cell::Text(meaning);
                given.refused = None;
            }
        }
    }

    /// What a person has said that the words of a cell mean.
    fn meaning(&self, given: &Given) -> Option<String> {
        // The words of results stay beside what they mean; which unit is meant the day of the row says too.
        let unit = |f: &Field| f.ty == Type::Unit;
        let field = catalog::carried::in_file(self.kind, given.key);
        if catalog::carried::repeats(given.key) || field.is_some_and(unit) {
            return None;
        }
        let own = self.words.get(given.key)?;
        let text = given.cell.shown();
        let (exact, said) = (clean(&text).to_lowercase(), plain(&text));
        let same = |word: &str| clean(word).to_lowercase() == exact;
        if let Some((_, meaning)) = own.iter().find(|(word, _)| same(word)) {
            return Some(meaning.clone());
        }
        // A word without its marks may be that of two answers: then it is asked for itself.
        let mut alike = own.iter().filter(|(word, _)| plain(word) == said);
        let (_, meaning) = alike.next()?;
        alike
            .all(|(_, other)| other == meaning)
            .then(|| meaning.clone())
    }
}

/// The day of a step that a book tells only in part («tháng 5/2019») is told as it stands there.
fn no_day(taken: Taken) -> Taken {
    match &taken.cell {
        Cell::Text(text) if is_no_day(text) => Taken {
            cell: taken.cell,
            ..Taken::default()
        },
        _ => taken,
    }
}

impl InRow {
    /// As [`InRow::put`] of a cell as it stands.
    fn put_cell(&mut self, key: &'static str, column: usize, cell: Cell) {
        if cell.is_empty() {
            return;
        }
        self.given.push(Given {
            key,
            column,
            cell,
            refused: None,
            note: None,
        });
    }

    fn put(&mut self, key: &'static str, column: usize, taken: Taken) {
        if taken.cell.is_empty() && taken.refused.is_none() {
            return;
        }
        self.given.push(Given {
            key,
            column,
            cell: taken.cell,
            refused: taken.refused.map(Box::new),
            note: taken.note.map(Box::new),
        });
    }

    /// Several columns of one long text stand in it under their headings.
    fn join(&mut self, key: &'static str, column: &Column, taken: Taken) {
        if taken.cell.is_empty() {
            self.put(key, column.at, taken);
            return;
        }
        let line = format!("{}: {}", column.heading, taken.cell.shown());
        match self.given.iter_mut().find(|g| g.key == key) {
            Some(given) => {
                given.cell = Cell::Text(format!("{}\n{line}", given.cell.shown()));
                given.refused = given.refused.take().or(taken.refused.map(Box::new));
            }
            None => self.put(
                key,
                column.at,
                Taken {
                    cell: Cell::Text(line),
                    ..taken
                },
            ),
        }
    }
}
