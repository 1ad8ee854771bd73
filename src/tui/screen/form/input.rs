//! One field of a form: its widget, what stands beside it, and what is wrong with it.

use chrono::NaiveDate;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::catalog::{self, Field, Type, show};
use crate::domain::slip;
use crate::domain::value::Value;
use crate::tui::lang::{Lang, Msg, t};
use crate::tui::widget::choice::{Answer, ChoiceField};
use crate::tui::widget::date::DateField;
use crate::tui::widget::line::LineField;
use crate::tui::widget::memo::MemoField;
use crate::tui::widget::typing::Aid;

/// The widget of a field.
pub enum Entry {
    /// One line.
    Line(LineField),
    /// Several lines.
    Memo(MemoField),
    /// A date with its echo.
    Date(DateField),
    /// One of a few answers.
    Choice(ChoiceField),
}

/// A field of a form.
pub struct Input {
    /// What is said of it.
    pub field: &'static Field,
    /// Where it is typed.
    pub entry: Entry,
    /// What stands beside it: the name of a unit, the title of a record.
    pub note: String,
    /// The unit that was named to whom typed or chose it.
    pub unit: Option<i64>,
    /// Which rule it breaks.
    pub error: Option<String>,
    /// Its text when the form was opened.
    pub first: String,
    /// It must be filled in.
    pub required: bool,
    /// Nothing was typed since the cursor came, and a letter replaces what stands there.
    fresh: bool,
    /// What the first letter replaced, while the cursor is in the field.
    replaced: Option<String>,
}

/// The most letters that typing and pasting may bring a long field and one of a single line to: what is too long by
/// little can be shortened in place.
const MOST_LONG: usize = 100_000;
const MOST_SHORT: usize = 4_000;

impl Input {
    /// A field that holds `value`.
    pub fn new(field: &'static Field, value: &Value, lang: Lang) -> Input {
        let text = show::edit_text(field, value);
        let entry = match field.ty {
            Type::LongText => Entry::Memo(MemoField::new(&text)),
            Type::Date => Entry::Date(DateField::new(match value {
                Value::Date(day) => Some(*day),
                _ => None,
            })),
            Type::Enum(_) | Type::Boolean => {
                Entry::Choice(ChoiceField::new(answers(field, lang), &code(value)))
            }
            _ => Entry::Line(LineField::new(&text)),
        };
        let mut input = Input {
            field,
            entry,
            note: String::new(),
            unit: None,
            error: None,
            first: String::new(),
            required: field.required(),
            fresh: false,
            replaced: None,
        };
        input.first = input.text();
        input
    }

    /// The text as it is stored in a draft and read by the rules; of a choice its code, or the letters that name none.
    pub fn text(&self) -> String {
        match &self.entry {
            Entry::Line(line) => line.value(),
            Entry::Memo(memo) => memo.value(),
            Entry::Date(date) => date.raw(),
            Entry::Choice(choice) => choice.value().to_owned(),
        }
    }

    /// Offers only the answers whose code is wanted.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        if let Entry::Choice(choice) = &mut self.entry {
            choice.keep(wanted);
        }
    }

    /// Puts a text as [`Input::text`] gives it.
    pub fn put(&mut self, text: &str) {
        self.unnamed();
        self.replaced = None;
        match &mut self.entry {
            Entry::Line(line) => line.set(text),
            Entry::Memo(memo) => memo.set(text),
            Entry::Date(date) => date.set(text),
            Entry::Choice(choice) => choice.set(text),
        }
    }

    /// Whether it holds words for a unit that was not named yet.
    pub fn lacks_name(&self) -> bool {
        self.field.ty == Type::Unit && self.unit.is_none() && !self.text().is_empty()
    }

    /// Its text has changed: what it named before counts no more.
    pub fn unnamed(&mut self) {
        self.note.clear();
        self.unit = None;
    }

    /// The cursor has come into the field: what is typed first takes the place of an answer of one line that stands
    /// there; any other key keeps it.
    pub fn entered(&mut self) {
        let line = matches!(self.entry, Entry::Line(_) | Entry::Date(_));
        self.fresh = line && !self.text().is_empty();
        self.replaced = None;
    }

    /// Whether a letter typed now would take the place of what stands there.
    pub fn replaces(&self) -> bool {
        self.fresh
    }

    /// Lets a letter go; what stands there was replaced by it.
    fn clear_old(&mut self) {
        let old = self.text();
        self.put("");
        self.replaced = Some(old);
    }

    /// The most letters that the field takes, typed or pasted.
    pub fn most(&self) -> usize {
        match self.entry {
            Entry::Memo(_) => MOST_LONG,
            _ => MOST_SHORT,
        }
    }

    /// Why the field takes no text of so many letters; `None` while it does.
    pub fn refuses(&self, letters: usize) -> Option<Msg> {
        let limit = self.field.limit;
        (letters > self.most()).then(|| {
            Msg::new(
                format!("ô này nhận nhiều nhất {limit} chữ; chưa thêm chữ nào"),
                format!("this field takes {limit} letters at most; none was added"),
            )
        })
    }

    /// Why the field takes no further letter.
    pub fn is_full(&self) -> Option<Msg> {
        let now = match &self.entry {
            Entry::Line(line) => line.raw().chars().count(),
            Entry::Memo(memo) => memo.raw().chars().count(),
            Entry::Date(_) | Entry::Choice(_) => self.text().chars().count(),
        };
        self.refuses(now + 1).filter(|_| !self.fresh)
    }

    /// Takes a key; says whether the text changed.
    pub fn key(&mut self, key: KeyEvent, aid: Aid) -> Option<bool> {
        let types = matches!(key.code, KeyCode::Char(c) if !c.is_control())
            && key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        // Letters that were refused give way to new ones: whoever types without looking has gone on to what comes next.
        let refused = self.error.is_some()
            && matches!(&self.entry, Entry::Choice(choice) if choice.unclear());
        if (std::mem::take(&mut self.fresh) || refused) && types {
            self.clear_old();
        }
        match &mut self.entry {
            Entry::Line(line) if self.field.takes_words() => line.key(key, aid),
            Entry::Line(line) => line.key(key, aid.off()),
            Entry::Memo(memo) => memo.key(key, aid),
            Entry::Date(date) => date.key(key, aid.off()),
            Entry::Choice(choice) => choice.key(key, aid),
        }
    }

    /// Takes pasted text; a choice takes the answer that the text names.
    pub fn paste(&mut self, text: &str) {
        if std::mem::take(&mut self.fresh) {
            self.clear_old();
        }
        match &mut self.entry {
            Entry::Line(line) => line.paste(text),
            Entry::Memo(memo) => memo.paste(text),
            Entry::Date(date) => date.paste(text),
            Entry::Choice(choice) => {
                match catalog::parse::parse(self.field, text, NaiveDate::default()) {
                    Ok(value) if !choice.typing() => choice.set(&code(&value)),
                    _ => choice.paste(text),
                }
            }
        }
    }

    /// A new line in a long field.
    pub fn new_line(&mut self) {
        if let Entry::Memo(memo) = &mut self.entry {
            memo.new_line();
        }
    }

    /// Up or down inside the field: by a row of a long text, through the answers of a choice.
    pub fn up_down(&mut self, down: bool) -> Move {
        match &mut self.entry {
            Entry::Memo(memo) => match if down { memo.down() } else { memo.up() } {
                true => Move::Inside,
                false => Move::Out,
            },
            Entry::Choice(choice) => {
                let code = if down { KeyCode::Right } else { KeyCode::Left };
                match choice.key(KeyEvent::new(code, KeyModifiers::NONE), Aid::default()) {
                    Some(true) => Move::Changed,
                    _ => Move::Inside,
                }
            }
            Entry::Line(_) | Entry::Date(_) => Move::Past,
        }
    }

    /// Whether the field has several lines.
    pub fn is_long(&self) -> bool {
        matches!(self.entry, Entry::Memo(_))
    }

    /// What stands dim beside a field of one line: the name of what was chosen, a number as it is written here, or
    /// what the first letter replaced.
    pub fn beside(&self, lang: Lang) -> String {
        if !self.note.is_empty() {
            return self.note.clone();
        }
        if let Some(number) = self.number() {
            return format!("= {number}");
        }
        let text = self.text();
        match &self.replaced {
            Some(old) if *old != text => {
                format!("{} {old} (Ctrl-Z)", t("trước:", "was:").get(lang))
            }
            _ => String::new(),
        }
    }

    /// The number in the field as it is written here, where it was typed in another way.
    fn number(&self) -> Option<String> {
        if !matches!(self.field.ty, Type::Integer { .. } | Type::Decimal) {
            return None;
        }
        let text = self.text();
        let value = catalog::parse::parse(self.field, &text, NaiveDate::default()).ok()?;
        let written = show::edit_text(self.field, &value);
        (written != text).then_some(written)
    }

    /// Writes out in full what was typed in short.
    pub fn settle(&mut self, today: NaiveDate) {
        match &mut self.entry {
            Entry::Date(date) => date.settle(today),
            Entry::Choice(choice) => choice.settle(),
            Entry::Line(line) => line.settle(),
            Entry::Memo(memo) => memo.settle(),
        }
        // What may have lost a zero stays as it was typed, to be asked about.
        if let Some(number) = self.number()
            && let Entry::Line(line) = &mut self.entry
            && slip::thousands(&line.value()).is_none()
        {
            line.set(&number);
        }
        self.replaced = None;
    }

    /// The value, as far as it can be told without the database.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn check(&self, today: NaiveDate) -> Result<Value, Msg> {
        let text = self.text();
        if let Entry::Choice(choice) = &self.entry
            && choice.unclear()
        {
            return Err(unclear(choice));
        }
        // A number of a book and the words of a unit's name are looked up in the database.
        let looked_up = match self.field.ty {
            Type::Ref(_) => catalog::parse::number_ref(&text).is_some() || is_words(&text),
            Type::Unit => is_words(&text),
            _ => false,
        };
        if looked_up {
            Ok(Value::Text(text))
        } else {
            catalog::parse::parse(self.field, &text, today)
        }
    }

    /// Whether the field names an indicator, of which there is a list.
    pub fn is_indicator(&self) -> bool {
        self.field.key == "indicator"
    }

    /// Whether the text is another than when the form was opened.
    pub fn changed(&self) -> bool {
        self.text() != self.first
    }
}

/// Where an arrow up or down has led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To another row of the same text.
    Inside,
    /// To another answer.
    Changed,
    /// Through what was entered before.
    Past,
    /// Out of the field.
    Out,
}

/// Whether a text is words of a name rather than a code or a number.
pub fn is_words(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_ascii_digit())
}

/// The text of a value as [`Input::text`] gives it and [`Input::put`] takes it.
pub fn text_of(field: &Field, value: &Value) -> String {
    match field.ty {
        Type::Enum(_) | Type::Boolean => code(value),
        _ => show::edit_text(field, value),
    }
}

/// What can be chosen where the letters typed name no answer, or several.
fn unclear(choice: &ChoiceField) -> Msg {
    let can = choice.offered().join(" · ");
    Msg::new(
        format!("«{}» chưa rõ; chọn: {can}", choice.text()),
        format!("“{}” is not clear; one of: {can}", choice.text()),
    )
}

/// The code of a choice's value.
fn code(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Bool(yes) => yes.to_string(),
        _ => String::new(),
    }
}

fn answers(field: &Field, lang: Lang) -> Vec<Answer> {
    if field.ty == Type::Boolean {
        let yes_no = [("true", t("có", "yes")), ("false", t("không", "no"))];
        return yes_no
            .iter()
            .map(|(value, label)| answer(value, label.get(lang), label.get(lang)))
            .collect();
    }
    field
        .ty
        .choices()
        .iter()
        .map(|choice| answer(choice.code, choice.label.get(lang), choice.short.get(lang)))
        .collect()
}

fn answer(value: &str, label: &str, short: &str) -> Answer {
    Answer {
        short: short.to_owned(),
        value: value.to_owned(),
        label: label.to_owned(),
    }
}
