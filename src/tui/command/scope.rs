//! The kinds of place that keys are pressed in.

/// The kind of place that keys are pressed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The overview.
    Home,
    /// The tree of units.
    Tree,
    /// A list of records.
    List,
    /// One record.
    Card,
    /// The table of rates.
    Rates,
    /// Reported figures computed again.
    Check,
    /// A form: every plain key is text.
    Form,
    /// A choice among rows, with a line that filters them.
    Pick,
    /// A question that is answered by typing.
    Ask,
    /// Find: a line of text and the results under it.
    Find,
    /// A text to read: why, history.
    Read,
    /// Work by day and week.
    Agenda,
    /// The calendar of a year.
    Days,
    /// Rules and settings of the office.
    Setup,
    /// What was done, to take it back.
    Done,
    /// A file on its way into a register.
    Import,
}

impl Scope {
    /// Every scope, in the order of the bits of [`Scopes`].
    pub const ALL: [Scope; 16] = [
        Scope::Home,
        Scope::Tree,
        Scope::List,
        Scope::Card,
        Scope::Rates,
        Scope::Check,
        Scope::Form,
        Scope::Pick,
        Scope::Ask,
        Scope::Find,
        Scope::Read,
        Scope::Agenda,
        Scope::Days,
        Scope::Setup,
        Scope::Done,
        Scope::Import,
    ];

    /// The stable name of the scope (`keys --json`).
    pub const fn name(self) -> &'static str {
        match self {
            Scope::Home => "home",
            Scope::Tree => "tree",
            Scope::List => "list",
            Scope::Card => "card",
            Scope::Rates => "rates",
            Scope::Check => "check",
            Scope::Form => "form",
            Scope::Pick => "pick",
            Scope::Ask => "ask",
            Scope::Find => "find",
            Scope::Read => "read",
            Scope::Agenda => "agenda",
            Scope::Days => "calendar",
            Scope::Setup => "setup",
            Scope::Done => "done",
            Scope::Import => "import",
        }
    }

    /// Whether plain keys are text here.
    pub const fn is_text(self) -> bool {
        matches!(self, Scope::Form | Scope::Pick | Scope::Ask | Scope::Find)
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(u32);

impl Scopes {
    /// The set of the scopes given.
    pub const fn of(scopes: &[Scope]) -> Scopes {
        let mut bits = 0;
        let mut rest = scopes;
        while let Some((first, others)) = rest.split_first() {
            bits |= 1 << (*first as u32);
            rest = others;
        }
        Scopes(bits)
    }

    /// Whether `scope` is among them.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << (scope as u32)) != 0
    }

    /// Whether the two sets meet.
    pub const fn meets(self, other: Scopes) -> bool {
        self.0 & other.0 != 0
    }
}
