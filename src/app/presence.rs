//! Who has a record open: one small locked file for each record and program in the folder beside the database, so that
//! looking costs the database nothing. Whatever fails here is silent: it is a courtesy, and nothing rests on it.
use super::held::{Held, is_held};
use super::{Cx, cx, login};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::store::side;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// What one does with an open record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Its card is open.
    Reads,
    /// A form over it is open.
    Edits,
}

impl Doing {
    const fn word(self) -> &'static str {
        match self {
            Doing::Reads => "read",
            Doing::Edits => "edit",
        }
    }
}

/// Tells others that the record is open here, as long as it lives.
#[derive(Debug, Default)]
pub struct Here {
    held: Option<(Held, PathBuf)>,
}

impl Drop for Here {
    fn drop(&mut self) {
        if let Some((held, folder)) = self.held.take() {
            drop(held);
            // The last to leave takes the folder away; while others are there the system refuses.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Someone who has the same record open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// Login name.
    pub who: String,
    /// The same user, in another program.
    pub own: bool,
    /// What is done with it.
    pub doing: Doing,
    /// Since when: `08:15`, with the day when it was not today.
    pub since: String,
}

/// The folder beside a database in which programs say what they have open; there only while some have.
#[must_use]
pub fn place(db: &Path) -> PathBuf {
    side::place(db)
}

/// Says that a record is open here, and who else has it open: those who change it first.
#[must_use]
pub fn enter(cx: &Cx, kind: Kind, id: i64, doing: Doing) -> (Here, Vec<Other>) {
    let db = &cx.config.db;
    let record = format!("{}-{id}", kind.code());
    let here = if cx.read_only() {
        None
    } else {
        take(db, &record, &cx.seat, doing)
    };
    (Here { held: here }, others(db, &record, &cx.seat))
}

/// A name for one open database, no other's on this machine.
pub(super) fn seat() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let pid = std::process::id();
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{}-{pid}-{next}", login::uid())
}

fn take(db: &Path, record: &str, seat: &str, doing: Doing) -> Option<(Held, PathBuf)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let mode = side::file_mode(db)?;
    let make = || {
        let folder = side::folder(db).ok()?;
        let path = folder.join(format!("{record}.{seat}-{next}"));
        let held = Held::take(&path, mode, doing.word()).ok()?;
        Some((held, folder))
    };
    // Someone who leaves may take the folder away between the two.
    make().or_else(make)
}

fn others(db: &Path, record: &str, seat: &str) -> Vec<Other> {
    let Ok(entries) = std::fs::read_dir(side::place(db)) else {
        return Vec::new();
    };
    let own = format!("{seat}-");
    let mut found: Vec<Other> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let (of, by) = name.to_str()?.split_once('.')?;
            // Every file is looked at, so that those of killed programs go.
            let other = (!of.is_empty()).then(|| told(&entry.path()))??;
            (of == record && !by.starts_with(&own)).then_some(other)
        })
        .collect();
    found.sort_by(|a, b| {
        (a.doing == Doing::Reads, &a.since).cmp(&(b.doing == Doing::Reads, &b.since))
    });
    // One who has both card and form open changes it.
    let mut seen = Vec::new();
    found.retain(|other| {
        let new = !seen.contains(&other.who);
        seen.push(other.who.clone());
        new
    });
    found
}

fn told(path: &Path) -> Option<Other> {
    let about = std::fs::metadata(path).ok()?;
    let edits = std::fs::read_to_string(path).is_ok_and(|text| text == Doing::Edits.word());
    is_held(path).then(|| Other {
        who: login::name_of(about.uid()),
        own: about.uid() == login::uid(),
        doing: if edits { Doing::Edits } else { Doing::Reads },
        since: about.modified().map(cx::since).unwrap_or_default(),
    })
}
