//! The mail service, started and stopped.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use local_wire::HttpClient;
use simulator_shell::{Announced, FaultsError, Running, StartError, Switches};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Faults, Options,
    desk::Desk,
    mailbox::Mailbox,
    reports::Courier,
    store::{Store, Stored},
};

/// Reports that are on their way at the same time.
const AT_ONCE: usize = 8;
/// The longest wait for what is to come: the clock may be moved meanwhile.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long `stop` waits for reports on their way.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

/// The mail service, running. Dropping it ends it at once, as a kill would; `stop` ends it well.
#[derive(Debug)]
pub struct Email {
    desk: Running<Desk>,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Reads back what it knew, takes the port and goes on telling.
///
/// # Errors
/// A setting makes no sense, or what it knew or the port cannot be had.
pub async fn start(options: Options) -> Result<Email, StartError> {
    let (url, key, takes) = (options.topic_url()?, options.key()?, options.takes());
    let Options { port, platform_key, domains, data, faults, seed, clock, .. } = options;
    let (store, stored) = match data {
        None => (Store::Memory(BTreeMap::new()), Stored::default()),
        Some(dir) => Store::open(&dir).map_err(|why| StartError::Data { path: dir, why })?,
    };
    let mailbox = Arc::new(Mailbox::new(store, stored, clock.clone()));
    let switches = Switches::new(faults, seed)?;
    let courier = Courier {
        url: url.into(),
        platform_key: platform_key.map(Arc::from),
        client: Arc::new(HttpClient::new()),
    };
    let desk = Desk { mailbox: Arc::clone(&mailbox), key, domains, takes };
    let options = simulator_shell::Options { port, switches, clock };
    let desk = simulator_shell::start(desk, options).await?;
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(tell_all(mailbox, courier, stop));
    Ok(Email { desk, stopping, tasks })
}

/// Tells what is due until it is told to stop, then waits for what is on its way.
async fn tell_all(mailbox: Arc<Mailbox>, courier: Courier, mut stop: watch::Receiver<bool>) {
    let (places, mut telling) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    loop {
        while telling.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let wait = match mailbox.take_due() {
            Ok(report) => {
                let (mailbox, courier) = (Arc::clone(&mailbox), courier.clone());
                telling.spawn(async move {
                    let attempted = courier.attempt(&report).await;
                    mailbox.settle(report.number, attempted);
                    drop(place);
                });
                continue;
            }
            Err(wait) => wait,
        };
        drop(place);
        // Nothing to come costs nothing.
        let due = async {
            match wait {
                Some(wait) => sleep(wait.min(LOOK_EVERY)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = mailbox.changed.notified() => {}
            () = due => {}
            _ = stop.changed() => break,
        }
    }
    while telling.join_next().await.is_some() {}
}

impl Email {
    /// `http://127.0.0.1:PORT/`
    pub fn url(&self) -> String {
        self.desk.url()
    }

    /// Replaces the faults in force.
    ///
    /// # Errors
    /// A value is out of its range; nothing has changed then.
    pub fn set_faults(&self, faults: Faults) -> Result<(), FaultsError> {
        self.desk.set_faults(faults)
    }

    /// From now on all is well.
    pub fn clear_faults(&self) {
        self.desk.clear_faults();
    }

    /// Finishes what is on its way and ends, within a few seconds.
    pub async fn stop(mut self) {
        // Nobody is left to hear it when every task has ended already.
        let _ = self.stopping.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(STOP_DEADLINE, ended).await.is_err() {
            self.tasks.shutdown().await;
        }
        self.desk.stop().await;
    }
}

impl Announced for Email {
    fn name(&self) -> &str {
        self.desk.name()
    }

    fn address(&self) -> String {
        self.desk.address()
    }
}
