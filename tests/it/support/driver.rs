//! The terminal program without a terminal: keys go in, jobs run inline, the screen comes out as text.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use danvan::tui::effect::{Cx, Effect, Lane};
use danvan::tui::loop_::Batch;
use danvan::tui::msg::Msg;
use danvan::tui::root::Root;
use danvan::tui::screen::DraftSlot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tempfile::TempDir;

use super::keys::key_of;
use super::world::World;

/// A fresh database in memory on 14/3/2025, a Friday.
pub fn empty_cx() -> Cx {
    let today = "2025-03-14".parse().unwrap();
    Cx::in_memory(today, &std::env::temp_dir().join("danvan-no-state")).unwrap()
}

/// The program on `cx`, with all its screens.
pub fn program(
    office: impl Into<Office>,
    options: danvan::tui::Options,
    width: u16,
    height: u16,
) -> Driver {
    let office = office.into();
    let view = danvan::tui::view_of(&office.cx, options);
    let today = view.today;
    let slot = DraftSlot::over(office.cx.config().clone());
    let root = Root::new(
        view,
        danvan::tui::screen::SCREENS,
        slot.clone(),
        move || today,
    );
    let mut driver = Driver::new(root, office, width, height);
    driver.slot = slot;
    driver
}

/// Long enough that what comes after it is a turn of its own.
const PAUSE: Duration = Duration::from_secs(1);

/// What the program works on, with the folder it lies in.
pub struct Office {
    cx: Cx,
    folder: Option<TempDir>,
}

impl From<Cx> for Office {
    fn from(cx: Cx) -> Office {
        Office { cx, folder: None }
    }
}

impl From<World> for Office {
    fn from(world: World) -> Office {
        let (cx, folder) = world.into_parts();
        Office {
            cx,
            folder: Some(folder),
        }
    }
}

/// What stands for the user's own editor.
pub type Editor = fn(&str) -> Result<String, danvan::tui::lang::Msg>;

/// The program under test.
pub struct Driver {
    root: Root,
    office: Office,
    slot: DraftSlot,
    editor: Editor,
    terminal: Terminal<TestBackend>,
    /// Long works that wait to be done, when they are held back.
    aside: Option<Vec<Effect>>,
    /// The cursor does not rest between keys.
    hurried: bool,
    /// How many jobs were done.
    jobs: usize,
    /// How many were for a pause, which are not done.
    later: usize,
}

impl Driver {
    /// Starts the program on a window of this size and lets it settle.
    pub fn new(mut root: Root, office: impl Into<Office>, width: u16, height: u16) -> Driver {
        root.start();
        let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let office = office.into();
        let mut driver = Driver {
            root,
            office,
            slot: DraftSlot::default(),
            editor: |_| Err(danvan::tui::lang::Msg::new("không có", "none")),
            terminal,
            aside: None,
            hurried: false,
            jobs: 0,
            later: 0,
        };
        driver.settle();
        driver
    }

    /// Presses keys, named as the help names them and parted by blanks: `F2`, `Ctrl-S`, `Enter`, `đ`.
    pub fn press(&mut self, keys: &str) -> &mut Driver {
        for key in keys.split_whitespace() {
            self.send(vec![Msg::Key(key_of(key))]);
        }
        self
    }

    /// Presses keys faster than the cursor rests between them, as a held key does.
    pub fn hurry(&mut self, keys: &str) -> &mut Driver {
        self.hurried = true;
        self.press(keys);
        self.hurried = false;
        self
    }

    /// Types a text letter by letter.
    pub fn type_(&mut self, text: &str) -> &mut Driver {
        for c in text.chars() {
            self.send(vec![Msg::Key(KeyEvent::new(
                KeyCode::Char(c),
                KeyModifiers::NONE,
            ))]);
        }
        self
    }

    /// Sends a text as keys that all come at once, as a paste that the terminal does not mark.
    pub fn burst(&mut self, text: &str) -> &mut Driver {
        let key = |c| {
            let code = if c == '\n' {
                KeyCode::Enter
            } else {
                KeyCode::Char(c)
            };
            Msg::Key(KeyEvent::new(code, KeyModifiers::NONE))
        };
        let keys = text.chars().map(key).collect();
        self.send(keys);
        self
    }

    /// Pastes a text that the terminal marks as such.
    pub fn paste(&mut self, text: &str) -> &mut Driver {
        self.send(vec![Msg::Paste(text.to_owned())]);
        self
    }

    /// One minute passes.
    pub fn minute(&mut self) -> &mut Driver {
        self.send(vec![Msg::Minute]);
        self
    }

    /// A second passes after the last key: what was typed is written.
    pub fn second(&mut self) -> &mut Driver {
        self.write_drafts();
        self.settle();
        self
    }

    fn write_drafts(&mut self) {
        if let Some(error) = self.slot.write() {
            self.root.handle(Batch {
                messages: vec![Msg::Trouble(error)],
                pause: PAUSE,
            });
        }
    }

    /// The system tells of a writing to the database; the worker sees whether it was another's.
    pub fn stirred(&mut self) -> &mut Driver {
        if self.office.cx.others_wrote().unwrap() {
            self.send(vec![Msg::Elsewhere]);
        }
        self
    }

    /// Sends keys that all come at once, named as in [`Driver::press`].
    pub fn together(&mut self, keys: &str) -> &mut Driver {
        let keys = keys.split_whitespace().map(|key| Msg::Key(key_of(key)));
        self.send(keys.collect());
        self
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Driver {
        self.terminal.backend_mut().resize(width, height);
        self.send(vec![Msg::Resize]);
        self
    }

    /// From now on long text is edited by this.
    pub fn with_editor(&mut self, editor: Editor) -> &mut Driver {
        self.editor = editor;
        self
    }

    fn send(&mut self, messages: Vec<Msg>) {
        self.root.handle(Batch {
            messages,
            pause: PAUSE,
        });
        self.settle();
    }

    /// From now on long works wait until they are let go.
    pub fn hold(&mut self) -> &mut Driver {
        self.aside = Some(Vec::new());
        self
    }

    /// Does the works that were held back; what they tell on their way is told too.
    pub fn let_go(&mut self) -> &mut Driver {
        for effect in self.aside.take().unwrap_or_default() {
            let told = RefCell::new(Vec::new());
            let tell = |answer| told.borrow_mut().push(Msg::Answer(answer));
            let last = Msg::Answer(effect.run(&mut self.office.cx, &tell));
            let mut messages = told.take();
            messages.push(last);
            self.send(messages);
        }
        self
    }

    /// Runs the jobs asked for, and those that their answers ask for, and draws; the cursor rests then.
    pub fn settle(&mut self) {
        loop {
            if let Some(errand) = self.root.take_errand() {
                let text = (self.editor)(&errand.text);
                self.root.edited(errand, text);
            }
            let mut effects = self.root.take_effects();
            if let Some(aside) = &mut self.aside {
                aside.extend(effects.extract_if(.., |effect| effect.lane == Lane::Aside));
            }
            let later = effects.extract_if(.., |effect| effect.lane == Lane::Later);
            self.later += later.count();
            if effects.is_empty() {
                break;
            }
            self.jobs += effects.len();
            let answers = effects
                .into_iter()
                .map(|effect| Msg::Answer(effect.run(&mut self.office.cx, &|_| ())))
                .collect();
            self.root.handle(Batch {
                messages: answers,
                pause: PAUSE,
            });
        }
        if self.slot.is_due() {
            self.write_drafts();
        }
        self.draw();
        if !self.hurried && self.root.waits_for_rest() {
            self.root.handle(Batch {
                messages: vec![Msg::Rest],
                pause: PAUSE,
            });
            self.draw();
        }
    }

    fn draw(&mut self) {
        let root = &mut self.root;
        self.terminal.draw(|frame| root.view(frame)).unwrap();
    }

    /// The screen as text, one line a row, blanks at the ends taken off.
    pub fn screen(&self) -> String {
        let buffer = self.terminal.backend().buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let row: String = (0..buffer.area.width)
                .map(|x| buffer[(x, y)].symbol())
                .collect();
            text.push_str(row.trim_end());
            text.push('\n');
        }
        text
    }

    /// Where the real cursor stands: column, row.
    pub fn cursor(&mut self) -> (u16, u16) {
        let place =
            ratatui::backend::Backend::get_cursor_position(self.terminal.backend_mut()).unwrap();
        (place.x, place.y)
    }

    /// How many jobs the screens have left for a pause.
    pub fn later(&self) -> usize {
        self.later
    }

    /// How many jobs the screens have had done so far.
    pub fn jobs(&self) -> usize {
        self.jobs
    }

    /// The database, to look behind the screen.
    pub fn cx(&mut self) -> &mut Cx {
        &mut self.office.cx
    }

    /// The folder that the database and the drafts lie in.
    pub fn folder(&self) -> &Path {
        self.office
            .folder
            .as_ref()
            .expect("a world with a folder")
            .path()
    }

    /// What a hang-up would keep now.
    pub fn slot(&self) -> Option<danvan::app::drafts::Draft> {
        self.slot.get()
    }

    /// What the program worked on, for another start.
    pub fn into_office(self) -> Office {
        self.office
    }

    /// The root, for what the screen does not show.
    pub fn root(&mut self) -> &mut Root {
        &mut self.root
    }
}
