//! What apps, host and simulators tell by OpenTelemetry, as the host has received it.
//!
//! ```ignore
//! let trace = app.begin_trace();
//! app.request(Method::POST, "/v1/things").traced(&trace).json(&thing).send().await.expect(201);
//! app.trace_becomes(&trace, "
//!     host: POST /v1/things
//!       things: POST /v1/things
//!         things: create_item things
//! ").await;
//! ```

mod everything;
mod trace;

use rand::Rng;
use serde_json::Value;

use crate::waiting::{DEADLINE, look_until};
use crate::{Platform, Request};

pub use everything::Everything;
pub use trace::{Span, Trace};

/// A trace that a test begins as a client does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BegunTrace {
    /// 32 hexadecimal digits.
    pub id: String,
    /// The header of that name.
    pub traceparent: String,
}

impl Request<'_> {
    /// As part of a trace that the client has begun.
    pub fn traced(self, trace: &BegunTrace) -> Self {
        self.header("traceparent", &trace.traceparent)
    }
}

impl Platform {
    /// A new trace, whose root is the test itself and is never told of.
    #[must_use]
    pub fn begin_trace(&self) -> BegunTrace {
        let mut random = rand::rng();
        let id = format!("{:032x}", random.random::<u128>().max(1));
        let traceparent = format!("00-{id}-{:016x}-01", random.random::<u64>().max(1));
        BegunTrace { id, traceparent }
    }

    /// Waits until the trace is as it should be: once its spans fit `is_there`. Fails after [`DEADLINE`], and shows what
    /// has come.
    pub async fn trace(
        &self,
        trace: &BegunTrace,
        what: &str,
        is_there: impl Fn(&Trace) -> bool,
    ) -> Trace {
        let look = async || self.received(&trace.id).await.filter(&is_there);
        match look_until(DEADLINE, &look).await {
            Some(found) => found,
            None => {
                panic!("{what}: not in {} s\n{}", DEADLINE.as_secs(), self.shown(&trace.id).await)
            }
        }
    }

    /// Waits until [`Trace::tree`] is this text, whose common indentation and outer empty lines do not count. Fails after
    /// [`DEADLINE`], and shows what has come.
    pub async fn trace_becomes(&self, trace: &BegunTrace, tree: &str) -> Trace {
        let wanted = trace::unindented(tree);
        let what = format!("the trace should be\n{wanted}\nand is");
        self.trace(trace, &what, |trace| trace.tree() == wanted).await
    }

    /// The first trace that fits, whoever began it; waits for it as [`Platform::trace`] does.
    pub async fn any_trace(&self, what: &str, is_it: impl Fn(&Trace) -> bool) -> Trace {
        self.eventually(what, async || {
            for row in self.telemetry_json("traces").await["traces"].as_array()? {
                let found = self.received(row["traceId"].as_str()?).await;
                if let Some(trace) = found.filter(&is_it) {
                    return Some(trace);
                }
            }
            None
        })
        .await
    }

    /// All that was received and not forgotten since.
    pub async fn all_telemetry(&self) -> Everything {
        let (spans, logs, metrics) = (
            self.telemetry_json("spans").await,
            self.telemetry_json("logs").await,
            self.telemetry_json("metrics").await,
        );
        Everything::new(spans, logs, metrics)
    }

    /// What has come of a trace so far.
    async fn received(&self, id: &str) -> Option<Trace> {
        Trace::read(&self.telemetry_json(&format!("traces/{id}")).await)
    }

    async fn shown(&self, id: &str) -> String {
        self.received(id).await.map_or_else(|| "no span came".to_owned(), |trace| trace.tree())
    }

    async fn telemetry_json(&self, path: &str) -> Value {
        let mut request = self.http().get(format!("{}/admin/telemetry/{path}", self.url()));
        if let Some(key) = self.host().master_key() {
            request = request.header("x-functions-key", key);
        }
        let answer = request.send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}
