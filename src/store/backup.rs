//! Backups: a copy made while others work, opened before it counts; restoring into the live file.
use super::open::{Mode, OpenOptions};
use super::{Db, Result, Store, StoreError};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// All pages in one step: a copy by pieces begins again at every write of another, and readers hold up nobody here.
const PAGES: i32 = -1;

/// What a look into a file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Lines of `PRAGMA integrity_check`; empty when all is well.
    pub integrity: Vec<String>,
    /// Rows that point to nothing: table and number.
    pub foreign_keys: Vec<(String, i64)>,
    /// Petitions in the file, as lists count them: without those that were removed.
    pub petitions: i64,
}

impl Db<'_> {
    /// Checks pages, indexes and references.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn check(&self) -> Result<Check> {
        let mut stmt = self.conn.prepare("PRAGMA integrity_check(20)")?;
        let lines: Vec<String> = stmt
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut stmt = self
            .conn
            .prepare("SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1")?;
        let foreign_keys = stmt
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Check {
            integrity: lines.into_iter().filter(|l| l != "ok").collect(),
            foreign_keys,
            petitions: self.conn.query_row(
                "SELECT count(*) FROM petition WHERE deleted_at IS NULL",
                [],
                |r| r.get(0),
            )?,
        })
    }

    /// Rows that a rule of the registers would refuse: table, rule, and ids (at most 20).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn odd_rows(
        &self,
        today: chrono::NaiveDate,
    ) -> Result<Vec<(&'static str, &'static str, Vec<i64>)>> {
        const ODD: &[(&str, &str, &str)] = &[
            (
                "petition",
                "received_on",
                "SELECT id FROM petition WHERE received_on > ?1 OR received_on NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' OR date(received_on) IS NOT received_on LIMIT 20",
            ),
            (
                "petition",
                "denunciation",
                "SELECT id FROM petition WHERE type = 'denunciation' AND (petitioner IS NOT NULL OR address IS NOT NULL) OR ?1 IS NULL LIMIT 20",
            ),
            (
                "reception",
                "received_on",
                "SELECT id FROM reception WHERE received_on > ?1 OR date(received_on) IS NOT received_on LIMIT 20",
            ),
            (
                "dialogue",
                "held_on",
                "SELECT id FROM dialogue WHERE date(held_on) IS NOT held_on OR ?1 IS NULL LIMIT 20",
            ),
            (
                "model",
                "registered_on",
                "SELECT id FROM model WHERE date(registered_on) IS NOT registered_on OR ?1 IS NULL LIMIT 20",
            ),
            (
                "figure",
                "period",
                "SELECT id FROM figure WHERE period_from > period_to OR ?1 IS NULL LIMIT 20",
            ),
        ];
        let mut found = Vec::new();
        for (table, rule, sql) in ODD {
            let mut stmt = self.conn.prepare(sql)?;
            let ids: Vec<i64> = stmt
                .query_map([today.to_string()], |r| r.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            if !ids.is_empty() {
                found.push((*table, *rule, ids));
            }
        }
        Ok(found)
    }
}

/// A file that was opened, read to its end and found whole: only such a one counts as a backup.
#[derive(Debug)]
pub struct Sound {
    store: Store,
    petitions: i64,
}

impl Sound {
    /// Petitions in the file.
    pub fn petitions(&self) -> i64 {
        self.petitions
    }

    /// Opens a file as `Store::open` would, for reading, and checks all of it.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn open(path: &Path) -> Result<Sound> {
        let store = Store::open(
            path,
            &OpenOptions {
                mode: Mode::ReadOnly,
                assume_fs: None,
            },
        )?;
        let check = store.read().check()?;
        match check.integrity.into_iter().next() {
            Some(line) => Err(StoreError::Damaged(line)),
            None => Ok(Sound {
                store,
                petitions: check.petitions,
            }),
        }
    }

    /// Copies it to another file.
    ///
    /// # Errors
    /// As [`Store::backup`].
    pub fn copy_to(&self, path: &Path) -> Result<Sound> {
        self.store.backup(path)
    }
}

fn copy(from: &Connection, to: &mut Connection) -> Result<()> {
    let backup = Backup::new(from, to)?;
    let mut waited = 0;
    loop {
        match backup.step(PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Someone is writing: wait our turn, but not for ever.
            _ => {
                waited += 1;
                if waited > 1000 {
                    return Err(StoreError::Busy);
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        }
    }
}

impl Store {
    /// Copies the database to `path` while others go on working, and opens the copy before it gets its name.
    ///
    /// # Errors
    /// When the file exists, cannot be written, or the copy does not check out.
    pub fn backup(&self, path: &Path) -> Result<Sound> {
        use std::os::unix::fs::OpenOptionsExt;
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            super::open::private_folder(dir)?;
        }
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = Path::new(&name).to_owned();
        let made = (|| {
            std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&part)?;
            let mut to = Connection::open_with_flags(&part, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            copy(&self.conn, &mut to)?;
            // A copy is one file: no write-ahead log beside it.
            to.pragma_update(None, "journal_mode", "delete")?;
            to.close().map_err(|(_, e)| e)?;
            std::fs::File::open(&part)?.sync_all()?;
            let sound = Sound::open(&part)?;
            std::fs::rename(&part, path)?;
            Ok(sound)
        })();
        if made.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        made
    }

    /// Puts the content of a backup into this live file; all of it or nothing, and programs that have the
    /// file open go on with the new content.
    ///
    /// # Errors
    /// A failing disk.
    pub fn restore_from(&mut self, backup: &Sound) -> Result<()> {
        if self.read_only {
            return Err(StoreError::ReadOnly);
        }
        copy(&backup.store.conn, &mut self.conn)?;
        super::migrate::migrate(&mut self.conn)?;
        self.conn.pragma_update(None, "journal_mode", "wal")?;
        // A program that goes on with the new content reads its rules anew.
        super::calendar::law_moves(&self.conn)
    }
}
