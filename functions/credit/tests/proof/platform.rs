//! What runs: `credit` and `scoring` beside the bank and the partner, and how they are asked.

use app_tests::proof::{Addresses, Answer, HOST, Layout, Parts};
use app_tests::this_app;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use simulator_shell::Clock;
use std::time::Duration;

pub(crate) const BANK: &str = "bank";
/// Where webhooks go.
pub(crate) const PARTNER: &str = "partner";
/// What the first page of a history takes.
const BANK_DELAY: Duration = Duration::from_millis(150);
/// Small, so that a bank that dies does so between two pages.
const PAGE_SIZE: u32 = 60;

pub(crate) fn parts() -> Parts {
    Parts::of(this_app!())
        .neighbour("scoring")
        .setting_from("BANK_URL", |layout| format!("{}/", layout.url(BANK)))
        .setting_from("BANK_ISSUER", |layout| layout.url(BANK))
        .setting_from("CALLBACK_URL", callback)
        .setting("SCORING_PATHS", "50")
        // As much is logged as ever is: there may be nothing of the bank's in it.
        .setting("LOG_LEVEL", "info")
        .simulator(BANK, |layout| bank::start(bank(layout)))
        .simulator(PARTNER, |layout| partner::start(partner(layout)))
}

/// Where the bank sends people back to.
fn callback(layout: &Layout) -> String {
    format!("{}/credit/v1/callback", layout.url(HOST))
}

fn bank(layout: &Layout) -> bank::Options {
    let mut options = bank::Options::ephemeral();
    for client in options.clients.iter_mut().filter(|client| client.id == "iommi-credit") {
        client.redirect_uris = vec![callback(layout)];
    }
    bank::Options {
        port: layout.port(BANK),
        data: Some(layout.folder(BANK)),
        delay: BANK_DELAY,
        page_size: PAGE_SIZE,
        seed: layout.seed(),
        ..options
    }
}

fn partner(layout: &Layout) -> partner::Options {
    // The handlers', so that what is signed while time passes is believed.
    let offset = layout.clock_file();
    partner::Options {
        port: layout.port(PARTNER),
        data: Some(layout.folder(PARTNER)),
        seed: layout.seed(),
        clock: Clock::with_offset_file(offset).expect("the host has written it"),
        ..partner::Options::ephemeral()
    }
}

/// Asks the app as a partner, below `/credit/v1/`, until there is a definite answer.
pub(crate) async fn ask(
    addresses: &Addresses,
    partner: Partner,
    (method, path): (Method, &str),
    body: &Value,
) -> Answer {
    ask_with(addresses, partner, (method, path), body, |request| request).await
}

/// As [`ask`], with other headers.
pub(crate) async fn ask_with(
    addresses: &Addresses,
    partner: Partner,
    (method, path): (Method, &str),
    body: &Value,
    change: impl Fn(RequestBuilder) -> RequestBuilder,
) -> Answer {
    let url = format!("/credit/v1/{path}");
    let request = || change(partner.signs(addresses.json(method.clone(), &url, body)));
    addresses.insist(path, is_busy, request).await
}

/// Too many changed it at once: the same again is what the contract says.
fn is_busy(answer: &Answer) -> bool {
    let kind = answer.body["type"].as_str().unwrap_or_default();
    answer.status == 409 && kind.ends_with("busy")
}

/// Tells the bank what no app asks of it.
pub(crate) async fn tell_bank(addresses: &Addresses, path: &str, body: &Value) -> Value {
    let url = format!("{}/v1/simulation/{path}", addresses.url(BANK));
    let answer = addresses.ask(Method::POST, &url, body).await;
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.body);
    answer.body
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Partner {
    Acme,
    Globex,
}

impl Partner {
    pub(crate) const ALL: [Self; 2] = [Self::Acme, Self::Globex];

    /// As the app writes it down.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Acme => "acme",
            Self::Globex => "globex",
        }
    }

    /// Shows the key of local/callers.json.
    pub(crate) fn signs(self, request: RequestBuilder) -> RequestBuilder {
        request.header("iommi-subscription-key", format!("local-only-{}", self.name()))
    }
}
