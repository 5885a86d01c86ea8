//! Whose work is in a package and under what terms: a table of all crates, then each text once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use crate::{bill::TOOLCHAIN, failure::Failure, linked::Crate};

/// How files with terms begin, in lower case.
const BEGINNINGS: [&str; 6] = ["licen", "copying", "copyright", "notice", "unlicense", "third"];

/// The list as Markdown.
pub(crate) fn licences(app: &str, crates: &[Crate]) -> Result<String, Failure> {
    let mut text = format!("# What is in `{app}`\n\n| what | version | licence |\n|---|---|---|\n");
    for (name, licence, _) in TOOLCHAIN {
        line(&mut text, format_args!("| {name} | of the compiler | {licence} |"));
    }
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut without = BTreeSet::new();
    for one in crates.iter().filter(|one| one.checksum.is_some()) {
        let (name, version) = &one.id;
        line(&mut text, format_args!("| {name} | {version} | {} |", one.licence));
        let texts = texts(&one.folder)?;
        if texts.is_empty() {
            without.insert(format!("{name} {version} ({})", one.licence));
        }
        for found in texts {
            users.entry(found).or_default().insert(format!("{name} {version}"));
        }
    }
    if !without.is_empty() {
        text.push_str("\n## Published without a text of their own\n\n");
        without.iter().for_each(|one| line(&mut text, format_args!("- {one}")));
    }
    // By the first of those that have it: the order of the table.
    let mut texts: Vec<_> = users.into_iter().map(|(found, users)| (users, found)).collect();
    texts.sort();
    for (users, found) in texts {
        let users: Vec<_> = users.into_iter().collect();
        line(&mut text, format_args!("\n## {}\n\n```text\n{found}\n```", users.join(", ")));
    }
    Ok(text)
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    writeln!(text, "{words}").expect("a string takes everything");
}

/// The texts in a crate's folder, each without what differs between two copies of the same.
fn texts(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let reading = |source| Failure::file("reading", folder, source);
    let mut texts = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_source = name.ends_with(".rs") || name.ends_with(".toml");
        if !BEGINNINGS.iter().any(|start| name.starts_with(start))
            || is_source
            || !entry.path().is_file()
        {
            continue;
        }
        let bytes = fs::read(entry.path()).map_err(reading)?;
        let found = String::from_utf8_lossy(&bytes).replace("```", "'''");
        let lines: Vec<_> = found.trim_matches('\u{feff}').lines().map(str::trim_end).collect();
        texts.insert(lines.join("\n").trim_matches('\n').to_owned());
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill::tests::crates;

    #[test]
    fn every_foreign_crate_is_listed_and_a_text_of_several_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("LICENSE-MIT"), "Copyright heat\r\n").unwrap();
        fs::write(folder.path().join("license.rs"), "fn main() {}").unwrap();
        let mut crates = crates();
        crates[1].folder = folder.path().to_owned();
        let mut steam = crates[1].clone();
        steam.id.0 = "steam".to_owned();
        crates.push(steam);
        let text = licences("bakery", &crates).unwrap();
        assert!(text.contains("| heat | 1.0.0+si | MIT |"), "{text}");
        assert!(text.contains("| musl | of the compiler | MIT |"), "{text}");
        assert!(
            text.contains("## heat 1.0.0+si, steam 1.0.0+si\n\n```text\nCopyright heat\n```"),
            "{text}"
        );
        assert!(!text.contains("fn main"), "{text}");
    }

    #[test]
    fn a_crate_without_a_text_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut crates = crates();
        crates[1].folder = folder.path().to_owned();
        let text = licences("bakery", &crates).unwrap();
        assert!(
            text.contains("## Published without a text of their own\n\n- heat 1.0.0+si (MIT)"),
            "{text}"
        );
    }
}
