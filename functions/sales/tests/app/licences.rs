//! The life of a licence: more of it, for longer, for somebody else, and its end.

use crate::support::{KIM, TestApp};
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_is_changed_at_the_vendor_and_here_and_its_history_says_what_it_was() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 3)]).await;
    let (place, etag) =
        (TestApp::place(&licences[0]), app.licence(&licences[0]).await.etag().to_owned());
    let patch = json!({"quantity": 5, "validTo": "2030-01-01T00:00:00Z", "assignedTo": "Desk 4"});
    let changed = app.patch(&place, &etag, &patch).await.expect(200);
    assert_eq!(changed.json()["quantity"], 5);
    assert_eq!(changed.json()["validTo"], "2030-01-01T00:00:00.000Z");
    assert_eq!(changed.json()["assignedTo"], "Desk 4");
    let at_vendor = &app.at_vendor(&order).await[0];
    assert_eq!(
        (at_vendor["quantity"].as_u64(), at_vendor["validTo"].as_str()),
        (Some(5), Some("2030-01-01T00:00:00Z"))
    );
    let history = changed.json()["history"].as_array().unwrap().clone();
    let last: Vec<_> = history.iter().rev().take(3).map(|one| one["what"].clone()).collect();
    assert_eq!(last, ["assigned-to", "valid-to", "quantity"]);
    assert_eq!(
        (history[history.len() - 3]["from"].as_str(), history[history.len() - 3]["by"].as_str()),
        (Some("3"), Some("anonymous"))
    );
    app.patch(&place, &etag, &json!({"quantity": 6})).await.refused(
        412,
        "precondition-failed",
        &[],
    );
    let freed = app.patch(&place, changed.etag(), &json!({"assignedTo": null})).await.expect(200);
    assert_eq!(freed.json()["assignedTo"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_and_nothing_changes() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 3)]).await;
    let (place, etag) =
        (TestApp::place(&licences[0]), app.licence(&licences[0]).await.etag().to_owned());
    for (patch, named) in [
        (json!({"quantity": 0}), "/quantity"),
        (json!({"quantity": null}), "/quantity"),
        (json!({"validTo": "2020-01-01T00:00:00Z"}), "/validTo"),
        (json!({"validTo": "2099-01-01T00:00:00Z"}), "/validTo"),
        (json!({"assignedTo": ""}), "/assignedTo"),
        (json!({"key": "mine"}), "/key"),
    ] {
        app.patch(&place, &etag, &patch).await.refused(422, "invalid-body", &[named]);
    }
    app.tell_vendor("services/vend-night-watch", &json!({"stock": 1})).await;
    app.patch(&place, &etag, &json!({"quantity": 9})).await.refused(409, "out-of-stock", &[]);
    let unknown = format!("/v1/profiles/{KIM}/licences/{order}");
    app.get(&unknown).await.refused(404, "no-such-licence", &[]);
    assert_eq!(app.licence(&licences[0]).await.etag(), etag);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_the_vendor_lost_is_made_once_when_it_is_asked_for_again() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 3)]).await;
    let (place, etag) =
        (TestApp::place(&licences[0]), app.licence(&licences[0]).await.etag().to_owned());
    app.wrong("loseAnswer,webhookLost=1,times=1");
    app.patch(&place, &etag, &json!({"quantity": 4})).await.refused(503, "unavailable", &[]);
    let revision = app.at_vendor(&order).await[0]["revision"].clone();
    let changed = app.patch(&place, &etag, &json!({"quantity": 4})).await;
    assert!([200, 412].contains(&changed.status), "done now, or told by the vendor: {changed:?}");
    let now = app.licence(&licences[0]).await.json();
    assert_eq!(now["quantity"], 4);
    assert_eq!(app.at_vendor(&order).await[0]["revision"], revision, "the vendor was asked once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subscription_ends_with_the_last_licence_of_its_service() {
    let app = TestApp::start().await;
    let (_, first) = app.delivered(&[("night-watch", 1), ("home-care", 1)]).await;
    let (order, second) = app.delivered(&[("night-watch", 1)]).await;
    app.delete(&TestApp::place(&second[0])).await.expect(204);
    app.delete(&TestApp::place(&second[0])).await.expect(204);
    assert_eq!(app.states_at_vendor(&order).await, ["cancelled"]);
    assert_eq!(app.licence(&second[0]).await.json()["state"], "cancelled");
    assert!(app.is_subscribed("night-watch").await, "there is another licence");
    app.delete(&TestApp::place(&first[0])).await.expect(204);
    assert!(!app.is_subscribed("night-watch").await);
    assert!(app.is_subscribed("home-care").await);
    let etag = app.licence(&first[0]).await.etag().to_owned();
    let patch = app.patch(&TestApp::place(&first[0]), &etag, &json!({"quantity": 2})).await;
    patch.refused(409, "licence-not-active", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn licences_are_listed_newest_first_page_by_page() {
    let app = TestApp::start().await;
    let (older, _) = app.delivered(&[("home-care", 1)]).await;
    let (newer, _) = app.delivered(&[("night-watch", 1)]).await;
    let path = format!("/v1/profiles/{KIM}/licences?limit=1");
    let first = app.get(&path).await.expect(200).json();
    assert_eq!(first["items"][0]["orderId"], newer.as_str());
    let continuation = first["continuation"].as_str().unwrap();
    let second = app.get(&format!("{path}&continuation={continuation}")).await.expect(200).json();
    assert_eq!(
        (second["items"][0]["orderId"].as_str(), second["continuation"].as_str()),
        (Some(older.as_str()), None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_expires_by_the_time_alone() {
    let app = TestApp::start().await;
    let (_, licences) = app.delivered(&[("night-watch", 1)]).await;
    app.travel(std::time::Duration::from_secs(370 * 24 * 60 * 60));
    let expired = app.licence(&licences[0]).await;
    assert_eq!(expired.json()["state"], "expired");
    app.get(&format!("{}/key", TestApp::place(&licences[0]))).await.refused(
        409,
        "licence-not-active",
        &[],
    );
}
