//! Links between records: to another row of the same file by the name that row bears there, to a record that is there
//! already by what it says or by its number.
use super::Trouble;
use super::value::Fields;
use crate::app::Result;
use crate::app::rules::{self, Env};
use crate::app::units::resolve;
use crate::catalog::{self, Type, carried::STEPS, parse::parse};
use crate::domain::link::{self, Link};
use crate::domain::record::{Kind, Record, blank};
use crate::domain::sheet::InRow;
use crate::domain::value::{Held, UnitRef, Value};
use crate::domain::words::{Msg, t};
use crate::store::Db;
use std::collections::{HashMap, HashSet, VecDeque};

/// Fields by which a reference tells what it points to, the free text last; nothing personal.
#[must_use]
pub fn described(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Unit => &["code", "valid_from"],
        Kind::Model => &["year", "unit", "name"],
        Kind::Dialogue => &["held_on", "unit", "topic"],
        Kind::Opinion => &["dialogue", "content"],
        Kind::Petition => &["received_on", "type", "unit", "subject"],
        Kind::Reception => &["received_on", "unit", "content"],
        Kind::Figure => &["unit", "indicator", "period_from", "period_to", "source"],
    }
}

/// A reference to a record as a file has it: number or id, and what the record says.
#[must_use]
pub fn reference_to(record: &dyn Record) -> (String, String) {
    let head = record.head();
    let name = head.number_text().unwrap_or_else(|| head.id.to_string());
    let part = |key: &&str| match record.get(key) {
        Value::Text(text) => text,
        Value::Date(day) => day.to_string(),
        Value::Int(n) | Value::Ref(n) => n.to_string(),
        Value::Unit(unit) => unit.code.split('@').next().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let parts: Vec<String> = described(record.kind()).iter().map(part).collect();
    (name, link::tell(&parts))
}

/// What became of a row that others may point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// A record that is there.
    There(i64),
    /// The record that a row will make, and whether it follows another one itself.
    Row(i64, bool),
    /// It cannot be taken, or two rows bear the name.
    Not,
}

/// What references of one file mean.
#[derive(Debug)]
pub(super) struct Links {
    kind: Kind,
    /// Names by which rows point to others.
    pointed: HashSet<String>,
    made: HashMap<String, Made>,
    /// Names of rows in circles, of which it was said before what becomes of them.
    expected: HashSet<String>,
    /// Rows that others point to and that will make a record.
    rows: HashSet<i64>,
    known: HashMap<(&'static str, String), std::result::Result<i64, Msg>>,
}

/// Answers kept; opinions name the same dialogue over and over.
const KEPT: usize = 10_000;

/// Whether a value points to a record that a row of the same file will make.
pub(super) fn is_pending(value: &Value) -> bool {
    matches!(value, Value::Ref(n) if *n < 0)
}

/// The fields of a record that point to others of its own register.
pub(super) fn own_links(kind: Kind) -> impl Iterator<Item = &'static str> {
    let fields = catalog::entity(kind).fields.iter();
    fields
        .filter(move |f| f.ty == Type::Ref(kind))
        .map(|f| f.key)
}

impl Links {
    pub(super) fn new(kind: Kind, pointed: HashSet<String>) -> Self {
        Self {
            kind,
            pointed,
            made: HashMap::new(),
            expected: HashSet::new(),
            rows: HashSet::new(),
            known: HashMap::new(),
        }
    }

    /// Rows that others point to and that will make a record.
    pub(super) fn rows(self) -> HashSet<i64> {
        self.rows
    }

    /// Names that a row bears in its file. A number without its year is of the year of the row's own day.
    fn names(&self, row: &InRow, year: Option<i32>) -> Vec<String> {
        let own = row
            .given
            .iter()
            .filter(|g| catalog::carried::names_row(g.key));
        own.filter_map(|g| {
            let name = link::name(&g.cell.shown())?;
            Some(match year {
                Some(year) if g.key == "number" && !name.contains('/') => format!("{name}/{year}"),
                _ => name,
            })
        })
        .filter(|name| self.pointed.contains(name))
        .collect()
    }

    /// Names of the rows that a row points to.
    fn needs(&self, row: &InRow) -> Vec<String> {
        let own = row
            .given
            .iter()
            .filter(|g| own_links(self.kind).any(|key| key == g.key));
        let own = own.filter_map(|g| Link::read(&g.cell.shown()).name);
        let steps = row.given.iter().filter(|g| g.key == STEPS);
        let leads = steps.flat_map(|g| link::leads(&g.cell.shown()).collect::<Vec<_>>());
        own.chain(leads).collect()
    }

    /// Whether a row points to one that has not been met: it may follow in the file.
    pub(super) fn must_wait(&self, row: &InRow) -> bool {
        !self.pointed.is_empty()
            && self
                .needs(row)
                .iter()
                .any(|name| !self.made.contains_key(name))
    }

    /// Keeps what became of a row, for those that point to it.
    pub(super) fn keep(&mut self, row: &InRow, record: &dyn Record, made: Made) {
        if self.pointed.is_empty() {
            return;
        }
        for name in self.names(row, rules::number_year(record)) {
            if self.expected.contains(&name) {
                continue;
            }
            let twice = self.made.contains_key(&name);
            self.made.insert(name, if twice { Made::Not } else { made });
        }
    }

    /// Whether the record that a pending reference stands for follows another one itself.
    pub(super) fn follows(&self, pending: i64) -> bool {
        self.made
            .values()
            .any(|made| matches!(made, Made::Row(row, true) if *row == -pending))
    }

    /// The record that a reference means: one that is there, or, as a negative number, the row that will make it.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn find(
        &mut self,
        db: Db,
        env: &Env,
        of: Kind,
        text: &str,
    ) -> Result<Option<std::result::Result<Value, Msg>>> {
        let link = Link::read(text);
        if of == self.kind
            && let Some(made) = link.name.as_ref().and_then(|name| self.made.get(name))
        {
            return Ok(Some(match *made {
                Made::There(id) => Ok(Value::Ref(id)),
                Made::Row(row, _) => {
                    self.rows.insert(row);
                    Ok(Value::Ref(-row))
                }
                Made::Not => Err(t(
                    "dòng mà ô này chỉ tới không nhập được, hoặc hai dòng cùng số",
                    "the row that this cell points to cannot be taken, or two rows bear the number",
                )
                .into()),
            }));
        }
        let Some(told) = &link.told else {
            return Ok(None);
        };
        let key = (of_key(of), text.to_owned());
        if let Some(found) = self.known.get(&key) {
            return Ok(Some(found.clone().map(Value::Ref)));
        }
        let found = there(db, env, of, told, link.name.as_deref())?;
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.insert(key, found.clone());
        Ok(Some(found.map(Value::Ref)))
    }

    /// Keeps what will become of a row that stands in a circle with others, before any of them is judged.
    pub(super) fn expect(&mut self, row: &InRow, record: &dyn Record, made: Made) {
        for name in self.names(row, rules::number_year(record)) {
            let twice = self.made.contains_key(&name);
            self.made
                .insert(name.clone(), if twice { Made::Not } else { made });
            self.expected.insert(name);
        }
    }

    /// Waiting rows in an order in which each comes after those that it points to, and beside them those that point to
    /// each other in a circle, or to one that does.
    pub(super) fn order(&self, waiting: Vec<InRow>) -> (Vec<InRow>, Vec<InRow>) {
        let named = |row: &InRow| match self.kind {
            Kind::Unit => texts(row, "code"),
            _ => self.names(row, year_of(row, self.kind)),
        };
        let needed = |row: &InRow| match self.kind {
            Kind::Unit => texts(row, "parent"),
            _ => self.needs(row),
        };
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (at, row) in waiting.iter().enumerate() {
            by_name.extend(named(row).into_iter().map(|name| (name, at)));
        }
        let mut open: Vec<usize> = vec![0; waiting.len()];
        let mut freed: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, row) in waiting.iter().enumerate() {
            for before in needed(row).iter().filter_map(|name| by_name.get(name)) {
                freed.entry(*before).or_default().push(at);
                if let Some(n) = open.get_mut(at) {
                    *n += 1;
                }
            }
        }
        let free = |open: &[usize], at: usize| open.get(at) == Some(&0);
        let mut ready: VecDeque<usize> = (0..waiting.len()).filter(|at| free(&open, *at)).collect();
        let mut order: Vec<usize> = Vec::with_capacity(waiting.len());
        while let Some(at) = ready.pop_front() {
            order.push(at);
            for next in freed.remove(&at).unwrap_or_default() {
                if let Some(n) = open.get_mut(next) {
                    *n -= 1;
                }
                if free(&open, next) {
                    ready.push_back(next);
                }
            }
        }
        let mut rows: Vec<Option<InRow>> = waiting.into_iter().map(Some).collect();
        let taken = |at: usize| rows.get_mut(at).and_then(Option::take);
        let ordered = order.into_iter().filter_map(taken).collect();
        (ordered, rows.into_iter().flatten().collect())
    }
}

fn of_key(of: Kind) -> &'static str {
    use crate::domain::value::Code;
    of.code()
}

pub(super) fn texts(row: &InRow, key: &str) -> Vec<String> {
    let own = row.given.iter().filter(|g| g.key == key);
    own.map(|g| crate::domain::text::clean(&g.cell.shown()))
        .collect()
}

/// The year of the book that a row is numbered in, as far as its cells say so.
fn year_of(row: &InRow, kind: Kind) -> Option<i32> {
    use crate::domain::sheet::Cell;
    use chrono::Datelike;
    let cell = |key: &str| row.given.iter().find(|g| g.key == key).map(|g| &g.cell);
    match kind {
        Kind::Model => cell("year")?.shown().parse().ok(),
        _ => match cell("received_on")? {
            Cell::Day(day) => Some(day.year()),
            _ => None,
        },
    }
}

/// The one record that says so; of several the one that bears the name.
fn there(
    db: Db,
    env: &Env,
    of: Kind,
    told: &str,
    name: Option<&str>,
) -> Result<std::result::Result<i64, Msg>> {
    let keys = described(of);
    let one = catalog::entity(of).one;
    let Some(parts) = Link::parts(told, keys.len()) else {
        return Ok(Err(unclear(of)));
    };
    let mut record = blank(of);
    for (key, text) in keys.iter().zip(parts).filter(|(_, text)| !text.is_empty()) {
        let Some(field) = catalog::field(of, key) else {
            continue;
        };
        let value = match field.ty {
            Type::Unit => Value::Unit(UnitRef {
                id: 0,
                code: text.to_owned(),
            }),
            _ => match parse(field, text, env.today) {
                Ok(value) => value,
                Err(_) => return Ok(Err(unclear(of))),
            },
        };
        // The key and type are the record's own.
        let _ = record.set(key, value);
    }
    let day = rules::unit_day(db, env, record.as_ref())?;
    if let Value::Unit(unit) = record.get("unit") {
        match resolve(db, &unit.code, day) {
            Ok(unit) => {
                let _ = record.set("unit", Value::Unit(unit));
            }
            Err(rule) => return Ok(Err(rule)),
        }
    }
    let found = db.agreeing(record.as_ref(), keys)?;
    if let [id] = found.as_slice() {
        return Ok(Ok(*id));
    }
    for id in &found {
        let bears = db.get(of, *id)?.and_then(|r| r.head().number_text());
        if name.is_some() && (bears.as_deref() == name || name == Some(id.to_string().as_str())) {
            return Ok(Ok(*id));
        }
    }
    Ok(Err(match found.len() {
        0 => Msg::new(
            format!("sổ chưa có {} này: «{told}»; nhập sổ ấy trước", one.vi),
            format!(
                "there is no such {} yet: \"{told}\"; import that register first",
                one.en
            ),
        ),
        n => Msg::new(
            format!("{n} {} giống như «{told}»: ghi số của một bản ghi", one.vi),
            format!("{n} records are like \"{told}\": give the number of one"),
        ),
    }))
}

fn unclear(of: Kind) -> Msg {
    let labels = |say: fn(&catalog::Field) -> &'static str| -> String {
        let fields = described(of)
            .iter()
            .filter_map(|key| catalog::field(of, key));
        fields.map(say).collect::<Vec<_>>().join(" | ")
    };
    Msg::new(
        format!("ghi số, hoặc: {}", labels(|f| f.label.vi)),
        format!("give a number, or: {}", labels(|f| f.label.en)),
    )
}

/// Takes the references to rows of the file out of fields.
pub(super) fn without_pending(fields: &Fields) -> Fields {
    let kept = fields.iter().filter(|(_, value)| !is_pending(value));
    kept.cloned().collect()
}

/// A petition follows the first paper of its matter, not one that follows another itself.
pub(super) fn chained(links: &Links, record: &dyn Record, row: usize) -> Option<Trouble> {
    let Held::Ref(lead) = record.held("duplicate_of") else {
        return None;
    };
    (lead < 0 && links.follows(lead)).then(|| Trouble {
        row,
        column: None,
        key: Some("duplicate_of"),
        value: String::new(),
        rule: t(
            "đơn kia lại trùng với đơn khác; hãy nối với đơn đầu của vụ việc",
            "that one is itself a duplicate; link to the first paper of the matter",
        )
        .into(),
        on: None,
    })
}
