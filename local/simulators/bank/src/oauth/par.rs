//! `POST /par`: a client tells what it wants before a person's browser comes (RFC 9126).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Client, Form, Grants, Refused, details::Details, grants::Pushed, pkce};

/// How long a request may be opened.
const LIFETIME: SignedDuration = SignedDuration::from_secs(90);
/// What can be asked for.
pub(crate) const SCOPES: [&str; 2] = ["accounts", "transactions"];

/// Takes an authorization request: `{"request_uri", "expires_in"}`.
pub(crate) fn push(
    grants: &Grants,
    client: &Client,
    form: &Form,
    now: Timestamp,
) -> Result<Value, Refused> {
    if form.get("request_uri").is_some() {
        return Err(Refused::invalid_request("request_uri is what this gives, not what it takes"));
    }
    form.required("client_id")?;
    if form.required("response_type")? != "code" {
        return Err(Refused::new("unsupported_response_type", "response_type is code"));
    }
    let redirect_uri = form.required("redirect_uri")?;
    if !client.redirect_uris.iter().any(|registered| registered == redirect_uri) {
        let why = "redirect_uri is none that this client has registered, character for character";
        return Err(Refused::invalid_request(why));
    }
    let pushed = Pushed {
        client: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        state: form.get("state").map(str::to_owned),
        scope: scope(form.get("scope"))?,
        challenge: challenge(form)?,
        details: Details::read(form.get("authorization_details"), now)?,
        expires_at: now + LIFETIME,
        is_opened: false,
    };
    let request_uri = grants.push(pushed, now)?;
    Ok(json!({"request_uri": request_uri, "expires_in": LIFETIME.as_secs()}))
}

fn scope(asked: Option<&str>) -> Result<String, Refused> {
    let asked: Vec<&str> = asked.unwrap_or_default().split_ascii_whitespace().collect();
    if asked.is_empty() || !asked.iter().all(|scope| SCOPES.contains(scope)) {
        let known = SCOPES.join(" and ");
        return Err(Refused::new("invalid_scope", format!("scope is one or more of {known}")));
    }
    let granted = SCOPES.into_iter().filter(|scope| asked.contains(scope));
    Ok(granted.collect::<Vec<_>>().join(" "))
}

fn challenge(form: &Form) -> Result<String, Refused> {
    let challenge = form.required("code_challenge")?;
    // Without a method it would be `plain`.
    if form.get("code_challenge_method") != Some("S256") {
        return Err(Refused::invalid_request("code_challenge_method is S256"));
    }
    if !pkce::is_wellformed(challenge) {
        let why =
            "code_challenge has 43 to 128 letters, digits, hyphens, dots, underscores, tildes";
        return Err(Refused::invalid_request(why));
    }
    Ok(challenge.to_owned())
}
