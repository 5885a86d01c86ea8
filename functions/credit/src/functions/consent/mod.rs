//! `credit/v1/consents/{consentId}`

use super::assessment::partner;
use crate::app::App;
use crate::consenting;
use crate::domain::{Consent, ConsentId};
use crate::problems::{self, no_such_consent};
use crate::views::ConsentView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{not_changed, unavailable};
use public_api::versions;

pub(crate) const FUNCTION: Function = function!();

/// GET: how far it is.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let known = request.if_none_match()?;
    let found = app.consents.read(id).await.map_err(unavailable)?;
    let own = found.filter(|it| it.partner == partner && it.person.is_some());
    let consent = own.ok_or_else(|| no_such_consent(id))?;
    let view = ConsentView::of(&consent, &app.secrets).map_err(problems::sealed)?;
    Ok(versions::unless_known(&view, known))
}

/// DELETE: the person takes it back. What is at work with it stops, and the bank is asked to forget the token; what came of
/// it before stays. The same again is harmless.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let now = app.clock.now();
    let withdrawn = app.consents.change(id, |consent: Consent| {
        if consent.partner != partner {
            return Err(no_such_consent(id));
        }
        Ok(consent.withdrawn(now))
    });
    let withdrawn = withdrawn.await.map_err(|error| not_changed(error, |problem| problem))?;
    let consent = withdrawn.ok_or_else(|| no_such_consent(id))?;
    consenting::settle(app, &consent).await.map_err(problems::not_settled)?;
    Ok(Response::no_content())
}

pub(crate) fn url(id: ConsentId) -> String {
    FUNCTION.url(&[("consentId", &id.to_string())])
}

fn id(request: &Request) -> Result<ConsentId, Problem> {
    request.param("consentId")
}
