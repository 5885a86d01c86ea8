//! Data services in this process, a scripted handler, and a runner between them.
#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses its part")]

mod hubs;
mod script;
mod wire;

use std::{sync::Arc, time::Duration};

use function_json::{FunctionJson, RetryPolicy};
use jiff::Timestamp;
use local_data::{Clock, DataServices, Options};
use local_host::{
    Lifecycle, Log, LogFormat, Settings,
    triggers::{
        Connections, Faults, Listener, LocalEndpoints, Runner, Target,
        event_hubs::EventHubOptions,
        kafka::KafkaOptions,
        queue::{QueueOptions, QueueWatch},
    },
};
use serde_json::{Value, json};
use tokio::sync::watch;

pub use script::{Answer, Script, Seen, gate};

/// How long a test waits for something to become true.
pub const DEADLINE: Duration = Duration::from_secs(20);

pub struct Rig {
    pub data: DataServices,
    pub clock: Clock,
    pub script: Arc<Script>,
    pub runner: Runner,
    pub state: watch::Sender<Lifecycle>,
}

impl Rig {
    pub async fn start() -> Self {
        let clock = Clock::system();
        let options = Options { clock: clock.clone(), blob_events: true, ..Options::ephemeral() };
        let data = DataServices::start(options).await.unwrap();
        let local = LocalEndpoints {
            cosmos: data.cosmos_url().to_owned(),
            blob: data.blob_url().to_owned(),
            queue: data.queue_url().to_owned(),
            event_hubs: data.event_hubs_url().to_owned(),
        };
        let settings = Settings::of([
            ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
            ("CosmosDB", "UseDevelopmentStorage=true"),
            ("EventHubs__fullyQualifiedNamespace", "127.0.0.1:5300"),
        ]);
        let script = Arc::new(Script::default());
        let (state, watched) = watch::channel(Lifecycle::Running);
        let runner = Runner {
            app: "shop".into(),
            invoke: script.clone(),
            connections: Connections::new(settings, local),
            log: Log::new(LogFormat::Silent),
            queues: QueueOptions::default(),
            event_hubs: EventHubOptions::default(),
            kafka: KafkaOptions::default(),
            faults: Arc::new(Faults::default()),
            state: watched,
            watch: QueueWatch::default(),
        };
        Self { data, clock, script, runner, state }
    }

    /// The present of the data services.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// A function with these bindings.
pub fn target(name: &str, bindings: Value, retry: Option<RetryPolicy>) -> Target {
    let json = FunctionJson::parse(&json!({ "bindings": bindings }).to_string()).unwrap();
    Target { name: name.into(), json, retry }
}

/// A policy of so many retries, almost at once.
pub fn retries(max_retry_count: i32) -> Option<RetryPolicy> {
    Some(RetryPolicy::FixedDelay { max_retry_count, delay: Duration::from_millis(1) })
}

/// A step, and everything that it started to its end.
pub async fn step_through(listener: &mut impl Listener, now: Timestamp) -> usize {
    let report = listener.step(now).await;
    tokio::time::timeout(DEADLINE, listener.settle()).await.expect("invocations end");
    report.started
}

/// Takes steps until `done`, each time with the present.
pub async fn step_until(
    listener: &mut impl Listener,
    now: impl Fn() -> Timestamp,
    done: impl Fn() -> bool,
) {
    let steps = async {
        while !done() {
            step_through(listener, now()).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, steps).await.expect("it happens within the deadline");
}
