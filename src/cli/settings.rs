//! Where things are and how the program behaves: a flag wins over the environment, that over the settings file.
use super::out::{Fail, usage};
use crate::app::{Config, login};
use crate::domain::words::Lang;
use chrono::{Datelike, NaiveDate};
use clap::ArgMatches;
use etcetera::base_strategy::{BaseStrategy, Xdg};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Where a setting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the call.
    Flag,
    /// An environment variable.
    Env,
    /// The settings file.
    File,
    /// Nobody said anything.
    Default,
}

impl Origin {
    /// Stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Env => "environment",
            Self::File => "file",
            Self::Default => "default",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Flag, Lang::Vi) => "cờ lệnh",
            (Self::Env, Lang::Vi) => "biến môi trường",
            (Self::File, Lang::Vi) => "tệp cấu hình",
            (Self::Default, Lang::Vi) => "mặc định",
            (other, Lang::En) => other.code(),
        }
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// As it is written in a flag.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// A setting with where it came from.
pub type From<T> = (T, Origin);

/// Every setting of a call.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The database.
    pub db: From<PathBuf>,
    /// Language.
    pub lang: From<Lang>,
    /// The day to take for today.
    pub today: From<Option<NaiveDate>>,
    /// Read only.
    pub read_only: From<bool>,
    /// Nothing outside ASCII but letters.
    pub ascii: From<bool>,
    /// Colours.
    pub color: From<Color>,
    /// No other program is started from the screens; no flag, so that whoever starts the program for others decides.
    pub no_editor: From<bool>,
    /// Settings file.
    pub config_file: PathBuf,
    /// Folder of drafts, log and last view.
    pub state_dir: PathBuf,
    /// Folder of the databases.
    pub data_dir: PathBuf,
    /// Yes to every question.
    pub yes: bool,
    /// Rows that an import writes in one transaction (`DANVAN_AT_ONCE`, for tests).
    pub at_once: Option<usize>,
}

/// The three folders of the program.
struct Folders {
    config_file: PathBuf,
    data_dir: PathBuf,
    state_dir: PathBuf,
}

fn folders() -> Folders {
    let home = || PathBuf::from("/nonexistent");
    let xdg = Xdg::new().ok();
    let under = |known: Option<PathBuf>, name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or(known)
            .unwrap_or_else(home)
            .join("danvan")
    };
    Folders {
        config_file: under(xdg.as_ref().map(Xdg::config_dir), "XDG_CONFIG_HOME")
            .join("config.toml"),
        data_dir: under(xdg.as_ref().map(Xdg::data_dir), "XDG_DATA_HOME"),
        state_dir: under(xdg.as_ref().and_then(Xdg::state_dir), "XDG_STATE_HOME"),
    }
}

fn lang_of(text: &str) -> Option<Lang> {
    match text {
        "vi" => Some(Lang::Vi),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The language of help and usage errors, known before the arguments are understood.
#[must_use]
pub fn early_lang(args: &[OsString]) -> Lang {
    let mut flag = None;
    for (at, arg) in args.iter().enumerate() {
        let Some(arg) = arg.to_str() else { continue };
        if arg == "--lang" {
            flag = args.get(at + 1).and_then(|next| next.to_str());
        } else if let Some(value) = arg.strip_prefix("--lang=") {
            flag = Some(value);
        }
    }
    let env = std::env::var("DANVAN_LANG").ok();
    let file = read_file(&folders().config_file).ok().flatten();
    flag.or(env.as_deref())
        .and_then(lang_of)
        .or_else(|| lang_of(file.as_ref()?.get("lang")?.as_str()?))
        .unwrap_or_default()
}

/// The table `[danvan]` of the settings file; none where there is no file.
fn read_file(path: &Path) -> Result<Option<toml::Table>, Fail> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(_) if path.starts_with("/nonexistent") => return Ok(None),
        Err(e) => {
            return Err(usage(
                format!("Không đọc được tệp cấu hình {}: {e}", path.display()),
                format!("Cannot read the settings file {}: {e}", path.display()),
            ));
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
        usage(
            format!("Tệp cấu hình {} sai: {}", path.display(), e.message()),
            format!("Settings file {} is wrong: {}", path.display(), e.message()),
        )
    })?;
    Ok(table.get("danvan").and_then(|t| t.as_table()).cloned())
}

fn bad(name: &str, value: &str, rule_vi: &str, rule_en: &str) -> Fail {
    usage(
        format!("{name}: «{value}» {rule_vi}"),
        format!("{name}: \"{value}\" {rule_en}"),
    )
}

/// A value of the settings file as it was written, or at least its type.
fn written(value: &toml::Value) -> String {
    match value {
        toml::Value::String(s) => s.clone(),
        toml::Value::Integer(n) => n.to_string(),
        toml::Value::Boolean(on) => on.to_string(),
        toml::Value::Datetime(day) => day.to_string(),
        other => other.type_str().to_owned(),
    }
}

struct Sources<'a> {
    flags: &'a ArgMatches,
    file: toml::Table,
}

impl Sources<'_> {
    /// The word said for a setting, where it was said, and how to name it in a message.
    fn word(&self, name: &str, env: &str) -> Result<Option<(String, Origin, String)>, Fail> {
        if let Some(value) = self.flags.get_one::<String>(name) {
            return Ok(Some((value.clone(), Origin::Flag, format!("--{name}"))));
        }
        if let Some(value) = std::env::var_os(env).filter(|v| !v.is_empty()) {
            let value = value.into_string().map_err(|bytes| {
                bad(
                    env,
                    &bytes.to_string_lossy(),
                    "không phải UTF-8",
                    "is not UTF-8",
                )
            })?;
            return Ok(Some((value, Origin::Env, env.to_owned())));
        }
        match self.file.get(name) {
            None => Ok(None),
            Some(toml::Value::String(value)) => Ok(Some((
                value.clone(),
                Origin::File,
                format!("[danvan] {name}"),
            ))),
            Some(other) => Ok(Some((
                written(other),
                Origin::File,
                format!("[danvan] {name}"),
            ))),
        }
    }

    fn path(&self, name: &str, env: &str) -> Option<From<PathBuf>> {
        let flag = self.flags.get_one::<PathBuf>(name).cloned();
        let from_env = || {
            std::env::var_os(env)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        let from_file = || {
            self.file
                .get(name)
                .and_then(|v| v.as_str())
                .map(PathBuf::from)
        };
        flag.map(|p| (p, Origin::Flag))
            .or_else(|| from_env().map(|p| (p, Origin::Env)))
            .or_else(|| from_file().map(|p| (p, Origin::File)))
    }

    fn switch(&self, name: &str, env: &str) -> Result<From<bool>, Fail> {
        let flag = self.flags.try_get_one::<bool>(name);
        if flag.is_ok_and(|said| said == Some(&true)) {
            return Ok((true, Origin::Flag));
        }
        match std::env::var_os(env).filter(|v| !v.is_empty()) {
            Some(value) => match value.to_str() {
                Some("1" | "true" | "yes") => Ok((true, Origin::Env)),
                Some("0" | "false" | "no") => Ok((false, Origin::Env)),
                _ => Err(bad(
                    env,
                    &value.to_string_lossy(),
                    "phải là 1 hoặc 0",
                    "must be 1 or 0",
                )),
            },
            None => match self.file.get(name) {
                None => Ok((false, Origin::Default)),
                Some(toml::Value::Boolean(on)) => Ok((*on, Origin::File)),
                Some(other) => Err(bad(
                    &format!("[danvan] {name}"),
                    &written(other),
                    "phải là true hoặc false",
                    "must be true or false",
                )),
            },
        }
    }

    fn today(&self) -> Result<From<Option<NaiveDate>>, Fail> {
        let Some((word, origin, name)) = self.word("today", "DANVAN_TODAY")? else {
            return Ok((None, Origin::Default));
        };
        let day = NaiveDate::parse_from_str(&word, "%Y-%m-%d")
            .ok()
            .filter(|day| (1900..=2200).contains(&day.year()));
        day.map(|day| (Some(day), origin)).ok_or_else(|| {
            bad(
                &name,
                &word,
                "không phải ngày dạng NĂM-THÁNG-NGÀY",
                "is no date YYYY-MM-DD",
            )
        })
    }

    fn lang(&self) -> Result<From<Lang>, Fail> {
        match self.word("lang", "DANVAN_LANG")? {
            None => Ok((Lang::Vi, Origin::Default)),
            Some((word, origin, name)) => lang_of(&word)
                .map(|lang| (lang, origin))
                .ok_or_else(|| bad(&name, &word, "phải là vi hoặc en", "must be vi or en")),
        }
    }

    fn color(&self) -> Result<From<Color>, Fail> {
        let Some((word, origin, name)) = self.word("color", "DANVAN_COLOR")? else {
            let quiet = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
            return Ok(if quiet {
                (Color::Never, Origin::Env)
            } else {
                (Color::Auto, Origin::Default)
            });
        };
        let all = [Color::Auto, Color::Always, Color::Never];
        all.into_iter()
            .find(|color| color.code() == word)
            .map(|color| (color, origin))
            .ok_or_else(|| {
                bad(
                    &name,
                    &word,
                    "phải là auto, always hoặc never",
                    "must be auto, always or never",
                )
            })
    }
}

impl Settings {
    /// Puts flags, environment and settings file together.
    ///
    /// # Errors
    /// A bad value, named with where it stands: exit 2.
    pub fn load(flags: &ArgMatches) -> Result<Self, Fail> {
        let folders = folders();
        let file = read_file(&folders.config_file)?.unwrap_or_default();
        let sources = Sources { flags, file };
        let db = sources
            .path("db", "DANVAN_DB")
            .unwrap_or_else(|| (folders.data_dir.join("danvan.db"), Origin::Default));
        Ok(Self {
            db,
            lang: sources.lang()?,
            today: sources.today()?,
            read_only: sources.switch("read-only", "DANVAN_READ_ONLY")?,
            ascii: sources.switch("ascii", "DANVAN_ASCII")?,
            color: sources.color()?,
            no_editor: sources.switch("no-editor", "DANVAN_NO_EDITOR")?,
            config_file: folders.config_file,
            state_dir: folders.state_dir,
            data_dir: folders.data_dir,
            yes: flags.get_flag("yes"),
            at_once: std::env::var("DANVAN_AT_ONCE")
                .ok()
                .and_then(|text| text.parse().ok()),
        })
    }

    /// What the use cases need to know.
    #[must_use]
    pub fn config(&self) -> Config {
        Config {
            db: self.db.0.clone(),
            today: self.today.0,
            read_only: self.read_only.0,
            assume_fs: std::env::var("DANVAN_ASSUME_FS")
                .ok()
                .filter(|v| !v.is_empty()),
            state_dir: self.state_dir.clone(),
            actor: login::name(),
            demo: false,
        }
    }
}

/// A folder or file name as shown.
#[must_use]
pub fn shown(path: &(impl AsRef<OsStr> + ?Sized)) -> String {
    Path::new(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_language_flag_is_heard_anywhere() {
        let args: Vec<OsString> = ["danvan", "unit", "list", "--lang", "en"]
            .map(OsString::from)
            .to_vec();
        assert_eq!(early_lang(&args), Lang::En);
    }
}
