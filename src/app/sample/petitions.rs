//! Sample petitions, in the order of their receipt.
use super::course::{CLERKS, Course, Deadlines, Ground, stamp};
use super::places::Place;
use super::rng::{Rng, Weighted};
use super::vocab::{Phrase, capital, small};
use crate::app::Result;
use crate::app::rules::number_year;
use crate::domain::petition::{Jurisdiction, Petition, PetitionType, Source, State};
use crate::domain::value::RecordId;
use crate::store::Bulk;
use chrono::{Days, NaiveDate};

/// Earlier petitions that later ones may belong to.
const REMEMBERED: usize = 96;
/// Days within which a paper is sent twice.
const TWICE_WITHIN: usize = 45;
/// Days within which a first decision is appealed.
const APPEAL_WITHIN: i64 = 40;

/// A visit at which a petition was handed over.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// The petition.
    pub petition: i64,
    /// Day of the span.
    pub day: u32,
    /// The unit it is about.
    pub place: u32,
    /// From which the name of the visitor is drawn again.
    pub who: u64,
    /// How many signed.
    pub signers: u32,
    /// Type of the petition.
    pub kind: PetitionType,
}

/// A petition that others may follow.
#[derive(Debug, Clone)]
struct Past {
    id: i64,
    day: usize,
    resolved_on: Option<NaiveDate>,
    petition: Petition,
    place: usize,
    who: u64,
}

/// Makes petitions one after another.
#[derive(Debug)]
pub struct Petitions<'a> {
    ground: Ground<'a>,
    deadlines: Deadlines,
    rng: Rng,
    officers: &'a [String],
    kinds: Weighted<PetitionType>,
    sources: Weighted<Source>,
    past: Vec<Past>,
    next_past: usize,
    /// Visits at which petitions were handed over, in the order of days.
    pub visits: Vec<Visit>,
}

/// A petition with what the generator must remember of it.
struct Made {
    petition: Petition,
    place: usize,
    who: u64,
    /// The first paper of its matter, to be found out later.
    lead: Option<RecordId>,
}

impl<'a> Petitions<'a> {
    /// With nothing received yet.
    pub fn new(ground: Ground<'a>, deadlines: Deadlines, rng: Rng, officers: &'a [String]) -> Self {
        use PetitionType::{Complaint, Denunciation, Feedback, Recommendation};
        Self {
            ground,
            deadlines,
            rng,
            officers,
            kinds: Weighted::new([
                (Complaint, 29),
                (Denunciation, 11),
                (Recommendation, 32),
                (Feedback, 28),
            ]),
            sources: Weighted::new([
                (Source::Post, 37),
                (Source::InPerson, 27),
                (Source::Reception, 17),
                (Source::Forwarded, 14),
                (Source::Leader, 5),
            ]),
            past: Vec::new(),
            next_past: 0,
            visits: Vec::new(),
        }
    }

    /// Writes the next petition, received on the `day`-th day of the span.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn write(&mut self, bulk: &mut Bulk, day: usize) -> Result<()> {
        let Some(on) = self.ground.span.date(day) else {
            return Ok(());
        };
        let Some(made) = self.make(on, day) else {
            return Ok(());
        };
        let clerk = self.rng.pick(CLERKS).copied().unwrap_or_default();
        let at = stamp(on, &mut self.rng);
        let (petition, steps, kept, state, due) = {
            let mut course = Course::new(
                self.ground,
                &mut self.deadlines,
                &mut self.rng,
                made.petition,
                day,
            );
            course.lead = made.lead;
            course.run();
            let due = course.due();
            (
                course.petition,
                course.steps,
                course.kept,
                course.state,
                due,
            )
        };
        let mut petition = petition;
        let year = number_year(&petition);
        let id = bulk.add_petition(
            &mut petition,
            year,
            (clerk, &at),
            (&steps, &kept),
            (&state, due),
        )?;
        self.remember(id, day, petition, &state, (made.place, made.who));
        Ok(())
    }

    fn remember(
        &mut self,
        id: i64,
        day: usize,
        petition: Petition,
        state: &State,
        (place, who): (usize, u64),
    ) {
        if petition.source == Some(Source::Reception) {
            self.visits.push(Visit {
                petition: id,
                day: u32::try_from(day).unwrap_or(0),
                place: u32::try_from(place).unwrap_or(0),
                who,
                signers: u32::try_from(petition.signers.unwrap_or(1)).unwrap_or(1),
                kind: petition.petition_type.unwrap_or(PetitionType::Feedback),
            });
        }
        // Every seventh is enough to follow up.
        if petition.duplicate_of.is_some() || !self.rng.chance(150) {
            return;
        }
        let past = Past {
            id,
            day,
            resolved_on: state.resolved_on,
            petition,
            place,
            who,
        };
        if self.past.len() < REMEMBERED {
            self.past.push(past);
        } else if let Some(slot) = self.past.get_mut(self.next_past) {
            *slot = past;
            self.next_past = (self.next_past + 1) % REMEMBERED;
        }
    }

    fn make(&mut self, on: NaiveDate, day: usize) -> Option<Made> {
        if self.rng.chance(35)
            && let Some(made) = self.again(on, day)
        {
            return Some(made);
        }
        if self.rng.chance(25)
            && let Some(made) = self.appeal(on)
        {
            return Some(made);
        }
        self.fresh(on)
    }

    fn fresh(&mut self, on: NaiveDate) -> Option<Made> {
        let kind = *self.kinds.pick(&mut self.rng)?;
        let phrase = self.ground.vocab.subject(&mut self.rng, kind)?;
        let places = self.ground.places;
        let place = match self.rng.below(100) {
            0..=4 => places.away(&mut self.rng, on),
            5..=12 => places.office(&mut self.rng, on, &["UB.S", "UB.TT", "CA.T86"]),
            _ => places.home(&mut self.rng, on),
        }
        .or_else(|| places.home(&mut self.rng, on))?;
        let unit = places.get(place)?.clone();
        let who = self.rng.next();
        let mut petition = Petition {
            received_on: Some(on),
            petition_type: Some(kind),
            instance: Some(1),
            field: phrase.field,
            unit: Some(unit.unit.clone()),
            jurisdiction: Some(Jurisdiction::Unknown),
            complex: Some(false),
            very_complex: Some(false),
            remote: Some(false),
            ..Petition::default()
        };
        self.matter(&mut petition, phrase, &unit);
        self.paper(&mut petition, on);
        self.writer(&mut petition, who, &unit);
        Some(Made {
            petition,
            place,
            who,
            lead: None,
        })
    }

    /// What it is about.
    fn matter(&mut self, petition: &mut Petition, phrase: Phrase, unit: &Place) {
        let hamlet = self.ground.vocab.hamlet(&mut self.rng, unit.urban);
        let subject = if unit.level == "commune" {
            format!("{} tại {hamlet}", capital(phrase.text))
        } else {
            capital(phrase.text)
        };
        let place = small(&unit.name);
        if self.rng.chance(220) {
            petition.content = Some(match self.rng.below(3) {
                0 => format!("Người gửi trình bày: {}, {place}.", phrase.text),
                1 => format!("Trình bày việc {}; kèm giấy tờ liên quan.", phrase.text),
                _ => format!("{subject}, {place}; sự việc kéo dài nhiều tháng."),
            });
        }
        if self.rng.chance(150) {
            let demand = [
                "Đề nghị xem xét, trả lời bằng văn bản",
                "Đề nghị kiểm tra thực tế và giải quyết dứt điểm",
                "Đề nghị xem xét lại cách giải quyết",
                "Đề nghị được đối thoại trực tiếp",
            ];
            petition.demand = self.rng.pick(&demand).map(|s| (*s).to_owned());
        }
        petition.subject = Some(subject);
    }

    /// How it came and who has it.
    fn paper(&mut self, petition: &mut Petition, on: NaiveDate) {
        let source = self.sources.pick(&mut self.rng).copied();
        let ago = if source == Some(Source::Reception) {
            3
        } else {
            14
        };
        let days = u64::try_from(self.rng.range(0, ago)).unwrap_or(0);
        petition.source = source;
        petition.written_on = on.checked_sub_days(Days::new(days));
        if source == Some(Source::Forwarded) {
            petition.forwarded_by = self
                .rng
                .pick(&self.ground.vocab.senders)
                .map(|s| (*s).to_owned());
            petition.forward_document = Some(format!("{}/PC-MTTQ", self.rng.range(1, 600)));
        }
        let handler = self
            .ground
            .places
            .office(&mut self.rng, on, &["UB.TCD", "UB.TTR", "UB.VP", "TU.B"])
            .and_then(|at| self.ground.places.get(at));
        petition.handler_unit = handler.map(|place| place.unit.clone());
        petition.officer = self.rng.pick(self.officers).cloned();
        petition.originals = self.rng.chance(60).then_some(true);
        if petition.petition_type == Some(PetitionType::Denunciation) {
            petition.sealed_file = Some(format!("HS {}-M", self.rng.range(1, 990)));
        }
    }

    /// Who wrote it; of a denunciation nothing is kept (LTC Đ8.3, Đ56).
    fn writer(&mut self, petition: &mut Petition, who: u64, unit: &Place) {
        let together = self.rng.chance(60);
        petition.signers = Some(if together { self.rng.range(2, 34) } else { 1 });
        if petition.petition_type == Some(PetitionType::Denunciation) {
            return;
        }
        let vocab = self.ground.vocab;
        petition.petitioner = Some(vocab.person(&mut Rng::new(who, 0), unit.region));
        petition.address = Some(address(self.ground, &mut self.rng, unit));
    }

    /// The same paper once more.
    fn again(&mut self, on: NaiveDate, day: usize) -> Option<Made> {
        let past = self.rng.pick(&self.past)?.clone();
        let unit = self.ground.places.get(past.place)?;
        if past.day >= day || day - past.day > TWICE_WITHIN || !unit.valid_on(on) {
            return None;
        }
        let first = past.petition;
        let mut petition = Petition {
            received_on: Some(on),
            petition_type: first.petition_type,
            instance: first.instance,
            previous: first.previous,
            field: first.field,
            unit: first.unit,
            petitioner: first.petitioner,
            address: first.address,
            signers: first.signers,
            subject: first.subject,
            jurisdiction: Some(Jurisdiction::Unknown),
            complex: Some(false),
            very_complex: Some(false),
            remote: Some(false),
            duplicate_of: Some(RecordId(past.id)),
            ..Petition::default()
        };
        // Known when it came, or found out later.
        let lead = if self.rng.chance(500) {
            petition.duplicate_of.take()
        } else {
            None
        };
        self.paper(&mut petition, on);
        Some(Made {
            petition,
            place: past.place,
            who: past.who,
            lead,
        })
    }

    /// A complaint about the first decision (LKN Đ33).
    fn appeal(&mut self, on: NaiveDate) -> Option<Made> {
        let fits = |past: &&Past| {
            past.petition.petition_type == Some(PetitionType::Complaint)
                && past.petition.instance == Some(1)
                && past
                    .resolved_on
                    .is_some_and(|d| (1..=APPEAL_WITHIN).contains(&(on - d).num_days()))
                && self
                    .ground
                    .places
                    .get(past.place)
                    .is_some_and(|unit| unit.valid_on(on))
        };
        let past = self.past.iter().find(fits)?.clone();
        let first = past.petition;
        let mut petition = Petition {
            received_on: Some(on),
            petition_type: first.petition_type,
            instance: Some(2),
            previous: Some(RecordId(past.id)),
            field: first.field,
            unit: first.unit,
            petitioner: first.petitioner,
            address: first.address,
            signers: first.signers,
            subject: first.subject,
            earlier_handling: Some("Đã có quyết định giải quyết lần đầu".into()),
            jurisdiction: Some(Jurisdiction::Unknown),
            complex: Some(false),
            very_complex: Some(false),
            remote: Some(false),
            ..Petition::default()
        };
        self.paper(&mut petition, on);
        Some(Made {
            petition,
            place: past.place,
            who: past.who,
            lead: None,
        })
    }
}

/// An address in or near a unit.
pub fn address(ground: Ground, rng: &mut Rng, unit: &Place) -> String {
    let hamlet = ground.vocab.hamlet(rng, unit.urban);
    let within = if unit.level == "commune" {
        format!(", {}", small(&unit.name))
    } else {
        String::new()
    };
    if unit.urban {
        let street = rng.pick(&ground.vocab.streets).copied().unwrap_or_default();
        return format!("{} {street}, {hamlet}{within}", rng.range(1, 480));
    }
    format!("{hamlet}{within}")
}
