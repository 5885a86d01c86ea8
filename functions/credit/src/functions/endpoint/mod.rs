//! `credit/v1/webhook-endpoints/{endpointId}`

use super::assessment::partner;
use crate::app::App;
use crate::domain::{
    DisabledBecause, Endpoint, EndpointId, EndpointPatch, Endpoints, PartnerId, Sealed,
};
use crate::problems;
use crate::views::EndpointView;
use custom_handler::{Function, Problem, Request, Response, function};
use jiff::Timestamp;
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::versions;
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// GET: the endpoint, whether it is sent anything, and if not, why.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let known = request.if_none_match()?;
    let endpoint = find(app, &partner, id).await?;
    Ok(versions::unless_known(&view(app, &endpoint)?, known))
}

/// PATCH: merges the body (RFC 7396) into what can be changed, if `If-Match` names the current version. `state: enabled`
/// takes a disabled one into use again.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let (expected, patch) = (request.if_match()?, request.merge_patch()?);
    let now = app.clock.now();
    let changed = app.endpoints.change(&partner, |all| {
        let current = all.find(id).ok_or_else(|| problems::no_such_endpoint(id))?;
        let shown = view(app, current)?;
        versions::check(&shown, &expected)?;
        let merged = versions::merged(&shown.changeable(), &patch);
        let patch = EndpointPatch::parse(&merged, |url| app.posting.check(url));
        let patch = patch.map_err(invalid_body)?;
        // Sealed anew only if it is another one: a PATCH that changes nothing writes nothing.
        let url = if patch.terms.url == shown.url() {
            current.url.clone()
        } else {
            let sealed = app.secrets.seal_for_long(&patch.terms.url, &id.to_string());
            sealed.map_err(problems::sealed)?
        };
        Ok(all.edited(id, |endpoint| patched(endpoint, url.clone(), &patch, now)))
    });
    let all = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let endpoint = all.find(id).ok_or_else(|| problems::no_such_endpoint(id))?;
    Ok(versions::current(&view(app, endpoint)?))
}

/// DELETE: it is sent nothing any more. The same again is harmless.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let without = |all: Endpoints| Ok::<_, Infallible>(all.without(id));
    let changed = app.endpoints.change(&partner, without).await;
    changed.map_err(|error| not_changed(error, |never| match never {}))?;
    Ok(Response::no_content())
}

pub(crate) fn url(id: EndpointId) -> String {
    FUNCTION.url(&[("endpointId", &id.to_string())])
}

pub(crate) fn id(request: &Request) -> Result<EndpointId, Problem> {
    request.param("endpointId")
}

/// The partner's own endpoint.
pub(crate) async fn find(
    app: &App,
    partner: &PartnerId,
    id: EndpointId,
) -> Result<Endpoint, Problem> {
    let all = app.endpoints.of(partner).await.map_err(unavailable)?;
    all.find(id).cloned().ok_or_else(|| problems::no_such_endpoint(id))
}

fn view(app: &App, endpoint: &Endpoint) -> Result<EndpointView, Problem> {
    EndpointView::of(endpoint, &app.secrets, app.clock.now()).map_err(problems::sealed)
}

fn patched(it: Endpoint, url: Sealed, patch: &EndpointPatch, now: Timestamp) -> Endpoint {
    let terms = patch.terms.clone();
    let is_elsewhere = it.url != url;
    let edited = Endpoint {
        trouble: it.trouble.filter(|_| !is_elsewhere),
        url,
        types: terms.types,
        description: terms.description,
        ..it.clone()
    };
    let edited = if edited == it { edited } else { edited.revised() };
    if patch.is_enabled { edited.enabled() } else { edited.disabled(DisabledBecause::Partner, now) }
}
