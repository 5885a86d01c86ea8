//! Bytes on their way from a client into a segment.

use std::sync::Arc;

use super::{
    checksum::{Checksums, Sums},
    contents::{Contents, Segment},
    writer::Writer,
};
use crate::storage::{
    body::{self, RequestBody},
    call::Call,
    code,
    failure::{Failure, internal},
};

/// Takes in a request's body: of the announced length, of at most `max_bytes`, with the announced checksums.
pub(super) async fn receive(
    contents: &Contents,
    call: &Call,
    body: &mut RequestBody,
    max_bytes: u64,
    want_md5: bool,
) -> Result<(Arc<Segment>, Sums), Failure> {
    let expected =
        call.content_length()?.ok_or_else(|| Failure::from(code::MISSING_CONTENT_LENGTH_HEADER))?;
    if expected > max_bytes {
        return Err(
            Failure::from(code::REQUEST_BODY_TOO_LARGE).detail("MaxLimit", max_bytes.to_string())
        );
    }
    let mut sums = Checksums::of(call, want_md5)?;
    let mut writer = Writer::new(contents, expected);
    while let Some(part) = body::next(body).await? {
        sums.update(&part);
        writer
            .write(&part)
            .await
            .map_err(|error| internal("keeping the bytes of a blob", &error))?;
    }
    if writer.length() != expected {
        // The connection ended early; hyper tells of it, this is for bodies that come from elsewhere.
        return Err(code::OPERATION_TIMED_OUT.into());
    }
    let sums = sums.finish()?;
    let segment =
        writer.finish().await.map_err(|error| internal("keeping the bytes of a blob", &error))?;
    Ok((segment, sums))
}
