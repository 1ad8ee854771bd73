//! The tree of commands in the user's language, and clap's own errors in it.
use super::out::note;
use super::{
    calendar, check, demo, draft, due, export, figures, find, freeze, import, info, init, rates,
    register, rule, set, type_, upkeep,
};
use crate::domain::words::Lang;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

/// One of two wordings.
#[must_use]
pub fn w(lang: Lang, vi: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

const VI_TEMPLATE: &str = "{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}";
const EN_TEMPLATE: &str = "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}";

/// A command with what it does and examples.
#[must_use]
pub fn command(
    lang: Lang,
    name: &'static str,
    about: (&'static str, &'static str),
    examples: &'static str,
) -> Command {
    let heading = w(lang, "Ví dụ:", "Examples:");
    let mut after = String::new();
    if !examples.is_empty() {
        after.push_str(heading);
        for example in examples.lines() {
            after.push_str("\n  ");
            after.push_str(example.trim());
        }
    }
    Command::new(name)
        .about(w(lang, about.0, about.1))
        .after_help(after)
        .help_template(w(lang, VI_TEMPLATE, EN_TEMPLATE))
        .subcommand_help_heading(w(lang, "Lệnh", "Commands"))
        .subcommand_value_name(w(lang, "LỆNH", "COMMAND"))
        .next_help_heading(w(lang, "Cờ", "Flags"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .color(clap::ColorChoice::Never)
}

/// A flag without a value.
#[must_use]
pub fn switch(lang: Lang, name: &'static str, vi: &'static str, en: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .help(w(lang, vi, en))
        .action(ArgAction::SetTrue)
}

/// A flag with a value.
#[must_use]
pub fn value(
    lang: Lang,
    name: &'static str,
    of: &'static str,
    vi: &'static str,
    en: &'static str,
) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(of)
        .help(w(lang, vi, en))
        .allow_hyphen_values(true)
        .action(ArgAction::Set)
}

/// An argument by its place.
#[must_use]
pub fn place(lang: Lang, name: &'static str, vi: &'static str, en: &'static str) -> Arg {
    Arg::new(name)
        .help(w(lang, vi, en))
        .help_heading(w(lang, "Tham số", "Arguments"))
        .required(true)
}

/// A file by its place; any name the system knows.
#[must_use]
pub fn file(lang: Lang, name: &'static str, vi: &'static str, en: &'static str) -> Arg {
    place(lang, name, vi, en).value_parser(value_parser!(PathBuf))
}

fn globals(lang: Lang) -> [Arg; 8] {
    let heading = w(lang, "Cờ chung", "Global flags");
    let all = [
        value(
            lang,
            "db",
            "FILE",
            "tệp cơ sở dữ liệu (DANVAN_DB)",
            "the database (DANVAN_DB)",
        )
        .value_parser(value_parser!(PathBuf)),
        value(
            lang,
            "lang",
            "vi|en",
            "ngôn ngữ (DANVAN_LANG)",
            "language (DANVAN_LANG)",
        ),
        value(
            lang,
            "today",
            "YYYY-MM-DD",
            "coi ngày này là hôm nay (DANVAN_TODAY)",
            "take this day for today (DANVAN_TODAY)",
        ),
        switch(
            lang,
            "read-only",
            "chỉ đọc, không ghi gì",
            "read only, write nothing",
        ),
        switch(
            lang,
            "ascii",
            "chỉ kẻ bằng ký tự ASCII",
            "draw with ASCII only",
        ),
        value(
            lang,
            "color",
            "auto|always|never",
            "màu (NO_COLOR)",
            "colours (NO_COLOR)",
        ),
        switch(
            lang,
            "yes",
            "trả lời có cho mọi câu hỏi",
            "answer yes to every question",
        ),
        Arg::new("help")
            .short('h')
            .long("help")
            .help(w(lang, "xem hướng dẫn này", "show this help"))
            .action(ArgAction::Help),
    ];
    all.map(|arg| arg.global(true).help_heading(heading))
}

/// The whole tree.
#[must_use]
pub fn root(lang: Lang) -> Command {
    let about = (
        "Sổ đơn thư, tiếp dân, đối thoại và Dân vận khéo trong cửa sổ lệnh",
        "Registers of petitions, receptions, dialogues and models in the terminal",
    );
    let examples = "danvan\ndanvan demo\ndanvan petition add --received-on hn --type KN --subject 'Không đồng ý phương án bồi thường'\ndanvan due --state overdue\ndanvan rates --measure resolution --period 2026";
    command(lang, "danvan", about, examples)
        .version(env!("CARGO_PKG_VERSION"))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .help(w(lang, "xem phiên bản", "show the version"))
                .action(ArgAction::Version),
        )
        .args(globals(lang))
        .subcommands(register::commands(lang))
        .subcommand(find::args(lang))
        .subcommand(due::args(lang))
        .subcommand(rates::args(lang))
        .subcommand(figures::args(lang))
        .subcommand(check::args(lang))
        .subcommand(calendar::args(lang))
        .subcommand(rule::args(lang))
        .subcommand(set::args(lang))
        .subcommand(freeze::args(lang))
        .subcommand(import::args(lang))
        .subcommand(export::args(lang))
        .subcommand(demo::args(lang))
        .subcommand(init::args(lang))
        .subcommands(upkeep::commands(lang))
        .subcommand(draft::args(lang))
        .subcommand(type_::args(lang))
        .subcommands(info::commands(lang))
}

/// What clap and the names of values say in English, with the Vietnamese for it.
const VI_HELP: &[(&str, &str)] = &[
    ("[OPTIONS]", "[CỜ]"),
    ("Options:", "Cờ:"),
    ("[possible values: ", "[một trong: "),
    ("<FILE>", "<TỆP>"),
    ("<MAP.toml>", "<BẢNG.toml>"),
    ("<KEYFILE>", "<TỆP-KHÓA>"),
    ("<DATE>", "<NGÀY>"),
    ("<YYYY-MM-DD>", "<NĂM-THÁNG-NGÀY>"),
    ("<KIND>", "<SỔ>"),
    ("<CODE>", "<MÃ>"),
    ("<YEAR>", "<NĂM>"),
    ("<NAME>", "<TÊN>"),
    ("<KEY>", "<TÊN>"),
    ("<VALUE>", "<GIÁ-TRỊ>"),
    ("<STEP>", "<BƯỚC>"),
    ("<PERIOD>", "<KỲ>"),
    ("<TEXT>", "<CHỮ>"),
    ("<'FIELD OP VALUE'>", "<'TRƯỜNG OP GIÁ-TRỊ'>"),
    ("<FIELD|-FIELD>", "<TRƯỜNG|-TRƯỜNG>"),
    ("<STATE>", "<TÌNH-TRẠNG>"),
];

/// Help as text in the user's language: clap's own placeholders are English.
#[must_use]
pub fn localise(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Vi => VI_HELP
            .iter()
            .fold(text.to_owned(), |text, (en, vi)| swap(&text, en, vi)),
    }
}

/// Puts one word for another; what stands in a column behind it stays where it is, where there is room.
fn swap(text: &str, from: &str, to: &str) -> String {
    let (short, long) = (to.chars().count(), from.chars().count());
    let mut pieces = text.split(from);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(to);
        let rest = piece.trim_start_matches(' ');
        let blanks = piece.len() - rest.len();
        let blanks = match blanks {
            0 | 1 => blanks,
            _ => (blanks + long).saturating_sub(short).max(2),
        };
        out.extend(std::iter::repeat_n(' ', blanks));
        out.push_str(rest);
    }
    out
}

fn context(e: &clap::Error, kind: ContextKind) -> String {
    match e.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(list)) => list.join(", "),
        Some(ContextValue::StyledStr(s)) => s.to_string(),
        Some(ContextValue::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

fn did_you_mean(e: &clap::Error, lang: Lang) -> String {
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .into_iter()
        .map(|kind| context(e, kind))
        .find(|s| !s.is_empty());
    match (near, lang) {
        (None, _) => String::new(),
        (Some(near), Lang::Vi) => format!(" (hay là «{near}»?)"),
        (Some(near), Lang::En) => format!(" (did you mean \"{near}\"?)"),
    }
}

fn wrong(e: &clap::Error, lang: Lang) -> String {
    let arg = context(e, ContextKind::InvalidArg);
    let value = context(e, ContextKind::InvalidValue);
    let text = match (e.kind(), lang) {
        (ErrorKind::UnknownArgument, Lang::Vi) => format!("không có cờ hay tham số «{arg}»"),
        (ErrorKind::UnknownArgument, Lang::En) => format!("no flag or argument \"{arg}\""),
        (ErrorKind::InvalidSubcommand, _) => {
            let name = context(e, ContextKind::InvalidSubcommand);
            match lang {
                Lang::Vi => format!("không có lệnh «{name}»"),
                Lang::En => format!("no command \"{name}\""),
            }
        }
        (ErrorKind::MissingRequiredArgument, Lang::Vi) => format!("còn thiếu: {arg}"),
        (ErrorKind::MissingRequiredArgument, Lang::En) => format!("missing: {arg}"),
        (ErrorKind::ArgumentConflict, _) => {
            let prior = context(e, ContextKind::PriorArg);
            match lang {
                Lang::Vi if prior == arg => format!("{arg} chỉ được viết một lần"),
                Lang::En if prior == arg => format!("{arg} is given more than once"),
                Lang::Vi => format!("{arg} không đi cùng {prior}"),
                Lang::En => format!("{arg} cannot go with {prior}"),
            }
        }
        (ErrorKind::InvalidUtf8, Lang::Vi) => "có tham số không phải UTF-8".to_owned(),
        (ErrorKind::InvalidUtf8, Lang::En) => "an argument is not UTF-8".to_owned(),
        (_, Lang::Vi) if value.is_empty() => format!("{arg} thiếu giá trị"),
        (_, Lang::En) if value.is_empty() => format!("{arg} lacks its value"),
        (_, Lang::Vi) => format!("{arg}: giá trị «{value}» không dùng được"),
        (_, Lang::En) => format!("{arg}: the value \"{value}\" cannot be used"),
    };
    text + &did_you_mean(e, lang)
}

/// Tells what is wrong with the call on standard error.
pub fn complain(e: &clap::Error, lang: Lang) {
    if e.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        note(&localise(&e.render().to_string(), lang));
        return;
    }
    let hint = w(
        lang,
        "Xem cách dùng: thêm --help sau lệnh.",
        "For usage add --help to the command.",
    );
    note(&format!("{}\n{hint}", wrong(e, lang)));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn helps(command: &mut Command, all: &mut Vec<String>) {
        all.push(localise(&command.render_long_help().to_string(), Lang::Vi));
        for sub in command.get_subcommands_mut() {
            helps(sub, all);
        }
    }

    #[test]
    fn help_in_vietnamese_says_nothing_in_english() {
        let mut all = Vec::new();
        helps(&mut root(Lang::Vi), &mut all);
        assert!(all.len() > 50, "{}", all.len());
        for help in all {
            for english in ["OPTIONS", "possible values", "<FILE>", "<KIND>", "<DATE>"] {
                assert!(!help.contains(english), "{english}: {help}");
            }
        }
    }
}
