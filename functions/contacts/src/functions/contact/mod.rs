//! `contacts/v1/contacts/{contactId}`

use crate::app::App;
use crate::domain::{ContactId, ContactState};
use crate::problems;
use crate::views::ContactView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use public_api::{Caller, versions};

pub(crate) const FUNCTION: Function = function!();

/// GET: the contact, if it is the caller's. Of whom is gone nobody learns that they were there.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = of_caller(app, &request)?;
    let known = request.if_none_match()?;
    let found = app.contacts.read(id).await.map_err(unavailable)?;
    let found = found.filter(|contact| contact.state != ContactState::Gone);
    let contact = found.ok_or_else(|| problems::no_such_contact(id))?;
    Ok(versions::unless_known(&ContactView::from(&contact), known))
}

/// The contact that a request names, if the caller may touch it.
pub(crate) fn of_caller(app: &App, request: &Request) -> Result<ContactId, Problem> {
    let id: ContactId = request.param("contactId")?;
    match app.ownership.allows(&Caller::of(request), id) {
        true => Ok(id),
        false => Err(problems::no_such_contact(id)),
    }
}
