//! From the socket to the account and back.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::CONTENT_ENCODING};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use tokio::{net::TcpListener, sync::watch};

use super::{
    Cosmos,
    message::{Call, Reply},
    resource::is_query,
};
use crate::{
    Fault, Service,
    faults::Asked,
    listen::{self, HangUp},
    visitors,
};

/// The largest request body that is read. The emulator itself answers 413 above 2 MiB, which is Azure's limit for
/// an item and for a batch.
const MAX_BODY_BYTES: usize = 4 << 20;
/// A body that has not arrived by then is given up.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// Serves the account on `listener` until `stopping` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    cosmos: Arc<Cosmos>,
    stopping: watch::Receiver<bool>,
) {
    let handle = move |request| {
        let cosmos = Arc::clone(&cosmos);
        async move { answer(cosmos, request).await.map(Response::<Full<Bytes>>::from) }
    };
    listen::serve(listener, stopping, handle).await;
}

async fn answer(cosmos: Arc<Cosmos>, request: Request<Incoming>) -> Result<Reply, HangUp> {
    if let Some(status) = visitors::refused(&request) {
        let message =
            "the head of the request is ambiguous, or names another host than this machine";
        return Ok(Reply::error(status, "BadRequest", message));
    }
    if request.headers().contains_key(CONTENT_ENCODING) {
        let message = "the body must be JSON without a Content-Encoding";
        return Ok(Reply::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            message,
        ));
    }
    let asked = Asked {
        service: Service::Cosmos,
        method: request.method(),
        path: request.uri().path(),
        is_query: is_query(request.headers()),
    };
    let fault = cosmos.faults.draw(&asked);
    match &fault {
        None
        | Some(Fault::LoseAnswer | Fault::Hold(_) | Fault::HoldAnswer(_) | Fault::PendingCopy) => {}
        Some(Fault::Delay(by)) => tokio::time::sleep(*by).await,
        Some(Fault::Disconnect) => return Err(HangUp),
        Some(fault) => return Ok(fault_reply(fault)),
    }
    let call = match read(request).await? {
        Ok(call) => call,
        Err(refusal) => return Ok(refusal),
    };
    let work = async move { cosmos.handle(call).await };
    match fault {
        Some(fault) => listen::disturbed(fault, work).await,
        None => Ok(Box::pin(work).await),
    }
}

async fn read(request: Request<Incoming>) -> Result<Result<Call, Reply>, HangUp> {
    let (parts, body) = request.into_parts();
    let body =
        match tokio::time::timeout(BODY_DEADLINE, Limited::new(body, MAX_BODY_BYTES).collect())
            .await
        {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let message = format!("the request body is larger than {MAX_BODY_BYTES} bytes");
                return Ok(Err(Reply::error(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "RequestEntityTooLarge",
                    &message,
                )));
            }
            // The client went away in the middle of it.
            Ok(Err(_)) => return Err(HangUp),
            Err(_) => {
                let message =
                    format!("the request body did not arrive within {} s", BODY_DEADLINE.as_secs());
                return Ok(Err(Reply::error(
                    StatusCode::REQUEST_TIMEOUT,
                    "RequestTimeout",
                    &message,
                )));
            }
        };
    // Python's SDK ends every path with a slash, which the emulator refuses.
    let path = parts.uri.path().trim_matches('/').to_owned();
    Ok(Ok(Call { method: parts.method, path, headers: parts.headers, body }))
}

fn fault_reply(fault: &Fault) -> Reply {
    let message = "a simulated fault";
    match fault {
        Fault::Throttle { retry_after } => {
            let ms = u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX);
            Reply::error(StatusCode::TOO_MANY_REQUESTS, "429", message)
                .with("x-ms-substatus", 3200)
                .with("x-ms-retry-after-ms", ms)
        }
        Fault::InternalError => {
            Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message)
        }
        Fault::Forbidden => Reply::error(StatusCode::FORBIDDEN, "Forbidden", message),
        _ => Reply::error(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message),
    }
}
