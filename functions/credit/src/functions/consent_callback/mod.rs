//! `credit/v1/callback`

mod exchange;

use crate::app::App;
use crate::consenting;
use crate::domain::{Consent, ConsentId, ConsentState};
use crate::problems;
use custom_handler::{Function, HeaderName, Problem, Request, Response, StatusCode, function};
use public_api::idempotency::fingerprint;
use public_api::problems::{not_changed, unavailable};
use serde::Deserialize;
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

const LOCATION: HeaderName = HeaderName::from_static("location");
const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");
/// Longest parameter, in bytes.
const MAX_PARAMETER_BYTES: usize = 2_048;

/// RFC 6749, section 4.1.2, and RFC 9207. What a bank adds besides is not read.
#[derive(Debug, Deserialize)]
struct Query {
    state: Option<String>,
    iss: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// GET: the bank sends a person back. Whose consent it is, is in `state`, of which only the hash is kept; an answer that is
/// not our bank's, or to nothing that we asked, changes nothing. The code is exchanged once; who comes again, as by
/// reloading, is sent on as before. The person goes on with the consent's id and nothing else.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let Query { state, iss, code, error } = request.query()?;
    let all = [&state, &iss, &code, &error];
    if all.into_iter().flatten().any(|text| text.len() > MAX_PARAMETER_BYTES) {
        return Err(problems::callback_refused("a parameter is too long"));
    }
    let consent = asked_for(app, state.as_deref().unwrap_or_default()).await?;
    if iss.as_deref() != Some(app.bank.issuer()) {
        return Err(problems::callback_refused("it is not from the bank that was asked"));
    }
    let consent = match (&consent.state, code, error.as_deref()) {
        (ConsentState::Pending { .. }, Some(code), None) => {
            let consent = exchange::exchange(app, &consent, &code).await?;
            // Of one that was taken back meanwhile the bank is to forget the token; `sweep` sees to it otherwise.
            if let Err(error) = consenting::settle(app, &consent).await {
                tracing::warn!(%error, consent = %consent.id, "a consent waits");
            }
            consent
        }
        (ConsentState::Pending { .. }, None, Some("access_denied")) => {
            refuse(app, &consent).await?
        }
        (ConsentState::Pending { .. }, None, Some(_)) => {
            return Err(problems::callback_refused("the bank could not do it; begin again"));
        }
        (ConsentState::Pending { .. }, _, _) => {
            return Err(problems::callback_refused("it has neither a code nor an error, or both"));
        }
        _ => consent,
    };
    Ok(sent_on(&consent))
}

/// The consent that was asked for with this state.
async fn asked_for(app: &App, state: &str) -> Result<Consent, Problem> {
    let unknown = || problems::callback_refused("nobody has asked for it");
    let (id, _) = state.split_once('.').ok_or_else(unknown)?;
    let id: ConsentId = id.parse().map_err(|_| unknown())?;
    let consent = app.consents.read(id).await.map_err(unavailable)?.ok_or_else(unknown)?;
    // Of two hashes that differ, the time until the difference tells nothing about the state.
    if consent.state_hash.as_ref() != Some(&fingerprint(state)) {
        return Err(unknown());
    }
    Ok(consent)
}

async fn refuse(app: &App, consent: &Consent) -> Result<Consent, Problem> {
    let now = app.clock.now();
    let refused = |it: Consent| Ok::<_, Infallible>(it.refused(now));
    let changed = app.consents.change(consent.id, refused).await;
    let changed = changed.map_err(|error| not_changed(error, |never| match never {}))?;
    Ok(changed.unwrap_or_else(|| consent.clone()))
}

fn sent_on(consent: &Consent) -> Response {
    let url = consent.return_url.as_deref().unwrap_or_default();
    Response::new(StatusCode::SEE_OTHER)
        .header(LOCATION, format!("{url}?consentId={}", consent.id))
        .header(REFERRER_POLICY, "no-referrer")
        .cache_control("no-store")
}
