//! An Event Grid topic that remembers what is published to it.

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value;
use simulator_shell::{HangUp, Reply, Request, Running, Simulator, StatusCode, reply};

simulator_shell::faults! {
    /// Slow or down, as any API.
    pub(crate) struct NoFaults {}
}

impl simulator_shell::Faults for NoFaults {
    fn fieldsets() -> Vec<simulator_shell::Fieldset> {
        Vec::new()
    }
}

#[derive(Clone, Default)]
pub(crate) struct FakeTopic(Arc<Mutex<Vec<Value>>>);

impl FakeTopic {
    pub(crate) async fn start() -> (Self, Running<Self>) {
        let topic = Self::default();
        let running = simulator_shell::start(topic.clone(), simulator_shell::Options::ephemeral());
        (topic, running.await.unwrap())
    }

    /// Events, in the order in which they came.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.0.lock().unwrap()
    }
}

impl Simulator for FakeTopic {
    type Faults = NoFaults;
    const NAME: &'static str = "topic";
    const TITLE: &'static str = "Topic";
    const ABOUT: &'static str = "For tests.";

    async fn api(&self, request: Request, _faults: NoFaults) -> Result<Reply, HangUp> {
        assert_eq!(request.path(), "/runtime/topics/communication/api/events");
        let events: Vec<Value> = serde_json::from_slice(&request.body).unwrap();
        self.lock().extend(events);
        Ok(reply::with(StatusCode::OK, "text/plain", ""))
    }
}
