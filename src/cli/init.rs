//! `danvan` itself, and `init`: the office's database.
use super::out::{Done, Fail, ask, is_terminal, note, usage};
use super::settings::Origin;
use super::tree::{command, value, w};
use super::{Call, Start};
use crate::app::{Config, Cx};
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use std::io::IsTerminal;
use std::path::Path;

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "init",
        (
            "tạo cơ sở dữ liệu của cơ quan",
            "make the office's database",
        ),
        "danvan init\ndanvan init --unit 86",
    )
    .arg(value(
        lang,
        "unit",
        "CODE",
        "mã đơn vị của cơ quan",
        "code of the office's own unit",
    ))
}

/// Removes a database that was begun and not finished.
fn undo_create(db: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = db.as_os_str().to_owned();
        name.push(end);
        let _ = std::fs::remove_file(name);
    }
}

/// Makes a database and goes on with it; what was begun is removed when that fails.
fn create_with<T>(
    config: &Config,
    then: impl FnOnce(&mut Cx) -> Result<T, Fail>,
) -> Result<T, Fail> {
    let mut cx = Cx::create(config)?;
    match then(&mut cx) {
        Ok(done) => Ok(done),
        Err(fail) => {
            drop(cx);
            undo_create(&config.db);
            Err(fail)
        }
    }
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let config = call.settings.config();
    create_with(&config, |cx| {
        if let Some(code) = m.get_one::<String>("unit") {
            cx.set_own_unit(code)?;
        }
        Ok(())
    })?;
    let path = config.db.display().to_string();
    call.out.line(&path)?;
    let start = match call.settings.db.1 {
        Origin::Flag => format!("danvan --db {path}"),
        _ => "danvan".to_owned(),
    };
    if m.get_one::<String>("unit").is_none() {
        call.say(
            &format!(
                "Chưa có đơn vị của cơ quan: tìm mã ({start} find 'tên đơn vị' --kind unit), rồi {start} set own_unit MÃ."
            ),
            &format!(
                "The office has no unit yet: find its code ({start} find 'its name' --kind unit), then {start} set own_unit CODE."
            ),
        );
    }
    call.say(&format!("Giờ gõ: {start}"), &format!("Now type: {start}"));
    Ok(0)
}

/// Whether a person sits at both ends.
pub(super) fn at_terminal() -> bool {
    is_terminal() && std::io::stdin().is_terminal()
}

pub(super) fn no_terminal() -> Fail {
    usage(
        "Chương trình cần một cửa sổ lệnh; từ script hãy dùng các lệnh con (xem --help).",
        "The program needs a terminal; from a script use its commands (see --help).",
    )
}

/// Starts the terminal program.
pub(super) fn start_with(call: &mut Call, config: Config) -> Done {
    call.out.flush()?;
    Ok((call.hooks.start)(Start {
        config,
        lang: call.lang,
        ascii: call.settings.ascii.0,
        color: call.settings.color.0,
        no_editor: call.settings.no_editor.0,
    }))
}

/// `danvan` without a command: the office's database, after a question on first start.
pub(super) fn start(call: &mut Call) -> Done {
    let config = call.settings.config();
    if !config.db.exists() {
        if !at_terminal() {
            // Opening tells what is missing and how to make it.
            Cx::open(&config)?;
            return Ok(0);
        }
        let db = config.db.display();
        let question = match call.lang {
            Lang::Vi => format!("Chưa có cơ sở dữ liệu. Tạo mới tại {db}?"),
            Lang::En => format!("There is no database. Make one at {db}?"),
        };
        if !call.settings.yes && !ask(&question, call.lang) {
            note(w(
                call.lang,
                "Không tạo gì. Xem thử: danvan demo",
                "Nothing was made. To look around: danvan demo",
            ));
            return Ok(4);
        }
        drop(Cx::create(&config)?);
    } else if !at_terminal() {
        return Err(no_terminal());
    }
    start_with(call, config)
}
