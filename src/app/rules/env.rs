//! What rules are judged by.
use crate::app::{Cx, Result};
use crate::domain::calendar::Calendar;
use crate::domain::deadline::Rule;
use crate::store::{Days, Db};
use chrono::NaiveDate;
use std::sync::Arc;

/// What rules are judged by, taken from the context once so that a transaction can run meanwhile.
#[derive(Debug, Clone)]
pub struct Env {
    /// Today.
    pub today: NaiveDate,
    /// Today and the last day that counts as due soon.
    pub days: Days,
    /// The working calendar.
    pub calendar: Arc<Calendar>,
    /// The deadline rules.
    pub rules: Arc<Vec<Rule>>,
    /// The settings that rules are judged by.
    pub office: crate::app::settings::Office,
    /// What is judged was written before, in a file or in this book: units of new records that bear an id were resolved
    /// on the record's day already, and nobody may know any more on which day an answer was given.
    pub written: bool,
}

impl Env {
    /// Takes what rules need from the context.
    #[must_use]
    pub fn of(cx: &Cx) -> Self {
        Self {
            today: cx.today(),
            days: cx.days(),
            calendar: cx.calendar.clone(),
            rules: cx.rules.clone(),
            office: cx.office,
            written: false,
        }
    }

    /// The same for what was written before.
    #[must_use]
    pub fn of_written(&self) -> Self {
        Self {
            written: true,
            ..self.clone()
        }
    }

    /// Reads calendar, rules and settings as they are now, within the transaction that changes them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn reload(&mut self, db: Db) -> Result<()> {
        self.calendar = crate::app::cx::load_calendar(db)?;
        self.rules = db.rules()?.into();
        self.office = crate::app::settings::Office::load(db)?;
        self.days.soon = self
            .calendar
            .add_working(self.today, self.office.due_soon_days);
        Ok(())
    }
}
