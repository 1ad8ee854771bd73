//! `schema`, `keys`, `info`, `completions`, `man`: what the program knows about itself. No database is needed.
use super::Call;
use super::out::{Done, refused, usage};
use super::settings::{Origin, shown};
use super::tree::{command, place, switch, w};
use crate::app::{Error, presence};
use crate::catalog::schema::schema_json;
use crate::catalog::{self, ENTITIES};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Lang, Msg};
use clap::{ArgMatches, Command, ValueEnum};
use clap_complete::Shell;
use serde_json::{Map, Value as Json, json};

pub(super) fn commands(lang: Lang) -> [Command; 5] {
    let json = || switch(lang, "json", "in JSON", "print JSON");
    [
        command(
            lang,
            "schema",
            ("các sổ và trường", "registers and fields"),
            "danvan schema petition\ndanvan schema --json",
        )
        .arg(
            place(
                lang,
                "KIND",
                "chỉ một sổ: unit model dialogue opinion petition reception figure",
                "one register only: unit model dialogue opinion petition reception figure",
            )
            .required(false),
        )
        .arg(json()),
        command(
            lang,
            "keys",
            (
                "mọi lệnh và phím của chương trình",
                "every command and key of the terminal program",
            ),
            "danvan keys",
        )
        .arg(json()),
        command(
            lang,
            "info",
            (
                "tệp nào ở đâu, cài đặt từ đâu",
                "where things are and where settings came from",
            ),
            "danvan info",
        )
        .arg(json()),
        command(
            lang,
            "completions",
            ("mã hoàn thành lệnh cho shell", "completions for a shell"),
            "danvan completions bash > ~/.local/share/bash-completion/completions/danvan",
        )
        .arg(place(
            lang,
            "SHELL",
            "bash, zsh hoặc fish",
            "bash, zsh or fish",
        )),
        command(
            lang,
            "man",
            ("trang hướng dẫn (man)", "the manual page"),
            "danvan man | man -l -",
        ),
    ]
}

pub(super) fn schema(call: &mut Call, m: &ArgMatches) -> Done {
    let only = match m.get_one::<String>("KIND") {
        None => None,
        Some(code) => Some(Kind::from_code(code).ok_or_else(|| {
            let all: Vec<&str> = Kind::ALL.iter().map(|k| k.code()).collect();
            let all = all.join(", ");
            usage(
                format!("không có sổ «{code}»; chọn một trong: {all}"),
                format!("no register \"{code}\"; one of: {all}"),
            )
        })?),
    };
    if m.get_flag("json") {
        let mut json = schema_json();
        if let (Some(kind), Some(kinds)) =
            (only, json.get_mut("kinds").and_then(Json::as_array_mut))
        {
            kinds.retain(|k| k.get("kind").and_then(Json::as_str) == Some(kind.code()));
        }
        call.out.json(&json)?;
        return Ok(0);
    }
    let lang = call.lang;
    for e in ENTITIES
        .iter()
        .filter(|e| only.is_none_or(|kind| kind == e.kind))
    {
        call.out
            .line(&format!("{}  {}", e.kind.code(), e.title.get(lang)))?;
        for f in catalog::head_fields(e.kind).iter().chain(e.fields) {
            let mut notes = Vec::new();
            for (on, vi, en) in [
                (f.required(), "bắt buộc", "required"),
                (f.personal(), "cá nhân", "personal"),
                (f.computed(), "tự tính", "computed"),
            ] {
                if on {
                    notes.push(w(lang, vi, en));
                }
            }
            let codes: Vec<&str> = f.ty.choices().iter().map(|c| c.code).collect();
            let line = format!(
                "  {:<20} {:<10} {}  {}{}",
                f.key,
                f.ty.name(),
                f.label.get(lang),
                notes.iter().map(|n| format!("[{n}] ")).collect::<String>(),
                codes.join(" ")
            );
            call.out.line(line.trim_end())?;
        }
    }
    Ok(0)
}

pub(super) fn keys(call: &mut Call, m: &ArgMatches) -> Done {
    if m.get_flag("json") {
        let json = (call.hooks.keys_json)();
        call.out.json(&json)?;
    } else {
        let table = (call.hooks.keys_table)(call.lang);
        call.out.line(table.trim_end())?;
    }
    Ok(0)
}

/// Every setting: name, value, where it came from.
fn rows(call: &Call) -> Vec<(&'static str, String, Option<Origin>)> {
    let s = &call.settings;
    let yes_no = |on: bool| on.to_string();
    let lang = match s.lang.0 {
        Lang::Vi => "vi",
        Lang::En => "en",
    };
    vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned(), None),
        ("db", shown(&s.db.0), Some(s.db.1)),
        ("demo_db", shown(&s.data_dir.join("demo.db")), None),
        ("config_file", shown(&s.config_file), None),
        ("data_dir", shown(&s.data_dir), None),
        ("state_dir", shown(&s.state_dir), None),
        ("open_dir", shown(&presence::place(&s.db.0)), None),
        ("lang", lang.to_owned(), Some(s.lang.1)),
        ("today", call.today().to_string(), Some(s.today.1)),
        ("read_only", yes_no(s.read_only.0), Some(s.read_only.1)),
        ("ascii", yes_no(s.ascii.0), Some(s.ascii.1)),
        ("color", s.color.0.code().to_owned(), Some(s.color.1)),
        ("no_editor", yes_no(s.no_editor.0), Some(s.no_editor.1)),
        ("user", s.config().actor, None),
    ]
}

pub(super) fn info(call: &mut Call, m: &ArgMatches) -> Done {
    let rows = rows(call);
    if m.get_flag("json") {
        let mut map = Map::new();
        for (name, value, origin) in rows {
            let value = match value.as_str() {
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                _ => Json::from(value),
            };
            map.insert(
                name.into(),
                match origin {
                    Some(origin) => json!({"value": value, "from": origin.code()}),
                    None => value,
                },
            );
        }
        call.out.json(&Json::Object(map))?;
        return Ok(0);
    }
    for (name, value, origin) in rows {
        let from = origin.map_or(String::new(), |o| format!("  ({})", o.label(call.lang)));
        call.out.line(&format!("{name:<12} {value}{from}"))?;
    }
    Ok(0)
}

pub(super) fn completions(call: &mut Call, m: &ArgMatches) -> Done {
    let name = m.get_one::<String>("SHELL").map_or("", String::as_str);
    let known = [Shell::Bash, Shell::Zsh, Shell::Fish];
    let shell = Shell::from_str(name, true)
        .ok()
        .filter(|shell| known.contains(shell))
        .ok_or_else(|| {
            refused(
                format!("SHELL: «{name}» phải là bash, zsh hoặc fish"),
                format!("SHELL: \"{name}\" must be bash, zsh or fish"),
            )
        })?;
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut super::tree::root(call.lang),
        "danvan",
        &mut script,
    );
    call.out.raw(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Every command with its help, for the manual page.
fn chapters(command: &Command, path: &str, lang: Lang, page: &mut String) {
    for sub in command.get_subcommands() {
        let name = format!("{path} {}", sub.get_name());
        let mut one = sub.clone().bin_name(name.clone());
        let help = super::tree::localise(&one.render_help().to_string(), lang);
        page.push_str(&format!(".SS {name}\n.nf\n"));
        for line in help.lines().take_while(|line| {
            // The global flags stand once, above.
            !line.starts_with(w(lang, "Cờ chung", "Global flags"))
        }) {
            let safe = line.replace('\\', "\\e").replace('-', "\\-");
            if safe.starts_with(['.', '\'']) {
                page.push_str("\\&");
            }
            page.push_str(&safe);
            page.push('\n');
        }
        page.push_str(".fi\n");
        chapters(sub, &name, lang, page);
    }
}

pub(super) fn man(call: &mut Call) -> Done {
    let lang = call.lang;
    let mut root = super::tree::root(lang);
    root.build();
    let mut head = Vec::new();
    let man = clap_mangen::Man::new(root.clone());
    man.render_title(&mut head)
        .and_then(|()| man.render_name_section(&mut head))
        .and_then(|()| man.render_synopsis_section(&mut head))
        .and_then(|()| man.render_description_section(&mut head))
        .and_then(|()| man.render_options_section(&mut head))
        .map_err(|e| Error::Write(Msg::new(e.to_string(), e.to_string())))?;
    let mut page = String::from_utf8_lossy(&head).into_owned();
    page.push_str(&format!(".SH {}\n", w(lang, "LỆNH", "COMMANDS")));
    chapters(&root, "danvan", lang, &mut page);
    if lang == Lang::Vi {
        for (en, vi) in [
            ("NAME", "TÊN"),
            ("SYNOPSIS", "CÁCH DÙNG"),
            ("DESCRIPTION", "MÔ TẢ"),
            ("OPTIONS", "CỜ"),
        ] {
            page = page.replace(&format!(".SH {en}\n"), &format!(".SH {vi}\n"));
        }
    }
    call.out.raw(&page)?;
    Ok(0)
}
