//! Mappings that a person wrote or corrected, and those of layouts met before.
use super::day::Order;
use super::heading::Target;
use crate::catalog::{self, carried};
use crate::domain::petition::book::{Lacking, Said, known_again};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Msg;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What a mapping file says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Field of each heading, `""` for none; a heading may also be the letter of its column.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Values of rows that say nothing else, by field: `type = "denunciation"`.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Order of day and month by heading: `dmy`, `mdy`, `dmy-turned`.
    #[serde(default)]
    pub dates: BTreeMap<String, String>,
    /// The order that was found in a table, for the rows of it that were left to be mended: too few to find it again.
    #[serde(default)]
    pub settled: BTreeMap<String, String>,
    /// What words of the file mean, by field: `[words.result]` `"Đã xong" = "answered"`.
    #[serde(default)]
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// What becomes of a finished matter of which a row does not tell enough: `open`, `file`, `error`.
    pub finished: Option<String>,
}

impl Map {
    /// Reads a mapping and holds it against the fields of a kind.
    ///
    /// # Errors
    /// What is wrong in it.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, Msg> {
        let map: Self = toml::from_str(text).map_err(|e| {
            let said = e.message().to_owned();
            Msg::new(
                format!("không đọc được: {said}"),
                format!("cannot be read: {said}"),
            )
        })?;
        for (heading, target) in &map.columns {
            if !target.is_empty() && Target::parse(kind, target).is_none() {
                return Err(Msg::new(
                    format!("cột «{heading}»: sổ không có trường «{target}»"),
                    format!("column \"{heading}\": the register has no field \"{target}\""),
                ));
            }
        }
        for key in map.values.keys() {
            if catalog::field(kind, key).is_none_or(catalog::Field::computed) {
                return Err(Msg::new(
                    format!("[values]: sổ không có trường «{key}»"),
                    format!("[values]: the register has no field \"{key}\""),
                ));
            }
        }
        for (key, words) in &map.words {
            if carried::in_file(kind, key).is_none() {
                return Err(Msg::new(
                    format!("[words]: sổ không có trường «{key}»"),
                    format!("[words]: the register has no field \"{key}\""),
                ));
            }
            if let Some((word, other)) = clash(words) {
                return Err(Msg::new(
                    format!(
                        "[words.{key}]: «{word}» và «{other}» là một chữ với hai nghĩa; giữ một"
                    ),
                    format!(
                        "[words.{key}]: \"{word}\" and \"{other}\" are one word with two meanings; keep one"
                    ),
                ));
            }
            let unclear = |said: &&String| carried::repeats(key) && Said::from_code(said).is_none();
            if let Some(said) = words.values().find(unclear) {
                let can: Vec<&str> = Said::ALL.iter().map(|s| s.code()).collect();
                let can = can.join(", ");
                return Err(Msg::new(
                    format!("[words.{key}]: không có nghĩa «{said}»; có: {can}"),
                    format!("[words.{key}]: no meaning \"{said}\"; there are: {can}"),
                ));
            }
        }
        if let Some(said) = &map.finished
            && Lacking::from_code(said).is_none()
        {
            return Err(Msg::new(
                format!("finished: open, file hoặc error, không phải «{said}»"),
                format!("finished: open, file or error, not \"{said}\""),
            ));
        }
        for (heading, order) in map.dates.iter().chain(&map.settled) {
            if Order::parse(order).is_none() {
                return Err(Msg::new(
                    format!(
                        "cột «{heading}»: thứ tự ngày là dmy, mdy hoặc dmy-turned, không phải «{order}»"
                    ),
                    format!(
                        "column \"{heading}\": the order is dmy, mdy or dmy-turned, not \"{order}\""
                    ),
                ));
            }
        }
        Ok(map)
    }

    /// As a mapping file.
    #[must_use]
    pub fn text(&self) -> String {
        // A JSON string is a TOML string too.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut out = String::new();
        if let Some(said) = &self.finished {
            out.push_str(&format!("finished = {}\n\n", quoted(said)));
        }
        out.push_str("[columns]\n");
        for (heading, target) in &self.columns {
            out.push_str(&format!("{} = {}\n", quoted(heading), quoted(target)));
        }
        out.push_str("\n[values]\n");
        for (key, value) in &self.values {
            out.push_str(&format!("{} = {}\n", quoted(key), quoted(value)));
        }
        out.push_str("\n[dates]\n");
        for (heading, order) in &self.dates {
            out.push_str(&format!("{} = {}\n", quoted(heading), quoted(order)));
        }
        out.push_str("\n[settled]\n");
        for (heading, order) in &self.settled {
            out.push_str(&format!("{} = {}\n", quoted(heading), quoted(order)));
        }
        for (key, words) in &self.words {
            out.push_str(&format!("\n[words.{key}]\n"));
            for (word, meaning) in words {
                out.push_str(&format!("{} = {}\n", quoted(word), quoted(meaning)));
            }
        }
        out
    }
}

/// Where the mapping of a layout is kept: headings and fields, never what stands in the cells.
fn place(state_dir: &Path, kind: Kind, headings: &[String]) -> PathBuf {
    // FNV-1a: the name must stay the same from one version of the program to the next.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in headings.join("\u{1f}").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    state_dir
        .join("import")
        .join(format!("{}-{hash:016x}.toml", kind.code()))
}

/// The mapping that was used for these headings before.
#[must_use]
pub fn recall(state_dir: &Path, kind: Kind, headings: &[String]) -> Option<Map> {
    let text = std::fs::read_to_string(place(state_dir, kind, headings)).ok()?;
    Map::parse(kind, &text).ok()
}

/// Keeps a mapping for these headings.
///
/// # Errors
/// When it cannot be written; nothing depends on it.
pub fn remember(
    state_dir: &Path,
    kind: Kind,
    headings: &[String],
    map: &Map,
) -> std::io::Result<()> {
    let path = place(state_dir, kind, headings);
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let part = path.with_extension("part");
    let _ = std::fs::remove_file(&part);
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)?;
    file.write_all(map.text().as_bytes())?;
    std::fs::rename(&part, &path)
}

/// Two spellings of one word that are said to mean different things: nobody could tell which holds.
fn clash(words: &BTreeMap<String, String>) -> Option<(&str, &str)> {
    let mut met: HashMap<String, (&str, &str)> = HashMap::new();
    words.iter().find_map(|(word, meaning)| {
        let (first, said) = *met.entry(known_again(word)).or_insert((word, meaning));
        (said != meaning).then_some((first, word.as_str()))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_mapping_is_read_as_it_was_written() {
        let text =
            "[columns]\n\"Họ \\\"tên\\\"\" = \"petitioner\"\nSTT = \"\"\n[dates]\nNgày = \"mdy\"\n";
        let text = text.replace("Ngày =", "\"Ngày\" =");
        let map = Map::parse(Kind::Petition, &text).unwrap();
        assert_eq!(Map::parse(Kind::Petition, &map.text()), Ok(map.clone()));
        let dir = tempfile::tempdir().unwrap();
        let headings = vec!["Họ tên".to_owned(), "STT".to_owned()];
        assert_eq!(recall(dir.path(), Kind::Petition, &headings), None);
        remember(dir.path(), Kind::Petition, &headings, &map).unwrap();
        assert_eq!(recall(dir.path(), Kind::Petition, &headings), Some(map));
        assert_eq!(recall(dir.path(), Kind::Reception, &headings), None);
    }

    #[test]
    fn what_the_register_does_not_have_is_named() {
        for text in [
            "[columns]\na = \"owner\"",
            "[dates]\na = \"ymd\"",
            "x = 1",
            "[[",
        ] {
            assert!(Map::parse(Kind::Petition, text).is_err(), "{text}");
        }
    }
}
