//! What a message function knows about its invocation besides the message.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tracing::Span;

use crate::envelope::{Metadata, Payload, RetryContext};
use crate::position;
use crate::trace::TraceContext;

/// One invocation of a message function.
#[derive(Debug, Clone)]
pub struct Invocation {
    pub(crate) function: &'static str,
    pub(crate) id: String,
    pub(crate) trace: TraceContext,
    /// Of this invocation, or of the one of its items that it stands for.
    pub(crate) span: Span,
    pub(crate) metadata: Metadata,
    pub(crate) inputs: BTreeMap<String, Payload>,
    /// The trace that the message turned out to belong to, for whoever keeps what is given up.
    pub(crate) continued: Arc<OnceLock<String>>,
}

impl Invocation {
    /// The same invocation on behalf of another function of the app, whose work it does.
    #[must_use]
    pub fn on_behalf_of(&self, function: &'static str) -> Self {
        Self { function, continued: Arc::default(), ..self.clone() }
    }

    /// The function that was called.
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// The host's id of this invocation, a UUID; every attempt has its own.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where in a distributed trace this invocation stands.
    pub fn trace(&self) -> &TraceContext {
        &self.trace
    }

    /// Continues the trace that a message carries, for example in its CloudEvents `traceparent`
    /// attribute; the log of this invocation and a message given up show that trace's id. A
    /// malformed value changes nothing.
    ///
    /// Of a message that has the attribute among its members the invocation's own span continues the trace, and nothing is
    /// left to do. What is found only later, such as in a document that a message names, is better an
    /// [`item`](Invocation::item), inside of which spans and lines belong to that trace too.
    pub fn continue_trace(&mut self, traceparent: &str, tracestate: Option<&str>) {
        let Some(carried) = TraceContext::parse(traceparent, tracestate) else { return };
        // The first one stays: an invocation belongs to one trace.
        let _ = self.continued.set(carried.trace_id());
        if carried.shares_trace_with(&self.trace) {
            return;
        }
        let item = self.item(Some(traceparent), tracestate);
        position::give(&self.span, item.trace().clone());
        (self.span, self.trace) = (item.span(), item.trace().clone());
    }

    /// What the host says about the trigger.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Where this attempt stands among the retries of the function's policy, if it has one.
    pub fn retry(&self) -> Option<RetryContext> {
        self.metadata.retry()
    }

    /// What an input binding besides the trigger read, by binding name.
    pub fn input(&self, name: &str) -> Option<&Payload> {
        self.inputs.get(name)
    }
}
