//! The running simulator, and the handle on it.

use crate::{Faults, FaultsError, Judged, Options, StartError, content_safety::ContentSafety};
use serde_json::Value;
use simulator_shell::{Announced, Running, Switches};

/// A simulator that serves until it is dropped; its connections are cut then.
#[derive(Debug)]
pub struct Simulator(Running<ContentSafety>);

/// One request to the API, as far as a test may want to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The `traceparent` header.
    pub traceparent: Option<String>,
    /// Whether the request carried `Ocp-Apim-Subscription-Key`.
    pub with_key: bool,
    /// Whether the request carried a bearer token.
    pub with_token: bool,
    /// The status of the answer; `None` while it is being worked on, and if the connection was closed instead.
    pub status: Option<u16>,
}

/// Starts a simulator on 127.0.0.1; it accepts connections when this returns.
///
/// # Errors
/// The port cannot be had, or the faults to start with make no sense.
pub async fn start(options: Options) -> Result<Simulator, StartError> {
    let Options { port, key, faults, seed, clock } = options;
    let switches = Switches::new(faults, seed)?;
    let options = simulator_shell::Options { port, switches, clock };
    simulator_shell::start(ContentSafety::new(key), options).await.map(Simulator)
}

impl Simulator {
    /// Where it is, such as `http://127.0.0.1:7081/`.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Replaces the faults in force.
    ///
    /// # Errors
    /// A value is out of its range; nothing has changed then.
    pub fn set_faults(&self, faults: Faults) -> Result<(), FaultsError> {
        self.0.set_faults(faults)
    }

    /// From now on all is well.
    pub fn clear_faults(&self) {
        self.0.clear_faults();
    }

    /// How many requests the API has had, those that faults struck included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.0.log().requests()
    }

    /// The last requests to the API, the oldest first.
    #[must_use]
    pub fn requests_seen(&self) -> Vec<Seen> {
        let entries = self.0.log().entries().into_iter();
        let seen = entries.map(|entry| Seen {
            with_key: entry.detail["withKey"] == Value::Bool(true),
            with_token: entry.detail["withToken"] == Value::Bool(true),
            traceparent: entry.traceparent,
            status: entry.status,
        });
        seen.collect()
    }

    /// The last pictures it judged, the newest first.
    #[must_use]
    pub fn judged(&self) -> Vec<Judged> {
        self.0.simulator().judged()
    }

    /// Finishes the requests in work and ends.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}

impl Announced for Simulator {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn address(&self) -> String {
        self.0.address()
    }
}
