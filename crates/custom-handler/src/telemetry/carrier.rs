//! Carries what the exporters' threads have to send, on the handler's own runtime.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::time::{sleep, timeout};

/// Tries altogether.
const TRIES: u32 = 3;
/// The pause before the second try; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest wait for one answer, the connection included.
const DEADLINE: Duration = Duration::from_secs(3);
/// Most bytes of an answer that are read: it says what was wrong with some of what was sent, and nobody reads it.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;
/// How often at most it is told that something was lost.
const TOLD_EVERY: Duration = Duration::from_secs(60);

/// Sends requests, tries again a few times, then counts what is lost.
#[derive(Debug)]
pub(super) struct Carrier {
    runtime: Handle,
    /// Made for the first request: reading the certificates takes a while.
    http: Arc<OnceCell<reqwest::Client>>,
    lost: Arc<Lost>,
}

/// Requests that nobody took.
#[derive(Debug, Default)]
struct Lost {
    count: AtomicU64,
    told: Mutex<Option<Instant>>,
}

/// Why a try failed, and whether another may do better.
struct Failed {
    cause: String,
    may_pass: bool,
}

impl Carrier {
    pub(super) fn new(runtime: Handle) -> Self {
        Self { runtime, http: Arc::default(), lost: Arc::default() }
    }
}

#[async_trait]
impl HttpClient for Carrier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (http, lost) = (Arc::clone(&self.http), Arc::clone(&self.lost));
        let sending = self.runtime.spawn(async move {
            let sent = send(&http, request).await;
            if let Err(failed) = &sent {
                lost.tell(&failed.cause);
            }
            sent
        });
        // Whoever waits here is a thread of the SDK.
        match sending.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(failed)) => Err(failed.cause.into()),
            Err(_) => Err("the process is ending".into()),
        }
    }
}

async fn send(
    http: &OnceCell<reqwest::Client>,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, Failed> {
    let http = http.get_or_try_init(client).await?;
    let mut pause = FIRST_PAUSE;
    for _ in 1..TRIES {
        match try_once(http, request.clone()).await {
            Err(failed) if failed.may_pass => {}
            ended => return ended,
        }
        sleep(pause).await;
        pause *= 2;
    }
    try_once(http, request).await
}

async fn try_once(
    http: &reqwest::Client,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, Failed> {
    let request =
        reqwest::Request::try_from(request).map_err(|_| Failed::for_good("no request"))?;
    let answer = timeout(DEADLINE, async {
        let mut answer = http.execute(request).await?;
        let (status, mut read) = (answer.status(), 0);
        // The connection can be used again only when all was read.
        while let Some(chunk) = answer.chunk().await? {
            read += chunk.len() as u64;
            if read > MAX_ANSWER_BYTES {
                break;
            }
        }
        Ok::<_, reqwest::Error>(status)
    });
    let status = match answer.await {
        Ok(Ok(status)) => status,
        Ok(Err(error)) if error.is_connect() => {
            return Err(Failed::now("it cannot be connected to"));
        }
        Ok(Err(_)) => return Err(Failed::now("the connection broke")),
        Err(_) => return Err(Failed::now("no answer in time")),
    };
    if status.is_success() {
        let mut taken = Response::new(Bytes::new());
        *taken.status_mut() = status;
        return Ok(taken);
    }
    // Those that OTLP says to try again.
    let may_pass = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    Err(Failed { cause: format!("it answered {}", status.as_u16()), may_pass })
}

async fn client() -> Result<reqwest::Client, Failed> {
    static TLS: Once = Once::new();
    let make = || {
        TLS.call_once(|| {
            // An error means that somebody chose before us, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()
    };
    let made = tokio::task::spawn_blocking(make).await;
    match made {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(Failed::for_good(error)),
        Err(error) => Err(Failed::for_good(error)),
    }
}

impl Failed {
    fn now(cause: &str) -> Self {
        Self { cause: cause.to_owned(), may_pass: true }
    }

    fn for_good(cause: impl fmt::Display) -> Self {
        Self { cause: cause.to_string(), may_pass: false }
    }
}

impl Lost {
    /// Once in a while, and only into the log of this process.
    fn tell(&self, cause: &str) {
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            *told = Some(Instant::now());
            tracing::warn!(
                cause,
                lost = count,
                "telemetry is not taken: what was to be sent is dropped"
            );
        }
    }
}
