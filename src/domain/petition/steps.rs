//! Steps of a petition as they are taken.
use super::{Jurisdiction, Outcome};
use crate::codes;
use crate::domain::value::{RecordId, UnitRef, Value};
use chrono::NaiveDate;

codes!(
    /// Steps that can be taken.
    StepKind {
        Classify = "classify",
        Accept = "accept",
        Refuse = "refuse",
        Guide = "guide",
        Forward = "forward",
        Return = "return",
        FileAway = "file_away",
        Reply = "reply",
        Urge = "urge",
        Extend = "extend",
        Suspend = "suspend",
        Resume = "resume",
        Withdraw = "withdraw",
        Terminate = "terminate",
        Resolve = "resolve",
        Execute = "execute",
        Reopen = "reopen",
        Link = "link",
        Unlink = "unlink",
    }
);

codes!(
    /// How much was withdrawn, and whether a denunciation goes on all the same (LKN Đ10, LTC Đ33).
    Extent {
        Whole = "whole",
        Part = "part",
        Continue = "continue",
    }
);

/// One step as taken.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// Row id, 0 before it is stored.
    pub id: i64,
    /// What was done.
    pub kind: Option<StepKind>,
    /// Day on which it was done.
    pub on: Option<NaiveDate>,
    /// Number and date of the document.
    pub document: Option<String>,
    /// Free note.
    pub note: Option<String>,
    /// Addressee of a forward, or who is urged.
    pub to: Option<UnitRef>,
    /// Day by which the addressee is expected to answer.
    pub reply_due: Option<NaiveDate>,
    /// Found at classification.
    pub jurisdiction: Option<Jurisdiction>,
    /// Fit for handling, found at classification.
    pub eligible: Option<bool>,
    /// Grounds for the longer deadline, set on acceptance.
    pub complex: Option<bool>,
    /// Two or more grounds (NĐ 31/2019 Đ3).
    pub very_complex: Option<bool>,
    /// Remote area with difficult travel (LKN Đ28).
    pub remote: Option<bool>,
    /// Outcome of a resolution.
    pub outcome: Option<Outcome>,
    /// Days of an extension.
    pub days: Option<i64>,
    /// Ground of a suspension or of going on.
    pub reason: Option<String>,
    /// All of it was withdrawn.
    pub whole: Option<bool>,
    /// A part of it was withdrawn.
    pub part: Option<bool>,
    /// It was withdrawn, and the matter goes on (LTC Đ33.3).
    pub go_on: Option<bool>,
    /// First petition of the matter that this one is linked to.
    pub lead: Option<RecordId>,
    /// Why the matter was opened again.
    pub why: Option<String>,
    /// When it was entered, ISO with time.
    pub entered_at: String,
    /// Who entered it.
    pub who: String,
}

impl Step {
    /// A field of the step by its key; `Null` for what it does not hold.
    #[must_use]
    pub fn get(&self, key: &str) -> Value {
        use crate::domain::value::Scalar;
        fn v<T: Scalar>(field: Option<&T>) -> Value {
            field.map_or(Value::Null, Scalar::to_value)
        }
        match key {
            "on" => v(self.on.as_ref()),
            "document" => v(self.document.as_ref()),
            "note" => v(self.note.as_ref()),
            "to" => v(self.to.as_ref()),
            "reply_due" => v(self.reply_due.as_ref()),
            "jurisdiction" => v(self.jurisdiction.as_ref()),
            "eligible" => v(self.eligible.as_ref()),
            "complex" => v(self.complex.as_ref()),
            "very_complex" => v(self.very_complex.as_ref()),
            "remote" => v(self.remote.as_ref()),
            "outcome" => v(self.outcome.as_ref()),
            "days" => v(self.days.as_ref()),
            "reason" => v(self.reason.as_ref()),
            "whole" => v(self.whole.as_ref()),
            "part" => v(self.part.as_ref()),
            "continue" => v(self.go_on.as_ref()),
            "lead" => v(self.lead.as_ref()),
            "why" => v(self.why.as_ref()),
            _ => Value::Null,
        }
    }

    /// Sets a field by its key; false when the key or the type is not the step's.
    #[must_use]
    pub fn set(&mut self, key: &str, value: Value) -> bool {
        use crate::domain::value::Scalar;
        fn put<T: Scalar>(field: &mut Option<T>, value: Value) -> bool {
            if value.is_null() {
                *field = None;
                return true;
            }
            *field = T::from_value(value);
            field.is_some()
        }
        match key {
            "on" => put(&mut self.on, value),
            "document" => put(&mut self.document, value),
            "note" => put(&mut self.note, value),
            "to" => put(&mut self.to, value),
            "reply_due" => put(&mut self.reply_due, value),
            "jurisdiction" => put(&mut self.jurisdiction, value),
            "eligible" => put(&mut self.eligible, value),
            "complex" => put(&mut self.complex, value),
            "very_complex" => put(&mut self.very_complex, value),
            "remote" => put(&mut self.remote, value),
            "outcome" => put(&mut self.outcome, value),
            "days" => put(&mut self.days, value),
            "reason" => put(&mut self.reason, value),
            "whole" => put(&mut self.whole, value),
            "part" => put(&mut self.part, value),
            "continue" => put(&mut self.go_on, value),
            "lead" => put(&mut self.lead, value),
            "why" => put(&mut self.why, value),
            _ => false,
        }
    }

    /// How much was withdrawn; none unless exactly one of the three was said.
    #[must_use]
    pub fn extent(&self) -> Option<Extent> {
        let said = [
            (self.whole, Extent::Whole),
            (self.part, Extent::Part),
            (self.go_on, Extent::Continue),
        ];
        let mut said = said.into_iter().filter(|(flag, _)| *flag == Some(true));
        match (said.next(), said.next()) {
            (Some((_, extent)), None) => Some(extent),
            _ => None,
        }
    }

    /// Says how much was withdrawn.
    pub fn set_extent(&mut self, extent: Option<Extent>) {
        self.whole = (extent == Some(Extent::Whole)).then_some(true);
        self.part = (extent == Some(Extent::Part)).then_some(true);
        self.go_on = (extent == Some(Extent::Continue)).then_some(true);
    }
}
