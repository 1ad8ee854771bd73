//! Rows about denunciations: nothing that is told of them says who brought them (Luật Tố cáo 2018, Đ8, Đ56).
use super::Trouble;
use super::judge::Fate;
use crate::app::secrecy::{Names, PERSON_FIELDS};
use crate::domain::hash::QuickMap;
use crate::domain::petition::book::calls_denunciation;
use crate::domain::sheet::InRow;
use crate::domain::words::{Msg, Text, t};

const NO_NAME: Text = t(
    "đơn tố cáo không ghi tên, địa chỉ người tố cáo; xóa ô này, giữ ở hồ sơ niêm phong (Luật Tố cáo Đ8, Đ56)",
    "a denunciation keeps no name or address of its writer; empty this cell, keep them in the sealed file (Law on Denunciations Art. 8, 56)",
);
const NAMED: Text = t(
    "ô này nêu tên người tố cáo; viết lại không nêu tên (Luật Tố cáo Đ8, Đ56)",
    "this cell names the writer of a denunciation; rewrite it without the name (Law on Denunciations Art. 8, 56)",
);

/// Words of columns of types that were looked at already, each with whether it means a denunciation: a file repeats few.
#[derive(Debug, Default)]
pub(super) struct Words(QuickMap<String, bool>);

/// Words kept.
const KEPT: usize = 500;

impl Words {
    /// Whether a row calls itself a denunciation, in words that may be no value of the field.
    pub(super) fn sound_secret(&mut self, row: &InRow) -> bool {
        let said = row
            .given
            .iter()
            .find(|g| matches!(g.key, "type" | "matter_type"));
        let Some(said) = said.map(|g| g.cell.text()) else {
            return false;
        };
        if let Some(known) = self.0.get(&*said) {
            return *known;
        }
        let secret = calls_denunciation(&said);
        if self.0.len() < KEPT {
            self.0.insert(said.into_owned(), secret);
        }
        secret
    }
}

/// Takes out of what is told of a row who brought the denunciation. Cells beside those of the person that name him
/// are troubles too: once his own cell is emptied, nothing could tell any more. So are those that name the writer of one
/// of the rows `before`: a book often goes on with the same person.
pub(super) fn hide(
    row: &InRow,
    before: &mut Names,
    fate: &mut Result<Fate, Vec<Trouble>>,
    notes: &mut [Trouble],
) {
    before.keep(Names::told(row));
    let names = &*before;
    for note in notes.iter_mut().filter(|note| note.row == row.row) {
        if names_person(note) || holds_people(note) || tells(names, note) {
            note.value.clear();
        }
        if names.in_text(&note.rule.vi) {
            note.rule = NAMED.into();
        }
    }
    let beside = row
        .given
        .iter()
        .filter(|g| !PERSON_FIELDS.contains(&g.key) && names.in_text(&g.cell.shown()));
    let named: Vec<Trouble> = beside
        .map(|g| Trouble {
            row: row.row,
            column: Some(g.column),
            key: Some(g.key),
            value: String::new(),
            rule: NAMED.into(),
            on: None,
        })
        .collect();
    let mut troubles = match fate {
        Ok(_) if named.is_empty() => return,
        Ok(_) => Vec::new(),
        Err(troubles) => std::mem::take(troubles),
    };
    troubles.retain(|own| !named.iter().any(|more| own.column == more.column));
    for trouble in troubles.iter_mut() {
        if names_person(trouble) {
            trouble.value.clear();
            trouble.rule = NO_NAME.into();
        } else if holds_people(trouble) {
            trouble.value.clear();
        } else if tells(names, trouble) {
            trouble.value.clear();
            trouble.rule = Msg::from(NAMED);
        }
    }
    troubles.extend(named);
    *fate = Err(troubles);
}

fn names_person(trouble: &Trouble) -> bool {
    trouble.key.is_some_and(|key| PERSON_FIELDS.contains(&key))
}

/// Opinions stand in one cell, their askers within it.
fn holds_people(trouble: &Trouble) -> bool {
    trouble.key == Some("opinions")
}

fn tells(names: &Names, trouble: &Trouble) -> bool {
    names.in_text(&trouble.value) || names.in_text(&trouble.rule.vi)
}
