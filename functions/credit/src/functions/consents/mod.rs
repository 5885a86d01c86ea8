//! `credit/v1/consents`

use super::assessment::partner;
use super::consent;
use crate::app::{App, Asked};
use crate::bank::{Pushed, new_verifier};
use crate::beginning;
use crate::domain::{Consent, ConsentId, ConsentState, NewConsent, PartnerId, Sealed};
use crate::problems;
use crate::views::ConsentView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::idempotency::{fingerprint, not_repeatable};
use public_api::problems::{invalid_body, not_written};
use public_api::{Caller, versions};
use std::collections::BTreeSet;
use uuid::Uuid;
use values::{Revision, Violations};

pub(crate) const FUNCTION: Function = function!();

/// POST: asks a person's leave; the answer says where to send the person. With an `Idempotency-Key`, the same request is
/// about the same consent for 24 hours, and brings a URL that works: the bank's are good for a minute and a half.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let (key, body) = (request.idempotency_key()?, request.json_value()?);
    let now = app.clock.now();
    let new = NewConsent::parse(&body, now).map_err(invalid_body)?;
    let known = beginning::known(app, &partner).await?;
    if !known.return_urls.contains(&new.return_url) {
        let what = "is none that you have registered, character for character: PUT /credit/v1/partner first";
        return Err(invalid_body(Violations::one("/returnUrl", what)));
    }
    let fresh = Asked { consent_id: ConsentId::from(Uuid::now_v7()), at: now };
    let asked = match key {
        Some(key) => {
            let caller = Caller::of(&request);
            let begun = app.asked.begin(&caller, &key, &body.to_string(), fresh).await;
            begun.map_err(not_repeatable)?.record
        }
        None => fresh,
    };
    let consent = begin(app, partner, new, &asked).await?;
    let view = ConsentView::of(&consent, &app.secrets).map_err(problems::sealed)?;
    let view = match &consent.state {
        ConsentState::Pending { asked, .. } => {
            view.with_authorize_url(authorize_url(app, &consent, asked).await?)
        }
        // The person has decided since this was asked for the first time.
        _ => view,
    };
    Ok(versions::created(&view, &consent::url(consent.id)))
}

async fn begin(
    app: &App,
    partner: PartnerId,
    new: NewConsent,
    asked: &Asked,
) -> Result<Consent, Problem> {
    let (id, at) = (asked.consent_id, asked.at);
    let state = format!("{id}.{}", new_verifier().map_err(problems::sealed)?);
    let verifier = new_verifier().map_err(problems::sealed)?;
    let secret = app.secrets.seal_for_now(&format!("{state} {verifier}"), &id.to_string());
    let consent = Consent {
        id,
        person: Some(beginning::person(app, &partner, &new.reference).await?),
        partner,
        days: new.days,
        state_hash: Some(fingerprint(&state)),
        valid_until: new.valid_until(at),
        return_url: Some(new.return_url),
        created_at: at,
        state: ConsentState::Pending {
            asked: secret.map_err(problems::sealed)?,
            exchanging_until: None,
        },
        duties: BTreeSet::new(),
        revision: Revision::FIRST,
    };
    app.consents.begin(&consent).await.map_err(not_written)
}

async fn authorize_url(app: &App, consent: &Consent, asked: &Sealed) -> Result<String, Problem> {
    let secret = app.secrets.open_for_now(asked, &consent.id.to_string());
    let secret = secret.map_err(problems::sealed)?;
    let (state, verifier) = secret.split_once(' ').unwrap_or_default();
    let (days, valid_until) = (consent.days, consent.valid_until);
    let pushed = app.bank.push(Pushed { state, verifier, days, valid_until }).await;
    pushed.map_err(problems::bank_away)
}
