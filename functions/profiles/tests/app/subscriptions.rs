use crate::support::{KIM, TestApp};
use app_tests::Answer;
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::json;
use std::time::Duration;

impl TestApp {
    /// A new service.
    async fn offer(&self, id: &str) -> Answer {
        let price = json!({"amount": "1", "currency": "EUR"});
        let body = json!({"id": id, "name": "Short", "monthlyPrice": price, "tier": "basic"});
        self.post("/v1/services", &body).await
    }
}

fn kims() -> String {
    format!("/v1/profiles/{KIM}/subscriptions")
}

#[tokio::test]
async fn subscribing_twice_is_subscribing_once() {
    let app = TestApp::start().await;
    let path = format!("{}/night-watch", kims());
    app.get(&path).await.refused(404, "no-such-subscription", &[]);
    let first = app.subscribe(&path).await.expect(201);
    assert_eq!(app.subscribe(&path).await.expect(200).json(), first.json());
    assert_eq!(app.get(&path).await.expect(200).json(), first.json());
    let profile = app.get(&format!("/v1/profiles/{KIM}")).await.expect(200);
    assert_eq!(profile.json()["subscriptions"][1], first.json());
    assert_eq!(profile.etag(), "\"2\"");
    app.delete(&path).await.expect(204);
    app.delete(&path).await.expect(204);
    assert_eq!(app.get(&format!("/v1/profiles/{KIM}")).await.etag(), "\"3\"");
}

#[tokio::test]
async fn subscriptions_are_listed_in_the_order_of_their_services() {
    let app = TestApp::start().await;
    for service in ["night-watch", "day-care", "newsletter"] {
        app.subscribe(&format!("{}/{service}", kims())).await.expect(201);
    }
    let first = app.get(&format!("{}?limit=3", kims())).await.expect(200).json();
    let names = |page: &serde_json::Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["serviceId"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&first), ["day-care", "home-care", "newsletter"]);
    let next = first["continuation"].as_str().unwrap();
    let second =
        app.get(&format!("{}?limit=3&continuation={next}", kims())).await.expect(200).json();
    assert_eq!(
        (names(&second), &second["continuation"]),
        (vec!["night-watch".to_owned()], &json!(null))
    );
}

#[tokio::test]
async fn a_service_that_is_retired_or_missing_cannot_be_subscribed_to() {
    let app = TestApp::start().await;
    app.subscribe(&format!("{}/fax-support", kims())).await.refused(409, "service-retired", &[]);
    app.subscribe(&format!("{}/no-such", kims())).await.refused(404, "no-such-service", &[]);
    let nobody = "/v1/profiles/01980c6e-1111-7000-8000-00000000000f/subscriptions";
    app.subscribe(&format!("{nobody}/day-care")).await.refused(404, "no-such-profile", &[]);
    app.get(nobody).await.refused(404, "no-such-profile", &[]);
}

#[tokio::test]
async fn subscriptions_that_arrive_at_once_are_all_kept() {
    let app = TestApp::start().await;
    let paths: Vec<String> = ["night-watch", "day-care", "newsletter"]
        .iter()
        .map(|service| format!("{}/{service}", kims()))
        .collect();
    for answer in join_all(paths.iter().map(|path| app.subscribe(path))).await {
        answer.expect(201);
    }
    let all = app.get(&kims()).await.expect(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn nobody_is_left_with_a_service_that_was_deleted_at_the_same_moment() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let id = format!("short-lived-{round}");
        app.offer(&id).await.expect(201);
        let (subscription, service) = (format!("{}/{id}", kims()), format!("/v1/services/{id}"));
        let (subscribed, deleted) =
            tokio::join!(app.subscribe(&subscription), app.delete(&service));
        let is_subscribed = app.get(&subscription).await.status == 200;
        let is_there = app.get(&service).await.status == 200;
        let what =
            format!("round {round}: subscribe {}, delete {}", subscribed.status, deleted.status);
        assert!(is_there || !is_subscribed, "{what}: subscribed to nothing");
        assert_eq!(is_subscribed, subscribed.status == 201, "{what}");
        assert_eq!(is_there, deleted.status != 204, "{what}");
    }
}

#[tokio::test]
async fn a_subscription_that_met_old_copies_of_a_service_that_is_gone_ends_by_itself() {
    let app = TestApp::start().await;
    let service = "short-lived";
    app.offer(service).await.expect(201);
    let old = app.faults().stale("profiles", "services");
    app.documents("services").delete(service, service).await;
    app.subscribe(&format!("{}/{service}", kims())).await.expect(201);
    drop(old);
    app.run_timer("reconcile").await;
    let path = format!("{}/{service}", kims());
    app.get(&path).await.expect(200);
    app.travel(Duration::from_secs(301));
    app.run_timer("reconcile").await;
    // The schedule began a run as well: one of the two does it.
    let ended = async || (app.get(&path).await.status == 404).then_some(());
    app.eventually("the end of the subscription", ended).await;
    app.get(&path).await.refused(404, "no-such-subscription", &[]);
    app.get(&format!("{}/home-care", kims())).await.expect(200);
}
