//! Which region is at work: this host listens to the queues of westeurope, and nobody to those of southeastasia.

use crate::support::{TestApp, step_of};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

const STANDS_STILL: Duration = Duration::from_secs(150);
const MINUTE: Duration = Duration::from_secs(60);

async fn west() -> TestApp {
    TestApp::with(|setup| {
        setup.settings(&[
            ("SUN", "0-24 westeurope"),
            ("SUN_REGION", "westeurope"),
            ("SUN_REGIONS", "westeurope, southeastasia"),
        ])
    })
    .await
}

impl TestApp {
    async fn sun(&self) -> Value {
        self.get("/sales/v1/sun").await.expect(200).json()
    }

    /// So long from now, by the platform's clock.
    fn in_time(&self, pause: Duration) -> String {
        (self.host().clock().now() + pause).to_string()
    }

    /// For an hour southeastasia is at work, where nobody listens.
    async fn away(&self) {
        let until = self.in_time(60 * MINUTE);
        let body = json!({"region": "southeastasia", "until": until, "why": "a rehearsal"});
        self.put("/sales/v1/sun", &body).await.expect(200);
    }

    async fn waiting_in(&self, queue: &str) -> u64 {
        self.queue(queue).length().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_laptop_one_region_is_at_work_all_day() {
    let app = TestApp::start().await;
    let expected = json!({
        "primary": "everywhere",
        "here": "everywhere",
        "regions": ["everywhere"],
        "schedule": "0-24 everywhere",
        "next": null,
        "override": null,
    });
    assert_eq!(app.sun().await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_put_a_region_to_work_until_its_time_is_over_or_they_lift_it() {
    let app = west().await;
    app.away().await;
    let stands = app.sun().await;
    assert_eq!(
        (&stands["primary"], &stands["here"]),
        (&json!("southeastasia"), &json!("westeurope"))
    );
    assert_eq!(stands["override"]["by"], "key");
    assert_eq!(stands["override"]["why"], "a rehearsal");
    assert_eq!(stands["next"]["region"], "westeurope");
    assert_eq!(stands["next"]["at"], stands["override"]["until"]);
    app.travel(61 * MINUTE);
    let over = app.sun().await;
    assert_eq!((&over["primary"], &over["override"]), (&json!("westeurope"), &json!(null)));
    app.away().await;
    for _ in 0..2 {
        app.delete("/sales/v1/sun").await.expect(204);
    }
    assert_eq!(app.sun().await["primary"], "westeurope");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_override_that_cannot_be_meant_is_refused_field_by_field() {
    let app = west().await;
    let put = async |region: &str, until: &str, why: &str| {
        app.put("/sales/v1/sun", &json!({"region": region, "until": until, "why": why})).await
    };
    let (soon, late) = (app.in_time(MINUTE), app.in_time(8 * 24 * 60 * MINUTE));
    put("eastus2", &soon, "x").await.refused(422, "invalid-body", &["/region"]);
    put("westeurope", &late, "x").await.refused(422, "invalid-body", &["/until"]);
    put("westeurope", "2020-01-01T00:00:00Z", "x").await.refused(422, "invalid-body", &["/until"]);
    put("west", "soon", " ").await.refused(422, "invalid-body", &["/region", "/until", "/why"]);
    assert_eq!(app.sun().await["override"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_still_in_a_region_that_is_dead_is_sent_to_whoever_is_at_work() {
    let app = west().await;
    app.away().await;
    let order = app.order(&[("night-watch", 1)]).await;
    assert_eq!(app.waiting_in("sales-provision-southeastasia").await, 1);
    app.delete("/sales/v1/sun").await.expect(204);
    app.run_timer("drive").await;
    let young = app.order_now(&order).await;
    assert_eq!(step_of(&young, "provision")["state"], "due", "it is not still for long enough");
    app.travel(STANDS_STILL);
    app.run_timer("drive").await;
    app.until_step_with_time(&order, "document", "done").await;
    assert_eq!(app.states_at_vendor(&order).await, ["active"]);
    // It is not moved: whoever finds it finds that nothing is due.
    assert_eq!(app.waiting_in("sales-provision-southeastasia").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_at_work_any_more_finishes_its_tail_and_what_follows_goes_to_the_other() {
    let app = west().await;
    app.wrong("answerDelayMs=1500");
    let order = app.order(&[("night-watch", 1)]).await;
    app.away().await;
    app.until_step(&order, "provision", "done").await;
    app.eventually("the next step's message", async || {
        (app.waiting_in("sales-subscribe-southeastasia").await == 1).then_some(())
    })
    .await;
    assert_eq!(app.waiting_in("sales-subscribe-westeurope").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_region_put_aside_is_worked_at_by_the_others() {
    let app = west().await;
    app.away().await;
    let order = app.order(&[("night-watch", 1)]).await;
    let there = app.queue("sales-provision-southeastasia").take_json().await.remove(0);
    app.queue("sales-provision-southeastasia-poison").send_json(&there).await;
    app.delete("/sales/v1/sun").await.expect(204);
    app.run_timer("poison_queues").await;
    app.until_step(&order, "provision", "done").await;
    assert_eq!(app.waiting_in("sales-provision-southeastasia-poison").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_says_which_queue_it_came_from_and_goes_to_whoever_is_at_work() {
    let app = west().await;
    app.queue("sales-invoice-westeurope").send("no event").await;
    let letter = app.eventually("a letter", async || {
        app.open_letters("/sales/v1/dead-letters").await.into_iter().next()
    });
    let letter = letter.await;
    assert_eq!(letter["queue"], "sales-invoice-westeurope");
    app.away().await;
    let path = format!("/sales/v1/dead-letters/{}", letter["id"].as_str().unwrap());
    app.post(&path, &json!({"action": "redrive"})).await.expect(200);
    assert_eq!(app.waiting_in("sales-invoice-southeastasia").await, 1);
}
