//! `ops/v1/legacy/resend`

use crate::app::App;
use crate::domain::{Resend, Scope};
use crate::{RESEND_PROGRESS, acting, problems, resend_step};
use custom_handler::{Problem, Request, Response, header};
use iommi_app::Refusal;
use uuid::Uuid;

/// POST: sends current state again, of one profile, of a time or of everything; 202, and where to see how far it is.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let scope: Scope = request.json()?;
    if let Scope::Time { from, to } = &scope
        && from >= to
    {
        return Err(problems::invalid_body("/to", "must be later than from"));
    }
    let id = Uuid::now_v7().to_string();
    let resend = Resend::new(id, scope, acting::who(&request), app.clock.now());
    match app.resends.create(&resend).await {
        Ok(()) => {}
        Err(Refusal::Changed) => return Err(problems::busy()),
        Err(Refusal::Failed(failure)) => return Err(problems::unavailable(failure)),
    }
    // If this is lost, reconcile asks for the step that is missing.
    if let Err(error) = resend_step::ask(app, &resend).await {
        tracing::warn!(%error, resend = resend.id, "the first step will be a minute late");
    }
    let url = RESEND_PROGRESS.url(&[("resendId", &resend.id)]);
    Ok(Response::accepted(&resend).header(header::LOCATION, url))
}
