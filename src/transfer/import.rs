//! An import from its file to its plan: opened, understood, judged, carried out.
use crate::app::import::{self, Feed, Plan, Prepared, Progress, Watch};
use crate::app::{Cx, Result};
use crate::domain::record::Kind;
use crate::domain::sheet::Fed;
use crate::exchange::layout::{self, Layout, Map, Wishes};
use crate::exchange::read::{Encoding, Options, Source, Stop};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The register.
    pub kind: Kind,
    /// The file.
    pub path: PathBuf,
    /// A mapping.
    pub map: Option<Map>,
    /// The sheet.
    pub sheet: Option<String>,
    /// Encoding of its texts.
    pub encoding: Encoding,
}

static READER: OnceLock<PathBuf> = OnceLock::new();

/// Says which program reads spreadsheets in a process of its own; this one unless said otherwise. The first word holds.
pub fn set_reader(program: PathBuf) {
    let _ = READER.set(program);
}

/// The program that reads spreadsheets: the file that runs now, also when it was replaced meanwhile.
#[must_use]
pub fn reader() -> PathBuf {
    READER
        .get()
        .cloned()
        .unwrap_or_else(|| PathBuf::from("/proc/self/exe"))
}

/// A file on its way into a register.
#[derive(Debug)]
pub struct Import {
    source: Source,
    /// How its table is understood; a person may correct it.
    pub layout: Layout,
    state_dir: PathBuf,
}

/// Rows of a table as the plan takes them.
struct Rows<'a>(layout::Feed<'a>);

impl Feed for Rows<'_> {
    fn next_fed(&mut self) -> Result<Option<Fed>> {
        Ok(self.0.next_fed()?)
    }

    fn done(&self) -> u32 {
        self.0.done()
    }

    fn pointed(&self) -> HashSet<String> {
        self.0.pointed().clone()
    }
}

impl Import {
    /// Opens a file and finds its headings. `stop` ends reading a spreadsheet.
    ///
    /// # Errors
    /// A file that is not there, damaged, made to harm, or without headings that the register knows.
    pub fn open(state_dir: &Path, request: &Request, stop: &Stop) -> Result<Self> {
        let options = Options {
            encoding: request.encoding,
            scratch: state_dir.to_owned(),
            reader: reader(),
            stop: stop.clone(),
        };
        let source = Source::open(&request.path, &options)?;
        let wishes = Wishes {
            map: request.map.as_ref(),
            sheet: request.sheet.as_deref(),
            state_dir: Some(state_dir),
            encoding: Some(request.encoding),
        };
        let layout = Layout::find(&source, request.kind, &wishes)?;
        Ok(Self {
            source,
            layout,
            state_dir: state_dir.to_owned(),
        })
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Name of the sheet; empty where the file is one table.
    #[must_use]
    pub fn sheet(&self) -> &str {
        self.source
            .sheets()
            .get(self.layout.sheet)
            .map_or("", |s| s.name.as_str())
    }

    /// Judges every row; nothing is written.
    ///
    /// # Errors
    /// A file that cannot be read on, the end asked for, or a failure of the database.
    pub fn prepare(&mut self, cx: &mut Cx, watch: Watch) -> Result<Prepared> {
        let mut go = true;
        let mut survey = |rows, part| {
            go &= watch(Progress {
                phase: import::Phase::Check,
                rows,
                part: part / 4,
            });
        };
        self.layout.survey(&self.source, &mut survey)?;
        if !go {
            return Err(import::stopped());
        }
        let mut feed = Rows(self.layout.feed(&self.source)?);
        let mut later = |progress: Progress| {
            watch(Progress {
                part: 250 + progress.part * 3 / 4,
                ..progress
            })
        };
        import::prepare(cx, self.layout.kind, &mut feed, &mut later)
    }

    /// Carries a plan out and keeps the mapping for the next file of this layout.
    ///
    /// # Errors
    /// As [`import::carry_out`].
    pub fn carry_out(&self, cx: &mut Cx, prepared: Prepared, watch: Watch) -> Result<Plan> {
        let plan = import::carry_out(cx, prepared, watch)?;
        let headings = self.layout.headings();
        // Only a convenience is lost when it cannot be kept.
        let _ = layout::remember(
            &self.state_dir,
            self.layout.kind,
            &headings,
            &self.layout.map(),
        );
        Ok(plan)
    }
}

/// How long a work will still take, by how long it has taken.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    start: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            start: crate::app::cx::millis(),
        }
    }
}

impl Pace {
    /// Seconds left when `part` of 1000 is done; none while that says little.
    #[must_use]
    pub fn left(&self, part: u32) -> Option<i64> {
        let taken = crate::app::cx::millis() - self.start;
        let part = i64::from(part.min(1000));
        (part >= 20 && taken > 500).then(|| taken * (1000 - part) / part / 1000)
    }
}
