//! The seam between triggers and handlers: one invocation of one function, and what came of it.
//!
//! A trigger listener builds the request body, hands it to [`Invoke`] and gets the handler's raw reply back.
//! Choosing the instance, waking it, the deadline (`functionTimeout`), the log line and the journal are this side's
//! business; the meaning of the reply (output bindings, checkpoints, retries) is the listener's.

use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::StatusCode;
use uuid::Uuid;

/// After `functionTimeout` a function has this long to finish before its handler is killed (SDK
/// `TimeoutAttribute.cs`).
pub(crate) const TIMEOUT_GRACE: Duration = Duration::from_secs(2);

/// The largest reply to an enveloped invocation that is read, in bytes.
pub const REPLY_MAX_BYTES: usize = 100 << 20;

/// One call of one function over the envelope protocol (`POST /<FunctionName>`).
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The invocation id: a new one for each attempt, also of a retry.
    pub id: Uuid,
    /// The app's name, as in [`AppSource::name`](crate::AppSource).
    pub app: String,
    /// The function's name: its folder.
    pub function: String,
    /// What called it, for the log: `queue`, `cosmosDB`, `eventGrid`, `timer`, `admin`…
    pub trigger: &'static str,
    /// What it is about, for the log: the queue, the container and range. Ids only, never a payload.
    pub about: String,
    /// The envelope: `{"Data":{…},"Metadata":{…}}`.
    pub body: Bytes,
    /// W3C trace context to continue; without it a new trace begins.
    pub traceparent: Option<String>,
}

/// The handler's answer, unjudged: any status, any body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvocationReply {
    /// HTTP status.
    pub status: StatusCode,
    /// The `Content-Type` header, if there was one.
    pub content_type: Option<String>,
    /// The whole body, at most [`REPLY_MAX_BYTES`].
    pub body: Bytes,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvocationError {
    /// No app of this name has an enabled function of this name.
    #[error("invoking {app}/{function}: there is no such function, or it is disabled")]
    UnknownFunction {
        /// The app asked for.
        app: String,
        /// The function asked for.
        function: String,
    },
    /// The app's handler is stopped, did not become ready in time, or has left with exit code 0.
    #[error("invoking {app}/{function}: {why}")]
    Unavailable {
        /// The app asked for.
        app: String,
        /// The function asked for.
        function: String,
        /// What happened to the handler and what can be done.
        why: String,
    },
    /// The connection to the handler failed or broke.
    #[error("invoking {app}/{function}: {why}")]
    Connection {
        /// The app asked for.
        app: String,
        /// The function asked for.
        function: String,
        /// What broke.
        why: String,
    },
    /// `functionTimeout` passed; the handler is killed and started again.
    #[error(
        "invoking {app}/{function}: no result within functionTimeout ({limit:?}); the handler is restarted"
    )]
    TimedOut {
        /// The app asked for.
        app: String,
        /// The function asked for.
        function: String,
        /// The limit that passed.
        limit: Duration,
    },
}

/// Carries invocations to handlers. The host implements it with real processes, tests with a script.
pub trait Invoke: Send + Sync + 'static {
    /// Sends one envelope and waits for the whole reply.
    ///
    /// A 2xx reply with an empty or `null` body is never returned: as in Azure it hangs until `functionTimeout`, then
    /// the handler is killed and the result is [`InvocationError::TimedOut`].
    fn invoke(
        &self,
        invocation: Invocation,
    ) -> BoxFuture<'_, Result<InvocationReply, InvocationError>>;

    /// Marks an invocation as failed after its reply had come, because its outputs could not be bound.
    fn report_failure(&self, id: Uuid, reason: &str);

    /// Stops an app's host: a trigger met an error that the real host does not survive. Nobody is stopped unless this says so.
    fn stop_host(&self, _app: &str, _why: &str) {}

    /// Whether an app's host has stopped, and takes nothing until it is started again.
    fn is_stopped(&self, _app: &str) -> bool {
        false
    }

    /// Writes the `Logs` of a reply to the log, correlated with the invocation.
    fn report_logs(&self, id: Uuid, lines: &[String]);
}

/// A new invocation id.
pub(crate) fn new_id() -> Uuid {
    // Uuid::new_v4 asks the operating system each time; this is the same from the thread's generator.
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}
