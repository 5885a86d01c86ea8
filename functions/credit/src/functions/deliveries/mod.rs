//! `credit/v1/deliveries`

use super::assessment::partner;
use super::delivery;
use crate::app::{App, Resent};
use crate::domain::{Delivery, EndpointId, Endpoints, ResendRange};
use crate::problems;
use crate::store::{Deliveries, WantedDeliveries};
use crate::views::{DeliveryView, state_named};
use custom_handler::{Function, Problem, Request, Response, function};
use futures::{StreamExt, TryStreamExt, stream};
use public_api::lists::{MAX_LIMIT, Page, PageQuery};
use public_api::problems::{invalid_body, unavailable};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

pub(crate) const FUNCTION: Function = function!();

/// How many of a range are sent again at the same time.
const AT_ONCE: usize = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Query {
    endpoint_id: Option<String>,
    state: Option<String>,
    limit: Option<String>,
    continuation: Option<String>,
}

/// `ResentRange` in contract/webhooks.yaml.
#[derive(Debug, Serialize)]
struct ResentRange {
    resent: usize,
    continuation: Option<String>,
}

/// GET: the partner's deliveries, newest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let Query { endpoint_id, state, limit, continuation } = request.query()?;
    let list = format!("deliveries of {partner} {endpoint_id:?} {state:?}");
    let wanted = WantedDeliveries {
        endpoint: parameter("endpointId", endpoint_id, str::parse::<EndpointId>)?,
        state: parameter("state", state, state_named)?,
        ..WantedDeliveries::default()
    };
    let page = Page::of(&app.continuation, &list, PageQuery { limit, continuation })?;
    let found = app.deliveries.list(&partner, &wanted, page.after.as_deref(), page.fetch()).await;
    let found = found.map_err(unavailable)?;
    page.answer_as(&app.continuation, found, Deliveries::position, |it| DeliveryView::from(&it))
}

/// POST: sends again what happened in a range of time, a part at a time, the newest first. Receivers know each by its
/// message id.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let body = request.json_value()?;
    let range = ResendRange::parse(&body).map_err(invalid_body)?;
    let ResendRange { from, to, endpoint, continuation } = range;
    let all = app.endpoints.of(&partner).await.map_err(unavailable)?;
    if let Some(id) = endpoint {
        let found = all.find(id).ok_or_else(|| problems::no_such_endpoint(id))?;
        if found.disabled.is_some() {
            return Err(problems::endpoint_disabled(id));
        }
    }
    let list = format!("resend to {partner} {from} {to} {endpoint:?}");
    let query = PageQuery { limit: Some(MAX_LIMIT.to_string()), continuation };
    let page = Page::of(&app.continuation, &list, query)?;
    let wanted = WantedDeliveries { endpoint, from: Some(from), to: Some(to), state: None };
    let found = app.deliveries.list(&partner, &wanted, page.after.as_deref(), page.fetch()).await;
    let found = found.map_err(unavailable)?;
    let (found, continuation) = page.cut(&app.continuation, found, Deliveries::position)?;
    let wish = delivery::wish(app, &request, &body).await?;
    let resent = resend(app, &all, found, &wish).await?;
    Ok(Response::accepted(&ResentRange { resent, continuation }))
}

/// Those to endpoints that are sent anything at all.
async fn resend(
    app: &App,
    endpoints: &Endpoints,
    found: Vec<Delivery>,
    wish: &Resent,
) -> Result<usize, Problem> {
    let is_sent_to = |it: &Delivery| {
        endpoints.find(it.endpoint).is_some_and(|endpoint| endpoint.disabled.is_none())
    };
    let resent = stream::iter(found.into_iter().filter(is_sent_to))
        .map(|it| async move { delivery::resend(app, &it, wish).await })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<Delivery>>()
        .await?;
    Ok(resent.iter().filter(|it| it.resent_by == Some(wish.by)).count())
}

fn parameter<T, E: Display>(
    name: &'static str,
    text: Option<String>,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, Problem> {
    let parsed = text.as_deref().map(parse).transpose();
    parsed.map_err(|error| Problem::invalid_parameter(name, error))
}
