//! What must be absent: layers that reach across, crates out of place, clocks, leftovers, files that grew too long.
use std::path::{Path, PathBuf};
use std::process::Command;

/// A tracked file of the program.
struct Source {
    name: String,
    /// Everything before the unit tests.
    production: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tracked() -> Vec<String> {
    let out = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(out.status.success(), "git ls-files");
    let names = String::from_utf8(out.stdout).unwrap();
    let mut names: Vec<String> = names
        .split('\0')
        .filter(|n| !n.is_empty() && root().join(n).exists())
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn is_test_file(name: &str) -> bool {
    let file = PathBuf::from(name);
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    stem == "tests" || stem.ends_with("_tests") || name.starts_with("tests/")
}

fn read(name: String) -> Source {
    let text = std::fs::read_to_string(root().join(&name)).unwrap();
    let production = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .collect::<Vec<_>>()
        .join("\n");
    Source {
        name,
        production,
        text,
    }
}

/// Rust files of the program itself.
fn sources() -> Vec<Source> {
    let files: Vec<Source> = tracked()
        .into_iter()
        .filter(|n| n.starts_with("src/") && n.ends_with(".rs") && !is_test_file(n))
        .map(read)
        .collect();
    assert!(files.len() > 20, "the sources were not found");
    files
}

/// A line without its comment.
fn code(line: &str) -> &str {
    let mut quoted = false;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => quoted = !quoted,
            b'/' if !quoted && bytes.get(at + 1) == Some(&b'/') => return &line[..at],
            _ => {}
        }
    }
    line
}

fn layer(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("src/")?;
    let first = rest.split('/').next()?;
    Some(first.strip_suffix(".rs").unwrap_or(first))
}

/// Each layer with what it may use: only what stands to its left.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("catalog", &["domain"]),
    ("store", &["domain"]),
    ("app", &["domain", "catalog", "store"]),
    ("exchange", &["domain", "catalog"]),
    ("transfer", &["domain", "catalog", "app", "exchange"]),
    ("cli", &["domain", "catalog", "app", "exchange", "transfer"]),
    ("tui", &["domain", "catalog", "app", "exchange", "transfer"]),
];

/// The names that follow `crate::`, also inside braces.
fn used(text: &str) -> Vec<String> {
    let flat: String = text.lines().map(code).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for (at, _) in flat.match_indices("crate::") {
        let rest = &flat[at + "crate::".len()..];
        let word = |s: &str| -> String {
            s.trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        };
        let Some(group) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        let mut depth = 1;
        let mut start = 0;
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if (c == ',' && depth == 1) || depth == 0 {
                names.push(word(&group[start..i]));
                start = i + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    for (name, _) in LAYERS {
        if flat.contains(&format!("super::{name}::")) {
            names.push((*name).to_owned());
        }
    }
    names
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn a_layer_uses_only_what_stands_to_its_left() {
    let mut faults = Vec::new();
    for file in sources() {
        let Some((own, may)) = LAYERS.iter().find(|(l, _)| Some(*l) == layer(&file.name)) else {
            continue;
        };
        for name in used(&file.production) {
            let known = LAYERS.iter().any(|(l, _)| *l == name);
            if known && name != *own && !may.contains(&name.as_str()) {
                faults.push(format!("{}: {own} uses {name}", file.name));
            }
        }
    }
    report(&faults);
}

#[test]
fn every_file_belongs_to_a_layer() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|f| {
            let l = layer(&f.name).unwrap_or_default();
            !["main", "lib"].contains(&l) && !LAYERS.iter().any(|(name, _)| *name == l)
        })
        .map(|f| f.name.clone())
        .collect();
    report(&faults);
}

fn places(words: &[&str], allowed: impl Fn(&str) -> bool) {
    let mut faults = Vec::new();
    for file in sources().iter().filter(|f| !allowed(&f.name)) {
        for (n, line) in file.production.lines().enumerate() {
            for word in words {
                let found = code(line).match_indices(word).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                });
                if found {
                    faults.push(format!("{}:{}: {word}", file.name, n + 1));
                }
            }
        }
    }
    report(&faults);
}

#[test]
fn crates_stay_in_their_layer() {
    places(&["rusqlite"], |n| n.starts_with("src/store/"));
    places(&["ratatui", "crossterm", "tui_input"], |n| {
        n.starts_with("src/tui/")
    });
    places(&["calamine", "csv::", "zip::"], |n| {
        n.starts_with("src/exchange/")
    });
    places(&["clap", "clap_complete", "clap_mangen"], |n| {
        n.starts_with("src/cli/")
    });
}

#[test]
fn the_clock_is_read_in_one_place() {
    places(
        &[
            "Utc::now",
            "Local::now",
            "SystemTime",
            "std::time::SystemTime",
        ],
        |n| n == "src/app/cx.rs",
    );
    places(&["Instant"], |n| {
        let file = n.rsplit('/').next().unwrap_or_default();
        n.starts_with("src/tui/")
            && ["loop", "run", "worker", "event"]
                .iter()
                .any(|part| file.contains(part))
    });
}

#[test]
fn only_the_shell_prints() {
    places(&["println!", "eprintln!", "print!", "eprint!"], |n| {
        n.starts_with("src/cli/") || n == "src/main.rs"
    });
}

#[test]
fn a_length_is_no_width() {
    let mut faults = Vec::new();
    for file in sources().iter().filter(|f| f.name.starts_with("src/tui/")) {
        for (n, line) in file.production.lines().enumerate() {
            let line = code(line);
            let of_text = ["str", "text", "label", "title", "name", "line"]
                .iter()
                .any(|word| line.contains(&format!("{word}.len()")));
            if line.contains(".len() as u16")
                || (of_text && (line.contains("width") || line.contains("u16")))
            {
                faults.push(format!("{}:{}: {}", file.name, n + 1, line.trim()));
            }
        }
    }
    report(&faults);
}

#[test]
fn files_and_functions_stay_short() {
    let mut faults = Vec::new();
    for file in sources() {
        let lines: Vec<&str> = file.production.lines().collect();
        if lines.len() > 500 {
            faults.push(format!("{}: {} lines", file.name, lines.len()));
        }
        for (at, line) in lines.iter().enumerate() {
            let start = line.trim_start();
            let indent = line.len() - start.len();
            let head = start
                .trim_start_matches("pub ")
                .trim_start_matches("pub(super) ")
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("const ");
            // A declaration alone has no lines.
            if !head.starts_with("fn ") || line.ends_with(';') {
                continue;
            }
            let end = format!("{}}}", " ".repeat(indent));
            let long = lines[at..].iter().position(|l| *l == end).unwrap_or(0) + 1;
            if long > 80 {
                let name: String = head.chars().take_while(|c| *c != '(').collect();
                faults.push(format!("{}:{}: {name} {long} lines", file.name, at + 1));
            }
        }
    }
    report(&faults);
}

#[test]
fn nothing_is_left_over() {
    let macros = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!"));
    let mut faults = Vec::new();
    for name in tracked() {
        if !name.ends_with(".rs") {
            continue;
        }
        let file = read(name);
        for (n, line) in file.text.lines().enumerate() {
            let trimmed = line.trim();
            let comment = trimmed
                .strip_prefix("//")
                .filter(|c| !c.starts_with('/') && !c.starts_with('!'))
                .map(str::trim);
            let dead = comment.is_some_and(|c| {
                let ends = [");", "};", "},", "{", "?;", "\";"];
                let starts = ["let ", "use ", "pub fn ", "fn ", "return ", "#["];
                ends.iter().any(|e| c.ends_with(e))
                    || (c.ends_with(';') && starts.iter().any(|s| c.starts_with(s)))
                    || c == "}"
            });
            if dead || macros.iter().any(|m| code(line).contains(m.as_str())) {
                faults.push(format!("{}:{}: {trimmed}", file.name, n + 1));
            }
            if code(line).contains(concat!("allow(", "dead_code)")) {
                faults.push(format!("{}:{}: dead code allowed", file.name, n + 1));
            }
        }
    }
    report(&faults);
}

#[test]
fn the_top_of_the_repository_is_small() {
    let allowed = [
        ".cargo",
        ".ci",
        ".gitattributes",
        ".gitignore",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "benches",
        "db",
        "docs",
        "src",
        "tests",
    ];
    let mut faults: Vec<String> = tracked()
        .iter()
        .map(|n| n.split('/').next().unwrap_or_default().to_owned())
        .filter(|top| !allowed.contains(&top.as_str()))
        .collect();
    faults.dedup();
    report(&faults);
}

#[test]
fn no_path_of_a_machine() {
    // Put together here so that this file does not name them itself.
    let paths = [
        ["/ho", "me/"],
        ["/ro", "ot/"],
        ["/wo", "rk/"],
        ["/tmp/", "wt"],
    ]
    .map(|p| p.concat());
    let mut faults = Vec::new();
    for name in tracked() {
        let Ok(text) = std::fs::read_to_string(root().join(&name)) else {
            continue;
        };
        for (n, line) in text.lines().enumerate() {
            if paths.iter().any(|p| line.contains(p.as_str())) {
                faults.push(format!("{name}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    report(&faults);
}
