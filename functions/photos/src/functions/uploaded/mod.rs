//! Event Grid: a blob was created in `photo-uploads`

use crate::app::App;
use crate::domain::PhotoKey;
use crate::pipeline;
use custom_handler::{Done, Failure, Function, GridEvent, Invocation, function};

pub(crate) const FUNCTION: Function = function!();

const BLOBS: &str = "/blobServices/default/containers/photo-uploads/blobs/";

/// Runs the pipeline for the upload. The event may come twice, late, or about a blob that is gone.
pub(crate) async fn handle(
    app: &App,
    event: GridEvent,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let Some(key) = event.subject.as_deref().and_then(photo_of) else {
        return Ok(Done::nothing().log("the blob is not an upload with a ticket"));
    };
    let ended = pipeline::run(app, key, &mut invocation).await?;
    Ok(Done::nothing().log(format!("photo {}: {ended:?}", key.id)))
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
