//! Who can be whom on this machine: people who sign in, and callers who show a key. Both stand in files of the
//! workspace, `local/persons.json` and `local/callers.json`.

mod callers;
mod persons;

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

pub(crate) use callers::Callers;
pub(crate) use persons::{Person, Persons};

/// The folder of a workspace that holds the files.
const LOCAL: &str = "local";

/// People and callers. None of either without a workspace.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    pub(crate) persons: Persons,
    pub(crate) callers: Option<Callers>,
}

/// Why people or callers are not known.
#[derive(Debug, thiserror::Error)]
pub enum IdentitiesError {
    /// A file cannot be read.
    #[error("reading {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file does not say what it should.
    #[error("reading {path}: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// Something in a file that no header or cookie can hold.
    #[error("{path}: {what}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What, and what to write instead.
        what: String,
    },
}

impl Identities {
    /// Reads the files of a workspace; either may be missing.
    pub(crate) fn read(workspace: &Path) -> Result<Self, IdentitiesError> {
        let local = workspace.join(LOCAL);
        let path = local.join("persons.json");
        let persons = read(&path)?.map(Persons::new);
        let persons = persons
            .transpose()
            .map_err(|what| IdentitiesError::Unusable { path, what })?
            .unwrap_or_default();
        let path = local.join("callers.json");
        let callers = read(&path)?.map(Callers::new).transpose();
        let callers = callers.map_err(|what| IdentitiesError::Unusable { path, what })?;
        Ok(Self { persons, callers })
    }
}

/// A file that need not be there.
fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, IdentitiesError> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|source| IdentitiesError::Malformed { path: path.to_owned(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(IdentitiesError::Unreadable { path: path.to_owned(), source }),
    }
}
