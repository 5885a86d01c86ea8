//! The mainframe, started and stopped.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    Error, Options, http,
    intake::{self, Controls, Machine},
    ledger::Ledger,
};

/// How long `stop` waits for batches and requests in work.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

/// The mainframe, running. Dropping it ends it at once, as a kill would; `stop` ends it well.
#[derive(Debug)]
pub struct Mainframe {
    url: String,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Takes the port, reads back the records and begins to take messages.
pub async fn start(options: Options) -> Result<Mainframe, Error> {
    let storage = options.storage()?;
    let port = options.port;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| Error::Listen { port, source })?;
    let address = listener.local_addr().map_err(|source| Error::Listen { port, source })?;
    let ledger = Ledger::open(options.data.as_deref())?;
    let seed = options.seed.wrapping_add(ledger.runs());
    let controls = Controls::new(options.pace, options.faults, seed);
    let machine = Arc::new(Machine::new(ledger, controls, storage));
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(http::serve(listener, Arc::clone(&machine), stop.clone()));
    tasks.spawn(intake::run(machine, stop));
    Ok(Mainframe { url: format!("http://{address}/"), stopping, tasks })
}

impl Mainframe {
    /// `http://127.0.0.1:PORT/`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Finishes what is in work and ends, within two seconds.
    pub async fn stop(mut self) {
        // Nobody is left to hear it when every task has ended already.
        let _ = self.stopping.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_DEADLINE, ended).await.is_err() {
            self.tasks.shutdown().await;
        }
    }
}
