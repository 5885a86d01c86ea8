//! The card network, started and stopped.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use simulator_shell::{Announced, Running, StartError, Switches};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Faults, Options,
    bank::Bank,
    console::Console,
    network::Network,
    processor::Processor,
    sending::{Delivery, Platform},
    store::{Store, Stored},
};

/// Messages that are on their way at the same time.
const AT_ONCE: usize = 16;
/// The longest wait for what is to come: the clock may be moved meanwhile.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long `stop` waits for messages on their way.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

/// The card network, running. Dropping it ends it at once, as a kill would; `stop` ends it well.
#[derive(Debug)]
pub struct CardNetwork {
    url: String,
    console: Running<Console>,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Reads back what it knew, takes the port and goes on sending.
///
/// # Errors
/// A setting makes no sense, or what it knew or the port cannot be had.
pub async fn start(options: Options) -> Result<CardNetwork, StartError> {
    let (gateway, queues) = (options.gateway()?, options.queues()?);
    let Options { port, platform_key, signing_key, key, data, faults, seed, clock, .. } = options;
    let (store, stored) = match &data {
        None => (Store::Memory, Stored::default()),
        Some(dir) => Store::open(dir).map_err(|why| StartError::Data { path: dir.clone(), why })?,
    };
    let network = Network::new(store, stored, clock.clone()).map_err(|error| StartError::Data {
        path: data.unwrap_or_default(),
        why: error.to_string(),
    })?;
    let network = Arc::new(network);
    let switches: Arc<Switches<Faults>> = Switches::new(faults, seed)?;
    let delivery = Delivery {
        platform: Arc::new(Platform::new(gateway, platform_key, signing_key.clone())),
        switches: Arc::clone(&switches),
        clock: clock.clone(),
        prefix: network.prefix.clone(),
    };
    let console = Console {
        network: Arc::clone(&network),
        processor: Processor::new(key, signing_key),
        bank: queues.map(Bank::new),
        switches: Arc::clone(&switches),
    };
    let options = simulator_shell::Options { port, switches, clock };
    let console = simulator_shell::start(console, options).await?;
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(send_all(network, delivery, stop));
    Ok(CardNetwork { url: console.url(), console, stopping, tasks })
}

/// Sends what is due until it is told to stop, then waits for what is on its way.
async fn send_all(network: Arc<Network>, delivery: Delivery, mut stop: watch::Receiver<bool>) {
    let (places, mut sending) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    loop {
        while sending.try_join_next().is_some() {}
        let wait = match network.take_due() {
            Ok((plan, index, before)) => {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
                let (network, delivery) = (Arc::clone(&network), delivery.clone());
                sending.spawn(async move {
                    let done = delivery.deliver(&plan, index, before).await;
                    if let Err(error) = network.settle((plan.number, index), done) {
                        tracing::error!(%error, "what became of a message is not kept");
                    }
                    drop(place);
                });
                continue;
            }
            Err(wait) => wait,
        };
        // Nothing to come costs nothing.
        let due = async {
            match wait {
                Some(wait) => sleep(wait.min(LOOK_EVERY)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = network.changed.notified() => {}
            () = due => {}
            _ = stop.changed() => break,
        }
    }
    while sending.join_next().await.is_some() {}
}

impl CardNetwork {
    /// `http://127.0.0.1:PORT/`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Finishes what is on its way and ends, within a few seconds.
    pub async fn stop(mut self) {
        // Nobody is left to hear it when every task has ended already.
        let _ = self.stopping.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(STOP_DEADLINE, ended).await.is_err() {
            self.tasks.shutdown().await;
        }
        self.console.stop().await;
    }

    /// The time it goes by.
    pub fn now(&self) -> Timestamp {
        self.console.clock().now()
    }
}

impl Announced for CardNetwork {
    fn name(&self) -> &str {
        self.console.name()
    }

    fn address(&self) -> String {
        self.url.clone()
    }
}
