//! Sample dialogues with their opinions, and sample models.
use super::course::{CLERKS, Ground, stamp};
use super::places::Place;
use super::rng::{Rng, Weighted};
use super::vocab::{Phrase, small};
use crate::app::Result;
use crate::app::rules::number_year;
use crate::domain::dialogue::{
    Dialogue, DialogueLevel, DialoguePurpose, Format, Opinion, OpinionSource, OpinionStatus,
};
use crate::domain::model::{
    Assessment, Model, ModelKind, ModelLevel, ModelStatus, Registrant, Renewal,
};
use crate::domain::value::RecordId;
use crate::store::Bulk;
use chrono::{Datelike, Days, NaiveDate};

/// A dialogue that was written.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    id: i64,
    on: NaiveDate,
    topic: Phrase,
}

/// Makes dialogues and models one after another.
#[derive(Debug)]
pub struct Meetings<'a> {
    ground: Ground<'a>,
    rng: Rng,
    today: NaiveDate,
    statuses: Weighted<ModelStatus>,
}

impl<'a> Meetings<'a> {
    /// With nothing held and nothing registered yet.
    pub fn new(ground: Ground<'a>, rng: Rng, today: NaiveDate) -> Self {
        Self {
            ground,
            rng,
            today,
            statuses: Weighted::new([
                (ModelStatus::Recognised, 58),
                (ModelStatus::Replicated, 9),
                (ModelStatus::NotRecognised, 8),
                (ModelStatus::Ended, 21),
                (ModelStatus::Withdrawn, 4),
            ]),
        }
    }

    fn clerk(&mut self, on: NaiveDate) -> (&'static str, String) {
        let who = self.rng.pick(CLERKS).copied().unwrap_or_default();
        (who, stamp(on, &mut self.rng))
    }

    fn commune(&mut self, on: NaiveDate) -> Option<&'a Place> {
        let places = self.ground.places;
        places.get(places.home(&mut self.rng, on)?)
    }

    /// Some days later, if that is not after today.
    fn later(&mut self, on: NaiveDate, from: i64, to: i64) -> Option<NaiveDate> {
        let days = u64::try_from(self.rng.range(from, to)).unwrap_or(0);
        on.checked_add_days(Days::new(days))
            .filter(|day| *day <= self.today)
    }

    /// Writes a dialogue and gives what its opinions follow from.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn write_dialogue(&mut self, bulk: &mut Bulk, day: usize) -> Result<Option<Held>> {
        let Some(on) = self.ground.span.date(day) else {
            return Ok(None);
        };
        let Some((mut dialogue, topic)) = self.dialogue(on) else {
            return Ok(None);
        };
        let (who, at) = self.clerk(on);
        let id = bulk.add(&mut dialogue, None, (who, &at))?;
        Ok(Some(Held { id, on, topic }))
    }

    /// Writes the opinions of a dialogue.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn write_opinions(&mut self, bulk: &mut Bulk, held: &Held) -> Result<()> {
        for order in 1..=self.rng.range(3, 8) {
            if let Some(mut opinion) = self.opinion(held, order) {
                let (who, at) = self.clerk(held.on);
                bulk.add(&mut opinion, None, (who, &at))?;
            }
        }
        Ok(())
    }

    fn dialogue(&mut self, on: NaiveDate) -> Option<(Dialogue, Phrase)> {
        let places = self.ground.places;
        let above = self.rng.chance(120);
        let place = if above {
            places.get(places.office(&mut self.rng, on, &["UB.T86", "TU"])?)?
        } else {
            self.commune(on)?
        };
        let (level, chairs) = if above {
            (DialogueLevel::Province, "province")
        } else {
            (DialogueLevel::Commune, "commune")
        };
        let topic = *self.rng.pick(&self.ground.vocab.topics)?;
        let positions: Vec<&str> = self
            .ground
            .vocab
            .chairs
            .iter()
            .filter(|(l, _)| *l == chairs)
            .map(|(_, position)| *position)
            .collect();
        let venue = self.rng.pick(&self.ground.vocab.venues).copied();
        let online = self.rng.chance(50);
        let closing = self.later(on, 3, 15);
        Some((
            Dialogue {
                held_on: Some(on),
                purpose: Some(if self.rng.chance(60) {
                    DialoguePurpose::PendingDecision
                } else {
                    DialoguePurpose::LeaderMeeting
                }),
                unit: Some(place.unit.clone()),
                level: Some(level),
                chair: Some(self.ground.vocab.person(&mut self.rng, place.region)),
                chair_position: self.rng.pick(&positions).map(|s| (*s).to_owned()),
                place: venue.map(str::to_owned),
                format: Some(if online {
                    Format::Online
                } else {
                    Format::InPerson
                }),
                topic: Some(topic.text.to_owned()),
                attendance: Some(self.rng.range(25, 240)),
                minutes_no: Some(format!("{}/BB", self.rng.range(1, 160))),
                conclusion_no: closing.map(|_| format!("{}/TB-KL", self.rng.range(1, 220))),
                conclusion_on: closing,
                ..Dialogue::default()
            },
            topic,
        ))
    }

    fn opinion(&mut self, held: &Held, order: i64) -> Option<Opinion> {
        let on = held.on;
        let vocab = self.ground.vocab;
        // Most speak to the topic; some use the occasion.
        let mut said = *self.rng.pick(&vocab.opinions)?;
        for _ in 0..4 {
            if said.field == held.topic.field {
                break;
            }
            said = *self.rng.pick(&vocab.opinions)?;
        }
        let on_spot = self.rng.chance(430);
        let mut opinion = Opinion {
            dialogue: Some(RecordId(held.id)),
            order: Some(order),
            content: Some(said.text.to_owned()),
            field: said.field,
            source: Some(if self.rng.chance(150) {
                OpinionSource::Written
            } else {
                OpinionSource::Direct
            }),
            answered_on_spot: Some(on_spot),
            status: Some(OpinionStatus::Open),
            ..Opinion::default()
        };
        if on_spot {
            opinion.status = Some(OpinionStatus::Answered);
            opinion.answered_on = Some(on);
            opinion.result = vocab.results.first().map(|s| (*s).to_owned());
            return Some(opinion);
        }
        let places = self.ground.places;
        let to = if self.rng.chance(450) {
            self.commune(on)
        } else {
            places
                .office(&mut self.rng, on, &["UB.S", "CA.T86", "MT."])
                .and_then(|at| places.get(at))
        };
        opinion.assigned_unit = to.map(|place| place.unit.clone());
        let days = [15_u64, 20, 30, 45]
            .get(self.rng.below(4))
            .copied()
            .unwrap_or(30);
        opinion.due_on = on.checked_add_days(Days::new(days));
        let most = i64::try_from(days).unwrap_or(30) * if self.rng.chance(80) { 2 } else { 1 };
        let span = self.ground.span;
        let recent = span
            .date(span.len().saturating_sub(1))
            .is_none_or(|today| (today - on).num_days() < 200);
        if (!recent || self.rng.chance(900))
            && let Some(answered) = self.later(on, 4, most)
        {
            opinion.answered_on = Some(answered);
            opinion.status = Some(if recent && self.rng.chance(90) {
                OpinionStatus::Forwarded
            } else {
                OpinionStatus::Answered
            });
            opinion.result = self.rng.pick(&vocab.results).map(|s| (*s).to_owned());
        }
        Some(opinion)
    }

    /// Writes a registration.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn write_model(&mut self, bulk: &mut Bulk, day: usize) -> Result<()> {
        let Some(on) = self.ground.span.date(day) else {
            return Ok(());
        };
        let Some(mut model) = self.model(on) else {
            return Ok(());
        };
        let (who, at) = self.clerk(on);
        let year = number_year(&model);
        bulk.add(&mut model, year, (who, &at))?;
        Ok(())
    }

    fn model(&mut self, on: NaiveDate) -> Option<Model> {
        let vocab = self.ground.vocab;
        let place = self.commune(on)?;
        let (name, field) = *self.rng.pick(&vocab.models)?;
        let hamlet = vocab.hamlet(&mut self.rng, place.urban);
        let individual = self.rng.chance(240);
        let group = self.rng.pick(&vocab.groups).copied().unwrap_or_default();
        let registrant = if individual {
            vocab.person(&mut self.rng, place.region)
        } else {
            format!("{group} {hamlet}, {}", small(&place.name))
        };
        let crime = self.rng.chance(400) && name.contains("an ninh") || name.contains("tội phạm");
        let level = match self.rng.below(100) {
            0..=85 => ModelLevel::Grassroots,
            // The district level is gone since 1/7/2025.
            86..=95 if on.year() < 2025 => ModelLevel::District,
            _ => ModelLevel::Province,
        };
        let mut model = Model {
            name: Some(name.to_owned()),
            year: Some(i64::from(on.year())),
            model_kind: Some(if individual {
                ModelKind::Exemplar
            } else {
                ModelKind::Model
            }),
            registrant: Some(if individual {
                Registrant::Individual
            } else {
                Registrant::Collective
            }),
            registrant_name: Some(registrant),
            unit: Some(place.unit.clone()),
            field,
            level: Some(level),
            registered_on: Some(on),
            status: Some(ModelStatus::Registered),
            tags: crime.then(|| vec!["crime_prevention".to_owned()]),
            renewal: Some(if self.rng.chance(300) {
                Renewal::Continued
            } else {
                Renewal::New
            }),
            starts_on: Some(on),
            area: Some(format!("{hamlet}, {}", small(&place.name))),
            beneficiaries: Some(self.rng.range(12, 460)),
            ..Model::default()
        };
        self.review(&mut model, on);
        Some(model)
    }

    /// What the review at the end of the year found.
    fn review(&mut self, model: &mut Model, on: NaiveDate) {
        let Some(reviewed) = self.later(on, 180, 330) else {
            if self.rng.chance(200) {
                model.status = Some(ModelStatus::UnderReview);
            }
            return;
        };
        let status = self
            .statuses
            .pick(&mut self.rng)
            .copied()
            .unwrap_or(ModelStatus::Recognised);
        model.status = Some(status);
        if status == ModelStatus::Withdrawn {
            return;
        }
        model.assessed_on = Some(reviewed);
        model.assessment = Some(match status {
            ModelStatus::NotRecognised => Assessment::Ineffective,
            ModelStatus::Ended => Assessment::Limited,
            _ => Assessment::Effective,
        });
        if matches!(status, ModelStatus::Recognised | ModelStatus::Replicated) {
            model.decision_no = Some(format!("{}/QĐ-CN", self.rng.range(1, 900)));
            model.decision_on = Some(reviewed);
        }
    }
}
