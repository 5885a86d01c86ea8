//! `v1/photos/{photoId}/appeal`

use crate::app::App;
use crate::domain::PhotoId;
use crate::photo::read;
use crate::problems;
use crate::settling;
use crate::shown::{Shown, entity_tag};
use custom_handler::{Problem, Request, Response};
use iommi_app::{Refusal, pause};

/// How often the appeal is written again because others change the photo meanwhile.
const MAX_TRIES: u32 = 8;

/// POST: asks another moderator to look at a rejected photo; once for each photo.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    for tries in 0..MAX_TRIES {
        let current = read(app, id).await?;
        let appealed = current.value.appealed(app.clock.now());
        let appealed = appealed.map_err(|_| problems::not_appealable())?;
        let kept = match app.photos.replace(&current, appealed).await {
            Ok(kept) => kept,
            Err(Refusal::Changed) => {
                pause(tries).await;
                continue;
            }
            Err(Refusal::Failed(failure)) => return Err(problems::unavailable(failure)),
        };
        let response = Response::accepted(&Shown::of(&kept.value)).etag(entity_tag(&kept.value));
        if let Err(error) = settling::settle(app, kept).await {
            tracing::warn!(%error, photo = %id, "the sweep opens the case of an appeal");
        }
        return Ok(response);
    }
    Err(problems::busy())
}
