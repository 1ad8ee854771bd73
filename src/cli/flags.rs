//! The fields of a kind as flags: which there are, what they say of themselves, and the values that were given.
use super::out::Fail;
use super::tree::w;
use crate::app::records;
use crate::app::{Cx, Error, Problem};
use crate::catalog::{self, Field, Type};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::domain::words::{Lang, Msg};
use clap::{Arg, ArgAction, ArgMatches};
use std::ffi::OsString;

fn long(key: &str) -> String {
    key.replace('_', "-")
}

/// Id of a field's flag, apart from those of the verb's own flags.
fn id(key: &str) -> String {
    format!("f:{key}")
}

fn no_id(key: &str) -> String {
    format!("no:{key}")
}

/// Help of a field without the keys of the terminal program; what holds for denunciations only is said with them.
fn shell_help(kind: Option<Kind>, field: &Field, lang: Lang) -> String {
    let mut help = field.help.get(lang).to_owned();
    if kind.is_some_and(|kind| catalog::may_name_denouncer(kind, field.key)) {
        let join = if help.is_empty() { "" } else { "; " };
        let of = w(lang, "tố cáo", "denunciation");
        help.push_str(&format!("{join}{of}: {}", catalog::UNNAMED.get(lang)));
    }
    [", hoặc F4 chọn", " hoặc F4 chọn", ", or pick with F4"]
        .iter()
        .fold(help, |help, key| help.replace(key, ""))
}

/// The flags of fields: `--received-on DATE`, `--complex`, `--no-complex`.
pub(super) fn field_flags(lang: Lang, kind: Option<Kind>, fields: &[Field]) -> Vec<Arg> {
    let mut flags = Vec::new();
    for field in fields.iter().filter(|f| !f.computed()) {
        let help = format!(
            "{}: {}",
            field.label.get(lang),
            shell_help(kind, field, lang)
        );
        let arg = Arg::new(id(field.key)).long(long(field.key));
        if field.ty == Type::Boolean {
            let no = format!(
                "{} (--no-{}: {})",
                help,
                long(field.key),
                w(lang, "không", "no")
            );
            flags.push(
                arg.help(no)
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("true")
                    .value_name(w(lang, "có|không", "yes|no"))
                    .conflicts_with(no_id(field.key)),
            );
            flags.push(
                Arg::new(no_id(field.key))
                    .long(format!("no-{}", long(field.key)))
                    .action(ArgAction::SetTrue)
                    .hide(true),
            );
        } else {
            let codes: Vec<&str> = field.ty.choices().iter().map(|c| c.code).collect();
            let help = if codes.is_empty() {
                help
            } else if field.key == "outcome" {
                super::petition::outcome_help(field, lang)
            } else {
                format!("{}: {}", field.label.get(lang), codes.join(" "))
            };
            let action = if field.ty == Type::List {
                ArgAction::Append
            } else {
                ArgAction::Set
            };
            flags.push(
                arg.help(help)
                    .value_name(field.ty.name().to_uppercase())
                    .allow_hyphen_values(true)
                    .action(action),
            );
        }
    }
    flags
}

/// `--complex có` means `--complex=có`: a yes-or-no flag takes its value only if it is one.
pub(super) fn join_booleans(args: Vec<OsString>) -> Vec<OsString> {
    let is_flag = |arg: &str| {
        let key = arg.strip_prefix("--").map(|name| name.replace('-', "_"));
        let boolean = |fields: &[Field], key: &str| {
            fields.iter().any(|f| f.ty == Type::Boolean && f.key == key)
        };
        key.is_some_and(|key| {
            catalog::ENTITIES.iter().any(|e| boolean(e.fields, &key))
                || boolean(&super::petition::every_field(), &key)
        })
    };
    let is_answer = |arg: &str| {
        let folded = crate::domain::fold::fold(arg);
        ["true", "false", "yes", "no", "co", "khong"].contains(&folded.as_str())
    };
    let mut joined: Vec<OsString> = Vec::with_capacity(args.len());
    for arg in args {
        let answer = arg.to_str().filter(|a| is_answer(a));
        match (joined.last().and_then(|last| last.to_str()), answer) {
            (Some(flag), Some(answer)) if is_flag(flag) => {
                let whole = format!("{flag}={answer}");
                joined.pop();
                joined.push(whole.into());
            }
            _ => joined.push(arg),
        }
    }
    joined
}

/// A refusal at a field.
pub(super) fn at_field(field: &Field, msg: Msg) -> Problem {
    Problem {
        row: None,
        field: Some(field.key),
        label: field.label.into(),
        msg,
    }
}

/// The field flags that were given, as they were typed.
pub(super) fn typed(fields: &'static [Field], m: &ArgMatches) -> Vec<(&'static Field, String)> {
    let text = |field: &Field| {
        if field.ty == Type::Boolean && m.get_flag(&no_id(field.key)) {
            return Some("false".to_owned());
        }
        let words = m.get_many::<String>(&id(field.key))?;
        let words: Vec<&str> = words.map(String::as_str).collect();
        Some(words.join(", "))
    };
    let entered = fields.iter().filter(|f| !f.computed());
    entered
        .filter_map(|field| Some((field, text(field)?)))
        .collect()
}

/// The values of the field flags that were given; all bad ones are named.
pub(super) fn given(
    cx: &Cx,
    fields: &'static [Field],
    m: &ArgMatches,
) -> Result<Vec<(&'static str, Value)>, Fail> {
    let mut values = Vec::new();
    let mut problems = Vec::new();
    for (field, typed) in typed(fields, m) {
        match records::value(cx, field, &typed) {
            Ok(value) => values.push((field.key, value)),
            Err(msg) => problems.push(at_field(field, msg)),
        }
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(Error::Refused(problems).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boolean_flag_takes_only_an_answer() {
        let joined = |args: &[&str]| -> Vec<String> {
            join_booleans(args.iter().map(OsString::from).collect())
                .into_iter()
                .map(|a| a.to_string_lossy().into_owned())
                .collect()
        };
        assert_eq!(
            joined(&["edit", "--complex", "có"]),
            ["edit", "--complex=có"]
        );
        assert_eq!(
            joined(&["edit", "--complex", "5"]),
            ["edit", "--complex", "5"]
        );
        assert_eq!(joined(&["--note", "yes"]), ["--note", "yes"]);
    }
}
