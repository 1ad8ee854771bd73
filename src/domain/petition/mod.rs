//! Petitions: what the book holds, the steps they go through and where they stand.
pub mod book;
mod state;
mod steps;
mod transitions;
pub use state::*;
pub use steps::*;
pub use transitions::*;

use super::value::{RecordId, UnitRef};
use crate::{codes, record};
use chrono::NaiveDate;

codes!(
    /// Type by content, not by the title on the paper (TT 05/2021 Đ6).
    PetitionType {
        Complaint = "complaint",
        Denunciation = "denunciation",
        Recommendation = "recommendation",
        Feedback = "feedback",
    }
);

impl PetitionType {
    /// Complaints and denunciations are matters to resolve; the rest are answered.
    #[must_use]
    pub fn is_case(self) -> bool {
        matches!(self, Self::Complaint | Self::Denunciation)
    }
}

codes!(
    /// What a petition or an opinion is about.
    MatterField {
        Land = "land",
        Policy = "policy",
        Administration = "administration",
        Environment = "environment",
        Judicial = "judicial",
        Party = "party",
        Other = "other",
    }
);
codes!(
    /// How the paper came in.
    Source {
        Post = "post",
        InPerson = "in_person",
        Reception = "reception",
        Forwarded = "forwarded",
        Leader = "leader",
    }
);
codes!(
    /// Whether the matter is this office's to decide.
    Jurisdiction {
        Own = "own",
        Other = "other",
        Unknown = "unknown",
    }
);
codes!(
    /// Where a petition is in its life: the fold of its steps.
    Stage {
        Received = "received",
        Classified = "classified",
        Accepted = "accepted",
        Forwarded = "forwarded",
        Suspended = "suspended",
        Resolved = "resolved",
        ClosedOther = "closed_other",
    }
);
codes!(
    /// How the present deadline stands today; computed, never stored.
    Standing {
        None = "none",
        OnTime = "on_time",
        DueSoon = "due_soon",
        Overdue = "overdue",
        ResolvedOnTime = "resolved_on_time",
        ResolvedLate = "resolved_late",
    }
);
codes!(
    /// How long a petition has been lying unhandled; computed, never stored.
    IdleAlarm {
        None = "none",
        Days35 = "35",
        Days45 = "45",
    }
);
codes!(
    /// What an office may do: a Party body forwards, follows and urges; an administrative body decides.
    Profile {
        Party = "party",
        Administrative = "administrative",
    }
);
codes!(
    /// What the decision or conclusion found (LKN Đ31, Đ40; LTC Đ35), or that an answer was given.
    Outcome {
        Justified = "justified",
        PartlyJustified = "partly_justified",
        Unjustified = "unjustified",
        Upheld = "upheld",
        Changed = "changed",
        Answered = "answered",
    }
);

record!(
    /// One paper (đơn).
    Petition, Petition {
        received_on = "received_on": NaiveDate,
        written_on = "written_on": NaiveDate,
        petition_type = "type": PetitionType,
        instance = "instance": i64,
        previous = "previous": RecordId,
        source = "source": Source,
        forwarded_by = "forwarded_by": String,
        forward_document = "forward_document": String,
        petitioner = "petitioner": String,
        address = "address": String,
        signers = "signers": i64,
        subject = "subject": String,
        content = "content": String,
        demand = "demand": String,
        field = "field": MatterField,
        unit = "unit": UnitRef,
        handler_unit = "handler_unit": UnitRef,
        officer = "officer": String,
        jurisdiction = "jurisdiction": Jurisdiction,
        eligible = "eligible": bool,
        complex = "complex": bool,
        very_complex = "very_complex": bool,
        remote = "remote": bool,
        earlier_handling = "earlier_handling": String,
        originals = "originals": bool,
        sealed_file = "sealed_file": String,
        duplicate_of = "duplicate_of": RecordId,
        national_db_on = "national_db_on": NaiveDate,
        note = "note": String,
        stage = "stage": Stage,
        standing = "standing": Standing,
        due_on = "due_on": NaiveDate,
        days_left = "days_left": i64,
        resolved_on = "resolved_on": NaiveDate,
        outcome = "outcome": Outcome,
        ended = "ended": Ended,
        idle_alarm = "idle_alarm": IdleAlarm,
    }
);

/// Fields of a petition that would tell who wrote it.
pub const WRITER_FIELDS: &[&str] = &["petitioner", "address"];

/// Whether a field may hold anything on a petition of this type: a denunciation keeps no trace of
/// its writer (LTC Đ8.3, Đ56).
#[must_use]
pub fn field_applies(key: &str, petition_type: Option<PetitionType>) -> bool {
    !(petition_type == Some(PetitionType::Denunciation) && WRITER_FIELDS.contains(&key))
}

/// How a deadline stands on `today`; `soon` is the last day that counts as due soon.
#[must_use]
pub fn standing(
    stage: Stage,
    due_on: Option<NaiveDate>,
    resolved_on: Option<NaiveDate>,
    today: NaiveDate,
    soon: NaiveDate,
) -> Standing {
    let Some(due) = due_on else {
        return Standing::None;
    };
    match stage {
        Stage::Suspended | Stage::ClosedOther => Standing::None,
        Stage::Resolved if resolved_on.is_some_and(|on| on > due) => Standing::ResolvedLate,
        Stage::Resolved => Standing::ResolvedOnTime,
        _ if due < today => Standing::Overdue,
        _ if due <= soon => Standing::DueSoon,
        _ => Standing::OnTime,
    }
}
