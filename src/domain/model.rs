//! «Dân vận khéo» registrations (domain reference 4.1–4.4).
use super::value::{RecordId, UnitRef};
use crate::{codes, record};
use chrono::NaiveDate;

codes!(
    /// What is registered: a way of working or an exemplary collective or person.
    ModelKind {
        Model = "model",
        Exemplar = "exemplar",
    }
);
codes!(
    /// Who registers.
    Registrant {
        Collective = "collective",
        Individual = "individual",
    }
);
codes!(
    /// The four standard fields of the movement.
    ModelField {
        Economy = "economy",
        CultureSociety = "culture_society",
        DefenceSecurity = "defence_security",
        PoliticalSystem = "political_system",
    }
);
codes!(
    /// Level of registration; `district` only before 1/7/2025.
    ModelLevel {
        Grassroots = "grassroots",
        District = "district",
        Province = "province",
        Central = "central",
    }
);
codes!(
    /// Life cycle of a registration.
    ModelStatus {
        Registered = "registered",
        UnderReview = "under_review",
        Recognised = "recognised",
        Replicated = "replicated",
        NotRecognised = "not_recognised",
        Ended = "ended",
        Withdrawn = "withdrawn",
    }
);
codes!(
    /// New this year or carried on from the year before.
    Renewal {
        New = "new",
        Continued = "continued",
    }
);
codes!(
    /// What the review found.
    Assessment {
        Effective = "effective",
        Limited = "limited",
        Ineffective = "ineffective",
    }
);

record!(
    /// One registration.
    Model, Model {
        name = "name": String,
        year = "year": i64,
        model_kind = "model_kind": ModelKind,
        registrant = "registrant": Registrant,
        registrant_name = "registrant_name": String,
        registrant_position = "registrant_position": String,
        unit = "unit": UnitRef,
        field = "field": ModelField,
        level = "level": ModelLevel,
        registered_on = "registered_on": NaiveDate,
        status = "status": ModelStatus,
        tags = "tags": Vec<String>,
        renewal = "renewal": Renewal,
        previous = "previous": RecordId,
        starts_on = "starts_on": NaiveDate,
        ends_on = "ends_on": NaiveDate,
        area = "area": String,
        beneficiaries = "beneficiaries": i64,
        situation = "situation": String,
        goal = "goal": String,
        method = "method": String,
        forces = "forces": String,
        partners = "partners": String,
        led_by = "led_by": String,
        resources = "resources": String,
        output = "output": String,
        sustainability = "sustainability": String,
        result = "result": String,
        assessment = "assessment": Assessment,
        assessed_by = "assessed_by": String,
        assessed_on = "assessed_on": NaiveDate,
        recognised_by = "recognised_by": String,
        decision_no = "decision_no": String,
        decision_on = "decision_on": NaiveDate,
        replicated_at = "replicated_at": String,
        award = "award": String,
        note = "note": String,
    }
);
