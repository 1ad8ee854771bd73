//! G12: the program as it is given to an office.
use super::site::Site;
use super::table::{Row, Table, Unit};

/// Measures the size.
pub fn run(site: &Site, table: &mut Table) {
    let size = std::fs::metadata(&site.program).unwrap().len();
    let mib = size as f64 / 1_048_576.0;
    let row = Row::new("G12", format!("the program, {size} bytes"), Unit::MiB, mib).most(12.0);
    table.add(row.note("the crates alone 8.1 MB"));
    let data = std::fs::metadata(&site.db).unwrap().len();
    let each = data as f64 / site.rows.max(1) as f64;
    table.add(Row::new(
        "",
        "the database, bytes a petition",
        Unit::Bytes,
        each,
    ));
    if let Some(made) = site.made {
        table.add(Row::new(
            "",
            "sample data written, petitions",
            Unit::PerSecond,
            made,
        ));
    }
}
