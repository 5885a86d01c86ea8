//! The running simulator, and the handle on it.

use crate::{Faults, Judged, Options, Seen, StartError, faults::Switches, record::Record, serve};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What all connections share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) key: Option<String>,
    switches: Mutex<Switches>,
    record: Mutex<Record>,
}

impl State {
    pub(crate) fn switches(&self) -> MutexGuard<'_, Switches> {
        self.switches.lock().expect("no code panics while it holds the switches")
    }

    pub(crate) fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().expect("no code panics while it holds the record")
    }

    /// Replaces the faults in force, their draws beginning anew.
    pub(crate) fn set_faults(&self, faults: Faults) {
        *self.switches() = Switches::new(faults);
    }
}

/// A simulator that serves until it is dropped; its connections are cut then.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

/// Starts a simulator on 127.0.0.1; it accepts connections when this returns.
///
/// # Errors
/// The port cannot be had, or the faults to start with make no sense.
pub async fn start(options: Options) -> Result<Simulator, StartError> {
    let faults = options.faults.checked()?;
    let listen = |source| StartError::Listen { port: options.port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let state = Arc::new(State {
        key: options.key,
        switches: Mutex::new(Switches::new(faults)),
        record: Mutex::default(),
    });
    let serving = tokio::spawn(serve::serve(listener, Arc::clone(&state)));
    Ok(Simulator { address, state, serving })
}

impl Simulator {
    /// Where it is, such as `http://127.0.0.1:7081/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Replaces the faults in force.
    ///
    /// # Errors
    /// A value is out of its range; nothing has changed then.
    pub fn set_faults(&self, faults: Faults) -> Result<(), crate::FaultsError> {
        self.state.set_faults(faults.checked()?);
        Ok(())
    }

    /// From now on all is well.
    pub fn clear_faults(&self) {
        self.state.set_faults(Faults::default());
    }

    /// How many requests the API has had, those that faults struck included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state.record().requests()
    }

    /// The last requests to the API, the oldest first.
    #[must_use]
    pub fn requests_seen(&self) -> Vec<Seen> {
        self.state.record().all_seen()
    }

    /// The last pictures it judged, the newest first.
    #[must_use]
    pub fn judged(&self) -> Vec<Judged> {
        self.state.record().last_judged()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
