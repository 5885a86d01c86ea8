//! A bank that was started, and a client that asks for a consent as `credit` does.

use std::{path::Path, time::Duration};

use bank::{Bank, Faults, Options};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use simulator_shell::Clock;

/// A condition that is not met for so long has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const CALLBACK: &str = "http://127.0.0.1:7071/credit/v1/callback";
pub(crate) const STATE: &str = "a state & more";
/// The example of RFC 7636.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ID: &str = "iommi-credit";
const SECRET: &str = "local-only-secret-of-iommi-credit";

pub(crate) struct Rig {
    pub(crate) bank: Bank,
    pub(crate) clock: Clock,
    pub(crate) http: Client,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::with(Options::ephemeral()).await
    }

    /// On a clock that stands still: a Saturday.
    pub(crate) async fn with(options: Options) -> Self {
        let clock = Clock::stopped_at("2026-11-28T10:00:00Z".parse().unwrap());
        Self::at(options, clock).await
    }

    async fn at(options: Options, clock: Clock) -> Self {
        let bank = bank::start(Options { clock: clock.clone(), ..options }).await.unwrap();
        Self { bank, clock, http: http() }
    }

    pub(crate) async fn kept_in(dir: &Path) -> Self {
        Self::with(kept(dir)).await
    }

    /// Ended as a kill would, and started again.
    pub(crate) async fn restarted(self, dir: &Path) -> Self {
        let Self { bank, clock, http } = self;
        drop(bank);
        // The lock goes with the last task of the one that was.
        let began = std::time::Instant::now();
        loop {
            match bank::start(Options { clock: clock.clone(), ..kept(dir) }).await {
                Ok(bank) => return Self { bank, clock, http },
                Err(error) => assert!(began.elapsed() < DEADLINE, "{error}"),
            }
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.bank.url())
    }

    pub(crate) fn faults(&self, line: &str) {
        self.bank.set_faults(line.parse::<Faults>().unwrap()).unwrap();
    }

    pub(crate) fn form(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        self.http
            .post(self.url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.finish())
    }

    /// A form of the client `credit`.
    pub(crate) async fn as_credit(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        told(self.form(path, form).basic_auth(ID, Some(SECRET)).send().await.unwrap()).await
    }

    pub(crate) async fn push(&self, changed: &[(&str, &str)]) -> (u16, Value) {
        let details =
            json!([{"type": "account_information", "purpose": "credit-assessment", "days": 180,
            "validUntil": "2027-01-27T10:00:00Z"}])
            .to_string();
        let usual = [
            ("response_type", "code"),
            ("client_id", ID),
            ("redirect_uri", CALLBACK),
            ("scope", "accounts transactions"),
            ("state", STATE),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("authorization_details", &*details),
        ];
        let is_usual = |(name, _): &&(&str, &str)| !changed.iter().any(|(other, _)| other == name);
        let form: Vec<_> = usual.iter().filter(is_usual).chain(changed).copied().collect();
        self.as_credit("par", &form).await
    }

    pub(crate) async fn request_uri(&self) -> String {
        let (status, pushed) = self.push(&[]).await;
        assert_eq!(status, 201, "{pushed}");
        pushed["request_uri"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn decide(
        &self,
        request_uri: &str,
        customer: &str,
        decision: &str,
    ) -> (u16, Value) {
        let body = json!({"request_uri": request_uri, "customer": customer, "decision": decision});
        self.post("v1/simulation/consents", &body).await
    }

    /// The parameters with which a person who approves is sent back.
    pub(crate) async fn approved(&self, customer: &str) -> Vec<(String, String)> {
        let request_uri = self.request_uri().await;
        let (status, answer) = self.decide(&request_uri, customer, "approve").await;
        assert_eq!(status, 200, "{answer}");
        sent_back(answer["location"].as_str().unwrap())
    }

    pub(crate) async fn code(&self, customer: &str) -> String {
        value(&self.approved(customer).await, "code").unwrap()
    }

    pub(crate) async fn exchange(&self, code: &str, changed: &[(&str, &str)]) -> (u16, Value) {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let is_usual = |(name, _): &&(&str, &str)| !changed.iter().any(|(other, _)| other == name);
        let form: Vec<_> = usual.iter().filter(is_usual).chain(changed).copied().collect();
        self.as_credit("token", &form).await
    }

    pub(crate) async fn token_by_consent(&self, customer: &str) -> String {
        let code = self.code(customer).await;
        let (status, token) = self.exchange(&code, &[]).await;
        assert_eq!(status, 200, "{token}");
        token["access_token"].as_str().unwrap().to_owned()
    }

    /// As a partner has it.
    pub(crate) async fn token(&self, customer: &str) -> String {
        let (status, token) =
            self.post("v1/simulation/tokens", &json!({"customer": customer})).await;
        assert_eq!(status, 201, "{token}");
        token["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        told(self.http.post(self.url(path)).body(body.to_string()).send().await.unwrap()).await
    }

    pub(crate) fn ask(&self, token: &str, path: &str) -> RequestBuilder {
        self.http.get(self.url(path)).bearer_auth(token)
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> (u16, Value) {
        told(self.ask(token, path).send().await.unwrap()).await
    }

    pub(crate) async fn counters(&self) -> Value {
        counters(&self.http, self.bank.url().trim_end_matches('/')).await
    }

    pub(crate) async fn until_in_flight(&self, count: u64) {
        until_in_flight(&self.http, self.bank.url().trim_end_matches('/'), count).await;
    }

    pub(crate) async fn accounts(&self, token: &str) -> Vec<Value> {
        let (status, body) = self.get(token, "accounts").await;
        assert_eq!(status, 200, "{body}");
        body["accounts"].as_array().unwrap().clone()
    }

    /// Where the transactions of the first account are.
    pub(crate) async fn transactions_path(&self, token: &str) -> String {
        let accounts = self.accounts(token).await;
        format!("accounts/{}/transactions", accounts[0]["id"].as_str().unwrap())
    }

    /// All pages, one after another; at most so many.
    pub(crate) async fn pages(&self, token: &str, path: &str, most: usize) -> Vec<Value> {
        let mut pages: Vec<Value> = Vec::new();
        let mut next = path.to_owned();
        while pages.len() < most {
            let (status, page) = self.get(token, &next).await;
            assert_eq!(status, 200, "{page}");
            let cursor = page["next"].as_str().map(str::to_owned);
            pages.push(page);
            let Some(cursor) = cursor else { break };
            let path = path.split('?').next().unwrap();
            next = format!("{path}?cursor={cursor}");
        }
        pages
    }

    pub(crate) async fn transactions(&self, token: &str, path: &str) -> Vec<Value> {
        joined(&self.pages(token, path, 1_000).await)
    }
}

async fn counters(http: &Client, url: &str) -> Value {
    let url = format!("{url}/v1/simulation/counters");
    http.get(url).send().await.unwrap().json().await.unwrap()
}

/// Waits until so many requests are being answered.
pub(crate) async fn until_in_flight(http: &Client, url: &str, count: u64) {
    let began = std::time::Instant::now();
    loop {
        let counters = counters(http, url).await;
        if counters["inFlight"] == count {
            return;
        }
        assert!(began.elapsed() < DEADLINE, "{count} are not in flight: {counters}");
    }
}

pub(crate) fn joined(pages: &[Value]) -> Vec<Value> {
    pages.iter().flat_map(|page| page["transactions"].as_array().unwrap().clone()).collect()
}

pub(crate) async fn told(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

pub(crate) fn sent_back(location: &str) -> Vec<(String, String)> {
    let (address, query) = location.split_once('?').unwrap();
    assert_eq!(address, CALLBACK);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

pub(crate) fn value(parameters: &[(String, String)], name: &str) -> Option<String> {
    parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
}

/// In cents.
pub(crate) fn minor(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

fn kept(dir: &Path) -> Options {
    Options { data: Some(dir.to_owned()), ..Options::ephemeral() }
}

pub(crate) fn http() -> Client {
    // reqwest asks for a TLS implementation even where none is used; the second test of a process finds one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirect = reqwest::redirect::Policy::none();
    Client::builder().no_proxy().redirect(redirect).timeout(DEADLINE).build().unwrap()
}
