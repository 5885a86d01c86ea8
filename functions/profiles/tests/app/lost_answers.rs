//! The work is done and nobody hears of it, or it is done later than whoever asked believes: for every write of a
//! registration, a change and an erasure.

use crate::support::{TestApp, registration};
use app_tests::{Answer, Fault, Gate, Method, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::time::Duration;

/// The containers that a customer's request writes to.
const CONTAINERS: [&str; 4] =
    ["/colls/profiles/", "/colls/addresses-in-use/", "/colls/requests/", "/colls/services/"];

/// Runs `scenario` for every n with the answer to the n-th write lost, container by container; it gets a name of its own
/// each time.
async fn with_every_answer_lost(app: &TestApp, scenario: impl AsyncFn(&str)) {
    for (at, container) in CONTAINERS.iter().enumerate() {
        let writes = Requests::any().writes().path(*container);
        let scenario = async |n| scenario(&format!("c{at}n{n}")).await;
        app.with_each_answer_lost(Service::Cosmos, writes, scenario).await;
    }
}

async fn send(app: &TestApp, key: &str, name: &str) -> Answer {
    let body = registration(&format!("{name}@example.com"), name);
    app.request(Method::POST, "/v1/register")
        .header("idempotency-key", key)
        .json(&body)
        .send()
        .await
}

/// The address belongs to this profile, which is found by it, and to nobody else.
async fn belongs_to(app: &TestApp, email: &str, id: &str) {
    let found = app.get(&format!("/v1/profiles?email={email}")).await.expect(200).json();
    assert_eq!(
        (&found["items"][0]["id"], found["items"].as_array().unwrap().len()),
        (&json!(id), 1)
    );
    let thief = format!("thief-{}", &uuid::Uuid::new_v4().to_string()[..8]);
    app.register(email, &thief).await.refused(409, "already-taken", &["/account/emailAddress"]);
}

#[tokio::test]
async fn a_registration_whose_answers_are_lost_is_one_registration() {
    let app = TestApp::start().await;
    with_every_answer_lost(&app, async |name| {
        let first = send(&app, name, name).await.expect(201);
        let again = send(&app, name, name).await.expect(201);
        assert_eq!(again.json(), first.json());
        belongs_to(&app, &format!("{name}@example.com"), &first.id()).await;
        let without_key = format!("{name}x");
        let other = app.register(&format!("{without_key}@example.com"), &without_key).await;
        belongs_to(&app, &format!("{without_key}@example.com"), &other.expect(201).id()).await;
    })
    .await;
}

#[tokio::test]
async fn a_change_whose_answers_are_lost_is_made_once_and_told_so() {
    let app = TestApp::start().await;
    with_every_answer_lost(&app, async |name| {
        let registered = app.register(&format!("{name}@example.com"), name).await.expect(201);
        let path = format!("/v1/profiles/{}", registered.id());
        let new = format!("{name}.new@example.com");
        let patch = json!({"account": {"emailAddress": new}});
        let changed = app.patch(&path, "\"1\"", &patch).await.expect(200);
        assert_eq!(changed.etag(), "\"2\"");
        belongs_to(&app, &new, &registered.id()).await;
        app.register(&format!("{name}@example.com"), &format!("{name}z")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn an_erasure_whose_answers_are_lost_ends_and_frees_the_addresses() {
    let app = TestApp::start().await;
    with_every_answer_lost(&app, async |name| {
        let id = app.register(&format!("{name}@example.com"), name).await.expect(201).id();
        app.delete(&format!("/v1/profiles/{id}")).await.expect(204);
        app.eventually("the end of the erasure", async || {
            app.stored_profile(&id).await["completedAt"].is_string().then_some(())
        })
        .await;
        app.register(&format!("{name}@example.com"), name).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn subscriptions_and_services_whose_answers_are_lost_are_no_conflicts() {
    let app = TestApp::start().await;
    with_every_answer_lost(&app, async |name| {
        let id = app.register(&format!("{name}@example.com"), name).await.expect(201).id();
        let service = json!({"id": name, "name": "Short", "tier": "basic",
            "monthlyPrice": {"amount": "1", "currency": "EUR"}});
        app.post("/v1/services", &service).await.expect(201);
        let path = format!("/v1/services/{name}");
        let patch = json!({"name": "Shorter"});
        assert_eq!(app.patch(&path, "\"1\"", &patch).await.expect(200).etag(), "\"2\"");
        let subscription = format!("/v1/profiles/{id}/subscriptions/{name}");
        app.subscribe(&subscription).await.expect(201);
        app.delete(&subscription).await.expect(204);
        app.delete(&path).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn a_registration_that_was_held_up_and_its_repetition_are_one() {
    let app = TestApp::start().await;
    let gate = Gate::new();
    let only = Requests::any().method("POST").path("/colls/addresses-in-use/");
    let fault = Fault::Hold(gate.clone());
    app.faults().add(Rule { service: Service::Cosmos, only, fault, when: When::Nth(1) });
    let second = async {
        gate.reached().await;
        // Old enough to be taken for interrupted.
        app.travel(Duration::from_secs(6));
        let second = send(&app, "k", "robin").await;
        gate.open();
        second.expect(201)
    };
    let (first, second) = tokio::join!(send(&app, "k", "robin"), second);
    assert_eq!(first.expect(201).json(), second.json());
    assert_eq!(send(&app, "k", "robin").await.expect(201).json(), second.json());
    belongs_to(&app, "robin@example.com", &second.id()).await;
}

#[tokio::test]
async fn of_two_registrations_of_one_address_that_hold_each_other_up_one_has_it() {
    let app = TestApp::start().await;
    let gate = Gate::new();
    // The first one has reserved everything, and is held up before it becomes visible.
    let only = Requests::any().method("PUT").path("/colls/profiles/");
    let fault = Fault::Hold(gate.clone());
    app.faults().add(Rule { service: Service::Cosmos, only, fault, when: When::Nth(1) });
    let second = async {
        gate.reached().await;
        app.travel(Duration::from_secs(6));
        let second = app.register("robin@example.com", "second").await.expect(201);
        gate.open();
        second
    };
    let (first, second) = tokio::join!(send(&app, "k", "robin"), second);
    assert_eq!(first.status, 409, "{first:?}");
    send(&app, "k", "robin").await.refused(409, "already-taken", &["/account/emailAddress"]);
    belongs_to(&app, "robin@example.com", &second.id()).await;
    app.register("third@example.com", "robin").await.expect(201);
}

#[tokio::test]
async fn a_change_that_happens_later_than_its_client_believes_has_its_address() {
    let app = TestApp::start().await;
    let id = app.register("robin@example.com", "robin").await.expect(201).id();
    let gate = Gate::new();
    let only = Requests::any().method("PUT").path("/colls/profiles/");
    let fault = Fault::Hold(gate.clone());
    // The first write is the claim.
    app.faults().add(Rule { service: Service::Cosmos, only, fault, when: When::Nth(2) });
    let patch = json!({"account": {"emailAddress": "new@example.com"}});
    // Given up, or done by the driver's second try, which the first one then meets.
    let answer = app.patch(&format!("/v1/profiles/{id}"), "\"1\"", &patch).await;
    assert!([200, 503].contains(&answer.status), "{answer:?}");
    gate.open();
    app.eventually("the late change", async || {
        let profile = app.get(&format!("/v1/profiles/{id}")).await.expect(200).json();
        (profile["account"]["emailAddress"] == "new@example.com").then_some(())
    })
    .await;
    belongs_to(&app, "new@example.com", &id).await;
}

#[tokio::test]
async fn a_repetition_that_reads_an_old_copy_registers_nobody_else() {
    let app = TestApp::start().await;
    let old = app.faults().stale("profiles", "profiles");
    let first = send(&app, "k", "robin").await.expect(201);
    let again = send(&app, "k", "robin").await;
    assert!(again.status == 409 || again.id() == first.id(), "{again:?}");
    drop(old);
    assert_eq!(send(&app, "k", "robin").await.expect(201).json(), first.json());
    belongs_to(&app, "robin@example.com", &first.id()).await;
}
