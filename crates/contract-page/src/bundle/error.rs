//! What can be wrong with references between contracts, in words that say what to write where.

use std::{fmt, path::PathBuf};

/// A place in a contract: its file and the keys that lead there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub(super) file: PathBuf,
    pub(super) keys: Vec<String>,
}

impl Place {
    pub(super) fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), keys: Vec::new() }
    }

    pub(super) fn at(&self, key: impl fmt::Display) -> Self {
        let mut keys = self.keys.clone();
        keys.push(key.to_string());
        Self { file: self.file.clone(), keys }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.keys.as_slice() {
            [] => Ok(()),
            keys => write!(f, " at {}", keys.join(" > ")),
        }
    }
}

/// Why a contract cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file cannot be read.
    #[error("{} cannot be read: {cause}; {place} refers to it", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What refers to it; of the contract itself, the contract.
        place: Place,
        /// Why it cannot be read.
        cause: std::io::Error,
    },
    /// A file is not YAML.
    #[error("{} is not YAML: {cause}", file.display())]
    NotYaml {
        /// The file.
        file: PathBuf,
        /// Where and why, as the reader says.
        cause: String,
    },
    /// A reference of a form that is not understood.
    #[error(
        "{place}: cannot follow `{reference}`; write `#/components/<kind>/<Name>`, or a path to another contract before it"
    )]
    Unsupported {
        /// Where it stands.
        place: Place,
        /// The reference.
        reference: String,
    },
    /// A reference to what is not there.
    #[error("{place}: `{reference}` leads nowhere; {remedy}")]
    Dangling {
        /// Where it stands.
        place: Place,
        /// The reference.
        reference: String,
        /// What there is instead.
        remedy: String,
    },
    /// Two parts would have one name.
    #[error(
        "components/{kind}/{name} is in {} and in {} too; rename one, or remove it and refer to the other",
        first.display(),
        second.display()
    )]
    SameName {
        /// `schemas`, `responses`, …
        kind: String,
        /// The name of both.
        name: String,
        /// Where the first is.
        first: PathBuf,
        /// Where the other is.
        second: PathBuf,
    },
    /// A kind of problem is explained twice.
    #[error(
        "x-problems: `{slug}` is explained in {} and in {}; leave it out of the app's own contract, or rename it",
        first.display(),
        second.display()
    )]
    KindTwice {
        /// The kind.
        slug: String,
        /// Where it is first.
        first: PathBuf,
        /// Where it is again.
        second: PathBuf,
    },
    /// A shared text speaks of the page of the contract, and the contract has none.
    #[error(
        "{place} speaks of the page of the contract, but no path of {} ends in /docs; add one, such as \
         `/<app>/v1/docs: {{ $ref: '../../crates/public-api/openapi.yaml#/components/pathItems/Docs' }}`",
        contract.display()
    )]
    NoDocs {
        /// The shared text.
        place: Place,
        /// The app's contract.
        contract: PathBuf,
    },
}
