//! `ops/v1/legacy/resend`

use crate::app::App;
use crate::domain::{Always, ProfileId, Resend, Scope};
use crate::functions::resend_progress;
use crate::resending;
use custom_handler::{Function, Problem, Request, Response, function, header};
use jiff::Timestamp;
use public_api::problems;
use serde::Deserialize;
use uuid::Uuid;
use values::{Violations, moment};

pub(crate) const FUNCTION: Function = function!();

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
    fn scope(self) -> Result<Scope, Violations> {
        let wrong = |pointer: &str, what: &str| Err(Violations::one(pointer, what));
        match (self.profile_id, self.from, self.to, self.everything) {
            (Some(profile_id), None, None, None) => Ok(Scope::Profile { profile_id }),
            (None, Some(from), Some(to), None) if from < to => Ok(Scope::Time { from, to }),
            (None, None, None, Some(everything)) => Ok(Scope::Everything { everything }),
            (None, Some(_), Some(_), None) => wrong("/to", "must be later than from"),
            (None, Some(_), None, None) => wrong("/to", "is missing: a time has a from and a to"),
            (None, None, Some(_), None) => wrong("/from", "is missing: a time has a from and a to"),
            _ => wrong("", "must say one thing: profileId, from and to, or everything"),
        }
    }
}

/// POST: sends current state again, of one profile, of a time or of everything; 202, and where to see how far it is.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let wanted: Wanted = request.json()?;
    let scope = wanted.scope().map_err(problems::invalid_body)?;
    let id = Uuid::now_v7().to_string();
    let resend = Resend::new(id, scope, messages::acting(&request), app.clock.now());
    app.resends.create(&resend).await.map_err(problems::not_written)?;
    // If this is lost, reconcile asks for the step that is missing.
    if let Err(error) = resending::ask(app, &resend).await {
        tracing::warn!(%error, resend = resend.id, "the first step will be a minute late");
    }
    let url = resend_progress::FUNCTION.url(&[("resendId", &resend.id)]);
    Ok(Response::accepted(&resend).header(header::LOCATION, url))
}
