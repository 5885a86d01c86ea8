//! Webhooks on their way to partners that misbehave.

use crate::hooked::Hooked;
use app_tests::Method;
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// The schedule, in seconds between attempts.
const WAITS: [f64; 9] =
    [5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0];

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_attempts_over_three_days_under_one_id_and_then_it_has_failed() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("down", json!({})).await;
    app.misbehaves("status=500");
    let path = app.tested(&endpoint).await;
    let failed = app.delivery_will_be(&path, "failed").await;
    let attempts = failed["attempts"].as_array().unwrap();
    assert_eq!((attempts.len(), &failed["attemptsMade"]), (10, &json!(10)));
    for (pair, wait) in attempts.windows(2).zip(WAITS) {
        let waited = time(&pair[1]["at"]).duration_since(time(&pair[0]["at"])).as_secs_f64();
        // Time goes on in steps.
        let late = crate::hooked::STEP.as_secs_f64() + 60.0;
        assert!(waited >= wait * 0.8 && waited <= wait * 1.2 + late, "{waited} for {wait}");
    }
    let received = app.received("down").await;
    assert_eq!(received.len(), 1, "one id");
    assert_eq!((&received[0]["id"], &received[0]["times"]), (&failed["messageId"], &json!(10)));
    assert_eq!(received[0]["bodyChanged"], false);
    assert!(received[0]["attempts"].as_array().unwrap().iter().all(|it| it["refused"].is_null()));
    assert_eq!(app.endpoint_now(&endpoint).await["trouble"]["reason"], "status");
    // Sent again it comes under the same id, and what was wrong is forgotten.
    app.partner.clear_faults();
    app.acme(Method::POST, &path, &Value::Null).await.expect(202);
    app.delivery_is(&path, "delivered").await;
    assert_eq!(app.received("down").await.len(), 1);
    assert_eq!(app.endpoint_now(&endpoint).await["trouble"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_410_is_disabled_others_hear_so_and_it_can_come_back() {
    let app = Hooked::start().await;
    let gone = app.endpoint("gone", json!({})).await;
    app.endpoint("other", json!({})).await;
    app.misbehaves("status=410,receiver=gone");
    let path = app.tested(&gone).await;
    app.delivery_is(&path, "disabled").await;
    let now = app.endpoint_now(&gone).await;
    assert_eq!((&now["state"], &now["disabled"]["reason"]), (&json!("disabled"), &json!("gone")));
    let heard =
        async || app.received("other").await.into_iter().find(|it| !it["takenAt"].is_null());
    let heard = app.eventually("the other to hear of it", heard).await;
    assert_eq!(heard["type"], "credit.endpoint.disabled");
    let body: Value = serde_json::from_str(heard["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["data"]["id"], &body["data"]["reason"]), (&gone["id"], &json!("gone")));
    let test = format!("webhook-endpoints/{}/test", gone["id"].as_str().unwrap());
    app.acme(Method::POST, &test, &Value::Null).await.refused(409, "endpoint-disabled", &[]);
    app.acme(Method::POST, &path, &Value::Null).await.refused(409, "endpoint-disabled", &[]);
    // What happens meanwhile is kept for it.
    let id = app.begun_by_token("missed", "salaried").await;
    app.is(&id, "scored").await;
    let missed = async || {
        let list =
            app.read(&format!("deliveries?endpointId={}", gone["id"].as_str().unwrap())).await;
        let items = list["items"].as_array().unwrap().clone();
        items.into_iter().find(|it| it["aboutId"] == id.as_str())
    };
    let missed = app.eventually("the delivery", missed).await;
    assert_eq!((&missed["state"], &missed["attemptsMade"]), (&json!("disabled"), &json!(0)));
    app.partner.clear_faults();
    app.patched(&gone, &json!({ "state": "enabled" })).await.expect(200);
    let range = json!({ "from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", "endpointId": gone["id"] });
    let resent = app.acme(Method::POST, "deliveries", &range).await.expect(202).json();
    assert_eq!(resent, json!({ "resent": 2, "continuation": null }));
    app.delivery_is(&format!("deliveries/{}", missed["id"].as_str().unwrap()), "delivered").await;
    app.delivery_is(&path, "delivered").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_failures_for_five_days_disables() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("dead", json!({})).await;
    app.misbehaves("status=500");
    let first = app.tested(&endpoint).await;
    app.delivery_will_be(&first, "failed").await;
    assert_eq!(app.endpoint_now(&endpoint).await["state"], "enabled");
    app.travel(std::time::Duration::from_secs(48 * 60 * 60));
    let second = app.tested(&endpoint).await;
    app.attempted(&second, 1).await;
    let now = app.endpoint_now(&endpoint).await;
    assert_eq!(now["disabled"]["reason"], "failing", "{now}");
    app.delivery_will_be(&second, "disabled").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_a_failure_and_nobody_goes_there() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("moved", json!({})).await;
    app.endpoint("elsewhere", json!({ "types": ["credit.consent.expired"] })).await;
    for target in [app.hook("elsewhere"), "http://169.254.169.254/latest/meta-data/".to_owned()] {
        app.misbehaves(&format!("redirectTo={target},receiver=moved"));
        let path = app.tested(&endpoint).await;
        let attempt = &app.attempted(&path, 1).await["attempts"][0];
        assert_eq!((&attempt["status"], &attempt["reason"]), (&json!(307), &json!("status")));
    }
    assert_eq!(app.received("elsewhere").await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_counts_whatever_the_body_does() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("chatty", json!({})).await;
    for fault in ["endlessBody=true", "slowBodyMs=500"] {
        app.misbehaves(fault);
        let path = app.tested(&endpoint).await;
        let delivery = app.delivery_is(&path, "delivered").await;
        let attempt = &delivery["attempts"][0];
        assert_eq!(attempt["status"], 200);
        assert!(attempt["durationMs"].as_u64().unwrap() < 10_000, "{attempt}");
        assert_eq!(attempt["bodyHash"].as_str().unwrap().len(), 64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_is_asked_for_under_the_same_id() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("cut", json!({})).await;
    app.misbehaves("loseAnswer=true,firstAttempts=1");
    let path = app.tested(&endpoint).await;
    let delivery = app.delivery_will_be(&path, "delivered").await;
    assert_eq!(delivery["attempts"][0]["reason"], "broken");
    let received = app.received("cut").await;
    assert_eq!((received.len(), &received[0]["repeated"]), (1, &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_counts_between_the_wait_and_twice_of_it() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("busy", json!({})).await;
    for (asked, least, most) in [(8, 8, 8), (0, 5, 5), (86_400, 10, 10)] {
        app.misbehaves(&format!("status=503,retryAfterSeconds={asked},firstAttempts=1"));
        let path = app.tested(&endpoint).await;
        let delivery = app.attempted(&path, 1).await;
        let attempt = &delivery["attempts"][0];
        let due = time(&delivery["nextAttemptAt"]).duration_since(time(&attempt["at"]));
        assert!((least..=most + 2).contains(&due.as_secs()), "{asked}: {due}");
        app.delivery_will_be(&path, "delivered").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_endpoint_gets_eight_at_once_and_keeps_nobody_else_waiting() {
    let app = Hooked::start().await;
    let slow = app.endpoint("slow", json!({})).await;
    let quick = app.endpoint("quick", json!({})).await;
    app.misbehaves("answerDelayMs=4000,receiver=slow");
    let mut paths = Vec::new();
    for _ in 0..20 {
        paths.push(app.tested(&slow).await);
    }
    let began = std::time::Instant::now();
    let path = app.tested(&quick).await;
    app.delivery_is(&path, "delivered").await;
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
    assert!(app.received("slow").await.len() <= 8);
    for path in paths {
        app.delivery_will_be(&path, "delivered").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_is_erased_nobody_hears_any_more() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("late", json!({})).await;
    app.misbehaves("status=500");
    let id = app.begun_by_token("erased-marker-4711", "salaried").await;
    app.is(&id, "scored").await;
    let list = format!("deliveries?endpointId={}", endpoint["id"].as_str().unwrap());
    let first = async || app.read(&list).await["items"].as_array().unwrap().first().cloned();
    let delivery = app.eventually("the delivery", first).await;
    let path = format!("deliveries/{}", delivery["id"].as_str().unwrap());
    app.attempted(&path, 1).await;
    let kept = json!(app.documents("deliveries").all().await).to_string();
    assert!(!kept.contains("erased-marker-4711"));
    app.acme(Method::DELETE, &format!("assessments/{id}"), &Value::Null).await.expect(204);
    let before = app.received("late").await[0]["times"].clone();
    app.partner.clear_faults();
    app.delivery_will_be(&path, "erased").await;
    assert_eq!(app.received("late").await[0]["times"], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_twice_or_never_change_nothing() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("once", json!({})).await;
    let path = app.tested(&endpoint).await;
    let delivery = app.delivery_is(&path, "delivered").await;
    let (id, about) = (delivery["id"].as_str().unwrap(), delivery["aboutId"].as_str().unwrap());
    let message = |turn: u32| json!({ "specversion": "1.0", "id": format!("{id}.{turn}"), "source": "/credit", "type": "com.iommi.credit.delivery-due.v1", "subject": id, "time": "2026-12-01T08:00:00Z", "data": { "about": about, "turn": turn } });
    for turn in [1, 2] {
        app.run_message("deliver", &message(turn)).await;
    }
    assert_eq!(app.received("once").await[0]["times"], 1);
    // One whose message was lost is found by a round.
    let due =
        json!({ "state": "pending", "dueAt": "2020-01-01T00:00:00.000Z", "turn": 7, "ttl": null });
    app.documents("deliveries").change(about, id, &due).await;
    app.run_timer("sweep").await;
    app.delivery_is(&path, "delivered").await;
    assert_eq!(app.received("once").await[0]["times"], 2);
}
