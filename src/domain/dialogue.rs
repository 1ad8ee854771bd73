//! Dialogues of heads with the people and the opinions raised there (domain reference 5).
use super::petition::MatterField;
use super::value::{RecordId, UnitRef};
use crate::{codes, record};
use chrono::NaiveDate;

codes!(
    /// Why the dialogue is held: QĐ 218-QĐ/TW and Luật 10/2022 Đ32, or Luật 10/2022 Đ27 on a pending decision.
    DialoguePurpose {
        LeaderMeeting = "leader_meeting",
        PendingDecision = "pending_decision",
    }
);
codes!(
    /// Level of the organiser.
    DialogueLevel {
        Commune = "commune",
        District = "district",
        Province = "province",
        Sector = "sector",
        Central = "central",
    }
);
codes!(
    /// In the hall or by video.
    Format {
        InPerson = "in_person",
        Online = "online",
    }
);
codes!(
    /// How an opinion came.
    OpinionSource {
        Direct = "direct",
        Written = "written",
    }
);
codes!(
    /// Where an opinion stands.
    OpinionStatus {
        Open = "open",
        Answered = "answered",
        Forwarded = "forwarded",
    }
);

record!(
    /// One dialogue.
    Dialogue, Dialogue {
        held_on = "held_on": NaiveDate,
        purpose = "purpose": DialoguePurpose,
        unit = "unit": UnitRef,
        level = "level": DialogueLevel,
        chair = "chair": String,
        chair_position = "chair_position": String,
        place = "place": String,
        hours = "hours": String,
        format = "format": Format,
        topic = "topic": String,
        audience = "audience": String,
        participants = "participants": String,
        attendance = "attendance": i64,
        secretary = "secretary": String,
        plan_document = "plan_document": String,
        minutes_no = "minutes_no": String,
        conclusion_no = "conclusion_no": String,
        conclusion_on = "conclusion_on": NaiveDate,
        publicised_on = "publicised_on": NaiveDate,
        note = "note": String,
    }
);

record!(
    /// One opinion raised in a dialogue.
    Opinion, Opinion {
        dialogue = "dialogue": RecordId,
        order = "order": i64,
        content = "content": String,
        field = "field": MatterField,
        source = "source": OpinionSource,
        asker = "asker": String,
        answered_on_spot = "answered_on_spot": bool,
        answered_by = "answered_by": String,
        assigned_unit = "assigned_unit": UnitRef,
        due_on = "due_on": NaiveDate,
        status = "status": OpinionStatus,
        answered_on = "answered_on": NaiveDate,
        result = "result": String,
        document = "document": String,
        informed_on = "informed_on": NaiveDate,
        petition = "petition": RecordId,
        note = "note": String,
    }
);
