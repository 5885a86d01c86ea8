//! The services, started and stopped together.

use std::{
    fmt,
    future::Future,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    Clock, Error, Faults, Options,
    cosmos::{self, Cosmos},
    database,
    event_hubs::{self, CaptureEvents, EventHubs},
    journal, listen,
    storage::{
        self,
        blob::{BlobEvents, Blobs, LifecycleRule, RetentionRule},
    },
};

/// The well-known account of Microsoft's emulators.
pub const ACCOUNT: &str = "devstoreaccount1";
/// How long `stop` waits for requests in progress.
const STOP_DEADLINE: Duration = Duration::from_millis(800);

/// One of the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// Azure Cosmos DB for NoSQL.
    Cosmos,
    /// Azure Blob Storage.
    Blob,
    /// Azure Queue Storage.
    Queue,
    /// Azure Event Hubs.
    EventHubs,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cosmos => "Cosmos DB",
            Self::Blob => "Blob Storage",
            Self::Queue => "Queue Storage",
            Self::EventHubs => "Event Hubs",
        })
    }
}

/// Cosmos DB, Blob, Queue and Event Hubs, running. Dropping it ends them at once; `stop` ends them well.
#[derive(Debug)]
pub struct DataServices {
    cosmos_url: String,
    blob_url: String,
    queue_url: String,
    event_hubs_url: String,
    amqp_endpoint: String,
    cosmos: Arc<Cosmos>,
    blobs: Arc<Blobs>,
    hubs: Arc<EventHubs>,
    faults: Arc<Faults>,
    data: Option<PathBuf>,
    missing: Vec<String>,
    clock: Clock,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl DataServices {
    /// Takes the ports, reads back what `options.data` holds, and serves.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let cosmos_listener = listen::bind(Service::Cosmos, options.cosmos).await?;
        let blob_listener = listen::bind(Service::Blob, options.blob).await?;
        let queue_listener = listen::bind(Service::Queue, options.queue).await?;
        let hubs_listener = listen::bind(Service::EventHubs, options.event_hubs).await?;
        let amqp_listener = event_hubs::bind_amqp(options.amqp)?;
        let cosmos_url = format!("http://{}/", address(&cosmos_listener));
        let blob_url = format!("http://{}/{ACCOUNT}", address(&blob_listener));
        let queue_url = format!("http://{}/{ACCOUNT}", address(&queue_listener));
        let event_hubs_url = format!("http://{}/", address(&hubs_listener));
        let amqp_endpoint = address(&amqp_listener).to_string();

        let kept = options.data.as_deref().map(database::open).transpose()?;
        let faults = Arc::new(Faults::seeded(options.fault_seed));
        let cosmos =
            Cosmos::open(&cosmos_url, kept.as_ref(), options.clock.clone(), Arc::clone(&faults))
                .await?;
        let queues = storage::queue::Queues::open(&queue_url, kept.as_ref())?;
        let blobs =
            Blobs::open(&blob_url, kept.as_ref(), options.data.as_deref(), options.blob_events)?;
        let hubs = EventHubs::open(
            kept.as_ref(),
            (options.clock.clone(), Arc::clone(&faults)),
            Arc::clone(&blobs),
            options.blob_events,
        )?;

        remember(options.data.as_deref());

        let (stopping, stop) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let (clock, shared) = (|| options.clock.clone(), || Arc::clone(&faults));
        tasks.spawn(storage::blob::serve(
            blob_listener,
            Arc::clone(&blobs),
            clock(),
            shared(),
            stop.clone(),
        ));
        tasks.spawn(storage::blob::run(Arc::clone(&blobs), clock(), stop.clone()));
        tasks.spawn(storage::queue::serve(queue_listener, queues, clock(), shared(), stop.clone()));
        let listeners = (hubs_listener, amqp_listener);
        tasks.spawn(event_hubs::serve(listeners, Arc::clone(&hubs), stop.clone()));
        tasks.spawn(cosmos::serve(cosmos_listener, Arc::clone(&cosmos), stop.clone()));
        tasks.spawn(cosmos::run(Arc::clone(&cosmos), stop));
        Ok(Self {
            cosmos_url,
            blob_url,
            queue_url,
            event_hubs_url,
            amqp_endpoint,
            cosmos,
            blobs,
            hubs,
            faults,
            data: options.data,
            missing: kept.map(|kept| kept.losses.all()).unwrap_or_default(),
            clock: options.clock,
            stopping,
            tasks,
        })
    }

    /// `http://127.0.0.1:PORT/`, the account endpoint of Cosmos DB.
    pub fn cosmos_url(&self) -> &str {
        &self.cosmos_url
    }

    /// `http://127.0.0.1:PORT/devstoreaccount1`, the endpoint of the blob service.
    pub fn blob_url(&self) -> &str {
        &self.blob_url
    }

    /// `http://127.0.0.1:PORT/devstoreaccount1`, the endpoint of the queue service.
    pub fn queue_url(&self) -> &str {
        &self.queue_url
    }

    /// `http://127.0.0.1:PORT/`, Event Hubs over HTTP.
    pub fn event_hubs_url(&self) -> &str {
        &self.event_hubs_url
    }

    /// `127.0.0.1:PORT`, Event Hubs over AMQP: for `event_hubs_connection_string`.
    pub fn amqp_endpoint(&self) -> &str {
        &self.amqp_endpoint
    }

    /// What was missing in the data directory, each as a sentence: its journal had lost its end, as after a power cut.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// What happens to blobs, for the one who delivers it; nothing is recorded unless `Options::blob_events` is set.
    pub fn blob_events(&self) -> BlobEvents {
        self.blobs.events()
    }

    /// What is told of capture files, for the one who delivers it; nothing is recorded unless `Options::blob_events` is set.
    pub fn capture_events(&self) -> CaptureEvents {
        self.hubs.capture_events()
    }

    /// What the services are asked to do wrong; shared, so that a switch elsewhere may hold it.
    pub fn faults(&self) -> &Arc<Faults> {
        &self.faults
    }

    /// Puts these rules in the place of all earlier ones: blobs go some days after they were last modified, with an
    /// event for each as for any deletion. Rules are not kept: whoever starts the services hands them over.
    pub fn set_lifecycle_rules(&self, rules: Vec<LifecycleRule>) {
        self.blobs.set_lifecycle_rules(rules);
    }

    /// Puts these rules in the place of all earlier ones: blobs stay as they were written. Rules are not kept: whoever
    /// starts the services hands them over.
    pub fn set_retention_rules(&self, rules: Vec<RetentionRule>) {
        self.blobs.set_retention_rules(rules);
    }

    /// The time the services go by; may be moved at any time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Does the background work that is due by the clock: documents whose time to live is over go, and blobs that
    /// lifecycle rules are about; windows of events that are over are captured, and events whose retention is over go. It
    /// happens every few seconds anyway; a test that moves the clock need not wait.
    pub async fn step(&self) {
        let now = self.clock.now();
        self.cosmos.step(now).await;
        self.blobs.apply_lifecycle_rules(now).await;
        self.hubs.capture(now).await;
        self.hubs.expire(now);
    }

    /// Finishes the requests in progress and ends, within a second.
    pub async fn stop(mut self) {
        // Nobody is left to hear it when every task has ended already.
        let _ = self.stopping.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if !within(STOP_DEADLINE, ended).await {
            self.tasks.shutdown().await;
        }
        remember(self.data.as_deref());
    }
}

/// Notes how far the journal goes, so that a part of it that is lost can be told of.
fn remember(data: Option<&Path>) {
    if let Some(Err(error)) = data.map(journal::remember) {
        tracing::warn!(%error, "noting how far the journal goes");
    }
}

async fn within(deadline: Duration, work: impl Future<Output = ()>) -> bool {
    tokio::time::timeout(deadline, work).await.is_ok()
}

fn address(listener: &TcpListener) -> std::net::SocketAddr {
    listener.local_addr().expect("a bound listener has an address")
}
