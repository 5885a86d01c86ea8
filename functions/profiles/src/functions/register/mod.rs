//! `v1/register`

use super::profile;
use crate::app::App;
use crate::domain::{Draft, Profile};
use crate::problems;
use crate::store::{RegisterError, Registered, Registration};
use crate::views::ProfileView;
use custom_handler::{Function, IdempotencyKey, Metric, Problem, Request, Response, function};
use jiff::Timestamp;
use public_api::idempotency::not_repeatable;
use public_api::problems::invalid_body;
use public_api::{Caller, versions};
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

const REGISTRATIONS: Metric = Metric::counter(
    "iommi.profiles.registrations",
    "{registration}",
    "customers who register, by what comes of it",
);
/// How often a registration with a key is tried anew because others fenced it off; each takes longer than a claim is
/// respected.
const MAX_RESTARTS: u32 = 3;

/// POST: creates the profile and its account in one step. With an `Idempotency-Key`, the same request gets
/// the same answer for 24 hours.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let key = request.idempotency_key()?;
    let draft = Draft::parse(&request.json_value()?).map_err(invalid_body)?;
    let profile = match key {
        Some(key) => repeatable(app, &Caller::of(&request), &key, draft).await?,
        None => {
            let profile = Registration::fresh(app.clock.now()).profile(draft);
            store(app, &profile).await.map_err(problems::not_registered)?;
            profile
        }
    };
    let url = profile::url(profile.id);
    Ok(versions::created(&ProfileView::from(profile), &url))
}

/// Everything in the answer comes from the body and the recorded ids, so it is the same each time, and
/// whoever repeats an interrupted request finishes it.
async fn repeatable(
    app: &App,
    caller: &Caller,
    key: &IdempotencyKey,
    draft: Draft,
) -> Result<Profile, Problem> {
    let fresh = || Registration::fresh(app.clock.now());
    let nobody = Registration::nobody().profile(draft.clone());
    let body = serde_json::json!(ProfileView::from(nobody)).to_string();
    let begun = app.registrations.begin(caller, key, &body, fresh()).await;
    let mut begun = begun.map_err(not_repeatable)?;
    for _ in 0..MAX_RESTARTS {
        let profile = begun.record.profile(draft.clone());
        match store(app, &profile).await {
            Ok(()) => return Ok(profile),
            Err(RegisterError::GivenUp) => {}
            Err(other) => return Err(problems::not_registered(other)),
        }
        let again = app.registrations.restart(caller, key, &body, fresh(), &begun.etag).await;
        begun = again.map_err(not_repeatable)?;
    }
    Err(problems::not_registered(RegisterError::GivenUp))
}

async fn store(app: &App, profile: &Profile) -> Result<(), RegisterError> {
    let registered = app.profiles.register(profile, &app.clock).await;
    REGISTRATIONS.add(1, &[("outcome", outcome(&registered).into())]);
    registered.map(drop)
}

fn outcome(registered: &Result<Registered, RegisterError>) -> &'static str {
    match registered {
        Ok(Registered::Now) => "registered",
        Ok(Registered::Before) => "repeated",
        Err(RegisterError::Taken(_)) => "taken",
        Err(RegisterError::GivenUp) => "given-up",
        Err(RegisterError::Busy) => "busy",
        Err(RegisterError::Erased) => "erased",
        Err(RegisterError::Failed(_)) => "failed",
    }
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
