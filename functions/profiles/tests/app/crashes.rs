//! The handler is killed in the middle of writes (kill -9, at random instants from a printed seed).

use crate::support::{TestApp, registration};
use app_tests::{Answer, DEADLINE, Method};
use futures::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::{collections::HashSet, time::Duration};
use tokio::time::{Instant, sleep};

/// Few addresses for many customers, so that registrations get into each other's way.
const ADDRESSES: usize = 6;
const CUSTOMERS: usize = 24;
/// The host gives an app up after its third crash, as the real one does.
const KILLS: usize = 2;

#[tokio::test]
async fn killed_in_the_middle_of_writes_nothing_is_lost_doubled_or_stuck() {
    let seed =
        std::env::var("IOMMI_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(rand::random);
    println!(
        "seed {seed}; to repeat this run: IOMMI_SEED={seed} cargo test -p profiles --test app crashes"
    );
    let mut random = StdRng::seed_from_u64(seed);
    let app = TestApp::start().await;
    app.get("/v1/health/ready").await.expect(200);
    let kills: Vec<Duration> =
        (0..KILLS).map(|_| Duration::from_millis(random.random_range(1..120))).collect();
    let wishes: Vec<(usize, usize)> = (0..CUSTOMERS)
        .map(|_| (random.random_range(0..ADDRESSES), random.random_range(0..ADDRESSES)))
        .collect();
    let customers = wishes.iter().enumerate().map(|(n, wish)| register(&app, n, *wish));
    let (answers, ()) = tokio::join!(join_all(customers), async {
        for pause in kills {
            sleep(pause).await;
            app.host().kill_handler("profiles").await;
        }
    });
    check(&app, &answers).await;
    free_addresses_can_be_had(&app).await;
}

/// Registers until there is an answer that says something, repeating the same request.
async fn register(app: &TestApp, customer: usize, (email, user): (usize, usize)) -> Answer {
    let body = registration(&format!("shared{email}@example.com"), &format!("shared{user}"));
    let key = format!("customer-{customer}");
    let started = Instant::now();
    loop {
        let request =
            app.request(Method::POST, "/v1/register").header("idempotency-key", &key).json(&body);
        if let Ok(answer) = request.try_send().await
            && answer.status < 500
            && answer.header("retry-after").is_none()
        {
            return answer;
        }
        assert!(started.elapsed() < DEADLINE, "customer {customer} gets no answer");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Everybody who was told so is registered, and no two customers share an address.
async fn check(app: &TestApp, answers: &[Answer]) {
    let all = app.get("/v1/profiles?limit=100").await.expect(200).json();
    let all = all["items"].as_array().unwrap();
    let values = |pointer: &str| -> Vec<&Value> {
        all.iter().map(|p| p.pointer(pointer).unwrap()).collect()
    };
    for pointer in ["/id", "/account/emailAddress", "/account/userName"] {
        let distinct: HashSet<String> = values(pointer).iter().map(ToString::to_string).collect();
        assert_eq!(distinct.len(), all.len(), "{pointer} is unique: {:?}", values(pointer));
    }
    for answer in answers.iter().filter(|answer| answer.status == 201) {
        assert!(values("/id").contains(&&json!(answer.id())), "lost: {answer:?}");
        let read = app.get(&format!("/v1/profiles/{}", answer.id())).await.expect(200);
        assert_eq!(read.json(), answer.json());
    }
    let told = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(
        told,
        all.iter().filter(|p| p["givenName"] == "Robin").count(),
        "nobody is registered unasked"
    );
}

/// Whatever was interrupted, an address that no profile has can be registered.
async fn free_addresses_can_be_had(app: &TestApp) {
    for n in 0..ADDRESSES {
        let found =
            app.get(&format!("/v1/profiles?email=shared{n}@example.com")).await.expect(200).json();
        if found["items"] == json!([]) {
            let body = registration(&format!("shared{n}@example.com"), &format!("fresh{n}"));
            let started = Instant::now();
            while app.request(Method::POST, "/v1/register").json(&body).send().await.status != 201 {
                assert!(started.elapsed() < DEADLINE, "shared{n}@example.com is stuck");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
