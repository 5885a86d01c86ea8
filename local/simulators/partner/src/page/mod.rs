//! The page for people: what came, keys, who came back; and the page that people come back to.

use askama::Template;
use serde_json::Value;
use simulator_shell::{
    Field, Fieldset, FormView, Reply, Request, Section, StatusCode, form, reply,
};

use crate::{
    control::not_kept,
    inbox::{Counts, Inbox, Return},
    message::Message,
    receiver::Receiver,
};

/// Where a person comes back to.
pub(crate) const RETURN: &str = "/return";
/// Where the form of the page sends keys to.
pub(crate) const PUT_KEYS: &str = "/page/keys";
/// Messages and people that the page shows.
const MAX_SHOWN: usize = 25;
/// The longest id of a consent that is remembered.
const MAX_CONSENT_ID: usize = 128;

#[derive(Template)]
#[template(path = "received.html")]
struct Received {
    counts: Counts,
    messages: Vec<Message>,
}

#[derive(Template)]
#[template(path = "receivers.html")]
struct Receivers {
    receivers: Vec<Receiver>,
    form: FormView,
}

#[derive(Template)]
#[template(path = "returns.html")]
struct Returns {
    returns: Vec<Return>,
}

#[derive(Template)]
#[template(path = "return.html")]
struct CameBack<'a> {
    consent_id: &'a str,
}

pub(crate) fn sections(inbox: &Inbox) -> Vec<Section> {
    let newest_first = inbox.messages(|_| true).into_iter().rev().take(MAX_SHOWN);
    let returns = inbox.returns().into_iter().rev().take(MAX_SHOWN);
    let form = FormView::new(PUT_KEYS, "Believe", &fields(), &Value::Null);
    vec![
        section(
            "received",
            "What came",
            &Received { counts: inbox.counts(), messages: newest_first.collect() },
        ),
        section("receivers", "Receivers", &Receivers { receivers: inbox.receivers(), form }),
        section("returns", "Who came back from the bank", &Returns { returns: returns.collect() }),
    ]
}

fn section(id: &'static str, title: &str, part: &impl Template) -> Section {
    let html = part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "making a part of the page");
        String::new()
    });
    Section { id, title: title.to_owned(), html }
}

fn fields() -> Vec<Fieldset> {
    let fields = vec![
        Field::text("name", "Receiver"),
        Field::text("key", "Key, whsec_… or whpk_…"),
        Field::text("previous", "The key before it, while it changes"),
    ];
    vec![Fieldset::new("The keys of a receiver", fields)]
}

/// The page's form.
pub(crate) fn put_keys(inbox: &Inbox, body: &[u8]) -> Reply {
    let sent = form::read::<Value>(&fields(), body);
    let receiver = sent.and_then(|sent| {
        let keys = ["key", "previous"].into_iter().filter_map(|name| sent[name].as_str());
        let name = sent["name"].as_str().unwrap_or_default();
        Receiver::new(name, keys.map(str::to_owned).collect())
    });
    match receiver.map(|receiver| inbox.put_receiver(receiver)) {
        Ok(Ok(())) => reply::see_other("/"),
        Ok(Err(error)) => not_kept(error),
        Err(why) => reply::problem(StatusCode::BAD_REQUEST, why),
    }
}

/// `GET /return?consentId=`: remembers who came back, and says so.
pub(crate) fn came_back(inbox: &Inbox, request: &Request) -> Reply {
    let consent_id = request.parameter("consentId").unwrap_or_default();
    if !(1..=MAX_CONSENT_ID).contains(&consent_id.len()) {
        let detail = format!("consentId has 1 to {MAX_CONSENT_ID} characters");
        return reply::problem(StatusCode::BAD_REQUEST, detail);
    }
    let parameters = request.query().split('&').filter_map(|pair| pair.split('=').next());
    let parameters = parameters.map(str::to_owned).collect();
    if let Err(error) = inbox.came_back(consent_id.clone(), parameters) {
        return not_kept(error);
    }
    match (CameBack { consent_id: &consent_id }).render() {
        Ok(html) => reply::with(StatusCode::OK, "text/html; charset=utf-8", html),
        Err(error) => reply::problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
