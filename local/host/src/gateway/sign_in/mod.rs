//! Sign-in as App Service authentication does it: people sign in at `/.auth/login/aad`, handlers read who it is in
//! `X-MS-CLIENT-PRINCIPAL…`, and what a client sends under these names itself never arrives.

mod cookie;
mod page;
mod redirect;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header::SET_COOKIE,
};
use hyper::body::Incoming;
use serde_json::json;

use crate::{
    http::{
        ReplyBody, assets, body,
        document::{kept_nowhere, see_other},
        refuse_strangers, reply,
    },
    identities::Persons,
    query,
};

/// Headers that only the platform may write begin so.
const RESERVED: [&str; 2] = ["x-ms-client-principal", "x-ms-token-aad"];

const PRINCIPAL: HeaderName = HeaderName::from_static("x-ms-client-principal");
const PRINCIPAL_ID: HeaderName = HeaderName::from_static("x-ms-client-principal-id");
const PRINCIPAL_NAME: HeaderName = HeaderName::from_static("x-ms-client-principal-name");
const PRINCIPAL_IDP: HeaderName = HeaderName::from_static("x-ms-client-principal-idp");

/// The names of the query and the form.
const AFTER_LOGIN: &str = "post_login_redirect_uri";
const AFTER_LOGOUT: &str = "post_logout_redirect_uri";

/// The largest form, in bytes.
const FORM_MAX_BYTES: u64 = 16 << 10;

/// Replaces what the client says about who it is by what its cookie says.
pub(super) fn identify(persons: &Persons, headers: &mut HeaderMap) {
    let is_reserved =
        |name: &&HeaderName| RESERVED.iter().any(|start| name.as_str().starts_with(start));
    let claimed: Vec<HeaderName> = headers.keys().filter(is_reserved).cloned().collect();
    for name in claimed {
        headers.remove(name);
    }
    let Some(person) = cookie::person(persons, headers) else { return };
    let said = [
        (PRINCIPAL, person.principal()),
        (PRINCIPAL_ID, person.id.clone()),
        (PRINCIPAL_NAME, person.address.clone()),
        (PRINCIPAL_IDP, "aad".to_owned()),
    ];
    for (name, value) in said {
        let value = HeaderValue::try_from(value).expect("persons are written in plain letters");
        headers.insert(name, value);
    }
}

/// Answers what is below `/.auth`.
pub(super) async fn answer(persons: &Persons, request: Request<Incoming>) -> Response<ReplyBody> {
    if let Err(refused) = refuse_strangers(&request) {
        return *refused;
    }
    let path = request.uri().path().trim_end_matches('/').to_owned();
    let is_get = *request.method() == Method::GET || *request.method() == Method::HEAD;
    match path.as_str() {
        "/.auth/login/aad" if is_get => page::shown(persons, &request),
        "/.auth/login/aad" if *request.method() == Method::POST => sign_in(persons, request).await,
        "/.auth/logout" if is_get => sign_out(&request),
        "/.auth/me" if is_get => me(persons, &request),
        "/.auth/page.css" if is_get => assets::style(),
        "/.auth/icon.svg" if is_get => assets::icon(),
        _ => reply::empty(StatusCode::NOT_FOUND),
    }
}

async fn sign_in(persons: &Persons, request: Request<Incoming>) -> Response<ReplyBody> {
    let form = match body::read(request.into_body(), FORM_MAX_BYTES).await {
        Ok(form) => query::pairs(&String::from_utf8_lossy(&form)),
        Err(error) => return reply::text(error.status(), format!("{error}\n")),
    };
    let chosen = form.iter().find(|(name, _)| name == "person");
    let Some(person) = chosen.and_then(|(_, name)| persons.find(name)) else {
        let known: Vec<_> = persons.all().iter().map(|person| person.name.as_str()).collect();
        let text = format!("write person=NAME with one of {}\n", known.join(", "));
        return reply::text(StatusCode::BAD_REQUEST, text);
    };
    sent_on(&redirect::place(&form, AFTER_LOGIN), cookie::of(person))
}

fn sign_out(request: &Request<Incoming>) -> Response<ReplyBody> {
    let asked = query::pairs(request.uri().query().unwrap_or_default());
    sent_on(&redirect::place(&asked, AFTER_LOGOUT), cookie::nobody())
}

fn sent_on(place: &str, cookie: HeaderValue) -> Response<ReplyBody> {
    let mut response = see_other(place);
    response.headers_mut().insert(SET_COOKIE, cookie);
    kept_nowhere(response)
}

/// Who is signed in, as JSON; 401 for nobody.
fn me(persons: &Persons, request: &Request<Incoming>) -> Response<ReplyBody> {
    let response = match cookie::person(persons, request.headers()) {
        Some(person) => reply::json(
            StatusCode::OK,
            &json!([{
                "provider_name": "aad", "user_id": person.address, "user_claims": person.claims(),
            }]),
        ),
        None => reply::empty(StatusCode::UNAUTHORIZED),
    };
    kept_nowhere(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_says_about_itself_is_removed_signed_in_or_not() {
        let claimed = || {
            let mut headers = HeaderMap::new();
            for name in
                ["x-ms-client-principal", "x-ms-client-principal-id", "x-ms-token-aad-id-token"]
            {
                headers.append(name, HeaderValue::from_static("mine"));
                headers.append(name, HeaderValue::from_static("mine too"));
            }
            headers.insert("x-ms-version", HeaderValue::from_static("stays"));
            headers
        };
        let mut nobody = claimed();
        let persons = cookie::tests::persons();
        identify(&persons, &mut nobody);
        assert_eq!(nobody.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["x-ms-version"]);

        let mut mona = claimed();
        mona.insert("cookie", HeaderValue::from_static("AppServiceAuthSession=mona"));
        identify(&persons, &mut mona);
        assert_eq!(mona.get_all(PRINCIPAL_ID).iter().count(), 1);
        assert_eq!(mona[PRINCIPAL_NAME], "mona@shop.example");
        assert_eq!(mona[PRINCIPAL_IDP], "aad");
    }
}
