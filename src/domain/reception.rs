//! Receptions of citizens: one record a visit (Mẫu 03/TCD, NĐ 154/2026 Đ27; LTCD Đ25.2).
use super::dialogue::Format;
use super::petition::PetitionType;
use super::value::{RecordId, UnitRef};
use crate::{codes, record};
use chrono::NaiveDate;

codes!(
    /// Regular, scheduled (head), ad hoc (head): LTCD Đ2.
    ReceptionMode {
        Regular = "regular",
        Scheduled = "scheduled",
        AdHoc = "ad_hoc",
    }
);

record!(
    /// One visit (lượt).
    Reception, Reception {
        received_on = "received_on": NaiveDate,
        unit = "unit": UnitRef,
        mode = "mode": ReceptionMode,
        format = "format": Format,
        delegated = "delegated": bool,
        receiver = "receiver": String,
        matter_type = "matter_type": PetitionType,
        visitor = "visitor": String,
        address = "address": String,
        people = "people": i64,
        group = "group": bool,
        first_time = "first_time": bool,
        content = "content": String,
        demand = "demand": String,
        earlier_handling = "earlier_handling": String,
        own_jurisdiction = "own_jurisdiction": bool,
        guidance = "guidance": String,
        transferred_to = "transferred_to": String,
        receipt_no = "receipt_no": String,
        result = "result": String,
        petition = "petition": RecordId,
        national_db_on = "national_db_on": NaiveDate,
        note = "note": String,
    }
);
