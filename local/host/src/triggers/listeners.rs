//! All listeners of all apps: started with the host, ended with it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use function_json::{BlobSource, Trigger};
use futures::future::BoxFuture;
use http::Method;
use local_data::{BlobEvents, CaptureEvents};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use super::{
    Faults, Listener, QueueFunction, Runner, Target,
    blob::{self, BlobFunctions, blob_queue_options},
    cosmos_db::CosmosDbListener,
    event_grid::{
        self, BlobStore, Delivery, Endpoint, EventGridTopic, Published, Source as EventSource,
        Subscriber, Subscription, WebhookRequest,
    },
    event_hubs::EventHubListener,
    kafka::KafkaListener,
    listener,
    queue::{QueueListener, Source},
    timer::TimerListener,
};
use crate::{Lifecycle, Log};

/// The connection in which dead letters of events are kept, and who reads which partition of a hub.
const HOST_STORAGE: &str = "AzureWebJobsStorage";
/// How long listeners may take to give back what they hold when the host stops.
const STOP_DEADLINE: Duration = Duration::from_millis(300);

/// An app as its triggers see it.
#[derive(Clone, Debug)]
pub struct AppTriggers {
    /// What runs its functions.
    pub runner: Runner,
    /// Its enabled functions.
    pub targets: Vec<Target>,
    /// Its subscriptions to events.
    pub subscriptions: Vec<Subscription>,
}

/// Everything that listeners share.
pub struct Surroundings {
    /// The blob service's events; without it nothing is delivered to those who subscribe to blobs.
    pub events: Option<BlobEvents>,
    /// What is told of capture files; without it nothing is delivered to those who subscribe to capture.
    pub captures: Option<CaptureEvents>,
    /// What is published to topics.
    pub topics: Published,
    /// Where listeners report.
    pub log: Log,
    /// What is to go wrong.
    pub faults: Arc<Faults>,
    /// Whether the host runs, drains or stops.
    pub state: watch::Receiver<Lifecycle>,
}

/// The running listeners. Dropping them ends them at once.
#[derive(Debug, Default)]
pub struct Listeners {
    tasks: JoinSet<()>,
}

impl Listeners {
    /// Starts a listener for every function that is not called over HTTP. One that cannot be listened to is told in
    /// the log; the others are not affected. No handler is started before there is something to deliver.
    pub fn start(apps: &[AppTriggers], surroundings: &Surroundings) -> Self {
        let mut tasks = JoinSet::new();
        let mut run = |listener: Box<dyn Listener>| {
            tasks.spawn(listener::run(
                listener,
                Arc::clone(&surroundings.faults),
                surroundings.state.clone(),
            ));
        };
        let mut subscribers = Vec::new();
        for app in apps {
            app.listeners().into_iter().for_each(&mut run);
            subscribers.extend(app.subscribers());
        }
        let blobs = surroundings.events.clone().map(EventSource::Blobs);
        let captures = surroundings.captures.clone().map(EventSource::Captures);
        let topics = EventSource::Topics(surroundings.topics.clone());
        for source in blobs.into_iter().chain(captures).chain([topics]) {
            let (log, faults, state) = (
                surroundings.log.clone(),
                Arc::clone(&surroundings.faults),
                surroundings.state.clone(),
            );
            let subscribers = subscribers.clone();
            run(Box::new(EventGridTopic::new(source, subscribers, log, faults, state)));
        }
        Self { tasks }
    }

    /// Waits until listeners have given back what they hold. The host's state must be
    /// [`Lifecycle::Stopping`] by now, the handlers ended and the data services still there.
    pub async fn stop(mut self) {
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        // What is not given back in time becomes free by itself: leases expire.
        let _ = tokio::time::timeout(STOP_DEADLINE, ended).await;
    }
}

impl AppTriggers {
    fn listeners(&self) -> Vec<Box<dyn Listener>> {
        let each = self.targets.iter().filter_map(|target| self.listener(target));
        each.chain(self.blob_listeners()).collect()
    }

    fn listener(&self, target: &Target) -> Option<Box<dyn Listener>> {
        let listener: Result<Box<dyn Listener>, String> = match &target.json.trigger {
            Trigger::Queue(trigger) => {
                let source = Source::of_trigger(&trigger.connection, &trigger.queue_name);
                let function =
                    QueueFunction { runner: self.runner.clone(), target: target.clone() };
                let options = self.runner.queues.clone();
                boxed(QueueListener::new(self.runner.clone(), source, options, Box::new(function)))
            }
            Trigger::CosmosDb(trigger) => {
                let owner = self.lease_owner(target, &trigger.lease_connection);
                boxed(CosmosDbListener::new(
                    self.runner.clone(),
                    target.clone(),
                    trigger.clone(),
                    owner,
                ))
            }
            Trigger::Timer(trigger) => {
                let now = self.runner.faults.now();
                boxed(TimerListener::new(self.runner.clone(), target.clone(), trigger.clone(), now))
            }
            Trigger::EventHub(trigger) => {
                let owner = self.partition_owner(target);
                let (runner, target) = (self.runner.clone(), target.clone());
                boxed(EventHubListener::new(runner, target, trigger.clone(), &owner))
            }
            Trigger::Kafka(trigger) => {
                let (runner, target) = (self.runner.clone(), target.clone());
                Ok(Box::new(KafkaListener::new(runner, target, trigger.clone())))
            }
            Trigger::Http(_) | Trigger::EventGrid(_) | Trigger::Blob(_) => return None,
        };
        listener.map_err(|why| self.tell(&target.name, &why)).ok()
    }

    /// A local emulator has no other clients, so a name that stays the same lets the next start go on at once; leases
    /// that others can see need a name of this run.
    fn lease_owner(&self, target: &Target, connection: &str) -> String {
        let is_local =
            self.runner.connections.cosmos_db(connection).is_ok_and(|account| account.is_local());
        let run = if is_local { "local".to_owned() } else { Uuid::new_v4().to_string() };
        format!("{run}/{}/{}", self.runner.app, target.name)
    }

    /// Where the host's own storage is an emulator on this machine, nobody else reads, and a name that stays the same lets
    /// the next start go on at once.
    fn partition_owner(&self, target: &Target) -> String {
        let is_local =
            self.runner.connections.blobs(HOST_STORAGE).is_ok_and(|blobs| blobs.is_local());
        let run = if is_local { "local".to_owned() } else { Uuid::new_v4().to_string() };
        format!("{run}/{}/{}", self.runner.app, target.name)
    }

    /// One listener for the blob functions of each connection: they share the host's own queue.
    fn blob_listeners(&self) -> Vec<Box<dyn Listener>> {
        let mut by_connection: BTreeMap<&str, Vec<Target>> = BTreeMap::new();
        for target in &self.targets {
            if let Trigger::Blob(trigger) = &target.json.trigger {
                by_connection.entry(&trigger.connection).or_default().push(target.clone());
            }
        }
        let cores = std::thread::available_parallelism()
            .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
        let options = blob_queue_options(&self.runner.queues, cores);
        let listener = |(connection, targets): (&str, Vec<Target>)| {
            let source = BlobFunctions::source(&self.runner.app, connection);
            let names: Vec<String> = targets.iter().map(|target| target.name.clone()).collect();
            let functions = BlobFunctions { runner: self.runner.clone(), targets };
            let listener = QueueListener::new(
                self.runner.clone(),
                source,
                options.clone(),
                Box::new(functions),
            );
            boxed(listener).map_err(|why| self.tell(&names.join(", "), &why)).ok()
        };
        by_connection.into_iter().filter_map(listener).collect()
    }

    /// The declared subscriptions, and one for each blob trigger that scans its container, which here is told of its
    /// blobs instead.
    fn subscribers(&self) -> Vec<Subscriber> {
        let mut subscriptions = self.subscriptions.clone();
        for target in &self.targets {
            let is_declared =
                self.subscriptions.iter().any(|subscription| subscription.function == target.name);
            match &target.json.trigger {
                Trigger::Blob(trigger)
                    if !is_declared && trigger.source == BlobSource::LogsAndContainerScan =>
                {
                    let container = trigger.path.split('/').next().unwrap_or_default();
                    subscriptions.push(Subscription::blob_created(&target.name, container));
                }
                Trigger::Blob(_) | Trigger::EventGrid(_) if !is_declared => {
                    self.tell(&target.name, "app.json declares no eventSubscriptions for it");
                }
                _ => {}
            }
        }
        let blobs = BlobStore::open(&self.runner.connections, HOST_STORAGE).ok();
        let endpoint: Arc<dyn Endpoint> = Arc::new(AppEndpoint {
            runner: self.runner.clone(),
            targets: self.targets.clone(),
            blobs,
        });
        let subscriber =
            |subscription| Subscriber { subscription, endpoint: Arc::clone(&endpoint) };
        subscriptions.into_iter().map(subscriber).collect()
    }

    fn tell(&self, function: &str, why: &str) {
        self.runner.log.warn(&self.runner.app, format!("nothing triggers {function}: {why}"));
    }
}

fn boxed<L: Listener, E: std::fmt::Display>(
    listener: Result<L, E>,
) -> Result<Box<dyn Listener>, String> {
    listener
        .map(|listener| Box::new(listener) as Box<dyn Listener>)
        .map_err(|error| error.to_string())
}

/// The webhooks of an app, called without the detour over the network.
struct AppEndpoint {
    runner: Runner,
    targets: Vec<Target>,
    blobs: Option<BlobStore>,
}

impl Endpoint for AppEndpoint {
    fn post(&self, delivery: Delivery) -> BoxFuture<'_, u16> {
        Box::pin(async move {
            let target = self.targets.iter().find(|target| target.name == delivery.function);
            let is_blob =
                target.is_some_and(|target| matches!(target.json.trigger, Trigger::Blob(_)));
            let prefix = if is_blob { "Host.Functions." } else { "" };
            let query = format!("functionName={prefix}{}", delivery.function);
            let request = WebhookRequest {
                method: &Method::POST,
                query: &query,
                headers: &delivery.headers,
                body: &delivery.body,
            };
            let reply = match is_blob {
                true => blob::webhook(&self.runner, &self.targets, request).await,
                false => event_grid::webhook(&self.runner, &self.targets, request).await,
            };
            reply.status
        })
    }

    fn dead_letters(&self) -> Option<&BlobStore> {
        self.blobs.as_ref()
    }
}
