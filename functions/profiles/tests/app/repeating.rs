//! One idempotency key, one answer: whoever repeats a registration at once, after an interruption or after an erasure.

use crate::support::{TestApp, registration};
use app_tests::{Answer, Method};
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const AT_ONCE: usize = 8;
const ROUNDS: usize = 8;

async fn send(app: &TestApp, key: &str, body: &Value) -> Answer {
    app.request(Method::POST, "/v1/register").header("idempotency-key", key).json(body).send().await
}

#[tokio::test]
async fn eight_at_once_get_the_one_answer_and_so_does_everybody_after_them() {
    let app = TestApp::start().await;
    for round in 0..ROUNDS {
        let body = registration(&format!("r{round}@example.com"), &format!("robin{round}"));
        let key = format!("key-{round}");
        let answers = join_all((0..AT_ONCE).map(|_| send(&app, &key, &body))).await;
        let last = send(&app, &key, &body).await.expect(201);
        for answer in &answers {
            assert_eq!((answer.status, answer.json()), (201, last.json()), "round {round}");
        }
        let found = app.get(&format!("/v1/profiles?email=r{round}@example.com")).await.json();
        assert_eq!(found["items"], json!([last.json()]));
    }
}

#[tokio::test]
async fn what_was_interrupted_is_finished_by_its_repetition_once_it_is_old() {
    let app = TestApp::start().await;
    let body = registration("robin@example.com", "robin");
    let first = send(&app, "k", &body).await.expect(201);
    let id = first.id();
    // As a crash before the last write would have left it.
    for age_s in [1, 3_000] {
        let claimed_at = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(age_s);
        let hidden = json!({"state": "registering", "ttl": 3_600, "claimedAt": claimed_at});
        app.documents("profiles").change(&id, &id, &hidden).await;
        assert_eq!(send(&app, "k", &body).await.expect(201).json(), first.json());
    }
}

#[tokio::test]
async fn what_was_fenced_off_is_registered_anew_under_the_same_key() {
    let app = TestApp::start().await;
    let body = registration("robin@example.com", "robin");
    let first = send(&app, "k", &body).await.expect(201).id();
    let fenced = json!({"id": first, "state": "fenced", "ttl": 3_600});
    app.documents("profiles").put(&first, &fenced).await;
    let answers = join_all((0..AT_ONCE).map(|_| send(&app, "k", &body))).await;
    let second = send(&app, "k", &body).await.expect(201);
    assert!(second.id() != first);
    for answer in answers {
        assert_eq!((answer.status, answer.json()), (201, second.json()));
    }
}

#[tokio::test]
async fn a_key_whose_profile_was_erased_registers_nobody_again() {
    let app = TestApp::start().await;
    let body = registration("robin@example.com", "robin");
    let id = send(&app, "k", &body).await.expect(201).id();
    app.delete(&format!("/v1/profiles/{id}")).await.expect(204);
    let refused = send(&app, "k", &body).await;
    refused.refused(409, "registered-and-erased", &["Idempotency-Key"]);
    send(&app, "k2", &body).await.expect(201);
}
