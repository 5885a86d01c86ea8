//! `v1/profiles/{profileId}/orders`

use crate::app::App;
use crate::domain::{NewOrder, Order, OrderId, PayloadPath, Placed, ProfileId, invoicing, priced};
use crate::functions::order::url;
use crate::store::ByCustomer;
use crate::views::{ListedOrderView, OrderView};
use crate::{problems, steps};
use custom_handler::{Function, Problem, Request, Response, function};
use messages::origin_here;
use public_api::Caller;
use public_api::idempotency::fingerprint;
use public_api::lists::{Page, PageQuery};
use public_api::problems::{invalid_body, not_written, storage_unavailable, unavailable};
use std::time::Duration;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// What was ordered, as the first step finds it.
const PAYLOAD_TYPE: &str = "order";
/// When it is worth asking how far an order is.
const ASK_AGAIN_IN: Duration = Duration::from_secs(2);

/// GET: what a person ordered, newest first. It follows the orders within seconds.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let profile = profile(app, &request)?;
    let page = Page::of(
        &app.continuation,
        &format!("orders of {profile}"),
        request.query::<PageQuery>()?,
    )?;
    let found = app.by_customer.list(profile, page.after.as_deref(), page.fetch()).await;
    page.answer_as(
        &app.continuation,
        found.map_err(unavailable)?,
        ByCustomer::place,
        ListedOrderView::from,
    )
}

/// POST: orders at the prices of this moment. 202 with where to ask. The order's id follows from the profile and the
/// `Idempotency-Key`, so the same request is the same order for ever.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let profile = profile(app, &request)?;
    let key = request.idempotency_key()?.ok_or_else(problems::key_missing)?;
    let body = request.json_value()?;
    let new = NewOrder::parse(&body).map_err(invalid_body)?;
    let (id, fingerprint) = (OrderId::of(profile, key.as_str()), fingerprint(&body.to_string()));
    let (there, is_erased) = tokio::try_join!(app.orders.read(id), app.erased_people.has(profile))
        .map_err(unavailable)?;
    if is_erased {
        return Err(problems::no_such_profile(profile));
    }
    if let Some(there) = there {
        return repeated(app, there, &fingerprint).await;
    }
    let list = app.offers.list(&app.profiles, &app.vendor, &app.clock).await;
    let list = list.map_err(problems::no_offers)?;
    let (currency, lines) = priced(&new, &list.offers).map_err(invalid_body)?;
    let at = app.clock.now();
    let accepted = PayloadPath::accepted(id, Uuid::now_v7());
    let placed = Placed {
        id,
        profile,
        fingerprint: fingerprint.clone(),
        at,
        accepted,
        lines,
        currency,
        origin: Some(origin_here()),
    };
    let account = new.account;
    let order = Order::place(new, placed);
    let total = invoicing::reckoned(&order, &app.seller, &app.rates);
    let total = total.map_err(problems::not_invoiceable)?;
    let order = match account {
        Some(account) => order.charged_to(account, total),
        None => order,
    };
    keep_payload(app, &order).await?;
    let order = app.orders.begin(&order).await.map_err(not_written)?;
    repeated(app, order, &fingerprint).await
}

/// What was ordered, as the first step finds it.
pub(crate) async fn keep_payload(app: &App, order: &Order) -> Result<(), Problem> {
    let view = OrderView::of(order).map_err(problems::too_much)?;
    let payload = serde_json::to_value(view).expect("a view is JSON");
    let kept = app.payloads.keep(&order.accepted, PAYLOAD_TYPE, payload).await;
    kept.map(drop).map_err(problems::not_kept)
}

/// The order that is there under this key, if it is this very order. Its message may have been lost: it is sent again.
pub(crate) async fn repeated(
    app: &App,
    order: Order,
    fingerprint: &str,
) -> Result<Response, Problem> {
    if order.fingerprint != fingerprint {
        return Err(problems::key_reused());
    }
    steps::send(app, &order).await.map_err(storage_unavailable)?;
    let view = OrderView::of(&order).map_err(problems::too_much)?;
    Ok(Response::accepted_at(&view, url(order.id)).retry_after(ASK_AGAIN_IN))
}

/// Whose orders it is about, if the caller may touch them.
pub(crate) fn profile(app: &App, request: &Request) -> Result<ProfileId, Problem> {
    let profile: ProfileId = request.param("profileId")?;
    if app.owners.allows(&Caller::of(request), profile) {
        return Ok(profile);
    }
    Err(problems::no_such_profile(profile))
}
