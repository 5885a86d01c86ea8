//! `credit/v1/webhook-endpoints/{endpointId}/secret`

use super::assessment::partner;
use super::{endpoint, endpoints};
use crate::app::App;
use crate::problems;
use crate::views::EndpointView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::not_changed;
use public_api::versions;
use serde_json::json;
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// POST: a new secret, shown in this answer only. The old one signs along for 24 hours, so that nothing is refused while
/// receivers change.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, endpoint::id(&request)?);
    let signing = endpoint::find(app, &partner, id).await?.signing;
    let keyed = endpoints::keyed(app, &request, &json!({ "secretOf": id }), id, signing).await?;
    let since = keyed.secret.since;
    let changed = app.endpoints.change(&partner, |all| {
        Ok::<_, Infallible>(all.edited(id, |it| it.rotated(keyed.secret.clone(), since)))
    });
    let all = changed.await.map_err(|error| not_changed(error, |never| match never {}))?;
    let endpoint = all.find(id).ok_or_else(|| problems::no_such_endpoint(id))?;
    let view = EndpointView::of(endpoint, &app.secrets, app.clock.now());
    let view =
        view.map_err(problems::sealed)?.showing(endpoints::shown(app, &request, &keyed.secret)?);
    Ok(versions::created(&view, &endpoint::url(id)))
}
