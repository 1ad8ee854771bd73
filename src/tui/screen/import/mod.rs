//! A file into a register in four steps: the file, its columns, the problems, and doing it.

mod answers;
mod choose;
mod files;
mod finished;
mod lines;
mod troubles;
mod work;

use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Flow, Screen, Title, Ui, View, plain_state};
use crate::app::import::{Plan, Prepared};
use crate::catalog;
use crate::domain::record::Kind;
use crate::exchange::read::{Encoding, Stop};
use crate::transfer::{Import, Request};
use crate::tui::command::{Command, Scope, State};
use crate::tui::effect::then;
use crate::tui::lang::{Text, t};
use crate::tui::modal::confirm::Confirm;
use crate::tui::widget::list::List;
use crate::tui::widget::paint::{cut, put, wrap};
use answers::{Shown, Spoken};
use files::Entry;
use work::{Far, Got, Task};

/// Lines below the list at most.
const FOOT: usize = 7;

/// Which step it is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    File,
    Columns,
    Problems,
    Done,
}

impl Step {
    fn name(self) -> Text {
        match self {
            Step::File => t("bước 1/4: tệp", "step 1 of 4: file"),
            Step::Columns => t("bước 2/4: cột", "step 2 of 4: columns"),
            Step::Problems => t("bước 3/4: soát", "step 3 of 4: check"),
            Step::Done => t("bước 4/4: xong", "step 4 of 4: done"),
        }
    }
}

/// A file on its way into a register.
pub struct ImportScreen {
    kind: Kind,
    step: Step,
    folder: PathBuf,
    entries: Vec<Entry>,
    files: List<PathBuf>,
    request: Request,
    import: Option<Box<Import>>,
    columns: List<usize>,
    prepared: Option<Box<Prepared>>,
    problems: List<Shown>,
    /// How wide the texts of its columns are.
    widest: [u16; 3],
    spoken: Spoken,
    /// What the unit means that is being added in a form over this.
    adding: Option<answers::Adding>,
    written: Option<Plan>,
    /// The file to mend that holds the bad rows, and which they are.
    mended: Option<(PathBuf, Vec<usize>)>,
    /// What ends the work that goes on, and how far that is.
    busy: Option<(Stop, Option<Far>)>,
}

impl Drop for ImportScreen {
    /// Whoever leaves has given it up.
    fn drop(&mut self) {
        self.end();
    }
}

impl ImportScreen {
    /// The first step, in the folder that the program was started in.
    pub fn new(kind: Kind, v: &View) -> ImportScreen {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        ImportScreen {
            kind,
            step: Step::File,
            folder,
            entries: Vec::new(),
            files: List::new(files::columns(v)),
            request: Request {
                kind,
                path: PathBuf::new(),
                map: None,
                sheet: None,
                encoding: Encoding::Auto,
            },
            import: None,
            columns: List::new(lines::mapping_columns(v)),
            prepared: None,
            problems: List::new(Vec::new()),
            widest: [0; 3],
            spoken: Spoken::default(),
            adding: None,
            written: None,
            mended: None,
            busy: None,
        }
    }

    fn end(&self) {
        if let Some((stop, _)) = &self.busy {
            stop.ask();
        }
    }

    fn look(&mut self, folder: PathBuf, ui: &mut Ui) {
        let from = std::mem::replace(&mut self.folder, folder);
        self.look_again(from, ui);
    }

    /// Reads the folder anew; the cursor stands where one comes `from`.
    fn look_again(&self, from: PathBuf, ui: &mut Ui) {
        let folder = self.folder.clone();
        ui.run(
            move |_| files::entries(&folder),
            move |screen: &mut ImportScreen, entries, _| {
                files::fill(&mut screen.files, &screen.folder, &entries, &from);
                screen.entries = entries;
                Flow::Stay
            },
        );
    }

    fn start_work(&mut self, task: Task, ui: &mut Ui) {
        let stop = Stop::default();
        self.busy = Some((stop.clone(), None));
        ui.aside(
            move |cx, tell| work::run(cx, task, &stop, tell),
            |screen: &mut ImportScreen, far, _| {
                if let Some(busy) = &mut screen.busy {
                    busy.1 = Some(far);
                }
            },
            |screen: &mut ImportScreen, got, ui| {
                screen.busy = None;
                screen.take(got, ui);
                Flow::Stay
            },
        );
    }

    fn take(&mut self, got: Got, ui: &mut Ui) {
        match got {
            Got::Opened(import) => {
                if import.layout.recalled {
                    ui.note(ui.say(t(
                        "ghép cột như lần trước với bảng có tiêu đề này",
                        "columns are mapped as the last time with these headings",
                    )));
                }
                self.mended = None;
                self.import = Some(import);
                self.step = Step::Columns;
                self.show_columns(&ui.view);
            }
            Got::Planned(import, prepared, units) => {
                self.spoken.units = units;
                let failed = &prepared.plan.failed;
                self.mended = self.mended.take().filter(|(_, rows)| rows == failed);
                self.import = Some(import);
                self.prepared = Some(prepared);
                self.step = Step::Problems;
                self.show_problems(&ui.view);
            }
            Got::Written(plan) => {
                self.written = Some(plan);
                self.prepared = None;
                self.step = Step::Done;
            }
            Got::Failed(import, error) => {
                if import.is_some() {
                    self.import = import;
                    self.prepared = None;
                    self.step = Step::Columns;
                }
                ui.warn(error.text(ui.view.lang));
            }
        }
    }

    fn show_columns(&mut self, v: &View) {
        let Some(import) = &self.import else { return };
        let layout = &import.layout;
        let rows = layout.columns.iter();
        let rows = rows.map(|c| lines::mapping_row(layout, c, v)).collect();
        self.columns.set_rows(rows);
    }

    fn open(&mut self, path: PathBuf, ui: &mut Ui) -> Flow {
        if path.is_dir() {
            self.look(path, ui);
            return Flow::Stay;
        }
        self.mended = None;
        self.request = Request {
            kind: self.kind,
            path,
            map: None,
            sheet: None,
            encoding: Encoding::Auto,
        };
        self.reopen(ui);
        Flow::Stay
    }

    /// Opens the same file as it is asked for now.
    fn reopen(&mut self, ui: &mut Ui) {
        self.start_work(Task::Open(self.request.clone()), ui);
    }

    fn onward(&mut self, ui: &mut Ui) -> Flow {
        match self.step {
            Step::File => match self.files.key().cloned() {
                Some(path) => self.open(path, ui),
                None => Flow::Stay,
            },
            Step::Columns => {
                if let Some(import) = self.import.take() {
                    self.start_work(Task::Plan(import), ui);
                }
                Flow::Stay
            }
            Step::Problems => self.write(ui),
            Step::Done => Flow::Pop,
        }
    }

    fn write(&mut self, ui: &mut Ui) -> Flow {
        let Some(plan) = self.prepared.as_ref().map(|p| &p.plan) else {
            return Flow::Stay;
        };
        let aside = self.mended.as_ref().filter(|_| plan.error > 0);
        if plan.error > 0 && aside.is_none() {
            ui.warn(ui.say(t(
                "còn dòng lỗi, chưa ghi gì: x đưa các dòng đó ra tệp để sửa, rồi ghi được phần còn lại",
                "rows are in error, nothing is written: x puts them into a file to mend, then the rest can be written",
            )));
            return Flow::Stay;
        }
        if plan.create + plan.update == 0 {
            if aside.is_some() {
                ui.note(ui.say(t("không còn dòng nào để ghi", "no row is left to write")));
                return Flow::Stay;
            }
            self.written = Some(plan.clone());
            self.step = Step::Done;
            return Flow::Stay;
        }
        let said = self.import.as_ref().and_then(|i| i.layout.lacking);
        if plan.courses.open > 0 && said.is_none() {
            return self.choose_lacking(ui);
        }
        let title = catalog::entity(self.kind).title.get(ui.view.lang);
        let question = format!("{}: {title}", ui.say(t("Ghi vào sổ", "Write into")));
        let undo = ui.say(t(
            "Sau này bấm u để lấy lại cả lần nhập.",
            "Later u takes the whole import back.",
        ));
        let aside = aside.map(|(path, _)| lines::aside(plan.error, path, ui.view.lang));
        let detail = [
            lines::counts(plan, ui.view.lang),
            plan.courses.told(ui.view.lang),
            aside.unwrap_or_default(),
            undo.to_owned(),
        ];
        let detail = detail.into_iter().filter(|line| !line.is_empty()).collect();
        let yes = then(|screen: &mut ImportScreen, ui: &mut Ui| {
            let taken = (screen.import.take(), screen.prepared.take());
            if let (Some(import), Some(mut prepared)) = taken {
                prepared.plan.set_aside();
                screen.start_work(Task::Write(import, prepared), ui);
            }
            Flow::Stay
        });
        Flow::Push(Box::new(Confirm::new(question, detail, Flow::PopThen(yes))))
    }

    fn back(&mut self, ui: &mut Ui) -> Flow {
        if self.busy.is_some() {
            self.end();
            return Flow::Stay;
        }
        match self.step {
            Step::File | Step::Done => return Flow::Pop,
            Step::Columns => {
                self.import = None;
                self.step = Step::File;
                // A file to mend may have come to lie there meanwhile.
                self.look_again(self.request.path.clone(), ui);
            }
            Step::Problems => {
                self.prepared = None;
                self.step = Step::Columns;
                self.show_columns(&ui.view);
            }
        }
        Flow::Stay
    }

    fn moved(&mut self, c: Command) -> bool {
        match self.step {
            Step::File => self.files.command(c),
            Step::Columns => self.columns.command(c),
            Step::Problems | Step::Done => self.problems.command(c),
        }
    }

    fn foot(&self, v: &View) -> Vec<String> {
        if let Some((_, far)) = &self.busy {
            return vec![
                lines::doing(*far, v),
                v.say(lines::stopping(*far)).to_owned(),
            ];
        }
        match (self.step, &self.import, &self.prepared) {
            (Step::File, ..) => vec![self.folder.display().to_string()],
            (Step::Columns, Some(import), _) => {
                let layout = &import.layout;
                let at = self.columns.key();
                let column = layout.columns.iter().find(|c| Some(&c.at) == at);
                column.map_or_else(Vec::new, |c| lines::about_column(layout, c, v))
            }
            (Step::Problems, Some(import), Some(prepared)) => {
                self.about_problem(import, prepared, v)
            }
            (Step::Done, _, _) => {
                let counts = self.written.as_ref().map(|p| lines::written(p, v.lang));
                let done = v.say(t(
                    "Đã ghi xong. Enter hoặc Esc trở về sổ.",
                    "Written. Enter or Esc goes back.",
                ));
                let left = self.written.as_ref().and_then(Plan::left_out);
                let left = left.map(|left| left.get(v.lang).to_owned());
                let n = self.written.as_ref().map_or(0, |p| p.aside);
                let aside = self.mended.as_ref().filter(|_| n > 0);
                let aside = aside.map(|(path, _)| lines::aside(n, path, v.lang));
                let done = left.into_iter().chain(aside).chain([done.to_owned()]);
                counts.into_iter().chain(done).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Screen for ImportScreen {
    fn state(&self, v: &View) -> State {
        let row = match self.step {
            Step::File => self.files.row().is_some(),
            Step::Columns => self.columns.row().is_some(),
            Step::Problems => self.problems.row().is_some(),
            Step::Done => true,
        };
        State {
            row,
            import_step: match self.step {
                Step::File => 1,
                Step::Columns => 2,
                Step::Problems => 3,
                Step::Done => 4,
            },
            ..plain_state(Scope::Import, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        let file = self.request.path.file_name();
        let file = file.map(|n| n.to_string_lossy().into_owned());
        let sheet = self.import.as_ref().map(|i| i.sheet().to_owned());
        let about = [Some(v.say(self.step.name()).to_owned())]
            .into_iter()
            .chain([file.filter(|_| self.step != Step::File), sheet])
            .flatten()
            .filter(|text| !text.is_empty());
        let count = match (self.step, &self.prepared) {
            (Step::Problems, Some(p)) => lines::number(p.plan.rows()),
            _ => String::new(),
        };
        Title {
            name: v.say(t("nhập tệp", "import")).to_owned(),
            about: about.collect(),
            count,
        }
    }

    fn start(&mut self, ui: &mut Ui) {
        self.look(self.folder.clone(), ui);
    }

    fn saved(&mut self, kind: Kind, id: i64, ui: &mut Ui) {
        self.take_added(kind, id, ui);
    }

    fn works(&self) -> bool {
        self.busy.is_some()
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        if c == Command::Back {
            return self.back(ui);
        }
        if self.busy.is_some() && !matches!(c, Command::Up | Command::Down) {
            return match c {
                Command::Close => Flow::Pass,
                _ => {
                    if let Some((_, far)) = &self.busy {
                        ui.note(ui.say(lines::stopping(*far)));
                    }
                    Flow::Stay
                }
            };
        }
        match c {
            Command::Onward => self.onward(ui),
            Command::Open => match self.step {
                Step::Columns => self.choose_field(ui),
                Step::Problems => self.choose_meaning(ui),
                _ => self.onward(ui),
            },
            Command::TypePath => self.type_path(ui),
            Command::Encoding => self.choose_encoding(ui),
            Command::SheetOf => self.choose_sheet(ui),
            Command::DateOrder => self.choose_order(ui),
            Command::Mend => self.mend(ui),
            Command::Finished => self.choose_lacking(ui),
            _ if self.moved(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    //   Cột trong tệp          Vào trường            Ví dụ
    // > B  Ngày nhận           Ngày nhận             04/03/2019
    //   C  Họ tên, địa chỉ     Người gửi, Địa chỉ    Lê Thị Bông, ấp 3
    //   D  Số thửa             – không nhập          12
    //
    //  TCVN3 (ABC): Lª ThÞ B«ng → Lê Thị Bông
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let foot = self.foot(v);
        let room = area.width.saturating_sub(2).max(1);
        let foot: Vec<String> = foot
            .iter()
            .flat_map(|text| wrap(text, room))
            .take(FOOT)
            .collect();
        let high = u16::try_from(foot.len()).unwrap_or(0) + 1;
        let rows = Rect {
            height: area.height.saturating_sub(high),
            ..area
        };
        match self.step {
            Step::File => self.files.view(f, rows, v, true),
            Step::Columns => self.columns.view(f, rows, v, true),
            Step::Problems if self.problems.total() > 0 => {
                let columns = lines::problem_columns(self.widest, area.width, v);
                self.problems.set_columns(columns);
                self.problems.view(f, rows, v, true);
            }
            Step::Problems => {
                let clean = v.say(t(
                    "Không có lỗi nào. t để ghi vào sổ.",
                    "No problems. t writes the rows.",
                ));
                put(f, area, 2, 1, &cut(clean, room, v.theme), Style::new());
            }
            Step::Done => {}
        }
        for (n, text) in foot.iter().enumerate() {
            let y = rows.height + 1 + u16::try_from(n).unwrap_or(0);
            if y < area.height || area.height == 0 {
                put(
                    f,
                    area,
                    1,
                    y.min(area.height.saturating_sub(1)),
                    text,
                    v.theme.dim(),
                );
            }
        }
    }
}
