//! The one table of commands: dispatch, bottom line, help, palette, `keys --json` and the README all read it.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::keymap::Chord;
use super::lang::{Lang, Text, t};
pub use super::table::all;

mod scope;

pub use scope::{Scope, Scopes};

/// Every command of the terminal program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "each variant is described by its row in the table"
)]
pub enum Command {
    Help,
    Palette,
    Find,
    Section(u8),
    Repaint,
    Quit,
    Back,
    Close,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Left,
    Right,
    NextPart,
    PrevPart,
    Open,
    Add,
    Edit,
    Copy,
    Remove,
    Restore,
    ShowRemoved,
    Actions,
    Step,
    UndoStep,
    Why,
    History,
    Filter,
    Sort,
    Unit,
    Period,
    MapDate,
    Fold,
    Group,
    Measure,
    NextMeasure,
    Freeze,
    Frozen,
    Compare,
    Figures,
    CheckFigures,
    OnlyWrong,
    Below,
    NextField,
    PrevField,
    Pick,
    Editor,
    Save,
    TakeBack,
    NewLine,
    Before,
    BeforeAll,
    Keep,
    Again,
    Similar,
    Link(u8),
    NextRow,
    RemoveRow,
    Day,
    AsPetition,
    Accept,
    Cancel,
    TypingAid,
    AsTyped,
    Agenda,
    Whose,
    Calendar,
    ClearDay,
    ConfirmYear,
    ProposeYear,
    Rules,
    Settings,
    Drafts,
    Map,
    Withdrawn,
    Undo,
    Redo,
    Operations,
    Mark,
    MarkTo,
    MarkAll,
    Unmark,
    Import,
    Export,
    Onward,
    TypePath,
    Encoding,
    DateOrder,
    SheetOf,
    Finished,
    Mend,
}

/// What the table may ask of the screen in front before it lets a command through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The kind of screen.
    pub scope: Scope,
    /// The file or the start forbids writing.
    pub read_only: bool,
    /// A row or record stands under the cursor.
    pub row: bool,
    /// That record is removed.
    pub removed: bool,
    /// That record has steps and a deadline (a petition).
    pub steps: bool,
    /// That record carries a date that can be explained.
    pub due: bool,
    /// The register in front can be added to, edited, removed from.
    pub register: bool,
    /// The active field has a pick list.
    pub pick: bool,
    /// The active field has several lines.
    pub long: bool,
    /// The list in front shows the removed records.
    pub shows_removed: bool,
    /// The selected row of a table of rates has units below it.
    pub below: bool,
    /// Petitions are shown that may be about the same matter.
    pub likely: bool,
    /// Rows of the list are marked: what changes a record changes all of them.
    pub marked: bool,
    /// The form in front enters a new record.
    pub entry: bool,
    /// A head with rows under it stands in front, or can be entered here.
    pub sheet: bool,
    /// A petition can be made of the record in front.
    pub becomes: bool,
    /// The step that an import is at, from 1; 0 elsewhere.
    pub import_step: u8,
}

impl State {
    /// The state of a screen of this scope on which nothing stands yet.
    pub const fn new(scope: Scope) -> State {
        State {
            scope,
            read_only: false,
            row: false,
            removed: false,
            steps: false,
            due: false,
            register: false,
            pick: false,
            long: false,
            shows_removed: false,
            below: false,
            likely: false,
            import_step: 0,
            marked: false,
            entry: false,
            sheet: false,
            becomes: false,
        }
    }
}

/// Why a command is not possible now.
pub type Reason = Text;

/// Where the bottom lines show a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foot {
    /// Nowhere; it is in help and palette.
    None,
    /// In the line of function keys.
    Key,
    /// In the line of hints above it.
    Hint,
}

/// One row of the command table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The command.
    pub id: Command,
    /// Its stable name (`keys --json`).
    pub name: &'static str,
    /// What the bottom line calls it.
    pub label: Text,
    /// One line of help.
    pub help: Text,
    /// Where it applies.
    pub scope: Scopes,
    /// Its keys, the first one shown.
    pub keys: &'static [Chord],
    /// Where the bottom lines show it.
    pub foot: Foot,
    /// The places where the line of hints shows it, whatever `foot` says of the others.
    pub hint: Scopes,
    /// Whether it is possible now, and why not.
    pub enabled: fn(&State) -> Result<(), Reason>,
}

fn always(_: &State) -> Result<(), Reason> {
    Ok(())
}

impl Row {
    pub(super) const fn new(id: Command, name: &'static str) -> Row {
        let nothing = t("", "");
        Row {
            id,
            name,
            label: nothing,
            help: nothing,
            scope: Scopes::of(&[]),
            keys: &[],
            foot: Foot::None,
            hint: Scopes::of(&[]),
            enabled: always,
        }
    }

    pub(super) const fn label(mut self, vi: &'static str, en: &'static str) -> Row {
        self.label = t(vi, en);
        self
    }

    pub(super) const fn help(mut self, vi: &'static str, en: &'static str) -> Row {
        self.help = t(vi, en);
        self
    }

    pub(super) const fn at(mut self, scopes: &[Scope]) -> Row {
        self.scope = Scopes::of(scopes);
        self
    }

    pub(super) const fn keys(mut self, keys: &'static [Chord]) -> Row {
        self.keys = keys;
        self
    }

    pub(super) const fn foot(mut self, foot: Foot) -> Row {
        self.foot = foot;
        self
    }

    pub(super) const fn hint_at(mut self, scopes: &[Scope]) -> Row {
        self.hint = Scopes::of(scopes);
        self
    }

    pub(super) const fn when(mut self, enabled: fn(&State) -> Result<(), Reason>) -> Row {
        self.enabled = enabled;
        self
    }

    /// The first key, as the bottom line shows it.
    pub fn key_label(&self) -> String {
        self.keys.first().map(|key| key.label()).unwrap_or_default()
    }

    /// All keys, for help.
    pub fn keys_label(&self) -> String {
        self.keys
            .iter()
            .map(|key| key.label())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Keys that edit a line wherever one is typed, whatever they mean elsewhere.
const FIELD_KEYS: [Chord; 7] = [
    Chord::Ctrl('a'),
    Chord::Ctrl('d'),
    Chord::Ctrl('e'),
    Chord::Ctrl('h'),
    Chord::Ctrl('k'),
    Chord::Ctrl('u'),
    Chord::Ctrl('w'),
];

/// Which command ran last, for a crash report; the place in the table, or none.
static LAST: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Remembers the command that runs now.
pub fn note_last(id: Command) {
    LAST.store(
        all().position(|row| row.id == id).unwrap_or(usize::MAX),
        Ordering::Relaxed,
    );
}

/// The name of the command that ran last.
pub fn last_name() -> &'static str {
    all()
        .nth(LAST.load(Ordering::Relaxed))
        .map_or("none", |row| row.name)
}

/// The keys of a row that mean it in `scope`; where keys are text, plain ones do not.
pub fn keys_in(row: &Row, scope: Scope) -> String {
    let means = |key: &&Chord| lookup(**key, scope).is_some_and(|found| found.id == row.id);
    let keys: Vec<String> = row
        .keys
        .iter()
        .filter(means)
        .map(|key| key.label())
        .collect();
    keys.join(" ")
}

/// What the bottom line calls a command now: the one that shows the removed records also leads back from them.
pub fn foot_label(row: &Row, state: &State) -> Text {
    match row.id {
        Command::ShowRemoved if state.shows_removed => t("trở lại", "back"),
        _ => row.label,
    }
}

/// The row of a command.
pub fn row(id: Command) -> Option<&'static Row> {
    all().find(|row| row.id == id)
}

/// The command that `chord` means in `scope`; where keys are text, plain keys mean none.
pub fn lookup(chord: Chord, scope: Scope) -> Option<&'static Row> {
    let chord = if scope.is_text() {
        if chord.is_text() || FIELD_KEYS.contains(&chord) {
            return None;
        }
        chord
    } else {
        chord.for_command()?
    };
    in_scope(scope).find(|row| row.keys.contains(&chord))
}

/// The commands of a scope, in the order of the table.
pub fn in_scope(scope: Scope) -> impl Iterator<Item = &'static Row> {
    all().filter(move |row| row.scope.has(scope))
}

/// The commands that a bottom line shows: those of the scope that are possible now.
pub fn footer(foot: Foot, state: &State) -> impl Iterator<Item = &'static Row> {
    in_scope(state.scope).filter(move |row| {
        // Where the removed ones are shown, the way back is.
        let back = row.id == Command::ShowRemoved && state.shows_removed && foot == Foot::Hint;
        let here = row.foot == foot || foot == Foot::Hint && row.hint.has(state.scope);
        back || (here && (row.enabled)(state).is_ok())
    })
}

/// Every command as `keys --json` prints it.
pub fn keys_json() -> Value {
    let rows = all().map(|row| {
        let keys: Vec<String> = row.keys.iter().map(|key| key.label()).collect();
        let scope: Vec<&str> = Scope::ALL
            .iter()
            .filter(|s| row.scope.has(**s))
            .map(|s| s.name())
            .collect();
        json!({
            "name": row.name,
            "label_vi": row.label.vi,
            "label_en": row.label.en,
            "help_vi": row.help.vi,
            "help_en": row.help.en,
            "keys": keys,
            "scope": scope,
        })
    });
    Value::Array(rows.collect())
}

/// The table of keys for the README, in Markdown.
pub fn keys_table(lang: Lang) -> String {
    let head = t("| Phím | Việc | Nghĩa |", "| Keys | Command | Meaning |").get(lang);
    let mut text = format!("{head}\n| --- | --- | --- |\n");
    for row in all() {
        let keys: Vec<String> = row
            .keys
            .iter()
            .map(|k| format!("`{}`", k.label()))
            .collect();
        let line = format!(
            "| {} | {} | {} |\n",
            keys.join(" "),
            row.label.get(lang),
            row.help.get(lang)
        );
        text.push_str(&line);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn no_two_commands_share_a_key_in_a_scope() {
        for (i, a) in all().enumerate() {
            for b in all().skip(i + 1).filter(|b| b.scope.meets(a.scope)) {
                for key in a.keys {
                    assert!(
                        !b.keys.contains(key),
                        "{} and {} share {}",
                        a.name,
                        b.name,
                        key.label()
                    );
                }
            }
        }
    }

    #[test]
    fn every_command_has_words_and_a_name_of_its_own() {
        for (i, row) in all().enumerate() {
            for text in [row.label, row.help] {
                assert!(
                    !text.vi.trim().is_empty() && !text.en.trim().is_empty(),
                    "{}",
                    row.name
                );
            }
            assert!(
                all()
                    .skip(i + 1)
                    .all(|b| b.name != row.name && b.id != row.id),
                "{}",
                row.name
            );
            assert!(
                Scope::ALL.iter().any(|s| row.scope.has(*s)),
                "{} applies nowhere",
                row.name
            );
        }
    }

    #[test]
    fn no_key_is_one_that_a_vietnamese_keyboard_eats() {
        for row in all() {
            for key in row.keys {
                if let Chord::Char(c) | Chord::Alt(c) = key {
                    assert!(!"wW[]".contains(*c) && c.is_ascii(), "{}: {c}", row.name);
                }
            }
        }
    }

    #[test]
    fn a_produced_letter_runs_its_base_command_only_outside_text() {
        let unit = lookup(Chord::Char('d'), Scope::List).map(|r| r.id);
        assert_eq!(unit, Some(Command::Unit));
        assert_eq!(lookup(Chord::Char('đ'), Scope::List).map(|r| r.id), unit);
        assert!(lookup(Chord::Char('ư'), Scope::List).is_none());
        assert!(lookup(Chord::Char('d'), Scope::Form).is_none());
        assert_eq!(
            lookup(Chord::F(10), Scope::Form).map(|r| r.id),
            Some(Command::Save)
        );
    }

    #[test]
    fn the_function_keys_of_the_bottom_line_mean_the_same_everywhere() {
        let named = [
            (1, Command::Help),
            (2, Command::Add),
            (3, Command::Edit),
            (4, Command::Pick),
            (5, Command::Copy),
            (8, Command::Remove),
            (9, Command::Actions),
            (10, Command::Save),
        ];
        for scope in Scope::ALL {
            for (n, command) in named {
                // In a form what is copied and removed are values and rows, under the same words.
                let command = match (n, scope) {
                    (5, Scope::Form) => Command::Similar,
                    (8, Scope::Form) => Command::RemoveRow,
                    _ => command,
                };
                if let Some(row) = lookup(Chord::F(n), scope) {
                    assert_eq!(row.id, command, "F{n} in {}", scope.name());
                }
            }
            let before = lookup(Chord::F(6), scope).map(|row| row.id);
            assert_eq!(before, (scope == Scope::Form).then_some(Command::Before));
            assert!(lookup(Chord::F(7), scope).is_none());
        }
    }
}
