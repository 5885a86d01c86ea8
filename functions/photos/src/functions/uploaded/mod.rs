//! Event Grid: a blob was created in `photo-uploads`

use crate::app::App;
use crate::domain::PhotoKey;
use custom_handler::{Done, Failure, Function, GridEvent, Invocation, function};
use std::time::Duration;
use tracing::Instrument;

pub(crate) const FUNCTION: Function = function!();

const BLOBS: &str = "/blobServices/default/containers/photo-uploads/blobs/";

/// Has the upload checked. Event Grid waits 30 s for an answer and then delivers again; a run may take minutes, so it
/// begins behind the queue. The event may come twice, late, or about a blob that is gone.
pub(crate) async fn handle(
    app: &App,
    event: GridEvent,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let Some(key) = event.subject.as_deref().and_then(photo_of) else {
        return Ok(Done::nothing().log("the blob is not an upload with a ticket"));
    };
    // The event has no trace of the upload's, but its ticket has one. It is not worth a failure.
    let photo = app.photos.read(key).await.ok().flatten();
    let traceparent = photo.as_ref().and_then(|photo| photo.value.traceparent.as_deref());
    let item = invocation.item(traceparent, None);
    let sent = app.checks.send(key, Duration::ZERO).instrument(item.span()).await;
    sent.map_err(Failure::again)?;
    Ok(Done::nothing().log(format!("photo {} is to be checked", key.id)))
}

/// `…/blobs/{profileId}/{photoId}`
pub(crate) fn photo_of(subject: &str) -> Option<PhotoKey> {
    let (profile_id, id) = subject.strip_prefix(BLOBS)?.split_once('/')?;
    Some(PhotoKey { id: id.parse().ok()?, profile_id: profile_id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_tickets_give_are_uploads() {
        let id = "01980c6e-1111-7000-8000-000000000001";
        assert!(photo_of(&format!("{BLOBS}{id}/{id}")).is_some());
        for other in [
            format!("{BLOBS}{id}"),
            format!("{BLOBS}{id}/{id}/{id}"),
            format!("/blobServices/default/containers/other/blobs/{id}/{id}"),
            String::new(),
        ] {
            assert_eq!(photo_of(&other), None, "{other}");
        }
    }
}
