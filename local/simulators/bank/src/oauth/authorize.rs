//! `/authorize`: a person decides, and is sent back with a code or without.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{
    Consent, Form, Grants, Refused,
    grants::{Code, Pushed},
    secret,
};
use crate::{Faults, Parameter, people::Person};

/// How long a code can be used.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_secs(60);
/// What stands in `iss` when it is another's.
const OTHER_ISSUER: &str = "https://bank-of-somebody-else.example";

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Approve,
    Refuse,
    /// Nothing, until it is too late.
    Expire,
}

/// What a person says about a request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    pub(crate) request_uri: String,
    /// Who it is; only who approves must say so.
    pub(crate) customer: Option<String>,
    pub(crate) decision: Verdict,
}

/// Where and by whom a decision is answered.
pub(crate) struct Answer<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) seed: u64,
    pub(crate) now: Timestamp,
    pub(crate) faults: &'a Faults,
}

impl Decision {
    pub(crate) fn of(form: &Form) -> Result<Self, Refused> {
        let decision = match form.required("decision")? {
            "approve" => Verdict::Approve,
            "refuse" => Verdict::Refuse,
            "expire" => Verdict::Expire,
            _ => return Err(Refused::invalid_request("decision is approve, refuse or expire")),
        };
        // Who has written a name beside the list means that one.
        let customer =
            form.get("other").or(form.get("customer")).map(|name| name.trim().to_owned());
        Ok(Self { request_uri: form.required("request_uri")?.to_owned(), customer, decision })
    }
}

/// A person opens the page: the request that it is about.
pub(crate) fn opened(
    grants: &Grants,
    form: &Form,
    now: Timestamp,
) -> Result<(String, Pushed), Refused> {
    let (client, id) = (form.required("client_id")?, form.required("request_uri")?);
    let pushed = grants.open(id, client, now)?;
    pushed.map(|pushed| (id.to_owned(), pushed)).ok_or_else(no_request)
}

/// A person decides: where the browser is sent, or nowhere for who lets it expire.
pub(crate) fn decide(
    grants: &Grants,
    decision: &Decision,
    answer: &Answer<'_>,
) -> Result<Option<String>, Refused> {
    let customer = match (&decision.customer, decision.decision) {
        (Some(name), _) => {
            let person = Person::called(name, answer.seed);
            Some(person.ok_or_else(|| Refused::invalid_request("customer is nobody's name here"))?)
        }
        (None, Verdict::Approve) => return Err(Refused::invalid_request("customer is missing")),
        (None, _) => None,
    };
    let pushed = grants.spend(&decision.request_uri, answer.now)?.ok_or_else(no_request)?;
    match (decision.decision, customer) {
        (Verdict::Approve, Some(person)) => {
            let code = approved(grants, &pushed, person, answer.now)?;
            Ok(Some(location(&pushed, ("code", &code), answer)))
        }
        (Verdict::Expire, _) => Ok(None),
        _ => Ok(Some(location(&pushed, ("error", "access_denied"), answer))),
    }
}

fn approved(
    grants: &Grants,
    pushed: &Pushed,
    person: Person,
    now: Timestamp,
) -> Result<String, Refused> {
    let consent = Consent {
        customer: person.customer,
        client: pushed.client.clone(),
        scope: pushed.scope.clone(),
        details: pushed.details.clone(),
        given_at: now,
        is_withdrawn: false,
    };
    let code = Code {
        client: pushed.client.clone(),
        redirect_uri: pushed.redirect_uri.clone(),
        challenge: pushed.challenge.clone(),
        consent: secret(),
        expires_at: now + CODE_LIFETIME,
        is_used: false,
    };
    Ok(grants.consent(consent, code)?)
}

fn location(pushed: &Pushed, (name, value): (&str, &str), answer: &Answer<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, value);
    let wrong_state = secret();
    let state = match answer.faults.state {
        None => pushed.state.as_deref(),
        Some(Parameter::Wrong) => Some(wrong_state.as_str()),
        Some(Parameter::Missing) => None,
    };
    let iss = match answer.faults.iss {
        None => Some(answer.issuer),
        Some(Parameter::Wrong) => Some(OTHER_ISSUER),
        Some(Parameter::Missing) => None,
    };
    for (name, value) in [("state", state), ("iss", iss)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let joint = if pushed.redirect_uri.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", pushed.redirect_uri, query.finish())
}

fn no_request() -> Refused {
    Refused::invalid_request("request_uri is none, was used, or has expired: ask for consent again")
}
