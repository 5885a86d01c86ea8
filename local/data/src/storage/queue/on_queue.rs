//! A queue itself: create, delete, metadata, stored access policies.

use http::StatusCode;

use super::{Queues, store::Created};
use crate::storage::{
    body::{self, RequestBody},
    call::Call,
    failure::Failure,
    metadata::Metadata,
    policies,
    reply::Reply,
};

/// `PUT /queue`: 201 when it is new, 204 when it was there with the same metadata, else 409.
pub(super) fn create(queues: &Queues, call: &Call, name: &str) -> Result<Reply, Failure> {
    let status = match queues.store.create(name, Metadata::of(call)?)? {
        Created::New => StatusCode::CREATED,
        Created::Same => StatusCode::NO_CONTENT,
    };
    Ok(Reply::new(status))
}

/// `DELETE /queue`
pub(super) fn delete(queues: &Queues, name: &str) -> Result<Reply, Failure> {
    queues.store.delete(name)?;
    Ok(Reply::new(StatusCode::NO_CONTENT))
}

/// `GET /queue?comp=metadata`: the metadata, and how many messages there are.
pub(super) fn metadata(queues: &Queues, call: &Call, name: &str) -> Result<Reply, Failure> {
    queues.store.with(name, |queue| {
        queue.expire(call.now)?;
        let reply = Reply::new(StatusCode::OK)
            .header("x-ms-approximate-messages-count", queue.messages.len().to_string());
        Ok(queue.record.metadata.to_reply(reply))
    })
}

/// `PUT /queue?comp=metadata`: replaces all of it.
pub(super) fn set_metadata(queues: &Queues, call: &Call, name: &str) -> Result<Reply, Failure> {
    let metadata = Metadata::of(call)?;
    queues.store.edit(name, |record| record.metadata = metadata)?;
    Ok(Reply::new(StatusCode::NO_CONTENT))
}

/// `GET /queue?comp=acl`
pub(super) fn policies(queues: &Queues, name: &str) -> Result<Reply, Failure> {
    queues.store.with(name, |queue| {
        Ok(Reply::new(StatusCode::OK).xml(policies::document(&queue.record.policies)))
    })
}

/// `PUT /queue?comp=acl`
pub(super) async fn set_policies(
    queues: &Queues,
    name: &str,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    let policies = policies::parse(&body::collect(body, policies::MAX_BODY_BYTES).await?)?;
    queues.store.edit(name, |record| record.policies = policies)?;
    Ok(Reply::new(StatusCode::NO_CONTENT))
}
