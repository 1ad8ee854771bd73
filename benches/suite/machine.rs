//! The machine that the figures were taken on, and what its disk asks for a durable write.
use std::fs::{File, read_to_string};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::table::median;

/// A file at whose end pages are made durable one by one: what the disk itself asks for a save.
pub struct Disk {
    file: File,
}

impl Disk {
    /// On the file system of a folder.
    pub fn of(dir: &Path) -> Disk {
        let file = File::create(dir.join("raw")).unwrap();
        Disk { file }
    }

    /// Appends 4 KiB with fdatasync and gives the milliseconds.
    pub fn append(&mut self) -> f64 {
        let start = Instant::now();
        self.file.write_all(&[7; 4096]).unwrap();
        self.file.sync_data().unwrap();
        start.elapsed().as_secs_f64() * 1000.0
    }
}

fn field(file: &str, name: &str) -> String {
    let text = read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':'));
    value.map_or("?", |(_, value)| value.trim()).to_owned()
}

/// One line about this machine.
pub fn line(dir: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory: f64 = field("/proc/meminfo", "MemTotal")
        .trim_end_matches(" kB")
        .parse()
        .unwrap_or(0.0);
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let mut disk = Disk::of(dir);
    let durable = median((0..200).map(|_| disk.append()).collect());
    format!(
        "{}, {cores} cores, {:.1} GiB, fdatasync p50 {:.2} ms, load {}, Linux {}, SQLite {}, {}",
        field("/proc/cpuinfo", "model name"),
        memory / 1_048_576.0,
        durable,
        load.split(' ').next().unwrap_or("?"),
        kernel.trim(),
        rusqlite::version(),
        chrono::Local::now().format("%Y-%m-%d"),
    )
}

/// Whether a program is there to be measured beside ours.
pub fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// Runs a program to its end and gives the milliseconds it took.
pub fn timed(command: &mut Command) -> f64 {
    let start = Instant::now();
    let out = command.output().unwrap();
    let took = start.elapsed().as_secs_f64() * 1000.0;
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    took
}
