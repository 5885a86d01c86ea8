//! What runs: `profiles`, `contacts` and `conversions`, and how they are asked.

use app_tests::proof::{Addresses, Answer, Parts};
use app_tests::this_app;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// Where `profiles` tells apps that are not here what happened, and hears it.
const FOREIGN_QUEUES: [&str; 5] = [
    "photo-erasures",
    "photo-decisions",
    "photo-decisions-poison",
    "accounts-erasures",
    "sales-erasures",
];

pub(crate) fn parts() -> Parts {
    let parts = Parts::of(this_app!()).neighbour("profiles").neighbour("contacts");
    FOREIGN_QUEUES.iter().fold(parts, |parts, queue| parts.foreign_queue(queue))
}

/// Asks until there is a definite answer.
pub(crate) async fn ask(
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
