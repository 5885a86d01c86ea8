//! The contracts of an app: its `openapi.yaml`, put together with what it shares, and the schemas of its messages.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use contract_page::{bundle, bundle_from};

use crate::{failure::Failure, git::Git};

/// How the schema of a message ends.
const SCHEMA: &str = ".schema.json";

/// A contract as text, and what errors call it.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Contracts by their paths.
pub(crate) type Contracts = BTreeMap<String, Text>;

/// Those of the working tree.
pub(crate) fn current(root: &Path, app: &str) -> Result<Contracts, Failure> {
    let mut contracts = Contracts::new();
    let contract = root.join("functions").join(app).join("openapi.yaml");
    if contract.is_file() {
        let text = bundle(&contract, &mut Vec::new())?.text;
        add(&mut contracts, format!("functions/{app}/openapi.yaml"), "", text);
    }
    let messages = root.join("functions").join(app).join("messages");
    for path in files(&messages)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(SCHEMA) {
            let place = format!("functions/{app}/messages/{name}");
            add(&mut contracts, place, "", super::read(&path)?);
        }
    }
    Ok(contracts)
}

/// Those of a commit.
pub(crate) fn released(git: &Git, commit: &str, app: &str) -> Result<Contracts, Failure> {
    let mut contracts = Contracts::new();
    let folder = format!("functions/{app}");
    let of = format!("{} of ", &commit[..commit.len().min(12)]);
    for path in git.files(commit, &[&folder])? {
        let is_contract = path == format!("{folder}/openapi.yaml");
        if is_contract {
            let (git, at) = (git.clone(), commit.to_owned());
            let text = bundle_from(move |file| git.file(&at, file), Path::new(&path))?.text;
            add(&mut contracts, path, &of, text);
        } else if path.starts_with(&format!("{folder}/messages/")) && path.ends_with(SCHEMA) {
            let text = git
                .file(commit, Path::new(&path))
                .map_err(|source| Failure::file("reading", &path, source))?;
            add(&mut contracts, path, &of, text);
        }
    }
    Ok(contracts)
}

fn add(contracts: &mut Contracts, place: String, of: &str, text: String) {
    let name = format!("{of}{place}");
    contracts.insert(place, Text { name, text });
}

/// The files of a folder, sorted; none if there is no folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let reading = |source| Failure::file("reading", folder, source);
    let entries = fs::read_dir(folder).map_err(reading)?;
    let mut files: Vec<PathBuf> =
        entries.map(|entry| Ok(entry.map_err(reading)?.path())).collect::<Result<_, Failure>>()?;
    files.sort();
    Ok(files)
}
