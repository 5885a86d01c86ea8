//! What runs: `sales`, `profiles` and `accounts` beside the vendor and the mail service, and how they are asked.

use app_tests::proof::{Addresses, Answer, HOST, Layout, Parts};
use app_tests::this_app;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use simulator_shell::Clock;
use std::time::Duration;

pub(crate) const VENDOR: &str = "vendor";
pub(crate) const EMAIL: &str = "email";
/// What a mail takes to arrive.
const MAIL_DELAY: Duration = Duration::from_millis(200);
/// Where `profiles` tells apps that are not here what happened.
const FOREIGN_QUEUES: [&str; 4] =
    ["photo-erasures", "events-erasures", "photo-decisions", "photo-decisions-poison"];

pub(crate) fn parts() -> Parts {
    let parts = Parts::of(this_app!())
        .neighbour("profiles")
        .neighbour("accounts")
        .setting_from("VENDOR_URL", |layout| format!("{}/", layout.url(VENDOR)))
        .setting_from("EMAIL_URL", |layout| format!("{}/", layout.url(EMAIL)))
        // As much is logged as ever is: there may be no key in it, and nobody's name.
        .setting("LOG_LEVEL", "info")
        .simulator(VENDOR, |layout| vendor::start(vendor(layout)))
        .simulator(EMAIL, |layout| email::start(email(layout)));
    FOREIGN_QUEUES.iter().fold(parts, |parts, queue| parts.foreign_queue(queue))
}

/// The handlers' time, so that what is signed while time passes is believed.
fn clock(layout: &Layout) -> Clock {
    Clock::with_offset_file(layout.clock_file()).expect("the host has written it")
}

fn vendor(layout: &Layout) -> vendor::Options {
    vendor::Options {
        port: layout.port(VENDOR),
        data: Some(layout.folder(VENDOR)),
        seed: layout.seed(),
        clock: clock(layout),
        ..vendor::Options::ephemeral(layout.url(HOST))
    }
}

fn email(layout: &Layout) -> email::Options {
    email::Options {
        port: layout.port(EMAIL),
        data: Some(layout.folder(EMAIL)),
        delay: MAIL_DELAY,
        seed: layout.seed(),
        clock: clock(layout),
        ..email::Options::ephemeral(layout.url(HOST))
    }
}

/// Asks until there is a definite answer.
pub(crate) async fn ask(addresses: &Addresses, method: Method, path: &str, body: &Value) -> Answer {
    ask_with(addresses, (method, path), body, |request| request).await
}

/// As [`ask`], with other headers.
pub(crate) async fn ask_with(
    addresses: &Addresses,
    (method, path): (Method, &str),
    body: &Value,
    change: impl Fn(RequestBuilder) -> RequestBuilder,
) -> Answer {
    let request = || change(addresses.json(method.clone(), path, body));
    addresses.insist(path, is_not_definite, request).await
}

/// Too many changed it at once; or the host has just started, and knows no routes yet.
fn is_not_definite(answer: &Answer) -> bool {
    let kind = answer.body["type"].as_str().unwrap_or_default();
    (answer.status == 409 && kind.ends_with("busy")) || (answer.status == 404 && kind.is_empty())
}

/// What a simulator says for tests.
pub(crate) async fn look(addresses: &Addresses, simulator: &str, path: &str) -> Option<Value> {
    let url = format!("{}/v1/simulation/{path}", addresses.url(simulator));
    addresses.look(url.trim_end_matches('/')).await
}
