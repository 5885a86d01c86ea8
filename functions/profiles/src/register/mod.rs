//! `v1/register`

use crate::app::App;
use crate::conditional;
use crate::domain::{Draft, Profile};
use crate::problems;
use crate::store::{RegisterError, Registration};
use custom_handler::{Problem, Request, Response};
use jiff::Timestamp;
use uuid::Uuid;

/// POST: creates the profile and its account in one step. With an `Idempotency-Key`, the same request gets
/// the same answer for 24 hours.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let key = request.idempotency_key()?;
    let draft = Draft::parse(&request.json_value()?).map_err(problems::invalid_body)?;
    let profile = match key {
        Some(key) => repeatable(app, key.as_str(), draft).await?,
        None => {
            let profile = Registration::fresh(app.clock.now()).profile(draft);
            store(app, &profile).await.map_err(problems::not_registered)?;
            profile
        }
    };
    let location = crate::profile::url(profile.id);
    Ok(conditional::created(&profile, &location))
}

/// Everything in the answer comes from the body and the recorded ids, so it is the same each time, and
/// whoever repeats an interrupted request finishes it.
async fn repeatable(app: &App, key: &str, draft: Draft) -> Result<Profile, Problem> {
    let fresh = || Registration::fresh(app.clock.now());
    let fingerprint = serde_json::json!(Registration::nobody().profile(draft.clone())).to_string();
    let (registration, etag) =
        app.requests.begin(key, &fingerprint, fresh()).await.map_err(problems::not_repeatable)?;
    let profile = registration.profile(draft.clone());
    match store(app, &profile).await {
        Ok(()) => return Ok(profile),
        Err(RegisterError::GivenUp) => {}
        Err(other) => return Err(problems::not_registered(other)),
    }
    let registration = app
        .requests
        .restart(key, &fingerprint, fresh(), &etag)
        .await
        .map_err(problems::not_repeatable)?;
    let profile = registration.profile(draft);
    store(app, &profile).await.map_err(problems::not_registered)?;
    Ok(profile)
}

async fn store(app: &App, profile: &Profile) -> Result<(), RegisterError> {
    app.profiles.register(profile, app.clock.now()).await
}

impl Registration {
    fn fresh(now: Timestamp) -> Self {
        let (profile_id, account_id) = (Uuid::now_v7().into(), Uuid::now_v7().into());
        Self { profile_id, account_id, started_at: now }
    }

    /// Stands for anybody: two requests are the same if they register the same nobody.
    fn nobody() -> Self {
        let (profile_id, account_id) = (Uuid::nil().into(), Uuid::nil().into());
        Self { profile_id, account_id, started_at: Timestamp::UNIX_EPOCH }
    }

    fn profile(&self, draft: Draft) -> Profile {
        Profile::register(self.profile_id, self.account_id, draft, self.started_at)
    }
}
