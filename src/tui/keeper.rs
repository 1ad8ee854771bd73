//! Keeps what is typed and not saved yet: in memory at every key, in a file at most a second later, without a tick
//! while nothing is typed and never on the thread that reads keys.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::msg::Msg;
use crate::app::drafts::{self, Draft, Run};
use crate::app::{Config, Error};

/// How long after a key its draft is written at the latest; a killed program loses no more than this and the writing.
const SOON: Duration = Duration::from_millis(500);

/// When something is to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// Nothing is to be written.
    #[default]
    Idle,
    /// Within [`SOON`].
    Soon,
    /// At once.
    Now,
}

#[derive(Debug, Default)]
struct State {
    /// What stands in each open form that was typed into, by the form's token.
    forms: BTreeMap<String, Draft>,
    /// Which file is to be written, or is to go when its form has gone.
    due: Vec<String>,
    newest: Option<String>,
    when: When,
    failing: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    woken: Condvar,
    /// Taken while files are written, so that they are written in the order in which things happened.
    disk: Mutex<Option<Run>>,
    config: Option<Config>,
}

/// What was typed and is not saved yet, where a hang-up finds it.
#[derive(Clone, Debug, Default)]
pub struct DraftSlot(Arc<Shared>);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DraftSlot {
    /// A slot that also writes drafts where this user's are kept; one made otherwise only holds them.
    #[must_use]
    pub fn over(config: Config) -> DraftSlot {
        DraftSlot(Arc::new(Shared {
            config: Some(config),
            ..Shared::default()
        }))
    }

    /// Takes what stands in a form now; it is written soon.
    pub fn put(&self, draft: Draft) {
        let mut state = locked(&self.0.state);
        state.newest = Some(draft.id.clone());
        state.mark(&draft.id.clone(), When::Soon);
        state.forms.insert(draft.id.clone(), draft);
        drop(state);
        self.0.woken.notify_one();
    }

    /// Changes the draft of a form that was typed into; it is written with the next writing.
    pub fn amend(&self, id: &str, act: impl FnOnce(&mut Draft)) {
        let mut state = locked(&self.0.state);
        if let Some(draft) = state.forms.get_mut(id) {
            act(draft);
            state.mark(id, When::Now);
        }
    }

    /// Has what waits written at once, as when a field is left.
    pub fn hurry(&self) {
        let mut state = locked(&self.0.state);
        if state.when == When::Soon {
            state.when = When::Now;
        }
        drop(state);
        self.0.woken.notify_one();
    }

    /// Lets go of a form's draft: it was saved, or given up. Its file goes at once.
    pub fn forget(&self, id: &str) {
        let mut state = locked(&self.0.state);
        state.forms.remove(id);
        if state.newest.as_deref() == Some(id) {
            state.newest = None;
        }
        state.mark(id, When::Now);
        drop(state);
        self.0.woken.notify_one();
    }

    /// What was typed last.
    #[must_use]
    pub fn get(&self) -> Option<Draft> {
        let state = locked(&self.0.state);
        state.forms.get(state.newest.as_ref()?).cloned()
    }

    /// Whether something is to be written at once.
    #[must_use]
    pub fn is_due(&self) -> bool {
        locked(&self.0.state).when == When::Now
    }

    /// Writes what waits. Gives the first failure, once until writing works again.
    #[must_use = "the user is to be told that the draft is not kept"]
    pub fn write(&self) -> Option<Error> {
        let config = self.0.config.as_ref()?;
        let mut run = locked(&self.0.disk);
        let todo: Vec<(String, Option<Draft>)> = {
            let mut state = locked(&self.0.state);
            state.when = When::Idle;
            let due = std::mem::take(&mut state.due);
            let with = |id: String| {
                let draft = state.forms.get(&id).cloned();
                (id, draft)
            };
            due.into_iter().map(with).collect()
        };
        let mut failed = None;
        for (id, draft) in todo {
            let done = match draft {
                Some(draft) => write(config, &mut run, draft),
                None => gone(config, &id),
            };
            if let Err(error) = done {
                // It is tried again with the next key, and at the end.
                locked(&self.0.state).due.push(id);
                failed.get_or_insert(error);
            }
        }
        let mut state = locked(&self.0.state);
        let told = std::mem::replace(&mut state.failing, failed.is_some());
        failed.filter(|_| !told)
    }

    /// Starts the thread that writes; failures are told to `out`.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn serve(&self, out: Sender<Msg>) -> io::Result<()> {
        let slot = self.clone();
        thread::Builder::new()
            .name("drafts".to_owned())
            .spawn(move || {
                loop {
                    slot.wait();
                    if let Some(error) = slot.write()
                        && out.send(Msg::Trouble(error)).is_err()
                    {
                        return;
                    }
                }
            })
            .map(drop)
    }

    /// Sleeps until something is to be written now; without a key it never wakes up.
    fn wait(&self) {
        let state = locked(&self.0.state);
        let idle = |state: &mut State| state.when == When::Idle;
        let state = self.0.woken.wait_while(state, idle);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let soon = |state: &mut State| state.when == When::Soon;
        drop(self.0.woken.wait_timeout_while(state, SOON, soon));
    }
}

impl State {
    fn mark(&mut self, id: &str, when: When) {
        if !self.due.iter().any(|due| due == id) {
            self.due.push(id.to_owned());
        }
        self.when = self.when.max(when);
    }
}

fn write(config: &Config, run: &mut Option<Run>, draft: Draft) -> Result<(), Error> {
    let run = match run {
        Some(run) => run,
        none => none.insert(Run::start(config)?),
    };
    drafts::save(
        config,
        &Draft {
            saved_at: config.stamp(),
            run: run.id().to_owned(),
            ..draft
        },
    )
}

/// Takes the file of a draft away; one that was never written is simply not there.
fn gone(config: &Config, id: &str) -> Result<(), Error> {
    match drafts::discard(config, id) {
        Err(Error::NotFound(_)) => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::record::Kind;
    use std::path::Path;
    use std::sync::mpsc::channel;

    fn config(dir: &Path) -> Config {
        Config {
            db: dir.join("a.db"),
            today: Some("2025-03-14".parse().unwrap()),
            read_only: false,
            assume_fs: None,
            state_dir: dir.join("state"),
            actor: "lan".into(),
            demo: false,
        }
    }

    fn draft(id: &str, note: &str) -> Draft {
        Draft {
            id: id.into(),
            fields: vec![("note".into(), note.into())],
            ..Draft::of(Kind::Model)
        }
    }

    #[test]
    fn the_timer_is_armed_by_typing_only_and_a_form_that_was_saved_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        let slot = DraftSlot::over(config.clone());
        let when = |slot: &DraftSlot| locked(&slot.0.state).when;
        assert_eq!(when(&slot), When::Idle);
        slot.put(draft("a", "một"));
        slot.put(draft("b", "hai"));
        assert_eq!(when(&slot), When::Soon);
        slot.hurry();
        assert!(slot.is_due());
        assert!(slot.write().is_none());
        assert_eq!(when(&slot), When::Idle);
        let kept = drafts::list(&config).unwrap();
        assert_eq!(kept.len(), 2, "the forms of two sections are both kept");
        assert!(kept.iter().all(|draft| !draft.run.is_empty()));
        slot.put(draft("a", "một hai"));
        slot.forget("a");
        slot.forget("b");
        assert!(slot.write().is_none());
        assert!(drafts::list(&config).unwrap().is_empty() && slot.get().is_none());
    }

    #[test]
    fn a_draft_that_cannot_be_written_is_told_once_and_written_when_it_can_be() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        std::fs::write(&config.state_dir, "a file where the folder should be").unwrap();
        let slot = DraftSlot::over(config.clone());
        slot.put(draft("a", "một"));
        assert!(matches!(slot.write(), Some(Error::Write(_))));
        slot.put(draft("a", "một hai"));
        assert!(slot.write().is_none());
        std::fs::remove_file(&config.state_dir).unwrap();
        assert!(slot.write().is_none());
        let kept = drafts::list(&config).unwrap();
        assert_eq!(kept[0].text("note"), Some("một hai"));
    }

    #[test]
    fn the_thread_writes_soon_after_a_key_without_being_asked() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = config(dir.path());
        config.state_dir = dir.path().join("a.file/state");
        std::fs::write(dir.path().join("a.file"), "").unwrap();
        let slot = DraftSlot::over(config);
        let (out, told) = channel();
        slot.serve(out).unwrap();
        slot.put(draft("a", "một"));
        let told = told.recv_timeout(Duration::from_secs(60)).unwrap();
        assert!(matches!(told, Msg::Trouble(_)));
    }

    #[test]
    fn a_killed_program_loses_less_than_a_second() {
        assert!(SOON < Duration::from_millis(800));
    }
}
