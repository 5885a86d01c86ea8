//! The bank, started and stopped.

use simulator_shell::{Announced, Running, StartError, Switches};

use crate::{
    Faults, Options,
    bank::Desk,
    oauth::{Clients, Grants, Store},
};

/// The bank, running. Dropping it ends it at once, as a kill would; `stop` ends it well.
#[derive(Debug)]
pub struct Bank(Running<Desk>);

/// Reads back what it granted and takes the port.
///
/// # Errors
/// What it granted or the port cannot be had.
pub async fn start(options: Options) -> Result<Bank, StartError> {
    let path = options.data.clone().unwrap_or_default();
    let not_kept = |why| StartError::Data { path: path.clone(), why };
    let store = match &options.data {
        None => Store::default(),
        Some(dir) => Store::open(dir).map_err(not_kept)?,
    };
    let grants = Grants::new(store, options.clock.now()).map_err(not_kept)?;
    let switches = Switches::new(options.faults.clone(), options.seed)?;
    let shell =
        simulator_shell::Options { port: options.port, switches, clock: options.clock.clone() };
    let clients = Clients::new(options.clients.clone());
    let running = simulator_shell::start(Desk::new(options, grants, clients), shell).await?;
    running.simulator().is_at(&running.url());
    Ok(Bank(running))
}

impl Bank {
    /// `http://127.0.0.1:PORT/`
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Replaces the faults in force.
    ///
    /// # Errors
    /// A value is out of its range; nothing has changed then.
    pub fn set_faults(&self, faults: Faults) -> Result<(), simulator_shell::FaultsError> {
        self.0.set_faults(faults)
    }

    /// From now on all is well.
    pub fn clear_faults(&self) {
        self.0.clear_faults();
    }

    /// Finishes what is in work and ends, within a few seconds.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}

impl Announced for Bank {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn address(&self) -> String {
        self.0.address()
    }
}
