//! `conversions/v1/contacts/{contactId}/leads`

use crate::app::App;
use crate::domain::{ContactId, LeadState};
use crate::views::LeadView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use serde_json::json;
use std::num::NonZeroU32;

pub(crate) const FUNCTION: Function = function!();

/// Most leads that are shown.
const MOST: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// GET: the leads of a contact, the oldest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let contact: ContactId = request.param("contactId")?;
    let leads = app.leads.of_contact(contact, MOST).await.map_err(unavailable)?;
    let shown = leads.iter().filter(|lead| lead.state != LeadState::Void).map(LeadView::from);
    Ok(Response::ok(&json!({ "items": shown.collect::<Vec<_>>() })))
}
