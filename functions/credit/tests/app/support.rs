//! What only this app's tests do: a bank beside the app, partners, and people who decide.

use app_tests::{Answer, Method, Platform, Setup, this_app};
use bank::{Bank, Faults, Options};
use serde_json::{Value, json};
use std::ops::Deref;
use std::time::Duration;

/// Keys of local/callers.json.
pub(crate) const ACME: &str = "local-only-acme";
pub(crate) const GLOBEX: &str = "local-only-globex";
/// Where people go after the bank.
pub(crate) const RETURN_URL: &str = "https://partner.example/back";

pub(crate) struct TestApp {
    platform: Platform,
    pub(crate) bank: Bank,
}

impl Deref for TestApp {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.platform
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(|setup| setup).await
    }

    pub(crate) async fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        Self::beside(Options::ephemeral(), change).await
    }

    pub(crate) async fn beside(bank: Options, change: impl FnOnce(Setup) -> Setup) -> Self {
        let bank = bank::start(bank).await.unwrap();
        let url = bank.url();
        let setup = Setup::of(this_app!())
            .neighbour("scoring")
            .setting("BANK_URL", url.clone())
            .setting("BANK_ISSUER", url.trim_end_matches('/'))
            .setting("SCORING_PATHS", "50");
        let app = Self { platform: change(setup).start().await, bank };
        // The platform has a port of its own, and so has where the bank sends people back to.
        let callback = format!("{}/credit/v1/callback", app.url().trim_end_matches('/'));
        let url = format!("{}v1/simulation/clients/iommi-credit", app.bank.url());
        let body = json!({ "redirectUris": [callback] }).to_string();
        let known = app.http().put(url).body(body).send().await.unwrap();
        assert!(known.status().is_success());
        app
    }

    /// As a partner.
    pub(crate) async fn ask(&self, key: &str, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, &format!("/credit/v1/{path}"));
        let request = request.header("iommi-subscription-key", key);
        if body.is_null() { request.send().await } else { request.json(body).send().await }
    }

    pub(crate) async fn acme(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.ask(ACME, method, path, body).await
    }

    pub(crate) async fn read(&self, path: &str) -> Value {
        self.acme(Method::GET, path, &Value::Null).await.expect(200).json()
    }

    pub(crate) fn wrong(&self, faults: &str) {
        self.bank.set_faults(faults.parse::<Faults>().unwrap()).unwrap();
    }

    /// What the bank is told besides its interface.
    pub(crate) async fn tell_bank(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}v1/simulation/{path}", self.bank.url());
        let answer = self.http().post(url).body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    pub(crate) async fn look_at_bank(&self, path: &str) -> Value {
        let url = format!("{}v1/simulation/{path}", self.bank.url());
        let answer = self.http().get(url).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// A token as a partner has it who talks to the bank itself.
    pub(crate) async fn token(&self, customer: &str) -> String {
        let token = self.tell_bank("tokens", &json!({ "customer": customer })).await;
        token["access_token"].as_str().unwrap().to_owned()
    }

    /// A consent that a person was asked for, with where the person is to go.
    pub(crate) async fn asked(&self, reference: &str) -> (String, String) {
        let urls = json!({ "returnUrls": [RETURN_URL] });
        self.acme(Method::PUT, "partner", &urls).await.expect(200);
        let body = json!({ "customerReference": reference, "returnUrl": RETURN_URL });
        let consent = self.acme(Method::POST, "consents", &body).await.expect(201).json();
        let text = |name: &str| consent[name].as_str().unwrap().to_owned();
        (text("id"), text("authorizeUrl"))
    }

    /// What the bank sends the person back with.
    pub(crate) async fn decided(&self, url: &str, customer: &str, decision: &str) -> String {
        let request_uri = reqwest::Url::parse(url).unwrap();
        let request_uri = request_uri.query_pairs().find(|(name, _)| name == "request_uri");
        let request_uri = request_uri.unwrap().1.into_owned();
        let body =
            json!({ "request_uri": request_uri, "customer": customer, "decision": decision });
        let answer = self.tell_bank("consents", &body).await;
        let location = answer["location"].as_str().unwrap();
        location.split_once("/credit/v1/").unwrap().1.to_owned()
    }

    /// The person's browser, back from the bank.
    pub(crate) async fn come_back(&self, callback: &str) -> Answer {
        self.request(Method::GET, &format!("/credit/v1/{callback}")).send().await
    }

    /// A consent that was granted.
    pub(crate) async fn granted(&self, reference: &str, customer: &str) -> String {
        let (id, url) = self.asked(reference).await;
        let callback = self.decided(&url, customer, "approve").await;
        self.come_back(&callback).await.expect(303);
        assert_eq!(self.read(&format!("consents/{id}")).await["state"], "granted");
        id
    }

    /// An assessment that was begun.
    pub(crate) async fn begun(&self, body: &Value) -> String {
        self.acme(Method::POST, "assessments", body).await.expect(202).id()
    }

    /// The assessment of a person whose token the partner has.
    pub(crate) async fn begun_by_token(&self, reference: &str, customer: &str) -> String {
        let token = self.token(customer).await;
        self.begun(&json!({ "bankToken": token, "customerReference": reference })).await
    }

    /// Waits until it is in this state.
    pub(crate) async fn is(&self, id: &str, state: &str) -> Value {
        let look = async || {
            let assessment = self.read(&format!("assessments/{id}")).await;
            (assessment["state"] == state).then_some(assessment)
        };
        self.eventually(&format!("the assessment to be {state}"), look).await
    }

    /// As [`TestApp::is`], for what only comes with time.
    pub(crate) async fn is_with_time(&self, id: &str, state: &str) -> Value {
        let look = async || {
            let found = self.documents("assessments").get(id, id).await?;
            let outcome = found["outcome"]["outcome"].as_str().unwrap_or_default();
            (found["phase"] == state || outcome == state).then_some(())
        };
        let step = Duration::from_secs(20);
        self.eventually_with_time(&format!("the assessment to be {state}"), step, look).await;
        self.is(id, state).await
    }

    pub(crate) async fn document(&self, id: &str) -> Value {
        self.documents("assessments").get(id, id).await.unwrap()
    }
}
