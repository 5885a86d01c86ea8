//! `credit/v1/partner`

use super::assessment::partner;
use crate::app::App;
use crate::beginning;
use crate::domain::{Partner, parse_return_urls};
use crate::views::PartnerView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed};
use public_api::versions;

pub(crate) const FUNCTION: Function = function!();

/// GET: what is known of who calls.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let known = beginning::known(app, &partner(&request)?).await?;
    Ok(versions::current(&PartnerView::of(&known)))
}

/// PUT: where people may be sent after the bank. `If-Match` keeps it from undoing what somebody else did meanwhile.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, expected) = (partner(&request)?, versions::optional_if_match(&request)?);
    let urls = parse_return_urls(&request.json_value()?, |url| app.posting.may_lead_to(url));
    let urls = urls.map_err(invalid_body)?;
    let fresh = beginning::fresh_partner(app, &partner)?;
    let changed = app.partners.change(&fresh, |partner: Partner| {
        if let Some(expected) = &expected {
            versions::check(&PartnerView::of(&partner), expected)?;
        }
        Ok(partner.returning_to(urls.clone()))
    });
    let changed = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    Ok(versions::current(&PartnerView::of(&changed)))
}
