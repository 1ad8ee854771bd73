//! Sample data: an office with invented people, to try the program on and to measure it by.
//!
//! The same seed, size and day give the same content. What is written is what entering it would have left: state,
//! deadlines, numbers, history and index come from the same rules.
mod course;
mod days;
mod file;
mod meetings;
mod office;
mod petitions;
mod places;
mod receptions;
mod rng;
mod vocab;

use super::{Cx, Error, Result, rules};
use crate::domain::query::Query;
use crate::domain::record::Kind;
use crate::domain::words::t;
use crate::store::{Bulk, StoreError};
use course::{CLERKS, Deadlines, Ground};
use days::{Season, Span};
pub(super) use file::is_marked;
pub use file::{Existing, is_sample, make, same_place};
use meetings::Meetings;
use petitions::{Petitions, Visit};
use places::{PROVINCE, Places};
use receptions::Receptions;
use rng::Rng;
use vocab::{Region, Vocab};

/// Petitions between two reports of progress.
const REPORT_EACH: u64 = 2_000;
/// From so many petitions on the sample is one of the whole country, over twenty years.
const COUNTRY: u64 = 500_000;
/// Officers of the sample office.
const OFFICERS: usize = 28;

/// A sequence of chance for each purpose, so that one register does not shift another.
mod purpose {
    pub const OFFICERS: u64 = 1;
    pub const PLACES: u64 = 2;
    pub const SPREAD: u64 = 3;
    pub const MODELS: u64 = 4;
    pub const DIALOGUES: u64 = 5;
    pub const PETITIONS: u64 = 6;
    pub const RECEPTIONS: u64 = 7;
}

/// Fills a freshly created database with `petitions` petitions and in proportion the rest; `progress` hears how many
/// petitions are written.
///
/// # Errors
/// When the registers hold records already, or the database fails; the file is to be thrown away then.
pub fn write(cx: &mut Cx, petitions: u64, seed: u64, progress: &mut dyn FnMut(u64)) -> Result<()> {
    for kind in [Kind::Petition, Kind::Model, Kind::Dialogue, Kind::Reception] {
        if cx.store.read().count(&Query::all(kind), cx.days())? > 0 {
            return Err(Error::refused(
                t(
                    "Dữ liệu mẫu chỉ ghi vào cơ sở dữ liệu mới, chưa có bản ghi nào",
                    "Sample data goes only into a new database without records",
                )
                .into(),
            ));
        }
    }
    let country = petitions >= COUNTRY;
    let span = Span::new(cx.today(), &cx.calendar, country);
    let vocab = Vocab::new();
    begin(cx, &span)?;
    let places = Places::load(
        cx.store.read(),
        &office::codes(),
        country,
        &mut Rng::new(seed, purpose::PLACES),
    )?;
    let mut rng = Rng::new(seed, purpose::OFFICERS);
    let officers: Vec<String> = (0..OFFICERS)
        .map(|_| vocab.person(&mut rng, Region::South))
        .collect();
    let job = Job {
        ground: Ground {
            span: &span,
            places: &places,
            vocab: &vocab,
        },
        officers: &officers,
        petitions,
        seed,
    };
    let deadlines = Deadlines::new(rules::Env::of(cx));
    let today = cx.today();
    cx.store.bulk::<_, Error>(|bulk| {
        job.meetings(bulk, today)?;
        let visits = job.petitions(bulk, deadlines, progress)?;
        job.receptions(bulk, &visits)
    })?;
    file::mark(cx)?;
    progress(petitions);
    Ok(())
}

/// The office's own tree, its unit and the published figures, dated at the beginning of the sample.
fn begin(cx: &mut Cx, span: &Span) -> Result<()> {
    let first = span.date(0).unwrap_or_else(|| cx.today());
    let at = format!("{first}T08:00:00+07:00");
    let who = CLERKS.first().copied().unwrap_or_default();
    cx.store.write(|tx| {
        tx.unlogged();
        office::add_units(tx, (who, &at))?;
        office::add_figures(tx, (who, &at))?;
        tx.set_setting("own_unit", PROVINCE)
            .map_err(|e: StoreError| Error::from(e))
    })
}

/// What is to be written.
struct Job<'a> {
    ground: Ground<'a>,
    officers: &'a [String],
    petitions: u64,
    seed: u64,
}

impl Job<'_> {
    fn spread(&self, total: u64, season: Season) -> Vec<u32> {
        // Each total has its own scatter, and no register shifts another's.
        let mut rng = Rng::new(self.seed ^ total, purpose::SPREAD);
        self.ground.span.spread(total, &mut rng, season)
    }

    /// Models and dialogues, each register in the order of days; the opinions after all dialogues, so that the index
    /// grows at one end.
    fn meetings(&self, bulk: &mut Bulk, today: chrono::NaiveDate) -> Result<()> {
        let rng = |purpose| Rng::new(self.seed, purpose);
        let mut models = Meetings::new(self.ground, rng(purpose::MODELS), today);
        for (day, count) in self
            .spread((self.petitions / 10).max(60), Season::Spring)
            .into_iter()
            .enumerate()
        {
            for _ in 0..count {
                models.write_model(bulk, day)?;
            }
        }
        let mut dialogues = Meetings::new(self.ground, rng(purpose::DIALOGUES), today);
        let mut held = Vec::new();
        for (day, count) in self
            .spread((self.petitions / 50).max(24), Season::Even)
            .into_iter()
            .enumerate()
        {
            for _ in 0..count {
                held.extend(dialogues.write_dialogue(bulk, day)?);
            }
        }
        for dialogue in &held {
            dialogues.write_opinions(bulk, dialogue)?;
        }
        Ok(())
    }

    fn petitions(
        &self,
        bulk: &mut Bulk,
        deadlines: Deadlines,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Vec<Visit>> {
        let rng = Rng::new(self.seed, purpose::PETITIONS);
        let mut maker = Petitions::new(self.ground, deadlines, rng, self.officers);
        let mut written = 0;
        for (day, count) in self
            .spread(self.petitions, Season::Even)
            .into_iter()
            .enumerate()
        {
            for _ in 0..count {
                maker.write(bulk, day)?;
                written += 1;
                if written % REPORT_EACH == 0 {
                    progress(written);
                }
            }
        }
        Ok(maker.visits)
    }

    fn receptions(&self, bulk: &mut Bulk, visits: &[Visit]) -> Result<()> {
        let linked = u64::try_from(visits.len()).unwrap_or(0);
        let more = (self.petitions / 2).saturating_sub(linked);
        let rng = Rng::new(self.seed, purpose::RECEPTIONS);
        let mut maker = Receptions::new(self.ground, rng, self.officers);
        let mut handed = visits.iter().peekable();
        for (day, count) in self.spread(more, Season::Even).into_iter().enumerate() {
            while let Some(visit) = handed.next_if(|v| usize::try_from(v.day) == Ok(day)) {
                maker.write(bulk, day, Some(visit))?;
            }
            for _ in 0..count {
                maker.write(bulk, day, None)?;
            }
        }
        Ok(())
    }
}
