//! The days that sample records fall on: working days with the seasons of an office.
use super::rng::{Rng, Weighted};
use crate::domain::calendar::Calendar;
use chrono::{Datelike, NaiveDate, Weekday};

/// First year of the sample, where today lies late enough.
const FIRST_YEAR: i32 = 2019;
/// Years of a sample of a whole country.
const COUNTRY_YEARS: i32 = 20;

/// Every day of the sample, from the first to today.
#[derive(Debug)]
pub struct Span {
    days: Vec<(NaiveDate, bool)>,
    tet: Vec<NaiveDate>,
    /// By how many hundredths there is more each year.
    growth: usize,
}

impl Span {
    /// The span up to `today`: of a whole country twenty years, otherwise at least the three years before it.
    pub fn new(today: NaiveDate, calendar: &Calendar, country: bool) -> Self {
        let (year, growth) = if country {
            (today.year() - COUNTRY_YEARS + 1, 4)
        } else {
            // A fifth more each year: people learn the way to the office.
            (FIRST_YEAR.min(today.year() - 3), 20)
        };
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(today);
        let days = first
            .iter_days()
            .take_while(|d| *d <= today)
            .map(|d| (d, calendar.is_working(d)))
            .collect();
        let tet = calendar
            .days()
            .filter(|d| d.name == "Tết Nguyên Đán")
            .map(|d| d.date)
            .collect();
        Self { days, tet, growth }
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// The day at a place.
    pub fn date(&self, at: usize) -> Option<NaiveDate> {
        self.days.get(at).map(|(d, _)| *d)
    }

    /// The place of a day; none before the first or after today.
    pub fn at(&self, day: NaiveDate) -> Option<usize> {
        let at = usize::try_from((day - self.date(0)?).num_days()).ok()?;
        (at < self.len()).then_some(at)
    }

    /// The first working day from a place on; none when it lies after today.
    pub fn working(&self, at: usize) -> Option<usize> {
        (at..self.len()).find(|at| self.days.get(*at).is_some_and(|(_, working)| *working))
    }

    /// How many of `total` records fall on each day.
    pub fn spread(&self, total: u64, rng: &mut Rng, season: Season) -> Vec<u32> {
        let weights = Weighted::new(
            self.days
                .iter()
                .enumerate()
                .map(|(at, (day, working))| (at, self.weight(*day, *working, season))),
        );
        let mut counts = vec![0_u32; self.len()];
        for _ in 0..total {
            if let Some(count) = weights.pick(rng).and_then(|at| counts.get_mut(*at)) {
                *count += 1;
            }
        }
        counts
    }

    fn weight(&self, day: NaiveDate, working: bool, season: Season) -> usize {
        if !working {
            return 0;
        }
        let years = self.date(0).map_or(0, |first| day.year() - first.year());
        let grown = (0..years).fold(1000_usize, |w, _| w * (100 + self.growth) / 100);
        let from_tet = self
            .tet
            .iter()
            .map(|tet| (day - *tet).num_days())
            .min_by_key(|n| n.abs())
            .unwrap_or(200);
        let around_tet = match from_tet {
            -20..=-1 => 55,
            0..=7 => 30,
            8..=45 => 140,
            _ => 100,
        };
        let weekday = match day.weekday() {
            Weekday::Mon => 130,
            Weekday::Fri => 80,
            _ => 100,
        };
        let of_season = match season {
            Season::Even => 100,
            // Registrations come with the plans of the year.
            Season::Spring => match day.month() {
                1..=3 => 300,
                4..=6 => 80,
                _ => 15,
            },
        };
        grown * around_tet / 100 * weekday / 100 * of_season / 100
    }
}

/// When in the year records of a register come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// All year.
    Even,
    /// Mostly in its first months.
    Spring,
}
