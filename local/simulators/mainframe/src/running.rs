//! The mainframe, started and stopped.

use std::{sync::Arc, time::Duration};

use simulator_shell::{Announced, Running, StartError, Switches};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    Options,
    console::Console,
    intake::{self, Controls, Machine},
    ledger::Ledger,
};

/// How long `stop` waits for batches in work.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

/// The mainframe, running. Dropping it ends it at once, as a kill would; `stop` ends it well.
#[derive(Debug)]
pub struct Mainframe {
    url: String,
    console: Running<Console>,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Reads back the records, takes the port and begins to take messages.
///
/// # Errors
/// A setting makes no sense, or the records or the port cannot be had.
pub async fn start(options: Options) -> Result<Mainframe, StartError> {
    let storage = options.storage()?;
    let Options { port, data, pace, faults, seed, clock, .. } = options;
    let ledger = Ledger::open(data.as_deref())?;
    let seed = seed.wrapping_add(ledger.runs());
    let switches = Switches::new(faults, seed)?;
    let controls = Controls::new(pace, Arc::clone(&switches), seed);
    let machine = Arc::new(Machine::new(ledger, controls, storage, clock.clone()));
    let options = simulator_shell::Options { port, switches, clock };
    let console = simulator_shell::start(Console::of(Arc::clone(&machine)), options).await?;
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(intake::run(machine, stop));
    Ok(Mainframe { url: console.url(), console, stopping, tasks })
}

impl Mainframe {
    /// `http://127.0.0.1:PORT/`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Finishes what is in work and ends, within a few seconds.
    pub async fn stop(mut self) {
        // Nobody is left to hear it when every task has ended already.
        let _ = self.stopping.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_DEADLINE, ended).await.is_err() {
            self.tasks.shutdown().await;
        }
        self.console.stop().await;
    }
}

impl Announced for Mainframe {
    fn name(&self) -> &str {
        self.console.name()
    }

    fn address(&self) -> String {
        self.url.clone()
    }
}
