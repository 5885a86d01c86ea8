//! Why there is no contract.

use std::{io, path::PathBuf};

/// Why a contract cannot be read; each says where.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file cannot be read.
    #[error("reading {}: {source}{}", file.display(), from.as_ref().map(|place| format!("; {place} refers to it")).unwrap_or_default())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What refers to it; nothing to the contract itself.
        from: Option<String>,
        /// What the system says.
        source: io::Error,
    },
    /// A file is larger than any contract.
    #[error("{} has {bytes} bytes; a contract has at most {limit}", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size.
        limit: u64,
    },
    /// A file is neither YAML nor JSON.
    #[error("{} cannot be read as {language}: {cause}", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// `YAML` or `JSON`.
        language: &'static str,
        /// What, with line and column.
        cause: String,
    },
    /// It is no OpenAPI document that we know.
    #[error("{}: {why}", file.display())]
    NotOpenApi {
        /// The file.
        file: PathBuf,
        /// What stands there, and what should.
        why: String,
    },
    /// A reference that leads out of this machine.
    #[error(
        "{place}: {reference} lies on another machine: copy it beside the contract and refer to the file"
    )]
    Remote {
        /// Where it stands.
        place: String,
        /// The reference.
        reference: String,
    },
    /// A reference to what is not there.
    #[error("{place}: {reference} leads nowhere; there are {there}")]
    Dangling {
        /// Where it stands.
        place: String,
        /// The reference.
        reference: String,
        /// The names that stand where it looked.
        there: String,
    },
    /// More files than any contract has.
    #[error("{place}: the contract is made of more than {limit} files")]
    TooMany {
        /// The reference to one more.
        place: String,
        /// The largest number.
        limit: usize,
    },
}
