//! `POST /token` and `POST /revoke`.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    Client, Form, Grants, Refused,
    grants::{Code, Issued, Redeemed},
    pkce,
};

/// Exchanges a code for a token (RFC 6749, 4.1.3). A code that is used twice revokes the tokens, unless `again`.
pub(crate) fn exchange(
    grants: &Grants,
    client: &Client,
    form: &Form,
    (lifetime, now, again): (SignedDuration, Timestamp, bool),
) -> Result<Value, Refused> {
    if form.required("grant_type")? != "authorization_code" {
        return Err(Refused::new("unsupported_grant_type", "grant_type is authorization_code"));
    }
    let (id, verifier) = (form.required("code")?, form.required("code_verifier")?);
    let redirect_uri = form.required("redirect_uri")?;
    if !pkce::is_wellformed(verifier) {
        return Err(Refused::invalid_request("code_verifier has 43 to 128 unreserved characters"));
    }
    let known = grants.code(id).filter(|code| code.client == client.id);
    let unknown = || Refused::invalid_grant("code is none that this client has");
    if known.ok_or_else(unknown)?.redirect_uri != redirect_uri {
        return Err(Refused::invalid_grant("redirect_uri is not where the code was sent"));
    }
    let proves = |code: &Code| pkce::matches(verifier, &code.challenge);
    match grants.redeem(id, again, (lifetime, now), proves)? {
        Redeemed::Issued(issued) => Ok(told(&issued, now)),
        Redeemed::Unknown => Err(unknown()),
        Redeemed::UsedBefore => {
            Err(Refused::invalid_grant("code was used before: its tokens are revoked"))
        }
        Redeemed::Expired => Err(Refused::invalid_grant("code has expired")),
        Redeemed::Unproven => {
            Err(Refused::invalid_grant("code_verifier is not what code_challenge was made of"))
        }
        Redeemed::ConsentOver => Err(Refused::invalid_grant("the consent is over")),
    }
}

/// The answer with a token.
pub(crate) fn told(issued: &Issued, now: Timestamp) -> Value {
    let Issued { token, expires_at, consent } = issued;
    json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": expires_at.duration_since(now).as_secs(),
        "scope": consent.scope,
        "consent_expires_at": consent.details.valid_until,
        "authorization_details": [consent.details],
    })
}

/// Revokes a token of this client (RFC 7009). One that is none is revoked already.
pub(crate) fn revoke(grants: &Grants, client: &Client, form: &Form) -> Result<(), Refused> {
    let token = form.required("token")?;
    match grants.client_of(token) {
        None => Ok(()),
        Some(owner) if owner == client.id => Ok(grants.revoke(token)?),
        Some(_) => Err(Refused::new("unauthorized_client", "the token is another client's")),
    }
}
