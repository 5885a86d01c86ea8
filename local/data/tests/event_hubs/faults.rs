//! Failures on demand, as publishers see them.

use std::time::Duration;

use local_data::{Fault, Gate, Requests, Rule, Service, When};

use crate::namespace::{Namespace, answer};

impl Namespace {
    fn fails(&self, fault: Fault, only: Requests, when: When) {
        self.services.faults().add(Rule { service: Service::EventHubs, only, fault, when });
    }
}

#[tokio::test]
async fn a_throttled_hub_says_so_and_keeps_nothing() {
    let namespace = Namespace::with_accounts().await;
    let fault = Fault::Throttle { retry_after: Duration::from_secs(4) };
    namespace.fails(fault, Requests::any(), When::Next(1));
    let busy = answer(namespace.publish("account").body("x")).await;
    assert_eq!((busy.status, busy.header("retry-after")), (503, "4"));
    assert!(busy.body.contains("50002"), "{}", busy.body);
    assert_eq!(answer(namespace.publish("account").body("x")).await.status, 201);
    assert_eq!(namespace.texts().await.concat(), ["x"]);
}

#[tokio::test]
async fn one_partition_is_away_however_its_events_are_addressed() {
    let namespace = Namespace::with_accounts().await;
    namespace.fails(
        Fault::Unavailable,
        Requests::any().path("/account/partitions/2/"),
        When::Always,
    );
    let keyed = |key: &str| {
        let properties = format!("{{\"PartitionKey\": \"{key}\"}}");
        namespace.publish("account").header("BrokerProperties", properties).body("x")
    };
    assert_eq!(answer(keyed("account-1")).await.status, 503);
    assert_eq!(answer(namespace.publish("account/partitions/2").body("x")).await.status, 503);
    assert_eq!(answer(keyed("k1")).await.status, 201);
    namespace.services.faults().clear();
    assert_eq!(answer(keyed("account-1")).await.status, 201);
}

#[tokio::test]
async fn an_answer_is_lost_after_the_events_are_kept() {
    let namespace = Namespace::with_accounts().await;
    namespace.fails(Fault::LoseAnswer, Requests::any().writes(), When::Nth(1));
    assert!(namespace.publish("account/partitions/1").body("twice").send().await.is_err());
    let again = answer(namespace.publish("account/partitions/1").body("twice")).await;
    assert_eq!(again.status, 201);
    assert_eq!(namespace.texts().await[1], ["twice", "twice"]);
}

#[tokio::test]
async fn an_event_that_is_held_is_kept_when_it_is_let_go() {
    let namespace = Namespace::with_accounts().await;
    let gate = Gate::new();
    namespace.fails(Fault::Hold(gate.clone()), Requests::any(), When::Nth(1));
    let held = answer(namespace.publish("account/partitions/1").body("first"));
    let overtaking = async {
        gate.reached().await;
        let second = answer(namespace.publish("account/partitions/1").body("second")).await;
        gate.open();
        second.status
    };
    let (held, overtaking) = tokio::join!(held, overtaking);
    assert_eq!((held.status, overtaking), (201, 201));
    assert_eq!(namespace.texts().await[1], ["second", "first"]);
}

#[tokio::test]
async fn a_connection_may_break_and_a_service_may_fail() {
    let namespace = Namespace::with_accounts().await;
    namespace.fails(Fault::Disconnect, Requests::any(), When::Next(1));
    assert!(namespace.publish("account").body("x").send().await.is_err());
    for (fault, status) in [(Fault::InternalError, 500), (Fault::Forbidden, 403)] {
        namespace.fails(fault, Requests::any(), When::Next(1));
        assert_eq!(answer(namespace.publish("account").body("x")).await.status, status);
    }
    assert_eq!(namespace.texts().await.concat(), Vec::<String>::new());
}
