//! Brings webhooks to the platform.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use jiff::SignedDuration;
use local_wire::HttpClient;
use simulator_shell::{Clock, Switches};
use tokio::time::timeout;
use webhooks::{Answer, MessageId, Secret, Signer, Verdict, retry_after};

use super::{Attempted, Notice, Outcome, fate::Fate};
use crate::Faults;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How late a webhook is if nobody says so, in seconds.
const LATE_S: u64 = 3_600;
/// Somebody else's key.
const FORGED_KEY: &[u8] = b"a-key-that-is-nobodys-but-a-thief";

/// What webhooks are sent with.
#[derive(Clone)]
pub(crate) struct Courier {
    pub(crate) url: Arc<str>,
    /// What the gateway asks for in `x-functions-key`, if it asks for one.
    pub(crate) platform_key: Option<Arc<str>>,
    pub(crate) secret: Secret,
    pub(crate) switches: Arc<Switches<Faults>>,
    pub(crate) seed: u64,
    pub(crate) clock: Clock,
    pub(crate) client: Arc<HttpClient>,
}

impl Courier {
    /// One attempt.
    pub(crate) async fn attempt(&self, notice: &Notice) -> Attempted {
        let faults = self.switches.faults();
        let fate = Fate::draw(&faults, self.seed, notice);
        if fate.is_lost {
            return Attempted::Ended(Outcome::Lost, None);
        }
        if fate.is_late {
            let late = faults.webhook_late_seconds.unwrap_or(LATE_S);
            return Attempted::Postponed(SignedDuration::from_secs(
                i64::try_from(late).unwrap_or(i64::MAX),
            ));
        }
        let secret = if fate.is_wrongly_signed {
            Secret::from_bytes(FORGED_KEY).expect("the thief's key is long enough")
        } else {
            self.secret.clone()
        };
        let answer = self.send(notice, &secret).await;
        if fate.is_twice && !fate.is_wrongly_signed {
            // The receiver knows it by its id; what it says to the second one changes nothing.
            self.send(notice, &secret).await;
        }
        let status = match answer {
            Answer::Status { code, .. } => Some(code),
            Answer::Nothing => None,
        };
        match answer.judge(notice.attempts + 1, fate.jitter) {
            Verdict::Delivered => Attempted::Ended(Outcome::Delivered, status),
            Verdict::Again(wait) | Verdict::Throttled(wait) => {
                Attempted::Again(wait.try_into().unwrap_or(SignedDuration::MAX), status)
            }
            Verdict::Disable | Verdict::OutOfTries => Attempted::Ended(Outcome::GivenUp, status),
        }
    }

    async fn send(&self, notice: &Notice, secret: &Secret) -> Answer {
        let body = notice.body();
        let id: MessageId = notice.id.parse().expect("we make ids that are ids");
        let headers = Signer::new(secret.clone()).sign(&id, self.clock.now(), &body);
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&*self.url)
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers.pairs() {
            request = request.header(name, value);
        }
        if let Some(key) = &self.platform_key {
            request = request.header("x-functions-key", &**key);
        }
        let request = request.body(Full::new(Bytes::from(body)));
        let request = request.expect("the address was read when we started");
        let sent = timeout(PATIENCE, self.client.send("telling of an order", request)).await;
        let Ok(Ok(answer)) = sent else { return Answer::Nothing };
        let wanted = answer.headers().get(header::RETRY_AFTER);
        let wanted = wanted.and_then(|value| value.to_str().ok());
        Answer::Status {
            code: answer.status().as_u16(),
            retry_after: wanted.and_then(|value| retry_after(value, self.clock.now())),
        }
    }
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").field("url", &self.url).finish_non_exhaustive()
    }
}
