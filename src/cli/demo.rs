//! `demo`: the program on sample data, in a database of its own, or only such a database.
use super::Call;
use super::init::{at_terminal, no_terminal, start_with};
use super::out::{Done, Fail, refused};
use super::tree::{command, value};
use crate::app::Config;
use crate::app::sample::{self, Existing};
use crate::domain::number::{parse_int, vi_int};
use crate::domain::words::Lang;
use clap::{ArgMatches, Command, value_parser};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

const ROWS: u64 = 2_000;
const MOST_ROWS: i64 = 10_000_000;
const SEED: u64 = 1;

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "demo",
        (
            "chạy thử trên dữ liệu mẫu, không đụng dữ liệu của cơ quan",
            "try the program on sample data, apart from the office's",
        ),
        "danvan demo\ndanvan demo --into mau.db --rows 20000 --seed 7",
    )
    .arg(
        value(
            lang,
            "into",
            "FILE",
            "chỉ ghi cơ sở dữ liệu mẫu rồi thoát",
            "only write a sample database and exit",
        )
        .value_parser(value_parser!(PathBuf)),
    )
    .arg(value(
        lang,
        "rows",
        "N",
        "số đơn (mặc định 2.000)",
        "petitions (default 2,000)",
    ))
    .arg(value(
        lang,
        "seed",
        "S",
        "hạt giống; cùng hạt giống, cùng dữ liệu",
        "seed; same seed, same data",
    ))
}

fn number(m: &ArgMatches, name: &str, most: i64, otherwise: u64) -> Result<u64, Fail> {
    let Some(text) = m.get_one::<String>(name) else {
        return Ok(otherwise);
    };
    parse_int(text)
        .ok()
        .filter(|n| (0..=most).contains(n))
        .and_then(|n| u64::try_from(n).ok())
        .ok_or_else(|| {
            let most = vi_int(most);
            refused(
                format!("--{name}: «{text}» phải là số nguyên từ 0 đến {most}"),
                format!("--{name}: \"{text}\" must be a whole number from 0 to {most}"),
            )
        })
}

/// Writes the sample; tells how far it is where someone watches.
fn write(
    config: &Config,
    existing: Existing,
    (rows, seed): (u64, u64),
    lang: Lang,
) -> Result<(), Fail> {
    let watched = std::io::stderr().is_terminal();
    let what = match lang {
        Lang::Vi => "đang tạo dữ liệu mẫu",
        Lang::En => "making sample data",
    };
    sample::make(config, existing, (rows, seed), &mut |done| {
        if watched {
            let _ = write!(std::io::stderr().lock(), "\r{what} {done}/{rows} ");
        }
    })?;
    if watched {
        let _ = writeln!(std::io::stderr().lock());
    }
    Ok(())
}

/// Sample data never takes the place of the office's database.
fn not_the_office(file: &Path, office: &Path) -> Result<(), Fail> {
    if !sample::same_place(file, office) {
        return Ok(());
    }
    let file = file.display();
    Err(refused(
        format!("{file} là cơ sở dữ liệu của cơ quan: không ghi dữ liệu mẫu vào đó"),
        format!("{file} is the office's database: no sample data goes there"),
    ))
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let rows = number(m, "rows", MOST_ROWS, ROWS)?;
    let seed = number(m, "seed", i64::MAX, SEED)?;
    let mut config = Config {
        demo: true,
        ..call.settings.config()
    };
    let office = config.db.clone();
    if let Some(file) = m.get_one::<PathBuf>("into") {
        not_the_office(file, &office)?;
        config.db.clone_from(file);
        let existing = if call.settings.yes {
            Existing::ReplaceSample
        } else {
            Existing::Keep
        };
        write(&config, existing, (rows, seed), call.lang)?;
        call.out.line(&file.display().to_string())?;
        return Ok(0);
    }
    if !at_terminal() {
        return Err(no_terminal());
    }
    config.db = call.settings.data_dir.join("demo.db");
    if !config.db.exists() {
        not_the_office(&config.db, &office)?;
        write(&config, Existing::Keep, (rows, seed), call.lang)?;
    } else if !sample::is_sample(&config)? {
        // Begun and never finished.
        not_the_office(&config.db, &office)?;
        write(&config, Existing::Replace, (rows, seed), call.lang)?;
    }
    start_with(call, config)
}
