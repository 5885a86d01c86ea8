//! Azure AI Content Safety: how bad a picture is, in four categories and four levels.
//!
//! The published operation `image:analyze` (api-version 2024-09-01), with a deadline, tries again, and a circuit
//! breaker. An answer that is not exactly the published one is no answer: see [`Failure`].

mod analysis;
mod breaker;
mod endpoint;
mod failure;
mod limits;
mod pauses;
mod request;
mod response;
#[cfg(test)]
mod tests;

pub(crate) use analysis::Analysis;
pub(crate) use failure::Failure;

use breaker::Breaker;
use bytes::Bytes;
use custom_handler::{Settings, SettingsError, TraceContext};
use endpoint::Endpoint;
use failure::CallFailure;
use iommi_app::{Clock, Identity};
use limits::Limits;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use std::{
    fmt,
    sync::{Mutex, MutexGuard, OnceLock},
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};

/// What a token of ours is for.
const SCOPE: &str = "https://cognitiveservices.azure.com/.default";
const KEY_HEADER: &str = "ocp-apim-subscription-key";
/// An idle connection is closed before the load balancers in between forget it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// The longest wait for a new connection.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

/// The service, and what this process has learnt about its health.
pub(crate) struct ContentSafety {
    endpoint: Endpoint,
    api_version: String,
    caller: Caller,
    limits: Limits,
    breaker: Mutex<Breaker>,
    clock: Clock,
    /// The moment from which the breaker's times are counted.
    started: Instant,
    client: OnceLock<reqwest::Client>,
}

/// As whom we ask.
enum Caller {
    Key(HeaderValue),
    Identity(Identity),
}

impl ContentSafety {
    /// Reads `CONTENT_SAFETY_ENDPOINT`, `CONTENT_SAFETY_API_VERSION` and, where there is no managed identity,
    /// `CONTENT_SAFETY_KEY`. Contacts nobody.
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        Self::with_limits(settings, Limits::DEFAULT)
    }

    fn with_limits(settings: &Settings, limits: Limits) -> Result<Self, SettingsError> {
        let endpoint = settings
            .parse("CONTENT_SAFETY_ENDPOINT", "https://iommi-dev.cognitiveservices.azure.com/");
        let api_version = settings.required("CONTENT_SAFETY_API_VERSION", "2024-09-01");
        let key = settings.optional("CONTENT_SAFETY_KEY");
        let key = key.is_some().then(|| settings.parse::<Key>("CONTENT_SAFETY_KEY", "the key"));
        let endpoint: Endpoint = endpoint?;
        let caller = match key.transpose()? {
            Some(Key(key)) => Caller::Key(key),
            None => Caller::Identity(Identity::new(endpoint.url().clone(), SCOPE)),
        };
        Ok(Self {
            endpoint,
            api_version: api_version?,
            caller,
            limits,
            breaker: Mutex::new(Breaker::new(limits.breaker)),
            clock: Clock,
            started: Instant::now(),
            client: OnceLock::new(),
        })
    }

    /// Asks how bad `picture` (a JPEG, PNG, GIF or WebP file of at most [`request::MAX_PICTURE_BYTES`]) is; tries
    /// again where that may help. Takes no longer than [`Limits::total_deadline`].
    ///
    /// # Errors
    /// There is no analysis; the picture must not be approved for want of one.
    pub(crate) async fn analyze(
        &self,
        picture: impl AsRef<[u8]>,
        trace: &TraceContext,
    ) -> Result<Analysis, Failure> {
        let body = request::body(picture.as_ref())?;
        drop(picture);
        let began = Instant::now();
        let mut failures = 0;
        loop {
            let left = self.limits.total_deadline.saturating_sub(began.elapsed());
            let failure = match self.guarded_call(&body, trace, left).await {
                Ok(analysis) => return Ok(analysis),
                Err(failure) => failure,
            };
            failures += 1;
            let CallFailure::Again { ref reason, retry_after } = failure else {
                return Err(failure.into());
            };
            let pause = pauses::after(failures, retry_after, &self.limits, rand::random());
            let left = self.limits.total_deadline.saturating_sub(began.elapsed());
            if failures >= self.limits.tries || pause >= left {
                return Err(failure.into());
            }
            tracing::info!(reason, failures, ?pause, "asking Content Safety again");
            sleep(pause).await;
        }
    }

    /// One call, if the circuit breaker lets it through.
    async fn guarded_call(
        &self,
        body: &Bytes,
        trace: &TraceContext,
        left: Duration,
    ) -> Result<Analysis, CallFailure> {
        let permit = self.breaker().admit(self.started.elapsed()).map_err(|wait| {
            let reason = "it failed too often of late and is left alone".to_owned();
            CallFailure::Final(Failure::Unavailable { reason, retry_after: Some(wait) })
        })?;
        let deadline = self.limits.call_deadline.min(left);
        let called = timeout(deadline, self.call(body, trace)).await.unwrap_or_else(|_| {
            let reason = format!("no answer within {} ms", deadline.as_millis());
            Err(CallFailure::again(reason))
        });
        let now = self.started.elapsed();
        match &called {
            Err(failure) if !failure.speaks_for_the_service() => {
                self.breaker().failed(permit, now, failure.retry_after());
            }
            _ => self.breaker().succeeded(permit),
        }
        called
    }

    async fn call(&self, body: &Bytes, trace: &TraceContext) -> Result<Analysis, CallFailure> {
        let mut request = self
            .client()?
            .post(self.endpoint.analyze(&self.api_version))
            .header(CONTENT_TYPE, "application/json")
            .body(body.clone());
        for (name, value) in trace.child().headers() {
            request = request.header(name, value);
        }
        request = match &self.caller {
            Caller::Key(key) => request.header(KEY_HEADER, key),
            Caller::Identity(identity) => {
                request.bearer_auth(identity.bearer().await.map_err(CallFailure::again)?)
            }
        };
        let sent = request.send().await;
        let response = sent.map_err(|error| CallFailure::again(broken(&error)))?;
        let status = response.status();
        let headers = response.headers();
        let retry_after = pauses::asked_for(headers, self.clock.now());
        let model = analysis::model(&self.api_version, headers);
        let is_json = response::is_json(&response);
        let answer = response::read(response).await?;
        if !status.is_success() {
            return Err(response::refusal(status, &answer).asking_for(retry_after));
        }
        if !is_json {
            return Err(CallFailure::pointless("the answer is not JSON"));
        }
        let severities = response::severities(&answer)?;
        Ok(Analysis { severities, model })
    }

    /// Made at first use: reading the certificates takes a while.
    fn client(&self) -> Result<&reqwest::Client, CallFailure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        iommi_app::install_tls();
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_DEADLINE)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| CallFailure::pointless(format!("making an HTTP client: {error}")))?;
        Ok(self.client.get_or_init(|| client))
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().expect("no code panics while it holds the breaker")
    }
}

/// What kind of trouble a call without an answer met; the error itself would tell our URL.
fn broken(error: &reqwest::Error) -> &'static str {
    if error.is_connect() { "it cannot be connected to" } else { "the connection broke" }
}

/// The key of a resource; never shown.
struct Key(HeaderValue);

impl std::str::FromStr for Key {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut key = HeaderValue::from_str(text).map_err(|_| "it is not a header's value")?;
        key.set_sensitive(true);
        Ok(Self(key))
    }
}

impl fmt::Debug for ContentSafety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentSafety")
            .field("endpoint", &self.endpoint.url().as_str())
            .field("breaker", &self.breaker())
            .finish_non_exhaustive()
    }
}
