//! The context of a use case: the open store, the one clock, and who acts.
mod kept;

use super::rules::Env;
use super::settings::Office;
use super::{Result, long, settings};
use crate::domain::calendar::Calendar;
use crate::domain::date::iso;
use crate::domain::deadline::Rule;
use crate::domain::words::Msg;
use crate::store::{Days, Db, Mode, Moment, OpenOptions, Store, StoreError, Tx};
use chrono::{DateTime, FixedOffset, NaiveDate, Timelike, Utc};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Where things are and how to open them; made once from flags, environment and the settings file.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database.
    pub db: PathBuf,
    /// The day to take for today; none: the clock's.
    pub today: Option<NaiveDate>,
    /// Open for reading only.
    pub read_only: bool,
    /// Type of file system to assume (`DANVAN_ASSUME_FS`, for tests).
    pub assume_fs: Option<String>,
    /// Folder of drafts, log and last view.
    pub state_dir: PathBuf,
    /// Login name of the running user (by uid).
    pub actor: String,
    /// Started to show sample data; a file that bears its mark is known without this.
    pub demo: bool,
}

/// Vietnam's time, UTC+7 all year; legal dates never follow the machine's zone.
fn vietnam() -> FixedOffset {
    // 7 hours are within the range of offsets, so the fallback is never taken.
    FixedOffset::east_opt(7 * 3600)
        .unwrap_or_else(|| FixedOffset::east_opt(0).unwrap_or(chrono::offset::Offset::fix(&Utc)))
}

fn now() -> DateTime<FixedOffset> {
    Utc::now().with_timezone(&vietnam())
}

/// Milliseconds of the clock, to tell how long a work will still take.
#[must_use]
pub fn millis() -> i64 {
    Utc::now().timestamp_millis()
}

/// The day in Vietnam of a moment that a file bears.
pub(super) fn day_of(moment: std::time::SystemTime) -> NaiveDate {
    DateTime::<Utc>::from(moment)
        .with_timezone(&vietnam())
        .date_naive()
}

/// A moment that a file bears as people say it: `08:15`, with the day when it was not today.
pub(super) fn since(moment: std::time::SystemTime) -> String {
    let moment = DateTime::<Utc>::from(moment).with_timezone(&vietnam());
    let form = if moment.date_naive() == now().date_naive() {
        "%H:%M"
    } else {
        "%d/%m %H:%M"
    };
    moment.format(form).to_string()
}

/// The context of a use case.
#[derive(Debug)]
pub struct Cx {
    pub(super) store: Store,
    pub(super) config: Config,
    pub(super) calendar: Arc<Calendar>,
    pub(super) rules: Arc<Vec<Rule>>,
    pub(super) office: Office,
    version: i64,
    /// What stands for the law that was read last ([`Db::law`]).
    law: Option<String>,
    /// Up to where it was said that others have written.
    told: i64,
    /// The file bears the mark of sample data.
    pub(super) sample: bool,
    /// Which of the programs that have the database open this is.
    pub(super) seat: String,
    /// What another program had left undone and this one has ended.
    resumed: Option<Msg>,
    /// Until then ([`millis`]) saves do not try to go on with a large work that was left.
    pub(super) no_help_before: Option<i64>,
    /// What was read ahead ([`Cx::keep`]).
    kept: Option<kept::Kept>,
}

impl Cx {
    /// Opens the office's database.
    ///
    /// # Errors
    /// A missing, foreign, damaged, newer or unreachable file.
    pub fn open(config: &Config) -> Result<Self> {
        Self::open_telling(config, &mut |_| ())
    }

    /// As [`Cx::open`]; `tell` hears of a large work that another program has left and that is ended first, and how far
    /// it is, since that may take minutes. Whoever ends the program meanwhile does no harm: the next opening goes on.
    ///
    /// # Errors
    /// As [`Cx::open`].
    pub fn open_telling(config: &Config, tell: &mut dyn FnMut(&Msg)) -> Result<Self> {
        let mut cx = Self::with(config, Self::mode(config))?;
        if !cx.store.read_only() {
            // A full disk or a busy turn must not keep a healthy file shut: the next opening goes on with it.
            cx.resumed = long::resume(&mut cx, tell).unwrap_or_default();
            let _ = long::find_rest(&mut cx, tell);
        }
        Ok(cx)
    }

    /// As [`Cx::open`], for a connection beside the one that does the work: it keeps less in memory, and does not go on
    /// with what another program has left.
    ///
    /// # Errors
    /// As [`Cx::open`].
    pub fn open_aside(config: &Config) -> Result<Self> {
        let mut cx = Self::with(config, Self::mode(config))?;
        cx.store.keep_little()?;
        Ok(cx)
    }

    /// Another connection to the same database, for one large job: as [`Cx::open_aside`], with the memory of a connection
    /// that works.
    ///
    /// # Errors
    /// As [`Cx::open`].
    pub fn beside(&self) -> Result<Self> {
        Self::with(&self.config, Self::mode(&self.config))
    }

    /// Lets what this connection reads end with an error as soon as `stop` is set: nobody waits for the answer any more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn stop_when(&mut self, stop: Arc<AtomicBool>) -> Result<()> {
        Ok(self.store.stop_when(stop)?)
    }

    /// Makes the office's database, filled with units, calendar and rules.
    ///
    /// # Errors
    /// When a file is there already or cannot be written.
    pub fn create(config: &Config) -> Result<Self> {
        let mut cx = Self::with(config, Mode::Create)?;
        let id = super::drafts::new_id();
        cx.store
            .write::<_, StoreError>(|tx| tx.set_setting(super::upkeep::OFFICE, &id))?;
        Ok(cx)
    }

    fn mode(config: &Config) -> Mode {
        match config.read_only {
            true => Mode::ReadOnly,
            false => Mode::ReadWrite,
        }
    }

    fn with(config: &Config, mode: Mode) -> Result<Self> {
        let store = Store::open(
            &config.db,
            &OpenOptions {
                mode,
                assume_fs: config.assume_fs.clone(),
            },
        )?;
        Self::over(store, config.clone())
    }

    fn over(store: Store, config: Config) -> Result<Self> {
        // Before what they stand for: what changes in between is read again.
        let version = store.version()?;
        let law = store.read().law()?;
        let calendar = load_calendar(store.read())?;
        let rules = store.read().rules()?.into();
        let office = Office::load(store.read())?;
        let sample = super::sample::is_marked(store.read())?;
        Ok(Self {
            store,
            config,
            calendar,
            rules,
            office,
            version,
            told: version,
            law,
            sample,
            seat: super::presence::seat(),
            resumed: None,
            no_help_before: None,
            kept: None,
        })
    }

    /// A fresh database in memory with a fixed clock; for tests.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn in_memory(today: NaiveDate, state_dir: &Path) -> Result<Self> {
        let store = Store::in_memory()?;
        let config = Config {
            db: store.path().to_owned(),
            today: Some(today),
            read_only: false,
            assume_fs: None,
            state_dir: state_dir.to_owned(),
            actor: "thu".into(),
            demo: false,
        };
        Self::over(store, config)
    }

    /// Another connection to the same database, for a worker.
    ///
    /// # Errors
    /// As [`Cx::open`].
    pub fn reopen(&self) -> Result<Self> {
        Self::open(&self.config)
    }

    /// Today, by flag or by the clock in Vietnam.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.config.today()
    }

    /// Now, ISO with seconds and offset, the day being [`Cx::today`].
    #[must_use]
    pub fn stamp(&self) -> String {
        self.config.stamp()
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.config.actor
    }

    /// How the program was started.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// True for sample data, however it was opened: every screen says MẪU.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        self.config.demo || self.sample
    }

    /// What was said when the file was opened: a large work that another program had left was ended. Once.
    pub fn take_resumed(&mut self) -> Option<Msg> {
        self.resumed.take()
    }

    /// True when nothing can be saved.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.store.read_only()
    }

    /// The working calendar.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The deadline rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The settings that rules are judged by.
    #[must_use]
    pub fn office(&self) -> Office {
        self.office
    }

    /// As [`Cx::reload`], only when the law has changed since: called before deadlines are counted to be kept, and before
    /// what is judged by them is shown.
    ///
    /// # Errors
    /// A failure of the database; what was read before holds then.
    pub fn refresh(&mut self) -> Result<()> {
        let version = self.store.version()?;
        if version != self.version {
            if self.store.read().law()? != self.law {
                self.reload()?;
            }
            self.version = version;
        }
        Ok(())
    }

    /// Whether another file stands in the place of the one that was opened.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        self.store.replaced()
    }

    /// Goes on with the file that stands in the place of the one that was opened, if it is another; whether it is.
    ///
    /// # Errors
    /// As [`Cx::open`].
    pub fn follow(&mut self) -> Result<bool> {
        if !self.is_replaced() {
            return Ok(false);
        }
        let other = Self::open(&self.config)?;
        let seat = std::mem::take(&mut self.seat);
        *self = Self { seat, ..other };
        Ok(true)
    }

    /// Whether another connection has written since this was last asked; what this one wrote does not count.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn others_wrote(&mut self) -> Result<bool> {
        let now = self.store.version()?;
        Ok(std::mem::replace(&mut self.told, now) != now)
    }

    /// A moment between two changes of the database, whoever makes them: what is read after it still holds while it is
    /// the same. None where it cannot be known.
    #[must_use]
    pub fn moment(&self) -> Option<Moment> {
        self.store.moment().ok()
    }

    /// Reads what is there in one moment, whatever others write meanwhile; for what asks very many small questions.
    pub fn in_one_moment<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        self.store.in_one_moment(|| work(self))
    }

    /// Whether anything may have been written since a moment of this connection ([`Cx::moment`]).
    #[must_use]
    pub fn wrote_since(&self, seen: Option<Moment>) -> bool {
        seen.is_none() || self.moment() != seen
    }

    /// Reads what somebody may soon ask for, so that the system has it in memory then; each read ends with an error as
    /// soon as `stop` says so, and nothing is held afterwards.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn read_ahead(
        &mut self,
        stop: impl FnMut() -> bool + Send + 'static,
        work: impl FnOnce(&mut Self),
    ) -> Result<()> {
        self.store.heed_closely(stop)?;
        work(self);
        Ok(self.store.heed_no_more()?)
    }

    /// Reads calendar, rules and settings again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn reload(&mut self) -> Result<()> {
        let read = self.store.read();
        let law = read.law()?;
        let calendar = load_calendar(read)?;
        let rules = read.rules()?.into();
        let office = Office::load(read)?;
        self.sample = super::sample::is_marked(read)?;
        (self.calendar, self.rules, self.office) = (calendar, rules, office);
        self.law = law;
        Ok(())
    }

    /// Runs a use case in one transaction, with what rules need as it is in that moment, and who does it when. While
    /// it waits for its turn to write, somebody may change a rule, the calendar or a setting; whether somebody has is
    /// one look, so that others wait no longer for a save than it takes.
    ///
    /// # Errors
    /// What the use case returns, or a failure of the database; nothing is kept then.
    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Tx, &Env, (&str, &str)) -> Result<T>,
    ) -> Result<T> {
        let mut left = false;
        let done = self.write_now(|tx, env, stamp| {
            left = long::known(tx.read())?.is_some();
            work(tx, env, stamp)
        })?;
        if left {
            long::help(self);
        }
        Ok(done)
    }

    /// As [`Cx::write`], for the pieces of a long work themselves.
    ///
    /// # Errors
    /// As [`Cx::write`].
    pub(super) fn write_now<T>(
        &mut self,
        work: impl FnOnce(&Tx, &Env, (&str, &str)) -> Result<T>,
    ) -> Result<T> {
        let mut env = Env::of(self);
        let (actor, at) = (self.actor().to_owned(), self.stamp());
        let mut moved = false;
        let done = self.store.write(|tx| {
            // What this connection wrote is known.
            moved = tx.version()? != self.version && tx.read().law()? != self.law;
            if moved {
                env.reload(tx.read())?;
            }
            work(tx, &env, (&actor, &at))
        });
        if moved {
            // What was saved is saved, whatever fails here; the next one looks again.
            let _ = self.reload();
        }
        done
    }

    /// The days by which standings are judged: due soon is within so many working days (a setting).
    #[must_use]
    pub fn days(&self) -> Days {
        let today = self.today();
        Days {
            today,
            soon: self.calendar.add_working(today, self.office.due_soon_days),
        }
    }

    /// The office's own unit, as `CODE`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn own_unit(&self) -> Result<Option<String>> {
        Ok(self.store.read().setting("own_unit")?)
    }

    /// Sets the office's own unit.
    ///
    /// # Errors
    /// When no unit has the code.
    pub fn set_own_unit(&mut self, code: &str) -> Result<()> {
        super::units::scope(self, code)?;
        settings::set(self, "own_unit", code)
    }
}

/// Working days before a deadline from which it is due soon, while the office has not said otherwise.
pub const DUE_SOON_DAYS: i64 = 5;

impl Config {
    /// Today, by flag or by the clock in Vietnam.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.today.unwrap_or_else(|| now().date_naive())
    }

    /// Now, ISO with seconds and offset, the day being [`Config::today`].
    #[must_use]
    pub fn stamp(&self) -> String {
        let (day, now) = (iso(self.today()), now());
        let (hour, minute, second) = (now.hour(), now.minute(), now.second());
        format!("{day}T{hour:02}:{minute:02}:{second:02}{}", now.offset())
    }

    /// The clock's time of day, `HH:MM`, for «tính đến».
    #[must_use]
    pub fn clock(&self) -> String {
        now().format("%H:%M").to_string()
    }
}

/// The working calendar as the database has it.
pub(super) fn load_calendar(db: Db) -> Result<Arc<Calendar>> {
    Ok(Calendar::new(db.calendar_days()?, db.calendar_years()?).into())
}

#[cfg(test)]
mod tests;
