//! The running simulator, and the handle on it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Clock, FaultsError, Log, Options, Simulator, StartError, Switches, run::Announced, serve,
};

/// How long `stop` waits for requests in work.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared<S: Simulator> {
    pub(crate) simulator: S,
    pub(crate) switches: Arc<Switches<S::Faults>>,
    pub(crate) log: Log,
}

/// A simulator that serves until it is dropped; its connections are cut then. [`Running::stop`] ends it well.
#[derive(Debug)]
pub struct Running<S: Simulator> {
    address: SocketAddr,
    shared: Arc<Shared<S>>,
    clock: Clock,
    stopping: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

/// Starts a simulator on 127.0.0.1; it accepts connections when this returns.
///
/// # Errors
/// The port cannot be had.
pub async fn start<S: Simulator>(
    simulator: S,
    options: Options<S::Faults>,
) -> Result<Running<S>, StartError> {
    let Options { port, switches, clock } = options;
    let listen = |source| StartError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let log = Log::new(clock.clone());
    let shared = Arc::new(Shared { simulator, switches, log });
    let (stopping, stop) = watch::channel(false);
    let serving = tokio::spawn(serve::serve(listener, Arc::clone(&shared), stop));
    Ok(Running { address, shared, clock, stopping, serving })
}

impl<S: Simulator> Running<S> {
    /// Where it is, such as `http://127.0.0.1:7081/`.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The simulator itself.
    pub fn simulator(&self) -> &S {
        &self.shared.simulator
    }

    /// The requests to its API.
    pub fn log(&self) -> &Log {
        &self.shared.log
    }

    /// The time it goes by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Replaces the faults in force.
    ///
    /// # Errors
    /// A value is out of its range; nothing has changed then.
    pub fn set_faults(&self, faults: S::Faults) -> Result<(), FaultsError> {
        self.shared.switches.set(faults)
    }

    /// From now on all is well.
    pub fn clear_faults(&self) {
        self.shared.switches.clear();
    }

    /// Finishes the requests in work and ends, within two seconds.
    pub async fn stop(mut self) {
        // Nobody is left to hear it when serving has ended already.
        let _ = self.stopping.send(true);
        if tokio::time::timeout(STOP_DEADLINE, &mut self.serving).await.is_err() {
            self.serving.abort();
        }
    }
}

impl<S: Simulator> Announced for Running<S> {
    fn name(&self) -> &str {
        S::NAME
    }

    fn address(&self) -> String {
        self.url()
    }
}

impl<S: Simulator> Drop for Running<S> {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
