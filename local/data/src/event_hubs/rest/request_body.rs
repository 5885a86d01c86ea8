//! Reading what a client sends: never more than can be an event or a batch, never for ever.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;

use crate::{event_hubs::refusal::Refusal, listen::HangUp};

/// The largest body that is read: a batch of a megabyte, every character of it escaped.
const MAX_BODY_BYTES: usize = 8 << 20;
/// A body that has not arrived by then is given up.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// The whole body.
pub(super) async fn read(body: Incoming) -> Result<Result<Bytes, Refusal>, HangUp> {
    let whole = Limited::new(body, MAX_BODY_BYTES).collect();
    match tokio::time::timeout(BODY_DEADLINE, whole).await {
        Ok(Ok(body)) => Ok(Ok(body.to_bytes())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Ok(Err(Refusal::TooLarge { bytes: MAX_BODY_BYTES + 1 }))
        }
        // The client went away in the middle of it, or dawdled.
        Ok(Err(_)) | Err(_) => Err(HangUp),
    }
}
