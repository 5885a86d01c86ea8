//! The vendor, started and stopped.

use std::{sync::Arc, time::Duration};

use local_wire::HttpClient;
use simulator_shell::{Announced, FaultsError, Running, StartError, Switches};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Faults, Options,
    book::Book,
    sending::Courier,
    store::{Store, Stored},
    vendor::Desk,
};

/// Webhooks that are on their way at the same time.
const AT_ONCE: usize = 8;
/// The longest wait for what is to come: the clock may be moved meanwhile.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long `stop` waits for webhooks on their way.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

/// The vendor, running. Dropping it ends it at once, as a kill would; `stop` ends it well.
#[derive(Debug)]
pub struct Vendor {
    desk: Running<Desk>,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Reads back what it knew, takes the port and goes on sending.
///
/// # Errors
/// A setting makes no sense, or what it knew or the port cannot be had.
pub async fn start(options: Options) -> Result<Vendor, StartError> {
    let (url, secret) = (options.webhook_url()?, options.secret()?);
    let Options { port, platform_key, key, data, faults, seed, clock, .. } = options;
    let (store, stored) = match &data {
        None => (Store::Memory, Stored::default()),
        Some(dir) => Store::open(dir).map_err(|why| StartError::Data { path: dir.clone(), why })?,
    };
    let book = Book::new(store, stored, clock.clone()).map_err(|error| StartError::Data {
        path: data.unwrap_or_default(),
        why: error.to_string(),
    })?;
    let book = Arc::new(book);
    let switches: Arc<Switches<Faults>> = Switches::new(faults, seed)?;
    let courier = Courier {
        url: url.into(),
        platform_key: platform_key.map(Arc::from),
        secret,
        switches: Arc::clone(&switches),
        seed,
        clock: clock.clone(),
        client: Arc::new(HttpClient::new()),
    };
    let desk = Desk { book: Arc::clone(&book), key, seed };
    let options = simulator_shell::Options { port, switches, clock };
    let desk = simulator_shell::start(desk, options).await?;
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(send_all(book, courier, stop));
    Ok(Vendor { desk, stopping, tasks })
}

/// Sends what is due until it is told to stop, then waits for what is on its way.
async fn send_all(book: Arc<Book>, courier: Courier, mut stop: watch::Receiver<bool>) {
    let (places, mut sending) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    loop {
        while sending.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let wait = match book.take_due() {
            Ok(notice) => {
                let (book, courier) = (Arc::clone(&book), courier.clone());
                sending.spawn(async move {
                    let attempted = courier.attempt(&notice).await;
                    book.settle(notice.number, attempted);
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
            () = book.changed.notified() => {}
            () = due => {}
            _ = stop.changed() => break,
        }
    }
    while sending.join_next().await.is_some() {}
}

impl Vendor {
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

impl Announced for Vendor {
    fn name(&self) -> &str {
        self.desk.name()
    }

    fn address(&self) -> String {
        self.desk.address()
    }
}
