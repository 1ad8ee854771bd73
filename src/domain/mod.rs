//! The rules, pure: no files, no clock, no SQL, no words on screen.
pub mod calendar;
pub mod check;
pub mod collate;
pub mod date;
pub mod deadline;
pub mod dialogue;
pub mod encoding;
pub mod figure;
pub mod fold;
pub mod hash;
pub mod link;
pub mod lunar;
pub mod model;
pub mod number;
pub mod period;
pub mod petition;
pub mod query;
pub mod rate;
pub mod reception;
pub mod record;
pub mod retention;
pub mod sheet;
pub mod slip;
pub mod spare;
pub mod succession;
pub mod syllable;
pub mod text;
pub mod typing;
pub mod unit;
pub mod value;
pub mod words;

#[cfg(test)]
pub(crate) mod testdata {
    //! Reads the shared tables for tests. They exist only where the project is checked; elsewhere a test says so and passes.

    /// The rows of a tab-separated table without its heading; empty, with a line on stderr, where the table is absent.
    pub fn table(name: &str) -> Vec<Vec<String>> {
        lines(&format!("data/{name}"))
            .iter()
            .skip(1)
            .map(|l| l.split('\t').map(str::to_owned).collect())
            .collect()
    }

    /// What the system counts of this thread's reads and writes, by its name (`syscr`, `syscw`); none where it does not say.
    pub fn counted(what: &str) -> Option<u64> {
        let told = std::fs::read_to_string("/proc/thread-self/io").ok()?;
        let of = |line: &str| line.strip_prefix(what)?.strip_prefix(": ")?.parse().ok();
        told.lines().find_map(of)
    }

    /// A file of the shared folder as text, if it is there.
    pub fn text(path: &str) -> Option<String> {
        let root = std::env::var("DANVAN_SHARED")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").to_owned());
        let full = std::path::Path::new(&root).join(path);
        let read = std::fs::read_to_string(&full).ok();
        if read.is_none() {
            eprintln!("bỏ qua: không có {}", full.display());
        }
        read
    }

    fn lines(path: &str) -> Vec<String> {
        text(path)
            .map(|t| t.lines().map(str::to_owned).collect())
            .unwrap_or_default()
    }
}
