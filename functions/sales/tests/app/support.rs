//! What only this app's tests do: a vendor beside the app, customers who order, and the vendor's own people.

use app_tests::{Answer, Method, Platform, Setup, this_app};
use serde_json::{Value, json};
use simulator_shell::Clock;
use std::net::TcpListener;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use vendor::{Faults, Options, Vendor};

/// A profile of the sample data.
pub(crate) const KIM: &str = "01980c6e-1111-7000-8000-000000000001";
/// How far time goes on when nothing happens.
const STEP: Duration = Duration::from_secs(10);

pub(crate) struct TestApp {
    platform: Platform,
    pub(crate) vendor: Vendor,
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

    /// The vendor goes by the platform's clock, and each knows where the other is.
    pub(crate) async fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        let port = free_port();
        let setup = Setup::of(this_app!())
            .neighbour("profiles")
            .setting("VENDOR_URL", format!("http://127.0.0.1:{port}/"));
        let platform = change(setup).start().await;
        let offset = platform.host().clock().file().to_str().unwrap();
        let clock = Clock::from_env_values(Some(offset), false).unwrap();
        let options = Options { port, clock, ..Options::ephemeral(platform.url()) };
        let vendor = vendor::start(options).await.unwrap();
        Self { platform, vendor }
    }

    /// What the vendor does wrong from now on, such as `loseAnswer,times=1`.
    pub(crate) fn wrong(&self, faults: &str) {
        self.vendor.set_faults(faults.parse::<Faults>().unwrap()).unwrap();
    }

    /// Kim orders so many pieces of each service, for a year. The order's id.
    pub(crate) async fn order(&self, lines: &[(&str, u32)]) -> String {
        self.order_as(KIM, lines).await
    }

    pub(crate) async fn order_as(&self, profile: &str, lines: &[(&str, u32)]) -> String {
        let line = |(service, quantity): &(&str, u32)| json!({"serviceId": service, "quantity": quantity, "months": 12});
        let body = json!({
            "lines": lines.iter().map(line).collect::<Vec<_>>(),
            "buyer": {
                "name": "Kim Larsen",
                "emailAddress": "kim.larsen@example.com",
                "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
            },
        });
        let request = self.request(Method::POST, &format!("/v1/profiles/{profile}/orders"));
        // Each is another order.
        static ORDERS: AtomicU32 = AtomicU32::new(0);
        let key = format!("order-{}", ORDERS.fetch_add(1, Ordering::Relaxed));
        request.header("idempotency-key", &key).json(&body).send().await.expect(202).id()
    }

    /// An account in euros of the customer of a profile, with the app `accounts` beside.
    pub(crate) async fn account(&self, profile: &str, limit: &str) -> String {
        let company = json!({"number": "DK 12345678", "name": "Nordlys ApS"});
        let customer = json!({"profileId": profile, "company": company});
        let customer = self.post("/accounts/v1/customers", &customer).await.expect(201).id();
        let limit = json!({"amount": limit, "currency": "EUR"});
        let account = json!({"customerId": customer, "name": "Licences", "limit": limit});
        self.post("/accounts/v1/accounts", &account).await.expect(201).id()
    }

    /// What an account owes, and what is held of it.
    pub(crate) async fn account_stands(&self, account: &str) -> (String, String) {
        let path = format!("/accounts/v1/accounts/{account}");
        let account = self.get(&path).await.expect(200).json();
        let amount = |name: &str| account[name]["amount"].as_str().unwrap().to_owned();
        (amount("posted"), amount("held"))
    }

    /// How the order is now.
    pub(crate) async fn order_now(&self, order: &str) -> Value {
        self.get(&format!("/v1/orders/{order}")).await.expect(200).json()
    }

    /// Waits until a step of the order is in this state, and gives the order.
    pub(crate) async fn until_step(&self, order: &str, step: &str, state: &str) -> Value {
        let look = async || {
            let now = self.order_now(order).await;
            (step_of(&now, step)["state"] == state).then_some(now)
        };
        self.eventually(&format!("{step} to be {state}"), look).await
    }

    /// As [`TestApp::until_step`], for what only comes with time.
    pub(crate) async fn until_step_with_time(&self, order: &str, step: &str, state: &str) -> Value {
        // Asked of the data: a request would be something that happens.
        let look = async || {
            let found = self.documents("orders").get(order, order).await?;
            let steps = found["progress"].as_array()?;
            steps.iter().any(|one| one["step"] == step && one["state"] == state).then_some(())
        };
        self.eventually_with_time(&format!("{step} to be {state}"), STEP, look).await;
        self.order_now(order).await
    }

    /// An order that is delivered and subscribed, with its licences.
    pub(crate) async fn delivered(&self, lines: &[(&str, u32)]) -> (String, Vec<Value>) {
        let order = self.order(lines).await;
        self.until_step(&order, "subscribe", "done").await;
        let licences = self.licences_of(&order).await;
        (order, licences)
    }

    /// The licences of an order, by its lines.
    pub(crate) async fn licences_of(&self, order: &str) -> Vec<Value> {
        let list = self.get(&format!("/v1/profiles/{KIM}/licences")).await.expect(200).json();
        let all = list["items"].as_array().unwrap().clone();
        let mut own: Vec<_> = all.into_iter().filter(|one| one["orderId"] == order).collect();
        own.sort_by_key(|one| one["line"].as_u64());
        own
    }

    /// Where a licence is.
    pub(crate) fn place(licence: &Value) -> String {
        let text = |name: &str| licence[name].as_str().unwrap().to_owned();
        format!("/v1/profiles/{}/licences/{}", text("profileId"), text("id"))
    }

    pub(crate) async fn licence(&self, licence: &Value) -> Answer {
        self.get(&Self::place(licence)).await.expect(200)
    }

    /// Waits until a licence is in this state.
    pub(crate) async fn until_licence(&self, licence: &Value, state: &str) -> Value {
        let look = async || {
            let now = self.licence(licence).await.json();
            (now["state"] == state).then_some(now)
        };
        self.eventually(&format!("the licence to be {state}"), look).await
    }

    /// Whether Kim is subscribed to a service.
    pub(crate) async fn is_subscribed(&self, service: &str) -> bool {
        let path = format!("/v1/profiles/{KIM}/subscriptions/{service}");
        let answer = self.request(Method::GET, &path).raw().await;
        answer.status == 200
    }

    /// All orders that the vendor has for one of ours, the oldest first.
    pub(crate) async fn at_vendor(&self, order: &str) -> Vec<Value> {
        let all = self.look_at_vendor("orders").await["orders"].as_array().unwrap().clone();
        let is_ours = |one: &Value| one["clientReference"].as_str().unwrap().starts_with(order);
        all.into_iter().filter(is_ours).collect()
    }

    /// The states of those.
    pub(crate) async fn states_at_vendor(&self, order: &str) -> Vec<String> {
        let all = self.at_vendor(order).await;
        all.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn look_at_vendor(&self, path: &str) -> Value {
        let url = format!("{}v1/simulation/{path}", self.vendor.url());
        let answer = self.http().get(url.trim_end_matches('/')).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// What the vendor's own people do.
    pub(crate) async fn tell_vendor(&self, path: &str, body: &Value) {
        let url = format!("{}v1/simulation/{path}", self.vendor.url());
        let answer = self.http().put(url).body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    /// The vendor is asked as by its client.
    pub(crate) async fn ask_vendor(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}v1/{path}", self.vendor.url());
        let request = self.http().request(method, url).body(body.to_string());
        let request = request.header("authorization", format!("Bearer {}", vendor::LOCAL_KEY));
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }
}

/// A step as the order shows it.
pub(crate) fn step_of<'a>(order: &'a Value, step: &str) -> &'a Value {
    let steps = order["steps"].as_array().unwrap();
    steps.iter().find(|one| one["step"] == step).unwrap()
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
