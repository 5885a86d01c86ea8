//! What a service answered.

use crate::{error::Reason, pauses};
use bytes::Bytes;
use jiff::Timestamp;
use reqwest::{
    Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName},
};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// A whole answer, of any status.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    retry_after: Option<Duration>,
}

/// What an answer says about the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The service is well; another try would get the same answer.
    Well,
    /// The service is in trouble; another try may do better.
    TryAgain,
    /// The service is in trouble, or not what it seems; another try would do no better.
    GiveUp,
}

impl Verdict {
    /// By the status alone: 408, 429 and all from 500 are trouble that may pass.
    #[must_use]
    pub fn by_status(answer: &Answer) -> Self {
        match answer.status {
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Self::TryAgain,
            status if status.is_server_error() => Self::TryAgain,
            _ => Self::Well,
        }
    }
}

impl Answer {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header's value, if it is text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body: all of it, at most [`Limits::max_answer_bytes`](crate::Limits::max_answer_bytes).
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// How long the service wants to be left alone (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether it is called JSON: `application/json` or `application/….+json`.
    #[must_use]
    pub fn is_json(&self) -> bool {
        let media_type = self.header(&CONTENT_TYPE).unwrap_or_default().split(';').next();
        let media_type = media_type.unwrap_or_default().trim().to_ascii_lowercase();
        media_type == "application/json"
            || (media_type.starts_with("application/") && media_type.ends_with("+json"))
    }

    /// The body as JSON, whatever its `Content-Type` says.
    ///
    /// # Errors
    /// It is none, or not a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    pub(crate) async fn read(
        mut response: Response,
        max_bytes: usize,
        now: Timestamp,
    ) -> Result<Self, Reason> {
        let too_large = Reason::AnswerTooLarge { max_bytes };
        if response.content_length().is_some_and(|length| length > max_bytes as u64) {
            return Err(too_large);
        }
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) if body.len() + chunk.len() <= max_bytes => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) => return Err(too_large),
                Err(_) => return Err(Reason::BrokenAnswer),
            }
        }
        Ok(Self::of(response, body, now))
    }

    /// An answer with the part of its body that came in time and is not too long.
    pub(crate) async fn glance(
        mut response: Response,
        max_bytes: usize,
        time: Duration,
        now: Timestamp,
    ) -> Self {
        let mut body = Vec::new();
        let read = async {
            while body.len() < max_bytes
                && let Ok(Some(chunk)) = response.chunk().await
            {
                let left = max_bytes - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(left)]);
            }
        };
        // That it did not come in time says nothing.
        let _ = tokio::time::timeout(time, read).await;
        Self::of(response, body, now)
    }

    fn of(mut response: Response, body: Vec<u8>, now: Timestamp) -> Self {
        let retry_after = pauses::asked_for(response.headers(), now);
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        Self { status, headers, body: body.into(), retry_after }
    }
}
