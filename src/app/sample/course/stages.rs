//! Which steps a sample petition goes through, and how often each: most go the plain way, a few by every other.
use super::Course;
use crate::app::sample::rng::Rng;
use crate::app::step_rules;
use crate::domain::petition::{Jurisdiction, Outcome, PetitionType, Step, StepKind, outcomes};
use chrono::Days;

/// Why the clock of a matter stands still.
const PAUSES: &[&str] = &[
    "Chờ kết quả giám định",
    "Chờ kết quả giải quyết của cơ quan khác có liên quan",
    "Người gửi ốm nặng, có giấy xác nhận của cơ sở y tế",
];
/// Why it goes on.
const GOES_ON: &[&str] = &["Đã có kết quả giám định", "Lý do tạm đình chỉ không còn"];
/// Why a matter is opened again.
const AGAIN: &[&str] = &[
    "Có tình tiết mới chưa được xem xét",
    "Kết luận chưa đủ căn cứ, phải xác minh lại",
    "Ghi nhầm đơn",
];

fn document(rng: &mut Rng, book: &str) -> Option<String> {
    Some(format!("{}/{book}", rng.range(1, 1200)))
}

fn one_of(rng: &mut Rng, texts: &[&str]) -> Option<String> {
    rng.pick(texts).map(|s| (*s).to_owned())
}

impl Course<'_> {
    /// From the paper to its end, as far as today reaches.
    pub(super) fn stages(&mut self) -> Option<()> {
        self.link()?;
        let duplicate = self.petition.duplicate_of.is_some();
        let eligible = !self.rng.chance(80);
        let own = self.rng.chance(match self.petition.petition_type {
            Some(PetitionType::Complaint) => 480,
            Some(PetitionType::Denunciation) => 440,
            Some(PetitionType::Recommendation) => 560,
            _ => 620,
        });
        if duplicate || !eligible || !self.rng.chance(120) {
            self.pace(55)?;
            self.take(StepKind::Classify, |step, _, _| {
                step.eligible = Some(eligible);
                step.jurisdiction = Some(if own {
                    Jurisdiction::Own
                } else {
                    Jurisdiction::Other
                });
            })?;
        }
        self.pace(90)?;
        if self.rng.chance(7) {
            return self.withdraw(|step| step.whole = Some(true));
        }
        if duplicate {
            return self.take(StepKind::FileAway, |_, _, _| {});
        }
        if !eligible {
            return self.put_off(own);
        }
        if own { self.decide() } else { self.send_on() }
    }

    /// A paper of a matter that is in the book already; now and then that proves wrong.
    fn link(&mut self) -> Option<()> {
        let Some(lead) = self.lead else {
            return Some(());
        };
        self.later(0, 4)?;
        self.take(StepKind::Link, |step, _, _| step.lead = Some(lead))?;
        if self.rng.chance(60) {
            self.later(1, 5)?;
            self.take(StepKind::Unlink, |_, _, _| {})?;
        }
        Some(())
    }

    /// What cannot be handled: refused, guided, given back or filed away.
    fn put_off(&mut self, own: bool) -> Option<()> {
        let kind = match self.rng.below(100) {
            0..=29 if own && self.is_case() => StepKind::Refuse,
            0..=44 if self.may(StepKind::Guide) => StepKind::Guide,
            45..=64 => StepKind::Return,
            _ => StepKind::FileAway,
        };
        let book = match kind {
            StepKind::Refuse => "TB-KTL",
            StepKind::Guide => "HD-TCD",
            StepKind::Return => "PB-TĐ",
            _ => "LĐ",
        };
        self.take(kind, |step, rng, _| step.document = document(rng, book))
    }

    fn is_case(&self) -> bool {
        let kind = self.petition.petition_type;
        kind.is_some_and(PetitionType::is_case)
    }

    fn is_secret(&self) -> bool {
        self.petition.petition_type == Some(PetitionType::Denunciation)
    }

    /// Own matters: accepted where the law asks for it, then resolved.
    fn decide(&mut self) -> Option<()> {
        let (case, secret) = (self.is_case(), self.is_secret());
        if case || self.rng.chance(300) {
            self.take(StepKind::Accept, |step, rng, _| {
                step.document = Some(format!("{}/TB-TL", rng.range(1, 900)));
                let complex = case && rng.chance(130);
                step.complex = Some(complex);
                step.very_complex = Some(complex && secret && rng.chance(250));
                step.remote = Some(case && rng.chance(30));
            })?;
            if case {
                self.meanwhile()?;
            }
            if self.state.ended.is_some() {
                return Some(());
            }
            self.pace(95)?;
        }
        self.resolve()?;
        if self.rng.chance(6) {
            self.later(5, 40)?;
            self.take(StepKind::Reopen, |step, rng, _| {
                step.why = one_of(rng, AGAIN)
            })?;
            self.later(3, 20)?;
            self.resolve()?;
        }
        if case && self.rng.chance(300) {
            self.later(8, 60)?;
            self.take(StepKind::Execute, |step, rng, _| {
                step.document = document(rng, "BC");
            })?;
        }
        Some(())
    }

    fn resolve(&mut self) -> Option<()> {
        let kind = self.petition.petition_type;
        let can = outcomes(kind, self.petition.instance.unwrap_or(1));
        let outcome = self.outcome(can);
        let book = match (self.is_case(), self.is_secret()) {
            (_, true) => "KL-UBND",
            (true, false) => "QĐ-UBND",
            _ => "CV-TL",
        };
        self.take(StepKind::Resolve, |step, rng, _| {
            step.outcome = outcome;
            step.document = Some(format!("{}/{book}", rng.range(1, 2400)));
        })
    }

    /// What comes between acceptance and decision in a few matters.
    fn meanwhile(&mut self) -> Option<()> {
        match self.rng.below(1000) {
            0..=29 => {
                self.within(15, 80)?;
                return self.withdraw(|step| step.whole = Some(true));
            }
            30..=44 => {
                self.within(15, 60)?;
                self.withdraw(|step| step.part = Some(true))?;
            }
            45..=59 if self.is_secret() => {
                self.within(15, 60)?;
                self.withdraw(|step| step.go_on = Some(true))?;
            }
            60..=67 => {
                self.within(30, 80)?;
                return self.take(StepKind::Terminate, |step, rng, _| {
                    step.document = document(rng, "QĐ-ĐC");
                });
            }
            68..=107 => {
                self.within(20, 70)?;
                self.take(StepKind::Suspend, |step, rng, _| {
                    step.reason = one_of(rng, PAUSES);
                    step.document = document(rng, "QĐ-TĐC");
                })?;
                self.later(8, 75)?;
                self.take(StepKind::Resume, |step, rng, _| {
                    step.reason = one_of(rng, GOES_ON);
                })?;
            }
            _ => {}
        }
        let often = match (self.is_secret(), self.petition.complex) {
            (true, Some(true)) => 500,
            (false, Some(false)) => 50,
            _ => 0,
        };
        if self.rng.chance(often) {
            self.within(55, 90)?;
            self.extend();
        }
        Some(())
    }

    fn withdraw(&mut self, how: impl FnOnce(&mut Step)) -> Option<()> {
        self.take(StepKind::Withdraw, |step, _, _| how(step))
    }

    /// A written extension, where the rules have room for it.
    fn extend(&mut self) {
        let on = self.ground.span.date(self.at);
        let days = if self.is_secret() { 30 } else { 15 };
        let step = Step {
            on,
            days: Some(days),
            ..Step::default()
        };
        let env = &self.deadlines.env;
        let fits = on.is_some_and(|on| {
            step_rules::extend(env, &self.petition, &self.state, &step, on).is_ok()
        });
        if fits {
            // Where it is not allowed now, the matter goes on without it.
            let _ = self.take(StepKind::Extend, |step, rng, _| {
                step.days = Some(days);
                step.document = document(rng, "QĐ-GH");
            });
        }
    }

    /// More matters prove unfounded than founded, as the yearly reports have it.
    fn outcome(&mut self, can: &'static [Outcome]) -> Option<Outcome> {
        let at = match (can.len(), self.rng.below(100)) {
            (3, 0..=17) => 0,
            (3, 18..=41) => 1,
            (3, _) => 2,
            (2, 0..=71) => 0,
            (2, _) => 1,
            _ => 0,
        };
        can.get(at).copied()
    }

    /// Matters of others: forwarded, and mostly answered; now and then the sender is told where to go.
    fn send_on(&mut self) -> Option<()> {
        if self.rng.chance(70) && self.may(StepKind::Guide) {
            return self.take(StepKind::Guide, |step, rng, _| {
                step.document = document(rng, "HD-TCD");
            });
        }
        let at = self.ground.span.date(self.at).and_then(|on| {
            let codes = &["UB.", "CA.T86", "TU.", "MT."];
            self.ground.places.office(self.rng, on, codes)
        });
        self.sent_to = at;
        self.take(StepKind::Forward, |step, rng, ground| {
            let on = step.on.unwrap_or_default();
            let to = at.and_then(|at| ground.places.get(at));
            step.to = to.map(|place| place.unit.clone());
            step.document = Some(format!("{}/PC-TCD", rng.range(1, 1500)));
            if rng.chance(880) {
                let days = [15_u64, 20, 30].get(rng.below(3)).copied().unwrap_or(30);
                step.reply_due = on.checked_add_days(Days::new(days));
            }
        })?;
        // Only of late does anyone still wait: an office urges until it has its answer.
        if self.recent() && self.rng.chance(60) {
            return self.wait(usize::MAX);
        }
        self.pace(95)?;
        self.take(StepKind::Reply, |step, rng, _| {
            if rng.chance(700) {
                step.document = Some(format!("{}/CV", rng.range(1, 3000)));
            }
        })
    }

    /// Some days later.
    fn later(&mut self, from: i64, to: i64) -> Option<()> {
        let days = self.some(from, to);
        self.at = self.ground.span.working(self.at + days)?;
        Some(())
    }

    /// Within these hundredths of the time that is left.
    fn within(&mut self, from: i64, to: i64) -> Option<()> {
        let now = self.ground.span.date(self.at)?;
        let (due, _) = self.due()?;
        let left = (due - now).num_days().max(0);
        self.later(left * from / 100, left * to / 100)
    }
}
