//! Why the services did not start.

use std::{io, path::PathBuf};

use crate::{Service, options::Port};

/// Why the services did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process listens there.
    #[error(
        "starting {service}: port {port} of 127.0.0.1 is taken; stop the other process (another run of this \
         host, Azurite or the Cosmos DB emulator?) or choose another port"
    )]
    PortTaken {
        /// The service that wanted the port.
        service: Service,
        /// The port.
        port: Port,
    },
    /// The port could not be had for another reason.
    #[error(
        "starting {service}: listening on port {port} of 127.0.0.1: {source}; choose another port, for example 0, \
         which takes a free one"
    )]
    Listen {
        /// The service that wanted the port.
        service: Service,
        /// The port.
        port: Port,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another process has the data directory open.
    #[error(
        "opening the data directory {path}: another process uses it; stop that one or choose another directory"
    )]
    DataLocked {
        /// The directory.
        path: PathBuf,
    },
    /// The data directory cannot be used.
    #[error(
        "opening the data directory {path}: {message}; check its permissions, or move it away to start empty"
    )]
    Data {
        /// The directory.
        path: PathBuf,
        /// What went wrong.
        message: String,
    },
    /// What is kept there cannot be read back.
    #[error(
        "reading back {what} from the data directory: {message}; move the directory away to start empty"
    )]
    Restore {
        /// The thing that could not be read.
        what: String,
        /// What went wrong.
        message: String,
    },
}
