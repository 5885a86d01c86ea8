//! What tests of mails do: an app with a mail service of its own, and orders that are as far as a test wants them.

use app_tests::{Platform, Setup, this_app};
use email::{Email, Faults, Options};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::ops::Deref;
use std::time::Duration;
use uuid::Uuid;

const STEPS: [&str; 5] = ["provision", "subscribe", "invoice", "document", "email"];
/// What no mail may carry.
pub(crate) const PICTURE: &str = "%PDF-1.7 of an invoice";
pub(crate) const NUMBER: &str = "IODK-2026-000001";

pub(crate) struct PostApp {
    platform: Platform,
    pub(crate) email: Email,
}

impl Deref for PostApp {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.platform
    }
}

/// An order that a test made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) profile: String,
    pub(crate) address: String,
}

impl PostApp {
    pub(crate) async fn start() -> Self {
        Self::with(&[], |options| options).await
    }

    pub(crate) async fn with(
        settings: &[(&str, &str)],
        change: impl FnOnce(Options) -> Options,
    ) -> Self {
        // The mail service has to know where the platform is, and the platform where the mail service is.
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let options = Options::ephemeral(format!("http://127.0.0.1:{port}"));
        let email = email::start(change(options)).await.unwrap();
        let setup = Setup::of(this_app!()).setting("EMAIL_URL", email.url()).settings(settings);
        let platform = setup.options(|options| options.http_port = port).start().await;
        Self { platform, email }
    }

    pub(crate) fn wrong(&self, faults: &str) {
        self.email.set_faults(faults.parse::<Faults>().unwrap()).unwrap();
    }

    /// An order whose steps before this one are done; its message is in the queue.
    pub(crate) async fn due(&self, step: &str) -> Made {
        let made = self.made(step).await;
        self.tell(&made, step).await;
        made
    }

    /// As [`PostApp::due`], and nobody was told.
    pub(crate) async fn made(&self, step: &str) -> Made {
        self.made_for(&Uuid::now_v7().to_string(), step).await
    }

    pub(crate) async fn made_for(&self, profile: &str, step: &str) -> Made {
        let id = Uuid::now_v7().to_string();
        let address = format!("{id}@example.com");
        let made = Made { id, profile: profile.to_owned(), address };
        let document = json!({
            "metadata": {"manifestVersion": "1", "payloadType": "sales document"},
            "payload": {
                "number": NUMBER, "total": {"amount": "42.50", "currency": "EUR"}, "due": "2026-12-29",
                "pdf": format!("sales-invoices/{}/invoice.pdf", made.id), "sha256": "0".repeat(64),
            },
        });
        let path = |step: &str| format!("sales-payloads/{}/{step}/1.json", made.id);
        self.put_blob(&path("document"), &document.to_string()).await;
        self.put_blob(&path("invoice"), r#"{"buyer":"Secret Kim"}"#).await;
        self.put_blob(&format!("sales-invoices/{}/invoice.pdf", made.id), PICTURE).await;
        self.documents("orders").put(&made.id, &order(&made, step)).await;
        made
    }

    /// The message that a step is due.
    pub(crate) async fn tell(&self, made: &Made, step: &str) {
        let event = json!({
            "specversion": "1.0", "id": format!("{}.{step}.1.0", made.id), "source": "/sales",
            "type": "com.iommi.sales.step-due.v1", "subject": made.id, "time": "2026-11-29T08:00:00Z",
            "dataref": format!("sales-payloads/{}/x/1.json", made.id),
        });
        self.queue(&format!("sales-{step}-everywhere")).send_json(&event).await;
    }

    async fn put_blob(&self, path: &str, content: &str) {
        let service = self.blob_service();
        let (endpoint, signature) = service.split_once('?').unwrap();
        let url = format!("{}/{path}?{signature}", endpoint.trim_end_matches('/'));
        let request = self.http().put(url).header("x-ms-version", "2024-11-04");
        let request = request.header("x-ms-blob-type", "BlockBlob").body(content.to_owned());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 201, "{path}");
    }

    pub(crate) async fn order(&self, made: &Made) -> Value {
        self.get(&format!("/v1/orders/{}", made.id)).await.expect(200).json()
    }

    /// The version of an order.
    pub(crate) async fn etag(&self, path: &str) -> String {
        self.get(path).await.expect(200).etag().to_owned()
    }

    /// How its mail stands: the step, and what is known of the mail.
    pub(crate) async fn stands(&self, made: &Made) -> (String, Value) {
        let order = self.order(made).await;
        let step = order["steps"][4]["state"].as_str().unwrap().to_owned();
        (step, order["mail"]["status"].clone())
    }

    /// Waits until it stands so.
    pub(crate) async fn is(&self, made: &Made, step: &str, status: &str) -> Value {
        let look = async || {
            let stands = self.stands(made).await;
            (stands.0 == step && stands.1 == status).then_some(())
        };
        self.eventually(&format!("the mail to be {step}, {status},"), look).await;
        self.order(made).await
    }

    /// As [`PostApp::is`], for what only comes with time.
    pub(crate) async fn is_with_time(&self, made: &Made, step: &str, status: &str) -> Value {
        let look = async || {
            let stands = self.stands(made).await;
            (stands.0 == step && stands.1 == status).then_some(())
        };
        let what = format!("the mail to be {step}, {status},");
        self.eventually_with_time(&what, Duration::from_secs(40), look).await;
        self.order(made).await
    }

    /// What the mail service has for an order.
    pub(crate) async fn mails(&self, made: &Made) -> Vec<Value> {
        let path = format!("v1/simulation/mails?to={}", made.address);
        self.look(&path).await["mails"].as_array().unwrap().clone()
    }

    /// How often mails for an order arrived.
    pub(crate) async fn arrived(&self, made: &Made) -> u64 {
        let mails = self.mails(made).await;
        mails.iter().map(|mail| mail["times"].as_u64().unwrap()).sum()
    }

    pub(crate) async fn look(&self, path: &str) -> Value {
        let answer = self.http().get(format!("{}{path}", self.email.url())).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// Our people restart the step `email`, with another mail or without.
    pub(crate) async fn restarted(&self, made: &Made, resend: bool) {
        let path = format!("/sales/v1/orders/{}/restart", made.id);
        self.post(&path, &json!({ "from": "email", "resend": resend })).await.expect(202);
    }
}

/// The document of an order whose steps before this one are done.
fn order(made: &Made, due: &str) -> Value {
    let at = STEPS.iter().position(|step| *step == due).unwrap();
    let placed = Timestamp::now() - SignedDuration::from_secs(5);
    let mut history = vec![json!({"at": placed, "what": "placed"})];
    let mut progress = Vec::new();
    for (place, step) in STEPS.iter().enumerate() {
        let (state, attempt) = match place.cmp(&at) {
            std::cmp::Ordering::Less => ("done", 1),
            std::cmp::Ordering::Equal => ("due", 1),
            std::cmp::Ordering::Greater => ("waiting", 0),
        };
        let path = (state == "done").then(|| format!("{}/{step}/1.json", made.id));
        progress.push(json!({
            "step": step, "state": state, "attempt": attempt, "tries": 0, "since": placed, "path": path,
        }));
        if state == "done" {
            history.push(json!({"at": placed, "what": "done", "step": step, "attempt": 1}));
        }
    }
    let price = |amount: &str| json!({"amount": amount, "currency": "EUR"});
    json!({
        "id": made.id, "schemaVersion": 1, "profileId": made.profile, "placedAt": placed,
        "fingerprint": "f", "accepted": format!("{}/accept/1.json", made.id),
        "buyer": {
            "name": "Secret Kim", "emailAddress": made.address,
            "address": {"street": "Secret street 1", "city": "København", "country": "DK"},
        },
        "lines": [{
            "line": 1, "service": "night-watch", "name": "Night watch", "vendorService": "vend-night-watch",
            "quantity": 1, "months": 2, "purchasePrice": price("8.00"), "unitPrice": price("17.00"),
        }],
        "currency": "EUR", "cancelled": null, "progress": progress, "duties": [],
        "invoiceNumber": (at > 2).then_some(NUMBER), "mail": null, "history": history,
        "revision": at + 1, "state": "open", "watched": true, "atStep": due, "dueAt": placed,
        "problem": null, "place": format!("{placed} {}", made.id),
    })
}
