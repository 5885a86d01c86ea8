//! What stands opposite of what.

use std::{collections::BTreeSet, path::Path};

use contract_page::bundle;

use super::sources::{Contracts, Text, files};
use crate::failure::Failure;

/// Folders are looked through this deep.
const MAX_DEPTH: usize = 8;
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// A contract before and after.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) is_message: bool,
    pub(crate) old: Option<Text>,
    pub(crate) new: Option<Text>,
}

/// The contracts of one app, by their paths.
pub(crate) fn of_contracts(mut old: Contracts, mut new: Contracts) -> Vec<Pair> {
    let names: BTreeSet<String> = old.keys().chain(new.keys()).cloned().collect();
    let pair = |name: String| Pair {
        is_message: name.contains("/messages/"),
        old: old.remove(&name),
        new: new.remove(&name),
        name,
    };
    names.into_iter().map(pair).collect()
}

/// Two files, or the files of two folders by their names.
pub(crate) fn of_paths(old: &Path, new: &Path) -> Result<Vec<Pair>, Failure> {
    if !old.is_dir() && !new.is_dir() {
        let (old, new) = (text(old)?, text(new)?);
        let is_message = is_schema(&old) && is_schema(&new);
        return Ok(vec![Pair {
            name: new.name.clone(),
            is_message,
            old: Some(old),
            new: Some(new),
        }]);
    }
    let (mut before, mut now) = (below(old, "", 0)?, below(new, "", 0)?);
    let names: BTreeSet<String> = before.keys().chain(now.keys()).cloned().collect();
    let pair = |name: String| {
        let (old, new) = (before.remove(&name), now.remove(&name));
        let is_message = old.iter().chain(&new).all(is_schema);
        Pair { name, is_message, old, new }
    };
    Ok(names.into_iter().map(pair).collect())
}

/// Every file of a folder that may be a contract. Parts that others refer to are compared where they are used.
fn below(folder: &Path, prefix: &str, depth: usize) -> Result<Contracts, Failure> {
    let mut found = Contracts::new();
    if !folder.is_dir() {
        let missing = std::io::Error::from(std::io::ErrorKind::NotADirectory);
        return Err(Failure::file("reading", folder, missing));
    }
    for path in files(folder)? {
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().display());
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_dir() && depth < MAX_DEPTH {
            found.extend(below(&path, &format!("{name}/"), depth + 1)?);
        } else if ENDINGS.contains(&ending.as_str()) {
            found.insert(name, text(&path)?);
        }
    }
    Ok(found)
}

/// A file's text; an OpenAPI document with what it refers to in other files.
fn text(path: &Path) -> Result<Text, Failure> {
    let text = super::read(path)?;
    let name = path.display().to_string();
    let refers = text.lines().any(|line| {
        line.split_once("$ref").is_some_and(|(_, rest)| {
            let target = rest.trim_start_matches(['\'', '"', ':', ' ']);
            !target.starts_with('#')
        })
    });
    let text = if refers && path.extension().is_none_or(|ending| ending != "json") {
        bundle(path, &mut Vec::new())?.text
    } else {
        text
    };
    Ok(Text { name, text })
}

fn is_schema(text: &Text) -> bool {
    !text.text.lines().any(|line| {
        let line = line.trim_start_matches(['{', ' ', '"', '\'']);
        line.starts_with("openapi") || line.starts_with("swagger") || line.starts_with("paths")
    })
}
