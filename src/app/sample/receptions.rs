//! Sample receptions: those at which petitions were handed over, and as many more.
use super::course::{CLERKS, Ground, stamp};
use super::petitions::{Visit, address};
use super::rng::{Rng, Weighted};
use crate::app::Result;
use crate::app::rules::number_year;
use crate::domain::dialogue::Format;
use crate::domain::petition::PetitionType;
use crate::domain::reception::{Reception, ReceptionMode};
use crate::domain::value::RecordId;
use crate::store::Bulk;
use chrono::NaiveDate;

/// Makes receptions one after another.
#[derive(Debug)]
pub struct Receptions<'a> {
    ground: Ground<'a>,
    rng: Rng,
    officers: &'a [String],
    modes: Weighted<ReceptionMode>,
    kinds: Weighted<Option<PetitionType>>,
}

/// From this many people on visitors are a group (TT 04/2021 Đ3).
const GROUP: i64 = 5;

impl<'a> Receptions<'a> {
    /// With nobody received yet.
    pub fn new(ground: Ground<'a>, rng: Rng, officers: &'a [String]) -> Self {
        Self {
            ground,
            rng,
            officers,
            modes: Weighted::new([
                (ReceptionMode::Regular, 80),
                (ReceptionMode::Scheduled, 16),
                (ReceptionMode::AdHoc, 4),
            ]),
            kinds: Weighted::new([
                (Some(PetitionType::Complaint), 24),
                (Some(PetitionType::Denunciation), 7),
                (Some(PetitionType::Recommendation), 32),
                (Some(PetitionType::Feedback), 30),
                (None, 7),
            ]),
        }
    }

    /// Writes a visit on a day of the span; `handed` is the petition that was handed over.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn write(&mut self, bulk: &mut Bulk, day: usize, handed: Option<&Visit>) -> Result<()> {
        let Some(on) = self.ground.span.date(day) else {
            return Ok(());
        };
        let Some(mut record) = self.make(on, handed) else {
            return Ok(());
        };
        let clerk = self.rng.pick(CLERKS).copied().unwrap_or_default();
        let at = stamp(on, &mut self.rng);
        let year = number_year(&record);
        bulk.add(&mut record, year, (clerk, &at))?;
        Ok(())
    }

    fn make(&mut self, on: NaiveDate, handed: Option<&Visit>) -> Option<Reception> {
        let rng = &mut self.rng;
        let places = self.ground.places;
        let at = match handed {
            Some(visit) => usize::try_from(visit.place).ok(),
            None => places.home(rng, on),
        };
        let unit = places.get(at?)?;
        let matter = match handed {
            Some(visit) => Some(visit.kind),
            None => *self.kinds.pick(rng)?,
        };
        let said = rng.pick(&self.ground.vocab.receptions)?;
        let people = match (handed, rng.below(1000)) {
            (Some(visit), _) => i64::from(visit.signers).min(12),
            (None, 0..=859) => 1,
            (None, 860..=969) => rng.range(2, 4),
            (None, _) => rng.range(GROUP, 42),
        };
        let mode = *self.modes.pick(rng)?;
        let scheduled = mode == ReceptionMode::Scheduled;
        let own = rng.chance(520);
        let mut record = Reception {
            received_on: Some(on),
            unit: Some(unit.unit.clone()),
            mode: Some(mode),
            format: Some(if rng.chance(15) {
                Format::Online
            } else {
                Format::InPerson
            }),
            delegated: Some(scheduled && rng.chance(220)),
            receiver: rng.pick(self.officers).cloned(),
            matter_type: matter,
            people: Some(people),
            group: Some(people >= GROUP),
            first_time: Some(rng.chance(700)),
            content: Some(said.text.to_owned()),
            own_jurisdiction: Some(own),
            petition: handed.map(|visit| RecordId(visit.petition)),
            result: Some(result(rng, handed.is_some(), own).to_owned()),
            ..Reception::default()
        };
        if matter != Some(PetitionType::Denunciation) {
            let who = handed.map_or_else(|| rng.next(), |visit| visit.who);
            let name = self.ground.vocab.person(&mut Rng::new(who, 0), unit.region);
            record.visitor = Some(name);
            record.address = Some(address(self.ground, rng, unit));
        }
        Some(record)
    }
}

fn result(rng: &mut Rng, handed: bool, own: bool) -> &'static str {
    match (handed, own, rng.below(3)) {
        (true, _, 0) => "Nhận đơn, viết giấy biên nhận",
        (true, ..) => "Nhận đơn, hẹn trả lời bằng văn bản",
        (_, true, 0) => "Giải thích, người dân đồng ý",
        (_, true, _) => "Ghi nhận, giao bộ phận chuyên môn trả lời",
        _ => "Hướng dẫn đến cơ quan có thẩm quyền",
    }
}
