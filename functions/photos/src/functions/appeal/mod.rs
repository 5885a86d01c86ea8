//! `v1/photos/{photoId}/appeal`

use crate::app::App;
use crate::domain::PhotoId;
use crate::views::photo::PhotoView;
use crate::{lookup, problems, settling};
use azure_data::{Attempt, retry_conflicts};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::{problems::not_changed, versions::entity_tag};

pub(crate) const FUNCTION: Function = function!();

/// POST: asks another moderator to look at a rejected photo; once for each photo. Asking again before there is a decision
/// is the same appeal.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    let request = &request;
    let appeal = || async move {
        let current = lookup::photo(app, request, id).await.map_err(Attempt::Refused)?;
        if current.value.is_being_appealed() {
            return Ok(current);
        }
        let appealed = current.value.appealed(app.clock.now());
        let appealed = appealed.map_err(|_| Attempt::Refused(problems::not_appealable()))?;
        Ok(app.photos.replace(&current, appealed).await?)
    };
    let what = format!("appealing against the rejection of photo {id}");
    let photo = retry_conflicts(&what, appeal).await;
    let photo = photo.map_err(|error| not_changed(error, |problem| problem))?;
    let (view, tag) = (PhotoView::of(&photo.value), entity_tag(photo.value.revision));
    let response = Response::accepted(&view).etag(tag);
    if let Err(error) = settling::settle(app, photo).await {
        tracing::warn!(%error, photo = %id, "the sweep opens the case of an appeal");
    }
    Ok(response)
}
