//! Addresses for people and tests, as JSON.

use serde::Deserialize;
use serde_json::json;
use simulator_shell::{Reply, Request, StatusCode, reply};

use super::{Answer, bad, not_kept, read};
use crate::{
    bank::Desk,
    data::Account,
    faults::Faults,
    handed,
    oauth::{Consent, Details, SCOPES, told},
    people::{Kind, Person},
};

/// Whose token it is, where nobody says so.
const PARTNER: &str = "partner";

/// `GET /.well-known/oauth-authorization-server` (RFC 8414).
pub(super) fn metadata(desk: &Desk) -> Reply {
    let issuer = desk.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "revocation_endpoint": at("/revoke"),
        "pushed_authorization_request_endpoint": at("/par"),
        "require_pushed_authorization_requests": true,
        "authorization_response_iss_parameter_supported": true,
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "scopes_supported": SCOPES,
        "authorization_details_types_supported": ["account_information"],
    });
    reply::json(StatusCode::OK, &metadata)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AskedToken {
    customer: String,
    client: Option<String>,
    scope: Option<String>,
    days: Option<i32>,
}

/// `POST /v1/simulation/tokens` `{"customer"}`: the token of a partner who has asked the customer without us.
pub(super) fn tokens(desk: &Desk, body: &[u8]) -> Answer {
    let asked: AskedToken = read(body)?;
    let person = Person::called(&asked.customer, desk.options.seed);
    let person = person
        .ok_or_else(|| bad("customer is nobody's name here: GET /v1/simulation/customers"))?;
    let now = desk.now(Faults::default());
    let usual = Details::usual(now.at);
    let consent = Consent {
        customer: person.customer,
        client: asked.client.unwrap_or_else(|| PARTNER.to_owned()),
        scope: asked.scope.unwrap_or_else(|| SCOPES.join(" ")),
        details: Details { days: asked.days.unwrap_or(usual.days), ..usual },
        given_at: now.at,
        is_withdrawn: false,
    };
    let lifetime = desk.options.token_lifetime;
    let issued = desk.grants.grant_at_once(consent, lifetime, now.at).map_err(not_kept)?;
    let issued = issued.ok_or_else(|| bad("the consent would be over at once"))?;
    Ok(reply::json(StatusCode::CREATED, &told(&issued, now.at)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    customer: Option<String>,
    access_token: Option<String>,
}

/// `POST /v1/simulation/withdrawals` `{"customer"}` or `{"access_token"}`: the customer changes his mind at the bank.
pub(super) fn withdrawals(desk: &Desk, body: &[u8]) -> Answer {
    let Withdrawal { customer, access_token } = read(body)?;
    if customer.is_none() && access_token.is_none() {
        return Err(bad("customer or access_token is required"));
    }
    let withdrawn = desk.grants.withdraw(customer.as_deref(), access_token.as_deref());
    Ok(reply::json(StatusCode::OK, &json!({"withdrawn": withdrawn.map_err(not_kept)?})))
}

/// `GET /v1/simulation/customers`: one of each kind.
pub(super) fn customers(desk: &Desk) -> Reply {
    let today = desk.now(Faults::default()).today();
    let each = Kind::ALL.map(|kind| {
        let person = Person::called(kind.name(), desk.options.seed);
        let accounts = person.as_ref().map(|person| {
            Account::all(person, today).iter().map(Account::view).collect::<Vec<_>>()
        });
        json!({"customer": kind.name(), "about": kind.about(), "accounts": accounts})
    });
    reply::json(StatusCode::OK, &json!({"customers": each}))
}

/// `GET /v1/simulation/markers?customer=A,B&limit=N`: names, account numbers, texts, codes and tokens that were handed out.
pub(super) fn markers(desk: &Desk, request: &Request) -> Answer {
    let customers = request.parameter("customer").unwrap_or_default();
    let customers: Vec<String> =
        customers.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let limit = match request.parameter("limit").map(|limit| limit.parse::<usize>()) {
        None => handed::MAX_SHOWN,
        Some(Ok(limit)) if limit <= handed::MAX_SHOWN => limit,
        Some(_) => return Err(bad("limit is at most 2000")),
    };
    let mut markers = desk.handed.markers(&customers, limit, desk.options.seed);
    (markers.codes, markers.tokens) = desk.grants.secrets();
    Ok(reply::json(StatusCode::OK, &markers))
}

/// `GET /v1/simulation/counters`; `DELETE` begins anew.
pub(super) fn counters(desk: &Desk) -> Reply {
    reply::json(StatusCode::OK, &desk.counters.counts())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Registration {
    redirect_uris: Vec<String>,
}

/// `PUT /v1/simulation/clients/{id}` `{"redirectUris"}`: where its people may be sent back to from now on.
pub(super) fn client(desk: &Desk, id: &str, body: &[u8]) -> Answer {
    let Registration { redirect_uris } = read(body)?;
    let client = desk.clients.register(id, redirect_uris);
    let client =
        client.ok_or_else(|| bad("there is no such client: iommi-credit and partner are"))?;
    let body = json!({"id": client.id, "redirectUris": client.redirect_uris});
    Ok(reply::json(StatusCode::OK, &body))
}
