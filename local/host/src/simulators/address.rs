//! Where simulators listen: on their well-known ports, or on free ones as the gateway does.

use std::net::{Ipv4Addr, TcpListener};

use http::uri::PathAndQuery;

use super::SimulatorSource;
use crate::{StartError, handler::free_port};

/// Where one simulator listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) name: String,
    /// The port that settings name.
    pub(crate) well_known: u16,
    /// The actual one.
    pub(crate) port: u16,
    pub(crate) health: PathAndQuery,
}

impl Address {
    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        origin(self.port)
    }

    /// The address that settings name.
    pub(crate) fn well_known_url(&self) -> String {
        origin(self.well_known)
    }
}

fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// An address for each simulator: its well-known port unless `free` ones are wanted. A port that is taken is an error:
/// the apps would talk to somebody else.
pub(crate) fn choose(sources: &[SimulatorSource], free: bool) -> Result<Vec<Address>, StartError> {
    let address = |source: &SimulatorSource| {
        let (name, well_known) = (source.name.clone(), source.port);
        let failed = |source| StartError::SimulatorPort { name: name.clone(), source };
        let port = if free {
            free_port().map_err(failed)?
        } else {
            let taken = |_| StartError::SimulatorPortTaken { name: name.clone(), port: well_known };
            TcpListener::bind((Ipv4Addr::LOCALHOST, well_known)).map_err(taken)?;
            well_known
        };
        let health = PathAndQuery::try_from(source.health_path.as_str());
        let health = health.map_err(|_| StartError::SimulatorHealthPath { name: name.clone() })?;
        Ok(Address { name, well_known, port, health })
    };
    sources.iter().map(address).collect()
}
