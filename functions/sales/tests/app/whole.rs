//! The app with all that an order meets on its way: vendor, profiles and mail service, each by the platform's clock.

use crate::support::TestApp;
use app_tests::{Answer, BegunTrace, Method, Setup};
use email::Email;
use serde_json::{Value, json};
use simulator_shell::Clock;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::ops::Deref;
use std::time::Duration;
use uuid::Uuid;

/// Dates that no message waits for.
pub(crate) const NEVER: &str = "2199-01-01T00:00:00Z";

pub(crate) struct WholeApp {
    app: TestApp,
    pub(crate) email: Email,
}

impl Deref for WholeApp {
    type Target = TestApp;
    fn deref(&self) -> &TestApp {
        &self.app
    }
}

/// All that an order has outside of itself, by what it is.
pub(crate) type Effects = BTreeMap<&'static str, Value>;

impl WholeApp {
    pub(crate) async fn start() -> Self {
        Self::with(|setup| setup).await
    }

    pub(crate) async fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        // The platform has to know where the mail service is, and the mail service where the platform is.
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/");
        let app = TestApp::with(|setup| change(setup.setting("EMAIL_URL", url))).await;
        let offset = app.host().clock().file().to_str().unwrap();
        let clock = Clock::from_env_values(Some(offset), false).unwrap();
        let options = email::Options { port, clock, ..email::Options::ephemeral(app.url()) };
        let email = email::start(options).await.unwrap();
        Self { app, email }
    }

    /// An order of two pieces whose mail is delivered, to an address of its own.
    pub(crate) async fn fulfilled(&self) -> String {
        let order = self.placed("Kim Larsen").await;
        self.until_fulfilled(&order).await;
        order
    }

    /// An order of two pieces. Its mail goes to an address of its own.
    pub(crate) async fn placed(&self, buyer: &str) -> String {
        self.placed_to_be_paid(buyer, Value::Null, None).await
    }

    /// The same, charged to an account.
    pub(crate) async fn placed_on(&self, account: &str) -> String {
        self.placed_to_be_paid("Kim Larsen", json!({ "onAccount": account }), None).await
    }

    /// An order of two pieces, as part of a trace.
    pub(crate) async fn placed_in(&self, trace: &BegunTrace) -> String {
        self.placed_to_be_paid("Kim Larsen", Value::Null, Some(trace)).await
    }

    async fn placed_to_be_paid(
        &self,
        buyer: &str,
        payment: Value,
        trace: Option<&BegunTrace>,
    ) -> String {
        let key = Uuid::now_v7().to_string();
        let path = format!("/v1/profiles/{}/orders", crate::support::KIM);
        let body = json!({
            "lines": [{"serviceId": "night-watch", "quantity": 2, "months": 12}],
            "buyer": {
                "name": buyer, "emailAddress": format!("{key}@example.com"),
                "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
            },
            "payment": payment,
        });
        let request = self.request(Method::POST, &path).header("idempotency-key", &key);
        let request = match trace {
            Some(trace) => request.traced(trace),
            None => request,
        };
        request.json(&body).send().await.expect(202).id()
    }

    /// Waits until its mail is delivered.
    pub(crate) async fn until_fulfilled(&self, order: &str) -> Value {
        self.until(order, "fulfilled", |now| {
            now["state"] == "fulfilled" && now["mail"]["status"] == "Delivered"
        })
        .await
    }

    /// Waits until the order is stored as it should be; how it is then.
    pub(crate) async fn until(
        &self,
        order: &str,
        what: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> Value {
        // Asked of the data: a request would be something that happens.
        let look = async || is_so(&self.stored(order).await).then_some(());
        let what = format!("order {order} to be {what}");
        self.eventually_with_time(&what, Duration::from_secs(10), look).await;
        self.order_now(order).await
    }

    pub(crate) async fn restart(&self, order: &str, from: &str, resend: bool) -> Answer {
        let path = format!("/sales/v1/orders/{order}/restart");
        self.post(&path, &json!({"from": from, "resend": resend})).await
    }

    /// The order as it is stored.
    pub(crate) async fn stored(&self, order: &str) -> Value {
        self.documents("orders").get(order, order).await.unwrap()
    }

    /// What is to be there once, whoever makes which step again.
    pub(crate) async fn effects(&self, order: &str) -> Effects {
        let shown = self.order_now(order).await;
        let number = shown["invoiceNumber"].as_str().unwrap().to_owned();
        let is_of = |one: &Value, member: &str| one[member] == order;
        let invoices = self.documents("invoices").all().await.into_iter();
        let invoices: Vec<_> = invoices.filter(|one| is_of(one, "orderId")).collect();
        let records = self.documents("invoice-series").all().await.into_iter();
        let records: Vec<_> = records.filter(|one| is_of(one, "id")).collect();
        let at_vendor = self.at_vendor(order).await.into_iter();
        let bought: Vec<_> = at_vendor.filter(|one| one["state"] != "cancelled").collect();
        let licences = self.documents("licences").all().await.into_iter();
        let licences: Vec<_> = licences.filter(|one| is_of(one, "orderId")).collect();
        BTreeMap::from([
            (
                "orders at the vendor",
                json!(bought.iter().map(|one| &one["orderId"]).collect::<Vec<_>>()),
            ),
            (
                "licences",
                json!(licences.iter().map(|one| (&one["id"], &one["state"])).collect::<Vec<_>>()),
            ),
            (
                "invoices",
                json!(
                    invoices.iter().map(|one| (&one["id"], &one["ublSha256"])).collect::<Vec<_>>()
                ),
            ),
            (
                "records of numbers",
                json!(records.iter().map(|one| &one["number"]).collect::<Vec<_>>()),
            ),
            ("number", json!(number)),
            ("UBL", json!(self.sha256_of(&number, "xml").await)),
            ("PDF", json!(self.sha256_of(&number, "pdf").await)),
            ("subscribed", json!(self.is_subscribed("night-watch").await)),
            ("mails", json!(self.arrived(order).await)),
        ])
    }

    /// Of a file in the archive.
    pub(crate) async fn sha256_of(&self, number: &str, extension: &str) -> Option<String> {
        let file = self.blob(&format!("sales-invoices/{number}/invoice.{extension}")).await?;
        Some(format!("{:?}", ring::digest::digest(&ring::digest::SHA256, &file)))
    }

    /// How often mails of an order arrived.
    pub(crate) async fn arrived(&self, order: &str) -> u64 {
        let address = self.order_now(order).await["buyer"]["emailAddress"].clone();
        let url =
            format!("{}v1/simulation/mails?to={}", self.email_url(), address.as_str().unwrap());
        let answer = self.http().get(url).send().await.unwrap();
        let found: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let mails = found["mails"].as_array().unwrap();
        mails.iter().map(|mail| mail["times"].as_u64().unwrap()).sum()
    }

    /// The mail service says later what became of the order's last mail.
    pub(crate) async fn report(&self, order: &str, status: &str) {
        let order = self.stored(order).await;
        let (operation, recipient) = (&order["mail"]["operation"], &order["buyer"]["emailAddress"]);
        let body = json!({"operationId": operation, "recipient": recipient, "status": status});
        let url = format!("{}v1/simulation/reports", self.email_url());
        let answer = self.http().post(url).body(body.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 202, "{body}");
    }

    fn email_url(&self) -> String {
        format!("{}/", self.email.url().trim_end_matches('/'))
    }
}
