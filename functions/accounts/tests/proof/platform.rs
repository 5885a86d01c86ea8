//! What runs: the app beside the card network, and how both are asked.

use app_tests::proof::{Addresses, Answer, Layout, Parts};
use app_tests::this_app;
use card_network::Faults;
use reqwest::Method;
use serde_json::Value;

pub(crate) const NETWORK: &str = "network";
/// The key that the processor knows the app by locally: `CARD_NETWORK_KEY` in app.json.
const NETWORK_KEY: &str = "local-only-key-not-a-secret-0004";

pub(crate) fn parts() -> Parts {
    Parts::of(this_app!())
        .setting_from("CARD_NETWORK_URL", |layout| format!("{}/", layout.url(NETWORK)))
        // As much is logged as ever is: there may be no token and no card number in it.
        .setting("LOG_LEVEL", "info")
        .simulator(NETWORK, |layout| card_network::start(network(layout)))
}

fn network(layout: &Layout) -> card_network::Options {
    card_network::Options {
        port: layout.port(NETWORK),
        key: Some(NETWORK_KEY.to_owned()),
        data: Some(layout.folder(NETWORK)),
        faults: Faults {
            duplicate: 0.1,
            reorder: 0.05,
            lose: 0.05,
            late: 0.05,
            over_capture: 0.1,
            no_authorisation: 0.05,
            unknown_token: 0.03,
            wrong_signature: 0.03,
            replayed_signature: 0.03,
            pan: 0.3,
            ignore_answer: 0.03,
            ..Faults::default()
        },
        seed: layout.seed(),
        ..card_network::Options::ephemeral(layout.url(app_tests::proof::HOST))
    }
}

/// Asks the app, below `/accounts/v1/`.
pub(crate) async fn ask_app(
    addresses: &Addresses,
    method: Method,
    path: &str,
    body: &Value,
) -> Answer {
    addresses.ask(method, &format!("/accounts/v1/{path}"), body).await
}

/// Asks the card network.
pub(crate) async fn ask_network(
    addresses: &Addresses,
    method: Method,
    path: &str,
    body: &Value,
) -> Answer {
    let url = format!("{}/{path}", addresses.url(NETWORK));
    let ask = || addresses.json(method.clone(), &url, body).bearer_auth(NETWORK_KEY);
    addresses.insist(path, |_| false, ask).await
}
