//! Every budget of the program beside its yardstick, in one run and one table.
//!
//! `cargo bench` measures all groups; `cargo bench -- line find` only those named. `--markdown` prints the table for a
//! document, `--readme` puts it into README.md between its marks.
//!
//! Groups: `line` (G1–G4), `start` (G5–G7), `find` (G8), `save` and `writers` (G9), `office` (many at once), `rates`
//! (G10), `size` (G12); `screens`, the bytes of every screen, only when it is named.
//!
//! - `DANVAN_BENCH_ROWS`: petitions of the database that is made for the run, 100,000 unless said.
//! - `DANVAN_BENCH_DB`: a ready database instead; it is only read.
//! - `DANVAN_BENCH_PROGRAM`: another program than the one built for the run.
//! - `DANVAN_BENCH_SECONDS`: how long the office works, 20 unless said, 600 for a whole run; `DANVAN_BENCH_PROGRAMS`: 50.
//! - `DANVAN_BENCH_IDLE`: seconds of idleness, 10 unless said. `TMPDIR`: where files go.
//!
//! Bytes, writes and sizes are exact; times tell something only beside their yardstick, on a quiet machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod data;
mod files;
#[path = "../../tests/it/support/keys.rs"]
mod keys;
mod line;
mod machine;
mod office;
mod pty;
mod site;
mod size;
mod start;
mod table;
#[path = "../../tests/it/support/wire.rs"]
mod wire;
mod writers;

use site::Site;
use table::Table;

/// A group of figures by its name.
type Group = (&'static str, fn(&Site, &mut Table));

const GROUPS: [Group; 9] = [
    ("line", line::run),
    ("start", start::run),
    ("find", data::finding),
    ("save", data::saving),
    ("writers", writers::run),
    ("office", office::run),
    ("rates", data::rating),
    ("files", files::run_all),
    ("size", size::run),
];

/// Groups that run only when they are named.
const EXTRA: [Group; 1] = [("screens", line::screens)];

const MARKS: (&str, &str) = ("<!-- bench -->\n", "<!-- /bench -->");

/// Puts the table between its marks in the README.
fn into_readme(text: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme
        .split_once(MARKS.0)
        .expect("the first mark in README.md");
    let (_, after) = rest
        .split_once(MARKS.1)
        .expect("the second mark in README.md");
    std::fs::write(path, format!("{before}{}{text}{}{after}", MARKS.0, MARKS.1)).unwrap();
}

fn main() {
    if writers::is_child() {
        return;
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &str| words.iter().any(|word| word == name);
    let wanted = GROUPS.iter().chain(&EXTRA).filter(|(name, _)| named(name));
    let mut groups: Vec<&Group> = wanted.collect();
    if groups.is_empty() {
        groups.extend(&GROUPS);
    }
    let site = Site::prepare();
    let machine = machine::line(site.dir.path());
    eprintln!("{machine}; {} petitions", site.rows);
    let mut table = Table::default();
    for (_, run) in groups {
        run(&site, &mut table);
    }
    let (met, all) = table.met();
    let about = format!(
        "{machine}; {} petitions; {met} of {all} budgets met",
        site.rows
    );
    if named("--markdown") {
        println!("{about}\n\n{}", table.markdown(false));
    } else {
        println!("\n{about}\n\n{}", table.plain());
    }
    if named("--readme") {
        into_readme(&format!("{about}\n\n{}", table.markdown(true)));
    }
}
