//! Why the mainframe did not start.

use std::{io, path::PathBuf};

/// Why the mainframe did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting is missing or malformed.
    #[error("setting {name}: {why}; for example {example}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        why: String,
        /// A value that would do.
        example: &'static str,
    },
    /// The port cannot be had.
    #[error(
        "listening on port {port} of 127.0.0.1: {source}; stop the other process or choose another PORT"
    )]
    Listen {
        /// The port.
        port: u16,
        /// What the operating system said.
        source: io::Error,
    },
    /// The data directory cannot be used.
    #[error(
        "opening the records in {path}: {why}; stop the process that uses them or choose another DATA_DIR"
    )]
    Data {
        /// The directory.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
}
