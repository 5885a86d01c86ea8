//! `POST /runtime/topics/<topic>/api/events`: where services that are not the storage account publish their events, as they
//! would to a topic of Event Grid. Who subscribes to the topic is in `app.json`.

use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::Gateway;
use crate::{
    http::{ReplyBody, body, reply},
    triggers::event_grid::PublishedError,
};

/// The largest request that Event Grid takes (documentation, "Quotas and limits").
const MAX_BODY_BYTES: u64 = 1_048_576;

/// 200 when the events are kept; what is not delivered then is delivered later.
pub(super) async fn answer(
    gateway: &Arc<Gateway>,
    topic: &str,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    if gateway.keys.as_ref().is_some_and(|keys| !keys.admit_system(&request)) {
        return reply::empty(StatusCode::UNAUTHORIZED);
    }
    if request.method() != Method::POST {
        return reply::empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    let body = match body::read(request.into_body(), MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(error) => return reply::text(error.status(), format!("{error}\n")),
    };
    match gateway.topics.publish(topic, &body) {
        Ok(()) => reply::empty(StatusCode::OK),
        Err(error) => {
            let status = match error {
                PublishedError::Malformed { .. } => StatusCode::BAD_REQUEST,
                PublishedError::Full => StatusCode::SERVICE_UNAVAILABLE,
                PublishedError::NotKept { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            };
            reply::text(status, format!("{error}\n"))
        }
    }
}

/// The topic that a path is the address of.
pub(super) fn topic(path: &str) -> Option<&str> {
    match *path.trim_matches('/').split('/').collect::<Vec<_>>() {
        ["runtime", "topics", topic, "api", "events"] if !topic.is_empty() => Some(topic),
        _ => None,
    }
}
