//! Why a simulator did not start.

use std::{io, path::PathBuf};

use crate::FaultsError;

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is missing or malformed.
    #[error("setting {name}: {why}; for example {example}")]
    Setting {
        /// The setting.
        name: String,
        /// What is wrong with it.
        why: String,
        /// A value that would do.
        example: &'static str,
    },
    /// The faults to start with are none that the simulator knows.
    #[error(transparent)]
    Faults(#[from] FaultsError),
    /// The port cannot be had.
    #[error(
        "listening on port {port} of 127.0.0.1: {source}; stop the other process or choose another PORT"
    )]
    Listen {
        /// The port asked for; 0 means any.
        port: u16,
        /// What the operating system says.
        source: io::Error,
    },
    /// The directory of what is to outlive the run cannot be used.
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
