//! Where everything listens.

use http::uri::PathAndQuery;

/// Where things listen, each as `http://127.0.0.1:PORT…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) gateway: String,
    pub(crate) cosmos: String,
    pub(crate) blob: String,
    pub(crate) queue: String,
    pub(crate) event_hubs: String,
    /// OpenTelemetry over HTTP.
    pub(crate) otlp: String,
    /// `127.0.0.1:PORT`; none when the data services are in another process.
    pub(crate) amqp: Option<String>,
    pub(crate) simulators: Vec<Address>,
}

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
