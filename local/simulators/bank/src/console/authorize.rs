//! `/authorize`: the page on which a person decides. It needs no script; what the browser is sent on to may be anywhere,
//! so the page's policy does not restrict where its form leads.

use askama::Template;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use simulator_shell::{Method, Reply, Request, reply};

use super::{Answer, bad};
use crate::{
    bank::{Desk, Now},
    oauth::{self, Decision, Form, Refused},
    operation::CONSENTS,
    people::{Kind, Person},
};

const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

#[derive(Template)]
#[template(path = "authorize.html")]
struct AuthorizePage {
    client: String,
    request_uri: String,
    days: i32,
    until: String,
    purpose: String,
    customers: Vec<Choice>,
}

struct Choice {
    customer: &'static str,
    name: String,
    about: &'static str,
}

#[derive(Template)]
#[template(path = "told.html")]
struct ToldPage<'a> {
    title: &'a str,
    text: &'a str,
}

/// Shows the page, or takes what a person decided, from the page's form or as JSON.
pub(crate) fn authorize(desk: &Desk, request: &Request, now: &Now) -> Reply {
    let answered = match (&request.method, request.path()) {
        (&Method::POST, CONSENTS) => consents(desk, request, now),
        (&Method::POST, _) => decided(desk, request, now).map_err(|refused| told(&refused)),
        (_, CONSENTS) => Ok(super::not_allowed("POST")),
        _ => show(desk, request, now).map_err(|refused| told(&refused)),
    };
    answered.unwrap_or_else(|reply| *reply)
}

/// `POST /v1/simulation/consents` `{"request_uri", "customer", "decision"}`: `{"location"}`, null if nobody is sent back.
fn consents(desk: &Desk, request: &Request, now: &Now) -> Answer {
    let decision: Decision = super::read(&request.body)?;
    let location = oauth::decide(&desk.grants, &decision, &terms(desk, now));
    let location = location.map_err(|refused| Box::new(Reply::from(refused)))?;
    Ok(reply::json(StatusCode::OK, &json!({"location": location})))
}

fn terms<'a>(desk: &'a Desk, now: &'a Now) -> oauth::Answer<'a> {
    oauth::Answer {
        issuer: desk.issuer(),
        seed: desk.options.seed,
        now: now.at,
        faults: &now.faults,
    }
}

fn show(desk: &Desk, request: &Request, now: &Now) -> Result<Reply, Refused> {
    let form = Form::read(request.query().as_bytes())?;
    let (request_uri, pushed) = oauth::opened(&desk.grants, &form, now.at)?;
    let customers = Kind::ALL.iter().filter_map(|kind| {
        let person = Person::called(kind.name(), desk.options.seed)?;
        Some(Choice { customer: kind.name(), name: person.name(), about: kind.about() })
    });
    let page = AuthorizePage {
        client: pushed.client,
        request_uri,
        days: pushed.details.days,
        until: pushed.details.valid_until.strftime("%F %H:%M UTC").to_string(),
        purpose: pushed.details.purpose,
        customers: customers.collect(),
    };
    Ok(html(StatusCode::OK, &page))
}

fn decided(desk: &Desk, request: &Request, now: &Now) -> Result<Reply, Refused> {
    let decision = Decision::of(&Form::of_body(request)?)?;
    let location = oauth::decide(&desk.grants, &decision, &terms(desk, now))?;
    let Some(location) = location else {
        let text = "You have let the request expire. Nobody is told; you can close this page.";
        return Ok(html(StatusCode::OK, &ToldPage { title: "Expired", text }));
    };
    let location = HeaderValue::try_from(location)
        .map_err(|_| Refused::invalid_request("redirect_uri is no address"))?;
    let mut reply = reply::see_other("/");
    reply.headers_mut().insert(header::LOCATION, location);
    reply.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(reply)
}

/// A person is told what is wrong, and sent nowhere: an address that was not checked could be anybody's.
fn told(refused: &Refused) -> Box<Reply> {
    let page = ToldPage { title: "This does not work", text: &refused.description };
    Box::new(html(refused.status, &page))
}

fn html(status: StatusCode, page: &impl Template) -> Reply {
    let Ok(text) = page.render() else { return *bad("the page cannot be made") };
    let mut reply = reply::with(status, "text/html; charset=utf-8", text);
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    // The address of the page has the request in it.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    reply
}
