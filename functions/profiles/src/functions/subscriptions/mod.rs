//! `v1/profiles/{profileId}/subscriptions`

use super::profile;
use crate::app::App;
use crate::domain::Subscription;
use crate::views::SubscriptionView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;

pub(crate) const FUNCTION: Function = function!();

/// GET: the profile's subscriptions, in the order of the services' ids.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = profile::of(app, &request)?;
    let page = Page::of(&app.continuation, &format!("subscriptions of {id}"), request.query()?)?;
    let mut subscriptions = profile::read(app, id).await?.subscriptions;
    subscriptions.sort_by(|a, b| a.service_id.cmp(&b.service_id));
    let after = |subscription: &Subscription| {
        page.after.as_deref().is_none_or(|after| subscription.service_id.as_str() > after)
    };
    let items = subscriptions.into_iter().filter(after).take(page.fetch().get() as usize).collect();
    let position = |subscription: &Subscription| subscription.service_id.to_string();
    page.answer_as(&app.continuation, items, position, SubscriptionView::from)
}
