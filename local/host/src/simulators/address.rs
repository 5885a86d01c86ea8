//! Where simulators listen: on their well-known ports, or on free ones as the gateway does.

use std::net::{Ipv4Addr, TcpListener};

use http::uri::PathAndQuery;

use super::SimulatorSource;
use crate::{endpoints::Address, handler::free_port};

/// Why there is no address for a simulator.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Its well-known port is in use.
    #[error(
        "port {port} of 127.0.0.1, for the simulator {name}, is taken, perhaps by another run of this host; stop that \
         one, or take free ports for the gateway and all simulators with --port 0"
    )]
    Taken {
        /// The simulator.
        name: String,
        /// The port.
        port: u16,
    },
    /// There is no port for it.
    #[error("choosing a port for the simulator {name}: {source}")]
    NoPort {
        /// The simulator.
        name: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Its health path is none.
    #[error("the health path of the simulator {name} is no path; write one such as /health")]
    HealthPath {
        /// The simulator.
        name: String,
    },
}

/// An address for each simulator: its well-known port unless `free` ones are wanted. A port that is taken is an error:
/// the apps would talk to somebody else.
pub(crate) fn choose(
    sources: &[SimulatorSource],
    free: bool,
) -> Result<Vec<Address>, AddressError> {
    let address = |source: &SimulatorSource| {
        let (name, well_known) = (source.name.clone(), source.port);
        let failed = |source| AddressError::NoPort { name: name.clone(), source };
        let port = if free {
            free_port().map_err(failed)?
        } else {
            let taken = |_| AddressError::Taken { name: name.clone(), port: well_known };
            TcpListener::bind((Ipv4Addr::LOCALHOST, well_known)).map_err(taken)?;
            well_known
        };
        let health = PathAndQuery::try_from(source.health_path.as_str());
        let health = health.map_err(|_| AddressError::HealthPath { name: name.clone() })?;
        Ok(Address { name, well_known, port, health })
    };
    sources.iter().map(address).collect()
}
