//! One trigger event from its envelope to its outputs: attempts, retries, the judgement of each reply.

use std::sync::Arc;

use function_json::{FunctionJson, RetryPolicy};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    Connections, Faults,
    event_hubs::EventHubOptions,
    inputs,
    kafka::KafkaOptions,
    output_writer,
    queue::{QueueOptions, QueueWatch},
    retry::Attempts,
};
use crate::{
    Lifecycle, Log,
    envelope::{Envelope, Stamp},
    invocation::{Invocation, Invoke},
    outputs::{self, HandlerResult, HttpReply, Reply, ReplyError},
};

/// A function as its trigger sees it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The function's name.
    pub name: String,
    /// Its bindings, with settings resolved.
    pub json: FunctionJson,
    /// Its own retry policy, or that of `host.json`.
    pub retry: Option<RetryPolicy>,
}

/// What calls a function.
#[derive(Clone, Debug)]
pub struct Event {
    /// The trigger in one word, for the log.
    pub trigger: &'static str,
    /// What it is about, for the log: ids only.
    pub about: String,
    /// What the handler gets.
    pub envelope: Envelope,
}

/// How an event ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// The function succeeded and everything is written; with the answer, when it has an `http` output.
    Succeeded(Option<HttpReply>),
    /// The last attempt failed, and why.
    Failed(String),
    /// The host stops: nobody may conclude anything.
    Stopped,
}

/// Runs the functions of one app.
#[derive(Clone)]
pub struct Runner {
    /// The app's name.
    pub app: String,
    /// The way to its handler.
    pub invoke: Arc<dyn Invoke>,
    /// The services its settings name.
    pub connections: Connections,
    /// Where listeners report what no invocation is to blame for.
    pub log: Log,
    /// `extensions.queues` of `host.json`.
    pub queues: QueueOptions,
    /// `extensions.eventHubs` of `host.json`.
    pub event_hubs: EventHubOptions,
    /// `extensions.kafka` of `host.json`.
    pub kafka: KafkaOptions,
    /// What is to go wrong.
    pub faults: Arc<Faults>,
    /// Whether the host runs, drains or stops.
    pub state: watch::Receiver<Lifecycle>,
    /// Tells listeners of messages that outputs of this app have written.
    pub watch: QueueWatch,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("app", &self.app).finish_non_exhaustive()
    }
}

impl Runner {
    /// Delivers an event: calls the function, and again by its retry policy, in memory, with a new invocation id each
    /// time. The policy holds for every kind of trigger, as it does in the real host.
    pub async fn deliver(&self, target: &Target, event: &Event) -> Delivered {
        let mut attempts = Attempts::new(target.retry.as_ref());
        loop {
            let reason = match self.attempt(target, event, &attempts).await {
                Ok(reply) => return Delivered::Succeeded(reply),
                Err(reason) => reason,
            };
            if self.is_stopping() {
                return Delivered::Stopped;
            }
            let Some(wait) = attempts.failed(&reason, rand::random()) else {
                return Delivered::Failed(reason);
            };
            let mut state = self.state.clone();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = state.wait_for(|state| *state == Lifecycle::Stopping) => return Delivered::Stopped,
            }
        }
    }

    /// Whether the host is on its way out.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.state.borrow() == Lifecycle::Stopping
    }

    /// Whether listeners may take new work.
    pub(crate) fn takes_work(&self) -> bool {
        *self.state.borrow() == Lifecycle::Running
    }

    async fn attempt(
        &self,
        target: &Target,
        event: &Event,
        attempts: &Attempts,
    ) -> Result<Option<HttpReply>, String> {
        let id = Uuid::new_v4();
        let envelope =
            inputs::bind(self, target, &event.envelope).await.map_err(|error| error.to_string())?;
        let stamp =
            Stamp { function: &target.name, utc_now: self.faults.now(), random: Uuid::new_v4() };
        let invocation = Invocation {
            id,
            app: self.app.clone(),
            function: target.name.clone(),
            trigger: event.trigger,
            about: event.about.clone(),
            body: envelope.body(&stamp, attempts.context().as_ref()),
            traceparent: None,
        };
        let reply = self.invoke.invoke(invocation).await.map_err(|error| error.to_string())?;
        let outcome =
            match Reply::read(reply.status.as_u16(), reply.content_type.as_deref(), &reply.body) {
                Reply::Done(result) => self.apply(id, target, &envelope, &result).await,
                // The way to the handler has told of the status already.
                Reply::Failed(error @ ReplyError::Status(_)) => return Err(error.to_string()),
                Reply::Failed(error) => Err(error.to_string()),
                Reply::Hang => {
                    Err("the handler answered 2xx without a body, which never ends; answer `{}`"
                        .to_owned())
                }
            };
        if let Err(reason) = &outcome {
            self.invoke.report_failure(id, reason);
        }
        outcome
    }

    /// Writes the outputs of a good reply, all at once; what can be written is written even when something fails.
    async fn apply(
        &self,
        id: Uuid,
        target: &Target,
        envelope: &Envelope,
        result: &HandlerResult,
    ) -> Result<Option<HttpReply>, String> {
        let effects = outputs::effects(&target.json, result);
        let warnings = effects.warnings.iter().map(|warning| format!("warning: {warning}"));
        let lines: Vec<String> = result.logs.iter().cloned().chain(warnings).collect();
        if !lines.is_empty() {
            self.invoke.report_logs(id, &lines);
        }
        output_writer::write_all(self, &target.name, envelope.binding_data(), effects.writes)
            .await?;
        match effects.http {
            Some(answer) => answer.map(Some).map_err(|error| error.to_string()),
            None => Ok(None),
        }
    }
}
