//! An import from its file to its plan: opened, understood, judged, carried out.
use crate::app::import::{self, Book, Came, Feed, Plan, Prepared, Progress, Watch};
use crate::app::{Cx, Error, Result, own_file, upkeep};
use crate::catalog::{Type, carried};
use crate::domain::petition::book::{Said, known_again};
use crate::domain::record::Kind;

use crate::domain::sheet::{Cell, Fed, InRow};
use crate::domain::value::Code;
use crate::domain::words::Msg;
use crate::exchange::layout::{self, Column, Layout, Map, Wishes};
use crate::exchange::read::{self, Encoding, Options, Source, Stop};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};

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

/// Rows that are handed on at once, and letters in them at most.
const EACH: usize = 256;
const LETTERS: usize = 1 << 18;
/// Such pieces that may wait to be judged.
const WAITING: usize = 4;

/// Lines from which a text file is judged as it begins: with fewer there is little to win.
const LONG: usize = 8_192;

/// What a thread that reads hands on; an empty piece is the end.
type Piece = std::result::Result<Vec<Fed>, read::Error>;

/// Rows of a table as the plan takes them: read by a thread of its own while others are judged.
struct Rows<'a> {
    from: Receiver<Piece>,
    now: std::vec::IntoIter<Fed>,
    /// Rows that were judged, and where their memory goes back.
    used: Vec<InRow>,
    back: SyncSender<Vec<InRow>>,
    done: Arc<AtomicU32>,
    layout: &'a Layout,
    ended: bool,
}

impl Feed for Rows<'_> {
    fn next_fed(&mut self) -> Result<Option<Fed>> {
        while !self.ended {
            if let Some(fed) = self.now.next() {
                return Ok(Some(fed));
            }
            // Whoever reads makes room of its own where it has none.
            let _ = self.back.try_send(std::mem::take(&mut self.used));
            let piece = self.from.recv().map_err(|_| cut_off())??;
            self.ended = piece.is_empty();
            self.now = piece.into_iter();
        }
        Ok(None)
    }

    fn take_back(&mut self, row: InRow) {
        self.used.push(row);
    }

    fn done(&self) -> u32 {
        self.done.load(Ordering::Relaxed)
    }

    fn pointed(&self) -> HashSet<String> {
        self.layout.pointed.clone()
    }

    fn year(&self) -> Option<i32> {
        self.layout.year
    }

    fn mends(&self) -> bool {
        self.layout.columns.iter().any(Column::is_of_mending)
    }

    fn tells(&self, key: &str) -> bool {
        let filled = self.layout.columns.iter().filter_map(|c| c.target.as_ref());
        filled.into_iter().any(|target| target.fills(key))
    }

    fn book(&self) -> Book {
        let own = self
            .layout
            .columns
            .iter()
            .filter(|c| c.tells_course(self.layout.kind));
        let headings: Vec<_> = own.map(|c| (c.at, self.layout.name(c.at))).collect();
        Book {
            any: !headings.is_empty(),
            lacking: self.layout.lacking,
            headings,
            words: self.words(),
            units: self.units(),
        }
    }
}

impl Rows<'_> {
    /// What a person has said that words of results mean.
    fn words(&self) -> HashMap<String, Said> {
        let own = self.layout.words.iter();
        let own = own
            .filter(|(key, _)| carried::repeats(key))
            .flat_map(|(_, words)| words);
        own.filter_map(|(word, meaning)| Some((known_again(word), Said::from_code(meaning)?)))
            .collect()
    }

    /// Which units a person has said words to mean, by field.
    fn units(&self) -> HashMap<(String, String), String> {
        let own = self.layout.words.iter();
        let own = own.filter(|(key, _)| {
            let field = carried::in_file(self.layout.kind, key);
            field.is_some_and(|f| f.ty == Type::Unit)
        });
        own.flat_map(|(key, words)| words.iter().map(move |said| (key, said)))
            .map(|(key, (word, code))| ((key.clone(), known_again(word)), code.clone()))
            .collect()
    }
}

fn cut_off() -> Error {
    Error::BadFile(Msg::new(
        "Tệp không đọc tiếp được.",
        "The file cannot be read on.",
    ))
}

/// What is known of a table in the end of which only the first rows were looked at before.
#[derive(Debug, Default)]
struct Rest {
    rows: AtomicUsize,
    /// Not all are as the first ones.
    unlike: AtomicBool,
}

impl Rest {
    /// Ends the reading where rows are not as the first ones.
    fn hold(&self, feed: &layout::Feed, source: &Source) -> read::Result<()> {
        let Some((rows, alike)) = feed.surveyed(source) else {
            return Ok(());
        };
        self.rows.store(rows, Ordering::Relaxed);
        self.unlike.store(!alike, Ordering::Relaxed);
        if alike {
            Ok(())
        } else {
            Err(read::Error::Stopped)
        }
    }
}

/// Reads rows and hands them on until the end, or until nobody takes them any more.
fn deliver(
    (layout, source, rest): (&Layout, &Source, Option<&Rest>),
    to: &SyncSender<Piece>,
    back: &Receiver<Vec<InRow>>,
    done: &AtomicU32,
) {
    let read = || -> Piece {
        let mut feed = layout.feed(source)?;
        if rest.is_some() {
            feed = feed.surveying();
        }
        let mut piece = Vec::with_capacity(EACH);
        let mut letters = 0;
        while let Some(fed) = feed.next_fed()? {
            letters += length(&fed);
            piece.push(fed);
            if piece.len() >= EACH || letters >= LETTERS {
                if let Some(rest) = rest.filter(|_| feed.points()) {
                    rest.hold(&feed, source)?;
                }
                letters = 0;
                done.store(feed.done(), Ordering::Relaxed);
                let full = std::mem::replace(&mut piece, Vec::with_capacity(EACH));
                if to.send(Ok(full)).is_err() {
                    return Ok(Vec::new());
                }
                let used = back.try_iter().flatten();
                used.for_each(|row| feed.take_back(row));
            }
        }
        if let Some(rest) = rest {
            rest.hold(&feed, source)?;
        }
        Ok(piece)
    };
    let last = read();
    let more = last.as_ref().is_ok_and(|piece| !piece.is_empty());
    // Nobody waits for it when the work was given up.
    if to.send(last).is_ok() && more {
        let _ = to.send(Ok(Vec::new()));
    }
}

/// Letters that a row holds, about.
fn length(fed: &Fed) -> usize {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Bad(text) => text.len(),
        _ => 0,
    };
    match fed {
        Fed::Row(row) => row.given.iter().map(|given| text(&given.cell)).sum(),
        Fed::Passed(_, text, _) => text.len(),
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
            nameless: own_file::nameless,
            reader: reader(),
            stop: stop.clone(),
            barred: upkeep::in_use,
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
        self.look_over(watch)?;
        self.feed(watch, |kind, feed, watch| {
            import::prepare(cx, kind, feed, watch)
        })
    }

    /// Judges every row and writes them where all of them are simply new, `at_once` in one transaction at most; otherwise
    /// nothing is written, as with [`Import::prepare`].
    ///
    /// # Errors
    /// As [`Import::prepare`] and [`Import::carry_out`].
    pub fn bring(&mut self, cx: &mut Cx, at_once: usize, watch: Watch) -> Result<Came> {
        let came = match self.bring_unseen(cx, at_once, watch)? {
            Some(came) => came,
            None => {
                self.look_over(watch)?;
                let rows = self.layout.rows;
                self.feed(watch, |kind, feed, watch| {
                    import::bring(cx, kind, (feed, rows), at_once, watch)
                })?
            }
        };
        if matches!(came, Came::Written(_)) {
            self.remember();
        }
        Ok(came)
    }

    /// As [`Import::bring`], for a long text file that is taken to go on as it begins: it is looked over while its rows are
    /// judged. None where it does not; nothing is written then.
    fn bring_unseen(&mut self, cx: &mut Cx, at_once: usize, watch: Watch) -> Result<Option<Came>> {
        let most = self.source.most_rows(at_once + self.layout.head.1)?;
        let most = most.map(|lines| lines.saturating_sub(self.layout.head.1));
        let Some(rows) = most.filter(|rows| (LONG..=at_once).contains(rows)) else {
            return Ok(None);
        };
        // Some lines belong to one row.
        let rows = rows.min(self.layout.survey_beginning(&self.source)?);
        if !self.layout.pointed.is_empty() {
            return Ok(None);
        }
        let (rest, mut goes_on) = (Rest::default(), true);
        let mut watched = |progress| {
            goes_on = goes_on && watch(progress);
            goes_on
        };
        let came = self.feed_of(Some(&rest), &mut watched, |kind, feed, watch| {
            import::bring(cx, kind, (feed, rows), at_once, watch)
        });
        self.layout.rows = rest.rows.load(Ordering::Relaxed);
        match came {
            Err(_) if goes_on && rest.unlike.load(Ordering::Relaxed) => Ok(None),
            came => came.map(Some),
        }
    }

    /// Reads the table once, to know how it is to be read.
    fn look_over(&mut self, watch: Watch) -> Result<()> {
        let mut go = true;
        let mut survey = |rows, part| {
            go &= watch(Progress {
                phase: import::Phase::Check,
                rows,
                part: part / 4,
            });
        };
        self.layout.survey(&self.source, &mut survey)?;
        if go { Ok(()) } else { Err(import::stopped()) }
    }

    /// Hands the rows on to `take`, once the table was looked over.
    fn feed<T>(
        &self,
        watch: Watch,
        take: impl FnOnce(Kind, &mut Rows, Watch) -> Result<T>,
    ) -> Result<T> {
        let mut later = |progress: Progress| {
            watch(Progress {
                part: 250 + progress.part * 3 / 4,
                ..progress
            })
        };
        self.feed_of(None, &mut later, take)
    }

    /// Hands the rows on to `take`; a thread of its own reads them meanwhile. Where the table was looked at only in part,
    /// `rest` is told of the others, and rows that are not like the first end it.
    fn feed_of<T>(
        &self,
        rest: Option<&Rest>,
        watch: Watch,
        take: impl FnOnce(Kind, &mut Rows, Watch) -> Result<T>,
    ) -> Result<T> {
        let (layout, source) = (&self.layout, &self.source);
        let done = Arc::new(AtomicU32::new(0));
        let (to, from) = sync_channel(WAITING);
        let (back, used) = sync_channel(WAITING);
        let mut rows = Rows {
            from,
            now: Vec::new().into_iter(),
            used: Vec::new(),
            back,
            done: Arc::clone(&done),
            layout,
            ended: false,
        };
        std::thread::scope(|scope| {
            std::thread::Builder::new()
                .name("read".into())
                .spawn_scoped(scope, move || {
                    deliver((layout, source, rest), &to, &used, &done);
                })
                .map_err(|e| Error::Write(Msg::new(e.to_string(), e.to_string())))?;
            let taken = take(layout.kind, &mut rows, watch);
            // Whoever still reads is not waited for.
            drop(rows);
            taken
        })
    }

    /// Carries a plan out and keeps the mapping for the next file of this layout.
    ///
    /// # Errors
    /// As [`import::carry_out`].
    pub fn carry_out(&self, cx: &mut Cx, prepared: Prepared, watch: Watch) -> Result<Plan> {
        let plan = import::carry_out(cx, prepared, watch)?;
        self.remember();
        Ok(plan)
    }

    /// Keeps the mapping for the next file of this layout, and for one of its rows to mend.
    pub fn remember(&self) {
        let headings = self.layout.headings();
        let mut map = self.layout.map();
        // What results say may name people: it is known again, not kept.
        for (_, words) in map
            .words
            .iter_mut()
            .filter(|(key, _)| carried::repeats(key))
        {
            *words = std::mem::take(words)
                .into_iter()
                .map(|(word, meaning)| (known_again(&word), meaning))
                .collect();
        }
        // So may a long text in a column of types («tố cáo của bà …»): it is asked for again.
        let short = |word: &str| word.split_whitespace().count() <= 3;
        for key in ["type", "matter_type"] {
            if let Some(words) = map.words.get_mut(key) {
                words.retain(|word, _| short(word));
            }
        }
        // Only a convenience is lost when it cannot be kept.
        let _ = layout::remember(&self.state_dir, self.layout.kind, &headings, &map);
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
