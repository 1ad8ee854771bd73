//! G11: a register out of and into files, beside the `sqlite3` shell and the usual writers of spreadsheets, and how long
//! others wait meanwhile.
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use danvan::app::Cx;
use danvan::app::records::{self, NewRecord};
use danvan::domain::record::Kind;
use danvan::domain::value::Value;

use super::site::{Site, TODAY};
use super::table::{Row, Table, Unit, median};

/// Rows that the slow writers of spreadsheets are given.
const SLOW: u64 = 20_000;

/// What a run of a program came to: seconds, and the most memory it took in MiB.
struct Run {
    seconds: f64,
    peak: f64,
}

fn peak(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Runs a program to its end; `beside` is called again and again meanwhile.
fn run(command: &mut Command, mut beside: impl FnMut()) -> Run {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().unwrap();
    let mut most = 0.0_f64;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        most = most.max(peak(child.id()).unwrap_or(0.0));
        beside();
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "{command:?}");
    Run {
        seconds: start.elapsed().as_secs_f64(),
        peak: most,
    }
}

/// How often a run and its yardstick take turns: a single run differs by a third from the next.
const TURNS: usize = 5;

/// The run in the middle and its yardstick's, which take turns; the most memory of all.
fn in_turn(mut yardstick: impl FnMut() -> Run, mut own: impl FnMut() -> Run) -> (Run, Run) {
    let (theirs, ours): (Vec<Run>, Vec<Run>) = (0..TURNS).map(|_| (yardstick(), own())).unzip();
    (middle(&theirs), middle(&ours))
}

fn middle(runs: &[Run]) -> Run {
    Run {
        seconds: median(runs.iter().map(|run| run.seconds).collect()),
        peak: runs.iter().map(|run| run.peak).fold(0.0, f64::max),
    }
}

fn ours(site: &Site, db: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(&site.program);
    command
        .arg("--db")
        .arg(db)
        .args(args)
        .env("DANVAN_TODAY", TODAY)
        .env("XDG_STATE_HOME", site.dir.path().join("state"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn count(rows: u64) -> f64 {
    rows as f64
}

/// Registers out of and into files.
pub fn run_all(site: &Site, table: &mut Table) {
    out(site, table);
    into(site, table);
}

fn out(site: &Site, table: &mut Table) {
    let csv = site.dir.path().join("out.csv");
    let theirs = site.dir.path().join("theirs.csv");
    let sql = "SELECT * FROM petition ORDER BY received_on DESC, id DESC";
    let shell = || {
        let mut shell = site.shell(sql);
        shell.arg("-csv").stdout(File::create(&theirs).unwrap());
        run(&mut shell, || ())
    };
    let name = csv.to_str().unwrap();
    let args = [
        "--read-only",
        "export",
        "petition",
        name,
        "--with-names",
        "--yes",
    ];
    let own = || run(&mut ours(site, &site.db, &args), || ());
    let (shell, own) = in_turn(shell, own);
    let rows = count(site.rows);
    table.add(
        Row::new(
            "G11",
            "CSV out, all fields",
            Unit::PerSecond,
            rows / own.seconds,
        )
        .beside("sqlite3 -csv", rows / shell.seconds)
        .better(1.0),
    );
    table.add(Row::new("G11", "CSV out, memory", Unit::MiB, own.peak).most(64.0));
    let rows = site.rows.min(100_000).to_string();
    let xlsx = csv.with_extension("xlsx");
    let name = xlsx.to_str().unwrap();
    let args = [
        "--read-only",
        "export",
        "petition",
        name,
        "--with-names",
        "--yes",
        "--limit",
        &rows,
    ];
    let own = run(&mut ours(site, &site.db, &args), || ());
    let speed = count(rows.parse().unwrap()) / own.seconds;
    for (writer, script) in [("XlsxWriter", XLSXWRITER), ("openpyxl", OPENPYXL)] {
        let what = format!("XLSX out, beside {writer}");
        table.add(match python(script, &csv) {
            Some(theirs) => Row::new("G11", what, Unit::PerSecond, speed)
                .beside(writer, theirs)
                .better(5.0),
            None => Row::missing("G11", what, "no Python with it (DANVAN_ORACLE_PYTHON)"),
        });
    }
    table.add(Row::new("G11", "XLSX out, memory", Unit::MiB, own.peak).most(64.0));
}

const XLSXWRITER: &str = "
import xlsxwriter
book = xlsxwriter.Workbook(path, {'constant_memory': True})
sheet, day = book.add_worksheet(), book.add_format({'num_format': 'dd/mm/yyyy'})
for at, row in enumerate(rows):
    for column, value in enumerate(row):
        if isinstance(value, datetime.date): sheet.write_datetime(at, column, value, day)
        elif isinstance(value, int): sheet.write_number(at, column, value)
        elif value: sheet.write_string(at, column, value)
book.close()
";
const OPENPYXL: &str = "
import openpyxl
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet()
for row in rows: sheet.append([value if value != '' else None for value in row])
book.save(path)
";

/// Rows per second of a writer in Python, which is given the same values.
fn python(script: &str, csv: &Path) -> Option<f64> {
    let program = std::env::var("DANVAN_ORACLE_PYTHON").unwrap_or_else(|_| "python3".into());
    let frame = format!(
        "import csv, datetime, re, sys, time
iso = re.compile(r'\\d{{4}}-\\d\\d-\\d\\d$')
def value(text):
    if iso.match(text): return datetime.date.fromisoformat(text)
    return int(text) if text.isdigit() and len(text) < 9 else text
with open(sys.argv[1], encoding='utf-8-sig') as file:
    rows = [[value(text) for text in row] for _, row in zip(range({SLOW}), csv.reader(file))]
path, start = sys.argv[1] + '.xlsx', time.time()
{script}
print(len(rows) / (time.time() - start))"
    );
    let came = Command::new(program)
        .args(["-c", &frame])
        .arg(csv)
        .output()
        .ok()?;
    String::from_utf8_lossy(&came.stdout).trim().parse().ok()
}

/// A book as an office would bring it.
fn book(rows: u64) -> String {
    let mut text = String::from(
        "Ngày nhận,Loại đơn,Nguồn đơn,Người gửi,Địa chỉ,Nội dung,Nội dung chi tiết,Lĩnh vực,Đơn vị,Người phụ trách\r\n",
    );
    for n in 0..rows {
        let (day, month, year) = (1 + n % 28, 1 + n / 28 % 12, 2010 + n / 336 % 15);
        let kind = ["khiếu nại", "kiến nghị", "phản ánh"][(n % 3) as usize];
        let unit = ["86", "24", "01", "79"][(n % 4) as usize];
        let _ = write!(
            text,
            "{day:02}/{month:02}/{year},{kind},bưu chính,Nguyễn Thị Mẫu {n},\"ấp {}, xã Mẫu\",Đề nghị xem xét việc bồi thường thửa đất số {n},\
             \"Đề nghị xem xét việc bồi thường thửa đất số {n}; sự việc kéo dài nhiều tháng.\",đất đai,{unit},Trần Văn Thử\r\n",
            n % 9
        );
    }
    text
}

/// One small save of someone else, in milliseconds.
fn save(cx: &mut Cx, n: usize) -> f64 {
    let new = NewRecord {
        fields: vec![
            ("received_on", Value::Date(TODAY.parse().unwrap())),
            ("type", Value::Text("complaint".into())),
            ("subject", Value::Text(format!("Việc của người khác {n}"))),
        ],
        ..NewRecord::default()
    };
    let start = Instant::now();
    records::add(cx, Kind::Petition, &[new]).unwrap();
    start.elapsed().as_secs_f64() * 1000.0
}

fn into(site: &Site, table: &mut Table) {
    let home = site.dir.path();
    let csv = home.join("in.csv");
    std::fs::write(&csv, book(site.rows)).unwrap();
    let rows = count(site.rows);
    let name = csv.to_str().unwrap();
    let shell = || {
        let db = home.join("theirs.db");
        let _ = std::fs::remove_file(&db);
        let mut shell = Command::new("sqlite3");
        shell.args(["-batch", "-init", "/dev/null"]).arg(db);
        shell.arg(format!(".import --csv {name} petition"));
        run(&mut shell, || ())
    };
    let own = || {
        let db = home.join("into.db");
        let _ = std::fs::remove_file(&db);
        run(&mut ours(site, &db, &["init"]), || ());
        run(&mut ours(site, &db, &["import", "petition", name]), || ())
    };
    let (shell, own) = in_turn(shell, own);
    table.add(
        Row::new(
            "G11",
            "CSV in: checked, indexed, found",
            Unit::PerSecond,
            rows / own.seconds,
        )
        .beside("sqlite3 .import", rows / shell.seconds)
        .better(0.3),
    );
    table.add(Row::new("G11", "CSV in, memory", Unit::MiB, own.peak).most(64.0));
    let db = home.join("beside.db");
    run(&mut ours(site, &db, &["init"]), || ());
    let mut other = site.open(&db);
    let (mut saves, mut worst) = (0, 0.0_f64);
    run(&mut ours(site, &db, &["import", "petition", name]), || {
        worst = worst.max(save(&mut other, saves));
        saves += 1;
    });
    table.add(
        Row::new(
            "G11",
            "longest wait of another's save meanwhile",
            Unit::Ms,
            worst,
        )
        .most(5_000.0),
    );
}
