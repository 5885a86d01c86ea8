//! All that can be said to an app, in its order.

use std::collections::BTreeSet;
use std::time::Duration;

use contract_check::Description;
use contract_check::description::Function;
use local_data::{Fault, Requests as Which, Rule, RuleId, Service, When};
use serde_json::Value;

use super::messages::Events;
use super::operations::{self, Operation};
use super::requests::Requests;
use crate::Platform;
use crate::marked::{Kind, Marks};

/// The longest that a function is waited for that was started by hand: what fails is tried again for ever.
const RUN_MAX: Duration = Duration::from_secs(10);
/// Documents of a container that a function gets.
const DOCUMENTS_MAX: usize = 6;
/// Everything that an app depends on, but for what tells who is signed in.
const SERVICES: [Service; 4] = [Service::Cosmos, Service::Blob, Service::Queue, Service::EventHubs];

/// Says everything to an app that can be said to it.
pub(super) struct Feeder<'a> {
    pub(super) platform: &'a Platform,
    pub(super) marks: &'a Marks,
    pub(super) description: &'a Description,
}

impl Feeder<'_> {
    /// Every operation, right and wrong, every message, right and wrong, every timer; then all that is right again while
    /// everything fails that the app depends on.
    pub(super) async fn with_everything(&self) {
        let operations = operations::all(self.description, self.platform.contract());
        let mut requests = Requests::new(self.platform, &operations);
        let (ending, others): (Vec<&Operation>, Vec<&Operation>) =
            operations.iter().partition(|operation| operation.method == reqwest::Method::DELETE);
        for operation in &others {
            requests.right(self.platform, operation, self.marks).await;
        }
        self.broken_queues().await;
        self.run_all(Extent::Everything).await;
        // Again: what was made late, and what messages have led to, is known to all now.
        for operation in &others {
            requests.right(self.platform, operation, self.marks).await;
        }
        for operation in &operations {
            requests.wrong(self.platform, operation, self.marks).await;
        }
        let failing = self.fail();
        for operation in &operations {
            requests.once(self.platform, operation, self.marks).await;
        }
        self.run_all(Extent::Right).await;
        failing.into_iter().for_each(|rule| self.platform.faults().remove(rule));
        for operation in &ending {
            requests.right(self.platform, operation, self.marks).await;
        }
    }

    /// What is no message at all, over the queues themselves: the app keeps it as a dead letter.
    async fn broken_queues(&self) {
        for queue in &self.description.queues {
            if queue.uses.iter().any(|usage| usage == "process") {
                let name = self.with_settings(&queue.name);
                self.platform.queue(&name).send(&self.marks.new_mark(Kind::Text)).await;
            }
        }
    }

    /// `sales-email-%SUN_REGION%` as it is called here.
    fn with_settings(&self, name: &str) -> String {
        let app: Value = serde_json::from_str(&self.platform.app().read("app.json")).unwrap();
        let settings = app["settings"].as_object().into_iter().flatten();
        settings.fold(name.to_owned(), |name, (setting, value)| {
            name.replace(&format!("%{setting}%"), value["local"].as_str().unwrap_or_default())
        })
    }

    fn fail(&self) -> Vec<RuleId> {
        let fault = || Fault::Throttle { retry_after: Duration::from_millis(1) };
        let rule =
            |service| Rule { service, only: Which::any(), fault: fault(), when: When::Always };
        SERVICES.into_iter().map(|service| self.platform.faults().add(rule(service))).collect()
    }

    /// Every function that no request calls.
    async fn run_all(&self, extent: Extent) {
        let events = Events::of(&self.platform.app(), self.description);
        for function in self.description.functions.iter().filter(|one| one.route.is_none()) {
            if function.trigger == "timer" {
                self.run(&function.name, vec![String::new()]).await;
                continue;
            }
            let documents = self.documents_for(function, &extent).await;
            let contract = self.platform.contract();
            let inputs = events.inputs(function, &documents, contract, self.marks);
            let wrong = inputs.wrong.into_iter().filter(|_| extent == Extent::Everything);
            self.run(&function.name, inputs.right.into_iter().chain(wrong).collect()).await;
        }
    }

    /// Documents whose change a function would be told of.
    async fn documents_for(&self, function: &Function, extent: &Extent) -> Vec<Value> {
        let trigger = function.bindings.iter().find(|binding| binding["containerName"].is_string());
        let Some(trigger) = trigger.filter(|_| *extent == Extent::Everything) else {
            return Vec::new();
        };
        let name = |member: &str| trigger[member].as_str().unwrap_or_default();
        let container = self.platform.documents_of(name("databaseName"), name("containerName"));
        let documents = container.all().await;
        // One of each kind.
        let mut kinds = BTreeSet::new();
        let is_new = |document: &Value| {
            kinds.insert(document["type"].to_string() + &document["kind"].to_string())
        };
        documents.into_iter().filter(is_new).take(DOCUMENTS_MAX).collect()
    }

    /// Runs a function by hand with each of these, and waits until it has ended so often.
    async fn run(&self, function: &str, inputs: Vec<String>) {
        self.platform.try_runs(function, &inputs, RUN_MAX).await;
    }
}

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Everything,
    Right,
}
