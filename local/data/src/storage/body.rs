//! Reading what a client sends: never more than announced, never for ever.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, combinators::UnsyncBoxBody};

use super::{code, failure::Failure};

/// The longest pause between two parts of a body.
const PAUSE_DEADLINE: Duration = Duration::from_secs(30);

/// Bytes of a refused request that are taken in for nothing.
const MAX_DRAINED_BYTES: usize = 64 * 1024 * 1024;

/// A request's body, wherever it comes from.
pub(super) type RequestBody = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// The next part of a body, or `None` at its end.
pub(super) async fn next(body: &mut RequestBody) -> Result<Option<Bytes>, Failure> {
    loop {
        let frame = tokio::time::timeout(PAUSE_DEADLINE, body.frame())
            .await
            .map_err(|_| Failure::from(code::OPERATION_TIMED_OUT))?;
        match frame.transpose() {
            Ok(None) => return Ok(None),
            Ok(Some(frame)) => {
                // Trailers are not data and mean nothing to us.
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Err(error) => {
                tracing::debug!(%error, "a client stopped sending");
                return Err(code::OPERATION_TIMED_OUT.into());
            }
        }
    }
}

/// Takes in what a refused request still sends, up to a limit: a client that is reset while it sends does not read
/// why it was refused.
pub(super) async fn drain(body: &mut RequestBody) {
    let mut left = MAX_DRAINED_BYTES;
    while let Ok(Some(part)) = next(body).await {
        match left.checked_sub(part.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

/// The whole of a small body.
pub(super) async fn collect(body: &mut RequestBody, max_bytes: usize) -> Result<Bytes, Failure> {
    let mut whole = BytesMut::new();
    while let Some(part) = next(body).await? {
        if whole.len() + part.len() > max_bytes {
            return Err(Failure::from(code::REQUEST_BODY_TOO_LARGE)
                .detail("MaxLimit", max_bytes.to_string()));
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.freeze())
}
