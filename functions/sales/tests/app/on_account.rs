//! A sale that is charged to an account: held before anything is bought, charged once, given back when it is credited. With
//! the real app `accounts` beside.

use crate::between::Between;
use crate::support::{KIM, TestApp, step_of};
use app_tests::{Method, Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What a night watch for a year comes to, with VAT.
const TOTAL: &str = "442.50";
const A_MINUTE: Duration = Duration::from_secs(60);

struct OnAccount {
    app: TestApp,
    between: Between,
    account: String,
}

fn euros(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

impl OnAccount {
    /// An account of Kim's with this limit.
    async fn start(limit: &str) -> Self {
        let between = Between::start().await;
        let url = between.url();
        let app = TestApp::with(|setup| setup.neighbour("accounts").setting("ACCOUNTS_URL", url));
        let app = app.await;
        between.leads_to(app.url());
        app.get("/sales/v1/offers").await.expect(200);
        let account = app.account(KIM, limit).await;
        Self { app, between, account }
    }

    /// A night watch for a year.
    async fn order(&self) -> String {
        self.order_on(&self.account).await
    }

    async fn order_on(&self, account: &str) -> String {
        let body = json!({
            "lines": [{"serviceId": "night-watch", "months": 12}],
            "buyer": {
                "name": "Kim Larsen", "emailAddress": "kim.larsen@example.com",
                "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
            },
            "payment": {"onAccount": account},
        });
        static ORDERS: AtomicU32 = AtomicU32::new(0);
        let key = format!("on-account-{}", ORDERS.fetch_add(1, Ordering::Relaxed));
        let request = self.app.request(Method::POST, &format!("/v1/profiles/{KIM}/orders"));
        let placed = request.header("idempotency-key", &key).json(&body).send().await.expect(202);
        assert_eq!(placed.json()["payment"], json!({ "onAccount": account }));
        placed.id()
    }

    /// The order once its document is made, which comes after the account was charged.
    async fn documented(&self, order: &str) -> Value {
        self.app.until_step(order, "document", "done").await
    }

    async fn restart(&self, order: &str, from: &str) {
        let path = format!("/sales/v1/orders/{order}/restart");
        self.app.post(&path, &json!({ "from": from })).await.expect(202);
    }

    /// What is owed and held.
    async fn stands(&self) -> (String, String) {
        self.app.account_stands(&self.account).await
    }

    async fn comes_to(&self, posted: &str, held: &str) {
        let wanted = (posted.to_owned(), held.to_owned());
        let look = async || (self.stands().await == wanted).then_some(());
        self.app.eventually(&format!("{posted} owed and {held} held"), look).await;
    }

    async fn set_limit(&self, limit: &str) {
        let path = format!("/accounts/v1/accounts/{}/limit", self.account);
        let body = json!({"limit": euros(limit), "why": "a good customer"});
        self.app.put(&path, &body).await.expect(200);
    }
}

fn owes(posted: &str, held: &str) -> (String, String) {
    (posted.to_owned(), held.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_on_account_is_held_before_it_is_bought_and_charged_with_what_its_invoice_says() {
    let shop = OnAccount::start("1000.00").await;
    shop.app.wrong("activatingSeconds=600");
    let order = shop.order().await;
    shop.app.until_step(&order, "authorise", "done").await;
    assert_eq!(shop.stands().await, owes("0.00", TOTAL), "held while the vendor activates it");
    shop.app.travel(10 * A_MINUTE);
    shop.app.until_step_with_time(&order, "document", "done").await;
    assert_eq!(shop.stands().await, owes(TOTAL, "0.00"));
    let path = format!("/accounts/v1/accounts/{}/overview", shop.account);
    let screen = shop.app.get(&path).await.expect(200).json();
    assert_eq!(screen["spend"]["remaining"], euros("557.50"));
    let latest = &screen["transactions"]["latest"][0];
    let (state, by) = (&latest["state"], &latest["merchant"]["name"]);
    assert_eq!((state, by), (&json!("posted"), &json!("Iommi ApS")));
    let placed = shop.app.order_now(&order).await;
    let number = placed["invoiceNumber"].as_str().unwrap();
    let ubl = shop.app.get(&format!("/v1/invoices/{number}/content/ubl")).await.expect(200);
    let ending = &shop.account[shop.account.len() - 4..];
    let terms = format!("Charged to your account ending {ending}.");
    let ubl = String::from_utf8(ubl.body).unwrap();
    assert!(ubl.contains(&terms) && !ubl.contains("IBAN") && !ubl.contains("DueDate"), "{ubl}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_account_has_not_is_declined_and_nothing_is_bought_until_it_has() {
    let shop = OnAccount::start("442.49").await;
    let order = shop.order().await;
    let failed = shop.app.until_step(&order, "authorise", "failed").await;
    let problem = &step_of(&failed, "authorise")["problem"];
    assert_eq!(
        (&failed["state"], &problem["code"]),
        (&json!("failed"), &json!("payment-declined"))
    );
    assert!(problem["detail"].as_str().unwrap().contains("account-limit"), "{problem}");
    assert_eq!(shop.app.states_at_vendor(&order).await, [""; 0]);
    shop.set_limit(TOTAL).await;
    shop.restart(&order, "authorise").await;
    shop.documented(&order).await;
    assert_eq!(shop.stands().await, owes(TOTAL, "0.00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_somebody_else_or_of_nobody_is_not_charged_and_nothing_is_left_there() {
    let shop = OnAccount::start("1000.00").await;
    let robin = shop.app.account(&KIM.replace("1111", "2222"), "1000.00").await;
    for account in [robin.clone(), KIM.replace("1111", "3333")] {
        let order = shop.order_on(&account).await;
        let failed = shop.app.until_step(&order, "authorise", "failed").await;
        let problem = &step_of(&failed, "authorise")["problem"];
        assert_eq!(problem["code"], "payment-declined");
        assert!(problem["detail"].as_str().unwrap().contains("no-such-account"), "{problem}");
        shop.app.delete(&format!("/v1/orders/{order}")).await.expect(204);
        assert_eq!(shop.app.states_at_vendor(&order).await, [""; 0]);
    }
    let path = format!("/accounts/v1/accounts/{robin}/transactions");
    assert_eq!(shop.app.get(&path).await.expect(200).json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_vendor_refuses_is_given_up_and_an_order_that_is_made_once_more_is_held_anew() {
    let shop = OnAccount::start("500.00").await;
    shop.app.tell_vendor("services/vend-night-watch", &json!({"stock": 0})).await;
    let order = shop.order().await;
    let failed = shop.app.until_step(&order, "provision", "failed").await;
    assert_eq!(step_of(&failed, "provision")["problem"]["code"], "out-of-stock");
    shop.comes_to("0.00", "0.00").await;
    shop.app.tell_vendor("services/vend-night-watch", &json!({"stock": 9})).await;
    shop.restart(&order, "provision").await;
    let done = shop.documented(&order).await;
    assert_eq!(step_of(&done, "authorise")["attempt"], 2, "nothing is bought that is not held");
    assert_eq!(shop.stands().await, owes(TOTAL, "0.00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_cancelled_gives_up_what_is_held_as_soon_as_the_account_can_be_asked() {
    let shop = OnAccount::start("500.00").await;
    shop.app.wrong("activatingSeconds=6000");
    let order = shop.order().await;
    shop.app.until_step(&order, "authorise", "done").await;
    assert_eq!(shop.stands().await, owes("0.00", TOTAL));
    // Nothing comes back from there for a while.
    shop.between.loses(u32::MAX);
    shop.between.leads_to("http://127.0.0.1:1");
    shop.app.delete(&format!("/v1/orders/{order}")).await.expect(204);
    assert_eq!(shop.stands().await, owes("0.00", TOTAL));
    shop.between.leads_to(shop.app.url());
    shop.between.loses(0);
    shop.app.travel(3 * A_MINUTE);
    let look = async || (shop.stands().await == owes("0.00", "0.00")).then_some(());
    shop.app.eventually_with_time("nothing to be held", A_MINUTE, look).await;
    assert_eq!(shop.app.order_now(&order).await["state"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_answer_of_the_account_is_lost_it_is_charged_once() {
    let shop = OnAccount::start("100000.00").await;
    let writes = Requests::any().writes().path("/dbs/accounts/colls/accounts/");
    let lost = shop.app.with_each_answer_lost(Service::Cosmos, writes, async |_| {
        let order = shop.order().await;
        shop.app.until_step_with_time(&order, "document", "done").await;
    });
    let lost = lost.await;
    assert!(lost >= 2, "{lost}: what is held, and what is captured");
    let owed = f64::from(u32::try_from(lost).unwrap() + 1) * 442.5;
    assert_eq!(shop.stands().await, owes(&format!("{owed:.2}"), "0.00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_answers_are_lost_on_their_way_and_however_often_messages_come_it_is_charged_once()
 {
    let shop = OnAccount::start("500.00").await;
    shop.between.loses(3);
    let order = shop.order().await;
    let message = json!({
        "specversion": "1.0", "id": "again", "source": "/sales",
        "type": "com.iommi.sales.step-due.v1", "subject": order, "time": "2026-11-29T08:00:00Z",
        "dataref": format!("sales-payloads/{order}/accept/x.json"),
    });
    for queue in ["sales-authorise-everywhere", "sales-capture-everywhere"] {
        for _ in 0..3 {
            shop.app.queue(queue).send_json(&message).await;
        }
    }
    shop.app.until_step_with_time(&order, "invoice", "done").await;
    shop.between.loses(3);
    shop.app.queue("sales-capture-everywhere").send_json(&message).await;
    shop.app.until_step_with_time(&order, "document", "done").await;
    assert_eq!(shop.stands().await, owes(TOTAL, "0.00"));
    assert_eq!(shop.app.states_at_vendor(&order).await, ["active"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_from_any_step_charges_nothing_more() {
    let shop = OnAccount::start("500.00").await;
    let order = shop.order().await;
    let first = shop.documented(&order).await;
    for step in ["authorise", "provision", "subscribe", "invoice", "capture", "document"] {
        let before = step_of(&shop.app.order_now(&order).await, "document")["attempt"].clone();
        shop.restart(&order, step).await;
        let again = shop.app.eventually("the document made again", async || {
            let now = shop.app.order_now(&order).await;
            let document = step_of(&now, "document");
            (document["state"] == "done" && document["attempt"] != before).then_some(now)
        });
        assert_eq!(again.await["invoiceNumber"], first["invoiceNumber"], "from {step}");
        assert_eq!(shop.stands().await, owes(TOTAL, "0.00"), "from {step}");
    }
    assert_eq!(shop.app.states_at_vendor(&order).await, ["active"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_credited_goes_back_to_the_account_once() {
    let shop = OnAccount::start("500.00").await;
    let order = shop.order().await;
    let number = shop.documented(&order).await["invoiceNumber"].as_str().unwrap().to_owned();
    shop.between.loses(2);
    let request = shop.app.request(Method::POST, &format!("/v1/invoices/{number}/credit-notes"));
    let body = json!({"reason": "Not needed"});
    let note = request.header("idempotency-key", "back").json(&body).send().await.expect(202);
    shop.app.until_step_with_time(&note.id(), "document", "done").await;
    assert_eq!(note.json()["payment"], json!({ "onAccount": shop.account }));
    assert_eq!(shop.stands().await, owes("0.00", "0.00"));
    shop.restart(&note.id(), "capture").await;
    shop.app
        .eventually("the second attempt", async || {
            let now = shop.app.order_now(&note.id()).await;
            let capture = step_of(&now, "capture");
            (capture["attempt"] == 2 && capture["state"] == "done").then_some(())
        })
        .await;
    assert_eq!(shop.stands().await, owes("0.00", "0.00"));
    let number = shop.app.order_now(&note.id()).await["invoiceNumber"].clone();
    let path = format!("/v1/invoices/{}/content/ubl", number.as_str().unwrap());
    let ubl = String::from_utf8(shop.app.get(&path).await.expect(200).body).unwrap();
    assert!(ubl.contains("Given back to your account ending"), "{ubl}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_account_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let order = |payment: Value| {
        let body = json!({
            "lines": [{"serviceId": "night-watch"}],
            "buyer": {"name": "Kim", "emailAddress": "kim@example.com",
                "address": {"street": "Havnegade 1", "city": "København", "country": "DK"}},
            "payment": payment,
        });
        let request = app.request(Method::POST, &format!("/v1/profiles/{KIM}/orders"));
        request.header("idempotency-key", "wrong").json(&body).send()
    };
    let wrong = order(json!({"onAccount": "mine"})).await;
    wrong.refused(422, "invalid-body", &["/payment/onAccount"]);
    let wrong = order(json!({"card": "4242"})).await;
    wrong.refused(422, "invalid-body", &["/payment/onAccount", "/payment/card"]);
    let plain = order(Value::Null).await.expect(202).json();
    assert_eq!((plain.get("payment"), &plain["steps"][0]["step"]), (None, &json!("provision")));
}
