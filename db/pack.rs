//! Packs the tables of `db/seed` that are long and read only when a database is made.
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

const LONG: [&str; 3] = ["units_2024.tsv", "units_2025.tsv", "succession.tsv"];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    for name in LONG {
        let table = format!("db/seed/{name}");
        println!("cargo::rerun-if-changed={table}");
        let packed = File::create(out.join(format!("{name}.z")))?;
        let mut packed = DeflateEncoder::new(packed, Compression::best());
        packed.write_all(&fs::read(table)?)?;
        packed.finish()?;
    }
    Ok(())
}
