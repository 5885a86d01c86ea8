//! Why a host does not start.

use std::path::PathBuf;

use crate::{
    AddressError, BuildError, DataServicesError, DiscoveryError, IdentitiesError, ResourcesError,
    SharedName, TravelError, triggers::event_grid::PublishedError,
};

/// Why the host did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The gateway's port is in use, or that where telemetry is received.
    #[error(
        "port {port} of 127.0.0.1 is taken, perhaps by another run of this host, by `func start` or by a collector of \
         telemetry; stop that one or choose another port with {option} ({option} 0 takes a free one)"
    )]
    PortTaken {
        /// The port.
        port: u16,
        /// What chooses it.
        option: &'static str,
    },
    /// The host cannot listen.
    #[error("listening on port {port} of 127.0.0.1: {source}; choose another port with {option}")]
    Listen {
        /// The port.
        port: u16,
        /// What chooses it.
        option: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// What was published to topics and is not delivered yet.
    #[error(transparent)]
    Topics(#[from] PublishedError),
    /// The data services.
    #[error(transparent)]
    Data(#[from] DataServicesError),
    /// A simulator cannot have its address.
    #[error(transparent)]
    Simulator(#[from] AddressError),
    /// A fault of the command line cannot be switched on.
    #[error("--fault {fault}: {why}")]
    Fault {
        /// The fault.
        fault: String,
        /// Why not.
        why: String,
    },
    /// An app could not be loaded.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// An app could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The clock cannot be told to handlers.
    #[error(transparent)]
    Clock(#[from] TravelError),
    /// The files of people and callers.
    #[error(transparent)]
    Identities(#[from] IdentitiesError),
    /// Two apps own one name.
    #[error("{0}")]
    SharedName(SharedName),
    /// Functions of two apps have one route and a method in common.
    #[error("{0}")]
    SharedRoute(String),
    /// An app's resources could not be created.
    #[error(transparent)]
    Resources(#[from] ResourcesError),
    /// `extensions` of an app's `host.json`.
    #[error("{path}: {problem}")]
    Extensions {
        /// The file.
        path: PathBuf,
        /// Key and remedy.
        problem: String,
    },
    /// Two apps or simulators have the same name.
    #[error("two apps or simulators are called {name}; rename the folder of one")]
    SameName {
        /// The name.
        name: String,
    },
}
