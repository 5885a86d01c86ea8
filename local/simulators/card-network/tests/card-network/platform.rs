//! A platform that takes everything: it checks signatures, approves up to a limit and remembers facts.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use ring::hmac;
use serde_json::{Value, json};
use simulator_shell::{HangUp, Reply, Request, Running, Simulator, StatusCode, reply};

const KEY: &[u8] = b"local-only-key-not-a-secret-0003";

simulator_shell::faults! {
    /// Slow or down, as any API.
    pub(crate) struct NoFaults {}
}

impl simulator_shell::Faults for NoFaults {
    fn fieldsets() -> Vec<simulator_shell::Fieldset> {
        Vec::new()
    }
}

#[derive(Default)]
pub(crate) struct Kept {
    /// By the id of the question: whether it was approved.
    pub(crate) answers: HashMap<String, bool>,
    /// By the id of the message.
    pub(crate) facts: BTreeMap<String, Value>,
    /// Messages that were not signed, or too long ago.
    pub(crate) refused: u32,
}

#[derive(Clone, Default)]
pub(crate) struct FakePlatform(pub(crate) Arc<Mutex<Kept>>);

impl FakePlatform {
    pub(crate) async fn start() -> (Self, Running<Self>) {
        let platform = Self::default();
        let running =
            simulator_shell::start(platform.clone(), simulator_shell::Options::ephemeral());
        (platform, running.await.unwrap())
    }

    fn answer(&self, request: &Request) -> Reply {
        let mut kept = self.0.lock().unwrap();
        if !is_signed(request) {
            kept.refused += 1;
            return reply::problem(StatusCode::UNAUTHORIZED, "not signed");
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let id = body["id"].as_str().unwrap().to_owned();
        if body["card"].as_str().unwrap().starts_with("tok_nobody") {
            return reply::json(StatusCode::OK, &json!({"id": id, "approved": false}));
        }
        if request.path() == "/accounts/v1/network/authorisations" {
            let amount: f64 = body["amount"]["amount"].as_str().unwrap().parse().unwrap();
            let approved = *kept.answers.entry(id.clone()).or_insert(amount <= 500.0);
            return reply::json(StatusCode::OK, &json!({"id": id, "approved": approved}));
        }
        assert_eq!(request.path(), "/accounts/v1/network/events");
        kept.facts.insert(id.clone(), body);
        reply::json(StatusCode::CREATED, &json!({"id": id}))
    }
}

impl Simulator for FakePlatform {
    type Faults = NoFaults;
    const NAME: &'static str = "platform";
    const TITLE: &'static str = "Platform";
    const ABOUT: &'static str = "For tests.";

    async fn api(&self, request: Request, _faults: NoFaults) -> Result<Reply, HangUp> {
        Ok(self.answer(&request))
    }
}

fn is_signed(request: &Request) -> bool {
    let header = request.header("network-signature").unwrap();
    let (time, signature) = header.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let at: i64 = time.parse().unwrap();
    let text = [time.as_bytes(), b".", &request.body].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, KEY), &text);
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    hex == signature && (Timestamp::now().as_second() - at).abs() <= 300
}
