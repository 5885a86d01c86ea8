//! `ops/v1/legacy/resend`

use crate::app::App;
use crate::domain::{Always, ProfileId, Resend, Scope, moment};
use crate::{RESEND_PROGRESS, acting, problems, resend_step};
use custom_handler::{Problem, Request, Response, header};
use iommi_app::Refusal;
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

/// What a client may say; [`Wanted::scope`] says what of it goes together.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    profile_id: Option<ProfileId>,
    #[serde(default, with = "moment::optional")]
    from: Option<Timestamp>,
    #[serde(default, with = "moment::optional")]
    to: Option<Timestamp>,
    everything: Option<Always>,
}

impl Wanted {
    fn scope(self) -> Result<Scope, (&'static str, &'static str)> {
        match (self.profile_id, self.from, self.to, self.everything) {
            (Some(profile_id), None, None, None) => Ok(Scope::Profile { profile_id }),
            (None, Some(from), Some(to), None) if from < to => Ok(Scope::Time { from, to }),
            (None, None, None, Some(everything)) => Ok(Scope::Everything { everything }),
            (None, Some(_), Some(_), None) => Err(("/to", "must be later than from")),
            (None, Some(_), None, None) => Err(("/to", "is missing: a time has a from and a to")),
            (None, None, Some(_), None) => Err(("/from", "is missing: a time has a from and a to")),
            _ => Err(("", "must say one thing: profileId, from and to, or everything")),
        }
    }
}

/// POST: sends current state again, of one profile, of a time or of everything; 202, and where to see how far it is.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let wanted: Wanted = request.json()?;
    let scope = wanted.scope().map_err(|(at, what)| problems::invalid_body(at, what))?;
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
