//! A date field: takes every short form and says which day it understood.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::line::LineField;
use super::paint::{cut, put, width};
use super::typing::Aid;
use crate::domain::date;
use crate::domain::text::Problem;
use crate::tui::lang::Lang;
use crate::tui::screen::View;

/// Cells of a date written in full and the cursor behind it.
const DATE: u16 = 11;

/// The text of a date as typed, and what it means.
#[derive(Clone, Debug, Default)]
pub struct DateField {
    line: LineField,
}

impl DateField {
    /// A field that holds this date, or nothing.
    pub fn new(value: Option<NaiveDate>) -> DateField {
        DateField {
            line: LineField::new(&value.map(date::vi).unwrap_or_default()),
        }
    }

    /// The text as typed.
    pub fn raw(&self) -> String {
        self.line.value()
    }

    /// Puts a text as if it had been typed.
    pub fn set(&mut self, text: &str) {
        self.line.set(text);
    }

    /// The date that was typed; `None` for an empty field.
    pub fn value(&self, today: NaiveDate) -> Result<Option<NaiveDate>, Problem> {
        let text = self.line.value();
        if text.is_empty() {
            Ok(None)
        } else {
            date::parse(&text, today).map(Some)
        }
    }

    /// Writes the date out in full, when it is one; done on leaving the field.
    pub fn settle(&mut self, today: NaiveDate) {
        if let Ok(Some(day)) = self.value(today) {
            self.line.set(&date::vi(day));
        }
    }

    /// Takes a key; says whether the text changed, `None` when the key is none of its own.
    pub fn key(&mut self, key: KeyEvent, aid: Aid) -> Option<bool> {
        self.line.key(key, aid)
    }

    /// Puts pasted text.
    pub fn paste(&mut self, text: &str) {
        self.line.paste(text);
    }

    /// What stands beside the field: the weekday, and the full date while it is typed in short.
    pub fn echo(&self, v: &View) -> String {
        let Ok(Some(day)) = self.value(v.today) else {
            return String::new();
        };
        let weekday = match v.lang {
            Lang::Vi => date::weekday_vi(day),
            Lang::En => date::weekday_en(day),
        };
        let full = date::vi(day);
        if full == self.line.value() {
            weekday.to_owned()
        } else {
            format!("{full} {weekday}")
        }
    }

    /// Draws the field and its echo into the first line of `area`.
    pub fn view(&self, f: &mut Frame, area: Rect, style: Style, active: bool, v: &View) {
        self.line.view(f, area, style, active);
        // At one place while one types, behind the longest date and the cursor.
        let wide = (width(self.line.raw()) + 1).max(DATE);
        let room = area.width.saturating_sub(wide);
        let echo = cut(&self.echo(v), room, v.theme);
        put(f, area, wide, 0, &echo, v.theme.dim());
    }
}
