//! Reads the shared tables for tests. They exist only where the project is checked; elsewhere a test says so and passes.

/// The rows of a tab-separated table without its heading; empty, with a line on stderr, where the table is absent.
pub fn table(name: &str) -> Vec<Vec<String>> {
    lines(&format!("data/{name}"))
        .iter()
        .skip(1)
        .map(|l| l.split('\t').map(str::to_owned).collect())
        .collect()
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
