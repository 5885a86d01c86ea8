//! `credit/v1/webhook-endpoints`

use super::assessment::partner;
use super::endpoint;
use crate::app::{App, Keyed};
use crate::domain::{Endpoint, EndpointSecret, Endpoints, NewEndpoint, Signing};
use crate::problems;
use crate::views::EndpointView;
use custom_handler::{Function, Problem, Request, Response, function};
use jiff::Timestamp;
use public_api::idempotency::not_repeatable;
use public_api::lists::{Page, PageQuery};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::{Caller, versions};
use serde_json::Value;
use uuid::Uuid;
use values::Revision;
use webhooks::{PrivateKey, Secret};

pub(crate) const FUNCTION: Function = function!();

/// GET: the partner's endpoints, the oldest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let query: PageQuery = request.query()?;
    let page = Page::of(&app.continuation, &format!("endpoints of {partner}"), query)?;
    let mut all = app.endpoints.of(&partner).await.map_err(unavailable)?.all;
    // Ids sort by the time they were made.
    all.sort_by_key(|endpoint| endpoint.id);
    let after = page.after.clone().unwrap_or_default();
    all.retain(|endpoint| endpoint.id.to_string() > after);
    all.truncate(page.fetch().get() as usize);
    let now = app.clock.now();
    let views = all.iter().map(|it| EndpointView::of(it, &app.secrets, now));
    let views: Vec<EndpointView> = views.collect::<Result<_, _>>().map_err(problems::sealed)?;
    page.answer(&app.continuation, views, EndpointView::position)
}

/// POST: a new endpoint, and the only answer that shows its secret. With an `Idempotency-Key`, the same request gets the same
/// answer for 24 hours.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let body = request.json_value()?;
    let new = NewEndpoint::parse(&body, |url| app.posting.check(url)).map_err(invalid_body)?;
    let keyed = keyed(app, &request, &body, Uuid::now_v7().into(), new.signing).await?;
    let url = app.secrets.seal_for_long(&new.terms.url, &keyed.endpoint_id.to_string());
    let made = Endpoint {
        id: keyed.endpoint_id,
        url: url.map_err(problems::sealed)?,
        types: new.terms.types,
        description: new.terms.description,
        signing: new.signing,
        secrets: vec![keyed.secret.clone()],
        created_at: keyed.secret.since,
        disabled: None,
        trouble: None,
        revision: Revision::FIRST,
    };
    let added = |all: Endpoints| all.with(made.clone());
    let changed = app.endpoints.change(&partner, added).await;
    let changed = changed.map_err(|error| not_changed(error, problems::too_many_endpoints))?;
    let endpoint = changed.find(made.id).unwrap_or(&made);
    let view = EndpointView::of(endpoint, &app.secrets, app.clock.now());
    let view = view.map_err(problems::sealed)?.showing(shown(app, &request, &keyed.secret)?);
    Ok(versions::created(&view, &endpoint::url(made.id)))
}

/// A new secret, or the one that the same request got before.
pub(crate) async fn keyed(
    app: &App,
    request: &Request,
    body: &Value,
    endpoint_id: crate::domain::EndpointId,
    signing: Signing,
) -> Result<Keyed, Problem> {
    let key = request.idempotency_key()?;
    let secret = new_secret(app, request, signing, app.clock.now())?;
    let fresh = Keyed { endpoint_id, secret };
    let Some(key) = key else { return Ok(fresh) };
    let begun = app.keyed.begin(&Caller::of(request), &key, &body.to_string(), fresh).await;
    Ok(begun.map_err(not_repeatable)?.record)
}

fn new_secret(
    app: &App,
    request: &Request,
    signing: Signing,
    since: Timestamp,
) -> Result<EndpointSecret, Problem> {
    let (text, public_key) = match signing {
        Signing::V1 => (Secret::generate().expose(), None),
        Signing::V1a => {
            let key = PrivateKey::generate();
            (key.expose(), Some(key.public_key().to_string()))
        }
    };
    let key = app.secrets.seal_for_long(&text, partner(request)?.as_str());
    Ok(EndpointSecret { key: key.map_err(problems::sealed)?, public_key, since, until: None })
}

/// The secret as its partner is shown it once. A private key is nobody's to see.
pub(crate) fn shown(
    app: &App,
    request: &Request,
    secret: &EndpointSecret,
) -> Result<Option<String>, Problem> {
    if secret.public_key.is_some() {
        return Ok(None);
    }
    let opened = app.secrets.open_for_long(&secret.key, partner(request)?.as_str());
    opened.map(Some).map_err(problems::sealed)
}
